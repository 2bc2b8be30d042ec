//! Reading on after trouble: the text is cut where declarations begin, and each piece is read for itself.

use super::build::Builder;
use super::grammar::{self, Rule};
use super::scan::{self, Kind, Token, scan};
use super::{DEPTH_LIMIT, complain, errors};
use crate::diag::{Diagnostic, closest};
use crate::text::{SourceId, Span};
use crate::tree;

/// The declarations of a text that does not parse as a whole, and one message for each that is broken.
pub(super) fn file(source: SourceId, text: &str, base: usize) -> (tree::File, Vec<Diagnostic>) {
    let mut file = tree::File::default();
    let mut errors = Vec::new();
    let starts = starts(text);
    for (at, start) in starts.iter().enumerate() {
        let end = starts.get(at + 1).copied().unwrap_or(text.len());
        let piece = text.get(*start..end).unwrap_or("");
        let place = base.saturating_add(*start);
        match read(Rule::file, source, piece, place) {
            Ok(mut builder_and_items) => {
                file.items.append(&mut builder_and_items.0);
                errors.append(&mut builder_and_items.1);
            }
            Err(trouble) => errors.push(trouble),
        }
    }
    if errors.is_empty() {
        // Each piece can be read and the whole cannot: the whole is right.
        if let Err(refusal) = grammar::parse(Rule::file, text) {
            errors.push(complain::about(source, text, base, &refusal));
        }
    }
    (file, errors)
}

fn read(
    entrance: Rule,
    source: SourceId,
    piece: &str,
    base: usize,
) -> Result<(Vec<tree::Item>, Vec<Diagnostic>), Diagnostic> {
    if let Some(token) = scan::too_deep(piece, DEPTH_LIMIT) {
        let span = Span::new(source, base.saturating_add(token.start), base.saturating_add(token.end));
        return Err(*errors::too_deep(span));
    }
    let mut pairs =
        grammar::parse(entrance, piece).map_err(|refusal| complain::about(source, piece, base, &refusal))?;
    let mut builder = Builder::new(piece, source, base);
    let items = pairs.next().map_or(Vec::new(), |pair| builder.file(pair).items);
    Ok((items, builder.errors))
}

/// The words that begin declarations.
pub(super) const STARTERS: &[&str] = &[
    "agreement",
    "use",
    "source",
    "calendar",
    "office",
    "unit",
    "enum",
    "fact",
    "entity",
    "annex",
    "define",
    "function",
    "outcome",
    "rule",
    "obligation",
    "power",
    "running",
    "scenario",
    "guarantee",
    "article",
    "amends",
    "repeal",
    "replace",
    "insert",
    "substitute",
    "set",
];

/// Where the pieces of a text begin: lines that start a declaration in column 0. Where braces pair up they are believed,
/// and what stands inside is no piece of its own.
fn starts(text: &str) -> Vec<usize> {
    let tokens: Vec<Token> = scan(text).collect();
    let paired = braces_pair_up(text, &tokens);
    let mut starts = vec![0];
    let mut depth = 0usize;
    let mut before: Option<Token> = None;
    for (at, token) in tokens.iter().enumerate() {
        let flush = token.start == 0 || text.as_bytes().get(token.start - 1) == Some(&b'\n');
        let inside = paired && depth > 0;
        let after_doc = before.is_some_and(|before| before.kind == Kind::Doc);
        if flush
            && !inside
            && !after_doc
            && begins(text, *token, before, tokens.get(at + 1).copied())
            && token.start > 0
        {
            starts.push(token.start);
        }
        match token.text(text) {
            "{" => depth += 1,
            "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        before = Some(*token);
    }
    starts
}

fn braces_pair_up(text: &str, tokens: &[Token]) -> bool {
    let mut depth = Some(0usize);
    for token in tokens {
        depth = match token.text(text) {
            "{" => depth.map(|depth| depth + 1),
            "}" => depth.and_then(|depth| depth.checked_sub(1)),
            _ => depth,
        };
    }
    depth == Some(0)
}

/// Whether a token begins a declaration: a doc comment, a bare `if`, or a starter (misspelt, even) before a name.
fn begins(text: &str, token: Token, before: Option<Token>, after: Option<Token>) -> bool {
    let word = token.text(text);
    match token.kind {
        Kind::Doc => true,
        Kind::Word if word == "if" => before.is_none_or(|before| ends_something(before, text)),
        Kind::Word => {
            let named =
                after.is_some_and(|after| matches!(after.kind, Kind::Word | Kind::Text | Kind::Number));
            named && (STARTERS.contains(&word) || meant(word).is_some() || word == "IF" || word == "If")
        }
        _ => false,
    }
}

/// The starter a word in column 0 is a slip of.
pub(super) fn meant(word: &str) -> Option<&'static str> {
    const OTHERS: &[&str] =
        &["then", "otherwise", "and", "or", "not", "until", "from", "cites", "requires", "where"];
    if OTHERS.contains(&word) || word.len() < 3 {
        return None;
    }
    closest(word, STARTERS.iter().copied())
}

/// Whether a declaration may end with this token, so that an `if` behind it is a new one.
fn ends_something(token: Token, text: &str) -> bool {
    match token.kind {
        Kind::Mark => token.text(text) == "%",
        Kind::Open => false,
        Kind::Word => !matches!(token.text(text), "then" | "otherwise" | "and" | "or" | "not"),
        _ => true,
    }
}
