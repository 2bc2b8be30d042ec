//! Where rows stood in their files, for messages, and for a second look at one of them.

#[cfg(feature = "parquet")]
use super::arrow::record;
use super::input::FilePart;
use super::{CellError, ChunkReject, RecordDecoder, line_at};
use crate::diag::Diagnostic;
use crate::facts::Row;
use std::sync::Arc;

/// A record that is no row, with its place among the files.
#[derive(Debug)]
pub struct Reject {
    pub file: usize,
    pub line: u64,
    /// As it stood, and where that began in its chunk.
    pub text: String,
    pub start: u32,
    pub cells: Option<Vec<String>>,
    pub errors: Vec<CellError>,
    /// Nothing after it can be read.
    pub last: bool,
}

/// The parts from which rows were read.
pub(super) struct RecordPlaces<'t> {
    pub parts: &'t [FilePart],
    pub decoded: Vec<Decoded<'t>>,
}

/// A part of a file that can be looked at again.
pub(super) enum Decoded<'t> {
    /// With the number of the first line.
    Csv(&'t str, u64),
    /// With how many rows of the file stand before it.
    #[cfg(feature = "parquet")]
    RowGroup(arrow_array::RecordBatch, u64),
}

/// A row by itself.
#[derive(Debug)]
pub enum FoundRow {
    /// Its cells stand in a text that began at `start` of its chunk.
    Row {
        name: Arc<str>,
        row: Row,
        line: u64,
        text: String,
        start: u32,
    },
    Reject(Reject),
}

impl RecordPlaces<'_> {
    /// The row of the only text that stands at a place.
    pub fn found(&self, reader: &RecordDecoder<'_>, place: u32) -> Option<FoundRow> {
        let (name, row) = self.row(reader, 0, place)?;
        let line = self.line(0, place);
        let (text, start) = match self.decoded.first()? {
            Decoded::Csv(text, _) => (reader.text_at(text, place), place),
            #[cfg(feature = "parquet")]
            Decoded::RowGroup(found, _) => (record(found, place as usize).text, 0),
        };
        Some(FoundRow::Row { name, row, line, text, start })
    }

    /// The line, or the row of a row_groups, both from 1.
    pub fn line(&self, at: usize, place: u32) -> u64 {
        match self.decoded.get(at) {
            Some(Decoded::Csv(text, first)) => line_at(text, *first, place),
            #[cfg(feature = "parquet")]
            Some(Decoded::RowGroup(_, before)) => before.saturating_add(u64::from(place)).saturating_add(1),
            None => 0,
        }
    }

    /// The row that stands at a place, as facts have it.
    pub fn row(&self, reader: &RecordDecoder<'_>, at: usize, place: u32) -> Option<(Arc<str>, Row)> {
        match self.decoded.get(at)? {
            Decoded::Csv(text, _) => reader.row_at(text, place),
            #[cfg(feature = "parquet")]
            Decoded::RowGroup(found, _) => reader.row_of(&record(found, place as usize).words()),
        }
    }

    pub fn reject(
        &self,
        reader: &RecordDecoder<'_>,
        at: usize,
        place: u32,
        before: usize,
        errors: Vec<Diagnostic>,
    ) -> ChunkReject {
        match self.decoded.get(at) {
            #[cfg(feature = "parquet")]
            Some(Decoded::RowGroup(found, _)) => {
                let record = record(found, place as usize);
                reader.reject_words(&record.words(), (place, place), at, before, errors)
            }
            Some(Decoded::Csv(text, _)) => reader.reject((at, text), place, before, errors),
            None => reader.reject((at, ""), place, before, errors),
        }
    }

    /// With their lines and texts, in the order of the files.
    pub fn rejects(&self, rejected: Vec<ChunkReject>) -> Vec<Reject> {
        let reject = |one: ChunkReject| {
            let (start, end) = one.place;
            let (text, start) = match self.decoded.get(one.text) {
                Some(Decoded::Csv(text, _)) => {
                    (text.get(start as usize..end as usize).unwrap_or("").to_string(), start)
                }
                #[cfg(feature = "parquet")]
                Some(Decoded::RowGroup(found, _)) => (record(found, start as usize).text, 0),
                None => (String::new(), 0),
            };
            Reject {
                file: self.parts.get(one.text).map_or(0, |part| part.file),
                line: self.line(one.text, one.place.0),
                text,
                start,
                cells: one.cells,
                errors: one.errors,
                last: one.last,
            }
        };
        let mut all: Vec<Reject> = rejected.into_iter().map(reject).collect();
        all.sort_by_key(|reject| (reject.file, reject.line));
        all
    }
}
