//! A ledger of fidelity: which clauses of the sources, and which mechanisms, a policy says, and how sure they are. A CSV file.

use super::Csv;
use crate::diag::{Code, Diagnostic, list_or, tick};
use crate::sheet::{Records, Written};
use crate::text::{SourceId, Span};
use crate::tree::Name;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

const COLUMNS: [&str; 8] = ["id", "source", "place", "about", "status", "sure", "note", "clauses"];

/// The last may be left out.
const NEEDED: usize = 7;

/// What the policy does with a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Treatment {
    Encoded,
    Approximated,
    LeftOut,
    /// Nothing to be run: background.
    Context,
}

impl Treatment {
    pub const ALL: [Treatment; 4] =
        [Treatment::Encoded, Treatment::Approximated, Treatment::LeftOut, Treatment::Context];

    pub fn as_str(self) -> &'static str {
        match self {
            Treatment::Encoded => "encoded",
            Treatment::Approximated => "approximated",
            Treatment::LeftOut => "left out",
            Treatment::Context => "context",
        }
    }

    /// Whether something of the policy must show it; else it needs a reason.
    pub fn is_run(self) -> bool {
        matches!(self, Treatment::Encoded | Treatment::Approximated)
    }
}

/// How sure a line is, by where it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sure {
    Primary,
    Several,
    Single,
    Derived,
    Memory,
}

impl Sure {
    pub const ALL: [Sure; 5] = [Sure::Primary, Sure::Several, Sure::Single, Sure::Derived, Sure::Memory];

    pub fn letter(self) -> &'static str {
        match self {
            Sure::Primary => "A",
            Sure::Several => "B",
            Sure::Single => "C",
            Sure::Derived => "D",
            Sure::Memory => "M",
        }
    }

    pub fn meaning(self) -> &'static str {
        match self {
            Sure::Primary => "read in the primary text",
            Sure::Several => "official text, as several independent pages give it",
            Sure::Single => "one secondary page",
            Sure::Derived => "derived from these by arithmetic",
            Sure::Memory => "an assumption, or from memory",
        }
    }
}

/// One line of a ledger.
#[derive(Clone, Debug)]
pub struct LedgerEntry {
    pub id: String,
    /// A source of the policy, or words for one that it does not declare; empty: a mechanism, of no one source.
    pub source: String,
    /// As in `cites`; empty: all of the source.
    pub place: String,
    pub about: String,
    pub treatment: Treatment,
    pub sure: Sure,
    /// Why it is so; may be empty.
    pub note: String,
    /// The rules, obligations and powers that say it; none: those that cite its place.
    pub clauses: Vec<Name>,
    pub id_span: Span,
    pub source_span: Span,
}

/// # Errors
/// Everything that is wrong with the file.
pub fn ledger(source: SourceId, text: &str) -> Result<Vec<LedgerEntry>, Vec<Diagnostic>> {
    let csv = Csv { source, text, decimals: None };
    let header = csv.header().map_err(|error| vec![error])?;
    let columns: Vec<String> = header.iter().map(|cell| cell.text.to_string()).collect();
    let are_columns = columns.iter().map(String::as_str).eq(COLUMNS.into_iter().take(columns.len()));
    if !are_columns || columns.len() < NEEDED {
        let needed = COLUMNS.into_iter().take(NEEDED).collect::<Vec<_>>().join(",");
        let first = header.first().map_or(Span::new(source, 0, 0), |cell| cell.span);
        let span = header.last().map_or(first, |last| first.to(last.span));
        let error =
            Diagnostic::error(Code::BadLedger, span, "these are not the columns of a ledger of fidelity")
                .help(format!("the first line is {}; `clauses` may stand after them", tick(&needed)));
        return Err(vec![error]);
    }
    let mut entries = Vec::new();
    let mut said = Vec::new();
    let mut seen = BTreeMap::new();
    csv.each(&mut |record| {
        match record.and_then(|cells| entry(cells, &mut said)) {
            Ok(Some(entry)) => {
                if let Some(first) = seen.insert(entry.id.clone(), entry.id_span) {
                    said.push(twice(&entry.id, first, entry.id_span));
                }
                entries.push(entry);
            }
            Ok(None) => {}
            Err(error) => said.push(error),
        }
        ControlFlow::Continue(())
    });
    if said.is_empty() { Ok(entries) } else { Err(said) }
}

/// One line; none: what is wrong with it has been said.
fn entry(cells: &[Written<'_>], said: &mut Vec<Diagnostic>) -> Result<Option<LedgerEntry>, Diagnostic> {
    let (needed, clauses) = cells.split_at(NEEDED.min(cells.len()));
    let [id, source, place, about, status, sure, note] = needed else { return Ok(None) };
    if id.text.is_empty() {
        said.push(
            Diagnostic::error(Code::BadLedger, id.span, "this line has no id")
                .help("every clause and mechanism has one: `J1`, `S06`"),
        );
    }
    let treatment = Treatment::ALL.into_iter().find(|one| one.as_str() == status.text);
    if treatment.is_none() {
        let wanted = Treatment::ALL.map(|one| tick(one.as_str()));
        said.push(not_one_of(status, "a status", &wanted));
    }
    let certainty = Sure::ALL.into_iter().find(|one| one.letter() == sure.text);
    if certainty.is_none() {
        let wanted = Sure::ALL.map(|one| format!("{} ({})", tick(one.letter()), one.meaning()));
        said.push(not_one_of(sure, "a letter of certainty", &wanted));
    }
    let (Some(treatment), Some(certainty), false) = (treatment, certainty, id.text.is_empty()) else {
        return Ok(None);
    };
    let text = |cell: &Written<'_>| cell.text.trim().to_string();
    Ok(Some(LedgerEntry {
        id: text(id),
        source: text(source),
        place: text(place),
        about: text(about),
        treatment,
        sure: certainty,
        note: text(note),
        clauses: clauses.iter().flat_map(clauses_of).collect(),
        id_span: id.span,
        source_span: source.span,
    }))
}

/// The names in a cell, each with the cell's place.
fn clauses_of(cell: &Written<'_>) -> Vec<Name> {
    let names = cell.text.split_whitespace();
    names.map(|name| Name { text: name.to_string(), span: cell.span }).collect()
}

fn not_one_of(cell: &Written<'_>, what: &str, wanted: &[String]) -> Diagnostic {
    let message = match cell.text.as_ref() {
        "" => format!("{what} is missing"),
        text => format!("{} is not {what}", tick(text)),
    };
    Diagnostic::error(Code::BadLedger, cell.span, message).help(format!("write {}", list_or(wanted)))
}

fn twice(id: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::error(Code::StatedTwice, second, format!("{} is in the ledger twice", tick(id)))
        .also(first, "here first")
        .help("give each clause and mechanism one line, and an id of its own")
}
