//! What comes into a text, and when it begins.

use super::ends;
use super::targets::head;
use super::wording::{self, Edit};
use crate::text::{Sources, Span};
use crate::tree::{Dated, Decl, Item};

/// A declaration that comes in.
pub(super) struct New {
    pub item: Item,
    /// The operation that brings it in, or itself.
    pub whole: Span,
    /// What is different in its words.
    pub edits: Vec<Edit>,
}

impl New {
    pub(super) fn of(item: &Item) -> New {
        New { item: item.clone(), whole: item.span, edits: Vec::new() }
    }

    /// Gives a rule, duty, power or article its first day.
    pub(super) fn begin(&mut self, day: &Dated, sources: &Sources) {
        self.edits.extend(head(&self.item.kind).map(|head| wording::from(head, day, sources)));
    }

    /// `insert` on a day: whatever can have a first day and does not say it gets this one; a rule not before that of its
    /// article.
    pub(super) fn begin_anew(&mut self, article: Option<&Dated>, day: &Dated, sources: &Sources) {
        begin_anew(&self.item.kind, article, day, sources, &mut self.edits);
    }
}

fn begin_anew(decl: &Decl, article: Option<&Dated>, day: &Dated, sources: &Sources, edits: &mut Vec<Edit>) {
    match decl {
        Decl::Guarantee(it) if it.from.is_none() => {
            // A promise is kept or not; it is not known from a day.
            let words = format!("from {}", ends::dated(&Dated { known: None, ..day.clone() }, sources));
            edits.push(wording::behind(it.name.span, &words, day.day.span));
            return;
        }
        Decl::Article(it) => {
            // What is a rule begins with its article, and nothing else does (R1).
            let others = it.items.iter().filter(|inner| !matches!(inner.kind, Decl::Rule(_)));
            others.for_each(|inner| begin_anew(&inner.kind, None, day, sources, edits));
        }
        _ => {}
    }
    if let Some(head) = head(decl).filter(|head| head.from.is_none()) {
        let article = article.filter(|_| matches!(decl, Decl::Rule(_)));
        edits.push(wording::from(head, &ends::beginning(article, day, sources), sources));
    }
}
