//! Annexes: the schedule's cells are read as literals of the declared types, once, here.

use super::Checker;
use super::errors;
use super::names::Symbol;
use crate::diag::Diagnostic;
use crate::literal::{CellReader, LiteralScope, data, split_heading};
use crate::policy::{Annex, AnnexId, AnnexKey, Column, Type};
use crate::sheet::{Csv, DecimalEvidence, DecimalMark, Dialect, Form, Records, Written};
use crate::text::{Sources, Span, beside};
use crate::tree;
use crate::value::Value;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::ControlFlow;

/// The largest annex that is read.
const SIZE_LIMIT: usize = 64 << 20;

impl Checker<'_> {
    pub(super) fn annex(&mut self, annex: &tree::Annex, doc: Option<String>) {
        let keys: Vec<Option<Type>> =
            annex.keys.iter().map(|key| self.type_of(&key.ty, None).map(|declared| declared.ty)).collect();
        let mut columns = Vec::new();
        for column in &annex.columns {
            let Some(declared) = self.type_of(&column.ty, column.default.as_ref()) else { continue };
            let default = column.default.as_ref().and_then(|default| self.constant(default, &declared.ty));
            let name = column.name.as_ref().map(|name| name.text.clone());
            columns.push((Column { name, ty: declared.ty }, default));
        }
        let keys: Option<Vec<Type>> = keys.into_iter().collect();
        let (Some(keys), true) = (keys, columns.len() == annex.columns.len()) else {
            self.enter(&annex.name, Symbol::Waiting);
            return;
        };
        let mut made = Annex {
            name: annex.name.text.clone(),
            doc,
            file: annex.file.text.clone(),
            keys,
            columns: Vec::new(),
            rows: BTreeMap::new(),
            cells: Vec::new(),
            span: annex.name.span,
        };
        let defaults: Vec<Option<Value>> = columns.iter().map(|(_, default)| default.clone()).collect();
        made.columns = columns.into_iter().map(|(column, _)| column).collect();
        self.fill(annex, &mut made, &defaults);
        let id: AnnexId = self.policy.annexes.push(made);
        self.enter(&annex.name, Symbol::Annex(id));
    }

    /// Reads the file. At most ten troubles are told of one annex.
    fn fill(&mut self, annex: &tree::Annex, made: &mut Annex, defaults: &[Option<Value>]) {
        let from = self.sources.get(annex.file.span.source).map_or("", |source| source.name.as_str());
        let path = beside(from, &annex.file.text);
        let text = match self.files.read(&path) {
            Ok(text) if text.len() > SIZE_LIMIT => {
                self.say(errors::annex_too_large(&annex.file, SIZE_LIMIT));
                return;
            }
            Ok(text) => text,
            Err(why) => {
                self.say(errors::file_unreadable(&annex.file, &why));
                return;
            }
        };
        let source = self.sources.add(path, text.clone());
        let csv = Csv { source, text: &text, decimals: None };
        let header = match csv.header() {
            Ok(header) => header,
            Err(error) => return self.say(error),
        };
        let Some(mut columns) = self.columns_of(annex, made, &header, csv.dialect()) else { return };
        if csv.dialect().decimals == DecimalMark::Unsaid {
            let mark = shown(&columns, &csv);
            columns.iter_mut().for_each(|column| column.cells.decimals = mark);
        }
        let before = self.said.len();
        let mut reading = AnnexReading { columns, defaults, keys: made.keys.len(), places: Vec::new() };
        csv.each(&mut |record| {
            let read = record
                .map_err(|error| vec![error])
                .and_then(|cells| reading.row(&self.literals(), self.sources, made, cells));
            if let Err(errors) = read {
                self.said.extend(errors);
            }
            match self.said.len() > before + TOLD {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        });
    }

    /// Where in the file each declared column stands, keys first, and how its cells are read.
    fn columns_of(
        &mut self,
        annex: &tree::Annex,
        made: &Annex,
        header: &[Written<'_>],
        dialect: Dialect,
    ) -> Option<Vec<AnnexColumn>> {
        let keys = made.keys.len();
        if header.len() < keys {
            self.say(errors::annex_keys_short(annex, keys, header.len()));
            return None;
        }
        let headings: Vec<_> = header.iter().map(split_heading).collect();
        let names: Vec<&str> = headings.iter().map(|(name, _)| name.text.as_str()).collect();
        let declared = || annex.keys.iter().chain(&annex.columns);
        let claimed = |heading: &str| declared().any(|other| is_called(other, heading));
        let mut columns = Vec::new();
        let types = made.keys.iter().chain(made.columns.iter().map(|column| &column.ty));
        for (at, (declared, ty)) in declared().zip(types).enumerate() {
            let named = declared.name.is_some() || declared.heading.is_some();
            let place = match named {
                true => header
                    .iter()
                    .zip(&names)
                    .position(|(whole, name)| is_called(declared, name) || is_called(declared, &whole.text)),
                false if at < keys => Some(at),
                // The one column whose heading nobody else claims.
                false => {
                    let free = names.iter().enumerate().skip(keys).filter(|(_, name)| !claimed(name));
                    let free: Vec<usize> = free.map(|(at, _)| at).collect();
                    if let [one] = free.as_slice() { Some(*one) } else { None }
                }
            };
            let (Some(place), Some((name, unit))) = (place, place.and_then(|place| headings.get(place)))
            else {
                let start = header.first().map_or(Span::default(), |first| first.span.before());
                self.say(errors::heading_missing(declared, &names, start));
                return None;
            };
            // A heading asked for as a whole has no unit apart.
            let whole = declared.heading.as_ref().is_some_and(|heading| heading.text != name.text);
            let unit = unit.filter(|_| !whole);
            match CellReader::new(&self.literals(), ty, unit, dialect.decimals) {
                Ok(cells) => {
                    let whole = self.is_whole(ty);
                    columns.push(AnnexColumn { place, ty: ty.clone(), whole, cells });
                }
                Err(error) => {
                    let (unit, span) = unit.unwrap_or(("", name.span));
                    self.say(error.map_or_else(|| errors::bad_heading_unit(unit, span), |error| *error));
                    return None;
                }
            }
        }
        Some(columns)
    }
}

/// At most so many troubles are told of one annex, and one more.
const TOLD: usize = 9;

/// Whether a declared column is the one with a heading.
fn is_called(declared: &tree::Column, heading: &str) -> bool {
    match (&declared.heading, &declared.name) {
        (Some(asked), _) => asked.text == heading,
        (None, Some(name)) => name.text == heading,
        (None, None) => false,
    }
}

/// A declared column, and how its cells are read.
struct AnnexColumn {
    place: usize,
    ty: Type,
    /// Its numbers must be whole (M5).
    whole: bool,
    cells: CellReader,
}

/// What all numbers of an annex show of their decimal marks.
fn shown(columns: &[AnnexColumn], csv: &Csv<'_>) -> DecimalMark {
    let mut evidence = DecimalEvidence::default();
    csv.each(&mut |record| {
        let cells = record.ok().unwrap_or_default();
        let numbers = columns.iter().filter(|column| matches!(column.ty, Type::Number { .. }));
        numbers.filter_map(|column| cells.get(column.place)).for_each(|cell| evidence.see(&cell.text));
        ControlFlow::Continue(())
    });
    evidence.mark()
}

/// An annex as its lines come in.
struct AnnexReading<'a> {
    columns: Vec<AnnexColumn>,
    defaults: &'a [Option<Value>],
    /// So many of the columns are keys.
    keys: usize,
    /// Where each row stands.
    places: Vec<Span>,
}

impl AnnexReading<'_> {
    fn row(
        &mut self,
        scope: &LiteralScope<'_>,
        sources: &Sources,
        made: &mut Annex,
        record: &[Written<'_>],
    ) -> Result<(), Vec<Diagnostic>> {
        let (key_columns, columns) = self.columns.split_at_checked(self.keys).unwrap_or((&self.columns, &[]));
        let cell = |column: &AnnexColumn| record.get(column.place);
        let mut keys = Vec::with_capacity(key_columns.len());
        let mut line = Span::default();
        for column in key_columns {
            let Some(written) = cell(column) else { continue };
            line = written.span;
            let value = if written.form == Form::Null { None } else { read(scope, column, written)? };
            keys.push(AnnexKey::of(&value.ok_or_else(|| vec![errors::key_blank(line)])?));
        }
        let mut cells = Vec::with_capacity(columns.len());
        for (column, default) in columns.iter().zip(self.defaults) {
            cells.push(match cell(column) {
                Some(written) if written.form != Form::Null => read(scope, column, written)?,
                _ => default.clone(),
            });
        }
        let row = u32::try_from(made.cells.len()).unwrap_or(u32::MAX);
        match made.rows.entry(keys) {
            Entry::Vacant(free) => {
                free.insert(row);
                made.cells.push(cells);
                self.places.push(line);
            }
            // A line that is printed twice is one.
            Entry::Occupied(taken) if made.cells.get(*taken.get() as usize) == Some(&cells) => {}
            Entry::Occupied(taken) => {
                let first = self.places.get(*taken.get() as usize).copied().unwrap_or_default();
                let text = key_columns.first().and_then(cell).map_or("", |written| written.text.as_ref());
                let places = [sources.place(first), sources.place(line)];
                return Err(vec![errors::key_twice(text, &places, first, line)]);
            }
        }
        Ok(())
    }
}

/// What a cell says; texts as they stand (X1). None: unknown.
fn read(
    scope: &LiteralScope<'_>,
    column: &AnnexColumn,
    written: &Written<'_>,
) -> Result<Option<Value>, Vec<Diagnostic>> {
    if column.ty == Type::Text {
        // In quotes of its own it is what stands between them, as in every table: so `"unknown"` is a text.
        return match written.text.starts_with('"').then(|| data::one(scope, &column.ty, written, false)) {
            Some(Ok(quoted)) => Ok(quoted),
            _ => Ok((written.text != "unknown").then(|| data::text(&written.text))),
        };
    }
    let cell = column.cells.cell(&column.ty, written)?;
    let value = data::one(scope, &column.ty, &cell, column.cells.has_unit()).map_err(|said| match column
        .cells
        .lacks_unit(&column.ty, &cell)
    {
        true => said.into_iter().map(errors::of_whole_column).collect(),
        false => said,
    })?;
    match &value {
        Some(Value::Number(number)) if column.whole && !number.is_integer() => {
            Err(vec![errors::cell_not_whole(written.span)])
        }
        _ => Ok(value),
    }
}
