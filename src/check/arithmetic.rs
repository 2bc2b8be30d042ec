//! Sums, products and negatives: of numbers, of days and of times.

use super::Checker;
use super::errors;
use super::scope::Scope;
use crate::literal;
use crate::policy::{Expr, ExprId, Face, Op, Type};
use crate::text::Span;
use crate::tree::{self, AddOp, MulOp};
use crate::value::{DurationKind, Value};

impl Checker<'_> {
    pub(super) fn negative(&mut self, scope: &mut Scope, inner: &tree::Expr, span: Span) -> Option<ExprId> {
        let id = self.expr(scope, inner, None)?;
        let ty = self.ty(id).clone();
        let node = match (&ty, self.policy.exprs.node(id)) {
            (Type::Number { .. }, Expr::Const(Value::Number(number))) => {
                Expr::Const(Value::Number(number.neg()))
            }
            (Type::Number { .. }, _) => Expr::Op(Op::Negative(id)),
            (Type::Duration(_), _) => Expr::Op(Op::DurationNegative(id)),
            _ => {
                let error = errors::number_wanted(self, inner, id);
                self.say(error);
                return None;
            }
        };
        Some(self.push(node, ty, span))
    }

    /// `compound of R over N rounded to STEP` (M12)
    pub(super) fn compound(
        &mut self,
        scope: &mut Scope,
        (rate, times): (&tree::Expr, &tree::Expr),
        rounded: &tree::Rounded,
        span: Span,
    ) -> Option<ExprId> {
        let rate = self.typed(scope, rate, &Type::rate());
        let count = self.expr(scope, times, Some(&Type::number()))?;
        if matches!(self.ty(count), Type::Duration(_)) {
            self.say(errors::times_are_a_number(times.span, self.written(times.span)));
            return None;
        }
        let times = self.typed(scope, times, &Type::number());
        let step = self.step_of(rounded, &Type::number());
        let op = Op::Compound { rate: rate?, times: times?, mode: rounded.mode, step: step? };
        Some(self.push(Expr::Op(op), Type::number(), span))
    }

    /// Left to right; neighbours of one kind become one flat node.
    pub(super) fn sum(
        &mut self,
        scope: &mut Scope,
        first: &tree::Expr,
        rest: &[(AddOp, tree::Expr)],
        span: Span,
    ) -> Option<ExprId> {
        let mut ids = vec![(AddOp::Plus, first, self.expr(scope, first, None))];
        for (op, expr) in rest {
            ids.push((*op, expr, self.expr(scope, expr, None)));
        }
        let mut parts = Vec::with_capacity(ids.len());
        for (op, expr, id) in ids {
            parts.push((op, expr, id?));
        }
        let mut parts = parts.into_iter();
        let (_, head, mut total) = parts.next()?;
        let mut flat: Vec<(AddOp, ExprId)> = Vec::new();
        let mut last = head.span;
        let count = parts.len();
        for (at, (op, expr, id)) in (1..).zip(parts) {
            let (left, right) = (self.ty(total).clone(), self.ty(id).clone());
            let here = if at == count { span } else { span.to(self.with_brackets(expr.span)) };
            match (&left, &right) {
                (Type::Number { .. }, Type::Number { .. }) | (Type::Duration(_), Type::Duration(_))
                    if left.same(&right) =>
                {
                    flat.push((op, id));
                    last = self.with_brackets(expr.span);
                    continue;
                }
                (Type::Date, Type::Duration(kind)) => {
                    // A date is never part of a run: nothing is waiting in `flat`.
                    let node = self.shifted(total, op, id, *kind);
                    total = self.push(node, Type::Date, here);
                }
                (Type::Duration(kind), Type::Date) if op == AddOp::Plus => {
                    let kind = *kind;
                    let wait = self.flat_sum(total, &mut flat, span.to(last));
                    let node = Expr::Op(Op::Shift { day: id, sign: op, wait, kind });
                    total = self.push(node, Type::Date, here);
                }
                (Type::Date, Type::Date) if op == AddOp::Minus => {
                    let node = Expr::Op(Op::DaysBetween { later: total, earlier: id });
                    total = self.push(node, Type::Duration(DurationKind::Days), here);
                }
                _ => {
                    let error = errors::cannot_add(self, op, (head, total), (expr, id), here);
                    self.say(error);
                    return None;
                }
            }
            last = self.with_brackets(expr.span);
        }
        Some(self.flat_sum(total, &mut flat, span))
    }

    /// `day ± wait`; of literals the day itself, unless there is none, which is for `run` to say.
    fn shifted(&self, day: ExprId, sign: AddOp, wait: ExprId, kind: DurationKind) -> Expr {
        if let (Expr::Const(Value::Date(from)), Expr::Const(Value::Duration(count))) =
            (self.policy.exprs.node(day), self.policy.exprs.node(wait))
        {
            let count = if sign == AddOp::Plus { Some(*count) } else { count.checked_neg() };
            let calendars = &self.policy.calendars;
            if let Some(Ok(day)) = count.map(|count| literal::shift(calendars, *from, count, kind)) {
                return Expr::Const(Value::Date(day));
            }
        }
        Expr::Op(Op::Shift { day, sign, wait, kind })
    }

    /// Closes a run of additions begun at `first`.
    fn flat_sum(&mut self, first: ExprId, flat: &mut Vec<(AddOp, ExprId)>, span: Span) -> ExprId {
        if flat.is_empty() {
            return first;
        }
        let rest: Box<[(AddOp, ExprId)]> = std::mem::take(flat).into_boxed_slice();
        let mut ty = self.ty(first).clone();
        if let Type::Number { face, .. } = &mut ty
            && *face == Face::Plain
        {
            let named = rest.iter().find_map(|(_, id)| match self.ty(*id) {
                Type::Number { face, .. } if *face != Face::Plain => Some(face.clone()),
                _ => None,
            });
            *face = named.unwrap_or(Face::Plain);
        }
        let node = match ty {
            Type::Duration(_) => Expr::Op(Op::DurationSum { first, rest }),
            _ => Expr::Op(Op::Sum { first, rest }),
        };
        self.push(node, ty, span)
    }

    pub(super) fn product(
        &mut self,
        scope: &mut Scope,
        first: &tree::Expr,
        rest: &[(MulOp, tree::Expr)],
        span: Span,
    ) -> Option<ExprId> {
        let head = self.expr(scope, first, None);
        let ids: Vec<Option<ExprId>> = rest.iter().map(|(_, expr)| self.expr(scope, expr, None)).collect();
        let mut total = head?;
        let mut ty = self.ty(total).clone();
        let mut flat: Vec<(MulOp, ExprId)> = Vec::new();
        for (at, ((op, expr), id)) in (1..).zip(rest.iter().zip(ids)) {
            let id = id?;
            let span = if at == rest.len() { span } else { span.to(self.with_brackets(expr.span)) };
            let right = self.ty(id).clone();
            if let (Type::Number { .. }, Type::Number { .. }) = (&ty, &right) {
                ty = self.multiplied(&ty, *op, &right, span)?;
                flat.push((*op, id));
                continue;
            }
            total = self.flat_product(total, &mut flat, &ty, span);
            let node = match (&ty, &right, op) {
                (Type::Duration(_), Type::Number { dimension, .. }, op) if dimension.is_none() => {
                    let by = if *op == MulOp::Times { id } else { self.inverse(id) };
                    Expr::Op(Op::DurationTimes { duration: total, by })
                }
                (Type::Number { dimension, .. }, Type::Duration(_), MulOp::Times) if dimension.is_none() => {
                    ty = right;
                    Expr::Op(Op::DurationTimes { duration: id, by: total })
                }
                (Type::Duration(a), Type::Duration(b), MulOp::Divide) if a == b => {
                    ty = Type::number();
                    Expr::Op(Op::DurationRatio { left: total, right: id })
                }
                _ => {
                    let error = errors::cannot_multiply(self, *op, (first, total), (expr, id), span);
                    self.say(error);
                    return None;
                }
            };
            total = self.push(node, ty.clone(), span);
        }
        Some(self.flat_product(total, &mut flat, &ty, span))
    }

    /// Closes a run of factors begun at `first`.
    fn flat_product(
        &mut self,
        first: ExprId,
        flat: &mut Vec<(MulOp, ExprId)>,
        ty: &Type,
        span: Span,
    ) -> ExprId {
        if flat.is_empty() {
            return first;
        }
        let rest = std::mem::take(flat).into_boxed_slice();
        self.push(Expr::Op(Op::Product { first, rest }), ty.clone(), span)
    }

    fn inverse(&mut self, id: ExprId) -> ExprId {
        let span = self.policy.exprs.span(id);
        let one = self.push(Expr::Const(Value::Number(crate::value::Number::ONE)), Type::number(), span);
        let rest = vec![(MulOp::Divide, id)].into_boxed_slice();
        self.push(Expr::Op(Op::Product { first: one, rest }), Type::number(), span)
    }

    /// The type of a product: dimensions multiply; the face is kept where the dimension is.
    fn multiplied(&mut self, left: &Type, op: MulOp, right: &Type, span: Span) -> Option<Type> {
        let (Type::Number { dimension: a, face: x }, Type::Number { dimension: b, face: y }) = (left, right)
        else {
            return None;
        };
        let product = match op {
            MulOp::Times => a.mul(b),
            MulOp::Divide => a.div(b),
        };
        let Ok(dimension) = product else {
            self.say(errors::units_too_large(span));
            return None;
        };
        let face = if dimension.is_none() {
            match (a.is_none(), x, y) {
                (true, Face::Rate, _) | (true, _, Face::Rate) if op == MulOp::Times => Face::Rate,
                (true, Face::Rate, Face::Plain) => Face::Rate,
                _ => Face::Plain,
            }
        } else if dimension == *a {
            x.clone()
        } else if dimension == *b && op == MulOp::Times {
            y.clone()
        } else {
            Face::Plain
        };
        Some(Type::Number { dimension, face })
    }
}
