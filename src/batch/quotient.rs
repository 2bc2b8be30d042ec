//! Numbers over a number of the row: two registers, the lower of which is above 0 in every row.

use super::graph::{Arg, Graph, Relation, RoundingMode};
use super::term::{Bailout, ScaledArg, TOO_LARGE, TermKind, gcd};
use crate::value::Number;

/// A number, divided by a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quotient {
    pub top: ScaledArg,
    /// Above 0, whatever stands in rows of no account; 1 of a number that is no quotient.
    pub by: Arg,
}

const ONE: Arg = Arg::Const(1);
const ZERO: Arg = Arg::Const(0);

impl From<ScaledArg> for Quotient {
    fn from(top: ScaledArg) -> Quotient {
        Quotient { top, by: ONE }
    }
}

impl From<Quotient> for TermKind {
    fn from(number: Quotient) -> TermKind {
        match number.by {
            ONE => TermKind::Number(number.top),
            _ => TermKind::Quotient(number),
        }
    }
}

impl TermKind {
    /// Any number, one over a number of the row included.
    pub fn quotient(&self) -> Result<Quotient, Bailout> {
        match self {
            TermKind::Quotient(number) => Ok(*number),
            TermKind::Number(number) => Ok((*number).into()),
            _ => Err(Bailout("it is no number")),
        }
    }
}

impl Graph {
    /// Two numbers over one register.
    fn over_one(&mut self, a: Quotient, b: Quotient) -> Result<(ScaledArg, ScaledArg, Arg), Bailout> {
        match (a.by, b.by) {
            (by, other) if by == other => Ok((a.top, b.top, by)),
            (_, by) if a.top.arg == ZERO => Ok((a.top, b.top, by)),
            (by, _) if b.top.arg == ZERO => Ok((a.top, b.top, by)),
            (mine, other) => {
                let (left, right) = (self.scaled_by(a.top, other)?, self.scaled_by(b.top, mine)?);
                Ok((left, right, self.times(mine, other).ok_or(TOO_LARGE)?))
            }
        }
    }

    fn scaled_by(&mut self, number: ScaledArg, by: Arg) -> Result<ScaledArg, Bailout> {
        Ok(ScaledArg { arg: self.times(number.arg, by).ok_or(TOO_LARGE)?, den: number.den })
    }

    /// An operation on the numerators of two numbers over one register.
    pub fn on_tops(
        &mut self,
        a: Quotient,
        b: Quotient,
        operation: fn(&mut Graph, ScaledArg, ScaledArg) -> Result<ScaledArg, Bailout>,
    ) -> Result<Quotient, Bailout> {
        let (a, b, by) = self.over_one(a, b)?;
        Ok(Quotient { top: operation(self, a, b)?, by })
    }

    /// How two numbers compare, as their numerators do.
    pub fn ordered(&mut self, relation: Relation, a: Quotient, b: Quotient) -> Result<Arg, Bailout> {
        let (a, b, _) = self.over_one(a, b)?;
        let (a, b, _) = self.align(a, b)?;
        Ok(self.compare(relation, a, b))
    }

    pub fn multiply(&mut self, a: Quotient, b: Quotient) -> Result<Quotient, Bailout> {
        if let Some(product) = self.cancelled(a, b).or_else(|| self.cancelled(b, a)) {
            return Ok(product);
        }
        let by = self.times(a.by, b.by).ok_or(TOO_LARGE)?;
        Ok(over(self.product(a.top, b.top)?, by))
    }

    /// `a / x * x`: where x is 0 there is no quotient.
    fn cancelled(&mut self, a: Quotient, b: Quotient) -> Option<Quotient> {
        let positive = self.range(b.top.arg).0 >= 0;
        if b.by != ONE || a.by == ONE || !positive || self.greatest(b.top.arg, ONE)? != a.by {
            return None;
        }
        let den = a.top.den.checked_mul(b.top.den)?;
        let top = ScaledArg::within(a.top.arg, den).ok()?;
        Some(top.into())
    }

    /// The quotient, and the rows in which the divisor is 0.
    pub fn over(&mut self, a: Quotient, b: Quotient) -> Result<(Quotient, Arg), Bailout> {
        let none = self.compare(Relation::Equal, b.top.arg, ZERO);
        if let (Arg::Const(by), ONE, true) = (b.top.arg, b.by, none == Arg::FALSE) {
            return Ok((over(self.quotient(a.top, by, b.top.den)?, a.by), none));
        }
        let below = self.compare(Relation::Less, b.top.arg, ZERO);
        // The sign goes up.
        let size = self.turned(b.top.arg, below)?;
        let size = self.greatest(size, ONE).ok_or(TOO_LARGE)?;
        let top = self.turned(a.top.arg, below)?;
        // a / (size / den / by) = a * den * by / size
        let common = gcd(b.top.den, a.top.den).max(1);
        let top = self.times(top, Arg::Const(b.top.den / common)).ok_or(TOO_LARGE)?;
        let top = ScaledArg { arg: top, den: a.top.den / common };
        if a.by == b.by {
            return Ok((over(top, size), none));
        }
        let by = self.times(a.by, size).ok_or(TOO_LARGE)?;
        Ok((over(self.scaled_by(top, b.by)?, by), none))
    }

    /// The number with its sign turned in these rows.
    fn turned(&mut self, number: Arg, rows: Arg) -> Result<Arg, Bailout> {
        if rows == Arg::FALSE {
            return Ok(number);
        }
        let turned = self.minus(ZERO, number).ok_or(TOO_LARGE)?;
        Ok(self.choose(rows, turned, number))
    }

    /// To the nearest multiple of a step above 0 (M4).
    pub fn rounded(&mut self, a: Quotient, step: &Number, mode: RoundingMode) -> Result<ScaledArg, Bailout> {
        if a.by == ONE {
            return self.round(a.top, step, mode);
        }
        let step_den = step.whole_in().ok_or(TOO_LARGE)?;
        let step_num = step.times(step_den).filter(|num| *num > 0).ok_or(TOO_LARGE)?;
        let divisor = a.top.den.checked_mul(step_num).ok_or(TOO_LARGE)?;
        let common = gcd(divisor, step_den).max(1);
        let whole = self.times(a.top.arg, Arg::Const(step_den / common)).ok_or(TOO_LARGE)?;
        let divisor = self.times(a.by, Arg::Const(divisor / common)).ok_or(TOO_LARGE)?;
        let times = self.ratio(whole, divisor, mode).ok_or(TOO_LARGE)?;
        Ok(ScaledArg { arg: self.times(times, Arg::Const(step_num)).ok_or(TOO_LARGE)?, den: step_den })
    }

    /// `when ? yes : no`. A number that is no quotient takes the divisor of the other, if that does not make it too large.
    pub fn choose_quotient(&mut self, when: Arg, yes: Quotient, no: Quotient) -> Result<Quotient, Bailout> {
        let (yes, no, by) = match (yes.by == ONE) != (no.by == ONE) {
            true => self.over_one(yes, no).or_else(|_| self.one_by_one(when, yes, no))?,
            false if yes.by == no.by => (yes.top, no.top, yes.by),
            false => self.one_by_one(when, yes, no)?,
        };
        let (yes, no, den) = self.align(yes, no)?;
        Ok(Quotient { top: ScaledArg { arg: self.choose(when, yes, no), den }, by })
    }

    fn one_by_one(
        &mut self,
        when: Arg,
        yes: Quotient,
        no: Quotient,
    ) -> Result<(ScaledArg, ScaledArg, Arg), Bailout> {
        Ok((yes.top, no.top, self.choose(when, yes.by, no.by)))
    }
}

/// Of nothing there is no quotient.
fn over(top: ScaledArg, by: Arg) -> Quotient {
    match top.arg {
        ZERO => top.into(),
        _ => Quotient { top, by },
    }
}
