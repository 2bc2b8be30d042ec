//! Record batches as parts of a Parquet file.

use super::dictionary_pages;
use arrow_array::RecordBatch;
use arrow_schema::{DataType, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnDescPtr, ColumnPath};
use std::io::{self, Write};

/// Makes parts of a file out of record batches; shared by threads.
#[derive(Debug)]
pub struct GroupEncoder {
    schema: SchemaRef,
    factory: ArrowRowGroupWriterFactory,
    /// How the columns are stored, one for each field.
    stored: Vec<ColumnDescPtr>,
}

/// A part of a file that is whole but for its place.
pub struct EncodedGroup(Vec<ColumnPages>);

/// A column of a part.
enum ColumnPages {
    Words(dictionary_pages::DictionaryPages),
    Other(ArrowColumnChunk),
}

impl std::fmt::Debug for EncodedGroup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("EncodedGroup").field(&self.0.len()).finish()
    }
}

/// A file as it grows.
pub struct FileWriter<W: Write + Send> {
    writer: SerializedFileWriter<W>,
}

impl<W: Write + Send> std::fmt::Debug for FileWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileWriter").finish_non_exhaustive()
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
        .set_created_by(format!("comity {}", env!("CARGO_PKG_VERSION")))
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
    let writer = ArrowWriter::try_new(to, schema.clone(), Some(properties.build())).map_err(failed)?;
    let (writer, factory) = writer.into_serialized_writer().map_err(failed)?;
    let stored = writer.schema_descr().columns().to_vec();
    Ok((FileWriter { writer }, GroupEncoder { schema: schema.clone(), factory, stored }))
}

impl GroupEncoder {
    /// # Errors
    /// The record batch is not of the schema of the file.
    pub fn encode(&self, rows: &RecordBatch) -> io::Result<EncodedGroup> {
        // Which row group it becomes matters for encrypted files only.
        let writers = self.factory.create_column_writers(0).map_err(failed)?;
        let mut chunks = Vec::with_capacity(writers.len());
        let fields = self.schema.fields().iter().zip(&self.stored);
        for ((mut writer, (field, stored)), array) in writers.into_iter().zip(fields).zip(rows.columns()) {
            if let Some(chunk) = dictionary_pages::chunk(stored, array)? {
                chunks.push(ColumnPages::Words(chunk));
                continue;
            }
            for leaf in compute_leaves(field, array).map_err(failed)? {
                writer.write(&leaf).map_err(failed)?;
            }
            chunks.push(ColumnPages::Other(writer.close().map_err(failed)?));
        }
        Ok(EncodedGroup(chunks))
    }
}

impl<W: Write + Send> FileWriter<W> {
    /// Adds the next part.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn append(&mut self, part: EncodedGroup) -> io::Result<()> {
        let mut group = self.writer.next_row_group().map_err(failed)?;
        for chunk in part.0 {
            match chunk {
                ColumnPages::Words(chunk) => group.append_column(&chunk.bytes, chunk.close),
                ColumnPages::Other(chunk) => chunk.append_to_row_group(&mut group),
            }
            .map_err(failed)?;
        }
        group.close().map(drop).map_err(failed)
    }

    /// Writes the end of the file, and gives back what it was written to.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish(self) -> io::Result<W> {
        self.writer.into_inner().map_err(failed)
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
