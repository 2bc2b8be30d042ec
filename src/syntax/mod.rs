//! Text to [`tree`]: the only place that knows pest.
//!
//! [`file`] is the strict entrance and [`file_lossy`] the lenient one, of one grammar and one builder. Facts files come in
//! through [`stated`], single expressions and types through [`expression`] and [`type_expr`]; [`literate`] prepares a
//! Markdown file for the first two.

mod build;
mod complain;
mod errors;
mod expected;
mod grammar;
mod habits;
mod hidden;
mod numeral;
mod ranges;
mod recover;
mod scan;
mod slips;
pub mod style;
mod wanted;

pub use hidden::hidden_text;
pub use scan::{Scanner, Token, TokenKind, scan};
pub use wanted::{STATES, VALUE_WORDS, WantedHere, keywords, starters, wanted_after};

use crate::diag::Diagnostic;
use crate::text::{SourceId, Span};
use crate::tree;
use build::{Builder, Made};
use complain::TextPiece;
use grammar::Rule;
use pest::iterators::Pair;

/// How deep brackets may go, and how tall the tree of an expression may grow. One number for every platform, low enough
/// for pest, the builder and whoever walks a tree to stay within 2 MiB of stack without optimisation.
pub const DEPTH_LIMIT: usize = 64;

/// How many bytes a text may have.
pub const SIZE_LIMIT: usize = 2 * 1024 * 1024;

/// A policy file, or all that is wrong with its text, one message for each broken declaration.
pub fn file(source: SourceId, text: &str) -> Result<tree::File, Vec<Diagnostic>> {
    let (file, errors) = file_lossy(source, text);
    if errors.is_empty() { Ok(file) } else { Err(errors) }
}

/// The declarations that can be read, and what is wrong with the others.
pub fn file_lossy(source: SourceId, text: &str) -> (tree::File, Vec<Diagnostic>) {
    if text.len() > SIZE_LIMIT {
        return (tree::File::default(), vec![errors::too_large(Span::new(source, 0, 0), text.len())]);
    }
    // A byte order mark is no text.
    let (text, base) = match text.strip_prefix('\u{feff}') {
        Some(rest) => (rest, '\u{feff}'.len_utf8()),
        None => (text, 0),
    };
    let piece = TextPiece { source, text, base, then: "the end" };
    if scan::too_deep(text, DEPTH_LIMIT).is_none()
        && let Ok(mut pairs) = grammar::parse(Rule::file, text)
        && let Some(pair) = pairs.next()
    {
        let mut builder = Builder::new(piece);
        let file = builder.file(pair);
        return (file, builder.errors);
    }
    recover::file(piece)
}

/// A line of a Markdown file, with its end.
struct PolicyLine<'t> {
    line: &'t str,
    /// Whether it stands in a `comity` block.
    is_policy: bool,
}

fn policy_lines(text: &str) -> impl Iterator<Item = PolicyLine<'_>> {
    // The fence that closes the open block, and whether the block is ours.
    let mut block: Option<(&str, bool)> = None;
    text.split_inclusive('\n').map(move |line| {
        let bare = line.trim_start_matches(' ');
        let indented = line.len() - bare.len() > 3;
        let fence = bare.find(|sign| sign != '`').map_or(bare, |end| bare.get(..end).unwrap_or(""));
        let info = bare.get(fence.len()..).unwrap_or("").trim();
        let is_fence = fence.len() >= 3 && !indented;
        let is_policy = match block {
            None => {
                if is_fence && !info.contains('`') {
                    let ours =
                        info.split(|sign: char| sign.is_whitespace() || sign == ',').next() == Some("comity");
                    block = Some((fence, ours));
                }
                false
            }
            Some((open, ours)) => {
                let closes = is_fence && info.is_empty() && fence.len() >= open.len();
                if closes {
                    block = None;
                }
                ours && !closes
            }
        };
        PolicyLine { line, is_policy }
    })
}

/// A Markdown file with everything outside its `comity` blocks made blank: every byte of the policy stays where it is.
pub fn literate(text: &str) -> String {
    let mut policy = String::with_capacity(text.len());
    for PolicyLine { line, is_policy } in policy_lines(text) {
        match is_policy {
            true => policy.push_str(line),
            false => policy.push_str(&scan::blank(line)),
        }
    }
    policy
}

/// The days that a date written another way may mean: `19.1.2029`, `20290119`, `04/09/2025`.
pub fn days_meant(text: &str) -> Vec<String> {
    numeral::days_meant(text)
}

/// The words and numbers of a text, whatever stands between them.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    let worded = |token: &scan::Token| matches!(token.kind, scan::TokenKind::Word | scan::TokenKind::Number);
    scan::scan(text).filter(worded).map(move |token| token.text(text))
}

/// One value of a facts file: `550 billion USD`, `at least 3 USD from 2028-12-31`, `unknown`, a list of these. Places are
/// shifted by `offset`, where the text begins in its source.
pub fn stated(source: SourceId, text: &str, offset: u32) -> Result<tree::Series, Vec<Diagnostic>> {
    fragment(source, text, offset, Rule::one_series, |builder, pair| builder.series(pair))
}

/// One expression.
pub fn expression(source: SourceId, text: &str, offset: u32) -> Result<tree::Expr, Vec<Diagnostic>> {
    fragment(source, text, offset, Rule::one_expr, |builder, pair| builder.expr(pair))
}

/// One type: `USD/kg`.
pub fn type_expr(source: SourceId, text: &str, offset: u32) -> Result<tree::TypeExpr, Vec<Diagnostic>> {
    fragment(source, text, offset, Rule::one_type, |builder, pair| builder.type_expr(pair))
}

fn fragment<'t, T>(
    source: SourceId,
    text: &'t str,
    offset: u32,
    entrance: Rule,
    build: impl Fn(&Builder<'t>, Pair<'t, Rule>) -> Made<T>,
) -> Result<T, Vec<Diagnostic>> {
    let piece = TextPiece { source, text, base: offset as usize, then: "the end" };
    let whole = piece.span(0, text.len());
    if text.len() > SIZE_LIMIT {
        return Err(vec![errors::too_large(whole.before(), text.len())]);
    }
    if let Some(token) = scan::too_deep(text, DEPTH_LIMIT) {
        return Err(vec![*errors::too_deep(piece.place(token))]);
    }
    match grammar::parse(entrance, text) {
        Ok(mut pairs) => {
            let inner = pairs.next().and_then(|outer| outer.into_inner().next());
            let built = match inner {
                Some(pair) => build(&Builder::new(piece), pair),
                None => Err(errors::unread(whole)),
            };
            built.map_err(|trouble| vec![*trouble])
        }
        Err(refusal) => Err(vec![complain::about(piece, &refusal)]),
    }
}

#[cfg(test)]
#[allow(clippy::string_slice)]
mod tests;
