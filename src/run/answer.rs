//! Answers (R5, R6) with their reasons.

use crate::outcome::{Answer, Point, Possibility, Reason, Status};
use crate::policy::{EntityId, OutcomeId, Type};
use crate::run::frame::{ANY_ROW, NO_ROW, Named, NamedPoint};
use crate::run::sets::judge::OutcomeVerdict;
use crate::run::sets::lift;
use crate::run::sets::rows::Where;
use crate::run::sets::rules::Offer;
use crate::run::{Evaluator, Result, Set};
use crate::value::Possible;

/// Where an answer is asked for.
pub(crate) enum Location {
    At(NamedPoint),
    /// The row's date is open, an error, or `never` (T9).
    Open(Set),
}

impl<'a> Evaluator<'a> {
    /// The answer without what is missing and what was assumed.
    pub fn bare_answer(&mut self, outcome: OutcomeId, row: Option<u32>, point: Point) -> Answer {
        match self.locate(outcome, row, point) {
            Location::At(node) => self.verdict_at(outcome, node).into_answer(),
            Location::Open(date) => self.open_answer(outcome, &date),
        }
    }

    pub(crate) fn locate(&mut self, outcome: OutcomeId, row: Option<u32>, point: Point) -> Location {
        let named = Named::Outcome(outcome);
        let Some(entity) = self.entity_of(named) else {
            return Location::At(NamedPoint { named, row: NO_ROW, point });
        };
        let stated = self.facts.tables.try_get(entity).is_some_and(Option::is_some);
        match row {
            Some(row) if stated => {
                let at = self.outside(point);
                match self.settle(|run| run.where_is(entity, row, &at)) {
                    Where::At(point) => Location::At(NamedPoint { named, row, point }),
                    Where::Open(date) => Location::Open(date),
                }
            }
            _ if self.policy.entities[entity].dated.is_some() => Location::Open(Set::unknown(&Type::Date)),
            _ => Location::At(NamedPoint { named, row: ANY_ROW, point }),
        }
    }

    /// The number of the row and where it is evaluated (T9). None: its day is open.
    pub(crate) fn place_asked(
        &mut self,
        entity: Option<EntityId>,
        row: Option<u32>,
        point: Point,
    ) -> Option<(u32, Point)> {
        let at = self.outside(point);
        match (entity, row) {
            (Some(entity), Some(row)) if !self.is_unstated(entity) => {
                match self.settle(|run| run.where_is(entity, row, &at)) {
                    Where::At(point) => Some((row, point)),
                    Where::Open(_) => None,
                }
            }
            (Some(_), _) => Some((ANY_ROW, point)),
            (None, _) => Some((NO_ROW, point)),
        }
    }

    /// The number of the row, whenever it is evaluated.
    pub(crate) fn row_asked(&self, entity: Option<EntityId>, row: Option<u32>) -> u32 {
        match entity {
            Some(entity) => row.filter(|_| !self.is_unstated(entity)).unwrap_or(ANY_ROW),
            None => NO_ROW,
        }
    }

    /// R6 for a node, in a frame of its own.
    pub(crate) fn verdict_at(&mut self, outcome: OutcomeId, node: NamedPoint) -> OutcomeVerdict {
        self.points.enter(node.point, node.row);
        self.sets.enter(node.point, node.row);
        self.grouped.enter();
        self.settle(|run| run.verdict_in_frame(outcome, node))
    }

    pub(crate) fn verdict_in_frame(
        &mut self,
        outcome: OutcomeId,
        node: NamedPoint,
    ) -> Result<OutcomeVerdict> {
        self.in_body(node, |run, at| run.verdict(outcome, at))
    }

    /// T9: it may come to anything its rules can come to.
    pub(crate) fn open_answer(&self, outcome: OutcomeId, date: &Set) -> Answer {
        let set = self.open_name(Named::Outcome(outcome), ANY_ROW, date);
        let decl = &self.policy.outcomes[outcome];
        let (reasons, assumed) = (Vec::new(), Vec::new());
        if let (true, fault) = (date.is_error(), date.fault.clone()) {
            let possible = vec![Possibility::Error];
            return Answer { status: Status::Error, possible, reasons, fault, needs: None, assumed };
        }
        if set.is_error() {
            // It is dated `never`.
            let possible = vec![Possibility::Gap];
            return Answer { status: Status::Gap, possible, reasons, fault: None, needs: None, assumed };
        }
        let status = Status::Undetermined;
        let mut possible = vec![Possibility::Value(set.values)];
        possible.extend(
            (decl.otherwise.is_none() || lift::dates(&date.values).may_be_never())
                .then_some(Possibility::Gap),
        );
        let unordered =
            (0u32..).zip(&decl.contenders).any(|(at, contender)| at as usize != contender.above.len());
        possible.extend(unordered.then_some(Possibility::Conflict));
        possible.push(Possibility::Error);
        Answer { status, possible, reasons, fault: set.fault, needs: None, assumed }
    }
}

impl OutcomeVerdict {
    /// Without what is missing and what was assumed.
    pub(crate) fn into_answer(self) -> Answer {
        let (reasons, assumed) = (reasons(&self), Vec::new());
        let OutcomeVerdict { status, possible, fault, .. } = self;
        Answer { status, possible, reasons, fault, needs: None, assumed }
    }
}

/// Determined: the live rules, those that may be silent marked. Conflict, error: the guilty ones. Undetermined: the live.
pub(crate) fn reasons(verdict: &OutcomeVerdict) -> Vec<Reason> {
    let all = || verdict.live.iter().map(|offer| reason(offer));
    let mut reasons: Vec<Reason> = match verdict.status {
        Status::Determined | Status::Undetermined | Status::Gap => all().collect(),
        Status::Conflict | Status::Error => {
            verdict.guilty.iter().filter_map(|at| verdict.live.get(*at)).map(|offer| reason(offer)).collect()
        }
    };
    if let Some(otherwise) = &verdict.otherwise
        && (verdict.status != Status::Error || verdict.guilty.is_empty())
        && verdict.status != Status::Conflict
    {
        let value = Some(otherwise.values.clone()).filter(|value| *value != Possible::Nothing);
        let doubtful = !verdict.live.is_empty();
        reasons.push(Reason { rule: None, branch: None, act: None, value, doubtful });
    }
    reasons
}

fn reason(offer: &Offer) -> Reason {
    let one = match offer.values.as_slice() {
        [one] if offer.fault.is_none() => Some(one.branch),
        _ => None,
    };
    let value =
        offer.values.iter().map(|offered| offered.value.clone()).reduce(|all, value| all.hull(&value));
    Reason { rule: Some(offer.rule), branch: one, act: offer.act, value, doubtful: offer.may_be_silent }
}
