//! A word behind a number that is no unit, but says how many are counted, a share of a hundred, or a time: `550 MUSD`, `15 pp`,
//! `2 fortnights`. What the number then is, stays what was written.

use super::errors::{percent_word, time_word};
use crate::diag::{Code, Diagnostic, list_or, tick};
use crate::text::Span;
use crate::tree::{Name, Quantity};
use crate::value::{Number, Units, decimal, month_named};

/// Letters glued to a unit that multiply it, with what each may mean; before it and behind it.
const MULTIPLIERS: &[(&str, &[&str])] = &[
    ("K", &["thousand"]),
    ("k", &["thousand"]),
    ("kilo", &["thousand"]),
    ("Tsd", &["thousand"]),
    // The thousand of German accounts.
    ("T", &["thousand", "trillion"]),
    ("M", &["million"]),
    ("MM", &["million"]),
    ("Mn", &["million"]),
    ("mn", &["million"]),
    ("Mio", &["million"]),
    ("mio", &["million"]),
    ("mln", &["million"]),
    ("mega", &["million"]),
    ("B", &["billion"]),
    ("Bn", &["billion"]),
    ("bn", &["billion"]),
    ("Mrd", &["billion"]),
    ("mrd", &["billion"]),
    ("tn", &["trillion"]),
];

/// The unit and the multipliers that a word may be made of; none: it is no such word.
pub(super) fn multiplied(units: &Units, word: &str) -> Option<(String, &'static [&'static str])> {
    let readings = |sign: &str| MULTIPLIERS.iter().find(|(one, _)| *one == sign).map(|(_, many)| *many);
    // Of a barrel `M` is a thousand to the trade.
    let of = |unit: &str, many: &'static [&'static str]| match (unit, many) {
        ("barrel", ["million"]) => &["thousand", "million"],
        _ => many,
    };
    if matches!(word, "kt" | "Mt") {
        let tonne = ["tonne", "t"].into_iter().find(|unit| units.find(unit).is_some())?;
        return Some((tonne.to_string(), if word == "kt" { &["thousand"] } else { &["million"] }));
    }
    let cuts = || (1..word.len()).filter_map(move |at| word.split_at_checked(at));
    let before = cuts().find_map(|(sign, unit)| Some((counted_unit(units, unit)?, readings(sign)?)));
    let behind = || {
        cuts().find_map(|(unit, sign)| {
            // `USDm` is a million; `USDT` and the like are names of their own.
            let many = if sign == "m" { Some(&["million"][..]) } else { readings(sign) };
            let unit = counted_unit(units, unit).filter(|_| sign != "T")?;
            Some((unit, many?))
        })
    };
    let (unit, many) = before.or_else(behind)?;
    let many = of(&unit, many);
    Some((unit, many))
}

/// A unit that is counted by the thousand: money, or one with a name long enough not to be a sign of its own.
fn counted_unit(units: &Units, text: &str) -> Option<String> {
    let known = |text: &str| {
        let unit = units.find(text).and_then(|id| units.get(id))?;
        (unit.money || text.len() > 3 || text == "kg").then(|| text.to_string())
    };
    known(text).or_else(|| text.strip_suffix('s').and_then(known))
}

/// What the word behind a number means, where it is no unit.
pub(super) fn about(
    units: &Units,
    quantity: &Quantity,
    parts: &[(Name, i8)],
    span: Span,
) -> Option<Diagnostic> {
    let (name, _) = parts.first()?;
    if units.find(&name.text).is_some() {
        return None;
    }
    if parts.len() == 1
        && let Some(said) = share(quantity, name, span).or_else(|| time(quantity, name, span))
    {
        return Some(said);
    }
    if quantity.multiplied {
        return None;
    }
    let (unit, many) = multiplied(units, &name.text)?;
    let ways: Vec<String> = many.iter().map(|by| format!("{by} {unit}")).collect();
    let shown: Vec<String> = ways.iter().map(|way| tick(way)).collect();
    let message = format!("no unit is called {}", tick(&name.text));
    let said = Diagnostic::error(Code::UnknownUnit, name.span, message)
        .here("a multiplier is a word of its own")
        .help(format!("write {}", list_or(&shown)));
    Some(ways.iter().fold(said, |said, way| said.fix(name.span, way)))
}

/// Shares of a hundred, of a thousand and of ten thousand.
fn share(quantity: &Quantity, name: &Name, span: Span) -> Option<Diagnostic> {
    let one = |text: String| foreign(name, "a share").fix(span, text);
    let spelled = &quantity.spelled;
    Some(match name.text.to_ascii_lowercase().as_str() {
        "percent" | "pct" | "percentage" => percent_word(quantity, name, span),
        _ if quantity.multiplied => return None,
        "percents" | "prozent" | "procent" | "pourcent" | "pc" | "pp" | "ppts" | "ppt" => {
            one(format!("{spelled}%"))
        }
        "points" | "point" | "pts" => foreign(name, "a share")
            .help(format!(
                "write {} if percentage points are meant, {} if basis points are",
                tick(&format!("{spelled}%")),
                tick(&format!("{spelled} bp"))
            ))
            .fix(span, format!("{spelled}%"))
            .fix(span, format!("{spelled} bp")),
        "bps" | "bips" => foreign(name, "a share").fix(name.span, "bp"),
        "permille" | "promille" | "permil" => {
            let percent = quantity.number.div(&Number::from(10)).ok().and_then(|number| decimal(&number))?;
            one(format!("{percent}%"))
        }
        _ => return None,
    })
}

/// Times that are counted in others here.
fn time(quantity: &Quantity, name: &Name, span: Span) -> Option<Diagnostic> {
    if let Some(ours) = super::meant::time_word(&name.text) {
        return Some(time_word(name, ours));
    }
    let of = |each: i64, unit: &str| {
        let count = quantity.number.mul(&Number::from(each)).ok().and_then(|number| decimal(&number))?;
        Some(foreign(name, "a time").fix(span, format!("{count} {unit}")))
    };
    let help = |text: &str| Some(foreign(name, "a unit").help(text));
    match name.text.to_ascii_lowercase().as_str() {
        "fortnight" | "fortnights" => of(14, "days"),
        "quarters" | "quarter" => of(3, "months"),
        "semester" | "semesters" => of(6, "months"),
        "decade" | "decades" => of(10, "years"),
        "d" | "dys" => Some(time_word(name, "days")),
        "bd" | "bds" | "bday" => Some(time_word(name, "business days")),
        "h" | "hr" | "hrs" | "hour" | "hours" | "minute" | "minutes" => {
            help("the day is the smallest unit of time: say by which day it must be so")
        }
        "business" | "banking" | "working" => help("write `45 business days`, in words of their own"),
        "calendar" => help("write `45 days`: days are those of the calendar"),
        "cent" | "cents" | "pence" | "pennies" | "centimes" => {
            help("write a fraction of the currency: `0.05 USD`")
        }
        "decimals" | "decimal" | "digits" | "places" => {
            help("a step is an amount: `rounded to 0.01 USD`, `rounded to 0.1%`, `rounded to 1 kg`")
        }
        word if month_named(word).is_some() && word != "m" => {
            help("dates are written year-month-day, such as `2029-01-19` for 19 January 2029")
        }
        _ => None,
    }
}

fn foreign(name: &Name, what: &str) -> Diagnostic {
    let message = format!("{} is not {what} of the language", tick(&name.text));
    Diagnostic::error(Code::ForeignWord, name.span, message)
}

/// A word that multiplies a unit where no number stands: as a type, or in a product.
pub(super) fn alone(units: &Units, name: &Name, said: &Diagnostic) -> Option<Diagnostic> {
    let (unit, many) = multiplied(units, &name.text)?;
    let by = many.first()?;
    Some(said.clone().help(format!(
        "it is counted in {}; how many stands with each number: {}",
        tick(&unit),
        tick(&format!("5 {by} {unit}"))
    )))
}
