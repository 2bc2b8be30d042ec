//! Rate texts, special columns, lines and notes, read one by one.

mod notes;
mod rates;
