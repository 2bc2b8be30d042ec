//! `comity why`

use super::facts::Case;
use super::policy::Loaded;
use super::{Console, Exit, Prose, Told, day, facts, policy, rows};
use crate::diag::{Code, Diagnostic, closest, tick};
use crate::facts::Facts;
use crate::outcome::{Point, Status};
use crate::policy::{EntityId, OutcomeId};
use crate::report;
use crate::run::Evaluator;
use crate::value::Day;
use crate::wire::{Reader, Words};

/// Tell the reasons of one answer, and why other rules do not apply
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    case: Case,
    /// The outcome
    outcome: String,
    /// The key of the row, for an outcome `for each` row
    row: Option<String>,
    /// The day asked about; rows with a date of their own have that
    #[arg(long, value_name = "DATE", value_parser = day)]
    on: Option<Day>,
    /// For people, or for a memo
    #[arg(long, value_enum, default_value_t = Prose::Text)]
    format: Prose,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Told> {
    let mut loaded = policy::load(&args.case.policy, console)?;
    let asked = policy::outcomes(&loaded, std::slice::from_ref(&args.outcome), console)?;
    let facts = facts::load(&mut loaded, &args.case, console)?;
    let Some(id) = asked.first().copied() else { return Err(Told) };
    let row = row(&loaded, &facts, id, args.row.as_deref()).map_err(|error| {
        console.say(&[error], &loaded.sources);
        Told
    })?;
    if args.on.is_none() {
        policy::day_needed(&loaded, &facts, &asked, console)?;
    }
    let point = Point::new(args.on.unwrap_or(Day::FIRST), args.case.known.unwrap_or(Day::NEVER));
    let mut run = Evaluator::new(&loaded.policy, &facts);
    let story = run.story(id, row, point);
    let entity = loaded.policy.outcomes[id].for_each;
    // The row of a dated entity has a day of its own, or none yet.
    let dated = match entity.filter(|entity| loaded.policy.entities[*entity].dated.is_some()).zip(row) {
        Some((entity, row)) => run.row_point(entity, row, point).is_some(),
        None => args.on.is_some(),
    };
    let words =
        Words { policy: &loaded.policy, facts: &facts, sources: &loaded.sources, reader: Reader::People };
    console.print(&report::why(&story, words, dated, args.format.look(console)));
    Ok(match story.answer.status {
        Status::Determined | Status::Undetermined => Exit::Fine,
        Status::Gap | Status::Conflict | Status::Error => Exit::Findings,
    })
}

/// The row that is meant. None: the outcome has no rows, or its table is not stated.
fn row(loaded: &Loaded, facts: &Facts, id: OutcomeId, key: Option<&str>) -> Result<Option<u32>, Diagnostic> {
    let outcome = &loaded.policy.outcomes[id];
    match (outcome.for_each, key) {
        (None, None) => Ok(None),
        (None, Some(key)) => Err(Diagnostic::general(
            Code::RowMissing,
            format!("{} has no rows, so {} cannot be one", tick(&outcome.name), tick(key)),
        )
        .help("leave it out")),
        (Some(entity), key) => {
            let Some(rows) = facts.tables.try_get(entity).and_then(Option::as_ref) else { return Ok(None) };
            let found = key.and_then(|key| rows.rows.get_index_of(key));
            match (found, rows.rows.len()) {
                (Some(at), _) => Ok(u32::try_from(at).ok()),
                (None, 1) if key.is_none() => Ok(Some(0)),
                _ => Err(which_row(loaded, facts, entity, id, key)),
            }
        }
    }
}

fn which_row(
    loaded: &Loaded,
    facts: &Facts,
    entity: EntityId,
    id: OutcomeId,
    key: Option<&str>,
) -> Diagnostic {
    let entity_name = &loaded.policy.entities[entity].name;
    let rows = facts.tables.try_get(entity).and_then(Option::as_ref);
    let keys: Vec<&str> = rows.map_or(Vec::new(), |rows| rows.rows.keys().map(AsRef::as_ref).collect());
    let listed = || rows::listed(&keys, &tick(entity_name));
    match key {
        None => Diagnostic::general(
            Code::RowMissing,
            format!("{} is for each {entity_name}: which one?", tick(&loaded.policy.outcomes[id].name)),
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
