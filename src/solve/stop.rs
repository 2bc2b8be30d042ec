//! Why a search ends without a verdict, and the counting of its steps.

use crate::value::Trouble;

/// What kept the solver from a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// The steps allowed were used up.
    Steps,
    /// A number went beyond the bound of M1.
    Size,
    /// A model did not pass the plain evaluation of the formula; never seen, and never given out.
    Unsound,
}

impl From<Trouble> for Left {
    fn from(_: Trouble) -> Left {
        Left::Size
    }
}

/// Steps still allowed. They count work, never time, so that the same input ends in the same place on any machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Steps(pub u64);

impl Steps {
    #[inline]
    pub(super) fn take(&mut self, steps: usize) -> Result<(), Left> {
        self.0 = self.0.checked_sub(steps as u64).ok_or(Left::Steps)?;
        Ok(())
    }
}
