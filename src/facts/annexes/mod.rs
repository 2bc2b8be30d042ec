//! Lines of annexes that are stated (X6): read, set on the command line, held against the file, and sorted as its lines are.

mod columns;
mod errors;
mod line;
mod said;
mod setting;

pub(super) use setting::names_line;

use super::MOST_ERRORS;
use super::input::{AnnexInput, Input, LinesInput};
use super::value::Values;
use crate::diag::Diagnostic;
use crate::policy::{Annex, AnnexBuilder, AnnexId, AnnexLines, EMPTY, Policy, Table, UNKNOWN};
use crate::sheet::Records;
use crate::tree::Name;
use crate::value::Possible;
use line::BoundLine;
use std::ops::ControlFlow;
use std::sync::Arc;

/// The stated lines of every annex; `None`: none are.
pub(super) fn bind(
    values: &Values<'_>,
    input: &Input<'_>,
    said: &mut Vec<Diagnostic>,
) -> Table<AnnexId, Option<Arc<AnnexLines>>> {
    let policy = values.policy;
    let mut all: Table<AnnexId, Vec<BoundLine>> = policy.annexes.values().map(|_| Vec::new()).collect();
    let before = said.len();
    for stated in &input.annexes {
        match named(policy, &stated.annex) {
            Ok(id) => read(values, &policy.annexes[id], stated, &mut all[id], said),
            Err(error) => said.push(error),
        }
    }
    setting::apply(values, &input.settings, &mut all, said);
    if said.len() > before {
        return policy.annexes.values().map(|_| None).collect();
    }
    let sorted = |(id, lines): (AnnexId, Vec<BoundLine>)| sorted(&policy.annexes[id], lines, said);
    policy.annexes.ids().map(|id| (id, std::mem::take(&mut all[id]))).map(sorted).collect()
}

fn named(policy: &Policy, name: &Name) -> Result<AnnexId, Diagnostic> {
    let found = policy.annexes.iter().find(|(_, annex)| annex.name == name.text);
    found.map(|(id, _)| id).ok_or_else(|| errors::unknown_annex(policy, name))
}

fn read(
    values: &Values<'_>,
    annex: &Annex,
    stated: &AnnexInput<'_>,
    lines: &mut Vec<BoundLine>,
    errors: &mut Vec<Diagnostic>,
) {
    match &stated.lines {
        LinesInput::Listed(listed) => {
            for line in listed {
                match BoundLine::of(values, annex, line) {
                    Ok(line) => lines.extend(line),
                    Err(more) => errors.extend(more),
                }
            }
        }
        LinesInput::Records(records) => from_file(values, annex, records.as_ref(), lines, errors),
    }
}

fn from_file(
    values: &Values<'_>,
    annex: &Annex,
    records: &dyn Records,
    lines: &mut Vec<BoundLine>,
    errors: &mut Vec<Diagnostic>,
) {
    let columns = match columns::resolve(&values.scope, annex, records) {
        Ok(columns) => columns,
        Err(more) => return errors.extend(more),
    };
    records.each(&mut |record| {
        let line = record.map_err(|error| vec![error]).and_then(|cells| columns.line(values, annex, cells));
        match line {
            Ok(line) => lines.extend(line),
            Err(more) => errors.extend(more),
        }
        if errors.len() < MOST_ERRORS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
}

/// The lines by their keys, if each says something that nothing else does.
fn sorted(annex: &Annex, lines: Vec<BoundLine>, errors: &mut Vec<Diagnostic>) -> Option<Arc<AnnexLines>> {
    if lines.is_empty() {
        return None;
    }
    let before = errors.len();
    errors.extend(lines.iter().filter_map(|line| said::by_file(annex, line)).take(MOST_ERRORS));
    if errors.len() == before {
        errors.extend(said::by_each_other(annex, &lines));
    }
    if errors.len() > before {
        return None;
    }
    let mut builder = AnnexBuilder::new(annex.keys.len(), annex.columns.len());
    let dated = annex.headings.days.iter().any(Option::is_some);
    for line in lines {
        builder.keys.iter_mut().zip(line.keys).for_each(|(list, key)| list.push(key));
        builder.validity.extend(dated.then_some(line.validity));
        builder.unlisted.push(line.is_unlisted);
        builder.places.push(line.span);
        for (column, list) in builder.cells.iter_mut().enumerate() {
            let place = match line.cells.get(&column).map(|cell| &cell.value) {
                None => EMPTY,
                Some(None) => UNKNOWN,
                Some(Some(Possible::One(value))) => list.list(value.clone()),
                Some(Some(several)) => list.list_possible(several.clone()),
            };
            list.push(place);
        }
    }
    // No two of them have one key at once.
    let values = vec![true; annex.columns.len()];
    builder.finish(&values, MOST_ERRORS).ok().map(Arc::new)
}
