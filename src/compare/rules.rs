//! Rules without a name, which are found by their outcome and their text (R10), and who stands above whom.

use super::item::NamedItem;
use super::normal::Normal;
use super::parts::{ComparedClause, PartBuilder};
use crate::policy::{OutcomeId, Policy, RuleId};
use std::collections::BTreeMap;

/// A rule without a name as one clause for each outcome: `if C then a := 1 and b := 2` says as much as two rules do.
/// Nothing for other rules.
pub(super) fn unnamed(normal: &Normal<'_>, id: RuleId) -> Vec<super::parts::ComparedClause> {
    let policy = normal.policy;
    let rule = &policy.rules[id];
    if rule.name.is_some() || rule.power.is_some() {
        return Vec::new();
    }
    let mut outcomes: Vec<OutcomeId> = Vec::new();
    for (outcome, _) in rule.branches.iter().flat_map(|branch| &branch.assigns) {
        if !outcomes.contains(outcome) {
            outcomes.push(*outcome);
        }
    }
    let clause = |outcome: OutcomeId| {
        let mut parts = PartBuilder::new(normal);
        parts.rule(rule, Some(outcome));
        ComparedClause {
            kind: super::item::ClauseKind::Rule,
            item: None,
            rule: Some(id),
            token: format!("rule of {}", normal.item(NamedItem::Outcome(outcome))),
            name: rule.shown.clone(),
            span: rule.span,
            parts: parts.finish(),
        }
    };
    outcomes.into_iter().map(clause).collect()
}

/// Of each rule what it stands above, through any chain, for any outcome that both assign (R4): the places that `known` has
/// for those rules, in order.
pub(super) fn below(policy: &Policy, known: &BTreeMap<RuleId, Vec<usize>>) -> BTreeMap<RuleId, Vec<usize>> {
    let mut below: BTreeMap<RuleId, Vec<usize>> = BTreeMap::new();
    for outcome in policy.outcomes.values() {
        let mut under: Vec<Vec<usize>> = vec![Vec::new(); outcome.contenders.len()];
        for contender in &outcome.contenders {
            let Some(places) = known.get(&contender.rule) else { continue };
            for upper in contender.above.iter() {
                if let Some(list) = under.get_mut(upper as usize) {
                    list.extend(places);
                }
            }
        }
        for (contender, list) in outcome.contenders.iter().zip(under) {
            below.entry(contender.rule).or_default().extend(list);
        }
    }
    for list in below.values_mut() {
        list.sort_unstable();
        list.dedup();
    }
    below
}

/// Whether a rule stands above another for an outcome that both assign.
pub(super) fn is_above(policy: &Policy, upper: RuleId, lower: RuleId) -> bool {
    policy.outcomes.values().any(|outcome| {
        let place = |rule: RuleId| outcome.contenders.iter().position(|contender| contender.rule == rule);
        let (Some(upper), Some(lower)) = (place(upper), place(lower)) else { return false };
        let lower = outcome.contenders.get(lower);
        lower.zip(u32::try_from(upper).ok()).is_some_and(|(lower, upper)| lower.above.contains(upper))
    })
}
