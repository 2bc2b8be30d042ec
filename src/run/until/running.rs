//! Until when the value before a row is the same (T10): until the next row comes, or anything that the rows before read
//! changes.

use crate::outcome::Point;
use crate::policy::FoldId;
use crate::run::frame::{ANY_ROW, At, Named, NamedPoint};
use crate::run::sets::running::pass::{Pass, PassEntry, PassGroup};
use crate::run::until::END;
use crate::run::{Evaluator, Result};
use crate::value::Day;

impl<'a> Evaluator<'a> {
    pub(crate) fn until_running(&mut self, fold: FoldId, at: &At) -> Result<Day> {
        let entity = self.policy.folds[fold].entity;
        let row = at.own.map_or(ANY_ROW, |(_, row)| row);
        if row == ANY_ROW || self.is_unstated(entity) || self.is_under_way(fold, row, at.point) {
            return Ok(END);
        }
        if !self.plan.prepared.steady[fold] {
            return Ok(at.point.day.next());
        }
        let node = NamedPoint { named: Named::Running(fold), row, point: at.point };
        let given = self.given.take();
        let dated = self.is_dated(entity);
        let until = self.in_pass(fold, at.point, |run, pass| match dated {
            // Each row is read on its own day; others come.
            true => Ok(pass.next_day(at.point.day)),
            false => run.until_before(pass, fold, node),
        });
        self.given = given;
        until
    }

    /// Of an undated table: the keys of all rows, and what the rows before read.
    fn until_before(&mut self, pass: &mut Pass, fold: FoldId, node: NamedPoint) -> Result<Day> {
        let keys = match pass.keys_until {
            Some(until) => until,
            None => {
                let until = self.until_keys(pass, fold, node.point)?;
                pass.keys_until = Some(until);
                until
            }
        };
        let place = match pass.entry(node.row) {
            Some(PassEntry::Placed { group, run }) => Some((*group, *run)),
            Some(PassEntry::Keyed(keyed)) => pass.place_of(keyed),
            _ => None,
        };
        let own = self.until_row(fold, node.row, node.point, None)?;
        let Some((group, run)) = place else { return Ok(keys.min(own)) };
        let Some(group) = pass.groups.get_mut(group) else { return Ok(keys.min(own)) };
        let before = self.until_runs(group, fold, node.point, run)?;
        Ok(keys.min(own).min(before))
    }

    fn until_keys(&mut self, pass: &Pass, fold: FoldId, point: Point) -> Result<Day> {
        let decl = &self.policy.folds[fold];
        let mut until = END;
        for row in 0..pass.rows() {
            let value = self.any_running(fold);
            let keys = self.in_step(fold, row, point, value, |run, at| {
                let mut until = END;
                for key in decl.per.iter().chain(&decl.keys) {
                    until = until.min(run.until(*key, at)?);
                }
                Ok(until)
            })?;
            until = until.min(keys);
            if until <= point.day.next() {
                break;
            }
        }
        Ok(until)
    }

    /// Of all rows before a run, each looked at once.
    fn until_runs(&mut self, group: &mut PassGroup, fold: FoldId, point: Point, run: usize) -> Result<Day> {
        while group.untils.len() < run {
            let at = group.untils.len();
            let state = self.state_before(group, fold, point, at)?;
            let mut until = group.untils.last().copied().unwrap_or(END);
            let Some(rows) = group.runs.get(at).map(|run| run.rows.clone()) else { break };
            for member in rows {
                let value = self.enter(fold, &state, member.row, point, &[])?;
                until = until.min(self.until_row(fold, member.row, point, Some(value))?);
            }
            group.untils.push(until);
        }
        let last = run.checked_sub(1).and_then(|last| group.untils.get(last));
        Ok(last.copied().unwrap_or(END))
    }

    /// What a row starts with, and what it leaves if there is a value before it.
    fn until_row(
        &mut self,
        fold: FoldId,
        row: u32,
        point: Point,
        before: Option<crate::run::Set>,
    ) -> Result<Day> {
        let decl = &self.policy.folds[fold];
        let leaves = before.is_some();
        let value = before.unwrap_or_else(|| self.any_running(fold));
        self.in_step(fold, row, point, value, |run, at| {
            let mut until = run.until(decl.starting, at)?;
            if !leaves {
                return Ok(until);
            }
            run.block_sets(fold, at)?;
            for id in run.block_of(fold) {
                until = until.min(run.until(run.policy.defines[id].value, at)?);
            }
            Ok(until.min(run.until(decl.next, at)?))
        })
    }
}
