//! What may be written at a place: the grammar says what sort of thing, the names of the policy say which.

use super::hover::told;
use super::view::PolicyView;
use crate::index::{NameId, NameKind, NamedThing};
use crate::syntax::{STATES, Token, TokenKind, VALUE_WORDS, WantedHere, scan, starters, wanted_after};
use crate::text::SourceId;
use crate::value::{Country, Units};
use gen_lsp_types::{CompletionItem, CompletionItemKind, Documentation, MarkupContent, MarkupKind};
use std::collections::BTreeMap;

/// The types that are no units, enums or entities.
pub(super) const BUILT_IN: [&str; 8] =
    ["number", "rate", "date", "duration", "bool", "text", "code", "country"];

pub(super) fn complete(view: &PolicyView, source: SourceId, offset: u32) -> Vec<CompletionItem> {
    let text = view.rules(source);
    let before = text.get(..offset as usize).unwrap_or("");
    // The word that is being written is no part of what stands before it.
    let before = before.trim_end_matches(|sign: char| sign.is_ascii_alphanumeric() || sign == '_');
    let tokens: Vec<Token> = scan(before).collect();
    let place = WordPlace { view, text: before, tokens: &tokens };
    if tokens.last().is_some_and(|last| last.kind == TokenKind::OpenText) || in_remark(before) {
        return Vec::new();
    }
    let mut list = Completions::default();
    if before.ends_with('.') {
        place.members(&mut list);
    } else {
        place.wanted(&mut list);
    }
    list.items.into_values().collect()
}

fn in_remark(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or("");
    line.match_indices('#')
        .any(|(at, _)| line.get(..at).is_some_and(|left| left.matches('"').count() % 2 == 0))
}

/// Items by how near they are, then by name; each name once.
#[derive(Default)]
struct Completions {
    items: BTreeMap<String, CompletionItem>,
}

impl Completions {
    fn add(&mut self, label: &str, kind: CompletionItemKind, detail: &str, rank: u8) {
        let item = CompletionItem {
            label: label.to_string(),
            kind: Some(kind),
            detail: (!detail.is_empty()).then(|| detail.to_string()),
            sort_text: Some(format!("{rank}{label}")),
            ..CompletionItem::default()
        };
        let known = self.items.get(label).and_then(|known| known.sort_text.clone());
        if known.is_none_or(|known| item.sort_text.as_ref().is_some_and(|own| *own < known)) {
            self.items.insert(label.to_string(), item);
        }
    }

    fn keyword(&mut self, word: &str) {
        self.add(word, CompletionItemKind::Keyword, "", 5);
    }

    fn name(&mut self, view: &PolicyView, id: NameId, rank: u8) {
        let Some(thing) = view.index.get(id) else { return };
        let written = if thing.kind == NameKind::Article {
            format!("article {}", thing.name)
        } else {
            thing.name.clone()
        };
        self.add(&written, kind(thing.kind), &detail(view, thing), rank);
        if let Some(item) = self.items.get_mut(&written) {
            let markup = |value| MarkupContent { kind: MarkupKind::Markdown, value };
            item.documentation = told(view, id, thing).map(|text| Documentation::MarkupContent(markup(text)));
        }
    }
}

/// `USD`, `outcome`: the type as it is written, or what it is.
fn detail(view: &PolicyView, thing: &NamedThing) -> String {
    let place = thing.places.first();
    let ty = place.and_then(|place| place.ty).map(|span| view.sources.text(span));
    match (ty, place.and_then(|place| place.title.as_deref())) {
        (Some(ty), _) => format!("{} : {ty}", thing.kind.noun()),
        (None, Some(title)) => title.to_string(),
        (None, None) => thing.kind.noun().to_string(),
    }
}

/// A place between words.
struct WordPlace<'v> {
    view: &'v PolicyView,
    text: &'v str,
    tokens: &'v [Token],
}

impl WordPlace<'_> {
    /// The words and signs before the place, the last first.
    fn back(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().rev().map(|token| token.text(self.text))
    }

    /// What may stand after a dot.
    fn members(&self, list: &mut Completions) {
        let mut at = self.tokens.len().saturating_sub(1);
        let token = |at: usize| self.tokens.get(at).map_or("", |token| token.text(self.text));
        // What stands in brackets after a name is no part of it.
        let mut depth = 0usize;
        loop {
            let Some(before) = at.checked_sub(1) else { return };
            at = before;
            match token(at) {
                ")" => depth += 1,
                "(" if depth > 0 => depth -= 1,
                _ if depth == 0 => break,
                _ => {}
            }
        }
        let mut path = vec![token(at)];
        while let Some(before) = at.checked_sub(2).filter(|before| token(before + 1) == ".") {
            path.push(token(before));
            at = before;
        }
        let mut path = path.into_iter().rev();
        let head = path.next().unwrap_or("");
        let mut owner = self.row(head).or_else(|| self.view.index.global(head));
        for field in path {
            let members = owner.map(|owner| self.view.index.members(owner)).unwrap_or_default();
            owner = members.into_iter().find(|id| self.view.name(*id) == field);
        }
        for id in owner.map(|owner| self.view.index.members(owner)).unwrap_or_default() {
            list.name(self.view, id, 0);
        }
        let is_power =
            owner.and_then(|id| self.view.index.get(id)).is_some_and(|it| it.kind == NameKind::Power);
        if is_power {
            list.add("on", CompletionItemKind::Field, "the day of the act", 0);
            list.add("by", CompletionItemKind::Field, "who did it", 0);
        }
    }

    /// The entity of a row: `for each other in entry`.
    fn row(&self, name: &str) -> Option<NameId> {
        let words: Vec<&str> = self.back().take(200).collect();
        let named = words.windows(4).find(|words| matches!(words, [_, "in", row, "each"] if *row == name))?;
        self.view.index.global(named.first()?)
    }

    fn wanted(&self, list: &mut Completions) {
        for wanted in wanted_after(self.text) {
            match wanted {
                WantedHere::Keyword(word) => list.keyword(&word),
                WantedHere::Declaration => starters().iter().for_each(|word| list.keyword(word)),
                WantedHere::Value => self.values(list),
                WantedHere::Type => self.types(list),
                WantedHere::UnitOfNumber => self.units(list),
                WantedHere::SourceName => self.names(list, 0, |kind| kind == NameKind::Source),
                WantedHere::RuleName => self.names(list, 0, |kind| {
                    matches!(kind, NameKind::Rule | NameKind::Power | NameKind::Article | NameKind::Source)
                }),
                WantedHere::Target => self.names(list, 0, |kind| kind == NameKind::Outcome),
                WantedHere::DutyOrPowerState => STATES.iter().for_each(|word| list.keyword(word)),
                WantedHere::EntityName => self.names(list, 0, |kind| kind == NameKind::Entity),
                WantedHere::PowerName => self.names(list, 0, |kind| kind == NameKind::Power),
                WantedHere::FactName => self.names(list, 0, |kind| kind == NameKind::Fact),
                WantedHere::HolderName => {
                    self.names(list, 0, |kind| matches!(kind, NameKind::Office | NameKind::Party))
                }
                WantedHere::GivenName => self.names(list, 0, |kind| {
                    matches!(kind, NameKind::Fact | NameKind::Entity | NameKind::Annex)
                }),
                WantedHere::AnyName => {}
            }
        }
    }

    fn names(&self, list: &mut Completions, rank: u8, wanted: impl Fn(NameKind) -> bool) {
        for (id, thing) in self.view.index.names().filter(|(_, thing)| wanted(thing.kind)) {
            if thing.kind != NameKind::Row {
                list.name(self.view, id, rank);
            }
        }
    }

    fn values(&self, list: &mut Completions) {
        let near = self.type_of_the_other_side();
        match near.as_deref() {
            Some("country") => Country::all().for_each(|country| {
                list.add(&country.to_string(), CompletionItemKind::Constant, "country", 0)
            }),
            Some(word) => {
                let choices = self.view.index.global(word).map(|id| self.view.index.members(id));
                let choice = |id: &NameId| {
                    self.view.index.get(*id).is_some_and(|thing| thing.kind == NameKind::Choice)
                };
                choices.unwrap_or_default().iter().filter(|id| choice(id)).for_each(|id| {
                    list.name(self.view, *id, 0);
                });
            }
            None => {}
        }
        self.names(list, 2, NameKind::is_value);
        let conduct = |kind| matches!(kind, NameKind::Obligation | NameKind::Power);
        self.names(list, 3, conduct);
        VALUE_WORDS.iter().for_each(|word| list.keyword(word));
    }

    /// `entry.origin = `: the word of the type of what is compared or assigned.
    fn type_of_the_other_side(&self) -> Option<String> {
        let mut back = self.back().skip_while(|word| matches!(*word, "{" | "," | "(")).peekable();
        let sign = back.next()?;
        if !matches!(sign, "=" | "!=" | "in" | "under" | ":=") {
            return None;
        }
        let mut path = vec![back.next()?];
        while back.next_if(|word| *word == ".").is_some() {
            path.push(back.next()?);
        }
        let mut path = path.into_iter().rev();
        let head = path.next()?;
        let mut at = self.row(head).or_else(|| self.view.index.global(head))?;
        for field in path {
            let members = self.view.index.members(at);
            at = members.into_iter().find(|id| self.view.name(*id) == field)?;
        }
        let span = self.view.place(at)?.ty?;
        Some(self.view.sources.text(span).to_string())
    }

    fn types(&self, list: &mut Completions) {
        BUILT_IN.iter().for_each(|word| list.add(word, CompletionItemKind::TypeParameter, "type", 0));
        self.names(list, 1, |kind| matches!(kind, NameKind::Unit | NameKind::Enum | NameKind::Entity));
        self.standard_units(list);
    }

    fn units(&self, list: &mut Completions) {
        self.names(list, 0, |kind| kind == NameKind::Unit);
        self.standard_units(list);
        for word in [
            "thousand",
            "million",
            "billion",
            "trillion",
            "days",
            "business days",
            "weeks",
            "months",
            "years",
            "bp",
        ] {
            list.keyword(word);
        }
    }

    fn standard_units(&self, list: &mut Completions) {
        let used = self.view.sources.read().any(|(_, source)| source.text.contains("USD"));
        for unit in Units::standard().names() {
            let rank = if used && unit == "USD" { 1 } else { 4 };
            list.add(unit, CompletionItemKind::Unit, "unit", rank);
        }
    }
}

fn kind(kind: NameKind) -> CompletionItemKind {
    match kind {
        NameKind::Agreement | NameKind::Article => CompletionItemKind::Module,
        NameKind::Party | NameKind::Office => CompletionItemKind::Interface,
        NameKind::Source => CompletionItemKind::Reference,
        NameKind::Calendar | NameKind::Period => CompletionItemKind::Value,
        NameKind::Unit => CompletionItemKind::Unit,
        NameKind::Enum => CompletionItemKind::Enum,
        NameKind::Choice => CompletionItemKind::EnumMember,
        NameKind::Fact => CompletionItemKind::Constant,
        NameKind::Entity => CompletionItemKind::Struct,
        NameKind::Field | NameKind::Column => CompletionItemKind::Field,
        NameKind::Annex => CompletionItemKind::Class,
        NameKind::Define | NameKind::Running | NameKind::Parameter | NameKind::Row => {
            CompletionItemKind::Variable
        }
        NameKind::Function => CompletionItemKind::Function,
        NameKind::Outcome => CompletionItemKind::Property,
        NameKind::Rule | NameKind::Obligation | NameKind::Power => CompletionItemKind::Method,
        NameKind::Guarantee | NameKind::Scenario => CompletionItemKind::Event,
    }
}
