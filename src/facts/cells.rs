//! The cells of a table whose rows do not all stand in memory: read one by one, as [`super::bind`] reads those of a facts
//! file. What is said of them points into the text they were read from.

use super::columns::{self, FactsColumn};
use super::keys::{self, Keys, RowKey};
use super::value::Values;
use super::{Facts, Slot};
use crate::diag::Diagnostic;
use crate::literal::LiteralScope;
use crate::policy::{Entity, EntityId, Fact, FieldId, Policy, Table, Type};
use crate::sheet::{DecimalMark, Written};

/// Reads the records of one table.
pub struct Cells<'p> {
    policy: &'p Policy,
    entity: EntityId,
    columns: Vec<FactsColumn>,
    /// Which column has the keys.
    key: usize,
    /// The stated rows of the other tables.
    keys: Table<EntityId, Option<Keys>>,
}

impl std::fmt::Debug for Cells<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cells").field("entity", &self.entity).finish_non_exhaustive()
    }
}

impl<'p> Cells<'p> {
    /// `facts`: what else is stated, for cells that name rows of other tables. `units`: what bare numbers count in columns
    /// whose heading does not say it, by field: `("value", "USD")`, `("rate", "%")`.
    ///
    /// # Errors
    /// Everything that is wrong with the header or with a unit.
    pub fn new(
        policy: &'p Policy,
        entity: EntityId,
        facts: &Facts,
        header: &[Written<'_>],
        units: &[(Written<'_>, Written<'_>)],
        decimals: DecimalMark,
    ) -> Result<Cells<'p>, Vec<Diagnostic>> {
        let scope = scope(policy);
        let columns = columns::resolve_with(&scope, &policy.entities[entity], header, units, decimals)?;
        let key = columns.iter().position(|column| column.field == policy.entities[entity].key).unwrap_or(0);
        let stated = |(id, table): (EntityId, &Option<super::Rows>)| {
            let coded = key_field(&policy.entities[id]).ty == Type::Code;
            table.as_ref().map(|rows| Keys::of(rows, coded))
        };
        let keys = facts.tables.iter().map(stated).collect();
        Ok(Cells { policy, entity, columns, key, keys })
    }

    /// The field of each column.
    pub fn fields(&self) -> impl Iterator<Item = FieldId> + '_ {
        self.columns.iter().map(|column| column.field)
    }

    pub fn field(&self, column: usize) -> Option<&'p Fact> {
        self.columns.get(column).map(|column| &self.policy.entities[self.entity].fields[column.field])
    }

    /// Which column has the keys.
    pub fn key_column(&self) -> usize {
        self.key
    }

    /// Whether the heading of the column says what its bare numbers count.
    pub fn has_unit(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(|column| column.cells.has_unit())
    }

    /// How the row is called.
    ///
    /// # Errors
    /// It has no key, or one that is not of its type.
    pub fn key<'w>(&self, written: &'w Written<'_>) -> Result<RowKey<'w>, Diagnostic> {
        keys::key(&scope(self.policy), key_field(&self.policy.entities[self.entity]), written)
    }

    /// Whether a record is a row at all, by the cells that have columns.
    ///
    /// # Errors
    /// It is blank, or a line of totals.
    pub fn is_row(&self, record: &[Written<'_>], key: usize) -> Result<(), Diagnostic> {
        keys::is_row(key_field(&self.policy.entities[self.entity]), record, key)
    }

    /// Whether a key is that of a line of totals.
    pub fn is_total(key: &str) -> bool {
        keys::is_total(key)
    }

    /// What a cell other than a key states.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn cell(&self, column: usize, written: &Written<'_>) -> Result<Slot, Vec<Diagnostic>> {
        let (Some(column), Some(fact)) = (self.columns.get(column), self.field(column)) else {
            return Ok(Slot::default());
        };
        let values = Values { policy: self.policy, scope: scope(self.policy), keys: &self.keys, later: None };
        values.in_column(column, fact, written)
    }
}

fn key_field(entity: &Entity) -> &Fact {
    &entity.fields[entity.key]
}

fn scope(policy: &Policy) -> LiteralScope<'_> {
    LiteralScope { units: &policy.units, calendars: &policy.calendars, enums: &policy.enums }
}
