//! Facts, fields and rows on complete facts (T2, T9, C1–C3).

use crate::facts::Slot;
use crate::outcome::Point;
use crate::policy::{EntityId, Expr, ExprId, Fact, FactId, FieldId, Type};
use crate::run::Evaluator;
use crate::run::frame::plan::{always, is_whole};
use crate::run::frame::slots::{self, Reading};
use crate::run::frame::{At, NO_ROW, Named, NamedPoint};
use crate::run::point::Stop;
use crate::run::sets::groups::{Candidates, GroupQuestion, GroupSteps};
use crate::run::sets::ops;
use crate::run::sets::rows::Order;
use crate::steps;
use crate::tree::AggregateKind;
use crate::value::{Day, Number, Total, Trouble, Value};
use std::sync::Arc;

impl<'a> Evaluator<'a> {
    /// What is stated once and for all, without being copied.
    #[inline]
    pub(crate) fn peek(&self, id: ExprId, at: &At) -> Option<&'a Value> {
        let policy = self.policy;
        match policy.exprs.node(id) {
            Expr::Const(value) => Some(value),
            Expr::Fact(fact) => self.plan.fixed.try_get(*fact).copied().flatten(),
            Expr::Field { entity, row, field } => {
                let Expr::Local(place) = policy.exprs.node(*row) else { return None };
                let Some(Value::Row(row)) = self.stack.get(at.base.saturating_add(*place as usize)) else {
                    return None;
                };
                let ends =
                    self.facts.stated_through.is_some() && policy.entities[*entity].fields[*field].over_time;
                always(self.cell(*entity, *row, *field)?, ends)
            }
            _ => None,
        }
    }

    pub(crate) fn point_fact(&mut self, id: FactId, at: &At) -> Result<Value, Stop> {
        if let Some(Some(value)) = self.plan.fixed.try_get(id) {
            return Ok((*value).clone());
        }
        let decl = &self.policy.facts[id];
        let slot = self.facts.facts.try_get(id).ok_or(Stop::Open)?;
        match self.stated(slot, decl, at.point)? {
            Some(value) => Ok(value),
            None if decl.default.is_none() => Err(Stop::Open),
            None => {
                self.point_named(NamedPoint { named: Named::Default(id), row: NO_ROW, point: at.point }, None)
            }
        }
    }

    /// The value stated at a point; `None`: not stated.
    fn stated(&self, slot: &Slot, decl: &Fact, point: Point) -> Result<Option<Value>, Stop> {
        match slots::read(slot, decl, point, self.facts.stated_through) {
            Reading::Stated(statement) => statement.value.single().cloned().map(Some).ok_or(Stop::Open),
            Reading::Beyond(..) | Reading::Ended(_) => Err(Stop::Open),
            Reading::Missing => Ok(None),
        }
    }

    /// V7; a default of a whole unit must be whole (M5).
    pub(crate) fn point_default(&mut self, decl: &Fact, at: &At) -> Result<Value, Stop> {
        let value = self.point(decl.default.ok_or(Stop::Open)?, at)?;
        if decl.whole && !is_whole(&value) {
            return Err(Trouble::NotWhole.into());
        }
        Ok(value)
    }

    pub(crate) fn point_field(
        &mut self,
        entity: EntityId,
        row: ExprId,
        field: FieldId,
        at: &At,
    ) -> Result<Value, Stop> {
        let row = self.point_row(row, at)?;
        self.point_cell(entity, row, field, at)
    }

    pub(crate) fn point_cell(
        &mut self,
        entity: EntityId,
        row: u32,
        field: FieldId,
        at: &At,
    ) -> Result<Value, Stop> {
        let decl = &self.policy.entities[entity].fields[field];
        let slot = self.cell(entity, row, field).ok_or(Stop::Open)?;
        let point = if decl.over_time { self.point_of_row(entity, row, at)? } else { at.point };
        if let Some(value) = self.stated(slot, decl, point)? {
            return Ok(value);
        }
        let point = self.point_of_row(entity, row, at)?;
        let base = self.stack.len();
        self.stack.push(Value::Row(row));
        let value = self.point_default(decl, &At { point, base, own: Some((entity, row)) });
        self.stack.truncate(base);
        value
    }

    pub(crate) fn cell(&self, entity: EntityId, row: u32, field: FieldId) -> Option<&'a Slot> {
        let facts = self.facts;
        facts.tables.try_get(entity)?.as_ref()?.get(row)?.cells.try_get(field)
    }

    /// T9: the row's own evaluation is where the point is, that of another row of a dated entity on its own date.
    pub(crate) fn point_of_row(&mut self, entity: EntityId, row: u32, at: &At) -> Result<Point, Stop> {
        match self.policy.entities[entity].dated {
            Some(dated) if at.own != Some((entity, row)) => {
                match self.row_day(entity, row, dated, at)? {
                    // No day is `never`.
                    Day::NEVER => Err(Trouble::NoSuchDay.into()),
                    day => Ok(Point { day, ..at.point }),
                }
            }
            _ => Ok(at.point),
        }
    }

    pub(crate) fn row_day(
        &mut self,
        entity: EntityId,
        row: u32,
        field: FieldId,
        at: &At,
    ) -> Result<Day, Stop> {
        // As the row's own, for a date cannot wait for itself.
        match self.point_cell(entity, row, field, &At { own: Some((entity, row)), ..*at })? {
            Value::Date(day) => Ok(day),
            _ => Err(Stop::Open),
        }
    }

    /// T9: whether the row exists at a point: on or after its date, and known.
    fn is_there(&mut self, entity: EntityId, row: u32, at: &At) -> Result<bool, Stop> {
        let decl = &self.policy.entities[entity];
        let known = match decl.known {
            Some(known) => self.row_day(entity, row, known, at).map(|day| day <= at.point.known),
            None => Ok(true),
        };
        match decl.dated {
            Some(dated) => both(known, || Ok(self.row_day(entity, row, dated, at)? <= at.point.day)),
            None => known,
        }
    }

    pub(crate) fn point_row(&mut self, row: ExprId, at: &At) -> Result<u32, Stop> {
        match self.point(row, at)? {
            Value::Row(row) => Ok(row),
            _ => Err(Stop::Open),
        }
    }

    /// Where a name is evaluated: for the row of a dated entity on its date (T9).
    pub(crate) fn point_node(
        &mut self,
        named: Named,
        row: Option<u32>,
        at: &At,
    ) -> Result<(NamedPoint, Option<(EntityId, u32)>), Stop> {
        match (self.entity_of(named), row) {
            (Some(entity), Some(row)) => {
                let point = self.point_of_row(entity, row, at)?;
                Ok((NamedPoint { named, row, point }, Some((entity, row))))
            }
            (Some(_), None) => Err(Stop::Open),
            (None, _) => Ok((NamedPoint { named, row: NO_ROW, point: at.point }, None)),
        }
    }

    /// The row of that key: none if the table has none; `None` if the table is not stated.
    pub(crate) fn find_row(&mut self, entity: EntityId, ty: &Type, key: &Value) -> Option<Option<u32>> {
        let facts = self.facts;
        let rows = &facts.tables.try_get(entity)?.as_ref()?.rows;
        let text = match key {
            Value::Text(text) => rows.get_index_of(text),
            // M7: the key may be spelled with other dots.
            Value::Code(code) => self.row_of_code(entity, *code).map(|row| row as usize),
            _ => rows.get_index_of(ops::key_text(self.policy, ty, key).as_str()),
        };
        Some(text.and_then(|at| u32::try_from(at).ok()))
    }

    pub(crate) fn point_aggregate(&mut self, id: ExprId, at: &At) -> Result<Value, Stop> {
        let Expr::Aggregate { kind, entity, local, value, condition } = self.policy.exprs.node(id) else {
            return Err(Stop::Open);
        };
        let facts = self.facts;
        let Some(Some(table)) = facts.tables.try_get(*entity) else { return Err(Stop::Open) };
        let rows = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
        let (rows, question) = self.point_candidates(id, rows, at)?;
        if let Some(known) = self.known_point(&question) {
            return known;
        }
        let counted = matches!(self.policy.exprs.ty(id), Type::Duration(_));
        let (value, condition) = (*value, *condition);
        let over = Over { kind: *kind, entity: *entity, local: *local, value, condition, counted };
        let length = self.stack.len();
        let result = match self.whatever_day(&question, value.into_iter().chain(condition)) {
            Some(whatever) => self.point_on_day(whatever, &over, rows, at),
            None => self.point_over(&over, rows, at),
        };
        self.stack.truncate(length);
        self.know_point(question, &result);
        result
    }

    /// The rows are gone through in the order of their dates once, for all days.
    fn point_on_day(
        &mut self,
        whatever: GroupQuestion,
        over: &Over,
        rows: Candidates,
        at: &At,
    ) -> Result<Value, Stop> {
        let steps = match self.grouped.steps.get(&whatever) {
            Some(steps) => steps.clone(),
            None => {
                let rows: Vec<u32> = rows.clone().into_iter().collect();
                let steps = self.steps_of(over, &rows, at)?.map(Arc::new);
                self.grouped.steps.insert(whatever, steps.clone());
                steps
            }
        };
        match steps {
            Some(steps) => steps.on(at.point.day),
            None => self.point_over(over, rows, at),
        }
    }

    /// None: a row may change its date.
    fn steps_of(&mut self, over: &Over, rows: &[u32], at: &At) -> Result<Option<GroupSteps>, Stop> {
        let Some(dated) = self.policy.entities[over.entity].dated else { return Ok(None) };
        let dates = rows.iter().map(|row| Some((self.plain_date(over.entity, *row, dated)?, *row)));
        let Some(mut dates) = dates.collect::<Option<Vec<(Day, u32)>>>() else { return Ok(None) };
        dates.sort_unstable();
        let order = if over.kind == AggregateKind::First { Some(self.order(over.entity)) } else { None };
        let (mut fold, length) = (RowFold::new(over), self.stack.len());
        let mut steps = GroupSteps { before: fold.clone().finish(), from: Vec::new() };
        let mut stopped = None;
        for day in dates.chunk_by(|a, b| a.0 == b.0) {
            let Some((date, _)) = day.first().filter(|(date, _)| !date.is_never()) else { break };
            let at = At { own: None, ..at.on(*date) };
            let had = fold.first;
            for (_, row) in day {
                if fold.decided {
                    break;
                }
                self.point_place(over, *row, &at);
                let seen = self.point_member(over.entity, *row, over.condition, &at);
                let taken = match seen {
                    Ok(false) => Ok(()),
                    seen => {
                        let row = (over.entity, *row);
                        self.point_step(&mut fold, seen, over.value, row, order.as_deref(), &at)
                    }
                };
                self.stack.truncate(length);
                match taken {
                    Ok(()) => {}
                    Err(Stop::Deep) => return Err(Stop::Deep),
                    // What is open may be decided by an error beside it: that is for the sets to say.
                    Err(Stop::Open) => stopped = Some(Stop::Open),
                    Err(stop) => stopped = stopped.or(Some(stop)),
                }
            }
            let value = match (stopped, steps.from.last()) {
                (Some(stop), _) => Err(stop),
                (None, Some((_, last))) if fold.first.is_some() && fold.first == had => last.clone(),
                (None, _) => self.point_finish(over, fold.clone(), &at),
            };
            self.stack.truncate(length);
            if value == Err(Stop::Deep) {
                return Err(Stop::Deep);
            }
            steps.from.push((*date, value));
        }
        Ok(Some(steps))
    }

    fn point_over(&mut self, over: &Over, rows: Candidates, at: &At) -> Result<Value, Stop> {
        let mut fold = RowFold::new(over);
        let length = self.stack.len();
        let order = if over.kind == AggregateKind::First { Some(self.order(over.entity)) } else { None };
        for row in rows {
            steps::step();
            self.point_place(over, row, at);
            let seen = self.point_member(over.entity, row, over.condition, at);
            if seen != Ok(false) {
                self.point_step(&mut fold, seen, over.value, (over.entity, row), order.as_deref(), at)?;
            }
            self.stack.truncate(length);
            if fold.decided {
                break;
            }
        }
        self.point_finish(over, fold, at)
    }

    fn point_finish(&mut self, over: &Over, fold: RowFold, at: &At) -> Result<Value, Stop> {
        match (fold.first, over.value) {
            (Some((_, row)), Some(value)) => {
                self.point_place(over, row, at);
                self.point(value, at)
            }
            _ => fold.finish(),
        }
    }

    fn point_place(&mut self, over: &Over, row: u32, at: &At) {
        self.stack.resize(at.base.saturating_add(over.local as usize), Value::Row(row));
        self.stack.push(Value::Row(row));
    }

    /// C1
    fn point_member(
        &mut self,
        entity: EntityId,
        row: u32,
        condition: Option<ExprId>,
        at: &At,
    ) -> Result<bool, Stop> {
        let there = self.is_there(entity, row, at);
        match condition {
            Some(condition) => both(there, || self.truth(condition, at)),
            None => there,
        }
    }

    /// One row that is a member, or whose membership failed.
    fn point_step(
        &mut self,
        fold: &mut RowFold,
        seen: Result<bool, Stop>,
        value: Option<ExprId>,
        row: (EntityId, u32),
        order: Option<&Order>,
        at: &At,
    ) -> Result<(), Stop> {
        match fold.kind {
            AggregateKind::Any | AggregateKind::All => {
                let decisive = fold.kind == AggregateKind::Any;
                let value = value.ok_or(Stop::Open)?;
                let truth = self.truth(value, at);
                match (seen, truth) {
                    // V4: `member and C`, `not member or C`; beside a failed membership only the harmless value helps.
                    (_, Ok(truth)) if truth != decisive => {}
                    (Ok(_), Ok(_)) => fold.decided = true,
                    (Err(stop @ (Stop::Open | Stop::Deep)), _)
                    | (_, Err(stop @ (Stop::Open | Stop::Deep))) => {
                        return Err(stop);
                    }
                    (Err(Stop::Fault(trouble)), _) | (_, Err(Stop::Fault(trouble))) => {
                        fold.failed = fold.failed.or(Some(trouble));
                    }
                }
                Ok(())
            }
            AggregateKind::Count => {
                seen?;
                fold.count = fold.count.saturating_add(1);
                Ok(())
            }
            AggregateKind::First => {
                seen?;
                let (entity, row) = row;
                let day = match self.policy.entities[entity].dated {
                    Some(dated) => self.row_day(entity, row, dated, at)?,
                    None => Day::FIRST,
                };
                let place = (day, order.map_or(row, |order| order.rank(row)));
                if fold.first.is_none_or(|(first, _)| place < first) {
                    fold.first = Some((place, row));
                }
                Ok(())
            }
            AggregateKind::Sum | AggregateKind::Average | AggregateKind::Min | AggregateKind::Max => {
                seen?;
                let value = value.ok_or(Stop::Open)?;
                fold.take(self.point(value, at)?)
            }
        }
    }
}

/// `and` of V4; the second is not asked if the first is false.
pub(crate) fn both(
    first: Result<bool, Stop>,
    second: impl FnOnce() -> Result<bool, Stop>,
) -> Result<bool, Stop> {
    match first {
        Ok(false) => Ok(false),
        Ok(true) => second(),
        Err(Stop::Fault(trouble)) => match second()? {
            false => Ok(false),
            true => Err(Stop::Fault(trouble)),
        },
        Err(stop) => Err(stop),
    }
}

/// What an aggregate goes over.
struct Over {
    kind: AggregateKind,
    entity: EntityId,
    local: u32,
    value: Option<ExprId>,
    condition: Option<ExprId>,
    /// Durations, not numbers.
    counted: bool,
}

/// An aggregate in the making.
#[derive(Clone)]
struct RowFold {
    kind: AggregateKind,
    counted: bool,
    count: u64,
    total: Total,
    /// Of min and max the best so far.
    best: Option<Value>,
    /// Of first the first row so far, with its place in the order (C3).
    first: Option<((Day, u32), u32)>,
    /// A row decided `any` or `all`.
    decided: bool,
    failed: Option<Trouble>,
}

impl RowFold {
    fn new(over: &Over) -> RowFold {
        RowFold {
            kind: over.kind,
            counted: over.counted,
            count: 0,
            total: Total::new(),
            best: None,
            first: None,
            decided: false,
            failed: None,
        }
    }

    fn take(&mut self, value: Value) -> Result<(), Stop> {
        self.count = self.count.saturating_add(1);
        match (self.kind, &value) {
            (AggregateKind::Sum | AggregateKind::Average, Value::Number(number)) => self.total.add(number),
            // C6: durations by their counts.
            (AggregateKind::Sum | AggregateKind::Average, Value::Duration(count)) => {
                self.total.add(&Number::from(*count));
            }
            (AggregateKind::Sum | AggregateKind::Average, _) => return Err(Stop::Open),
            (kind, _) => {
                let best = match self.best.take() {
                    Some(best) if kind == AggregateKind::Min => best.min(value),
                    Some(best) => best.max(value),
                    None => value,
                };
                self.best = Some(best);
            }
        }
        Ok(())
    }

    /// T6: the count of a duration is whole.
    fn collected(&self, number: Number) -> Result<Value, Stop> {
        Ok(if self.counted { Value::Duration(ops::whole_count(&number)?) } else { Value::Number(number) })
    }

    fn finish(self) -> Result<Value, Stop> {
        match self.kind {
            AggregateKind::Any | AggregateKind::All => {
                let decisive = self.kind == AggregateKind::Any;
                match self.failed {
                    _ if self.decided => Ok(Value::Bool(decisive)),
                    Some(trouble) => Err(Stop::Fault(trouble)),
                    None => Ok(Value::Bool(!decisive)),
                }
            }
            AggregateKind::Count => {
                Ok(Value::Number(Number::from(i64::try_from(self.count).unwrap_or(i64::MAX))))
            }
            AggregateKind::Sum => self.collected(self.total.finish()?),
            AggregateKind::Average => self.collected(self.total.average(self.count)?),
            AggregateKind::Min | AggregateKind::Max | AggregateKind::First => {
                self.best.ok_or(Stop::Fault(Trouble::NothingToChooseFrom))
            }
        }
    }
}
