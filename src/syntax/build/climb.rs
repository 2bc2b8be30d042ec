//! Precedence. The grammar gives an expression as a flat row of operands and operators; the climb makes a tree of it.
//! Chains of one level stay flat lists, and two counts keep the tree shallow: `depth` on the way down (so the climb
//! itself cannot run out of stack) and `height` on the way up (so nobody who walks the tree can).

use super::{Builder, Made, Parts, errors};
use crate::syntax::DEPTH_LIMIT;
use crate::syntax::grammar::Rule;
use crate::syntax::numeral;
use crate::text::Span;
use crate::tree::{AddOp, ClampSide, CompareOp, Expr, ExprKind, MulOp, SetExpr};
use pest::iterators::Pair;

/// How tightly an operator binds, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Precedence {
    Or,
    And,
    Time,
    Not,
    Compare,
    Clamp,
    Sum,
    Product,
    Minus,
    AsOf,
    Operand,
}

/// An expression on its way into a larger one.
pub(super) struct Built {
    pub(super) expr: Expr,
    /// With the brackets around it, which the span of the expression leaves out.
    pub(super) outer: Span,
    pub(super) height: usize,
}

impl<'t> Builder<'t> {
    /// A whole expression: `if … then … otherwise …`, or a row of operands and operators.
    pub(in crate::syntax) fn expr(&self, pair: Pair<'t, Rule>) -> Made<Expr> {
        Ok(self.nested(pair, 0)?.expr)
    }

    pub(super) fn nested(&self, pair: Pair<'t, Rule>, depth: usize) -> Made<Built> {
        if pair.as_rule() == Rule::if_expr {
            return self.if_value(pair, depth);
        }
        let mut parts = self.parts(pair);
        let built = self.climb(&mut parts, Precedence::Or, depth)?;
        match parts.next() {
            Some(rest) if rest.as_rule() == Rule::OF && is_share(&built.expr.kind) => {
                Err(errors::share_of(self.span(&rest), self.text(built.outer)))
            }
            Some(rest) => match parts.next().filter(|_| rest.as_rule() == Rule::TO) {
                Some(end) => Err(errors::no_place_between(
                    (self.span(&rest), self.text(built.outer)),
                    (self.span(&end), end.as_str()),
                    built.outer,
                )),
                None => Err(errors::no_place_for(rest.as_rule(), self.whole(&rest), rest.as_str())),
            },
            None => Ok(built),
        }
    }

    /// A default and the `where` behind it that no aggregate claims.
    pub(super) fn expr_before_where(&self, pair: Pair<'t, Rule>) -> Made<(Expr, Option<Expr>)> {
        if pair.as_rule() == Rule::if_expr {
            return Ok((self.expr(pair)?, None));
        }
        let mut parts = self.parts(pair);
        let value = self.climb(&mut parts, Precedence::Or, 0)?.expr;
        let condition = if parts.skip(Rule::WHERE) {
            Some(self.climb(&mut parts, Precedence::Or, 0)?.expr)
        } else {
            None
        };
        match parts.next() {
            Some(rest) => Err(errors::no_place_for(rest.as_rule(), self.whole(&rest), rest.as_str())),
            None => Ok((value, condition)),
        }
    }

    /// An operand and the operators behind it that bind at least as tightly as `min`.
    pub(super) fn climb(&self, parts: &mut Parts<'t>, min: Precedence, depth: usize) -> Made<Built> {
        if depth > DEPTH_LIMIT {
            return Err(errors::too_deep(parts.next.as_ref().map_or(parts.end, |part| self.span(part))));
        }
        let (mut left, mut level) = self.prefixed(parts, min, depth)?;
        while let Some(op) = parts.peek() {
            let Some(next) = level_of(op) else { break };
            if next < min {
                break;
            }
            if next > level || (next == level && matches!(next, Precedence::Compare | Precedence::Time)) {
                return Err(self.no_chain(parts, left, level, next));
            }
            left = self.joined(parts, left, next, depth)?;
            level = next;
        }
        Ok(left)
    }

    /// What begins an operand: `not`, `-`, or nothing.
    fn prefixed(&self, parts: &mut Parts<'t>, min: Precedence, depth: usize) -> Made<(Built, Precedence)> {
        let level = match parts.peek() {
            Some(Rule::NOT) => Precedence::Not,
            Some(Rule::minus) => Precedence::Minus,
            _ => return Ok((self.operand(parts, depth)?, Precedence::Operand)),
        };
        let sign = parts.any()?;
        let place = self.span(&sign);
        if level < min {
            return Err(errors::brackets_around(place, sign.as_str()));
        }
        let inner = self.climb(parts, level, depth + 1)?;
        if level == Precedence::Not
            && let ExprKind::By { condition, .. } | ExprKind::Within { condition, .. } = &inner.expr.kind
        {
            let (denied, rest) = (condition.span, Span { start: condition.span.end, ..inner.expr.span });
            let simple = !matches!(condition.kind, ExprKind::Or(_) | ExprKind::And(_));
            let (open, close) = if simple { ("", "") } else { ("(", ")") };
            let rest = self.text(rest).trim_start_matches(|sign: char| sign == ')' || sign.is_whitespace());
            return Err(errors::not_by(
                place.to(inner.outer),
                &format!("not {open}{}{close} {rest}", self.text(denied)),
            ));
        }
        let (outer, height) = (place.to(inner.outer), inner.height);
        let value = Box::new(inner.expr);
        let kind = if level == Precedence::Not { ExprKind::Not(value) } else { ExprKind::Negative(value) };
        Ok((self.tall(kind, outer, height)?, level))
    }

    /// One operator with what stands right of it.
    fn joined(&self, parts: &mut Parts<'t>, left: Built, level: Precedence, depth: usize) -> Made<Built> {
        let depth = depth + 1;
        match parts.peek() {
            Some(op @ (Rule::OR | Rule::AND)) => self.chain(parts, left, op, depth),
            Some(Rule::plus | Rule::minus) => self.sum(parts, left, depth),
            Some(Rule::times | Rule::divide) => self.product(parts, left, depth),
            Some(Rule::is_) => self.is(left, parts.any()?),
            Some(Rule::rounded) => {
                let rounded = self.rounded(parts.any()?)?;
                let (outer, height) = (left.outer.to(rounded.span), left.height);
                self.tall(ExprKind::Rounded { value: Box::new(left.expr), rounded }, outer, height)
            }
            _ => self.two(parts, left, level, depth),
        }
    }

    fn two(&self, parts: &mut Parts<'t>, left: Built, level: Precedence, depth: usize) -> Made<Built> {
        let op = parts.any()?;
        let right_level = match level {
            Precedence::Time => Precedence::Sum,
            Precedence::Clamp => Precedence::Product,
            Precedence::Compare => Precedence::Clamp,
            _ => Precedence::Operand,
        };
        if let Rule::IN | Rule::UNDER = op.as_rule() {
            return self.member(parts, left, op.as_rule(), depth);
        }
        let in_span = parts.in_span || op.as_rule() == Rule::WITHIN;
        let before = std::mem::replace(&mut parts.in_span, in_span);
        let right = self.climb(parts, right_level, depth);
        parts.in_span = before;
        let right = right?;
        let (outer, height) = (left.outer.to(right.outer), left.height.max(right.height));
        if let Precedence::AsOf = level
            && is_literal(&left.expr.kind)
        {
            let text = self.text(left.expr.span);
            return Err(errors::as_of_literal(self.span(&op), op.as_str(), left.expr.span, text));
        }
        let (first, second) = (Box::new(left.expr), Box::new(right.expr));
        let kind = match op.as_rule() {
            Rule::BY => ExprKind::By { condition: first, day: second },
            Rule::WITHIN => {
                if !parts.skip(Rule::OF) {
                    return Err(errors::within_without_of(
                        self.span(&op).to(right.outer),
                        self.text(right.outer),
                    ));
                }
                let start = self.climb(parts, Precedence::Sum, depth)?;
                let (outer, height) = (outer.to(start.outer), height.max(start.height));
                let start = Box::new(start.expr);
                return self.tall(ExprKind::Within { condition: first, wait: second, start }, outer, height);
            }
            Rule::but_at if op.as_str().ends_with("least") => {
                ExprKind::Clamp { value: first, side: ClampSide::AtLeast, bound: second }
            }
            Rule::but_at => ExprKind::Clamp { value: first, side: ClampSide::AtMost, bound: second },
            Rule::AS_OF => ExprKind::AsOf { value: first, day: second },
            Rule::AS_KNOWN_ON => ExprKind::AsKnownOn { value: first, day: second },
            _ => ExprKind::Compare { left: first, op: compare_op(op.as_str()), right: second },
        };
        self.tall(kind, outer, height)
    }

    /// `x in {…}`, `x in annex`, `x under 8703`
    fn member(&self, parts: &mut Parts<'t>, left: Built, op: Rule, depth: usize) -> Made<Built> {
        let (set, outer, height) = match parts.take(Rule::braces) {
            Some(braces) => {
                let span = self.whole(&braces);
                let (mut items, mut height) = (Vec::new(), 0);
                let mut inner = self.parts(braces);
                while let Some(part) = inner.next() {
                    match part.as_rule() {
                        Rule::flat | Rule::if_expr => {
                            let item = self.nested(part, depth)?;
                            height = height.max(item.height);
                            items.push(item.expr);
                        }
                        Rule::codes => items.push(self.codes(part)?),
                        _ => {}
                    }
                }
                (SetExpr::Listed(items, span), span, height)
            }
            None => {
                let one = self.climb(parts, Precedence::Clamp, depth)?;
                (SetExpr::One(Box::new(one.expr)), one.outer, one.height)
            }
        };
        let (outer, height) = (left.outer.to(outer), left.height.max(height));
        let item = Box::new(left.expr);
        let kind = if op == Rule::IN { ExprKind::In { item, set } } else { ExprKind::Under { item, set } };
        self.tall(kind, outer, height)
    }

    /// `8701..8705`
    fn codes(&self, pair: Pair<'t, Rule>) -> Made<Expr> {
        let span = self.whole(&pair);
        let mut parts = self.parts(pair);
        let first = parts.need(Rule::code_end)?.as_str().to_string();
        let last = parts.need(Rule::code_end)?.as_str().to_string();
        Ok(Expr { kind: ExprKind::Codes { first, last }, span })
    }

    fn is(&self, left: Built, pair: Pair<'t, Rule>) -> Made<Built> {
        let outer = left.outer.to(self.whole(&pair));
        let mut parts = self.parts(pair);
        parts.need(Rule::IS)?;
        let negated = parts.skip(Rule::NOT);
        let state = super::operand::state(parts.need(Rule::state)?.as_str());
        self.tall(ExprKind::Is { subject: Box::new(left.expr), negated, state }, outer, left.height)
    }

    fn chain(&self, parts: &mut Parts<'t>, left: Built, op: Rule, depth: usize) -> Made<Built> {
        let tighter = if op == Rule::OR { Precedence::And } else { Precedence::Time };
        let (mut outer, mut height) = (left.outer, left.height);
        let mut items = vec![left.expr];
        while parts.skip(op) {
            let item = self.climb(parts, tighter, depth)?;
            (outer, height) = (outer.to(item.outer), height.max(item.height));
            items.push(item.expr);
        }
        let kind = if op == Rule::OR { ExprKind::Or(items) } else { ExprKind::And(items) };
        self.tall(kind, outer, height)
    }

    fn sum(&self, parts: &mut Parts<'t>, left: Built, depth: usize) -> Made<Built> {
        let (mut outer, mut height) = (left.outer, left.height);
        let mut rest = Vec::new();
        while let Some(sign) = parts.next_if(|rule| matches!(rule, Rule::plus | Rule::minus)) {
            let op = if sign.as_rule() == Rule::plus { AddOp::Plus } else { AddOp::Minus };
            let term = self.climb(parts, Precedence::Product, depth)?;
            (outer, height) = (outer.to(term.outer), height.max(term.height));
            rest.push((op, term.expr));
        }
        self.tall(ExprKind::Sum { first: Box::new(left.expr), rest }, outer, height)
    }

    fn product(&self, parts: &mut Parts<'t>, left: Built, depth: usize) -> Made<Built> {
        let (mut outer, mut height) = (left.outer, left.height);
        let mut rest = Vec::new();
        while let Some(sign) = parts.next_if(|rule| matches!(rule, Rule::times | Rule::divide)) {
            let op = if sign.as_rule() == Rule::times { MulOp::Times } else { MulOp::Divide };
            let factor = self.climb(parts, Precedence::Minus, depth)?;
            (outer, height) = (outer.to(factor.outer), height.max(factor.height));
            rest.push((op, factor.expr));
        }
        if let Some(wrong) = numeral::slashed(self.text(outer)) {
            return Err(errors::numeral(outer, &wrong));
        }
        self.tall(ExprKind::Product { first: Box::new(left.expr), rest }, outer, height)
    }

    /// A new node above nodes of a known height.
    pub(super) fn tall(&self, kind: ExprKind, outer: Span, below: usize) -> Made<Built> {
        let height = below + 1;
        if height > DEPTH_LIMIT {
            return Err(errors::too_deep(outer));
        }
        Ok(Built { expr: Expr { kind, span: outer }, outer, height })
    }

    /// Two operators that do not follow each other: `a < b < c`, `a but at most b - c`.
    fn no_chain(
        &self,
        parts: &mut Parts<'t>,
        left: Built,
        level: Precedence,
        next: Precedence,
    ) -> Box<crate::diag::Diagnostic> {
        let Some(op) = parts.next() else { return errors::unread(left.outer) };
        let place = self.span_of_sign(&op);
        let sign = self.text(place);
        match (level, next, &left.expr.kind) {
            (Precedence::Compare, Precedence::Compare, ExprKind::Compare { right, .. })
                if op.as_rule() != Rule::is_ =>
            {
                errors::comparison_chain(
                    place,
                    self.text(left.outer),
                    self.text(right.span),
                    sign,
                    right.span,
                )
            }
            (Precedence::Clamp, _, ExprKind::Clamp { .. }) => {
                errors::clamp_brackets(place, sign, left.outer, self.text(left.outer))
            }
            _ => errors::brackets_before(place, sign, left.outer, self.text(left.outer)),
        }
    }

    /// The sign or first word of an operator; `is not done` and `rounded to …` come whole.
    fn span_of_sign(&self, op: &Pair<'t, Rule>) -> Span {
        match op.as_rule() {
            Rule::is_ | Rule::rounded => match op.clone().into_inner().next() {
                Some(word) => self.span(&word),
                None => self.span(op),
            },
            _ => self.span(op),
        }
    }
}

/// The level of what may follow an operand; none: it ends the expression.
fn level_of(op: Rule) -> Option<Precedence> {
    Some(match op {
        Rule::OR => Precedence::Or,
        Rule::AND => Precedence::And,
        Rule::BY | Rule::WITHIN => Precedence::Time,
        Rule::compare | Rule::IN | Rule::UNDER | Rule::is_ => Precedence::Compare,
        Rule::but_at | Rule::rounded => Precedence::Clamp,
        Rule::plus | Rule::minus => Precedence::Sum,
        Rule::times | Rule::divide => Precedence::Product,
        Rule::AS_OF | Rule::AS_KNOWN_ON => Precedence::AsOf,
        _ => return None,
    })
}

fn compare_op(sign: &str) -> CompareOp {
    match sign {
        "<" => CompareOp::Less,
        "<=" => CompareOp::AtMost,
        "!=" => CompareOp::NotEqual,
        ">=" => CompareOp::AtLeast,
        ">" => CompareOp::Greater,
        _ => CompareOp::Equal,
    }
}

fn is_literal(kind: &ExprKind) -> bool {
    matches!(
        kind,
        ExprKind::Quantity(_)
            | ExprKind::Date(_)
            | ExprKind::Code(_)
            | ExprKind::Codes { .. }
            | ExprKind::Text(_)
            | ExprKind::Bool(_)
    )
}

/// Whether it is a share written out, of which something is taken: `15% of base`.
fn is_share(kind: &ExprKind) -> bool {
    match kind {
        ExprKind::Quantity(_) => true,
        ExprKind::Product { rest, .. } => rest.last().is_some_and(|(_, last)| is_share(&last.kind)),
        _ => false,
    }
}
