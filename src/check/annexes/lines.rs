//! The lines of an annex as they come in. Most cells of a column have been read before: each text is read once.

use super::errors;
use crate::diag::Diagnostic;
use crate::literal::{CellReader, LiteralScope, data};
use crate::policy::{self, Annex, AnnexBuilder, AnnexKey, AnnexLines, EMPTY, LineValidity, Type, UNKNOWN};
use crate::sheet::{DecimalMark, Form, Written};
use crate::text::Sources;
use crate::value::{Day, Value};
use indexmap::IndexMap;

/// So many texts of a column are kept with what they say.
const KEPT: usize = 4_096;

/// A declared column, and how its cells are read.
pub(super) struct ColumnReader {
    pub place: usize,
    pub ty: Type,
    /// Its numbers must be whole (M5).
    whole: bool,
    pub cells: CellReader,
    /// Texts that were read, and where their values are listed.
    known: IndexMap<Box<str>, u32>,
}

/// Where the columns stand that say when a line is in force.
#[derive(Clone, Copy, Debug)]
pub(super) struct ValidityColumns {
    pub from: Option<usize>,
    pub from_known: Option<usize>,
    pub until: Option<usize>,
    pub until_known: Option<usize>,
}

pub(super) struct LineReader {
    columns: Vec<ColumnReader>,
    /// So many of the columns are keys.
    keys: usize,
    in_part: bool,
    validity: Option<ValidityColumns>,
    /// Where it stands whether a line is listed (X6).
    listed: Option<usize>,
    lines: AnnexBuilder,
}

impl LineReader {
    pub fn new(
        columns: Vec<ColumnReader>,
        annex: &Annex,
        (validity, listed): (Option<ValidityColumns>, Option<usize>),
    ) -> LineReader {
        let keys = annex.keys.len();
        let lines = AnnexBuilder::new(keys, columns.len().saturating_sub(keys));
        LineReader { columns, keys, in_part: annex.in_part, validity, listed, lines }
    }

    pub fn line(&mut self, scope: &LiteralScope<'_>, record: &[Written<'_>]) -> Result<(), Vec<Diagnostic>> {
        let (keys, columns) = self.columns.split_at_mut_checked(self.keys).unwrap_or((&mut [], &mut []));
        let place = keys.first().and_then(|column| record.get(column.place)).map(|written| written.span);
        // A line that cannot be read leaves the columns uneven; it is an error, and nothing is made of them.
        for (column, list) in keys.iter().zip(&mut self.lines.keys) {
            let Some(written) = record.get(column.place) else { continue };
            list.push(column.key(scope, written)?);
        }
        for (column, list) in columns.iter_mut().zip(&mut self.lines.cells) {
            let place = match record.get(column.place) {
                Some(written) if written.form != Form::Null => column.cell(scope, written, list)?,
                _ => EMPTY,
            };
            list.push(place);
        }
        let any = |list: &Vec<AnnexKey>| list.last() == Some(&AnnexKey::Any);
        if self.in_part && self.lines.keys.iter().all(any) {
            return Err(vec![errors::all_in_part(place.unwrap_or_default())]);
        }
        if let Some(columns) = &self.validity {
            self.lines.validity.push(columns.read(scope, record)?);
        }
        if let Some(listed) = self.listed.and_then(|column| record.get(column)) {
            self.lines.unlisted.push(!is_listed(scope, listed)?);
        }
        self.lines.places.push(place.unwrap_or_default());
        Ok(())
    }

    /// # Errors
    /// Lines of one key say different things.
    pub fn finish(
        self,
        annex: &Annex,
        sources: &Sources,
        most: usize,
    ) -> Result<AnnexLines, Vec<Diagnostic>> {
        let values: Vec<bool> = annex.columns.iter().map(|column| column.ty != Type::Text).collect();
        let dated = self.validity.is_some();
        let places = self.lines.places.clone();
        let place = |line: usize| places.get(line).copied().unwrap_or_default();
        self.lines.finish(&values, most).map_err(|clashes| {
            let said = clashes.into_iter().map(|clash| {
                let (first, second) = (place(clash.first), place(clash.second));
                let places = [sources.place(first), sources.place(second)];
                errors::key_twice(sources.text(second).trim_matches('"'), &places, (first, second), dated)
            });
            said.collect()
        })
    }
}

impl ValidityColumns {
    fn read(
        &self,
        scope: &LiteralScope<'_>,
        record: &[Written<'_>],
    ) -> Result<LineValidity, Vec<Diagnostic>> {
        let day = |column: Option<usize>, blank: Day| match column
            .and_then(|column| record.get(column))
            .filter(|cell| cell.form != Form::Null)
        {
            Some(written) => day(scope, written, column == self.until),
            None => Ok(blank),
        };
        let always = LineValidity::ALWAYS;
        let validity = LineValidity {
            from: day(self.from, always.from)?,
            from_known: day(self.from_known, always.from_known)?,
            until: day(self.until, always.until)?,
            until_known: day(self.until_known, always.until_known)?,
        };
        match self.until.and_then(|column| record.get(column)).filter(|_| validity.is_empty()) {
            Some(until) => Err(vec![errors::never_in_force(until.span)]),
            None => Ok(validity),
        }
    }
}

/// Whether a line is one of the list, which is not open: of what may be one nothing is said (X6).
fn is_listed(scope: &LiteralScope<'_>, written: &Written<'_>) -> Result<bool, Vec<Diagnostic>> {
    if written.form == Form::Null {
        return Ok(true);
    }
    let plain = data::plain(&Type::Bool, written, DecimalMark::Point)?;
    match data::one(scope, &Type::Bool, plain.as_ref(), false)? {
        Some(Value::Bool(listed)) => Ok(listed),
        _ => Err(vec![errors::open_listing(written.span)]),
    }
}

/// A day of validity, which is not open (X5).
fn day(scope: &LiteralScope<'_>, written: &Written<'_>, last: bool) -> Result<Day, Vec<Diagnostic>> {
    let plain = data::plain(&Type::Date, written, DecimalMark::Point)?;
    match data::one(scope, &Type::Date, plain.as_ref(), false) {
        Ok(Some(Value::Date(day))) if last || !day.is_never() => Ok(day),
        Ok(_) => Err(vec![errors::open_validity(written.span, last)]),
        // Bounds, or values from a day on: what a fact may say, and a line may not.
        Err(_) if data::stated(&Type::Date, written).is_ok_and(|pieces| !data::is_one(&pieces)) => {
            Err(vec![errors::open_validity(written.span, last)])
        }
        Err(said) => Err(said),
    }
}

impl ColumnReader {
    pub fn new(place: usize, ty: Type, whole: bool, cells: CellReader) -> ColumnReader {
        ColumnReader { place, ty, whole, cells, known: IndexMap::new() }
    }

    fn key(&self, scope: &LiteralScope<'_>, written: &Written<'_>) -> Result<AnnexKey, Vec<Diagnostic>> {
        // X4
        if written.text == "*" {
            return Ok(AnnexKey::Any);
        }
        let value = if written.form == Form::Null { None } else { self.read(scope, written)? };
        match value {
            Some(value) => Ok(AnnexKey::of(&value)),
            None if written.form == Form::Null => Err(vec![errors::key_blank(written.span)]),
            None => Err(vec![errors::key_open(written.span)]),
        }
    }

    /// Where the value of a cell is listed.
    fn cell(
        &mut self,
        scope: &LiteralScope<'_>,
        written: &Written<'_>,
        list: &mut policy::CellColumn,
    ) -> Result<u32, Vec<Diagnostic>> {
        if let Some(place) = self.known.get(written.text.as_ref()) {
            return Ok(*place);
        }
        let place = match self.read(scope, written)? {
            Some(value) => list.list(value),
            None => UNKNOWN,
        };
        if self.known.len() < KEPT {
            self.known.insert(written.text.as_ref().into(), place);
        }
        Ok(place)
    }

    /// What a cell says; texts as they stand (X1). None: unknown.
    fn read(
        &self,
        scope: &LiteralScope<'_>,
        written: &Written<'_>,
    ) -> Result<Option<Value>, Vec<Diagnostic>> {
        if self.ty == Type::Text {
            // In quotes of its own it is what stands between them, as in every table: so `"unknown"` is a text.
            return match written.text.starts_with('"').then(|| data::one(scope, &self.ty, written, false)) {
                Some(Ok(quoted)) => Ok(quoted),
                _ => Ok((written.text != "unknown").then(|| data::text(&written.text))),
            };
        }
        let cell = self.cells.cell(&self.ty, written)?;
        let value = data::one(scope, &self.ty, &cell, self.cells.has_unit()).map_err(|said| {
            match self.cells.lacks_unit(&self.ty, &cell) {
                true => said.into_iter().map(errors::of_whole_column).collect(),
                false => said,
            }
        })?;
        match &value {
            Some(Value::Number(number)) if self.whole && !number.is_integer() => {
                Err(vec![errors::cell_not_whole(written.span)])
            }
            _ => Ok(value),
        }
    }
}
