//! Lists as they are written elsewhere: `in (JP, KR)`, `= JP, KR`.

use super::{StopPlace, foreign};
use crate::diag::{Diagnostic, FixEdit, tick};
use crate::syntax::grammar::Rule;
use crate::syntax::scan::TokenKind;

impl StopPlace<'_> {
    /// `in (JP, KR)`, `in [JP, KR]`
    pub(super) fn bracketed_list(&self) -> Option<Diagnostic> {
        if let Some(said) = self.bracketed_unit() {
            return Some(said);
        }
        let is_open = |at: &usize| matches!(self.text(*at), "(" | "[");
        let open = Some(self.at).filter(is_open).or_else(|| self.opening().filter(is_open))?;
        let word = self.before(open).filter(|word| matches!(self.text(*word), "in" | "under" | "of"))?;
        if self.text(word) == "of" && self.before(word).is_none_or(|one| self.text(one) != "one") {
            return None;
        }
        let message = "lists stand in braces";
        let span = self.span(open);
        let said = foreign(span, message);
        let Some(close) = self.closing(open) else {
            return Some(said.help("write `in {A, B}`"));
        };
        let edits = vec![FixEdit::new(span, "{"), FixEdit::new(self.span(close), "}")];
        let inside = self.written(open.saturating_add(1), self.before(close)?);
        Some(said.fix_by(format!("write {}", tick(&format!("{{{inside}}}"))), edits, false))
    }

    /// `242_000 [tonne]`
    fn bracketed_unit(&self) -> Option<Diagnostic> {
        let number = self.before(self.at).filter(|number| self.number(*number))?;
        let (unit, close) = (self.at.saturating_add(1), self.at.saturating_add(2));
        let named = self.text(self.at) == "[" && self.word(unit) && self.text(close) == "]";
        let span = self.span_of(self.at, close);
        let text = format!("{}{}", if self.glued(number) { " " } else { "" }, self.text(unit));
        named.then(|| foreign(span, "a unit stands behind its number, without brackets").fix(span, text))
    }

    /// `enum Grade = flat | long`, `flat or long`: choices stand side by side, with commas.
    pub(super) fn choices_apart(&self) -> Option<Diagnostic> {
        let declared = self.tokens.iter().position(|token| token.kind != TokenKind::Doc)?;
        let apart = |text: &str| matches!(text, "|" | "||" | "/" | ";" | "or");
        if self.text(declared) != "enum" || !apart(self.text(self.at)) {
            return None;
        }
        let sign = self.text(self.at);
        let between = |at: &usize| {
            self.text(*at) == sign
                && self.same_line(*at)
                && self.before(*at).is_some_and(|one| self.same_line(one))
        };
        let all: Vec<usize> = (declared..self.tokens.len()).filter(between).collect();
        // A sign at the end of a line closes nothing here.
        if !all.contains(&self.at) {
            return None;
        }
        let comma = |at: &usize| {
            let before = self.before(*at).map_or(self.span(*at), |one| self.span(one).after());
            FixEdit::new(before.to(self.span(*at)), ",")
        };
        let edits = all.iter().map(comma).collect();
        let said = foreign(self.span(self.at), format!("choices are set apart by commas, not by `{sign}`"));
        Some(said.fix_by("write `,`", edits, true))
    }

    /// `= JP, KR`, `in JP, KR`: the list goes on at the stop.
    pub(super) fn bare_list(&self) -> Option<Diagnostic> {
        if !self.behind_operand() && !self.wants(Rule::lbrace) || self.text(self.at) != "," {
            return None;
        }
        let first = self.before(self.at)?;
        let sign = self.before(first)?;
        let item =
            |at: usize| matches!(self.kind(at), Some(TokenKind::Word | TokenKind::Number | TokenKind::Text));
        if !matches!(self.text(sign), "=" | "in" | "under") || !item(first) {
            return None;
        }
        let mut items = vec![self.text(first)];
        let mut last = first;
        loop {
            let comma = last.saturating_add(1);
            let joined = matches!(self.text(comma), "," | "or" | "and");
            // `, or`
            let next = match (self.text(comma), self.text(comma.saturating_add(1))) {
                (",", "or" | "and") => comma.saturating_add(2),
                _ => comma.saturating_add(1),
            };
            let goes_on = matches!(
                self.text(next.saturating_add(1)),
                "=" | "<" | ">" | ":=" | "." | "(" | "in" | "under" | ":"
            );
            if !joined || !item(next) || goes_on || self.text(next) == "then" {
                break;
            }
            items.push(self.text(next));
            last = next;
        }
        if items.len() < 2 {
            return None;
        }
        let word = if self.text(sign) == "=" { "in" } else { self.text(sign) };
        let list = format!("{word} {{{}}}", items.join(", "));
        let span = self.span_of(sign, last);
        let said = foreign(span, "one of several stands in a list");
        Some(said.fix_by(format!("write {}", tick(&list)), vec![self.instead(sign, last, &list)], false))
    }
}
