//! Numbers, and choices.

use super::compiler::{BatchCompiler, Environment, numbers};
use super::graph::{Arg, Relation};
use super::hoist::nothing;
use super::lanes::LaneType;
use super::term::{Bailout, RowTerm, ScaledArg};
use crate::policy::{ExprId, Type};
use crate::tree::{AddOp, ClampSide, MulOp};

impl BatchCompiler<'_, '_> {
    pub fn sum(
        &mut self,
        ty: &Type,
        first: ExprId,
        rest: &[(AddOp, ExprId)],
        at: &Environment,
    ) -> Result<RowTerm, Bailout> {
        let mut sum = self.number(first, at)?;
        for (op, operand) in rest {
            let operand = self.number(*operand, at)?;
            let value = match op {
                AddOp::Plus => self.graph.sum(sum.0, operand.0)?,
                AddOp::Minus => self.graph.difference(sum.0, operand.0)?,
            };
            sum = (value, self.graph.or(sum.1, operand.1));
        }
        self.counted(ty, sum)
    }

    pub fn multiplied(
        &mut self,
        ty: &Type,
        first: ExprId,
        rest: &[(MulOp, ExprId)],
        at: &Environment,
    ) -> Result<RowTerm, Bailout> {
        let mut product = self.number(first, at)?;
        for (op, id) in rest {
            let (operand, mut bad) = self.number(*id, at)?;
            let value = match (op, operand.arg) {
                (MulOp::Times, _) => {
                    // V3: zero times whatever an open fact may be is zero.
                    let zero = Arg::Const(0);
                    if self.is_fact_of_row(*id) {
                        let none = self.graph.compare(Relation::Equal, product.0.arg, zero);
                        let none = self.graph.except(none, product.1);
                        bad = self.graph.except(bad, none);
                    }
                    if rest.first().is_some_and(|(_, other)| other == id) && self.is_fact_of_row(first) {
                        let none = self.graph.compare(Relation::Equal, operand.arg, zero);
                        let none = self.graph.except(none, bad);
                        product.1 = self.graph.except(product.1, none);
                    }
                    self.graph.product(product.0, operand)?
                }
                (MulOp::Divide, Arg::Const(0)) => {
                    return Ok(RowTerm { kind: nothing(ty), bad: Arg::TRUE });
                }
                (MulOp::Divide, Arg::Const(by)) => self.graph.quotient(product.0, by, operand.den)?,
                (MulOp::Divide, Arg::Reg(_)) => {
                    // Only of zero the quotient is known without dividing: a duty by weight that is blank.
                    let zero = self.graph.compare(Relation::Equal, product.0.arg, Arg::Const(0));
                    let none = self.graph.compare(Relation::Equal, operand.arg, Arg::Const(0));
                    let known = self.graph.except(zero, none);
                    if known == Arg::FALSE {
                        return Err(Bailout("it divides by a number of the row"));
                    }
                    let open = self.graph.not(known);
                    bad = self.graph.or(bad, open);
                    ScaledArg { arg: Arg::Const(0), den: 1 }
                }
            };
            product = (value, self.graph.or(product.1, bad));
        }
        Ok(numbers(product))
    }

    pub fn negative(&mut self, ty: &Type, value: ExprId, at: &Environment) -> Result<RowTerm, Bailout> {
        let (value, bad) = self.number(value, at)?;
        let zero = ScaledArg { arg: Arg::Const(0), den: 1 };
        let negative = self.graph.difference(zero, value)?;
        self.counted(ty, (negative, bad))
    }

    pub fn clamp(
        &mut self,
        value: ExprId,
        side: ClampSide,
        bound: ExprId,
        at: &Environment,
    ) -> Result<RowTerm, Bailout> {
        let (value, bound) = (self.number(value, at)?, self.number(bound, at)?);
        let bad = self.graph.or(value.1, bound.1);
        let value = match side {
            ClampSide::AtLeast => self.graph.greater(value.0, bound.0)?,
            ClampSide::AtMost => self.graph.lesser(value.0, bound.0)?,
        };
        Ok(numbers((value, bad)))
    }

    pub fn top_up(&mut self, value: ExprId, to: ExprId, at: &Environment) -> Result<RowTerm, Bailout> {
        let (value, to) = (self.number(value, at)?, self.number(to, at)?);
        let bad = self.graph.or(value.1, to.1);
        let missing = self.graph.difference(to.0, value.0)?;
        let zero = ScaledArg { arg: Arg::Const(0), den: 1 };
        Ok(numbers((self.graph.greater(missing, zero)?, bad)))
    }

    pub fn choice(
        &mut self,
        branches: &[(ExprId, ExprId)],
        otherwise: ExprId,
        at: &Environment,
    ) -> Result<RowTerm, Bailout> {
        let mut term = self.term(otherwise, at)?;
        for (condition, value) in branches.iter().rev() {
            let condition = self.term(*condition, at)?;
            let value = self.term(*value, at)?;
            term = self.graph.choose_term(condition.bit()?, &value, &term)?;
            term.bad = self.graph.or(term.bad, condition.bad);
        }
        Ok(term)
    }

    /// Durations are counted with 64 bits.
    pub fn counted(&self, ty: &Type, (number, bad): (ScaledArg, Arg)) -> Result<RowTerm, Bailout> {
        let (lo, hi) = self.graph.range(number.arg);
        match ty {
            Type::Duration(_) if LaneType::of(lo, hi) == LaneType::Int128 => {
                Err(Bailout("its numbers may be too large"))
            }
            _ => Ok(numbers((number, bad))),
        }
    }
}
