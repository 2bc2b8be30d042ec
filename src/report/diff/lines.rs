//! Rows of annexes that changed, for people: the first of them, and how many more.

use crate::answers::VersionDiff;
use crate::compare::{ChangeKind, ChangedRows, PolicySide};
use crate::facts::Facts;
use crate::words::{Audience, CellSaid, RowSaid, rows_said};

/// So many rows are shown.
const SHOWN: usize = 20;

/// Key, days, what of it changed; the last line may say how many more there are.
pub(super) fn rows(diffed: &VersionDiff<'_>, changed: &ChangedRows) -> Vec<Vec<String>> {
    let nothing = Facts::default();
    let words = |side| diffed.words(side, &nothing, Audience::People);
    let (old, new) = (words(PolicySide::Old), words(PolicySide::New));
    let said: Vec<RowSaid> = rows_said((&old, &new), changed).take(SHOWN).collect();
    let dated = said.iter().any(|row| !row.days().is_empty());
    let line = |row: &RowSaid| {
        let days = dated.then(|| row.days());
        std::iter::once(row.keys.join(", ")).chain(days).chain([what(row)]).collect()
    };
    let mut lines: Vec<Vec<String>> = said.iter().map(line).collect();
    let more = changed.rows.len().saturating_sub(SHOWN);
    if more > 0 {
        lines.push(vec![format!("and {more} more (`--changed-rows FILE.csv`, `--format json`)")]);
    }
    lines
}

/// `general 2.5% → 3%`, `added: general 2.5%`
fn what(row: &RowSaid) -> String {
    let empty = || "empty".to_string();
    let same = |side: fn(&CellSaid) -> &Option<String>| {
        let first = row.cells.first().filter(|_| row.cells.len() > 2).and_then(|cell| side(cell).clone())?;
        row.cells
            .iter()
            .all(|cell| side(cell).as_ref() == Some(&first))
            .then(|| format!("{first} throughout"))
    };
    let throughout = match row.change {
        ChangeKind::Added => same(|cell| &cell.new),
        ChangeKind::Repealed => same(|cell| &cell.old),
        ChangeKind::Changed | ChangeKind::Renamed => None,
    };
    let cells = row.cells.iter().map(|cell| match row.change {
        ChangeKind::Added => format!("{} {}", cell.column, cell.new.clone().unwrap_or_else(empty)),
        ChangeKind::Repealed => format!("{} {}", cell.column, cell.old.clone().unwrap_or_else(empty)),
        ChangeKind::Changed | ChangeKind::Renamed => {
            let [old, new] = [&cell.old, &cell.new].map(|cell| cell.clone().unwrap_or_else(empty));
            format!("{} {old} → {new}", cell.column)
        }
    });
    let cells = throughout.unwrap_or_else(|| cells.collect::<Vec<_>>().join(", "));
    match (row.change, cells.is_empty()) {
        (ChangeKind::Added, true) => "added".to_string(),
        (ChangeKind::Added, false) => format!("added: {cells}"),
        (ChangeKind::Repealed, true) => "removed".to_string(),
        (ChangeKind::Repealed, false) => format!("removed: {cells}"),
        (ChangeKind::Changed | ChangeKind::Renamed, _) => cells,
    }
}
