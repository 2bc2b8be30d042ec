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
    /// Expressions that were shown to fail, and whether the end of the calendar was.
    pub failing: super::errors::Failing,
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
        let order = WrittenOrder::of(ask.policy);
        let places = 0..verdict.offers.len();
        matter = places.map(|place| without(ask, &verdict, (&same, &order), place)).collect();
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

/// Of each rule those that are written directly above it.
struct WrittenOrder(BTreeMap<RuleId, Vec<RuleId>>);

impl WrittenOrder {
    fn of(policy: &Policy) -> WrittenOrder {
        let mut above: BTreeMap<RuleId, Vec<RuleId>> = BTreeMap::new();
        for (id, rule) in policy.rules.iter() {
            above.entry(id).or_default().extend(&rule.subject_to);
            for lower in &rule.notwithstanding {
                above.entry(*lower).or_default().push(id);
            }
        }
        WrittenOrder(above)
    }

    /// What stands above a rule through any chain that does not run through the one that is struck.
    fn above_without(&self, rule: RuleId, struck: RuleId) -> BTreeSet<RuleId> {
        let (mut open, mut met) = (vec![rule], BTreeSet::new());
        while let Some(next) = open.pop() {
            for upper in self.0.get(&next).into_iter().flatten() {
                if *upper != struck && met.insert(*upper) {
                    open.push(*upper);
                }
            }
        }
        met
    }
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

/// Where an offer decides, and the answer without it, struck with its own priorities, would be another (R4, R5). Where it is
/// silent or displaced nothing hangs on what it says.
fn without(
    ask: &mut Ask<'_>,
    verdict: &RuleVerdict,
    (same, order): (&SameConditions, &WrittenOrder),
    place: usize,
) -> Option<Formula> {
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
            let above = order.above_without(other.rule, mine.rule);
            let uppers = verdict.offers.iter().filter(|upper| above.contains(&upper.rule));
            let says: Vec<Formula> = uppers.map(|upper| upper.says).collect();
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
    let other_answer = forms.and([mine.decides, !same_answer]);
    let unordered = unordered(ask, verdict, order, (place, &others), same)?;
    Some(ask.reader.space.forms.or([other_answer, unordered]))
}

/// Where two rules clash that only a priority through the offer at a place keeps apart (R4), whether it speaks or not.
fn unordered(
    ask: &mut Ask<'_>,
    verdict: &RuleVerdict,
    order: &WrittenOrder,
    (place, others): (usize, &[(usize, &SymbolicOffer, Formula)]),
    same: impl Fn(usize, usize) -> Option<Formula>,
) -> Option<Formula> {
    let mine = verdict.offers.get(place)?;
    let mut clash = Vec::new();
    for (lower, below, decides) in others.iter().filter(|(_, other, _)| above(other, place)) {
        let kept = order.above_without(below.rule, mine.rule);
        for (upper, over, _) in others.iter().filter(|(upper, ..)| above(mine, *upper)) {
            if !kept.contains(&over.rule) {
                let same = same(*upper, *lower)?;
                let valued = [!verdict.conflict, !verdict.fails];
                let both = [over.decides, *decides, !same];
                clash.push(ask.reader.space.forms.and(both.into_iter().chain(valued)));
            }
        }
    }
    Some(ask.reader.space.forms.or(clash))
}

/// Whether a rule is the effect of a power.
pub(super) fn is_effect(policy: &Policy, rule: RuleId) -> bool {
    policy.rules[rule].power.is_some()
}
