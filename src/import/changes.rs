//! What a revision says otherwise than the one before.

use super::history::{LineHistory, SameContent, Spells};
use super::report::LineChange;
use std::collections::BTreeMap;

/// For each revision, by code.
pub(super) fn changes(lines: &BTreeMap<String, LineHistory>, revisions: usize) -> Vec<Vec<LineChange>> {
    let mut all: Vec<Vec<LineChange>> = vec![Vec::new(); revisions];
    for (code, line) in lines {
        let mut told = Telling { all: &mut all, code };
        told.table("column1", &line.column1, |read| read.text.clone());
        told.table("special", &line.special, |read| read.text.clone());
        told.table("column2", &line.column2, |read| read.text.clone());
        told.table("additional", &line.additional, |read| read.text.clone());
        told.table("units", &line.units, |units| units.join(", "));
        told.table("see99", &line.see99, |named| {
            named.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
        });
        told.table("descriptions", &line.description, Clone::clone);
    }
    all
}

struct Telling<'t> {
    all: &'t mut [Vec<LineChange>],
    code: &'t str,
}

impl Telling<'_> {
    fn table<T: SameContent>(
        &mut self,
        table: &'static str,
        spells: &Spells<T>,
        said: impl Fn(&T) -> String,
    ) {
        for spell in spells.iter() {
            let before = spell.first.checked_sub(1);
            if let Some(before) = before {
                let was = spells.at(before).map(&said);
                self.tell(spell.first, table, was, Some(said(&spell.content)));
            }
            let next = spell.last.saturating_add(1);
            if spells.at(next).is_none() {
                self.tell(next, table, Some(said(&spell.content)), None);
            }
        }
    }

    /// After the last revision nobody asks.
    fn tell(&mut self, revision: usize, table: &'static str, was: Option<String>, is: Option<String>) {
        if let Some(changes) = self.all.get_mut(revision) {
            changes.push(LineChange { code: self.code.to_string(), table, was, is });
        }
    }
}
