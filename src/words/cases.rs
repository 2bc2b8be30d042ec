//! What a case states, said in a sentence: `column1 = 100%`, `entry.origin = JP`, `act raise by US on 2026-01-01`.

use super::Words;
use super::lines::stated_lines;
use crate::facts::{Act, Slot, Statement};
use crate::policy::Fact;
use crate::value::{Day, Possible};

/// Each thing that is stated, but for the date of a row that is the day of the case. Several rows of a table are told by their keys.
pub fn case_said(words: &Words<'_>, on: Day) -> Vec<String> {
    let (policy, facts) = (words.policy, words.facts);
    let mut all = Vec::new();
    for (id, fact) in policy.facts.iter() {
        all.extend(facts.facts.try_get(id).and_then(|slot| said(words, &fact.name, fact, slot)));
    }
    for (id, entity) in policy.entities.iter() {
        let Some(Some(table)) = facts.tables.try_get(id) else { continue };
        if table.rows.is_empty() {
            all.push(format!("no {}", entity.name));
        }
        for (key, row) in &table.rows {
            let row_name = match table.rows.len() {
                1 => entity.name.clone(),
                _ => format!("{}(\"{key}\")", entity.name),
            };
            for (field, decl) in entity.fields.iter().filter(|(field, _)| *field != entity.key) {
                let Some(slot) = row.cells.try_get(field) else { continue };
                if Some(field) != entity.dated || !is_that_day(slot, on) {
                    all.extend(said(words, &format!("{row_name}.{}", decl.name), decl, slot));
                }
            }
        }
    }
    for (annex, lines) in stated_lines(words) {
        all.extend(lines.iter().map(|line| {
            let cells: Vec<String> = line.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            format!("in {annex} {}", cells.join(", "))
        }));
    }
    all.extend(facts.acts.iter().map(|act| act_said(words, act)));
    all
}

fn act_said(words: &Words<'_>, act: &Act) -> String {
    let power = &words.policy.powers[act.power];
    let row = power.for_each.zip(act.row).and_then(|(entity, row)| {
        Some(format!("(\"{}\")", words.facts.tables.try_get(entity)?.as_ref()?.key(row)?))
    });
    let with: Vec<String> = power
        .params
        .iter()
        .zip(&act.params)
        .map(|(param, value)| format!("{} = {}", param.name, words.possible(&param.ty, value)))
        .collect();
    let with = if with.is_empty() { String::new() } else { format!(" with {}", with.join(", ")) };
    let holder = words.policy.names_of(&act.by, "and");
    let (row, known) = (row.unwrap_or_default(), known_from(act.known));
    format!("act {}{row} by {holder} on {}{known}{with}", power.name, act.on)
}

fn said(words: &Words<'_>, name: &str, decl: &Fact, slot: &Slot) -> Option<String> {
    let one = |statement: &Statement| {
        let value = words.possible(&decl.ty, &statement.value);
        let from =
            if statement.from == Day::FIRST { String::new() } else { format!(" from {}", statement.from) };
        format!("{value}{from}{}", known_from(statement.known))
    };
    let values: Vec<String> = slot.statements.iter().map(one).collect();
    (!values.is_empty()).then(|| format!("{name} = {}", values.join(", then ")))
}

/// Where something was not always known.
fn known_from(day: Day) -> String {
    if day == Day::FIRST { String::new() } else { format!(" known from {day}") }
}

fn is_that_day(slot: &Slot, on: Day) -> bool {
    match slot.statements.as_slice() {
        [only] => only.value == Possible::from(crate::value::Value::Date(on)),
        _ => false,
    }
}
