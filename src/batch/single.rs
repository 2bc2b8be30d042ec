//! One row at a time: the same program on single cells, for whoever asks about one entry and wants the answer at once.
//!
//! A column engine works out both sides of every choice, for a thousand rows at a time need both. One row needs one of them: here
//! the program jumps over what does not matter (`blocks`, `emit`).

mod blocks;
mod emit;
mod load;
mod make;
mod step;

use super::column::{Cause, Columns};
use super::compiled::{Compiled, Output};
use super::graph::Arg;
use super::{Batch, Class, by_run, renumber};
use crate::outcome::{Point, Reason};
use crate::policy::{FieldId, OutcomeId};
use crate::run::{Decided, Evaluator};
use load::Load;
use make::Maker;
use std::collections::BTreeMap;
use std::sync::Arc;
use step::{Beside, Cells, Step};

/// Asks about single rows, one after the other. Made by [`Batch::single`].
#[derive(Debug)]
pub struct Single<'b, 'p> {
    batch: &'b Batch<'p>,
    ready: Option<Ready>,
    /// The rules behind the answer given last.
    behind: Behind,
    causes: Vec<Cause>,
}

/// Where the rules behind an answer stand.
#[derive(Clone, Copy, Debug)]
enum Behind {
    /// In the list.
    Listed,
    /// They are told by the output of a question.
    Output(usize),
}

/// A program made for single rows.
#[derive(Debug)]
struct Ready {
    compiled: Arc<Compiled>,
    loads: Vec<Load>,
    /// The columns that no answer rests on: they are only to be there.
    others: Vec<(usize, FieldId)>,
    columns: usize,
    /// All that may be worked out, each of it in the cell of its number.
    steps: Vec<Step>,
    /// The cells of the registers.
    cells_of: Vec<u16>,
    no: u16,
    yes: u16,
    beside: Beside,
    cells: Cells,
    /// For each question the steps that answer it, and at last those that answer all; made when they are wanted.
    orders: Vec<Option<Option<Vec<Step>>>>,
}

impl<'b, 'p> Single<'b, 'p> {
    /// For rows like these.
    pub(super) fn new(batch: &'b Batch<'p>, rows: &Columns) -> Single<'b, 'p> {
        let compiled = batch.fits(rows, 0, rows.rows, None).map(|fits| batch.compiled(rows, &fits, None));
        let ready = compiled.and_then(Ready::new);
        Single { batch, ready, behind: Behind::Listed, causes: Vec::new() }
    }

    /// The answer for one outcome of one row, as [`Evaluator::decide`] gives it; the rules that decide are then in
    /// [`Single::causes`], of determined answers and gaps. An outcome that was not asked for is undetermined.
    pub fn decide(&mut self, rows: &Columns, row: usize, outcome: OutcomeId) -> Decided {
        let Some(at) = self.batch.questions.iter().position(|question| question.outcome == outcome) else {
            return Decided::Undetermined;
        };
        if let Some(ready) = &mut self.ready
            && ready.run(Some(at), rows, row).is_some()
            && let Some(decided) = ready.read(at)
        {
            self.behind = Behind::Output(at);
            return decided;
        }
        self.by_run(rows, row, outcome)
    }

    /// All outcomes of one row, in the order in which they were asked for.
    pub fn decide_all(&mut self, rows: &Columns, row: usize, mut take: impl FnMut(Decided, &[Cause])) {
        let done = self.ready.as_mut().is_some_and(|ready| ready.run(None, rows, row).is_some());
        for (at, question) in self.batch.questions.iter().enumerate() {
            let ready = self.ready.as_ref().filter(|_| done);
            let decided = match ready.and_then(|ready| ready.read(at)) {
                Some(decided) => {
                    self.behind = Behind::Output(at);
                    decided
                }
                None => self.by_run(rows, row, question.outcome),
            };
            take(decided, self.causes());
        }
    }

    /// The rules behind the answer given last.
    pub fn causes(&mut self) -> &[Cause] {
        let Behind::Output(at) = self.behind else { return &self.causes };
        let Some(ready) = &self.ready else { return &[] };
        let Some(output) = ready.output(at) else { return &[] };
        output.causes(|arg| ready.cell(arg), &mut self.causes)
    }

    fn by_run(&mut self, rows: &Columns, row: usize, outcome: OutcomeId) -> Decided {
        self.behind = Behind::Listed;
        self.causes.clear();
        let whole =
            self.batch.questions.iter().any(|one| one.outcome == outcome && one.class == Class::Table);
        let listed: Vec<usize> = if whole { (0..rows.rows).collect() } else { vec![row] };
        let facts = by_run::facts(self.batch, rows, &listed);
        let place = listed.iter().position(|one| *one == row).and_then(|at| u32::try_from(at).ok());
        let point = Point::new(self.batch.asked.on, self.batch.asked.known);
        let mut reasons: Vec<Reason> = Vec::new();
        let mut run = Evaluator::new(self.batch.policy, &facts);
        let mut decided = run.decide_with_reasons(outcome, place, point, &mut reasons);
        if let Decided::Value(value) = &mut decided {
            renumber::value(self.batch, outcome, &listed, value);
            self.causes.extend(reasons.iter().map(by_run::cause));
        }
        decided
    }
}

impl Ready {
    /// `None`: the program is not for cells of 64 bits.
    fn new(compiled: Arc<Compiled>) -> Option<Ready> {
        let program = &compiled.program;
        if !program.fits_words() {
            return None;
        }
        let mut maker = Maker::new(program)?;
        let (no, yes) = (maker.constant(0)?, maker.constant(1)?);
        for (op, reg, divider) in program.operations() {
            let step = maker.step(op, divider)?;
            maker.put(reg, step);
        }
        let mut loaded: BTreeMap<usize, u16> = BTreeMap::new();
        for (reg, column) in program.loads() {
            loaded.insert(column as usize, u16::try_from(reg).ok()?);
        }
        let (mut loads, mut others) = (Vec::new(), Vec::new());
        let columns = compiled.columns();
        let count = columns.len();
        for (at, (field, fit)) in columns.enumerate() {
            match fit {
                // One that is looked at and not read fills a cell that nobody reads.
                Some(fit) => {
                    let to = loaded.get(&at).copied().map_or_else(|| maker.leaf(), Some)?;
                    loads.push(Load::new(at, field, fit, to)?);
                }
                None => others.push((at, field)),
            }
        }
        let mut cells = Cells::new()?;
        for (value, at) in &maker.constants {
            cells.put(*at, *value);
        }
        let orders = vec![None; compiled.outputs.len() + 1];
        let Maker { steps, cells_of, beside, .. } = maker;
        Some(Ready {
            loads,
            others,
            columns: count,
            steps,
            cells_of,
            no,
            yes,
            beside,
            cells,
            orders,
            compiled,
        })
    }

    fn output(&self, at: usize) -> Option<&Output> {
        self.compiled.outputs.get(at)?.as_ref().ok()
    }

    /// Fills the cells for a question, or for all; `None`: the program is not made for such a row.
    fn run(&mut self, question: Option<usize>, rows: &Columns, row: usize) -> Option<()> {
        if row >= rows.rows || rows.columns.len() != self.columns {
            return None;
        }
        for (at, field) in &self.others {
            rows.columns.get(*at).filter(|(other, _)| other == field)?;
        }
        for load in &self.loads {
            self.cells.put(load.to, load.cell(rows, row)?);
        }
        let order = question.unwrap_or(self.compiled.outputs.len());
        if self.orders.get(order) == Some(&None) {
            let made = self.order(question);
            *self.orders.get_mut(order)? = Some(made);
        }
        let steps = self.orders.get(order)?.as_ref()?.as_ref()?;
        step::run(steps, &mut self.cells, &self.beside, rows, row)
    }

    #[cold]
    fn order(&self, question: Option<usize>) -> Option<Vec<Step>> {
        let outputs = self.compiled.outputs.iter().enumerate();
        let asked = outputs.filter(|(at, _)| question.is_none_or(|question| question == *at));
        let args = asked.filter_map(|(_, output)| output.as_ref().ok()).flat_map(Output::args);
        let wanted = args.filter_map(|arg| match arg {
            Arg::Reg(reg) => self.cells_of.get(reg as usize).copied(),
            Arg::Const(_) => None,
        });
        emit::emit(&self.steps, wanted, self.no, self.yes)
    }

    #[inline]
    fn cell(&self, arg: Arg) -> i64 {
        match arg {
            Arg::Const(value) => value as i64,
            Arg::Reg(reg) => self.cells_of.get(reg as usize).map_or(0, |at| self.cells.get(*at)),
        }
    }

    /// The answer for a question, from the cells.
    fn read(&self, at: usize) -> Option<Decided> {
        self.output(at)?.read(|arg| self.cell(arg))
    }
}
