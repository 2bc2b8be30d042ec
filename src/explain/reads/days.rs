//! What is read on a day that is open (T4, T5): each statement that may be the one.

use crate::explain::reads::Visited;
use crate::outcome::{Point, Read, SlotRef};
use crate::policy::{Expr, ExprId};
use crate::run::{At, Evaluator, Result, RowPlace, Where, days_before, slots};
use crate::value::{Dates, Day, Value};

/// No more statements than these are told of one slot.
const STATEMENTS: usize = 64;

impl<'a> Evaluator<'a> {
    /// A fact or a field on every day, or as known on every day, that may be meant; of anything else nothing is read.
    pub(crate) fn read_on_open_day(
        &mut self,
        reads: &mut Vec<Read>,
        id: ExprId,
        at: &At,
        visited: &mut Visited,
    ) -> Result<()> {
        let policy = self.policy;
        let (value, day) = match policy.exprs.node(id) {
            Expr::AsOf { value, day } | Expr::AsKnownOn { value, day } => (*value, *day),
            Expr::By { condition, day } => (*condition, *day),
            _ => return Ok(()),
        };
        let Some(date) = self.set(day, at)?.values.as_dates() else { return Ok(()) };
        let (days, known) = match policy.exprs.node(id) {
            Expr::AsKnownOn { .. } => (Dates::point(at.point.day), date.min(&Dates::point(at.point.known))),
            Expr::By { .. } => match days_before(&date, at.point.day) {
                Some(before) => (before, Dates::point(at.point.known)),
                None => return Ok(()),
            },
            _ => (date, Dates::point(at.point.known)),
        };
        match (days.as_point(), known.as_point()) {
            (Some(day), Some(known)) if !day.is_never() => {
                let there = At { point: Point { day, known, ..at.point }, ..*at };
                self.read_into(reads, value, &there, visited)
            }
            _ => self.read_statements(reads, value, (days, known), at, visited),
        }
    }

    fn read_statements(
        &mut self,
        reads: &mut Vec<Read>,
        value: ExprId,
        (mut days, known): (Dates, Dates),
        at: &At,
        visited: &mut Visited,
    ) -> Result<()> {
        match self.policy.exprs.node(value) {
            Expr::Fact(fact) => {
                let Some(place) = self.fact_place(*fact) else { return Ok(()) };
                let points = self.points_of_change(&place, &days, &known, at);
                let slot = |day| SlotRef::Fact(*fact, day);
                points.into_iter().try_for_each(|point| self.read_slot(reads, place, point, visited, slot))
            }
            Expr::Field { entity, row, field } => {
                let (entity, field) = (*entity, *field);
                self.read_into(reads, *row, at, visited)?;
                let Some(Value::Row(row)) = self.set(*row, at)?.single().cloned() else { return Ok(()) };
                let Some(place) = self.field_place(entity, row, field) else { return Ok(()) };
                // T9: another row stays on its date.
                if self.is_dated(entity) && at.own != Some((entity, row)) {
                    match self.where_is(entity, row, at)? {
                        Where::At(point) => days = Dates::point(point.day),
                        Where::Open(date) => days = date.values.as_dates().unwrap_or(days),
                    }
                }
                let points = self.points_of_change(&place, &days, &known, at);
                let slot = |day| SlotRef::Field { entity, row, field, day };
                points.into_iter().try_for_each(|point| self.read_slot(reads, place, point, visited, slot))
            }
            _ => Ok(()),
        }
    }

    fn points_of_change(&self, place: &RowPlace<'a>, days: &Dates, known: &Dates, at: &At) -> Vec<Point> {
        let days = match place.decl.over_time {
            true => slots::days_of_change(place.slot, days, self.facts.stated_through),
            false => vec![Day::FIRST],
        };
        let known = slots::knowledge_days_in(place.slot, known);
        let points = days.iter().flat_map(|day| known.iter().map(move |known| (*day, *known)));
        points.take(STATEMENTS).map(|(day, known)| Point { day, known, ..at.point }).collect()
    }
}
