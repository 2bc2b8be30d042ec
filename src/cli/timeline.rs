//! `comity timeline`

use super::facts::Case;
use super::{Console, Exit, Format, Told, day, facts, policy};
use crate::diag::{Code, Diagnostic};
use crate::outcome::Status;
use crate::policy::{OutcomeId, Policy};
use crate::report;
use crate::timeline::{Timelines, days_named};
use crate::value::{Day, Period};
use crate::wire::{self, Drawn, Lines};

/// Show every answer as a function of time: the days on which it changes, and why
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    case: Case,
    /// The first day; else the year of the first day named in policy or facts begins it
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<Day>,
    /// The last day; else the year after the last day named ends it
    #[arg(long, value_name = "DATE", value_parser = day)]
    to: Option<Day>,
    /// Show only this outcome; may be repeated
    #[arg(long, value_name = "NAME")]
    outcome: Vec<String>,
    /// For people, or for programs (docs/schema/timeline.json)
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Told> {
    let mut loaded = policy::load(&args.case.policy, console)?;
    let outcomes = policy::outcomes(&loaded, &args.outcome, console)?;
    let facts = facts::load(&mut loaded, &args.case, console)?;
    let named = days_named(&loaded.policy, &facts);
    let (from, to) = range(args, named);
    if from > to {
        let message = format!("the first day, {from}, comes after the last, {to}");
        console.say(&[Diagnostic::general(Code::DayNeeded, message)], &loaded.sources);
        return Err(Told);
    }
    let mut timelines = Timelines::new(&loaded.policy, &facts, args.case.known.unwrap_or(Day::NEVER));
    let drawn = Drawn {
        policy: &loaded.policy,
        facts: &facts,
        sources: &loaded.sources,
        from,
        to,
        known: args.case.known,
        outcomes: outcomes
            .iter()
            .map(|id| (*id, lines(&mut timelines, &loaded.policy, &facts, *id, (from, to))))
            .collect(),
    };
    match args.format {
        Format::Json => console.print(&wire::timelines(&drawn)),
        Format::Text => console.print(&report::timeline(&drawn, console.out_style())),
    }
    Ok(if drawn.outcomes.iter().any(|(_, lines)| is_finding(lines)) { Exit::Findings } else { Exit::Fine })
}

fn lines(
    timelines: &mut Timelines<'_>,
    policy: &Policy,
    facts: &crate::facts::Facts,
    id: OutcomeId,
    (from, to): (Day, Day),
) -> Lines {
    let Some(entity) = policy.outcomes[id].for_each else {
        return Lines::One(timelines.of(id, None, from, to));
    };
    if policy.entities[entity].dated.is_some() {
        return Lines::OwnDays;
    }
    match facts.tables[entity].as_ref() {
        None => Lines::One(timelines.of(id, None, from, to)),
        Some(table) => {
            let rows = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
            Lines::Rows((0..rows).map(|row| timelines.of(id, Some(row), from, to)).collect())
        }
    }
}

/// Whole years around all days named; with none, all days there are, which are all alike.
fn range(args: &Args, named: Option<(Day, Day)>) -> (Day, Day) {
    let (first, last) = named.unwrap_or((Day::FIRST, Day::LAST));
    let year_after = last.last_of(Period::Year).next().last_of(Period::Year).min(Day::LAST);
    let from = args.from.unwrap_or_else(|| first.min(args.to.unwrap_or(first)).first_of(Period::Year));
    (from, args.to.unwrap_or_else(|| year_after.max(from.last_of(Period::Year))))
}

fn is_finding(lines: &Lines) -> bool {
    let bad = |timeline: &crate::outcome::Timeline| {
        timeline.segments.iter().any(|segment| match segment.answer.status {
            Status::Determined | Status::Undetermined => false,
            Status::Gap | Status::Conflict | Status::Error => true,
        })
    };
    match lines {
        Lines::One(timeline) => bad(timeline),
        Lines::Rows(list) => list.iter().any(bad),
        Lines::OwnDays => false,
    }
}
