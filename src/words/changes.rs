//! What changed between two versions, in words.

use super::Words;
use crate::compare::{ChangeKind, Delta};
use crate::policy::{Face, Type};
use crate::value::Value;

/// `added`, `changed`.
pub fn what(what: ChangeKind) -> &'static str {
    match what {
        ChangeKind::Added => "added",
        ChangeKind::Repealed => "repealed",
        ChangeKind::Changed => "changed",
        ChangeKind::Renamed => "renamed",
    }
}

/// `10 points`, `-5 USD`, `30 days`: how much more the new answer is.
pub fn delta_said(words: &Words<'_>, ty: &Type, delta: &Delta) -> String {
    match delta {
        Delta::Days(days) if days.abs() == 1 => format!("{days} day"),
        Delta::Days(days) => format!("{days} days"),
        Delta::Number(number) => {
            let said = words.value(ty, &Value::Number(number.clone()));
            let points = matches!(ty, Type::Number { face: Face::Rate, .. });
            match said.strip_suffix('%') {
                Some(percent) if points => {
                    format!("{percent} {}", if matches!(percent, "1" | "-1") { "point" } else { "points" })
                }
                _ => said,
            }
        }
    }
}
