//! What rows by the million cost: `cargo bench --bench batch`. Ten million rows in memory, by the column engine and by loops
//! written by hand for the same question, in turns within one run, for figures of different runs do not compare. Every cent
//! is compared with the loop over 128 bits.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods
)]
#![allow(clippy::float_arithmetic)]

#[path = "batch/by_hand.rs"]
mod by_hand;
#[path = "batch/rows.rs"]
mod rows;

use by_hand::Out;
use comity::batch::{Batch, BatchPoint, ColumnValues, FieldCell, Results};
use comity::compile::compile;
use comity::facts::{Facts, Row, Rows, Slot};
use comity::outcome::Point;
use comity::policy::{FieldId, Policy};
use comity::run::Evaluator;
use comity::text::{Files, Sources, Span};
use comity::value::{Day, Possible};
use rows::Piece;
use std::hint::black_box;
use std::time::Instant;

/// Rows come in pieces, as a reader of files makes them.
const PIECE: usize = 65_536;
const ROUNDS: usize = 9;

struct Text(&'static str);

impl Files for Text {
    fn read(&self, _: &str) -> Result<String, String> {
        Ok(self.0.to_string())
    }
}

fn main() {
    let count: usize = std::env::var("ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(10_000_000);
    let policy = compile("stack15.comity", &Text(include_str!("stack15.comity")), &mut Sources::new())
        .expect("the policy is sound")
        .policy;
    let pieces: Vec<Piece> = (0..count)
        .step_by(PIECE)
        .map(|start| rows::piece(&policy, start, PIECE.min(count - start)))
        .collect();
    let facts = Facts::none(&policy);
    let batch = batch(&policy, &facts);
    for (outcome, class, why) in batch.plan(&pieces[0].columns) {
        println!("{}: {class:?} {}", policy.outcomes[outcome].name, why.unwrap_or(""));
    }
    let wrong = compare(&batch, &pieces);
    println!("{count} rows, {wrong} of them otherwise than by hand\n");
    assert_eq!(wrong, 0);

    println!("{:<44} {:>8} {:>8} {:>8} {:>10}", "", "median", "least", "most", "threads");
    println!("{:<44} {:>8} {:>8} {:>8}", "", "ns/row", "ns/row", "ns/row");
    for threads in [1, 2] {
        let mut lines: Vec<Line> = vec![
            line("copy of the same bytes", |piece, room| rows::copy(piece, &mut room.copy)),
            line("by hand, 64 bits", |piece, room| by_hand::fused_64(piece, &mut room.out)),
            line("by hand, 128 bits", |piece, room| by_hand::fused_128(piece, &mut room.out)),
            line("batch", |piece, room| batch.evaluate_into(&piece.columns, &mut room.results)),
        ];
        for _ in 0..ROUNDS {
            for line in &mut lines {
                line.times.push(timed(&pieces, threads, &line.work) / count as f64);
            }
        }
        for line in &mut lines {
            line.times.sort_by(f64::total_cmp);
            let (least, most) = (line.times[0], line.times[ROUNDS - 1]);
            println!(
                "{:<44} {:>8.2} {least:>8.2} {most:>8.2} {threads:>10}",
                line.name,
                line.times[ROUNDS / 2]
            );
        }
        println!();
    }
    alone(&policy, &batch, &pieces[0]);
}

/// Rows asked one by one, each of them new to the evaluator.
fn alone(policy: &Policy, batch: &Batch, piece: &Piece) {
    const ASKED: usize = 1024;
    let entity = policy.entity("entry").unwrap();
    let fields = || policy.entities[entity].fields.iter();
    let mut facts = Facts::none(policy);
    let mut table = Rows::default();
    for row in 0..ASKED {
        let slot = |field: FieldId| match piece.columns.column(field).map(|column| column.cell(row)) {
            Some(FieldCell::One(value)) => Slot::fixed(Possible::One(value), Span::default()),
            _ => Slot::default(),
        };
        let cells = fields().map(|(id, _)| slot(id)).collect();
        table.rows.insert(format!("{row}").into(), Row { cells, span: Span::default() });
    }
    facts.tables[entity] = Some(table);
    let point = Point::new(Day::FIRST, Day::NEVER);
    let (additional, duty) = (policy.outcome("additional").unwrap(), policy.outcome("duty").unwrap());
    let mut run = Evaluator::new(policy, &facts);
    let mut reasons = Vec::new();
    let read = piece.read();
    let mut single = batch.single(&piece.columns);
    let mut times: [Vec<f64>; 5] = Default::default();
    for _ in 0..ROUNDS * 5 {
        let start = Instant::now();
        for row in 0..ASKED {
            black_box(by_hand::one(&read, black_box(row)));
        }
        times[0].push(start.elapsed().as_nanos() as f64 / ASKED as f64);
        let start = Instant::now();
        for row in 0..ASKED as u32 {
            black_box(run.decide(duty, Some(row), point));
        }
        times[1].push(start.elapsed().as_nanos() as f64 / ASKED as f64);
        let start = Instant::now();
        for row in 0..ASKED as u32 {
            black_box(run.decide_with_reasons(additional, Some(row), point, &mut reasons));
            black_box(run.decide_with_reasons(duty, Some(row), point, &mut reasons));
        }
        times[2].push(start.elapsed().as_nanos() as f64 / ASKED as f64);
        let start = Instant::now();
        for row in 0..ASKED {
            black_box(single.decide(&piece.columns, row, duty));
        }
        times[3].push(start.elapsed().as_nanos() as f64 / ASKED as f64);
        let start = Instant::now();
        for row in 0..ASKED {
            single.decide_all(&piece.columns, row, |decided, causes| {
                black_box((&decided, causes));
            });
        }
        times[4].push(start.elapsed().as_nanos() as f64 / ASKED as f64);
    }
    println!("{:<44} {:>8} {:>8} {:>8}", "one row, asked alone", "ns", "least", "most");
    let names = [
        "by hand, 64 bits",
        "run",
        "run, with reasons of both outcomes",
        "single",
        "single, with reasons of both outcomes",
    ];
    for (name, times) in names.iter().zip(&mut times) {
        times.sort_by(f64::total_cmp);
        let (least, most) = (times[0], times[times.len() - 1]);
        println!("{name:<44} {:>8.1} {least:>8.1} {most:>8.1}", times[times.len() / 2]);
    }
}

fn batch<'p>(policy: &'p Policy, facts: &'p Facts) -> Batch<'p> {
    let outcomes = [policy.outcome("additional").unwrap(), policy.outcome("duty").unwrap()];
    let asked = BatchPoint { on: Day::FIRST, known: Day::NEVER };
    Batch::new(policy, facts, policy.entity("entry").unwrap(), &outcomes, asked).unwrap()
}

/// What one thread writes into, again and again.
#[derive(Default)]
struct Room {
    out: Out,
    results: Results,
    copy: rows::Copied,
}

type Work<'a> = Box<dyn Fn(&Piece, &mut Room) + Sync + 'a>;

struct Line<'a> {
    name: &'static str,
    work: Work<'a>,
    times: Vec<f64>,
}

fn line<'a>(name: &'static str, work: impl Fn(&Piece, &mut Room) + Sync + 'a) -> Line<'a> {
    Line { name, work: Box::new(work), times: Vec::new() }
}

/// Nanoseconds that this thread was at work so far; of a machine that is not asked, the time that has passed.
fn at_work(since: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|told| told.split(' ').next()?.parse::<f64>().ok());
    nanos.unwrap_or_else(|| since.elapsed().as_nanos() as f64)
}

/// Nanoseconds for all pieces: of one thread those it was at work, of several those that passed.
fn timed(pieces: &[Piece], threads: usize, work: &Work) -> f64 {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let one = || {
        let mut room = Room::default();
        while let Some(piece) = pieces.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
            work(piece, &mut room);
            black_box(&room);
        }
    };
    let start = Instant::now();
    if threads == 1 {
        let before = at_work(start);
        one();
        return at_work(start) - before;
    }
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(one);
        }
    });
    start.elapsed().as_nanos() as f64
}

/// How many rows the engine answers otherwise than the exact loop.
fn compare(batch: &Batch, pieces: &[Piece]) -> usize {
    let (mut out, mut results) = (Out::default(), Results::default());
    let mut wrong = 0;
    for piece in pieces {
        by_hand::fused_128(piece, &mut out);
        batch.evaluate_into(&piece.columns, &mut results);
        let values = |at: usize, places: u8| match &results.outcomes[at].values {
            ColumnValues::Scaled { values, scale } if *scale == places => values,
            other => panic!("{:?}", other.get(0)),
        };
        let (additional, duty) = (values(0, 4), values(1, 2));
        let reasons = &results.outcomes[0].reasons;
        for row in 0..piece.columns.rows {
            let cause = reasons.sets[reasons.keys[row] as usize][0];
            let rule = by_hand::rule(cause.rule.unwrap().0, cause.branch.unwrap());
            let same =
                (additional[row], duty[row], rule) == (out.additional[row], out.duty[row], out.rule[row]);
            wrong += usize::from(!same);
        }
    }
    wrong
}
