//! What is stated, bound and found within the `where`s of the policy.

use super::errors;
use crate::diag::Diagnostic;
use crate::facts::{Facts, Input, bind};
use crate::outcome::SlotRef;
use crate::policy::Policy;
use crate::run::{Violation, conditions};

/// Binds what is stated and checks each value against the `where` of its declaration (V7).
///
/// # Errors
/// Everything that is wrong with it, in the order of the text.
pub fn stated(policy: &Policy, input: &Input<'_>) -> Result<Facts, Vec<Diagnostic>> {
    let facts = bind(policy, input)?;
    let outside = outside(policy, &facts);
    if outside.is_empty() { Ok(facts) } else { Err(outside) }
}

/// What is said of stated values that the `where`s of the policy exclude, in the order of the text.
pub fn outside(policy: &Policy, facts: &Facts) -> Vec<Diagnostic> {
    said(policy, &conditions(policy, facts))
}

pub(super) fn said(policy: &Policy, violations: &[Violation]) -> Vec<Diagnostic> {
    let mut outside: Vec<Diagnostic> =
        violations.iter().map(|violation| errors::outside(policy, violation)).collect();
    outside.sort_by_key(Diagnostic::span);
    outside
}

/// The same, each with where it is stated.
pub fn outside_at(policy: &Policy, facts: &Facts) -> Vec<(SlotRef, Diagnostic)> {
    let said = |violation: Violation| (violation.slot.clone(), errors::outside(policy, &violation));
    conditions(policy, facts).into_iter().map(said).collect()
}
