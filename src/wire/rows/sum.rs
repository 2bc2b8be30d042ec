//! Answers in totals: how many rows of a group have which status, and what their numbers come to, exactly.

use super::taken::Batch;
use super::write::Single;
use crate::batch::{Cell, Column, OutcomeColumn, Results, Values};
use crate::facts::Row;
use crate::outcome::{Point, Status};
use crate::policy::{EntityId, Face, FieldId, OutcomeId, Policy, Type};
use crate::value::{Number, Possible, Total, Value};
use indexmap::IndexMap;
use std::collections::BTreeMap;

/// What is summed, and by which fields.
#[derive(Clone, Debug)]
pub struct Plan<'p> {
    pub policy: &'p Policy,
    pub entity: EntityId,
    pub by: Vec<FieldId>,
    pub outcomes: Vec<OutcomeId>,
    pub point: Point,
}

/// Groups by the values of their fields, in words.
#[derive(Clone, Debug, Default)]
pub struct Sums {
    pub groups: BTreeMap<Vec<String>, Group>,
}

#[derive(Clone, Debug, Default)]
pub struct Group {
    pub rows: u64,
    /// For each outcome of the plan.
    pub outcomes: Vec<Sum>,
}

#[derive(Clone, Debug, Default)]
pub struct Sum {
    /// Rows by status, in the order of [`Status`].
    pub status: [u64; 5],
    /// Of the numbers that are determined; of truths, how many are true.
    pub total: Total,
}

/// What a sum of an outcome means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    Total,
    /// Rates are not summed.
    Average,
    /// How many are true.
    True,
    Nothing,
}

impl Meaning {
    pub fn of(ty: &Type) -> Meaning {
        match ty {
            Type::Number { face: Face::Rate, .. } => Meaning::Average,
            Type::Number { .. } => Meaning::Total,
            Type::Bool => Meaning::True,
            _ => Meaning::Nothing,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Meaning::Total => "total",
            Meaning::Average => "average",
            Meaning::True => "true",
            Meaning::Nothing => "",
        }
    }
}

impl Sum {
    /// The total or average of the answers that are determined; none: there are none, or nothing is summed.
    pub fn number(&self, meaning: Meaning) -> Option<Number> {
        let determined = self.status.first().copied().unwrap_or(0);
        match meaning {
            _ if determined == 0 => None,
            Meaning::Total | Meaning::True => self.total.finish().ok(),
            Meaning::Average => self.total.average(determined).ok(),
            Meaning::Nothing => None,
        }
    }

    fn merge(&mut self, other: &Sum) {
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

impl Sums {
    pub fn merge(&mut self, other: Sums) {
        for (key, group) in other.groups {
            let mine = self.groups.entry(key).or_default();
            mine.rows = mine.rows.saturating_add(group.rows);
            mine.outcomes.resize(mine.outcomes.len().max(group.outcomes.len()), Sum::default());
            mine.outcomes.iter_mut().zip(&group.outcomes).for_each(|(mine, more)| mine.merge(more));
        }
    }

    /// All groups as one.
    pub fn all(&self) -> Group {
        let mut all = Sums::default();
        for group in self.groups.values() {
            all.merge(Sums { groups: BTreeMap::from([(Vec::new(), group.clone())]) });
        }
        all.groups.into_values().next().unwrap_or_default()
    }
}

impl Plan<'_> {
    /// The answers for a batch. `dated`: those for its dated rows. `words`: a value of a field in words.
    pub fn sum(
        &self,
        batch: &Batch,
        results: &Results,
        dated: &[Vec<Single>],
        words: &dyn Fn(&Type, &Value) -> String,
    ) -> Sums {
        let rows = batch.keys.len();
        let (names, members) = self.groups(batch, words);
        let mut groups: Vec<Group> = names
            .iter()
            .map(|_| Group { rows: 0, outcomes: vec![Sum::default(); self.outcomes.len()] })
            .collect();
        for member in &members {
            if let Some(group) = groups.get_mut(*member) {
                group.rows = group.rows.saturating_add(1);
            }
        }
        for (at, column) in results.outcomes.iter().enumerate() {
            let mut sums: Vec<Sum> = vec![Sum::default(); groups.len()];
            column_sums(column, rows, &members, &mut sums);
            for (group, sum) in groups.iter_mut().zip(&sums) {
                if let Some(mine) = group.outcomes.get_mut(at) {
                    mine.merge(sum);
                }
            }
        }
        let mut found = Sums { groups: BTreeMap::new() };
        for (name, group) in names.into_iter().zip(groups) {
            found.merge(Sums { groups: BTreeMap::from([(name, group)]) });
        }
        for (row, answers) in batch.dated.iter().zip(dated) {
            let name = self.by.iter().map(|field| self.cell(*field, &row.row, words)).collect();
            let sum = |answer: &Single| {
                let mut sum = Sum::default();
                sum.count(answer.status);
                match &answer.value {
                    Some(Value::Number(number)) => sum.total.add(number),
                    Some(Value::Bool(true)) => sum.total.add(&Number::ONE),
                    _ => {}
                }
                sum
            };
            let group = Group { rows: 1, outcomes: answers.iter().map(sum).collect() };
            found.merge(Sums { groups: BTreeMap::from([(name, group)]) });
        }
        found
    }

    /// The groups there are, and the group of each row.
    fn groups(
        &self,
        batch: &Batch,
        words: &dyn Fn(&Type, &Value) -> String,
    ) -> (Vec<Vec<String>>, Vec<usize>) {
        let rows = batch.keys.len();
        let decl = &self.policy.entities[self.entity];
        let mut names: Vec<Vec<String>> = vec![Vec::new()];
        let mut members: Vec<usize> = vec![0; rows];
        for field in &self.by {
            let ty = &decl.fields[*field].ty;
            let column = batch.columns.column(*field);
            let mut shown =
                Shown { ty, column, names: batch, key: *field == decl.key, words, known: Vec::new() };
            let mut pairs: IndexMap<(usize, String), usize> = IndexMap::new();
            let mut last: Option<(usize, Option<u32>, usize)> = None;
            for (row, member) in members.iter_mut().enumerate() {
                let word = shown.word(row);
                // Rows that follow each other are often of one group.
                if let Some((of, known, group)) = last
                    && word.is_some()
                    && (of, known) == (*member, word)
                {
                    *member = group;
                    continue;
                }
                let key = (*member, shown.text(row));
                let next = pairs.len();
                let group = *pairs.entry(key).or_insert(next);
                last = Some((*member, word, group));
                *member = group;
            }
            let longer = pairs.into_keys().map(|(of, text)| {
                let mut name = names.get(of).cloned().unwrap_or_default();
                name.push(text);
                name
            });
            names = longer.collect();
        }
        if rows == 0 {
            names.clear();
        }
        (names, members)
    }

    fn cell(&self, field: FieldId, row: &Row, words: &dyn Fn(&Type, &Value) -> String) -> String {
        let slot = row.cells.try_get(field);
        let statement = slot.and_then(|slot| slot.at(self.point.day, self.point.known));
        let ty = &self.policy.entities[self.entity].fields[field].ty;
        match statement.map(|statement| &statement.value) {
            Some(Possible::One(value)) => words(ty, value),
            Some(_) => UNKNOWN.to_string(),
            None => NOT_STATED.to_string(),
        }
    }
}

/// How a group is called whose cells are open, or not there at all.
const UNKNOWN: &str = "unknown";
const NOT_STATED: &str = "not stated";

/// The cells of a field in words.
struct Shown<'a> {
    ty: &'a Type,
    column: Option<&'a Column>,
    names: &'a Batch,
    /// It is the key, which need not be a column.
    key: bool,
    words: &'a dyn Fn(&Type, &Value) -> String,
    known: Vec<Option<String>>,
}

impl Shown<'_> {
    /// The place of a row's word in the dictionary of the column.
    fn word(&self, row: usize) -> Option<u32> {
        let column = self.column?;
        let odd = u32::try_from(row).is_ok_and(|row| column.odd.contains_key(&row));
        match &column.values {
            Values::Words { keys, .. } if !odd => keys.get(row).copied(),
            _ => None,
        }
    }

    fn text(&mut self, row: usize) -> String {
        if self.key {
            return self.names.keys.get(row).to_string();
        }
        let Some(column) = self.column else { return NOT_STATED.to_string() };
        let word = self.word(row).map(|word| word as usize);
        if let Some(Some(text)) = word.and_then(|word| self.known.get(word)) {
            return text.clone();
        }
        let text = match column.cell(row) {
            Cell::One(value) => (self.words)(self.ty, &value),
            Cell::Odd(_) => UNKNOWN.to_string(),
            Cell::NotStated => NOT_STATED.to_string(),
        };
        if let Some(word) = word {
            if self.known.len() <= word {
                self.known.resize(word.saturating_add(1), None);
            }
            if let Some(place) = self.known.get_mut(word) {
                *place = Some(text.clone());
            }
        }
        text
    }
}

/// The sums of one outcome, group by group.
fn column_sums(column: &OutcomeColumn, rows: usize, members: &[usize], sums: &mut [Sum]) {
    for (status, member) in column.status.iter().zip(members) {
        if let Some(sum) = sums.get_mut(*member) {
            sum.count(*status);
        }
    }
    let determined = |row: usize| column.status.get(row) == Some(&Status::Determined);
    match &column.values {
        Values::Scaled { values, scale } => {
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
            for (row, member) in (0..rows).zip(members) {
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
