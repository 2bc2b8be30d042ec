//! A column program and what runs it, a thousand rows at a time, so that all registers stay near the processor.

use super::column::{Columns, FieldColumn};
use super::divide::Divider;
use super::graph::{self, Arg, Graph, VectorOp};
use super::kernels::{self, Arithmetic, Operand};
use super::lanes::{self, Buffer, Element, LaneType, Whole};
use pulp::Arch;

/// Rows worked on at once.
pub(super) const CHUNK: usize = 1024;

/// Operations in their order, and where their results stand.
#[derive(Debug)]
pub(super) struct Program {
    instructions: Vec<VectorInstruction>,
    /// For each register of the graph.
    allocations: Vec<Allocation>,
    lanes: Vec<LaneType>,
    slots: Vec<LaneType>,
    tables: Vec<Buffer>,
}

#[derive(Clone, Copy, Debug)]
struct VectorInstruction {
    op: VectorOp,
    /// Of the operands.
    lane: LaneType,
    slot: u32,
    reg: u32,
    divider: Option<Divider>,
}

/// Where register allocation puts the result of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Allocation {
    /// It is a column as it stands.
    Column(u32),
    Slot(u32),
    /// Nobody reads it.
    Nowhere,
}

impl Program {
    /// The operations that `wanted` needs; those keep their slots to the end.
    pub fn new(graph: Graph, wanted: &[Arg]) -> Program {
        let mut last = vec![None::<usize>; graph.registers.len()];
        let mut needed = vec![false; graph.registers.len()];
        let mut need = |arg: u32, at: usize, needed: &mut Vec<bool>| {
            if let (Some(needed), Some(last)) = (needed.get_mut(arg as usize), last.get_mut(arg as usize)) {
                *needed = true;
                *last = Some(last.map_or(at, |last: usize| last.max(at)));
            }
        };
        for arg in wanted.iter().filter_map(|arg| graph::reg(*arg)) {
            need(arg, usize::MAX, &mut needed);
        }
        for (at, register) in graph.registers.iter().enumerate().rev() {
            if needed.get(at) == Some(&true) {
                operands(register.op, |arg| need(arg, at, &mut needed));
            }
        }
        let mut program = Program {
            instructions: Vec::new(),
            allocations: Vec::new(),
            lanes: graph.registers.iter().map(|register| register.lane).collect(),
            slots: Vec::new(),
            tables: Vec::new(),
        };
        let mut free: Vec<u32> = Vec::new();
        for (at, register) in graph.registers.iter().enumerate() {
            let place = match register.op {
                _ if needed.get(at) != Some(&true) => Allocation::Nowhere,
                VectorOp::Load(column) => Allocation::Column(column),
                _ => Allocation::Slot(program.slot(register.lane, &mut free)),
            };
            program.allocations.push(place);
            let Allocation::Slot(slot) = place else { continue };
            let mut lane = register.lane;
            operands(register.op, |arg| match register.op {
                VectorOp::Choose(..) => {}
                _ => lane = graph.lane(Arg::Reg(arg)),
            });
            let divider = match register.op {
                VectorOp::Divide(of, divisor, _) => {
                    let (lo, hi) = graph.range(Arg::Reg(of));
                    Divider::new(divisor.unsigned_abs(), lo.unsigned_abs().max(hi.unsigned_abs()))
                }
                _ => None,
            };
            let reg = u32::try_from(at).unwrap_or(u32::MAX);
            program.instructions.push(VectorInstruction { op: register.op, lane, slot, reg, divider });
            operands(register.op, |arg| {
                if last.get(arg as usize) == Some(&Some(at))
                    && let Some(Allocation::Slot(slot)) = program.allocations.get(arg as usize)
                    && !free.contains(slot)
                {
                    free.push(*slot);
                }
            });
        }
        program.tables = graph.tables;
        program
    }

    fn slot(&mut self, lane: LaneType, free: &mut Vec<u32>) -> u32 {
        let fits = free.iter().rposition(|slot| self.slots.get(*slot as usize) == Some(&lane));
        match fits {
            Some(at) => free.swap_remove(at),
            None => {
                self.slots.push(lane);
                u32::try_from(self.slots.len().saturating_sub(1)).unwrap_or(u32::MAX)
            }
        }
    }

    /// Whether all registers fit 64 bits.
    pub fn fits_words(&self) -> bool {
        let wide = |instruction: &VectorInstruction| {
            instruction.lane == LaneType::Int128 || self.lane(instruction.reg) == Some(LaneType::Int128)
        };
        !self.instructions.iter().any(wide)
    }

    /// Each operation with the register that it fills.
    pub fn operations(&self) -> impl Iterator<Item = (VectorOp, u32, Option<Divider>)> {
        self.instructions.iter().map(|instruction| (instruction.op, instruction.reg, instruction.divider))
    }

    /// The registers that are columns as they stand, each with its column.
    pub fn loads(&self) -> impl Iterator<Item = (u32, u32)> {
        (0u32..).zip(&self.allocations).filter_map(|(reg, place)| match place {
            Allocation::Column(column) => Some((reg, *column)),
            _ => None,
        })
    }

    pub fn tables(&self) -> &[Buffer] {
        &self.tables
    }

    pub fn registers(&self) -> usize {
        self.allocations.len()
    }

    /// The lane of a register.
    pub fn lane(&self, reg: u32) -> Option<LaneType> {
        self.lanes.get(reg as usize).copied()
    }
}

fn operands(op: VectorOp, mut visit: impl FnMut(u32)) {
    let mut args = |list: &[Arg]| list.iter().filter_map(|arg| graph::reg(*arg)).for_each(&mut visit);
    match op {
        VectorOp::Load(_) | VectorOp::Stated(_) | VectorOp::Odd(_) => {}
        VectorOp::Convert(a)
        | VectorOp::Not(a)
        | VectorOp::Divide(a, ..)
        | VectorOp::Table(a, _)
        | VectorOp::Place(a, ..) => visit(a),
        VectorOp::And(a, b) | VectorOp::Or(a, b) | VectorOp::Except(a, b) => {
            visit(a);
            visit(b);
        }
        VectorOp::Compare(_, a, b) | VectorOp::Minus(a, b) => args(&[a, b]),
        VectorOp::Ratio(a, b, _) => args(&[a, Arg::Reg(b)]),
        VectorOp::Plus(a, b) | VectorOp::Times(a, b) | VectorOp::Least(a, b) | VectorOp::Greatest(a, b) => {
            args(&[Arg::Reg(a), b])
        }
        VectorOp::Choose(when, a, b) => args(&[Arg::Reg(when), a, b]),
    }
}

/// The registers of one thread.
#[derive(Debug)]
pub(super) struct Machine {
    arch: Arch,
    slots: Vec<Buffer>,
}

/// A chunk of rows, which a program is run on.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowSlice<'a> {
    pub rows: &'a Columns,
    /// Columns worked out beside those of the table, with the places after theirs.
    pub beside: &'a [FieldColumn],
    pub start: usize,
    pub count: usize,
}

impl Columns {
    pub(super) fn all(&self) -> RowSlice<'_> {
        RowSlice { rows: self, beside: &[], start: 0, count: self.rows }
    }
}

impl<'a> RowSlice<'a> {
    fn column(self, place: u32) -> Option<&'a FieldColumn> {
        let (place, own) = (place as usize, self.rows.columns.len());
        match place.checked_sub(own) {
            None => self.rows.columns.get(place).map(|(_, column)| column),
            Some(beside) => self.beside.get(beside),
        }
    }

    fn part<T>(self, cells: &'a [T]) -> &'a [T] {
        cells.get(self.start..self.start.saturating_add(self.count)).unwrap_or(&[])
    }
}

impl Machine {
    pub fn new() -> Machine {
        Machine { arch: Arch::new(), slots: Vec::new() }
    }

    pub fn arch(&self) -> Arch {
        self.arch
    }

    /// Runs the program; `None`: something was not as the program was made for.
    pub fn run(&mut self, program: &Program, chunk: RowSlice<'_>) -> Option<()> {
        for (at, lane) in program.slots.iter().enumerate() {
            match self.slots.get(at) {
                None => self.slots.push(Buffer::new(*lane)),
                Some(cells) if lane_of(cells) != *lane => {
                    if let Some(place) = self.slots.get_mut(at) {
                        *place = Buffer::new(*lane);
                    }
                }
                Some(_) => {}
            }
        }
        for instruction in &program.instructions {
            // The slot written is never one that is read: taken out, it is ours.
            let place = self.slots.get_mut(instruction.slot as usize)?;
            let mut out = std::mem::replace(place, Buffer::Bit(Vec::new()));
            let done = self.execute(program, instruction, chunk, &mut out);
            *self.slots.get_mut(instruction.slot as usize)? = out;
            done?;
        }
        Some(())
    }

    /// What a register came to.
    pub fn cells<'a, T: Element>(
        &'a self,
        program: &Program,
        chunk: RowSlice<'a>,
        reg: u32,
    ) -> Option<&'a [T]> {
        let cells = match program.allocations.get(reg as usize)? {
            Allocation::Column(column) => chunk.part(T::column(&chunk.column(*column)?.values)),
            Allocation::Slot(slot) => T::view(self.slots.get(*slot as usize)?),
            Allocation::Nowhere => return None,
        };
        (cells.len() == chunk.count).then_some(cells)
    }

    fn operand<'a, T: Element>(
        &'a self,
        program: &Program,
        chunk: RowSlice<'a>,
        arg: Arg,
    ) -> Option<Operand<'a, T>> {
        match arg {
            Arg::Const(value) => Some(Operand::All(T::narrow(value))),
            Arg::Reg(reg) => self.cells(program, chunk, reg).map(Operand::Each),
        }
    }

    fn execute(
        &self,
        program: &Program,
        instruction: &VectorInstruction,
        chunk: RowSlice<'_>,
        out: &mut Buffer,
    ) -> Option<()> {
        let at = Execution { machine: self, program, chunk };
        match instruction.op {
            VectorOp::Load(_) => None,
            VectorOp::Stated(column) => {
                let out = room::<bool>(out, chunk)?;
                match &chunk.column(column)?.stated {
                    Some(stated) => out.copy_from_slice(of_length(chunk.part(stated), chunk)?),
                    None => out.fill(true),
                }
                Some(())
            }
            VectorOp::Odd(column) => {
                let out = room::<bool>(out, chunk)?;
                out.fill(false);
                let start = u32::try_from(chunk.start).ok()?;
                let end = start.checked_add(u32::try_from(chunk.count).ok()?)?;
                for row in chunk.column(column)?.odd.range(start..end).map(|(row, _)| *row) {
                    *out.get_mut((row - start) as usize)? = true;
                }
                Some(())
            }
            VectorOp::Convert(of) => at.convert(instruction.lane, of, out),
            VectorOp::Not(a) => kernels::unary(self.arch, room::<bool>(out, chunk)?, at.bits(a)?, |a| !a),
            VectorOp::And(a, b) => at.junction(out, a, b, |a, b| a & b),
            VectorOp::Or(a, b) => at.junction(out, a, b, |a, b| a | b),
            VectorOp::Except(a, b) => at.junction(out, a, b, |a, b| a & !b),
            VectorOp::Compare(relation, a, b) => match instruction.lane {
                LaneType::Bit => at.compare::<bool>(out, relation, a, b),
                LaneType::Key => at.compare::<u32>(out, relation, a, b),
                LaneType::Int32 => at.compare::<i32>(out, relation, a, b),
                LaneType::Int64 => at.compare::<i64>(out, relation, a, b),
                LaneType::Int128 => at.compare::<i128>(out, relation, a, b),
            },
            VectorOp::Plus(a, b) => at.number(instruction.lane, out, Arithmetic::Plus, Arg::Reg(a), b),
            VectorOp::Minus(a, b) => at.number(instruction.lane, out, Arithmetic::Minus, a, b),
            VectorOp::Times(a, b) => at.number(instruction.lane, out, Arithmetic::Times, Arg::Reg(a), b),
            VectorOp::Least(a, b) => at.number(instruction.lane, out, Arithmetic::Least, Arg::Reg(a), b),
            VectorOp::Greatest(a, b) => {
                at.number(instruction.lane, out, Arithmetic::Greatest, Arg::Reg(a), b)
            }
            VectorOp::Choose(when, a, b) => match lane_of(out) {
                LaneType::Bit => None,
                LaneType::Key => at.choose::<u32>(out, when, a, b),
                LaneType::Int32 => at.choose::<i32>(out, when, a, b),
                LaneType::Int64 => at.choose::<i64>(out, when, a, b),
                LaneType::Int128 => at.choose::<i128>(out, when, a, b),
            },
            VectorOp::Divide(of, divisor, mode) => at.divide(instruction, out, of, divisor, mode),
            VectorOp::Ratio(of, by, mode) => at.ratio(instruction.lane, out, (of, by), mode),
            VectorOp::Table(key, table) => match lane_of(out) {
                LaneType::Bit => at.truths(out, key, table),
                LaneType::Key => at.table::<u32>(out, key, table),
                LaneType::Int32 => at.table::<i32>(out, key, table),
                LaneType::Int64 => at.table::<i64>(out, key, table),
                LaneType::Int128 => at.table::<i128>(out, key, table),
            },
            VectorOp::Place(number, base, table) => match lane_of(out) {
                LaneType::Bit => at.place::<bool>(out, number, base, table),
                LaneType::Key => at.place::<u32>(out, number, base, table),
                LaneType::Int32 => at.place::<i32>(out, number, base, table),
                LaneType::Int64 => at.place::<i64>(out, number, base, table),
                LaneType::Int128 => at.place::<i128>(out, number, base, table),
            },
        }
    }
}

fn lane_of(cells: &Buffer) -> LaneType {
    match cells {
        Buffer::Bit(_) => LaneType::Bit,
        Buffer::Key(_) => LaneType::Key,
        Buffer::Int32(_) => LaneType::Int32,
        Buffer::Int64(_) => LaneType::Int64,
        Buffer::Int128(_) => LaneType::Int128,
    }
}

/// As many cells as there are rows, to be written.
fn room<'o, T: Element>(out: &'o mut Buffer, chunk: RowSlice<'_>) -> Option<&'o mut [T]> {
    let list = T::list(out)?;
    list.resize(chunk.count, T::default());
    Some(list)
}

fn of_length<'a, T>(cells: &'a [T], chunk: RowSlice<'_>) -> Option<&'a [T]> {
    (cells.len() == chunk.count).then_some(cells)
}

/// What an instruction reads its operands from.
#[derive(Clone, Copy)]
struct Execution<'a> {
    machine: &'a Machine,
    program: &'a Program,
    chunk: RowSlice<'a>,
}

impl<'a> Execution<'a> {
    fn each<T: Element>(self, reg: u32) -> Option<&'a [T]> {
        self.machine.cells(self.program, self.chunk, reg)
    }

    fn bits(self, reg: u32) -> Option<&'a [bool]> {
        self.each(reg)
    }

    fn operand<T: Element>(self, arg: Arg) -> Option<Operand<'a, T>> {
        self.machine.operand(self.program, self.chunk, arg)
    }

    fn junction(self, out: &mut Buffer, a: u32, b: u32, f: impl Fn(bool, bool) -> bool) -> Option<()> {
        kernels::binary(self.machine.arch, room(out, self.chunk)?, self.bits(a)?, self.bits(b)?, f)
    }

    fn compare<T: Element>(self, out: &mut Buffer, relation: graph::Relation, a: Arg, b: Arg) -> Option<()> {
        kernels::compare::<T>(
            self.machine.arch,
            room(out, self.chunk)?,
            relation,
            self.operand(a)?,
            self.operand(b)?,
        )
    }

    fn choose<T: Element>(self, out: &mut Buffer, when: u32, a: Arg, b: Arg) -> Option<()> {
        let when = self.bits(when)?;
        kernels::choose::<T>(
            self.machine.arch,
            room(out, self.chunk)?,
            when,
            self.operand(a)?,
            self.operand(b)?,
        )
    }

    fn number(self, lane: LaneType, out: &mut Buffer, op: Arithmetic, a: Arg, b: Arg) -> Option<()> {
        match lane {
            LaneType::Bit | LaneType::Key => None,
            LaneType::Int32 => self.arithmetic::<i32>(out, op, a, b),
            LaneType::Int64 => self.arithmetic::<i64>(out, op, a, b),
            LaneType::Int128 => self.arithmetic::<i128>(out, op, a, b),
        }
    }

    fn arithmetic<T: Whole>(self, out: &mut Buffer, op: Arithmetic, a: Arg, b: Arg) -> Option<()> {
        kernels::arithmetic::<T>(
            self.machine.arch,
            room(out, self.chunk)?,
            op,
            self.operand(a)?,
            self.operand(b)?,
        )
    }

    fn convert(self, from: LaneType, of: u32, out: &mut Buffer) -> Option<()> {
        let arch = self.machine.arch;
        let chunk = self.chunk;
        match (from, lane_of(out)) {
            (LaneType::Int32, LaneType::Int64) => {
                kernels::unary(arch, room(out, chunk)?, self.each::<i32>(of)?, i64::from)
            }
            (LaneType::Int32, LaneType::Int128) => {
                kernels::unary(arch, room(out, chunk)?, self.each::<i32>(of)?, i128::from)
            }
            (LaneType::Int64, LaneType::Int128) => {
                kernels::unary(arch, room(out, chunk)?, self.each::<i64>(of)?, i128::from)
            }
            (LaneType::Int64, LaneType::Int32) => {
                kernels::unary(arch, room(out, chunk)?, self.each::<i64>(of)?, |a| a as i32)
            }
            (LaneType::Int128, LaneType::Int32) => {
                kernels::unary(arch, room(out, chunk)?, self.each::<i128>(of)?, |a| a as i32)
            }
            (LaneType::Int128, LaneType::Int64) => {
                kernels::unary(arch, room(out, chunk)?, self.each::<i128>(of)?, |a| a as i64)
            }
            _ => None,
        }
    }

    fn divide(
        self,
        instruction: &VectorInstruction,
        out: &mut Buffer,
        of: u32,
        divisor: i128,
        mode: graph::RoundingMode,
    ) -> Option<()> {
        let arch = self.machine.arch;
        match (instruction.lane, instruction.divider) {
            (LaneType::Int64, Some(by)) => {
                let (out, a) = (room(out, self.chunk)?, self.each::<i64>(of)?);
                match mode {
                    graph::RoundingMode::HalfUp => kernels::divide_long::<lanes::HalfUp>(arch, out, a, by),
                    graph::RoundingMode::HalfEven => {
                        kernels::divide_long::<lanes::HalfEven>(arch, out, a, by)
                    }
                    graph::RoundingMode::HalfDown => {
                        kernels::divide_long::<lanes::HalfDown>(arch, out, a, by)
                    }
                    graph::RoundingMode::Up => kernels::divide_long::<lanes::Up>(arch, out, a, by),
                    graph::RoundingMode::Down => kernels::divide_long::<lanes::Down>(arch, out, a, by),
                }
            }
            (LaneType::Int64, None) => {
                let out = room::<i64>(out, self.chunk)?;
                for (out, a) in out.iter_mut().zip(self.each::<i64>(of)?) {
                    *out = i64::try_from(graph::quotient((*a).into(), divisor, mode)?).ok()?;
                }
                Some(())
            }
            (LaneType::Int128, _) => {
                kernels::divide_wide(room(out, self.chunk)?, self.each::<i128>(of)?, divisor, mode)
            }
            _ => None,
        }
    }

    fn ratio(
        self,
        lane: LaneType,
        out: &mut Buffer,
        (of, by): (Arg, u32),
        mode: graph::RoundingMode,
    ) -> Option<()> {
        match lane {
            LaneType::Int64 => {
                let (a, by) = (self.operand::<i64>(of)?, Operand::Each(self.each::<i64>(by)?));
                let out = room(out, self.chunk)?;
                kernels::broadcast(self.machine.arch, out, a, by, |a, by| graph::ratio_long(a, by, mode))
            }
            LaneType::Int128 => {
                let (a, by) = (self.operand::<i128>(of)?, Operand::Each(self.each::<i128>(by)?));
                let out = room(out, self.chunk)?;
                kernels::broadcast(self.machine.arch, out, a, by, |a, by| graph::ratio_wide(a, by, mode))
            }
            LaneType::Bit | LaneType::Key | LaneType::Int32 => None,
        }
    }

    fn truths(self, out: &mut Buffer, key: u32, table: u32) -> Option<()> {
        let table = bool::view(self.program.tables.get(table as usize)?);
        let (out, keys) = (room(out, self.chunk)?, self.each::<u32>(key)?);
        if table.len() > 32 {
            return kernels::table(out, keys, table);
        }
        let word = table.iter().rev().fold(0u32, |word, bit| word << 1 | u32::from(*bit));
        kernels::bits(self.machine.arch, out, keys, word)
    }

    fn table<T: Element>(self, out: &mut Buffer, key: u32, table: u32) -> Option<()> {
        let table = T::view(self.program.tables.get(table as usize)?);
        kernels::table(room(out, self.chunk)?, self.each::<u32>(key)?, table)
    }

    fn place<T: Element>(self, out: &mut Buffer, number: u32, base: i32, table: u32) -> Option<()> {
        let table = T::view(self.program.tables.get(table as usize)?);
        kernels::place(room(out, self.chunk)?, self.each::<i32>(number)?, base, table)
    }
}
