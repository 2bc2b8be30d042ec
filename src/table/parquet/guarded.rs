//! Files of others may be damaged in ways that the decoder of the library does not foresee. Where panics unwind, as they do in
//! the program, such a file is an error of the file and not the end of the program.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static DECODING: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread decodes a file: what panics then is said as an error of the file, and needs no other talk.
pub fn is_decoding() -> bool {
    DECODING.get()
}

/// What is said of a file on which the decoder panics.
pub(super) const PANICKED: &str = "it is damaged: what it says of itself does not fit what it holds";

/// Decodes; a panic is damage.
pub(super) fn decoding<T>(decode: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    let before = DECODING.replace(true);
    let decoded = catch_unwind(AssertUnwindSafe(decode));
    DECODING.set(before);
    decoded.unwrap_or_else(|_| Err(PANICKED.to_string()))
}
