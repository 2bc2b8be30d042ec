//! What may be asked of a policy.

use super::checked::{Checked, Tested};
use super::diagnostics::Diagnostics;
use super::difference::Difference;
use super::facts::{Facts, FactsBuilder};
use super::policy::Policy;
use super::question::Question;
use super::table::Table;

impl Policy {
    /// Begins to state facts, by name.
    pub fn facts(&self) -> FactsBuilder {
        FactsBuilder::new(self)
    }

    /// Begins a question about stated facts.
    pub fn ask(&self, facts: &Facts) -> Question {
        Question::new(self, facts)
    }

    /// A table whose rows are rows of the entity of that name: `outcomes` are asked of each of them; none: all there are for it.
    ///
    /// # Errors
    /// The policy has no such entity or outcome, or the outcome is not for each row of it.
    pub fn table(&self, entity: &str, outcomes: &[&str]) -> Result<Table, Diagnostics> {
        Table::new(self, entity, outcomes)
    }

    /// Looks for what is wrong with the policy for some facts or for all, as `comity check` does.
    ///
    /// # Errors
    /// What is wrong with what its scenarios state.
    pub fn check(&self) -> Result<Checked, Diagnostics> {
        Checked::new(self)
    }

    /// Runs its scenarios, as `comity test` does.
    pub fn test(&self) -> Tested {
        Tested::new(self)
    }

    /// Compares two versions, as `comity diff` does: which clauses changed, which answers, for which facts at all.
    ///
    /// # Errors
    /// What is wrong with one of them where it is read beside the other.
    pub fn diff(old: &Policy, new: &Policy) -> Result<Difference, Diagnostics> {
        Difference::new(old, new)
    }
}
