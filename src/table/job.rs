//! A table answered as a whole: a plan, the files of its rows and an output make a job, and a job gives a report. Nothing
//! here opens a file: the caller does, through [`Storage`].

use super::input::{Input, RowFile};
use super::output::{Output, OutputWriter};
use super::pipeline;
use super::totals::{Grouping, Totals};
use super::worker::Worker;
use super::{Dictionaries, Layout, RowAnswer, RowKeys, RowSchema, Wheres};
use crate::batch::{Batch, BatchPoint, GroupFields, NotForEach, checks_read_table};
use crate::diag::{Code, Diagnostic, tick};
use crate::facts::{Facts, Row, Rows, Written};
use crate::outcome::{Point, Status};
use crate::policy::{EntityId, FieldId, OutcomeId, Policy};
use crate::run::{Decided, Evaluator};
use crate::text::Sources;
use std::io;
use std::sync::Arc;

/// Everything that is wrong.
pub(super) type Said = Vec<Diagnostic>;

/// Binds all that is stated, which names rows, once their keys are known.
pub type Later<'a> = dyn Fn(&RowKeys) -> Result<Facts, Vec<Diagnostic>> + Sync + 'a;

/// What is asked of every row.
#[derive(Clone, Copy)]
pub struct Plan<'a> {
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
    /// Headings of columns that are not read.
    pub ignored: &'a [String],
}

impl std::fmt::Debug for Plan<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plan").field("entity", &self.entity).field("outcomes", &self.outcomes).finish()
    }
}

impl<'a> Plan<'a> {
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

    fn grouping(&self) -> Grouping<'a> {
        Grouping {
            policy: self.policy,
            entity: self.entity,
            by: self.by.to_vec(),
            outcomes: self.outcomes.to_vec(),
            point: self.point,
        }
    }

    fn not_for_each(&self, other: NotForEach) -> Diagnostic {
        let message = format!("{} is not for each row", tick(&self.policy.outcomes[other.0].name));
        Diagnostic::general(Code::RowMissing, message)
    }
}

/// What a plan needs of its own before any row is read.
#[derive(Debug)]
pub struct Prepared {
    wheres: Option<Wheres>,
    groups: GroupFields,
    lexicons: Dictionaries,
}

impl Prepared {
    /// Of the conditions on fields, those are checked whose columns the files have.
    pub fn new(plan: &Plan<'_>, input: &Input<'_>) -> Prepared {
        let decl = &plan.policy.entities[plan.entity];
        let stated = decl.fields.iter().filter(|(_, field)| input.states(&field.name));
        let stated: Vec<FieldId> = stated.map(|(id, _)| id).collect();
        Prepared {
            wheres: Wheres::new(plan.policy, plan.entity, &stated),
            groups: GroupFields::new(plan.policy, plan.entity, plan.by),
            lexicons: Dictionaries::new(plan.policy, plan.entity),
        }
    }
}

/// A plan for the rows of some files; all threads share it.
pub struct Job<'a> {
    pub plan: Plan<'a>,
    pub(super) wheres: Option<&'a Wheres>,
    pub(super) groups: &'a GroupFields,
    pub(super) lexicons: &'a Dictionaries,
    /// Beside what is stated before any row is read.
    pub(super) questions: RowQuestions<'a>,
    pub(super) layout: Layout<'a>,
    pub(super) input: &'a Input<'a>,
    pub(super) grouping: Grouping<'a>,
}

impl std::fmt::Debug for Job<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Job").field("plan", &self.plan).finish_non_exhaustive()
    }
}

/// How many rows were answered, and how.
#[derive(Debug, Default)]
pub struct TableReport {
    pub counts: Counts,
    /// Rows among the rejects.
    pub set_aside: u64,
    /// Where answers are summed.
    pub totals: Totals,
}

/// Why a table was not answered to its end.
#[derive(Debug)]
pub enum Failure {
    /// What is wrong with the rows, or with what is stated beside them.
    Said(Vec<Diagnostic>),
    /// The same, and nothing after a record can be read.
    Broken(Vec<Diagnostic>),
    /// The answers cannot be written.
    Answers(io::Error),
    /// The rejects cannot be written.
    Rejects(io::Error),
}

impl From<Diagnostic> for Failure {
    fn from(error: Diagnostic) -> Failure {
        Failure::Said(vec![error])
    }
}

impl<'a> Job<'a> {
    /// # Errors
    /// An outcome is not for each row, or two columns of the answers have one name.
    pub fn new(plan: Plan<'a>, prepared: &'a Prepared, input: &'a Input<'a>) -> Result<Job<'a>, Diagnostic> {
        let Prepared { wheres, groups, lexicons } = prepared;
        let wheres = wheres.as_ref();
        let questions = RowQuestions::new(&plan, (wheres, groups), plan.facts);
        let questions = questions.map_err(|other| plan.not_for_each(other))?;
        let layout = Layout::new(plan.policy, plan.facts, plan.entity, plan.outcomes).map_err(|name| {
            let message = format!("two columns of the answers would be called {}", tick(&name));
            Diagnostic::general(Code::AnswerFormat, message).help("ask for one of them: `--outcome NAME`")
        })?;
        let grouping = plan.grouping();
        Ok(Job { plan, wheres, groups, lexicons, questions, layout, input, grouping })
    }

    /// Answers every row in the order of the files, on so many threads. Messages take excerpts of the rows into `sources`;
    /// `progress` is told how much of all there is to read is done.
    ///
    /// # Errors
    /// Why not all rows are answered; what was written until then is of no use.
    pub fn run(
        &self,
        output: Output<'_>,
        threads: usize,
        sources: &mut Sources,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<TableReport, Failure> {
        let rejects = output.rejects.is_some();
        let (encoding, mut writer) = OutputWriter::new(self.input, output);
        writer.begin(&self.layout)?;
        let worker = || Worker::new(self, &encoding, rejects);
        let take = &mut |done, share| writer.take(done, share, sources, progress);
        match self.in_pieces() {
            true => pipeline::pieces(self.input, threads, &worker, take)?,
            false => pipeline::whole(self.input, worker(), take)?,
        }
        writer.end()
    }

    /// How answers stand in columns.
    pub fn layout(&self) -> &Layout<'a> {
        &self.layout
    }

    /// What totals are of.
    pub fn grouping(&self) -> &Grouping<'a> {
        &self.grouping
    }

    pub fn files(&self) -> &[RowFile] {
        &self.input.files
    }

    /// Whether rows may be answered a few at a time.
    pub fn in_pieces(&self) -> bool {
        let questions = &self.questions;
        questions.batch.in_pieces() && !questions.checks_table && self.plan.later.is_none()
    }

    /// All that is stated, where it names rows.
    pub(super) fn with_rows(&self, keys: &RowKeys) -> Result<Option<Facts>, Said> {
        self.plan.later.map(|bind| bind(keys)).transpose()
    }

    /// The same questions beside other facts.
    pub(super) fn beside<'b>(&'b self, facts: &'b Facts) -> Result<RowQuestions<'b>, Said> {
        let made = RowQuestions::new(&self.plan, (self.wheres, self.groups), facts);
        made.map_err(|other| vec![self.plan.not_for_each(other)])
    }

    /// All that is stated, with one row.
    pub fn one(&self, name: Arc<str>, row: Row) -> Facts {
        let mut facts = self.questions.facts.clone();
        let mut rows = Rows::default();
        rows.rows.insert(name, row);
        facts.tables[self.plan.entity] = Some(rows);
        facts
    }

    /// The answers for rows that no column holds, through `run`.
    pub(super) fn dated(&self, rows: &[super::DatedRow]) -> Vec<Vec<RowAnswer>> {
        let answers = |dated: &super::DatedRow| {
            let facts = self.one(dated.name.clone(), dated.row.clone());
            let mut run = Evaluator::new(self.plan.policy, &facts);
            self.plan.outcomes.iter().map(|id| single(&mut run, *id, self.plan.point)).collect()
        };
        rows.iter().map(answers).collect()
    }
}

fn single(run: &mut Evaluator<'_>, outcome: OutcomeId, point: Point) -> RowAnswer {
    let mut reasons = Vec::new();
    let (status, value) = match run.decide_with_reasons(outcome, Some(0), point, &mut reasons) {
        Decided::Value(value) => (Status::Determined, Some(value)),
        Decided::Undetermined => (Status::Undetermined, None),
        Decided::Gap => (Status::Gap, None),
        Decided::Conflict => (Status::Conflict, None),
        Decided::Error => (Status::Error, None),
    };
    RowAnswer { status, value, reasons }
}

/// What is asked of rows, beside all else that is stated.
pub(super) struct RowQuestions<'a> {
    pub facts: &'a Facts,
    pub batch: Batch<'a>,
    pub wheres: Option<Batch<'a>>,
    pub groups: Batch<'a>,
    /// What is stated is held against the whole table (V7).
    pub checks_table: bool,
}

impl<'a> RowQuestions<'a> {
    fn new(
        plan: &Plan<'a>,
        (wheres, groups): (Option<&'a Wheres>, &'a GroupFields),
        facts: &'a Facts,
    ) -> Result<RowQuestions<'a>, NotForEach> {
        let asked = BatchPoint { on: plan.point.day, known: plan.point.known };
        Ok(RowQuestions {
            facts,
            batch: Batch::new(plan.policy, facts, plan.entity, plan.outcomes, asked)?,
            wheres: wheres.map(|wheres| wheres.batch(facts)).transpose()?,
            groups: groups.batch(facts, asked)?,
            checks_table: checks_read_table(plan.policy, plan.entity),
        })
    }
}

/// Answers by outcome and status, in the order of [`Status::ALL`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub rows: u64,
    pub outcomes: Vec<[u64; 5]>,
}

impl Counts {
    pub(super) fn add(&mut self, more: &Counts) {
        self.rows = self.rows.saturating_add(more.rows);
        self.outcomes.resize(self.outcomes.len().max(more.outcomes.len()), [0; 5]);
        for (mine, more) in self.outcomes.iter_mut().zip(&more.outcomes) {
            mine.iter_mut().zip(more).for_each(|(n, more)| *n = n.saturating_add(*more));
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
