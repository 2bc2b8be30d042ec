//! `comity fidelity`

use super::{Console, Exit, Reported, policy};
use crate::answers;
use crate::diag::{Code, Diagnostic, tick};
use crate::formats;
use crate::report::Fidelity;
use crate::text::beside;

/// Say how true a policy is to its sources, clause by clause, in Markdown
///
/// The ledger is `fidelity.csv` beside the policy's root file: `id,source,place,about,status,sure,note`, and `clauses`. A line is
/// shown if something that its scenarios expect is not so without its clauses.
#[derive(clap::Args)]
pub(super) struct Args {
    /// A .comity file, or a folder
    policy: String,
    /// Another ledger than `fidelity.csv` beside the policy
    #[arg(long, value_name = "FILE")]
    ledger: Option<String>,
    /// Print nothing, and compare with this file
    #[arg(long, value_name = "FILE")]
    check: Option<String>,
    /// In Markdown, or for programs (docs/schema/fidelity.json)
    #[arg(long, value_enum, default_value_t = FidelityFormat::Markdown)]
    format: FidelityFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FidelityFormat {
    Markdown,
    Json,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Reported> {
    let mut loaded = policy::load(&args.policy, console)?;
    let path = args.ledger.clone().unwrap_or_else(|| beside(&loaded.root, "fidelity.csv"));
    let text = console.world().read(&path).map_err(|why| {
        let error = Diagnostic::general(
            Code::FileUnreadable,
            format!("{} cannot be read: {why}", tick(&path)),
        )
        .help(
            "the ledger of a policy is the file `fidelity.csv` beside it; another is named with `--ledger`",
        );
        console.say(&[error], &loaded.sources);
        Reported
    })?;
    let source = loaded.sources.add(path, text.clone());
    let entries = formats::ledger(source, &text).map_err(|said| {
        console.say(&said, &loaded.sources);
        Reported
    })?;
    let fidelity = Fidelity::new(&loaded.policy, &entries, &loaded.sources);
    let mut said = fidelity.findings();
    let page = fidelity.markdown();
    match &args.check {
        None if args.format == FidelityFormat::Markdown => console.tell(&page),
        None => {}
        Some(file) => said.extend(changed(file, &page, args, console)),
    }
    console.say(&said, &loaded.sources);
    if args.format == FidelityFormat::Json {
        let (kept, more) = console.kept();
        console.document(&answers::fidelity(&loaded.root, &entries, &fidelity.shown(), &kept, more));
    }
    Ok(if said.is_empty() { Exit::Fine } else { Exit::Findings })
}

/// What is wrong with the file that should hold the page.
fn changed(file: &str, page: &str, args: &Args, console: &Console<'_>) -> Option<Diagnostic> {
    let ledger = args.ledger.as_ref().map_or(String::new(), |path| format!(" --ledger {path}"));
    let command = format!("comity fidelity {}{ledger} > {file}", args.policy);
    let remedy = format!("write it again: {}", tick(&command));
    match console.world().read(file) {
        Ok(text) if text == page => None,
        Ok(text) => {
            let differs = text.lines().zip(page.lines()).take_while(|(old, new)| old == new).count();
            let message = format!(
                "{} is not what the policy and its ledger give: line {} differs",
                tick(file),
                differs + 1
            );
            Some(Diagnostic::general(Code::OutOfDate, message).help(remedy))
        }
        Err(why) => Some(
            Diagnostic::general(Code::FileUnreadable, format!("{} cannot be read: {why}", tick(file)))
                .help(remedy),
        ),
    }
}
