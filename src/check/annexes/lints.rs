//! What an annex says, but probably to nobody.

use super::errors;
use super::{day_columns, is_called};
use crate::diag::Diagnostic;
use crate::literal::split_heading;
use crate::policy::{Annex, AnnexKey, Cell, LISTED, Type};
use crate::sheet::{Csv, Form, Records, Written};
use crate::tree;
use std::ops::ControlFlow;

/// A column of amounts that is not declared, beside others that are: a rate that is a sum of parts lacks one. And the column
/// that says which lines are listed, where nobody asks for it.
pub(super) fn unread_column(
    annex: &tree::Annex,
    made: &Annex,
    header: &[Written<'_>],
    csv: &Csv<'_>,
) -> Option<Diagnostic> {
    let amounts = made.columns.iter().any(|column| matches!(column.ty, Type::Number { .. }));
    let unread = |(place, heading): (usize, &Written<'_>)| {
        let (name, unit) = split_heading(heading);
        let declared = || annex.keys.iter().chain(&annex.columns);
        let is_read = declared().any(|it| is_called(it, &name.text) || is_called(it, &heading.text))
            || day_columns(annex).any(|day| day.text == heading.text)
            || made.headings.columns.contains(&name.text)
            || place < made.keys.len() && made.headings.keys.get(place) == Some(&name.text);
        let listing = name.text == LISTED && !annex.in_part;
        let says = listing || amounts && unit.is_some();
        (!is_read && says && is_filled(csv, place)).then(|| match listing {
            true => errors::unread_listing(annex, heading),
            false => errors::unread_column(annex, &name.text, unit.map_or("", |(unit, _)| unit), heading),
        })
    };
    header.iter().enumerate().find_map(unread)
}

fn is_filled(csv: &Csv<'_>, place: usize) -> bool {
    let mut filled = false;
    csv.each(&mut |record| {
        let cell = record.ok().and_then(|cells| cells.get(place));
        filled = cell.is_some_and(|cell| cell.form != Form::Null);
        if filled { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    filled
}

/// X3: a line that answers by itself, of which an empty cell stands over a filled one of a line that it hides.
pub(super) fn hidden_cell(annex: &tree::Annex, made: &Annex) -> Option<Diagnostic> {
    let own = |column: &usize| made.columns.get(*column).is_some_and(|column| column.ty != Type::Text);
    let columns: Vec<usize> = (0..made.columns.len()).filter(own).collect();
    // A line with one such cell has a value there, or none.
    if columns.len() < 2 {
        return None;
    }
    let mut count = 0usize;
    let mut first = None;
    for line in (0..made.lines.len()).filter(|line| !made.lines.is_unlisted(*line)) {
        let Some((column, other)) = hides(made, &columns, line) else { continue };
        count = count.saturating_add(1);
        first.get_or_insert((line, column, other));
    }
    let (line, column, other) = first?;
    Some(errors::hidden_cell(annex, made, (line, column, other), count))
}

/// A column, and the line that it would have without this one.
fn hides(made: &Annex, columns: &[usize], line: usize) -> Option<(usize, usize)> {
    let lines = &made.lines;
    let empty = |column: &&usize| lines.cell(line, **column) == Cell::Empty;
    let own: Vec<&usize> = columns.iter().filter(empty).collect();
    if own.is_empty() || own.len() == columns.len() {
        return None;
    }
    let keys: Vec<_> = lines.keys(line).cloned().collect();
    let mut above = lines.versions(&keys).into_iter().flatten().filter(|other| {
        !lines.keys(*other).eq(keys.iter()) && lines.validity(*other).meets(&lines.validity(line))
    });
    // The closest of them that has a value is what would answer. One for any key is no such line: it is meant to be left.
    let other = above.find(|other| made.has_value(*other, **own.first().unwrap_or(&&0)))?;
    if lines.keys(other).any(|key| *key == AnnexKey::Any) {
        return None;
    }
    let column = own.into_iter().find(|column| matches!(lines.cell(other, **column), Cell::Value(_)))?;
    Some((*column, other))
}
