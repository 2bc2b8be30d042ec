//! The facts argument, and `--set`.

use super::policy::Loaded;
use super::{Console, Told, day, setting};
use crate::diag::{Code, Diagnostic, tick};
use crate::facts::{Entry, Facts, Form, Input, Stated, Written};
use crate::text::{SourceId, Sources, Span};
use crate::tree::Name;
use crate::trial::stated;
use crate::value::Day;
use crate::wire::{self, Format};

/// What every question is about.
#[derive(clap::Args)]
pub(super) struct Case {
    /// A .comity file, or a folder
    pub(super) policy: String,
    /// What is stated: a .yaml, .json or .toml file; `-` for YAML from stdin
    pub(super) facts: String,
    /// As was known on that day; else everything stated is known
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) known: Option<Day>,
    /// State a fact in place of what the file says
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    pub(super) set: Vec<(String, String)>,
}

/// Reads a facts file (`-`: YAML from stdin) and binds it, with what is set on the command line.
pub(super) fn load(loaded: &mut Loaded, case: &Case, console: &mut Console<'_>) -> Result<Facts, Told> {
    read(loaded, &case.facts, &case.set, console).map_err(|said| {
        console.say(&said, &loaded.sources);
        Told
    })
}

/// Facts beside rows that come from elsewhere; no file: nothing is stated but what is set.
pub(super) fn beside(
    loaded: &mut Loaded,
    path: Option<&str>,
    settings: &[(String, String)],
    console: &mut Console<'_>,
) -> Result<Facts, Told> {
    let facts = match path {
        Some(path) => read(loaded, path, settings, console),
        None => {
            let set = settings.iter().map(|setting| entry("--set", &mut loaded.sources, setting)).collect();
            stated(&loaded.policy, &Input { settings: set, ..Input::default() })
        }
    };
    facts.map_err(|said| {
        console.say(&said, &loaded.sources);
        Told
    })
}

fn read(
    loaded: &mut Loaded,
    path: &str,
    settings: &[(String, String)],
    console: &Console<'_>,
) -> Result<Facts, Vec<Diagnostic>> {
    let world = console.world();
    let format = if path == "-" { Some(Format::Yaml) } else { Format::of(path) };
    let Some(format) = format else { return Err(vec![unknown_format(path)]) };
    let text = if path == "-" { world.stdin() } else { world.read(path) };
    let text = text.map_err(|why| {
        vec![Diagnostic::general(Code::FileUnreadable, format!("{} cannot be read: {why}", tick(path)))]
    })?;
    let name = if path == "-" { "<stdin>" } else { path };
    let id = loaded.sources.add(name, text);
    let set: Vec<Entry<'static>> =
        settings.iter().map(|setting| entry("--set", &mut loaded.sources, setting)).collect();
    let mut input = wire::facts(&mut loaded.sources, id, format, world.files())?;
    input.settings = set;
    stated(&loaded.policy, &input)
}

/// `--set name=value` as an entry, in a source of its own.
pub(super) fn entry(flag: &str, sources: &mut Sources, (name, value): &(String, String)) -> Entry<'static> {
    let source: SourceId = sources.add(flag, format!("{name}={value}"));
    let start = name.len().saturating_add(1);
    let trimmed = value.trim_start();
    let start = start.saturating_add(value.len() - trimmed.len());
    let text = trimmed.trim_end();
    let span = Span::new(source, start, start.saturating_add(text.len()));
    let written = Written {
        text: text.to_string().into(),
        span,
        at: Some(span.start),
        form: if text.is_empty() { Form::Null } else { Form::Plain },
    };
    let shown = name.trim();
    let lead = name.len() - name.trim_start().len();
    let name =
        Name { text: shown.to_string(), span: Span::new(source, lead, lead.saturating_add(shown.len())) };
    Entry { name, value: Stated::Text(written) }
}

pub(super) fn unknown_format(path: &str) -> Diagnostic {
    let error = Diagnostic::general(
        Code::FactsFormat,
        format!("the name of {} does not say how its facts are written", tick(path)),
    );
    if path.to_ascii_lowercase().ends_with(".csv") {
        error.help(
            "a CSV file holds the rows of one table: name it in a facts file, `rows: {entry: entries.csv}`",
        )
    } else {
        error.help("facts files end with `.yaml`, `.yml`, `.json` or `.toml`; `-` reads YAML from stdin")
    }
}
