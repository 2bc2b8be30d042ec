//! `comity test`

use super::policy::Loaded;
use super::{Console, Exit, Reported, policy};
use crate::answers::{self, PolicyTrials};
use crate::asking::{self, TriedScenarios};
use crate::diag::{Code, Diagnostic, tick};
use crate::policy::Scenario;
use crate::report::{self, Look, Tally};
use crate::run::Evaluator;
use crate::scenarios::Check;
use crate::text::Sources;
use crate::words::Words;

/// Run the scenarios of a policy, and its guarantees on their facts
#[derive(clap::Args)]
pub(super) struct Args {
    /// A .comity file, or a folder: all policies in it and in those below
    policy: String,
    /// Only scenarios with this in their title
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// For people, for a remark on a change, for programs (docs/schema/test.json), or for where changes are looked at
    #[arg(long, value_enum, default_value_t = TestFormat::Text)]
    format: TestFormat,
}

/// How what came out is written.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum TestFormat {
    Text,
    Markdown,
    Json,
    Github,
    Sarif,
    Junit,
}

impl TestFormat {
    fn look(self, console: &Console<'_>) -> Look {
        match self {
            TestFormat::Markdown => Look::Markdown,
            _ => Look::Text(console.out_style()),
        }
    }
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Reported> {
    let policies = policy::all(&args.policy, console).map_err(|error| {
        console.say(&[error], &Sources::new());
        Reported
    })?;
    let mut tally = Tally::default();
    let mut worst = Exit::Fine;
    let mut trials = Vec::new();
    for path in &policies {
        let end = match policy::load(path, console) {
            Ok(loaded) => match one(args, &loaded, policies.len() > 1, &mut trials, console) {
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
    match args.format {
        TestFormat::Json => {
            let (said, more) = console.kept();
            console.document(&answers::tested(&trials, &said, more));
        }
        TestFormat::Junit => {
            let (said, _) = console.kept();
            console.document(&answers::tested_junit(&trials, &said));
        }
        // They are written out at the end.
        TestFormat::Github | TestFormat::Sarif => {}
        TestFormat::Text | TestFormat::Markdown => {
            if policies.len() > 1 {
                console.tell(&report::policies(tally, args.format.look(console)));
            }
        }
    }
    Ok(worst)
}

/// Tries one policy, which is named if there are others: how it ended, how many scenarios and expectations. None: no scenario
/// of it is wanted.
fn one(
    args: &Args,
    loaded: &Loaded,
    named: bool,
    trials: &mut Vec<PolicyTrials>,
    console: &mut Console<'_>,
) -> Option<(Exit, usize, usize)> {
    let wanted = |scenario: &&Scenario| match &args.filter {
        Some(filter) => scenario.title.to_lowercase().contains(&filter.to_lowercase()),
        None => true,
    };
    let scenarios: Vec<&Scenario> = loaded.policy.scenarios.iter().filter(wanted).collect();
    if scenarios.is_empty() && args.filter.is_some() {
        return None;
    }
    let trial = asking::tried(&loaded.policy, scenarios);
    let mut failed = String::new();
    let mut unmet = Vec::new();
    let look = args.format.look(console);
    let about = (&loaded.policy, &loaded.sources);
    if console.is_data() {
        unmet = trial.failures(about, report::unmet);
    } else {
        let told = |scenario: &Scenario, check: &Check, words: Words<'_>, run: &mut Evaluator<'_>| {
            report::failure(scenario, check, words, run, look) + "\n"
        };
        failed.extend(trial.failures(about, told));
    }
    let TriedScenarios { scenarios, tried, said } = &trial;
    console.say(said, &loaded.sources);
    console.say(&unmet, &loaded.sources);
    let name = named.then_some(loaded.root.as_str());
    let totals = report::totals(&loaded.policy, name, scenarios, tried, look);
    match args.format {
        TestFormat::Text => console.tell(&(failed + &totals)),
        // A remark says first what came of it.
        TestFormat::Markdown => console.tell(&(totals + &failed)),
        TestFormat::Json | TestFormat::Github | TestFormat::Sarif | TestFormat::Junit => {
            trials.push(PolicyTrials { policy: loaded.root.clone(), scenarios: trial.documents(about) });
        }
    }
    let end = match (said.is_empty(), trial.fails()) {
        (false, _) => Exit::BadInput,
        (true, true) => Exit::Findings,
        (true, false) => Exit::Fine,
    };
    Some((end, scenarios.len(), scenarios.iter().map(|scenario| scenario.expects.len()).sum()))
}
