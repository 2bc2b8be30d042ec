//! Answers with what keeps them open (N2, N3) and what was assumed for them (V7).

use crate::explain::needs::{Walk, Wanted};
use crate::outcome::{Answer, Need, Needs, Point, SlotRef, Status};
use crate::policy::OutcomeId;
use crate::run::{Evaluator, Location, Named, NamedPoint};

impl<'a> Evaluator<'a> {
    /// The answer for an outcome, of a row if it is `for each` row; a row of a dated entity is asked on its own date (T9).
    pub fn answer(&mut self, outcome: OutcomeId, row: Option<u32>, point: Point) -> Answer {
        match self.locate(outcome, row, point) {
            Location::At(node) => self.full_answer(outcome, node),
            Location::Open(date) => {
                let mut answer = self.open_answer(outcome, &date);
                if answer.status != Status::Undetermined {
                    return answer;
                }
                let all = self.needs_of_row(outcome, row, point);
                answer.needs = Some(Needs { all, ways: Vec::new(), complete: true });
                answer
            }
        }
    }

    pub(crate) fn full_answer(&mut self, outcome: OutcomeId, node: NamedPoint) -> Answer {
        let mut answer = self.verdict_at(outcome, node).into_answer();
        if answer.status == Status::Undetermined {
            let all = self.walk_outcome(node, Wanted::Open).needs();
            let (ways, complete) = self.ways(outcome, node);
            answer.needs = Some(Needs { all, ways, complete });
        }
        if self.may_assume() {
            answer.assumed = self.walk_outcome(node, Wanted::Assumed).found.into_keys().collect();
        }
        answer
    }

    /// What keeps the answer for a row open that has no day yet (T9).
    fn needs_of_row(&mut self, outcome: OutcomeId, row: Option<u32>, point: Point) -> Vec<Need> {
        let mut walk = Walk::new(Wanted::Open);
        if let Some(entity) = self.entity_of(Named::Outcome(outcome)) {
            let at = self.outside(point);
            match row.filter(|_| !self.is_unstated(entity)) {
                Some(row) => self.settle(|run| run.walk_date(&mut walk, entity, row, &at)),
                None => walk.note(SlotRef::Table(entity), true),
            }
        }
        walk.needs()
    }

    /// Whether any default can have been used at all.
    pub(crate) fn may_assume(&self) -> bool {
        let policy = self.policy;
        let missing = |(id, decl): (_, &crate::policy::Fact)| {
            // One statement from the first day leaves no room.
            let slot = self.facts.facts.try_get(id).and_then(|slot| slot.statements.first());
            let always = slot.is_some_and(|first| {
                first.from == crate::value::Day::FIRST && first.known == crate::value::Day::FIRST
            });
            decl.default.is_some() && !always
        };
        policy.facts.iter().any(missing)
            || policy
                .entities
                .values()
                .any(|entity| entity.fields.values().any(|field| field.default.is_some()))
    }
}
