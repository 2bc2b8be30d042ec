//! Timelines against the evaluator asked day by day.

mod acts;
mod cases;
mod conduct;
mod duties;
mod footprint;
mod history;
mod law;
mod order;
pub(crate) mod random;
mod sound;

use super::{Timelines, of};
use crate::compile::compile;
use crate::facts::{Act, Facts, Row, Rows, Slot, Statement};
use crate::outcome::{Answer, Point, Timeline};
use crate::policy::{Policy, Table};
use crate::run::Evaluator;
use crate::text::{Files, Sources, Span};
use crate::value::{Dates, Day, Number, Possible, Value};

struct One<'a>(&'a str);

impl Files for One<'_> {
    fn read(&self, _: &str) -> Result<String, String> {
        Ok(self.0.to_owned())
    }
}

fn policy_of(text: &str) -> Result<Policy, String> {
    let compiled = compile("p.comity", &One(text), &mut Sources::new());
    compiled
        .map(|compiled| compiled.policy)
        .map_err(|said| said.iter().map(|one| one.message.clone()).collect::<Vec<_>>().join("\n"))
}

fn policy(text: &str) -> Policy {
    policy_of(text).unwrap_or_else(|said| panic!("{said}\n{text}"))
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn num(n: i64) -> Possible {
    Value::Number(Number::from(n)).into()
}

fn date(text: &str) -> Possible {
    Value::Date(day(text)).into()
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

/// Rows by key with the cells after the key.
fn rows(policy: &Policy, facts: &mut Facts, entity: &str, list: Vec<(String, Vec<Slot>)>) {
    let entity = policy.entity(entity).unwrap();
    let mut table = Rows::default();
    for (key, cells) in list {
        let own = Slot::fixed(Value::Text(key.as_str().into()).into(), Span::default());
        let cells: Table<_, _> = std::iter::once(own).chain(cells).collect();
        table.rows.insert(key.as_str().into(), Row { cells, span: Span::default() });
    }
    facts.tables[entity] = Some(table);
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
        let table = outcome.for_each.and_then(|entity| facts.tables[entity].as_ref());
        let rows: Vec<Option<u32>> = match table {
            Some(table) => (0..table.rows.len() as u32).map(Some).collect(),
            None => vec![None],
        };
        for row in rows {
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
    for duty in policy.duties.ids() {
        let segments = timelines.duty(duty, None, range.0, range.1).segments;
        let days = merged(range, |day| run.duty(duty, None, None, Point::new(day, known)));
        assert_same(&policy.duties[duty].name, segments, days, text);
    }
    for power in policy.powers.ids() {
        let segments = timelines.power(power, None, range.0, range.1).segments;
        let days = merged(range, |day| run.power(power, None, Point::new(day, known)));
        assert_same(&policy.powers[power].name, segments, days, text);
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
