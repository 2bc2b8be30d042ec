use std::cmp::Ordering;
use std::fmt;

/// How to round to a multiple, by magnitude, so that round(-x) = -round(x) (M4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rounding {
    /// Ties away from zero: the default.
    HalfUp,
    /// Ties to the even multiple.
    HalfEven,
    /// Ties toward zero.
    HalfDown,
    /// Away from zero.
    Up,
    /// Toward zero.
    Down,
}

impl Rounding {
    /// Whether a magnitude goes to the next multiple. `odd`: the multiple below is odd; `exact`: nothing is left over;
    /// `against_half`: what is left over, compared with half a step.
    #[inline]
    pub(super) fn away(self, odd: bool, exact: bool, against_half: Ordering) -> bool {
        match self {
            Rounding::HalfUp => against_half != Ordering::Less,
            Rounding::HalfEven => {
                against_half == Ordering::Greater || (against_half == Ordering::Equal && odd)
            }
            Rounding::HalfDown => against_half == Ordering::Greater,
            Rounding::Up => !exact,
            Rounding::Down => false,
        }
    }
}

/// As written in the language: `half up`.
impl fmt::Display for Rounding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Rounding::HalfUp => "half up",
            Rounding::HalfEven => "half even",
            Rounding::HalfDown => "half down",
            Rounding::Up => "up",
            Rounding::Down => "down",
        })
    }
}
