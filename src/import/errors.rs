//! What is wrong with a published file.

use crate::diag::{Code, Diagnostic, tick};
use crate::sheet::Written;
use crate::text::Span;

/// What serde says, without its own account of the place.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or(&text);
    text.to_string()
}

pub(super) fn json(span: Span, error: &serde_json::Error) -> Diagnostic {
    let message = format!("this is no list of lines of a schedule in JSON: {}", reason(error));
    Diagnostic::error(Code::BadSchedule, span, message).help(match error.is_eof() {
        true => "it ends in the middle: get it from the site once more",
        false => "give the file as the site exports it, as JSON or as CSV",
    })
}

pub(super) fn json_line(span: Span, error: &serde_json::Error) -> Diagnostic {
    let message = format!("this is no line of a schedule: {}", reason(error));
    Diagnostic::error(Code::BadSchedule, span, message)
        .help("a line has at least `htsno`, `indent`, `description`, `units`, `general`, `special` and `other`, all of them text, and `footnotes`")
}

pub(super) fn indent(text: &str, span: Span) -> Diagnostic {
    let message = format!("an indent is a whole number, not {}", tick(text));
    Diagnostic::error(Code::BadSchedule, span, message)
        .help("give the file as the site exports it: which line stands under which is seen by the indents")
}

pub(super) fn heading(heading: &str, first: Option<&Written<'_>>) -> Diagnostic {
    let span = first.map_or(Span::default(), |cell| cell.span);
    let message = format!("no column is headed {}", tick(heading));
    Diagnostic::error(Code::BadSchedule, span, message)
        .help("give the file as the site exports it, with its line of headings")
}

pub(super) fn no_rate(file: &str) -> Diagnostic {
    Diagnostic::general(Code::BadSchedule, format!("{} has no line with a code and a rate", tick(file)))
        .help("give the whole schedule as the site exports it")
}

pub(super) fn twice(code: &str, lines: (usize, usize), file: &str) -> Diagnostic {
    let message = format!(
        "{} has {} twice, on lines {} and {}, with different rates",
        tick(file),
        tick(code),
        lines.0,
        lines.1
    );
    Diagnostic::general(Code::BadSchedule, message)
        .help("one of them is wrong: take it out, or give the file as the site exports it")
}
