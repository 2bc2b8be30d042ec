//! For which facts: a policy's outcomes as formulas over what may be stated (G1, G2), and the groups of facts for which
//! two versions differ (G5).
//!
//! `space` holds the variables: a fact, a field of the row asked, a dated fact on a day, the day asked. `exprs` makes linear
//! terms and formulas of expressions, `rules` of rules: who speaks, who decides. What is outside the fragment is a
//! variable of its own. `groups` searches one witness after the other; `witness` states it as facts, and it is asked again
//! before it is shown.

mod alike;
mod annexes;
mod exprs;
pub mod findings;
mod found;
mod groups;
mod products;
mod rules;
mod space;
mod values;
mod witness;

#[cfg(test)]
mod tests;

pub use found::*;

use crate::policy::Policy;

/// Steps of the solver for one outcome, if nothing else is said. They count work, not time.
pub const BUDGET: u64 = 20_000_000;

/// Compares the outcomes that both versions have, by name.
pub fn compare(old: &Policy, new: &Policy, budget: u64) -> Vec<OutcomeRegions> {
    let pairs = old.outcomes.iter().filter_map(|(id, outcome)| Some((id, new.outcome(&outcome.name)?)));
    pairs.map(|(before, after)| groups::compare([old, new], [before, after], budget, true).0).collect()
}
