//! How duties stand (D1–D4).

use crate::outcome::{DutyAnswer, DutyStates, Fault, Point};
use crate::policy::deps::Node;
use crate::policy::{Dated, Duty, DutyId, DutyState, ExprId, Type};
use crate::run::frame::{ANY_ROW, At, NO_ROW};
use crate::run::past::duty_lines::{DutyLines, first_true, true_since};
use crate::run::past::history::{Followed, HistorySteps};
use crate::run::past::periods::DutyPeriod;
use crate::run::sets::lift;
use crate::run::sets::rows::{Where, row_set};
use crate::run::sets::rules::reached;
use crate::run::sets::set::{Set, fault};
use crate::run::{Deep, Evaluator, Result, SettleTask};
use crate::value::{Day, Mask, Possible, Trouble, Value};
use std::sync::Arc;

/// A duty of a row, or of a period, at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DutyNode {
    pub id: DutyId,
    pub row: u32,
    pub period: Option<DutyPeriod>,
    pub point: Point,
}

impl<'a> Evaluator<'a> {
    /// How a duty stands: of a row, or of the period that begins on a day; a recurring duty as a whole is the worst of its
    /// periods begun (D2).
    pub fn duty(&mut self, id: DutyId, row: Option<u32>, period: Option<Day>, point: Point) -> DutyAnswer {
        let place = match self.policy.duties[id].for_each {
            Some(entity) if self.is_dated(entity) && (row.is_none() || self.is_unstated(entity)) => Err(None),
            entity => self.place_asked(entity, row, point).ok_or(row),
        };
        match place {
            Ok((row, point)) => (*self.settle(|run| run.duty_at(id, row, period, point))).clone(),
            Err(row) => {
                let failed = fault(Trouble::NoSuchDay, self.policy.duties[id].span);
                let (states, fault) = (DutyStates::ALL, Some(failed));
                DutyAnswer { duty: id, row, period: None, states, since: None, deadline: None, fault }
            }
        }
    }

    /// D3
    pub(crate) fn set_duty(
        &mut self,
        id: DutyId,
        of: Option<ExprId>,
        state: DutyState,
        at: &At,
    ) -> Result<Set> {
        let duty = &self.policy.duties[id];
        let Some(entity) = duty.for_each else {
            let (period, before) = match of {
                Some(day) => {
                    let day = self.set(day, at)?;
                    match day.values.single() {
                        Some(Value::Date(on)) => (Some(*on), day.fault),
                        _ if day.is_error() => return Ok(day),
                        _ => return Ok(lift::open_day(&Type::Bool, duty.span)),
                    }
                }
                None => (None, None),
            };
            let answer = self.duty_at(id, NO_ROW, period, at.point)?;
            return Ok(is_state(&answer, state).or_fault(before));
        };
        let rows = match of {
            Some(row) => self.set(row, at)?,
            None => Set::of(Possible::Any),
        };
        if self.is_unstated(entity) && !rows.is_error() {
            if self.is_dated(entity) {
                return Ok(lift::open_day(&Type::Bool, duty.span).or_fault(rows.fault));
            }
            let answer = self.duty_at(id, ANY_ROW, None, at.point)?;
            return Ok(is_state(&answer, state).or_fault(rows.fault));
        }
        self.over_rows(entity, &rows, &Type::Bool, |run, row| match run.where_is(entity, row, at)? {
            Where::At(point) => {
                let answer = run.duty_at(id, row, None, point)?;
                Ok(is_state(&answer, state))
            }
            Where::Open(date) if date.is_error() => Ok(date),
            Where::Open(_) => Ok(lift::open_day(&Type::Bool, run.policy.duties[id].span)),
        })
    }

    pub(crate) fn set_known_day(&mut self, dated: &Dated, at: &At) -> Result<Set> {
        let day = self.set(dated.day, at)?;
        let Some(known) = dated.known else { return Ok(day) };
        let known = self.set(known, at)?;
        let seen = reached(&known, at.point.known);
        let never = || Set::one(Value::Date(Day::NEVER));
        let set = match (seen.may_be_true(), seen.may_be_false()) {
            (true, false) => day,
            (true, true) => day.join(&never()),
            _ => never(),
        };
        Ok(set.or_fault(known.fault))
    }

    /// D1 for one row or period, from memory if it was worked out before.
    pub(crate) fn duty_of(&mut self, node: DutyNode) -> Result<Arc<DutyAnswer>> {
        let learns = !self.is_given(Node::Duty(node.id));
        if let Some(known) = self.duties.get(&node).filter(|_| learns) {
            return Ok(known.clone());
        }
        let height = self.plan.height_of_duty(node.id);
        if self.is_too_deep(height) {
            self.deep = Some(SettleTask::Duty(node));
            return Err(Deep);
        }
        self.depth += height;
        let answer = self.in_duty(node, |run, at| run.judge_duty(node, at));
        self.depth -= height;
        let answer = Arc::new(answer?);
        if learns {
            self.duties.insert(node, answer.clone());
        }
        Ok(answer)
    }

    /// The frame of a duty's expressions.
    pub(crate) fn in_duty<T>(&mut self, node: DutyNode, evaluate: impl FnOnce(&mut Self, &At) -> T) -> T {
        let own = self.policy.duties[node.id].for_each.map(|entity| (entity, node.row));
        let days = node.period.into_iter().flat_map(|period| [period.first, period.last]);
        let days = days.map(|days| Set::of(Possible::dates(days.into())));
        self.in_frame(own.map(|(_, row)| row_set(row)).into_iter().chain(days), own, node.point, evaluate)
    }

    /// D4: the states of every choice of what is open.
    fn judge_duty(&mut self, node: DutyNode, at: &At) -> Result<DutyAnswer> {
        let policy = self.policy;
        let duty: &Duty = &policy.duties[node.id];
        let mut made = answer(node.id, node.row, node.period, DutyStates::NONE, None);
        let owed = match duty.condition {
            Some(condition) => self.set(condition, at)?,
            None => Set::bool(true),
        };
        if owed.mask().is_false() {
            made.states = DutyStates::one(DutyState::NotOwed);
            return Ok(made);
        }
        if owed.is_error() {
            made.fault = owed.fault;
            return Ok(made);
        }
        let deadline = self.set(duty.deadline, at)?;
        let begins = self.begins(duty, node, at)?;
        let ends = match (&duty.until, duty.each) {
            // A period begun is owed in full.
            (Some(until), None) => Some(self.set_known_day(until, at)?),
            _ => None,
        };
        made.deadline = Some(deadline.values.clone()).filter(|values| *values != Possible::Nothing);
        let days = || [Some(&deadline), ends.as_ref(), Some(&begins)].into_iter().flatten();
        if let Some(failed) = days().find(|set| set.is_error()) {
            // D1: only that nothing is owed comes before an error in one of its days.
            if owed.mask().may_be_false() {
                made.states = DutyStates::one(DutyState::NotOwed);
            }
            made.fault = failed.fault.clone();
            return Ok(made);
        }
        made.fault = owed.fault.clone().or_else(|| days().find_map(|set| set.fault.clone()));
        let counts_from = node.period.map_or((Day::FIRST, Day::FIRST), |period| period.first);
        let performance = match node.period {
            // No day before a period is missing in its past (T12).
            Some(period) if period.first.0 == Day::FIRST => Followed::InPeriod(duty.performance),
            _ => Followed::Condition(duty.performance),
        };
        let steps = match at.point.day >= counts_from.0 {
            true => Some(self.follow(performance, counts_from.0, at)?),
            false => None,
        };
        let lines = DutyLines {
            owed: owed.mask(),
            not_yet: reached(&begins, at.point.day).not().without_error(),
            deadline: lift::dates(&deadline.values),
            end: ends.map(|ends| lift::dates(&ends.values)),
            counts_from,
            steps: steps.as_deref(),
            today: at.point.day,
        };
        let judged = lines.judge();
        made.states = judged.states;
        made.fault = made.fault.or(judged.fault);
        if let (Some(state), None, Some(day)) = (made.states.single(), &made.fault, lines.deadline.as_point())
            && counts_from.0 == counts_from.1
        {
            made.since = self.since(state, day, duty, steps.as_deref(), counts_from.0, at)?;
        }
        Ok(made)
    }

    /// S of D1.
    pub(crate) fn begins(&mut self, duty: &Duty, node: DutyNode, at: &At) -> Result<Set> {
        match (node.period, duty.start, &duty.from) {
            (Some(period), _, _) => Ok(Set::of(Possible::dates(period.first.into()))),
            (None, Some(start), _) => self.set(start, at),
            (None, None, Some(from)) => self.set_known_day(from, at),
            (None, None, None) => Ok(Set::one(Value::Date(Day::FIRST))),
        }
    }

    /// Since when a duty is in a state (f, c, b of D1), if that is certain.
    fn since(
        &mut self,
        state: DutyState,
        deadline: Day,
        duty: &Duty,
        steps: Option<&HistorySteps>,
        counts_from: Day,
        at: &At,
    ) -> Result<Option<Day>> {
        let today = at.point.day;
        Ok(match state {
            DutyState::Fulfilled => first_true(steps, (counts_from, deadline.min(today)), today),
            DutyState::Cured => first_true(steps, (deadline.next(), today), today),
            DutyState::Breached => match duty.condition {
                Some(condition) => {
                    let owed = self.follow(Followed::Condition(condition), Day::FIRST, at)?;
                    true_since(&owed, deadline.next(), today)
                }
                None => Some(deadline.next()),
            },
            DutyState::NotOwed | DutyState::NotYetDue | DutyState::Pending => None,
        })
    }
}

fn is_state(answer: &DutyAnswer, state: DutyState) -> Set {
    let mask = Mask::from_parts(answer.states.has(state), answer.states.iter().any(|other| other != state));
    let mask = if answer.fault.is_some() { mask.or_error() } else { mask };
    Set::from_mask(mask, answer.fault.clone())
}

pub(crate) fn answer(
    duty: DutyId,
    row: u32,
    period: Option<DutyPeriod>,
    states: DutyStates,
    fault: Option<Arc<Fault>>,
) -> DutyAnswer {
    let row = Some(row).filter(|row| *row != ANY_ROW && *row != NO_ROW);
    let period = period.and_then(DutyPeriod::single);
    DutyAnswer { duty, row, period, states, since: None, deadline: None, fault }
}
