//! Delta numbers: a number and a multiple of something infinitely small: `x < 5` is `x <= 5 - tiny`.

use super::stop::Inconclusive;
use crate::value::Number;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DeltaNumber {
    pub real: Number,
    pub tiny: Number,
}

impl Default for DeltaNumber {
    fn default() -> DeltaNumber {
        DeltaNumber::from(Number::ZERO)
    }
}

impl From<Number> for DeltaNumber {
    fn from(real: Number) -> DeltaNumber {
        DeltaNumber { real, tiny: Number::ZERO }
    }
}

impl DeltaNumber {
    pub(super) fn new(real: Number, tiny: i64) -> DeltaNumber {
        DeltaNumber { real, tiny: Number::from(tiny) }
    }

    pub(super) fn sub(&self, other: &DeltaNumber) -> Result<DeltaNumber, Inconclusive> {
        Ok(DeltaNumber { real: self.real.sub(&other.real)?, tiny: self.tiny.sub(&other.tiny)? })
    }

    /// This and `factor` times the other.
    pub(super) fn plus(&self, factor: &Number, other: &DeltaNumber) -> Result<DeltaNumber, Inconclusive> {
        let real = self.real.add(&factor.mul(&other.real)?)?;
        let tiny = if other.tiny.is_zero() {
            self.tiny.clone()
        } else {
            self.tiny.add(&factor.mul(&other.tiny)?)?
        };
        Ok(DeltaNumber { real, tiny })
    }

    pub(super) fn over(&self, divisor: &Number) -> Result<DeltaNumber, Inconclusive> {
        Ok(DeltaNumber { real: self.real.div(divisor)?, tiny: self.tiny.div(divisor)? })
    }

    pub(super) fn is_whole(&self) -> bool {
        self.tiny.is_zero() && self.real.is_integer()
    }
}
