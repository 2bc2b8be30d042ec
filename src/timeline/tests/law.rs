//! The laws T2–T9, D1–D3, O1–O6 and R1–R5 once more, for complete facts, read from their words alone: one day after the
//! other from day one, one act after the other. Slow and plain; it shares nothing with `run` but the data.

// `None` is an error here: a fold must not end at it.
#![allow(clippy::manual_try_fold)]

use crate::facts::{Act, Facts, Slot};
use crate::policy::*;
use crate::tree::{AddOp, AggregateKind, ClampSide, CompareOp, Edge, MulOp};
use crate::value::{
    Attribute, Day, DurationKind, MonthEnd, Number, OwnYear, Period, Recurrence, Value, YearPart,
};
use std::collections::{BTreeMap, BTreeSet};

/// An outcome, for which row, on which day as known on which, and what of the acts of which day is seen.
type Asked = (OutcomeId, Option<u32>, Day, Day, Option<(Day, PowerId)>);

/// None: an error.
type Said = Option<Value>;
pub(super) type Truth = Option<bool>;

/// What an outcome comes to (R5).
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Comes {
    Value(Value),
    Gap,
    Conflict,
    Error,
}

/// A day of knowledge, the act whose requirements are asked (O6), and the frame.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Frame {
    known: Day,
    before: Option<(Day, PowerId)>,
    locals: Vec<Value>,
    own: Option<(EntityId, u32)>,
}

impl Frame {
    fn of(&self, locals: Vec<Value>, own: Option<(EntityId, u32)>) -> Frame {
        Frame { locals, own, ..self.clone() }
    }
}

pub(super) struct Law<'a> {
    policy: &'a Policy,
    facts: &'a Facts,
    /// Something was met that these laws do not speak of.
    pub beyond: bool,
    values: BTreeMap<(ExprId, Day, Frame), Said>,
    /// Truth values from day one on.
    lines: BTreeMap<(ExprId, Frame), Vec<Truth>>,
    comes: BTreeMap<Asked, Comes>,
    valid: BTreeMap<(usize, Day), Truth>,
    /// O6: which powers the requirements of a power lead to.
    reach: BTreeMap<PowerId, BTreeSet<PowerId>>,
}

/// `and` of V4.
fn and(a: Truth, b: Truth) -> Truth {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// `or` of V4.
fn or(a: Truth, b: Truth) -> Truth {
    not(and(not(a), not(b)))
}

fn not(a: Truth) -> Truth {
    a.map(|a| !a)
}

fn truth_of(said: Said) -> Truth {
    match said {
        Some(Value::Bool(truth)) => Some(truth),
        _ => None,
    }
}

fn days(first: Day, last: Day) -> impl Iterator<Item = Day> {
    (first.number()..=last.number()).filter_map(|day| Day::from_number(i64::from(day)))
}

impl<'a> Law<'a> {
    pub fn new(policy: &'a Policy, facts: &'a Facts) -> Law<'a> {
        let (values, lines, comes, valid) = Default::default();
        let mut law =
            Law { policy, facts, beyond: false, values, lines, comes, valid, reach: BTreeMap::new() };
        law.reach = policy.powers.ids().map(|id| (id, reached(policy, id))).collect();
        law
    }

    /// Forgets what was worked out with something these laws do not speak of.
    pub fn forget(&mut self) {
        self.beyond = false;
        self.values.clear();
        self.lines.clear();
        self.comes.clear();
        self.valid.clear();
    }

    fn open(&mut self) -> Said {
        self.beyond = true;
        None
    }

    fn top(&self, known: Day) -> Frame {
        Frame { known, before: None, locals: Vec::new(), own: None }
    }

    fn truth(&mut self, id: ExprId, day: Day, frame: &Frame) -> Truth {
        truth_of(self.value(id, day, frame))
    }

    fn number(&mut self, id: ExprId, day: Day, frame: &Frame) -> Option<Number> {
        match self.value(id, day, frame)? {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    fn date(&mut self, id: ExprId, day: Day, frame: &Frame) -> Option<Day> {
        match self.value(id, day, frame)? {
            Value::Date(date) => Some(date),
            _ => None,
        }
    }

    fn count(&mut self, id: ExprId, day: Day, frame: &Frame) -> Option<i64> {
        match self.value(id, day, frame)? {
            Value::Duration(count) => Some(count),
            _ => None,
        }
    }

    fn value(&mut self, id: ExprId, day: Day, frame: &Frame) -> Said {
        let key = (id, day, frame.clone());
        if let Some(said) = self.values.get(&key) {
            return said.clone();
        }
        let said = self.worked_out(id, day, frame);
        self.values.insert(key, said.clone());
        said
    }

    fn worked_out(&mut self, id: ExprId, day: Day, frame: &Frame) -> Said {
        let policy = self.policy;
        let truth = |truth: Truth| truth.map(Value::Bool);
        match policy.exprs.node(id) {
            Expr::Const(value) => Some(value.clone()),
            Expr::Today => Some(Value::Date(day)),
            Expr::Local(at) => frame.locals.get(*at as usize).cloned(),
            Expr::Fact(fact) => {
                let facts = self.facts;
                self.slot(&facts.facts[*fact], &policy.facts[*fact], day, &frame.of(Vec::new(), None))
            }
            Expr::Field { entity, row, field } => {
                let Some(Value::Row(row)) = self.value(*row, day, frame) else { return None };
                self.field(*entity, row, *field, day, frame)
            }
            Expr::Define { id, row } => {
                let define = &policy.defines[*id];
                if define.block.is_some() {
                    return self.open();
                }
                let (day, frame) = self.place(define.for_each, *row, day, frame)?;
                self.value(define.value, day, &frame)
            }
            Expr::Outcome { id, row } => {
                let (day, inside) = self.place(policy.outcomes[*id].for_each, *row, day, frame)?;
                match self.comes(*id, inside.own.map(|(_, row)| row), day, &inside) {
                    Comes::Value(value) => Some(value),
                    // R8: no reader can turn it into a value.
                    Comes::Gap | Comes::Conflict | Comes::Error => None,
                }
            }
            Expr::Call { function, args } => {
                let args: Option<Vec<Value>> = args.iter().map(|arg| self.value(*arg, day, frame)).collect();
                self.value(policy.functions[*function].value, day, &frame.of(args?, frame.own))
            }
            Expr::Op(Op::Not(of)) => truth(not(self.truth(*of, day, frame))),
            Expr::And(list) => {
                truth(list.iter().fold(Some(true), |all, one| and(all, self.truth(*one, day, frame))))
            }
            Expr::Or(list) => {
                truth(list.iter().fold(Some(false), |all, one| or(all, self.truth(*one, day, frame))))
            }
            Expr::Op(Op::Compare { op, left, right }) => {
                let (left, right) = (self.value(*left, day, frame)?, self.value(*right, day, frame)?);
                Some(Value::Bool(match op {
                    CompareOp::Less => left < right,
                    CompareOp::AtMost => left <= right,
                    CompareOp::Equal => left == right,
                    CompareOp::NotEqual => left != right,
                    CompareOp::AtLeast => left >= right,
                    CompareOp::Greater => left > right,
                }))
            }
            Expr::Op(Op::Sum { first, rest }) => {
                let mut all = self.number(*first, day, frame)?;
                for (op, one) in rest {
                    let one = self.number(*one, day, frame)?;
                    all = if *op == AddOp::Plus { all.add(&one) } else { all.sub(&one) }.ok()?;
                }
                Some(Value::Number(all))
            }
            Expr::Op(Op::Product { first, rest }) => {
                let mut all = Some(self.number(*first, day, frame)?);
                for (op, one) in rest {
                    let one = self.number(*one, day, frame)?;
                    all = all
                        .and_then(|all| if *op == MulOp::Times { all.mul(&one) } else { all.div(&one) }.ok());
                }
                all.map(Value::Number)
            }
            Expr::Op(Op::Negative(of)) => Some(Value::Number(self.number(*of, day, frame)?.neg())),
            Expr::Op(Op::Clamp { value, side, bound }) => {
                let (value, bound) = (self.value(*value, day, frame)?, self.value(*bound, day, frame)?);
                Some(if *side == ClampSide::AtMost { value.min(bound) } else { value.max(bound) })
            }
            // M12, by multiplying; a power of too many digits is none to compare with.
            Expr::Op(Op::Compound { rate, times, mode, step }) => {
                let rate = self.number(*rate, day, frame)?;
                let times = self
                    .number(*times, day, frame)?
                    .to_i64()
                    .filter(|times| (0..=100_000).contains(times))?;
                let base = rate.add(&Number::ONE).ok()?;
                let power = (0..times).try_fold(Number::ONE, |power, _| power.mul(&base));
                let Ok(power) = power else { return self.open() };
                power.sub(&Number::ONE).and_then(|power| power.round(step, *mode)).ok().map(Value::Number)
            }
            Expr::Op(Op::TopUp { value, to }) => {
                let (value, to) = (self.number(*value, day, frame)?, self.number(*to, day, frame)?);
                Some(Value::Number(to.sub(&value).ok()?.max(Number::ZERO)))
            }
            Expr::If { branches, otherwise } => {
                for (condition, value) in branches {
                    if self.truth(*condition, day, frame)? {
                        return self.value(*value, day, frame);
                    }
                }
                self.value(*otherwise, day, frame)
            }
            Expr::Op(Op::Shift { day: of, sign, wait, kind }) => {
                let (of, wait) = (self.date(*of, day, frame)?, self.count(*wait, day, frame)?);
                let wait = if *sign == AddOp::Plus { wait } else { -wait };
                self.shifted(of, wait, *kind).map(Value::Date)
            }
            Expr::Op(Op::DaysBetween { later, earlier }) => {
                let (later, earlier) = (self.date(*later, day, frame)?, self.date(*earlier, day, frame)?);
                let told = !later.is_never() && !earlier.is_never();
                told.then(|| Value::Duration(i64::from(later.number()) - i64::from(earlier.number())))
            }
            Expr::Op(Op::DurationSum { first, rest }) => {
                let mut all = self.count(*first, day, frame)?;
                for (op, one) in rest {
                    let one = self.count(*one, day, frame)?;
                    all += if *op == AddOp::Plus { one } else { -one };
                }
                Some(Value::Duration(all))
            }
            Expr::Op(Op::DurationNegative(of)) => Some(Value::Duration(-self.count(*of, day, frame)?)),
            Expr::Op(Op::DurationTimes { duration, by }) => {
                let (count, by) = (self.count(*duration, day, frame)?, self.number(*by, day, frame)?);
                Number::from(count).mul(&by).ok()?.to_i64().map(Value::Duration)
            }
            Expr::Op(Op::DurationRatio { left, right }) => {
                let (left, right) = (self.count(*left, day, frame)?, self.count(*right, day, frame)?);
                Number::from(left).div(&Number::from(right)).ok().map(Value::Number)
            }
            Expr::Op(Op::Attribute { attribute: Attribute::FirstDay(period), of }) => {
                Some(Value::Date(edge_of(Edge::First, *period, self.date(*of, day, frame)?)))
            }
            Expr::Op(Op::Attribute { attribute: Attribute::LastDay(period), of }) => {
                Some(Value::Date(edge_of(Edge::Last, *period, self.date(*of, day, frame)?)))
            }
            Expr::Op(Op::Attribute { attribute: Attribute::Part(period), of }) => {
                let of = self.date(*of, day, frame)?;
                let (year, month, _) = if of.is_never() { return None } else { of.ymd() };
                Some(Value::Number(Number::from(match period {
                    Period::Year => i64::from(year),
                    Period::Quarter => i64::from(month + 2) / 3,
                    Period::Month => i64::from(month),
                })))
            }
            Expr::Op(Op::Attribute { attribute: Attribute::OwnYear(year, part), of }) => {
                let of = self.date(*of, day, frame)?;
                if of.is_never() {
                    return (*part != YearPart::Number).then_some(Value::Date(of));
                }
                // T11, day by day.
                let begins = begin_of(*year);
                let back = |day: &Day| day.previous();
                let ahead = |day: &Day| Some(day.next()).filter(|next| !next.is_never());
                let first = std::iter::successors(Some(of), back).find(|day| begins(*day));
                let next = std::iter::successors(ahead(&of), ahead).find(|day| begins(*day));
                let last = match (next, of.ymd()) {
                    (Some(next), _) => next.previous(),
                    // Nothing follows the last year of all.
                    (None, _) => begins(Day::from_ymd(2001, 1, 1)?).then_some(Day::LAST),
                };
                let named = if year.to_string().ends_with("end") { last } else { first };
                match part {
                    YearPart::FirstDay => Some(Value::Date(first?)),
                    YearPart::LastDay => Some(Value::Date(last?)),
                    YearPart::Number => {
                        let shift =
                            if year.to_string().ends_with("end") { last.is_none() } else { first.is_none() };
                        let near = named.map_or(of.ymd().0, |day| day.ymd().0);
                        let number = match (shift, year.to_string().ends_with("end")) {
                            (true, true) => near + 1,
                            (true, false) => near - 1,
                            (false, _) => near,
                        };
                        Some(Value::Number(Number::from(i64::from(number))))
                    }
                }
            }
            // T4
            Expr::AsOf { value, day: of } => {
                let of = self.date(*of, day, frame)?;
                if of.is_never() { None } else { self.value(*value, of, frame) }
            }
            Expr::AsKnownOn { value, day: of } => {
                let known = self.date(*of, day, frame)?.min(frame.known);
                self.value(*value, day, &Frame { known, ..frame.clone() })
            }
            // T5
            Expr::By { condition, day: of } => {
                let of = self.date(*of, day, frame)?;
                if day > of { self.value(*condition, of, frame) } else { Some(Value::Bool(false)) }
            }
            Expr::LastStart(condition) => self.last_start(*condition, day, frame).map(Value::Date),
            Expr::Duty { id, of, state } => {
                if policy.duties[*id].for_each.is_some() {
                    return self.open();
                }
                let period = match of {
                    Some(of) => Some(self.date(*of, day, frame)?),
                    None => None,
                };
                let (is, _) = self.duty(*id, period, day, &frame.of(Vec::new(), None))?;
                Some(Value::Bool(is == *state))
            }
            Expr::Power { id, test, .. } => {
                if policy.powers[*id].for_each.is_some() {
                    return self.open();
                }
                truth(self.power(*id, *test, day, &frame.of(Vec::new(), None)))
            }
            Expr::Act { id, part, .. } => {
                if policy.powers[*id].for_each.is_some() {
                    return self.open();
                }
                self.act_part(*id, *part, day, &frame.of(Vec::new(), None))
            }
            // O8
            Expr::ActCount { id, since, .. } => {
                if policy.powers[*id].for_each.is_some() {
                    return self.open();
                }
                let since = self.date(*since, day, frame)?;
                let inside = frame.of(Vec::new(), None);
                let mut count = 0;
                for (at, act) in self.seen(*id, day, &inside) {
                    if act.on >= since && self.valid(at, inside.known)? {
                        count += 1;
                    }
                }
                Some(Value::Number(Number::from(count)))
            }
            // C7, day by day.
            Expr::DayAverage { value, first, last } => {
                let (first, last) = (self.date(*first, day, frame)?, self.date(*last, day, frame)?);
                if first.is_never() || last.is_never() || first > last {
                    return None;
                }
                let (mut sum, mut count) = (Number::ZERO, 0);
                for one in days(first, last) {
                    let Value::Number(number) = self.value(*value, one, frame)? else { return None };
                    sum = sum.add(&number).ok()?;
                    count += 1;
                }
                Some(Value::Number(sum.div(&Number::from(count)).ok()?))
            }
            Expr::Aggregate { kind, entity, local, value, condition } => {
                self.aggregate((*kind, *entity, *local), *value, *condition, day, frame)
            }
            Expr::RowByKey { .. }
            | Expr::Op(Op::Attribute { attribute: Attribute::Level(_), .. })
            | Expr::Running(_)
            | Expr::Lookup { .. }
            | Expr::Op(Op::In { .. })
            | Expr::Op(Op::InCodes { .. } | Op::InAnnex { .. })
            | Expr::Op(Op::Under { .. })
            | Expr::Op(Op::UnderAnnex { .. })
            | Expr::Op(Op::Round { .. }) => self.open(),
        }
    }

    /// T2, V7
    fn slot(&mut self, slot: &Slot, decl: &Fact, day: Day, frame: &Frame) -> Said {
        let day_of = if decl.over_time { day } else { Day::NEVER };
        let seen = slot.statements.iter().filter(|one| one.from <= day_of && one.known <= frame.known);
        match (seen.max_by_key(|one| (one.from, one.known)), decl.default) {
            (Some(one), _) => match one.value.single() {
                Some(value) => Some(value.clone()),
                None => self.open(),
            },
            (None, Some(default)) => self.value(default, day, frame),
            (None, None) => self.open(),
        }
    }

    fn field(&mut self, entity: EntityId, row: u32, field: FieldId, day: Day, frame: &Frame) -> Said {
        let (policy, facts) = (self.policy, self.facts);
        let Some(cells) = facts.tables[entity].as_ref().and_then(|table| table.get(row)) else {
            return self.open();
        };
        let decl = &policy.entities[entity].fields[field];
        let own = frame.own == Some((entity, row));
        let dated = policy.entities[entity].dated.filter(|dated| *dated != field && !own);
        let day = match dated {
            Some(_) if !decl.over_time => day,
            Some(dated) => match self.field(entity, row, dated, day, frame)? {
                Value::Date(date) => date,
                _ => return None,
            },
            None => day,
        };
        self.slot(&cells.cells[field], decl, day, &frame.of(vec![Value::Row(row)], Some((entity, row))))
    }

    /// T9: where something `for each` row is worked out.
    fn place(
        &mut self,
        entity: Option<EntityId>,
        row: Option<ExprId>,
        day: Day,
        frame: &Frame,
    ) -> Option<(Day, Frame)> {
        let (Some(entity), Some(row)) = (entity, row) else { return Some((day, frame.of(Vec::new(), None))) };
        let Some(Value::Row(row)) = self.value(row, day, frame) else { return None };
        let inside = frame.of(vec![Value::Row(row)], Some((entity, row)));
        let dated = self.policy.entities[entity].dated.filter(|_| frame.own != Some((entity, row)));
        let Some(dated) = dated else { return Some((day, inside)) };
        match self.field(entity, row, dated, day, frame)? {
            Value::Date(date) if !date.is_never() => Some((date, inside)),
            _ => None,
        }
    }

    /// C1, C2
    fn aggregate(
        &mut self,
        (kind, entity, local): (AggregateKind, EntityId, u32),
        value: Option<ExprId>,
        condition: Option<ExprId>,
        day: Day,
        frame: &Frame,
    ) -> Said {
        let (policy, facts) = (self.policy, self.facts);
        if policy.entities[entity].known.is_some() {
            return self.open();
        }
        let Some(table) = facts.tables[entity].as_ref() else { return self.open() };
        let (mut numbers, mut any, mut all, mut fails) = (Vec::new(), Some(false), Some(true), false);
        for row in 0..table.rows.len() as u32 {
            if let Some(dated) = policy.entities[entity].dated {
                match self.field(entity, row, dated, day, frame) {
                    Some(Value::Date(date)) if date <= day => {}
                    Some(_) => continue,
                    None => return self.open(),
                }
            }
            let mut locals = frame.locals.clone();
            locals.resize(local as usize, Value::Row(row));
            locals.push(Value::Row(row));
            let inside = Frame { locals, ..frame.clone() };
            let member = condition.map_or(Some(true), |condition| self.truth(condition, day, &inside));
            if member == Some(false) {
                continue;
            }
            let said =
                value.filter(|_| kind != AggregateKind::Count).map(|value| self.value(value, day, &inside));
            let truth = truth_of(said.clone().flatten());
            any = or(any, and(member, truth));
            all = and(all, or(not(member), truth));
            match said {
                _ if member.is_none() => fails = true,
                Some(Some(Value::Number(number))) => numbers.push(number),
                Some(Some(Value::Duration(count))) => numbers.push(Number::from(count)),
                Some(None) => fails = true,
                None => numbers.push(Number::ONE),
                Some(Some(_)) => {}
            }
        }
        let counted = value.is_some_and(|value| matches!(policy.exprs.ty(value), Type::Duration(_)));
        let one = |number: Number| match counted {
            true => Value::Duration(number.to_i64().unwrap()),
            false => Value::Number(number),
        };
        let sum = || numbers.iter().try_fold(Number::ZERO, |all, one| all.add(one)).ok();
        match kind {
            AggregateKind::Any => any.map(Value::Bool),
            AggregateKind::All => all.map(Value::Bool),
            _ if fails => None,
            AggregateKind::Count => sum().map(Value::Number),
            AggregateKind::Sum => sum().map(one),
            AggregateKind::Min => numbers.iter().min().cloned().map(one),
            AggregateKind::Max => numbers.iter().max().cloned().map(one),
            AggregateKind::Average | AggregateKind::First => self.open(),
        }
    }

    /// T6
    fn shifted(&self, day: Day, count: i64, kind: DurationKind) -> Option<Day> {
        if day.is_never() {
            return Some(day);
        }
        match kind {
            DurationKind::Days => {
                Day::from_number(i64::from(day.number()) + count).filter(|day| !day.is_never())
            }
            DurationKind::Months(end) => months_on(day, count, end),
            DurationKind::Business(id) => {
                let calendar = &self.policy.calendars[usize::from(id.0)];
                let (mut left, mut at) = (count, day);
                let mut open = calendar.is_open(at).ok()?;
                if count == 0 {
                    while !open {
                        at = at.next();
                        open = calendar.is_open(at).ok()?;
                    }
                }
                while left != 0 {
                    at = if left > 0 { at.next() } else { at.previous()? };
                    if calendar.is_open(at).ok()? {
                        left -= left.signum();
                    }
                }
                Some(at)
            }
        }
    }

    /// A condition on every day from day one to a day.
    fn line(&mut self, condition: ExprId, last: Day, frame: &Frame) -> Vec<Truth> {
        let key = (condition, frame.clone());
        let mut line = self.lines.remove(&key).unwrap_or_default();
        let length = (last.number() - Day::FIRST.number() + 1) as usize;
        while line.len() < length {
            let day = Day::from_number(i64::from(Day::FIRST.number()) + line.len() as i64).unwrap();
            line.push(self.truth(condition, day, frame));
        }
        self.lines.insert(key, line.clone());
        line.truncate(length);
        line
    }

    /// T7, T8: its past as it counts on its last day: days on which it failed since day one are no part of it.
    fn past(&mut self, condition: ExprId, today: Day, frame: &Frame) -> Vec<Truth> {
        let mut line = self.line(condition, today, frame);
        let told = line.iter().position(Option::is_some).unwrap_or(line.len());
        let today = line.len() - 1;
        line.iter_mut().take(told.min(today)).for_each(|truth| *truth = Some(false));
        line
    }

    /// T7
    fn last_start(&mut self, condition: ExprId, today: Day, frame: &Frame) -> Option<Day> {
        let past = self.past(condition, today, frame);
        for at in (0..past.len()).rev() {
            let before = at.checked_sub(1).map_or(Some(false), |before| past[before]);
            if and(past[at], not(before))? {
                return Day::from_number(i64::from(Day::FIRST.number()) + at as i64);
            }
        }
        Some(Day::NEVER)
    }

    /// R2
    fn has_come(&mut self, dated: &Dated, day: Day, frame: &Frame) -> Truth {
        let come = self.date(dated.day, day, frame).map(|from| from <= day);
        match dated.known {
            Some(known) => and(come, self.date(known, day, frame).map(|from| from <= frame.known)),
            None => come,
        }
    }

    fn in_force(&mut self, rule: &Rule, day: Day, frame: &Frame) -> Truth {
        let begun = rule.from.as_ref().map_or(Some(true), |from| self.has_come(from, day, frame));
        let ended = rule.until.as_ref().map_or(Some(false), |until| self.has_come(until, day, frame));
        and(begun, not(ended))
    }

    /// T8: there is a start from which on the clause lasts; by V4.
    fn lasts(&mut self, rule: &'a Rule, lasting: Lasting, today: Day, frame: &Frame) -> Truth {
        let guard = match rule.branches[0].condition {
            Some(condition) => self.past(condition, today, frame),
            None => vec![Some(true); (today.number() - Day::FIRST.number() + 1) as usize],
        };
        let met: Vec<Truth> = days(Day::FIRST, today)
            .zip(&guard)
            .map(|(day, truth)| and(self.in_force(rule, day, frame), *truth))
            .collect();
        let ends = match lasting {
            Lasting::Until(end) => Some(self.past(end, today, frame)),
            Lasting::For(..) => None,
        };
        let (mut applies, mut going) = (Some(false), Some(true));
        for at in (0..met.len()).rev() {
            let before = at.checked_sub(1).map_or(Some(false), |before| met[before]);
            let starts = and(met[at], not(before));
            let on = Day::from_number(i64::from(Day::FIRST.number()) + at as i64).unwrap();
            going = match (&ends, lasting) {
                (Some(ends), _) => and(going, not(ends[at])),
                (None, Lasting::For(wait, kind)) if starts != Some(false) => {
                    self.not_over(on, (wait, kind), today, frame)
                }
                _ => going,
            };
            applies = or(applies, and(starts, going));
        }
        and(applies, self.in_force(rule, today, frame))
    }

    /// Whether today is before a start and a time. What cannot be counted is over when it is by any count.
    fn not_over(
        &mut self,
        start: Day,
        (wait, kind): (ExprId, DurationKind),
        today: Day,
        frame: &Frame,
    ) -> Truth {
        let count = self.count(wait, start, frame)?;
        if let Some(end) = self.shifted(start, count, kind) {
            return Some(today < end);
        }
        let over = match kind {
            DurationKind::Days => None,
            DurationKind::Months(_) => months_on(start, count, MonthEnd::Up),
            DurationKind::Business(id) => {
                let first = self.policy.calendars[usize::from(id.0)].covers().map(|(first, _)| first);
                first.and_then(|first| self.shifted(first.max(start), count.max(1), kind))
            }
        };
        over.is_some_and(|over| over <= today).then_some(false)
    }

    pub fn outcome(&mut self, id: OutcomeId, row: Option<u32>, day: Day, known: Day) -> Comes {
        let entity = self.policy.outcomes[id].for_each;
        let own = entity.zip(row);
        let frame = self.top(known).of(row.map(Value::Row).into_iter().collect(), own);
        self.comes(id, row, day, &frame)
    }

    /// R5
    fn comes(&mut self, id: OutcomeId, row: Option<u32>, day: Day, frame: &Frame) -> Comes {
        let key = (id, row, day, frame.known, frame.before);
        if let Some(comes) = self.comes.get(&key) {
            return comes.clone();
        }
        let outcome: &Outcome = &self.policy.outcomes[id];
        if outcome.rounded.is_some() || outcome.whole {
            self.beyond = true;
        }
        let mut offers: Vec<(u32, Said)> = Vec::new();
        for (place, contender) in (0u32..).zip(&outcome.contenders) {
            offers.extend(self.offers(contender, day, frame).into_iter().map(|said| (place, said)));
        }
        let spoken: Vec<u32> = offers.iter().map(|(place, _)| *place).collect();
        offers.retain(|(place, _)| {
            !outcome.contenders[*place as usize].above.iter().any(|upper| spoken.contains(&upper))
        });
        let mut values: Vec<Value> = offers.iter().filter_map(|(_, said)| said.clone()).collect();
        values.dedup();
        let comes = match (offers.is_empty(), outcome.otherwise) {
            (true, None) => Comes::Gap,
            (true, Some(otherwise)) => self.value(otherwise, day, frame).map_or(Comes::Error, Comes::Value),
            _ if offers.iter().any(|(_, said)| said.is_none()) => Comes::Error,
            _ if values.len() > 1 => Comes::Conflict,
            _ => Comes::Value(values.remove(0)),
        };
        self.comes.insert(key, comes.clone());
        comes
    }

    /// R1, R3
    fn offers(&mut self, contender: &Contender, day: Day, frame: &Frame) -> Vec<Said> {
        let policy = self.policy;
        let rule = &policy.rules[contender.rule];
        if let Some(power) = rule.power {
            return self.effects(power, contender, day, frame);
        }
        let mut applies = self.in_force(rule, day, frame);
        if applies == Some(false) {
            return Vec::new();
        }
        let mut fails = false;
        for (at, branch) in (0u32..).zip(&rule.branches) {
            let met = match (rule.lasting.filter(|_| at == 0), branch.condition) {
                (Some(lasting), _) => self.lasts(rule, lasting, day, frame),
                (None, Some(condition)) => self.truth(condition, day, frame),
                (None, None) => Some(true),
            };
            if let Some(clause) = contender.clauses.iter().find(|clause| clause.branch == at) {
                match and(applies, met) {
                    Some(true) => return vec![self.value(clause.value, day, frame)],
                    Some(false) => {}
                    None => fails = true,
                }
            }
            applies = and(applies, not(met));
        }
        if fails { vec![None] } else { Vec::new() }
    }

    /// O4
    fn effects(&mut self, id: PowerId, contender: &Contender, day: Day, frame: &Frame) -> Vec<Said> {
        let rule = &self.policy.rules[contender.rule];
        let force = self.in_force(rule, day, frame);
        let mut offers = Vec::new();
        for (at, stands) in self.standing(id, day, frame, true) {
            match and(stands, force) {
                Some(true) => {
                    let inside = self.in_act(at, frame);
                    offers.extend(
                        contender.clauses.iter().map(|clause| self.value(clause.value, day, &inside)),
                    );
                }
                Some(false) => {}
                None => offers.push(None),
            }
        }
        offers
    }

    fn in_act(&self, at: usize, frame: &Frame) -> Frame {
        let params = self.facts.acts[at].params.iter();
        let params = params.map(|param| param.single().cloned().expect("complete facts"));
        frame.of(params.collect(), None)
    }

    /// O2, O6: acts that are seen.
    fn seen(&self, id: PowerId, day: Day, frame: &Frame) -> Vec<(usize, &'a Act)> {
        let facts = self.facts;
        let earlier = |act: &Act| match frame.before {
            Some((on, of)) => {
                let leads = |from: PowerId, to: PowerId| self.reach[&from].contains(&to);
                act.on < on || (act.on == on && leads(of, act.power) && !leads(act.power, of))
            }
            None => true,
        };
        let seen = |act: &Act| act.power == id && act.on <= day && act.known <= frame.known && earlier(act);
        facts.acts.iter().enumerate().filter(|(_, act)| seen(act)).collect()
    }

    /// O2
    fn valid(&mut self, at: usize, known: Day) -> Truth {
        if let Some(valid) = self.valid.get(&(at, known)) {
            return *valid;
        }
        let act = &self.facts.acts[at];
        let power: &Power = &self.policy.powers[act.power];
        let frame = Frame { before: Some((act.on, act.power)), ..self.top(known) };
        let frame = self.in_act(at, &frame);
        let mut valid = and(
            Some(power.held_by.are(&act.by)),
            self.in_force(&self.policy.rules[power.rule], act.on, &frame),
        );
        for one in &power.requires {
            valid = and(valid, self.truth(one.what, act.on, &frame));
        }
        self.valid.insert((at, known), valid);
        valid
    }

    /// O4, O5: the acts of a power that may stand, and whether they do.
    fn standing(&mut self, id: PowerId, day: Day, frame: &Frame, effect: bool) -> Vec<(usize, Truth)> {
        let policy = self.policy;
        let mut found = Vec::new();
        for (at, act) in self.seen(id, day, frame) {
            let mut stands = self.valid(at, frame.known);
            for (later, next) in self.seen(id, day, frame) {
                if next.on > act.on {
                    stands = and(stands, not(self.valid(later, frame.known)));
                }
            }
            for other in policy.powers.ids().filter(|other| policy.powers[*other].ends.contains(&id)) {
                for (later, next) in self.seen(other, day, frame) {
                    if next.on >= act.on {
                        stands = and(stands, not(self.valid(later, frame.known)));
                    }
                }
            }
            if let Some(lasting) = policy.rules[policy.powers[id].rule].lasting.filter(|_| effect) {
                let inside = self.in_act(at, frame);
                let over = match lasting {
                    Lasting::Until(end) => days(act.on, day)
                        .fold(Some(false), |over, day| or(over, self.truth(end, day, &inside))),
                    Lasting::For(wait, kind) => not(self.not_over(act.on, (wait, kind), day, &inside)),
                };
                stands = and(stands, not(over));
            }
            found.push((at, stands));
        }
        found
    }

    /// O5
    fn power(&mut self, id: PowerId, test: PowerTest, day: Day, frame: &Frame) -> Truth {
        let power: &Power = &self.policy.powers[id];
        match test {
            PowerTest::Available => {
                let mut all = self.in_force(&self.policy.rules[power.rule], day, frame);
                for one in power.requires.iter().filter(|one| !one.of_act) {
                    all = and(all, self.truth(one.what, day, frame));
                }
                all
            }
            PowerTest::Done => {
                let standing = self.standing(id, day, frame, false);
                standing.into_iter().fold(Some(false), |any, (_, stands)| or(any, stands))
            }
            PowerTest::Invalid => {
                let seen = self.seen(id, day, frame);
                seen.into_iter().fold(Some(false), |any, (at, _)| or(any, not(self.valid(at, frame.known))))
            }
            PowerTest::Threatened => {
                let seen = |act: &&Act| act.power == id && act.on <= day && act.known <= frame.known;
                Some(self.facts.announcements.iter().find(seen).is_some())
            }
        }
    }

    fn act_part(&mut self, id: PowerId, part: ActPart, day: Day, frame: &Frame) -> Said {
        let standing = self.standing(id, day, frame, false);
        let mut parts = Vec::new();
        for (at, _) in standing.iter().filter(|(_, stands)| *stands == Some(true)) {
            let act = &self.facts.acts[*at];
            parts.push(match part {
                ActPart::On => Value::Date(act.on),
                ActPart::By => Value::Text(self.policy.names_of(&act.by, "and").into()),
                ActPart::Param(place) => act.params[place as usize].single()?.clone(),
            });
        }
        parts.dedup();
        match parts.len() {
            0 if standing.iter().any(|(_, stands)| stands.is_none()) => None,
            0 => (part == ActPart::On).then_some(Value::Date(Day::NEVER)),
            1 => parts.pop(),
            _ => None,
        }
    }

    pub fn done(&mut self, id: PowerId, test: PowerTest, day: Day, known: Day) -> Truth {
        let frame = self.top(known);
        self.power(id, test, day, &frame)
    }

    /// Which acts are valid, and whether they stand.
    pub fn acts(&mut self, id: PowerId, day: Day, known: Day) -> Vec<(usize, Truth, Truth)> {
        let frame = self.top(known);
        let force = self.in_force(&self.policy.rules[self.policy.powers[id].rule], day, &frame);
        let standing = self.standing(id, day, &frame, true);
        standing.into_iter().map(|(at, stands)| (at, self.valid(at, known), and(stands, force))).collect()
    }

    pub fn duty_on(&mut self, id: DutyId, day: Day, known: Day) -> Option<(DutyState, Option<Day>)> {
        let frame = self.top(known);
        self.duty(id, None, day, &frame)
    }

    /// D1, D2: its state, and since when; none: an error.
    fn duty(
        &mut self,
        id: DutyId,
        period: Option<Day>,
        day: Day,
        frame: &Frame,
    ) -> Option<(DutyState, Option<Day>)> {
        let duty: &Duty = &self.policy.duties[id];
        let Some(each) = duty.each else { return self.stands(duty, None, day, frame) };
        let from = self.known_day(duty.from.as_ref().expect("a beginning"), day, frame)?;
        let until = match &duty.until {
            Some(until) => self.known_day(until, day, frame)?,
            None => Day::NEVER,
        };
        let months = match each {
            Recurrence::Calendar(Period::Year) | Recurrence::Own(_) => 12,
            Recurrence::Calendar(Period::Quarter) => 3,
            Recurrence::Calendar(Period::Month) => 1,
        };
        // A year of its own begins on its day from then on (T11).
        let from = match each {
            Recurrence::Own(year) if !from.is_never() => {
                let begins = begin_of(year);
                let ahead = |day: &Day| Some(day.next()).filter(|next| !next.is_never());
                std::iter::successors(Some(from), ahead).find(|day| begins(*day)).unwrap_or(Day::NEVER)
            }
            _ => from,
        };
        let begins = |n: i64| {
            if from.is_never() { None } else { months_on(from, n * months, MonthEnd::Down) }
        };
        let all: Vec<(Day, Day)> = (0..)
            .map_while(|n| {
                begins(n)
                    .map(|first| (first, begins(n + 1).map_or(Day::LAST, |next| next.previous().unwrap())))
            })
            .take_while(|(first, _)| *first < until && (*first <= day || Some(*first) == period))
            .collect();
        if let Some(period) = period {
            let own = all.iter().find(|(first, _)| *first == period)?;
            return self.stands(duty, Some(*own), day, frame);
        }
        let mut worst = None;
        for own in all {
            let next = self.stands(duty, Some(own), day, frame)?;
            worst = Some(match worst {
                Some((state, since)) if state <= next.0 => (state, since),
                _ => next,
            });
        }
        Some(worst.unwrap_or((DutyState::NotYetDue, None)))
    }

    fn known_day(&mut self, dated: &Dated, day: Day, frame: &Frame) -> Option<Day> {
        let of = self.date(dated.day, day, frame)?;
        match dated.known {
            Some(known) => Some(if self.date(known, day, frame)? <= frame.known { of } else { Day::NEVER }),
            None => Some(of),
        }
    }

    /// D1, line by line.
    fn stands(
        &mut self,
        duty: &'a Duty,
        period: Option<(Day, Day)>,
        t: Day,
        frame: &Frame,
    ) -> Option<(DutyState, Option<Day>)> {
        let locals =
            period.iter().flat_map(|(first, last)| [Value::Date(*first), Value::Date(*last)]).collect();
        let frame = &frame.of(locals, None);
        let owed = duty.condition.map_or(Some(true), |condition| self.truth(condition, t, frame));
        if !owed? {
            return Some((DutyState::NotOwed, None));
        }
        let x = self.date(duty.deadline, t, frame)?;
        let s = match (period, duty.start, &duty.from) {
            (Some((first, _)), ..) => first,
            (None, Some(start), _) => self.date(start, t, frame)?,
            (None, None, Some(from)) => self.known_day(from, t, frame)?,
            (None, None, None) => Day::FIRST,
        };
        let first = period.map_or(Day::FIRST, |(first, _)| first);
        let performed = match period {
            Some(_) => self.line(duty.performance, t, frame),
            None => self.past(duty.performance, t, frame),
        };
        let on = |day: Day| performed[(day.number() - Day::FIRST.number()) as usize];
        let ever = |from: Day, to: Day| match from <= to.min(t) {
            true => days(from, to.min(t)).fold(Some(false), |any, day| or(any, on(day))),
            false => Some(false),
        };
        let since = |from: Day, to: Day| {
            let found = days(from, to.min(t)).find(|day| on(*day) != Some(false));
            found.filter(|day| on(*day) == Some(true))
        };
        if let (Some(until), None) = (&duty.until, period) {
            let u = self.known_day(until, t, frame)?;
            let early = u.previous().map_or(Some(false), |last| ever(first, last.min(x)));
            if u <= t && u <= x && !early? {
                return Some((DutyState::NotOwed, None));
            }
        }
        if ever(first, x)? {
            return Some((DutyState::Fulfilled, since(first, x)));
        }
        if t < s {
            return Some((DutyState::NotYetDue, None));
        }
        if t <= x {
            return Some((DutyState::Pending, None));
        }
        let late = x.next().max(first);
        if ever(late, t)? {
            return Some((DutyState::Cured, since(late, t)));
        }
        let owed = match duty.condition {
            Some(condition) => self.past(condition, t, frame),
            None => vec![Some(true); (t.number() - Day::FIRST.number() + 1) as usize],
        };
        let is_owed = |day: &Day| owed[(day.number() - Day::FIRST.number()) as usize];
        let mut run: Vec<Day> = days(x.next(), t).collect();
        run.reverse();
        let b = run.iter().take_while(|day| is_owed(day) == Some(true)).last();
        let certain =
            b.and_then(|b| b.previous()).is_none_or(|before| before <= x || is_owed(&before).is_some());
        Some((DutyState::Breached, b.copied().filter(|_| certain)))
    }
}

fn edge_of(edge: Edge, period: Period, day: Day) -> Day {
    if day.is_never() {
        return day;
    }
    let (year, month, _) = day.ymd();
    let (first, length) = match period {
        Period::Year => (1, 12),
        Period::Quarter => (month - (month - 1) % 3, 3),
        Period::Month => (month, 1),
    };
    let begins = Day::from_ymd(year, first, 1).unwrap();
    match edge {
        Edge::First => begins,
        Edge::Last => {
            months_on(begins, length, MonthEnd::Exact).map_or(Day::LAST, |next| next.previous().unwrap())
        }
    }
}

fn months_on(day: Day, count: i64, end: MonthEnd) -> Option<Day> {
    if day.is_never() {
        return Some(day);
    }
    let (year, month, of_month) = day.ymd();
    let months = i64::from(year) * 12 + i64::from(month) - 1 + count;
    let month_of = |months: i64| ((months.div_euclid(12)) as i32, (months.rem_euclid(12)) as u32 + 1);
    let (year, month) = month_of(months);
    if let Some(found) = Day::from_ymd(year, month, of_month) {
        return Some(found);
    }
    match end {
        MonthEnd::Exact => None,
        MonthEnd::Down => (28..of_month).rev().find_map(|last| Day::from_ymd(year, month, last)),
        MonthEnd::Up => {
            let (year, month) = month_of(months + 1);
            Day::from_ymd(year, month, 1)
        }
    }
}

/// What is looked at for the acts of a power.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Look {
    Acts(PowerId),
    Available(PowerId),
    Outcome(OutcomeId),
    Duty(DutyId),
    Define(DefineId),
    Expr(ExprId),
}

/// O6: power → its requires → outcomes, duties, powers → powers whose acts they read or whose effects set them.
fn reached(policy: &Policy, power: PowerId) -> BTreeSet<PowerId> {
    let (mut seen, mut left) = (BTreeSet::new(), looks_of(policy, Look::Acts(power)));
    while let Some(look) = left.pop() {
        if seen.insert(look) {
            left.extend(looks_of(policy, look));
        }
    }
    seen.iter().filter_map(|look| if let Look::Acts(power) = look { Some(*power) } else { None }).collect()
}

fn looks_of(policy: &Policy, look: Look) -> Vec<Look> {
    let mut found = Vec::new();
    let ends = |found: &mut Vec<Look>, id: PowerId| {
        found.push(Look::Acts(id));
        let enders = policy.powers.iter().filter(|(_, other)| other.ends.contains(&id));
        found.extend(enders.map(|(other, _)| Look::Acts(other)));
    };
    match look {
        Look::Acts(id) => found.extend(policy.powers[id].requires.iter().map(|one| Look::Expr(one.what))),
        Look::Available(id) => {
            let requires = policy.powers[id].requires.iter().filter(|one| !one.of_act);
            found.extend(requires.map(|one| Look::Expr(one.what)));
        }
        Look::Outcome(id) => {
            let outcome = &policy.outcomes[id];
            found.extend(outcome.otherwise.map(Look::Expr));
            for contender in &outcome.contenders {
                let rule = &policy.rules[contender.rule];
                if let Some(power) = rule.power {
                    ends(&mut found, power);
                }
                found.extend(rule.lasting.map(|lasting| Look::Expr(lasting.expr())));
                found.extend(rule.branches.iter().filter_map(|branch| branch.condition).map(Look::Expr));
                found.extend(contender.clauses.iter().map(|clause| Look::Expr(clause.value)));
            }
        }
        Look::Duty(id) => {
            let duty = &policy.duties[id];
            let parts = duty.condition.into_iter().chain(duty.start).chain([duty.performance, duty.deadline]);
            found.extend(parts.map(Look::Expr));
        }
        Look::Define(id) => found.push(Look::Expr(policy.defines[id].value)),
        Look::Expr(id) => {
            policy.exprs.operands(id, |operand| found.push(Look::Expr(operand)));
            match policy.exprs.node(id) {
                Expr::Outcome { id, .. } => found.push(Look::Outcome(*id)),
                Expr::Define { id, .. } => found.push(Look::Define(*id)),
                Expr::Call { function, .. } => found.push(Look::Expr(policy.functions[*function].value)),
                Expr::Duty { id, .. } => found.push(Look::Duty(*id)),
                Expr::Act { id, .. } => ends(&mut found, *id),
                Expr::ActCount { id, .. } => found.push(Look::Acts(*id)),
                Expr::Power { id, test, .. } => match test {
                    PowerTest::Done => ends(&mut found, *id),
                    PowerTest::Invalid => found.push(Look::Acts(*id)),
                    PowerTest::Available => found.push(Look::Available(*id)),
                    PowerTest::Threatened => {}
                },
                _ => {}
            }
        }
    }
    found
}

/// Whether such a year begins on a day, from its words.
fn begin_of(year: OwnYear) -> impl Fn(Day) -> bool {
    let words = year.to_string();
    let day = words.split(' ').nth(2).unwrap().to_owned();
    move |one| one.to_string().ends_with(&day)
}
