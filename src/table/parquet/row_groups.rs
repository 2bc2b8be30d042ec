//! Parquet files as record batches, a part at a time.

use super::guarded::decoding;
use super::page_bounds::{self, UnpackLimits};
use super::{bounds, seal};
use crate::policy::{Entity, Type};
use arrow_array::RecordBatch;
use arrow_schema::{DECIMAL64_MAX_PRECISION, DataType, Field, Schema, SchemaRef};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};
use parquet::basic::Type as Physical;
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaDataReader;
use parquet::file::reader::ChunkReader;
use parquet::schema::types::SchemaDescriptor;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Rows of a part.
const ROWS: usize = 1 << 17;

/// What is known of a file before its rows are read.
#[derive(Debug)]
pub struct RowGroups {
    metadata: ArrowReaderMetadata,
    /// How many bytes the file had.
    length: u64,
    /// The checksum of its footer was right, and its row groups have theirs.
    sealed: bool,
    /// Row groups that were found whole, and how many rows of each may be unpacked at once.
    checked: Mutex<BTreeMap<usize, usize>>,
    limits: UnpackLimits,
}

/// Some rows of one row group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupSlice {
    group: usize,
    skip: usize,
    rows: usize,
    /// How many rows of the file stand before it.
    pub before: u64,
}

impl GroupSlice {
    /// The number of its last row in the file, from 1.
    pub fn end(&self) -> u64 {
        self.before.saturating_add(u64::try_from(self.rows).unwrap_or(0))
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.rows
    }

    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }
}

impl RowGroups {
    /// Reads the end of a file, where its columns and row groups are listed.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn open<R: ChunkReader>(file: &R, entity: &Entity) -> Result<RowGroups, String> {
        let (footer, sealed) = bounds::footer(file)?;
        let metadata = decoding(|| {
            let metadata = ParquetMetaDataReader::decode_metadata(&footer).map_err(|error| said(&error))?;
            bounds::check(&metadata, file.len())?;
            let metadata = Arc::new(metadata);
            let load = |options| ArrowReaderMetadata::try_new(Arc::clone(&metadata), options);
            let plain = load(ArrowReaderOptions::new()).map_err(|error| said(&error))?;
            let schema = as_taken(plain.schema(), plain.parquet_schema(), entity);
            Ok(match schema == *plain.schema() {
                true => plain,
                false => load(ArrowReaderOptions::new().with_schema(schema)).unwrap_or(plain),
            })
        })?;
        Ok(RowGroups {
            metadata,
            length: file.len(),
            sealed,
            checked: Mutex::default(),
            limits: UnpackLimits::default(),
        })
    }

    #[cfg(test)]
    pub(super) fn within(self, limits: UnpackLimits) -> RowGroups {
        RowGroups { limits, ..self }
    }

    #[cfg(test)]
    pub(super) fn metadata(&self) -> &parquet::file::metadata::ParquetMetaData {
        self.metadata.metadata()
    }

    pub fn schema(&self) -> &SchemaRef {
        self.metadata.schema()
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.parts().last().map_or(0, GroupSlice::end)
    }

    /// All rows, part by part.
    pub fn parts(&self) -> Vec<GroupSlice> {
        let mut parts = Vec::new();
        let mut before = 0;
        for (group, about) in self.metadata.metadata().row_groups().iter().enumerate() {
            let all = usize::try_from(about.num_rows()).unwrap_or(0);
            let mut skip = 0;
            while skip < all {
                let rows = ROWS.min(all - skip);
                parts.push(GroupSlice { group, skip, rows, before });
                skip += rows;
                before += u64::try_from(rows).unwrap_or(0);
            }
        }
        parts
    }

    /// The rows of a part.
    ///
    /// # Errors
    /// Why they cannot be read.
    pub fn read<R: ChunkReader + Clone + 'static>(
        &self,
        file: R,
        part: &GroupSlice,
    ) -> Result<RecordBatch, String> {
        if file.len() != self.length {
            return Err("the file changed while it was read".to_string());
        }
        let checked = || self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        let known = checked().get(&part.group).copied();
        let at_once = match known {
            Some(at_once) => at_once,
            None => {
                self.check(&file, part.group)?;
                let group = self.metadata.metadata().row_group(part.group);
                let at_once = decoding(|| page_bounds::rows_at_once(&file, group, self.limits))?;
                checked().insert(part.group, at_once);
                at_once
            }
        };
        decoding(|| self.decode(file, part, at_once))
    }

    /// Holds the bytes of a row group against their checksum.
    fn check<R: ChunkReader>(&self, file: &R, group: usize) -> Result<(), String> {
        let metadata = self.metadata.metadata();
        if !self.sealed {
            return Ok(());
        }
        let range = metadata.row_groups().get(group).and_then(seal::range);
        let stated = seal::of_group(metadata, group);
        let (Some((start, end)), Some(stated)) = (range, stated) else { return Ok(()) };
        let length = usize::try_from(end - start).map_err(|error| error.to_string())?;
        let bytes = file.get_bytes(start, length).map_err(|error| said(&error))?;
        if crc32fast::hash(&bytes) != stated {
            return Err("it is damaged: the checksum of its rows is not right".to_string());
        }
        Ok(())
    }

    fn decode<R: ChunkReader + 'static>(
        &self,
        file: R,
        part: &GroupSlice,
        at_once: usize,
    ) -> Result<RecordBatch, String> {
        let selection =
            RowSelection::from(vec![RowSelector::skip(part.skip), RowSelector::select(part.rows)]);
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_row_groups(vec![part.group])
            .with_row_selection(selection)
            .with_batch_size(part.rows.min(at_once))
            .build()
            .map_err(|error| said(&error))?;
        let (mut batches, mut size) = (Vec::new(), 0usize);
        for batch in reader {
            let batch = batch.map_err(|error| reason(&error.to_string()))?;
            size = size.saturating_add(batch.get_array_memory_size());
            if size > self.limits.part {
                return Err(format!(
                    "{} of its rows unpack to more than {} MiB; write it with fewer rows to a row group",
                    part.rows,
                    self.limits.part >> 20
                ));
            }
            batches.push(batch);
        }
        // A file may promise more than it holds.
        let found: usize = batches.iter().map(RecordBatch::num_rows).sum();
        if found != part.rows {
            return Err("it holds fewer rows than it says".to_string());
        }
        arrow_select::concat::concat_batches(self.schema(), &batches).map_err(|error| error.to_string())
    }
}

/// The same columns as they are best taken in: words, where the field has few of them, each once; short decimals in 64 bits.
fn as_taken(schema: &Schema, stored: &SchemaDescriptor, entity: &Entity) -> SchemaRef {
    let few = |field: &Field| {
        let name = field.name().split('[').next().unwrap_or("").trim_end();
        let fact = entity.fields.values().find(|fact| fact.name == name);
        fact.is_some_and(|fact| matches!(fact.ty, Type::Enum(_) | Type::Country | Type::Code))
    };
    let whole = |field: &Field| {
        let column = stored.columns().iter().find(|column| column.path().parts() == [field.name().as_str()]);
        let ty = column.map(|column| column.physical_type());
        matches!(ty, Some(Physical::INT32 | Physical::INT64 | Physical::FIXED_LEN_BYTE_ARRAY))
    };
    let field = |field: &Arc<Field>| {
        let ty = match field.data_type() {
            DataType::Utf8 if few(field) => {
                DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
            }
            DataType::Decimal128(digits, scale) if *digits <= DECIMAL64_MAX_PRECISION && whole(field) => {
                DataType::Decimal64(*digits, *scale)
            }
            _ => return field.clone(),
        };
        Arc::new(field.as_ref().clone().with_data_type(ty))
    };
    let fields: Vec<Arc<Field>> = schema.fields().iter().map(field).collect();
    Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
}

pub(super) fn said(error: &ParquetError) -> String {
    match error {
        ParquetError::General(why) if why.contains("magic") || why.contains("footer") => {
            "it is no Parquet file, or its end is missing".to_string()
        }
        ParquetError::EOF(_) | ParquetError::NeedMoreData(_) | ParquetError::NeedMoreDataRange(_) => {
            "it is no Parquet file, or a part of it is missing".to_string()
        }
        error => reason(&error.to_string()),
    }
}

/// What the library says, in our words where there are some.
fn reason(said: &str) -> String {
    match said.contains("CRC checksum mismatch") {
        true => "it is damaged: the checksum of a page is not right".to_string(),
        false => said
            .trim_start_matches("Parquet argument error: ")
            .trim_start_matches("Parquet error: ")
            .to_string(),
    }
}
