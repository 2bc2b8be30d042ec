//! What a program is made for: how columns are held, and between which ends their numbers lie.

use super::column::{ColumnValues, FieldColumn};
use super::machine::RowSlice;
use crate::value::{Day, Value};
use pulp::{Arch, Simd, WithSimd};
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fit {
    pub held: Held,
    /// Not every row states it.
    pub gaps: bool,
    /// Not every cell is one value.
    pub odd: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Held {
    Bits,
    Scaled {
        scale: u8,
        range: ValueRange,
    },
    Wide {
        scale: u8,
        range: ValueRange,
    },
    Exact,
    /// `never` is not in the range.
    Days {
        range: ValueRange,
        never: bool,
    },
    Durations {
        range: ValueRange,
    },
    Words(Arc<[Value]>),
}

/// The least and the greatest.
pub(super) type ValueRange = (i128, i128);

impl Fit {
    /// What these rows of a column are; `None`: something in it is no value.
    pub fn of(column: &FieldColumn, chunk: RowSlice<'_>, arch: Arch) -> Option<Fit> {
        let rows = chunk.start..chunk.start.checked_add(chunk.count)?;
        let held = match &column.values {
            ColumnValues::Bool(list) => {
                list.get(rows.clone())?;
                Held::Bits
            }
            ColumnValues::Scaled { values, scale } if *scale <= 18 => {
                Held::Scaled { scale: *scale, range: ends(arch, values.get(rows.clone())?)? }
            }
            ColumnValues::Wide { values, scale } if *scale <= 18 => {
                Held::Wide { scale: *scale, range: ends(arch, values.get(rows.clone())?)? }
            }
            ColumnValues::Scaled { .. } | ColumnValues::Wide { .. } => return None,
            ColumnValues::Exact(list) => {
                list.get(rows.clone())?;
                Held::Exact
            }
            ColumnValues::Days(list) => days(arch, list.get(rows.clone())?)?,
            ColumnValues::Durations(list) => Held::Durations { range: ends(arch, list.get(rows.clone())?)? },
            ColumnValues::Words { dictionary, keys } => {
                let (_, most) = ends(arch, keys.get(rows.clone())?)?;
                if usize::try_from(most).ok()? >= dictionary.len() {
                    return None;
                }
                Held::Words(dictionary.clone())
            }
        };
        if let Some(stated) = &column.stated {
            stated.get(rows)?;
        }
        Some(Fit { held, gaps: column.stated.is_some(), odd: !column.odd.is_empty() })
    }

    /// Whether a program made for this is right for that.
    pub fn covers(&self, other: &Fit) -> bool {
        let held = match (&self.held, &other.held) {
            (Held::Scaled { scale: a, range }, Held::Scaled { scale: b, range: other }) => {
                a == b && within(*range, *other)
            }
            (Held::Wide { scale: a, range }, Held::Wide { scale: b, range: other }) => {
                a == b && within(*range, *other)
            }
            (Held::Days { range, never }, Held::Days { range: other, never: may }) => {
                within(*range, *other) && (*never || !may)
            }
            (Held::Durations { range }, Held::Durations { range: other }) => within(*range, *other),
            (Held::Words(a), Held::Words(b)) => Arc::ptr_eq(a, b) || a == b,
            (a, b) => a == b,
        };
        held && (self.gaps || !other.gaps) && (self.odd || !other.odd)
    }

    /// Made for this and for what came before, with room to spare, so that few programs are made.
    pub fn with(self, before: Option<&Fit>) -> Fit {
        let range = |range: ValueRange, old: Option<ValueRange>| {
            let (lo, hi) = old.map_or(range, |old| (range.0.min(old.0), range.1.max(old.1)));
            (spare(lo.min(0)), spare(hi.max(0)))
        };
        let held = match (self.held, before.map(|fit| &fit.held)) {
            (Held::Scaled { scale, range: new }, old) => {
                let old = match old {
                    Some(Held::Scaled { scale: same, range }) if *same == scale => Some(*range),
                    _ => None,
                };
                Held::Scaled { scale, range: long(range(new, old)) }
            }
            (Held::Wide { scale, range: new }, old) => {
                let old = match old {
                    Some(Held::Wide { scale: same, range }) if *same == scale => Some(*range),
                    _ => None,
                };
                Held::Wide { scale, range: range(new, old) }
            }
            (Held::Durations { range: new }, old) => {
                let old = if let Some(Held::Durations { range }) = old { Some(*range) } else { None };
                Held::Durations { range: long(range(new, old)) }
            }
            (Held::Days { range: (lo, hi), never }, old) => {
                let (old, may) = if let Some(Held::Days { range, never }) = old {
                    (*range, *never)
                } else {
                    ((lo, hi), false)
                };
                let (lo, hi) = (lo.min(old.0), hi.max(old.1));
                let first = lo.div_euclid(DAYS) * DAYS;
                let last = hi.div_euclid(DAYS) * DAYS + DAYS - 1;
                let range = (first.max(Day::FIRST.number().into()), last.min(Day::LAST.number().into()));
                Held::Days { range, never: never || may }
            }
            (held, _) => held,
        };
        let gaps = self.gaps || before.is_some_and(|fit| fit.gaps);
        let odd = self.odd || before.is_some_and(|fit| fit.odd);
        Fit { held, gaps, odd }
    }
}

/// Lists of words that were found to be equal: with thousands of words that is not found out for every chunk.
#[derive(Debug, Default)]
pub(super) struct Alike(Vec<(Dictionary, Dictionary)>);

type Dictionary = Arc<[Value]>;

impl Alike {
    /// Puts the lists of a program in place of their equals.
    pub fn settle(&mut self, fits: &mut [Option<Fit>], made: &[Option<Fit>]) {
        for (fit, made) in fits.iter_mut().zip(made) {
            let (Some(Fit { held: Held::Words(mine), .. }), Some(Fit { held: Held::Words(theirs), .. })) =
                (fit, made)
            else {
                continue;
            };
            if Arc::ptr_eq(mine, theirs) {
                continue;
            }
            let seen = |(a, b): &(Dictionary, Dictionary)| Arc::ptr_eq(a, mine) && Arc::ptr_eq(b, theirs);
            if self.0.iter().any(seen) {
                *mine = theirs.clone();
            } else if mine == theirs {
                self.0.push((mine.clone(), theirs.clone()));
                *mine = theirs.clone();
            }
        }
    }
}

/// Days to spare.
const DAYS: i128 = 1024;

fn within(range: ValueRange, other: ValueRange) -> bool {
    range.0 <= other.0 && other.1 <= range.1
}

/// The next power of two, less one: 0, 1, 3, 7, …; below 0 the same.
fn spare(end: i128) -> i128 {
    let size = end.unsigned_abs();
    let more = u128::MAX.checked_shr(size.leading_zeros()).unwrap_or(0);
    let more = i128::try_from(more).unwrap_or(i128::MAX);
    if end < 0 { -more } else { more }
}

/// Cells of 64 bits go no further.
fn long((lo, hi): ValueRange) -> ValueRange {
    (lo.max(i64::MIN.into()), hi.min(i64::MAX.into()))
}

struct Ends<'a, T>(&'a [T], T, T);

impl<T: Copy + Ord> WithSimd for Ends<'_, T> {
    type Output = (T, T);
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> (T, T) {
        let (mut lo, mut hi) = (self.1, self.2);
        for value in self.0 {
            lo = if *value < lo { *value } else { lo };
            hi = if *value > hi { *value } else { hi };
        }
        (lo, hi)
    }
}

/// The least and the greatest of at least one.
fn ends<T: Copy + Ord>(arch: Arch, list: &[T]) -> Option<ValueRange>
where
    i128: From<T>,
{
    let first = *list.first()?;
    let (lo, hi) = arch.dispatch(Ends(list, first, first));
    Some((lo.into(), hi.into()))
}

struct Latest<'a>(&'a [i32]);

impl WithSimd for Latest<'_> {
    type Output = i32;
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> i32 {
        let mut hi = i32::MIN;
        for value in self.0 {
            let value = if *value == i32::MAX { i32::MIN } else { *value };
            hi = if value > hi { value } else { hi };
        }
        hi
    }
}

fn days(arch: Arch, list: &[i32]) -> Option<Held> {
    let (lo, mut hi) = ends(arch, list)?;
    let never = i128::from(Day::NEVER.number());
    let (first, last) = (i128::from(Day::FIRST.number()), i128::from(Day::LAST.number()));
    let may = hi == never;
    if may {
        hi = arch.dispatch(Latest(list)).into();
    }
    if lo == never {
        // No day at all: any will do.
        return Some(Held::Days { range: (first, first), never: true });
    }
    (lo >= first && hi <= last).then_some(Held::Days { range: (lo, hi), never: may })
}
