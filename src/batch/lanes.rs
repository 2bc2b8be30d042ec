//! Cells side by side, in the narrowest type that is wide enough for them.

use super::column::ColumnValues;

/// Days looked up one by one.
pub(super) const SPAN: i128 = 200_000;

/// The type of the cells of a register. Derived order: a number fits every later type of number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LaneType {
    Bit,
    /// A place in a dictionary.
    Key,
    Int32,
    Int64,
    Int128,
}

impl LaneType {
    /// The narrowest type for whole numbers from `lo` to `hi`.
    pub fn of(lo: i128, hi: i128) -> LaneType {
        if i32::try_from(lo).is_ok() && i32::try_from(hi).is_ok() {
            LaneType::Int32
        } else if i64::try_from(lo).is_ok() && i64::try_from(hi).is_ok() {
            LaneType::Int64
        } else {
            LaneType::Int128
        }
    }
}

/// Cells of one type, side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Buffer {
    Bit(Vec<bool>),
    Key(Vec<u32>),
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Int128(Vec<i128>),
}

impl Buffer {
    pub fn new(lane: LaneType) -> Buffer {
        match lane {
            LaneType::Bit => Buffer::Bit(Vec::new()),
            LaneType::Key => Buffer::Key(Vec::new()),
            LaneType::Int32 => Buffer::Int32(Vec::new()),
            LaneType::Int64 => Buffer::Int64(Vec::new()),
            LaneType::Int128 => Buffer::Int128(Vec::new()),
        }
    }

    /// Values known to fit.
    pub fn from_wide(lane: LaneType, values: impl Iterator<Item = i128>) -> Buffer {
        match lane {
            LaneType::Bit => Buffer::Bit(values.map(bool::narrow).collect()),
            LaneType::Key => Buffer::Key(values.map(u32::narrow).collect()),
            LaneType::Int32 => Buffer::Int32(values.map(i32::narrow).collect()),
            LaneType::Int64 => Buffer::Int64(values.map(i64::narrow).collect()),
            LaneType::Int128 => Buffer::Int128(values.collect()),
        }
    }
}

/// A type of cells.
pub(super) trait Element: Copy + Default + Ord + 'static {
    fn view(cells: &Buffer) -> &[Self];
    fn list(cells: &mut Buffer) -> Option<&mut Vec<Self>>;
    /// A column that is of this type as it stands.
    fn column(values: &ColumnValues) -> &[Self];
    /// A constant, known to fit.
    fn narrow(value: i128) -> Self;
    /// One of two, without a choice of where to read: that would be done cell by cell.
    fn blend(when: bool, yes: Self, no: Self) -> Self;
}

macro_rules! cell {
    ($type:ty, $lane:ident, $narrow:expr, $mask:expr, $($column:pat => $list:ident),+) => {
        impl Element for $type {
            #[inline]
            fn view(cells: &Buffer) -> &[Self] {
                match cells {
                    Buffer::$lane(list) => list,
                    _ => &[],
                }
            }
            #[inline]
            fn list(cells: &mut Buffer) -> Option<&mut Vec<Self>> {
                match cells {
                    Buffer::$lane(list) => Some(list),
                    _ => None,
                }
            }
            #[inline]
            fn column(values: &ColumnValues) -> &[Self] {
                match values {
                    $($column => $list,)+
                    _ => &[],
                }
            }
            #[inline(always)]
            fn narrow(value: i128) -> Self {
                $narrow(value)
            }
            #[inline(always)]
            fn blend(when: bool, yes: Self, no: Self) -> Self {
                no ^ ((yes ^ no) & $mask(when))
            }
        }
    };
}

cell!(bool, Bit, |value| value != 0, |when| when, ColumnValues::Bool(list) => list);
cell!(u32, Key, |value| value as u32, |when| u32::from(when).wrapping_neg(), ColumnValues::Words { keys, .. } => keys);
cell!(i32, Int32, |value| value as i32, |when| i32::from(when).wrapping_neg(), ColumnValues::Days(list) => list);
cell!(i64, Int64, |value| value as i64, |when| i64::from(when).wrapping_neg(), ColumnValues::Scaled { values, .. } => values, ColumnValues::Durations(list) => list);
cell!(i128, Int128, |value| value, |when| i128::from(when).wrapping_neg(), ColumnValues::Wide { values, .. } => values);

/// Whole numbers whose results were proved to fit: nothing overflows, and what stands in rows of no account may wrap.
pub(super) trait Whole: Element {
    fn plus(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;
    fn times(self, other: Self) -> Self;
}

macro_rules! whole {
    ($($type:ty),+) => {$(
        impl Whole for $type {
            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                self.wrapping_add(other)
            }
            #[inline(always)]
            fn minus(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }
            #[inline(always)]
            fn times(self, other: Self) -> Self {
                self.wrapping_mul(other)
            }
        }
    )+};
}

whole!(i32, i64, i128);

/// How a quotient is made whole (M4), as a type, so that every loop has its own.
pub(super) trait StaticRounding: Copy {
    /// Whether the magnitude goes up: the quotient so far, what is left over, and what is missing to the next.
    fn up(times: u64, rest: u64, missing: u64) -> bool;
}

macro_rules! mode {
    ($name:ident, |$times:ident, $rest:ident, $missing:ident| $up:expr) => {
        #[derive(Clone, Copy)]
        pub(super) struct $name;
        impl StaticRounding for $name {
            #[inline(always)]
            fn up($times: u64, $rest: u64, $missing: u64) -> bool {
                $up
            }
        }
    };
}

mode!(HalfUp, |_times, rest, missing| rest >= missing);
mode!(HalfEven, |times, rest, missing| rest + (times & 1) > missing);
mode!(HalfDown, |_times, rest, missing| rest > missing);
mode!(Up, |_times, rest, _missing| rest != 0);
mode!(Down, |_times, _rest, _missing| false);
