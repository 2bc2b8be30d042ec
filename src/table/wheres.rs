//! The `where`s of the fields of a table, for many rows at once: each is asked as if it were an outcome.

use crate::batch::{Batch, BatchPoint, Columns, FieldCell, NotForEach};
use crate::facts::Facts;
use crate::policy::{EntityId, FieldId, Outcome, OutcomeId, Policy, Type};
use crate::value::{Day, Value};
use std::collections::BTreeSet;

/// A policy with an outcome for each condition of the fields that are stated.
#[derive(Debug)]
pub struct Wheres {
    policy: Policy,
    entity: EntityId,
    outcomes: Vec<OutcomeId>,
    /// Rows are asked about on their dates, once they are known: those without such days are not asked here.
    days: Vec<FieldId>,
    /// A condition is looked at on another day than that of its row: rows are not asked here.
    by_row: bool,
}

impl Wheres {
    /// None: nothing is to be checked.
    pub fn new(policy: &Policy, entity: EntityId, fields: &[FieldId]) -> Option<Wheres> {
        let mut policy = policy.clone();
        let decl = policy.entities[entity].clone();
        let mut outcomes = Vec::new();
        let mut by_row = false;
        for field in fields {
            let field = &decl.fields[*field];
            let Some(condition) = field.condition else { continue };
            // What is over time is looked at on the day from which it is stated.
            by_row |= field.over_time && decl.dated.is_some();
            outcomes.push(policy.outcomes.push(Outcome {
                name: format!("where {}", field.name),
                doc: None,
                ty: Type::Bool,
                rounded: None,
                whole: false,
                for_each: Some(entity),
                otherwise: Some(condition),
                contenders: Vec::new(),
                span: field.span,
            }));
        }
        let days: Vec<FieldId> = decl.dated.into_iter().chain(decl.known).collect();
        (!outcomes.is_empty()).then_some(Wheres { policy, entity, outcomes, days, by_row })
    }

    /// # Errors
    /// Never: every condition is for each row of the entity.
    pub fn batch<'a>(&'a self, facts: &'a Facts) -> Result<Batch<'a>, NotForEach> {
        let asked = BatchPoint { on: Day::FIRST, known: Day::NEVER };
        Batch::new(&self.policy, facts, self.entity, &self.outcomes, asked)
    }

    /// The rows that are to be looked at one by one, for they are, or may be, outside a condition.
    pub fn doubtful(&self, batch: &Batch<'_>, columns: &Columns) -> BTreeSet<usize> {
        if self.by_row {
            return (0..columns.rows).collect();
        }
        let mut found = BTreeSet::new();
        for column in &batch.evaluate(columns).outcomes {
            let outside = |row: &usize| column.value(*row) == Some(Value::Bool(false));
            found.extend((0..columns.rows).filter(outside));
        }
        for field in &self.days {
            let Some(days) = columns.column(*field) else { return (0..columns.rows).collect() };
            let open = |row: &usize| match days.cell(*row) {
                FieldCell::One(Value::Date(day)) => day.is_never(),
                _ => true,
            };
            found.extend((0..columns.rows).filter(open));
        }
        found
    }
}
