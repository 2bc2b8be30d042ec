//! Lines of annexes (X6) as a facts file states them: those that an answer needs, and those that are stated.

use super::stated::quoted;
use super::{Audience, Words};
use crate::outcome::{Need, SlotRef};
use crate::policy::{Annex, AnnexId, AnnexKey, AnnexLines, Cell, LISTED};
use crate::value::Day;
use std::collections::BTreeMap;

/// What the columns of a line say, by their names.
pub type LineCells = Vec<(String, String)>;

/// Lines by annex.
pub type LinesByAnnex = Vec<(String, Vec<LineCells>)>;

const UNKNOWN: &str = "unknown";

/// The lines that an answer needs, as they can be put into a facts file: what is to be stated is `unknown`.
pub fn lines_to_state(words: &Words, needs: &[Need]) -> LinesByAnnex {
    let words = &Words { audience: Audience::Machine, ..*words };
    let mut all: BTreeMap<(AnnexId, &[AnnexKey]), LineCells> = BTreeMap::new();
    for need in needs {
        let (id, keys) = match &need.slot {
            SlotRef::Line(id, keys) | SlotRef::Cell(id, keys, _) => (*id, keys),
            _ => continue,
        };
        let annex = &words.policy.annexes[id];
        let line = all.entry((id, keys)).or_insert_with(|| key_cells(words, annex, keys.iter()));
        let unknown = |name: &String| (name.clone(), UNKNOWN.to_string());
        match &need.slot {
            SlotRef::Cell(_, _, column) => {
                line.extend(annex.headings.columns.get(*column as usize).map(unknown));
            }
            _ => {
                line.push((LISTED.to_string(), UNKNOWN.to_string()));
                // Of the first key alone nothing but this can be stated.
                let whole = keys.len() == annex.keys.len();
                line.extend(annex.headings.columns.iter().filter(|_| whole).map(unknown));
            }
        }
    }
    by_annex(words, all.into_iter().map(|((id, _), line)| (id, line)))
}

/// The lines that are stated.
pub fn stated_lines(words: &Words) -> LinesByAnnex {
    let words = &Words { audience: Audience::Machine, ..*words };
    let of = |id: AnnexId| {
        let lines = words.facts.lines.try_get(id).and_then(Option::as_ref);
        let lines = lines.into_iter().flat_map(move |lines| {
            (0..lines.len()).map(move |line| stated_line(words, &words.policy.annexes[id], lines, line))
        });
        lines.map(move |line| (id, line))
    };
    by_annex(words, words.policy.annexes.ids().flat_map(of))
}

fn by_annex(words: &Words, lines: impl Iterator<Item = (AnnexId, LineCells)>) -> LinesByAnnex {
    let mut all: LinesByAnnex = Vec::new();
    for (id, line) in lines {
        let name = &words.policy.annexes[id].name;
        match all.last_mut().filter(|(last, _)| last == name) {
            Some((_, lines)) => lines.push(line),
            None => all.push((name.clone(), vec![line])),
        }
    }
    all
}

fn key_cells<'k>(words: &Words, annex: &Annex, keys: impl Iterator<Item = &'k AnnexKey>) -> LineCells {
    let names = annex.headings.keys.iter().zip(&annex.keys);
    names.zip(keys).map(|((name, ty), key)| (name.clone(), words.annex_key(ty, key))).collect()
}

fn stated_line(words: &Words, annex: &Annex, lines: &AnnexLines, line: usize) -> LineCells {
    let mut cells = key_cells(words, annex, lines.keys(line));
    if lines.is_unlisted(line) {
        cells.retain(|(_, key)| key != "*");
        cells.push((LISTED.to_string(), "false".to_string()));
    }
    for (at, (name, column)) in annex.headings.columns.iter().zip(&annex.columns).enumerate() {
        let said = match lines.cell(line, at) {
            Cell::Empty => continue,
            Cell::Unknown => UNKNOWN.to_string(),
            Cell::Value(value) => words.value(&column.ty, value),
            Cell::Within(possible) => words.possible(&column.ty, possible),
        };
        cells.push((name.clone(), said));
    }
    let validity = lines.validity(line);
    let days = [
        (validity.from, Day::FIRST),
        (validity.from_known, Day::FIRST),
        (validity.until, Day::NEVER),
        (validity.until_known, Day::FIRST),
    ];
    for (name, (day, unsaid)) in annex.headings.days.iter().zip(days) {
        cells.extend(name.as_ref().filter(|_| day != unsaid).map(|name| (name.clone(), day.to_string())));
    }
    cells
}

/// Lines of YAML, below `annexes:`, one for each annex and each line of it.
pub fn annexes_said(lines: &LinesByAnnex) -> Vec<String> {
    let cell = |(name, value): &(String, String)| format!("{}: {}", word(name), word(value));
    let line = |line: &LineCells| format!("  - {{{}}}", line.iter().map(cell).collect::<Vec<_>>().join(", "));
    let mut all = Vec::new();
    for (name, lines) in lines {
        all.push(format!("{name}:"));
        all.extend(lines.iter().map(line));
    }
    all
}

/// A word of YAML, in quotes where it needs them.
fn word(text: &str) -> String {
    let plain =
        |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '_' | '-' | ' ' | '%' | '/');
    let begins = text.starts_with(|sign: char| sign.is_ascii_alphanumeric());
    if begins && text.chars().all(plain) && !text.ends_with(' ') { text.to_string() } else { quoted(text) }
}
