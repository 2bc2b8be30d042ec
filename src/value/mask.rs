use std::fmt;

/// The possibilities of a bool (V2): some of true, false and error. Never empty in an evaluation; empty only as the
/// start of a union.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Mask(u8);

impl Mask {
    pub const EMPTY: Mask = Mask(0);
    pub const TRUE: Mask = Mask(1);
    pub const FALSE: Mask = Mask(2);
    pub const ERROR: Mask = Mask(4);
    /// True or false.
    pub const BOTH: Mask = Mask(3);
    /// All three.
    pub const ANY: Mask = Mask(7);

    #[inline]
    pub fn of(value: bool) -> Mask {
        if value { Mask::TRUE } else { Mask::FALSE }
    }

    /// True if `may_be_true`, false if `may_be_false`: the shape of every comparison.
    #[inline]
    pub fn from_parts(may_be_true: bool, may_be_false: bool) -> Mask {
        Mask(u8::from(may_be_true) | u8::from(may_be_false) << 1)
    }

    /// From the bits true = 1, false = 2, error = 4; others are ignored.
    #[inline]
    pub fn from_bits(bits: u8) -> Mask {
        Mask(bits & 7)
    }

    /// True = 1, false = 2, error = 4.
    #[inline]
    pub fn bits(self) -> u8 {
        self.0
    }

    /// `and` of V4 over all combinations: false wins over an error, an error over true.
    #[inline]
    pub fn and(self, other: Mask) -> Mask {
        self.not().or(other.not()).not()
    }

    /// `or` of V4 over all combinations: true wins over an error, an error over false.
    #[inline]
    pub fn or(self, other: Mask) -> Mask {
        let (a, b) = (self.0, other.0);
        if a == 0 || b == 0 {
            return Mask::EMPTY;
        }
        let is_true = (a | b) & 1;
        let is_false = a & b & 2;
        let error = (a & 4 != 0 && b & 6 != 0) || (b & 4 != 0 && a & 6 != 0);
        Mask(is_true | is_false | u8::from(error) << 2)
    }

    #[inline]
    #[expect(
        clippy::should_implement_trait,
        reason = "it reads as the language's own `not`, beside `and` and `or`"
    )]
    pub fn not(self) -> Mask {
        Mask((self.0 & 1) << 1 | (self.0 & 2) >> 1 | (self.0 & 4))
    }

    /// Union: whatever either may be.
    #[inline]
    pub fn join(self, other: Mask) -> Mask {
        Mask(self.0 | other.0)
    }

    /// What it may be, each by itself.
    #[inline]
    pub fn each(self) -> impl Iterator<Item = Mask> {
        [Mask::TRUE, Mask::FALSE, Mask::ERROR].into_iter().filter(move |one| one.is_within(self))
    }

    /// The same, and possibly an error.
    #[inline]
    pub fn or_error(self) -> Mask {
        Mask(self.0 | 4)
    }

    /// Without the error.
    #[inline]
    pub fn without_error(self) -> Mask {
        Mask(self.0 & 3)
    }

    /// True and nothing else.
    #[inline]
    pub fn is_true(self) -> bool {
        self == Mask::TRUE
    }

    /// False and nothing else.
    #[inline]
    pub fn is_false(self) -> bool {
        self == Mask::FALSE
    }

    /// An error and nothing else.
    #[inline]
    pub fn is_error(self) -> bool {
        self == Mask::ERROR
    }

    #[inline]
    pub fn may_be_true(self) -> bool {
        self.0 & 1 != 0
    }

    #[inline]
    pub fn may_be_false(self) -> bool {
        self.0 & 2 != 0
    }

    #[inline]
    pub fn may_be_error(self) -> bool {
        self.0 & 4 != 0
    }

    #[inline]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Exactly one possibility.
    #[inline]
    pub fn is_decided(self) -> bool {
        self.0.is_power_of_two()
    }

    /// Whether every possibility of this is one of `other`.
    #[inline]
    pub fn is_within(self, other: Mask) -> bool {
        self.0 & !other.0 == 0
    }
}

/// `{true, error}`.
impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [(1, "true"), (2, "false"), (4, "error")];
        f.write_str("{")?;
        let mut comma = "";
        for (bit, name) in names {
            if self.0 & bit != 0 {
                write!(f, "{comma}{name}")?;
                comma = ", ";
            }
        }
        f.write_str("}")
    }
}
