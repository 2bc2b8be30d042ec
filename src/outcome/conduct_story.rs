//! The story behind a duty or a power: what `why` prints of them.

use super::{ActAnswer, DutyAnswer, Judged, Point, PowerAnswer, Valued};
use crate::policy::{DutyId, EntityId, ExprId, PowerId};
use crate::value::{Day, Possible};

/// How a duty stands, with the lines of D1 that were looked at.
#[derive(Clone, Debug)]
pub struct DutyStory {
    pub duty: DutyId,
    pub row: Option<(EntityId, u32)>,
    /// The point asked; for the row of a dated entity, the row's date.
    pub point: Point,
    /// Of a recurring duty: the worst of its periods begun.
    pub answer: DutyAnswer,
    /// One, or one for each period begun.
    pub parts: Vec<DutyPart>,
}

#[derive(Clone, Debug)]
pub struct DutyPart {
    pub answer: DutyAnswer,
    /// What it is owed under; none: it is always owed.
    pub owed: Option<Judged>,
    /// D of `P within W of D`, and what it read.
    pub start: Option<Valued>,
    /// From when it is due, where its head says so.
    pub from: Option<Possible>,
    /// When it ends, where that counts (D1).
    pub until: Option<Possible>,
    /// None: it is not owed, and its deadline was not looked at.
    pub deadline: Option<Valued>,
    /// Performance on the day that decides: the one it came, else the day asked.
    pub performance: Option<Judged>,
}

/// How a power stands, and why.
#[derive(Clone, Debug)]
pub struct PowerStory {
    pub power: PowerId,
    pub row: Option<(EntityId, u32)>,
    /// The point asked; for the row of a dated entity, the row's date.
    pub point: Point,
    pub answer: PowerAnswer,
    pub from: Option<Possible>,
    pub until: Option<Possible>,
    /// Requirements that mention no parameter, judged on the day.
    pub requires: Vec<Judged>,
    /// Those that are judged of an act only.
    pub of_act: Vec<ExprId>,
    /// In order.
    pub acts: Vec<ActStory>,
}

#[derive(Clone, Debug)]
pub struct ActStory {
    pub answer: ActAnswer,
    /// Each requirement on the day of the act.
    pub checks: Vec<Judged>,
    pub end: Option<ActEnd>,
}

/// When the effect of an act ended, or will end, as far as that is certain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActEnd {
    /// The first day without it.
    pub day: Day,
    pub by: EndsBy,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndsBy {
    /// An act of a power that ends it, by its place in the facts.
    Act(u32),
    /// The next valid act of the same power.
    Next(u32),
    /// `until` a condition.
    Condition(ExprId),
    /// `for` a time.
    Time(ExprId),
    /// The power is in force no longer.
    Window,
}
