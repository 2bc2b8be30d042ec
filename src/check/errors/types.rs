//! Types and units.

use super::*;

pub(in crate::check) fn type_unknown(checker: &Checker, name: &Name) -> Diagnostic {
    let said = error(Code::UnknownUnit, name.span, format!("no type or unit is called {}", tick(&name.text)));
    let named = checker.names.list.iter().filter_map(|(name, (symbol, _))| match symbol {
        Symbol::Enum(_) | Symbol::Entity(_) => Some(name.as_str()),
        _ => None,
    });
    let all: Vec<&str> = BUILT_IN.into_iter().chain(named).chain(checker.policy.units.names()).collect();
    let said = suggest(said, name, all);
    match said.fix {
        Some(_) => said,
        None => said.help(format!("declare the unit: {}", tick(&format!("unit {}", name.text)))),
    }
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
    remedy(checker, said, expected, have, Some(expr))
}

/// The usual way out of a mismatch.
fn remedy(
    checker: &Checker,
    said: Diagnostic,
    expected: &Type,
    found: &Type,
    expr: Option<&tree::Expr>,
) -> Diagnostic {
    let units = &checker.policy.units;
    match (expected, found) {
        (
            Type::Number { dimension: want, face: Face::Unit(unit) },
            Type::Number { dimension: have, face: Face::Plain },
        ) if have.is_none() && !want.is_none() => match expr.map(|expr| (&expr.kind, expr.span)) {
            Some((tree::ExprKind::Quantity(quantity), span)) => {
                said.fix(span, format!("{} {}", quantity.spelled, unit.display(units)))
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
        (Type::Number { dimension: want, .. }, Type::Number { dimension: have, .. })
            if want.is_none() != have.is_none() =>
        {
            said.help("compare like with like: a share is `amount / total`, an amount is `rate * total`")
        }
        (Type::Date, Type::Number { .. }) | (Type::Duration(_), Type::Number { .. }) => {
            said.help("write the unit of time: `45 days`, `45 business days` or `1 month`")
        }
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
    remedy(checker, said, a, b, Some(right.0))
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
        (Type::Date, Type::Number { .. }, tree::ExprKind::Quantity(quantity)) => said
            .help("say which days are meant: `days` or `business days`")
            .fix(right.0.span, format!("{} days", quantity.spelled)),
        (Type::Number { dimension, .. }, Type::Number { dimension: rate, face: Face::Rate }, _)
            if !dimension.is_none() && rate.is_none() =>
        {
            said.help("a rate of an amount is a product: `amount * (100% + 15%)`")
        }
        _ => remedy(checker, said, a, b, Some(right.0)),
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
    let fixed = format!("{}%", rounded.step.spelled);
    error(
        Code::BareRate,
        rounded.step_span,
        format!("{} is not written as a rate", tick(&rounded.step.spelled)),
    )
    .here("a rate is rounded to a rate")
    .fix(rounded.step_span, fixed)
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
    error(Code::WrongType, span, message)
}

pub(in crate::check) fn set_wanted(span: Span) -> Diagnostic {
    error(Code::WrongType, span, "expected a list in braces or an annex").help("write `in {JP, KR}`")
}

pub(in crate::check) fn cannot_aggregate(checker: &Checker, ty: &Type, span: Span) -> Diagnostic {
    error(Code::WrongType, span, format!("this cannot be taken over {}", noun_of(checker, ty)))
}
