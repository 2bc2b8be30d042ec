//! What the text of an aggregate says of its rows: with what they are compared, and what else it reads.

use crate::policy::{EntityId, Expr, ExprId, Op, Policy, Sort};
use crate::tree::{AggregateKind, CompareOp};
use std::collections::BTreeSet;

/// What can be said of an aggregate from its text.
pub struct AggregateShape {
    pub entity: EntityId,
    pub local: u32,
    /// Equal for every member: an expression of the row alone, and one that does not read the row.
    pub equal: Vec<(ExprId, ExprId)>,
    /// Beside the other sides of the equations nothing of the frame is read.
    pub closed: bool,
    /// Some part is read on another day, where a row's own evaluation differs from that of others (T9).
    pub shifts: bool,
}

/// Reads the text of an aggregate.
pub struct Text<'p> {
    pub policy: &'p Policy,
    pub local: u32,
}

impl Text<'_> {
    pub fn shape(
        &self,
        kind: AggregateKind,
        entity: EntityId,
        value: Option<ExprId>,
        condition: Option<ExprId>,
    ) -> AggregateShape {
        let mut equations = Vec::new();
        condition.iter().for_each(|condition| self.equations(*condition, true, &mut equations));
        // A row of which it is false has no part in `any`, one of which it is true none in `all`.
        match kind {
            AggregateKind::Any => value.iter().for_each(|value| self.equations(*value, true, &mut equations)),
            AggregateKind::All => {
                value.iter().for_each(|value| self.equations(*value, false, &mut equations))
            }
            _ => {}
        }
        let parts: Vec<ExprId> = value.into_iter().chain(condition).collect();
        let apart: BTreeSet<ExprId> = equations.iter().map(|(whole, _)| *whole).collect();
        AggregateShape {
            entity,
            local: self.local,
            closed: !self.any(&parts, &apart, |node| self.is_outside(node)),
            shifts: self.any(&parts, &BTreeSet::new(), shifts),
            equal: equations.into_iter().map(|(_, sides)| sides).collect(),
        }
    }

    /// The equations without which a condition cannot be true (or, if not `wanted`, false).
    fn equations(&self, id: ExprId, wanted: bool, found: &mut Vec<(ExprId, (ExprId, ExprId))>) {
        match self.policy.exprs.node(id) {
            Expr::And(list) if wanted => list.iter().for_each(|one| self.equations(*one, wanted, found)),
            Expr::Or(list) if !wanted => list.iter().for_each(|one| self.equations(*one, wanted, found)),
            Expr::Op(Op::Not(one)) => self.equations(*one, !wanted, found),
            Expr::Op(Op::Compare { op, left, right }) => {
                let equal = if wanted { CompareOp::Equal } else { CompareOp::NotEqual };
                let sides = [(*left, *right), (*right, *left)];
                let sides =
                    sides.into_iter().find(|(mine, other)| self.is_of_row(*mine) && !self.reads_row(*other));
                found.extend(sides.filter(|_| *op == equal).map(|sides| (id, sides)));
            }
            _ => {}
        }
    }

    /// It reads the row and nothing else of the frame.
    fn is_of_row(&self, id: ExprId) -> bool {
        self.reads_row(id) && !self.any(&[id], &BTreeSet::new(), |node| self.is_outside(node))
    }

    fn reads_row(&self, id: ExprId) -> bool {
        self.any(&[id], &BTreeSet::new(), |node| matches!(node, Expr::Local(place) if *place == self.local))
    }

    /// What belongs to the frame that the aggregate stands in.
    fn is_outside(&self, node: &Expr) -> bool {
        match node {
            Expr::Local(place) => *place < self.local,
            Expr::Running(_) => true,
            _ => false,
        }
    }

    /// Whether some expression below is such, but for what is below those set apart.
    fn any(&self, ids: &[ExprId], apart: &BTreeSet<ExprId>, wanted: impl Fn(&Expr) -> bool) -> bool {
        let mut waiting = ids.to_vec();
        while let Some(id) = waiting.pop() {
            if apart.contains(&id) {
                continue;
            }
            if wanted(self.policy.exprs.node(id)) {
                return true;
            }
            self.policy.exprs.operands(id, |operand| waiting.push(operand));
        }
        false
    }
}

/// What is read elsewhere than at the point; what a function does is not looked into.
fn shifts(node: &Expr) -> bool {
    matches!(node.sort(), Sort::Shifted | Sort::Past | Sort::Conduct | Sort::Called)
}
