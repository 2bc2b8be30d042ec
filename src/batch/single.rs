//! One row at a time: the same program on single cells, for whoever asks about one entry and wants the answer at once.
//!
//! A column engine works out both sides of every choice, for a thousand rows at a time need both. One row needs one of
//! them: here
//! the program jumps over what does not matter (`blocks`, `emit`).

mod blocks;
mod emit;
mod interpreter;
mod load;
mod lowering;

use super::column::{Columns, DecidingRule};
use super::compiled::{CompiledBatch, OutcomeRegisters};
use super::graph::Arg;
use super::{Batch, Class, by_run, renumber};
use crate::outcome::{Point, Reason};
use crate::policy::{FieldId, OutcomeId};
use crate::run::{Decided, Evaluator};
use interpreter::{ConstantPool, ScalarCells, ScalarInstruction};
use load::Load;
use lowering::Lowering;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Asks about single rows, one after the other. Made by [`Batch::single`].
#[derive(Debug)]
pub struct Single<'b, 'p> {
    batch: &'b Batch<'p>,
    program: Option<ScalarProgram>,
    /// The rules behind the answer given last.
    behind: Behind,
    deciding_rules: Vec<DecidingRule>,
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
struct ScalarProgram {
    compiled: Arc<CompiledBatch>,
    loads: Vec<Load>,
    /// The columns that no answer rests on: they are only to be there.
    others: Vec<(usize, FieldId)>,
    columns: usize,
    /// All that may be worked out, each of it in the cell of its number.
    code: Vec<ScalarInstruction>,
    /// The cells of the registers.
    cells_of: Vec<u16>,
    no: u16,
    yes: u16,
    pool: ConstantPool,
    cells: ScalarCells,
    /// For each question the instructions that answer it, and at last those that answer all; made when they are wanted.
    orders: Vec<Option<Option<Vec<ScalarInstruction>>>>,
}

impl<'b, 'p> Single<'b, 'p> {
    /// For rows like these.
    pub(super) fn new(batch: &'b Batch<'p>, rows: &Columns) -> Single<'b, 'p> {
        let compiled = batch.fits(rows, 0, rows.rows, None).map(|fits| batch.compiled(rows, &fits, None));
        let program = compiled.and_then(ScalarProgram::new);
        Single { batch, program, behind: Behind::Listed, deciding_rules: Vec::new() }
    }

    /// The answer for one outcome of one row, as [`Evaluator::decide`] gives it; the rules that decide are then in
    /// [`Single::deciding_rules`], of determined answers and gaps. An outcome that was not asked for is undetermined.
    pub fn decide(&mut self, rows: &Columns, row: usize, outcome: OutcomeId) -> Decided {
        let Some(at) = self.batch.questions.iter().position(|question| question.outcome == outcome) else {
            return Decided::Undetermined;
        };
        if let Some(program) = &mut self.program
            && program.run(Some(at), rows, row).is_some()
            && let Some(decided) = program.read(at)
        {
            self.behind = Behind::Output(at);
            return decided;
        }
        self.by_run(rows, row, outcome)
    }

    /// All outcomes of one row, in the order in which they were asked for.
    pub fn decide_all(&mut self, rows: &Columns, row: usize, mut take: impl FnMut(Decided, &[DecidingRule])) {
        let done = self.program.as_mut().is_some_and(|program| program.run(None, rows, row).is_some());
        for (at, question) in self.batch.questions.iter().enumerate() {
            let program = self.program.as_ref().filter(|_| done);
            let decided = match program.and_then(|program| program.read(at)) {
                Some(decided) => {
                    self.behind = Behind::Output(at);
                    decided
                }
                None => self.by_run(rows, row, question.outcome),
            };
            take(decided, self.deciding_rules());
        }
    }

    /// The rules behind the answer given last.
    pub fn deciding_rules(&mut self) -> &[DecidingRule] {
        let Behind::Output(at) = self.behind else { return &self.deciding_rules };
        let Some(program) = &self.program else { return &[] };
        let Some(output) = program.output(at) else { return &[] };
        output.deciding_rules(|arg| program.cell(arg), &mut self.deciding_rules)
    }

    fn by_run(&mut self, rows: &Columns, row: usize, outcome: OutcomeId) -> Decided {
        self.behind = Behind::Listed;
        self.deciding_rules.clear();
        let whole =
            self.batch.questions.iter().any(|one| one.outcome == outcome && one.class == Class::Table);
        let listed: Vec<usize> = if whole { (0..rows.rows).collect() } else { vec![row] };
        let facts = by_run::facts(self.batch, rows, &listed);
        let place = listed.iter().position(|one| *one == row).and_then(|at| u32::try_from(at).ok());
        let point = Point::new(self.batch.point.on, self.batch.point.known);
        let mut reasons: Vec<Reason> = Vec::new();
        let mut run = Evaluator::new(self.batch.policy, &facts);
        let mut decided = run.decide_with_reasons(outcome, place, point, &mut reasons);
        if let Decided::Value(value) = &mut decided {
            renumber::value(self.batch, outcome, &listed, value);
            self.deciding_rules.extend(reasons.iter().map(by_run::deciding_rule));
        }
        decided
    }
}

impl ScalarProgram {
    /// `None`: the program is not for cells of 64 bits.
    fn new(compiled: Arc<CompiledBatch>) -> Option<ScalarProgram> {
        let program = &compiled.program;
        if !program.fits_words() {
            return None;
        }
        let mut lowering = Lowering::new(program)?;
        let (no, yes) = (lowering.constant(0)?, lowering.constant(1)?);
        for (op, reg, divider) in program.operations() {
            let instruction = lowering.instruction(op, divider)?;
            lowering.put(reg, instruction);
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
                    let to = loaded.get(&at).copied().map_or_else(|| lowering.leaf(), Some)?;
                    loads.push(Load::new(at, field, fit, to)?);
                }
                None => others.push((at, field)),
            }
        }
        let mut cells = ScalarCells::new()?;
        for (value, at) in &lowering.constants {
            cells.put(*at, *value);
        }
        let orders = vec![None; compiled.outputs.len() + 1];
        let Lowering { code, cells_of, pool, .. } = lowering;
        Some(ScalarProgram {
            loads,
            others,
            columns: count,
            code,
            cells_of,
            no,
            yes,
            pool,
            cells,
            orders,
            compiled,
        })
    }

    fn output(&self, at: usize) -> Option<&OutcomeRegisters> {
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
        let code = self.orders.get(order)?.as_ref()?.as_ref()?;
        interpreter::run(code, &mut self.cells, &self.pool, rows, row)
    }

    #[cold]
    fn order(&self, question: Option<usize>) -> Option<Vec<ScalarInstruction>> {
        let outputs = self.compiled.outputs.iter().enumerate();
        let asked = outputs.filter(|(at, _)| question.is_none_or(|question| question == *at));
        let args = asked.filter_map(|(_, output)| output.as_ref().ok()).flat_map(OutcomeRegisters::args);
        let wanted = args.filter_map(|arg| match arg {
            Arg::Reg(reg) => self.cells_of.get(reg as usize).copied(),
            Arg::Const(_) => None,
        });
        emit::emit(&self.code, wanted, self.no, self.yes)
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
