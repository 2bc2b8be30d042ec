//! How the duties and powers asked for stand.

use super::names::Chosen;
use crate::answers::{Conduct, DutyStanding, PowerStanding};
use crate::facts::Facts;
use crate::outcome::Point;
use crate::policy::{DutyId, EntityId, Policy, PowerId};
use crate::run::Evaluator;
use crate::value::Mask;

/// All rows and periods of what is asked for, and of other powers what is invalid.
pub fn conduct(
    run: &mut Evaluator<'_>,
    policy: &Policy,
    facts: &Facts,
    chosen: &Chosen,
    point: Point,
) -> Conduct {
    let mut all = ConductQuestion { run, policy, facts, point };
    let duties = chosen.duties().map(|id| (id, all.duty(id))).collect();
    let powers = chosen.powers().map(|id| (id, all.power(id))).collect();
    let asked: Vec<PowerId> = chosen.powers().collect();
    let mut others = Vec::new();
    for id in policy.powers.ids().filter(|id| !asked.contains(id)) {
        if facts.acts.iter().any(|act| act.power == id) {
            let invalid = |stood: &PowerStanding| stood.answer.acts.iter().any(|act| act.valid != Mask::TRUE);
            others.extend(all.power(id).into_iter().filter(invalid));
        }
    }
    Conduct { duties, powers, others }
}

struct ConductQuestion<'a, 'r> {
    run: &'r mut Evaluator<'a>,
    policy: &'r Policy,
    facts: &'r Facts,
    point: Point,
}

impl ConductQuestion<'_, '_> {
    fn duty(&mut self, id: DutyId) -> Vec<DutyStanding> {
        let duty = &self.policy.duties[id];
        if duty.each.is_some() {
            let periods = self.run.periods(id, self.point);
            let one = |(first, _)| Some(first);
            let periods: Vec<_> = periods.into_iter().map(one).collect();
            // Before the first period it is one that has not begun.
            let periods = if periods.is_empty() { vec![None] } else { periods };
            let point = self.point;
            let stood =
                |period| DutyStanding { point: Some(point), answer: self.run.duty(id, None, period, point) };
            return periods.into_iter().map(stood).collect();
        }
        let rows = self.rows(duty.for_each);
        let stood = |row| DutyStanding {
            point: self.point_of(duty.for_each, row),
            answer: self.run.duty(id, row, None, self.point),
        };
        rows.into_iter().map(stood).collect()
    }

    fn power(&mut self, id: PowerId) -> Vec<PowerStanding> {
        let for_each = self.policy.powers[id].for_each;
        let rows = self.rows(for_each);
        let stood = |row| PowerStanding {
            point: self.point_of(for_each, row),
            answer: self.run.power(id, row, self.point),
            ends: self.run.ends_of_acts(id, row, self.point),
        };
        rows.into_iter().map(stood).collect()
    }

    /// Every stated row; one that is none where there are no rows, or the table is not stated.
    fn rows(&self, entity: Option<EntityId>) -> Vec<Option<u32>> {
        let table = entity.and_then(|entity| self.facts.tables.try_get(entity)).and_then(Option::as_ref);
        match table {
            Some(table) => (0..u32::try_from(table.rows.len()).unwrap_or(u32::MAX)).map(Some).collect(),
            None => vec![None],
        }
    }

    fn point_of(&mut self, entity: Option<EntityId>, row: Option<u32>) -> Option<Point> {
        match entity.zip(row) {
            Some((entity, row)) => self.run.row_point(entity, row, self.point),
            None => Some(self.point),
        }
    }
}
