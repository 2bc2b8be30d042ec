//! Facts, fields and rows as sets (T2–T4, T9).

use crate::facts::{Rows, Slot};
use crate::outcome::{Fault, Point, Sight, Status};
use crate::policy::{EntityId, Expr, ExprId, Fact, FactId, FieldId, Type};
use crate::run::frame::plan::is_whole;
use crate::run::frame::slots::{self, Reading};
use crate::run::frame::{ANY_ROW, At, NO_ROW, Named, NamedPoint};
use crate::run::sets::lift;
use crate::run::sets::set::{Set, fault, fault_with};
use crate::run::{Deep, Evaluator, Result};
use crate::value::{Dates, Day, Mask, Possible, Trouble, Value};
use std::sync::Arc;

/// The rows of a table by key (C3).
pub(crate) struct Order {
    ranks: Vec<u32>,
}

impl Order {
    fn new(rows: &Rows, key: FieldId) -> Order {
        let value = |at: usize| {
            let row = rows.get(u32::try_from(at).ok()?)?;
            row.cells.try_get(key)?.statements.last()?.value.single()
        };
        let mut order: Vec<usize> = (0..rows.rows.len()).collect();
        let name = |at: usize| rows.rows.get_index(at).map(|(key, _)| key);
        order.sort_by(|a, b| value(*a).cmp(&value(*b)).then_with(|| name(*a).cmp(&name(*b))));
        let mut ranks = vec![0; order.len()];
        for (rank, row) in (0u32..).zip(order) {
            if let Some(place) = ranks.get_mut(row) {
                *place = rank;
            }
        }
        Order { ranks }
    }

    pub fn rank(&self, row: u32) -> u32 {
        self.ranks.get(row as usize).copied().unwrap_or(u32::MAX)
    }
}

/// A slot and whose it is.
#[derive(Clone, Copy)]
pub(crate) struct RowPlace<'a> {
    pub slot: &'a Slot,
    pub decl: &'a Fact,
    /// Of a field: its row.
    pub row: Option<(EntityId, u32)>,
}

/// Where a row's own evaluation takes place.
pub(crate) enum Where {
    At(Point),
    /// Its date is open, or may be an error, or is `never`.
    Open(Set),
}

impl<'a> Evaluator<'a> {
    pub(crate) fn is_unstated(&self, entity: EntityId) -> bool {
        self.facts.tables.try_get(entity).is_none_or(Option::is_none)
    }

    pub(crate) fn is_dated(&self, entity: EntityId) -> bool {
        self.policy.entities[entity].dated.is_some()
    }

    /// The rows a set may mean; none where the table is not stated.
    pub(crate) fn rows_of(&self, entity: EntityId, rows: &Set) -> Vec<u32> {
        let facts = self.facts;
        match (&rows.values, facts.tables.try_get(entity)) {
            (Possible::One(Value::Row(row)), Some(Some(_))) => vec![*row],
            (Possible::Any, Some(Some(table))) => {
                (0..u32::try_from(table.rows.len()).unwrap_or(u32::MAX)).collect()
            }
            _ => Vec::new(),
        }
    }

    pub(crate) fn order(&mut self, entity: EntityId) -> Arc<Order> {
        let facts = self.facts;
        if let Some((_, order)) = self.orders.iter().find(|(of, _)| *of == entity) {
            return order.clone();
        }
        let none = Rows::default();
        let rows = facts.tables.try_get(entity).and_then(Option::as_ref).unwrap_or(&none);
        let order = Arc::new(Order::new(rows, self.policy.entities[entity].key));
        self.orders.push((entity, order.clone()));
        order
    }

    pub(crate) fn fact_place(&self, id: FactId) -> Option<RowPlace<'a>> {
        let (policy, facts) = (self.policy, self.facts);
        Some(RowPlace { slot: facts.facts.try_get(id)?, decl: policy.facts.try_get(id)?, row: None })
    }

    pub(crate) fn field_place(&self, entity: EntityId, row: u32, field: FieldId) -> Option<RowPlace<'a>> {
        let policy = self.policy;
        let decl = policy.entities.try_get(entity)?.fields.try_get(field)?;
        Some(RowPlace { slot: self.cell(entity, row, field)?, decl, row: Some((entity, row)) })
    }

    pub(crate) fn set_fact(&mut self, id: FactId, at: &At) -> Result<Set> {
        let Some(place) = self.fact_place(id) else { return Ok(Set::unknown(&self.policy.facts[id].ty)) };
        let read = slots::read(place.slot, place.decl, at.point, self.facts.stated_through);
        match (read, place.decl.default) {
            (Reading::Missing, Some(default)) if !is_constant(self.policy, default) => {
                self.set_named(NamedPoint { named: Named::Default(id), row: NO_ROW, point: at.point })
            }
            _ => self.set_slot(place, at.point),
        }
    }

    /// T2, V7: what is stated, else the default, else anything.
    pub(crate) fn set_slot(&mut self, place: RowPlace<'a>, point: Point) -> Result<Set> {
        match slots::read(place.slot, place.decl, point, self.facts.stated_through) {
            Reading::Stated(statement) => Ok(Set::of(statement.value.clone())),
            Reading::Beyond(left, _) => Ok(Set::of(left)),
            Reading::Ended(through) => match place.decl.default.filter(|_| place.decl.cumulative) {
                Some(default) => {
                    let last = self.set_default(place, default, Point { day: through, ..point })?;
                    Ok(Set::of(slots::at_least(place.decl, &last.values)))
                }
                None => Ok(Set::unknown(&place.decl.ty)),
            },
            Reading::Missing => match place.decl.default {
                Some(default) => self.set_default(place, default, point),
                None => Ok(Set::unknown(&place.decl.ty)),
            },
        }
    }

    fn set_default(&mut self, place: RowPlace<'a>, default: ExprId, point: Point) -> Result<Set> {
        let set = self.in_row(place.row, point, |run, at| run.set(default, at))?;
        let span = self.policy.exprs.span(default);
        let whole = !place.decl.whole || self.is_whole(default);
        Ok(if whole { set } else { whole_only(set, || fault(Trouble::NotWhole, span)) })
    }

    /// A slot over a stretch of days, or of knowledge days (T4): the join over what is stated in it. `never` is no day.
    fn set_slot_over(
        &mut self,
        place: RowPlace<'a>,
        days: &Dates,
        known: &Dates,
        sight: Sight,
    ) -> Result<Set> {
        let over_time = place.decl.over_time;
        let list = if over_time {
            slots::days_of_change(place.slot, days, self.facts.stated_through)
        } else {
            vec![Day::FIRST]
        };
        let mut result: Option<Set> = None;
        let mut no_day = over_time && days.may_be_never();
        for day in list {
            for on in slots::knowledge_days_in(place.slot, known) {
                let point = Point { day, known: on, sight };
                let read = slots::read(place.slot, place.decl, point, self.facts.stated_through);
                let set = match (read, place.decl.default) {
                    (Reading::Missing, Some(default)) => {
                        no_day |= days.may_be_never();
                        match (days.as_point(), known.as_point()) {
                            (Some(day), _) if day.is_never() => continue,
                            (Some(day), Some(known)) => {
                                self.set_default(place, default, Point { day, known, sight })?
                            }
                            _ if is_constant(self.policy, default) => {
                                self.set_default(place, default, point)?
                            }
                            // It may differ from day to day in any way.
                            _ => lift::open_day(&place.decl.ty, self.policy.exprs.span(default)),
                        }
                    }
                    _ => self.set_slot(place, point)?,
                };
                result = Some(match result {
                    Some(result) => result.join(&set),
                    None => set,
                });
            }
        }
        let fault = no_day.then(|| fault(Trouble::NoSuchDay, place.decl.span));
        Ok(match (result, fault) {
            (Some(set), fault) => set.or_fault(fault),
            (None, Some(fault)) => Set::fails(fault),
            (None, None) => Set::unknown(&place.decl.ty),
        })
    }

    /// A fact or a field over a stretch of days (T4).
    pub(crate) fn set_slot_of(&mut self, expr: ExprId, days: Dates, known: Dates, at: &At) -> Result<Set> {
        let policy = self.policy;
        match policy.exprs.node(expr) {
            Expr::Fact(id) => match self.fact_place(*id) {
                Some(place) => self.set_slot_over(place, &days, &known, at.point.sight),
                None => Ok(Set::unknown(policy.exprs.ty(expr))),
            },
            Expr::Field { entity, row, field } => {
                let (entity, field) = (*entity, *field);
                let rows = self.set(*row, at)?;
                self.over_rows(entity, &rows, policy.exprs.ty(expr), |run, row| {
                    let Some(place) = run.field_place(entity, row, field) else {
                        return Ok(Set::unknown(&policy.entities[entity].fields[field].ty));
                    };
                    // T9: a row of a dated entity that is not the own one stays on its date.
                    let dated = policy.entities[entity].dated.is_some() && at.own != Some((entity, row));
                    let days = if dated {
                        match run.where_is(entity, row, at)? {
                            Where::At(point) => Dates::point(point.day),
                            Where::Open(date) if date.is_error() && place.decl.over_time => return Ok(date),
                            Where::Open(date) => lift::dates(&date.values),
                        }
                    } else {
                        days
                    };
                    run.set_slot_over(place, &days, &known, at.point.sight)
                })
            }
            _ => Ok(lift::open_day(policy.exprs.ty(expr), policy.exprs.span(expr))),
        }
    }

    pub(crate) fn set_field(
        &mut self,
        entity: EntityId,
        row: ExprId,
        field: FieldId,
        at: &At,
    ) -> Result<Set> {
        let policy = self.policy;
        let rows = self.set(row, at)?;
        let ty = &policy.entities[entity].fields[field].ty;
        self.over_rows(entity, &rows, ty, |run, row| run.set_cell(entity, row, field, at))
    }

    /// A field of one row.
    pub(crate) fn set_cell(&mut self, entity: EntityId, row: u32, field: FieldId, at: &At) -> Result<Set> {
        let Some(place) = self.field_place(entity, row, field) else {
            return Ok(Set::unknown(&self.policy.entities[entity].fields[field].ty));
        };
        match self.where_is(entity, row, at)? {
            Where::At(point) => self.set_slot(place, point),
            Where::Open(date) if date.is_error() && reads_day(&place, at.point) => Ok(date),
            Where::Open(date) => {
                let range = lift::dates(&date.values);
                self.set_slot_over(place, &range, &Dates::point(at.point.known), at.point.sight)
            }
        }
    }

    /// The join over the rows a row expression may mean; nothing is known of rows of a table that is not stated.
    pub(crate) fn over_rows(
        &mut self,
        entity: EntityId,
        rows: &Set,
        ty: &Type,
        mut read: impl FnMut(&mut Self, u32) -> Result<Set>,
    ) -> Result<Set> {
        let facts = self.facts;
        let table = facts.tables.try_get(entity).and_then(Option::as_ref);
        let set = match (&rows.values, table) {
            (Possible::Nothing, _) => return Ok(rows.clone()),
            (Possible::One(Value::Row(row)), Some(_)) => read(self, *row)?,
            (_, None) => Set::unknown(ty),
            (_, Some(table)) => {
                let mut all: Option<Set> = None;
                for row in 0..u32::try_from(table.rows.len()).unwrap_or(u32::MAX) {
                    let set = read(self, row)?;
                    all = Some(match all {
                        Some(all) => all.join(&set),
                        None => set,
                    });
                }
                all.unwrap_or_else(|| self.no_row(entity))
            }
        };
        Ok(set.or_fault(rows.fault.clone()))
    }

    fn no_row(&self, entity: EntityId) -> Set {
        let entity = &self.policy.entities[entity];
        Set::fails(fault_with(
            Trouble::NothingToChooseFrom,
            entity.span,
            format!("there is no {}", entity.name),
        ))
    }

    /// T9: the row's own evaluation is where the point is, that of another row of a dated entity on its own date.
    pub(crate) fn where_is(&mut self, entity: EntityId, row: u32, at: &At) -> Result<Where> {
        let Some(dated) = self.policy.entities[entity].dated else { return Ok(Where::At(at.point)) };
        if at.own == Some((entity, row)) {
            return Ok(Where::At(at.point));
        }
        let date = self.row_date(entity, row, dated, at)?;
        match date.single() {
            Some(Value::Date(day)) if !day.is_never() => Ok(Where::At(Point { day: *day, ..at.point })),
            _ => Ok(Where::Open(date)),
        }
    }

    pub(crate) fn row_date(&mut self, entity: EntityId, row: u32, field: FieldId, at: &At) -> Result<Set> {
        // As the row's own, for a date cannot wait for itself.
        self.set_cell(entity, row, field, &At { own: Some((entity, row)), ..*at })
    }

    /// T9: whether the row exists at a point.
    pub(crate) fn existence(&mut self, entity: EntityId, row: u32, at: &At) -> Result<Set> {
        let decl = &self.policy.entities[entity];
        let mut mask = Mask::TRUE;
        let mut may_fail = None;
        for (field, limit) in [(decl.known, at.point.known), (decl.dated, at.point.day)] {
            let Some(field) = field else { continue };
            let date = self.row_date(entity, row, field, at)?;
            let come = match &date.values {
                Possible::Nothing => Mask::EMPTY,
                values => lift::dates(values).less_or_equal(&Dates::point(limit)),
            };
            mask = mask.and(if date.fault.is_some() { come.or_error() } else { come });
            may_fail = may_fail.or(date.fault);
        }
        Ok(Set::from_mask(mask, may_fail))
    }

    /// A define or an outcome, read by an expression.
    pub(crate) fn set_read(&mut self, id: ExprId, at: &At) -> Result<Set> {
        let policy = self.policy;
        let (named, row) = match policy.exprs.node(id) {
            Expr::Define { id, row } => (Named::Define(*id), *row),
            Expr::Outcome { id, row } => (Named::Outcome(*id), *row),
            _ => return Ok(Set::unknown(policy.exprs.ty(id))),
        };
        let Some(entity) = self.entity_of(named) else {
            return self.set_named(NamedPoint { named, row: NO_ROW, point: at.point });
        };
        let rows = match row {
            Some(row) => self.set(row, at)?,
            None => Set::of(Possible::Any),
        };
        if self.facts.tables.try_get(entity).is_some_and(Option::is_none) && !rows.is_error() {
            return Ok(self.set_of_any_row(named, entity, at)?.or_fault(rows.fault));
        }
        self.over_rows(entity, &rows, policy.exprs.ty(id), |run, row| run.set_of_row(named, entity, row, at))
    }

    /// A name for one row.
    pub(crate) fn set_of_row(&mut self, named: Named, entity: EntityId, row: u32, at: &At) -> Result<Set> {
        match self.where_is(entity, row, at)? {
            Where::At(point) => self.set_named(NamedPoint { named, row, point }),
            // T9: it needs its date.
            Where::Open(date) => Ok(self.open_name(named, row, &date)),
        }
    }

    /// A name for a row of a table that is not stated.
    fn set_of_any_row(&mut self, named: Named, entity: EntityId, at: &At) -> Result<Set> {
        match self.policy.entities[entity].dated {
            Some(_) => Ok(self.open_name(named, ANY_ROW, &Set::unknown(&Type::Date))),
            None => self.set_named(NamedPoint { named, row: ANY_ROW, point: at.point }),
        }
    }

    /// A name for a row whose date is open, or an error. A row dated `never` does not exist: its outcomes are gaps, and there
    /// is no day to work out a define on.
    pub(crate) fn open_name(&self, named: Named, row: u32, date: &Set) -> Set {
        let (ty, span) = match named {
            Named::Define(id) => (&self.policy.defines[id].ty, self.policy.defines[id].span),
            Named::Outcome(id) => (&self.policy.outcomes[id].ty, self.policy.outcomes[id].span),
            Named::Running(id) => (&self.policy.folds[id].ty, self.policy.folds[id].span),
            Named::Default(id) => (&self.policy.facts[id].ty, self.policy.facts[id].span),
        };
        let depends = |id, status, cause| {
            let depends_on = Some((id, Some(row).filter(|row| *row != ANY_ROW), status));
            Set::fails(Arc::new(Fault { trouble: Trouble::DependsOn, span, depends_on, detail: None, cause }))
        };
        let never = matches!(date.single(), Some(Value::Date(day)) if day.is_never());
        match named {
            Named::Outcome(id) if date.is_error() => depends(id, Status::Error, date.fault.clone()),
            Named::Outcome(id) if never => depends(id, Status::Gap, None),
            _ if date.is_error() => date.clone(),
            Named::Define(_) if never => Set::fails(fault(Trouble::NoSuchDay, span)),
            _ => lift::open_day(ty, span),
        }
    }

    /// A name at a point, from memory if it was worked out before.
    pub(crate) fn set_named(&mut self, node: NamedPoint) -> Result<Set> {
        if let Named::Define(id) = node.named
            && let Some(stepped) = self.stepped_set(id, &node)
        {
            return stepped.map_or_else(|| self.set_body(node), Ok);
        }
        if let Named::Running(_) = node.named {
            return self.set_before(node);
        }
        if let Some(known) = self.remembered(&node) {
            return Ok(known);
        }
        let height = self.plan.height_of(node.named);
        if self.is_too_deep(height) {
            self.deep = Some(crate::run::SettleTask::Value(node));
            return Err(Deep);
        }
        self.depth += height;
        let result = self.set_body(node);
        self.depth -= height;
        let set = result?;
        self.remember(node, &set);
        Ok(set)
    }

    fn set_body(&mut self, node: NamedPoint) -> Result<Set> {
        self.in_body(node, |run, at| match node.named {
            Named::Define(id) => run.set(run.policy.defines[id].value, at),
            Named::Outcome(id) => Ok(run.verdict(id, at)?.into_read(run.policy, id, at)),
            Named::Running(id) => run.set_running(id, at),
            Named::Default(id) => match run.fact_place(id) {
                Some(place) => run.set_slot(place, node.point),
                None => Ok(Set::unknown(&run.policy.facts[id].ty)),
            },
        })
    }
}

/// Whether the value of a cell is that of a day: it changes over time, or is worked out.
fn reads_day(place: &RowPlace<'_>, point: Point) -> bool {
    let is_stated = || place.slot.at(Day::NEVER, point.known).is_some();
    place.decl.over_time || place.decl.default.is_some() && !is_stated()
}

/// A row as a set: the number that stands for any row is any row.
pub(crate) fn row_set(row: u32) -> Set {
    if row == ANY_ROW { Set::of(Possible::Any) } else { Set::one(Value::Row(row)) }
}

/// What remains of a set where only whole numbers are values (M5): between the ends of a range there are others.
pub(crate) fn whole_only(set: Set, failed: impl FnOnce() -> Arc<crate::outcome::Fault>) -> Set {
    match &set.values {
        Possible::One(value) if is_whole(value) => set,
        Possible::One(_) => Set::fails(failed()),
        Possible::Numbers(_) => set.or_fault(Some(failed())),
        _ => set,
    }
}

/// The same on every day, without being looked at.
fn is_constant(policy: &crate::policy::Policy, expr: ExprId) -> bool {
    matches!(policy.exprs.node(expr), Expr::Const(_))
}
