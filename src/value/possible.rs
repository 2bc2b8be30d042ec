//! Sets of possible values (V2).

use super::{Dates, Day, Interval, Number, Value};

/// What a value may be. One value is always [`Possible::One`]; an interval has more than one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Possible {
    /// No value at all: nothing but an error is possible.
    Nothing,
    One(Value),
    /// True or false.
    Bools,
    Numbers(Interval<Number>),
    Dates(Dates),
    Durations(Interval<i64>),
    /// Any text, code, country, choice or row.
    Any,
}

impl Possible {
    pub fn number(value: Number) -> Possible {
        Possible::One(Value::Number(value))
    }

    pub fn bool(value: bool) -> Possible {
        Possible::One(Value::Bool(value))
    }

    pub fn date(value: Day) -> Possible {
        Possible::One(Value::Date(value))
    }

    pub fn numbers(interval: Interval<Number>) -> Possible {
        match interval.as_point() {
            Some(value) => Possible::number(value.clone()),
            None => Possible::Numbers(interval),
        }
    }

    pub fn dates(dates: Dates) -> Possible {
        match dates.as_point() {
            Some(value) => Possible::date(value),
            None => Possible::Dates(dates),
        }
    }

    pub fn durations(interval: Interval<i64>) -> Possible {
        match interval.as_point() {
            Some(value) => Possible::One(Value::Duration(*value)),
            None => Possible::Durations(interval),
        }
    }

    /// The value, if there is only one.
    #[inline]
    pub fn single(&self) -> Option<&Value> {
        match self {
            Possible::One(value) => Some(value),
            _ => None,
        }
    }

    pub fn is_single(&self) -> bool {
        matches!(self, Possible::One(_))
    }

    /// As an interval of numbers.
    pub fn as_numbers(&self) -> Option<Interval<Number>> {
        match self {
            Possible::One(Value::Number(x)) => Some(Interval::point(x.clone())),
            Possible::Numbers(interval) => Some(interval.clone()),
            _ => None,
        }
    }

    pub fn as_dates(&self) -> Option<Dates> {
        match self {
            Possible::One(Value::Date(x)) => Some(Dates::point(*x)),
            Possible::Dates(dates) => Some(*dates),
            _ => None,
        }
    }

    pub fn as_durations(&self) -> Option<Interval<i64>> {
        match self {
            Possible::One(Value::Duration(x)) => Some(Interval::point(*x)),
            Possible::Durations(interval) => Some(interval.clone()),
            _ => None,
        }
    }

    /// The smallest set that has both (for texts, codes and the like: any, if they differ).
    pub fn hull(&self, other: &Possible) -> Possible {
        use Possible::*;
        if self == other {
            return self.clone();
        }
        match (self, other) {
            (Nothing, x) | (x, Nothing) => x.clone(),
            (Bools | One(Value::Bool(_)), Bools | One(Value::Bool(_))) => Bools,
            _ => {
                if let (Some(a), Some(b)) = (self.as_numbers(), other.as_numbers()) {
                    return Possible::numbers(a.hull(&b));
                }
                if let (Some(a), Some(b)) = (self.as_dates(), other.as_dates()) {
                    return Possible::dates(a.hull(&b));
                }
                if let (Some(a), Some(b)) = (self.as_durations(), other.as_durations()) {
                    return Possible::durations(a.hull(&b));
                }
                Any
            }
        }
    }

    /// Whether a value is among the possible.
    pub fn contains(&self, value: &Value) -> bool {
        match (self, value) {
            (Possible::Nothing, _) => false,
            (Possible::One(one), _) => one == value,
            (Possible::Bools, Value::Bool(_)) => true,
            (Possible::Numbers(interval), Value::Number(x)) => interval.contains(x),
            (Possible::Dates(dates), Value::Date(x)) => dates.contains(*x),
            (Possible::Durations(interval), Value::Duration(x)) => interval.contains(x),
            (
                Possible::Any,
                Value::Text(_) | Value::Code(_) | Value::Country(_) | Value::Choice(_) | Value::Row(_),
            ) => true,
            _ => false,
        }
    }

    /// Whether every value of `other` is among these.
    pub fn covers(&self, other: &Possible) -> bool {
        match (self, other) {
            (_, Possible::Nothing) | (Possible::Any, _) => true,
            (_, Possible::One(value)) => self.contains(value),
            _ => self.hull(other) == *self,
        }
    }
}

impl From<Value> for Possible {
    fn from(value: Value) -> Possible {
        Possible::One(value)
    }
}
