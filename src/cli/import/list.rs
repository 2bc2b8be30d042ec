//! `comity import list`

use super::super::{Console, Exit, PlainFormat, Reported};

#[derive(clap::Args)]
pub(super) struct Args {
    file: String,
    #[arg(long, value_enum, default_value_t = PlainFormat::Text)]
    format: PlainFormat,
}

pub(in crate::cli) fn run(_args: &Args, _console: &mut Console<'_>) -> Result<Exit, Reported> {
    Ok(Exit::Fine)
}
