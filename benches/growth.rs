//! How the cost grows with rows, rules and thresholds: `cargo bench --bench growth`. It prints a table as CSV, one line for each
//! point; `benches/plot.py` makes the pictures of docs/performance.md of it. Nanoseconds that one thread takes for each row, the
//! median of some rounds, the least and the most.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods
)]
#![allow(clippy::float_arithmetic)]

use comity::batch::{Batch, BatchPoint, ColumnValues, Columns, FieldCell, FieldColumn, Results};
use comity::compile::compile;
use comity::facts::{Facts, Row, Rows, Slot};
use comity::outcome::{Point, Status};
use comity::policy::{FieldId, Policy};
use comity::run::Evaluator;
use comity::text::{Files, Sources, Span};
use comity::value::{Day, Possible};
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

const ROUNDS: usize = 9;

/// Rows come in pieces, as a reader of files makes them.
const PIECE: usize = 65_536;

/// Rows of a policy, where their number does not matter.
const ROWS: usize = 1 << 18;

/// Rows that are asked one by one, and how often.
const ALONE: usize = 512;
const AGAIN: usize = 4;

const FIELDS: &str = "entity entry keyed by line { line : text  value : USD  column1 : rate }
outcome additional : rate for each entry
";

struct Text(String);

impl Files for Text {
    fn read(&self, _: &str) -> Result<String, String> {
        Ok(self.0.clone())
    }
}

fn main() {
    println!("picture,line,x,median,least,most");
    for rows in [1_000, 10_000, 100_000, 1_000_000, 10_000_000] {
        columns("rows", "columns", rows, &ordered(6), rows);
    }
    for rules in [1, 2, 5, 10, 20, 50, 100, 200] {
        columns("rules", "each above the next", rules, &ordered(rules), ROWS);
        columns("rules", "not ordered", rules, &apart(rules), ROWS);
        alone("rules", "one row, asked alone", rules, &ordered(rules));
    }
    for thresholds in [1, 2, 5, 10, 20, 50, 100, 200] {
        columns("thresholds", "columns", thresholds, &schedule(thresholds), ROWS);
        alone("thresholds", "one row, asked alone", thresholds, &schedule(thresholds));
    }
}

/// Rules each of which stands above the one before.
fn ordered(rules: usize) -> String {
    let mut text = FIELDS.to_string() + "rule r0 for each entry: additional := top up entry.column1 to 15%\n";
    for n in 1..rules {
        let (above, from) = (n - 1, 400_000 * n / rules);
        let _ = writeln!(
            text,
            "rule r{n} for each entry notwithstanding r{above}: if entry.value >= {from} USD then additional := {}%",
            n % 25
        );
    }
    text
}

/// Rules of which none stands above another, and one applies to each row.
fn apart(rules: usize) -> String {
    let mut text = FIELDS.to_string();
    for n in 0..rules {
        let (from, to) = (500_001 * n / rules, 500_001 * (n + 1) / rules);
        let _ = writeln!(
            text,
            "rule r{n} for each entry: if entry.value >= {from} USD and entry.value < {to} USD then additional := {}%",
            n % 25
        );
    }
    text
}

/// One rule with a rate for each bracket.
fn schedule(thresholds: usize) -> String {
    let mut text = FIELDS.to_string() + "rule brackets for each entry:\n  ";
    for n in (1..=thresholds).rev() {
        let from = 500_000 * n / (thresholds + 1);
        let _ = write!(text, "if entry.value >= {from} USD then additional := {}%\n  otherwise ", n % 25);
    }
    text + "additional := top up entry.column1 to 15%\n"
}

fn policy(text: &str) -> Policy {
    let said = |said| panic!("{said:?}\n{text}");
    compile("growth.comity", &Text(text.to_string()), &mut Sources::new()).unwrap_or_else(said).policy
}

/// Rows from a number on, each a pure function of its own.
fn piece(policy: &Policy, start: usize, count: usize) -> Columns {
    let entity = &policy.entities[policy.entity("entry").unwrap()];
    let field = |name: &str| entity.fields.iter().find(|(_, field)| field.name == name).unwrap().0;
    let mix = |row: usize| (row as u64).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
    let some = |f: &dyn Fn(u64) -> u64| (start..start + count).map(|row| f(mix(row)) as i64).collect();
    let value = ColumnValues::Scaled { values: some(&|a| a % 50_000_000), scale: 2 };
    let column1 = ColumnValues::Scaled { values: some(&|a| (a >> 26) % 16 * 200), scale: 4 };
    let columns =
        vec![(field("value"), FieldColumn::of(value)), (field("column1"), FieldColumn::of(column1))];
    Columns { rows: count, columns }
}

/// All rows by the column engine.
fn columns(picture: &str, line: &str, x: usize, text: &str, rows: usize) {
    let policy = policy(text);
    let facts = Facts::none(&policy);
    let asked = BatchPoint { on: Day::FIRST, known: Day::NEVER };
    let outcome = policy.outcome("additional").unwrap();
    let batch = Batch::new(&policy, &facts, policy.entity("entry").unwrap(), &[outcome], asked).unwrap();
    let pieces: Vec<Columns> =
        (0..rows).step_by(PIECE).map(|start| piece(&policy, start, PIECE.min(rows - start))).collect();
    let mut results = Results::default();
    for piece in &pieces {
        batch.evaluate_into(piece, &mut results);
        assert!(results.outcomes[0].status.iter().all(|status| *status == Status::Determined), "{text}");
    }
    // What is over in a moment is done again and again.
    let again = (1_000_000 / rows).max(1);
    report(picture, line, x, || {
        let start = Instant::now();
        for piece in (0..again).flat_map(|_| &pieces) {
            batch.evaluate_into(piece, &mut results);
            black_box(&results);
        }
        start.elapsed().as_nanos() as f64 / (again * rows) as f64
    });
}

/// Rows asked one by one, by the evaluator of a single row.
fn alone(picture: &str, line: &str, x: usize, text: &str) {
    let policy = policy(text);
    let entity = policy.entity("entry").unwrap();
    let outcome = policy.outcome("additional").unwrap();
    let cells = piece(&policy, 0, ALONE);
    let mut facts = Facts::none(&policy);
    let mut table = Rows::default();
    for row in 0..ALONE {
        let slot = |field: FieldId| match cells.column(field).map(|column| column.cell(row)) {
            Some(FieldCell::One(value)) => Slot::fixed(Possible::One(value), Span::default()),
            _ => Slot::default(),
        };
        let cells = policy.entities[entity].fields.iter().map(|(id, _)| slot(id)).collect();
        table.rows.insert(format!("{row}").into(), Row { cells, span: Span::default() });
    }
    facts.tables[entity] = Some(table);
    let point = Point::new(Day::FIRST, Day::NEVER);
    let mut run = Evaluator::new(&policy, &facts);
    report(picture, line, x, || {
        let start = Instant::now();
        for row in (0..AGAIN).flat_map(|_| 0..ALONE as u32) {
            black_box(run.decide(outcome, Some(row), point));
        }
        start.elapsed().as_nanos() as f64 / (AGAIN * ALONE) as f64
    });
}

fn report(picture: &str, line: &str, x: usize, mut once: impl FnMut() -> f64) {
    let mut times: Vec<f64> = (0..ROUNDS).map(|_| once()).collect();
    times.sort_by(f64::total_cmp);
    let (least, most) = (times[0], times[ROUNDS - 1]);
    println!("{picture},\"{line}\",{x},{:.2},{least:.2},{most:.2}", times[ROUNDS / 2]);
}
