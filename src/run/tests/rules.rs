//! R1–R9.

use super::build::*;
use crate::facts::Facts;
use crate::policy::*;
use crate::tree::CompareOp::*;
use crate::value::{Dates, Day, Number, Possible, Rounding, Value};

/// standing 25, ceiling 15 above it, snapback 25 above that; guards are facts.
fn snapback() -> (Policy, OutcomeId, FactId, FactId) {
    let mut b = Build::new();
    let tariff = b.outcome("tariff", Type::rate());
    let (ceiling_on, snapback_on) = (b.fact("ceiling_on", Type::Bool), b.fact("snapback_on", Type::Bool));
    let zero = b.fact("divisor", Type::number());
    let (n25, n15, again) = (b.n(25), b.n(15), b.n(25));
    let divisor = b.f(zero);
    let ratio = b.div(n15, divisor);
    let standing = b.clause("standing", &[], None, tariff, n25);
    let on = b.f(ceiling_on);
    let ceiling = b.clause("ceiling", &[standing], Some(on), tariff, ratio);
    let on = b.f(snapback_on);
    b.clause("snapback", &[ceiling], Some(on), tariff, again);
    (b.finish(), tariff, ceiling_on, snapback_on)
}

#[test]
fn r9_a_to_d() {
    let (policy, tariff, ceiling, snapback) = snapback();
    let divisor = policy.fact("divisor").unwrap();
    let mut facts = Facts::none(&policy);
    state(&mut facts, divisor, num(1));
    state(&mut facts, ceiling, Value::Bool(true));
    state(&mut facts, snapback, Value::Bool(true));
    let at = on("2026-01-01");
    assert_eq!(ask(&policy, &facts, tariff, at), "25 by snapback"); // a
    facts.facts[snapback] = Default::default();
    assert_eq!(ask(&policy, &facts, tariff, at), "undetermined: 25, 15 by snapback?, ceiling"); // b
    state(&mut facts, ceiling, Value::Bool(false));
    assert_eq!(ask(&policy, &facts, tariff, at), "25 by snapback?, standing"); // c
    state(&mut facts, ceiling, Value::Bool(true));
    state(&mut facts, snapback, Value::Bool(true));
    state(&mut facts, divisor, num(0));
    assert_eq!(ask(&policy, &facts, tariff, at), "25 by snapback"); // d
    state(&mut facts, snapback, Value::Bool(false));
    assert_eq!(ask(&policy, &facts, tariff, at), "error by ceiling");
}

#[test]
fn r9_e_an_unknown_rule_above_two_that_clash() {
    let mut b = Build::new();
    let tariff = b.outcome("tariff", Type::rate());
    let third = b.fact("third", Type::Bool);
    let (n10, n12, n5) = (b.n(10), b.n(12), b.n(5));
    let one = b.clause("one", &[], None, tariff, n10);
    let two = b.clause("two", &[], None, tariff, n12);
    let on_third = b.f(third);
    b.clause("third", &[one, two], Some(on_third), tariff, n5);
    let policy = b.finish();
    let mut facts = Facts::none(&policy);
    let at = on("2026-01-01");
    assert_eq!(ask(&policy, &facts, tariff, at), "undetermined: 5, 10, 12, conflict by third?, one, two");
    state(&mut facts, third, Value::Bool(false));
    assert_eq!(ask(&policy, &facts, tariff, at), "conflict by one, two"); // R5
    state(&mut facts, third, Value::Bool(true));
    assert_eq!(ask(&policy, &facts, tariff, at), "5 by third");
}

/// Two unordered rules: 5, and 5 plus a part that may fail, or that may come to something else.
fn beside_a_part(
    part: impl FnOnce(&mut Build, FactId) -> ExprId,
    facts: impl FnOnce(&mut Facts, FactId),
) -> String {
    let mut b = Build::new();
    let (tariff, x) = (b.outcome("tariff", Type::rate()), b.fact("x", Type::number()));
    let (five, base) = (b.n(5), b.n(5));
    let part = part(&mut b, x);
    let sum = b.add(base, part);
    b.clause("a", &[], None, tariff, five);
    b.clause("b", &[], None, tariff, sum);
    let policy = b.finish();
    let mut stated = Facts::none(&policy);
    facts(&mut stated, x);
    ask(&policy, &stated, tariff, on("2026-01-01"))
}

#[test]
fn r6_an_error_is_no_value_that_differs() {
    let nothing_over = |b: &mut Build, x: FactId| {
        let (zero, x) = (b.n(0), b.f(x));
        b.div(zero, x)
    };
    assert_eq!(beside_a_part(nothing_over, |_, _| {}), "undetermined: 5, error by a, b");
    let one_over = |b: &mut Build, x: FactId| {
        let (one, x) = (b.n(1), b.f(x));
        b.div(one, x)
    };
    let told = beside_a_part(one_over, |_, _| {});
    assert!(told.contains("conflict, error by a, b"), "{told}");
    assert_eq!(beside_a_part(one_over, |facts, x| state(facts, x, num(0))), "error by b");
}

#[test]
fn r6_a_rule_that_can_only_fail_clashes_with_none() {
    let mut b = Build::new();
    let tariff = b.outcome("tariff", Type::rate());
    let (may, five, one, zero) = (b.b("may"), b.n(5), b.n(1), b.n(0));
    let failing = b.div(one, zero);
    b.clause("a", &[], None, tariff, five);
    b.clause("b", &[], Some(may), tariff, failing);
    let policy = b.finish();
    let facts = Facts::none(&policy);
    assert_eq!(ask(&policy, &facts, tariff, on("2026-01-01")), "undetermined: 5, error by a, b?");
}

#[test]
fn r4_the_order_is_static_and_transitive() {
    // a > b > c: with b silent a still displaces c.
    let mut b = Build::new();
    let tariff = b.outcome("tariff", Type::rate());
    let off = b.c(Value::Bool(false));
    let (one, two, three) = (b.n(1), b.n(2), b.n(3));
    let c = b.clause("c", &[], None, tariff, three);
    let middle = b.clause("b", &[c], Some(off), tariff, two);
    b.clause("a", &[middle], None, tariff, one);
    let policy = b.finish();
    assert_eq!(ask(&policy, &Facts::none(&policy), tariff, on("2026-01-01")), "1 by a");
}

#[test]
fn r7_otherwise_is_certain_where_two_rules_are_not() {
    let mut b = Build::new();
    let (split, whole) = (b.outcome("split", Type::number()), b.outcome("whole", Type::number()));
    let x = b.fact("x", Type::number());
    let three = b.n(3);
    let (x1, x2, x3) = (b.f(x), b.f(x), b.f(x));
    let (one, uno, eins, un) = (b.n(1), b.n(1), b.n(1), b.n(1));
    let (less, more, low) = (b.cmp(x1, Less, three), b.cmp(x2, AtLeast, three), b.cmp(x3, Less, three));
    b.clause("r1", &[], Some(less), split, one);
    b.clause("r2", &[], Some(more), split, uno);
    b.rule("r3", &[], vec![(Some(low), vec![(whole, eins)]), (None, vec![(whole, un)])]);
    let policy = b.finish();
    let facts = Facts::none(&policy);
    assert_eq!(ask(&policy, &facts, split, on("2026-01-01")), "undetermined: 1, gap by r1?, r2?");
    assert_eq!(ask(&policy, &facts, whole, on("2026-01-01")), "1 by r3");
}

#[test]
fn r1_a_failed_condition_and_later_branches() {
    // if 1/0 > 0 then o := 1 otherwise if C then p := 2: for p the clause is `not error and C`.
    let mut b = Build::new();
    let (o, p) = (b.outcome("o", Type::number()), b.outcome("p", Type::number()));
    let c = b.fact("c", Type::Bool);
    let (one, zero) = (b.n(1), b.n(0));
    let failing = b.div(one, zero);
    let failing = b.cmp(failing, Greater, zero);
    let (two, c_read) = (b.n(2), b.f(c));
    b.rule("r", &[], vec![(Some(failing), vec![(o, one)]), (Some(c_read), vec![(p, two)])]);
    let q = b.outcome("q", Type::number());
    b.rule("s", &[], vec![(Some(failing), vec![(o, one)]), (Some(failing), vec![(q, two)])]);
    let policy = b.finish();
    let mut facts = Facts::none(&policy);
    let at = on("2026-01-01");
    assert_eq!(ask(&policy, &facts, o, at), "error by r, s");
    assert_eq!(ask(&policy, &facts, q, at), "error by s");
    assert_eq!(ask(&policy, &facts, p, at), "undetermined: gap, error by r?");
    state(&mut facts, c, Value::Bool(false));
    assert_eq!(ask(&policy, &facts, p, at), "gap");
    state(&mut facts, c, Value::Bool(true));
    assert_eq!(ask(&policy, &facts, p, at), "error by r");
}

#[test]
fn r2_windows_at_their_edges() {
    let mut b = Build::new();
    let tariff = b.outcome("tariff", Type::rate());
    let value = b.n(15);
    let rule = b.clause("ceiling", &[], None, tariff, value);
    let (from, from_known) = (b.date("2025-08-07"), b.date("2025-09-04"));
    let (until, until_known) = (b.date("2028-07-01"), b.date("2028-06-01"));
    b.from(rule, from, Some(from_known));
    b.until(rule, until, Some(until_known));
    let policy = b.finish();
    let facts = Facts::none(&policy);
    let ask = |point| super::build::ask(&policy, &facts, tariff, point);
    assert_eq!(ask(on("2025-08-06")), "gap");
    assert_eq!(ask(on("2025-08-07")), "15 by ceiling");
    assert_eq!(ask(known("2025-08-20", "2025-09-03")), "gap");
    assert_eq!(ask(known("2025-08-20", "2025-09-04")), "15 by ceiling");
    assert_eq!(ask(on("2028-06-30")), "15 by ceiling");
    assert_eq!(ask(on("2028-07-01")), "gap");
    assert_eq!(ask(known("2028-07-01", "2028-05-31")), "15 by ceiling"); // an end not known yet
    assert_eq!(ask(known("2028-07-01", "2028-06-01")), "gap");
}

#[test]
fn r2_an_unknown_window_is_a_mask() {
    let mut b = Build::new();
    let tariff = b.outcome("tariff", Type::rate());
    let (old, new) = (b.n(15), b.n(10));
    let bill = b.fact("bill", Type::Date);
    let standing = b.clause("standing", &[], None, tariff, old);
    let rule = b.clause("new", &[standing], None, tariff, new);
    let from = b.f(bill);
    b.from(rule, from, None);
    let policy = b.finish();
    let mut facts = Facts::none(&policy);
    assert_eq!(ask(&policy, &facts, tariff, on("2026-01-01")), "undetermined: 10, 15 by new?, standing");
    state(&mut facts, bill, Value::Date(Day::NEVER));
    assert_eq!(ask(&policy, &facts, tariff, on("2299-12-31")), "15 by standing");
    let range = Dates::between(day("2026-01-01"), day("2026-02-01")).unwrap();
    state(&mut facts, bill, Possible::dates(range));
    assert_eq!(ask(&policy, &facts, tariff, on("2025-12-31")), "15 by standing");
    assert_eq!(ask(&policy, &facts, tariff, on("2026-01-31")), "undetermined: 10, 15 by new?, standing");
    assert_eq!(ask(&policy, &facts, tariff, on("2026-02-01")), "10 by new");
}

#[test]
fn r3_the_offer_is_rounded_so_two_rules_may_agree() {
    let mut b = Build::new();
    let duty = b.outcome("duty", Type::number());
    b.policy.outcomes[duty].rounded = Some((Rounding::HalfUp, Number::ONE));
    let (a, c) = (b.c(ratio(9, 4)), b.c(ratio(2, 1)));
    b.clause("a", &[], None, duty, a);
    b.clause("b", &[], None, duty, c);
    let policy = b.finish();
    assert_eq!(ask(&policy, &Facts::none(&policy), duty, on("2026-01-01")), "2 by a, b");
}

#[test]
fn m5_what_is_whole_stays_whole() {
    let mut b = Build::new();
    let quota = b.outcome("quota", Type::number());
    b.policy.outcomes[quota].whole = true;
    let x = b.fact("x", Type::number());
    b.policy.facts[x].whole = true;
    let (x_read, two) = (b.f(x), b.n(2));
    let half = b.div(x_read, two);
    b.clause("half", &[], None, quota, half);
    let other = b.outcome("other", Type::number());
    b.policy.outcomes[other].whole = true;
    b.clause("as_is", &[], None, other, x_read);
    let policy = b.finish();
    let mut facts = Facts::none(&policy);
    let at = on("2026-01-01");
    assert_eq!(ask(&policy, &facts, quota, at), "undetermined: … to …, error by half");
    // A whole fact cannot fail to be whole.
    assert_eq!(ask(&policy, &facts, other, at), "undetermined: … to … by as_is");
    state(&mut facts, x, num(5));
    assert_eq!(ask(&policy, &facts, quota, at), "error by half");
    state(&mut facts, x, num(6));
    assert_eq!(ask(&policy, &facts, quota, at), "3 by half");
}

#[test]
fn r5_otherwise_and_gap() {
    let mut b = Build::new();
    let tariff = b.outcome("tariff", Type::rate());
    let c = b.fact("c", Type::Bool);
    let (c_read, five, ten) = (b.f(c), b.n(5), b.n(10));
    b.clause("r", &[], Some(c_read), tariff, five);
    b.policy.outcomes[tariff].otherwise = Some(ten);
    let policy = b.finish();
    let mut facts = Facts::none(&policy);
    let at = on("2026-01-01");
    assert_eq!(ask(&policy, &facts, tariff, at), "undetermined: 5, 10 by r?, otherwise?");
    state(&mut facts, c, Value::Bool(false));
    assert_eq!(ask(&policy, &facts, tariff, at), "10 by otherwise");
    state(&mut facts, c, Value::Bool(true));
    assert_eq!(ask(&policy, &facts, tariff, at), "5 by r");
}

#[test]
fn r8_no_reader_turns_a_gap_into_a_number() {
    let mut b = Build::new();
    let (base, total) = (b.outcome("base", Type::number()), b.outcome("total", Type::number()));
    let c = b.fact("c", Type::Bool);
    let (c_read, five, one) = (b.f(c), b.n(5), b.n(1));
    b.clause("r", &[], Some(c_read), base, five);
    let read = b.o(base, None);
    let sum = b.add(read, one);
    b.clause("t", &[], None, total, sum);
    let policy = b.finish();
    let mut facts = Facts::none(&policy);
    let at = on("2026-01-01");
    assert_eq!(ask(&policy, &facts, total, at), "undetermined: 6, error by t");
    state(&mut facts, c, Value::Bool(false));
    assert_eq!(ask(&policy, &facts, total, at), "error by t");
    let answer = crate::run::Evaluator::new(&policy, &facts).answer(total, None, at);
    let fault = answer.fault.unwrap();
    assert_eq!(fault.trouble, crate::value::Trouble::DependsOn);
    assert_eq!(fault.depends_on, Some((base, None, crate::outcome::Status::Gap)));
}
