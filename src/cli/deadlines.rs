//! `comity deadlines`

use super::facts::StatedCase;
use super::{Console, Exit, ReportFormat, Reported, day, facts, policy};
use crate::answers;
use crate::answers::LookAhead;
use crate::diag::{Code, Diagnostic};
use crate::report::{self, Look};
use crate::timeline::{ahead, days_named};
use crate::value::{Day, Period};

/// Look ahead: what is due, by whom, how far short it is, and what changes if it is not done
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    case: StatedCase,
    /// The day to look from
    #[arg(long, value_name = "DATE", value_parser = day)]
    on: Day,
    /// How far to look; else the year after the last day named in policy or facts ends it
    #[arg(long, value_name = "DATE", value_parser = day)]
    to: Option<Day>,
    /// For people, for a memo, or for programs (docs/schema/deadlines.json)
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    format: ReportFormat,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Reported> {
    let mut loaded = policy::load(&args.case.policy, console)?;
    let facts = facts::load(&mut loaded, &args.case, console)?;
    let last = days_named(&loaded.policy, &facts).map_or(args.on, |(_, last)| last.max(args.on));
    let to =
        args.to.unwrap_or_else(|| last.last_of(Period::Year).next().last_of(Period::Year).min(Day::LAST));
    if to < args.on {
        let message = format!("the last day, {to}, comes before the day to look from, {}", args.on);
        console.say(&[Diagnostic::general(Code::DayNeeded, message)], &loaded.sources);
        return Err(Reported);
    }
    let known = args.case.known.unwrap_or(Day::NEVER);
    let asked = LookAhead {
        policy: &loaded.policy,
        facts: &facts,
        sources: &loaded.sources,
        on: args.on,
        to,
        known: args.case.known,
        ahead: ahead(&loaded.policy, &facts, args.on, to, known),
    };
    match args.format {
        ReportFormat::Json => console.document(&answers::ahead(&asked)),
        ReportFormat::Text => console.tell(&report::ahead(&asked, Look::Text(console.out_style()))),
        ReportFormat::Markdown => console.tell(&report::ahead(&asked, Look::Markdown)),
    }
    Ok(Exit::Fine)
}
