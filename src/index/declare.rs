//! What is declared: every name with its kind and its place, and the outline of each text.

use super::names::{NameId, NameKind, NamePlace, NameTable, OutlineItem};
use crate::text::Span;
use crate::tree::*;

/// Enters what a file declares.
pub(super) fn file(file: &File, table: &mut NameTable) -> Vec<OutlineItem> {
    file.items.iter().filter_map(|one| item(one, None, table)).collect()
}

/// One declaration, with the article around it.
fn item(item: &Item, article: Option<&Article>, table: &mut NameTable) -> Option<OutlineItem> {
    let place = |name: &Name| NamePlace { doc: item.doc.clone(), ..NamePlace::plain(name.span, item.span) };
    let mut enter = |name: &Name, kind: NameKind, place: NamePlace| {
        let id = table.declare(&name.text, kind, place);
        (id, outlined(&name.text, kind, name.span, item.span))
    };
    let titled = |name: &Name, title: &Option<Quoted>| NamePlace { title: text(title), ..place(name) };
    let typed = |name: &Name, ty: &TypeExpr| NamePlace { ty: Some(ty.span), ..place(name) };
    match &item.kind {
        Decl::Agreement(it) => {
            let (_, made) = enter(&it.name, NameKind::Agreement, titled(&it.name, &it.title));
            for party in &it.parties {
                table.declare(&party.text, NameKind::Party, NamePlace::plain(party.span, item.span));
            }
            Some(OutlineItem { detail: text(&it.title), ..made })
        }
        Decl::Source(it) => {
            let title = Some(it.title.text.clone());
            let place = NamePlace { title: title.clone(), ..place(&it.name) };
            let (_, made) = enter(&it.name, NameKind::Source, place);
            Some(OutlineItem { detail: title, ..made })
        }
        Decl::Calendar(it) => Some(enter(&it.name, NameKind::Calendar, place(&it.name)).1),
        Decl::Period(it) => Some(enter(&it.name, NameKind::Period, place(&it.name)).1),
        Decl::Office(it) => Some(enter(&it.name, NameKind::Office, titled(&it.name, &it.title)).1),
        Decl::Unit(it) => Some(enter(&it.name, NameKind::Unit, place(&it.name)).1),
        Decl::Enum(it) => {
            let (id, made) = enter(&it.name, NameKind::Enum, place(&it.name));
            Some(OutlineItem { inner: choices(id, &it.choices, item.span, table), ..made })
        }
        Decl::Fact(it) => {
            let (id, made) = enter(&it.name, NameKind::Fact, typed(&it.name, &it.ty));
            type_word(id, &it.ty, table);
            Some(made)
        }
        Decl::Entity(it) => {
            let (id, made) = enter(&it.name, NameKind::Entity, place(&it.name));
            Some(OutlineItem { inner: it.fields.iter().map(|it| field(id, it, table)).collect(), ..made })
        }
        Decl::Annex(it) => {
            let (id, made) = enter(&it.name, NameKind::Annex, place(&it.name));
            let columns = it.keys.iter().chain(&it.columns).filter_map(|it| column(id, it, item.span, table));
            let inner = columns.collect();
            Some(OutlineItem { detail: Some(it.file.text.clone()), inner, ..made })
        }
        Decl::Define(it) => Some(define(it, item, table)),
        Decl::Function(it) => {
            let place = NamePlace { head: it.name.span.to(it.ty.span), ..typed(&it.name, &it.ty) };
            let (id, made) = enter(&it.name, NameKind::Function, place);
            type_word(id, &it.ty, table);
            params(id, &it.params, item.span, table);
            Some(made)
        }
        Decl::Outcome(it) => {
            let (id, made) = enter(&it.name, NameKind::Outcome, typed(&it.name, &it.ty));
            type_word(id, &it.ty, table);
            Some(made)
        }
        Decl::Rule(it) => Some(rule(it, item, article, table)),
        Decl::Article(it) => {
            let number = it.number.to_string();
            let head = item.span.to(it.items.first().map_or(item.span.after(), |first| first.span.before()));
            let place = NamePlace {
                doc: item.doc.clone(),
                title: text(&it.title),
                cites: cited(&it.head, None),
                head,
                ..NamePlace::plain(it.number_span, item.span)
            };
            table.declare(&number, NameKind::Article, place);
            let inner = it.items.iter().filter_map(|inner| self::item(inner, Some(it), table)).collect();
            let made = outlined(&format!("article {number}"), NameKind::Article, it.number_span, item.span);
            Some(OutlineItem { detail: text(&it.title), inner, ..made })
        }
        Decl::Obligation(it) => {
            let begins = it.condition.as_ref().unwrap_or(&it.performance).span;
            let place = headed(titled(&it.name, &it.title), &it.head, begins, article);
            let (_, made) = enter(&it.name, NameKind::Obligation, place);
            Some(OutlineItem { detail: text(&it.title), ..made })
        }
        Decl::Power(it) => {
            let begins = it.requires.first().map(|first| first.span);
            let begins =
                begins.or_else(|| it.effect.first().map(|first| first.span)).unwrap_or(item.span.after());
            let place = headed(titled(&it.name, &it.title), &it.head, begins, article);
            let (id, made) = enter(&it.name, NameKind::Power, place);
            params(id, &it.params, item.span, table);
            Some(OutlineItem { detail: text(&it.title), ..made })
        }
        Decl::Running(it) => {
            let (_, made) = enter(&it.name, NameKind::Running, place(&it.name));
            let inner = it.defines.iter().map(|(doc, it)| {
                let span = it.name.span.to(it.value.span);
                let item = Item { doc: doc.clone(), kind: Decl::Define(it.clone()), span };
                define(it, &item, table)
            });
            Some(OutlineItem { inner: inner.collect(), ..made })
        }
        Decl::Scenario(it) => {
            let place = NamePlace { doc: item.doc.clone(), ..NamePlace::plain(it.title.span, item.span) };
            table.declare(&it.title.text, NameKind::Scenario, place);
            Some(outlined(&it.title.text, NameKind::Scenario, it.title.span, item.span))
        }
        Decl::Guarantee(it) => Some(enter(&it.name, NameKind::Guarantee, place(&it.name)).1),
        Decl::Replace(new) => self::item(new, article, table),
        Decl::Insert(new) => self::item(&new.item, article, table),
        Decl::Use(_) | Decl::Amends(_) | Decl::Repeal(_) | Decl::Substitute(_) | Decl::Set { .. } => None,
    }
}

fn text(title: &Option<Quoted>) -> Option<String> {
    title.as_ref().map(|title| title.text.clone())
}

fn outlined(name: &str, kind: NameKind, name_span: Span, whole: Span) -> OutlineItem {
    OutlineItem { name: name.to_string(), kind, detail: None, name_span, whole, inner: Vec::new() }
}

fn rule(rule: &Rule, item: &Item, article: Option<&Article>, table: &mut NameTable) -> OutlineItem {
    let first = rule.body.branches.first();
    let begins = first.map_or(item.span.after(), |first| first.span);
    let Some(name) = &rule.name else {
        let target = first.and_then(|branch| branch.assigns.first()).map(|assign| &assign.target);
        let (name, span) = target.map_or(("", item.span), |target| (target.text.as_str(), target.span));
        return outlined(name, NameKind::Rule, span, item.span);
    };
    let place = NamePlace {
        doc: item.doc.clone(),
        title: text(&rule.title),
        ..NamePlace::plain(name.span, item.span)
    };
    table.declare(&name.text, NameKind::Rule, headed(place, &rule.head, begins, article));
    let made = outlined(&name.text, NameKind::Rule, name.span, item.span);
    OutlineItem { detail: text(&rule.title), ..made }
}

/// With what its head says; `begins` is where the body does.
fn headed(place: NamePlace, head: &Head, begins: Span, article: Option<&Article>) -> NamePlace {
    NamePlace {
        head: place.whole.to(begins.before()),
        cites: cited(head, article),
        article: article.map(|article| article.number),
        ..place
    }
}

fn cited(head: &Head, article: Option<&Article>) -> Vec<(String, Option<String>)> {
    let own = if head.cites.is_empty() { article.map_or(&[][..], |it| &it.head.cites) } else { &head.cites };
    own.iter().map(|one| (one.source.text.clone(), text(&one.place))).collect()
}

fn define(define: &Define, item: &Item, table: &mut NameTable) -> OutlineItem {
    let ty = define.ty.as_ref();
    let place = NamePlace {
        doc: item.doc.clone(),
        ty: ty.map(|ty| ty.span),
        ..NamePlace::plain(define.name.span, item.span)
    };
    let id = table.declare(&define.name.text, NameKind::Define, place);
    if let Some(ty) = ty {
        type_word(id, ty, table);
    }
    outlined(&define.name.text, NameKind::Define, define.name.span, item.span)
}

fn type_word(id: NameId, ty: &TypeExpr, table: &mut NameTable) {
    if let [(name, 1)] = ty.parts.as_slice() {
        table.typed(id, &name.text);
    }
}

fn choices(owner: NameId, list: &[Choice], whole: Span, table: &mut NameTable) -> Vec<OutlineItem> {
    let one = |choice: &Choice| {
        let place = NamePlace::plain(choice.name.span, whole);
        table.declare_in(owner, &choice.name.text, NameKind::Choice, place);
        let made = outlined(&choice.name.text, NameKind::Choice, choice.name.span, choice.name.span);
        OutlineItem { inner: choices(owner, &choice.inner, whole, table), ..made }
    };
    list.iter().map(one).collect()
}

fn field(owner: NameId, field: &Field, table: &mut NameTable) -> OutlineItem {
    let (name, ty) = (&field.fact.name, &field.fact.ty);
    let place =
        NamePlace { doc: field.doc.clone(), ty: Some(ty.span), ..NamePlace::plain(name.span, field.span) };
    let id = table.declare_in(owner, &name.text, NameKind::Field, place);
    type_word(id, ty, table);
    outlined(&name.text, NameKind::Field, name.span, field.span)
}

fn column(owner: NameId, column: &Column, whole: Span, table: &mut NameTable) -> Option<OutlineItem> {
    let name = column.name.as_ref()?;
    let span = name.span.to(column.ty.span);
    let place = NamePlace { ty: Some(column.ty.span), head: span, ..NamePlace::plain(name.span, whole) };
    let id = table.declare_in(owner, &name.text, NameKind::Column, place);
    type_word(id, &column.ty, table);
    Some(outlined(&name.text, NameKind::Column, name.span, span))
}

fn params(owner: NameId, list: &[Param], whole: Span, table: &mut NameTable) {
    for param in list {
        let head = param.name.span.to(param.ty.span);
        let place = NamePlace { ty: Some(param.ty.span), head, ..NamePlace::plain(param.name.span, whole) };
        let id = table.declare_in(owner, &param.name.text, NameKind::Parameter, place);
        type_word(id, &param.ty, table);
    }
}
