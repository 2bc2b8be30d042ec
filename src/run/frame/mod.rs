//! Where an expression is evaluated: its point, its row, its frame of locals.

pub mod memo;
pub mod plan;
pub mod ready;
pub mod slots;

use crate::outcome::Point;
use crate::policy::{DefineId, EntityId, FactId, FoldId, OutcomeId};
use crate::run::sets::rows::row_set;
use crate::run::{Evaluator, Set};

/// The number of a row of which nothing is known: any row of its entity.
pub const ANY_ROW: u32 = u32::MAX;
/// Stands for the row of what is not `for each` row.
pub(crate) const NO_ROW: u32 = u32::MAX - 1;

/// The point (V1) and the frame an expression is evaluated in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct At {
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
pub(crate) enum Named {
    Define(DefineId),
    Outcome(OutcomeId),
    /// What a running total is before a row.
    Running(FoldId),
    /// The default of a fact, where nothing is stated (V7).
    Default(FactId),
}

/// A named value at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NamedPoint {
    pub named: Named,
    pub row: u32,
    pub point: Point,
}

impl Evaluator<'_> {
    /// In no frame, of no row.
    pub(crate) fn outside(&self, point: Point) -> At {
        At { point, base: self.locals.len(), own: None }
    }

    /// In a frame of its own: its sets are local 0, 1, …; `own` is the row whose own evaluation it is (T9).
    pub(crate) fn in_frame<T>(
        &mut self,
        frame: impl IntoIterator<Item = Set>,
        own: Option<(EntityId, u32)>,
        point: Point,
        evaluate: impl FnOnce(&mut Self, &At) -> T,
    ) -> T {
        let base = self.locals.len();
        self.locals.extend(frame);
        let result = evaluate(self, &At { point, base, own });
        self.locals.truncate(base);
        result
    }

    /// In the frame of a row, or of none.
    pub(crate) fn in_row<T>(
        &mut self,
        own: Option<(EntityId, u32)>,
        point: Point,
        evaluate: impl FnOnce(&mut Self, &At) -> T,
    ) -> T {
        self.in_frame(own.map(|(_, row)| row_set(row)), own, point, evaluate)
    }

    /// In the frame that the body of a name has.
    pub(crate) fn in_body<T>(&mut self, node: NamedPoint, evaluate: impl FnOnce(&mut Self, &At) -> T) -> T {
        let own = self.entity_of(node.named).map(|entity| (entity, node.row));
        self.in_row(own, node.point, evaluate)
    }

    /// With a row of an aggregate at its place in a frame; what stood there and after it stands there again.
    pub(crate) fn with_row<T>(
        &mut self,
        at: &At,
        local: u32,
        row: u32,
        evaluate: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let (place, length) = (at.base.saturating_add(local as usize), self.locals.len());
        let kept = self.locals.get(place..).unwrap_or(&[]).to_vec();
        self.locals.resize(place, row_set(row));
        self.locals.push(row_set(row));
        let result = evaluate(self);
        self.locals.truncate(place.min(length));
        self.locals.extend(kept);
        result
    }
}
