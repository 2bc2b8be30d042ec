//! A facts file against its policy: what is wrong in it, what its words mean, what may be stated.

use super::documents::OpenTexts;
use super::hover::told;
use super::view::PolicyView;
use crate::diag::Diagnostic;
use crate::formats::{self, Format};
use crate::index::{NameId, NameKind, NamedThing};
use crate::scenarios::stated;
use crate::text::{Files, Sources};
use gen_lsp_types::{
    CompletionItem, CompletionItemKind, Contents, Documentation, Hover, MarkupContent, MarkupKind,
};

/// What is wrong with the facts stated in a file, and the texts it is about; nothing, while the policy has errors itself.
pub(super) fn wrong(view: &PolicyView, path: &str, texts: &OpenTexts<'_>) -> (Vec<Diagnostic>, Sources) {
    let mut sources = view.sources.clone();
    let (Some(policy), Some(format)) = (view.policy.as_deref(), Format::of(path)) else {
        return (Vec::new(), sources);
    };
    let Ok(text) = texts.read(path) else { return (Vec::new(), sources) };
    let id = sources.add(path, text);
    let said = match formats::facts(&mut sources, id, format, texts) {
        Ok(input) => stated(policy, &input).err(),
        Err(said) => Some(said),
    };
    (said.unwrap_or_default(), sources)
}

fn is_word(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || sign == '_'
}

/// What a word of a facts file means.
pub(super) fn hover(view: &PolicyView, text: &str, offset: usize) -> Option<Hover> {
    let (before, after) = (text.get(..offset)?, text.get(offset..)?);
    let start = before.rfind(|sign| !is_word(sign)).map_or(0, |at| at.saturating_add(1));
    let long = after.find(|sign| !is_word(sign)).unwrap_or(after.len());
    let word = text.get(start..offset.saturating_add(long))?;
    let mut meant = view.index.names().filter(|(_, thing)| thing.name == word && may_be_stated(thing.kind));
    let (id, thing) = meant.next()?;
    let markup = MarkupContent { kind: MarkupKind::Markdown, value: told(view, id, thing)? };
    Some(Hover { contents: Contents::MarkupContent(markup), range: None })
}

fn may_be_stated(kind: NameKind) -> bool {
    matches!(
        kind,
        NameKind::Fact
            | NameKind::Entity
            | NameKind::Field
            | NameKind::Power
            | NameKind::Choice
            | NameKind::Annex
    )
}

/// What may be written at a place: names where a name begins, the choices of what is stated behind it.
pub(super) fn complete(view: &PolicyView, text: &str, offset: usize) -> Vec<CompletionItem> {
    let before = text.get(..offset).unwrap_or("");
    let line = before.rsplit('\n').next().unwrap_or("");
    let line = line.trim_end_matches(is_word);
    let (line, is_value) = match line.trim_end().strip_suffix([':', '=']) {
        Some(name) => (name, true),
        None => (line, false),
    };
    let named = line.rsplit(|sign| !is_word(sign)).find(|word| !word.is_empty()).unwrap_or("");
    let all = view.index.names();
    if is_value {
        let about = |thing: &NamedThing| matches!(thing.kind, NameKind::Fact | NameKind::Field);
        let stated = all.filter(|(_, thing)| thing.name == named && about(thing)).map(|(id, _)| id);
        let choices = stated.flat_map(|id| view.index.members(id));
        return items(view, choices.filter(|id| is(view, *id, NameKind::Choice)));
    }
    let may_begin =
        |kind| matches!(kind, NameKind::Fact | NameKind::Entity | NameKind::Field | NameKind::Power);
    items(view, all.filter(|(_, thing)| may_begin(thing.kind)).map(|(id, _)| id))
}

fn is(view: &PolicyView, id: NameId, kind: NameKind) -> bool {
    view.index.get(id).is_some_and(|thing| thing.kind == kind)
}

fn items(view: &PolicyView, names: impl Iterator<Item = NameId>) -> Vec<CompletionItem> {
    let item = |id: NameId| {
        let thing = view.index.get(id)?;
        let rank = if thing.owner.is_none() { 0 } else { 1 };
        Some(CompletionItem {
            label: thing.name.clone(),
            kind: Some(CompletionItemKind::Field),
            detail: thing.owner.map_or_else(
                || Some(thing.kind.noun().to_string()),
                |owner| Some(format!("{} of {}", thing.kind.noun(), view.name(owner))),
            ),
            documentation: told(view, id, thing).map(|value| {
                Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value })
            }),
            sort_text: Some(format!("{rank}{}", thing.name)),
            ..CompletionItem::default()
        })
    };
    let mut items: Vec<CompletionItem> = names.filter_map(item).collect();
    items.sort_by(|a, b| a.sort_text.cmp(&b.sort_text));
    items.dedup_by(|a, b| a.label == b.label);
    items
}
