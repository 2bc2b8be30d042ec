//! What stands, but is probably not meant.

use super::Checker;
use super::errors;
use crate::policy::{Expr, ExprId, Exprs, Outcome};

impl Checker<'_> {
    pub(super) fn lints(&mut self) {
        let mut said = Vec::new();
        let policy = &self.policy;
        for outcome in policy.outcomes.values() {
            if outcome.contenders.is_empty() && outcome.otherwise.is_none() {
                said.push(errors::no_rule(outcome));
            }
            self.complementary(outcome, &mut said);
            if let Some(otherwise) = outcome.otherwise
                && matches!(policy.exprs.node(otherwise), Expr::Round { .. })
                && !self.bracketed(policy.exprs.span(otherwise))
            {
                said.push(errors::otherwise_rounded(policy.exprs.span(otherwise)));
            }
        }
        for (id, rule) in policy.rules.iter() {
            let last = rule.branches.last();
            if rule.branches.len() > 1
                && !rule.notwithstanding.is_empty()
                && let Some(last) = last.filter(|branch| branch.condition.is_none())
            {
                said.push(errors::always_displaces(rule, last.span));
            }
            for other in &rule.notwithstanding {
                let meets = policy.outcomes.values().any(|outcome| {
                    let has = |wanted| outcome.contenders.iter().any(|contender| contender.rule == wanted);
                    has(id) && has(*other)
                });
                if !meets && !self.chained(id, *other) {
                    said.push(errors::edge_without_effect(rule, &policy.rules[*other]));
                }
            }
        }
        self.said.extend(said);
    }

    /// Whether an edge matters through a chain: something above (or equal to) the upper rule shares an outcome with
    /// something below (or equal to) the lower one.
    fn chained(&self, upper: crate::policy::RuleId, lower: crate::policy::RuleId) -> bool {
        let policy = &self.policy;
        let related = |start: crate::policy::RuleId, up: bool| {
            let mut found = vec![start];
            let mut at = 0;
            while let Some(rule) = found.get(at).copied() {
                at += 1;
                let next: Vec<crate::policy::RuleId> = if up {
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
            let has = |list: &[crate::policy::RuleId]| {
                outcome.contenders.iter().any(|contender| list.contains(&contender.rule))
            };
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
                let unordered = !b.above.contains(&u32::try_from(first).unwrap_or(u32::MAX));
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

/// `C` and `not C`, or one comparison and its opposite.
fn opposite(exprs: &Exprs, a: ExprId, b: ExprId) -> bool {
    match (exprs.node(a), exprs.node(b)) {
        (Expr::Not(inner), _) if same(exprs, *inner, b) => true,
        (_, Expr::Not(inner)) if same(exprs, *inner, a) => true,
        (Expr::Compare { op: p, left: l, right: r }, Expr::Compare { op: q, left: x, right: y }) => {
            *p == q.opposite() && same(exprs, *l, *x) && same(exprs, *r, *y)
        }
        _ => false,
    }
}

/// Whether two expressions are written alike, up to names and literals.
fn same(exprs: &Exprs, a: ExprId, b: ExprId) -> bool {
    let alike = match (exprs.node(a), exprs.node(b)) {
        (Expr::Const(x), Expr::Const(y)) => x == y,
        (Expr::Local(x), Expr::Local(y)) => x == y,
        (Expr::Fact(x), Expr::Fact(y)) => x == y,
        (Expr::Field { field: x, entity: e, .. }, Expr::Field { field: y, entity: f, .. }) => {
            x == y && e == f
        }
        (Expr::Define { id: x, .. }, Expr::Define { id: y, .. }) => x == y,
        (Expr::Outcome { id: x, .. }, Expr::Outcome { id: y, .. }) => x == y,
        (Expr::Duty { id: x, state: s, .. }, Expr::Duty { id: y, state: t, .. }) => x == y && s == t,
        (Expr::Power { id: x, test: s, .. }, Expr::Power { id: y, test: t, .. }) => x == y && s == t,
        (Expr::Act { id: x, part: s, .. }, Expr::Act { id: y, part: t, .. }) => x == y && s == t,
        (Expr::Compare { op: x, .. }, Expr::Compare { op: y, .. }) => x == y,
        (Expr::Today, Expr::Today)
        | (Expr::Not(_), Expr::Not(_))
        | (Expr::And(_), Expr::And(_))
        | (Expr::Or(_), Expr::Or(_))
        | (Expr::By { .. }, Expr::By { .. })
        | (Expr::In { .. }, Expr::In { .. })
        | (Expr::Under { .. }, Expr::Under { .. }) => true,
        (Expr::UnderAnnex { annex: x, .. }, Expr::UnderAnnex { annex: y, .. })
        | (Expr::InAnnex { annex: x, .. }, Expr::InAnnex { annex: y, .. }) => x == y,
        _ => false,
    };
    if !alike {
        return false;
    }
    let (mut left, mut right) = (Vec::new(), Vec::new());
    exprs.operands(a, |operand| left.push(operand));
    exprs.operands(b, |operand| right.push(operand));
    left.len() == right.len() && left.iter().zip(&right).all(|(x, y)| same(exprs, *x, *y))
}
