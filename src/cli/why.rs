//! `comity why`

use super::facts::StatedCase;
use super::{Console, Exit, ReportFormat, Reported, day, facts, names, policy};
use crate::answers;
use crate::asking::{StoryQuestion, story, which};
use crate::run::Evaluator;
use crate::value::Day;

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
    let key = args.row.as_deref();
    // Which row is meant is asked before the day: it may have one of its own.
    which(&loaded.policy, &facts, subject, key).map_err(|error| {
        console.say(&[error], &loaded.sources);
        Reported
    })?;
    if args.on.is_none() {
        names::day_needed(&loaded, &facts, &asked, console)?;
    }
    let mut run = Evaluator::new(&loaded.policy, &facts);
    let about = (&loaded.policy, &facts, &loaded.sources);
    let question = StoryQuestion { subject, key, on: args.on, known: args.case.known };
    let told = story(&mut run, about, question, args.format.look(console)).map_err(|error| {
        console.say(&[error], &loaded.sources);
        Reported
    });
    let (story, bad) = told?;
    match args.format {
        ReportFormat::Text | ReportFormat::Markdown => console.tell(&story.told),
        ReportFormat::Json => console.document(&answers::told(&[story])),
    }
    Ok(if bad { Exit::Findings } else { Exit::Fine })
}
