//! Whether two answers of two policies are the same: numbers, days and texts as they are; choices, rows and units by name.

use super::item::Tokens;
use super::normal::Normal;
use crate::facts::Facts;
use crate::outcome::{Answer, DutyAnswer, Possibility, PowerAnswer};
use crate::policy::{Policy, Type};
use crate::value::{Day, Number, Possible, Value};

/// One side's answers in words that mean the same on the other.
#[derive(Debug)]
pub(super) struct Voice<'a> {
    normal: Normal<'a>,
    facts: &'a Facts,
}

/// How much more the new answer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delta {
    Number(Number),
    Days(i64),
}

impl Delta {
    pub fn is_down(&self) -> bool {
        match self {
            Delta::Number(number) => number.is_negative(),
            Delta::Days(days) => *days < 0,
        }
    }
}

impl<'a> Voice<'a> {
    pub fn new(policy: &'a Policy, tokens: &'a Tokens, facts: &'a Facts) -> Voice<'a> {
        Voice { normal: Normal::new(policy, tokens, None), facts }
    }

    pub fn value(&self, ty: &Type, value: &Value) -> String {
        match (value, ty) {
            (Value::Row(row), Type::Row(entity)) => {
                let rows = self.facts.tables.try_get(*entity).and_then(Option::as_ref);
                let key = rows.and_then(|rows| rows.key(*row));
                format!("row {}", key.map_or("?", |key| key.as_ref()))
            }
            _ => self.normal.value(ty, value),
        }
    }

    /// A value as people group by it.
    pub fn shown(&self, ty: &Type, value: &Value) -> String {
        match (value, ty) {
            (Value::Choice(at), Type::Enum(id)) => self.normal.policy.enums[*id].choice(*at).to_string(),
            (Value::Text(text), _) => text.to_string(),
            (Value::Code(code), _) => code.to_string(),
            _ => self.value(ty, value),
        }
    }

    fn possible(&self, ty: &Type, possible: &Possible) -> String {
        match possible {
            Possible::One(value) => self.value(ty, value),
            other => format!("{other:?}"),
        }
    }

    pub fn answer(&self, ty: &Type, answer: &Answer) -> String {
        let mut parts: Vec<String> = answer
            .possible
            .iter()
            .map(|one| match one {
                Possibility::Value(possible) => self.possible(ty, possible),
                other => format!("{other:?}"),
            })
            .collect();
        parts.sort();
        format!("{}: {}", answer.status.as_str(), parts.join(" or "))
    }

    pub fn duty(&self, answer: &DutyAnswer) -> String {
        let states: Vec<String> = answer.states.iter().map(|state| format!("{state:?}")).collect();
        let period = answer.period.map_or(String::new(), |(first, last)| format!("{first} {last}"));
        let deadline = answer.deadline.as_ref().map(|day| self.possible(&Type::Date, day));
        format!("{} {period} {} {deadline:?}", states.join(" or "), answer.fault.is_some())
    }

    pub fn power(&self, answer: &PowerAnswer) -> String {
        let acts: Vec<String> =
            answer.acts.iter().map(|act| format!("{:?} {:?}", act.valid, act.stands)).collect();
        let masks = (answer.in_force, answer.available, answer.done);
        format!("{masks:?} {} {} {}", acts.join(", "), answer.threats.len(), answer.fault.is_some())
    }
}

/// How far two determined answers are apart, where that can be said.
pub(super) fn delta(old: (&Type, &Answer), new: (&Type, &Answer)) -> Option<Delta> {
    if !old.0.same(new.0) {
        return None;
    }
    apart(old.1.value()?, new.1.value()?)
}

pub(super) fn apart(old: &Value, new: &Value) -> Option<Delta> {
    let real = |day: &Day| !day.is_never();
    match (old, new) {
        (Value::Number(old), Value::Number(new)) => Some(Delta::Number(new.sub(old).ok()?)),
        (Value::Date(old), Value::Date(new)) if real(old) && real(new) => {
            Some(Delta::Days(new.days_since(*old).ok()?))
        }
        _ => None,
    }
}
