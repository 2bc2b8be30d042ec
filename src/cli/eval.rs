//! `comity eval`

use super::facts::StatedCase;
use super::{Console, Exit, ReportFormat, Reported, conduct::conduct, day, facts, names, policy};
use crate::answers;
use crate::answers::{Answers, Evaluation};
use crate::facts::Facts;
use crate::outcome::{Point, Status};
use crate::policy::{EntityId, OutcomeId, Policy};
use crate::report::{self, Look};
use crate::run::Evaluator;
use crate::value::Day;
use std::collections::BTreeMap;

/// Answer every question of a policy for one set of facts
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    case: StatedCase,
    /// The day asked about; rows with a date of their own have that
    #[arg(long, value_name = "DATE", value_parser = day)]
    on: Option<Day>,
    /// Ask only for this outcome, obligation or power; may be repeated
    #[arg(long, visible_alias = "outcome", value_name = "NAME")]
    only: Vec<String>,
    /// For people, for a memo, or for programs (docs/schema/answer.json)
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    format: ReportFormat,
}

/// The stories of more gaps than this are not told.
const GAPS: usize = 20;

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Reported> {
    let mut loaded = policy::load(&args.case.policy, console)?;
    let chosen = names::chosen(&loaded, &args.only, console)?;
    let facts = facts::load(&mut loaded, &args.case, console)?;
    if args.on.is_none() {
        names::day_needed(&loaded, &facts, &chosen, console)?;
    }
    let point = Point::new(args.on.unwrap_or(Day::FIRST), args.case.known.unwrap_or(Day::NEVER));
    let mut run = Evaluator::new(&loaded.policy, &facts);
    let answered = chosen.outcomes().map(|id| (id, answers(&mut run, &loaded.policy, &facts, id, point)));
    let answered = answered.collect();
    let asked = Evaluation {
        policy: &loaded.policy,
        facts: &facts,
        sources: &loaded.sources,
        on: args.on,
        known: args.case.known,
        outcomes: answered,
        conduct: conduct(&mut run, &loaded.policy, &facts, &chosen, point),
    };
    let bad = asked.outcomes.iter().any(|(_, all)| all.iter().any(|answer| is_finding(answer.status)))
        || asked.conduct.fails();
    match args.format {
        ReportFormat::Json => console.document(&answers::json(&asked)),
        ReportFormat::Text | ReportFormat::Markdown => {
            let gaps = gaps(&mut run, &asked, point);
            let told = report::EvalReport { asked, gaps, named: chosen.named };
            let style = console.out_style();
            let look = if args.format == ReportFormat::Text { Look::Text(style) } else { Look::Markdown };
            console.tell(&report::eval(&told, look));
        }
    }
    Ok(if bad { Exit::Findings } else { Exit::Fine })
}

fn is_finding(status: Status) -> bool {
    match status {
        Status::Determined | Status::Undetermined => false,
        Status::Gap | Status::Conflict | Status::Error => true,
    }
}

/// The answer, or the answers for all rows in the order they are stated.
fn answers(run: &mut Evaluator<'_>, policy: &Policy, facts: &Facts, id: OutcomeId, point: Point) -> Answers {
    match policy.outcomes[id].for_each.and_then(|entity| Some((entity, rows(facts, entity)?))) {
        None => Answers::One(point, run.answer(id, None, point)),
        Some((entity, rows)) => {
            let one = |row| (row, run.row_point(entity, row, point), run.answer(id, Some(row), point));
            Answers::Rows((0..rows).map(one).collect())
        }
    }
}

/// How many rows are stated; none: the table is not.
fn rows(facts: &Facts, entity: EntityId) -> Option<u32> {
    let rows = facts.tables.try_get(entity).and_then(Option::as_ref)?;
    u32::try_from(rows.rows.len()).ok()
}

/// What came closest to filling each gap.
fn gaps(
    run: &mut Evaluator<'_>,
    asked: &Evaluation<'_>,
    point: Point,
) -> BTreeMap<(OutcomeId, Option<u32>), crate::outcome::Story> {
    let mut gaps = Vec::new();
    for (id, answers) in &asked.outcomes {
        match answers {
            Answers::One(_, answer) if answer.status == Status::Gap => gaps.push((*id, None)),
            Answers::One(..) => {}
            Answers::Rows(rows) => {
                let empty = rows.iter().filter(|(_, _, answer)| answer.status == Status::Gap);
                gaps.extend(empty.map(|(row, _, _)| (*id, Some(*row))));
            }
        }
    }
    gaps.into_iter().take(GAPS).map(|(id, row)| ((id, row), run.story(id, row, point))).collect()
}
