//! Answers as functions of time (T10): a walk beside the evaluator tells until which day an answer is stable, so that an
//! outcome is asked once for each change and not once for each day.

mod causes;
mod range;

#[cfg(test)]
mod tests;

pub use range::days_named;

use crate::facts::Facts;
use crate::outcome::{Answer, Point, Segment, Timeline};
use crate::policy::{OutcomeId, Policy};
use crate::run::Evaluator;
use crate::value::Day;

/// Makes timelines of one policy and one set of facts.
pub struct Timelines<'a> {
    policy: &'a Policy,
    facts: &'a Facts,
    run: Evaluator<'a>,
    known: Day,
    /// How often an answer was asked for.
    asked: usize,
}

/// The timeline of one outcome, of a row if it is for each row of an undated entity, from a day to a day, both included.
pub fn of(
    policy: &Policy,
    facts: &Facts,
    outcome: OutcomeId,
    row: Option<u32>,
    (from, to): (Day, Day),
    known: Day,
) -> Timeline {
    Timelines::new(policy, facts, known).of(outcome, row, from, to)
}

impl<'a> Timelines<'a> {
    /// As known on a day; [`Day::NEVER`]: everything stated is known.
    pub fn new(policy: &'a Policy, facts: &'a Facts, known: Day) -> Timelines<'a> {
        let run = Evaluator::new(policy, facts);
        Timelines { policy, facts, run, known, asked: 0 }
    }

    /// Rows of dated entities have one day of their own (T9): their timeline is one segment.
    pub fn of(&mut self, outcome: OutcomeId, row: Option<u32>, from: Day, to: Day) -> Timeline {
        let end = to.min(Day::LAST).next();
        let mut segments: Vec<Segment> = Vec::new();
        let mut day = from;
        while day < end && !day.is_never() {
            let point = Point::new(day, self.known);
            let answer = self.run.bare_answer(outcome, row, point);
            self.asked = self.asked.saturating_add(1);
            let until = self.run.stable_until(outcome, row, point, end).clamp(day.next(), end);
            match segments.last_mut() {
                Some(last) if last.answer == answer => last.until = until,
                Some(last) => {
                    let before = last.answer.clone();
                    let causes = self.causes((outcome, row), (&before, &answer), point);
                    segments.push(Segment { from: day, until, answer, causes });
                }
                None => segments.push(Segment { from: day, until, answer, causes: Vec::new() }),
            }
            day = until;
        }
        Timeline { outcome, row, segments }
    }

    /// How many answers were asked for so far: the changes found, and the days on which nothing changed after all.
    pub fn asked(&self) -> usize {
        self.asked
    }

    fn causes(
        &mut self,
        of: (OutcomeId, Option<u32>),
        answers: (&Answer, &Answer),
        after: Point,
    ) -> Vec<crate::outcome::Cause> {
        let Some(day) = after.day.previous() else { return Vec::new() };
        let before = Point { day, ..after };
        causes::Causes::new(self.policy, self.facts, &mut self.run).of(of, answers, (before, after))
    }
}

impl std::fmt::Debug for Timelines<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Timelines").field("asked", &self.asked).finish_non_exhaustive()
    }
}
