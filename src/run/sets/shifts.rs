//! Other days (T4, T5), as sets.

use crate::policy::{Expr, ExprId, Policy};
use crate::run::frame::At;
use crate::run::sets::lift;
use crate::run::sets::set::{Set, fault};
use crate::run::{Evaluator, Result};
use crate::value::{Dates, Day, Possible, Trouble};

/// Of the days that a date may be those before another.
pub(crate) fn days_before(date: &Dates, today: Day) -> Option<Dates> {
    let (first, last) = date.days()?;
    Dates::between(first, last.min(today.previous()?))
}

/// A fact or a field as it stands: on an open day it is what is stated of it (T4).
pub(crate) fn is_slot(policy: &Policy, value: ExprId) -> bool {
    matches!(policy.exprs.node(value), Expr::Fact(_) | Expr::Field { .. })
}

impl<'a> Evaluator<'a> {
    /// T4. On an open day a stated slot gives the join over its statements, anything else any value or an error.
    pub(crate) fn set_as_of(&mut self, value: ExprId, day: ExprId, at: &At) -> Result<Set> {
        let day = self.set(day, at)?;
        let range = match &day.values {
            Possible::Nothing => return Ok(day),
            values => lift::dates(values),
        };
        let result = match range.as_point() {
            Some(day) if day.is_never() => return Ok(Set::fails(self.no_day(value))),
            Some(day) => self.set(value, &at.on(day))?,
            None => {
                let set = self.set_on_open_day(value, &range, at)?;
                set.or_fault(range.may_be_never().then(|| self.no_day(value)))
            }
        };
        Ok(result.or_fault(day.fault))
    }

    /// T4: looking back in knowledge is possible, looking ahead is not.
    pub(crate) fn set_as_known_on(&mut self, value: ExprId, day: ExprId, at: &At) -> Result<Set> {
        let day = self.set(day, at)?;
        if day.is_error() {
            return Ok(day);
        }
        let range = lift::dates(&day.values).min(&Dates::point(at.point.known));
        let result = match range.as_point() {
            Some(known) => self.set(value, &at.known(known))?,
            None if is_slot(self.policy, value) => {
                self.set_slot_of(value, Dates::point(at.point.day), range, at)?
            }
            None => self.open(value),
        };
        Ok(result.or_fault(day.fault))
    }

    /// T5: `today > D and (C as of D)`, so that C is asked on days that have passed alone.
    pub(crate) fn set_by(&mut self, condition: ExprId, day: ExprId, at: &At) -> Result<Set> {
        let day = self.set(day, at)?;
        self.set_by_day(condition, day, at)
    }

    pub(crate) fn set_by_day(&mut self, condition: ExprId, day: Set, at: &At) -> Result<Set> {
        if day.is_error() {
            return Ok(day);
        }
        let range = lift::dates(&day.values);
        let passed = Dates::point(at.point.day).greater(&range);
        let Some(before) = days_before(&range, at.point.day) else {
            return Ok(Set::from_mask(passed, None).or_fault(day.fault));
        };
        let held = match before.as_point() {
            Some(day) => self.set(condition, &at.on(day))?,
            None => self.set_on_open_day(condition, &before, at)?,
        };
        Ok(Set::from_mask(passed.and(held.mask()), held.fault).or_fault(day.fault))
    }

    fn set_on_open_day(&mut self, value: ExprId, range: &Dates, at: &At) -> Result<Set> {
        match is_slot(self.policy, value) {
            true => self.set_slot_of(value, *range, Dates::point(at.point.known), at),
            false => Ok(self.open(value)),
        }
    }

    fn open(&self, value: ExprId) -> Set {
        lift::open_day(self.policy.exprs.ty(value), self.policy.exprs.span(value))
    }

    fn no_day(&self, value: ExprId) -> std::sync::Arc<crate::outcome::Fault> {
        fault(Trouble::NoSuchDay, self.policy.exprs.span(value))
    }
}
