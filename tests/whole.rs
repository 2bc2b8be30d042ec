//! The whole language at once: policies by the throw of dice, with every construct and facts of every sort, asked through
//! the command line.

use crate::effort::times;
use crate::generator::{ANNEXES, Dice, FROM, Features, Made, TO, make};
use crate::memory::Memory;
use crate::support::comity_in;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Policies to be tried: half of them with everything. Few of the texts that the dice throw are none.
fn each(quick: u64, deep: u64, mut tried: impl FnMut(u64, &mut Dice, &Made)) {
    let mut none = 0;
    for seed in 0..times(quick, deep) {
        let mut dice = Dice::new(seed);
        let features = if seed % 2 == 0 { Features::ALL } else { Features::ALL.some(&mut dice) };
        let made = make(seed, features);
        // Names are read at random: one in a thousand texts goes in a circle, and nothing else may be wrong with any.
        let checked = comity_in(&world(&made), &["check", "base.comity", "--no-findings"]);
        match checked.code == 2 && checked.err.starts_with("circle\n") {
            true => none += 1,
            false => tried(seed, &mut dice, &made),
        }
    }
    assert!(none * 200 <= times(quick, deep), "{none} of the texts go in a circle");
}

fn world(made: &Made) -> Memory {
    let annexes = ANNEXES.iter().fold(Memory::default(), |world, (name, text)| world.with(name, *text));
    annexes
        .with("base.comity", made.policy.as_str())
        .with("entry.csv", made.facts.entries.as_str())
        .with("facts.yaml", made.facts.facts.as_str())
        .with("all.yaml", made.facts.all())
}

fn json(world: &Memory, args: &[&str]) -> Map<String, Value> {
    let args: Vec<&str> = args.iter().copied().chain(["--format", "json"]).collect();
    let ran = comity_in(world, &args);
    assert!(ran.code < 2, "{args:?}: {}{}", ran.out, ran.err);
    match serde_json::from_str(&ran.out) {
        Ok(Value::Object(found)) => found,
        other => panic!("{args:?}: {other:?}\n{}", ran.err),
    }
}

/// What an answer comes to, without where it stands in which text.
fn essence(answer: &Value) -> Value {
    let keys = ["status", "value", "possible", "may_be", "rules", "states", "since", "deadline"];
    let kept = keys.iter().filter_map(|key| Some((key.to_string(), answer.get(*key)?.clone())));
    Value::Object(kept.collect())
}

fn day(text: &str) -> jiff::civil::Date {
    text.parse().expect("a day")
}

/// Days of the range: both ends, and about every border.
fn days(segments: &[&Value]) -> Vec<String> {
    let mut days = vec![day(FROM), day(TO)];
    for segment in segments {
        let from = day(segment["from"].as_str().expect("a day"));
        days.extend([-1, 0, 1].map(|step| from + jiff::Span::new().days(step)));
        let to = day(segment["to"].as_str().expect("a day"));
        days.push(from + jiff::Span::new().days((to - from).get_days() / 2));
    }
    days.retain(|one| *one >= day(FROM) && *one <= day(TO));
    days.sort();
    days.dedup();
    days.iter().map(ToString::to_string).collect()
}

/// T10
#[test]
fn a_timeline_is_what_every_day_says() {
    let mut asked = 0;
    each(6, 1_500, |seed, dice, made| {
        let world = world(made);
        let mut args = vec!["timeline", "base.comity", "all.yaml", "--from", FROM, "--to", TO];
        let known = dice.pick(&["2026-02-10", "2026-03-20"]);
        if dice.one_in(3) {
            args.extend(["--known", known]);
        }
        let line = json(&world, &args);
        let outcomes = line["outcomes"].as_object().expect("outcomes");
        let segments: Vec<(&String, &Value)> = outcomes
            .iter()
            .filter_map(|(name, of)| Some((name, of.get("segments")?)))
            .flat_map(|(name, list)| list.as_array().expect("segments").iter().map(move |one| (name, one)))
            .collect();
        let all: Vec<&Value> = segments.iter().map(|(_, one)| *one).collect();
        let mut days = days(&all);
        while days.len() > 12 {
            days.remove(dice.below(days.len() as u64) as usize);
        }
        for day in days {
            let mut args = vec!["eval", "base.comity", "all.yaml", "--on", &day];
            if line["known"].is_string() {
                args.extend(["--known", known]);
            }
            let answers = json(&world, &args);
            for (name, segment) in &segments {
                let holds = |from: &str| segment[from].as_str().expect("a day");
                if holds("from") <= day.as_str() && day.as_str() <= holds("to") {
                    let answer = &answers["outcomes"][name.as_str()];
                    assert_eq!(
                        essence(segment),
                        essence(answer),
                        "seed {seed}, {name} on {day}\n{}",
                        made.policy
                    );
                    asked += 1;
                }
            }
        }
    });
    assert!(asked > times(6, 1_500) * 10, "{asked}");
}

/// B1, from file to file.
#[test]
fn every_row_of_a_file_is_answered_as_if_alone() {
    let mut rows = 0;
    each(16, 3_000, |seed, _, made| {
        let world = world(made);
        let wanted = json(&world, &["eval", "base.comity", "all.yaml", "--on", "2026-02-15"]);
        let ran = comity_in(
            &world,
            &[
                "run",
                "base.comity",
                "entry.csv",
                "--entity",
                "entry",
                "--facts",
                "facts.yaml",
                "--on",
                "2026-02-15",
            ],
        );
        if ran.err.lines().any(|line| line == "not-over-time") {
            // A cell with days, where answers read all rows: refused.
            return;
        }
        assert!(ran.code < 2, "seed {seed}: {}", ran.err);
        let mut reader = csv::Reader::from_reader(ran.out.as_bytes());
        let heads = reader.headers().expect("a head").clone();
        for record in reader.records() {
            let record = record.expect("a row");
            let cells: BTreeMap<&str, &str> = heads.iter().zip(record.iter()).collect();
            for name in made.outcomes.iter().filter(|one| one.row == Some("entry")).map(|one| &one.name) {
                let answer = &wanted["outcomes"][name]["rows"][cells["line"]];
                let at = format!("seed {seed}, {name} of {}\n{}", cells["line"], made.policy);
                assert_eq!(answer["status"], cells[format!("{name}_status").as_str()], "{at}");
                let decided = answer["status"] == "determined";
                let value = if decided { answer["value"].as_str().expect("a value") } else { "" };
                let written = cells[name.as_str()];
                assert!(same(value, written), "{value} is written as {written}: {at}");
                rows += 1;
            }
        }
    });
    assert!(rows > times(16, 3_000) * 4, "{rows}");
}

/// A number may be written in the unit of its column, a percentage as its decimals.
fn same(value: &str, written: &str) -> bool {
    if let Some(percentage) = value.strip_suffix('%') {
        return percentage.contains('/') || digits(percentage) == digits(written);
    }
    value == written || value.split(' ').next() == Some(written)
}

/// Those that count, wherever the point stands.
fn digits(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').to_string()
}

/// A1: what an amendment says and the one text that comes of it answer alike, in the same words.
#[test]
fn an_amended_policy_is_its_consolidated_text() {
    let mut amended = 0;
    each(12, 4_000, |seed, dice, made| {
        let world = world(made).with("new.comity", made.amendment(dice));
        let ran = comity_in(&world, &["consolidate", "new.comity"]);
        if ran.code != 0 {
            return;
        }
        amended += 1;
        let world = world.with("whole.comity", ran.out.as_str());
        for day in ["2025-12-31", "2026-01-31", "2026-02-01", "2026-03-31"] {
            let ask = |policy| {
                let found = json(&world, &["eval", policy, "all.yaml", "--on", day]);
                let mut found = Value::Object(found);
                unordered(&mut found);
                found
            };
            assert_eq!(ask("new.comity"), ask("whole.comity"), "seed {seed} on {day}\n{}", ran.out);
        }
    });
    assert!(amended > times(12, 4_000) / 3, "only {amended} could be amended");
}

fn without_places(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.remove("at");
            fields.values_mut().for_each(without_places);
        }
        Value::Array(list) => list.iter_mut().for_each(without_places),
        _ => {}
    }
}

/// There is no order of rules: reversed, every answer is the same, errors by their name.
#[test]
fn the_order_of_rules_never_shows() {
    each(12, 4_000, |seed, _, made| {
        let world = world(made).with("reversed.comity", made.turned_round());
        let ask = |policy| {
            let mut found = Value::Object(json(&world, &["eval", policy, "all.yaml", "--on", "2026-02-20"]));
            unordered(&mut found);
            found
        };
        assert_eq!(ask("base.comity"), ask("reversed.comity"), "seed {seed}\n{}", made.policy);
    });
}

/// Without places, lists in an order of their own; ways are worded in the order of the text (N3) and left out.
fn unordered(value: &mut Value) {
    without_places(value);
    match value {
        Value::Object(fields) => {
            fields.remove("ways");
            fields.values_mut().for_each(unordered);
        }
        Value::Array(list) => {
            list.iter_mut().for_each(unordered);
            list.sort_by_key(ToString::to_string);
        }
        _ => {}
    }
}

/// Nothing is too deep: each fact stands in place of the next.
#[test]
fn a_long_chain_of_defaults_is_gone_through() {
    const FACTS: usize = 4_000;
    let chain: String = (1..FACTS).map(|at| format!("fact f{at} : number = f{} + 1\n", at - 1)).collect();
    let policy = format!("fact f0 : number = 1\n{chain}outcome o : number\nrule r: o := f{}\n", FACTS - 1);
    let world = Memory::default().with("p.comity", policy).with("f.yaml", "{}");
    let answers = json(&world, &["eval", "p.comity", "f.yaml", "--on", "2026-01-01"]);
    assert_eq!(answers["outcomes"]["o"]["value"], FACTS.to_string());
    assert_eq!(answers["assumed"].as_array().map(Vec::len), Some(FACTS));
    let whole: [&[&str]; 3] = [
        &["why", "p.comity", "f.yaml", "o", "--on", "2026-01-01"],
        &["timeline", "p.comity", "f.yaml", "--from", FROM, "--to", TO],
        &["check", "p.comity"],
    ];
    for args in whole {
        assert_eq!(comity_in(&world, args).code, 0, "{args:?}");
    }
}
