//! The tests from outside: one binary, so that it is linked once.

// A test fails by panicking.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod amend;
mod amended;
mod binary;
mod blocks;
mod diff;
mod docs;
mod edge;
mod editors;
mod effort;
mod equivalence;
mod examples;
mod floors;
#[allow(dead_code, reason = "each of the two places that know it uses a part")]
mod generator;
mod house;
mod import;
mod laws;
mod library;
mod memory;
mod mistakes;
mod noise;
mod policies;
mod programs;
mod rows;
mod schema;
mod style;
mod support;
mod whole;
