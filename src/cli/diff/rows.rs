//! The rows of a population, a part at a time.

use super::{Args, DiffErrors, FactsFile};
use crate::answers::RowsFrom;
use crate::cli::World;
use crate::compare::{Batches, Pairing, Population, PopulationPlan, PopulationTally, Settings, in_batches};
use crate::diag::{Code, Diagnostic, list_or, tick};
use crate::facts::{Input, RowsInput, TableInput, decimals};
use crate::formats;
use crate::outcome::Point;
use crate::policy::{EntityId, FieldId, OutcomeId};
use crate::run::depends_on_day;
use crate::sheet::CsvPart;
use crate::text::{SourceId, Sources, Span};
use crate::tree::Name;
use crate::value::Day;
use std::collections::BTreeMap;

/// So many rows are worked out at a time.
const BATCH: usize = 4_096;

/// Files of rows and what is asked of them.
pub(super) struct ReadRows {
    ids: Vec<SourceId>,
    plan: PopulationPlan,
    entity: String,
}

pub(super) fn read(
    args: &Args,
    frame: &Pairing<'_>,
    world: &dyn World,
    sources: &mut Sources,
) -> Result<ReadRows, DiffErrors> {
    let entity = entity(args, frame).map_err(|error| vec![error])?;
    let new = &frame.new.entities[entity.1];
    let mut by: Vec<FieldId> = Vec::new();
    for name in &args.by {
        let field = new.fields.iter().find(|(_, field)| field.name == name.trim()).map(|(id, _)| id);
        by.push(field.ok_or_else(|| {
            let names: Vec<&str> = new.fields.values().map(|field| field.name.as_str()).collect();
            vec![Diagnostic::unknown_name(
                &format!("{} has no field {}", tick(&new.name), tick(name)),
                name,
                &names,
            )]
        })?);
    }
    let outcomes: Vec<(OutcomeId, OutcomeId)> = frame
        .outcomes
        .iter()
        .copied()
        .filter(|(_, id)| frame.new.outcomes[*id].for_each == Some(entity.1))
        // The others are the same for every row.
        .filter(|(_, id)| frame.may_move(*id))
        .collect();
    if new.dated.is_none() && args.on.is_none() {
        let (old, new) = (depends_on_day(frame.old, None), depends_on_day(frame.new, None));
        if let Some((_, id)) = outcomes.iter().find(|(a, b)| old.outcome(*a) || new.outcome(*b)) {
            let name = tick(&frame.new.outcomes[*id].name);
            let message = format!("{name} depends on the day, and no day is given for the rows");
            let help = format!("say which day: {}", tick("--on 2026-01-01"));
            return Err(vec![Diagnostic::general(Code::DayNeeded, message).help(help)]);
        }
    }
    let point = Point::new(args.on.unwrap_or(Day::FIRST), args.known.unwrap_or(Day::NEVER));
    let plan = PopulationPlan { entity, outcomes, by, top: args.top, point };
    let mut ids = Vec::new();
    for path in &args.rows {
        let text = crate::cli::run::rows_as_csv(path, new, world).map_err(|error| vec![error])?;
        ids.push(sources.add(path.as_str(), text));
    }
    Ok(ReadRows { ids, plan, entity: new.name.clone() })
}

/// The table: the one named, or the only one with outcomes.
fn entity(args: &Args, frame: &Pairing<'_>) -> Result<(EntityId, EntityId), Diagnostic> {
    let asked =
        |id: &EntityId| frame.outcomes.iter().any(|(_, of)| frame.new.outcomes[*of].for_each == Some(*id));
    let may_be: Vec<(EntityId, EntityId)> =
        frame.entities.iter().copied().filter(|(_, new)| asked(new)).collect();
    let names: Vec<&str> = may_be.iter().map(|(_, id)| frame.new.entities[*id].name.as_str()).collect();
    if let Some(name) = &args.entity {
        let found = may_be.iter().find(|(_, id)| frame.new.entities[*id].name == *name);
        return found.copied().ok_or_else(|| {
            let message = format!("no outcome of both sides is for each {}", tick(name));
            Diagnostic::unknown_name(&message, name, &names)
        });
    }
    match may_be.as_slice() {
        [only] => Ok(*only),
        [] => {
            Err(Diagnostic::general(Code::RowMissing, "no outcome of both sides is for each row of a table")
                .help("leave `--rows` out"))
        }
        _ => {
            let names: Vec<String> = names.iter().map(|name| tick(&format!("--entity {name}"))).collect();
            Err(Diagnostic::general(Code::RowMissing, "it is not clear of which table these are the rows")
                .help(format!("name it: {}", list_or(&names))))
        }
    }
}

/// Takes all rows in, with what a facts file states beside them.
pub(super) fn population(
    args: &Args,
    frame: &Pairing<'_>,
    (read, file): (&ReadRows, Option<&FactsFile>),
    settings: &Settings<'_>,
    world: &dyn World,
    sources: &mut Sources,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<(RowsFrom, Population), DiffErrors> {
    let facts = file.map(|file| (file.id, file.format));
    let (mut input, mut tables) = formats::facts_and_rows(sources, facts, &read.ids, world.files())?;
    // One mark for all parts of a table, on both sides.
    let entity = &frame.new.entities[read.plan.entity.1];
    for table in &mut tables {
        table.decimals = Some(decimals(frame.new, entity, table));
    }
    let batched = in_batches(frame, &read.plan);
    let size = if batched { BATCH } else { usize::MAX };
    // What stands beside the rows is the same for all of them.
    let beside = if batched { frame.bind(&input, settings).ok() } else { None };
    let batches = beside.as_ref().and_then(|(old, new, _)| Batches::new(frame, &read.plan, (old, new)));
    let mut tally = PopulationTally::new(frame, read.plan.clone());
    let all: usize = tables.iter().map(|table| table.text.len()).sum();
    let parts = tables.iter().flat_map(|table| table.parts(size).map(move |part| (table.source, part)));
    if batched {
        let mut done: BTreeMap<SourceId, usize> = BTreeMap::new();
        for (source, part) in parts {
            let end = part.end();
            batch(frame, (&mut tally, batches.as_ref()), (&mut input, &read.entity), vec![part], settings)?;
            done.insert(source, end);
            progress(done.values().sum(), all);
        }
    } else {
        // Some answers read the whole table.
        let parts = parts.map(|(_, part)| part).collect();
        batch(frame, (&mut tally, batches.as_ref()), (&mut input, &read.entity), parts, settings)?;
    }
    progress(all, all);
    let keys = tally.keys().to_vec();
    drop(input);
    twice(keys, sources)?;
    let from = RowsFrom { files: args.rows.clone(), facts: file.map(|file| file.path.clone()) };
    Ok((from, tally.finish()))
}

/// Binds some rows to both sides and works them out.
fn batch<'s>(
    frame: &Pairing<'_>,
    (tally, batches): (&mut PopulationTally<'_, '_>, Option<&Batches<'_>>),
    (input, entity): (&mut Input<'s>, &str),
    parts: Vec<CsvPart<'s>>,
    settings: &Settings<'_>,
) -> Result<(), DiffErrors> {
    let stated = input.tables.len();
    for part in parts {
        let entity = Name { text: entity.to_string(), span: Span::default() };
        input.tables.push(TableInput { entity, rows: RowsInput::Records(Box::new(part)) });
    }
    let bound = frame.bind(input, settings);
    input.tables.truncate(stated);
    let (old, new, _) = bound?;
    tally.batch(batches, &old, &new);
    Ok(())
}

/// One key in two batches.
fn twice(mut keys: Vec<Span>, sources: &Sources) -> Result<(), DiffErrors> {
    keys.sort_by(|a, b| sources.text(*a).cmp(sources.text(*b)).then(a.cmp(b)));
    let pair = keys.iter().zip(keys.iter().skip(1)).find(|(a, b)| sources.text(**a) == sources.text(**b));
    match pair {
        None => Ok(()),
        Some((first, second)) => {
            let message = format!("{} stands twice", tick(sources.text(*second)));
            Err(vec![Diagnostic::error(Code::StatedTwice, *second, message).also(*first, "first here")])
        }
    }
}
