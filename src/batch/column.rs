//! Rows by column, and answers by column.

use crate::outcome::{Answer, Reason, Status};
use crate::policy::{FieldId, OutcomeId, RuleId};
use crate::value::{Day, Number, Possible, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rows of one entity, field by field. Every column has as many cells as there are rows; a field without a column is
/// not
/// stated in any row. Where answers for a row read other rows ([`super::Class::Table`]), these rows are all there are.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    pub rows: usize,
    pub columns: Vec<(FieldId, FieldColumn)>,
}

/// The cells of one field. What is stated holds always (T2): a cell has no days.
#[derive(Clone, Debug)]
pub struct FieldColumn {
    pub values: ColumnValues,
    /// Which rows state it; none: all of them. What stands in `values` of the others is of no account.
    pub stated: Option<Vec<bool>>,
    /// Cells that are stated and are not one value (`unknown`, `at least 5 USD`), by row; they too are marked as
    /// stated.
    pub odd: BTreeMap<u32, Possible>,
}

/// One value for each row, all of the type of their field or outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnValues {
    Bool(Vec<bool>),
    /// Numbers times 10^scale, in the base units of their dimension, as [`Value::Number`] is: 15% at a scale of 4 is
    /// 1500,
    /// 12.34 USD at a scale of 2 is 1234, 1 tonne at a scale of 0 is 1000 (kg). A scale is at most 18.
    Scaled {
        values: Vec<i64>,
        scale: u8,
    },
    /// The same where 64 bits are too few.
    Wide {
        values: Vec<i128>,
        scale: u8,
    },
    /// Any numbers.
    Exact(Vec<Number>),
    /// Days since 1970-01-01, `never` as `i32::MAX` ([`Day::number`]).
    Days(Vec<i32>),
    /// Counts of days, business days or months.
    Durations(Vec<i64>),
    /// Texts, codes, countries, choices, rows: for each row a place in a list of values. Columns of many batches do
    /// well to
    /// share one list: what is worked out for its values is then remembered.
    Words {
        dictionary: Arc<[Value]>,
        keys: Vec<u32>,
    },
}

/// What a row says of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldCell {
    NotStated,
    One(Value),
    Odd(Possible),
}

impl Columns {
    pub fn column(&self, field: FieldId) -> Option<&FieldColumn> {
        self.columns.iter().find(|(of, _)| *of == field).map(|(_, column)| column)
    }
}

impl FieldColumn {
    /// All cells stated, each one value.
    pub fn of(values: ColumnValues) -> FieldColumn {
        FieldColumn { values, stated: None, odd: BTreeMap::new() }
    }

    /// A row beyond the last states nothing, nor does one whose value is none (a day out of range, a key beyond its
    /// list).
    pub fn cell(&self, row: usize) -> FieldCell {
        if self.stated.as_ref().is_some_and(|stated| stated.get(row) != Some(&true)) {
            return FieldCell::NotStated;
        }
        let odd = u32::try_from(row).ok().and_then(|row| self.odd.get(&row));
        match odd {
            Some(odd) => FieldCell::Odd(odd.clone()),
            None => self.values.get(row).map_or(FieldCell::NotStated, FieldCell::One),
        }
    }
}

impl ColumnValues {
    pub fn len(&self) -> usize {
        match self {
            ColumnValues::Bool(values) => values.len(),
            ColumnValues::Scaled { values, .. } | ColumnValues::Durations(values) => values.len(),
            ColumnValues::Wide { values, .. } => values.len(),
            ColumnValues::Exact(values) => values.len(),
            ColumnValues::Days(values) => values.len(),
            ColumnValues::Words { keys, .. } => keys.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a row.
    pub fn get(&self, row: usize) -> Option<Value> {
        match self {
            ColumnValues::Bool(values) => values.get(row).copied().map(Value::Bool),
            ColumnValues::Scaled { values, scale } => {
                Number::scaled(i128::from(*values.get(row)?), *scale).map(Value::Number)
            }
            ColumnValues::Wide { values, scale } => {
                Number::scaled(*values.get(row)?, *scale).map(Value::Number)
            }
            ColumnValues::Exact(values) => values.get(row).cloned().map(Value::Number),
            ColumnValues::Days(values) => day(*values.get(row)?).map(Value::Date),
            ColumnValues::Durations(values) => values.get(row).copied().map(Value::Duration),
            ColumnValues::Words { dictionary, keys } => dictionary.get(*keys.get(row)? as usize).cloned(),
        }
    }
}

/// The day of a number as columns have it.
pub(super) fn day(number: i32) -> Option<Day> {
    if number == Day::NEVER.number() { Some(Day::NEVER) } else { Day::from_number(number.into()) }
}

/// The answers for a batch of rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Results {
    pub rows: usize,
    /// One for each outcome asked for, in the order asked.
    pub outcomes: Vec<OutcomeColumn>,
}

/// The answers for one outcome, row by row (B2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeColumn {
    pub outcome: OutcomeId,
    /// Of rows that are determined; of others something. Numbers come as [`ColumnValues::Scaled`], and where a value
    /// wants it as
    /// [`ColumnValues::Wide`] or [`ColumnValues::Exact`]; of an outcome `rounded to` a decimal, at the scale of that
    /// decimal.
    pub values: ColumnValues,
    pub status: Vec<Status>,
    pub reasons: Reasons,
    /// The answers of rows that `run` gave and that are no values, without what is missing ([`super::Batch::answer`] has
    /// all). Of a gap the status says everything, and so it does of errors that columns settle, beside their reasons.
    pub side: BTreeMap<u32, Answer>,
    /// How many rows `run` was asked about, and why (B3).
    pub handed: BTreeMap<HandOver, u64>,
}

/// Why rows are handed to `run`, each by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HandOver {
    /// No row of the outcome is answered by columns.
    Outcome(&'static str),
    /// The columns leave open what becomes of the row; what became of it.
    Row(Status),
    /// The row is no part of the columns.
    OverTime,
}

impl HandOver {
    /// In words: what became of the row, or why no column has it.
    pub fn why(self) -> &'static str {
        match self {
            HandOver::Outcome(why) => why,
            HandOver::Row(status) => status.as_str(),
            HandOver::OverTime => "a cell states values from days on",
        }
    }
}

/// Why rows are as they are: few sets of rules, each row naming one. Rows that have an answer in [`OutcomeColumn::side`]
/// have their reasons there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reasons {
    /// The first is empty.
    pub sets: Vec<Vec<DecidingRule>>,
    /// For each row a place in `sets`.
    pub keys: Vec<u32>,
}

/// A rule's part in a determined answer: a [`Reason`] without its value, which is that of the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DecidingRule {
    /// None: the outcome's `otherwise`.
    pub rule: Option<RuleId>,
    /// The branch of the rule that offers, where it is certain which.
    pub branch: Option<u32>,
    /// Of a power's effect: the act that stands, by its place in the facts.
    pub act: Option<u32>,
    /// The answer is the same whether or not it applies.
    pub doubtful: bool,
}

impl Results {
    pub fn outcome(&self, id: OutcomeId) -> Option<&OutcomeColumn> {
        self.outcomes.iter().find(|column| column.outcome == id)
    }
}

impl OutcomeColumn {
    /// The value of a determined row.
    pub fn value(&self, row: usize) -> Option<Value> {
        if self.status.get(row) == Some(&Status::Determined) { self.values.get(row) } else { None }
    }

    /// The rules behind the answer of a row.
    pub fn reasons(&self, row: usize) -> Vec<Reason> {
        if let Some(answer) = u32::try_from(row).ok().and_then(|row| self.side.get(&row)) {
            return answer.reasons.clone();
        }
        // The rules that fail offer nothing, in no branch.
        let fails = self.status.get(row) == Some(&Status::Error);
        let key = self.reasons.keys.get(row).copied().unwrap_or(0);
        let deciding_rules = self.reasons.sets.get(key as usize).map_or(&[][..], Vec::as_slice);
        let value = self.value(row).map(Possible::One);
        let reason = |deciding: &DecidingRule| Reason {
            rule: deciding.rule,
            branch: deciding.branch.filter(|_| !fails),
            act: deciding.act,
            value: value.clone(),
            doubtful: deciding.doubtful,
        };
        deciding_rules.iter().map(reason).collect()
    }
}
