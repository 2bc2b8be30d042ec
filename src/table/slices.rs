//! Rows that a program has in columns of its own.

use super::Wheres;
use super::column::always;
use super::decode::{CHUNK, RowSchema};
use crate::batch::{ColumnValues, Columns, FieldCell, FieldColumn, checks_read_table};
use crate::diag::{Code, Diagnostic, tick};
use crate::facts::{Cells, Row, Rows, Slot};
use crate::policy::{EntityId, Fact, FieldId, Policy, Type};
use crate::scenarios::outside;
use crate::sheet::{DecimalMark, Form, Written};
use crate::text::Span;
use crate::value::{Day, Number, Possible, Value};
use indexmap::IndexMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The values of one field, one for each row.
#[derive(Clone, Copy, Debug)]
pub enum SliceColumn<'a> {
    /// Whole numbers times a power of ten: 1234 with two places is 12.34.
    Numbers {
        values: &'a [i64],
        places: u8,
    },
    /// Read as the cells of a CSV file are.
    Texts(&'a [&'a str]),
    Days(&'a [Day]),
    Truths(&'a [bool]),
}

impl SliceColumn<'_> {
    fn len(&self) -> usize {
        match self {
            SliceColumn::Numbers { values, .. } => values.len(),
            SliceColumn::Texts(values) => values.len(),
            SliceColumn::Days(values) => values.len(),
            SliceColumn::Truths(values) => values.len(),
        }
    }
}

/// Columns of rows; a heading is the name of a field, `value [USD]` one whose bare numbers count that.
///
/// # Errors
/// Everything that is wrong with headings and cells, or with a row that a `where` of the policy excludes.
pub fn slice_columns(
    schema: &RowSchema<'_, '_>,
    named: &[(&str, SliceColumn<'_>)],
) -> Result<Columns, Vec<Diagnostic>> {
    let rows = named.first().map_or(0, |(_, column)| column.len());
    if let Some((name, column)) = named.iter().find(|(_, column)| column.len() != rows) {
        let message = format!("the column {} has {} rows, the first {rows}", tick(name), column.len());
        return Err(vec![Diagnostic::general(Code::FactsLayout, message)]);
    }
    let reader = SliceReader::new(schema, named).map_err(placeless)?;
    let mut columns = Columns { rows, columns: Vec::with_capacity(named.len()) };
    let mut errors = Vec::new();
    for (at, (name, column)) in named.iter().enumerate() {
        match reader.column(at, name, column) {
            Ok((field, column)) => columns.columns.push((field, column)),
            Err(more) => errors.extend(more),
        }
    }
    if errors.is_empty() {
        errors = excluded(schema, &columns);
    }
    if errors.is_empty() { Ok(columns) } else { Err(placeless(errors)) }
}

/// The rows of a program stand in no text.
fn placeless(mut errors: Vec<Diagnostic>) -> Vec<Diagnostic> {
    for error in &mut errors {
        error.labels.retain(|label| label.span.source != CHUNK);
        error.fixes.clear();
    }
    errors
}

struct SliceReader<'p> {
    policy: &'p Policy,
    cells: Cells<'p>,
}

impl<'p> SliceReader<'p> {
    fn new(
        schema: &RowSchema<'p, '_>,
        named: &[(&str, SliceColumn<'_>)],
    ) -> Result<SliceReader<'p>, Vec<Diagnostic>> {
        let RowSchema { policy, entity, facts, .. } = *schema;
        let decl = &policy.entities[entity];
        let key = decl.fields[decl.key].name.as_str();
        let mut header: Vec<Written<'_>> = named.iter().map(|(name, _)| word(name)).collect();
        // A program knows its rows by their numbers: the key need be no column.
        if !named.iter().any(|(name, _)| *name == key) {
            header.push(word(key));
        }
        let cells = Cells::new(policy, entity, facts, &header, schema.units, DecimalMark::Point)?;
        Ok(SliceReader { policy, cells })
    }

    fn column(
        &self,
        at: usize,
        name: &str,
        column: &SliceColumn<'_>,
    ) -> Result<(FieldId, FieldColumn), Vec<Diagnostic>> {
        let (Some(fact), Some(field)) = (self.cells.field(at), self.cells.fields().nth(at)) else {
            return Err(vec![wrong(name, "is none of the table")]);
        };
        let column = match (column, &fact.ty) {
            (SliceColumn::Truths(values), Type::Bool) => FieldColumn::of(ColumnValues::Bool(values.to_vec())),
            (SliceColumn::Days(days), Type::Date) => {
                FieldColumn::of(ColumnValues::Days(days.iter().map(|day| day.number()).collect()))
            }
            (SliceColumn::Numbers { values, places }, Type::Number { .. } | Type::Duration(_)) => {
                let counted = self.counted(at, fact, name)?;
                FieldColumn::of(numbers(values, *places, &counted, name)?)
            }
            (SliceColumn::Texts(words), _) => self.texts(at, fact, (name, words))?,
            _ => {
                let what = format!("holds {}, and the field is none of that kind", kind(column));
                return Err(vec![wrong(name, &what)]);
            }
        };
        Ok((field, column))
    }

    /// What one of the bare numbers of a column is.
    fn counted(&self, at: usize, fact: &Fact, name: &str) -> Result<Value, Vec<Diagnostic>> {
        let bare = matches!(&fact.ty, Type::Number { dimension, face: crate::policy::Face::Plain } if dimension.is_none());
        let says = self.cells.has_unit(at) || bare;
        let one = self.cells.cell(at, &word("1")).ok().filter(|_| says);
        match one.as_ref().and_then(always) {
            Some(Possible::One(value)) => Ok(value),
            _ => {
                let error = wrong(name, "does not say what its numbers count");
                let help = format!("say it in the heading: {}", tick(&format!("{name} [USD]")));
                Err(vec![error.help(help)])
            }
        }
    }

    /// Words are read once for each spelling.
    fn texts(
        &self,
        at: usize,
        fact: &Fact,
        (name, words): (&str, &[&str]),
    ) -> Result<FieldColumn, Vec<Diagnostic>> {
        let mut read: IndexMap<&str, Option<Possible>> = IndexMap::new();
        let mut errors = Vec::new();
        for text in words {
            if read.contains_key(text) {
                continue;
            }
            let said =
                self.cells.cell(at, &word(text)).map(|slot| (slot.statements.is_empty(), always(&slot)));
            let said = match said {
                Ok((false, None)) => {
                    Err(vec![wrong(name, "states values from days on, which no column holds")])
                }
                Ok((_, value)) => Ok(value),
                Err(more) => Err(more),
            };
            match said {
                Ok(value) => drop(read.insert(text, value)),
                Err(more) => errors.extend(more),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let cells = || words.iter().map(|text| read.get(text).and_then(Option::as_ref));
        let rows = 0u32..;
        let odd = rows.zip(cells()).filter_map(|(row, cell)| match cell {
            Some(Possible::One(_)) | None => None,
            Some(odd) => Some((row, odd.clone())),
        });
        let odd: BTreeMap<u32, Possible> = odd.collect();
        let stated: Vec<bool> = cells().map(|cell| cell.is_some()).collect();
        let stated = if stated.contains(&false) { Some(stated) } else { None };
        let one = |cell: Option<&Possible>| cell.and_then(Possible::single).cloned();
        let values = values(&fact.ty, self.policy, cells().map(one));
        Ok(FieldColumn { values, stated, odd })
    }
}

/// One value for each row, of one type; where a row has none, something.
fn values(ty: &Type, policy: &Policy, cells: impl Iterator<Item = Option<Value>>) -> ColumnValues {
    match ty {
        Type::Number { .. } => ColumnValues::Exact(
            cells
                .map(|cell| if let Some(Value::Number(number)) = cell { number } else { Number::ZERO })
                .collect(),
        ),
        Type::Bool => ColumnValues::Bool(cells.map(|cell| cell == Some(Value::Bool(true))).collect()),
        Type::Date => ColumnValues::Days(
            cells
                .map(|cell| if let Some(Value::Date(day)) = cell { day } else { Day::NEVER }.number())
                .collect(),
        ),
        Type::Duration(_) => ColumnValues::Durations(
            cells.map(|cell| if let Some(Value::Duration(count)) = cell { count } else { 0 }).collect(),
        ),
        Type::Text | Type::Code | Type::Country | Type::Enum(_) | Type::Row(_) => {
            let mut list: indexmap::IndexSet<Value> = match ty {
                // Of an enum all choices are there from the start, in their order.
                Type::Enum(id) => (0u16..).take(policy.enums[*id].choices.len()).map(Value::Choice).collect(),
                _ => indexmap::IndexSet::new(),
            };
            let keys = cells.map(|cell| match cell {
                Some(value) => u32::try_from(list.insert_full(value).0).unwrap_or(u32::MAX),
                None => 0,
            });
            let keys = keys.collect();
            ColumnValues::Words { dictionary: list.into_iter().collect(), keys }
        }
    }
}

/// Numbers in base units; `one` is what each unit of them is.
fn numbers(values: &[i64], places: u8, one: &Value, name: &str) -> Result<ColumnValues, Vec<Diagnostic>> {
    let beyond = || vec![wrong(name, "has numbers beyond those that are worked with")];
    match one {
        Value::Duration(days) if places == 0 => {
            let counts = values.iter().map(|value| value.checked_mul(*days));
            counts.collect::<Option<_>>().map(ColumnValues::Durations).ok_or_else(beyond)
        }
        Value::Number(one) => {
            let hundredth = Number::from_ratio(1, 100).ok();
            let scale = match one {
                one if *one == Number::ONE => Some(places),
                one if hundredth.as_ref() == Some(one) => places.checked_add(2),
                _ => None,
            };
            match scale.filter(|scale| *scale <= 18) {
                Some(scale) => Ok(ColumnValues::Scaled { values: values.to_vec(), scale }),
                None => {
                    let exact = |value: &i64| Number::scaled(i128::from(*value), places)?.mul(one).ok();
                    let exact: Option<Vec<Number>> = values.iter().map(exact).collect();
                    exact.map(ColumnValues::Exact).ok_or_else(beyond)
                }
            }
        }
        _ => Err(vec![wrong(name, "has decimals, and counts are whole")]),
    }
}

/// What is said of the rows that the `where`s of the policy exclude (V7).
fn excluded(schema: &RowSchema<'_, '_>, columns: &Columns) -> Vec<Diagnostic> {
    let RowSchema { policy, entity, facts, .. } = *schema;
    let with = |rows: &mut dyn Iterator<Item = usize>| {
        let mut facts = facts.clone();
        let rows = rows.map(|row| {
            (Arc::from(format!("{}", row.saturating_add(1))), cells(policy, entity, columns, row))
        });
        facts.tables[entity] = Some(Rows { rows: rows.collect() });
        facts
    };
    if checks_read_table(policy, entity) {
        return outside(policy, &with(&mut (0..columns.rows)));
    }
    let fields: Vec<FieldId> = columns.columns.iter().map(|(field, _)| *field).collect();
    let Some(wheres) = Wheres::new(policy, entity, &fields) else { return Vec::new() };
    let Ok(batch) = wheres.batch(facts) else { return Vec::new() };
    let mut said = Vec::new();
    for row in wheres.doubtful(&batch, columns) {
        let errors = outside(policy, &with(&mut std::iter::once(row)));
        said.extend(errors.into_iter().map(|mut error| {
            error.message = format!("row {}: {}", row.saturating_add(1), error.message);
            error
        }));
    }
    said
}

/// A row of the columns as stated facts have it.
fn cells(policy: &Policy, entity: EntityId, columns: &Columns, row: usize) -> Row {
    let nowhere = Span::new(CHUNK, 0, 0);
    let slot = |field: FieldId| match columns.column(field).map(|column| column.cell(row)) {
        Some(FieldCell::One(value)) => Slot::fixed(Possible::One(value), nowhere),
        Some(FieldCell::Odd(odd)) => Slot::fixed(odd, nowhere),
        Some(FieldCell::NotStated) | None => Slot::default(),
    };
    Row { cells: policy.entities[entity].fields.ids().map(slot).collect(), span: nowhere }
}

fn word(text: &str) -> Written<'static> {
    let form = if text.is_empty() { Form::Null } else { Form::Plain };
    Written { text: text.to_string().into(), span: Span::new(CHUNK, 0, 0), at: None, form }
}

fn wrong(name: &str, what: &str) -> Diagnostic {
    Diagnostic::general(Code::WrongType, format!("the column {} {what}", tick(name)))
}

fn kind(column: &SliceColumn<'_>) -> &'static str {
    match column {
        SliceColumn::Numbers { .. } => "numbers",
        SliceColumn::Texts(_) => "texts",
        SliceColumn::Days(_) => "days",
        SliceColumn::Truths(_) => "truth values",
    }
}
