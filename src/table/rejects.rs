//! Records that are no rows: what is said of them, and how they are set aside.

use super::input::RowFile;
use super::places::Reject;
use super::{CHUNK, CellError, RepeatedKeys, record};
use crate::diag::{Code, Diagnostic, Fix, FixEdit, Label, count, tick};
use crate::text::{SourceId, Sources, Span};
use indexmap::IndexMap;

/// More rows that cannot be read are not shown.
pub(super) const SHOWN: usize = 10;

/// A file whose bytes cannot be had.
pub fn unreadable(name: &str, why: &str) -> Diagnostic {
    Diagnostic::general(Code::FileUnreadable, format!("{} cannot be read: {why}", tick(name)))
}

/// A place in a chunk as one in an excerpt of it that begins at `start`.
pub fn in_excerpt(span: Span, excerpt: SourceId, start: u32) -> Span {
    match span.source == CHUNK {
        true => Span {
            source: excerpt,
            start: span.start.saturating_sub(start),
            end: span.end.saturating_sub(start),
        },
        false => span,
    }
}

/// A message whose places are bytes of a chunk, as one about an excerpt of it that begins at `start`.
pub(super) fn placed(error: Diagnostic, excerpt: SourceId, start: u32) -> Diagnostic {
    let moved = |span: Span| in_excerpt(span, excerpt, start);
    let labels = error.labels.into_iter().map(|label| Label { span: moved(label.span), ..label }).collect();
    let edit = |edit: FixEdit| FixEdit { span: moved(edit.span), ..edit };
    let fix = |fix: Fix| Fix { edits: fix.edits.into_iter().map(edit).collect(), ..fix };
    let fixes = error.fixes.into_iter().map(fix).collect();
    Diagnostic { labels, fixes, ..error }
}

/// Everything that is wrong with a row, with its record in sight.
pub fn shown(reject: &Reject, file: &RowFile, sources: &mut Sources) -> Vec<Diagnostic> {
    let line = usize::try_from(reject.line).unwrap_or(usize::MAX);
    let id = sources.excerpt(file.name.as_str(), reject.text.as_str(), line);
    let place = |wrong: &CellError| {
        let mut error = placed(wrong.error.clone(), id, reject.start);
        let heading = wrong.column.and_then(|column| file.header.get(column));
        if let Some(heading) = heading
            && !error.message.contains(&tick(heading))
        {
            error.message = format!("{} in column {}", error.message, tick(heading));
        }
        error
    };
    reject.errors.iter().map(place).collect()
}

/// A file, a column of it, and what is wrong there.
type CellErrorKind = (usize, Option<usize>, Code);

/// The first of each kind of trouble, by its column, with how many more rows have it.
pub(super) fn kinds(rejected: &[Reject], files: &[RowFile], sources: &mut Sources) -> Vec<Diagnostic> {
    let mut first: IndexMap<CellErrorKind, (&Reject, usize, u64)> = IndexMap::new();
    for reject in rejected {
        for (at, wrong) in reject.errors.iter().enumerate() {
            let kind = (reject.file, wrong.column, wrong.error.code);
            first.entry(kind).or_insert((reject, at, 0)).2 += 1;
        }
    }
    let mut said = Vec::new();
    for ((file, ..), (reject, at, count)) in first {
        let Some(file) = files.get(file) else { continue };
        let Some(mut error) = shown(reject, file, sources).into_iter().nth(at) else { continue };
        if count > 1 {
            error.message = format!("{}; the same in {}", error.message, more(count.saturating_sub(1)));
        }
        said.push(error);
    }
    said
}

/// `1 row`, `2 rows`
fn rows(n: u64) -> String {
    usize::try_from(n).map_or_else(|_| format!("{n} rows"), |n| count(n, "row"))
}

/// `1 more row`, `2 more rows`
fn more(n: u64) -> String {
    usize::try_from(n).map_or_else(|_| format!("{n} more rows"), |n| count(n, "more row"))
}

/// Rows share a key, and were asked not to.
pub(super) fn not_unique(repeated: &RepeatedKeys) -> Diagnostic {
    let example =
        repeated.example.as_ref().map_or(String::new(), |key| format!(", the key {} among them", tick(key)));
    let message = format!("{} share a key with another row{example}", rows(repeated.rows));
    Diagnostic::general(Code::StatedTwice, message)
        .help("give each row a key of its own, or leave `--unique` out")
}

/// The first line of the file of rows that were set aside.
pub(super) fn rejects_header(first: &RowFile) -> Vec<u8> {
    let own = ["reject_file", "reject_line", "reject_reason", "reject_text"];
    record(first.header.iter().map(String::as_str).chain(own))
}

/// A row that was set aside: its cells under the headings of the first file, where it stood, and why. Where the cells
/// cannot be told apart, all of it is in the last column.
pub(super) fn rejected(reject: &Reject, file: &RowFile, first: &RowFile) -> Vec<u8> {
    let cells = reject.cells.as_ref().filter(|cells| cells.len() == file.header.len());
    let cell = |heading: &String| {
        let at = file.header.iter().position(|one| one == heading);
        at.and_then(|at| cells.and_then(|cells| cells.get(at))).map_or("", String::as_str)
    };
    let line = reject.line.to_string();
    let reason = |wrong: &CellError| match wrong.column.and_then(|column| file.header.get(column)) {
        Some(heading) => format!("{}: {}", tick(heading), wrong.error.message),
        None => wrong.error.message.clone(),
    };
    let reasons: Vec<String> = reject.errors.iter().map(reason).collect();
    let reasons = reasons.join("; ");
    let text = if cells.is_some() { "" } else { reject.text.trim_end_matches(['\r', '\n']) };
    let own = [file.name.as_str(), &line, &reasons, text];
    record(first.header.iter().map(cell).chain(own))
}
