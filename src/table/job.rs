//! A table answered as a whole: a plan, the files of its rows and an output make a job, and a job gives a report. Nothing
//! here opens a file: the caller does, through [`Storage`].

use super::input::{RowFile, RowSource};
use super::output::{Output, OutputWriter};
use super::pipeline;
use super::plan::{JobFailure, TableErrors, TablePlan, TableReport};
use super::totals::Grouping;
use super::worker::Worker;
use super::{Dictionaries, Layout, RowAnswer, RowKeys, Wheres};
use crate::batch::{Batch, BatchPoint, GroupFields, NotForEach, checks_read_table};
use crate::diag::{Code, Diagnostic, tick};
use crate::facts::{Facts, Row, Rows};
use crate::outcome::{Point, Status};
use crate::policy::{FieldId, OutcomeId};
use crate::run::{Decided, Evaluator};
use crate::text::Sources;
use std::sync::Arc;

/// What a plan needs of its own before any row is read.
#[derive(Debug)]
pub struct PreparedTable {
    wheres: Option<Wheres>,
    groups: GroupFields,
    lexicons: Dictionaries,
}

impl PreparedTable {
    /// Of the conditions on fields, those are checked whose columns the files have.
    pub fn new(plan: &TablePlan<'_>, input: &RowSource<'_>) -> PreparedTable {
        let decl = &plan.policy.entities[plan.entity];
        let stated = decl.fields.iter().filter(|(_, field)| input.states(&field.name));
        let stated: Vec<FieldId> = stated.map(|(id, _)| id).collect();
        PreparedTable {
            wheres: Wheres::new(plan.policy, plan.entity, &stated),
            groups: GroupFields::new(plan.policy, plan.entity, plan.by),
            lexicons: Dictionaries::new(plan.policy, plan.entity),
        }
    }
}

/// A plan for the rows of some files; all threads share it.
pub struct Job<'a> {
    pub plan: TablePlan<'a>,
    pub(super) wheres: Option<&'a Wheres>,
    pub(super) groups: &'a GroupFields,
    pub(super) lexicons: &'a Dictionaries,
    /// Beside what is stated before any row is read.
    pub(super) questions: RowQuestions<'a>,
    pub(super) layout: Layout<'a>,
    pub(super) input: &'a RowSource<'a>,
    pub(super) grouping: Grouping<'a>,
}

impl std::fmt::Debug for Job<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Job").field("plan", &self.plan).finish_non_exhaustive()
    }
}

impl<'a> Job<'a> {
    /// # Errors
    /// An outcome is not for each row, or two columns of the answers have one name.
    pub fn new(
        plan: TablePlan<'a>,
        prepared: &'a PreparedTable,
        input: &'a RowSource<'a>,
    ) -> Result<Job<'a>, Diagnostic> {
        let PreparedTable { wheres, groups, lexicons } = prepared;
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
    ) -> Result<TableReport, JobFailure> {
        let rejects = output.rejects.is_some();
        let (encoding, mut writer) = OutputWriter::new(self.input, output);
        writer.begin(&self.layout)?;
        let worker = || Worker::new(self, &encoding, rejects);
        let take = &mut |done, share| writer.take(done, share, sources, progress);
        match self.in_pieces() {
            true => pipeline::pieces(self.input, threads, &worker, take)?,
            false => pipeline::whole(self.input, worker(), take)?,
        }
        writer.end(self.plan.unique)
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
    pub(super) fn with_rows(&self, keys: &RowKeys) -> Result<Option<Facts>, TableErrors> {
        self.plan.later.map(|bind| bind(keys)).transpose()
    }

    /// The same questions beside other facts.
    pub(super) fn beside<'b>(&'b self, facts: &'b Facts) -> Result<RowQuestions<'b>, TableErrors> {
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
        plan: &TablePlan<'a>,
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
