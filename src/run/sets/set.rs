//! What an expression may come to: its possible values and its possible error (V2).

use crate::outcome::Fault;
use crate::policy::Type;
use crate::text::Span;
use crate::value::{Interval, Mask, Number, Possible, Trouble, Value};
use std::sync::Arc;

/// The possibilities of an expression: never empty, for where no value is possible an error is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    pub values: Possible,
    /// An error it may be; with no values, the error it is.
    pub fault: Option<Arc<Fault>>,
}

impl Set {
    #[inline]
    pub fn one(value: Value) -> Set {
        Set { values: Possible::One(value), fault: None }
    }

    pub fn of(values: Possible) -> Set {
        Set { values, fault: None }
    }

    pub fn fails(fault: Arc<Fault>) -> Set {
        Set { values: Possible::Nothing, fault: Some(fault) }
    }

    /// Any value of the type.
    pub fn unknown(ty: &Type) -> Set {
        Set::of(ty.anything())
    }

    pub fn bool(value: bool) -> Set {
        Set::one(Value::Bool(value))
    }

    /// A truth value that may be an error if the mask says so; the fault is for that case.
    pub fn from_mask(mask: Mask, fault: Option<Arc<Fault>>) -> Set {
        let values = match mask.without_error() {
            Mask::BOTH => Possible::Bools,
            Mask::TRUE => Possible::bool(true),
            Mask::FALSE => Possible::bool(false),
            _ => Possible::Nothing,
        };
        Set { values, fault: if mask.may_be_error() { fault } else { None } }
    }

    pub fn mask(&self) -> Mask {
        let mask = match &self.values {
            Possible::Nothing => Mask::EMPTY,
            Possible::One(Value::Bool(value)) => Mask::of(*value),
            _ => Mask::BOTH,
        };
        if self.fault.is_some() { mask.or_error() } else { mask }
    }

    /// One value, or certainly an error.
    pub fn is_decided(&self) -> bool {
        match &self.values {
            Possible::One(_) => self.fault.is_none(),
            Possible::Nothing => true,
            _ => false,
        }
    }

    /// Whether nothing but an error is possible.
    pub fn is_error(&self) -> bool {
        matches!(self.values, Possible::Nothing)
    }

    /// The value, if nothing else is possible.
    pub fn single(&self) -> Option<&Value> {
        if self.fault.is_none() { self.values.single() } else { None }
    }

    /// Whatever either may be. The error kept is the first.
    pub fn join(&self, other: &Set) -> Set {
        Set {
            values: self.values.hull(&other.values),
            fault: self.fault.clone().or_else(|| other.fault.clone()),
        }
    }

    /// The same, and possibly this error.
    pub fn or_fault(mut self, fault: Option<Arc<Fault>>) -> Set {
        if self.fault.is_none() {
            self.fault = fault;
        }
        self
    }

    /// Whether every possibility of `other` is one of these.
    pub fn covers(&self, other: &Set) -> bool {
        self.values.covers(&other.values) && (other.fault.is_none() || self.fault.is_some())
    }

    pub fn numbers(&self) -> Option<Interval<Number>> {
        self.values.as_numbers()
    }
}

/// An error at a place, from nothing else.
pub(crate) fn fault(trouble: Trouble, span: Span) -> Arc<Fault> {
    Arc::new(Fault { trouble, span, depends_on: None, detail: None, cause: None })
}

pub(crate) fn fault_with(trouble: Trouble, span: Span, detail: String) -> Arc<Fault> {
    Arc::new(Fault { trouble, span, depends_on: None, detail: Some(detail), cause: None })
}

/// The errors of the operands of a strict operator (V4): `Err` if one of them is certainly an error, for then so is the
/// result; else the error it may be.
pub(crate) fn strict(operands: &[&Set]) -> Result<Option<Arc<Fault>>, Set> {
    if let Some(failed) = operands.iter().find(|set| set.is_error()) {
        return Err((*failed).clone());
    }
    Ok(operands.iter().find_map(|set| set.fault.clone()))
}

/// The result of an operation on intervals as a set: `before` is what its operands may fail with.
pub(crate) fn ranged<R>(
    (range, trouble): (Option<R>, Option<Trouble>),
    wrap: impl FnOnce(R) -> Possible,
    before: Option<Arc<Fault>>,
    span: Span,
) -> Set {
    match (range, trouble) {
        (Some(range), None) => Set { values: wrap(range), fault: before },
        (Some(range), Some(trouble)) => {
            Set { values: wrap(range), fault: Some(before.unwrap_or_else(|| fault(trouble, span))) }
        }
        (None, trouble) => Set::fails(fault(trouble.unwrap_or(Trouble::Overflow), span)),
    }
}
