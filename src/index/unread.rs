//! Stretches that could not be read: what their first words declare, and which of their words are names.

use super::names::{NameKind, NamePlace, NameTable, NameUse, UseRole};
use crate::syntax::{Token, TokenKind, scan};
use crate::text::{Sources, Span};
use crate::tree::File;

/// The words that begin a declaration with a name.
const BEGINNINGS: &[(&str, NameKind)] = &[
    ("fact", NameKind::Fact),
    ("outcome", NameKind::Outcome),
    ("define", NameKind::Define),
    ("function", NameKind::Function),
    ("rule", NameKind::Rule),
    ("obligation", NameKind::Obligation),
    ("power", NameKind::Power),
    ("guarantee", NameKind::Guarantee),
    ("entity", NameKind::Entity),
    ("annex", NameKind::Annex),
    ("enum", NameKind::Enum),
    ("source", NameKind::Source),
    ("office", NameKind::Office),
    ("unit", NameKind::Unit),
    ("calendar", NameKind::Calendar),
    ("running", NameKind::Running),
    ("agreement", NameKind::Agreement),
];

/// The declarations that begin in them.
pub(super) fn declared(file: &File, sources: &Sources, table: &mut NameTable) {
    for stretch in &file.unread {
        let text = sources.text(*stretch);
        let tokens: Vec<Token> = scan(text).collect();
        for pair in tokens.windows(2) {
            let [first, second] = pair else { continue };
            let kind = BEGINNINGS.iter().find(|(word, _)| *word == first.text(text));
            // Elsewhere in a line the word is one of a sentence.
            let begins = text
                .get(..first.start)
                .is_none_or(|before| before.rsplit('\n').next().is_none_or(|line| line.trim().is_empty()));
            if let Some((_, kind)) = kind
                && begins
                && second.kind == TokenKind::Word
            {
                let place =
                    NamePlace::plain(within(*stretch, *second), within(*stretch, *first).to(*stretch));
                table.declare(second.text(text), *kind, place);
            }
        }
    }
}

/// The names among their words.
pub(super) fn used(file: &File, sources: &Sources, table: &NameTable, uses: &mut Vec<NameUse>) {
    for stretch in &file.unread {
        let text = sources.text(*stretch);
        for token in scan(text).filter(|token| token.kind == TokenKind::Word) {
            let word = token.text(text);
            let names = table.global(word).into_iter().chain(table.choices(word).iter().copied());
            let span = within(*stretch, token);
            uses.extend(names.map(|name| NameUse { name, span, role: UseRole::Unread }));
        }
    }
}

fn within(stretch: Span, token: Token) -> Span {
    let at = |offset: usize| (stretch.start as usize).saturating_add(offset);
    Span::new(stretch.source, at(token.start), at(token.end))
}
