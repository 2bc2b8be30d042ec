//! Answers → record batches.

use super::super::encode::{AnswerColumn, Layout, RowAnswer};
use super::super::numbers::SCALES;
use super::super::row_chunk::RowChunk;
use crate::batch::{ColumnValues, OutcomeColumn, Results};
use crate::diag::{Code, Diagnostic, tick};
use crate::outcome::Status;
use crate::policy::{Face, Policy, Type};
use crate::value::{Day, Number, Value};
use arrow_array::types::{Int8Type, Int32Type};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Int64Array, RecordBatch,
    StringArray,
};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use indexmap::IndexMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Digits that a column of decimals can have.
const MOST_DIGITS: u8 = 38;

/// How many digits a column of decimals has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimals {
    /// All of them, up to 38; up to 18 take half the room.
    pub digits: u8,
    /// Those behind the point, up to 18.
    pub places: u8,
}

impl Decimals {
    /// Hundreds of trillions with up to four decimals; with more of them, as many digits as there can be.
    pub fn new(places: u8) -> Decimals {
        Decimals { digits: if places <= 4 { 18 } else { MOST_DIGITS }, places }
    }

    fn is_sound(self) -> bool {
        (1..=MOST_DIGITS).contains(&self.digits) && self.places <= SCALES.min(self.digits)
    }
}

/// Makes record batches of answers, all of one schema.
#[derive(Debug)]
pub struct BatchEncoder {
    schema: SchemaRef,
    /// For each outcome of the layout.
    kinds: Vec<ColumnKind>,
}

/// As what values of an outcome come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ColumnKind {
    /// In the declared unit.
    Decimal(Decimals),
    Bool,
    Date,
    Count,
    Words,
    Text,
}

impl BatchEncoder {
    /// `decimals`: how many decimals the values of an outcome are given with, by its name, where the policy does not round
    /// it or they have many digits.
    ///
    /// # Errors
    /// Decimals of what is no number among the outcomes, or more than 18 of them, or more than 38 digits.
    pub fn new(
        layout: &Layout<'_>,
        decimals: &BTreeMap<String, Decimals>,
    ) -> Result<BatchEncoder, Diagnostic> {
        let policy = layout.policy();
        let mut fields = vec![Field::new(layout.key(), DataType::Utf8, false)];
        let mut kinds = Vec::new();
        for name in decimals.keys() {
            let number =
                |shown: &&AnswerColumn<'_>| shown.name == name && matches!(shown.ty, Type::Number { .. });
            if !layout.shown().iter().any(|shown| number(&shown)) {
                let message = format!("no outcome that is asked for is a number called {}", tick(name));
                return Err(Diagnostic::general(Code::UnknownName, message));
            }
        }
        for shown in layout.shown() {
            let kind = kind(policy, shown, decimals.get(shown.name).copied());
            if matches!(kind, ColumnKind::Decimal(decimals) if !decimals.is_sound()) {
                let message =
                    format!("{} cannot have more than 38 digits, or more than 18 decimals", tick(shown.name));
                return Err(Diagnostic::general(Code::AnswerFormat, message));
            }
            let ty = match kind {
                ColumnKind::Decimal(all) => DataType::Decimal128(all.digits, all.places.cast_signed()),
                ColumnKind::Bool => DataType::Boolean,
                ColumnKind::Date => DataType::Date32,
                ColumnKind::Count => DataType::Int64,
                ColumnKind::Words => words_type(),
                ColumnKind::Text => DataType::Utf8,
            };
            let mut value = Field::new(shown.name, ty, true);
            if let Some(unit) = unit(layout, shown.ty) {
                value.set_metadata(BTreeMap::from([("unit".to_string(), unit)]));
            }
            let status = DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8));
            fields.extend([
                value,
                Field::new(format!("{}_status", shown.name), status, false),
                Field::new(format!("{}_by", shown.name), words_type(), false),
            ]);
            kinds.push(kind);
        }
        Ok(BatchEncoder { schema: Arc::new(Schema::new(fields)), kinds })
    }

    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Whether a column, by its place, has few values, each of them again and again, though they are no words: rates and plain
    /// numbers do, amounts and keys do not.
    pub fn repeats(&self, column: usize) -> bool {
        let outcome = column.checked_sub(1).filter(|at| at % 3 == 0).and_then(|at| self.kinds.get(at / 3));
        let amount = || self.schema.fields().get(column).is_some_and(|field| is_amount(field));
        matches!(outcome, Some(ColumnKind::Decimal(_) | ColumnKind::Text | ColumnKind::Count)) && !amount()
    }

    /// The rows of a batch in their order. `dated`: the answers for its dated rows, one for each outcome.
    ///
    /// # Errors
    /// A value that has not so few decimals, or so many digits, as its column.
    pub fn encode(
        &self,
        layout: &Layout<'_>,
        batch: &RowChunk,
        results: &Results,
        dated: &[Vec<RowAnswer>],
    ) -> Result<RecordBatch, Diagnostic> {
        let rows = batch.keys.len();
        let mut columns: Vec<ArrayRef> = vec![Arc::new(names(batch))];
        for (at, (shown, kind)) in layout.shown().iter().zip(&self.kinds).enumerate() {
            let Some(column) = results.outcomes.get(at) else { continue };
            let singles: Vec<&RowAnswer> = dated.iter().filter_map(|row| row.get(at)).collect();
            let one = One { layout, shown, column, singles, rows, batch };
            columns.push(one.values(*kind)?);
            columns.push(one.status());
            columns.push(one.by());
        }
        let made = RecordBatch::try_new(self.schema.clone(), columns).and_then(|made| in_order(made, batch));
        made.map_err(|error| {
            Diagnostic::general(
                Code::AnswerFormat,
                format!("the answers cannot be put into columns: {error}"),
            )
        })
    }
}

/// The keys, those of dated rows behind the others.
fn names(batch: &RowChunk) -> StringArray {
    let (text, ends) = batch.keys.parts();
    let rows = || (0..batch.keys.len()).map(|row| batch.keys.get(row));
    let all = || StringArray::from_iter_values(rows().chain(batch.dated.iter().map(|row| &*row.name)));
    if !batch.dated.is_empty() {
        return all();
    }
    let starts = std::iter::once(Ok(0)).chain(ends.iter().map(|end| i32::try_from(*end)));
    let Ok(starts) = starts.collect::<Result<Vec<i32>, _>>() else { return all() };
    // RowKeys stand in the order of their ends.
    let starts = OffsetBuffer::new(starts.into());
    StringArray::try_new(starts, text.as_bytes().to_vec().into(), None).unwrap_or_else(|_| all())
}

/// DatedRow rows stand behind the others; they go where they were read.
fn in_order(made: RecordBatch, batch: &RowChunk) -> Result<RecordBatch, ArrowError> {
    if batch.dated.is_empty() {
        return Ok(made);
    }
    let rows = batch.keys.len();
    let mut order = Vec::new();
    let mut waiting = batch.dated.iter().enumerate().peekable();
    for row in 0..=rows {
        while let Some((at, _)) = waiting.next_if(|(_, dated)| dated.before <= row) {
            order.push(rows.saturating_add(at));
        }
        order.extend((row < rows).then_some(row));
    }
    let order: Int64Array = order.into_iter().filter_map(|at| i64::try_from(at).ok()).map(Some).collect();
    arrow_select::take::take_record_batch(&made, &order)
}

fn words_type() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

fn kind(policy: &Policy, shown: &AnswerColumn<'_>, decimals: Option<Decimals>) -> ColumnKind {
    match shown.ty {
        Type::Bool => ColumnKind::Bool,
        Type::Date => ColumnKind::Date,
        Type::Duration(_) => ColumnKind::Count,
        Type::Code | Type::Country | Type::Enum(_) | Type::Text | Type::Row(_) => ColumnKind::Words,
        Type::Number { .. } => {
            let outcome = &policy.outcomes[shown.id];
            let step = outcome.rounded.as_ref().and_then(|(_, step)| match &shown.unit {
                Some(unit) => step.div(unit).ok(),
                None => Some(step.clone()),
            });
            let places = step.as_ref().and_then(super::super::numbers::parts).map(|(_, places)| places);
            match places.filter(|_| decimals.is_none()) {
                Some(places) => ColumnKind::Decimal(Decimals::new(places)),
                None if decimals.is_none() && outcome.whole => ColumnKind::Decimal(Decimals::new(0)),
                None => decimals.map_or(ColumnKind::Text, ColumnKind::Decimal),
            }
        }
    }
}

/// What numbers of a column count.
fn unit(layout: &Layout<'_>, ty: &Type) -> Option<String> {
    let policy = layout.policy();
    match ty {
        // `0 days` without the number.
        Type::Duration(_) => {
            let none = layout.text(ty, &Value::Duration(0));
            none.split_once(' ').map(|(_, unit)| unit.to_string())
        }
        Type::Number { face: Face::Rate, .. } => Some("1".to_string()),
        Type::Number { face: Face::Unit(unit), .. } => Some(unit.display(&policy.units)),
        Type::Number { dimension, face: Face::Plain } if !dimension.is_none() => {
            Some(crate::value::dimension_name(dimension, &policy.units))
        }
        _ => None,
    }
}

fn is_amount(field: &Field) -> bool {
    let counts = *field.data_type() == DataType::Int64;
    !counts && field.metadata().get("unit").is_some_and(|unit| unit != "1")
}

/// The answers for one outcome.
struct One<'a> {
    layout: &'a Layout<'a>,
    shown: &'a AnswerColumn<'a>,
    column: &'a OutcomeColumn,
    singles: Vec<&'a RowAnswer>,
    rows: usize,
    batch: &'a RowChunk,
}

impl One<'_> {
    fn statuses(&self) -> impl Iterator<Item = Status> + '_ {
        self.column.status.iter().copied().chain(self.singles.iter().map(|single| single.status))
    }

    fn nulls(&self) -> Option<NullBuffer> {
        let open = self.statuses().any(|status| status != Status::Determined);
        open.then(|| NullBuffer::from_iter(self.statuses().map(|status| status == Status::Determined)))
    }

    /// The values that are determined, of column and dated rows.
    fn each(&self) -> impl Iterator<Item = Option<Value>> + '_ {
        let singles = self.singles.iter().map(|single| single.value.clone());
        (0..self.rows).map(|row| self.column.value(row)).chain(singles)
    }

    fn values(&self, kind: ColumnKind) -> Result<ArrayRef, Diagnostic> {
        Ok(match (kind, &self.column.values) {
            (ColumnKind::Decimal(decimals), _) => self.decimals(decimals)?,
            (ColumnKind::Bool, ColumnValues::Bool(truths)) if self.singles.is_empty() => {
                Arc::new(BooleanArray::new(truths.iter().copied().collect(), self.nulls()))
            }
            (ColumnKind::Bool, _) => {
                let truth = |value| if let Some(Value::Bool(truth)) = value { Some(truth) } else { None };
                Arc::new(self.each().map(truth).collect::<BooleanArray>())
            }
            (ColumnKind::Date, _) => {
                // There is no such day as `never`.
                let day = |value| match value {
                    Some(Value::Date(day)) if !Day::is_never(day) => Some(day.number()),
                    _ => None,
                };
                Arc::new(self.each().map(day).collect::<Date32Array>())
            }
            (ColumnKind::Count, _) => {
                let count = |value| if let Some(Value::Duration(count)) = value { Some(count) } else { None };
                Arc::new(self.each().map(count).collect::<Int64Array>())
            }
            (ColumnKind::Words, _) => {
                let text = |(at, value): (usize, Option<Value>)| {
                    // A dated row is the only one that it knows.
                    let called =
                        |row: u32| if at < self.rows { self.key(row as usize) } else { self.key(at) };
                    value.map(|value| self.layout.answer(self.shown, &value, &called))
                };
                words(self.each().enumerate().map(text))
            }
            (ColumnKind::Text, _) => {
                let text = |value| match value {
                    Some(Value::Number(number)) => Some(self.layout.number(self.shown, &number)),
                    _ => None,
                };
                Arc::new(self.each().map(text).collect::<StringArray>())
            }
        })
    }

    fn decimals(&self, Decimals { digits, places }: Decimals) -> Result<ArrayRef, Diagnostic> {
        let plain = self.shown.unit.is_none() && self.singles.is_empty();
        let mut list: Vec<i128> = Vec::with_capacity(self.rows);
        let grow = |scale: u8| places.checked_sub(scale).and_then(|by| 10i128.checked_pow(by.into()));
        match &self.column.values {
            ColumnValues::Scaled { values, scale } if plain && grow(*scale).is_some() => {
                // Below 10^19 · 10^18: no product overflows.
                let by = grow(*scale).unwrap_or(1);
                list.extend(values.iter().map(|value| i128::from(*value).saturating_mul(by)));
            }
            _ => {
                for (row, value) in self.each().enumerate() {
                    let Some(Value::Number(number)) = value else {
                        list.push(0);
                        continue;
                    };
                    let decimal = self.decimal(&number, places);
                    list.push(decimal.ok_or_else(|| self.no_decimal(row, &number, (digits, places)))?);
                }
            }
        }
        let end = 10u128.pow(digits.into());
        let nulls = self.nulls();
        // What stands where nothing is determined is of no account.
        let determined = |row: usize| nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
        let too_long = |(row, value): (usize, &i128)| value.unsigned_abs() >= end && determined(row);
        if let Some(row) = list.iter().enumerate().position(too_long) {
            return Err(self.too_long(row, digits, places));
        }
        let array = Decimal128Array::new(list.into(), nulls);
        let array = array.with_precision_and_scale(digits, places.cast_signed());
        array.map(|array| Arc::new(array) as ArrayRef).map_err(|_| self.too_long(0, digits, places))
    }

    /// The number in the declared unit, times 10^places.
    fn decimal(&self, number: &Number, places: u8) -> Option<i128> {
        let number = match &self.shown.unit {
            Some(unit) => number.div(unit).ok()?,
            None => number.clone(),
        };
        number.times(10i128.checked_pow(places.into())?)
    }

    fn no_decimal(&self, row: usize, number: &Number, (digits, places): (u8, u8)) -> Diagnostic {
        let name = tick(self.shown.name);
        let value = self.layout.number(self.shown, number);
        let found = value.split_once('.').map_or(0, |(_, found)| found.len());
        if !value.contains('/') && found <= usize::from(places) {
            return self.too_long(row, digits, places);
        }
        let message = format!(
            "{name} of row {} is {value}, which no column of {places} decimals holds",
            tick(self.key(row))
        );
        Diagnostic::general(Code::AnswerFormat, message)
            .help("take more decimals; without `--decimals` it is written as text, exactly")
    }

    fn too_long(&self, row: usize, digits: u8, places: u8) -> Diagnostic {
        let message = format!(
            "{} of row {} has more than {digits} digits, {places} of them decimals",
            tick(self.shown.name),
            tick(self.key(row))
        );
        let help = match digits < MOST_DIGITS {
            true => format!(
                "give its column more of them: {}",
                tick(&format!("--decimals {}={MOST_DIGITS},{places}", self.shown.name))
            ),
            false => "write CSV, which holds every number: no column of a Parquet file holds it".to_string(),
        };
        Diagnostic::general(Code::AnswerFormat, message).help(help)
    }

    fn key(&self, row: usize) -> &str {
        match row.checked_sub(self.rows).and_then(|at| self.batch.dated.get(at)) {
            Some(dated) => &dated.name,
            None => self.batch.keys.get(row),
        }
    }

    fn status(&self) -> ArrayRef {
        let names = ["determined", "undetermined", "gap", "conflict", "error"];
        let key = |status: Status| i8::try_from(status as usize).unwrap_or(0);
        let keys = self.statuses().map(key).collect::<Vec<i8>>();
        let names = Arc::new(StringArray::from_iter_values(names));
        match DictionaryArray::<Int8Type>::try_new(keys.into(), names) {
            Ok(array) => Arc::new(array),
            // Every key is one of five.
            Err(_) => words(self.statuses().map(|status| Some(status.as_str().to_string()))),
        }
    }

    fn by(&self) -> ArrayRef {
        let reasons = &self.column.reasons;
        if self.column.side.is_empty() && self.singles.is_empty() {
            // Sets of clauses that differ in their branches alone are one text.
            let mut known = Known::default();
            let places: Vec<i32> = reasons.sets.iter().map(|set| known.place(self.layout.by(set))).collect();
            let key = |key: &u32| places.get(*key as usize).copied().map(Some);
            if let Some(keys) = reasons.keys.iter().map(key).collect::<Option<Vec<_>>>() {
                return known.dictionary(keys);
            }
        }
        let rows = (0..self.rows).map(|row| self.layout.by_reasons(&self.column.reasons(row)));
        let singles = self.singles.iter().map(|single| self.layout.by_reasons(&single.reasons));
        words(rows.chain(singles).map(Some))
    }
}

/// Texts, each once, with their places.
#[derive(Default)]
struct Known(IndexMap<String, i32>);

impl Known {
    fn place(&mut self, text: String) -> i32 {
        let next = i32::try_from(self.0.len()).unwrap_or(i32::MAX);
        *self.0.entry(text).or_insert(next)
    }

    fn dictionary(self, keys: Vec<Option<i32>>) -> ArrayRef {
        let names = Arc::new(StringArray::from_iter_values(self.0.keys()));
        let keys: arrow_array::PrimitiveArray<Int32Type> = keys.into_iter().collect();
        match DictionaryArray::try_new(keys, names) {
            Ok(array) => Arc::new(array),
            // Every key is that of a text.
            Err(_) => Arc::new(StringArray::from(Vec::<String>::new())),
        }
    }
}

/// Texts that repeat themselves.
fn words(texts: impl Iterator<Item = Option<String>>) -> ArrayRef {
    let mut known = Known::default();
    let keys = texts.map(|text| text.map(|text| known.place(text))).collect();
    known.dictionary(keys)
}
