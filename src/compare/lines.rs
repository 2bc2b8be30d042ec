//! Keys of annexes that are listed on one side and open on the other (X6): answers there hang on what is stated.

use crate::diag::{count, list_and, tick};
use crate::policy::{Annex, AnnexDay, AnnexKey, LineAnswer, Policy, Type};
use crate::value::{Day, Value, wire};

/// More keys than these are not named.
const NAMED: usize = 5;

/// What is said of an annex of two versions, if there are such keys.
pub(super) fn open_on_one_side(old: (&Policy, &Annex), new: (&Policy, &Annex)) -> Option<String> {
    let before = open_beside(new, old.1).map(|keys| format!("listed now, open before: {keys}"));
    let after = open_beside(old, new.1).map(|keys| format!("listed before, open now: {keys}"));
    let said: Vec<String> = before.into_iter().chain(after).collect();
    (!said.is_empty()).then(|| said.join("; "))
}

/// The keys that the one lists and the other leaves open.
fn open_beside((policy, annex): (&Policy, &Annex), other: &Annex) -> Option<String> {
    if !other.in_part || other.keys.len() != annex.keys.len() {
        return None;
    }
    let is_open = |line: &usize| {
        let keys: Vec<AnnexKey> = annex.lines.keys(*line).cloned().collect();
        let validity = annex.lines.validity(*line);
        let at = AnnexDay { day: validity.from, known: Day::NEVER };
        other.alone().find(&keys, 0, at) == LineAnswer::Open
    };
    let mut open: Vec<String> = (0..annex.lines.len())
        .filter(is_open)
        .map(|line| tick(&shown(policy, annex, annex.lines.keys(line))))
        .collect();
    open.dedup();
    let more = open.len().saturating_sub(NAMED);
    open.truncate(NAMED);
    if more > 0 {
        open.push(count(more, "other key"));
    }
    (!open.is_empty()).then(|| list_and(&open))
}

fn shown<'k>(policy: &Policy, annex: &Annex, keys: impl Iterator<Item = &'k AnnexKey>) -> String {
    let one = |(ty, key): (&Type, &AnnexKey)| match (key.value(ty), ty) {
        (None, _) => "*".to_string(),
        (Some(Value::Code(code)), _) => code.to_string(),
        (Some(Value::Country(country)), _) => country.as_str().to_string(),
        (Some(Value::Choice(at)), Type::Enum(id)) => policy.enums[*id].choice(at).to_string(),
        (Some(Value::Text(text)), _) => format!("\"{text}\""),
        (Some(Value::Number(number)), _) => wire(&number),
        (Some(Value::Bool(truth)), _) => truth.to_string(),
        (Some(Value::Date(day)), _) => day.to_string(),
        (Some(Value::Duration(days)), _) => days.to_string(),
        (Some(Value::Choice(at)), _) => at.to_string(),
        (Some(Value::Row(row)), _) => row.to_string(),
    };
    let keys: Vec<String> = annex.keys.iter().zip(keys).map(one).collect();
    keys.join(", ")
}
