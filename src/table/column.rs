//! A column as its cells come in.

use super::dictionary::{SharedDictionary, WordColumn};
use super::numbers::{Numbers, SCALES, parts};
use super::plain;
use crate::batch::{ColumnValues, FieldColumn};
use crate::diag::Diagnostic;
use crate::facts::{Cells, Slot};
use crate::policy::{Fact, FieldId, Type};
use crate::sheet::{DecimalMark, Form, Written};
use crate::text::Span;
use crate::value::{Day, Possible, Value};
use indexmap::IndexMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Spellings that are remembered of a column of numbers, days or truths.
const SPELLINGS: usize = 1 << 12;

/// Endings of numbers that are remembered.
const ENDINGS: usize = 64;

/// Cells of one field.
#[derive(Debug)]
pub(super) struct ColumnBuilder {
    /// Its place in the header.
    at: usize,
    field: FieldId,
    whole: bool,
    /// A point is before decimals, whatever the number.
    points: bool,
    /// What an empty cell says.
    unknown: Possible,
    values: Growing,
    odd: BTreeMap<u32, Possible>,
    /// What a number is times, by what follows it: of ` million USD` 1,000,000.
    factors: Factors,
    /// What other spellings say.
    known: IndexMap<Box<str>, Possible>,
}

#[derive(Debug)]
enum Growing {
    Bool(Vec<bool>),
    Numbers(Numbers),
    Days(Vec<i32>),
    Durations(Vec<i64>),
    Words(WordColumn),
}

/// Whether a cell fits the column.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Pushed {
    /// It is in the column.
    In,
    /// It states values from days on, which no column holds; it is not in the column.
    Dated,
}

impl ColumnBuilder {
    pub fn new(
        at: usize,
        field: FieldId,
        fact: &Fact,
        lexicon: Arc<SharedDictionary>,
        decimals: DecimalMark,
    ) -> ColumnBuilder {
        let values = match fact.ty {
            Type::Bool => Growing::Bool(Vec::new()),
            Type::Number { .. } => Growing::Numbers(Numbers::Scaled(Vec::new(), 0)),
            Type::Date => Growing::Days(Vec::new()),
            Type::Duration(_) => Growing::Durations(Vec::new()),
            Type::Text | Type::Code | Type::Country | Type::Enum(_) | Type::Row(_) => {
                Growing::Words(WordColumn::new(lexicon))
            }
        };
        ColumnBuilder {
            at,
            field,
            whole: fact.whole,
            points: decimals == DecimalMark::Point,
            unknown: fact.ty.anything(),
            values,
            odd: BTreeMap::new(),
            factors: Vec::new(),
            known: IndexMap::new(),
        }
    }

    pub fn at(&self) -> usize {
        self.at
    }

    pub fn has_numbers(&self) -> bool {
        matches!(self.values, Growing::Numbers(_))
    }

    pub fn len(&self) -> usize {
        match &self.values {
            Growing::Bool(values) => values.len(),
            Growing::Numbers(values) => values.len(),
            Growing::Days(values) => values.len(),
            Growing::Durations(values) => values.len(),
            Growing::Words(words) => words.keys.len(),
        }
    }

    /// Takes cells away from the end.
    pub fn truncate(&mut self, len: usize) {
        match &mut self.values {
            Growing::Bool(values) => values.truncate(len),
            Growing::Numbers(values) => values.truncate(len),
            Growing::Days(values) => values.truncate(len),
            Growing::Durations(values) => values.truncate(len),
            Growing::Words(words) => words.keys.truncate(len),
        }
        if let Ok(len) = u32::try_from(len) {
            drop(self.odd.split_off(&len));
        }
    }

    /// Takes the next cell in.
    ///
    /// # Errors
    /// What is wrong with it; the column is as it was.
    #[inline]
    pub fn push(&mut self, cells: &Cells<'_>, written: &Written<'_>) -> Result<Pushed, Vec<Diagnostic>> {
        if written.form == Form::Null {
            self.push_unknown();
            return Ok(Pushed::In);
        }
        let text = written.text.as_ref();
        match &mut self.values {
            Growing::Numbers(numbers) => {
                if (self.points || !text.contains('.'))
                    && let Some((value, places, rest)) = plain::decimal(text.as_bytes())
                    && let Some((by, more)) = factor(&mut self.factors, (cells, self.at), rest)
                    && let Some(value) = value.checked_mul(by)
                    && places + more <= SCALES
                    && (!self.whole || is_whole(value, places + more))
                {
                    numbers.push(value, places + more);
                    return Ok(Pushed::In);
                }
            }
            Growing::Days(days) => {
                if let Some(day) = plain::day(text.as_bytes()) {
                    days.push(day);
                    return Ok(Pushed::In);
                }
            }
            Growing::Words(words) => {
                if let Some(key) = words.spelled(text) {
                    words.keys.push(key);
                    return Ok(Pushed::In);
                }
            }
            Growing::Bool(values) => {
                if let "true" | "false" = text {
                    values.push(text == "true");
                    return Ok(Pushed::In);
                }
            }
            Growing::Durations(_) => {}
        }
        self.other(cells, written)
    }

    /// A cell as every reader of tables reads it; what it says depends on nothing but its text.
    #[cold]
    fn other(&mut self, cells: &Cells<'_>, written: &Written<'_>) -> Result<Pushed, Vec<Diagnostic>> {
        if let Some(known) = self.known.get(written.text.as_ref()) {
            let known = known.clone();
            self.push_possible(known);
            return Ok(Pushed::In);
        }
        let slot = cells.cell(self.at, written)?;
        let Some(possible) = always(&slot) else { return Ok(Pushed::Dated) };
        let value = match (&mut self.values, &possible) {
            (Growing::Words(words), Possible::One(value)) => {
                let key = words.learn(&written.text, value.clone());
                words.keys.push(key);
                return Ok(Pushed::In);
            }
            _ => possible.clone(),
        };
        if self.known.len() >= SPELLINGS {
            self.known.clear();
        }
        self.known.insert(written.text.as_ref().into(), value);
        self.push_possible(possible);
        Ok(Pushed::In)
    }

    /// Where a word of texts, codes and the like stands among the values of its column. None: it is not one value.
    ///
    /// # Errors
    /// What is wrong with it.
    #[cfg(feature = "parquet")]
    pub fn word(&mut self, cells: &Cells<'_>, written: &Written<'_>) -> Result<Option<u32>, Vec<Diagnostic>> {
        let Growing::Words(words) = &mut self.values else { return Ok(None) };
        if let Some(key) = words.spelled(&written.text) {
            return Ok(Some(key));
        }
        let slot = cells.cell(self.at, written)?;
        let Some(Possible::One(value)) = always(&slot) else { return Ok(None) };
        Ok(Some(words.learn(&written.text, value)))
    }

    /// Takes a cell in that says such a word.
    #[cfg(feature = "parquet")]
    #[inline]
    pub fn push_word(&mut self, word: u32) {
        match &mut self.values {
            Growing::Words(words) => words.keys.push(word),
            // No other column has words.
            _ => self.push_unknown(),
        }
    }

    /// The days of a column of dates, to be added to.
    #[cfg(feature = "parquet")]
    pub fn days(&mut self) -> Option<&mut Vec<i32>> {
        if let Growing::Days(days) = &mut self.values { Some(days) } else { None }
    }

    #[cfg(feature = "parquet")]
    pub fn truths(&mut self) -> Option<&mut Vec<bool>> {
        if let Growing::Bool(truths) = &mut self.values { Some(truths) } else { None }
    }

    #[cfg(feature = "parquet")]
    pub fn numbers(&mut self) -> Option<&mut Numbers> {
        if let Growing::Numbers(numbers) = &mut self.values { Some(numbers) } else { None }
    }

    #[cfg(feature = "parquet")]
    pub fn durations(&mut self) -> Option<&mut Vec<i64>> {
        if let Growing::Durations(counts) = &mut self.values { Some(counts) } else { None }
    }

    /// Whether its numbers must be whole (M5).
    #[cfg(feature = "parquet")]
    pub fn whole(&self) -> bool {
        self.whole
    }

    pub fn push_possible(&mut self, possible: Possible) {
        match possible {
            Possible::One(value) => self.push_value(value),
            odd => {
                self.pad();
                self.note_odd(odd);
            }
        }
    }

    pub fn push_unknown(&mut self) {
        self.pad();
        self.note_odd(self.unknown.clone());
    }

    /// The last cell is this.
    fn note_odd(&mut self, odd: Possible) {
        if let Ok(row) = u32::try_from(self.len().saturating_sub(1)) {
            self.odd.insert(row, odd);
        }
    }

    pub fn push_value(&mut self, value: Value) {
        match (&mut self.values, value) {
            (Growing::Bool(values), Value::Bool(value)) => values.push(value),
            (Growing::Numbers(numbers), Value::Number(number)) => numbers.push_number(number),
            (Growing::Days(days), Value::Date(day)) => days.push(day.number()),
            (Growing::Durations(counts), Value::Duration(count)) => counts.push(count),
            (Growing::Words(words), value) => words.push(value),
            // No value of another type comes from the reading of a cell.
            _ => self.push_unknown(),
        }
    }

    /// A cell of no account.
    fn pad(&mut self) {
        match &mut self.values {
            Growing::Bool(values) => values.push(false),
            Growing::Numbers(numbers) => numbers.push(0, 0),
            Growing::Days(days) => days.push(Day::FIRST.number()),
            Growing::Durations(counts) => counts.push(0),
            Growing::Words(words) => words.keys.push(0),
        }
    }

    /// What has come in; the next cell is the first of another batch.
    pub fn take(&mut self) -> (FieldId, FieldColumn) {
        let values = match &mut self.values {
            Growing::Bool(values) => ColumnValues::Bool(std::mem::take(values)),
            Growing::Numbers(numbers) => numbers.take(),
            Growing::Days(days) => ColumnValues::Days(std::mem::take(days)),
            Growing::Durations(counts) => ColumnValues::Durations(std::mem::take(counts)),
            Growing::Words(words) => words.take(),
        };
        let odd = std::mem::take(&mut self.odd);
        (self.field, FieldColumn { values, stated: None, odd })
    }
}

/// What a cell says, if it says it of every day.
pub(super) fn always(slot: &Slot) -> Option<Possible> {
    match slot.statements.as_slice() {
        [only] if (only.from, only.known) == (Day::FIRST, Day::FIRST) => Some(only.value.clone()),
        _ => None,
    }
}

fn is_whole(value: i64, places: u8) -> bool {
    10i64.checked_pow(places.into()).is_some_and(|one| value % one == 0)
}

/// What numbers are times, by what follows them.
type Factors = Vec<(Box<[u8]>, Option<(i64, u8)>)>;

/// What a number is times, with this behind it; only where it is that for every number.
#[inline]
fn factor(factors: &mut Factors, (cells, at): (&Cells<'_>, usize), rest: &[u8]) -> Option<(i64, u8)> {
    // An empty text stands nowhere, and to compare what stands nowhere costs more than all the rest.
    let same = |of: &[u8]| of.len() == rest.len() && (rest.is_empty() || of == rest);
    match factors.iter().find(|(of, _)| same(of)) {
        Some((_, factor)) => *factor,
        None => new_factor(factors, (cells, at), rest),
    }
}

#[cold]
fn new_factor(factors: &mut Factors, (cells, at): (&Cells<'_>, usize), rest: &[u8]) -> Option<(i64, u8)> {
    let name = |word: &[u8]| {
        !word.is_empty() && word.iter().all(|sign| sign.is_ascii_alphanumeric() || *sign == b'_')
    };
    let unit = rest.strip_prefix(b" ").is_some_and(|unit| unit.split(|sign| *sign == b'/').all(name));
    let mut found = None;
    if rest.is_empty() || rest == b"%" || unit {
        let text = format!("1{}", String::from_utf8_lossy(rest));
        let one = Written { text: text.into(), span: Span::default(), at: None, form: Form::Plain };
        let slot = cells.cell(at, &one).ok();
        found = match slot.as_ref().and_then(always) {
            Some(Possible::One(Value::Number(number))) => parts(&number),
            _ => None,
        };
    }
    let found = found.and_then(|(value, places)| Some((i64::try_from(value).ok()?, places)));
    if factors.len() < ENDINGS {
        factors.push((rest.into(), found));
    }
    found
}
