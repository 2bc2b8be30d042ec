//! Operators on sets of values (V3, V6).

use crate::outcome::Fault;
use crate::policy::{Policy, Type};
use crate::run::sets::ops;
use crate::run::sets::set::{Set, fault, ranged, strict};
use crate::text::Span;
use crate::tree::{AddOp, ClampSide, CompareOp, MulOp};
use crate::value::{
    Attribute, Dates, DurationKind, Interval, Mask, Number, Period, Possible, Ranged, Trouble, Value,
    YearPart,
};
use std::sync::Arc;

pub(crate) fn numbers(set: &Possible) -> Interval<Number> {
    set.as_numbers().unwrap_or_else(Interval::all)
}

pub(crate) fn dates(set: &Possible) -> Dates {
    set.as_dates().unwrap_or(Dates::ALL)
}

pub(crate) fn durations(set: &Possible) -> Interval<i64> {
    set.as_durations().unwrap_or_else(Interval::all)
}

/// A truth value that may also be the error of an operand.
pub(crate) fn with_fault(mask: Mask, before: Option<Arc<Fault>>) -> Set {
    match before {
        Some(before) => Set::from_mask(mask.or_error(), Some(before)),
        None => Set::from_mask(mask, None),
    }
}

/// V6, M7
pub(crate) fn compare(op: CompareOp, left: &Possible, right: &Possible) -> Mask {
    if let (Possible::One(left), Possible::One(right)) = (left, right) {
        return Mask::of(ops::holds(op, left.cmp(right)));
    }
    if let (Some(left), Some(right)) = (left.as_numbers(), right.as_numbers()) {
        return ordered(op, left.less(&right), right.less(&left), left.equal(&right));
    }
    if let (Some(left), Some(right)) = (left.as_dates(), right.as_dates()) {
        return ordered(op, left.less(&right), right.less(&left), left.equal(&right));
    }
    if let (Some(left), Some(right)) = (left.as_durations(), right.as_durations()) {
        return ordered(op, left.less(&right), right.less(&left), left.equal(&right));
    }
    // Of truth values, texts, codes and the like there is only `=` and `!=`.
    Mask::BOTH
}

/// A comparison of two sets, from what they may be to one another.
fn ordered(op: CompareOp, less: Mask, greater: Mask, equal: Mask) -> Mask {
    match op {
        CompareOp::Less => less,
        CompareOp::AtMost => greater.not(),
        CompareOp::Equal => equal,
        CompareOp::NotEqual => equal.not(),
        CompareOp::AtLeast => less.not(),
        CompareOp::Greater => greater,
    }
}

pub(crate) fn equal(left: &Possible, right: &Possible) -> Mask {
    compare(CompareOp::Equal, left, right)
}

pub(crate) fn is_ordered(set: &Possible) -> bool {
    matches!(set, Possible::Numbers(_) | Possible::Dates(_) | Possible::Durations(_))
}

/// The values one by one of a set that is more than one, where its type has only a few.
pub(crate) fn members(policy: &Policy, ty: &Type, set: &Possible) -> Option<Vec<Value>> {
    match (set, ty) {
        (Possible::Bools, _) => Some(vec![Value::Bool(true), Value::Bool(false)]),
        (Possible::Any, Type::Enum(id)) => {
            let choices = 0..policy.enums[*id].choices.len();
            let values: Vec<Value> =
                choices.filter_map(|at| u16::try_from(at).ok().map(Value::Choice)).collect();
            (!values.is_empty()).then_some(values)
        }
        _ => None,
    }
}

/// One operand after the other, from the left.
pub(crate) fn fold<Op: Copy>(
    first: Set,
    rest: &[(Op, Set)],
    span: Span,
    step: impl Fn(Op, &Possible, &Possible) -> (Option<Possible>, Option<Trouble>),
) -> Set {
    let operands: Vec<&Set> = std::iter::once(&first).chain(rest.iter().map(|(_, set)| set)).collect();
    let mut may_fail = match strict(&operands) {
        Ok(before) => before,
        Err(failed) => return failed,
    };
    let mut result = first.values;
    for (op, operand) in rest {
        let (next, trouble) = step(*op, &result, &operand.values);
        match (next, trouble) {
            (Some(next), trouble) => {
                result = next;
                may_fail = may_fail.or(trouble.map(|trouble| fault(trouble, span)));
            }
            (None, trouble) => return Set::fails(fault(trouble.unwrap_or(Trouble::Overflow), span)),
        }
    }
    Set { values: result, fault: may_fail }
}

type LiftStep = (Option<Possible>, Option<Trouble>);

fn step<T>(result: Ranged<T>, wrap: impl FnOnce(Interval<T>) -> Possible) -> LiftStep {
    (result.0.map(wrap), result.1)
}

pub(crate) fn add(op: AddOp, left: &Possible, right: &Possible) -> LiftStep {
    let (left, right) = (numbers(left), numbers(right));
    let result = match op {
        AddOp::Plus => left.add(&right),
        AddOp::Minus => left.sub(&right),
    };
    step(result, Possible::numbers)
}

pub(crate) fn multiply(op: MulOp, left: &Possible, right: &Possible) -> LiftStep {
    let (left, right) = (numbers(left), numbers(right));
    let result = match op {
        MulOp::Times => left.mul(&right),
        MulOp::Divide => left.div(&right),
    };
    step(result, Possible::numbers)
}

pub(crate) fn add_durations(op: AddOp, left: &Possible, right: &Possible) -> LiftStep {
    let (left, right) = (durations(left), durations(right));
    let result = match op {
        AddOp::Plus => left.add(&right),
        AddOp::Minus => left.sub(&right),
    };
    step(result, Possible::durations)
}

pub(crate) fn clamp(side: ClampSide, value: &Possible, bound: &Possible) -> Possible {
    if let (Some(value), Some(bound)) = (value.as_numbers(), bound.as_numbers()) {
        return Possible::numbers(clamp_ranges(side, &value, &bound));
    }
    if let (Some(value), Some(bound)) = (value.as_dates(), bound.as_dates()) {
        return Possible::dates(match side {
            ClampSide::AtLeast => value.max(&bound),
            ClampSide::AtMost => value.min(&bound),
        });
    }
    Possible::durations(clamp_ranges(side, &durations(value), &durations(bound)))
}

fn clamp_ranges<T: Ord + Clone>(side: ClampSide, value: &Interval<T>, bound: &Interval<T>) -> Interval<T> {
    match side {
        ClampSide::AtLeast => value.max(bound),
        ClampSide::AtMost => value.min(bound),
    }
}

/// T6
pub(crate) fn shift(
    policy: &Policy,
    day: &Possible,
    sign: AddOp,
    wait: &Possible,
    kind: DurationKind,
    before: Option<Arc<Fault>>,
    span: Span,
) -> Set {
    let (day, wait) = (dates(day), durations(wait));
    let (count, overflow) = match sign {
        AddOp::Plus => (Some(wait), None),
        AddOp::Minus => negative(&wait),
    };
    let before = before.or_else(|| overflow.map(|trouble| fault(trouble, span)));
    let Some(count) = count else { return Set::fails(fault(Trouble::Overflow, span)) };
    let (result, calendar) = match kind {
        DurationKind::Days => (day.add_days(&count), None),
        DurationKind::Months(end) => (day.add_months(&count, end), None),
        DurationKind::Business(id) => match policy.calendars.get(usize::from(id.0)) {
            Some(calendar) => (day.add_business(&count, calendar), Some(calendar)),
            None => ((None, Some(Trouble::CalendarDoesNotCover)), None),
        },
    };
    let mut set = ranged(result, Possible::dates, before, span);
    // Which calendar lacks the year.
    if let (Some(calendar), Some(failed)) = (calendar, &mut set.fault)
        && failed.trouble == Trouble::CalendarDoesNotCover
        && failed.span == span
        && failed.detail.is_none()
    {
        let covers =
            calendar.covers().map_or("no year".to_owned(), |(first, last)| format!("{first} to {last}"));
        Arc::make_mut(failed).detail = Some(format!("{} covers {covers}", calendar.name()));
    }
    set
}

/// The durations the other way.
pub(crate) fn negative(wait: &Interval<i64>) -> Ranged<i64> {
    Interval::point(0).sub(wait)
}

/// A duration times a number (T6). A range has whole counts between its ends, and others.
pub(crate) fn times(duration: &Possible, by: &Possible) -> Ranged<i64> {
    let (duration, by) = (durations(duration), numbers(by));
    if let (Some(duration), Some(by)) = (duration.as_point(), by.as_point()) {
        return match ops::times(*duration, by) {
            Ok(count) => (Some(Interval::point(count)), None),
            Err(trouble) => (None, Some(trouble)),
        };
    }
    let (product, trouble) = duration.map(|count| Number::from(*count)).mul(&by);
    match product {
        Some(product) => whole_counts(&product, trouble),
        None => (None, trouble),
    }
}

/// The whole counts of a range; between two there are others, which are `not whole`.
pub(crate) fn whole_counts(product: &Interval<Number>, trouble: Option<Trouble>) -> Ranged<i64> {
    if let Some(one) = product.as_point() {
        return match one.to_i64() {
            Some(count) => (Some(Interval::point(count)), trouble),
            None => (None, Some(Trouble::NotWhole)),
        };
    }
    let whole = |end: Option<&Number>, mode| {
        let rounded = end?.round(&Number::ONE, mode).ok()?;
        rounded.to_i64()
    };
    let (low, high) =
        (product.lo().is_some_and(Number::is_negative), product.hi().is_some_and(Number::is_negative));
    let inward = |negative: bool, up: bool| {
        if negative == up { crate::value::Rounding::Down } else { crate::value::Rounding::Up }
    };
    let lo = whole(product.lo(), inward(low, true));
    let hi = whole(product.hi(), inward(high, false));
    (Interval::new(lo, hi), Some(trouble.unwrap_or(Trouble::NotWhole)))
}

/// What is read off a value, for all that it may be.
pub(crate) fn attribute(attribute: Attribute, of: &Possible, before: Option<Arc<Fault>>, span: Span) -> Set {
    let number = |range: Interval<i64>| Possible::numbers(range.map(|count| Number::from(*count)));
    match attribute {
        Attribute::FirstDay(period) => {
            Set { values: Possible::dates(dates(of).map(|day| day.first_of(period))), fault: before }
        }
        Attribute::LastDay(period) => {
            Set { values: Possible::dates(dates(of).map(|day| day.last_of(period))), fault: before }
        }
        Attribute::Part(Period::Year) => ranged(dates(of).year(), number, before, span),
        Attribute::Part(Period::Quarter) => ranged(dates(of).quarter(), number, before, span),
        Attribute::Part(Period::Month) => ranged(dates(of).month(), number, before, span),
        Attribute::OwnYear(year, YearPart::Number) => ranged(dates(of).own_year(year), number, before, span),
        Attribute::OwnYear(year, YearPart::FirstDay) => {
            ranged(dates(of).own_year_first(year), Possible::dates, before, span)
        }
        Attribute::OwnYear(year, YearPart::LastDay) => {
            ranged(dates(of).own_year_last(year), Possible::dates, before, span)
        }
        Attribute::Level(_) => match of.single().map(|code| attribute.of(code)) {
            Some(Ok(code)) => Set { values: Possible::One(code), fault: before },
            Some(Err(trouble)) => Set::fails(fault(trouble, span)),
            None => {
                Set { values: of.clone(), fault: before.or_else(|| Some(fault(Trouble::CodeTooShort, span))) }
            }
        },
    }
}

/// Any value of the type, or an error: what is read on a day that is itself open (T4).
pub(crate) fn open_day(ty: &Type, span: Span) -> Set {
    let detail = Some("the day it is asked for is not known".to_owned());
    let open = Fault { trouble: Trouble::NoSuchDay, span, depends_on: None, detail, cause: None };
    Set { values: ty.anything(), fault: Some(Arc::new(open)) }
}
