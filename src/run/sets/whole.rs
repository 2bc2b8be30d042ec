//! Expressions whose values are whole by their nature (M5), so that a range of them has no fractions in it.

use crate::policy::{Expr, ExprId, Policy};
use crate::run::Evaluator;
use crate::run::frame::plan::is_whole;
use crate::tree::AggregateKind;

impl Evaluator<'_> {
    pub(crate) fn is_whole(&self, id: ExprId) -> bool {
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
        Expr::Op(op) => op.is_whole(|x| whole(policy, *x)),
        Expr::AsOf { value, .. } | Expr::AsKnownOn { value, .. } => whole(policy, *value),
        Expr::If { branches, otherwise } => {
            branches.iter().all(|(_, value)| whole(policy, *value)) && whole(policy, *otherwise)
        }
        Expr::Aggregate { kind, value, .. } => match kind {
            AggregateKind::Count => true,
            AggregateKind::Sum | AggregateKind::Min | AggregateKind::Max | AggregateKind::First => {
                value.is_some_and(|value| whole(policy, value))
            }
            AggregateKind::Average | AggregateKind::Any | AggregateKind::All => false,
        },
        Expr::ActCount { .. } => true,
        _ => false,
    }
}
