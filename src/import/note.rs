//! The codes that a note of chapter 99 lists, from the text of the chapter as it is printed.
//!
//! Notes are numbered by subchapter. What they enumerate stands in columns: lines of codes and nothing else. A code in a
//! sentence is named, not listed.

use super::outline::{Outline, Part};
use crate::diag::{Code, Diagnostic, list_and, tick};
use crate::value::Code as TariffCode;
use std::collections::BTreeMap;

/// `33(g)`: the number of a note, and the marks of its subdivisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteName {
    pub number: u32,
    pub marks: Vec<String>,
}

impl NoteName {
    /// None: it is not so written.
    pub fn parse(text: &str) -> Option<NoteName> {
        let text = text.trim();
        let (number, mut rest) = text.split_at_checked(text.find('(').unwrap_or(text.len()))?;
        let mut marks = Vec::new();
        while let Some(open) = rest.trim_start().strip_prefix('(') {
            let (mark, after) = open.split_once(')')?;
            let sound = !mark.is_empty() && mark.bytes().all(|byte| byte.is_ascii_alphanumeric());
            marks.push(sound.then(|| mark.to_string())?);
            rest = after;
        }
        let number = number.trim().parse().ok()?;
        rest.trim().is_empty().then_some(NoteName { number, marks })
    }
}

impl std::fmt::Display for NoteName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.number)?;
        self.marks.iter().try_for_each(|mark| write!(f, "({mark})"))
    }
}

/// What a note lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteCodes {
    /// Of its notes it is one: `III`.
    pub subchapter: String,
    /// The line of the text on which it begins, and how.
    pub line: usize,
    pub begins: String,
    /// As published, each once, in their order.
    pub codes: Vec<String>,
    /// Codes that its sentences name, outside the list.
    pub named: Vec<String>,
}

/// The codes that a note lists.
///
/// # Errors
/// It is not there, several subchapters have it, or it lists nothing.
pub fn codes_of_note(
    file: &str,
    text: &str,
    name: &NoteName,
    subchapter: Option<&str>,
) -> Result<NoteCodes, Diagnostic> {
    let outline = Outline::of(text);
    let everywhere = outline.notes(name);
    let parts: Vec<&Part<'_>> = everywhere
        .iter()
        .filter(|part| subchapter.is_none_or(|wanted| wanted.eq_ignore_ascii_case(part.subchapter)))
        .collect();
    let part = match parts.as_slice() {
        [] => return Err(not_there(file, name, subchapter, &everywhere)),
        [one] => one,
        several => return Err(in_several(file, name, several)),
    };
    let (codes, named) = listed(&part.lines);
    if codes.is_empty() {
        return Err(no_list(file, name, part));
    }
    let begins: String = part.lines.first().map_or("", |line| line.trim()).chars().take(BEGINNING).collect();
    Ok(NoteCodes { subchapter: part.subchapter.to_string(), line: part.first, begins, codes, named })
}

/// So many letters of its first line say which note was read.
const BEGINNING: usize = 80;

fn not_there(file: &str, name: &NoteName, subchapter: Option<&str>, others: &[Part<'_>]) -> Diagnostic {
    let place = subchapter.map_or(String::new(), |subchapter| format!(" in subchapter {subchapter}"));
    let message = format!("{} has no note {}{place}", tick(file), tick(&name.to_string()));
    let others: Vec<String> = others.iter().map(|part| part.subchapter.to_string()).collect();
    if !others.is_empty() {
        let help = format!("a note of that number stands in subchapter {}", list_and(&others));
        return Diagnostic::general(Code::NoSuchNote, message).help(help);
    }
    Diagnostic::general(Code::NoSuchNote, message).help(
        "give the text of chapter 99 with its notes, line by line as it is printed; name the note as `33(g)`",
    )
}

fn in_several(file: &str, name: &NoteName, parts: &[&Part<'_>]) -> Diagnostic {
    let places: Vec<String> =
        parts.iter().map(|part| format!("{} (line {})", part.subchapter, part.first)).collect();
    let message = format!(
        "{} has a note {} in more than one subchapter: {}",
        tick(file),
        tick(&name.to_string()),
        list_and(&places)
    );
    Diagnostic::general(Code::NoSuchNote, message).help("say which with `--subchapter`")
}

fn no_list(file: &str, name: &NoteName, part: &Part<'_>) -> Diagnostic {
    let message = format!(
        "note {} of {}, on line {}, has no lines of codes",
        tick(&name.to_string()),
        tick(file),
        part.first
    );
    Diagnostic::general(Code::NoSuchNote, message)
        .help("codes that only sentences name are no list: read them, and write them down by hand")
}

/// The codes on lines of their own, and those in sentences.
fn listed(lines: &[&str]) -> (Vec<String>, Vec<String>) {
    let (mut codes, mut named) = (BTreeMap::new(), BTreeMap::new());
    let lists: Vec<Option<Vec<&str>>> = lines.iter().map(|line| codes_alone(line)).collect();
    for (at, line) in lines.iter().enumerate() {
        match lists.get(at).and_then(Option::as_deref) {
            Some(found)
                if found.len() > 1
                    || found.iter().any(|code| code.contains('.'))
                    || beside_list(&lists, at) =>
            {
                codes.extend(found.iter().map(|code| (digits(code), code.to_string())));
            }
            Some(found) => named.extend(found.iter().map(|code| (digits(code), code.to_string()))),
            None => named.extend(codes_inside(line).map(|code| (digits(code), code.to_string()))),
        }
    }
    named.retain(|digits, _| !codes.contains_key(digits));
    (codes.into_values().collect(), named.into_values().collect())
}

/// Four digits alone on a line are a heading only if a list goes on around them: a year may stand there too.
fn beside_list(lists: &[Option<Vec<&str>>], at: usize) -> bool {
    let dotted = |at: Option<usize>| {
        let line = at.and_then(|at| lists.get(at)).and_then(Option::as_ref);
        line.is_some_and(|found| found.iter().any(|code| code.contains('.')))
    };
    dotted(at.checked_sub(1)) || dotted(at.checked_add(1))
}

/// The codes of a line that has nothing else, but perhaps a mark before them.
fn codes_alone(line: &str) -> Option<Vec<&str>> {
    let words = line.split_whitespace().map(|word| word.trim_end_matches([',', ';']));
    let words: Vec<&str> = words.skip_while(|word| word.starts_with('(') && word.ends_with(')')).collect();
    (!words.is_empty() && words.iter().all(|word| is_listed(word))).then_some(words)
}

/// The codes with dots in a sentence.
fn codes_inside(line: &str) -> impl Iterator<Item = &str> {
    let words = line.split(|sign: char| !sign.is_ascii_digit() && sign != '.');
    words.map(|word| word.trim_matches('.')).filter(|word| word.contains('.') && is_listed(word))
}

/// A code as notes print them: `8471`, `4009.12.0020`.
fn is_listed(word: &str) -> bool {
    let dotted = word.contains('.') || word.len() == 4;
    dotted
        && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && TariffCode::parse(word).is_ok()
}

fn digits(code: &str) -> String {
    code.replace('.', "")
}
