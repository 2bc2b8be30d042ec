//! Running totals (C4) beside the columns: the value before each row, worked out one row after the other in the order of
//! its group. The rest of a row is then answered column by column.

use super::Batch;
use super::bad::Bad;
use super::column::{ColumnValues, Columns, FieldColumn};
use super::compiled::{CompiledBatch, OutcomeRegisters, WholeRead, row_day};
use super::compiler::{BatchCompiler, Environment};
use super::fit::Fit;
use super::graph::{Arg, VectorOp};
use super::hoist::HoistCache;
use super::lanes::LaneType;
use super::passes::RowOrder;
use super::single::ScalarProgram;
use super::term::{Bailout, RowTerm, ScaledArg, TOO_LARGE, TermKind, common};
use super::totals::{RunningTerm, RunningTotals};
use crate::policy::{FoldId, Type};
use std::sync::Arc;

/// What is carried from row to row is between these, or left to `run`. The first with which 64 bits are enough is taken.
const MOST: [i128; 3] = [1 << 50, 1 << 40, 1 << 31];

const AFTER: Bailout = Bailout("rows go one after the other");

/// Denominators tried: one that grows from row to row has no end.
const TRIES: usize = 4;

impl BatchCompiler<'_, '_> {
    /// The value before the row, in its own evaluation (C4).
    pub fn running_total(&mut self, fold: FoldId, at: &Environment) -> Result<RowTerm, Bailout> {
        let known = Arg::Const(self.batch.point.known.number().into());
        if at.number != 0 || at.day != self.own_day || at.known != known {
            return Err(Bailout("it asks for a running total of another day"));
        }
        let why = || self.running.left.get(&fold).copied().unwrap_or(AFTER);
        let of = *self.running.known.get(&fold).ok_or_else(why)?;
        let mut bits = |place: Option<u32>| match place {
            Some(place) => self.graph.push(VectorOp::Load(place), LaneType::Bit, (0, 1)),
            None => Arg::FALSE,
        };
        let (fails, open) = (bits(of.fails), bits(of.open));
        let bad = Bad { any: self.graph.or(fails, open), fails };
        let arg = self.graph.push(VectorOp::Load(of.place), LaneType::Int64, of.range);
        Ok(RowTerm { kind: TermKind::Number(ScaledArg { arg, den: of.den }), bad })
    }

    /// Where rows are asked, if every row has a day.
    pub fn every_row(&mut self) -> Result<Environment, Bailout> {
        let day = row_day(self)?;
        match (day.bad, day.never) {
            (Bad::NONE, Arg::FALSE) => Ok(self.row(day.day)),
            _ => Err(Bailout("the day of a row is not known")),
        }
    }
}

impl RunningTotals {
    /// All running totals over the rows that can be had so.
    pub fn new(batch: &Batch<'_>, rows: &Columns, fits: &[Option<Fit>], cache: &mut HoistCache) -> Self {
        let mut totals = RunningTotals::default();
        let folds = batch.policy.folds.iter().filter(|(_, fold)| fold.entity == batch.entity);
        let mut left: Vec<FoldId> = folds.map(|(id, _)| id).collect();
        // One may read the defines of another.
        loop {
            let before = left.len();
            left.retain(|fold| {
                let mut maker = Maker { batch, rows, fits, cache: &mut *cache, totals: &mut totals };
                let made = maker.add(*fold);
                match made {
                    Ok(()) => totals.left.remove(fold),
                    Err(no) => totals.left.insert(*fold, no),
                };
                made.is_err()
            });
            if left.len() == before {
                return totals;
            }
        }
    }

    /// Whether there are any, be they left to `run`.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty() && self.left.is_empty()
    }

    fn cell(&self, place: usize, row: usize) -> Option<i64> {
        match &self.columns.get(place)?.values {
            ColumnValues::Bool(list) => list.get(row).map(|bit| i64::from(*bit)),
            ColumnValues::Scaled { values, .. } => values.get(row).copied(),
            _ => None,
        }
    }
}

/// Works running totals out, each from those before.
struct Maker<'m, 'p> {
    batch: &'m Batch<'p>,
    rows: &'m Columns,
    fits: &'m [Option<Fit>],
    cache: &'m mut HoistCache,
    totals: &'m mut RunningTotals,
}

/// A program with two outputs: what a group starts with at its first row, and what a row leaves.
struct RowStep {
    program: ScalarProgram,
    den: i128,
    most: i128,
}

const STARTING: usize = 0;
const NEXT: usize = 1;

impl Maker<'_, '_> {
    fn add(&mut self, fold: FoldId) -> Result<(), Bailout> {
        let decl = &self.batch.policy.folds[fold];
        if !matches!(decl.ty, Type::Number { .. }) {
            return Err(Bailout("a running total is no number"));
        }
        if self.batch.policy.entities[decl.entity].known.is_some() {
            return Err(Bailout("not all rows of a running total may be known"));
        }
        let step = self.step(fold)?;
        let mut compiler =
            BatchCompiler::new(self.batch, self.rows, self.fits, &mut *self.cache, &*self.totals);
        let order = RowOrder::new(&mut compiler, &decl.per, &decl.keys)?;
        self.go_through(fold, step, &order)
    }

    fn place(&self) -> Result<u32, Bailout> {
        let place = self.rows.columns.len().saturating_add(self.totals.columns.len());
        u32::try_from(place).map_err(|_| TOO_LARGE)
    }

    /// A program for the row, for what it starts with and what it leaves in one denominator.
    fn step(&mut self, fold: FoldId) -> Result<RowStep, Bailout> {
        let place = self.place()?;
        let mut why = TOO_LARGE;
        for most in MOST {
            let mut den = 1;
            for _ in 0..TRIES {
                let term = RunningTerm { place, den, range: (-most, most), fails: None, open: None };
                self.totals.known.insert(fold, term);
                let made = self.step_of(fold, (den, most));
                self.totals.known.remove(&fold);
                match made {
                    Ok((compiled, own)) if own == den => {
                        if let Some(program) = ScalarProgram::new(Arc::new(compiled)) {
                            return Ok(RowStep { program, den, most });
                        }
                        break;
                    }
                    Ok((_, own)) => den = own,
                    Err(no) => {
                        why = no;
                        break;
                    }
                }
            }
        }
        Err(why)
    }

    /// The program, and the denominator of what it works out.
    fn step_of(&mut self, fold: FoldId, (den, most): (i128, i128)) -> Result<(CompiledBatch, i128), Bailout> {
        let decl = &self.batch.policy.folds[fold];
        let mut compiler =
            BatchCompiler::new(self.batch, self.rows, self.fits, &mut *self.cache, &*self.totals);
        let at = compiler.every_row()?;
        let terms = [decl.starting, decl.next].map(|expr| compiler.number(expr, &at));
        let [starting, next] = terms;
        let (starting, next) = (starting?, next?);
        let own = common(common(starting.0.den, next.0.den)?, den)?;
        if decl.whole && own != 1 {
            return Err(Bailout("its values may not be whole"));
        }
        let mut outputs = Vec::new();
        for (number, bad) in [starting, next] {
            let arg = compiler.graph.rescale(number, own)?;
            let (lo, hi) = compiler.graph.range(arg);
            if i64::try_from(lo).is_err() || i64::try_from(hi).is_err() || most <= 0 {
                return Err(TOO_LARGE);
            }
            outputs.push(Ok(OutcomeRegisters::of_whole(&mut compiler.graph, arg, bad)));
        }
        let BatchCompiler { graph, looked, .. } = compiler;
        Ok((CompiledBatch::of(self.rows, self.fits.to_vec(), (graph, &looked), outputs), own))
    }

    /// Every group from its first row to its last.
    fn go_through(&mut self, fold: FoldId, mut step: RowStep, order: &RowOrder) -> Result<(), Bailout> {
        let mut column = Before::new(self.rows.rows);
        let mut state = WholeRead::Open;
        for row in order.rows() {
            if row.first {
                state = self.ask(&mut step, STARTING, row.at, 0)?;
            }
            if row.ties {
                state = WholeRead::Fails;
            }
            column.put(row.at, state);
            // C5: an error lasts to the end of its group.
            if let WholeRead::One(value) = state {
                state = self.ask(&mut step, NEXT, row.at, value)?;
            }
        }
        let place = self.place()?;
        let (known, columns) = column.end(place, step.den);
        self.totals.known.insert(fold, known);
        self.totals.columns.extend(columns);
        Ok(())
    }

    fn ask(&self, step: &mut RowStep, output: usize, row: usize, before: i64) -> Result<WholeRead, Bailout> {
        let (own, mine) = (self.rows.columns.len(), self.totals.columns.len());
        let beside = |place: u32| match (place as usize).checked_sub(own)? {
            place if place == mine => Some(before),
            place => self.totals.cell(place, row),
        };
        let program = &mut step.program;
        program.run_beside(Some(output), self.rows, row, beside).ok_or(TOO_LARGE)?;
        let read = program.output(output).map(|output| output.read_whole(|arg| program.cell(arg)));
        match read {
            Some(WholeRead::One(value)) if i128::from(value).abs() > step.most => Err(TOO_LARGE),
            read => read.ok_or(TOO_LARGE),
        }
    }
}

/// The values before the rows, as they are found.
struct Before {
    values: Vec<i64>,
    fails: Vec<bool>,
    open: Vec<bool>,
}

impl Before {
    fn new(rows: usize) -> Before {
        Before { values: vec![0; rows], fails: Vec::new(), open: Vec::new() }
    }

    fn put(&mut self, row: usize, state: WholeRead) {
        let rows = self.values.len();
        let mark = |bits: &mut Vec<bool>| {
            bits.resize(rows, false);
            if let Some(bit) = bits.get_mut(row) {
                *bit = true;
            }
        };
        match state {
            WholeRead::One(value) => {
                if let Some(place) = self.values.get_mut(row) {
                    *place = value;
                }
            }
            WholeRead::Fails => mark(&mut self.fails),
            WholeRead::Open => mark(&mut self.open),
        }
    }

    /// Columns, of which the first has this place.
    fn end(self, place: u32, den: i128) -> (RunningTerm, Vec<FieldColumn>) {
        let (lo, hi) = self.values.iter().fold((0, 0), |(lo, hi), value| (lo.min(*value), hi.max(*value)));
        let mut known = RunningTerm { place, den, range: (lo.into(), hi.into()), fails: None, open: None };
        let mut columns = vec![FieldColumn::of(ColumnValues::Scaled { values: self.values, scale: 0 })];
        for (bits, place_of) in [(self.fails, &mut known.fails), (self.open, &mut known.open)] {
            if !bits.is_empty() {
                *place_of = Some(place.saturating_add(u32::try_from(columns.len()).unwrap_or(u32::MAX)));
                columns.push(FieldColumn::of(ColumnValues::Bool(bits)));
            }
        }
        (known, columns)
    }
}
