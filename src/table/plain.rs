//! Cells in their commonest spelling, read from their bytes. Whatever is not as plain as these goes the way of all cells;
//! a property test holds the two ways together.

use crate::value::Day;

/// Digits a plain number may have: as many as fit 64 bits whatever they are.
const DIGITS: usize = 18;

/// `-1234.50 USD` is -123450, 2 and ` USD`: digits after at most one sign, with at most one point, then anything that
/// cannot belong to them. None: not plain, which does not mean wrong.
#[inline]
pub(super) fn decimal(text: &[u8]) -> Option<(i64, u8, &[u8])> {
    let (negative, text) = match text.split_first()? {
        (b'-', rest) => (true, rest),
        _ => (false, text),
    };
    let mut value: i64 = 0;
    let mut digits = 0usize;
    let mut point: Option<usize> = None;
    let mut end = 0;
    for byte in text {
        match byte {
            b'0'..=b'9' if digits < DIGITS => {
                value = value * 10 + i64::from(byte - b'0');
                digits += 1;
            }
            b'.' if point.is_none() && digits > 0 => point = Some(digits),
            // Too long, `1_000`, a code, or a number glued to letters.
            b'0'..=b'9' | b'.' | b'_' => return None,
            _ => break,
        }
        end += 1;
    }
    let whole = point.unwrap_or(digits);
    let places = digits - whole;
    // A leading zero makes a code; a point has digits on both sides.
    let leading = whole > 1 && text.first() == Some(&b'0');
    if digits == 0 || leading || (point.is_some() && places == 0) {
        return None;
    }
    let places = u8::try_from(places).ok()?;
    Some((if negative { -value } else { value }, places, text.get(end..)?))
}

/// `2029-01-19` as its number ([`Day::number`]). None: it is no such day, or `never`.
#[inline]
pub(super) fn day(text: &[u8]) -> Option<i32> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return None };
    let number = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0i64, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0')))
    };
    let (year, month, day) = (number(&[*y1, *y2, *y3, *y4])?, number(&[*m1, *m2])?, number(&[*d1, *d2])?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(leap),
        _ => return None,
    };
    if !(1..=last).contains(&day) {
        return None;
    }
    // Years from March on, so that the odd day of leap years is the last; 400 of them have 146,097 days.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let since = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let number = since + (153 * month + 2) / 5 + day - 1 - 719_468;
    Day::from_number(number).map(Day::number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_numbers_are_read_to_the_sign_that_ends_them() {
        assert_eq!(decimal(b"1234.50 USD"), Some((123_450, 2, &b" USD"[..])));
        assert_eq!(decimal(b"-15%"), Some((-15, 0, &b"%"[..])));
        assert_eq!(decimal(b"0"), Some((0, 0, &b""[..])));
        assert_eq!(decimal(b"0.05"), Some((5, 2, &b""[..])));
        for other in ["", "-", ".5", "5.", "05", "1_000", "8703.20.1", "1234567890123456789", "x"] {
            assert_eq!(decimal(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn every_day_there_is_has_its_number() {
        let mut day = Day::FIRST;
        while !day.is_never() {
            assert_eq!(super::day(day.to_string().as_bytes()), Some(day.number()), "{day}");
            day = day.next();
        }
    }

    proptest! {
        #[test]
        fn what_is_no_day_is_none(year in 1890u32..2310, month in 0u32..14, day in 0u32..33) {
            let text = format!("{year:04}-{month:02}-{day:02}");
            prop_assert_eq!(super::day(text.as_bytes()), Day::parse(&text).map(Day::number));
        }
    }
}
