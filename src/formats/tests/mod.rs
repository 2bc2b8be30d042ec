//! Facts files from text to what is bound, and what is said of those that are wrong.

mod acts;
mod any;
mod bind;
mod formats;
mod rows;

use super::{Format, facts};
use crate::check::check;
use crate::diag::Diagnostic;
use crate::facts::{Act, Facts, Input, Slot, bind};
use crate::policy::{Policy, Type};
use crate::syntax;
use crate::text::{Files, Sources};
use crate::value::{Possible, Value, wire};
use std::collections::BTreeMap;
use std::fmt::Display;

/// Files by name.
pub(super) struct Disk(BTreeMap<&'static str, String>);

impl Files for Disk {
    fn read(&self, path: &str) -> Result<String, String> {
        self.0.get(path).cloned().ok_or_else(|| "no such file".to_string())
    }
}

pub(super) fn disk(files: &[(&'static str, &str)]) -> Disk {
    Disk(files.iter().map(|(name, text)| (*name, text.to_string())).collect())
}

/// The policy of a text.
pub(super) fn policy(text: &str) -> Policy {
    let mut sources = Sources::new();
    let id = sources.add("test.comity", text);
    let tree = syntax::file(id, text).unwrap_or_else(|errors| panic!("{}", said(&sources, &errors)));
    let checked = check(&[tree], &disk(&[]), &mut sources);
    checked.policy.unwrap_or_else(|| panic!("{}", said(&sources, &checked.said)))
}

/// Each message as `code @ "text": message`, one to a line.
pub(super) fn said(sources: &Sources, errors: &[Diagnostic]) -> String {
    let one = |error: &Diagnostic| {
        let place = error.span().map_or("", |span| sources.text(span));
        format!("{} @ {place:?}: {}", error.code, error.message)
    };
    errors.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// What a facts file of that format states, or what is wrong with it.
pub(super) fn bound(policy: &Policy, format: Format, text: &str, files: &Disk) -> String {
    let mut sources = Sources::new();
    let id = sources.add("facts", text);
    let facts = facts(&mut sources, id, format, files).and_then(|input| bind(policy, &input));
    match facts {
        Ok(facts) => shown(policy, &facts),
        Err(errors) => said(&sources, &errors),
    }
}

/// All that is stated, one fact or row to a line.
pub(super) fn shown(policy: &Policy, facts: &Facts) -> String {
    let mut lines = Vec::new();
    lines.extend(facts.stated_through.map(|day| format!("stated through {day}")));
    for (id, fact) in policy.facts.iter() {
        if !facts.facts[id].statements.is_empty() {
            lines.push(format!("{} = {}", fact.name, slot(policy, facts, &fact.ty, &facts.facts[id])));
        }
    }
    for (id, entity) in policy.entities.iter() {
        let Some(rows) = &facts.tables[id] else { continue };
        if rows.rows.is_empty() {
            lines.push(format!("{} is empty", entity.name));
        }
        for (key, row) in &rows.rows {
            let stated = entity.fields.iter().filter(|(field, _)| !row.cells[*field].statements.is_empty());
            let cells: Vec<String> = stated
                .map(|(id, field)| {
                    format!("{} = {}", field.name, slot(policy, facts, &field.ty, &row.cells[id]))
                })
                .collect();
            lines.push(format!("{} {key:?} {{ {} }}", entity.name, cells.join("; ")));
        }
    }
    lines.extend(facts.acts.iter().map(|one| act(policy, facts, one)));
    lines.extend(facts.announcements.iter().map(|one| format!("announced: {}", act(policy, facts, one))));
    lines.join("\n")
}

fn act(policy: &Policy, facts: &Facts, act: &Act) -> String {
    let power = &policy.powers[act.power];
    let mut text = power.name.clone();
    if let (Some(entity), Some(row)) = (power.for_each, act.row) {
        let rows = facts.tables[entity].as_ref().expect("a stated table");
        text += &format!("({})", rows.key(row).expect("a stated row"));
    }
    text += &format!(" by {} on {}", policy.names_of(&act.by, "and"), act.on);
    if act.known != crate::value::Day::FIRST {
        text += &format!(" known from {}", act.known);
    }
    for (param, value) in power.params.iter().zip(&act.params) {
        text += &format!(" {} = {}", param.name, possible(policy, facts, &param.ty, value));
    }
    text
}

fn slot(policy: &Policy, facts: &Facts, ty: &Type, slot: &Slot) -> String {
    let one = |statement: &crate::facts::Statement| {
        let mut text = possible(policy, facts, ty, &statement.value);
        if statement.from != crate::value::Day::FIRST {
            text += &format!(" from {}", statement.from);
        }
        if statement.known != crate::value::Day::FIRST {
            text += &format!(" known from {}", statement.known);
        }
        text
    };
    slot.statements.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn possible(policy: &Policy, facts: &Facts, ty: &Type, possible: &Possible) -> String {
    match possible {
        Possible::One(value) => shown_value(policy, facts, ty, value),
        Possible::Numbers(interval) => ends(interval.lo().map(wire), interval.hi().map(wire)),
        Possible::Dates(dates) if dates.is_all() => "unknown".into(),
        Possible::Dates(dates) => ends(Some(dates.lo()), Some(dates.hi())),
        Possible::Durations(interval) => ends(interval.lo(), interval.hi()),
        Possible::Bools | Possible::Any => "unknown".into(),
        Possible::Nothing => "nothing".into(),
    }
}

fn ends<T: Display>(low: Option<T>, high: Option<T>) -> String {
    match (low, high) {
        (None, None) => "unknown".into(),
        (Some(low), None) => format!("at least {low}"),
        (None, Some(high)) => format!("at most {high}"),
        (Some(low), Some(high)) => format!("{low}..{high}"),
    }
}

fn shown_value(policy: &Policy, facts: &Facts, ty: &Type, value: &Value) -> String {
    match (value, ty) {
        (Value::Number(number), _) => wire(number),
        (Value::Bool(truth), _) => truth.to_string(),
        (Value::Date(day), _) => day.to_string(),
        (Value::Duration(count), _) => count.to_string(),
        (Value::Text(text), _) => format!("{text:?}"),
        (Value::Code(code), _) => code.to_string(),
        (Value::Country(country), _) => country.to_string(),
        (Value::Choice(at), Type::Enum(id)) => policy.enums[*id].choice(*at).to_string(),
        (Value::Row(row), Type::Row(id)) => {
            let rows = facts.tables[*id].as_ref().expect("a stated table");
            format!("row {}", rows.key(*row).expect("a stated row"))
        }
        _ => panic!("{value:?} of {ty:?}"),
    }
}

/// The `given`s of the only scenario of a policy.
pub(super) fn given(text: &str) -> String {
    let mut sources = Sources::new();
    sources.add("test.comity", text);
    let policy = policy(text);
    let scenario = policy.scenarios.first().expect("a scenario");
    match bind(&policy, &Input::of_givens(&scenario.givens)) {
        Ok(facts) => shown(&policy, &facts),
        Err(errors) => said(&sources, &errors),
    }
}

/// Cases of a facts file and what becomes of it.
pub(super) fn table(cases: &[(&str, &str)], found: impl Fn(&str) -> String) {
    let wrong = |(text, expected): &(&str, &str)| {
        let found = found(text);
        (found != *expected)
            .then(|| format!("reading {text}\n--- found\n{found}\n--- wanted\n{expected}\n\n"))
    };
    let wrong: String = cases.iter().filter_map(wrong).collect();
    assert!(wrong.is_empty(), "\n{wrong}");
}
