//! `comity check`

use super::{Console, Exit, Reported, policy};
use crate::answers;
use crate::compile::is_amending;
use crate::diag::Diagnostic;
use crate::regions::findings;
use crate::report;

/// Read a policy and say what is wrong with it, for some facts or for all of them
#[derive(clap::Args)]
pub(super) struct Args {
    /// A .comity file, or a folder
    policy: String,
    /// How much work each question about all facts may take; work is counted, not time
    #[arg(long, value_name = "N", default_value_t = findings::STEPS)]
    steps: u64,
    /// For people, or for programs (docs/schema/check.json)
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    format: CheckFormat,
}

/// How findings are written out.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum CheckFormat {
    Text,
    Json,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Reported> {
    let loaded = policy::load(&args.policy, console)?;
    let (policy, sources) = (&loaded.policy, &loaded.sources);
    let mut made = findings::look(policy, args.steps);
    let mut noted = report::noted(policy, sources, std::mem::take(&mut made.found));
    let mut allowances = report::allowances(sources);
    allowances.apply(&mut noted, sources);
    // What a base allows may be cured by what amends it: there only the root speaks for itself.
    let root = sources.read().find(|(_, source)| source.name == loaded.root);
    let amending = root.filter(|(_, source)| is_amending(&source.name, &source.text));
    let vain = allowances.in_vain(|id| amending.is_none_or(|(root, _)| root == id));
    let open: Vec<Diagnostic> =
        noted.iter().filter(|one| one.allowed.is_none()).map(|one| one.diagnostic.clone()).collect();
    let lints: Vec<Diagnostic> = loaded.lints.iter().chain(&vain).cloned().collect();
    let mut said: Vec<Diagnostic> = lints.iter().chain(&open).cloned().collect();
    said.sort_by_key(|one| one.span().map(|span| sources.origin(span)));
    match args.format {
        CheckFormat::Text => {
            let width = console.out_style().width;
            console.say(&said, sources);
            console.print(&report::holds(&loaded.root, policy, &said));
            console.print(&report::found(policy, sources, &noted, &made, width));
        }
        CheckFormat::Json => {
            let root = loaded.root.as_str();
            let (noted, made) = (&noted, &made);
            console.print(&answers::checked(&answers::CheckReport {
                root,
                policy,
                sources,
                lints: &lints,
                noted,
                made,
                steps: args.steps,
            }));
        }
    }
    Ok(if open.is_empty() && vain.is_empty() { Exit::Fine } else { Exit::Findings })
}
