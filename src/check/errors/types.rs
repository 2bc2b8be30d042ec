//! Types and units.

use super::*;
use crate::diag::FixEdit;
use crate::literal;

/// Types as they are called elsewhere.
const TYPE_WORDS: &[(&str, &[&str])] = &[
    ("bool", &["boolean", "logical", "flag", "yesno", "truth"]),
    ("text", &["string", "str", "char", "varchar", "words"]),
    ("rate", &["percent", "percentage", "pct", "proportion", "share"]),
    ("number", &["decimal", "float", "double", "int", "integer", "numeric", "real", "num"]),
    ("date", &["datetime", "timestamp", "day"]),
    ("duration", &["days", "timespan", "interval", "months"]),
    ("country", &["nation", "country_code", "iso_country"]),
    ("code", &["hs", "hts", "hs_code", "hts_code", "tariff_code", "heading"]),
];

const MONEY_WORDS: &[&str] = &["money", "amount", "currency", "cash", "price", "monetary"];

pub(in crate::check) fn type_unknown(
    checker: &Checker,
    name: &Name,
    default: Option<&tree::Expr>,
) -> Diagnostic {
    let text = name.text.to_ascii_lowercase();
    let said = error(Code::UnknownUnit, name.span, format!("no type or unit is called {}", tick(&name.text)));
    if let Some((ours, _)) = TYPE_WORDS.iter().find(|(_, words)| words.contains(&text.as_str())) {
        return said.here(format!("it is called {} here", tick(ours))).fix(name.span, *ours);
    }
    if MONEY_WORDS.contains(&text.as_str()) {
        let said = said.help("an amount is counted in its currency: `USD`, `JPY`, `EUR`, …");
        return match default.map(|default| &default.kind) {
            Some(tree::ExprKind::Quantity(tree::Quantity { suffix: tree::Suffix::Unit(unit), .. })) => {
                let unit = unit.first().map_or("", |(unit, _)| unit.text.as_str());
                said.help(format!("write the currency in its place: {}", tick(unit))).fix(name.span, unit)
            }
            _ => said,
        };
    }
    let named = checker.names.list.iter().filter_map(|(name, (symbol, _))| match symbol {
        Symbol::Enum(_) | Symbol::Entity(_) => Some(name.as_str()),
        _ => None,
    });
    let said = suggest(said, name, BUILT_IN.into_iter().chain(named));
    if said.fixes.is_empty() { literal::unit_meant(said, &checker.policy.units, name) } else { said }
}

pub(in crate::check) fn units_too_large(span: Span) -> Diagnostic {
    error(Code::UnitMismatch, span, "this product of units is too large")
}

/// The words for the type of an expression.
fn noun(checker: &Checker, id: ExprId) -> String {
    noun_of(checker, checker.ty(id))
}

pub(super) fn noun_of(checker: &Checker, ty: &Type) -> String {
    match ty {
        Type::Row(entity) => format!("a row of {}", tick(&checker.policy.entities[*entity].name)),
        _ => type_noun(&checker.literals(), ty),
    }
}

fn both_numbers(a: &Type, b: &Type) -> Code {
    match (a, b) {
        (Type::Number { .. }, Type::Number { .. }) => Code::UnitMismatch,
        _ => Code::WrongType,
    }
}

pub(in crate::check) fn wrong_type(
    checker: &Checker,
    expected: &Type,
    found: ExprId,
    expr: &tree::Expr,
) -> Diagnostic {
    let have = checker.ty(found);
    let message = format!("expected {}, found {}", noun_of(checker, expected), noun(checker, found));
    let said = error(both_numbers(expected, have), expr.span, message);
    remedy(checker, said, expected, have, Some(expr), false)
}

/// The usual way out of a mismatch.
fn remedy(
    checker: &Checker,
    said: Diagnostic,
    expected: &Type,
    found: &Type,
    expr: Option<&tree::Expr>,
    compared: bool,
) -> Diagnostic {
    let units = &checker.policy.units;
    match (expected, found) {
        (
            Type::Number { dimension: want, face: Face::Unit(unit) },
            Type::Number { dimension: have, face: Face::Plain },
        ) if have.is_none() && !want.is_none() => match expr.map(|expr| (&expr.kind, expr.span)) {
            Some((tree::ExprKind::Quantity(quantity), span)) => {
                literal::with_unit(said, quantity, span, &[unit.display(units)])
            }
            _ => said.help(format!("multiply it by an amount such as {}", tick(&format!("1 {}", unit.display(units))))),
        },
        (Type::Number { dimension: want, .. }, Type::Number { dimension: have, .. })
            if units.is_money(want) && units.is_money(have) =>
        {
            let name = |dimension| crate::value::dimension_name(dimension, units);
            let (want, have) = (name(want), name(have));
            said.help(format!(
                "currencies convert only through a stated rate: {}, then multiply by it",
                tick(&format!(
                    "fact {}_per_{} : {want}/{have} over time",
                    want.to_lowercase(),
                    have.to_lowercase()
                ))
            ))
        }
        (Type::Number { face: Face::Rate, .. }, Type::Number { dimension: have, face: Face::Unit(unit) })
            if !have.is_none() && !compared =>
        {
            let unit = unit.display(units);
            said.help(format!(
                "a rate is a share: divide it by another amount in {unit}, or declare what is set in {}",
                tick(&unit)
            ))
        }
        (Type::Number { dimension: want, .. }, Type::Number { dimension: have, .. })
            if want.is_none() != have.is_none() =>
        {
            said.help("compare like with like: a share is `amount / total`, an amount is `rate * total`")
        }
        (Type::Date, Type::Number { .. } | Type::Code) => days_meant(checker, said, expr),
        (Type::Duration(_), Type::Number { .. }) => {
            let said = said.help("write the unit of time: `45 days`, `45 business days` or `1 month`");
            times(checker, said, expr)
        }
        (_, Type::Text) => unquoted(checker, said, expected, expr),
        (Type::Duration(_), Type::Duration(_)) => said.help(
            "days, business days and months do not mix: compare dates instead, such as `start + 1 month <= end`",
        ),
        (Type::Bool, _) => said.help("a condition is a comparison, or a fact of type `bool`"),
        _ => said,
    }
}

pub(in crate::check) fn sides_differ(
    checker: &Checker,
    verb: &str,
    left: (&tree::Expr, ExprId),
    right: (&tree::Expr, ExprId),
    span: Span,
) -> Diagnostic {
    let (a, b) = (checker.ty(left.1), checker.ty(right.1));
    let (x, y) = (noun(checker, left.1), noun(checker, right.1));
    let message = format!("cannot {verb} {x} with {y}");
    let said = error(both_numbers(a, b), span, message)
        .here("these do not go together")
        .also(left.0.span, x)
        .also(right.0.span, y);
    // What is written out follows the side that is not.
    match (&left.0.kind, &right.0.kind) {
        (tree::ExprKind::Text(_) | tree::ExprKind::Quantity(_), kind) if !is_literal(kind) => {
            remedy(checker, said, b, a, Some(left.0), true)
        }
        _ => remedy(checker, said, a, b, Some(right.0), true),
    }
}

fn is_literal(kind: &tree::ExprKind) -> bool {
    matches!(kind, tree::ExprKind::Text(_) | tree::ExprKind::Quantity(_) | tree::ExprKind::Code(_))
}

/// A day in another order, or without its hyphens.
fn days_meant(checker: &Checker, said: Diagnostic, expr: Option<&tree::Expr>) -> Diagnostic {
    let said =
        said.help("dates are written year-month-day, such as `2029-01-19`; times as `45 days` or `1 month`");
    let Some(expr) = expr else { return said };
    one_of_days(said, &crate::syntax::days_meant(checker.written(expr.span)), expr.span)
}

fn one_of_days(said: Diagnostic, days: &[String], span: Span) -> Diagnostic {
    let said = match days {
        [] => said,
        [only] => said.help(format!("write {}", tick(only))),
        many => {
            let ways: Vec<String> = many.iter().map(|day| tick(day)).collect();
            said.help(format!("write the day that is meant: {}", list_or(&ways)))
        }
    };
    days.iter().fold(said, |said, day| said.fix(span, day))
}

/// `31.12.2030`
/// M11
pub(in crate::check) fn codes_for(checker: &Checker, ty: &Type, span: Span) -> Diagnostic {
    error(Code::WrongType, span, format!("this is a range of codes, expected {}", noun_of(checker, ty)))
}

pub(in crate::check) fn codes_alone(span: Span) -> Diagnostic {
    error(Code::WrongType, span, "a range of codes stands only in braces after `in` or `under`")
}

pub(in crate::check) fn codes_of_two_lengths(
    first: crate::value::Code,
    last: crate::value::Code,
    span: Span,
) -> Diagnostic {
    match first.len() == last.len() {
        true => error(Code::BadCode, span, "this range goes from a code to an earlier one")
            .help(format!("write {}", tick(&format!("{last}..{first}")))),
        false => {
            // From the first code under the one, to the last under the other.
            let length = first.len().max(last.len());
            let filled = |code: crate::value::Code, with: &str| {
                let digits = code.digits();
                let more = with.repeat(length.saturating_sub(digits.len()));
                let code = crate::value::Code::of_digits(&format!("{digits}{more}"));
                code.map_or(digits, |code| code.to_string())
            };
            let whole = format!("{}..{}", filled(first, "0"), filled(last, "9"));
            error(Code::BadCode, span, "a range goes from one code to another of as many digits").help(
                format!(
                    "write {} if it goes from the first code under the one to the last under the other",
                    tick(&whole)
                ),
            )
        }
    }
}

pub(in crate::check) fn dotted_day(text: &str, span: Span) -> Option<Diagnostic> {
    let days = crate::syntax::days_meant(text);
    let message = "dates are written year-month-day, with four, two and two digits";
    (!days.is_empty()).then(|| one_of_days(error(Code::BadDate, span, message), &days, span))
}

/// A number of days of which it is not said which.
fn times(checker: &Checker, said: Diagnostic, expr: Option<&tree::Expr>) -> Diagnostic {
    let Some(tree::Expr { kind: tree::ExprKind::Quantity(quantity), span }) = expr else { return said };
    let mut units = vec!["days".to_string()];
    if !checker.policy.calendars.is_empty() {
        units.push("business days".to_string());
    }
    literal::with_unit(said, quantity, *span, &units)
}

/// A list of texts that would be values of the type wanted without their quotes.
pub(in crate::check) fn quoted_list(
    checker: &Checker,
    list: &[tree::Expr],
    want: &Type,
) -> Option<Diagnostic> {
    let bare = |one: &tree::Expr| match &one.kind {
        tree::ExprKind::Text(text) => bare_value(checker, text, one.span, want).map(|bare| (one.span, bare)),
        _ => None,
    };
    let bare: Vec<(Span, String)> = list.iter().map(bare).collect::<Option<_>>()?;
    let (first, _) = bare.first().filter(|_| *want != Type::Text)?;
    let words: Vec<&str> = bare.iter().map(|(_, text)| text.as_str()).collect();
    let title = format!("write them without quotes: {}", tick(&format!("{{{}}}", words.join(", "))));
    let message = format!("expected {}, found texts in quotes", noun_of(checker, want));
    let edits = bare.iter().map(|(span, text)| FixEdit::new(*span, text)).collect();
    Some(error(Code::WrongType, *first, message).fix_by(title, edits, true))
}

/// What stands in quotes, if it would be a value of the type wanted without them.
fn bare_value(checker: &Checker, text: &str, span: Span, want: &Type) -> Option<String> {
    let bare = text.trim();
    let read = crate::syntax::expression(span.source, bare, span.start).ok()?;
    literal::value(&checker.literals(), &read, want).is_ok().then(|| bare.to_string())
}

/// A text that would be a value of the type wanted without its quotes.
fn unquoted(checker: &Checker, said: Diagnostic, want: &Type, expr: Option<&tree::Expr>) -> Diagnostic {
    let Some(tree::Expr { kind: tree::ExprKind::Text(text), span }) = expr else { return said };
    if let Some(bare) = bare_value(checker, text, *span, want) {
        return said.help(format!("write it without quotes: {}", tick(&bare))).safe_fix(*span, bare);
    }
    let country = crate::value::country_meant(text).filter(|_| *want == Type::Country);
    match country {
        Some(country) => said.fix(*span, country.as_str()),
        None => said.help("only texts stand in quotes"),
    }
}

pub(in crate::check) fn no_order(checker: &Checker, ty: &Type, span: Span) -> Diagnostic {
    let help = match ty {
        Type::Code => "use `=` for the same code, or `under` for a heading: `entry.hts under 8703`",
        Type::Enum(_) => "use `=`, or `under` for a choice and all nested in it",
        _ => "use `=`, `!=` or `in`",
    };
    error(Code::WrongType, span, format!("{} has no order", noun_of(checker, ty))).help(help)
}

pub(in crate::check) fn number_wanted(checker: &Checker, expr: &tree::Expr, id: ExprId) -> Diagnostic {
    error(Code::WrongType, expr.span, format!("expected an amount, found {}", noun(checker, id)))
}

pub(in crate::check) fn duration_wanted(checker: &Checker, expr: &tree::Expr, id: ExprId) -> Diagnostic {
    error(Code::WrongType, expr.span, format!("expected a time, found {}", noun(checker, id)))
        .help("write `60 days`, `45 business days` or `1 month`")
}

pub(in crate::check) fn cannot_add(
    checker: &Checker,
    op: AddOp,
    left: (&tree::Expr, ExprId),
    right: (&tree::Expr, ExprId),
    span: Span,
) -> Diagnostic {
    let (verb, joint) = match op {
        AddOp::Plus => ("add", "to"),
        AddOp::Minus => ("subtract", "from"),
    };
    let (a, b) = (checker.ty(left.1), checker.ty(right.1));
    let (x, y) = (noun(checker, left.1), noun(checker, right.1));
    let said = error(both_numbers(a, b), span, format!("cannot {verb} {y} {joint} {x}"))
        .also(left.0.span, x)
        .also(right.0.span, y);
    match (a, b, &right.0.kind) {
        (Type::Date, Type::Number { .. }, tree::ExprKind::Quantity(_)) => {
            let said = said.help("say which days are meant: `days` or `business days`");
            times(checker, said, Some(right.0))
        }
        (Type::Number { dimension, .. }, Type::Number { dimension: rate, face: Face::Rate }, _)
            if !dimension.is_none() && rate.is_none() =>
        {
            said.help("a rate of an amount is a product: `amount * (100% + 15%)`")
        }
        _ => remedy(checker, said, a, b, Some(right.0), true),
    }
}

pub(in crate::check) fn cannot_multiply(
    checker: &Checker,
    op: MulOp,
    left: (&tree::Expr, ExprId),
    right: (&tree::Expr, ExprId),
    span: Span,
) -> Diagnostic {
    let (x, y) = (noun(checker, left.1), noun(checker, right.1));
    let message = match op {
        MulOp::Times => format!("cannot multiply {x} by {y}"),
        MulOp::Divide => format!("cannot divide {x} by {y}"),
    };
    error(Code::WrongType, span, message).also(left.0.span, x).also(right.0.span, y)
}

pub(in crate::check) fn bare_step(rounded: &tree::Rounded) -> Diagnostic {
    let kind = tree::ExprKind::Quantity(rounded.step.clone());
    literal::bare_rate(&tree::Expr { kind, span: rounded.step_span }).here("a rate is rounded to a rate")
}

pub(in crate::check) fn bad_step(checker: &Checker, rounded: &tree::Rounded, ty: &Type) -> Diagnostic {
    let message = format!("a step for rounding {} must be {0} above zero", noun_of(checker, ty));
    error(Code::UnitMismatch, rounded.step_span, message)
}

pub(in crate::check) fn answer_test_outside_expect(span: Span) -> Diagnostic {
    error(Code::TestInRule, span, "this tests an answer, which only `expect` may do").help(
        "a rule that read whether an answer is known would change when facts arrive; test the fact itself",
    )
}

pub(in crate::check) fn status_of_outcome(span: Span) -> Diagnostic {
    error(Code::TestInRule, span, "only an outcome can be a gap or a conflict")
        .help("a define has one value, is `undetermined` or an `error`")
}

pub(in crate::check) fn under_wants(checker: &Checker, ty: &Type, span: Span) -> Diagnostic {
    let message = format!("`under` asks of a tariff code or a choice, found {}", noun_of(checker, ty));
    let said = error(Code::WrongType, span, message);
    match ty {
        Type::Number { .. } | Type::Date | Type::Duration(_) => said.help("what is less is asked with `<`"),
        _ => said,
    }
}

pub(in crate::check) fn set_wanted(checker: &Checker, span: Span) -> Diagnostic {
    let said = error(Code::WrongType, span, "expected a list in braces or an annex");
    let list = format!("{{{}}}", checker.written(span));
    // The brackets around it, if there are any, give way to the braces.
    match checker.bracketed(span) {
        true => said.help(format!("write {} in place of the brackets", tick(&list))),
        false => said.fix(span, list),
    }
}

pub(in crate::check) fn cannot_aggregate(checker: &Checker, ty: &Type, span: Span) -> Diagnostic {
    error(Code::WrongType, span, format!("this cannot be taken over {}", noun_of(checker, ty)))
}

pub(in crate::check) fn times_are_a_number(span: Span, times: &str) -> Diagnostic {
    error(Code::WrongType, span, "how often interest is added is a number, found a time")
        .help(format!("write `({times}) / 1 day`, a number of days"))
}
