//! The slow path of [`Number`]: values that do not fit two machine words.

use std::cmp::Ordering;
use std::ops::Deref;

use dashu_int::ops::{Abs, BitTest, DivRem};
use dashu_int::{IBig, Sign, UBig};
use dashu_ratio::RBig;

use super::{Number, Rounding, Trouble};

/// M1: numerator and denominator stay below 2^1024, that is within 1,024 bits.
const BITS: usize = 1024;

/// A big fraction, borrowed or made for the occasion.
pub(super) enum Wide<'a> {
    Borrowed(&'a RBig),
    Owned(RBig),
}

impl Deref for Wide<'_> {
    type Target = RBig;

    fn deref(&self) -> &RBig {
        match self {
            Wide::Borrowed(value) => value,
            Wide::Owned(value) => value,
        }
    }
}

/// `num / den`, reduced. `den` must not be 0; zero is read as 1, for no caller has one.
pub(super) fn ratio(num: i128, den: impl Into<UBig>) -> RBig {
    let den: UBig = den.into();
    RBig::from_parts(num.into(), if den.is_zero() { UBig::ONE } else { den })
}

#[cold]
pub(super) fn add(a: &Number, b: &Number) -> Result<Number, Trouble> {
    fit(&*a.wide() + &*b.wide())
}

#[cold]
pub(super) fn sub(a: &Number, b: &Number) -> Result<Number, Trouble> {
    fit(&*a.wide() - &*b.wide())
}

#[cold]
pub(super) fn mul(a: &Number, b: &Number) -> Result<Number, Trouble> {
    fit(&*a.wide() * &*b.wide())
}

/// `b` is not 0.
#[cold]
pub(super) fn div(a: &Number, b: &Number) -> Result<Number, Trouble> {
    fit(&*a.wide() / &*b.wide())
}

#[cold]
pub(super) fn cmp(a: &Number, b: &Number) -> Ordering {
    a.wide().cmp(&*b.wide())
}

/// `num / den`, which need not be in lowest terms.
#[cold]
pub(super) fn quotient(num: i128, den: u128) -> Result<Number, Trouble> {
    fit(ratio(num, den))
}

/// The number of this value in its canonical form, or `overflow`.
pub(super) fn fit(value: RBig) -> Result<Number, Trouble> {
    if let (Ok(num), Ok(den)) = (i64::try_from(value.numerator()), u64::try_from(value.denominator()))
        && let Some(number) = Number::small(num, den)
    {
        return Ok(number);
    }
    if value.numerator().bit_len() > BITS || value.denominator().bit_len() > BITS {
        return Err(Trouble::Overflow);
    }
    Ok(Number::big(value))
}

/// The value times `den`, if that is whole and fits.
pub(super) fn times(value: &Number, den: i128) -> Option<i128> {
    let product = &*value.wide() * &RBig::from(den);
    if product.is_int() { i128::try_from(product.numerator()).ok() } else { None }
}

pub(super) fn is_negative(value: &RBig) -> bool {
    value.numerator().sign() == Sign::Negative
}

/// M4 for operands of any size.
#[cold]
pub(super) fn round(value: &Number, step: &Number, mode: Rounding) -> Result<Number, Trouble> {
    if step.is_zero() {
        return Err(Trouble::DivisionByZero);
    }
    fit(rounded(&value.wide(), &step.wide(), mode))
}

/// The nearest multiple of a step that is not 0.
pub(super) fn rounded(value: &RBig, step: &RBig, mode: Rounding) -> RBig {
    let negative = is_negative(value);
    let (num, den) = (value / step).into_parts();
    let (mut times, rest) = magnitude(num).div_rem(&den);
    let odd = times.bit(0);
    let exact = rest.is_zero();
    let against_half: Ordering = (&rest * UBig::from(2u8)).cmp(&den);
    if mode.away(odd, exact, against_half) {
        times += UBig::ONE;
    }
    let rounded = RBig::from(IBig::from(times)) * step.clone().abs();
    if negative { -rounded } else { rounded }
}

/// Numbers close below and above a value beyond the bound, where there are any: the whole ones, or multiples of 2^-1000
/// for one smaller than 1.
pub(super) fn around(value: &RBig) -> (Option<Number>, Option<Number>) {
    let small = value.trunc().is_zero();
    let grid = RBig::from(UBig::ONE << if small { 1000 } else { 0 });
    let fine = value * &grid;
    let number = |times: IBig| fit(RBig::from(times) / &grid).ok();
    (number(fine.floor()), number(fine.ceil()))
}

/// A decimal of any length, already checked to be digits, `_` and at most one `.`.
pub(super) fn parse_decimal(text: &str) -> Option<Number> {
    let text = text.replace('_', "");
    let (whole, places) = text.split_once('.').unwrap_or((&text, ""));
    let (whole, places) = (whole.trim_start_matches('0'), places.trim_end_matches('0'));
    // Cheap bounds first, so that a megabyte of digits costs nothing: with the zeros gone, 10^k keeps a factor 2^k or 5^k.
    if whole.len() > 309 || places.len() >= BITS {
        return None;
    }
    let digits = format!("0{whole}{places}");
    let num = IBig::from_str_radix(&digits, 10).ok()?;
    fit(RBig::from_parts(num, UBig::from(10u8).pow(places.len()))).ok()
}

/// |value|
pub(super) fn magnitude(value: IBig) -> UBig {
    value.into_parts().1
}
