//! Answers as files, with what they must say, for the readers that people use (`tests/read_back`).

use super::super::arrow::{BatchEncoder, Decimals};
use super::super::{Layout, RowChunk, parquet};
use crate::batch::tests::{OF_ROWS, OF_TABLES, outcomes_of, pieces::piece, stated, tables};
use crate::batch::{Batch, Columns, Results};
use crate::effort;
use crate::generator::{Dice, made};
use crate::outcome::{Answer, Status};
use crate::policy::{Face, OutcomeId, Policy, Type};
use crate::value::{Number, Value};
use crate::worlds::unless_circle;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::path::Path;

/// Each of another type, so that every kind of column is written.
const OUTCOMES: &str = "\
outcome x_time : duration for each entry
rule xt for each entry: if entry.n >= 1 then x_time := entry.term otherwise x_time := 14 days
outcome x_rate : rate for each entry
rule xr for each entry: if entry.n < 1 then x_rate := 15% otherwise if entry.n < 250 then x_rate := 100% / 3
rule xs for each entry notwithstanding xr: if entry.late then x_rate := 2.5%
outcome x_usd : USD for each entry otherwise 0.1 USD
rule xu for each entry: if entry.flag then x_usd := entry.size * 1 USD / 7
outcome x_cents : USD rounded half even to 0.01 USD for each entry
rule xc for each entry: x_cents := entry.share * 100 USD
outcome x_code : code for each entry otherwise entry.h
outcome x_country : country for each entry otherwise entry.c
outcome x_text : text for each entry
rule x1 for each entry: if entry.share < 0 then x_text := entry.odd otherwise if entry.share < 1 then x_text := entry.odd otherwise if entry.share < 250 then x_text := \"unknown\" otherwise x_text := entry.odd
rule x2 for each entry notwithstanding x1: if entry.n >= 1000 then x_text := \"\"
";

#[test]
#[ignore = "writes files into the folder COMITY_READ_BACK"]
fn files_to_be_read_back() {
    let folder = std::env::var("COMITY_READ_BACK").unwrap();
    for seed in 0..effort::times(200, 5_000) {
        let folder = Path::new(&folder).join(seed.to_string());
        // Nothing of an earlier run is read.
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        write(seed, &folder);
    }
}

fn write(seed: u64, folder: &Path) {
    let mut dice = Dice::new(seed);
    let features = if dice.one_in(3) { OF_TABLES } else { OF_ROWS };
    let made = made(&mut dice, features);
    let text = made.policy.replacen("  line : text\n", "  line : text\n  odd : text\n", 1) + OUTCOMES;
    let Some(policy) = unless_circle(&text) else { return };
    let facts = stated(&mut dice, &made, &policy);
    let rows = [0, 1, 9, 40][dice.below(4) as usize];
    let columns = tables::rows(&mut dice, &policy, rows);
    let entity = policy.entity("entry").unwrap();
    let outcomes = outcomes_of(&policy);
    let batch = Batch::new(&policy, &facts, entity, &outcomes, tables::asked(&mut dice)).unwrap();
    let layout = Layout::new(&policy, &facts, entity, &outcomes).unwrap();
    let size = if batch.in_pieces() { 1 + dice.below(15) as usize } else { rows.max(1) };
    let starts: Vec<usize> = (0..rows.max(1)).step_by(size).collect();
    let parts = starts.iter().map(|start| *start..rows.min(start + size));
    let parts: Vec<(RowChunk, Results)> = parts
        .map(|part| {
            let mut taken = RowChunk::default();
            part.clone().for_each(|row| taken.keys.push(&format!("e{row}")));
            taken.columns = piece(&columns, part);
            let results = batch.evaluate(&taken.columns);
            (taken, results)
        })
        .collect();
    let decimals: BTreeMap<String, Decimals> = BTreeMap::new();
    let encoder = BatchEncoder::new(&layout, &decimals).unwrap();
    let (mut sink, groups) = parquet::create(Vec::new(), encoder.schema(), |at| encoder.repeats(at)).unwrap();
    let mut csv = (layout.header().join(",") + "\n").into_bytes();
    for (taken, results) in &parts {
        layout.csv(taken, results, &[], &mut csv);
        let Ok(given) = encoder.encode(&layout, taken, results, &[]) else {
            // A number of too many digits is refused.
            return;
        };
        sink.append(groups.encode(&given).unwrap()).unwrap();
    }
    let expected = expected(&batch, &policy, &outcomes, &columns, rows);
    std::fs::write(folder.join("out.csv"), csv).unwrap();
    std::fs::write(folder.join("out.parquet"), sink.finish().unwrap()).unwrap();
    std::fs::write(folder.join("policy.comity"), text).unwrap();
    std::fs::write(folder.join("expected.json"), serde_json::to_string(&expected).unwrap()).unwrap();
}

/// What `run` says, row by row.
fn expected(
    batch: &Batch<'_>,
    policy: &Policy,
    outcomes: &[OutcomeId],
    columns: &Columns,
    rows: usize,
) -> Json {
    let row = |row: usize| {
        let answers = outcomes.iter().map(|id| {
            let answer = batch.answer(columns, *id, row).unwrap();
            let outcome = &policy.outcomes[*id];
            (outcome.name.clone(), said(policy, &outcome.ty, &answer))
        });
        json!({ "line": format!("e{row}"), "answers": answers.collect::<serde_json::Map<_, _>>() })
    };
    Json::Array((0..rows).map(row).collect())
}

fn said(policy: &Policy, ty: &Type, answer: &Answer) -> Json {
    let rule = |reason: &crate::outcome::Reason| {
        let name = reason.rule.map_or("otherwise", |rule| policy.rules[rule].shown.as_str());
        format!("{name}{}", if reason.doubtful { "?" } else { "" })
    };
    let by: Vec<String> = answer.reasons.iter().map(rule).collect();
    let value = answer.value().filter(|_| answer.status == Status::Determined);
    json!({
        "status": answer.status.as_str(),
        "by": by.join(";"),
        "value": value.map(|value| word(policy, ty, value)),
    })
}

/// A value with what it is, numbers as fractions in their declared unit.
fn word(policy: &Policy, ty: &Type, value: &Value) -> Json {
    let unit = match ty {
        Type::Number { face: Face::Unit(unit), .. } => unit.scale(&policy.units).unwrap(),
        _ => Number::ONE,
    };
    match value {
        Value::Number(number) => json!({ "number": crate::value::wire(&number.div(&unit).unwrap()) }),
        Value::Bool(truth) => json!({ "truth": truth }),
        Value::Date(day) => json!({ "day": day.to_string() }),
        Value::Duration(count) => json!({ "count": count }),
        Value::Text(text) => json!({ "text": text.to_string() }),
        Value::Code(code) => json!({ "text": code.to_string() }),
        Value::Country(country) => json!({ "text": country.as_str() }),
        Value::Choice(at) => match ty {
            Type::Enum(id) => json!({ "text": policy.enums[*id].choice(*at).to_string() }),
            _ => Json::Null,
        },
        Value::Row(_) => Json::Null,
    }
}
