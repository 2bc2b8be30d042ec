//! All that is said about literals.

use super::meant::{rate_readings, unit_meant, with_unit};
use super::{LiteralScope, type_noun};
use crate::diag::{Code, Diagnostic, closest, list_or, tick};
use crate::policy::{Enum, Face, Type};
use crate::text::Span;
use crate::tree::{self, ExprKind, Suffix};
use crate::value::{Calendar, CodeTrouble, SHIPPED, Trouble, Units, country_meant};

/// M3: `25` where a rate is meant.
pub fn bare_rate(expr: &tree::Expr) -> Diagnostic {
    let spelled = match &expr.kind {
        ExprKind::Quantity(quantity) => quantity.spelled.clone(),
        ExprKind::Negative(inner) => match &inner.kind {
            ExprKind::Quantity(quantity) => format!("-{}", quantity.spelled),
            _ => String::new(),
        },
        _ => String::new(),
    };
    let message = format!("{} is not written as a rate", tick(&spelled));
    let said = Diagnostic::error(Code::BareRate, expr.span, message).here("a rate is meant here");
    rate_readings(said, expr)
}

/// One type was declared, another is written.
pub(super) fn wrong_type(
    scope: &LiteralScope,
    expected: &Type,
    found: &Type,
    expr: &tree::Expr,
) -> Diagnostic {
    let (want, have) = (type_noun(scope, expected), type_noun(scope, found));
    let units = matches!((expected, found), (Type::Number { .. }, Type::Number { .. }));
    let code = if units { Code::UnitMismatch } else { Code::WrongType };
    let error = Diagnostic::error(code, expr.span, format!("expected {want}, found {have}"));
    match (&expr.kind, expected) {
        (ExprKind::Quantity(quantity), Type::Number { face: Face::Unit(unit), .. })
            if matches!(quantity.suffix, Suffix::None) =>
        {
            let unit = unit.display(scope.units);
            with_unit(error.here("the unit is missing"), quantity, expr.span, &[unit])
        }
        _ if units => error.help("state it in the declared unit; amounts convert only through a stated rate"),
        _ => error,
    }
}

/// X1
pub(super) fn not_one_value(span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadCell, span, "this is not one written value").help(
        "write the value itself: `15%`, `550 billion USD`, `2029-01-19`, `true`; nothing is computed here",
    )
}

pub fn expected_type(scope: &LiteralScope, expected: &Type, span: Span) -> Diagnostic {
    Diagnostic::error(Code::WrongType, span, format!("expected {}", type_noun(scope, expected)))
}

pub(super) fn not_a_literal(span: Span) -> Diagnostic {
    Diagnostic::error(Code::NotALiteral, span, "a value must be written out here")
        .help("write a literal such as `15%`, `550 billion USD`, `2029-01-19` or `true`")
}

/// M9
pub fn not_a_code(text: &str, trouble: &CodeTrouble, span: Span) -> Diagnostic {
    let said = Diagnostic::error(Code::BadCode, span, format!("{} is no tariff code", tick(text)));
    match trouble {
        CodeTrouble::NotDigits => {
            let said = Diagnostic::error(Code::WrongType, span, "expected a tariff code");
            said.help("a code is digits in groups, such as `8703.23`")
        }
        CodeTrouble::LostZero(whole) => said
            .here("a zero lost in a spreadsheet?")
            .help(format!("write {} if that is the code; codes are kept as text", tick(&whole.to_string()))),
        CodeTrouble::AsNumber => {
            said.here("written as a number").help("write the code as text, with all its digits")
        }
        CodeTrouble::Two(first, last, one) => {
            let each = format!("a code stands on a line of its own, and from {first} to {last} is `{first}..{last}` in a set of a policy");
            said.here("two codes?").help(match one {
                Some(one) => format!("write {} if it is one code; else {each}", tick(&one.to_string())),
                None => each,
            })
        }
        CodeTrouble::Shape => said.help(
            "a code has 2, 4, 6, 8, 10 or 12 digits, with dots after the fourth and then every second: `8703.23.01.10`",
        ),
    }
}

pub fn unit_unknown(units: &Units, name: &tree::Name) -> Diagnostic {
    let error =
        Diagnostic::error(Code::UnknownUnit, name.span, format!("no unit is called {}", tick(&name.text)));
    unit_meant(error, units, name)
}

/// `25 percent`
pub(super) fn percent_word(quantity: &tree::Quantity, name: &tree::Name, span: Span) -> Diagnostic {
    let fixed = format!("{}%", quantity.spelled);
    let message = format!("{} is written `%` here, glued to its number", tick(&name.text));
    let said = Diagnostic::error(Code::ForeignWord, name.span, message);
    if quantity.multiplied { said } else { said.fix(span, fixed) }
}

/// `30 weekdays`
pub(super) fn time_word(name: &tree::Name, ours: &str) -> Diagnostic {
    let message = format!("{} is written {} here", tick(&name.text), tick(ours));
    Diagnostic::error(Code::ForeignWord, name.span, message).fix(name.span, ours)
}

pub(super) fn unit_too_large(span: Span) -> Diagnostic {
    Diagnostic::error(Code::UnitMismatch, span, "this product of units is too large")
}

pub(super) fn no_calendar(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::UnknownCalendar,
        span,
        "business days need a calendar, and the policy declares none",
    )
    .help(format!(
        "declare one of those that are shipped: `calendar {}`",
        list_or(&SHIPPED.map(String::from))
    ))
}

pub(super) fn calendar_unknown(calendars: &[Calendar], name: &tree::Name) -> Diagnostic {
    let message = format!("no calendar is called {}", tick(&name.text));
    let error = Diagnostic::error(Code::UnknownCalendar, name.span, message);
    match closest(&name.text, calendars.iter().map(Calendar::name)) {
        Some(known) => error.here(format!("did you mean {}?", tick(known))).fix(name.span, known),
        None if SHIPPED.contains(&name.text.as_str()) => {
            error.help(format!("it is shipped: declare {}", tick(&format!("calendar {}", name.text))))
        }
        None => error.help(format!("calendars are declared, such as {}", tick("calendar us_federal"))),
    }
}

pub fn country_unknown(name: &tree::Name) -> Diagnostic {
    let text = name.text.as_str();
    let said =
        Diagnostic::error(Code::UnknownName, name.span, format!("no country has the code {}", tick(text)));
    match (text, country_meant(text)) {
        (_, Some(country)) => said.fix(name.span, country.as_str()),
        ("EU" | "EEC" | "EC", _) => said.help(
            "the European Union is not a country: list its members, `in {AT, BE, …}`, or have a choice of an enum for it",
        ),
        _ => said.help("countries are written as in ISO 3166-1, with two capital letters: `JP`, `US`, `KR`"),
    }
}

pub fn choice_unknown(list: &Enum, name: &tree::Name) -> Diagnostic {
    let message = format!("{} is not a choice of {}", tick(&name.text), tick(&list.name));
    let error = Diagnostic::error(Code::UnknownName, name.span, message);
    let names = || list.choices.iter().map(|choice| choice.name.as_str());
    match closest(&name.text, names()) {
        Some(known) => error.here(format!("did you mean {}?", tick(known))).fix(name.span, known),
        None => error.help(format!("the choices are {}", list_or(&names().map(tick).collect::<Vec<_>>()))),
    }
}

/// A named error in something that never changes.
pub fn fixed_trouble(trouble: Trouble, span: Span) -> Diagnostic {
    let error =
        Diagnostic::error(Code::BadConstant, span, format!("this can never be worked out: {trouble}"));
    match trouble {
        Trouble::NotWhole => error.help("counts of days, business days and months are whole"),
        Trouble::NoSuchDay => error.help("say what to do: `1 month rounding down` or `1 month rounding up`"),
        Trouble::DateOutOfRange => error.help("days run from 1900-01-01 to 2299-12-31"),
        Trouble::Overflow => error.help("numbers are bounded at 308 digits or so"),
        _ => error,
    }
}
