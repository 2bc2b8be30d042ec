//! A batch made into a column program, and its registers into answers.

use super::Batch;
use super::column::{Cause, Columns, OutcomeColumn, Values};
use super::fit::Fit;
use super::graph::{self, Arg};
use super::hoist::Memory;
use super::kernels;
use super::lanes::{Cell, Lane};
use super::machine::{Machine, Program, Window};
use super::make::Maker;
use super::rules::Why;
use super::term::{Made, No, What};
use crate::outcome::Status;
use crate::policy::{FieldId, OutcomeId, Type};
use crate::run::Decided;
use crate::value::{Number, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A program, what it is made for, and where the answers stand.
#[derive(Debug)]
pub(super) struct Compiled {
    /// The fields of the columns, in their order.
    fields: Vec<FieldId>,
    pub program: Program,
    /// For each column; none: nothing that is compiled rests on it.
    pub fits: Vec<Option<Fit>>,
    /// For each question; left to `run`, and why.
    pub outputs: Vec<Made<Output>>,
}

#[derive(Debug)]
pub(super) struct Output {
    kept: Kept,
    bad: Arg,
    gap: Arg,
    why: Why,
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
    Days(Arg),
    Durations(Arg),
    Word {
        arg: Arg,
        dictionary: Arc<[Value]>,
    },
}

impl Compiled {
    pub fn new(
        batch: &Batch<'_>,
        rows: &Columns,
        fits: Vec<Option<Fit>>,
        questions: &[(OutcomeId, bool)],
        memory: &mut Memory,
    ) -> Compiled {
        let mut maker = Maker::new(batch, rows, &fits, memory);
        let day = row_day(&mut maker);
        let mut outputs: Vec<Made<Output>> = Vec::new();
        for (outcome, possible) in questions {
            let output = match (&day, possible) {
                (_, false) => Err(No("it reads other rows of the table")),
                (Err(no), _) => Err(*no),
                (Ok((day, bad)), true) => output(&mut maker, *outcome, *day, *bad),
            };
            outputs.push(output);
        }
        let wanted: Vec<Arg> = outputs.iter().flatten().flat_map(Output::args).collect();
        let Maker { graph, looked, .. } = maker;
        let program = Program::new(graph, &wanted);
        let fits = (0u32..).zip(fits).map(|(at, fit)| fit.filter(|_| looked.contains(&at))).collect();
        let fields = rows.columns.iter().map(|(field, _)| *field).collect();
        Compiled { fields, program, fits, outputs }
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
    pub fn is_like(&self, other: &Compiled) -> bool {
        self.outputs.iter().zip(&other.outputs).all(|(one, other)| match (one, other) {
            (Ok(one), Ok(other)) => one.is_like(other),
            (Err(_), Err(_)) => true,
            _ => false,
        })
    }
}

/// The day on which rows are asked, and the rows that have none (T9).
fn row_day(maker: &mut Maker<'_, '_>) -> Made<(Arg, Arg)> {
    let entity = &maker.batch.policy.entities[maker.batch.entity];
    let on = Arg::Const(maker.batch.asked.on.number().into());
    let Some(dated) = entity.dated else { return Ok((on, Arg::FALSE)) };
    let at = maker.row(on);
    let term = maker.field(dated, &at)?;
    let day = term.number()?;
    let never = maker.is_never(day.arg);
    let bad = maker.graph.or(term.bad, never);
    let day = maker.a_day(day.arg)?;
    Ok((day, bad))
}

fn output(maker: &mut Maker<'_, '_>, outcome: OutcomeId, day: Arg, bad: Arg) -> Made<Output> {
    let at = maker.row(day);
    let judged = maker.judge(outcome, &at)?;
    let bad = maker.graph.or(bad, judged.value.bad);
    if bad == Arg::TRUE {
        return Err(No("it is open for every row"));
    }
    let ty = &maker.batch.policy.outcomes[outcome].ty;
    let kept = match (judged.value.what, ty) {
        (What::Bit(arg), Type::Bool) => Kept::Bit(arg),
        (What::Number(number), Type::Date) => Kept::Days(number.arg),
        (What::Number(number), Type::Duration(_)) => Kept::Durations(number.arg),
        (What::Number(number), Type::Number { .. }) => {
            let scale = (0..=18u8).find(|scale| 10i128.pow((*scale).into()) % number.den == 0);
            match scale {
                Some(scale) => {
                    Kept::Scaled { arg: maker.graph.rescale(number, 10i128.pow(scale.into()))?, scale }
                }
                None => Kept::Ratio { arg: number.arg, den: number.den },
            }
        }
        (What::Word(word), _) => Kept::Word { arg: word.arg, dictionary: word.dictionary },
        _ => return Err(No("its values are of different kinds")),
    };
    Ok(Output { kept, bad, gap: judged.gap, why: judged.why })
}

impl Output {
    /// The answer of one row, by what its registers hold; `None`: it is left to `run`.
    pub fn read(&self, cell: impl Fn(Arg) -> i64) -> Option<Decided> {
        if cell(self.bad) != 0 {
            return None;
        }
        if cell(self.gap) != 0 {
            return Some(Decided::Gap);
        }
        Some(Decided::Value(match &self.kept {
            Kept::Bit(arg) => Value::Bool(cell(*arg) != 0),
            Kept::Scaled { arg, scale } => Value::Number(Number::scaled(whole(*arg, &cell), *scale)?),
            Kept::Ratio { arg, den } => Value::Number(Number::ratio_of(whole(*arg, &cell), *den)?),
            Kept::Days(arg) => Value::Date(super::column::day(i32::try_from(cell(*arg)).ok()?)?),
            Kept::Durations(arg) => Value::Duration(cell(*arg)),
            Kept::Word { arg, dictionary } => dictionary.get(usize::try_from(cell(*arg)).ok()?)?.clone(),
        }))
    }

    /// All that it is read from.
    pub fn args(&self) -> Vec<Arg> {
        let mut args = vec![self.bad, self.gap];
        args.push(match self.kept {
            Kept::Bit(arg) | Kept::Scaled { arg, .. } | Kept::Ratio { arg, .. } => arg,
            Kept::Days(arg) | Kept::Durations(arg) | Kept::Word { arg, .. } => arg,
        });
        match &self.why {
            Why::One { key, .. } => args.push(*key),
            Why::Many(causes) => args.extend(causes.iter().map(|(rows, _)| *rows)),
        }
        args
    }

    /// The rules behind the answer of one row; those that are put together for it go into `room`.
    pub fn causes<'a>(&'a self, cell: impl Fn(Arg) -> i64, room: &'a mut Vec<Cause>) -> &'a [Cause] {
        room.clear();
        match &self.why {
            _ if cell(self.gap) != 0 => room,
            Why::One { key, sets } => {
                let set = usize::try_from(cell(*key)).ok().and_then(|key| sets.get(key));
                set.map_or(&*room, Vec::as_slice)
            }
            Why::Many(all) => {
                room.extend(all.iter().filter(|(rows, _)| cell(*rows) != 0).map(|(_, cause)| *cause));
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
        match &self.why {
            Why::One { sets, .. } => column.reasons.sets.extend(sets.iter().cloned()),
            Why::Many(_) => column.reasons.sets.push(Vec::new()),
        }
        match (&self.kept, &mut column.values) {
            (Kept::Bit(_), Values::Bool(list)) => list.resize(rows, false),
            (Kept::Scaled { scale, .. }, Values::Scaled { values, scale: old }) => {
                *old = *scale;
                values.resize(rows, 0);
            }
            (Kept::Ratio { .. }, Values::Exact(list)) => list.resize(rows, Number::ZERO),
            (Kept::Days(_), Values::Days(list)) => list.resize(rows, 0),
            (Kept::Durations(_), Values::Durations(list)) => list.resize(rows, 0),
            (Kept::Word { dictionary, .. }, Values::Words { dictionary: old, keys }) => {
                *old = dictionary.clone();
                keys.resize(rows, 0);
            }
            (Kept::Bit(_), values) => *values = Values::Bool(vec![false; rows]),
            (Kept::Scaled { scale, .. }, values) => {
                *values = Values::Scaled { values: vec![0; rows], scale: *scale };
            }
            (Kept::Ratio { .. }, values) => *values = Values::Exact(vec![Number::ZERO; rows]),
            (Kept::Days(_), values) => *values = Values::Days(vec![0; rows]),
            (Kept::Durations(_), values) => *values = Values::Durations(vec![0; rows]),
            (Kept::Word { dictionary, .. }, values) => {
                *values = Values::Words { dictionary: dictionary.clone(), keys: vec![0; rows] };
            }
        }
    }

    /// Whether another program holds its answers so that they can stand in one column.
    pub fn is_like(&self, other: &Output) -> bool {
        let sets = match (&self.why, &other.why) {
            (Why::One { sets, .. }, Why::One { sets: others, .. }) => sets == others,
            (Why::Many(a), Why::Many(b)) => a.iter().map(|one| one.1).eq(b.iter().map(|one| one.1)),
            _ => false,
        };
        sets && match (&self.kept, &other.kept) {
            (Kept::Scaled { scale, .. }, Kept::Scaled { scale: other, .. }) => scale == other,
            (Kept::Word { dictionary, .. }, Kept::Word { dictionary: other, .. }) => dictionary == other,
            (Kept::Bit(_), Kept::Bit(_))
            | (Kept::Ratio { .. }, Kept::Ratio { .. })
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
        window: Window<'_>,
        column: &mut OutcomeColumn,
        known: &mut BTreeMap<u32, u32>,
        open: &mut Vec<u32>,
    ) -> Option<()> {
        let eye = Eye { machine, program, window };
        let rows = window.start..window.start.checked_add(window.count)?;
        match (&self.kept, &mut column.values) {
            (Kept::Bit(arg), Values::Bool(list)) => eye.copy(*arg, list.get_mut(rows.clone())?)?,
            (Kept::Scaled { arg, .. }, values) => eye.scaled(*arg, values)?,
            (Kept::Ratio { arg, den }, Values::Exact(list)) => {
                let mut wide = vec![0i128; window.count];
                eye.wide(*arg, &mut wide)?;
                for (out, value) in list.get_mut(rows.clone())?.iter_mut().zip(wide) {
                    *out = Number::ratio_of(value, *den)?;
                }
            }
            (Kept::Days(arg), Values::Days(list)) => eye.copy(*arg, list.get_mut(rows.clone())?)?,
            (Kept::Durations(arg), Values::Durations(list)) => eye.long(*arg, list.get_mut(rows.clone())?)?,
            (Kept::Word { arg, .. }, Values::Words { keys, .. }) => {
                eye.copy(*arg, keys.get_mut(rows.clone())?)?
            }
            _ => return None,
        }
        let keys = column.reasons.keys.get_mut(rows.clone())?;
        match &self.why {
            Why::One { key, .. } => eye.copy(*key, keys)?,
            Why::Many(causes) => eye.many(causes, keys, &mut column.reasons.sets, known)?,
        }
        let status = column.status.get_mut(rows)?;
        match self.gap {
            Arg::Const(0) => status.fill(Status::Determined),
            Arg::Const(_) => status.fill(Status::Gap),
            Arg::Reg(gap) => {
                let gap = machine.cells::<bool>(program, window, gap)?;
                kernels::one(machine.arch(), status, gap, |gap| {
                    if gap { Status::Gap } else { Status::Determined }
                })?;
            }
        }
        if let Some(bad) = graph::reg(self.bad) {
            let start = u32::try_from(window.start).ok()?;
            let bad = machine.cells::<bool>(program, window, bad)?;
            open.extend((start..).zip(bad).filter(|(_, bad)| **bad).map(|(row, _)| row));
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

#[derive(Clone, Copy)]
struct Eye<'a> {
    machine: &'a Machine,
    program: &'a Program,
    window: Window<'a>,
}

impl Eye<'_> {
    fn copy<T: Cell>(self, arg: Arg, out: &mut [T]) -> Option<()> {
        match arg {
            Arg::Const(value) => out.fill(T::narrow(value)),
            Arg::Reg(reg) => {
                let cells = self.machine.cells::<T>(self.program, self.window, reg)?;
                (cells.len() == out.len()).then(|| out.copy_from_slice(cells))?;
            }
        }
        Some(())
    }

    fn long(self, arg: Arg, out: &mut [i64]) -> Option<()> {
        match self.lane(arg) {
            Some(Lane::Int32) => {
                let cells = self.machine.cells::<i32>(self.program, self.window, graph::reg(arg)?)?;
                kernels::one(self.machine.arch(), out, cells, i64::from)
            }
            _ => self.copy(arg, out),
        }
    }

    fn wide(self, arg: Arg, out: &mut [i128]) -> Option<()> {
        match self.lane(arg) {
            Some(Lane::Int128) | None => self.copy(arg, out),
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

    fn lane(self, arg: Arg) -> Option<Lane> {
        self.program.lane(graph::reg(arg)?)
    }

    fn scaled(self, arg: Arg, values: &mut Values) -> Option<()> {
        let rows = self.window.start..self.window.start.checked_add(self.window.count)?;
        let wide = match arg {
            Arg::Const(value) => i64::try_from(value).is_err(),
            Arg::Reg(_) => self.lane(arg) == Some(Lane::Int128),
        };
        if let (true, Values::Scaled { values: list, scale }) = (wide, &mut *values) {
            let list = list.iter().map(|value| i128::from(*value)).collect();
            *values = Values::Wide { values: list, scale: *scale };
        }
        match values {
            Values::Scaled { values, .. } => self.long(arg, values.get_mut(rows)?),
            Values::Wide { values, .. } => self.wide(arg, values.get_mut(rows)?),
            _ => None,
        }
    }

    /// Which causes there are, as the bits of a number; `known` are those met, with their places in `sets`.
    fn many(
        self,
        causes: &[(Arg, Cause)],
        keys: &mut [u32],
        sets: &mut Vec<Vec<Cause>>,
        known: &mut BTreeMap<u32, u32>,
    ) -> Option<()> {
        keys.fill(0);
        for (at, (rows, _)) in (0u32..).zip(causes) {
            let bit = 1u32.checked_shl(at)?;
            match rows {
                Arg::Const(0) => {}
                Arg::Const(_) => keys.iter_mut().for_each(|key| *key |= bit),
                Arg::Reg(reg) => {
                    let rows = self.machine.cells::<bool>(self.program, self.window, *reg)?;
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
                        let set = (0u32..).zip(causes).filter(|(at, _)| *key >> at & 1 != 0);
                        sets.push(set.map(|(_, (_, cause))| *cause).collect());
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
