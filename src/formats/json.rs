//! JSON as RFC 8259 has it: no comments, no trailing commas. Every value is looked at as the slice of text it is, so
//! that `8703.20` keeps its zero and every word its place.

use super::doc::{self, Doc, plain, quoted, too_deep};
use crate::diag::Diagnostic;
use crate::sheet::{Form, Written};
use crate::sheet::{malformed, point};
use crate::text::{SourceId, Span};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The first error ends the reading.
pub fn read(source: SourceId, text: &str) -> Result<Doc, Diagnostic> {
    let reader = JsonReader { source, text };
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let value = serde_json::from_str::<&RawValue>(body).map_err(|error| reader.error(body, &error))?;
    reader.value(value.get(), 0)
}

struct JsonReader<'a> {
    source: SourceId,
    text: &'a str,
}

impl<'a> JsonReader<'a> {
    fn value(&self, slice: &'a str, depth: usize) -> Result<Doc, Diagnostic> {
        let span = self.span(slice);
        if depth > doc::DEPTH {
            return Err(too_deep(span));
        }
        match slice.bytes().next() {
            Some(b'{') => {
                let Entries(entries) = self.parse(slice)?;
                let each = entries
                    .into_iter()
                    .map(|(key, value)| Ok((self.scalar(key.get())?, self.value(value.get(), depth + 1)?)));
                Ok(Doc::Map(each.collect::<Result<_, Diagnostic>>()?, span))
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = self.parse(slice)?;
                let each = items.into_iter().map(|item| self.value(item.get(), depth + 1));
                Ok(Doc::List(each.collect::<Result<_, Diagnostic>>()?, span))
            }
            _ => Ok(Doc::Scalar(self.scalar(slice)?)),
        }
    }

    fn scalar(&self, slice: &'a str) -> Result<Written<'static>, Diagnostic> {
        let span = self.span(slice);
        let (start, end) = (span.start as usize, span.end as usize);
        if slice.starts_with('"') {
            return Ok(quoted(self.source, self.text, start, end, self.parse(slice)?));
        }
        let mut written = plain(self.source, self.text, start, end, slice.to_string());
        if slice == "null" {
            written.form = Form::Null;
        }
        Ok(written)
    }

    fn parse<T: Deserialize<'a>>(&self, slice: &'a str) -> Result<T, Diagnostic> {
        serde_json::from_str(slice).map_err(|error| self.error(slice, &error))
    }

    /// Where a slice of the text stands in it.
    fn span(&self, slice: &str) -> Span {
        let start = (slice.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        Span::new(self.source, start, start.saturating_add(slice.len()))
    }

    fn error(&self, slice: &str, error: &serde_json::Error) -> Diagnostic {
        let above =
            slice.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
        let at = self.span(slice).start as usize + above + error.column().saturating_sub(1);
        if let Some(cure) = self.cure(at) {
            return cure;
        }
        let message = error.to_string();
        let message = message
            .split(" at line ")
            .next()
            .unwrap_or("")
            .replace("EOF while parsing", "the text ends inside");
        malformed("JSON", point(self.source, self.text, at), message)
    }

    /// What other dialects have and JSON has not.
    fn cure(&self, at: usize) -> Option<Diagnostic> {
        let before = self.text.get(..at)?.trim_end();
        let rest = self.text.get(at..)?;
        if rest.starts_with(['}', ']']) && before.ends_with(',') {
            let comma = before.len().saturating_sub(1);
            let span = Span::new(self.source, comma, before.len());
            let said = malformed("JSON", span, "a trailing comma: nothing follows it");
            return Some(said.fix(span, "").help("delete the comma"));
        }
        let comment = rest.starts_with("//") || rest.starts_with("/*") || rest.starts_with('#');
        comment.then(|| {
            malformed("JSON", point(self.source, self.text, at), "JSON has no comments")
                .help("delete the comment, or write the facts as YAML, where `#` begins one")
        })
    }
}

/// An object with its keys as written, also those that stand twice.
struct Entries<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Entries<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<'de>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Visit)
    }
}
