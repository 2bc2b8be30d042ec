//! Answers put into their columns.

use super::column::{ColumnValues, DecidingRule, OutcomeColumn, Reasons, Results};
use crate::outcome::{Answer, Status};
use crate::policy::{Outcome, OutcomeId, Policy, Type};
use crate::value::{Number, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A column for each outcome; what stands in it from other rows is of no account.
pub(super) fn start(outcomes: impl Iterator<Item = OutcomeId>, rows: usize, results: &mut Results) {
    let mut old = std::mem::take(&mut results.outcomes).into_iter();
    results.rows = rows;
    for id in outcomes {
        let column = old.next().filter(|column| column.outcome == id).unwrap_or_else(|| OutcomeColumn {
            outcome: id,
            values: ColumnValues::Bool(Vec::new()),
            status: Vec::new(),
            reasons: Reasons::default(),
            side: Default::default(),
            handed: Default::default(),
        });
        results.outcomes.push(OutcomeColumn { handed: BTreeMap::new(), ..column });
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
fn empty(values: &mut ColumnValues, outcome: &Outcome, rows: usize) {
    let places = outcome.rounded.as_ref().and_then(|(_, step)| places(step));
    match (&outcome.ty, places, &mut *values) {
        (Type::Bool, _, ColumnValues::Bool(list)) => refill(list, rows, false),
        (Type::Number { .. }, Some(places), ColumnValues::Scaled { values, scale }) => {
            *scale = places;
            refill(values, rows, 0);
        }
        (Type::Number { .. }, None, ColumnValues::Exact(list)) => refill(list, rows, Number::ZERO),
        (Type::Date, _, ColumnValues::Days(list)) => refill(list, rows, 0),
        (Type::Duration(_), _, ColumnValues::Durations(list)) => refill(list, rows, 0),
        (Type::Bool, _, _) => *values = ColumnValues::Bool(vec![false; rows]),
        (Type::Number { .. }, Some(scale), _) => {
            *values = ColumnValues::Scaled { values: vec![0; rows], scale }
        }
        (Type::Number { .. }, None, _) => *values = ColumnValues::Exact(vec![Number::ZERO; rows]),
        (Type::Date, _, _) => *values = ColumnValues::Days(vec![0; rows]),
        (Type::Duration(_), _, _) => *values = ColumnValues::Durations(vec![0; rows]),
        (Type::Text | Type::Code | Type::Country | Type::Enum(_) | Type::Row(_), _, _) => {
            *values = ColumnValues::Words { dictionary: Arc::from([]), keys: vec![0; rows] };
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

/// Puts answers into a column, one by one.
pub(super) struct Pen<'c> {
    column: &'c mut OutcomeColumn,
    /// The sets of rules and the words of the column, each with its place.
    sets: BTreeMap<Vec<DecidingRule>, u32>,
    words: BTreeMap<Value, u32>,
    list: Vec<Value>,
}

impl<'c> Pen<'c> {
    pub fn new(column: &'c mut OutcomeColumn) -> Pen<'c> {
        let mut sets = BTreeMap::new();
        for (place, set) in (0u32..).zip(&column.reasons.sets) {
            sets.entry(set.clone()).or_insert(place);
        }
        let list = match &column.values {
            ColumnValues::Words { dictionary, .. } => dictionary.to_vec(),
            _ => Vec::new(),
        };
        let mut words = BTreeMap::new();
        for (place, word) in (0u32..).zip(&list) {
            words.entry(word.clone()).or_insert(place);
        }
        Pen { column, sets, words, list }
    }

    /// A determined answer.
    pub fn put(&mut self, row: u32, value: Value, deciding_rules: Vec<DecidingRule>) {
        let at = row as usize;
        self.value(at, value);
        let reasons = &mut self.column.reasons;
        let key = match self.sets.get(&deciding_rules) {
            Some(key) => *key,
            None => {
                let key = u32::try_from(reasons.sets.len()).unwrap_or(u32::MAX);
                reasons.sets.push(deciding_rules.clone());
                self.sets.insert(deciding_rules, key);
                key
            }
        };
        set(&mut reasons.keys, at, key);
        set(&mut self.column.status, at, Status::Determined);
    }

    /// Any other.
    pub fn put_answer(&mut self, row: u32, answer: Answer) {
        set(&mut self.column.status, row as usize, answer.status);
        set(&mut self.column.reasons.keys, row as usize, 0);
        if answer.status != Status::Gap {
            self.column.side.insert(row, answer);
        }
    }

    fn value(&mut self, at: usize, value: Value) {
        match (&mut self.column.values, value) {
            (ColumnValues::Bool(list), Value::Bool(value)) => set(list, at, value),
            (ColumnValues::Days(list), Value::Date(day)) => set(list, at, day.number()),
            (ColumnValues::Durations(list), Value::Duration(count)) => set(list, at, count),
            (ColumnValues::Words { keys, .. }, value) => {
                let place = match self.words.get(&value) {
                    Some(place) => *place,
                    None => {
                        let place = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
                        self.list.push(value.clone());
                        self.words.insert(value, place);
                        place
                    }
                };
                set(keys, at, place);
            }
            (values, Value::Number(number)) => put_number(values, at, number),
            _ => {}
        }
    }

    pub fn finish(self) {
        if let ColumnValues::Words { dictionary, .. } = &mut self.column.values
            && dictionary.len() != self.list.len()
        {
            *dictionary = self.list.into();
        }
    }
}

fn set<T>(list: &mut [T], at: usize, value: T) {
    if let Some(place) = list.get_mut(at) {
        *place = value;
    }
}

/// A number that does not fit makes the whole column wider.
fn put_number(values: &mut ColumnValues, at: usize, number: Number) {
    match values {
        ColumnValues::Scaled { values: list, scale } => {
            let den = 10i128.pow((*scale).into());
            match number.times(den).map(i64::try_from) {
                Some(Ok(value)) => set(list, at, value),
                Some(Err(_)) => {
                    *values = ColumnValues::Wide {
                        values: list.iter().map(|one| i128::from(*one)).collect(),
                        scale: *scale,
                    };
                    put_number(values, at, number);
                }
                None => exactly(values, at, number),
            }
        }
        ColumnValues::Wide { values: list, scale } => match number.times(10i128.pow((*scale).into())) {
            Some(value) => set(list, at, value),
            None => exactly(values, at, number),
        },
        ColumnValues::Exact(list) => set(list, at, number),
        _ => {}
    }
}

fn exactly(values: &mut ColumnValues, at: usize, number: Number) {
    let number_at = |row: usize| match values.get(row) {
        Some(Value::Number(number)) => number,
        _ => Number::ZERO,
    };
    let mut list: Vec<Number> = (0..values.len()).map(number_at).collect();
    set(&mut list, at, number);
    *values = ColumnValues::Exact(list);
}
