//! The plan carried out on trees.

use super::incoming::New;
use super::plan::{AmendmentPlan, PlannedChange};
use super::reread::Rereader;
use super::targets::TargetPlace;
use super::wording::Edit;
use crate::diag::Diagnostic;
use crate::text::Sources;
use crate::tree::{Decl, File, Item};

/// The files of the base with their changes, and behind them what is new.
///
/// # Errors
/// What cannot be read any more.
pub(super) fn apply(
    base: Vec<File>,
    plan: &AmendmentPlan,
    sources: &mut Sources,
) -> Result<Vec<File>, Vec<Diagnostic>> {
    let mut work = Work { plan, read: Rereader::new(sources) };
    let mut trees = Vec::with_capacity(base.len() + 1);
    for (file, tree) in base.into_iter().enumerate() {
        let mut items = Vec::with_capacity(tree.items.len());
        for (at, item) in tree.items.into_iter().enumerate() {
            work.item(item, TargetPlace { file, item: at, inner: None }, &mut items);
        }
        trees.push(File { items, ..File::default() });
    }
    let added: Vec<Item> = plan.added.iter().map(|new| work.incoming(new)).collect();
    trees.push(File {
        items: added.into_iter().chain(plan.standing.iter().cloned()).collect(),
        ..File::default()
    });
    if work.read.said.is_empty() { Ok(trees) } else { Err(work.read.said) }
}

struct Work<'a> {
    plan: &'a AmendmentPlan,
    read: Rereader<'a>,
}

impl Work<'_> {
    fn incoming(&mut self, new: &New) -> Item {
        if new.edits.is_empty() { new.item.clone() } else { self.read.reread(&new.item, &new.edits) }
    }

    /// Puts down what becomes of one declaration.
    fn item(&mut self, item: Item, place: TargetPlace, out: &mut Vec<Item>) {
        let plan = self.plan;
        let changes = plan.changes.get(&place).map_or(&[][..], Vec::as_slice);
        let mut item = self.reworded(item, changes);
        if let Decl::Article(article) = &mut item.kind {
            let mut items = Vec::with_capacity(article.items.len());
            for (at, inner) in std::mem::take(&mut article.items).into_iter().enumerate() {
                self.item(inner, TargetPlace { inner: Some(at), ..place }, &mut items);
            }
            article.items = items;
        }
        let mut stays = true;
        let mut behind = Vec::new();
        for change in changes {
            match change {
                PlannedChange::Remove => stays = false,
                PlannedChange::Put(new) => {
                    stays = false;
                    behind.push(self.incoming(new));
                }
                PlannedChange::After(new) => behind.push(self.incoming(new)),
                PlannedChange::Into(new) => {
                    let new = self.incoming(new);
                    if let Decl::Article(article) = &mut item.kind {
                        article.items.push(new);
                    }
                }
                PlannedChange::Words(_) => {}
            }
        }
        if stays {
            out.push(item);
        }
        out.extend(behind);
    }

    /// A declaration with other words in it; of an article they are in its head, and what stands in it, and may come from
    /// elsewhere, is left to its own changes.
    fn reworded(&mut self, old: Item, changes: &[PlannedChange]) -> Item {
        let edits = changes.iter().filter_map(|change| match change {
            PlannedChange::Words(edit) => Some(edit.clone()),
            _ => None,
        });
        let edits: Vec<Edit> = edits.collect();
        if edits.is_empty() {
            return old;
        }
        let mut item = self.read.reread(&old, &edits);
        if let (Decl::Article(article), Decl::Article(old)) = (&mut item.kind, old.kind) {
            article.items = old.items;
        }
        item
    }
}
