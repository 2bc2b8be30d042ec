//! `comity consolidate`

use super::{Console, Exit, Reported, policy};
use crate::compile::consolidate;
use crate::text::Sources;

/// Print a policy as one text, with all amendments done in it
#[derive(clap::Args)]
pub(super) struct Args {
    /// A .comity file, or a folder
    policy: String,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Reported> {
    let mut sources = Sources::new();
    let root = policy::root(&args.policy, console).map_err(|error| {
        console.say(&[error], &sources);
        Reported
    })?;
    match consolidate(&root, console.world().files(), &mut sources) {
        Ok(text) => {
            console.print(&text);
            Ok(Exit::Fine)
        }
        Err(said) => {
            console.say(&said, &sources);
            Err(Reported)
        }
    }
}
