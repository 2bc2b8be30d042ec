//! Until which day an expression is the same (T10): never late, perhaps early.

use crate::facts::{Facts, Slot};
use crate::outcome::Point;
use crate::policy::{DefineId, EntityId, Expr, ExprId, Fact, Id, OutcomeId, Policy};
use crate::run::{DayDependence, Evaluator, Set, depends_on_day};
use crate::tree::AggregateKind;
use crate::value::{Day, Possible, Value};
use std::collections::BTreeMap;

/// Nothing changes any more.
pub(super) const END: Day = Day::NEVER;

/// How deep the walk may nest before a name is set aside and worked out first.
const DEEP: u32 = 150;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Name {
    Define(DefineId),
    Outcome(OutcomeId),
}

/// A name at a point, with its row if it is for each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub name: Name,
    pub row: Option<u32>,
    pub point: Point,
}

/// `Err`: nested too deeply, this name is to be worked out first.
pub(super) type Turn<T> = Result<T, Node>;

/// The point and the frame of an expression.
#[derive(Clone, Copy, Debug)]
pub(super) struct At {
    pub point: Point,
    /// Where local 0 lies.
    pub base: usize,
    pub own: Option<(EntityId, u32)>,
}

impl At {
    pub fn on(self, day: Day) -> At {
        At { point: Point { day, ..self.point }, ..self }
    }

    pub fn known(self, known: Day) -> At {
        At { point: Point { known, ..self.point }, ..self }
    }
}

/// What is kept from question to question.
pub(super) struct Stable<'a> {
    policy: &'a Policy,
    facts: &'a Facts,
    days: DayDependence<'a>,
    /// Which expressions may differ from day to day at all.
    moves: Vec<bool>,
    /// For each name the stretches on which it is known to be the same: from a day to before another.
    memory: BTreeMap<(Name, Option<u32>, Day), BTreeMap<Day, Day>>,
    news: Option<super::names::News>,
}

/// One walk.
pub(super) struct Walk<'s, 'a> {
    pub policy: &'a Policy,
    pub facts: &'a Facts,
    pub stable: &'s mut Stable<'a>,
    pub run: &'s mut Evaluator<'a>,
    pub locals: Vec<Set>,
    pub depth: u32,
    /// Of defines met on the way, each on one day.
    pub shapes: BTreeMap<(DefineId, Day), (Day, super::moving::Shape)>,
    /// The end of the days asked about: what changes later is not looked for.
    pub horizon: Day,
}

impl<'a> Stable<'a> {
    pub fn new(policy: &'a Policy, facts: &'a Facts) -> Stable<'a> {
        let days = depends_on_day(policy, Some(facts));
        let moves = (0..policy.exprs.len()).map(|index| days.expr(ExprId::from_index(index))).collect();
        Stable { policy, facts, days, moves, memory: BTreeMap::new(), news: None }
    }

    /// A day up to which (itself excluded) the name has the same value for the same reasons.
    pub fn until(&mut self, run: &mut Evaluator<'a>, node: Node, horizon: Day) -> Day {
        let mut waiting = vec![node];
        let (policy, facts) = (self.policy, self.facts);
        let (locals, shapes) = (Vec::new(), BTreeMap::new());
        let mut walk = Walk { policy, facts, stable: self, run, locals, depth: 0, shapes, horizon };
        let mut until = node.point.day.next();
        while let Some(next) = waiting.last().copied() {
            walk.locals.clear();
            walk.depth = 0;
            match walk.named(next) {
                Ok(found) => {
                    until = found;
                    waiting.pop();
                }
                Err(first) => waiting.push(first),
            }
        }
        until
    }

    pub fn news(&mut self, run: &mut Evaluator<'a>, known: Day) -> Option<Day> {
        let (policy, facts) = (self.policy, self.facts);
        self.news.get_or_insert_with(|| super::names::News::new(policy, facts, run)).after(known)
    }
}

impl<'a> Walk<'_, 'a> {
    pub fn set(&mut self, id: ExprId, at: &At) -> Set {
        let frame = self.locals.get(at.base..).unwrap_or(&[]);
        self.run.value_in(id, frame, at.own, at.point)
    }

    pub fn moves(&self, id: ExprId) -> bool {
        self.stable.moves.get(id.index()).copied().unwrap_or(true)
    }

    pub fn expr(&mut self, id: ExprId, at: &At) -> Turn<Day> {
        if !self.moves(id) {
            return Ok(END);
        }
        self.depth = self.depth.saturating_add(1);
        let until = self.node(id, at);
        self.depth = self.depth.saturating_sub(1);
        until
    }

    fn node(&mut self, id: ExprId, at: &At) -> Turn<Day> {
        let policy = self.policy;
        match policy.exprs.node(id) {
            Expr::Const(_) | Expr::Local(_) => Ok(END),
            Expr::Today
            | Expr::Compare { .. }
            | Expr::Sum { .. }
            | Expr::Product { .. }
            | Expr::Negative(_)
            | Expr::Clamp { .. }
            | Expr::Round { .. }
            | Expr::TopUp { .. }
            | Expr::Shift { .. }
            | Expr::DaysBetween { .. }
            | Expr::DurationSum { .. }
            | Expr::DurationNegative(_)
            | Expr::DurationRatio { .. }
            | Expr::Edge { .. } => self.moving(id, at),
            Expr::Part { period, day } => self.part(id, *period, *day, at),
            Expr::Fact(fact) => self.slot(&self.facts.facts[*fact], &policy.facts[*fact], None, at),
            Expr::Field { entity, row, field } => self.field(*entity, *row, *field, at),
            Expr::Define { id, row } => self.read(Name::Define(*id), *row, at),
            Expr::Outcome { id, row } => self.read(Name::Outcome(*id), *row, at),
            Expr::Call { function, args } => {
                let until = self.all(args, at)?;
                let sets: Vec<Set> = args.iter().map(|arg| self.set(*arg, at)).collect();
                if sets.iter().any(Set::is_error) {
                    return Ok(until);
                }
                let base = self.locals.len();
                self.locals.extend(sets.into_iter().map(|set| Set::of(set.values)));
                let body = self.expr(policy.functions[*function].value, &At { base, ..*at });
                self.locals.truncate(base);
                Ok(until.min(body?))
            }
            Expr::And(list) => self.junction(list, false, at),
            Expr::Or(list) => self.junction(list, true, at),
            Expr::If { branches, otherwise } => {
                let mut until = END;
                for (condition, value) in branches {
                    until = until.min(self.expr(*condition, at)?);
                    let met = self.set(*condition, at).mask();
                    if met.may_be_true() {
                        until = until.min(self.expr(*value, at)?);
                    }
                    if !met.may_be_false() {
                        return Ok(until);
                    }
                }
                Ok(until.min(self.expr(*otherwise, at)?))
            }
            Expr::AsOf { value, day } => self.as_of(*value, *day, at),
            Expr::AsKnownOn { value, day } => self.as_known_on(*value, *day, at),
            Expr::By { condition, day } => self.by(*condition, *day, at),
            Expr::Aggregate { kind, entity, local, value, condition } => {
                let value = value.filter(|_| *kind != AggregateKind::Count);
                let parts: Vec<ExprId> = value.into_iter().chain(*condition).collect();
                self.aggregate(*entity, *local, &parts, at)
            }
            Expr::LastStart(_) | Expr::Duty { .. } | Expr::Power { .. } | Expr::Act { .. } => {
                self.operands(id, at)
            }
            Expr::RowByKey { .. }
            | Expr::Lookup { .. }
            | Expr::Not(_)
            | Expr::In { .. }
            | Expr::InAnnex { .. }
            | Expr::Under { .. }
            | Expr::UnderAnnex { .. }
            | Expr::DurationTimes { .. } => self.operands(id, at),
        }
    }

    /// The first change of any operand.
    pub fn operands(&mut self, id: ExprId, at: &At) -> Turn<Day> {
        let mut list = Vec::new();
        self.policy.exprs.operands(id, |operand| list.push(operand));
        self.all(&list, at)
    }

    fn all(&mut self, list: &[ExprId], at: &At) -> Turn<Day> {
        let mut until = END;
        for operand in list {
            until = until.min(self.expr(*operand, at)?);
        }
        Ok(until)
    }

    /// One operand that decides alone is enough (V4).
    fn junction(&mut self, list: &[ExprId], decisive: bool, at: &At) -> Turn<Day> {
        let mut decided: Option<Day> = None;
        for operand in list {
            let mask = self.set(*operand, at).mask();
            if mask == crate::value::Mask::of(decisive) {
                let until = self.expr(*operand, at)?;
                decided = Some(decided.map_or(until, |decided| decided.max(until)));
            }
        }
        match decided {
            Some(until) => Ok(until),
            None => self.all(list, at),
        }
    }

    /// T2, T3: the next statement that is visible, the end of what is stated; of a default its own changes.
    pub fn slot(&mut self, slot: &Slot, decl: &Fact, row: Option<(EntityId, u32)>, at: &At) -> Turn<Day> {
        let Point { day, known, .. } = at.point;
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
        let seen = slot.at(if decl.over_time { day } else { Day::NEVER }, known);
        if let (None, Some(default)) = (seen, decl.default) {
            let base = self.locals.len();
            self.locals.extend(row.map(|(_, row)| row_set(row)));
            let changes = self.expr(default, &At { base, own: row, ..*at });
            self.locals.truncate(base);
            until = until.min(changes?);
        }
        Ok(until)
    }

    /// A name, worked out once for each stretch on which it is the same.
    pub fn named(&mut self, node: Node) -> Turn<Day> {
        let (policy, point) = (self.policy, node.point);
        let (moves, for_each) = match node.name {
            Name::Define(id) => (self.stable.days.define(id), policy.defines[id].for_each),
            Name::Outcome(id) => (self.stable.days.outcome(id), policy.outcomes[id].for_each),
        };
        // T9: a row of a dated entity has one day.
        if !moves || for_each.is_some_and(|entity| policy.entities[entity].dated.is_some()) {
            return Ok(END);
        }
        let key = (node.name, node.row, point.known);
        let stretch = self.stable.memory.get(&key).and_then(|all| all.range(..=point.day).next_back());
        if let Some((_, until)) = stretch
            && *until > point.day
        {
            return Ok(*until);
        }
        if self.depth > DEEP {
            return Err(node);
        }
        let base = self.locals.len();
        let own = for_each.zip(node.row);
        self.locals.extend(own.map(|(_, row)| row_set(row)));
        let at = At { point, base, own };
        let until = match node.name {
            Name::Define(id) => self.expr(policy.defines[id].value, &at),
            Name::Outcome(id) => self.rules(id, &at),
        };
        self.locals.truncate(base);
        let until = until?;
        self.stable.memory.entry(key).or_default().insert(point.day, until);
        Ok(until)
    }
}

/// A row as a set.
pub(super) fn row_set(row: u32) -> Set {
    if row == crate::run::ANY_ROW { Set::of(Possible::Any) } else { Set::one(Value::Row(row)) }
}
