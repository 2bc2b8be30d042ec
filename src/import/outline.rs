//! Where the notes of chapter 99 and their subdivisions begin and end in its text.

use super::note::NoteName;

/// A note, or a subdivision of one.
#[derive(Debug)]
pub(super) struct Part<'t> {
    pub subchapter: &'t str,
    /// The number of its first line in the text.
    pub first: usize,
    pub lines: Vec<&'t str>,
}

/// The lines of the text by subchapter, as far as they are notes.
pub(super) struct Outline<'t> {
    sections: Vec<Part<'t>>,
}

/// What runs at the head of a page of notes.
const CONTINUED: &str = "U.S. Notes (con.)";

/// What stands at the head of the columns of headings, where the notes of a subchapter end.
const COLUMNS: &str = "Heading/";

impl<'t> Outline<'t> {
    pub fn of(text: &'t str) -> Outline<'t> {
        let mut sections: Vec<Part<'t>> = Vec::new();
        let mut inside = false;
        for (at, line) in text.lines().enumerate() {
            let bare = line.trim_matches(|sign: char| sign.is_whitespace() || sign == '\u{c}');
            if let Some(subchapter) = bare.strip_prefix("SUBCHAPTER ").filter(|name| is_roman(name)) {
                sections.push(Part { subchapter, first: at.saturating_add(2), lines: Vec::new() });
                inside = true;
            } else if bare.starts_with(COLUMNS) || bare.starts_with("Statistical Note") {
                inside = false;
            } else if let (true, Some(section)) = (inside, sections.last_mut()) {
                let line = line.trim_start_matches('\u{c}');
                section.lines.push(line.trim_start().strip_prefix(CONTINUED).unwrap_or(line));
            }
        }
        Outline { sections }
    }

    /// The part of that name in each subchapter that has it.
    pub fn notes(&self, name: &NoteName) -> Vec<Part<'t>> {
        self.sections.iter().filter_map(|section| note(section, name)).collect()
    }
}

fn is_roman(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'I' | b'V' | b'X' | b'L'))
}

impl<'t> Part<'t> {
    fn slice(&self, from: usize, to: usize) -> Part<'t> {
        let lines = self.lines.get(from..to).unwrap_or(&[]).to_vec();
        Part { subchapter: self.subchapter, first: self.first.saturating_add(from), lines }
    }
}

fn note<'t>(section: &Part<'t>, name: &NoteName) -> Option<Part<'t>> {
    let starts = numbered(section);
    let at = starts.iter().position(|(number, _)| *number == name.number)?;
    let from = starts.get(at)?.1;
    let to = starts.get(at.saturating_add(1)).map_or(section.lines.len(), |next| next.1);
    let mut part = section.slice(from, to);
    for (depth, mark) in name.marks.iter().enumerate() {
        let above = depth.checked_sub(1).and_then(|above| name.marks.get(above));
        part = subdivision(&part, mark, (depth, above.map(String::as_str)))?;
    }
    Some(part)
}

/// The notes in the order of their numbers, each with its first line.
fn numbered(section: &Part<'_>) -> Vec<(u32, usize)> {
    let number = |line: &str| {
        let (number, _) = line.split_once('.').filter(|(number, _)| (1..=3).contains(&number.len()))?;
        number.parse::<u32>().ok()
    };
    let lines = section.lines.iter().enumerate();
    rising(&lines.filter_map(|(at, line)| Some((number(line)?, at))).collect::<Vec<_>>())
}

/// The longest chain of numbers that rise: others count what stands inside a note. Of two chains that with smaller ones.
fn rising(all: &[(u32, usize)]) -> Vec<(u32, usize)> {
    let number = |at: usize| all.get(at).map_or(0, |(number, _)| *number);
    // The last of the best chain of each length, and what stands before each.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(all.len());
    for (at, (own, _)) in all.iter().enumerate() {
        let length = ends.partition_point(|end| number(*end) < *own);
        before.push(length.checked_sub(1).and_then(|shorter| ends.get(shorter)).copied());
        match ends.get_mut(length) {
            // Of two equal ones the first: a list inside may begin anew.
            Some(end) if number(*end) > *own => *end = at,
            Some(_) => {}
            None => ends.push(at),
        }
    }
    let chain = std::iter::successors(ends.last().copied(), |at| before.get(*at).copied().flatten());
    let mut chain: Vec<(u32, usize)> = chain.filter_map(|at| all.get(at).copied()).collect();
    chain.reverse();
    chain
}

/// A mark of a subdivision at the beginning of a line, `(g)`.
struct NoteMark<'t> {
    text: &'t str,
    line: usize,
}

/// The subdivision of that mark; with how many marks stand before its own, and the last of them.
fn subdivision<'t>(part: &Part<'t>, wanted: &str, (depth, above): (usize, Option<&str>)) -> Option<Part<'t>> {
    let marks = marks(part, depth);
    let is_roman = roman(wanted).is_some() && (wanted.len() > 1 || above.is_some_and(is_letter));
    let order = order_of(wanted, is_roman)?;
    let counted = marks.iter().enumerate().filter(|(at, _)| is_roman || !is_of_other_order(&marks, *at));
    let starts =
        rising(&counted.filter_map(|(_, mark)| Some((order(mark.text)?, mark.line))).collect::<Vec<_>>());
    let number = order(wanted)?;
    let at = starts.iter().position(|(one, _)| *one == number)?;
    let from = starts.get(at)?.1;
    let to = starts.get(at.saturating_add(1)).map_or(part.lines.len(), |next| next.1);
    Some(part.slice(from, to))
}

/// The marks at the beginnings of lines; on the first line of the part, behind its number and its own marks.
fn marks<'t>(part: &Part<'t>, depth: usize) -> Vec<NoteMark<'t>> {
    let mut marks = Vec::new();
    for (line, text) in part.lines.iter().enumerate() {
        // Marks inside others may be set in.
        let mut rest = if depth > 0 { text.trim_start() } else { text };
        if line == 0 {
            rest = rest
                .split_once('.')
                .filter(|(number, _)| is_number(number))
                .map_or(rest, |(_, rest)| rest)
                .trim_start();
            for _ in 0..depth {
                rest = mark(rest).map_or(rest, |(_, rest)| rest.trim_start());
            }
        }
        while let Some((text, after)) = mark(rest) {
            if !is_reference(after) {
                marks.push(NoteMark { text, line });
            }
            rest = after.trim_start();
        }
    }
    marks
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn mark(text: &str) -> Option<(&str, &str)> {
    let (mark, after) = text.strip_prefix('(')?.split_once(')')?;
    let sound = (1..=5).contains(&mark.len()) && mark.bytes().all(|byte| byte.is_ascii_alphanumeric());
    sound.then_some((mark, after))
}

/// Whether a sentence goes on after a mark: `(g) of this note`, `(g) and (h)`.
fn is_reference(after: &str) -> bool {
    let after = after.trim_start();
    after.starts_with([',', ';', '.', ')'])
        || ["of ", "to ", "or ", "and ", "through "].iter().any(|word| after.starts_with(word))
}

fn is_letter(mark: &str) -> bool {
    mark.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// What counts the marks that are written as one is.
fn order_of(mark: &str, is_roman: bool) -> Option<fn(&str) -> Option<u32>> {
    let first = mark.bytes().next()?;
    match first {
        b'0'..=b'9' => Some(|mark| mark.parse().ok()),
        b'A'..=b'Z' => Some(|mark| letters(mark, b'A')),
        _ if is_roman => Some(roman),
        _ => Some(|mark| letters(mark, b'a')),
    }
}

/// `a` is 1, `z` 26, `aa` 27.
fn letters(mark: &str, first: u8) -> Option<u32> {
    let letter = mark.bytes().next()?;
    let place = u32::from(letter.checked_sub(first)?).checked_add(1).filter(|place| *place <= 26)?;
    let same = mark.bytes().all(|byte| byte == letter);
    let rounds = u32::try_from(mark.len()).ok()?.saturating_sub(1);
    same.then(|| rounds.saturating_mul(26).saturating_add(place))
}

/// `iv` is 4.
fn roman(mark: &str) -> Option<u32> {
    let value = |byte| match byte {
        b'i' => Some(1),
        b'v' => Some(5),
        b'x' => Some(10),
        b'l' => Some(50),
        _ => None,
    };
    let values: Vec<i32> = mark.bytes().map(value).collect::<Option<_>>()?;
    let mut sum = 0i32;
    for (at, value) in values.iter().enumerate() {
        let less = values.get(at.saturating_add(1)).is_some_and(|next| next > value);
        sum = sum.checked_add(if less { -value } else { *value })?;
    }
    u32::try_from(sum).ok()
}

/// So far it is looked for what follows a mark that may be read in two ways.
const AHEAD: usize = 1_000;

/// Whether a letter counts in Roman numbers: `(i)` before `(ii)`, `(v)` after `(iv)`.
fn is_of_other_order(marks: &[NoteMark<'_>], at: usize) -> bool {
    let mark = marks.get(at).map_or("", |mark| mark.text);
    let Some(number) = roman(mark) else { return false };
    let before = at.checked_sub(1).and_then(|before| marks.get(before)).and_then(|mark| roman(mark.text));
    let follows = before.is_some_and(|before| before.checked_add(1) == Some(number));
    let first = number == 1
        && marks.iter().skip(at.saturating_add(1)).take(AHEAD).find_map(|mark| match mark.text {
            "ii" => Some(true),
            "j" => Some(false),
            _ => None,
        }) == Some(true);
    follows || first
}
