//! Whether an expression can fail at all: what holds only values that never do is no error, whatever is stated (V4, V5). That a
//! number becomes too large is not looked at.

use crate::policy::deps::Node;
use crate::policy::{Expr, ExprId, Policy};
use crate::tree::AggregateKind;
use crate::value::Value;
use std::collections::BTreeSet;

/// Whether something in an expression, or in what it names, may fail.
pub(super) fn can_fail(policy: &Policy, id: ExprId) -> bool {
    let (mut open, mut met) = (vec![id], BTreeSet::new());
    while let Some(id) = open.pop() {
        if !met.insert(id) {
            continue;
        }
        if fails_itself(policy, id) {
            return true;
        }
        open.extend(policy.exprs.parts(id));
        match policy.exprs.node(id) {
            Expr::Define { id, .. } => open.extend(policy.exprs_of(Node::Define(*id))),
            Expr::Call { function, .. } => open.extend(policy.exprs_of(Node::Function(*function))),
            Expr::Duty { id, .. } => open.extend(policy.exprs_of(Node::Duty(*id))),
            _ => {}
        }
    }
    false
}

/// Whether it may fail although no part of it does.
fn fails_itself(policy: &Policy, id: ExprId) -> bool {
    match policy.exprs.node(id) {
        Expr::Const(_)
        | Expr::Today
        | Expr::Local(_)
        | Expr::Fact(_)
        | Expr::Field { .. }
        | Expr::Define { .. }
        | Expr::Call { .. }
        | Expr::And(_)
        | Expr::Or(_)
        | Expr::If { .. }
        | Expr::By { .. }
        | Expr::AsKnownOn { .. } => false,
        Expr::AsOf { day, .. } => {
            !matches!(policy.exprs.node(*day), Expr::Const(Value::Date(day)) if !day.is_never())
        }
        Expr::Aggregate { kind, .. } => match kind {
            AggregateKind::Count | AggregateKind::Sum | AggregateKind::Any | AggregateKind::All => false,
            AggregateKind::Min | AggregateKind::Max | AggregateKind::Average | AggregateKind::First => true,
        },
        // Of a recurring one there may be no such period.
        Expr::Duty { id, .. } => policy.duties[*id].each.is_some(),
        Expr::Op(op) => op.may_fail(|x| not_zero(policy, *x)),
        Expr::RowByKey { .. }
        | Expr::Outcome { .. }
        | Expr::Lookup { .. }
        | Expr::LastStart(_)
        | Expr::Power { .. }
        | Expr::Act { .. }
        | Expr::ActCount { .. }
        | Expr::DayAverage { .. }
        | Expr::Running(_) => true,
    }
}

/// Whether it is written out, and not zero.
fn not_zero(policy: &Policy, id: ExprId) -> bool {
    matches!(policy.exprs.node(id), Expr::Const(Value::Number(number)) if !number.is_zero())
}
