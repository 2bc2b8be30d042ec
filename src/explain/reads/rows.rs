//! What aggregates, running totals and names of open rows looked up, for the story: the rows that decide, and what all read.

use super::{Visited, is_same, tell};
use crate::outcome::{Read, ReadOf, SlotRef};
use crate::policy::{EntityId, Expr, ExprId, FoldId};
use crate::run::{ANY_ROW, At, Evaluator, Named, NamedPoint, Result, Where};
use crate::tree::AggregateKind;
use crate::value::Mask;
/// Rows that decide, no more of them than this.
const ROWS: usize = 5;
/// Members whose reads are looked at, no more of them than this.
const LOOKED: usize = 1_000;
/// Of the rows that are no members for certain, so many are looked at.
const OTHERS: u32 = 8;

impl Evaluator<'_> {
    /// Of `any` the rows that have it, of `all` those that have not, as far as the table has a day of its own; then what the
    /// rows read besides themselves.
    pub(crate) fn read_rows(
        &mut self,
        reads: &mut Vec<Read>,
        id: ExprId,
        at: &At,
        visited: &mut Visited,
    ) -> Result<()> {
        let policy = self.policy;
        let Expr::Aggregate { kind, entity, local, value, condition } = policy.exprs.node(id) else {
            return Ok(());
        };
        let wanted = match kind {
            AggregateKind::Any => Some(true),
            AggregateKind::All => Some(false),
            _ => None,
        };
        let facts = self.facts;
        let table = facts.tables.try_get(*entity).and_then(Option::as_ref);
        let count = u32::try_from(table.map_or(0, |table| table.rows.len())).unwrap_or(u32::MAX);
        // What others are compared with the first tell.
        let rows = self.set_candidates(id, count, at)?.0.and_first(count.min(OTHERS));
        // Any row of a table that is not stated.
        let any = self.is_unstated(*entity).then_some(ANY_ROW);
        let mut shared = Vec::new();
        for (count, row) in (0usize..).zip(rows.into_iter().chain(any)) {
            self.with_row(at, *local, row, |run| {
                if let (Some(wanted), Some(value), true) =
                    (wanted, value, row != ANY_ROW && reads.len() < ROWS)
                {
                    run.read_row(reads, (*entity, row, *value), *condition, wanted, at, visited)?;
                }
                if count < LOOKED {
                    let mut aside = Visited::at_depth(visited.depth);
                    run.read_shared(&mut shared, (*entity, row), (*value, *condition), at, &mut aside)?;
                }
                Ok(())
            })?;
            if (reads.len() >= ROWS || wanted.is_none()) && count >= LOOKED {
                break;
            }
        }
        reads.append(&mut shared);
        Ok(())
    }

    /// What a member reads that is of no row.
    fn read_shared(
        &mut self,
        shared: &mut Vec<Read>,
        (entity, row): (EntityId, u32),
        (value, condition): (Option<ExprId>, Option<ExprId>),
        at: &At,
        visited: &mut Visited,
    ) -> Result<()> {
        if row != ANY_ROW && self.existence(entity, row, at)?.mask().is_false() {
            return Ok(());
        }
        self.deeper(visited, |run, visited| {
            let mut found = Vec::new();
            let mut member = Mask::TRUE;
            if let Some(condition) = condition {
                run.read_into(&mut found, condition, at, visited)?;
                member = run.set(condition, at)?.mask();
            }
            if let Some(value) = value.filter(|_| !member.is_false()) {
                run.read_into(&mut found, value, at, visited)?;
            }
            keep_shared(shared, found);
            Ok(())
        })
    }

    fn read_row(
        &mut self,
        reads: &mut Vec<Read>,
        (entity, row, value): (EntityId, u32, ExprId),
        condition: Option<ExprId>,
        wanted: bool,
        at: &At,
        visited: &mut Visited,
    ) -> Result<()> {
        let there = self.existence(entity, row, at)?.mask();
        let holds = match condition.filter(|_| !there.is_false()) {
            Some(condition) => there.and(self.set(condition, at)?.mask()),
            None => there,
        };
        if holds.is_false() {
            return Ok(());
        }
        let set = self.set(value, at)?;
        let decides = if wanted { !set.mask().is_false() } else { !set.mask().is_true() };
        if decides {
            tell(reads, ReadOf::Row(entity, row, value), at.point, set, Vec::new(), visited);
        }
        Ok(())
    }

    /// What a name reads that is of no row, where it is open of which row it is asked.
    pub(crate) fn read_of_rows(
        &mut self,
        named: Named,
        row: Option<ExprId>,
        at: &At,
        visited: &mut Visited,
    ) -> Result<Vec<Read>> {
        let mut shared = Vec::new();
        let (Some(entity), Some(row)) = (self.entity_of(named), row) else { return Ok(shared) };
        let rows = self.set(row, at)?;
        let mut rows = self.rows_of(entity, &rows);
        if self.is_unstated(entity) && !self.is_dated(entity) {
            rows.push(ANY_ROW);
        }
        for row in rows.into_iter().take(LOOKED) {
            if let Where::At(point) = self.where_is(entity, row, at)? {
                let mut found = Vec::new();
                self.read_body(&mut found, NamedPoint { named, row, point }, self.height_of(named), visited)?;
                keep_shared(&mut shared, found);
            }
        }
        Ok(shared)
    }

    /// The value before a row: the rows before it are counted, not visited one by one; the first of a group tells its start.
    pub(crate) fn read_running(
        &mut self,
        reads: &mut Vec<Read>,
        fold: FoldId,
        id: ExprId,
        at: &At,
        visited: &mut Visited,
    ) -> Result<()> {
        let set = self.set(id, at)?;
        let Some(row) = at.own.filter(|(_, row)| *row != ANY_ROW) else {
            tell(reads, ReadOf::Lookup(id), at.point, set, Vec::new(), visited);
            return Ok(());
        };
        let rows = self.earlier(NamedPoint { named: Named::Running(fold), row: row.1, point: at.point })?;
        let mut inner = Vec::new();
        if rows.is_some_and(|rows| rows.count == 0) {
            let starting = self.policy.folds[fold].starting;
            self.deeper(visited, |run, visited| run.read_into(&mut inner, starting, at, visited))?;
        }
        tell(reads, ReadOf::Running { fold, row, rows }, at.point, set, inner, visited);
        Ok(())
    }
}

/// Takes what is of no row out of what was read, each once.
fn keep_shared(shared: &mut Vec<Read>, found: Vec<Read>) {
    for read in found {
        let of_row = match &read.what {
            ReadOf::Slot(slot, _) => matches!(slot, SlotRef::Field { .. }),
            ReadOf::Define(_, row) | ReadOf::Outcome(_, row) => row.is_some(),
            ReadOf::Act(_) => false,
            ReadOf::Running { .. } | ReadOf::Row(..) | ReadOf::Lookup(_) | ReadOf::Today => true,
        };
        if of_row {
            keep_shared(shared, read.inner);
        } else if !shared.iter().any(|other| other.point == read.point && is_same(&other.what, &read.what)) {
            shared.push(read);
        }
    }
}
