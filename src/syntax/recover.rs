//! Reading on after trouble: the text is cut where declarations begin, and each piece is read for itself.

use super::build::Builder;
use super::complain::{self, TextPiece};
use super::grammar::{self, Rule};
use super::scan::{self, Token, TokenKind, scan};
use super::{DEPTH_LIMIT, errors};
use crate::diag::{Code, Diagnostic, closest};
use crate::text::Span;
use crate::tree;
use pest::iterators::Pairs;

/// More messages than this help nobody; the others are counted.
const MOST: usize = 100;

/// What could be read, and what is wrong with the rest.
#[derive(Default)]
struct FoundItems {
    items: Vec<tree::Item>,
    unread: Vec<Span>,
    errors: Vec<Diagnostic>,
    /// Pieces that were broken too when there were errors enough.
    more: usize,
}

impl FoundItems {
    fn error(&mut self, error: Diagnostic) {
        if self.errors.len() < MOST {
            self.errors.push(error);
        } else {
            self.more += 1;
        }
    }
}

/// The declarations of a text that does not parse as a whole, and one message for each that is broken.
pub(super) fn file(whole: TextPiece) -> (tree::File, Vec<Diagnostic>) {
    let mut found = FoundItems::default();
    for piece in cut(whole, &starts(whole.text, false), "the next declaration") {
        if let Err(trouble) = read(piece, &mut found) {
            if is_article(piece.text) {
                article(piece, trouble, &mut found);
            } else {
                rescue(piece, &trouble, &mut found);
                found.unread.push(piece.span(0, piece.text.len()));
                found.error(trouble);
            }
        }
    }
    // Should each piece be readable where the whole is not, the whole is right.
    if found.errors.is_empty()
        && let Err(trouble) = check(whole, Rule::file)
    {
        found.error(trouble);
    }
    if found.more > 0 {
        let message = format!("{} more declarations cannot be read", found.more);
        let end = whole.text.len();
        found.errors.push(Diagnostic::error(Code::Syntax, whole.span(end, end), message));
    }
    (tree::File { items: found.items, unread: found.unread }, found.errors)
}

/// Whether a piece is one whole of the grammar, and shallow enough to be asked.
fn check(piece: TextPiece<'_>, entrance: Rule) -> Result<Pairs<'_, Rule>, Diagnostic> {
    if let Some(token) = scan::too_deep(piece.text, DEPTH_LIMIT) {
        return Err(*errors::too_deep(piece.place(token)));
    }
    grammar::parse(entrance, piece.text).map_err(|refusal| complain::about(piece, &refusal))
}

/// All declarations of a piece.
fn read(piece: TextPiece, found: &mut FoundItems) -> Result<(), Diagnostic> {
    let mut pairs = check(piece, Rule::file)?;
    let mut builder = Builder::new(piece);
    if let Some(pair) = pairs.next() {
        let mut file = builder.file(pair);
        found.items.append(&mut file.items);
        found.unread.append(&mut file.unread);
    }
    builder.errors.into_iter().for_each(|error| found.error(error));
    Ok(())
}

/// What stands before the line that is broken, if that line is one by itself.
fn rescue(piece: TextPiece, trouble: &Diagnostic, found: &mut FoundItems) {
    let at = trouble.span().map_or(0, |span| (span.start as usize).saturating_sub(piece.base));
    let before = piece.text.get(..at).unwrap_or("");
    if before.ends_with('\n') {
        // It may be broken as well, and then its trouble is part of what was said.
        let _ = read(TextPiece { text: before, ..piece }, found);
    }
}

/// An article is read declaration by declaration; the broken ones are made blank, and the rest stands.
fn article(piece: TextPiece, trouble: Diagnostic, found: &mut FoundItems) {
    let mut mended = piece.text.to_string();
    let starts = starts(piece.text, true);
    let inner = starts.get(..starts.len().saturating_sub(1)).unwrap_or(&[]);
    let body =
        TextPiece { text: piece.text.get(..starts.last().copied().unwrap_or(0)).unwrap_or(""), ..piece };
    let mut broken = false;
    for part in cut(body, inner, "the next declaration").into_iter().skip(1) {
        if let Err(trouble) = check(part, Rule::inners) {
            found.error(trouble);
            found.unread.push(part.span(0, part.text.len()));
            let start = part.base.saturating_sub(piece.base);
            mended.replace_range(start..start + part.text.len(), &scan::blank(part.text));
            broken = true;
        }
    }
    let mended = TextPiece { text: &mended, ..piece };
    match read(mended, found) {
        Err(trouble) => {
            found.unread.push(piece.span(0, piece.text.len()));
            found.error(trouble);
        }
        Ok(()) if !broken => found.error(trouble),
        Ok(()) => {}
    }
}

fn is_article(text: &str) -> bool {
    let first = scan(text).find(|token| token.kind != TokenKind::Doc);
    first.is_some_and(|token| token.text(text) == "article")
}

/// The pieces of a text that begin at `starts`, and what stands before the first.
fn cut<'t>(whole: TextPiece<'t>, starts: &[usize], then: &'static str) -> Vec<TextPiece<'t>> {
    let mut from = 0;
    let ends = starts.iter().copied().filter(|start| *start > 0).map(|end| (end, then));
    let ends = ends.chain([(whole.text.len(), whole.then)]);
    let piece = |(end, then): (usize, &'static str)| {
        let text = whole.text.get(from..end).unwrap_or("");
        let piece = TextPiece { text, base: whole.base.saturating_add(from), then, ..whole };
        from = end;
        piece
    };
    ends.map(piece).collect()
}

/// The words that begin declarations.
pub(super) const STARTERS: &[&str] = &[
    "agreement",
    "use",
    "source",
    "calendar",
    "period",
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
///
/// Of an article: lines within it that start a declaration at any column, and last where it ends.
fn starts(text: &str, article: bool) -> Vec<usize> {
    let tokens: Vec<Token> = scan(text).collect();
    let paired = article || braces_pair_up(text, &tokens);
    let level = usize::from(article);
    let (mut starts, mut depth, mut before) = (Vec::new(), 0usize, None::<Token>);
    for (at, token) in tokens.iter().enumerate() {
        let gap = text.get(before.map_or(0, |before| before.end)..token.start).unwrap_or("");
        let first = if article {
            gap.contains('\n') || before.is_some_and(|before| before.text(text) == "{")
        } else {
            token.start == 0 || gap.ends_with('\n')
        };
        let after_doc = before.is_some_and(|before| before.kind == TokenKind::Doc);
        if first
            && (!paired || depth == level)
            && !after_doc
            && begins(text, *token, before, tokens.get(at + 1).copied())
        {
            starts.push(token.start);
        }
        match token.text(text) {
            "{" => depth += 1,
            "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if article && depth == 0 && token.text(text) == "}" {
            starts.push(token.start);
            return starts;
        }
        before = Some(*token);
    }
    if article {
        starts.push(text.len());
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

/// Whether a token begins a declaration: a doc comment, a bare `if`, a starter, or a misspelt one before a name.
fn begins(text: &str, token: Token, before: Option<Token>, after: Option<Token>) -> bool {
    let word = token.text(text);
    match token.kind {
        TokenKind::Doc => true,
        TokenKind::Word if word.eq_ignore_ascii_case("if") => {
            before.is_none_or(|before| ends_something(before, text))
        }
        TokenKind::Word => {
            let named = after.is_some_and(|after| {
                matches!(after.kind, TokenKind::Word | TokenKind::Text | TokenKind::Number)
            });
            let goes_on = after.is_some_and(|after| match after.kind {
                TokenKind::Mark => after.text(text) != ":",
                kind => kind == TokenKind::Close,
            });
            if STARTERS.contains(&word) { !goes_on } else { named && meant(word).is_some() }
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
        TokenKind::Mark => token.text(text) == "%",
        TokenKind::Open => false,
        TokenKind::Word => !matches!(token.text(text), "then" | "otherwise" | "and" | "or" | "not"),
        _ => true,
    }
}

/// The declaration that a text ends in, and whether it stands in an article.
pub(super) fn piece_at(text: &str) -> (&str, bool) {
    let start = starts(text, false).last().copied().unwrap_or(0);
    let piece = text.get(start..).unwrap_or("");
    if !is_article(piece) {
        return (piece, false);
    }
    let inner = starts(piece, true);
    let closed = braces_pair_up(piece, &scan(piece).collect::<Vec<_>>()) && piece.contains('{');
    match inner.split_last() {
        Some((_, [.., start])) if !closed => (piece.get(*start..).unwrap_or(""), true),
        _ => (piece, false),
    }
}
