//! What the value before a row rests on (N2, V7): the rows before it. What each of them adds is noted once for its group,
//! so that asking for every row of a long table looks at each row once.

use crate::explain::needs::{Walk, Wanted};
use crate::outcome::{Point, SlotRef};
use crate::policy::FoldId;
use crate::run::{
    ANY_ROW, At, Evaluator, Named, NamedPoint, Pass, PassEntry, PassGroup, Result, RunningMember,
    RunningState, Support, Supports, visible,
};
use crate::value::{Day, Value};

/// What a walk found, and the names it still has to enter.
fn supports(mut walk: Walk) -> impl Iterator<Item = Support> {
    let (slots, names) = walk.drain();
    let slots = slots.into_iter().map(|(slot, again)| Support::Slot(slot, again));
    slots.chain(names.into_iter().map(|(node, again)| Support::Name(node, again)))
}

fn replay(walk: &mut Walk, one: &Support, again: bool) {
    match one {
        Support::Slot(slot, also) => walk.note(slot.clone(), again || *also),
        Support::Name(node, also) => walk.name(*node, again || *also),
    }
}

impl<'a> Evaluator<'a> {
    pub(crate) fn walk_running(&mut self, walk: &mut Walk, fold: FoldId, at: &At, again: bool) -> Result<()> {
        let entity = self.policy.folds[fold].entity;
        let row = at.own.map_or(ANY_ROW, |(_, row)| row);
        // Of a row under way the rows before were looked at already.
        if self.is_under_way(fold, row, at.point) {
            return Ok(());
        }
        if row == ANY_ROW || self.is_unstated(entity) {
            return match walk.wanted {
                Wanted::Open => self.walk_any_row(walk, fold, at.point, again),
                Wanted::Assumed => Ok(()),
            };
        }
        let node = NamedPoint { named: Named::Running(fold), row, point: at.point };
        self.in_pass(fold, at.point, |run, pass| run.walk_before(walk, pass, fold, node, again))
    }

    /// Whatever rows a table has that is not stated: the table, and what they read that is of no row.
    fn walk_any_row(&mut self, walk: &mut Walk, fold: FoldId, point: Point, again: bool) -> Result<()> {
        let entity = self.policy.folds[fold].entity;
        let dated = self.is_dated(entity);
        walk.note(SlotRef::Table(entity), dated || again);
        if dated {
            return Ok(());
        }
        self.walk_place(walk, fold, ANY_ROW, point, again)?;
        self.walk_left(walk, fold, ANY_ROW, point, None)
    }

    fn walk_before(
        &mut self,
        walk: &mut Walk,
        pass: &mut Pass,
        fold: FoldId,
        node: NamedPoint,
        again: bool,
    ) -> Result<()> {
        let (today, point) = (node.point.day, node.point);
        let own = Point { day: self.day_of(fold, node.row, point)?.unwrap_or(today), ..point };
        self.walk_place(walk, fold, node.row, own, again)?;
        let at = match pass.entry(node.row) {
            Some(PassEntry::Placed { group, run }) => Some((*group, *run)),
            Some(PassEntry::Keyed(keyed)) => pass.place_of(keyed),
            _ => None,
        };
        let Some((at, run)) = at else {
            // Any row may be before it, or none.
            self.walk_start(walk, fold, node.row, own, again)?;
            let rows = pass.adrift.rows.iter().filter(|(day, ..)| *day <= today);
            for (_, row, _) in rows {
                self.walk_adrift(walk, fold, *row, node.point)?;
            }
            for group in &pass.groups {
                for member in group.runs.iter().flat_map(|run| visible(run, today)) {
                    self.walk_earlier(walk, fold, &member, point, None)?;
                }
            }
            return Ok(());
        };
        let Pass { groups, adrift, .. } = pass;
        let Some(group) = groups.get_mut(at) else { return Ok(()) };
        for member in group.runs.get(run).map(|run| visible(run, today)).unwrap_or_default() {
            self.walk_there(walk, fold, &member, point)?;
        }
        let lost = adrift.reaches(&group.per, today);
        let mut first = lost;
        if group.in_time && !lost {
            let there = group.runs.partition_point(|run| run.rows.iter().all(|member| member.day <= today));
            first = self.state_before(group, fold, point, run.min(there))?.fresh;
        }
        if !group.in_time {
            let mut state = RunningState::fresh();
            for at in 0..run {
                let there = group.runs.get(at).map(|run| visible(run, today)).unwrap_or_default();
                for member in &there {
                    let state = if lost { None } else { Some(&state) };
                    self.walk_earlier(walk, fold, member, point, state)?;
                }
                if !there.is_empty() && !lost {
                    state = self.after(fold, point, &state, &there)?;
                }
            }
            first |= state.fresh;
        }
        if first {
            self.walk_start(walk, fold, node.row, own, again)?;
        }
        let key = (walk.wanted == Wanted::Assumed, lost);
        let mut found = group.supports.remove(&key).unwrap_or_default();
        let last = if group.in_time { run } else { 0 };
        let result = self.find_runs(&mut found, walk.wanted, group, (fold, point), (last, lost));
        let result = match result {
            Ok(()) if lost => {
                let rows = adrift.rows.iter().filter(|(_, _, keys)| crate::run::may_be(keys, &group.per));
                let rows: Vec<(Day, u32)> = rows.map(|(day, row, _)| (*day, *row)).collect();
                self.find_adrift(&mut found, walk.wanted, &rows, fold, node.point)
            }
            result => result,
        };
        if result.is_ok() {
            let runs = found.runs.iter().take_while(|(at, _)| *at < last).map(|(_, one)| one);
            let adrift = found.adrift.iter().flatten().filter(|(day, _)| *day <= today);
            let adrift = adrift.map(|(_, one)| one).filter(|_| lost);
            runs.chain(adrift).for_each(|one| replay(walk, one, again));
        }
        group.supports.insert(key, found);
        result
    }

    /// Goes on to a run of a group in the order of time; `lost`: nothing is known of what was there before.
    fn find_runs(
        &mut self,
        found: &mut Supports,
        wanted: Wanted,
        group: &mut PassGroup,
        (fold, point): (FoldId, Point),
        (until, lost): (usize, bool),
    ) -> Result<()> {
        while found.upto < until {
            let at = found.upto;
            let state = if lost { None } else { Some(self.state_before(group, fold, point, at)?) };
            let Some(run) = group.runs.get(at) else { break };
            let mut walk = Walk::new(wanted);
            for member in &run.rows {
                self.walk_earlier(&mut walk, fold, member, point, state.as_ref())?;
            }
            let Supports { seen, runs, .. } = &mut *found;
            runs.extend(supports(walk).filter(|one| seen.insert(one.clone())).map(|one| (at, one)));
            found.upto = at.saturating_add(1);
        }
        Ok(())
    }

    fn find_adrift(
        &mut self,
        found: &mut Supports,
        wanted: Wanted,
        rows: &[(Day, u32)],
        fold: FoldId,
        point: Point,
    ) -> Result<()> {
        if found.adrift.is_some() {
            return Ok(());
        }
        let mut all = Vec::new();
        for (day, row) in rows {
            let mut walk = Walk::new(wanted);
            self.walk_adrift(&mut walk, fold, *row, point)?;
            all.extend(supports(walk).map(|one| (*day, one)));
        }
        found.adrift = Some(all);
        Ok(())
    }

    /// A row that may be before: whether it exists, where it stands, what it leaves. `None`: whatever is before it.
    fn walk_earlier(
        &mut self,
        walk: &mut Walk,
        fold: FoldId,
        member: &RunningMember,
        point: Point,
        state: Option<&RunningState>,
    ) -> Result<()> {
        let own = Point { day: member.day, ..point };
        self.walk_there(walk, fold, member, point)?;
        if walk.wanted == Wanted::Assumed {
            self.walk_place(walk, fold, member.row, own, false)?;
        }
        self.walk_left(walk, fold, member.row, own, state)
    }

    /// Whether a row exists.
    fn walk_there(
        &mut self,
        walk: &mut Walk,
        fold: FoldId,
        member: &RunningMember,
        point: Point,
    ) -> Result<()> {
        let entity = self.policy.folds[fold].entity;
        let decl = &self.policy.entities[entity];
        if member.certain && walk.wanted == Wanted::Open {
            return Ok(());
        }
        let at = self.outside(Point { day: member.day, ..point });
        self.walk_days(walk, entity, member.row, &at, [decl.known, decl.dated])
    }

    /// The keys of a row.
    fn walk_place(&mut self, walk: &mut Walk, fold: FoldId, row: u32, own: Point, again: bool) -> Result<()> {
        let decl = &self.policy.folds[fold];
        let value = self.any_running(fold);
        self.in_step(fold, row, own, value, |run, at| {
            decl.per.iter().chain(&decl.keys).try_for_each(|key| run.walk(walk, *key, at, again))
        })
    }

    /// What is before the first row of a group.
    fn walk_start(&mut self, walk: &mut Walk, fold: FoldId, row: u32, own: Point, again: bool) -> Result<()> {
        let starting = self.policy.folds[fold].starting;
        let value = self.any_running(fold);
        self.in_step(fold, row, own, value, |run, at| run.walk(walk, starting, at, again))
    }

    /// The day of a row's own evaluation (T9), where that is one day.
    fn day_of(&mut self, fold: FoldId, row: u32, point: Point) -> Result<Option<Day>> {
        let entity = self.policy.folds[fold].entity;
        let Some(dated) = self.policy.entities[entity].dated else { return Ok(Some(point.day)) };
        let at = self.outside(point);
        Ok(match self.row_date(entity, row, dated, &at)?.single() {
            Some(Value::Date(day)) if !day.is_never() => Some(*day),
            _ => None,
        })
    }

    /// A row whose place is not known: its day, its keys and, where it has a day, what it leaves.
    fn walk_adrift(&mut self, walk: &mut Walk, fold: FoldId, row: u32, point: Point) -> Result<()> {
        let entity = self.policy.folds[fold].entity;
        let decl = &self.policy.entities[entity];
        let at = self.outside(point);
        self.walk_days(walk, entity, row, &at, [decl.known, decl.dated])?;
        let Some(day) = self.day_of(fold, row, point)? else { return Ok(()) };
        let own = Point { day, ..point };
        self.walk_place(walk, fold, row, own, false)?;
        self.walk_left(walk, fold, row, own, None)
    }

    fn walk_left(
        &mut self,
        walk: &mut Walk,
        fold: FoldId,
        row: u32,
        own: Point,
        state: Option<&RunningState>,
    ) -> Result<()> {
        let decl = &self.policy.folds[fold];
        let value = match state {
            Some(state) => self.enter(fold, state, row, own, &[])?,
            None => self.any_running(fold),
        };
        let start = state.is_none_or(|state| state.fresh);
        self.in_step(fold, row, own, value, |run, at| {
            if start {
                run.walk(walk, decl.starting, at, false)?;
            }
            run.block_sets(fold, at)?;
            for id in run.block_of(fold) {
                run.walk(walk, run.policy.defines[id].value, at, false)?;
            }
            run.walk(walk, decl.next, at, false)
        })
    }
}
