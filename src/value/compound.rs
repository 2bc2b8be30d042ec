//! Compound interest (M12): `(1 + R)^N - 1`, rounded. Powers are bounded from both sides, more and more closely, until both
//! bounds round alike; a power that could lie on a multiple, or between two, is short and is made in full.

use super::{Interval, Number, Ranged, Rounding, Trouble, wide};
use dashu_int::ops::BitTest;
use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;

/// N is at most this.
const TIMES: i32 = 100_000;
/// Powers of at most so many bits are made in full: all that lie on a multiple of half a step do.
const SHORT: usize = 16_384;
/// Digits to begin with, and the most: an Nth root of a multiple has no fraction of 1,024 bits so near to it.
const DIGITS: usize = 256;
const MOST_DIGITS: usize = 1 << 16;
/// A power smaller than 2 to minus this may as well be this small: no multiple of half a step is as near to -1.
const TINY: isize = 1_200;
/// A power of more bits is beyond the bound of M1.
const HUGE: isize = 1_100;

impl Number {
    /// `not whole` if `times` has a fraction or is below 0, `overflow` above 100,000.
    pub fn compound(&self, times: &Number, step: &Number, mode: Rounding) -> Result<Number, Trouble> {
        if !times.is_integer() || times.is_negative() {
            return Err(Trouble::NotWhole);
        }
        let times =
            times.to_i64().and_then(|times| i32::try_from(times).ok()).filter(|times| *times <= TIMES);
        let times = times.ok_or(Trouble::Overflow)?;
        let base = &*self.wide() + RBig::ONE;
        let step = step.wide();
        let bits = base.numerator().bit_len().max(base.denominator().bit_len());
        if bits <= 1 || bits.saturating_mul(times.unsigned_abs() as usize) <= SHORT {
            return wide::fit(wide::rounded(&(base.pow(times as isize) - RBig::ONE), &step, mode));
        }
        let negative = wide::is_negative(&base) && times % 2 == 1;
        let mut digits = DIGITS;
        while digits <= MOST_DIGITS {
            let power = PowerBounds::of(&base, times.unsigned_abs(), digits);
            if power.low.exceeds(HUGE) {
                return Err(Trouble::Overflow);
            }
            let end = |end: &ScaledDigits| {
                let size = end.value();
                wide::rounded(&((if negative { -size } else { size }) - RBig::ONE), &step, mode)
            };
            let (low, high) = (end(&power.low), end(&power.high));
            if low == high {
                return wide::fit(low);
            }
            digits = digits.saturating_mul(2);
        }
        Err(Trouble::Overflow)
    }
}

/// `digits * 2^scale`
#[derive(Clone)]
struct ScaledDigits {
    digits: UBig,
    scale: isize,
}

impl ScaledDigits {
    /// At most so many digits; `up`: not below the value, else not above it.
    fn cut(self, most: usize, up: bool) -> ScaledDigits {
        let beyond = self.digits.bit_len().saturating_sub(most);
        if beyond == 0 {
            return self;
        }
        let mut digits = self.digits >> beyond;
        if up {
            digits += UBig::ONE;
        }
        ScaledDigits { digits, scale: self.scale.saturating_add_unsigned(beyond) }
    }

    fn times(&self, other: &ScaledDigits) -> ScaledDigits {
        ScaledDigits { digits: &self.digits * &other.digits, scale: self.scale.saturating_add(other.scale) }
    }

    /// Whether it is at least 2 to this.
    fn exceeds(&self, exponent: isize) -> bool {
        !self.digits.is_zero() && self.bits() > exponent
    }

    /// The place of its first digit.
    fn bits(&self) -> isize {
        self.scale.saturating_add_unsigned(self.digits.bit_len())
    }

    fn value(&self) -> RBig {
        let shift = self.scale.unsigned_abs();
        match self.scale {
            _ if self.bits() < -TINY => RBig::from_parts(IBig::ONE, UBig::ONE << TINY.unsigned_abs()),
            0.. => RBig::from(self.digits.clone() << shift),
            _ => RBig::from_parts(IBig::from(self.digits.clone()), UBig::ONE << shift),
        }
    }
}

/// Bounds of the size of a power.
struct PowerBounds {
    low: ScaledDigits,
    high: ScaledDigits,
}

impl PowerBounds {
    fn of(base: &RBig, times: u32, digits: usize) -> PowerBounds {
        let (num, den) = (wide::magnitude(base.numerator().clone()), base.denominator());
        let shift = digits.saturating_add(den.bit_len());
        let whole = (num << shift) / den;
        let scale = 0isize.saturating_sub_unsigned(shift);
        let low = ScaledDigits { digits: whole.clone(), scale }.cut(digits, false);
        let high = ScaledDigits { digits: whole + UBig::ONE, scale }.cut(digits, true);
        let one = ScaledDigits { digits: UBig::ONE, scale: 0 };
        let mut power = PowerBounds { low: one.clone(), high: one };
        for bit in (0..u32::BITS.saturating_sub(times.leading_zeros())).rev() {
            let square = power.times(&power.low, &power.high, digits);
            power = if times >> bit & 1 == 1 { square.times(&low, &high, digits) } else { square };
        }
        power
    }

    fn times(&self, low: &ScaledDigits, high: &ScaledDigits, digits: usize) -> PowerBounds {
        PowerBounds {
            low: self.low.times(low).cut(digits, false),
            high: self.high.times(high).cut(digits, true),
        }
    }
}

impl Interval<Number> {
    /// From -1 on the result rises with the rate, and goes one way with the number of times: its ends are at the corners.
    pub fn compound(&self, times: &Interval<Number>, step: &Number, mode: Rounding) -> Ranged<Number> {
        if let (Some(rate), Some(times)) = (self.as_point(), times.as_point()) {
            return match rate.compound(times, step, mode) {
                Ok(value) => (Some(Interval::point(value)), None),
                Err(trouble) => (None, Some(trouble)),
            };
        }
        let (counts, mut trouble) = counts(times);
        let Some((fewest, most)) = counts else { return (None, trouble) };
        let mut failed = false;
        let mut corner = |rate: &Number, times: &Number| {
            let value = rate.compound(times, step, mode).ok();
            failed |= value.is_none();
            value
        };
        let counts = [&fewest, &most];
        let low = self.lo().filter(|low| !Number::ONE.add(low).is_ok_and(|base| base.is_negative()));
        let low = low.map(|low| counts.map(|times| corner(low, times)));
        let high = self.hi().map(|high| counts.map(|times| corner(high, times)));
        let hull = match (low, high) {
            // A corner beyond the bound is above all others.
            (Some([None, None]), _) => None,
            (Some(low), high) => {
                let hi = match high {
                    Some([Some(a), Some(b)]) => Some(a.max(b)),
                    _ => None,
                };
                Interval::new(low.into_iter().flatten().min(), hi)
            }
            (None, _) => Some(Interval::all()),
        };
        if failed || self.hi().is_none() || self.lo().is_none() {
            trouble = trouble.or(Some(Trouble::Overflow));
        }
        (hull, trouble)
    }
}

/// The fewest and the most times, whole and within bounds, and what fails among the others.
fn counts(times: &Interval<Number>) -> (Option<(Number, Number)>, Option<Trouble>) {
    let most = Number::from(i64::from(TIMES));
    if let Some(times) = times.as_point() {
        let trouble = match () {
            () if !times.is_integer() || times.is_negative() => Some(Trouble::NotWhole),
            () if *times > most => Some(Trouble::Overflow),
            () => None,
        };
        return (trouble.is_none().then(|| (times.clone(), times.clone())), trouble);
    }
    let low = times.lo().filter(|low| !low.is_negative()).unwrap_or(&Number::ZERO);
    let high = times.hi().filter(|high| **high <= most).unwrap_or(&most);
    let whole = |end: &Number, mode| end.round(&Number::ONE, mode).ok();
    let ends = whole(low, Rounding::Up).zip(whole(high, Rounding::Down)).filter(|(low, high)| low <= high);
    let fails = if times.lo().is_some_and(|low| *low > most) { Trouble::Overflow } else { Trouble::NotWhole };
    (ends, Some(fails))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effort::config;
    use proptest::prelude::*;

    fn number(num: i64, den: i64) -> Number {
        Number::from_ratio(num, den).expect("a fraction")
    }

    /// By multiplying.
    fn slow(rate: &Number, times: u32, step: &Number, mode: Rounding) -> Number {
        let base = &*rate.wide() + RBig::ONE;
        let power = base.pow(times as isize) - RBig::ONE;
        wide::fit(wide::rounded(&power, &step.wide(), mode)).expect("within the bound")
    }

    fn modes() -> impl Strategy<Value = Rounding> {
        prop_oneof![
            Just(Rounding::HalfUp),
            Just(Rounding::HalfEven),
            Just(Rounding::HalfDown),
            Just(Rounding::Up),
            Just(Rounding::Down)
        ]
    }

    proptest! {
        #![proptest_config(config(64, 10_000))]

        #[test]
        fn m12_the_power_is_exact(num in -40_000i64..40_000, den in 1i64..40_000, times in 0u32..2_000, places in 0u32..12, mode in modes()) {
            let rate = number(num, den);
            let step = number(1, 10i64.pow(places));
            if let Ok(found) = rate.compound(&Number::from(i64::from(times)), &step, mode) {
                prop_assert_eq!(found, slow(&rate, times, &step, mode));
            }
        }

        #[test]
        fn m12_what_is_open_holds_every_point(low in -300i64..300, width in 0i64..200, at in 0i64..=200, fewest in 0i64..30, more in 0i64..30, of in 0i64..=30) {
            let step = number(1, 1_000_000);
            let rates = Interval::new(Some(number(low, 100)), Some(number(low + width, 100))).expect("a range");
            let times = Interval::new(Some(Number::from(fewest)), Some(Number::from(fewest + more))).expect("a range");
            let (range, trouble) = rates.compound(&times, &step, Rounding::HalfUp);
            let one = number(low + at.min(width), 100).compound(&Number::from(fewest + of.min(more)), &step, Rounding::HalfUp);
            match one {
                Ok(value) => prop_assert!(range.is_some_and(|range| range.contains(&value))),
                Err(_) => prop_assert!(trouble.is_some()),
            }
        }
    }

    #[test]
    fn m12_examples() {
        let step = number(1, 1_000_000_000);
        let days = |count: i64| number(6, 36_500).compound(&Number::from(count), &step, Rounding::HalfUp);
        assert_eq!(days(112), Ok(number(18_579_944, 1_000_000_000)));
        assert_eq!(days(0), Ok(Number::ZERO));
        assert_eq!(days(-1), Err(Trouble::NotWhole));
        assert_eq!(days(100_001), Err(Trouble::Overflow));
        assert_eq!(
            number(1, 1).compound(&Number::from(2_000), &step, Rounding::HalfUp),
            Err(Trouble::Overflow)
        );
        // A power too small to be written is above 0 all the same.
        let shrinking = number(-9, 10).compound(&Number::from(100_000), &Number::ONE, Rounding::Down);
        assert_eq!(shrinking, Ok(Number::ZERO));
    }
}
