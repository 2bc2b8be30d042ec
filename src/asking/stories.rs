//! The story of one answer.

use super::evaluation::point;
use super::names::Subject;
use super::rows::listed;
use crate::answers::ToldStory;
use crate::diag::{Code, Diagnostic, closest, tick};
use crate::facts::Facts;
use crate::outcome::Status;
use crate::policy::{EntityId, Policy};
use crate::report::{self, Look};
use crate::run::Evaluator;
use crate::text::{Sources, nfc};
use crate::value::Day;
use crate::words::{Audience, Words};

/// Of which outcome, obligation or power the story is asked.
#[derive(Clone, Copy, Debug)]
pub struct StoryQuestion<'q> {
    pub subject: Subject,
    /// The key of its row, or the first day of its period.
    pub key: Option<&'q str>,
    pub on: Option<Day>,
    pub known: Option<Day>,
}

/// Tells why an answer is as it is, and whether it is bad news.
///
/// # Errors
/// There is no such row or period, or it must be said which.
pub fn story(
    run: &mut Evaluator<'_>,
    (policy, facts, sources): (&Policy, &Facts, &Sources),
    asked: StoryQuestion<'_>,
    look: Look,
) -> Result<(ToldStory, bool), Diagnostic> {
    let StoryQuestion { subject, key, on, known } = asked;
    let row = which(policy, facts, subject, key)?;
    let point = point(on, known);
    let words = Words { policy, facts, sources, audience: Audience::People };
    let name = subject.name(policy);
    let (story, bad) = match subject {
        Subject::Outcome(id) => {
            let story = run.story(id, row.number(), point);
            let entity = policy.outcomes[id].for_each;
            let entity = entity.filter(|entity| policy.entities[*entity].dated.is_some());
            // The row of a dated entity has a day of its own, or none yet.
            let dated = match entity.zip(row.number()) {
                Some((entity, row)) => run.row_point(entity, row, point).is_some(),
                None => on.is_some(),
            };
            let bad = matches!(story.answer.status, Status::Gap | Status::Conflict | Status::Error);
            let told = ToldStory::new("outcome", name, report::why(&story, words, dated, look));
            (told.answering(id, story.point, &story.answer, words), bad)
        }
        Subject::Duty(id) => {
            if let Some(first) = row.period() {
                let last = crate::outcome::Point { day: first.max(point.day), ..point };
                let periods = run.periods(id, last);
                if !periods.iter().any(|(begins, _)| *begins == first) {
                    let begins: Vec<Day> = periods.iter().map(|(begins, _)| *begins).collect();
                    return Err(no_period(name, first, &begins));
                }
            }
            let story = run.duty_story(id, row.number(), row.period(), point);
            let told = ToldStory::new("obligation", name, report::why_duty(&story, words, look));
            (told, story.answer.states.is_empty())
        }
        Subject::Power(id) => {
            let story = run.power_story(id, row.number(), point);
            let bad = story.answer.available.is_error() || story.answer.done.is_error();
            (ToldStory::new("power", name, report::why_power(&story, words, look)), bad)
        }
    };
    Ok((story.asked(key, on, known), bad))
}

/// Of what the story is, beside its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// There are no rows, or their table is not stated.
    All,
    Row(u32),
    Period(Day),
}

impl Which {
    fn number(self) -> Option<u32> {
        match self {
            Which::Row(row) => Some(row),
            Which::All | Which::Period(_) => None,
        }
    }

    fn period(self) -> Option<Day> {
        match self {
            Which::Period(day) => Some(day),
            Which::All | Which::Row(_) => None,
        }
    }
}

/// The row or period that is meant by a key.
///
/// # Errors
/// It is none, or it must be said which.
pub fn which(
    policy: &Policy,
    facts: &Facts,
    subject: Subject,
    key: Option<&str>,
) -> Result<Which, Diagnostic> {
    if let (Subject::Duty(id), Some(key)) = (subject, key)
        && policy.duties[id].each.is_some()
    {
        let wrong = || {
            let message = format!("{} recurs, and {} is not a day", tick(subject.name(policy)), tick(key));
            Diagnostic::general(Code::RowMissing, message).help("name the first day of one of its periods")
        };
        return Day::parse(key).map(Which::Period).ok_or_else(wrong);
    }
    match (subject.for_each(policy), key) {
        (None, None) => Ok(Which::All),
        (None, Some(key)) => Err(Diagnostic::general(
            Code::RowMissing,
            format!("{} has no rows, so {} cannot be one", tick(subject.name(policy)), tick(key)),
        )
        .help("leave it out")),
        (Some(entity), key) => {
            let Some(rows) = facts.tables.try_get(entity).and_then(Option::as_ref) else {
                return Ok(Which::All);
            };
            let found = key.and_then(|key| rows.rows.get_index_of(nfc(key).as_ref()));
            match (found.and_then(|at| u32::try_from(at).ok()), rows.rows.len()) {
                (Some(at), _) => Ok(Which::Row(at)),
                (None, 1) if key.is_none() => Ok(Which::Row(0)),
                _ => Err(which_row(policy, facts, entity, subject.name(policy), key)),
            }
        }
    }
}

fn no_period(name: &str, first: Day, begins: &[Day]) -> Diagnostic {
    let message = format!("no period of {} begins on {}", tick(name), tick(&first.to_string()));
    let days: Vec<String> = begins.iter().map(Day::to_string).collect();
    let days: Vec<&str> = days.iter().map(String::as_str).collect();
    let help = match days.is_empty() {
        true => "none has begun by then".to_string(),
        false => listed(&days, &tick(name)),
    };
    Diagnostic::general(Code::UnknownName, message).help(help)
}

fn which_row(policy: &Policy, facts: &Facts, entity: EntityId, name: &str, key: Option<&str>) -> Diagnostic {
    let entity_name = &policy.entities[entity].name;
    let rows = facts.tables.try_get(entity).and_then(Option::as_ref);
    let keys: Vec<&str> = rows.map_or(Vec::new(), |rows| rows.rows.keys().map(AsRef::as_ref).collect());
    let listed = || listed(&keys, &tick(entity_name));
    match key {
        None => Diagnostic::general(
            Code::RowMissing,
            format!("{} is for each {entity_name}: which one?", tick(name)),
        )
        .help(listed()),
        Some(key) => {
            let error = Diagnostic::general(
                Code::UnknownName,
                format!("no row of {} is called {}", tick(entity_name), tick(key)),
            );
            match closest(key, keys.iter().copied()) {
                Some(meant) => error.help(format!("did you mean {}?", tick(meant))),
                None => error.help(listed()),
            }
        }
    }
}
