//! Whether two texts are the same policy: the same words in the same parts of the grammar, the same comments at the same
//! words, the same text around the blocks.

use super::nests;
use super::written::{GapPiece, WrittenText};
use crate::syntax::grammar::{self, Rule};
use pest::iterators::Pair;

#[derive(Debug, PartialEq, Eq)]
enum Trait {
    Begins(Rule),
    Ends,
    Word(Rule, String),
    Mark(String),
    /// Behind the word before it, or on a line of its own before the next.
    Comment {
        text: String,
        alone: bool,
    },
    Prose(String),
}

pub(super) fn is_same(one: &WrittenText<'_>, other: &WrittenText<'_>) -> bool {
    match (traits(one), traits(other)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

/// All that is kept of a text; none: it does not parse.
fn traits(written: &WrittenText<'_>) -> Option<Vec<Trait>> {
    let file = grammar::parse(Rule::file, &written.policy).ok()?.next()?;
    let mut look = TraitReader { written, found: Vec::new(), end: 0 };
    look.pair(file);
    look.between(written.len());
    Some(look.found)
}

struct TraitReader<'w, 't> {
    written: &'w WrittenText<'t>,
    found: Vec<Trait>,
    /// Of the last word.
    end: usize,
}

impl TraitReader<'_, '_> {
    fn pair(&mut self, pair: Pair<'_, Rule>) {
        let (rule, place) = (pair.as_rule(), pair.as_span());
        if rule == Rule::EOI {
            return;
        }
        let mut inner = pair.into_inner().peekable();
        if inner.peek().is_none() || nests::is_word(rule) {
            self.between(place.start());
            self.end = place.end();
            self.found.push(Trait::Word(rule, spelt(rule, place.as_str())));
            return;
        }
        self.found.push(Trait::Begins(rule));
        inner.for_each(|inner| self.pair(inner));
        self.found.push(Trait::Ends);
    }

    fn between(&mut self, to: usize) {
        for piece in self.written.between(self.end, to).pieces {
            self.found.push(match piece {
                GapPiece::Comment { text, alone, .. } => Trait::Comment { text: text.to_string(), alone },
                GapPiece::Prose { text, .. } => Trait::Prose(text.trim_end().replace('\r', "")),
                GapPiece::Mark { start, end } => Trait::Mark(self.written.text(start..end).to_string()),
            });
        }
    }
}

/// A word without the spaces that mean nothing in it.
fn spelt(rule: Rule, text: &str) -> String {
    match rule {
        Rule::string => text.to_string(),
        Rule::doc => text.trim_end().to_string(),
        _ => text.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}
