//! Arithmetic on intervals of numbers (V3): a hull of the point results, and an error if one is among them.
//!
//! The bound of M1 is looked at where ends are computed: an end too large becomes infinite, one too finely divided goes
//! to the next whole number, with `overflow` possible.
//! That a value *between* two harmless ends may have more digits than the bound is not foreseen, nor that what is open to one
//! side may be as large as half of it: everything open would then be open to `overflow`. But where the other part of a sum is
//! that large, little is needed.

use std::cmp::Ordering;

use dashu_ratio::RBig;

use super::{Interval, Number, Ranged, Rounding, Trouble, wide};

/// A bound of a set of numbers; the derived order is that of the line.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum RangeEnd {
    Below,
    At(Number),
    Above,
}

impl Interval<Number> {
    pub fn add(&self, other: &Interval<Number>) -> Ranged<Number> {
        if let (Some(a), Some(b)) = (self.as_point(), other.as_point()) {
            return one(a.add(b));
        }
        let mut trouble = None;
        let mut end = |a: &RangeEnd, b: &RangeEnd| match (a, b) {
            (RangeEnd::At(a), RangeEnd::At(b)) => around(a.add(b), || &*a.wide() + &*b.wide(), &mut trouble),
            (RangeEnd::At(known), infinite) | (infinite, RangeEnd::At(known)) => {
                let away = known.is_negative() == (*infinite == RangeEnd::Below);
                if away && known.add(known).is_err() {
                    trouble = Some(Trouble::Overflow);
                }
                (infinite.clone(), infinite.clone())
            }
            (infinite, _) => (infinite.clone(), infinite.clone()),
        };
        let ([low, high], [other_low, other_high]) = (ends(self), ends(other));
        let ((lo, _), (_, hi)) = (end(&low, &other_low), end(&high, &other_high));
        (range(lo, hi), trouble)
    }

    pub fn sub(&self, other: &Interval<Number>) -> Ranged<Number> {
        self.add(&other.neg())
    }

    pub fn neg(&self) -> Interval<Number> {
        // Swapped and negated, the ends are in order again.
        Interval::new(self.hi().map(Number::neg), self.lo().map(Number::neg)).unwrap_or_else(Interval::all)
    }

    /// {0} times anything is {0} (V3).
    pub fn mul(&self, other: &Interval<Number>) -> Ranged<Number> {
        if let (Some(a), Some(b)) = (self.as_point(), other.as_point()) {
            return one(a.mul(b));
        }
        let mut trouble = None;
        let (mut lo, mut hi) = (RangeEnd::Above, RangeEnd::Below);
        for a in &ends(self) {
            for b in &ends(other) {
                let (low, high) = product(a, b, &mut trouble);
                lo = lo.min(low);
                hi = hi.max(high);
            }
        }
        (range(lo, hi), trouble)
    }

    /// `division by zero` if the divisor may be 0; the range is that of the other divisors.
    pub fn div(&self, other: &Interval<Number>) -> Ranged<Number> {
        if let (Some(a), Some(b)) = (self.as_point(), other.as_point()) {
            return one(a.div(b));
        }
        let zero = other.contains(&Number::ZERO);
        if other.as_point().is_some_and(Number::is_zero) {
            return (None, Some(Trouble::DivisionByZero));
        }
        let one_side =
            other.lo().is_some_and(|lo| !lo.is_negative()) || other.hi().is_some_and(|hi| !hi.is_positive());
        let inverse = if one_side { Interval::new(inverse(other.hi()), inverse(other.lo())) } else { None };
        let (range, trouble) = self.mul(&inverse.unwrap_or_else(Interval::all));
        (range, if zero { Some(Trouble::DivisionByZero) } else { trouble })
    }

    /// Rounding never decreases, so the ends tell all.
    pub fn round(&self, step: &Number, mode: Rounding) -> Ranged<Number> {
        if let Some(value) = self.as_point() {
            return one(value.round(step, mode));
        }
        let mut trouble = None;
        let mut end = |end: Option<&Number>| end?.round(step, mode).map_err(|e| trouble = Some(e)).ok();
        let (lo, hi) = (end(self.lo()), end(self.hi()));
        (Interval::new(lo, hi), trouble)
    }
}

/// A point result as a set.
fn one(result: Result<Number, Trouble>) -> Ranged<Number> {
    match result {
        Ok(value) => (Some(Interval::point(value)), None),
        Err(trouble) => (None, Some(trouble)),
    }
}

fn ends(range: &Interval<Number>) -> [RangeEnd; 2] {
    [
        range.lo().cloned().map_or(RangeEnd::Below, RangeEnd::At),
        range.hi().cloned().map_or(RangeEnd::Above, RangeEnd::At),
    ]
}

impl RangeEnd {
    fn finite(self) -> Option<Number> {
        match self {
            RangeEnd::At(value) => Some(value),
            RangeEnd::Below | RangeEnd::Above => None,
        }
    }

    fn sign(&self) -> Ordering {
        match self {
            RangeEnd::Below => Ordering::Less,
            RangeEnd::At(value) => value.cmp(&Number::ZERO),
            RangeEnd::Above => Ordering::Greater,
        }
    }
}

/// The inverse of an end of a divisor on one side of 0: infinity and 0 change places.
fn inverse(end: Option<&Number>) -> Option<Number> {
    match end {
        None => Some(Number::ZERO),
        Some(end) => Number::ONE.div(end).ok(),
    }
}

/// The least and greatest value one corner of a product stands for.
fn product(a: &RangeEnd, b: &RangeEnd, trouble: &mut Option<Trouble>) -> (RangeEnd, RangeEnd) {
    let positive = match (a.sign(), b.sign()) {
        (Ordering::Equal, _) | (_, Ordering::Equal) => {
            return (RangeEnd::At(Number::ZERO), RangeEnd::At(Number::ZERO));
        }
        (a, b) => a == b,
    };
    match (a, b) {
        (RangeEnd::At(a), RangeEnd::At(b)) => around(a.mul(b), || &*a.wide() * &*b.wide(), trouble),
        _ if positive => (RangeEnd::Above, RangeEnd::Above),
        _ => (RangeEnd::Below, RangeEnd::Below),
    }
}

/// The result of an operation on two ends, as the least and greatest value to reckon with: itself, or what is sure of
/// it if it is beyond the bound of M1, being too large or too finely divided.
fn around(
    result: Result<Number, Trouble>,
    exact: impl FnOnce() -> RBig,
    trouble: &mut Option<Trouble>,
) -> (RangeEnd, RangeEnd) {
    match result {
        Ok(value) => (RangeEnd::At(value.clone()), RangeEnd::At(value)),
        Err(overflow) => {
            *trouble = Some(overflow);
            let exact = exact();
            let infinite = if wide::is_negative(&exact) { RangeEnd::Below } else { RangeEnd::Above };
            let (below, above) = wide::around(&exact);
            (below.map_or(infinite.clone(), RangeEnd::At), above.map_or(infinite, RangeEnd::At))
        }
    }
}

/// The values between two ends; none if all are beyond the bound.
fn range(lo: RangeEnd, hi: RangeEnd) -> Option<Interval<Number>> {
    if lo == RangeEnd::Above || hi == RangeEnd::Below {
        return None;
    }
    Interval::new(lo.finite(), hi.finite())
}
