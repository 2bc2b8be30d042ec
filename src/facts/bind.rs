//! Neutral statements against the declarations of a policy: the one way from a facts file, or from the `given`s of a
//! scenario, to [`Facts`].

use super::acts;
use super::annexes;
use super::columns::{self, FactsColumn};
use super::input::{Entry, Input, Row as Listed, Rows as Stated, Through};
use super::keys::{self, Keys, RowKey};
use crate::sheet::Written;

use super::value::{self, Values};
use super::{Facts, MOST_ERRORS, Row, Rows, Slot, errors};
use crate::diag::Diagnostic;
use crate::literal::{self, LiteralScope};
use crate::policy::{Entity, EntityId, Fact, FactId, FieldId, Policy, Table, Type};
use crate::text::Span;
use crate::tree::StatedValue;
use crate::value::{Day, Possible};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Everything stated, bound to what the policy declares; or all that is wrong with it, in the order of the text.
pub fn bind(policy: &Policy, input: &Input<'_>) -> Result<Facts, Vec<Diagnostic>> {
    bind_all(policy, input, None, None)
}

/// The same where the rows of a table come afterwards: what is stated of them is left out.
pub fn bind_before(policy: &Policy, input: &Input<'_>, table: EntityId) -> Result<Facts, Vec<Diagnostic>> {
    bind_all(policy, input, Some(table), None)
}

/// The same where the rows of a table stand elsewhere, under these keys, in their order.
pub fn bind_beside<'k>(
    policy: &Policy,
    input: &Input<'_>,
    table: EntityId,
    keys: impl Iterator<Item = &'k str>,
) -> Result<Facts, Vec<Diagnostic>> {
    let entity = &policy.entities[table];
    let keys = Keys::named(keys, entity.fields[entity.key].ty == Type::Code);
    bind_all(policy, input, None, Some((table, keys)))
}

fn bind_all(
    policy: &Policy,
    input: &Input<'_>,
    later: Option<EntityId>,
    beside: Option<(EntityId, Keys)>,
) -> Result<Facts, Vec<Diagnostic>> {
    let scope = LiteralScope { units: &policy.units, calendars: &policy.calendars, enums: &policy.enums };
    let mut errors = input.errors.clone();
    let mut keys = keys::collect(policy, &scope, &input.tables, &mut errors);
    if let Some((table, beside)) = beside {
        keys[table] = Some(beside);
    }
    let mut binder = Binder { values: Values { policy, scope, keys: &keys, later }, errors };
    let mut facts = Facts::none(policy);
    binder.facts(&mut facts, input);
    binder.tables(&mut facts, input);
    facts.lines = annexes::bind(&binder.values, input, &mut binder.errors);
    facts.stated_through = binder.through(&input.through);
    let mut wrong = Vec::new();
    let day = |stated: &Through<'_>| binder.one_day(stated);
    (facts.acts, facts.announcements) = acts::bind(&binder.values, &input.acts, day, &mut wrong);
    binder.errors.extend(wrong);
    let mut errors = binder.errors;
    if errors.is_empty() {
        return Ok(facts);
    }
    errors.sort_by_key(|error| error.span().map(|span| (span.source, span.start)));
    errors.dedup();
    Err(errors)
}

/// Whether anything stated names a row of a table, by its key.
pub fn names_rows(policy: &Policy, input: &Input<'_>, table: EntityId) -> bool {
    acts::names_rows(policy, &input.acts, table) || {
        let stated =
            |fact: &Fact, entry: &Entry<'_>| fact.ty == Type::Row(table) && entry.name.text == fact.name;
        let all = || input.facts.iter().chain(&input.settings);
        policy.facts.values().any(|fact| all().any(|entry| stated(fact, entry)))
            || input.tables.iter().any(|given| {
                let entity = policy.entity(&given.entity.text).map(|id| &policy.entities[id]);
                entity.is_some_and(|entity| entity.fields.values().any(|field| field.ty == Type::Row(table)))
            })
    }
}

struct Binder<'p> {
    values: Values<'p>,
    errors: Vec<Diagnostic>,
}

type RowCells = Table<FieldId, Slot>;

impl<'p> Binder<'p> {
    fn facts(&mut self, facts: &mut Facts, input: &Input<'_>) {
        let policy = self.values.policy;
        let of_facts = input.settings.iter().filter(|entry| !annexes::names_line(&entry.name));
        let settings = self.named(of_facts);
        let stated = self.named(input.facts.iter());
        let kept = stated.into_iter().filter(|(id, _)| !settings.contains_key(id)).collect::<Vec<_>>();
        for (id, entry) in kept.into_iter().chain(settings.iter().map(|(id, entry)| (*id, *entry))) {
            let fact = &policy.facts[id];
            if let Some(slot) = self.told(self.values.stated(fact, &entry.value)) {
                facts.facts[id] = slot;
            }
        }
    }

    /// The facts that entries name, each once.
    fn named<'e, 'a: 'e>(
        &mut self,
        entries: impl Iterator<Item = &'e Entry<'a>>,
    ) -> BTreeMap<FactId, &'e Entry<'a>> {
        let mut known: BTreeMap<FactId, &Entry<'a>> = BTreeMap::new();
        for entry in entries {
            match self.values.policy.fact(&entry.name.text) {
                None => self.errors.push(errors::unknown_fact(self.values.policy, &entry.name)),
                Some(id) => match known.get(&id) {
                    Some(first) => self.errors.push(errors::name_twice(&entry.name, first.name.span)),
                    None => drop(known.insert(id, entry)),
                },
            }
        }
        known
    }

    /// What is stated of one fact or cell.
    fn told(&mut self, slot: Result<Slot, Vec<Diagnostic>>) -> Option<Slot> {
        slot.map_err(|errors| self.errors.extend(errors)).ok()
    }

    fn tables(&mut self, facts: &mut Facts, input: &Input<'_>) {
        let policy = self.values.policy;
        for table in &input.tables {
            let Some(id) = policy.entity(&table.entity.text) else { continue };
            let entity = &policy.entities[id];
            let rows = facts.tables[id].get_or_insert_default();
            match &table.rows {
                Stated::Listed(listed) => listed.iter().for_each(|row| self.listed(rows, entity, row)),
                Stated::Records(records) => {
                    // What is wrong with the header and with the records was said when the keys were read.
                    let columns = columns::resolve(&self.values.scope, entity, records.as_ref());
                    let Ok(columns) = columns else { continue };
                    records.each(&mut |record| {
                        if let Ok(cells) = record {
                            self.record(rows, entity, &columns, cells);
                        }
                        if self.errors.len() < MOST_ERRORS {
                            ControlFlow::Continue(())
                        } else {
                            ControlFlow::Break(())
                        }
                    });
                }
            }
        }
    }

    fn listed(&mut self, rows: &mut Rows, entity: &Entity, row: &Listed<'_>) {
        let Some((key, mut cells)) = self.row(entity, &row.key) else { return };
        let mut seen: BTreeMap<FieldId, Span> = BTreeMap::new();
        for entry in &row.cells {
            let Some(field) = columns::field(entity, &entry.name.text) else {
                self.errors.push(errors::unknown_field(entity, &entry.name));
                continue;
            };
            if let Some(first) = seen.insert(field, entry.name.span) {
                self.errors.push(errors::name_twice(&entry.name, first));
                continue;
            }
            let fact = &entity.fields[field];
            let Some(slot) = self.told(self.values.stated(fact, &entry.value)) else { continue };
            if field != entity.key {
                cells[field] = slot;
            } else if !same(&slot, &cells[field]) {
                self.errors.push(errors::key_contradicted(&fact.name, entry.value.span(), row.key.span));
            }
        }
        rows.rows.insert(key.name.into(), Row { cells, span: row.key.span });
    }

    fn record(&mut self, rows: &mut Rows, entity: &Entity, columns: &[FactsColumn], words: &[Written<'_>]) {
        let at = columns.iter().position(|column| column.field == entity.key);
        let Some(word) = at.and_then(|at| words.get(at)) else { return };
        let Some((key, mut cells)) = self.row(entity, word) else { return };
        for (column, word) in columns.iter().zip(words).filter(|(column, _)| column.field != entity.key) {
            let fact = &entity.fields[column.field];
            if let Some(slot) = self.told(self.values.in_column(column, fact, word)) {
                cells[column.field] = slot;
            }
        }
        rows.rows.insert(key.name.into(), Row { cells, span: word.span });
    }

    /// A row of which only the key is stated yet.
    fn row<'w>(&mut self, entity: &Entity, word: &'w Written<'_>) -> Option<(RowKey<'w>, RowCells)> {
        let field = &entity.fields[entity.key];
        // A key that cannot be read was reported when the keys were read.
        let key = keys::key(&self.values.scope, field, word).ok()?;
        let mut cells: RowCells = entity.fields.values().map(|_| Slot::default()).collect();
        cells[entity.key] = Slot::fixed(Possible::One(key.value()), word.span);
        Some((key, cells))
    }

    /// `stated through H`
    fn through(&mut self, stated: &[Through<'_>]) -> Option<Day> {
        let mut days = Vec::new();
        for through in stated {
            match self.one_day(through) {
                Ok(day) => days.push((day, through.span())),
                Err(error) => self.errors.push(error),
            }
        }
        if let [(_, first), (_, second), ..] = days.as_slice() {
            self.errors.push(errors::through_twice(*second, *first));
        }
        days.first().map(|(day, _)| *day)
    }

    /// A day that is stated by itself.
    fn one_day(&self, through: &Through<'_>) -> Result<Day, Diagnostic> {
        let written = match through {
            Through::Expr(expr) => return value::day(&self.values.scope, expr),
            Through::Text(written) => written,
        };
        let pieces = literal::series(written).map_err(|mut errors| match errors.is_empty() {
            false => errors.swap_remove(0),
            true => errors::not_a_day(written.span),
        })?;
        match pieces.as_slice() {
            [piece] => match (&piece.stated.value, &piece.stated.from) {
                (StatedValue::Exactly(expr), None) => {
                    value::day(&self.values.scope, expr).map_err(|error| piece.moved(error))
                }
                _ => Err(errors::not_a_day(written.span)),
            },
            _ => Err(errors::not_a_day(written.span)),
        }
    }
}

/// Whether two slots state one and the same value.
fn same(left: &Slot, right: &Slot) -> bool {
    let values =
        |slot: &Slot| slot.statements.iter().map(|statement| statement.value.clone()).collect::<Vec<_>>();
    values(left) == values(right)
}
