//! The rows: each is a pure function of its number.

use comity::batch::{ColumnValues, Columns, FieldColumn};
use comity::policy::Policy;
use comity::value::Value;
use std::sync::Arc;

/// splitmix64's finaliser
fn mix(z: u64) -> u64 {
    let z = z.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ z >> 31
}

const RATES: [i64; 16] =
    [120, 250, 280, 320, 375, 530, 650, 680, 750, 900, 1100, 1490, 1600, 2000, 2750, 3200];

/// Some rows, as columns.
pub struct Piece {
    pub columns: Columns,
}

/// The columns as a loop reads them.
pub struct Read<'a> {
    pub entered: &'a [i32],
    /// In 1/10,000.
    pub column1: &'a [i64],
    /// In cents.
    pub value: &'a [i64],
    pub sector: &'a [u32],
    pub civil_aircraft: &'a [bool],
    pub pledged: &'a [i64],
    pub disbursed: &'a [i64],
    pub deadline: &'a [i32],
}

impl Piece {
    pub fn read(&self) -> Read<'_> {
        let columns = &self.columns.columns;
        let long = |at: usize| match &columns[at].1.values {
            ColumnValues::Scaled { values, .. } => values.as_slice(),
            _ => panic!("not a column of numbers"),
        };
        let days = |at: usize| match &columns[at].1.values {
            ColumnValues::Days(days) => days.as_slice(),
            _ => panic!("not a column of days"),
        };
        let (ColumnValues::Words { keys, .. }, ColumnValues::Bool(civil_aircraft)) =
            (&columns[3].1.values, &columns[4].1.values)
        else {
            panic!("not the columns")
        };
        Read {
            entered: days(0),
            column1: long(1),
            value: long(2),
            sector: keys,
            civil_aircraft,
            pledged: long(5),
            disbursed: long(6),
            deadline: days(7),
        }
    }
}

pub fn piece(policy: &Policy, start: usize, count: usize) -> Piece {
    let entity = &policy.entities[policy.entity("entry").unwrap()];
    let field = |name: &str| entity.fields.iter().find(|(_, field)| field.name == name).unwrap().0;
    let rows = start as u64..(start + count) as u64;
    let seeds: Vec<(u64, u64, u64)> = rows
        .map(|i| {
            let a = mix(3 * i + 20_250_807);
            let b = mix(a);
            (a, b, mix(b))
        })
        .collect();
    let long = |scale: u8, f: &dyn Fn(u64, u64) -> i64| ColumnValues::Scaled {
        values: seeds.iter().map(|(a, b, _)| f(*a, *b)).collect(),
        scale,
    };
    let days =
        |f: &dyn Fn(u64) -> u64| ColumnValues::Days(seeds.iter().map(|(_, _, c)| f(*c) as i32).collect());
    let sectors: Arc<[Value]> = (0..8).map(Value::Choice).collect();
    let columns = vec![
        ("entered", days(&|c| 20_270 + c % 1150)),
        ("column1", long(4, &|a, _| if a % 5 < 2 { 0 } else { RATES[(a >> 8) as usize % 16] })),
        ("value", long(2, &|_, b| 100 + (b % 50_000_000) as i64)),
        (
            "sector",
            ColumnValues::Words {
                dictionary: sectors,
                keys: seeds.iter().map(|(a, _, _)| (a >> 24) as u32 % 8).collect(),
            },
        ),
        (
            "civil_aircraft",
            ColumnValues::Bool(seeds.iter().map(|(_, _, c)| (c >> 40).is_multiple_of(33)).collect()),
        ),
        ("pledged", long(0, &|a, _| [550_000, 350_000, 100_000, 600_000][(a >> 16) as usize % 4])),
        ("disbursed", long(0, &|_, b| ((b >> 32) % 700_000) as i64)),
        ("deadline", days(&|c| 20_800 + (c >> 20) % 600)),
    ];
    let columns = columns.into_iter().map(|(name, values)| (field(name), FieldColumn::of(values))).collect();
    Piece { columns: Columns { rows: count, columns } }
}

/// Where copies go.
#[derive(Default)]
pub struct Copied {
    long: [Vec<i64>; 4],
    short: [Vec<i32>; 2],
    keys: Vec<u32>,
    bits: Vec<bool>,
    out: [Vec<i64>; 2],
    rule: Vec<u32>,
}

/// What the question reads, and as many bytes as its answer has.
pub fn copy(piece: &Piece, into: &mut Copied) {
    fn again<T: Copy>(from: &[T], into: &mut Vec<T>) {
        into.clear();
        into.extend_from_slice(from);
    }
    let read = piece.read();
    for (from, into) in [read.column1, read.value, read.pledged, read.disbursed].iter().zip(&mut into.long) {
        again(from, into);
    }
    again(read.entered, &mut into.short[0]);
    again(read.deadline, &mut into.short[1]);
    again(read.sector, &mut into.keys);
    again(read.civil_aircraft, &mut into.bits);
    again(read.value, &mut into.out[0]);
    again(read.column1, &mut into.out[1]);
    again(read.sector, &mut into.rule);
}
