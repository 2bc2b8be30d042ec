//! Aggregates over rows, and membership: `in` and `under`.

use super::Checker;
use super::errors;
use super::names::Symbol;
use super::scope::Scope;
use crate::diag::Diagnostic;
use crate::literal;
use crate::policy::{AnnexId, Expr, ExprId, Op, Type};
use crate::text::Span;
use crate::tree::{self, AggregateKind, ExprKind};
use crate::value::{Code, CodeRange};

impl Checker<'_> {
    pub(super) fn aggregate(
        &mut self,
        scope: &mut Scope,
        aggregate: &tree::Aggregate,
        span: Span,
    ) -> Option<ExprId> {
        let entity = self.entity_of(&aggregate.for_each)?;
        let row = &aggregate.for_each.row;
        if scope.find(&row.text).is_some() {
            self.say(errors::row_name_taken(row));
            return None;
        }
        let local = scope.enter(&row.text, entity);
        let kind = aggregate.kind;
        let value = aggregate.value.as_deref().map(|value| match kind {
            AggregateKind::Any | AggregateKind::All => self.bool(scope, value),
            _ => self.expr(scope, value, None),
        });
        let condition = aggregate.condition.as_deref().map(|condition| self.bool(scope, condition));
        scope.leave();
        let value = match value {
            Some(value) => Some(value?),
            None => None,
        };
        let condition = match condition {
            Some(condition) => Some(condition?),
            None => None,
        };
        let ty = match (kind, value) {
            (AggregateKind::Count, _) | (_, None) => Type::number(),
            (AggregateKind::Any | AggregateKind::All, _) => Type::Bool,
            (AggregateKind::First, Some(value)) => self.ty(value).clone(),
            (kind, Some(value)) => {
                let ty = self.ty(value).clone();
                let fits = match kind {
                    AggregateKind::Min | AggregateKind::Max => {
                        matches!(ty, Type::Number { .. } | Type::Date | Type::Duration(_))
                    }
                    _ => matches!(ty, Type::Number { .. } | Type::Duration(_)),
                };
                if !fits {
                    let error = errors::cannot_aggregate(self, &ty, span);
                    self.say(error);
                    return None;
                }
                ty
            }
        };
        Some(self.push(Expr::Aggregate { kind, entity, local, value, condition }, ty, span))
    }

    /// `x in {…}`, `x in annex`
    pub(super) fn is_in(
        &mut self,
        scope: &mut Scope,
        item: &tree::Expr,
        set: &tree::SetExpr,
        span: Span,
    ) -> Option<ExprId> {
        let annex = if let tree::SetExpr::One(named) = set { self.annex_named(named) } else { None };
        let key = annex.and_then(|annex| self.policy.annexes[annex].keys.first().cloned());
        let codes = |list: &[tree::Expr]| list.iter().any(|one| matches!(one.kind, ExprKind::Codes { .. }));
        let wanted = match set {
            tree::SetExpr::Listed(list, _) if codes(list) => Some(&Type::Code),
            _ => key.as_ref(),
        };
        let item_id = self.expr(scope, item, wanted)?;
        let ty = self.ty(item_id).clone();
        match set {
            tree::SetExpr::Listed(list, _) if errors::quoted_list(self, list, &ty).is_some() => {
                let error = errors::quoted_list(self, list, &ty)?;
                self.say(error);
                None
            }
            tree::SetExpr::Listed(list, _) => {
                let (mut tests, list) = self.ranges(item_id, list.iter().collect(), false, span)?;
                let ids: Vec<Option<ExprId>> =
                    list.into_iter().map(|value| self.typed(scope, value, &ty)).collect();
                let set: Vec<ExprId> = ids.into_iter().collect::<Option<_>>()?;
                if !set.is_empty() {
                    let node = Expr::Op(Op::In { item: item_id, set: set.into_boxed_slice() });
                    tests.push(self.push(node, Type::Bool, span));
                }
                Some(self.any_of(tests, span))
            }
            tree::SetExpr::One(named) => match annex {
                Some(annex) => {
                    if key.as_ref().is_none_or(|key| !key.same(&ty)) {
                        let error = errors::annex_key_differs(self, annex, &ty, item.span);
                        self.say(error);
                        return None;
                    }
                    Some(self.push(Expr::Op(Op::InAnnex { item: item_id, annex }), Type::Bool, span))
                }
                None => {
                    let error = errors::set_wanted(self, named.span);
                    self.say(error);
                    None
                }
            },
        }
    }

    /// `x under 8703`, `x under {…}`, `x under annex`, `sector under energy`
    pub(super) fn is_under(
        &mut self,
        scope: &mut Scope,
        item: &tree::Expr,
        set: &tree::SetExpr,
        span: Span,
    ) -> Option<ExprId> {
        let item_id = self.expr(scope, item, Some(&Type::Code))?;
        let ty = self.ty(item_id).clone();
        if !matches!(ty, Type::Code | Type::Enum(_)) {
            let error = errors::under_wants(self, &ty, item.span);
            self.say(error);
            return None;
        }
        let list: Vec<&tree::Expr> = match set {
            tree::SetExpr::Listed(list, _) => list.iter().collect(),
            tree::SetExpr::One(one) => vec![one],
        };
        let (mut tests, list) = self.ranges(item_id, list, true, span)?;
        let mut values: Vec<ExprId> = Vec::new();
        let mut failed = false;
        for value in list {
            if let Some(annex) = self.annex_named(value) {
                if ty != Type::Code || self.policy.annexes[annex].keys.first() != Some(&Type::Code) {
                    let error = errors::annex_key_differs(self, annex, &ty, item.span);
                    self.say(error);
                    failed = true;
                    continue;
                }
                tests.push(self.push(Expr::Op(Op::UnderAnnex { item: item_id, annex }), Type::Bool, span));
                continue;
            }
            match self.typed(scope, value, &ty) {
                Some(id) => values.push(id),
                None => failed = true,
            }
        }
        if failed {
            return None;
        }
        if !values.is_empty() {
            let node = Expr::Op(Op::Under { item: item_id, set: values.into_boxed_slice() });
            tests.push(self.push(node, Type::Bool, span));
        }
        Some(self.any_of(tests, span))
    }

    fn any_of(&mut self, tests: Vec<ExprId>, span: Span) -> ExprId {
        match tests.as_slice() {
            [one] => *one,
            _ => self.push(Expr::Or(tests.into_boxed_slice()), Type::Bool, span),
        }
    }

    /// M11: a test for each range of codes in a list, and what else is listed.
    fn ranges<'e>(
        &mut self,
        item: ExprId,
        list: Vec<&'e tree::Expr>,
        under: bool,
        span: Span,
    ) -> Option<(Vec<ExprId>, Vec<&'e tree::Expr>)> {
        let (mut tests, mut others, mut failed) = (Vec::new(), Vec::new(), false);
        for one in list {
            let ExprKind::Codes { first, last } = &one.kind else {
                others.push(one);
                continue;
            };
            match self.code_range(item, (first, last), one.span) {
                Ok(codes) => {
                    let node = Expr::Op(Op::InCodes { item, codes, under });
                    tests.push(self.push(node, Type::Bool, span));
                }
                Err(error) => {
                    self.say(error);
                    failed = true;
                }
            }
        }
        (!failed).then_some((tests, others))
    }

    fn code_range(
        &self,
        item: ExprId,
        (first, last): (&str, &str),
        span: Span,
    ) -> Result<CodeRange, Diagnostic> {
        if *self.ty(item) != Type::Code {
            return Err(errors::codes_for(self, self.ty(item), span));
        }
        let code =
            |text: &str| Code::parse(text).map_err(|trouble| literal::not_a_code(text, &trouble, span));
        let (first, last) = (code(first)?, code(last)?);
        CodeRange::new(first, last).ok_or_else(|| errors::codes_of_two_lengths(first, last, span))
    }

    fn annex_named(&self, expr: &tree::Expr) -> Option<AnnexId> {
        let ExprKind::Path(path) = &expr.kind else { return None };
        match (path.steps.is_empty(), self.names.get(&path.head.text)) {
            (true, Some(Symbol::Annex(id))) => Some(id),
            _ => None,
        }
    }
}
