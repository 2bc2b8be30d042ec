//! Expressions by index: names resolved, types known, units scaled away.

use super::{
    ActPart, AnnexId, DefineId, DutyId, DutyState, EntityId, ExprId, FactId, FieldId, FoldId, FunctionId,
    OutcomeId, PowerId, PowerTest, Table, Type,
};
use crate::text::Span;
use crate::tree::{AddOp, AggregateKind, ClampSide, CompareOp, Edge, MulOp};
use crate::value::{DurationKind, Number, Period, Rounding, Value};

/// One operation. Operands were checked: a `Sum` has numbers of one dimension, `And` has truth values, and so on.
/// Numbers are in base units.
#[derive(Clone, Debug)]
pub enum Expr {
    Const(Value),
    /// The day of the point.
    Today,
    /// The row of a `for each`, or a parameter: a place in the current frame. A declaration starts a frame of its own;
    /// an aggregate adds one place for its row.
    Local(u32),
    Fact(FactId),
    Field {
        entity: EntityId,
        row: ExprId,
        field: FieldId,
    },
    /// The row whose key is this text.
    RowByKey {
        entity: EntityId,
        key: ExprId,
    },
    /// With `row` for a `define … for each`.
    Define {
        id: DefineId,
        row: Option<ExprId>,
    },
    /// With `row` for an outcome `for each`.
    Outcome {
        id: OutcomeId,
        row: Option<ExprId>,
    },
    /// In the block of a running total: its value before the row whose own evaluation this is (C4).
    Running(FoldId),
    /// Arguments are evaluated first; an argument that is an error makes the call one.
    Call {
        function: FunctionId,
        args: Box<[ExprId]>,
    },
    /// `column` counts the columns after the keys.
    Lookup {
        annex: AnnexId,
        column: u32,
        keys: Box<[ExprId]>,
    },

    Not(ExprId),
    And(Box<[ExprId]>),
    Or(Box<[ExprId]>),
    /// Both sides of one type.
    Compare {
        op: CompareOp,
        left: ExprId,
        right: ExprId,
    },
    /// Equal to one of these.
    In {
        item: ExprId,
        set: Box<[ExprId]>,
    },
    /// Equal to a key of the annex.
    InAnnex {
        item: ExprId,
        annex: AnnexId,
    },
    /// A code under one of these codes, or an enum value nested under (or equal to) one of these.
    Under {
        item: ExprId,
        set: Box<[ExprId]>,
    },
    /// A code under one of the annex's (first) keys.
    UnderAnnex {
        item: ExprId,
        annex: AnnexId,
    },

    /// Numbers of one dimension.
    Sum {
        first: ExprId,
        rest: Box<[(AddOp, ExprId)]>,
    },
    Product {
        first: ExprId,
        rest: Box<[(MulOp, ExprId)]>,
    },
    Negative(ExprId),
    /// Numbers, days or durations: the greater (`at least`), the lesser (`at most`).
    Clamp {
        value: ExprId,
        side: ClampSide,
        bound: ExprId,
    },
    Round {
        value: ExprId,
        mode: Rounding,
        step: Number,
    },
    /// `to - value`, never below zero.
    TopUp {
        value: ExprId,
        to: ExprId,
    },
    /// The first branch whose condition is true.
    If {
        branches: Box<[(ExprId, ExprId)]>,
        otherwise: ExprId,
    },

    /// `day + wait`, `day - wait`, the count of `wait` being of this kind.
    Shift {
        day: ExprId,
        sign: AddOp,
        wait: ExprId,
        kind: DurationKind,
    },
    /// `later - earlier`, in days.
    DaysBetween {
        later: ExprId,
        earlier: ExprId,
    },
    /// Durations of one kind.
    DurationSum {
        first: ExprId,
        rest: Box<[(AddOp, ExprId)]>,
    },
    /// A duration times a number; the count must come out whole (`not whole`).
    DurationTimes {
        duration: ExprId,
        by: ExprId,
    },
    DurationNegative(ExprId),
    /// A duration by a duration of its kind: a number.
    DurationRatio {
        left: ExprId,
        right: ExprId,
    },
    /// First or last day of the month, quarter or year.
    Edge {
        edge: Edge,
        period: Period,
        day: ExprId,
    },
    /// The number of the year, quarter or month.
    Part {
        period: Period,
        day: ExprId,
    },

    /// `value` on another day, at its close (T4).
    AsOf {
        value: ExprId,
        day: ExprId,
    },
    /// `value` with what was known on a day, or on the outer knowledge day if that is earlier (T4).
    AsKnownOn {
        value: ExprId,
        day: ExprId,
    },
    /// `today > day and (condition as of day)` (T5)
    By {
        condition: ExprId,
        day: ExprId,
    },

    /// T7: the latest day up to today on which a condition became true, else `never`.
    LastStart(ExprId),
    /// D3: whether a duty is in that state; with `of` the row of a duty for each row, or the first day of a period of a
    /// recurring one, which without `of` is the worst of its periods begun (D2).
    Duty {
        id: DutyId,
        of: Option<ExprId>,
        state: DutyState,
    },
    /// O5; with `row` for a power for each row.
    Power {
        id: PowerId,
        row: Option<ExprId>,
        test: PowerTest,
    },
    /// O5: what is read of the act by which a power is done.
    Act {
        id: PowerId,
        row: Option<ExprId>,
        part: ActPart,
    },

    /// Over the rows of an entity; the row is local `local`. No `value` for `count`.
    Aggregate {
        kind: AggregateKind,
        entity: EntityId,
        local: u32,
        value: Option<ExprId>,
        condition: Option<ExprId>,
    },
}

impl Expr {
    /// The same operation, its operands aside.
    pub fn is_same_operation(&self, other: &Expr) -> bool {
        use Expr::*;
        match (self, other) {
            (Const(a), Const(b)) => a == b,
            (Local(a), Local(b)) => a == b,
            (Fact(a), Fact(b)) => a == b,
            (Field { entity: a, field: f, .. }, Field { entity: b, field: g, .. }) => (a, f) == (b, g),
            (RowByKey { entity: a, .. }, RowByKey { entity: b, .. }) => a == b,
            (Define { id: a, .. }, Define { id: b, .. }) => a == b,
            (Outcome { id: a, .. }, Outcome { id: b, .. }) => a == b,
            (Running(a), Running(b)) => a == b,
            (Call { function: a, .. }, Call { function: b, .. }) => a == b,
            (Duty { id: a, of: o, state: s }, Duty { id: b, of: p, state: t }) => {
                (a, s, o.is_some()) == (b, t, p.is_some())
            }
            (Power { id: a, test: s, .. }, Power { id: b, test: t, .. }) => (a, s) == (b, t),
            (Act { id: a, part: s, .. }, Act { id: b, part: t, .. }) => (a, s) == (b, t),
            (Lookup { annex: a, column: c, .. }, Lookup { annex: b, column: d, .. }) => (a, c) == (b, d),
            (InAnnex { annex: a, .. }, InAnnex { annex: b, .. }) => a == b,
            (UnderAnnex { annex: a, .. }, UnderAnnex { annex: b, .. }) => a == b,
            (Compare { op: a, .. }, Compare { op: b, .. }) => a == b,
            (Clamp { side: a, .. }, Clamp { side: b, .. }) => a == b,
            (Round { mode: a, step: s, .. }, Round { mode: b, step: t, .. }) => (a, s) == (b, t),
            (Shift { sign: a, kind: k, .. }, Shift { sign: b, kind: l, .. }) => (a, k) == (b, l),
            (Edge { edge: a, period: p, .. }, Edge { edge: b, period: q, .. }) => (a, p) == (b, q),
            (Part { period: a, .. }, Part { period: b, .. }) => a == b,
            (Sum { rest: a, .. }, Sum { rest: b, .. }) => a.iter().map(|x| x.0).eq(b.iter().map(|x| x.0)),
            (Product { rest: a, .. }, Product { rest: b, .. }) => {
                a.iter().map(|x| x.0).eq(b.iter().map(|x| x.0))
            }
            (DurationSum { rest: a, .. }, DurationSum { rest: b, .. }) => {
                a.iter().map(|x| x.0).eq(b.iter().map(|x| x.0))
            }
            (
                Aggregate { kind: a, entity: e, local: l, value: v, condition: c },
                Aggregate { kind: b, entity: f, local: m, value: w, condition: d },
            ) => (a, e, l, v.is_some(), c.is_some()) == (b, f, m, w.is_some(), d.is_some()),
            _ => self.is_bare() && std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }

    /// An operation that is nothing but its kind and its operands.
    pub fn is_bare(&self) -> bool {
        matches!(
            self,
            Expr::Today
                | Expr::Not(_)
                | Expr::And(_)
                | Expr::Or(_)
                | Expr::In { .. }
                | Expr::Under { .. }
                | Expr::Negative(_)
                | Expr::TopUp { .. }
                | Expr::If { .. }
                | Expr::DaysBetween { .. }
                | Expr::DurationTimes { .. }
                | Expr::DurationNegative(_)
                | Expr::DurationRatio { .. }
                | Expr::AsOf { .. }
                | Expr::AsKnownOn { .. }
                | Expr::By { .. }
                | Expr::LastStart(_)
        )
    }
}

/// The arena: each expression with its type and its place in the text.
#[derive(Clone, Debug, Default)]
pub struct Exprs {
    nodes: Table<ExprId, Expr>,
    types: Table<ExprId, Type>,
    spans: Table<ExprId, Span>,
}

impl Exprs {
    pub fn push(&mut self, expr: Expr, ty: Type, span: Span) -> ExprId {
        self.types.push(ty);
        self.spans.push(span);
        self.nodes.push(expr)
    }

    #[inline]
    pub fn node(&self, id: ExprId) -> &Expr {
        &self.nodes[id]
    }

    /// Every expression of the policy.
    pub fn nodes(&self) -> impl Iterator<Item = &Expr> {
        self.nodes.values()
    }

    pub fn ty(&self, id: ExprId) -> &Type {
        &self.types[id]
    }

    pub fn span(&self, id: ExprId) -> Span {
        self.spans[id]
    }

    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    pub fn ids(&self) -> impl Iterator<Item = ExprId> + use<> {
        self.nodes.ids()
    }

    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Whether two expressions say the same: equal operations on equal operands.
    pub fn say_the_same(&self, a: ExprId, b: ExprId) -> bool {
        if a == b {
            return true;
        }
        if !self.node(a).is_same_operation(self.node(b)) {
            return false;
        }
        let (mut left, mut right) = (Vec::new(), Vec::new());
        self.operands(a, |operand| left.push(operand));
        self.operands(b, |operand| right.push(operand));
        left.len() == right.len() && left.iter().zip(&right).all(|(a, b)| self.say_the_same(*a, *b))
    }

    /// The operands of an expression, in the order of the text.
    pub fn operands(&self, id: ExprId, mut visit: impl FnMut(ExprId)) {
        match self.node(id) {
            Expr::Const(_) | Expr::Today | Expr::Local(_) | Expr::Fact(_) | Expr::Running(_) => {}
            Expr::Field { row: x, .. }
            | Expr::RowByKey { key: x, .. }
            | Expr::Not(x)
            | Expr::InAnnex { item: x, .. }
            | Expr::UnderAnnex { item: x, .. }
            | Expr::Negative(x)
            | Expr::Round { value: x, .. }
            | Expr::DurationNegative(x)
            | Expr::Edge { day: x, .. }
            | Expr::Part { day: x, .. }
            | Expr::LastStart(x) => visit(*x),
            Expr::Define { row, .. }
            | Expr::Outcome { row, .. }
            | Expr::Duty { of: row, .. }
            | Expr::Power { row, .. }
            | Expr::Act { row, .. } => row.iter().for_each(|x| visit(*x)),
            Expr::Call { args: list, .. }
            | Expr::Lookup { keys: list, .. }
            | Expr::And(list)
            | Expr::Or(list) => list.iter().for_each(|x| visit(*x)),
            Expr::In { item, set } | Expr::Under { item, set } => {
                visit(*item);
                set.iter().for_each(|x| visit(*x));
            }
            Expr::Compare { left: a, right: b, .. }
            | Expr::Clamp { value: a, bound: b, .. }
            | Expr::TopUp { value: a, to: b }
            | Expr::Shift { day: a, wait: b, .. }
            | Expr::DaysBetween { later: a, earlier: b }
            | Expr::DurationTimes { duration: a, by: b }
            | Expr::DurationRatio { left: a, right: b }
            | Expr::AsOf { value: a, day: b }
            | Expr::AsKnownOn { value: a, day: b }
            | Expr::By { condition: a, day: b } => {
                visit(*a);
                visit(*b);
            }
            Expr::Sum { first, rest } | Expr::DurationSum { first, rest } => {
                visit(*first);
                rest.iter().for_each(|(_, x)| visit(*x));
            }
            Expr::Product { first, rest } => {
                visit(*first);
                rest.iter().for_each(|(_, x)| visit(*x));
            }
            Expr::If { branches, otherwise } => {
                for (condition, value) in branches {
                    visit(*condition);
                    visit(*value);
                }
                visit(*otherwise);
            }
            Expr::Aggregate { value, condition, .. } => {
                value.iter().for_each(|x| visit(*x));
                condition.iter().for_each(|x| visit(*x));
            }
        }
    }
}
