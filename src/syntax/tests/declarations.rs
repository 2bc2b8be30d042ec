//! Each declaration, with every part its head may have.

use super::*;

fn check(table: &[(&str, &str)]) {
    for (text, meant) in table {
        assert_eq!(print::file(&tree_of(text)), *meant, "{text}");
    }
}

#[test]
fn names_and_instruments() {
    check(&[
        ("agreement oz", "(agreement oz [])"),
        ("agreement oz \"Oz–Ur\" between OZ and UR", "(agreement oz \"Oz–Ur\" [OZ,UR])"),
        ("use \"common.comity\"", "(use \"common.comity\")"),
        ("source T \"Treaty\"", "(source T \"Treaty\" None)"),
        ("source T \"Treaty\" non-binding text \"t.md\"", "(source T \"Treaty\" Some(false) \"t.md\")"),
        ("source T \"Treaty\" text \"t.md\" binding", "(source T \"Treaty\" Some(true) \"t.md\")"),
        ("calendar both = a and b and c", "(calendar both [a,b,c])"),
        ("office chair of OZ \"The Chair\"", "(office chair of:OZ \"The Chair\")"),
        ("office chair \"The Chair\" of OZ", "(office chair of:OZ \"The Chair\")"),
        ("unit vehicle whole", "(unit vehicle whole)"),
        ("unit tonne = 1000 kg", "(unit tonne 1000~kg)"),
        ("enum S = a, b (c, d (e)),\n  f", "(enum S a,b(c,d(e)),f)"),
    ]);
}

#[test]
fn facts_and_tables() {
    check(&[
        ("fact a : USD", "(fact a:USD)"),
        ("fact a : USD over time cumulative", "(fact a:USD cumulative)"),
        (
            "fact a : USD/kg over time = 3 USD/kg where a > 0 USD/kg",
            "(fact a:USD/kg over-time = 3~USD/kg where (> a 0~USD/kg))",
        ),
        ("fact a : rate where a < 1", "(fact a:rate where (< a 1))"),
        ("fact a : number = count of e where b where c", "(fact a:number = (Count e where b) where c)"),
        ("fact by : date\nfact date : date = by", "(fact by:date)\n(fact date:date = by)"),
        (
            "entity e known by k keyed by line dated by d {\n  ## the line\n  line : text, d : date\n  k : date = e.d\n  in : code\n  by : USD = 3 USD\n}",
            "(entity e key:line dated:d known:k (## the line line:text) (d:date) (k:date = e.d) (in:code) (by:USD = 3~USD))",
        ),
        ("annex s from \"s.csv\" (code)", "(annex s \"s.csv\" [code])"),
        (
            "annex s from \"s.csv\" (code, country) -> rate, kg : USD/kg = 0 USD/kg",
            "(annex s \"s.csv\" [code,country] :rate kg:USD/kg = 0~USD/kg)",
        ),
        ("define a : rate for each e = b + 1%", "(define a:rate each e [b + 1%])"),
        ("define a = b", "(define a b)"),
        ("function f(x : rate, y : USD/kg) : rate = x", "(function f [x:rate,y:USD/kg] rate x)"),
        (
            "outcome t : USD for each e rounded half even to 0.01 USD otherwise 0 USD",
            "(outcome t:USD rounded-HalfEven 0.01~USD each e otherwise 0~USD)",
        ),
    ]);
}

#[test]
fn rules_and_their_heads() {
    check(&[
        ("if a < b by d then t := 25%", "(rule - {(by (< a b) d) => t := 25%})"),
        ("rule r: t := 1", "(rule r {_ => t := 1})"),
        (
            "rule r \"R\" until D known from K from 2025-01-01 known from 2025-02-01 subject to z notwithstanding b, article 2 for each e cites S \"1\", U:\n  t := 1",
            "(rule r \"R\" each e cites S \"1\",U over b,article2 under z from 2025-01-01 known 2025-02-01 until D known K {_ => t := 1})",
        ),
        (
            "rule r from first day of month of d - 3 days: t := 1",
            "(rule r from [(first-day-of-month d) - 3~days] {_ => t := 1})",
        ),
        (
            "rule r: if a and b then t := 1 and u := 2 + c until d and e",
            "(rule r {(and a b) => t := 1 & u := [2 + c]} until (and d e))",
        ),
        ("rule r: t := 25% for 30 days", "(rule r {_ => t := 25%} for 30~days)"),
        (
            "rule r: if a then t := 1 otherwise if b then t := 2 and u := 3 otherwise t := 4",
            "(rule r {a => t := 1} {b => t := 2 & u := 3} {_ => t := 4})",
        ),
        (
            "rule r: if a then t := if b then 1 otherwise 2\notherwise t := 3",
            "(rule r {a => t := (if b 1 2)} {_ => t := 3})",
        ),
        ("rule r:\nif a then t := b\nif c then t := d", "(rule r {a => t := b})\n(rule - {c => t := d})"),
        (
            "rule r: t := sum of a for each e for 30 days\nrule s: t := 2",
            "(rule r {_ => t := (Sum a e)} for 30~days)\n(rule s {_ => t := 2})",
        ),
        (
            "article 2 \"T\" cites S from 2025-01-01 for each e {\n  rule r: t := 1\n  ## d\n  fact a : USD\n}",
            "(article 2 \"T\" each e cites S from 2025-01-01 (rule r {_ => t := 1}) ## d (fact a:USD))",
        ),
        ("guarantee g until d for each e from c: a or b", "(guarantee g each e from c until d (or a b))"),
    ]);
}

#[test]
fn duties_and_powers() {
    check(&[
        (
            "obligation o \"O\" for each e cites S held by oz: if a then b >= c by d + 1 day",
            "(obligation o \"O\" each e held oz cites S if a (>= b c) by [d + 1~days])",
        ),
        ("obligation o held by oz: a within 5 days of d", "(obligation o held oz a within 5~days of d)"),
        (
            "obligation o each year held by oz from 2026-01-01: a - a as of (first day of period - 1 day) >= b by last day of period",
            "(obligation o every Year held oz from 2026-01-01 (>= [a - (as-of a [(First-of-period) - 1~days])] b) by (Last-of-period))",
        ),
        ("power p held by oz", "(power p [] held oz)"),
        (
            "power p(x : rate, d : date) \"P\" for each e held by oz cites S notwithstanding r ends q from 2025-01-01\n  requires a\n  requires x <= 25%\n  then t := x and u := 1 until not (any of f(e) is breached for each e)",
            "(power p [x:rate,d:date] \"P\" each e held oz cites S over r ends q from 2025-01-01 requires a requires (<= x 25%) then t := x & u := 1 until (not (Any (is-breached f(e)) e)))",
        ),
        (
            "running room over e by e.d, e.line per year of e.d starting 100 vehicle {\n  define used for each e = e.q but at most room\n  room := room - used\n}",
            "(running room over e by e.d,e.line per [(year e.d)] starting 100~vehicle (define used each e (at-most e.q room)) room := [room - used])",
        ),
        (
            "running r over e by e.d starting 0 { r := r }",
            "(running r over e by e.d per [] starting 0 r := r)",
        ),
    ]);
}

#[test]
fn scenarios() {
    check(&[
        (
            "scenario \"s\" {\n  given a = 0 USD from 2025-01-01, 5 USD from 2026-01-01 known from 2026-02-01\n  given b at least 3 USD from 2028-12-31\n  given c between 1 and 2\n  given d = never\n  given e = unknown\n  expect t = 15% on 2029-06-01 known on 2029-01-01\n}",
            "(scenario \"s\" (given a 0~USD from 2025-01-01; 5~USD from 2026-01-01 known 2026-02-01) (given b >=3~USD from 2028-12-31) (given c 1..2) (given d never) (given e ?) (expect (= t 15%) on 2029-06-01 known 2029-01-01))",
        ),
        (
            "scenario \"s\" {\n  given e \"1\" { a = 1 USD, b = 0 USD from 2026-01-01, 4 USD from 2026-05-01, c = true }\n  given stated through 2029-01-01\n  expect t(\"1\") is undetermined\n}",
            "(scenario \"s\" (given e \"1\" a=1~USD b=0~USD from 2026-01-01; 4~USD from 2026-05-01 c=true) (stated-through 2029-01-01) (expect (is-undetermined t(\"1\"))))",
        ),
        (
            "scenario \"s\" {\n  given a(8481.80, JP) { metal = steel }\n}",
            "(scenario \"s\" (given a(8481.80, JP) metal=steel))",
        ),
        (
            "scenario \"s\" {\n  given a(8481.80) = at least 5%\n  given a(8482) { listed = false }\n}",
            "(scenario \"s\" (given a(8481.80) =>=5%) (given a(8482) listed=false))",
        ),
        (
            "scenario \"s\" {\n  given act p(\"x\") by oz on 2026-03-01 known from 2026-03-05 with due = 2026-06-01, n = 5%\n  given announcement p by oz on 2026-03-02\n  given act = 5\n}",
            "(scenario \"s\" (act p(\"x\") by oz on 2026-03-01 known 2026-03-05 due=2026-06-01 n=5%) (announcement p by oz on 2026-03-02) (given act 5))",
        ),
    ]);
}

#[test]
fn amendments() {
    check(&[
        ("amends \"a.comity\"", "(amends \"a.comity\")"),
        (
            "amends \"a.comity\" effective 2026-09-01 known from 2026-08-20",
            "(amends \"a.comity\" effective 2026-09-01 known 2026-08-20)",
        ),
        ("repeal rule r from D known from K", "(repeal Rule r from D known K)"),
        ("repeal article 3", "(repeal article 3)"),
        ("repeal obligation o\nrepeal power p", "(repeal Obligation o)\n(repeal Power p)"),
        ("replace rule r from 2025-01-01: t := 1", "(replace (rule r from 2025-01-01 {_ => t := 1}))"),
        ("repeal scenario \"s\"\nrepeal guarantee g", "(repeal scenario \"s\")\n(repeal Guarantee g)"),
        ("replace define d = 5", "(replace (define d 5))"),
        ("replace fact a : USD", "(replace (fact a:USD))"),
        ("insert in article 2 rule r: t := 1", "(insert in 2 (rule r {_ => t := 1}))"),
        ("insert article 9 { fact a : USD }", "(insert (article 9 (fact a:USD)))"),
        ("substitute 15% for 25% in rule r", "(substitute 15% for 25% in Rule r)"),
        (
            "substitute \"a\" for \"b\" in power p everywhere",
            "(substitute \"a\" for \"b\" in Power p everywhere)",
        ),
        ("set a = 350 billion USD", "(set a 350000000000~USD)"),
    ]);
}

#[test]
fn comments_and_docs() {
    check(&[
        ("# a\nfact a : USD # b\n### c\nfact b : USD", "(fact a:USD)\n(fact b:USD)"),
        ("## one\n##two\nfact a : USD", "## one|two (fact a:USD)"),
        ("#!/usr/bin/comity\nfact a # x\n : # y\n USD", "(fact a:USD)"),
        ("", ""),
        ("# only a remark", ""),
        ("\u{feff}fact a : USD\r\nfact b : USD\r\n", "(fact a:USD)\n(fact b:USD)"),
    ]);
}

#[test]
fn the_place_of_an_item_is_from_its_first_word_to_its_last() {
    let text = "## d\nfact a : USD = 5 USD   # remark\n\nrule r: if a > 1 USD then t := f(a) \n# end\n";
    let items = tree_of(text).items;
    let places: Vec<&str> =
        items.iter().filter_map(|item| text.get(item.span.start as usize..item.span.end as usize)).collect();
    assert_eq!(places, ["fact a : USD = 5 USD", "rule r: if a > 1 USD then t := f(a)"]);
}

#[test]
fn a_markdown_file_keeps_its_places() {
    let text = "# Gesetz über Zölle\n\n```comity\nfact a : USD\n```\n\nText\n\n````comity title\nfact b : USD\n```\n````\n```yaml\nfacts: 1\n```\n";
    let policy = literate(text);
    assert_eq!(policy.len(), text.len());
    assert!(policy.lines().count() == text.lines().count());
    let at = |needle: &str| (policy.find(needle), text.find(needle));
    assert_eq!(at("fact a").0, at("fact a").1);
    assert_eq!(at("fact b").0, at("fact b").1);
    assert_eq!(policy.split_whitespace().collect::<Vec<_>>().join(" "), "fact a : USD fact b : USD ```");
}
