//! Comparisons that go back and forth as days pass (T10): a timeline finds their changes by asking every day.

use super::Checker;
use super::errors;
use crate::policy::{Expr, ExprId, Policy};
use crate::tree::{AddOp, MulOp};
use crate::value::{DurationKind, MonthEnd, Period};

/// How an expression goes as days pass, between the changes of facts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Still,
    Up,
    Down,
}

impl Way {
    fn flip(self) -> Way {
        match self {
            Way::Still => Way::Still,
            Way::Up => Way::Down,
            Way::Down => Way::Up,
        }
    }
}

impl Checker<'_> {
    pub(super) fn day_by_day(&mut self) {
        let mut said = Vec::new();
        for id in self.policy.exprs.ids() {
            if let Expr::Compare { left, right, .. } = self.policy.exprs.node(id)
                && way(&self.policy, id).is_none()
            {
                let exact = is_exact(&self.policy, *left) || is_exact(&self.policy, *right);
                said.push(errors::day_by_day(self.policy.exprs.span(id), exact));
            }
        }
        self.said.extend(said);
    }
}

/// None: neither still nor monotone.
fn way(policy: &Policy, id: ExprId) -> Option<Way> {
    match policy.exprs.node(id) {
        Expr::Today => Some(Way::Up),
        Expr::Define { id, row: None } => way(policy, policy.defines[*id].value),
        Expr::Shift { day, sign, wait, kind } => {
            let wait = way(policy, *wait)?;
            let shape = both(way(policy, *day)?, if *sign == AddOp::Minus { wait.flip() } else { wait })?;
            (*kind != DurationKind::Months(MonthEnd::Exact) || shape == Way::Still).then_some(shape)
        }
        Expr::DaysBetween { later: a, earlier: b }
        | Expr::Compare { left: a, right: b, .. }
        | Expr::TopUp { to: a, value: b } => both(way(policy, *a)?, way(policy, *b)?.flip()),
        Expr::Clamp { value, bound, .. } => both(way(policy, *value)?, way(policy, *bound)?),
        Expr::Sum { first, rest } | Expr::DurationSum { first, rest } => {
            rest.iter().try_fold(way(policy, *first)?, |sum, (op, term)| {
                let term = way(policy, *term)?;
                both(sum, if *op == AddOp::Minus { term.flip() } else { term })
            })
        }
        // One factor that moves; which way depends on the signs of the others.
        Expr::Product { first, rest } => {
            rest.iter().try_fold(way(policy, *first)?, |product, (op, factor)| {
                match (product, way(policy, *factor)?, op) {
                    (product, Way::Still, _) => Some(product),
                    (Way::Still, factor, MulOp::Times) => Some(factor),
                    _ => None,
                }
            })
        }
        Expr::DurationRatio { left, right } => match (way(policy, *left)?, way(policy, *right)?) {
            (left, Way::Still) => Some(left),
            _ => None,
        },
        Expr::Negative(inner) | Expr::DurationNegative(inner) => way(policy, *inner).map(Way::flip),
        Expr::Edge { day: inner, .. }
        | Expr::Part { period: Period::Year, day: inner }
        | Expr::Round { value: inner, .. } => way(policy, *inner),
        // What changes by steps is still between them.
        _ => Some(Way::Still),
    }
}

fn both(a: Way, b: Way) -> Option<Way> {
    match (a, b) {
        (way, Way::Still) | (Way::Still, way) => Some(way),
        (a, b) => (a == b).then_some(a),
    }
}

/// Whether months are added to a day that moves, which fails on days that the month lacks.
fn is_exact(policy: &Policy, id: ExprId) -> bool {
    match policy.exprs.node(id) {
        Expr::Shift { day, kind, .. } => {
            *kind == DurationKind::Months(MonthEnd::Exact) && way(policy, *day) != Some(Way::Still)
        }
        Expr::Define { id, row: None } => is_exact(policy, policy.defines[*id].value),
        _ => false,
    }
}
