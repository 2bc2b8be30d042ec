//! Literals: what a value written out means where a certain type is declared. The same for the constants of a policy,
//! the cells of an annex, the `given`s of a scenario and the values of a facts file.

mod column;
mod counted;
mod cures;
pub mod data;
mod errors;
mod meant;
mod plain;
mod written;

use crate::diag::Diagnostic;
use crate::policy::{Enum, EnumId, Face, Table, Type};
use crate::text::Span;
use crate::tree::{self, AddOp, ExprKind, MulOp, Quantity, Suffix};
use crate::value::{
    Calendar, CalendarId, Code, CodeTrouble, Country, Day, Dimension, DurationKind, Number, Trouble,
    UnitExpr, UnitId, Units, Value, dimension_name,
};

pub use column::{CellReader, split_heading};
pub use errors::{
    bare_rate, choice_unknown, country_unknown, expected_type, fixed_trouble, not_a_code, unit_unknown,
};
pub use meant::{unit_meant, with_unit};
pub use written::{CellPiece, series};

/// What literals refer to.
#[derive(Clone, Copy)]
pub struct LiteralScope<'a> {
    pub units: &'a Units,
    pub calendars: &'a [Calendar],
    pub enums: &'a Table<EnumId, Enum>,
}

/// A quantity in base units, with its type. A bare number is a `number`.
pub fn quantity(scope: &LiteralScope, quantity: &Quantity, span: Span) -> Result<(Value, Type), Diagnostic> {
    let number = &quantity.number;
    let scaled = |by: &Number| number.mul(by).map_err(|trouble| fixed_trouble(trouble, span));
    let hundredth = |n: i64| Number::from_ratio(1, n).map_err(|trouble| fixed_trouble(trouble, span));
    match &quantity.suffix {
        Suffix::None => Ok((Value::Number(number.clone()), Type::number())),
        Suffix::Percent => Ok((Value::Number(scaled(&hundredth(100)?)?), Type::rate())),
        Suffix::BasisPoints => Ok((Value::Number(scaled(&hundredth(10_000)?)?), Type::rate())),
        Suffix::Unit(parts) => {
            if let Some(said) = counted::about(scope.units, quantity, parts, span) {
                return Err(said);
            }
            let unit = unit_expr(scope.units, parts)?;
            let dimension = unit.dimension(scope.units).map_err(|_| errors::unit_too_large(span))?;
            let scale = unit.scale(scope.units).map_err(|trouble| fixed_trouble(trouble, span))?;
            Ok((Value::Number(scaled(&scale)?), Type::Number { dimension, face: Face::Unit(unit) }))
        }
        Suffix::Days => whole(number, 1, DurationKind::Days, span),
        Suffix::Weeks => whole(number, 7, DurationKind::Days, span),
        Suffix::Months(end) => whole(number, 1, DurationKind::Months(*end), span),
        Suffix::Years(end) => whole(number, 12, DurationKind::Months(*end), span),
        Suffix::BusinessDays { calendar } => {
            let id = match calendar {
                Some(name) => calendar_named(scope.calendars, name)?,
                None if scope.calendars.is_empty() => return Err(errors::no_calendar(span)),
                None => CalendarId(0),
            };
            whole(number, 1, DurationKind::Business(id), span)
        }
    }
}

/// The units of a product as written.
pub fn unit_expr(units: &Units, parts: &[(tree::Name, i8)]) -> Result<UnitExpr, Diagnostic> {
    let known = |(name, power): &(tree::Name, i8)| -> Result<(UnitId, i8), Diagnostic> {
        let unit = units.find(&name.text).ok_or_else(|| unit_unknown(units, name))?;
        Ok((unit, *power))
    };
    Ok(UnitExpr(parts.iter().map(known).collect::<Result<_, _>>()?))
}

/// A declared calendar.
pub fn calendar_named(calendars: &[Calendar], name: &tree::Name) -> Result<CalendarId, Diagnostic> {
    let at = calendars.iter().position(|calendar| calendar.name() == name.text);
    match at.and_then(|at| u16::try_from(at).ok()) {
        Some(at) => Ok(CalendarId(at)),
        None => Err(errors::calendar_unknown(calendars, name)),
    }
}

/// Counts of days, business days and months are whole (T6).
fn whole(count: &Number, times: i64, kind: DurationKind, span: Span) -> Result<(Value, Type), Diagnostic> {
    let number = count.mul(&Number::from(times)).map_err(|trouble| fixed_trouble(trouble, span))?;
    match number.to_i64() {
        Some(count) => Ok((Value::Duration(count), Type::Duration(kind))),
        None => Err(fixed_trouble(Trouble::NotWhole, span)),
    }
}

/// The value of an expression made of literals, as a value of this type. Rows of entities are not literals: they are
/// named by their keys, which only stated tables know.
pub fn value(scope: &LiteralScope, expr: &tree::Expr, ty: &Type) -> Result<Value, Diagnostic> {
    match (ty, &expr.kind) {
        (Type::Code, ExprKind::Quantity(quantity)) => code(quantity, expr.span),
        (Type::Code, ExprKind::Code(code)) => Code::parse(code)
            .map(Value::Code)
            .map_err(|trouble| errors::not_a_code(code, &trouble, expr.span)),
        (Type::Text, ExprKind::Text(text)) => Ok(data::text(text)),
        (Type::Country, ExprKind::Path(path)) if path.steps.is_empty() => {
            Country::parse(&path.head.text).map(Value::Country).ok_or_else(|| country_unknown(&path.head))
        }
        (Type::Enum(id), ExprKind::Path(path)) => choice(scope, *id, path, expr.span),
        (_, ExprKind::Code(_)) => Err(errors::wrong_type(scope, ty, &Type::Code, expr)),
        _ => {
            let (value, found) = constant(scope, expr)?;
            if is_bare_number(expr) && matches!(ty, Type::Number { face: Face::Rate, .. }) {
                return Err(bare_rate(expr));
            }
            if !found.same(ty) {
                return Err(errors::wrong_type(scope, ty, &found, expr));
            }
            Ok(value)
        }
    }
}

/// A code spelled as a plain number: `8703.20`.
pub fn code(quantity: &Quantity, span: Span) -> Result<Value, Diagnostic> {
    let bare = matches!(quantity.suffix, Suffix::None) && !quantity.multiplied;
    let code = if bare { Code::parse(&quantity.spelled) } else { Err(CodeTrouble::NotDigits) };
    code.map(Value::Code).map_err(|trouble| errors::not_a_code(&quantity.spelled, &trouble, span))
}

/// `energy` or `Sector.energy`, of this enum.
fn choice(scope: &LiteralScope, id: EnumId, path: &tree::Path, span: Span) -> Result<Value, Diagnostic> {
    let list = &scope.enums[id];
    let name = match path.steps.as_slice() {
        [] => &path.head,
        [tree::Step::Field(field)] if path.head.text == list.name => field,
        _ => return Err(expected_type(scope, &Type::Enum(id), span)),
    };
    match list.place(&name.text) {
        Some(at) => Ok(Value::Choice(at)),
        None => Err(choice_unknown(list, name)),
    }
}

/// A number other than 0 with no `%`, `bp` or unit, standing alone (M3).
pub fn is_bare_number(expr: &tree::Expr) -> bool {
    match &expr.kind {
        ExprKind::Quantity(quantity) => matches!(quantity.suffix, Suffix::None) && !quantity.number.is_zero(),
        ExprKind::Negative(inner) => is_bare_number(inner),
        _ => false,
    }
}

/// Arithmetic of literals.
fn constant(scope: &LiteralScope, expr: &tree::Expr) -> Result<(Value, Type), Diagnostic> {
    let failed = |trouble: Trouble| fixed_trouble(trouble, expr.span);
    match &expr.kind {
        ExprKind::Quantity(q) => quantity(scope, q, expr.span),
        ExprKind::Date(day) => Ok((Value::Date(*day), Type::Date)),
        ExprKind::Bool(value) => Ok((Value::Bool(*value), Type::Bool)),
        ExprKind::Code(text) => match Code::parse(text) {
            Ok(code) => Ok((Value::Code(code), Type::Code)),
            Err(trouble) => Err(errors::not_a_code(text, &trouble, expr.span)),
        },
        ExprKind::Text(text) => Ok((data::text(text), Type::Text)),
        ExprKind::Path(path) if path.steps.is_empty() && path.head.text == "never" => {
            Ok((Value::Date(Day::NEVER), Type::Date))
        }
        ExprKind::Negative(inner) => match constant(scope, inner)? {
            (Value::Number(number), ty) => Ok((Value::Number(number.neg()), ty)),
            (Value::Duration(count), ty) => {
                let count = count.checked_neg().ok_or_else(|| failed(Trouble::Overflow))?;
                Ok((Value::Duration(count), ty))
            }
            _ => Err(errors::not_a_literal(expr.span)),
        },
        ExprKind::Sum { first, rest } => {
            let mut total = constant(scope, first)?;
            for (op, next) in rest {
                let next = constant(scope, next)?;
                total = add(scope, total, *op, next, expr)?;
            }
            Ok(total)
        }
        ExprKind::Product { first, rest } => {
            let mut total = constant(scope, first)?;
            for (op, next) in rest {
                total = times(total, *op, constant(scope, next)?, expr)?;
            }
            Ok(total)
        }
        _ => Err(errors::not_a_literal(expr.span)),
    }
}

fn add(
    scope: &LiteralScope,
    left: (Value, Type),
    op: AddOp,
    right: (Value, Type),
    expr: &tree::Expr,
) -> Result<(Value, Type), Diagnostic> {
    let failed = |trouble: Trouble| fixed_trouble(trouble, expr.span);
    match (left, right) {
        ((Value::Number(a), ty), (Value::Number(b), other)) => {
            if !ty.same(&other) {
                return Err(errors::wrong_type(scope, &ty, &other, expr));
            }
            let sum = if op == AddOp::Plus { a.add(&b) } else { a.sub(&b) };
            Ok((Value::Number(sum.map_err(failed)?), ty))
        }
        ((Value::Date(day), Type::Date), (Value::Duration(count), Type::Duration(kind))) => {
            let count = if op == AddOp::Plus { Some(count) } else { count.checked_neg() };
            let count = count.ok_or_else(|| failed(Trouble::Overflow))?;
            let day = shift(scope.calendars, day, count, kind).map_err(failed)?;
            Ok((Value::Date(day), Type::Date))
        }
        _ => Err(errors::not_a_literal(expr.span)),
    }
}

/// A day and a count of days, business days or months (T6).
pub fn shift(calendars: &[Calendar], day: Day, count: i64, kind: DurationKind) -> Result<Day, Trouble> {
    match kind {
        DurationKind::Days => day.add_days(count),
        DurationKind::Months(end) => day.add_months(count, end),
        DurationKind::Business(id) => match calendars.get(usize::from(id.0)) {
            Some(calendar) => calendar.add(day, count),
            None => Err(Trouble::CalendarDoesNotCover),
        },
    }
}

fn times(
    left: (Value, Type),
    op: MulOp,
    right: (Value, Type),
    expr: &tree::Expr,
) -> Result<(Value, Type), Diagnostic> {
    let failed = |trouble: Trouble| fixed_trouble(trouble, expr.span);
    let (
        (Value::Number(a), Type::Number { dimension: x, face }),
        (Value::Number(b), Type::Number { dimension: y, .. }),
    ) = (left, right)
    else {
        return Err(errors::not_a_literal(expr.span));
    };
    let (number, dimension) = match op {
        MulOp::Times => (a.mul(&b), x.mul(&y)),
        MulOp::Divide => (a.div(&b), x.div(&y)),
    };
    let dimension = dimension.map_err(|_| errors::unit_too_large(expr.span))?;
    let face = if dimension == x { face } else { Face::Plain };
    Ok((Value::Number(number.map_err(failed)?), Type::Number { dimension, face }))
}

/// A type in the words of a message: `a rate`, `an amount in USD`, `a date`.
pub fn type_noun(scope: &LiteralScope, ty: &Type) -> String {
    match ty {
        Type::Number { face: Face::Rate, .. } => "a rate".into(),
        Type::Number { dimension, .. } if dimension.is_none() => "a number".into(),
        Type::Number { face: Face::Unit(unit), .. } => format!("an amount in {}", unit.display(scope.units)),
        Type::Number { dimension, .. } => format!("an amount in {}", dimension_name(dimension, scope.units)),
        Type::Date => "a date".into(),
        Type::Duration(DurationKind::Days) => "a number of days".into(),
        Type::Duration(DurationKind::Business(_)) => "a number of business days".into(),
        Type::Duration(DurationKind::Months(_)) => "a number of months".into(),
        Type::Bool => "true or false".into(),
        Type::Text => "a text in quotes".into(),
        Type::Code => "a tariff code".into(),
        Type::Country => "a country".into(),
        Type::Enum(id) => format!("a choice of `{}`", scope.enums[*id].name),
        Type::Row(_) => "a row".into(),
    }
}

/// The plain dimension of a number; for facts declared in a unit.
pub fn dimension_of(ty: &Type) -> Option<&Dimension> {
    match ty {
        Type::Number { dimension, .. } => Some(dimension),
        _ => None,
    }
}
