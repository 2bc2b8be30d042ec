//! The fields by whose values rows are grouped, as the answers used them: a default where nothing is stated, what is
//! over time
//! on the day of the row. What its column does not say of a field at once is asked as if it were an outcome.

use super::{Batch, BatchPoint, ColumnValues, Columns, FieldCell, FieldColumn, NotForEach, OutcomeColumn};
use crate::facts::{Facts, Slot};
use crate::outcome::{Point, Status};
use crate::policy::{EntityId, Expr, Fact, FieldId, Outcome, OutcomeId, Policy, Type};
use crate::run::{Decided, Evaluator};
use crate::value::{Day, Possible, Value};
use std::collections::BTreeMap;

/// What the rows of a group have in common in one field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupKey {
    Value(String),
    NotStated,
    /// It may be one value or another.
    Unknown,
    /// Its default is an error.
    Error,
}

impl GroupKey {
    /// In words, `unknown` being called so; a value that is spelled like what is no value stands in quotes.
    pub fn text(&self, unknown: &str) -> String {
        match self {
            GroupKey::Value(text) if [NOT_STATED, unknown, ERROR].contains(&text.trim_matches('"')) => {
                format!("\"{text}\"")
            }
            GroupKey::Value(text) => text.clone(),
            GroupKey::NotStated => NOT_STATED.to_string(),
            GroupKey::Unknown => unknown.to_string(),
            GroupKey::Error => ERROR.to_string(),
        }
    }
}

const NOT_STATED: &str = "not stated";
const ERROR: &str = "error";

/// A value of a field in words.
pub type InWords<'a> = &'a dyn Fn(&Type, &Value) -> String;

/// A policy with an outcome for each of the fields.
#[derive(Debug)]
pub struct GroupFields {
    policy: Policy,
    entity: EntityId,
    by: Vec<(FieldId, OutcomeId)>,
}

impl GroupFields {
    pub fn new(policy: &Policy, entity: EntityId, by: &[FieldId]) -> GroupFields {
        let mut policy = policy.clone();
        let by = by.iter().map(|field| (*field, outcome_of(&mut policy, entity, *field))).collect();
        GroupFields { policy, entity, by }
    }

    /// # Errors
    /// Never: every field is of each row of the entity.
    pub fn batch<'a>(&'a self, facts: &'a Facts, point: BatchPoint) -> Result<Batch<'a>, NotForEach> {
        let outcomes: Vec<OutcomeId> = self.by.iter().map(|(_, outcome)| *outcome).collect();
        Batch::new(&self.policy, facts, self.entity, &outcomes, point)
    }

    /// The groups there are among the rows of a table, and the group of each row. `keys`: how rows are called.
    pub fn of_rows<'k>(
        &self,
        batch: &Batch<'_>,
        rows: &Columns,
        keys: impl Fn(usize) -> &'k str,
        words: InWords<'_>,
    ) -> (Vec<Vec<GroupKey>>, Vec<usize>) {
        let facts = batch.facts;
        let asked = self.by.iter().any(|(field, _)| !self.is_said(facts, rows, *field));
        let answers = asked.then(|| batch.evaluate(rows));
        let mut groups: Vec<Vec<GroupKey>> = vec![Vec::new()];
        let mut members: Vec<usize> = vec![0; rows.rows];
        for (field, outcome) in &self.by {
            let answers = answers.as_ref().filter(|_| !self.is_said(facts, rows, *field));
            let mut column = GroupColumn {
                decl: &self.policy.entities[self.entity].fields[*field],
                column: rows.column(*field),
                answers: answers.and_then(|answers| answers.outcome(*outcome)),
                keys: (*field == self.policy.entities[self.entity].key).then_some(&keys),
                words,
                known: Vec::new(),
            };
            groups = split(&groups, &mut members, &mut column);
        }
        if rows.rows == 0 {
            groups.clear();
        }
        (groups, members)
    }

    /// What answers for single rows as these groups want them; `facts` have the rows.
    pub fn evaluator<'a>(&'a self, facts: &'a Facts) -> Evaluator<'a> {
        Evaluator::new(&self.policy, facts)
    }

    /// The group of one row of facts.
    pub fn of_row(
        &self,
        run: &mut Evaluator<'_>,
        facts: &Facts,
        row: u32,
        point: Point,
        words: InWords<'_>,
    ) -> Vec<GroupKey> {
        let entity = &self.policy.entities[self.entity];
        let rows = facts.tables[self.entity].as_ref();
        let slot = |field: FieldId| rows?.get(row)?.cells.try_get(field);
        let mut name = |(field, outcome): &(FieldId, OutcomeId)| {
            let decl = &entity.fields[*field];
            if let (true, Some(key)) = (*field == entity.key, rows.and_then(|rows| rows.key(row))) {
                return GroupKey::Value(key.to_string());
            }
            // What is stated for every day is so on a day that is open, too.
            if let Some(Possible::One(value)) = slot(*field).and_then(always)
                && !self.ends(facts, decl)
            {
                return GroupKey::Value(words(&decl.ty, &value));
            }
            match run.decide(*outcome, Some(row), point) {
                Decided::Value(value) => GroupKey::Value(words(&decl.ty, &value)),
                Decided::Error => GroupKey::Error,
                _ if decl.default.is_some() => GroupKey::Unknown,
                _ => match (run.row_point(self.entity, row, point), slot(*field)) {
                    (Some(at), Some(slot)) if slot.at(at.day, at.known).is_none() => GroupKey::NotStated,
                    (_, Some(slot)) if !slot.statements.is_empty() => GroupKey::Unknown,
                    _ => GroupKey::NotStated,
                },
            }
        };
        self.by.iter().map(&mut name).collect()
    }

    /// Whether its cells say all of a field: it is stated in every row, and for every day.
    fn is_said(&self, facts: &Facts, rows: &Columns, field: FieldId) -> bool {
        let entity = &self.policy.entities[self.entity];
        let stated = rows.column(field).is_some_and(|column| column.stated.is_none());
        field == entity.key || (stated && !self.ends(facts, &entity.fields[field]))
    }

    /// T3
    fn ends(&self, facts: &Facts, decl: &Fact) -> bool {
        decl.over_time && facts.stated_through.is_some()
    }
}

/// Parts groups by one more field.
fn split<'k>(
    groups: &[Vec<GroupKey>],
    members: &mut [usize],
    column: &mut GroupColumn<'_, impl Fn(usize) -> &'k str>,
) -> Vec<Vec<GroupKey>> {
    let mut parts: BTreeMap<(usize, GroupKey), usize> = BTreeMap::new();
    let mut longer: Vec<Vec<GroupKey>> = Vec::new();
    let mut last: Option<(usize, Option<u32>, usize)> = None;
    for (row, member) in members.iter_mut().enumerate() {
        let word = column.word(row);
        // Rows that follow each other are often of one group.
        if let Some((of, known, group)) = last
            && word.is_some()
            && (of, known) == (*member, word)
        {
            *member = group;
            continue;
        }
        let name = column.name(row);
        let group = *parts.entry((*member, name.clone())).or_insert_with(|| {
            let mut all = groups.get(*member).cloned().unwrap_or_default();
            all.push(name);
            longer.push(all);
            longer.len().saturating_sub(1)
        });
        last = Some((*member, word, group));
        *member = group;
    }
    longer
}

/// An outcome for each row that is what a field of it is.
fn outcome_of(policy: &mut Policy, entity: EntityId, field: FieldId) -> OutcomeId {
    let decl = &policy.entities[entity].fields[field];
    let (name, ty, span) = (decl.name.clone(), decl.ty.clone(), decl.span);
    let row = policy.exprs.push(Expr::Local(0), Type::Row(entity), span);
    let value = policy.exprs.push(Expr::Field { entity, row, field }, ty.clone(), span);
    policy.outcomes.push(Outcome {
        name,
        doc: None,
        ty,
        rounded: None,
        whole: false,
        for_each: Some(entity),
        otherwise: Some(value),
        contenders: Vec::new(),
        span,
    })
}

/// A field that rows are grouped by, with the key of each row.
struct GroupColumn<'a, K> {
    decl: &'a Fact,
    column: Option<&'a FieldColumn>,
    /// Where the column does not say everything.
    answers: Option<&'a OutcomeColumn>,
    /// It is the key, which need not be a column.
    keys: Option<&'a K>,
    words: InWords<'a>,
    known: Vec<Option<GroupKey>>,
}

impl<'k, K: Fn(usize) -> &'k str> GroupColumn<'_, K> {
    /// The place of a row's word in the dictionary of the column.
    fn word(&self, row: usize) -> Option<u32> {
        let column = self.column.filter(|_| self.answers.is_none())?;
        let odd = u32::try_from(row).is_ok_and(|row| column.odd.contains_key(&row));
        match &column.values {
            ColumnValues::Words { keys, .. } if !odd => keys.get(row).copied(),
            _ => None,
        }
    }

    fn name(&mut self, row: usize) -> GroupKey {
        if let Some(keys) = self.keys {
            return GroupKey::Value(keys(row).to_string());
        }
        let word = self.word(row).map(|word| word as usize);
        if let Some(Some(name)) = word.and_then(|word| self.known.get(word)) {
            return name.clone();
        }
        let name = self.answered(row).unwrap_or_else(|| self.stated(row));
        if let Some(word) = word {
            if self.known.len() <= word {
                self.known.resize(word.saturating_add(1), None);
            }
            if let Some(place) = self.known.get_mut(word) {
                *place = Some(name.clone());
            }
        }
        name
    }

    /// None: nothing was asked, or nothing but the cell is left to be said.
    fn answered(&self, row: usize) -> Option<GroupKey> {
        let answers = self.answers?;
        match answers.status.get(row)? {
            Status::Determined => Some(self.value(&answers.value(row)?)),
            Status::Error => Some(GroupKey::Error),
            _ if self.decl.default.is_some() || self.cell(row) != FieldCell::NotStated => {
                Some(GroupKey::Unknown)
            }
            _ => None,
        }
    }

    fn stated(&self, row: usize) -> GroupKey {
        match self.cell(row) {
            FieldCell::One(value) => self.value(&value),
            FieldCell::Odd(_) => GroupKey::Unknown,
            FieldCell::NotStated => GroupKey::NotStated,
        }
    }

    fn cell(&self, row: usize) -> FieldCell {
        self.column.map_or(FieldCell::NotStated, |column| column.cell(row))
    }

    fn value(&self, value: &Value) -> GroupKey {
        GroupKey::Value((self.words)(&self.decl.ty, value))
    }
}

/// What a slot says, if it says it of every day.
fn always(slot: &Slot) -> Option<Possible> {
    match slot.statements.as_slice() {
        [only] if (only.from, only.known) == (Day::FIRST, Day::FIRST) => Some(only.value.clone()),
        _ => None,
    }
}
