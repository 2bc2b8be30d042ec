//! What changed about what is stated, and about the rows of a table.

use super::{Causes, LOOKS, Local, MOST, TwoPoints};
use crate::facts::Slot;
use crate::outcome::{Cause, Point, SlotRef};
use crate::policy::{EntityId, ExprId, Fact, FieldId};
use crate::run::ANY_ROW;
use crate::steps;
use crate::value::{Day, Possible, Value};

impl Causes<'_, '_> {
    pub(super) fn field(&mut self, entity: EntityId, row: u32, field: FieldId, pair: &TwoPoints) {
        let decl = &self.policy.entities[entity].fields[field];
        let facts = self.facts;
        let table = facts.tables[entity].as_ref();
        if let Some(cell) = table.and_then(|table| table.get(row)).map(|row| &row.cells[field]) {
            let slot = SlotRef::Field { entity, row, field, day: None };
            self.slot(cell, decl, slot, Some((entity, row)), pair);
        }
    }

    pub(super) fn slot(
        &mut self,
        slot: &Slot,
        decl: &Fact,
        named: SlotRef,
        row: Option<(EntityId, u32)>,
        pair: &TwoPoints,
    ) {
        let at = |point: Point| slot.at(if decl.over_time { point.day } else { Day::NEVER }, point.known);
        let key = |point: Point| at(point).map(|statement| (statement.from, statement.known));
        match at(pair.after) {
            Some(new) if key(pair.before) != key(pair.after) => {
                let (value, from, span) = (new.value.clone(), new.from, new.span);
                self.note(Cause::Stated { slot: named, value, from, span });
            }
            Some(_) => self.note(Cause::NoLongerStated(named)),
            None if decl.over_time && self.ends_between(pair) => self.note(Cause::NoLongerStated(named)),
            None => {
                let Some(default) = decl.default else { return };
                let base = self.locals.len();
                self.locals.extend(row.map(|(_, row)| Local::row(row)));
                self.expr(default, &TwoPoints { base, own: row, ..*pair });
                self.locals.truncate(base);
            }
        }
    }

    /// T3: after `stated through` a default holds no longer.
    fn ends_between(&self, pair: &TwoPoints) -> bool {
        let through = self.facts.stated_through;
        through.is_some_and(|through| pair.before.day <= through && through < pair.after.day)
    }

    /// The rows that came, and what the members read.
    pub(super) fn aggregate(
        &mut self,
        entity: EntityId,
        local: u32,
        (value, condition): (Option<ExprId>, Option<ExprId>),
        pair: &TwoPoints,
    ) {
        let (policy, facts) = (self.policy, self.facts);
        let Some(table) = facts.tables[entity].as_ref() else {
            // Any row of a table that is not stated.
            return self.member(ANY_ROW, local, (value, condition), pair);
        };
        let dated = policy.entities[entity].dated;
        let one_view = (pair.before.known, pair.before.sight) == (pair.after.known, pair.after.sight);
        let mut parts = value.into_iter().chain(condition);
        let differ = parts.any(|part| !one_view || self.run.may_differ_by_day(part, pair.own));
        let count = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
        // Where the rows stay as they are, only one that comes makes a difference.
        let rows: Vec<u32> = match (dated, differ) {
            (None, false) => Vec::new(),
            (Some(field), false) => self.run.rows_that_come(entity, field, pair.before.day, pair.after.day),
            _ => (0..count).collect(),
        };
        for row in rows {
            steps::step();
            let date = dated.and_then(|field| table.get(row)?.cells[field].at(Day::NEVER, pair.after.known));
            if let Some(Possible::One(Value::Date(date))) = date.map(|statement| &statement.value) {
                if pair.before.day < *date && *date <= pair.after.day {
                    self.note(Cause::Row { entity, row });
                }
                if *date > pair.before.day {
                    continue;
                }
            }
            if self.found.len() < MOST && self.looks <= LOOKS {
                self.member(row, local, (value, condition), pair);
            }
        }
    }

    /// A row of an aggregate: its value matters where it may be a member.
    fn member(
        &mut self,
        row: u32,
        local: u32,
        (value, condition): (Option<ExprId>, Option<ExprId>),
        pair: &TwoPoints,
    ) {
        let length = self.locals.len();
        self.locals.resize(pair.base.saturating_add(local as usize), Local::row(row));
        self.locals.push(Local::row(row));
        let member = condition.is_none_or(|condition| {
            self.expr(condition, pair);
            self.after(condition, pair).mask().may_be_true()
        });
        value.filter(|_| member).into_iter().for_each(|value| self.expr(value, pair));
        self.locals.truncate(length);
    }
}
