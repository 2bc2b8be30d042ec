//! `comity import hts`

use super::super::{Console, Exit, PlainFormat, Reported};
use super::bytes;
use crate::answers;
use crate::diag::{Code, Diagnostic, tick};
use crate::import::{HtsImport, ImportReport, ScheduleFile};
use crate::report;
use crate::text::{Sources, utf8};
use crate::value::Day;

/// Make annexes of the Harmonized Tariff Schedule of the United States, as its site exports it
#[derive(clap::Args)]
pub(super) struct Args {
    /// A revision, .json or .csv, in force on every day; before the revisions with a day, if there are any
    #[arg(value_name = "FILE")]
    files: Vec<String>,
    /// A revision that is in force from that day on, until the next begins; may be repeated
    #[arg(long, value_name = "DATE=FILE", value_parser = dated)]
    from: Vec<(Day, String)>,
    /// The folder into which the tables are written
    #[arg(long, value_name = "FOLDER")]
    out: String,
    /// Write a table of the descriptions too
    #[arg(long)]
    descriptions: bool,
    /// Print every rate again from what was read of it, and compare it with the text
    #[arg(long)]
    verify: bool,
    /// How what was done is told: for people, or for programs (docs/schema/import.json)
    #[arg(long, value_enum, default_value_t = PlainFormat::Text)]
    format: PlainFormat,
}

/// `2025-01-27=revision_1.json`
fn dated(text: &str) -> Result<(Day, String), String> {
    let Some((day, file)) = text.split_once('=').filter(|(_, file)| !file.is_empty()) else {
        return Err("a revision with its first day is given as `2025-01-27=FILE`".to_string());
    };
    match Day::parse(day.trim()) {
        Some(day) => Ok((day, file.to_string())),
        None => Err(format!(
            "there is no day `{day}`: days go from {} to {}, written as `2025-01-27`",
            Day::FIRST,
            Day::LAST
        )),
    }
}

pub(in crate::cli) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Reported> {
    let revisions = revisions(args).map_err(|error| console.report(error))?;
    let mut import = HtsImport::new(args.verify, args.descriptions);
    for (at, (from, path)) in revisions.iter().enumerate() {
        console.progress(at, revisions.len());
        let mut sources = Sources::new();
        let added = add(&mut import, (*from, path), console, &mut sources);
        if let Err(error) = added {
            console.progress(revisions.len(), revisions.len());
            console.say(&[error], &sources);
            return Err(Reported);
        }
    }
    let report = import.finish();
    console.progress(revisions.len(), revisions.len());
    deliver(args, &report, console)?;
    match args.format {
        PlainFormat::Json => console.document(&answers::imported(&args.out, &report)),
        PlainFormat::Text => console.tell(&report::imported(&args.out, &report)),
    }
    Ok(if report.is_clean() { Exit::Fine } else { Exit::Findings })
}

/// The revisions in the order in which they are in force.
fn revisions(args: &Args) -> Result<Vec<(Option<Day>, &str)>, Diagnostic> {
    let usage = |message: String, help: &str| Err(Diagnostic::general(Code::Usage, message).help(help));
    if let [_, second, ..] = args.files.as_slice() {
        let message = format!("{} is a second file without a day", tick(second));
        return usage(message, "say from when on each revision is in force: `--from 2025-01-27=FILE`");
    }
    let mut dated: Vec<(Option<Day>, &str)> =
        args.from.iter().map(|(day, path)| (Some(*day), path.as_str())).collect();
    dated.sort_by_key(|(day, _)| *day);
    let same = dated.windows(2).find_map(|two| match two {
        [(Some(first), _), (Some(second), path)] if first == second => Some((*first, *path)),
        _ => None,
    });
    if let Some((day, path)) = same {
        let message = format!("{} is a second revision from {day} on", tick(path));
        return usage(message, "of two revisions from one day on, give the later alone");
    }
    let first = args.files.iter().map(|path| (None, path.as_str()));
    let all: Vec<(Option<Day>, &str)> = first.chain(dated).collect();
    match all.is_empty() {
        true => {
            usage("no revision is given".to_string(), "name the file, or several with `--from DATE=FILE`")
        }
        false => Ok(all),
    }
}

fn add(
    import: &mut HtsImport,
    (from, path): (Option<Day>, &str),
    console: &Console<'_>,
    sources: &mut Sources,
) -> Result<(), Diagnostic> {
    let text = utf8(bytes(path, console.world())?).map_err(|why| {
        Diagnostic::general(Code::FileUnreadable, format!("{} cannot be read: {why}", tick(path)))
    })?;
    let source = sources.add(path.to_string(), text);
    let text = sources.get(source).map_or("", |source| source.text.as_str());
    import.add(ScheduleFile { name: path, source, text, from })
}

fn deliver(args: &Args, report: &ImportReport, console: &mut Console<'_>) -> Result<(), Reported> {
    let folder = match args.out.trim_end_matches('/') {
        "" if args.out.is_empty() => {
            let error = Diagnostic::general(Code::Usage, "`--out` names no folder".to_string());
            return Err(console.report(error.help("name a folder; `.` is the one you are in")));
        }
        "" => "/",
        folder => folder,
    };
    console.make_folder(folder)?;
    let files = report.tables.iter().map(|table| (format!("{folder}/{}", table.name), table.text.as_str()));
    console.deliver_all(files)
}
