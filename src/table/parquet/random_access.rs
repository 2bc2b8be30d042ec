//! The bytes of a Parquet file, wherever they are.

use bytes::Bytes;
use parquet::errors::Result;
use parquet::file::reader::{ChunkReader, Length};
use std::fs::File;
use std::io::{self, Read};

/// A file that is read here and there.
#[derive(Debug)]
pub enum RandomAccess {
    /// One that the caller has opened.
    File(File),
    Memory(Bytes),
}

impl RandomAccess {
    /// # Errors
    /// The file cannot be had a second time.
    pub fn try_clone(&self) -> io::Result<RandomAccess> {
        Ok(match self {
            RandomAccess::File(file) => RandomAccess::File(file.try_clone()?),
            RandomAccess::Memory(bytes) => RandomAccess::Memory(bytes.clone()),
        })
    }
}

impl Length for RandomAccess {
    fn len(&self) -> u64 {
        match self {
            RandomAccess::File(file) => Length::len(file),
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
