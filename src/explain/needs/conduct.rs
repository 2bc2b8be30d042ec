//! The walk of what an answer rests on, through the past of a condition, through duties, powers and acts.

use crate::explain::needs::{Walk, Wanted};
use crate::outcome::{Point, Sight, SlotRef};
use crate::policy::{
    ActPart, Contender, Duty, DutyId, EntityId, ExprId, Lasting, Power, PowerId, PowerTest, RuleId,
};
use crate::run::{
    ANY_ROW, At, DutyNode, Evaluator, Followed, HistorySteps, HistoryStretch, NO_ROW, Offer, Result, Where,
};
use crate::value::Day;
use std::sync::Arc;

/// What is question of a power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PowerQuestion {
    Test(PowerTest),
    Part(ActPart),
    /// How many of its acts are valid (O8).
    Count,
}

impl<'a> Evaluator<'a> {
    /// A condition on each stretch of the past on which it is open.
    pub(crate) fn walk_past(
        &mut self,
        walk: &mut Walk,
        condition: ExprId,
        start: Day,
        at: &At,
        again: bool,
    ) -> Result<()> {
        if at.point.day < start {
            return Ok(());
        }
        let steps = self.follow(Followed::Condition(condition), start, at)?;
        let days: Vec<Day> = steps
            .until(at.point.day)
            .filter(|stretch| walk.wanted == Wanted::Assumed || !stretch.mask.is_decided())
            .map(|stretch| stretch.first)
            .collect();
        days.into_iter().try_for_each(|day| self.walk(walk, condition, &at.on(day), again))
    }

    /// T8: the first branch of a rule with a memory.
    pub(crate) fn walk_lasting(
        &mut self,
        walk: &mut Walk,
        (id, lasting): (RuleId, Lasting),
        at: &At,
        again: bool,
    ) -> Result<()> {
        if walk.wanted == Wanted::Open && self.set_lasting(id, lasting, at)?.mask().is_decided() {
            return Ok(());
        }
        if self.first_of_versions(id).is_some() {
            return self.walk_versions(walk, id, at, again);
        }
        let condition = self.policy.rules[id].branches.first().and_then(|branch| branch.condition);
        if let Some(condition) = condition {
            self.walk_past(walk, condition, Day::FIRST, at, again)?;
        }
        match lasting {
            Lasting::Until(end) => self.walk_past(walk, end, Day::FIRST, at, again),
            Lasting::For(wait, _) => self.walk(walk, wait, at, again),
        }
    }

    /// What the versions looked at on the days on which each was in force.
    fn walk_versions(&mut self, walk: &mut Walk, id: RuleId, at: &At, again: bool) -> Result<()> {
        let policy = self.policy;
        for version in &policy.rules[id].versions {
            let rule = &policy.rules[*version];
            self.walk_window(walk, *version, at, again)?;
            let force = self.follow(Followed::Force(*version), Day::FIRST, at)?;
            let condition = rule.branches.first().and_then(|branch| branch.condition);
            let end = match rule.lasting {
                Some(Lasting::Until(end)) => Some(end),
                _ => None,
            };
            for part in condition.into_iter().chain(end) {
                self.walk_past_in(walk, part, &force, at, again)?;
            }
            if let Some(Lasting::For(wait, _)) = rule.lasting {
                self.walk(walk, wait, at, again)?;
            }
        }
        Ok(())
    }

    fn walk_past_in(
        &mut self,
        walk: &mut Walk,
        condition: ExprId,
        force: &HistorySteps,
        at: &At,
        again: bool,
    ) -> Result<()> {
        let today = at.point.day;
        let steps = self.follow(Followed::Condition(condition), Day::FIRST, at)?;
        let open =
            |stretch: &HistoryStretch<'_>| walk.wanted == Wanted::Assumed || !stretch.mask.is_decided();
        let mut days: Vec<Day> = Vec::new();
        for stretch in steps.until(today).filter(open) {
            let inside = force.until(today).find(|one| !one.mask.is_false() && one.last >= stretch.first);
            days.extend(inside.map(|one| one.first.max(stretch.first)).filter(|day| *day <= stretch.last));
        }
        days.into_iter().try_for_each(|day| self.walk(walk, condition, &at.on(day), again))
    }

    pub(crate) fn walk_duty(
        &mut self,
        walk: &mut Walk,
        id: DutyId,
        of: Option<ExprId>,
        at: &At,
        again: bool,
    ) -> Result<()> {
        let policy = self.policy;
        if let Some(of) = of {
            self.walk(walk, of, at, again)?;
        }
        let duty: &Duty = &policy.duties[id];
        let mut nodes = Vec::new();
        match (duty.for_each, of) {
            (Some(entity), Some(row)) => {
                for (row, point) in self.rows_meant(walk, entity, row, at, again)? {
                    nodes.push(DutyNode { id, row, period: None, point });
                }
            }
            (Some(_), None) => {}
            (None, _) if duty.each.is_none() => {
                nodes.push(DutyNode { id, row: NO_ROW, period: None, point: at.point });
            }
            (None, _) => {
                let is_open = self.periods_begun(id, at.point)?.is_open;
                for day in duty.window() {
                    self.walk(walk, day, at, again || is_open)?;
                }
                let periods = self.periods_meant(id, of, at)?;
                let node = |period| DutyNode { id, row: NO_ROW, period: Some(period), point: at.point };
                nodes.extend(periods.into_iter().map(node));
            }
        }
        nodes.into_iter().try_for_each(|node| {
            self.in_duty(node, |run, at| {
                Self::terms_of(duty).try_for_each(|part| run.walk(walk, part, at, again))?;
                let start = node.period.map_or(Day::FIRST, |period| period.first.0);
                run.walk_past(walk, duty.performance, start, at, again)
            })
        })
    }

    /// The rows an expression may mean, each with the point at which it is looked at; what keeps them open is noted.
    fn rows_meant(
        &mut self,
        walk: &mut Walk,
        entity: EntityId,
        row: ExprId,
        at: &At,
        again: bool,
    ) -> Result<Vec<(u32, Point)>> {
        if self.is_unstated(entity) {
            if walk.wanted == Wanted::Open {
                walk.note(SlotRef::Table(entity), self.is_dated(entity) || again);
            }
            return Ok(if self.is_dated(entity) { Vec::new() } else { vec![(ANY_ROW, at.point)] });
        }
        let rows = self.set(row, at)?;
        let mut found = Vec::new();
        for row in self.rows_of(entity, &rows) {
            match self.where_is(entity, row, at)? {
                Where::At(point) => found.push((row, point)),
                Where::Open(_) => self.walk_date(walk, entity, row, at)?,
            }
        }
        Ok(found)
    }

    /// O2, O5: what keeps a power, or what is read of its acts, open.
    pub(crate) fn walk_power(
        &mut self,
        walk: &mut Walk,
        id: PowerId,
        row: Option<ExprId>,
        question: PowerQuestion,
        at: &At,
        again: bool,
    ) -> Result<()> {
        let policy = self.policy;
        if let Some(row) = row {
            self.walk(walk, row, at, again)?;
        }
        let rows = match (policy.powers[id].for_each, row) {
            (Some(entity), Some(row)) => self.rows_meant(walk, entity, row, at, again)?,
            (Some(_), None) => Vec::new(),
            (None, _) => vec![(NO_ROW, at.point)],
        };
        for (row, point) in rows {
            if question == PowerQuestion::Test(PowerTest::Available) {
                let power: &Power = &policy.powers[id];
                self.in_power(id, row, point, |run, at| {
                    policy.rules[power.rule].window().try_for_each(|day| run.walk(walk, day, at, again))?;
                    let parts = power.requires.iter().filter(|one| !one.of_act);
                    parts.into_iter().try_for_each(|one| run.walk(walk, one.what, at, again))
                })?;
                continue;
            }
            self.walk_acts(walk, id, row, point, again)?;
            if let (PowerQuestion::Part(ActPart::Param(param)), Wanted::Open) = (question, walk.wanted) {
                for one in self.standing(id, row, point, false)?.acts {
                    let stated =
                        self.facts.acts.get(one.act as usize).and_then(|act| act.params.get(param as usize));
                    if stated.is_some_and(|value| !value.is_single()) {
                        walk.note(SlotRef::Parameter { act: one.act, param }, again);
                    }
                }
            }
        }
        Ok(())
    }

    /// Acts of a power, and of those that end it, as far as it is open whether they are valid; their open parameters.
    fn walk_acts(&mut self, walk: &mut Walk, id: PowerId, row: u32, point: Point, again: bool) -> Result<()> {
        for (place, act) in self.acts_about(id, row, point) {
            if walk.wanted == Wanted::Open && self.validity(place, point.known)?.mask.is_decided() {
                continue;
            }
            let decl: &'a Power = &self.policy.powers[act.power];
            let sight = Sight { day: act.on, group: decl.group };
            let judged = Point { day: act.on, known: point.known, sight };
            self.walk_in_act(walk, place, judged, |run, walk, at| {
                run.checks_of(decl).try_for_each(|check| run.walk(walk, check, at, again))
            })?;
        }
        Ok(())
    }

    /// The frame of an act, in which parameters are slots.
    fn walk_in_act<T>(
        &mut self,
        walk: &mut Walk,
        place: u32,
        point: Point,
        evaluate: impl FnOnce(&mut Self, &mut Walk, &At) -> Result<T>,
    ) -> Result<Option<T>> {
        let facts = self.facts;
        let Some(act) = facts.acts.get(place as usize) else { return Ok(None) };
        self.in_act(act.power, act.row.unwrap_or(NO_ROW), act, point, |run, at| {
            let before = walk.act.replace((place, at.base, u32::from(at.own.is_some())));
            let result = evaluate(run, walk, at);
            walk.act = before;
            result.map(Some)
        })
    }

    /// O4: the acts that may stand, what may end them, and what they offer.
    pub(crate) fn walk_effects(
        &mut self,
        walk: &mut Walk,
        id: PowerId,
        (contender, live): (&Contender, &[Arc<Offer>]),
        at: &At,
        again: bool,
    ) -> Result<()> {
        let (policy, facts) = (self.policy, self.facts);
        let row = at.row();
        self.walk_acts(walk, id, row, at.point, again)?;
        let lasting = policy.rules[contender.rule].lasting;
        for one in self.standing(id, row, at.point, true)?.acts {
            let Some(act) = facts.acts.get(one.act as usize) else { continue };
            if let Some(Lasting::Until(end)) = lasting.filter(|_| !one.mask.is_decided()) {
                self.walk_in_act(walk, one.act, at.point, |run, walk, at| {
                    run.walk_past(walk, end, act.on, at, again)
                })?;
            }
            let decided = live.iter().filter(|offer| offer.act == Some(one.act)).any(|offer| {
                offer.fault.is_none() && offer.values.iter().all(|offered| offered.value.is_single())
            });
            if walk.wanted == Wanted::Assumed || !decided {
                self.walk_in_act(walk, one.act, at.point, |run, walk, at| {
                    contender.clauses.iter().try_for_each(|clause| run.walk(walk, clause.value, at, again))
                })?;
            }
        }
        Ok(())
    }
}
