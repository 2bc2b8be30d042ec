//! Parquet files as record batches, a part at a time, and record batches as parts of a Parquet file. Built with the feature
//! `parquet`. Parts are read and made by several threads at once; only putting the finished ones together is in order.

mod bounds;
mod dictionary_pages;
mod file_writer;
mod guarded;
mod page_bounds;
mod page_checksums;
mod random_access;
mod row_groups;
mod seal;

#[cfg(test)]
mod tests;

pub use file_writer::{EncodedGroup, FileWriter, GroupEncoder, create};
pub use guarded::is_decoding;
pub use random_access::RandomAccess;
pub use row_groups::{GroupSlice, RowGroups};
