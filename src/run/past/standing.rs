//! Which act stands (O4, O5): the latest of those that are valid. Where it is in doubt which are, one of several stands.

use crate::facts::Act;
use crate::outcome::{Fault, Point};
use crate::policy::{ActPart, ExprId, Lasting, Policy, PowerId};
use crate::run::frame::At;
use crate::run::past::history::Followed;
use crate::run::sets::lift;
use crate::run::sets::set::{Set, fault, fault_with};
use crate::run::{Evaluator, Result};
use crate::value::{Day, Mask, Possible, Trouble, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The acts that may stand, the latest first.
pub(crate) struct StandingActs {
    pub acts: Vec<Standing>,
    /// Whether one of them does, whichever it is.
    pub any: Mask,
}

/// An act that may stand.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    /// Its place in the facts.
    pub act: u32,
    pub on: Day,
    pub mask: Mask,
    pub fault: Option<Arc<Fault>>,
}

/// What the acts of some days, and of all later ones, may have come to together: each is one truth value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct ActsCase {
    /// One of those that end the power is valid.
    ended: Mask,
    /// One of the power is valid.
    valid: Mask,
    stands: Mask,
}

type ActsCases = BTreeSet<ActsCase>;

const NO_ACTS: ActsCase = ActsCase { ended: Mask::FALSE, valid: Mask::FALSE, stands: Mask::FALSE };

/// What is known of the acts from the latest down to a day.
struct ActsBack {
    cases: ActsCases,
    ended: Mask,
    none_later: Mask,
    /// What may keep it from being told whether one was ended, or has a later one.
    fault: Option<Arc<Fault>>,
}

impl<'a> Evaluator<'a> {
    /// O4, O5: acts that may be the standing one. With `effect` also what `until` and `for` end.
    pub(crate) fn standing(
        &mut self,
        id: PowerId,
        row: u32,
        point: Point,
        effect: bool,
    ) -> Result<StandingActs> {
        let lasting = self.policy.rules[self.policy.powers[id].rule].lasting.filter(|_| effect);
        let acts: Vec<(u32, &Act)> = self.latest_acts(id, row, point).collect();
        let mut enders = self.acts_that_end(id, row, point);
        let mut back = ActsBack {
            cases: BTreeSet::from([NO_ACTS]),
            ended: Mask::FALSE,
            none_later: Mask::TRUE,
            fault: None,
        };
        let mut found = Vec::new();
        for same_day in acts.chunk_by(|(_, a), (_, b)| a.on == b.on) {
            let Some((_, first)) = same_day.first() else { continue };
            while let Some((place, _)) = enders.pop_if(|(_, ender)| ender.on >= first.on) {
                let validity = self.validity(place, point.known)?;
                back.end(validity.mask, &validity.fault);
            }
            let standing = self.standing_of_day(same_day, (id, row), point, lasting, &mut back)?;
            found.extend(standing.into_iter().filter(|one| !one.mask.is_false()));
            if back.is_over() {
                break;
            }
        }
        let any = back.cases.iter().fold(Mask::EMPTY, |any, case| any.join(case.stands));
        Ok(StandingActs { acts: found, any })
    }

    /// All acts of one day may stand, beside each other.
    fn standing_of_day(
        &mut self,
        acts: &[(u32, &'a Act)],
        (id, row): (PowerId, u32),
        point: Point,
        lasting: Option<Lasting>,
        back: &mut ActsBack,
    ) -> Result<Vec<Standing>> {
        let mut day = BTreeSet::from([NO_ACTS]);
        let (mut found, mut failed) = (Vec::new(), None);
        for (place, act) in acts {
            let validity = self.validity(*place, point.known)?;
            let left = back.none_later.and(back.ended.not()).and(validity.mask);
            let lapsed = match lasting.filter(|_| !left.is_false()) {
                Some(lasting) => self.in_act(id, row, act, point, |run, at| run.lapsed(act, lasting, at))?,
                None => Set::bool(false),
            };
            let (valid, lasts) = (validity.mask, lapsed.mask().not());
            day = each_case(&day, valid, |case, is| {
                lasts.each().map(|lasts| case.or(is, is.and(lasts))).collect()
            });
            failed = failed.or(validity.fault.clone());
            let fault = back.fault.clone().or(validity.fault.clone()).or(lapsed.fault);
            found.push(Standing { act: *place, on: act.on, mask: left.and(lasts), fault });
        }
        back.pass(&day, failed);
        Ok(found)
    }

    /// Whether `until C` or `for W` has come for an act.
    fn lapsed(&mut self, act: &Act, lasting: Lasting, at: &At) -> Result<Set> {
        match lasting {
            Lasting::Until(end) => {
                let steps = self.follow(Followed::Condition(end), act.on, at)?;
                let (mask, may_fail) = steps.ever((act.on, at.point.day), at.point.day);
                Ok(Set::from_mask(mask, may_fail))
            }
            Lasting::For(wait, kind) => {
                let lasts = self.lasts(act.on, (wait, kind), at)?;
                Ok(Set::from_mask(lasts.mask.not(), lasts.fault))
            }
        }
    }

    /// O5: of the act by which the power is done, whichever it may be.
    pub(crate) fn part_of_act(
        &mut self,
        expr: ExprId,
        id: PowerId,
        row: u32,
        part: ActPart,
        point: Point,
    ) -> Result<Set> {
        let (policy, facts) = (self.policy, self.facts);
        let span = policy.exprs.span(expr);
        let standing = self.standing(id, row, point, false)?;
        let mut all: Option<Set> = None;
        let mut add = |set: Set| {
            all = Some(match all.take() {
                Some(all) => all.join(&set),
                None => set,
            });
        };
        for same_day in standing.acts.chunk_by(|a, b| a.on == b.on) {
            let told = same_day.iter().filter(|one| one.mask.may_be_true());
            let told: Vec<(Mask, Possible)> = told
                .filter_map(|one| Some((one.mask, part_of(policy, facts.acts.get(one.act as usize)?, part))))
                .collect();
            if !told.is_empty() {
                add(of_one_day(&told, || fault(Trouble::Tie, span)));
            }
        }
        if standing.any.may_be_false() {
            add(match part {
                ActPart::On => Set::one(Value::Date(Day::NEVER)),
                ActPart::By | ActPart::Param(_) => {
                    let name = &policy.powers[id].name;
                    Set::fails(fault_with(Trouble::NothingToChooseFrom, span, format!("{name} is not done")))
                }
            });
        }
        let failed = standing.acts.iter().find_map(|one| one.fault.clone());
        let failed = failed.filter(|_| standing.any.may_be_error());
        Ok(all.unwrap_or(Set::of(Possible::Nothing)).or_fault(failed))
    }
}

impl ActsBack {
    /// An act that ends the power.
    fn end(&mut self, valid: Mask, failed: &Option<Arc<Fault>>) {
        self.ended = self.ended.or(valid);
        self.fault = self.fault.take().or(failed.clone());
        self.cases = each_case(&self.cases, valid, |case, is| vec![case.end(is)]);
    }

    /// The acts of one more day.
    fn pass(&mut self, day: &ActsCases, failed: Option<Arc<Fault>>) {
        let valid = day.iter().fold(Mask::EMPTY, |all, case| all.join(case.valid));
        self.none_later = self.none_later.and(valid.not());
        self.fault = self.fault.take().or(failed);
        let before = std::mem::take(&mut self.cases);
        self.cases = before.iter().flat_map(|case| day.iter().map(|day| case.before(day))).collect();
    }

    /// No earlier act stands.
    fn is_over(&self) -> bool {
        self.cases.iter().all(|case| case.valid.or(case.ended).is_true())
    }
}

impl ActsCase {
    fn end(self, valid: Mask) -> ActsCase {
        ActsCase { ended: self.ended.or(valid), ..self }
    }

    /// One more act of the same day.
    fn or(self, valid: Mask, stands: Mask) -> ActsCase {
        ActsCase { valid: self.valid.or(valid), stands: self.stands.or(stands), ..self }
    }

    /// With the acts of a day before: they stand if nothing ended them, and none is later.
    fn before(self, day: &ActsCase) -> ActsCase {
        self.or(day.valid, day.stands.and(self.ended.not()).and(self.valid.not()))
    }
}

fn each_case(cases: &ActsCases, mask: Mask, next: impl Fn(ActsCase, Mask) -> Vec<ActsCase>) -> ActsCases {
    cases.iter().flat_map(|case| mask.each().flat_map(|is| next(*case, is))).collect()
}

/// What is read of the acts of one day, of which those stand that are valid: a tie where two differ.
fn of_one_day(told: &[(Mask, Possible)], tie: impl Fn() -> Arc<Fault>) -> Set {
    let pairs = || {
        told.iter()
            .enumerate()
            .flat_map(|(at, a)| told.iter().skip(at.saturating_add(1)).map(move |b| (a, b)))
    };
    let certain = |((a, one), (b, other)): &(&(Mask, Possible), &(Mask, Possible))| {
        a.is_true() && b.is_true() && lift::equal(one, other).is_false()
    };
    if pairs().any(|pair| certain(&pair)) {
        return Set::fails(tie());
    }
    let values = told.iter().fold(Possible::Nothing, |all, (_, value)| all.hull(value));
    let differ = pairs().any(|((_, one), (_, other))| !lift::equal(one, other).is_true());
    Set { values, fault: differ.then(tie) }
}

fn part_of(policy: &Policy, act: &Act, part: ActPart) -> Possible {
    match part {
        ActPart::On => Possible::One(Value::Date(act.on)),
        ActPart::By => Possible::One(Value::Text(policy.names_of(&act.by, "and").into())),
        ActPart::Param(at) => act.params.get(at as usize).cloned().unwrap_or(Possible::Any),
    }
}
