//! The story of a duty (D1, D2) and of a power with its acts (O2, O4).

use crate::explain::reads::Visited;
use crate::facts::Act;
use crate::outcome::{
    ActEnd, ActStory, DutyPart, DutyStory, EndsBy, Judged, Point, PowerStory, Sight, Valued,
};
use crate::policy::{Dated, Duty, DutyId, DutyState, ExprId, Lasting, Power, PowerId, Rule};
use crate::run::{ANY_ROW, At, DutyNode, DutyPeriod, Evaluator, Followed, NO_ROW, Result};
use crate::value::{Day, Possible, Value};
use std::collections::BTreeMap;

impl<'a> Evaluator<'a> {
    /// What `why` prints of a duty; of a recurring one also of the one period that begins on a day.
    pub fn duty_story(
        &mut self,
        id: DutyId,
        row: Option<u32>,
        period: Option<Day>,
        point: Point,
    ) -> DutyStory {
        let policy = self.policy;
        let duty: &Duty = &policy.duties[id];
        let answer = self.duty(id, row, period, point);
        let Some((number, point)) = self.place_asked(duty.for_each, row, point) else {
            return DutyStory { duty: id, row: duty.for_each.zip(row), point, answer, parts: Vec::new() };
        };
        let row = duty.for_each.zip(row).filter(|_| number != ANY_ROW);
        let parts = self.settle(|run| {
            let periods: Vec<Option<DutyPeriod>> = match (duty.each, period) {
                (None, _) => vec![None],
                (Some(_), Some(first)) => {
                    run.period_of(id, first, &run.outside(point))?.into_iter().map(Some).collect()
                }
                (Some(_), None) => {
                    run.periods_begun(id, point)?.list.into_iter().map(|begun| Some(begun.period)).collect()
                }
            };
            // What is told of one period is told again of the next.
            let part = |period: &Option<DutyPeriod>| {
                run.duty_part(DutyNode { id, row: number, period: *period, point }, &mut Visited::default())
            };
            periods.iter().map(part).collect::<Result<Vec<DutyPart>>>()
        });
        DutyStory { duty: id, row, point, answer, parts }
    }

    fn duty_part(&mut self, node: DutyNode, visited: &mut Visited) -> Result<DutyPart> {
        let policy = self.policy;
        let duty: &Duty = &policy.duties[node.id];
        let answer = (*self.duty_of(node)?).clone();
        self.in_duty(node, |run, at| {
            let owed = duty.condition.map(|condition| run.judged(condition, at, visited)).transpose()?;
            let mut part = DutyPart {
                answer,
                owed,
                start: None,
                from: None,
                until: None,
                deadline: None,
                performance: None,
            };
            if part.owed.as_ref().is_some_and(|owed| owed.mask.is_false()) {
                return Ok(part);
            }
            if node.period.is_none() {
                part.start = duty.start.map(|start| run.looked_up(start, at, visited)).transpose()?;
                part.from = run.known_day(duty.from.as_ref().filter(|_| duty.start.is_none()), at)?;
                part.until = run.known_day(duty.until.as_ref(), at)?;
            }
            part.deadline = Some(run.looked_up(duty.deadline, at, visited)?);
            let day = match part.answer.states.single() {
                Some(DutyState::Fulfilled | DutyState::Cured) => part.answer.since,
                _ => None,
            };
            let at = day.map_or(*at, |day| at.on(day));
            part.performance = Some(run.judged(duty.performance, &at, visited)?);
            Ok(part)
        })
    }

    /// What `why` prints of a power.
    pub fn power_story(&mut self, id: PowerId, row: Option<u32>, point: Point) -> PowerStory {
        let policy = self.policy;
        let power: &Power = &policy.powers[id];
        let answer = self.power(id, row, point);
        let own = power.for_each.zip(row);
        let (number, point) = self.place_asked(power.for_each, row, point).unwrap_or((ANY_ROW, point));
        let rule: &Rule = &policy.rules[power.rule];
        let (requires, from, until) = self.settle(|run| {
            run.in_power(id, number, point, |run, at| {
                let mut visited = Visited::default();
                let mut requires = Vec::new();
                for one in power.requires.iter().filter(|one| !one.of_act) {
                    requires.push(run.judged(one.what, at, &mut visited)?);
                }
                let from = run.known_day(rule.from.as_ref(), at)?;
                Ok((requires, from, run.known_day(rule.until.as_ref(), at)?))
            })
        });
        let acts = answer.acts.iter().map(|act| {
            let (checks, end) = self.settle(|run| {
                let checks = run.checks(act.act, power, point.known)?;
                let end = if act.valid.may_be_true() { run.act_end(act.act, point)? } else { None };
                Ok((checks, end))
            });
            ActStory { answer: act.clone(), checks, end }
        });
        let acts: Vec<ActStory> = acts.collect();
        let of_act = power.requires.iter().filter(|one| one.of_act).map(|one| one.what).collect();
        PowerStory { power: id, row: own, point, answer, from, until, requires, of_act, acts }
    }

    /// What ended the acts of a power, or will.
    pub fn ends_of_acts(&mut self, id: PowerId, row: Option<u32>, point: Point) -> BTreeMap<u32, ActEnd> {
        let for_each = self.policy.powers[id].for_each;
        let Some((number, point)) = self.place_asked(for_each, row, point) else { return BTreeMap::new() };
        self.settle(|run| {
            let mut ends = BTreeMap::new();
            for (place, _) in run.acts_of(id, number, point) {
                if run.validity(place, point.known)?.mask.may_be_true()
                    && let Some(end) = run.act_end(place, point)?
                {
                    ends.insert(place, end);
                }
            }
            Ok(ends)
        })
    }

    fn looked_up(&mut self, expr: ExprId, at: &At, visited: &mut Visited) -> Result<Valued> {
        let set = self.set(expr, at)?;
        let reads = self.reads(expr, at, visited)?;
        Ok(Valued { expr, value: set.values, fault: set.fault, reads })
    }

    fn known_day(&mut self, dated: Option<&Dated>, at: &At) -> Result<Option<Possible>> {
        match dated {
            Some(dated) => Ok(Some(self.set_known_day(dated, at)?.values)),
            None => Ok(None),
        }
    }

    /// Every requirement of an act, on its day (O2).
    fn checks(&mut self, place: u32, power: &'a Power, known: Day) -> Result<Vec<Judged>> {
        let facts = self.facts;
        let Some(act) = facts.acts.get(place as usize) else { return Ok(Vec::new()) };
        let point = Point { day: act.on, known, sight: Sight { day: act.on, group: power.group } };
        self.in_act(act.power, act.row.unwrap_or(NO_ROW), act, point, |run, at| {
            let mut visited = Visited::default();
            power.requires.iter().map(|one| run.judged(one.what, at, &mut visited)).collect()
        })
    }

    /// The first thing that certainly ended the effect of an act, or will (O4).
    fn act_end(&mut self, place: u32, point: Point) -> Result<Option<ActEnd>> {
        let (policy, facts) = (self.policy, self.facts);
        let Some(act) = facts.acts.get(place as usize) else { return Ok(None) };
        let row = act.row.unwrap_or(NO_ROW);
        let power: &Power = &policy.powers[act.power];
        let mut ends: Vec<ActEnd> = Vec::new();
        for other in self.enders(act.power, row, act, point) {
            ends.extend(self.ends_by(other, point, EndsBy::Act)?);
        }
        for (other, later) in self.acts_of(act.power, row, point) {
            if later.on > act.on {
                ends.extend(self.ends_by(other, point, EndsBy::Next)?);
            }
        }
        let rule: &Rule = &policy.rules[power.rule];
        if let Some(lasting) = rule.lasting {
            let end = self.in_act(act.power, row, act, point, |run, at| run.end_of(act, lasting, at))?;
            ends.extend(end);
        }
        if let Some(Possible::One(Value::Date(day))) =
            self.in_power(act.power, row, point, |run, at| run.known_day(rule.until.as_ref(), at))?
            && !day.is_never()
        {
            ends.push(ActEnd { day, by: EndsBy::Window });
        }
        Ok(ends.into_iter().min_by_key(|end| end.day))
    }

    fn ends_by(&mut self, place: u32, point: Point, by: fn(u32) -> EndsBy) -> Result<Option<ActEnd>> {
        let facts = self.facts;
        let valid = self.validity(place, point.known)?.mask.is_true();
        let act = facts.acts.get(place as usize).filter(|_| valid);
        Ok(act.map(|act| ActEnd { day: act.on, by: by(place) }))
    }

    fn end_of(&mut self, act: &Act, lasting: Lasting, at: &At) -> Result<Option<ActEnd>> {
        match lasting {
            Lasting::Until(end) => {
                let steps = self.follow(Followed::Condition(end), act.on, at)?;
                let mut stretches = steps.until(at.point.day).filter(|stretch| stretch.last >= act.on);
                let first = stretches.find(|stretch| stretch.mask.is_true());
                Ok(first.map(|stretch| ActEnd { day: stretch.first.max(act.on), by: EndsBy::Condition(end) }))
            }
            Lasting::For(wait, kind) => Ok(match self.shifted(act.on, (wait, kind), at)?.single() {
                Some(Value::Date(day)) => Some(ActEnd { day: *day, by: EndsBy::Time(wait) }),
                _ => None,
            }),
        }
    }
}
