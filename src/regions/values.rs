//! Values as far as they can be said: compared, chosen among, rounded.

use super::exprs::SymbolicReader;
use super::space::{Lin, Linear, Outside, Space, SpaceQuantity};
use crate::solve::{Comparison, Formula, Var, VarSort};
use crate::tree::CompareOp;
use crate::value::{Code, Number, Rounding};

/// A value as far as it can be said.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sym {
    /// A number, a day or a duration.
    Linear(Lin),
    Bool(Formula),
    Choice(SymbolicChoice),
    Code(Result<Code, Var>),
    Text(Result<String, Var>),
    /// The row asked.
    Own,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum SymbolicChoice {
    Is(u32),
    Var(Var),
}

/// A value, and where there is an error instead.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Val {
    pub sym: Sym,
    pub fails: Formula,
}

impl Sym {
    /// The number it is, if it is one variable.
    pub fn part(&self) -> Option<Var> {
        let Sym::Linear(Lin { parts, rest }) = self else { return None };
        let (var, factor) = parts.first_key_value()?;
        (parts.len() == 1 && *factor == Number::ONE && rest.is_zero()).then_some(*var)
    }

    /// The variable it is, if it is one.
    fn var(&self) -> Option<Var> {
        match self {
            Sym::Choice(SymbolicChoice::Var(var)) | Sym::Code(Err(var)) | Sym::Text(Err(var)) => Some(*var),
            Sym::Linear(_)
            | Sym::Bool(_)
            | Sym::Choice(SymbolicChoice::Is(_))
            | Sym::Code(Ok(_))
            | Sym::Text(Ok(_))
            | Sym::Own => None,
        }
    }
}

impl Val {
    pub fn of(sym: Sym) -> Val {
        Val { sym, fails: Formula::FALSE }
    }
}

impl SymbolicReader<'_> {
    pub(super) fn compare(&mut self, op: CompareOp, left: &Sym, right: &Sym) -> Linear<Formula> {
        let equal = match (left, right) {
            (Sym::Linear(left), Sym::Linear(right)) => {
                let comparison = match op {
                    CompareOp::Less => Comparison::Below,
                    CompareOp::AtMost => Comparison::AtMost,
                    CompareOp::Equal => Comparison::Equal,
                    CompareOp::NotEqual => Comparison::Unequal,
                    CompareOp::AtLeast => Comparison::AtLeast,
                    CompareOp::Greater => Comparison::Above,
                };
                return self.space.below(left, comparison, right);
            }
            (Sym::Bool(left), Sym::Bool(right)) => self.space.forms.same(*left, *right),
            (Sym::Choice(SymbolicChoice::Is(a)), Sym::Choice(SymbolicChoice::Is(b))) => truth_of(a == b),
            (Sym::Choice(SymbolicChoice::Var(var)), Sym::Choice(SymbolicChoice::Is(is)))
            | (Sym::Choice(SymbolicChoice::Is(is)), Sym::Choice(SymbolicChoice::Var(var))) => {
                self.space.forms.choice_in(*var, [*is])?
            }
            (Sym::Choice(SymbolicChoice::Var(a)), Sym::Choice(SymbolicChoice::Var(b))) => {
                self.space.forms.choice_same(*a, *b)?
            }
            (Sym::Code(Ok(a)), Sym::Code(Ok(b))) => truth_of(a == b),
            (Sym::Code(Err(var)), Sym::Code(Ok(code))) | (Sym::Code(Ok(code)), Sym::Code(Err(var))) => {
                self.space.forms.code_is(*var, code)?
            }
            (Sym::Text(Ok(a)), Sym::Text(Ok(b))) => truth_of(a == b),
            (Sym::Text(Err(var)), Sym::Text(Ok(text))) | (Sym::Text(Ok(text)), Sym::Text(Err(var))) => {
                self.space.forms.text_is(*var, text)?
            }
            (Sym::Text(Err(a)), Sym::Text(Err(b))) => self.space.forms.text_same(*a, *b)?,
            (Sym::Code(Err(a)), Sym::Code(Err(b))) if a == b => Formula::TRUE,
            _ => return Err(Outside),
        };
        match op {
            CompareOp::Equal => Ok(equal),
            CompareOp::NotEqual => Ok(!equal),
            _ => Err(Outside),
        }
    }

    /// The value whose condition holds; the conditions exclude each other.
    pub(super) fn one_of(&mut self, cases: &[(Formula, Sym)]) -> Linear<Sym> {
        let possible: Vec<&(Formula, Sym)> =
            cases.iter().filter(|(when, _)| *when != Formula::FALSE).collect();
        match possible.as_slice() {
            [] => return Err(Outside),
            [(_, only)] => return Ok(only.clone()),
            [(_, first), rest @ ..] if rest.iter().all(|(_, other)| other == first) => {
                return Ok(first.clone());
            }
            _ => {}
        }
        match possible.first() {
            Some((_, Sym::Linear(_))) => {
                let mut linear = Vec::new();
                for (when, sym) in &possible {
                    let Sym::Linear(lin) = sym else { return Err(Outside) };
                    linear.push((*when, lin.clone()));
                }
                Ok(Sym::Linear(self.space.part(VarSort::Number, &linear)?))
            }
            Some((_, Sym::Bool(_))) => {
                let mut any = Vec::new();
                for (when, sym) in &possible {
                    let Sym::Bool(truth) = sym else { return Err(Outside) };
                    any.push(self.space.forms.and([*when, *truth]));
                }
                Ok(Sym::Bool(self.space.forms.or(any)))
            }
            Some((_, first)) => {
                let known = self.shared.iter().find(|(known, _)| known == cases);
                if let Some((_, shared)) = known {
                    return Ok(shared.clone());
                }
                let shared = self.like(first)?;
                self.shared.push((cases.to_vec(), shared.clone()));
                for (when, sym) in &possible {
                    let same = self.compare(CompareOp::Equal, &shared, sym)?;
                    let law = self.space.forms.or([!*when, same]);
                    self.space.defines(shared.var(), law);
                }
                Ok(shared)
            }
            None => Err(Outside),
        }
    }

    /// A new variable of the kind of a value.
    fn like(&mut self, sym: &Sym) -> Linear<Sym> {
        Ok(match sym {
            Sym::Text(_) => Sym::Text(Err(self.space.var(VarSort::Text, SpaceQuantity::Part))),
            Sym::Code(Ok(_)) => Sym::Code(Err(self.space.var(VarSort::Code, SpaceQuantity::Part))),
            Sym::Choice(SymbolicChoice::Var(var)) => {
                let kind = self.space.forms.kind(*var).ok_or(Outside)?;
                Sym::Choice(SymbolicChoice::Var(self.space.var(kind, SpaceQuantity::Part)))
            }
            // Which list it is of is not kept; every list fits this many.
            Sym::Choice(SymbolicChoice::Is(_)) => {
                let most = self.space.choices.values().map(Vec::len).max().unwrap_or(1);
                let count = u32::try_from(most).ok().and_then(std::num::NonZeroU32::new).ok_or(Outside)?;
                Sym::Choice(SymbolicChoice::Var(self.space.var(VarSort::Choice(count), SpaceQuantity::Part)))
            }
            Sym::Linear(_) | Sym::Bool(_) | Sym::Code(Err(_)) | Sym::Own => return Err(Outside),
        })
    }

    /// M4: a whole number of steps, by magnitude.
    pub(super) fn rounded(&mut self, value: &Lin, mode: Rounding, step: &Number) -> Linear<Lin> {
        if let Some(constant) = value.as_constant() {
            return Ok(Lin::constant(constant.round(step, mode)?));
        }
        let key = (value.clone(), mode, step.clone());
        if let Some(known) = self.space.rounded.get(&key) {
            return Ok(known.clone());
        }
        let quantity = SpaceQuantity::Rounded { of: value.clone(), step: step.clone() };
        let steps = self.space.var(VarSort::Whole, quantity);
        let count = Lin::var(steps);
        let scaled = value.scale(&Number::ONE.div(step)?)?;
        let positive = self.space.below(&scaled, Comparison::AtLeast, &Lin::default())?;
        for (applies, sign) in [(positive, Number::ONE), (!positive, Number::ONE.neg())] {
            // By magnitude: both sides turned positive.
            let (size, whole) = (scaled.scale(&sign)?, count.scale(&sign)?);
            let half = Number::from_ratio(1, 2)?;
            let (low, low_op, high, high_op) = match mode {
                // whole - low <= size < whole + high
                Rounding::HalfUp => (half.clone(), Comparison::AtLeast, half, Comparison::Below),
                Rounding::HalfDown => (half.clone(), Comparison::Above, half, Comparison::AtMost),
                Rounding::Up => (Number::ONE, Comparison::Above, Number::ZERO, Comparison::AtMost),
                Rounding::Down => (Number::ZERO, Comparison::AtLeast, Number::ONE, Comparison::Below),
                Rounding::HalfEven => (half.clone(), Comparison::AtLeast, half, Comparison::AtMost),
            };
            let at_least = whole.add(&Lin::constant(low.neg()))?;
            let at_most = whole.add(&Lin::constant(high))?;
            let low = self.space.below(&size, low_op, &at_least)?;
            let high = self.space.below(&size, high_op, &at_most)?;
            for bound in [low, high] {
                let law = self.space.forms.or([!applies, bound]);
                self.space.defines(Some(steps), law);
            }
        }
        if mode == Rounding::HalfEven {
            // Half way between two, the even one.
            let half = Lin::constant(Number::from_ratio(1, 2)?);
            let pairs = Lin::var(self.space.var(VarSort::Whole, SpaceQuantity::Part));
            let even = self.space.below(&count, Comparison::Equal, &pairs.scale(&Number::from(2))?)?;
            for other in [count.add(&half)?, count.sub(&half)?] {
                let tie = self.space.below(&scaled, Comparison::Equal, &other)?;
                let law = self.space.forms.or([!tie, even]);
                self.space.defines(Some(steps), law);
            }
        }
        let rounded = count.scale(step)?;
        self.space.rounded.insert(key, rounded.clone());
        Ok(rounded)
    }
}

impl Space {
    /// One of two: the first where the condition holds.
    pub(super) fn pick(&mut self, kind: VarSort, first: Formula, one: &Lin, other: &Lin) -> Linear<Lin> {
        if first == Formula::TRUE || one == other {
            return Ok(one.clone());
        }
        if first == Formula::FALSE {
            return Ok(other.clone());
        }
        self.part(kind, &[(first, one.clone()), (!first, other.clone())])
    }
}

pub(super) fn truth_of(truth: bool) -> Formula {
    if truth { Formula::TRUE } else { Formula::FALSE }
}
