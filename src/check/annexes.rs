//! Annexes: the schedule's cells are read as literals of the declared types, once, here.

use super::Checker;
use super::errors;
use super::names::Symbol;
use crate::policy::{Annex, AnnexId, AnnexKey, Column, Type};
use crate::syntax;
use crate::text::{SourceId, Span, beside};
use crate::tree;
use crate::value::Value;
use std::collections::BTreeMap;

/// The largest annex that is read.
const SIZE_LIMIT: usize = 64 << 20;

impl Checker<'_> {
    pub(super) fn annex(&mut self, annex: &tree::Annex, doc: Option<String>) {
        let keys: Vec<Option<Type>> =
            annex.keys.iter().map(|key| self.type_of(key, None).map(|declared| declared.ty)).collect();
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
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let headers: Vec<String> = match reader.headers() {
            Ok(headers) => {
                headers.iter().map(|name| name.trim_start_matches('\u{feff}').to_string()).collect()
            }
            Err(error) => {
                self.say(errors::annex_unreadable(Span::new(source, 0, 0), &error.to_string()));
                return;
            }
        };
        let Some(places) = self.columns_of(annex, made, &headers, source) else { return };
        let before = self.said.len();
        let mut record = csv::StringRecord::new();
        loop {
            if self.said.len() > before + 10 {
                return;
            }
            match reader.read_record(&mut record) {
                Ok(false) => break,
                Ok(true) => {}
                Err(error) => {
                    let at = error.position().map_or(0, |position| position.byte()) as usize;
                    self.say(errors::annex_unreadable(Span::new(source, at, at + 1), &error.to_string()));
                    return;
                }
            }
            let start = record.position().map_or(0, |position| position.byte()) as usize;
            let spans = cell_spans(&text, source, start, &record);
            if record.len() != headers.len() {
                let line = spans.first().map_or(Span::new(source, start, start), |first| *first);
                self.say(errors::ragged(line, headers.len(), record.len()));
                continue;
            }
            self.row(made, &record, &spans, &places, defaults);
        }
    }

    /// Where in the file each declared column stands.
    fn columns_of(
        &mut self,
        annex: &tree::Annex,
        made: &Annex,
        headers: &[String],
        source: SourceId,
    ) -> Option<Vec<usize>> {
        let keys = made.keys.len();
        let mut places = Vec::new();
        let mut sound = headers.len() >= keys;
        if !sound {
            self.say(errors::annex_keys_short(annex, keys, headers.len()));
        }
        for (column, declared) in made.columns.iter().zip(&annex.columns) {
            let place = match &column.name {
                Some(name) => headers.iter().skip(keys).position(|header| header == name).map(|at| at + keys),
                None if made.columns.len() == 1 && headers.len() == keys + 1 => Some(keys),
                None => {
                    // The one column whose heading nobody else claims.
                    let claimed = |header: &String| {
                        made.columns.iter().any(|other| other.name.as_ref() == Some(header))
                    };
                    let free = headers.iter().enumerate().skip(keys).filter(|(_, header)| !claimed(header));
                    let free: Vec<usize> = free.map(|(at, _)| at).collect();
                    match free.as_slice() {
                        [one] => Some(*one),
                        _ => None,
                    }
                }
            };
            match place {
                Some(place) => places.push(place),
                None => {
                    let rest: Vec<&str> = headers.iter().skip(keys).map(String::as_str).collect();
                    self.say(errors::heading_missing(declared, &rest, Span::new(source, 0, 0)));
                    sound = false;
                }
            }
        }
        sound.then_some(places)
    }

    fn row(
        &mut self,
        made: &mut Annex,
        record: &csv::StringRecord,
        spans: &[Span],
        places: &[usize],
        defaults: &[Option<Value>],
    ) {
        let at =
            |place: usize| (record.get(place).unwrap_or(""), spans.get(place).copied().unwrap_or_default());
        let mut keys = Vec::new();
        for (place, ty) in made.keys.iter().enumerate() {
            let (text, span) = at(place);
            if text.is_empty() {
                self.say(errors::key_blank(span));
                return;
            }
            let Some(value) = self.cell(text, span, ty) else { return };
            keys.push(AnnexKey::of(&value));
        }
        let mut cells = Vec::new();
        for ((column, place), default) in made.columns.iter().zip(places).zip(defaults) {
            let (text, span) = at(*place);
            if text.is_empty() {
                cells.push(default.clone());
                continue;
            }
            let Some(value) = self.cell(text, span, &column.ty) else { return };
            cells.push(Some(value));
        }
        let row = u32::try_from(made.cells.len()).unwrap_or(u32::MAX);
        if made.rows.insert(keys, row).is_some() {
            let (text, span) = at(0);
            self.say(errors::key_twice(text, span));
        }
        made.cells.push(cells);
    }

    /// A cell: texts as they stand, everything else as a literal.
    fn cell(&mut self, text: &str, span: Span, ty: &Type) -> Option<Value> {
        if *ty == Type::Text {
            return Some(Value::Text(text.into()));
        }
        let read = syntax::expression(span.source, text, span.start);
        match read {
            Ok(expr) => self.constant(&expr, ty),
            Err(errors) => {
                self.said.extend(errors);
                None
            }
        }
    }
}

/// The place of every cell of a record: each is looked for after the one before.
fn cell_spans(text: &str, source: SourceId, start: usize, record: &csv::StringRecord) -> Vec<Span> {
    let mut at = start;
    let mut spans = Vec::new();
    for cell in record {
        let found = text.get(at..).and_then(|rest| rest.find(cell)).map_or(at, |offset| at + offset);
        spans.push(Span::new(source, found, found + cell.len()));
        at = found + cell.len();
    }
    spans
}
