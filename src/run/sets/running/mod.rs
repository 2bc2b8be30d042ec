//! Running totals (C4, C5): the rows of a table in their groups and in their order, and the value before each.
//!
//! The order does not depend on the value carried, so it is worked out once for each knowledge day (of an undated table: for
//! each day too), and the rows are gone through one after the other, never by recursion. Where the rows of a group come in
//! the order of their dates, those that exist on a day (T9) are the first ones of the group on every later day, and one
//! pass through the group serves all days. Where they do not, each day on which rows are asked for is a pass of its own.

pub mod pass;
pub mod steps;

use crate::outcome::{Earlier, Point};
use crate::policy::{EntityId, ExprId, FoldId};
use crate::run::frame::{ANY_ROW, At, Named, NamedPoint};
use crate::run::sets::lift;
use crate::run::sets::set::Set;
use crate::run::{Deep, Evaluator, Result};
use crate::value::{Dates, Mask, Possible, Value};
use pass::{Pass, PassEntry, sooner};

impl<'a> Evaluator<'a> {
    /// The rows before a row, if all are in order.
    pub(crate) fn earlier(&mut self, node: NamedPoint) -> Result<Option<Earlier>> {
        let Named::Running(fold) = node.named else { return Ok(None) };
        let today = node.point.day;
        self.in_pass(fold, node.point, |_, pass| {
            let place = match pass.entry(node.row) {
                Some(PassEntry::Placed { group, run }) => Some((*group, *run)),
                Some(PassEntry::Keyed(keyed)) => pass.place_of(keyed),
                _ => None,
            };
            let Some((group, run)) = place else { return Ok(None) };
            let Some(group) = pass.groups.get(group).filter(|group| !pass.adrift.reaches(&group.per, today))
            else {
                return Ok(None);
            };
            let rows = group.runs.iter().take(run).flat_map(|run| &run.rows);
            let mut rows = rows.filter(|member| member.day <= today).map(|member| member.row);
            let Some(first) = rows.next() else { return Ok(Some(Earlier { count: 0, ends: None })) };
            let (count, last) = rows.fold((1, first), |(count, _), row| (count + 1, row));
            Ok(Some(Earlier { count, ends: Some((first, last)) }))
        })
    }

    /// The value before the row whose own evaluation this is.
    pub(crate) fn set_running(&mut self, fold: FoldId, at: &At) -> Result<Set> {
        let row = at.own.map_or(ANY_ROW, |(_, row)| row);
        if row == ANY_ROW || self.is_unstated(self.policy.folds[fold].entity) {
            return Ok(self.any_running(fold));
        }
        match self.step(fold, row, at.point) {
            Some(step) => Ok(step.value.clone()),
            None => self.set_before(NamedPoint { named: Named::Running(fold), row, point: at.point }),
        }
    }

    /// The value before a row. Truth values given to conditions (N3) do not reach it: it stands for what other rows left.
    pub(crate) fn set_before(&mut self, node: NamedPoint) -> Result<Set> {
        if let Some(known) = self.sets.get(&node) {
            return Ok(known.clone());
        }
        let Named::Running(fold) = node.named else { return Err(Deep) };
        let height = self.plan.height_of(node.named);
        if self.is_too_deep(height) {
            self.deep = Some(crate::run::SettleTask::Value(node));
            return Err(Deep);
        }
        let given = self.given.take();
        self.depth += height;
        let result = self.in_pass(fold, node.point, |run, pass| run.before(pass, fold, node));
        self.depth -= height;
        self.given = given;
        let set = result?;
        self.sets.put(node, set.clone());
        Ok(set)
    }

    /// With the pass for a point, which is made as far as it is not yet.
    pub(crate) fn in_pass<T>(
        &mut self,
        fold: FoldId,
        point: Point,
        then: impl FnOnce(&mut Self, &mut Pass) -> Result<T>,
    ) -> Result<T> {
        let days = self.is_dated(self.policy.folds[fold].entity) && self.plan.prepared.steady[fold];
        let key = (fold, point.known, point.sight, (!days).then_some(point.day));
        let mut pass = self.passes.take(&key);
        let result = match self.arrange(&mut pass, fold, point) {
            Ok(()) => then(self, &mut pass),
            Err(deep) => Err(deep),
        };
        self.passes.put(key, pass);
        result
    }

    /// Looks at the rows that were not looked at, then puts all in order.
    fn arrange(&mut self, pass: &mut Pass, fold: FoldId, point: Point) -> Result<()> {
        if pass.arranged {
            return Ok(());
        }
        let facts = self.facts;
        let entity = self.policy.folds[fold].entity;
        let table = facts.tables.try_get(entity).and_then(Option::as_ref);
        let count = u32::try_from(table.map_or(0, |table| table.rows.len())).unwrap_or(u32::MAX);
        while let Some(row) = u32::try_from(pass.entries.len()).ok().filter(|row| *row < count) {
            let entry = self.entry(pass, fold, row, point)?;
            pass.entries.push(entry);
        }
        pass.put_in_order();
        Ok(())
    }

    fn entry(&mut self, pass: &mut Pass, fold: FoldId, row: u32, point: Point) -> Result<PassEntry> {
        let entity = self.policy.folds[fold].entity;
        let decl = &self.policy.entities[entity];
        let at = self.outside(point);
        let (mut there, mut unsure) = (Mask::TRUE, None);
        if let Some(known) = decl.known {
            let date = self.row_date(entity, row, known, &at)?;
            there = match &date.values {
                Possible::Nothing => Mask::EMPTY,
                values => lift::dates(values).less_or_equal(&Dates::point(point.known)),
            };
            unsure = date.fault;
        }
        let absent = there.is_false() && unsure.is_none();
        let day = match decl.dated {
            None => point.day,
            Some(dated) => {
                let date = self.row_date(entity, row, dated, &at)?;
                match date.single() {
                    Some(Value::Date(day)) if day.is_never() => return Ok(PassEntry::Open),
                    Some(Value::Date(day)) => *day,
                    _ if absent => return Ok(PassEntry::Open),
                    _ => return Ok(pass.without_day(row, date, there, unsure)),
                }
            }
        };
        if there.is_empty()
            && let Some(fault) = unsure
        {
            pass.days.push(day);
            pass.failed = sooner(pass.failed.take(), (day, fault.clone()));
            return Ok(PassEntry::Fails(fault));
        }
        let own = Point { day, ..point };
        let per = self.keys_of(&self.policy.folds[fold].per, (entity, row), own)?;
        let by = self.keys_of(&self.policy.folds[fold].keys, (entity, row), own)?;
        Ok(pass.with_day(row, day, there, unsure.is_some(), per, by))
    }

    fn keys_of(&mut self, keys: &'a [ExprId], own: (EntityId, u32), point: Point) -> Result<Vec<Set>> {
        let mut sets = Vec::with_capacity(keys.len());
        for key in keys {
            sets.push(self.own_value(*key, own, point)?);
        }
        Ok(sets)
    }

    fn before(&mut self, pass: &mut Pass, fold: FoldId, node: NamedPoint) -> Result<Set> {
        let today = node.point.day;
        if let Some((day, fault)) = &pass.failed
            && *day <= today
        {
            return Ok(Set::fails(fault.clone()));
        }
        let Some(entry) = pass.entries.get(node.row as usize) else { return Ok(self.any_running(fold)) };
        let (per, by, day, place) = match entry {
            PassEntry::Fails(fault) => return Ok(Set::fails(fault.clone())),
            PassEntry::Open => return Ok(self.any_running(fold)),
            PassEntry::Keyed(keyed) => (&keyed.per, Some(&keyed.by), Some(keyed.day), None),
            PassEntry::Placed { group, run } => match pass.groups.get(*group) {
                Some(found) => (&found.per, None, None, Some((*group, *run))),
                None => return Ok(self.any_running(fold)),
            },
        };
        if let Some((day, fault)) = pass.failed_groups.get(per)
            && *day <= today
        {
            return Ok(Set::fails(fault.clone()));
        }
        if pass.adrift.reaches(per, today) {
            return Ok(self.any_running(fold));
        }
        let (group, run, equal) = match (place, by) {
            (Some((group, run)), _) => (group, run, true),
            (None, Some(by)) => match pass.by_keys.get(per) {
                Some(group) => match pass.groups.get(*group).map(|group| group.find(by)) {
                    Some(Ok(run)) => (*group, run, true),
                    Some(Err(run)) => (*group, run, false),
                    None => return Ok(self.any_running(fold)),
                },
                None => {
                    let own = Point { day: day.unwrap_or(today), ..node.point };
                    return self.enter(fold, &steps::RunningState::fresh(), node.row, own, &[]);
                }
            },
            _ => return Ok(self.any_running(fold)),
        };
        let Some(group) = pass.groups.get_mut(group) else { return Ok(self.any_running(fold)) };
        self.before_run(group, fold, node, (run, equal), day)
    }
}
