//! Which rows are stated: read before any cell, for a cell may name a row that stands further down.

use super::Rows;
use super::columns::{self, FactsColumn};
use super::errors;
use super::input::{Rows as Given, Table as Stated};
use crate::diag::Diagnostic;
use crate::literal::{LiteralScope, data};
use crate::policy::{Entity, EntityId, Fact, Policy, Table, Type};
use crate::sheet::{Form, Written};
use crate::text::{Span, hidden, nfc};
use crate::value::{Code, Value};
use indexmap::IndexMap;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

/// The stated rows of one table: their keys in the order stated, each with its place.
#[derive(Default)]
pub(super) struct Keys {
    pub rows: IndexMap<Arc<str>, Span>,
    /// Keys that are codes: `8703.20` and `870320` are one key (M7).
    codes: BTreeMap<Code, u32>,
}

impl Keys {
    /// Those of a table that is bound; `coded`: its keys are codes.
    pub fn of(rows: &Rows, coded: bool) -> Keys {
        let spans = rows.rows.iter().map(|(key, row)| (key.clone(), row.span));
        Keys::listed(spans.collect(), coded)
    }

    fn listed(rows: IndexMap<Arc<str>, Span>, coded: bool) -> Keys {
        let codes = rows.keys().zip(0u32..).filter(|_| coded);
        Keys { codes: codes.filter_map(|(key, row)| Some((Code::read(key).ok()?, row))).collect(), rows }
    }

    /// Those of rows that stand elsewhere, in their order.
    pub fn named<'k>(names: impl Iterator<Item = &'k str>, coded: bool) -> Keys {
        Keys::listed(names.map(|name| (name.into(), Span::default())).collect(), coded)
    }

    pub fn find(&self, key: &str) -> Option<u32> {
        match self.rows.get_index_of(nfc(key).as_ref()) {
            Some(at) => u32::try_from(at).ok(),
            None => self.codes.get(&Code::read(key).ok()?).copied(),
        }
    }
}

/// The key of one row.
#[derive(Clone, Debug, Default)]
pub struct RowKey<'w> {
    /// As the row is called.
    pub name: Cow<'w, str>,
    /// What it is of its field; none: a text, the name itself.
    other: Option<Value>,
}

impl RowKey<'_> {
    /// The key as a value of its field.
    pub fn value(&self) -> Value {
        self.other.clone().unwrap_or_else(|| Value::Text(self.name.as_ref().into()))
    }
}

/// The keys of every stated table; `None`: not stated.
pub(super) fn collect(
    policy: &Policy,
    scope: &LiteralScope<'_>,
    tables: &[Stated<'_>],
    errors: &mut Vec<Diagnostic>,
) -> Table<EntityId, Option<Keys>> {
    let mut all: Table<EntityId, Option<Keys>> = policy.entities.values().map(|_| None).collect();
    for table in tables {
        let Some(id) = policy.entity(&table.entity.text) else {
            errors.push(errors::unknown_table(policy, &table.entity));
            continue;
        };
        let keys = all[id].get_or_insert_default();
        let entity = &policy.entities[id];
        let mut add = |written: &Written<'_>| add(scope, entity, keys, written);
        match &table.rows {
            Given::Listed(rows) => errors.extend(rows.iter().filter_map(|row| add(&row.key).err())),
            Given::Records(records) => {
                let at = match columns::resolve(scope, entity, records.as_ref()) {
                    Ok(columns) => {
                        columns.iter().position(|FactsColumn { field, .. }| *field == entity.key).unwrap_or(0)
                    }
                    Err(more) => {
                        errors.extend(more);
                        continue;
                    }
                };
                records.each(&mut |record| {
                    let key = record.and_then(|cells| {
                        is_row(&entity.fields[entity.key], cells, at)?;
                        cells.get(at).map_or(Ok(()), &mut add)
                    });
                    errors.extend(key.err());
                    if errors.len() < super::MOST_ERRORS {
                        ControlFlow::Continue(())
                    } else {
                        ControlFlow::Break(())
                    }
                });
            }
        }
    }
    all
}

fn add(
    scope: &LiteralScope<'_>,
    entity: &Entity,
    keys: &mut Keys,
    written: &Written<'_>,
) -> Result<(), Diagnostic> {
    let key = key(scope, &entity.fields[entity.key], written)?;
    let first = keys.find(&key.name).and_then(|row| keys.rows.get_index(row as usize));
    if let Some((_, first)) = first {
        return Err(errors::row_twice(&key.name, written.span, *first));
    }
    if let Some(Value::Code(code)) = &key.other {
        let row = u32::try_from(keys.rows.len()).unwrap_or(u32::MAX);
        keys.codes.insert(*code, row);
    }
    keys.rows.insert(key.name.into(), written.span);
    Ok(())
}

/// Words for the key of a row that is no row of the table, but the sum of those above it.
const TOTALS: [&str; 20] = [
    "total",
    "totals",
    "grand total",
    "grand-total",
    "subtotal",
    "subtotals",
    "sub-total",
    "sub total",
    "sum",
    "summe",
    "zwischensumme",
    "gesamt",
    "insgesamt",
    "somme",
    "totale",
    "totaal",
    "suma",
    "итого",
    "合計",
    "小計",
];

/// Whether a record is a row at all: neither blank nor a line of totals. `at`: where its key stands.
pub(super) fn is_row(field: &Fact, record: &[Written<'_>], at: usize) -> Result<(), Diagnostic> {
    let Some(key) = record.get(at) else { return Ok(()) };
    if record.len() > 1 && record.iter().all(|cell| cell.form == Form::Null) {
        return Err(errors::blank_row(key.span));
    }
    if field.ty != Type::Text || !may_be_total(&key.text) {
        return Ok(());
    }
    // `Total JP`, with nothing where a row has its words, is no row; with them it may be a firm.
    let gaps = || record.iter().any(|cell| cell.form == Form::Null);
    if is_total(&key.text) || (begins_as_total(&key.text) && gaps()) {
        Err(errors::row_of_totals(&key.text, key.span))
    } else {
        Ok(())
    }
}

/// A glance at the first letter, which settles it for nearly all keys.
fn may_be_total(key: &str) -> bool {
    key.bytes()
        .next()
        .is_some_and(|first| !first.is_ascii() || b"tgsiz".contains(&first.to_ascii_lowercase()))
}

pub(super) fn is_total(key: &str) -> bool {
    if !may_be_total(key) {
        return false;
    }
    let key = key.trim_end_matches([':', '.', ' ']);
    TOTALS.iter().any(|word| after(key, word) == Some(""))
}

fn begins_as_total(key: &str) -> bool {
    TOTALS.iter().any(|word| after(key, word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
}

/// What stands behind a word with which a text begins, in any case.
fn after<'k>(key: &'k str, word: &str) -> Option<&'k str> {
    let (start, rest) = key.split_at_checked(word.len())?;
    let same = start.eq_ignore_ascii_case(word) || (!word.is_ascii() && start.to_lowercase() == word);
    same.then_some(rest)
}

/// A key as written, read by the type of its field.
pub(super) fn key<'w>(
    scope: &LiteralScope<'_>,
    field: &Fact,
    written: &'w Written<'_>,
) -> Result<RowKey<'w>, Diagnostic> {
    if written.form == Form::Null || written.text.trim().is_empty() || written.text == "unknown" {
        return Err(errors::no_key(&field.name, written.span));
    }
    if field.ty == Type::Text {
        if let Some(sign) = hidden(&written.text) {
            return Err(errors::hidden_in_key(sign, written.span));
        }
        return Ok(RowKey { name: nfc(&written.text), other: None });
    }
    let read = data::one(scope, &field.ty, written, false).map_err(|mut said| match said.is_empty() {
        false => said.swap_remove(0),
        true => errors::no_key(&field.name, written.span),
    });
    // What is a value of a fact, and none of a key.
    let read = match read {
        Err(_) if data::stated(&field.ty, written).is_ok_and(|pieces| !data::is_one(&pieces)) => {
            return Err(errors::not_one_key(&field.name, written.span));
        }
        read => read?,
    };
    let Some(value) = read else { return Err(errors::no_key(&field.name, written.span)) };
    // A key is a text, a code or a date: the checker has seen to that.
    let name = match &value {
        // As written, so that answers are joined to rows by it.
        Value::Code(_) => written.text.trim().into(),
        Value::Date(day) if !day.is_never() => day.to_string().into(),
        _ => return Err(errors::not_one_key(&field.name, written.span)),
    };
    Ok(RowKey { name, other: Some(value) })
}
