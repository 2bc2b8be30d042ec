//! ColumnEncoder for rows → CSV: the key, and for each outcome its value, its status and the rules that decide it.

use super::row_chunk::{RowChunk, RowKeys};
use crate::batch::{ColumnValues, DecidingRule, OutcomeColumn, Results};
use crate::facts::Facts;
use crate::outcome::{Reason, Status};
use crate::policy::{EntityId, Face, OutcomeId, Policy, Type};
use crate::text::Sources;
use crate::value::{Day, Number, Value, dimension_name, wire};
use crate::words;
use crate::words::Words;
use std::collections::BTreeSet;
use std::io::Write;

/// Which columns come out, and how values are written.
#[derive(Debug)]
pub struct Layout<'p> {
    policy: &'p Policy,
    /// All that is stated but the rows.
    facts: &'p Facts,
    sources: Sources,
    entity: EntityId,
    key: &'p str,
    outcomes: Vec<AnswerColumn<'p>>,
}

/// How a row of the table is called, by its place among those that are written.
pub(super) type Called<'k> = &'k dyn Fn(u32) -> &'k str;

#[derive(Debug)]
pub(super) struct AnswerColumn<'p> {
    pub id: OutcomeId,
    pub name: &'p str,
    pub ty: &'p Type,
    /// How much of the base unit the declared one is; none: as much.
    pub unit: Option<Number>,
}

/// The answer for one outcome of a row that no column holds.
#[derive(Clone, Debug)]
pub struct RowAnswer {
    pub status: Status,
    /// Of a determined answer.
    pub value: Option<Value>,
    pub reasons: Vec<Reason>,
}

impl<'p> Layout<'p> {
    /// # Errors
    /// A name that two columns would have.
    pub fn new(
        policy: &'p Policy,
        facts: &'p Facts,
        entity: EntityId,
        outcomes: &[OutcomeId],
    ) -> Result<Layout<'p>, String> {
        let decl = &policy.entities[entity];
        let shown = |id: &OutcomeId| {
            let outcome = &policy.outcomes[*id];
            AnswerColumn { id: *id, name: &outcome.name, ty: &outcome.ty, unit: unit_of(policy, &outcome.ty) }
        };
        let key = decl.fields[decl.key].name.as_str();
        let outcomes = outcomes.iter().map(shown).collect();
        let layout = Layout { policy, facts, sources: Sources::new(), entity, key, outcomes };
        let mut seen = BTreeSet::new();
        match layout.header().into_iter().find(|name| !seen.insert(name.clone())) {
            Some(twice) => Err(twice),
            None => Ok(layout),
        }
    }

    /// The names of the columns.
    pub fn header(&self) -> Vec<String> {
        let mut names = vec![self.key.to_string()];
        for outcome in &self.outcomes {
            names.extend([
                outcome.name.to_string(),
                format!("{}_status", outcome.name),
                format!("{}_by", outcome.name),
            ]);
        }
        names
    }

    pub fn policy(&self) -> &'p Policy {
        self.policy
    }

    /// The name of the column of keys.
    pub fn key(&self) -> &str {
        self.key
    }

    #[cfg(feature = "parquet")]
    pub(super) fn shown(&self) -> &[AnswerColumn<'p>] {
        &self.outcomes
    }

    /// A number as a cell has it.
    #[cfg(feature = "parquet")]
    pub(super) fn number(&self, shown: &AnswerColumn<'_>, number: &Number) -> String {
        wire(&shown.unit.as_ref().and_then(|unit| number.div(unit).ok()).unwrap_or_else(|| number.clone()))
    }

    pub fn outcomes(&self) -> impl Iterator<Item = OutcomeId> + '_ {
        self.outcomes.iter().map(|shown| shown.id)
    }

    /// The rows of a batch in their order. `dated`: the answers for its dated rows, one for each outcome.
    pub fn csv(&self, batch: &RowChunk, results: &Results, dated: &[Vec<RowAnswer>], out: &mut Vec<u8>) {
        let columns: Vec<ColumnEncoder<'_>> = self
            .outcomes
            .iter()
            .zip(&results.outcomes)
            .map(|(shown, column)| ColumnEncoder::new(self, (shown, column), &batch.keys))
            .collect();
        let mut waiting = batch.dated.iter().zip(dated).peekable();
        let rows = batch.keys.len();
        for row in 0..=rows {
            while let Some((dated, answers)) = waiting.next_if(|(dated, _)| dated.before <= row) {
                cell(&dated.name, out);
                for (shown, answer) in self.outcomes.iter().zip(answers) {
                    self.single(shown, answer, &dated.name, out);
                }
                out.push(b'\n');
            }
            if row < rows {
                self.row(&columns, &batch.keys, row, out);
            }
        }
    }

    fn row(&self, columns: &[ColumnEncoder<'_>], keys: &RowKeys, row: usize, out: &mut Vec<u8>) {
        cell(keys.get(row), out);
        for column in columns {
            let status = column.column.status.get(row).copied().unwrap_or(Status::Gap);
            out.push(b',');
            if status == Status::Determined {
                column.value(self, keys, row, out);
            }
            out.push(b',');
            out.extend_from_slice(status.as_str().as_bytes());
            out.push(b',');
            match column.by(row) {
                Some(by) => out.extend_from_slice(by.as_bytes()),
                None => cell(&self.by_reasons(&column.column.reasons(row)), out),
            }
        }
        out.push(b'\n');
    }

    fn single(&self, shown: &AnswerColumn<'_>, answer: &RowAnswer, name: &str, out: &mut Vec<u8>) {
        out.push(b',');
        if let (Status::Determined, Some(value)) = (answer.status, &answer.value) {
            // It is the only row there is.
            self.value(shown, value, &|_| name, out);
        }
        let _ = write!(out, ",{},", answer.status.as_str());
        cell(&self.by_reasons(&answer.reasons), out);
    }

    fn value(&self, shown: &AnswerColumn<'_>, value: &Value, called: Called<'_>, out: &mut Vec<u8>) {
        match (value, &shown.unit) {
            (Value::Number(number), None) => out.extend_from_slice(wire(number).as_bytes()),
            (Value::Number(number), Some(unit)) => {
                let number = number.div(unit).unwrap_or_else(|_| number.clone());
                out.extend_from_slice(wire(&number).as_bytes());
            }
            _ => cell(&self.answer(shown, value, called), out),
        }
    }

    /// An answer that is no number, in words.
    pub(super) fn answer(&self, shown: &AnswerColumn<'_>, value: &Value, called: Called<'_>) -> String {
        match value {
            Value::Row(row) if *shown.ty == Type::Row(self.entity) => called(*row).to_string(),
            _ => self.text(shown.ty, value),
        }
    }

    /// A value that is no number, in words.
    pub fn text(&self, ty: &Type, value: &Value) -> String {
        self.words().value(ty, value)
    }

    fn words(&self) -> Words<'_> {
        let audience = words::Audience::Machine;
        Words { policy: self.policy, facts: self.facts, sources: &self.sources, audience }
    }

    /// The rules behind an answer: `a;b`, `a?` if it is the same whether or not it applies.
    pub(super) fn by_reasons(&self, reasons: &[Reason]) -> String {
        let parts = reasons.iter().map(|reason| self.rule(reason.rule, reason.doubtful));
        parts.collect::<Vec<_>>().join(";")
    }

    pub fn by(&self, causes: &[DecidingRule]) -> String {
        let parts = causes.iter().map(|cause| self.rule(cause.rule, cause.doubtful));
        parts.collect::<Vec<_>>().join(";")
    }

    fn rule(&self, rule: Option<crate::policy::RuleId>, doubtful: bool) -> String {
        let name = rule.map_or("otherwise", |rule| self.policy.rules[rule].shown.as_str());
        format!("{name}{}", if doubtful { "?" } else { "" })
    }
}

/// One column of answers with what is worked out once for all its rows.
struct ColumnEncoder<'a> {
    shown: &'a AnswerColumn<'a>,
    column: &'a OutcomeColumn,
    /// Each set of rules in words.
    by: Vec<String>,
    /// Each word of a dictionary, as a cell.
    words: Vec<Vec<u8>>,
}

impl<'a> ColumnEncoder<'a> {
    fn new(
        layout: &Layout<'_>,
        (shown, column): (&'a AnswerColumn<'a>, &'a OutcomeColumn),
        keys: &RowKeys,
    ) -> ColumnEncoder<'a> {
        let mut by = Vec::new();
        for causes in &column.reasons.sets {
            let mut text = Vec::new();
            cell(&layout.by(causes), &mut text);
            by.push(String::from_utf8_lossy(&text).into_owned());
        }
        let words = match &column.values {
            ColumnValues::Words { dictionary, .. } => {
                let word = |value: &Value| {
                    let mut out = Vec::new();
                    layout.value(shown, value, &|row| keys.get(row as usize), &mut out);
                    out
                };
                dictionary.iter().map(word).collect()
            }
            _ => Vec::new(),
        };
        ColumnEncoder { shown, column, by, words }
    }

    /// None: the reasons stand beside the column.
    fn by(&self, row: usize) -> Option<&str> {
        let beside = u32::try_from(row).is_ok_and(|row| self.column.side.contains_key(&row));
        if beside {
            return None;
        }
        let key = self.column.reasons.keys.get(row).copied().unwrap_or(0);
        Some(self.by.get(key as usize).map_or("", String::as_str))
    }

    #[inline]
    fn value(&self, layout: &Layout<'_>, keys: &RowKeys, row: usize, out: &mut Vec<u8>) {
        match (&self.column.values, &self.shown.unit) {
            (ColumnValues::Scaled { values, scale }, None) => {
                scaled(values.get(row).copied().unwrap_or(0).into(), *scale, out);
            }
            (ColumnValues::Wide { values, scale }, None) => {
                scaled(values.get(row).copied().unwrap_or(0), *scale, out);
            }
            (ColumnValues::Bool(values), _) => {
                let truth = values.get(row).copied().unwrap_or(false);
                out.extend_from_slice(if truth { b"true" } else { b"false" });
            }
            (ColumnValues::Words { keys, .. }, _) => {
                let key = keys.get(row).copied().unwrap_or(u32::MAX);
                out.extend_from_slice(self.words.get(key as usize).map_or(&[][..], Vec::as_slice));
            }
            (ColumnValues::Days(days), _) => {
                let day = days.get(row).copied().unwrap_or(Day::NEVER.number());
                let day = Day::from_number(day.into()).unwrap_or(Day::NEVER);
                let _ = write!(out, "{day}");
            }
            _ => {
                if let Some(value) = self.column.values.get(row) {
                    layout.value(self.shown, &value, &|row| keys.get(row as usize), out);
                }
            }
        }
    }
}

/// `value / 10^scale` as the shortest decimal (M6).
fn scaled(value: i128, scale: u8, out: &mut Vec<u8>) {
    // An i128 has at most 39 digits; with a scale of 18 there are always as many as it needs.
    let mut digits = [b'0'; 64];
    let mut size = value.unsigned_abs();
    let mut left = usize::from(scale);
    while left > 0 && size.is_multiple_of(10) {
        size /= 10;
        left -= 1;
    }
    let places = left;
    let mut start = digits.len();
    let mut written = 0;
    while size > 0 || written <= places {
        start -= 1;
        if let Some(place) = digits.get_mut(start) {
            // The remainder is one digit.
            *place = match u64::try_from(size) {
                Ok(small) => {
                    size = u128::from(small / 10);
                    b'0' + (small % 10) as u8
                }
                Err(_) => {
                    let digit = (size % 10) as u8;
                    size /= 10;
                    b'0' + digit
                }
            };
        }
        written += 1;
        if written == places {
            start -= 1;
            if let Some(place) = digits.get_mut(start) {
                *place = b'.';
            }
        }
    }
    if value < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(digits.get(start..).unwrap_or(&[]));
}

/// Cells as a line of CSV.
pub fn record<'t>(cells: impl Iterator<Item = &'t str>) -> Vec<u8> {
    let mut out = Vec::new();
    for (at, text) in cells.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        cell(text, &mut out);
    }
    out.push(b'\n');
    out
}

/// A cell of CSV, in quotes where it needs them: spaces at its edges would else be no part of it.
pub fn cell(text: &str, out: &mut Vec<u8>) {
    let plain = !text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'));
    if plain && text.trim().len() == text.len() {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

/// How much of the base units the unit of a type is; none: as much, or there is none.
pub(super) fn unit_of(policy: &Policy, ty: &Type) -> Option<Number> {
    match ty {
        Type::Number { face: Face::Unit(unit), .. } => {
            unit.scale(&policy.units).ok().filter(|scale| *scale != Number::ONE)
        }
        _ => None,
    }
}

/// A number in the unit its type was declared in, and that unit; empty: it has none.
pub fn in_unit(policy: &Policy, ty: &Type, number: &Number) -> (Number, String) {
    let unit = match ty {
        Type::Number { face: Face::Unit(unit), .. } => unit.display(&policy.units),
        Type::Number { dimension, face: Face::Plain } if !dimension.is_none() => {
            dimension_name(dimension, &policy.units)
        }
        _ => String::new(),
    };
    let shown = unit_of(policy, ty).and_then(|scale| number.div(&scale).ok());
    (shown.unwrap_or_else(|| number.clone()), unit)
}
