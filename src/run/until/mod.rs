//! Until which day an expression is the same (T10): never late, perhaps early. A third walk beside those of [`crate::run::point`]
//! and [`crate::run::sets`], over the same expressions and frames.

mod conduct;
pub mod depends;
mod moving;
pub mod rows;
mod running;

use crate::facts::{Facts, Slot};
use crate::outcome::{Point, Sight};
use crate::policy::deps;
use crate::policy::{Course, DefineId, EntityId, Expr, ExprId, Fact, FactId, Id, Op, Policy};
use crate::run::frame::slots::{self, Reading};
use crate::run::frame::{At, NO_ROW, Named, NamedPoint};
use crate::run::until::depends::DayDependence;
use crate::run::until::depends::depends_with_rows_held;
use crate::run::{Deep, Evaluator, Result, Set, SettleTask, depends_on_day};
use crate::steps;
use crate::tree::AggregateKind;
use crate::value::{Attribute, Day};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Nothing changes any more.
pub(crate) const END: Day = Day::NEVER;

/// What may differ from day to day.
pub(crate) struct Movement<'a> {
    names: DayDependence<'a>,
    /// Which expressions may; and those in the body of a row held fixed.
    exprs: Vec<bool>,
    exprs_held: Vec<bool>,
}

impl<'a> Movement<'a> {
    /// Without facts: whatever may be stated.
    pub fn new(policy: &'a Policy, facts: Option<&'a Facts>) -> Movement<'a> {
        let all = |days: &DayDependence<'_>| -> Vec<bool> {
            (0..policy.exprs.len()).map(|index| days.expr(ExprId::from_index(index))).collect()
        };
        let names = depends_on_day(policy, facts);
        let exprs = all(&names);
        let dated = policy.entities.values().any(|entity| entity.dated.is_some());
        let exprs_held = if dated { all(&depends_with_rows_held(policy, facts)) } else { exprs.clone() };
        Movement { names, exprs, exprs_held }
    }
}

/// What this walk keeps from question to question.
pub(crate) struct Stretches<'a> {
    movement: Arc<Movement<'a>>,
    /// For each name the stretches on which it is known to be the same: from a day to before another.
    memory: BTreeMap<(Named, u32, Day, Sight), BTreeMap<Day, Day>>,
    pub knowledge_days: Option<crate::run::until::rows::KnowledgeDays>,
    /// Of defines met on the way, each at one point.
    pub shapes: BTreeMap<(DefineId, Day, Sight), (Day, crate::run::until::moving::Shape)>,
}

impl<'a> Evaluator<'a> {
    /// A day up to which (itself excluded) an outcome has the same answer for the same reasons; what changes from
    /// `horizon` on is not looked for.
    pub fn stable_until(
        &mut self,
        outcome: crate::policy::OutcomeId,
        row: Option<u32>,
        point: Point,
        horizon: Day,
    ) -> Day {
        let named = Named::Outcome(outcome);
        let row = self.row_asked(self.entity_of(named), row);
        self.horizon = horizon;
        self.settle(|run| run.until_named(NamedPoint { named, row, point }))
    }

    /// An expression in a frame of its own ([`Evaluator::value_in`]), and a day up to which (itself excluded) it is the same.
    pub fn value_until(&mut self, expr: ExprId, frame: &[Set], point: Point, horizon: Day) -> (Set, Day) {
        self.horizon = horizon;
        self.settle(|run| {
            run.in_frame(frame.iter().cloned(), None, point, |run, at| {
                Ok((run.set(expr, at)?, run.until(expr, at)?))
            })
        })
    }

    pub(crate) fn stretches(&mut self) -> &mut Stretches<'a> {
        let (policy, facts) = (self.policy, self.facts);
        let movement = &mut self.movement;
        self.stretches.get_or_insert_with(|| {
            let movement = movement.get_or_insert_with(|| Arc::new(Movement::new(policy, Some(facts))));
            let (memory, shapes) = (BTreeMap::new(), BTreeMap::new());
            Box::new(Stretches { movement: movement.clone(), memory, knowledge_days: None, shapes })
        })
    }

    /// Whether an expression read by a row, if it is one, may differ from day to day.
    pub(crate) fn may_differ_by_day(&mut self, id: ExprId, own: Option<(EntityId, u32)>) -> bool {
        self.moves(id, &At { point: Point::new(Day::FIRST, Day::NEVER), base: 0, own })
    }

    /// Whether an expression may differ from day to day at all. Where a row of a dated entity is followed through the days
    /// (T8), what is its own moves as well.
    pub(crate) fn moves(&mut self, id: ExprId, at: &At) -> bool {
        let held = at.own.is_some_and(|(entity, _)| self.is_dated(entity));
        let movement = &self.stretches().movement;
        let moves = if held { &movement.exprs_held } else { &movement.exprs };
        moves.get(id.index()).copied().unwrap_or(true)
    }

    pub(crate) fn until(&mut self, id: ExprId, at: &At) -> Result<Day> {
        if !self.moves(id, at) {
            return Ok(END);
        }
        self.until_node(id, at)
    }

    fn until_node(&mut self, id: ExprId, at: &At) -> Result<Day> {
        steps::step();
        let policy = self.policy;
        match policy.exprs.node(id) {
            Expr::Const(_) | Expr::Local(_) => Ok(END),
            Expr::Today | Expr::LastStart(_) => self.until_moving(id, at),
            Expr::Op(Op::Attribute { attribute: Attribute::Part(period), of }) => {
                self.until_part(id, *period, *of, at)
            }
            Expr::Op(Op::InAnnex { item, annex } | Op::UnderAnnex { item, annex }) => {
                self.until_annex(*annex, std::slice::from_ref(item), at)
            }
            Expr::Op(op) => match op.course() {
                Course::Steps => self.until_operands(id, at),
                Course::Monotone(_) | Course::Product(_) | Course::None => self.until_moving(id, at),
            },
            Expr::Fact(fact) => self.until_fact(*fact, at),
            Expr::Field { entity, row, field } => self.until_field(*entity, *row, *field, at),
            Expr::Define { id, row } => self.until_read(Named::Define(*id), *row, at),
            Expr::Outcome { id, row } => self.until_read(Named::Outcome(*id), *row, at),
            Expr::Running(fold) => {
                let row = at.row();
                self.until_named(NamedPoint { named: Named::Running(*fold), row, point: at.point })
            }
            Expr::Call { function, args } => {
                let until = self.until_all(args, at)?;
                let sets: Vec<Set> = args.iter().map(|arg| self.set(*arg, at)).collect::<Result<_>>()?;
                if sets.iter().any(Set::is_error) {
                    return Ok(until);
                }
                let base = self.locals.len();
                self.locals.extend(sets.into_iter().map(|set| Set::of(set.values)));
                let body = self.until(policy.functions[*function].value, &At { base, ..*at });
                self.locals.truncate(base);
                Ok(until.min(body?))
            }
            Expr::And(list) => self.until_junction(id, list, false, at),
            Expr::Or(list) => self.until_junction(id, list, true, at),
            Expr::If { branches, otherwise } => {
                let mut until = END;
                for (condition, value) in branches {
                    until = until.min(self.until(*condition, at)?);
                    let met = self.set(*condition, at)?.mask();
                    if met.may_be_true() {
                        until = until.min(self.until(*value, at)?);
                    }
                    if !met.may_be_false() {
                        return Ok(until);
                    }
                }
                Ok(until.min(self.until(*otherwise, at)?))
            }
            Expr::AsOf { value, day } => self.until_as_of(*value, *day, at),
            Expr::AsKnownOn { value, day } => self.until_as_known_on(*value, *day, at),
            Expr::By { condition, day } => self.until_by(*condition, *day, at),
            Expr::Aggregate { kind, entity, local, value, condition } => {
                let value = value.filter(|_| *kind != AggregateKind::Count);
                let parts: Vec<ExprId> = value.into_iter().chain(*condition).collect();
                self.until_aggregate(id, (*entity, *local), &parts, at)
            }
            Expr::Duty { id, of, .. } => self.until_duty(*id, *of, at),
            Expr::Power { id, row, test } => self.until_power(*id, *row, Some(*test), at),
            Expr::Act { id, row, .. } => self.until_power(*id, *row, None, at),
            Expr::ActCount { id, row, since } => {
                Ok(self.until_power(*id, *row, None, at)?.min(self.until(*since, at)?))
            }
            // It looks at days of its own, which move with these.
            Expr::DayAverage { first, last, .. } => self.until_all(&[*first, *last], at),
            Expr::Lookup { annex, keys, .. } => self.until_annex(*annex, keys, at),
            Expr::RowByKey { .. } => self.until_operands(id, at),
        }
    }

    /// The first change of any operand.
    pub(crate) fn until_operands(&mut self, id: ExprId, at: &At) -> Result<Day> {
        self.until_all(&self.policy.exprs.parts(id), at)
    }

    pub(crate) fn until_all(&mut self, list: &[ExprId], at: &At) -> Result<Day> {
        let mut until = END;
        for operand in list {
            until = until.min(self.until(*operand, at)?);
        }
        Ok(until)
    }

    /// One operand that decides alone is enough (V4).
    fn until_junction(&mut self, id: ExprId, list: &[ExprId], decisive: bool, at: &At) -> Result<Day> {
        let mut decided: Option<Day> = None;
        for operand in list {
            let mask = self.set(*operand, at)?.mask();
            if mask == crate::value::Mask::of(decisive) {
                let until = self.until(*operand, at)?;
                decided = Some(decided.map_or(until, |decided| decided.max(until)));
            }
        }
        match decided {
            Some(until) => Ok(until),
            None => Ok(self.until_all(list, at)?.min(self.until_apart(id, (list, decisive), at)?)),
        }
    }

    fn until_fact(&mut self, id: FactId, at: &At) -> Result<Day> {
        let decl = &self.policy.facts[id];
        match self.until_stated(&self.facts.facts[id], decl, at.point) {
            (until, true) if decl.default.is_some() => {
                let default = NamedPoint { named: Named::Default(id), row: NO_ROW, point: at.point };
                Ok(until.min(self.until_named(default)?))
            }
            (until, _) => Ok(until),
        }
    }

    /// A field of a row; of a default its own changes.
    pub(crate) fn until_cell(
        &mut self,
        slot: &Slot,
        decl: &Fact,
        row: (EntityId, u32),
        at: &At,
    ) -> Result<Day> {
        match (self.until_stated(slot, decl, at.point), decl.default) {
            ((until, true), Some(default)) => {
                let changes = self.in_row(Some(row), at.point, |run, at| run.until(default, at))?;
                Ok(until.min(changes))
            }
            ((until, _), _) => Ok(until),
        }
    }

    /// T2, T3: the next statement that is visible, the end of what is stated; and whether nothing is stated here.
    fn until_stated(&self, slot: &Slot, decl: &Fact, Point { day, known, sight }: Point) -> (Day, bool) {
        let mut until = END;
        if decl.over_time {
            let first = slot.statements.partition_point(|statement| statement.from <= day);
            let later = slot.statements.get(first..).unwrap_or(&[]);
            let next = later.iter().find(|statement| statement.known <= known);
            until = next.map_or(END, |statement| statement.from);
            if let Some(through) = self.facts.stated_through.filter(|through| *through >= day) {
                until = until.min(through.next());
            }
        }
        let reading = slots::read(slot, decl, Point { day, known, sight }, self.facts.stated_through);
        (until, matches!(reading, Reading::Missing))
    }

    /// A name, worked out once for each stretch on which it is the same.
    pub(crate) fn until_named(&mut self, node: NamedPoint) -> Result<Day> {
        let (policy, point) = (self.policy, node.point);
        // Of a row under way all that it reads is looked at.
        let under_way = match node.named {
            Named::Define(id) => self.stepped_set(id, &node).is_some(),
            Named::Running(id) => self.is_under_way(id, node.row, point),
            Named::Outcome(_) | Named::Default(_) => false,
        };
        if under_way {
            return Ok(END);
        }
        let for_each = self.entity_of(node.named);
        let held = for_each.is_some_and(|entity| self.is_dated(entity));
        let days = &self.stretches().movement.names;
        let moves = match node.named {
            Named::Define(id) => days.node(deps::Node::Define(id)),
            Named::Outcome(id) => days.node(deps::Node::Outcome(id)),
            Named::Running(id) => days.node(deps::Node::Running(id)),
            Named::Default(id) => days.node(deps::Node::Fact(id)),
        };
        if !moves && !held {
            return Ok(END);
        }
        let key = (node.named, node.row, point.known, point.sight);
        let learns = !self.is_name_given(node.named);
        let stretch = self.stretches().memory.get(&key).and_then(|all| all.range(..=point.day).next_back());
        if let Some((_, until)) = stretch
            && *until > point.day
            && learns
        {
            return Ok(*until);
        }
        let height = self.plan.height_of(node.named);
        if self.is_too_deep(height) {
            self.deep = Some(SettleTask::Until(node));
            return Err(Deep);
        }
        self.depth += height;
        let until = self.in_body(node, |run, at| match node.named {
            Named::Define(id) => run.until(policy.defines[id].value, at),
            Named::Outcome(id) => run.until_rules(id, at),
            Named::Running(id) => run.until_running(id, at),
            Named::Default(id) => policy.facts[id].default.map_or(Ok(END), |default| run.until(default, at)),
        });
        self.depth -= height;
        let until = until?;
        if learns {
            self.stretches().memory.entry(key).or_default().insert(point.day, until);
        }
        Ok(until)
    }
}
