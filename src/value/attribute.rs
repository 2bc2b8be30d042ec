//! What is read off one value: the year of a day, the heading of a code.

use super::{Day, Level, OwnYear, Period, Trouble, Value, YearPart};
use std::borrow::Cow;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attribute {
    FirstDay(Period),
    LastDay(Period),
    /// The number of the year, quarter or month.
    Part(Period),
    /// Of a year that begins on a day of its own (T11).
    OwnYear(OwnYear, YearPart),
    /// The code of the first digits (M10).
    Level(Level),
}

impl Attribute {
    const ALL: [Attribute; 12] = [
        Attribute::FirstDay(Period::Month),
        Attribute::FirstDay(Period::Quarter),
        Attribute::FirstDay(Period::Year),
        Attribute::LastDay(Period::Month),
        Attribute::LastDay(Period::Quarter),
        Attribute::LastDay(Period::Year),
        Attribute::Part(Period::Month),
        Attribute::Part(Period::Quarter),
        Attribute::Part(Period::Year),
        Attribute::Level(Level::Chapter),
        Attribute::Level(Level::Heading),
        Attribute::Level(Level::Subheading),
    ];

    /// By its words, with one blank between two.
    pub fn named(words: &str) -> Option<Attribute> {
        Attribute::ALL.into_iter().find(|attribute| attribute.words().as_ref() == words)
    }

    /// As written before `of`.
    pub fn words(self) -> Cow<'static, str> {
        use Period::{Month, Quarter, Year};
        Cow::Borrowed(match self {
            Attribute::FirstDay(Month) => "first day of month",
            Attribute::FirstDay(Quarter) => "first day of quarter",
            Attribute::FirstDay(Year) => "first day of year",
            Attribute::LastDay(Month) => "last day of month",
            Attribute::LastDay(Quarter) => "last day of quarter",
            Attribute::LastDay(Year) => "last day of year",
            Attribute::Part(period) => period.word(),
            Attribute::OwnYear(year, part) => return Cow::Owned(format!("{}{year}", part.words())),
            Attribute::Level(level) => level.word(),
        })
    }

    /// Of a value of its type; of any other an error.
    pub fn of(self, value: &Value) -> Result<Value, Trouble> {
        match (self, value) {
            (Attribute::FirstDay(period), Value::Date(day)) => Ok(Value::Date(day.first_of(period))),
            (Attribute::LastDay(period), Value::Date(day)) => Ok(Value::Date(day.last_of(period))),
            (Attribute::Part(period), Value::Date(day)) => Ok(Value::Number(part(period, *day)?.into())),
            (Attribute::OwnYear(year, YearPart::FirstDay), Value::Date(day)) => {
                Ok(Value::Date(year.first_day(*day)?))
            }
            (Attribute::OwnYear(year, YearPart::LastDay), Value::Date(day)) => {
                Ok(Value::Date(year.last_day(*day)?))
            }
            (Attribute::OwnYear(year, YearPart::Number), Value::Date(day)) => {
                Ok(Value::Number(year.number(*day)?.into()))
            }
            (Attribute::Level(level), Value::Code(code)) => Ok(Value::Code(code.level(level)?)),
            (Attribute::Level(_), _) => Err(Trouble::CodeTooShort),
            _ => Err(Trouble::NoSuchDay),
        }
    }

    /// Whether it never falls where the value rises.
    pub fn is_monotone(self) -> bool {
        matches!(
            self,
            Attribute::FirstDay(_)
                | Attribute::LastDay(_)
                | Attribute::Part(Period::Year)
                | Attribute::OwnYear(..)
        )
    }
}

fn part(period: Period, day: Day) -> Result<i64, Trouble> {
    match period {
        Period::Year => day.year(),
        Period::Quarter => day.quarter(),
        Period::Month => day.month(),
    }
}
