//! Rows handed to [`crate::run`], one by one (B3).

use super::bad::Worked;
use super::column::{ColumnValues, Columns, DecidingRule, FieldCell, FieldColumn, Results};
use super::{Batch, Class, out, renumber};
use crate::facts::{Facts, Row, Rows, Slot};
use crate::outcome::{Point, Reason};
use crate::policy::{EntityId, ExprId, FieldId, OutcomeId, Policy};
use crate::run::{Evaluator, key_text, row_set};
use crate::text::Span;
use crate::value::{Possible, Value};
use std::sync::Arc;

/// Answers, for each question (by its place) the rows named.
pub(super) fn fill(batch: &Batch<'_>, rows: &Columns, open: &[(usize, &[u32])], results: &mut Results) {
    let class = |at: usize| batch.questions.get(at).map(|question| question.class);
    let (whole, single): (Vec<_>, Vec<_>) = open
        .iter()
        .filter(|(_, rows)| !rows.is_empty())
        .partition(|(at, _)| class(*at) == Some(Class::Table));
    if !whole.is_empty() {
        let all: Vec<usize> = (0..rows.rows).collect();
        ask(batch, rows, &all, &whole, results);
    }
    if !single.is_empty() {
        let mut some: Vec<usize> =
            single.iter().flat_map(|(_, rows)| rows.iter().map(|row| *row as usize)).collect();
        some.sort_unstable();
        some.dedup();
        ask(batch, rows, &some, &single, results);
    }
}

/// Answers from a table of the rows `listed`, ascending.
fn ask(
    batch: &Batch<'_>,
    rows: &Columns,
    listed: &[usize],
    open: &[&(usize, &[u32])],
    results: &mut Results,
) {
    let facts = facts(batch, rows, listed);
    let mut run = Evaluator::new(batch.policy, &facts);
    let point = Point::new(batch.point.on, batch.point.known);
    let mut reasons: Vec<Reason> = Vec::new();
    let mut writers: Vec<OpenRows<'_>> = Vec::new();
    for ((at, question), column) in batch.questions.iter().enumerate().zip(&mut results.outcomes) {
        if let Some((_, wanted)) = open.iter().find(|(of, _)| *of == at) {
            writers.push(OpenRows { outcome: question.outcome, wanted, pen: out::Pen::new(column) });
        }
    }
    // All that is asked of a row together: the answers share what they are made of.
    for (place, row) in (0u32..).zip(listed) {
        for writer in &mut writers {
            if !writer.is_next(*row) {
                continue;
            }
            let outcome = writer.outcome;
            match run.value_or_answer(outcome, Some(place), point, &mut reasons) {
                Ok(mut value) => {
                    renumber::value(batch, outcome, listed, &mut value);
                    writer.pen.put(*row as u32, value, reasons.iter().map(deciding_rule).collect());
                }
                Err(mut answer) => {
                    renumber::answer(batch, outcome, listed, &mut answer);
                    writer.pen.put_answer(*row as u32, *answer);
                }
            }
        }
    }
    writers.into_iter().for_each(|writer| writer.pen.finish());
}

/// The rows of an outcome that are still to be asked about, ascending.
struct OpenRows<'a> {
    outcome: OutcomeId,
    wanted: &'a [u32],
    pen: out::Pen<'a>,
}

impl OpenRows<'_> {
    /// Whether a row is the next; then it is taken.
    fn is_next(&mut self, row: usize) -> bool {
        match self.wanted.split_first() {
            Some((next, rest)) if *next as usize == row => {
                self.wanted = rest;
                true
            }
            _ => false,
        }
    }
}

pub(super) fn deciding_rule(reason: &Reason) -> DecidingRule {
    DecidingRule { rule: reason.rule, branch: reason.branch, act: reason.act, doubtful: reason.doubtful }
}

/// An expression for each value of one field of the row, all else of which is not stated.
pub(super) fn values(
    batch: &Batch<'_>,
    field: FieldId,
    dictionary: &Arc<[Value]>,
    expr: ExprId,
    point: Point,
) -> Vec<Worked> {
    let keys: Vec<u32> = (0..u32::try_from(dictionary.len()).unwrap_or(u32::MAX)).collect();
    let column = FieldColumn::of(ColumnValues::Words { dictionary: dictionary.clone(), keys: keys.clone() });
    let rows = Columns { rows: keys.len(), columns: vec![(field, column)] };
    let facts = facts(batch, &rows, &(0..keys.len()).collect::<Vec<usize>>());
    let mut run = Evaluator::new(batch.policy, &facts);
    let value = |row: u32| Worked::of(&run.value_in(expr, &[row_set(row)], Some((batch.entity, row)), point));
    keys.into_iter().map(value).collect()
}

/// All that is stated, with these rows as the table of the entity.
pub(super) fn facts(batch: &Batch<'_>, rows: &Columns, listed: &[usize]) -> Facts {
    let own = |id: EntityId| id == batch.entity;
    let tables = batch.facts.tables.iter();
    let table = |(id, stated): (EntityId, &Option<Rows>)| match own(id) {
        true => Some(table(batch.policy, id, rows, listed)),
        false => stated.clone(),
    };
    Facts {
        facts: batch.facts.facts.clone(),
        tables: tables.map(table).collect(),
        lines: batch.facts.lines.clone(),
        stated_through: batch.facts.stated_through,
        acts: batch.facts.acts.clone(),
        announcements: batch.facts.announcements.clone(),
    }
}

fn table(policy: &Policy, entity: EntityId, columns: &Columns, listed: &[usize]) -> Rows {
    let decl = &policy.entities[entity];
    let mut rows = Rows::default();
    for at in listed {
        let mut key = None;
        let mut cells: crate::policy::Table<_, Slot> =
            decl.fields.values().map(|_| Slot::default()).collect();
        for (field, column) in &columns.columns {
            let value = match column.cell(*at) {
                FieldCell::NotStated => continue,
                FieldCell::One(value) => Possible::One(value),
                FieldCell::Odd(possible) => possible,
            };
            if let (true, Possible::One(value)) = (*field == decl.key, &value) {
                key = Some(name(policy, &decl.fields[*field].ty, value));
            }
            cells[*field] = Slot::fixed(value, Span::default());
        }
        // A row without a key, or with that of another, has a name that no key is spelled like.
        let key =
            key.filter(|key| !rows.rows.contains_key(key)).unwrap_or_else(|| format!("\u{0}{at}").into());
        rows.rows.insert(key, Row { cells, span: Span::default() });
    }
    rows
}

fn name(policy: &Policy, ty: &crate::policy::Type, value: &Value) -> Arc<str> {
    match value {
        Value::Text(text) => text.clone(),
        _ => key_text(policy, ty, value).into(),
    }
}
