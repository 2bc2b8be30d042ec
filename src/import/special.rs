//! The special column: rates, each with the programmes that have it.

use super::grammar::{DutyText, duty_text};
use std::collections::BTreeMap;

/// What stands for every programme.
pub const ANY: &str = "*";

/// A rate of the special column as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecialText {
    pub text: String,
    /// None: it is not read.
    pub said: Option<DutyText>,
    /// Their symbols; [`ANY`] where none are named, or what is named is not read.
    pub programmes: Vec<String>,
}

/// Special columns are shorter; what is longer is not read.
const LONGEST: usize = 4_000;

/// In the order written.
pub fn special_texts(text: &str) -> Vec<SpecialText> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    if rest.len() > LONGEST {
        return vec![SpecialText { text: rest.to_string(), said: None, programmes: vec![ANY.to_string()] }];
    }
    while !rest.is_empty() {
        let (one, after) = first(rest);
        found.push(one);
        rest = after.trim();
    }
    found
}

/// The first of them, and what follows it.
fn first(text: &str) -> (SpecialText, &str) {
    let any =
        |text: &str, said| SpecialText { text: text.to_string(), said, programmes: vec![ANY.to_string()] };
    let Some((rate, list)) = text.split_once('(') else { return (any(text, duty_text(text)), "") };
    let Some((list, after)) = list.split_once(')') else { return (any(text, None), "") };
    let whole = text.get(..text.len().saturating_sub(after.len())).unwrap_or(text);
    match programmes(list) {
        Some(programmes) => {
            let rate = rate.trim();
            (SpecialText { text: rate.to_string(), said: duty_text(rate), programmes }, after)
        }
        None => (any(whole, None), after),
    }
}

/// `A+,AU, BH`
fn programmes(list: &str) -> Option<Vec<String>> {
    let symbols: Vec<&str> = list.split(',').map(str::trim).collect();
    symbols.iter().all(|symbol| is_symbol(symbol)).then(|| symbols.into_iter().map(str::to_string).collect())
}

/// `A`, `A*`, `SG`
fn is_symbol(text: &str) -> bool {
    let letters = text.strip_suffix(['*', '+']).unwrap_or(text);
    (1..=3).contains(&letters.len()) && letters.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// What each programme has; none: it is not read, or the line says two things of one programme.
pub fn by_programme(texts: &[SpecialText]) -> BTreeMap<String, Option<DutyText>> {
    let mut found: BTreeMap<String, Option<DutyText>> = BTreeMap::new();
    for one in texts {
        for programme in &one.programmes {
            let said = found.entry(programme.clone()).or_insert_with(|| one.said.clone());
            if *said != one.said {
                *said = None;
            }
        }
    }
    found
}
