//! Rows that stand elsewhere.

use super::Caller;
use crate::diag::{Code, Diagnostic, tick};
use crate::facts::Facts;
use crate::policy::deps::Node;
use crate::policy::{EntityId, OutcomeId, Policy};
use crate::run::depends_on_day;
use crate::value::Day;

/// What is said where the rows stand in more than one place, or no day is given and an answer depends on it.
pub fn answerable(
    policy: &Policy,
    facts: &Facts,
    (entity, outcomes): (EntityId, &[OutcomeId]),
    on: Option<Day>,
    caller: Caller,
) -> Option<Diagnostic> {
    if facts.tables.try_get(entity).is_some_and(Option::is_some) {
        let name = &policy.entities[entity].name;
        let message = format!("the facts beside the rows state rows of {} too", tick(name));
        let help = "take them out of the facts file: the rows are those of the table given";
        return Some(Diagnostic::general(Code::StatedTwice, message).help(help));
    }
    let days = depends_on_day(policy, Some(facts));
    let dated = policy.entities[entity].dated.is_some() && !days.node(Node::Rows(entity));
    let undated = !dated && on.is_none();
    let id = outcomes.iter().find(|id| undated && days.outcome(**id))?;
    let name = tick(&policy.outcomes[*id].name);
    let message = format!("{name} depends on the day, and no day is given for the rows");
    Some(Diagnostic::general(Code::DayNeeded, message).help(caller.day_help(None)))
}
