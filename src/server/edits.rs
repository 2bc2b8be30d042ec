//! Edits of files, as editors take them.

use super::documents::OpenTexts;
use super::view::PolicyView;
use crate::diag::Fix;
use crate::text::Span;
use gen_lsp_types::{
    DocumentChange, Edit, OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextDocumentIdentifier,
    TextEdit, WorkspaceEdit,
};
use std::collections::BTreeMap;

/// Edits of several files, by path.
#[derive(Default)]
pub(super) struct FileEdits {
    files: BTreeMap<String, Vec<TextEdit>>,
}

impl FileEdits {
    /// New words in place of those at a span; each place is changed once.
    pub fn add(&mut self, view: &PolicyView, span: Span, new_text: &str) -> Option<()> {
        let span = view.sources.origin(span);
        let source = view.sources.get(span.source)?;
        let edit = TextEdit { range: view.unit.range(source, span), new_text: new_text.to_string() };
        let edits = self.files.entry(source.name.clone()).or_default();
        if !edits.contains(&edit) {
            edits.push(edit);
        }
        Some(())
    }

    /// The edits of a fix; none: one of them does not stand in a file as it is.
    pub fn of_fix(view: &PolicyView, fix: &Fix) -> Option<FileEdits> {
        let mut edits = FileEdits::default();
        for edit in &fix.edits {
            let span = view.sources.origin(edit.span);
            // An amended text says elsewhere what stands here.
            if view.sources.text(edit.span) != view.sources.text(span) {
                return None;
            }
            edits.add(view, span, &edit.text)?;
        }
        Some(edits)
    }

    pub fn paths(&self) -> impl Iterator<Item = (&String, &[TextEdit])> {
        self.files.iter().map(|(path, edits)| (path, edits.as_slice()))
    }

    pub fn for_editor(self, texts: &OpenTexts<'_>) -> WorkspaceEdit {
        let change = |(path, edits): (String, Vec<TextEdit>)| {
            DocumentChange::TextDocumentEdit(TextDocumentEdit {
                text_document: OptionalVersionedTextDocumentIdentifier {
                    version: texts.get(&path).map(|open| open.version),
                    text_document_identifier: TextDocumentIdentifier { uri: texts.uri(&path) },
                },
                edits: edits.into_iter().map(Edit::TextEdit).collect(),
            })
        };
        let changes = self.files.into_iter().map(change).collect();
        WorkspaceEdit { changes: None, document_changes: Some(changes), change_annotations: None }
    }
}

/// The stretch in which two texts differ, and what stands there in the second.
pub(super) fn changed<'t>(before: &str, after: &'t str) -> (usize, usize, &'t str) {
    let same = |(a, b): &(char, char)| a == b;
    let start: usize =
        before.chars().zip(after.chars()).take_while(same).map(|(sign, _)| sign.len_utf8()).sum();
    let (rest, new) = (before.get(start..).unwrap_or(""), after.get(start..).unwrap_or(""));
    let end: usize =
        rest.chars().rev().zip(new.chars().rev()).take_while(same).map(|(sign, _)| sign.len_utf8()).sum();
    (start, before.len() - end, new.get(..new.len() - end).unwrap_or(""))
}
