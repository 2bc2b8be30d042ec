//! Until when duties and powers stand as they do (T10).

use super::END;
use crate::facts::Act;
use crate::outcome::Point;
use crate::policy::{Dated, Duty, DutyId, ExprId, Lasting, Power, PowerId, PowerTest, Rule};
use crate::run::frame::{At, NO_ROW};
use crate::run::past::duties::DutyNode;
use crate::run::past::periods::BegunPeriod;
use crate::run::sets::lift;
use crate::run::{Deep, Evaluator, Result, SettleTask};
use crate::value::Day;

impl<'a> Evaluator<'a> {
    /// A day up to which (itself excluded) a duty stands as it does; see [`Evaluator::stable_until`].
    pub fn duty_stable_until(&mut self, id: DutyId, row: Option<u32>, point: Point, horizon: Day) -> Day {
        self.horizon = horizon;
        match self.policy.duties[id].for_each {
            Some(entity) if self.is_dated(entity) => END,
            entity => {
                let row = self.row_asked(entity, row);
                self.settle(|run| run.until_duty_at(id, row, point))
            }
        }
    }

    /// A day up to which (itself excluded) a power stands as it does; see [`Evaluator::stable_until`].
    pub fn power_stable_until(&mut self, id: PowerId, row: Option<u32>, point: Point, horizon: Day) -> Day {
        self.horizon = horizon;
        let for_each = self.policy.powers[id].for_each;
        if for_each.is_some_and(|entity| self.is_dated(entity)) {
            return END;
        }
        let row = self.row_asked(for_each, row);
        self.settle(|run| run.until_all_of_power(id, row, point))
    }

    fn until_all_of_power(&mut self, id: PowerId, row: u32, point: Point) -> Result<Day> {
        let policy = self.policy;
        let power: &Power = &policy.powers[id];
        // Each requirement is told, also where another decides.
        let mut until = self.until_power_at(id, row, Some(PowerTest::Available), point, true)?;
        until = until
            .min(self.in_power(id, row, point, |run, at| run.until_force(&policy.rules[power.rule], at))?);
        Ok(until)
    }

    /// T10: until when a duty is as it is.
    pub(crate) fn until_duty(&mut self, id: DutyId, of: Option<ExprId>, at: &At) -> Result<Day> {
        let policy = self.policy;
        let Some(entity) = policy.duties[id].for_each else {
            let until = match of {
                Some(of) => self.until(of, at)?,
                None => END,
            };
            return Ok(until.min(self.until_duty_at(id, NO_ROW, at.point)?));
        };
        let Some(row) = of else { return Ok(at.point.day.next()) };
        let point = at.point;
        self.until_each_row(entity, row, at, |run, row| run.until_duty_at(id, row, point))
    }

    /// Of a row; of all periods, if it is recurring.
    pub(crate) fn until_duty_at(&mut self, id: DutyId, row: u32, point: Point) -> Result<Day> {
        let policy = self.policy;
        let duty: &Duty = &policy.duties[id];
        if duty.each.is_none() {
            return self.until_duty_of(DutyNode { id, row, period: None, point });
        }
        let at = self.outside(point);
        let mut until = self.until_window((&duty.from, &duty.until), &at)?;
        let begun = self.periods_begun(id, point)?;
        if begun.is_open {
            return Ok(point.day.next());
        }
        let next = begun.list.last().map_or(begun.earliest, |begun| Some(begun.period.last.1.next()));
        until = next.filter(|next| *next > point.day).map_or(until, |next| until.min(next));
        for BegunPeriod { period, .. } in begun.list {
            until = until.min(self.until_duty_of(DutyNode { id, row, period: Some(period), point })?);
        }
        Ok(until)
    }

    fn until_duty_of(&mut self, node: DutyNode) -> Result<Day> {
        let height = self.plan.height_of_duty(node.id);
        if self.is_too_deep(height) {
            self.deep = Some(SettleTask::UntilDuty(node));
            return Err(Deep);
        }
        self.depth += height;
        let until = self.in_duty(node, |run, at| run.until_terms(node, at));
        self.depth -= height;
        until
    }

    /// What a task worked out is not kept, but what it read is.
    pub(crate) fn work_out_until_duty(&mut self, node: DutyNode) -> bool {
        self.until_duty_of(node).is_ok()
    }

    fn until_terms(&mut self, node: DutyNode, at: &At) -> Result<Day> {
        let policy = self.policy;
        let duty: &Duty = &policy.duties[node.id];
        let today = at.point.day;
        let mut until = match duty.condition {
            Some(condition) => {
                let until = self.until(condition, at)?;
                if self.set(condition, at)?.mask().is_false() {
                    return Ok(until);
                }
                until
            }
            None => END,
        };
        until = until.min(self.until(duty.performance, at)?).min(self.until(duty.deadline, at)?);
        let mut edges = vec![self.set(duty.deadline, at)?];
        if let Some(start) = duty.start {
            until = until.min(self.until(start, at)?);
        }
        edges.push(self.begins(duty, node, at)?);
        until = until.min(self.until_window((&duty.from, &duty.until), at)?);
        for (place, set) in edges.iter().enumerate() {
            for edge in lift::dates(&set.values).ends() {
                // A deadline has passed on the day after it.
                let change = if place == 0 { edge.next() } else { edge };
                if change > today {
                    until = until.min(change);
                }
            }
        }
        Ok(until)
    }

    /// The next edge of a window, whose days do not move (R2).
    pub(crate) fn until_window(
        &mut self,
        (from, until): (&Option<Dated>, &Option<Dated>),
        at: &At,
    ) -> Result<Day> {
        let mut edge = END;
        for dated in [from, until].into_iter().flatten() {
            edge = edge.min(self.until_has_come(dated, at)?.1);
        }
        Ok(edge)
    }

    /// T10: until when a power is as it is; with `test` that alone.
    pub(crate) fn until_power(
        &mut self,
        id: PowerId,
        row: Option<ExprId>,
        test: Option<PowerTest>,
        at: &At,
    ) -> Result<Day> {
        let policy = self.policy;
        let point = at.point;
        let Some(entity) = policy.powers[id].for_each else {
            return self.until_power_at(id, NO_ROW, test, point, false);
        };
        let Some(row) = row else { return Ok(point.day.next()) };
        self.until_each_row(entity, row, at, |run, row| run.until_power_at(id, row, test, point, false))
    }

    /// The next act, threat or end; what is required, if it is asked whether the power is available.
    pub(crate) fn until_power_at(
        &mut self,
        id: PowerId,
        row: u32,
        test: Option<PowerTest>,
        point: Point,
        effect: bool,
    ) -> Result<Day> {
        let (policy, facts) = (self.policy, self.facts);
        let power: &Power = &policy.powers[id];
        let mut until = END;
        let concerns = |act: &Act| {
            let ends = policy.powers[act.power].ends.contains(&id);
            act.on > point.day && act.known <= point.known && (act.power == id || ends)
        };
        for act in facts.acts.iter().chain(&facts.announcements).filter(|act| concerns(act)) {
            until = until.min(act.on);
        }
        if test == Some(PowerTest::Available) {
            let requires = self.in_power(id, row, point, |run, at| {
                let rule: &Rule = &policy.rules[power.rule];
                let mut until = run.until_force(rule, at)?;
                for one in power.requires.iter().filter(|one| !one.of_act) {
                    until = until.min(run.until(one.what, at)?);
                }
                Ok(until)
            })?;
            until = until.min(requires);
        }
        if let Some(lasting) = policy.rules[power.rule].lasting.filter(|_| effect) {
            for one in self.standing(id, row, point, true)?.acts {
                let Some(act) = facts.acts.get(one.act as usize) else { continue };
                let ends = self.in_act(id, row, act, point, |run, at| match lasting {
                    Lasting::Until(end) => run.until(end, at),
                    Lasting::For(wait, kind) => {
                        let edges = run.lasts(act.on, (wait, kind), at)?.edges;
                        Ok(edges.into_iter().filter(|edge| *edge > point.day).min().unwrap_or(END))
                    }
                })?;
                until = until.min(ends);
            }
        }
        Ok(until)
    }
}
