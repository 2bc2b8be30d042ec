//! Clauses with a memory (T8): `then … until C` and `then … for W`.

use super::at::At;
use super::history::{Followed, Steps};
use super::set::Set;
use super::until::END;
use super::{Evaluator, Turn, lift};
use crate::outcome::Fault;
use crate::policy::{Expr, ExprId, Lasting, Rule, RuleId};
use crate::value::{Dates, Day, Mask};
use std::sync::Arc;

/// The states a clause may be in at the close of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct States(u8);

const IDLE: States = States(1);
const ACTIVE: States = States(2);
/// Ended, and not begun anew: its condition has not been false since.
const SPENT: States = States(4);
/// What came before cannot be told, for something failed.
const FAILED: States = States(8);

impl States {
    fn with(self, other: States) -> States {
        States(self.0 | other.0)
    }

    fn has(self, other: States) -> bool {
        self.0 & other.0 != 0
    }

    /// Every transition of one day, from every state.
    fn next(self, guard: Mask, end: Mask) -> States {
        let mut next = States(0);
        for state in [IDLE, ACTIVE, SPENT, FAILED].into_iter().filter(|state| self.has(*state)) {
            for guard in truths(guard) {
                for end in truths(end) {
                    next = next.with(step(state, guard, end));
                }
            }
        }
        next
    }

    fn mask(self) -> Mask {
        let mask = Mask::from_parts(self.has(ACTIVE), self.has(IDLE) || self.has(SPENT));
        if self.has(FAILED) { mask.or_error() } else { mask }
    }
}

/// The members of a mask; `None`: an error.
fn truths(mask: Mask) -> impl Iterator<Item = Option<bool>> {
    let all = [
        mask.may_be_true().then_some(Some(true)),
        mask.may_be_false().then_some(Some(false)),
        mask.may_be_error().then_some(None),
    ];
    all.into_iter().flatten()
}

/// One day of the automaton of T8, with V4: an error counts only where the state hangs on it.
fn step(state: States, guard: Option<bool>, end: Option<bool>) -> States {
    match (state, guard, end) {
        // A day on which it ends makes all states agree.
        (_, Some(true), Some(true)) => SPENT,
        (_, Some(false), Some(true)) => IDLE,
        (_, None, Some(true)) => FAILED,
        (ACTIVE, _, Some(false)) => ACTIVE,
        (IDLE, Some(true), Some(false)) => ACTIVE,
        (IDLE | SPENT, Some(false), _) => IDLE,
        (SPENT, Some(true), _) => SPENT,
        _ => FAILED,
    }
}

/// A clause as far as it was followed.
#[derive(Clone, Debug)]
pub(super) struct Memory {
    /// From which day on it may be in which states; neighbours differ.
    list: Vec<(Day, States)>,
    /// The last error met.
    fault: Option<Arc<Fault>>,
    /// The first day not looked at.
    end: Day,
}

impl Memory {
    fn on(&self, day: Day) -> States {
        let at = self.list.partition_point(|(from, _)| *from <= day).checked_sub(1);
        at.and_then(|at| self.list.get(at)).map_or(IDLE, |(_, states)| *states)
    }

    /// Goes through the days of one stretch: after a few of them nothing changes any more.
    fn pass(&mut self, first: Day, last: Day, guard: Mask, end: Mask) {
        let mut day = first;
        while day <= last {
            let before = self.list.last().map_or(IDLE, |(_, states)| *states);
            let now = before.next(guard, end);
            if now == before {
                break;
            }
            self.list.push((day, now));
            day = day.next();
        }
        self.end = last.next();
    }
}

impl<'a> Evaluator<'a> {
    /// Whether the first branch of a rule with a memory applies.
    pub(super) fn set_lasting(&mut self, id: RuleId, lasting: Lasting, at: &At) -> Turn<Set> {
        let applies = match lasting {
            _ if self.counts_days(id) => self.counted(id, at)?.applies,
            Lasting::Until(end) => {
                let memory = self.memory(id, end, at.point.day, at)?;
                Set::from_mask(memory.on(at.point.day).mask(), memory.fault.clone())
            }
            Lasting::For(wait, kind) => self.set_lasting_for(id, (wait, kind), at)?,
        };
        let policy = self.policy;
        let rule: &Rule = &policy.rules[id];
        let force = self.set_in_force(rule, at)?;
        Ok(Set::from_mask(applies.mask().and(force.mask()), force.fault.or(applies.fault)))
    }

    /// The condition of the first branch through the days, and whether the rule is in force on them.
    fn guard(&mut self, id: RuleId, at: &At) -> Turn<(Arc<Steps>, Option<Arc<Steps>>)> {
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

    fn memory(&mut self, id: RuleId, end: ExprId, day: Day, at: &At) -> Turn<Arc<Memory>> {
        let at = &at.on(day);
        let place = self.place(Followed::Force(id), Day::FIRST, at);
        let known = place.as_ref().and_then(|place| self.histories.memories.get(place)).cloned();
        if let Some(known) = known.clone().filter(|known| known.end > day) {
            return Ok(known);
        }
        let (force, condition) = self.guard(id, at)?;
        let ends = self.first_of_versions(id).map_or(Followed::Condition(end), Followed::End);
        let ends = self.follow(ends, Day::FIRST, at)?;
        let fresh = || Memory { list: Vec::new(), fault: None, end: Day::FIRST };
        let mut memory = known.map_or_else(fresh, |known| (*known).clone());
        let mut from = memory.end;
        let lists = [Some(&force), condition.as_ref(), Some(&ends)];
        while from <= day {
            let next = lists.into_iter().flatten().filter_map(|steps| steps.changes(from).next()).min();
            let last = next.and_then(Day::previous).unwrap_or(day).min(day);
            let (in_force, first_fault) = force.on(from);
            let (met, fault) = condition.as_ref().map_or((Mask::TRUE, None), |steps| steps.on(from));
            let (ended, last_fault) = ends.on(from);
            memory.fault = first_fault.or(fault).or(last_fault).cloned().or(memory.fault.take());
            memory.pass(from, last, in_force.and(met), ended);
            from = last.next();
        }
        let memory = Arc::new(memory);
        if let Some(place) = place {
            self.histories.memories.insert(place, memory.clone());
        }
        Ok(memory)
    }

    /// There is a start not longer ago than it lasts.
    fn set_lasting_for(
        &mut self,
        id: RuleId,
        (wait, kind): (ExprId, crate::value::DurationKind),
        at: &At,
    ) -> Turn<Set> {
        let today = at.point.day;
        let (mut all, mut may_fail) = (Mask::FALSE, None);
        for start in self.starts(id, today, at)? {
            let end = self.shifted(start.day, wait, kind, at)?;
            let lasts = match end.values.as_dates() {
                Some(range) => range.greater(&Dates::point(today)),
                None => Mask::EMPTY,
            };
            let lasts = if end.fault.is_some() { lasts.or_error() } else { lasts };
            let applies = start.mask.and(lasts);
            if applies.may_be_error() {
                may_fail = may_fail.or(start.fault).or(end.fault);
            }
            all = all.or(applies);
            // Earlier starts ended earlier.
            let constant = matches!(self.policy.exprs.node(wait), Expr::Const(_));
            if all.is_true() || (constant && lasts.is_false()) {
                break;
            }
        }
        Ok(Set::from_mask(all, may_fail))
    }

    /// Days on which the clause may begin, the latest first: of a stretch of doubtful days its last and its first.
    fn starts(&mut self, id: RuleId, today: Day, at: &At) -> Turn<Vec<Start>> {
        let (force, condition) = self.guard(id, at)?;
        let on = |day: Day| {
            let (in_force, first) = force.on(day);
            let (met, second) = condition.as_ref().map_or((Mask::TRUE, None), |steps| steps.on(day));
            (in_force.and(met), first.or(second).cloned())
        };
        let mut days: Vec<Day> = force.until(today).map(|stretch| stretch.first).collect();
        days.extend(condition.iter().flat_map(|steps| steps.until(today)).map(|stretch| stretch.first));
        days.sort_unstable();
        days.dedup();
        let mut found = Vec::new();
        let mut last = today;
        for first in days.into_iter().rev() {
            let (mask, fault) = on(first);
            let inside = mask.and(mask.not());
            if last > first && inside != Mask::FALSE {
                found.push(Start { day: last, mask: inside, fault: fault.clone() });
                found.push(Start { day: first.next(), mask: inside, fault: fault.clone() });
            }
            let (before, earlier) = first.previous().map_or((Mask::FALSE, None), on);
            let begins = mask.and(before.not());
            if !begins.is_false() {
                found.push(Start { day: first, mask: begins, fault: fault.or(earlier) });
            }
            last = first.previous().unwrap_or(first);
        }
        Ok(found)
    }

    /// Since when the first branch applies, if that is certain.
    pub(super) fn began(&mut self, id: RuleId, lasting: Lasting, at: &At) -> Turn<Option<Day>> {
        let today = at.point.day;
        match lasting {
            _ if self.counts_days(id) => Ok(self.counted(id, at)?.began),
            Lasting::Until(end) => {
                let memory = self.memory(id, end, today, at)?;
                let seen = memory.list.iter().rev().skip_while(|(from, _)| *from > today);
                let first = seen.take_while(|(_, states)| states.has(ACTIVE)).last();
                Ok(first.filter(|(_, states)| *states == ACTIVE).map(|(from, _)| *from))
            }
            Lasting::For(..) => {
                let starts = self.starts(id, today, at)?;
                Ok(starts.first().filter(|start| start.mask.is_true()).map(|start| start.day))
            }
        }
    }

    /// T10: until when the first branch is as it is.
    pub(super) fn until_lasting(&mut self, id: RuleId, lasting: Lasting, at: &At) -> Turn<Day> {
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
                let far = (0..4).fold(today, |day, _| day.next()).min(Day::LAST);
                let seen = until.previous().unwrap_or(until).min(far);
                if seen > today {
                    let memory = self.memory(id, end, seen, at)?;
                    let next = memory.list.iter().map(|(from, _)| *from).find(|from| *from > today);
                    until = until.min(next.unwrap_or(END));
                }
            }
            Lasting::For(wait, kind) => {
                until = until.min(self.until(wait, at)?);
                // In doubt, or where it fails, every day may be a start. After the first such day the next ones are alike.
                let (force, condition) = self.guard(id, at)?;
                let guards = [Some(&force), condition.as_ref()];
                let stretches =
                    guards.into_iter().flatten().filter_map(|steps| steps.until(today).next_back());
                let first = stretches.map(|stretch| stretch.first).max().unwrap_or(today);
                let open = |mask: Mask| !mask.is_true() && !mask.is_false();
                let met = condition.as_ref().map_or(Mask::TRUE, |steps| steps.on(today).0);
                let open = open(force.on(today).0.and(met));
                let constant = matches!(self.policy.exprs.node(wait), Expr::Const(_));
                let mut doubtful = open && (first == today || !constant);
                for start in self.starts(id, today, at)? {
                    let end = self.shifted(start.day, wait, kind, at)?;
                    // Of the later days of a stretch that goes on there is always one more.
                    if !(open && start.day > first) {
                        let range = lift::dates(&end.values);
                        for edge in range.ends().filter(|edge| *edge > today) {
                            until = until.min(edge);
                        }
                        if range.hi() <= today && constant && end.fault.is_none() {
                            break;
                        }
                    }
                    doubtful |= !constant || end.fault.is_some();
                }
                if doubtful {
                    until = until.min(today.next());
                }
            }
        }
        Ok(until)
    }
}

/// A day on which a clause may begin.
struct Start {
    day: Day,
    mask: Mask,
    fault: Option<Arc<Fault>>,
}
