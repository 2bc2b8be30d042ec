//! An answer as a function of time (T10).

use super::{Answer, DutyAnswer, PowerAnswer, SlotRef};
use crate::policy::{DutyId, EntityId, ExprId, OutcomeId, PowerId, RuleId};
use crate::text::Span;
use crate::value::{Day, Possible};

/// The answers of one outcome over a stretch of days, as known on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    pub outcome: OutcomeId,
    pub row: Option<u32>,
    /// One after the other, without gaps; neighbours differ.
    pub segments: Vec<Segment>,
}

/// How a duty stands over a stretch of days; a recurring one as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyTimeline {
    pub duty: DutyId,
    pub row: Option<u32>,
    pub segments: Vec<Stretch<DutyAnswer>>,
}

/// How a power stands over a stretch of days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PowerTimeline {
    pub power: PowerId,
    pub row: Option<u32>,
    pub segments: Vec<Stretch<PowerAnswer>>,
}

/// Days with one answer for one set of reasons, without what is missing and what was assumed.
pub type Segment = Stretch<Answer>;

/// Days on which something is the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch<T> {
    pub from: Day,
    /// The first day after it ([`Day::NEVER`] after the last of all days).
    pub until: Day,
    pub answer: T,
    /// Why it begins; of the first stretch empty.
    pub causes: Vec<Cause>,
}

impl<T> Stretch<T> {
    /// Its last day.
    pub fn last(&self) -> Day {
        if self.until.is_never() { Day::LAST } else { self.until.previous().unwrap_or(self.until) }
    }
}

/// Why an answer changes on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    RuleBegins(RuleId),
    RuleEnds(RuleId),
    /// A statement begins, or is seen for the first time.
    Stated {
        slot: SlotRef,
        value: Possible,
        from: Day,
        span: Span,
    },
    /// The day after `stated through`: the fact is open from here on.
    NoLongerStated(SlotRef),
    /// The day of a `by` has passed.
    Passed {
        by: ExprId,
        day: Day,
    },
    /// A row exists from its date on.
    Row {
        entity: EntityId,
        row: u32,
    },
    /// The deadline of a duty has passed.
    Deadline {
        duty: DutyId,
        day: Day,
    },
    /// A period of a recurring duty begins.
    Period {
        duty: DutyId,
        first: Day,
    },
    /// An act is performed, or is seen for the first time, by its place in the facts.
    Act(u32),
    /// An announcement, by its place in the facts.
    Threat(u32),
    /// What stands after `then … for` is over.
    Lapsed(RuleId),
    /// An expression that moves with the day asked.
    Moved(ExprId),
}
