//! What is due next, what is missing for it, and what changes otherwise: read off the rules and the timelines, and every
//! amount is tried.

use super::Timelines;
use crate::facts::{Facts, Slot, Statement};
use crate::outcome::{
    Ahead, Cause, Change, Due, DueBy, DutyAnswer, Enough, Point, Short, SlotRef, Status, Stretch,
};
use crate::policy::{DutyId, DutyState, EntityId, Expr, ExprId, Op, OutcomeId, Policy, Type};
use crate::run::{Set, row_set};
use crate::text::Span;
use crate::tree::CompareOp;
use crate::value::{Day, Interval, Mask, Number, Possible, Value};
use std::collections::BTreeMap;

/// Looks ahead from a day, up to another.
pub fn ahead(policy: &Policy, facts: &Facts, on: Day, to: Day, known: Day) -> Ahead {
    let timelines = Timelines::new(policy, facts, known);
    let point = Point::new(on, known);
    let (duties, clauses, trial) = (BTreeMap::new(), BTreeMap::new(), None);
    let made = Ahead::default();
    let mut look = AheadSearch { policy, facts, timelines, on, to, point, made, duties, clauses, trial };
    look.duties();
    look.outcomes();
    look.powers();
    let order = |due: &Due| due.last.map_or((1, Day::NEVER), |last| (u8::from(last < on), last));
    look.made.dues.sort_by_key(order);
    look.made.coming.sort_by_key(Change::from);
    look.made
}

/// A frame: the row or the period of what is looked at.
#[derive(Clone)]
struct AheadFrame {
    own: Option<(EntityId, u32)>,
    locals: Vec<Set>,
}

impl AheadFrame {
    fn row(own: Option<(EntityId, u32)>) -> AheadFrame {
        AheadFrame { own, locals: own.iter().map(|(_, row)| row_set(*row)).collect() }
    }
}

/// What must stay, or become, as it is wanted.
#[derive(Clone, Copy)]
enum Goal {
    /// The outcome answers as it does today.
    Outcome(OutcomeId, Option<u32>),
    /// The duty is fulfilled, or cured.
    Duty(DutyId, Option<u32>, Option<Day>),
}

struct AheadSearch<'a> {
    policy: &'a Policy,
    facts: &'a Facts,
    timelines: Timelines<'a>,
    on: Day,
    to: Day,
    point: Point,
    made: Ahead,
    /// Where among the dues the first of a duty, or of a clause, for a day stands.
    duties: BTreeMap<(DutyId, Day), usize>,
    clauses: BTreeMap<(ExprId, Day), usize>,
    /// A copy of the facts in which one slot at a time is stated otherwise.
    trial: Option<Facts>,
}

impl<'a> AheadSearch<'a> {
    fn rows(&self, entity: Option<EntityId>) -> Vec<Option<u32>> {
        let Some(entity) = entity else { return vec![None] };
        if self.policy.entities[entity].dated.is_some() {
            return Vec::new();
        }
        match &self.facts.tables[entity] {
            Some(table) => (0..u32::try_from(table.rows.len()).unwrap_or(u32::MAX)).map(Some).collect(),
            None => Vec::new(),
        }
    }

    /// Duties that wait for performance, or for a cure.
    fn duties(&mut self) {
        for (id, duty) in self.policy.duties.iter() {
            for row in self.rows(duty.for_each) {
                let periods: Vec<Option<Day>> = match duty.each {
                    Some(_) => {
                        let begun = self.timelines.run.periods(id, self.point);
                        begun.into_iter().map(|(first, _)| Some(first)).collect()
                    }
                    None => vec![None],
                };
                for period in periods {
                    let answer = self.timelines.run.duty(id, row, period, self.point);
                    let waits = [DutyState::Pending, DutyState::NotYetDue, DutyState::Breached];
                    if waits.into_iter().any(|state| answer.states.has(state)) {
                        self.duty(id, row, period, answer);
                    }
                }
            }
        }
    }

    fn duty(&mut self, id: DutyId, row: Option<u32>, period: Option<Day>, answer: DutyAnswer) {
        let duty = &self.policy.duties[id];
        let last = match answer.deadline.as_ref().and_then(Possible::single) {
            Some(Value::Date(day)) if !day.is_never() => Some(*day),
            _ => None,
        };
        let mut frame = AheadFrame::row(duty.for_each.zip(row));
        let day = |day: Day| Set::one(Value::Date(day));
        frame.locals.extend(answer.period.into_iter().flat_map(|(first, last)| [day(first), day(last)]));
        let mut shorts = Vec::new();
        let any = self.shorts(duty.performance, true, &frame, &mut shorts);
        // What was late counts from today on.
        let by = last.map_or(self.on, |last| last.max(self.on));
        for short in &mut shorts {
            self.try_out(short, &frame, by, Goal::Duty(id, row, period));
        }
        if let Some(last) = last {
            self.duties.entry((id, last)).or_insert(self.made.dues.len());
        }
        self.made.dues.push(Due { last, by: DueBy::Duty(answer), shorts, any, changes: Vec::new() });
    }

    /// The first change of each outcome.
    fn outcomes(&mut self) {
        for (id, outcome) in self.policy.outcomes.iter() {
            for row in self.rows(outcome.for_each) {
                let timeline = self.timelines.of(id, row, self.on, self.to);
                if let Some((before, after)) = first_change(timeline.segments) {
                    let (from, causes) = (after.from, after.causes);
                    let (before, after) = (before.answer, after.answer);
                    self.enter(Change::Outcome { id, row, from, before, after, causes });
                }
            }
        }
    }

    /// Of each power when it becomes available, or no longer is.
    fn powers(&mut self) {
        for (id, power) in self.policy.powers.iter() {
            for row in self.rows(power.for_each) {
                let timeline = self.timelines.power(id, row, self.on, self.to);
                let mut segments = timeline.segments.into_iter();
                let Some(first) = segments.next() else { continue };
                let Some(next) = segments.find(|one| one.answer.available != first.answer.available) else {
                    continue;
                };
                let (from, causes) = (next.from, next.causes);
                let (before, after) = (first.answer, next.answer);
                self.enter(Change::Power { id, row, from, before, after, causes });
            }
        }
    }

    /// Puts a change to the deadline that causes it.
    fn enter(&mut self, change: Change) {
        for cause in change.causes() {
            match cause {
                Cause::Passed { by, day } => {
                    let (by, day) = (*by, *day);
                    return self.clause(by, day, change);
                }
                Cause::Deadline { duty, day } => {
                    let (duty, day) = (*duty, *day);
                    let place = self.duties.get(&(duty, day));
                    if let Some(due) = place.and_then(|place| self.made.dues.get_mut(*place)) {
                        due.changes.push(change);
                        return;
                    }
                }
                _ => {}
            }
        }
        self.made.coming.push(change);
    }

    /// `C by D`, which makes an answer change once D has passed.
    fn clause(&mut self, by: ExprId, day: Day, change: Change) {
        let place = self.clauses.get(&(by, day));
        if let Some(due) = place.and_then(|place| self.made.dues.get_mut(*place)) {
            due.changes.push(change);
            return;
        }
        let Expr::By { condition, .. } = self.policy.exprs.node(by) else {
            self.made.coming.push(change);
            return;
        };
        let (own, goal) = match &change {
            Change::Outcome { id, row, .. } => {
                (self.policy.outcomes[*id].for_each.zip(*row), Some(Goal::Outcome(*id, *row)))
            }
            Change::Power { id, row, .. } => (self.policy.powers[*id].for_each.zip(*row), None),
        };
        let frame = AheadFrame::row(own);
        let holds = self.set(*condition, &frame).mask();
        let mut shorts = Vec::new();
        let any = self.shorts(*condition, !holds.is_true(), &frame, &mut shorts);
        if let Some(goal) = goal {
            for short in &mut shorts {
                self.try_out(short, &frame, day, goal);
            }
        }
        self.clauses.insert((by, day), self.made.dues.len());
        let by = DueBy::Clause(by);
        self.made.dues.push(Due { last: Some(day), by, shorts, any, changes: vec![change] });
    }

    fn set(&mut self, id: ExprId, frame: &AheadFrame) -> Set {
        self.timelines.run.value_in(id, &frame.locals, frame.own, self.point)
    }

    /// The comparisons that keep a condition from what is wanted; whether any one of them is enough.
    fn shorts(&mut self, id: ExprId, wanted: bool, frame: &AheadFrame, found: &mut Vec<Short>) -> bool {
        let policy = self.policy;
        if self.set(id, frame).mask() == Mask::of(wanted) {
            return false;
        }
        match policy.exprs.node(id) {
            Expr::Op(Op::Not(inner)) => self.shorts(*inner, !wanted, frame, found),
            Expr::And(list) | Expr::Or(list) => {
                let all = matches!(policy.exprs.node(id), Expr::And(_)) == wanted;
                let had = found.len();
                list.iter().for_each(|one| {
                    self.shorts(*one, wanted, frame, found);
                });
                !all && found.len() > had.saturating_add(1)
            }
            Expr::Define { id: define, row: None } if policy.defines[*define].ty == Type::Bool => {
                self.shorts(policy.defines[*define].value, wanted, &AheadFrame::row(None), found)
            }
            Expr::Op(Op::Compare { op, left, right }) => {
                let (gap, more) = self.gap(*op, (*left, *right), wanted, frame);
                let enough = None;
                found.push(Short { comparison: id, row: frame.own, wanted, gap, more, enough });
                false
            }
            _ => {
                let (gap, more, enough) = (None, false, None);
                found.push(Short { comparison: id, row: frame.own, wanted, gap, more, enough });
                false
            }
        }
    }

    /// How far two numbers are apart the wrong way, and whether more than that is needed.
    fn gap(
        &mut self,
        op: CompareOp,
        (left, right): (ExprId, ExprId),
        wanted: bool,
        frame: &AheadFrame,
    ) -> (Option<Interval<Number>>, bool) {
        let op = if wanted { op } else { op.opposite() };
        let (left, right) = (self.set(left, frame).numbers(), self.set(right, frame).numbers());
        let (Some(left), Some(right)) = (left, right) else { return (None, false) };
        let (apart, more) = match op {
            CompareOp::AtLeast | CompareOp::Greater => (right.sub(&left), op == CompareOp::Greater),
            CompareOp::AtMost | CompareOp::Less => (left.sub(&right), op == CompareOp::Less),
            CompareOp::Equal | CompareOp::NotEqual => return (None, false),
        };
        let zero = Interval::point(Number::ZERO);
        (apart.0.map(|range| range.max(&zero)), more)
    }

    /// Whether a fact that is read directly can make up for it: stated so from the last day, and asked the day after.
    fn try_out(&mut self, short: &mut Short, frame: &AheadFrame, last: Day, goal: Goal) {
        let policy = self.policy;
        let Expr::Op(Op::Compare { op, left, right }) = policy.exprs.node(short.comparison) else { return };
        let Some(gap) = short.gap.as_ref().and_then(Interval::as_point).cloned() else { return };
        let op = if short.wanted { *op } else { op.opposite() };
        let rises = matches!(op, CompareOp::AtLeast | CompareOp::Greater);
        // The left side has to go one way, the right side the other.
        for (side, up) in [(*left, rises), (*right, !rises)] {
            for (slot, value, whole) in self.slots(side, frame) {
                let step = match (short.more, whole) {
                    (false, _) => Ok(gap.clone()),
                    (true, true) => gap.add(&Number::from(1)),
                    (true, false) => continue,
                };
                let amount = step.and_then(|step| if up { value.add(&step) } else { value.sub(&step) });
                let Ok(amount) = amount else { continue };
                let Some(tried) = self.tried(&slot, &amount, last, goal) else { continue };
                if tried || short.enough.is_none() {
                    short.enough = Some(Enough { slot, amount, tried });
                }
                if tried {
                    return;
                }
            }
        }
    }

    /// Numbers that a side reads as they stand, with what they are today.
    fn slots(&mut self, side: ExprId, frame: &AheadFrame) -> Vec<(SlotRef, Number, bool)> {
        let policy = self.policy;
        let mut found = Vec::new();
        let mut waiting = vec![side];
        while let Some(id) = waiting.pop() {
            let slot = match policy.exprs.node(id) {
                Expr::Fact(fact) => Some((SlotRef::Fact(*fact, None), policy.facts[*fact].whole)),
                Expr::Field { entity, row, field } => match self.set(*row, frame).single() {
                    Some(Value::Row(row)) => {
                        let slot = SlotRef::Field { entity: *entity, row: *row, field: *field, day: None };
                        Some((slot, policy.entities[*entity].fields[*field].whole))
                    }
                    _ => None,
                },
                Expr::Op(Op::Sum { first, rest }) => {
                    waiting.extend(rest.iter().map(|(_, term)| *term).rev());
                    waiting.push(*first);
                    None
                }
                _ => None,
            };
            if let Some((slot, whole)) = slot
                && let Some(Value::Number(value)) = self.set(id, frame).single().cloned()
            {
                found.push((slot, value, whole));
            }
        }
        found
    }

    /// Whether the goal is reached with one more statement; none: such a slot cannot be stated.
    fn tried(&mut self, slot: &SlotRef, amount: &Number, last: Day, goal: Goal) -> Option<bool> {
        let mut facts = self.trial.take().unwrap_or_else(|| self.facts.clone());
        let kept = stated(self.policy, &mut facts, slot, amount, last);
        // What is stated to end earlier says nothing of the days after.
        facts.stated_through = self.facts.stated_through.map(|through| through.max(last.next()));
        let tried = kept.is_some().then(|| self.reaches(&facts, last, goal));
        if let (Some(kept), Some((place, _))) = (kept, slot_mut(self.policy, &mut facts, slot)) {
            *place = kept;
        }
        self.trial = Some(facts);
        tried
    }

    fn reaches(&mut self, facts: &Facts, last: Day, goal: Goal) -> bool {
        let after = Point { day: last.next(), ..self.point };
        let mut run = self.timelines.run.beside(facts);
        match goal {
            Goal::Outcome(id, row) => {
                let now = run.bare_answer(id, row, after);
                let before = self.timelines.run.bare_answer(id, row, self.point);
                now.status == Status::Determined && now.value() == before.value()
            }
            Goal::Duty(id, row, period) => {
                let state = run.duty(id, row, period, after).states.single();
                matches!(state, Some(DutyState::Fulfilled | DutyState::Cured))
            }
        }
    }
}

/// A slot, and whether it is over time.
fn slot_mut<'f>(policy: &Policy, facts: &'f mut Facts, slot: &SlotRef) -> Option<(&'f mut Slot, bool)> {
    match slot {
        SlotRef::Fact(id, _) => Some((&mut facts.facts[*id], policy.facts[*id].over_time)),
        SlotRef::Field { entity, row, field, .. } => {
            let rows = facts.tables[*entity].as_mut()?;
            let (_, row) = rows.rows.get_index_mut(*row as usize)?;
            Some((&mut row.cells[*field], policy.entities[*entity].fields[*field].over_time))
        }
        SlotRef::Parameter { .. } | SlotRef::Table(_) | SlotRef::Line(..) | SlotRef::Cell(..) => None,
    }
}

/// States one more amount; the slot as it was.
fn stated(policy: &Policy, facts: &mut Facts, slot: &SlotRef, amount: &Number, last: Day) -> Option<Slot> {
    let (slot, over_time) = slot_mut(policy, facts, slot)?;
    let kept = slot.clone();
    let value: Possible = Value::Number(amount.clone()).into();
    if over_time {
        slot.statements.retain(|one| one.from != last);
        slot.statements.push(Statement { from: last, known: Day::FIRST, value, span: Span::default() });
        slot.statements.sort_by_key(|one| (one.from, one.known));
    } else {
        *slot = Slot::fixed(value, Span::default());
    }
    Some(kept)
}

/// What holds first, and the first that differs in what it answers.
fn first_change(
    segments: Vec<Stretch<crate::outcome::Answer>>,
) -> Option<(Stretch<crate::outcome::Answer>, Stretch<crate::outcome::Answer>)> {
    let mut segments = segments.into_iter();
    let first = segments.next()?;
    let differs = |one: &Stretch<crate::outcome::Answer>| {
        (one.answer.status, &one.answer.possible) != (first.answer.status, &first.answer.possible)
    };
    let next = segments.find(differs)?;
    Some((first, next))
}
