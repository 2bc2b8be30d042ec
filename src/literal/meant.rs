//! What a literal that is none, or is short of its unit, may mean: each reading as a fix of its own.

use super::counted;
use crate::diag::{Diagnostic, FixEdit, closest, list_or, tick};
use crate::text::Span;
use crate::tree::{self, ExprKind, Suffix};
use crate::value::{Number, Units, decimal};

/// Units as they are written elsewhere, which are units here too.
const UNITS: &[(&str, &str)] = &[
    ("kgs", "kg"),
    ("KG", "kg"),
    ("Kg", "kg"),
    ("KGS", "kg"),
    ("KGM", "kg"),
    ("kilogram", "kg"),
    ("kilograms", "kg"),
    ("kilos", "kg"),
    ("kilogramme", "kg"),
    ("kilogrammes", "kg"),
    ("gram", "g"),
    ("grams", "g"),
    ("grammes", "g"),
    ("GRM", "g"),
    ("metre", "m"),
    ("metres", "m"),
    ("meter", "m"),
    ("meters", "m"),
    ("MTR", "m"),
    ("kilometre", "km"),
    ("kilometres", "km"),
    ("kilometers", "km"),
    ("sqm", "m2"),
    ("MTK", "m2"),
    ("cbm", "m3"),
    ("MTQ", "m3"),
    ("L", "litre"),
    ("l", "litre"),
    ("ltr", "litre"),
    ("LTR", "litre"),
    ("liter", "litre"),
    ("liters", "litre"),
    ("litres", "litre"),
    ("bbl", "barrel"),
    ("bbls", "barrel"),
    ("barrels", "barrel"),
    ("kwh", "kWh"),
    ("KWH", "kWh"),
    ("MWH", "MWh"),
    ("euro", "EUR"),
    ("euros", "EUR"),
    ("yen", "JPY"),
    ("yuan", "CNY"),
    ("renminbi", "CNY"),
    ("RMB", "CNY"),
    // Abbreviations in use beside the codes of ISO 4217.
    ("NTD", "TWD"),
    ("CNH", "CNY"),
    ("YEN", "JPY"),
    ("STG", "GBP"),
    ("UKP", "GBP"),
    ("sterling", "GBP"),
    ("SFR", "CHF"),
    ("Sfr", "CHF"),
    ("SFr", "CHF"),
    ("CDN", "CAD"),
    ("NIS", "ILS"),
    ("DHS", "AED"),
    ("Rs", "INR"),
    ("RM", "MYR"),
    ("baht", "THB"),
    ("rand", "ZAR"),
    ("zloty", "PLN"),
    ("forint", "HUF"),
    ("ringgit", "MYR"),
    ("rupiah", "IDR"),
    ("shekel", "ILS"),
    ("shekels", "ILS"),
    ("dong", "VND"),
];

/// Currencies that are written often enough for two letters to have changed places.
const USUAL: &[&str] = &[
    "USD", "EUR", "GBP", "JPY", "CNY", "CHF", "CAD", "AUD", "NZD", "KRW", "TWD", "HKD", "SGD", "INR", "MXN",
    "BRL", "SEK", "NOK", "DKK",
];

/// Units that a policy declares, with how.
const DECLARED: &[(&[&str], &str)] = &[
    (&["t", "tonne", "tonnes", "mt", "MT", "Mg", "TNE"], "= 1000 kg"),
    (&["kt"], "= 1_000_000 kg"),
    (&["Mt"], "= 1_000_000_000 kg"),
    (&["lb", "lbs", "LB", "LBS", "LBR"], "= 0.45359237 kg"),
    (&["oz", "ONZ"], "= 0.028349523125 kg"),
    (&["hl", "HL", "hL", "HLT"], "= 100 litre"),
    (&["ml", "mL"], "= 0.001 litre"),
    (&["cl", "cL"], "= 0.01 litre"),
    (&["cm"], "= 0.01 m"),
    (&["mm"], "= 0.001 m"),
    (&["ft"], "= 0.3048 m"),
    (&["yd"], "= 0.9144 m"),
    (&["doz", "dozen", "DZN"], "= 12 piece"),
    (&["GWh"], "= 1000 MWh"),
];

/// A word that stands for several units.
struct Ambiguous {
    words: &'static [&'static str],
    why: &'static str,
    /// How one of them is declared; none: they are there, under names of their own.
    such_as: Option<&'static str>,
}

const AMBIGUOUS: &[Ambiguous] = &[
    Ambiguous {
        words: &["ton", "tons"],
        why: "a ton may be 1000 kg, 2000 pounds (907.18474 kg) or 2240 pounds (1016.0469088 kg)",
        such_as: Some("= 1000 kg"),
    },
    Ambiguous {
        words: &["gal", "gallon", "gallons"],
        why: "a gallon may be 3.785411784 litre (US) or 4.54609 litre (imperial)",
        such_as: Some("= 3.785411784 litre"),
    },
    Ambiguous {
        words: &["cwt", "hundredweight"],
        why: "a hundredweight may be 100 pounds (45.359237 kg), 112 pounds (50.80234544 kg) or 50 kg",
        such_as: Some("= 50 kg"),
    },
    Ambiguous {
        words: &["pound", "pounds"],
        why: "a pound may be the currency `GBP`, or 0.45359237 kg",
        such_as: Some("= 0.45359237 kg"),
    },
    Ambiguous {
        words: &["dollar", "dollars"],
        why: "several currencies are called so: `USD`, `CAD`, `AUD`, …",
        such_as: None,
    },
    Ambiguous { words: &["won"], why: "two currencies are called so: `KRW` and `KPW`", such_as: None },
    Ambiguous {
        words: &[
            "franc", "francs", "peso", "pesos", "rupee", "rupees", "crown", "crowns", "krone", "kroner",
            "krona", "kronor", "dinar", "dinars", "riyal", "riyals", "rouble", "roubles", "lira",
        ],
        why: "several currencies are called so",
        such_as: None,
    },
];

/// Whether two words are one: long ones in any case, short ones letter by letter, for `Mg` and `mg` are two units.
fn alike(theirs: &str, text: &str) -> bool {
    theirs == text || text.len() > 3 && theirs.eq_ignore_ascii_case(text)
}

/// What a word for a unit may mean; told with `said`, which says that there is no such unit.
pub fn unit_meant(said: Diagnostic, units: &Units, name: &tree::Name) -> Diagnostic {
    let text = name.text.as_str();
    let known = |ours: &str| units.find(ours).is_some();
    if let Some((_, ours)) = UNITS.iter().find(|(theirs, ours)| alike(theirs, text) && known(ours)) {
        return meant(said, name.span, ours);
    }
    if let Some(one) = AMBIGUOUS.iter().find(|one| one.words.iter().any(|word| alike(word, text))) {
        return said.help(match one.such_as {
            Some(how) => {
                format!(
                    "{}: declare the one that is meant, such as {}",
                    one.why,
                    tick(&format!("unit {text} {how}"))
                )
            }
            None => format!("{}: write the code of the one that is meant", one.why),
        });
    }
    if let Some(said) = counted::alone(units, name, &said) {
        return said;
    }
    // The policy declares it under another of its names.
    let own = |words: &&[&'static str]| words.iter().any(|word| alike(word, text));
    let declared_as = DECLARED.iter().map(|(words, _)| *words).find(own);
    if let Some(ours) = declared_as.and_then(|words| words.iter().find(|word| known(word))) {
        return meant(said, name.span, ours);
    }
    if let Some((_, how)) = DECLARED.iter().find(|(words, _)| words.iter().any(|word| alike(word, text))) {
        return said.help(declared(units, text, how));
    }
    if let Some(ours) = currency(units, text).or_else(|| near(units, text)) {
        return meant(said, name.span, ours);
    }
    said.help(format!("declare it: {}", tick(&format!("unit {text}"))))
}

/// Units of time as they are written elsewhere.
pub(super) fn time_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "weekdays" | "weekday" | "workdays" | "workday" | "bdays" => "business days",
        "mo" | "mos" | "mth" | "mths" => "months",
        "yr" | "yrs" => "years",
        "wk" | "wks" => "weeks",
        _ => return None,
    })
}

fn declared(units: &Units, text: &str, how: &str) -> String {
    let unit = tick(&format!("unit {text} {how}"));
    match how.ends_with("piece") && units.find("piece").is_none() {
        true => format!("declare it: {} and {unit}", tick("unit piece whole")),
        false => format!("declare it: {unit}"),
    }
}

fn meant(said: Diagnostic, span: Span, ours: &str) -> Diagnostic {
    said.here(format!("did you mean {}?", tick(ours))).fix(span, ours)
}

/// A currency by its letters in another case or in another order, or with one too many.
fn currency<'u>(units: &'u Units, text: &str) -> Option<&'u str> {
    let money = |name: &&str| {
        let id = units.find(name);
        id.and_then(|id| units.get(id)).is_some_and(|unit| unit.money)
    };
    let same = |name: &&str| name.eq_ignore_ascii_case(text);
    if let Some(same) = units.names().filter(money).find(same) {
        return Some(same);
    }
    let upper = text.bytes().all(|byte| byte.is_ascii_uppercase());
    // A letter written twice, or two neighbours that have changed places; any other word may be a name of its own.
    let near = |name: &str| match text.len() {
        3 => USUAL.contains(&name) && swapped(text, name),
        4 => doubled(text, name),
        _ => false,
    };
    let mut alike = units.names().filter(money).filter(|name| upper && near(name));
    alike.next().filter(|_| alike.next().is_none())
}

/// Whether two neighbours have changed places.
fn swapped(text: &str, name: &str) -> bool {
    let (theirs, ours) = (text.as_bytes(), name.as_bytes());
    let differ: Vec<usize> =
        theirs.iter().zip(ours).enumerate().filter(|(_, (a, b))| a != b).map(|(at, _)| at).collect();
    match differ.as_slice() {
        [first, second] => {
            *second == first.saturating_add(1)
                && theirs.get(*first) == ours.get(*second)
                && theirs.get(*second) == ours.get(*first)
        }
        _ => false,
    }
}

/// Whether one letter is written twice.
fn doubled(text: &str, name: &str) -> bool {
    let mut letters: Vec<char> = text.chars().collect();
    letters.dedup();
    letters.len() < text.len() && letters.into_iter().collect::<String>() == name
}

/// A measure with a name long enough for a slip: short names differ by what they measure.
fn near<'u>(units: &'u Units, text: &str) -> Option<&'u str> {
    let measure = |name: &&str| {
        let unit = units.find(name).and_then(|id| units.get(id));
        name.len() > 3 && unit.is_some_and(|unit| !unit.money)
    };
    // Letters before a unit make another of it.
    let prefixed = |name: &&str| text.len() > name.len() && text.ends_with(*name);
    if text.len() < 4 {
        None
    } else {
        closest(text, units.names().filter(measure).filter(|name| !prefixed(name)))
    }
}

/// A number where a rate is meant: so many per cent, or so much of one.
pub(super) fn rate_readings(said: Diagnostic, expr: &tree::Expr) -> Diagnostic {
    let (quantity, sign) = match &expr.kind {
        ExprKind::Quantity(quantity) => (quantity, ""),
        ExprKind::Negative(inner) => match &inner.kind {
            ExprKind::Quantity(quantity) => (quantity, "-"),
            _ => return said,
        },
        _ => return said,
    };
    if quantity.multiplied || !matches!(quantity.suffix, Suffix::None) {
        return said.help("write a rate such as `25%`");
    }
    let spelled = format!("{sign}{}", quantity.spelled);
    let percent = format!("{spelled}%");
    let share = quantity.number.mul(&Number::from(100)).ok().and_then(|number| decimal(&number));
    let share = share.map(|share| format!("{sign}{share}%"));
    let small = quantity.number < Number::from(1);
    let help = match share.as_ref().filter(|_| small) {
        Some(share) => format!(
            "write {} if {spelled} of the whole is meant, {} if {spelled} per cent is",
            tick(share),
            tick(&percent)
        ),
        None => format!("write {} if {spelled} per cent is meant", tick(&percent)),
    };
    let title = |text: &str| format!("write {}", tick(text));
    let as_percent = (title(&percent), vec![FixEdit::new(expr.span.after(), "%")]);
    let as_share = share.map(|share| (title(&share), vec![FixEdit::new(expr.span, share)]));
    let mut readings: Vec<_> = std::iter::once(as_percent).chain(as_share).collect();
    if small {
        readings.reverse();
    }
    readings.into_iter().fold(said.help(help), |said, (title, edits)| said.fix_by(title, edits, false))
}

/// An amount that is short of its unit.
pub fn with_unit(said: Diagnostic, quantity: &tree::Quantity, span: Span, units: &[String]) -> Diagnostic {
    let shown = |unit: &String| match (quantity.multiplied, multiplier(quantity)) {
        (false, _) => format!("{} {unit}", quantity.spelled),
        (true, Some(word)) => format!("{} {word} {unit}", quantity.spelled),
        (true, None) => format!("… {unit}"),
    };
    let said = match units {
        [_] => said,
        many => {
            let ways: Vec<String> = many.iter().map(|unit| tick(&shown(unit))).collect();
            said.or_help(|| format!("write {}", list_or(&ways)))
        }
    };
    units.iter().fold(said, |said, unit| {
        let title = format!("write {}", tick(&shown(unit)));
        said.fix_by(title, vec![FixEdit::new(span.after(), format!(" {unit}"))], false)
    })
}

/// The word that was written behind the digits.
fn multiplier(quantity: &tree::Quantity) -> Option<&'static str> {
    let digits = Number::parse_decimal(&quantity.spelled)?;
    let words = [
        ("thousand", 1_000),
        ("million", 1_000_000),
        ("billion", 1_000_000_000),
        ("trillion", 1_000_000_000_000_i64),
    ];
    let times = |by: i64| digits.mul(&Number::from(by)).is_ok_and(|number| number == quantity.number);
    words.into_iter().find(|(_, by)| times(*by)).map(|(word, _)| word)
}
