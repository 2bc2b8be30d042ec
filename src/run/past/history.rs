//! Conditions with a past (T7, T8): what they came to on every day from a first one on, worked out by the days on which they
//! may change.

use crate::outcome::{Fault, Sight};
use crate::policy::{EntityId, ExprId, Rule, RuleId};
use crate::run::frame::{ANY_ROW, At};
use crate::run::sets::set::Set;
use crate::run::{Evaluator, Result};
use crate::value::{Dates, Day, Mask, Possible, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is followed through the days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Followed {
    Condition(ExprId),
    /// What counts from the first day of a period on.
    InPeriod(ExprId),
    /// Whether a rule is in force (R2).
    Force(RuleId),
    /// Of a rule in several versions: whether it begins or goes on, and whether it is over.
    Guard(RuleId),
    End(RuleId),
}

/// What a condition came to from a day on.
#[derive(Clone, Debug)]
struct HistoryStep {
    from: Day,
    mask: Mask,
    /// What it counts for once the day is over; see [`ToldDays`].
    past: Mask,
    fault: Option<Arc<Fault>>,
}

/// A condition as far as it was followed; neighbours differ.
#[derive(Clone, Debug)]
pub(crate) struct HistorySteps {
    list: Vec<HistoryStep>,
    told: ToldDays,
    /// The first day not looked at.
    end: Day,
}

/// Days from day one on which a condition fails are no part of its past, until it can be told for the first time: what
/// looks back thirty days fails on the first thirty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ToldDays {
    /// It failed on every day so far.
    No,
    /// It may have failed on every day so far.
    Open,
    Yes,
}

impl ToldDays {
    /// One more stretch: what it counts for later.
    fn pass(&mut self, mask: Mask) -> Mask {
        match self {
            ToldDays::No if mask.is_error() => Mask::FALSE,
            ToldDays::No | ToldDays::Open if mask.may_be_error() => {
                *self = ToldDays::Open;
                mask.join(Mask::FALSE)
            }
            _ => {
                *self = ToldDays::Yes;
                mask
            }
        }
    }
}

/// Days, both included, on which a condition is the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HistoryStretch<'s> {
    pub first: Day,
    pub last: Day,
    pub mask: Mask,
    pub fault: Option<&'s Arc<Fault>>,
}

impl HistorySteps {
    fn new(what: Followed, start: Day) -> HistorySteps {
        let whole = start == Day::FIRST && !matches!(what, Followed::Force(_) | Followed::InPeriod(_));
        HistorySteps { list: Vec::new(), told: if whole { ToldDays::No } else { ToldDays::Yes }, end: start }
    }

    /// The past as it counts on a day that was looked at, that day as it is.
    pub fn until(&self, today: Day) -> impl DoubleEndedIterator<Item = HistoryStretch<'_>> {
        let (yesterday, now) = (today.previous(), self.step(today));
        let split = now.is_some_and(|step| step.past != step.mask && step.from < today);
        let last = if split { yesterday.unwrap_or(today) } else { today };
        let before = self.stretches(last).map(move |(step, first, last)| {
            let mask = if last < today { step.past } else { step.mask };
            stretch(step, (first, last), mask)
        });
        before.chain(now.filter(|_| split).map(move |step| stretch(step, (today, today), step.mask)))
    }

    /// The steps up to a day that was looked at, with their first and last days.
    fn stretches(&self, last: Day) -> impl DoubleEndedIterator<Item = (&HistoryStep, Day, Day)> {
        let count = self.list.partition_point(|step| step.from <= last);
        let list = self.list.get(..count).unwrap_or(&[]);
        list.iter().enumerate().map(move |(at, step)| {
            let next = list.get(at.saturating_add(1)).and_then(|next| next.from.previous());
            (step, step.from, next.unwrap_or(last))
        })
    }

    fn step(&self, day: Day) -> Option<&HistoryStep> {
        let at = self.list.partition_point(|step| step.from <= day).checked_sub(1);
        at.and_then(|at| self.list.get(at))
    }

    /// On a day that was looked at.
    pub fn on(&self, day: Day) -> (Mask, Option<&Arc<Fault>>) {
        self.step(day).map_or((Mask::FALSE, None), |step| (step.mask, step.fault.as_ref()))
    }

    /// What a day that was looked at counts for once it is over.
    pub fn past(&self, day: Day) -> (Mask, Option<&Arc<Fault>>) {
        self.step(day).map_or((Mask::FALSE, None), |step| (step.past, step.fault.as_ref()))
    }

    /// The first days of its stretches after a day.
    pub fn changes(&self, after: Day) -> impl Iterator<Item = Day> + '_ {
        let count = self.list.partition_point(|step| step.from <= after);
        self.list.iter().skip(count).map(|step| step.from)
    }

    /// Whether it held on any day between two, both included and none after today (V4: one day is enough, even beside an
    /// error).
    pub fn ever(&self, (first, last): (Day, Day), today: Day) -> (Mask, Option<Arc<Fault>>) {
        let (mut all, mut may_fail) = (Mask::FALSE, None);
        let inside = |stretch: &HistoryStretch<'_>| stretch.last >= first && stretch.first <= last;
        for stretch in self.until(today).filter(inside) {
            all = all.or(stretch.mask);
            may_fail = may_fail.or(stretch.fault.cloned());
            if all.is_true() {
                return (all, None);
            }
        }
        (all, may_fail)
    }
}

fn stretch(step: &HistoryStep, (first, last): (Day, Day), mask: Mask) -> HistoryStretch<'_> {
    let fault = step.fault.as_ref().filter(|_| mask.may_be_error());
    HistoryStretch { first, last, mask, fault }
}

/// Where a condition is followed: its frame, what is known, and from which day on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct HistoryPlace {
    what: Followed,
    own: Option<(EntityId, u32)>,
    frame: Vec<Value>,
    /// The day on which the last of what is known became so.
    known: Day,
    sight: Sight,
    start: Day,
}

#[derive(Default)]
pub(crate) struct Histories {
    followed: BTreeMap<HistoryPlace, Arc<HistorySteps>>,
    pub memories: BTreeMap<HistoryPlace, Arc<crate::run::past::lasting::Memory>>,
}

impl<'a> Evaluator<'a> {
    /// The place under which a history is remembered; none: it is worked out anew each time.
    pub(crate) fn place(&mut self, what: Followed, start: Day, at: &At) -> Result<Option<HistoryPlace>> {
        let known = self.knowledge_day_before(at.point.known)?;
        let one = |set: &Set| match &set.values {
            Possible::One(value) if set.fault.is_none() => Some(value.clone()),
            // A row of which nothing is known, in its own frame.
            Possible::Any if at.own.is_some_and(|(_, row)| row == ANY_ROW) => Some(Value::Row(ANY_ROW)),
            _ => None,
        };
        let frame = self.locals.get(at.base..).unwrap_or(&[]).iter().map(one).collect::<Option<Vec<_>>>();
        let sight = at.point.sight;
        Ok(frame.map(|frame| HistoryPlace { what, own: at.own, frame, known, sight, start }))
    }

    /// A condition on every day from `start` to the day of the point.
    pub(crate) fn follow(&mut self, what: Followed, start: Day, at: &At) -> Result<Arc<HistorySteps>> {
        let place = self.place(what, start, at)?;
        let remembered = place.as_ref().and_then(|place| self.histories_of(what).followed.remove(place));
        let mut steps = remembered.unwrap_or_else(|| Arc::new(HistorySteps::new(what, start)));
        let result = self.extend(what, Arc::make_mut(&mut steps), at);
        if let Some(place) = place {
            self.histories_of(what).followed.insert(place, steps.clone());
        }
        result.map(|()| steps)
    }

    fn extend(&mut self, what: Followed, steps: &mut HistorySteps, at: &At) -> Result<()> {
        while steps.end <= at.point.day {
            self.stretches_followed = self.stretches_followed.saturating_add(1);
            let here = at.on(steps.end);
            let (set, until) = match what {
                Followed::Condition(id) | Followed::InPeriod(id) => {
                    (self.set(id, &here)?, self.until(id, &here)?)
                }
                Followed::Force(id) => {
                    let policy = self.policy;
                    let rule: &Rule = &policy.rules[id];
                    (self.set_in_force(rule, &here)?, self.until_force(rule, &here)?)
                }
                Followed::Guard(id) => {
                    (self.set_guard_of_versions(id, &here)?, self.until_versions(id, &here)?)
                }
                Followed::End(id) => (self.set_end_of_versions(id, &here)?, self.until_versions(id, &here)?),
            };
            let mask = set.mask();
            let past = steps.told.pass(mask);
            let same = |last: &HistoryStep| (last.mask, last.past, &last.fault) == (mask, past, &set.fault);
            if !steps.list.last().is_some_and(same) {
                steps.list.push(HistoryStep { from: steps.end, mask, past, fault: set.fault });
            }
            steps.end = until.max(steps.end.next());
        }
        Ok(())
    }

    /// T7: the latest start, with every day that may be it. Goes back from today; `here` is what the condition may come to
    /// on a day if no later day is a start.
    pub(crate) fn set_last_start(&mut self, condition: ExprId, at: &At) -> Result<Set> {
        let today = at.point.day;
        let steps = self.follow(Followed::Condition(condition), Day::FIRST, at)?;
        let mut found = FoundStart { days: None, fault: None };
        let stretches: Vec<HistoryStretch<'_>> = steps.until(today).collect();
        let mut here = stretches.last().map_or(Mask::FALSE, |stretch| stretch.mask);
        for (at, stretch) in stretches.iter().enumerate().rev() {
            let mut day = stretch.last;
            while day > stretch.first && !here.is_empty() {
                let before = found.step(day, here, stretch.mask, stretch.fault);
                if before == here {
                    // So it goes on back to the second day of the stretch.
                    found.step(stretch.first.next(), here, stretch.mask, stretch.fault);
                    break;
                }
                here = before;
                day = day.previous().unwrap_or(stretch.first);
            }
            let before = at.checked_sub(1).and_then(|at| stretches.get(at));
            let mask = before.map_or(Mask::FALSE, |before| before.mask);
            let fault = stretch.fault.or(before.and_then(|before| before.fault));
            here = found.step(stretch.first, here, mask, fault);
            if here.is_empty() {
                break;
            }
        }
        if !here.is_empty() {
            found.note(Day::NEVER);
        }
        Ok(Set { values: found.days.map_or(Possible::Nothing, Possible::dates), fault: found.fault })
    }
}

/// The days that may be the last start.
struct FoundStart {
    days: Option<Dates>,
    fault: Option<Arc<Fault>>,
}

impl FoundStart {
    fn note(&mut self, day: Day) {
        let day = Dates::point(day);
        self.days = Some(self.days.map_or(day, |days| days.hull(&day)));
    }

    /// One day back: `here` on the day, `before` on the one before; what is left of `before` if the day is no start.
    pub(crate) fn step(&mut self, day: Day, here: Mask, before: Mask, fault: Option<&Arc<Fault>>) -> Mask {
        let begins = here.and(before.not());
        if begins.may_be_true() {
            self.note(day);
        }
        if begins.may_be_error() && self.fault.is_none() {
            self.fault = fault.cloned();
        }
        let mut left = if here.may_be_false() { before } else { Mask::EMPTY };
        if before.may_be_true() && !here.is_empty() {
            left = left.join(Mask::TRUE);
        }
        left
    }
}
