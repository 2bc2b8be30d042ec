//! What an expression looked up, for the story.

mod conduct;
mod days;
mod rows;

use crate::explain::needs::AnnexAsked;
use crate::outcome::{Origin, Point, Read, ReadOf, SlotRef};
use crate::policy::{
    AnnexKey, Contender, EntityId, Expr, ExprId, FieldId, Lasting, OutcomeId, PowerTest, Rule, RuleId,
};
use crate::run::{ANY_ROW, At, Evaluator, Named, NamedPoint, Reading, Result, RowPlace, Set, Where, slots};
use crate::value::{Day, Possible, Value};
use std::collections::BTreeSet;

/// How deep what a name read in turn is told, in operations, and how much is told in all.
pub(crate) const DEPTH: u32 = 160;
/// What a function body or a default counts for.
pub(crate) const BODY: u32 = 16;
const MANY: usize = 4_096;

/// The names that were visited: each is taken apart where it is first met.
#[derive(Default)]
pub(crate) struct Visited {
    names: BTreeSet<NamedPoint>,
    count: usize,
    pub depth: u32,
}

impl Visited {
    pub fn at_depth(depth: u32) -> Visited {
        Visited { depth, ..Visited::default() }
    }
}

impl<'a> Evaluator<'a> {
    /// What an expression looked up, each thing once, in the order of the text.
    pub(crate) fn reads(&mut self, id: ExprId, at: &At, visited: &mut Visited) -> Result<Vec<Read>> {
        let mut reads = Vec::new();
        self.read_into(&mut reads, id, at, visited)?;
        Ok(reads)
    }

    pub(crate) fn read_into(
        &mut self,
        reads: &mut Vec<Read>,
        id: ExprId,
        at: &At,
        visited: &mut Visited,
    ) -> Result<()> {
        let policy = self.policy;
        match policy.exprs.node(id) {
            Expr::Const(_) | Expr::Local(_) => Ok(()),
            Expr::Today => {
                let today = Set::one(Value::Date(at.point.day));
                tell(reads, ReadOf::Today, at.point, today, Vec::new(), visited);
                Ok(())
            }
            Expr::Fact(fact) => match self.fact_place(*fact) {
                Some(place) => {
                    self.read_slot(reads, place, at.point, visited, |day| SlotRef::Fact(*fact, day))
                }
                None => Ok(()),
            },
            Expr::Field { entity, row, field } => {
                self.read_field(reads, id, (*entity, *row, *field), at, visited)
            }
            Expr::Define { id: define, row } => {
                self.read_name(reads, id, Named::Define(*define), *row, at, visited)
            }
            Expr::Outcome { id: outcome, row } => {
                self.read_name(reads, id, Named::Outcome(*outcome), *row, at, visited)
            }
            Expr::Lookup { keys, .. } => {
                let set = self.set(id, at)?;
                let mut inner = Vec::new();
                keys.iter().try_for_each(|key| self.read_into(&mut inner, *key, at, visited))?;
                self.read_line(&mut inner, id, at, visited)?;
                tell(reads, ReadOf::Lookup(id), at.point, set, inner, visited);
                Ok(())
            }
            Expr::LastStart(_)
            | Expr::Duty { .. }
            | Expr::Power { .. }
            | Expr::Act { .. }
            | Expr::ActCount { .. }
            | Expr::DayAverage { .. } => {
                let set = self.set(id, at)?;
                let mut inner = Vec::new();
                match policy.exprs.node(id) {
                    Expr::LastStart(condition) => {
                        let since = match set.single() {
                            Some(Value::Date(day)) if !day.is_never() => Some(*day),
                            _ => None,
                        };
                        self.read_past(&mut inner, *condition, (Day::FIRST, since), at, visited)?;
                    }
                    Expr::Duty { id, of, .. } => self.read_duty(&mut inner, *id, *of, at, visited)?,
                    Expr::Power { id, row, test } => {
                        self.read_power(&mut inner, (*id, *row), Some(*test), at, visited)?;
                    }
                    Expr::Act { id, row, .. } => {
                        self.read_power(&mut inner, (*id, *row), None, at, visited)?
                    }
                    Expr::ActCount { id, row, since } => {
                        self.read_into(&mut inner, *since, at, visited)?;
                        let test = Some(PowerTest::Invalid);
                        self.read_power(&mut inner, (*id, *row), test, at, visited)?
                    }
                    Expr::DayAverage { value, first, last } => {
                        self.read_into(&mut inner, *first, at, visited)?;
                        self.read_into(&mut inner, *last, at, visited)?;
                        for day in self.days_averaged(*value, (*first, *last), at)? {
                            self.read_into(&mut inner, *value, &at.on(day), visited)?;
                        }
                    }
                    _ => {}
                }
                tell(reads, ReadOf::Lookup(id), at.point, set, inner, visited);
                Ok(())
            }
            Expr::Running(fold) => self.read_running(reads, *fold, id, at, visited),
            Expr::Aggregate { .. } => {
                // Its rows may be many: what it came to, and some that decide.
                let set = self.set(id, at)?;
                let mut inner = Vec::new();
                self.read_rows(&mut inner, id, at, visited)?;
                tell(reads, ReadOf::Lookup(id), at.point, set, inner, visited);
                Ok(())
            }
            Expr::Call { function, args } => {
                let mut sets = Vec::with_capacity(args.len());
                for arg in args {
                    self.read_into(reads, *arg, at, visited)?;
                    sets.push(Set::of(self.set(*arg, at)?.values));
                }
                let body = policy.functions[*function].value;
                self.deeper(visited, |run, visited| {
                    run.in_frame(sets, at.own, at.point, |run, at| run.read_into(reads, body, at, visited))
                })
            }
            Expr::If { .. } => {
                let live = self.live_operands(id, at)?;
                live.into_iter().try_for_each(|operand| self.read_into(reads, operand, at, visited))
            }
            Expr::AsOf { day, .. } | Expr::AsKnownOn { day, .. } | Expr::By { day, .. } => {
                self.read_into(reads, *day, at, visited)?;
                match self.moved(id, at)? {
                    Some((value, there)) => self.read_into(reads, value, &there, visited),
                    None => self.read_on_open_day(reads, id, at, visited),
                }
            }
            _ => {
                let operands = policy.exprs.parts(id);
                operands.into_iter().try_for_each(|operand| self.read_into(reads, operand, at, visited))?;
                self.read_line(reads, id, at, visited)
            }
        }
    }

    /// The line of an annex that is stated, or to be stated (X6), where an expression asks for one.
    fn read_line(&mut self, reads: &mut Vec<Read>, id: ExprId, at: &At, visited: &mut Visited) -> Result<()> {
        let Some(question) = AnnexAsked::of(self.policy.exprs.node(id)) else { return Ok(()) };
        let asked = self.keys_asked(question.keys, at)?;
        let Some(keys) = asked.into_iter().collect::<Option<Box<[AnnexKey]>>>() else { return Ok(()) };
        let set = self.set(id, at)?;
        let view = self.facts.annex(self.policy, question.annex);
        let stated = view.stated_line(&keys, question.column.map(|column| column as usize), at.point.into());
        let read = match (self.open_line(&question, keys, at.point), stated) {
            (Some(slot @ SlotRef::Line(..)), _) | (Some(slot), None) => Some((slot, Origin::NotStated)),
            (_, Some((keys, span))) => {
                let slot = match question.column.filter(|_| set.fault.is_none()) {
                    Some(column) => SlotRef::Cell(question.annex, keys, column),
                    None => SlotRef::Line(question.annex, without_any(&keys)),
                };
                Some((slot, Origin::Stated { span, from: None }))
            }
            (None, None) => None,
        };
        if let Some((slot, origin)) = read {
            let set = Set { fault: None, ..set };
            tell(reads, ReadOf::Slot(slot, origin), at.point, set, Vec::new(), visited);
        }
        Ok(())
    }

    /// What decided of the past of a condition, followed from a first day on, each slot once: what held since a day.
    pub(crate) fn read_past(
        &mut self,
        reads: &mut Vec<Read>,
        condition: ExprId,
        (start, since): (Day, Option<Day>),
        at: &At,
        visited: &mut Visited,
    ) -> Result<()> {
        if visited.depth >= DEPTH {
            return Ok(());
        }
        let days = self.days_that_decide(condition, start, since, at)?;
        self.deeper(visited, |run, visited| {
            days.into_iter().try_for_each(|day| {
                let mut found = Vec::new();
                run.read_into(&mut found, condition, &at.on(day), visited)?;
                found.retain(|read| !reads.iter().any(|other| is_same(&read.what, &other.what)));
                reads.append(&mut found);
                Ok(())
            })
        })
    }

    pub(super) fn read_slot(
        &mut self,
        reads: &mut Vec<Read>,
        place: RowPlace<'a>,
        point: Point,
        visited: &mut Visited,
        slot: impl Fn(Option<Day>) -> SlotRef,
    ) -> Result<()> {
        let set = self.set_slot(place, point)?;
        let read = slots::read(place.slot, place.decl, point, self.facts.stated_through);
        let mut inner = Vec::new();
        let origin = match (read, place.decl.default) {
            (Reading::Stated(statement), _) => {
                let from = Some(statement.from).filter(|_| place.decl.over_time);
                Origin::Stated { span: statement.span, from: from.filter(|from| *from != Day::FIRST) }
            }
            (Reading::Beyond(_, last), _) if last.from <= point.day => Origin::AfterStatedThrough,
            (Reading::Ended(_), _) => Origin::AfterStatedThrough,
            (Reading::Missing, Some(default)) => {
                self.deeper(visited, |run, visited| {
                    run.in_row(place.row, point, |run, at| run.read_into(&mut inner, default, at, visited))
                })?;
                Origin::Assumed
            }
            _ => Origin::NotStated,
        };
        let slot = slot(place.decl.over_time.then_some(point.day));
        tell(reads, ReadOf::Slot(slot, origin), point, set, inner, visited);
        Ok(())
    }

    fn read_field(
        &mut self,
        reads: &mut Vec<Read>,
        id: ExprId,
        (entity, row, field): (EntityId, ExprId, FieldId),
        at: &At,
        visited: &mut Visited,
    ) -> Result<()> {
        self.read_into(reads, row, at, visited)?;
        let rows = self.set(row, at)?;
        let place = match rows.single() {
            Some(Value::Row(row)) => self.field_place(entity, *row, field).map(|place| (*row, place)),
            _ => None,
        };
        if let Some((row, place)) = place
            && let Where::At(point) = self.where_is(entity, row, at)?
        {
            let slot = |day| SlotRef::Field { entity, row, field, day };
            return self.read_slot(reads, place, point, visited, slot);
        }
        let set = self.set(id, at)?;
        tell(reads, ReadOf::Lookup(id), at.point, set, Vec::new(), visited);
        Ok(())
    }

    fn read_name(
        &mut self,
        reads: &mut Vec<Read>,
        id: ExprId,
        named: Named,
        row: Option<ExprId>,
        at: &At,
        visited: &mut Visited,
    ) -> Result<()> {
        let set = self.set(id, at)?;
        let Some(node) = self.node_of(named, row, at)? else {
            let inner = self.read_of_rows(named, row, at, visited)?;
            tell(reads, ReadOf::Lookup(id), at.point, set, inner, visited);
            return Ok(());
        };
        let entity = self.entity_of(named).filter(|_| node.row != ANY_ROW);
        let of = match named {
            Named::Define(id) => ReadOf::Define(id, entity.map(|entity| (entity, node.row))),
            Named::Outcome(id) => ReadOf::Outcome(id, entity.map(|entity| (entity, node.row))),
            Named::Running(_) | Named::Default(_) => ReadOf::Lookup(id),
        };
        let mut inner = Vec::new();
        let height = self.height_of(named);
        self.read_body(&mut inner, node, height, visited)?;
        tell(reads, of, node.point, set, inner, visited);
        Ok(())
    }

    fn read_body(
        &mut self,
        inner: &mut Vec<Read>,
        node: NamedPoint,
        height: u32,
        visited: &mut Visited,
    ) -> Result<()> {
        if visited.depth.saturating_add(height) >= DEPTH || !visited.names.insert(node) {
            return Ok(());
        }
        visited.depth += height;
        let result = self.in_body(node, |run, at| match node.named {
            Named::Define(id) => run.read_into(inner, run.policy.defines[id].value, at, visited),
            Named::Outcome(id) => run.read_rules(inner, id, at, visited),
            Named::Running(_) | Named::Default(_) => Ok(()),
        });
        visited.depth -= height;
        if result.is_err() {
            // It starts again, and is visited then.
            visited.names.remove(&node);
        }
        result
    }

    /// What the rules of an outcome read that are looked at: none below one that is certain to speak (R6).
    fn read_rules(
        &mut self,
        reads: &mut Vec<Read>,
        id: OutcomeId,
        at: &At,
        visited: &mut Visited,
    ) -> Result<()> {
        let (rules, otherwise) = self.live_rules(id, at)?;
        rules.iter().try_for_each(|rule| self.read_rule(reads, rule.contender, at, visited))?;
        otherwise.map_or(Ok(()), |otherwise| self.read_into(reads, otherwise, at, visited))
    }

    fn read_rule(
        &mut self,
        reads: &mut Vec<Read>,
        contender: &Contender,
        at: &At,
        visited: &mut Visited,
    ) -> Result<()> {
        let rule: &'a Rule = &self.policy.rules[contender.rule];
        rule.window().try_for_each(|day| self.read_into(reads, day, at, visited))?;
        if self.set_in_force(rule, at)?.mask().is_false() {
            return Ok(());
        }
        if let Some(power) = rule.power {
            return self.read_effects(reads, (power, rule), contender, at, visited);
        }
        for branch in self.branches(contender, at)? {
            match (branch.condition, branch.lasting) {
                (_, Some(lasting)) => self.read_memory(reads, (contender.rule, lasting), at, visited)?,
                (Some(condition), None) => self.read_into(reads, condition, at, visited)?,
                (None, None) => {}
            }
            branch
                .live_value()
                .into_iter()
                .try_for_each(|value| self.read_into(reads, value, at, visited))?;
        }
        Ok(())
    }

    /// T8: the condition by which a clause began and what may have ended it.
    pub(crate) fn read_memory(
        &mut self,
        reads: &mut Vec<Read>,
        (id, lasting): (RuleId, Lasting),
        at: &At,
        visited: &mut Visited,
    ) -> Result<()> {
        let since = self.remembered_since(id, lasting, at)?;
        let condition = self.policy.rules[id].branches.first().and_then(|branch| branch.condition);
        if let Some(condition) = condition {
            self.read_past(reads, condition, (Day::FIRST, since), at, visited)?;
        }
        match lasting {
            Lasting::Until(end) => self.read_past(reads, end, (Day::FIRST, since), at, visited),
            Lasting::For(wait, _) => {
                let day = since.unwrap_or(at.point.day);
                self.read_into(reads, wait, &at.on(day), visited)
            }
        }
    }
}

/// The keys of a line that is stated, without those that may be any.
fn without_any(keys: &[AnnexKey]) -> Box<[AnnexKey]> {
    let any = keys.iter().rev().take_while(|key| **key == AnnexKey::Any).count();
    keys.iter().take(keys.len().saturating_sub(any)).cloned().collect()
}

/// Adds what is not there yet.
pub(crate) fn tell(
    reads: &mut Vec<Read>,
    what: ReadOf,
    point: Point,
    set: Set,
    inner: Vec<Read>,
    visited: &mut Visited,
) {
    let same = |read: &Read| {
        let days = match (&read.what, &what) {
            (ReadOf::Slot(a, _), ReadOf::Slot(b, _)) => a == b,
            _ => true,
        };
        read.point == point && days && is_same(&read.what, &what)
    };
    if visited.count < MANY && !reads.iter().any(same) {
        visited.count += 1;
        let values: Possible = set.values;
        reads.push(Read { what, point, value: values, fault: set.fault, inner });
    }
}

/// Whether two reads are of one thing, on whatever days.
pub(crate) fn is_same(one: &ReadOf, other: &ReadOf) -> bool {
    match (one, other) {
        (ReadOf::Slot(a, _), ReadOf::Slot(b, _)) => match (a, b) {
            (SlotRef::Fact(a, _), SlotRef::Fact(b, _)) => a == b,
            (
                SlotRef::Field { entity: a, row: r, field: f, .. },
                SlotRef::Field { entity: b, row: s, field: g, .. },
            ) => (a, r, f) == (b, s, g),
            _ => a == b,
        },
        (ReadOf::Define(a, r), ReadOf::Define(b, s)) => (a, r) == (b, s),
        (ReadOf::Outcome(a, r), ReadOf::Outcome(b, s)) => (a, r) == (b, s),
        (ReadOf::Running { fold: a, row: r, .. }, ReadOf::Running { fold: b, row: s, .. }) => {
            (a, r) == (b, s)
        }
        (ReadOf::Today, ReadOf::Today) => true,
        (ReadOf::Lookup(a), ReadOf::Lookup(b)) => a == b,
        (ReadOf::Act(a), ReadOf::Act(b)) => a == b,
        (ReadOf::Row(a, r, x), ReadOf::Row(b, s, y)) => (a, r, x) == (b, s, y),
        _ => false,
    }
}
