use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use dashu_ratio::RBig;

use super::{Rounding, Trouble, wide};

/// An exact reduced fraction (M1). Numerator and denominator stay below 2^1024 in magnitude; an operation that
/// would leave that range is `overflow`.
///
/// Equality and hash are those of the value. The order is the order of numbers.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number(Repr);

// Invariant: reduced, and canonical: a value that fits `Small` is never `Big`, which makes derived Eq and Hash right.
// `Small` is a numerator of at most i64::MAX in magnitude (so that negation stays small) over a denominator of 48 bits,
// high * 2^16 + low, not 0. Beside those 14 bytes there is room for the tag, and in the tag for a Result or an Option:
// all are two words, and two words travel in registers.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    Small { low: u16, high: u32, num: i64 },
    Big(Arc<RBig>),
}

const _: () = assert!(size_of::<Number>() == 16);
const _: () = assert!(size_of::<Result<Number, Trouble>>() == 16);
const _: () = assert!(size_of::<Option<Number>>() == 16);

/// Denominators of small numbers are below this.
const DENOMINATORS: u64 = 1 << 48;

impl Number {
    pub const ZERO: Number = Number(Repr::Small { low: 1, high: 0, num: 0 });
    pub const ONE: Number = Number(Repr::Small { low: 1, high: 0, num: 1 });

    /// `num / den` in lowest terms. `division by zero` if `den` is 0.
    pub fn from_ratio(num: i64, den: i64) -> Result<Number, Trouble> {
        Number::from(num).div(&Number::from(den))
    }

    /// Digits with `_` between them and at most one `.`, no sign: `550_000`, `0.25`. Any length.
    /// `None` if it is not so written, or beyond the bound of M1.
    pub fn parse_decimal(text: &str) -> Option<Number> {
        let (mut value, mut places, mut point, mut count) = (0u64, 0u32, false, 0u32);
        let mut before = b'_';
        for byte in text.bytes() {
            match byte {
                b'0'..=b'9' => {
                    count = count.saturating_add(1);
                    if count <= 18 {
                        value = value * 10 + u64::from(byte - b'0');
                        places += u32::from(point);
                    }
                }
                b'_' if before.is_ascii_digit() => {}
                b'.' if before.is_ascii_digit() && !point => point = true,
                _ => return None,
            }
            before = byte;
        }
        if !before.is_ascii_digit() {
            return None;
        }
        if count > 18 {
            return wide::parse_decimal(text);
        }
        Some(reduced(value as i64, 10u64.pow(places)))
    }

    #[inline]
    pub fn add(&self, other: &Number) -> Result<Number, Trouble> {
        match (self.parts(), other.parts()) {
            (Some((n1, d1)), Some((n2, d2))) => add_small(n1, d1, n2, d2),
            _ => wide::add(self, other),
        }
    }

    #[inline]
    pub fn sub(&self, other: &Number) -> Result<Number, Trouble> {
        match (self.parts(), other.parts()) {
            (Some((n1, d1)), Some((n2, d2))) => add_small(n1, d1, -n2, d2),
            _ => wide::sub(self, other),
        }
    }

    #[inline]
    pub fn mul(&self, other: &Number) -> Result<Number, Trouble> {
        match (self.parts(), other.parts()) {
            (Some((n1, d1)), Some((n2, d2))) => mul_small(n1, d1, n2, d2),
            _ => wide::mul(self, other),
        }
    }

    /// `division by zero` if `other` is 0.
    #[inline]
    pub fn div(&self, other: &Number) -> Result<Number, Trouble> {
        match (self.parts(), other.parts()) {
            (_, Some((0, _))) => Err(Trouble::DivisionByZero),
            (Some((n1, d1)), Some((n2, d2))) => mul_small(n1, d1, d2 as i64 * n2.signum(), n2.unsigned_abs()),
            _ => wide::div(self, other),
        }
    }

    /// The nearest multiple of `step`, by magnitude (M4). The step must be above 0; `division by zero` if it is 0.
    #[inline]
    pub fn round(&self, step: &Number, mode: Rounding) -> Result<Number, Trouble> {
        if let (Some((n, d)), Some((sn, sd))) = (self.parts(), step.parts())
            && let Some(dividend) = n.unsigned_abs().checked_mul(sd)
            && let Some(divisor) = d.checked_mul(sn.unsigned_abs())
            && let Some(rest) = dividend.checked_rem(divisor)
        {
            let mut times = dividend / divisor;
            if mode.away(times % 2 == 1, rest == 0, rest.cmp(&(divisor - rest))) {
                times += 1;
            }
            if let Ok(times) = i64::try_from(times) {
                return mul_small(times * n.signum(), 1, sn.saturating_abs(), sd);
            }
        }
        wide::round(self, step, mode)
    }

    #[inline]
    pub fn neg(&self) -> Number {
        match &self.0 {
            Repr::Small { low, high, num } => Number(Repr::Small { low: *low, high: *high, num: -*num }),
            Repr::Big(big) => Number(Repr::Big(Arc::new(-RBig::clone(big)))),
        }
    }

    #[inline]
    pub fn abs(&self) -> Number {
        if self.is_negative() { self.neg() } else { self.clone() }
    }

    #[inline]
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Repr::Small { num: 0, .. })
    }

    #[inline]
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Repr::Small { num, .. } => *num < 0,
            Repr::Big(big) => wide::is_negative(big),
        }
    }

    /// Above 0.
    #[inline]
    pub fn is_positive(&self) -> bool {
        !self.is_zero() && !self.is_negative()
    }

    #[inline]
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Small { low, high, .. } => *low == 1 && *high == 0,
            Repr::Big(big) => big.is_int(),
        }
    }

    /// The whole number it is, if it is one and fits.
    pub fn to_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Small { num, .. } => self.is_integer().then_some(*num),
            Repr::Big(big) if big.is_int() => i64::try_from(big.numerator()).ok(),
            Repr::Big(_) => None,
        }
    }

    /// `value / den` for a `den` above 0.
    pub(crate) fn ratio_of(value: i128, den: i128) -> Option<Number> {
        wide::quotient(value, u128::try_from(den).ok().filter(|den| *den != 0)?).ok()
    }

    /// The value times `den`, if that is whole and fits.
    pub(crate) fn times(&self, den: i128) -> Option<i128> {
        if let Some((num, own)) = self.parts()
            && den.checked_rem(i128::from(own))? == 0
        {
            return i128::from(num).checked_mul(den / i128::from(own));
        }
        wide::times(self, den)
    }

    /// The denominator in lowest terms, if it fits.
    pub(crate) fn whole_in(&self) -> Option<i128> {
        match self.parts() {
            Some((_, den)) => Some(den.into()),
            None => i128::try_from(self.wide().denominator().clone()).ok(),
        }
    }

    /// Numerator and denominator, if it is a small number: the numerator an i64 other than `i64::MIN`, the denominator
    /// from 1 to 2^48 - 1.
    #[inline]
    pub fn small_parts(&self) -> Option<(i64, i64)> {
        self.parts().map(|(num, den)| (num, den as i64))
    }

    /// The numerator in lowest terms, as decimal digits with its sign.
    pub fn numerator(&self) -> String {
        self.wide().numerator().to_string()
    }

    /// The denominator in lowest terms, as decimal digits.
    pub fn denominator(&self) -> String {
        self.wide().denominator().to_string()
    }

    /// The value as a big fraction, borrowed if it is one.
    pub(super) fn wide(&self) -> wide::Wide<'_> {
        match &self.0 {
            Repr::Small { low, high, num } => {
                wide::Wide::Owned(wide::ratio((*num).into(), u64::from(*high) << 16 | u64::from(*low)))
            }
            Repr::Big(big) => wide::Wide::Borrowed(big),
        }
    }

    /// From parts already in lowest terms, if they are small.
    #[inline(always)]
    pub(super) fn small(num: i64, den: u64) -> Option<Number> {
        if den == 0 || den >= DENOMINATORS || num == i64::MIN {
            return None;
        }
        Some(Number(Repr::Small { low: den as u16, high: (den >> 16) as u32, num }))
    }

    #[inline(always)]
    fn parts(&self) -> Option<(i64, u64)> {
        match &self.0 {
            Repr::Small { low, high, num } => Some((*num, u64::from(*high) << 16 | u64::from(*low))),
            Repr::Big(_) => None,
        }
    }

    /// From a reduced fraction known not to be small.
    pub(super) fn big(value: RBig) -> Number {
        Number(Repr::Big(Arc::new(value)))
    }
}

impl From<i64> for Number {
    #[inline]
    fn from(value: i64) -> Number {
        Number::small(value, 1).unwrap_or_else(|| Number::big(RBig::from(value)))
    }
}

impl PartialOrd for Number {
    #[inline]
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    #[inline]
    fn cmp(&self, other: &Number) -> Ordering {
        match (self.parts(), other.parts()) {
            (Some((n1, d1)), Some((n2, d2))) if d1 == d2 => n1.cmp(&n2),
            (Some((n1, d1)), Some((n2, d2))) => {
                (i128::from(n1) * i128::from(d2)).cmp(&(i128::from(n2) * i128::from(d1)))
            }
            _ => wide::cmp(self, other),
        }
    }
}

/// As on the wire: a finite decimal, else `n/d`.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&super::wire(self))
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// `num / den` in lowest terms; `den` is not 0, `num` not `i64::MIN`.
#[inline]
pub(super) fn reduced(num: i64, den: u64) -> Number {
    let (size, den, _) = cancel(num.unsigned_abs(), den);
    let num = size as i64 * num.signum();
    Number::small(num, den).unwrap_or_else(|| Number::big(wide::ratio(num.into(), den)))
}

#[inline]
fn add_small(n1: i64, d1: u64, n2: i64, d2: u64) -> Result<Number, Trouble> {
    if d1 == 1
        && d2 == 1
        && let Some(sum) = n1.checked_add(n2)
        && let Some(sum) = Number::small(sum, 1)
    {
        return Ok(sum);
    }
    add_fractions(n1, d1, n2, d2)
}

fn add_fractions(n1: i64, d1: u64, n2: i64, d2: u64) -> Result<Number, Trouble> {
    if d1 == d2
        && let Some(num) = n1.checked_add(n2)
        && num != i64::MIN
    {
        return Ok(reduced(num, d1));
    }
    add_unlike(n1, d1, n2, d2)
}

/// Knuth, TAOCP 4.5.1: only the common part of the denominators can still cancel.
fn add_unlike(n1: i64, d1: u64, n2: i64, d2: u64) -> Result<Number, Trouble> {
    let (e1, e2, common) = cancel(d1, d2);
    let sum = i128::from(n1) * i128::from(e2) + i128::from(n2) * i128::from(e1);
    if let Ok(sum) = i64::try_from(sum)
        && sum != i64::MIN
    {
        let (size, rest, _) = cancel(sum.unsigned_abs(), common);
        if let Some(den) = e1.checked_mul(e2).and_then(|den| den.checked_mul(rest))
            && let Some(number) = Number::small(size as i64 * sum.signum(), den)
        {
            return Ok(number);
        }
    }
    wide::quotient(sum, u128::from(e1) * u128::from(d2))
}

/// Both operands in lowest terms.
#[inline]
fn mul_small(n1: i64, d1: u64, n2: i64, d2: u64) -> Result<Number, Trouble> {
    if d1 == 1
        && d2 == 1
        && let Some(product) = n1.checked_mul(n2)
        && let Some(product) = Number::small(product, 1)
    {
        return Ok(product);
    }
    mul_fractions(n1, d1, n2, d2)
}

fn mul_fractions(n1: i64, d1: u64, n2: i64, d2: u64) -> Result<Number, Trouble> {
    // Cancelling crosswise first keeps the products small and the result in lowest terms.
    let (m1, e2, _) = cancel(n1.unsigned_abs(), d2);
    let (m2, e1, _) = cancel(n2.unsigned_abs(), d1);
    if let (Some(size), Some(den)) = (m1.checked_mul(m2), e1.checked_mul(e2))
        && let Ok(size) = i64::try_from(size)
        && let Some(number) = Number::small(if (n1 ^ n2) < 0 { -size } else { size }, den)
    {
        return Ok(number);
    }
    wide::quotient(i128::from(n1) * i128::from(n2), u128::from(d1) * u128::from(d2))
}

/// `a` and `b` without their greatest common divisor, and that divisor. `b` is not 0; `cancel(0, b)` is `(0, 1, b)`.
#[inline]
pub(super) fn cancel(a: u64, b: u64) -> (u64, u64, u64) {
    if b == 1 {
        return (a, b, 1);
    }
    if a == 0 {
        return (0, 1, b);
    }
    cancel_powers_of_ten(a, b)
}

/// Denominators are nearly always made of twos and fives, for people write decimals: those cancel by shifts and
/// multiplications. A machine division costs more than all of it, and is left for what remains.
fn cancel_powers_of_ten(mut a: u64, mut b: u64) -> (u64, u64, u64) {
    let twos = b.trailing_zeros();
    let mut rest = b >> twos;
    let shift = a.trailing_zeros().min(twos);
    a >>= shift;
    b >>= shift;
    let mut common = 1 << shift;
    let mut both = true;
    while let Some(fifth) = fifth(rest) {
        rest = fifth;
        match self::fifth(a).filter(|_| both) {
            Some(fifth) => {
                a = fifth;
                b = b.wrapping_mul(FIFTH);
                common *= 5;
            }
            None => both = false,
        }
    }
    if rest != 1 {
        let more = gcd(a, rest);
        if more != 1 {
            return (a / more, b / more, common * more);
        }
    }
    (a, b, common)
}

/// The inverse of 5 modulo 2^64: multiplying by it divides the multiples of 5, and takes all others beyond a fifth of
/// the range.
pub(super) const FIFTH: u64 = 0xcccc_cccc_cccc_cccd;

#[inline]
fn fifth(value: u64) -> Option<u64> {
    let fifth = value.wrapping_mul(FIFTH);
    (fifth <= u64::MAX / 5).then_some(fifth)
}

/// Greatest common divisor; `gcd(0, x) = x`.
fn gcd(a: u64, b: u64) -> u64 {
    let (large, small) = if a < b { (b, a) } else { (a, b) };
    // One division first: numerators are usually much larger than denominators.
    let Some(rest) = large.checked_rem(small) else { return large };
    if rest == 0 {
        return small;
    }
    let shift = (rest | small).trailing_zeros();
    let (mut a, mut b) = (small >> small.trailing_zeros(), rest >> rest.trailing_zeros());
    while a != b {
        let apart = a.abs_diff(b);
        a = a.min(b);
        b = apart >> apart.trailing_zeros();
    }
    a << shift
}
