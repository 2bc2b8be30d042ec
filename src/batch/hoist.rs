//! Hoisting: what does not depend on the row (is loop-invariant) is worked out by `run`, once for each stretch of days,
//! and looked up by the row's day (B4).

use super::Batch;
use super::bad::{Bad, Worked};
use super::compiler::{BatchCompiler, Environment};
use super::graph::{Arg, Relation};
use super::lanes::LaneType;
use super::term::{Bailout, RowTerm, ScaledArg, TermKind, Word, together};
use crate::outcome::Point;
use crate::policy::{Expr, ExprId, Id, Policy, Type};
use crate::run::{ANY_ROW, row_set};
use crate::value::{Day, Number, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A step function over days: what it is from a day on, until the next.
pub(super) type StepFunction = Vec<(Day, Worked)>;

/// A list of words, and for each of them a value.
type WordTable = (Arc<[Value]>, Arc<[Worked]>);

/// Loop-invariant values, each worked out once.
#[derive(Debug, Default)]
pub(super) struct HoistCache {
    steps: BTreeMap<(ExprId, Day), Option<Arc<StepFunction>>>,
    fixed: BTreeMap<(ExprId, Point), Worked>,
    /// For each word of a list.
    pub words: BTreeMap<(ExprId, Point), WordTable>,
}

/// Steps that are compared one by one; more are looked up by day.
const FEW: usize = 12;

/// More changes than this are not looked for.
const CHANGES: usize = 4_096;

/// What is only made of other things is asked about no oftener: else those are.
const CHANGES_OF_PARTS: usize = 48;

impl BatchCompiler<'_, '_> {
    /// An expression that does not read the row, at the days of the point.
    pub(super) fn hoisted(&mut self, id: ExprId, at: &Environment) -> Result<RowTerm, Bailout> {
        let day = self.uses.of(id, at.number != 0).day;
        match (at.known, at.day) {
            (Arg::Const(known), Arg::Const(on)) => self.fixed(id, day_of(on)?, day_of(known)?),
            (Arg::Const(known), _) if !day => self.fixed(id, self.batch.point.on, day_of(known)?),
            (Arg::Const(known), _) => {
                let steps = self.steps(id, day_of(known)?)?;
                self.by_day(id, &steps, at.day)
            }
            (Arg::Reg(_), _) => self.by_knowledge_day(id, at),
        }
    }

    /// As known on the day of each row: one after the other, as more becomes known.
    fn by_knowledge_day(&mut self, id: ExprId, at: &Environment) -> Result<RowTerm, Bailout> {
        let knowledge_days = self
            .knowledge_days
            .clone()
            .ok_or(Bailout("what is known changes on days that are worked out"))?;
        let mut term: Option<RowTerm> = None;
        for known in std::iter::once(Day::FIRST).chain(knowledge_days) {
            let known = Arg::Const(known.number().into());
            let next = self.hoisted(id, &Environment { known, ..at.clone() })?;
            term = Some(match term {
                None => next,
                Some(term) => {
                    let come = self.graph.compare(Relation::AtMost, known, at.known);
                    self.graph.choose_term(come, &next, &term)?
                }
            });
        }
        term.ok_or(Bailout("nothing is known"))
    }

    fn fixed(&mut self, id: ExprId, day: Day, known: Day) -> Result<RowTerm, Bailout> {
        let point = Point::new(day, known);
        let value = match self.cache.fixed.get(&(id, point)) {
            Some(value) => value.clone(),
            None => {
                let value = Worked::of(&self.run.value_in(id, &[row_set(ANY_ROW)], None, point));
                self.cache.fixed.insert((id, point), value.clone());
                value
            }
        };
        term_of(self.batch.policy, id, &value)
    }

    /// Over all days.
    fn steps(&mut self, id: ExprId, known: Day) -> Result<Arc<StepFunction>, Bailout> {
        let asked = match self.cache.steps.get(&(id, known)) {
            Some(steps) => steps.clone(),
            None => {
                let steps = self.ask_steps(id, known);
                self.cache.steps.insert((id, known), steps.clone());
                steps
            }
        };
        asked.ok_or(Bailout("it changes from day to day"))
    }

    fn ask_steps(&mut self, id: ExprId, known: Day) -> Option<Arc<StepFunction>> {
        let leaf = matches!(
            self.batch.policy.exprs.node(id),
            Expr::Fact(_)
                | Expr::Field { .. }
                | Expr::Define { .. }
                | Expr::Outcome { .. }
                | Expr::Duty { .. }
                | Expr::Power { .. }
                | Expr::Act { .. }
                | Expr::ActCount { .. }
                | Expr::DayAverage { .. }
                | Expr::LastStart(_)
                | Expr::Aggregate { .. }
        );
        let most = if leaf { CHANGES } else { CHANGES_OF_PARTS };
        let mut steps: StepFunction = Vec::new();
        let mut day = Day::FIRST;
        for _ in 0..most {
            let point = Point::new(day, known);
            let (set, until) = self.run.value_until(id, &[row_set(ANY_ROW)], point, Day::NEVER);
            let value = Worked::of(&set);
            if steps.last().is_none_or(|(_, last)| *last != value) {
                steps.push((day, value));
            }
            day = until.max(day.next());
            if day.is_never() {
                return Some(Arc::new(steps));
            }
        }
        None
    }

    fn by_day(&mut self, id: ExprId, steps: &StepFunction, day: Arg) -> Result<RowTerm, Bailout> {
        let policy = self.batch.policy;
        if steps.len() <= FEW {
            let mut term: Option<RowTerm> = None;
            for (from, value) in steps {
                let next = term_of(policy, id, value)?;
                term = Some(match term {
                    None => next,
                    Some(term) => {
                        let come =
                            self.graph.compare(Relation::AtMost, Arg::Const(from.number().into()), day);
                        self.graph.choose_term(come, &next, &term)?
                    }
                });
            }
            return term.ok_or(Bailout("it has no value"));
        }
        // One value for each day from before the first change to the last.
        let (Some((first, _)), Some((last, _))) = (steps.get(1), steps.last()) else {
            return Err(Bailout("it has no value"));
        };
        let base = first.previous().unwrap_or(*first);
        let mut values: Vec<Worked> = Vec::new();
        let mut at = 0usize;
        let mut today = base;
        while today <= *last {
            while steps.get(at.saturating_add(1)).is_some_and(|(from, _)| *from <= today) {
                at = at.saturating_add(1);
            }
            values.push(steps.get(at).map_or(Worked::Open, |(_, value)| value.clone()));
            today = today.next();
        }
        let base = base.number();
        self.tabulated(policy.exprs.ty(id), &values, |graph, lane, values| {
            graph.place(day, base, lane, values).ok_or(Bailout("it has no value"))
        })
    }

    /// A term from values at places, as something looks them up.
    pub(super) fn tabulated(
        &mut self,
        ty: &Type,
        values: &[Worked],
        mut look_up: impl FnMut(&mut super::graph::Graph, LaneType, &[i128]) -> Result<Arg, Bailout>,
    ) -> Result<RowTerm, Bailout> {
        let mut rows = |is: &dyn Fn(&Worked) -> bool| match values.iter().any(is) {
            true => {
                let list: Vec<i128> = values.iter().map(|value| is(value).into()).collect();
                look_up(&mut self.graph, LaneType::Bit, &list)
            }
            false => Ok(Arg::FALSE),
        };
        let bad = Bad {
            any: rows(&|value| value.value().is_none())?,
            fails: rows(&|value| *value == Worked::Fails)?,
        };
        if values.iter().all(|value| value.value().is_none()) {
            return Ok(RowTerm { kind: nothing(ty), bad: Bad { any: Arg::TRUE, ..bad } });
        }
        let kind = match ty {
            Type::Bool => {
                let bits: Vec<i128> =
                    values.iter().map(|value| (value.value() == Some(&Value::Bool(true))).into()).collect();
                TermKind::Bit(look_up(&mut self.graph, LaneType::Bit, &bits)?)
            }
            Type::Number { .. } | Type::Date | Type::Duration(_) => {
                let numbers: Vec<Option<Number>> =
                    values.iter().map(|value| value.value().and_then(number)).collect();
                let (mut numbers, den) = together(&numbers)?;
                // What has no value is of no account; it should not make the lane wider.
                let some = values
                    .iter()
                    .zip(&numbers)
                    .find(|(value, _)| value.value().is_some())
                    .map_or(0, |(_, number)| *number);
                for (number, value) in numbers.iter_mut().zip(values) {
                    if value.value().is_none() {
                        *number = some;
                    }
                }
                let (lo, hi) = numbers.iter().fold((some, some), |(lo, hi), n| (lo.min(*n), hi.max(*n)));
                TermKind::Number(ScaledArg {
                    arg: look_up(&mut self.graph, LaneType::of(lo, hi), &numbers)?,
                    den,
                })
            }
            Type::Text | Type::Code | Type::Country | Type::Enum(_) | Type::Row(_) => {
                let mut list: Vec<Value> = Vec::new();
                let mut known: BTreeMap<&Value, usize> = BTreeMap::new();
                let mut keys = Vec::with_capacity(values.len());
                for value in values {
                    let key = value.value().map_or(0, |value| {
                        *known.entry(value).or_insert_with(|| {
                            list.push(value.clone());
                            list.len().saturating_sub(1)
                        })
                    });
                    keys.push(key as i128);
                }
                TermKind::Word(Word {
                    arg: look_up(&mut self.graph, LaneType::Key, &keys)?,
                    dictionary: list.into(),
                })
            }
        };
        Ok(RowTerm { kind, bad })
    }
}

/// Days and durations too.
pub(super) fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::Date(day) => Some(Number::from(i64::from(day.number()))),
        Value::Duration(count) => Some(Number::from(*count)),
        _ => None,
    }
}

fn term_of(policy: &Policy, id: ExprId, value: &Worked) -> Result<RowTerm, Bailout> {
    let nothing = |bad| Ok(RowTerm { kind: nothing(policy.exprs.ty(id)), bad });
    match value {
        Worked::One(value) => RowTerm::of(value),
        Worked::Fails => nothing(Bad { any: Arg::TRUE, fails: Arg::TRUE }),
        Worked::Open => nothing(Bad::OPEN),
    }
}

/// Stands where there is no value.
pub(super) fn nothing(ty: &Type) -> TermKind {
    match ty {
        Type::Bool => TermKind::Bit(Arg::FALSE),
        Type::Number { .. } | Type::Date | Type::Duration(_) => {
            TermKind::Number(ScaledArg { arg: Arg::Const(0), den: 1 })
        }
        _ => TermKind::Word(Word { arg: Arg::Const(0), dictionary: Arc::from([]) }),
    }
}

pub(super) fn day_of(number: i128) -> Result<Day, Bailout> {
    i32::try_from(number).ok().and_then(super::column::day).ok_or(Bailout("there is no such day"))
}

/// The days on which anything may become known; `None`: some of them have to be worked out.
pub(super) fn knowledge_days(batch: &Batch<'_>) -> Option<Vec<Day>> {
    let (policy, facts) = (batch.policy, batch.facts);
    let mut days: Vec<Day> = Vec::new();
    let slots = facts.facts.values();
    days.extend(slots.flat_map(|slot| &slot.statements).map(|statement| statement.known));
    let tables =
        facts.tables.iter().filter(|(id, _)| *id != batch.entity).filter_map(|(_, rows)| rows.as_ref());
    let cells = tables.flat_map(|rows| rows.rows.values()).flat_map(|row| row.cells.values());
    days.extend(cells.flat_map(|slot| &slot.statements).map(|statement| statement.known));
    days.extend(facts.acts.iter().chain(&facts.announcements).map(|act| act.known));
    days.extend(facts.annex_news(policy));
    let mut constant = |id: ExprId| match policy.exprs.node(id) {
        Expr::Const(Value::Date(day)) => {
            days.push(*day);
            true
        }
        _ => false,
    };
    for rule in policy.rules.values() {
        for dated in rule.from.iter().chain(&rule.until) {
            if !dated.known.is_none_or(&mut constant) {
                return None;
            }
        }
    }
    for power in policy.powers.values() {
        for dated in power.from.iter().chain(&power.until) {
            if !dated.known.is_none_or(&mut constant) {
                return None;
            }
        }
    }
    // Looking back in knowledge from a fixed day sees what came by then; from another day it has to be worked out.
    for index in 0..policy.exprs.len() {
        let id = ExprId::from_index(index);
        if let Expr::AsKnownOn { day, .. } = policy.exprs.node(id)
            && !constant(*day)
            && !of_rows(batch, id)
        {
            return None;
        }
    }
    if policy.entities.iter().any(|(id, entity)| id != batch.entity && entity.known.is_some()) {
        return None;
    }
    days.retain(|day| *day > Day::FIRST);
    days.sort_unstable();
    days.dedup();
    Some(days)
}

/// Whether an expression stands in the frame of a row, and in no other.
fn of_rows(batch: &Batch<'_>, id: ExprId) -> bool {
    let policy = batch.policy;
    let mut below = vec![id];
    while let Some(id) = below.pop() {
        let own = match policy.exprs.node(id) {
            Expr::Field { entity, .. } => Some(*entity),
            Expr::Define { id, .. } => policy.defines[*id].for_each,
            Expr::Outcome { id, .. } => policy.outcomes[*id].for_each,
            _ => None,
        };
        if own == Some(batch.entity) {
            return true;
        }
        policy.exprs.operands(id, |operand| below.push(operand));
    }
    false
}
