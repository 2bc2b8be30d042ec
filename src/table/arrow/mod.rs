//! Arrow record batches → rows, and answers → record batches. Built with the feature `parquet`.
//!
//! [`BatchDecoder`] takes the rows of record batches in, each column as the field of its name:
//!
//! | Arrow | fields |
//! | --- | --- |
//! | `Decimal128`, `Decimal32`, `Decimal64`, integers | numbers, rates, amounts: in the unit the column says |
//! | integers | durations: days, business days or months, as the column says |
//! | `Utf8`, `LargeUtf8`, `Utf8View`, dictionaries of them | every field, read as a cell of CSV |
//! | `Date32` | dates |
//! | `Boolean` | true or false |
//!
//! What the numbers of a column count is said by its name, `value [USD]`, by the metadata `unit` of its Arrow field, or by the
//! caller; amounts, rates and durations whose column does not say it are refused, and so are binary floats, which are not exact. A null
//! is an unknown cell.
//!
//! [`BatchEncoder`] makes record batches of answers: the key (`Utf8`), and for each outcome its value, its status and the rules that
//! decide it. Numbers that are rounded to a decimal are `Decimal128`; others are text, exact decimals or `n/d`, unless the
//! caller wants so many decimals. Values are null where the status is not `determined`, and for `never`.

mod decode;
mod encode;
mod texts;

pub use decode::{BatchDecoder, header, record};
pub use encode::{BatchEncoder, Decimals};
