//! The header of a table of records: each column a field, perhaps in a unit of its own, `value [USD]`.

use super::errors;
use crate::diag::Diagnostic;
use crate::literal::{CellReader, LiteralScope, split_heading};
use crate::policy::{Entity, Fact, FieldId, Policy, Type};
use crate::sheet::{DecimalEvidence, DecimalMark, Records, Written};
use crate::text::Span;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

pub(super) struct FactsColumn {
    pub field: FieldId,
    pub cells: CellReader,
}

/// The field of that name.
pub(super) fn field(entity: &Entity, name: &str) -> Option<FieldId> {
    entity.fields.iter().find(|(_, field)| field.name == name).map(|(id, _)| id)
}

/// Every column, or all that is wrong with the header.
pub(super) fn resolve(
    scope: &LiteralScope<'_>,
    entity: &Entity,
    records: &dyn Records,
) -> Result<Vec<FactsColumn>, Vec<Diagnostic>> {
    let header = records.header().map_err(|error| vec![error])?;
    let known = records.decimals();
    let mut columns = resolve_with(scope, entity, &header, &[], known.unwrap_or(DecimalMark::Unsaid))?;
    if known.is_none() {
        let mark = shown(entity, &columns, records);
        columns.iter_mut().for_each(|column| column.cells.decimals = mark);
    }
    Ok(columns)
}

/// What all numbers of a table have before their decimals.
pub fn decimals(policy: &Policy, entity: &Entity, records: &dyn Records) -> DecimalMark {
    let scope = LiteralScope { units: &policy.units, calendars: &policy.calendars, enums: &policy.enums };
    // What is wrong with the header is said when the table is bound.
    let columns = resolve(&scope, entity, records).unwrap_or_default();
    columns.first().map_or(DecimalMark::Unsaid, |column| column.cells.decimals)
}

/// What all numbers of a table show of their decimal marks.
fn shown(entity: &Entity, columns: &[FactsColumn], records: &dyn Records) -> DecimalMark {
    let mut evidence = DecimalEvidence::default();
    records.each(&mut |record| {
        let cells = record.ok().unwrap_or_default();
        let numbers = columns.iter().zip(cells);
        numbers
            .filter(|(column, _)| matches!(entity.fields[column.field].ty, Type::Number { .. }))
            .for_each(|(_, cell)| evidence.see(&cell.text));
        ControlFlow::Continue(())
    });
    evidence.mark()
}

/// The same, with units beside the header, each for a field: for columns whose heading has none.
pub(super) fn resolve_with(
    scope: &LiteralScope<'_>,
    entity: &Entity,
    header: &[Written<'_>],
    units: &[(Written<'_>, Written<'_>)],
    decimals: DecimalMark,
) -> Result<Vec<FactsColumn>, Vec<Diagnostic>> {
    let mut columns = Vec::with_capacity(header.len());
    let mut errors = Vec::new();
    let mut seen: BTreeMap<FieldId, Span> = BTreeMap::new();
    for word in header {
        let (name, unit) = split_heading(word);
        let Some(id) = field(entity, &name.text) else {
            errors.push(errors::unknown_field(entity, &name));
            continue;
        };
        if let Some(first) = seen.insert(id, name.span) {
            errors.push(errors::name_twice(&name, first));
        }
        let beside = || units.iter().find(|(of, _)| of.text == name.text);
        if let (Some((heading, _)), Some((_, said))) = (unit, beside())
            && heading.trim() != said.text.trim()
        {
            errors.push(errors::unit_twice(&name, heading.trim(), said));
            continue;
        }
        let unit = unit.or_else(|| beside().map(|(_, unit)| (unit.text.as_ref(), unit.span)));
        let fact = &entity.fields[id];
        match CellReader::new(scope, &fact.ty, unit, decimals) {
            Ok(cells) => columns.push(FactsColumn { field: id, cells }),
            Err(Some(error)) => errors.push(*error),
            Err(None) => {
                let (unit, span) = unit.unwrap_or(("", word.span));
                errors.push(errors::bad_column_unit(fact, unit.trim(), span));
            }
        }
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

impl FactsColumn {
    /// What is wrong with a cell; where only its unit is missing, the cure is one for the column.
    pub fn cured(&self, fact: &Fact, cell: &Written<'_>, said: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let plain = self.cells.cell(&fact.ty, cell);
        match plain.is_ok_and(|plain| self.cells.lacks_unit(&fact.ty, &plain)) {
            true => said.into_iter().map(|error| errors::unit_of_column(fact, error)).collect(),
            false => said,
        }
    }
}
