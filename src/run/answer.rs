//! Answers (R5, R6) with their reasons.

use super::at::{ANY_ROW, At, NO_ROW, Named, Node};
use super::judge::Verdict;
use super::rows::{Where, row_set};
use super::rules::Offer;
use super::walk::{Mood, Walk};
use super::{Evaluator, Turn};
use crate::outcome::{Answer, Need, Needs, Point, Possibility, Reason, SlotRef, Status};
use crate::policy::OutcomeId;
use crate::value::{Dates, Possible};

/// Where an answer is asked for.
pub(super) enum Asked {
    At(Node),
    /// The row's date is open, or `never` (T9).
    Open(Dates),
}

impl<'a> Evaluator<'a> {
    /// The answer for an outcome, of a row if it is `for each` row; a row of a dated entity is asked on its own date (T9).
    pub fn answer(&mut self, outcome: OutcomeId, row: Option<u32>, point: Point) -> Answer {
        match self.asked(outcome, row, point) {
            Asked::At(node) => self.full_answer(outcome, node),
            Asked::Open(range) => {
                let mut answer = self.open_answer(outcome, &range);
                if answer.status != Status::Undetermined {
                    return answer;
                }
                let all = self.needs_of_row(outcome, row, point);
                answer.needs = Some(Needs { all, ways: Vec::new(), complete: true });
                answer
            }
        }
    }

    pub(super) fn full_answer(&mut self, outcome: OutcomeId, node: Node) -> Answer {
        let verdict = self.verdict_at(outcome, node);
        let mut answer = answer_of(verdict);
        if answer.status == Status::Undetermined {
            let all = self.walk_outcome(node, Mood::Open).needs();
            let (ways, complete) = self.ways(outcome, node);
            answer.needs = Some(Needs { all, ways, complete });
        }
        if self.may_assume() {
            answer.assumed = self.walk_outcome(node, Mood::Assumed).found.into_keys().collect();
        }
        answer
    }

    /// What keeps the answer for a row open that has no day yet (T9).
    fn needs_of_row(&mut self, outcome: OutcomeId, row: Option<u32>, point: Point) -> Vec<Need> {
        let mut walk = Walk::new(Mood::Open);
        if let Some(entity) = self.entity_of(Named::Outcome(outcome)) {
            let at = At { point, base: self.locals.len(), own: None };
            match row.filter(|_| !self.is_unstated(entity)) {
                Some(row) => self.settle(|run| run.walk_date(&mut walk, entity, row, &at)),
                None => walk.note(SlotRef::Table(entity), true),
            }
        }
        walk.needs()
    }

    /// The answer without what is missing and what was assumed.
    pub fn bare_answer(&mut self, outcome: OutcomeId, row: Option<u32>, point: Point) -> Answer {
        match self.asked(outcome, row, point) {
            Asked::At(node) => {
                let verdict = self.verdict_at(outcome, node);
                answer_of(verdict)
            }
            Asked::Open(range) => self.open_answer(outcome, &range),
        }
    }

    pub(super) fn asked(&mut self, outcome: OutcomeId, row: Option<u32>, point: Point) -> Asked {
        let named = Named::Outcome(outcome);
        let Some(entity) = self.entity_of(named) else {
            return Asked::At(Node { named, row: NO_ROW, point });
        };
        let stated = self.facts.tables.try_get(entity).is_some_and(Option::is_some);
        match row {
            Some(row) if stated => {
                let at = At { point, base: self.locals.len(), own: None };
                match self.settle(|run| run.where_is(entity, row, &at)) {
                    Where::At(point) => Asked::At(Node { named, row, point }),
                    Where::Open(range) => Asked::Open(range),
                }
            }
            _ if self.policy.entities[entity].dated.is_some() => Asked::Open(Dates::ALL),
            _ => Asked::At(Node { named, row: ANY_ROW, point }),
        }
    }

    /// R6 for a node, in a frame of its own.
    pub(super) fn verdict_at(&mut self, outcome: OutcomeId, node: Node) -> Verdict {
        self.points.enter(node.point, node.row);
        self.sets.enter(node.point, node.row);
        self.grouped.enter();
        self.settle(|run| run.verdict_in_frame(outcome, node))
    }

    pub(super) fn verdict_in_frame(&mut self, outcome: OutcomeId, node: Node) -> Turn<Verdict> {
        self.in_frame(node, |run, at| run.verdict(outcome, at))
    }

    /// Evaluates in the frame that the body of a name has.
    pub(super) fn in_frame<T>(&mut self, node: Node, evaluate: impl FnOnce(&mut Self, &At) -> T) -> T {
        let base = self.locals.len();
        let own = self.entity_of(node.named).map(|entity| (entity, node.row));
        self.locals.extend(own.map(|(_, row)| row_set(row)));
        let result = evaluate(self, &At { point: node.point, base, own });
        self.locals.truncate(base);
        result
    }

    /// T9: it may come to anything its rules can come to.
    fn open_answer(&self, outcome: OutcomeId, range: &Dates) -> Answer {
        let set = self.open_name(Named::Outcome(outcome), ANY_ROW, range);
        let decl = &self.policy.outcomes[outcome];
        let (reasons, assumed) = (Vec::new(), Vec::new());
        if set.is_error() {
            // It is dated `never`.
            let possible = vec![Possibility::Gap];
            return Answer { status: Status::Gap, possible, reasons, fault: None, needs: None, assumed };
        }
        let status = Status::Undetermined;
        let mut possible = vec![Possibility::Value(set.values)];
        possible.extend((decl.otherwise.is_none() || range.may_be_never()).then_some(Possibility::Gap));
        let unordered =
            (0u32..).zip(&decl.contenders).any(|(at, contender)| at as usize != contender.above.len());
        possible.extend(unordered.then_some(Possibility::Conflict));
        possible.push(Possibility::Error);
        Answer { status, possible, reasons, fault: set.fault, needs: None, assumed }
    }
}

fn answer_of(verdict: Verdict) -> Answer {
    let reasons = reasons(&verdict);
    Answer {
        status: verdict.status,
        possible: verdict.possible,
        reasons,
        fault: verdict.fault,
        needs: None,
        assumed: Vec::new(),
    }
}

/// Determined: the live rules, those that may be silent marked. Conflict, error: the guilty ones. Undetermined: the live.
pub(super) fn reasons(verdict: &Verdict) -> Vec<Reason> {
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
