//! The point meaning (V1): an expression on complete facts is one value or one error. No sets, no reasons; whoever meets
//! something open stops, and the question is asked again with sets.

mod rows;
mod rules;

use crate::policy::{
    AnnexId, AnnexKey, EntityId, Expr, ExprId, FoldId, FunctionId, LineAnswer, Op, OutcomeId, Type,
};
use crate::run::frame::{At, Named, NamedPoint};
use crate::run::sets::ops;
use crate::run::{Deep, Evaluator, LIMIT, Result, Set};
use crate::steps;
use crate::tree::{AddOp, ClampSide, CompareOp, MulOp};
use crate::value::{Day, Number, Possible, Trouble, Value};

/// Why there is no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Something open was met: ask again with sets.
    Open,
    Fault(Trouble),
    /// Nested too deeply: [`Evaluator::settle`] works out the name first that was to be read.
    Deep,
}

impl From<Trouble> for Stop {
    #[inline]
    fn from(trouble: Trouble) -> Stop {
        Stop::Fault(trouble)
    }
}

impl<'a> Evaluator<'a> {
    /// Any expression.
    pub(crate) fn point(&mut self, id: ExprId, at: &At) -> Result<Value, Stop> {
        steps::step();
        match self.policy.exprs.node(id) {
            Expr::Const(value) => Ok(value.clone()),
            Expr::Today => Ok(Value::Date(at.point.day)),
            Expr::Local(place) => self.point_local(*place, at),
            Expr::Fact(fact) => self.point_fact(*fact, at),
            Expr::Field { entity, row, field } => self.point_field(*entity, *row, *field, at),
            Expr::RowByKey { entity, key } => self.point_row_by_key(*entity, *key, at),
            Expr::Define { id, row } => self.point_read(Named::Define(*id), *row, at),
            Expr::Outcome { id, row } => self.point_read(Named::Outcome(*id), *row, at),
            Expr::Running(fold) => self.point_running(*fold, at),
            Expr::Call { function, args } => self.point_call(*function, args, at),
            Expr::Lookup { annex, column, keys } => self.point_lookup(*annex, *column, keys, at),
            Expr::Op(op) => self.op(op, at),
            Expr::And(_) | Expr::Or(_) | Expr::By { .. } => self.truth(id, at).map(Value::Bool),
            Expr::If { branches, otherwise } => {
                let taken = self.branch(branches, *otherwise, at)?;
                self.point(taken, at)
            }
            Expr::AsOf { value, day } => {
                let day = self.day(*day, at)?;
                // No day is on `never`.
                if day.is_never() { Err(Trouble::NoSuchDay.into()) } else { self.point(*value, &at.on(day)) }
            }
            Expr::AsKnownOn { value, day } => {
                // T4: looking back in knowledge is possible, looking ahead is not.
                let day = self.day(*day, at)?;
                self.point(*value, &at.known(day.min(at.point.known)))
            }
            Expr::Aggregate { .. } => self.point_aggregate(id, at),
            Expr::LastStart(_)
            | Expr::Duty { .. }
            | Expr::Power { .. }
            | Expr::Act { .. }
            | Expr::ActCount { .. }
            | Expr::DayAverage { .. } => self.lifted(id, at),
        }
    }

    /// A strict operation (V4): its operands, in the order of the text, and what it makes of them.
    fn op(&mut self, op: &Op, at: &At) -> Result<Value, Stop> {
        let number = |number: Number| Ok(Value::Number(number));
        match op {
            Op::Not(value) => Ok(Value::Bool(!self.truth(*value, at)?)),
            Op::Compare { op, left, right } => self.compare(*op, *left, *right, at).map(Value::Bool),
            Op::In { item, set } => self.point_in(*item, set, at).map(Value::Bool),
            Op::InAnnex { item, annex } => {
                let key = self.point_key(*item, at)?;
                let listed = self.facts.annex(self.policy, *annex).lists(&key, false, at.point.into());
                listed.map(Value::Bool).ok_or(Stop::Open)
            }
            Op::InCodes { item, codes, under } => {
                let item = self.point(*item, at)?;
                Ok(Value::Bool(matches!(item, Value::Code(code) if codes.holds(code, *under))))
            }
            Op::Under { item, set } => self.point_under(*item, set, at).map(Value::Bool),
            Op::UnderAnnex { item, annex } => {
                let key = self.point_key(*item, at)?;
                let listed = self.facts.annex(self.policy, *annex).lists(&key, true, at.point.into());
                listed.map(Value::Bool).ok_or(Stop::Open)
            }
            Op::Sum { first, rest } => self.point_sum(*first, rest, at).and_then(number),
            Op::Product { first, rest } => self.point_product(*first, rest, at).and_then(number),
            Op::Negative(value) => number(self.number(*value, at)?.neg()),
            Op::Clamp { value, side, bound } => {
                let value = self.point(*value, at)?;
                Ok(clamp(value, *side, self.point(*bound, at)?))
            }
            Op::Round { value, mode, step } => number(self.number(*value, at)?.round(step, *mode)?),
            Op::Compound { rate, times, mode, step } => {
                let rate = self.number(*rate, at)?;
                number(rate.compound(&self.number(*times, at)?, step, *mode)?)
            }
            Op::TopUp { value, to } => {
                let value = self.number(*value, at)?;
                number(self.number(*to, at)?.sub(&value)?.max(Number::ZERO))
            }
            Op::Shift { day, sign, wait, kind } => {
                let day = self.day(*day, at)?;
                let wait = self.duration(*wait, at)?;
                Ok(Value::Date(ops::shift(self.policy, day, *sign, wait, *kind)?))
            }
            Op::DaysBetween { later, earlier } => {
                let later = self.day(*later, at)?;
                Ok(Value::Duration(later.days_since(self.day(*earlier, at)?)?))
            }
            Op::DurationSum { first, rest } => self.duration_sum(*first, rest, at).map(Value::Duration),
            Op::DurationTimes { duration, by } => {
                let duration = self.duration(*duration, at)?;
                Ok(Value::Duration(ops::times(duration, &self.number(*by, at)?)?))
            }
            Op::DurationNegative(value) => {
                let negative = self.duration(*value, at)?.checked_neg();
                Ok(Value::Duration(negative.ok_or(Trouble::Overflow)?))
            }
            Op::DurationRatio { left, right } => {
                let left = self.duration(*left, at)?;
                number(Number::from(left).div(&Number::from(self.duration(*right, at)?))?)
            }
            Op::Attribute { attribute, of } => Ok(attribute.of(&self.point(*of, at)?)?),
        }
    }

    pub(super) fn number(&mut self, id: ExprId, at: &At) -> Result<Number, Stop> {
        match self.peek(id, at) {
            Some(Value::Number(number)) => Ok(number.clone()),
            _ => as_number(self.point(id, at)?),
        }
    }

    pub(crate) fn day(&mut self, id: ExprId, at: &At) -> Result<Day, Stop> {
        match self.peek(id, at) {
            Some(Value::Date(day)) => Ok(*day),
            _ => as_day(self.point(id, at)?),
        }
    }

    fn duration(&mut self, id: ExprId, at: &At) -> Result<i64, Stop> {
        match self.point(id, at)? {
            Value::Duration(count) => Ok(count),
            _ => Err(Stop::Open),
        }
    }

    pub(crate) fn truth(&mut self, id: ExprId, at: &At) -> Result<bool, Stop> {
        match self.policy.exprs.node(id) {
            Expr::And(list) => self.junction(list, false, at),
            Expr::Or(list) => self.junction(list, true, at),
            Expr::By { condition, day } => {
                // T5: `today > D and (C as of D)`; before the deadline has passed C does not matter (V4).
                let day = self.day(*day, at)?;
                if at.point.day <= day { Ok(false) } else { self.truth(*condition, &at.on(day)) }
            }
            _ => match self.peek(id, at) {
                Some(Value::Bool(value)) => Ok(*value),
                _ => as_truth(self.point(id, at)?),
            },
        }
    }

    fn point_in(&mut self, item: ExprId, set: &[ExprId], at: &At) -> Result<bool, Stop> {
        let item = self.point(item, at)?;
        let mut found = false;
        for of in set {
            found |= item == self.point(*of, at)?;
        }
        Ok(found)
    }

    fn point_under(&mut self, item: ExprId, set: &[ExprId], at: &At) -> Result<bool, Stop> {
        let (policy, ty) = (self.policy, self.policy.exprs.ty(item));
        let item = self.point(item, at)?;
        let mut found = false;
        for of in set {
            found |= ops::under(policy, ty, &item, &self.point(*of, at)?);
        }
        Ok(found)
    }

    fn point_sum(&mut self, first: ExprId, rest: &[(AddOp, ExprId)], at: &At) -> Result<Number, Stop> {
        let mut sum = self.number(first, at)?;
        for (op, operand) in rest {
            let operand = self.number(*operand, at)?;
            sum = match op {
                AddOp::Plus => sum.add(&operand)?,
                AddOp::Minus => sum.sub(&operand)?,
            };
        }
        Ok(sum)
    }

    fn point_product(&mut self, first: ExprId, rest: &[(MulOp, ExprId)], at: &At) -> Result<Number, Stop> {
        let mut product = self.number(first, at)?;
        for (op, operand) in rest {
            let operand = self.number(*operand, at)?;
            product = match op {
                MulOp::Times => product.mul(&operand)?,
                MulOp::Divide => product.div(&operand)?,
            };
        }
        Ok(product)
    }

    fn duration_sum(&mut self, first: ExprId, rest: &[(AddOp, ExprId)], at: &At) -> Result<i64, Stop> {
        let mut sum = self.duration(first, at)?;
        for (op, operand) in rest {
            let operand = self.duration(*operand, at)?;
            let next = match op {
                AddOp::Plus => sum.checked_add(operand),
                AddOp::Minus => sum.checked_sub(operand),
            };
            sum = next.ok_or(Trouble::Overflow)?;
        }
        Ok(sum)
    }

    /// `and` (`decisive` is false) and `or` (true) of V4: one decisive operand decides, even beside an error, in any order.
    fn junction(&mut self, list: &[ExprId], decisive: bool, at: &At) -> Result<bool, Stop> {
        let mut failed = None;
        for operand in list {
            match self.truth(*operand, at) {
                Ok(value) if value == decisive => return Ok(decisive),
                Ok(_) => {}
                Err(Stop::Fault(trouble)) => failed = failed.or(Some(trouble)),
                Err(stop) => return Err(stop),
            }
        }
        failed.map_or(Ok(!decisive), |trouble| Err(Stop::Fault(trouble)))
    }

    fn compare(&mut self, op: CompareOp, left: ExprId, right: ExprId, at: &At) -> Result<bool, Stop> {
        if let (Some(left), Some(right)) = (self.peek(left, at), self.peek(right, at)) {
            return Ok(match op {
                CompareOp::Equal => left == right,
                CompareOp::NotEqual => left != right,
                _ => ops::holds(op, left.cmp(right)),
            });
        }
        let order = match self.policy.exprs.ty(left) {
            Type::Number { .. } => {
                let left = self.number(left, at)?;
                left.cmp(&self.number(right, at)?)
            }
            Type::Date => {
                let left = self.day(left, at)?;
                left.cmp(&self.day(right, at)?)
            }
            _ => {
                let left = self.point(left, at)?;
                left.cmp(&self.point(right, at)?)
            }
        };
        Ok(ops::holds(op, order))
    }

    /// The value of an `if` that is taken (V4).
    fn branch(&mut self, branches: &[(ExprId, ExprId)], otherwise: ExprId, at: &At) -> Result<ExprId, Stop> {
        for (condition, value) in branches {
            if self.truth(*condition, at)? {
                return Ok(*value);
            }
        }
        Ok(otherwise)
    }

    fn point_local(&self, place: u32, at: &At) -> Result<Value, Stop> {
        self.stack.get(at.base.saturating_add(place as usize)).cloned().ok_or(Stop::Open)
    }

    fn point_call(&mut self, function: FunctionId, args: &[ExprId], at: &At) -> Result<Value, Stop> {
        // All arguments first: they are evaluated in the frame of the caller.
        let base = self.stack.len();
        for arg in args {
            match self.point(*arg, at) {
                Ok(value) => self.stack.push(value),
                Err(stop) => {
                    self.stack.truncate(base);
                    return Err(stop);
                }
            }
        }
        let result = self.point(self.policy.functions[function].value, &At { base, ..*at });
        self.stack.truncate(base);
        result
    }

    fn point_key(&mut self, item: ExprId, at: &At) -> Result<AnnexKey, Stop> {
        Ok(AnnexKey::of(&self.point(item, at)?))
    }

    fn point_lookup(&mut self, annex: AnnexId, column: u32, keys: &[ExprId], at: &At) -> Result<Value, Stop> {
        let mut wanted = Vec::with_capacity(keys.len());
        for key in keys {
            wanted.push(self.point_key(*key, at)?);
        }
        let annex = self.facts.annex(self.policy, annex);
        // M8
        match annex.find(&wanted, column as usize, at.point.into()) {
            LineAnswer::Value(value) => Ok(value.clone()),
            LineAnswer::Within(_) | LineAnswer::Unknown | LineAnswer::Open => Err(Stop::Open),
            LineAnswer::NotListed => Err(Trouble::NotInAnnex.into()),
        }
    }

    fn point_row_by_key(&mut self, entity: EntityId, key: ExprId, at: &At) -> Result<Value, Stop> {
        let value = self.point(key, at)?;
        match self.find_row(entity, self.policy.exprs.ty(key), &value) {
            Some(Some(row)) => Ok(Value::Row(row)),
            Some(None) => Err(Trouble::NothingToChooseFrom.into()),
            None => Err(Stop::Open),
        }
    }

    /// A define or an outcome, of the row if it has one.
    fn point_read(&mut self, named: Named, row: Option<ExprId>, at: &At) -> Result<Value, Stop> {
        let row = match row {
            Some(row) => Some(self.point_row(row, at)?),
            None => None,
        };
        let (node, own) = self.point_node(named, row, at)?;
        self.point_named(node, own)
    }

    /// What has a memory is looked at in one walk only, that over sets.
    fn lifted(&mut self, id: ExprId, at: &At) -> Result<Value, Stop> {
        let base = self.locals.len();
        let frame = self.stack.get(at.base..).unwrap_or(&[]);
        self.locals.extend(frame.iter().cloned().map(Set::one));
        let set = self.set(id, &At { base, ..*at });
        self.locals.truncate(base);
        one_value(set)
    }

    /// C4: rows are gone through in one walk only.
    fn point_running(&mut self, fold: FoldId, at: &At) -> Result<Value, Stop> {
        one_value(self.set_running(fold, at))
    }

    pub(crate) fn point_named(
        &mut self,
        node: NamedPoint,
        own: Option<(EntityId, u32)>,
    ) -> Result<Value, Stop> {
        if let Named::Define(id) = node.named
            && let Some(stepped) = self.stepped_point(id, &node)
        {
            return stepped.unwrap_or_else(|| self.point_body(node, own));
        }
        if let Some(known) = self.points.get(&node) {
            return known.clone();
        }
        let height = self.plan.height_of(node.named);
        if self.is_too_deep(height) {
            self.deep = Some(crate::run::SettleTask::Value(node));
            return Err(Stop::Deep);
        }
        self.depth += height;
        let result = self.point_body(node, own);
        self.depth -= height;
        if result != Err(Stop::Deep) {
            self.points.put(node, result.clone());
        }
        result
    }

    #[inline]
    pub(crate) fn is_too_deep(&self, height: u32) -> bool {
        // A name looked at first is always taken on, however deep its expression.
        self.depth != 0 && self.depth.saturating_add(height) > LIMIT
    }

    fn point_body(&mut self, node: NamedPoint, own: Option<(EntityId, u32)>) -> Result<Value, Stop> {
        let base = self.stack.len();
        if let Some((_, row)) = own {
            self.stack.push(Value::Row(row));
        }
        let at = At { point: node.point, base, own };
        let result = match node.named {
            Named::Define(id) => self.point(self.policy.defines[id].value, &at),
            Named::Outcome(id) => self.point_outcome(id, &at),
            Named::Running(id) => self.point_running(id, &at),
            // A default has a frame of its own, and no row.
            Named::Default(id) => self.point_default(&self.policy.facts[id], &at),
        };
        self.stack.truncate(base);
        result
    }

    /// R8: a reader of an outcome sees its value or an error.
    fn point_outcome(&mut self, id: OutcomeId, at: &At) -> Result<Value, Stop> {
        match self.point_decide(id, at)? {
            crate::run::Decided::Value(value) => Ok(value),
            crate::run::Decided::Undetermined => Err(Stop::Open),
            _ => Err(Trouble::DependsOn.into()),
        }
    }
}

/// The one value of a set.
fn one_value(set: Result<Set>) -> Result<Value, Stop> {
    match set {
        Err(Deep) => Err(Stop::Deep),
        Ok(Set { values: Possible::One(value), fault: None }) => Ok(value),
        Ok(Set { values: Possible::Nothing, fault: Some(fault) }) => Err(Stop::Fault(fault.trouble)),
        Ok(_) => Err(Stop::Open),
    }
}

/// `but at least` takes the greater, `but at most` the lesser.
pub(crate) fn clamp<T: Ord>(value: T, side: ClampSide, bound: T) -> T {
    match side {
        ClampSide::AtLeast => value.max(bound),
        ClampSide::AtMost => value.min(bound),
    }
}

// The checker has seen to the types; what is of another is left to the sets.

fn as_number(value: Value) -> Result<Number, Stop> {
    match value {
        Value::Number(number) => Ok(number),
        _ => Err(Stop::Open),
    }
}

fn as_day(value: Value) -> Result<Day, Stop> {
    match value {
        Value::Date(day) => Ok(day),
        _ => Err(Stop::Open),
    }
}

fn as_truth(value: Value) -> Result<bool, Stop> {
    match value {
        Value::Bool(value) => Ok(value),
        _ => Err(Stop::Open),
    }
}
