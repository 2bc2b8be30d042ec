//! Records decoded: rows in columns, rows by themselves, and records that are none.

use super::decode::place;
use crate::batch::{ColumnValues, Columns};
use crate::diag::Diagnostic;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Rows that were taken in, in the order of the file, and those that were not.
#[derive(Debug, Default)]
pub struct RowChunk {
    pub columns: Columns,
    /// How the rows of the columns are called.
    pub keys: RowKeys,
    /// Where the records of the rows of the columns begin, in the text of their chunk; of rows from Parquet, their numbers.
    pub places: Vec<u32>,
    /// Rows that no column holds.
    pub dated: Vec<DatedRow>,
    pub rejected: Vec<ChunkReject>,
    /// Which text is being read: places are places of it.
    pub text: usize,
    /// How many rows of the columns stand before each text.
    begins: Vec<usize>,
    /// Rows of the columns that were set aside after they had come in.
    pub(super) gone: BTreeSet<usize>,
}

/// Texts one after the other.
#[derive(Debug, Default)]
pub struct RowKeys {
    text: String,
    ends: Vec<u32>,
}

/// A row with a cell that states values from days on.
#[derive(Debug)]
pub struct DatedRow {
    /// How many rows of the columns stand before it.
    pub before: usize,
    pub name: Arc<str>,
    pub row: crate::facts::Row,
    pub place: u32,
    pub text: usize,
}

/// What is wrong with a record, and in which column.
#[derive(Debug)]
pub struct CellError {
    pub column: Option<usize>,
    pub error: Diagnostic,
}

/// A record that is no row, with everything that is wrong with it.
#[derive(Debug)]
pub struct ChunkReject {
    /// How many rows of the columns stand before it.
    pub before: usize,
    /// Where it begins and ends in the text of its chunk.
    pub place: (u32, u32),
    pub text: usize,
    /// As it was read; none: its cells cannot be told apart.
    pub cells: Option<Vec<String>>,
    pub errors: Vec<CellError>,
    /// Nothing that follows it in the file can be read.
    pub last: bool,
}

impl RowKeys {
    pub fn push(&mut self, name: &str) {
        self.text.push_str(name);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    /// Adds many that stand one after the other in a text; `lengths` add up to its own.
    #[cfg(feature = "parquet")]
    pub(super) fn extend(&mut self, text: &str, lengths: impl Iterator<Item = usize>) {
        let mut end = self.text.len();
        self.text.push_str(text);
        self.ends.extend(lengths.map(|length| {
            end = end.saturating_add(length);
            u32::try_from(end).unwrap_or(u32::MAX)
        }));
    }

    /// All of them as one text, and where in it each of them ends.
    #[cfg(feature = "parquet")]
    pub(super) fn parts(&self) -> (&str, &[u32]) {
        (&self.text, &self.ends)
    }

    pub fn get(&self, at: usize) -> &str {
        let end = self.ends.get(at).map_or(0, |end| *end as usize);
        let start = at.checked_sub(1).and_then(|at| self.ends.get(at)).map_or(0, |end| *end as usize);
        self.text.get(start..end).unwrap_or("")
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

impl RowChunk {
    /// What is read next stands in another text.
    pub fn begin(&mut self) {
        self.text = self.begins.len();
        self.begins.push(self.keys.len());
    }

    /// In which text a row of the columns stands.
    pub fn text_of(&self, row: usize) -> usize {
        self.begins.partition_point(|from| *from <= row).saturating_sub(1)
    }

    /// Takes rows of the columns out.
    pub fn remove(&mut self, rows: &BTreeSet<usize>) {
        if rows.is_empty() {
            return;
        }
        let gone: Vec<usize> = rows.iter().copied().collect();
        let left = |at: usize| at.saturating_sub(gone.partition_point(|row| *row < at));
        let mut names = RowKeys::default();
        let kept: Vec<usize> = (0..self.keys.len()).filter(|row| !rows.contains(row)).collect();
        kept.iter().for_each(|row| names.push(self.keys.get(*row)));
        self.places = kept.iter().filter_map(|row| self.places.get(*row).copied()).collect();
        self.keys = names;
        self.dated.iter_mut().for_each(|dated| dated.before = left(dated.before));
        self.rejected.iter_mut().for_each(|rejected| rejected.before = left(rejected.before));
        self.begins.iter_mut().for_each(|from| *from = left(*from));
        self.columns.rows = kept.len();
        for (_, column) in &mut self.columns.columns {
            pick(&mut column.values, &kept);
            let odd = std::mem::take(&mut column.odd).into_iter();
            let odd = odd.filter(|(row, _)| !rows.contains(&(*row as usize)));
            column.odd = odd.map(|(row, odd)| (place(left(row as usize)), odd)).collect();
        }
    }
}

/// The values of some rows.
fn pick(values: &mut ColumnValues, rows: &[usize]) {
    fn some<T: Clone>(list: &mut Vec<T>, rows: &[usize]) {
        *list = rows.iter().filter_map(|row| list.get(*row).cloned()).collect();
    }
    match values {
        ColumnValues::Bool(list) => some(list, rows),
        ColumnValues::Scaled { values, .. } | ColumnValues::Durations(values) => some(values, rows),
        ColumnValues::Wide { values, .. } => some(values, rows),
        ColumnValues::Exact(list) => some(list, rows),
        ColumnValues::Days(list) => some(list, rows),
        ColumnValues::Words { keys, .. } => some(keys, rows),
    }
}
