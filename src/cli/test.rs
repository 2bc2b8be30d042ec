//! `comity test`

use super::policy::Loaded;
use super::{Console, Exit, Prose, Reported, policy};
use crate::diag::{Code, Diagnostic, tick};
use crate::policy::Scenario;
use crate::report::{self, Look, Tally};
use crate::run::Evaluator;
use crate::scenarios::{Trials, Tried};
use crate::text::Sources;
use crate::words::{Audience, Words};

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

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Reported> {
    let policies = policy::all(&args.policy, console).map_err(|error| {
        console.say(&[error], &Sources::new());
        Reported
    })?;
    let mut tally = Tally::default();
    let mut worst = Exit::Fine;
    for path in &policies {
        let end = match policy::load(path, console) {
            Ok(loaded) => match one(args, &loaded, policies.len() > 1, console) {
                Some((end, scenarios, expectations)) => {
                    tally.scenarios += scenarios;
                    tally.expectations += expectations;
                    end
                }
                None => continue,
            },
            Err(Reported) => Exit::BadInput,
        };
        tally.policies += 1;
        tally.failed += usize::from(end != Exit::Fine);
        worst = match (worst, end) {
            (Exit::BadInput, _) | (_, Exit::BadInput) => Exit::BadInput,
            (Exit::Findings, _) | (_, Exit::Findings) => Exit::Findings,
            (Exit::Fine, Exit::Fine) => Exit::Fine,
        };
    }
    if let (0, Some(filter)) = (tally.policies, &args.filter) {
        let message = format!("no scenario has {} in its title", tick(filter));
        console.say(&[Diagnostic::general(Code::UnknownName, message)], &Sources::new());
        return Err(Reported);
    }
    if policies.len() > 1 {
        let look = args.format.look(console);
        console.print(&report::policies(tally, look));
    }
    Ok(worst)
}

/// Tries one policy, which is named if there are others: how it ended, how many scenarios and expectations. None: no scenario
/// of it is wanted.
fn one(args: &Args, loaded: &Loaded, named: bool, console: &mut Console<'_>) -> Option<(Exit, usize, usize)> {
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
    let trials = Trials::new(&loaded.policy);
    for scenario in &scenarios {
        match trials.scenario(scenario) {
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
    let end = match (said.is_empty(), failed) {
        (false, _) => Exit::BadInput,
        (true, true) => Exit::Findings,
        (true, false) => Exit::Fine,
    };
    Some((end, scenarios.len(), scenarios.iter().map(|scenario| scenario.expects.len()).sum()))
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
            audience: Audience::People,
        };
        text.push_str(&report::failure(scenario, check, words, run, look));
        text.push('\n');
    }
    text
}
