//! Sets of days and `never`, their shifts and differences (V3, V7): the point results, and an error if one is among them.

use super::{Calendar, Day, Interval, Mask, MonthEnd, OwnYear, Period, Ranged, Trouble};

/// What a date may be (V2): a stretch of days and, apart from them, `never`. One of the two is always there, and what lies
/// between the last of the days and `never` is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dates {
    days: Option<(Day, Day)>,
    never: bool,
}

/// The result of an operation on sets of dates, like [`Ranged`].
pub type RangedDates = (Option<Dates>, Option<Trouble>);

/// A day between two, both included.
impl From<(Day, Day)> for Dates {
    fn from((first, last): (Day, Day)) -> Dates {
        Dates { days: Some((first.min(last), last)), never: false }
    }
}

impl Dates {
    /// Any day, or `never`.
    pub const ALL: Dates = Dates { days: Some((Day::FIRST, Day::LAST)), never: true };

    /// `None`: there is nothing in it.
    pub fn of(days: Option<(Day, Day)>, never: bool) -> Option<Dates> {
        (days.is_some() || never).then_some(Dates { days, never })
    }

    /// From one to another, both included; what lies before `never` are all days. `None`: the wrong way round.
    pub fn between(lo: Day, hi: Day) -> Option<Dates> {
        let days = (lo, hi.min(Day::LAST));
        Dates::of(Some(days).filter(|(lo, hi)| lo <= hi), lo <= hi && hi.is_never())
    }

    #[inline]
    pub fn point(day: Day) -> Dates {
        Dates { days: (!day.is_never()).then_some((day, day)), never: day.is_never() }
    }

    /// It may not come at all.
    pub fn at_least(day: Day) -> Dates {
        Dates { days: (!day.is_never()).then_some((day, Day::LAST)), never: true }
    }

    pub fn at_most(day: Day) -> Dates {
        Dates { days: Some((Day::FIRST, day.min(Day::LAST))), never: day.is_never() }
    }

    /// The first and the last of its days.
    pub fn days(&self) -> Option<(Day, Day)> {
        self.days
    }

    /// The ends of its days.
    pub fn ends(&self) -> impl Iterator<Item = Day> + use<> {
        self.days.into_iter().flat_map(|(first, last)| [first, last])
    }

    pub fn may_be_never(&self) -> bool {
        self.never
    }

    /// The earliest it may be.
    pub fn lo(&self) -> Day {
        self.days.map_or(Day::NEVER, |(first, _)| first)
    }

    /// The latest it may be.
    pub fn hi(&self) -> Day {
        self.days.filter(|_| !self.never).map_or(Day::NEVER, |(_, last)| last)
    }

    /// The day, or `never`, if there is only one.
    pub fn as_point(&self) -> Option<Day> {
        Some(self.lo()).filter(|lo| *lo == self.hi())
    }

    pub fn is_all(&self) -> bool {
        *self == Dates::ALL
    }

    pub fn contains(&self, day: Day) -> bool {
        if day.is_never() { self.never } else { self.days.is_some_and(|(lo, hi)| lo <= day && day <= hi) }
    }

    /// The smallest set that has both: `never` stays apart from the days.
    pub fn hull(&self, other: &Dates) -> Dates {
        Dates { days: widest(self.days, other.days), never: self.never || other.never }
    }

    /// The earlier of the two: `X but at most Y`.
    pub fn min(&self, other: &Dates) -> Dates {
        let both = self.days.zip(other.days).map(|(a, b)| (a.0.min(b.0), a.1.min(b.1)));
        let mine = self.days.filter(|_| other.never);
        let theirs = other.days.filter(|_| self.never);
        Dates { days: widest(both, widest(mine, theirs)), never: self.never && other.never }
    }

    /// The later of the two: `X but at least Y`.
    pub fn max(&self, other: &Dates) -> Dates {
        let both = self.days.zip(other.days).map(|(a, b)| (a.0.max(b.0), a.1.max(b.1)));
        Dates { days: both, never: self.never || other.never }
    }

    /// `x < y` (V6).
    pub fn less(&self, other: &Dates) -> Mask {
        Mask::from_parts(self.lo() < other.hi(), other.lo() <= self.hi())
    }

    /// `x <= y`
    pub fn less_or_equal(&self, other: &Dates) -> Mask {
        other.less(self).not()
    }

    /// `x > y`
    pub fn greater(&self, other: &Dates) -> Mask {
        other.less(self)
    }

    /// `x = y`: may be true iff they meet, may be false unless both are the same one day.
    pub fn equal(&self, other: &Dates) -> Mask {
        let one = self.as_point().is_some_and(|mine| other.as_point() == Some(mine));
        Mask::from_parts(self.meets(other), !one)
    }

    /// Whether something is in both.
    pub fn meets(&self, other: &Dates) -> bool {
        let days = self.days.zip(other.days).is_some_and(|(a, b)| a.0 <= b.1 && b.0 <= a.1);
        days || (self.never && other.never)
    }

    /// The image under a function that never decreases and never fails; `never` stays.
    pub fn map(&self, function: impl Fn(Day) -> Day) -> Dates {
        Dates { days: self.days.map(|(first, last)| (function(first), function(last))), never: self.never }
    }

    /// `D + n days`.
    pub fn add_days(&self, count: &Interval<i64>) -> RangedDates {
        if let (Some(day), Some(count)) = (self.as_point(), count.as_point()) {
            return one(day.add_days(*count));
        }
        let Some((first, last)) = self.days else { return self.rejoin(None, None) };
        let lo = first.add_days(count.lo().copied().unwrap_or(i64::MIN));
        let hi = last.add_days(count.hi().copied().unwrap_or(i64::MAX));
        let (range, trouble) = within_range(lo, hi, count, (Day::FIRST, Day::LAST));
        self.rejoin(range, trouble)
    }

    /// `D + n months`.
    pub fn add_months(&self, count: &Interval<i64>, end: MonthEnd) -> RangedDates {
        if let (Some(day), Some(count)) = (self.as_point(), count.as_point()) {
            return one(day.add_months(*count, end));
        }
        let Some((first, last)) = self.days else { return self.rejoin(None, None) };
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
        self.rejoin(range, trouble)
    }

    /// `D + n business days in C`.
    pub fn add_business(&self, count: &Interval<i64>, calendar: &Calendar) -> RangedDates {
        if let (Some(day), Some(count)) = (self.as_point(), count.as_point()) {
            return one(calendar.add(day, *count));
        }
        let Some((first, last)) = self.days else { return self.rejoin(None, None) };
        let Some((start, end)) = calendar.covers() else {
            return self.rejoin(None, Some(Trouble::CalendarDoesNotCover));
        };
        let (lo, hi) = (first.max(start), last.min(end));
        let trouble = (lo != first || hi != last).then_some(Trouble::CalendarDoesNotCover);
        if lo > hi {
            return self.rejoin(None, trouble);
        }
        let lo = calendar.add(lo, count.lo().copied().unwrap_or(i64::MIN));
        let hi = calendar.add(hi, count.hi().copied().unwrap_or(i64::MAX));
        let (range, beyond) = within_range(lo, hi, count, (start, end));
        self.rejoin(range, trouble.or(beyond))
    }

    /// `D1 - D2` in days; `no such day` where either is `never`.
    pub fn days_since(&self, earlier: &Dates) -> Ranged<i64> {
        let trouble = (self.never || earlier.never).then_some(Trouble::NoSuchDay);
        let range = match (self.days, earlier.days) {
            (Some((first, last)), Some((from, to))) => match (first.days_since(to), last.days_since(from)) {
                (Ok(lo), Ok(hi)) => Interval::between(lo, hi),
                _ => None,
            },
            _ => None,
        };
        (range, trouble)
    }

    /// First day of the month, quarter or year.
    pub fn first_of(&self, period: Period) -> Dates {
        self.map(|day| day.first_of(period))
    }

    /// Last day of the month, quarter or year.
    pub fn last_of(&self, period: Period) -> Dates {
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

    /// The number of a year that begins on a day of its own (T11).
    pub fn own_year(&self, year: OwnYear) -> Ranged<i64> {
        self.part(|first, last| Some((year.number(first).ok()?, year.number(last).ok()?)))
    }

    /// Its first day, which is missing of days before the first such year.
    pub fn own_year_first(&self, year: OwnYear) -> RangedDates {
        let Some((first, last)) = self.days else { return self.rejoin(None, None) };
        let (lo, hi) = (year.first_day(first), year.first_day(last));
        let days = hi.ok().map(|hi| (lo.unwrap_or(year.earliest()), hi));
        self.rejoin(days, lo.err())
    }

    /// Its last day, which is missing of days behind the last such year.
    pub fn own_year_last(&self, year: OwnYear) -> RangedDates {
        let Some((first, last)) = self.days else { return self.rejoin(None, None) };
        let (lo, hi) = (year.last_day(first), year.last_day(last));
        let days = lo.ok().map(|lo| (lo, hi.unwrap_or(year.latest())));
        self.rejoin(days, hi.err())
    }

    fn part(&self, of: impl FnOnce(Day, Day) -> Option<(i64, i64)>) -> Ranged<i64> {
        let range = self.days.and_then(|(first, last)| of(first, last));
        (range.and_then(|(lo, hi)| Interval::between(lo, hi)), self.never.then_some(Trouble::NoSuchDay))
    }

    /// The shifted days, with `never` still where it was: it stays `never` under every shift (V7).
    fn rejoin(&self, days: Option<(Day, Day)>, trouble: Option<Trouble>) -> RangedDates {
        (Dates::of(days, self.never), trouble)
    }
}

/// The smallest stretch that has both.
fn widest(a: Option<(Day, Day)>, b: Option<(Day, Day)>) -> Option<(Day, Day)> {
    match (a, b) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (one, other) => one.or(other),
    }
}

/// A point result as a set.
fn one(result: Result<Day, Trouble>) -> RangedDates {
    match result {
        Ok(day) => (Some(Dates::point(day)), None),
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
