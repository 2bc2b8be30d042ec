//! Answers put into their columns.

use super::column::{Cause, OutcomeColumn, Reasons, Results, Values};
use crate::outcome::{Answer, Status};
use crate::policy::{Outcome, OutcomeId, Policy, Type};
use crate::value::{Number, Value};
use std::sync::Arc;

/// A column for each outcome; what stands in it from other rows is of no account.
pub(super) fn start(outcomes: impl Iterator<Item = OutcomeId>, rows: usize, results: &mut Results) {
    let mut old = std::mem::take(&mut results.outcomes).into_iter();
    results.rows = rows;
    for id in outcomes {
        let column = old.next().filter(|column| column.outcome == id).unwrap_or_else(|| OutcomeColumn {
            outcome: id,
            values: Values::Bool(Vec::new()),
            status: Vec::new(),
            reasons: Reasons::default(),
            side: Default::default(),
        });
        results.outcomes.push(column);
    }
}

/// Room for the answers of that many rows, all of which `run` gives.
pub(super) fn prepare(policy: &Policy, column: &mut OutcomeColumn, rows: usize) {
    empty(&mut column.values, &policy.outcomes[column.outcome], rows);
    column.status.resize(rows, Status::Gap);
    column.reasons.sets = vec![Vec::new()];
    column.reasons.keys.clear();
    column.reasons.keys.resize(rows, 0);
    column.side.clear();
}

/// Values of the kind an outcome has, the memory of the old ones used again where it can be.
fn empty(values: &mut Values, outcome: &Outcome, rows: usize) {
    let places = outcome.rounded.as_ref().and_then(|(_, step)| places(step));
    match (&outcome.ty, places, &mut *values) {
        (Type::Bool, _, Values::Bool(list)) => refill(list, rows, false),
        (Type::Number { .. }, Some(places), Values::Scaled { values, scale }) => {
            *scale = places;
            refill(values, rows, 0);
        }
        (Type::Number { .. }, None, Values::Exact(list)) => refill(list, rows, Number::ZERO),
        (Type::Date, _, Values::Days(list)) => refill(list, rows, 0),
        (Type::Duration(_), _, Values::Durations(list)) => refill(list, rows, 0),
        (Type::Bool, _, _) => *values = Values::Bool(vec![false; rows]),
        (Type::Number { .. }, Some(scale), _) => *values = Values::Scaled { values: vec![0; rows], scale },
        (Type::Number { .. }, None, _) => *values = Values::Exact(vec![Number::ZERO; rows]),
        (Type::Date, _, _) => *values = Values::Days(vec![0; rows]),
        (Type::Duration(_), _, _) => *values = Values::Durations(vec![0; rows]),
        (Type::Text | Type::Code | Type::Country | Type::Enum(_) | Type::Row(_), _, _) => {
            *values = Values::Words { dictionary: Arc::from([]), keys: vec![0; rows] };
        }
    }
}

fn refill<T: Clone>(list: &mut Vec<T>, rows: usize, value: T) {
    list.clear();
    list.resize(rows, value);
}

/// How many decimals a step has, if it is a decimal.
pub(super) fn places(step: &Number) -> Option<u8> {
    let den = step.whole_in()?;
    (0..=18u8).find(|places| 10i128.pow((*places).into()) % den == 0)
}

/// A determined answer.
pub(super) fn put(column: &mut OutcomeColumn, row: u32, value: Value, causes: Vec<Cause>) {
    let at = row as usize;
    put_value(&mut column.values, at, value);
    let key = key(&mut column.reasons, causes);
    set(&mut column.reasons.keys, at, key);
    set(&mut column.status, at, Status::Determined);
}

/// Any other.
pub(super) fn put_answer(column: &mut OutcomeColumn, row: u32, answer: Answer) {
    set(&mut column.status, row as usize, answer.status);
    set(&mut column.reasons.keys, row as usize, 0);
    if answer.status != Status::Gap {
        column.side.insert(row, answer);
    }
}

/// The place of a set of rules.
pub(super) fn key(reasons: &mut Reasons, causes: Vec<Cause>) -> u32 {
    let place = reasons.sets.iter().position(|set| *set == causes).unwrap_or_else(|| {
        reasons.sets.push(causes);
        reasons.sets.len().saturating_sub(1)
    });
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn set<T>(list: &mut [T], at: usize, value: T) {
    if let Some(place) = list.get_mut(at) {
        *place = value;
    }
}

fn put_value(values: &mut Values, at: usize, value: Value) {
    match (&mut *values, value) {
        (Values::Bool(list), Value::Bool(value)) => set(list, at, value),
        (Values::Days(list), Value::Date(day)) => set(list, at, day.number()),
        (Values::Durations(list), Value::Duration(count)) => set(list, at, count),
        (Values::Words { dictionary, keys }, value) => {
            let place = dictionary.iter().position(|known| *known == value).unwrap_or_else(|| {
                let mut all = dictionary.to_vec();
                all.push(value);
                *dictionary = all.into();
                dictionary.len().saturating_sub(1)
            });
            set(keys, at, u32::try_from(place).unwrap_or(u32::MAX));
        }
        (_, Value::Number(number)) => put_number(values, at, number),
        _ => {}
    }
}

/// A number that does not fit makes the whole column wider.
fn put_number(values: &mut Values, at: usize, number: Number) {
    match values {
        Values::Scaled { values: list, scale } => {
            let den = 10i128.pow((*scale).into());
            match number.times(den).map(i64::try_from) {
                Some(Ok(value)) => set(list, at, value),
                Some(Err(_)) => {
                    *values = Values::Wide {
                        values: list.iter().map(|one| i128::from(*one)).collect(),
                        scale: *scale,
                    };
                    put_number(values, at, number);
                }
                None => exactly(values, at, number),
            }
        }
        Values::Wide { values: list, scale } => match number.times(10i128.pow((*scale).into())) {
            Some(value) => set(list, at, value),
            None => exactly(values, at, number),
        },
        Values::Exact(list) => set(list, at, number),
        _ => {}
    }
}

fn exactly(values: &mut Values, at: usize, number: Number) {
    let number_at = |row: usize| match values.get(row) {
        Some(Value::Number(number)) => number,
        _ => Number::ZERO,
    };
    let mut list: Vec<Number> = (0..values.len()).map(number_at).collect();
    set(&mut list, at, number);
    *values = Values::Exact(list);
}
