//! One space of variables with a solver on it: first everything is read into it, then it is asked.

use super::{Left, Open, SearchEffort, Why};
use crate::policy::{EntityId, Expr, ExprId, Fact, Policy};
use crate::regions::exprs::{SymbolicPoint, SymbolicReader};
use crate::regions::groups::never_falls;
use crate::regions::space::{Lin, SpaceQuantity, number_of};
use crate::solve::{
    Comparison, Formula, Formulas, Inconclusive, Model, Satisfiability, Solver, Var, VarSort,
};
use crate::value::{Day, Number, Value};

/// What came of a question.
pub(super) enum May {
    Be(Box<Model>),
    /// Proven.
    Never,
    Open(Why),
}

pub(super) struct Ask<'p> {
    pub policy: &'p Policy,
    pub reader: SymbolicReader<'p>,
    pub solver: Solver,
    pub own: Option<EntityId>,
    /// How much work a question may take.
    pub steps: u64,
    pub at: SymbolicPoint,
    /// Everything is known: what has no `as known on` in it is asked so.
    pub all_known: Formula,
    /// Models met on the way, with what is known of their nodes: what holds at one of them can be.
    pool: Vec<(Model, Vec<u8>)>,
    pub left: Vec<Left>,
    /// Names being looked into.
    pub depth: u32,
    goes_on: &'p dyn Fn() -> bool,
}

/// More models than this are not kept.
const POOL: usize = 24;

impl<'p> Ask<'p> {
    /// Of a row of the entity, or of none. The knowledge day is a variable: what has been replaced was once in force.
    pub fn new(policy: &'p Policy, own: Option<EntityId>, effort: SearchEffort<'p>) -> Ask<'p> {
        let mut reader = SymbolicReader::new(vec![policy]);
        let known = reader.space.var(VarSort::Whole, SpaceQuantity::Part);
        let mut at = reader.start(0, own);
        at.known = Lin::var(known);
        let mut solver = Solver::new(Formulas::new());
        solver.set_budget(effort.steps);
        solver.prefer(known, number_of(Day::NEVER));
        let mut ask = Ask {
            policy,
            reader,
            solver,
            own,
            steps: effort.steps,
            at,
            all_known: Formula::TRUE,
            pool: Vec::new(),
            left: Vec::new(),
            depth: 0,
            goes_on: effort.goes_on,
        };
        ask.all_known = ask.bound(known, Comparison::Equal, Day::NEVER);
        for (comparison, day) in [(Comparison::AtLeast, Day::FIRST), (Comparison::AtMost, Day::NEVER)] {
            let law = ask.bound(known, comparison, day);
            ask.reader.space.laws.push(law);
        }
        ask
    }

    fn bound(&mut self, var: Var, comparison: Comparison, day: Day) -> Formula {
        // A single variable against a day is always an atom.
        let bound = self.reader.space.below(&Lin::var(var), comparison, &Lin::day(day));
        bound.unwrap_or(Formula::TRUE)
    }

    /// All has been read: from now on questions are asked.
    pub fn ready(&mut self) {
        let policy = self.policy;
        self.reader.space.laws_of_dated(|entity, name| never_falls(&[policy], entity, name));
        self.solver.formulas = std::mem::take(&mut self.reader.space.forms);
        self.reader.space.all_laws().for_each(|law| self.solver.assert(law));
        if let Some(today) = self.reader.space.today() {
            self.solver.prefer(today, number_of(near(policy)));
        }
        // An act is of the day of the case, where it can be.
        for act in &self.reader.space.acts {
            self.solver.prefer(act.day, number_of(near(policy)));
        }
        // What a case need not state it does not show: so it has the defaults where it can.
        for (var, quantity) in &self.reader.space.quantities {
            let SpaceQuantity::Stated { entity, name, .. } = quantity else { continue };
            if let Some(default) = default_of(policy, entity.as_deref(), name) {
                self.solver.prefer(*var, default);
            }
        }
    }

    /// Whether all of these can hold at once.
    pub fn may(&mut self, all: &[Formula]) -> May {
        if !(self.goes_on)() {
            return May::Open(Why::Steps);
        }
        if all.contains(&Formula::FALSE) {
            return May::Never;
        }
        let formulas = &self.solver.formulas;
        for (model, known) in self.pool.iter_mut().rev() {
            if all.iter().all(|one| formulas.holds_with(*one, model, known) == Ok(true)) {
                return May::Be(Box::new(model.clone()));
            }
        }
        match self.solver.check(all) {
            Satisfiability::Unsat => May::Never,
            Satisfiability::Unknown(stopped) => May::Open(why(stopped)),
            Satisfiability::Sat(model) => {
                if self.pool.len() < POOL {
                    self.pool.push((model.clone(), Vec::new()));
                }
                May::Be(Box::new(model))
            }
        }
    }

    /// Proven never to hold. What is not decided is noted.
    pub fn never(&mut self, all: &[Formula], what: impl FnOnce() -> Open) -> bool {
        match self.may(all) {
            May::Never => true,
            May::Be(_) => false,
            May::Open(why) => {
                self.leave(what(), why);
                false
            }
        }
    }

    /// The plainest model, or the one there is.
    pub fn plainest(&mut self, all: &[Formula], model: Model) -> Model {
        match self.solver.plainest(all) {
            Satisfiability::Sat(plain) => plain,
            Satisfiability::Unsat | Satisfiability::Unknown(_) => model,
        }
    }

    pub fn leave(&mut self, what: Open, why: Why) {
        let left = Left { what, why };
        if !self.left.contains(&left) {
            self.left.push(left);
        }
    }

    /// The terms outside the fragment that a model rests on.
    pub fn terms(&self, model: &Model) -> Why {
        let mut terms: Vec<ExprId> = Vec::new();
        let mut others: Vec<String> = Vec::new();
        let space = &self.reader.space;
        let defaulted = space.unstated.values().any(|var| model.choice(*var) == Some(1));
        for (var, quantity) in &space.quantities {
            match quantity {
                _ if !model.rests_on(*var) => {}
                SpaceQuantity::Opaque { expr: Some(expr), .. }
                    if !defaulted && space.of_defaults.contains(expr) => {}
                SpaceQuantity::Opaque { expr: Some(expr), .. } if !terms.contains(expr) => terms.push(*expr),
                // What does not stand, or last, has no part in it.
                SpaceQuantity::Opaque { expr: None, what, .. } if model.choice(*var) != Some(0) => {
                    others.push(what.clone());
                }
                _ => {}
            }
        }
        Why::Terms(terms, others)
    }
}

fn why(stopped: Inconclusive) -> Why {
    match stopped {
        Inconclusive::Steps => Why::Steps,
        Inconclusive::Size | Inconclusive::Unsound => Why::Outside,
    }
}

/// A day on which most of what is written is in force: cases are asked for near it.
fn near(policy: &Policy) -> Day {
    let days = policy.rules.values().filter_map(|rule| match policy.exprs.node(rule.from.as_ref()?.day) {
        Expr::Const(Value::Date(day)) if !day.is_never() => Some(*day),
        _ => None,
    });
    days.max().or_else(|| Day::from_ymd(2026, 1, 1)).unwrap_or(Day::FIRST)
}

/// The default as a number, if it is written out.
fn default_of(policy: &Policy, entity: Option<&str>, name: &str) -> Option<Number> {
    let named = |fact: &&Fact| fact.name == name;
    let fact = match entity {
        None => policy.facts.values().find(named),
        Some(entity) => {
            let entity = policy.entities.values().find(|known| known.name == entity)?;
            entity.fields.values().find(named)
        }
    };
    match policy.exprs.node(fact?.default?) {
        Expr::Const(Value::Number(number)) => Some(number.clone()),
        Expr::Const(Value::Date(day)) => Some(number_of(*day)),
        Expr::Const(Value::Duration(count)) => Some(Number::from(*count)),
        _ => None,
    }
}
