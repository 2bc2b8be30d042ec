//! Stated facts, bound to the declarations of a policy: every value with its place.

mod acts;
mod annexes;
mod bind;
mod cells;
mod columns;
mod errors;
mod input;
mod keys;
mod read;
mod series;
mod value;

pub use bind::{bind, bind_before, bind_beside, names_rows};
pub use cells::Cells;
pub use columns::decimals;
pub use input::{Act as ActInput, Row as RowInput, Rows as RowsInput, Table as TableInput};
pub use input::{AnnexInput, LineInput, LinesInput};
pub use input::{Entry, Input, Performed, Stated, Through};
pub use keys::RowKey;
pub use series::falls;

use crate::policy::{
    AnnexId, AnnexLines, AnnexView, EntityId, FactId, FieldId, HolderId, Policy, PowerId, Table,
};
use crate::text::Span;
use crate::value::{Day, Possible};
use indexmap::IndexMap;
use std::sync::Arc;

/// More errors than this nobody reads, and a table of a million rows may have as many.
const MOST_ERRORS: usize = 100;

/// All that a facts file (or the `given`s of a scenario) states, checked against a policy.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// One slot for every fact of the policy.
    pub facts: Table<FactId, Slot>,
    /// One for every entity; none: the table is not stated, hence unknown (V7).
    pub tables: Table<EntityId, Option<Rows>>,
    /// Lines of annexes that are stated (X6).
    pub lines: Table<AnnexId, Option<Arc<AnnexLines>>>,
    /// `stated through H`: after that day dated facts are unknown unless a later statement covers them (T3).
    pub stated_through: Option<Day>,
    /// Ordered by day, then by when they are known, power and row: their order in the file is no matter (O6).
    pub acts: Vec<Act>,
    /// Threats: no effect (O6).
    pub announcements: Vec<Act>,
}

/// An act or an announcement (O2). That what is not stated was not done is certain; who did it and when is always stated.
#[derive(Clone, Debug)]
pub struct Act {
    pub power: PowerId,
    /// Of a power for each row.
    pub row: Option<u32>,
    /// In the order of their declarations; more than one: together (O7).
    pub by: Vec<HolderId>,
    pub on: Day,
    /// [`Day::FIRST`] if no day was written.
    pub known: Day,
    /// One for each parameter; not stated: any value.
    pub params: Vec<Possible>,
    pub span: Span,
}

/// What is stated of one fact or one field of a row: by `from`, then by `known`; empty: not stated.
#[derive(Clone, Debug, Default)]
pub struct Slot {
    pub statements: Vec<Statement>,
}

/// A value from a day, known from a day (T2).
#[derive(Clone, Debug)]
pub struct Statement {
    /// [`Day::FIRST`] if no day was written.
    pub from: Day,
    /// [`Day::FIRST`] if no day was written.
    pub known: Day,
    pub value: Possible,
    pub span: Span,
}

/// A stated table: complete, even if empty (V7).
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Row keys in the order stated, each with its cells (one slot for each field) and its place.
    pub rows: IndexMap<Arc<str>, Row>,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub cells: Table<FieldId, Slot>,
    pub span: Span,
}

impl Facts {
    /// Facts that state nothing.
    pub fn none(policy: &Policy) -> Facts {
        Facts {
            facts: policy.facts.values().map(|_| Slot::default()).collect(),
            tables: policy.entities.values().map(|_| None).collect(),
            lines: policy.annexes.values().map(|_| None).collect(),
            stated_through: None,
            acts: Vec::new(),
            announcements: Vec::new(),
        }
    }
}

impl Facts {
    /// An annex with what is stated of it.
    pub fn annex<'a>(&'a self, policy: &'a Policy, id: AnnexId) -> AnnexView<'a> {
        policy.annexes[id].with(self.lines.try_get(id).and_then(Option::as_deref))
    }

    /// The days on which it becomes known that lines of annexes begin and end.
    pub fn annex_news(&self, policy: &Policy) -> Vec<Day> {
        policy.annexes.ids().flat_map(|id| self.annex(policy, id).known_edges()).collect()
    }
}

impl Slot {
    /// The statement in force on a day as known on a day (T2): the latest `from`, of equals the latest known.
    pub fn at(&self, day: Day, known: Day) -> Option<&Statement> {
        let begun = self.statements.partition_point(|statement| statement.from <= day);
        let mut latest = self.statements.iter().take(begun).rev();
        latest.find(|statement| {
            crate::steps::step();
            statement.known <= known
        })
    }

    /// One value that holds always.
    pub fn fixed(value: Possible, span: Span) -> Slot {
        Slot { statements: vec![Statement { from: Day::FIRST, known: Day::FIRST, value, span }] }
    }
}

impl Rows {
    pub fn get(&self, row: u32) -> Option<&Row> {
        self.rows.get_index(row as usize).map(|(_, row)| row)
    }

    pub fn key(&self, row: u32) -> Option<&Arc<str>> {
        self.rows.get_index(row as usize).map(|(key, _)| key)
    }
}
