//! What commands leave behind, as JSON: a table that was answered, a story, a ledger, one text, the pages of codes. The
//! schemas are `docs/schema/run.json`, `why.json`, `fidelity.json`, `consolidate.json` and `explain.json`.

use super::eval::{AnswerDoc, answer_doc};
use super::messages::{MessageDoc, written};
use crate::diag::Code;
use crate::formats::LedgerEntry;
use crate::outcome::{Answer, Point, Status};
use crate::policy::OutcomeId;
use crate::value::Day;
use crate::words::{Audience, Words};
use indexmap::IndexMap;
use serde::Serialize;

/// A table that was answered.
#[derive(Debug)]
pub struct RunReport<'a> {
    pub root: &'a str,
    pub table: &'a str,
    /// Rows answered.
    pub rows: u64,
    /// The outcomes by name, each with its answers by status.
    pub outcomes: Vec<(&'a str, [u64; 5])>,
    /// The outcomes of which rows were not answered in columns: why, and how many.
    pub not_in_columns: Vec<(&'a str, Vec<(&'static str, u64)>)>,
    pub set_aside: u64,
    /// The files written.
    pub out: Option<&'a str>,
    pub rejects: Option<&'a str>,
    /// As CSV; none: no totals were asked for.
    pub totals: Option<String>,
    /// The outcomes whose totals are errors.
    pub beyond: &'a [&'a str],
}

#[derive(Serialize)]
struct HandedDoc {
    why: &'static str,
    rows: u64,
}

#[derive(Serialize)]
struct RunDoc<'a> {
    policy: &'a str,
    table: &'a str,
    rows: u64,
    set_aside: u64,
    outcomes: IndexMap<&'a str, IndexMap<&'static str, u64>>,
    not_in_columns: IndexMap<&'a str, Vec<HandedDoc>>,
    out: Option<&'a str>,
    rejects: Option<&'a str>,
    totals: Option<String>,
    beyond: &'a [&'a str],
    diagnostics: &'a [MessageDoc],
    more: usize,
}

/// The document, with a line feed at its end.
pub fn ran(report: RunReport<'_>, diagnostics: &[MessageDoc], more: usize) -> String {
    let by_status = |(name, counts): (_, [u64; 5])| {
        (name, Status::ALL.into_iter().map(Status::as_str).zip(counts).collect())
    };
    let handed = |(name, rows): (_, Vec<(&'static str, u64)>)| {
        (name, rows.into_iter().map(|(why, rows)| HandedDoc { why, rows }).collect())
    };
    written(&RunDoc {
        policy: report.root,
        table: report.table,
        rows: report.rows,
        set_aside: report.set_aside,
        outcomes: report.outcomes.into_iter().map(by_status).collect(),
        not_in_columns: report.not_in_columns.into_iter().map(handed).collect(),
        out: report.out,
        rejects: report.rejects,
        totals: report.totals,
        beyond: report.beyond,
        diagnostics,
        more,
    })
}

/// The reasons of one answer.
#[derive(Clone, Debug, Serialize)]
pub struct ToldStory {
    kind: &'static str,
    name: String,
    /// The key of the row, or the first day of the period.
    row: Option<String>,
    on: Option<String>,
    known: Option<String>,
    /// Of an outcome.
    answer: Option<AnswerDoc>,
    /// In words.
    pub told: String,
}

impl ToldStory {
    pub fn new(kind: &'static str, name: &str, told: String) -> ToldStory {
        let name = name.to_string();
        ToldStory { kind, name, row: None, on: None, known: None, answer: None, told }
    }

    /// What was asked: of which row or period, on which day, as known when.
    pub fn asked(self, row: Option<&str>, on: Option<Day>, known: Option<Day>) -> ToldStory {
        let day = |day: Option<Day>| day.map(|day| day.to_string());
        ToldStory { row: row.map(str::to_string), on: day(on), known: day(known), ..self }
    }

    /// With the answer that it is the story of.
    pub fn answering(self, id: OutcomeId, point: Point, answer: &Answer, words: Words<'_>) -> ToldStory {
        let words = Words { audience: Audience::Machine, ..words };
        ToldStory { answer: Some(answer_doc(&words, id, point, answer)), ..self }
    }
}

/// Stories as one document.
#[derive(Debug, Serialize)]
pub struct StoriesDoc<'a> {
    pub stories: &'a [ToldStory],
}

/// The document, with a line feed at its end.
pub fn told(stories: &[ToldStory]) -> String {
    written(&StoriesDoc { stories })
}

#[derive(Serialize)]
struct FidelityDoc<'a> {
    policy: &'a str,
    clauses: Vec<LedgerDoc<'a>>,
    diagnostics: &'a [MessageDoc],
    more: usize,
}

#[derive(Serialize)]
struct LedgerDoc<'a> {
    id: &'a str,
    source: &'a str,
    place: &'a str,
    about: &'a str,
    status: &'static str,
    sure: &'static str,
    note: &'a str,
    #[serde(flatten)]
    shown: &'a LineShown,
}

/// What scenarios show of a line of the ledger.
#[derive(Clone, Debug, Serialize)]
pub struct LineShown {
    /// What was struck.
    pub clauses: Vec<String>,
    /// The titles of scenarios.
    pub shown_by: Vec<String>,
    /// What they expect that is not so without the clauses.
    pub no_longer: Vec<String>,
}

/// The document, with a line feed at its end.
pub fn fidelity<'a>(
    policy: &str,
    entries: &'a [LedgerEntry],
    shown: &'a [LineShown],
    diagnostics: &[MessageDoc],
    more: usize,
) -> String {
    let clause = |(entry, shown): (&'a LedgerEntry, &'a LineShown)| {
        let LedgerEntry { id, source, place, about, treatment, sure, note, .. } = entry;
        let (status, sure) = (treatment.as_str(), sure.letter());
        LedgerDoc { id, source, place, about, status, sure, note, shown }
    };
    written(&FidelityDoc {
        policy,
        clauses: entries.iter().zip(shown).map(clause).collect(),
        diagnostics,
        more,
    })
}

#[derive(Serialize)]
struct ConsolidatedDoc<'a> {
    policy: &'a str,
    text: &'a str,
}

/// The document, with a line feed at its end.
pub fn consolidated(policy: &str, text: &str) -> String {
    written(&ConsolidatedDoc { policy, text })
}

#[derive(Serialize)]
struct CodesDoc {
    codes: Vec<CodeDoc>,
}

/// A code of a message.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CodeDoc {
    pub code: &'static str,
    pub title: &'static str,
    /// In Markdown.
    pub page: &'static str,
}

impl From<Code> for CodeDoc {
    fn from(code: Code) -> CodeDoc {
        CodeDoc { code: code.as_str(), title: code.title(), page: code.page() }
    }
}

/// The document, with a line feed at its end.
pub fn explained(codes: &[Code]) -> String {
    written(&CodesDoc { codes: codes.iter().copied().map(CodeDoc::from).collect() })
}
