//! Some rows answered: what a thread does with a part of a file.

use super::input::{FilePart, RecordFiles, RowFile, not_text};
use super::job::{Job, RowQuestions};
use super::output::{Encoded, Encoding};
use super::places::{Decoded, FoundRow, RecordPlaces, Reject};
use super::plan::{Counts, TableErrors};
use super::repeats::KeyDigest;
use super::{DatedRow, RecordDecoder, RowAnswer, RowChunk, lines};
#[cfg(feature = "parquet")]
use super::{arrow, parquet, rejects::unreadable};
use crate::batch::HandOver;
use crate::batch::Results;
use crate::diag::{Code, Diagnostic};
use crate::policy::Type;
use crate::sheet::{Form, Written};
use crate::text::Span;
use crate::value::Value;

/// The answers for a part, or why there are none.
#[derive(Default)]
pub(super) struct PartResult {
    pub out: Encoded,
    pub counts: Counts,
    pub rejected: Vec<Reject>,
    /// Of the rows answered.
    pub keys: Vec<KeyDigest>,
    /// Why it cannot be gone on with.
    pub failed: TableErrors,
}

/// One thread, with what it keeps from part to part.
pub(super) struct Worker<'a> {
    job: &'a Job<'a>,
    encoding: &'a Encoding,
    /// Rows that cannot be read do not end the run.
    rejects: bool,
    /// The file whose header it has.
    decoder: Option<(usize, FileDecoder<'a>)>,
    #[cfg(feature = "parquet")]
    open: Option<(usize, parquet::RandomAccess)>,
    results: Results,
}

/// What reads the rows of a file.
enum FileDecoder<'a> {
    Csv(RecordDecoder<'a>),
    #[cfg(feature = "parquet")]
    Parquet(arrow::BatchDecoder<'a>),
}

impl<'a> FileDecoder<'a> {
    /// Its header was tried before any row was read.
    fn new(job: &'a Job<'a>, file: &RowFile) -> Result<FileDecoder<'a>, Vec<Diagnostic>> {
        let table = job.plan.table(!job.in_pieces(), job.lexicons);
        #[cfg(feature = "parquet")]
        if let Some(row_groups) = &file.row_groups {
            return arrow::BatchDecoder::new(&table, row_groups.schema()).map(FileDecoder::Parquet);
        }
        let word = |text: &String| Written {
            text: text.clone().into(),
            span: Span::default(),
            at: None,
            form: Form::Plain,
        };
        let header: Vec<Written<'_>> = file.header.iter().map(word).collect();
        RecordDecoder::new(&table, &header, file.dialect).map(FileDecoder::Csv)
    }

    fn reader(&self) -> &RecordDecoder<'a> {
        match self {
            FileDecoder::Csv(reader) => reader,
            #[cfg(feature = "parquet")]
            FileDecoder::Parquet(decoder) => decoder.reader(),
        }
    }

    fn finish(&mut self, rows: &mut RowChunk) {
        match self {
            FileDecoder::Csv(reader) => reader.finish(rows),
            #[cfg(feature = "parquet")]
            FileDecoder::Parquet(decoder) => decoder.finish(rows),
        }
    }
}

impl<'a> Worker<'a> {
    pub fn new(job: &'a Job<'a>, encoding: &'a Encoding, rejects: bool) -> Worker<'a> {
        Worker {
            job,
            encoding,
            rejects,
            decoder: None,
            #[cfg(feature = "parquet")]
            open: None,
            results: Results::default(),
        }
    }

    /// Answers the rows of some parts, all of one table.
    pub fn work(&mut self, parts: &[FilePart]) -> PartResult {
        let mut done = PartResult::default();
        match self.try_work(parts, &mut done) {
            Ok(()) => done,
            Err(failed) => PartResult { failed, ..done },
        }
    }

    fn try_work(&mut self, parts: &[FilePart], done: &mut PartResult) -> Result<(), TableErrors> {
        let one = |error| vec![error];
        let job = self.job;
        let mut rows = RowChunk::default();
        let places = self.decode(parts, &mut rows).map_err(one)?;
        let Some((_, decoder)) = &mut self.decoder else { return Ok(()) };
        decoder.finish(&mut rows);
        if !job.in_pieces() {
            job.whole(&places, &rows).map_err(one)?;
        }
        if !self.rejects && job.plan.later.is_some() && !rows.rejected.is_empty() {
            done.rejected = places.rejects(std::mem::take(&mut rows.rejected));
            return Ok(());
        }
        let all = job.with_rows(&rows.keys)?;
        let own = all.as_ref().map(|facts| job.beside(facts)).transpose()?;
        let read = rows.keys.len();
        job.check(own.as_ref().unwrap_or(&job.questions), decoder.reader(), &places, &mut rows)?;
        done.rejected = places.rejects(std::mem::take(&mut rows.rejected));
        if !self.rejects && !done.rejected.is_empty() {
            return Ok(());
        }
        // Rows are numbered anew where some were set aside.
        let all = if rows.keys.len() < read { job.with_rows(&rows.keys)? } else { all };
        let own = all.as_ref().map(|facts| job.beside(facts)).transpose()?;
        let questions = own.as_ref().unwrap_or(&job.questions);
        questions.batch.evaluate_into(&rows.columns, &mut self.results);
        let dated = job.dated(&rows.dated);
        self.count(&rows, &dated, &mut done.counts);
        let dated_names = rows.dated.iter().map(|row| row.name.as_ref());
        let names = (0..rows.keys.len()).map(|row| rows.keys.get(row)).chain(dated_names);
        done.keys = names.map(KeyDigest::of).collect();
        done.out = self.encode(questions, &rows, &dated).map_err(one)?;
        Ok(())
    }

    fn count(&self, rows: &RowChunk, dated: &[Vec<RowAnswer>], counts: &mut Counts) {
        counts.rows = u64::try_from(rows.keys.len().saturating_add(dated.len())).unwrap_or(u64::MAX);
        for (at, column) in self.results.outcomes.iter().enumerate() {
            counts.note_all(at, &column.status);
            column.handed.iter().for_each(|(why, rows)| counts.note_handed(at, *why, *rows));
        }
        for (at, answer) in dated.iter().flat_map(|row| row.iter().enumerate()) {
            counts.note(at, answer.status, 1);
            counts.note_handed(at, HandOver::OverTime, 1);
        }
    }

    /// Looks for a row by its key: the first that has it.
    pub fn find(&mut self, part: &FilePart, key: &str) -> Result<Option<FoundRow>, Diagnostic> {
        let mut rows = RowChunk::default();
        let places = self.decode(std::slice::from_ref(part), &mut rows)?;
        let Some((_, decoder)) = &mut self.decoder else { return Ok(None) };
        decoder.finish(&mut rows);
        let reader = decoder.reader();
        if let Some(dated) = rows.dated.iter().find(|dated| *dated.name == *key) {
            return Ok(places.found(reader, dated.place));
        }
        if let Some(at) = (0..rows.keys.len()).find(|row| rows.keys.get(*row) == key) {
            let place = rows.places.get(at).copied();
            return Ok(place.and_then(|place| places.found(reader, place)));
        }
        let named = |reject: &Reject| reader.key_of(reject.cells.as_deref()) == Some(key);
        let mut rejects = places.rejects(rows.rejected).into_iter();
        Ok(rejects.find(named).map(FoundRow::Reject))
    }

    fn encode(
        &self,
        questions: &RowQuestions<'_>,
        rows: &RowChunk,
        dated: &[Vec<RowAnswer>],
    ) -> Result<Encoded, Diagnostic> {
        let layout = &self.job.layout;
        match self.encoding {
            Encoding::Csv => {
                let mut out = Vec::new();
                layout.csv(rows, &self.results, dated, &mut out);
                Ok(Encoded::Csv(out))
            }
            Encoding::Totals => {
                let (groups, plan) = (self.job.groups, &self.job.grouping);
                let words = |ty: &Type, value: &Value| layout.text(ty, value);
                let names = |row| rows.keys.get(row);
                let members = groups.of_rows(&questions.groups, &rows.columns, names, &words);
                let group = |dated: &DatedRow| {
                    let facts = self.job.one(dated.name.clone(), dated.row.clone());
                    let mut run = groups.evaluator(&facts);
                    groups.of_row(&mut run, &facts, 0, plan.point, &words)
                };
                let dated = rows.dated.iter().map(group).zip(dated.iter().map(Vec::as_slice)).collect();
                Ok(Encoded::Totals(plan.sum(&self.results, members, dated)))
            }
            #[cfg(feature = "parquet")]
            Encoding::Parquet(batches, groups) => {
                let rows = batches.encode(layout, rows, &self.results, dated)?;
                groups.encode(&rows).map(Encoded::CsvPart).map_err(|error| {
                    let message = format!("the answers cannot be written: {error}");
                    Diagnostic::general(Code::FileUnwritable, message)
                })
            }
        }
    }

    /// Takes the rows of some parts in.
    fn decode<'t>(
        &mut self,
        parts: &'t [FilePart],
        rows: &mut RowChunk,
    ) -> Result<RecordPlaces<'t>, Diagnostic> {
        let mut places = RecordPlaces { parts, decoded: Vec::new() };
        for part in parts {
            rows.begin();
            let file = self.turn_to(part.file)?;
            places.decoded.push(self.decode_part((file, part), rows)?);
        }
        Ok(places)
    }

    /// Makes the decoder that of such a file.
    fn turn_to(&mut self, at: usize) -> Result<&'a RowFile, Diagnostic> {
        let unread = || Diagnostic::general(Code::FactsLayout, "the header cannot be read");
        let files = &self.job.input.files;
        let file = files.get(at).ok_or_else(unread)?;
        let same = |other: &usize| files.get(*other).is_some_and(|other| other.like(file));
        if self.decoder.as_ref().is_none_or(|(other, _)| !same(other)) {
            let made = FileDecoder::new(self.job, file);
            let made = made.map_err(|mut errors| errors.pop().unwrap_or_else(unread))?;
            self.decoder = Some((at, made));
        }
        Ok(file)
    }

    fn decode_part<'t>(
        &mut self,
        (file, part): (&RowFile, &'t FilePart),
        rows: &mut RowChunk,
    ) -> Result<Decoded<'t>, Diagnostic> {
        #[cfg(feature = "parquet")]
        if let RecordFiles::RowGroup(group) = &part.records {
            let found = self.read_row_group(file, part.file, group)?;
            if let Some((_, FileDecoder::Parquet(decoder))) = &mut self.decoder {
                decoder.decode(&found, rows);
            }
            return Ok(Decoded::RowGroup(found, group.before));
        }
        match (&part.records, &mut self.decoder) {
            (RecordFiles::Csv { line, text: bytes, from }, Some((_, FileDecoder::Csv(reader)))) => {
                let text = std::str::from_utf8(bytes).map_err(|error| {
                    let good = bytes.get(..error.valid_up_to()).unwrap_or(&[]);
                    not_text(&file.name, line.saturating_add(lines(good)))
                })?;
                reader.read(text, *from, rows);
                Ok(Decoded::Csv(text, *line))
            }
            #[allow(unreachable_patterns, reason = "a file is of CSV, or of Parquet where that is built in")]
            _ => Err(Diagnostic::general(Code::FactsLayout, "the rows cannot be read")),
        }
    }

    /// The rows of a part of a Parquet file.
    #[cfg(feature = "parquet")]
    fn read_row_group(
        &mut self,
        file: &RowFile,
        at: usize,
        part: &parquet::GroupSlice,
    ) -> Result<arrow_array::RecordBatch, Diagnostic> {
        let cannot = |why: String| unreadable(&file.name, &why);
        if self.open.as_ref().is_none_or(|(other, _)| *other != at) {
            self.open = Some((at, self.job.input.random_access(file)?));
        }
        let (Some((_, open)), Some(row_groups)) = (&self.open, &file.row_groups) else {
            return Err(Diagnostic::general(Code::FactsLayout, "the rows cannot be read"));
        };
        row_groups.read(open.clone(), part).map_err(|why| {
            let (from, to) = (part.before.saturating_add(1), part.end());
            cannot(format!("rows {from} to {to}: {why}"))
        })
    }
}
