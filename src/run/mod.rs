//! The definition of meaning, law by law: a policy, facts and a point give an answer. Why it is that, and what is missing, is
//! asked in `explain`. Other engines may be cleverer; none may differ.
//!
//! There are three walks over the same expressions and frames ([`frame`]). [`point`] takes complete facts and gives one
//! value, fast; where it meets something open it stops, and [`sets`] gives every value that is still possible; [`until`]
//! says up to which day an expression stays as it is. What has a past is followed in [`past`], by sets alone. That the first
//! two agree where facts are complete is a property test.

mod answer;
mod conditions;
mod frame;
mod given;
mod past;
mod point;
mod sets;
mod until;

#[cfg(test)]
mod tests;

pub use conditions::{Violation, conditions};
pub use frame::ANY_ROW;
pub use frame::plan::Prepared;
pub use sets::set::Set;
pub use until::depends::{DayDependence, depends_on_day};

// What is asked by those who say why.
pub(crate) use answer::Location;
pub(crate) use frame::slots::{self, Reading};
pub(crate) use frame::{At, NO_ROW, Named, NamedPoint};
pub(crate) use past::duties::DutyNode;
pub(crate) use past::history::{Followed, HistorySteps, HistoryStretch};
pub(crate) use past::periods::DutyPeriod;
pub(crate) use sets::groups::Candidates;
pub(crate) use sets::judge::OutcomeVerdict;
pub(crate) use sets::rows::{RowPlace, Where};
pub(crate) use sets::rules::{JudgedBranch, Offer};
pub(crate) use sets::running::pass::{Pass, PassEntry, PassGroup, Support, Supports, may_be};
pub(crate) use sets::running::steps::{RunningMember, RunningState, visible};

pub(crate) use sets::lift::members;
pub(crate) use sets::ops::{key_text, shift, under};
pub(crate) use sets::rows::row_set;
pub(crate) use sets::rules::reached;
pub(crate) use sets::shifts::days_before;

use crate::facts::Facts;
use crate::outcome::{Answer, DutyAnswer, Point, Reason};
use crate::policy::{EntityId, ExprId, OutcomeId, Policy};
use crate::value::{Day, Value};
use frame::memo::Memo;
use frame::plan::EvaluationPlan;
use given::GivenTruths;
use past::history::Histories;
use past::powers::Validity;
use point::Stop;
use sets::{groups, rows, running};
use std::collections::BTreeMap;
use std::sync::Arc;
use until::{Movement, Stretches};

/// How deep evaluation may nest before a name is set aside and worked out on its own ([`Evaluator::settle`]).
const LIMIT: u32 = 200;

/// The answer without its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decided {
    Value(Value),
    Undetermined,
    Gap,
    Conflict,
    Error,
}

/// Nested too deeply; see [`Evaluator::settle`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Deep;

/// What an evaluation comes to, or that it was nested too deeply.
pub(crate) type Result<T, E = Deep> = std::result::Result<T, E>;

/// What was too deep and is to be worked out on its own.
#[derive(Clone, Debug)]
enum SettleTask {
    Value(NamedPoint),
    /// Until when it is the same.
    Until(NamedPoint),
    Duty(DutyNode),
    UntilDuty(DutyNode),
    /// Whether an act is valid, as known on a day.
    Act(u32, Day),
}

/// Answers questions about one policy and one set of facts. What it works out it remembers, so ask one evaluator many
/// questions rather than many one.
pub struct Evaluator<'a> {
    /// What is asked about.
    pub(crate) policy: &'a Policy,
    pub(crate) facts: &'a Facts,
    plan: EvaluationPlan<'a>,
    points: Memo<Result<Value, Stop>>,
    sets: Memo<Set>,
    /// The frames of locals of the two walks.
    stack: Vec<Value>,
    locals: Vec<Set>,
    /// Which contenders of an outcome with very many were found not to be silent.
    spoke: Vec<u32>,
    depth: u32,
    deep: Option<SettleTask>,
    stretches: Option<Box<Stretches<'a>>>,
    /// What may differ from day to day as things are stated; and whatever is stated, for evaluators beside this one.
    movement: Option<Arc<Movement<'a>>>,
    movement_beside: Option<Arc<Movement<'a>>>,
    /// What changes from this day on is not looked for (T10).
    horizon: Day,
    orders: Vec<(EntityId, Arc<rows::Order>)>,
    grouped: groups::Grouped,
    histories: Histories,
    /// How many stretches of days histories were followed through.
    pub(crate) stretches_followed: usize,
    duties: BTreeMap<DutyNode, Arc<DutyAnswer>>,
    validities: BTreeMap<(u32, Day), Arc<Validity>>,
    /// Running totals, as far as they were gone through, and the rows under way.
    passes: running::pass::Passes,
    steps: Vec<running::steps::RunningStep>,
    /// Conditions given a truth value (N3).
    given: Option<Box<GivenTruths>>,
    /// Dates taken to be a day or `never`, in the conditions under way.
    taken: Vec<sets::never::Taken>,
}

impl<'a> Evaluator<'a> {
    pub fn new(policy: &'a Policy, facts: &'a Facts) -> Evaluator<'a> {
        Evaluator::prepared(policy, facts, &Arc::new(Prepared::new(policy)))
    }

    /// With what was prepared for the policy, where it is asked about many facts.
    pub fn prepared(policy: &'a Policy, facts: &'a Facts, prepared: &Arc<Prepared>) -> Evaluator<'a> {
        Evaluator::planned(policy, facts, EvaluationPlan::new(policy, facts, prepared.clone()))
    }

    fn planned(policy: &'a Policy, facts: &'a Facts, plan: EvaluationPlan<'a>) -> Evaluator<'a> {
        let names = (policy.defines.len(), policy.outcomes.len(), policy.folds.len());
        Evaluator {
            policy,
            facts,
            plan,
            points: Memo::new(names),
            sets: Memo::new(names),
            stack: Vec::new(),
            locals: Vec::new(),
            spoke: Vec::new(),
            depth: 0,
            deep: None,
            stretches: None,
            movement: None,
            movement_beside: None,
            horizon: Day::NEVER,
            orders: Vec::new(),
            grouped: groups::Grouped::default(),
            histories: Histories::default(),
            stretches_followed: 0,
            duties: BTreeMap::new(),
            validities: BTreeMap::new(),
            passes: running::pass::Passes::default(),
            steps: Vec::new(),
            given: None,
            taken: Vec::new(),
        }
    }

    /// An evaluator of the same policy on facts with the same acts, which need not last as long.
    pub fn beside<'b>(&mut self, facts: &'b Facts) -> Evaluator<'b>
    where
        'a: 'b,
    {
        let policy = self.policy;
        let movement = self.movement_beside.get_or_insert_with(|| Arc::new(Movement::new(policy, None)));
        let plan = self.plan.on_other_facts(policy, facts);
        Evaluator { movement: Some(movement.clone()), ..Evaluator::planned(policy, facts, plan) }
    }

    /// The same policy on other facts.
    pub fn use_facts(&mut self, facts: &'a Facts) {
        self.facts = facts;
        self.plan.use_facts(self.policy, facts);
        self.points.clear();
        self.sets.clear();
        self.stretches = None;
        self.movement = None;
        self.histories = Histories::default();
        self.duties.clear();
        self.validities.clear();
        self.orders.clear();
        self.grouped.clear();
        self.passes.clear();
    }

    /// The answer alone. Fast where all that it reads is stated; never wrong.
    pub fn decide(&mut self, outcome: OutcomeId, row: Option<u32>, point: Point) -> Decided {
        self.decide_into(outcome, row, point, None)
    }

    /// The answer and the rules that decide it (or clash, or fail, or are still live).
    pub fn decide_with_reasons(
        &mut self,
        outcome: OutcomeId,
        row: Option<u32>,
        point: Point,
        reasons: &mut Vec<Reason>,
    ) -> Decided {
        reasons.clear();
        self.decide_into(outcome, row, point, Some(reasons))
    }

    /// The value, with the rules that decide it, where there is one; else the answer, without what is missing and what was
    /// assumed.
    pub fn value_or_answer(
        &mut self,
        outcome: OutcomeId,
        row: Option<u32>,
        point: Point,
        reasons: &mut Vec<Reason>,
    ) -> Result<Value, Box<Answer>> {
        reasons.clear();
        if let Some(Decided::Value(value)) = self.pointed(outcome, row, point, Some(&mut *reasons)) {
            return Ok(value);
        }
        let answer = self.bare_answer(outcome, row, point);
        match answer.value().cloned() {
            Some(value) => {
                reasons.clone_from(&answer.reasons);
                Ok(value)
            }
            None => Err(Box::new(answer)),
        }
    }

    fn decide_into(
        &mut self,
        outcome: OutcomeId,
        row: Option<u32>,
        point: Point,
        mut reasons: Option<&mut Vec<Reason>>,
    ) -> Decided {
        if let Some(decided) = self.pointed(outcome, row, point, reasons.as_deref_mut()) {
            return decided;
        }
        let answer = self.bare_answer(outcome, row, point);
        if let Some(reasons) = reasons {
            *reasons = answer.reasons.clone();
        }
        match answer.status {
            crate::outcome::Status::Determined => match answer.value() {
                Some(value) => Decided::Value(value.clone()),
                None => Decided::Undetermined,
            },
            crate::outcome::Status::Undetermined => Decided::Undetermined,
            crate::outcome::Status::Gap => Decided::Gap,
            crate::outcome::Status::Conflict => Decided::Conflict,
            crate::outcome::Status::Error => Decided::Error,
        }
    }

    /// None: something is open.
    fn pointed(
        &mut self,
        outcome: OutcomeId,
        row: Option<u32>,
        point: Point,
        mut reasons: Option<&mut Vec<Reason>>,
    ) -> Option<Decided> {
        self.settle(|run| {
            // What was found before something had to be set aside is found again.
            reasons.iter_mut().for_each(|reasons| reasons.clear());
            match run.decide_at_point(outcome, row, point, reasons.as_deref_mut()) {
                Err(Stop::Deep) => Err(Deep),
                pointed => Ok(pointed.ok()),
            }
        })
    }

    fn decide_at_point(
        &mut self,
        outcome: OutcomeId,
        row: Option<u32>,
        point: Point,
        reasons: Option<&mut Vec<Reason>>,
    ) -> Result<Decided, Stop> {
        let named = Named::Outcome(outcome);
        let caller = At { point, base: self.stack.len(), own: None };
        let (node, own) = self.point_node(named, row, &caller)?;
        self.points.enter(node.point, node.row);
        self.grouped.enter();
        if reasons.is_none()
            && let Some(Ok(value)) = self.points.get(&node)
        {
            return Ok(Decided::Value(value.clone()));
        }
        let base = self.stack.len();
        if let Some((_, row)) = own {
            self.stack.push(Value::Row(row));
        }
        let decided = self.point_rules(outcome, &At { point: node.point, base, own }, reasons);
        self.stack.truncate(base);
        if let Ok(Decided::Value(value)) = &decided {
            self.points.put(node, Ok(value.clone()));
        }
        decided
    }

    /// Any expression of the policy. `row` is local 0, for what is `for each` row: the caller has moved the point to the
    /// row's date ([`Evaluator::row_point`]).
    pub fn value(&mut self, expr: ExprId, row: Option<(EntityId, u32)>, point: Point) -> Set {
        self.sets.enter(point, row.map_or(NO_ROW, |(_, row)| row));
        self.grouped.enter();
        self.settle(|run| run.in_row(row, point, |run, at| run.set(expr, at)))
    }

    /// Any expression in a frame of its own: `frame` is local 0, 1, …; `own` the row whose own evaluation it is (T9).
    /// What was asked last stays remembered.
    pub fn value_in(
        &mut self,
        expr: ExprId,
        frame: &[Set],
        own: Option<(EntityId, u32)>,
        point: Point,
    ) -> Set {
        self.settle(|run| run.in_frame(frame.iter().cloned(), own, point, |run, at| run.set(expr, at)))
    }

    /// T9: the point of a row's own evaluation; `None`: its date is open, or `never`.
    pub fn row_point(&mut self, entity: EntityId, row: u32, point: Point) -> Option<Point> {
        let at = self.outside(point);
        match self.settle(|run| run.where_is(entity, row, &at)) {
            rows::Where::At(point) => Some(point),
            rows::Where::Open(_) => None,
        }
    }

    /// Evaluates without nesting too deeply, however long the chain of names: a name met too deep stops the evaluation, is
    /// worked out first, and the evaluation starts again. Every round remembers at least one more name (R11).
    pub(crate) fn settle<T>(&mut self, mut evaluate: impl FnMut(&mut Self) -> Result<T>) -> T {
        let mut waiting: Vec<SettleTask> = Vec::new();
        loop {
            let done = match waiting.last().cloned() {
                None => match evaluate(self) {
                    Ok(result) => return result,
                    Err(Deep) => false,
                },
                Some(task) => self.work_out(task),
            };
            match self.deep.take() {
                Some(task) if !done => waiting.push(task),
                _ => {
                    waiting.pop();
                }
            }
        }
    }

    /// Works out what was too deep; false: something else has to be first.
    fn work_out(&mut self, task: SettleTask) -> bool {
        match task {
            SettleTask::Value(node) => self.work_out_value(node),
            SettleTask::Until(node) => self.until_named(node).is_ok(),
            SettleTask::Duty(node) => self.duty_of(node).is_ok(),
            SettleTask::UntilDuty(node) => self.work_out_until_duty(node),
            SettleTask::Act(place, known) => self.validity(place, known).is_ok(),
        }
    }

    /// For both walks.
    fn work_out_value(&mut self, node: NamedPoint) -> bool {
        if let Named::Running(_) = node.named {
            return self.set_before(node).is_ok();
        }
        let own = self.entity_of(node.named).map(|entity| (entity, node.row));
        if node.row != ANY_ROW && self.point_named(node, own) == Err(Stop::Deep) {
            return false;
        }
        // Only what the points leave open is asked for as a set.
        matches!(self.points.get(&node), Some(Ok(_))) || self.set_named(node).is_ok()
    }

    pub(crate) fn entity_of(&self, named: Named) -> Option<EntityId> {
        match named {
            Named::Define(id) => self.policy.defines[id].for_each,
            Named::Outcome(id) => self.policy.outcomes[id].for_each,
            Named::Default(_) => None,
            Named::Running(id) => Some(self.policy.folds[id].entity),
        }
    }

    /// How deep the body of a name may nest.
    pub(crate) fn height_of(&self, named: Named) -> u32 {
        self.plan.height_of(named)
    }
}
