//! Comparisons that go back and forth as days pass (T10): a timeline finds their changes by asking every day.

use super::Checker;
use super::errors;
use crate::policy::{Course, DefineId, Expr, ExprId, FactId, FunctionId, Op, Policy, Trend};
use crate::tree::MulOp;
use crate::value::{DurationKind, MonthEnd};
use std::collections::BTreeMap;

impl Checker<'_> {
    pub(super) fn day_by_day(&mut self) {
        let mut ways = Ways::new(&self.policy);
        for id in self.policy.exprs.ids() {
            ways.compare(id);
            if let Expr::Call { .. } = self.policy.exprs.node(id) {
                ways.way(id);
            }
        }
        let said =
            ways.found.into_iter().map(|(id, exact)| errors::day_by_day(self.policy.exprs.span(id), exact));
        self.said.extend(said.collect::<Vec<_>>());
    }
}

/// Names are followed so far; what lies deeper counts as still.
const DEEPEST: u32 = 60;

/// What is given to a function, and what comes of it; none: neither still nor monotone.
type GivenWays = (FunctionId, Vec<Option<Trend>>);

struct Ways<'p> {
    policy: &'p Policy,
    names: BTreeMap<DefineId, Option<Trend>>,
    facts: BTreeMap<FactId, Option<Trend>>,
    calls: BTreeMap<GivenWays, Option<Trend>>,
    /// What the parameters of the function under way are given.
    locals: Vec<Option<Trend>>,
    depth: u32,
    /// Comparisons that go back and forth, and whether for months added to a day that moves.
    found: BTreeMap<ExprId, bool>,
}

impl<'p> Ways<'p> {
    fn new(policy: &'p Policy) -> Ways<'p> {
        let (names, facts, calls) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Ways { policy, names, facts, calls, locals: Vec::new(), depth: 0, found: BTreeMap::new() }
    }

    fn compare(&mut self, id: ExprId) {
        if let Expr::Op(Op::Compare { left, right, .. }) = self.policy.exprs.node(id)
            && self.way(id).is_none()
        {
            let exact = self.is_exact(*left) || self.is_exact(*right);
            self.found.insert(id, exact);
        }
    }

    fn name(&mut self, id: DefineId) -> Option<Trend> {
        if let Some(known) = self.names.get(&id) {
            return *known;
        }
        let way = self.body(self.policy.defines[id].value, Vec::new());
        self.names.insert(id, way);
        way
    }

    /// A fact is still until it is stated anew; its default may move.
    fn fact(&mut self, id: FactId) -> Option<Trend> {
        let Some(default) = self.policy.facts[id].default else { return Some(Trend::Still) };
        if let Some(known) = self.facts.get(&id) {
            return *known;
        }
        let way = self.body(default, Vec::new());
        self.facts.insert(id, way);
        way
    }

    /// The body of a function for what it is given, whose comparisons are looked at with it.
    fn call(&mut self, function: FunctionId, given: Vec<Option<Trend>>) -> Option<Trend> {
        let key = (function, given);
        if let Some(known) = self.calls.get(&key) {
            return *known;
        }
        let value = self.policy.functions[function].value;
        let way = self.body(value, key.1.clone());
        if self.depth < DEEPEST && key.1.iter().any(|way| *way != Some(Trend::Still)) {
            let outer = std::mem::replace(&mut self.locals, key.1.clone());
            self.depth += 1;
            self.comparisons(value);
            self.depth -= 1;
            self.locals = outer;
        }
        self.calls.insert(key, way);
        way
    }

    fn body(&mut self, value: ExprId, locals: Vec<Option<Trend>>) -> Option<Trend> {
        if self.depth >= DEEPEST {
            return Some(Trend::Still);
        }
        let outer = std::mem::replace(&mut self.locals, locals);
        self.depth += 1;
        let way = self.way(value);
        self.depth -= 1;
        self.locals = outer;
        way
    }

    /// All comparisons in an expression, and those in what it calls.
    fn comparisons(&mut self, id: ExprId) {
        self.compare(id);
        if let Expr::Call { .. } = self.policy.exprs.node(id) {
            self.way(id);
        }
        let operands = self.policy.exprs.parts(id);
        operands.into_iter().for_each(|operand| self.comparisons(operand));
    }

    /// None: neither still nor monotone.
    fn way(&mut self, id: ExprId) -> Option<Trend> {
        let policy = self.policy;
        match policy.exprs.node(id) {
            Expr::Today => Some(Trend::Up),
            Expr::Local(place) => self.locals.get(*place as usize).copied().unwrap_or(Some(Trend::Still)),
            Expr::Define { id, .. } => self.name(*id),
            Expr::Fact(id) => self.fact(*id),
            Expr::Call { function, args } => {
                let given = args.iter().map(|arg| self.way(*arg)).collect();
                self.call(*function, given)
            }
            // On each side of a condition it moves as what is taken there.
            Expr::If { branches, otherwise } => {
                let last = self.way(*otherwise)?;
                branches.iter().try_fold(last, |all, (_, value)| Trend::both(all, self.way(*value)?))
            }
            // As the value does on the days that are asked for.
            Expr::AsOf { value, day } => match (self.way(*value)?, self.way(*day)?) {
                (Trend::Still, _) | (_, Trend::Still) => Some(Trend::Still),
                (value, Trend::Up) => Some(value),
                (value, Trend::Down) => Some(value.flip()),
            },
            Expr::Op(op) => self.course(op),
            // What changes by steps is still between them.
            _ => Some(Trend::Still),
        }
    }

    fn course(&mut self, op: &Op) -> Option<Trend> {
        let course = op.course();
        if let Course::Steps = course {
            return Some(Trend::Still);
        }
        let mut ways = Vec::new();
        op.each(|operand| ways.push(self.way(*operand)));
        let ways: Vec<Trend> = ways.into_iter().collect::<Option<_>>()?;
        match course {
            Course::Monotone(turns) => {
                let mut turned = turns
                    .iter()
                    .zip(&ways)
                    .map(|(turn, way)| if *turn == Trend::Down { way.flip() } else { *way });
                turned.try_fold(Trend::Still, Trend::both)
            }
            // One factor that moves; which way depends on the signs of the others.
            Course::Product(ops) => {
                ops.iter().zip(&ways).try_fold(Trend::Still, |product, (op, way)| match (product, *way, op) {
                    (product, Trend::Still, _) => Some(product),
                    (Trend::Still, factor, MulOp::Times) => Some(factor),
                    _ => None,
                })
            }
            Course::None | Course::Steps => {
                ways.iter().all(|way| *way == Trend::Still).then_some(Trend::Still)
            }
        }
    }

    /// Whether months are added to a day that moves, which fails on days that the month lacks.
    fn is_exact(&mut self, id: ExprId) -> bool {
        let policy = self.policy;
        match policy.exprs.node(id) {
            Expr::Op(Op::Shift { day, kind, .. }) => {
                *kind == DurationKind::Months(MonthEnd::Exact) && self.way(*day) != Some(Trend::Still)
            }
            _ => false,
        }
    }
}
