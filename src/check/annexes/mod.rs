//! Annexes: the schedule's cells are read as literals of the declared types, once, here.

mod lines;
mod lints;

use super::Checker;
use super::errors;
use super::names::Symbol;
use crate::diag::Diagnostic;
use crate::literal::{CellReader, split_heading};
use crate::policy::{Annex, AnnexHeadings, AnnexId, AnnexLines, Column, LISTED, Type};
use crate::sheet::{Csv, DecimalEvidence, DecimalMark, Dialect, Records, Written};
use crate::text::{Span, beside};
use crate::tree;
use lines::{ColumnReader, LineReader, ValidityColumns};
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
            columns.push(Column { name, ty: declared.ty, default });
        }
        let keys: Option<Vec<Type>> = keys.into_iter().collect();
        let (Some(keys), true) = (keys, columns.len() == annex.columns.len()) else {
            self.enter(&annex.name, Symbol::Waiting);
            return;
        };
        if let Some(name) = annex.keys.iter().chain(&annex.columns).find_map(|column| taken(annex, column)) {
            self.say(errors::listed_is_taken(name));
        }
        let mut made = Annex {
            name: annex.name.text.clone(),
            doc,
            file: annex.file.text.clone(),
            instead_of: None,
            in_part: annex.in_part,
            keys,
            columns,
            headings: AnnexHeadings::default(),
            lines: AnnexLines::default(),
            span: annex.name.span,
        };
        self.fill(annex, &mut made);
        let id: AnnexId = self.policy.annexes.push(made);
        self.enter(&annex.name, Symbol::Annex(id));
    }

    /// Reads the file. At most ten troubles are told of one annex.
    fn fill(&mut self, annex: &tree::Annex, made: &mut Annex) {
        let from = self.sources.get(annex.file.span.source).map_or("", |source| source.name.as_str());
        let path = beside(from, &annex.file.text);
        let (path, text) = match self.files.annex(&annex.name.text) {
            Some(other) => {
                made.instead_of = Some(std::mem::replace(&mut made.file, other.path.clone()));
                (other.path, other.text)
            }
            None => (path.clone(), self.files.read(&path)),
        };
        let text = match text {
            Ok(text) if text.len() > SIZE_LIMIT => {
                self.say(errors::annex_too_large(&annex.file, SIZE_LIMIT));
                return;
            }
            Ok(text) => text,
            Err(why) => {
                self.say(errors::annex_unreadable(annex, made, &why));
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
        let Some(validity) = self.validity_of(annex, &header) else { return };
        made.headings = headings_of(annex, &header, &columns);
        let listed = listed_column(annex, &header);
        if csv.dialect().decimals == DecimalMark::Unsaid {
            let mark = shown(&columns, &csv);
            columns.iter_mut().for_each(|column| column.cells.decimals = mark);
        }
        let before = self.said.len();
        let mut reader = LineReader::new(columns, made, (validity, listed));
        csv.each(&mut |record| {
            let read =
                record.map_err(|error| vec![error]).and_then(|cells| reader.line(&self.literals(), cells));
            if let Err(errors) = read {
                self.said.extend(errors);
            }
            match self.said.len() > before + TOLD {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        });
        if self.said.len() > before {
            return;
        }
        match reader.finish(made, self.sources, TOLD) {
            Ok(lines) => made.lines = lines,
            Err(clashes) => return self.said.extend(clashes),
        }
        self.said.extend(lints::unread_column(annex, made, &header, &csv));
        self.said.extend(lints::hidden_cell(annex, made));
    }

    /// Where in the file each declared column stands, keys first, and how its cells are read.
    fn columns_of(
        &mut self,
        annex: &tree::Annex,
        made: &Annex,
        header: &[Written<'_>],
        dialect: Dialect,
    ) -> Option<Vec<ColumnReader>> {
        let keys = made.keys.len();
        if header.len() < keys {
            self.say(errors::annex_keys_short(annex, keys, header.len()));
            return None;
        }
        let headings: Vec<_> = header.iter().map(split_heading).collect();
        let names: Vec<&str> = headings.iter().map(|(name, _)| name.text.as_str()).collect();
        let declared = || annex.keys.iter().chain(&annex.columns);
        if let Some(error) = twice_headed(annex, header, &headings) {
            self.say(error);
            return None;
        }
        let days: Vec<&str> = day_columns(annex).map(|column| column.text.as_str()).collect();
        let claimed = |heading: &str| {
            let listed = annex.in_part && heading == LISTED;
            listed || days.contains(&heading) || declared().any(|other| is_called(other, heading))
        };
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
                    columns.push(ColumnReader::new(place, ty.clone(), whole, cells));
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

    /// Where the columns stand that say when a line is in force.
    fn validity_of(
        &mut self,
        annex: &tree::Annex,
        header: &[Written<'_>],
    ) -> Option<Option<ValidityColumns>> {
        let Some(in_force) = &annex.in_force else { return Some(None) };
        let headings: Vec<&str> = header.iter().map(|heading| heading.text.as_ref()).collect();
        let mut place = |column: Option<&tree::Quoted>| {
            let Some(column) = column else { return Some(None) };
            let place = headings.iter().position(|heading| *heading == column.text);
            if place.is_none() {
                let start = header.first().map_or(Span::default(), |first| first.span.before());
                self.say(errors::day_column_missing(column, &headings, start));
            }
            place.map(Some)
        };
        let from = place(Some(&in_force.from.day))?;
        let from_known = place(in_force.from.known.as_ref())?;
        let until = place(in_force.until.as_ref().map(|until| &until.day))?;
        let until_known = place(in_force.until.as_ref().and_then(|until| until.known.as_ref()))?;
        Some(Some(ValidityColumns { from, from_known, until, until_known }))
    }
}

/// X2: a heading that is asked for and stands over two columns, or a column that is asked for as two days.
fn twice_headed(
    annex: &tree::Annex,
    header: &[Written<'_>],
    headings: &[(tree::Name, Option<(&str, Span)>)],
) -> Option<Diagnostic> {
    let days: Vec<&tree::Quoted> = day_columns(annex).collect();
    for (at, day) in days.iter().enumerate() {
        if days.iter().take(at).any(|other| other.text == day.text) {
            return Some(errors::one_column_for_two(day));
        }
    }
    let asked = |whole: &str, name: &str| {
        let declared = annex.keys.iter().chain(&annex.columns);
        days.iter().any(|day| day.text == whole)
            || declared.into_iter().any(|column| is_called(column, name) || is_called(column, whole))
    };
    let columns = || header.iter().zip(headings);
    columns().enumerate().find_map(|(at, (whole, (name, _)))| {
        let first =
            columns().take(at).find(|(other, (its, _))| its.text == name.text || other.text == whole.text);
        let (first, _) = first.filter(|_| asked(&whole.text, &name.text))?;
        Some(errors::headed_twice(&name.text, whole.span, first.span))
    })
}

/// A column that has the name by which data say whether a line is listed (X6).
fn taken<'a>(annex: &tree::Annex, column: &'a tree::Column) -> Option<&'a tree::Name> {
    column.name.as_ref().filter(|name| annex.in_part && name.text == LISTED)
}

/// Where an annex in part says which of its lines are listed.
fn listed_column(annex: &tree::Annex, header: &[Written<'_>]) -> Option<usize> {
    let declared = || annex.keys.iter().chain(&annex.columns);
    let claimed = day_columns(annex).any(|day| day.text == LISTED)
        || declared().any(|column| is_called(column, LISTED));
    header.iter().position(|heading| annex.in_part && !claimed && heading.text == LISTED)
}

/// How data call what a line has.
fn headings_of(annex: &tree::Annex, header: &[Written<'_>], columns: &[ColumnReader]) -> AnnexHeadings {
    let called = |(declared, column): (&tree::Column, &ColumnReader)| match &declared.name {
        Some(name) => name.text.clone(),
        None => header.get(column.place).map_or(String::new(), |word| split_heading(word).0.text),
    };
    let mut all = annex.keys.iter().chain(&annex.columns).zip(columns).map(called);
    let keys = all.by_ref().take(annex.keys.len()).collect();
    let in_force = annex.in_force.as_ref();
    let (from, until) =
        (in_force.map(|in_force| &in_force.from), in_force.and_then(|in_force| in_force.until.as_ref()));
    let known = |dated: Option<&tree::DayColumns>| dated?.known.as_ref().map(|known| known.text.clone());
    let day = |dated: Option<&tree::DayColumns>| dated.map(|dated| dated.day.text.clone());
    AnnexHeadings { keys, columns: all.collect(), days: [day(from), known(from), day(until), known(until)] }
}

/// The columns of days that a declaration names.
fn day_columns(annex: &tree::Annex) -> impl Iterator<Item = &tree::Quoted> {
    let ends = annex.in_force.iter().flat_map(|in_force| [Some(&in_force.from), in_force.until.as_ref()]);
    ends.flatten().flat_map(|days| [Some(&days.day), days.known.as_ref()]).flatten()
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

/// What all numbers of an annex show of their decimal marks.
fn shown(columns: &[ColumnReader], csv: &Csv<'_>) -> DecimalMark {
    let mut evidence = DecimalEvidence::default();
    csv.each(&mut |record| {
        let cells = record.ok().unwrap_or_default();
        let numbers = columns.iter().filter(|column| matches!(column.ty, Type::Number { .. }));
        numbers.filter_map(|column| cells.get(column.place)).for_each(|cell| evidence.see(&cell.text));
        ControlFlow::Continue(())
    });
    evidence.mark()
}
