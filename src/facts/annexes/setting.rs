//! `--set "a(8481.80.30.00).metal=steel"`: of one line of an annex, in place of what the facts file says of it.

use super::errors;
use super::line::BoundLine;
use super::named;
use crate::diag::Diagnostic;
use crate::facts::input::{Entry, LineInput, Stated};
use crate::facts::value::Values;
use crate::policy::{AnnexId, Table};
use crate::sheet::{Form, Written};
use crate::text::{SourceId, Span};
use crate::tree::Name;

/// Whether what is set is of a line of an annex.
pub(in crate::facts) fn names_line(name: &Name) -> bool {
    name.text.contains('(')
}

/// A name with the keys of a line, and of a column if there is one.
struct LineName {
    annex: Name,
    keys: Vec<Written<'static>>,
    column: Name,
}

pub(super) fn apply(
    values: &Values<'_>,
    settings: &[Entry<'_>],
    all: &mut Table<AnnexId, Vec<BoundLine>>,
    errors: &mut Vec<Diagnostic>,
) {
    let mut set: Vec<SourceId> = Vec::new();
    for entry in settings.iter().filter(|entry| names_line(&entry.name)) {
        let done = LineName::read(&entry.name).map_err(|error| vec![error]).and_then(|name| {
            let id = named(values.policy, &name.annex).map_err(|error| vec![error])?;
            let cell = Entry { name: name.column, value: entry.value.clone() };
            let keys = name.keys.into_iter().map(Stated::Text).collect();
            let input = LineInput { keys, cells: vec![cell], span: entry.name.span };
            let line = BoundLine::of(values, &values.policy.annexes[id], &input)?;
            line.map_or(Ok(()), |line| put(&mut all[id], &set, line, &entry.name))
        });
        set.push(entry.name.span.source);
        errors.extend(done.err().unwrap_or_default());
    }
}

/// Puts what is set into the lines of its keys. `before`: the sources of what was set before.
fn put(
    lines: &mut Vec<BoundLine>,
    before: &[SourceId],
    set: BoundLine,
    name: &Name,
) -> Result<(), Vec<Diagnostic>> {
    let mut met = false;
    for line in lines.iter_mut().filter(|line| line.keys == set.keys) {
        met = true;
        let again = set.cells.keys().find_map(|column| line.cells.get(column).map(|cell| cell.span));
        let again = again.or(line.listed.filter(|_| set.listed.is_some()));
        if let Some(first) = again.filter(|first| before.contains(&first.source)) {
            return Err(vec![errors::cell_twice(name, first)]);
        }
        match set.is_unlisted {
            true => line.cells.clear(),
            false => line.cells.extend(set.cells.clone()),
        }
        line.is_unlisted = set.is_unlisted;
        line.listed = set.listed.or(line.listed);
    }
    if !met {
        lines.push(set);
    }
    Ok(())
}

impl LineName {
    /// `a(8481.80.30.00, JP).metal`
    fn read(name: &Name) -> Result<LineName, Diagnostic> {
        let wrong = || errors::line_name(name.span);
        let (annex, rest) = name.text.split_once('(').ok_or_else(wrong)?;
        let (keys, end) = split(rest).ok_or_else(wrong)?;
        let after = rest.get(end.saturating_add(1)..).unwrap_or("").trim();
        let column = match after {
            "" => "",
            after => after
                .strip_prefix('.')
                .map(str::trim)
                .filter(|column| !column.is_empty())
                .ok_or_else(wrong)?,
        };
        let word = |text: &str| Name { text: text.to_string(), span: place(name, text) };
        let column_span = if column.is_empty() { name.span } else { place(name, column) };
        Ok(LineName {
            annex: word(annex.trim()),
            keys: keys.into_iter().map(|key| written(name, key)).collect(),
            column: Name { text: column.to_string(), span: column_span },
        })
    }
}

/// The keys up to the bracket that closes, which is at the end.
fn split(text: &str) -> Option<(Vec<&str>, usize)> {
    let (mut keys, mut start, mut quoted) = (Vec::new(), 0usize, false);
    for (at, sign) in text.char_indices() {
        match sign {
            '"' => quoted = !quoted,
            ',' | ')' if !quoted => {
                keys.push(text.get(start..at)?.trim());
                start = at.saturating_add(1);
                if sign == ')' {
                    return Some((keys, at));
                }
            }
            _ => {}
        }
    }
    None
}

/// Where a part of a name stands.
fn place(name: &Name, part: &str) -> Span {
    let offset = (part.as_ptr() as usize).saturating_sub(name.text.as_ptr() as usize);
    let start = (name.span.start as usize).saturating_add(offset);
    Span::new(name.span.source, start, start.saturating_add(part.len()))
}

fn written(name: &Name, key: &str) -> Written<'static> {
    let span = place(name, key);
    let form = if key.is_empty() { Form::Null } else { Form::Plain };
    Written { text: key.to_string().into(), span, at: Some(span.start), form }
}
