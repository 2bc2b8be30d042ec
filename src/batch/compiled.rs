//! A batch made into a column program, and its registers into answers.

use super::Batch;
use super::bad::Bad;
use super::column::{ColumnValues, Columns, DecidingRule, OutcomeColumn};
use super::compiler::BatchCompiler;
use super::fit::Fit;
use super::graph::{self, Arg, Graph};
use super::hoist::HoistCache;
use super::judged::ReasonRegisters;
use super::kernels;
use super::lanes::{Element, LaneType};
use super::machine::{Machine, Program, RowSlice};
use super::term::{Bailout, TOO_LARGE, TermKind};
use super::totals::RunningTotals;
use crate::outcome::Status;
use crate::policy::{FieldId, OutcomeId, Type};
use crate::run::Decided;
use crate::value::{Number, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A program, what it is made for, and where the answers stand.
#[derive(Debug)]
pub(super) struct CompiledBatch {
    /// The fields of the columns, in their order.
    fields: Vec<FieldId>,
    pub program: Program,
    /// For each column; none: nothing that is compiled rests on it.
    pub fits: Vec<Option<Fit>>,
    /// For each question; left to `run`, and why.
    pub outputs: Vec<Result<OutcomeRegisters, Bailout>>,
}

#[derive(Debug)]
pub(super) struct OutcomeRegisters {
    kept: Kept,
    /// The rows that are left to `run`, and those that are certainly an error.
    open: Arg,
    error: Arg,
    gap: Arg,
    reasons: ReasonRegisters,
}

/// A whole number of one row, or why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WholeRead {
    One(i64),
    Fails,
    Open,
}

/// A register as a column of answers.
#[derive(Debug)]
enum Kept {
    Bit(Arg),
    Scaled {
        arg: Arg,
        scale: u8,
    },
    /// Times a number that is no power of ten.
    Ratio {
        arg: Arg,
        den: i128,
    },
    /// Over a number of the row, and times a number.
    Quotient {
        arg: Arg,
        by: Arg,
    },
    Days(Arg),
    Durations(Arg),
    Word {
        arg: Arg,
        dictionary: Arc<[Value]>,
    },
}

impl CompiledBatch {
    pub fn new(
        batch: &Batch<'_>,
        rows: &Columns,
        fits: Vec<Option<Fit>>,
        questions: &[(OutcomeId, bool)],
        cache: &mut HoistCache,
        running: &RunningTotals,
    ) -> CompiledBatch {
        let mut compiler = BatchCompiler::new(batch, rows, &fits, cache, running);
        let day = row_day(&mut compiler);
        let mut outputs: Vec<Result<OutcomeRegisters, Bailout>> = Vec::new();
        for (outcome, possible) in questions {
            let output = match (&day, possible) {
                (_, false) => Err(Bailout("it reads other rows of the table")),
                (Err(no), _) => Err(*no),
                (Ok(day), true) => output(&mut compiler, *outcome, *day),
            };
            outputs.push(output);
        }
        let BatchCompiler { graph, looked, .. } = compiler;
        CompiledBatch::of(rows, fits, (graph, &looked), outputs)
    }

    /// The registers that answer, and all that they rest on.
    pub fn of(
        rows: &Columns,
        fits: Vec<Option<Fit>>,
        (graph, looked): (Graph, &BTreeSet<u32>),
        outputs: Vec<Result<OutcomeRegisters, Bailout>>,
    ) -> CompiledBatch {
        let wanted: Vec<Arg> = outputs.iter().flatten().flat_map(OutcomeRegisters::args).collect();
        let program = Program::new(graph, &wanted);
        let fits = (0u32..).zip(fits).map(|(at, fit)| fit.filter(|_| looked.contains(&at))).collect();
        let fields = rows.columns.iter().map(|(field, _)| *field).collect();
        CompiledBatch { fields, program, fits, outputs }
    }

    /// The columns, each with its fit if anything rests on it.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = (FieldId, Option<&Fit>)> {
        self.fields.iter().copied().zip(self.fits.iter().map(Option::as_ref))
    }

    /// Whether it is about columns of these fields.
    pub fn is_for(&self, rows: &Columns) -> bool {
        self.fields.iter().eq(rows.columns.iter().map(|(field, _)| field))
    }

    /// Whether it is right for such columns.
    pub fn covers(&self, rows: &Columns, fits: &[Option<Fit>]) -> bool {
        self.is_for(rows)
            && self.fits.len() == fits.len()
            && self.fits.iter().zip(fits).all(|(made, fit)| match (made, fit) {
                (None, _) => true,
                (Some(made), Some(fit)) => made.covers(fit),
                (Some(_), None) => false,
            })
    }

    /// Whether the answers of both can stand in the same columns.
    pub fn is_like(&self, other: &CompiledBatch) -> bool {
        self.outputs.iter().zip(&other.outputs).all(|(one, other)| match (one, other) {
            (Ok(one), Ok(other)) => one.is_like(other),
            (Err(_), Err(_)) => true,
            _ => false,
        })
    }
}

/// The day on which rows are asked, and the rows that have none (T9).
#[derive(Clone, Copy)]
pub(super) struct RowDay {
    pub day: Arg,
    pub bad: Bad,
    /// What is dated `never` is on no day: of it no rule speaks.
    pub never: Arg,
}

pub(super) fn row_day(compiler: &mut BatchCompiler<'_, '_>) -> Result<RowDay, Bailout> {
    let entity = &compiler.batch.policy.entities[compiler.batch.entity];
    let on = Arg::Const(compiler.batch.point.on.number().into());
    let Some(dated) = entity.dated else {
        return Ok(RowDay { day: on, bad: Bad::NONE, never: Arg::FALSE });
    };
    let at = compiler.row(on);
    let term = compiler.field(dated, &at)?;
    let day = term.number()?;
    let never = compiler.is_never(day.arg);
    let never = compiler.graph.except(never, term.bad.any);
    let day = compiler.a_day(day.arg)?;
    compiler.own_day = day;
    Ok(RowDay { day, bad: term.bad, never })
}

fn output(
    compiler: &mut BatchCompiler<'_, '_>,
    outcome: OutcomeId,
    RowDay { day, bad: dateless, never }: RowDay,
) -> Result<OutcomeRegisters, Bailout> {
    let at = compiler.row(day);
    let judged = compiler.judge(outcome, &at)?;
    let graph = &mut compiler.graph;
    let bad = graph.within(dateless, judged.value.bad);
    let open = graph.open(bad);
    let (open, error) = (graph.except(open, never), graph.except(bad.fails, never));
    if open == Arg::TRUE {
        return Err(Bailout("it is open for every row"));
    }
    let gap = graph.or(judged.gap, never);
    let silent = graph.or(never, dateless.fails);
    let reasons = judged.reasons.without(graph, silent);
    let ty = &compiler.batch.policy.outcomes[outcome].ty;
    let kept = match (judged.value.kind, ty) {
        (TermKind::Bit(arg), Type::Bool) => Kept::Bit(arg),
        (TermKind::Number(number), Type::Date) => Kept::Days(number.arg),
        (TermKind::Number(number), Type::Duration(_)) => Kept::Durations(number.arg),
        (TermKind::Number(number), Type::Number { .. }) => {
            let scale = (0..=18u8).find(|scale| 10i128.pow((*scale).into()) % number.den == 0);
            match scale {
                Some(scale) => {
                    Kept::Scaled { arg: compiler.graph.rescale(number, 10i128.pow(scale.into()))?, scale }
                }
                None => Kept::Ratio { arg: number.arg, den: number.den },
            }
        }
        (TermKind::Quotient(number), Type::Number { .. }) => {
            let by = compiler.graph.times(number.by, Arg::Const(number.top.den));
            Kept::Quotient { arg: number.top.arg, by: by.ok_or(TOO_LARGE)? }
        }
        (TermKind::Word(word), _) => Kept::Word { arg: word.arg, dictionary: word.dictionary },
        _ => return Err(Bailout("its values are of different kinds")),
    };
    Ok(OutcomeRegisters { kept, open, error, gap, reasons })
}

impl OutcomeRegisters {
    /// A whole number, and no reasons.
    pub fn of_whole(graph: &mut Graph, arg: Arg, bad: Bad) -> OutcomeRegisters {
        let reasons = ReasonRegisters::One { key: Arg::Const(0), sets: Vec::new() };
        let open = graph.open(bad);
        OutcomeRegisters {
            kept: Kept::Scaled { arg, scale: 0 },
            open,
            error: bad.fails,
            gap: Arg::FALSE,
            reasons,
        }
    }

    /// Whether no row is left open and none is an error, whatever its cells.
    #[cfg(test)]
    pub fn is_sure(&self) -> bool {
        (self.open, self.error) == (Arg::FALSE, Arg::FALSE)
    }

    /// What [`OutcomeRegisters::of_whole`] was made of, in one row.
    pub fn read_whole(&self, cell: impl Fn(Arg) -> i64) -> WholeRead {
        match self.kept {
            _ if cell(self.open) != 0 => WholeRead::Open,
            _ if cell(self.error) != 0 => WholeRead::Fails,
            Kept::Scaled { arg, .. } => WholeRead::One(cell(arg)),
            _ => WholeRead::Open,
        }
    }

    /// The answer of one row, by what its registers hold; `None`: it is left to `run`.
    pub fn read(&self, cell: impl Fn(Arg) -> i64) -> Option<Decided> {
        if cell(self.open) != 0 {
            return None;
        }
        if cell(self.error) != 0 {
            return Some(Decided::Error);
        }
        if cell(self.gap) != 0 {
            return Some(Decided::Gap);
        }
        Some(Decided::Value(match &self.kept {
            Kept::Bit(arg) => Value::Bool(cell(*arg) != 0),
            Kept::Scaled { arg, scale } => Value::Number(Number::scaled(whole(*arg, &cell), *scale)?),
            Kept::Ratio { arg, den } => Value::Number(Number::ratio_of(whole(*arg, &cell), *den)?),
            Kept::Quotient { arg, by } => {
                Value::Number(Number::ratio_of(whole(*arg, &cell), whole(*by, &cell))?)
            }
            Kept::Days(arg) => Value::Date(super::column::day(i32::try_from(cell(*arg)).ok()?)?),
            Kept::Durations(arg) => Value::Duration(cell(*arg)),
            Kept::Word { arg, dictionary } => dictionary.get(usize::try_from(cell(*arg)).ok()?)?.clone(),
        }))
    }

    /// All that it is read from.
    pub fn args(&self) -> Vec<Arg> {
        let mut args = vec![self.open, self.error, self.gap];
        match self.kept {
            Kept::Bit(arg) | Kept::Scaled { arg, .. } | Kept::Ratio { arg, .. } => args.push(arg),
            Kept::Days(arg) | Kept::Durations(arg) | Kept::Word { arg, .. } => args.push(arg),
            Kept::Quotient { arg, by } => args.extend([arg, by]),
        }
        match &self.reasons {
            ReasonRegisters::One { key, .. } => args.push(*key),
            ReasonRegisters::Many(deciding_rules) => {
                args.extend(deciding_rules.iter().map(|(rows, _)| *rows))
            }
        }
        args
    }

    /// The rules behind the answer of one row; those that are put together for it go into `room`.
    pub fn deciding_rules<'a>(
        &'a self,
        cell: impl Fn(Arg) -> i64,
        room: &'a mut Vec<DecidingRule>,
    ) -> &'a [DecidingRule] {
        room.clear();
        match &self.reasons {
            _ if cell(self.gap) != 0 || cell(self.error) != 0 => room,
            ReasonRegisters::One { key, sets } => {
                let set = usize::try_from(cell(*key)).ok().and_then(|key| sets.get(key));
                set.map_or(&*room, Vec::as_slice)
            }
            ReasonRegisters::Many(all) => {
                room.extend(all.iter().filter(|(rows, _)| cell(*rows) != 0).map(|(_, deciding)| *deciding));
                room
            }
        }
    }

    /// Room for the answers of that many rows; what stands in it is of no account.
    pub fn prepare(&self, column: &mut OutcomeColumn, rows: usize) {
        column.status.resize(rows, Status::Determined);
        column.reasons.keys.resize(rows, 0);
        column.side.clear();
        column.reasons.sets.clear();
        match &self.reasons {
            ReasonRegisters::One { sets, .. } => column.reasons.sets.extend(sets.iter().cloned()),
            ReasonRegisters::Many(_) => column.reasons.sets.push(Vec::new()),
        }
        match (&self.kept, &mut column.values) {
            (Kept::Bit(_), ColumnValues::Bool(list)) => list.resize(rows, false),
            (Kept::Scaled { scale, .. }, ColumnValues::Scaled { values, scale: old }) => {
                *old = *scale;
                values.resize(rows, 0);
            }
            (Kept::Ratio { .. } | Kept::Quotient { .. }, ColumnValues::Exact(list)) => {
                list.resize(rows, Number::ZERO)
            }
            (Kept::Days(_), ColumnValues::Days(list)) => list.resize(rows, 0),
            (Kept::Durations(_), ColumnValues::Durations(list)) => list.resize(rows, 0),
            (Kept::Word { dictionary, .. }, ColumnValues::Words { dictionary: old, keys }) => {
                *old = dictionary.clone();
                keys.resize(rows, 0);
            }
            (Kept::Bit(_), values) => *values = ColumnValues::Bool(vec![false; rows]),
            (Kept::Scaled { scale, .. }, values) => {
                *values = ColumnValues::Scaled { values: vec![0; rows], scale: *scale };
            }
            (Kept::Ratio { .. } | Kept::Quotient { .. }, values) => {
                *values = ColumnValues::Exact(vec![Number::ZERO; rows])
            }
            (Kept::Days(_), values) => *values = ColumnValues::Days(vec![0; rows]),
            (Kept::Durations(_), values) => *values = ColumnValues::Durations(vec![0; rows]),
            (Kept::Word { dictionary, .. }, values) => {
                *values = ColumnValues::Words { dictionary: dictionary.clone(), keys: vec![0; rows] };
            }
        }
    }

    /// Whether another program holds its answers so that they can stand in one column.
    pub fn is_like(&self, other: &OutcomeRegisters) -> bool {
        let sets = match (&self.reasons, &other.reasons) {
            (ReasonRegisters::One { sets, .. }, ReasonRegisters::One { sets: others, .. }) => sets == others,
            (ReasonRegisters::Many(a), ReasonRegisters::Many(b)) => {
                a.iter().map(|one| one.1).eq(b.iter().map(|one| one.1))
            }
            _ => false,
        };
        sets && match (&self.kept, &other.kept) {
            (Kept::Scaled { scale, .. }, Kept::Scaled { scale: other, .. }) => scale == other,
            (Kept::Word { dictionary, .. }, Kept::Word { dictionary: other, .. }) => dictionary == other,
            (Kept::Bit(_), Kept::Bit(_))
            | (Kept::Ratio { .. } | Kept::Quotient { .. }, Kept::Ratio { .. } | Kept::Quotient { .. })
            | (Kept::Days(_), Kept::Days(_))
            | (Kept::Durations(_), Kept::Durations(_)) => true,
            _ => false,
        }
    }

    /// Puts the answers of a chunk into its column; `open` takes the rows that are left to `run`.
    pub fn put(
        &self,
        machine: &Machine,
        program: &Program,
        chunk: RowSlice<'_>,
        column: &mut OutcomeColumn,
        known: &mut BTreeMap<u32, u32>,
        open: &mut Vec<u32>,
    ) -> Option<()> {
        let writer = AnswerWriter { machine, program, chunk };
        let rows = chunk.start..chunk.start.checked_add(chunk.count)?;
        match (&self.kept, &mut column.values) {
            (Kept::Bit(arg), ColumnValues::Bool(list)) => writer.copy(*arg, list.get_mut(rows.clone())?)?,
            (Kept::Scaled { arg, .. }, values) => writer.scaled(*arg, values)?,
            (Kept::Ratio { arg, den }, ColumnValues::Exact(list)) => {
                writer.quotients(*arg, Arg::Const(*den), list.get_mut(rows.clone())?)?
            }
            (Kept::Quotient { arg, by }, ColumnValues::Exact(list)) => {
                writer.quotients(*arg, *by, list.get_mut(rows.clone())?)?
            }
            (Kept::Days(arg), ColumnValues::Days(list)) => writer.copy(*arg, list.get_mut(rows.clone())?)?,
            (Kept::Durations(arg), ColumnValues::Durations(list)) => {
                writer.long(*arg, list.get_mut(rows.clone())?)?
            }
            (Kept::Word { arg, .. }, ColumnValues::Words { keys, .. }) => {
                writer.copy(*arg, keys.get_mut(rows.clone())?)?
            }
            _ => return None,
        }
        let keys = column.reasons.keys.get_mut(rows.clone())?;
        match &self.reasons {
            ReasonRegisters::One { key, .. } => writer.copy(*key, keys)?,
            ReasonRegisters::Many(deciding_rules) => {
                writer.many(deciding_rules, keys, &mut column.reasons.sets, known)?
            }
        }
        writer.status((self.gap, self.error), column.status.get_mut(rows)?)?;
        if let Some(left) = graph::reg(self.open) {
            let start = u32::try_from(chunk.start).ok()?;
            let left = machine.cells::<bool>(program, chunk, left)?;
            open.extend((start..).zip(left).filter(|(_, left)| **left).map(|(row, _)| row));
        }
        Some(())
    }
}

/// A constant may be wider than a cell.
fn whole(arg: Arg, cell: &impl Fn(Arg) -> i64) -> i128 {
    match arg {
        Arg::Const(value) => value,
        Arg::Reg(_) => cell(arg).into(),
    }
}

/// Writes registers into the columns of answers.
#[derive(Clone, Copy)]
struct AnswerWriter<'a> {
    machine: &'a Machine,
    program: &'a Program,
    chunk: RowSlice<'a>,
}

impl AnswerWriter<'_> {
    /// An error is one, whether or not no rule applies.
    fn status(self, (gap, error): (Arg, Arg), status: &mut [Status]) -> Option<()> {
        let of = |gap: bool, error: bool| match (error, gap) {
            (true, _) => Status::Error,
            (false, true) => Status::Gap,
            (false, false) => Status::Determined,
        };
        let bits = |reg| self.machine.cells::<bool>(self.program, self.chunk, reg);
        let arch = self.machine.arch();
        match (gap, error) {
            (Arg::Const(gap), Arg::Const(error)) => status.fill(of(gap != 0, error != 0)),
            (Arg::Reg(gap), Arg::Const(error)) => {
                kernels::unary(arch, status, bits(gap)?, |gap| of(gap, error != 0))?;
            }
            (Arg::Const(gap), Arg::Reg(error)) => {
                kernels::unary(arch, status, bits(error)?, |error| of(gap != 0, error))?;
            }
            (Arg::Reg(gap), Arg::Reg(error)) => {
                kernels::binary(arch, status, bits(gap)?, bits(error)?, of)?;
            }
        }
        Some(())
    }

    fn copy<T: Element>(self, arg: Arg, out: &mut [T]) -> Option<()> {
        match arg {
            Arg::Const(value) => out.fill(T::narrow(value)),
            Arg::Reg(reg) => {
                let cells = self.machine.cells::<T>(self.program, self.chunk, reg)?;
                (cells.len() == out.len()).then(|| out.copy_from_slice(cells))?;
            }
        }
        Some(())
    }

    fn long(self, arg: Arg, out: &mut [i64]) -> Option<()> {
        match self.lane(arg) {
            Some(LaneType::Int32) => {
                let cells = self.machine.cells::<i32>(self.program, self.chunk, graph::reg(arg)?)?;
                kernels::unary(self.machine.arch(), out, cells, i64::from)
            }
            _ => self.copy(arg, out),
        }
    }

    fn wide(self, arg: Arg, out: &mut [i128]) -> Option<()> {
        match self.lane(arg) {
            Some(LaneType::Int128) | None => self.copy(arg, out),
            Some(_) => {
                let mut long = vec![0i64; out.len()];
                self.long(arg, &mut long)?;
                for (out, value) in out.iter_mut().zip(long) {
                    *out = value.into();
                }
                Some(())
            }
        }
    }

    fn quotients(self, arg: Arg, by: Arg, out: &mut [Number]) -> Option<()> {
        let (mut tops, mut dens) = (vec![0i128; out.len()], vec![0i128; out.len()]);
        self.wide(arg, &mut tops)?;
        self.wide(by, &mut dens)?;
        for ((out, top), den) in out.iter_mut().zip(tops).zip(dens) {
            // In rows of no account anything will do.
            *out = Number::ratio_of(top, den.max(1))?;
        }
        Some(())
    }

    fn lane(self, arg: Arg) -> Option<LaneType> {
        self.program.lane(graph::reg(arg)?)
    }

    fn scaled(self, arg: Arg, values: &mut ColumnValues) -> Option<()> {
        let rows = self.chunk.start..self.chunk.start.checked_add(self.chunk.count)?;
        let wide = match arg {
            Arg::Const(value) => i64::try_from(value).is_err(),
            Arg::Reg(_) => self.lane(arg) == Some(LaneType::Int128),
        };
        if let (true, ColumnValues::Scaled { values: list, scale }) = (wide, &mut *values) {
            let list = list.iter().map(|value| i128::from(*value)).collect();
            *values = ColumnValues::Wide { values: list, scale: *scale };
        }
        match values {
            ColumnValues::Scaled { values, .. } => self.long(arg, values.get_mut(rows)?),
            ColumnValues::Wide { values, .. } => self.wide(arg, values.get_mut(rows)?),
            _ => None,
        }
    }

    /// Which causes there are, as the bits of a number; `known` are those met, with their places in `sets`.
    fn many(
        self,
        deciding_rules: &[(Arg, DecidingRule)],
        keys: &mut [u32],
        sets: &mut Vec<Vec<DecidingRule>>,
        known: &mut BTreeMap<u32, u32>,
    ) -> Option<()> {
        keys.fill(0);
        for (at, (rows, _)) in (0u32..).zip(deciding_rules) {
            let bit = 1u32.checked_shl(at)?;
            match rows {
                Arg::Const(0) => {}
                Arg::Const(_) => keys.iter_mut().for_each(|key| *key |= bit),
                Arg::Reg(reg) => {
                    let rows = self.machine.cells::<bool>(self.program, self.chunk, *reg)?;
                    for (key, here) in keys.iter_mut().zip(rows) {
                        *key |= if *here { bit } else { 0 };
                    }
                }
            }
        }
        let mut last = (0u32, 0u32);
        for key in keys {
            if *key != last.0 {
                let place = match known.get(key) {
                    Some(place) => *place,
                    None => {
                        let set = (0u32..).zip(deciding_rules).filter(|(at, _)| *key >> at & 1 != 0);
                        sets.push(set.map(|(_, (_, deciding))| *deciding).collect());
                        let place = u32::try_from(sets.len().checked_sub(1)?).ok()?;
                        known.insert(*key, place);
                        place
                    }
                };
                last = (*key, place);
            }
            *key = last.1;
        }
        Some(())
    }
}
