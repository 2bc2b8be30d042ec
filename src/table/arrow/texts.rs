//! The cells of record batches as texts.

use crate::value::{Day, Number};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal32Type, Decimal64Type, Decimal128Type, Int8Type, Int16Type, Int32Type, Int64Type,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;

/// The texts of a column of texts.
pub(super) enum Texts<'a> {
    Small(&'a arrow_array::StringArray),
    Large(&'a arrow_array::LargeStringArray),
    View(&'a arrow_array::StringViewArray),
    None,
}

impl<'a> Texts<'a> {
    pub fn new(array: &'a ArrayRef) -> Texts<'a> {
        if let Some(texts) = array.as_string_opt::<i32>() {
            return Texts::Small(texts);
        }
        match (array.as_string_opt::<i64>(), array.as_string_view_opt()) {
            (Some(texts), _) => Texts::Large(texts),
            (None, Some(texts)) => Texts::View(texts),
            (None, None) => Texts::None,
        }
    }

    /// All of them as one text, and where in it each of them begins, and the last ends; none: some are null, or they stand
    /// otherwise.
    pub fn joined(&self) -> Option<(&'a str, &'a [i32])> {
        match self {
            Texts::Small(texts) if texts.null_count() == 0 => {
                let (from, to) = (texts.value_offsets().first()?, texts.value_offsets().last()?);
                let bytes = texts.values().get(usize::try_from(*from).ok()?..usize::try_from(*to).ok()?)?;
                Some((std::str::from_utf8(bytes).ok()?, texts.value_offsets()))
            }
            _ => None,
        }
    }

    pub fn get(&self, at: usize) -> Option<&'a str> {
        match self {
            Texts::Small(texts) if at < texts.len() && !texts.is_null(at) => Some(texts.value(at)),
            Texts::Large(texts) if at < texts.len() && !texts.is_null(at) => Some(texts.value(at)),
            Texts::View(texts) if at < texts.len() && !texts.is_null(at) => Some(texts.value(at)),
            _ => None,
        }
    }
}

/// Any value as the text a cell would have; none: null.
pub(super) fn word(array: &ArrayRef, row: usize) -> Option<String> {
    if row >= array.len() || array.is_null(row) {
        return None;
    }
    if array.as_any_dictionary_opt().is_some() {
        // Of this row alone, for keys are worked out for all rows there are.
        let one = array.slice(row, 1);
        let dictionary = one.as_any_dictionary_opt().filter(|dictionary| !dictionary.values().is_empty())?;
        let key = *dictionary.normalized_keys().first()?;
        return Texts::new(dictionary.values()).get(key).map(str::to_string);
    }
    if let Some(text) = Texts::new(array).get(row) {
        return Some(text.to_string());
    }
    let int = |value: i128| Some(value.to_string());
    let decimal =
        |value: i128, scale: i8| Number::scaled(value, scale.unsigned_abs()).map(|it| it.to_string());
    match array.data_type() {
        DataType::Boolean => array.as_boolean_opt().map(|array| array.value(row).to_string()),
        DataType::Date32 => {
            let day = array.as_primitive_opt::<Date32Type>()?.value(row);
            Some(
                Day::from_number(day.into())
                    .map_or_else(|| format!("day {day} since 1970"), |day| day.to_string()),
            )
        }
        DataType::Decimal128(_, scale) => {
            decimal(array.as_primitive_opt::<Decimal128Type>()?.value(row), *scale)
        }
        DataType::Decimal64(_, scale) => {
            decimal(array.as_primitive_opt::<Decimal64Type>()?.value(row).into(), *scale)
        }
        DataType::Decimal32(_, scale) => {
            decimal(array.as_primitive_opt::<Decimal32Type>()?.value(row).into(), *scale)
        }
        DataType::Int64 => int(array.as_primitive_opt::<Int64Type>()?.value(row).into()),
        DataType::Int32 => int(array.as_primitive_opt::<Int32Type>()?.value(row).into()),
        DataType::Int16 => int(array.as_primitive_opt::<Int16Type>()?.value(row).into()),
        DataType::Int8 => int(array.as_primitive_opt::<Int8Type>()?.value(row).into()),
        DataType::UInt64 => int(array.as_primitive_opt::<UInt64Type>()?.value(row).into()),
        DataType::UInt32 => int(array.as_primitive_opt::<UInt32Type>()?.value(row).into()),
        DataType::UInt16 => int(array.as_primitive_opt::<UInt16Type>()?.value(row).into()),
        DataType::UInt8 => int(array.as_primitive_opt::<UInt8Type>()?.value(row).into()),
        other => Some(format!("a value of the type {other}")),
    }
}
