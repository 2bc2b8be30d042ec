//! Stated lines answer only what the file leaves open, and each of them something else (X6): facts only narrow.

use super::errors;
use super::line::BoundLine;
use crate::diag::Diagnostic;
use crate::facts::MOST_ERRORS;
use crate::policy::{Annex, AnnexDay, AnnexKey, LineValidity};
use crate::value::Day;
use std::collections::BTreeSet;

/// What is said of a line, or of a cell, of which the file leaves nothing open.
pub(super) fn by_file(annex: &Annex, line: &BoundLine) -> Option<Diagnostic> {
    if may_be_new(annex, line) {
        return None;
    }
    let answers = annex.lines.versions(&line.keys).into_iter().flatten();
    let mut answers = answers.filter(|other| annex.lines.validity(*other).meets(&line.validity));
    let own = answers.clone().filter(|other| annex.lines.keys(*other).eq(&line.keys)).collect::<Vec<_>>();
    let closest = answers.next();
    let (Some(first), Some(closest)) = (own.first(), closest) else {
        let any = line.keys.contains(&AnnexKey::Any);
        return Some(match closest {
            Some(other) => errors::line_answered(annex, line.span, other),
            None if any => errors::line_of_any(annex, line.span),
            None => errors::line_of_complete(annex, line.span),
        });
    };
    let answered = |column: &usize| own.iter().all(|other| !annex.leaves_open(*other, *column));
    if let Some((column, cell)) = line.cells.iter().find(|(column, _)| answered(column)) {
        let file = annex.lines.place(*first);
        return Some(errors::cell_answered(annex, *column, cell.span, file));
    }
    let listed = line.listed.filter(|_| line.is_unlisted || line.cells.is_empty());
    let said = listed.or(line.cells.is_empty().then_some(line.span));
    said.map(|span| errors::line_answered(annex, span, closest))
}

/// Whether there is a day on which the file has no line for the keys.
fn may_be_new(annex: &Annex, line: &BoundLine) -> bool {
    if !annex.in_part || !line.is_unlisted && line.keys.contains(&AnnexKey::Any) {
        return false;
    }
    let file: Vec<LineValidity> = annex
        .lines
        .versions(&line.keys)
        .into_iter()
        .flatten()
        .map(|other| annex.lines.validity(other))
        .collect();
    let days = file.iter().flat_map(|validity| [validity.from, validity.until]);
    let known = file.iter().flat_map(|validity| [validity.from_known, validity.until_known]);
    // Between these days nothing changes.
    let days: Vec<Day> = days.chain([line.validity.from, Day::FIRST]).collect();
    let known: Vec<Day> = known.chain([line.validity.from_known, Day::FIRST]).collect();
    days.iter().any(|day| {
        known.iter().map(|known| AnnexDay { day: *day, known: *known }).any(|at| {
            line.validity.holds(at.day, at.known) && !file.iter().any(|other| other.holds(at.day, at.known))
        })
    })
}

/// What is said of lines of which two answer the same at once.
pub(super) fn by_each_other(annex: &Annex, lines: &[BoundLine]) -> Vec<Diagnostic> {
    // By the column that tells most of them apart.
    let different =
        |column: &usize| lines.iter().map(|line| line.keys.get(*column)).collect::<BTreeSet<_>>().len();
    let column = (0..annex.keys.len()).max_by_key(different).unwrap_or(0);
    let mut order: Vec<&BoundLine> = lines.iter().collect();
    order.sort_by(|a, b| a.keys.get(column).cmp(&b.keys.get(column)).then(a.span.cmp(&b.span)));
    let any = |line: &&BoundLine| line.keys.get(column) == Some(&AnnexKey::Any);
    let (any, others): (Vec<&BoundLine>, Vec<&BoundLine>) = order.into_iter().partition(any);
    let mut said = Vec::new();
    // Those that may answer what the line at hand does, by that column.
    let mut above: Vec<&BoundLine> = Vec::new();
    for line in any.into_iter().chain(others) {
        above.retain(|other| match (other.keys.get(column), line.keys.get(column)) {
            (Some(other), Some(own)) => other.answers(own),
            _ => false,
        });
        let met = above.iter().find(|other| meet(other, line));
        said.extend(
            met.map(|other| errors::line_twice(annex, line.span.max(other.span), line.span.min(other.span))),
        );
        above.push(line);
        if said.len() >= MOST_ERRORS {
            break;
        }
    }
    said
}

fn meet(one: &BoundLine, other: &BoundLine) -> bool {
    let keys = one.keys.iter().zip(&other.keys).all(|(one, other)| one.meets(other));
    keys && one.validity.meets(&other.validity)
}
