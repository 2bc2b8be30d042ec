//! What was read, printed again: it is the text that was published, but for its spelling.

use super::grammar::DutyText;
use super::rate::printed_percent;
use super::special::{ANY, SpecialText};
use crate::value::Number;

impl DutyText {
    /// As a rate text.
    pub fn printed(&self) -> String {
        match self {
            DutyText::Rate(rate) => rate.to_string(),
            DutyText::Added(None) => "The duty provided in the applicable subheading".to_string(),
            DutyText::Added(Some(points)) => {
                format!("The duty provided in the applicable subheading + {}", printed_percent(points))
            }
            DutyText::NoChange => "No change".to_string(),
            DutyText::See(headings) => format!("See {headings}"),
        }
    }
}

/// The special column, printed again.
pub fn special_printed(texts: &[SpecialText]) -> String {
    let one = |one: &SpecialText| {
        let rate = one.said.as_ref().map_or_else(|| one.text.clone(), DutyText::printed);
        match one.programmes.as_slice() {
            [any] if any == ANY => rate,
            programmes => format!("{rate} ({})", programmes.join(",")),
        }
    };
    texts.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// Whether two rate texts are one but for spelling: blanks, capitals, the order of a sum, cents and dollars, 1.50 and 1.5,
/// a thousand in words, points and articles.
pub fn same_but_for_spelling(one: &str, other: &str) -> bool {
    spelling(one) == spelling(other)
}

/// A text without what is mere spelling: what stands between brackets in its order, each a sum in an order of its own.
pub(super) fn spelling(text: &str) -> Vec<Vec<String>> {
    let text = text.to_lowercase();
    text.split(['(', ')'])
        .map(|piece| {
            let mut parts: Vec<String> = sum(piece).iter().map(|part| part_spelling(part)).collect();
            parts.sort();
            parts
        })
        .collect()
}

/// The parts of a sum.
fn sum(text: &str) -> Vec<&str> {
    text.split('+').flat_map(|part| part.split(" plus ")).collect()
}

fn part_spelling(part: &str) -> String {
    let mut said = String::new();
    let mut rest = part;
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '0'..='9' | '$' | '.' => number(rest, &mut said),
            _ if first.is_whitespace() => rest.trim_start(),
            _ => word(rest, &mut said),
        };
    }
    // What is said in several ways; words run together in print.
    let said = said.replace("the", "").replace("providedfor", "provided").replace("additionalduty", "change");
    match said.as_str() {
        "free" => "#0#%".to_string(),
        _ => said,
    }
}

/// Takes a word, or a sign.
fn word<'t>(text: &'t str, said: &mut String) -> &'t str {
    let end = text.find(|sign: char| !sign.is_alphabetic()).unwrap_or(text.len());
    let first = text.chars().next().map_or(text.len(), char::len_utf8);
    let (word, rest) = text.split_at_checked(end.max(first)).unwrap_or((text, ""));
    said.push_str(match word {
        "litre" => "liter",
        "percent" => "%",
        "thousand" => "#1000#",
        "lin" | "\u{a2}" => "",
        "²" => "#2#",
        "³" => "#3#",
        other => other,
    });
    rest
}

/// Takes `$1.50`, `150¢` as dollars, `33 1/3` as one number. Signs on both sides keep it from its neighbours.
fn number<'t>(text: &'t str, said: &mut String) -> &'t str {
    let (is_dollars, bare) = match text.strip_prefix('$') {
        Some(bare) => (true, bare.trim_start()),
        None => (false, text),
    };
    let Some((value, rest)) = decimal(bare) else {
        // A point after a word.
        return text.get(1..).unwrap_or("");
    };
    let (value, rest) = match mixed(rest) {
        Some((part, rest)) => (value.add(&part).unwrap_or(value), rest),
        None => (value, rest),
    };
    let cents = rest.trim_start().strip_prefix('¢');
    let dollars =
        cents.and_then(|_| Number::from_ratio(1, 100).and_then(|hundredth| value.mul(&hundredth)).ok());
    match (is_dollars, dollars, cents) {
        (_, Some(dollars), Some(rest)) => {
            said.push_str(&format!("$#{dollars}#"));
            rest
        }
        (true, _, _) => {
            said.push_str(&format!("$#{value}#"));
            rest
        }
        _ => {
            said.push_str(&format!("#{value}#"));
            rest
        }
    }
}

/// `1,000.50` and what follows it.
fn decimal(text: &str) -> Option<(Number, &str)> {
    let mut end = 0;
    let mut point = false;
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    while let Some(byte) = bytes.get(end) {
        match byte {
            b'0'..=b'9' => {}
            b'.' if !point && digit(end + 1) => point = true,
            b',' if !point && digit(end + 1) && digit(end + 2) && digit(end + 3) => {}
            _ => break,
        }
        end += 1;
    }
    let (number, rest) = text.split_at_checked(end)?;
    let plain = number.replace(',', "");
    let plain = if plain.starts_with('.') { format!("0{plain}") } else { plain };
    Some((Number::parse_decimal(&plain)?, rest))
}

/// ` 1/3%`, a fraction after a whole number.
fn mixed(text: &str) -> Option<(Number, &str)> {
    let (above, rest) = decimal(text.strip_prefix(' ')?.trim_start())?;
    let (below, rest) = decimal(rest.strip_prefix('/')?)?;
    rest.trim_start().starts_with('%').then_some(())?;
    Some((above.div(&below).ok()?, rest))
}
