//! Operations on single values that the laws define and the values do not.

use crate::policy::{Policy, Type};
use crate::tree::{AddOp, CompareOp};
use crate::value::{Day, DurationKind, Number, Trouble, Value};
use std::cmp::Ordering;

#[inline]
pub(crate) fn holds(op: CompareOp, order: Ordering) -> bool {
    match op {
        CompareOp::Less => order == Ordering::Less,
        CompareOp::AtMost => order != Ordering::Greater,
        CompareOp::Equal => order == Ordering::Equal,
        CompareOp::NotEqual => order != Ordering::Equal,
        CompareOp::AtLeast => order != Ordering::Less,
        CompareOp::Greater => order == Ordering::Greater,
    }
}

/// `day ± wait` (T6).
pub(crate) fn shift(
    policy: &Policy,
    day: Day,
    sign: AddOp,
    wait: i64,
    kind: DurationKind,
) -> Result<Day, Trouble> {
    let count = match sign {
        AddOp::Plus => wait,
        AddOp::Minus => wait.checked_neg().ok_or(Trouble::Overflow)?,
    };
    match kind {
        DurationKind::Days => day.add_days(count),
        DurationKind::Months(end) => day.add_months(count, end),
        DurationKind::Business(id) => match policy.calendars.get(usize::from(id.0)) {
            Some(calendar) => calendar.add(day, count),
            None => Err(Trouble::CalendarDoesNotCover),
        },
    }
}

/// A duration times a number: whole, or `not whole` (T6).
pub(crate) fn times(duration: i64, by: &Number) -> Result<i64, Trouble> {
    whole_count(&Number::from(duration).mul(by)?)
}

/// The count of a duration, as it was worked out.
pub(crate) fn whole_count(count: &Number) -> Result<i64, Trouble> {
    match count.to_i64() {
        Some(count) => Ok(count),
        None if count.is_integer() => Err(Trouble::Overflow),
        None => Err(Trouble::NotWhole),
    }
}

/// `item under of` (M7): a code by its digits, a choice by its nesting.
pub(crate) fn under(policy: &Policy, ty: &Type, item: &Value, of: &Value) -> bool {
    match (item, of, ty) {
        (Value::Code(item), Value::Code(of), _) => item.under(*of),
        (Value::Choice(item), Value::Choice(of), Type::Enum(id)) => policy.enums[*id].under(*item, *of),
        _ => item == of,
    }
}

/// A value as its text on the wire, for keys.
pub(crate) fn key_text(policy: &Policy, ty: &Type, value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Date(day) => day.to_string(),
        Value::Duration(count) => count.to_string(),
        Value::Text(text) => text.to_string(),
        Value::Code(code) => code.to_string(),
        Value::Country(country) => country.as_str().to_owned(),
        Value::Choice(at) => match ty {
            Type::Enum(id) => policy.enums[*id].choice(*at).to_owned(),
            _ => at.to_string(),
        },
        Value::Row(row) => row.to_string(),
    }
}
