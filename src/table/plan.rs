//! What is asked of a table, what comes of it, and why it may not.

use super::totals::{Grouping, Totals};
use super::{Dictionaries, IgnoredColumns, RepeatedKeys, RowKeys, RowSchema};
use crate::batch::{HandOver, NotForEach};
use crate::diag::{Code, Diagnostic, tick};
use crate::facts::Facts;
use crate::outcome::{Point, Status};
use crate::policy::{EntityId, FieldId, OutcomeId, Policy};
use crate::sheet::{DecimalMark, Written};
use std::collections::BTreeMap;
use std::io;

/// Everything that is wrong.
pub(super) type TableErrors = Vec<Diagnostic>;

/// Binds all that is stated, which names rows, once their keys are known.
pub type Later<'a> = dyn Fn(&RowKeys) -> Result<Facts, Vec<Diagnostic>> + Sync + 'a;

/// What is asked of every row.
#[derive(Clone, Copy)]
pub struct TablePlan<'a> {
    pub policy: &'a Policy,
    pub entity: EntityId,
    /// Each of them for each row of the entity.
    pub outcomes: &'a [OutcomeId],
    /// What is stated beside the rows, as far as it names none of them.
    pub facts: &'a Facts,
    /// None: nothing that is stated names a row.
    pub later: Option<&'a Later<'a>>,
    /// For rows without a date of their own.
    pub point: Point,
    /// The fields that totals are by.
    pub by: &'a [FieldId],
    /// What bare numbers count, by field.
    pub units: &'a [(Written<'static>, Written<'static>)],
    pub ignored: IgnoredColumns<'a>,
    /// Of a workbook with several sheets: which.
    pub sheet: Option<&'a str>,
    /// Two rows with one key end the run.
    pub unique: bool,
    /// What numbers have before their decimals where commas do not set the cells apart; none: what the numbers show.
    pub decimals: Option<DecimalMark>,
}

impl std::fmt::Debug for TablePlan<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TablePlan").field("entity", &self.entity).field("outcomes", &self.outcomes).finish()
    }
}

impl<'a> TablePlan<'a> {
    /// `key`: the key is a column like others even if nothing reads it.
    pub(super) fn table<'b>(&'b self, key: bool, lexicons: &'b Dictionaries) -> RowSchema<'a, 'b> {
        RowSchema {
            policy: self.policy,
            entity: self.entity,
            facts: self.facts,
            units: self.units,
            ignored: self.ignored,
            key,
            lexicons,
        }
    }

    pub(super) fn grouping(&self) -> Grouping<'a> {
        Grouping {
            policy: self.policy,
            entity: self.entity,
            by: self.by.to_vec(),
            outcomes: self.outcomes.to_vec(),
            point: self.point,
        }
    }

    pub(super) fn not_for_each(&self, other: NotForEach) -> Diagnostic {
        let message = format!("{} is not for each row", tick(&self.policy.outcomes[other.0].name));
        Diagnostic::general(Code::RowMissing, message)
    }
}

/// How many rows were answered, and how.
#[derive(Debug, Default)]
pub struct TableReport {
    pub counts: Counts,
    /// Rows among the rejects.
    pub set_aside: u64,
    pub repeated: RepeatedKeys,
    /// Where answers are summed.
    pub totals: Totals,
}

/// Why a table was not answered to its end.
#[derive(Debug)]
pub enum JobFailure {
    /// What is wrong with the rows, or with what is stated beside them.
    Said(Vec<Diagnostic>),
    /// So many rows cannot be read; what is wrong with the first of each kind.
    Many(u64, Vec<Diagnostic>),
    /// The same as of some rows, and nothing after a record can be read.
    Broken(Vec<Diagnostic>),
    /// The answers cannot be written.
    Answers(io::Error),
    /// The rejects cannot be written.
    Rejects(io::Error),
}

impl From<Diagnostic> for JobFailure {
    fn from(error: Diagnostic) -> JobFailure {
        JobFailure::Said(vec![error])
    }
}

/// Answers by outcome and status, in the order of [`Status::ALL`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub rows: u64,
    pub outcomes: Vec<[u64; 5]>,
    /// For each outcome the rows that were not answered in columns, and why.
    pub handed: Vec<BTreeMap<HandOver, u64>>,
}

impl Counts {
    pub(super) fn add(&mut self, more: &Counts) {
        self.rows = self.rows.saturating_add(more.rows);
        self.outcomes.resize(self.outcomes.len().max(more.outcomes.len()), [0; 5]);
        for (mine, more) in self.outcomes.iter_mut().zip(&more.outcomes) {
            mine.iter_mut().zip(more).for_each(|(n, more)| *n = n.saturating_add(*more));
        }
        for (at, more) in more.handed.iter().enumerate() {
            more.iter().for_each(|(why, rows)| self.note_handed(at, *why, *rows));
        }
    }

    pub(super) fn note_handed(&mut self, outcome: usize, why: HandOver, rows: u64) {
        if self.handed.len() <= outcome {
            self.handed.resize(outcome.saturating_add(1), BTreeMap::new());
        }
        if let Some(handed) = self.handed.get_mut(outcome) {
            let n = handed.entry(why).or_default();
            *n = n.saturating_add(rows);
        }
    }

    /// Whether any answer has no value.
    pub fn open(&self) -> bool {
        self.outcomes.iter().any(|counts| counts.iter().skip(1).any(|n| *n > 0))
    }

    pub(super) fn note_all(&mut self, outcome: usize, all: &[Status]) {
        // Nearly always every row is determined.
        if let Some(first) = all.first().filter(|first| all.iter().all(|status| status == *first)) {
            self.note(outcome, *first, u64::try_from(all.len()).unwrap_or(u64::MAX));
        } else {
            all.iter().for_each(|status| self.note(outcome, *status, 1));
        }
    }

    pub(super) fn note(&mut self, outcome: usize, status: Status, rows: u64) {
        if self.outcomes.len() <= outcome {
            self.outcomes.resize(outcome.saturating_add(1), [0; 5]);
        }
        let n = self.outcomes.get_mut(outcome).and_then(|counts| counts.get_mut(status as usize));
        if let Some(n) = n {
            *n = n.saturating_add(rows);
        }
    }
}
