//! Values in their commonest spelling, read without the grammar: `550 billion USD`, `15%`, `2029-01-19`, `JP`,
//! `-5 kg from 2025-09-04 known from 2025-10-01`, `unknown`. A table has millions of them.
//!
//! What is read here the grammar reads in the same way, places included (a property test holds the two together);
//! whatever is not as plain as these is left to the grammar.

use crate::text::{SourceId, Span};
use crate::tree::{Dated, Expr, ExprKind, Name, Path, Quantity, Stated, StatedValue, Suffix};
use crate::value::{Day, Number};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// What is longer than this is not plain.
const LONGEST: usize = 128;

/// One statement. None: not plain, which does not mean wrong.
pub(super) fn stated(source: SourceId, text: &str, offset: u32) -> Option<Stated> {
    if text.len() > LONGEST {
        return None;
    }
    let mut words = PlainWords { source, text, offset, at: 0 };
    let value = match words.next()? {
        ("unknown", _) => StatedValue::Unknown,
        (word, span) => StatedValue::Exactly(words.value(word, span)?),
    };
    let mut from = None;
    if words.at < text.len() {
        words.expect("from")?;
        let day = words.date()?;
        let known = if words.at < text.len() {
            words.expect("known")?;
            words.expect("from")?;
            Some(words.date()?)
        } else {
            None
        };
        from = Some(Dated { day, known });
    }
    (words.at == text.len()).then(|| Stated { value, from, span: words.place(0, text.len()) })
}

/// The words of a text, with exactly one space between two.
struct PlainWords<'a> {
    source: SourceId,
    text: &'a str,
    offset: u32,
    /// Where the next word begins; the length of the text if there is none.
    at: usize,
}

impl<'a> PlainWords<'a> {
    fn next(&mut self) -> Option<(&'a str, Span)> {
        let rest = self.text.get(self.at..)?;
        let word = rest.split(' ').next().filter(|word| !word.is_empty())?;
        let start = self.at;
        let end = start + word.len();
        // A space at the very end leads nowhere: the text is not plain.
        self.at = match self.text.len() {
            length if end == length => length,
            length if end + 1 == length => return None,
            _ => end + 1,
        };
        Some((word, self.place(start, end)))
    }

    fn peek(&self) -> &'a str {
        self.text.get(self.at..).and_then(|rest| rest.split(' ').next()).unwrap_or("")
    }

    fn place(&self, start: usize, end: usize) -> Span {
        let offset = self.offset as usize;
        Span::new(self.source, offset + start, offset + end)
    }

    fn expect(&mut self, word: &str) -> Option<()> {
        self.next().filter(|(found, _)| *found == word).map(|_| ())
    }

    fn date(&mut self) -> Option<Expr> {
        let (word, span) = self.next()?;
        Some(Expr { kind: ExprKind::Date(Day::parse(word)?), span })
    }

    fn value(&mut self, word: &'a str, span: Span) -> Option<Expr> {
        let kind = match word.bytes().next()? {
            b'-' => {
                let positive = self.quantity(word.get(1..)?, Span { start: span.start + 1, ..span })?;
                let span = span.to(positive.span);
                return Some(Expr { kind: ExprKind::Negative(Box::new(positive)), span });
            }
            b'0'..=b'9' => match Day::parse(word) {
                Some(day) => ExprKind::Date(day),
                None => return self.quantity(word, span),
            },
            _ => match word {
                "true" | "false" => ExprKind::Bool(word == "true"),
                _ if is_name(word) && !self.begins_something(word) => {
                    let head = Name { text: word.to_string(), span };
                    ExprKind::Path(Path { head, steps: Vec::new() })
                }
                _ => return None,
            },
        };
        Some(Expr { kind, span })
    }

    fn quantity(&mut self, word: &'a str, mut span: Span) -> Option<Expr> {
        let digits = word.strip_suffix('%').unwrap_or(word);
        let mut number = plain_number(digits)?;
        let spelled = digits.replace('_', "");
        let (mut suffix, mut suffix_span, mut multiplied) = (Suffix::None, None, false);
        if digits.len() < word.len() {
            suffix = Suffix::Percent;
            suffix_span = Some(Span { start: span.end.saturating_sub(1), ..span });
        } else {
            if let Some(times) = multiplier(self.peek()) {
                number = number.mul(&Number::from(times)).ok()?;
                multiplied = true;
                span = span.to(self.next()?.1);
            }
            let unit = self.peek();
            if !matches!(unit, "" | "from") {
                let (unit, place) = self.next().filter(|(unit, _)| is_name(unit) && !is_special(unit))?;
                suffix = Suffix::Unit(vec![(Name { text: unit.to_string(), span: place }, 1)]);
                suffix_span = Some(place);
                span = span.to(place);
            }
        }
        let quantity = Quantity { spelled, number, multiplied, suffix, suffix_span };
        Some(Expr { kind: ExprKind::Quantity(quantity), span })
    }

    /// Whether a word with what follows is more than a name: `first day of …`, `USD 5`.
    fn begins_something(&self, word: &str) -> bool {
        is_special(word) || !matches!(self.peek(), "" | "from")
    }
}

fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// `550_000`, `33.3`; neither a leading zero nor anything else a code may have.
fn plain_number(word: &str) -> Option<Number> {
    let (whole, decimals) = word.split_once('.').unwrap_or((word, "0"));
    let sound = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_digit()) && part.ends_with(|c: char| c.is_ascii_digit())
    };
    let digits = |byte: u8| byte.is_ascii_digit();
    let groups = |byte: u8| byte.is_ascii_digit() || byte == b'_';
    let plain = sound(whole)
        && sound(decimals)
        && whole.bytes().all(groups)
        && !whole.contains("__")
        && decimals.bytes().all(digits)
        && (whole == "0" || !whole.starts_with('0'));
    if !plain {
        return None;
    }
    if whole.contains('_') {
        Number::parse_decimal(&word.replace('_', ""))
    } else {
        Number::parse_decimal(word)
    }
}

fn multiplier(word: &str) -> Option<i64> {
    match word {
        "thousand" => Some(1_000),
        "million" => Some(1_000_000),
        "billion" => Some(1_000_000_000),
        "trillion" => Some(1_000_000_000_000),
        _ => None,
    }
}

/// Whether a word is no plain unit or name, but belongs to the grammar. All such words are in lower case.
fn is_special(word: &str) -> bool {
    static WORDS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| SPECIAL.split(' ').collect());
    word.starts_with(|first: char| first.is_ascii_lowercase()) && WORDS.contains(word)
}

const SPECIAL: &str = "agreement all amends and annex any article as at average between billion bp business but by calendar \
cites count day days define each effective ends entity enum everywhere expect fact false first for \
from function given guarantee held if in insert is known last max million min month months not \
notwithstanding obligation of office on or otherwise outcome over per percent power quarter repeal \
replace requires rounded rounding rule running scenario set since source starting subject substitute sum \
then thousand through to top trillion true under unit unknown until use week weeks where with within year \
years";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax;
    use proptest::prelude::*;

    /// What the grammar makes of a text; none if it is not one statement.
    fn by_grammar(text: &str) -> Option<Stated> {
        let mut series = syntax::stated(SourceId(3), text, 7).ok()?;
        (series.statements.len() == 1).then(|| series.statements.remove(0))
    }

    #[test]
    fn the_common_forms_are_plain() {
        for text in [
            "550 billion USD",
            "-5 kg",
            "15%",
            "-0.5%",
            "8703.20",
            "2029-01-19",
            "JP",
            "true",
            "unknown",
            "never",
            "549_999_999_999.99 USD from 2029-01-19",
            "0 USD from 2025-09-04 known from 2026-01-01",
            "unknown from 2025-09-04",
            "5 thousand",
            "0",
        ] {
            let plain = stated(SourceId(3), text, 7);
            assert!(plain.is_some(), "{text}");
            assert_eq!(format!("{plain:?}"), format!("{:?}", by_grammar(text)), "{text}");
        }
    }

    const WORDS: &str = "550|5.5|0|08|1_000|1__0|1_|-5|-|15%|15 %|8703.20.1|2029-01-19|2029-1-1|2029-02-30|billion|\
        thousand|USD|kg|vehicle|USD/kg|days|month|rounding down|JP|never|unknown|true|not|from|\
        known|at|in|first|today|but|by|,|x.y|(|\"a\"|#|##|\n|  |_a|é|bp|per|count|5USD|1e5|of|\
        article|=|/|*|between|and|power|is|on|%|{|if|year";

    /// No word of the grammar, today's or a later one's, is taken for a unit or a name that is none.
    #[test]
    fn words_of_the_grammar_stay_its_own() {
        let grammar = include_str!("../../grammar/comity.pest");
        for word in
            grammar.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_').filter(|w| !w.is_empty())
        {
            for text in [
                word.to_string(),
                format!("{word} from 2026-01-01"),
                format!("5 {word}"),
                format!("-5.5 million {word} from 2026-01-01 known from 2027-01-01"),
                format!("{word}%"),
            ] {
                if let Some(plain) = stated(SourceId(3), &text, 7) {
                    assert_eq!(format!("{:?}", Some(plain)), format!("{:?}", by_grammar(&text)), "{text}");
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]
        /// Whatever is read here the grammar reads in the same way, with the same places.
        #[test]
        fn the_grammar_agrees(
            value in prop::collection::vec(prop::sample::select(WORDS.split('|').collect::<Vec<_>>()), 1..4),
            from in prop::sample::select(&["", "from 2025-09-04", "from 2025-09-04 known from 2026-01-01", "from never"][..]),
            glued in prop::bool::weighted(0.2),
        ) {
            let text = format!("{} {from}", value.join(if glued { "" } else { " " }));
            let text = text.trim_end();
            if let Some(plain) = stated(SourceId(3), text, 7) {
                prop_assert_eq!(format!("{:?}", Some(plain)), format!("{:?}", by_grammar(text)), "{}", text);
            }
        }
    }
}
