//! Facts as a facts file: what a witness states, to be kept and asked again.

use super::Words;
use super::lines::{annexes_said, stated_lines};
use crate::facts::{Act, Slot};
use crate::policy::Fact;
use crate::text::is_unseen;
use crate::value::{Day, Possible};

/// YAML that `comity eval` reads back.
pub fn stated(words: &Words) -> String {
    let (policy, facts) = (words.policy, words.facts);
    let mut out = String::new();
    let stated: Vec<String> = policy
        .facts
        .iter()
        .filter_map(|(id, decl)| {
            Some(format!("  {}: {}\n", decl.name, slot(words, decl, facts.facts.try_get(id)?)?))
        })
        .collect();
    if stated.is_empty() {
        out.push_str("facts: {}\n");
    } else {
        out.push_str("facts:\n");
        out.extend(stated);
    }
    let mut rows = String::new();
    for (id, entity) in policy.entities.iter() {
        let Some(Some(table)) = facts.tables.try_get(id) else { continue };
        // Without rows it is a table all the same: `line:` alone would leave it open.
        let none = if table.rows.is_empty() { " {}" } else { "" };
        rows.push_str(&format!("  {}:{none}\n", entity.name));
        for (key, row) in &table.rows {
            let cells = entity.fields.iter().filter(|(field, _)| *field != entity.key);
            let cells: Vec<String> = cells
                .filter_map(|(field, decl)| {
                    Some(format!("{}: {}", decl.name, slot(words, decl, row.cells.try_get(field)?)?))
                })
                .collect();
            rows.push_str(&format!("    {}: {{{}}}\n", quoted(key), cells.join(", ")));
        }
    }
    if !rows.is_empty() {
        out.push_str("rows:\n");
        out.push_str(&rows);
    }
    let lines = annexes_said(&stated_lines(words));
    if !lines.is_empty() {
        out.push_str("annexes:\n");
        out.extend(lines.iter().map(|annex| format!("  {annex}\n")));
    }
    if !facts.acts.is_empty() {
        out.push_str("acts:\n");
        out.extend(facts.acts.iter().map(|one| act(words, one)));
    }
    out
}

fn act(words: &Words, act: &Act) -> String {
    let policy = words.policy;
    let power = &policy.powers[act.power];
    let key = power.for_each.zip(act.row).and_then(|(entity, row)| {
        words.facts.tables.try_get(entity)?.as_ref()?.key(row).map(|key| format!("(\"{key}\")"))
    });
    let params: Vec<String> = power
        .params
        .iter()
        .zip(&act.params)
        .map(|(param, value)| format!("{}: {}", param.name, quoted(&words.possible(&param.ty, value))))
        .collect();
    let name = quoted(&format!("{}{}", power.name, key.unwrap_or_default()));
    let (by, on) = (policy.names_of(&act.by, "and"), act.on);
    let by = if act.by.len() > 1 { format!("[{}]", by.replace(" and ", ", ")) } else { by };
    let known = if act.known == Day::FIRST { String::new() } else { format!(", known from: {}", act.known) };
    format!("  - {{act: {name}, by: {by}, on: {on}{known}, with: {{{}}}}}\n", params.join(", "))
}

/// What a slot states; none: nothing.
fn slot(words: &Words, decl: &Fact, slot: &Slot) -> Option<String> {
    let value = |possible: &Possible| words.possible(&decl.ty, possible);
    let one = |statement: &crate::facts::Statement| {
        let from =
            if statement.from == Day::FIRST { String::new() } else { format!(" from {}", statement.from) };
        let known = if statement.known == Day::FIRST {
            String::new()
        } else {
            format!(" known from {}", statement.known)
        };
        quoted(&format!("{}{from}{known}", value(&statement.value)))
    };
    match slot.statements.as_slice() {
        [] => None,
        [only] => Some(one(only)),
        many => Some(format!("[{}]", many.iter().map(one).collect::<Vec<_>>().join(", "))),
    }
}

/// In double quotes, with the escapes of YAML.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for sign in text.chars() {
        match sign {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            sign if is_unseen(sign) => out.push_str(&format!("\\U{:08X}", u32::from(sign))),
            sign => out.push(sign),
        }
    }
    out.push('"');
    out
}
