//! Expressions by index: names resolved, types known, units scaled away.

use super::{
    ActPart, AnnexId, DefineId, DutyId, DutyState, EntityId, ExprId, FactId, FieldId, FoldId, FunctionId, Op,
    OutcomeId, PowerId, PowerTest, Table, Type,
};
use crate::text::Span;
use crate::tree::AggregateKind;
use crate::value::Value;

/// One operation. Operands were checked: `And` has truth values, and so on. What is not an [`Op`] looks at more than the
/// values of its operands, or not at all of them.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr<E = ExprId> {
    Const(Value),
    /// The day of the point.
    Today,
    /// The row of a `for each`, or a parameter: a place in the current frame. A declaration starts a frame of its own;
    /// an aggregate adds one place for its row.
    Local(u32),
    Fact(FactId),
    Field {
        entity: EntityId,
        row: E,
        field: FieldId,
    },
    /// The row whose key is this text.
    RowByKey {
        entity: EntityId,
        key: E,
    },
    /// With `row` for a `define … for each`.
    Define {
        id: DefineId,
        row: Option<E>,
    },
    /// With `row` for an outcome `for each`.
    Outcome {
        id: OutcomeId,
        row: Option<E>,
    },
    /// In the block of a running total: its value before the row whose own evaluation this is (C4).
    Running(FoldId),
    /// Arguments are evaluated first; an argument that is an error makes the call one.
    Call {
        function: FunctionId,
        args: Box<[E]>,
    },
    /// `column` counts the columns after the keys.
    Lookup {
        annex: AnnexId,
        column: u32,
        keys: Box<[E]>,
    },

    Op(Op<E>),
    And(Box<[E]>),
    Or(Box<[E]>),
    /// The first branch whose condition is true.
    If {
        branches: Box<[(E, E)]>,
        otherwise: E,
    },

    /// `value` on another day, at its close (T4).
    AsOf {
        value: E,
        day: E,
    },
    /// `value` with what was known on a day, or on the outer knowledge day if that is earlier (T4).
    AsKnownOn {
        value: E,
        day: E,
    },
    /// `today > day and (condition as of day)` (T5)
    By {
        condition: E,
        day: E,
    },

    /// T7: the latest day up to today on which a condition became true, else `never`.
    LastStart(E),
    /// D3: whether a duty is in that state; with `of` the row of a duty for each row, or the first day of a period of a
    /// recurring one, which without `of` is the worst of its periods begun (D2).
    Duty {
        id: DutyId,
        of: Option<E>,
        state: DutyState,
    },
    /// O5; with `row` for a power for each row.
    Power {
        id: PowerId,
        row: Option<E>,
        test: PowerTest,
    },
    /// O5: what is read of the act by which a power is done.
    Act {
        id: PowerId,
        row: Option<E>,
        part: ActPart,
    },

    /// O8: the valid acts of a power from `since` on.
    ActCount {
        id: PowerId,
        row: Option<E>,
        since: E,
    },
    /// C7: the mean of `value` on each day from `first` through `last`.
    DayAverage {
        value: E,
        first: E,
        last: E,
    },

    /// Over the rows of an entity; the row is local `local`. No `value` for `count`.
    Aggregate {
        kind: AggregateKind,
        entity: EntityId,
        local: u32,
        value: Option<E>,
        condition: Option<E>,
    },
}

/// Where an expression looks for what it is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A value, the day of the point, a place of the frame, or what its operands make of each other, here and now.
    Pure,
    /// What a name stands for, or what is found by keys.
    Named,
    /// The body of a function, in a frame of its own.
    Called,
    /// Its first operand on another day, or as known on another.
    Shifted,
    /// Many days, one after the other.
    Past,
    /// Duties, powers and their acts.
    Conduct,
    /// The rows of a table.
    Rows,
}

impl<E> Expr<E> {
    pub fn sort(&self) -> Sort {
        match self {
            Expr::Const(_) | Expr::Today | Expr::Local(_) => Sort::Pure,
            Expr::Op(_) | Expr::And(_) | Expr::Or(_) | Expr::If { .. } => Sort::Pure,
            Expr::Fact(_) | Expr::Field { .. } | Expr::Define { .. } | Expr::Outcome { .. } => Sort::Named,
            Expr::Running(_) | Expr::RowByKey { .. } | Expr::Lookup { .. } => Sort::Named,
            Expr::Call { .. } => Sort::Called,
            Expr::AsOf { .. } | Expr::AsKnownOn { .. } | Expr::By { .. } => Sort::Shifted,
            Expr::LastStart(_) | Expr::DayAverage { .. } => Sort::Past,
            Expr::Duty { .. } | Expr::Power { .. } | Expr::Act { .. } | Expr::ActCount { .. } => {
                Sort::Conduct
            }
            Expr::Aggregate { .. } => Sort::Rows,
        }
    }

    /// Its place in the frame, if it is a local.
    pub fn local(&self) -> Option<u32> {
        if let Expr::Local(place) = self { Some(*place) } else { None }
    }

    /// The same operation on other operands, which are visited in the order of the text.
    pub fn map<F>(&self, mut of: impl FnMut(&E) -> F) -> Expr<F> {
        match self {
            Expr::Const(value) => Expr::Const(value.clone()),
            Expr::Today => Expr::Today,
            Expr::Local(place) => Expr::Local(*place),
            Expr::Fact(id) => Expr::Fact(*id),
            Expr::Running(id) => Expr::Running(*id),
            Expr::Field { entity, row, field } => {
                Expr::Field { entity: *entity, row: of(row), field: *field }
            }
            Expr::RowByKey { entity, key } => Expr::RowByKey { entity: *entity, key: of(key) },
            Expr::Define { id, row } => Expr::Define { id: *id, row: row.as_ref().map(of) },
            Expr::Outcome { id, row } => Expr::Outcome { id: *id, row: row.as_ref().map(of) },
            Expr::Call { function, args } => {
                Expr::Call { function: *function, args: args.iter().map(of).collect() }
            }
            Expr::Lookup { annex, column, keys } => {
                Expr::Lookup { annex: *annex, column: *column, keys: keys.iter().map(of).collect() }
            }
            Expr::Op(op) => Expr::Op(op.map(of)),
            Expr::And(list) => Expr::And(list.iter().map(of).collect()),
            Expr::Or(list) => Expr::Or(list.iter().map(of).collect()),
            Expr::If { branches, otherwise } => Expr::If {
                branches: branches.iter().map(|(condition, value)| (of(condition), of(value))).collect(),
                otherwise: of(otherwise),
            },
            Expr::AsOf { value, day } => Expr::AsOf { value: of(value), day: of(day) },
            Expr::AsKnownOn { value, day } => Expr::AsKnownOn { value: of(value), day: of(day) },
            Expr::By { condition, day } => Expr::By { condition: of(condition), day: of(day) },
            Expr::LastStart(condition) => Expr::LastStart(of(condition)),
            Expr::Duty { id, of: row, state } => {
                Expr::Duty { id: *id, of: row.as_ref().map(of), state: *state }
            }
            Expr::Power { id, row, test } => Expr::Power { id: *id, row: row.as_ref().map(of), test: *test },
            Expr::Act { id, row, part } => Expr::Act { id: *id, row: row.as_ref().map(of), part: *part },
            Expr::ActCount { id, row, since } => {
                Expr::ActCount { id: *id, row: row.as_ref().map(&mut of), since: of(since) }
            }
            Expr::DayAverage { value, first, last } => {
                Expr::DayAverage { value: of(value), first: of(first), last: of(last) }
            }
            Expr::Aggregate { kind, entity, local, value, condition } => Expr::Aggregate {
                kind: *kind,
                entity: *entity,
                local: *local,
                value: value.as_ref().map(&mut of),
                condition: condition.as_ref().map(of),
            },
        }
    }

    /// Its operands, in the order of the text.
    pub fn each(&self, visit: impl FnMut(&E)) {
        drop(self.map(visit));
    }

    /// The operation without its operands: two that are equal do the same with as many.
    pub fn head(&self) -> Expr<()> {
        self.map(|_| ())
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
        if self.node(a).head() != self.node(b).head() {
            return false;
        }
        self.parts(a).into_iter().zip(self.parts(b)).all(|(a, b)| self.say_the_same(a, b))
    }

    /// The operands of an expression, in the order of the text.
    pub fn parts(&self, id: ExprId) -> Vec<ExprId> {
        let mut parts = Vec::new();
        self.operands(id, |part| parts.push(part));
        parts
    }

    pub fn operands(&self, id: ExprId, mut visit: impl FnMut(ExprId)) {
        self.node(id).each(|part| visit(*part));
    }
}
