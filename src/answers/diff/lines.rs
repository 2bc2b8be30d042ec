//! Rows of annexes that changed, as JSON and as CSV.

use super::VersionDiff;
use crate::compare::{ChangeKind, ChangedRows, PolicySide};
use crate::facts::Facts;
use crate::policy::LineValidity;
use crate::sheet::push_cell;
use crate::value::Day;
use crate::words::{Audience, CellSaid, RowSaid, rows_said};
use serde::Serialize;

#[derive(Serialize)]
pub struct ChangedRowDoc {
    change: &'static str,
    keys: Vec<String>,
    from: Option<String>,
    known_from: Option<String>,
    until: Option<String>,
    known_until: Option<String>,
    cells: Vec<CellDoc>,
}

#[derive(Serialize)]
struct CellDoc {
    column: String,
    old: Option<String>,
    new: Option<String>,
}

pub(super) fn docs(diffed: &VersionDiff<'_>, changed: &ChangedRows) -> Vec<ChangedRowDoc> {
    let doc = |row: RowSaid| {
        let [from, known_from, until, known_until] = days(&row.validity);
        let cell = |CellSaid { column, old, new }| CellDoc { column, old, new };
        let cells = row.cells.into_iter().map(cell).collect();
        ChangedRowDoc {
            change: what(row.change),
            keys: row.keys,
            from,
            known_from,
            until,
            known_until,
            cells,
        }
    };
    said(diffed, changed).into_iter().map(doc).collect()
}

fn said(diffed: &VersionDiff<'_>, changed: &ChangedRows) -> Vec<RowSaid> {
    let nothing = Facts::default();
    let words = |side| diffed.words(side, &nothing, Audience::Machine);
    rows_said((&words(PolicySide::Old), &words(PolicySide::New)), changed).collect()
}

fn what(change: ChangeKind) -> &'static str {
    match change {
        ChangeKind::Added => "added",
        ChangeKind::Repealed => "removed",
        ChangeKind::Changed | ChangeKind::Renamed => "changed",
    }
}

/// From, known from, until, known until: those that are days.
fn days(validity: &LineValidity) -> [Option<String>; 4] {
    let LineValidity { from, from_known, until, until_known } = *validity;
    let known_until = if until.is_never() { Day::FIRST } else { until_known };
    let day = |day: Day| (day != Day::FIRST && !day.is_never()).then(|| day.to_string());
    [from, from_known, until, known_until].map(day)
}

/// The rows of all annexes that changed, one line for each cell.
pub fn changed_rows(diffed: &VersionDiff<'_>) -> String {
    let heads =
        ["annex", "change", "key", "from", "known_from", "until", "known_until", "column", "old", "new"];
    let mut text = heads.join(",");
    text.push('\n');
    for change in &diffed.clauses.changes {
        let rows = change.parts.iter().filter_map(|part| part.rows.as_ref());
        for row in rows.flat_map(|rows| said(diffed, rows)) {
            let none = CellSaid { column: String::new(), old: None, new: None };
            let cells = if row.cells.is_empty() { std::slice::from_ref(&none) } else { &row.cells };
            for cell in cells {
                line(&mut text, &change.name, &row, cell);
            }
        }
    }
    text
}

fn line(text: &mut String, annex: &str, row: &RowSaid, cell: &CellSaid) {
    let [from, known_from, until, known_until] = days(&row.validity);
    let days = [from, known_from, until, known_until].map(Option::unwrap_or_default);
    let first = [annex.to_string(), what(row.change).to_string(), row.keys.join(" ")];
    let sides = [cell.old.clone(), cell.new.clone()].map(Option::unwrap_or_default);
    let last = std::iter::once(cell.column.clone()).chain(sides);
    for (at, cell) in first.into_iter().chain(days).chain(last).enumerate() {
        if at > 0 {
            text.push(',');
        }
        push_cell(text, &cell);
    }
    text.push('\n');
}
