//! What the rules come to, from what each may offer (R6), and what a reader sees of it (R8).

use crate::outcome::{Fault, Possibility, Status};
use crate::policy::{Outcome, OutcomeId, Policy};
use crate::run::frame::At;
use crate::run::sets::rules::{Offer, Offered};
use crate::run::sets::set::Set;
use crate::value::{Possible, Trouble};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// What the rules of an outcome come to at a point (R6).
pub(crate) struct OutcomeVerdict {
    pub status: Status,
    pub live: Vec<Arc<Offer>>,
    /// What no rule may speak for: the `otherwise`, rounded; none if a rule is certain to speak, or there is none.
    pub otherwise: Option<Set>,
    pub possible: Vec<Possibility>,
    /// Places in `live` of the rules that fail or clash.
    pub guilty: Vec<usize>,
    /// An error that is possible.
    pub fault: Option<Arc<Fault>>,
}

/// The steps of R6. If not in full, what an undetermined answer may still be is left out.
pub(crate) fn judge(
    policy: &Policy,
    outcome: &Outcome,
    live: Vec<Arc<Offer>>,
    otherwise: Option<Set>,
    full: bool,
) -> OutcomeVerdict {
    let nobody = live.iter().all(|offer| offer.rule_may_be_silent);
    let mut values: Vec<Possible> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut add = |value: &Possible| {
        let known = match value {
            _ if !full && values.len() >= 2 => true,
            Possible::Nothing => true,
            // Many rules may say many things.
            Possible::One(one) => !seen.insert(one.clone()),
            other => values.contains(other),
        };
        if !known {
            values.push(value.clone());
        }
    };
    live.iter().flat_map(|offer| &offer.values).for_each(|offered| add(&offered.value));
    otherwise.iter().for_each(|set| add(&set.values));
    let fault = first_fault(policy, live.iter()).or_else(|| otherwise.as_ref()?.fault.clone());
    let gap = nobody && otherwise.is_none();
    let contender = |offer: &Offer| outcome.contenders.get(offer.index as usize);
    let is_above = |a: &Offer, b: &Offer| contender(b).is_some_and(|b| b.above.contains(a.index));
    // In order: so they were gone through.
    let places: Vec<u32> = live.iter().map(|offer| offer.index).collect();
    let sure = sure(&live, |offer| contender(offer).is_some_and(|mine| mine.is_below(&places)));

    let verdict = |status, possible, guilty, fault| (status, possible, guilty, fault);
    // 1: one thing
    let (status, possible, guilty, fault) = match (values.as_slice(), gap, fault) {
        ([one], false, None) if one.is_single() => {
            verdict(Status::Determined, vec![Possibility::Value(one.clone())], Vec::new(), None)
        }
        ([], true, None) => verdict(Status::Gap, vec![Possibility::Gap], Vec::new(), None),
        ([], false, Some(fault)) => {
            verdict(Status::Error, vec![Possibility::Error], (0..live.len()).collect(), Some(fault))
        }
        (_, _, fault) => {
            let fails = |at: &usize| live.get(*at).is_some_and(|offer| offer.values.is_empty());
            let failed: Vec<usize> =
                sure.iter().filter(|one| (*one).clone().all(|at| fails(&at))).cloned().flatten().collect();
            let clashing = clashing(&live, &sure);
            match first_fault(policy, failed.iter().filter_map(|at| live.get(*at))) {
                // 2: one is certain to fail
                Some(first) => verdict(Status::Error, vec![Possibility::Error], failed, Some(first)),
                // 3: two are certain to clash
                None if !clashing.is_empty() && live.iter().all(|offer| offer.fault.is_none()) => {
                    verdict(Status::Conflict, vec![Possibility::Conflict], clashing, None)
                }
                // 4
                None if !full => verdict(Status::Undetermined, Vec::new(), Vec::new(), fault),
                None => {
                    let mut possible: Vec<Possibility> = values.into_iter().map(Possibility::Value).collect();
                    possible.extend(gap.then_some(Possibility::Gap));
                    possible.extend(may_conflict(&live, is_above).then_some(Possibility::Conflict));
                    possible.extend(fault.is_some().then_some(Possibility::Error));
                    verdict(Status::Undetermined, possible, Vec::new(), fault)
                }
            }
        }
    };
    OutcomeVerdict { status, live, otherwise, possible, guilty, fault }
}

/// The error that is named where several rules fail: it does not hang on the order of the rules.
fn first_fault<'o>(policy: &Policy, offers: impl Iterator<Item = &'o Arc<Offer>>) -> Option<Arc<Fault>> {
    let failing = offers.filter_map(|offer| Some((offer.rule, offer.fault.as_ref()?)));
    failing.min_by_key(|(rule, _)| policy.rules[*rule].shown.as_str()).map(|(_, fault)| fault.clone())
}

/// Of what decides for certain the places among the live offers: a certain one by itself, and of a power all where it is open
/// which of its acts stands, and certain that one does (O4).
fn sure(live: &[Arc<Offer>], is_below: impl Fn(&Offer) -> bool) -> Vec<Range<usize>> {
    let mut sure = Vec::new();
    let mut first = 0usize;
    for offers in live.chunk_by(|a, b| a.index == b.index) {
        let all = first..first.saturating_add(offers.len());
        first = all.end;
        if offers.first().is_none_or(|offer| offer.rule_may_be_silent || is_below(offer)) {
            continue;
        }
        let had = sure.len();
        let certain = all.clone().zip(offers).filter(|(_, offer)| !offer.may_be_silent);
        sure.extend(certain.map(|(at, _)| at..at.saturating_add(1)));
        if sure.len() == had {
            sure.push(all);
        }
    }
    sure
}

/// Of the rules that are sure to decide, those that differ for certain from another.
fn clashing(live: &[Arc<Offer>], sure: &[Range<usize>]) -> Vec<usize> {
    let offers = |one: &Range<usize>| live.get(one.clone()).unwrap_or(&[]);
    let places = |sure: &[&Range<usize>]| sure.iter().flat_map(|one| (*one).clone()).collect();
    // Where each says one thing, whoever says something has another against it as soon as two things are said.
    let said = |one: &Range<usize>| match offers(one) {
        [only] => match only.values.as_slice() {
            [Offered { value: Possible::One(value), .. }] => Some(value.clone()),
            _ => None,
        },
        _ => None,
    };
    if let Some(said) = sure.iter().map(said).collect::<Option<BTreeSet<_>>>() {
        return if said.len() > 1 { places(&sure.iter().collect::<Vec<_>>()) } else { Vec::new() };
    }
    let clash = |a: &Range<usize>, b: &Range<usize>| {
        offers(a).iter().all(|one| offers(b).iter().all(|other| one.is_disjoint(other)))
    };
    let clashes = |a: &&Range<usize>| sure.iter().any(|b| *a != b && clash(a, b));
    places(&sure.iter().filter(clashes).collect::<Vec<_>>())
}

/// Two live rules, neither above the other, that may offer values that differ; an error is no value. Live rules stand after
/// all rules above them, so neighbours tell most: if each is above the next, all are in one line.
fn may_conflict(live: &[Arc<Offer>], is_above: impl Fn(&Offer, &Offer) -> bool) -> bool {
    let clash = |a: &Offer, b: &Offer| a.may_meet(b) && !is_above(a, b) && a.may_differ(b);
    let neighbours = || live.iter().zip(live.iter().skip(1));
    if neighbours().any(|(a, b)| clash(a, b)) {
        return true;
    }
    // Of one rule the offers that may meet are neighbours.
    if neighbours().all(|(a, b)| a.index == b.index || is_above(a, b)) {
        return false;
    }
    let mut said = live.iter().flat_map(|offer| &offer.values).map(|offered| &offered.value);
    let first = said.next();
    if first.is_none_or(|first| first.is_single() && said.all(|value| value == first)) {
        return false;
    }
    live.iter().enumerate().any(|(at, a)| live.iter().skip(at.saturating_add(1)).any(|b| clash(a, b)))
}

impl OutcomeVerdict {
    /// R8: what a reader of the outcome sees.
    pub fn into_read(self, policy: &Policy, id: OutcomeId, at: &At) -> Set {
        let row = at.own.map(|(_, row)| row).filter(|row| *row != crate::run::frame::ANY_ROW);
        let span = policy.outcomes[id].span;
        let cause = self.fault;
        let depends = |status: Status| {
            let depends_on = Some((id, row, status));
            Arc::new(Fault {
                trouble: Trouble::DependsOn,
                span,
                depends_on,
                detail: None,
                cause: cause.clone(),
            })
        };
        let mut values = Possible::Nothing;
        let mut failure = None;
        for possibility in &self.possible {
            match possibility {
                Possibility::Value(value) => values = values.hull(value),
                Possibility::Gap => failure = Some(Status::Gap),
                Possibility::Conflict => failure = Some(Status::Conflict),
                Possibility::Error => failure = Some(Status::Error),
            }
        }
        Set { values, fault: failure.map(depends) }
    }
}
