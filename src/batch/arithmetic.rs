//! Numbers, and choices.

use super::bad::Bad;
use super::compiler::{BatchCompiler, Environment};
use super::graph::{Arg, Graph, Relation};
use super::lanes::LaneType;
use super::quotient::Quotient;
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
        let mut sum = self.quotient(first, at)?;
        for (op, operand) in rest {
            let operand = self.quotient(*operand, at)?;
            let value = match op {
                AddOp::Plus => self.graph.on_tops(sum.0, operand.0, Graph::sum)?,
                AddOp::Minus => self.graph.on_tops(sum.0, operand.0, Graph::difference)?,
            };
            sum = (value, self.graph.strict(sum.1, operand.1));
        }
        self.counted(ty, sum)
    }

    pub fn multiplied(
        &mut self,
        first: ExprId,
        rest: &[(MulOp, ExprId)],
        at: &Environment,
    ) -> Result<RowTerm, Bailout> {
        let mut product = self.quotient(first, at)?;
        for (op, id) in rest {
            let mut operand = self.quotient(*id, at)?;
            product = match op {
                MulOp::Times => {
                    // V3: zero times whatever an open fact may be is zero.
                    if self.is_fact_of_row(*id) {
                        operand.1 = self.beside_zero(product, operand.1);
                    }
                    if rest.first().is_some_and(|(_, other)| other == id) && self.is_fact_of_row(first) {
                        product.1 = self.beside_zero(operand, product.1);
                    }
                    let bad = self.graph.strict(product.1, operand.1);
                    (self.graph.multiply(product.0, operand.0)?, bad)
                }
                MulOp::Divide => self.divided(product, operand)?,
            };
        }
        Ok(number_term(product))
    }

    /// What is left of the rows in which an open fact is bad, times a number.
    fn beside_zero(&mut self, (number, bad): (Quotient, Bad), open: Bad) -> Bad {
        let none = self.graph.compare(Relation::Equal, number.top.arg, Arg::Const(0));
        let none = self.graph.except(none, bad.any);
        Bad::open(self.graph.except(open.any, none))
    }

    fn divided(&mut self, a: (Quotient, Bad), b: (Quotient, Bad)) -> Result<(Quotient, Bad), Bailout> {
        let bad = self.graph.strict(a.1, b.1);
        match self.graph.over(a.0, b.0) {
            Ok((quotient, none)) => Ok((quotient, self.graph.failing(bad, none))),
            Err(no) => {
                // Of nothing the quotient is known without dividing: a duty by weight that is blank.
                let zero = self.graph.compare(Relation::Equal, a.0.top.arg, Arg::Const(0));
                let none = self.graph.compare(Relation::Equal, b.0.top.arg, Arg::Const(0));
                let known = self.graph.except(zero, none);
                if known == Arg::FALSE {
                    return Err(no);
                }
                let open = self.graph.not(known);
                let bad = self.graph.failing(bad, none);
                let any = self.graph.or(bad.any, open);
                Ok((ScaledArg { arg: Arg::Const(0), den: 1 }.into(), Bad { any, ..bad }))
            }
        }
    }

    /// One duration over another.
    pub fn ratio(&mut self, left: ExprId, right: ExprId, at: &Environment) -> Result<RowTerm, Bailout> {
        let (left, right) = (self.quotient(left, at)?, self.quotient(right, at)?);
        Ok(number_term(self.divided(left, right)?))
    }

    pub fn negative(&mut self, ty: &Type, value: ExprId, at: &Environment) -> Result<RowTerm, Bailout> {
        let (value, bad) = self.quotient(value, at)?;
        let zero = ScaledArg { arg: Arg::Const(0), den: 1 };
        let negative = self.graph.on_tops(zero.into(), value, Graph::difference)?;
        self.counted(ty, (negative, bad))
    }

    pub fn clamp(
        &mut self,
        value: ExprId,
        side: ClampSide,
        bound: ExprId,
        at: &Environment,
    ) -> Result<RowTerm, Bailout> {
        let (value, bound) = (self.quotient(value, at)?, self.quotient(bound, at)?);
        let bad = self.graph.strict(value.1, bound.1);
        let value = match side {
            ClampSide::AtLeast => self.graph.on_tops(value.0, bound.0, Graph::greater)?,
            ClampSide::AtMost => self.graph.on_tops(value.0, bound.0, Graph::lesser)?,
        };
        Ok(number_term((value, bad)))
    }

    pub fn top_up(&mut self, value: ExprId, to: ExprId, at: &Environment) -> Result<RowTerm, Bailout> {
        let (value, to) = (self.quotient(value, at)?, self.quotient(to, at)?);
        let bad = self.graph.strict(value.1, to.1);
        let missing = self.graph.on_tops(to.0, value.0, Graph::difference)?;
        let zero = ScaledArg { arg: Arg::Const(0), den: 1 };
        Ok(number_term((self.graph.on_tops(missing, zero.into(), Graph::greater)?, bad)))
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
            term.bad = self.graph.within(condition.bad, term.bad);
        }
        Ok(term)
    }

    /// Durations are counted with 64 bits.
    pub fn counted(&self, ty: &Type, (number, bad): (Quotient, Bad)) -> Result<RowTerm, Bailout> {
        let (lo, hi) = self.graph.range(number.top.arg);
        match ty {
            Type::Duration(_) if LaneType::of(lo, hi) == LaneType::Int128 => {
                Err(Bailout("its numbers may be too large"))
            }
            _ => Ok(number_term((number, bad))),
        }
    }
}

fn number_term((number, bad): (Quotient, Bad)) -> RowTerm {
    RowTerm { kind: number.into(), bad }
}
