//! Where answers go, and rows that are set aside, in the order of the files.

use super::input::{RowFile, RowSource};
use super::places::Reject;
use super::plan::{JobFailure, TableErrors, TableReport};
use super::rejects::{SHOWN, kinds, not_unique, rejected, rejects_header, shown};
use super::repeats::KeyLedger;
use super::totals::Totals;
use super::worker::PartResult;
use super::{Layout, record};
#[cfg(feature = "parquet")]
use super::{
    arrow::{BatchEncoder, Decimals},
    parquet,
};
use crate::text::Sources;
#[cfg(feature = "parquet")]
use std::collections::BTreeMap;
use std::io::{ErrorKind, Write};

/// Where what comes of a table goes.
pub struct Output<'w> {
    pub answers: Sink<'w>,
    /// Rows that cannot be read are set aside here as CSV; none: they end the run.
    pub rejects: Option<&'w mut dyn Write>,
}

/// In which form answers are written, and where to.
pub enum Sink<'w> {
    /// An error of the kind `BrokenPipe` ends the run without being one: nobody wants any more.
    Csv(&'w mut dyn Write),
    /// Nothing is written: the report has the totals.
    Totals,
    #[cfg(feature = "parquet")]
    Parquet(Box<ParquetSink<'w>>),
}

/// A Parquet file as it grows, and what makes its row groups.
#[cfg(feature = "parquet")]
pub struct ParquetSink<'w> {
    to: parquet::FileWriter<&'w mut (dyn Write + Send)>,
    batches: BatchEncoder,
    groups: parquet::GroupEncoder,
}

#[cfg(feature = "parquet")]
impl<'w> ParquetSink<'w> {
    /// `decimals`: how many decimals outcomes are given with, by name; see [`BatchEncoder::new`].
    ///
    /// # Errors
    /// These decimals are none of the layout, or nothing can be written.
    pub fn new(
        layout: &Layout<'_>,
        to: &'w mut (dyn Write + Send),
        decimals: &BTreeMap<String, Decimals>,
    ) -> Result<ParquetSink<'w>, JobFailure> {
        let batches = BatchEncoder::new(layout, decimals)?;
        let made = parquet::create(to, batches.schema(), |at| batches.repeats(at));
        let (to, groups) = made.map_err(JobFailure::Answers)?;
        Ok(ParquetSink { to, batches, groups })
    }
}

/// In which form threads give answers.
pub(super) enum Encoding {
    Csv,
    Totals,
    #[cfg(feature = "parquet")]
    Parquet(BatchEncoder, parquet::GroupEncoder),
}

/// Answers as they are to be written.
#[derive(Default)]
pub(super) enum Encoded {
    #[default]
    Nothing,
    Csv(Vec<u8>),
    Totals(Totals),
    #[cfg(feature = "parquet")]
    CsvPart(parquet::EncodedGroup),
}

/// What is written, and how far it is.
pub(super) struct OutputWriter<'f, 'w> {
    files: &'f [RowFile],
    to: Destination<'w>,
    rejects: Option<&'w mut dyn Write>,
    report: TableReport,
    keys: KeyLedger,
    done: u64,
    all: Option<u64>,
}

enum Destination<'w> {
    Csv(&'w mut dyn Write),
    Nothing,
    #[cfg(feature = "parquet")]
    Parquet(parquet::FileWriter<&'w mut (dyn Write + Send)>),
}

impl<'f, 'w> OutputWriter<'f, 'w> {
    pub fn new(input: &'f RowSource<'_>, output: Output<'w>) -> (Encoding, OutputWriter<'f, 'w>) {
        let (encoding, to) = match output.answers {
            Sink::Csv(to) => (Encoding::Csv, Destination::Csv(to)),
            Sink::Totals => (Encoding::Totals, Destination::Nothing),
            #[cfg(feature = "parquet")]
            Sink::Parquet(sink) => {
                let ParquetSink { to, batches, groups } = *sink;
                (Encoding::Parquet(batches, groups), Destination::Parquet(to))
            }
        };
        let all = input.files.iter().map(|file| file.size).sum();
        let report = TableReport::default();
        let keys = KeyLedger::default();
        (
            encoding,
            OutputWriter { files: &input.files, to, rejects: output.rejects, report, keys, done: 0, all },
        )
    }

    /// Writes what stands before the first row.
    pub fn begin(&mut self, layout: &Layout<'_>) -> Result<(), JobFailure> {
        self.csv(&record(layout.header().iter().map(String::as_str)))?;
        match (&mut self.rejects, self.files.first()) {
            (Some(to), Some(first)) => to.write_all(&rejects_header(first)).map_err(JobFailure::Rejects),
            _ => Ok(()),
        }
    }

    /// False: nobody wants any more.
    fn csv(&mut self, bytes: &[u8]) -> Result<bool, JobFailure> {
        let Destination::Csv(to) = &mut self.to else { return Ok(true) };
        match to.write_all(bytes) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
            Err(error) => Err(JobFailure::Answers(error)),
        }
    }

    /// Takes the next part in; false: nobody wants any more.
    pub fn take(
        &mut self,
        done: PartResult,
        share: u64,
        sources: &mut Sources,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<bool, JobFailure> {
        self.fatal(&done.rejected, sources)?;
        if !done.failed.is_empty() {
            return Err(JobFailure::Said(done.failed));
        }
        self.set_aside(&done.rejected)?;
        let more = match (done.out, &mut self.to) {
            (Encoded::Nothing, _) => true,
            (Encoded::Csv(bytes), _) => self.csv(&bytes)?,
            (Encoded::Totals(totals), _) => {
                self.report.totals.merge(totals);
                true
            }
            #[cfg(feature = "parquet")]
            (Encoded::CsvPart(part), Destination::Parquet(to)) => {
                to.append(part).map_err(JobFailure::Answers)?;
                true
            }
            #[cfg(feature = "parquet")]
            (Encoded::CsvPart(_), _) => true,
        };
        self.report.counts.add(&done.counts);
        self.keys.add(&done.keys);
        self.done = self.done.saturating_add(share);
        if let Some(all) = self.all {
            progress(self.done.min(all.saturating_sub(1)), all);
        }
        Ok(more)
    }

    /// What is wrong with rows that end the run.
    fn fatal(&self, rejected: &[Reject], sources: &mut Sources) -> Result<(), JobFailure> {
        let fatal = |reject: &&Reject| self.rejects.is_none() || reject.last;
        if rejected.len() > SHOWN && self.rejects.is_none() {
            let many = u64::try_from(rejected.len()).unwrap_or(u64::MAX);
            return Err(JobFailure::Many(many, kinds(rejected, self.files, sources)));
        }
        let (mut said, mut broken) = (TableErrors::new(), false);
        for reject in rejected.iter().filter(fatal).take(SHOWN) {
            if let Some(file) = self.files.get(reject.file) {
                said.extend(shown(reject, file, sources));
                broken |= reject.last;
            }
        }
        match (said.is_empty(), broken) {
            (true, _) => Ok(()),
            (false, true) => Err(JobFailure::Broken(said)),
            (false, false) => Err(JobFailure::Said(said)),
        }
    }

    fn set_aside(&mut self, rejected: &[Reject]) -> Result<(), JobFailure> {
        let (Some(to), Some(first)) = (&mut self.rejects, self.files.first()) else { return Ok(()) };
        for reject in rejected {
            let Some(file) = self.files.get(reject.file) else { continue };
            to.write_all(&self::rejected(reject, file, first)).map_err(JobFailure::Rejects)?;
            self.report.set_aside = self.report.set_aside.saturating_add(1);
        }
        Ok(())
    }

    /// Writes what stands after the last row. `unique`: two rows with one key are an error.
    pub fn end(mut self, unique: bool) -> Result<TableReport, JobFailure> {
        self.report.repeated = self.keys.repeated();
        if unique && self.report.repeated.rows > 0 {
            return Err(not_unique(&self.report.repeated).into());
        }
        #[cfg(feature = "parquet")]
        if let Destination::Parquet(to) = self.to {
            to.finish().map_err(JobFailure::Answers)?;
        }
        Ok(self.report)
    }
}
