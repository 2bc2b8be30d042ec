use dashu_int::{IBig, UBig};

use super::{Number, wide};

/// The value in full, if it is a finite decimal: `-0.125`, `550000000000`.
pub fn decimal(value: &Number) -> Option<String> {
    if let Some((num, den)) = value.small_parts() {
        if den == 1 {
            return Some(num.to_string());
        }
        let places = places_of(den)?;
        if places <= 18 {
            let scaled = i128::from(num) * (10i128.pow(places) / i128::from(den));
            return Some(point(scaled < 0, scaled.unsigned_abs().to_string(), places as usize));
        }
    }
    let wide = value.wide();
    let (twos, rest) = strip(wide.denominator().clone(), 2);
    let (fives, rest) = strip(rest, 5);
    if !rest.is_one() {
        return None;
    }
    let places = twos.max(fives);
    let factor = UBig::from(10u8).pow(places) / wide.denominator();
    let scaled = wide::magnitude(wide.numerator() * IBig::from(factor));
    Some(point(value.is_negative(), scaled.to_string(), places))
}

/// M6 on the wire: a finite decimal in full, else `n/d`. Never truncated.
pub fn wire(value: &Number) -> String {
    decimal(value).unwrap_or_else(|| fraction(value))
}

/// M6 for people: finite decimals in full, money with at least two decimals once it has any; else `n/d` where both are
/// short, or the first decimals and `…`. `grouped` puts commas between thousands: `549,999,999,999.99`.
pub fn human(value: &Number, money: bool, grouped: bool) -> String {
    let mut text = match decimal(value) {
        Some(text) => text,
        None if money => truncated(value, 2),
        None => {
            let fraction = fraction(value);
            if fraction.len() <= 9 { fraction } else { truncated(value, 6) }
        }
    };
    if money
        && let Some((_, places)) = text.split_once('.')
        && places.len() == 1
    {
        text.push('0');
    }
    if grouped { group(&text) } else { text }
}

/// The value as a percentage for people: `15%`, `0.25%`, `33.333333…%`.
pub fn rate(value: &Number) -> String {
    match value.mul(&Number::from(100)) {
        Ok(percent) => match decimal(&percent) {
            Some(text) => format!("{text}%"),
            None => format!("{}%", truncated(&percent, 6)),
        },
        Err(_) => human(value, false, false),
    }
}

fn fraction(value: &Number) -> String {
    format!("{}/{}", value.numerator(), value.denominator())
}

/// The first `places` decimals and `…`; the fraction itself if those would all be zero, for `0.00…` says nothing.
fn truncated(value: &Number, places: usize) -> String {
    let wide = value.wide();
    let scaled = wide::magnitude(wide.numerator() * IBig::from(10u8).pow(places)) / wide.denominator();
    if scaled.is_zero() {
        return fraction(value);
    }
    let mut text = point(value.is_negative(), scaled.to_string(), places);
    text.push('…');
    text
}

/// Puts the point before the last `places` digits.
fn point(negative: bool, digits: String, places: usize) -> String {
    let mut text = format!("{digits:0>width$}", width = places + 1);
    if places > 0 {
        text.insert(text.len() - places, '.');
    }
    if negative {
        text.insert(0, '-');
    }
    text
}

fn group(text: &str) -> String {
    if text.contains('/') {
        return text.to_owned();
    }
    let end = text.find(['.', '…']).unwrap_or(text.len());
    let (whole, rest) = text.split_at(end);
    let digits = whole.trim_start_matches('-').len();
    let mut out = String::with_capacity(text.len() + digits / 3);
    for (index, character) in whole.chars().enumerate() {
        let left = whole.len() - index;
        if character.is_ascii_digit() && left % 3 == 0 && left < digits {
            out.push(',');
        }
        out.push(character);
    }
    out + rest
}

/// The decimals a denominator needs, if 2 and 5 are its only primes.
fn places_of(den: i64) -> Option<u32> {
    let twos = den.trailing_zeros();
    let (mut rest, mut fives) = (den >> twos, 0);
    while rest % 5 == 0 {
        rest /= 5;
        fives += 1;
    }
    (rest == 1).then_some(twos.max(fives))
}

/// How often `prime` divides `value`, and what is left.
fn strip(mut value: UBig, prime: u8) -> (usize, UBig) {
    let prime = UBig::from(prime);
    let mut times = 0;
    while (&value % &prime).is_zero() && !value.is_zero() {
        value /= &prime;
        times += 1;
    }
    (times, value)
}
