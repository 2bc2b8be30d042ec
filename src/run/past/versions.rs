//! A memory goes on over the versions of one rule (R10, T8, A2): on each day it is the text in force on it that says whether
//! the rule begins, and whether what began is over. On a day on which none is in force nothing begins and nothing ends.

use crate::outcome::Fault;
use crate::policy::{ExprId, Lasting, Rule, RuleId};
use crate::run::frame::At;
use crate::run::past::history::{Followed, HistorySteps, HistoryStretch};
use crate::run::past::lasting_for::{GuardDays, any_lasts};
use crate::run::sets::set::Set;
use crate::run::{Evaluator, Result};
use crate::value::{Day, DurationKind, Mask};
use std::sync::Arc;

/// What became of a rule that counts days in one of its versions.
pub(crate) struct Counted {
    pub applies: Set,
    /// The latest start, if it is certain.
    pub began: Option<Day>,
    /// The days on which what began is over by its count.
    pub edges: Vec<Day>,
}

/// A version that lasts `for` a time, and when it is in force.
struct Count {
    wait: ExprId,
    kind: DurationKind,
    force: Arc<HistorySteps>,
}

impl<'a> Evaluator<'a> {
    /// The first of several versions, under which they are remembered; none: there is but one.
    pub(crate) fn first_of_versions(&self, id: RuleId) -> Option<RuleId> {
        self.policy.rules[id].versions.first().copied()
    }

    /// Whether one of several versions counts days, so that it matters when the rule began.
    pub(crate) fn counts_days(&self, id: RuleId) -> bool {
        let versions = &self.policy.rules[id].versions;
        versions.iter().any(|one| matches!(self.policy.rules[*one].lasting, Some(Lasting::For(..))))
    }

    /// Whether the version in force begins or goes on.
    pub(crate) fn set_guard_of_versions(&mut self, id: RuleId, at: &At) -> Result<Set> {
        let mut all = Set::bool(false);
        for (rule, force) in self.versions_in_force(id, at)? {
            let met = self.set_first_condition(rule, at)?;
            let mask = all.mask().or(force.mask().and(met.mask()));
            all = Set::from_mask(mask, all.fault.or(force.fault).or(met.fault));
        }
        Ok(all)
    }

    /// Whether the version in force says that it is over: without `until` or `for` when its condition is not met.
    pub(crate) fn set_end_of_versions(&mut self, id: RuleId, at: &At) -> Result<Set> {
        let mut all = Set::bool(false);
        for (rule, force) in self.versions_in_force(id, at)? {
            let end = match rule.lasting {
                Some(Lasting::Until(end)) => self.set(end, at)?,
                Some(Lasting::For(..)) => Set::bool(false),
                None => {
                    let met = self.set_first_condition(rule, at)?;
                    Set::from_mask(met.mask().not(), met.fault)
                }
            };
            let mask = chosen(force.mask(), end.mask(), all.mask());
            all = Set::from_mask(mask, all.fault.or(force.fault).or(end.fault));
        }
        Ok(all)
    }

    fn versions_in_force(&mut self, id: RuleId, at: &At) -> Result<Vec<(&'a Rule, Set)>> {
        let policy = self.policy;
        let mut found = Vec::new();
        for version in &policy.rules[id].versions {
            let rule = &policy.rules[*version];
            let force = self.set_in_force(rule, at)?;
            if !force.mask().is_false() {
                found.push((rule, force));
            }
        }
        Ok(found)
    }

    fn set_first_condition(&mut self, rule: &Rule, at: &At) -> Result<Set> {
        match rule.branches.first().and_then(|branch| branch.condition) {
            Some(condition) => self.set(condition, at),
            None => Ok(Set::bool(true)),
        }
    }

    /// T10: until when what the versions say is as it is.
    pub(crate) fn until_versions(&mut self, id: RuleId, at: &At) -> Result<Day> {
        let policy = self.policy;
        let mut until = crate::run::until::END;
        for version in &policy.rules[id].versions {
            let rule = &policy.rules[*version];
            until = until.min(self.until_force(rule, at)?);
            if self.set_in_force(rule, at)?.mask().is_false() {
                continue;
            }
            let first = rule.branches.first().and_then(|branch| branch.condition);
            for part in first.into_iter().chain(rule.lasting.map(Lasting::expr)) {
                until = until.min(self.until(part, at)?);
            }
        }
        Ok(until)
    }

    /// T8 where it matters when the rule began: there is a start, and no version in force since has said that it is over.
    pub(crate) fn counted(&mut self, id: RuleId, at: &At) -> Result<Counted> {
        let today = at.point.day;
        let first = self.first_of_versions(id).unwrap_or(id);
        let guard = self.follow(Followed::Guard(first), Day::FIRST, at)?;
        let ends = self.follow(Followed::End(first), Day::FIRST, at)?;
        let counts = self.counts(id, at)?;
        let mut later = ends.until(today).rev().peekable();
        let (mut over, mut fault) = (Mask::FALSE, None::<Arc<Fault>>);
        let (mut course, mut before, mut may_fail) = (Vec::new(), Mask::FALSE, None);
        let mut counted = Counted { applies: Set::bool(false), began: None, edges: Vec::new() };
        let mut latest = true;
        let mut inside = Mask::FALSE;
        for start in starts(&guard, today) {
            while let Some(stretch) = later.next_if(|stretch| stretch.last >= start.day) {
                over = over.or(stretch.mask);
                fault = fault.or(stretch.fault.cloned());
            }
            let begins = start.guard.and(start.before.not());
            before = start.before;
            if begins.is_false() {
                course.push(GuardDays::over(start.guard));
                continue;
            }
            let mut goes_on = over.not();
            for count in &counts {
                let done = self.done(count, start.day, &mut counted.edges, at)?;
                goes_on = goes_on.and(done.mask().not());
                fault = fault.or(done.fault);
            }
            if begins.and(goes_on).may_be_error() {
                may_fail = may_fail.or(start.fault).or(fault.clone());
            }
            if latest && begins.is_true() {
                counted.began = Some(start.day);
            }
            latest = false;
            let of_days = |lasts, count| GuardDays { guard: start.guard, lasts, fault: None, count };
            if start.between > 0 {
                // What begins earlier is over earlier.
                let lasts = inside.join(goes_on);
                let lasts = if fault.is_some() && lasts != goes_on { lasts.or_error() } else { lasts };
                course.push(of_days(lasts, start.between));
            }
            course.push(of_days(goes_on, 1));
            inside = goes_on;
            let over = over.is_true() || self.all_constant(&counts);
            if begins.and(goes_on).is_true() || goes_on.is_false() && over {
                break;
            }
        }
        counted.applies = Set::from_mask(any_lasts(course.iter().rev(), before), may_fail.or(fault));
        Ok(counted)
    }

    fn all_constant(&self, counts: &[Count]) -> bool {
        let constant =
            |count: &Count| matches!(self.policy.exprs.node(count.wait), crate::policy::Expr::Const(_));
        counts.iter().all(constant)
    }

    fn counts(&mut self, id: RuleId, at: &At) -> Result<Vec<Count>> {
        let policy = self.policy;
        let mut counts = Vec::new();
        for version in &policy.rules[id].versions {
            if let Some(Lasting::For(wait, kind)) = policy.rules[*version].lasting {
                let force = self.follow(Followed::Force(*version), Day::FIRST, at)?;
                counts.push(Count { wait, kind, force });
            }
        }
        Ok(counts)
    }

    /// Whether a version said, on a day since the start on which it was in force, that its time is over.
    fn done(&mut self, count: &Count, start: Day, edges: &mut Vec<Day>, at: &At) -> Result<Set> {
        let (mut all, mut may_fail) = (Mask::FALSE, None);
        let since = count.force.until(at.point.day).filter(|stretch| stretch.last >= start);
        for stretch in since {
            let lasts = self.lasts(start, (count.wait, count.kind), &at.on(stretch.last))?;
            all = all.or(stretch.mask.and(lasts.mask.not()));
            may_fail = may_fail.or(lasts.fault);
            edges.extend(lasts.edges);
        }
        Ok(Set::from_mask(all, may_fail))
    }

    /// T10 of [`Evaluator::counted`].
    pub(crate) fn until_counted(&mut self, id: RuleId, at: &At) -> Result<Day> {
        let today = at.point.day;
        let until = self.until_versions(id, at)?;
        let counted = self.counted(id, at)?;
        let guard = self.set_guard_of_versions(id, at)?.mask();
        let settled = |mask: Mask| mask.is_true() || mask.is_false();
        let others = self.versions_in_force(id, at)?.len() > 1;
        if others || !settled(guard) || !settled(counted.applies.mask()) {
            return Ok(until.min(today.next()));
        }
        Ok(counted.edges.into_iter().filter(|edge| *edge > today).fold(until, Day::min))
    }
}

/// What holds where another is in force, else this.
fn chosen(force: Mask, here: Mask, elsewhere: Mask) -> Mask {
    let mut mask = if force.may_be_true() { here } else { Mask::EMPTY };
    if force.may_be_false() {
        mask = mask.join(elsewhere);
    }
    if force.may_be_error() { mask.or_error() } else { mask }
}

/// A day on which a rule may begin.
struct Start {
    day: Day,
    guard: Mask,
    /// The guard on the day before.
    before: Mask,
    /// So many days lie between this one and the next, on which the guard is as on this.
    between: i64,
    fault: Option<Arc<Fault>>,
}

/// The first day of each stretch, the latest first; before it, where its days are in doubt, its last and its second.
fn starts(guard: &HistorySteps, today: Day) -> Vec<Start> {
    let stretches: Vec<HistoryStretch<'_>> = guard.until(today).collect();
    let mut found = Vec::new();
    for (place, stretch) in stretches.iter().enumerate().rev() {
        let earlier = place.checked_sub(1).and_then(|place| stretches.get(place));
        let fault = stretch.fault.or(earlier.and_then(|earlier| earlier.fault)).cloned();
        let (guard, second) = (stretch.mask, stretch.first.next());
        let mut note = |day: Day, before: Mask, between: i64| {
            found.push(Start { day, guard, before, between, fault: fault.clone() });
        };
        if stretch.last > stretch.first && !guard.and(guard.not()).is_false() {
            if stretch.last > second {
                note(stretch.last, guard, 0);
            }
            let between = stretch.last.days_since(second).unwrap_or(0).saturating_sub(1);
            note(second, guard, between.max(0));
        }
        note(stretch.first, earlier.map_or(Mask::FALSE, |earlier| earlier.mask), 0);
    }
    found
}
