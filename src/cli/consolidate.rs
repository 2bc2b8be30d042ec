//! `comity consolidate`

use super::{Console, Exit, PlainFormat, Reported, policy};
use crate::answers;
use crate::compile::consolidate;
use crate::text::Sources;

/// Print a policy as one text, with all amendments done in it
#[derive(clap::Args)]
pub(super) struct Args {
    /// A .comity file, or a folder
    policy: String,
    /// The text alone, or for programs (docs/schema/consolidate.json)
    #[arg(long, value_enum, default_value_t = PlainFormat::Text)]
    format: PlainFormat,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Reported> {
    let mut sources = Sources::new();
    let (root, files) = policy::find(&args.policy, console)?;
    match consolidate(&root, &files, &mut sources) {
        Ok(text) => {
            match args.format {
                PlainFormat::Text => console.print(&text),
                PlainFormat::Json => console.document(&answers::consolidated(&root, &text)),
            }
            Ok(Exit::Fine)
        }
        Err(said) => {
            console.say(&said, &sources);
            Err(Reported)
        }
    }
}
