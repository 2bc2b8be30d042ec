//! A batch answers as `run` does.

mod cases;
mod divide;
mod japan;
pub(crate) mod pieces;
pub(crate) mod policies;
mod random;
mod stack15;
pub(crate) mod tables;

use super::column::{Cause, Columns, Results};
use super::{Asked, Batch, by_run};
use crate::facts::Facts;
use crate::outcome::{Point, Status};
use crate::policy::{OutcomeId, Policy};
use crate::run::{Decided, Evaluator};
use crate::text::{Files, Sources};
use crate::value::Day;

struct One(String);

impl Files for One {
    fn read(&self, path: &str) -> Result<String, String> {
        match path {
            "p.comity" => Ok(self.0.clone()),
            "list.csv" => Ok(policies::LIST.to_string()),
            "pairs.csv" => Ok(policies::PAIRS.to_string()),
            "triples.csv" => Ok(policies::TRIPLES.to_string()),
            _ => Err("no such text".into()),
        }
    }
}

pub(crate) fn policy(text: &str) -> Policy {
    match crate::compile::compile("p.comity", &One(text.to_string()), &mut Sources::new()) {
        Ok(compiled) => compiled.policy,
        Err(errors) => panic!("{errors:?}\n{text}"),
    }
}

/// A small source of choices.
pub(crate) struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

/// All that is stated, with the rows as a table.
pub(crate) fn facts_of(batch: &Batch<'_>, rows: &Columns) -> Facts {
    by_run::facts(batch, rows, &(0..rows.rows).collect::<Vec<usize>>())
}

/// Every row of every outcome against `run`: status, value, reasons.
pub(super) fn agrees(
    policy: &Policy,
    facts: &Facts,
    outcomes: &[OutcomeId],
    rows: &Columns,
    asked: Asked,
    name: &dyn std::fmt::Display,
) -> (Results, Vec<usize>) {
    let entity = policy.outcomes[outcomes[0]].for_each.unwrap();
    let batch = Batch::new(policy, facts, entity, outcomes, asked).unwrap();
    let results = batch.evaluate(rows);
    let all: Vec<usize> = (0..rows.rows).collect();
    let table = by_run::facts(&batch, rows, &all);
    let mut run = Evaluator::new(policy, &table);
    let point = Point::new(asked.on, asked.known);
    let mut reasons = Vec::new();
    let mut counts = vec![0usize; 5];
    for (column, outcome) in results.outcomes.iter().zip(outcomes) {
        assert_eq!(column.status.len(), rows.rows);
        assert_eq!(column.values.len(), rows.rows);
        for row in 0..rows.rows {
            let here = || format!("{name}: {} of row {row}", policy.outcomes[*outcome].name);
            // The fast walk of `run` on most rows, all that it has to say on the others.
            if row % 8 != 0
                && let Decided::Value(value) =
                    run.decide_with_reasons(*outcome, Some(row as u32), point, &mut reasons)
            {
                assert_eq!(column.value(row), Some(value), "{}", here());
                assert_eq!(column.reasons(row), reasons, "{}", here());
                counts[Status::Determined as usize] += 1;
                continue;
            }
            let answer = run.bare_answer(*outcome, Some(row as u32), point);
            assert_eq!(column.status[row], answer.status, "{}", here());
            assert_eq!(column.value(row).as_ref(), answer.value(), "{}", here());
            assert_eq!(column.reasons(row), answer.reasons, "{}", here());
            let side = column.side.get(&(row as u32));
            match answer.status {
                Status::Determined | Status::Gap => assert!(side.is_none(), "{}", here()),
                _ => assert_eq!(side, Some(&answer), "{}", here()),
            }
            counts[answer.status as usize] += 1;
        }
    }
    alone(&batch, &results, rows, name);
    (results, counts)
}

/// Rows asked alone are as they are among others, all outcomes at once and one by one, the last row first.
fn alone(batch: &Batch<'_>, results: &Results, rows: &Columns, name: &dyn std::fmt::Display) {
    let mut single = batch.single(rows);
    let same = |at: usize, row: usize, decided: Decided, causes: &[Cause]| {
        let column = &results.outcomes[at];
        let status = match decided {
            Decided::Value(value) => {
                assert_eq!(column.value(row), Some(value), "{name}: outcome {at} of row {row}, alone");
                Status::Determined
            }
            Decided::Gap => Status::Gap,
            Decided::Undetermined => Status::Undetermined,
            Decided::Conflict => Status::Conflict,
            Decided::Error => Status::Error,
        };
        assert_eq!(column.status[row], status, "{name}: outcome {at} of row {row}, alone");
        if matches!(status, Status::Determined | Status::Gap) {
            let set = &column.reasons.sets[column.reasons.keys[row] as usize];
            assert_eq!(set, causes, "{name}: outcome {at} of row {row}, alone");
        }
    };
    // Rows that are left to `run` take long.
    let step = if rows.rows <= 1024 { 1 } else { 5 };
    for row in (0..rows.rows).rev().step_by(step) {
        let mut at = 0;
        single.decide_all(rows, row, |decided, causes| {
            same(at, row, decided, causes);
            at += 1;
        });
        assert_eq!(at, results.outcomes.len());
        // Rows that are left to `run` are left to it either way.
        if row % 4 == 0 || results.outcomes.iter().all(|column| column.status[row] == Status::Determined) {
            for (at, column) in results.outcomes.iter().enumerate() {
                let decided = single.decide(rows, row, column.outcome);
                same(at, row, decided, single.causes());
            }
        }
    }
}

pub(super) const ON: Asked = Asked { on: Day::FIRST, known: Day::NEVER };
