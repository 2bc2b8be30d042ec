//! Operations on the cells of one row, some of which jump over others, and what runs them.

use crate::batch::column::Columns;
use crate::batch::divide::{self, Divider};
use crate::batch::graph::{self, RoundingMode};
use crate::batch::lanes;

/// What an instruction does with the cells `a`, `b` and `c`; the result goes to the cell `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opcode {
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
    /// `a / b`, made whole as is said at `c`.
    Ratio,
    /// From the table at `b`.
    Table,
    /// From the table at `c`, whose first number is `b`.
    Place,
    /// Of the column at `a`.
    Stated,
    Odd,
    /// To the instruction at `to`; the others, unless their condition holds.
    Jump,
    Unless,
    UnlessLess,
    UnlessAtMost,
    UnlessEqual,
    UnlessDifferent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ScalarInstruction {
    pub opcode: Opcode,
    pub to: u16,
    pub a: u16,
    pub b: u16,
    pub c: u16,
}

/// As many cells as an instruction can name, so that no instruction looks whether there is one.
pub(super) const CELLS: usize = 1 << 16;

/// What stands beside the cells.
#[derive(Debug, Default)]
pub(super) struct ConstantPool {
    pub tables: Vec<Vec<i64>>,
    pub divisors: Vec<(i128, RoundingMode, Option<Divider>)>,
    pub modes: Vec<RoundingMode>,
}

#[derive(Debug)]
pub(super) struct ScalarCells(Box<[i64; CELLS]>);

impl ScalarCells {
    pub fn new() -> Option<ScalarCells> {
        vec![0; CELLS].into_boxed_slice().try_into().ok().map(ScalarCells)
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

/// Fills the cells for a row; `None`: something was not as the instructions were made for.
pub(super) fn run(
    code: &[ScalarInstruction],
    cells: &mut ScalarCells,
    pool: &ConstantPool,
    rows: &Columns,
    row: usize,
) -> Option<()> {
    let mut next = 0usize;
    while let Some(ScalarInstruction { opcode, to, a, b, c }) = code.get(next).copied() {
        next += 1;
        let (left, right) = (cells.get(a), cells.get(b));
        let value = match opcode {
            Opcode::Leaf => continue,
            Opcode::Copy => left,
            Opcode::Not => left ^ 1,
            Opcode::And => left & right,
            Opcode::Or => left | right,
            Opcode::Except => left & (right ^ 1),
            Opcode::Less => i64::from(left < right),
            Opcode::AtMost => i64::from(left <= right),
            Opcode::Equal => i64::from(left == right),
            Opcode::Different => i64::from(left != right),
            Opcode::Plus => left.wrapping_add(right),
            Opcode::Minus => left.wrapping_sub(right),
            Opcode::Times => left.wrapping_mul(right),
            Opcode::Least => left.min(right),
            Opcode::Greatest => left.max(right),
            Opcode::Choose => {
                if left != 0 {
                    right
                } else {
                    cells.get(c)
                }
            }
            Opcode::Divide => {
                let (divisor, mode, divider) = pool.divisors.get(usize::from(b))?;
                divided(left, *divisor, *mode, *divider)?
            }
            Opcode::Ratio => graph::ratio_long(left, right, *pool.modes.get(usize::from(c))?),
            Opcode::Table => *pool.tables.get(usize::from(b))?.get(usize::try_from(left).ok()?)?,
            Opcode::Place => {
                let table = pool.tables.get(usize::from(c))?;
                let at = usize::try_from(left.wrapping_sub(right).max(0)).ok()?;
                *table.get(at).or(table.last())?
            }
            Opcode::Stated => match &rows.columns.get(usize::from(a))?.1.stated {
                Some(stated) => i64::from(*stated.get(row)?),
                None => 1,
            },
            Opcode::Odd => {
                let odd = &rows.columns.get(usize::from(a))?.1.odd;
                i64::from(odd.contains_key(&u32::try_from(row).ok()?))
            }
            Opcode::Jump
            | Opcode::Unless
            | Opcode::UnlessLess
            | Opcode::UnlessAtMost
            | Opcode::UnlessEqual
            | Opcode::UnlessDifferent => {
                let stays = match opcode {
                    Opcode::Unless => left != 0,
                    Opcode::UnlessLess => left < right,
                    Opcode::UnlessAtMost => left <= right,
                    Opcode::UnlessEqual => left == right,
                    Opcode::UnlessDifferent => left != right,
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

fn divided(value: i64, divisor: i128, mode: RoundingMode, by: Option<Divider>) -> Option<i64> {
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
        RoundingMode::HalfUp => <lanes::HalfUp as lanes::StaticRounding>::up(times, rest, missing),
        RoundingMode::HalfEven => <lanes::HalfEven as lanes::StaticRounding>::up(times, rest, missing),
        RoundingMode::HalfDown => <lanes::HalfDown as lanes::StaticRounding>::up(times, rest, missing),
        RoundingMode::Up => <lanes::Up as lanes::StaticRounding>::up(times, rest, missing),
        RoundingMode::Down => <lanes::Down as lanes::StaticRounding>::up(times, rest, missing),
    };
    let times = i64::try_from(times.checked_add(u64::from(up))?).ok()?;
    Some(if value < 0 { times.wrapping_neg() } else { times })
}
