//! Annexes: schedules shipped with a policy.

use super::Type;
use crate::text::Span;
use crate::value::Value;
use std::collections::BTreeMap;

/// A key cell, ordered; codes by their digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnnexKey {
    /// The digits of a code.
    Code(Box<str>),
    /// Any other value, as its text on the wire.
    Other(Box<str>),
}

impl AnnexKey {
    /// The key that a value is looked up by.
    pub fn of(value: &Value) -> AnnexKey {
        match value {
            Value::Code(code) => AnnexKey::Code(code.digits().into()),
            Value::Number(number) => AnnexKey::Other(crate::value::wire(number).into()),
            Value::Bool(value) => AnnexKey::Other(if *value { "true".into() } else { "false".into() }),
            Value::Date(day) => AnnexKey::Other(day.to_string().into()),
            Value::Duration(count) => AnnexKey::Other(count.to_string().into()),
            Value::Text(text) => AnnexKey::Other(text.as_ref().into()),
            Value::Country(country) => AnnexKey::Other(country.as_str().into()),
            Value::Choice(at) => AnnexKey::Other(at.to_string().into()),
            Value::Row(row) => AnnexKey::Other(row.to_string().into()),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Column {
    pub name: Option<String>,
    pub ty: Type,
}

#[derive(Clone, Debug)]
pub struct Annex {
    pub name: String,
    pub doc: Option<String>,
    /// Shown when a key is not found.
    pub file: String,
    pub keys: Vec<Type>,
    pub columns: Vec<Column>,
    /// Keys to row numbers.
    pub rows: BTreeMap<Vec<AnnexKey>, u32>,
    /// Row by row, column by column; none: unknown (V7).
    pub cells: Vec<Vec<Option<Value>>>,
    pub span: Span,
}

impl Annex {
    /// The row of these keys: a code key finds the longest listed prefix (M8).
    pub fn find(&self, keys: &[AnnexKey]) -> Option<usize> {
        let mut wanted = keys.to_vec();
        self.find_from(&mut wanted, 0)
    }

    fn find_from(&self, wanted: &mut Vec<AnnexKey>, at: usize) -> Option<usize> {
        let code = match wanted.get(at) {
            None => return self.rows.get(wanted.as_slice()).map(|row| *row as usize),
            Some(AnnexKey::Other(_)) => return self.find_from(wanted, at + 1),
            Some(AnnexKey::Code(digits)) => digits.clone(),
        };
        let put = |wanted: &mut Vec<AnnexKey>, digits: &str| {
            if let Some(key) = wanted.get_mut(at) {
                *key = AnnexKey::Code(digits.into());
            }
        };
        for length in (1..=code.len()).rev() {
            put(wanted, code.get(..length).unwrap_or(""));
            if let Some(row) = self.find_from(wanted, at + 1) {
                return Some(row);
            }
        }
        put(wanted, &code);
        None
    }

    /// Whether this is one of the (first) keys, or a code under one (M7).
    pub fn covers(&self, key: &AnnexKey) -> bool {
        let AnnexKey::Code(digits) = key else { return self.starts_with(key) };
        (1..=digits.len()).any(|length| {
            let prefix = AnnexKey::Code(digits.get(..length).unwrap_or("").into());
            self.starts_with(&prefix)
        })
    }

    /// Whether this is one of the (first) keys.
    pub fn starts_with(&self, key: &AnnexKey) -> bool {
        let from = vec![key.clone()];
        self.rows.range(from..).next().is_some_and(|(keys, _)| keys.first() == Some(key))
    }

    pub fn cell(&self, row: usize, column: usize) -> Option<&Value> {
        self.cells.get(row).and_then(|cells| cells.get(column)).and_then(Option::as_ref)
    }
}
