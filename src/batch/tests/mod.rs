//! A batch answers as `run` does.

mod cases;
mod divide;
mod japan;
pub(crate) mod pieces;
mod quotients;
mod random;
mod running;
mod stack15;
pub(crate) mod tables;

use super::column::{Columns, DecidingRule, OutcomeColumn, Results};
use super::{Batch, BatchPoint, by_run};
use crate::facts::Facts;
use crate::generator::{Dice, Features, Made};
use crate::outcome::{Answer, Point, Status};
use crate::policy::{OutcomeId, Policy};
use crate::run::{Decided, Evaluator};
use crate::value::Day;
use crate::worlds;

/// Policies whose rows read themselves alone.
pub(crate) const OF_ROWS: Features =
    Features { past: false, conduct: false, running: false, aggregates: false, silent: 15, ..Features::ALL };
/// The same with what reads the whole table, most of it through defaults.
pub(crate) const OF_TABLES: Features = Features { aggregates: true, ..OF_ROWS };

/// The outcomes for each row of the table.
pub(crate) fn outcomes_of(policy: &Policy) -> Vec<OutcomeId> {
    let entity = policy.entity("entry");
    policy.outcomes.ids().filter(|id| policy.outcomes[*id].for_each == entity).collect()
}

/// All that is stated but the rows.
pub(crate) fn stated(dice: &mut Dice, made: &Made, policy: &Policy) -> Facts {
    worlds::read(policy, &made.stated(dice).facts, "")
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
    asked: BatchPoint,
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
                // What failed, and where, is told when it is asked for.
                Status::Error if side.is_none() => {
                    if row % 64 == 0 {
                        let asked = batch.answer(rows, *outcome, row).unwrap();
                        assert_eq!(bare(asked), answer, "{}", here());
                    }
                }
                _ => assert_eq!(side, Some(&answer), "{}", here()),
            }
            counts[answer.status as usize] += 1;
        }
    }
    alone(&batch, &results, rows, name);
    (results, counts)
}

/// Without what is missing and what was assumed.
fn bare(answer: Answer) -> Answer {
    Answer { needs: None, assumed: Vec::new(), ..answer }
}

/// The rows whose errors columns settle.
pub(super) fn settled_errors(column: &OutcomeColumn) -> usize {
    let errors = (0u32..).zip(&column.status).filter(|(_, status)| **status == Status::Error);
    errors.filter(|(row, _)| !column.side.contains_key(row)).count()
}

/// Rows asked alone are as they are among others, all outcomes at once and one by one, the last row first.
fn alone(batch: &Batch<'_>, results: &Results, rows: &Columns, name: &dyn std::fmt::Display) {
    let mut single = batch.single(rows);
    let same = |at: usize, row: usize, decided: Decided, deciding_rules: &[DecidingRule]| {
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
            assert_eq!(set, deciding_rules, "{name}: outcome {at} of row {row}, alone");
        }
    };
    // Rows that are left to `run` take long.
    let step = if rows.rows <= 1024 { 1 } else { 5 };
    for row in (0..rows.rows).rev().step_by(step) {
        let mut at = 0;
        single.decide_all(rows, row, |decided, deciding_rules| {
            same(at, row, decided, deciding_rules);
            at += 1;
        });
        assert_eq!(at, results.outcomes.len());
        // Rows that are left to `run` are left to it either way.
        if row % 4 == 0 || results.outcomes.iter().all(|column| column.status[row] == Status::Determined) {
            for (at, column) in results.outcomes.iter().enumerate() {
                let decided = single.decide(rows, row, column.outcome);
                same(at, row, decided, single.deciding_rules());
            }
        }
    }
}

pub(super) const ON: BatchPoint = BatchPoint { on: Day::FIRST, known: Day::NEVER };
