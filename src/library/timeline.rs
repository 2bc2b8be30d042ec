//! Answers as functions of time.

use super::facts::Facts;
use crate::answers::{self, DrawnTimelines, RowTimelines, SegmentDoc};
use crate::diag::Style;
use crate::outcome;
use crate::policy::{DutyId, OutcomeId, PowerId};
use crate::report::{self, Look};
use crate::value::Day;
use serde::{Serialize, Serializer};
use std::fmt;

/// Answers from a first to a last day: the days on which each changes, and why. `Display` draws it in characters; serialised
/// it is the document of `docs/schema/timeline.json`.
#[derive(Clone)]
pub struct Timeline {
    facts: Facts,
    from: Day,
    to: Day,
    known: Option<Day>,
    named: bool,
    outcomes: Vec<(OutcomeId, RowTimelines<outcome::Timeline>)>,
    duties: Vec<(DutyId, RowTimelines<outcome::DutyTimeline>)>,
    powers: Vec<(PowerId, RowTimelines<outcome::PowerTimeline>)>,
}

impl Timeline {
    pub(super) fn new(facts: &Facts, drawn: DrawnTimelines<'_>) -> Timeline {
        let DrawnTimelines { from, to, known, named, outcomes, duties, powers, .. } = drawn;
        Timeline { facts: facts.clone(), from, to, known, named, outcomes, duties, powers }
    }

    fn drawn(&self) -> DrawnTimelines<'_> {
        let (policy, facts, sources) = self.facts.about();
        let Timeline { from, to, known, named, .. } = *self;
        let (outcomes, duties) = (self.outcomes.clone(), self.duties.clone());
        let powers = self.powers.clone();
        DrawnTimelines { policy, facts, sources, from, to, known, named, outcomes, duties, powers }
    }

    /// The first and the last day.
    pub fn days(&self) -> (Day, Day) {
        (self.from, self.to)
    }

    /// The stretches of days on which the answer for an outcome stays the same, each list with the key of its row if there
    /// are rows; empty if it is no outcome that was asked for.
    pub fn segments(&self, outcome: &str) -> Vec<(Option<String>, Vec<SegmentDoc>)> {
        let found = self.facts.about().0.outcome(outcome);
        found.map_or_else(Vec::new, |id| answers::segments_of(&self.drawn(), id))
    }

    /// A picture for a page.
    pub fn svg(&self) -> String {
        report::svg(&self.drawn())
    }

    /// For a memo.
    pub fn markdown(&self) -> String {
        report::timeline(&self.drawn(), Look::Markdown)
    }
}

impl fmt::Display for Timeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&report::timeline(&self.drawn(), Look::Text(Style::PLAIN)))
    }
}

impl fmt::Debug for Timeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timeline").field("from", &self.from).field("to", &self.to).finish_non_exhaustive()
    }
}

impl Serialize for Timeline {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        answers::timelines_doc(&self.drawn()).serialize(serializer)
    }
}
