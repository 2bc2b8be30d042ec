//! What people write in cells: words with their places, and the records of a table of them.

mod csv;
mod dialect;
mod numbers;

pub use csv::{Csv, CsvPart, CsvRecords};
pub use dialect::Dialect;
pub use numbers::{DecimalEvidence, DecimalMark, NumberTrouble, ungrouped};

use crate::diag::{Code, Diagnostic};
use crate::text::{SourceId, Span};
use crate::tree::Name;
use std::borrow::Cow;
use std::ops::ControlFlow;

/// A word or text as it stands in a file.
#[derive(Clone, Debug)]
pub struct Written<'a> {
    /// Without quotes and escapes.
    pub text: Cow<'a, str>,
    /// With its quotes.
    pub span: Span,
    /// Where `text` begins in the source, if it stands there byte for byte.
    pub at: Option<u32>,
    pub form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Plain,
    Quoted,
    /// Nothing at all, or `null`.
    Null,
}

impl Written<'_> {
    pub fn name(&self) -> Name {
        Name { text: self.text.to_string(), span: self.span }
    }
}

/// A long table whose rows come one by one, with the same cells in each.
pub trait Records: std::fmt::Debug {
    /// The names of the columns.
    fn header(&self) -> Result<Vec<Written<'_>>, Diagnostic>;

    /// What its numbers have before their decimals; none: that is for them to show.
    fn decimals(&self) -> Option<DecimalMark>;

    /// Every record, one cell to a column; or what is wrong with it. Until `visit` breaks off.
    fn each(&self, visit: &mut Visit<'_>);
}

/// What is done with a record.
pub type Visit<'v> = dyn FnMut(Result<&[Written<'_>], Diagnostic>) -> ControlFlow<()> + 'v;

/// A text that is not as its format has it.
pub fn malformed(format: &str, span: Span, what: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::error(Code::FactsSyntax, span, format!("this is not well-formed {format}: {what}"))
        .help("the cause may stand a little before: a bracket or quote that was never closed, a missing comma or space")
}

/// A place of one character at `at`, moved to where a character begins.
pub fn point(source: SourceId, text: &str, at: usize) -> Span {
    let mut start = at.min(text.len());
    while start > 0 && !text.is_char_boundary(start) {
        start -= 1;
    }
    let width = text
        .get(start..)
        .and_then(|rest| rest.chars().next())
        .filter(|c| *c != '\n')
        .map_or(0, char::len_utf8);
    Span::new(source, start, start + width)
}

/// Quotes stand around a cell where it would else be read as several, or as another.
pub fn push_cell(text: &mut String, cell: &str) {
    if cell.contains(['"', ',', ';', '\t', '\n', '\r']) || cell.trim() != cell {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(cell);
    }
}
