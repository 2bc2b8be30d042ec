//! What the engine costs: `cargo bench`. Single figures by divan, then each as a ratio to the same decision written by
//! hand in Rust, both measured in turns within one run, for figures of different runs do not compare.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods
)]
#![allow(clippy::float_arithmetic)]

mod by_hand;

use by_hand::{Entry, HandSector};
use comity::compile::{Compiled, compile};
use comity::facts::{Facts, Slot, Statement};
use comity::outcome::{Point, Reason};
use comity::policy::Policy;
use comity::run::{Decided, Evaluator};
use comity::text::{Files, Sources, Span};
use comity::timeline::Timelines;
use comity::value::{Day, Number, Possible, Value};
use divan::{Bencher, black_box};
use std::fmt::Write as _;
use std::time::Instant;

fn main() {
    divan::main();
    ratios();
}

/// Files held in memory.
struct Texts(Vec<(&'static str, String)>);

impl Files for Texts {
    fn read(&self, path: &str) -> Result<String, String> {
        let found = self.0.iter().find(|(name, _)| *name == path);
        found.map(|(_, text)| text.clone()).ok_or_else(|| "no such text".to_string())
    }
}

fn compiled(text: &str) -> Compiled {
    let files = Texts(vec![("bench.comity", text.to_string())]);
    compile("bench.comity", &files, &mut Sources::new()).expect("the policy is sound")
}

const TWENTY: &str = include_str!("twenty.comity");

/// A policy of a thousand rules over tiers of a rate, each above the one before.
fn thousand() -> String {
    let mut text =
        String::from("fact size : USD\nfact origin : country\nfact paid : USD over time\nfact due : USD\n");
    text.push_str("outcome tariff : rate\nrule r0: tariff := 25%\n");
    for n in 1..1000 {
        let _ = writeln!(
            text,
            "rule r{n} \"tier {n}\" notwithstanding r{} from 2025-08-07 until 2030-01-01:\n  if size >= {n}_000 USD and origin = JP and paid < due by 2029-01-19 then tariff := {}.{}%",
            n - 1,
            n % 40,
            n % 10
        );
    }
    text
}

fn entry() -> Entry {
    Entry {
        column1: 320,
        value: 54_999_999,
        sector: HandSector::Chemicals,
        civil_aircraft: false,
        pledged: 550_000_000_000,
        disbursed: 549_999_999_999,
        deadline: 21_568,
        today: 20_800,
    }
}

fn facts(policy: &Policy, entry: &Entry) -> Facts {
    let mut facts = Facts::none(policy);
    let ratio = |n: i64, d: i64| Value::Number(Number::from_ratio(n, d).unwrap());
    let mut state = |name: &str, value: Value| {
        let id = policy.fact(name).unwrap();
        facts.facts[id] = Slot::fixed(Possible::One(value), Span::default());
    };
    state("column1", ratio(entry.column1, 10_000));
    state("value", ratio(entry.value, 100));
    state("sector", Value::Choice(entry.sector as u16));
    state("civil_aircraft", Value::Bool(entry.civil_aircraft));
    state("pledged", ratio(entry.pledged, 1));
    state("disbursed", ratio(entry.disbursed, 1));
    state("deadline", Value::Date(Day::from_number(entry.deadline).unwrap()));
    facts
}

/// One decision asked again and again, the evaluator asked as for a new day each time so that nothing is remembered.
fn decide(evaluator: &mut Evaluator, policy: &Policy, turn: i64) -> Decided {
    let duty = policy.outcome("duty").unwrap();
    let day = Day::from_number(20_700 + turn % 200).unwrap();
    evaluator.decide(duty, None, Point::new(day, Day::NEVER))
}

fn decide_with_reasons(
    evaluator: &mut Evaluator,
    policy: &Policy,
    turn: i64,
    reasons: &mut Vec<Reason>,
) -> Decided {
    let day = Day::from_number(20_700 + turn % 200).unwrap();
    let point = Point::new(day, Day::NEVER);
    for name in ["additional", "duty"] {
        let outcome = policy.outcome(name).unwrap();
        evaluator.decide_with_reasons(outcome, None, point, reasons);
        black_box(&reasons);
    }
    evaluator.decide(policy.outcome("duty").unwrap(), None, point)
}

#[divan::bench]
fn by_hand_twenty(bencher: Bencher) {
    let mut entry = entry();
    let mut turn = 0;
    bencher.bench_local(|| {
        turn += 1;
        entry.today = 20_700 + turn % 200;
        by_hand::duty(black_box(&entry))
    });
}

#[divan::bench]
fn twenty_without_reasons(bencher: Bencher) {
    let policy = compiled(TWENTY).policy;
    let facts = facts(&policy, &entry());
    let mut evaluator = Evaluator::new(&policy, &facts);
    let mut turn = 0;
    bencher.bench_local(|| {
        turn += 1;
        decide(&mut evaluator, &policy, turn)
    });
}

#[divan::bench]
fn twenty_with_reasons(bencher: Bencher) {
    let policy = compiled(TWENTY).policy;
    let facts = facts(&policy, &entry());
    let mut evaluator = Evaluator::new(&policy, &facts);
    let mut reasons = Vec::new();
    let mut turn = 0;
    bencher.bench_local(|| {
        turn += 1;
        decide_with_reasons(&mut evaluator, &policy, turn, &mut reasons)
    });
}

#[divan::bench]
fn compile_twenty_rules(bencher: Bencher) {
    bencher.bench_local(|| compiled(black_box(TWENTY)));
}

#[divan::bench(sample_count = 20)]
fn compile_thousand_rules(bencher: Bencher) {
    let text = thousand();
    bencher.bench_local(|| compiled(black_box(&text)));
}

/// The program from nothing to an answer, as a process.
#[divan::bench(sample_count = 40)]
fn cold_start(bencher: Bencher) {
    bencher.bench_local(|| {
        run_program(&[
            "eval",
            "policies/snapback.comity",
            "policies/snapback.facts.yaml",
            "--on",
            "2029-01-20",
        ])
    });
}

fn run_program(args: &[&str]) {
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_comity"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(args)
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(done.code().is_some_and(|code| code < 2));
}

/// The median time of one call, in nanoseconds, of two pieces of work measured in turns.
fn paired(mut a: impl FnMut(), mut b: impl FnMut(), calls: u32, rounds: usize) -> (f64, f64) {
    let (mut first, mut second) = (Vec::new(), Vec::new());
    let time = |work: &mut dyn FnMut(), into: &mut Vec<f64>| {
        let start = Instant::now();
        for _ in 0..calls {
            work();
        }
        into.push(start.elapsed().as_nanos() as f64 / f64::from(calls));
    };
    for _ in 0..rounds {
        time(&mut a, &mut first);
        time(&mut b, &mut second);
    }
    let median = |list: &mut Vec<f64>| {
        list.sort_by(f64::total_cmp);
        list[list.len() / 2]
    };
    (median(&mut first), median(&mut second))
}

fn ratios() {
    let policy = compiled(TWENTY).policy;
    let stated = entry();
    let facts = facts(&policy, &stated);

    // Both must decide alike before their times mean anything.
    for turn in 0..200 {
        let mut evaluator = Evaluator::new(&policy, &facts);
        let by_hand = by_hand::duty(&Entry { today: 20_700 + turn % 200, ..stated.clone() });
        let cents = Number::from_ratio(by_hand, 100).unwrap();
        assert_eq!(decide(&mut evaluator, &policy, turn), Decided::Value(Value::Number(cents)));
    }

    println!("\nratios, medians of one run ({} rules)", policy.rules.len());
    println!("{:<44} {:>12} {:>12} {:>8}", "", "this, ns", "by hand, ns", "ratio");
    let line = |name: &str, this: f64, other: f64| {
        println!("{name:<44} {this:>12.1} {other:>12.1} {:>8.1}", this / other);
    };

    let mut evaluator = Evaluator::new(&policy, &facts);
    let mut hand = stated.clone();
    let mut turn = 0;
    let mut hand_turn = 0;
    let mut by_hand_once = || {
        hand_turn += 1;
        hand.today = 20_700 + hand_turn % 200;
        black_box(by_hand::duty(black_box(&hand)));
    };
    let (plain, other) = paired(
        || {
            turn += 1;
            black_box(decide(&mut evaluator, &policy, turn));
        },
        &mut by_hand_once,
        20_000,
        41,
    );
    line("one evaluation, no reasons", plain, other);

    let mut evaluator = Evaluator::new(&policy, &facts);
    let mut again = Evaluator::new(&policy, &facts);
    let mut reasons = Vec::new();
    let (mut turn, mut other_turn) = (0, 0);
    let (with, without) = paired(
        || {
            turn += 1;
            black_box(decide_with_reasons(&mut evaluator, &policy, turn, &mut reasons));
        },
        || {
            other_turn += 1;
            black_box(decide(&mut again, &policy, other_turn));
        },
        20_000,
        41,
    );
    line("one evaluation, with reasons", with, other);
    println!("{:<44} {:>34.2}", "  reasons against none", with / without);

    timeline();

    let text = thousand();
    let (this, other) = paired(
        || {
            black_box(compiled(&text));
        },
        || {
            black_box(text.bytes().fold(0u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())));
        },
        1,
        15,
    );
    println!("{:<44} {:>12.1} ms for {} kB", "parse and check of 1,000 rules", this / 1e6, text.len() / 1000);
    let _ = other;

    let (this, nothing) = paired(
        || {
            run_program(&[
                "eval",
                "policies/snapback.comity",
                "policies/snapback.facts.yaml",
                "--on",
                "2029-01-20",
            ])
        },
        || {
            let done = std::process::Command::new("true").status();
            black_box(done.is_ok());
        },
        1,
        41,
    );
    println!(
        "{:<44} {:>12.2} ms, `true` takes {:.2} ms",
        "cold start to an answer",
        this / 1e6,
        nothing / 1e6
    );
}

/// 200 rules of ten outcomes, 20 facts with 50 dated statements each, over ten years.
fn timeline() {
    let mut text = String::new();
    for fact in 0..20 {
        let _ = writeln!(text, "fact f{fact} : number over time");
    }
    for outcome in 0..10 {
        let _ = writeln!(text, "outcome o{outcome} : number otherwise 0");
    }
    let first = Day::from_ymd(2020, 1, 1).unwrap();
    for rule in 0..200 {
        let (outcome, left, right) = (rule % 10, rule % 20, (rule * 7 + 3) % 20);
        let above = if rule >= 10 { format!(" notwithstanding r{}", rule - 10) } else { String::new() };
        let from = first.add_days(rule * 17).unwrap();
        let (low, high) = (rule % 9 + 3, 9 - rule % 7);
        let _ = writeln!(
            text,
            "rule r{rule}{above} from {from}: if f{left} > {low} and f{right} < {high} then o{outcome} := {rule}"
        );
    }
    let policy = compiled(&text).policy;
    let mut facts = Facts::none(&policy);
    for (at, id) in (0..).zip(policy.facts.ids()) {
        let statements = (0..50).map(|n| Statement {
            from: first.add_days(n * 73 + at * 3).unwrap(),
            known: Day::FIRST,
            value: Possible::number(Number::from((n * 7 + at * 5) % 13)),
            span: Span::default(),
        });
        facts.facts[id] = Slot { statements: statements.collect() };
    }
    let (from, to) = (first, Day::from_ymd(2029, 12, 31).unwrap());
    let mut segments = 0;
    let (this, _) = paired(
        || {
            let mut timelines = Timelines::new(&policy, &facts, Day::NEVER);
            let outcomes = policy.outcomes.ids();
            segments = outcomes.map(|id| timelines.of(id, None, from, to).segments.len()).sum();
        },
        || (),
        1,
        15,
    );
    println!(
        "{:<44} {:>12.1} ms, {segments} stretches",
        "timelines of 200 rules, 1,000 statements",
        this / 1e6
    );
}
