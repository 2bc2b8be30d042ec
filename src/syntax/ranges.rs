//! Two numbers with a hyphen between them: a range, a month, a list of codes. Which of them stands where it is read.

use super::errors;
use super::numeral::Wrong;
use super::slips::{HEADS, OPERATORS, RESERVED};
use crate::diag::{Code, Diagnostic, tick};
use crate::text::Span;

/// What is wrong with a number, by what stands before it and behind it.
pub(super) fn wrong_number(
    (whole, place): (Span, Span),
    digits: &str,
    more: &str,
    before: &str,
    wrong: Wrong,
) -> Box<Diagnostic> {
    let joined = matches!(wrong, Wrong::GluedMinus(..) | Wrong::Month { .. });
    let listed = joined && in_list(before);
    let said = match digits.split_once('-').filter(|_| joined) {
        Some((first, last)) if listed && more.is_empty() => of_codes(place, first, last),
        Some((first, last)) => of_numbers(whole, &format!("{digits}{more}"), (first, last), more),
        None => None,
    };
    match (said, wrong) {
        (Some(said), _) => Box::new(said),
        // In a list of codes `2029-01` is no month.
        (None, Wrong::Month { code, .. }) if listed => {
            errors::numeral(place, &Wrong::GluedMinus(digits.replacen('-', " - ", 1), Some(code)))
        }
        (None, wrong) => errors::numeral(place, &wrong),
    }
}

/// Whether a list in braces is open, in which codes stand.
fn in_list(before: &str) -> bool {
    let Some((head, open)) = before.rfind(['{', '}', '(', ')']).and_then(|at| before.split_at_checked(at))
    else {
        return false;
    };
    let head = head.trim_end();
    open.starts_with('{') && (head.ends_with(" in") || head.ends_with(" under"))
}

/// `{8701-8705}`
fn of_codes(span: Span, first: &str, last: &str) -> Option<Diagnostic> {
    let code = |text: &str| matches!(text.len(), 2 | 4) && text.bytes().all(|byte| byte.is_ascii_digit());
    let range = code(first) && code(last) && first.len() == last.len() && first < last;
    let message = "a range of codes is written with `..`";
    range.then(|| Diagnostic::error(Code::BadCode, span, message).fix(span, format!("{first}..{last}")))
}

/// `15-20%`, `15–20 USD`: from one to another, which no number is. `more`: the unit.
pub(super) fn of_numbers(
    span: Span,
    written: &str,
    (first, last): (&str, &str),
    more: &str,
) -> Option<Diagnostic> {
    let digits = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'_'))
    };
    let other = [HEADS, OPERATORS, RESERVED].iter().any(|words| words.contains(&more));
    if more.is_empty() || other || !digits(first) || !digits(last) {
        return None;
    }
    let suffix = if more == "%" { "%".to_string() } else { format!(" {more}") };
    let (low, high) = (format!("{first}{suffix}"), format!("{last}{suffix}"));
    let message = format!("{} is a range, and a value is one number", tick(written));
    Some(Diagnostic::error(Code::BadNumber, span, message).help(format!(
        "write the number that is meant; a condition is {}, a limit {}",
        tick(&format!("x >= {low} and x <= {high}")),
        tick(&format!("x but at least {low} but at most {high}"))
    )))
}
