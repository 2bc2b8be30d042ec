//! Answers from a table of some of the rows, told of the rows of the whole table.

use super::Batch;
use crate::outcome::{Answer, Fault, Possibility, SlotRef, Way};
use crate::policy::{EntityId, OutcomeId, Type};
use crate::value::{Possible, Value};
use std::sync::Arc;

/// `listed`: for each row of the small table its place in the whole one.
pub(super) fn answer(batch: &Batch<'_>, outcome: OutcomeId, listed: &[usize], answer: &mut Answer) {
    let rows = RowNumbering { batch, listed };
    let possible = answer.possible.iter_mut().filter_map(|possible| match possible {
        Possibility::Value(possible) => Some(possible),
        Possibility::Gap | Possibility::Conflict | Possibility::Error => None,
    });
    let offered = answer.reasons.iter_mut().filter_map(|reason| reason.value.as_mut());
    for possible in possible.chain(offered) {
        if let Possible::One(one) = possible {
            value(batch, outcome, listed, one);
        }
    }
    if let Some(fault) = &mut answer.fault {
        rows.fault(fault);
    }
    answer.assumed.iter_mut().for_each(|slot| rows.slot(slot));
    if let Some(needs) = &mut answer.needs {
        needs.all.iter_mut().for_each(|need| rows.slot(&mut need.slot));
        needs.ways.iter_mut().for_each(|way| rows.way(way));
    }
}

/// A value that is a row.
pub(super) fn value(batch: &Batch<'_>, outcome: OutcomeId, listed: &[usize], value: &mut Value) {
    if let (Value::Row(row), Type::Row(entity)) = (value, &batch.policy.outcomes[outcome].ty) {
        RowNumbering { batch, listed }.row(Some(*entity), row);
    }
}

struct RowNumbering<'a> {
    batch: &'a Batch<'a>,
    listed: &'a [usize],
}

impl RowNumbering<'_> {
    fn row(&self, entity: Option<EntityId>, row: &mut u32) {
        if entity == Some(self.batch.entity)
            && let Some(place) = self.listed.get(*row as usize)
        {
            *row = u32::try_from(*place).unwrap_or(u32::MAX);
        }
    }

    fn fault(&self, fault: &mut Arc<Fault>) {
        let mut next = Some(fault);
        while let Some(fault) = next {
            let fault = Arc::make_mut(fault);
            if let Some((outcome, Some(row), _)) = &mut fault.depends_on {
                self.row(self.batch.policy.outcomes[*outcome].for_each, row);
            }
            next = fault.cause.as_mut();
        }
    }

    fn slot(&self, slot: &mut SlotRef) {
        if let SlotRef::Field { entity, row, .. } = slot {
            self.row(Some(*entity), row);
        }
    }

    fn way(&self, way: &mut Way) {
        way.facts.iter_mut().for_each(|slot| self.slot(slot));
        for atom in &mut way.when {
            if let Some((entity, row)) = &mut atom.row {
                self.row(Some(*entity), row);
            }
        }
    }
}
