//! `comity import list`

use super::super::{Console, Exit, PlainFormat, Reported};
use super::bytes;
use crate::answers;
use crate::diag::{Code, Diagnostic, tick};
use crate::import::{NoteName, codes_of_note};
use crate::report;
use crate::text::{not_in, other_encoding};

/// Make a list of the codes that a note of chapter 99 of the United States schedule enumerates
#[derive(clap::Args)]
pub(super) struct Args {
    /// The text of the chapter with its notes, line by line as it is printed
    #[arg(value_name = "FILE")]
    file: String,
    /// The note with its subdivisions: `33(g)`
    #[arg(long, value_name = "NOTE", value_parser = note)]
    note: NoteName,
    /// The subchapter, where several have a note of that number: `III`
    #[arg(long, value_name = "NUMBER")]
    subchapter: Option<String>,
    /// The file to be written, with one column
    #[arg(long, value_name = "FILE.csv")]
    out: String,
    /// How what was done is told: for people, or for programs (docs/schema/import_list.json)
    #[arg(long, value_enum, default_value_t = PlainFormat::Text)]
    format: PlainFormat,
}

fn note(text: &str) -> Result<NoteName, String> {
    NoteName::parse(text).ok_or_else(|| "a note is named as `33(g)`".to_string())
}

pub(in crate::cli) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Reported> {
    let bytes = bytes(&args.file, console.world()).map_err(|error| console.report(error))?;
    if let Some(encoding) = other_encoding(&bytes) {
        let message = format!("{} cannot be read: {}", tick(&args.file), not_in(encoding));
        return Err(console.report(Diagnostic::general(Code::FileUnreadable, message)));
    }
    // Codes and marks are ASCII: signs of another encoding stand in sentences alone.
    let text = String::from_utf8_lossy(&bytes);
    let found = codes_of_note(&args.file, &text, &args.note, args.subchapter.as_deref())
        .map_err(|error| console.report(error))?;
    let rows: String = found.codes.iter().map(|code| format!("{code}\n")).collect();
    let table = format!("hts\n{rows}");
    console.deliver_all([(args.out.clone(), table.as_str())])?;
    match args.format {
        PlainFormat::Json => console.document(&answers::listed(&args.note, &args.out, &found)),
        PlainFormat::Text => console.tell(&report::listed(&args.note, &args.out, &found)),
    }
    Ok(Exit::Fine)
}
