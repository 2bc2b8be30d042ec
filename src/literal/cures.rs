//! What people's files have in place of a value, and what to write instead. Nothing here is a guess: where a text has two
//! readings, both are named.

mod days;
mod numbers;

use super::LiteralScope;
use crate::diag::{Code, Diagnostic, tick};
use crate::policy::Type;
use crate::sheet::{NumberTrouble, Written};
use crate::text::Span;

/// A cell that is not one written value.
fn bad(text: &str, span: Span, here: &str) -> Diagnostic {
    Diagnostic::error(Code::BadCell, span, format!("{} is not one written value", tick(text))).here(here)
}

/// What is wrong with a text of this type, if it is of a kind that is known.
pub(super) fn about(
    scope: &LiteralScope<'_>,
    ty: &Type,
    written: &Written<'_>,
    bare: bool,
) -> Option<Diagnostic> {
    let (text, span) = (written.text.trim(), written.span);
    // Values from a day on are those of a facts file, whose words are the language's.
    if matches!(ty, Type::Text | Type::Row(_)) || text.contains(" from ") {
        return None;
    }
    if let Some(said) = nothing(ty, text, span).or_else(|| curly(text, span)) {
        return Some(said);
    }
    match ty {
        Type::Date => days::about(text, span),
        Type::Number { face, .. } => numbers::about(scope, face, (text, bare), span),
        Type::Duration(_) => numbers::computed(text, span),
        Type::Bool => truth(text, span),
        Type::Country => country(text, span),
        Type::Code | Type::Enum(_) | Type::Text | Type::Row(_) => None,
    }
}

/// A number that may be two.
pub(super) fn which_number(text: &str, trouble: &NumberTrouble, span: Span) -> Diagnostic {
    let said = bad(text, span, "which number is meant?");
    match trouble {
        NumberTrouble::TwoReadings(one, other) => said.help(format!(
            "write {} or {}; for a whole file of rows `comity run` has `--decimal-mark`",
            tick(one),
            tick(other)
        )),
        NumberTrouble::Marks => said.help(
            "write the number first, with a point before its decimals and nothing between thousands: `1234.50 USD`",
        ),
        NumberTrouble::OtherMark => said.help(
            "the numbers of this file have decimal commas, and this one a point: write all of them alike",
        ),
    }
}

/// A day where a code stands.
pub(super) fn day_for_a_code(text: &str, span: Span) -> Diagnostic {
    let dotted = text.replace('-', ".");
    bad(text, span, "this is a day").help(format!("write {} if a code is meant", tick(&dotted)))
}

/// Quotes of print around a value.
fn curly(text: &str, span: Span) -> Option<Diagnostic> {
    let inner = text
        .strip_prefix(['“', '„', '‘', '‚', '«'])
        .and_then(|text| text.strip_suffix(['”', '“', '’', '‘', '»']))?;
    Some(bad(text, span, "quotes of print").fix(span, inner))
}

const NOTHING: [&str; 17] = [
    "n/a",
    "n.a.",
    "na",
    "nan",
    "null",
    "none",
    "nil",
    "-",
    "--",
    "–",
    "—",
    ".",
    "..",
    "?",
    "tbd",
    "not available",
    "missing",
];

/// Words for nothing, and what spreadsheets have where a formula failed.
fn nothing(ty: &Type, text: &str, span: Span) -> Option<Diagnostic> {
    if text.len() > 1 && text.starts_with('#') && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        let said = bad(text, span, "a formula of a spreadsheet failed here");
        return Some(said.help("mend the formula, or leave the cell empty where the value is not known"));
    }
    let said = NOTHING.iter().any(|word| text.eq_ignore_ascii_case(word));
    said.then(|| {
        let said = bad(text, span, "a word or sign for nothing");
        let open = "leave the cell empty, or write `unknown`, where the value is not known";
        said.help(match ty {
            Type::Number { .. } => format!("{open}; write `0` if it is zero"),
            Type::Bool => format!("{open}; write `false` if it is not so"),
            Type::Date => format!("{open}; write `never` if there is no such day"),
            _ => open.to_string(),
        })
    })
}

fn truth(text: &str, span: Span) -> Option<Diagnostic> {
    let word = text.chars().all(char::is_alphabetic) && text != "unknown";
    word.then(|| bad(text, span, "`true` or `false` is meant here").help("write `true` or `false`"))
}

/// Numbers for countries, of which there are several lists.
fn country(text: &str, span: Span) -> Option<Diagnostic> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| {
        let said = bad(text, span, "a number for a country");
        said.help("write the two letters of ISO 3166, such as `JP`; statistical numbers of countries differ from office to office")
    })
}
