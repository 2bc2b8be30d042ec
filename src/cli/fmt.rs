//! `comity fmt`

use super::policy::STDIN;
use super::{Console, Exit, PlainFormat, Reported, outputs, policy};
use crate::answers::{self, FileChange};
use crate::diag::{Code, Diagnostic, count, tick};
use crate::syntax::style::{TextKind, Unformatted, formatted};
use crate::text::{Sources, shown_lines};
use similar::TextDiff;

/// Write policies in the one style: indentation, spaces, empty lines, and what is too long for a line
#[derive(clap::Args)]
pub(super) struct Args {
    /// .comity files, folders with all that are in them and below, or `-`: a text from stdin, which is printed
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
    /// Say which files are not in the style, and write nothing
    #[arg(long)]
    check: bool,
    /// Print what would change, and write nothing
    #[arg(long)]
    diff: bool,
    /// For people, or for programs (docs/schema/fmt.json)
    #[arg(long, value_enum, default_value_t = PlainFormat::Text)]
    format: PlainFormat,
}

/// A text as it was read and as it is to be.
struct StyledText {
    file: String,
    /// It is printed.
    from_stdin: bool,
    old: String,
    new: String,
}

impl StyledText {
    fn changes(&self) -> bool {
        self.old != self.new
    }

    fn diff(&self) -> String {
        TextDiff::from_lines(&self.old, &self.new).unified_diff().header(&self.file, &self.file).to_string()
    }
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Reported> {
    let mut files = Vec::new();
    for path in &args.paths {
        files.extend(policy::files(path, console).map_err(|error| console.report(error))?);
    }
    files.dedup();
    let mut texts = Vec::new();
    let mut refused = false;
    for file in &files {
        match styled(file, console) {
            Ok(text) => texts.push(text),
            Err(Reported) => refused = true,
        }
    }
    let only_looks = args.check || args.diff;
    if !only_looks {
        write(&texts, console)?;
    }
    print(args, &texts, console);
    let changed = texts.iter().any(StyledText::changes);
    Ok(match (refused, only_looks && changed) {
        (true, _) => Exit::BadInput,
        (false, true) => Exit::Findings,
        (false, false) => Exit::Fine,
    })
}

/// A file with its text in the style; one that is left as it is is reported.
fn styled(path: &str, console: &mut Console<'_>) -> Result<StyledText, Reported> {
    let (name, text) = match path {
        STDIN => (console.stdin_name(), console.world().stdin()),
        path => (path.to_string(), console.world().read(path)),
    };
    let old = text.map_err(|why| {
        let message = format!("{} cannot be read: {why}", tick(&name));
        console.report(Diagnostic::general(Code::FileUnreadable, message))
    })?;
    let kind = if name.ends_with(".md") { TextKind::Literate } else { TextKind::Plain };
    let mut sources = Sources::new();
    let source = sources.add(&name, old.clone());
    match formatted(source, &old, kind) {
        Ok(new) => Ok(StyledText { file: name, from_stdin: path == STDIN, old, new }),
        Err(Unformatted::Errors(errors)) => {
            console.say(&errors, &sources);
            Err(Reported)
        }
        Err(Unformatted::NotTheSame) => {
            let message =
                format!("{} is left as it is: in the style it would not be the same text", tick(&name));
            let error = Diagnostic::general(Code::FileUnwritable, message);
            Err(console.report(error.help("this is an error of the program: please report it with the file")))
        }
    }
}

/// The files that change, all of them or none.
fn write(texts: &[StyledText], console: &mut Console<'_>) -> Result<(), Reported> {
    let changed: Vec<&StyledText> = texts.iter().filter(|text| text.changes() && !text.from_stdin).collect();
    if let Some(input) = console.world().changed() {
        return Err(console.report(outputs::changed(&input)));
    }
    for text in &changed {
        console.world().mends(&text.file);
    }
    console.deliver_all(changed.iter().map(|text| (text.file.clone(), text.new.as_str())))
}

fn print(args: &Args, texts: &[StyledText], console: &mut Console<'_>) {
    let changed: Vec<&StyledText> = texts.iter().filter(|text| text.changes()).collect();
    if args.format == PlainFormat::Json {
        let change = |text: &&StyledText| FileChange {
            file: text.file.clone(),
            diff: text.diff(),
            text: text.new.clone(),
        };
        let changes: Vec<FileChange> = changed.iter().map(change).collect();
        let (said, more) = console.kept();
        return console.document(&answers::formatted(&changes, texts.len(), &said, more));
    }
    if args.diff {
        let diffs: String = changed.iter().map(|text| shown_lines(&text.diff()).into_owned()).collect();
        console.document(&diffs);
    } else if args.check {
        let names: String = changed.iter().map(|text| shown_lines(&text.file).into_owned() + "\n").collect();
        console.document(&names);
    } else {
        let printed: String =
            texts.iter().filter(|text| text.from_stdin).map(|text| text.new.as_str()).collect();
        console.document(&printed);
        if !changed.is_empty() && printed.is_empty() {
            console.say_text(&format!("changed {}\n", count(changed.len(), "file")));
        }
    }
}
