//! Division of many numbers by one, exact, by multiplication: with digits of 32 bits, of which processors do many at
//! once,
//! or with 64.

/// A divisor for magnitudes below a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Divider {
    /// The dividend is cut in two digits, each divided as a number below 2^31.
    Short { digit: u32, magic: u64, shift: u32, divisor: u32 },
    /// Dividends below 2^63.
    Long { magic: u64, shift: u32, divisor: u64 },
}

impl Divider {
    /// For dividends of at most `most`; none: they or the divisor are too large, or the divisor is 0.
    pub fn new(divisor: u128, most: u128) -> Option<Divider> {
        let divisor = u64::try_from(divisor).ok().filter(|divisor| *divisor > 0 && *divisor < 1 << 62)?;
        let most = u64::try_from(most).ok().filter(|most| *most < 1 << 63)?;
        // ceil(log2 divisor)
        let bits = 64 - (divisor - 1).leading_zeros();
        if let (Ok(short), true) = (u32::try_from(divisor), bits < 31) {
            // The rest of the first digit and the second digit together stay below 2^31.
            let digit = 31 - bits;
            if most >> digit < 1 << 31 {
                // For numbers below 2^N this quotient is exact: the classic round-up method, with N = 31.
                let magic = (1u128 << (31 + bits)).div_ceil(divisor.into());
                let magic = u64::try_from(magic).ok()?;
                return Some(Divider::Short { digit, magic, shift: 31 + bits, divisor: short });
            }
        }
        // The same with N = 63.
        let magic = u64::try_from((1u128 << (63 + bits)).div_ceil(divisor.into())).ok()?;
        Some(Divider::Long { magic, shift: 63 + bits, divisor })
    }
}

/// Quotient and rest of a dividend within the bound, by a [`Divider::Short`].
#[inline(always)]
pub(super) fn short(value: u64, digit: u32, magic: u64, shift: u32, divisor: u32) -> (u64, u64) {
    let high = value >> digit;
    // Both are below 2^32, which one instruction multiplies for many numbers at once.
    let first = ((high & LOW) * (magic & LOW)) >> shift;
    let left = high - (first & LOW) * u64::from(divisor);
    let low = left << digit | value & ((1 << digit) - 1);
    let second = ((low & LOW) * (magic & LOW)) >> shift;
    let rest = low - (second & LOW) * u64::from(divisor);
    ((first << digit) + second, rest)
}

const LOW: u64 = 0xffff_ffff;

/// The same by a [`Divider::Long`].
#[inline(always)]
pub(super) fn long(value: u64, magic: u64, shift: u32, divisor: u64) -> (u64, u64) {
    let times = ((u128::from(value) * u128::from(magic)) >> shift) as u64;
    (times, value.wrapping_sub(times.wrapping_mul(divisor)))
}
