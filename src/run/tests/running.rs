//! Running totals are what a plain definition says, worked out anew for every row (C4).

use super::build::*;
use super::print;
use super::random::*;
use super::random_facts::{facts, narrowed};
use crate::facts::Facts;
use crate::outcome::Point;
use crate::policy::*;
use crate::run::{Evaluator, Set};
use crate::value::{Day, Number, Possible, Trouble, Value};
use proptest::prelude::*;
use std::collections::BTreeMap;

type Carry = Result<Value, Trouble>;

/// C4 on complete facts, in the words of the law: the rows are put in order for each row asked, and gone through from the
/// first. The value before a row is a fact here, so nothing of what is tested is used.
struct Plain<'a> {
    world: &'a World,
    facts: &'a Facts,
    fold: &'a Fold,
    carried: FactId,
}

impl Plain<'_> {
    fn eval(&self, expr: ExprId, row: u32, point: Point, carried: Option<&Value>) -> Carry {
        let mut facts = self.facts.clone();
        if let Some(value) = carried {
            state(&mut facts, self.carried, value.clone());
        }
        let own = Some((self.fold.entity, row));
        let frame = [Set::one(Value::Row(row))];
        let set = Evaluator::new(&self.world.policy, &facts).value_in(expr, &frame, own, point);
        match (set.values, set.fault) {
            (Possible::One(value), None) => Ok(value),
            (Possible::Nothing, Some(fault)) => Err(fault.trouble),
            other => panic!("{other:?}"),
        }
    }

    fn date(&self, row: u32, field: Option<FieldId>) -> Option<Day> {
        let cell = &self.facts.tables[self.fold.entity].as_ref().unwrap().rows[row as usize].cells[field?];
        match &cell.statements[0].value {
            Possible::One(Value::Date(day)) => Some(*day),
            other => panic!("{other:?}"),
        }
    }

    fn whole(&self, value: Carry) -> Carry {
        match value {
            Ok(Value::Number(number)) if self.fold.whole && !number.is_integer() => Err(Trouble::NotWhole),
            value => value,
        }
    }

    fn before(&self, row: u32, at: Point) -> Carry {
        let entity = &self.world.policy.entities[self.fold.entity];
        let count = self.facts.tables[self.fold.entity].as_ref().unwrap().rows.len() as u32;
        let day = |row| self.date(row, entity.dated).unwrap_or(at.day);
        let own = |row| Point { day: day(row), ..at };
        let exists =
            |row| day(row) <= at.day && self.date(row, entity.known).is_none_or(|known| known <= at.known);
        let keys = |keys: &[ExprId], row: u32| -> Result<Vec<Value>, Trouble> {
            keys.iter().map(|key| self.eval(*key, row, own(row), None)).collect()
        };
        let mut members = Vec::new();
        for other in (0..count).filter(|other| exists(*other)) {
            members.push((other, keys(&self.fold.per, other)?));
        }
        let per = keys(&self.fold.per, row)?;
        let mut runs: BTreeMap<Vec<Value>, Vec<u32>> = BTreeMap::new();
        let mine = keys(&self.fold.keys, row)?;
        for (other, _) in members.iter().filter(|(other, group)| *group == per && *other != row) {
            runs.entry(keys(&self.fold.keys, *other)?).or_default().push(*other);
        }
        runs.entry(mine).or_default().push(row);
        let mut carried: Option<Carry> = None;
        for rows in runs.values() {
            if let Some(Err(trouble)) = carried {
                return Err(trouble);
            }
            let [one] = rows.as_slice() else { return Err(Trouble::Tie) };
            let before = match carried {
                Some(value) => value?,
                None => self.whole(self.eval(self.fold.starting, *one, own(*one), None))?,
            };
            if *one == row {
                return Ok(before);
            }
            carried = Some(self.whole(self.eval(self.fold.next, *one, own(*one), Some(&before))));
        }
        panic!("the row itself is there")
    }
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..500)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn a_running_total_is_what_the_law_says(make_of in bytes(), stated in bytes(), more in bytes()) {
        let (world, apart) = (make(&make_of, &[], false), make(&make_of, &[], true));
        let Some(fold) = world.fold else { return Ok(()) };
        let mut choices = Choices::new(&stated);
        let open = facts(&world.policy, &mut choices);
        let point = choices.point();
        let full = narrowed(&world.policy, &open, &mut Choices::new(&more), true);
        let made = &world.policy.folds[fold.id];
        let mut other = full.clone();
        other.facts.push(crate::facts::Slot::default());
        let plain = Plain {
            world: &apart,
            facts: &other,
            fold: &apart.policy.folds[fold.id],
            carried: apart.fold.unwrap().fact.unwrap(),
        };
        let entity = &world.policy.entities[made.entity];
        let Some(table) = &full.tables[made.entity] else { return Ok(()) };
        let mut run = Evaluator::new(&world.policy, &full);
        // One evaluator for all rows, on the day asked and on each row's own day, so that every pass serves many.
        let rows = 0..table.rows.len() as u32;
        let mut asked: Vec<(u32, Point)> = rows.clone().map(|row| (row, point)).collect();
        asked.extend(rows.filter_map(|row| Some((row, Point { day: plain.date(row, entity.dated)?, ..point }))));
        for (row, at) in asked.clone().into_iter().rev().chain(asked) {
            // A row dated never has no day of its own.
            if plain.date(row, entity.dated).is_some_and(Day::is_never) || at.day.is_never() {
                continue;
            }
            let frame = [Set::one(Value::Row(row))];
            let set = run.value_in(fold.read, &frame, Some((made.entity, row)), at);
            let wanted = plain.before(row, at);
            let tale = || {
                let (policy, facts) = (print::policy(&world.policy), print::facts(&world.policy, &full));
                format!("row {row} at {at:?}: {set:?} for {wanted:?}\n{policy}\n{facts}")
            };
            match &wanted {
                Ok(value) => prop_assert_eq!(set.single(), Some(value), "{}", tale()),
                Err(_) => prop_assert!(set.is_error(), "{}", tale()),
            }
            let again = Evaluator::new(&world.policy, &full).value_in(fold.read, &frame, Some((made.entity, row)), at);
            prop_assert_eq!(&set, &again, "{}", tale());
        }
    }
}

/// `running left over entry by entry.on, entry.key starting 0: left := left + 1`, over many rows.
fn long(rows: usize, day_of: impl Fn(usize) -> i64) -> (Policy, Facts, OutcomeId) {
    let mut b = Build::new();
    let entity = b.entity("entry");
    let on = b.field(entity, "on", Type::Date);
    b.policy.entities[entity].dated = Some(on);
    let row = b.local(0, Type::Row(entity));
    let keys = [on, FieldId(0)].map(|field| b.get(entity, row, field)).to_vec();
    let starting = b.n(0);
    let read = b.push(Expr::Running(FoldId(0)), Type::number());
    let number = b.define("number", read, Some(entity));
    b.policy.defines[number].block = Some((FoldId(0), 0));
    let one = b.n(1);
    let own = b.d(number, Some(row));
    let next = b.add(own, one);
    let span = b.span();
    b.policy.folds.push(Fold {
        name: "left".to_owned(),
        doc: None,
        entity,
        keys,
        per: Vec::new(),
        starting,
        next,
        defines: vec![number],
        ty: Type::number(),
        whole: false,
        span,
    });
    let place = b.outcome("place", Type::number());
    b.policy.outcomes[place].for_each = Some(entity);
    let value = b.d(number, Some(row));
    let rule = b.clause("counted", &[], None, place, value);
    b.policy.rules[rule].for_each = Some(entity);
    let policy = b.finish();
    let mut facts = Facts::none(&policy);
    let names: Vec<String> = (0..rows).map(|at| format!("{at:06}")).collect();
    let first = i64::from(day("2000-01-01").number());
    let rows: Vec<(&str, Vec<Option<Possible>>)> = names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let on = Day::from_number(first + day_of(at)).unwrap();
            (name.as_str(), vec![Some(Possible::date(on))])
        })
        .collect();
    table(&mut facts, entity, &rows);
    (policy, facts, place)
}

/// C4, B4: a hundred thousand rows, on one day or in the order of their days, are one pass; no row nests in another.
#[test]
fn a_long_table_is_gone_through_once() {
    for days in [1, 40_000] {
        let rows = 100_000;
        let (policy, facts, place) = long(rows, |at| (at * days / rows) as i64);
        let mut run = Evaluator::new(&policy, &facts);
        for row in (0..rows as u32).rev() {
            let decided = run.decide(place, Some(row), on("2000-01-01"));
            assert_eq!(decided, crate::run::Decided::Value(Value::Number(Number::from(i64::from(row)))));
        }
    }
}

/// Where the order is not that of the dates, each day is a pass of its own: what is dated later is not yet there.
#[test]
fn rows_against_the_order_of_time() {
    let rows = 300;
    let (policy, facts, place) = long(rows, |at| (rows - at) as i64);
    // Ordered by their names alone.
    let mut by_name = policy.clone();
    by_name.folds[FoldId(0)].keys.remove(0);
    let mut run = Evaluator::new(&by_name, &facts);
    for row in 0..rows as u32 {
        // All rows named before it are dated later.
        let decided = run.decide(place, Some(row), on("2000-01-01"));
        assert_eq!(decided, crate::run::Decided::Value(num(0)), "{row}");
    }
    let mut run = Evaluator::new(&policy, &facts);
    let decided = run.decide(place, Some(0), on("2000-01-01"));
    assert_eq!(decided, crate::run::Decided::Value(num(299)));
}

/// The block of every row reads a long chain of names: none of it nests in the rows before.
#[test]
fn a_block_that_reads_a_long_chain() {
    let (mut policy, facts, place) = long(200, |at| at as i64);
    let push = |policy: &mut Policy, expr: Expr| policy.exprs.push(expr, Type::number(), Default::default());
    let one = push(&mut policy, Expr::Const(num(1)));
    let mut last = one;
    for at in 0..1_000 {
        let value = push(
            &mut policy,
            Expr::Op(Op::Sum { first: last, rest: vec![(crate::tree::AddOp::Plus, one)].into() }),
        );
        let (name, ty) = (format!("link{at}"), Type::number());
        let span = crate::text::Span::default();
        let define = Define { name, doc: None, ty, for_each: None, value, block: None, span };
        let id = policy.defines.push(define);
        last = push(&mut policy, Expr::Define { id, row: None });
    }
    let next = policy.folds[FoldId(0)].next;
    let next = push(
        &mut policy,
        Expr::Op(Op::Sum { first: next, rest: vec![(crate::tree::AddOp::Plus, last)].into() }),
    );
    policy.folds[FoldId(0)].next = next;
    let decided = Evaluator::new(&policy, &facts).decide(place, Some(199), on("2000-01-01"));
    assert_eq!(decided, crate::run::Decided::Value(num(199 * 1_002)));
}

/// The property above is about something: rows are carried over, and fail, in many of its worlds.
#[test]
fn the_generator_carries_values() {
    let mut seed = 7u64;
    let mut random = || -> Vec<u8> {
        let mut byte = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as u8
        };
        (0..400).map(|_| byte()).collect()
    };
    let (mut moved, mut failed) = (0, 0);
    for _ in 0..600 {
        let world = make(&random(), &[], false);
        let Some(fold) = world.fold else { continue };
        let (made, state) = (&world.policy.folds[fold.id], random());
        let mut choices = Choices::new(&state);
        let open = facts(&world.policy, &mut choices);
        let point = choices.point();
        let more = random();
        let full = narrowed(&world.policy, &open, &mut Choices::new(&more), true);
        let Some(table) = &full.tables[made.entity] else { continue };
        let mut run = Evaluator::new(&world.policy, &full);
        for row in 0..table.rows.len() as u32 {
            let (frame, own) = ([Set::one(Value::Row(row))], Some((made.entity, row)));
            let before = run.value_in(fold.read, &frame, own, point);
            let start = run.value_in(made.starting, &frame, own, point);
            failed += u32::from(before.is_error() && !start.is_error());
            moved += u32::from(!before.is_error() && before.values != start.values);
        }
    }
    assert!(moved > 50 && failed > 50, "{moved} moved, {failed} failed");
}
