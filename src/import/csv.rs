//! A schedule in CSV, as the same site gives it.

use super::errors;
use super::line::ScheduleLine;
use super::plain::{plain, plain_unit};
use crate::diag::Diagnostic;
use crate::sheet::{Csv, Records, Written};
use crate::text::SourceId;
use memchr::memchr_iter;
use std::borrow::Cow;
use std::ops::ControlFlow;

/// The headings that are read.
const HEADINGS: [&str; 8] = [
    "HTS Number",
    "Indent",
    "Description",
    "Unit of Quantity",
    "General Rate of Duty",
    "Special Rate of Duty",
    "Column 2 Rate of Duty",
    "Additional Duties",
];

/// Every line. Footnotes, by which lines name headings of chapter 99, are not in such a file.
///
/// # Errors
/// A column is missing, or a line cannot be read.
pub fn lines(source: SourceId, text: &str) -> Result<Vec<ScheduleLine<'static>>, Diagnostic> {
    let csv = Csv { source, text, decimals: None };
    let header = csv.header()?;
    let mut places = Vec::with_capacity(HEADINGS.len());
    for heading in HEADINGS {
        let place = header.iter().position(|cell| plain(&cell.text).eq_ignore_ascii_case(heading));
        places.push(place.ok_or_else(|| errors::heading(heading, header.first()))?);
    }
    let mut lines = Vec::new();
    let mut wrong = None;
    let (mut at, mut number) = (0, 1);
    csv.each(&mut |record| {
        let read = record.and_then(|cells| line(&places, cells));
        match read {
            Ok((start, line)) => {
                number += memchr_iter(b'\n', text.as_bytes().get(at..start).unwrap_or(&[])).count();
                at = start.max(at);
                lines.push(ScheduleLine { place: number, ..line });
                ControlFlow::Continue(())
            }
            Err(error) => {
                wrong = Some(error);
                ControlFlow::Break(())
            }
        }
    });
    wrong.map_or(Ok(lines), Err)
}

fn line(places: &[usize], cells: &[Written<'_>]) -> Result<(usize, ScheduleLine<'static>), Diagnostic> {
    let cell = |column: usize| places.get(column).and_then(|place| cells.get(*place));
    let taken = |column: usize| {
        let text = cell(column).map_or("", |cell| cell.text.as_ref());
        Cow::<'static, str>::Owned(plain(text).into_owned())
    };
    let span = cell(1).map(|cell| cell.span).unwrap_or_default();
    let indent = taken(1);
    let line = ScheduleLine {
        place: 0,
        code: taken(0),
        indent: indent.parse().map_err(|_| errors::indent(&indent, span))?,
        description: taken(2),
        units: units(&taken(3)),
        general: taken(4),
        special: taken(5),
        other: taken(6),
        additional: taken(7),
        footnotes: Vec::new(),
    };
    let start = cells.first().map_or(0, |first| first.span.start as usize);
    Ok((start, line))
}

/// `["No.","kg"]`, or one unit.
fn units(text: &str) -> Vec<String> {
    match serde_json::from_str::<Vec<String>>(text) {
        Ok(units) => units.iter().map(|unit| plain_unit(unit)).collect(),
        Err(_) if text.is_empty() => Vec::new(),
        Err(_) => vec![plain_unit(text)],
    }
}
