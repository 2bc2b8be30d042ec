//! "expected `then` or an operator": what pest would have taken, in few words.

use super::grammar::{Noun, Rule, noun};
use crate::diag::list_or;

/// More than this nobody reads.
const MOST: usize = 5;

/// The words for what could have stood at a place; `first`: nothing was read before it.
pub(super) fn phrase(rules: &[Rule], first: bool) -> String {
    // Where a condition ends, its end is what is missing.
    if rules.contains(&Rule::THEN) {
        return "`then`".to_string();
    }
    if rules.contains(&Rule::state) {
        return "a state such as `done` or `breached`".to_string();
    }
    let nouns: Vec<(Rule, Noun)> = rules.iter().map(|rule| (*rule, noun(*rule))).collect();
    let has = |wanted: Noun| nouns.iter().any(|(_, noun)| *noun == wanted);
    let in_head = in_head(rules);
    let starter = has(Noun::Starter);
    let (operator, value) = (behind_operand(rules), value(rules));
    let mut list: Vec<String> = Vec::new();
    for (rule, noun) in &nouns {
        let covered = match rule {
            Rule::FROM | Rule::UNTIL => in_head,
            Rule::IF if starter => true,
            // A unit, or what `USD 5` goes on with.
            Rule::ident | Rule::number if operator => true,
            // After a name a bracket may always open, and a dot stand; said only where nothing else may.
            Rule::lparen if rules.contains(&Rule::dot) => true,
            // A value may begin in many ways; the word for them all is enough.
            Rule::ident
            | Rule::number
            | Rule::string
            | Rule::lparen
            | Rule::lbrace
            | Rule::IF
            | Rule::NOT => value,
            _ => false,
        };
        if covered {
            continue;
        }
        let text = match noun {
            Noun::Word => format!("`{}`", word(*rule)),
            Noun::Head if !in_head && !operator => format!("`{}`", word(*rule)),
            Noun::Infix if !operator => format!("`{}`", word(*rule)),
            Noun::Mark(mark) => format!("`{mark}`"),
            Noun::Thing(thing) => thing.to_string(),
            Noun::Starter | Noun::Head | Noun::Operator | Noun::Infix | Noun::Silent => continue,
        };
        if !list.contains(&text) {
            list.push(text);
        }
    }
    if value && !list.iter().any(|text| text == "a value") {
        list.insert(0, "a value".to_string());
    }
    let ends = rules.contains(&Rule::EOI) || rules.contains(&Rule::rbrace);
    let more = [
        (in_head, "a further part of the head"),
        (operator, "an operator"),
        (starter && (first || !ends), "a declaration"),
        (starter && !first && ends, "the next declaration"),
        (!starter && rules.contains(&Rule::EOI), "the end"),
    ];
    let more = more.into_iter().filter(|(so, _)| *so).map(|(_, text)| text.to_string());
    let more: Vec<String> = more.collect();
    list.truncate(MOST.saturating_sub(more.len()));
    list.extend(more);
    list_or(&list)
}

/// The grammar tries the parts of a head by their first letters, and these in any case.
pub(super) fn in_head(rules: &[Rule]) -> bool {
    rules.contains(&Rule::CITES)
}

/// Types and units know `/` and `*` too, but only expressions have `+`.
pub(super) fn behind_operand(rules: &[Rule]) -> bool {
    rules.contains(&Rule::plus)
}

pub(super) fn value(rules: &[Rule]) -> bool {
    let named = |rule: &Rule| noun(*rule) == Noun::Thing("a value");
    rules.iter().any(named)
        || [Rule::string, Rule::lparen, Rule::lbrace].iter().all(|rule| rules.contains(rule))
}

/// A keyword as it is written.
fn word(rule: Rule) -> String {
    format!("{rule:?}").trim_end_matches('_').to_lowercase().replace('_', " ")
}

/// The keyword of a rule, the first of those that belong together.
pub(super) fn keyword(rule: Rule) -> Option<String> {
    let words = match noun(rule) {
        Noun::Word | Noun::Head | Noun::Infix | Noun::Operator => word(rule),
        Noun::Mark(mark) => mark.to_string(),
        Noun::Starter | Noun::Thing(_) | Noun::Silent => return None,
    };
    let first = words.split(' ').next()?;
    first.starts_with(|sign: char| sign.is_ascii_lowercase()).then(|| first.to_string())
}

/// The keywords of a rule in full: `but at` is two.
pub(super) fn keywords(rule: Rule) -> Vec<String> {
    match rule {
        Rule::but_at => vec!["but at least".to_string(), "but at most".to_string()],
        Rule::AT_BOUND | Rule::bounded => vec!["at least".to_string(), "at most".to_string()],
        Rule::is_ | Rule::IS => vec!["is".to_string(), "is not".to_string()],
        Rule::multiplier => ["thousand", "million", "billion", "trillion"].map(str::to_string).to_vec(),
        Rule::business | Rule::business_days => vec!["business days".to_string()],
        _ => {
            let words = match noun(rule) {
                Noun::Word | Noun::Head | Noun::Infix | Noun::Operator => word(rule),
                Noun::Mark(mark) => mark.to_string(),
                Noun::Starter | Noun::Thing(_) | Noun::Silent => return Vec::new(),
            };
            let is_written = words.starts_with(|sign: char| sign.is_ascii_lowercase())
                && !matches!(
                    words.as_str(),
                    "args" | "dot" | "compare" | "plus" | "minus" | "times" | "divide"
                )
                && !matches!(
                    words.as_str(),
                    "suffix" | "infix" | "mark" | "percent" | "loose percent" | "unit"
                )
                && !matches!(words.as_str(), "narrow suffix" | "narrow infix");
            if is_written { vec![words] } else { Vec::new() }
        }
    }
}
