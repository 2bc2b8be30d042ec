//! Small helps for sentences.

use crate::text::shown;

/// A user's word in back-ticks, in one line.
pub fn tick(text: &str) -> String {
    format!("`{}`", shown(text))
}

/// `1 rule`, `3 rules`.
pub fn count(n: usize, noun: &str) -> String {
    match (n, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) if !noun.ends_with("ay") && !noun.ends_with("ey") => format!("{n} {stem}ies"),
        _ => format!("{n} {noun}s"),
    }
}

/// `a, b or c`
pub fn list_or<T: AsRef<str>>(items: &[T]) -> String {
    list(items, "or")
}

/// `a, b and c`
pub fn list_and<T: AsRef<str>>(items: &[T]) -> String {
    list(items, "and")
}

fn list<T: AsRef<str>>(items: &[T], word: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_string(),
        [start @ .., last] => {
            let start: Vec<&str> = start.iter().map(AsRef::as_ref).collect();
            format!("{} {word} {}", start.join(", "), last.as_ref())
        }
    }
}

/// No name is misspelt at greater length; comparing costs the product of the lengths.
const LONGEST: usize = 100;

/// The candidate a misspelt word most likely meant: at most a third of its letters away; the first of equals. A single
/// letter is the misspelling of nothing, and never meant.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = word.chars().count();
    if !(2..=LONGEST).contains(&letters) {
        return None;
    }
    let allowed = (letters / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.into_iter().filter(|one| one.chars().nth(1).is_some()) {
        let away = distance(&word.to_lowercase(), &candidate.to_lowercase());
        if away <= allowed && best.is_none_or(|(least, _)| away < least) {
            best = Some((away, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Edits between two words, a swap of neighbours counting one.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |cells: &[usize], k: usize| cells.get(k).copied().unwrap_or(usize::MAX / 2);
            let change = at(&row, j) + usize::from(x != y);
            let mut least = change.min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            if i > 0 && j > 0 && b.get(j - 1) == Some(x) && a.get(i - 1) == Some(y) {
                least = least.min(at(&before, j - 1) + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        assert_eq!(count(1, "rule"), "1 rule");
        assert_eq!(count(2, "policy"), "2 policies");
        assert_eq!(count(2, "day"), "2 days");
        assert_eq!(list_or(&["a", "b", "c"]), "a, b or c");
        assert_eq!(closest("disbursd", ["pledged", "disbursed"]), Some("disbursed"));
        assert_eq!(closest("pledegd", ["pledged"]), Some("pledged"));
        assert_eq!(closest("x", ["pledged"]), None);
        assert_eq!(closest("t", ["kg", "T", "tt"]), None);
        assert_eq!(closest("tt", ["t"]), None);
        assert_eq!(closest(&"x".repeat(LONGEST + 1), ["x"]), None);
    }
}
