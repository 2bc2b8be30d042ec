//! Single statements: `name=value` on the command line, `set` in a program.

use crate::facts::{Entry, Stated};
use crate::sheet::{Form, Written};
use crate::text::{SourceId, Sources, Span};
use crate::tree::Name;

/// What is stated of one name, in a source of its own that is called so.
pub fn setting(called: &str, sources: &mut Sources, (name, value): (&str, &str)) -> Entry<'static> {
    let source = sources.add(called, format!("{name}={value}"));
    let shown = name.trim();
    let lead = name.len().saturating_sub(name.trim_start().len());
    let span = Span::new(source, lead, lead.saturating_add(shown.len()));
    let value = word_at(source, name.len().saturating_add(1), value);
    Entry { name: Name { text: shown.to_string(), span }, value: Stated::Text(value) }
}

/// A word that stands at a place of a source, without the space around it; nothing is `null`.
pub fn word_at(source: SourceId, start: usize, text: &str) -> Written<'static> {
    let start = start.saturating_add(text.len().saturating_sub(text.trim_start().len()));
    let text = text.trim();
    let span = Span::new(source, start, start.saturating_add(text.len()));
    let form = if text.is_empty() { Form::Null } else { Form::Plain };
    Written { text: text.to_string().into(), span, at: Some(span.start), form }
}
