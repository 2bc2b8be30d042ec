//! The lifted meaning (V2, V3): an expression on facts of which some are open is a set. Every operator yields a hull of
//! its point results over all combinations of its operands, which are taken as independent.

mod aggregates;
mod averaged;
pub mod groups;
pub mod judge;
pub mod lift;
pub mod never;
pub mod ops;
pub mod rows;
pub mod rules;
pub mod running;
pub mod set;
mod shape;
pub(crate) mod shifts;
mod whole;

use crate::outcome::Fault;
use crate::policy::{AnnexId, AnnexKey, EntityId, Expr, ExprId, FunctionId, LineAnswer, Op};
use crate::run::frame::At;
use crate::run::sets::set::{Set, fault, fault_with, ranged, strict};
use crate::run::{Evaluator, Result};
use crate::steps;
use crate::value::{Mask, Number, Possible, Trouble, Value};
use std::sync::Arc;

impl<'a> Evaluator<'a> {
    /// Any expression.
    pub(crate) fn set(&mut self, id: ExprId, at: &At) -> Result<Set> {
        steps::step();
        if let Some(truth) = self.given_truth(id, at) {
            return Ok(Set::bool(truth));
        }
        let set = self.set_node(id, at)?;
        Ok(if self.taken.is_empty() { set } else { self.as_taken(id, set, at) })
    }

    fn set_node(&mut self, id: ExprId, at: &At) -> Result<Set> {
        match self.policy.exprs.node(id) {
            Expr::Const(value) => Ok(Set::one(value.clone())),
            Expr::Today => Ok(Set::one(Value::Date(at.point.day))),
            Expr::Local(place) => Ok(self.local(*place, id, at)),
            Expr::Fact(fact) => self.set_fact(*fact, at),
            Expr::Field { entity, row, field } => self.set_field(*entity, *row, *field, at),
            Expr::RowByKey { entity, key } => self.set_row_by_key(*entity, *key, at),
            Expr::Define { .. } | Expr::Outcome { .. } => self.set_read(id, at),
            Expr::Running(fold) => self.set_running(*fold, at),
            Expr::Call { function, args } => self.set_call(*function, args, at),
            Expr::Lookup { annex, column, keys } => self.set_lookup(id, *annex, *column, keys, at),
            Expr::Op(op) => self.set_op(op, id, at),
            Expr::And(list) => self.set_junction(id, list, false, at),
            Expr::Or(list) => self.set_junction(id, list, true, at),
            Expr::If { branches, otherwise } => self.set_if(branches, *otherwise, at),
            Expr::AsOf { value, day } => self.set_as_of(*value, *day, at),
            Expr::AsKnownOn { value, day } => self.set_as_known_on(*value, *day, at),
            Expr::By { condition, day } => self.set_by(*condition, *day, at),
            Expr::Aggregate { .. } => self.set_aggregate(id, at),
            Expr::LastStart(condition) => self.set_last_start(*condition, at),
            Expr::Duty { id, of, state } => self.set_duty(*id, *of, *state, at),
            Expr::Power { id, row, test } => self.set_power(*id, *row, *test, at),
            Expr::Act { id: power, row, part } => self.set_act(id, *power, *row, *part, at),
            Expr::ActCount { id: power, row, since } => self.set_act_count(id, *power, *row, *since, at),
            Expr::DayAverage { value, first, last } => self.set_day_average(id, *value, (*first, *last), at),
        }
    }

    /// A strict operation (V4).
    fn set_op(&mut self, op: &Op, id: ExprId, at: &At) -> Result<Set> {
        let span = self.policy.exprs.span(id);
        match op {
            Op::Not(value) => {
                let set = self.set(*value, at)?;
                Ok(Set::from_mask(set.mask().not(), set.fault))
            }
            Op::Compare { op, left, right } => {
                let left = self.set(*left, at)?;
                let right = self.set(*right, at)?;
                Ok(match strict(&[&left, &right]) {
                    Ok(before) => lift::with_fault(lift::compare(*op, &left.values, &right.values), before),
                    Err(failed) => failed,
                })
            }
            Op::In { item, set } => self.set_among(*item, set, at, |_, _, item, of| item == of),
            Op::Under { item, set } => self.set_among(*item, set, at, ops::under),
            Op::InCodes { item, codes, under } => self.unary(*item, at, |item, before| {
                let mask = match &item {
                    Possible::One(Value::Code(code)) => Mask::of(codes.holds(*code, *under)),
                    _ => Mask::BOTH,
                };
                lift::with_fault(mask, before)
            }),
            Op::InAnnex { item, annex } => self.set_in_annex(*item, *annex, at, false),
            Op::UnderAnnex { item, annex } => self.set_in_annex(*item, *annex, at, true),
            Op::Sum { first, rest } => {
                let (first, operands) = self.operands(*first, rest, at)?;
                Ok(lift::fold(first, &operands, span, lift::add))
            }
            Op::Product { first, rest } => {
                let (first, operands) = self.operands(*first, rest, at)?;
                Ok(lift::fold(first, &operands, span, lift::multiply))
            }
            Op::DurationSum { first, rest } => {
                let (first, operands) = self.operands(*first, rest, at)?;
                Ok(lift::fold(first, &operands, span, lift::add_durations))
            }
            Op::Negative(value) => self.unary(*value, at, |set, before| Set {
                values: Possible::numbers(lift::numbers(&set).neg()),
                fault: before,
            }),
            Op::DurationNegative(value) => self.unary(*value, at, |set, before| {
                ranged(lift::negative(&lift::durations(&set)), Possible::durations, before, span)
            }),
            Op::Round { value, mode, step } => self.unary(*value, at, |set, before| {
                ranged(lift::numbers(&set).round(step, *mode), Possible::numbers, before, span)
            }),
            Op::Clamp { value, side, bound } => self.binary(*value, *bound, at, |a, b, before| Set {
                values: lift::clamp(*side, &a, &b),
                fault: before,
            }),
            Op::Compound { rate, times, mode, step } => {
                self.binary(*rate, *times, at, |rate, times, before| {
                    let interest = lift::numbers(&rate).compound(&lift::numbers(&times), step, *mode);
                    ranged(interest, Possible::numbers, before, span)
                })
            }
            Op::TopUp { value, to } => self.binary(*value, *to, at, |value, to, before| {
                let missing = lift::numbers(&to).sub(&lift::numbers(&value));
                let zero = crate::value::Interval::point(Number::ZERO);
                ranged(missing, |range| Possible::numbers(range.max(&zero)), before, span)
            }),
            Op::Shift { day, sign, wait, kind } => {
                let policy = self.policy;
                self.binary(*day, *wait, at, |day, wait, before| {
                    lift::shift(policy, &day, *sign, &wait, *kind, before, span)
                })
            }
            Op::DaysBetween { later, earlier } => {
                self.binary(*later, *earlier, at, |later, earlier, before| {
                    ranged(
                        lift::dates(&later).days_since(&lift::dates(&earlier)),
                        Possible::durations,
                        before,
                        span,
                    )
                })
            }
            Op::DurationTimes { duration, by } => self.binary(*duration, *by, at, |duration, by, before| {
                ranged(lift::times(&duration, &by), Possible::durations, before, span)
            }),
            Op::DurationRatio { left, right } => self.binary(*left, *right, at, |left, right, before| {
                let count = |set: &Possible| lift::durations(set).map(|count| Number::from(*count));
                ranged(count(&left).div(&count(&right)), Possible::numbers, before, span)
            }),
            Op::Attribute { attribute, of } => {
                self.unary(*of, at, |of, before| lift::attribute(*attribute, &of, before, span))
            }
        }
    }

    fn local(&self, place: u32, id: ExprId, at: &At) -> Set {
        let found = self.locals.get(at.base.saturating_add(place as usize));
        found.cloned().unwrap_or_else(|| Set::unknown(self.policy.exprs.ty(id)))
    }

    /// A strict operator on one operand.
    fn unary(
        &mut self,
        value: ExprId,
        at: &At,
        operator: impl FnOnce(Possible, Option<Arc<Fault>>) -> Set,
    ) -> Result<Set> {
        let set = self.set(value, at)?;
        Ok(if set.is_error() { set } else { operator(set.values, set.fault) })
    }

    /// A strict operator on two operands.
    fn binary(
        &mut self,
        left: ExprId,
        right: ExprId,
        at: &At,
        operator: impl FnOnce(Possible, Possible, Option<Arc<Fault>>) -> Set,
    ) -> Result<Set> {
        let left = self.set(left, at)?;
        let right = self.set(right, at)?;
        Ok(match strict(&[&left, &right]) {
            Ok(before) => operator(left.values, right.values, before),
            Err(failed) => failed,
        })
    }

    fn operands<Op: Copy>(
        &mut self,
        first: ExprId,
        rest: &[(Op, ExprId)],
        at: &At,
    ) -> Result<(Set, Vec<(Op, Set)>)> {
        let first = self.set(first, at)?;
        let mut sets = Vec::with_capacity(rest.len());
        for (op, operand) in rest {
            sets.push((*op, self.set(*operand, at)?));
        }
        Ok((first, sets))
    }

    /// V4
    pub(crate) fn set_operands(&mut self, list: &[ExprId], decisive: bool, at: &At) -> Result<Set> {
        let mut all = Mask::of(!decisive);
        let (mut may_fail, mut fails) = (None, None);
        for operand in list {
            let set = self.set(*operand, at)?;
            let mask = set.mask();
            all = if decisive { all.or(mask) } else { all.and(mask) };
            if all == Mask::of(decisive) {
                break;
            }
            if mask.is_error() && fails.is_none() {
                fails = set.fault;
            } else if may_fail.is_none() {
                may_fail = set.fault;
            }
        }
        // The error shown is one that is certain, if there is one.
        Ok(Set::from_mask(all, fails.or(may_fail)))
    }

    /// `in` and `under` a list: strict, like any comparison.
    fn set_among(
        &mut self,
        item: ExprId,
        list: &[ExprId],
        at: &At,
        matches: impl Fn(&crate::policy::Policy, &crate::policy::Type, &Value, &Value) -> bool,
    ) -> Result<Set> {
        let (policy, ty) = (self.policy, self.policy.exprs.ty(item));
        let item = self.set(item, at)?;
        let mut sets = Vec::with_capacity(list.len());
        for of in list {
            sets.push(self.set(*of, at)?);
        }
        let operands: Vec<&Set> = std::iter::once(&item).chain(&sets).collect();
        let before = match strict(&operands) {
            Ok(before) => before,
            Err(failed) => return Ok(failed),
        };
        let one = |item: &Possible| {
            let mut mask = Mask::FALSE;
            for of in &sets {
                mask = mask.or(match (item, &of.values) {
                    (Possible::One(item), Possible::One(of)) => Mask::of(matches(policy, ty, item, of)),
                    (item, of) if lift::is_ordered(item) || lift::is_ordered(of) => lift::equal(item, of),
                    _ => Mask::BOTH,
                });
            }
            mask
        };
        let mask = match lift::members(policy, ty, &item.values) {
            // One by one, a closed list of choices may be covered as a whole.
            Some(members) => {
                members.into_iter().fold(Mask::EMPTY, |mask, item| mask.join(one(&Possible::One(item))))
            }
            None => one(&item.values),
        };
        Ok(lift::with_fault(mask, before))
    }

    fn set_in_annex(&mut self, item: ExprId, annex: AnnexId, at: &At, under: bool) -> Result<Set> {
        let (policy, ty) = (self.policy, self.policy.exprs.ty(item));
        let annex = self.facts.annex(policy, annex);
        let found = |value: &Value| {
            let listed = annex.lists(&AnnexKey::of(value), under, at.point.into());
            listed.map_or(Mask::BOTH, Mask::of)
        };
        self.unary(item, at, |item, before| {
            let mask = match (lift::members(policy, ty, &item), &item) {
                (Some(members), _) => members.iter().fold(Mask::EMPTY, |mask, item| mask.join(found(item))),
                (None, Possible::One(item)) => found(item),
                _ if annex.lists_nothing(at.point.into()) => Mask::FALSE,
                _ => Mask::BOTH,
            };
            lift::with_fault(mask, before)
        })
    }

    /// V4: only what may be taken is looked at.
    fn set_if(&mut self, branches: &[(ExprId, ExprId)], otherwise: ExprId, at: &At) -> Result<Set> {
        let mut result: Option<Set> = None;
        let mut may_fail = None;
        let join = |result: Option<Set>, set: Set| match result {
            Some(result) => Some(result.join(&set)),
            None => Some(set),
        };
        for (condition, value) in branches {
            let condition = self.set(*condition, at)?;
            let mask = condition.mask();
            may_fail = may_fail.or(condition.fault);
            if mask.may_be_true() {
                result = join(result, self.set(*value, at)?);
            }
            if !mask.may_be_false() {
                return Ok(with_possible(result, may_fail));
            }
        }
        result = join(result, self.set(otherwise, at)?);
        Ok(with_possible(result, may_fail))
    }

    fn set_call(&mut self, function: FunctionId, args: &[ExprId], at: &At) -> Result<Set> {
        let mut sets = Vec::with_capacity(args.len());
        for arg in args {
            sets.push(self.set(*arg, at)?);
        }
        let operands: Vec<&Set> = sets.iter().collect();
        let before = match strict(&operands) {
            Ok(before) => before,
            Err(failed) => return Ok(failed),
        };
        let frame = sets.into_iter().map(|set| Set::of(set.values));
        let body = self.policy.functions[function].value;
        Ok(self.in_frame(frame, at.own, at.point, |run, at| run.set(body, at))?.or_fault(before))
    }

    /// M8; with an open key any line of the annex may be meant, or none.
    fn set_lookup(
        &mut self,
        id: ExprId,
        annex: AnnexId,
        column: u32,
        keys: &[ExprId],
        at: &At,
    ) -> Result<Set> {
        let policy = self.policy;
        let (span, ty) = (policy.exprs.span(id), policy.exprs.ty(id));
        let (file, annex) = (&policy.annexes[annex].file, self.facts.annex(policy, annex));
        let mut sets = Vec::with_capacity(keys.len());
        for key in keys {
            sets.push(self.set(*key, at)?);
        }
        let operands: Vec<&Set> = sets.iter().collect();
        let before = match strict(&operands) {
            Ok(before) => before,
            Err(failed) => return Ok(failed),
        };
        let texts = || {
            let text = |(key, set): (&ExprId, &Set)| match &set.values {
                Possible::One(value) => ops::key_text(policy, policy.exprs.ty(*key), value),
                _ => "unknown".to_owned(),
            };
            keys.iter().zip(&sets).map(text).collect::<Vec<_>>().join(", ")
        };
        let missing = || fault_with(Trouble::NotInAnnex, span, format!("{} in {file}", texts()));
        let cell = |said: LineAnswer<'_>| match said {
            LineAnswer::Value(value) => Set::one(value.clone()),
            LineAnswer::Within(possible) => Set::of(possible.clone()),
            LineAnswer::Unknown => Set::unknown(ty),
            LineAnswer::NotListed => Set::fails(missing()),
            LineAnswer::Open => Set::unknown(ty).or_fault(Some(missing())),
        };
        let asked: Vec<Option<AnnexKey>> =
            sets.iter().map(|set| set.values.single().map(AnnexKey::of)).collect();
        let (column, day) = (column as usize, at.point.into());
        let found = match asked.iter().cloned().collect::<Option<Vec<AnnexKey>>>() {
            Some(asked) => cell(annex.find(&asked, column, day)),
            None => {
                let all = annex.may_find(&asked, column, day).into_iter().map(cell);
                let all = all.reduce(|all, cell| all.join(&cell));
                all.unwrap_or(Set { values: Possible::Nothing, fault: None }).or_fault(Some(missing()))
            }
        };
        Ok(found.or_fault(before))
    }

    fn set_row_by_key(&mut self, entity: EntityId, key: ExprId, at: &At) -> Result<Set> {
        let (policy, span) = (self.policy, self.policy.exprs.span(key));
        let set = self.set(key, at)?;
        let missing = |text: String| fault_with(Trouble::NothingToChooseFrom, span, text);
        let name = &policy.entities[entity].name;
        let found = match &set.values {
            Possible::Nothing => return Ok(set),
            Possible::One(value) => {
                let text = ops::key_text(policy, policy.exprs.ty(key), value);
                match self.find_row(entity, policy.exprs.ty(key), value) {
                    Some(Some(row)) => Set::one(Value::Row(row)),
                    Some(None) => Set::fails(missing(format!("no {name} has the key {text}"))),
                    None => Set {
                        values: Possible::Any,
                        fault: Some(missing(format!("whether there is a {name} {text} is not stated"))),
                    },
                }
            }
            _ => Set { values: Possible::Any, fault: Some(missing(format!("which {name} is not stated"))) },
        };
        Ok(found.or_fault(set.fault))
    }
}

/// The values of the branches that may be taken; none: a condition certainly fails.
fn with_possible(result: Option<Set>, may_fail: Option<Arc<Fault>>) -> Set {
    match result {
        Some(set) => set.or_fault(may_fail),
        None => match may_fail {
            Some(failed) => Set::fails(failed),
            None => Set::fails(fault(Trouble::Overflow, crate::text::Span::default())),
        },
    }
}
