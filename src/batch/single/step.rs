//! Operations on the cells of one row, some of which jump over others, and what runs them.

use crate::batch::column::Columns;
use crate::batch::divide::{self, Divider};
use crate::batch::graph::{self, Mode};
use crate::batch::lanes;

/// What a step does with the cells `a`, `b` and `c`; the result goes to the cell `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Nothing: the cell is filled before.
    Leaf,
    Copy,
    Not,
    And,
    Or,
    /// `a` and not `b`.
    Except,
    Less,
    AtMost,
    Equal,
    Different,
    Plus,
    Minus,
    Times,
    Least,
    Greatest,
    /// If `a` then `b`, else `c`.
    Choose,
    /// By the divisor at `b`.
    Divide,
    /// From the table at `b`.
    Table,
    /// From the table at `c`, whose first number is `b`.
    Place,
    /// Of the column at `a`.
    Stated,
    Odd,
    /// To the step at `to`; the others, unless their condition holds.
    Jump,
    Unless,
    UnlessLess,
    UnlessAtMost,
    UnlessEqual,
    UnlessDifferent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub what: What,
    pub to: u16,
    pub a: u16,
    pub b: u16,
    pub c: u16,
}

/// As many cells as a step can name, so that no step looks whether there is one.
pub(super) const CELLS: usize = 1 << 16;

/// What stands beside the cells.
#[derive(Debug, Default)]
pub(super) struct Beside {
    pub tables: Vec<Vec<i64>>,
    pub divisors: Vec<(i128, Mode, Option<Divider>)>,
}

#[derive(Debug)]
pub(super) struct Cells(Box<[i64; CELLS]>);

impl Cells {
    pub fn new() -> Option<Cells> {
        vec![0; CELLS].into_boxed_slice().try_into().ok().map(Cells)
    }

    #[inline(always)]
    pub fn get(&self, at: u16) -> i64 {
        self.0.get(usize::from(at)).copied().unwrap_or(0)
    }

    #[inline(always)]
    pub fn put(&mut self, at: u16, value: i64) {
        if let Some(cell) = self.0.get_mut(usize::from(at)) {
            *cell = value;
        }
    }
}

/// Fills the cells for a row; `None`: something was not as the steps were made for.
pub(super) fn run(
    steps: &[Step],
    cells: &mut Cells,
    beside: &Beside,
    rows: &Columns,
    row: usize,
) -> Option<()> {
    let mut next = 0usize;
    while let Some(Step { what, to, a, b, c }) = steps.get(next).copied() {
        next += 1;
        let (left, right) = (cells.get(a), cells.get(b));
        let value = match what {
            What::Leaf => continue,
            What::Copy => left,
            What::Not => left ^ 1,
            What::And => left & right,
            What::Or => left | right,
            What::Except => left & (right ^ 1),
            What::Less => i64::from(left < right),
            What::AtMost => i64::from(left <= right),
            What::Equal => i64::from(left == right),
            What::Different => i64::from(left != right),
            What::Plus => left.wrapping_add(right),
            What::Minus => left.wrapping_sub(right),
            What::Times => left.wrapping_mul(right),
            What::Least => left.min(right),
            What::Greatest => left.max(right),
            What::Choose => {
                if left != 0 {
                    right
                } else {
                    cells.get(c)
                }
            }
            What::Divide => {
                let (divisor, mode, divider) = beside.divisors.get(usize::from(b))?;
                divided(left, *divisor, *mode, *divider)?
            }
            What::Table => *beside.tables.get(usize::from(b))?.get(usize::try_from(left).ok()?)?,
            What::Place => {
                let table = beside.tables.get(usize::from(c))?;
                let at = usize::try_from(left.wrapping_sub(right).max(0)).ok()?;
                *table.get(at).or(table.last())?
            }
            What::Stated => match &rows.columns.get(usize::from(a))?.1.stated {
                Some(stated) => i64::from(*stated.get(row)?),
                None => 1,
            },
            What::Odd => {
                let odd = &rows.columns.get(usize::from(a))?.1.odd;
                i64::from(odd.contains_key(&u32::try_from(row).ok()?))
            }
            What::Jump
            | What::Unless
            | What::UnlessLess
            | What::UnlessAtMost
            | What::UnlessEqual
            | What::UnlessDifferent => {
                let stays = match what {
                    What::Unless => left != 0,
                    What::UnlessLess => left < right,
                    What::UnlessAtMost => left <= right,
                    What::UnlessEqual => left == right,
                    What::UnlessDifferent => left != right,
                    _ => false,
                };
                if !stays {
                    next = usize::from(to);
                }
                continue;
            }
        };
        cells.put(to, value);
    }
    Some(())
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
    let missing = divisor.wrapping_sub(rest);
    let up = match mode {
        Mode::HalfUp => <lanes::HalfUp as lanes::Mode>::up(times, rest, missing),
        Mode::HalfEven => <lanes::HalfEven as lanes::Mode>::up(times, rest, missing),
        Mode::HalfDown => <lanes::HalfDown as lanes::Mode>::up(times, rest, missing),
        Mode::Up => <lanes::Up as lanes::Mode>::up(times, rest, missing),
        Mode::Down => <lanes::Down as lanes::Mode>::up(times, rest, missing),
    };
    let times = i64::try_from(times.checked_add(u64::from(up))?).ok()?;
    Some(if value < 0 { times.wrapping_neg() } else { times })
}
