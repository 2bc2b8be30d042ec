//! Comparisons that go back and forth as days pass (T10): a timeline finds their changes by asking every day.

use super::Checker;
use super::errors;
use crate::policy::{DefineId, Expr, ExprId, Policy, Way};
use crate::tree::{AddOp, MulOp};
use crate::value::{DurationKind, MonthEnd, Period};
use std::collections::BTreeMap;

impl Checker<'_> {
    pub(super) fn day_by_day(&mut self) {
        let mut said = Vec::new();
        let mut ways = Ways { policy: &self.policy, names: BTreeMap::new(), depth: 0 };
        for id in self.policy.exprs.ids() {
            if let Expr::Compare { left, right, .. } = self.policy.exprs.node(id)
                && ways.way(id).is_none()
            {
                let exact = ways.is_exact(*left) || ways.is_exact(*right);
                said.push(errors::day_by_day(self.policy.exprs.span(id), exact));
            }
        }
        self.said.extend(said);
    }
}

/// Names are followed so far; what lies deeper counts as still.
const DEEPEST: u32 = 60;

struct Ways<'p> {
    policy: &'p Policy,
    names: BTreeMap<DefineId, Option<Way>>,
    depth: u32,
}

impl Ways<'_> {
    fn name(&mut self, id: DefineId) -> Option<Way> {
        if let Some(known) = self.names.get(&id) {
            return *known;
        }
        if self.depth >= DEEPEST {
            return Some(Way::Still);
        }
        self.depth += 1;
        let way = self.way(self.policy.defines[id].value);
        self.depth -= 1;
        self.names.insert(id, way);
        way
    }

    /// None: neither still nor monotone.
    fn way(&mut self, id: ExprId) -> Option<Way> {
        let policy = self.policy;
        match policy.exprs.node(id) {
            Expr::Today => Some(Way::Up),
            Expr::Define { id, row: None } => self.name(*id),
            Expr::Shift { day, sign, wait, kind } => {
                let wait = self.way(*wait)?;
                let shape =
                    Way::both(self.way(*day)?, if *sign == AddOp::Minus { wait.flip() } else { wait })?;
                (*kind != DurationKind::Months(MonthEnd::Exact) || shape == Way::Still).then_some(shape)
            }
            Expr::DaysBetween { later: a, earlier: b }
            | Expr::Compare { left: a, right: b, .. }
            | Expr::TopUp { to: a, value: b } => Way::both(self.way(*a)?, self.way(*b)?.flip()),
            Expr::Clamp { value, bound, .. } => Way::both(self.way(*value)?, self.way(*bound)?),
            Expr::Sum { first, rest } | Expr::DurationSum { first, rest } => {
                let first = self.way(*first)?;
                rest.iter().try_fold(first, |sum, (op, term)| {
                    let term = self.way(*term)?;
                    Way::both(sum, if *op == AddOp::Minus { term.flip() } else { term })
                })
            }
            // One factor that moves; which way depends on the signs of the others.
            Expr::Product { first, rest } => {
                rest.iter().try_fold(self.way(*first)?, |product, (op, factor)| {
                    match (product, self.way(*factor)?, op) {
                        (product, Way::Still, _) => Some(product),
                        (Way::Still, factor, MulOp::Times) => Some(factor),
                        _ => None,
                    }
                })
            }
            Expr::DurationRatio { left, right } => match (self.way(*left)?, self.way(*right)?) {
                (left, Way::Still) => Some(left),
                _ => None,
            },
            Expr::Negative(inner) | Expr::DurationNegative(inner) => self.way(*inner).map(Way::flip),
            Expr::Edge { day: inner, .. }
            | Expr::Part { period: Period::Year, day: inner }
            | Expr::Round { value: inner, .. } => self.way(*inner),
            // What changes by steps is still between them.
            _ => Some(Way::Still),
        }
    }

    /// Whether months are added to a day that moves, which fails on days that the month lacks.
    fn is_exact(&mut self, id: ExprId) -> bool {
        let policy = self.policy;
        match policy.exprs.node(id) {
            Expr::Shift { day, kind, .. } => {
                *kind == DurationKind::Months(MonthEnd::Exact) && self.way(*day) != Some(Way::Still)
            }
            _ => false,
        }
    }
}
