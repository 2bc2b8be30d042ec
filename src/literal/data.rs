//! Cells are data (X1): a cell of a table, a value of a facts file or of `--set` is one written value, and nothing in it is
//! computed. The spellings that data have besides those of the language are read here, the others by the grammar.

use super::cures;
use super::written::{CellPiece, series};
use super::{LiteralScope, errors, value};
use crate::diag::Diagnostic;
use crate::policy::{Face, Type};
use crate::sheet::{DecimalMark, NumberTrouble, Written};
use crate::text::nfc;
use crate::tree::{Expr, ExprKind, MulOp, StatedValue, Suffix};
use crate::value::{Code, Country, Day, Number, Value};
use std::borrow::Cow;

/// Everything that a text states, in the order written.
///
/// # Errors
/// It is not as the language or data have values.
pub fn stated<'s>(ty: &Type, written: &Written<'_>) -> Result<Vec<CellPiece<'s>>, Vec<Diagnostic>> {
    let texts = matches!(ty, Type::Text | Type::Row(_));
    // Brackets and remarks belong to policies.
    if !texts && written.text.contains(['(', ')', '#']) {
        return Err(vec![errors::not_one_value(written.span)]);
    }
    if !texts && comma_in_number(&written.text) {
        return Err(vec![cures::which_number(&written.text, &NumberTrouble::Marks, written.span)]);
    }
    let pieces = series(written)?;
    match pieces.iter().all(|piece| is_written(&piece.stated.value)) {
        true => Ok(pieces),
        false => Err(vec![errors::not_one_value(written.span)]),
    }
}

/// Whether a comma stands between two digits and not after a day: it is one of a number, and sets no values apart.
pub fn comma_in_number(text: &str) -> bool {
    let digit = |sign: Option<char>| sign.is_some_and(|sign| sign.is_ascii_digit());
    text.match_indices(',').any(|(at, _)| {
        let (before, after) = (text.get(..at).unwrap_or(""), text.get(at.saturating_add(1)..).unwrap_or(""));
        let day = before.len().checked_sub(10).and_then(|start| before.get(start..)).and_then(Day::parse);
        digit(before.chars().next_back()) && digit(after.chars().next()) && day.is_none()
    })
}

/// The one value that a text is; none: it is `unknown`. `bare`: its column says what numbers count.
///
/// # Errors
/// It is none, or more: bounds, several values, values from a day on.
pub fn one(
    scope: &LiteralScope<'_>,
    ty: &Type,
    written: &Written<'_>,
    bare: bool,
) -> Result<Option<Value>, Vec<Diagnostic>> {
    if let Some(value) = direct(scope, ty, written)? {
        return Ok(Some(value));
    }
    let cured = |errors| cured(scope, ty, (written, bare), errors);
    let pieces = stated(ty, written).map_err(cured)?;
    let [piece] = pieces.as_slice() else { return Err(vec![errors::not_one_value(written.span)]) };
    match (&piece.stated.value, &piece.stated.from) {
        (StatedValue::Unknown, None) => Ok(None),
        (StatedValue::Exactly(expr), None) => match value(scope, expr, ty) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(cured(vec![piece.moved(error)])),
        },
        _ => Err(vec![errors::not_one_value(written.span)]),
    }
}

/// Whether nothing but one value is stated: no bounds, no days.
pub fn is_one(pieces: &[CellPiece<'_>]) -> bool {
    matches!(pieces, [piece] if piece.stated.from.is_none()
        && matches!(piece.stated.value, StatedValue::Exactly(_) | StatedValue::Unknown))
}

/// What is wrong with a text; where it is a spelling that people's files have, what to write instead. `bare`: without a
/// unit, for its column has one.
pub fn cured(
    scope: &LiteralScope<'_>,
    ty: &Type,
    (written, bare): (&Written<'_>, bool),
    otherwise: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    match cures::about(scope, ty, written, bare) {
        Some(cure) => vec![cure],
        None => otherwise,
    }
}

/// A value in a spelling that is read without the grammar. None: the grammar may know it.
///
/// # Errors
/// It is a code of no shape that codes have (M9).
pub fn direct(
    scope: &LiteralScope<'_>,
    ty: &Type,
    written: &Written<'_>,
) -> Result<Option<Value>, Vec<Diagnostic>> {
    let text = written.text.as_ref();
    Ok(match ty {
        Type::Bool => truth(text).map(Value::Bool),
        Type::Date => day(text).map(Value::Date),
        Type::Code => code(written)?.map(Value::Code),
        Type::Country => Country::parse(text).map(Value::Country),
        Type::Enum(id) => scope.enums[*id].place(text).map(Value::Choice),
        Type::Number { face, dimension } => number(text, face, dimension.is_none()).map(Value::Number),
        Type::Text | Type::Row(_) | Type::Duration(_) => None,
    })
}

/// A cell without blanks around it; a number as the language spells it, where thousands are set apart or decimals have
/// another mark.
///
/// # Errors
/// It is a number of which it is not clear which one.
pub fn plain<'w, 'a>(
    ty: &Type,
    written: &'w Written<'a>,
    mark: DecimalMark,
) -> Result<Cow<'w, Written<'a>>, Vec<Diagnostic>> {
    if matches!(ty, Type::Text | Type::Row(_)) {
        return Ok(Cow::Borrowed(written));
    }
    let text = written.text.trim();
    let numeric = matches!(ty, Type::Number { .. } | Type::Duration(_));
    match if numeric { mark.plain(text) } else { Ok(None) } {
        Ok(Some(plain)) if plain != written.text => {
            Ok(Cow::Owned(Written { text: plain.into(), at: None, ..*written }))
        }
        Ok(None) if text.len() < written.text.len() => {
            Ok(Cow::Owned(Written { text: text.to_string().into(), at: None, ..*written }))
        }
        Ok(_) => Ok(Cow::Borrowed(written)),
        Err(trouble) => Err(vec![cures::which_number(&written.text, &trouble, written.span)]),
    }
}

/// A text as it is kept (V8).
pub fn text(text: &str) -> Value {
    Value::Text(nfc(text).as_ref().into())
}

fn truth(text: &str) -> Option<bool> {
    let is = |word: &&str| text.eq_ignore_ascii_case(word);
    match (["true", "yes", "1"].iter().any(&is), ["false", "no", "0"].iter().any(is)) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

/// A day, or a stamp of its very beginning that names no zone.
fn day(text: &str) -> Option<Day> {
    if text == "never" {
        return Some(Day::NEVER);
    }
    let (day, time) = text.split_at_checked(10)?;
    let midnight = match time.strip_prefix(['T', ' ']) {
        None => time.is_empty(),
        Some(time) => {
            let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
            matches!(clock, "00:00" | "00:00:00")
                && !fraction.is_empty()
                && fraction.bytes().all(|byte| byte == b'0')
        }
    };
    Day::parse(day).filter(|_| midnight)
}

/// None: it says more than a code.
fn code(written: &Written<'_>) -> Result<Option<Code>, Vec<Diagnostic>> {
    let text = written.text.as_ref();
    if !text.starts_with(|sign: char| sign.is_ascii_digit()) || text.contains("from") {
        return Ok(None);
    }
    if Day::parse(text).is_some() {
        return Err(vec![cures::day_for_a_code(text, written.span)]);
    }
    match Code::read(text) {
        Ok(code) => Ok(Some(code)),
        Err(trouble) => Err(vec![errors::not_a_code(text, &trouble, written.span)]),
    }
}

/// A plain decimal of a number or, with its sign, of a rate.
fn number(text: &str, face: &Face, plain: bool) -> Option<Number> {
    match face {
        Face::Rate if text.eq_ignore_ascii_case("free") => Some(Number::ZERO),
        Face::Rate => signed(text.strip_suffix('%')?)?.mul(&Number::from_ratio(1, 100).ok()?).ok(),
        Face::Plain if plain => signed(text),
        Face::Plain | Face::Unit(_) => None,
    }
}

/// `-1234.50`; no leading zeros, which a code may have.
fn signed(text: &str) -> Option<Number> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let leading = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    let number = Number::parse_decimal(digits).filter(|_| !leading)?;
    Some(if digits.len() < text.len() { number.neg() } else { number })
}

/// Whether a value is written out, rather than worked out.
fn is_written(stated: &StatedValue) -> bool {
    match stated {
        StatedValue::Unknown => true,
        StatedValue::Exactly(expr) | StatedValue::AtLeast(expr) | StatedValue::AtMost(expr) => {
            is_literal(expr)
        }
        StatedValue::Between(low, high) => is_literal(low) && is_literal(high),
    }
}

/// A literal with its sign and unit, a name, or `n/d`.
fn is_literal(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Product { first, rest } => match rest.as_slice() {
            [(MulOp::Divide, below)] => is_amount(first) && !is_multiplied(first) && is_count(below),
            _ => false,
        },
        ExprKind::Path(_) | ExprKind::Date(_) | ExprKind::Bool(_) | ExprKind::Code(_) | ExprKind::Text(_) => {
            true
        }
        _ => is_amount(expr),
    }
}

fn is_amount(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Quantity(_) => true,
        ExprKind::Negative(inner) => matches!(inner.kind, ExprKind::Quantity(_)),
        _ => false,
    }
}

/// `1/2 million` would be read as one over two millions.
fn is_multiplied(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Quantity(quantity) => quantity.multiplied,
        ExprKind::Negative(inner) => is_multiplied(inner),
        _ => false,
    }
}

/// A whole number without a sign or unit.
fn is_count(expr: &Expr) -> bool {
    let ExprKind::Quantity(quantity) = &expr.kind else { return false };
    matches!(quantity.suffix, Suffix::None) && quantity.number.is_integer() && !quantity.multiplied
}
