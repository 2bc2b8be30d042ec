//! Which parts mattered at a point: the operands that were taken, the branches of a rule that were looked at, the acts that a
//! power stands on, the days of the past that decide.

use crate::facts::Act;
use crate::outcome::Point;
use crate::policy::{
    Contender, Duty, DutyId, EntityId, Expr, ExprId, Lasting, OutcomeId, Power, PowerId, Rule, RuleId,
};
use crate::run::{At, DutyPeriod, Evaluator, Followed, JudgedBranch, Offer, Result, Set};
use crate::value::{Day, Mask, Value};
use std::sync::Arc;

/// No more stretches of the past than this are gone through.
const PAST: usize = 64;

/// A rule that was looked at for an outcome, with what it may offer if it is live.
pub(crate) struct LiveRule<'p> {
    pub index: u32,
    pub contender: &'p Contender,
    /// Of a power one for each act that may stand.
    pub offers: Vec<Arc<Offer>>,
}

impl<'a> Evaluator<'a> {
    /// Of `as of`, `as known on` and `by`: what is asked about, and where it is looked at; none: the day is open or `never`,
    /// or what has to be done by then may still be done.
    pub(crate) fn moved(&mut self, id: ExprId, at: &At) -> Result<Option<(ExprId, At)>> {
        let policy = self.policy;
        Ok(match policy.exprs.node(id) {
            Expr::AsOf { value, day } => match self.set(*day, at)?.single() {
                Some(Value::Date(day)) if !day.is_never() => Some((*value, at.on(*day))),
                _ => None,
            },
            Expr::AsKnownOn { value, day } => match self.set(*day, at)?.single() {
                Some(Value::Date(day)) => Some((*value, at.known((*day).min(at.point.known)))),
                _ => None,
            },
            Expr::By { condition, day } => match self.set(*day, at)?.single() {
                Some(Value::Date(day)) if at.point.day > *day => Some((*condition, at.on(*day))),
                _ => None,
            },
            _ => None,
        })
    }

    /// The rules that were looked at, none below one that is certain to speak (R6); and the `otherwise`, where it may speak.
    pub(crate) fn live_rules(
        &mut self,
        id: OutcomeId,
        at: &At,
    ) -> Result<(Vec<LiveRule<'a>>, Option<ExprId>)> {
        let outcome = &self.policy.outcomes[id];
        let verdict = self.verdict(id, at)?;
        let (mut certain, mut rules) = (Vec::new(), Vec::new());
        for (index, contender) in (0u32..).zip(&outcome.contenders) {
            if contender.is_below(&certain) {
                continue;
            }
            let offers = verdict.live.iter().filter(|offer| offer.index == index);
            if offers.clone().any(|offer| !offer.rule_may_be_silent) {
                certain.push(index);
            }
            rules.push(LiveRule { index, contender, offers: offers.cloned().collect() });
        }
        Ok((rules, outcome.otherwise.filter(|_| verdict.otherwise.is_some())))
    }

    /// The operands that what an expression comes to rests on, in its own frame and at its own point: of `if` what was asked
    /// and may be taken; of `and` and `or` those that decide alone, where some do (V4).
    pub(crate) fn live_operands(&mut self, id: ExprId, at: &At) -> Result<Vec<ExprId>> {
        let policy = self.policy;
        match policy.exprs.node(id) {
            Expr::And(list) => self.deciding(list, Mask::FALSE, at),
            Expr::Or(list) => self.deciding(list, Mask::TRUE, at),
            Expr::If { branches, otherwise } => {
                let mut live = Vec::new();
                for (condition, value) in branches {
                    live.push(*condition);
                    let mask = self.set(*condition, at)?.mask();
                    live.extend(mask.may_be_true().then_some(*value));
                    if !mask.may_be_false() {
                        return Ok(live);
                    }
                }
                live.push(*otherwise);
                Ok(live)
            }
            _ => {
                let operands = policy.exprs.parts(id);
                Ok(operands)
            }
        }
    }

    fn deciding(&mut self, list: &[ExprId], decisive: Mask, at: &At) -> Result<Vec<ExprId>> {
        let mut alone = Vec::new();
        for operand in list {
            if self.set(*operand, at)?.mask() == decisive {
                alone.push(*operand);
            }
        }
        Ok(if alone.is_empty() { list.to_vec() } else { alone })
    }

    /// The branches of a rule in force that were looked at for an outcome: up to the first that certainly applies (R1, T8).
    pub(crate) fn branches(&mut self, contender: &Contender, at: &At) -> Result<Vec<JudgedBranch>> {
        let mut looked = Vec::new();
        while let Some(branch) = self.rule_branch(contender, looked.len(), at)? {
            let met = branch.met.mask();
            looked.push(branch);
            if !met.may_be_false() && !met.may_be_error() {
                break;
            }
        }
        Ok(looked)
    }

    /// The acts a power stands on: its own, and those of powers that end it.
    pub(crate) fn acts_about(&self, id: PowerId, row: u32, point: Point) -> Vec<(u32, &'a Act)> {
        let mut acts = self.acts_of(id, row, point);
        acts.extend(self.acts_that_end(id, row, point));
        acts
    }

    /// The days on which what a condition came to decided: the day since which it did, where that is certain, and the day
    /// before it, on which something else held; of every stretch its first day, those on which it held before the
    /// others, the latest first.
    pub(crate) fn days_that_decide(
        &mut self,
        condition: ExprId,
        start: Day,
        since: Option<Day>,
        at: &At,
    ) -> Result<Vec<Day>> {
        let today = at.point.day;
        if today < start {
            return Ok(Vec::new());
        }
        let steps = self.follow(Followed::Condition(condition), start, at)?;
        let first = since.unwrap_or(start).max(start);
        let stretches: Vec<(bool, Day)> = steps
            .until(today)
            .filter(|stretch| stretch.last >= first)
            .map(|stretch| (stretch.mask.is_true(), stretch.first.max(first)))
            .collect();
        let of =
            |held: bool| stretches.iter().rev().filter(move |(did, _)| *did == held).map(|(_, day)| *day);
        let mut days: Vec<Day> = since.map(|since| since.max(start)).into_iter().collect();
        days.extend(of(true).chain(of(false)).take(PAST));
        days.extend(since.and_then(Day::previous).filter(|before| *before >= start));
        Ok(days)
    }

    /// Since which day the memory of a rule applies, if that is certain.
    pub(crate) fn remembered_since(&mut self, id: RuleId, lasting: Lasting, at: &At) -> Result<Option<Day>> {
        if self.set_lasting(id, lasting, at)?.mask().is_true() {
            self.began(id, lasting, at)
        } else {
            Ok(None)
        }
    }

    /// The periods of a recurring duty that are meant: the one that begins on a day, or all begun (D2).
    pub(crate) fn periods_meant(
        &mut self,
        id: DutyId,
        of: Option<ExprId>,
        at: &At,
    ) -> Result<Vec<DutyPeriod>> {
        let first = match of {
            Some(of) => self.set(of, at)?.single().cloned(),
            None => None,
        };
        match first {
            Some(Value::Date(first)) => {
                Ok(self.period_of(id, first, &self.outside(at.point))?.into_iter().collect())
            }
            _ => {
                let begun = self.periods_begun(id, at.point)?.list.into_iter();
                Ok(begun.map(|begun| begun.period).collect())
            }
        }
    }

    /// What a duty looks at besides its performance.
    pub(crate) fn terms_of(duty: &Duty) -> impl Iterator<Item = ExprId> + '_ {
        duty.condition.into_iter().chain([duty.deadline]).chain(duty.start).chain(duty.window())
    }

    /// What is asked of an act on its day: whether the power is in force, and what it requires (O2).
    pub(crate) fn checks_of(&self, power: &'a Power) -> impl Iterator<Item = ExprId> + use<'a> {
        let policy = self.policy;
        policy.rules[power.rule].window().chain(power.requires.iter().map(|one| one.what))
    }

    /// [`Evaluator::live_operands`] in a frame of its own.
    pub(crate) fn live_operands_in(
        &mut self,
        id: ExprId,
        frame: &[Set],
        own: Option<(EntityId, u32)>,
        point: Point,
    ) -> Vec<ExprId> {
        self.settle(|run| {
            run.in_frame(frame.iter().cloned(), own, point, |run, at| run.live_operands(id, at))
        })
    }

    /// [`Evaluator::branches`] in a frame of its own; none where the rule is not in force.
    pub(crate) fn branches_in(
        &mut self,
        contender: &Contender,
        frame: &[Set],
        own: Option<(EntityId, u32)>,
        point: Point,
    ) -> Vec<JudgedBranch> {
        let rule: &Rule = &self.policy.rules[contender.rule];
        self.settle(|run| {
            run.in_frame(frame.iter().cloned(), own, point, |run, at| {
                if run.set_in_force(rule, at)?.mask().is_false() {
                    return Ok(Vec::new());
                }
                run.branches(contender, at)
            })
        })
    }
}
