//! Answers as functions of time (T10): a walk beside the evaluator tells until which day an answer is stable, so that an
//! outcome is asked once for each change and not once for each day.

mod ahead;
mod range;

#[cfg(test)]
pub(crate) mod tests;

pub use ahead::ahead;
pub use range::days_named;

use crate::facts::Facts;
use crate::outcome::{Answer, Cause, DutyTimeline, Point, PowerTimeline, Stretch, Timeline};
use crate::policy::{DutyId, OutcomeId, Policy, PowerId};
use crate::run::Evaluator;
use crate::value::Day;

/// Makes timelines of one policy and one set of facts.
pub struct Timelines<'a> {
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
        Timelines { run: Evaluator::new(policy, facts), known, asked: 0 }
    }

    /// Rows of dated entities have one day of their own (T9): their timeline is one segment.
    pub fn of(&mut self, outcome: OutcomeId, row: Option<u32>, from: Day, to: Day) -> Timeline {
        let segments = self.stretches(
            (from, to),
            |all, point, end| {
                let answer = all.run.bare_answer(outcome, row, point);
                let until = all.run.stable_until(outcome, row, point, end);
                (answer, until)
            },
            Answer::is_like,
            |all, before, after, points| all.run.causes((outcome, row), (before, after), points),
        );
        Timeline { outcome, row, segments }
    }

    /// How a duty stands, of a row if it is for each row of an undated entity.
    pub fn duty(&mut self, duty: DutyId, row: Option<u32>, from: Day, to: Day) -> DutyTimeline {
        let segments = self.stretches(
            (from, to),
            |all, point, end| {
                let answer = all.run.duty(duty, row, None, point);
                (answer, all.run.duty_stable_until(duty, row, point, end))
            },
            PartialEq::eq,
            |all, _, _, points| all.run.causes_of_duty(duty, row, points),
        );
        DutyTimeline { duty, row, segments }
    }

    /// How a power stands, of a row if it is for each row of an undated entity.
    pub fn power(&mut self, power: PowerId, row: Option<u32>, from: Day, to: Day) -> PowerTimeline {
        let segments = self.stretches(
            (from, to),
            |all, point, end| {
                let answer = all.run.power(power, row, point);
                (answer, all.run.power_stable_until(power, row, point, end))
            },
            PartialEq::eq,
            |all, _, _, points| all.run.causes_of_power(power, row, points),
        );
        PowerTimeline { power, row, segments }
    }

    /// Asks once for each day on which something may change; neighbours that are alike are one.
    fn stretches<T>(
        &mut self,
        (from, to): (Day, Day),
        mut ask: impl FnMut(&mut Self, Point, Day) -> (T, Day),
        alike: impl Fn(&T, &T) -> bool,
        mut causes: impl FnMut(&mut Self, &T, &T, (Point, Point)) -> Vec<Cause>,
    ) -> Vec<Stretch<T>> {
        let end = to.min(Day::LAST).next();
        let mut segments: Vec<Stretch<T>> = Vec::new();
        let mut day = from;
        while day < end && !day.is_never() {
            let point = Point::new(day, self.known);
            let (answer, until) = ask(self, point, end);
            self.asked = self.asked.saturating_add(1);
            let until = until.clamp(day.next(), end);
            match segments.last_mut() {
                Some(last) if alike(&last.answer, &answer) => last.until = until,
                Some(last) => {
                    let before = day.previous().map(|day| Point { day, ..point });
                    let causes = before
                        .map_or_else(Vec::new, |before| causes(self, &last.answer, &answer, (before, point)));
                    segments.push(Stretch { from: day, until, answer, causes });
                }
                None => segments.push(Stretch { from: day, until, answer, causes: Vec::new() }),
            }
            day = until;
        }
        segments
    }

    /// How many answers were asked for so far: the changes found, and the days on which nothing changed after all.
    pub fn asked(&self) -> usize {
        self.asked
    }
}

impl std::fmt::Debug for Timelines<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Timelines").field("asked", &self.asked).finish_non_exhaustive()
    }
}
