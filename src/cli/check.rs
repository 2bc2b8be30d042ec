//! `comity check`

use super::fix;
use super::policy::{Loaded, STDIN};
use super::{Console, Exit, Reported, outputs, policy};
use crate::answers;
use crate::asking::{self, PolicyCheck};
use crate::diag::count;
use crate::mend::{MendedTexts, mend};
use crate::regions::findings;
use crate::report;
use crate::scenarios;
use crate::text::{Overlay, shown_lines};

/// Read a policy and say what is wrong with it, for some facts or for all of them
#[derive(clap::Args)]
pub(super) struct Args {
    /// A .comity file, or a folder
    policy: String,
    /// How much work each question about all facts may take; work is counted, not time
    #[arg(long, value_name = "N", default_value_t = findings::STEPS)]
    steps: u64,
    /// Look at the text alone, and ask nothing about all facts
    #[arg(long)]
    no_findings: bool,
    /// Mend what can mean one thing only, and write the files; of a text from stdin, print it
    #[arg(long)]
    fix: bool,
    /// Mend also what is a guess, where there is one guess only
    #[arg(long = "unsafe", requires = "fix")]
    risky: bool,
    /// Print what would be mended, and write nothing
    #[arg(long, requires = "fix")]
    diff: bool,
    /// For people, for programs (docs/schema/check.json), or for where changes are looked at
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    format: CheckFormat,
}

/// How findings are written out.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum CheckFormat {
    Text,
    Json,
    Github,
    Sarif,
    Junit,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Reported> {
    let (root, mut files) = policy::find(&args.policy, console)?;
    if args.fix {
        let mended = mend(&root, &mut files, args.risky);
        if args.diff || args.policy == STDIN {
            print(args, (&root, &files), &mended, console);
            return Ok(if mended.files.is_empty() { Exit::Fine } else { Exit::Findings });
        }
        write(&mended, console)?;
    }
    let loaded = policy::load_from(root, &files, console)?;
    let unstated = scenarios::unstated(&loaded.policy);
    if !unstated.is_empty() {
        console.say(&unstated, &loaded.sources);
        return Err(Reported);
    }
    Ok(check(args, &loaded, console))
}

/// What is mended, to be looked at; a text from standard input comes out again, mended or not.
fn print(args: &Args, (root, files): (&str, &Overlay<'_>), mended: &MendedTexts, console: &mut Console<'_>) {
    let changes = fix::changes(mended);
    let text = match args.format {
        CheckFormat::Json => answers::mended(root, mended.made, &changes),
        _ if args.diff => changes.iter().map(|change| shown_lines(&change.diff)).collect(),
        _ => files.texts.get(root).cloned().unwrap_or_default(),
    };
    console.document(&text);
}

/// The mended texts, in place of the files.
fn write(mended: &MendedTexts, console: &mut Console<'_>) -> Result<(), Reported> {
    if let Some(input) = console.world().changed() {
        return Err(console.report(outputs::changed(&input)));
    }
    for path in mended.files.keys() {
        console.world().mends(path);
    }
    let texts = mended.files.iter().map(|(path, (_, text))| (path.clone(), text.as_str()));
    console.deliver_all(texts)?;
    if mended.made > 0 {
        console.say_text(&format!("mended in {}\n", count(mended.made, "place")));
    }
    Ok(())
}

fn check(args: &Args, loaded: &Loaded, console: &mut Console<'_>) -> Exit {
    let (policy, sources) = (&loaded.policy, &loaded.sources);
    let steps = (!args.no_findings).then_some(args.steps);
    let PolicyCheck { lints, said, noted, made, clean } =
        asking::checked(&loaded.root, (policy, sources), &loaded.lints, steps);
    match args.format {
        CheckFormat::Text => {
            let width = console.out_style().width;
            console.say(&said, sources);
            console.tell(&report::holds(&loaded.root, policy, &said));
            if !args.no_findings {
                console.tell(&report::found(policy, sources, &noted, &made, width));
            }
        }
        CheckFormat::Json => {
            console.document(&answers::checked(&answers::CheckReport {
                root: &loaded.root,
                policy,
                sources,
                lints: &lints,
                noted: &noted,
                made: &made,
                steps: args.steps,
                looked: !args.no_findings,
            }));
        }
        // They are written out at the end.
        CheckFormat::Github | CheckFormat::Sarif | CheckFormat::Junit => console.say(&said, sources),
    }
    if clean { Exit::Fine } else { Exit::Findings }
}
