//! T1–T6.

use super::build::*;
use crate::facts::Facts;
use crate::outcome::Point;
use crate::policy::*;
use crate::run::{Evaluator, Set};
use crate::tree::CompareOp::{self, *};
use crate::value::{
    Calendar, CalendarId, Dates, Day, DurationKind, Mask, MonthEnd, Possible, Trouble, Value,
};

fn set(policy: &Policy, facts: &Facts, expr: ExprId, point: Point) -> Set {
    Evaluator::new(policy, facts).value(expr, None, point)
}

fn dated() -> (Build, FactId, ExprId) {
    let mut b = Build::new();
    let paid = b.dated_fact("paid", Type::number());
    let read = b.f(paid);
    (b, paid, read)
}

#[test]
fn t2_the_latest_from_then_the_latest_known() {
    let (b, paid, read) = dated();
    let policy = b.policy;
    let mut facts = Facts::none(&policy);
    facts.facts[paid] = series(&[
        ("2026-01-01", "2026-01-10", num(1).into()),
        ("2026-02-01", "2026-02-10", num(2).into()),
        ("2026-01-01", "2026-03-01", num(5).into()),
    ]);
    let at = |point| set(&policy, &facts, read, point);
    assert_eq!(at(on("2025-12-31")), Set::of(numbers(None, None)));
    assert_eq!(at(on("2026-01-01")), Set::one(num(5)));
    assert_eq!(at(known("2026-01-01", "2026-02-28")), Set::one(num(1)));
    assert_eq!(at(known("2026-02-01", "2026-02-09")), Set::one(num(1)));
    assert_eq!(at(known("2026-02-01", "2026-02-10")), Set::one(num(2)));
    assert_eq!(at(known("2026-02-01", "2026-01-09")), Set::of(numbers(None, None)));
}

#[test]
fn t3_after_stated_through() {
    let (mut b, paid, read) = dated();
    let total = b.dated_fact("total", Type::number());
    b.policy.facts[total].cumulative = true;
    let total_read = b.f(total);
    let policy = b.policy;
    let mut facts = Facts::none(&policy);
    let values = [("2026-01-01", "", num(10).into()), ("2027-01-01", "", num(20).into())];
    facts.facts[paid] = series(&values);
    facts.facts[total] = series(&values);
    let at = |facts: &Facts, read, text| set(&policy, facts, read, on(text));
    assert_eq!(at(&facts, read, "2299-12-31"), Set::one(num(20)));
    // Cumulative: before its first statement at most that.
    assert_eq!(at(&facts, total_read, "2025-12-31"), Set::of(numbers(None, Some(10))));
    assert_eq!(at(&facts, read, "2025-12-31"), Set::of(numbers(None, None)));
    facts.stated_through = Some(day("2026-06-30"));
    assert_eq!(at(&facts, read, "2026-06-30"), Set::one(num(10)));
    assert_eq!(at(&facts, read, "2026-07-01"), Set::of(numbers(None, None)));
    assert_eq!(at(&facts, total_read, "2026-07-01"), Set::of(numbers(Some(10), None)));
    // A later statement covers the day.
    assert_eq!(at(&facts, read, "2027-01-01"), Set::one(num(20)));
}

#[test]
fn t3_a_pledge_reached_in_time_stays_reached() {
    let (mut b, paid, read) = dated();
    b.policy.facts[paid].cumulative = true;
    let (pledged, deadline) = (b.n(550), b.date("2029-01-19"));
    let short = b.cmp(read, Less, pledged);
    let breached = b.by(short, deadline);
    let policy = b.policy;
    let mut facts = Facts::none(&policy);
    facts.facts[paid] = series(&[("2028-06-01", "", num(550).into())]);
    facts.stated_through = Some(day("2028-12-31"));
    assert_eq!(set(&policy, &facts, breached, on("2029-06-01")), Set::bool(false));
    facts.facts[paid] = series(&[("2028-06-01", "", num(549).into())]);
    assert_eq!(set(&policy, &facts, breached, on("2029-06-01")).mask(), Mask::BOTH);
    assert_eq!(set(&policy, &facts, breached, on("2029-01-19")), Set::bool(false));
}

#[test]
fn t5_both_sides_of_a_deadline_are_false_up_to_and_including_it() {
    let (mut b, paid, read) = dated();
    let (pledged, deadline, never) = (b.n(550), b.date("2029-01-19"), b.never());
    let (short, met) = (b.cmp(read, Less, pledged), b.cmp(read, AtLeast, pledged));
    let (short_by, met_by, by_never) = (b.by(short, deadline), b.by(met, deadline), b.by(short, never));
    let policy = b.policy;
    let mut facts = Facts::none(&policy);
    // 550 arrives the day after the deadline.
    facts.facts[paid] = series(&[("2029-01-01", "", num(0).into()), ("2029-01-20", "", num(550).into())]);
    let at = |expr, text| set(&policy, &facts, expr, on(text));
    assert_eq!(at(short_by, "2029-01-19"), Set::bool(false));
    assert_eq!(at(met_by, "2029-01-19"), Set::bool(false));
    assert_eq!(at(short_by, "2029-01-20"), Set::bool(true));
    assert_eq!(at(met_by, "2029-01-20"), Set::bool(false));
    assert_eq!(at(by_never, "2299-12-31"), Set::bool(false));
    // A statement dated the deadline holds on it (T1).
    facts.facts[paid] = series(&[("2029-01-01", "", num(0).into()), ("2029-01-19", "", num(550).into())]);
    assert_eq!(set(&policy, &facts, short_by, on("2029-01-20")), Set::bool(false));
}

#[test]
fn t4_open_days_join_the_statements_in_their_range() {
    let (mut b, paid, read) = dated();
    let deadline = b.fact("deadline", Type::Date);
    let day_read = b.f(deadline);
    let then = b.as_of(read, day_read);
    let one = b.n(1);
    let more = b.add(read, one);
    let more_then = b.as_of(more, day_read);
    let policy = b.policy;
    let mut facts = Facts::none(&policy);
    facts.facts[paid] = series(&[
        ("2026-01-01", "", num(1).into()),
        ("2026-02-01", "", num(2).into()),
        ("2026-03-01", "", num(3).into()),
    ]);
    let mut between = |lo: &str, hi: &str| {
        let range = Dates::between(day(lo), if hi == "never" { Day::NEVER } else { day(hi) }).unwrap();
        state(&mut facts, deadline, Possible::dates(range));
        [then, more_then].map(|expr| set(&policy, &facts, expr, on("2026-12-31")))
    };
    let [now, other] = between("2026-01-15", "2026-02-28");
    assert_eq!(now, Set::of(numbers(Some(1), Some(2))));
    assert_eq!((other.values, other.fault.is_some()), (numbers(None, None), true));
    assert_eq!(between("2026-01-15", "2026-01-31")[0], Set::one(num(1)));
    assert_eq!(between("2025-12-31", "2026-01-31")[0].values, numbers(None, None));
    let [with_never, _] = between("2026-03-01", "never");
    assert_eq!((with_never.values, with_never.fault.unwrap().trouble), (num(3).into(), Trouble::NoSuchDay));
}

#[test]
fn t4_looking_back_in_knowledge_never_ahead() {
    let (mut b, paid, read) = dated();
    let (today, late) = (b.today(), b.date("2026-12-31"));
    let (charged, ahead) = (b.known_on(read, today), b.known_on(read, late));
    let policy = b.policy;
    let mut facts = Facts::none(&policy);
    facts.facts[paid] =
        series(&[("2026-01-01", "2026-01-01", num(1).into()), ("2026-01-01", "2026-03-01", num(2).into())]);
    let at = |expr, point| set(&policy, &facts, expr, point);
    assert_eq!(at(charged, on("2026-02-01")), Set::one(num(1)));
    assert_eq!(at(charged, on("2026-03-01")), Set::one(num(2)));
    assert_eq!(at(charged, known("2026-03-01", "2026-02-01")), Set::one(num(1)));
    assert_eq!(at(ahead, known("2026-03-01", "2026-02-01")), Set::one(num(1)));
}

#[test]
fn t6_business_days_and_months() {
    let mut b = Build::new();
    let us = Calendar::shipped("us_federal").unwrap();
    let both = Calendar::combined("both", &[&us, &Calendar::shipped("jp_holidays").unwrap()]);
    b.policy.calendars = vec![us, both];
    let start = b.fact("start", Type::Date);
    let read = b.f(start);
    let shift = |b: &mut Build, count, kind| b.days(read, count, kind);
    let us = shift(&mut b, 45, DurationKind::Business(CalendarId(0)));
    let both = shift(&mut b, 45, DurationKind::Business(CalendarId(1)));
    let exact = shift(&mut b, 1, DurationKind::Months(MonthEnd::Exact));
    let down = shift(&mut b, 1, DurationKind::Months(MonthEnd::Down));
    let up = shift(&mut b, 1, DurationKind::Months(MonthEnd::Up));
    let policy = b.policy;
    let mut facts = Facts::none(&policy);
    let mut at = |text: &str| {
        state(&mut facts, start, Value::Date(day(text)));
        [us, both, exact, down, up].map(|expr| set(&policy, &facts, expr, on("2026-01-01")))
    };
    let date = |text: &str| Set::one(Value::Date(day(text)));
    let [first, second, ..] = at("2026-02-17");
    assert_eq!([first, second], [date("2026-04-21"), date("2026-04-23")]);
    let [_, _, exact, down, up] = at("2026-01-31");
    assert_eq!(exact.fault.unwrap().trouble, Trouble::NoSuchDay);
    assert_eq!([down, up], [date("2026-02-28"), date("2026-03-01")]);
    let [beyond, ..] = at("2299-01-01");
    let fault = beyond.fault.unwrap();
    assert_eq!(fault.trouble, Trouble::CalendarDoesNotCover);
    assert!(fault.detail.as_deref().unwrap().starts_with("us_federal covers "));
}

#[test]
fn as_of_never_is_no_day() {
    let (mut b, _, read) = dated();
    let never = b.never();
    let then = b.as_of(read, never);
    let policy = b.policy;
    let fault = set(&policy, &Facts::none(&policy), then, on("2026-01-01")).fault.unwrap();
    assert_eq!(fault.trouble, Trouble::NoSuchDay);
}

/// `last start of C` as known where C is open before a day and false from it on.
fn safeguard(b: &mut Build) -> (ExprId, ExprId, FactId) {
    let surge = b.dated_fact("surge", Type::Bool);
    let condition = b.f(surge);
    let began = b.push(Expr::LastStart(condition), Type::Date);
    let define = b.define("began", began, None);
    let within = |b: &mut Build, days: i64, op: CompareOp| {
        let read = b.d(define, None);
        let end = b.days(read, days, DurationKind::Days);
        let today = b.today();
        b.cmp(today, op, end)
    };
    let (from, until) = (within(b, 8, AtLeast), within(b, 38, Less));
    (began, b.and(&[from, until]), surge)
}

#[test]
fn v2_a_start_in_an_unknown_past_is_the_days_it_may_be_or_never() {
    let mut b = Build::new();
    let (began, holds, surge) = safeguard(&mut b);
    let policy = b.policy;
    let mut facts = Facts::none(&policy);
    facts.facts[surge] = series(&[("2023-04-01", "", Value::Bool(false).into())]);
    let last = Dates::at_most(day("2023-03-31")).hull(&Dates::point(Day::NEVER));
    assert_eq!(set(&policy, &facts, began, on("2024-01-20")), Set::of(Possible::dates(last)));
    // A day that is long past, or none: neither lies 8 to 38 days back.
    assert_eq!(set(&policy, &facts, holds, on("2024-01-20")), Set::bool(false));
    assert_eq!(set(&policy, &facts, holds, on("2023-05-08")), Set::bool(false));
    assert_eq!(set(&policy, &facts, holds, on("2023-05-07")).mask(), Mask::BOTH);
}
