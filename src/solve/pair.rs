//! A number and a multiple of something infinitely small: `x < 5` is `x <= 5 - tiny`.

use super::stop::Left;
use crate::value::Number;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair {
    pub real: Number,
    pub tiny: Number,
}

impl Default for Pair {
    fn default() -> Pair {
        Pair::from(Number::ZERO)
    }
}

impl From<Number> for Pair {
    fn from(real: Number) -> Pair {
        Pair { real, tiny: Number::ZERO }
    }
}

impl Pair {
    pub(super) fn new(real: Number, tiny: i64) -> Pair {
        Pair { real, tiny: Number::from(tiny) }
    }

    pub(super) fn sub(&self, other: &Pair) -> Result<Pair, Left> {
        Ok(Pair { real: self.real.sub(&other.real)?, tiny: self.tiny.sub(&other.tiny)? })
    }

    /// This and `factor` times the other.
    pub(super) fn plus(&self, factor: &Number, other: &Pair) -> Result<Pair, Left> {
        let real = self.real.add(&factor.mul(&other.real)?)?;
        let tiny = if other.tiny.is_zero() {
            self.tiny.clone()
        } else {
            self.tiny.add(&factor.mul(&other.tiny)?)?
        };
        Ok(Pair { real, tiny })
    }

    pub(super) fn over(&self, divisor: &Number) -> Result<Pair, Left> {
        Ok(Pair { real: self.real.div(divisor)?, tiny: self.tiny.div(divisor)? })
    }

    pub(super) fn is_whole(&self) -> bool {
        self.tiny.is_zero() && self.real.is_integer()
    }
}
