//! What expressions mean: precedence, and each decision of the language's grammar.

use super::*;

fn check(table: &[(&str, &str)]) {
    for (text, meant) in table {
        let tree = match expression(SourceId(0), text, 0) {
            Ok(tree) => print::expr(&tree),
            Err(errors) => format!("{}: {}", errors[0].code, errors[0].message),
        };
        assert_eq!(tree, *meant, "{text}");
    }
}

#[test]
fn operators_bind_as_the_language_says() {
    check(&[
        ("a or b and c", "(or a (and b c))"),
        ("a and b or c and d or e", "(or (and a b) (and c d) e)"),
        ("a or b by d", "(or a (by b d))"),
        ("a and b by d", "(and a (by b d))"),
        ("not a by d", "(by (not a) d)"),
        ("not a and b", "(and (not a) b)"),
        ("not not a", "(not (not a))"),
        ("not a = b", "(not (= a b))"),
        ("a < b by d + 1 day", "(by (< a b) [d + 1~days])"),
        ("a within 5 days of d + 1 day", "(within a 5~days [d + 1~days])"),
        ("a + b but at least c", "(at-least [a + b] c)"),
        ("a but at least b but at most c", "(at-most (at-least a b) c)"),
        ("a but at least b * c", "(at-least a [b * c])"),
        ("a + b but at most c rounded to 1 USD", "(rounded-HalfUp (at-most [a + b] c) 1~USD)"),
        ("a < b but at least c", "(< a (at-least b c))"),
        ("a + b * c - d / e", "[a + [b * c] - [d / e]]"),
        ("(a + b) * c", "[[a + b] * c]"),
        ("-a * b", "[(- a) * b]"),
        ("a * -b", "[a * (- b)]"),
        ("a - -b", "[a - (- b)]"),
        ("-a as of d", "(- (as-of a d))"),
        ("a - a as of d", "[a - (as-of a d)]"),
        ("a as of d as known on k", "(as-known-on (as-of a d) k)"),
        ("a as of d + 1 day", "[(as-of a d) + 1~days]"),
        ("a as of (d + 1 day)", "(as-of a [d + 1~days])"),
        ("a / b / c * d", "[a / b / c * d]"),
        ("((last start of c) as of d) <= d", "(<= (as-of (last-start c) d) d)"),
        ("last start of c as of d", "(as-of (last-start c) d)"),
        ("top up a + b to c + 3%", "[(top-up [a + b] c) + 3%]"),
        ("top up top up a to b to c", "(top-up (top-up a b) c)"),
        ("a = b or c != d and e >= f", "(or (= a b) (and (!= c d) (>= e f)))"),
    ]);
}

#[test]
fn long_chains_are_flat() {
    for (sign, word) in [(" or ", "or"), (" and ", "and")] {
        let text = vec!["a"; 5_000].join(sign);
        let tree = expression(SourceId(0), &text, 0).expect("a chain");
        let (ExprKind::Or(items) | ExprKind::And(items)) = &tree.kind else { panic!("{word}") };
        assert_eq!(items.len(), 5_000);
    }
    let text = vec!["a"; 5_000].join(" + ");
    let tree = expression(SourceId(0), &text, 0).expect("a sum");
    assert!(matches!(&tree.kind, ExprKind::Sum { rest, .. } if rest.len() == 4_999));
}

#[test]
fn tests_and_sets() {
    check(&[
        ("fund(p) is breached", "(is-breached fund(p))"),
        ("fund(p) is not done and b", "(and (is-not-done fund(p)) b)"),
        ("not p is done", "(not (is-done p))"),
        ("p is done by d", "(by (is-done p) d)"),
        ("a in {JP, KR}", "(in a {JP, KR})"),
        ("entry.hts in hts and b", "(and (in entry.hts hts) b)"),
        ("entry.hts under 8703", "(under entry.hts 8703)"),
        ("entry.hts under {8703, 8704.21}", "(under entry.hts {8703, 8704.21})"),
        ("project.sector under Sector.energy", "(under project.sector Sector.energy)"),
        ("code under 9903.02.73", "(under code #9903.02.73)"),
    ]);
}

#[test]
fn collections() {
    check(&[
        ("count of e", "(Count e)"),
        ("count of e where e.a > 3 and b", "(Count e where (and (> e.a 3) b))"),
        ("sum of e.a for each e", "(Sum e.a e)"),
        ("sum of e.a * 2 + b for each e where c or d", "(Sum [[e.a * 2] + b] e where (or c d))"),
        ("sum of a for each e + 1", "[(Sum a e) + 1]"),
        ("sum of a but at most b for each e", "(Sum (at-most a b) e)"),
        ("any of a or b for each e where c", "(Any (or a b) e where c)"),
        ("all of fund(p) is fulfilled for each p", "(All (is-fulfilled fund(p)) p)"),
        ("max of a for each other in partner where b", "(Max a other:partner where b)"),
        ("sum of sum of a for each x for each y", "(Sum (Sum a x) y)"),
        ("any of a and any of b for each x for each y", "(Any (and a (Any b x)) y)"),
        ("first of a for each e = b", "(= (First a e) b)"),
        ("min of a for each e / average of b for each f", "[(Min a e) / (Average b f)]"),
    ]);
}

#[test]
fn days() {
    check(&[
        ("today + 45 business days in us_federal", "[today + 45~business:us_federal]"),
        ("today + 1 business day", "[today + 1~business:]"),
        ("a + 1 month rounding down", "[a + 1~months-Down]"),
        ("a + 2 years rounding up - 3 weeks", "[a + 2~years-Up - 3~weeks]"),
        ("a + 60 days", "[a + 60~days]"),
        ("first day of month of a", "(first-day-of-month a)"),
        ("last day of quarter of a + 1 day", "[(last-day-of-quarter a) + 1~days]"),
        ("first day of period - 1 day", "[(First-of-period) - 1~days]"),
        ("year of a = 2026", "(= (year a) 2026)"),
        ("heading of a != chapter of b", "(!= (heading a) (chapter b))"),
        ("a within heading of b", "(within a heading b)"),
        ("month of first day of quarter of a", "(month (first-day-of-quarter a))"),
        ("2029-01-19", "2029-01-19"),
        ("a - 2029-01-19", "[a - 2029-01-19]"),
    ]);
}

#[test]
fn amounts_and_codes_keep_their_spelling() {
    check(&[
        ("25%", "25%"),
        ("12.50%", "12.50%"),
        ("25 bp", "25bp"),
        ("550 billion USD", "550000000000~USD"),
        ("USD 550 billion", "550000000000~USD"),
        ("USD 5", "5~USD"),
        ("0.5 million", "500000"),
        ("100_000 vehicle", "100000~vehicle"),
        ("3 USD/kg", "3~USD/kg"),
        ("3 USD / kg", "[3~USD / kg]"),
        ("3 USD/2", "[3~USD / 2]"),
        ("3 USD/entry.weight", "[3~USD / entry.weight]"),
        ("3 USD/f(x)", "[3~USD / f(x)]"),
        ("5 kWh*m/s", "5~kWh*m/s"),
        ("8703.20", "8703.20"),
        ("9903.02.73", "#9903.02.73"),
        ("0101", "#0101"),
        ("0101.21", "#0101.21"),
        ("0", "0"),
        ("0.5", "0.5"),
        ("5\nUSD", "syntax: expected an operator or the end, found `USD`"),
        ("\"a # b\"", "\"a # b\""),
        ("true", "true"),
    ]);
}

#[test]
fn words_are_keywords_only_where_they_stand() {
    check(&[
        ("by by by", "(by by by)"),
        ("x < y by by", "(by (< x y) by)"),
        ("date < until", "(< date until)"),
        ("count + sum * first - year", "[count + [sum * first] - year]"),
        ("top < rate and calendar", "(and (< top rate) calendar)"),
        ("last = month", "(= last month)"),
        ("in in in", "(in in in)"),
        ("of within of of of", "(within of of of)"),
        ("IN = BY", "(= IN BY)"),
        ("iffy or nothing and android", "(or iffy (and nothing android))"),
        ("where + to", "[where + to]"),
        ("5 by d", "(by 5 d)"),
        ("a under b", "(under a b)"),
        ("period.start", "period.start"),
        ("average.day", "average.day"),
    ]);
}

#[test]
fn values_by_cases() {
    check(&[
        ("if a then 1 otherwise 2", "(if a 1 2)"),
        ("if a then 1 otherwise if b then 2 otherwise 3", "(if a 1 b 2 3)"),
        ("(if a or b then 1 otherwise 2) + 3", "[(if (or a b) 1 2) + 3]"),
        ("if a then (if b then 1 otherwise 2) otherwise 3", "(if a (if b 1 2) 3)"),
        ("f(if a then 1 otherwise 2, 3)", "f((if a 1 2), 3)"),
    ]);
}

#[test]
fn paths() {
    check(&[
        ("column1(entry.hts).ad_valorem", "column1(entry.hts).ad_valorem"),
        ("refund(\"e1\")", "refund(\"e1\")"),
        ("f()", "f()"),
        ("call(project).due.x", "call(project).due.x"),
        ("a # remark\n.b", "a.b"),
    ]);
}

#[test]
fn rounding() {
    check(&[
        ("a rounded to 0.01 USD", "(rounded-HalfUp a 0.01~USD)"),
        ("a rounded half even to 1 USD", "(rounded-HalfEven a 1~USD)"),
        ("a rounded half down to 1 USD", "(rounded-HalfDown a 1~USD)"),
        ("a * b rounded down to 1 vehicle", "(rounded-Down [a * b] 1~vehicle)"),
        ("a rounded up to 1% < b", "(< (rounded-Up a 1%) b)"),
    ]);
}

#[test]
fn places_leave_out_the_brackets_around_the_whole_only() {
    let text = " ((a + b)) * c ";
    let tree = expression(SourceId(0), text, 100).expect("parses");
    assert_eq!((tree.span.start, tree.span.end), (101, 114));
    let ExprKind::Product { first, .. } = &tree.kind else { panic!("no product") };
    assert_eq!((first.span.start, first.span.end), (103, 108));
}

#[test]
fn types() {
    let ty = type_expr(SourceId(0), "USD / kg", 7).expect("a type");
    assert_eq!(
        ty.parts.iter().map(|(name, exponent)| (name.text.as_str(), *exponent)).collect::<Vec<_>>(),
        [("USD", 1), ("kg", -1)]
    );
    assert_eq!((ty.span.start, ty.span.end), (7, 15));
    assert!(type_expr(SourceId(0), "USD kg", 0).is_err());
}

#[test]
fn stated_values() {
    let table = [
        ("550 billion USD", "550000000000~USD"),
        ("at least 3 USD from 2028-12-31 known from 2029-01-15", ">=3~USD from 2028-12-31 known 2029-01-15"),
        ("at most 3 USD", "<=3~USD"),
        ("between 1 USD and 2 USD", "1~USD..2~USD"),
        ("unknown", "?"),
        ("never", "never"),
        (
            "0 USD from 2025-09-04, at least 3 USD from 2028-12-31",
            "0~USD from 2025-09-04; >=3~USD from 2028-12-31",
        ),
        ("unknown from 2026-01-01, 5 from 2027-01-01", "? from 2026-01-01; 5 from 2027-01-01"),
        ("between", "between"),
        ("NO", "NO"),
        ("6202.40.4500", "#6202.40.4500"),
        ("-5%", "(- 5%)"),
    ];
    for (text, meant) in table {
        let series = stated(SourceId(0), text, 0).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
        assert_eq!(print::series(&series), meant, "{text}");
    }
    let shifted = stated(SourceId(0), "at least 3 USD", 40).expect("a bound");
    assert_eq!((shifted.span.start, shifted.span.end), (40, 54));
}

use crate::tree::ExprKind;
