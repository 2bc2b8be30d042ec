//! What changed about duties, powers and acts.

use super::{Causes, Local, TwoPoints};
use crate::facts::Act;
use crate::outcome::{Cause, Point};
use crate::policy::{Contender, DutyId, EntityId, ExprId, Lasting, PowerId};
use crate::run::Set;
use crate::value::{Day, Possible, Value};

impl Causes<'_, '_> {
    /// What changed about a duty: its terms, its deadline, its performance.
    pub(super) fn duty(
        &mut self,
        id: DutyId,
        own: Option<(EntityId, u32)>,
        period: Option<Day>,
        pair: &TwoPoints,
    ) {
        let (policy, run) = (self.policy, &mut *self.run);
        let duty = &policy.duties[id];
        let row = own.map(|(_, row)| row);
        let (before, after) = (run.duty(id, row, period, pair.before), run.duty(id, row, period, pair.after));
        if let (true, Some((first, _))) = (before.period != after.period, after.period)
            && first == pair.after.day
        {
            self.note(Cause::Period { duty: id, first });
        }
        if duty.each.is_some() && period.is_none() {
            // Which period is the worst may be open: each is looked at by itself.
            for (first, _) in self.run.periods(id, pair.after) {
                let mut stands = |point| self.run.duty(id, row, Some(first), point);
                if stands(pair.before) != stands(pair.after) {
                    self.duty(id, own, Some(first), pair);
                }
            }
            return;
        }
        let base = self.locals.len();
        self.locals.extend(own.map(|(_, row)| Local::row(row)));
        let day = |day: Day| Local::fixed(Set::one(Value::Date(day)));
        let frame = after.period.or(before.period);
        self.locals.extend(frame.into_iter().flat_map(|(first, last)| [day(first), day(last)]));
        let inside = TwoPoints { base, own, ..*pair };
        let had = self.found.len();
        duty.condition.iter().for_each(|condition| self.top(*condition, &inside));
        if self.found.len() == had {
            self.top(duty.performance, &inside);
        }
        if self.found.len() == had {
            self.top(duty.deadline, &inside);
        }
        if self.found.len() == had
            && let Some(Value::Date(day)) = after.deadline.as_ref().and_then(Possible::single)
            && pair.before.day <= *day
            && *day < pair.after.day
        {
            self.note(Cause::Deadline { duty: id, day: *day });
        }
        self.locals.truncate(base);
    }

    /// Acts and threats that came between.
    pub(super) fn acts(&mut self, id: PowerId, row: Option<u32>, pair: &TwoPoints) {
        let (policy, facts) = (self.policy, self.facts);
        let came = |act: &Act| {
            let concerns = act.power == id || policy.powers[act.power].ends.contains(&id);
            let seen = |point: Point| act.on <= point.day && act.known <= point.known;
            let same_row = row.is_none() || act.row.is_none() || act.row == row;
            concerns && same_row && seen(pair.after) && !seen(pair.before)
        };
        for (place, _) in (0u32..).zip(&facts.acts).filter(|(_, act)| came(act)) {
            self.note(Cause::Act(place));
        }
        for (place, _) in (0u32..).zip(&facts.announcements).filter(|(_, act)| came(act)) {
            self.note(Cause::Threat(place));
        }
    }

    /// What ended the effect of an act: its `until`, or that its time is over.
    pub(super) fn lapses(&mut self, id: PowerId, row: Option<u32>, pair: &TwoPoints) {
        let (policy, facts) = (self.policy, self.facts);
        let rule = policy.powers[id].rule;
        let Some(lasting) = policy.rules[rule].lasting else { return };
        let before = self.run.power(id, row, pair.before);
        let after = self.run.power(id, row, pair.after);
        for (then, now) in before.acts.iter().zip(&after.acts) {
            if then.stands == now.stands {
                continue;
            }
            let Some(act) = facts.acts.get(then.act as usize) else { continue };
            let had = self.found.len();
            if let Lasting::Until(end) = lasting {
                let length = self.locals.len();
                self.give(act);
                self.top(end, pair);
                self.locals.truncate(length);
            }
            // A condition that came true by something noted already is no matter of time.
            let timed = matches!(lasting, Lasting::For(..)) || self.found.is_empty();
            if timed && self.found.len() == had {
                self.note(Cause::Lapsed(rule));
            }
        }
    }

    /// What the acts that stand offer.
    pub(super) fn effect(&mut self, id: PowerId, row: Option<u32>, contender: &Contender, pair: &TwoPoints) {
        let facts = self.facts;
        let stand = self.run.power(id, row, pair.after).acts;
        for one in stand.iter().filter(|act| act.stands.may_be_true()) {
            let Some(act) = facts.acts.get(one.act as usize) else { continue };
            let length = self.locals.len();
            self.give(act);
            contender.clauses.iter().for_each(|clause| self.top(clause.value, pair));
            self.locals.truncate(length);
        }
    }

    pub(super) fn duty_read(&mut self, id: DutyId, of: Option<ExprId>, pair: &TwoPoints) {
        of.iter().for_each(|of| self.expr(*of, pair));
        match (self.policy.duties[id].for_each, of) {
            (Some(entity), Some(of)) => {
                if let Some(row) = self.row(of, pair) {
                    self.duty(id, Some((entity, row)), None, pair);
                }
            }
            (None, Some(of)) => {
                if let (_, Some(period)) = self.days(of, pair) {
                    self.duty(id, None, Some(period), pair);
                }
            }
            (None, None) => self.duty(id, None, None, pair),
            (Some(_), None) => {}
        }
    }

    pub(super) fn power_read(&mut self, id: PowerId, row: Option<ExprId>, pair: &TwoPoints) {
        let policy = self.policy;
        row.iter().for_each(|row| self.expr(*row, pair));
        let row = row.and_then(|row| self.row(row, pair));
        let had = self.found.len();
        self.acts(id, row, pair);
        if self.found.len() > had {
            return;
        }
        let power = &policy.powers[id];
        self.inside(power.for_each, row, pair, |causes, pair| {
            if !causes.window(power.rule, pair) {
                let requires = power.requires.iter().filter(|one| !one.of_act);
                requires.for_each(|one| causes.expr(one.what, pair));
            }
        });
    }
}
