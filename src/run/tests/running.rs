//! Running totals are what a plain definition says, worked out anew for every row (C4).

use super::build::*;
use crate::facts::Facts;
use crate::generator::{Dice, Features, made};
use crate::outcome::Point;
use crate::policy::*;
use crate::run::{Evaluator, Set};
use crate::value::{Day, Number, Possible, Trouble, Value};
use crate::worlds::{self, bound, day as any_day, narrowed};
use proptest::prelude::*;
use std::collections::BTreeMap;

type Carry = Result<Value, Trouble>;

/// C4 on complete facts, in the words of the law: the rows are put in order for each row asked, and gone through from the
/// first. The value before a row is a fact here, so nothing of what is tested is used.
struct Plain<'a> {
    policy: &'a Policy,
    facts: &'a Facts,
    entity: EntityId,
    carried: FactId,
    starts: ExprId,
    leaves: ExprId,
    keys: Vec<ExprId>,
    groups: Vec<ExprId>,
    whole: bool,
}

/// The defines of these names and a number.
fn numbered(policy: &Policy, name: &str) -> Vec<ExprId> {
    (0..).map_while(|at| define(policy, &format!("{name}{at}"))).collect()
}

fn define(policy: &Policy, name: &str) -> Option<ExprId> {
    policy.defines.values().find(|define| define.name == name).map(|define| define.value)
}

impl Plain<'_> {
    fn eval(&self, expr: ExprId, row: u32, point: Point, carried: Option<&Value>) -> Carry {
        let mut facts = self.facts.clone();
        if let Some(value) = carried {
            state(&mut facts, self.carried, value.clone());
        }
        let own = Some((self.entity, row));
        let frame = [Set::one(Value::Row(row))];
        let set = Evaluator::new(self.policy, &facts).value_in(expr, &frame, own, point);
        match (set.values, set.fault) {
            (Possible::One(value), None) => Ok(value),
            (Possible::Nothing, Some(fault)) => Err(fault.trouble),
            other => panic!("{other:?}"),
        }
    }

    fn date(&self, row: u32, field: Option<FieldId>) -> Option<Day> {
        let cell = &self.facts.tables[self.entity].as_ref().unwrap().rows[row as usize].cells[field?];
        // The day from which a row is known is by default its own.
        let Some(stated) = cell.statements.first() else {
            return self.date(row, self.policy.entities[self.entity].dated);
        };
        match &stated.value {
            Possible::One(Value::Date(day)) => Some(*day),
            other => panic!("{other:?}"),
        }
    }

    fn whole(&self, value: Carry) -> Carry {
        match value {
            Ok(Value::Number(number)) if self.whole && !number.is_integer() => Err(Trouble::NotWhole),
            value => value,
        }
    }

    fn before(&self, row: u32, at: Point) -> Carry {
        let entity = &self.policy.entities[self.entity];
        let count = self.facts.tables[self.entity].as_ref().unwrap().rows.len() as u32;
        let day = |row| self.date(row, entity.dated).unwrap_or(at.day);
        let own = |row| Point { day: day(row), ..at };
        let exists =
            |row| day(row) <= at.day && self.date(row, entity.known).is_none_or(|known| known <= at.known);
        let keys = |keys: &[ExprId], row: u32| -> Result<Vec<Value>, Trouble> {
            keys.iter().map(|key| self.eval(*key, row, own(row), None)).collect()
        };
        let mut members = Vec::new();
        for other in (0..count).filter(|other| exists(*other)) {
            members.push((other, keys(&self.groups, other)?));
        }
        let per = keys(&self.groups, row)?;
        let mut runs: BTreeMap<Vec<Value>, Vec<u32>> = BTreeMap::new();
        let mine = keys(&self.keys, row)?;
        for (other, _) in members.iter().filter(|(other, group)| *group == per && *other != row) {
            runs.entry(keys(&self.keys, *other)?).or_default().push(*other);
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
                None => self.whole(self.eval(self.starts, *one, own(*one), None))?,
            };
            if *one == row {
                return Ok(before);
            }
            carried = Some(self.whole(self.eval(self.leaves, *one, own(*one), Some(&before))));
        }
        panic!("the row itself is there")
    }
}

/// A policy with a running total over entries, and complete facts for it.
struct World {
    dice: Dice,
    policy: Policy,
    /// The same with what is carried as a fact, and the other parts as defines.
    apart: Policy,
    full: Facts,
    text: String,
}

impl World {
    fn new(seed: u64) -> Option<World> {
        let mut dice = Dice::new(seed);
        // A cell of an annex may be open, whatever is stated.
        let none = Features { past: false, conduct: false, words: false, ..Features::ALL };
        let made = made(&mut dice, Features { rows: 4, ..none });
        let running = made.running.first().unwrap();
        let mut policy = worlds::unless_circle(&made.policy)?;
        policy.folds[FoldId(0)].whole = dice.one_in(6);
        let apart = worlds::policy(&made.apart(running));
        let full = narrowed(&mut dice, &policy, &bound(&policy, &made.facts), true, any_day);
        Some(World { dice, policy, apart, full, text: made.policy })
    }

    /// What is carried to a row, as the block reads it.
    fn read(&self) -> ExprId {
        let reads = |id: &ExprId| matches!(self.policy.exprs.node(*id), Expr::Running(FoldId(0)));
        self.policy.exprs.ids().find(reads).unwrap()
    }

    fn plain<'a>(&'a self, facts: &'a Facts) -> Plain<'a> {
        let policy = &self.apart;
        Plain {
            policy,
            facts,
            entity: policy.entity("entry").unwrap(),
            carried: policy.fact("room").unwrap(),
            starts: define(policy, "starts").unwrap(),
            leaves: define(policy, "leaves").unwrap(),
            keys: numbered(policy, "key"),
            groups: numbered(policy, "group"),
            whole: self.policy.folds[FoldId(0)].whole,
        }
    }
}

proptest! {
    #![proptest_config(crate::effort::config(1_000, 8_000))]

    #[test]
    fn a_running_total_is_what_the_law_says(seed in any::<u64>()) {
        let Some(mut world) = World::new(seed) else { return Ok(()) };
        let point = Point::new(any_day(&mut world.dice), Day::NEVER);
        let (made, full, read) = (&world.policy.folds[FoldId(0)], &world.full, world.read());
        let mut other = full.clone();
        other.facts.push(crate::facts::Slot::default());
        let plain = world.plain(&other);
        let entity = &world.policy.entities[made.entity];
        let Some(table) = &full.tables[made.entity] else { return Ok(()) };
        let mut run = Evaluator::new(&world.policy, full);
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
            let set = run.value_in(read, &frame, Some((made.entity, row)), at);
            let wanted = plain.before(row, at);
            let tale = || {
                format!("seed {seed}, row {row} at {at:?}: {set:?} for {wanted:?}\n{}\n{full:?}", world.text)
            };
            match &wanted {
                Ok(value) => prop_assert_eq!(set.single(), Some(value), "{}", tale()),
                Err(_) => prop_assert!(set.is_error(), "{}", tale()),
            }
            let again = Evaluator::new(&world.policy, full).value_in(read, &frame, Some((made.entity, row)), at);
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
    let (mut moved, mut failed) = (0, 0);
    for mut world in (0..200).filter_map(World::new) {
        let point = Point::new(any_day(&mut world.dice), Day::NEVER);
        let (made, read) = (&world.policy.folds[FoldId(0)], world.read());
        let Some(table) = &world.full.tables[made.entity] else { continue };
        let mut run = Evaluator::new(&world.policy, &world.full);
        for row in 0..table.rows.len() as u32 {
            let (frame, own) = ([Set::one(Value::Row(row))], Some((made.entity, row)));
            let before = run.value_in(read, &frame, own, point);
            let start = run.value_in(made.starting, &frame, own, point);
            failed += u32::from(before.is_error() && !start.is_error());
            moved += u32::from(!before.is_error() && before.values != start.values);
        }
    }
    assert!(moved > 50 && failed > 50, "{moved} moved, {failed} failed");
}
