//! A schedule that was imported, for people.

use crate::diag::{count, tick};
use crate::import::{
    DutyColumn, ImportReport, LineChange, LineRemark, NoteCodes, NoteName, RateCount, RevisionReport,
};

/// So many of a kind are shown.
const SHOWN: usize = 20;

/// The whole report.
pub fn imported(folder: &str, report: &ImportReport) -> String {
    let mut text = String::new();
    let one = report.revisions.len() == 1;
    for revision in &report.revisions {
        text.push_str(&head(revision));
        text.push_str(&rates("chapters 1 to 97", &revision.rates));
        text.push_str(&rates("chapters 98 and 99", &revision.rates_98_99));
        if !one && !revision.changes.is_empty() {
            text.push_str(&changes(&revision.changes));
        }
    }
    text.push_str(&shapes(report));
    let remarks = [
        ("left out", Some(&report.left_out), "lines that cannot be written"),
        (
            "by indent",
            Some(&report.inherited),
            "lines with a row of their own, for their code alone would give another rate",
        ),
        ("differ", report.differ.as_ref(), "rates that, printed again, are not the text"),
    ];
    for (name, remarks, about) in remarks {
        if let Some(remarks) = remarks.filter(|remarks| !remarks.is_empty()) {
            text.push_str(&remarked(name, remarks, about));
        }
    }
    if report.differ.as_ref().is_some_and(Vec::is_empty) {
        text.push_str("\nevery rate that was read, printed again, is the text that was read\n");
    }
    text.push_str(&format!("\nwritten to {}\n", tick(folder)));
    for table in &report.tables {
        let rows =
            if table.name.ends_with(".csv") { count(table.rows, "row") } else { "declares them".to_string() };
        text.push_str(&format!("  {:<18} {rows}\n", table.name));
    }
    text
}

fn head(revision: &RevisionReport) -> String {
    let from = revision.from.as_ref().map_or(String::new(), |from| format!(", from {from}"));
    format!("{}{from}: {}\n", revision.file, count(revision.lines, "line"))
}

fn rates(chapters: &str, counts: &[RateCount; 4]) -> String {
    let mut text = String::new();
    for (column, rates) in DutyColumn::ALL.into_iter().zip(counts) {
        let all = rates.read + rates.elsewhere + rates.open;
        if all == 0 {
            continue;
        }
        let elsewhere = if rates.elsewhere == 0 {
            String::new()
        } else {
            format!(", {} told elsewhere", rates.elsewhere)
        };
        text.push_str(&format!(
            "  {chapters}, {:<10}  {} read{elsewhere}, {} open\n",
            column.table(),
            count(rates.read, "rate"),
            rates.open
        ));
    }
    text
}

fn changes(changes: &[LineChange]) -> String {
    let mut text = format!("  {} against the revision before\n", count(changes.len(), "change"));
    for change in changes.iter().take(SHOWN) {
        let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "nothing".to_string());
        text.push_str(&format!(
            "    {:<13} {:<10}  {} -> {}\n",
            change.code,
            change.table,
            side(&change.was),
            side(&change.is)
        ));
    }
    text.push_str(&more(changes.len(), "`changes.csv` has them all"));
    text
}

fn shapes(report: &ImportReport) -> String {
    if report.open.is_empty() {
        return "\nevery rate was read\n".to_string();
    }
    let shapes = report.shapes();
    let mut text = format!(
        "\n{} written as `unknown`, in {}; `open.csv` has each with its text and line\n",
        count(report.open.len(), "rate"),
        count(shapes.len(), "shape")
    );
    for (rates, open) in shapes.iter().take(SHOWN) {
        text.push_str(&format!("  {rates:>5}  {}: {} `{}`\n", open.code, open.column.table(), open.text));
    }
    text.push_str(&more(shapes.len(), "the others are in `open.csv`"));
    text
}

fn remarked(name: &str, remarks: &[LineRemark], about: &str) -> String {
    let mut text = format!("\n{name}: {} ({about})\n", remarks.len());
    for remark in remarks.iter().take(SHOWN) {
        let LineRemark { code, file, line, said } = remark;
        let code = if code.is_empty() { String::new() } else { format!("{code}: ") };
        text.push_str(&format!("  {file}:{line}: {code}{said}\n"));
    }
    text.push_str(&more(remarks.len(), "`--format json` tells them all"));
    text
}

fn more(all: usize, place: &str) -> String {
    match all.checked_sub(SHOWN) {
        Some(more) if more > 0 => format!("    and {more} more: {place}\n"),
        _ => String::new(),
    }
}

/// The codes that a note lists.
pub fn listed(note: &NoteName, out: &str, found: &NoteCodes) -> String {
    let mut text = format!(
        "note {note} of subchapter {}, from line {}: `{}`\n  {} written to {}\n",
        found.subchapter,
        found.line,
        found.begins,
        count(found.codes.len(), "code"),
        tick(out)
    );
    if !found.named.is_empty() {
        let named: Vec<&str> = found.named.iter().take(SHOWN).map(String::as_str).collect();
        text.push_str(&format!("  named in its sentences and not listed: {}\n", named.join(", ")));
        text.push_str(&more(found.named.len(), "`--format json` tells them all"));
    }
    text
}
