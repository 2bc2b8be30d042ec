//! Keys of annexes: each column lists its keys once, in their order.

use crate::policy::Type;
use crate::value::{Code, Country, Day, Number, Value};

/// A key cell, ordered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnnexKey {
    Code(Code),
    /// Any other value, as its text on the wire.
    Other(Box<str>),
    /// `*`: any value that no other line answers (X4).
    Any,
}

impl AnnexKey {
    /// The key that a value is looked up by.
    pub fn of(value: &Value) -> AnnexKey {
        match value {
            Value::Code(code) => AnnexKey::Code(*code),
            Value::Number(number) => AnnexKey::Other(crate::value::wire(number).into()),
            Value::Bool(value) => AnnexKey::Other(if *value { "true".into() } else { "false".into() }),
            Value::Date(day) => AnnexKey::Other(day.to_string().into()),
            Value::Duration(count) => AnnexKey::Other(count.to_string().into()),
            Value::Text(text) => AnnexKey::Other(text.as_ref().into()),
            Value::Country(country) => AnnexKey::Other(country.as_str().into()),
            Value::Choice(at) => AnnexKey::Other(at.to_string().into()),
            Value::Row(row) => AnnexKey::Other(row.to_string().into()),
        }
    }

    /// Whether a line with this key may answer who asks for another: it is that, begins it, or is any.
    pub fn answers(&self, asked: &AnnexKey) -> bool {
        match (self, asked) {
            (AnnexKey::Any, _) => true,
            (AnnexKey::Code(own), AnnexKey::Code(asked)) => asked.under(*own),
            _ => self == asked,
        }
    }

    /// Whether something may be answered by both: one of them answers the other.
    pub fn meets(&self, other: &AnnexKey) -> bool {
        self.answers(other) || other.answers(self)
    }

    /// The value that a key of a type stands for; none: any.
    pub fn value(&self, ty: &Type) -> Option<Value> {
        let AnnexKey::Other(text) = self else {
            return match self {
                AnnexKey::Code(code) => Some(Value::Code(*code)),
                _ => None,
            };
        };
        match ty {
            Type::Number { .. } => number(text).map(Value::Number),
            Type::Bool => Some(Value::Bool(text.as_ref() == "true")),
            Type::Date => Day::parse(text).map(Value::Date),
            Type::Duration(_) => text.parse().ok().map(Value::Duration),
            Type::Text | Type::Code => Some(Value::Text(text.as_ref().into())),
            Type::Country => Country::parse(text).map(Value::Country),
            Type::Enum(_) => text.parse().ok().map(Value::Choice),
            Type::Row(_) => text.parse().ok().map(Value::Row),
        }
    }
}

/// A number on the wire: a decimal, or `n/d`.
fn number(text: &str) -> Option<Number> {
    match text.split_once('/') {
        Some((above, below)) => decimal(above)?.div(&decimal(below)?).ok(),
        None => decimal(text),
    }
}

fn decimal(text: &str) -> Option<Number> {
    match text.strip_prefix('-') {
        Some(digits) => Number::parse_decimal(digits).map(|number| number.neg()),
        None => Number::parse_decimal(text),
    }
}

/// A column of keys: for each line the place of its key in the list of all keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct KeyColumn {
    listed: Vec<AnnexKey>,
    pub places: Vec<u32>,
}

impl KeyColumn {
    pub fn new(keys: &[AnnexKey]) -> KeyColumn {
        let mut listed: Vec<AnnexKey> = keys.to_vec();
        if !listed.is_sorted() {
            listed.sort_unstable();
        }
        listed.dedup();
        let mut near = 0usize;
        let place = |key: &AnnexKey| {
            // Keys in order stand where the last one stood, or right after it.
            let after = near.saturating_add(1);
            near = match [near, after].into_iter().find(|at| listed.get(*at) == Some(key)) {
                Some(at) => at,
                None => listed.binary_search(key).unwrap_or(listed.len()),
            };
            u32::try_from(near).unwrap_or(u32::MAX)
        };
        let places = keys.iter().map(place).collect();
        KeyColumn { listed, places }
    }

    pub fn get(&self, line: usize) -> Option<&AnnexKey> {
        self.listed.get(*self.places.get(line)? as usize)
    }

    pub fn place(&self, key: &AnnexKey) -> Option<u32> {
        self.listed.binary_search(key).ok().and_then(|at| u32::try_from(at).ok())
    }

    pub fn is_at(&self, place: u32, key: &AnnexKey) -> bool {
        self.listed.get(place as usize) == Some(key)
    }

    /// The places of the keys that answer a question, the closest first (X4): that key, shorter and shorter codes, any.
    pub fn closest(&self, asked: &AnnexKey) -> impl Iterator<Item = u32> + '_ {
        let (code, other) = match asked {
            AnnexKey::Code(code) => (Some(*code), None),
            other => (None, self.place(other)),
        };
        let lengths = 1..=code.map_or(0, Code::len);
        let shorter =
            lengths.rev().filter_map(move |length| self.place(&AnnexKey::Code(code?.first(length))));
        let any = (*asked != AnnexKey::Any).then(|| self.place(&AnnexKey::Any)).flatten();
        other.into_iter().chain(shorter).chain(any)
    }
}
