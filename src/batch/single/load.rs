//! The cells of a row, out of their columns.

use crate::batch::column::{ColumnValues, Columns};
use crate::batch::fit::{Fit, Held};
use crate::policy::FieldId;
use crate::value::{Day, Value};
use std::sync::Arc;

/// A column as a program wants it, and where its cell goes.
#[derive(Debug)]
pub(super) struct Load {
    pub column: usize,
    pub field: FieldId,
    pub to: u16,
    expected: ExpectedValues,
    gaps: bool,
    odd: bool,
}

#[derive(Debug)]
enum ExpectedValues {
    Bits,
    Scaled {
        scale: u8,
        least: i64,
        most: i64,
    },
    Durations {
        least: i64,
        most: i64,
    },
    /// `never` is not between these.
    Days {
        first: i32,
        last: i32,
        never: bool,
    },
    Words(Arc<[Value]>),
}

impl Load {
    /// `None`: its cells are not of 64 bits.
    pub fn new(column: usize, field: FieldId, fit: &Fit, to: u16) -> Option<Load> {
        let expected = match &fit.held {
            Held::Bits => ExpectedValues::Bits,
            Held::Scaled { scale, range: (least, most) } => ExpectedValues::Scaled {
                scale: *scale,
                least: i64::try_from(*least).ok()?,
                most: i64::try_from(*most).ok()?,
            },
            Held::Durations { range: (least, most) } => ExpectedValues::Durations {
                least: i64::try_from(*least).ok()?,
                most: i64::try_from(*most).ok()?,
            },
            Held::Days { range: (first, last), never } => ExpectedValues::Days {
                first: i32::try_from(*first).ok()?,
                last: i32::try_from(*last).ok()?,
                never: *never,
            },
            Held::Words(words) => ExpectedValues::Words(words.clone()),
            Held::Wide { .. } | Held::Exact => return None,
        };
        Some(Load { column, field, to, expected, gaps: fit.gaps, odd: fit.odd })
    }

    /// The cell of a row; `None`: the program is not made for it.
    #[inline]
    pub fn cell(&self, rows: &Columns, row: usize) -> Option<i64> {
        let (field, column) = rows.columns.get(self.column)?;
        let plain = column.odd.is_empty() || self.odd;
        let stated = column.stated.is_none() || self.gaps;
        if *field != self.field || !plain || !stated {
            return None;
        }
        let within = |value: i64, least: i64, most: i64| (least <= value && value <= most).then_some(value);
        match (&self.expected, &column.values) {
            (ExpectedValues::Bits, ColumnValues::Bool(list)) => Some(i64::from(*list.get(row)?)),
            (ExpectedValues::Scaled { scale, least, most }, ColumnValues::Scaled { values, scale: own })
                if scale == own =>
            {
                within(*values.get(row)?, *least, *most)
            }
            (ExpectedValues::Durations { least, most }, ColumnValues::Durations(values)) => {
                within(*values.get(row)?, *least, *most)
            }
            (ExpectedValues::Days { first, last, never }, ColumnValues::Days(days)) => {
                let day = *days.get(row)?;
                if day == Day::NEVER.number() {
                    return never.then_some(day.into());
                }
                within(day.into(), (*first).into(), (*last).into())
            }
            (ExpectedValues::Words(words), ColumnValues::Words { dictionary, keys }) => {
                let key = *keys.get(row)?;
                let same = Arc::ptr_eq(words, dictionary) || words == dictionary;
                (same && (key as usize) < words.len()).then_some(key.into())
            }
            _ => None,
        }
    }
}
