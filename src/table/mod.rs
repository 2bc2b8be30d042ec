//! A table of rows too long for memory, answered a chunk at a time: a [`Job`] is a [`TablePlan`], an [`RowSource`] and an [`Output`], and
//! gives a [`TableReport`]. Rows come from CSV or Parquet and go out as either, or as totals; rows that cannot be read are set aside.

#[cfg(feature = "parquet")]
pub mod arrow;
mod checks;
mod column;
mod decode;
mod dictionary;
mod encode;
mod input;
mod job;
mod numbers;
mod output;
#[cfg(feature = "parquet")]
pub mod parquet;
mod pipeline;
mod places;
mod plain;
mod plan;
#[cfg(feature = "parquet")]
mod record;
mod rejects;
mod repeats;
mod row_chunk;
mod search;
mod slices;
mod spreadsheet;
mod text_chunks;
mod totals;
mod totals_csv;
mod wheres;
#[cfg(feature = "xlsx")]
mod workbook;
mod worker;

#[cfg(test)]
mod tests;

pub use decode::{CHUNK, IgnoredColumns, RecordDecoder, RowSchema, header, line_at};
pub use dictionary::Dictionaries;
pub use encode::{Layout, RowAnswer, cell, in_unit, record};
#[cfg(not(feature = "parquet"))]
pub use input::no_parquet;
pub use input::{RowFile, RowSource, Storage, is_parquet};
pub use job::{Job, PreparedTable};
#[cfg(feature = "parquet")]
pub use output::ParquetSink;
pub use output::{Output, Sink};
pub use places::{FoundRow, Reject};
pub use plan::{Counts, JobFailure, Later, TablePlan, TableReport};
#[cfg(feature = "parquet")]
pub use record::Record;
pub use rejects::{in_excerpt, shown, unreadable};
pub use repeats::RepeatedKeys;
pub use row_chunk::{CellError, ChunkReject, DatedRow, RowChunk, RowKeys};
pub use slices::{SliceColumn, slice_columns};
pub use spreadsheet::SpreadsheetSafe;
pub use text_chunks::{Chunks, RECORD_LIMIT, SplitError, TextChunk, lines};
pub use totals::{GroupTotals, Grouping, OutcomeTotals, Summing, Totals, group_words};
pub use totals_csv::csv as totals_csv;
pub use wheres::Wheres;
