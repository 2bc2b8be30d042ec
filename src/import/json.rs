//! A schedule in JSON: a list of lines, each an object of texts.

use super::errors;
use super::line::ScheduleLine;
use super::plain::{plain, plain_unit};
use crate::diag::Diagnostic;
use crate::text::{SourceId, Span};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// A text, or `null`; its key must be there.
#[derive(Deserialize)]
struct MaybeText<'a>(#[serde(borrow)] Option<JsonText<'a>>);

/// A text that is taken from the file where nothing in it is escaped.
#[derive(Deserialize)]
struct JsonText<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Deserialize)]
#[serde(expecting = "an object with the texts of a line")]
struct JsonLine<'a> {
    #[serde(borrow)]
    htsno: MaybeText<'a>,
    #[serde(borrow)]
    indent: MaybeText<'a>,
    #[serde(borrow)]
    description: MaybeText<'a>,
    units: Option<Vec<String>>,
    #[serde(borrow)]
    general: MaybeText<'a>,
    #[serde(borrow)]
    special: MaybeText<'a>,
    #[serde(borrow)]
    other: MaybeText<'a>,
    footnotes: Option<Vec<JsonFootnote>>,
    #[serde(borrow, rename = "additionalDuties")]
    additional: Option<JsonText<'a>>,
    // The published files have both spellings.
    #[serde(borrow, rename = "addiitionalDuties")]
    additional_too: Option<JsonText<'a>>,
}

#[derive(Deserialize)]
struct JsonFootnote {
    value: Option<String>,
}

/// Every line, each handed on as it is read.
///
/// # Errors
/// It is no such list; or a line has not what lines have.
pub fn lines<'a>(source: SourceId, text: &'a str) -> Result<Vec<ScheduleLine<'a>>, Diagnostic> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let items: Vec<&RawValue> = serde_json::from_str(body)
        .map_err(|error| errors::json(place(source, text, body, &error), &error))?;
    let mut at = LineCount::new(text);
    items.into_iter().map(|item| line(source, text, item.get(), &mut at)).collect()
}

fn line<'a>(
    source: SourceId,
    text: &str,
    item: &'a str,
    at: &mut LineCount<'_>,
) -> Result<ScheduleLine<'a>, Diagnostic> {
    let read: JsonLine<'a> = serde_json::from_str(item)
        .map_err(|error| errors::json_line(place(source, text, item, &error), &error))?;
    let start = offset(text, item);
    let indent = taken(read.indent);
    let indent = indent.parse().map_err(|_| errors::indent(&indent, Span::new(source, start, start + 1)))?;
    let additional = taken(MaybeText(read.additional));
    Ok(ScheduleLine {
        place: at.of(start),
        code: taken(read.htsno),
        indent,
        description: taken(read.description),
        units: read.units.unwrap_or_default().iter().map(|unit| plain_unit(unit)).collect(),
        general: taken(read.general),
        special: taken(read.special),
        other: taken(read.other),
        additional: if additional.is_empty() { taken(MaybeText(read.additional_too)) } else { additional },
        footnotes: footnotes(read.footnotes),
    })
}

fn footnotes(read: Option<Vec<JsonFootnote>>) -> Vec<String> {
    let texts = read.unwrap_or_default().into_iter().filter_map(|note| note.value);
    texts.map(|text| plain(&text).into_owned()).collect()
}

/// A text without its markup; none is blank.
fn taken(text: MaybeText<'_>) -> Cow<'_, str> {
    match text {
        MaybeText(None) => Cow::Borrowed(""),
        MaybeText(Some(JsonText(Cow::Borrowed(text)))) => plain(text),
        MaybeText(Some(JsonText(Cow::Owned(text)))) => Cow::Owned(plain(&text).into_owned()),
    }
}

fn offset(text: &str, slice: &str) -> usize {
    (slice.as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len())
}

fn place(source: SourceId, text: &str, slice: &str, error: &serde_json::Error) -> Span {
    let above: usize = slice.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let at = offset(text, slice).saturating_add(above).saturating_add(error.column().saturating_sub(1));
    crate::sheet::point(source, text, at)
}

/// The numbers of lines, asked for places one after the other.
struct LineCount<'t> {
    text: &'t str,
    at: usize,
    line: usize,
}

impl<'t> LineCount<'t> {
    fn new(text: &'t str) -> LineCount<'t> {
        LineCount { text, at: 0, line: 1 }
    }

    fn of(&mut self, place: usize) -> usize {
        let passed = self.text.as_bytes().get(self.at..place).unwrap_or(&[]);
        self.line = self.line.saturating_add(memchr::memchr_iter(b'\n', passed).count());
        self.at = self.at.max(place);
        self.line
    }
}
