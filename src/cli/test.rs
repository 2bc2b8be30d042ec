//! `comity test`

use super::policy::Loaded;
use super::{Console, Exit, Told, policy};
use crate::diag::{Code, Diagnostic, tick};
use crate::policy::Scenario;
use crate::report;
use crate::run::Evaluator;
use crate::trial::{Tried, try_scenario};
use crate::wire::{Reader, Words};

/// Run the scenarios of a policy, and its guarantees on their facts
#[derive(clap::Args)]
pub(super) struct Args {
    /// A .comity file, or a folder
    policy: String,
    /// Only scenarios with this in their title
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Told> {
    let loaded = policy::load(&args.policy, console)?;
    let wanted = |scenario: &&Scenario| match &args.filter {
        Some(filter) => scenario.title.to_lowercase().contains(&filter.to_lowercase()),
        None => true,
    };
    let scenarios: Vec<&Scenario> = loaded.policy.scenarios.iter().filter(wanted).collect();
    if let (true, Some(filter)) = (scenarios.is_empty(), &args.filter) {
        let message = format!("no scenario has {} in its title", tick(filter));
        console.say(&[Diagnostic::general(Code::UnknownName, message)], &loaded.sources);
        return Err(Told);
    }
    let mut all = Vec::with_capacity(scenarios.len());
    let mut said = Vec::new();
    for scenario in &scenarios {
        match try_scenario(&loaded.policy, scenario) {
            Ok(tried) => {
                said.extend(tried.wrong.iter().cloned());
                failures(&loaded, scenario, &tried, console);
                all.push(Some(tried));
            }
            Err(errors) => {
                said.extend(errors);
                all.push(None);
            }
        }
    }
    console.say(&said, &loaded.sources);
    console.print(&report::totals(&loaded.policy, &scenarios, &all, console.out_style()));
    let failed = all.iter().flatten().any(|tried| tried.checks.iter().any(|check| check.fails()));
    Ok(match (said.is_empty(), failed) {
        (false, _) => Exit::BadInput,
        (true, true) => Exit::Findings,
        (true, false) => Exit::Fine,
    })
}

fn failures(loaded: &Loaded, scenario: &Scenario, tried: &Tried, console: &mut Console<'_>) {
    let mut run: Option<Evaluator<'_>> = None;
    for check in tried.checks.iter().filter(|check| check.fails()) {
        let run = run.get_or_insert_with(|| Evaluator::new(&loaded.policy, &tried.facts));
        let words = Words {
            policy: &loaded.policy,
            facts: &tried.facts,
            sources: &loaded.sources,
            reader: Reader::People,
        };
        let text = report::failure(scenario, check, words, run, console.out_style());
        console.print(&format!("{text}\n"));
    }
}
