//! Mistakes of drafters, each with what is said first and what its fixes make of it. Every fix is made: the policy compiles,
//! and what was written keeps its amounts, signs, days and outcomes.

use crate::memory::Memory;
use crate::schema::published;
use crate::support::comity_in;
use comity::compile::compile;
use comity::diag::{Diagnostic, Fix};
use comity::text::Sources;
use serde_json::Value;
use std::fmt::Write;

const POLICY: &str = include_str!("mistakes/policy.comity");
const ANNEX: &str = include_str!("mistakes/duties.csv");
const MISTAKES: &str = include_str!("mistakes/mistakes.json");
const NAME: &str = "policy.comity";

/// One line of the table.
struct Mistake {
    /// What stands in the policy.
    right: String,
    /// What is written there instead.
    written: String,
    /// Of the first message.
    code: String,
    /// In the message, its remedy or the titles of its fixes.
    says: Vec<String>,
    /// What stands there after each fix.
    fixes: Vec<String>,
    /// What is written can mean nothing else.
    safe: bool,
    /// It means another case than the policy, so that the scenarios need not hold.
    new: bool,
}

fn mistakes() -> Vec<Mistake> {
    let list: Vec<Value> = serde_json::from_str(MISTAKES).expect("a list");
    let read = |one: &Value| {
        let text = |key: &str| one[key].as_str().expect("a text").to_string();
        let texts = |key: &str| {
            let list = one[key].as_array().into_iter().flatten();
            list.map(|text| text.as_str().expect("a text").to_string()).collect()
        };
        let is = |key: &str| one[key].as_bool().unwrap_or(false);
        Mistake {
            right: text("for"),
            written: text("write"),
            code: text("code"),
            says: texts("says"),
            fixes: texts("fixes"),
            safe: is("safe"),
            new: is("new"),
        }
    };
    list.iter().map(read).collect()
}

fn world(policy: &str) -> Memory {
    Memory::default().with(NAME, policy).with("duties.csv", ANNEX)
}

fn said(policy: &str) -> Vec<Diagnostic> {
    match compile(NAME, &world(policy), &mut Sources::new()) {
        Ok(_) => Vec::new(),
        Err(said) => said.into_iter().filter(Diagnostic::is_error).collect(),
    }
}

/// The policy with a fix made in it.
fn fixed(policy: &str, fix: &Fix) -> String {
    let mut text = policy.to_string();
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    for edit in edits {
        text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    text
}

fn holds(policy: &str) -> bool {
    comity_in(&world(policy), &["test", NAME]).code == 0
}

#[test]
fn the_policy_is_right() {
    assert!(said(POLICY).is_empty());
    assert!(holds(POLICY));
    assert!(mistakes().len() > 200);
}

#[test]
fn the_first_message_leads_to_what_is_meant_and_nothing_follows_from_it() {
    let mut wrong = String::new();
    for mistake in mistakes() {
        assert!(POLICY.contains(&mistake.right), "{}", mistake.right);
        let policy = POLICY.replacen(&mistake.right, &mistake.written, 1);
        let said = said(&policy);
        let Some(first) = said.first() else {
            let _ = writeln!(wrong, "{:?}: nothing is said", mistake.written);
            continue;
        };
        let titles: Vec<&str> = first.fixes.iter().map(|fix| fix.title.as_str()).collect();
        let told =
            format!("{} ({}) {}", first.message, first.help.as_deref().unwrap_or(""), titles.join("; "));
        let missing = mistake.says.iter().find(|word| !told.contains(word.as_str()));
        if first.code.as_str() != mistake.code || missing.is_some() {
            let _ = writeln!(wrong, "{:?}: {} {told}: no {missing:?}", mistake.written, first.code);
        }
        if let Some(more) = said.get(1) {
            let _ = writeln!(wrong, "{:?}: {} follows: {}", mistake.written, more.code, more.message);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_fix_compiles_and_keeps_what_was_written() {
    let mut wrong = String::new();
    for mistake in mistakes() {
        let policy = POLICY.replacen(&mistake.right, &mistake.written, 1);
        let said = said(&policy);
        let fixes = said.first().map_or(&[][..], |first| &first.fixes);
        let made: Vec<String> = fixes.iter().map(|fix| fixed(&policy, fix)).collect();
        let wanted: Vec<String> =
            mistake.fixes.iter().map(|text| POLICY.replacen(&mistake.right, text, 1)).collect();
        if made != wanted {
            let titles: Vec<&str> = fixes.iter().map(|fix| fix.title.as_str()).collect();
            let _ = writeln!(wrong, "{:?}: the fixes are {titles:?}", mistake.written);
            continue;
        }
        for text in &made {
            if let Some(error) = self::said(text).first() {
                let _ = writeln!(wrong, "{:?}: a fix does not compile: {}", mistake.written, error.message);
            }
        }
        let safe: Vec<bool> = fixes.iter().map(|fix| fix.safe).collect();
        if safe.iter().any(|safe| *safe) != mistake.safe || safe.len() > 1 && mistake.safe {
            let _ = writeln!(wrong, "{:?}: safe: {safe:?}", mistake.written);
        }
        if !mistake.new && made.first().is_some_and(|first| !holds(first)) {
            let _ = writeln!(wrong, "{:?}: the first fix changes what comes out", mistake.written);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_is_said_of_each_follows_the_schema_for_programs() {
    let (refused, checked) = (published("messages"), published("check"));
    for mistake in mistakes() {
        let policy = POLICY.replacen(&mistake.right, &mistake.written, 1);
        let args = ["check", NAME, "--no-findings", "--format", "json"];
        let ran = comity_in(&world(&policy), &args);
        let value: Value = serde_json::from_str(&ran.out).expect("JSON");
        let schema = if ran.code == 2 { &refused } else { &checked };
        assert!(schema.is_valid(&value), "{:?}: {}", mistake.written, ran.out);
        assert!(ran.err.is_empty(), "{}", ran.err);
    }
}
