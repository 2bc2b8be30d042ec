//! `comity check`

use super::{Console, Exit, Told, policy};
use crate::report;

/// Read a policy and say what is wrong with it
#[derive(clap::Args)]
pub(super) struct Args {
    /// A .comity file, or a folder
    policy: String,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Told> {
    let loaded = policy::load(&args.policy, console)?;
    console.say(&loaded.lints, &loaded.sources);
    console.print(&report::holds(&loaded.root, &loaded.policy, &loaded.lints));
    Ok(Exit::Fine)
}
