//! All that is said about stated facts.

use super::Statement;
use crate::diag::{Code, Diagnostic, closest, list_and, tick};
use crate::policy::{Entity, Face, Fact, Param, Policy, Power, Type};
use crate::sheet::Written;
use crate::text::Span;
use crate::tree::Name;
use crate::value::Day;

/// More names than these are not listed.
const LISTED: usize = 8;

/// A misspelt key is not compared with more rows than these.
const COMPARED: usize = 10_000;

pub(super) fn error(code: Code, span: Span, message: String) -> Diagnostic {
    Diagnostic::error(code, span, message)
}

/// A misspelt name: what was meant, or what there is.
pub(super) fn unknown<'a>(
    error: Diagnostic,
    name: &Name,
    what: &str,
    there: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    if let Some(known) = closest(&name.text, there.clone()) {
        return error.here(format!("did you mean {}?", tick(known))).fix(name.span, known);
    }
    let names: Vec<String> = there.take(LISTED + 1).map(tick).collect();
    let plural = if what.ends_with('x') { format!("{what}es") } else { format!("{what}s") };
    match names.as_slice() {
        [] => error.help(format!("there are no {plural}")),
        [one] => error.help(format!("there is one {what}, {one}")),
        _ if names.len() <= LISTED => error.help(format!("there are the {plural} {}", list_and(&names))),
        _ => error,
    }
}

pub(super) fn unknown_fact(policy: &Policy, name: &Name) -> Diagnostic {
    if let Some(kind) = computed(policy, &name.text) {
        return error(
            Code::Computed,
            name.span,
            format!("{} is {kind}: it is worked out, not stated", tick(&name.text)),
        )
        .help("state the facts it is worked out from");
    }
    let error = error(Code::UnknownName, name.span, format!("the policy has no fact {}", tick(&name.text)));
    if policy.entity(&name.text).is_some() {
        let fixed = format!("rows: {{{}: …}}", name.text);
        return error.here("this is a table").help(format!(
            "the rows of a table stand under {}: {}",
            tick("rows"),
            tick(&fixed)
        ));
    }
    if let Some(annex) = policy.annexes.values().find(|annex| annex.name == name.text) {
        return error.here("this is an annex").help(format!(
            "lines of an annex stand under {}: {}",
            tick("annexes"),
            tick(&format!("annexes: {{{}: [{{{}: …}}]}}", annex.name, annex.headings.keys.join(": …, ")))
        ));
    }
    unknown(error, name, "fact", policy.facts.values().map(|fact| fact.name.as_str()))
}

/// What a name stands for that nobody can state.
fn computed(policy: &Policy, name: &str) -> Option<&'static str> {
    let outcome = policy.outcomes.values().any(|outcome| outcome.name == name);
    let define = policy.defines.values().any(|define| define.name == name);
    let function = policy.functions.values().any(|function| function.name == name);
    match (outcome, define, function) {
        (true, _, _) => Some("an outcome"),
        (_, true, _) => Some("a define"),
        (_, _, true) => Some("a function"),
        _ => None,
    }
}

/// A bare number in a column whose heading does not say what it counts.
pub(super) fn unit_of_column(fact: &Fact, error: Diagnostic) -> Diagnostic {
    let name = &fact.name;
    let heading = |unit: &str| tick(&format!("{name} [{unit}]"));
    let help = match (&fact.ty, error.fixes.first().and_then(|fix| fix.edits.first())) {
        (Type::Number { face: Face::Rate, .. }, _) => format!(
            "head the column {} if its numbers are per cent, {} if they are fractions of one (0.15 for 15%)",
            heading("%"),
            heading("1")
        ),
        (_, Some(edit)) => {
            let unit = edit.text.split_once(' ').map_or("", |(_, unit)| unit);
            format!(
                "head the column {}, or with `comity run` say {}",
                heading(unit),
                tick(&format!("--unit {name}={unit}"))
            )
        }
        (_, None) => return error,
    };
    Diagnostic { fixes: Vec::new(), ..error }.help(help)
}

pub(super) fn blank_row(span: Span) -> Diagnostic {
    error(Code::RowKey, span, "this row is blank".to_string())
        .help("delete it; blank lines without commas are passed over")
}

pub(super) fn row_of_totals(key: &str, span: Span) -> Diagnostic {
    error(Code::BadCell, span, format!("{} is the sum of other rows, and would be counted twice", tick(key)))
        .help("delete the row; if it is one of the table, give it another key")
}

pub(super) fn hidden_in_key(sign: char, span: Span) -> Diagnostic {
    let message = format!("this key has a sign in it that nobody sees, U+{:04X}", u32::from(sign));
    error(Code::BadCell, span, message).help("take it out: a row is found by what can be read")
}

pub(super) fn unknown_table(policy: &Policy, name: &Name) -> Diagnostic {
    let error = error(Code::UnknownName, name.span, format!("the policy has no entity {}", tick(&name.text)));
    unknown(error, name, "table", policy.entities.values().map(|entity| entity.name.as_str()))
}

pub(super) fn unknown_field(entity: &Entity, name: &Name) -> Diagnostic {
    let message = format!("{} has no field {}", tick(&entity.name), tick(&name.text));
    let error = error(Code::UnknownName, name.span, message);
    if let Some((field, unit)) = name.text.strip_suffix(')').and_then(|text| text.split_once('('))
        && entity.fields.values().any(|one| one.name == field.trim())
    {
        let heading = format!("{} [{}]", field.trim(), unit.trim());
        return error.here("a unit stands in square brackets").fix(name.span, heading);
    }
    if name.text.contains([';', '\t']) {
        return error.help("the cells of a CSV file are separated by commas");
    }
    unknown(error, name, "field", entity.fields.values().map(|field| field.name.as_str()))
}

pub(super) fn unknown_row<'k>(
    entity: &Entity,
    key: &str,
    keys: impl Iterator<Item = &'k str> + Clone,
    span: Span,
) -> Diagnostic {
    let message = format!("no row of {} is called {}", tick(&entity.name), tick(key));
    let error = error(Code::UnknownName, span, message);
    let name = Name { text: key.to_string(), span };
    unknown(error, &name, "row", keys.take(COMPARED))
}

pub(super) fn table_not_stated(entity: &Entity, key: &str, span: Span) -> Diagnostic {
    let message = format!("{} is a row of {}, and no rows of it are stated", tick(key), tick(&entity.name));
    error(Code::UnknownName, span, message).help(format!(
        "state the table: {}, or say {}",
        tick(&format!("{}: {{{key}: {{}}}}", entity.name)),
        tick("unknown")
    ))
}

pub(super) fn not_a_key(entity: &Entity, span: Span) -> Diagnostic {
    error(Code::WrongType, span, format!("expected the key of a row of {}", tick(&entity.name)))
}

pub(super) fn acted_twice(name: &Name, first: Span) -> Diagnostic {
    error(Code::StatedTwice, name.span, format!("{} is named twice in one act", tick(&name.text)))
        .also(first, "a first time")
}

pub(super) fn name_twice(name: &Name, first: Span) -> Diagnostic {
    error(Code::StatedTwice, name.span, format!("{} is stated twice", tick(&name.text)))
        .here("a second time")
        .also(first, "a first time")
        .help("keep one; values from several days stand in one list")
}

/// A heading with a unit, and another one beside it on the command line.
pub(super) fn unit_twice(name: &Name, heading: &str, said: &Written<'_>) -> Diagnostic {
    let message = format!("the heading of {} says {}", tick(&name.text), tick(heading));
    error(Code::StatedTwice, said.span, message)
        .here(format!("and this {}", tick(said.text.trim())))
        .help("leave one of them out: the unit beside the file is for columns whose heading has none")
}

pub(super) fn row_twice(key: &str, span: Span, first: Span) -> Diagnostic {
    error(Code::StatedTwice, span, format!("the row {} is given twice", tick(key)))
        .here("a second time")
        .also(first, "a first time")
        .help("keep one of the two, or correct its key")
}

pub(super) fn through_twice(span: Span, first: Span) -> Diagnostic {
    error(Code::StatedTwice, span, format!("{} is said twice", tick("stated through")))
        .also(first, "a first time")
        .help("keep one of the two")
}

/// Two statements of one fact with the same days (T2).
pub(super) fn same_day(fact: &Fact, second: &Statement, first: &Statement) -> Diagnostic {
    let when = match (second.from, second.known) {
        (Day::FIRST, Day::FIRST) => String::new(),
        (from, Day::FIRST) => format!(" from {from}"),
        (from, known) => format!(" from {from} known from {known}"),
    };
    let error = error(Code::StatedTwice, second.span, format!("{} is stated twice{when}", tick(&fact.name)))
        .here("a second value")
        .also(first.span, "a first value");
    if fact.over_time {
        error
            .help("keep one of the two, or say from when the correction was known: `… known from 2026-01-15`")
    } else {
        error.help(format!("keep one of the two; a value that changes is declared {}", tick("over time")))
    }
}

pub(super) fn not_over_time(fact: &Fact, from: Span) -> Diagnostic {
    let name = tick(&fact.name);
    error(
        Code::NotOverTime,
        from,
        format!("{name} does not change over time, yet a value is stated from a day"),
    )
    .help(format!("take the `from` away, or declare {name} `over time`"))
}

pub(super) fn from_never(span: Span) -> Diagnostic {
    error(Code::NoSuchStart, span, format!("a day is needed here, and {} is none", tick("never")))
        .help("write the day, such as `2026-01-15`, or take the statement away")
}

pub(super) fn no_order(fact: &Fact, span: Span) -> Diagnostic {
    let kind = match fact.ty {
        Type::Bool => "true or false",
        Type::Text => "a text",
        Type::Code => "a tariff code",
        Type::Country => "a country",
        Type::Enum(_) => "a choice from a list",
        Type::Row(_) => "a row",
        Type::Number { .. } | Type::Date | Type::Duration(_) => "a value",
    };
    error(Code::NotOrdered, span, format!("{} is {kind}, which has no least or greatest", tick(&fact.name)))
        .help(format!("state one value, or {}", tick("unknown")))
}

pub(super) fn reversed(span: Span) -> Diagnostic {
    error(Code::EmptyRange, span, "no value lies between these two".to_string())
        .help("write the lesser first")
}

pub(super) fn not_whole(fact: &Fact, span: Span) -> Diagnostic {
    error(
        Code::NotWhole,
        span,
        format!("{} is counted in whole units, and this is a fraction", tick(&fact.name)),
    )
    .help(format!("state a whole number, or declare the unit without {}", tick("whole")))
}

/// A cumulative fact that certainly falls (T3).
pub(super) fn falls(fact: &Fact, later: &Statement, earlier: &Statement, by_default: bool) -> Diagnostic {
    error(Code::FallingFact, later.span, format!("{} never decreases, but here it falls", tick(&fact.name)))
        .here("a later day with less")
        .also(
            earlier.span,
            if by_default {
                "the default, which holds before it, is more"
            } else {
                "an earlier day with more"
            },
        )
        .help(
            "correct one of the two, or say from when a correction was known: `… known from 2027-02-15`; \
             a fact that may fall is declared without `cumulative`",
        )
}

pub(super) fn no_key(field: &str, span: Span) -> Diagnostic {
    error(Code::RowKey, span, "this row has no key".to_string())
        .help(format!("rows are told apart by {}: give each its own", tick(field)))
}

pub(super) fn not_one_key(field: &str, span: Span) -> Diagnostic {
    error(Code::RowKey, span, format!("the key {} is one value, without bounds and days", tick(field)))
}

pub(super) fn key_contradicted(field: &str, span: Span, key: Span) -> Diagnostic {
    error(Code::RowKey, span, format!("{} is not the key of its row", tick(field)))
        .also(key, "the row is called this")
        .help(format!("take {} away: the key of the row states it", tick(field)))
}

pub(super) fn no_key_column(entity: &Entity, header: Span) -> Diagnostic {
    let key = &entity.fields[entity.key].name;
    error(Code::RowKey, header, format!("no column is called {}", tick(key))).help(format!(
        "rows of {} are told apart by {}: give it a column",
        tick(&entity.name),
        tick(key)
    ))
}

pub(super) fn bad_column_unit(field: &Fact, unit: &str, span: Span) -> Diagnostic {
    error(
        Code::UnitMismatch,
        span,
        format!("{} is not a unit in which {} can be stated", tick(unit), tick(&field.name)),
    )
    .help("a column of amounts may name their unit: `value [USD]`")
}

/// `--set pledged`
pub(super) fn no_value(span: Span) -> Diagnostic {
    error(Code::FactsLayout, span, "a setting is a name and a value".to_string())
        .help("write it as `pledged=350 billion USD`")
}

pub(super) fn empty_list(span: Span) -> Diagnostic {
    error(Code::FactsLayout, span, "this list states nothing".to_string())
        .help(format!("write the values with their days, or {}", tick("unknown")))
}

pub(super) fn nothing(span: Span) -> Diagnostic {
    error(Code::FactsLayout, span, "an empty text states nothing".to_string())
        .help(format!("write {}", tick("unknown")))
}

pub(super) fn not_a_day(span: Span) -> Diagnostic {
    error(Code::WrongType, span, "expected a date".to_string()).help("write it as `2028-12-31`")
}

/// `act: …`
pub(super) fn act_form(span: Span) -> Diagnostic {
    error(Code::FactsLayout, span, "expected a power and its row".to_string())
        .help("write `act: raise_tariff`, or, of a power for each row, `act: call(\"ohio\")`")
}

pub(super) fn unknown_power(policy: &Policy, name: &Name) -> Diagnostic {
    let kind = match computed(policy, &name.text) {
        Some(kind) => Some(kind),
        None if policy.fact(&name.text).is_some() => Some("a fact"),
        None if policy.duties.values().any(|duty| duty.name == name.text) => Some("an obligation"),
        None if policy.rules.values().any(|rule| rule.name.as_ref() == Some(&name.text)) => Some("a rule"),
        None => None,
    };
    if let Some(kind) = kind {
        let message = format!("{} is {kind}: only powers are exercised", tick(&name.text));
        return error(Code::NotAValue, name.span, message);
    }
    let error = error(Code::UnknownName, name.span, format!("the policy has no power {}", tick(&name.text)));
    unknown(error, name, "power", policy.powers.values().map(|power| power.name.as_str()))
}

pub(super) fn unknown_holder(policy: &Policy, name: &Name) -> Diagnostic {
    let message = format!("the policy has no office or party {}", tick(&name.text));
    let error = error(Code::UnknownName, name.span, message);
    unknown(error, name, "holder", policy.holders.values().map(|holder| holder.name.as_str()))
}

pub(super) fn act_without_row(power: &Power, span: Span) -> Diagnostic {
    let message = format!("{} is one power, not one for each row", tick(&power.name));
    error(Code::RowMissing, span, message).help(format!("leave the brackets out: {}", tick(&power.name)))
}

pub(super) fn act_needs_row(power: &Power, entity: &Entity, span: Span) -> Diagnostic {
    let message = format!("{} is exercised for a row of {}", tick(&power.name), tick(&entity.name));
    error(Code::RowMissing, span, message)
        .help(format!("name the row: {}", tick(&format!("{}(\"key\")", power.name))))
}

pub(super) fn act_table_not_stated(entity: &Entity, key: &str, span: Span) -> Diagnostic {
    let message = format!("{} is a row of {}, and no rows of it are stated", tick(key), tick(&entity.name));
    error(Code::UnknownName, span, message)
        .help(format!("state the table: {}", tick(&format!("{}: {{{key}: {{}}}}", entity.name))))
}

pub(super) fn unknown_param(power: &Power, name: &Name) -> Diagnostic {
    let message = format!("{} has no parameter {}", tick(&power.name), tick(&name.text));
    let error = error(Code::UnknownName, name.span, message);
    unknown(error, name, "parameter", power.params.iter().map(|param| param.name.as_str()))
}

pub(super) fn param_once(param: &Param, span: Span) -> Diagnostic {
    error(Code::NotOverTime, span, format!("an act states one value of {}, without days", tick(&param.name)))
        .help("state one value; what was done on several days is several acts")
}

pub(super) fn act_twice(span: Span, first: Span) -> Diagnostic {
    error(Code::StatedTwice, span, "this act is stated twice".to_string())
        .here("a second time")
        .also(first, "a first time")
        .help("keep one of the two")
}
