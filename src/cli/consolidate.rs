//! `comity consolidate`

use super::{Console, Exit, PlainFormat, Reported, policy};
use crate::answers;
use crate::compile::consolidate;
use crate::text::Sources;

/// Write a policy as one text, with all amendments done in it
#[derive(clap::Args)]
pub(super) struct Args {
    /// A .comity file, or a folder
    policy: String,
    /// The text alone, or for programs (docs/schema/consolidate.json)
    #[arg(long, value_enum, default_value_t = PlainFormat::Text)]
    format: PlainFormat,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Reported> {
    let mut sources = Sources::new();
    let (root, files) = policy::find(&args.policy, console)?;
    match consolidate(&root, &files, &mut sources) {
        Ok(text) => {
            match (args.format, args.out.as_deref()) {
                (PlainFormat::Json, None) => console.document(&answers::consolidated(&root, &text)),
                (_, out) => console.deliver(&text, out)?,
            }
            Ok(Exit::Fine)
        }
        Err(said) => {
            console.say(&said, &sources);
            Err(Reported)
        }
    }
}
