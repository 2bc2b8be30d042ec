//! `comity eval`

use super::facts::StatedCase;
use super::{Console, Exit, ReportFormat, Reported, day, facts, names, policy};
use crate::answers;
use crate::asking::{evaluation, gaps};
use crate::outcome::Status;
use crate::report::{self, Look};
use crate::run::Evaluator;
use crate::value::Day;

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

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Reported> {
    let mut loaded = policy::load(&args.case.policy, console)?;
    let chosen = names::chosen(&loaded, &args.only, console)?;
    let facts = facts::load(&mut loaded, &args.case, console)?;
    if args.on.is_none() {
        names::day_needed(&loaded, &facts, &chosen, console)?;
    }
    let mut run = Evaluator::new(&loaded.policy, &facts);
    let about = (&loaded.policy, &facts, &loaded.sources);
    let asked = evaluation(&mut run, about, &chosen, (args.on, args.case.known));
    let bad = asked.outcomes.iter().any(|(_, all)| all.iter().any(|answer| is_finding(answer.status)))
        || asked.conduct.fails();
    match args.format {
        ReportFormat::Json => console.document(&answers::json(&asked)),
        ReportFormat::Text | ReportFormat::Markdown => {
            let gaps = gaps(&mut run, &asked);
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
