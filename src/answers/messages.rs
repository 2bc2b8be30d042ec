//! What is said about the input, for programs. The schema is `docs/schema/messages.json`.

use crate::diag::{Diagnostic, Fix, Label, Severity};
use crate::text::{Position, Sources, Span};
use serde::Serialize;

/// A message with its places, apart from the texts it is about.
#[derive(Clone, Debug, Serialize)]
pub struct MessageDoc {
    pub code: &'static str,
    pub severity: &'static str,
    pub message: String,
    pub help: Option<String>,
    /// The main place; none: it is about no text.
    #[serde(flatten)]
    pub place: PlaceDoc,
    /// All places with what is said there, the main one first.
    pub labels: Vec<LabelDoc>,
    /// The likeliest first.
    pub fixes: Vec<FixDoc>,
}

#[derive(Clone, Debug, Serialize)]
pub struct PlaceDoc {
    pub file: Option<String>,
    pub start: Option<PositionDoc>,
    pub end: Option<PositionDoc>,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct PositionDoc {
    /// None: the text is a part of a file of which it is not known where it begins.
    pub byte: Option<u32>,
    pub line: usize,
    pub column: usize,
    pub utf16: usize,
}

#[derive(Clone, Debug, Serialize)]
pub struct LabelDoc {
    #[serde(flatten)]
    pub place: PlaceDoc,
    pub says: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct FixDoc {
    pub title: String,
    pub safe: bool,
    pub edits: Vec<EditDoc>,
}

#[derive(Clone, Debug, Serialize)]
pub struct EditDoc {
    #[serde(flatten)]
    pub place: PlaceDoc,
    pub text: String,
}

/// What is said when there is no answer.
#[derive(Debug, Serialize)]
pub struct MessagesDoc<'a> {
    pub diagnostics: &'a [MessageDoc],
    /// How many more there are.
    pub more: usize,
}

/// A message as data.
pub fn message(said: &Diagnostic, sources: &Sources) -> MessageDoc {
    let label =
        |label: &Label| LabelDoc { place: place(Some(label.span), sources), says: label.text.clone() };
    MessageDoc {
        code: said.code.as_str(),
        severity: match said.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: said.message.clone(),
        help: said.help.clone(),
        place: place(said.span(), sources),
        labels: said.labels.iter().map(label).collect(),
        fixes: said.fixes.iter().map(|one| fix(one, sources)).collect(),
    }
}

fn fix(fix: &Fix, sources: &Sources) -> FixDoc {
    let edits = fix.edits.iter();
    let edits = edits.map(|edit| EditDoc { place: place(Some(edit.span), sources), text: edit.text.clone() });
    FixDoc { title: fix.title.clone(), safe: fix.safe, edits: edits.collect() }
}

pub(super) fn place(span: Option<Span>, sources: &Sources) -> PlaceDoc {
    let span = span.map(|span| sources.origin(span));
    let found = span.and_then(|span| Some((span, sources.get(span.source)?)));
    let position =
        |at: Position| PositionDoc { byte: at.byte, line: at.line, column: at.column, utf16: at.utf16 };
    PlaceDoc {
        file: found.map(|(_, source)| source.name.clone()),
        start: found.map(|(span, source)| position(source.position(span.start))),
        end: found.map(|(span, source)| position(source.position(span.end))),
    }
}

/// The document of a command that has no answer, with a line feed at its end.
pub fn messages(diagnostics: &[MessageDoc], more: usize) -> String {
    written(&MessagesDoc { diagnostics, more })
}

/// A document as text, with a line feed at its end.
pub(super) fn written(document: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}
