//! Answers as functions of time.

use super::names::{Chosen, Subject};
use super::rows::ChosenRows;
use crate::answers::{DrawnTimelines, RowTimelines};
use crate::diag::{Code, Diagnostic};
use crate::facts::Facts;
use crate::outcome::Point;
use crate::policy::{EntityId, Policy};
use crate::run::Evaluator;
use crate::text::Sources;
use crate::timeline::{Timelines, days_named};
use crate::value::{Day, Period};

/// Which days are asked for, and as known when.
#[derive(Clone, Copy, Debug, Default)]
pub struct AskedDays {
    /// The first day; else the year of the first day named in policy or facts begins it.
    pub from: Option<Day>,
    /// The last day; else the year after the last day named ends it.
    pub to: Option<Day>,
    /// None: everything stated is known.
    pub known: Option<Day>,
}

/// Draws what is asked for.
///
/// # Errors
/// The first day comes after the last.
pub fn timelines<'a>(
    (policy, facts, sources): (&'a Policy, &'a Facts, &'a Sources),
    (chosen, rows): (&Chosen, &ChosenRows),
    days: AskedDays,
) -> Result<DrawnTimelines<'a>, Diagnostic> {
    let known = days.known.unwrap_or(Day::NEVER);
    let mut run = Evaluator::new(policy, facts);
    let mut timelines = Timelines::new(policy, facts, known);
    let mut ask = TimelineQuestion { policy, facts, known, rows, run: &mut run };
    let named = ask.days(chosen).or_else(|| days_named(policy, facts));
    let (from, to) = range(days, named);
    if from > to {
        let message = format!("the first day, {from}, comes after the last, {to}");
        return Err(Diagnostic::general(Code::DayNeeded, message));
    }
    let range = (from, to);
    let (mut outcomes, mut duties, mut powers) = (Vec::new(), Vec::new(), Vec::new());
    for one in chosen.subjects.iter().copied().filter(|one| rows.wants(policy, *one)) {
        match one {
            Subject::Outcome(id) => {
                let of = |row, (from, to): (Day, Day)| timelines.of(id, row, from, to);
                outcomes.push((id, ask.lines(one, range, of)));
            }
            Subject::Duty(id) => {
                let of = |row, (from, to): (Day, Day)| timelines.duty(id, row, from, to);
                duties.push((id, ask.lines(one, range, of)));
            }
            Subject::Power(id) => {
                let of = |row, (from, to): (Day, Day)| timelines.power(id, row, from, to);
                powers.push((id, ask.lines(one, range, of)));
            }
        }
    }
    let (known, named) = (days.known, chosen.named);
    Ok(DrawnTimelines { policy, facts, sources, from, to, known, named, outcomes, duties, powers })
}

/// What is asked, and of which rows.
struct TimelineQuestion<'a, 'r> {
    policy: &'a Policy,
    facts: &'a Facts,
    known: Day,
    rows: &'r ChosenRows,
    run: &'r mut Evaluator<'a>,
}

impl TimelineQuestion<'_, '_> {
    fn lines<T>(
        &mut self,
        subject: Subject,
        days: (Day, Day),
        mut of: impl FnMut(Option<u32>, (Day, Day)) -> T,
    ) -> RowTimelines<T> {
        let Some(entity) = subject.for_each(self.policy) else {
            return RowTimelines::One(of(None, days));
        };
        let dated = self.policy.entities[entity].dated.is_some();
        let rows = match (self.facts.tables[entity].as_ref(), self.rows.of(entity)) {
            (Some(_), Some(rows)) => rows.to_vec(),
            _ if dated => return RowTimelines::OwnDays,
            (None, _) => return RowTimelines::One(of(None, days)),
            (Some(table), None) => (0..u32::try_from(table.rows.len()).unwrap_or(u32::MAX)).collect(),
        };
        if !dated {
            return RowTimelines::Rows(rows.iter().map(|row| of(Some(*row), days)).collect());
        }
        let own = |row: &u32| {
            let day = self.day(entity, *row);
            (day, of(Some(*row), day.map_or(days, |day| (day, day))))
        };
        RowTimelines::Dated(rows.iter().map(own).collect())
    }

    /// The day of a row; none: its date is open, or never.
    fn day(&mut self, entity: EntityId, row: u32) -> Option<Day> {
        let point = Point::new(Day::FIRST, self.known);
        self.run.row_point(entity, row, point).map(|point| point.day)
    }

    /// The first and the last day of the rows chosen, where nothing else is shown.
    fn days(&mut self, chosen: &Chosen) -> Option<(Day, Day)> {
        let mut days: Vec<Day> = Vec::new();
        for subject in chosen.subjects.iter().filter(|one| self.rows.wants(self.policy, **one)) {
            let entity = subject.for_each(self.policy);
            let entity = entity.filter(|entity| self.policy.entities[*entity].dated.is_some())?;
            for row in self.rows.of(entity)? {
                days.extend(self.day(entity, *row));
            }
        }
        days.iter().min().copied().zip(days.iter().max().copied())
    }
}

/// Whole years around all days named; with none, all days there are, which are all alike.
fn range(days: AskedDays, named: Option<(Day, Day)>) -> (Day, Day) {
    let (first, last) = named.unwrap_or((Day::FIRST, Day::LAST));
    let year_after = last.last_of(Period::Year).next().last_of(Period::Year).min(Day::LAST);
    let from = days.from.unwrap_or_else(|| first.min(days.to.unwrap_or(first)).first_of(Period::Year));
    (from, days.to.unwrap_or_else(|| year_after.max(from.last_of(Period::Year))))
}
