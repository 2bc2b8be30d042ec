//! `comity test`

use super::policy::Loaded;
use super::{Console, Exit, Prose, Told, policy};
use crate::diag::{Code, Diagnostic, tick};
use crate::policy::Scenario;
use crate::report::{self, Look};
use crate::run::Evaluator;
use crate::text::Sources;
use crate::trial::{Tried, try_scenario};
use crate::wire::{Reader, Words};

/// Run the scenarios of a policy, and its guarantees on their facts
#[derive(clap::Args)]
pub(super) struct Args {
    /// A .comity file, or a folder: all policies in it and in those below
    policy: String,
    /// Only scenarios with this in their title
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// For people, or for a remark on a change
    #[arg(long, value_enum, default_value_t = Prose::Text)]
    format: Prose,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Told> {
    let policies = policy::all(&args.policy, console).map_err(|error| {
        console.say(&[error], &Sources::new());
        Told
    })?;
    let mut ends = Vec::with_capacity(policies.len());
    for path in &policies {
        ends.push(match policy::load(path, console) {
            Ok(loaded) => one(args, &loaded, policies.len() > 1, console),
            Err(Told) => Some(Exit::BadInput),
        });
    }
    let ends: Vec<Exit> = ends.into_iter().flatten().collect();
    if let (true, Some(filter)) = (ends.is_empty(), &args.filter) {
        let message = format!("no scenario has {} in its title", tick(filter));
        console.say(&[Diagnostic::general(Code::UnknownName, message)], &Sources::new());
        return Err(Told);
    }
    let failed = ends.iter().filter(|end| **end != Exit::Fine).count();
    if policies.len() > 1 {
        let look = args.format.look(console);
        console.print(&report::policies(ends.len(), failed, look));
    }
    Ok(match (failed, ends.contains(&Exit::BadInput)) {
        (_, true) => Exit::BadInput,
        (0, false) => Exit::Fine,
        (_, false) => Exit::Findings,
    })
}

/// Tries one policy, which is named if there are others. None: no scenario of it is wanted.
fn one(args: &Args, loaded: &Loaded, named: bool, console: &mut Console<'_>) -> Option<Exit> {
    let wanted = |scenario: &&Scenario| match &args.filter {
        Some(filter) => scenario.title.to_lowercase().contains(&filter.to_lowercase()),
        None => true,
    };
    let scenarios: Vec<&Scenario> = loaded.policy.scenarios.iter().filter(wanted).collect();
    if scenarios.is_empty() && args.filter.is_some() {
        return None;
    }
    let mut all = Vec::with_capacity(scenarios.len());
    let mut said = Vec::new();
    let mut failed = String::new();
    let look = args.format.look(console);
    for scenario in &scenarios {
        match try_scenario(&loaded.policy, scenario) {
            Ok(tried) => {
                said.extend(tried.wrong.iter().cloned());
                failed.push_str(&failures(loaded, scenario, &tried, look));
                all.push(Some(tried));
            }
            Err(errors) => {
                said.extend(errors);
                all.push(None);
            }
        }
    }
    console.say(&said, &loaded.sources);
    let name = named.then_some(loaded.root.as_str());
    let totals = report::totals(&loaded.policy, name, &scenarios, &all, look);
    // A remark says first what came of it.
    let (first, then) = if args.format == Prose::Text { (failed, totals) } else { (totals, failed) };
    console.print(&first);
    console.print(&then);
    let failed = all.iter().flatten().any(|tried| tried.checks.iter().any(|check| check.fails()));
    Some(match (said.is_empty(), failed) {
        (false, _) => Exit::BadInput,
        (true, true) => Exit::Findings,
        (true, false) => Exit::Fine,
    })
}

fn failures(loaded: &Loaded, scenario: &Scenario, tried: &Tried, look: Look) -> String {
    let mut text = String::new();
    let mut run: Option<Evaluator<'_>> = None;
    for check in tried.checks.iter().filter(|check| check.fails()) {
        let run = run.get_or_insert_with(|| Evaluator::new(&loaded.policy, &tried.facts));
        let words = Words {
            policy: &loaded.policy,
            facts: &tried.facts,
            sources: &loaded.sources,
            reader: Reader::People,
        };
        text.push_str(&report::failure(scenario, check, words, run, look));
        text.push('\n');
    }
    text
}
