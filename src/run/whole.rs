//! Expressions whose values are whole by their nature (M5), so that a range of them has no fractions in it.

use super::Evaluator;
use super::plan::is_whole;
use crate::policy::{Expr, ExprId, Policy};
use crate::tree::{AggregateKind, MulOp};

impl Evaluator<'_> {
    pub(super) fn is_whole(&self, id: ExprId) -> bool {
        whole(self.policy, id)
    }
}

/// Names are not followed: what a define or function computes may be anything.
fn whole(policy: &Policy, id: ExprId) -> bool {
    match policy.exprs.node(id) {
        Expr::Const(value) => is_whole(value),
        Expr::Fact(fact) => policy.facts[*fact].whole,
        Expr::Field { entity, field, .. } => policy.entities[*entity].fields[*field].whole,
        Expr::Outcome { id, .. } => policy.outcomes[*id].whole,
        Expr::Sum { first, rest } => whole(policy, *first) && rest.iter().all(|(_, x)| whole(policy, *x)),
        Expr::Product { first, rest } => {
            whole(policy, *first) && rest.iter().all(|(op, x)| *op == MulOp::Times && whole(policy, *x))
        }
        Expr::Negative(value) | Expr::AsOf { value, .. } | Expr::AsKnownOn { value, .. } => {
            whole(policy, *value)
        }
        Expr::Clamp { value, bound, .. } => whole(policy, *value) && whole(policy, *bound),
        Expr::TopUp { value, to } => whole(policy, *value) && whole(policy, *to),
        Expr::Round { step, .. } => step.is_integer(),
        Expr::If { branches, otherwise } => {
            branches.iter().all(|(_, value)| whole(policy, *value)) && whole(policy, *otherwise)
        }
        Expr::Part { .. } => true,
        Expr::Aggregate { kind, value, .. } => match kind {
            AggregateKind::Count => true,
            AggregateKind::Sum | AggregateKind::Min | AggregateKind::Max | AggregateKind::First => {
                value.is_some_and(|value| whole(policy, value))
            }
            AggregateKind::Average | AggregateKind::Any | AggregateKind::All => false,
        },
        _ => false,
    }
}
