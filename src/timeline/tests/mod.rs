//! Timelines against the evaluator asked day by day.

mod acts;
mod cases;
mod conduct;
mod duties;
mod footprint;
mod history;
mod law;
mod order;
mod random;
mod sound;

use super::{Timelines, of};
use crate::facts::{Act, Facts, Slot, Statement};
use crate::generator::{Dice, FROM, Features, TO};
use crate::outcome::{Answer, Point, Timeline};
use crate::policy::{EntityId, Policy};
use crate::run::Evaluator;
use crate::text::Span;
use crate::value::{Dates, Day, Number, Possible, Value};
use crate::worlds::{bound, policy, world};

/// What is quickly gone through day by day, over small tables; the laws as they are read here speak of all of it.
const SMALL: Features = Features { words: false, rounding: false, rows: 2, ..Features::ALL };

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn num(n: i64) -> Possible {
    Value::Number(Number::from(n)).into()
}

/// Statements of a slot: from, known from, value; an empty day is the first of all.
fn series(values: &[(&str, &str, Possible)]) -> Slot {
    let or_first = |text: &str| if text.is_empty() { Day::FIRST } else { day(text) };
    let mut statements: Vec<Statement> = values
        .iter()
        .map(|(from, known, value)| Statement {
            from: or_first(from),
            known: or_first(known),
            value: value.clone(),
            span: Span::default(),
        })
        .collect();
    statements.sort_by_key(|statement| (statement.from, statement.known));
    statements.dedup_by_key(|statement| (statement.from, statement.known));
    Slot { statements }
}

fn state(policy: &Policy, facts: &mut Facts, name: &str, slot: Slot) {
    facts.facts[policy.fact(name).unwrap()] = slot;
}

/// The rows stated of an entity; of what is for no row, or not stated, one question.
fn rows_of(facts: &Facts, entity: Option<EntityId>) -> Vec<Option<u32>> {
    match entity.and_then(|entity| facts.tables[entity].as_ref()) {
        Some(table) => (0..table.rows.len() as u32).map(Some).collect(),
        None => vec![None],
    }
}

/// Every so many days of the range.
fn days(step: usize) -> impl Iterator<Item = Day> {
    (day(FROM).number()..=day(TO).number()).step_by(step).filter_map(|at| Day::from_number(i64::from(at)))
}

/// A day of knowledge: mostly all is known.
fn known(dice: &mut Dice) -> Day {
    if dice.one_in(3) { crate::worlds::day(dice) } else { Day::NEVER }
}

/// What the timeline must be: every day asked, equal neighbours merged.
fn by_days(
    run: &mut Evaluator<'_>,
    timeline: &Timeline,
    (from, to): (Day, Day),
    known: Day,
) -> Vec<(Day, Day, Answer)> {
    let mut list: Vec<(Day, Day, Answer)> = Vec::new();
    let mut day = from;
    while day <= to {
        let answer = run.bare_answer(timeline.outcome, timeline.row, Point::new(day, known));
        match list.last_mut() {
            Some(last) if last.2.is_like(&answer) => last.1 = day.next(),
            _ => list.push((day, day.next(), answer)),
        }
        day = day.next();
    }
    list
}

/// Compares every outcome and row with the days one by one; gives the number of segments.
fn compare(policy: &Policy, facts: &Facts, range: (Day, Day), known: Day, text: &str) -> usize {
    let mut timelines = Timelines::new(policy, facts, known);
    let mut run = Evaluator::new(policy, facts);
    let mut count = 0;
    for (id, outcome) in policy.outcomes.iter() {
        for row in rows_of(facts, outcome.for_each) {
            let timeline = timelines.of(id, row, range.0, range.1);
            let wanted = by_days(&mut run, &timeline, range, known);
            let found: Vec<_> =
                timeline.segments.iter().map(|one| (one.from, one.until, one.answer.clone())).collect();
            let short = |list: &[(Day, Day, Answer)]| {
                let one = |(from, until, answer): &(Day, Day, Answer)| {
                    format!("{from} {until} {:?} {:?}", answer.possible, answer.fault)
                };
                list.iter().map(one).collect::<Vec<_>>().join("\n")
            };
            if found != wanted {
                panic!(
                    "{} {row:?} known {known}\n{}\nnot\n{}\n{text}\n{facts:?}",
                    outcome.name,
                    short(&found),
                    short(&wanted)
                );
            }
            count += found.len();
        }
    }
    for (id, duty) in policy.duties.iter() {
        for row in rows_of(facts, duty.for_each) {
            let segments = timelines.duty(id, row, range.0, range.1).segments;
            let days = merged(range, |day| run.duty(id, row, None, Point::new(day, known)));
            assert_same(&duty.name, segments, days, text);
        }
    }
    for (id, power) in policy.powers.iter() {
        for row in rows_of(facts, power.for_each) {
            let segments = timelines.power(id, row, range.0, range.1).segments;
            let days = merged(range, |day| run.power(id, row, Point::new(day, known)));
            assert_same(&power.name, segments, days, text);
        }
    }
    count
}

/// Every day asked, equal neighbours merged.
fn merged<T: PartialEq>((from, to): (Day, Day), mut ask: impl FnMut(Day) -> T) -> Vec<(Day, Day, T)> {
    let mut list: Vec<(Day, Day, T)> = Vec::new();
    let mut day = from;
    while day <= to {
        let answer = ask(day);
        match list.last_mut() {
            Some(last) if last.2 == answer => last.1 = day.next(),
            _ => list.push((day, day.next(), answer)),
        }
        day = day.next();
    }
    list
}

fn assert_same<T: PartialEq + std::fmt::Debug>(
    name: &str,
    found: Vec<crate::outcome::Stretch<T>>,
    wanted: Vec<(Day, Day, T)>,
    text: &str,
) {
    let found: Vec<_> = found.into_iter().map(|one| (one.from, one.until, one.answer)).collect();
    if found != wanted {
        let list = |all: &[(Day, Day, T)]| all.iter().map(|one| format!("{one:?}\n")).collect::<String>();
        panic!("{name}\n{}not\n{}{text}", list(&found), list(&wanted));
    }
}
