//! What names stand for: facts and fields on a day, constants, defines, outcomes, functions.

use super::exprs::{SymbolicPoint, SymbolicReader};
use super::space::{Lin, Linear, Outside, SpaceQuantity, two};
use super::values::{Sym, SymbolicChoice, Val};
use crate::facts::Facts;
use crate::outcome::Point;
use crate::policy::{DefineId, EntityId, Expr, ExprId, Fact, FactId, FieldId, FunctionId, OutcomeId, Type};
use crate::run::Evaluator;
use crate::solve::{Formula, Var};
use crate::tree::CompareOp;
use crate::value::{Day, Mask, Number, Possible, Value};

impl SymbolicReader<'_> {
    pub(super) fn constant(&mut self, side: usize, id: ExprId, value: &Value) -> Linear<Val> {
        let policy = self.policy(side);
        Ok(Val::of(match value {
            Value::Number(number) => Sym::Linear(Lin::constant(number.clone())),
            Value::Date(day) => Sym::Linear(Lin::day(*day)),
            Value::Duration(count) => Sym::Linear(Lin::constant(Number::from(*count))),
            Value::Bool(true) => Sym::Bool(Formula::TRUE),
            Value::Bool(false) => Sym::Bool(Formula::FALSE),
            Value::Text(text) => Sym::Text(Ok(text.to_string())),
            Value::Country(country) => Sym::Text(Ok(country.as_str().to_owned())),
            Value::Code(code) => Sym::Code(Ok(*code)),
            Value::Choice(at) => match policy.exprs.ty(id) {
                Type::Enum(list) => Sym::Choice(SymbolicChoice::Is(
                    self.space.choice(&policy.enums[*list], *at).ok_or(Outside)?,
                )),
                _ => return Err(Outside),
            },
            Value::Row(_) => return Err(Outside),
        }))
    }

    /// What a fact is in any case.
    pub(super) fn set(&self, side: usize, fact: FactId) -> Option<Value> {
        let slot = self.fixed.get(side)?.facts.try_get(fact)?;
        match slot.statements.as_slice() {
            [only] => match &only.value {
                Possible::One(value) => Some(value.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    /// Complete facts: a default is one of the values that may be stated.
    pub(super) fn stated(
        &mut self,
        side: usize,
        entity: Option<&str>,
        decl: &Fact,
        at: &SymbolicPoint,
    ) -> Linear<Val> {
        let policy = self.policy(side);
        let when = decl.over_time.then(|| (at.day.clone(), at.known.clone()));
        let (var, fresh) = self.space.stated(entity, &decl.name, &decl.ty, decl.whole, policy, when);
        if fresh {
            let at = Self::inside(at, entity.is_some());
            let unstated = self.unstated(side, decl, var, &at)?;
            if let Some(condition) = decl.condition {
                // V7: refused is what is stated if its `where` is certainly false.
                let (holds, fails) = self.truth(side, condition, &at)?;
                let accepted = self.space.forms.or([holds, fails, unstated]);
                self.space.laws.push(accepted);
            }
        }
        Ok(Val::of(self.of_type(&decl.ty, var)?))
    }

    /// V7: that a fact is not stated, and its default counts, which its `where` is not asked of.
    fn unstated(&mut self, side: usize, decl: &Fact, var: Var, at: &SymbolicPoint) -> Linear<Formula> {
        let (Some(default), Some(condition)) = (decl.default, decl.condition) else {
            return Ok(Formula::FALSE);
        };
        if self.default_holds(side, default, condition) {
            return Ok(Formula::FALSE);
        }
        let what = "default".to_owned();
        let unstated = self.space.var(two(), SpaceQuantity::Opaque { side, expr: Some(default), what });
        self.space.unstated.insert(var, unstated);
        self.space.of_defaults.insert(default);
        let so = self.space.forms.choice_in(unstated, [1])?;
        let value = self.of_type(&decl.ty, var)?;
        let outer = std::mem::replace(&mut self.defaulting, true);
        let default = self.expr(side, default, at);
        self.defaulting = outer;
        let taken = self.compare(CompareOp::Equal, &value, &default.sym)?;
        let law = self.space.forms.and([taken, !default.fails]);
        let law = self.space.forms.or([!so, law]);
        self.space.laws.push(law);
        Ok(so)
    }

    /// Whether the default is within the `where`, whatever else is stated.
    fn default_holds(&self, side: usize, default: ExprId, condition: ExprId) -> bool {
        let policy = self.policy(side);
        let written = matches!(policy.exprs.node(default), Expr::Const(_));
        let facts = Facts::none(policy);
        let point = Point::new(Day::FIRST, Day::NEVER);
        written && Evaluator::new(policy, &facts).value(condition, None, point).mask() == Mask::TRUE
    }

    /// What a variable of a type is in formulas.
    pub(super) fn of_type(&mut self, ty: &Type, var: Var) -> Linear<Sym> {
        Ok(match ty {
            Type::Number { .. } | Type::Date | Type::Duration(_) => Sym::Linear(Lin::var(var)),
            Type::Bool => Sym::Bool(self.space.forms.choice_in(var, [1])?),
            Type::Enum(_) => Sym::Choice(SymbolicChoice::Var(var)),
            Type::Code => Sym::Code(Err(var)),
            Type::Text | Type::Country => Sym::Text(Err(var)),
            Type::Row(_) => return Err(Outside),
        })
    }

    pub(super) fn field(&mut self, side: usize, entity: EntityId, field: FieldId, at: &SymbolicPoint) -> Val {
        let policy = self.policy(side);
        let decl = &policy.entities[entity];
        let name = decl.name.clone();
        match self.stated(side, Some(&name), &decl.fields[field], at) {
            Ok(val) => val,
            Err(Outside) => {
                let kind = self.space.kind_of(&Type::Text, false, policy).0;
                let what = format!("{name}.{}", decl.fields[field].name);
                let var = self.space.var(kind, SpaceQuantity::Opaque { side, expr: None, what });
                Val::of(Sym::Text(Err(var)))
            }
        }
    }

    /// Names `for each` row are followed for the row asked only.
    pub(super) fn own_or_none(
        &mut self,
        side: usize,
        row: Option<ExprId>,
        at: &SymbolicPoint,
    ) -> Linear<bool> {
        match row {
            None => Ok(false),
            Some(row) => match self.expr(side, row, at).sym {
                Sym::Own => Ok(true),
                _ => Err(Outside),
            },
        }
    }

    fn inside(at: &SymbolicPoint, own: bool) -> SymbolicPoint {
        let frame = if own { vec![Val::of(Sym::Own)] } else { Vec::new() };
        SymbolicPoint { frame, ..at.clone() }
    }

    pub(super) fn define(&mut self, side: usize, id: DefineId, own: bool, at: &SymbolicPoint) -> Linear<Val> {
        let at = Self::inside(at, own);
        if let Some((_, val)) =
            self.defines.get(&(side, id)).into_iter().flatten().find(|(known, _)| *known == at)
        {
            return Ok(val.clone());
        }
        let value = self.policy(side).defines[id].value;
        let val = self.deeper(|reader| Ok(reader.expr(side, value, &at)))?;
        self.defines.entry((side, id)).or_default().push((at, val.clone()));
        Ok(val)
    }

    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Linear<T>) -> Linear<T> {
        if self.depth > 120 {
            return Err(Outside);
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    pub(super) fn outcome(
        &mut self,
        side: usize,
        id: OutcomeId,
        own: bool,
        at: &SymbolicPoint,
    ) -> Linear<Val> {
        let at = Self::inside(at, own);
        if let Some((_, val)) =
            self.outcomes.get(&(side, id)).into_iter().flatten().find(|(known, _)| *known == at)
        {
            return Ok(val.clone());
        }
        let val = self.deeper(|reader| reader.answer_value(side, id, &at))?;
        self.outcomes.entry((side, id)).or_default().push((at, val.clone()));
        Ok(val)
    }

    pub(super) fn call(
        &mut self,
        side: usize,
        function: FunctionId,
        args: &[ExprId],
        at: &SymbolicPoint,
    ) -> Linear<Val> {
        let mut frame = Vec::with_capacity(args.len());
        let mut fails = Vec::with_capacity(args.len());
        for arg in args {
            let val = self.expr(side, *arg, at);
            fails.push(val.fails);
            frame.push(Val::of(val.sym));
        }
        let value = self.policy(side).functions[function].value;
        let inner = SymbolicPoint { frame, ..at.clone() };
        let val = self.deeper(|reader| Ok(reader.expr(side, value, &inner)))?;
        fails.push(val.fails);
        Ok(Val { sym: val.sym, fails: self.space.forms.or(fails) })
    }
}
