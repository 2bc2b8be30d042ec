//! What tests of powers and of all rows looked up, for the story: the acts and the rows that decide.

use super::at::{At, NO_ROW};
use super::reads::{Told, tell};
use super::rows::Where;
use super::set::Set;
use super::{Evaluator, Turn};
use crate::outcome::{Read, ReadOf};
use crate::policy::{Expr, ExprId, PowerId};
use crate::tree::AggregateKind;
use crate::value::Value;

/// Rows that decide, no more of them than this.
const ROWS: usize = 5;

impl Evaluator<'_> {
    /// Acts by which a power of one row is done, or those that are invalid.
    pub(super) fn read_acts(
        &mut self,
        reads: &mut Vec<Read>,
        (id, row): (PowerId, Option<ExprId>),
        invalid: bool,
        at: &At,
        told: &mut Told,
    ) -> Turn<()> {
        let policy = self.policy;
        let (row, point) = match (policy.powers[id].for_each, row) {
            (None, _) => (NO_ROW, at.point),
            (Some(entity), Some(row)) => match self.set(row, at)?.single() {
                Some(Value::Row(row)) => {
                    let row = *row;
                    match self.where_is(entity, row, at)? {
                        Where::At(point) => (row, point),
                        Where::Open(_) => return Ok(()),
                    }
                }
                _ => return Ok(()),
            },
            (Some(_), None) => return Ok(()),
        };
        if invalid {
            for (place, _) in self.acts_of(id, row, point) {
                let validity = self.validity(place, point.known)?;
                if !validity.mask.is_true() {
                    let set = Set::from_mask(validity.mask, None);
                    tell(reads, ReadOf::Act(place), point, set, Vec::new(), told);
                }
            }
            return Ok(());
        }
        for one in self.standing(id, row, point, false)? {
            tell(reads, ReadOf::Act(one.act), point, Set::from_mask(one.mask, None), Vec::new(), told);
        }
        Ok(())
    }

    /// Of `any` the rows that have it, of `all` those that have not, as far as the table has a day of its own.
    pub(super) fn read_rows(
        &mut self,
        reads: &mut Vec<Read>,
        id: ExprId,
        at: &At,
        told: &mut Told,
    ) -> Turn<()> {
        let policy = self.policy;
        let Expr::Aggregate { kind, entity, local, value: Some(value), condition } = policy.exprs.node(id)
        else {
            return Ok(());
        };
        let wanted = match kind {
            AggregateKind::Any => true,
            AggregateKind::All => false,
            _ => return Ok(()),
        };
        let facts = self.facts;
        let Some(table) = facts.tables.try_get(*entity).and_then(Option::as_ref) else { return Ok(()) };
        let (place, length) = (at.base.saturating_add(*local as usize), self.locals.len());
        let kept = self.locals.get(place..).unwrap_or(&[]).to_vec();
        let mut found = Ok(());
        for row in 0..u32::try_from(table.rows.len()).unwrap_or(u32::MAX) {
            self.place_row(place, row);
            found = self.read_row(reads, (*entity, row, *value), *condition, wanted, at, told);
            if found.is_err() || reads.len() >= ROWS {
                break;
            }
        }
        self.locals.truncate(place);
        self.locals.extend(kept);
        self.locals.truncate(length);
        found
    }

    fn read_row(
        &mut self,
        reads: &mut Vec<Read>,
        (entity, row, value): (crate::policy::EntityId, u32, ExprId),
        condition: Option<ExprId>,
        wanted: bool,
        at: &At,
        told: &mut Told,
    ) -> Turn<()> {
        let there = self.existence(entity, row, at)?.mask();
        let holds = match condition.filter(|_| !there.is_false()) {
            Some(condition) => there.and(self.set(condition, at)?.mask()),
            None => there,
        };
        if holds.is_false() {
            return Ok(());
        }
        let set = self.set(value, at)?;
        let decides = if wanted { !set.mask().is_false() } else { !set.mask().is_true() };
        if decides {
            tell(reads, ReadOf::Row(entity, row, value), at.point, set, Vec::new(), told);
        }
        Ok(())
    }
}
