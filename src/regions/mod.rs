//! For which facts: a policy's outcomes as formulas over what may be stated (G1, G2), and the groups of facts for which
//! two versions differ (G5).
//!
//! `space` holds the variables: a fact, a field of the row asked, a dated fact on a day, the day asked. `exprs` makes linear
//! terms and formulas of expressions (`reads`, `values`, `annexes`, `lookups`, `products` beside it), `failing` says what may be an error at all, `rules` of rules: who speaks, who decides; `acts` of what powers bring about. What
//! is outside the fragment is a variable of its own, the same one for what is written `alike`. `differs` says where two versions
//! part; `groups` searches one model of that after the other, `told` reads off who decides there and with what, and the group of
//! all such facts is set aside; `ranges` says what its facts have in
//! common, each quantity by itself, and `relations` how they compare with each other, in `names`; `witness` states the model as facts, `totals` adds rows that come to it, `completed` what it leaves open, and `tried` asks both versions
//! again before it is shown. `findings` asks one policy alone what is wrong with it.

mod acts;
mod alike;
mod annexes;
mod completed;
mod differs;
mod exprs;
mod failing;
pub mod findings;
mod found;
mod groups;
mod lines;
mod lookups;
mod names;
mod products;
mod ranges;
mod reads;
mod relations;
mod rules;
mod space;
mod told;
mod totals;
mod tried;
mod values;
mod witness;

#[cfg(test)]
mod tests;

pub use found::*;
pub use space::day_of;
pub use witness::KEY;

use crate::facts::Facts;
use crate::policy::{OutcomeId, Policy};
use crate::value::Day;

/// Steps of the solver for one question, if nothing else is said. They count work, not time.
pub const BUDGET: u64 = 2_000_000;

/// Of so many groups of one outcome it is worked out what their facts have in common.
const DETAILED: usize = 40;

/// What is asked: two versions, for all facts but those that are set.
#[derive(Clone, Copy, Debug)]
pub struct Question<'p> {
    pub policies: [&'p Policy; 2],
    /// What is stated in any case, to either side.
    pub fixed: [&'p Facts; 2],
    /// What is the same anyway.
    pub same: &'p Same,
    pub known: Day,
    /// The first day and the last.
    pub days: (Day, Day),
    /// Steps of the solver for each search.
    pub steps: u64,
}

/// Where an outcome differs from what it was.
pub fn compare(question: &Question<'_>, (old, new): (OutcomeId, OutcomeId)) -> OutcomeRegions {
    groups::compare(question, [old, new], DETAILED).0
}
