//! The bargain with Japan over entries as customs sees them.

use super::agrees;
use crate::batch::{Batch, BatchPoint, Class, ColumnValues, Columns, FieldColumn};
use crate::effort;
use crate::facts::{Facts, Rows, Slot};
use crate::generator::Dice;
use crate::policy::{AnnexKey, OutcomeId, Policy, Type};
use crate::text::{Files, Sources, Span};
use crate::value::{Code, Country, Day, Number, Value};
use std::sync::Arc;

struct Disk;

impl Files for Disk {
    fn read(&self, path: &str) -> Result<String, String> {
        std::fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR")))
            .map_err(|error| error.to_string())
    }
}

fn policy() -> Policy {
    match crate::compile::compile("policies/japan/japan.comity", &Disk, &mut Sources::new()) {
        Ok(compiled) => compiled.policy,
        Err(errors) => panic!("{errors:?}"),
    }
}

fn facts(policy: &Policy) -> Facts {
    let mut facts = Facts::none(policy);
    facts.tables[policy.entity("relief_class").unwrap()] = Some(Rows::default());
    let eighth = Number::from_ratio(1, 8).unwrap();
    for (name, value) in [
        ("aircraft_beyond_the_list", Value::Bool(false)),
        ("surcharge_on_rest", Value::Bool(true)),
        ("labour_takes_special", Value::Bool(false)),
        ("collected_1986", Value::Bool(true)),
        ("chips_general", Value::Number(eighth.clone())),
        ("drugs_general", Value::Number(eighth)),
    ] {
        facts.facts[policy.fact(name).unwrap()] = Slot::fixed(value.into(), Span::default());
    }
    facts
}

/// What a file of entries says beside the value.
const MEASURED: [&str; 4] = ["weight", "pieces", "metal_share", "metal_value"];

/// Lines of entries: codes of column 1 with their last digits, mostly of Japan.
fn rows(policy: &Policy, dice: &mut Dice, count: usize) -> Columns {
    let entity = &policy.entities[policy.entity("entry").unwrap()];
    let annexes =
        ["column1", "autos", "auto_parts", "metals", "wood", "semiconductors", "pharmaceuticals", "relief"];
    let annexes = annexes.map(|name| policy.annexes.values().find(|annex| annex.name == name).unwrap());
    let mut codes: Vec<Value> = Vec::new();
    for annex in annexes {
        for line in 0..annex.lines.len() {
            if let Some(AnnexKey::Code(code)) = annex.lines.first_key(line) {
                let last: String = "0050".chars().take(10usize.saturating_sub(code.len())).collect();
                let longer = format!("{}{last}", code.digits());
                codes.extend(Code::parse(&longer).map(Value::Code));
            }
        }
    }
    let countries: Vec<Value> = ["JP", "KR", "CH", "DE", "CN"]
        .iter()
        .map(|name| Value::Country(Country::parse(name).unwrap()))
        .collect();
    let first = Day::from_ymd(2025, 1, 1).unwrap().number();
    let entered: Vec<i32> = (0..count).map(|_| first + dice.below(1300) as i32).collect();
    let bits =
        |dice: &mut Dice, chance| ColumnValues::Bool((0..count).map(|_| dice.one_in(chance)).collect());
    let stated =
        |dice: &mut Dice, chance| Some((0..count).map(|_| !dice.one_in(chance)).collect::<Vec<bool>>());
    let mut columns = Vec::new();
    for (id, field) in entity.fields.iter() {
        let (values, stated) = match field.name.as_str() {
            "line" => {
                let keys: Arc<[Value]> =
                    (0..count).map(|row| Value::Text(format!("e{row}").into())).collect();
                (ColumnValues::Words { dictionary: keys, keys: (0..count as u32).collect() }, None)
            }
            "entered" => (ColumnValues::Days(entered.clone()), None),
            "hts" => {
                let keys = (0..count).map(|_| dice.below(codes.len() as u64) as u32).collect();
                (ColumnValues::Words { dictionary: codes.clone().into(), keys }, None)
            }
            "origin" => {
                let keys =
                    (0..count).map(|_| if dice.one_in(6) { dice.below(5) as u32 } else { 0 }).collect();
                (ColumnValues::Words { dictionary: countries.clone().into(), keys }, None)
            }
            "value" => {
                let values = (0..count).map(|_| 100 + dice.below(50_000_000) as i64).collect();
                (ColumnValues::Scaled { values, scale: 2 }, None)
            }
            "loaded" => {
                let days = entered.iter().map(|day| day - dice.below(60) as i32).collect();
                (ColumnValues::Days(days), stated(dice, 2))
            }
            "asked" => {
                let days = entered.iter().map(|day| day + dice.below(300) as i32).collect();
                (ColumnValues::Days(days), stated(dice, 4))
            }
            "unmanned" => (bits(dice, 40), stated(dice, 2)),
            _ => match &field.ty {
                Type::Enum(list) => {
                    let choices: Vec<Value> =
                        (0..policy.enums[*list].choices.len() as u16).map(Value::Choice).collect();
                    let keys = (0..count).map(|_| dice.below(choices.len() as u64) as u32).collect();
                    (ColumnValues::Words { dictionary: choices.into(), keys }, stated(dice, 3))
                }
                // Quantities that hardly any rate asks for have no column.
                Type::Number { .. } if !MEASURED.contains(&field.name.as_str()) => continue,
                // Shares of an article, and parts of its value, which is at least a dollar; of quantities whole ones.
                Type::Number { .. } => {
                    let part = field.name.starts_with("metal");
                    let values = (0..count).map(|_| dice.below(101) as i64).collect();
                    (ColumnValues::Scaled { values, scale: if part { 2 } else { 0 } }, stated(dice, 2))
                }
                _ => (bits(dice, 12), None),
            },
        };
        columns.push((id, FieldColumn { stated, ..FieldColumn::of(values) }));
    }
    Columns { rows: count, columns }
}

fn outcomes(policy: &Policy) -> Vec<OutcomeId> {
    let entry = policy.entity("entry");
    policy.outcomes.iter().filter(|(_, outcome)| outcome.for_each == entry).map(|(id, _)| id).collect()
}

#[test]
fn every_entry_is_as_run_has_it() {
    let policy = policy();
    let facts = facts(&policy);
    let mut dice = Dice::new(20_250_904);
    let outcomes = outcomes(&policy);
    for known in [Day::NEVER, Day::from_ymd(2025, 10, 1).unwrap()] {
        let asked = BatchPoint { on: Day::FIRST, known };
        let rows = rows(&policy, &mut dice, effort::times(500, 30_000) as usize);
        agrees(&policy, &facts, &outcomes, &rows, asked, &"japan");
    }
}

#[test]
fn all_of_it_is_compiled() {
    let policy = policy();
    let facts = facts(&policy);
    let rows = rows(&policy, &mut Dice::new(1), 100);
    let asked = BatchPoint { on: Day::FIRST, known: Day::NEVER };
    let batch =
        Batch::new(&policy, &facts, policy.entity("entry").unwrap(), &outcomes(&policy), asked).unwrap();
    let left: Vec<_> = batch
        .plan(&rows)
        .into_iter()
        .filter(|(_, class, _)| *class != Class::Columns)
        .map(|(id, _, why)| (policy.outcomes[id].name.as_str(), why))
        .collect();
    assert_eq!(left, []);
}
