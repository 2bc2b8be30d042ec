//! `comity timeline`

use super::facts::StatedCase;
use super::names::{Chosen, Subject};
use super::rows::{self, RowsFile};
use super::{Console, Exit, Reported, day, facts, names, policy};
use crate::answers;
use crate::answers::{DrawnTimelines, RowTimelines};
use crate::diag::{Code, Diagnostic};
use crate::facts::Facts;
use crate::outcome::{Point, Status};
use crate::policy::{EntityId, Policy};
use crate::report::{self, Look};
use crate::run::Evaluator;
use crate::timeline::{Timelines, days_named};
use crate::value::{Day, Period};

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
    let rows = rows::chosen(&loaded.policy, &facts, &chosen, &args.row).map_err(|error| {
        console.say(&[error], &loaded.sources);
        Reported
    })?;
    let known = args.case.known.unwrap_or(Day::NEVER);
    let mut run = Evaluator::new(&loaded.policy, &facts);
    let mut timelines = Timelines::new(&loaded.policy, &facts, known);
    let mut ask =
        TimelineQuestion { policy: &loaded.policy, facts: &facts, known, rows: &rows, run: &mut run };
    let named = ask.days(&chosen).or_else(|| days_named(&loaded.policy, &facts));
    let (from, to) = range(args, named);
    if from > to {
        let message = format!("the first day, {from}, comes after the last, {to}");
        console.say(&[Diagnostic::general(Code::DayNeeded, message)], &loaded.sources);
        return Err(Reported);
    }
    let days = (from, to);
    let asked: Vec<Subject> =
        chosen.subjects.iter().filter(|one| rows.wants(&loaded.policy, **one)).copied().collect();
    let (mut outcomes, mut duties, mut powers) = (Vec::new(), Vec::new(), Vec::new());
    for one in asked {
        match one {
            Subject::Outcome(id) => {
                let of = |row, (from, to): (Day, Day)| timelines.of(id, row, from, to);
                outcomes.push((id, ask.lines(one, days, of)));
            }
            Subject::Duty(id) => {
                let of = |row, (from, to): (Day, Day)| timelines.duty(id, row, from, to);
                duties.push((id, ask.lines(one, days, of)));
            }
            Subject::Power(id) => {
                let of = |row, (from, to): (Day, Day)| timelines.power(id, row, from, to);
                powers.push((id, ask.lines(one, days, of)));
            }
        }
    }
    let drawn = DrawnTimelines {
        policy: &loaded.policy,
        facts: &facts,
        sources: &loaded.sources,
        from,
        to,
        known: args.case.known,
        named: chosen.named,
        outcomes,
        duties,
        powers,
    };
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

/// What is asked, and of which rows.
struct TimelineQuestion<'a, 'r> {
    policy: &'a Policy,
    facts: &'a Facts,
    known: Day,
    rows: &'r RowsFile,
    run: &'r mut Evaluator<'a>,
}

impl TimelineQuestion<'_, '_> {
    fn lines<T>(
        &mut self,
        subject: Subject,
        days: (Day, Day),
        mut of: impl FnMut(Option<u32>, (Day, Day)) -> T,
    ) -> RowTimelines<T> {
        let Some(entity) = subject.for_each(self.policy) else {
            return RowTimelines::One(of(None, days));
        };
        let dated = self.policy.entities[entity].dated.is_some();
        let rows = match (self.facts.tables[entity].as_ref(), self.rows.of(entity)) {
            (Some(_), Some(rows)) => rows.to_vec(),
            _ if dated => return RowTimelines::OwnDays,
            (None, _) => return RowTimelines::One(of(None, days)),
            (Some(table), None) => (0..u32::try_from(table.rows.len()).unwrap_or(u32::MAX)).collect(),
        };
        if !dated {
            return RowTimelines::Rows(rows.iter().map(|row| of(Some(*row), days)).collect());
        }
        let own = |row: &u32| {
            let day = self.day(entity, *row);
            (day, of(Some(*row), day.map_or(days, |day| (day, day))))
        };
        RowTimelines::Dated(rows.iter().map(own).collect())
    }

    /// The day of a row; none: its date is open, or never.
    fn day(&mut self, entity: EntityId, row: u32) -> Option<Day> {
        let point = Point::new(Day::FIRST, self.known);
        self.run.row_point(entity, row, point).map(|point| point.day)
    }

    /// The first and the last day of the rows chosen, where nothing else is shown.
    fn days(&mut self, chosen: &Chosen) -> Option<(Day, Day)> {
        let mut days: Vec<Day> = Vec::new();
        for subject in chosen.subjects.iter().filter(|one| self.rows.wants(self.policy, **one)) {
            let entity = subject.for_each(self.policy);
            let entity = entity.filter(|entity| self.policy.entities[*entity].dated.is_some())?;
            for row in self.rows.of(entity)? {
                days.extend(self.day(entity, *row));
            }
        }
        days.iter().min().copied().zip(days.iter().max().copied())
    }
}

/// Whole years around all days named; with none, all days there are, which are all alike.
fn range(args: &Args, named: Option<(Day, Day)>) -> (Day, Day) {
    let (first, last) = named.unwrap_or((Day::FIRST, Day::LAST));
    let year_after = last.last_of(Period::Year).next().last_of(Period::Year).min(Day::LAST);
    let from = args.from.unwrap_or_else(|| first.min(args.to.unwrap_or(first)).first_of(Period::Year));
    (from, args.to.unwrap_or_else(|| year_after.max(from.last_of(Period::Year))))
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
