//! The solver as it is asked: assertions, questions, verdicts.

use std::collections::BTreeMap;

use super::cell::Cell;
use super::formula::{Formula, Formulas, Kind, Refused, Var};
use super::model::{Model, Truths};
use super::pair::Pair;
use super::search::Search;
use super::simplex::Side;
use super::stop::{Left, Steps};
use super::term::{Comparison, Scaled};
use super::witness;
use crate::value::Number;

/// What came out of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It can hold, as at this model, which has been evaluated.
    Sat(Model),
    /// It cannot hold.
    Unsat,
    /// It was not decided, and why.
    Unknown(Left),
}

/// One end of what a term can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extreme {
    Endless,
    /// The last point inside, or if not `attained` the first one outside.
    At {
        value: Number,
        attained: bool,
    },
}

/// Which end of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    Least,
    Greatest,
}

/// Decides formulas. What it learns from one question helps with the next.
pub struct Solver {
    /// Formulas may be added at any time; they must stay those of this arena.
    pub formulas: Formulas,
    search: Search,
    asserted: Vec<Formula>,
    marks: Vec<usize>,
    preferred: BTreeMap<Var, Number>,
    budget: u64,
}

/// Steps a question may take if nothing else is said: some seconds.
pub const BUDGET: u64 = 10_000_000;

impl Solver {
    pub fn new(formulas: Formulas) -> Solver {
        Solver {
            formulas,
            search: Search::new(),
            asserted: Vec::new(),
            marks: Vec::new(),
            preferred: BTreeMap::new(),
            budget: BUDGET,
        }
    }

    /// The steps each question may take. They count work and not time.
    pub fn set_budget(&mut self, steps: u64) {
        self.budget = steps;
    }

    /// The value a witness should have, or for a whole number come near to, where it can.
    pub fn prefer(&mut self, var: Var, value: Number) {
        self.preferred.insert(var, value);
    }

    /// From now on this must hold.
    pub fn assert(&mut self, formula: Formula) {
        self.asserted.push(formula);
    }

    /// Remembers what is asserted, for [`Solver::pop`].
    pub fn push(&mut self) {
        self.marks.push(self.asserted.len());
    }

    /// Back to what was asserted at the last [`Solver::push`].
    pub fn pop(&mut self) {
        if let Some(mark) = self.marks.pop() {
            self.asserted.truncate(mark);
        }
    }

    /// Whether everything asserted and assumed can hold together.
    pub fn check(&mut self, assumptions: &[Formula]) -> Verdict {
        let mut steps = Steps(self.budget);
        self.within(assumptions, &mut steps)
    }

    fn within(&mut self, assumptions: &[Formula], steps: &mut Steps) -> Verdict {
        let roots: Vec<Formula> = self.asserted.iter().chain(assumptions).copied().collect();
        match self.search.run(&mut self.formulas, &roots, steps) {
            Ok(true) => {}
            Ok(false) => return Verdict::Unsat,
            Err(left) => return Verdict::Unknown(left),
        }
        match self.evaluated(&roots, steps) {
            Ok(model) => Verdict::Sat(model),
            Err(left) => Verdict::Unknown(left),
        }
    }

    /// The model of the last success, if each root evaluates to true at it.
    fn evaluated(&self, roots: &[Formula], steps: &mut Steps) -> Result<Model, Left> {
        let model = witness::model(&self.formulas, &self.search, &self.preferred, steps)?;
        let mut truths = Truths::new(&self.formulas, &model);
        for root in roots {
            if !truths.holds(*root)? {
                return Err(Left::Unsound);
            }
        }
        Ok(model)
    }

    /// The plainest model: one variable after the other, in their order, is brought to its preferred value, or 0, or as
    /// near as whole numbers come, or its first choice, if there is any such model; then it stays there. More dearly than
    /// [`Solver::check`], whose models are plain only within the conditions it happened to meet.
    pub fn plainest(&mut self, assumptions: &[Formula]) -> Verdict {
        let mut steps = Steps(self.budget);
        let verdict = self.within(assumptions, &mut steps);
        let Verdict::Sat(mut model) = verdict else { return verdict };
        let mut pinned = assumptions.to_vec();
        let all: Vec<(Var, Kind)> = self.formulas.vars().collect();
        for (var, kind) in all {
            // What is out of steps, or too large to say, stays as plain as it is.
            let Ok(pins) = self.wishes(var, kind, &model, &pinned, &mut steps) else {
                return Verdict::Sat(model);
            };
            for pin in pins {
                pinned.push(pin);
                match self.within(&pinned, &mut steps) {
                    Verdict::Sat(better) => {
                        model = better;
                        break;
                    }
                    Verdict::Unsat => {
                        pinned.pop();
                    }
                    Verdict::Unknown(_) => return Verdict::Sat(model),
                }
            }
        }
        Verdict::Sat(model)
    }

    /// What one would have a variable be, best first; the last is what it is.
    fn wishes(
        &mut self,
        var: Var,
        kind: Kind,
        model: &Model,
        pinned: &[Formula],
        steps: &mut Steps,
    ) -> Result<Vec<Formula>, Left> {
        let mut wishes = Vec::new();
        match kind {
            Kind::Number | Kind::Whole => {
                let Some(now) = model.number(var).cloned() else { return Ok(wishes) };
                let wish = self.preferred.get(&var).cloned().unwrap_or(Number::ZERO);
                if now == wish && !model.rests_on(var) {
                    return Ok(wishes);
                }
                if now != wish {
                    wishes.push(self.compared(var, Comparison::Equal, &wish)?);
                    if kind == Kind::Whole {
                        wishes.extend(self.nearest(var, &wish, pinned, steps)?);
                    }
                }
                wishes.push(self.compared(var, Comparison::Equal, &now)?);
            }
            Kind::Choice(_) => {
                let Some(now) = model.choice(var).filter(|_| model.rests_on(var)) else { return Ok(wishes) };
                for value in 0..=now {
                    wishes.push(self.formulas.choice_in(var, [value]).map_err(|_| Left::Size)?);
                }
            }
            Kind::Code | Kind::Text => {}
        }
        Ok(wishes)
    }

    fn compared(&mut self, var: Var, comparison: Comparison, with: &Number) -> Result<Formula, Left> {
        self.formulas.compare(var, comparison, with).map_err(|_| Left::Size)
    }

    /// The whole values next to a wish on both sides, the nearer first.
    fn nearest(
        &mut self,
        var: Var,
        wish: &Number,
        pinned: &[Formula],
        steps: &mut Steps,
    ) -> Result<Vec<Formula>, Left> {
        let mut ends = Vec::new();
        for (goal, side) in [(Goal::Least, Comparison::AtLeast), (Goal::Greatest, Comparison::AtMost)] {
            let mut assumed = pinned.to_vec();
            assumed.push(self.compared(var, side, wish)?);
            let end = self.end(&[(var, Number::ONE)], &Number::ZERO, goal, &assumed, steps)?;
            if let Some(Extreme::At { value, .. }) = end {
                ends.push((value.sub(wish)?.abs(), value));
            }
        }
        ends.sort_by(|one, other| one.0.cmp(&other.0));
        ends.iter().map(|(_, value)| self.compared(var, Comparison::Equal, value)).collect()
    }

    /// The least or greatest value of the sum of parts and `rest`, exactly; `None` if nothing satisfies the formula.
    pub fn optimise(
        &mut self,
        parts: &[(Var, Number)],
        rest: &Number,
        goal: Goal,
        assumptions: &[Formula],
    ) -> Result<Option<Extreme>, Left> {
        let mut steps = Steps(self.budget);
        self.end(parts, rest, goal, assumptions, &mut steps)
    }

    /// Both ends of what a variable can be.
    pub fn bounds(&mut self, var: Var, assumptions: &[Formula]) -> Result<Option<(Extreme, Extreme)>, Left> {
        let parts = [(var, Number::ONE)];
        let Some(least) = self.optimise(&parts, &Number::ZERO, Goal::Least, assumptions)? else {
            return Ok(None);
        };
        let greatest = self.optimise(&parts, &Number::ZERO, Goal::Greatest, assumptions)?;
        Ok(greatest.map(|greatest| (least, greatest)))
    }

    fn end(
        &mut self,
        parts: &[(Var, Number)],
        rest: &Number,
        goal: Goal,
        assumptions: &[Formula],
        steps: &mut Steps,
    ) -> Result<Option<Extreme>, Left> {
        let refused = |refused| match refused {
            Refused::Kind | Refused::Digits => Left::Unsound,
            Refused::Overflow => Left::Size,
        };
        let scaled = self.formulas.term(parts).map_err(refused)?;
        let roots: Vec<Formula> = self.asserted.iter().chain(assumptions).copied().collect();
        let Scaled::Term { term, scale } = scaled else {
            let found = self.search.run(&mut self.formulas, &roots, steps)?;
            return Ok(found.then(|| Extreme::At { value: rest.clone(), attained: true }));
        };
        let side = if (goal == Goal::Greatest) != scale.is_negative() { Side::High } else { Side::Low };
        let mut best: Option<Pair> = None;
        let mut better = roots;
        while self.search.run(&mut self.formulas, &better, steps)? {
            let mut literals = self.search.needed().to_vec();
            literals.sort_unstable();
            let mut cell = Cell::of(&self.formulas, &literals)?;
            cell.start(&self.search.theory.lines.simplex, Some(term))?;
            let Some(end) = cell.extreme(term, side, steps)? else { return Ok(Some(Extreme::Endless)) };
            // Only what goes beyond is of interest now; a point only come near to may be one of its own elsewhere.
            let open = !end.tiny.is_zero();
            let beyond =
                self.formulas.below(term, &end.real, (side == Side::High) == open).map_err(refused)?;
            if best.is_some() {
                better.pop();
            }
            better.push(if side == Side::High { !beyond } else { beyond });
            best = Some(end);
        }
        let Some(best) = best else { return Ok(None) };
        let value = best.real.mul(&scale)?.add(rest)?;
        Ok(Some(Extreme::At { value, attained: best.tiny.is_zero() }))
    }
}
