//! Habits of those who write: what people write elsewhere, and what it is here. Looked at before it is said what the grammar
//! expected. A fix never changes an amount, a sign or a day; what may mean several things gets a fix for each.

mod lists;
mod names;
mod numbers;
mod phrases;
mod ranges;
mod shapes;
mod signs;
mod words;

pub(super) use numbers::series_of_groups;

use super::complain::TextPiece;
use super::expected;
use super::grammar::Rule;
use super::scan::{Token, TokenKind};
use crate::diag::{Code, Diagnostic, FixEdit};
use crate::text::Span;

/// The place where a piece stops making sense, with all that stands around it.
#[derive(Clone, Copy)]
pub(super) struct StopPlace<'t> {
    pub piece: TextPiece<'t>,
    pub wanted: &'t [Rule],
    pub tokens: &'t [Token],
    /// The token that cannot be read; behind the last: the piece ends too early.
    pub at: usize,
}

/// What a place expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seat {
    /// Something that is or is not so.
    Condition,
    /// An amount, a rate, a day.
    Value,
}

impl<'t> StopPlace<'t> {
    /// Numbers and days, before a part of them is taken for a number that is none.
    pub(super) fn early(&self) -> Option<Diagnostic> {
        self.range_of_numbers()
            .or_else(|| self.dashed_day())
            .or_else(|| self.grouped())
            .or_else(|| self.worded_date())
            .or_else(|| self.wide())
            .or_else(|| self.article_part())
    }

    pub(super) fn message(&self) -> Option<Diagnostic> {
        self.currency()
            .or_else(|| self.possessive())
            .or_else(|| self.quotes())
            .or_else(|| self.choices_apart())
            .or_else(|| self.pieces())
            .or_else(|| self.percent_first())
            .or_else(|| self.spaces())
            .or_else(|| self.dashes())
            .or_else(|| self.full_stop())
            .or_else(|| self.unless())
            .or_else(|| self.if_call())
            .or_else(|| self.if_block())
            .or_else(|| self.comma_for_then())
            .or_else(|| self.bracketed_list())
            .or_else(|| self.bare_list())
            .or_else(|| self.between())
            .or_else(|| self.not_in())
            .or_else(|| self.hyphened())
            .or_else(|| self.last_day())
            .or_else(|| self.phrase())
            .or_else(|| self.spaced_name())
    }

    fn token(&self, at: usize) -> Option<Token> {
        self.tokens.get(at).copied()
    }

    /// The text of a token; of none it is empty.
    fn text(&self, at: usize) -> &'t str {
        self.token(at).map_or("", |token| token.text(self.piece.text))
    }

    fn kind(&self, at: usize) -> Option<TokenKind> {
        self.token(at).map(|token| token.kind)
    }

    /// The token before another.
    fn before(&self, at: usize) -> Option<usize> {
        at.checked_sub(1)
    }

    fn span(&self, at: usize) -> Span {
        self.span_of(at, at)
    }

    /// From one token to another, both taken in.
    fn span_of(&self, first: usize, last: usize) -> Span {
        let end = self.piece.text.len();
        let start = self.token(first).map_or(end, |token| token.start);
        self.piece.span(start, self.token(last).map_or(end, |token| token.end))
    }

    /// As it is written, from one token to another.
    fn written(&self, first: usize, last: usize) -> &'t str {
        let (Some(first), Some(last)) = (self.token(first), self.token(last)) else { return "" };
        self.piece.text.get(first.start..last.end).unwrap_or("")
    }

    fn wants(&self, rule: Rule) -> bool {
        self.wanted.contains(&rule)
    }

    /// Whether nothing stands between a token and the next.
    fn glued(&self, at: usize) -> bool {
        match (self.token(at), self.token(at.saturating_add(1))) {
            (Some(a), Some(b)) => a.end == b.start,
            _ => false,
        }
    }

    fn same_line(&self, at: usize) -> bool {
        match (self.token(at), self.token(at.saturating_add(1))) {
            (Some(a), Some(b)) => !self.piece.text.get(a.end..b.start).unwrap_or("").contains('\n'),
            _ => false,
        }
    }

    /// Whether a token is the first of its line.
    fn begins_line(&self, at: usize) -> bool {
        self.before(at).is_none_or(|before| !self.same_line(before))
    }

    fn number(&self, at: usize) -> bool {
        self.kind(at) == Some(TokenKind::Number)
    }

    fn word(&self, at: usize) -> bool {
        self.kind(at) == Some(TokenKind::Word)
    }

    /// The token before which a bracket that opens here closes again.
    fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0usize;
        for (at, token) in self.tokens.iter().enumerate().skip(open) {
            match token.kind {
                TokenKind::Open => depth = depth.saturating_add(1),
                TokenKind::Close => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Some(at);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The bracket that is open at the stop.
    fn opening(&self) -> Option<usize> {
        let mut open = Vec::new();
        for (at, token) in self.tokens.iter().enumerate().take(self.at) {
            match token.kind {
                TokenKind::Open => open.push(at),
                TokenKind::Close => drop(open.pop()),
                _ => {}
            }
        }
        open.pop()
    }

    /// The first token of an operand that ends with this one: a name with fields, a number, a text, what stands in brackets.
    fn operand_start(&self, last: usize) -> Option<usize> {
        let mut at = last;
        if self.kind(at) == Some(TokenKind::Close) {
            at = (0..last).rev().find(|open| {
                self.kind(*open) == Some(TokenKind::Open) && self.closing(*open) == Some(last)
            })?;
            return match self.before(at).filter(|name| self.word(*name) && self.glued(*name)) {
                Some(name) => self.operand_start(name),
                None => Some(at),
            };
        }
        if self.text(at) == "%" {
            return self.before(at).filter(|number| self.number(*number));
        }
        if !matches!(self.kind(at)?, TokenKind::Word | TokenKind::Number | TokenKind::Text) {
            return None;
        }
        while let Some(dot) = self.before(at).filter(|dot| self.text(*dot) == ".") {
            at = self.before(dot)?;
        }
        // An amount with its unit.
        let unit = |number: &usize| self.number(*number) && self.word(at) && self.same_line(*number);
        Some(self.before(at).filter(unit).unwrap_or(at))
    }

    /// What the stop stands in.
    fn seat(&self) -> Seat {
        let last = (0..self.at).rev().find_map(|at| match self.text(at) {
            "if" | "requires" | "where" | "expect" | "unless" | "when" => Some(Seat::Condition),
            ":=" | "then" | "otherwise" | "=" => Some(Seat::Value),
            _ => None,
        });
        if last == Some(Seat::Value) && (self.is_joined() || self.defines_condition()) {
            return Seat::Condition;
        }
        let declared = self.tokens.iter().position(|token| token.kind != TokenKind::Doc);
        let condition = declared.is_some_and(|at| matches!(self.text(at), "obligation" | "guarantee"));
        last.unwrap_or(if condition { Seat::Condition } else { Seat::Value })
    }

    /// `define heavy : bool = …`
    fn defines_condition(&self) -> bool {
        let declared = self.tokens.iter().position(|token| token.kind != TokenKind::Doc);
        declared.is_some_and(|at| {
            self.text(at) == "define"
                && self.text(at.saturating_add(2)) == ":"
                && self.text(at.saturating_add(3)) == "bool"
        })
    }

    /// Whether `and` or `or` joins what is set here with another condition, up to where the next is set.
    fn is_joined(&self) -> bool {
        let ends = |at: usize| {
            matches!(self.text(at), ":=" | "then" | "otherwise" | "," | "given" | "expect")
                || self.begins_line(at)
        };
        // `o := A and p := B` sets two.
        let joins =
            |at: &usize| matches!(self.text(*at), "and" | "or") && self.text(at.saturating_add(2)) != ":=";
        let after = (self.at..self.tokens.len()).take_while(|at| !ends(*at));
        let before = (0..self.at).rev().take_while(|at| !ends(*at) && self.text(*at) != "=");
        after.into_iter().any(|at| joins(&at)) || before.into_iter().any(|at| joins(&at))
    }

    fn in_head(&self) -> bool {
        expected::in_head(self.wanted)
    }

    /// Whether an operator may stand here.
    fn behind_operand(&self) -> bool {
        expected::behind_operand(self.wanted) || self.wants(Rule::THEN)
    }

    fn wants_declaration(&self) -> bool {
        self.wanted.iter().any(|rule| super::grammar::noun(*rule) == super::grammar::Noun::Starter)
    }

    /// Text in place of tokens, with spaces where it would run into what stands beside it.
    fn instead(&self, first: usize, last: usize, text: &str) -> FixEdit {
        let wordy = |sign: char| sign.is_alphanumeric() || sign == '_';
        let (begins, ends) = (text.starts_with(wordy), text.ends_with(wordy));
        let before = self.token(first).and_then(|token| self.piece.text.get(..token.start));
        let after = self.token(last).and_then(|token| self.piece.text.get(token.end..));
        let mut made = String::new();
        if begins && before.is_some_and(|text| text.ends_with(wordy)) {
            made.push(' ');
        }
        made.push_str(text);
        if ends && after.is_some_and(|text| text.starts_with(wordy)) {
            made.push(' ');
        }
        FixEdit::new(self.span_of(first, last), made)
    }

    /// Text in place of the token that cannot be read.
    pub(super) fn at_stop(&self, text: &str) -> FixEdit {
        self.instead(self.at, self.at, text)
    }

    /// "`exceeds` is written `>` here".
    fn reworded(&self, first: usize, last: usize, ours: &str) -> Diagnostic {
        let theirs: Vec<&str> = self.written(first, last).split_whitespace().collect();
        let message = format!("`{}` is written `{ours}` here", theirs.join(" "));
        let title = format!("write `{ours}`");
        foreign(self.span_of(first, last), message).fix_by(
            title,
            vec![self.instead(first, last, ours)],
            false,
        )
    }
}

/// A message about words that are written otherwise here.
fn foreign(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::ForeignWord, span, message)
}
