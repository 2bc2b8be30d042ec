//! How many rows move how far: steps of 1, 2 and 5 times a power of ten, so that no number of rows makes it longer.

use crate::policy::{Face, Type};
use crate::value::{Number, Units};
use std::collections::BTreeMap;

/// One step: of all changes from `least` on, not as far as `most` (by magnitude, on the side of zero that both are on).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistogramBin {
    pub least: Number,
    pub most: Number,
    pub rows: u64,
}

#[derive(Clone, Debug)]
pub(super) struct Histogram {
    /// What counts as one: a percentage point, a dollar.
    one: Number,
    bins: BTreeMap<Number, HistogramBin>,
}

impl Histogram {
    pub fn new(ty: &Type, units: &Units) -> Histogram {
        let one = match ty {
            Type::Number { face: Face::Rate, .. } => Number::from_ratio(1, 100),
            Type::Number { face: Face::Unit(unit), .. } => unit.scale(units),
            _ => Ok(Number::ONE),
        };
        let one = one.ok().filter(|one| !one.is_zero()).unwrap_or(Number::ONE);
        Histogram { one, bins: BTreeMap::new() }
    }

    pub fn add(&mut self, delta: &Number) {
        let Some((least, most)) = self.bin(&delta.abs()) else { return };
        let (least, most) = if delta.is_negative() { (least.neg(), most.neg()) } else { (least, most) };
        let bin = self.bins.entry(least.clone()).or_insert(HistogramBin { least, most, rows: 0 });
        bin.rows = bin.rows.saturating_add(1);
    }

    /// Borders around a size above zero.
    fn bin(&self, size: &Number) -> Option<(Number, Number)> {
        let ten = Number::from(10);
        let mut decade = self.one.clone();
        // M1 bounds the magnitude of numbers, and so this.
        while *size < decade {
            decade = decade.div(&ten).ok()?;
        }
        loop {
            let next = decade.mul(&ten).ok()?;
            if *size < next {
                break;
            }
            decade = next;
        }
        let at = |times: i64| decade.mul(&Number::from(times)).ok();
        for (least, most) in [(5, 10), (2, 5), (1, 2)] {
            let least = at(least)?;
            if least <= *size {
                return Some((least, at(most)?));
            }
        }
        None
    }

    /// From the farthest down to the farthest up.
    pub fn finish(self) -> Vec<HistogramBin> {
        self.bins.into_values().collect()
    }
}
