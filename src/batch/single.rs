//! One row at a time: the same program on single cells, for whoever asks about one entry and wants the answer at once.

use super::column::{Cause, Columns, Values};
use super::compiled::Compiled;
use super::divide::{self, Divider};
use super::graph::{self, Arg, Mode, Op, Relation};
use super::lanes::{self, Cells};
use super::{Batch, by_run};
use crate::outcome::{Point, Reason};
use crate::policy::OutcomeId;
use crate::run::{Decided, Evaluator};
use std::sync::Arc;

/// Asks about single rows, one after the other. Made by [`Batch::single`].
#[derive(Debug)]
pub struct Single<'b, 'p> {
    batch: &'b Batch<'p>,
    compiled: Option<Arc<Compiled>>,
    steps: Vec<(Op, u32, Option<Divider>)>,
    loads: Vec<(u32, u32)>,
    tables: Vec<Vec<i64>>,
    /// A cell for each register.
    cells: Vec<i64>,
    /// Of a row that was left to `run`.
    causes: Vec<Cause>,
}

impl<'b, 'p> Single<'b, 'p> {
    /// For rows like these.
    pub(super) fn new(batch: &'b Batch<'p>, rows: &Columns) -> Single<'b, 'p> {
        let compiled = batch.fits(rows, 0, rows.rows, None).map(|fits| batch.compiled(rows, &fits, None));
        let compiled = compiled.filter(|compiled| compiled.program.fits_words());
        let mut single = Single {
            batch,
            compiled,
            steps: Vec::new(),
            loads: Vec::new(),
            tables: Vec::new(),
            cells: Vec::new(),
            causes: Vec::new(),
        };
        if let Some(compiled) = &single.compiled {
            single.steps = compiled.program.operations().collect();
            single.loads = compiled.program.loads().collect();
            single.tables = compiled.program.tables().iter().map(long).collect();
            single.cells = vec![0; compiled.program.registers()];
        }
        single
    }

    /// The answer for one outcome of one row, as [`Evaluator::decide`] gives it; the rules that decide are then in
    /// [`Single::causes`], of determined answers and gaps. An outcome that was not asked for is undetermined.
    pub fn decide(&mut self, rows: &Columns, row: usize, outcome: OutcomeId) -> Decided {
        let Some(at) = self.batch.questions.iter().position(|question| question.outcome == outcome) else {
            return Decided::Undetermined;
        };
        match self.asked(rows, row, at) {
            Some(decided) => decided,
            None => self.by_run(rows, row, outcome),
        }
    }

    /// All outcomes of one row, in the order in which they were asked for.
    pub fn decide_all(&mut self, rows: &Columns, row: usize, mut take: impl FnMut(Decided, &[Cause])) {
        let ready = self.run(rows, row).is_some();
        for at in 0..self.batch.questions.len() {
            let found = if ready { self.read(at) } else { None };
            let decided = match (found, self.batch.questions.get(at)) {
                (Some(decided), _) => decided,
                (None, Some(question)) => self.by_run(rows, row, question.outcome),
                (None, None) => return,
            };
            take(decided, &self.causes);
        }
    }

    /// The rules behind the answer given last.
    pub fn causes(&self) -> &[Cause] {
        &self.causes
    }

    fn by_run(&mut self, rows: &Columns, row: usize, outcome: OutcomeId) -> Decided {
        self.causes.clear();
        let whole =
            self.batch.questions.iter().any(|one| one.outcome == outcome && one.class == super::Class::Table);
        let listed: Vec<usize> = if whole { (0..rows.rows).collect() } else { vec![row] };
        let facts = by_run::facts(self.batch, rows, &listed);
        let place = listed.iter().position(|one| *one == row).and_then(|at| u32::try_from(at).ok());
        let point = Point::new(self.batch.asked.on, self.batch.asked.known);
        let mut reasons: Vec<Reason> = Vec::new();
        let mut run = Evaluator::new(self.batch.policy, &facts);
        let decided = run.decide_with_reasons(outcome, place, point, &mut reasons);
        if matches!(decided, Decided::Value(_)) {
            self.causes.extend(reasons.iter().map(by_run::cause));
        }
        decided
    }

    fn asked(&mut self, rows: &Columns, row: usize, at: usize) -> Option<Decided> {
        self.run(rows, row)?;
        self.read(at)
    }

    /// The registers for a row; `None`: the program is not made for it.
    fn run(&mut self, rows: &Columns, row: usize) -> Option<()> {
        let compiled = self.compiled.as_deref()?;
        if row >= rows.rows || !compiled.is_for(rows) {
            return None;
        }
        for (reg, column) in &self.loads {
            let (_, column) = rows.columns.get(*column as usize)?;
            let value = match &column.values {
                Values::Bool(list) => i64::from(*list.get(row)?),
                Values::Scaled { values, .. } | Values::Durations(values) => *values.get(row)?,
                Values::Days(list) => i64::from(*list.get(row)?),
                Values::Words { keys, .. } => i64::from(*keys.get(row)?),
                Values::Wide { .. } | Values::Exact(_) => return None,
            };
            *self.cells.get_mut(*reg as usize)? = value;
        }
        for (fit, (_, column)) in compiled.fits.iter().zip(&rows.columns) {
            if let Some(fit) = fit
                && !fit.has(column, row)
            {
                return None;
            }
        }
        for (op, reg, divider) in &self.steps {
            let value = self.step(*op, *divider, rows, row)?;
            *self.cells.get_mut(*reg as usize)? = value;
        }
        Some(())
    }

    #[inline]
    fn cell(&self, reg: u32) -> i64 {
        self.cells.get(reg as usize).copied().unwrap_or(0)
    }

    #[inline]
    fn side(&self, arg: Arg) -> i64 {
        match arg {
            Arg::Const(value) => value as i64,
            Arg::Reg(reg) => self.cell(reg),
        }
    }

    #[inline]
    fn step(&self, op: Op, divider: Option<Divider>, rows: &Columns, row: usize) -> Option<i64> {
        Some(match op {
            Op::Load(_) => return None,
            Op::Stated(column) => match &rows.columns.get(column as usize)?.1.stated {
                Some(stated) => i64::from(*stated.get(row)?),
                None => 1,
            },
            Op::Odd(column) => {
                let odd = &rows.columns.get(column as usize)?.1.odd;
                i64::from(odd.contains_key(&u32::try_from(row).ok()?))
            }
            Op::Convert(of) => self.cell(of),
            Op::Not(a) => self.cell(a) ^ 1,
            Op::And(a, b) => self.cell(a) & self.cell(b),
            Op::Or(a, b) => self.cell(a) | self.cell(b),
            Op::Except(a, b) => self.cell(a) & (self.cell(b) ^ 1),
            Op::Compare(relation, a, b) => {
                let (a, b) = (self.side(a), self.side(b));
                i64::from(match relation {
                    Relation::Less => a < b,
                    Relation::AtMost => a <= b,
                    Relation::Equal => a == b,
                    Relation::Different => a != b,
                })
            }
            Op::Plus(a, b) => self.cell(a).wrapping_add(self.side(b)),
            Op::Minus(a, b) => self.side(a).wrapping_sub(self.side(b)),
            Op::Times(a, b) => self.cell(a).wrapping_mul(self.side(b)),
            Op::Least(a, b) => self.cell(a).min(self.side(b)),
            Op::Greatest(a, b) => self.cell(a).max(self.side(b)),
            Op::Choose(when, a, b) => {
                let (a, b) = (self.side(a), self.side(b));
                if self.cell(when) != 0 { a } else { b }
            }
            Op::Divide(of, divisor, mode) => divided(self.cell(of), divisor, mode, divider)?,
            Op::Table(key, table) => {
                *self.tables.get(table as usize)?.get(usize::try_from(self.cell(key)).ok()?)?
            }
            Op::Place(number, base, table) => {
                let table = self.tables.get(table as usize)?;
                let at = usize::try_from((self.cell(number) - i64::from(base)).max(0)).ok()?;
                *table.get(at).or(table.last())?
            }
        })
    }

    /// The answer for a question, from the registers.
    fn read(&mut self, at: usize) -> Option<Decided> {
        let compiled = self.compiled.clone()?;
        let output = compiled.outputs.get(at)?.as_ref().ok()?;
        let decided = output.read(|arg| self.side(arg))?;
        let mut causes = std::mem::take(&mut self.causes);
        causes.clear();
        output.causes(|arg| self.side(arg), &mut causes);
        self.causes = causes;
        Some(decided)
    }
}

fn long(cells: &Cells) -> Vec<i64> {
    match cells {
        Cells::Bit(list) => list.iter().map(|bit| i64::from(*bit)).collect(),
        Cells::Key(list) => list.iter().map(|key| i64::from(*key)).collect(),
        Cells::Int32(list) => list.iter().map(|value| i64::from(*value)).collect(),
        Cells::Int64(list) => list.clone(),
        Cells::Int128(_) => Vec::new(),
    }
}

fn divided(value: i64, divisor: i128, mode: Mode, by: Option<Divider>) -> Option<i64> {
    let size = value.unsigned_abs();
    let (times, rest, divisor) = match by {
        Some(Divider::Short { digit, magic, shift, divisor }) => {
            let (times, rest) = divide::short(size, digit, magic, shift, divisor);
            (times, rest, u64::from(divisor))
        }
        Some(Divider::Long { magic, shift, divisor }) => {
            let (times, rest) = divide::long(size, magic, shift, divisor);
            (times, rest, divisor)
        }
        None => return i64::try_from(graph::quotient(value.into(), divisor, mode)?).ok(),
    };
    let missing = divisor - rest;
    let up = match mode {
        Mode::HalfUp => <lanes::HalfUp as lanes::Mode>::up(times, rest, missing),
        Mode::HalfEven => <lanes::HalfEven as lanes::Mode>::up(times, rest, missing),
        Mode::HalfDown => <lanes::HalfDown as lanes::Mode>::up(times, rest, missing),
        Mode::Up => <lanes::Up as lanes::Mode>::up(times, rest, missing),
        Mode::Down => <lanes::Down as lanes::Mode>::up(times, rest, missing),
    };
    let times = i64::try_from(times + u64::from(up)).ok()?;
    Some(if value < 0 { -times } else { times })
}
