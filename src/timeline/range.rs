//! The days a policy and its facts are about.

use crate::facts::{Facts, Slot};
use crate::policy::{Expr, ExprId, Id, Policy};
use crate::value::{Day, Value};

/// The first and the last day named: by a statement, a head of a rule, a date in the text. None: no day is named.
pub fn days_named(policy: &Policy, facts: &Facts) -> Option<(Day, Day)> {
    let mut named = NamedDays(None);
    for slot in facts.facts.values() {
        named.slot(slot);
    }
    for rows in facts.tables.values().flatten() {
        rows.rows.values().flat_map(|row| row.cells.values()).for_each(|slot| named.slot(slot));
    }
    facts.stated_through.into_iter().for_each(|day| named.day(day));
    for index in 0..policy.exprs.len() {
        if let Expr::Const(Value::Date(day)) = policy.exprs.node(ExprId::from_index(index)) {
            named.day(*day);
        }
    }
    named.0
}

struct NamedDays(Option<(Day, Day)>);

impl NamedDays {
    fn day(&mut self, day: Day) {
        if day > Day::FIRST && !day.is_never() {
            self.0 = Some(self.0.map_or((day, day), |(first, last)| (first.min(day), last.max(day))));
        }
    }

    fn slot(&mut self, slot: &Slot) {
        for statement in &slot.statements {
            self.day(statement.from);
            if let Some(Value::Date(day)) = statement.value.single() {
                self.day(*day);
            }
        }
    }
}
