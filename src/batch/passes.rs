//! The rows of a running total in their groups and in their order (C4, C5).

use super::bad::Bad;
use super::compiler::{BatchCompiler, Environment};
use super::graph::{Arg, reg};
use super::lanes::LaneType;
use super::machine::{CHUNK, Machine, Program, RowSlice};
use super::term::{Bailout, TOO_LARGE, TermKind};
use crate::policy::ExprId;

/// The rows, by their groups and in each by their keys.
pub(super) struct RowOrder {
    rows: Vec<u32>,
    keys: SortKeys,
}

/// For each row its keys as whole numbers: those of its group, those of its place in it, its day.
struct SortKeys {
    width: usize,
    of_group: usize,
    cells: Vec<i64>,
}

/// A row in its place.
pub(super) struct OrderedRow {
    pub at: usize,
    /// It begins a group.
    pub first: bool,
    /// It is equal in all keys to the one before or after it in its group.
    pub ties: bool,
}

impl RowOrder {
    pub fn new(
        compiler: &mut BatchCompiler<'_, '_>,
        per: &[ExprId],
        by: &[ExprId],
    ) -> Result<RowOrder, Bailout> {
        let at = compiler.every_row()?;
        let mut keys = keys_of(compiler, per, &at)?;
        keys.extend(keys_of(compiler, by, &at)?);
        keys.push((at.day, Bad::NONE));
        let keys = SortKeys { of_group: per.len(), ..SortKeys::new(compiler, &keys)? };
        let mut rows: Vec<u32> = (0..u32::try_from(compiler.rows.rows).map_err(|_| TOO_LARGE)?).collect();
        rows.sort_unstable_by(|a, b| keys.place(*a).cmp(keys.place(*b)));
        let order = RowOrder { rows, keys };
        match order.in_time() {
            true => Ok(order),
            false => Err(Bailout("the rows of a running total are not in the order of their dates")),
        }
    }

    /// Whether each group goes by its dates: then the rows that exist on the day of a row are those before it.
    fn in_time(&self) -> bool {
        let pairs = self.rows.iter().zip(self.rows.iter().skip(1));
        let mut same = pairs.filter(|(a, b)| self.keys.group(**a) == self.keys.group(**b));
        same.all(|(a, b)| self.keys.day(*a) <= self.keys.day(*b))
    }

    pub fn rows(&self) -> impl Iterator<Item = OrderedRow> + '_ {
        let is_like = |a: Option<&u32>, b: Option<&u32>, keys: fn(&SortKeys, u32) -> &[i64]| match (a, b) {
            (Some(a), Some(b)) => keys(&self.keys, *a) == keys(&self.keys, *b),
            _ => false,
        };
        self.rows.iter().enumerate().map(move |(at, row)| {
            let (before, after) = (at.checked_sub(1).and_then(|at| self.rows.get(at)), self.rows.get(at + 1));
            OrderedRow {
                at: *row as usize,
                first: !is_like(before, Some(row), SortKeys::group),
                ties: is_like(before, Some(row), SortKeys::place)
                    || is_like(Some(row), after, SortKeys::place),
            }
        })
    }
}

impl SortKeys {
    fn new(compiler: &mut BatchCompiler<'_, '_>, keys: &[(Arg, Bad)]) -> Result<SortKeys, Bailout> {
        let args: Vec<Arg> = keys.iter().map(|(arg, _)| *arg).collect();
        let bad = keys.iter().fold(Arg::FALSE, |bad, (_, own)| compiler.graph.or(bad, own.any));
        let wanted: Vec<Arg> = args.iter().copied().chain([bad]).collect();
        let program = Program::new(std::mem::take(&mut compiler.graph), &wanted);
        let mut machine = Machine::new();
        let rows = compiler.rows;
        let mut all = SortKeys { width: args.len(), of_group: 0, cells: Vec::new() };
        all.cells.reserve_exact(args.len().saturating_mul(rows.rows));
        for start in (0..rows.rows).step_by(CHUNK) {
            let beside = &compiler.running.columns;
            let chunk = RowSlice { rows, beside, start, count: CHUNK.min(rows.rows - start) };
            machine.run(&program, chunk).ok_or(TOO_LARGE)?;
            if longs(&machine, &program, chunk, bad)?.iter().any(|bad| *bad != 0) {
                return Err(Bailout("the place of a row in a running total is not known"));
            }
            let columns = args.iter().map(|arg| longs(&machine, &program, chunk, *arg));
            let columns = columns.collect::<Result<Vec<_>, Bailout>>()?;
            for row in 0..chunk.count {
                all.cells.extend(columns.iter().filter_map(|column| column.get(row)));
            }
        }
        Ok(all)
    }

    fn part(&self, row: u32, count: usize) -> &[i64] {
        let start = (row as usize).saturating_mul(self.width);
        self.cells.get(start..start.saturating_add(count)).unwrap_or(&[])
    }

    fn group(&self, row: u32) -> &[i64] {
        self.part(row, self.of_group)
    }

    /// Its group, and its place in it.
    fn place(&self, row: u32) -> &[i64] {
        self.part(row, self.width.saturating_sub(1))
    }

    fn day(&self, row: u32) -> Option<i64> {
        self.part(row, self.width).last().copied()
    }
}

/// What a register of some rows holds.
fn longs(machine: &Machine, program: &Program, chunk: RowSlice<'_>, arg: Arg) -> Result<Vec<i64>, Bailout> {
    let Some(at) = reg(arg) else {
        let Arg::Const(value) = arg else { return Err(TOO_LARGE) };
        return Ok(vec![i64::try_from(value).map_err(|_| TOO_LARGE)?; chunk.count]);
    };
    let cells = match program.lane(at) {
        Some(LaneType::Bit) => machine.cells::<bool>(program, chunk, at).map(wider),
        Some(LaneType::Key) => machine.cells::<u32>(program, chunk, at).map(wider),
        Some(LaneType::Int32) => machine.cells::<i32>(program, chunk, at).map(wider),
        Some(LaneType::Int64) => machine.cells::<i64>(program, chunk, at).map(wider),
        Some(LaneType::Int128) | None => None,
    };
    cells.ok_or(TOO_LARGE)
}

fn wider<T: Copy + Into<i64>>(cells: &[T]) -> Vec<i64> {
    cells.iter().map(|cell| (*cell).into()).collect()
}

impl BatchCompiler<'_, '_> {
    /// A key as a whole number that stands in the order of its values.
    pub fn in_order(&mut self, expr: ExprId, at: &Environment) -> Result<(Arg, Bad), Bailout> {
        let term = self.term(expr, at)?;
        let arg = match &term.kind {
            TermKind::Bit(arg) => *arg,
            TermKind::Number(number) => number.arg,
            TermKind::Word(word) => self.graph.rank(word)?,
            TermKind::Quotient(_) | TermKind::Row => {
                return Err(Bailout("rows are put in order by no plain value"));
            }
        };
        Ok((arg, term.bad))
    }
}

/// What rows are put in order by, each as a whole number.
fn keys_of(
    compiler: &mut BatchCompiler<'_, '_>,
    exprs: &[ExprId],
    at: &Environment,
) -> Result<Vec<(Arg, Bad)>, Bailout> {
    exprs.iter().map(|expr| compiler.in_order(*expr, at)).collect()
}
