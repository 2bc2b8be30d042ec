//! What is said about expectations that cannot be judged.

use crate::diag::{Code, Diagnostic};
use crate::text::Span;
use crate::value::Day;

pub(super) fn day_needed(span: Span) -> Diagnostic {
    Diagnostic::error(Code::DayNeeded, span, "this depends on the day, and no day is given")
        .help("say which day is meant: `… on 2026-01-01`")
}

pub(super) fn open_day(span: Span) -> Diagnostic {
    Diagnostic::error(Code::DayNeeded, span, "which day this is, is not known")
        .help("write a date, or state the facts it is worked out from")
}

pub(super) fn own_day(span: Span, date: Day) -> Diagnostic {
    Diagnostic::error(Code::OwnDay, span, "a dated row is judged on its own date, and this is another day")
        .here(format!("its date is {date}"))
        .help("leave the `on` out, or change the date of the row")
}
