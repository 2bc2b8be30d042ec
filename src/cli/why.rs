//! `comity why`

use super::facts::StatedCase;
use super::names::Subject;
use super::policy::Loaded;
use super::{Console, Exit, ReportFormat, Reported, day, facts, names, policy, rows};
use crate::answers::{self, ToldStory};
use crate::diag::{Code, Diagnostic, closest, tick};
use crate::facts::Facts;
use crate::outcome::{Point, Status};
use crate::policy::EntityId;
use crate::report;
use crate::run::Evaluator;
use crate::value::Day;
use crate::words::{Audience, Words};

/// Tell the reasons of one answer, and why other rules do not apply
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    case: StatedCase,
    /// The outcome, obligation or power
    name: String,
    /// The key of the row, for what is `for each` row; the first day of a period of a recurring obligation
    row: Option<String>,
    /// The day asked about; rows with a date of their own have that
    #[arg(long, value_name = "DATE", value_parser = day)]
    on: Option<Day>,
    /// For people, for a memo, or for programs (docs/schema/why.json)
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    format: ReportFormat,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Reported> {
    let mut loaded = policy::load(&args.case.policy, console)?;
    let asked = names::chosen(&loaded, std::slice::from_ref(&args.name), console)?;
    let facts = facts::load(&mut loaded, &args.case, console)?;
    let Some(subject) = asked.subjects.first().copied() else { return Err(Reported) };
    let row = row(&loaded, &facts, subject, args.row.as_deref()).map_err(|error| {
        console.say(&[error], &loaded.sources);
        Reported
    })?;
    if args.on.is_none() {
        names::day_needed(&loaded, &facts, &asked, console)?;
    }
    let point = Point::new(args.on.unwrap_or(Day::FIRST), args.case.known.unwrap_or(Day::NEVER));
    let mut run = Evaluator::new(&loaded.policy, &facts);
    let words =
        Words { policy: &loaded.policy, facts: &facts, sources: &loaded.sources, audience: Audience::People };
    let look = args.format.look(console);
    let name = subject.name(&loaded.policy);
    let (story, bad) = match subject {
        Subject::Outcome(id) => {
            let story = run.story(id, row.number(), point);
            let entity = loaded.policy.outcomes[id].for_each;
            let entity = entity.filter(|entity| loaded.policy.entities[*entity].dated.is_some());
            // The row of a dated entity has a day of its own, or none yet.
            let dated = match entity.zip(row.number()) {
                Some((entity, row)) => run.row_point(entity, row, point).is_some(),
                None => args.on.is_some(),
            };
            let bad = matches!(story.answer.status, Status::Gap | Status::Conflict | Status::Error);
            let told = ToldStory::new("outcome", name, report::why(&story, words, dated, look));
            (told.answering(id, story.point, &story.answer, words), bad)
        }
        Subject::Duty(id) => {
            if let Some(first) = row.period() {
                let last = Point { day: first.max(point.day), ..point };
                let periods = run.periods(id, last);
                if !periods.iter().any(|(begins, _)| *begins == first) {
                    let begins: Vec<Day> = periods.iter().map(|(begins, _)| *begins).collect();
                    console.say(&[no_period(subject.name(&loaded.policy), first, &begins)], &loaded.sources);
                    return Err(Reported);
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
    match args.format {
        ReportFormat::Text | ReportFormat::Markdown => console.tell(&story.told),
        ReportFormat::Json => {
            let story = story.asked(args.row.as_deref(), args.on, args.case.known);
            console.document(&answers::told(&[story]));
        }
    }
    Ok(if bad { Exit::Findings } else { Exit::Fine })
}

/// What the second argument means.
#[derive(Clone, Copy)]
enum Which {
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

/// The row or period that is meant.
fn row(loaded: &Loaded, facts: &Facts, subject: Subject, key: Option<&str>) -> Result<Which, Diagnostic> {
    let policy = &loaded.policy;
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
            let found = key.and_then(|key| rows.rows.get_index_of(key));
            match (found.and_then(|at| u32::try_from(at).ok()), rows.rows.len()) {
                (Some(at), _) => Ok(Which::Row(at)),
                (None, 1) if key.is_none() => Ok(Which::Row(0)),
                _ => Err(which_row(loaded, facts, entity, subject.name(policy), key)),
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
        false => rows::listed(&days, &tick(name)),
    };
    Diagnostic::general(Code::UnknownName, message).help(help)
}

fn which_row(loaded: &Loaded, facts: &Facts, entity: EntityId, name: &str, key: Option<&str>) -> Diagnostic {
    let entity_name = &loaded.policy.entities[entity].name;
    let rows = facts.tables.try_get(entity).and_then(Option::as_ref);
    let keys: Vec<&str> = rows.map_or(Vec::new(), |rows| rows.rows.keys().map(AsRef::as_ref).collect());
    let listed = || rows::listed(&keys, &tick(entity_name));
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
