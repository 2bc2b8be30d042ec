//! The header of a table of records: each column a field, perhaps in a unit of its own, `value [USD]`.

use super::errors;
use super::input::Written;
use super::read;
use crate::diag::Diagnostic;
use crate::literal::{self, LiteralScope};
use crate::policy::{Entity, Face, Fact, FieldId, Type};
use crate::text::Span;
use crate::tree::{Name, StatedValue};
use std::borrow::Cow;
use std::collections::BTreeMap;

pub(super) struct FactsColumn {
    pub field: FieldId,
    /// What bare numbers of the column count: ` USD`, `%`.
    unit: Option<String>,
}

/// The field of that name.
pub(super) fn field(entity: &Entity, name: &str) -> Option<FieldId> {
    entity.fields.iter().find(|(_, field)| field.name == name).map(|(id, _)| id)
}

/// Every column, or all that is wrong with the header.
pub(super) fn resolve(
    scope: &LiteralScope<'_>,
    entity: &Entity,
    header: &[Written<'_>],
) -> Result<Vec<FactsColumn>, Vec<Diagnostic>> {
    resolve_with(scope, entity, header, &[])
}

/// The same, with units beside the header, each for a field: for columns whose heading has none.
pub(super) fn resolve_with(
    scope: &LiteralScope<'_>,
    entity: &Entity,
    header: &[Written<'_>],
    units: &[(Written<'_>, Written<'_>)],
) -> Result<Vec<FactsColumn>, Vec<Diagnostic>> {
    let mut columns = Vec::with_capacity(header.len());
    let mut errors = Vec::new();
    let mut seen: BTreeMap<FieldId, Span> = BTreeMap::new();
    for word in header {
        let (name, unit) = split(word);
        let Some(id) = field(entity, &name.text) else {
            errors.push(errors::unknown_field(entity, &name));
            continue;
        };
        if let Some(first) = seen.insert(id, name.span) {
            errors.push(errors::name_twice(&name, first));
        }
        let beside = || units.iter().find(|(of, _)| of.text == name.text);
        let unit = unit.or_else(|| beside().map(|(_, unit)| (unit.text.as_ref(), unit.span)));
        let unit = match unit.map(|unit| suffix(scope, &entity.fields[id], unit)).transpose() {
            Ok(unit) => unit,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        columns.push(FactsColumn { field: id, unit });
    }
    for (field, _) in units {
        if self::field(entity, &field.text).is_none() {
            errors.push(errors::unknown_field(entity, &field.name()));
        }
    }
    if let Some(first) = header.first()
        && errors.is_empty()
        && !seen.contains_key(&entity.key)
    {
        let end = header.last().unwrap_or(first);
        errors.push(errors::no_key_column(entity, first.span.to(end.span)));
    }
    if errors.is_empty() { Ok(columns) } else { Err(errors) }
}

/// `value [USD]` is a field and a unit.
fn split<'w>(word: &'w Written<'_>) -> (Name, Option<(&'w str, Span)>) {
    let text = word.text.as_ref();
    let parts = text.strip_suffix(']').and_then(|text| text.split_once('['));
    let Some((name, unit)) = parts else { return (word.name(), None) };
    let place = |start: usize, end: usize| match word.at {
        Some(at) => Span::new(word.span.source, at as usize + start, at as usize + end),
        None => word.span,
    };
    let name = name.trim_end();
    let start = text.len() - 1 - unit.len();
    let name = Name { text: name.to_string(), span: place(0, name.len()) };
    (name, Some((unit, place(start, start + unit.len()))))
}

/// What is put after a bare number; makes sure that it then is an amount of the field.
fn suffix(scope: &LiteralScope<'_>, field: &Fact, (unit, span): (&str, Span)) -> Result<String, Diagnostic> {
    let unit = unit.trim();
    let suffix = match unit {
        "%" => unit.to_string(),
        // Of rates that are written as plain numbers, 0.15: the sign that says so.
        "1" if matches!(field.ty, Type::Number { face: Face::Rate, .. }) => " * 100%".to_string(),
        _ => format!(" {unit}"),
    };
    let trial =
        Written { text: format!("1{suffix}").into(), span, at: None, form: super::input::Form::Plain };
    let wrong = || errors::bad_column_unit(field, unit, span);
    let pieces = read::series(&trial).map_err(|_| wrong())?;
    let [piece] = pieces.as_slice() else { return Err(wrong()) };
    let (StatedValue::Exactly(expr), None) = (&piece.stated.value, &piece.stated.from) else {
        return Err(wrong());
    };
    literal::value(scope, expr, &field.ty).map_err(|error| piece.moved(error))?;
    Ok(suffix)
}

impl FactsColumn {
    /// What is put after a bare number: ` USD`, `%`.
    pub fn suffix(&self) -> Option<&str> {
        self.unit.as_deref()
    }

    /// A cell, with the unit of its column if it is a bare number.
    pub fn cell<'w, 'a>(&self, cell: &'w Written<'a>) -> Cow<'w, Written<'a>> {
        let Some(unit) = &self.unit else { return Cow::Borrowed(cell) };
        let text = match fraction(&cell.text) {
            _ if is_bare(&cell.text) => format!("{}{unit}", cell.text),
            Some((above, below)) => format!("{above}{unit} / {below}"),
            None => return Cow::Borrowed(cell),
        };
        Cow::Owned(Written { text: text.into(), at: None, ..*cell })
    }
}

/// `1/3`, as exact numbers are written that are no decimals (M6).
fn fraction(text: &str) -> Option<(&str, &str)> {
    let (above, below) = text.split_once('/')?;
    (is_bare(above) && is_bare(below) && !below.starts_with('-')).then_some((above, below))
}

/// `100`, `-0.5`, `550_000`.
fn is_bare(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_' || byte == b'.')
        && digits.matches('.').count() <= 1
}
