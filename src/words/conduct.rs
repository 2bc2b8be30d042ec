//! How duties and powers stand, in words.

use super::Words;
use crate::outcome::{DutyAnswer, PowerAnswer};
use crate::policy::{DutyState, Type};
use crate::value::{Mask, Possible};

/// The state of a duty in words.
pub fn duty_state(state: DutyState) -> &'static str {
    match state {
        DutyState::Breached => "breached",
        DutyState::Pending => "pending",
        DutyState::Cured => "cured",
        DutyState::Fulfilled => "fulfilled",
        DutyState::NotOwed => "not owed",
        DutyState::NotYetDue => "not yet due",
    }
}

/// What a truth value came to, for programs.
pub fn mask_word(mask: Mask) -> &'static str {
    match (mask.is_true(), mask.is_false(), mask.is_error()) {
        (true, ..) => "true",
        (_, true, _) => "false",
        (_, _, true) => "error",
        _ => "unknown",
    }
}

/// `pending, by 2029-01-19`
pub fn duty_said(words: &Words<'_>, answer: &DutyAnswer) -> String {
    let states: Vec<&str> = answer.states.iter().map(duty_state).collect();
    let states = if states.is_empty() { "error".to_string() } else { states.join(" or ") };
    match &answer.deadline {
        None | Some(Possible::Nothing) => states,
        Some(day) => format!("{states}, by {}", words.possible(&Type::Date, day)),
    }
}

/// `available, not done`
pub fn power_said(answer: &PowerAnswer) -> String {
    let said = |mask: Mask, word: &str| {
        if mask.is_true() {
            Some(word.to_string())
        } else if mask.may_be_true() {
            Some(format!("perhaps {word}"))
        } else {
            None
        }
    };
    let mut parts: Vec<String> = Vec::new();
    parts.extend(said(answer.done, "done"));
    parts.push(said(answer.available, "available").unwrap_or_else(|| "not available".to_string()));
    let invalid = answer.acts.iter().filter(|act| act.valid.is_false()).count();
    if invalid > 0 {
        parts.push(crate::diag::count(invalid, "invalid act"));
    }
    parts.join(", ")
}
