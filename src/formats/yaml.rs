//! YAML, without anchors, aliases, tags, directives, merge keys and second documents: plain data only.

use super::doc::{self, Doc, plain, quoted, too_deep};
use crate::diag::{Code, Diagnostic};
use crate::sheet::{Form, Written};
use crate::sheet::{malformed, point};
use crate::text::{SourceId, Span};
use granit_parser::{Event, Options, Parser, ScalarStyle, Span as Range, StrInput};

/// The first error ends the reading.
pub fn read(source: SourceId, text: &str) -> Result<Doc, Diagnostic> {
    let mut options = Options::default();
    options.strict_indentation = true;
    options.disallow_directives = true;
    options.emit_unresolved_aliases = true;
    let parser = Parser::new_from_str_with_options(text, options);
    YamlReader { source, text, parser }.document()
}

struct YamlReader<'a> {
    source: SourceId,
    text: &'a str,
    parser: Parser<'a, StrInput<'a>>,
}

impl<'a> YamlReader<'a> {
    fn document(mut self) -> Result<Doc, Diagnostic> {
        let mut root = None;
        loop {
            let (event, range) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::StreamStart | Event::DocumentEnd => {}
                Event::DocumentStart(..) if root.is_some() => return Err(several(self.span(range))),
                Event::DocumentStart(..) => {
                    let (event, range) = self.next()?;
                    root = Some(self.node(event, range, 0)?);
                }
                _ => return Err(malformed("YAML", self.span(range), "nothing may stand here")),
            }
        }
        Ok(root.unwrap_or_else(|| Doc::Map(Vec::new(), Span::new(self.source, 0, 0))))
    }

    fn next(&mut self) -> Result<(Event<'a>, Range), Diagnostic> {
        match self.parser.next_event() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => {
                let at = error.marker().byte_offset().unwrap_or(self.text.len());
                let said = malformed("YAML", point(self.source, self.text, at), error.info());
                // A tab is as wide as somebody's editor has it.
                let tab = self
                    .text
                    .get(at.saturating_sub(1)..)
                    .is_some_and(|rest| rest.get(..2).unwrap_or(rest).contains('\t'));
                Err(if tab { said.help("indent with spaces, not with tabs") } else { said })
            }
            None => Ok((Event::StreamEnd, Range::default())),
        }
    }

    /// What comes next in a map or list that begins at `start`; where it fails, the bracket that is open is shown too.
    fn inside(&mut self, start: Range) -> Result<(Event<'a>, Range), Diagnostic> {
        self.next().map_err(|error| {
            let at = self.span(start).start as usize;
            match self.text.get(at..).is_some_and(|text| text.starts_with(['[', '{'])) {
                true => error.also(point(self.source, self.text, at), "this bracket is open here"),
                false => error,
            }
        })
    }

    fn node(&mut self, event: Event<'a>, range: Range, depth: usize) -> Result<Doc, Diagnostic> {
        if depth > doc::DEPTH {
            return Err(too_deep(self.span(range)));
        }
        self.only_data(&event, range)?;
        match event {
            Event::Scalar(text, style, ..) => Ok(Doc::Scalar(self.scalar(&text, style, range))),
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                loop {
                    match self.inside(range)? {
                        (Event::SequenceEnd, end) => return Ok(Doc::List(items, self.whole(range, end))),
                        (event, item) => items.push(self.node(event, item, depth + 1)?),
                    }
                }
            }
            Event::MappingStart(..) => {
                let mut entries = Vec::new();
                loop {
                    let key = match self.inside(range)? {
                        (Event::MappingEnd, end) => return Ok(Doc::Map(entries, self.whole(range, end))),
                        (event, key) => self.key(event, key)?,
                    };
                    let (event, value) = self.inside(range)?;
                    entries.push((key, self.node(event, value, depth + 1)?));
                }
            }
            _ => Err(malformed("YAML", self.span(range), "a value is missing")),
        }
    }

    fn key(&mut self, event: Event<'a>, range: Range) -> Result<Written<'static>, Diagnostic> {
        self.only_data(&event, range)?;
        match event {
            Event::Scalar(text, style, ..) => {
                let key = self.scalar(&text, style, range);
                match key.form {
                    Form::Plain if key.text == "<<" => Err(not_data(key.span, "a merge key")),
                    Form::Null if key.text.is_empty() => {
                        Err(malformed("YAML", key.span, "a name is missing before the `:`"))
                    }
                    _ => Ok(key),
                }
            }
            _ => Err(malformed("YAML", self.span(range), "a name before a `:` is one word or text")),
        }
    }

    /// Refuses what would make one place of the file mean another.
    fn only_data(&self, event: &Event<'a>, range: Range) -> Result<(), Diagnostic> {
        let span = self.span(range);
        if event.is_alias() || matches!(event, Event::UnresolvedAlias(_)) {
            return Err(not_data(span, "an alias"));
        }
        if event.anchor_id().is_some() {
            return Err(not_data(span, "an anchor"));
        }
        if event.tag().is_some() {
            return Err(not_data(range.tag_span().map_or(span, |tag| self.span(tag)), "a tag"));
        }
        Ok(())
    }

    fn scalar(&self, text: &str, style: ScalarStyle, range: Range) -> Written<'static> {
        let span = self.span(range);
        let (start, end) = (span.start as usize, span.end as usize);
        match style {
            ScalarStyle::Plain => {
                let mut written = plain(self.source, self.text, start, end, text.to_string());
                if matches!(text, "" | "~" | "null" | "Null" | "NULL") {
                    written.form = Form::Null;
                }
                written
            }
            _ => quoted(self.source, self.text, start, end, text.to_string()),
        }
    }

    fn span(&self, range: Range) -> Span {
        let range = range.byte_range().unwrap_or(0..0);
        Span::new(self.source, range.start, range.end)
    }

    /// From the start of a map or list to its last sign.
    fn whole(&self, start: Range, end: Range) -> Span {
        let (start, end) = (self.span(start).start as usize, self.span(end).end as usize);
        let length = self.text.get(start..end).map_or(0, |text| text.trim_end().len());
        Span::new(self.source, start, start + length)
    }
}

fn not_data(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error(Code::NotPlainData, span, format!("{what} cannot stand in a facts file"))
        .here("here one place of the file would change another")
        .help("write the value out; a text that begins with `&`, `*` or `!` stands in quotes")
}

fn several(span: Span) -> Diagnostic {
    Diagnostic::error(Code::NotPlainData, span, "a second document begins here")
        .help("a facts file is one document; take this `---` away, or use a file for each")
}
