//! Small policies made from a list of choices, so that failures shrink.

use super::build::*;
use crate::outcome::Point;
use crate::policy::*;
use crate::tree::{AggregateKind, ClampSide, CompareOp};
use crate::value::{Attribute, Day, DurationKind, MonthEnd, Number, Period, Rounding, Value};

/// Numbers below a limit, one after the other; at the end always 0, which is always the simplest choice.
pub struct Choices<'c> {
    bytes: &'c [u8],
    at: usize,
}

impl<'c> Choices<'c> {
    pub fn new(bytes: &'c [u8]) -> Choices<'c> {
        Choices { bytes, at: 0 }
    }

    pub fn pick(&mut self, count: usize) -> usize {
        let byte = self.bytes.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        usize::from(byte) % count.max(1)
    }

    pub fn one_in(&mut self, count: usize) -> bool {
        count > 0 && self.pick(count) == count - 1
    }

    pub fn number(&mut self) -> Number {
        let (n, d) = [(0, 1), (1, 1), (2, 1), (-1, 1), (1, 2), (3, 1)][self.pick(6)];
        Number::from_ratio(n, d).unwrap()
    }

    /// A day of the first week of 2026.
    pub fn day(&mut self) -> Day {
        Day::from_ymd(2026, 1, 1 + self.pick(7) as u32).unwrap()
    }

    pub fn date(&mut self) -> Day {
        if self.one_in(8) { Day::NEVER } else { self.day() }
    }

    pub fn known(&mut self) -> Day {
        if self.one_in(3) { self.day() } else { Day::NEVER }
    }

    pub fn point(&mut self) -> Point {
        Point::new(self.day(), self.known())
    }
}

pub struct World {
    pub policy: Policy,
    /// The running total, if there is one.
    pub fold: Option<Carried>,
    /// Expressions at agreement level.
    pub exprs: Vec<ExprId>,
    pub outcomes: Vec<OutcomeId>,
}

/// A running total, and what stands for its value before a row: itself, or where it is taken apart a fact.
#[derive(Clone, Copy)]
pub struct Carried {
    pub id: FoldId,
    pub read: ExprId,
    pub fact: Option<FactId>,
}

pub(super) struct Made<'c, 'b> {
    pub(super) c: Choices<'c>,
    pub(super) b: Build,
    pub(super) numbers: Vec<FactId>,
    pub(super) bools: Vec<FactId>,
    pub(super) dates: Vec<FactId>,
    /// The undated entity and the dated one, with their fields.
    pub(super) entities: Vec<(EntityId, FieldId, FieldId)>,
    pub(super) defines: Vec<DefineId>,
    pub(super) outcomes: Vec<OutcomeId>,
    /// The rows in scope: place and entity.
    pub(super) rows: Vec<(u32, EntityId)>,
    pub(super) order: &'b [usize],
    /// Facts that do not move: for windows.
    pub(super) still: bool,
    /// In the block of a running total: the value before the row, and the define of the block.
    pub(super) carried: Option<(ExprId, Option<DefineId>)>,
}

/// `order` permutes the rules of each outcome as they are pushed.
pub fn world(bytes: &[u8], order: &[usize]) -> World {
    make(bytes, order, false)
}

/// `apart`: the value before a row is a fact.
pub fn make(bytes: &[u8], order: &[usize], apart: bool) -> World {
    let mut made = Made {
        c: Choices::new(bytes),
        b: Build::new(),
        numbers: Vec::new(),
        bools: Vec::new(),
        dates: Vec::new(),
        entities: Vec::new(),
        defines: Vec::new(),
        outcomes: Vec::new(),
        rows: Vec::new(),
        order,
        still: false,
        carried: None,
    };
    made.declare();
    let mut fold = None;
    for at in 0..2 {
        made.define(at);
        made.outcome(at);
        if at == 0 && !made.c.one_in(3) {
            fold = Some(made.fold(apart));
        }
    }
    let exprs = (0..3).map(|at| if at == 0 { made.bool(3) } else { made.number(3) }).collect();
    let outcomes = made.outcomes.clone();
    World { policy: made.b.finish(), fold, exprs, outcomes }
}

impl Made<'_, '_> {
    fn declare(&mut self) {
        let b = &mut self.b;
        self.numbers = vec![
            b.fact("n0", Type::number()),
            b.fact("n1", Type::number()),
            b.dated_fact("n2", Type::number()),
            b.dated_fact("n3", Type::number()),
        ];
        b.policy.facts[self.numbers[3]].cumulative = true;
        self.bools = vec![b.fact("b0", Type::Bool), b.dated_fact("b1", Type::Bool)];
        self.dates = vec![b.fact("d0", Type::Date)];
        for name in ["project", "entry"] {
            let entity = b.entity(name);
            let date = b.field(entity, "on", Type::Date);
            let amount = b.field(entity, "amount", Type::number());
            let viable = b.field(entity, "viable", Type::Bool);
            if name == "entry" {
                b.policy.entities[entity].dated = Some(date);
            }
            if self.c.one_in(3) {
                let seen = b.field(entity, "seen", Type::Date);
                b.policy.entities[entity].known = Some(seen);
            }
            self.entities.push((entity, amount, viable));
        }
        if self.c.one_in(3) {
            let default = self.b.n(1);
            self.b.policy.facts[self.numbers[1]].default = Some(default);
        }
        if self.c.one_in(3) {
            let default = self.b.n(2);
            self.b.policy.facts[self.numbers[2]].default = Some(default);
        }
    }

    fn for_each(&mut self) -> Option<EntityId> {
        match self.c.pick(4) {
            2 => Some(self.entities[0].0),
            3 => Some(self.entities[1].0),
            _ => None,
        }
    }

    pub(super) fn scope(&mut self, for_each: Option<EntityId>) {
        self.rows = for_each.map(|entity| (0, entity)).into_iter().collect();
    }

    fn define(&mut self, at: usize) {
        let for_each = self.for_each();
        self.scope(for_each);
        let value = if self.c.one_in(2) { self.bool(3) } else { self.number(3) };
        let id = self.b.define(&format!("define{at}"), value, for_each);
        self.defines.push(id);
        self.rows.clear();
    }

    fn outcome(&mut self, at: usize) {
        let ty = if self.c.one_in(4) { Type::Bool } else { Type::number() };
        let truth = ty == Type::Bool;
        let id = self.b.outcome(&format!("outcome{at}"), ty);
        let for_each = self.for_each();
        self.scope(for_each);
        self.b.policy.outcomes[id].for_each = for_each;
        if self.c.one_in(3) {
            self.b.policy.outcomes[id].otherwise = Some(self.value(truth, 1));
        }
        if !truth && self.c.one_in(4) {
            self.b.policy.outcomes[id].rounded = Some((Rounding::HalfUp, Number::ONE));
        }
        self.b.policy.outcomes[id].whole = !truth && self.c.one_in(6);
        let count = 1 + self.c.pick(4);
        // The rules are thought out first and pushed in some order.
        let mut arms: Vec<Vec<Arm>> = Vec::new();
        let mut heads = Vec::new();
        for _ in 0..count {
            let mut branches = Vec::new();
            for _ in 0..1 + self.c.pick(2) {
                let condition = if self.c.one_in(4) { None } else { Some(self.bool(2)) };
                let assigns = if self.c.one_in(5) { vec![] } else { vec![(id, self.value(truth, 2))] };
                branches.push((condition, assigns));
                if condition.is_none() {
                    break;
                }
            }
            if branches.iter().all(|(_, assigns): &Arm| assigns.is_empty()) {
                let value = self.value(truth, 1);
                branches[0].1.push((id, value));
            }
            arms.push(branches);
            let from = if self.c.one_in(3) { Some(self.head_day()) } else { None };
            let known = if from.is_some() && self.c.one_in(2) { Some(self.head_day()) } else { None };
            let until = if self.c.one_in(4) { Some(self.head_day()) } else { None };
            heads.push((from, known, until));
        }
        let above: Vec<(usize, usize)> = (0..count)
            .flat_map(|high| (0..high).map(move |low| (high, low)))
            .filter(|_| self.c.one_in(2))
            .collect();
        let places: Vec<usize> = {
            let mut places: Vec<usize> = (0..count).collect();
            places.sort_by_key(|place| self.order.get(*place).copied().unwrap_or(*place));
            places
        };
        let mut ids = vec![RuleId(0); count];
        for place in &places {
            let rule = self.b.rule(&format!("o{at}r{place}"), &[], arms[*place].clone());
            ids[*place] = rule;
            let (from, known, until) = heads[*place];
            if let Some(day) = from {
                self.b.from(rule, day, known);
            }
            if let Some(day) = until {
                self.b.until(rule, day, None);
            }
            self.b.policy.rules[rule].for_each = for_each;
        }
        for (high, low) in above {
            let low = ids[low];
            self.b.policy.rules[ids[high]].notwithstanding.push(low);
        }
        self.outcomes.push(id);
        self.rows.clear();
    }

    /// A day that does not move (R2).
    fn head_day(&mut self) -> ExprId {
        let was = std::mem::replace(&mut self.still, true);
        let day = self.date(1);
        self.still = was;
        day
    }

    fn value(&mut self, truth: bool, depth: usize) -> ExprId {
        if truth { self.bool(depth) } else { self.number(depth) }
    }

    fn row(&mut self) -> Option<(ExprId, EntityId, FieldId, FieldId)> {
        let at = self.c.pick(self.rows.len().max(1));
        let (place, entity) = *self.rows.get(at)?;
        let (_, amount, viable) = *self.entities.iter().find(|known| known.0 == entity)?;
        let local = self.b.local(place, Type::Row(entity));
        Some((local, entity, amount, viable))
    }

    /// A name of this kind, read for a row in scope or by key if it has one.
    fn name(&mut self, truth: bool) -> Option<ExprId> {
        let wanted = if truth { Type::Bool } else { Type::number() };
        if self.c.one_in(2) {
            let id = *self.defines.get(self.c.pick(self.defines.len()))?;
            let define = &self.b.policy.defines[id];
            let (ty, for_each) = (define.ty.clone(), define.for_each);
            let row = self.row_for(for_each);
            (ty == wanted).then(|| self.b.d(id, row))
        } else {
            let id = *self.outcomes.get(self.c.pick(self.outcomes.len()))?;
            let outcome = &self.b.policy.outcomes[id];
            let (ty, for_each) = (outcome.ty.clone(), outcome.for_each);
            let row = self.row_for(for_each);
            (ty == wanted).then(|| self.b.o(id, row))
        }
    }

    fn row_for(&mut self, for_each: Option<EntityId>) -> Option<ExprId> {
        let entity = for_each?;
        if let Some((place, _)) = self.rows.iter().find(|row| row.1 == entity).copied() {
            return Some(self.b.local(place, Type::Row(entity)));
        }
        let key = ["a", "b"][self.c.pick(2)];
        let key = self.b.c(Value::Text(key.into()));
        Some(self.b.push(Expr::RowByKey { entity, key }, Type::Row(entity)))
    }

    fn aggregate(&mut self, kind: AggregateKind, depth: usize) -> ExprId {
        let (entity, ..) = self.entities[self.c.pick(2)];
        let local = self.rows.iter().map(|row| row.0 + 1).max().unwrap_or(0);
        self.rows.push((local, entity));
        let value = match kind {
            AggregateKind::Count => None,
            AggregateKind::Any | AggregateKind::All => Some(self.bool(depth)),
            _ => Some(self.number(depth)),
        };
        let condition = if self.c.one_in(2) { Some(self.bool(depth)) } else { None };
        self.rows.pop();
        self.b.aggregate(kind, entity, local, value, condition)
    }

    pub fn number(&mut self, depth: usize) -> ExprId {
        if depth == 0 || self.still {
            if let Some((read, define)) = self.carried.filter(|_| !self.still)
                && !self.c.one_in(3)
            {
                return match define {
                    Some(define) if self.c.one_in(2) => {
                        let entity = self.b.policy.defines[define].for_each.unwrap();
                        let row = self.b.local(0, Type::Row(entity));
                        self.b.d(define, Some(row))
                    }
                    _ => read,
                };
            }
            return match self.c.pick(3) {
                0 => {
                    let number = self.c.number();
                    self.b.c(Value::Number(number))
                }
                1 => {
                    let count = if self.still { 2 } else { 4 };
                    let fact = self.numbers[self.c.pick(count)];
                    self.b.f(fact)
                }
                _ => match self.row() {
                    Some((row, entity, amount, _)) => self.b.get(entity, row, amount),
                    None => self.b.n(1),
                },
            };
        }
        let below = depth - 1;
        match self.c.pick(16) {
            0..=2 => self.number(0),
            operator @ 3..=6 => {
                let (a, b) = (self.number(below), self.number(below));
                match operator {
                    3 => self.b.add(a, b),
                    4 => self.b.sub(a, b),
                    5 => self.b.mul(a, b),
                    _ => self.b.div(a, b),
                }
            }
            7 => {
                let (a, b) = (self.number(below), self.number(below));
                let side = if self.c.one_in(2) { ClampSide::AtMost } else { ClampSide::AtLeast };
                self.b.clamp(a, side, b)
            }
            8 => {
                let (c, a, b) = (self.bool(below), self.number(below), self.number(below));
                self.b.iff(c, a, b)
            }
            9 => {
                let value = self.number(below);
                let mode = [Rounding::HalfUp, Rounding::Down, Rounding::HalfEven][self.c.pick(3)];
                self.b.push(Expr::Op(Op::Round { value, mode, step: Number::ONE }), Type::number())
            }
            10 => {
                let (value, to) = (self.number(below), self.number(below));
                self.b.push(Expr::Op(Op::TopUp { value, to }), Type::number())
            }
            11 => {
                let (value, day) = (self.elsewhere(|made| made.number(below)), self.date(below));
                if self.c.one_in(3) { self.b.known_on(value, day) } else { self.b.as_of(value, day) }
            }
            12 => {
                use AggregateKind::*;
                let kind = [Count, Sum, Min, Max, Average, First][self.c.pick(6)];
                self.aggregate(kind, below.min(1))
            }
            13 => {
                let (later, earlier) = (self.date(below), self.date(below));
                let ty = Type::Duration(DurationKind::Days);
                let days = self.b.push(Expr::Op(Op::DaysBetween { later, earlier }), ty);
                let one = self.b.c(Value::Duration(1));
                self.b.push(Expr::Op(Op::DurationRatio { left: days, right: one }), Type::number())
            }
            14 => {
                let day = self.date(below);
                self.b.push(
                    Expr::Op(Op::Attribute { attribute: Attribute::Part(Period::Month), of: day }),
                    Type::number(),
                )
            }
            _ => match self.name(false) {
                Some(read) => read,
                None => self.number(0),
            },
        }
    }

    pub fn bool(&mut self, depth: usize) -> ExprId {
        if depth == 0 {
            return match self.c.pick(3) {
                0 => {
                    let fact = self.bools[self.c.pick(2)];
                    self.b.f(fact)
                }
                1 => {
                    let value = self.c.one_in(2);
                    self.b.c(Value::Bool(value))
                }
                _ => match self.row() {
                    Some((row, entity, _, viable)) => self.b.get(entity, row, viable),
                    None => self.b.c(Value::Bool(true)),
                },
            };
        }
        let below = depth - 1;
        match self.c.pick(12) {
            0 | 1 => self.bool(0),
            2..=4 => {
                let (a, b) = (self.number(below), self.number(below));
                let op = self.op();
                self.b.cmp(a, op, b)
            }
            5 => {
                let (a, b) = (self.date(below), self.date(below));
                let op = self.op();
                self.b.cmp(a, op, b)
            }
            6 => {
                let (a, b) = (self.bool(below), self.bool(below));
                self.b.and(&[a, b])
            }
            7 => {
                let (a, b) = (self.bool(below), self.bool(below));
                self.b.or(&[a, b])
            }
            8 => {
                let a = self.bool(below);
                self.b.not(a)
            }
            9 => {
                let (condition, day) = (self.elsewhere(|made| made.bool(below)), self.date(below));
                self.b.by(condition, day)
            }
            10 => {
                let kind = if self.c.one_in(2) { AggregateKind::All } else { AggregateKind::Any };
                self.aggregate(kind, below.min(1))
            }
            _ => match self.name(true) {
                Some(read) => read,
                None => {
                    let (item, one, two) = (self.number(below), self.number(0), self.number(0));
                    self.b.push(Expr::Op(Op::In { item, set: vec![one, two].into() }), Type::Bool)
                }
            },
        }
    }

    fn op(&mut self) -> CompareOp {
        use CompareOp::*;
        [Less, AtMost, Equal, NotEqual, AtLeast, Greater][self.c.pick(6)]
    }

    pub(super) fn date(&mut self, depth: usize) -> ExprId {
        match self.c.pick(if depth == 0 { 3 } else { 6 }) {
            0 => {
                let day = self.c.date();
                self.b.c(Value::Date(day))
            }
            1 => self.b.f(self.dates[0]),
            2 if !self.still => self.b.today(),
            2 | 3 => {
                let (day, count) = (self.date(0), self.c.pick(5) as i64 - 2);
                self.b.days(day, count, DurationKind::Days)
            }
            4 => {
                let (day, count) = (self.date(0), self.c.pick(3) as i64 - 1);
                let end = [MonthEnd::Exact, MonthEnd::Down, MonthEnd::Up][self.c.pick(3)];
                self.b.days(day, count, DurationKind::Months(end))
            }
            _ => {
                let day = self.date(0);
                let edge = if self.c.one_in(2) { Attribute::LastDay } else { Attribute::FirstDay };
                self.b.push(Expr::Op(Op::Attribute { attribute: edge(Period::Month), of: day }), Type::Date)
            }
        }
    }
}
