//! What comes into a text, and when it begins.

use super::ends;
use super::targets::{head, head_mut};
use crate::text::{Sources, Span};
use crate::tree::{Dated, Decl, Item};

/// A declaration that comes in.
pub(super) struct New {
    pub item: Item,
    /// The text it has, and what is different in it.
    pub text: Span,
    /// The operation that brings it in, or itself.
    pub whole: Span,
    pub edits: Vec<(Span, String)>,
}

impl New {
    pub(super) fn of(item: &Item) -> New {
        New { item: item.clone(), text: item.span, whole: item.span, edits: Vec::new() }
    }

    /// Gives a rule, duty, power or article its first day.
    pub(super) fn begin(&mut self, day: &Dated, sources: &Sources) {
        if let Some(head) = head_mut(&mut self.item.kind) {
            let words = format!("from {}", ends::dated(day, sources));
            self.edits.push(match head.from_span {
                Some(span) => (span, words),
                None => (head.start, format!(" {words}")),
            });
            head.from = Some(day.clone());
        }
    }

    /// `insert` on a day: whatever can have a first day and does not say it gets this one.
    pub(super) fn begin_anew(&mut self, outer: Option<&Dated>, day: &Dated, sources: &Sources) {
        match &mut self.item.kind {
            Decl::Guarantee(it) if it.from.is_none() => {
                // A promise is kept or not; it is not known from a day.
                let day = Dated { known: None, ..day.clone() };
                self.edits.push((it.name.span.after(), format!(" from {}", ends::dated(&day, sources))));
                it.from = Some(day);
            }
            Decl::Article(article) => {
                let from = article.head.from.clone();
                for inner in &mut article.items {
                    // What is a rule begins with its article.
                    if !matches!(inner.kind, Decl::Rule(_)) {
                        let mut made = New::of(inner);
                        made.begin_anew(None, from.as_ref().unwrap_or(day), sources);
                        *inner = made.item;
                        self.edits.extend(made.edits);
                    }
                }
                if from.is_none() {
                    self.begin(day, sources);
                }
            }
            kind => {
                if head(kind).is_some_and(|head| head.from.is_none()) {
                    let day = ends::beginning(outer, day, sources);
                    self.begin(&day, sources);
                }
            }
        }
    }
}
