//! `where`: a check on what is stated (V7).

use crate::facts::{Facts, Slot, Statement};
use crate::outcome::{Point, SlotRef};
use crate::policy::{EntityId, ExprId, Fact, Policy};
use crate::run::Evaluator;
use crate::run::frame::NO_ROW;
use crate::text::Span;
use crate::value::Day;

/// A stated value that is outside the `where` of its declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub slot: SlotRef,
    /// The condition, in the policy.
    pub condition: ExprId,
    /// The statement, in the facts.
    pub span: Span,
}

/// Every stated value for which the `where` of its fact or field is certainly false; defaults are not checked.
pub fn conditions(policy: &Policy, facts: &Facts) -> Vec<Violation> {
    Evaluator::new(policy, facts).conditions()
}

impl Evaluator<'_> {
    /// Every stated value for which the `where` of its fact or field is certainly false; defaults are not checked.
    pub fn conditions(&mut self) -> Vec<Violation> {
        let (policy, facts) = (self.policy, self.facts);
        let mut found = Vec::new();
        for (id, decl) in policy.facts.iter() {
            if let (Some(condition), Some(slot)) = (decl.condition, facts.facts.try_get(id)) {
                let slot_ref = |day| SlotRef::Fact(id, day);
                self.check_slot(&mut found, (slot, decl, condition), None, slot_ref);
            }
        }
        for (entity, decl) in policy.entities.iter() {
            let Some(Some(table)) = facts.tables.try_get(entity) else { continue };
            let checked: Vec<_> =
                decl.fields.iter().filter_map(|(field, decl)| Some((field, decl, decl.condition?))).collect();
            if checked.is_empty() {
                continue;
            }
            for (row, cells) in (0u32..NO_ROW).zip(table.rows.values()) {
                for (field, decl, condition) in &checked {
                    let Some(slot) = cells.cells.try_get(*field) else { continue };
                    let slot_ref = |day| SlotRef::Field { entity, row, field: *field, day };
                    self.check_slot(&mut found, (slot, decl, *condition), Some((entity, row)), slot_ref);
                }
            }
        }
        found
    }

    fn check_slot(
        &mut self,
        found: &mut Vec<Violation>,
        (slot, decl, condition): (&Slot, &Fact, ExprId),
        row: Option<(EntityId, u32)>,
        slot_ref: impl Fn(Option<Day>) -> SlotRef,
    ) {
        for statement in &slot.statements {
            let mut point = point_of(slot, statement);
            // T9: a dated row is looked at on its date; what is over time keeps the day it is stated from.
            if let Some((entity, row)) = row
                && !decl.over_time
                && let Some(own) = self.row_point(entity, row, point)
            {
                point.day = own.day;
            }
            if self.value(condition, row, point).mask().is_false() {
                let day = decl.over_time.then_some(statement.from);
                found.push(Violation { slot: slot_ref(day), condition, span: statement.span });
            }
        }
    }
}

/// A point at which the slot is what this statement says: with all that is known, unless it was corrected later.
fn point_of(slot: &Slot, statement: &Statement) -> Point {
    let last = slot.at(statement.from, Day::NEVER);
    let corrected = last.is_some_and(|last| last.known != statement.known);
    Point::new(statement.from, if corrected { statement.known } else { Day::NEVER })
}
