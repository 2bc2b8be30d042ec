//! A column of words as pages of a Parquet file: each word once, and for each row its place among them. A dictionary has that
//! already, and so it is written as it stands, where the writer of the library would look each word up again for each row.

use super::file_writer::failed;
use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int32Type};
use arrow_array::{Array, ArrayRef, StringArray};
use bytes::Bytes;
use parquet::basic::{Compression, Encoding, PageType};
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::ByteArray;
use parquet::file::metadata::{ColumnChunkMetaData, PageEncodingStats};
use parquet::file::statistics::{Statistics, ValueStatistics};
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;
use std::collections::BTreeMap;
use std::io;

/// Words that are more bytes than this are left to the writer of the library, which gives such a dictionary up.
const MOST: usize = 1 << 20;

/// The least and the greatest word are told where they are no longer than this.
const TOLD: usize = 64;

/// A column of a part, whole but for its place.
pub(super) struct DictionaryPages {
    pub bytes: Bytes,
    pub close: ColumnCloseResult,
}

/// The pages of a dictionary of texts. None: it is none, or its words are too many.
///
/// # Errors
/// The pages cannot be made.
pub(super) fn chunk(stored: &ColumnDescPtr, array: &ArrayRef) -> io::Result<Option<DictionaryPages>> {
    let Some(dictionary) = array.as_any_dictionary_opt() else { return Ok(None) };
    let Some(words) = dictionary.values().as_string_opt::<i32>() else { return Ok(None) };
    let (keys, nullable) = (dictionary.keys(), stored.max_def_level() > 0);
    if words.null_count() > 0 || (keys.null_count() > 0 && !nullable) {
        return Ok(None);
    }
    let mut used = Used::new(words);
    let rows = keys.len();
    let present = |row: usize| !keys.is_null(row);
    if let Some(keys) = keys.as_primitive_opt::<Int32Type>() {
        used.take(keys.values(), |key| usize::try_from(key).ok(), present, keys.null_count() > 0);
    } else if let Some(keys) = keys.as_primitive_opt::<Int8Type>() {
        used.take(keys.values(), |key| usize::try_from(key).ok(), present, keys.null_count() > 0);
    } else {
        return Ok(None);
    }
    let list = used.order;
    if list.iter().map(|word| word.len().saturating_add(4)).sum::<usize>() > MOST {
        return Ok(None);
    }
    let mut data = Vec::new();
    if nullable {
        let levels: Vec<u32> = (0..rows).map(|row| u32::from(present(row))).collect();
        let mut packed = Vec::new();
        pack(&levels, 1, &mut packed);
        data.extend_from_slice(&u32::try_from(packed.len()).unwrap_or(u32::MAX).to_le_bytes());
        data.append(&mut packed);
    }
    let width = u32::BITS - u32::try_from(list.len().saturating_sub(1)).unwrap_or(u32::MAX).leading_zeros();
    data.push(u8::try_from(width).unwrap_or(u8::MAX));
    pack(&used.places, width, &mut data);
    pages(stored, &list, &data, (rows, keys.null_count())).map(Some)
}

/// The words that occur, each once, in the order in which they do, so that the file is the same whoever made the dictionary.
/// Readers look words up by their text: one that stood there twice would shift the places of those behind it.
struct Used<'w> {
    words: &'w StringArray,
    order: Vec<&'w str>,
    /// For each row that has a word: which of `order` it is.
    places: Vec<u32>,
    /// For each word of the dictionary, its place in `order`, if it occurred.
    known: Vec<Option<u32>>,
    by_text: BTreeMap<&'w str, u32>,
}

impl<'w> Used<'w> {
    fn new(words: &'w StringArray) -> Used<'w> {
        let known = vec![None; words.len()];
        Used { words, order: Vec::new(), places: Vec::new(), known, by_text: BTreeMap::new() }
    }

    #[inline]
    fn take<K: Copy>(
        &mut self,
        keys: &[K],
        word: impl Fn(K) -> Option<usize>,
        present: impl Fn(usize) -> bool,
        nulls: bool,
    ) {
        self.places.reserve(keys.len());
        for (row, key) in keys.iter().enumerate() {
            if nulls && !present(row) {
                continue;
            }
            // Keys are places in the dictionary: Arrow has seen to it.
            let at = word(*key).unwrap_or(0);
            let place = match self.known.get(at).copied().flatten() {
                Some(place) => place,
                None => self.meet(at),
            };
            self.places.push(place);
        }
    }

    /// A word of the dictionary that did not occur before, though its text may have.
    #[cold]
    fn meet(&mut self, at: usize) -> u32 {
        let text = if at < self.words.len() { self.words.value(at) } else { "" };
        let next = u32::try_from(self.order.len()).unwrap_or(u32::MAX);
        let place = *self.by_text.entry(text).or_insert(next);
        if place == next {
            self.order.push(text);
        }
        if let Some(known) = self.known.get_mut(at) {
            *known = Some(place);
        }
        place
    }
}

/// Values of so many bits, in eights: the same again and again as a run, others packed bit by bit (the hybrid of runs and bit
/// packing of the format).
fn pack(values: &[u32], width: u32, out: &mut Vec<u8>) {
    let bytes = width.div_ceil(8) as usize;
    let mut rest = values;
    while let Some(first) = rest.first() {
        let run = rest.iter().take_while(|value| *value == first).count();
        if run >= 8 || run == rest.len() {
            // What is packed comes in eights, so a run may be of any length.
            varint(run << 1, out);
            out.extend(first.to_le_bytes().iter().take(bytes));
            rest = rest.get(run..).unwrap_or(&[]);
            continue;
        }
        let mut eights = rest.chunks(8);
        let mixed = |eight: &&[u32]| eight.iter().any(|value| Some(value) != eight.first());
        let count = 1 + eights.by_ref().skip(1).take_while(mixed).count();
        varint(count << 1 | 1, out);
        for eight in rest.chunks(8).take(count) {
            let (mut bits, mut held) = (0u64, 0);
            for at in 0..8 {
                bits |= u64::from(eight.get(at).copied().unwrap_or(0)) << held;
                held += width;
                while held >= 8 {
                    out.extend(bits.to_le_bytes().first());
                    (bits, held) = (bits >> 8, held - 8);
                }
            }
        }
        rest = rest.get(8 * count..).unwrap_or(&[]);
    }
}

/// Seven bits a byte, the lowest first.
fn varint(mut value: usize, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.extend((value | 0x80).to_le_bytes().first());
        value >>= 7;
    }
    out.extend(value.to_le_bytes().first());
}

fn pages(
    stored: &ColumnDescPtr,
    list: &[&str],
    data: &[u8],
    (rows, nulls): (usize, usize),
) -> io::Result<DictionaryPages> {
    let mut words = Vec::new();
    for word in list {
        words.extend_from_slice(&u32::try_from(word.len()).unwrap_or(u32::MAX).to_le_bytes());
        words.extend_from_slice(word.as_bytes());
    }
    let count = |n: usize| u32::try_from(n).map_err(io::Error::other);
    let squeeze = |bytes: &[u8]| snap::raw::Encoder::new().compress_vec(bytes).map_err(io::Error::other);
    let first = Page::DictionaryPage {
        buf: squeeze(&words)?.into(),
        num_values: count(list.len())?,
        encoding: Encoding::PLAIN,
        is_sorted: false,
    };
    let second = Page::DataPage {
        buf: squeeze(data)?.into(),
        num_values: count(rows)?,
        encoding: Encoding::RLE_DICTIONARY,
        def_level_encoding: Encoding::RLE,
        rep_level_encoding: Encoding::RLE,
        statistics: None,
    };
    let mut to = TrackedWrite::new(Vec::new());
    let mut writer = SerializedPageWriter::new(&mut to);
    let first = writer.write_page(CompressedPage::new(first, words.len())).map_err(failed)?;
    let second = writer.write_page(CompressedPage::new(second, data.len())).map_err(failed)?;
    let told = |word: Option<&&str>| word.map(|word| ByteArray::from(*word));
    let short = list.iter().all(|word| word.len() <= TOLD);
    let ends = if short { (told(list.iter().min()), told(list.iter().max())) } else { (None, None) };
    let nulls = u64::try_from(nulls).ok();
    let statistics = Statistics::ByteArray(ValueStatistics::new(ends.0, ends.1, None, nulls, false));
    let size = |n: usize| i64::try_from(n).map_err(io::Error::other);
    let page = |page_type, encoding| PageEncodingStats { page_type, encoding, count: 1 };
    let metadata = ColumnChunkMetaData::builder(stored.clone())
        .set_compression(Compression::SNAPPY)
        .set_encodings(vec![Encoding::PLAIN, Encoding::RLE, Encoding::RLE_DICTIONARY])
        .set_page_encoding_stats(vec![
            page(PageType::DICTIONARY_PAGE, Encoding::PLAIN),
            page(PageType::DATA_PAGE, Encoding::RLE_DICTIONARY),
        ])
        .set_num_values(size(rows)?)
        .set_total_compressed_size(size(first.compressed_size + second.compressed_size)?)
        .set_total_uncompressed_size(size(first.uncompressed_size + second.uncompressed_size)?)
        .set_dictionary_page_offset(Some(0))
        .set_data_page_offset(size(first.compressed_size)?)
        .set_statistics(statistics)
        .build()
        .map_err(failed)?;
    let bytes = to.into_inner().map_err(failed)?;
    let close = ColumnCloseResult {
        bytes_written: u64::try_from(bytes.len()).map_err(io::Error::other)?,
        rows_written: u64::try_from(rows).map_err(io::Error::other)?,
        metadata,
        bloom_filter: None,
        column_index: None,
        offset_index: None,
    };
    Ok(DictionaryPages { bytes: bytes.into(), close })
}
