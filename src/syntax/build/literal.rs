//! Literals: numbers with what follows them, dates, codes. The grammar takes a numeral with everything glued to it;
//! here it is told what it is, or why it is nothing.

use super::{Builder, Made, errors};
use crate::syntax::grammar::Rule;
use crate::syntax::numeral::{self, Numeral};
use crate::syntax::ranges;
use crate::text::Span;
use crate::tree::{ExprKind, Name, Quantity, Suffix};
use crate::value::{MonthEnd, Number};
use pest::iterators::Pair;

impl<'t> Builder<'t> {
    pub(super) fn literal(&self, pair: Pair<'t, Rule>) -> Made<ExprKind> {
        let whole = self.whole(&pair);
        let written = pair.as_str();
        let mut parts = self.parts(pair);
        let currency = parts.take(Rule::currency).map(|code| self.name_of(&code));
        let digits = parts.need(Rule::number)?;
        let place = self.span(&digits);
        let more = written.strip_prefix(digits.as_str()).unwrap_or("").trim();
        let start = (whole.start as usize).saturating_sub(self.piece.base);
        let before = self.piece.text.get(..start).unwrap_or("").trim_end();
        let numeral = numeral::read(digits.as_str())
            .map_err(|wrong| ranges::wrong_number((whole, place), digits.as_str(), more, before, wrong))?;
        let bare = currency.is_none() && parts.peek().is_none();
        let (spelled, number) = match numeral {
            Numeral::Date(day) if bare => return Ok(ExprKind::Date(day)),
            Numeral::Code(code) if bare => return Ok(ExprKind::Code(code)),
            Numeral::Date(_) => {
                let ends = before.ends_with("until");
                return Err(errors::date_with_more((whole, place), digits.as_str(), more, ends));
            }
            Numeral::Code(code) => return Err(errors::code_with_more(whole, place, &code)),
            Numeral::Plain { spelled, number } => (spelled, number),
        };
        let multiplier = parts.take(Rule::multiplier);
        let multiplied = multiplier.is_some();
        let number = match multiplier {
            Some(word) => number
                .mul(&Number::from(times(word.as_str())))
                .map_err(|_| errors::numeral(place, &numeral::Wrong::TooLong))?,
            None => number,
        };
        let (suffix, suffix_span) = match (currency, parts.next()) {
            (Some(code), _) => {
                let span = code.span;
                (Suffix::Unit(vec![(code, 1)]), Some(span))
            }
            (None, Some(suffix)) => {
                let span = self.whole(&suffix);
                if suffix.as_rule() == Rule::loose_percent {
                    return Err(errors::loose_percent(whole, &format!("{}%", self.text(place))));
                }
                let rounding = parts.next();
                (self.suffix(suffix, rounding)?, Some(span))
            }
            (None, None) => (Suffix::None, None),
        };
        Ok(ExprKind::Quantity(Quantity { spelled, number, multiplied, suffix, suffix_span }))
    }

    /// A literal where only an amount can stand.
    pub(super) fn quantity(&self, pair: Pair<'t, Rule>) -> Made<Quantity> {
        let whole = self.whole(&pair);
        match self.literal(pair)? {
            ExprKind::Quantity(quantity) => Ok(quantity),
            _ => Err(errors::no_amount(whole, self.text(whole))),
        }
    }

    fn suffix(&self, pair: Pair<'t, Rule>, rounding: Option<Pair<'t, Rule>>) -> Made<Suffix> {
        let end = match &rounding {
            Some(word) if word.as_str().ends_with("up") => MonthEnd::Up,
            Some(_) => MonthEnd::Down,
            None => MonthEnd::Exact,
        };
        let suffix = match pair.as_rule() {
            Rule::percent => Suffix::Percent,
            Rule::business => {
                let mut parts = self.parts(pair);
                parts.need(Rule::business_days)?;
                Suffix::BusinessDays { calendar: parts.take(Rule::ident).map(|name| self.name_of(&name)) }
            }
            _ => {
                let mut parts = self.parts(pair);
                let product = self.unit_product(&mut parts)?;
                match one_word(&product) {
                    Some("month" | "months") => return Ok(Suffix::Months(end)),
                    Some("year" | "years") => return Ok(Suffix::Years(end)),
                    Some("day" | "days") => Suffix::Days,
                    Some("week" | "weeks") => Suffix::Weeks,
                    Some("bp") => Suffix::BasisPoints,
                    _ => Suffix::Unit(product),
                }
            }
        };
        match rounding {
            Some(word) => Err(errors::rounding_of_days(self.span(&word), word.as_str())),
            None => Ok(suffix),
        }
    }

    /// `-15%`, `"9903.02.73"`, `true`: what `substitute` takes.
    pub(super) fn plain(&self, pair: Pair<'t, Rule>) -> Made<crate::tree::Expr> {
        let whole: Span = self.whole(&pair);
        let mut parts = self.parts(pair);
        let negative = parts.skip(Rule::minus);
        let built = self.operand(&mut parts, 0)?;
        if negative {
            return Ok(self.tall(ExprKind::Negative(Box::new(built.expr)), whole, 1)?.expr);
        }
        Ok(built.expr)
    }
}

fn one_word(product: &[(Name, i8)]) -> Option<&str> {
    match product {
        [(name, _)] => Some(&name.text),
        _ => None,
    }
}

fn times(word: &str) -> i64 {
    match word {
        "thousand" => 1_000,
        "million" => 1_000_000,
        "billion" => 1_000_000_000,
        _ => 1_000_000_000_000,
    }
}

/// Whether the grammar takes a word behind a number for the start of something else, so that it is no unit.
pub(super) fn may_follow_a_value(word: &str) -> bool {
    if let "bp" | "day" | "days" | "week" | "weeks" | "month" | "months" | "year" | "years" = word {
        return true;
    }
    let probe = format!("1 {word}");
    let mut pairs = match crate::syntax::grammar::parse(Rule::one_expr, &probe) {
        Ok(pairs) => pairs.flatten(),
        Err(_) => return true,
    };
    !pairs.any(|pair| pair.as_rule() == Rule::unit)
}
