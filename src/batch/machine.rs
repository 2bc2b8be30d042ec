//! A column program and what runs it, a thousand rows at a time, so that all registers stay near the processor.

use super::column::{Column, Columns};
use super::divide::Divider;
use super::graph::{self, Arg, Graph, Op};
use super::kernels::{self, Arithmetic, Side};
use super::lanes::{self, Cell, Cells, Lane, Whole};
use pulp::Arch;

/// Rows worked on at once.
pub(super) const CHUNK: usize = 1024;

/// Operations in their order, and where their results stand.
#[derive(Debug)]
pub(super) struct Program {
    steps: Vec<Step>,
    /// For each register of the graph.
    places: Vec<Place>,
    lanes: Vec<Lane>,
    slots: Vec<Lane>,
    tables: Vec<Cells>,
}

#[derive(Clone, Copy, Debug)]
struct Step {
    op: Op,
    /// Of the operands.
    lane: Lane,
    slot: u32,
    reg: u32,
    divider: Option<Divider>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// It is a column as it stands.
    Column(u32),
    Slot(u32),
    /// Nobody reads it.
    Nowhere,
}

impl Program {
    /// The operations that `wanted` needs; those keep their slots to the end.
    pub fn new(graph: Graph, wanted: &[Arg]) -> Program {
        let mut last = vec![None::<usize>; graph.nodes.len()];
        let mut needed = vec![false; graph.nodes.len()];
        let mut need = |arg: u32, at: usize, needed: &mut Vec<bool>| {
            if let (Some(needed), Some(last)) = (needed.get_mut(arg as usize), last.get_mut(arg as usize)) {
                *needed = true;
                *last = Some(last.map_or(at, |last: usize| last.max(at)));
            }
        };
        for arg in wanted.iter().filter_map(|arg| graph::reg(*arg)) {
            need(arg, usize::MAX, &mut needed);
        }
        for (at, node) in graph.nodes.iter().enumerate().rev() {
            if needed.get(at) == Some(&true) {
                operands(node.op, |arg| need(arg, at, &mut needed));
            }
        }
        let mut program = Program {
            steps: Vec::new(),
            places: Vec::new(),
            lanes: graph.nodes.iter().map(|node| node.lane).collect(),
            slots: Vec::new(),
            tables: Vec::new(),
        };
        let mut free: Vec<u32> = Vec::new();
        for (at, node) in graph.nodes.iter().enumerate() {
            let place = match node.op {
                _ if needed.get(at) != Some(&true) => Place::Nowhere,
                Op::Load(column) => Place::Column(column),
                _ => Place::Slot(program.slot(node.lane, &mut free)),
            };
            program.places.push(place);
            let Place::Slot(slot) = place else { continue };
            let mut lane = node.lane;
            operands(node.op, |arg| match node.op {
                Op::Choose(..) => {}
                _ => lane = graph.lane(Arg::Reg(arg)),
            });
            let divider = match node.op {
                Op::Divide(of, divisor, _) => {
                    let (lo, hi) = graph.range(Arg::Reg(of));
                    Divider::new(divisor.unsigned_abs(), lo.unsigned_abs().max(hi.unsigned_abs()))
                }
                _ => None,
            };
            let reg = u32::try_from(at).unwrap_or(u32::MAX);
            program.steps.push(Step { op: node.op, lane, slot, reg, divider });
            operands(node.op, |arg| {
                if last.get(arg as usize) == Some(&Some(at))
                    && let Some(Place::Slot(slot)) = program.places.get(arg as usize)
                    && !free.contains(slot)
                {
                    free.push(*slot);
                }
            });
        }
        program.tables = graph.tables;
        program
    }

    fn slot(&mut self, lane: Lane, free: &mut Vec<u32>) -> u32 {
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
        let wide = |step: &Step| step.lane == Lane::Int128 || self.lane(step.reg) == Some(Lane::Int128);
        !self.steps.iter().any(wide)
    }

    /// Each operation with the register that it fills.
    pub fn operations(&self) -> impl Iterator<Item = (Op, u32, Option<Divider>)> {
        self.steps.iter().map(|step| (step.op, step.reg, step.divider))
    }

    /// The registers that are columns as they stand, each with its column.
    pub fn loads(&self) -> impl Iterator<Item = (u32, u32)> {
        (0u32..).zip(&self.places).filter_map(|(reg, place)| match place {
            Place::Column(column) => Some((reg, *column)),
            _ => None,
        })
    }

    pub fn tables(&self) -> &[Cells] {
        &self.tables
    }

    pub fn registers(&self) -> usize {
        self.places.len()
    }

    /// The lane of a register.
    pub fn lane(&self, reg: u32) -> Option<Lane> {
        self.lanes.get(reg as usize).copied()
    }
}

fn operands(op: Op, mut visit: impl FnMut(u32)) {
    let mut args = |list: &[Arg]| list.iter().filter_map(|arg| graph::reg(*arg)).for_each(&mut visit);
    match op {
        Op::Load(_) | Op::Stated(_) | Op::Odd(_) => {}
        Op::Convert(a) | Op::Not(a) | Op::Divide(a, ..) | Op::Table(a, _) | Op::Place(a, ..) => visit(a),
        Op::And(a, b) | Op::Or(a, b) | Op::Except(a, b) => {
            visit(a);
            visit(b);
        }
        Op::Compare(_, a, b) | Op::Minus(a, b) => args(&[a, b]),
        Op::Plus(a, b) | Op::Times(a, b) | Op::Least(a, b) | Op::Greatest(a, b) => args(&[Arg::Reg(a), b]),
        Op::Choose(when, a, b) => args(&[Arg::Reg(when), a, b]),
    }
}

/// The registers of one thread.
#[derive(Debug)]
pub(super) struct Machine {
    arch: Arch,
    slots: Vec<Cells>,
}

/// The rows a program is run on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window<'a> {
    pub rows: &'a Columns,
    pub start: usize,
    pub count: usize,
}

impl Columns {
    pub(super) fn all(&self) -> Window<'_> {
        Window { rows: self, start: 0, count: self.rows }
    }
}

impl<'a> Window<'a> {
    fn column(self, place: u32) -> Option<&'a Column> {
        self.rows.columns.get(place as usize).map(|(_, column)| column)
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
    pub fn run(&mut self, program: &Program, window: Window<'_>) -> Option<()> {
        for (at, lane) in program.slots.iter().enumerate() {
            match self.slots.get(at) {
                None => self.slots.push(Cells::new(*lane)),
                Some(cells) if lane_of(cells) != *lane => {
                    if let Some(place) = self.slots.get_mut(at) {
                        *place = Cells::new(*lane);
                    }
                }
                Some(_) => {}
            }
        }
        for step in &program.steps {
            // The slot written is never one that is read: taken out, it is ours.
            let place = self.slots.get_mut(step.slot as usize)?;
            let mut out = std::mem::replace(place, Cells::Bit(Vec::new()));
            let done = self.step(program, step, window, &mut out);
            *self.slots.get_mut(step.slot as usize)? = out;
            done?;
        }
        Some(())
    }

    /// What a register came to.
    pub fn cells<'a, T: Cell>(&'a self, program: &Program, window: Window<'a>, reg: u32) -> Option<&'a [T]> {
        let cells = match program.places.get(reg as usize)? {
            Place::Column(column) => window.part(T::column(&window.column(*column)?.values)),
            Place::Slot(slot) => T::view(self.slots.get(*slot as usize)?),
            Place::Nowhere => return None,
        };
        (cells.len() == window.count).then_some(cells)
    }

    fn side<'a, T: Cell>(&'a self, program: &Program, window: Window<'a>, arg: Arg) -> Option<Side<'a, T>> {
        match arg {
            Arg::Const(value) => Some(Side::All(T::narrow(value))),
            Arg::Reg(reg) => self.cells(program, window, reg).map(Side::Each),
        }
    }

    fn step(&self, program: &Program, step: &Step, window: Window<'_>, out: &mut Cells) -> Option<()> {
        let at = Eye { machine: self, program, window };
        match step.op {
            Op::Load(_) => None,
            Op::Stated(column) => {
                let out = room::<bool>(out, window)?;
                match &window.column(column)?.stated {
                    Some(stated) => out.copy_from_slice(of_length(window.part(stated), window)?),
                    None => out.fill(true),
                }
                Some(())
            }
            Op::Odd(column) => {
                let out = room::<bool>(out, window)?;
                out.fill(false);
                let start = u32::try_from(window.start).ok()?;
                let end = start.checked_add(u32::try_from(window.count).ok()?)?;
                for row in window.column(column)?.odd.range(start..end).map(|(row, _)| *row) {
                    *out.get_mut((row - start) as usize)? = true;
                }
                Some(())
            }
            Op::Convert(of) => at.convert(step.lane, of, out),
            Op::Not(a) => kernels::one(self.arch, room::<bool>(out, window)?, at.bits(a)?, |a| !a),
            Op::And(a, b) => at.junction(out, a, b, |a, b| a & b),
            Op::Or(a, b) => at.junction(out, a, b, |a, b| a | b),
            Op::Except(a, b) => at.junction(out, a, b, |a, b| a & !b),
            Op::Compare(relation, a, b) => match step.lane {
                Lane::Bit => at.compare::<bool>(out, relation, a, b),
                Lane::Key => at.compare::<u32>(out, relation, a, b),
                Lane::Int32 => at.compare::<i32>(out, relation, a, b),
                Lane::Int64 => at.compare::<i64>(out, relation, a, b),
                Lane::Int128 => at.compare::<i128>(out, relation, a, b),
            },
            Op::Plus(a, b) => at.number(step.lane, out, Arithmetic::Plus, Arg::Reg(a), b),
            Op::Minus(a, b) => at.number(step.lane, out, Arithmetic::Minus, a, b),
            Op::Times(a, b) => at.number(step.lane, out, Arithmetic::Times, Arg::Reg(a), b),
            Op::Least(a, b) => at.number(step.lane, out, Arithmetic::Least, Arg::Reg(a), b),
            Op::Greatest(a, b) => at.number(step.lane, out, Arithmetic::Greatest, Arg::Reg(a), b),
            Op::Choose(when, a, b) => match lane_of(out) {
                Lane::Bit => None,
                Lane::Key => at.choose::<u32>(out, when, a, b),
                Lane::Int32 => at.choose::<i32>(out, when, a, b),
                Lane::Int64 => at.choose::<i64>(out, when, a, b),
                Lane::Int128 => at.choose::<i128>(out, when, a, b),
            },
            Op::Divide(of, divisor, mode) => at.divide(step, out, of, divisor, mode),
            Op::Table(key, table) => match lane_of(out) {
                Lane::Bit => at.truths(out, key, table),
                Lane::Key => at.table::<u32>(out, key, table),
                Lane::Int32 => at.table::<i32>(out, key, table),
                Lane::Int64 => at.table::<i64>(out, key, table),
                Lane::Int128 => at.table::<i128>(out, key, table),
            },
            Op::Place(number, base, table) => match lane_of(out) {
                Lane::Bit => at.place::<bool>(out, number, base, table),
                Lane::Key => at.place::<u32>(out, number, base, table),
                Lane::Int32 => at.place::<i32>(out, number, base, table),
                Lane::Int64 => at.place::<i64>(out, number, base, table),
                Lane::Int128 => at.place::<i128>(out, number, base, table),
            },
        }
    }
}

fn lane_of(cells: &Cells) -> Lane {
    match cells {
        Cells::Bit(_) => Lane::Bit,
        Cells::Key(_) => Lane::Key,
        Cells::Int32(_) => Lane::Int32,
        Cells::Int64(_) => Lane::Int64,
        Cells::Int128(_) => Lane::Int128,
    }
}

/// As many cells as there are rows, to be written.
fn room<'o, T: Cell>(out: &'o mut Cells, window: Window<'_>) -> Option<&'o mut [T]> {
    let list = T::list(out)?;
    list.resize(window.count, T::default());
    Some(list)
}

fn of_length<'a, T>(cells: &'a [T], window: Window<'_>) -> Option<&'a [T]> {
    (cells.len() == window.count).then_some(cells)
}

/// What a step sees.
#[derive(Clone, Copy)]
struct Eye<'a> {
    machine: &'a Machine,
    program: &'a Program,
    window: Window<'a>,
}

impl<'a> Eye<'a> {
    fn each<T: Cell>(self, reg: u32) -> Option<&'a [T]> {
        self.machine.cells(self.program, self.window, reg)
    }

    fn bits(self, reg: u32) -> Option<&'a [bool]> {
        self.each(reg)
    }

    fn side<T: Cell>(self, arg: Arg) -> Option<Side<'a, T>> {
        self.machine.side(self.program, self.window, arg)
    }

    fn junction(self, out: &mut Cells, a: u32, b: u32, f: impl Fn(bool, bool) -> bool) -> Option<()> {
        kernels::two(self.machine.arch, room(out, self.window)?, self.bits(a)?, self.bits(b)?, f)
    }

    fn compare<T: Cell>(self, out: &mut Cells, relation: graph::Relation, a: Arg, b: Arg) -> Option<()> {
        kernels::compare::<T>(
            self.machine.arch,
            room(out, self.window)?,
            relation,
            self.side(a)?,
            self.side(b)?,
        )
    }

    fn choose<T: Cell>(self, out: &mut Cells, when: u32, a: Arg, b: Arg) -> Option<()> {
        let when = self.bits(when)?;
        kernels::choose::<T>(self.machine.arch, room(out, self.window)?, when, self.side(a)?, self.side(b)?)
    }

    fn number(self, lane: Lane, out: &mut Cells, op: Arithmetic, a: Arg, b: Arg) -> Option<()> {
        match lane {
            Lane::Bit | Lane::Key => None,
            Lane::Int32 => self.arithmetic::<i32>(out, op, a, b),
            Lane::Int64 => self.arithmetic::<i64>(out, op, a, b),
            Lane::Int128 => self.arithmetic::<i128>(out, op, a, b),
        }
    }

    fn arithmetic<T: Whole>(self, out: &mut Cells, op: Arithmetic, a: Arg, b: Arg) -> Option<()> {
        kernels::arithmetic::<T>(self.machine.arch, room(out, self.window)?, op, self.side(a)?, self.side(b)?)
    }

    fn convert(self, from: Lane, of: u32, out: &mut Cells) -> Option<()> {
        let arch = self.machine.arch;
        let window = self.window;
        match (from, lane_of(out)) {
            (Lane::Int32, Lane::Int64) => {
                kernels::one(arch, room(out, window)?, self.each::<i32>(of)?, i64::from)
            }
            (Lane::Int32, Lane::Int128) => {
                kernels::one(arch, room(out, window)?, self.each::<i32>(of)?, i128::from)
            }
            (Lane::Int64, Lane::Int128) => {
                kernels::one(arch, room(out, window)?, self.each::<i64>(of)?, i128::from)
            }
            (Lane::Int64, Lane::Int32) => {
                kernels::one(arch, room(out, window)?, self.each::<i64>(of)?, |a| a as i32)
            }
            (Lane::Int128, Lane::Int32) => {
                kernels::one(arch, room(out, window)?, self.each::<i128>(of)?, |a| a as i32)
            }
            (Lane::Int128, Lane::Int64) => {
                kernels::one(arch, room(out, window)?, self.each::<i128>(of)?, |a| a as i64)
            }
            _ => None,
        }
    }

    fn divide(self, step: &Step, out: &mut Cells, of: u32, divisor: i128, mode: graph::Mode) -> Option<()> {
        let arch = self.machine.arch;
        match (step.lane, step.divider) {
            (Lane::Int64, Some(by)) => {
                let (out, a) = (room(out, self.window)?, self.each::<i64>(of)?);
                match mode {
                    graph::Mode::HalfUp => kernels::divide_long::<lanes::HalfUp>(arch, out, a, by),
                    graph::Mode::HalfEven => kernels::divide_long::<lanes::HalfEven>(arch, out, a, by),
                    graph::Mode::HalfDown => kernels::divide_long::<lanes::HalfDown>(arch, out, a, by),
                    graph::Mode::Up => kernels::divide_long::<lanes::Up>(arch, out, a, by),
                    graph::Mode::Down => kernels::divide_long::<lanes::Down>(arch, out, a, by),
                }
            }
            (Lane::Int64, None) => {
                let out = room::<i64>(out, self.window)?;
                for (out, a) in out.iter_mut().zip(self.each::<i64>(of)?) {
                    *out = i64::try_from(graph::quotient((*a).into(), divisor, mode)?).ok()?;
                }
                Some(())
            }
            (Lane::Int128, _) => {
                kernels::divide_wide(room(out, self.window)?, self.each::<i128>(of)?, divisor, mode)
            }
            _ => None,
        }
    }

    fn truths(self, out: &mut Cells, key: u32, table: u32) -> Option<()> {
        let table = bool::view(self.program.tables.get(table as usize)?);
        let (out, keys) = (room(out, self.window)?, self.each::<u32>(key)?);
        if table.len() > 32 {
            return kernels::table(out, keys, table);
        }
        let word = table.iter().rev().fold(0u32, |word, bit| word << 1 | u32::from(*bit));
        kernels::bits(self.machine.arch, out, keys, word)
    }

    fn table<T: Cell>(self, out: &mut Cells, key: u32, table: u32) -> Option<()> {
        let table = T::view(self.program.tables.get(table as usize)?);
        kernels::table(room(out, self.window)?, self.each::<u32>(key)?, table)
    }

    fn place<T: Cell>(self, out: &mut Cells, number: u32, base: i32, table: u32) -> Option<()> {
        let table = T::view(self.program.tables.get(table as usize)?);
        kernels::place(room(out, self.window)?, self.each::<i32>(number)?, base, table)
    }
}
