//! Conditions in the shape of other languages.

use super::{Seat, StopPlace, foreign};
use crate::diag::{Code, Diagnostic, FixEdit, tick};
use crate::syntax::errors::short;
use crate::syntax::grammar::Rule;
use crate::syntax::scan::TokenKind;

impl StopPlace<'_> {
    /// `unless C then`: what is denied is the whole condition.
    pub(super) fn unless(&self) -> Option<Diagnostic> {
        let is_unless = |at: &usize| self.text(*at).eq_ignore_ascii_case("unless");
        // It may have been taken for the name of an outcome.
        let named = self.before(self.at).filter(|_| self.wants(Rule::assigned));
        let unless = Some(self.at).filter(is_unless).or(named.filter(is_unless))?;
        let span = self.span(unless);
        let said = foreign(span, "`unless` is written `if not (…)` here");
        let mut depth = 0usize;
        let end = (unless..self.tokens.len()).find(|at| {
            match self.kind(*at) {
                Some(TokenKind::Open) => depth = depth.saturating_add(1),
                Some(TokenKind::Close) => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && self.text(*at) == "then"
        });
        let trailing = unless == self.at && self.behind_operand();
        let last = end.and_then(|end| self.before(end)).filter(|last| *last > unless);
        let Some(last) = last.filter(|_| !trailing) else {
            return Some(said.help("write `if not (…) then` before what is to happen"));
        };
        let first = unless.saturating_add(1);
        // A missed deadline is not denied as a whole.
        if (first..=last).any(|at| self.text(at) == "by") {
            return Some(said.help(
                "deny what must be so and not its day: `if not finalised by last_day`, `if paid < 5 billion USD by last_day`; \
                 up to that day nobody has missed it",
            ));
        }
        let title = format!("write `if not ({})`", short(self.written(first, last)));
        // The bracket opens right before the condition.
        let opened = span.to(self.span(first).before());
        let edits = vec![FixEdit::new(opened, "if not ("), FixEdit::new(self.span(last).after(), ")")];
        Some(said.fix_by(title, edits, false))
    }

    /// `if(C, A, B)` of spreadsheets.
    pub(super) fn if_call(&self) -> Option<Diagnostic> {
        let open = self.opening()?;
        let word = self.before(open).filter(|word| self.text(*word).eq_ignore_ascii_case("if"))?;
        let comma = (self.text(self.at) == "," || self.text(self.at) == ";").then_some(self.at)?;
        let close = self.closing(open)?;
        let parts = self.commas(open, close);
        let span = self.span(word);
        let said = foreign(span, "an `if` has words between its parts, not commas")
            .help("write `(if … then … otherwise …)`");
        let [first, second] = parts.as_slice() else { return Some(said) };
        if *first != comma {
            return Some(said);
        }
        let whole = |at: usize, text: &str| FixEdit::new(self.span(at), text);
        let edits = vec![
            FixEdit::new(self.span_of(word, open), "(if "),
            whole(*first, " then"),
            whole(*second, " otherwise"),
        ];
        let part = |from: usize, to: usize| short(self.written(from.saturating_add(1), to.saturating_sub(1)));
        let title = format!(
            "write `(if {} then {} otherwise {})`",
            part(open, *first),
            part(*first, *second),
            part(*second, close)
        );
        Some(foreign(span, said.message).fix_by(title, edits, false))
    }

    /// The commas of a bracket, not those of brackets in it.
    fn commas(&self, open: usize, close: usize) -> Vec<usize> {
        let mut depth = 0usize;
        let own = (open..close).filter(|at| {
            match self.kind(*at) {
                Some(TokenKind::Open) => depth = depth.saturating_add(1),
                Some(TokenKind::Close) => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 1 && matches!(self.text(*at), "," | ";")
        });
        own.collect()
    }

    /// `if C { … }`, `if C: …`
    pub(super) fn if_block(&self) -> Option<Diagnostic> {
        if !self.wants(Rule::THEN) || self.seat() != Seat::Condition {
            return None;
        }
        let sign = self.text(self.at);
        let span = self.span(self.at);
        match sign {
            "{" => {
                let mut edits = vec![self.instead(self.at, self.at, "then")];
                if let Some(close) = self.closing(self.at) {
                    edits.push(FixEdit::new(self.span(close), ""));
                }
                let message = "what follows from a condition stands behind `then`, without braces";
                Some(foreign(span, message).fix_by("write `then`, and leave the braces out", edits, false))
            }
            // The `then` is there: a comparison is meant.
            "=>" if (self.at..self.tokens.len()).any(|at| self.text(at) == "then") => {
                let said = Diagnostic::error(Code::ForeignSign, span, "`=>` is written `>=`");
                Some(said.safe_fix(span, ">="))
            }
            ":" | "=>" | "->" => {
                let message = format!("what follows from a condition stands behind `then`, not `{sign}`");
                Some(foreign(span, message).fix_by("write `then`", vec![FixEdit::new(span, " then")], false))
            }
            ":=" => {
                let said = Diagnostic::error(
                    Code::ForeignSign,
                    span,
                    "`:=` sets an outcome, which no condition does",
                );
                Some(said.fix(span, "=").help(
                    "compare with `=`, `<`, `<=`, `>` or `>=`; to set an outcome write `then` before it",
                ))
            }
            _ => None,
        }
    }

    /// `if C, o := …`
    pub(super) fn comma_for_then(&self) -> Option<Diagnostic> {
        let next = self.at.saturating_add(1);
        let sets = self.word(next) && self.text(next.saturating_add(1)) == ":=";
        let comma =
            self.wants(Rule::THEN) && self.text(self.at) == "," && (sets || self.text(next) == "then");
        if !comma {
            return None;
        }
        let span = self.span(self.at);
        let said = foreign(span, "a condition ends with `then`, not with a comma");
        let then = if sets { " then" } else { "" };
        Some(said.fix_by("write `then`", vec![FixEdit::new(span, then)], true))
    }

    /// `x between A and B`
    pub(super) fn between(&self) -> Option<Diagnostic> {
        let between = self.at;
        if self.text(between) != "between" || !self.behind_operand() {
            return None;
        }
        let mut last = self.before(between)?;
        let copula = matches!(self.text(last), "is" | "are" | "lies");
        if copula {
            last = self.before(last)?;
        }
        let first = self.operand_start(last)?;
        let left = self.written(first, last);
        let span = self.span(between);
        let said = foreign(span, "a value between two others is compared with each");
        let help = format!("write {}", tick(&format!("{left} >= A and {left} <= B")));
        let Some(and) = (between..self.tokens.len()).find(|at| self.text(*at) == "and") else {
            return Some(said.help(help));
        };
        let start = if copula { last.saturating_add(1) } else { between };
        let edits = vec![
            FixEdit::new(self.span_of(start, between), ">="),
            FixEdit::new(self.span(and).after(), format!(" {left} <=")),
        ];
        let low = self.written(between.saturating_add(1), self.before(and)?);
        let title = format!("write {}", tick(&format!("{left} >= {low} and {left} <= …")));
        Some(said.fix_by(title, edits, false))
    }

    /// `x not in {…}`
    pub(super) fn not_in(&self) -> Option<Diagnostic> {
        let not = match self.text(self.at) {
            "not" => self.at,
            "in" | "under" | "one" => self.before(self.at).filter(|not| self.text(*not) == "not")?,
            _ => return None,
        };
        let set = not.saturating_add(1);
        let words = match self.text(set) {
            "in" | "under" => 1,
            "one" if self.text(set.saturating_add(1)) == "of" => 2,
            _ => return None,
        };
        let is = self.before(not).filter(|is| self.text(*is) == "is");
        let first = self.operand_start(self.before(is.unwrap_or(not))?)?;
        let word = if words == 2 { "in" } else { self.text(set) };
        let message = format!("what is not so is denied in front: `not … {word} …`");
        let from = is.unwrap_or(not);
        let edits = vec![
            FixEdit::new(self.span(first).before(), "not "),
            FixEdit::new(self.span_of(from, set.saturating_add(words).saturating_sub(1)), word),
        ];
        let title = format!("write `not {} {word} …`", self.written(first, self.before(from)?));
        Some(foreign(self.span_of(from, set), message).fix_by(title, edits, false))
    }
}
