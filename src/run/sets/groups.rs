//! Rows by what they are compared with (B4): an aggregate `where l.entry = entry.no` looks at the lines of that entry, and
//! what does not read the row it is asked for is worked out once for all that ask.
//!
//! A row is grouped only if the cells that put it into its group are one value at every point; every other row stays a
//! candidate of every group. So what is left out would have been found to be no member, whatever else holds of it (V4).

use crate::facts::Rows;
use crate::outcome::Point;
use crate::policy::{EntityId, Expr, ExprId, FieldId};
use crate::run::frame::At;
use crate::run::frame::plan::always;
use crate::run::point::Stop;
use crate::run::sets::shape::{AggregateShape, Text};
use crate::run::{Evaluator, Result, Set};
use crate::steps::step;
use crate::value::{Code, Day, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A table of no more rows is looked through.
const FEW: usize = if cfg!(test) { 0 } else { 16 };
/// Past this many, results are forgotten when the next question comes.
const MANY: usize = 1 << 16;

/// How deep what puts a row into its group may nest.
const DEEP: u32 = 100;

/// The rows of a table by what they are compared with.
struct Groups {
    rows: BTreeMap<Vec<Value>, Vec<u32>>,
    /// Candidates of every group.
    open: Vec<u32>,
}

impl Groups {
    /// The rows that what asks may be tied to, in order.
    fn of(&self, shape: &AggregateShape, values: &[Value]) -> Vec<u32> {
        let rows = |values: &[Value]| self.rows.get(values).map_or(&[][..], Vec::as_slice);
        let under = shape.ties.iter().zip(values).position(|(tie, _)| tie.under);
        let Some((at, Value::Code(code))) = under.and_then(|at| Some((at, values.get(at)?))) else {
            return rows(values).to_vec();
        };
        let mut found = Vec::new();
        let mut shorter = values.to_vec();
        for length in 1..=code.len() {
            if let Some(value) = shorter.get_mut(at) {
                *value = Value::Code(code.first(length));
            }
            found.extend(rows(&shorter));
        }
        found.sort_unstable();
        found
    }
}

/// The rows that an aggregate has to look at.
#[derive(Clone)]
pub(crate) enum Candidates {
    /// All of that many.
    All(u32),
    /// Every other is no member for certain.
    These(Vec<u32>),
}

impl Candidates {
    /// Also the first rows of the table.
    pub fn and_first(self, count: u32) -> Candidates {
        match self {
            Candidates::All(all) => Candidates::All(all),
            Candidates::These(rows) => Candidates::These(merged(
                &rows,
                &(0..count).filter(|row| rows.binary_search(row).is_err()).collect::<Vec<_>>(),
            )),
        }
    }
}

impl IntoIterator for Candidates {
    type Item = u32;
    type IntoIter = std::iter::Chain<std::ops::Range<u32>, std::vec::IntoIter<u32>>;

    fn into_iter(self) -> Self::IntoIter {
        match self {
            Candidates::All(count) => (0..count).chain(Vec::new()),
            Candidates::These(rows) => (0..0).chain(rows),
        }
    }
}

/// A question that an aggregate was asked: everything its result can depend on.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct GroupQuestion {
    id: ExprId,
    values: Vec<Value>,
    point: Point,
    own: Option<(EntityId, u32)>,
}

/// The dates of rows.
pub(crate) struct GroupDates {
    /// In order, each with its row.
    plain: Vec<(Day, u32)>,
    /// Rows whose date is not one value at every point.
    pub open: Vec<u32>,
}

impl GroupDates {
    /// The next after a day, or never.
    pub fn after(&self, day: Day) -> Day {
        let first = self.plain.partition_point(|(other, _)| *other <= day);
        self.plain.get(first).map_or(Day::NEVER, |(day, _)| *day)
    }
}

/// What an aggregate over the rows of a dated entity comes to, from day to day.
pub(crate) struct GroupSteps {
    /// Before the first row.
    pub before: Result<Value, Stop>,
    /// From which day what, in order.
    pub from: Vec<(Day, Result<Value, Stop>)>,
}

impl GroupSteps {
    pub fn on(&self, day: Day) -> Result<Value, Stop> {
        let begun = self.from.partition_point(|(from, _)| *from <= day);
        let last = begun.checked_sub(1).and_then(|last| self.from.get(last));
        last.map_or_else(|| self.before.clone(), |(_, value)| value.clone())
    }
}

#[derive(Default)]
pub(crate) struct Grouped {
    shapes: BTreeMap<ExprId, Arc<AggregateShape>>,
    groups: BTreeMap<ExprId, Arc<Groups>>,
    /// Of questions whatever the day; none: they have to be asked day by day.
    pub steps: BTreeMap<GroupQuestion, Option<Arc<GroupSteps>>>,
    dates: BTreeMap<EntityId, Arc<GroupDates>>,
    codes: BTreeMap<EntityId, Arc<BTreeMap<Code, u32>>>,
    points: BTreeMap<GroupQuestion, Result<Value, Stop>>,
    sets: BTreeMap<GroupQuestion, Set>,
}

impl Grouped {
    /// Other facts: the shapes stay.
    pub fn clear(&mut self) {
        self.groups.clear();
        self.dates.clear();
        self.codes.clear();
        self.forget();
    }

    fn forget(&mut self) {
        self.steps.clear();
        self.points.clear();
        self.sets.clear();
    }

    /// A question begins.
    pub fn enter(&mut self) {
        if self.points.len().saturating_add(self.sets.len()) > MANY {
            self.forget();
        }
    }
}

impl<'a> Evaluator<'a> {
    /// The shape of an aggregate, where it pays to know it.
    fn shape_of(&mut self, id: ExprId) -> Option<(Arc<AggregateShape>, &'a Rows)> {
        let (policy, facts) = (self.policy, self.facts);
        let Expr::Aggregate { kind, entity, local, value, condition } = policy.exprs.node(id) else {
            return None;
        };
        let table = facts.tables.try_get(*entity)?.as_ref().filter(|table| table.rows.len() > FEW)?;
        if let Some(shape) = self.grouped.shapes.get(&id) {
            return Some((shape.clone(), table));
        }
        let text = Text { policy, local: *local };
        let shape = Arc::new(text.shape(*kind, *entity, *value, *condition));
        self.grouped.shapes.insert(id, shape.clone());
        Some((shape, table))
    }

    /// The rows to look at, at a point.
    pub(crate) fn point_candidates(
        &mut self,
        id: ExprId,
        rows: u32,
        at: &At,
    ) -> Result<(Candidates, Option<GroupQuestion>), Stop> {
        let Some((shape, table)) = self.shape_of(id) else { return Ok((Candidates::All(rows), None)) };
        let mut values = Vec::with_capacity(shape.ties.len());
        for tie in &shape.ties {
            match self.point(tie.other, at) {
                Ok(value) => values.push(value),
                Err(Stop::Deep) => return Err(Stop::Deep),
                Err(Stop::Open | Stop::Fault(_)) => return Ok((Candidates::All(rows), None)),
            }
        }
        Ok(self.candidates(id, &shape, table, values, at))
    }

    /// The rows to look at, as sets.
    pub(crate) fn set_candidates(
        &mut self,
        id: ExprId,
        rows: u32,
        at: &At,
    ) -> Result<(Candidates, Option<GroupQuestion>)> {
        let Some((shape, table)) = self.shape_of(id) else { return Ok((Candidates::All(rows), None)) };
        let mut values = Vec::with_capacity(shape.ties.len());
        for tie in &shape.ties {
            match self.set(tie.other, at)?.single() {
                Some(value) => values.push(value.clone()),
                None => return Ok((Candidates::All(rows), None)),
            }
        }
        Ok(self.candidates(id, &shape, table, values, at))
    }

    /// What the rows of an aggregate are compared with, where it is looked at by groups.
    pub(crate) fn equated_with(&mut self, id: ExprId) -> Vec<ExprId> {
        let shape = self.shape_of(id).map(|(shape, _)| shape);
        shape.iter().flat_map(|shape| &shape.ties).map(|tie| tie.other).collect()
    }

    /// Until when what an aggregate is equated with is the same.
    pub(crate) fn until_equated(&mut self, id: ExprId, at: &At) -> Result<Day> {
        let others = self.equated_with(id);
        self.until_all(&others, at)
    }

    /// The dates of the rows of a dated entity.
    pub(crate) fn dates(&mut self, entity: EntityId, field: FieldId) -> Arc<GroupDates> {
        if let Some(dates) = self.grouped.dates.get(&entity) {
            return dates.clone();
        }
        let facts = self.facts;
        let table = facts.tables.try_get(entity).and_then(Option::as_ref);
        let (mut plain, mut open) = (Vec::new(), Vec::new());
        for row in 0..u32::try_from(table.map_or(0, |table| table.rows.len())).unwrap_or(u32::MAX) {
            step();
            match self.plain_date(entity, row, field) {
                Some(day) => plain.push((day, row)),
                None => open.push(row),
            }
        }
        plain.sort_unstable();
        let dates = Arc::new(GroupDates { plain, open });
        self.grouped.dates.insert(entity, dates.clone());
        dates
    }

    pub(crate) fn plain_date(&self, entity: EntityId, row: u32, field: FieldId) -> Option<Day> {
        let decl = &self.policy.entities[entity].fields[field];
        match always(self.cell(entity, row, field)?, decl.over_time)? {
            Value::Date(day) => Some(*day),
            _ => None,
        }
    }

    /// The rows dated after one day and not after another; and those of which that is not known without looking.
    pub(crate) fn rows_that_come(
        &mut self,
        entity: EntityId,
        field: FieldId,
        after: Day,
        to: Day,
    ) -> Vec<u32> {
        let dates = self.dates(entity, field);
        let begun = |day: Day| dates.plain.partition_point(|(other, _)| *other <= day);
        let come = dates.plain.get(begun(after)..begun(to)).unwrap_or(&[]).iter().map(|(_, row)| *row);
        let mut rows: Vec<u32> = come.chain(dates.open.iter().copied()).collect();
        rows.sort_unstable();
        rows
    }

    /// A question about the rows of a dated entity that differs from day to day only in which of them are there yet: the
    /// same for all days.
    pub(crate) fn whatever_day(
        &mut self,
        question: &Option<GroupQuestion>,
        parts: impl Iterator<Item = ExprId>,
    ) -> Option<GroupQuestion> {
        let question = question.as_ref().filter(|question| question.own.is_none())?;
        let Expr::Aggregate { entity, .. } = self.policy.exprs.node(question.id) else { return None };
        let point = Point { day: Day::FIRST, ..question.point };
        let at = At { point, base: 0, own: None };
        let shifts = self.grouped.shapes.get(&question.id).is_none_or(|shape| shape.shifts);
        let mut parts = parts;
        let still = self.is_dated(*entity) && !shifts && !parts.any(|part| self.moves(part, &at));
        still.then(|| GroupQuestion { point, ..question.clone() })
    }

    /// The row of a code, whatever its dots (M7).
    pub(crate) fn row_of_code(&mut self, entity: EntityId, code: Code) -> Option<u32> {
        let facts = self.facts;
        let codes = self.grouped.codes.entry(entity).or_insert_with(|| {
            let mut codes = BTreeMap::new();
            let table = facts.tables.try_get(entity).and_then(Option::as_ref);
            for (row, key) in (0u32..).zip(table.iter().flat_map(|table| table.rows.keys())) {
                step();
                if let Ok(code) = Code::read(key) {
                    codes.entry(code).or_insert(row);
                }
            }
            Arc::new(codes)
        });
        codes.get(&code).copied()
    }

    fn candidates(
        &mut self,
        id: ExprId,
        shape: &AggregateShape,
        table: &'a Rows,
        values: Vec<Value>,
        at: &At,
    ) -> (Candidates, Option<GroupQuestion>) {
        let candidates = if shape.ties.is_empty() {
            Candidates::All(u32::try_from(table.rows.len()).unwrap_or(u32::MAX))
        } else {
            let groups = self.groups(id, shape, table);
            Candidates::These(merged(&groups.of(shape, &values), &groups.open))
        };
        let question = shape.closed.then(|| self.question(id, shape, values, at));
        (candidates, question)
    }

    fn groups(&mut self, id: ExprId, shape: &AggregateShape, table: &'a Rows) -> Arc<Groups> {
        if let Some(groups) = self.grouped.groups.get(&id) {
            return groups.clone();
        }
        let mut groups = Groups { rows: BTreeMap::new(), open: Vec::new() };
        for row in 0..u32::try_from(table.rows.len()).unwrap_or(u32::MAX) {
            step();
            match self.group_of(shape, row) {
                Some(values) => groups.rows.entry(values).or_default().push(row),
                None => groups.open.push(row),
            }
        }
        let groups = Arc::new(groups);
        self.grouped.groups.insert(id, groups.clone());
        groups
    }

    /// The group of a row; none: it is not one at every point.
    fn group_of(&mut self, shape: &AggregateShape, row: u32) -> Option<Vec<Value>> {
        let decl = &self.policy.entities[shape.entity];
        let mut days = decl.dated.into_iter().chain(decl.known);
        if !days.all(|field| self.is_plain_cell(shape.entity, row, field)) {
            return None;
        }
        // No day matters to what is plain.
        let point = Point::new(Day::FIRST, Day::FIRST);
        let base = self.stack.len();
        self.stack.extend((0..=shape.local).map(|_| Value::Row(row)));
        let at = At { point, base, own: Some((shape.entity, row)) };
        let value = |run: &mut Self, id: ExprId| {
            if run.is_plain(id, &at, DEEP) { run.point(id, &at).ok() } else { None }
        };
        let values = shape.ties.iter().map(|tie| value(self, tie.mine)).collect();
        self.stack.truncate(base);
        values
    }

    fn is_plain_cell(&self, entity: EntityId, row: u32, field: FieldId) -> bool {
        let decl = &self.policy.entities[entity];
        let moves =
            decl.fields[field].over_time && (decl.dated.is_some() || self.facts.stated_through.is_some());
        self.cell(entity, row, field).and_then(|cell| always(cell, moves)).is_some()
    }

    /// Whether an expression is the same at every point, because every cell that it reads is.
    fn is_plain(&mut self, id: ExprId, at: &At, deep: u32) -> bool {
        let policy = self.policy;
        let Some(deep) = deep.checked_sub(1) else { return false };
        match policy.exprs.node(id) {
            _ if policy.asks_dated_annex(id) => false,
            Expr::Const(_) | Expr::Local(_) => true,
            Expr::Fact(id) => self.facts.facts.try_get(*id).and_then(|slot| always(slot, true)).is_some(),
            Expr::Field { entity, row, field } => {
                self.is_plain(*row, at, deep)
                    && matches!(self.point_row(*row, at), Ok(row) if self.is_plain_cell(*entity, row, *field))
            }
            Expr::Define { id, row: Some(row) } => {
                let define = &policy.defines[*id];
                let Some(entity) = define.for_each.filter(|_| define.block.is_none()) else { return false };
                let plain = self.is_plain(*row, at, deep) && policy.entities[entity].dated.is_none();
                let Ok(row) = self.point_row(*row, at) else { return false };
                let base = self.stack.len();
                self.stack.push(Value::Row(row));
                let inside = At { base, own: Some((entity, row)), ..*at };
                let plain = plain && self.is_plain(define.value, &inside, deep);
                self.stack.truncate(base);
                plain
            }
            Expr::Op(_)
            | Expr::And(_)
            | Expr::Or(_)
            | Expr::If { .. }
            | Expr::RowByKey { .. }
            | Expr::Lookup { .. } => {
                policy.exprs.parts(id).into_iter().all(|part| self.is_plain(part, at, deep))
            }
            _ => false,
        }
    }

    fn question(&mut self, id: ExprId, shape: &AggregateShape, values: Vec<Value>, at: &At) -> GroupQuestion {
        let own = at.own.filter(|own| self.differs_as_own(shape, *own, at));
        let still = own.is_none() && !self.moves(id, &At { own: None, ..*at });
        let point = if still { Point { day: Day::FIRST, ..at.point } } else { at.point };
        GroupQuestion { id, values, point, own }
    }

    /// T9: whether the row whose own evaluation it is may be read on another day than other rows would be.
    fn differs_as_own(&mut self, shape: &AggregateShape, (entity, row): (EntityId, u32), at: &At) -> bool {
        let Some(dated) = self.policy.entities[entity].dated else { return false };
        shape.shifts || self.row_day(entity, row, dated, at) != Ok(at.point.day)
    }

    /// What a question came to before.
    pub(crate) fn known_point(&self, question: &Option<GroupQuestion>) -> Option<Result<Value, Stop>> {
        self.grouped.points.get(question.as_ref()?).cloned()
    }

    pub(crate) fn know_point(&mut self, question: Option<GroupQuestion>, value: &Result<Value, Stop>) {
        if let Some(question) = question
            && *value != Err(Stop::Deep)
        {
            self.grouped.points.insert(question, value.clone());
        }
    }

    /// Under conditions given a truth value only what was decided without them holds (N3).
    pub(crate) fn known_set(&self, question: &Option<GroupQuestion>) -> Option<Set> {
        let question = question.as_ref()?;
        if let Some(Ok(value)) = self.grouped.points.get(question) {
            return Some(Set::one(value.clone()));
        }
        let known = self.grouped.sets.get(question)?;
        (self.given.is_none() || known.is_decided()).then(|| known.clone())
    }

    pub(crate) fn know_set(&mut self, question: Option<GroupQuestion>, set: &Set) {
        if let Some(question) = question.filter(|_| self.given.is_none()) {
            self.grouped.sets.insert(question, set.clone());
        }
    }
}

/// Two lists in order as one.
fn merged(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut all = Vec::with_capacity(a.len().saturating_add(b.len()));
    let mut rest = b.iter().copied().peekable();
    for row in a {
        while let Some(other) = rest.next_if(|other| other < row) {
            all.push(other);
        }
        all.push(*row);
    }
    all.extend(rest);
    all
}
