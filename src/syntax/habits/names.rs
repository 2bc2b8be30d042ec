//! Names that are not one word.

use super::{StopPlace, foreign};
use crate::diag::{Diagnostic, FixEdit, closest, tick};
use crate::syntax::grammar::Rule;
use crate::syntax::recover::STARTERS;
use crate::syntax::slips::HEADS;

impl StopPlace<'_> {
    /// Whether a token is the name that a declaration begins with, or where the stop is such a name's.
    fn declared(&self, name: usize) -> bool {
        self.word(name) && self.before(name).is_some_and(|starter| STARTERS.contains(&self.text(starter)))
    }

    /// `snap-back`
    pub(super) fn hyphened(&self) -> Option<Diagnostic> {
        let mut last = self.at;
        let first = self.before(last).filter(|first| self.declared(*first) && self.glued(*first))?;
        while self.text(last) == "-" && self.glued(last) && self.word(last.saturating_add(1)) {
            last = last.saturating_add(1);
            if self.glued(last) && self.text(last.saturating_add(1)) == "-" {
                last = last.saturating_add(1);
            }
        }
        if last == self.at {
            return None;
        }
        let written = self.written(first, last);
        let ours = written.replace('-', "_");
        // Where the name is used in this declaration it is spelled alike.
        let edits =
            self.piece.text.match_indices(written).map(|(at, _)| {
                FixEdit::new(self.piece.span(at, at.saturating_add(written.len())), ours.clone())
            });
        let message = format!("a name has no `-` in it: {}", tick(written));
        Some(foreign(self.span_of(first, last), message).fix_by(
            format!("write {}", tick(&ours)),
            edits.collect(),
            false,
        ))
    }

    /// `fact amount pledged : USD`
    pub(super) fn spaced_name(&self) -> Option<Diagnostic> {
        let first = self.before(self.at).filter(|first| self.declared(*first))?;
        let wants_end = self.wants(Rule::colon) || self.wants(Rule::eq) || self.wants(Rule::lbrace);
        if !wants_end || !self.word(self.at) || !self.same_line(first) {
            return None;
        }
        let mut last = self.at;
        while self.word(last.saturating_add(1)) && self.same_line(last) {
            last = last.saturating_add(1);
        }
        if !matches!(self.text(last.saturating_add(1)), ":" | "=" | "{" | "(") {
            return None;
        }
        let words: Vec<&str> = self.written(first, last).split_whitespace().collect();
        // `entity entry key line`: a part of its head is.
        if words.iter().any(|word| matches!(*word, "key" | "keyed" | "by" | "dated")) {
            let message = "an entity says by which field its rows are told apart";
            let help = format!("write {}", tick(&format!("entity {} keyed by FIELD {{", self.text(first))));
            return Some(foreign(self.span_of(first, last), message).help(help));
        }
        // A part of the head may be misspelt.
        let heads = || HEADS.iter().copied().filter(|head| head.len() > 3);
        let is_head = |word: &&str| HEADS.contains(word) || closest(word, heads()).is_some();
        let keyword = self.in_head() && words.iter().skip(1).any(is_head);
        if keyword {
            return None;
        }
        let message = "a name is one word";
        let help = format!("write {}, wherever it is used", tick(&words.join("_")));
        Some(foreign(self.span_of(first, last), message).help(help))
    }
}
