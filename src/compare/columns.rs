//! Bound rows as columns.

use crate::batch::{ColumnValues, Columns, FieldColumn};
use crate::facts::{Rows, Slot};
use crate::policy::{Entity, FieldId, Type};
use crate::value::{Day, Number, Possible, Value};
use indexmap::IndexSet;
use std::collections::BTreeMap;

/// The rows of a table; none: a cell states values from days on, and no column holds it.
pub(super) fn columns(entity: &Entity, rows: &Rows) -> Option<Columns> {
    let mut columns = Columns { rows: rows.rows.len(), columns: Vec::new() };
    for (field, fact) in entity.fields.iter() {
        columns.columns.extend(column(&fact.ty, field, rows)?.map(|column| (field, column)));
    }
    Some(columns)
}

/// The cells of a field; none in the second place: no row states it.
fn column(ty: &Type, field: FieldId, rows: &Rows) -> Option<Option<FieldColumn>> {
    let mut stated = Vec::with_capacity(rows.rows.len());
    let mut odd = BTreeMap::new();
    let mut values = Vec::with_capacity(rows.rows.len());
    for (row, cells) in (0u32..).zip(rows.rows.values()) {
        let slot = cells.cells.try_get(field).map_or(&[][..], |slot: &Slot| slot.statements.as_slice());
        let value = match slot {
            [] => None,
            [only] if (only.from, only.known) == (Day::FIRST, Day::FIRST) => Some(&only.value),
            _ => return None,
        };
        stated.push(value.is_some());
        values.push(match value {
            Some(Possible::One(value)) => Some(value),
            Some(other) => {
                odd.insert(row, other.clone());
                None
            }
            None => None,
        });
    }
    if !stated.contains(&true) {
        return Some(None);
    }
    let stated = stated.contains(&false).then_some(stated);
    Some(Some(FieldColumn { values: of(ty, &values), stated, odd }))
}

/// Values of one type; what there is none of is of no account.
fn of(ty: &Type, values: &[Option<&Value>]) -> ColumnValues {
    let each = values.iter();
    match ty {
        Type::Bool => {
            ColumnValues::Bool(each.map(|value| matches!(value, Some(Value::Bool(true)))).collect())
        }
        Type::Number { .. } => numbers(values),
        Type::Date => {
            let day =
                |value: &Option<&Value>| if let Some(Value::Date(day)) = value { *day } else { Day::FIRST };
            ColumnValues::Days(each.map(|value| day(value).number()).collect())
        }
        Type::Duration(_) => {
            let count =
                |value: &Option<&Value>| if let Some(Value::Duration(count)) = value { *count } else { 0 };
            ColumnValues::Durations(each.map(count).collect())
        }
        Type::Text | Type::Code | Type::Country | Type::Enum(_) | Type::Row(_) => {
            let mut words: IndexSet<Value> = IndexSet::new();
            let mut place = |value: &Option<&Value>| {
                let at = value.map_or(0, |value| words.insert_full(value.clone()).0);
                u32::try_from(at).unwrap_or(u32::MAX)
            };
            let keys = each.map(&mut place).collect();
            ColumnValues::Words { dictionary: words.into_iter().collect(), keys }
        }
    }
}

/// At the least scale that holds them all, else as they are.
fn numbers(values: &[Option<&Value>]) -> ColumnValues {
    let number = |value: &Option<&Value>| match value {
        Some(Value::Number(number)) => number.clone(),
        _ => Number::ZERO,
    };
    for scale in [0u8, 2, 4, 6] {
        let scaled = |value: &Option<&Value>| {
            let number = number(value);
            number.times(10i128.pow(scale.into())).and_then(|value| i64::try_from(value).ok())
        };
        if let Some(values) = values.iter().map(scaled).collect() {
            return ColumnValues::Scaled { values, scale };
        }
    }
    ColumnValues::Exact(values.iter().map(number).collect())
}
