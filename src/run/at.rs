//! Where an expression is evaluated: its point, its row, its frame of locals.

use crate::outcome::Point;
use crate::policy::{DefineId, EntityId, FactId, FoldId, OutcomeId};

/// The number of a row of which nothing is known: any row of its entity.
pub const ANY_ROW: u32 = u32::MAX;
/// Stands for the row of what is not `for each` row.
pub(super) const NO_ROW: u32 = u32::MAX - 1;

/// The point (V1) and the frame an expression is evaluated in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    pub point: Point,
    /// Where local 0 lies on the stack of locals.
    pub base: usize,
    /// The row whose own evaluation this is: its fields are read on the day of the point, which began as the row's date
    /// and may have been moved; other rows of dated entities are read on their own dates (T9).
    pub own: Option<(EntityId, u32)>,
}

impl At {
    pub fn on(self, day: crate::value::Day) -> At {
        At { point: Point { day, ..self.point }, ..self }
    }

    pub fn known(self, known: crate::value::Day) -> At {
        At { point: Point { known, ..self.point }, ..self }
    }

    pub fn row(&self) -> u32 {
        self.own.map_or(NO_ROW, |(_, row)| row)
    }
}

/// What has a name and a value of its own at each point, and is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Named {
    Define(DefineId),
    Outcome(OutcomeId),
    /// What a running total is before a row.
    Running(FoldId),
    /// The default of a fact, where nothing is stated (V7).
    Default(FactId),
}

/// A named value at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Node {
    pub named: Named,
    pub row: u32,
    pub point: Point,
}
