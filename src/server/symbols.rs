//! What a text declares, and what all texts declare.

use super::documents::OpenTexts;
use super::view::PolicyView;
use crate::index::{NameKind, OutlineItem};
use crate::text::SourceId;
use gen_lsp_types::{
    BaseSymbolInformation, DocumentSymbol, SymbolKind, WorkspaceSymbol, WorkspaceSymbolLocation,
};

/// The outline of a text.
pub(super) fn outline(view: &PolicyView, source: SourceId) -> Vec<DocumentSymbol> {
    view.index.outline(source).iter().map(|item| symbol(view, item)).collect()
}

fn symbol(view: &PolicyView, item: &OutlineItem) -> DocumentSymbol {
    let inner: Vec<DocumentSymbol> = item.inner.iter().map(|inner| symbol(view, inner)).collect();
    let name = if item.name.is_empty() { item.kind.noun() } else { item.name.as_str() };
    #[allow(deprecated, reason = "the field is a part of the type")]
    DocumentSymbol {
        name: name.to_string(),
        detail: Some(item.detail.clone().unwrap_or_else(|| item.kind.noun().to_string())),
        kind: kind(item.kind),
        tags: None,
        deprecated: None,
        range: view.range(item.whole),
        selection_range: view.range(item.name_span),
        children: (!inner.is_empty()).then_some(inner),
    }
}

/// Declarations whose name has the letters of a query in their order.
pub(super) fn of_workspace<'v>(
    views: impl Iterator<Item = &'v PolicyView>,
    query: &str,
    texts: &OpenTexts<'_>,
) -> Vec<WorkspaceSymbol> {
    let mut found: Vec<WorkspaceSymbol> = Vec::new();
    for view in views {
        for (_, thing) in view.index.names().filter(|(_, thing)| has_letters(&thing.name, query)) {
            if thing.kind == NameKind::Row || thing.kind == NameKind::Parameter {
                continue;
            }
            for location in thing.places.iter().filter_map(|place| view.location(place.name, texts)) {
                let base = BaseSymbolInformation {
                    name: thing.name.clone(),
                    kind: kind(thing.kind),
                    tags: None,
                    container_name: thing.owner.map(|owner| view.name(owner).to_string()),
                };
                let location = WorkspaceSymbolLocation::Location(location);
                let one = WorkspaceSymbol { location, data: None, base_symbol_information: base };
                if !found.contains(&one) {
                    found.push(one);
                }
            }
        }
    }
    found
}

fn has_letters(name: &str, query: &str) -> bool {
    let mut left = name.chars().flat_map(char::to_lowercase);
    query.chars().flat_map(char::to_lowercase).all(|wanted| left.any(|letter| letter == wanted))
}

fn kind(kind: NameKind) -> SymbolKind {
    match kind {
        NameKind::Agreement => SymbolKind::Package,
        NameKind::Party | NameKind::Office => SymbolKind::Interface,
        NameKind::Source => SymbolKind::File,
        NameKind::Calendar | NameKind::Period => SymbolKind::Object,
        NameKind::Unit => SymbolKind::Number,
        NameKind::Enum => SymbolKind::Enum,
        NameKind::Choice => SymbolKind::EnumMember,
        NameKind::Fact => SymbolKind::Constant,
        NameKind::Entity => SymbolKind::Struct,
        NameKind::Field | NameKind::Column => SymbolKind::Field,
        NameKind::Annex => SymbolKind::Array,
        NameKind::Define | NameKind::Running | NameKind::Parameter | NameKind::Row => SymbolKind::Variable,
        NameKind::Function => SymbolKind::Function,
        NameKind::Outcome => SymbolKind::Property,
        NameKind::Rule | NameKind::Obligation | NameKind::Power => SymbolKind::Method,
        NameKind::Article => SymbolKind::Namespace,
        NameKind::Guarantee | NameKind::Scenario => SymbolKind::Event,
    }
}
