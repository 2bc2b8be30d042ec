//! The column program in the making: operations on registers, each worked out once however often it is asked for, and
//! constants folded away.

use super::lanes::{Buffer, LaneType};
use crate::value::Rounding;
use std::collections::BTreeMap;

/// A register, or one value for all rows (truth values are 0 and 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Arg {
    Reg(u32),
    Const(i128),
}

impl Arg {
    pub const FALSE: Arg = Arg::Const(0);
    pub const TRUE: Arg = Arg::Const(1);

    pub fn bit(value: bool) -> Arg {
        Arg::Const(value.into())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Relation {
    Less,
    AtMost,
    Equal,
    Different,
}

/// One operation. Operands of arithmetic, comparison and choice are of one lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum VectorOp {
    /// A column as it stands, by its place.
    Load(u32),
    /// Whether the column states a cell, and whether it is not one value.
    Stated(u32),
    Odd(u32),
    /// In another lane, which is wide enough.
    Convert(u32),
    Not(u32),
    And(u32, u32),
    Or(u32, u32),
    /// The first and not the second.
    Except(u32, u32),
    Compare(Relation, Arg, Arg),
    Plus(u32, Arg),
    Minus(Arg, Arg),
    Times(u32, Arg),
    Least(u32, Arg),
    Greatest(u32, Arg),
    Choose(u32, Arg, Arg),
    /// The quotient by a constant made whole.
    Divide(u32, i128, RoundingMode),
    /// The quotient by a register above 0 made whole.
    Ratio(Arg, u32, RoundingMode),
    /// What a table (by its place) has for a key.
    Table(u32, u32),
    /// What a table has for a number, the first of which is given; numbers beyond it have its last.
    Place(u32, i32, u32),
}

/// [`Rounding`] with an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RoundingMode {
    HalfUp,
    HalfEven,
    HalfDown,
    Up,
    Down,
}

impl From<Rounding> for RoundingMode {
    fn from(mode: Rounding) -> RoundingMode {
        match mode {
            Rounding::HalfUp => RoundingMode::HalfUp,
            Rounding::HalfEven => RoundingMode::HalfEven,
            Rounding::HalfDown => RoundingMode::HalfDown,
            Rounding::Up => RoundingMode::Up,
            Rounding::Down => RoundingMode::Down,
        }
    }
}

/// A register: how it comes about, its lane, and what is known of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Register {
    pub op: VectorOp,
    pub lane: LaneType,
    /// The least and the greatest value it can have.
    pub range: (i128, i128),
    /// The greatest value but for `never`, which is far beyond all days.
    pub below: i128,
}

const NEVER: i128 = i32::MAX as i128;

/// More registers than this are not worth a program.
const MOST: usize = 20_000;

#[derive(Debug, Default)]
pub(super) struct Graph {
    pub registers: Vec<Register>,
    pub tables: Vec<Buffer>,
    known: BTreeMap<(VectorOp, LaneType), u32>,
}

impl Graph {
    pub fn is_full(&self) -> bool {
        self.registers.len() > MOST
    }

    pub fn register(&self, reg: u32) -> Option<&Register> {
        self.registers.get(reg as usize)
    }

    pub fn lane(&self, arg: Arg) -> LaneType {
        match arg {
            Arg::Reg(reg) => self.register(reg).map_or(LaneType::Int128, |register| register.lane),
            Arg::Const(value) => LaneType::of(value, value),
        }
    }

    pub fn range(&self, arg: Arg) -> (i128, i128) {
        match arg {
            Arg::Reg(reg) => self.register(reg).map_or((i128::MIN, i128::MAX), |register| register.range),
            Arg::Const(value) => (value, value),
        }
    }

    pub fn below(&self, arg: Arg) -> i128 {
        match arg {
            Arg::Reg(reg) => self.register(reg).map_or(i128::MAX, |register| register.below),
            Arg::Const(NEVER) => i128::MIN,
            Arg::Const(value) => value,
        }
    }

    /// Notes of a value that it is one of two.
    fn one_of(&mut self, value: Arg, a: Arg, b: Arg) -> Arg {
        let below = self.below(a).max(self.below(b));
        if let Arg::Reg(reg) = value
            && let Some(register) = self.registers.get_mut(reg as usize)
        {
            register.below = register.below.min(below);
        }
        value
    }

    /// A column of days, some of which may be `never`.
    pub fn push_days(&mut self, op: VectorOp, range: (i128, i128), never: bool) -> Arg {
        let hi = if never { NEVER } else { range.1 };
        let arg = self.push(op, LaneType::Int32, (range.0, hi));
        if let Arg::Reg(reg) = arg
            && let Some(register) = self.registers.get_mut(reg as usize)
        {
            register.below = range.1;
        }
        arg
    }

    pub fn push(&mut self, op: VectorOp, lane: LaneType, range: (i128, i128)) -> Arg {
        if let (lo, hi) = range
            && lo == hi
            && !matches!(op, VectorOp::Load(_))
        {
            return Arg::Const(lo);
        }
        if let Some(reg) = self.known.get(&(op, lane)) {
            return Arg::Reg(*reg);
        }
        let reg = u32::try_from(self.registers.len()).unwrap_or(u32::MAX);
        let below = match op {
            VectorOp::Convert(of) => self.below(Arg::Reg(of)),
            _ => range.1,
        };
        self.registers.push(Register { op, lane, range, below });
        self.known.insert((op, lane), reg);
        Arg::Reg(reg)
    }

    pub fn table(&mut self, cells: Buffer) -> u32 {
        let place = self.tables.iter().position(|table| *table == cells).unwrap_or_else(|| {
            self.tables.push(cells);
            self.tables.len().saturating_sub(1)
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    /// The same value in that lane, which is wide enough.
    fn convert(&mut self, arg: Arg, lane: LaneType) -> Arg {
        match arg {
            Arg::Reg(reg) if self.lane(arg) != lane => {
                let range = self.range(arg);
                // A narrowing after a widening, or the other way round, starts from what was there first.
                let from = match self.register(reg).map(|register| register.op) {
                    Some(VectorOp::Convert(first)) => first,
                    _ => reg,
                };
                if self.lane(Arg::Reg(from)) == lane {
                    return Arg::Reg(from);
                }
                self.push(VectorOp::Convert(from), lane, range)
            }
            _ => arg,
        }
    }

    pub fn compare(&mut self, relation: Relation, a: Arg, b: Arg) -> Arg {
        let ((alo, ahi), (blo, bhi)) = (self.range(a), self.range(b));
        let decided = match relation {
            Relation::Less if ahi < blo => Some(true),
            Relation::Less if alo >= bhi => Some(false),
            Relation::AtMost if ahi <= blo => Some(true),
            Relation::AtMost if alo > bhi => Some(false),
            Relation::Equal | Relation::Different if ahi < blo || bhi < alo => {
                Some(relation == Relation::Different)
            }
            Relation::Equal | Relation::Different if a == b => Some(relation == Relation::Equal),
            _ => None,
        };
        if let Some(decided) = decided {
            return Arg::bit(decided);
        }
        if a == b {
            return Arg::bit(relation == Relation::AtMost);
        }
        let lane = self.common(a, b);
        let (a, b) = (self.convert(a, lane), self.convert(b, lane));
        self.bit(VectorOp::Compare(relation, a, b))
    }

    /// The lane of two operands.
    fn common(&self, a: Arg, b: Arg) -> LaneType {
        match (self.lane(a), self.lane(b)) {
            (LaneType::Key, _) | (_, LaneType::Key) => LaneType::Key,
            (a, b) => a.max(b),
        }
    }

    fn arithmetic(
        &mut self,
        a: Arg,
        b: Arg,
        range: (i128, i128),
        op: impl FnOnce(Arg, Arg) -> Option<VectorOp>,
    ) -> Option<Arg> {
        // As narrow as they can be.
        let (left, right) = (self.range(a), self.range(b));
        let (lo, hi) = (left.0.min(right.0).min(range.0), left.1.max(right.1).max(range.1));
        let lane = LaneType::of(lo, hi);
        let (a, b) = (self.convert(a, lane), self.convert(b, lane));
        Some(self.push(op(a, b)?, lane, range))
    }

    pub fn plus(&mut self, a: Arg, b: Arg) -> Option<Arg> {
        let ((alo, ahi), (blo, bhi)) = (self.range(a), self.range(b));
        let range = (alo.checked_add(blo)?, ahi.checked_add(bhi)?);
        match (a, b) {
            _ if range.0 == range.1 => Some(Arg::Const(range.0)),
            (a, Arg::Const(0)) => Some(a),
            (Arg::Const(0), b) => Some(b),
            (Arg::Const(_), b) => self.plus(b, a),
            _ => self.arithmetic(a, b, range, |a, b| Some(VectorOp::Plus(reg(a)?, b))),
        }
    }

    pub fn minus(&mut self, a: Arg, b: Arg) -> Option<Arg> {
        let ((alo, ahi), (blo, bhi)) = (self.range(a), self.range(b));
        let range = (alo.checked_sub(bhi)?, ahi.checked_sub(blo)?);
        match (a, b) {
            _ if range.0 == range.1 => Some(Arg::Const(range.0)),
            (a, Arg::Const(0)) => Some(a),
            (a, b) => self.arithmetic(a, b, range, |a, b| Some(VectorOp::Minus(a, b))),
        }
    }

    pub fn times(&mut self, a: Arg, b: Arg) -> Option<Arg> {
        let ((alo, ahi), (blo, bhi)) = (self.range(a), self.range(b));
        let ends =
            [alo.checked_mul(blo)?, alo.checked_mul(bhi)?, ahi.checked_mul(blo)?, ahi.checked_mul(bhi)?];
        let range = (ends.iter().copied().min()?, ends.iter().copied().max()?);
        match (a, b) {
            _ if range.0 == range.1 => Some(Arg::Const(range.0)),
            (a, Arg::Const(1)) => Some(a),
            (Arg::Const(1), b) => Some(b),
            (Arg::Const(_), b) => self.times(b, a),
            _ => self.arithmetic(a, b, range, |a, b| Some(VectorOp::Times(reg(a)?, b))),
        }
    }

    pub fn least(&mut self, a: Arg, b: Arg) -> Option<Arg> {
        let ((alo, ahi), (blo, bhi)) = (self.range(a), self.range(b));
        match (a, b) {
            _ if ahi <= blo => Some(a),
            _ if bhi <= alo => Some(b),
            (Arg::Const(_), b) => self.least(b, a),
            _ => {
                let least = self.arithmetic(a, b, (alo.min(blo), ahi.min(bhi)), |a, b| {
                    Some(VectorOp::Least(reg(a)?, b))
                })?;
                Some(self.one_of(least, a, b))
            }
        }
    }

    pub fn greatest(&mut self, a: Arg, b: Arg) -> Option<Arg> {
        let ((alo, ahi), (blo, bhi)) = (self.range(a), self.range(b));
        match (a, b) {
            _ if ahi <= blo => Some(b),
            _ if bhi <= alo => Some(a),
            (Arg::Const(_), b) => self.greatest(b, a),
            _ => {
                let greatest = self.arithmetic(a, b, (alo.max(blo), ahi.max(bhi)), |a, b| {
                    Some(VectorOp::Greatest(reg(a)?, b))
                })?;
                Some(self.one_of(greatest, a, b))
            }
        }
    }

    pub fn choose(&mut self, when: Arg, yes: Arg, no: Arg) -> Arg {
        let when = match when {
            Arg::Const(value) => return if value != 0 { yes } else { no },
            Arg::Reg(when) => when,
        };
        if yes == no {
            return yes;
        }
        let ((alo, ahi), (blo, bhi)) = (self.range(yes), self.range(no));
        let lane = match self.common(yes, no) {
            LaneType::Key => LaneType::Key,
            _ => LaneType::of(alo.min(blo), ahi.max(bhi)),
        };
        let (yes, no) = (self.convert(yes, lane), self.convert(no, lane));
        let chosen = self.push(VectorOp::Choose(when, yes, no), lane, (alo.min(blo), ahi.max(bhi)));
        self.one_of(chosen, yes, no)
    }

    /// A choice of keys, also of two constant ones.
    pub fn choose_key(&mut self, when: Arg, yes: Arg, no: Arg) -> Arg {
        let when = match when {
            Arg::Const(value) => return if value != 0 { yes } else { no },
            Arg::Reg(when) => when,
        };
        if yes == no {
            return yes;
        }
        let ((alo, ahi), (blo, bhi)) = (self.range(yes), self.range(no));
        self.push(VectorOp::Choose(when, yes, no), LaneType::Key, (alo.min(blo), ahi.max(bhi)))
    }

    /// The quotient by a constant above 0, made whole.
    pub fn divide(&mut self, a: Arg, divisor: i128, mode: RoundingMode) -> Option<Arg> {
        let (lo, hi) = self.range(a);
        let range = (quotient(lo, divisor, mode)?, quotient(hi, divisor, mode)?);
        match a {
            Arg::Const(_) => Some(Arg::Const(range.0)),
            Arg::Reg(_) if divisor == 1 => Some(a),
            Arg::Reg(_) => {
                // Its magnitude is looked at, and the divisor stands beside it.
                let lane = self.lane(a).max(LaneType::Int64).max(LaneType::of(divisor, divisor));
                let a = self.convert(a, lane);
                Some(self.push(VectorOp::Divide(reg(a)?, divisor, mode), lane, range))
            }
        }
    }

    /// The quotient by a number above 0 made whole.
    pub fn ratio(&mut self, a: Arg, by: Arg, mode: RoundingMode) -> Option<Arg> {
        if let Arg::Const(by) = by {
            return self.divide(a, by, mode);
        }
        let ((lo, hi), (least, most)) = (self.range(a), self.range(by));
        let least = if least > 0 { least } else { return None };
        let end = |value: i128| Some((quotient(value, least, mode)?, quotient(value, most, mode)?));
        let ((a1, a2), (b1, b2)) = (end(lo)?, end(hi)?);
        let lane = self.lane(a).max(self.lane(by)).max(LaneType::Int64);
        let (a, by) = (self.convert(a, lane), self.convert(by, lane));
        Some(self.push(VectorOp::Ratio(a, reg(by)?, mode), lane, (a1.min(a2), b1.max(b2))))
    }

    /// What a table has for the keys of a register.
    pub fn look_up(&mut self, key: Arg, lane: LaneType, values: &[i128]) -> Option<Arg> {
        let key = match key {
            Arg::Const(key) => return values.get(usize::try_from(key).ok()?).copied().map(Arg::Const),
            Arg::Reg(key) => key,
        };
        let range = (values.iter().copied().min()?, values.iter().copied().max()?);
        if range.0 == range.1 {
            return Some(Arg::Const(range.0));
        }
        let table = self.table(Buffer::from_wide(lane, values.iter().copied()));
        Some(self.push(VectorOp::Table(key, table), lane, range))
    }

    /// What a table has for a number in the first lane; of smaller ones it has its first, of greater its last.
    pub fn place(&mut self, number: Arg, base: i32, lane: LaneType, values: &[i128]) -> Option<Arg> {
        let range = (values.iter().copied().min()?, values.iter().copied().max()?);
        match number {
            Arg::Const(number) => {
                let at = usize::try_from((number - i128::from(base)).max(0)).unwrap_or(usize::MAX);
                values.get(at).or(values.last()).copied().map(Arg::Const)
            }
            _ if range.0 == range.1 => Some(Arg::Const(range.0)),
            _ => {
                let number = self.convert(number, LaneType::Int32);
                let table = self.table(Buffer::from_wide(lane, values.iter().copied()));
                Some(self.push(VectorOp::Place(reg(number)?, base, table), lane, range))
            }
        }
    }
}

pub(super) fn reg(arg: Arg) -> Option<u32> {
    match arg {
        Arg::Reg(reg) => Some(reg),
        Arg::Const(_) => None,
    }
}

/// The same by a number that is above 0 but in rows of no account, where anything will do.
pub(super) fn ratio_wide(value: i128, by: i128, mode: RoundingMode) -> i128 {
    quotient(value, by.max(1), mode).unwrap_or(0)
}

pub(super) fn ratio_long(value: i64, by: i64, mode: RoundingMode) -> i64 {
    let (size, by) = (value.unsigned_abs(), by.max(1).unsigned_abs());
    let (times, rest) = (size.checked_div(by).unwrap_or(0), size.checked_rem(by).unwrap_or(0));
    let times = times.wrapping_add(u64::from(goes_up(mode, times & 1 == 1, rest, by - rest)));
    if value < 0 { (times as i64).wrapping_neg() } else { times as i64 }
}

/// Whether a magnitude goes up: whether the quotient so far is odd, what is left over, what is missing to the next.
#[inline]
fn goes_up<T: Ord + Default>(mode: RoundingMode, odd: bool, rest: T, missing: T) -> bool {
    match mode {
        RoundingMode::HalfUp => rest >= missing,
        RoundingMode::HalfEven => rest > missing || (rest == missing && odd),
        RoundingMode::HalfDown => rest > missing,
        RoundingMode::Up => rest != T::default(),
        RoundingMode::Down => false,
    }
}

/// One number divided and made whole (M4).
pub(super) fn quotient(value: i128, divisor: i128, mode: RoundingMode) -> Option<i128> {
    let (size, divisor) = (value.unsigned_abs(), divisor.unsigned_abs());
    let (mut times, rest) = (size.checked_div(divisor)?, size.checked_rem(divisor)?);
    times += u128::from(goes_up(mode, times % 2 == 1, rest, divisor - rest));
    let times = i128::try_from(times).ok()?;
    Some(if value < 0 { -times } else { times })
}
