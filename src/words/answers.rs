//! Answers in words: what they may be, and which rules they come from.

use super::Words;
use crate::outcome::{Possibility, Reason, Status};
use crate::policy::{Policy, Type};
use crate::value::{Dates, Day, Possible};

/// Single values first, the least to the greatest; then ranges, then what is no value.
pub fn sorted(possible: &[Possibility]) -> Vec<Possibility> {
    let mut sorted = possible.to_vec();
    sorted.sort_by_key(|possibility| match possibility {
        Possibility::Value(Possible::One(value)) => (0, Some(value.clone())),
        Possibility::Value(_) => (1, None),
        Possibility::Gap | Possibility::Conflict | Possibility::Error => (2, None),
    });
    sorted
}

/// The literals of a possibility; two for a truth value that may be either.
pub fn possible_doc(words: &Words, ty: &Type, possibility: &Possibility) -> Vec<String> {
    match possibility {
        Possibility::Value(Possible::Bools) => vec!["true".to_string(), "false".to_string()],
        // Days that come to an end, and `never`.
        Possibility::Value(Possible::Dates(dates)) => {
            let days = Dates::of(dates.days(), false).filter(|_| dates.hi().is_never());
            match days.filter(|days| days.hi() != Day::LAST) {
                Some(days) => vec![words.possible(ty, &Possible::dates(days)), Day::NEVER.to_string()],
                None => vec![words.possible(ty, &Possible::Dates(*dates))],
            }
        }
        Possibility::Value(possible) => vec![words.possible(ty, possible)],
        Possibility::Gap | Possibility::Conflict | Possibility::Error => Vec::new(),
    }
}

/// What else than a value an answer may come to.
pub fn may_be(possible: &[Possibility]) -> Vec<&'static str> {
    let name = |possibility: &Possibility| match possibility {
        Possibility::Value(_) => None,
        Possibility::Gap => Some(Status::Gap.as_str()),
        Possibility::Conflict => Some(Status::Conflict.as_str()),
        Possibility::Error => Some(Status::Error.as_str()),
    };
    possible.iter().filter_map(name).collect()
}

/// The name of the rule, or `otherwise`, which no rule can be called.
pub fn rule_name(policy: &Policy, reason: &Reason) -> String {
    reason.rule.map_or_else(|| "otherwise".to_string(), |rule| policy.rules[rule].shown.clone())
}
