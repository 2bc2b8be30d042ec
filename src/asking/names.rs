//! What is asked for, by name: outcomes, obligations and powers.

use super::Caller;
use crate::diag::{Code, Diagnostic, list_and, tick};
use crate::facts::Facts;
use crate::policy::{DutyId, EntityId, OutcomeId, Policy, PowerId};
use crate::run::depends_on_day;

/// More names than this are not listed.
const LISTED: usize = 8;

/// Something a policy answers for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Outcome(OutcomeId),
    Duty(DutyId),
    Power(PowerId),
}

impl Subject {
    pub fn name(self, policy: &Policy) -> &str {
        match self {
            Subject::Outcome(id) => &policy.outcomes[id].name,
            Subject::Duty(id) => &policy.duties[id].name,
            Subject::Power(id) => &policy.powers[id].name,
        }
    }

    pub fn for_each(self, policy: &Policy) -> Option<EntityId> {
        match self {
            Subject::Outcome(id) => policy.outcomes[id].for_each,
            Subject::Duty(id) => policy.duties[id].for_each,
            Subject::Power(id) => policy.powers[id].for_each,
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// In the order named; else in that of the policy, outcomes first.
    pub subjects: Vec<Subject>,
    /// By name, and not all there is.
    pub named: bool,
}

impl Chosen {
    pub fn outcomes(&self) -> impl Iterator<Item = OutcomeId> + '_ {
        self.subjects.iter().filter_map(|subject| match subject {
            Subject::Outcome(id) => Some(*id),
            _ => None,
        })
    }

    pub fn duties(&self) -> impl Iterator<Item = DutyId> + '_ {
        self.subjects.iter().filter_map(|subject| match subject {
            Subject::Duty(id) => Some(*id),
            _ => None,
        })
    }

    pub fn powers(&self) -> impl Iterator<Item = PowerId> + '_ {
        self.subjects.iter().filter_map(|subject| match subject {
            Subject::Power(id) => Some(*id),
            _ => None,
        })
    }
}

fn all(policy: &Policy) -> Vec<Subject> {
    let outcomes = policy.outcomes.ids().map(Subject::Outcome);
    let duties = policy.duties.ids().map(Subject::Duty);
    outcomes.chain(duties).chain(policy.powers.ids().map(Subject::Power)).collect()
}

/// What has these names; all if none is named.
///
/// # Errors
/// The names that nothing has.
pub fn chosen<T: AsRef<str>>(policy: &Policy, names: &[T]) -> Result<Chosen, Vec<Diagnostic>> {
    let all = all(policy);
    if names.is_empty() {
        return Ok(Chosen { subjects: all, named: false });
    }
    let mut subjects: Vec<Subject> = Vec::new();
    let mut said = Vec::new();
    for name in names.iter().map(AsRef::as_ref) {
        match all.iter().find(|subject| subject.name(policy) == name) {
            Some(subject) if subjects.contains(subject) => {}
            Some(subject) => subjects.push(*subject),
            None => said.push(unknown(policy, &all, name)),
        }
    }
    if said.is_empty() { Ok(Chosen { subjects, named: true }) } else { Err(said) }
}

fn unknown(policy: &Policy, all: &[Subject], name: &str) -> Diagnostic {
    let names: Vec<&str> = all.iter().map(|subject| subject.name(policy)).collect();
    let nouns = match (policy.duties.is_empty(), policy.powers.is_empty()) {
        (true, true) => "outcome",
        (false, true) => "outcome or obligation",
        (true, false) => "outcome or power",
        (false, false) => "outcome, obligation or power",
    };
    let error = Diagnostic::general(Code::UnknownName, format!("the policy has no {nouns} {}", tick(name)));
    match crate::diag::closest(name, names.iter().copied()) {
        Some(meant) => error.help(format!("did you mean {}?", tick(meant))),
        None if names.is_empty() => error.help("it declares no outcome at all"),
        None => {
            let listed = |wanted: fn(&Subject) -> bool| {
                let names = all.iter().filter(|subject| wanted(subject)).take(LISTED);
                let names: Vec<String> = names.map(|subject| tick(subject.name(policy))).collect();
                list_and(&names)
            };
            let parts = [
                ("its outcomes", listed(|subject| matches!(subject, Subject::Outcome(_)))),
                ("its obligations", listed(|subject| matches!(subject, Subject::Duty(_)))),
                ("its powers", listed(|subject| matches!(subject, Subject::Power(_)))),
            ];
            let parts = parts.iter().filter(|(_, names)| !names.is_empty());
            let parts: Vec<String> = parts.map(|(what, names)| format!("{what}: {names}")).collect();
            error.help(parts.join("; "))
        }
    }
}

/// What is said where no day is given and an answer depends on it.
pub fn day_needed(policy: &Policy, facts: &Facts, asked: &Chosen, caller: Caller) -> Option<Diagnostic> {
    let on_rows = |subject: Subject| {
        subject.for_each(policy).is_some_and(|entity| policy.entities[entity].dated.is_some())
    };
    let days = depends_on_day(policy, Some(facts));
    let differs = |subject: Subject| match subject {
        Subject::Outcome(id) => days.outcome(id),
        Subject::Power(id) => days.power(id),
        // It has a deadline.
        Subject::Duty(_) => true,
    };
    let all = || asked.subjects.iter().copied();
    let depends: Vec<String> = all()
        .filter(|subject| !on_rows(*subject) && differs(*subject))
        .map(|subject| tick(subject.name(policy)))
        .collect();
    let message = match depends.len() {
        0 => return None,
        1 => format!("{} depends on the day, and no day is given", depends.concat()),
        n if n <= LISTED => format!("{} depend on the day, and no day is given", list_and(&depends)),
        n => {
            let some: Vec<String> = depends.into_iter().take(3).collect();
            format!("{}, … ({n} names) depend on the day, and no day is given", some.join(", "))
        }
    };
    let rows = all().find(|subject| on_rows(*subject)).map(|subject| subject.name(policy));
    Some(Diagnostic::general(Code::DayNeeded, message).help(caller.day_help(rows)))
}
