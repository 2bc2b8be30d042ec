//! Aggregates as sets (C1–C3): rows that are members for certain, and rows that may be.

use crate::outcome::Fault;
use crate::policy::{EntityId, Expr, ExprId, Type};
use crate::run::frame::At;
use crate::run::point::Stop;
use crate::run::sets::groups::Candidates;
use crate::run::sets::lift;
use crate::run::sets::ops;
use crate::run::sets::rows::{Order, row_set};
use crate::run::sets::set::{Set, fault_with};
use crate::run::{Deep, Evaluator, Result};
use crate::steps;
use crate::tree::AggregateKind;
use crate::value::{Dates, Day, Interval, Mask, Number, Possible, Total, Trouble, Value};
use std::sync::Arc;

/// One row that may be a member, with its value.
pub(crate) struct Member {
    row: u32,
    /// Whether it is one; an error is kept beside.
    certain: bool,
    value: Set,
}

/// What the rows came to.
struct Members {
    list: Vec<Member>,
    /// A membership that may fail.
    fault: Option<Arc<Fault>>,
    /// A membership that fails.
    failed: Option<Arc<Fault>>,
}

pub(crate) struct Scan {
    kind: AggregateKind,
    entity: EntityId,
    place: usize,
    value: Option<ExprId>,
    condition: Option<ExprId>,
    id: ExprId,
}

impl<'a> Evaluator<'a> {
    pub(crate) fn set_aggregate(&mut self, id: ExprId, at: &At) -> Result<Set> {
        let Expr::Aggregate { kind, entity, local, value, condition } = self.policy.exprs.node(id) else {
            return Ok(Set::unknown(self.policy.exprs.ty(id)));
        };
        let place = at.base.saturating_add(*local as usize);
        let scan = Scan { kind: *kind, entity: *entity, place, value: *value, condition: *condition, id };
        let facts = self.facts;
        let length = self.locals.len();
        let result = match facts.tables.try_get(*entity) {
            Some(Some(table)) => {
                let rows = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
                let (rows, question) = self.set_candidates(id, rows, at)?;
                if let Some(known) = self.known_set(&question) {
                    return Ok(known);
                }
                if question.is_some()
                    && self.is_dated(*entity)
                    && let Some(value) = self.value_at_point(id, *local, at)?
                {
                    return Ok(Set::one(value));
                }
                let result = match kind {
                    AggregateKind::Any | AggregateKind::All => self.quantified(&scan, rows, at),
                    _ => self.over_members(&scan, rows, at),
                };
                if let Ok(set) = &result {
                    self.know_set(question, set);
                }
                result
            }
            _ => self.unstated(&scan, at),
        };
        self.locals.truncate(length);
        result
    }

    /// On complete facts the walk at points is enough, and goes through rows in the order of their dates once for all days.
    fn value_at_point(&mut self, id: ExprId, local: u32, at: &At) -> Result<Option<Value>> {
        let base = self.stack.len();
        let frame = self.locals.iter().skip(at.base).take(local as usize);
        let values: Option<Vec<Value>> = frame.map(|set| set.single().cloned()).collect();
        let Some(values) = values else { return Ok(None) };
        self.stack.extend(values);
        let result = self.point_aggregate(id, &At { base, ..*at });
        self.stack.truncate(base);
        match result {
            Err(Stop::Deep) => Err(Deep),
            result => Ok(result.ok()),
        }
    }

    pub(crate) fn place_row(&mut self, place: usize, row: u32) {
        self.locals.resize(place, row_set(row));
        self.locals.push(row_set(row));
    }

    /// C1: existence and `where`, V4.
    fn membership(&mut self, scan: &Scan, row: u32, at: &At) -> Result<Set> {
        let there = self.existence(scan.entity, row, at)?;
        let Some(condition) = scan.condition.filter(|_| !there.mask().is_false()) else { return Ok(there) };
        let holds = self.set(condition, at)?;
        Ok(Set::from_mask(there.mask().and(holds.mask()), there.fault.or(holds.fault)))
    }

    /// `any` is an `or` over `member and C`, `all` an `and` over `not member or C` (V4).
    fn quantified(&mut self, scan: &Scan, rows: Candidates, at: &At) -> Result<Set> {
        let any = scan.kind == AggregateKind::Any;
        let mut all = Mask::of(!any);
        let (mut may_fail, mut fails) = (None, None);
        for row in rows {
            steps::step();
            self.place_row(scan.place, row);
            let member = self.membership(scan, row, at)?;
            if member.mask().is_false() {
                continue;
            }
            let holds = match scan.value {
                Some(value) => self.set(value, at)?,
                None => Set::bool(true),
            };
            let (member_mask, holds_mask) = (member.mask(), holds.mask());
            let one = if any { member_mask.and(holds_mask) } else { member_mask.not().or(holds_mask) };
            all = if any { all.or(one) } else { all.and(one) };
            if all == Mask::of(any) {
                break;
            }
            let failure = member.fault.or(holds.fault).filter(|_| one.may_be_error());
            if one.is_error() && fails.is_none() {
                fails = failure;
            } else if may_fail.is_none() {
                may_fail = failure;
            }
        }
        Ok(Set::from_mask(all, fails.or(may_fail)))
    }

    fn over_members(&mut self, scan: &Scan, rows: Candidates, at: &At) -> Result<Set> {
        let mut members = Members { list: Vec::new(), fault: None, failed: None };
        for row in rows {
            steps::step();
            self.place_row(scan.place, row);
            let member = self.membership(scan, row, at)?;
            let mask = member.mask();
            if mask.is_error() {
                members.failed = members.failed.or(member.fault);
                continue;
            }
            members.fault = members.fault.or(member.fault);
            if !mask.may_be_true() {
                continue;
            }
            let value = match scan.value {
                Some(value) if scan.kind != AggregateKind::First => self.set(value, at)?,
                _ => Set::bool(true),
            };
            members.list.push(Member { row, certain: !mask.may_be_false(), value });
        }
        if let Some(failed) = members.failed {
            return Ok(Set::fails(failed));
        }
        let fault = members.fault;
        let set = match scan.kind {
            AggregateKind::Count => count(&members.list),
            AggregateKind::Sum => self.sum(scan, &members.list),
            AggregateKind::Average => self.average(scan, &members.list),
            AggregateKind::First => self.first(scan, &members.list, at)?,
            _ => self.extreme(scan, &members.list),
        };
        Ok(set.or_fault(fault))
    }

    fn nothing(&self, scan: &Scan) -> Arc<Fault> {
        let name = &self.policy.entities[scan.entity].name;
        fault_with(Trouble::NothingToChooseFrom, self.policy.exprs.span(scan.id), format!("no {name}"))
    }

    /// C2: what is certain, and of the rest nothing or all.
    fn sum(&self, scan: &Scan, members: &[Member]) -> Set {
        if let Some(failed) = certain_failure(members) {
            return Set::fails(failed);
        }
        let (span, counted) = (self.policy.exprs.span(scan.id), self.is_counted(scan));
        let (mut lo, mut hi) = (Some(Total::new()), Some(Total::new()));
        let mut may_fail = None;
        for member in members {
            may_fail = may_fail.or_else(|| member.value.fault.clone());
            if member.value.is_error() {
                continue;
            }
            let range = summands(&member.value.values);
            let range = if member.certain { range } else { range.hull(&Interval::point(Number::ZERO)) };
            lo = add_end(lo, range.lo());
            hi = add_end(hi, range.hi());
        }
        // M1: checked on the result only.
        let mut overflow = None;
        let finish = |total: Total| match total.finish() {
            Ok(end) if counted && end.to_i64().is_none() => Err(Trouble::Overflow),
            end => end,
        };
        let mut end = |total: Option<Total>| match finish(total?) {
            Ok(end) => Some(end),
            Err(trouble) => {
                overflow = Some(crate::run::sets::set::fault(trouble, span));
                None
            }
        };
        let (lo, hi) = (end(lo), end(hi));
        if let Some(overflow) = &overflow
            && members.iter().all(|member| member.certain && member.value.is_decided())
        {
            return Set::fails(overflow.clone());
        }
        let range = Interval::new(lo, hi).unwrap_or_else(Interval::all);
        Set { values: collected(&range, counted), fault: may_fail.or(overflow) }
    }

    /// T6: the count of a duration is whole.
    fn collected_value(&self, scan: &Scan, number: Number) -> std::result::Result<Value, Trouble> {
        Ok(match self.is_counted(scan) {
            true => Value::Duration(ops::whole_count(&number)?),
            false => Value::Number(number),
        })
    }

    /// Whether durations are added up, by their counts.
    fn is_counted(&self, scan: &Scan) -> bool {
        matches!(self.policy.exprs.ty(scan.id), Type::Duration(_))
    }

    /// C2: sum by count.
    fn average(&self, scan: &Scan, members: &[Member]) -> Set {
        if members.is_empty() {
            return Set::fails(self.nothing(scan));
        }
        let span = self.policy.exprs.span(scan.id);
        let certain = members.iter().filter(|member| member.certain).count();
        if certain == members.len() && members.iter().all(|member| member.value.is_decided()) {
            if let Some(failed) = certain_failure(members) {
                return Set::fails(failed);
            }
            let mut total = Total::new();
            for member in members {
                summands(&member.value.values).as_point().into_iter().for_each(|number| total.add(number));
            }
            let average = total.average(members.len() as u64);
            return match average.and_then(|average| self.collected_value(scan, average)) {
                Ok(average) => Set::one(average),
                Err(trouble) => Set::fails(crate::run::sets::set::fault(trouble, span)),
            };
        }
        let sum = self.sum(scan, members);
        if sum.is_error() {
            return sum;
        }
        let whole = |count: usize| Number::from(i64::try_from(count).unwrap_or(i64::MAX));
        let count = Interval::between(whole(certain.max(1)), whole(members.len()));
        let count = count.unwrap_or_else(|| Interval::point(Number::ONE));
        let (average, trouble) = summands(&sum.values).div(&count);
        // It lies between the least and the greatest.
        let values =
            members.iter().filter(|member| !member.value.is_error()).map(|member| &member.value.values);
        let hull = values.map(summands).reduce(|all, value| all.hull(&value));
        let average = match (&average, &hull) {
            (Some(average), Some(hull)) => (average.intersect(hull).or(Some(hull.clone())), trouble),
            _ => (average, trouble),
        };
        let set = match (average, self.is_counted(scan)) {
            // Of one row it is the row's own.
            ((Some(average), trouble), true) if members.len() > 1 => {
                let counts = lift::whole_counts(&average, trouble);
                crate::run::sets::set::ranged(counts, Possible::durations, sum.fault, span)
            }
            (average, counted) => {
                let wrap = |range| collected(&range, counted);
                crate::run::sets::set::ranged(average, wrap, sum.fault, span)
            }
        };
        set.or_fault((certain == 0).then(|| self.nothing(scan)))
    }

    /// C2: one end over all that may be members, the other over those that are.
    fn extreme(&self, scan: &Scan, members: &[Member]) -> Set {
        if let Some(failed) = certain_failure(members) {
            return Set::fails(failed);
        }
        let min = scan.kind == AggregateKind::Min;
        let side = if min { crate::tree::ClampSide::AtMost } else { crate::tree::ClampSide::AtLeast };
        let values = |certain: bool| {
            let wanted =
                members.iter().filter(move |member| member.certain == certain && !member.value.is_error());
            wanted.map(|member| &member.value.values)
        };
        let sure = values(true).cloned().reduce(|a, b| lift::clamp(side, &a, &b));
        let result = values(false).fold(sure.clone(), |result, value| match (result, &sure) {
            (None, _) => Some(value.clone()),
            // With one more member the extreme is as before, or further out.
            (Some(result), Some(sure)) => Some(result.hull(&lift::clamp(side, sure, value))),
            (Some(result), None) => Some(result.hull(value)),
        });
        let may_fail = members.iter().find_map(|member| member.value.fault.clone());
        let empty = sure.is_none().then(|| self.nothing(scan));
        match result {
            Some(values) => Set { values, fault: may_fail.or(empty) },
            None => Set::fails(may_fail.or(empty).unwrap_or_else(|| self.nothing(scan))),
        }
    }

    /// C3: every row that may come first.
    fn first(&mut self, scan: &Scan, members: &[Member], at: &At) -> Result<Set> {
        let order = self.order(scan.entity);
        let mut places = Vec::with_capacity(members.len());
        for member in members {
            places.push(self.place_of(scan.entity, member.row, &order, at)?);
        }
        // No row after one that is sure to be there, and before it for certain, can be the first.
        let limit = members
            .iter()
            .zip(&places)
            .filter(|(member, _)| member.certain)
            .map(|(_, (_, last))| *last)
            .min();
        let mut result: Option<Set> = None;
        for (member, (first, _)) in members.iter().zip(&places) {
            if limit.is_some_and(|limit| limit < *first) {
                continue;
            }
            self.place_row(scan.place, member.row);
            let value = match scan.value {
                Some(value) => self.set(value, at)?,
                None => Set::unknown(self.policy.exprs.ty(scan.id)),
            };
            result = Some(match result {
                Some(result) => result.join(&value),
                None => value,
            });
        }
        let nothing = limit.is_none().then(|| self.nothing(scan));
        Ok(match result {
            Some(set) => set.or_fault(nothing),
            None => Set::fails(nothing.unwrap_or_else(|| self.nothing(scan))),
        })
    }

    /// The earliest and the latest place a row may have in the order of C3.
    fn place_of(
        &mut self,
        entity: EntityId,
        row: u32,
        order: &Order,
        at: &At,
    ) -> Result<((Day, u32), (Day, u32))> {
        let rank = order.rank(row);
        let range = match self.policy.entities[entity].dated {
            Some(dated) => lift::dates(&self.row_date(entity, row, dated, at)?.values),
            None => Dates::point(Day::FIRST),
        };
        Ok(((range.lo(), rank), (range.hi(), rank)))
    }

    /// C1: a table that is not stated is any number of rows, each of which may be anything.
    fn unstated(&mut self, scan: &Scan, at: &At) -> Result<Set> {
        self.place_row(scan.place, crate::run::frame::ANY_ROW);
        let member = match scan.condition {
            Some(condition) => self.set(condition, at)?,
            None => Set::bool(true),
        };
        let none = !member.mask().may_be_true() && !member.mask().may_be_error();
        let value = match scan.value {
            Some(value) if !none => self.set(value, at)?,
            _ => Set::bool(true),
        };
        let may_be = member.mask().may_be_true();
        let set = match scan.kind {
            AggregateKind::Any | AggregateKind::All => {
                let any = scan.kind == AggregateKind::Any;
                let (member_mask, holds) = (member.mask(), value.mask());
                let one = match (none, any) {
                    (true, _) => Mask::EMPTY,
                    (false, true) => member_mask.and(holds),
                    (false, false) => member_mask.not().or(holds),
                };
                // There may be no row at all.
                return Ok(Set::from_mask(one.join(Mask::of(!any)), member.fault.or(value.fault)));
            }
            AggregateKind::Count => {
                let most = if may_be { None } else { Some(Number::ZERO) };
                Set::of(Possible::numbers(
                    Interval::new(Some(Number::ZERO), most).unwrap_or_else(Interval::all),
                ))
            }
            AggregateKind::Sum if !may_be || value.is_error() => {
                Set::of(collected(&Interval::point(Number::ZERO), self.is_counted(scan)))
            }
            AggregateKind::Sum => {
                let range = summands(&value.values);
                let lo =
                    if range.lo().is_some_and(|lo| !lo.is_negative()) { Some(Number::ZERO) } else { None };
                let hi =
                    if range.hi().is_some_and(|hi| !hi.is_positive()) { Some(Number::ZERO) } else { None };
                let range = Interval::new(lo, hi).unwrap_or_else(Interval::all);
                Set::of(collected(&range, self.is_counted(scan)))
            }
            _ if !may_be || value.is_error() => Set::fails(self.nothing(scan)),
            _ => Set { values: value.values.clone(), fault: Some(self.nothing(scan)) },
        };
        let value_fault = value.fault.filter(|_| may_be);
        Ok(set.or_fault(value_fault).or_fault(member.fault))
    }
}

fn count(members: &[Member]) -> Set {
    let whole = |count: usize| Number::from(i64::try_from(count).unwrap_or(i64::MAX));
    let certain = members.iter().filter(|member| member.certain).count();
    let range = Interval::between(whole(certain), whole(members.len()));
    Set::of(Possible::numbers(range.unwrap_or_else(Interval::all)))
}

/// What is added up: numbers, or the counts of durations.
fn summands(values: &Possible) -> Interval<Number> {
    match values.as_durations() {
        Some(counts) => counts.map(|count| Number::from(*count)),
        None => lift::numbers(values),
    }
}

/// What was added up, as what it is.
fn collected(range: &Interval<Number>, counted: bool) -> Possible {
    if !counted {
        return Possible::numbers(range.clone());
    }
    let count = |end: Option<&Number>| end.and_then(Number::to_i64);
    Possible::durations(Interval::new(count(range.lo()), count(range.hi())).unwrap_or_else(Interval::all))
}

/// A member for certain whose value certainly fails.
fn certain_failure(members: &[Member]) -> Option<Arc<Fault>> {
    let failed = |member: &&Member| member.certain && member.value.is_error();
    members.iter().find(failed).and_then(|member| member.value.fault.clone())
}

fn add_end(total: Option<Total>, end: Option<&Number>) -> Option<Total> {
    let mut total = total?;
    total.add(end?);
    Some(total)
}
