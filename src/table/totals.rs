//! Answers in totals: how many rows of a group have which status, and what their numbers come to, exactly.

use super::encode::RowAnswer;
use crate::batch::{ColumnValues, GroupKey, OutcomeColumn, Results};
use crate::outcome::{Point, Status};
use crate::policy::{EntityId, Face, FieldId, Outcome, OutcomeId, Policy, Type};
use crate::value::{Number, Total, Trouble, Value};
use std::collections::BTreeMap;

/// What is summed, and by which fields.
#[derive(Clone, Debug)]
pub struct Grouping<'p> {
    pub policy: &'p Policy,
    pub entity: EntityId,
    /// The fields that groups are of, in the order of their names.
    pub by: Vec<FieldId>,
    pub outcomes: Vec<OutcomeId>,
    pub point: Point,
}

/// Groups by the values of their fields.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    pub groups: BTreeMap<Vec<GroupKey>, GroupTotals>,
}

#[derive(Clone, Debug, Default)]
pub struct GroupTotals {
    pub rows: u64,
    /// For each outcome of the plan.
    pub outcomes: Vec<OutcomeTotals>,
}

#[derive(Clone, Debug, Default)]
pub struct OutcomeTotals {
    /// Rows by status, in the order of [`Status`].
    pub status: [u64; 5],
    /// Of the numbers that are determined; of truths, how many are true.
    pub total: Total,
}

/// What a sum of an outcome means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Summing {
    Total,
    /// Rates are not summed.
    Average,
    /// How many are true.
    True,
    Nothing,
}

impl Summing {
    pub fn of(ty: &Type) -> Summing {
        match ty {
            Type::Number { face: Face::Rate, .. } => Summing::Average,
            Type::Number { .. } => Summing::Total,
            Type::Bool => Summing::True,
            _ => Summing::Nothing,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Summing::Total => "total",
            Summing::Average => "average",
            Summing::True => "true",
            Summing::Nothing => "",
        }
    }
}

impl OutcomeTotals {
    /// The total or average of the answers that are determined; none: there are none, or nothing is summed.
    ///
    /// # Errors
    /// It is beyond the bound of M1.
    pub fn number(&self, meaning: Summing) -> Result<Option<Number>, Trouble> {
        let determined = self.status.first().copied().unwrap_or(0);
        match meaning {
            _ if determined == 0 => Ok(None),
            Summing::Total | Summing::True => self.total.finish().map(Some),
            Summing::Average => self.total.average(determined).map(Some),
            Summing::Nothing => Ok(None),
        }
    }

    /// How many rows have a status.
    pub fn of(&self, status: Status) -> u64 {
        self.status.get(status as usize).copied().unwrap_or(0)
    }

    fn merge(&mut self, other: &OutcomeTotals) {
        self.total.merge(&other.total);
        for (mine, more) in self.status.iter_mut().zip(other.status) {
            *mine = mine.saturating_add(more);
        }
    }

    fn count(&mut self, status: Status) {
        if let Some(n) = self.status.get_mut(status as usize) {
            *n = n.saturating_add(1);
        }
    }
}

impl Totals {
    pub fn merge(&mut self, other: Totals) {
        for (key, group) in other.groups {
            let mine = self.groups.entry(key).or_default();
            mine.rows = mine.rows.saturating_add(group.rows);
            mine.outcomes.resize(mine.outcomes.len().max(group.outcomes.len()), OutcomeTotals::default());
            mine.outcomes.iter_mut().zip(&group.outcomes).for_each(|(mine, more)| mine.merge(more));
        }
    }

    /// All groups as one.
    pub fn all(&self) -> GroupTotals {
        let mut all = Totals::default();
        for group in self.groups.values() {
            all.merge(Totals { groups: BTreeMap::from([(Vec::new(), group.clone())]) });
        }
        all.groups.into_values().next().unwrap_or_default()
    }
}

impl<'p> Grouping<'p> {
    /// The outcomes of which a total is beyond the bound of M1: that one is an error.
    pub fn beyond(&self, totals: &Totals) -> Vec<&'p str> {
        let all = totals.all();
        let groups: Vec<&GroupTotals> = totals.groups.values().chain([&all]).collect();
        let outcomes = self.outcomes.iter().map(|id| &self.policy.outcomes[*id]).enumerate();
        let is_beyond = |at: usize, outcome: &Outcome| {
            let meaning = Summing::of(&outcome.ty);
            groups.iter().any(|group| group.outcomes.get(at).is_some_and(|sum| sum.number(meaning).is_err()))
        };
        outcomes
            .filter(|(at, outcome)| is_beyond(*at, outcome))
            .map(|(_, outcome)| outcome.name.as_str())
            .collect()
    }

    /// The answers for a batch of rows. `names`, `members`: the groups there are, and the group of each row. `dated`: the
    /// answers for its dated rows, with their groups.
    pub fn sum(
        &self,
        results: &Results,
        (names, members): (Vec<Vec<GroupKey>>, Vec<usize>),
        dated: Vec<(Vec<GroupKey>, &[RowAnswer])>,
    ) -> Totals {
        let mut groups: Vec<GroupTotals> = names
            .iter()
            .map(|_| GroupTotals { rows: 0, outcomes: vec![OutcomeTotals::default(); self.outcomes.len()] })
            .collect();
        for member in &members {
            if let Some(group) = groups.get_mut(*member) {
                group.rows = group.rows.saturating_add(1);
            }
        }
        for (at, column) in results.outcomes.iter().enumerate() {
            let mut sums: Vec<OutcomeTotals> = vec![OutcomeTotals::default(); groups.len()];
            column_sums(column, &members, &mut sums);
            for (group, sum) in groups.iter_mut().zip(&sums) {
                if let Some(mine) = group.outcomes.get_mut(at) {
                    mine.merge(sum);
                }
            }
        }
        let mut found = Totals { groups: BTreeMap::new() };
        for (name, group) in names.into_iter().zip(groups) {
            found.merge(Totals { groups: BTreeMap::from([(name, group)]) });
        }
        for (name, answers) in dated {
            let sum = |answer: &RowAnswer| {
                let mut sum = OutcomeTotals::default();
                sum.count(answer.status);
                match &answer.value {
                    Some(Value::Number(number)) => sum.total.add(number),
                    Some(Value::Bool(true)) => sum.total.add(&Number::ONE),
                    _ => {}
                }
                sum
            };
            let group = GroupTotals { rows: 1, outcomes: answers.iter().map(sum).collect() };
            found.merge(Totals { groups: BTreeMap::from([(name, group)]) });
        }
        found
    }
}

/// The values that the rows of a group share.
pub fn group_words(name: &[GroupKey]) -> Vec<String> {
    name.iter().map(|name| name.text("unknown")).collect()
}

/// The sums of one outcome, group by group.
fn column_sums(column: &OutcomeColumn, members: &[usize], sums: &mut [OutcomeTotals]) {
    for (status, member) in column.status.iter().zip(members) {
        if let Some(sum) = sums.get_mut(*member) {
            sum.count(*status);
        }
    }
    let determined = |row: usize| column.status.get(row) == Some(&Status::Determined);
    match &column.values {
        ColumnValues::Scaled { values, scale } => {
            // Rows of a batch are fewer than 2^32, so their sum has fewer than 128 bits.
            let mut all: Vec<i128> = vec![0; sums.len()];
            for (row, (value, member)) in values.iter().zip(members).enumerate() {
                if determined(row)
                    && let Some(sum) = all.get_mut(*member)
                {
                    *sum = sum.saturating_add(i128::from(*value));
                }
            }
            for (sum, value) in sums.iter_mut().zip(all) {
                if let Some(number) = Number::scaled(value, *scale) {
                    sum.total.add(&number);
                }
            }
        }
        _ => {
            for (row, member) in members.iter().enumerate() {
                let Some(sum) = sums.get_mut(*member) else { continue };
                match column.value(row) {
                    Some(Value::Number(number)) => sum.total.add(&number),
                    Some(Value::Bool(true)) => sum.total.add(&Number::ONE),
                    _ => {}
                }
            }
        }
    }
}
