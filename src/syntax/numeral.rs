//! What a numeral is: a number, a date or a code, or what is wrong with it.

use crate::value::{Day, Number};

#[derive(Debug)]
pub(super) enum Numeral {
    Plain {
        /// Without `_`.
        spelled: String,
        number: Number,
    },
    Date(Day),
    /// Two dots or more, or a leading zero.
    Code(String),
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// `2029-1-19`, with the date it must mean.
    LooseDate(String),
    /// `01/02/2029`, `26-01-03`: which part is the day, the month and the year is not said.
    Dates(Vec<String>),
    /// `2029-01`, and as a code.
    Month {
        first: String,
        last: String,
        code: String,
    },
    /// `99/99/2029`
    NoDate,
    /// `2029-02-30`, with the last day of that month, if there is such a month.
    NoSuchDay {
        written: String,
        last: Option<String>,
    },
    /// `2029-01-19T08`, with its date.
    TimeOfDay(String),
    /// `5-3`, with spaces put in; `6202-40`, also as a code with its dots.
    GluedMinus(String, Option<String>),
    /// `550bn`, with what it must mean.
    Glued {
        written: String,
        meant: Option<String>,
    },
    /// `1e5`
    Exponent(String),
    /// `1__0`, `1_`
    Underscore(String),
    TooLong,
}

/// More digits than any number within bounds has.
const LONGEST: usize = 320;

pub(super) fn read(text: &str) -> Result<Numeral, Wrong> {
    if text.len() > LONGEST {
        return Err(Wrong::TooLong);
    }
    if text.contains('-') {
        return dated(text);
    }
    if text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return Err(glued(text));
    }
    let dots = text.bytes().filter(|byte| *byte == b'.').count();
    let zero_led = text.starts_with('0') && text.as_bytes().get(1).is_some_and(|byte| *byte != b'.');
    if dots > 1 || zero_led {
        if text.contains('_') {
            return Err(Wrong::Underscore(text.to_string()));
        }
        return Ok(Numeral::Code(text.to_string()));
    }
    match Number::parse_decimal(text) {
        Some(number) => Ok(Numeral::Plain { spelled: text.replace('_', ""), number }),
        None if text.contains('_') => Err(Wrong::Underscore(text.to_string())),
        None => Err(Wrong::TooLong),
    }
}

fn dated(text: &str) -> Result<Numeral, Wrong> {
    if let Some(day) = Day::parse(text) {
        return Ok(Numeral::Date(day));
    }
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if let [year, month, day] = parts.as_slice()
        && digits(year)
        && digits(month)
        && digits(day)
    {
        if year.len() == 4 && month.len() <= 2 && day.len() <= 2 {
            let full = format!("{year}-{month:0>2}-{day:0>2}");
            if Day::parse(&full).is_some() {
                return Err(Wrong::LooseDate(full));
            }
            let last = (28..=31).rev().map(|day| format!("{year}-{month:0>2}-{day}"));
            let last = last.into_iter().find(|day| Day::parse(day).is_some());
            return Err(Wrong::NoSuchDay { written: text.to_string(), last });
        }
        if let (2, [_, ..]) = (year.len(), days_meant(text).as_slice()) {
            return Err(dates(days_meant(text)));
        }
        if day.len() == 4 {
            return Err(slashed(&parts.join("/")).unwrap_or(Wrong::NoDate));
        }
    }
    if text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return Err(match text.get(..10).filter(|date| Day::parse(date).is_some()) {
            Some(date) => Wrong::TimeOfDay(date.to_string()),
            None => Wrong::Glued { written: text.to_string(), meant: None },
        });
    }
    if let [year, month] = parts.as_slice()
        && (year.len(), month.len()) == (4, 2)
        && let Some(first) = Day::parse(&format!("{year}-{month}-01"))
        && ("1980".."2100").contains(year)
    {
        let last = (28..=31).rev().map(|day| format!("{year}-{month}-{day}"));
        let last = last.into_iter().find(|day| Day::parse(day).is_some()).unwrap_or_default();
        return Err(Wrong::Month { first: first.to_string(), last, code: parts.join(".") });
    }
    let code = parts.iter().all(|part| digits(part))
        && parts.first().is_some_and(|part| part.len() >= 4)
        && parts.iter().skip(1).all(|part| part.len() == 2 || part.len() == 4);
    Err(Wrong::GluedMinus(parts.join(" - "), code.then(|| parts.join("."))))
}

/// `2029/01/19`, `19/1/2029`: a date of another style, which reads as a division.
pub(super) fn slashed(text: &str) -> Option<Wrong> {
    if text.len() > 10 || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'/') {
        return None;
    }
    let parts: Vec<&str> = text.split('/').collect();
    let [first, _, last] = parts.as_slice() else { return None };
    // With two digits for the year it may be a division, unless a zero leads.
    let short = parts.iter().all(|part| part.len() == 2) && parts.iter().any(|part| part.starts_with('0'));
    if short && !days_meant(text).is_empty() {
        return Some(Wrong::Dates(days_meant(text)));
    }
    if !matches!((first.len(), last.len()), (4, 1..=2) | (1..=2, 4)) {
        return None;
    }
    Some(dates(days_meant(text)))
}

fn dates(days: Vec<String>) -> Wrong {
    match days.as_slice() {
        [] => Wrong::NoDate,
        [only] => Wrong::LooseDate(only.clone()),
        _ => Wrong::Dates(days),
    }
}

/// The days that a date written another way may mean, day before month first.
pub(super) fn days_meant(text: &str) -> Vec<String> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let day = |year: &str, month: &str, day: &str| {
        let date = format!("{year}-{month:0>2}-{day:0>2}");
        (year.len() == 4 && month.len() <= 2 && day.len() <= 2 && Day::parse(&date).is_some()).then_some(date)
    };
    let parts: Vec<&str> = text.split(['/', '.', '-']).collect();
    let mut days: Vec<String> = match parts.as_slice() {
        [first, second, third] if parts.iter().all(|part| digits(part)) => {
            let found = match first.len() {
                4 => [day(first, second, third), None, None],
                _ if third.len() == 2 && second.len() == 2 && first.len() == 2 => {
                    let year = |short: &str| format!("20{short}");
                    let mut found = [
                        day(&year(third), second, first),
                        day(&year(third), first, second),
                        day(&year(first), second, third),
                    ];
                    // With hyphens the year comes first, as in the whole date.
                    if text.contains('-') {
                        found.rotate_right(1);
                    }
                    found
                }
                _ => [day(third, second, first), day(third, first, second), None],
            };
            found.into_iter().flatten().collect()
        }
        [whole] if whole.len() == 8 && digits(whole) => {
            let part = |from: usize, to: usize| whole.get(from..to).unwrap_or("");
            let found = [
                day(part(0, 4), part(4, 6), part(6, 8)),
                day(part(4, 8), part(2, 4), part(0, 2)),
                day(part(4, 8), part(0, 2), part(2, 4)),
            ];
            found.into_iter().flatten().collect()
        }
        _ => Vec::new(),
    };
    let mut seen = Vec::new();
    for day in days.drain(..) {
        if !seen.contains(&day) {
            seen.push(day);
        }
    }
    seen
}

fn glued(text: &str) -> Wrong {
    let at = text.find(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(text.len());
    let (digits, word) = text.split_at(at);
    let exponent = word.strip_prefix(['e', 'E']);
    if exponent.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit())) {
        return Wrong::Exponent(text.to_string());
    }
    let meant = match word.to_ascii_lowercase().as_str() {
        "k" => "thousand",
        "m" | "mn" | "mio" | "mln" => "million",
        "bn" | "b" | "mrd" => "billion",
        "tn" | "trn" => "trillion",
        "d" => "days",
        "w" => "weeks",
        "y" | "yr" => "years",
        "pct" | "percent" => {
            return Wrong::Glued { written: text.to_string(), meant: Some(format!("{digits}%")) };
        }
        _ => word,
    };
    let sound = !word.contains('.') && digits.ends_with(|last: char| last.is_ascii_digit());
    Wrong::Glued { written: text.to_string(), meant: sound.then(|| format!("{digits} {meant}")) }
}
