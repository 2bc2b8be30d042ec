//! `comity timeline`

use super::facts::StatedCase;
use super::{Console, Exit, Reported, day, facts, names, policy};
use crate::answers::{self, DrawnTimelines};
use crate::asking::{AskedDays, Caller, chosen_rows, timelines};
use crate::outcome::Status;
use crate::report::{self, Look};
use crate::value::Day;

/// Show every answer as a function of time: the days on which it changes, and why
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    case: StatedCase,
    /// The first day; else the year of the first day named in policy or facts begins it
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<Day>,
    /// The last day; else the year after the last day named ends it
    #[arg(long, value_name = "DATE", value_parser = day)]
    to: Option<Day>,
    /// Show only this outcome, obligation or power; may be repeated
    #[arg(long, visible_alias = "outcome", value_name = "NAME")]
    only: Vec<String>,
    /// Show only the row with this key, on its own day if it has one; may be repeated
    #[arg(long, value_name = "KEY")]
    row: Vec<String>,
    /// For people, for a memo, for programs (docs/schema/timeline.json), or as a picture
    #[arg(long, value_enum, default_value_t = TimelineFormat::Text)]
    format: TimelineFormat,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum TimelineFormat {
    Text,
    Markdown,
    Json,
    Svg,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Reported> {
    let mut loaded = policy::load(&args.case.policy, console)?;
    let chosen = names::chosen(&loaded, &args.only, console)?;
    let facts = facts::load(&mut loaded, &args.case, console)?;
    let rows = chosen_rows(&loaded.policy, &facts, &chosen, &args.row, Caller::CommandLine);
    let days = AskedDays { from: args.from, to: args.to, known: args.case.known };
    let about = (&loaded.policy, &facts, &loaded.sources);
    let drawn = rows.and_then(|rows| timelines(about, (&chosen, &rows), days)).map_err(|error| {
        console.say(&[error], &loaded.sources);
        Reported
    })?;
    let text = match args.format {
        TimelineFormat::Json => answers::timelines(&drawn),
        TimelineFormat::Text => report::timeline(&drawn, Look::Text(console.style_of(args.out.as_deref()))),
        TimelineFormat::Markdown => report::timeline(&drawn, Look::Markdown),
        TimelineFormat::Svg => report::svg(&drawn),
    };
    match args.format {
        TimelineFormat::Json => console.deliver(&text, args.out.as_deref())?,
        _ => console.deliver_report(&text, args.out.as_deref())?,
    }
    Ok(if is_finding(&drawn) { Exit::Findings } else { Exit::Fine })
}

fn is_finding(drawn: &DrawnTimelines) -> bool {
    let outcomes = drawn.outcomes.iter().flat_map(|(_, lines)| lines.timelines());
    let fails = |status| matches!(status, Status::Gap | Status::Conflict | Status::Error);
    let duties = drawn.duties.iter().flat_map(|(_, lines)| lines.timelines());
    let powers = drawn.powers.iter().flat_map(|(_, lines)| lines.timelines());
    outcomes.flat_map(|timeline| &timeline.segments).any(|one| fails(one.answer.status))
        || duties.flat_map(|timeline| &timeline.segments).any(|one| one.answer.states.is_empty())
        || powers
            .flat_map(|timeline| &timeline.segments)
            .any(|one| one.answer.available.is_error() || one.answer.done.is_error())
}
