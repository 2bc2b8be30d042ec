//! Values of answers, exact.

use crate::policy::Type;
use crate::value::{Day, Number, Value, decimal};
use crate::words::Words;
use std::fmt;

/// An exact number with what it counts. `Display` writes it as the language does: `549999999999.99 USD`, `25%`, `1 USD / 3`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Amount {
    numerator: String,
    denominator: String,
    decimal: Option<String>,
    unit: Option<String>,
    text: String,
}

impl Amount {
    fn new(words: &Words<'_>, ty: &Type, number: &Number) -> Amount {
        let (counted, unit) = words.counted(ty, number);
        Amount {
            numerator: counted.numerator(),
            denominator: counted.denominator(),
            decimal: decimal(&counted),
            unit,
            text: words.value(ty, &Value::Number(number.clone())),
        }
    }

    /// The numerator of the reduced fraction, in decimal digits, with `-` before it where the number is below 0.
    pub fn numerator(&self) -> &str {
        &self.numerator
    }

    /// The denominator of the reduced fraction, above 0.
    pub fn denominator(&self) -> &str {
        &self.denominator
    }

    /// Both, where they fit: `(1, 4)` for 25%.
    pub fn fraction(&self) -> Option<(i128, i128)> {
        Some((self.numerator.parse().ok()?, self.denominator.parse().ok()?))
    }

    /// The number as a decimal, without its unit: `549999999999.99`, `0.25` for 25%; none: it has no end.
    pub fn decimal(&self) -> Option<&str> {
        self.decimal.as_deref()
    }

    /// What is counted: `USD`, `USD/kg`; none: it is a rate or a plain number.
    pub fn unit(&self) -> Option<&str> {
        self.unit.as_deref()
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The value of a determined answer. `Display` writes it as the language does, so that it can be stated again.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum AnswerValue {
    /// A number, a rate or an amount.
    Amount(Amount),
    /// True or false.
    Truth(bool),
    /// A day; [`Day::NEVER`] is `never`.
    Day(Day),
    /// A count of days, business days or months, with the words for it: `30 days`.
    Duration(i64, String),
    /// A text, a code, a country, a choice of an enum, or the key of a row.
    Text(String),
}

impl AnswerValue {
    pub(super) fn new(words: &Words<'_>, ty: &Type, value: &Value) -> AnswerValue {
        match value {
            Value::Number(number) => AnswerValue::Amount(Amount::new(words, ty, number)),
            Value::Bool(truth) => AnswerValue::Truth(*truth),
            Value::Date(day) => AnswerValue::Day(*day),
            Value::Duration(count) => AnswerValue::Duration(*count, words.value(ty, value)),
            Value::Text(_) | Value::Code(_) | Value::Country(_) | Value::Choice(_) | Value::Row(_) => {
                AnswerValue::Text(words.value(ty, value))
            }
        }
    }

    /// The number, if it is one.
    pub fn amount(&self) -> Option<&Amount> {
        match self {
            AnswerValue::Amount(amount) => Some(amount),
            _ => None,
        }
    }
}

impl fmt::Display for AnswerValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AnswerValue::Amount(amount) => amount.fmt(f),
            AnswerValue::Truth(truth) => truth.fmt(f),
            AnswerValue::Day(day) => day.fmt(f),
            AnswerValue::Duration(_, words) | AnswerValue::Text(words) => f.write_str(words),
        }
    }
}
