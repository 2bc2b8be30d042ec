//! The general simplex of Dutertre and de Moura: every term is a variable; rows say what the basic ones are as sums of
//! the others, which stay within their bounds; a basic one outside its bounds is pivoted in, or its row is the conflict.
//!
//! Rows come when their term is first bounded and go when the search ends. The row furthest outside its bounds is brought in
//! first; after some pivots they follow Bland's rule, so they end.

use super::dense::Dense;
use super::formula::Formula;
use super::pair::DeltaNumber;
use super::stop::{Budget, Inconclusive};
use crate::value::Number;

#[derive(Clone)]
pub(super) struct AssertedBound {
    pub at: DeltaNumber,
    /// The literal that says so; `TRUE` where it is not a matter of literals.
    pub why: Formula,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BoundSide {
    Low,
    High,
}

impl BoundSide {
    fn other(self) -> BoundSide {
        match self {
            BoundSide::Low => BoundSide::High,
            BoundSide::High => BoundSide::Low,
        }
    }
}

#[derive(Clone, Default)]
struct SimplexVar {
    low: Option<AssertedBound>,
    high: Option<AssertedBound>,
    value: DeltaNumber,
    /// 0: not basic; else the number of its row and 1.
    row: u32,
    /// A sum that is in the rows.
    active: bool,
}

#[derive(Clone)]
pub(super) struct TableauRow {
    pub basic: u32,
    /// Sorted by term; no factor is 0.
    pub sum: Vec<(u32, Number)>,
}

#[derive(Clone, Default)]
pub(super) struct Simplex {
    lines: Dense<SimplexVar>,
    rows: Vec<TableauRow>,
    trail: Vec<(u32, BoundSide, Option<AssertedBound>)>,
    /// Whether a row may be outside its bounds.
    dirty: bool,
}

/// Pivots of one check before Bland's rule.
const EAGER: u32 = 64;

impl Simplex {
    pub(super) fn bound(&self, line: u32, side: BoundSide) -> Option<&AssertedBound> {
        let line = self.lines.at(line as usize);
        match side {
            BoundSide::Low => line.low.as_ref(),
            BoundSide::High => line.high.as_ref(),
        }
    }

    pub(super) fn value(&self, line: u32) -> &DeltaNumber {
        &self.lines.at(line as usize).value
    }

    pub(super) fn rows(&self) -> &[TableauRow] {
        &self.rows
    }

    pub(super) fn mark(&self) -> usize {
        self.trail.len()
    }

    pub(super) fn undo(&mut self, mark: usize) {
        for (line, side, bound) in self.trail.drain(mark.min(self.trail.len())..).rev() {
            let line = self.lines.at_mut(line as usize);
            match side {
                BoundSide::Low => line.low = bound,
                BoundSide::High => line.high = bound,
            }
        }
    }

    /// Forgets the rows. Bounds stay; what was a row must be made one again.
    pub(super) fn clear_rows(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        let mut touched: Vec<u32> = Vec::new();
        for row in rows {
            touched.push(row.basic);
            touched.extend(row.sum.iter().map(|(line, _)| *line));
        }
        for line in touched {
            let line = self.lines.at_mut(line as usize);
            line.row = 0;
            line.active = false;
            line.value = DeltaNumber::default();
            if let Some(low) = line.low.as_ref().filter(|low| line.value < low.at) {
                line.value = low.at.clone();
            }
            if let Some(high) = line.high.as_ref().filter(|high| line.value > high.at) {
                line.value = high.at.clone();
            }
        }
        self.dirty = false;
    }

    /// Sets the value of a term outside all rows.
    pub(super) fn start(&mut self, line: u32, value: DeltaNumber) {
        self.lines.at_mut(line as usize).value = value;
    }

    pub(super) fn is_row(&self, line: u32) -> bool {
        self.lines.at(line as usize).active
    }

    /// Makes a row of the sum.
    pub(super) fn activate(&mut self, basic: u32, parts: &[(u32, Number)]) -> Result<(), Inconclusive> {
        let mut sum: Vec<(u32, Number)> = Vec::new();
        let mut value = DeltaNumber::default();
        for (line, times) in parts {
            let found = self.lines.at(*line as usize);
            value = value.plus(times, &found.value)?;
            match found.row.checked_sub(1).and_then(|row| self.rows.get(row as usize)) {
                Some(row) => sum = combined(&sum, times, &row.sum)?,
                None => sum = combined(&sum, times, &[(*line, Number::ONE)])?,
            }
        }
        self.rows.push(TableauRow { basic, sum });
        let row = u32::try_from(self.rows.len()).unwrap_or(0);
        let line = self.lines.at_mut(basic as usize);
        line.row = row;
        line.active = true;
        line.value = value;
        self.dirty = true;
        Ok(())
    }

    /// Tightens a bound; the caller knows that it is tighter and does not cross the other one.
    pub(super) fn tighten(
        &mut self,
        line: u32,
        side: BoundSide,
        bound: AssertedBound,
    ) -> Result<(), Inconclusive> {
        let at = bound.at.clone();
        let found = self.lines.at_mut(line as usize);
        let old = match side {
            BoundSide::Low => found.low.replace(bound),
            BoundSide::High => found.high.replace(bound),
        };
        let outside = match side {
            BoundSide::Low => found.value < at,
            BoundSide::High => found.value > at,
        };
        let basic = found.row != 0;
        self.trail.push((line, side, old));
        if outside && basic {
            self.dirty = true;
        } else if outside {
            self.move_to(line, at)?;
        }
        Ok(())
    }

    /// Gives a term that is not basic another value.
    pub(super) fn move_to(&mut self, line: u32, to: DeltaNumber) -> Result<(), Inconclusive> {
        let by = to.sub(&self.lines.at(line as usize).value)?;
        for row in &self.rows {
            if let Some(times) = factor(&row.sum, line) {
                let basic = self.lines.at_mut(row.basic as usize);
                basic.value = basic.value.plus(times, &by)?;
                self.dirty = true;
            }
        }
        self.lines.at_mut(line as usize).value = to;
        Ok(())
    }

    fn outside(&self, line: u32) -> Option<(BoundSide, DeltaNumber)> {
        let line = self.lines.at(line as usize);
        if let Some(low) = line.low.as_ref().filter(|low| line.value < low.at) {
            return Some((BoundSide::Low, low.at.clone()));
        }
        line.high.as_ref().filter(|high| line.value > high.at).map(|high| (BoundSide::High, high.at.clone()))
    }

    /// Whether the term can move away from `side`.
    fn free(&self, line: u32, towards: BoundSide) -> bool {
        let line = self.lines.at(line as usize);
        match towards {
            BoundSide::Low => line.low.as_ref().is_none_or(|low| line.value > low.at),
            BoundSide::High => line.high.as_ref().is_none_or(|high| line.value < high.at),
        }
    }

    /// Brings every row within its bounds; else the bounds that cannot hold together, as a clause of false literals.
    pub(super) fn check(&mut self, steps: &mut Budget) -> Result<Option<Vec<Formula>>, Inconclusive> {
        let mut pivots = 0;
        while self.dirty {
            steps.take(self.rows.len())?;
            let Some((at, side, to)) = self.worst(pivots < EAGER)? else {
                self.dirty = false;
                return Ok(None);
            };
            pivots += 1;
            let Some(row) = self.rows.get(at) else { return Ok(None) };
            let entering = row.sum.iter().find(|(line, times)| {
                // Below its bound the sum must grow: what counts for it goes up, what counts against it down.
                let up = (side == BoundSide::Low) != times.is_negative();
                self.free(*line, if up { BoundSide::High } else { BoundSide::Low })
            });
            match entering {
                Some((line, _)) => {
                    let line = *line;
                    self.exchange(at, line, to, steps)?;
                }
                None => return Ok(Some(self.conflict(at, side))),
            }
        }
        Ok(None)
    }

    /// The row to bring within its bounds: the one furthest outside, or else the first.
    fn worst(&self, furthest: bool) -> Result<Option<(usize, BoundSide, DeltaNumber)>, Inconclusive> {
        let mut worst: Option<(DeltaNumber, u32, usize, BoundSide, DeltaNumber)> = None;
        for (row, at) in self.rows.iter().zip(0..) {
            let Some((side, to)) = self.outside(row.basic) else { continue };
            let way = match (furthest, side) {
                (false, _) => DeltaNumber::default(),
                (true, BoundSide::Low) => to.sub(self.value(row.basic))?,
                (true, BoundSide::High) => self.value(row.basic).sub(&to)?,
            };
            let before = |(most, basic, ..): &(DeltaNumber, u32, usize, BoundSide, DeltaNumber)| {
                way > *most || (way == *most && row.basic < *basic)
            };
            if worst.as_ref().is_none_or(before) {
                worst = Some((way, row.basic, at, side, to));
            }
        }
        Ok(worst.map(|(_, _, at, side, to)| (at, side, to)))
    }

    /// The bounds that keep a row outside its own bound, negated.
    fn conflict(&self, at: usize, side: BoundSide) -> Vec<Formula> {
        let Some(row) = self.rows.get(at) else { return Vec::new() };
        let mut clause: Vec<Formula> =
            self.bound(row.basic, side).map(|bound| !bound.why).into_iter().collect();
        for (line, times) in &row.sum {
            let held = if times.is_negative() { side } else { side.other() };
            clause.extend(self.bound(*line, held).map(|bound| !bound.why));
        }
        clause.sort_unstable();
        clause.dedup();
        clause
    }

    /// Takes the basic term of a row to `to` by moving another, which becomes basic in its stead.
    fn exchange(
        &mut self,
        at: usize,
        line: u32,
        to: DeltaNumber,
        steps: &mut Budget,
    ) -> Result<(), Inconclusive> {
        let Some(row) = self.rows.get(at) else { return Ok(()) };
        let (basic, times) = (row.basic, factor(&row.sum, line).cloned().unwrap_or(Number::ONE));
        let by = to.sub(&self.lines.at(basic as usize).value)?.over(&times)?;
        let moved = self.lines.at(line as usize).value.plus(&Number::ONE, &by)?;
        self.move_to(line, moved)?;
        self.lines.at_mut(basic as usize).value = to;
        self.pivot(at, line, steps)
    }

    fn pivot(&mut self, at: usize, line: u32, steps: &mut Budget) -> Result<(), Inconclusive> {
        let Some(row) = self.rows.get(at) else { return Ok(()) };
        let (basic, times) = (row.basic, factor(&row.sum, line).cloned().unwrap_or(Number::ONE));
        let inverse = Number::ONE.div(&times)?;
        let mut sum = Vec::with_capacity(row.sum.len());
        for (other, factor) in row.sum.iter().filter(|(other, _)| *other != line) {
            sum.push((*other, factor.mul(&inverse)?.neg()));
        }
        let place = sum.partition_point(|(other, _)| *other < basic);
        sum.insert(place, (basic, inverse));
        for (row, other) in self.rows.iter_mut().zip(0..) {
            if other == at {
                continue;
            }
            if let Ok(found) = row.sum.binary_search_by_key(&line, |(line, _)| *line) {
                let (_, times) = row.sum.remove(found);
                steps.take(row.sum.len().saturating_add(sum.len()))?;
                row.sum = combined(&row.sum, &times, &sum)?;
            }
        }
        if let Some(row) = self.rows.get_mut(at) {
            row.basic = line;
            row.sum = sum;
        }
        self.lines.at_mut(basic as usize).row = 0;
        self.lines.at_mut(line as usize).row = u32::try_from(at.saturating_add(1)).unwrap_or(0);
        Ok(())
    }

    /// Moves the term as far to `side` as the bounds allow, from a state within them; `None` if there is no end.
    pub(super) fn push(
        &mut self,
        line: u32,
        side: BoundSide,
        steps: &mut Budget,
    ) -> Result<Option<DeltaNumber>, Inconclusive> {
        loop {
            steps.take(self.rows.len().saturating_add(1))?;
            let own = [(line, Number::ONE)];
            let place = self.lines.at(line as usize).row.checked_sub(1);
            let sum =
                place.and_then(|row| self.rows.get(row as usize)).map_or(own.as_slice(), |row| &row.sum);
            let entering = sum.iter().find_map(|(other, times)| {
                let towards = if times.is_negative() { side.other() } else { side };
                self.free(*other, towards).then_some((*other, towards))
            });
            let Some((moving, towards)) = entering else { return Ok(Some(self.value(line).clone())) };
            // The first bound in the way: its own, or that of a row.
            let mut nearest: Option<(DeltaNumber, u32, Option<usize>, DeltaNumber)> = None;
            if let Some(bound) = self.bound(moving, towards) {
                let way = length(&bound.at, self.value(moving), &Number::ONE)?;
                nearest = Some((way, moving, None, bound.at.clone()));
            }
            for (row, at) in self.rows.iter().zip(0..) {
                let Some(times) = factor(&row.sum, moving) else { continue };
                let goes = if times.is_negative() { towards.other() } else { towards };
                let Some(bound) = self.bound(row.basic, goes) else { continue };
                let way = length(&bound.at, self.value(row.basic), times)?;
                if nearest.as_ref().is_none_or(|(least, basic, ..)| (&way, row.basic) < (least, *basic)) {
                    nearest = Some((way, row.basic, Some(at), bound.at.clone()));
                }
            }
            match nearest {
                None => return Ok(None),
                Some((_, _, None, to)) => self.move_to(moving, to)?,
                Some((_, _, Some(at), to)) => self.exchange(at, moving, to, steps)?,
            }
            self.dirty = false;
        }
    }
}

/// How far the mover goes until its row, which moves `times` as fast, meets the bound.
fn length(bound: &DeltaNumber, value: &DeltaNumber, times: &Number) -> Result<DeltaNumber, Inconclusive> {
    let way = bound.sub(value)?.over(times)?;
    Ok(if way < DeltaNumber::default() { DeltaNumber::default().sub(&way)? } else { way })
}

/// The factor of a term in a sum.
#[inline]
fn factor(sum: &[(u32, Number)], line: u32) -> Option<&Number> {
    let place = sum.binary_search_by_key(&line, |(line, _)| *line).ok()?;
    sum.get(place).map(|(_, factor)| factor)
}

/// `one + times * other`.
fn combined(
    one: &[(u32, Number)],
    times: &Number,
    other: &[(u32, Number)],
) -> Result<Vec<(u32, Number)>, Inconclusive> {
    let mut sum = Vec::with_capacity(one.len().saturating_add(other.len()));
    let (mut left, mut right) = (one.iter().peekable(), other.iter().peekable());
    loop {
        match (left.peek(), right.peek()) {
            (Some((a, factor)), Some((b, with))) if a == b => {
                let factor = factor.add(&times.mul(with)?)?;
                if !factor.is_zero() {
                    sum.push((*a, factor));
                }
                left.next();
                right.next();
            }
            (Some((a, factor)), Some((b, _))) if a < b => {
                sum.push((*a, factor.clone()));
                left.next();
            }
            (_, Some((b, with))) => {
                sum.push((*b, times.mul(with)?));
                right.next();
            }
            (Some((a, factor)), None) => {
                sum.push((*a, factor.clone()));
                left.next();
            }
            (None, None) => return Ok(sum),
        }
    }
}
