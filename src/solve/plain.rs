//! The plainest number between two bounds: the one preferred, 0, a whole number of few digits, a decimal of few digits.

use super::pair::DeltaNumber;
use super::stop::Inconclusive;
use super::term::{ceiling, floor};
use crate::value::{Number, Rounding};

/// Below 10^-40 and above 10^40 no digits are counted.
const POWERS: u32 = 40;

/// What lies between two bounds.
#[derive(Clone, Copy)]
pub(super) struct Between<'a> {
    pub low: Option<&'a DeltaNumber>,
    pub high: Option<&'a DeltaNumber>,
    pub whole: bool,
}

impl Between<'_> {
    fn has(&self, value: &Number) -> bool {
        let open_low = self
            .low
            .is_some_and(|low| if low.tiny.is_positive() { *value <= low.real } else { *value < low.real });
        let open_high = self.high.is_some_and(|high| {
            if high.tiny.is_negative() { *value >= high.real } else { *value > high.real }
        });
        !open_low && !open_high && (!self.whole || value.is_integer())
    }

    /// The plainest number, and for whole ones preferred the nearest; `None` if there is none.
    pub(super) fn plainest(&self, preferred: Option<&Number>) -> Result<Option<Number>, Inconclusive> {
        if let Some(preferred) = preferred {
            if self.has(preferred) {
                return Ok(Some(preferred.clone()));
            }
            if self.whole {
                return self.nearest(preferred);
            }
        }
        if self.has(&Number::ZERO) {
            return Ok(Some(Number::ZERO));
        }
        let found = match (self.low, self.high) {
            (Some(low), _) if !low.real.is_negative() => positive(low, self)?,
            (_, Some(high)) => {
                let negative =
                    |pair: &DeltaNumber| DeltaNumber { real: pair.real.neg(), tiny: pair.tiny.neg() };
                let (low, high) = (negative(high), self.low.map(negative));
                let mirrored = Between { low: Some(&low), high: high.as_ref(), whole: self.whole };
                positive(&low, &mirrored)?.map(|found| found.neg())
            }
            _ => None,
        };
        Ok(found.filter(|found| self.has(found)))
    }

    fn nearest(&self, preferred: &Number) -> Result<Option<Number>, Inconclusive> {
        let mut candidates = Vec::new();
        if let Some(low) = self.low {
            let least = ceiling(&low.real)?;
            candidates.push(if low.tiny.is_positive() && least == low.real {
                least.add(&Number::ONE)?
            } else {
                least
            });
        }
        if let Some(high) = self.high {
            let most = floor(&high.real)?;
            candidates.push(if high.tiny.is_negative() && most == high.real {
                most.sub(&Number::ONE)?
            } else {
                most
            });
        }
        candidates.push(floor(preferred)?);
        candidates.push(ceiling(preferred)?);
        let mut best: Option<(Number, Number)> = None;
        for candidate in candidates.into_iter().filter(|candidate| self.has(candidate)) {
            let away = candidate.sub(preferred)?.abs();
            if best.as_ref().is_none_or(|(least, _)| away < *least) {
                best = Some((away, candidate));
            }
        }
        Ok(best.map(|(_, candidate)| candidate))
    }
}

/// The least number of few digits above a bound that is not negative.
fn positive(low: &DeltaNumber, between: &Between) -> Result<Option<Number>, Inconclusive> {
    let ten = Number::from(10);
    if between.has(&Number::ONE) {
        return Ok(Some(Number::ONE));
    }
    let mut unit = Number::ONE;
    for _ in 0..POWERS {
        let up = unit.mul(&ten)?;
        if up > low.real {
            break;
        }
        unit = up;
    }
    for _ in 0..POWERS.saturating_mul(2) {
        let mut candidate = low.real.round(&unit, Rounding::Up)?;
        if candidate == low.real && low.tiny.is_positive() {
            candidate = candidate.add(&unit)?;
        }
        if between.has(&candidate) {
            return Ok(Some(candidate));
        }
        if between.whole && unit <= Number::ONE {
            return Ok(None);
        }
        unit = unit.div(&ten)?;
    }
    // Too narrow for digits: the one number there is, or the middle.
    let Some(high) = between.high else { return Ok(None) };
    if between.has(&low.real) {
        return Ok(Some(low.real.clone()));
    }
    let middle = low.real.add(&high.real)?.div(&Number::from(2))?;
    Ok(Some(middle))
}
