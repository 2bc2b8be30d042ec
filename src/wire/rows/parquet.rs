//! Parquet files as record batches, a part at a time, and record batches as parts of a Parquet file. Built with the feature
//! `parquet`. Parts are read and made by several threads at once; only putting the finished ones together is in order.

use crate::policy::{Entity, Type};
use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::ChunkReader;
use parquet::file::writer::SerializedFileWriter;
use std::io::{self, Write};
use std::sync::Arc;

/// Rows of a part.
const ROWS: usize = 1 << 17;

/// What is known of a file before its rows are read.
#[derive(Clone, Debug)]
pub struct Sheet {
    metadata: ArrowReaderMetadata,
}

/// Some rows of one row group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    group: usize,
    skip: usize,
    rows: usize,
    /// How many rows of the file stand before it.
    pub before: u64,
}

impl Part {
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

impl Sheet {
    /// Reads the end of a file, where its columns and row groups are listed.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn open<R: ChunkReader>(file: &R, entity: &Entity) -> Result<Sheet, String> {
        let options = || ArrowReaderOptions::new();
        let plain = ArrowReaderMetadata::load(file, options()).map_err(|error| said(&error))?;
        let schema = with_dictionaries(plain.schema(), entity);
        // Words come as they are stored: each once.
        let metadata = match schema {
            Some(schema) => ArrowReaderMetadata::load(file, options().with_schema(schema)).unwrap_or(plain),
            None => plain,
        };
        Ok(Sheet { metadata })
    }

    pub fn schema(&self) -> &SchemaRef {
        self.metadata.schema()
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.parts().last().map_or(0, Part::end)
    }

    /// All rows, part by part.
    pub fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut before = 0;
        for (group, about) in self.metadata.metadata().row_groups().iter().enumerate() {
            let all = usize::try_from(about.num_rows()).unwrap_or(0);
            let mut skip = 0;
            while skip < all {
                let rows = ROWS.min(all - skip);
                parts.push(Part { group, skip, rows, before });
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
    pub fn read<R: ChunkReader + 'static>(&self, file: R, part: &Part) -> Result<RecordBatch, String> {
        let selection =
            RowSelection::from(vec![RowSelector::skip(part.skip), RowSelector::select(part.rows)]);
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_row_groups(vec![part.group])
            .with_row_selection(selection)
            .with_batch_size(part.rows)
            .build()
            .map_err(|error| said(&error))?;
        let batches = reader.collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?;
        // A file may promise more than it holds.
        let found: usize = batches.iter().map(RecordBatch::num_rows).sum();
        if found != part.rows {
            return Err("it holds fewer rows than it says".to_string());
        }
        arrow_select::concat::concat_batches(self.schema(), &batches).map_err(|error| error.to_string())
    }
}

/// The same columns, with words as dictionaries where the field has few of them.
fn with_dictionaries(schema: &Schema, entity: &Entity) -> Option<SchemaRef> {
    let few = |field: &Field| {
        let name = field.name().split('[').next().unwrap_or("").trim_end();
        let fact = entity.fields.values().find(|fact| fact.name == name);
        *field.data_type() == DataType::Utf8
            && fact.is_some_and(|fact| matches!(fact.ty, Type::Enum(_) | Type::Country | Type::Code))
    };
    let words = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    if !schema.fields().iter().any(|field| few(field)) {
        return None;
    }
    let field = |field: &Arc<Field>| match few(field) {
        true => Arc::new(field.as_ref().clone().with_data_type(words.clone())),
        false => field.clone(),
    };
    let fields: Vec<Arc<Field>> = schema.fields().iter().map(field).collect();
    Some(Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone())))
}

fn said(error: &ParquetError) -> String {
    match error {
        ParquetError::General(why) if why.contains("magic") || why.contains("footer") => {
            "it is no Parquet file, or its end is missing".to_string()
        }
        ParquetError::EOF(_) | ParquetError::NeedMoreData(_) | ParquetError::NeedMoreDataRange(_) => {
            "it is no Parquet file, or a part of it is missing".to_string()
        }
        error => error.to_string(),
    }
}

/// Makes parts of a file out of record batches; shared by threads.
#[derive(Debug)]
pub struct Encoder {
    schema: SchemaRef,
    factory: ArrowRowGroupWriterFactory,
}

/// A part of a file that is whole but for its place.
pub struct Encoded(Vec<ArrowColumnChunk>);

impl std::fmt::Debug for Encoded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Encoded").field(&self.0.len()).finish()
    }
}

/// A file as it grows.
pub struct Sink<W: Write + Send> {
    writer: SerializedFileWriter<W>,
}

impl<W: Write + Send> std::fmt::Debug for Sink<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sink").finish_non_exhaustive()
    }
}

/// A new file of that schema, and what makes its parts.
///
/// # Errors
/// It cannot be written to.
pub fn create<W: Write + Send>(to: W, schema: &SchemaRef) -> io::Result<(Sink<W>, Encoder)> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(format!("comity {}", env!("CARGO_PKG_VERSION")))
        .build();
    let writer = ArrowWriter::try_new(to, schema.clone(), Some(properties)).map_err(failed)?;
    let (writer, factory) = writer.into_serialized_writer().map_err(failed)?;
    Ok((Sink { writer }, Encoder { schema: schema.clone(), factory }))
}

impl Encoder {
    /// # Errors
    /// The record batch is not of the schema of the file.
    pub fn encode(&self, rows: &RecordBatch) -> io::Result<Encoded> {
        // Which row group it becomes matters for encrypted files only.
        let writers = self.factory.create_column_writers(0).map_err(failed)?;
        let mut chunks = Vec::with_capacity(writers.len());
        for ((mut writer, field), array) in writers.into_iter().zip(self.schema.fields()).zip(rows.columns())
        {
            for leaf in compute_leaves(field, array).map_err(failed)? {
                writer.write(&leaf).map_err(failed)?;
            }
            chunks.push(writer.close().map_err(failed)?);
        }
        Ok(Encoded(chunks))
    }
}

impl<W: Write + Send> Sink<W> {
    /// Adds the next part.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn append(&mut self, part: Encoded) -> io::Result<()> {
        let mut group = self.writer.next_row_group().map_err(failed)?;
        for chunk in part.0 {
            chunk.append_to_row_group(&mut group).map_err(failed)?;
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
fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    }
}
