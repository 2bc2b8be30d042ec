//! From a use to the declaration, and to all other uses.

use super::documents::OpenTexts;
use super::view::PolicyView;
use crate::index::{NameUse, UseRole};
use crate::text::{SourceId, beside};
use crate::tree::{Decl, Item, Quoted};
use gen_lsp_types::{DocumentHighlight, DocumentHighlightKind, DocumentLink, Location};

/// Where the word at a place is declared, in all versions.
pub(super) fn definition(
    view: &PolicyView,
    source: SourceId,
    offset: u32,
    texts: &OpenTexts<'_>,
) -> Vec<Location> {
    let meant = view.meant(source, offset);
    let places = meant.iter().flat_map(|(_, thing)| &thing.places);
    places.filter_map(|place| view.location(place.name, texts)).collect()
}

/// All uses of what the word at a place means.
pub(super) fn references(
    view: &PolicyView,
    (source, offset): (SourceId, u32),
    with_declaration: bool,
    texts: &OpenTexts<'_>,
) -> Vec<Location> {
    let wanted = |one: &&NameUse| with_declaration || one.role != UseRole::Declares;
    let meant = view.meant(source, offset);
    let uses = meant.iter().flat_map(|(one, _)| view.index.uses(one.name)).filter(wanted);
    uses.filter_map(|one| view.location(one.span, texts)).collect()
}

/// The same within one text.
pub(super) fn highlights(view: &PolicyView, source: SourceId, offset: u32) -> Vec<DocumentHighlight> {
    let meant = view.meant(source, offset);
    let uses = meant.iter().flat_map(|(one, _)| view.index.uses(one.name));
    let here = uses.filter(|one| one.span.source == source);
    let mark = |one: &NameUse| DocumentHighlight {
        range: view.range(one.span),
        kind: Some(match one.role {
            UseRole::Declares | UseRole::Decides => DocumentHighlightKind::Write,
            UseRole::Reads => DocumentHighlightKind::Read,
            UseRole::Unread => DocumentHighlightKind::Text,
        }),
    };
    here.map(mark).collect()
}

/// The files that a text names.
pub(super) fn links(view: &PolicyView, source: SourceId, texts: &OpenTexts<'_>) -> Vec<DocumentLink> {
    let Some(part) = view.part(source) else { return Vec::new() };
    let mut named = Vec::new();
    part.tree.items.iter().for_each(|item| files(item, &mut named));
    let link = |file: &&Quoted| DocumentLink {
        range: view.range(file.span),
        target: Some(texts.uri(&beside(&part.path, &file.text))),
        tooltip: None,
        data: None,
    };
    named.iter().map(link).collect()
}

fn files<'t>(item: &'t Item, named: &mut Vec<&'t Quoted>) {
    match &item.kind {
        Decl::Use(file) => named.push(file),
        Decl::Amends(amends) => named.push(&amends.base),
        Decl::Annex(annex) => named.push(&annex.file),
        Decl::Source(source) => named.extend(&source.text),
        Decl::Article(article) => article.items.iter().for_each(|inner| files(inner, named)),
        Decl::Replace(new) => files(new, named),
        Decl::Insert(new) => files(&new.item, named),
        _ => {}
    }
}
