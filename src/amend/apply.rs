//! The plan carried out on trees.

use super::literals;
use super::plan::{Change, Plan};
use super::targets::{Place, head_mut};
use crate::tree::{Decl, File, Item};

/// The files of the base with their changes, and behind them what is new.
pub(super) fn apply(base: Vec<File>, plan: &Plan) -> Vec<File> {
    let mut trees = Vec::with_capacity(base.len() + 1);
    for (file, tree) in base.into_iter().enumerate() {
        let mut items = Vec::with_capacity(tree.items.len());
        for (at, item) in tree.items.into_iter().enumerate() {
            changed(item, Place { file, item: at, inner: None }, plan, &mut items);
        }
        trees.push(File { items });
    }
    let added = plan.added.iter().map(|new| new.item.clone());
    trees.push(File { items: added.chain(plan.standing.iter().cloned()).collect() });
    trees
}

/// Puts down what becomes of one declaration.
fn changed(mut item: Item, place: Place, plan: &Plan, out: &mut Vec<Item>) {
    if let Decl::Article(article) = &mut item.kind {
        let mut items = Vec::with_capacity(article.items.len());
        for (at, inner) in std::mem::take(&mut article.items).into_iter().enumerate() {
            changed(inner, Place { inner: Some(at), ..place }, plan, &mut items);
        }
        article.items = items;
    }
    let changes = plan.changes.get(&place).map_or(&[][..], Vec::as_slice);
    let mut stays = true;
    let mut behind = Vec::new();
    for change in changes {
        match change {
            Change::Remove => stays = false,
            Change::Put(new) => {
                stays = false;
                behind.push(new.item.clone());
            }
            Change::Until(day) => {
                if let Some(head) = head_mut(&mut item.kind) {
                    head.until = Some(day.clone());
                }
            }
            Change::After(new) => behind.push(new.item.clone()),
            Change::Into(new) => {
                if let Decl::Article(article) = &mut item.kind {
                    article.items.push(new.item.clone());
                }
            }
            Change::Default(value) => {
                if let Decl::Fact(fact) = &mut item.kind {
                    fact.default = Some(value.clone());
                }
            }
            Change::Literal { new, old } => {
                literals::substitute(&mut item, old, new);
            }
        }
    }
    if stays {
        out.push(item);
    }
    out.extend(behind);
}
