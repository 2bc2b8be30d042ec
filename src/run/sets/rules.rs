//! Which rule decides, on facts of which some are open (R2, R3, R6, R8).

use crate::outcome::Fault;
use crate::policy::{self, Contender, Dated, ExprId, Lasting, Outcome, OutcomeId, PowerId, Rule, RuleId};
use crate::run::frame::{At, NO_ROW};
use crate::run::sets::judge::{OutcomeVerdict, judge};
use crate::run::sets::lift;
use crate::run::sets::rows::whole_only;
use crate::run::sets::set::{Set, fault, ranged};
use crate::run::{Evaluator, Result};
use crate::steps;
use crate::value::{Dates, Day, Mask, Possible, Trouble};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a rule may do at a point (R6).
pub(crate) struct Offer {
    /// Its place among the contenders.
    pub index: u32,
    pub rule: RuleId,
    /// Of a power's effect: the act that stands, by its place in the facts. Two acts of one day make two offers (O4).
    pub act: Option<u32>,
    /// The day of that act: acts of two days never stand beside each other.
    pub acted_on: Option<Day>,
    pub may_be_silent: bool,
    /// The rule may make no offer: where it is open which act stands, one of them may stand for certain.
    pub rule_may_be_silent: bool,
    /// V(r): the values it may offer, by branch.
    pub values: Vec<Offered>,
    /// V(r) has this error.
    pub fault: Option<Arc<Fault>>,
    /// An error of its head or a condition, not of a value.
    pub fails_before: bool,
}

/// A branch of a rule.
pub(crate) struct JudgedBranch {
    pub index: u32,
    pub condition: Option<ExprId>,
    /// Of the first branch, where the rule has a memory.
    pub lasting: Option<Lasting>,
    /// What its condition, or its memory, comes to.
    pub met: Set,
    /// What it assigns.
    pub value: Option<ExprId>,
}

impl JudgedBranch {
    /// What it assigns, where it may apply.
    pub fn live_value(&self) -> Option<ExprId> {
        self.value.filter(|_| self.met.mask().may_be_true())
    }
}

pub(crate) struct Offered {
    pub branch: u32,
    pub expr: ExprId,
    pub value: Possible,
}

impl Offer {
    fn silent(index: u32, rule: RuleId) -> Offer {
        let (values, fault) = (Vec::new(), None);
        let (act, acted_on, may_be_silent, rule_may_be_silent) = (None, None, true, true);
        let fails_before = false;
        Offer { index, rule, act, acted_on, may_be_silent, rule_may_be_silent, values, fault, fails_before }
    }

    pub fn may_speak(&self) -> bool {
        !self.values.is_empty() || self.fault.is_some()
    }

    /// It may fail before its value is asked for.
    fn fail(&mut self, fault: &Option<Arc<Fault>>) {
        self.fails_before = true;
        if self.fault.is_none() {
            self.fault = fault.clone();
        }
    }

    /// Whether it may offer one value and `other` another (R6').
    pub fn may_differ(&self, other: &Offer) -> bool {
        let (Some(mine), Some(theirs)) = (self.values.first(), other.values.first()) else { return false };
        let mut all = self.values.iter().chain(&other.values);
        !mine.value.is_single() || all.any(|offered| offered.value != theirs.value)
    }

    /// Whether both may be made at once: of the effect of a power those of the acts of one day.
    pub fn may_meet(&self, other: &Offer) -> bool {
        self.index != other.index || self.acted_on == other.acted_on
    }

    pub fn is_disjoint(&self, other: &Offer) -> bool {
        self.values.iter().all(|a| other.values.iter().all(|b| lift::equal(&a.value, &b.value).is_false()))
    }
}

impl<'a> Evaluator<'a> {
    /// R6
    pub(crate) fn verdict(&mut self, id: OutcomeId, at: &At) -> Result<OutcomeVerdict> {
        let policy = self.policy;
        let outcome = &policy.outcomes[id];
        // T of R6, as far as it is not itself displaced: whatever stands below such a rule stands below its displacer.
        let mut certain: Vec<u32> = Vec::new();
        let mut live: Vec<Arc<Offer>> = Vec::new();
        for (index, contender) in (0u32..).zip(&outcome.contenders) {
            steps::step();
            if contender.is_below(&certain) {
                continue;
            }
            for offer in self.offers(outcome, contender, index, at)? {
                if !offer.rule_may_be_silent {
                    certain.push(index);
                }
                if offer.may_speak() {
                    live.push(Arc::new(offer));
                }
            }
        }
        let otherwise = self.unspoken(outcome, &live, at)?;
        Ok(judge(policy, outcome, live, otherwise, true))
    }

    /// R6 once more, where of the live rules only some can have changed: their places among the contenders. All sets are
    /// as before or smaller, so that who was silent or displaced still is.
    pub(crate) fn verdict_again(
        &mut self,
        id: OutcomeId,
        before: &OutcomeVerdict,
        changed: &BTreeSet<u32>,
        at: &At,
    ) -> Result<OutcomeVerdict> {
        let policy = self.policy;
        let outcome = &policy.outcomes[id];
        let mut certain: Vec<u32> = Vec::new();
        let mut live = Vec::with_capacity(before.live.len());
        for known in &before.live {
            let Some(contender) = outcome.contenders.get(known.index as usize) else { continue };
            if contender.is_below(&certain) {
                continue;
            }
            let again = changed.contains(&known.index);
            // The offers of one power come together.
            if again && live.last().is_some_and(|last: &Arc<Offer>| last.index == known.index) {
                continue;
            }
            let offers = if again {
                self.offers(outcome, contender, known.index, at)?.into_iter().map(Arc::new).collect()
            } else {
                vec![known.clone()]
            };
            for offer in offers {
                if !offer.rule_may_be_silent {
                    certain.push(offer.index);
                }
                if offer.may_speak() {
                    live.push(offer);
                }
            }
        }
        let otherwise = self.unspoken(outcome, &live, at)?;
        Ok(judge(policy, outcome, live, otherwise, false))
    }

    /// The `otherwise`, if no rule is certain to speak.
    fn unspoken(&mut self, outcome: &Outcome, live: &[Arc<Offer>], at: &At) -> Result<Option<Set>> {
        match outcome.otherwise {
            Some(otherwise) if live.iter().all(|offer| offer.rule_may_be_silent) => {
                self.assigned_set(outcome, otherwise, at).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// What a rule may offer: the effect of a power one thing for each act that may stand.
    pub(crate) fn offers(
        &mut self,
        outcome: &Outcome,
        contender: &Contender,
        index: u32,
        at: &At,
    ) -> Result<Vec<Offer>> {
        match self.policy.rules[contender.rule].power {
            Some(power) => self.effects(power, outcome, contender, index, at),
            None => {
                let offer = self.offer(outcome, contender, index, at)?;
                Ok(vec![Offer { rule_may_be_silent: offer.may_be_silent, ..offer }])
            }
        }
    }

    /// O4
    fn effects(
        &mut self,
        id: PowerId,
        outcome: &Outcome,
        contender: &Contender,
        index: u32,
        at: &At,
    ) -> Result<Vec<Offer>> {
        let (policy, facts) = (self.policy, self.facts);
        let row = at.own.map_or(NO_ROW, |(_, row)| row);
        let mut offers = Vec::new();
        let standing = self.standing(id, row, at.point, true)?;
        let in_force = self.set_in_force(&policy.rules[contender.rule], at)?;
        let speaks = standing.any.and(in_force.mask());
        for one in standing.acts {
            let Some(act) = facts.acts.get(one.act as usize) else { continue };
            let applies = one.mask.and(in_force.mask());
            let mut offer = Offer::silent(index, contender.rule);
            (offer.act, offer.acted_on) = (Some(one.act), Some(one.on));
            offer.rule_may_be_silent = speaks.may_be_false();
            offer.may_be_silent = applies.may_be_false();
            if applies.may_be_error() {
                offer.fail(&one.fault.or(in_force.fault.clone()));
            }
            if applies.may_be_true() {
                self.in_act(id, row, act, at.point, |run, at| {
                    contender.clauses.iter().try_for_each(|clause| {
                        run.take(outcome, clause.value, clause.branch, &Set::bool(true), &mut offer, at)
                    })
                })?;
            }
            offers.push(offer);
        }
        Ok(offers)
    }

    /// R3, R1: what a rule may offer for an outcome.
    pub(crate) fn offer(
        &mut self,
        outcome: &Outcome,
        contender: &Contender,
        index: u32,
        at: &At,
    ) -> Result<Offer> {
        let policy = self.policy;
        let rule = &policy.rules[contender.rule];
        let in_force = self.set_in_force(rule, at)?;
        let force = in_force.mask();
        let mut offer = Offer::silent(index, contender.rule);
        offer.may_be_silent = force.may_be_false();
        if force.is_false() {
            return Ok(offer);
        }
        // Which states the rule may have come to before a branch: every condition so far false; or one failed, none true.
        let (mut clean, mut tainted) = (true, None::<Option<Arc<Fault>>>);
        let mut looked = 0;
        while let Some(branch) = self.rule_branch(contender, looked, at)? {
            looked += 1;
            let (mask, met) = (branch.met.mask(), branch.met);
            match branch.value {
                Some(value) => {
                    if clean && mask.may_be_true() {
                        self.take(outcome, value, branch.index, &in_force, &mut offer, at)?;
                    }
                    if mask.may_be_error() && (clean || tainted.is_some()) {
                        offer.fail(&met.fault);
                    }
                    // V4: a failed condition before, and this one true.
                    if let (Some(failed), true) = (&tainted, mask.may_be_true()) {
                        offer.fail(failed);
                    }
                    tainted = tainted.filter(|_| mask.may_be_false());
                }
                None => {
                    offer.may_be_silent |= mask.may_be_true();
                    tainted = tainted.filter(|_| mask.may_be_false() || mask.may_be_error());
                    if clean && mask.may_be_error() {
                        tainted = tainted.or(Some(met.fault));
                    }
                }
            }
            clean &= mask.may_be_false();
            if !clean && tainted.is_none() {
                return Ok(offer);
            }
        }
        offer.may_be_silent = true;
        Ok(offer)
    }

    /// One branch of a rule in force, as far as it is looked at for an outcome (R1, T8); none: it is past the last.
    pub(crate) fn rule_branch(
        &mut self,
        contender: &Contender,
        place: usize,
        at: &At,
    ) -> Result<Option<JudgedBranch>> {
        let rule = &self.policy.rules[contender.rule];
        let last = contender.clauses.last().map_or(0, |clause| clause.branch);
        let found = rule.branches.iter().zip(0..=last).nth(place);
        let Some((&policy::Branch { condition, .. }, index)) = found else { return Ok(None) };
        let lasting = rule.lasting.filter(|_| index == 0);
        let met = match (condition, lasting) {
            // `otherwise` applies where the first branch does not.
            (_, Some(lasting)) => self.set_lasting(contender.rule, lasting, at)?,
            (Some(condition), None) => self.set(condition, at)?,
            (None, None) => Set::bool(true),
        };
        let clause = contender.clauses.iter().find(|clause| clause.branch == index);
        Ok(Some(JudgedBranch { index, condition, lasting, met, value: clause.map(|clause| clause.value) }))
    }

    fn take(
        &mut self,
        outcome: &Outcome,
        value: ExprId,
        branch: u32,
        in_force: &Set,
        offer: &mut Offer,
        at: &At,
    ) -> Result<()> {
        if in_force.fault.is_some() {
            offer.fail(&in_force.fault);
        }
        if !in_force.mask().may_be_true() {
            return Ok(());
        }
        let set = self.assigned_set(outcome, value, at)?;
        if !set.is_error() {
            offer.values.push(Offered { branch, expr: value, value: set.values });
        }
        offer.fault = offer.fault.take().or(set.fault);
        Ok(())
    }

    /// R3, M5: what is assigned to an outcome is rounded as it declares, and whole if its unit is.
    pub(crate) fn assigned_set(&mut self, outcome: &Outcome, value: ExprId, at: &At) -> Result<Set> {
        let span = self.policy.exprs.span(value);
        let set = self.set(value, at)?;
        let set = match (&outcome.rounded, &set.values) {
            (Some((mode, step)), Possible::One(_) | Possible::Numbers(_)) => {
                ranged(lift::numbers(&set.values).round(step, *mode), Possible::numbers, set.fault, span)
            }
            _ => set,
        };
        let steps = outcome.rounded.as_ref().is_some_and(|(_, step)| step.is_integer());
        if !outcome.whole || steps || self.is_whole(value) {
            return Ok(set);
        }
        Ok(whole_only(set, || fault(Trouble::NotWhole, span)))
    }

    /// R2
    pub(crate) fn set_in_force(&mut self, rule: &Rule, at: &At) -> Result<Set> {
        let begun = match &rule.from {
            Some(from) => self.set_has_come(from, at)?,
            None => Set::bool(true),
        };
        let Some(until) = &rule.until else { return Ok(begun) };
        if begun.mask().is_false() {
            return Ok(begun);
        }
        let ended = self.set_has_come(until, at)?;
        Ok(Set::from_mask(begun.mask().and(ended.mask().not()), begun.fault.or(ended.fault)))
    }

    pub(crate) fn set_has_come(&mut self, dated: &Dated, at: &At) -> Result<Set> {
        let day = self.set(dated.day, at)?;
        let come = reached(&day, at.point.day);
        let Some(known) = dated.known.filter(|_| !come.is_false()) else {
            return Ok(Set::from_mask(come, day.fault));
        };
        let known = self.set(known, at)?;
        Ok(Set::from_mask(come.and(reached(&known, at.point.known)), day.fault.or(known.fault)))
    }
}

/// Whether a day has come.
pub(crate) fn reached(day: &Set, today: Day) -> Mask {
    let mask = match &day.values {
        Possible::Nothing => Mask::EMPTY,
        values => lift::dates(values).less_or_equal(&Dates::point(today)),
    };
    if day.fault.is_some() { mask.or_error() } else { mask }
}
