//! A table answered from memory to memory, through the library alone, gives for every row what `run` gives.

use crate::batch::FieldCell;
use crate::batch::tests::{self as rows, OF_ROWS, OF_TABLES, outcomes_of, tables};
use crate::effort;
use crate::facts::{Facts, bind};
use crate::formats::{self, Format};
use crate::generator::{Dice, made};
use crate::outcome::{Reason, Status};
use crate::policy::{EntityId, OutcomeId, Policy, Type};
use crate::run::{Decided, Evaluator};
use crate::scenarios::outside;
use crate::table::{
    IgnoredColumns, Job, Output, PreparedTable, RowSource, Sink, Storage, TablePlan, cell, in_unit,
};
use crate::text::{Files, Sources};
use crate::value::{Value, decimal, wire};
use crate::words::{Audience, Words};
use crate::worlds;
use std::collections::BTreeMap;
use std::io::Read;

/// Files of CSV by name.
struct Memory(BTreeMap<String, String>);

impl Storage for Memory {
    fn stream(&self, path: &str) -> Result<Box<dyn Read + Send>, String> {
        let text = self.read(path)?;
        Ok(Box::new(std::io::Cursor::new(text.into_bytes())))
    }

    #[cfg(feature = "parquet")]
    fn random_access(&self, _: &str) -> Result<crate::table::parquet::RandomAccess, String> {
        Err("there is no Parquet here".to_string())
    }
}

impl Files for Memory {
    fn read(&self, path: &str) -> Result<String, String> {
        self.0.get(path).cloned().ok_or_else(|| "there is no such file".to_string())
    }
}

#[test]
fn from_memory_to_memory_every_row_is_answered_as_run_does() {
    let times = effort::times(150, 20_000);
    let compared = (0..times).filter(|seed| agrees(*seed)).count();
    assert!(compared as u64 * 2 > times, "{compared} tables of {times} were compared");
}

/// False: a row is outside a condition, or cannot be read, and nothing was compared.
fn agrees(seed: u64) -> bool {
    let mut dice = Dice::new(seed);
    let features = if dice.one_in(3) { OF_TABLES } else { OF_ROWS };
    let made = made(&mut dice, features);
    let Some(policy) = worlds::unless_circle(&made.policy) else { return false };
    let entity = policy.entity("entry").unwrap();
    let outcomes = outcomes_of(&policy);
    let beside = rows::stated(&mut dice, &made, &policy);
    let files = files(&mut dice, &policy, entity, &beside);
    let asked = tables::asked(&mut dice);
    let point = crate::outcome::Point::new(asked.on, asked.known);
    let Some(all) = stated(&policy, entity, &beside, &files) else { return false };
    let plan = TablePlan {
        policy: &policy,
        entity,
        outcomes: &outcomes,
        facts: &beside,
        later: None,
        point,
        by: &[],
        units: &[],
        ignored: IgnoredColumns::default(),
        sheet: None,
        unique: false,
        decimals: None,
    };
    let mut sources = Sources::new();
    let paths: Vec<String> = files.0.keys().cloned().collect();
    let input = RowSource::open(&plan, &paths, &files, &mut sources).unwrap();
    let prepared = PreparedTable::new(&plan, &input);
    let job = Job::new(plan, &prepared, &input).unwrap();
    let (mut answers, mut rejects) = (Vec::new(), Vec::new());
    let output = Output { answers: Sink::Csv(&mut answers), rejects: Some(&mut rejects) };
    let threads = 1 + dice.below(4) as usize;
    let report = job.run(output, threads, &mut sources, &mut |_, _| {}).unwrap();
    let rejects = String::from_utf8(rejects).unwrap();
    assert_eq!(rejects.lines().count(), 1, "seed {seed}: {rejects}");
    let wanted = wanted(&policy, (entity, &outcomes), &all, point);
    let found = String::from_utf8(answers).unwrap();
    let (_, found) = found.split_once('\n').unwrap();
    assert_eq!(found, wanted, "seed {seed}:\n{}", made.policy);
    assert_eq!(report.counts.rows, all.tables[entity].as_ref().unwrap().rows.len() as u64);
    true
}

/// Some rows in up to three files; what cannot be spelled in a cell is left empty.
fn files(dice: &mut Dice, policy: &Policy, entity: EntityId, facts: &Facts) -> Memory {
    let count = 1 + dice.below(30) as usize;
    let columns = tables::rows(dice, policy, count);
    let decl = &policy.entities[entity];
    let sources = Sources::new();
    let words = Words { policy, facts, sources: &sources, audience: Audience::Machine };
    let names: Vec<&str> =
        columns.columns.iter().map(|(field, _)| decl.fields[*field].name.as_str()).collect();
    let mut files = BTreeMap::new();
    let each = count.div_ceil(1 + dice.below(3) as usize);
    for (at, start) in (0..count).step_by(each).enumerate() {
        let mut text = (names.join(",") + "\n").into_bytes();
        for row in start..count.min(start + each) {
            for (at, (field, column)) in columns.columns.iter().enumerate() {
                if at > 0 {
                    text.push(b',');
                }
                if let FieldCell::One(value) = column.cell(row)
                    && !matches!(&value, Value::Number(number) if decimal(number).is_none())
                {
                    cell(&words.value(&decl.fields[*field].ty, &value), &mut text);
                }
            }
            text.push(b'\n');
        }
        files.insert(format!("{at}.csv"), String::from_utf8(text).unwrap());
    }
    Memory(files)
}

/// The same rows as a facts file has them.
fn stated(policy: &Policy, entity: EntityId, beside: &Facts, files: &Memory) -> Option<Facts> {
    let mut sources = Sources::new();
    let names: Vec<&str> = files.0.keys().map(String::as_str).collect();
    let id = sources.add("facts", format!("rows: {{entry: [{}]}}", names.join(", ")));
    let input = formats::facts(&mut sources, id, Format::Yaml, files).unwrap();
    let mut all = beside.clone();
    all.tables[entity] = bind(policy, &input).ok()?.tables[entity].clone();
    outside(policy, &all).is_empty().then_some(all)
}

/// A line for each row.
fn wanted(
    policy: &Policy,
    (entity, outcomes): (EntityId, &[OutcomeId]),
    all: &Facts,
    point: crate::outcome::Point,
) -> String {
    let mut run = Evaluator::new(policy, all);
    let sources = Sources::new();
    let words = Words { policy, facts: all, sources: &sources, audience: Audience::Machine };
    let mut out = Vec::new();
    for (row, key) in (0u32..).zip(all.tables[entity].as_ref().unwrap().rows.keys()) {
        cell(key, &mut out);
        for outcome in outcomes {
            let mut reasons = Vec::new();
            let decided = run.decide_with_reasons(*outcome, Some(row), point, &mut reasons);
            let ty = &policy.outcomes[*outcome].ty;
            let (status, value) = match decided {
                Decided::Value(value) => (Status::Determined, said(policy, &words, ty, &value)),
                Decided::Undetermined => (Status::Undetermined, String::new()),
                Decided::Gap => (Status::Gap, String::new()),
                Decided::Conflict => (Status::Conflict, String::new()),
                Decided::Error => (Status::Error, String::new()),
            };
            for text in [value.as_str(), status.as_str(), &by(policy, &reasons)] {
                out.push(b',');
                cell(text, &mut out);
            }
        }
        out.push(b'\n');
    }
    String::from_utf8(out).unwrap()
}

fn said(policy: &Policy, words: &Words<'_>, ty: &Type, value: &Value) -> String {
    match value {
        Value::Number(number) => wire(&in_unit(policy, ty, number).0),
        value => words.value(ty, value),
    }
}

fn by(policy: &Policy, reasons: &[Reason]) -> String {
    let rule = |reason: &Reason| {
        let name = reason.rule.map_or("otherwise", |rule| policy.rules[rule].shown.as_str());
        format!("{name}{}", if reason.doubtful { "?" } else { "" })
    };
    reasons.iter().map(rule).collect::<Vec<_>>().join(";")
}
