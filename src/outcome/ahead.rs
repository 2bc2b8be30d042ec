//! The look-ahead: what is due, what is missing for it, and what changes if it is not done.

use super::{Answer, Cause, DutyAnswer, PowerAnswer, SlotRef};
use crate::policy::{EntityId, ExprId, OutcomeId, PowerId};
use crate::value::{Day, Interval, Number};

/// What comes after a day, if nothing more happens than is stated.
#[derive(Clone, Debug, Default)]
pub struct Ahead {
    /// By the last day on which conduct counts; then in the order of the policy.
    pub dues: Vec<Due>,
    /// First changes of answers that no conduct by a day prevents: dates of rules, statements for later days.
    pub coming: Vec<Change>,
}

/// Something to be done by a day.
#[derive(Clone, Debug)]
pub struct Due {
    /// The last day on which it counts; none: its deadline is open, or it never has to be done.
    pub last: Option<Day>,
    pub by: DueBy,
    /// Comparisons that stand in the way, each alone if `any`, else all of them.
    pub shorts: Vec<Short>,
    pub any: bool,
    /// What changes once the day has passed and nothing was done.
    pub changes: Vec<Change>,
}

#[derive(Clone, Debug)]
pub enum DueBy {
    Duty(DutyAnswer),
    /// `C by D` in a rule: C must not hold at the close of D, or today's answer changes.
    Clause(ExprId),
}

/// A comparison that is not as it must be.
#[derive(Clone, Debug)]
pub struct Short {
    pub comparison: ExprId,
    /// The row it is about.
    pub row: Option<(EntityId, u32)>,
    /// Whether it must hold, or must not.
    pub wanted: bool,
    /// How far the two sides are apart the wrong way; none: they are not numbers.
    pub gap: Option<Interval<Number>>,
    /// More than that is needed, for the comparison is strict.
    pub more: bool,
    /// A fact that makes it as it must be, and the least (or greatest) amount of it that does.
    pub enough: Option<Enough>,
}

#[derive(Clone, Debug)]
pub struct Enough {
    pub slot: SlotRef,
    pub amount: Number,
    /// Stated from the last day and asked again on the day after, it kept the answer.
    pub tried: bool,
}

#[derive(Clone, Debug)]
pub enum Change {
    Outcome {
        id: OutcomeId,
        row: Option<u32>,
        from: Day,
        before: Answer,
        after: Answer,
        causes: Vec<Cause>,
    },
    Power {
        id: PowerId,
        row: Option<u32>,
        from: Day,
        before: PowerAnswer,
        after: PowerAnswer,
        causes: Vec<Cause>,
    },
}

impl Change {
    pub fn from(&self) -> Day {
        match self {
            Change::Outcome { from, .. } | Change::Power { from, .. } => *from,
        }
    }

    pub fn causes(&self) -> &[Cause] {
        match self {
            Change::Outcome { causes, .. } | Change::Power { causes, .. } => causes,
        }
    }
}
