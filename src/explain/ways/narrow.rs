//! Truth values that cannot hold together: comparisons of one slot with constants leave it no value (N3).

use crate::explain::ways::atoms::Atom;
use crate::outcome::SlotRef;
use crate::policy::{Expr, ExprId, Fact, Op, Policy, Type};
use crate::run::{At, Evaluator, Result, Where, members, under};
use crate::tree::CompareOp;
use crate::value::{CodeRange, Dates, Day, Number, Possible, Rounding, Value};
use std::collections::BTreeSet;

/// What is left of one slot.
struct Remainder<'b> {
    slot: &'b SlotRef,
    /// What is said of it, each with whether that is so.
    said: Vec<(&'b Bound, bool)>,
    lo: Option<(Value, bool)>,
    hi: Option<(Value, bool)>,
    not: BTreeSet<Value>,
}

/// What an atom says of a slot.
pub(crate) struct Bound {
    slot: SlotRef,
    ty: Type,
    whole: bool,
    /// What it may be as far as is stated.
    possible: Possible,
    says: BoundSays,
}

enum BoundSays {
    Compare(CompareOp, Value),
    /// One of these, or under one.
    Among(Vec<Value>, bool),
    Codes(CodeRange, bool),
}

/// Whether truth values of some atoms leave a slot no value.
pub(crate) fn contradicts(policy: &Policy, bounds: &[Option<Bound>], choice: &[(usize, bool)]) -> bool {
    let mut lefts: Vec<Remainder<'_>> = Vec::new();
    for (atom, is) in choice {
        let Some(Some(bound)) = bounds.get(*atom) else { continue };
        let at = match lefts.iter().position(|left| *left.slot == bound.slot) {
            Some(at) => at,
            None => {
                lefts.push(Remainder::of(bound));
                lefts.len().saturating_sub(1)
            }
        };
        let Some(left) = lefts.get_mut(at) else { continue };
        left.narrow(bound, *is);
        if left.is_empty(policy) {
            return true;
        }
    }
    false
}

impl Bound {
    fn holds(&self, policy: &Policy, value: &Value) -> bool {
        match &self.says {
            BoundSays::Compare(op, other) => match op {
                CompareOp::Less => value < other,
                CompareOp::AtMost => value <= other,
                CompareOp::Equal => value == other,
                CompareOp::NotEqual => value != other,
                CompareOp::AtLeast => value >= other,
                CompareOp::Greater => value > other,
            },
            BoundSays::Among(list, true) => list.iter().any(|of| under(policy, &self.ty, value, of)),
            BoundSays::Among(list, false) => list.contains(value),
            BoundSays::Codes(codes, under) => match value {
                Value::Code(code) => codes.holds(*code, *under),
                _ => false,
            },
        }
    }

    /// The only values with which this is so.
    fn only(&self, is: bool) -> Option<Vec<Value>> {
        match (&self.says, is) {
            (BoundSays::Compare(CompareOp::Equal, value), true)
            | (BoundSays::Compare(CompareOp::NotEqual, value), false) => Some(vec![value.clone()]),
            (BoundSays::Among(list, false), true) => Some(list.clone()),
            _ => None,
        }
    }
}

impl<'a> Evaluator<'a> {
    /// What an atom says of one slot.
    pub(crate) fn bound_of(&mut self, atom: &Atom) -> Option<Bound> {
        let place = atom.at()?;
        self.settle(|run| run.in_row(atom.own, place.point, |run, at| run.bound(place.expr, at)))
    }

    /// An atom that compares one slot with what is decided; a truth-valued slot is compared with `true`.
    fn bound(&mut self, id: ExprId, at: &At) -> Result<Option<Bound>> {
        let policy = self.policy;
        let (read, says) = match policy.exprs.node(id) {
            Expr::Op(Op::Compare { op, left, right }) => {
                let (read, other, op) = match self.slot_read(*left, at)? {
                    Some(read) => (Some(read), *right, *op),
                    None => (self.slot_read(*right, at)?, *left, mirrored(*op)),
                };
                (read, self.set(other, at)?.single().map(|value| BoundSays::Compare(op, value.clone())))
            }
            Expr::Op(Op::In { item, set }) => (self.slot_read(*item, at)?, self.among(set, false, at)?),
            Expr::Op(Op::Under { item, set }) => (self.slot_read(*item, at)?, self.among(set, true, at)?),
            Expr::Op(Op::InCodes { item, codes, under }) => {
                (self.slot_read(*item, at)?, Some(BoundSays::Codes(*codes, *under)))
            }
            _ => (self.slot_read(id, at)?, Some(BoundSays::Compare(CompareOp::Equal, Value::Bool(true)))),
        };
        let made = |((slot, decl, possible), says): ((SlotRef, &Fact, Possible), BoundSays)| Bound {
            slot,
            ty: decl.ty.clone(),
            whole: decl.whole,
            possible,
            says,
        };
        Ok(read.zip(says).map(made))
    }

    fn among(&mut self, set: &[ExprId], under: bool, at: &At) -> Result<Option<BoundSays>> {
        let mut values = Vec::with_capacity(set.len());
        for one in set {
            let Some(value) = self.set(*one, at)?.single().cloned() else { return Ok(None) };
            values.push(value);
        }
        Ok(Some(BoundSays::Among(values, under)))
    }

    /// A fact or a field, read as it stands.
    fn slot_read(&mut self, id: ExprId, at: &At) -> Result<Option<(SlotRef, &'a Fact, Possible)>> {
        let policy = self.policy;
        let (slot, decl) = match policy.exprs.node(id) {
            Expr::Fact(fact) => {
                let decl = &policy.facts[*fact];
                (SlotRef::Fact(*fact, decl.over_time.then_some(at.point.day)), decl)
            }
            Expr::Field { entity, row, field } => match self.set(*row, at)?.single() {
                Some(Value::Row(row)) => match self.where_is(*entity, *row, at)? {
                    Where::At(point) => {
                        let decl = &policy.entities[*entity].fields[*field];
                        let day = decl.over_time.then_some(point.day);
                        (SlotRef::Field { entity: *entity, row: *row, field: *field, day }, decl)
                    }
                    Where::Open(_) => return Ok(None),
                },
                _ => return Ok(None),
            },
            _ => return Ok(None),
        };
        Ok(Some((slot, decl, self.set(id, at)?.values)))
    }
}

impl<'b> Remainder<'b> {
    fn of(bound: &'b Bound) -> Remainder<'b> {
        let (lo, hi) = match &bound.possible {
            Possible::One(value) => (Some(value.clone()), Some(value.clone())),
            Possible::Numbers(range) => {
                (range.lo().cloned().map(Value::Number), range.hi().cloned().map(Value::Number))
            }
            Possible::Dates(dates) => (Some(Value::Date(dates.lo())), Some(Value::Date(dates.hi()))),
            Possible::Durations(range) => {
                (range.lo().copied().map(Value::Duration), range.hi().copied().map(Value::Duration))
            }
            Possible::Bools | Possible::Nothing | Possible::Any => (None, None),
        };
        let (lo, hi) = (lo.map(|lo| (lo, false)), hi.map(|hi| (hi, false)));
        Remainder { slot: &bound.slot, said: Vec::new(), lo, hi, not: BTreeSet::new() }
    }

    fn narrow(&mut self, bound: &'b Bound, is: bool) {
        self.said.push((bound, is));
        match &bound.says {
            BoundSays::Compare(op, value) => self.compare(if is { *op } else { op.opposite() }, value),
            BoundSays::Among(list, false) if !is => self.not.extend(list.iter().cloned()),
            BoundSays::Among(..) | BoundSays::Codes(..) => {}
        }
    }

    fn compare(&mut self, op: CompareOp, value: &Value) {
        match op {
            CompareOp::Less => self.below(value.clone(), true),
            CompareOp::AtMost => self.below(value.clone(), false),
            CompareOp::Equal => {
                self.below(value.clone(), false);
                self.above(value.clone(), false);
            }
            CompareOp::NotEqual => {
                self.not.insert(value.clone());
            }
            CompareOp::AtLeast => self.above(value.clone(), false),
            CompareOp::Greater => self.above(value.clone(), true),
        }
    }

    fn below(&mut self, value: Value, strict: bool) {
        // Of two equal ends the strict one is tighter.
        if self.hi.as_ref().is_none_or(|(hi, was)| (&value, !strict) < (hi, !*was)) {
            self.hi = Some((value, strict));
        }
    }

    fn above(&mut self, value: Value, strict: bool) {
        if self.lo.as_ref().is_none_or(|(lo, was)| (&value, strict) > (lo, *was)) {
            self.lo = Some((value, strict));
        }
    }

    fn is_empty(&self, policy: &Policy) -> bool {
        if let Some(few) = self.few(policy) {
            let fits = |value: &Value| {
                self.said.iter().all(|(bound, is)| {
                    bound.possible.covers(&Possible::One(value.clone())) && bound.holds(policy, value) == *is
                })
            };
            return !few.iter().any(fits);
        }
        let (Some((lo, lo_strict)), Some((hi, hi_strict))) = (&self.lo, &self.hi) else { return false };
        if lo > hi || (lo == hi && (*lo_strict || *hi_strict || self.not.contains(lo))) {
            return true;
        }
        let whole = self.said.iter().any(|(bound, _)| bound.whole);
        match (lo, hi) {
            // Whole days and counts lie one apart.
            (Value::Date(lo), Value::Date(hi)) => {
                let first = if *lo_strict { lo.next() } else { *lo };
                let last = if *hi_strict { hi.previous().map_or(*lo, |day| day.min(Day::LAST)) } else { *hi };
                Dates::between(first, last).is_none_or(|left| self.has_no_day(&left))
            }
            (Value::Duration(lo), Value::Duration(hi)) => {
                let first = if *lo_strict { lo.checked_add(1) } else { Some(*lo) };
                let last = if *hi_strict { hi.checked_sub(1) } else { Some(*hi) };
                self.has_no_count(first, last, |value| matches!(value, Value::Duration(_)))
            }
            (Value::Number(lo), Value::Number(hi)) if whole => {
                let first = whole_at(lo, *lo_strict, 1);
                let last = whole_at(hi, *hi_strict, -1);
                let is_whole = |value: &Value| matches!(value, Value::Number(number) if number.is_integer());
                self.has_no_count(first, last, is_whole)
            }
            _ => false,
        }
    }

    /// The values that are left at most, where they are few.
    fn few(&self, policy: &Policy) -> Option<Vec<Value>> {
        let only = self.said.iter().find_map(|(bound, is)| bound.only(*is));
        let all = || self.said.first().and_then(|(bound, _)| members(policy, &bound.ty, &bound.possible));
        only.or_else(all)
    }

    fn has_no_day(&self, left: &Dates) -> bool {
        let possible = |(bound, _): &(&Bound, bool)| bound.possible.as_dates();
        let stated = self.said.iter().find_map(possible).unwrap_or(Dates::ALL);
        let never = left.may_be_never() && stated.may_be_never();
        if never && !self.not.contains(&Value::Date(Day::NEVER)) {
            return false;
        }
        let (Some(left), Some(stated)) = (left.days(), stated.days()) else { return true };
        let (first, last) = (left.0.max(stated.0), left.1.min(stated.1));
        let out = self.not.iter().filter(|value| (Value::Date(first)..=Value::Date(last)).contains(value));
        let count = last.days_since(first).map_or(0, |days| days.saturating_add(1));
        first > last || usize::try_from(count).is_ok_and(|count| count <= out.count())
    }

    /// Whether of the whole counts from one to another all are out.
    fn has_no_count(&self, first: Option<i64>, last: Option<i64>, counts: impl Fn(&Value) -> bool) -> bool {
        let Some((first, last)) = first.zip(last) else { return false };
        let within = |value: &&Value| match value {
            Value::Duration(count) => (first..=last).contains(count),
            Value::Number(number) => number.to_i64().is_some_and(|count| (first..=last).contains(&count)),
            _ => false,
        };
        let out = self.not.iter().filter(|value| counts(value)).filter(within).count();
        let count = last.checked_sub(first).and_then(|count| count.checked_add(1));
        count.is_some_and(|count| count <= 0 || usize::try_from(count).is_ok_and(|count| count <= out))
    }
}

/// The first whole number from one on, up or down, or beyond it.
fn whole_at(number: &Number, strict: bool, step: i64) -> Option<i64> {
    let one = Number::from(1);
    let away = (*number > Number::ZERO) == (step > 0);
    let mode = if away { Rounding::Up } else { Rounding::Down };
    let whole = number.round(&one, mode).ok()?.to_i64()?;
    if strict && number.is_integer() { whole.checked_add(step) } else { Some(whole) }
}

fn mirrored(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Less => CompareOp::Greater,
        CompareOp::AtMost => CompareOp::AtLeast,
        CompareOp::AtLeast => CompareOp::AtMost,
        CompareOp::Greater => CompareOp::Less,
        same => same,
    }
}
