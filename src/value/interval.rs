use super::{Mask, Trouble};

/// A closed, non-empty interval of possibilities (V2); `None` is infinity.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Interval<T> {
    // lo <= hi
    pub lo: Option<T>,
    pub hi: Option<T>,
}

/// The result of an operation on sets: the hull of the point results that are values (`None` if all are errors), and
/// an error that is among them, if one is.
pub type Ranged<T> = (Option<Interval<T>>, Option<Trouble>);

impl<T: Ord + Clone> Interval<T> {
    /// Everything.
    pub fn all() -> Interval<T> {
        Interval { lo: None, hi: None }
    }

    /// `None` for an end: infinity. `None` as a result: the ends are the wrong way round.
    pub fn new(lo: Option<T>, hi: Option<T>) -> Option<Interval<T>> {
        match (&lo, &hi) {
            (Some(low), Some(high)) if low > high => None,
            _ => Some(Interval { lo, hi }),
        }
    }

    #[inline]
    pub fn point(value: T) -> Interval<T> {
        Interval { lo: Some(value.clone()), hi: Some(value) }
    }

    pub fn at_least(value: T) -> Interval<T> {
        Interval { lo: Some(value), hi: None }
    }

    pub fn at_most(value: T) -> Interval<T> {
        Interval { lo: None, hi: Some(value) }
    }

    /// `None` if the ends are the wrong way round.
    pub fn between(lo: T, hi: T) -> Option<Interval<T>> {
        Interval::new(Some(lo), Some(hi))
    }

    /// The least value; `None` is minus infinity.
    #[inline]
    pub fn lo(&self) -> Option<&T> {
        self.lo.as_ref()
    }

    /// The greatest value; `None` is infinity.
    #[inline]
    pub fn hi(&self) -> Option<&T> {
        self.hi.as_ref()
    }

    /// The value, if there is only one.
    #[inline]
    pub fn as_point(&self) -> Option<&T> {
        match (self.lo(), self.hi()) {
            (Some(lo), Some(hi)) if lo == hi => Some(lo),
            _ => None,
        }
    }

    #[inline]
    pub fn is_point(&self) -> bool {
        self.as_point().is_some()
    }

    pub fn is_all(&self) -> bool {
        self.lo.is_none() && self.hi.is_none()
    }

    pub fn contains(&self, value: &T) -> bool {
        self.lo().is_none_or(|lo| lo <= value) && self.hi().is_none_or(|hi| value <= hi)
    }

    /// Whether every value of this is in `other`.
    pub fn is_within(&self, other: &Interval<T>) -> bool {
        let low = match (self.lo(), other.lo()) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(mine), Some(theirs)) => theirs <= mine,
        };
        low && match (self.hi(), other.hi()) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(mine), Some(theirs)) => mine <= theirs,
        }
    }

    /// The smallest interval holding both.
    pub fn hull(&self, other: &Interval<T>) -> Interval<T> {
        Interval {
            lo: both(self.lo(), other.lo(), |a, b| a.min(b)),
            hi: both(self.hi(), other.hi(), |a, b| a.max(b)),
        }
    }

    /// What both hold, if anything.
    pub fn intersect(&self, other: &Interval<T>) -> Option<Interval<T>> {
        let lo = either(self.lo(), other.lo(), |a, b| a.max(b));
        Interval::new(lo, either(self.hi(), other.hi(), |a, b| a.min(b)))
    }

    /// The lesser of the two: `X but at most Y`.
    pub fn min(&self, other: &Interval<T>) -> Interval<T> {
        Interval {
            lo: both(self.lo(), other.lo(), |a, b| a.min(b)),
            hi: either(self.hi(), other.hi(), |a, b| a.min(b)),
        }
    }

    /// The greater of the two: `X but at least Y`.
    pub fn max(&self, other: &Interval<T>) -> Interval<T> {
        Interval {
            lo: either(self.lo(), other.lo(), |a, b| a.max(b)),
            hi: both(self.hi(), other.hi(), |a, b| a.max(b)),
        }
    }

    /// `x < y` (V6): may be true iff min x < max y, may be false iff max x >= min y.
    pub fn less(&self, other: &Interval<T>) -> Mask {
        Mask::from_parts(
            below(self.lo(), other.hi(), |a, b| a < b),
            below(other.lo(), self.hi(), |a, b| a <= b),
        )
    }

    /// `x <= y`.
    pub fn less_or_equal(&self, other: &Interval<T>) -> Mask {
        other.less(self).not()
    }

    /// `x > y`.
    pub fn greater(&self, other: &Interval<T>) -> Mask {
        other.less(self)
    }

    /// `x >= y`.
    pub fn greater_or_equal(&self, other: &Interval<T>) -> Mask {
        self.less(other).not()
    }

    /// `x = y`: may be true iff they meet, may be false unless both are the same one value.
    pub fn equal(&self, other: &Interval<T>) -> Mask {
        let meet = below(self.lo(), other.hi(), |a, b| a <= b) && below(other.lo(), self.hi(), |a, b| a <= b);
        let one = self.as_point().is_some_and(|mine| other.as_point() == Some(mine));
        Mask::from_parts(meet, !one)
    }

    /// `x != y`.
    pub fn not_equal(&self, other: &Interval<T>) -> Mask {
        self.equal(other).not()
    }

    /// The image under a function that never decreases and never fails.
    pub fn map<U>(&self, function: impl Fn(&T) -> U) -> Interval<U> {
        Interval { lo: self.lo().map(&function), hi: self.hi().map(&function) }
    }
}

/// Infinite if either end is.
fn both<'a, T: Clone>(a: Option<&'a T>, b: Option<&'a T>, pick: impl Fn(&'a T, &'a T) -> &'a T) -> Option<T> {
    Some(pick(a?, b?).clone())
}

/// Infinite only if both ends are.
fn either<'a, T: Clone>(
    a: Option<&'a T>,
    b: Option<&'a T>,
    pick: impl Fn(&'a T, &'a T) -> &'a T,
) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(pick(a, b).clone()),
        (one, other) => one.or(other).cloned(),
    }
}

/// A lower end against an upper end: minus infinity is below, infinity above.
fn below<T>(lo: Option<&T>, hi: Option<&T>, holds: impl Fn(&T, &T) -> bool) -> bool {
    match (lo, hi) {
        (Some(lo), Some(hi)) => holds(lo, hi),
        _ => true,
    }
}
