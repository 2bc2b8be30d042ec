//! What the pages of a row group say of their size, held against limits before any of them is unpacked: a few bytes may stand
//! for more than there is room for.

use super::page_checksums::PageSizes;
use super::row_groups::said;
use parquet::basic::Type as Physical;
use parquet::column::page::{Page, PageReader};
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::reader::ChunkReader;
use parquet::file::serialized_reader::SerializedPageReader;
use std::sync::Arc;

/// How many bytes may come of what is packed.
#[derive(Clone, Copy, Debug)]
pub(super) struct UnpackLimits {
    /// A page that unpacks to more is not unpacked.
    pub page: u64,
    /// The texts of a column that are unpacked at once are about so many.
    pub at_once: usize,
    /// Rows of a part that unpack to more are not read.
    pub part: usize,
}

impl Default for UnpackLimits {
    fn default() -> UnpackLimits {
        UnpackLimits { page: 256 << 20, at_once: 64 << 20, part: 1 << 30 }
    }
}

/// The header of a page is looked for in so many bytes, and where it is longer in twice as many, up to the last.
const HEADER: (usize, usize) = (256, 1 << 20);

/// How many rows of a group may be unpacked at once.
///
/// # Errors
/// The pages are not where they should be, or one would be too large.
pub(super) fn rows_at_once<R: ChunkReader + Clone + 'static>(
    file: &R,
    group: &RowGroupMetaData,
    limits: UnpackLimits,
) -> Result<usize, String> {
    let mut rows = usize::MAX;
    for column in group.columns() {
        let dictionary = walk(file, column, limits.page)?;
        if dictionary && column.column_type() == Physical::BYTE_ARRAY {
            let longest = longest_word(file, column, group.num_rows())?;
            rows = rows.min(limits.at_once / longest.max(1));
        }
    }
    Ok(rows.max(1))
}

/// Goes from page to page of a column chunk; whether a dictionary is among them.
fn walk<R: ChunkReader>(file: &R, column: &ColumnChunkMetaData, most: u64) -> Result<bool, String> {
    let (mut at, size) = column.byte_range();
    let end = at.saturating_add(size);
    let mut dictionary = false;
    while at < end {
        let page = page_at(file, at, end)?;
        if page.plain > most {
            return Err(format!(
                "a page of the column `{}` would unpack to {} bytes",
                column.column_path().string(),
                page.plain
            ));
        }
        dictionary |= page.is_dictionary;
        at = at.saturating_add(page.header).saturating_add(page.stored);
    }
    if at == end { Ok(dictionary) } else { Err(outside()) }
}

fn page_at<R: ChunkReader>(file: &R, at: u64, end: u64) -> Result<PageSizes, String> {
    let left = usize::try_from(end - at).map_err(|error| error.to_string())?;
    let (mut window, most) = HEADER;
    loop {
        let bytes = file.get_bytes(at, window.min(left)).map_err(|error| said(&error))?;
        match PageSizes::read(&bytes) {
            Some(page) => return Ok(page),
            None if window >= left.min(most) => return Err(outside()),
            None => window *= 2,
        }
    }
}

fn outside() -> String {
    "it is damaged: its pages are not where it says they are".to_string()
}

/// The length of the longest word of a dictionary of texts.
fn longest_word<R: ChunkReader + Clone + 'static>(
    file: &R,
    column: &ColumnChunkMetaData,
    rows: i64,
) -> Result<usize, String> {
    let rows = usize::try_from(rows).unwrap_or(0);
    let pages = SerializedPageReader::new(Arc::new(file.clone()), column, rows, None);
    match pages.and_then(|mut pages| pages.get_next_page()).map_err(|error| said(&error))? {
        Some(Page::DictionaryPage { buf, .. }) => Ok(longest(&buf)),
        _ => Ok(0),
    }
}

/// Texts, each after its length in four bytes.
fn longest(mut words: &[u8]) -> usize {
    let mut longest = 0;
    while let Some((length, rest)) = words.split_first_chunk() {
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
        longest = longest.max(length.min(rest.len()));
        words = rest.get(length..).unwrap_or(&[]);
    }
    longest
}
