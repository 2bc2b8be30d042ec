use std::fmt;

use jiff::SignedDuration;
use jiff::civil::Date;

use super::{CalendarId, Trouble};

/// A civil day, 1900-01-01 to 2299-12-31, or `never`, later than every day (T1, V7).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
// Days since 1970-01-01, within FIRST..=LAST, or i32::MAX for never.
pub struct Day(i32);

/// What `D + n months` does when that month has no such day number (T6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MonthEnd {
    /// `no such day`.
    Exact,
    /// The last day of the month.
    Down,
    /// The first day of the next month.
    Up,
}

/// What `first day of …` and `last day of …` take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    Month,
    Quarter,
    Year,
}

impl Period {
    pub fn word(self) -> &'static str {
        match self {
            Period::Month => "month",
            Period::Quarter => "quarter",
            Period::Year => "year",
        }
    }
}

/// The three types of duration, which never mix (T6). A duration value is an `i64` count of these: a week is 7 days,
/// a year 12 months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DurationKind {
    Days,
    Business(CalendarId),
    Months(MonthEnd),
}

const EPOCH: Date = Date::constant(1970, 1, 1);

impl Day {
    /// 1900-01-01.
    pub const FIRST: Day = Day(-25_567);
    /// 2299-12-31.
    pub const LAST: Day = Day(120_529);
    pub const NEVER: Day = Day(i32::MAX);

    #[inline]
    pub fn is_never(self) -> bool {
        self == Day::NEVER
    }

    /// `None`: there is no such day, or it is out of range.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Day> {
        let (year, month, day) = (year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?);
        let since = Date::new(year, month, day).ok()?.duration_since(EPOCH);
        Day::from_number(since.as_hours() / 24)
    }

    /// A day as written, `2029-01-19`; exactly four, two and two digits. `never` is not one.
    pub fn parse(text: &str) -> Option<Day> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes.iter().enumerate().all(|(at, byte)| match at {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shaped {
            return None;
        }
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        Day::from_ymd(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }

    /// The day that many days after 1970-01-01, if in range.
    #[inline]
    pub fn from_number(days: i64) -> Option<Day> {
        let day = Day(i32::try_from(days).ok()?);
        (Day::FIRST..=Day::LAST).contains(&day).then_some(day)
    }

    /// Days since 1970-01-01; `i32::MAX` for `never`. It orders as days do.
    #[inline]
    pub fn number(self) -> i32 {
        self.0
    }

    /// Year, month, day. `never` has none and gives 9999-12-31: ask [`Day::is_never`] first.
    pub fn ymd(self) -> (i32, u32, u32) {
        let date = self.date();
        (date.year().into(), date.month().unsigned_abs().into(), date.day().unsigned_abs().into())
    }

    /// The day after; `never` stays, and after the last day there is only `never`.
    #[inline]
    pub fn next(self) -> Day {
        if self >= Day::LAST { Day::NEVER } else { Day(self.0 + 1) }
    }

    /// The day before; `None` before the first. `never` has no day before it, but stays (V7).
    #[inline]
    pub fn previous(self) -> Option<Day> {
        match self {
            Day::NEVER => Some(self),
            Day::FIRST => None,
            Day(number) => Some(Day(number - 1)),
        }
    }

    /// `D + n days`. `never` stays `never`; else `date out of range`.
    #[inline]
    pub fn add_days(self, days: i64) -> Result<Day, Trouble> {
        if self.is_never() {
            return Ok(self);
        }
        i64::from(self.0).checked_add(days).and_then(Day::from_number).ok_or(Trouble::DateOutOfRange)
    }

    /// `self - earlier` in days; `no such day` if either is `never`.
    #[inline]
    pub fn days_since(self, earlier: Day) -> Result<i64, Trouble> {
        if self.is_never() || earlier.is_never() {
            return Err(Trouble::NoSuchDay);
        }
        Ok(i64::from(self.0) - i64::from(earlier.0))
    }

    /// `D + n months`. `never` stays `never`; else `date out of range`, or `no such day` for [`MonthEnd::Exact`].
    pub fn add_months(self, months: i64, end: MonthEnd) -> Result<Day, Trouble> {
        if self.is_never() {
            return Ok(self);
        }
        let (year, month, day) = self.ymd();
        let count = (i64::from(year) * 12 + i64::from(month) - 1)
            .checked_add(months)
            .filter(|count| (1900 * 12..2300 * 12).contains(count))
            .ok_or(Trouble::DateOutOfRange)?;
        let (year, month) = ((count / 12) as i32, (count % 12 + 1) as u32);
        match (Day::from_ymd(year, month, day), end) {
            (Some(day), _) => Ok(day),
            (None, MonthEnd::Exact) => Err(Trouble::NoSuchDay),
            (None, end) => {
                let last =
                    Day::from_ymd(year, month, 1).ok_or(Trouble::DateOutOfRange)?.last_of(Period::Month);
                Ok(if end == MonthEnd::Up { last.next() } else { last })
            }
        }
    }

    /// First day of the month, quarter or year of this day. `never` stays `never`.
    pub fn first_of(self, period: Period) -> Day {
        if self.is_never() {
            return self;
        }
        let (year, month, _) = self.ymd();
        let month = match period {
            Period::Month => month,
            Period::Quarter => (month - 1) / 3 * 3 + 1,
            Period::Year => 1,
        };
        // Always there, for the range is whole years.
        Day::from_ymd(year, month, 1).unwrap_or(self)
    }

    /// Last day of the month, quarter or year of this day. `never` stays `never`.
    pub fn last_of(self, period: Period) -> Day {
        if self.is_never() {
            return self;
        }
        let (year, month, _) = self.ymd();
        let month = match period {
            Period::Month => month,
            Period::Quarter => (month - 1) / 3 * 3 + 3,
            Period::Year => 12,
        };
        let days = Date::new(year as i16, month as i8, 1).map_or(31, Date::days_in_month);
        Day::from_ymd(year, month, days.unsigned_abs().into()).unwrap_or(self)
    }

    /// `no such day` for `never`, as are the two below.
    pub fn year(self) -> Result<i64, Trouble> {
        self.part(|year, _| year.into())
    }

    /// 1 to 4.
    pub fn quarter(self) -> Result<i64, Trouble> {
        self.part(|_, month| i64::from((month - 1) / 3 + 1))
    }

    /// 1 to 12.
    pub fn month(self) -> Result<i64, Trouble> {
        self.part(|_, month| month.into())
    }

    /// Saturday or Sunday; `never` is neither.
    #[inline]
    pub fn is_weekend(self) -> bool {
        // 1970-01-01 was a Thursday.
        !self.is_never() && (self.0 + 3).rem_euclid(7) >= 5
    }

    fn part(self, of: impl FnOnce(i32, u32) -> i64) -> Result<i64, Trouble> {
        if self.is_never() {
            return Err(Trouble::NoSuchDay);
        }
        let (year, month, _) = self.ymd();
        Ok(of(year, month))
    }

    fn date(self) -> Date {
        let since = SignedDuration::from_hours(i64::from(self.0) * 24);
        EPOCH.checked_add(since).unwrap_or(Date::MAX)
    }
}

/// ISO, or `never`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_never() {
            return f.write_str("never");
        }
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A month by its English name or three letters of it, from 1.
pub fn month_named(word: &str) -> Option<u8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.to_ascii_lowercase();
    let is =
        |name: &&str| word.len() >= 3 && name.starts_with(&word) || word == "sept" && *name == "september";
    MONTHS.iter().zip(1..).find(|(name, _)| is(name)).map(|(_, number)| number)
}
