//! Pictures of messages: the text with the place underlined. The only place that knows miette.
//!
//! miette never sees a whole source. It gets a [`Sheet`] of the lines that matter, from all sources of the message,
//! long lines cut to a window, signs that would move a terminal's cursor made visible, and places inside it.

use super::{Diagnostic, Severity, Style, wrap};
use crate::text::{Source, SourceId, Sources, Span, shown, shown_lines};
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceSpan,
};
use std::fmt;

/// Lines of a source are shown up to this many characters.
const LINE: usize = 160;
/// Characters shown before a place in a line that is cut.
const BEFORE: usize = 60;
/// A place of more lines than this is shown by its first.
const TALL: usize = 8;

/// One message with its picture; none: it cannot be drawn.
pub(super) fn picture(diagnostic: &Diagnostic, sources: &Sources, style: Style) -> Option<String> {
    let picture = Excerpt::new(diagnostic, sources, style.width);
    let theme = if style.colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(style.width)
        .with_wrap_lines(false)
        .with_links(false)
        .with_context_lines(1);
    let mut out = String::new();
    match handler.render_report(&mut out, &picture) {
        Ok(()) => Some(tidy(&out)),
        Err(_) => None,
    }
}

/// No spaces at the ends of lines, no blank line at the end.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.trim_end().lines() {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// A message as miette wants it.
#[derive(Debug)]
struct Excerpt {
    code: String,
    severity: Severity,
    message: String,
    help: Option<String>,
    sheet: Sheet,
}

impl Excerpt {
    fn new(diagnostic: &Diagnostic, sources: &Sources, width: usize) -> Excerpt {
        let narrow =
            |text: &str, indent: usize| wrap(&shown_lines(text), width.saturating_sub(indent)).join("\n");
        Excerpt {
            code: diagnostic.code.to_string(),
            severity: diagnostic.severity,
            message: narrow(&diagnostic.message, 4),
            help: diagnostic.help.as_ref().map(|help| narrow(help, 8)),
            sheet: Sheet::of(diagnostic, sources),
        }
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Excerpt {}

impl miette::Diagnostic for Excerpt {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        if self.sheet.pieces.is_empty() { None } else { Some(&self.sheet) }
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.sheet.labels.iter().map(|(text, start, end)| {
            let text = if text.is_empty() { None } else { Some(text.clone()) };
            LabeledSpan::new(text, *start, end - start)
        })))
    }
}

/// The lines a message shows.
#[derive(Debug, Default)]
struct Sheet {
    text: String,
    pieces: Vec<ExcerptPiece>,
    /// What is said where: byte ranges of `text`, at least one byte long.
    labels: Vec<(String, usize, usize)>,
}

/// Lines of one source that follow each other.
#[derive(Debug)]
struct ExcerptPiece {
    name: String,
    lines: Vec<ShownLines>,
}

/// One line: `start..end` of the sheet, its newline included.
#[derive(Debug)]
struct ShownLines {
    start: usize,
    end: usize,
    /// From 0.
    number: usize,
    /// Characters cut off before the window.
    cut: usize,
}

/// A label's place in its source: on which lines, and where on the first and the last.
struct MarkedPlace<'d> {
    text: &'d str,
    first: usize,
    last: usize,
    start: usize,
    end: usize,
    /// Which label of the sheet it became.
    label: Option<usize>,
}

impl Sheet {
    fn of(diagnostic: &Diagnostic, sources: &Sources) -> Sheet {
        let mut sheet = Sheet::default();
        let mut done: Vec<SourceId> = Vec::new();
        for label in &diagnostic.labels {
            let id = label.span.source;
            if done.contains(&id) {
                continue;
            }
            done.push(id);
            let Some(source) = sources.get(id) else { continue };
            let mine = diagnostic.labels.iter().filter(|other| other.span.source == id);
            let mut places: Vec<MarkedPlace> =
                mine.map(|label| MarkedPlace::of(source, id, label.span, &label.text)).collect();
            places.sort_by_key(|place| (place.start, place.end));
            sheet.add(source, id, &mut places);
        }
        sheet
    }

    /// The lines of one source with one line around them; stretches that touch are one piece.
    fn add(&mut self, source: &Source, id: SourceId, places: &mut [MarkedPlace]) {
        let end = u32::try_from(source.text.len()).unwrap_or(u32::MAX);
        // What follows the last newline is no line.
        let last_line = source.line_column(end).0 - usize::from(source.text.ends_with('\n'));
        let mut stretches: Vec<(usize, usize)> = Vec::new();
        for place in places.iter() {
            let from = place.first.saturating_sub(1).max(source.first_line());
            let to = (place.last + 1).min(last_line);
            match stretches.last_mut() {
                Some((_, end)) if from <= *end + 1 => *end = (*end).max(to),
                _ => stretches.push((from, to)),
            }
        }
        for (from, to) in stretches {
            let mut piece = ExcerptPiece { name: shown(&source.name).into_owned(), lines: Vec::new() };
            for number in from..=to {
                self.line(source, id, number, places, &mut piece);
            }
            self.pieces.push(piece);
        }
    }

    /// One line, cut to a window around what is marked on it.
    fn line(
        &mut self,
        source: &Source,
        id: SourceId,
        number: usize,
        places: &mut [MarkedPlace],
        piece: &mut ExcerptPiece,
    ) {
        let span = source.line_span(id, number);
        let line = source.text.get(span.start as usize..span.end as usize).unwrap_or("");
        let marked = places.iter().find(|place| place.first == number).map(|place| place.start);
        let from = match marked {
            Some(at) if line.chars().count() > LINE => {
                back(line, at.saturating_sub(span.start as usize), BEFORE)
            }
            _ => 0,
        };
        let rest = line.get(from..).unwrap_or("");
        let to = rest.char_indices().nth(LINE).map_or(line.len(), |(at, _)| from + at);
        let start = self.text.len();
        if from > 0 {
            self.text.push('…');
        }
        let shift = self.text.len();
        self.text.push_str(&shown_line(line.get(from..to).unwrap_or("")));
        let shown_end = self.text.len();
        if to < line.len() {
            self.text.push('…');
        }
        self.text.push('\n');
        // A byte of the source as a byte of the sheet.
        let here = |at: usize| {
            let within = at.saturating_sub(span.start as usize).clamp(from, to.max(from));
            shift.saturating_add(shown_line(line.get(from..within).unwrap_or("")).len()).min(shown_end)
        };
        for place in places {
            if place.first == number {
                let start = here(place.start);
                let end = if place.last == number { here(place.end) } else { shown_end };
                let width =
                    self.text.get(start..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
                place.label = Some(self.labels.len());
                self.labels.push((shown(place.text).into_owned(), start, end.max(start + width)));
            } else if place.last == number
                && let Some(label) = place.label.and_then(|at| self.labels.get_mut(at))
            {
                label.2 = here(place.end).max(label.2);
            }
        }
        let cut = line.get(..from).map_or(0, |before| before.chars().count());
        piece.lines.push(ShownLines { start, end: self.text.len(), number: number.saturating_sub(1), cut });
    }
}

/// A line of a source, where a tab is room.
fn shown_line(line: &str) -> String {
    line.split('\t').map(shown).collect::<Vec<_>>().join("\t")
}

/// The byte `n` characters before another, or 0.
fn back(line: &str, at: usize, n: usize) -> usize {
    let before = line.get(..at).unwrap_or(line);
    before.char_indices().rev().nth(n.saturating_sub(1)).map_or(0, |(at, _)| at)
}

impl<'d> MarkedPlace<'d> {
    /// A span wherever it may point, as a place in the text: on signs, not between the bytes of one; the end of the
    /// text is behind its last word.
    fn of(source: &Source, id: SourceId, span: Span, text: &'d str) -> MarkedPlace<'d> {
        let length = source.text.len();
        let written = source.text.trim_end().len();
        let mut start = (span.start as usize).min(length);
        let mut end = (span.end as usize).clamp(start, length);
        if start >= length {
            (start, end) = (written, written);
        }
        while !source.text.is_char_boundary(start) {
            start = start.saturating_sub(1);
        }
        while !source.text.is_char_boundary(end) {
            end += 1;
        }
        let line_of = |at: usize| source.line_column(u32::try_from(at).unwrap_or(u32::MAX)).0;
        let first = line_of(start);
        // A place that ends with a newline ends on the line before.
        let mut last = line_of(end).max(first);
        let line_end = |line: usize| source.line_span(id, line).end as usize;
        if last > first && end <= source.line_span(id, last).start as usize {
            last -= 1;
            end = line_end(last).max(start);
        }
        if last - first >= TALL {
            last = first;
            end = line_end(first).max(start);
        }
        MarkedPlace { text, first, last, start, end, label: None }
    }
}

impl miette::SourceCode for Sheet {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn miette::SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        let found = self.pieces.iter().find_map(|piece| {
            let on = |at: usize| piece.lines.iter().position(|line| line.start <= at && at < line.end);
            // The byte before the end: a span may take in the newline.
            Some((piece, on(start)?, on(end.saturating_sub(1).max(start))?))
        });
        let (piece, first, last) = found.ok_or(MietteError::OutOfBounds)?;
        let from = piece.lines.get(first.saturating_sub(before)).or(piece.lines.first());
        let to = piece.lines.get(last.saturating_add(after)).or(piece.lines.last());
        let (Some(from), Some(to)) = (from, to) else { return Err(MietteError::OutOfBounds) };
        // Asked without context, miette wants to know where the span itself stands.
        let (begin, column) = if before == 0 {
            let line = self.text.get(from.start..start).unwrap_or("");
            // The `…` stands for what is cut.
            let ellipsis = usize::from(from.cut > 0);
            (start, line.chars().count().saturating_add(from.cut).saturating_sub(ellipsis))
        } else {
            (from.start, 0)
        };
        let data = self.text.get(begin..to.end).unwrap_or("").as_bytes();
        let span = SourceSpan::from((begin, data.len()));
        let lines = to.number.saturating_sub(from.number).saturating_add(1);
        let name = piece.name.clone();
        Ok(Box::new(MietteSpanContents::new_named(name, data, span, from.number, column, lines)))
    }
}

#[cfg(test)]
mod tests;
