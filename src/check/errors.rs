//! All that the checker says, in one place to be read in one sitting.

use super::Checker;
use super::names::{Symbol, TAKEN};
use super::types::BUILT_IN;
use crate::diag::{Code, Diagnostic, closest, count, list_and, list_or, tick};
use crate::literal::type_noun;
use crate::policy::{
    Annex, AnnexId, Entity, Enum, ExprId, Face, Fact, Outcome, OutcomeId, Rule, RuleId, Type,
};
use crate::text::Span;
use crate::tree::{self, AddOp, MulOp, Name, Quoted};
use crate::value::SHIPPED;

fn error(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, span, message)
}

/// A remedy by the nearest name, where one is near.
fn suggest<'a>(said: Diagnostic, name: &Name, candidates: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    match closest(&name.text, candidates) {
        Some(known) => said.here(format!("did you mean {}?", tick(known))).fix(name.span, known),
        None => said,
    }
}

// ---------- names ----------

pub(super) fn name_taken(name: &Name, known: Symbol, first: Span) -> Diagnostic {
    error(Code::NameTaken, name.span, format!("{} is declared twice", tick(&name.text)))
        .also(first, format!("it is {} already", known.noun()))
        .help("a name means one thing in a policy: choose another here")
}

pub(super) fn name_reserved(name: &Name) -> Diagnostic {
    error(Code::NameTaken, name.span, format!("{} means something of its own", tick(&name.text)))
        .help(format!("{} cannot be declared", list_and(&TAKEN.map(tick))))
}

pub(super) fn name_unknown<'a>(
    checker: &'a Checker,
    locals: impl Iterator<Item = &'a str>,
    name: &Name,
) -> Diagnostic {
    let said = error(Code::UnknownName, name.span, format!("nothing is called {}", tick(&name.text)));
    let values = checker.names.list.iter().filter(|(_, (symbol, _))| symbol.is_value());
    let choices = checker.policy.enums.values().flat_map(|list| &list.choices).map(|one| one.name.as_str());
    let candidates: Vec<&str> = locals.chain(values.map(|(name, _)| name.as_str())).chain(choices).collect();
    let said = suggest(said, name, candidates);
    match said.fix {
        Some(_) => said,
        None => said.help(format!("declare it, such as {}", tick(&format!("fact {} : USD", name.text)))),
    }
}

pub(super) fn not_a_value(name: &Name, symbol: Symbol) -> Diagnostic {
    error(Code::NotAValue, name.span, format!("{} is {}, not a value", tick(&name.text), symbol.noun()))
}

pub(super) fn unknown_in_rule(span: Span) -> Diagnostic {
    error(Code::NotAValue, span, "`unknown` can be stated of a fact, not written in a rule")
        .help("leave the fact out of the facts file, or state it as `unknown` there")
}

pub(super) fn choice_ambiguous(name: &Name, lists: &[&str]) -> Diagnostic {
    let said =
        error(Code::AmbiguousName, name.span, format!("{} could mean several things", tick(&name.text)));
    let ways: Vec<String> = lists.iter().map(|list| tick(&format!("{list}.{}", name.text))).collect();
    match ways.is_empty() {
        true => said.help("write it with the name of its enum before it"),
        false => said.help(format!("write {}", list_or(&ways))),
    }
}

pub(super) fn choice_wanted(name: &Name, list: &Enum) -> Diagnostic {
    let names: Vec<String> = list.choices.iter().map(|one| format!("{}.{}", list.name, one.name)).collect();
    let shown: Vec<String> = names.iter().take(6).map(|name| tick(name)).collect();
    error(Code::NotAValue, name.span, format!("{} is an enum, not one of its choices", tick(&name.text)))
        .help(format!("write one of them, such as {}", list_or(&shown)))
}

pub(super) fn choice_twice(name: &str, first: Span, second: Span) -> Diagnostic {
    error(Code::NameTaken, second, format!("the choice {} is listed twice", tick(name)))
        .also(first, "first here")
}

pub(super) fn not_supported(span: Span, what: &str) -> Diagnostic {
    error(Code::NotSupported, span, format!("{what} cannot be run yet"))
        .help("this version reads them and checks their form; take them out to run the rest")
}

// ---------- types ----------

pub(super) fn type_unknown(checker: &Checker, name: &Name) -> Diagnostic {
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

pub(super) fn units_too_large(span: Span) -> Diagnostic {
    error(Code::UnitMismatch, span, "this product of units is too large")
}

pub(super) fn not_a_code(span: Span) -> Diagnostic {
    error(Code::WrongType, span, "expected a tariff code")
}

/// The words for the type of an expression.
fn noun(checker: &Checker, id: ExprId) -> String {
    noun_of(checker, checker.ty(id))
}

fn noun_of(checker: &Checker, ty: &Type) -> String {
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

pub(super) fn wrong_type(checker: &Checker, expected: &Type, found: ExprId, expr: &tree::Expr) -> Diagnostic {
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

pub(super) fn sides_differ(
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

pub(super) fn no_order(checker: &Checker, ty: &Type, span: Span) -> Diagnostic {
    let help = match ty {
        Type::Code => "use `=` for the same code, or `under` for a heading: `entry.hts under 8703`",
        Type::Enum(_) => "use `=`, or `under` for a choice and all nested in it",
        _ => "use `=`, `!=` or `in`",
    };
    error(Code::WrongType, span, format!("{} has no order", noun_of(checker, ty))).help(help)
}

pub(super) fn number_wanted(checker: &Checker, expr: &tree::Expr, id: ExprId) -> Diagnostic {
    error(Code::WrongType, expr.span, format!("expected an amount, found {}", noun(checker, id)))
}

pub(super) fn duration_wanted(checker: &Checker, expr: &tree::Expr, id: ExprId) -> Diagnostic {
    error(Code::WrongType, expr.span, format!("expected a time, found {}", noun(checker, id)))
        .help("write `60 days`, `45 business days` or `1 month`")
}

pub(super) fn cannot_add(
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

pub(super) fn cannot_multiply(
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

pub(super) fn bare_step(rounded: &tree::Rounded) -> Diagnostic {
    let fixed = format!("{}%", rounded.step.spelled);
    error(
        Code::BareRate,
        rounded.step_span,
        format!("{} is not written as a rate", tick(&rounded.step.spelled)),
    )
    .here("a rate is rounded to a rate")
    .fix(rounded.step_span, fixed)
}

pub(super) fn bad_step(checker: &Checker, rounded: &tree::Rounded, ty: &Type) -> Diagnostic {
    let message = format!("a step for rounding {} must be {0} above zero", noun_of(checker, ty));
    error(Code::UnitMismatch, rounded.step_span, message)
}

pub(super) fn answer_test_outside_expect(span: Span) -> Diagnostic {
    error(Code::TestInRule, span, "this tests an answer, which only `expect` may do").help(
        "a rule that read whether an answer is known would change when facts arrive; test the fact itself",
    )
}

pub(super) fn status_of_outcome(span: Span) -> Diagnostic {
    error(Code::TestInRule, span, "only an outcome can be a gap or a conflict")
        .help("a define has one value, is `undetermined` or an `error`")
}

pub(super) fn under_wants(checker: &Checker, ty: &Type, span: Span) -> Diagnostic {
    let message = format!("`under` asks of a tariff code or a choice, found {}", noun_of(checker, ty));
    error(Code::WrongType, span, message)
}

pub(super) fn set_wanted(span: Span) -> Diagnostic {
    error(Code::WrongType, span, "expected a list in braces or an annex").help("write `in {JP, KR}`")
}

pub(super) fn cannot_aggregate(checker: &Checker, ty: &Type, span: Span) -> Diagnostic {
    error(Code::WrongType, span, format!("this cannot be taken over {}", noun_of(checker, ty)))
}

// ---------- rows ----------

pub(super) fn row_not_in_sight(name: &Name) -> Diagnostic {
    error(Code::RowMissing, name.span, format!("no row of {} is in sight here", tick(&name.text))).help(
        format!(
            "name one, {}, or write the declaration {}",
            tick(&format!("{}(\"key\")", name.text)),
            tick(&format!("for each {}", name.text))
        ),
    )
}

pub(super) fn row_wanted(name: &Name, entity: &str) -> Diagnostic {
    error(
        Code::RowMissing,
        name.span,
        format!("{} has a value for each row of {}", tick(&name.text), tick(entity)),
    )
    .help(format!(
        "name the row, such as {}, or write {} in the head",
        tick(&format!("{}(\"key\")", name.text)),
        tick(&format!("for each {entity}"))
    ))
}

pub(super) fn row_not_wanted(name: &Name, args: Span) -> Diagnostic {
    error(Code::RowMissing, args, format!("{} has one value, not one for each row", tick(&name.text)))
        .help("leave the brackets out")
}

pub(super) fn one_row_wanted(name: &Name, args: Span) -> Diagnostic {
    error(Code::RowMissing, args, format!("{} is asked of one row", tick(&name.text)))
}

pub(super) fn row_of_entity_wanted(name: &Name, entity: &str, span: Span) -> Diagnostic {
    let message = format!("{} is asked of a row of {}", tick(&name.text), tick(entity));
    error(Code::WrongType, span, message).help("write its key in quotes, or the name of a row in sight")
}

pub(super) fn row_name_taken(name: &Name) -> Diagnostic {
    error(Code::NameTaken, name.span, format!("a row in sight is called {} already", tick(&name.text)))
        .help(format!("name this one otherwise: {}", tick(&format!("for each other in {}", name.text))))
}

pub(super) fn field_unknown(entity: &Entity, name: &Name) -> Diagnostic {
    let message = format!("{} has no field {}", tick(&entity.name), tick(&name.text));
    let said = error(Code::UnknownName, name.span, message).also(entity.span, "declared here");
    let fields = entity.fields.values().map(|field| field.name.as_str());
    suggest(said, name, fields)
}

pub(super) fn field_twice(name: &Name, first: Span) -> Diagnostic {
    error(Code::NameTaken, name.span, format!("the field {} is declared twice", tick(&name.text)))
        .also(first, "first here")
}

pub(super) fn no_fields(checker: &Checker, name: &Name, ty: &Type) -> Diagnostic {
    error(Code::UnknownName, name.span, format!("{} has no fields", noun_of(checker, ty)))
}

pub(super) fn not_called(args: Span) -> Diagnostic {
    error(Code::WrongType, args, "nothing can be asked of this with brackets")
}

pub(super) fn entity_wanted(checker: &Checker, name: &Name, found: Option<Symbol>) -> Diagnostic {
    let said = match found {
        Some(symbol) => {
            let message = format!("{} is {}, not an entity", tick(&name.text), symbol.noun());
            error(Code::NotAValue, name.span, message)
        }
        None => error(Code::UnknownName, name.span, format!("no entity is called {}", tick(&name.text))),
    };
    suggest(said, name, checker.policy.entities.values().map(|entity| entity.name.as_str()))
}

pub(super) fn key_missing(name: &Name) -> Diagnostic {
    error(Code::BadEntity, name.span, format!("the rows of {} have no key", tick(&name.text)))
        .help(format!("say which field names a row: {}", tick(&format!("entity {} keyed by …", name.text))))
}

pub(super) fn key_type(name: &Name) -> Diagnostic {
    error(Code::BadEntity, name.span, "a key is a text, a code or a date")
}

pub(super) fn date_field(name: &Name) -> Diagnostic {
    error(Code::BadEntity, name.span, format!("{} must be a field of type `date`", tick(&name.text)))
}

pub(super) fn row_date_over_time(field: &Fact) -> Diagnostic {
    error(
        Code::BadEntity,
        field.span,
        format!("the date of a row, {}, cannot itself change over time", tick(&field.name)),
    )
}

pub(super) fn cumulative_number(fact: &tree::Fact) -> Diagnostic {
    error(Code::WrongType, fact.name.span, "only an amount can be `cumulative`")
}

// ---------- functions and annexes ----------

pub(super) fn arguments_missing(name: &Name, params: &[(String, Type)]) -> Diagnostic {
    let params: Vec<&str> = params.iter().map(|(name, _)| name.as_str()).collect();
    error(Code::WrongArguments, name.span, format!("{} is a function", tick(&name.text)))
        .help(format!("call it: {}", tick(&format!("{}({})", name.text, params.join(", ")))))
}

pub(super) fn arguments_counted(
    name: &Name,
    params: &[(String, Type)],
    found: usize,
    span: Span,
) -> Diagnostic {
    let message = format!("{} takes {}, found {found}", tick(&name.text), count(params.len(), "argument"));
    error(Code::WrongArguments, span, message)
}

pub(super) fn annex_keys_missing(name: &Name) -> Diagnostic {
    error(
        Code::WrongArguments,
        name.span,
        format!("{} is an annex: say which line is meant", tick(&name.text)),
    )
    .help(format!("write {}", tick(&format!("{}(entry.hts)", name.text))))
}

pub(super) fn annex_keys_counted(name: &Name, keys: usize, found: usize, span: Span) -> Diagnostic {
    error(
        Code::WrongArguments,
        span,
        format!("{} is looked up by {}, found {found}", tick(&name.text), count(keys, "key")),
    )
}

pub(super) fn column_unknown(annex: &Annex, name: &Name) -> Diagnostic {
    let message = format!("the annex {} has no column {}", tick(&annex.name), tick(&name.text));
    let columns = annex.columns.iter().filter_map(|column| column.name.as_deref());
    suggest(error(Code::UnknownName, name.span, message).also(annex.span, "declared here"), name, columns)
}

pub(super) fn column_missing(annex: &Annex, name: &Name) -> Diagnostic {
    let columns: Vec<String> = annex
        .columns
        .iter()
        .filter_map(|column| column.name.as_ref())
        .map(|column| tick(&format!("{}(…).{column}", annex.name)))
        .collect();
    let said =
        error(Code::WrongArguments, name.span, format!("which column of {} is meant?", tick(&annex.name)));
    match columns.is_empty() {
        true => said.help("this annex is a set of codes: ask `code under annex`"),
        false => said.help(format!("write {}", list_or(&columns))),
    }
}

pub(super) fn annex_key_differs(checker: &Checker, annex: AnnexId, ty: &Type, span: Span) -> Diagnostic {
    let annex = &checker.policy.annexes[annex];
    let key = annex.keys.first().map_or_else(String::new, |key| noun_of(checker, key));
    let message = format!("{} lists {key}, not {}", tick(&annex.name), noun_of(checker, ty));
    error(Code::WrongType, span, message).also(annex.span, "declared here")
}

pub(super) fn file_unreadable(file: &Quoted, why: &str) -> Diagnostic {
    error(Code::FileUnreadable, file.span, format!("{} cannot be read: {why}", tick(&file.text)))
        .help("paths are seen from the file in which they stand")
}

pub(super) fn annex_too_large(file: &Quoted, limit: usize) -> Diagnostic {
    error(Code::TooLarge, file.span, format!("{} is larger than {} MiB", tick(&file.text), limit >> 20))
}

pub(super) fn annex_unreadable(span: Span, why: &str) -> Diagnostic {
    error(Code::BadAnnex, span, format!("this is not a table of comma-separated values: {why}"))
}

pub(super) fn annex_keys_short(annex: &tree::Annex, keys: usize, found: usize) -> Diagnostic {
    let message = format!(
        "{} is declared with {}, its file has {}",
        tick(&annex.name.text),
        count(keys, "key"),
        count(found, "column")
    );
    error(Code::BadAnnex, annex.name.span, message)
}

pub(super) fn heading_missing(column: &tree::Column, headings: &[&str], file: Span) -> Diagnostic {
    let listed: Vec<String> = headings.iter().map(|heading| tick(heading)).collect();
    match &column.name {
        Some(name) => {
            let said =
                error(Code::BadAnnex, name.span, format!("the file has no column {}", tick(&name.text)))
                    .also(file, "its headings");
            suggest(said, name, headings.iter().copied())
        }
        None => error(Code::BadAnnex, column.ty.span, "which column of the file is meant?")
            .also(file, "its headings")
            .help(format!("name it: {}", list_or(&listed))),
    }
}

pub(super) fn ragged(line: Span, wanted: usize, found: usize) -> Diagnostic {
    error(Code::BadAnnex, line, format!("this line has {}, the heading has {wanted}", count(found, "cell")))
}

pub(super) fn key_blank(span: Span) -> Diagnostic {
    error(Code::BadAnnex, span, "a key is blank")
}

pub(super) fn key_twice(text: &str, span: Span) -> Diagnostic {
    error(Code::BadAnnex, span, format!("the key {} is listed twice", tick(text)))
}

// ---------- calendars, units, sources ----------

pub(super) fn calendar_part<'a>(part: &Name, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let said = error(Code::UnknownCalendar, part.span, format!("no calendar is called {}", tick(&part.text)));
    let known: Vec<&str> = known.collect();
    match closest(&part.text, known.iter().copied()) {
        Some(near) => said.here(format!("did you mean {}?", tick(near))).fix(part.span, near),
        None => said.help(format!("declare it first: {}", tick(&format!("calendar {}", part.text)))),
    }
}

pub(super) fn calendar_not_found(name: &Name, path: &str) -> Diagnostic {
    let said = error(Code::UnknownCalendar, name.span, format!("no calendar is called {}", tick(&name.text)));
    match closest(&name.text, SHIPPED) {
        Some(known) => said.here(format!("did you mean {}?", tick(known))).fix(name.span, known),
        None => said.help(format!(
            "{} are shipped; one of your own is read from {}",
            list_and(&SHIPPED.map(tick)),
            tick(path)
        )),
    }
}

pub(super) fn calendar_wrong(span: Span, why: &str) -> Diagnostic {
    error(Code::BadCalendar, span, why).help("a calendar says `# covers 2024-2035`, then lists `date,name`")
}

pub(super) fn unit_of_nothing(name: &Name) -> Diagnostic {
    error(Code::BadUnit, name.span, format!("{} must be a number of other units", tick(&name.text)))
        .help(format!("write {}", tick(&format!("unit {} = 1000 kg", name.text))))
}

pub(super) fn unit_taken(name: &Name) -> Diagnostic {
    error(Code::NameTaken, name.span, format!("the unit {} has another meaning already", tick(&name.text)))
}

pub(super) fn unit_bad(name: &Name) -> Diagnostic {
    error(Code::BadUnit, name.span, format!("{} cannot be such a unit", tick(&name.text)))
        .help("a unit is more than zero of another, within the bounds of numbers")
}

pub(super) fn second_agreement(span: Span) -> Diagnostic {
    error(Code::NameTaken, span, "a policy has one `agreement` line, and this is the second")
}

pub(super) fn source_wanted(checker: &Checker, name: &Name, found: Option<Symbol>) -> Diagnostic {
    let said = match found {
        Some(symbol) => {
            let message = format!("{} is {}, not a source", tick(&name.text), symbol.noun());
            error(Code::NotAValue, name.span, message)
        }
        None => error(Code::UnknownName, name.span, format!("no source is called {}", tick(&name.text))),
    };
    let said = suggest(said, name, checker.policy.instruments.values().map(|source| source.name.as_str()));
    match said.fix {
        Some(_) => said,
        None => said.help(format!("declare it: {}", tick(&format!("source {} \"title\"", name.text)))),
    }
}

// ---------- rules ----------

pub(super) fn article_twice(article: &tree::Article, first: Span) -> Diagnostic {
    error(Code::NameTaken, article.number_span, format!("article {} stands twice", article.number))
        .also(first, "first here")
}

pub(super) fn article_unknown<'a>(
    number: u32,
    known: impl Iterator<Item = &'a u32>,
    span: Span,
) -> Diagnostic {
    let known: Vec<String> = known.map(|number| format!("article {number}")).collect();
    let said = error(Code::UnknownName, span, format!("there is no article {number}"));
    match known.is_empty() {
        true => said,
        false => said.help(format!("there is {}", list_and(&known))),
    }
}

pub(super) fn rule_wanted(checker: &Checker, name: &Name, found: Option<Symbol>) -> Diagnostic {
    let said = match found {
        Some(symbol) => {
            let message = format!("{} is {}, not a rule", tick(&name.text), symbol.noun());
            error(Code::NotAValue, name.span, message)
                .help("priorities stand between rules, articles and sources")
        }
        None => error(Code::UnknownName, name.span, format!("no rule is called {}", tick(&name.text))),
    };
    suggest(said, name, checker.policy.rules.values().filter_map(|rule| rule.name.as_deref()))
}

pub(super) fn above_itself(name: &Name) -> Diagnostic {
    error(Code::PriorityLoop, name.span, format!("{} cannot stand above itself", tick(&name.text)))
}

pub(super) fn priority_loop(loop_: &[(String, Span)]) -> Diagnostic {
    let names: Vec<&str> = loop_.iter().chain(loop_.first()).map(|(name, _)| name.as_str()).collect();
    let span = loop_.first().map_or(Span::default(), |(_, span)| *span);
    let mut said =
        error(Code::PriorityLoop, span, format!("these rules stand above each other: {}", names.join(" > ")));
    for (_, span) in loop_.iter().skip(1) {
        said = said.also(*span, "and here");
    }
    said.help("take one `notwithstanding` or `subject to` of the loop out")
}

pub(super) fn circle(nodes: &[(String, Span)]) -> Diagnostic {
    let names: Vec<&str> = nodes.iter().chain(nodes.first()).map(|(name, _)| name.as_str()).collect();
    let span = nodes.first().map_or(Span::default(), |(_, span)| *span);
    let mut said = error(Code::Circle, span, format!("this depends on itself: {}", names.join(" → ")));
    for (name, span) in nodes.iter().skip(1) {
        said = said.also(*span, format!("{} is part of the circle", tick(name)));
    }
    said.help("a value may not depend on itself, not even on an earlier day")
}

pub(super) fn outcome_wanted(checker: &Checker, name: &Name, found: Option<Symbol>) -> Diagnostic {
    let said = match found {
        Some(Symbol::Fact(_)) => {
            let message = format!("{} is a fact: it is stated, not decided by a rule", tick(&name.text));
            error(Code::NotAnOutcome, name.span, message)
        }
        Some(symbol) => {
            let message = format!("{} is {}, not an outcome", tick(&name.text), symbol.noun());
            error(Code::NotAnOutcome, name.span, message)
        }
        None => error(Code::UnknownName, name.span, format!("no outcome is called {}", tick(&name.text))),
    };
    let said = suggest(said, name, checker.policy.outcomes.values().map(|outcome| outcome.name.as_str()));
    match said.fix {
        Some(_) => said,
        None => said.help(format!("declare it: {}", tick(&format!("outcome {} : rate", name.text)))),
    }
}

pub(super) fn too_many_branches(span: Span, found: usize, most: usize) -> Diagnostic {
    error(Code::TooLarge, span, format!("this rule has {found} branches, at most {most} are read"))
        .help("put long schedules into an annex and look them up")
}

pub(super) fn assigned_twice(name: &Name) -> Diagnostic {
    error(Code::AssignedTwice, name.span, format!("{} is assigned twice in one branch", tick(&name.text)))
}

pub(super) fn rows_differ(checker: &Checker, rule: RuleId, outcome: OutcomeId, target: &Name) -> Diagnostic {
    let policy = &checker.policy;
    let entity = |id| tick(&policy.entities[id].name);
    let (rule_each, outcome_each) = (policy.rules[rule].for_each, policy.outcomes[outcome].for_each);
    let span = policy.outcomes[outcome].span;
    let said = match (rule_each, outcome_each) {
        (None, Some(id)) => error(
            Code::RowsDiffer,
            target.span,
            format!(
                "{} has a value for each row of {}, this rule has no row",
                tick(&target.text),
                entity(id)
            ),
        )
        .help(format!(
            "write `for each {}` in the head of the rule or its article",
            policy.entities[id].name
        )),
        (Some(id), None) => error(
            Code::RowsDiffer,
            target.span,
            format!("{} has one value, this rule is for each row of {}", tick(&target.text), entity(id)),
        )
        .help("declare the outcome `for each` row too, or move the rule out of the article"),
        (a, b) => error(
            Code::RowsDiffer,
            target.span,
            format!(
                "this rule is for each row of {}, {} for each row of {}",
                a.map_or_else(String::new, entity),
                tick(&target.text),
                b.map_or_else(String::new, entity)
            ),
        ),
    };
    said.also(span, "declared here")
}

pub(super) fn window_moves(span: Span) -> Diagnostic {
    error(Code::MovingWindow, span, "the days of a head may not change from day to day")
        .help("put what depends on the day into the condition: `if today >= … then …`")
}

// ---------- scenarios ----------

pub(super) fn scenario_twice(title: &Quoted, first: Span) -> Diagnostic {
    error(Code::NameTaken, title.span, "two scenarios have this title").also(first, "first here")
}

// ---------- lints ----------

pub(super) fn no_rule(outcome: &Outcome) -> Diagnostic {
    let message = format!("no rule decides {}", tick(&outcome.name));
    Diagnostic::warning(Code::NoRule, outcome.span, message)
        .help("it will always be a gap: add a rule or an `otherwise`")
}

pub(super) fn aggregate_unbracketed(span: Span) -> Diagnostic {
    let message = "this `where` ends one side of a comparison, and runs as far right as it can";
    Diagnostic::warning(Code::AggregateUnbracketed, span, message)
        .help("put brackets around it: `(sum of … for each … where …)`")
}

pub(super) fn otherwise_rounded(span: Span) -> Diagnostic {
    Diagnostic::warning(Code::OtherwiseRounded, span, "this rounds the `otherwise` alone").help(
        "if the outcome itself is meant to be rounded, write `rounded …` before `otherwise`; else put brackets",
    )
}

pub(super) fn always_displaces(rule: &Rule, span: Span) -> Diagnostic {
    let message = format!("with this `otherwise`, {} always displaces the rules below it", tick(&rule.shown));
    Diagnostic::warning(Code::AlwaysDisplaces, span, message)
        .help("leave the `otherwise` to a rule of its own, without `notwithstanding`")
}

pub(super) fn edge_without_effect(rule: &Rule, other: &Rule) -> Diagnostic {
    let message = format!("{} and {} decide no outcome in common", tick(&rule.shown), tick(&other.shown));
    Diagnostic::warning(Code::PriorityWithoutEffect, rule.name_span, message)
        .also(other.name_span, "the other rule")
        .help("the `notwithstanding` between them changes nothing")
}

pub(super) fn complementary(first: &Rule, second: &Rule) -> Diagnostic {
    let message = format!("{} and {} have opposite conditions", tick(&first.shown), tick(&second.shown));
    Diagnostic::warning(Code::ComplementaryRules, second.name_span, message).also(first.name_span, "the other rule").help(
        "write one rule with `otherwise`: conditions are taken one by one, so with a missing fact two rules are undetermined \
         even where they agree",
    )
}
