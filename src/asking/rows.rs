//! The rows asked for, by their keys.

use super::Caller;
use super::names::{Chosen, Subject};
use crate::diag::{Code, Diagnostic, closest, list_or, tick};
use crate::facts::Facts;
use crate::policy::{EntityId, Policy};
use crate::text::nfc;
use std::collections::BTreeMap;

/// More keys than this are not listed.
const LISTED: usize = 8;

/// The rows chosen; with none, all are.
#[derive(Clone, Debug)]
pub struct ChosenRows {
    /// In the order named.
    chosen: Option<BTreeMap<EntityId, Vec<u32>>>,
    /// Asked for by name.
    named: Vec<Subject>,
}

impl ChosenRows {
    /// The rows of an entity; none: all.
    pub fn of(&self, entity: EntityId) -> Option<&[u32]> {
        self.chosen.as_ref().map(|chosen| chosen.get(&entity).map_or(&[][..], Vec::as_slice))
    }

    /// With rows chosen, what has no rows is shown only where it is named.
    pub fn wants(&self, policy: &Policy, subject: Subject) -> bool {
        let Some(chosen) = &self.chosen else { return true };
        match subject.for_each(policy) {
            Some(entity) => chosen.contains_key(&entity),
            None => self.named.contains(&subject),
        }
    }
}

/// Finds the rows with these keys among those that what is asked for has.
///
/// # Errors
/// No such row is stated.
pub fn chosen_rows<T: AsRef<str>>(
    policy: &Policy,
    facts: &Facts,
    asked: &Chosen,
    keys: &[T],
    caller: Caller,
) -> Result<ChosenRows, Diagnostic> {
    let named = if asked.named { asked.subjects.clone() } else { Vec::new() };
    if keys.is_empty() {
        return Ok(ChosenRows { chosen: None, named });
    }
    let mut entities: Vec<EntityId> = Vec::new();
    for entity in asked.subjects.iter().filter_map(|subject| subject.for_each(policy)) {
        if !entities.contains(&entity) {
            entities.push(entity);
        }
    }
    let mut chosen: BTreeMap<EntityId, Vec<u32>> = BTreeMap::new();
    for key in keys.iter().map(AsRef::as_ref) {
        let mut found = false;
        for entity in &entities {
            let table = facts.tables.try_get(*entity).and_then(Option::as_ref);
            let row = table.and_then(|table| table.rows.get_index_of(nfc(key).as_ref()));
            let Some(row) = row.and_then(|row| u32::try_from(row).ok()) else { continue };
            let rows = chosen.entry(*entity).or_default();
            if !rows.contains(&row) {
                rows.push(row);
            }
            found = true;
        }
        if !found {
            return Err(unknown(policy, facts, &entities, key, caller));
        }
    }
    // What was named is not left out in silence.
    let left = named.iter().find_map(|subject| {
        let entity = subject.for_each(policy)?;
        (!chosen.contains_key(&entity)).then_some(entity)
    });
    match (left, keys.first()) {
        (Some(entity), Some(key)) => Err(unknown(policy, facts, &[entity], key.as_ref(), caller)),
        _ => Ok(ChosenRows { chosen: Some(chosen), named }),
    }
}

fn unknown(policy: &Policy, facts: &Facts, entities: &[EntityId], key: &str, caller: Caller) -> Diagnostic {
    let names: Vec<String> = entities.iter().map(|id| tick(&policy.entities[*id].name)).collect();
    if names.is_empty() {
        let message = format!("nothing asked for has rows, so {} cannot be one", tick(key));
        return Diagnostic::general(Code::RowMissing, message).help(caller.no_row());
    }
    let message = format!("no row of {} is called {}", list_or(&names), tick(key));
    let tables = entities.iter().filter_map(|id| facts.tables.try_get(*id).and_then(Option::as_ref));
    let keys: Vec<&str> = tables.flat_map(|table| table.rows.keys()).map(AsRef::as_ref).collect();
    let error = Diagnostic::general(Code::UnknownName, message);
    match closest(key, keys.iter().copied()) {
        Some(meant) => error.help(format!("did you mean {}?", tick(meant))),
        None => error.help(listed(&keys, &list_or(&names))),
    }
}

/// `name one: a, b or 3 others`
pub fn listed(keys: &[&str], entity: &str) -> String {
    let mut names: Vec<String> = keys.iter().take(LISTED).map(|key| tick(key)).collect();
    if keys.len() > LISTED {
        names.push(format!("{} others", keys.len() - LISTED));
    }
    match names.is_empty() {
        true => format!("{entity} has no rows"),
        false => format!("name one: {}", list_or(&names)),
    }
}
