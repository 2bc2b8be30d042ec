//! Whole numbers over a power of ten, as columns hold them, in lowest terms.

use super::number::FIFTH;
use super::{Number, wide};

impl Number {
    /// `value / 10^scale`; `None` for a scale of more than 18.
    #[inline]
    pub fn scaled(value: i128, scale: u8) -> Option<Number> {
        match i64::try_from(value) {
            Ok(num) if num != i64::MIN => decimal(num, scale),
            _ => wide::quotient(value, 10u128.checked_pow(scale.into()).filter(|_| scale <= 18)?).ok(),
        }
    }
}

/// `num / 10^scale` in lowest terms; `num` is not `i64::MIN`. How often five goes into it is found without a jump, for none
/// could be foreseen.
#[inline]
fn decimal(num: i64, scale: u8) -> Option<Number> {
    let size = num.unsigned_abs();
    if size == 0 {
        return (scale <= 18).then_some(Number::ZERO);
    }
    let powers = FIVES.get(..=usize::from(scale))?;
    let goes = powers.iter().skip(1).map(|five| usize::from(size.wrapping_mul(five.inverse) <= five.most));
    let fives = goes.sum::<usize>();
    let twos = size.trailing_zeros().min(scale.into());
    let size = size.wrapping_mul(powers.get(fives)?.inverse) >> twos;
    let den = powers.get(usize::from(scale) - fives)?.power << (u32::from(scale) - twos);
    let num = size as i64 * num.signum();
    Some(Number::small(num, den).unwrap_or_else(|| Number::big(wide::ratio(num.into(), den))))
}

/// A power of five, its inverse modulo 2^64, and what the greatest of its multiples has as its quotient (see [`FIFTH`]).
struct Five {
    power: u64,
    inverse: u64,
    most: u64,
}

macro_rules! fives {
    ($($at:literal)+) => {
        [$(Five { power: 5u64.pow($at), inverse: FIFTH.wrapping_pow($at), most: u64::MAX / 5u64.pow($at) }),+]
    };
}

static FIVES: [Five; 19] = fives!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18);
