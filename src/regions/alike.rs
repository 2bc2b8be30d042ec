//! Whether two expressions, perhaps of two policies, are written alike: the same operations on names that are the same.

use super::found::Same;
use crate::policy::{Expr, ExprId, Op, Policy, Type};
use crate::value::{DurationKind, Value};

/// An expression with the policy it stands in.
type SidedExpr<'p> = (&'p Policy, ExprId);

pub(super) fn alike(a: SidedExpr<'_>, b: SidedExpr<'_>, same: &Same) -> bool {
    if std::ptr::eq(a.0, b.0) && a.1 == b.1 {
        return true;
    }
    if !same_head(a, b, same) {
        return false;
    }
    let (mut left, mut right) = (Vec::new(), Vec::new());
    a.0.exprs.operands(a.1, |operand| left.push(operand));
    b.0.exprs.operands(b.1, |operand| right.push(operand));
    left.extend(body(a));
    right.extend(body(b));
    left.len() == right.len() && left.iter().zip(&right).all(|(x, y)| alike((a.0, *x), (b.0, *y), same))
}

/// What a name stands for.
fn body((policy, id): SidedExpr<'_>) -> Vec<ExprId> {
    match policy.exprs.node(id) {
        Expr::Define { id, .. } => vec![policy.defines[*id].value],
        Expr::Call { function, .. } => vec![policy.functions[*function].value],
        _ => Vec::new(),
    }
}

fn same_head((p, a): SidedExpr<'_>, (q, b): SidedExpr<'_>, same: &Same) -> bool {
    use Expr::*;
    match (p.exprs.node(a), q.exprs.node(b)) {
        (Const(x), Const(y)) => match (x, y, p.exprs.ty(a), q.exprs.ty(b)) {
            (Value::Choice(x), Value::Choice(y), Type::Enum(list), Type::Enum(other)) => {
                let name = |policy: &Policy, list: &crate::policy::EnumId, at: u16| {
                    let list = &policy.enums[*list];
                    list.choices.get(usize::from(at)).map(|choice| (list.name.clone(), choice.name.clone()))
                };
                name(p, list, *x) == name(q, other, *y)
            }
            _ => x == y,
        },
        (Local(x), Local(y)) => x == y,
        (Fact(x), Fact(y)) => p.facts[*x].name == q.facts[*y].name,
        (Field { entity: x, field: f, .. }, Field { entity: y, field: g, .. }) => {
            let (left, right) = (&p.entities[*x], &q.entities[*y]);
            left.name == right.name && left.fields[*f].name == right.fields[*g].name
        }
        (RowByKey { entity: x, .. }, RowByKey { entity: y, .. }) => {
            p.entities[*x].name == q.entities[*y].name
        }
        // What they rest on is more than their text.
        (Outcome { id: x, .. }, Outcome { id: y, .. }) => {
            let name = &p.outcomes[*x].name;
            *name == q.outcomes[*y].name && same.outcomes.contains(name)
        }
        (Duty { id: x, state: s, .. }, Duty { id: y, state: t, .. }) => {
            let name = &p.duties[*x].name;
            s == t && *name == q.duties[*y].name && same.duties.contains(name)
        }
        (Power { id: x, test: s, .. }, Power { id: y, test: t, .. }) => {
            let name = &p.powers[*x].name;
            s == t && *name == q.powers[*y].name && same.powers.contains(name)
        }
        (Act { id: x, part: s, .. }, Act { id: y, part: t, .. }) => {
            let name = &p.powers[*x].name;
            s == t && *name == q.powers[*y].name && same.powers.contains(name)
        }
        (Define { .. }, Define { .. }) | (Call { .. }, Call { .. }) => true,
        (Lookup { annex: x, column: c, .. }, Lookup { annex: y, column: d, .. }) => {
            let (left, right) = (&p.annexes[*x], &q.annexes[*y]);
            c == d && left.name == right.name && left.says_the_same(right) && !same.apart.contains(&left.name)
        }
        (Op(x), Op(y)) => same_op((p, x), (q, y), same),
        (
            Aggregate { kind: x, entity: e, local: l, value: v, condition: c },
            Aggregate { kind: y, entity: f, local: m, value: w, condition: d },
        ) => {
            let shape = (x, l, v.is_some(), c.is_some()) == (y, m, w.is_some(), d.is_some());
            shape && p.entities[*e].name == q.entities[*f].name
        }
        // A running total rests on more than its name.
        (Running(_), _) => false,
        (x, y) => x.head() == y.head(),
    }
}

fn same_op((p, a): (&Policy, &Op), (q, b): (&Policy, &Op), same: &Same) -> bool {
    match (a, b) {
        (Op::InAnnex { annex: x, .. }, Op::InAnnex { annex: y, .. })
        | (Op::UnderAnnex { annex: x, .. }, Op::UnderAnnex { annex: y, .. }) => {
            p.annexes[*x].name == q.annexes[*y].name
                && !same.apart.contains(&p.annexes[*x].name)
                && p.annexes[*x].lines.lists_the_same(&q.annexes[*y].lines)
        }
        (
            Op::Shift { sign: x, kind: DurationKind::Business(k), .. },
            Op::Shift { sign: y, kind: DurationKind::Business(l), .. },
        ) => x == y && p.calendars.get(usize::from(k.0)) == q.calendars.get(usize::from(l.0)),
        _ => a.map(|_| ()) == b.map(|_| ()),
    }
}
