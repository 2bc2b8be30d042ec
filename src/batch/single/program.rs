//! A program made for single rows.

use super::emit;
use super::interpreter::{self, ConstantPool, ScalarCells, ScalarInstruction};
use super::load::Load;
use super::lowering::Lowering;
use crate::batch::column::Columns;
use crate::batch::compiled::{CompiledBatch, OutcomeRegisters};
use crate::batch::graph::Arg;
use crate::policy::FieldId;
use crate::run::Decided;
use std::collections::BTreeMap;
use std::sync::Arc;

/// All outputs of a compiled batch, for one row at a time.
#[derive(Debug)]
pub(in crate::batch) struct ScalarProgram {
    compiled: Arc<CompiledBatch>,
    loads: Vec<Load>,
    /// The columns that no answer rests on: they are only to be there.
    others: Vec<(usize, FieldId)>,
    columns: usize,
    /// What stands beside the columns, by its place, and the cell for it.
    beside: Vec<(u32, u16)>,
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

impl ScalarProgram {
    /// `None`: the program is not for cells of 64 bits.
    pub fn new(compiled: Arc<CompiledBatch>) -> Option<ScalarProgram> {
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
        let own = |(at, to): (&usize, &u16)| Some((u32::try_from(*at).ok().filter(|_| *at >= count)?, *to));
        let beside = loaded.iter().filter_map(own).collect();
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
            beside,
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

    pub fn output(&self, at: usize) -> Option<&OutcomeRegisters> {
        self.compiled.outputs.get(at)?.as_ref().ok()
    }

    /// Fills the cells for a question, or for all; `None`: the program is not made for such a row.
    pub fn run(&mut self, question: Option<usize>, rows: &Columns, row: usize) -> Option<()> {
        self.run_beside(question, rows, row, |_| None)
    }

    /// The same where something stands beside the columns; `None` of it: it is not there.
    pub fn run_beside(
        &mut self,
        question: Option<usize>,
        rows: &Columns,
        row: usize,
        beside: impl Fn(u32) -> Option<i64>,
    ) -> Option<()> {
        if row >= rows.rows || rows.columns.len() != self.columns {
            return None;
        }
        for (at, field) in &self.others {
            rows.columns.get(*at).filter(|(other, _)| other == field)?;
        }
        for load in &self.loads {
            self.cells.put(load.to, load.cell(rows, row)?);
        }
        for (place, to) in &self.beside {
            self.cells.put(*to, beside(*place)?);
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
    pub fn cell(&self, arg: Arg) -> i64 {
        match arg {
            Arg::Const(value) => value as i64,
            Arg::Reg(reg) => self.cells_of.get(reg as usize).map_or(0, |at| self.cells.get(*at)),
        }
    }

    /// The answer for a question, from the cells.
    pub fn read(&self, at: usize) -> Option<Decided> {
        self.output(at)?.read(|arg| self.cell(arg))
    }
}
