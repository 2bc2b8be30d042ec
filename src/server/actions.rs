//! What mends a message: its fixes, each as an action; of a conflict, which of the two rules is to stand above.

use super::documents::OpenTexts;
use super::edits::{FileEdits, changed};
use super::view::PolicyView;
use crate::diag::{Code, Diagnostic};
use crate::index::{NameId, NamePlace};
use crate::mend::mend;
use crate::syntax::{Token, scan};
use crate::text::{Overlay, SourceId, Span};
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
            if let Some(edits) = FileEdits::of_fix(view, fix) {
                actions.push(action(capital(&fix.title), edits, fix.safe, texts));
            }
        }
        if one.code == Code::Conflict {
            actions.extend(ranks(view, one, texts));
        }
    }
    actions
}

/// All that can mean one thing only, mended.
pub(super) fn fix_all(view: &PolicyView, texts: &OpenTexts<'_>) -> Option<CodeAction> {
    let mended = mend(&view.root, &mut Overlay::none(texts), false);
    let mut edits = FileEdits::default();
    for (path, (before, after)) in &mended.files {
        let (source, _) = view.source(path)?;
        let (start, end, new) = changed(before, after);
        edits.add(view, Span::new(source, start, end), new)?;
    }
    let kind = Some(CodeActionKind::SourceFixAll);
    let title = "Mend all that can mean one thing only".to_string();
    (mended.made > 0).then(|| CodeAction { kind, ..action(title, edits, true, texts) })
}

fn action(title: String, edits: FileEdits, safe: bool, texts: &OpenTexts<'_>) -> CodeAction {
    CodeAction {
        title,
        kind: Some(CodeActionKind::QuickFix),
        diagnostics: None,
        is_preferred: Some(safe),
        disabled: None,
        edit: Some(edits.for_editor(texts)),
        command: None,
        data: None,
        tags: None,
    }
}

/// Which of two rules wins, either way.
fn ranks(view: &PolicyView, conflict: &Diagnostic, texts: &OpenTexts<'_>) -> Vec<CodeAction> {
    let rules: Vec<(NameId, &NamePlace)> =
        conflict.labels.iter().filter_map(|label| rule_at(view, label.span)).collect();
    let [first, second] = rules.as_slice() else { return Vec::new() };
    let above = |upper: &(NameId, &NamePlace), lower: &(NameId, &NamePlace)| {
        let (place, words) = notwithstanding(view, upper.1, view.name(lower.0))?;
        let mut edits = FileEdits::default();
        edits.add(view, place, &words)?;
        let title = format!("Let `{}` stand above `{}`", view.name(upper.0), view.name(lower.0));
        Some(action(title, edits, false, texts))
    };
    [above(first, second), above(second, first)].into_iter().flatten().collect()
}

/// The rule in whose text a place is.
fn rule_at(view: &PolicyView, span: Span) -> Option<(NameId, &NamePlace)> {
    let span = view.sources.origin(span);
    view.index.order().heads().find_map(|(rule, _)| {
        let places = &view.index.get(rule)?.places;
        let around = |place: &&NamePlace| {
            let whole = place.whole;
            whole.source == span.source && whole.start <= span.start && span.end <= whole.end
        };
        Some((rule, places.iter().find(around)?))
    })
}

/// Where in a head it is written that the rule stands above another, and the words.
fn notwithstanding(view: &PolicyView, place: &NamePlace, lower: &str) -> Option<(Span, String)> {
    let head = view.sources.text(place.head);
    let tokens: Vec<Token> = scan(head).collect();
    let behind = |token: &Token| {
        let at = (place.head.start as usize).saturating_add(token.end);
        Span::new(place.head.source, at, at)
    };
    if let Some(list) = tokens.iter().find(|token| token.text(head) == "notwithstanding") {
        return Some((behind(list), format!(" {lower},")));
    }
    let colon = tokens.iter().rposition(|token| token.text(head) == ":")?;
    let last = tokens.get(colon.checked_sub(1)?)?;
    Some((behind(last), format!(" notwithstanding {lower}")))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
