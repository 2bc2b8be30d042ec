//! Facts in, from YAML, JSON, TOML and CSV. Every word keeps its spelling and its place: `8703.20` its zero, `NO` its
//! country, `15%` its sign; nothing passes through a binary float or a guess at types.

mod doc;
mod json;
mod layout;
mod ledger;
mod toml;
mod yaml;

#[cfg(test)]
mod tests;

pub use doc::Doc;
pub use ledger::{LedgerEntry, Sure, Treatment, ledger};

use crate::diag::{Code, Diagnostic, tick};
use crate::facts::{AnnexInput, Input, LinesInput, RowsInput, TableInput};
use crate::sheet::Csv;
use crate::text::{Files, SourceId, Sources, Span, beside};

/// The most bytes a facts file may have; long tables stand in files of their own.
pub const FACTS_LIMIT: usize = 16 << 20;

/// The most bytes a CSV file may have.
pub const ROWS_LIMIT: usize = 1 << 30;

/// The most files a facts file may name.
const FILES_LIMIT: usize = 1_000;

/// How a facts file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Yaml,
    Json,
    Toml,
}

impl Format {
    /// By the end of a file's name.
    pub fn of(path: &str) -> Option<Format> {
        match path.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "yaml" | "yml" => Some(Format::Yaml),
            "json" => Some(Format::Json),
            "toml" => Some(Format::Toml),
            _ => None,
        }
    }
}

/// What a facts file states, ready for [`crate::facts::bind`], which also says what is wrong with its layout; an error
/// here is a file that cannot be read at all. The files of its tables are read through `files` and
/// join the sources.
pub fn facts<'s>(
    sources: &'s mut Sources,
    id: SourceId,
    format: Format,
    files: &dyn Files,
) -> Result<Input<'s>, Vec<Diagnostic>> {
    let (mut input, tables) = read(sources, id, format, files)?;
    let sources: &'s Sources = sources;
    attach(&mut input, tables, sources);
    Ok(input)
}

/// What several facts files state together, each with the files that it may name.
///
/// # Errors
/// One of them cannot be read at all.
pub fn joined<'s>(
    sources: &'s mut Sources,
    parts: &[(SourceId, Format, &dyn Files)],
) -> Result<Input<'s>, Vec<Diagnostic>> {
    let mut all: Input<'s> = Input::default();
    let mut tables = Vec::new();
    for (id, format, files) in parts {
        let (input, more) = read(sources, *id, *format, *files)?;
        all.facts.extend(input.facts);
        all.tables.extend(input.tables);
        all.through.extend(input.through);
        all.acts.extend(input.acts);
        all.errors.extend(input.errors);
        all.annexes.extend(input.annexes);
        tables.extend(more);
    }
    attach(&mut all, tables, sources);
    Ok(all)
}

/// Facts with a long table beside them, which is to be taken a part at a time; no facts file: nothing else is stated.
pub fn facts_and_rows<'s>(
    sources: &'s mut Sources,
    facts: Option<(SourceId, Format)>,
    rows: &[SourceId],
    files: &dyn Files,
) -> Result<(Input<'s>, Vec<Csv<'s>>), Vec<Diagnostic>> {
    let (mut input, tables) = match facts {
        Some((id, format)) => read(sources, id, format, files)?,
        None => (Input::default(), Vec::new()),
    };
    let sources: &'s Sources = sources;
    attach(&mut input, tables, sources);
    let rows = rows.iter().map(|id| Csv {
        source: *id,
        text: sources.get(*id).map_or("", |it| it.text.as_str()),
        decimals: None,
    });
    Ok((input, rows.collect()))
}

type Tables = Vec<(layout::Elsewhere, SourceId)>;

fn read(
    sources: &mut Sources,
    id: SourceId,
    format: Format,
    files: &dyn Files,
) -> Result<(Input<'static>, Tables), Vec<Diagnostic>> {
    let (name, text) =
        sources.get(id).map_or(("", ""), |source| (source.name.as_str(), source.text.as_str()));
    let doc = document(id, format, text).map_err(|error| vec![error])?;
    let (mut input, elsewhere) = layout::sort(doc);
    let name = name.to_string();
    let mut tables = Vec::new();
    if let Some(table) = elsewhere.get(FILES_LIMIT) {
        let message = format!("a facts file names at most {FILES_LIMIT} files");
        input
            .errors
            .push(Diagnostic::error(Code::TooLarge, table.path.span, message).help("join some of them"));
    }
    for table in elsewhere.into_iter().take(FILES_LIMIT) {
        match records(sources, &name, &table, files) {
            Ok(source) => tables.push((table, source)),
            Err(error) => input.errors.push(error),
        }
    }
    Ok((input, tables))
}

fn attach<'s>(input: &mut Input<'s>, tables: Tables, sources: &'s Sources) {
    for (table, source) in tables {
        let text = sources.get(source).map_or("", |source| source.text.as_str());
        let records = Box::new(Csv { source, text, decimals: None });
        match table.is_annex {
            true => input.annexes.push(AnnexInput { annex: table.name, lines: LinesInput::Records(records) }),
            false => input.tables.push(TableInput { entity: table.name, rows: RowsInput::Records(records) }),
        }
    }
}

/// A facts file as maps, lists and words.
pub fn document(id: SourceId, format: Format, text: &str) -> Result<Doc, Diagnostic> {
    if text.len() > FACTS_LIMIT {
        return Err(too_large(Span::new(id, 0, 0), "the facts file", "16 MiB")
            .help("put long tables in CSV files: `rows: {entry: entries.csv}`"));
    }
    match format {
        Format::Yaml => yaml::read(id, text),
        Format::Json => json::read(id, text),
        Format::Toml => toml::read(id, text),
    }
}

/// Takes the file of a table in.
fn records(
    sources: &mut Sources,
    name: &str,
    table: &layout::Elsewhere,
    files: &dyn Files,
) -> Result<SourceId, Diagnostic> {
    let path = beside(name, &table.path.text);
    let span = table.path.span;
    if !path.to_ascii_lowercase().ends_with(".csv") {
        return Err(Diagnostic::error(
            Code::FactsLayout,
            span,
            format!("{} is not a CSV file", tick(&table.path.text)),
        )
        .help("rows stand in a map, lines of an annex in a list, or both in a file such as `entries.csv`"));
    }
    match files.read(&path) {
        Ok(text) if text.len() > ROWS_LIMIT => Err(too_large(span, &tick(&path), "1 GiB")),
        Ok(text) => Ok(sources.add(path, text)),
        Err(why) => Err(Diagnostic::error(
            Code::FileUnreadable,
            span,
            format!("{} cannot be read: {why}", tick(&path)),
        )),
    }
}

fn too_large(span: Span, what: &str, limit: &str) -> Diagnostic {
    Diagnostic::error(Code::TooLarge, span, format!("{what} is larger than {limit}"))
}
