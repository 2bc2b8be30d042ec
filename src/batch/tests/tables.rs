//! Rows and facts by the throw of dice, about the constants of the policies.

use crate::batch::{ColumnValues, Columns, FieldColumn};
use crate::generator::{CODES, COUNTRIES, Dice};
use crate::policy::{Policy, Type};
use crate::value::{Code, Country, Dates, Day, Interval, Number, Possible, Value};
use crate::worlds::day;
use std::collections::BTreeMap;

/// Texts that readers take for something else.
const ODD: [&str; 16] = [
    "", " ", "unknown", "NULL", "nan", "a,b", "\"ab\"", "a\nb", "é 𝄞", " ab", "ab\t", "1/3", "\r\n", "a\rb",
    "\"", "007",
];

/// A number at, just below or just above what policies name, times 10^scale.
fn scaled(dice: &mut Dice, scale: u8) -> i64 {
    let at = 10i64.pow(scale.into());
    let named = [0, at, at * 15 / 100, at * 25 / 1000, -3 * at, 250 * at, at * 705 / 100, 1000 * at, at / 2];
    match dice.below(24) {
        0 => dice.below(2_000_000_000_000) as i64 - 1_000_000,
        _ => named[dice.below(9) as usize] + dice.below(3) as i64 - 1,
    }
}

fn numbers(dice: &mut Dice, rows: usize) -> ColumnValues {
    let scale = [0, 2, 4, 5][dice.below(4) as usize];
    match dice.below(12) {
        0 => ColumnValues::Wide {
            values: (0..rows)
                .map(|_| {
                    let value = i128::from(scaled(dice, scale));
                    if dice.one_in(50) { value * 1_000_000_000_000_000 } else { value }
                })
                .collect(),
            scale,
        },
        1 => {
            ColumnValues::Exact((0..rows).map(|_| Number::from_ratio(scaled(dice, 2), 7).unwrap()).collect())
        }
        _ => ColumnValues::Scaled { values: (0..rows).map(|_| scaled(dice, scale)).collect(), scale },
    }
}

fn words(dice: &mut Dice, rows: usize, dictionary: Vec<Value>) -> ColumnValues {
    let keys = (0..rows).map(|_| dice.below(dictionary.len() as u64) as u32).collect();
    ColumnValues::Words { dictionary: dictionary.into(), keys }
}

pub fn rows(dice: &mut Dice, policy: &Policy, count: usize) -> Columns {
    let entity = &policy.entities[policy.entity("entry").unwrap()];
    let mut columns = Vec::new();
    for (id, field) in entity.fields.iter() {
        let values = match &field.ty {
            Type::Text if field.name == "line" => {
                let keys: Vec<Value> = (0..count).map(|row| Value::Text(format!("e{row}").into())).collect();
                ColumnValues::Words { dictionary: keys.into(), keys: (0..count as u32).collect() }
            }
            Type::Date => ColumnValues::Days(
                (0..count)
                    .map(|_| if dice.one_in(40) { Day::NEVER.number() } else { day(dice).number() })
                    .collect(),
            ),
            Type::Bool => ColumnValues::Bool((0..count).map(|_| dice.one_in(2)).collect()),
            Type::Enum(_) => words(dice, count, (0..6).map(Value::Choice).collect()),
            Type::Code => {
                let mut codes: Vec<Value> =
                    CODES.iter().map(|code| Value::Code(Code::parse(code).unwrap())).collect();
                // The same code, spelled otherwise.
                codes.push(Value::Code(Code::parse("870320").unwrap()));
                words(dice, count, codes)
            }
            Type::Country => {
                let countries = COUNTRIES.iter().map(|name| Value::Country(Country::parse(name).unwrap()));
                words(dice, count, countries.collect())
            }
            Type::Text => words(dice, count, ODD.iter().map(|text| Value::Text((*text).into())).collect()),
            Type::Duration(_) => {
                ColumnValues::Durations((0..count).map(|_| dice.below(200) as i64 - 20).collect())
            }
            _ => numbers(dice, count),
        };
        if field.name != "line" && dice.one_in(12) {
            continue;
        }
        let mut column = FieldColumn::of(values);
        if field.name != "line" && dice.one_in(3) {
            column.stated = Some((0..count).map(|_| !dice.one_in(40)).collect());
        }
        if field.name != "line" && dice.one_in(5) {
            column.odd = odd(dice, field, count);
            if let Some(stated) = &mut column.stated {
                column.odd.keys().for_each(|row| stated[*row as usize] = true);
            }
        }
        columns.push((id, column));
    }
    Columns { rows: count, columns }
}

fn odd(dice: &mut Dice, field: &crate::policy::Fact, count: usize) -> BTreeMap<u32, Possible> {
    let mut odd = BTreeMap::new();
    for row in 0..count as u32 {
        if !dice.one_in(90) {
            continue;
        }
        let possible = match (field.ty.anything(), dice.one_in(2)) {
            (Possible::Numbers(_), true) => {
                Possible::Numbers(Interval::at_least(Number::from_ratio(scaled(dice, 2), 100).unwrap()))
            }
            (Possible::Dates(_), true) => Possible::Dates(Dates::at_least(day(dice))),
            (anything, _) => anything,
        };
        odd.insert(row, possible);
    }
    odd
}

pub fn asked(dice: &mut Dice) -> crate::batch::BatchPoint {
    let known = if dice.one_in(2) { Day::NEVER } else { day(dice) };
    crate::batch::BatchPoint { on: day(dice), known }
}
