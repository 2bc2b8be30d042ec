//! CSV as RFC 4180 has it, strictly: cells between commas (or what the dialect has for them), lines of one length, quotes
//! around a whole cell or nowhere. Spaces around a cell without quotes are no part of it; blank lines are no records, cells
//! of blanks are empty; `#` is a sign like any other.

use super::{DecimalMark, Dialect, Form, Records, Visit, Written, malformed, point};
use crate::diag::{Diagnostic, count};
use crate::text::{SourceId, Span};
use memchr::{memchr, memchr3};
use std::borrow::Cow;

/// A table of records in memory, read over and over without copying it.
#[derive(Clone, Copy, Debug)]
pub struct Csv<'a> {
    pub source: SourceId,
    pub text: &'a str,
    /// What its numbers have before their decimals, where that was found before it was parted; none: as its parts show.
    pub decimals: Option<DecimalMark>,
}

impl<'a> Records for Csv<'a> {
    fn header(&self) -> Result<Vec<Written<'_>>, Diagnostic> {
        self.lines().header()
    }

    fn decimals(&self) -> Option<DecimalMark> {
        let own = Dialect::of(self.text.as_bytes()).0.decimals;
        self.decimals.or((own != DecimalMark::Unsaid).then_some(own))
    }

    fn each(&self, visit: &mut Visit<'_>) {
        let mut lines = self.lines();
        let mut cells = Vec::new();
        // The header; what is wrong with it, `header` says.
        let Ok(true) = lines.next(&mut cells) else { return };
        lines.records(cells.len(), visit);
    }
}

impl<'a> Csv<'a> {
    pub fn dialect(&self) -> Dialect {
        Dialect::of(self.text.as_bytes()).0
    }

    fn lines(&self) -> CsvRecords<'a> {
        let (dialect, at) = Dialect::of(self.text.as_bytes());
        CsvRecords::new(self.source, self.text, at, dialect)
    }
}

/// Some of the records of a table, one after the other.
#[derive(Clone, Copy, Debug)]
pub struct CsvPart<'a> {
    all: Csv<'a>,
    /// Where its first line begins, and where the line after its last does.
    from: usize,
    to: usize,
}

impl<'a> Csv<'a> {
    /// The records in parts of so many. What is wrong with a record is said when its part is read.
    pub fn parts(self, records: usize) -> impl Iterator<Item = CsvPart<'a>> {
        let mut lines = self.lines();
        let mut cells = Vec::new();
        let mut more = matches!(lines.next(&mut cells), Ok(true));
        std::iter::from_fn(move || {
            let from = lines.at;
            let mut count = 0;
            while more && count < records {
                // A line that cannot be read is passed over here.
                more = !matches!(lines.next(&mut cells), Ok(false)) && lines.at < self.text.len();
                count += 1;
            }
            (from < lines.at).then_some(CsvPart { all: self, from, to: lines.at })
        })
    }
}

impl CsvPart<'_> {
    /// How far into the text it goes.
    pub fn end(&self) -> usize {
        self.to
    }
}

impl Records for CsvPart<'_> {
    fn header(&self) -> Result<Vec<Written<'_>>, Diagnostic> {
        self.all.header()
    }

    fn decimals(&self) -> Option<DecimalMark> {
        self.all.decimals()
    }

    fn each(&self, visit: &mut Visit<'_>) {
        let columns = self.header().map_or(0, |header| header.len());
        let text = self.all.text.get(..self.to).unwrap_or("");
        let mut lines = CsvRecords::new(self.all.source, text, self.from, self.all.dialect());
        lines.records(columns, visit);
    }
}

/// The lines of a text one after the other, each with its cells.
#[derive(Debug)]
pub struct CsvRecords<'a> {
    source: SourceId,
    text: &'a str,
    separator: u8,
    /// Where the next line begins.
    at: usize,
    /// A quote was not closed: nothing that follows can be told apart.
    unclosed: bool,
}

impl<'a> CsvRecords<'a> {
    /// From a place in a text on.
    pub fn new(source: SourceId, text: &'a str, at: usize, dialect: Dialect) -> CsvRecords<'a> {
        CsvRecords { source, text, separator: dialect.separator, at, unclosed: false }
    }

    /// The headings: the cells of the first line.
    ///
    /// # Errors
    /// There is none, it cannot be read, or a title stands above it.
    pub fn header(&mut self) -> Result<Vec<Written<'a>>, Diagnostic> {
        let mut header = Vec::new();
        if !self.next(&mut header)? {
            return Err(malformed("CSV", Span::new(self.source, 0, 0), "there is no line of column names"));
        }
        let mut after = Vec::new();
        let mut ahead = CsvRecords { ..*self };
        if let ([title, blank @ ..], Ok(true)) = (header.as_slice(), ahead.next(&mut after))
            && blank.iter().all(|cell| cell.form == Form::Null)
            && after.iter().filter(|cell| cell.form != Form::Null).count() > 1
        {
            let said = malformed("CSV", title.span, "a title stands above the line of column names");
            return Err(said.help("delete the lines above the column names"));
        }
        Ok(header)
    }

    /// Where the next line begins.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Whether a quote was not closed.
    pub fn unclosed(&self) -> bool {
        self.unclosed
    }

    /// Passes blank lines over.
    pub fn skip_blank(&mut self) {
        loop {
            let rest = self.rest();
            // Most lines begin with a letter or a digit.
            if rest.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric()) {
                return;
            }
            let end = memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
            if !rest.get(..end).unwrap_or("").trim().is_empty() {
                return;
            }
            self.at += end;
            if self.at >= self.text.len() {
                return;
            }
            self.at += 1;
        }
    }

    /// Every line from here on, until `visit` breaks off.
    fn records(&mut self, columns: usize, visit: &mut Visit<'_>) {
        let mut cells = Vec::new();
        loop {
            let record = match self.next(&mut cells) {
                Ok(false) => return,
                Ok(true) if cells.len() != columns => Err(self.ragged(&cells, columns)),
                Ok(true) => Ok(cells.as_slice()),
                Err(error) => Err(error),
            };
            if visit(record).is_break() {
                return;
            }
        }
    }

    /// The cells of the next line that is not blank; false at the end. After an error the next line can be read, or,
    /// where a quote never closes, nothing is left.
    pub fn next(&mut self, cells: &mut Vec<Written<'a>>) -> Result<bool, Diagnostic> {
        cells.clear();
        self.skip_blank();
        if self.at >= self.text.len() {
            return Ok(false);
        }
        loop {
            let cell = if self.rest().starts_with('"') { self.quoted() } else { self.plain() };
            match cell {
                Ok(cell) => cells.push(cell),
                Err(error) => {
                    self.at += self.rest().find('\n').map_or(self.rest().len(), |end| end + 1);
                    return Err(error);
                }
            }
            let after = self.rest();
            if after.as_bytes().first() == Some(&self.separator) {
                self.at += 1;
            } else {
                let end = if after.starts_with("\r\n") { 2 } else { after.len().min(1) };
                self.at += end;
                return Ok(true);
            }
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// A cell without quotes, up to its comma or the end of its line.
    fn plain(&mut self) -> Result<Written<'a>, Diagnostic> {
        let rest = self.rest();
        // Of wide tables most cells are empty.
        if rest.as_bytes().first() == Some(&self.separator) {
            return Ok(self.written(Cow::Borrowed(""), self.at, self.at, self.at, Form::Null));
        }
        let end = memchr3(self.separator, b'\n', b'"', rest.as_bytes()).unwrap_or(rest.len());
        let cell = rest.get(..end).unwrap_or("");
        let after = rest.as_bytes().get(end).copied();
        let cell = if after == Some(self.separator) { cell } else { cell.strip_suffix('\r').unwrap_or(cell) };
        if after == Some(b'"') {
            let span = point(self.source, self.text, self.at + end);
            return Err(malformed("CSV", span, "a quote inside a cell that does not begin with one").help(
                "put the whole cell in quotes and write every quote inside it twice: `\"a \"\"b\"\" c\"`",
            ));
        }
        // Most cells have nothing around them.
        let ends = [cell.as_bytes().first(), cell.as_bytes().last()];
        let bare = ends.iter().all(|end| end.is_some_and(u8::is_ascii_graphic));
        let text = if bare { cell } else { cell.trim() };
        let before = if bare { 0 } else { cell.len() - cell.trim_start().len() };
        let start = self.at + before.min(cell.len() - text.len());
        self.at += cell.len();
        let form = if text.is_empty() { Form::Null } else { Form::Plain };
        Ok(self.written(Cow::Borrowed(text), start, start + text.len(), start, form))
    }

    /// A cell in quotes, and what must follow it.
    fn quoted(&mut self) -> Result<Written<'a>, Diagnostic> {
        let start = self.at;
        let mut end = start + 1;
        let mut doubled = false;
        loop {
            let Some(quote) = self.text.get(end..).and_then(|rest| memchr(b'"', rest.as_bytes())) else {
                self.at = self.text.len();
                self.unclosed = true;
                return Err(malformed(
                    "CSV",
                    point(self.source, self.text, start),
                    "this quote never closes",
                )
                .help("a cell in quotes ends with a quote; a quote inside it is written twice"));
            };
            end += quote + 1;
            if !self.text.get(end..).is_some_and(|rest| rest.starts_with('"')) {
                break;
            }
            doubled = true;
            end += 1;
        }
        self.at = end;
        let after = self.rest();
        if !(after.is_empty()
            || after.starts_with([char::from(self.separator), '\n'])
            || after.starts_with("\r\n"))
        {
            return Err(malformed(
                "CSV",
                point(self.source, self.text, end),
                "the cell goes on after its closing quote",
            )
            .help("a quote inside a cell is written twice: `\"a \"\"b\"\" c\"`"));
        }
        let inner = self.text.get(start + 1..end - 1).unwrap_or("");
        let text = if doubled { Cow::Owned(inner.replace("\"\"", "\"")) } else { Cow::Borrowed(inner) };
        let form = if text.trim().is_empty() { Form::Null } else { Form::Quoted };
        Ok(self.written(text, start, end, start + 1, form))
    }

    fn written(&self, text: Cow<'a, str>, start: usize, end: usize, at: usize, form: Form) -> Written<'a> {
        let at = if matches!(text, Cow::Borrowed(_)) { u32::try_from(at).ok() } else { None };
        Written { text, span: Span::new(self.source, start, end), at, form }
    }

    pub fn ragged(&self, cells: &[Written<'_>], columns: usize) -> Diagnostic {
        let span = match cells {
            [first, .., last] => first.span.to(last.span),
            [only] => only.span,
            [] => Span::new(self.source, self.at, self.at),
        };
        let found = count(cells.len(), "cell");
        malformed("CSV", span, format!("this line has {found}, the header {}", count(columns, "column")))
            .help("a cell with a comma in it stands in quotes; a cell that is unknown is left empty")
    }
}
