//! The mean of a value over days (C7): stretch by stretch, each with as many days as it has.

use crate::outcome::Fault;
use crate::policy::ExprId;
use crate::run::frame::At;
use crate::run::sets::lift;
use crate::run::sets::set::{Set, fault, fault_with, strict};
use crate::run::{Evaluator, Result};
use crate::steps;
use crate::value::{Day, Interval, Number, Possible, Total, Trouble};
use std::sync::Arc;

/// The days of an average: which may be its first, and which its last.
#[derive(Clone, Copy, Debug)]
struct AveragedDays {
    first: (Day, Day),
    last: (Day, Day),
}

impl AveragedDays {
    /// From the earliest it may begin through the latest it may end, if it may have a day.
    fn all(&self) -> Option<(Day, Day)> {
        Some((self.first.0, self.last.1)).filter(|(first, last)| first <= last)
    }

    fn may_be_none(&self) -> bool {
        self.first.1 > self.last.0
    }

    fn are_known(&self) -> bool {
        self.first.0 == self.first.1 && self.last.0 == self.last.1
    }

    /// Whether a stretch has a day that is averaged for certain.
    fn have(&self, stretch: &AveragedStretch) -> bool {
        stretch.first.max(self.first.1) <= stretch.last.min(self.last.0)
    }
}

/// Days, both included, on which the value is the same.
struct AveragedStretch {
    first: Day,
    last: Day,
    value: Set,
}

impl AveragedStretch {
    fn days(&self) -> u64 {
        u64::try_from(self.last.number().saturating_sub(self.first.number())).unwrap_or(0).saturating_add(1)
    }
}

impl Evaluator<'_> {
    /// C7
    pub(crate) fn set_day_average(
        &mut self,
        id: ExprId,
        value: ExprId,
        (first, last): (ExprId, ExprId),
        at: &At,
    ) -> Result<Set> {
        let span = self.policy.exprs.span(id);
        let ends = [self.set(first, at)?, self.set(last, at)?];
        let [first, last] = &ends;
        let before = match strict(&[first, last]) {
            Ok(before) => before,
            Err(failed) => return Ok(failed),
        };
        let (first, last) = (lift::dates(&first.values), lift::dates(&last.values));
        // No day is on `never`.
        let never = (first.may_be_never() || last.may_be_never()).then(|| fault(Trouble::NoSuchDay, span));
        let Some((first, last)) = first.days().zip(last.days()) else {
            return Ok(Set::fails(fault(Trouble::NoSuchDay, span)));
        };
        let days = AveragedDays { first, last };
        let none =
            || fault_with(Trouble::NothingToChooseFrom, span, "the last day is before the first".into());
        if days.all().is_none() {
            return Ok(Set::fails(never.unwrap_or_else(none)));
        }
        let stretches = self.stretches_averaged(value, &days, at)?;
        let failed = |stretch: &&AveragedStretch| stretch.value.is_error() && days.have(stretch);
        if let Some(failed) = stretches.iter().find(failed).filter(|_| never.is_none() && before.is_none()) {
            return Ok(failed.value.clone());
        }
        let may_fail = before.or(never).or_else(|| days.may_be_none().then(none));
        let may_fail = may_fail.or_else(|| stretches.iter().find_map(|one| one.value.fault.clone()));
        Ok(match days.are_known() {
            true => mean(&stretches, may_fail, span),
            false => between(&stretches, may_fail, none),
        })
    }

    /// The first days of the stretches that an average looks at, or may look at.
    pub(crate) fn days_averaged(
        &mut self,
        value: ExprId,
        (first, last): (ExprId, ExprId),
        at: &At,
    ) -> Result<Vec<Day>> {
        let (first, last) = (self.set(first, at)?, self.set(last, at)?);
        let days = |set: &Set| set.values.as_dates().and_then(|dates| dates.days());
        let Some((first, last)) = days(&first).zip(days(&last)) else { return Ok(Vec::new()) };
        let stretches = self.stretches_averaged(value, &AveragedDays { first, last }, at)?;
        Ok(stretches.into_iter().map(|stretch| stretch.first).collect())
    }

    fn stretches_averaged(
        &mut self,
        value: ExprId,
        days: &AveragedDays,
        at: &At,
    ) -> Result<Vec<AveragedStretch>> {
        let Some((mut day, last)) = days.all() else { return Ok(Vec::new()) };
        let mut stretches: Vec<AveragedStretch> = Vec::new();
        while day <= last {
            steps::step();
            let here = at.on(day);
            let (set, until) = (self.set(value, &here)?, self.until(value, &here)?);
            let next = until.max(day.next());
            let through = if next > last { last } else { next.previous().unwrap_or(last) };
            match stretches.last_mut().filter(|before| before.value == set) {
                Some(before) => before.last = through,
                None => stretches.push(AveragedStretch { first: day, last: through, value: set }),
            }
            if next > last {
                break;
            }
            day = next;
        }
        Ok(stretches)
    }
}

/// Over days that are known: exact for each end.
fn mean(stretches: &[AveragedStretch], may_fail: Option<Arc<Fault>>, span: crate::text::Span) -> Set {
    let (mut lo, mut hi) = (Some(Total::new()), Some(Total::new()));
    let mut count = 0_u64;
    for stretch in stretches {
        let (range, days) = (lift::numbers(&stretch.value.values), stretch.days());
        lo = add_days(lo, range.lo(), days);
        hi = add_days(hi, range.hi(), days);
        count = count.saturating_add(days);
    }
    let mut overflow = None;
    let mut end = |total: Option<Total>| match total?.average(count) {
        Ok(end) => Some(end),
        Err(trouble) => {
            overflow = Some(fault(trouble, span));
            None
        }
    };
    let range = Interval::new(end(lo), end(hi)).unwrap_or_else(Interval::all);
    let decided = stretches.iter().all(|stretch| stretch.value.is_decided());
    match overflow {
        Some(overflow) if decided => Set::fails(overflow),
        overflow => Set { values: Possible::numbers(range), fault: may_fail.or(overflow) },
    }
}

/// Over days that are open: a mean lies between the least and the greatest.
fn between(
    stretches: &[AveragedStretch],
    may_fail: Option<Arc<Fault>>,
    none: impl FnOnce() -> Arc<Fault>,
) -> Set {
    let values = stretches.iter().filter(|stretch| !stretch.value.is_error());
    let hull = values.map(|stretch| lift::numbers(&stretch.value.values)).reduce(|all, one| all.hull(&one));
    match hull {
        Some(range) => Set { values: Possible::numbers(range), fault: may_fail },
        None => Set::fails(may_fail.unwrap_or_else(none)),
    }
}

fn add_days(total: Option<Total>, end: Option<&Number>, days: u64) -> Option<Total> {
    let mut total = total?;
    total.add_times(end?, days);
    Some(total)
}
