//! Rules that never apply, that are displaced whenever they do, or without which nothing would change.

use super::ask::{Ask, May};
use super::clauses::{ClauseBranch, Guard, ReadClause, SeenClauses, is_effect};
use super::conditions;
use super::{Finding, Findings, Never, Open, What, Why};
use crate::policy::{OutcomeId, Places, Policy, RuleId};
use crate::regions::rules::RuleVerdict;
use crate::solve::Formula;

/// What was found of a rule in one outcome.
pub(super) struct DeadPart {
    outcome: OutcomeId,
    fate: RuleFate,
}

enum RuleFate {
    /// It never speaks.
    Silent,
    Displaced(Vec<RuleId>),
    Redundant,
    /// It decides, perhaps not by these branches.
    Alive(Vec<(u32, Vec<RuleId>)>),
}

/// What is asked of each rule of an outcome.
pub(super) fn ask_all(
    ask: &mut Ask<'_>,
    id: OutcomeId,
    read: &ReadClause,
    seen: &mut SeenClauses,
    found: &mut Vec<Finding>,
) {
    for guard in &read.guards {
        never_applies(ask, guard, found);
    }
    for place in 0..read.verdict.offers.len() {
        if let Some((rule, fate)) = fate(ask, read, place) {
            seen.parts.entry(rule).or_default().push(DeadPart { outcome: id, fate });
        }
    }
}

fn never_applies(ask: &mut Ask<'_>, guard: &Guard, found: &mut Vec<Finding>) {
    let open = || Open::Rule(guard.rule);
    let forms = &mut ask.solver.formulas;
    let in_force = forms.or([guard.force, guard.force_fails]);
    let rule = &ask.policy.rules[guard.rule];
    if rule.from.as_ref().is_some_and(|from| conditions::is_never(ask.policy, from.day)) {
        return;
    }
    if ask.never(&[in_force], open) {
        let what = What::NeverApplies { rule: guard.rule, branch: None, why: Never::Window };
        found.push(Finding { what, case: None });
        return;
    }
    let mut dead: Vec<(u32, Option<Never>)> = Vec::new();
    let mut fails = Vec::new();
    let mut before = Formula::TRUE;
    for (place, branch) in (0u32..).zip(&guard.branches) {
        fails.push(branch.fails);
        let reached = ask.solver.formulas.and([before, branch.truth]);
        if ask.never(&[in_force, reached], open) {
            let switched =
                |branch: &ClauseBranch| branch.condition.and_then(|id| conditions::switched(ask.policy, id));
            // What a switch turns off is meant.
            let off = switched(branch) == Some(false);
            let mut asked =
                guard.branches.iter().take(place as usize + 1).filter_map(|branch| branch.condition);
            let listed = asked.any(|condition| conditions::reads_annex(ask.policy, condition));
            let taken =
                guard.branches.iter().take(place as usize).any(|before| switched(before) == Some(true));
            let why = if off || taken || listed {
                None
            } else if ask.never(&[branch.truth], open) {
                Some(branch.condition.map_or(Never::InForce, Never::Condition))
            } else if ask.never(&[reached], open) {
                Some(Never::Before)
            } else {
                Some(Never::InForce)
            };
            dead.push((place, why));
        }
        before = ask.solver.formulas.and([before, !branch.truth, !branch.fails]);
    }
    let failing = ask.solver.formulas.or(fails);
    let one =
        |branch, why| Finding { what: What::NeverApplies { rule: guard.rule, branch, why }, case: None };
    if dead.len() == guard.branches.len() && ask.never(&[in_force, failing], open) {
        found.extend(dead.first().and_then(|(_, why)| why.map(|why| one(None, why))));
    } else {
        found.extend(dead.into_iter().filter_map(|(place, why)| Some(one(Some(place), why?))));
    }
}

fn fate(ask: &mut Ask<'_>, read: &ReadClause, place: usize) -> Option<(RuleId, RuleFate)> {
    let verdict = &read.verdict;
    let offer = verdict.offers.get(place)?;
    let rule = offer.rule;
    let open = || Open::Rule(rule);
    if ask.never(&[offer.says], open) {
        return Some((rule, RuleFate::Silent));
    }
    if ask.never(&[offer.decides], open) {
        let by = by(ask, verdict, place, offer.says);
        return Some((rule, RuleFate::Displaced(by)));
    }
    if !is_effect(ask.policy, rule) && !read.matters.is_empty() {
        match read.matters.get(place).copied().flatten() {
            Some(matters) if ask.never(&[matters], open) => return Some((rule, RuleFate::Redundant)),
            Some(_) => {}
            None => ask.leave(open(), Why::Outside),
        }
    }
    let mut displaced = Vec::new();
    // An error that decides may be that of any of its branches.
    if !ask.never(&[offer.decides, offer.fails], open) {
        return Some((rule, RuleFate::Alive(displaced)));
    }
    for piece in &offer.pieces {
        if !ask.never(&[piece.applies], open) && ask.never(&[offer.decides, piece.applies], open) {
            displaced.push((piece.branch, by(ask, verdict, place, piece.applies)));
        }
    }
    Some((rule, RuleFate::Alive(displaced)))
}

/// Rules above of which one speaks whenever this holds, and none of them can be left out; the nearest last to go.
fn by(ask: &mut Ask<'_>, verdict: &RuleVerdict, place: usize, speaks: Formula) -> Vec<RuleId> {
    let above = verdict.offers.get(place).map(|offer| &offer.above);
    let above = above.into_iter().flat_map(Places::iter);
    let mut uppers: Vec<_> = above.filter_map(|upper| verdict.offers.get(upper as usize)).collect();
    let mut at = 0;
    while at < uppers.len() {
        let mut all = vec![speaks];
        all.extend(uppers.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, upper)| !upper.says));
        if matches!(ask.may(&all), May::Never) {
            uppers.remove(at);
        } else {
            at += 1;
        }
    }
    uppers.into_iter().map(|upper| upper.rule).collect()
}

/// What all outcomes of a rule come to together.
pub(super) fn rules(policy: &Policy, seen: SeenClauses, made: &mut Findings) {
    for (rule, parts) in seen.parts {
        // A rule that never applies has been named.
        if parts.iter().all(|part| matches!(part.fate, RuleFate::Silent)) {
            continue;
        }
        let mut said = Vec::new();
        let (mut outcomes, mut by): (Vec<OutcomeId>, Vec<RuleId>) = (Vec::new(), Vec::new());
        for part in &parts {
            if let RuleFate::Displaced(uppers) = &part.fate {
                outcomes.push(part.outcome);
                by.extend(uppers.iter().filter(|upper| !by.contains(upper)).copied().collect::<Vec<_>>());
            }
        }
        if !outcomes.is_empty() {
            said.push(What::Displaced { rule, branch: None, outcomes, by });
        }
        let idle = parts.iter().all(|part| !matches!(part.fate, RuleFate::Alive(_)));
        let redundant = parts.iter().filter(|part| matches!(part.fate, RuleFate::Redundant));
        let redundant: Vec<OutcomeId> = redundant.map(|part| part.outcome).collect();
        if idle && !redundant.is_empty() {
            said.push(What::Redundant { rule, outcomes: redundant });
        }
        let mut branches: Vec<(u32, Vec<OutcomeId>, Vec<RuleId>)> = Vec::new();
        for part in &parts {
            let RuleFate::Alive(displaced) = &part.fate else { continue };
            for (branch, uppers) in displaced {
                match branches.iter_mut().find(|(known, ..)| known == branch) {
                    Some((_, outcomes, by)) => {
                        outcomes.push(part.outcome);
                        by.extend(
                            uppers.iter().filter(|upper| !by.contains(upper)).copied().collect::<Vec<_>>(),
                        );
                    }
                    None => branches.push((*branch, vec![part.outcome], uppers.clone())),
                }
            }
        }
        for (branch, outcomes, by) in branches {
            said.push(What::Displaced { rule, branch: Some(branch), outcomes, by });
        }
        debug_assert!(
            !is_effect(policy, rule) || said.iter().all(|what| !matches!(what, What::Redundant { .. }))
        );
        made.found.extend(said.into_iter().map(|what| Finding { what, case: None }));
    }
}
