//! What a name is, shown where it stands.

use super::view::PolicyView;
use crate::index::{NameId, NameKind, NamePlace, NamedThing};
use crate::literal::{LiteralScope, type_noun};
use crate::policy::Policy;
use crate::text::SourceId;
use gen_lsp_types::{Contents, Hover, MarkupContent, MarkupKind};

/// Of a longer declaration no more lines are shown.
const LINES: usize = 12;

pub(super) fn hover(view: &PolicyView, source: SourceId, offset: u32) -> Option<Hover> {
    let meant = view.meant(source, offset);
    let (first, _) = meant.first()?;
    let range = view.range(first.span);
    let told: Vec<String> = meant.iter().filter_map(|(one, thing)| told(view, one.name, thing)).collect();
    let value = told.join("\n\n---\n\n");
    let contents = Contents::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value });
    Some(Hover { contents, range: Some(range) })
}

/// A name in full: how it is declared, what is said of it, who says so, and what stands above and below it.
pub(super) fn told(view: &PolicyView, id: NameId, thing: &NamedThing) -> Option<String> {
    let place = thing.places.first()?;
    let mut parts = vec![format!("```comity\n{}\n```", declared(view, thing, place))];
    parts.extend(kind_line(view, thing, place));
    parts.extend(place.doc.clone());
    let cites: Vec<String> = place.cites.iter().map(|cite| cited(view, cite)).collect();
    if !cites.is_empty() {
        parts.push(format!("cites {}", cites.join("; ")));
    }
    parts.extend(ranks(view, id));
    if thing.places.len() > 1 {
        let versions: Vec<String> = thing
            .places
            .iter()
            .map(|place| format!("`{}`", short(&view.sources.place(place.name))))
            .collect();
        parts.push(format!("declared at {}", versions.join(", ")));
    }
    Some(parts.join("\n\n"))
}

/// The words of the declaration, without those of a body.
fn declared(view: &PolicyView, thing: &NamedThing, place: &NamePlace) -> String {
    match thing.kind {
        NameKind::Choice | NameKind::Party => return thing.name.clone(),
        NameKind::Scenario => return format!("scenario \"{}\"", thing.name),
        _ => {}
    }
    let text = view.sources.text(place.head).trim_end();
    // In lines after the first the indent of the declaration is not that of its words.
    let mut lines: Vec<&str> = text.lines().take(LINES).collect();
    if text.lines().count() > LINES {
        lines.push("…");
    }
    lines.join("\n")
}

fn kind_line(view: &PolicyView, thing: &NamedThing, place: &NamePlace) -> Option<String> {
    let owner = thing.owner.map(|owner| format!(" of `{}`", view.name(owner)));
    let article = place.article.map(|number| format!(", article {number}"));
    let ty = place.ty.is_none().then(|| inferred(view, thing)).flatten().map(|ty| format!(": {ty}"));
    let parts = [owner, article, ty];
    let more: String = parts.into_iter().flatten().collect();
    Some(format!("{}{more}, {}", thing.kind.noun(), short(&view.sources.place(place.name))))
}

/// The type of a define that does not say it, as the policy has it.
fn inferred(view: &PolicyView, thing: &NamedThing) -> Option<String> {
    let policy = view.policy.as_deref().filter(|_| thing.kind == NameKind::Define)?;
    let (_, define) = policy.defines.iter().find(|(_, define)| define.name == thing.name)?;
    Some(type_noun(&scope(policy), &define.ty))
}

fn scope(policy: &Policy) -> LiteralScope<'_> {
    LiteralScope { units: &policy.units, calendars: &policy.calendars, enums: &policy.enums }
}

/// `EO14345 "sec. 2(a)": the title of the order`
fn cited(view: &PolicyView, (name, place): &(String, Option<String>)) -> String {
    let source = view.index.global(name).and_then(|id| view.place(id));
    let title = source.and_then(|source| source.title.as_ref()).map(|title| format!(", {title}"));
    let place = place.as_ref().map(|place| format!(" \"{place}\""));
    format!("`{name}`{}{}", place.unwrap_or_default(), title.unwrap_or_default())
}

fn ranks(view: &PolicyView, id: NameId) -> Vec<String> {
    let listed = |word: &str, names: Vec<NameId>| {
        let names: Vec<String> = names.iter().map(|id| called(view, *id)).collect();
        (!names.is_empty()).then(|| format!("{word} {}", names.join(", ")))
    };
    let order = view.index.order();
    [listed("above", order.below(id)), listed("below", order.above(id))].into_iter().flatten().collect()
}

/// `article 2`, or a name.
pub(super) fn called(view: &PolicyView, id: NameId) -> String {
    match view.index.get(id) {
        Some(thing) if thing.kind == NameKind::Article => format!("article {}", thing.name),
        Some(thing) => format!("`{}`", thing.name),
        None => String::new(),
    }
}

/// A place with the name of its file alone.
fn short(place: &str) -> String {
    place.rsplit('/').next().unwrap_or(place).to_string()
}
