//! What operations can be about: the declarations of the base, each with its kind and name.

use crate::text::Span;
use crate::tree::{Decl, File, Head, Item, RepealTarget, TargetKind};

/// Where a declaration of the base stands; of two, the one in an article comes after the article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TargetPlace {
    pub file: usize,
    pub item: usize,
    /// Its place in the article that is at `item`.
    pub inner: Option<usize>,
}

/// What an operation names.
#[derive(Clone, Debug)]
pub(super) struct AmendTarget {
    /// The keyword of its kind.
    pub word: &'static str,
    pub name: String,
    pub span: Span,
}

/// The kind and name of a declaration; none for what has no name, and for operations.
pub(super) fn key(decl: &Decl) -> Option<(&'static str, String)> {
    let (word, name) = match decl {
        Decl::Agreement(it) => ("agreement", &it.name),
        Decl::Source(it) => ("source", &it.name),
        Decl::Calendar(it) => ("calendar", &it.name),
        Decl::Period(it) => ("period", &it.name),
        Decl::Office(it) => ("office", &it.name),
        Decl::Unit(it) => ("unit", &it.name),
        Decl::Enum(it) => ("enum", &it.name),
        Decl::Fact(it) => ("fact", &it.name),
        Decl::Entity(it) => ("entity", &it.name),
        Decl::Annex(it) => ("annex", &it.name),
        Decl::Define(it) => ("define", &it.name),
        Decl::Function(it) => ("function", &it.name),
        Decl::Outcome(it) => ("outcome", &it.name),
        Decl::Rule(it) => ("rule", it.name.as_ref()?),
        Decl::Obligation(it) => ("obligation", &it.name),
        Decl::Power(it) => ("power", &it.name),
        Decl::Running(it) => ("running", &it.name),
        Decl::Guarantee(it) => ("guarantee", &it.name),
        Decl::Scenario(it) => return Some(("scenario", it.title.text.clone())),
        Decl::Article(it) => return Some(("article", it.number.to_string())),
        Decl::Use(_)
        | Decl::Amends(_)
        | Decl::Repeal(_)
        | Decl::Replace(_)
        | Decl::Insert(_)
        | Decl::Substitute(_)
        | Decl::Set { .. } => return None,
    };
    Some((word, name.text.clone()))
}

impl AmendTarget {
    /// What a declaration of the amending file is about, by its own kind and name.
    pub(super) fn of(item: &Item) -> Option<AmendTarget> {
        let (word, name) = key(&item.kind)?;
        let span = match &item.kind {
            Decl::Scenario(it) => it.title.span,
            Decl::Article(it) => it.number_span,
            Decl::Rule(it) => it.name.as_ref().map_or(item.span, |name| name.span),
            Decl::Obligation(it) => it.name.span,
            Decl::Power(it) => it.name.span,
            Decl::Outcome(it) => it.name.span,
            Decl::Define(it) => it.name.span,
            _ => item.span,
        };
        Some(AmendTarget { word, name, span })
    }

    pub(super) fn repealed(target: &RepealTarget) -> AmendTarget {
        match target {
            RepealTarget::Named(kind, name) => {
                AmendTarget { word: word(*kind), name: name.text.clone(), span: name.span }
            }
            RepealTarget::Article { number, span } => article(*number, *span),
            RepealTarget::Scenario(title) => {
                AmendTarget { word: "scenario", name: title.text.clone(), span: title.span }
            }
        }
    }
}

pub(super) fn article(number: u32, span: Span) -> AmendTarget {
    AmendTarget { word: "article", name: number.to_string(), span }
}

pub(super) fn word(kind: TargetKind) -> &'static str {
    match kind {
        TargetKind::Rule => "rule",
        TargetKind::Define => "define",
        TargetKind::Obligation => "obligation",
        TargetKind::Power => "power",
        TargetKind::Guarantee => "guarantee",
    }
}

/// Every declaration, those of an article behind it.
pub(super) fn all(base: &[File]) -> impl Iterator<Item = (TargetPlace, &Item)> {
    base.iter().enumerate().flat_map(|(file, tree)| {
        tree.items.iter().enumerate().flat_map(move |(at, item)| {
            let place = TargetPlace { file, item: at, inner: None };
            let inner = inside(item).iter().enumerate();
            let inner = inner.map(move |(at, item)| (TargetPlace { inner: Some(at), ..place }, item));
            std::iter::once((place, item)).chain(inner)
        })
    })
}

/// The declarations of an article; of anything else, none.
pub(super) fn inside(item: &Item) -> &[Item] {
    match &item.kind {
        Decl::Article(article) => &article.items,
        _ => &[],
    }
}

pub(super) fn at(base: &[File], place: TargetPlace) -> Option<&Item> {
    let item = base.get(place.file)?.items.get(place.item)?;
    match place.inner {
        None => Some(item),
        Some(inner) => inside(item).get(inner),
    }
}

/// The head of the article around a place.
pub(super) fn article_head(base: &[File], place: TargetPlace) -> Option<&Head> {
    place.inner?;
    match &at(base, TargetPlace { inner: None, ..place })?.kind {
        Decl::Article(article) => Some(&article.head),
        _ => None,
    }
}

/// The head in which a first or last day can stand: of a rule, duty, power or article.
pub(super) fn head(decl: &Decl) -> Option<&Head> {
    match decl {
        Decl::Rule(it) => Some(&it.head),
        Decl::Obligation(it) => Some(&it.head),
        Decl::Power(it) => Some(&it.head),
        Decl::Article(it) => Some(&it.head),
        _ => None,
    }
}
