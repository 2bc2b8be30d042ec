//! Expressions: names, types and units. Each function says what is wrong and gives none, so that one trouble is said once.

use super::Checker;
use super::errors;
use super::scope::Scope;
use crate::literal;
use crate::policy::{Expr, ExprId, Face, Op, Type};
use crate::text::Span;
use crate::tree::{self, AddOp, ExprKind};
use crate::value::{Attribute, Code, Value, YearPart};

impl Checker<'_> {
    /// Checks an expression of any type. `want` is what the place expects, where it does: bare names and literals are
    /// read by it (`JP`, `8703.20`, a row's key); whether the type fits is the caller's to ask.
    pub(super) fn expr(
        &mut self,
        scope: &mut Scope,
        expr: &tree::Expr,
        want: Option<&Type>,
    ) -> Option<ExprId> {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Quantity(quantity) => {
                let read = match want {
                    Some(Type::Code) => literal::code(quantity, span).map(|code| (code, Type::Code)),
                    _ => literal::quantity(&self.literals(), quantity, span),
                };
                let (value, ty) = self.accept(read)?;
                Some(self.push(Expr::Const(value), ty, span))
            }
            ExprKind::Date(day) => Some(self.push(Expr::Const(Value::Date(*day)), Type::Date, span)),
            ExprKind::Code(code) => {
                let no_code = want == Some(&Type::Date) || Code::parse(code).is_err();
                if let Some(error) = errors::dotted_day(code, span).filter(|_| no_code) {
                    self.say(error);
                    return None;
                }
                let read = Code::parse(code).map_err(|trouble| literal::not_a_code(code, &trouble, span));
                let code = self.accept(read)?;
                Some(self.push(Expr::Const(Value::Code(code)), Type::Code, span))
            }
            ExprKind::Codes { .. } => {
                self.say(errors::codes_alone(span));
                None
            }
            ExprKind::Text(text) => {
                let value = Expr::Const(literal::data::text(text));
                let key = self.push(value, Type::Text, span);
                match want {
                    Some(Type::Row(entity)) => {
                        Some(self.push(Expr::RowByKey { entity: *entity, key }, Type::Row(*entity), span))
                    }
                    _ => Some(key),
                }
            }
            ExprKind::Bool(value) => Some(self.push(Expr::Const(Value::Bool(*value)), Type::Bool, span)),
            ExprKind::Path(path) => self.path(scope, path, span, want),
            ExprKind::Or(list) => self.connected(scope, list, Expr::Or, span),
            ExprKind::And(list) => self.connected(scope, list, Expr::And, span),
            ExprKind::Not(inner) => {
                let inner = self.bool(scope, inner)?;
                Some(self.push(Expr::Op(Op::Not(inner)), Type::Bool, span))
            }
            ExprKind::By { condition, day } => {
                let condition = self.bool(scope, condition);
                let day = self.date(scope, day);
                Some(self.push(Expr::By { condition: condition?, day: day? }, Type::Bool, span))
            }
            ExprKind::Within { condition, wait, start } => {
                let condition = self.bool(scope, condition);
                let start = self.date(scope, start);
                let waited = self.duration(scope, wait);
                let (condition, start, (wait_id, kind)) = (condition?, start?, waited?);
                let shift = Expr::Op(Op::Shift { day: start, sign: AddOp::Plus, wait: wait_id, kind });
                let day = self.push(shift, Type::Date, wait.span);
                Some(self.push(Expr::By { condition, day }, Type::Bool, span))
            }
            ExprKind::Compare { left, op, right } => {
                for side in [left, right] {
                    if let Some(open) = open_aggregate(side)
                        && !self.bracketed(open)
                    {
                        self.say(errors::aggregate_unbracketed(open));
                    }
                }
                let (l, r) = self.pair(scope, left, right)?;
                self.comparable(left, l, *op, right, r, span)?;
                Some(self.push(Expr::Op(Op::Compare { op: *op, left: l, right: r }), Type::Bool, span))
            }
            ExprKind::In { item, set } => self.is_in(scope, item, set, span),
            ExprKind::Under { item, set } => self.is_under(scope, item, set, span),
            ExprKind::Is { subject, negated, state } => self.state(scope, subject, *negated, *state, span),
            ExprKind::Clamp { value, side, bound } => {
                let (v, b) = self.pair(scope, value, bound)?;
                self.ordered(value, v, bound, b)?;
                let ty = self.ty(v).clone();
                Some(self.push(Expr::Op(Op::Clamp { value: v, side: *side, bound: b }), ty, span))
            }
            ExprKind::Rounded { value, rounded } => {
                let value_id = self.expr(scope, value, want)?;
                let step = self.step(rounded, value_id)?;
                let ty = self.ty(value_id).clone();
                Some(self.push(Expr::Op(Op::Round { value: value_id, mode: rounded.mode, step }), ty, span))
            }
            ExprKind::Sum { first, rest } => self.sum(scope, first, rest, span),
            ExprKind::Product { first, rest } => self.product(scope, first, rest, span),
            ExprKind::Negative(inner) => self.negative(scope, inner, span),
            ExprKind::AsOf { value, day } => {
                let value = self.expr(scope, value, want);
                let day = self.date(scope, day);
                let (value, day) = (value?, day?);
                let ty = self.ty(value).clone();
                Some(self.push(Expr::AsOf { value, day }, ty, span))
            }
            ExprKind::AsKnownOn { value, day } => {
                let value = self.expr(scope, value, want);
                let day = self.date(scope, day);
                let (value, day) = (value?, day?);
                let ty = self.ty(value).clone();
                Some(self.push(Expr::AsKnownOn { value, day }, ty, span))
            }
            ExprKind::If { branches, otherwise } => self.choose(scope, branches, otherwise, want, span),
            ExprKind::Compound { rate, times, rounded } => self.compound(scope, (rate, times), rounded, span),
            ExprKind::TopUp { value, to } => {
                let (v, t) = self.pair(scope, value, to)?;
                self.ordered(value, v, to, t)?;
                let ty = self.ty(v).clone();
                if !matches!(ty, Type::Number { .. }) {
                    self.say(errors::number_wanted(self, value, v));
                    return None;
                }
                Some(self.push(Expr::Op(Op::TopUp { value: v, to: t }), ty, span))
            }
            ExprKind::LastStart(condition) => {
                let condition = self.bool(scope, condition)?;
                Some(self.push(Expr::LastStart(condition), Type::Date, span))
            }
            ExprKind::ActCount { power, since } => self.count_of_acts(scope, power, since, span),
            ExprKind::DayAverage { value, first, last } => {
                let value_id = self.expr(scope, value, want);
                let (first, last) = (self.date(scope, first), self.date(scope, last));
                let (value_id, first, last) = (value_id?, first?, last?);
                let ty = self.ty(value_id).clone();
                if !matches!(ty, Type::Number { .. }) {
                    self.say(errors::number_wanted(self, value, value_id));
                    return None;
                }
                Some(self.push(Expr::DayAverage { value: value_id, first, last }, ty, span))
            }
            ExprKind::EdgeOfPeriod(edge) => self.edge_of_period(scope, *edge, span),
            ExprKind::Attribute { attribute, of } => {
                let (takes, ty) = match attribute {
                    Attribute::FirstDay(_) | Attribute::LastDay(_) => (Type::Date, Type::Date),
                    Attribute::Part(_) | Attribute::OwnYear(..) => (Type::Date, Type::number()),
                    Attribute::Level(_) => (Type::Code, Type::Code),
                };
                let of = self.typed(scope, of, &takes)?;
                Some(self.push(Expr::Op(Op::Attribute { attribute: *attribute, of }), ty, span))
            }
            ExprKind::OwnYear { year, part, of } => {
                let attribute = Attribute::OwnYear(self.own_year(year, Some(of))?, *part);
                let ty = if *part == YearPart::Number { Type::number() } else { Type::Date };
                let of = self.typed(scope, of, &Type::Date)?;
                Some(self.push(Expr::Op(Op::Attribute { attribute, of }), ty, span))
            }
            ExprKind::Aggregate(aggregate) => self.aggregate(scope, aggregate, span),
        }
    }

    /// A condition.
    pub(super) fn bool(&mut self, scope: &mut Scope, expr: &tree::Expr) -> Option<ExprId> {
        self.typed(scope, expr, &Type::Bool)
    }

    pub(super) fn date(&mut self, scope: &mut Scope, expr: &tree::Expr) -> Option<ExprId> {
        self.typed(scope, expr, &Type::Date)
    }

    /// An expression of a declared type: assigned, passed, defaulted.
    pub(super) fn typed(&mut self, scope: &mut Scope, expr: &tree::Expr, ty: &Type) -> Option<ExprId> {
        let id = self.expr(scope, expr, Some(ty))?;
        if literal::is_bare_number(expr) && matches!(ty, Type::Number { face: Face::Rate, .. }) {
            self.say(literal::bare_rate(expr));
            return None;
        }
        if !self.ty(id).same(ty) {
            let error = errors::wrong_type(self, ty, id, expr);
            self.say(error);
            return None;
        }
        Some(id)
    }

    fn connected(
        &mut self,
        scope: &mut Scope,
        list: &[tree::Expr],
        node: fn(Box<[ExprId]>) -> Expr,
        span: Span,
    ) -> Option<ExprId> {
        let ids: Vec<Option<ExprId>> = match self.value_behind_or(scope, list) {
            Some(error) => {
                self.say(error);
                return None;
            }
            None => list.iter().map(|expr| self.bool(scope, expr)).collect(),
        };
        let ids: Option<Vec<ExprId>> = ids.into_iter().collect();
        Some(self.push(node(ids?.into_boxed_slice()), Type::Bool, span))
    }

    /// `x = JP or KR`: a comparison, and then values alone.
    fn value_behind_or(&self, scope: &Scope, list: &[tree::Expr]) -> Option<crate::diag::Diagnostic> {
        let (first, others) = list.split_first()?;
        // `a and x = JP or KR`
        let first = match &first.kind {
            ExprKind::And(list) => list.last()?,
            _ => first,
        };
        let in_one = matches!(&first.kind, ExprKind::In { set: tree::SetExpr::One(one), .. }
            if matches!(&one.kind, ExprKind::Path(path) if path.steps.is_empty() && self.is_constant(&path.head.text)));
        let compared = in_one
            || matches!(&first.kind, ExprKind::Compare { op, .. }
            if matches!(op, tree::CompareOp::Equal | tree::CompareOp::NotEqual));
        let is_value = |expr: &tree::Expr| match &expr.kind {
            ExprKind::Quantity(_) | ExprKind::Date(_) | ExprKind::Code(_) | ExprKind::Text(_) => true,
            ExprKind::Path(path) => self.needs_context(scope, expr) && self.is_constant(&path.head.text),
            _ => false,
        };
        let values = compared && !others.is_empty() && others.iter().all(is_value);
        values
            .then(|| errors::or_value(self, first, others, others.first().map_or(first.span, |one| one.span)))
    }

    /// Two sides that must be of one type: the side that can stand alone is read first, the other by its type.
    fn pair(&mut self, scope: &mut Scope, left: &tree::Expr, right: &tree::Expr) -> Option<(ExprId, ExprId)> {
        if self.needs_context(scope, left) && !self.needs_context(scope, right) {
            let r = self.expr(scope, right, None)?;
            let ty = self.ty(r).clone();
            let l = self.expr(scope, left, Some(&ty))?;
            return Some((l, r));
        }
        let l = self.expr(scope, left, None);
        let ty = l.map(|l| self.ty(l).clone());
        let r = self.expr(scope, right, ty.as_ref());
        Some((l?, r?))
    }

    /// Whether an expression is read differently by what is expected: `JP`, `8703.20`, `"ohio"`.
    fn needs_context(&self, scope: &Scope, expr: &tree::Expr) -> bool {
        match &expr.kind {
            ExprKind::Quantity(quantity) => matches!(quantity.suffix, tree::Suffix::None),
            ExprKind::Text(_) => true,
            ExprKind::If { branches, otherwise } => {
                let mut values = branches.iter().map(|(_, value)| value).chain([otherwise.as_ref()]);
                values.all(|value| self.needs_context(scope, value))
            }
            ExprKind::Path(path) => {
                let head = &path.head.text;
                path.steps.is_empty()
                    && scope.find(head).is_none()
                    && !super::names::TAKEN.contains(&head.as_str())
                    && !self.names.get(head).is_some_and(|symbol| symbol.is_value())
            }
            _ => false,
        }
    }

    /// M2, M3: one dimension, and no bare number against a rate.
    fn comparable(
        &mut self,
        left: &tree::Expr,
        l: ExprId,
        op: tree::CompareOp,
        right: &tree::Expr,
        r: ExprId,
        span: Span,
    ) -> Option<()> {
        self.no_bare_rate(left, l, right, r)?;
        let (lt, rt) = (self.ty(l).clone(), self.ty(r).clone());
        if !lt.same(&rt) {
            let error = errors::sides_differ(self, "compare", (left, l), (right, r), span);
            self.say(error);
            return None;
        }
        let ordered = matches!(lt, Type::Number { .. } | Type::Date | Type::Duration(_));
        if !ordered && !matches!(op, tree::CompareOp::Equal | tree::CompareOp::NotEqual) {
            self.say(errors::no_order(self, &lt, span));
            return None;
        }
        Some(())
    }

    /// Both sides numbers, dates or durations of one type.
    fn ordered(&mut self, left: &tree::Expr, l: ExprId, right: &tree::Expr, r: ExprId) -> Option<()> {
        self.no_bare_rate(left, l, right, r)?;
        let (lt, rt) = (self.ty(l).clone(), self.ty(r).clone());
        let span = left.span.to(right.span);
        if !lt.same(&rt) {
            let error = errors::sides_differ(self, "limit", (left, l), (right, r), span);
            self.say(error);
            return None;
        }
        if !matches!(lt, Type::Number { .. } | Type::Date | Type::Duration(_)) {
            self.say(errors::no_order(self, &lt, span));
            return None;
        }
        Some(())
    }

    fn no_bare_rate(&mut self, left: &tree::Expr, l: ExprId, right: &tree::Expr, r: ExprId) -> Option<()> {
        let culprit = if literal::is_bare_number(left) && self.is_rate(r) {
            left
        } else if literal::is_bare_number(right) && self.is_rate(l) {
            right
        } else {
            return Some(());
        };
        self.say(literal::bare_rate(culprit));
        None
    }

    /// A rate literal or a name declared `rate` (M3).
    fn is_rate(&self, id: ExprId) -> bool {
        let named = match self.policy.exprs.node(id) {
            Expr::Define { id, .. } => !self.inferred.contains(id),
            Expr::Const(_)
            | Expr::Fact(_)
            | Expr::Field { .. }
            | Expr::Outcome { .. }
            | Expr::Lookup { .. }
            | Expr::Call { .. }
            | Expr::Act { .. }
            | Expr::Local(_) => true,
            _ => false,
        };
        named && matches!(self.ty(id), Type::Number { face: Face::Rate, .. })
    }

    /// The step of a rounding, in base units: positive, and of the value's unit.
    pub(super) fn step(&mut self, rounded: &tree::Rounded, value: ExprId) -> Option<crate::value::Number> {
        let ty = self.ty(value).clone();
        self.step_of(rounded, &ty)
    }

    pub(super) fn step_of(&mut self, rounded: &tree::Rounded, ty: &Type) -> Option<crate::value::Number> {
        let read = literal::quantity(&self.literals(), &rounded.step, rounded.step_span);
        let (step, step_ty) = self.accept(read)?;
        let rate = matches!(ty, Type::Number { face: Face::Rate, .. });
        if rate && matches!(rounded.step.suffix, tree::Suffix::None) {
            self.say(errors::bare_step(rounded));
            return None;
        }
        match step {
            Value::Number(number) if step_ty.same(ty) && number.is_positive() => Some(number),
            _ => {
                let error = errors::bad_step(self, rounded, ty);
                self.say(error);
                None
            }
        }
    }

    fn choose(
        &mut self,
        scope: &mut Scope,
        branches: &[(tree::Expr, tree::Expr)],
        otherwise: &tree::Expr,
        want: Option<&Type>,
        span: Span,
    ) -> Option<ExprId> {
        let conditions: Vec<Option<ExprId>> =
            branches.iter().map(|(condition, _)| self.bool(scope, condition)).collect();
        let values: Vec<&tree::Expr> =
            branches.iter().map(|(_, value)| value).chain(std::iter::once(otherwise)).collect();
        // The first value that can stand alone says what the others are.
        let lead = values.iter().position(|value| !self.needs_context(scope, value));
        let mut want = want.cloned();
        let mut ids: Vec<Option<ExprId>> = vec![None; values.len()];
        if let Some(lead) = lead
            && want.is_none()
            && let (Some(value), Some(slot)) = (values.get(lead), ids.get_mut(lead))
        {
            *slot = Some(self.expr(scope, value, None)?);
            want = slot.map(|id| self.ty(id).clone());
        }
        for (value, slot) in values.iter().zip(ids.iter_mut()) {
            if slot.is_none() {
                *slot = self.expr(scope, value, want.as_ref());
            }
            if want.is_none() {
                want = slot.map(|id| self.ty(id).clone());
            }
        }
        let ids: Vec<ExprId> = ids.into_iter().collect::<Option<_>>()?;
        let conditions: Vec<ExprId> = conditions.into_iter().collect::<Option<_>>()?;
        let (first, others) = ids.split_first()?;
        let ty = self.ty(*first).clone();
        for (id, value) in others.iter().zip(values.iter().skip(1)) {
            if !self.ty(*id).same(&ty) {
                let error = errors::wrong_type(self, &ty, *id, value);
                self.say(error);
                return None;
            }
        }
        if let Some(Type::Number { face: Face::Rate, .. }) = &want
            && let Some(bare) = values.iter().find(|value| literal::is_bare_number(value))
        {
            self.say(literal::bare_rate(bare));
            return None;
        }
        let (otherwise, values) = ids.split_last()?;
        let branches = conditions.into_iter().zip(values.iter().copied()).collect();
        Some(self.push(Expr::If { branches, otherwise: *otherwise }, ty, span))
    }
}

/// An aggregate with `where` that ends an operand: its `where` runs as far right as it can.
fn open_aggregate(expr: &tree::Expr) -> Option<Span> {
    match &expr.kind {
        ExprKind::Aggregate(aggregate) => aggregate.condition.as_ref().map(|_| expr.span),
        ExprKind::Sum { rest, .. } => rest.last().and_then(|(_, last)| open_aggregate(last)),
        ExprKind::Product { rest, .. } => rest.last().and_then(|(_, last)| open_aggregate(last)),
        ExprKind::Negative(inner) => open_aggregate(inner),
        ExprKind::Clamp { bound, .. } => open_aggregate(bound),
        _ => None,
    }
}
