//! The facts argument, and `--set`.

use super::policy::{Loaded, STDIN};
use super::{Console, Reported, World, day};
use crate::asking::setting;
use crate::diag::{Code, Diagnostic, tick};
use crate::facts::{Entry, Facts, Input, bind_before, bind_beside, names_rows};
use crate::formats;
use crate::formats::Format;
use crate::policy::{EntityId, Policy};
use crate::scenarios::{outside, stated};
use crate::text::{SourceId, Sources};
use crate::value::Day;

/// What every question is about.
#[derive(clap::Args)]
pub(super) struct StatedCase {
    /// A .comity file, or a folder
    pub(super) policy: String,
    /// What is stated: a .yaml, .json or .toml file; `-` for YAML from stdin
    pub(super) facts: String,
    /// As was known on that day; else everything stated is known
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) known: Option<Day>,
    /// State a fact in place of what the file says
    #[arg(long, value_name = "NAME=VALUE", value_parser = super::setting)]
    pub(super) set: Vec<(String, String)>,
}

/// Reads a facts file (`-`: YAML from stdin) and binds it, with what is set on the command line.
pub(super) fn load(
    loaded: &mut Loaded,
    case: &StatedCase,
    console: &mut Console<'_>,
) -> Result<Facts, Reported> {
    let once = stdin_once([&case.policy, &case.facts].into_iter()).map_err(|error| vec![error]);
    once.and_then(|()| read(loaded, &case.facts, &case.set, console)).map_err(|said| {
        console.say(&said, &loaded.sources);
        Reported
    })
}

/// What is stated beside rows that come from elsewhere: in a file, on the command line, or nothing.
#[derive(Debug)]
pub(super) struct Beside {
    file: Option<(SourceId, Format)>,
    settings: Vec<Entry<'static>>,
}

impl Beside {
    pub(super) fn read(
        loaded: &mut Loaded,
        path: Option<&str>,
        settings: &[(String, String)],
        world: &dyn World,
    ) -> Result<Beside, Vec<Diagnostic>> {
        let file = path.map(|path| file(&mut loaded.sources, path, world)).transpose()?;
        let settings = settings.iter().map(|setting| entry("--set", &mut loaded.sources, setting)).collect();
        Ok(Beside { file, settings })
    }

    fn input<'s>(&self, sources: &'s mut Sources, world: &dyn World) -> Result<Input<'s>, Vec<Diagnostic>> {
        let mut input = match self.file {
            Some((id, format)) => formats::facts(sources, id, format, world.files())?,
            None => Input::default(),
        };
        input.settings = self.settings.clone();
        Ok(input)
    }

    /// What can be said before any row is read; and whether more can be said then, for something stated names a row.
    pub(super) fn before_rows(
        &self,
        loaded: &mut Loaded,
        table: EntityId,
        world: &dyn World,
    ) -> Result<(Facts, bool), Vec<Diagnostic>> {
        let policy = &loaded.policy;
        let input = self.input(&mut loaded.sources, world)?;
        let facts = within(policy, bind_before(policy, &input, table)?)?;
        Ok((facts, names_rows(policy, &input, table)))
    }

    /// All of it, once the keys of the rows are known.
    pub(super) fn with_rows<'k>(
        &self,
        (policy, sources): (&Policy, &Sources),
        (table, keys): (EntityId, impl Iterator<Item = &'k str>),
        world: &dyn World,
    ) -> Result<Facts, Vec<Diagnostic>> {
        let mut sources = sources.clone();
        bind_beside(policy, &self.input(&mut sources, world)?, table, keys)
    }
}

fn within(policy: &Policy, facts: Facts) -> Result<Facts, Vec<Diagnostic>> {
    let outside = outside(policy, &facts);
    if outside.is_empty() { Ok(facts) } else { Err(outside) }
}

fn read(
    loaded: &mut Loaded,
    path: &str,
    settings: &[(String, String)],
    console: &Console<'_>,
) -> Result<Facts, Vec<Diagnostic>> {
    let world = console.world();
    let beside = Beside::read(loaded, Some(path), settings, world)?;
    let input = beside.input(&mut loaded.sources, world)?;
    stated(&loaded.policy, &input)
}

/// The text of a facts file, and how it is written.
pub(super) fn file(
    sources: &mut Sources,
    path: &str,
    world: &dyn World,
) -> Result<(SourceId, Format), Vec<Diagnostic>> {
    let (name, format) = match path {
        STDIN => ("<stdin>", Some(Format::Yaml)),
        path => (path, Format::of(path)),
    };
    let Some(format) = format else { return Err(vec![unknown_format(path)]) };
    let text = if path == STDIN { world.stdin() } else { world.read(path) };
    let text = text.map_err(|why| {
        vec![Diagnostic::general(Code::FileUnreadable, format!("{} cannot be read: {why}", tick(path)))]
    })?;
    Ok((sources.add(name, text), format))
}

/// `--set name=value` as an entry, in a source of its own.
pub(super) fn entry(flag: &str, sources: &mut Sources, (name, value): &(String, String)) -> Entry<'static> {
    setting(flag, sources, (name, value))
}

/// Standard input can be one thing only.
pub(super) fn stdin_once<'p>(paths: impl Iterator<Item = &'p String>) -> Result<(), Diagnostic> {
    if paths.filter(|path| *path == STDIN).count() > 1 { Err(stdin_twice()) } else { Ok(()) }
}

fn stdin_twice() -> Diagnostic {
    let message = "standard input is read once only, and `-` stands twice";
    Diagnostic::general(Code::StatedTwice, message).help("name it once")
}

fn unknown_format(path: &str) -> Diagnostic {
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
