//! Cells of the row, from their columns.

use super::bad::Bad;
use super::compiler::{BatchCompiler, Environment};
use super::fit::Held;
use super::graph::{Arg, VectorOp};
use super::hoist::nothing;
use super::lanes::LaneType;
use super::term::{Bailout, RowTerm, ScaledArg, TermKind, Word};
use crate::policy::{Expr, ExprId, FieldId, Type};

impl BatchCompiler<'_, '_> {
    /// A field of the row whose value, where it is not known, is at least no error.
    pub fn is_fact_of_row(&self, id: ExprId) -> bool {
        match self.batch.policy.exprs.node(id) {
            Expr::Field { entity, row, field } => {
                *entity == self.batch.entity
                    && matches!(self.batch.policy.exprs.node(*row), Expr::Local(0))
                    && self.batch.policy.entities[*entity].fields[*field].default.is_none()
            }
            _ => false,
        }
    }

    /// The cell of a row, or its default (V7).
    pub fn field(&mut self, id: FieldId, at: &Environment) -> Result<RowTerm, Bailout> {
        let decl = &self.batch.policy.entities[self.batch.entity].fields[id];
        if decl.over_time && self.batch.facts.stated_through.is_some() {
            return Err(Bailout("what is stated ends on a day"));
        }
        let place = self.rows.columns.iter().position(|(of, _)| *of == id);
        let Some(place) = place else { return self.default(id, at) };
        let fit =
            self.fits.get(place).and_then(Option::as_ref).ok_or(Bailout("its column has no such values"))?;
        let column = u32::try_from(place).map_err(|_| Bailout("there are too many columns"))?;
        self.looked.insert(column);
        let kind = self.load(column, &fit.held, &decl.ty)?;
        let bad = match fit.odd {
            true => Bad::open(self.graph.push(VectorOp::Odd(column), LaneType::Bit, (0, 1))),
            false => Bad::NONE,
        };
        let cell = RowTerm { kind, bad };
        if !fit.gaps {
            return Ok(cell);
        }
        let stated = self.graph.push(VectorOp::Stated(column), LaneType::Bit, (0, 1));
        let default = self.default(id, at)?;
        self.graph.choose_term(stated, &cell, &default)
    }

    fn default(&mut self, id: FieldId, at: &Environment) -> Result<RowTerm, Bailout> {
        let decl = &self.batch.policy.entities[self.batch.entity].fields[id];
        let Some(default) = decl.default else {
            return Ok(RowTerm { kind: nothing(&decl.ty), bad: Bad::OPEN });
        };
        let at = self.own(at);
        let term = self.term(default, &at)?;
        // M5
        match term.kind {
            TermKind::Number(number) if decl.whole && number.den != 1 => {
                Err(Bailout("a default may not be whole"))
            }
            _ => Ok(term),
        }
    }

    fn load(&mut self, column: u32, held: &Held, ty: &Type) -> Result<TermKind, Bailout> {
        let op = VectorOp::Load(column);
        let number =
            |arg: Arg, scale: u8| TermKind::Number(ScaledArg { arg, den: 10i128.pow(scale.min(18).into()) });
        match (held, ty) {
            (Held::Bits, Type::Bool) => Ok(TermKind::Bit(self.graph.push(op, LaneType::Bit, (0, 1)))),
            (Held::Scaled { scale, range }, Type::Number { .. }) => {
                Ok(number(self.graph.push(op, LaneType::Int64, *range), *scale))
            }
            (Held::Wide { scale, range }, Type::Number { .. }) => {
                Ok(number(self.graph.push(op, LaneType::Int128, *range), *scale))
            }
            (Held::Days { range, never }, Type::Date) => {
                Ok(number(self.graph.push_days(op, *range, *never), 0))
            }
            (Held::Durations { range }, Type::Duration(_)) => {
                Ok(number(self.graph.push(op, LaneType::Int64, *range), 0))
            }
            (
                Held::Words(dictionary),
                Type::Text | Type::Code | Type::Country | Type::Enum(_) | Type::Row(_),
            ) => {
                let last = dictionary.len().saturating_sub(1) as i128;
                let arg = self.graph.push(op, LaneType::Key, (0, last));
                Ok(TermKind::Word(Word { arg, dictionary: dictionary.clone() }))
            }
            _ => Err(Bailout("its column has no such values")),
        }
    }
}
