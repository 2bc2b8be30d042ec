//! A refusal of pest as a message: what was wanted, what was found, and a remedy where the slip is a common one.

use super::errors;
use super::expected;
use super::grammar::{Refusal, Rule};
use super::scan::{Kind, Token, scan};
use crate::diag::{Code, Diagnostic};
use crate::text::{SourceId, Span};
use pest::error::{ErrorVariant, InputLocation};

/// A stretch of text that did not parse, and where.
struct Trouble<'t> {
    source: SourceId,
    text: &'t str,
    base: usize,
    rules: &'t [Rule],
    before: Option<Token>,
    found: Option<Token>,
    /// Brackets still open at the place.
    open: Vec<Token>,
    first: bool,
}

/// The message for a text that `entrance` refused. `base` is where the text begins in its source.
pub(super) fn about(source: SourceId, text: &str, base: usize, refusal: &Refusal) -> Diagnostic {
    let at = match refusal.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let rules = match &refusal.variant {
        ErrorVariant::ParsingError { positives, .. } => positives.as_slice(),
        ErrorVariant::CustomError { .. } => return *errors::too_deep(place(source, base, at, at)),
    };
    let (mut before, mut found, mut open) = (None, None, Vec::new());
    let mut words = 0usize;
    for token in scan(text) {
        if token.end > at {
            found = Some(token);
            break;
        }
        match token.kind {
            Kind::Open => open.push(token),
            Kind::Close => drop(open.pop()),
            _ => {}
        }
        words += usize::from(token.kind != Kind::Doc);
        before = Some(token);
    }
    let trouble = Trouble { source, text, base, rules, before, found, open, first: words == 0 };
    trouble.message()
}

fn place(source: SourceId, base: usize, start: usize, end: usize) -> Span {
    Span::new(source, base.saturating_add(start), base.saturating_add(end))
}

impl Trouble<'_> {
    fn span(&self, token: Token) -> Span {
        place(self.source, self.base, token.start, token.end)
    }

    fn message(&self) -> Diagnostic {
        self.plain()
    }

    fn plain(&self) -> Diagnostic {
        let wanted = expected::phrase(self.rules, self.first);
        let wanted = if wanted.is_empty() { "something else".to_string() } else { wanted };
        match self.found {
            Some(token) => {
                let text = errors::short(token.text(self.text));
                Diagnostic::error(
                    Code::Syntax,
                    self.span(token),
                    format!("expected {wanted}, found `{text}`"),
                )
            }
            None => {
                let after = match self.before {
                    Some(token) => self.span(token).after(),
                    None => place(self.source, self.base, 0, 0),
                };
                Diagnostic::error(Code::Syntax, after, format!("expected {wanted}, found the end"))
            }
        }
    }
}
