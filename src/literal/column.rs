//! The cells of one column: what bare numbers count in it, `value [USD]`, and how its decimals are written.

use super::{LiteralScope, data, series, value};
use crate::diag::Diagnostic;
use crate::policy::{Face, Type};
use crate::sheet::{DecimalMark, Form, Written};
use crate::text::Span;
use crate::tree::{Name, StatedValue};
use std::borrow::Cow;

/// Reads the cells of one column as the language writes values.
pub struct CellReader {
    unit: Option<ColumnUnit>,
    pub decimals: DecimalMark,
}

/// What bare numbers of a column count.
enum ColumnUnit {
    /// ` USD`, `%`
    Suffix(String),
    /// Rates as plain numbers: 0.15 is 15%.
    One,
}

impl CellReader {
    /// `unit`: what the heading says.
    ///
    /// # Errors
    /// No number of that type counts it; none: it is no unit at all.
    pub fn new(
        scope: &LiteralScope<'_>,
        ty: &Type,
        unit: Option<(&str, Span)>,
        decimals: DecimalMark,
    ) -> Result<CellReader, Option<Box<Diagnostic>>> {
        let unit = unit.map(|unit| suffix(scope, ty, unit)).transpose()?;
        Ok(CellReader { unit, decimals })
    }

    /// Whether the heading says what bare numbers count.
    pub fn has_unit(&self) -> bool {
        self.unit.is_some()
    }

    /// Whether nothing but the unit of a number is missing.
    pub fn lacks_unit(&self, ty: &Type, cell: &Written<'_>) -> bool {
        let wants = matches!(ty, Type::Number { face: Face::Unit(_) | Face::Rate, .. });
        wants && self.unit.is_none() && is_bare(&cell.text)
    }

    /// A cell as the language writes it: its number without marks between thousands and, if it is bare, with the unit of
    /// its column.
    pub fn cell<'w, 'a>(
        &self,
        ty: &Type,
        cell: &'w Written<'a>,
    ) -> Result<Cow<'w, Written<'a>>, Vec<Diagnostic>> {
        let plain = data::plain(ty, cell, self.decimals)?;
        let Some(unit) = &self.unit else { return Ok(plain) };
        let text = match fraction(&plain.text) {
            _ if is_bare(&plain.text) => unit.after(&plain.text),
            Some((above, below)) => format!("{} / {below}", unit.after(above)),
            None => return Ok(plain),
        };
        Ok(Cow::Owned(Written { text: text.into(), at: None, ..*cell }))
    }
}

impl ColumnUnit {
    /// A bare number with its unit.
    fn after(&self, number: &str) -> String {
        match self {
            ColumnUnit::Suffix(suffix) => format!("{number}{suffix}"),
            ColumnUnit::One => format!("{}%", hundredfold(number)),
        }
    }
}

/// A decimal with its point two places to the right.
fn hundredfold(number: &str) -> String {
    let (whole, places) = number.split_once('.').unwrap_or((number, ""));
    let places = format!("{places:0<2}");
    let (up, rest) = places.split_at_checked(2).unwrap_or((&places, ""));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("-", whole));
    let all = format!("{whole}{up}").replace('_', "");
    let all = all.trim_start_matches('0');
    let whole = if all.is_empty() { "0" } else { all };
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

/// `value [USD]` is a field and a unit.
pub fn split_heading<'w>(word: &'w Written<'_>) -> (Name, Option<(&'w str, Span)>) {
    let text = word.text.as_ref();
    let parts = text.strip_suffix(']').and_then(|text| text.split_once('['));
    let Some((name, unit)) = parts else { return (word.name(), None) };
    let place = |start: usize, end: usize| match word.at {
        Some(at) => Span::new(word.span.source, at as usize + start, at as usize + end),
        None => word.span,
    };
    let name = name.trim_end();
    let start = text.len() - 1 - unit.len();
    let name = Name { text: name.to_string(), span: place(0, name.len()) };
    (name, Some((unit, place(start, start + unit.len()))))
}

/// What is put after a bare number; makes sure that it then is an amount of the field.
fn suffix(
    scope: &LiteralScope<'_>,
    ty: &Type,
    (unit, span): (&str, Span),
) -> Result<ColumnUnit, Option<Box<Diagnostic>>> {
    let unit = unit.trim();
    let suffix = match unit {
        "%" => unit.to_string(),
        "1" if matches!(ty, Type::Number { face: Face::Rate, .. }) => return Ok(ColumnUnit::One),
        _ => format!(" {unit}"),
    };
    let trial = Written { text: format!("1{suffix}").into(), span, at: None, form: Form::Plain };
    let pieces = series(&trial).map_err(|_| None)?;
    let [piece] = pieces.as_slice() else { return Err(None) };
    let (StatedValue::Exactly(expr), None) = (&piece.stated.value, &piece.stated.from) else {
        return Err(None);
    };
    value(scope, expr, ty).map_err(|error| Some(Box::new(piece.moved(error))))?;
    Ok(ColumnUnit::Suffix(suffix))
}

/// `1/3`, as exact numbers are written that are no decimals (M6).
fn fraction(text: &str) -> Option<(&str, &str)> {
    let (above, below) = text.split_once('/')?;
    (is_bare(above) && is_bare(below) && !below.starts_with('-')).then_some((above, below))
}

/// `100`, `-0.5`, `550_000`; with the zeros of numbers, and not those of codes.
fn is_bare(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, places) = digits.split_once('.').unwrap_or((digits, "0"));
    let sound = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_digit())
            && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
    };
    sound(whole) && sound(places) && (whole == "0" || !whole.starts_with('0'))
}
