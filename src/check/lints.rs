//! What stands, but is probably not meant.

use super::Checker;
use super::errors;
use crate::policy::{Expr, ExprId, Exprs, Op, Outcome, RuleId};
use std::collections::BTreeSet;

impl Checker<'_> {
    pub(super) fn lints(&mut self) {
        let mut said = Vec::new();
        let policy = &self.policy;
        for outcome in policy.outcomes.values() {
            if outcome.contenders.is_empty() && outcome.otherwise.is_none() {
                said.push(errors::no_rule(outcome));
            }
            self.complementary(outcome, &mut said);
            if let Some(rounded) = outcome.otherwise.map(|otherwise| last_of(&policy.exprs, otherwise))
                && matches!(policy.exprs.node(rounded), Expr::Op(Op::Round { .. }))
                && !self.bracketed(policy.exprs.span(rounded))
            {
                said.push(errors::otherwise_rounded(policy.exprs.span(rounded)));
            }
        }
        let subject: BTreeSet<RuleId> =
            policy.rules.values().flat_map(|rule| rule.subject_to.iter().copied()).collect();
        for (id, rule) in policy.rules.iter() {
            let last = rule.branches.last();
            if rule.branches.len() > 1
                && (!rule.notwithstanding.is_empty() || subject.contains(&id))
                && let Some(last) = last.filter(|branch| branch.condition.is_none())
            {
                said.push(errors::always_displaces(rule, last.span));
            }
            let idle = |upper: RuleId, lower: RuleId| {
                let meets = policy.outcomes.values().any(|outcome| {
                    let has = |wanted| outcome.contenders.iter().any(|contender| contender.rule == wanted);
                    has(upper) && has(lower)
                });
                !meets && !self.chained(upper, lower)
            };
            for other in rule.notwithstanding.iter().filter(|other| idle(id, **other)) {
                said.push(errors::edge_without_effect(rule, &policy.rules[*other], "notwithstanding"));
            }
            for other in rule.subject_to.iter().filter(|other| idle(**other, id)) {
                said.push(errors::edge_without_effect(rule, &policy.rules[*other], "subject to"));
            }
        }
        self.said.extend(said);
    }

    /// Whether an edge matters through a chain: something above (or equal to) the upper rule shares an outcome with
    /// something below (or equal to) the lower one.
    fn chained(&self, upper: RuleId, lower: RuleId) -> bool {
        let policy = &self.policy;
        let related = |start: RuleId, up: bool| {
            let mut found = vec![start];
            let mut at = 0;
            while let Some(rule) = found.get(at).copied() {
                at += 1;
                let next: Vec<RuleId> = if up {
                    let above =
                        policy.rules.iter().filter(|(_, other)| other.notwithstanding.contains(&rule));
                    above.map(|(id, _)| id).chain(policy.rules[rule].subject_to.iter().copied()).collect()
                } else {
                    let below = policy.rules.iter().filter(|(_, other)| other.subject_to.contains(&rule));
                    below
                        .map(|(id, _)| id)
                        .chain(policy.rules[rule].notwithstanding.iter().copied())
                        .collect()
                };
                for rule in next {
                    if !found.contains(&rule) {
                        found.push(rule);
                    }
                }
            }
            found
        };
        let (above, below) = (related(upper, true), related(lower, false));
        policy.outcomes.values().any(|outcome| {
            let has =
                |list: &[RuleId]| outcome.contenders.iter().any(|contender| list.contains(&contender.rule));
            has(&above) && has(&below)
        })
    }

    /// R7: two rules under opposite conditions are undetermined where one `otherwise` would not be.
    fn complementary(&self, outcome: &Outcome, said: &mut Vec<crate::diag::Diagnostic>) {
        let policy = &self.policy;
        let single = |at: usize| {
            let contender = outcome.contenders.get(at)?;
            let rule = &policy.rules[contender.rule];
            match rule.branches.as_slice() {
                // What has begun may outlive its condition (T8).
                [only] if rule.lasting.is_none() => only.condition.map(|condition| (contender, condition)),
                _ => None,
            }
        };
        // Quadratic, hence only where people still read every rule.
        let count = outcome.contenders.len().min(200);
        for second in 0..count {
            for first in 0..second {
                let (Some((a, x)), Some((b, y))) = (single(first), single(second)) else { continue };
                let unordered = !u32::try_from(first).is_ok_and(|first| b.above.contains(first));
                // Versions of one rule are never in force together.
                let (first, second) = (&policy.rules[a.rule].name, &policy.rules[b.rule].name);
                let versions = first.is_some() && first == second;
                if unordered && !versions && opposite(&policy.exprs, x, y) {
                    said.push(errors::complementary(&policy.rules[a.rule], &policy.rules[b.rule]));
                }
            }
        }
    }
}

/// What stands last in the text of a value, where what follows it would be taken to be said of all.
fn last_of(exprs: &Exprs, id: ExprId) -> ExprId {
    match exprs.node(id) {
        Expr::If { otherwise, .. } => last_of(exprs, *otherwise),
        _ => id,
    }
}

/// `C` and `not C`, or one comparison and its opposite.
fn opposite(exprs: &Exprs, a: ExprId, b: ExprId) -> bool {
    match (exprs.node(a), exprs.node(b)) {
        (Expr::Op(Op::Not(inner)), _) if exprs.say_the_same(*inner, b) => true,
        (_, Expr::Op(Op::Not(inner))) if exprs.say_the_same(*inner, a) => true,
        (
            Expr::Op(Op::Compare { op: p, left: l, right: r }),
            Expr::Op(Op::Compare { op: q, left: x, right: y }),
        ) => *p == q.opposite() && exprs.say_the_same(*l, *x) && exprs.say_the_same(*r, *y),
        _ => false,
    }
}
