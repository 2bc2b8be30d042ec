//! A cell: the literals about numbers under which a formula holds, as bounds of their own. In it witnesses are made
//! plain and terms are pushed to their ends, without a word to the search.

use std::collections::BTreeMap;

use super::formula::{Formula, Formulas, TheoryAtom, VarSort};
use super::lines::limit;
use super::pair::DeltaNumber;
use super::plain::Between;
use super::simplex::{AssertedBound, BoundSide, Simplex};
use super::stop::{Budget, Inconclusive};
use super::term::floor;
use super::theory::atom_of;
use crate::value::Number;

/// Bounds of one term.
#[derive(Clone, Default)]
struct Limits {
    low: Option<DeltaNumber>,
    high: Option<DeltaNumber>,
}

impl Limits {
    fn tighten(&mut self, side: BoundSide, at: DeltaNumber) {
        match side {
            BoundSide::Low if self.low.as_ref().is_none_or(|low| at > *low) => self.low = Some(at),
            BoundSide::High if self.high.as_ref().is_none_or(|high| at < *high) => self.high = Some(at),
            _ => {}
        }
    }
}

/// How often a split is tried where a plain value is only wished for.
const TRIES: u32 = 8;

/// How many splits may stand within each other.
const DEPTH: u32 = 400;

pub(super) struct SolutionCell<'a> {
    formulas: &'a Formulas,
    limits: BTreeMap<u32, Limits>,
    simplex: Simplex,
    /// Variables in sums, as terms, with a value each that fits.
    pub(super) values: BTreeMap<u32, Number>,
}

impl<'a> SolutionCell<'a> {
    pub(super) fn of(formulas: &'a Formulas, literals: &[Formula]) -> Result<SolutionCell<'a>, Inconclusive> {
        let mut limits: BTreeMap<u32, Limits> = BTreeMap::new();
        for literal in literals {
            let Some(TheoryAtom::Below { term, at, strict }) =
                atom_of(formulas, literal.node()).map(AsRef::as_ref)
            else {
                continue;
            };
            let whole = formulas.terms.get(*term as usize).is_some_and(|term| term.whole);
            let side = if literal.negated() { BoundSide::Low } else { BoundSide::High };
            limits.entry(*term).or_default().tighten(side, limit(at, *strict, whole, side)?);
        }
        Ok(SolutionCell { formulas, limits, simplex: Simplex::default(), values: BTreeMap::new() })
    }

    /// The bounds of a variable, as a term.
    pub(super) fn between(&self, term: u32, whole: bool) -> Between<'_> {
        let limits = self.limits.get(&term);
        Between {
            low: limits.and_then(|limits| limits.low.as_ref()),
            high: limits.and_then(|limits| limits.high.as_ref()),
            whole,
        }
    }

    /// Every term with bounds, or a part in one.
    pub(super) fn bounded(&self) -> Vec<u32> {
        let mut terms: Vec<u32> = self.limits.keys().chain(self.values.keys()).copied().collect();
        terms.sort_unstable();
        terms.dedup();
        terms
    }

    fn sums(&self) -> Vec<u32> {
        self.limits.keys().copied().filter(|term| !self.parts(*term).is_empty()).collect()
    }

    fn parts(&self, term: u32) -> &'a [(u32, Number)] {
        self.formulas.terms.get(term as usize).map(|term| term.rows.as_slice()).unwrap_or_default()
    }

    /// Takes the values of the search, from infinitely small steps to numbers, and makes rows of the sums.
    pub(super) fn start(&mut self, from: &Simplex, also: Option<u32>) -> Result<(), Inconclusive> {
        let sums = self.sums();
        let mut lines: Vec<u32> = sums.clone();
        for sum in sums.iter().copied().chain(also) {
            lines.extend(self.parts(sum).iter().map(|(line, _)| *line));
        }
        lines.extend(also);
        lines.sort_unstable();
        lines.dedup();
        let step = self.step(from, &lines)?;
        for line in &lines {
            if self.parts(*line).is_empty() {
                let value = from.value(*line);
                let value = value.real.add(&value.tiny.mul(&step)?)?;
                self.simplex.start(*line, value.clone().into());
                self.values.insert(*line, value);
            }
        }
        let new = also.filter(|sum| !sums.contains(sum) && !self.parts(*sum).is_empty());
        for sum in sums.iter().copied().chain(new) {
            self.simplex.activate(sum, self.parts(sum))?;
        }
        for line in lines {
            let limits = self.limits.get(&line).cloned().unwrap_or_default();
            for (side, at) in [(BoundSide::Low, limits.low), (BoundSide::High, limits.high)] {
                if let Some(at) = at {
                    self.simplex.tighten(line, side, AssertedBound { at, why: Formula::TRUE })?;
                }
            }
        }
        Ok(())
    }

    /// How large something infinitely small may be, for every value to stay within its bounds.
    fn step(&self, from: &Simplex, lines: &[u32]) -> Result<Number, Inconclusive> {
        let mut step = Number::ONE;
        for line in lines {
            let value = from.value(*line);
            let Some(limits) = self.limits.get(line) else { continue };
            let below = limits.low.as_ref().map(|low| (low, value));
            let above = limits.high.as_ref().map(|high| (value, high));
            for (less, more) in below.into_iter().chain(above) {
                if less.real < more.real && less.tiny > more.tiny {
                    let most = more.real.sub(&less.real)?.div(&less.tiny.sub(&more.tiny)?)?;
                    step = step.min(most);
                }
            }
        }
        Ok(step)
    }

    /// Makes each variable of the sums as plain as those before it allow.
    pub(super) fn refine(
        &mut self,
        preferred: &BTreeMap<u32, Number>,
        steps: &mut Budget,
    ) -> Result<(), Inconclusive> {
        let mut lines: Vec<u32> = self.values.keys().copied().collect();
        let variable = |line: &u32| self.formulas.terms.get(*line as usize).and_then(|term| term.alone());
        lines.sort_by_key(variable);
        for line in lines {
            let wish = preferred.get(&line);
            let whole = self.is_whole(line);
            let first = self.between(line, whole).plainest(wish)?;
            if let Some(value) = first
                && self.fix(line, &value, steps)?
            {
                continue;
            }
            self.settle(steps)?;
            let low = self.simplex.push(line, BoundSide::Low, steps)?;
            let high = self.simplex.push(line, BoundSide::High, steps)?;
            let second = Between { low: low.as_ref(), high: high.as_ref(), whole }.plainest(wish)?;
            if let Some(value) = second
                && self.fix(line, &value, steps)?
            {
                continue;
            }
            if let Some(value) = self.values.get(&line).cloned() {
                self.hold(line, &value)?;
                self.settle(steps)?;
            }
        }
        Ok(())
    }

    fn is_whole(&self, line: u32) -> bool {
        let var = self.formulas.terms.get(line as usize).and_then(|term| term.alone());
        var.and_then(|var| self.formulas.kind(var)) == Some(VarSort::Whole)
    }

    fn settle(&mut self, steps: &mut Budget) -> Result<bool, Inconclusive> {
        Ok(self.simplex.check(steps)?.is_none())
    }

    /// Bounds the line to one value; `false` if a bound is crossed.
    fn hold(&mut self, line: u32, value: &Number) -> Result<bool, Inconclusive> {
        Ok(self.bound(line, BoundSide::Low, value.clone().into())?
            && self.bound(line, BoundSide::High, value.clone().into())?)
    }

    fn bound(&mut self, line: u32, side: BoundSide, at: DeltaNumber) -> Result<bool, Inconclusive> {
        let (low, high) =
            (self.simplex.bound(line, BoundSide::Low), self.simplex.bound(line, BoundSide::High));
        let (tighter, crossed) = match side {
            BoundSide::Low => (low.is_none_or(|low| at > low.at), high.is_some_and(|high| at > high.at)),
            BoundSide::High => (high.is_none_or(|high| at < high.at), low.is_some_and(|low| at < low.at)),
        };
        if tighter && !crossed {
            self.simplex.tighten(line, side, AssertedBound { at, why: Formula::TRUE })?;
        }
        Ok(!crossed)
    }

    /// Tries a value; where it fits, it stays and all values follow.
    fn fix(&mut self, line: u32, value: &Number, steps: &mut Budget) -> Result<bool, Inconclusive> {
        let mark = self.simplex.mark();
        let fits = self.hold(line, value)? && self.settle(steps)?;
        if fits {
            let inner = self.simplex.mark();
            let mut tries = TRIES;
            let found = self.make_whole(&mut tries, steps)?;
            self.simplex.undo(inner);
            if found {
                return Ok(true);
            }
        }
        self.simplex.undo(mark);
        self.settle(steps)?;
        Ok(false)
    }

    /// Branches until whole variables are whole; then takes the values.
    fn make_whole(&mut self, tries: &mut u32, steps: &mut Budget) -> Result<bool, Inconclusive> {
        let Some((line, at)) = self.fraction()? else {
            self.take()?;
            return Ok(true);
        };
        let Some(left) = tries.checked_sub(1) else { return Ok(false) };
        *tries = left;
        let next = at.add(&Number::ONE)?;
        for (side, at) in [(BoundSide::High, at), (BoundSide::Low, next)] {
            let mark = self.simplex.mark();
            if self.bound(line, side, at.into())? && self.settle(steps)? && self.make_whole(tries, steps)? {
                return Ok(true);
            }
            self.simplex.undo(mark);
        }
        Ok(false)
    }

    /// A whole variable that is not whole, with the whole number below it.
    fn fraction(&self) -> Result<Option<(u32, Number)>, Inconclusive> {
        for line in self.values.keys() {
            let value = self.simplex.value(*line);
            if self.is_whole(*line) && !value.is_whole() {
                let below = floor(&value.real)?;
                let short = value.real.is_integer() && value.tiny.is_negative();
                return Ok(Some((*line, if short { below.sub(&Number::ONE)? } else { below })));
            }
        }
        Ok(None)
    }

    /// Takes over the values of the simplex.
    fn take(&mut self) -> Result<(), Inconclusive> {
        let lines: Vec<u32> = self.limits.keys().chain(self.values.keys()).copied().collect();
        let step = self.step(&self.simplex, &lines)?;
        let mut values = BTreeMap::new();
        for line in self.values.keys() {
            let found = self.simplex.value(*line);
            values.insert(*line, found.real.add(&found.tiny.mul(&step)?)?);
        }
        self.values = values;
        Ok(())
    }

    /// How far the term goes to `side` with whole variables whole: `None` without end, else the last point; a tiny part
    /// says that it is only come near to.
    pub(super) fn extreme(
        &mut self,
        line: u32,
        side: BoundSide,
        steps: &mut Budget,
    ) -> Result<Option<DeltaNumber>, Inconclusive> {
        let mut best = None;
        match self.branch(line, side, &mut best, 0, steps)? {
            false => Ok(None),
            true => Ok(best),
        }
    }

    /// Looks below one branch; `false` if the term has no end there.
    fn branch(
        &mut self,
        line: u32,
        side: BoundSide,
        best: &mut Option<DeltaNumber>,
        depth: u32,
        steps: &mut Budget,
    ) -> Result<bool, Inconclusive> {
        let Some(end) = self.simplex.push(line, side, steps)? else { return Ok(false) };
        let worse = |best: &DeltaNumber| if side == BoundSide::High { end <= *best } else { end >= *best };
        if best.as_ref().is_some_and(worse) {
            return Ok(true);
        }
        let Some((split, at)) = self.fraction()? else {
            *best = Some(end);
            return Ok(true);
        };
        if depth >= DEPTH {
            return Err(Inconclusive::Steps);
        }
        let next = at.add(&Number::ONE)?;
        for (to, at) in [(BoundSide::High, at), (BoundSide::Low, next)] {
            let mark = self.simplex.mark();
            if self.bound(split, to, at.into())?
                && self.settle(steps)?
                && !self.branch(line, side, best, depth.saturating_add(1), steps)?
            {
                return Ok(false);
            }
            self.simplex.undo(mark);
            self.settle(steps)?;
        }
        Ok(true)
    }
}
