//! Whether an expression can fail at all: what holds only values that never do is no error, whatever is stated (V4, V5). That a
//! number becomes too large is not looked at.

use crate::policy::{Duty, Expr, ExprId, Op, Policy};
use crate::tree::{AggregateKind, MulOp};
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
            Expr::Define { id, .. } => open.push(policy.defines[*id].value),
            Expr::Call { function, .. } => open.push(policy.functions[*function].value),
            Expr::Duty { id, .. } => open.extend(read(&policy.duties[*id])),
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
        Expr::Op(op) => operation(policy, op),
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

fn operation(policy: &Policy, op: &Op) -> bool {
    match op {
        Op::Product { rest, .. } => rest.iter().any(|(op, factor)| {
            let number = policy.exprs.node(*factor);
            let sound = matches!(number, Expr::Const(Value::Number(number)) if !number.is_zero());
            *op == MulOp::Divide && !sound
        }),
        Op::Not(_)
        | Op::Compare { .. }
        | Op::In { .. }
        | Op::InAnnex { .. }
        | Op::Under { .. }
        | Op::InCodes { .. }
        | Op::UnderAnnex { .. }
        | Op::Sum { .. }
        | Op::Negative(_)
        | Op::Clamp { .. }
        | Op::TopUp { .. }
        | Op::Round { .. }
        | Op::DurationSum { .. }
        | Op::DurationNegative(_) => false,
        Op::Compound { .. }
        | Op::Shift { .. }
        | Op::DaysBetween { .. }
        | Op::DurationRatio { .. }
        | Op::DurationTimes { .. }
        | Op::Attribute { .. } => true,
    }
}

/// What a duty reads.
fn read(duty: &Duty) -> impl Iterator<Item = ExprId> {
    let heads = [&duty.from, &duty.until].into_iter().flatten();
    let days = heads.flat_map(|dated| std::iter::once(dated.day).chain(dated.known));
    [Some(duty.performance), Some(duty.deadline), duty.condition, duty.start]
        .into_iter()
        .flatten()
        .chain(days)
}
