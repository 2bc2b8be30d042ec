//! Columns: what the drafter has put below each other stays so.

use super::LINE_WIDTH;
use super::lines::{Row, Rows};
use super::steps::LaidWord;
use super::written::WrittenText;
use crate::syntax::grammar::Rule;

/// A comment stands so far from the words before it.
const BEFORE_COMMENT: usize = 2;

/// A place in a line that may be moved to the right.
struct ColumnCell {
    row: usize,
    /// How far its line is indented.
    indent: usize,
    /// What the line has before it, as far as words go.
    shape: Vec<Rule>,
    /// Where it comes to stand without a column; and the end of its line.
    column: usize,
    end: usize,
    /// Where it stood in the old text, and whether it had been moved there.
    was: usize,
    moved: bool,
}

/// The new text.
pub(super) fn text(rows: &Rows<'_, '_>, written: &WrittenText<'_>) -> String {
    let mut shifts = vec![(0, 0); rows.rows.len()];
    for cells in runs(rows, |at, row| word_cell(rows, written, at, row)) {
        for (row, shift) in shifted(&cells) {
            shifts.get_mut(row).into_iter().for_each(|shifts| shifts.0 = shift);
        }
    }
    let before = shifts.clone();
    let comment = |at: usize, row: &Row<'_>| {
        comment_cell(rows, written, at, row, before.get(at).map_or(0, |shifts| shifts.0))
    };
    for cells in runs(rows, comment) {
        for (row, shift) in shifted(&cells) {
            shifts.get_mut(row).into_iter().for_each(|shifts| shifts.1 = shift);
        }
    }
    let mut text = String::new();
    for (row, (word, comment)) in rows.rows.iter().zip(shifts) {
        write(rows, row, word, comment, &mut text);
    }
    text
}

/// The cells of lines of one sort that follow each other: between them stand empty lines, comments, and what a line goes on
/// with.
fn runs(rows: &Rows<'_, '_>, cell: impl Fn(usize, &Row<'_>) -> Option<ColumnCell>) -> Vec<Vec<ColumnCell>> {
    let mut runs: Vec<Vec<ColumnCell>> = vec![Vec::new()];
    for (at, row) in rows.rows.iter().enumerate() {
        if is_between(rows, row) {
            continue;
        }
        let cell = cell(at, row);
        let last = runs.last().and_then(|run| run.last());
        if let (None, Some(last), Row::Words { indent, .. }) = (&cell, last, row)
            && *indent > last.indent
        {
            continue;
        }
        let goes_on = match (&cell, last) {
            (Some(cell), Some(last)) => cell.shape == last.shape,
            (Some(_), None) => true,
            (None, _) => false,
        };
        if !goes_on {
            runs.push(Vec::new());
        }
        if let (Some(cell), Some(run)) = (cell, runs.last_mut()) {
            run.push(cell);
        }
    }
    runs
}

fn is_between(rows: &Rows<'_, '_>, row: &Row<'_>) -> bool {
    match row {
        Row::Blank | Row::Comment { .. } => true,
        Row::Words { words, .. } => rows.words.get(words.start).is_some_and(|word| word.rule == Rule::doc),
        Row::Prose(_) => false,
    }
}

/// How far each cell is moved: to the column of those it stood below, if any of them had been moved there; one that has room
/// before the column of the line above or below joins it.
fn shifted(cells: &[ColumnCell]) -> Vec<(usize, usize)> {
    let mate = |cell: &ColumnCell, other: &ColumnCell| cell.was == other.was && (cell.row != other.row);
    let is_column = |cell: &ColumnCell| {
        let mates = || cells.iter().filter(|other| mate(cell, other));
        mates().next().is_some() && (cell.moved || mates().any(|other| other.moved))
    };
    let column_of = |cell: &ColumnCell| {
        let all = cells.iter().filter(|other| other.was == cell.was);
        all.map(|other| other.column).max().unwrap_or(cell.column)
    };
    let mut columns: Vec<Option<usize>> =
        cells.iter().map(|cell| is_column(cell).then(|| column_of(cell))).collect();
    let fits = |cell: &ColumnCell, column: usize| {
        // What is too long anyway keeps its column.
        let is_long = cell.end > LINE_WIDTH;
        column >= cell.column && (is_long || cell.end + (column - cell.column) <= LINE_WIDTH)
    };
    // One that has joined makes room for the next, above or below.
    for _ in 0..cells.len() {
        let mut joined = false;
        for (at, cell) in cells.iter().enumerate() {
            let neighbour = |other: Option<usize>| {
                let near = cells.get(other?).is_some_and(|other| other.row.abs_diff(cell.row) == 1);
                columns.get(other?).copied().flatten().filter(|column| near && fits(cell, *column))
            };
            let found = neighbour(at.checked_sub(1)).or_else(|| neighbour(at.checked_add(1)));
            if let (Some(column @ None), Some(found)) = (columns.get_mut(at), found) {
                *column = Some(found);
                joined = true;
            }
        }
        if !joined {
            break;
        }
    }
    let shift = |(cell, column): (&ColumnCell, &Option<usize>)| {
        let column = column.filter(|column| fits(cell, *column)).unwrap_or(cell.column);
        (cell.row, column - cell.column)
    };
    cells.iter().zip(&columns).map(shift).collect()
}

/// The first word of a line that may stand in a column.
fn word_cell(rows: &Rows<'_, '_>, written: &WrittenText<'_>, at: usize, row: &Row<'_>) -> Option<ColumnCell> {
    let Row::Words { indent, words, .. } = row else { return None };
    let words = rows.words.get(words.clone())?;
    let place = words.iter().skip(1).position(|word| word.aligns)? + 1;
    let (before, word) = (words.get(..place)?, words.get(place)?);
    let column = indent + width(before) + 1;
    // Values that are assigned stand below each other whatever begins their lines.
    let shape = match word.rule {
        Rule::assigned => vec![word.rule],
        _ => before.iter().map(|word| word.rule).collect(),
    };
    Some(ColumnCell {
        row: at,
        indent: *indent,
        shape,
        column,
        end: indent + width(words),
        was: written.column(word.start),
        moved: written.spaces(word.start) > 1,
    })
}

/// The comment behind the words of a line.
fn comment_cell(
    rows: &Rows<'_, '_>,
    written: &WrittenText<'_>,
    at: usize,
    row: &Row<'_>,
    shift: usize,
) -> Option<ColumnCell> {
    let Row::Words { indent, words, comment: Some((_, start)) } = row else { return None };
    let column = indent + width(rows.words.get(words.clone())?) + shift + BEFORE_COMMENT;
    let moved = written.spaces(*start) > BEFORE_COMMENT;
    // A line may be as long as it is for its comment.
    let (shape, was) = (Vec::new(), written.column(*start));
    Some(ColumnCell { row: at, indent: *indent, shape, column, end: 0, was, moved })
}

fn width(words: &[&LaidWord<'_>]) -> usize {
    let one = |(at, word): (usize, &&LaidWord<'_>)| word.width() + usize::from(word.gap.space && at > 0);
    words.iter().enumerate().map(one).sum()
}

fn write(rows: &Rows<'_, '_>, row: &Row<'_>, shift: usize, comment_shift: usize, text: &mut String) {
    match row {
        Row::Blank => text.push('\n'),
        Row::Prose(prose) => {
            text.push_str(&prose.replace("\r\n", "\n"));
            if !prose.ends_with('\n') {
                text.push('\n');
            }
        }
        Row::Comment { indent, text: comment } => {
            push(text, *indent, comment);
            text.push('\n');
        }
        Row::Words { indent, words, comment } => {
            let mut shift = Some(shift);
            for (at, word) in rows.words.get(words.clone()).into_iter().flatten().enumerate() {
                let spaces = match at {
                    0 => *indent,
                    _ if word.aligns => usize::from(word.gap.space) + shift.take().unwrap_or(0),
                    _ => usize::from(word.gap.space),
                };
                push(text, spaces, &word.text);
            }
            if let Some((comment, _)) = comment {
                push(text, BEFORE_COMMENT + comment_shift, comment);
            }
            text.push('\n');
        }
    }
}

fn push(text: &mut String, spaces: usize, word: &str) {
    text.extend(std::iter::repeat_n(' ', spaces));
    text.push_str(word);
}
