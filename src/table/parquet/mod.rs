//! Parquet files as record batches, a part at a time, and record batches as parts of a Parquet file. Built with the feature
//! `parquet`. Parts are read and made by several threads at once; only putting the finished ones together is in order.

mod random_access;
mod sheet;
mod sink;
mod words;

#[cfg(test)]
mod tests;

pub use random_access::RandomAccess;
pub use sheet::{GroupSlice, RowGroups};
pub use sink::{EncodedGroup, FileWriter, GroupEncoder, create};
