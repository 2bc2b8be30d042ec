//! A facts file before anybody knows what its words mean.

use crate::diag::{Code, Diagnostic, tick};
use crate::sheet::{Form, Written};
use crate::text::{SourceId, Span};

/// How deep maps and lists may be nested; a facts file needs seven.
pub(super) const DEPTH: usize = 32;

/// Maps, lists and the words in them, each with its place; the same for YAML, JSON and TOML.
#[derive(Clone, Debug)]
pub enum Doc {
    Map(Vec<(Written<'static>, Doc)>, Span),
    List(Vec<Doc>, Span),
    Scalar(Written<'static>),
}

impl Doc {
    pub fn span(&self) -> Span {
        match self {
            Doc::Map(_, span) | Doc::List(_, span) => *span,
            Doc::Scalar(written) => written.span,
        }
    }

    /// Nothing, or `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Doc::Scalar(Written { form: Form::Null, .. }))
    }
}

/// A text in quotes at `start..end` of the source, read as `text`.
pub(super) fn quoted(
    source: SourceId,
    all: &str,
    start: usize,
    end: usize,
    text: String,
) -> Written<'static> {
    let inner = all.get(start.saturating_add(1)..end.saturating_sub(1));
    let at = if inner == Some(text.as_str()) { u32::try_from(start.saturating_add(1)).ok() } else { None };
    Written { text: text.into(), span: Span::new(source, start, end), at, form: Form::Quoted }
}

/// A word without quotes at `start..end` of the source, read as `text`.
pub(super) fn plain(source: SourceId, all: &str, start: usize, end: usize, text: String) -> Written<'static> {
    let at = if all.get(start..end) == Some(text.as_str()) { u32::try_from(start).ok() } else { None };
    Written { text: text.into(), span: Span::new(source, start, end), at, form: Form::Plain }
}

pub(super) fn key_twice(key: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::StatedTwice, span, format!("{} stands twice", tick(key)))
        .here("a second time")
        .help("keep one; values from several days stand in one list")
}

pub(super) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error(Code::TooDeep, span, format!("maps and lists are nested more than {DEPTH} deep"))
        .help("a facts file needs no more than seven: `rows`, a table, a row, a field, its values")
}
