//! The periods of recurring duties (D2), and what is open of them (D4).

use crate::outcome::{DutyAnswer, DutyStates, Fault, Point};
use crate::policy::{Duty, DutyId, DutyState};
use crate::run::frame::{At, NO_ROW};
use crate::run::past::duties::{DutyNode, answer};
use crate::run::sets::lift;
use crate::run::sets::set::{Set, fault};
use crate::run::{Evaluator, Result};
use crate::value::{Dates, Day, MonthEnd, Period, Recurrence, Trouble, Value};
use std::sync::Arc;

/// The first and the last day of a period, each of them one of a stretch of days: where the duty begins is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DutyPeriod {
    pub first: (Day, Day),
    pub last: (Day, Day),
}

impl DutyPeriod {
    /// Its days, if there is only one of each.
    pub fn single(self) -> Option<(Day, Day)> {
        let (first, last) = (self.first, self.last);
        (first.0 == first.1 && last.0 == last.1).then_some((first.0, last.0))
    }
}

/// A period that has begun, or may have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BegunPeriod {
    pub period: DutyPeriod,
    /// It has, if those before it have.
    pub certain: bool,
}

/// The periods of a recurring duty begun by a day.
#[derive(Default)]
pub(crate) struct BegunPeriods {
    pub list: Vec<BegunPeriod>,
    /// It is open on which days they begin.
    pub is_open: bool,
    /// Where the first of all begins, at the earliest.
    pub earliest: Option<Day>,
}

/// Of so many days on which a duty may begin each is taken by itself (D4).
const CHOICES: i64 = 31;

/// F and U, as far as they are known.
#[derive(Clone, Copy)]
struct PeriodWindow {
    from: Dates,
    until: Dates,
    each: Recurrence,
}

impl<'a> Evaluator<'a> {
    /// The first and last days of the periods of a recurring duty that have begun, or may have; none where it is open on which
    /// days they begin (D2).
    pub fn periods(&mut self, id: DutyId, point: Point) -> Vec<(Day, Day)> {
        let begun = self.settle(|run| run.periods_begun(id, point));
        begun.list.iter().filter(|_| !begun.is_open).filter_map(|begun| begun.period.single()).collect()
    }

    pub(crate) fn duty_at(
        &mut self,
        id: DutyId,
        row: u32,
        period: Option<Day>,
        point: Point,
    ) -> Result<Arc<DutyAnswer>> {
        if self.policy.duties[id].each.is_none() {
            return self.duty_of(DutyNode { id, row, period: None, point });
        }
        match period {
            Some(first) => self.duty_of_period(id, first, point),
            None => self.worst_of_periods(id, point),
        }
    }

    fn duty_of_period(&mut self, id: DutyId, first: Day, point: Point) -> Result<Arc<DutyAnswer>> {
        let (window, failed) = self.period_window(id, &self.outside(point))?;
        let Some(window) = window else {
            return Ok(Arc::new(answer(id, NO_ROW, None, DutyStates::NONE, failed)));
        };
        let missing = fault(Trouble::NoSuchDay, self.policy.duties[id].span);
        let Some(BegunPeriod { period, certain }) = window.beginning_on(first) else {
            return Ok(Arc::new(answer(id, NO_ROW, None, DutyStates::NONE, Some(missing))));
        };
        let made = self.duty_of(DutyNode { id, row: NO_ROW, period: Some(period), point })?;
        let failed = failed.or((!certain).then_some(missing));
        Ok(match failed {
            Some(_) if made.fault.is_none() => {
                Arc::new(answer(id, NO_ROW, Some(period), made.states, failed))
            }
            _ => made,
        })
    }

    /// D2, D4: the worst of the periods begun, whichever have.
    fn worst_of_periods(&mut self, id: DutyId, point: Point) -> Result<Arc<DutyAnswer>> {
        let (window, failed) = self.period_window(id, &self.outside(point))?;
        let Some(window) = window else {
            return Ok(Arc::new(answer(id, NO_ROW, None, DutyStates::NONE, failed)));
        };
        let none = Arc::new(answer(id, NO_ROW, None, DutyStates::one(DutyState::NotYetDue), None));
        let mut all: Option<Arc<DutyAnswer>> = None;
        let mut add = |worst: &Arc<DutyAnswer>| {
            all = Some(all.as_ref().map_or_else(|| worst.clone(), |all| either(all, worst)));
        };
        for window in window.choices() {
            let mut worst: Option<Arc<DutyAnswer>> = None;
            for BegunPeriod { period, certain } in window.begun(point.day) {
                if !certain {
                    // Those before it may be all.
                    add(worst.as_ref().unwrap_or(&none));
                }
                let next = self.duty_of(DutyNode { id, row: NO_ROW, period: Some(period), point })?;
                worst = Some(worst.map_or_else(|| next.clone(), |worst| worse(&worst, &next)));
            }
            add(worst.as_ref().unwrap_or(&none));
        }
        let all = all.unwrap_or(none);
        Ok(match failed {
            Some(_) if all.fault.is_none() => Arc::new(answer(id, NO_ROW, None, all.states, failed)),
            _ => all,
        })
    }

    /// D2: the periods begun by the day of the point.
    pub(crate) fn periods_begun(&mut self, id: DutyId, point: Point) -> Result<BegunPeriods> {
        let (window, _) = self.period_window(id, &self.outside(point))?;
        Ok(window.map_or_else(BegunPeriods::default, |window| BegunPeriods {
            list: window.begun(point.day),
            is_open: window.from.as_point().is_none(),
            earliest: window.from.days().map(|(earliest, _)| earliest),
        }))
    }

    /// The period that begins on a day, begun or not.
    pub(crate) fn period_of(&mut self, id: DutyId, first: Day, at: &At) -> Result<Option<DutyPeriod>> {
        let (window, _) = self.period_window(id, at)?;
        Ok(window.and_then(|window| window.beginning_on(first)).map(|begun| begun.period))
    }

    /// F and U of a recurring duty, and what they may fail with; none, and that: they do.
    fn period_window(&mut self, id: DutyId, at: &At) -> Result<(Option<PeriodWindow>, Option<Arc<Fault>>)> {
        let policy = self.policy;
        let duty: &Duty = &policy.duties[id];
        let (Some(each), Some(from)) = (duty.each, &duty.from) else { return Ok((None, None)) };
        let from = self.set_known_day(from, at)?;
        let until = match &duty.until {
            Some(until) => self.set_known_day(until, at)?,
            None => Set::one(Value::Date(Day::NEVER)),
        };
        let fails = from.is_error() || until.is_error();
        let days = (!fails).then(|| (lift::dates(&from.values), lift::dates(&until.values)));
        let window = days.map(|(from, until)| PeriodWindow { from: begins(from, each), until, each });
        Ok((window, from.fault.or(until.fault)))
    }
}

impl PeriodWindow {
    /// The period that begins on a day, begun or not, and whether there certainly is one.
    fn beginning_on(&self, first: Day) -> Option<BegunPeriod> {
        let (earliest, latest) = self.from.days()?;
        let mut found: Option<BegunPeriod> = None;
        // Its first day is that of F, or the last of a month that lacks it.
        let is_last = first == first.last_of(Period::Month);
        for number in 0.. {
            let from = match nth_period_back(first, self.each, number) {
                Err(Trouble::NoSuchDay) => continue,
                Err(_) => break,
                Ok(from) => from,
            };
            let (lo, hi) = (from, if is_last { from.last_of(Period::Month) } else { from });
            if hi < earliest {
                break;
            }
            if first >= self.until.hi() || latest < lo {
                continue;
            }
            let certain = !self.from.may_be_never()
                && (lo..=hi).contains(&earliest)
                && latest <= hi
                && first < self.until.lo();
            let last = |from: Day| last_of(nth_period(from, self.each, number.saturating_add(1)));
            let last = (last(lo.max(earliest)), last(hi.min(latest)));
            let last = found
                .map_or(last, |found| (last.0.min(found.period.last.0), last.1.max(found.period.last.1)));
            found = Some(BegunPeriod { period: DutyPeriod { first: (first, first), last }, certain });
        }
        found
    }

    /// By each day on which it may begin, if these are few.
    fn choices(&self) -> Vec<PeriodWindow> {
        let Some((first, last)) = self.from.days() else { return vec![*self] };
        if self.from.as_point().is_some() || last.days_since(first).is_ok_and(|days| days >= CHOICES) {
            return vec![*self];
        }
        let days = std::iter::successors(Some(first), |day| Some(day.next())).take_while(|day| *day <= last);
        let days = days.chain(self.from.may_be_never().then_some(Day::NEVER));
        days.map(|day| PeriodWindow { from: Dates::point(day), ..*self }).collect()
    }

    /// One by one; from the first on that is in doubt those of an open beginning as one, for there may be very many.
    fn begun(&self, today: Day) -> Vec<BegunPeriod> {
        let mut found = Vec::new();
        let Some((earliest, latest)) = self.from.days() else { return found };
        // The last day on which one may begin.
        let Some(cut) = self.until.hi().previous().map(|last| last.min(today)) else { return found };
        let is_open = self.from.as_point().is_none();
        let (mut first, mut number) = (Some(earliest), 0i64);
        while let Some(begins) = first.filter(|first| *first <= cut) {
            let nth = |day: Day, number: i64| nth_period(day, self.each, number);
            let late = nth(latest, number).unwrap_or(Day::NEVER);
            number = number.saturating_add(1);
            let next = nth(earliest, number);
            let certain = !self.from.may_be_never() && late <= today && late < self.until.lo();
            let (begins_last, last) = match (is_open, certain) {
                (false, _) => (begins, next),
                (true, true) => (late, nth(latest, number)),
                (true, false) => {
                    (cut, nth(cut.last_of(Period::Month), 1).map(|day| day.last_of(Period::Month)))
                }
            };
            let period = DutyPeriod { first: (begins, begins_last), last: (last_of(next), last_of(last)) };
            found.push(BegunPeriod { period, certain });
            if is_open && !certain {
                break;
            }
            first = next;
        }
        found
    }
}

/// D2: the worse of two periods; each may be in several states.
fn worse(a: &Arc<DutyAnswer>, b: &Arc<DutyAnswer>) -> Arc<DutyAnswer> {
    let mut states = DutyStates::NONE;
    for one in a.states.iter() {
        for other in b.states.iter() {
            states = states.with(one.min(other));
        }
    }
    let fault = a.fault.clone().or_else(|| b.fault.clone());
    // The one shown is the one that decides, the earlier of equals.
    let shown = states.single().and_then(|state| match (a.states.has(state), a.states.single()) {
        (true, Some(_)) if a.fault.is_none() => Some(a),
        (false, _) if a.fault.is_none() => Some(b),
        _ => None,
    });
    match shown {
        Some(shown) => Arc::new(DutyAnswer { states, fault, ..(**shown).clone() }),
        // It is open which period decides.
        None => Arc::new(answer(a.duty, NO_ROW, None, states, fault)),
    }
}

/// What is one or the other: what is not the same of both is not told.
fn either(a: &Arc<DutyAnswer>, b: &Arc<DutyAnswer>) -> Arc<DutyAnswer> {
    if a == b {
        return a.clone();
    }
    let fault = a.fault.clone().or_else(|| b.fault.clone());
    Arc::new(answer(a.duty, NO_ROW, None, a.states.join(b.states), fault))
}

/// The first day of a period, counted from 0 (D2); a day that a month lacks is its last.
fn nth_period(start: Day, each: Recurrence, number: i64) -> Option<Day> {
    let months = number.checked_mul(each.months())?;
    start.add_months(months, MonthEnd::Down).ok().filter(|day| !day.is_never())
}

/// The same number of the day so many periods before.
fn nth_period_back(first: Day, each: Recurrence, number: i64) -> Result<Day, Trouble> {
    let months = number.checked_mul(each.months()).ok_or(Trouble::DateOutOfRange)?;
    first.add_months(months.saturating_neg(), MonthEnd::Exact)
}

/// Where the first period begins: on F, or where a year of its own does from then on.
fn begins(from: Dates, each: Recurrence) -> Dates {
    let Some((first, last)) = from.days() else { return from };
    let days = each.start(first).map(|first| (first, each.start(last).unwrap_or(Day::LAST)));
    Dates::of(days, from.may_be_never() || days.is_none()).unwrap_or(from)
}

/// The last day of a period before the next.
fn last_of(next: Option<Day>) -> Day {
    next.and_then(Day::previous).unwrap_or(Day::LAST)
}
