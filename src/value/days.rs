//! Shifts and differences of sets of days (V3, V7): a hull of the point results, and an error if one is among them.

use super::{Calendar, Day, Interval, MonthEnd, Period, Ranged, Trouble};

/// A set of days taken apart: those that are days, and whether `never` is among them.
struct Split {
    days: Option<(Day, Day)>,
    never: bool,
}

impl Interval<Day> {
    /// Whether it may be `never`.
    pub fn may_be_never(&self) -> bool {
        self.contains(&Day::NEVER)
    }

    /// `D + n days`.
    pub fn add_days(&self, count: &Interval<i64>) -> Ranged<Day> {
        if let (Some(day), Some(count)) = (self.as_point(), count.as_point()) {
            return one(day.add_days(*count));
        }
        let split = self.split();
        let Some((first, last)) = split.days else { return split.rejoin(None, None) };
        let mut trouble = None;
        let lo = clamp(first, count.lo().copied(), i64::MIN, &mut trouble);
        let hi = clamp(last, count.hi().copied(), i64::MAX, &mut trouble);
        split.rejoin(Some((lo, hi)), trouble)
    }

    /// `D + n months`.
    pub fn add_months(&self, count: &Interval<i64>, end: MonthEnd) -> Ranged<Day> {
        if let (Some(day), Some(count)) = (self.as_point(), count.as_point()) {
            return one(day.add_months(*count, end));
        }
        let split = self.split();
        let Some((first, last)) = split.days else { return split.rejoin(None, None) };
        // A day that is missing is an error for `Exact`; what remains lies between the next and the one before.
        let (up, down) = match end {
            MonthEnd::Exact => (MonthEnd::Up, MonthEnd::Down),
            end => (end, end),
        };
        let mut trouble = None;
        let lo = count.lo().and_then(|count| first.add_months(*count, up).ok()).unwrap_or_else(|| {
            trouble = Some(Trouble::DateOutOfRange);
            if count.lo().is_some_and(|count| *count > 0) { Day::LAST } else { Day::FIRST }
        });
        let hi = count.hi().and_then(|count| last.add_months(*count, down).ok()).unwrap_or_else(|| {
            trouble = Some(Trouble::DateOutOfRange);
            if count.hi().is_some_and(|count| *count < 0) { Day::FIRST } else { Day::LAST }
        });
        if end == MonthEnd::Exact && may_miss(first, last, count) {
            trouble = Some(Trouble::NoSuchDay);
        }
        split.rejoin((lo <= hi).then_some((lo, hi)), trouble)
    }

    /// `D + n business days in C`.
    pub fn add_business(&self, count: &Interval<i64>, calendar: &Calendar) -> Ranged<Day> {
        if let (Some(day), Some(count)) = (self.as_point(), count.as_point()) {
            return one(calendar.add(*day, *count));
        }
        let split = self.split();
        let Some((first, last)) = split.days else { return split.rejoin(None, None) };
        let Some((start, end)) = calendar.covers() else {
            return split.rejoin(None, Some(Trouble::CalendarDoesNotCover));
        };
        let (lo, hi) = (first.max(start), last.min(end));
        let mut trouble = (lo != first || hi != last).then_some(Trouble::CalendarDoesNotCover);
        if lo > hi {
            return split.rejoin(None, trouble);
        }
        let mut shift = |day: Day, count: Option<i64>, beyond: Day| {
            count.and_then(|count| calendar.add(day, count).ok()).unwrap_or_else(|| {
                trouble = Some(Trouble::CalendarDoesNotCover);
                beyond
            })
        };
        let range = (shift(lo, count.lo().copied(), start), shift(hi, count.hi().copied(), end));
        split.rejoin(Some(range), trouble)
    }

    /// `D1 - D2` in days; `no such day` where either is `never`.
    pub fn days_since(&self, earlier: &Interval<Day>) -> Ranged<i64> {
        let (mine, theirs) = (self.split(), earlier.split());
        let trouble = (mine.never || theirs.never).then_some(Trouble::NoSuchDay);
        let range = match (mine.days, theirs.days) {
            (Some((first, last)), Some((from, to))) => match (first.days_since(to), last.days_since(from)) {
                (Ok(lo), Ok(hi)) => Interval::between(lo, hi),
                _ => None,
            },
            _ => None,
        };
        (range, trouble)
    }

    /// First day of the month, quarter or year.
    pub fn first_of(&self, period: Period) -> Interval<Day> {
        self.map(|day| day.first_of(period))
    }

    /// Last day of the month, quarter or year.
    pub fn last_of(&self, period: Period) -> Interval<Day> {
        self.map(|day| day.last_of(period))
    }

    pub fn year(&self) -> Ranged<i64> {
        self.part(|first, last| Some((first.year().ok()?, last.year().ok()?)))
    }

    pub fn quarter(&self) -> Ranged<i64> {
        self.part(|first, last| {
            let same = first.year() == last.year();
            if same { Some((first.quarter().ok()?, last.quarter().ok()?)) } else { Some((1, 4)) }
        })
    }

    pub fn month(&self) -> Ranged<i64> {
        self.part(|first, last| {
            let same = first.year() == last.year();
            if same { Some((first.month().ok()?, last.month().ok()?)) } else { Some((1, 12)) }
        })
    }

    fn part(&self, of: impl FnOnce(Day, Day) -> Option<(i64, i64)>) -> Ranged<i64> {
        let split = self.split();
        let range = split.days.and_then(|(first, last)| of(first, last));
        (range.and_then(|(lo, hi)| Interval::between(lo, hi)), split.never.then_some(Trouble::NoSuchDay))
    }

    fn split(&self) -> Split {
        let first = self.lo().copied().unwrap_or(Day::FIRST);
        let last = self.hi().copied().unwrap_or(Day::NEVER);
        Split { days: (!first.is_never()).then_some((first, last.min(Day::LAST))), never: last.is_never() }
    }
}

impl Split {
    /// The shifted days, with `never` still where it was: it stays `never` under every shift (V7).
    fn rejoin(&self, days: Option<(Day, Day)>, trouble: Option<Trouble>) -> Ranged<Day> {
        let range = match (days, self.never) {
            (Some((lo, _)), true) => Interval::between(lo, Day::NEVER),
            (Some((lo, hi)), false) => Interval::between(lo, hi),
            (None, true) => Some(Interval::point(Day::NEVER)),
            (None, false) => None,
        };
        (range, trouble)
    }
}

/// A point result as a set.
fn one(result: Result<Day, Trouble>) -> Ranged<Day> {
    match result {
        Ok(day) => (Some(Interval::point(day)), None),
        Err(trouble) => (None, Some(trouble)),
    }
}

/// The shifted day, or the end of time that lies in the way.
fn clamp(day: Day, count: Option<i64>, infinite: i64, trouble: &mut Option<Trouble>) -> Day {
    let count = count.unwrap_or(infinite);
    day.add_days(count).unwrap_or_else(|_| {
        *trouble = Some(Trouble::DateOutOfRange);
        if count < 0 { Day::FIRST } else { Day::LAST }
    })
}

/// Whether some day of the stretch may have no counterpart `count` months away. Exact for one count; else only days up
/// to the 28th are sure to have one.
fn may_miss(first: Day, last: Day, count: &Interval<i64>) -> bool {
    let mut from = first;
    loop {
        let until = from.last_of(Period::Month).min(last);
        let missing = match count.as_point() {
            Some(count) => until.add_months(*count, MonthEnd::Exact) == Err(Trouble::NoSuchDay),
            None => until.ymd().2 > 28,
        };
        if missing || until >= last {
            return missing;
        }
        from = until.next();
    }
}
