//! What duties and powers looked up, for the story: the acts that decide, and what they were judged by.

use crate::explain::reads::{BODY, DEPTH, Visited, tell};
use crate::outcome::{Point, Read, ReadOf, Sight};
use crate::policy::{Contender, Duty, DutyId, ExprId, Lasting, Power, PowerId, PowerTest, Rule};
use crate::run::{At, DutyNode, DutyPeriod, Evaluator, NO_ROW, Result, Set, Where};
use crate::value::{Day, Value};

impl<'a> Evaluator<'a> {
    /// What a test of a power of one row, or what is read of its act, rests on.
    pub(crate) fn read_power(
        &mut self,
        reads: &mut Vec<Read>,
        (id, row): (PowerId, Option<ExprId>),
        test: Option<PowerTest>,
        at: &At,
        visited: &mut Visited,
    ) -> Result<()> {
        let policy = self.policy;
        let (row, point) = match (policy.powers[id].for_each, row) {
            (None, _) => (NO_ROW, at.point),
            (Some(entity), Some(row)) => match self.set(row, at)?.single() {
                Some(Value::Row(row)) => {
                    let row = *row;
                    match self.where_is(entity, row, at)? {
                        Where::At(point) => (row, point),
                        Where::Open(_) => return Ok(()),
                    }
                }
                _ => return Ok(()),
            },
            (Some(_), None) => return Ok(()),
        };
        match test {
            Some(PowerTest::Available) => self.read_available(reads, (id, row), point, visited),
            Some(PowerTest::Threatened) => Ok(()),
            Some(PowerTest::Invalid) => {
                let acts = self.acts_of(id, row, point);
                acts.into_iter().try_for_each(|(place, _)| self.read_act(reads, place, point, visited))
            }
            Some(PowerTest::Done) | None => self.read_acts(reads, (id, row), point, visited),
        }
    }

    fn read_available(
        &mut self,
        reads: &mut Vec<Read>,
        (id, row): (PowerId, u32),
        point: Point,
        visited: &mut Visited,
    ) -> Result<()> {
        let policy = self.policy;
        let power: &Power = &policy.powers[id];
        self.deeper(visited, |run, visited| {
            run.in_power(id, row, point, |run, at| {
                let requires = power.requires.iter().filter(|one| !one.of_act).map(|one| one.what);
                let mut parts = policy.rules[power.rule].window().chain(requires);
                parts.try_for_each(|part| run.read_into(reads, part, at, visited))
            })
        })
    }

    /// The acts of a power and those that end it.
    fn read_acts(
        &mut self,
        reads: &mut Vec<Read>,
        (id, row): (PowerId, u32),
        point: Point,
        visited: &mut Visited,
    ) -> Result<()> {
        let acts = self.acts_about(id, row, point);
        acts.into_iter().try_for_each(|(place, _)| self.read_act(reads, place, point, visited))
    }

    /// An act, and what it was judged by on its day (O2).
    fn read_act(
        &mut self,
        reads: &mut Vec<Read>,
        place: u32,
        point: Point,
        visited: &mut Visited,
    ) -> Result<()> {
        let mask = self.validity(place, point.known)?.mask;
        let mut inner = Vec::new();
        self.read_checks(&mut inner, place, point.known, visited)?;
        tell(reads, ReadOf::Act(place), point, Set::from_mask(mask, None), inner, visited);
        Ok(())
    }

    pub(crate) fn read_checks(
        &mut self,
        reads: &mut Vec<Read>,
        place: u32,
        known: Day,
        visited: &mut Visited,
    ) -> Result<()> {
        let (policy, facts) = (self.policy, self.facts);
        let Some(act) = facts.acts.get(place as usize) else { return Ok(()) };
        let power: &'a Power = &policy.powers[act.power];
        let judged = Point { day: act.on, known, sight: Sight { day: act.on, group: power.group } };
        self.deeper(visited, |run, visited| {
            run.in_act(act.power, act.row.unwrap_or(NO_ROW), act, judged, |run, at| {
                run.checks_of(power).try_for_each(|check| run.read_into(reads, check, at, visited))
            })
        })
    }

    /// O4: the acts that may stand, what ends them, and what they offer.
    pub(crate) fn read_effects(
        &mut self,
        reads: &mut Vec<Read>,
        (id, rule): (PowerId, &'a Rule),
        contender: &Contender,
        at: &At,
        visited: &mut Visited,
    ) -> Result<()> {
        let (facts, row) = (self.facts, at.row());
        self.read_acts(reads, (id, row), at.point, visited)?;
        if let Some(lasting) = rule.lasting {
            for (place, _) in self.acts_of(id, row, at.point) {
                self.read_lapse(reads, place, lasting, at, visited)?;
            }
        }
        for one in self.standing(id, row, at.point, true)?.acts {
            let Some(act) = facts.acts.get(one.act as usize) else { continue };
            self.in_act(id, row, act, at.point, |run, at| {
                let values = contender.clauses.iter().map(|clause| clause.value);
                values.into_iter().try_for_each(|value| run.read_into(reads, value, at, visited))
            })?;
        }
        Ok(())
    }

    /// What may have ended the effect of an act that is, or may be, valid.
    pub(crate) fn read_lapse(
        &mut self,
        reads: &mut Vec<Read>,
        place: u32,
        lasting: Lasting,
        at: &At,
        visited: &mut Visited,
    ) -> Result<()> {
        let facts = self.facts;
        let Some(act) = facts.acts.get(place as usize) else { return Ok(()) };
        if self.validity(place, at.point.known)?.mask.is_false() {
            return Ok(());
        }
        self.in_act(act.power, act.row.unwrap_or(NO_ROW), act, at.point, |run, at| match lasting {
            Lasting::Until(end) => run.read_past(reads, end, (act.on, None), at, visited),
            Lasting::For(wait, _) => run.read_into(reads, wait, &at.on(act.on), visited),
        })
    }

    /// Tells what is below a body, unless that is too deep.
    pub(crate) fn deeper(
        &mut self,
        visited: &mut Visited,
        tell: impl FnOnce(&mut Self, &mut Visited) -> Result<()>,
    ) -> Result<()> {
        if visited.depth >= DEPTH {
            return Ok(());
        }
        visited.depth += BODY;
        let result = tell(self, visited);
        visited.depth -= BODY;
        result
    }

    /// What a duty of one row, of no row, or of its periods looks at.
    pub(crate) fn read_duty(
        &mut self,
        reads: &mut Vec<Read>,
        id: DutyId,
        of: Option<ExprId>,
        at: &At,
        visited: &mut Visited,
    ) -> Result<()> {
        let policy = self.policy;
        let duty: &Duty = &policy.duties[id];
        if visited.depth >= DEPTH {
            return Ok(());
        }
        let node = |row, period| DutyNode { id, row, period, point: at.point };
        let nodes = match (duty.for_each, of) {
            (Some(_), Some(row)) => match self.set(row, at)?.single() {
                Some(Value::Row(row)) => vec![node(*row, None)],
                _ => return Ok(()),
            },
            (Some(_), None) => return Ok(()),
            (None, _) if duty.each.is_none() => vec![node(NO_ROW, None)],
            (None, of) => {
                duty.window().try_for_each(|day| self.read_into(reads, day, at, visited))?;
                let periods = self.periods_meant(id, of, at)?.into_iter();
                periods.map(|period| node(NO_ROW, Some(period))).collect()
            }
        };
        self.deeper(visited, |run, visited| {
            nodes.into_iter().try_for_each(|node| {
                run.in_duty(node, |run, at| run.read_terms(reads, (duty, node.period), at, visited))
            })
        })
    }

    fn read_terms(
        &mut self,
        reads: &mut Vec<Read>,
        (duty, period): (&Duty, Option<DutyPeriod>),
        at: &At,
        visited: &mut Visited,
    ) -> Result<()> {
        let owed = duty.condition.map(|condition| self.set(condition, at)).transpose()?;
        if owed.is_some_and(|owed| owed.mask().is_false()) {
            return duty.condition.iter().try_for_each(|part| self.read_into(reads, *part, at, visited));
        }
        Self::terms_of(duty).try_for_each(|part| self.read_into(reads, part, at, visited))?;
        let start = period.map_or(Day::FIRST, |period| period.first.0);
        self.read_past(reads, duty.performance, (start, None), at, visited)
    }
}
