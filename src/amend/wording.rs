//! What changes in the words of a declaration.

use super::ends;
use super::literals;
use crate::text::{Sources, Span};
use crate::tree::{Dated, Expr, ExprKind, Fact, Head, Item};

/// Words in place of others.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    pub instead: Span,
    pub words: String,
    /// Where these words stand, or what they come from.
    pub from: Span,
}

/// A first day in a head, in place of the one that is there.
pub(super) fn from(head: &Head, day: &Dated, sources: &Sources) -> Edit {
    let words = format!("from {}", ends::dated(day, sources));
    match head.from_span {
        Some(instead) => Edit { instead, words, from: day.day.span },
        None => behind(head.start, &words, day.day.span),
    }
}

/// An end in a head, in place of the one that is there.
pub(super) fn until(head: &Head, day: &Dated, sources: &Sources) -> Edit {
    let words = format!("until {}", ends::dated(day, sources));
    match head.until_span {
        Some(instead) => Edit { instead, words, from: day.day.span },
        None => behind(head.from_span.unwrap_or(head.start), &words, day.day.span),
    }
}

/// More words behind a place.
pub(super) fn behind(place: Span, words: &str, from: Span) -> Edit {
    Edit { instead: place.after(), words: format!(" {words}"), from }
}

/// The default of a fact.
pub(super) fn default(fact: &Fact, value: &Expr, sources: &Sources) -> Edit {
    let text = sources.text(value.span);
    let words = match &value.kind {
        // A `where` may follow that it must not take in.
        ExprKind::Aggregate(_) => format!("({text})"),
        _ => text.to_string(),
    };
    match &fact.default {
        Some(old) => Edit { instead: old.span, words, from: value.span },
        None => behind(fact.stem, &format!("= {words}"), value.span),
    }
}

/// A literal wherever another stands in a declaration, and nowhere where it is `kept`.
pub(super) fn literal(
    item: &Item,
    (old, new): (&Expr, &Expr),
    kept: Option<Span>,
    sources: &Sources,
) -> Vec<Edit> {
    let words = sources.text(new.span).to_string();
    let inside = |outer: Span, span: Span| outer.start <= span.start && span.end <= outer.end;
    let found = literals::places(item, old, new).into_iter();
    let changed = found.filter(|span| !kept.is_some_and(|kept| inside(kept, *span)));
    changed.map(|instead| Edit { instead, words: words.clone(), from: new.span }).collect()
}
