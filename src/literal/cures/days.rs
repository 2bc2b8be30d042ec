//! Days as customs systems, spreadsheets and letters write them.

use super::bad;
use crate::diag::{Diagnostic, list_or, tick};
use crate::text::Span;
use crate::value::{Day, month_named};

/// A day that a text may mean, and how it is then read.
type DayReading = (Day, &'static str);

pub(super) fn about(text: &str, span: Span) -> Option<Diagnostic> {
    if is_moment(text) {
        let said = bad(text, span, "a moment, not a day");
        return Some(said.help(
            "which day is meant? at one moment it is another day elsewhere: write the day it was where the agreement counts its days",
        ));
    }
    let (here, readings) =
        if text.bytes().all(|byte| byte.is_ascii_digit()) { digits(text)? } else { parts(text)? };
    let said = bad(text, span, here);
    Some(match readings.as_slice() {
        [] => said.help("write days as `2029-01-19`: the year with four digits, the month, the day"),
        [(day, _)] => said.help(format!("write {}", tick(&day.to_string()))).fix(span, day.to_string()),
        many => {
            let readings: Vec<String> =
                many.iter().map(|(day, how)| format!("{} ({how})", tick(&day.to_string()))).collect();
            said.help(format!("write the day that is meant: {}", list_or(&readings)))
        }
    })
}

/// A day of the calendar with a time of the clock behind it.
fn is_moment(text: &str) -> bool {
    let Some((day, time)) = text.split_at_checked(10) else { return false };
    let clock = time.strip_prefix(['T', ' ', 't']).unwrap_or("");
    Day::parse(day).is_some() && clock.starts_with(|sign: char| sign.is_ascii_digit()) && clock.contains(':')
}

fn of(year: i64, month: i64, day: i64) -> Option<Day> {
    Day::parse(&format!("{year:04}-{month:02}-{day:02}"))
}

/// Readings of a year, month and day in the orders they may have, each day once.
fn readings(all: &[(Option<Day>, &'static str)]) -> Vec<DayReading> {
    let mut found: Vec<DayReading> = Vec::new();
    for (day, how) in all {
        if let Some(day) = day
            && !found.iter().any(|(known, _)| known == day)
        {
            found.push((*day, how));
        }
    }
    found
}

/// `20250820`, or the number of a day as spreadsheets count them.
fn digits(text: &str) -> Option<(&'static str, Vec<DayReading>)> {
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    match text.len() {
        8 => {
            let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
            let (one, two, last) = (part(0, 2)?, part(2, 4)?, part(4, 8)?);
            let found = readings(&[
                (of(year, month, day), "year first"),
                (of(last, two, one), "day first"),
                (of(last, one, two), "month first"),
            ]);
            Some(("a day without hyphens", found))
        }
        5 => {
            let serial = text.parse::<i64>().ok()?;
            // Day 1 is 1900-01-01, and 1900 is taken for a leap year; or day 0 is 1904-01-01.
            let since = |first: &str, days: i64| Day::parse(first)?.add_days(days).ok();
            let found = readings(&[
                (since("1900-01-01", serial.checked_sub(2)?), "counted from 1900"),
                (since("1904-01-01", serial), "counted from 1904"),
            ]);
            Some(("the number of a day in a spreadsheet", found))
        }
        _ => None,
    }
}

/// `04/09/2025`, `4.9.2025`, `2025/10/1`, `1 October 2025`, `Oct 1, 2025`.
fn parts(text: &str) -> Option<(&'static str, Vec<DayReading>)> {
    let words: Vec<&str> = text.split(['/', '.', '-', ' ', ',']).filter(|word| !word.is_empty()).collect();
    let [one, two, three] = words.as_slice() else { return None };
    let number = |word: &str| -> Option<i64> {
        let word = word.trim_end_matches(|sign: char| sign.is_ascii_lowercase());
        word.parse().ok().filter(|_| word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let here = "not written as a day";
    let long = |word: &str| word.len() == 4;
    if let (Some(month), Some(day), Some(year)) =
        (month_named(one).map(i64::from), number(two), number(three))
    {
        let found = if long(three) { readings(&[(of(year, month, day), "")]) } else { Vec::new() };
        return Some((here, found));
    }
    if let (Some(day), Some(month), Some(year)) =
        (number(one), month_named(two).map(i64::from), number(three))
    {
        let found = if long(three) { readings(&[(of(year, month, day), "")]) } else { Vec::new() };
        return Some((here, found));
    }
    let (a, b, c) = (number(one)?, number(two)?, number(three)?);
    // Written as days are: there is no such one.
    if (one.len(), two.len(), three.len()) == (4, 2, 2) && text.contains('-') {
        return None;
    }
    let found = match (long(one), long(three)) {
        (true, false) => readings(&[(of(a, b, c), "")]),
        (false, true) => readings(&[(of(c, b, a), "day first"), (of(c, a, b), "month first")]),
        _ => Vec::new(),
    };
    Some((here, found))
}
