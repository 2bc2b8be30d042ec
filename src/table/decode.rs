//! Chunks of CSV → columns. What cannot be taken in is set aside with the reason and the record as it stood.

use super::column::{ColumnBuilder, Pushed};
use super::dictionary::Dictionaries;
use super::row_chunk::{CellError, ChunkReject, DatedRow, RowChunk};
use super::text_chunks::lines;
use crate::diag::Diagnostic;
use crate::facts::{Cells, Facts, RowKey, Slot};
use crate::policy::{Entity, EntityId, Expr, FieldId, Policy};
use crate::sheet::Written;
use crate::sheet::{CsvRecords, DecimalEvidence, DecimalMark, Dialect};
use crate::text::{SourceId, Span};
use crate::value::Value;
use std::sync::Arc;

/// Where rows stand that are read in chunks: places in them are bytes of their chunk.
pub const CHUNK: SourceId = SourceId(u32::MAX);

/// The table whose rows are read, and how.
#[derive(Clone, Copy, Debug)]
pub struct RowSchema<'p, 'a> {
    pub policy: &'p Policy,
    pub entity: EntityId,
    /// All that is stated but the rows.
    pub facts: &'a Facts,
    /// What bare numbers count: see [`Cells::new`].
    pub units: &'a [(Written<'static>, Written<'static>)],
    pub ignored: IgnoredColumns<'a>,
    /// The key is a column like others even if nothing reads it.
    pub key: bool,
    pub lexicons: &'a Dictionaries,
}

/// Makes columns of the records of one file after another, all with the same header.
#[derive(Debug)]
pub struct RecordDecoder<'p> {
    policy: &'p Policy,
    entity: EntityId,
    cells: Cells<'p>,
    makers: Vec<ColumnBuilder>,
    /// The key as a column like others, where something reads it.
    key: Option<ColumnBuilder>,
    /// How many cells a record has, and which of them the columns of `cells` are.
    words: usize,
    takes: Vec<usize>,
    dialect: Dialect,
}

impl<'p> RecordDecoder<'p> {
    /// # Errors
    /// Everything that is wrong with the header.
    pub fn new(
        table: &RowSchema<'p, '_>,
        header: &[Written<'_>],
        dialect: Dialect,
    ) -> Result<RecordDecoder<'p>, Vec<Diagnostic>> {
        let RowSchema { policy, entity, ignored, .. } = *table;
        let takes: Vec<usize> = (0..header.len())
            .filter(|at| header.get(*at).is_none_or(|word| !ignored.has(&policy.entities[entity], word)))
            .collect();
        let taken: Vec<Written<'_>> = takes.iter().filter_map(|at| header.get(*at).cloned()).collect();
        let cells = Cells::new(policy, entity, table.facts, &taken, table.units, dialect.decimals)?;
        let decl = &policy.entities[entity];
        let maker = |(at, field): (usize, FieldId)| {
            ColumnBuilder::new(at, field, &decl.fields[field], table.lexicons.of(field), dialect.decimals)
        };
        let makers = cells.fields().enumerate().filter(|(_, field)| *field != decl.key).map(maker).collect();
        let key = (table.key || reads_key(policy, entity)).then(|| maker((cells.key_column(), decl.key)));
        Ok(RecordDecoder { policy, entity, makers, key, words: header.len(), takes, cells, dialect })
    }

    pub fn cells(&self) -> &Cells<'p> {
        &self.cells
    }

    /// The fields that have a column, the key among them.
    pub fn fields(&self) -> Vec<FieldId> {
        self.cells.fields().collect()
    }

    /// The records of a text from a place on.
    pub fn read(&mut self, text: &str, from: usize, batch: &mut RowChunk) {
        let mut lines = CsvRecords::new(CHUNK, text, from, self.dialect);
        let mut words: Vec<Written<'_>> = Vec::with_capacity(self.words);
        let mut before = batch.keys.len();
        loop {
            lines.skip_blank();
            let start = lines.at();
            let errors = match lines.next(&mut words) {
                Ok(false) => break,
                Ok(true) if words.len() != self.words => vec![lines.ragged(&words, self.words)],
                Ok(true) => match self.record(&words, start, before, batch) {
                    Ok(true) => {
                        before += 1;
                        continue;
                    }
                    Ok(false) => continue,
                    Err(errors) => errors,
                },
                Err(error) => {
                    words.clear();
                    vec![error]
                }
            };
            let cells = |words: &[Written<'_>]| words.iter().map(|word| word.text.to_string()).collect();
            batch.rejected.push(ChunkReject {
                before,
                place: (place(start), place(lines.at())),
                text: batch.text,
                cells: (!words.is_empty()).then(|| cells(&words)),
                errors: blamed(&words, errors),
                last: lines.unclosed(),
            });
        }
    }

    /// What the numbers of a text show of their decimal marks; none, or both: it is unsaid.
    pub fn decimals(&self, text: &str, from: usize) -> DecimalMark {
        let mut lines = CsvRecords::new(CHUNK, text, from, self.dialect);
        let mut words: Vec<Written<'_>> = Vec::new();
        let mut evidence = DecimalEvidence::default();
        while !matches!(lines.next(&mut words), Ok(false)) {
            let numbers = self.makers.iter().filter(|maker| maker.has_numbers());
            let cells = numbers.filter_map(|maker| words.get(*self.takes.get(maker.at())?));
            cells.for_each(|cell| evidence.see(&cell.text));
        }
        evidence.mark()
    }

    /// Whether a record became a row of the columns.
    fn record(
        &mut self,
        words: &[Written<'_>],
        start: usize,
        before: usize,
        batch: &mut RowChunk,
    ) -> Result<bool, Vec<Diagnostic>> {
        let mut wrong = Vec::new();
        let mut dated = false;
        for maker in &mut self.makers {
            let Some(word) = self.takes.get(maker.at()).and_then(|at| words.get(*at)) else { continue };
            match maker.push(&self.cells, word) {
                Ok(Pushed::In) => {}
                Ok(Pushed::Dated) => dated = true,
                Err(errors) => wrong.extend(errors),
            }
        }
        let key = match self.row_key(words) {
            Ok(key) if wrong.is_empty() && !dated => {
                batch.keys.push(&key.name);
                batch.places.push(place(start));
                if let Some(column) = &mut self.key {
                    column.push_value(key.value());
                }
                return Ok(true);
            }
            key => key,
        };
        for maker in self.makers.iter_mut().filter(|maker| maker.len() > before) {
            maker.truncate(before);
        }
        let key = match key {
            Ok(key) if wrong.is_empty() => key,
            Ok(_) => return Err(wrong),
            Err(error) => {
                wrong.push(error);
                wrong.sort_by_key(Diagnostic::span);
                return Err(wrong);
            }
        };
        let row = self.row(words, key.value())?;
        let name = key.name.into();
        batch.dated.push(DatedRow { before, name, row, place: place(start), text: batch.text });
        Ok(false)
    }

    fn row_key<'w>(&self, words: &'w [Written<'_>]) -> Result<RowKey<'w>, Diagnostic> {
        let at = self.takes.get(self.cells.key_column()).copied();
        match at.and_then(|at| Some((at, words.get(at)?))) {
            Some((at, word)) => {
                self.cells.is_row(words, at)?;
                self.cells.key(word)
            }
            None => Ok(RowKey::default()),
        }
    }

    /// A record as a row of its own, with the places of its cells.
    fn row(&self, words: &[Written<'_>], key: Value) -> Result<crate::facts::Row, Vec<Diagnostic>> {
        let decl = &self.policy.entities[self.entity];
        let mut cells: crate::policy::Table<FieldId, Slot> =
            decl.fields.values().map(|_| Slot::default()).collect();
        let mut wrong = Vec::new();
        let mut span = Span::default();
        let taken = self.takes.iter().filter_map(|at| words.get(*at));
        for (at, (field, word)) in self.cells.fields().zip(taken).enumerate() {
            if field == decl.key {
                span = word.span;
                cells[field] = Slot::fixed(key.clone().into(), word.span);
                continue;
            }
            match self.cells.cell(at, word) {
                Ok(slot) => cells[field] = slot,
                Err(errors) => wrong.extend(errors),
            }
        }
        if wrong.is_empty() { Ok(crate::facts::Row { cells, span }) } else { Err(wrong) }
    }

    /// What columns are made by, what reads their cells, and which cells of a record those are.
    #[cfg(feature = "parquet")]
    pub(super) fn parts(&mut self) -> (&mut [ColumnBuilder], &Cells<'p>, &[usize]) {
        (&mut self.makers, &self.cells, &self.takes)
    }

    /// Which of the columns read a column of the record is.
    #[cfg(feature = "parquet")]
    pub(super) fn column_of(&self, at: usize) -> Option<usize> {
        self.takes.iter().position(|taken| *taken == at)
    }

    /// Where the key stands in a record.
    #[cfg(feature = "parquet")]
    pub(super) fn key_place(&self) -> Option<usize> {
        self.takes.get(self.cells.key_column()).copied()
    }

    /// Whether keys are texts that nothing reads.
    #[cfg(feature = "parquet")]
    pub(super) fn plain_key(&self) -> bool {
        let decl = &self.policy.entities[self.entity];
        self.key.is_none() && decl.fields[decl.key].ty == crate::policy::Type::Text
    }

    #[cfg(feature = "parquet")]
    pub(super) fn push_key(&mut self, value: Option<Value>) {
        match (&mut self.key, value) {
            (Some(key), Some(value)) => key.push_value(value),
            (Some(key), None) => key.push_unknown(),
            (None, _) => {}
        }
    }

    /// Rows that have come in are to be no rows of the batch.
    #[cfg(feature = "parquet")]
    pub(super) fn forget(&mut self, rows: &std::collections::BTreeSet<usize>, batch: &mut RowChunk) {
        if rows.is_empty() {
            return;
        }
        batch.gone.extend(rows);
    }

    /// A record as a row of facts.
    pub fn row_of(&self, words: &[Written<'_>]) -> Option<(Arc<str>, crate::facts::Row)> {
        let key = self.row_key(words).ok()?;
        let row = self.row(words, key.value()).ok()?;
        Some((key.name.into(), row))
    }

    /// The row whose record begins at a place, as facts have it.
    pub fn row_at(&self, text: &str, from: u32) -> Option<(Arc<str>, crate::facts::Row)> {
        let (words, _) = self.words_at(text, from)?;
        self.row_of(&words)
    }

    /// The record that begins at a place, set aside for these reasons.
    pub fn reject(
        &self,
        (at, text): (usize, &str),
        from: u32,
        before: usize,
        errors: Vec<Diagnostic>,
    ) -> ChunkReject {
        let (words, end) = self.words_at(text, from).unwrap_or((Vec::new(), from as usize));
        self.reject_words(&words, (from, place(end)), at, before, errors)
    }

    /// The same of words that were read already.
    pub fn reject_words(
        &self,
        words: &[Written<'_>],
        place: (u32, u32),
        text: usize,
        before: usize,
        errors: Vec<Diagnostic>,
    ) -> ChunkReject {
        let cells = words.iter().map(|word| word.text.to_string()).collect();
        ChunkReject { before, place, text, cells: Some(cells), errors: blamed(words, errors), last: false }
    }

    /// The text of the record that begins at a place.
    pub fn text_at(&self, text: &str, from: u32) -> String {
        let end = self.words_at(text, from).map_or(text.len(), |(_, end)| end);
        text.get(from as usize..end).unwrap_or("").to_string()
    }

    /// The key among the cells of a record.
    pub fn key_of<'c>(&self, cells: Option<&'c [String]>) -> Option<&'c str> {
        let at = self.takes.get(self.cells.key_column())?;
        cells?.get(*at).map(String::as_str)
    }

    fn words_at<'t>(&self, text: &'t str, from: u32) -> Option<(Vec<Written<'t>>, usize)> {
        let mut lines = CsvRecords::new(CHUNK, text, from as usize, self.dialect);
        let mut words = Vec::new();
        let whole = matches!(lines.next(&mut words), Ok(true)) && words.len() == self.words;
        whole.then(|| (words, lines.at()))
    }

    /// Puts what has come in into the batch; the next record is the first of another.
    pub fn finish(&mut self, batch: &mut RowChunk) {
        batch.columns.rows = batch.keys.len();
        batch.columns.columns = self.makers.iter_mut().map(ColumnBuilder::take).collect();
        batch.columns.columns.extend(self.key.as_mut().map(ColumnBuilder::take));
        let gone = std::mem::take(&mut batch.gone);
        batch.remove(&gone);
    }
}

/// Columns that are not read.
#[derive(Clone, Copy, Debug, Default)]
pub struct IgnoredColumns<'a> {
    /// By their headings, or the fields these name before a unit.
    pub named: &'a [String],
    /// All whose headings name no field.
    pub others: bool,
}

impl IgnoredColumns<'_> {
    pub fn has(&self, entity: &Entity, heading: &Written<'_>) -> bool {
        let name = heading_name(&heading.text);
        let field = || entity.fields.values().any(|field| field.name == name);
        self.named.iter().any(|one| *one == heading.text || one == name) || (self.others && !field())
    }
}

/// The field that a heading names, without its unit.
pub(super) fn heading_name(heading: &str) -> &str {
    heading.split('[').next().unwrap_or("").trim_end()
}

/// The header of a file, where its records begin, and how its cells are set apart.
///
/// # Errors
/// There is no line of names, or it cannot be read.
pub fn header(text: &str) -> Result<(Vec<Written<'_>>, usize, Dialect), Diagnostic> {
    let (dialect, from) = Dialect::of(text.as_bytes());
    let mut lines = CsvRecords::new(CHUNK, text, from, dialect);
    let words = lines.header()?;
    Ok((words, lines.at(), dialect))
}

/// The number of the line on which a place of a chunk stands, whose first line is `first`.
pub fn line_at(text: &str, first: u64, place: u32) -> u64 {
    let before = text.as_bytes().get(..place as usize).unwrap_or(&[]);
    first.saturating_add(lines(before))
}

/// Errors with the columns of the cells they point to.
fn blamed(words: &[Written<'_>], errors: Vec<Diagnostic>) -> Vec<CellError> {
    let column = |error: &Diagnostic| {
        let span = error.span().filter(|span| span.source == CHUNK)?;
        words.iter().position(|word| word.span.start <= span.start && span.end <= word.span.end)
    };
    errors.into_iter().map(|error| CellError { column: column(&error), error }).collect()
}

pub(super) fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Whether anything reads the key of a row.
fn reads_key(policy: &Policy, entity: EntityId) -> bool {
    let key = policy.entities[entity].key;
    let reads =
        |node: &Expr| matches!(node, Expr::Field { entity: of, field, .. } if *of == entity && *field == key);
    policy.exprs.nodes().any(reads)
}
