//! The laws stand on one page, `docs/semantics.md`, and comments name them where the code keeps them. What is named is
//! there, and what is there is named somewhere.

use crate::support::files_under;
use std::collections::{BTreeMap, BTreeSet};

const PAGE: &str = "docs/semantics.md";

/// On the page, a law that no comment need name.
const MARK: char = '†';

#[test]
fn every_law_that_is_named_stands_on_the_page() {
    let own = cited(&plain(&page())).into_iter().map(|law| (law, PAGE.to_string()));
    let unknown = unknown(&page(), cited_in_code().into_iter().chain(own));
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}

#[test]
fn every_law_of_the_page_is_named_in_the_code() {
    let idle = idle(&page(), &cited_in_code().into_iter().map(|(law, _)| law).collect());
    assert!(idle.is_empty(), "no comment names {}; if none need, mark it {MARK}", idle.join(", "));
}

#[test]
fn a_law_that_is_not_there_and_one_that_nothing_names_are_told() {
    let page =
        "**R1 Rules.** **R2' Beside it.**\n**R2 More.**\n**R3' Apart.**\n**R4† Nowhere.**\n**N1 Slots.**\n";
    let named = [("R2", "here"), ("R3", "there")].map(|(law, place)| (law.to_string(), place.to_string()));
    assert_eq!(unknown(page, named.into_iter()), ["there: there is no law R3"]);
    assert_eq!(idle(page, &["R2", "R3"].map(String::from).into()), ["N1", "R1"]);
}

#[test]
fn laws_are_found_in_comments_only() {
    let code = "\
//! Rules (R1–R3, R6'), and the bound of M1.\n\
/// `D1 - D2` in days, `S1` a source; EO14309, T100 and UTF8 are no laws (X9).\n\
let text = \"M2 // M3\"; // as N2 says; R7's lint\n\
policy(\"rule a cites S2: o := 1 # T4\");\n";
    let found: Vec<String> = code.lines().flat_map(comment).flat_map(|text| cited(&text)).collect();
    assert_eq!(found, ["R1", "R2", "R3", "R6'", "M1", "X9", "N2", "R7"]);
}

#[test]
fn laws_of_a_page_are_the_bold_numbers_that_begin_a_line() {
    let page = "\
**R1 First.** As V2 says, `R9`.\n\
**R1' Beside it.** And\n\
**R2† Named nowhere.** **R3 is none.**\n\
```comity\n\
**R4 in a block.**\n\
```\n";
    let found: Vec<(String, bool)> = defined(page).into_iter().collect();
    assert_eq!(found, [("R1".into(), false), ("R1'".into(), false), ("R2".into(), true)]);
    assert_eq!(cited(&plain(page)), ["R1", "V2", "R1'", "R2", "R3"]);
}

#[test]
#[should_panic(expected = "R1 stands twice")]
fn a_law_stands_once() {
    defined("**R1 One.**\n**R1 Another.**\n");
}

/// What is named, each with its place, and is not on a page.
fn unknown(page: &str, named: impl Iterator<Item = (String, String)>) -> Vec<String> {
    let laws = defined(page);
    let unknown = named.filter(|(law, _)| !laws.contains_key(law));
    unknown.map(|(law, place)| format!("{place}: there is no law {law}")).collect()
}

/// What is on a page without a mark, and not named. A primed law is part of the one of its number.
fn idle(page: &str, named: &BTreeSet<String>) -> Vec<String> {
    let is_named = |law: &String| named.contains(law) || named.contains(law.trim_end_matches('\''));
    let laws = defined(page).into_iter().filter(|(law, marked)| !marked && !is_named(law));
    laws.map(|(law, _)| law).collect()
}

fn page() -> String {
    std::fs::read_to_string(PAGE).expect("the page of laws")
}

/// The laws of a page, each with whether it is marked.
fn defined(page: &str) -> BTreeMap<String, bool> {
    let mut laws = BTreeMap::new();
    for line in outside_blocks(page) {
        let Some(bold) = line.strip_prefix("**") else { continue };
        let name: String =
            bold.chars().take_while(|sign| sign.is_ascii_alphanumeric() || *sign == '\'').collect();
        if cited(&name) != [name.as_str()] {
            continue;
        }
        let marked = bold[name.len()..].starts_with(MARK);
        assert!(laws.insert(name.clone(), marked).is_none(), "{name} stands twice");
    }
    laws
}

/// Every law that a comment names, with its place.
fn cited_in_code() -> Vec<(String, String)> {
    let folders = ["src", "tests", "benches"].into_iter().flat_map(files_under);
    let mut found = Vec::new();
    // The examples of this file are about laws that are none.
    for path in
        folders.filter(|path| path.extension().is_some_and(|end| end == "rs") && !path.ends_with("laws.rs"))
    {
        let text = std::fs::read_to_string(&path).expect("a source file");
        for (line, text) in (1..).zip(text.lines()) {
            let laws = comment(text).iter().flat_map(|text| cited(text)).collect::<Vec<_>>();
            found.extend(laws.into_iter().map(|law| (law, format!("{}:{line}", path.display()))));
        }
    }
    found
}

/// What a line of code says in a comment, without what is quoted as code.
fn comment(line: &str) -> Option<String> {
    let (at, _) =
        line.match_indices("//").find(|(at, _)| line[..*at].matches('"').count().is_multiple_of(2))?;
    Some(unquoted(&line[at..]))
}

/// The text of a page, without its blocks and what is quoted as code.
fn plain(page: &str) -> String {
    outside_blocks(page).map(unquoted).collect::<Vec<_>>().join("\n")
}

fn outside_blocks(page: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    page.lines().filter(move |line| {
        let fence = line.starts_with("```");
        inside ^= fence;
        !inside && !fence
    })
}

fn unquoted(text: &str) -> String {
    text.split('`').step_by(2).collect::<Vec<_>>().join(" ")
}

/// The laws that a text names, in its order: `R6`, `R6'`, all of `R1–R3`.
fn cited(text: &str) -> Vec<String> {
    let part = |sign: char| sign.is_alphanumeric() || sign == '_';
    let mut laws: Vec<String> = Vec::new();
    // Of a stretch, where it began.
    let mut first: Option<(char, u32)> = None;
    let mut rest = text;
    while let Some(start) = rest.find(part) {
        let joined = &rest[..start] == "–";
        rest = &rest[start..];
        let word = &rest[..rest.find(|sign| !part(sign)).unwrap_or(rest.len())];
        rest = &rest[word.len()..];
        let Some((letter, number)) = law(word) else {
            first = None;
            continue;
        };
        if let (true, Some((from, low))) = (joined, first)
            && from == letter
        {
            laws.extend((low + 1..number).map(|between| format!("{letter}{between}")));
        }
        let prime = rest.strip_prefix('\'').filter(|after| !after.starts_with(char::is_alphabetic));
        laws.push(format!("{word}{}", if prime.is_some() { "'" } else { "" }));
        first = Some((letter, number));
    }
    laws
}

/// A capital letter and one or two digits.
fn law(word: &str) -> Option<(char, u32)> {
    let letter = word.chars().next().filter(char::is_ascii_uppercase)?;
    let digits = &word[1..];
    let sound = (1..=2).contains(&digits.len()) && digits.bytes().all(|sign| sign.is_ascii_digit());
    Some((letter, digits.parse().ok().filter(|_| sound)?))
}
