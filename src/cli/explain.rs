//! `comity explain`

use super::{Console, Exit, PlainFormat, Reported};
use crate::answers;
use crate::diag::{Code, Diagnostic, closest, tick};
use crate::text::Sources;

/// Print the page of a code, with a wrong example and a right one
#[derive(clap::Args)]
pub(super) struct Args {
    /// A code such as `unknown-name`; without one, all codes are listed
    code: Option<String>,
    /// For people, or for programs (docs/schema/explain.json)
    #[arg(long, value_enum, default_value_t = PlainFormat::Text)]
    format: PlainFormat,
}

pub(super) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Reported> {
    let Some(wanted) = &args.code else {
        match args.format {
            PlainFormat::Text => console.print(&list()),
            PlainFormat::Json => console.document(&answers::explained(Code::ALL)),
        }
        return Ok(Exit::Fine);
    };
    if let Some(code) = Code::named(wanted) {
        match args.format {
            PlainFormat::Text => console.print(code.page()),
            PlainFormat::Json => console.document(&answers::explained(&[code])),
        }
        return Ok(Exit::Fine);
    }
    let error = Diagnostic::general(Code::UnknownName, format!("no message has the code {}", tick(wanted)));
    let error = match closest(wanted, Code::ALL.iter().map(|code| code.as_str())) {
        Some(meant) => error.help(format!("did you mean {}?", tick(meant))),
        None => error.help(format!("{} lists them all", tick("comity explain"))),
    };
    console.say(&[error], &Sources::new());
    Err(Reported)
}

fn list() -> String {
    let width = Code::ALL.iter().map(|code| code.as_str().len()).max().unwrap_or(0);
    let line = |code: &Code| format!("{:width$}  {}\n", code.as_str(), code.title());
    Code::ALL.iter().map(line).collect()
}
