//! The tests from outside: one binary, so that it is linked once.

mod binary;
mod cases;
mod docs;
mod floors;
mod noise;
mod schema;
mod support;
