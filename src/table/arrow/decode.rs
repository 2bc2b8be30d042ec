//! Record batches → columns.

use super::super::column::{ColumnBuilder, Pushed};
use super::super::decode::{RecordDecoder, RowSchema};
use super::super::numbers::{SCALES, parts};
use super::super::record::Record;
use super::super::row_chunk::{CellError, ChunkReject, RowChunk};
use super::texts::{Texts, word};
use crate::diag::{Code, Diagnostic, tick};
use crate::facts::Cells;
use crate::policy::{Face, Fact, Type};
use crate::sheet::{Dialect, Form, Written};
use crate::text::Span;
use crate::value::{Day, Number, Possible, Value};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal32Type, Decimal64Type, Decimal128Type, Int8Type, Int16Type,
    Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Schema};
use std::collections::BTreeMap;

/// Takes rows in from record batches of one schema.
#[derive(Debug)]
pub struct BatchDecoder<'p> {
    reader: RecordDecoder<'p>,
    /// Of columns of numbers: what one of them is in base units.
    counts: Vec<Option<Number>>,
}

impl<'p> BatchDecoder<'p> {
    /// # Errors
    /// Columns that are no fields, that a field cannot be read from, or whose numbers do not say what they count.
    pub fn new(table: &RowSchema<'p, '_>, schema: &Schema) -> Result<BatchDecoder<'p>, Vec<Diagnostic>> {
        let names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
        let record = Record::new(names.iter().cloned().map(Some));
        let header = record.words();
        let mut units = table.units.to_vec();
        for field in schema.fields() {
            if let (Some(unit), false) = (field.metadata().get("unit"), field.name().contains('[')) {
                let word = |text: &str| Written {
                    text: text.to_string().into(),
                    span: Span::default(),
                    at: None,
                    form: Form::Plain,
                };
                // What the caller says comes first.
                units.push((word(field.name()), word(unit)));
            }
        }
        let reader = RecordDecoder::new(&RowSchema { units: &units, ..*table }, &header, Dialect::CSV)?;
        let mut errors = Vec::new();
        let mut counts = Vec::new();
        for (at, name) in names.iter().enumerate() {
            let column = reader.column_of(at);
            let fact = column.and_then(|column| reader.cells().field(column));
            let kind = schema.fields().get(at).map(|field| field.data_type());
            let (Some(fact), Some(column), Some(kind)) = (fact, column, kind) else {
                counts.push(None);
                continue;
            };
            let span = header.get(at).map(|word| word.span).unwrap_or_default();
            match readable(fact, kind, name, span) {
                Ok(true) => {
                    let one = Written { text: "1".into(), span, at: None, form: Form::Plain };
                    let says = reader.cells().has_unit(column) || is_bare(&fact.ty);
                    let slot = reader.cells().cell(column, &one).ok().filter(|_| says);
                    match slot.as_ref().and_then(super::super::column::always) {
                        Some(Possible::One(Value::Number(number))) => counts.push(Some(number)),
                        Some(Possible::One(Value::Duration(days))) => counts.push(Some(Number::from(days))),
                        _ => errors.push(no_unit(fact, name, span)),
                    }
                }
                Ok(false) => counts.push(None),
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() { Ok(BatchDecoder { reader, counts }) } else { Err(errors) }
    }

    pub fn reader(&self) -> &RecordDecoder<'p> {
        &self.reader
    }

    /// The rows of a record batch.
    pub fn decode(&mut self, rows: &RecordBatch, batch: &mut RowChunk) {
        let before = batch.keys.len();
        let mut wrong: BTreeMap<usize, Vec<CellError>> = BTreeMap::new();
        let mut note = |row: usize, column: usize, errors: Vec<Diagnostic>| {
            let errors = errors.into_iter().map(|error| CellError { column: Some(column), error });
            wrong.entry(row).or_default().extend(errors);
        };
        let (makers, cells, takes) = self.reader.parts();
        for maker in makers {
            let Some(at) = takes.get(maker.at()).copied() else { continue };
            let Some(array) = rows.columns().get(at) else { continue };
            let count = self.counts.get(at).and_then(Option::as_ref);
            column(maker, cells, array, count, &mut |row, errors| note(row, at, errors));
        }
        self.names(rows, batch, &mut note);
        let record = |row: usize| record(rows, row);
        let mut gone = std::collections::BTreeSet::new();
        for (row, errors) in wrong {
            gone.insert(before.saturating_add(row));
            batch.rejected.push(rejected(&record(row), row, before.saturating_add(row), batch.text, errors));
        }
        self.reader.forget(&gone, batch);
    }

    /// Puts what has come in into the batch; the next row is the first of another.
    pub fn finish(&mut self, batch: &mut RowChunk) {
        self.reader.finish(batch);
    }

    /// The keys of the rows.
    fn names(
        &mut self,
        rows: &RecordBatch,
        batch: &mut RowChunk,
        note: &mut impl FnMut(usize, usize, Vec<Diagnostic>),
    ) {
        let Some(at) = self.reader.key_place() else { return };
        let Some(array) = rows.columns().get(at) else { return };
        let plain = self.reader.plain_key();
        let texts = Texts::new(array);
        batch.places.extend((0..rows.num_rows()).map(|row| u32::try_from(row).unwrap_or(u32::MAX)));
        // What stands for itself, and for no missing key, no line of totals, no sign that nobody sees.
        let is_name = |text: &str| {
            let plain = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
            plain && !text.trim().is_empty() && text != "unknown" && !Cells::is_total(text)
        };
        if let (true, Some((joined, starts))) = (plain, texts.joined())
            && (0..rows.num_rows()).all(|row| texts.get(row).is_some_and(is_name))
        {
            let length = |ends: &[i32]| usize::try_from(ends.last()? - ends.first()?).ok();
            batch.keys.extend(joined, starts.windows(2).map(|ends| length(ends).unwrap_or(0)));
            return;
        }
        for row in 0..rows.num_rows() {
            let text = texts.get(row);
            if let (true, Some(text)) = (plain, text)
                && is_name(text)
            {
                batch.keys.push(text);
                continue;
            }
            let text =
                if array.is_null(row) { None } else { text.map(str::to_string).or_else(|| word(array, row)) };
            let record = Record::new(std::iter::once(text));
            let words = record.words();
            let cells = self.reader.cells();
            let key = words.first().map(|word| cells.is_row(&words, 0).and_then(|()| cells.key(word)));
            match key {
                Some(Ok(key)) => {
                    batch.keys.push(&key.name);
                    self.reader.push_key(Some(key.value()));
                }
                Some(Err(error)) => {
                    batch.keys.push("");
                    self.reader.push_key(None);
                    note(row, at, vec![error]);
                }
                None => {}
            }
        }
    }
}

/// A row that is set aside, with the places of its cells in its record.
fn rejected(
    record: &Record,
    row: usize,
    before: usize,
    text: usize,
    mut errors: Vec<CellError>,
) -> ChunkReject {
    let words = record.words();
    for wrong in &mut errors {
        let word = wrong.column.and_then(|column| words.get(column));
        if let (Some(word), Some(label)) = (word, wrong.error.labels.first_mut()) {
            label.span = word.span;
        }
        wrong.error.fixes.clear();
    }
    let place = u32::try_from(row).unwrap_or(u32::MAX);
    let cells = words.iter().map(|word| word.text.to_string()).collect();
    ChunkReject { before, place: (place, place), text, cells: Some(cells), errors, last: false }
}

/// A row of a record batch in words.
pub fn record(rows: &RecordBatch, row: usize) -> Record {
    Record::new(rows.columns().iter().map(|array| word(array, row)))
}

/// The names of the columns as a line of CSV, with the units that stand in their metadata.
pub fn header(schema: &Schema) -> String {
    let name = |field: &std::sync::Arc<arrow_schema::Field>| match field.metadata().get("unit") {
        Some(unit) if !field.name().contains('[') => Some(format!("{} [{unit}]", field.name())),
        _ => Some(field.name().clone()),
    };
    Record::new(schema.fields().iter().map(name)).text + "\n"
}

/// Whether bare numbers of a type need no unit.
fn is_bare(ty: &Type) -> bool {
    matches!(ty, Type::Number { dimension, face: Face::Plain } if dimension.is_none())
}

/// Whether a column holds numbers, as numbers of the field; or why the field cannot be read from it.
fn readable(fact: &Fact, kind: &DataType, name: &str, span: Span) -> Result<bool, Diagnostic> {
    let refuse = |what: &str, help: &str| {
        let message = format!("column {} holds {what}", tick(name));
        Err(Diagnostic::error(Code::WrongType, span, message).help(help.to_string()))
    };
    let number = matches!(fact.ty, Type::Number { .. });
    let count = matches!(fact.ty, Type::Duration(_));
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Ok(false),
        DataType::Dictionary(_, words) if is_text(words) => Ok(false),
        DataType::Boolean if fact.ty == Type::Bool => Ok(false),
        DataType::Date32 if fact.ty == Type::Date => Ok(false),
        DataType::Decimal32(_, scale) | DataType::Decimal64(_, scale) | DataType::Decimal128(_, scale)
            if number && (0..=18).contains(scale) =>
        {
            Ok(true)
        }
        kind if kind.is_integer() && (number || count) => Ok(true),
        // A key.
        kind if kind.is_integer() && fact.ty == Type::Text => Ok(false),
        DataType::Float16 | DataType::Float32 | DataType::Float64 => refuse(
            "binary floats, which are not exact",
            "write it as a decimal: `CAST(value AS DECIMAL(18, 2))`, or as text",
        ),
        DataType::Timestamp(..) | DataType::Date64 if fact.ty == Type::Date => {
            refuse("times of day, and a date is wanted", "write it as a date: `CAST(entered AS DATE)`")
        }
        kind => refuse(
            &format!("values of the type {}, from which its field cannot be read", tick(&kind.to_string())),
            "write it as text, spelled as in a facts file",
        ),
    }
}

fn is_text(kind: &DataType) -> bool {
    matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

fn no_unit(fact: &Fact, name: &str, span: Span) -> Diagnostic {
    let message = format!("the numbers of column {} do not say what they count", tick(name));
    let help = match fact.ty {
        Type::Number { face: Face::Rate, .. } => format!(
            "say it: {} for per cent, {} for fractions such as 0.15; or in the name of the column, {}",
            tick(&format!("--unit {name}=%")),
            tick(&format!("--unit {name}=1")),
            tick(&format!("{name} [%]"))
        ),
        Type::Duration(_) => format!(
            "say it: {}; or in the name of the column, {}",
            tick(&format!("--unit {name}=days")),
            tick(&format!("{name} [days]"))
        ),
        _ => format!(
            "say it: {}; or in the name of the column, {}",
            tick(&format!("--unit {name}=USD")),
            tick(&format!("{name} [USD]"))
        ),
    };
    Diagnostic::error(Code::UnitMismatch, span, message).help(help)
}

fn too_long(count: i128) -> Diagnostic {
    let message = format!("{} is too long a time", tick(&count.to_string()));
    Diagnostic::error(Code::BadConstant, Span::default(), message)
}

type Note<'n> = dyn FnMut(usize, Vec<Diagnostic>) + 'n;

/// All cells of a column into its maker: one for each row, whatever is wrong with it.
fn column(
    maker: &mut ColumnBuilder,
    cells: &crate::facts::Cells<'_>,
    array: &ArrayRef,
    count: Option<&Number>,
    note: &mut Note<'_>,
) {
    if let Some(count) = count {
        return numbers(maker, cells, array, count, note);
    }
    if let (Some(days), Some(array)) = (maker.days(), array.as_primitive_opt::<Date32Type>()) {
        let good = |day: i32| Day::from_number(day.into()).is_some();
        if array.null_count() == 0 && array.values().iter().all(|day| good(*day)) {
            days.extend_from_slice(array.values());
            return;
        }
    }
    if let (Some(truths), Some(array)) = (maker.truths(), array.as_boolean_opt())
        && array.null_count() == 0
    {
        truths.extend(array.values().iter());
        return;
    }
    if let Some(dictionary) = array.as_any_dictionary_opt() {
        let texts = Texts::new(dictionary.values());
        // Where there are no words, no row has one.
        let keys = match dictionary.values().is_empty() {
            true => vec![0; dictionary.len()],
            false => dictionary.normalized_keys(),
        };
        // What each word says is worked out once.
        let known: Vec<Option<u32>> = (0..dictionary.values().len())
            .map(|at| texts.get(at).and_then(|text| maker.word(cells, &quoted(text)).ok().flatten()))
            .collect();
        if dictionary.null_count() == 0
            && let Some(known) = known.iter().copied().collect::<Option<Vec<u32>>>()
        {
            keys.iter().for_each(|key| maker.push_word(known.get(*key).copied().unwrap_or(0)));
            return;
        }
        for (row, key) in keys.iter().enumerate() {
            match known.get(*key).copied().flatten().filter(|_| !dictionary.is_null(row)) {
                Some(word) => maker.push_word(word),
                None => {
                    let text = if dictionary.is_null(row) { None } else { texts.get(*key) };
                    push(maker, cells, text, row, note);
                }
            }
        }
        return;
    }
    let texts = Texts::new(array);
    for row in 0..array.len() {
        let text = if array.is_null(row) { None } else { texts.get(row) };
        match (text, array.is_null(row)) {
            (None, false) => push(maker, cells, word(array, row).as_deref(), row, note),
            (text, _) => push(maker, cells, text, row, note),
        }
    }
}

/// Numbers of 64 bits with their scale, where none is null.
fn plain_64(array: &ArrayRef) -> Option<(&[i64], u8)> {
    let scale = match array.data_type() {
        DataType::Decimal64(_, scale) => u8::try_from(*scale).ok()?,
        _ => 0,
    };
    if array.null_count() > 0 {
        return None;
    }
    let decimals = array.as_primitive_opt::<Decimal64Type>().map(|array| array.values().as_ref());
    let values = decimals.or_else(|| Some(array.as_primitive_opt::<Int64Type>()?.values().as_ref()));
    Some((values?, scale))
}

fn quoted(text: &str) -> Written<'_> {
    Written { text: text.into(), span: Span::default(), at: None, form: Form::Quoted }
}

/// One cell by its text; none: unknown.
fn push(
    maker: &mut ColumnBuilder,
    cells: &crate::facts::Cells<'_>,
    text: Option<&str>,
    row: usize,
    note: &mut Note<'_>,
) {
    let Some(text) = text else { return maker.push_unknown() };
    let wrong = match maker.push(cells, &quoted(text)) {
        Ok(Pushed::In) => return,
        Ok(Pushed::Dated) => {
            let message = "a cell of a record batch has no days, and this one states a value from a day on";
            vec![
                Diagnostic::error(Code::NotOverTime, Span::default(), message)
                    .help("write such rows as CSV, or in a facts file"),
            ]
        }
        Err(errors) => errors,
    };
    maker.push_unknown();
    note(row, wrong);
}

fn numbers(
    maker: &mut ColumnBuilder,
    cells: &crate::facts::Cells<'_>,
    array: &ArrayRef,
    count: &Number,
    note: &mut Note<'_>,
) {
    let whole = maker.whole();
    if let Some(values) = plain_64(array)
        && let Some((by, places)) = parts(count)
        && let Ok(by) = i64::try_from(by)
        && let Some(places) = places.checked_add(values.1).filter(|places| *places <= SCALES && !whole)
        && let Some(numbers) = maker.numbers()
    {
        return numbers.extend(values.0, by, places);
    }
    let mut all = |value: &dyn Fn(usize) -> i128, scale: i8| {
        let scale = scale.unsigned_abs();
        let count_parts = parts(count).filter(|(_, places)| places.saturating_add(scale) <= 18);
        let nulls = array.null_count() > 0;
        for row in 0..array.len() {
            if nulls && array.is_null(row) {
                maker.push_unknown();
                continue;
            }
            let value = value(row);
            if let Some(counts) = maker.durations() {
                match count.to_i64().and_then(|days| i64::try_from(value).ok()?.checked_mul(days)) {
                    Some(days) => counts.push(days),
                    None => {
                        counts.push(0);
                        note(row, vec![too_long(value)]);
                    }
                }
                continue;
            }
            let product = count_parts.and_then(|(times, places)| Some((value.checked_mul(times)?, places)));
            let Some(numbers) = maker.numbers() else { return };
            match product {
                Some((value, places)) if !whole => match i64::try_from(value) {
                    Ok(value) => numbers.push(value, places + scale),
                    Err(_) => numbers.push_wide(value, places + scale),
                },
                _ => {
                    let text =
                        Number::scaled(value, scale).map_or(String::new(), |number| number.to_string());
                    push(maker, cells, Some(&text), row, note);
                }
            }
        }
    };
    fn of<T: ArrowPrimitiveType>(array: &ArrayRef) -> impl Fn(usize) -> i128 + '_
    where
        T::Native: Into<i128>,
    {
        let values = array.as_primitive_opt::<T>().map(|array| array.values().as_ref());
        move |row| values.and_then(|values| values.get(row)).map_or(0, |value| (*value).into())
    }
    match array.data_type() {
        DataType::Decimal128(_, scale) => all(&of::<Decimal128Type>(array), *scale),
        DataType::Decimal64(_, scale) => all(&of::<Decimal64Type>(array), *scale),
        DataType::Decimal32(_, scale) => all(&of::<Decimal32Type>(array), *scale),
        DataType::Int64 => all(&of::<Int64Type>(array), 0),
        DataType::Int32 => all(&of::<Int32Type>(array), 0),
        DataType::Int16 => all(&of::<Int16Type>(array), 0),
        DataType::Int8 => all(&of::<Int8Type>(array), 0),
        DataType::UInt64 => all(&of::<UInt64Type>(array), 0),
        DataType::UInt32 => all(&of::<UInt32Type>(array), 0),
        DataType::UInt16 => all(&of::<UInt16Type>(array), 0),
        DataType::UInt8 => all(&of::<UInt8Type>(array), 0),
        // Refused when the schema was looked at.
        _ => (0..array.len()).for_each(|_| maker.push_unknown()),
    }
}
