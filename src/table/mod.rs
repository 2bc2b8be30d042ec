//! Rows by the chunk: CSV in and out, a part at a time, so that memory does not grow with the table.

#[cfg(feature = "parquet")]
pub mod arrow;
mod check;
mod column;
mod numbers;
#[cfg(feature = "parquet")]
pub mod parquet;
mod plain;
mod read;
#[cfg(feature = "parquet")]
mod record;
mod split;
pub mod sum;
mod taken;
mod words;
mod write;

#[cfg(test)]
mod tests;

pub use check::Wheres;
pub use read::{CHUNK, Reader, Table, header, is_ignored, line_at};
#[cfg(feature = "parquet")]
pub use record::Record;
pub use split::{Chunk, Chunks, RECORD_LIMIT, SplitError, lines};
pub use taken::{Batch, Dated, Names, Rejected, Wrong};
pub use words::Lexicons;
pub use write::{Layout, Single, cell, in_unit};
