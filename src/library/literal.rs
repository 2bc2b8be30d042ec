//! What programs state, as the language writes it.

use crate::value::Day;
use std::fmt::Display;

/// A value as it is stated: text of the language, or a typed value of the program.
///
/// | from | stands for |
/// | --- | --- |
/// | `&str`, `String` | what a facts file may say: `"100 billion USD"`, `"15%"`, `"at least 5 USD"`, `"unknown"` |
/// | whole numbers | numbers without a unit; [`usd`] and [`percent`] say what they count |
/// | `bool`, [`Day`], `jiff::civil::Date` | truth values, days |
/// | arrays and `Vec`s of these | several statements, each with its day: `["0 USD from 2025-09-04", "5 USD from 2026-01-01"]` |
/// | `Option`s of these | `None` is `unknown` |
///
/// Binary floats are not exact, and none is taken: write `"0.15"`, or give whole cents as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal(pub(super) Vec<String>);

impl Literal {
    fn of(text: impl Display) -> Literal {
        Literal(vec![text.to_string()])
    }

    /// The text, if it is one statement.
    pub(super) fn single(&self) -> Option<&str> {
        match self.0.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    fn with(self, unit: &str) -> Literal {
        Literal(self.0.into_iter().map(|number| format!("{number}{unit}")).collect())
    }
}

/// An amount of US dollars: `usd(549)`, `usd("549999999999.99")`.
pub fn usd(number: impl Into<Literal>) -> Literal {
    number.into().with(" USD")
}

/// A rate: `percent(15)`, `percent("7.1")`.
pub fn percent(number: impl Into<Literal>) -> Literal {
    number.into().with("%")
}

/// That a value is not known, in so many words.
pub fn unknown() -> Literal {
    Literal::of("unknown")
}

impl From<&str> for Literal {
    fn from(text: &str) -> Literal {
        Literal::of(text)
    }
}

impl From<&String> for Literal {
    fn from(text: &String) -> Literal {
        Literal::of(text)
    }
}

impl From<String> for Literal {
    fn from(text: String) -> Literal {
        Literal(vec![text])
    }
}

impl From<jiff::civil::Date> for Literal {
    fn from(day: jiff::civil::Date) -> Literal {
        Literal::of(day)
    }
}

macro_rules! as_it_is_written {
    ($($kind:ty)*) => {$(
        impl From<$kind> for Literal {
            fn from(value: $kind) -> Literal {
                Literal::of(value)
            }
        }
    )*};
}

as_it_is_written!(bool i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize Day);

impl<T: Into<Literal>> From<Option<T>> for Literal {
    fn from(value: Option<T>) -> Literal {
        value.map_or_else(unknown, Into::into)
    }
}

impl<T: Into<Literal>> From<Vec<T>> for Literal {
    fn from(values: Vec<T>) -> Literal {
        Literal(values.into_iter().flat_map(|value| value.into().0).collect())
    }
}

impl<T: Into<Literal>, const N: usize> From<[T; N]> for Literal {
    fn from(values: [T; N]) -> Literal {
        Literal(values.into_iter().flat_map(|value| value.into().0).collect())
    }
}

impl From<&Literal> for Literal {
    fn from(value: &Literal) -> Literal {
        value.clone()
    }
}
