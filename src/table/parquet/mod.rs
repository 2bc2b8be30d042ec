//! Parquet files as record batches, a part at a time, and record batches as parts of a Parquet file. Built with the feature
//! `parquet`. Parts are read and made by several threads at once; only putting the finished ones together is in order.

mod dictionary_pages;
mod file_writer;
mod random_access;
mod row_groups;

#[cfg(test)]
mod tests;

pub use file_writer::{EncodedGroup, FileWriter, GroupEncoder, create};
pub use random_access::RandomAccess;
pub use row_groups::{GroupSlice, RowGroups};
