//! A column of numbers as it grows: 64 bits at one scale as long as they are enough, then 128, then fractions.

use crate::batch::ColumnValues;
use crate::value::{Number, decimal};

/// Scales go up to this ([`ColumnValues::Scaled`]).
pub(super) const SCALES: u8 = 18;

#[derive(Debug)]
pub(super) enum Numbers {
    Scaled(Vec<i64>, u8),
    Wide(Vec<i128>, u8),
    Exact(Vec<Number>),
}

impl Numbers {
    pub fn len(&self) -> usize {
        match self {
            Numbers::Scaled(values, _) => values.len(),
            Numbers::Wide(values, _) => values.len(),
            Numbers::Exact(values) => values.len(),
        }
    }

    pub fn truncate(&mut self, len: usize) {
        match self {
            Numbers::Scaled(values, _) => values.truncate(len),
            Numbers::Wide(values, _) => values.truncate(len),
            Numbers::Exact(values) => values.truncate(len),
        }
    }

    /// Adds `value / 10^places`.
    #[inline]
    pub fn push(&mut self, value: i64, places: u8) {
        if let Numbers::Scaled(values, scale) = self {
            if *scale == places {
                values.push(value);
                return;
            }
            let by = 10i64.checked_pow(scale.abs_diff(places).into());
            let fits = match by {
                Some(by) if places < *scale => value.checked_mul(by),
                Some(by) if value % by == 0 => Some(value / by),
                // More decimals than any before it: the column has them from here on.
                Some(by) => match values.iter().map(|one| one.checked_mul(by)).collect() {
                    Some(grown) => {
                        (*values, *scale) = (grown, places);
                        Some(value)
                    }
                    None => None,
                },
                None => None,
            };
            if let Some(value) = fits {
                values.push(value);
                return;
            }
        }
        self.push_wide(value.into(), places);
    }

    /// Adds many: each `value · by / 10^places`, `places` up to [`SCALES`].
    #[cfg(feature = "parquet")]
    pub fn extend(&mut self, more: &[i64], by: i64, places: u8) {
        if let Numbers::Scaled(values, scale) = self
            && (*scale == places || values.is_empty())
        {
            let before = values.len();
            match by {
                1 => values.extend_from_slice(more),
                _ => values.extend(more.iter().map_while(|value| value.checked_mul(by))),
            }
            if values.len() - before == more.len() {
                *scale = places;
                return;
            }
            values.truncate(before);
        }
        for value in more {
            match value.checked_mul(by) {
                Some(value) => self.push(value, places),
                // Two numbers of 64 bits have a product of 127.
                None => self.push_wide(i128::from(*value).saturating_mul(by.into()), places),
            }
        }
    }

    /// The same, of any size; `places` up to [`SCALES`].
    #[cold]
    pub fn push_wide(&mut self, value: i128, places: u8) {
        let (value, places) = shortest(value, places);
        match self {
            Numbers::Scaled(values, scale) => {
                let to = places.max(*scale);
                let small = grow(value, to - places).and_then(|value| i64::try_from(value).ok());
                if let (true, Some(small)) = (to == *scale, small) {
                    values.push(small);
                    return;
                }
                let grown = grown(values.iter().map(|one| i128::from(*one)), to - *scale);
                let new = grow(value, to - places);
                let (Some(grown), Some(new)) = (grown, new) else { return self.push_exact(value, places) };
                let small = |all: &[i128]| all.iter().map(|one| i64::try_from(*one).ok()).collect();
                let mut all = grown;
                all.push(new);
                let small: Option<Vec<i64>> = small(&all);
                *self = match small {
                    Some(values) => Numbers::Scaled(values, to),
                    None => Numbers::Wide(all, to),
                };
            }
            Numbers::Wide(values, scale) => {
                let to = places.max(*scale);
                if to == *scale
                    && let Some(new) = grow(value, to - places)
                {
                    values.push(new);
                    return;
                }
                let all = grown(values.iter().copied(), to - *scale).zip(grow(value, to - places));
                let Some((mut all, new)) = all else { return self.push_exact(value, places) };
                all.push(new);
                *self = Numbers::Wide(all, to);
            }
            Numbers::Exact(_) => self.push_exact(value, places),
        }
    }

    fn push_exact(&mut self, value: i128, places: u8) {
        let number = Number::scaled(value, places).unwrap_or(Number::ZERO);
        self.exact().push(number);
    }

    /// Adds any number.
    pub fn push_number(&mut self, number: Number) {
        match parts(&number) {
            Some((value, places)) => match i64::try_from(value) {
                Ok(value) => self.push(value, places),
                Err(_) => self.push_wide(value, places),
            },
            None => self.exact().push(number),
        }
    }

    /// As fractions from here on.
    fn exact(&mut self) -> &mut Vec<Number> {
        let number = |value: i128, scale: u8| Number::scaled(value, scale).unwrap_or(Number::ZERO);
        let all: Option<Vec<Number>> = match self {
            Numbers::Scaled(values, scale) => {
                Some(values.iter().map(|one| number((*one).into(), *scale)).collect())
            }
            Numbers::Wide(values, scale) => Some(values.iter().map(|one| number(*one, *scale)).collect()),
            Numbers::Exact(_) => None,
        };
        if let Some(all) = all {
            *self = Numbers::Exact(all);
        }
        match self {
            Numbers::Exact(values) => values,
            // Never: it was made so just now.
            Numbers::Scaled(..) | Numbers::Wide(..) => {
                *self = Numbers::Exact(Vec::new());
                self.exact()
            }
        }
    }

    /// What has come in, and an empty column of the kind that was enough for most.
    pub fn take(&mut self) -> ColumnValues {
        let (room, scale) = match self {
            Numbers::Scaled(values, scale) => (values.len(), *scale),
            Numbers::Wide(values, _) => (values.len(), 0),
            Numbers::Exact(values) => (values.len(), 0),
        };
        match std::mem::replace(self, Numbers::Scaled(Vec::with_capacity(room), scale)) {
            Numbers::Scaled(values, scale) => ColumnValues::Scaled { values, scale },
            Numbers::Wide(values, scale) => ColumnValues::Wide { values, scale },
            Numbers::Exact(values) => ColumnValues::Exact(values),
        }
    }
}

/// A number as a decimal of few places.
pub(super) fn parts(number: &Number) -> Option<(i128, u8)> {
    let text = decimal(number)?;
    let places = text.split_once('.').map_or(0, |(_, places)| places.len());
    let places = u8::try_from(places).ok().filter(|places| *places <= SCALES)?;
    text.replace('.', "").parse().ok().map(|value| (value, places))
}

/// Without zeros at the end.
fn shortest(mut value: i128, mut places: u8) -> (i128, u8) {
    while places > 0 && value % 10 == 0 {
        value /= 10;
        places -= 1;
    }
    (value, places)
}

fn grow(value: i128, by: u8) -> Option<i128> {
    value.checked_mul(10i128.checked_pow(by.into())?)
}

fn grown(values: impl Iterator<Item = i128>, by: u8) -> Option<Vec<i128>> {
    values.map(|value| grow(value, by)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_column_grows_no_wider_than_it_must() {
        let mut numbers = Numbers::Scaled(Vec::new(), 0);
        numbers.push(100, 0);
        numbers.push(9_999, 2);
        assert!(matches!(numbers, Numbers::Scaled(_, 2)));
        numbers.push(1_000, 3);
        assert!(matches!(numbers, Numbers::Scaled(_, 2)), "one unit needs no third place: {numbers:?}");
        numbers.push(i64::MAX, 0);
        assert!(matches!(numbers, Numbers::Wide(_, 2)));
        numbers.push_wide(i128::MAX, 0);
        assert!(matches!(numbers, Numbers::Exact(_)));
    }

    /// A million numbers of few decimals more than the column has so far are no work worth speaking of.
    #[test]
    fn zeros_at_the_end_cost_nothing() {
        let mut numbers = Numbers::Scaled(Vec::new(), 0);
        for at in 0..1_000_000 {
            numbers.push(if at % 2 == 0 { 0 } else { 1_500 }, 4);
            numbers.push_wide(15, 1);
        }
        assert_eq!(numbers.len(), 2_000_000);
        assert!(matches!(numbers, Numbers::Scaled(_, 4)));
    }

    #[cfg(feature = "parquet")]
    #[test]
    fn many_at_once_are_as_many_one_by_one() {
        let more = [0, -7, 250, i64::MAX, i64::MIN, 1];
        for (before, by, places) in [(None, 1, 2), (Some(3), 1, 2), (Some(2), 1_000, 2), (Some(0), -3, 18)] {
            let mut lists = [Numbers::Scaled(Vec::new(), 1), Numbers::Scaled(Vec::new(), 1)];
            for list in &mut lists {
                before.into_iter().for_each(|places| list.push(12_345, places));
            }
            let [mut one, mut many] = lists;
            many.extend(&more, by, places);
            more.iter().for_each(|value| one.push_wide(i128::from(*value) * i128::from(by), places));
            let (one, many) = (one.take(), many.take());
            assert_eq!(one.len(), many.len());
            (0..one.len()).for_each(|at| assert_eq!(one.get(at), many.get(at), "{at} of {more:?} by {by}"));
        }
    }

    proptest! {
        /// Whatever comes in comes out, in whatever order.
        #[test]
        fn nothing_is_lost(cells in prop::collection::vec((any::<i64>(), 0u8..=18, 0u32..4), 0..40)) {
            let mut numbers = Numbers::Scaled(Vec::new(), 0);
            let mut expected = Vec::new();
            for (value, places, big) in cells {
                let number = match big {
                    0 => Number::scaled(i128::from(value), 0).unwrap().div(&Number::from(7)).unwrap(),
                    1 => Number::scaled(i128::from(value) * i128::from(u32::MAX), places).unwrap(),
                    _ => Number::scaled(i128::from(value), places).unwrap(),
                };
                match big {
                    2 => numbers.push(value, places),
                    _ => numbers.push_number(number.clone()),
                }
                expected.push(number);
            }
            let values = numbers.take();
            for (at, number) in expected.iter().enumerate() {
                prop_assert_eq!(values.get(at), Some(crate::value::Value::Number(number.clone())));
            }
        }
    }
}
