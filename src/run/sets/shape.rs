//! What the text of an aggregate says of its rows: with what they are compared, and what else it reads.

use crate::policy::{EntityId, Expr, ExprId, Op, Policy, Sort, Type};
use crate::tree::{AggregateKind, CompareOp};
use std::collections::BTreeSet;

/// What can be said of an aggregate from its text.
pub struct AggregateShape {
    pub entity: EntityId,
    pub local: u32,
    /// What holds of every member.
    pub ties: Vec<Tie>,
    /// Beside the other sides of the equations nothing of the frame is read.
    pub closed: bool,
    /// Some part is read on another day, where a row's own evaluation differs from that of others (T9).
    pub shifts: bool,
}

/// What a member of an aggregate has to do with what asks for it.
#[derive(Clone, Copy, Debug)]
pub struct Tie {
    /// An expression of the row alone.
    pub mine: ExprId,
    /// One that does not read the row.
    pub other: ExprId,
    /// The other is a code under mine; else both are equal.
    pub under: bool,
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
        let mut ties = Vec::new();
        condition.iter().for_each(|condition| self.ties(*condition, true, &mut ties));
        // A row of which it is false has no part in `any`, one of which it is true none in `all`.
        match kind {
            AggregateKind::Any => value.iter().for_each(|value| self.ties(*value, true, &mut ties)),
            AggregateKind::All => value.iter().for_each(|value| self.ties(*value, false, &mut ties)),
            _ => {}
        }
        let parts: Vec<ExprId> = value.into_iter().chain(condition).collect();
        let apart: BTreeSet<ExprId> = ties.iter().map(|(whole, _)| *whole).collect();
        AggregateShape {
            entity,
            local: self.local,
            closed: !self.any(&parts, &apart, |node| self.is_outside(node)),
            shifts: self.any(&parts, &BTreeSet::new(), shifts),
            ties: ties.into_iter().map(|(_, tie)| tie).collect(),
        }
    }

    /// The ties without which a condition cannot be true (or, if not `wanted`, false), each with its place in the text; codes
    /// under one of the row, once.
    fn ties(&self, id: ExprId, wanted: bool, found: &mut Vec<(ExprId, Tie)>) {
        match self.policy.exprs.node(id) {
            Expr::And(list) if wanted => list.iter().for_each(|one| self.ties(*one, wanted, found)),
            Expr::Or(list) if !wanted => list.iter().for_each(|one| self.ties(*one, wanted, found)),
            Expr::Op(Op::Not(one)) => self.ties(*one, !wanted, found),
            Expr::Op(Op::Compare { op, left, right }) => {
                let equal = if wanted { CompareOp::Equal } else { CompareOp::NotEqual };
                let sides = [(*left, *right), (*right, *left)];
                let sides =
                    sides.into_iter().find(|(mine, other)| self.is_of_row(*mine) && !self.reads_row(*other));
                let tie = |(mine, other)| (id, Tie { mine, other, under: false });
                found.extend(sides.filter(|_| *op == equal).map(tie));
            }
            Expr::Op(Op::Under { item, set }) if wanted && !found.iter().any(|(_, tie)| tie.under) => {
                let [mine] = set.as_ref() else { return };
                let codes = *self.policy.exprs.ty(*mine) == Type::Code;
                if codes && self.is_of_row(*mine) && !self.reads_row(*item) {
                    found.push((id, Tie { mine: *mine, other: *item, under: true }));
                }
            }
            _ => {}
        }
    }

    /// It reads the row and nothing else of the frame.
    fn is_of_row(&self, id: ExprId) -> bool {
        self.reads_row(id) && !self.any(&[id], &BTreeSet::new(), |node| self.is_outside(node))
    }

    fn reads_row(&self, id: ExprId) -> bool {
        self.any(&[id], &BTreeSet::new(), |node| node.local() == Some(self.local))
    }

    /// What belongs to the frame that the aggregate stands in.
    fn is_outside(&self, node: &Expr) -> bool {
        matches!(node, Expr::Running(_)) || node.local().is_some_and(|place| place < self.local)
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
