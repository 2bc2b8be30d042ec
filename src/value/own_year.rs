//! Years that begin on a day of their own (T11).

use super::{Day, Period, Trouble};
use std::fmt;

/// `year from 10-01`: where each begins, which is a day of every calendar year, and which calendar year names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnYear {
    month: u32,
    day: u32,
    by_end: bool,
}

/// What is asked of such a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YearPart {
    FirstDay,
    LastDay,
    Number,
}

impl YearPart {
    /// The words before the name of such a year.
    pub fn words(self) -> &'static str {
        match self {
            YearPart::FirstDay => "first day of ",
            YearPart::LastDay => "last day of ",
            YearPart::Number => "",
        }
    }
}

/// What a recurring duty is owed for, again and again (D2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recurrence {
    Calendar(Period),
    Own(OwnYear),
}

impl OwnYear {
    /// None: there is no such day in some year. `by_end`: the calendar year of its last day names it, not that of its first.
    pub fn new(month: u32, day: u32, by_end: bool) -> Option<OwnYear> {
        // No year without 29 February is longer than this one.
        Day::from_ymd(2001, month, day).map(|_| OwnYear { month, day, by_end })
    }

    /// As `2026`, of the one a day is in.
    ///
    /// # Errors
    /// `no such day` of `never`.
    pub fn number(self, day: Day) -> Result<i64, Trouble> {
        let begins = self.begins(day)?;
        // One that begins on 1 January ends in the calendar year in which it began.
        let ends_later = (self.month, self.day) != (1, 1);
        Ok(i64::from(begins) + i64::from(self.by_end && ends_later))
    }

    /// The first day of the one a day is in; `never` stays.
    ///
    /// # Errors
    /// `date out of range`
    pub fn first_day(self, day: Day) -> Result<Day, Trouble> {
        if day.is_never() { Ok(day) } else { self.beginning(self.begins(day)?) }
    }

    /// Its last day; `never` stays.
    ///
    /// # Errors
    /// `date out of range`
    pub fn last_day(self, day: Day) -> Result<Day, Trouble> {
        if day.is_never() {
            return Ok(day);
        }
        let next = self.beginning(self.begins(day)?.saturating_add(1));
        match (next, self.month, self.day) {
            (Ok(next), ..) => next.previous().ok_or(Trouble::DateOutOfRange),
            (Err(_), 1, 1) => Ok(Day::LAST),
            (Err(trouble), ..) => Err(trouble),
        }
    }

    /// The first day of the first, and the last day of the last, that are whole.
    pub(super) fn earliest(self) -> Day {
        self.beginning(Day::FIRST.ymd().0).unwrap_or(Day::FIRST)
    }

    pub(super) fn latest(self) -> Day {
        self.last_day(Day::LAST)
            .ok()
            .or_else(|| self.beginning(Day::LAST.ymd().0).ok()?.previous())
            .unwrap_or(Day::LAST)
    }

    /// The calendar year in which the one of a day begins.
    fn begins(self, day: Day) -> Result<i32, Trouble> {
        if day.is_never() {
            return Err(Trouble::NoSuchDay);
        }
        let (year, month, day) = day.ymd();
        Ok(if (month, day) < (self.month, self.day) { year - 1 } else { year })
    }

    fn beginning(self, year: i32) -> Result<Day, Trouble> {
        Day::from_ymd(year, self.month, self.day).ok_or(Trouble::DateOutOfRange)
    }
}

impl fmt::Display for OwnYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = if self.by_end { " named by its end" } else { "" };
        write!(f, "year from {:02}-{:02}{named}", self.month, self.day)
    }
}

impl Recurrence {
    /// Where the first begins: a calendar period on the day itself, a year of its own on the first day of one from then on.
    pub fn start(self, from: Day) -> Option<Day> {
        match self {
            Recurrence::Calendar(_) => Some(from),
            Recurrence::Own(year) => match year.first_day(from) {
                Ok(first) if first == from => Some(from),
                _ => year.last_day(from).ok().map(Day::next).filter(|next| !next.is_never()),
            },
        }
    }

    /// How many months each takes.
    pub fn months(self) -> i64 {
        match self {
            Recurrence::Calendar(Period::Year) | Recurrence::Own(_) => 12,
            Recurrence::Calendar(Period::Quarter) => 3,
            Recurrence::Calendar(Period::Month) => 1,
        }
    }
}

impl fmt::Display for Recurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Recurrence::Calendar(period) => f.write_str(period.word()),
            Recurrence::Own(year) => year.fmt(f),
        }
    }
}
