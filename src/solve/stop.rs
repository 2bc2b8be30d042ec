//! Why a search ends without a verdict, and the counting of its steps.

use crate::value::Trouble;

/// Why a question was not decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inconclusive {
    /// The steps allowed were used up.
    Steps,
    /// A number went beyond the bound of M1.
    Size,
    /// A model did not pass the plain evaluation of the formula; never seen, and never given out.
    Unsound,
}

impl From<Trouble> for Inconclusive {
    fn from(_: Trouble) -> Inconclusive {
        Inconclusive::Size
    }
}

/// The budget: steps still allowed. They count work, never time, so that the same input ends in the same place on any machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget(pub u64);

impl Budget {
    #[inline]
    pub(super) fn take(&mut self, steps: usize) -> Result<(), Inconclusive> {
        self.0 = self.0.checked_sub(steps as u64).ok_or(Inconclusive::Steps)?;
        Ok(())
    }
}
