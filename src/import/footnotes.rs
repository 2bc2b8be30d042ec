//! The headings of chapter 99 that footnotes name.

use super::line::{ScheduleLine, is_code};
use std::collections::BTreeSet;

/// All headings of chapter 99 in a schedule, by which ranges are told.
pub(super) struct Headings(BTreeSet<String>);

/// `9903.88.15`
const LONG: usize = 10;

impl Headings {
    pub fn of(lines: &[ScheduleLine<'_>]) -> Headings {
        let coded = lines
            .iter()
            .filter(|line| line.chapter() == "99" && line.code.len() >= LONG && is_code(&line.code));
        Headings(coded.filter_map(|line| line.code.get(..LONG)).map(str::to_string).collect())
    }

    /// Those that footnotes name, with all of a range.
    pub fn named(&self, footnotes: &[String]) -> BTreeSet<String> {
        let mut named = BTreeSet::new();
        for note in footnotes {
            let mut last: Option<(&str, usize)> = None;
            for (start, code) in codes(note) {
                if let Some((first, end)) = last
                    && note.get(end..start).is_some_and(is_through)
                    && first <= code
                {
                    named.extend(self.0.range(first.to_string()..=code.to_string()).cloned());
                }
                named.insert(code.to_string());
                last = Some((code, start.saturating_add(code.len())));
            }
        }
        named
    }
}

fn is_through(between: &str) -> bool {
    matches!(between.trim(), "-" | "–" | "—" | "through")
}

/// The codes of eight digits of chapter 99 in a text, with their places.
fn codes(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices("99").filter_map(|(at, _)| {
        let code = text.get(at..at.checked_add(LONG)?)?;
        let inside = |sign: char| sign.is_ascii_digit() || sign == '.';
        let free = !text.get(..at)?.ends_with(inside)
            && !text.get(at.checked_add(LONG)?..)?.starts_with(|sign: char| sign.is_ascii_digit());
        (is_code(code) && free).then_some((at, code))
    })
}
