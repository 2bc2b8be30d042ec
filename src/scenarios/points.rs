//! On which day, as known on which day, a claim is judged.

use super::{Trial, errors};
use crate::diag::Diagnostic;
use crate::outcome::Point;
use crate::policy::{EntityId, Expect, Expected, ExprId, GuaranteeId, Policy, Type};
use crate::run::Evaluator;
use crate::value::{Day, Value};
use std::collections::BTreeSet;

/// A point of an expectation. No day: its answer is the same on every day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    pub day: Option<Day>,
    pub known: Day,
}

impl Moment {
    pub fn point(&self) -> Point {
        Point::new(self.day.unwrap_or(Day::FIRST), self.known)
    }
}

/// A point at which what does not depend on the day may be asked.
pub(super) const ANY: Point = Point::new(Day::FIRST, Day::NEVER);

/// The row that an expression names.
pub(super) fn row_of(
    policy: &Policy,
    run: &mut Evaluator<'_>,
    expr: ExprId,
    point: Point,
) -> Option<(EntityId, u32)> {
    let Type::Row(entity) = policy.exprs.ty(expr) else { return None };
    match run.value(expr, None, point).single() {
        Some(Value::Row(row)) => Some((*entity, *row)),
        _ => None,
    }
}

impl Trial<'_> {
    /// S1: `on`, or the date of the dated rows named; else the answer must be the same on every day.
    pub(super) fn moment(&mut self, expect: &Expect) -> Result<Moment, Diagnostic> {
        let known = match expect.known {
            Some(known) => self.day(known).ok_or_else(|| errors::open_day(self.policy.exprs.span(known)))?,
            None => Day::NEVER,
        };
        let mut dates: Vec<Day> = Vec::new();
        for (entity, row) in &expect.dated_rows {
            let at = Point { known, ..ANY };
            let row = row_of(self.policy, &mut self.run, *row, at);
            let point = row.and_then(|(_, row)| self.run.row_point(*entity, row, at));
            dates.extend(point.map(|point| point.day).filter(|day| !dates.contains(day)));
        }
        if let Some(on) = expect.on {
            let span = self.policy.exprs.span(on);
            let day = self.day(on).ok_or_else(|| errors::open_day(span))?;
            if let Some(other) = dates.iter().find(|date| **date != day) {
                return Err(errors::own_day(span, *other));
            }
            return Ok(Moment { day: Some(day), known });
        }
        if let [day] = dates.as_slice() {
            return Ok(Moment { day: Some(*day), known });
        }
        if self.depends_on_day(&expect.what) {
            return Err(errors::day_needed(expect.span));
        }
        Ok(Moment { day: None, known })
    }

    fn depends_on_day(&self, what: &Expected) -> bool {
        match what {
            Expected::Holds(value) | Expected::Settled { value, .. } => {
                self.differs(|days| days.expr(*value))
            }
            Expected::Status { outcome, row, .. } => {
                let rows_day = row.is_some_and(|row| match self.policy.exprs.ty(row) {
                    Type::Row(entity) => self.policy.entities[*entity].dated.is_some(),
                    _ => false,
                });
                !rows_day && self.differs(|days| days.outcome(*outcome))
            }
        }
    }

    /// The one day that an expression of a head or an expectation is.
    fn day(&mut self, expr: ExprId) -> Option<Day> {
        match self.run.value(expr, None, ANY).single() {
            Some(Value::Date(day)) => Some(*day),
            _ => None,
        }
    }

    /// Where a guarantee is judged: within its dates, at each moment of the scenario, or for each row at its own date.
    pub(super) fn guarantee_points(
        &mut self,
        id: GuaranteeId,
        moments: &[Moment],
    ) -> Vec<(Option<(EntityId, u32)>, Moment)> {
        let guarantee = &self.policy.guarantees[id];
        let mut points = Vec::new();
        match guarantee.for_each {
            None => {
                let any = !self.differs(|days| days.expr(guarantee.what));
                points.extend(
                    moments.iter().filter(|moment| any || moment.day.is_some()).map(|at| (None, *at)),
                );
            }
            Some(entity) => {
                let stated = self.facts.tables.try_get(entity).and_then(Option::as_ref);
                let rows = stated.map_or(0, |table| u32::try_from(table.rows.len()).unwrap_or(u32::MAX));
                let dated = self.policy.entities[entity].dated.is_some();
                let any = !self.differs(|days| days.expr(guarantee.what));
                for row in 0..rows {
                    let mut seen = BTreeSet::new();
                    for moment in moments {
                        let Some(point) = self.run.row_point(entity, row, moment.point()) else { continue };
                        let day = if dated { Some(point.day) } else { moment.day };
                        let moment = Moment { day, known: moment.known };
                        if (any || day.is_some()) && seen.insert(moment) {
                            points.push((Some((entity, row)), moment));
                        }
                    }
                }
            }
        }
        let from = guarantee.from.map(|from| self.day(from));
        let until = guarantee.until.map(|until| self.day(until));
        // A bound that is open bounds nothing for certain, so nothing is judged.
        points.retain(|(_, moment)| {
            let day = moment.day.unwrap_or(Day::FIRST);
            from.is_none_or(|from| from.is_some_and(|from| from <= day))
                && until.is_none_or(|until| until.is_some_and(|until| day < until))
        });
        points
    }
}
