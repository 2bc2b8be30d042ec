//! What is said about rows: which cannot be read, and how many answers are none.

use super::input::Head;
use super::stood::Reject;
use super::work::Counts;
use crate::diag::{Code, Diagnostic, Fix, Label, count, tick};
use crate::outcome::Status;
use crate::policy::{OutcomeId, Policy};
use crate::table::{CHUNK, cell};
use crate::text::{SourceId, Sources, Span};

/// More rows that cannot be read are not shown.
pub(super) const SHOWN: usize = 10;

pub(super) fn unreadable(name: &str, why: &str) -> Diagnostic {
    Diagnostic::general(Code::FileUnreadable, format!("{} cannot be read: {why}", tick(name)))
}

pub(super) fn unwritable(name: &str, error: &std::io::Error) -> Diagnostic {
    let why = match error.kind() {
        std::io::ErrorKind::StorageFull => "the disk is full".to_string(),
        _ => crate::cli::disk::reason(error),
    };
    Diagnostic::general(Code::FileUnwritable, format!("{} cannot be written: {why}", tick(name)))
}

/// A message whose places are bytes of a chunk, as one about an excerpt of it that begins at `start`.
pub(super) fn placed(error: Diagnostic, excerpt: SourceId, start: u32) -> Diagnostic {
    let moved = |span: Span| match span.source == CHUNK {
        true => Span {
            source: excerpt,
            start: span.start.saturating_sub(start),
            end: span.end.saturating_sub(start),
        },
        false => span,
    };
    let labels = error.labels.into_iter().map(|label| Label { span: moved(label.span), ..label }).collect();
    let fix = error.fix.map(|fix| Fix { span: moved(fix.span), ..fix });
    Diagnostic { labels, fix, ..error }
}

/// Everything that is wrong with a row, with its record in sight.
pub(super) fn shown(reject: &Reject, file: &Head, sources: &mut Sources) -> Vec<Diagnostic> {
    let line = usize::try_from(reject.line).unwrap_or(usize::MAX);
    let id = sources.excerpt(file.name.as_str(), reject.text.as_str(), line);
    let place = |wrong: &crate::table::Wrong| {
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

/// The first line of the file of rows that were set aside.
pub(super) fn rejects_header(first: &Head) -> Vec<u8> {
    let own = ["reject_file", "reject_line", "reject_reason", "reject_text"];
    record(first.header.iter().map(String::as_str).chain(own))
}

/// A row that was set aside: its cells under the headings of the first file, where it stood, and why. Where the cells
/// cannot be told apart, all of it is in the last column.
pub(super) fn rejected(reject: &Reject, file: &Head, first: &Head) -> Vec<u8> {
    let cells = reject.cells.as_ref().filter(|cells| cells.len() == file.header.len());
    let cell = |heading: &String| {
        let at = file.header.iter().position(|one| one == heading);
        at.and_then(|at| cells.and_then(|cells| cells.get(at))).map_or("", String::as_str)
    };
    let line = reject.line.to_string();
    let reason = |wrong: &crate::table::Wrong| match wrong.column.and_then(|column| file.header.get(column)) {
        Some(heading) => format!("{}: {}", tick(heading), wrong.error.message),
        None => wrong.error.message.clone(),
    };
    let reasons: Vec<String> = reject.errors.iter().map(reason).collect();
    let reasons = reasons.join("; ");
    let text = if cells.is_some() { "" } else { reject.text.trim_end_matches(['\r', '\n']) };
    let own = [file.name.as_str(), &line, &reasons, text];
    record(first.header.iter().map(cell).chain(own))
}

fn record<'t>(cells: impl Iterator<Item = &'t str>) -> Vec<u8> {
    let mut out = Vec::new();
    for (at, text) in cells.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        cell(text, &mut out);
    }
    out.push(b'\n');
    out
}

/// How many rows were answered, and how many answers are none.
pub(super) fn closing(policy: &Policy, outcomes: &[OutcomeId], counts: &Counts) -> String {
    let mut out = format!("{}\n", rows(counts.rows, "answered"));
    for (id, by_status) in outcomes.iter().zip(&counts.outcomes) {
        let parts =
            by_status.iter().zip(STATUSES).filter(|(n, status)| **n > 0 && *status != Status::Determined);
        let parts: Vec<String> = parts.map(|(n, status)| said(*n, status)).collect();
        if !parts.is_empty() {
            out.push_str(&format!("{}: {}\n", policy.outcomes[*id].name, parts.join(", ")));
        }
    }
    out
}

pub(super) const STATUSES: [Status; 5] =
    [Status::Determined, Status::Undetermined, Status::Gap, Status::Conflict, Status::Error];

fn said(n: u64, status: Status) -> String {
    match status {
        Status::Determined | Status::Undetermined => format!("{} {}", grouped(n), status.as_str()),
        _ if n == 1 => format!("1 {}", status.as_str()),
        _ => format!("{} {}s", grouped(n), status.as_str()),
    }
}

/// `1,200 rows answered`
pub(super) fn rows(n: u64, what: &str) -> String {
    match usize::try_from(n) {
        Ok(n) if n < 2 => format!("{} {what}", count(n, "row")),
        _ => format!("{} rows {what}", grouped(n)),
    }
}

/// `1,234,567`
pub(super) fn grouped(n: u64) -> String {
    crate::value::human(&crate::value::Number::from(i64::try_from(n).unwrap_or(i64::MAX)), false, true)
}
