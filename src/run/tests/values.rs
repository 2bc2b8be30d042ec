//! V1–V7, M1–M8.

use super::build::*;
use crate::facts::Facts;
use crate::policy::*;
use crate::run::{Evaluator, Set, conditions};
use crate::tree::ClampSide;
use crate::tree::CompareOp::*;
use crate::value::{Code, Day, Interval, Mask, Number, Possible, Rounding, Trouble, Value};

const AT: &str = "2026-01-01";

fn set(policy: &Policy, facts: &Facts, expr: ExprId) -> Set {
    Evaluator::new(policy, facts).value(expr, None, on(AT))
}

#[test]
fn v4_a_false_operand_decides_beside_an_error_in_either_order() {
    let mut b = Build::new();
    let kg = b.fact("kg", Type::number());
    let (value, zero, five) = (b.n(100), b.n(0), b.n(5));
    let (kg1, kg2) = (b.f(kg), b.f(kg));
    let some = b.cmp(kg1, Greater, zero);
    let ratio = b.div(value, kg2);
    let dear = b.cmp(ratio, Greater, five);
    let (there, back) = (b.and(&[some, dear]), b.and(&[dear, some]));
    let (not_some, cheap) = (b.not(some), b.not(dear));
    let either = b.or(&[cheap, not_some]);
    let policy = b.policy;
    let mut facts = Facts::none(&policy);
    state(&mut facts, kg, num(0));
    assert_eq!(set(&policy, &facts, there), Set::bool(false));
    assert_eq!(set(&policy, &facts, back), Set::bool(false));
    assert_eq!(set(&policy, &facts, either), Set::bool(true));
    assert_eq!(set(&policy, &facts, cheap).mask(), Mask::ERROR);
    assert_eq!(set(&policy, &facts, dear).fault.unwrap().trouble, Trouble::DivisionByZero);
}

#[test]
fn v4_unknown_and_error_is_not_a_decided_error() {
    let mut b = Build::new();
    let c = b.b("c");
    let (one, zero) = (b.n(1), b.n(0));
    let ratio = b.div(one, zero);
    let failing = b.cmp(ratio, Greater, zero);
    let both = b.and(&[c, failing]);
    let either = b.or(&[failing, c]);
    let policy = b.policy;
    let facts = Facts::none(&policy);
    assert_eq!(set(&policy, &facts, both).mask(), Mask::FALSE.or_error());
    assert_eq!(set(&policy, &facts, either).mask(), Mask::TRUE.or_error());
}

#[test]
fn v3_zero_times_anything_and_independent_operands() {
    let mut b = Build::new();
    let (x, zero) = (b.x("x"), b.n(0));
    let (nothing, difference) = (b.mul(zero, x), b.sub(x, x));
    let policy = b.policy;
    let facts = Facts::none(&policy);
    assert_eq!(set(&policy, &facts, nothing), Set::one(num(0)));
    assert!(!set(&policy, &facts, difference).is_decided());
}

#[test]
fn v6_a_bound_may_decide() {
    let mut b = Build::new();
    let disbursed = b.fact("disbursed", Type::number());
    let (x, pledged) = (b.f(disbursed), b.n(550));
    let short = b.cmp(x, Less, pledged);
    let policy = b.policy;
    let mut facts = Facts::none(&policy);
    let mut mask = |lo, hi| {
        state(&mut facts, disbursed, numbers(lo, hi));
        set(&policy, &facts, short).mask()
    };
    assert_eq!(mask(Some(550), None), Mask::FALSE);
    assert_eq!(mask(Some(549), None), Mask::BOTH);
    assert_eq!(mask(None, Some(550)), Mask::BOTH);
    assert_eq!(mask(None, Some(549)), Mask::TRUE);
}

#[test]
fn v7_never_and_defaults() {
    let mut b = Build::new();
    let bill = b.fact("bill", Type::Date);
    let x = b.fact("x", Type::number());
    let default = b.n(7);
    b.policy.facts[x].default = Some(default);
    let o = b.outcome("o", Type::number());
    let read = b.f(x);
    b.clause("r", &[], None, o, read);
    let (day_of_bill, today) = (b.f(bill), b.today());
    let later = b.days(day_of_bill, 30, crate::value::DurationKind::Days);
    let since = b.push(
        Expr::Op(Op::DaysBetween { later: today, earlier: day_of_bill }),
        Type::Duration(crate::value::DurationKind::Days),
    );
    let policy = b.finish();
    let mut facts = Facts::none(&policy);
    state(&mut facts, bill, Value::Date(Day::NEVER));
    assert_eq!(set(&policy, &facts, later), Set::one(Value::Date(Day::NEVER)));
    assert_eq!(set(&policy, &facts, since).fault.unwrap().trouble, Trouble::NoSuchDay);
    let answer = Evaluator::new(&policy, &facts).answer(o, None, on(AT));
    assert_eq!(answer.value(), Some(&num(7)));
    assert_eq!(answer.assumed, [crate::outcome::SlotRef::Fact(x, None)]);
    // `unknown` said outright is not a default.
    state(&mut facts, x, numbers(None, None));
    let answer = Evaluator::new(&policy, &facts).answer(o, None, on(AT));
    assert_eq!((answer.value(), answer.assumed.as_slice()), (None, &[][..]));
}

#[test]
fn v7_where_is_a_check_on_each_statement() {
    let mut b = Build::new();
    let share = b.dated_fact("share", Type::rate());
    let (read, one) = (b.f(share), b.n(1));
    let within = b.cmp(read, AtMost, one);
    b.policy.facts[share].condition = Some(within);
    let policy = b.policy;
    let mut facts = Facts::none(&policy);
    facts.facts[share] = series(&[
        ("2025-01-01", "", num(1).into()),
        ("2026-01-01", "2026-01-01", num(2).into()),
        ("2026-01-01", "2026-02-01", num(1).into()),
        ("2027-01-01", "", numbers(Some(0), None)),
        ("2028-01-01", "", numbers(Some(2), None)),
    ]);
    let days: Vec<_> = conditions(&policy, &facts).into_iter().map(|violation| violation.slot).collect();
    let at = |text: &str| crate::outcome::SlotRef::Fact(share, Some(day(text)));
    assert_eq!(days, [at("2026-01-01"), at("2028-01-01")]);
}

#[test]
fn m4_rounding_by_magnitude_on_points_and_ranges() {
    let mut b = Build::new();
    let x = b.fact("x", Type::number());
    let read = b.f(x);
    let down =
        b.push(Expr::Op(Op::Round { value: read, mode: Rounding::Down, step: Number::ONE }), Type::number());
    let policy = b.policy;
    let mut facts = Facts::none(&policy);
    state(&mut facts, x, ratio(6_520_548, 100));
    assert_eq!(set(&policy, &facts, down), Set::one(num(65_205)));
    state(&mut facts, x, ratio(-6_520_548, 100));
    assert_eq!(set(&policy, &facts, down), Set::one(num(-65_205)));
    let number = |n, d| Number::from_ratio(n, d).unwrap();
    state(&mut facts, x, Possible::numbers(Interval::between(number(5, 2), number(11, 4)).unwrap()));
    assert_eq!(set(&policy, &facts, down), Set::one(num(2)));
}

#[test]
fn clamps_and_top_ups() {
    let mut b = Build::new();
    let (x, fifteen) = (b.x("x"), b.n(15));
    let (most, least) = (b.clamp(x, ClampSide::AtMost, fifteen), b.clamp(x, ClampSide::AtLeast, fifteen));
    let top_up = b.push(Expr::Op(Op::TopUp { value: x, to: fifteen }), Type::number());
    let policy = b.policy;
    let mut facts = Facts::none(&policy);
    let x = policy.fact("x").unwrap();
    for (value, expected) in [(14, (14, 15, 1)), (15, (15, 15, 0)), (16, (15, 16, 0))] {
        state(&mut facts, x, num(value));
        let values = [most, least, top_up].map(|expr| set(&policy, &facts, expr));
        assert_eq!(values, [expected.0, expected.1, expected.2].map(|n| Set::one(num(n))));
    }
    state(&mut facts, x, numbers(Some(20), None));
    assert_eq!(set(&policy, &facts, most), Set::one(num(15)));
    assert_eq!(set(&policy, &facts, top_up), Set::one(num(0)));
    assert_eq!(set(&policy, &facts, least), Set::of(numbers(Some(20), None)));
}

#[test]
fn m7_codes_by_digits_and_choices_by_nesting() {
    let mut b = Build::new();
    let span = b.span();
    let choice = |name: &str, end| Choice { name: name.to_owned(), end, span };
    let choices = vec![choice("energy", 3), choice("oil", 2), choice("gas", 3), choice("autos", 4)];
    let sector = b.policy.enums.push(Enum::new("Sector".to_owned(), None, choices, span));
    let ty = Type::Enum(sector);
    let code = |text: &str| Value::Code(Code::parse(text).unwrap());
    let hts = b.fact("hts", Type::Code);
    let kind = b.fact("kind", ty.clone());
    let (item, of, exact) = (b.f(hts), b.c(code("8703")), b.c(code("870323")));
    let under = b.push(Expr::Op(Op::Under { item, set: vec![of].into() }), Type::Bool);
    let same = b.cmp(item, Equal, exact);
    let item = b.f(kind);
    let choices: Vec<ExprId> = (0..4).map(|at| b.c(Value::Choice(at))).collect();
    let nested = b.push(Expr::Op(Op::Under { item, set: vec![choices[0]].into() }), Type::Bool);
    let all = b.push(Expr::Op(Op::Under { item, set: vec![choices[0], choices[3]].into() }), Type::Bool);
    let listed = b.push(Expr::Op(Op::In { item, set: choices.clone().into() }), Type::Bool);
    let policy = b.policy;
    let mut facts = Facts::none(&policy);
    // Whatever the sector is, it is one of all.
    assert_eq!(set(&policy, &facts, all), Set::bool(true));
    assert_eq!(set(&policy, &facts, listed), Set::bool(true));
    assert_eq!(set(&policy, &facts, nested).mask(), Mask::BOTH);
    state(&mut facts, kind, Value::Choice(2));
    assert_eq!(set(&policy, &facts, nested), Set::bool(true));
    state(&mut facts, kind, Value::Choice(3));
    assert_eq!(set(&policy, &facts, nested), Set::bool(false));
    state(&mut facts, hts, code("8703.23"));
    assert_eq!(set(&policy, &facts, under), Set::bool(true));
    assert_eq!(set(&policy, &facts, same), Set::bool(true));
    state(&mut facts, hts, code("8704"));
    assert_eq!(set(&policy, &facts, under), Set::bool(false));
}

#[test]
fn m8_annexes() {
    let mut b = Build::new();
    let span = b.span();
    let mut lines = AnnexBuilder::new(1, 1);
    for (digits, cell) in [("8703", Some(num(2))), ("870323", Some(num(5))), ("9903", None)] {
        lines.keys[0].push(AnnexKey::Code(Code::of_digits(digits).unwrap()));
        let place = cell.map_or(UNKNOWN, |value| lines.cells[0].list(value));
        lines.cells[0].push(place);
    }
    let annex = b.policy.annexes.push(Annex {
        name: "hts".to_owned(),
        doc: None,
        file: "hts.csv".to_owned(),
        instead_of: None,
        in_part: false,
        keys: vec![Type::Code],
        columns: vec![Column { name: None, ty: Type::rate(), default: None }],
        headings: Default::default(),
        lines: lines.finish(&[true], 1).unwrap(),
        span,
    });
    let hts = b.fact("hts", Type::Code);
    let item = b.f(hts);
    let rate = b.push(Expr::Lookup { annex, column: 0, keys: vec![item].into() }, Type::rate());
    let covered = b.push(Expr::Op(Op::UnderAnnex { item, annex }), Type::Bool);
    let listed = b.push(Expr::Op(Op::InAnnex { item, annex }), Type::Bool);
    let policy = b.policy;
    let mut facts = Facts::none(&policy);
    let open = set(&policy, &facts, rate);
    assert_eq!((open.values, open.fault.unwrap().trouble), (numbers(None, None), Trouble::NotInAnnex));
    let mut at = |text: &str| {
        state(&mut facts, hts, Value::Code(Code::parse(text).unwrap()));
        [rate, covered, listed].map(|expr| set(&policy, &facts, expr))
    };
    assert_eq!(at("8703.23.01"), [Set::one(num(5)), Set::bool(true), Set::bool(false)]);
    assert_eq!(at("8703.24"), [Set::one(num(2)), Set::bool(true), Set::bool(false)]);
    assert_eq!(at("8703"), [Set::one(num(2)), Set::bool(true), Set::bool(true)]);
    let [blank, ..] = at("9903.01");
    assert_eq!(blank, Set::of(numbers(None, None)));
    let [missing, covered, _] = at("8701");
    assert_eq!(covered, Set::bool(false));
    assert_eq!(missing.fault.unwrap().detail.as_deref().unwrap(), "8701 in hts.csv");
}

#[test]
fn functions_are_strict_in_their_arguments() {
    let mut b = Build::new();
    let p = b.local(0, Type::number());
    let span = b.span();
    let (one, zero) = (b.n(1), b.n(0));
    let double = b.add(p, p);
    let push = |b: &mut Build, name: &str, value| {
        b.policy.functions.push(Function {
            name: name.to_owned(),
            doc: None,
            params: vec![("p".to_owned(), Type::number())],
            ty: Type::number(),
            value,
            span,
        })
    };
    let double = push(&mut b, "double", double);
    let constant = push(&mut b, "constant", one);
    let failing = b.div(one, zero);
    let three = b.n(3);
    let good = b.push(Expr::Call { function: double, args: vec![three].into() }, Type::number());
    let nested = b.push(Expr::Call { function: double, args: vec![good].into() }, Type::number());
    let bad = b.push(Expr::Call { function: constant, args: vec![failing].into() }, Type::number());
    let policy = b.policy;
    let facts = Facts::none(&policy);
    assert_eq!(set(&policy, &facts, nested), Set::one(num(12)));
    assert!(set(&policy, &facts, bad).is_error());
}
