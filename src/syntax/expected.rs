//! "expected `then` or an operator": what pest would have taken, in few words.

use super::grammar::{Noun, Rule, noun};
use crate::diag::list_or;

/// More than this nobody reads.
const MOST: usize = 5;

/// The words for what could have stood at a place; `first`: nothing was read before it.
pub(super) fn phrase(rules: &[Rule], first: bool) -> String {
    let has = |wanted: &dyn Fn(Noun) -> bool| rules.iter().any(|rule| wanted(noun(*rule)));
    let in_head = rules.iter().filter(|rule| noun(**rule) == Noun::Head).count() > 1;
    let mut list: Vec<String> = Vec::new();
    for rule in rules {
        let text = match noun(*rule) {
            Noun::Word => ticked(*rule),
            Noun::Head if !in_head => ticked(*rule),
            // After a name a bracket may always open; said only where it must.
            Noun::Mark("(") if rules.contains(&Rule::dot) => continue,
            Noun::Mark(mark) => format!("`{mark}`"),
            Noun::Thing(thing) => thing.to_string(),
            Noun::Starter | Noun::Head | Noun::Operator | Noun::Silent => continue,
        };
        if !list.contains(&text) {
            list.push(text);
        }
    }
    // A value may begin in many ways; the word for them all is enough.
    if list.iter().any(|text| text == "a value") {
        let covered = |text: &String| {
            matches!(text.as_str(), "`if`" | "`(`" | "a number" | "a text in quotes" | "a name")
        };
        list.retain(|text| !covered(text));
    }
    // Where a condition ends, its end is what is missing.
    if rules.contains(&Rule::THEN) {
        return "`then`".to_string();
    }
    list.truncate(MOST);
    let mut add = |text: &str| {
        if list.len() < MOST {
            list.push(text.to_string());
        }
    };
    if in_head {
        add("a further part of the head");
    }
    if has(&|noun| noun == Noun::Operator) {
        add("an operator");
    }
    if has(&|noun| noun == Noun::Starter) || rules.contains(&Rule::EOI) {
        match (has(&|noun| noun == Noun::Starter), first) {
            (true, true) => add("a declaration"),
            (true, false) => add("the next declaration"),
            (false, _) => add("the end"),
        }
    }
    list_or(&list)
}

/// A keyword as it is written.
pub(super) fn word(rule: Rule) -> String {
    format!("{rule:?}").trim_end_matches('_').to_lowercase().replace('_', " ")
}

fn ticked(rule: Rule) -> String {
    format!("`{}`", word(rule))
}
