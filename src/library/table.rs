//! Many rows of one table, answered at once.

use super::amount::AnswerValue;
use super::diagnostics::Diagnostics;
use super::facts::Facts;
use super::literal::Literal;
use super::policy::Policy;
use super::question::asked_day;
use crate::asking::{Caller, answerable};
use crate::batch::{Batch, BatchPoint, Columns, OutcomeColumn, Results};
use crate::diag::{Code, Diagnostic, tick};
use crate::outcome::Status;
use crate::policy::{EntityId, OutcomeId};
use crate::table::{Dictionaries, IgnoredColumns, RowSchema, slice_columns};
use crate::value::Day;
use crate::words::{Audience, Words, rule_name};
use std::fmt;

pub use crate::table::SliceColumn as Column;

/// A table whose rows come from a program: columns of plain slices in, columns of answers out. Made by [`Policy::table`].
///
/// Rows are worked out in columns, so that a million of them cost what a loop written by hand costs.
#[derive(Clone)]
pub struct Table {
    policy: Policy,
    facts: Facts,
    entity: EntityId,
    outcomes: Vec<OutcomeId>,
    on: Option<Literal>,
    known: Option<Literal>,
}

impl Table {
    pub(super) fn new(policy: &Policy, entity: &str, outcomes: &[&str]) -> Result<Table, Diagnostics> {
        let inner = &policy.0.policy;
        let refuse = |error| Diagnostics::one(error, &policy.0.sources);
        let found = inner.entity(entity).ok_or_else(|| {
            let names: Vec<&str> = inner.entities.values().map(|one| one.name.as_str()).collect();
            let message = format!("the policy has no entity {}", tick(entity));
            refuse(Diagnostic::unknown_name(&message, entity, &names))
        })?;
        let mut asked = Vec::new();
        for name in outcomes {
            asked.push(inner.outcome(name).ok_or_else(|| {
                let names: Vec<&str> = policy.outcomes().collect();
                let message = format!("the policy has no outcome {}", tick(name));
                refuse(Diagnostic::unknown_name(&message, name, &names))
            })?);
        }
        if outcomes.is_empty() {
            asked.extend(inner.outcomes.ids().filter(|id| inner.outcomes[*id].for_each == Some(found)));
        }
        if let Some(other) = asked.iter().find(|id| inner.outcomes[**id].for_each != Some(found)) {
            let message = format!("{} is not for each {entity}", tick(&inner.outcomes[*other].name));
            return Err(refuse(Diagnostic::general(Code::RowMissing, message)));
        }
        let facts = policy.facts().build()?;
        Ok(Table { policy: policy.clone(), facts, entity: found, outcomes: asked, on: None, known: None })
    }

    /// With what is stated beside the rows.
    pub fn beside(self, facts: &Facts) -> Table {
        Table { facts: facts.clone(), ..self }
    }

    /// The day asked about, for rows without a date of their own.
    pub fn on(self, day: impl Into<Literal>) -> Table {
        Table { on: Some(day.into()), ..self }
    }

    /// As was known on that day; else everything stated is known.
    pub fn known(self, day: impl Into<Literal>) -> Table {
        Table { known: Some(day.into()), ..self }
    }

    /// The answers for rows given in columns. A column is named as its field; numbers say in the name what they count:
    /// `("value [USD]", Column::Numbers { values: &cents, places: 2 })`. A field without a column is stated in no row. All rows of
    /// the table come at once where an outcome looks at other rows.
    ///
    /// # Errors
    /// Everything that is wrong with the columns; or an answer depends on the day, and none is given.
    pub fn answer(&self, columns: &[(&str, Column<'_>)]) -> Result<RowAnswers, Diagnostics> {
        let (policy, facts, sources) = self.facts.about();
        if !self.policy.is(self.facts.policy()) {
            let message = "the facts were stated to another policy than the one that is asked";
            return Err(Diagnostics::general(Code::WhichPolicy, message));
        }
        let (on, known) = (asked_day(self.on.as_ref())?, asked_day(self.known.as_ref())?);
        let asked = (self.entity, &self.outcomes[..]);
        if let Some(error) = answerable(policy, facts, asked, on, Caller::Program) {
            return Err(Diagnostics::one(error, sources));
        }
        let lexicons = Dictionaries::new(policy, self.entity);
        let schema = RowSchema {
            policy,
            entity: self.entity,
            facts,
            units: &[],
            ignored: IgnoredColumns::default(),
            key: true,
            lexicons: &lexicons,
        };
        let columns = slice_columns(&schema, columns).map_err(|said| Diagnostics::new(said, sources))?;
        let results = self.results(&columns, (on, known))?;
        Ok(RowAnswers { facts: self.facts.clone(), results })
    }

    fn results(
        &self,
        columns: &Columns,
        (on, known): (Option<Day>, Option<Day>),
    ) -> Result<Results, Diagnostics> {
        let (policy, facts, sources) = self.facts.about();
        let point = BatchPoint { on: on.unwrap_or(Day::FIRST), known: known.unwrap_or(Day::NEVER) };
        let batch = Batch::new(policy, facts, self.entity, &self.outcomes, point).map_err(|other| {
            let message = format!("{} is not for each row", tick(&policy.outcomes[other.0].name));
            Diagnostics::one(Diagnostic::general(Code::RowMissing, message), sources)
        })?;
        Ok(batch.evaluate(columns))
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// The answers for the rows of a table, by outcome and by the number of the row, from 0.
#[derive(Clone)]
pub struct RowAnswers {
    facts: Facts,
    results: Results,
}

impl RowAnswers {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.results.rows
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.results.rows == 0
    }

    /// The status of each row; empty if that outcome was not asked for.
    pub fn statuses(&self, outcome: &str) -> &[Status] {
        self.column(outcome).map_or(&[], |column| &column.status)
    }

    /// The value of a row whose answer is determined.
    pub fn value(&self, outcome: &str, row: usize) -> Option<AnswerValue> {
        let column = self.column(outcome)?;
        let ty = &self.facts.about().0.outcomes[column.outcome].ty;
        Some(AnswerValue::new(&self.words(), ty, &column.value(row)?))
    }

    /// The rules behind the answer of a row.
    pub fn rules(&self, outcome: &str, row: usize) -> Vec<String> {
        let Some(column) = self.column(outcome) else { return Vec::new() };
        let policy = self.facts.about().0;
        column.reasons(row).iter().map(|reason| rule_name(policy, reason)).collect()
    }

    fn column(&self, outcome: &str) -> Option<&OutcomeColumn> {
        self.results.outcome(self.facts.about().0.outcome(outcome)?)
    }

    fn words(&self) -> Words<'_> {
        let (policy, facts, sources) = self.facts.about();
        Words { policy, facts, sources, audience: Audience::Machine }
    }
}

impl fmt::Debug for RowAnswers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowAnswers").field("rows", &self.results.rows).finish_non_exhaustive()
    }
}
