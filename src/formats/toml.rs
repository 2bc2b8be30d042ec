//! TOML. Whatever is not in quotes (numbers, dates, `true`) is kept as it stands.

use super::doc::{Doc, key_twice, plain, quoted};
use crate::diag::Diagnostic;
use crate::sheet::Written;
use crate::sheet::malformed;
use crate::text::{SourceId, Span};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The first error ends the reading. The crate itself bounds the nesting.
pub fn read(source: SourceId, text: &str) -> Result<Doc, Diagnostic> {
    let reader = TomlReader { source, text };
    match DeTable::parse(text) {
        Ok(root) => Ok(Doc::Map(reader.entries(root.get_ref()), Span::new(source, 0, text.len()))),
        Err(error) => {
            let span = reader.span(error.span().unwrap_or(text.len()..text.len()));
            if error.message() == "duplicate key" {
                return Err(key_twice(text.get(span.start as usize..span.end as usize).unwrap_or(""), span));
            }
            if error.message().starts_with("string values must be quoted") {
                return Err(malformed("TOML", span, "a value must stand in quotes here")
                    .help("only numbers, dates, `true` and `false` stand without: `ceiling = \"15%\"`"));
            }
            Err(malformed("TOML", span, error.message()))
        }
    }
}

struct TomlReader<'a> {
    source: SourceId,
    text: &'a str,
}

impl TomlReader<'_> {
    fn entries(&self, table: &DeTable<'_>) -> Vec<(Written<'static>, Doc)> {
        table
            .iter()
            .map(|(key, value)| (self.word(key.span(), Some(key.get_ref())), self.value(value)))
            .collect()
    }

    fn value(&self, value: &Spanned<DeValue<'_>>) -> Doc {
        let range = value.span();
        match value.get_ref() {
            DeValue::Table(table) => Doc::Map(self.entries(table), self.span(range)),
            DeValue::Array(items) => {
                Doc::List(items.iter().map(|item| self.value(item)).collect(), self.span(range))
            }
            DeValue::String(text) => Doc::Scalar(self.word(range, Some(text))),
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {
                Doc::Scalar(self.word(range, None))
            }
        }
    }

    /// The word at a place; read as `text` if it is a string or a key.
    fn word(&self, range: Range<usize>, text: Option<&str>) -> Written<'static> {
        let raw = self.text.get(range.clone()).unwrap_or("");
        match text {
            Some(text) if raw.starts_with(['"', '\'']) => {
                quoted(self.source, self.text, range.start, range.end, text.to_string())
            }
            Some(text) => plain(self.source, self.text, range.start, range.end, text.to_string()),
            None => plain(self.source, self.text, range.start, range.end, raw.to_string()),
        }
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, range.start, range.end)
    }
}
