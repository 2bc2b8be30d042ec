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
        let lo = first.add_days(count.lo().copied().unwrap_or(i64::MIN));
        let hi = last.add_days(count.hi().copied().unwrap_or(i64::MAX));
        let (range, trouble) = within_range(lo, hi, count, (Day::FIRST, Day::LAST));
        split.rejoin(range, trouble)
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
        let lo = first.add_months(count.lo().copied().unwrap_or(i64::MIN), up);
        let hi = last.add_months(count.hi().copied().unwrap_or(i64::MAX), down);
        let (range, mut trouble) = within_range(lo, hi, count, (Day::FIRST, Day::LAST));
        if end == MonthEnd::Exact && may_miss(first, last, count) {
            trouble = Some(Trouble::NoSuchDay);
        }
        split.rejoin(range, trouble)
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
        let trouble = (lo != first || hi != last).then_some(Trouble::CalendarDoesNotCover);
        if lo > hi {
            return split.rejoin(None, trouble);
        }
        let lo = calendar.add(lo, count.lo().copied().unwrap_or(i64::MIN));
        let hi = calendar.add(hi, count.hi().copied().unwrap_or(i64::MAX));
        let (range, beyond) = within_range(lo, hi, count, (start, end));
        split.rejoin(range, trouble.or(beyond))
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

/// The shifted ends of a stretch of days, cut to the days there are; nothing, if all of it was shifted out of them.
fn within_range(
    lo: Result<Day, Trouble>,
    hi: Result<Day, Trouble>,
    count: &Interval<i64>,
    (first, last): (Day, Day),
) -> (Option<(Day, Day)>, Option<Trouble>) {
    let trouble = lo.err().or(hi.err());
    // An end can only leave on the side it was shifted to.
    let lo = lo.ok().or(count.lo().is_none_or(|count| *count < 0).then_some(first));
    let hi = hi.ok().or(count.hi().is_none_or(|count| *count >= 0).then_some(last));
    (lo.zip(hi).filter(|(lo, hi)| lo <= hi), trouble)
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

impl Interval<i64> {
    /// The sum of two durations of one type.
    pub fn add(&self, other: &Interval<i64>) -> Ranged<i64> {
        count(
            self.is_point() && other.is_point(),
            [self.lo(), other.lo()],
            [self.hi(), other.hi()],
            i64::checked_add,
        )
    }

    /// The difference of two durations of one type.
    pub fn sub(&self, other: &Interval<i64>) -> Ranged<i64> {
        count(
            self.is_point() && other.is_point(),
            [self.lo(), other.hi()],
            [self.hi(), other.lo()],
            i64::checked_sub,
        )
    }
}

/// The ends of a sum or difference of counts; one beyond the integers becomes infinite, with `overflow` possible.
fn count(
    point: bool,
    lo: [Option<&i64>; 2],
    hi: [Option<&i64>; 2],
    operation: fn(i64, i64) -> Option<i64>,
) -> Ranged<i64> {
    let mut trouble = None;
    let mut end = |[a, b]: [Option<&i64>; 2]| {
        let end = operation(*a?, *b?);
        if end.is_none() {
            trouble = Some(Trouble::Overflow);
        }
        end
    };
    let (lo, hi) = (end(lo), end(hi));
    if point && trouble.is_some() {
        return (None, trouble);
    }
    (Interval::new(lo, hi), trouble)
}
