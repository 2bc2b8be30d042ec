//! The atoms of formulas: linear comparisons brought to `term <= c` and `term < c`, choices, codes, texts.
//!
//! A term is kept once whatever its scale: over whole variables its coefficients are coprime whole numbers, so that its
//! values are whole and its bounds can be tightened to whole numbers; otherwise its first coefficient is 1.

use std::sync::Arc;

use super::formula::{AtomError, Formula, Formulas, TheoryAtom, Var, VarSort};
use crate::value::{Code, Number, Rounding, Trouble};

/// The most digits a code has.
pub(super) const DIGITS: usize = 12;

/// How a linear expression compares with 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparison {
    Below,
    AtMost,
    Equal,
    Unequal,
    AtLeast,
    Above,
}

impl Comparison {
    /// The same comparison of the negatives.
    pub fn turned(self) -> Comparison {
        match self {
            Comparison::Below => Comparison::Above,
            Comparison::AtMost => Comparison::AtLeast,
            Comparison::Equal => Comparison::Equal,
            Comparison::Unequal => Comparison::Unequal,
            Comparison::AtLeast => Comparison::AtMost,
            Comparison::Above => Comparison::Below,
        }
    }
}

/// A sum of variables: one alone with coefficient 1, or more, each of which has a term of its own before this one.
#[derive(Clone, Debug)]
pub(super) struct LinearTerm {
    pub parts: Vec<(Var, Number)>,
    /// The parts as terms; empty for a variable alone.
    pub rows: Vec<(u32, Number)>,
    pub whole: bool,
}

impl LinearTerm {
    /// The variable it is, if it is one alone.
    pub(super) fn alone(&self) -> Option<Var> {
        match self.parts.as_slice() {
            [(var, _)] => Some(*var),
            _ => None,
        }
    }
}

impl From<Trouble> for AtomError {
    fn from(_: Trouble) -> AtomError {
        AtomError::Overflow
    }
}

impl Formulas {
    /// The sum of the parts and `rest`, compared with 0.
    pub fn linear(
        &mut self,
        parts: &[(Var, Number)],
        rest: &Number,
        comparison: Comparison,
    ) -> Result<Formula, AtomError> {
        let (term, at, turned) = match self.term(parts)? {
            TermMultiple::Constant => {
                let holds = match comparison {
                    Comparison::Below => rest.is_negative(),
                    Comparison::AtMost => !rest.is_positive(),
                    Comparison::Equal => rest.is_zero(),
                    Comparison::Unequal => !rest.is_zero(),
                    Comparison::AtLeast => !rest.is_negative(),
                    Comparison::Above => rest.is_positive(),
                };
                return Ok(if holds { Formula::TRUE } else { Formula::FALSE });
            }
            TermMultiple::Term { term, scale } => (term, rest.div(&scale)?.neg(), scale.is_negative()),
        };
        let at_most = self.below(term, &at, false)?;
        let below = self.below(term, &at, true)?;
        Ok(match (comparison, turned) {
            (Comparison::Below, false) | (Comparison::Above, true) => below,
            (Comparison::AtMost, false) | (Comparison::AtLeast, true) => at_most,
            (Comparison::AtLeast, false) | (Comparison::AtMost, true) => !below,
            (Comparison::Above, false) | (Comparison::Below, true) => !at_most,
            (Comparison::Equal, _) => self.and([at_most, !below]),
            (Comparison::Unequal, _) => !self.and([at_most, !below]),
        })
    }

    /// One variable compared with a constant.
    pub fn compare(&mut self, var: Var, comparison: Comparison, with: &Number) -> Result<Formula, AtomError> {
        self.linear(&[(var, Number::ONE)], &with.neg(), comparison)
    }

    /// The term is at most `at`, or below it.
    pub(super) fn below(&mut self, term: u32, at: &Number, strict: bool) -> Result<Formula, AtomError> {
        let whole = self.terms.get(term as usize).is_some_and(|term| term.whole);
        if !whole {
            return Ok(self.atom(TheoryAtom::Below { term, at: at.clone(), strict }));
        }
        let floor = floor(at)?;
        let at = if strict && at.is_integer() { floor.sub(&Number::ONE)? } else { floor };
        Ok(self.atom(TheoryAtom::Below { term, at, strict: false }))
    }

    /// The term the parts are a multiple of, and the multiple.
    pub(super) fn term(&mut self, parts: &[(Var, Number)]) -> Result<TermMultiple, AtomError> {
        let mut sorted: Vec<(Var, Number)> = Vec::with_capacity(parts.len());
        let mut given: Vec<&(Var, Number)> = parts.iter().collect();
        given.sort_by_key(|(var, _)| *var);
        for (var, factor) in given {
            if !matches!(self.kind(*var), Some(VarSort::Number | VarSort::Whole)) {
                return Err(AtomError::Sort);
            }
            match sorted.last_mut() {
                Some((last, sum)) if last == var => *sum = sum.add(factor)?,
                _ => sorted.push((*var, factor.clone())),
            }
        }
        sorted.retain(|(_, factor)| !factor.is_zero());
        let Some((_, first)) = sorted.first().cloned() else { return Ok(TermMultiple::Constant) };
        // Numbers that cancel each other out leave a term of whole variables.
        let whole = sorted.iter().all(|(var, _)| self.kind(*var) == Some(VarSort::Whole));
        let common = if whole { common(&sorted) } else { None };
        let scale = match &common {
            Some(size) if first.is_negative() => size.neg(),
            Some(size) => size.clone(),
            None => first,
        };
        for (_, factor) in &mut sorted {
            *factor = factor.div(&scale)?;
        }
        let whole = whole && common.is_some();
        let whole = whole && sorted.iter().all(|(_, factor)| factor.is_integer());
        Ok(TermMultiple::Term { term: self.term_id(sorted, whole), scale })
    }

    /// The term a variable alone is, if anything was said of it.
    pub(super) fn line(&self, var: Var) -> Option<u32> {
        self.term_ids.get([(var, Number::ONE)].as_slice()).copied()
    }

    fn term_id(&mut self, parts: Vec<(Var, Number)>, whole: bool) -> u32 {
        if let Some(id) = self.term_ids.get(&parts) {
            return *id;
        }
        let mut rows = Vec::new();
        if parts.len() > 1 {
            for (var, factor) in &parts {
                let whole = self.kind(*var) == Some(VarSort::Whole);
                rows.push((self.term_id(vec![(*var, Number::ONE)], whole), factor.clone()));
            }
        }
        rows.sort_by_key(|(term, _)| *term);
        let id = u32::try_from(self.terms.len()).unwrap_or(u32::MAX);
        self.terms.push(LinearTerm { parts: parts.clone(), rows, whole });
        self.term_ids.insert(parts, id);
        id
    }

    /// The variable has one of these values, by index; indices beyond its values are none.
    pub fn choice_in(
        &mut self,
        var: Var,
        values: impl IntoIterator<Item = u32>,
    ) -> Result<Formula, AtomError> {
        let Some(VarSort::Choice(count)) = self.kind(var) else { return Err(AtomError::Sort) };
        let mut values: Vec<u32> = values.into_iter().filter(|value| *value < count.get()).collect();
        values.sort_unstable();
        values.dedup();
        if values.len() == count.get() as usize {
            return Ok(Formula::TRUE);
        }
        let parts: Vec<Formula> =
            values.into_iter().map(|value| self.choice(var, value, count.get())).collect();
        Ok(self.or(parts))
    }

    fn choice(&mut self, var: Var, value: u32, count: u32) -> Formula {
        match (count, value) {
            (1, _) => Formula::TRUE,
            // Of two values one atom is enough.
            (2, 1) => !self.atom(TheoryAtom::Choice { var, value: 0 }),
            _ => self.atom(TheoryAtom::Choice { var, value }),
        }
    }

    /// Two variables of as many values have the same one.
    pub fn choice_same(&mut self, one: Var, other: Var) -> Result<Formula, AtomError> {
        let (Some(VarSort::Choice(count)), Some(VarSort::Choice(others))) =
            (self.kind(one), self.kind(other))
        else {
            return Err(AtomError::Sort);
        };
        if count != others {
            return Err(AtomError::Sort);
        }
        if one == other {
            return Ok(Formula::TRUE);
        }
        let mut both = Vec::new();
        for value in 0..count.get() {
            let (left, right) =
                (self.choice(one, value, count.get()), self.choice(other, value, count.get()));
            both.push(self.and([left, right]));
        }
        Ok(self.or(both))
    }

    /// The code is exactly this one (M7).
    pub fn code_is(&mut self, var: Var, code: &Code) -> Result<Formula, AtomError> {
        let digits = self.digits(var, code)?;
        Ok(self.atom(TheoryAtom::CodeIs { var, digits }))
    }

    /// The digits of `prefix` begin those of the code (M7).
    pub fn code_under(&mut self, var: Var, prefix: &Code) -> Result<Formula, AtomError> {
        let digits = self.digits(var, prefix)?;
        Ok(self.atom(TheoryAtom::CodeUnder { var, digits }))
    }

    fn digits(&self, var: Var, code: &Code) -> Result<Arc<[u8]>, AtomError> {
        if self.kind(var) != Some(VarSort::Code) {
            return Err(AtomError::Sort);
        }
        let digits: Arc<[u8]> = code.bytes().collect();
        if digits.len() > DIGITS { Err(AtomError::Digits) } else { Ok(digits) }
    }

    /// The text is exactly this one.
    pub fn text_is(&mut self, var: Var, text: &str) -> Result<Formula, AtomError> {
        if self.kind(var) != Some(VarSort::Text) {
            return Err(AtomError::Sort);
        }
        let text = self.text_id(text);
        Ok(self.atom(TheoryAtom::TextIs { var, text }))
    }

    /// Two texts are the same.
    pub fn text_same(&mut self, one: Var, other: Var) -> Result<Formula, AtomError> {
        if self.kind(one) != Some(VarSort::Text) || self.kind(other) != Some(VarSort::Text) {
            return Err(AtomError::Sort);
        }
        if one == other {
            return Ok(Formula::TRUE);
        }
        Ok(self.atom(TheoryAtom::TextSame { one: one.min(other), other: one.max(other) }))
    }
}

pub(super) enum TermMultiple {
    /// Nothing varies.
    Constant,
    /// The parts are `scale` times the term.
    Term { term: u32, scale: Number },
}

/// The greatest whole number at most this one.
pub(super) fn floor(value: &Number) -> Result<Number, Trouble> {
    let cut = value.round(&Number::ONE, Rounding::Down)?;
    if value.is_negative() && !value.is_integer() { cut.sub(&Number::ONE) } else { Ok(cut) }
}

/// The least whole number at least this one.
pub(super) fn ceiling(value: &Number) -> Result<Number, Trouble> {
    Ok(floor(&value.neg())?.neg())
}

/// The greatest number all factors are whole multiples of; `None` where it is too large to say.
fn common(parts: &[(Var, Number)]) -> Option<Number> {
    let (mut top, mut bottom) = (0u64, 1u64);
    for (_, factor) in parts {
        let (num, den) = factor.small_parts()?;
        let den = u64::try_from(den).ok()?;
        top = gcd(top, num.unsigned_abs());
        bottom = bottom.checked_mul(den.checked_div(gcd(bottom, den))?)?;
    }
    Number::from_ratio(i64::try_from(top).ok()?, i64::try_from(bottom).ok()?).ok()
}

pub(super) fn gcd(mut one: u64, mut other: u64) -> u64 {
    while let Some(rest) = one.checked_rem(other) {
        one = other;
        other = rest;
    }
    one
}
