//! An answer as a function of time (T10).

use super::{Answer, SlotRef};
use crate::policy::{EntityId, ExprId, OutcomeId, RuleId};
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

/// Days with one answer for one set of reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    pub from: Day,
    /// The first day after it ([`Day::NEVER`] after the last of all days).
    pub until: Day,
    /// Without what is missing and what was assumed.
    pub answer: Answer,
    /// Why it begins; of the first segment empty.
    pub causes: Vec<Cause>,
}

impl Segment {
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
    /// An expression that moves with the day asked.
    Moved(ExprId),
}
