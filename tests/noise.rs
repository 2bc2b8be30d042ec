//! No input crashes it: torn policies and torn facts through every command, and texts made to be too much.

use crate::memory::Memory;
use crate::support::comity_in;
use proptest::prelude::*;

const POLICY: &str = include_str!("../policies/pledge.comity");
const FACTS: &str = include_str!("../policies/pledge.facts.yaml");

fn every_command(policy: &str, facts: &str) {
    let world = Memory::default().with("p.comity", policy).with("f.yaml", facts);
    let commands: [&[&str]; 5] = [
        &["check", "p.comity"],
        &["test", "p.comity"],
        &["eval", "p.comity", "f.yaml", "--on", "2029-01-20"],
        &["eval", "p.comity", "f.yaml", "--on", "2029-01-20", "--format", "json"],
        &["why", "p.comity", "f.yaml", "tariff", "--on", "2029-01-20"],
    ];
    for command in commands {
        let ran = comity_in(&world, command);
        assert!(ran.code <= 2);
        assert!(!(ran.out.is_empty() && ran.err.is_empty()), "{command:?} is silent");
        let talk = ran.err.contains("Failed to read");
        assert!(!talk, "{}", ran.err);
    }
}

/// A text with a stretch replaced.
fn torn(text: &'static str) -> impl Strategy<Value = String> {
    let bits = prop::sample::select(vec![
        "",
        "(",
        ")",
        "{",
        "}",
        "\"",
        "%",
        " if ",
        " then ",
        "unknown",
        "9999999999999999999999",
        "1/0",
        "é",
        "\u{0}",
        "2029-02-30",
        "never",
        " otherwise ",
        "#",
        "##\n",
        "USD",
        ":=",
        "0",
        "- ",
        ", ",
        "\n",
        " as of ",
        "tariff",
    ]);
    (0..text.len(), 0usize..24, bits).prop_map(move |(at, length, bit)| {
        let floor = |mut at: usize| {
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let (start, end) = (floor(at), floor((at + length).min(text.len())));
        format!("{}{bit}{}", &text[..start], &text[end.max(start)..])
    })
}

proptest! {
    #![proptest_config(crate::effort::config(96, 10_000))]

    #[test]
    fn torn_policies(policy in torn(POLICY)) {
        every_command(&policy, FACTS);
    }

    #[test]
    fn torn_facts(facts in torn(FACTS)) {
        every_command(POLICY, &facts);
    }

    #[test]
    fn any_text(text in "\\PC{0,80}") {
        every_command(&text, &text);
    }
}

#[test]
fn too_much_is_refused_or_answered() {
    let deep = format!("outcome x : number\nrule r: x := {}1{}\n", "(".repeat(100_000), ")".repeat(100_000));
    let long = format!("outcome x : bool\nrule r: x := true{}\n", " or true".repeat(200_000));
    let line = format!("outcome x : text\nrule r: x := \"{}\n", "a".repeat(1 << 20));
    for text in [deep, long, line] {
        let world = Memory::default().with("p.comity", text).with("f.yaml", "{}");
        for command in [vec!["check", "p.comity"], vec!["eval", "p.comity", "f.yaml"]] {
            let ran = comity_in(&world, &command);
            assert!(ran.code <= 2);
            assert!(ran.err.len() < 100_000, "the message itself is too long");
        }
    }
}
