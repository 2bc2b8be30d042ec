//! The statements of one fact together: their order, and what cannot be stated twice or fall.

use super::errors;
use super::{Slot, Statement};
use crate::diag::Diagnostic;
use crate::policy::{Fact, Policy};
use crate::value::{Day, Possible, Value};
use std::collections::BTreeMap;

/// Puts statements in the order of their days (T2); or says what is wrong with them.
pub(super) fn settle(
    policy: &Policy,
    fact: &Fact,
    mut statements: Vec<Statement>,
) -> Result<Slot, Vec<Diagnostic>> {
    statements.sort_by_key(|statement| (statement.from, statement.known));
    let twice = |pair: &[Statement]| match pair {
        [first, second] if (first.from, first.known) == (second.from, second.known) => {
            Some(errors::same_day(fact, second, first))
        }
        _ => None,
    };
    let mut errors: Vec<Diagnostic> = statements.windows(2).filter_map(twice).collect();
    if errors.is_empty() {
        errors.extend(falls(policy, fact, &statements));
    }
    if errors.is_empty() { Ok(Slot { statements }) } else { Err(errors) }
}

/// What a fact is before its first statement, if its default tells.
fn before(policy: &Policy, fact: &Fact) -> Option<Statement> {
    let value = Possible::One(Value::Number(policy.written_default(fact)?));
    let span = policy.exprs.span(fact.default?);
    Some(Statement { from: Day::FIRST, known: Day::FIRST, value, span })
}

/// Two statements, both standing on some knowledge date, by which a fact that never decreases certainly falls (T3):
/// the first such pair in the order in which things became known.
pub fn falls(policy: &Policy, fact: &Fact, statements: &[Statement]) -> Option<Diagnostic> {
    if !fact.cumulative || statements.is_empty() {
        return None;
    }
    let before = before(policy, fact);
    let mut news: Vec<&Statement> = statements.iter().collect();
    news.sort_by_key(|statement| (statement.known, statement.from));
    let mut standing: BTreeMap<Day, &Statement> = before.iter().map(|before| (before.from, before)).collect();
    // All that becomes known on one day stands before anything is compared: it may be one correction.
    for day in news.chunk_by(|a, b| a.known == b.known) {
        standing.extend(day.iter().map(|statement| (statement.from, *statement)));
        for new in day {
            let earlier = standing.range(..new.from).rev().map(|(_, statement)| *statement);
            if let Some(higher) = first_conflict(earlier, |statement| below(&new.value, &statement.value)) {
                let by_default = before.as_ref().is_some_and(|before| std::ptr::eq(before, higher));
                return Some(errors::falls(fact, new, higher, by_default));
            }
            let later = standing.range(new.from.next()..).map(|(_, statement)| *statement);
            if let Some(lower) = first_conflict(later, |statement| below(&statement.value, &new.value)) {
                return Some(errors::falls(fact, lower, new, false));
            }
        }
    }
    None
}

/// Looks no further than to the nearest exact value: what stands beyond it was compared with that one.
fn first_conflict<'s>(
    statements: impl Iterator<Item = &'s Statement>,
    conflict: impl Fn(&Statement) -> bool,
) -> Option<&'s Statement> {
    for statement in statements {
        if conflict(statement) {
            return Some(statement);
        }
        if statement.value.is_single() {
            return None;
        }
    }
    None
}

/// Whether every value of `low` is below every value of `high`.
fn below(low: &Possible, high: &Possible) -> bool {
    fn apart<T: Ord>(greatest: Option<&T>, least: Option<&T>) -> bool {
        matches!((greatest, least), (Some(greatest), Some(least)) if greatest < least)
    }
    if let (Some(low), Some(high)) = (low.as_numbers(), high.as_numbers()) {
        return apart(low.hi(), high.lo());
    }
    if let (Some(low), Some(high)) = (low.as_dates(), high.as_dates()) {
        return low.hi() < high.lo();
    }
    if let (Some(low), Some(high)) = (low.as_durations(), high.as_durations()) {
        return apart(low.hi(), high.lo());
    }
    false
}
