//! Truth values that cannot hold together: comparisons of one slot with constants leave it no value (N3).

use crate::explain::ways::atoms::Atom;
use crate::outcome::SlotRef;
use crate::policy::{Expr, ExprId, Op};
use crate::run::{Evaluator, Result};
use crate::tree::CompareOp;
use crate::value::{Dates, Day, Possible, Value};

/// What is left of one slot.
struct Remainder {
    slot: SlotRef,
    /// What it may be as far as is stated.
    possible: Possible,
    lo: Option<(Value, bool)>,
    hi: Option<(Value, bool)>,
    not: Vec<Value>,
}

/// A comparison of a slot with a value.
pub(crate) struct Bound {
    slot: SlotRef,
    possible: Possible,
    op: CompareOp,
    value: Value,
}

/// Whether truth values of some atoms leave a slot no value.
pub(crate) fn contradicts(bounds: &[Option<Bound>], choice: &[(usize, bool)]) -> bool {
    let mut lefts: Vec<Remainder> = Vec::new();
    for (atom, is) in choice {
        let Some(Some(bound)) = bounds.get(*atom) else { continue };
        let op = if *is { bound.op } else { bound.op.opposite() };
        let at = match lefts.iter().position(|left| left.slot == bound.slot) {
            Some(at) => at,
            None => {
                lefts.push(Remainder::of(bound.slot.clone(), &bound.possible));
                lefts.len().saturating_sub(1)
            }
        };
        let Some(left) = lefts.get_mut(at) else { continue };
        left.narrow(op, bound.value.clone());
        if left.is_empty() {
            return true;
        }
    }
    false
}

impl Evaluator<'_> {
    /// What an atom says of one slot.
    pub(crate) fn bound_of(&mut self, atom: &Atom) -> Option<Bound> {
        let place = atom.at()?;
        self.settle(|run| run.in_row(atom.own, place.point, |run, at| run.bound(place.expr, at)))
    }

    /// An atom that compares one slot with what is decided; a truth-valued slot is compared with `true`.
    fn bound(&mut self, id: ExprId, at: &crate::run::At) -> Result<Option<Bound>> {
        let policy = self.policy;
        let (slot, other, op) = match policy.exprs.node(id) {
            Expr::Op(Op::Compare { op, left, right }) => match self.slot_read(*left, at)? {
                Some(slot) => (slot, self.set(*right, at)?, *op),
                None => match self.slot_read(*right, at)? {
                    Some(slot) => (slot, self.set(*left, at)?, mirrored(*op)),
                    None => return Ok(None),
                },
            },
            _ => match self.slot_read(id, at)? {
                Some(slot) => (slot, crate::run::Set::bool(true), CompareOp::Equal),
                None => return Ok(None),
            },
        };
        let Some(value) = other.single().cloned() else { return Ok(None) };
        Ok(Some(Bound { slot: slot.0, possible: slot.1, op, value }))
    }

    /// A fact or a field, read as it stands.
    fn slot_read(&mut self, id: ExprId, at: &crate::run::At) -> Result<Option<(SlotRef, Possible)>> {
        let policy = self.policy;
        let slot = match policy.exprs.node(id) {
            Expr::Fact(fact) => SlotRef::Fact(*fact, policy.facts[*fact].over_time.then_some(at.point.day)),
            Expr::Field { entity, row, field } => match self.set(*row, at)?.single() {
                Some(Value::Row(row)) => match self.where_is(*entity, *row, at)? {
                    crate::run::Where::At(point) => {
                        let over_time = policy.entities[*entity].fields[*field].over_time;
                        let day = over_time.then_some(point.day);
                        SlotRef::Field { entity: *entity, row: *row, field: *field, day }
                    }
                    crate::run::Where::Open(_) => return Ok(None),
                },
                _ => return Ok(None),
            },
            _ => return Ok(None),
        };
        Ok(Some((slot, self.set(id, at)?.values)))
    }
}

impl Remainder {
    fn of(slot: SlotRef, possible: &Possible) -> Remainder {
        let (lo, hi) = match possible {
            Possible::One(value) => (Some(value.clone()), Some(value.clone())),
            Possible::Numbers(range) => {
                (range.lo().cloned().map(Value::Number), range.hi().cloned().map(Value::Number))
            }
            Possible::Dates(dates) => (Some(Value::Date(dates.lo())), Some(Value::Date(dates.hi()))),
            Possible::Durations(range) => {
                (range.lo().copied().map(Value::Duration), range.hi().copied().map(Value::Duration))
            }
            Possible::Bools => (Some(Value::Bool(false)), Some(Value::Bool(true))),
            Possible::Nothing | Possible::Any => (None, None),
        };
        let (lo, hi, possible) = (lo.map(|lo| (lo, false)), hi.map(|hi| (hi, false)), possible.clone());
        Remainder { slot, possible, lo, hi, not: Vec::new() }
    }

    fn narrow(&mut self, op: CompareOp, value: Value) {
        match op {
            CompareOp::Less => self.below(value, true),
            CompareOp::AtMost => self.below(value, false),
            CompareOp::Equal => {
                self.below(value.clone(), false);
                self.above(value, false);
            }
            CompareOp::NotEqual => self.not.push(value),
            CompareOp::AtLeast => self.above(value, false),
            CompareOp::Greater => self.above(value, true),
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

    fn is_empty(&self) -> bool {
        let (Some((lo, lo_strict)), Some((hi, hi_strict))) = (&self.lo, &self.hi) else { return false };
        if lo > hi || (lo == hi && (*lo_strict || *hi_strict || self.not.contains(lo))) {
            return true;
        }
        match (lo, hi) {
            // False and true, and nothing between.
            (Value::Bool(false), Value::Bool(true)) => {
                let out = |value: bool| self.not.contains(&Value::Bool(value));
                (out(false) || *lo_strict) && (out(true) || *hi_strict)
            }
            // Whole days and counts lie one apart.
            (Value::Date(lo), Value::Date(hi)) => {
                let first = if *lo_strict { lo.next() } else { *lo };
                let last = if *hi_strict { hi.previous().map_or(*lo, |day| day.min(Day::LAST)) } else { *hi };
                match (Dates::between(first, last), self.possible.as_dates()) {
                    (Some(left), Some(dates)) => !left.meets(&dates),
                    (left, _) => left.is_none(),
                }
            }
            (Value::Duration(lo), Value::Duration(hi)) => {
                *lo_strict && *hi_strict && lo.checked_add(1) == Some(*hi)
            }
            _ => false,
        }
    }
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
