//! An outcome and its rules as formulas, each rule where it is met first.

use super::ask::Ask;
use super::conditions::{self, Condition};
use super::{Open, Why};
use crate::policy::{ExprId, OutcomeId, Policy, RuleId};
use crate::regions::rules::{RuleVerdict, SymbolicOffer};
use crate::regions::space::Linear;
use crate::solve::Formula;
use crate::tree::CompareOp;
use std::collections::{BTreeMap, BTreeSet};

/// More rules than this of one outcome are not compared two by two.
const PAIRS: usize = 120;

/// What is known of rules when all outcomes have been asked about.
#[derive(Default)]
pub(super) struct SeenClauses {
    /// Rules whose own conditions were asked about.
    pub rules: BTreeSet<RuleId>,
    pub conditions: BTreeSet<ExprId>,
    /// What was found of the rule in each of its outcomes.
    pub parts: BTreeMap<RuleId, Vec<super::dead::DeadPart>>,
}

/// When a rule is in force and what its branches ask.
pub(super) struct Guard {
    pub rule: RuleId,
    pub force: Formula,
    pub force_fails: Formula,
    pub branches: Vec<ClauseBranch>,
}

pub(super) struct ClauseBranch {
    pub condition: Option<ExprId>,
    pub truth: Formula,
    pub fails: Formula,
}

/// An outcome, read.
pub(super) struct ReadClause {
    pub verdict: RuleVerdict,
    /// A day between the first on which any of its rules is in force and the last.
    pub meant: Formula,
    /// Two rules, by their places, that clash where this holds; none: their values cannot be compared.
    pub clashes: Vec<([usize; 2], Option<Formula>)>,
    /// Where each answer would be another without the rule, if that can be said; empty: there are too many rules.
    pub matters: Vec<Option<Formula>>,
    pub guards: Vec<Guard>,
    pub conditions: Vec<Condition>,
}

pub(super) fn read(ask: &mut Ask<'_>, id: OutcomeId, seen: &mut SeenClauses) -> Linear<ReadClause> {
    let at = ask.at.clone();
    let verdict = ask.reader.verdict(0, id, &at)?;
    let meant = meant(ask, &verdict)?;
    let mut guards = Vec::new();
    let mut found = Vec::new();
    for offer in &verdict.offers {
        let rule = &ask.policy.rules[offer.rule];
        if rule.power.is_some() || !seen.rules.insert(offer.rule) {
            continue;
        }
        guards.push(guard(ask, offer.rule)?);
        conditions::of_rule(ask, rule, &mut seen.conditions, &mut found);
    }
    if let Some(otherwise) = ask.policy.outcomes[id].otherwise {
        conditions::of_value(ask, otherwise, &mut seen.conditions, &mut found);
    }
    let (mut clashing, mut matter) = (Vec::new(), Vec::new());
    if verdict.offers.len() <= PAIRS {
        let same = pairs(ask, &verdict);
        clashing = clashes(ask, &verdict, &same);
        matter = (0..verdict.offers.len()).map(|place| without(ask, &verdict, &same, place)).collect();
    } else {
        ask.leave(Open::Pairs(id), Why::Outside);
    }
    Ok(ReadClause { verdict, meant, clashes: clashing, matters: matter, guards, conditions: found })
}

fn guard(ask: &mut Ask<'_>, id: RuleId) -> Linear<Guard> {
    let at = ask.at.clone();
    let rule = &ask.policy.rules[id];
    let (force, force_fails) = ask.reader.in_force(0, rule, &at)?;
    let mut branches = Vec::new();
    for (place, branch) in rule.branches.iter().enumerate() {
        let (truth, fails) = match (branch.condition, rule.lasting) {
            (_, Some(_)) if place == 0 => ask.reader.memory(0, id, &ask.at.clone())?,
            (Some(condition), _) => ask.reader.truth(0, condition, &at)?,
            (None, _) => (Formula::TRUE, Formula::FALSE),
        };
        branches.push(ClauseBranch { condition: branch.condition, truth, fails });
    }
    Ok(Guard { rule: id, force, force_fails, branches })
}

/// Before all rules have begun, and after all have ended, nobody expects an answer. That a power might be used is no rule.
fn meant(ask: &mut Ask<'_>, verdict: &RuleVerdict) -> Linear<Formula> {
    let at = ask.at.clone();
    let (mut begun, mut open) = (Vec::new(), Vec::new());
    let rules = verdict.offers.iter().map(|offer| offer.rule);
    let plain: Vec<RuleId> = rules.clone().filter(|rule| !is_effect(ask.policy, *rule)).collect();
    for rule in if plain.is_empty() { rules.collect() } else { plain } {
        let rule = &ask.policy.rules[rule];
        begun.push(match &rule.from {
            Some(from) => ask.reader.has_come(0, from, &at)?.0,
            None => Formula::TRUE,
        });
        open.push(match &rule.until {
            Some(until) => !ask.reader.has_come(0, until, &at)?.0,
            None => Formula::TRUE,
        });
    }
    let forms = &mut ask.reader.space.forms;
    let (begun, open) = (forms.or(begun), forms.or(open));
    Ok(forms.and([begun, open]))
}

/// Where two offers, each by its places, give one value; none: that cannot be said.
type SameConditions = BTreeMap<(usize, usize), Option<Formula>>;

fn pairs(ask: &mut Ask<'_>, verdict: &RuleVerdict) -> SameConditions {
    let mut same = SameConditions::new();
    for (second, b) in verdict.offers.iter().enumerate() {
        for (first, a) in verdict.offers.iter().enumerate().take(second) {
            same.insert((first, second), same_value(ask, a, b).ok());
        }
    }
    same
}

fn same_value(ask: &mut Ask<'_>, a: &SymbolicOffer, b: &SymbolicOffer) -> Linear<Formula> {
    let mut any = Vec::new();
    for mine in &a.pieces {
        for other in &b.pieces {
            let equal = ask.reader.compare(CompareOp::Equal, &mine.sym, &other.sym)?;
            any.push(ask.reader.space.forms.and([mine.applies, other.applies, equal]));
        }
    }
    Ok(ask.reader.space.forms.or(any))
}

/// Whether the offer at a place stands above another.
fn above(other: &SymbolicOffer, place: usize) -> bool {
    u32::try_from(place).is_ok_and(|place| other.above.contains(place))
}

fn clashes(
    ask: &mut Ask<'_>,
    verdict: &RuleVerdict,
    same: &SameConditions,
) -> Vec<([usize; 2], Option<Formula>)> {
    let mut clashes = Vec::new();
    for (second, b) in verdict.offers.iter().enumerate() {
        for (first, a) in verdict.offers.iter().enumerate().take(second) {
            if above(b, first) {
                continue;
            }
            let both = [a.decides, b.decides, !verdict.fails];
            let both = ask.reader.space.forms.and(both);
            if both == Formula::FALSE {
                continue;
            }
            let same = same.get(&(first, second)).copied().flatten();
            let clash = same.map(|same| ask.reader.space.forms.and([both, !same]));
            if clash != Some(Formula::FALSE) {
                clashes.push(([first, second], clash));
            }
        }
    }
    clashes
}

/// Where an offer decides, and the answer without it, all else as it is, would be another (R5). Where it is silent or
/// displaced nothing hangs on it: whoever displaces it is above all that is below it.
fn without(ask: &mut Ask<'_>, verdict: &RuleVerdict, same: &SameConditions, place: usize) -> Option<Formula> {
    let mine = verdict.offers.get(place)?;
    if mine.decides == Formula::FALSE {
        return None;
    }
    let same = |a: usize, b: usize| same.get(&(a.min(b), a.max(b))).copied().flatten();
    // Who decides without it.
    let mut others: Vec<(usize, &SymbolicOffer, Formula)> = Vec::new();
    for (at, other) in verdict.offers.iter().enumerate().filter(|(at, _)| *at != place) {
        let below = above(other, place);
        let decides = if below {
            let uppers = other.above.iter().map(|upper| upper as usize).filter(|upper| *upper != place);
            let says: Vec<Formula> =
                uppers.filter_map(|upper| verdict.offers.get(upper)).map(|upper| upper.says).collect();
            let forms = &mut ask.reader.space.forms;
            let displaced = forms.or(says);
            forms.and([other.says, !displaced])
        } else {
            other.decides
        };
        if decides != Formula::FALSE {
            others.push((at, other, decides));
        }
    }
    let forms = &mut ask.reader.space.forms;
    let failing = others.iter().map(|(_, other, decides)| forms.and([*decides, other.fails]));
    let failing: Vec<Formula> = failing.collect();
    let some = forms.or(others.iter().map(|(_, _, decides)| *decides).collect::<Vec<_>>());
    let default_fails = verdict.otherwise.as_ref().map_or(Formula::FALSE, |val| val.fails);
    let default_fails = forms.and([!some, default_fails]);
    let fails_without = forms.or(failing.into_iter().chain([default_fails]));
    let beside: Vec<&(usize, &SymbolicOffer, Formula)> =
        others.iter().filter(|(_, other, _)| !above(other, place)).collect();
    let failing: Vec<Formula> =
        beside.iter().map(|(_, other, decides)| forms.and([*decides, other.fails])).collect();
    let beside_fails = forms.or(failing);
    let fails_with = forms.or([beside_fails, mine.fails]);
    // One value with it, the same without.
    let mut agree = Vec::new();
    let mut clash = Vec::new();
    for (at, _, decides) in &others {
        let same = same(place, *at)?;
        agree.push(forms.or([!*decides, same]));
    }
    for (at, _, decides) in &beside {
        let same = same(place, *at)?;
        clash.push(forms.and([*decides, !same]));
    }
    let mut clash_without = Vec::new();
    for (second, (b, _, right)) in others.iter().enumerate() {
        for (a, _, left) in others.iter().take(second) {
            let same = same(*a, *b)?;
            let both = forms.and([*left, *right, !same]);
            clash_without.push(both);
            let is_beside = |at: usize| beside.iter().any(|(known, ..)| *known == at);
            if is_beside(*a) && is_beside(*b) {
                clash.push(both);
            }
        }
    }
    let mut default = Vec::new();
    if let Some(otherwise) = &verdict.otherwise {
        for piece in &mine.pieces {
            let equal = ask.reader.compare(CompareOp::Equal, &piece.sym, &otherwise.sym).ok()?;
            default.push(ask.reader.space.forms.and([piece.applies, equal, !otherwise.fails]));
        }
    }
    let forms = &mut ask.reader.space.forms;
    let default = forms.or(default);
    let kept = forms.or([some, default]);
    let agree = forms.and(agree.into_iter().chain([kept]));
    let (clash, clash_without) = (forms.or(clash), forms.or(clash_without));
    let both_clash = forms.and([clash, clash_without]);
    let alike = forms.or([agree, both_clash]);
    let valued = forms.and([!fails_with, !fails_without, alike]);
    let failed = forms.and([fails_with, fails_without]);
    let same_answer = forms.or([valued, failed]);
    Some(forms.and([mine.decides, !same_answer]))
}

/// Whether a rule is the effect of a power.
pub(super) fn is_effect(policy: &Policy, rule: RuleId) -> bool {
    policy.rules[rule].power.is_some()
}
