//! `comity import`: published schedules as tables that policies read.

mod hts;
mod list;

use super::{Console, Exit, Reported, World};
use crate::diag::{Code, Diagnostic, tick};
use crate::import::SCHEDULE_BYTES;
use crate::words::io_reason;
use std::io::Read;

/// Make annexes of published schedules
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: Imported,
}

#[derive(clap::Subcommand)]
enum Imported {
    Hts(hts::Args),
    List(list::Args),
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Reported> {
    match &args.what {
        Imported::Hts(args) => hts::run(args, console),
        Imported::List(args) => list::run(args, console),
    }
}

/// All bytes of a published file; `-` is standard input.
fn bytes(path: &str, world: &dyn World) -> Result<Vec<u8>, Diagnostic> {
    let unreadable = |why: String| {
        Diagnostic::general(Code::FileUnreadable, format!("{} cannot be read: {why}", tick(path)))
    };
    let file = world.open(path).map_err(unreadable)?;
    let limit = u64::try_from(SCHEDULE_BYTES).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    let read = file.take(limit.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error| unreadable(io_reason(&error)))?;
    match bytes.as_slice() {
        [0x1f, 0x8b, ..] => {
            Err(unreadable("it is compressed".to_string()).help("unpack it first: `gunzip FILE`"))
        }
        _ if bytes.len() > SCHEDULE_BYTES => Err(Diagnostic::general(
            Code::TooLarge,
            format!("{} is larger than {} MiB", tick(path), SCHEDULE_BYTES >> 20),
        )
        .help("a schedule of a country has some ten to twenty MiB: give the file as the site exports it")),
        _ => Ok(bytes),
    }
}
