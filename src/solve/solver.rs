//! The solver as it is asked: assertions, questions, verdicts.

use std::collections::BTreeMap;

use super::cell::SolutionCell;
use super::formula::{AtomError, Formula, Formulas, Var, VarSort};
use super::model::{Model, Truths};
use super::pair::DeltaNumber;
use super::search::Cdcl;
use super::simplex::BoundSide;
use super::stop::{Budget, Inconclusive};
use super::term::{Comparison, TermMultiple};
use super::witness;
use crate::value::Number;

/// Whether a question can be satisfied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Satisfiability {
    /// It can hold, as at this model, which has been evaluated.
    Sat(Model),
    /// It cannot hold.
    Unsat,
    /// It was not decided, and why.
    Unknown(Inconclusive),
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

/// In which direction a term is optimised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Least,
    Greatest,
}

/// Decides formulas. What it learns from one question helps with the next.
pub struct Solver {
    /// Formulas may be added at any time; they must stay those of this arena.
    pub formulas: Formulas,
    search: Cdcl,
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
            search: Cdcl::new(),
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
    pub fn check(&mut self, assumptions: &[Formula]) -> Satisfiability {
        let mut steps = Budget(self.budget);
        self.within(assumptions, &mut steps)
    }

    fn within(&mut self, assumptions: &[Formula], steps: &mut Budget) -> Satisfiability {
        let roots: Vec<Formula> = self.asserted.iter().chain(assumptions).copied().collect();
        match self.search.run(&mut self.formulas, &roots, steps) {
            Ok(true) => {}
            Ok(false) => return Satisfiability::Unsat,
            Err(left) => return Satisfiability::Unknown(left),
        }
        match self.evaluated(&roots, steps) {
            Ok(model) => Satisfiability::Sat(model),
            Err(left) => Satisfiability::Unknown(left),
        }
    }

    /// The model of the last success, if each root evaluates to true at it.
    fn evaluated(&self, roots: &[Formula], steps: &mut Budget) -> Result<Model, Inconclusive> {
        let model = witness::model(&self.formulas, &self.search, &self.preferred, steps)?;
        let mut truths = Truths::new(&self.formulas, &model);
        for root in roots {
            if !truths.holds(*root)? {
                return Err(Inconclusive::Unsound);
            }
        }
        Ok(model)
    }

    /// The plainest model: one variable after the other, in their order, is brought to its preferred value, or 0, or as
    /// near as whole numbers come, or its first choice, if there is any such model; then it stays there. More dearly than
    /// [`Solver::check`], whose models are plain only within the conditions it happened to meet.
    pub fn plainest(&mut self, assumptions: &[Formula]) -> Satisfiability {
        let mut steps = Budget(self.budget);
        let verdict = self.within(assumptions, &mut steps);
        let Satisfiability::Sat(mut model) = verdict else { return verdict };
        let mut pinned = assumptions.to_vec();
        let all: Vec<(Var, VarSort)> = self.formulas.vars().collect();
        for (var, kind) in all {
            // What is out of steps, or too large to say, stays as plain as it is.
            let Ok(pins) = self.wishes(var, kind, &model, &pinned, &mut steps) else {
                return Satisfiability::Sat(model);
            };
            for pin in pins {
                pinned.push(pin);
                match self.within(&pinned, &mut steps) {
                    Satisfiability::Sat(better) => {
                        model = better;
                        break;
                    }
                    Satisfiability::Unsat => {
                        pinned.pop();
                    }
                    Satisfiability::Unknown(_) => return Satisfiability::Sat(model),
                }
            }
        }
        Satisfiability::Sat(model)
    }

    /// What one would have a variable be, best first; the last is what it is.
    fn wishes(
        &mut self,
        var: Var,
        kind: VarSort,
        model: &Model,
        pinned: &[Formula],
        steps: &mut Budget,
    ) -> Result<Vec<Formula>, Inconclusive> {
        let mut wishes = Vec::new();
        match kind {
            VarSort::Number | VarSort::Whole => {
                let Some(now) = model.number(var).cloned() else { return Ok(wishes) };
                let wish = self.preferred.get(&var).cloned().unwrap_or(Number::ZERO);
                if now == wish && !model.rests_on(var) {
                    return Ok(wishes);
                }
                if now != wish {
                    wishes.push(self.compared(var, Comparison::Equal, &wish)?);
                    if kind == VarSort::Whole {
                        wishes.extend(self.nearest(var, &wish, pinned, steps)?);
                    }
                }
                wishes.push(self.compared(var, Comparison::Equal, &now)?);
            }
            VarSort::Choice(_) => {
                let Some(now) = model.choice(var).filter(|_| model.rests_on(var)) else { return Ok(wishes) };
                for value in 0..=now {
                    wishes.push(self.formulas.choice_in(var, [value]).map_err(|_| Inconclusive::Size)?);
                }
            }
            VarSort::Code | VarSort::Text => {}
        }
        Ok(wishes)
    }

    fn compared(&mut self, var: Var, comparison: Comparison, with: &Number) -> Result<Formula, Inconclusive> {
        self.formulas.compare(var, comparison, with).map_err(|_| Inconclusive::Size)
    }

    /// The whole values next to a wish on both sides, the nearer first.
    fn nearest(
        &mut self,
        var: Var,
        wish: &Number,
        pinned: &[Formula],
        steps: &mut Budget,
    ) -> Result<Vec<Formula>, Inconclusive> {
        let mut ends = Vec::new();
        for (goal, side) in
            [(Direction::Least, Comparison::AtLeast), (Direction::Greatest, Comparison::AtMost)]
        {
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
        goal: Direction,
        assumptions: &[Formula],
    ) -> Result<Option<Extreme>, Inconclusive> {
        let mut steps = Budget(self.budget);
        self.end(parts, rest, goal, assumptions, &mut steps)
    }

    /// Both ends of what a variable can be.
    pub fn bounds(
        &mut self,
        var: Var,
        assumptions: &[Formula],
    ) -> Result<Option<(Extreme, Extreme)>, Inconclusive> {
        let parts = [(var, Number::ONE)];
        let Some(least) = self.optimise(&parts, &Number::ZERO, Direction::Least, assumptions)? else {
            return Ok(None);
        };
        let greatest = self.optimise(&parts, &Number::ZERO, Direction::Greatest, assumptions)?;
        Ok(greatest.map(|greatest| (least, greatest)))
    }

    fn end(
        &mut self,
        parts: &[(Var, Number)],
        rest: &Number,
        goal: Direction,
        assumptions: &[Formula],
        steps: &mut Budget,
    ) -> Result<Option<Extreme>, Inconclusive> {
        let refused = |refused| match refused {
            AtomError::Sort | AtomError::Digits => Inconclusive::Unsound,
            AtomError::Overflow => Inconclusive::Size,
        };
        let scaled = self.formulas.term(parts).map_err(refused)?;
        let roots: Vec<Formula> = self.asserted.iter().chain(assumptions).copied().collect();
        let TermMultiple::Term { term, scale } = scaled else {
            let found = self.search.run(&mut self.formulas, &roots, steps)?;
            return Ok(found.then(|| Extreme::At { value: rest.clone(), attained: true }));
        };
        let side = if (goal == Direction::Greatest) != scale.is_negative() {
            BoundSide::High
        } else {
            BoundSide::Low
        };
        let mut best: Option<DeltaNumber> = None;
        let mut better = roots;
        while self.search.run(&mut self.formulas, &better, steps)? {
            let mut literals = self.search.needed().to_vec();
            literals.sort_unstable();
            let mut cell = SolutionCell::of(&self.formulas, &literals)?;
            cell.start(&self.search.theory.lines.simplex, Some(term))?;
            let Some(end) = cell.extreme(term, side, steps)? else { return Ok(Some(Extreme::Endless)) };
            // Only what goes beyond is of interest now; a point only come near to may be one of its own elsewhere.
            let open = !end.tiny.is_zero();
            let beyond =
                self.formulas.below(term, &end.real, (side == BoundSide::High) == open).map_err(refused)?;
            if best.is_some() {
                better.pop();
            }
            better.push(if side == BoundSide::High { !beyond } else { beyond });
            best = Some(end);
        }
        let Some(best) = best else { return Ok(None) };
        let value = best.real.mul(&scale)?.add(rest)?;
        Ok(Some(Extreme::At { value, attained: best.tiny.is_zero() }))
    }
}
