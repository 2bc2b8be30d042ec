//! What the columns of lines are: by name, or as the header of a file has them.

use super::errors;
use super::line::{BoundLine, LineParts, fact_of};
use crate::diag::Diagnostic;
use crate::facts::errors::unit_of_column;
use crate::facts::input::Stated;
use crate::facts::value::Values;
use crate::literal::{CellReader, LiteralScope, split_heading};
use crate::policy::{Annex, LISTED, Type};
use crate::sheet::{DecimalEvidence, DecimalMark, Form, Records, Written};
use crate::text::Span;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LineColumn {
    Key(usize),
    Cell(usize),
    Listed,
    /// From when and until when, and from when each is known.
    Day(usize),
}

/// The column of a name; without one, the cell that is asked for without it.
pub(super) fn column(annex: &Annex, name: &str) -> Option<LineColumn> {
    let of = |list: &[String]| list.iter().position(|heading| heading == name);
    let headings = &annex.headings;
    if name.is_empty() {
        let only = |_: &usize| annex.columns.len() == 1;
        let unnamed = annex.columns.iter().position(|column| column.name.is_none());
        return unnamed.or(Some(0).filter(only)).map(LineColumn::Cell);
    }
    of(&headings.keys)
        .map(LineColumn::Key)
        .or_else(|| of(&headings.columns).map(LineColumn::Cell))
        .or_else(|| (name == LISTED).then_some(LineColumn::Listed))
        .or_else(|| headings.days.iter().position(|day| day.as_deref() == Some(name)).map(LineColumn::Day))
}

/// The header of a file of lines.
pub(super) struct LineColumns {
    columns: Vec<(LineColumn, CellReader)>,
}

pub(super) fn resolve(
    scope: &LiteralScope<'_>,
    annex: &Annex,
    records: &dyn Records,
) -> Result<LineColumns, Vec<Diagnostic>> {
    let header = records.header().map_err(|error| vec![error])?;
    let known = records.decimals();
    let mut columns = Vec::with_capacity(header.len());
    let mut errors = Vec::new();
    let mut seen: BTreeMap<LineColumn, Span> = BTreeMap::new();
    for word in &header {
        let (name, unit) = split_heading(word);
        let Some(column) = column(annex, &name.text).filter(|_| !name.text.is_empty()) else {
            errors.push(errors::unknown_line_column(annex, &name));
            continue;
        };
        if let Some(first) = seen.insert(column, name.span) {
            errors.push(errors::cell_twice(&name, first));
        }
        match CellReader::new(scope, &type_of(annex, column), unit, known.unwrap_or(DecimalMark::Unsaid)) {
            Ok(cells) => columns.push((column, cells)),
            Err(error) => {
                let (unit, span) = unit.unwrap_or(("", word.span));
                errors
                    .push(error.map_or_else(|| errors::bad_line_unit(&name.text, unit.trim(), span), |e| *e));
            }
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut columns = LineColumns { columns };
    if known.is_none() {
        let mark = columns.shown(annex, records);
        columns.columns.iter_mut().for_each(|(_, cells)| cells.decimals = mark);
    }
    Ok(columns)
}

fn type_of(annex: &Annex, column: LineColumn) -> Type {
    match column {
        LineColumn::Key(at) => annex.keys.get(at).cloned(),
        LineColumn::Cell(at) => annex.columns.get(at).map(|column| column.ty.clone()),
        LineColumn::Listed => Some(Type::Bool),
        LineColumn::Day(_) => Some(Type::Date),
    }
    .unwrap_or(Type::Text)
}

impl LineColumns {
    /// What all numbers of the file show of their decimal marks.
    fn shown(&self, annex: &Annex, records: &dyn Records) -> DecimalMark {
        let mut evidence = DecimalEvidence::default();
        records.each(&mut |record| {
            let cells = record.ok().unwrap_or_default();
            let numbers = self.columns.iter().zip(cells);
            numbers
                .filter(|((column, _), _)| matches!(type_of(annex, *column), Type::Number { .. }))
                .for_each(|(_, cell)| evidence.see(&cell.text));
            ControlFlow::Continue(())
        });
        evidence.mark()
    }

    /// A record as a line. An empty cell states nothing.
    pub fn line(
        &self,
        values: &Values<'_>,
        annex: &Annex,
        record: &[Written<'_>],
    ) -> Result<Option<BoundLine>, Vec<Diagnostic>> {
        let span = record.first().map_or(Span::default(), |first| first.span);
        let mut parts = LineParts::new(annex, span);
        let mut said = Vec::new();
        for ((column, cells), written) in self.columns.iter().zip(record) {
            if written.form == Form::Null {
                continue;
            }
            let stated = match column {
                LineColumn::Cell(at) => {
                    let fact = fact_of(values, annex, *at);
                    let cell = cells.cell(&fact.ty, written);
                    let slot = cell.and_then(|cell| values.cell(&fact, &cell, cells.has_unit()));
                    let slot = slot.map_err(|said| match cells.lacks_unit(&fact.ty, written) {
                        true => said.into_iter().map(|error| unit_of_column(&fact, error)).collect(),
                        false => said,
                    });
                    parts.cell(annex, *at, (&fact, slot, written.span))
                }
                other => parts.state(values, annex, *other, &Stated::Text(written.clone())),
            };
            said.extend(stated.err().unwrap_or_default());
        }
        if said.is_empty() { parts.whole(annex).map_err(|error| vec![error]) } else { Err(said) }
    }
}
