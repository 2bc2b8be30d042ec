//! Rows by the million: the answers of [`crate::run`] for every row of a table, column by column.
//!
//! The answer for a row is the answer that `run` gives, bit for bit, its status and its reasons included (B1).

mod by_run;
mod column;
mod out;
mod reach;

pub use column::{Cause, Cell, Column, Columns, OutcomeColumn, Reasons, Results, Values};

use crate::facts::Facts;
use crate::outcome::{Answer, Point};
use crate::policy::{EntityId, OutcomeId, Policy};
use crate::run::Evaluator;
use crate::value::Day;

/// Where rows are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The day; rows of a dated entity are asked on their own dates (T9).
    pub on: Day,
    /// [`Day::NEVER`]: everything stated is known.
    pub known: Day,
}

/// One question to many rows: outcomes for each row of an entity, beside all other facts that are stated.
///
/// It is shared by threads, each of which evaluates rows of its own.
#[derive(Debug)]
pub struct Batch<'p> {
    policy: &'p Policy,
    facts: &'p Facts,
    entity: EntityId,
    asked: Asked,
    questions: Vec<Question>,
}

/// An outcome and how it is worked out.
#[derive(Clone, Copy, Debug)]
struct Question {
    outcome: OutcomeId,
    class: Class,
}

/// How an outcome is worked out (B4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Row by row through `run`.
    Run,
    /// By `run`, with all rows at once, for answers read more of the table than their row: it must not be cut in pieces.
    Table,
}

/// An outcome asked for that is not for each row of the entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotForEach(pub OutcomeId);

impl<'p> Batch<'p> {
    /// `facts` are all that is stated but the rows of `entity`; rows that stand there are not looked at.
    pub fn new(
        policy: &'p Policy,
        facts: &'p Facts,
        entity: EntityId,
        outcomes: &[OutcomeId],
        asked: Asked,
    ) -> Result<Batch<'p>, NotForEach> {
        if let Some(other) = outcomes.iter().find(|id| policy.outcomes[**id].for_each != Some(entity)) {
            return Err(NotForEach(*other));
        }
        let class = |outcome| match reach::reads_table(policy, entity, outcome) {
            true => Class::Table,
            false => Class::Run,
        };
        let questions = outcomes.iter().map(|id| Question { outcome: *id, class: class(*id) }).collect();
        Ok(Batch { policy, facts, entity, asked, questions })
    }

    /// How each outcome is worked out.
    pub fn plan(&self) -> impl Iterator<Item = (OutcomeId, Class)> {
        self.questions.iter().map(|question| (question.outcome, question.class))
    }

    /// Whether rows may come a few at a time; else all of them must come at once.
    pub fn in_pieces(&self) -> bool {
        self.questions.iter().all(|question| question.class != Class::Table)
    }

    /// The answers for these rows.
    pub fn evaluate(&self, rows: &Columns) -> Results {
        let mut results = Results::default();
        self.evaluate_into(rows, &mut results);
        results
    }

    /// The same, into results of other rows, whose memory is used again.
    pub fn evaluate_into(&self, rows: &Columns, results: &mut Results) {
        out::start(self.policy, self.questions.iter().map(|question| question.outcome), rows.rows, results);
        let all: Vec<u32> = (0..u32::try_from(rows.rows).unwrap_or(u32::MAX)).collect();
        let open: Vec<(usize, &[u32])> = (0..self.questions.len()).map(|at| (at, all.as_slice())).collect();
        by_run::fill(self, rows, &open, results);
    }

    /// The whole answer for one row, with what is missing (N2, N3) and what was assumed. `None`: there is no such row.
    pub fn answer(&self, rows: &Columns, outcome: OutcomeId, row: usize) -> Option<Answer> {
        let question = self.questions.iter().find(|question| question.outcome == outcome)?;
        if row >= rows.rows {
            return None;
        }
        let all: Vec<usize> =
            if question.class == Class::Table { (0..rows.rows).collect() } else { vec![row] };
        let at = all.iter().position(|one| *one == row)?;
        let facts = by_run::facts(self, rows, &all);
        let point = Point::new(self.asked.on, self.asked.known);
        Some(Evaluator::new(self.policy, &facts).answer(outcome, Some(u32::try_from(at).ok()?), point))
    }
}
