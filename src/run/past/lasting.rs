//! Clauses with a memory (T8): `then … until C` and `then … for W`.

use crate::outcome::Fault;
use crate::policy::{ExprId, Lasting, Rule, RuleId};
use crate::run::frame::At;
use crate::run::past::history::{Followed, HistorySteps};
use crate::run::sets::set::Set;
use crate::run::{Evaluator, Result};
use crate::value::{Day, Mask};
use std::sync::Arc;

/// True, false, or an error.
type Truth = Option<bool>;

/// The states a clause may be in at the close of a day: whether it applies, with whether its guard was met where the next
/// start hangs on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct States(u8);

const IDLE: States = States(1);
const ACTIVE: States = States(2);
/// Ended, and not begun anew: its condition has not been false since.
const SPENT: States = States(4);
/// It does not apply; whether its guard was met is an error.
const LOST: States = States(8);
/// Whether it applies is an error; its guard was not met, was met, or is an error too.
const FAILED: [States; 3] = [States(16), States(32), States(64)];

impl States {
    fn with(self, other: States) -> States {
        States(self.0 | other.0)
    }

    fn has(self, other: States) -> bool {
        self.0 & other.0 != 0
    }

    fn of(applies: Truth, met: Truth) -> States {
        let [unmet, known, lost] = FAILED;
        match (applies, met) {
            (Some(true), _) => ACTIVE,
            (Some(false), Some(false)) => IDLE,
            (Some(false), Some(true)) => SPENT,
            (Some(false), None) => LOST,
            (None, Some(false)) => unmet,
            (None, Some(true)) => known,
            (None, None) => lost,
        }
    }

    /// Whether it applies, and whether its guard was met.
    fn each(self) -> impl Iterator<Item = (Truth, Truth)> {
        let all = [Some(true), Some(false), None];
        let pairs = all.into_iter().flat_map(move |applies| all.into_iter().map(move |met| (applies, met)));
        // Of a clause that applies the guard does not matter.
        let one = |(applies, met): &(Truth, Truth)| *applies != Some(true) || *met == Some(true);
        pairs.filter(one).filter(move |(applies, met)| self.has(States::of(*applies, *met)))
    }

    /// Every transition of one day, from every state.
    fn next(self, guard: Mask, end: Mask) -> States {
        let mut next = States(0);
        for (applies, before) in self.each() {
            for guard in truths(guard) {
                for end in truths(end) {
                    next = next.with(States::of(step(applies, (before, guard), end), guard));
                }
            }
        }
        next
    }

    fn mask(self) -> Mask {
        let mask = Mask::from_parts(self.has(ACTIVE), [IDLE, SPENT, LOST].into_iter().any(|it| self.has(it)));
        if self.fails() { mask.or_error() } else { mask }
    }

    fn fails(self) -> bool {
        FAILED.into_iter().any(|failed| self.has(failed))
    }
}

/// The members of a mask.
fn truths(mask: Mask) -> impl Iterator<Item = Truth> {
    let all = [
        mask.may_be_true().then_some(Some(true)),
        mask.may_be_false().then_some(Some(false)),
        mask.may_be_error().then_some(None),
    ];
    all.into_iter().flatten()
}

/// One day of T8, by V4: it applies if it did or starts today, and has not ended.
fn step(applied: Truth, (before, guard): (Truth, Truth), end: Truth) -> Truth {
    let starts = and(guard, before.map(|before| !before));
    and(or(applied, starts), end.map(|end| !end))
}

fn and(a: Truth, b: Truth) -> Truth {
    if a == Some(false) || b == Some(false) { Some(false) } else { Some(a? && b?) }
}

fn or(a: Truth, b: Truth) -> Truth {
    if a == Some(true) || b == Some(true) { Some(true) } else { Some(a? || b?) }
}

/// A clause from a day on.
#[derive(Clone, Debug, PartialEq)]
struct LastingSince {
    from: Day,
    states: States,
    /// Where it may fail: what failed first.
    fault: Option<Arc<Fault>>,
}

/// A clause as far as it was followed.
#[derive(Clone, Debug)]
pub(crate) struct Memory {
    /// Neighbours differ.
    list: Vec<LastingSince>,
    /// The first day not looked at.
    end: Day,
}

/// What a clause looks at on a day.
struct Observed {
    guard: Mask,
    end: Mask,
    fault: Option<Arc<Fault>>,
}

impl Memory {
    /// At the close of a day; before day one: idle.
    fn on(&self, day: Option<Day>) -> (States, Option<&Arc<Fault>>) {
        let count = day.map_or(0, |day| self.list.partition_point(|since| since.from <= day));
        let last = count.checked_sub(1).and_then(|at| self.list.get(at));
        last.map_or((IDLE, None), |since| (since.states, since.fault.as_ref()))
    }

    /// LastingSince when it applies, if it does and that is certain; on the day itself it may be in doubt.
    fn since(&self, today: Day) -> Option<Day> {
        let mut began = None;
        for since in self.list.iter().rev().filter(|since| since.from <= today) {
            if since.states == ACTIVE {
                began = Some(since.from);
            } else if !since.states.has(ACTIVE) {
                break;
            } else if since.from != today {
                return None;
            }
        }
        began
    }

    /// Goes through the days of one stretch: after a few of them nothing changes any more.
    fn pass(&mut self, first: Day, last: Day, observed: &Observed) {
        let mut day = first;
        while day <= last {
            let now = after(self.on(Some(day)), observed);
            if (now.0, now.1.as_ref()) == self.on(Some(day)) {
                break;
            }
            self.list.push(LastingSince { from: day, states: now.0, fault: now.1 });
            day = day.next();
        }
        self.end = last.next();
    }
}

/// One more day, with what failed first.
fn after(
    (before, fault): (States, Option<&Arc<Fault>>),
    observed: &Observed,
) -> (States, Option<Arc<Fault>>) {
    let now = before.next(observed.guard, observed.end);
    // A start after a guard that is an error is one too, for the same reason.
    let fault = fault.or(observed.fault.as_ref()).filter(|_| now.fails() || now.has(LOST)).cloned();
    (now, fault)
}

impl<'a> Evaluator<'a> {
    /// Whether the first branch of a rule with a memory applies.
    pub(crate) fn set_lasting(&mut self, id: RuleId, lasting: Lasting, at: &At) -> Result<Set> {
        let applies = match lasting {
            _ if self.counts_days(id) => self.counted(id, at)?.applies,
            Lasting::Until(end) => self.set_lasting_until(id, end, at)?,
            Lasting::For(wait, kind) => self.set_lasting_for(id, (wait, kind), at)?,
        };
        let policy = self.policy;
        let rule: &Rule = &policy.rules[id];
        let force = self.set_in_force(rule, at)?;
        Ok(Set::from_mask(applies.mask().and(force.mask()), force.fault.or(applies.fault)))
    }

    /// The condition of the first branch through the days, and whether the rule is in force on them.
    pub(crate) fn guard(
        &mut self,
        id: RuleId,
        at: &At,
    ) -> Result<(Arc<HistorySteps>, Option<Arc<HistorySteps>>)> {
        let policy = self.policy;
        if let Some(first) = self.first_of_versions(id) {
            return Ok((self.follow(Followed::Guard(first), Day::FIRST, at)?, None));
        }
        let force = self.follow(Followed::Force(id), Day::FIRST, at)?;
        let condition = policy.rules[id].branches.first().and_then(|branch| branch.condition);
        let condition = match condition {
            Some(condition) => Some(self.follow(Followed::Condition(condition), Day::FIRST, at)?),
            None => None,
        };
        Ok((force, condition))
    }

    /// What ends the first branch through the days.
    fn ends(&mut self, id: RuleId, end: ExprId, at: &At) -> Result<Arc<HistorySteps>> {
        let ends = self.first_of_versions(id).map_or(Followed::Condition(end), Followed::End);
        self.follow(ends, Day::FIRST, at)
    }

    /// The past of the clause, and today.
    fn set_lasting_until(&mut self, id: RuleId, end: ExprId, at: &At) -> Result<Set> {
        let today = at.point.day;
        let memory = self.memory(id, end, today, at)?;
        let (force, condition) = self.guard(id, at)?;
        let ends = self.ends(id, end, at)?;
        let observed = look(force.on(today), condition.as_ref().map(|steps| steps.on(today)), ends.on(today));
        let (states, fault) = after(memory.on(today.previous()), &observed);
        Ok(Set::from_mask(states.mask(), fault))
    }

    fn memory(&mut self, id: RuleId, end: ExprId, day: Day, at: &At) -> Result<Arc<Memory>> {
        let at = &at.on(day);
        let place = self.place(Followed::Force(id), Day::FIRST, at)?;
        // All that the rule reads, whichever of it is in force.
        let all = Followed::Guard(id);
        let known = place.as_ref().and_then(|place| self.histories_of(all).memories.get(place)).cloned();
        if let Some(known) = known.clone().filter(|known| known.end > day) {
            return Ok(known);
        }
        let (force, condition) = self.guard(id, at)?;
        let ends = self.ends(id, end, at)?;
        let fresh = || Memory { list: Vec::new(), end: Day::FIRST };
        let mut memory = known.map_or_else(fresh, |known| (*known).clone());
        let mut from = memory.end;
        let lists = [Some(&force), condition.as_ref(), Some(&ends)];
        while from <= day {
            let next = lists.into_iter().flatten().filter_map(|steps| steps.changes(from).next()).min();
            let last = next.and_then(Day::previous).unwrap_or(day).min(day);
            let met = condition.as_ref().map(|steps| steps.past(from));
            memory.pass(from, last, &look(force.past(from), met, ends.past(from)));
            from = last.next();
        }
        let memory = Arc::new(memory);
        if let Some(place) = place {
            self.histories_of(all).memories.insert(place, memory.clone());
        }
        Ok(memory)
    }

    /// LastingSince when the first branch applies, if that is certain.
    pub(crate) fn began(&mut self, id: RuleId, lasting: Lasting, at: &At) -> Result<Option<Day>> {
        let today = at.point.day;
        match lasting {
            _ if self.counts_days(id) => Ok(self.counted(id, at)?.began),
            Lasting::Until(end) => Ok(self.memory(id, end, today, at)?.since(today)),
            Lasting::For(..) => {
                let starts = self.starts(id, today, at)?;
                Ok(starts.last().filter(|start| start.mask.is_true()).map(|start| start.first))
            }
        }
    }

    /// T10: until when the first branch is as it is.
    pub(crate) fn until_lasting(&mut self, id: RuleId, lasting: Lasting, at: &At) -> Result<Day> {
        let policy = self.policy;
        let today = at.point.day;
        let rule: &Rule = &policy.rules[id];
        if self.counts_days(id) {
            return self.until_counted(id, at);
        }
        let mut until = self.until_force(rule, at)?.min(self.until_versions(id, at)?);
        if let Some(condition) = rule.branches.first().and_then(|branch| branch.condition) {
            until = until.min(self.until(condition, at)?);
        }
        match lasting {
            Lasting::Until(end) => {
                until = until.min(self.until(end, at)?);
                // In doubt, states gather for a few days.
                let far = (0..8).fold(today, |day, _| day.next()).min(Day::LAST);
                let seen = until.previous().unwrap_or(until).min(far);
                let memory = self.memory(id, end, seen.max(today), at)?;
                // What a day counts for is seen on the next.
                let edges = memory.list.iter().flat_map(|since| [since.from, since.from.next()]);
                Ok(edges.filter(|edge| *edge > today).fold(until, Day::min))
            }
            Lasting::For(wait, kind) => Ok(until.min(self.until_lasting_for(id, (wait, kind), at)?)),
        }
    }
}

/// The guard, the end, and what fails of them.
fn look<'f>(
    (in_force, first): (Mask, Option<&'f Arc<Fault>>),
    met: Option<(Mask, Option<&'f Arc<Fault>>)>,
    (end, last): (Mask, Option<&'f Arc<Fault>>),
) -> Observed {
    let (met, second) = met.unwrap_or((Mask::TRUE, None));
    Observed { guard: in_force.and(met), end, fault: first.or(second).or(last).cloned() }
}
