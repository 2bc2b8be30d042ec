//! The defaults that answers rest on.

use super::Report;
use super::page::Tint;
use crate::diag::count;
use crate::outcome::SlotRef;
use crate::policy::{EntityId, FieldId};
use std::collections::{BTreeMap, BTreeSet};

/// Keys of rows are named one by one up to this many.
const KEYS: usize = 4;

pub(super) const WHY: &str = "not stated, and the policy has a default";

impl Report<'_> {
    /// Files read in place of those of the policy, each with its annex.
    pub(super) fn files_assumed(&self) -> Vec<(String, String)> {
        let annexes = self.words.policy.annexes.values();
        let other = annexes.filter_map(|annex| Some((annex, annex.instead_of.as_ref()?)));
        other
            .map(|(annex, named)| (annex.name.clone(), format!("{}, in place of {named}", annex.file)))
            .collect()
    }

    /// One line for each fact, or field of many rows.
    pub(super) fn assumed(&mut self, slots: &[SlotRef]) {
        for (annex, file) in self.files_assumed() {
            self.page.gap();
            let head = self.page.tint(Tint::Strong, "assumed");
            self.page.line(0, &format!("{head}: the annex {annex} as in {file}"));
        }
        let rows = self.assumptions(slots);
        if rows.is_empty() {
            return;
        }
        self.page.gap();
        let head = self.page.tint(Tint::Strong, "assumed");
        self.page.line(0, &format!("{head}: {WHY}"));
        let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, default) in rows {
            self.page.hanging(4, width.saturating_add(3), &format!("{name:width$} = {default}"));
        }
    }

    /// Facts or fields, each with its default.
    pub(super) fn assumptions(&self, slots: &[SlotRef]) -> Vec<(String, String)> {
        let mut rows: Vec<(String, String)> = Vec::new();
        let mut fields: BTreeMap<(EntityId, FieldId), BTreeSet<u32>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for slot in slots {
            match slot {
                SlotRef::Field { entity, row, field, .. } => {
                    fields.entry((*entity, *field)).or_default().insert(*row);
                }
                // Once, on however many days it was read.
                SlotRef::Fact(fact, _) if seen.insert(*fact) => {
                    let name = self.words.policy.facts[*fact].name.clone();
                    rows.push((name, self.default_of(slot)));
                }
                SlotRef::Fact(..)
                | SlotRef::Parameter { .. }
                | SlotRef::Table(_)
                | SlotRef::Line(..)
                | SlotRef::Cell(..) => {}
            }
        }
        for ((entity, field), mine) in fields {
            let decl = &self.words.policy.entities[entity];
            let slot = SlotRef::Field { entity, row: 0, field, day: None };
            let name = format!("{}.{}", decl.name, decl.fields[field].name);
            rows.push((name, format!("{} ({})", self.default_of(&slot), self.keys(entity, &mine))));
        }
        rows
    }

    fn default_of(&self, slot: &SlotRef) -> String {
        self.words.default_value(slot).unwrap_or_default()
    }

    fn keys(&self, entity: EntityId, rows: &BTreeSet<u32>) -> String {
        let stated = self.words.facts.tables.try_get(entity).and_then(Option::as_ref);
        let all = stated.map_or(0, |table| table.rows.len());
        match rows.len() {
            n if n == all && all > 1 => format!("all {}", count(all, "row")),
            n if n <= KEYS => {
                let key = |row: &u32| format!("\"{}\"", self.words.key(entity, *row));
                rows.iter().map(key).collect::<Vec<_>>().join(", ")
            }
            n => count(n, "row"),
        }
    }
}
