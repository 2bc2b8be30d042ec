//! Pairs of the grammar into trees. One method for each rule of the grammar; what the grammar lets through and the
//! language does not is refused here, with a better message than "expected …".

mod amend;
mod climb;
mod declare;
mod head;
mod literal;
mod operand;
mod rules;
mod stated;

use super::complain::TextPiece;
use super::errors;
use super::grammar::Rule;
use crate::diag::Diagnostic;
use crate::text::Span;
use crate::tree::{self, Name, Quoted};
use pest::iterators::{Pair, Pairs};

/// A part of a tree, or why there is none. Boxed: messages are large and rare.
pub(super) type Made<T> = Result<T, Box<Diagnostic>>;

/// Turns the pairs of one stretch of text into trees.
pub(super) struct Builder<'t> {
    /// What was parsed; pairs count from its start.
    piece: TextPiece<'t>,
    /// Declarations that were refused, each with its reason; the others stand.
    pub(super) errors: Vec<Diagnostic>,
    /// Where they stand.
    unread: Vec<Span>,
}

impl<'t> Builder<'t> {
    pub(super) fn new(piece: TextPiece<'t>) -> Builder<'t> {
        Builder { piece, errors: Vec::new(), unread: Vec::new() }
    }

    /// All declarations of a file.
    pub(super) fn file(&mut self, file: Pair<'t, Rule>) -> tree::File {
        let items = self.items(&mut self.parts(file));
        tree::File { items, unread: std::mem::take(&mut self.unread) }
    }

    /// Every declaration to come that stands; the trouble of the others is noted.
    fn items(&mut self, parts: &mut Parts<'t>) -> Vec<tree::Item> {
        let mut items = Vec::new();
        while let Some(pair) = parts.next_if(|rule| matches!(rule, Rule::item | Rule::inner)) {
            let span = self.piece.span(pair.as_span().start(), pair.as_span().end());
            match self.item(pair) {
                Ok(item) => items.push(item),
                Err(trouble) => {
                    self.errors.push(*trouble);
                    self.unread.push(span);
                }
            }
        }
        items
    }

    /// A declaration with its doc comment.
    fn item(&mut self, pair: Pair<'t, Rule>) -> Made<tree::Item> {
        let mut parts = self.parts(pair);
        let doc = self.doc(&mut parts)?;
        let pair = parts.any()?;
        self.bare_item(pair, doc)
    }

    fn bare_item(&mut self, pair: Pair<'t, Rule>, doc: Option<String>) -> Made<tree::Item> {
        let span = self.whole(&pair);
        Ok(tree::Item { doc, kind: self.decl(pair)?, span })
    }

    /// The `##` lines before a declaration, joined.
    fn doc(&self, parts: &mut Parts<'t>) -> Made<Option<String>> {
        let mut doc: Option<String> = None;
        while let Some(line) = parts.take(Rule::doc) {
            let before = self.piece.text.get(..line.as_span().start()).unwrap_or("");
            let before = before.rsplit('\n').next().unwrap_or("");
            if !before.trim().is_empty() {
                return Err(errors::doc_beside_text(self.span(&line)));
            }
            let text = line.as_str().trim_start_matches("##");
            let text = text.strip_prefix(' ').unwrap_or(text).trim_end();
            doc = Some(match doc {
                Some(above) => above + "\n" + text,
                None => text.to_string(),
            });
        }
        Ok(doc)
    }

    fn parts(&self, pair: Pair<'t, Rule>) -> Parts<'t> {
        let end = self.piece.span(pair.as_span().start(), pair.as_span().end());
        let mut rest = pair.into_inner();
        let next = rest.next();
        Parts { next, rest, end, in_span: false }
    }

    /// The place of a word or a mark.
    fn span(&self, leaf: &Pair<'t, Rule>) -> Span {
        let span = leaf.as_span();
        self.piece.span(span.start(), span.end())
    }

    /// From the first word of a pair to its last: the span pest gives takes in the white space that follows.
    fn whole(&self, pair: &Pair<'t, Rule>) -> Span {
        let mut last = pair.clone();
        while let Some(inner) = last.clone().into_inner().next_back() {
            last = inner;
        }
        self.piece.span(pair.as_span().start(), last.as_span().end())
    }

    fn text(&self, span: Span) -> &'t str {
        let from = |offset: u32| (offset as usize).saturating_sub(self.piece.base);
        self.piece.text.get(from(span.start)..from(span.end)).unwrap_or("")
    }

    fn name_of(&self, ident: &Pair<'t, Rule>) -> Name {
        Name { text: ident.as_str().to_string(), span: self.span(ident) }
    }

    fn name(&self, parts: &mut Parts<'t>) -> Made<Name> {
        Ok(self.name_of(&parts.need(Rule::ident)?))
    }

    fn quoted_of(&self, string: &Pair<'t, Rule>) -> Quoted {
        let text = string.as_str();
        let text = text.strip_prefix('"').unwrap_or(text);
        let text = text.strip_suffix('"').unwrap_or(text);
        Quoted { text: text.to_string(), span: self.span(string) }
    }

    fn quoted(&self, parts: &mut Parts<'t>) -> Made<Quoted> {
        Ok(self.quoted_of(&parts.need(Rule::string)?))
    }

    fn maybe_quoted(&self, parts: &mut Parts<'t>) -> Option<Quoted> {
        parts.take(Rule::string).map(|string| self.quoted_of(&string))
    }

    /// `a, b, c`
    fn names(&self, parts: &mut Parts<'t>) -> Made<Vec<Name>> {
        let mut names = vec![self.name(parts)?];
        while parts.skip(Rule::comma) || parts.skip(Rule::AND) {
            names.push(self.name(parts)?);
        }
        Ok(names)
    }
}

/// The parts of a pair, read from left to right, with one in view.
pub(super) struct Parts<'t> {
    next: Option<Pair<'t, Rule>>,
    rest: Pairs<'t, Rule>,
    /// The place of the whole, for a message that something is missing.
    end: Span,
    /// What comes is the span of `within`, whose `of` is not that of a year of one's own.
    in_span: bool,
}

impl<'t> Parts<'t> {
    fn peek(&self) -> Option<Rule> {
        self.next.as_ref().map(Pair::as_rule)
    }

    fn next(&mut self) -> Option<Pair<'t, Rule>> {
        std::mem::replace(&mut self.next, self.rest.next())
    }

    fn next_if(&mut self, wanted: impl Fn(Rule) -> bool) -> Option<Pair<'t, Rule>> {
        if wanted(self.peek()?) { self.next() } else { None }
    }

    fn take(&mut self, rule: Rule) -> Option<Pair<'t, Rule>> {
        if self.peek() == Some(rule) { self.next() } else { None }
    }

    fn skip(&mut self, rule: Rule) -> bool {
        self.take(rule).is_some()
    }

    /// The next part, which the grammar has made sure of.
    fn any(&mut self) -> Made<Pair<'t, Rule>> {
        self.next().ok_or_else(|| errors::unread(self.end))
    }

    fn need(&mut self, rule: Rule) -> Made<Pair<'t, Rule>> {
        self.take(rule).ok_or_else(|| errors::unread(self.end))
    }
}
