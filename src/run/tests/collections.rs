//! C1–C3, T9.

use super::build::*;
use crate::facts::Facts;
use crate::outcome::{Need, SlotRef, Status};
use crate::policy::*;
use crate::run::{Evaluator, Set};
use crate::tree::AggregateKind::*;
use crate::tree::CompareOp::*;
use crate::value::{Dates, Day, Mask, Number, Possible, Trouble, Value};

struct Projects {
    policy: Policy,
    entity: EntityId,
    /// count, sum, min, max, average, first of amount where viable; any, all of amount > 5 where viable
    all: Vec<ExprId>,
}

fn projects() -> Projects {
    let mut b = Build::new();
    let entity = b.entity("project");
    let amount = b.field(entity, "amount", Type::number());
    let viable = b.field(entity, "viable", Type::Bool);
    let row = b.local(0, Type::Row(entity));
    let (value, condition, five) = (b.get(entity, row, amount), b.get(entity, row, viable), b.n(5));
    let large = b.cmp(value, Greater, five);
    let mut all = vec![b.aggregate(Count, entity, 0, None, Some(condition))];
    for kind in [Sum, Min, Max, Average, First] {
        all.push(b.aggregate(kind, entity, 0, Some(value), Some(condition)));
    }
    for kind in [Any, All] {
        all.push(b.aggregate(kind, entity, 0, Some(large), Some(condition)));
    }
    Projects { policy: b.policy, entity, all }
}

impl Projects {
    fn ask(&self, facts: &Facts) -> Vec<Set> {
        let mut run = Evaluator::new(&self.policy, facts);
        self.all.iter().map(|expr| run.value(*expr, None, on("2026-01-01"))).collect()
    }
}

fn row(amount: i64, viable: bool) -> Vec<Option<Possible>> {
    vec![Some(num(amount).into()), Some(Value::Bool(viable).into())]
}

#[test]
fn c2_certain_rows() {
    let projects = projects();
    let mut facts = Facts::none(&projects.policy);
    // Stated out of the order of keys: `first` goes by key.
    table(
        &mut facts,
        projects.entity,
        &[("ohio", row(10, true)), ("iowa", row(4, true)), ("utah", row(99, false))],
    );
    let expected = [num(2), num(14), num(4), num(10), num(7), num(4), Value::Bool(true), Value::Bool(false)];
    assert_eq!(projects.ask(&facts), expected.map(Set::one));
}

#[test]
fn c2_empty_tables() {
    let projects = projects();
    let mut facts = Facts::none(&projects.policy);
    table(&mut facts, projects.entity, &[]);
    let got = projects.ask(&facts);
    assert_eq!(got[..2], [Set::one(num(0)), Set::one(num(0))]);
    for set in &got[2..6] {
        assert!(set.is_error());
        assert_eq!(set.fault.as_ref().unwrap().trouble, Trouble::NothingToChooseFrom);
    }
    assert_eq!(got[6..], [Set::bool(false), Set::bool(true)]);
}

#[test]
fn c2_doubtful_rows() {
    let projects = projects();
    let mut facts = Facts::none(&projects.policy);
    let doubtful = vec![Some(num(2).into()), None];
    table(&mut facts, projects.entity, &[("a", row(10, true)), ("b", doubtful), ("c", row(99, false))]);
    let got = projects.ask(&facts);
    assert_eq!(got[0], Set::of(numbers(Some(1), Some(2))));
    assert_eq!(got[1], Set::of(numbers(Some(10), Some(12))));
    assert_eq!(got[2], Set::of(numbers(Some(2), Some(10))));
    assert_eq!(got[3], Set::one(num(10)));
    assert_eq!(got[5], Set::one(num(10)));
    assert_eq!(got[6], Set::bool(true));
    assert_eq!(got[7].mask(), Mask::BOTH);
}

#[test]
fn c1_a_failed_membership_does_not_matter_beside_a_false_condition() {
    // any of (open and false) where 1 / amount > 0, with an amount of 0
    let mut b = Build::new();
    let o = b.outcome("o", Type::number());
    let entity = b.entity("project");
    let amount = b.field(entity, "amount", Type::number());
    let row = b.local(0, Type::Row(entity));
    let (one, zero, open, off) = (b.n(1), b.n(0), b.b("open"), b.c(Value::Bool(false)));
    let value = b.get(entity, row, amount);
    let inverse = b.div(one, value);
    let (failing, nothing) = (b.cmp(inverse, Greater, zero), b.and(&[open, off]));
    let any = b.aggregate(Any, entity, 0, Some(nothing), Some(failing));
    let doubtful = b.aggregate(Any, entity, 0, Some(open), Some(failing));
    b.clause("r", &[], Some(any), o, one);
    let p = b.outcome("p", Type::number());
    b.clause("s", &[], Some(doubtful), p, one);
    let policy = b.finish();
    let mut facts = Facts::none(&policy);
    table(&mut facts, entity, &[("a", vec![Some(num(0).into())])]);
    assert_eq!(ask(&policy, &facts, o, on("2026-01-01")), "gap");
    assert_eq!(ask(&policy, &facts, p, on("2026-01-01")), "undetermined: gap, error by s?");
}

#[test]
fn v7_a_table_not_stated_is_any_number_of_rows() {
    let projects = projects();
    let facts = Facts::none(&projects.policy);
    let got = projects.ask(&facts);
    assert_eq!(got[0], Set::of(numbers(Some(0), None)));
    assert_eq!(got[1], Set::of(numbers(None, None)));
    assert!(got[2].fault.is_some() && !got[2].is_error());
    assert_eq!(got[6].mask(), Mask::BOTH);
    let mut b = Build::new();
    b.policy = projects.policy;
    let o = b.outcome("o", Type::number());
    b.clause("r", &[], None, o, projects.all[1]);
    let policy = b.finish();
    let facts = Facts::none(&policy);
    let answer = Evaluator::new(&policy, &facts).answer(o, None, on("2026-01-01"));
    assert_eq!(
        answer.needs.unwrap().all,
        [Need { slot: SlotRef::Table(projects.entity), then_ask_again: false }]
    );
}

/// A dated entity with a rule each, `usd_per_jpy` over time, and an outcome and a define for each entry.
struct Entries {
    policy: Policy,
    entry: EntityId,
    entered: FieldId,
    duty: OutcomeId,
    twice: DefineId,
    rate: FactId,
    total: ExprId,
    count: ExprId,
}

fn entries() -> Entries {
    let mut b = Build::new();
    let entry = b.entity("entry");
    let entered = b.field(entry, "entered", Type::Date);
    let value = b.field(entry, "value", Type::number());
    b.policy.entities[entry].dated = Some(entered);
    let rate = b.dated_fact("rate", Type::number());
    let duty = b.outcome("duty", Type::number());
    b.policy.outcomes[duty].for_each = Some(entry);
    let own = b.local(0, Type::Row(entry));
    let (worth, at_rate) = (b.get(entry, own, value), b.f(rate));
    let amount = b.mul(worth, at_rate);
    let rule = b.clause("charge", &[], None, duty, amount);
    b.policy.rules[rule].for_each = Some(entry);
    let begins = b.date("2026-02-01");
    b.from(rule, begins, None);
    let (once, two) = (b.o(duty, Some(own)), b.n(2));
    let twice = b.mul(once, two);
    let twice = b.define("twice", twice, Some(entry));
    let read = b.o(duty, Some(own));
    let total = b.aggregate(Sum, entry, 0, Some(read), None);
    let count = b.aggregate(Count, entry, 0, None, None);
    let policy = b.finish();
    Entries { policy, entry, entered, duty, twice, rate, total, count }
}

fn entry(entered: Option<&str>, value: i64) -> Vec<Option<Possible>> {
    vec![entered.map(|text| Value::Date(day(text)).into()), Some(num(value).into())]
}

#[test]
fn t9_a_row_is_evaluated_on_its_date_and_does_not_exist_before_it() {
    let e = entries();
    let mut facts = Facts::none(&e.policy);
    facts.facts[e.rate] = series(&[("2026-01-01", "", num(1).into()), ("2026-03-01", "", num(2).into())]);
    table(&mut facts, e.entry, &[("a", entry(Some("2026-02-01"), 10)), ("b", entry(Some("2026-03-01"), 10))]);
    let mut run = Evaluator::new(&e.policy, &facts);
    // Whatever day is asked, the row's date is the day.
    for text in ["2026-01-01", "2026-02-15", "2026-12-31"] {
        assert_eq!(run.answer(e.duty, Some(0), on(text)).value(), Some(&num(10)));
        assert_eq!(run.answer(e.duty, Some(1), on(text)).value(), Some(&num(20)));
        assert_eq!(run.decide(e.duty, Some(1), on(text)), crate::run::Decided::Value(num(20)));
    }
    assert_eq!(run.row_point(e.entry, 1, on("2026-12-31")), Some(on("2026-03-01")));
    let mut at = |expr, text| run.value(expr, None, on(text));
    assert_eq!(at(e.count, "2026-01-31"), Set::one(num(0)));
    assert_eq!(at(e.count, "2026-02-01"), Set::one(num(1)));
    assert_eq!(at(e.total, "2026-02-28"), Set::one(num(10)));
    assert_eq!(at(e.total, "2026-03-01"), Set::one(num(30)));
    let define = &e.policy.defines[e.twice];
    let own = run.value(define.value, Some((e.entry, 1)), on("2026-03-01"));
    assert_eq!(own, Set::one(num(40)));
}

#[test]
fn t9_a_row_without_a_date_is_undetermined_and_needs_it() {
    let e = entries();
    let mut facts = Facts::none(&e.policy);
    state(&mut facts, e.rate, num(1));
    table(&mut facts, e.entry, &[("a", entry(Some("2026-02-01"), 10)), ("b", entry(None, 10))]);
    let mut run = Evaluator::new(&e.policy, &facts);
    let answer = run.answer(e.duty, Some(1), on("2026-06-01"));
    assert_eq!(answer.status, Status::Undetermined);
    let date = SlotRef::Field { entity: e.entry, row: 1, field: e.entered, day: None };
    assert_eq!(answer.needs.unwrap().all, [Need { slot: date.clone(), then_ask_again: true }]);
    assert_eq!(run.value(e.count, None, on("2026-06-01")), Set::of(numbers(Some(1), Some(2))));
    // Dated `never` it does not exist.
    let mut never = facts.clone();
    never.tables[e.entry].as_mut().unwrap().rows[1].cells[e.entered] =
        crate::facts::Slot::fixed(Value::Date(Day::NEVER).into(), Default::default());
    let mut run = Evaluator::new(&e.policy, &never);
    assert_eq!(run.answer(e.duty, Some(1), on("2026-06-01")).status, Status::Gap);
    assert_eq!(run.decide(e.duty, Some(1), on("2026-06-01")), crate::run::Decided::Gap);
    assert_eq!(run.value(e.count, None, on("2299-12-31")), Set::one(num(1)));
    // From its earliest day on.
    let range = Dates::between(day("2026-04-01"), day("2026-05-01")).unwrap();
    facts.tables[e.entry].as_mut().unwrap().rows[1].cells[e.entered] =
        crate::facts::Slot::fixed(Possible::dates(range), Default::default());
    let mut run = Evaluator::new(&e.policy, &facts);
    assert_eq!(run.value(e.count, None, on("2026-03-31")), Set::one(num(1)));
    assert_eq!(run.value(e.count, None, on("2026-04-01")), Set::of(numbers(Some(1), Some(2))));
    assert_eq!(run.value(e.count, None, on("2026-05-01")), Set::one(num(2)));
}

#[test]
fn t9_known_by_hides_a_row_until_it_is_known() {
    let mut b = Build::new();
    let entry = b.entity("entry");
    let entered = b.field(entry, "entered", Type::Date);
    let filed = b.field(entry, "filed", Type::Date);
    b.policy.entities[entry].dated = Some(entered);
    b.policy.entities[entry].known = Some(filed);
    let count = b.aggregate(Count, entry, 0, None, None);
    let policy = b.policy;
    let mut facts = Facts::none(&policy);
    let date = |text: &str| Some(Value::Date(day(text)).into());
    table(&mut facts, entry, &[("a", vec![date("2026-01-01"), date("2026-02-01")])]);
    let mut run = Evaluator::new(&policy, &facts);
    assert_eq!(run.value(count, None, known("2026-01-01", "2026-01-31")), Set::one(num(0)));
    assert_eq!(run.value(count, None, known("2026-01-01", "2026-02-01")), Set::one(num(1)));
    assert_eq!(run.value(count, None, on("2025-12-31")), Set::one(num(0)));
}

#[test]
fn c3_first_by_date_then_by_key() {
    let mut b = Build::new();
    let entry = b.entity("entry");
    let entered = b.field(entry, "entered", Type::Date);
    let value = b.field(entry, "value", Type::number());
    b.policy.entities[entry].dated = Some(entered);
    let row = b.local(0, Type::Row(entry));
    let read = b.get(entry, row, value);
    let first = b.aggregate(First, entry, 0, Some(read), None);
    let policy = b.policy;
    let mut facts = Facts::none(&policy);
    let rows = [
        ("b", entry_row("2026-01-01", 1)),
        ("a", entry_row("2026-01-01", 2)),
        ("0", entry_row("2026-01-02", 3)),
    ];
    table(&mut facts, entry, &rows);
    let mut run = Evaluator::new(&policy, &facts);
    assert_eq!(run.value(first, None, on("2026-06-01")), Set::one(num(2)));
    assert!(run.value(first, None, on("2025-12-31")).is_error());
}

fn entry_row(entered: &str, value: i64) -> Vec<Option<Possible>> {
    entry(Some(entered), value)
}

#[test]
fn rows_by_key() {
    let mut b = Build::new();
    let entity = b.entity("project");
    let amount = b.field(entity, "amount", Type::number());
    let key = b.c(Value::Text("ohio".into()));
    let row = b.push(Expr::RowByKey { entity, key }, Type::Row(entity));
    let read = b.get(entity, row, amount);
    let policy = b.policy;
    let mut facts = Facts::none(&policy);
    let ask = |facts: &Facts| Evaluator::new(&policy, facts).value(read, None, on("2026-01-01"));
    let open = ask(&facts);
    assert_eq!((open.values, open.fault.is_some()), (numbers(None, None), true));
    table(&mut facts, entity, &[("ohio", vec![Some(num(10).into())])]);
    assert_eq!(ask(&facts), Set::one(num(10)));
    table(&mut facts, entity, &[("iowa", vec![Some(num(10).into())])]);
    let missing = ask(&facts).fault.unwrap();
    assert_eq!(missing.trouble, Trouble::NothingToChooseFrom);
    assert_eq!(missing.detail.as_deref(), Some("no project has the key ohio"));
}

#[test]
fn m1_sums_do_not_depend_on_the_order_of_rows() {
    let mut b = Build::new();
    let entity = b.entity("project");
    let amount = b.field(entity, "amount", Type::number());
    let row = b.local(0, Type::Row(entity));
    let read = b.get(entity, row, amount);
    let sum = b.aggregate(Sum, entity, 0, Some(read), None);
    let policy = b.policy;
    let huge = (0..10).fold(Number::from(i64::MAX), |x, _| x.mul(&Number::from(i64::MAX)).unwrap());
    let cell = |number: &Number| vec![Some(Value::Number(number.clone()).into())];
    let rows = [("a", cell(&huge)), ("b", cell(&Number::ONE)), ("c", cell(&huge.neg()))];
    for order in [[0, 1, 2], [0, 2, 1], [2, 1, 0]] {
        let mut facts = Facts::none(&policy);
        table(&mut facts, entity, &order.map(|at| rows[at].clone()));
        assert_eq!(Evaluator::new(&policy, &facts).value(sum, None, on("2026-01-01")), Set::one(num(1)));
    }
}
