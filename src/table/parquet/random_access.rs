//! The bytes of a Parquet file, wherever they are.

use bytes::Bytes;
use parquet::errors::Result;
use parquet::file::reader::{ChunkReader, Length};
use std::fs::File;
use std::io::Read;
use std::sync::Arc;

/// A file that is read here and there.
#[derive(Clone, Debug)]
pub enum RandomAccess {
    /// One that the caller has opened.
    File(Arc<File>),
    Memory(Bytes),
}

impl Length for RandomAccess {
    fn len(&self) -> u64 {
        match self {
            RandomAccess::File(file) => Length::len(file.as_ref()),
            RandomAccess::Memory(bytes) => Length::len(bytes),
        }
    }
}

impl ChunkReader for RandomAccess {
    type T = Box<dyn Read>;

    fn get_read(&self, start: u64) -> Result<Box<dyn Read>> {
        Ok(match self {
            RandomAccess::File(file) => Box::new(file.get_read(start)?),
            RandomAccess::Memory(bytes) => Box::new(bytes.get_read(start)?),
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        match self {
            RandomAccess::File(file) => file.get_bytes(start, length),
            RandomAccess::Memory(bytes) => bytes.get_bytes(start, length),
        }
    }
}
