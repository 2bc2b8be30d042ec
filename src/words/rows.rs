//! Rows of annexes that are not the same in two versions.

use super::Words;
use crate::compare::{ChangeKind, ChangedRow, ChangedRows};
use crate::policy::{Annex, Cell, LineValidity};
use crate::value::Day;

/// One such row.
pub struct RowSaid {
    pub change: ChangeKind,
    pub keys: Vec<String>,
    pub validity: LineValidity,
    /// Of a row that one side lacks, the cells that have something in them.
    pub cells: Vec<CellSaid>,
}

/// One cell on both sides; none: empty, or no such cell.
pub struct CellSaid {
    pub column: String,
    pub old: Option<String>,
    pub new: Option<String>,
}

/// In the order of their keys.
pub fn rows_said<'r>(
    (old, new): (&'r Words<'_>, &'r Words<'_>),
    changed: &'r ChangedRows,
) -> impl Iterator<Item = RowSaid> + 'r {
    let (before, after) = (&old.policy.annexes[changed.old], &new.policy.annexes[changed.new]);
    changed.rows.iter().map(move |row| row_said((old, before), (new, after), row))
}

fn row_said(old: (&Words<'_>, &Annex), new: (&Words<'_>, &Annex), row: &ChangedRow) -> RowSaid {
    let cells = row.columns.iter().map(|(a, b)| CellSaid {
        column: b.map_or_else(|| a.map_or(String::new(), |at| column(old.1, at)), |at| column(new.1, at)),
        old: row.old.zip(*a).and_then(|(line, at)| cell(old.0, old.1, line, at)),
        new: row.new.zip(*b).and_then(|(line, at)| cell(new.0, new.1, line, at)),
    });
    let ((words, annex), line, change) = match (row.old, row.new) {
        (Some(line), None) => (old, line, ChangeKind::Repealed),
        (None, line) => (new, line.unwrap_or(0), ChangeKind::Added),
        (Some(_), Some(line)) => (new, line, ChangeKind::Changed),
    };
    let keys = annex.keys.iter().zip(annex.lines.keys(line));
    let keys = keys.map(|(ty, key)| words.annex_key(ty, key));
    RowSaid { change, keys: keys.collect(), validity: annex.lines.validity(line), cells: cells.collect() }
}

fn column(annex: &Annex, at: usize) -> String {
    let name = annex.columns.get(at).and_then(|column| column.name.as_ref());
    name.or_else(|| annex.headings.columns.get(at)).map_or("value".to_string(), Clone::clone)
}

fn cell(words: &Words<'_>, annex: &Annex, line: usize, at: usize) -> Option<String> {
    match (annex.lines.is_unlisted(line), annex.lines.cell(line, at)) {
        (true, _) => Some("not listed".to_string()),
        (_, Cell::Empty) => None,
        (_, Cell::Value(value)) => Some(words.value(&annex.columns.get(at)?.ty, value)),
        (_, Cell::Unknown | Cell::Within(_)) => Some("unknown".to_string()),
    }
}

impl RowSaid {
    /// `from 2025-08-07 until 2026-02-24`; nothing if it is always in force.
    pub fn days(&self) -> String {
        let LineValidity { from, from_known, until, until_known } = self.validity;
        let day = |word: &str, day: Day| match day {
            Day::FIRST => None,
            day if day.is_never() => None,
            day => Some(format!("{word} {day}")),
        };
        let said = [
            day("from", from),
            day("known from", from_known),
            day("until", until),
            day("known from", until_known).filter(|_| !until.is_never()),
        ];
        said.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}
