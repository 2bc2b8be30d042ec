//! Rows by the million: the answers of [`crate::run`] for every row of a table, column by column.
//!
//! The answer for a row is the answer that `run` gives, bit for bit, its status and its reasons included (B1). What can
//! be
//! is made into a program over columns (`make`, `rules`), in which nothing overflows, for what can happen to the
//! numbers
//! of these very columns is known before (`graph`, `fit`). A row of which the program cannot tell the answer for
//! certain
//! is handed to `run` (B3), as is every row of an outcome that is not compiled.
//!
//! ```
//! use comity::batch::{BatchPoint, Batch, FieldColumn, Columns, ColumnValues};
//! use comity::compile::compile;
//! use comity::facts::Facts;
//! use comity::outcome::Status;
//! use comity::text::{Files, Sources};
//! use comity::value::Day;
//!
//! struct Text(&'static str);
//! impl Files for Text {
//!     fn read(&self, _: &str) -> Result<String, String> {
//!         Ok(self.0.to_string())
//!     }
//! }
//!
//! let text = "
//!     entity entry keyed by line dated by entered { line : text entered : date value : USD column1 : rate }
//!     outcome duty : USD rounded half even to 0.01 USD for each entry
//!     rule all_in for each entry from 2025-08-07: duty := entry.value * (entry.column1 but at least 15%)
//! ";
//! let policy = compile("duty.comity", &Text(text), &mut Sources::new()).expect("it is sound").policy;
//! let entry = policy.entity("entry").expect("it is declared");
//! let duty = policy.outcome("duty").expect("it is declared");
//! let field = |name: &str| {
//!     let fields = &policy.entities[entry].fields;
//!     fields.iter().find(|(_, field)| field.name == name).expect("it is declared").0
//! };
//!
//! // 100.30 and 0.50 USD at 2.5%, the second of them a day too early.
//! let rows = Columns {
//!     rows: 2,
//!     columns: vec![
//!         (field("entered"), FieldColumn::of(ColumnValues::Days(vec![20_307, 20_306]))),
//!         (field("value"), FieldColumn::of(ColumnValues::Scaled { values: vec![100_30, 50], scale: 2 })),
//!         (field("column1"), FieldColumn::of(ColumnValues::Scaled { values: vec![25, 25], scale: 3 })),
//!     ],
//! };
//! let facts = Facts::none(&policy);
//! let point = BatchPoint { on: Day::FIRST, known: Day::NEVER };
//! let batch = Batch::new(&policy, &facts, entry, &[duty], point).expect("duty is for each entry");
//! let results = batch.evaluate(&rows);
//! let duties = results.outcome(duty).expect("it was asked for");
//! // 15.045 USD, half of a cent to the even one.
//! assert_eq!(duties.value(0).map(|value| format!("{value:?}")), Some("Number(15.04)".to_string()));
//! assert_eq!(duties.status, [Status::Determined, Status::Gap]);
//! ```

mod arithmetic;
mod bad;
mod by_run;
mod cells;
mod clauses;
mod column;
mod compiled;
mod compiler;
mod conditions;
mod contest;
mod days;
mod divide;
mod fit;
mod graph;
mod groups;
mod hoist;
mod judged;
mod kernels;
mod keys;
mod lanes;
mod machine;
mod out;
mod passes;
mod quotient;
mod reach;
mod renumber;
mod rules;
mod running;
mod single;
mod term;
mod totals;
mod truths;
mod uses;
mod words;

#[cfg(test)]
pub(crate) mod tests;

pub use column::{
    ColumnValues, Columns, DecidingRule, FieldCell, FieldColumn, HandOver, OutcomeColumn, Reasons, Results,
};
pub use groups::{GroupFields, GroupKey, InWords};
use reach::reads_running_alone;
pub use reach::{checks_read_table, reads_table};
pub use single::Single;
use totals::RunningTotals;

use compiled::CompiledBatch;
use fit::{Alike, Fit};
use hoist::HoistCache;
use machine::{CHUNK, Machine, RowSlice};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::facts::Facts;
use crate::outcome::{Answer, Point, Status};
use crate::policy::{EntityId, OutcomeId, Policy};
use crate::run::Evaluator;
use crate::value::Day;

/// Where rows are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchPoint {
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
    point: BatchPoint,
    questions: Vec<OutcomeQuestion>,
    /// What was worked out so far.
    made: Mutex<(HoistCache, Option<Arc<CompiledBatch>>)>,
}

/// An outcome and how it is worked out.
#[derive(Clone, Copy, Debug)]
struct OutcomeQuestion {
    outcome: OutcomeId,
    class: Class,
}

/// How an outcome is worked out (B4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Column by column.
    Columns,
    /// Row by row through `run`.
    Run,
    /// By `run`, with all rows at once, for answers read more of the table than their row: it must not be cut in
    /// pieces.
    Table,
}

const NO_VALUE: &str = "a cell is no value";

/// Why an outcome is left to `run` in every row, if it is.
fn left_whole(compiled: Option<&CompiledBatch>, at: usize) -> Option<HandOver> {
    let Some(compiled) = compiled else { return Some(HandOver::Outcome(NO_VALUE)) };
    compiled.outputs.get(at)?.as_ref().err().map(|no| HandOver::Outcome(no.0))
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
        point: BatchPoint,
    ) -> Result<Batch<'p>, NotForEach> {
        if let Some(other) = outcomes.iter().find(|id| policy.outcomes[**id].for_each != Some(entity)) {
            return Err(NotForEach(*other));
        }
        let class = |outcome| match reads_table(policy, entity, &[outcome]) {
            true => Class::Table,
            false => Class::Run,
        };
        let questions =
            outcomes.iter().map(|id| OutcomeQuestion { outcome: *id, class: class(*id) }).collect();
        Ok(Batch { policy, facts, entity, point, questions, made: Mutex::default() })
    }

    /// How each outcome is worked out for columns like these; for those that are left to `run`, why.
    pub fn plan(&self, rows: &Columns) -> Vec<(OutcomeId, Class, Option<&'static str>)> {
        let mut running = RunningTotals::default();
        let compiled = self.with_running(rows, &mut running).or_else(|| {
            let fits = self.fits(rows, 0, rows.rows.min(CHUNK), None);
            fits.map(|fits| self.compiled(rows, &fits, None))
        });
        let plan = self.questions.iter().enumerate().map(|(at, question)| {
            match compiled.as_ref().and_then(|compiled| compiled.outputs.get(at)) {
                Some(Ok(_)) => (question.outcome, Class::Columns, None),
                Some(Err(no)) => (question.outcome, question.class, Some(no.0)),
                None => (question.outcome, question.class, Some(NO_VALUE)),
            }
        });
        plan.collect()
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
        out::start(self.questions.iter().map(|question| question.outcome), rows.rows, results);
        let mut machine = Machine::new();
        let mut running = RunningTotals::default();
        let mut compiled = self.with_running(rows, &mut running);
        let open = loop {
            // Where a program comes to hold its answers otherwise than those before, all rows are gone through with it.
            if let Some(open) = self.columns((rows, &running.columns), &mut machine, &mut compiled, results) {
                break open;
            }
        };
        if compiled.is_none() {
            results.outcomes.iter_mut().for_each(|column| out::prepare(self.policy, column, rows.rows));
        }
        let open: Vec<(usize, &[u32])> = open.iter().map(Vec::as_slice).enumerate().collect();
        by_run::fill(self, rows, &open, results);
        for ((at, open), column) in open.iter().zip(&mut results.outcomes) {
            let left = left_whole(compiled.as_deref(), *at);
            for row in *open {
                let status = column.status.get(*row as usize).copied().unwrap_or(Status::Undetermined);
                let n = column.handed.entry(left.unwrap_or(HandOver::Row(status))).or_default();
                *n = n.saturating_add(1);
            }
        }
    }

    /// Where answers read what running totals leave to a row, and no more of the table: these, and a program for all rows.
    fn with_running(&self, rows: &Columns, running: &mut RunningTotals) -> Option<Arc<CompiledBatch>> {
        // Rows that are stated are no rows of this table, and not to be looked at.
        if self.in_pieces() || self.facts.tables[self.entity].is_some() {
            return None;
        }
        let fits = self.fits(rows, 0, rows.rows, None)?;
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let (cache, _) = &mut *made;
        *running = RunningTotals::new(self, rows, &fits, cache);
        let possible = |one: &OutcomeQuestion| {
            one.class != Class::Table || reads_running_alone(self.policy, self.entity, one.outcome)
        };
        let questions: Vec<(OutcomeId, bool)> =
            self.questions.iter().map(|one| (one.outcome, possible(one))).collect();
        let any = !running.is_empty();
        any.then(|| Arc::new(CompiledBatch::new(self, rows, fits, &questions, cache, running)))
    }

    /// All that the program can tell; for each question the rows that are left to `run`. `beside`: columns beside those of
    /// the table.
    fn columns(
        &self,
        (rows, beside): (&Columns, &[FieldColumn]),
        machine: &mut Machine,
        compiled: &mut Option<Arc<CompiledBatch>>,
        results: &mut Results,
    ) -> Option<Vec<Vec<u32>>> {
        let mut open: Vec<Vec<u32>> = vec![Vec::new(); self.questions.len()];
        let mut known: Vec<BTreeMap<u32, u32>> = vec![BTreeMap::from([(0, 0)]); self.questions.len()];
        if let Some(compiled) = compiled {
            self.prepare(compiled, rows.rows, results);
        }
        let mut start = 0;
        let mut alike = Alike::default();
        while start < rows.rows {
            let chunk = RowSlice { rows, beside, start, count: CHUNK.min(rows.rows - start) };
            let mut fits = self.fits(rows, start, chunk.count, compiled.as_deref());
            if let (Some(fits), Some(compiled)) = (&mut fits, compiled.as_deref()) {
                alike.settle(fits, &compiled.fits);
            }
            let row_numbers = u32::try_from(start).unwrap_or(u32::MAX)
                ..u32::try_from(start + chunk.count).unwrap_or(u32::MAX);
            start += chunk.count;
            let Some(fits) = fits else {
                // Something in it is no value.
                open.iter_mut().for_each(|open| open.extend(row_numbers.clone()));
                continue;
            };
            if !compiled.as_deref().is_some_and(|compiled| compiled.covers(rows, &fits)) {
                let next = self.compiled(rows, &fits, compiled.as_deref());
                match compiled.replace(next.clone()) {
                    None => self.prepare(&next, rows.rows, results),
                    Some(last) if last.is_like(&next) => {}
                    Some(_) => return None,
                }
            }
            let at_hand = compiled.as_deref()?;
            let done = machine.run(&at_hand.program, chunk).is_some();
            let each = at_hand.outputs.iter().zip(&mut results.outcomes).zip(&mut open).zip(&mut known);
            for (((output, column), open), known) in each {
                let put = match output {
                    Ok(output) if done => output.put(machine, &at_hand.program, chunk, column, known, open),
                    _ => None,
                };
                if put.is_none() {
                    open.retain(|row| *row < row_numbers.start);
                    open.extend(row_numbers.clone());
                }
            }
        }
        Some(open)
    }

    fn prepare(&self, compiled: &CompiledBatch, rows: usize, results: &mut Results) {
        for (output, column) in compiled.outputs.iter().zip(&mut results.outcomes) {
            match output {
                Ok(output) => output.prepare(column, rows),
                Err(_) => out::prepare(self.policy, column, rows),
            }
        }
    }

    /// What the columns are in some of the rows, as far as a program looks at them; none: there is a cell that is no
    /// value.
    fn fits(
        &self,
        rows: &Columns,
        start: usize,
        count: usize,
        compiled: Option<&CompiledBatch>,
    ) -> Option<Vec<Option<Fit>>> {
        let arch = pulp::Arch::new();
        let chunk = RowSlice { start, count, ..rows.all() };
        let looks = |at: usize| compiled.is_none_or(|one| one.fits.get(at).is_none_or(Option::is_some));
        let columns = rows.columns.iter().enumerate();
        let fit = |(at, (_, column)): (usize, &(_, FieldColumn))| match looks(at) {
            true => Fit::of(column, chunk, arch).map(Some),
            false => Some(None),
        };
        columns.map(fit).collect()
    }

    /// The program at hand if it is right for these columns, else a new one that is right for those before as well.
    fn compiled(
        &self,
        rows: &Columns,
        fits: &[Option<Fit>],
        last: Option<&CompiledBatch>,
    ) -> Arc<CompiledBatch> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let (cache, at_hand) = &mut *made;
        if let Some(compiled) = at_hand
            && compiled.covers(rows, fits)
        {
            return compiled.clone();
        }
        let before: Vec<&CompiledBatch> =
            last.into_iter().chain(at_hand.as_deref()).filter(|compiled| compiled.is_for(rows)).collect();
        let wider = fits.iter().enumerate().map(|(at, fit)| {
            let wider = |fit: Fit, compiled: &&CompiledBatch| {
                fit.with(compiled.fits.get(at).and_then(Option::as_ref))
            };
            let looked =
                fit.clone().or_else(|| Fit::of(&rows.columns.get(at)?.1, rows.all(), pulp::Arch::new()));
            looked.map(|fit| before.iter().fold(fit.with(None), wider))
        });
        let questions: Vec<(OutcomeId, bool)> =
            self.questions.iter().map(|one| (one.outcome, one.class != Class::Table)).collect();
        let compiled = Arc::new(CompiledBatch::new(
            self,
            rows,
            wider.collect(),
            &questions,
            cache,
            &RunningTotals::default(),
        ));
        *at_hand = Some(compiled.clone());
        compiled
    }

    /// Asks about single rows, fast where they are like these.
    pub fn single(&self, rows: &Columns) -> Single<'_, 'p> {
        Single::new(self, rows)
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
        let point = Point::new(self.point.on, self.point.known);
        let mut answer =
            Evaluator::new(self.policy, &facts).answer(outcome, Some(u32::try_from(at).ok()?), point);
        renumber::answer(self, outcome, &all, &mut answer);
        Some(answer)
    }
}
