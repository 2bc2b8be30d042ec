//! What a file says of itself, held against what it can be, before it is believed.

use super::row_groups::said;
use super::seal::{self, Seal, TAIL};
use bytes::Bytes;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::ChunkReader;

/// A footer of more bytes is none.
const FOOTER_LIMIT: usize = 256 << 20;

/// A file of more rows is none.
const ROWS_LIMIT: u64 = 1 << 40;

/// So much is looked through for the name of the program where a footer says that it is shorter.
const SHORTEST: usize = 4096;

/// The footer of a file without its tail; and whether it is sealed.
pub(super) fn footer<R: ChunkReader>(file: &R) -> Result<(Bytes, bool), String> {
    let all = usize::try_from(file.len()).map_err(|error| error.to_string())?;
    let none = || "it is no Parquet file, or its end is missing".to_string();
    let read = |length: usize| {
        let start = u64::try_from(all.saturating_sub(length)).unwrap_or(0);
        file.get_bytes(start, length.min(all)).map_err(|error| said(&error))
    };
    let tail = read(TAIL)?;
    let length = match tail.split_at_checked(4) {
        Some((length, b"PAR1")) => length.try_into().map(u32::from_le_bytes).map_err(|_| none())?,
        Some((_, b"PARE")) => return Err("it is encrypted".to_string()),
        _ => return Err(none()),
    };
    let length = usize::try_from(length).map_err(|error| error.to_string())?;
    let footer = length.saturating_add(TAIL);
    if footer > all || footer > FOOTER_LIMIT {
        return Err(none());
    }
    let end = read(footer.max(SHORTEST))?;
    match seal::check(&end, footer) {
        Seal::Broken => Err("it is damaged: the checksum of its end is not right".to_string()),
        found => Ok((end.slice(end.len() - footer..end.len() - TAIL), found == Seal::Whole)),
    }
}

/// Whether row groups can be where they are said to be, and have as many rows.
pub(super) fn check(metadata: &ParquetMetaData, length: u64) -> Result<(), String> {
    let mut rows: u64 = 0;
    for group in metadata.row_groups() {
        let more =
            u64::try_from(group.num_rows()).map_err(|_| damaged("a row group has less than no rows"))?;
        rows = rows.saturating_add(more);
        for column in group.columns() {
            let starts = [column.dictionary_page_offset(), Some(column.data_page_offset())];
            let placed =
                starts.into_iter().flatten().all(|start| start >= 0) && column.compressed_size() >= 0;
            if !placed {
                return Err(damaged("a column is in no place"));
            }
            let (start, size) = column.byte_range();
            if start.checked_add(size).is_none_or(|end| end > length) {
                return Err("it is no Parquet file, or a part of it is missing".to_string());
            }
        }
    }
    if rows > ROWS_LIMIT { Err(damaged("it has more rows than a file can have")) } else { Ok(()) }
}

fn damaged(why: &str) -> String {
    format!("it is damaged: {why}")
}
