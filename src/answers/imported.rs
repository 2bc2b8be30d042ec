//! A schedule that was imported, as JSON. The schema is `docs/schema/import.json`.

use super::messages::written;
use crate::import::{
    DutyColumn, ImportReport, LineChange, LineRemark, NoteCodes, NoteName, OpenRate, RateCount,
    RevisionReport,
};
use indexmap::IndexMap;
use serde::Serialize;

#[derive(Serialize)]
struct ImportDoc<'a> {
    folder: &'a str,
    revisions: Vec<RevisionDoc<'a>>,
    tables: IndexMap<&'a str, usize>,
    shapes: Vec<ShapeDoc<'a>>,
    open: Vec<OpenDoc<'a>>,
    left_out: Vec<RemarkDoc<'a>>,
    inherited: Vec<RemarkDoc<'a>>,
    /// Null: it was not asked.
    differ: Option<Vec<RemarkDoc<'a>>>,
}

#[derive(Serialize)]
struct RevisionDoc<'a> {
    file: &'a str,
    from: Option<&'a str>,
    lines: usize,
    chapters_1_to_97: IndexMap<&'static str, CountDoc>,
    chapters_98_and_99: IndexMap<&'static str, CountDoc>,
    changes: Vec<RateChangeDoc<'a>>,
}

#[derive(Serialize)]
struct CountDoc {
    read: usize,
    elsewhere: usize,
    open: usize,
}

#[derive(Serialize)]
struct RateChangeDoc<'a> {
    hts: &'a str,
    table: &'a str,
    was: Option<&'a str>,
    is: Option<&'a str>,
}

#[derive(Serialize)]
struct ShapeDoc<'a> {
    shape: &'a str,
    rates: usize,
    example: &'a str,
    hts: &'a str,
}

#[derive(Serialize)]
struct OpenDoc<'a> {
    table: &'a str,
    hts: &'a str,
    text: &'a str,
    shape: &'a str,
    file: &'a str,
    line: usize,
}

#[derive(Serialize)]
struct RemarkDoc<'a> {
    hts: &'a str,
    file: &'a str,
    line: usize,
    said: &'a str,
}

/// The document, with a line feed at its end.
pub fn imported(folder: &str, report: &ImportReport) -> String {
    written(&ImportDoc {
        folder,
        revisions: report.revisions.iter().map(revision).collect(),
        tables: report.tables.iter().map(|table| (table.name.as_str(), table.rows)).collect(),
        shapes: report.shapes().into_iter().map(shape).collect(),
        open: report.open.iter().map(open).collect(),
        left_out: remarks(&report.left_out),
        inherited: remarks(&report.inherited),
        differ: report.differ.as_deref().map(remarks),
    })
}

fn shape((rates, open): (usize, &OpenRate)) -> ShapeDoc<'_> {
    ShapeDoc { shape: &open.shape, rates, example: &open.text, hts: &open.code }
}

fn revision(revision: &RevisionReport) -> RevisionDoc<'_> {
    RevisionDoc {
        file: &revision.file,
        from: revision.from.as_deref(),
        lines: revision.lines,
        chapters_1_to_97: counts(&revision.rates),
        chapters_98_and_99: counts(&revision.rates_98_99),
        changes: revision.changes.iter().map(change).collect(),
    }
}

fn counts(counts: &[RateCount; 4]) -> IndexMap<&'static str, CountDoc> {
    let doc = |count: &RateCount| CountDoc { read: count.read, elsewhere: count.elsewhere, open: count.open };
    DutyColumn::ALL.into_iter().map(DutyColumn::table).zip(counts.iter().map(doc)).collect()
}

fn change(change: &LineChange) -> RateChangeDoc<'_> {
    RateChangeDoc {
        hts: &change.code,
        table: change.table,
        was: change.was.as_deref(),
        is: change.is.as_deref(),
    }
}

fn open(open: &OpenRate) -> OpenDoc<'_> {
    OpenDoc {
        table: open.column.table(),
        hts: &open.code,
        text: &open.text,
        shape: &open.shape,
        file: &open.file,
        line: open.line,
    }
}

fn remarks<'a>(remarks: &'a [LineRemark]) -> Vec<RemarkDoc<'a>> {
    let doc =
        |one: &'a LineRemark| RemarkDoc { hts: &one.code, file: &one.file, line: one.line, said: &one.said };
    remarks.iter().map(doc).collect()
}

#[derive(Serialize)]
struct ListDoc<'a> {
    note: String,
    subchapter: &'a str,
    line: usize,
    begins: &'a str,
    out: &'a str,
    codes: &'a [String],
    named: &'a [String],
}

/// The codes that a note lists. The schema is `docs/schema/import_list.json`.
pub fn listed(note: &NoteName, out: &str, found: &NoteCodes) -> String {
    written(&ListDoc {
        note: note.to_string(),
        subchapter: &found.subchapter,
        line: found.line,
        begins: &found.begins,
        out,
        codes: &found.codes,
        named: &found.named,
    })
}
