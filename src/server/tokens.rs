//! The words of a text by what they are: a word that is a keyword elsewhere is a name where it stands for one.

use super::complete::BUILT_IN;
use super::view::PolicyView;
use crate::index::{NameKind, UseRole};
use crate::syntax::{Token, TokenKind, keywords, scan};
use crate::text::{SourceId, Span};
use crate::value::{Country, Units};
use gen_lsp_types::{SemanticToken, SemanticTokenModifiers, SemanticTokenTypes, SemanticTokensLegend};

/// What words are called, each by its place.
const TYPES: [SemanticTokenTypes; 15] = [
    SemanticTokenTypes::Namespace,
    SemanticTokenTypes::Type,
    SemanticTokenTypes::Class,
    SemanticTokenTypes::Enum,
    SemanticTokenTypes::EnumMember,
    SemanticTokenTypes::Parameter,
    SemanticTokenTypes::Variable,
    SemanticTokenTypes::Property,
    SemanticTokenTypes::Function,
    SemanticTokenTypes::Method,
    SemanticTokenTypes::Event,
    SemanticTokenTypes::Keyword,
    SemanticTokenTypes::Comment,
    SemanticTokenTypes::String,
    SemanticTokenTypes::Number,
];

pub(super) fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: TYPES.iter().map(|one| one.as_str().to_string()).collect(),
        token_modifiers: vec![SemanticTokenModifiers::Declaration.as_str().to_string()],
    }
}

pub(super) fn tokens(view: &PolicyView, source: SourceId) -> Vec<SemanticToken> {
    let text = view.rules(source);
    let (keywords, units) = (keywords(), Units::standard());
    let mut uses = view.index.uses_in(source).iter().peekable();
    let (mut line, mut column) = (0, 0);
    let mut made = Vec::new();
    let mut before = "";
    for token in scan(&text) {
        let span = Span::new(source, token.start, token.end);
        while uses.next_if(|one| one.span.start < span.start).is_some() {}
        let used = uses.peek().filter(|one| one.span == span).copied();
        let name = used.and_then(|one| view.index.get(one.name));
        let ty = match name {
            Some(thing) => Some(of_name(thing.kind)),
            None if before == ":" && BUILT_IN.contains(&token.text(&text)) => Some(SemanticTokenTypes::Type),
            None => of_word(token, &text, &keywords, &units),
        };
        before = token.text(&text);
        let Some(token_type) = ty.and_then(|ty| TYPES.iter().position(|one| *one == ty)) else { continue };
        let start = view.range(span).start;
        let delta_line = start.line.saturating_sub(line);
        let delta_start =
            if delta_line == 0 { start.character.saturating_sub(column) } else { start.character };
        (line, column) = (start.line, start.character);
        made.push(SemanticToken {
            delta_line,
            delta_start,
            length: view.unit.length(token.text(&text)),
            token_type: super::places::number(token_type),
            token_modifiers_bitset: u32::from(used.is_some_and(|one| one.role == UseRole::Declares)),
        });
    }
    made
}

fn of_name(kind: NameKind) -> SemanticTokenTypes {
    match kind {
        NameKind::Agreement | NameKind::Article | NameKind::Source => SemanticTokenTypes::Namespace,
        NameKind::Party | NameKind::Office | NameKind::Entity => SemanticTokenTypes::Class,
        NameKind::Calendar | NameKind::Period | NameKind::Unit => SemanticTokenTypes::Type,
        NameKind::Enum => SemanticTokenTypes::Enum,
        NameKind::Choice => SemanticTokenTypes::EnumMember,
        NameKind::Fact | NameKind::Define | NameKind::Running | NameKind::Annex => {
            SemanticTokenTypes::Variable
        }
        NameKind::Field | NameKind::Column | NameKind::Outcome => SemanticTokenTypes::Property,
        NameKind::Function => SemanticTokenTypes::Function,
        NameKind::Parameter | NameKind::Row => SemanticTokenTypes::Parameter,
        NameKind::Rule | NameKind::Obligation | NameKind::Power => SemanticTokenTypes::Method,
        NameKind::Guarantee | NameKind::Scenario => SemanticTokenTypes::Event,
    }
}

fn of_word(token: Token, text: &str, keywords: &[String], units: &Units) -> Option<SemanticTokenTypes> {
    let word = token.text(text);
    match token.kind {
        TokenKind::Number => Some(SemanticTokenTypes::Number),
        TokenKind::Text | TokenKind::OpenText => Some(SemanticTokenTypes::String),
        TokenKind::Doc => Some(SemanticTokenTypes::Comment),
        TokenKind::Word if keywords.iter().any(|known| known == word) => Some(SemanticTokenTypes::Keyword),
        TokenKind::Word if Country::parse(word).is_some() => Some(SemanticTokenTypes::EnumMember),
        TokenKind::Word if units.find(word).is_some() => Some(SemanticTokenTypes::Type),
        _ => None,
    }
}
