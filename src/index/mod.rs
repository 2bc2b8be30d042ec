//! The names of a policy and their uses, each with its place, as they are written. Nothing here asks whether the policy is
//! sound: a text with errors still has names, and of a stretch that cannot be read its words.
//!
//! The order of the work: 1 [`declare`] enters what is declared, 2 [`walk`] and [`exprs`] find what the declarations name,
//! 3 [`unread`] looks at the words of stretches that could not be read.

mod declare;
mod exprs;
mod names;
mod order;
mod unread;
mod walk;

#[cfg(test)]
mod tests;

pub use names::{NameId, NameKind, NamePlace, NameUse, NamedThing, OutlineItem, UseRole};
pub use order::RuleOrder;

use crate::text::{SourceId, Sources};
use crate::tree::File;
use names::NameTable;

/// All names of a policy, where they are declared and where they are used.
#[derive(Clone, Debug, Default)]
pub struct NameIndex {
    table: NameTable,
    /// In the order of the text.
    uses: Vec<NameUse>,
    outline: Vec<(SourceId, Vec<OutlineItem>)>,
    order: RuleOrder,
}

impl NameIndex {
    /// The names in these files, which make one policy; `sources` has their texts.
    pub fn of(files: &[(SourceId, &File)], sources: &Sources) -> NameIndex {
        let mut table = NameTable::default();
        let mut uses = Vec::new();
        let mut outline = Vec::new();
        for (source, file) in files {
            outline.push((*source, declare::file(file, &mut table)));
            unread::declared(file, sources, &mut table);
        }
        let mut order = RuleOrder::default();
        for (_, file) in files {
            walk::file(file, &mut table, &mut uses, &mut order);
            unread::used(file, sources, &table, &mut uses);
        }
        uses.sort_by_key(|one| (one.span, one.name));
        uses.dedup_by_key(|one| (one.span, one.name));
        NameIndex { table, uses, outline, order }
    }

    pub fn get(&self, id: NameId) -> Option<&NamedThing> {
        self.table.get(id)
    }

    pub fn names(&self) -> impl Iterator<Item = (NameId, &NamedThing)> {
        self.table.iter()
    }

    /// What a word means wherever no row or parameter has that name.
    pub fn global(&self, name: &str) -> Option<NameId> {
        self.table.global(name)
    }

    /// The fields, columns, choices or parameters that may stand after a dot behind this.
    pub fn members(&self, of: NameId) -> Vec<NameId> {
        self.table.members_of(of)
    }

    /// What is declared inside of it: of a function its parameters.
    pub fn members_declared(&self, of: NameId) -> Vec<NameId> {
        self.table.members_declared(of)
    }

    /// Who stands above whom.
    pub fn order(&self) -> &RuleOrder {
        &self.order
    }

    /// The uses at a place, declarations among them; several if it is not known which of some names is meant.
    pub fn at(&self, source: SourceId, offset: u32) -> Vec<&NameUse> {
        let end = self.uses.partition_point(|one| (one.span.source, one.span.start) <= (source, offset));
        let before = self.uses.get(..end).unwrap_or(&[]).iter().rev();
        let Some(nearest) = before.clone().next().map(|one| one.span) else { return Vec::new() };
        let here = nearest.source == source && offset <= nearest.end;
        before.take_while(|one| here && one.span == nearest).collect()
    }

    /// Every place of a name, in the order of the text.
    pub fn uses(&self, of: NameId) -> impl Iterator<Item = &NameUse> {
        self.uses.iter().filter(move |one| one.name == of)
    }

    /// The uses in one text.
    pub fn uses_in(&self, source: SourceId) -> &[NameUse] {
        let start = self.uses.partition_point(|one| one.span.source < source);
        let end = self.uses.partition_point(|one| one.span.source <= source);
        self.uses.get(start..end).unwrap_or(&[])
    }

    /// Whether this place may mean something else as well.
    pub fn is_doubtful(&self, one: &NameUse) -> bool {
        self.at(one.span.source, one.span.start).len() > 1
    }

    /// The declarations of a text, those in an article below it.
    pub fn outline(&self, source: SourceId) -> &[OutlineItem] {
        self.outline.iter().find(|(id, _)| *id == source).map_or(&[], |(_, items)| items.as_slice())
    }
}
