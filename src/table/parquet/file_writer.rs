//! Record batches as parts of a Parquet file.

use super::page_checksums::{CheckedPages, with_checksums};
use super::{dictionary_pages, seal};
use arrow_array::RecordBatch;
use arrow_schema::{DataType, SchemaRef};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::Compression;
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnDescPtr, ColumnPath, TypePtr};
use std::io::{self, Write};
use std::sync::Arc;

/// Makes parts of a file out of record batches; shared by threads.
#[derive(Debug)]
pub struct GroupEncoder {
    schema: SchemaRef,
    factory: ArrowRowGroupWriterFactory,
    /// How the columns are stored, one for each field.
    stored: Vec<ColumnDescPtr>,
    properties: WriterPropertiesPtr,
    root: TypePtr,
}

/// A part of a file that is whole but for its place.
pub struct EncodedGroup(Vec<EncodedColumn>);

/// A column of a part.
struct EncodedColumn {
    bytes: Bytes,
    close: ColumnCloseResult,
}

impl std::fmt::Debug for EncodedGroup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("EncodedGroup").field(&self.0.len()).finish()
    }
}

/// A file as it grows.
pub struct FileWriter<W: Write + Send> {
    writer: SerializedFileWriter<HeldBack<W>>,
    /// Of each part.
    checksums: Vec<u32>,
}

impl<W: Write + Send> std::fmt::Debug for FileWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileWriter").finish_non_exhaustive()
    }
}

/// What is written to holds the end of the file back, until it is sealed.
struct HeldBack<W> {
    to: W,
    end: Option<Vec<u8>>,
}

impl<W: Write> Write for HeldBack<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.end {
            Some(end) => end.write(bytes),
            None => self.to.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// A new file of that schema, and what makes its parts. `repeats`: whether a column, by its place, has few values that are not
/// words.
///
/// # Errors
/// It cannot be written to.
pub fn create<W: Write + Send>(
    to: W,
    schema: &SchemaRef,
    repeats: impl Fn(usize) -> bool,
) -> io::Result<(FileWriter<W>, GroupEncoder)> {
    // A part has one page a column, so that what is said of the part is said of its pages.
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(seal::unsealed())
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_data_page_row_count_limit(usize::MAX)
        .set_dictionary_enabled(false);
    for (at, field) in schema.fields().iter().enumerate() {
        let path = ColumnPath::from(field.name().as_str());
        if repeats(at) {
            properties = properties.set_column_dictionary_enabled(path, true);
        } else if *field.data_type() == DataType::Utf8 {
            // The least and the greatest of texts that are all different tell little, and cost a comparison for each.
            properties = properties.set_column_statistics_enabled(path, EnabledStatistics::None);
        }
    }
    let to = HeldBack { to, end: None };
    let writer = ArrowWriter::try_new(to, schema.clone(), Some(properties.build())).map_err(failed)?;
    let (writer, factory) = writer.into_serialized_writer().map_err(failed)?;
    let (stored, root) = (writer.schema_descr().columns().to_vec(), writer.schema_descr().root_schema_ptr());
    let properties = writer.properties().clone();
    let encoder = GroupEncoder { schema: schema.clone(), factory, stored, properties, root };
    Ok((FileWriter { writer, checksums: Vec::new() }, encoder))
}

impl GroupEncoder {
    /// # Errors
    /// The record batch is not of the schema of the file.
    pub fn encode(&self, rows: &RecordBatch) -> io::Result<EncodedGroup> {
        // Which row group it becomes matters for encrypted files only.
        let writers = self.factory.create_column_writers(0).map_err(failed)?;
        let (root, properties) = (Arc::clone(&self.root), Arc::clone(&self.properties));
        // A file of this part alone, whose pages are then taken over with their checksums.
        let mut alone = SerializedFileWriter::new(Vec::new(), root, properties).map_err(failed)?;
        let mut group = alone.next_row_group().map_err(failed)?;
        let fields = self.schema.fields().iter().zip(&self.stored);
        for ((mut writer, (field, stored)), array) in writers.into_iter().zip(fields).zip(rows.columns()) {
            if let Some(chunk) = dictionary_pages::chunk(stored, array)? {
                group.append_column(&chunk.bytes, chunk.close).map_err(failed)?;
                continue;
            }
            for leaf in compute_leaves(field, array).map_err(failed)? {
                writer.write(&leaf).map_err(failed)?;
            }
            let chunk = writer.close().map_err(failed)?;
            chunk.append_to_row_group(&mut group).map_err(failed)?;
        }
        let about = group.close().map_err(failed)?;
        alone.flush()?;
        let column = |column: &ColumnChunkMetaData| checked(column, alone.inner());
        about.columns().iter().map(column).collect::<io::Result<Vec<_>>>().map(EncodedGroup)
    }
}

/// The pages of a column in a file, with their checksums, to be taken into another.
fn checked(column: &ColumnChunkMetaData, file: &[u8]) -> io::Result<EncodedColumn> {
    let size = |n: usize| i64::try_from(n).map_err(io::Error::other);
    let place = |n: u64| usize::try_from(n).map_err(io::Error::other);
    let (start, length) = column.byte_range();
    let (start, length) = (place(start)?, place(length)?);
    let chunk = file.get(start..start.saturating_add(length)).unwrap_or(&[]);
    let CheckedPages { bytes, dictionary } = with_checksums(chunk)?;
    let more = size(bytes.len())? - size(length)?;
    let metadata = column
        .clone()
        .into_builder()
        .set_total_compressed_size(column.compressed_size() + more)
        .set_total_uncompressed_size(column.uncompressed_size() + more)
        .set_dictionary_page_offset((dictionary > 0).then_some(0))
        .set_data_page_offset(size(dictionary)?)
        .build()
        .map_err(failed)?;
    let close = ColumnCloseResult {
        bytes_written: u64::try_from(bytes.len()).map_err(io::Error::other)?,
        rows_written: u64::try_from(column.num_values()).map_err(io::Error::other)?,
        metadata,
        bloom_filter: None,
        column_index: None,
        offset_index: None,
    };
    Ok(EncodedColumn { bytes: bytes.into(), close })
}

impl<W: Write + Send> FileWriter<W> {
    /// Adds the next part.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn append(&mut self, part: EncodedGroup) -> io::Result<()> {
        let mut checksum = crc32fast::Hasher::new();
        let mut group = self.writer.next_row_group().map_err(failed)?;
        for EncodedColumn { bytes, close } in part.0 {
            checksum.update(&bytes);
            group.append_column(&bytes, close).map_err(failed)?;
        }
        self.checksums.push(checksum.finalize());
        group.close().map(drop).map_err(failed)
    }

    /// Writes the end of the file, and gives back what it was written to.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.writer.append_key_value_metadata(seal::groups(&self.checksums));
        self.writer.flush()?;
        self.writer.inner_mut().end = Some(Vec::new());
        let HeldBack { mut to, end } = self.writer.into_inner().map_err(failed)?;
        let mut end = end.unwrap_or_default();
        seal::seal(&mut end)?;
        to.write_all(&end)?;
        Ok(to)
    }
}

/// What the disk said, if it was the disk.
pub(super) fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    }
}
