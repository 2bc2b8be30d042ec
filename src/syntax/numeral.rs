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
    /// `01/02/2029`: either day comes first.
    TwoDates([String; 2]),
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
    if !matches!((first.len(), last.len()), (4, 1..=2) | (1..=2, 4)) {
        return None;
    }
    Some(match days_meant(text).as_slice() {
        [only] => Wrong::LooseDate(only.clone()),
        [one, other] => Wrong::TwoDates([one.clone(), other.clone()]),
        _ => Wrong::NoDate,
    })
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
                4 => [day(first, second, third), None],
                _ => [day(third, second, first), day(third, first, second)],
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
    days.dedup();
    days
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
