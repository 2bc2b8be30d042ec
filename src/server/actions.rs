//! What mends a message: its fixes, each as an action.

use super::documents::OpenTexts;
use super::edits::FileEdits;
use super::view::PolicyView;
use crate::diag::Diagnostic;
use crate::text::SourceId;
use gen_lsp_types::{CodeAction, CodeActionKind, Range};

/// The fixes of the messages at a place; `said` are those of the text and those about facts.
pub(super) fn fixes(
    view: &PolicyView,
    said: &[Diagnostic],
    (source, at): (SourceId, Range),
    texts: &OpenTexts<'_>,
) -> Vec<CodeAction> {
    let here = |one: &&Diagnostic| {
        let Some(span) = one.span().map(|span| view.sources.origin(span)) else { return false };
        let range = view.range(span);
        span.source == source && range.start <= at.end && at.start <= range.end
    };
    let mut actions = Vec::new();
    for one in said.iter().filter(here) {
        for fix in &one.fixes {
            let Some(edits) = FileEdits::of_fix(view, fix) else { continue };
            actions.push(CodeAction {
                title: capital(&fix.title),
                kind: Some(CodeActionKind::QuickFix),
                diagnostics: None,
                is_preferred: Some(fix.safe),
                disabled: None,
                edit: Some(edits.for_editor(texts)),
                command: None,
                data: None,
                tags: None,
            });
        }
    }
    actions
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
