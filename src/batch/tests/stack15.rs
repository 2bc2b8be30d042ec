//! The workload of the benchmark.

use super::{ON, agrees};
use crate::batch::{Batch, Class, ColumnValues, Columns, FieldColumn};
use crate::facts::Facts;
use crate::policy::{Policy, Type};
use crate::value::Value;
use crate::worlds::policy;

/// splitmix64's finaliser
fn mix(z: u64) -> u64 {
    let z = z.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ z >> 31
}

const RATES: [i64; 16] =
    [120, 250, 280, 320, 375, 530, 650, 680, 750, 900, 1100, 1490, 1600, 2000, 2750, 3200];

pub fn columns(policy: &Policy, rows: u64) -> Columns {
    let entity = &policy.entities[policy.entity("entry").unwrap()];
    let field = |name: &str| entity.fields.iter().find(|(_, field)| field.name == name).unwrap().0;
    let a = |i: u64| mix(3 * i + 20_250_807);
    let b = |i: u64| mix(a(i));
    let c = |i: u64| mix(b(i));
    let long =
        |f: &dyn Fn(u64) -> i64, scale| ColumnValues::Scaled { values: (0..rows).map(f).collect(), scale };
    let rate = |i: u64| if a(i) % 5 < 2 { 0 } else { RATES[(a(i) >> 8) as usize % 16] };
    let sectors = match entity.fields[field("sector")].ty {
        Type::Enum(id) => policy.enums[id].choices.len() as u16,
        _ => 0,
    };
    let columns = [
        ("column1", long(&rate, 4)),
        ("value", long(&|i| 100 + (b(i) % 50_000_000) as i64, 2)),
        (
            "sector",
            ColumnValues::Words {
                dictionary: (0..sectors).map(Value::Choice).collect(),
                keys: (0..rows).map(|i| (a(i) >> 24) as u32 % 8).collect(),
            },
        ),
        ("entered", ColumnValues::Days((0..rows).map(|i| 20_270 + (c(i) % 1150) as i32).collect())),
        ("civil_aircraft", ColumnValues::Bool((0..rows).map(|i| (c(i) >> 40).is_multiple_of(33)).collect())),
        ("pledged", long(&|i| [550_000, 350_000, 100_000, 600_000][(a(i) >> 16) as usize % 4], 0)),
        ("disbursed", long(&|i| ((b(i) >> 32) % 700_000) as i64, 0)),
        ("deadline", ColumnValues::Days((0..rows).map(|i| 20_800 + ((c(i) >> 20) % 600) as i32).collect())),
    ];
    Columns {
        rows: rows as usize,
        columns: columns.into_iter().map(|(name, values)| (field(name), FieldColumn::of(values))).collect(),
    }
}

#[test]
fn every_row_is_as_run_has_it() {
    let policy = policy(include_str!("../../../benches/stack15.comity"));
    let facts = Facts::none(&policy);
    let outcomes = [policy.outcome("additional").unwrap(), policy.outcome("duty").unwrap()];
    let rows = columns(&policy, 5_000);
    let batch = Batch::new(&policy, &facts, policy.entity("entry").unwrap(), &outcomes, ON).unwrap();
    for (outcome, class, why) in batch.plan(&rows) {
        assert_eq!((class, why), (Class::Columns, None), "{}", policy.outcomes[outcome].name);
    }
    agrees(&policy, &facts, &outcomes, &rows, ON, &"stack15");
    // Nothing can fail, so nothing is spent on it.
    let made = batch.made.lock().unwrap();
    assert!(made.1.as_ref().unwrap().outputs.iter().all(|output| output.as_ref().unwrap().is_sure()));
}
