use std::fmt;

/// What can go wrong when values are computed (V5), without a place; `Display` is the name the laws give it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
// As wide as the part of a `Number` whose place it takes in a `Result`: a single byte there would cut that part in two,
// and every checked result would be put together again byte by byte.
#[repr(u32)]
pub enum Trouble {
    Overflow,
    DivisionByZero,
    NoSuchDay,
    CalendarDoesNotCover,
    DateOutOfRange,
    NotInAnnex,
    NothingToChooseFrom,
    NotWhole,
    Tie,
    DependsOn,
    CodeTooShort,
}

impl Trouble {
    /// Every trouble, in the order of the laws.
    pub const ALL: [Trouble; 11] = [
        Trouble::Overflow,
        Trouble::DivisionByZero,
        Trouble::NoSuchDay,
        Trouble::CalendarDoesNotCover,
        Trouble::DateOutOfRange,
        Trouble::NotInAnnex,
        Trouble::NothingToChooseFrom,
        Trouble::NotWhole,
        Trouble::Tie,
        Trouble::DependsOn,
        Trouble::CodeTooShort,
    ];

    /// The name in the laws, such as `division by zero`.
    pub fn name(self) -> &'static str {
        match self {
            Trouble::Overflow => "overflow",
            Trouble::DivisionByZero => "division by zero",
            Trouble::NoSuchDay => "no such day",
            Trouble::CalendarDoesNotCover => "calendar does not cover",
            Trouble::DateOutOfRange => "date out of range",
            Trouble::NotInAnnex => "not in annex",
            Trouble::NothingToChooseFrom => "nothing to choose from",
            Trouble::NotWhole => "not whole",
            Trouble::Tie => "tie",
            Trouble::DependsOn => "depends on",
            Trouble::CodeTooShort => "code too short",
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::error::Error for Trouble {}
