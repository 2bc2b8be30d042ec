//! How long a start lasts (T8, O4): `then … for W`.

use crate::outcome::Fault;
use crate::policy::{Expr, ExprId, Policy, RuleId};
use crate::run::frame::At;
use crate::run::sets::lift;
use crate::run::sets::ops;
use crate::run::sets::set::Set;
use crate::run::until::END;
use crate::run::{Evaluator, Result};
use crate::tree::AddOp;
use crate::value::{Dates, Day, DurationKind, Mask, MonthEnd, Possible, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How long, and in which days.
type Wait = (ExprId, DurationKind);

/// Days on each of which a clause may begin: a start that is certain, or a stretch of doubtful ones.
pub(crate) struct Starts {
    pub first: Day,
    pub last: Day,
    pub mask: Mask,
}

/// Days, both included, on which a guard is the same.
struct GuardStretch {
    first: Day,
    last: Day,
    mask: Mask,
    fault: Option<Arc<Fault>>,
}

/// So many days on which a guard is the same, and what begins on one of them still lasts, or not.
pub(super) struct GuardDays {
    pub guard: Mask,
    pub lasts: Mask,
    pub fault: Option<Arc<Fault>>,
    pub count: i64,
}

impl GuardDays {
    /// A day on which nothing begins, or of which nothing is left.
    pub fn over(guard: Mask) -> GuardDays {
        GuardDays { guard, lasts: Mask::FALSE, fault: None, count: 1 }
    }

    fn of(guard: Mask, lasts: &Lasts, count: i64) -> GuardDays {
        GuardDays { guard, lasts: lasts.mask, fault: lasts.fault.clone(), count }
    }
}

/// Whether one of the starts lasts, for each course that the guard may take: what was met on the day before, and what has been
/// found, go on together.
pub(super) fn any_lasts<'d>(course: impl Iterator<Item = &'d GuardDays>, before: Mask) -> Mask {
    let mut states: BTreeSet<(Mask, Mask)> = before.each().map(|met| (met, Mask::FALSE)).collect();
    for days in course {
        let pairs = || days.guard.each().flat_map(|now| days.lasts.each().map(move |lasts| (now, lasts)));
        for _ in 0..days.count {
            let next = |(met, any): &(Mask, Mask)| {
                let (met, any) = (*met, *any);
                pairs().map(move |(now, lasts)| (now, any.or(now.and(met.not()).and(lasts))))
            };
            let next: BTreeSet<(Mask, Mask)> = states.iter().flat_map(next).collect();
            if next == states {
                break;
            }
            states = next;
        }
    }
    states.into_iter().fold(Mask::EMPTY, |all, (_, any)| all.join(any))
}

/// Whether what began on a day still lasts.
pub(crate) struct Lasts {
    pub mask: Mask,
    pub fault: Option<Arc<Fault>>,
    /// The days on which that may change.
    pub edges: Vec<Day>,
}

impl<'a> Evaluator<'a> {
    /// The day that lasts `wait` from another, as a range.
    pub(crate) fn shifted(&mut self, from: Day, (wait, kind): Wait, at: &At) -> Result<Set> {
        let span = self.policy.exprs.span(wait);
        let set = self.set(wait, &at.on(from))?;
        if set.is_error() {
            return Ok(set);
        }
        let day = Possible::date(from);
        Ok(lift::shift(self.policy, &day, AddOp::Plus, &set.values, kind, set.fault, span))
    }

    /// Whether the day of the point lies before `start` + `wait`. A day that cannot be told is an error only until it has
    /// passed, however it is counted (T8).
    pub(crate) fn lasts(&mut self, start: Day, (wait, kind): Wait, at: &At) -> Result<Lasts> {
        let (policy, today, span) = (self.policy, at.point.day, self.policy.exprs.span(wait));
        let set = self.set(wait, &at.on(start))?;
        if set.is_error() {
            return Ok(Lasts { mask: Mask::ERROR, fault: set.fault, edges: Vec::new() });
        }
        let end = lift::shift(policy, &Possible::date(start), AddOp::Plus, &set.values, kind, None, span);
        let range = end.values.as_dates();
        let mut mask = range.as_ref().map_or(Mask::EMPTY, |range| range.greater(&Dates::point(today)));
        let mut edges: Vec<Day> = range.iter().flat_map(|range| range.ends()).collect();
        let mut fault = set.fault;
        mask = if fault.is_some() { mask.or_error() } else { mask };
        if end.fault.is_some() {
            let longest = lift::durations(&set.values).hi().copied();
            let over = longest.and_then(|longest| over_by(policy, start, longest, kind));
            edges.extend(over);
            match over {
                Some(over) if over <= today => mask = mask.join(Mask::FALSE),
                _ => {
                    mask = mask.or_error();
                    fault = fault.or(end.fault);
                }
            }
        }
        Ok(Lasts { mask, fault, edges })
    }

    /// T8: there is a start not longer ago than it lasts, whichever course the guard has taken.
    pub(crate) fn set_lasting_for(&mut self, id: RuleId, wait: Wait, at: &At) -> Result<Set> {
        let stretches = self.guard_stretches(id, at.point.day, at)?;
        let (mut course, mut may_fail) = (Vec::new(), None::<Arc<Fault>>);
        let mut before = Mask::FALSE;
        for (place, stretch) in stretches.iter().enumerate().rev() {
            let earlier = place.checked_sub(1).and_then(|place| stretches.get(place));
            before = earlier.map_or(Mask::FALSE, |earlier| earlier.mask);
            let mut days = self.guard_days(stretch, before, wait, at)?;
            let failed =
                |days: &GuardDays| days.guard.and(days.lasts).may_be_error() || before.may_be_error();
            if may_fail.is_none() && days.iter().any(failed) {
                let earlier = earlier.and_then(|earlier| earlier.fault.clone());
                let lasts = days.iter_mut().rev().find_map(|days| days.fault.take());
                may_fail = stretch.fault.clone().or(earlier).or(lasts);
            }
            let first = days.first().map_or(Mask::FALSE, |first| first.lasts);
            let begins = stretch.mask.and(before.not());
            course.push(days);
            // Earlier starts ended earlier.
            let over = !begins.is_false() && first.is_false() && self.is_constant_wait(wait);
            if over || begins.is_true() && first.is_true() {
                break;
            }
        }
        let applies = any_lasts(course.iter().rev().flatten(), before);
        Ok(Set::from_mask(applies, may_fail))
    }

    /// The days of a stretch, by how long what begins on them lasts: its first, and the others where the guard is open.
    fn guard_days(
        &mut self,
        stretch: &GuardStretch,
        before: Mask,
        wait: Wait,
        at: &At,
    ) -> Result<Vec<GuardDays>> {
        let (first, last, guard) = (stretch.first, stretch.last, stretch.mask);
        let mut days = vec![GuardDays::over(guard)];
        if !guard.and(before.not()).is_false() {
            let lasts = self.lasts(first, wait, at)?;
            days = vec![GuardDays::of(guard, &lasts, 1)];
        }
        if last > first && !guard.and(guard.not()).is_false() {
            let inside = Starts { first: first.next(), last, mask: guard };
            let telling = self.telling_days(&inside, wait, at)?;
            for (place, day) in telling.iter().enumerate() {
                let lasts = self.lasts(*day, wait, at)?;
                days.push(GuardDays::of(guard, &lasts, 1));
                if let Some(next) = telling.get(place.saturating_add(1)).and_then(|next| next.previous())
                    && day.next() <= next
                {
                    self.split_days((day.next(), next), guard, wait, at, &mut days)?;
                }
            }
        }
        Ok(days)
    }

    /// Between two days that tell of all what begins later ends no earlier.
    fn split_days(
        &mut self,
        (first, last): (Day, Day),
        guard: Mask,
        wait: Wait,
        at: &At,
        days: &mut Vec<GuardDays>,
    ) -> Result<()> {
        let (lo, hi) = (self.lasts(first, wait, at)?, self.lasts(last, wait, at)?);
        let middle = between(first, last).filter(|_| lo.mask != hi.mask);
        match middle {
            _ if lo.mask == hi.mask => {
                let count = last.days_since(first).unwrap_or(0).saturating_add(1);
                days.push(GuardDays::of(guard, &lo, count));
            }
            Some(middle) => {
                self.split_days((first, middle), guard, wait, at, days)?;
                self.split_days((middle.next(), last), guard, wait, at, days)?;
            }
            None => days.extend([GuardDays::of(guard, &lo, 1), GuardDays::of(guard, &hi, 1)]),
        }
        Ok(())
    }

    fn is_constant_wait(&self, (wait, _): Wait) -> bool {
        matches!(self.policy.exprs.node(wait), Expr::Const(_))
    }

    /// Days on which the clause may begin, the earliest first.
    pub(crate) fn starts(&mut self, id: RuleId, today: Day, at: &At) -> Result<Vec<Starts>> {
        let stretches = self.guard_stretches(id, today, at)?;
        let mut found = Vec::new();
        let mut before = Mask::FALSE;
        for GuardStretch { first, last, mask, .. } in stretches {
            let begins = mask.and(before.not());
            if !begins.is_false() {
                found.push(Starts { first, last: first, mask: begins });
            }
            let inside = mask.and(mask.not());
            if last > first && inside != Mask::FALSE {
                found.push(Starts { first: first.next(), last, mask: inside });
            }
            before = mask;
        }
        Ok(found)
    }

    /// The guard up to a day; it is not met before the first.
    fn guard_stretches(&mut self, id: RuleId, today: Day, at: &At) -> Result<Vec<GuardStretch>> {
        let (force, condition) = self.guard(id, at)?;
        let on = |day: Day| {
            let seen = |steps: &crate::run::past::history::HistorySteps| {
                let (mask, fault) = if day == today { steps.on(day) } else { steps.past(day) };
                (mask, fault.cloned())
            };
            let (in_force, first) = seen(&force);
            let (met, second) = condition.as_ref().map_or((Mask::TRUE, None), |steps| seen(steps));
            (in_force.and(met), first.or(second))
        };
        let mut days: Vec<Day> = force.until(today).map(|stretch| stretch.first).collect();
        days.extend(condition.iter().flat_map(|steps| steps.until(today)).map(|stretch| stretch.first));
        days.sort_unstable();
        days.dedup();
        let mut found: Vec<GuardStretch> = Vec::with_capacity(days.len());
        for (place, first) in days.iter().copied().enumerate() {
            let next = days.get(place.saturating_add(1)).and_then(|next| next.previous());
            let (mask, fault) = on(first);
            found.push(GuardStretch { first, last: next.unwrap_or(today), mask, fault });
        }
        Ok(found)
    }

    /// Of a stretch of starts the days that tell of all: between two of them all last in the same way.
    fn telling_days(&mut self, starts: &Starts, wait: Wait, at: &At) -> Result<Vec<Day>> {
        let mut days = Vec::new();
        let mut first = starts.first;
        while first <= starts.last {
            let here = at.on(first);
            let until = if first < starts.last { self.until(wait.0, &here)? } else { END };
            let last = until.max(first.next()).previous().unwrap_or(first).min(starts.last);
            days.extend([first, last]);
            if first < last {
                let counts = lift::durations(&self.set(wait.0, &here)?.values);
                for count in [counts.lo(), counts.hi()].into_iter().flatten() {
                    days.extend(uneven_days(self.policy, (first, last), *count, wait.1));
                }
            }
            first = last.next();
        }
        days.sort_unstable();
        days.dedup();
        Ok(days)
    }

    /// T10: until when `for W` is as it is, but for its rule's window and condition.
    pub(crate) fn until_lasting_for(&mut self, id: RuleId, wait: Wait, at: &At) -> Result<Day> {
        let (policy, today) = (self.policy, at.point.day);
        let mut until = self.until(wait.0, at)?;
        let all = self.starts(id, today, at)?;
        // In doubt, or where it fails, every later day may be a start as well.
        let (force, condition) = self.guard(id, at)?;
        let met = condition.as_ref().map_or(Mask::TRUE, |steps| steps.on(today).0);
        let guard = force.on(today).0.and(met);
        let open = !guard.is_true() && !guard.is_false();
        let goes_on = |starts: &Starts| open && starts.last == today && starts.first < today;
        let even = match policy.exprs.node(wait.0) {
            Expr::Const(Value::Duration(count)) => even_until(policy, today, *count, wait.1),
            _ => None,
        };
        match even {
            _ if !open => {}
            Some(even) if all.last().is_some_and(goes_on) => until = until.min(even),
            _ => until = until.min(today.next()),
        }
        let constant = self.is_constant_wait(wait);
        'starts: for starts in all.iter().rev() {
            for day in self.telling_days(starts, wait, at)?.into_iter().rev() {
                let lasts = self.lasts(day, wait, at)?;
                // Of the later days of a stretch that goes on there is always one more.
                if !goes_on(starts) || lasts.mask.may_be_error() {
                    until = lasts
                        .edges
                        .iter()
                        .filter(|edge| **edge > today)
                        .fold(until, |all, edge| all.min(*edge));
                }
                if constant && lasts.mask.is_false() {
                    break 'starts;
                }
                if !constant {
                    until = until.min(today.next());
                }
            }
        }
        Ok(until)
    }
}

/// A day by which whatever lasts so long from a day is over, though its end cannot be told: days before a calendar's years
/// only add business days, and a day that a month lacks is no later than the first of the next.
fn over_by(policy: &Policy, start: Day, count: i64, kind: DurationKind) -> Option<Day> {
    match kind {
        DurationKind::Days => start.add_days(count).ok(),
        DurationKind::Months(_) => start.add_months(count, MonthEnd::Up).ok(),
        DurationKind::Business(id) => {
            let calendar = policy.calendars.get(usize::from(id.0))?;
            let (first, _) = calendar.covers()?;
            calendar.add(start.max(first), count.max(1)).ok()
        }
    }
}

/// Days of a stretch from which on, or on which alone, the end cannot be told, or can be again; and those before.
fn uneven_days(policy: &Policy, (first, last): (Day, Day), count: i64, kind: DurationKind) -> Vec<Day> {
    let mut days = Vec::new();
    let mut from = first;
    match kind {
        DurationKind::Days | DurationKind::Months(MonthEnd::Down | MonthEnd::Up) => {}
        // Every month may lack the day; four years have all there are.
        DurationKind::Months(MonthEnd::Exact) => {
            let mut day = last;
            for _ in 0..48 * 31 {
                if day.ymd().2 >= 28 {
                    days.push(day);
                }
                match day.previous().filter(|day| *day >= first) {
                    Some(before) => day = before,
                    None => break,
                }
            }
        }
        DurationKind::Business(id) => {
            let calendar = policy.calendars.get(usize::from(id.0));
            if let Some((start, _)) = calendar.and_then(|calendar| calendar.covers()) {
                from = start.clamp(first, last);
                days.extend([from.previous(), Some(from)].into_iter().flatten());
            }
        }
    }
    if let Some(fails) = even_until(policy, from, count, kind) {
        days.extend([fails.previous(), Some(fails)].into_iter().flatten());
    }
    days.retain(|day| (first..=last).contains(day));
    days
}

/// The first day after one on which what starts has no end that can be told. None: it comes and goes, or is so already.
fn even_until(policy: &Policy, day: Day, count: i64, kind: DurationKind) -> Option<Day> {
    let told = |day: Day| ops::shift(policy, day, AddOp::Plus, count, kind).is_ok();
    if kind == DurationKind::Months(MonthEnd::Exact) || !told(day) {
        return None;
    }
    if told(Day::LAST) {
        return Some(END);
    }
    let (mut told_on, mut fails) = (day, Day::LAST);
    while let Some(middle) = between(told_on, fails) {
        if told(middle) {
            told_on = middle;
        } else {
            fails = middle;
        }
    }
    Some(fails)
}

/// A day in the middle; none: they are neighbours.
fn between(first: Day, last: Day) -> Option<Day> {
    let half = last.days_since(first).ok()? / 2;
    (half > 0).then(|| first.add_days(half).ok()).flatten()
}
