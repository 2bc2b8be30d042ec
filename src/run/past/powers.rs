//! Powers and acts (O1–O6): what is valid, what stands, what may be done.

use crate::facts::Act;
use crate::outcome::{ActAnswer, Failure, Fault, Point, PowerAnswer, Sight};
use crate::policy::deps::Node;
use crate::policy::{ActPart, EntityId, ExprId, Power, PowerId, PowerTest, Rule, Type};
use crate::run::frame::{ANY_ROW, At, NO_ROW};
use crate::run::sets::lift;
use crate::run::sets::rows::Where;
use crate::run::sets::set::Set;
use crate::run::{Deep, Evaluator, Result, SettleTask};
use crate::value::{Dates, Day, Interval, Mask, Number, Possible};
use std::sync::Arc;

/// Whether an act is valid, as known on a day (O2).
#[derive(Clone, Debug)]
pub(crate) struct Validity {
    pub mask: Mask,
    pub failures: Vec<Failure>,
    pub fault: Option<Arc<Fault>>,
}

impl<'a> Evaluator<'a> {
    /// How a power stands, of a row if it is for each row.
    pub fn power(&mut self, id: PowerId, row: Option<u32>, point: Point) -> PowerAnswer {
        let policy = self.policy;
        let power: &Power = &policy.powers[id];
        let any = row.unwrap_or(ANY_ROW);
        let (number, point) = self.place_asked(power.for_each, row, point).unwrap_or((any, point));
        self.settle(|run| run.power_at(id, number, point))
    }

    fn power_at(&mut self, id: PowerId, row: u32, point: Point) -> Result<PowerAnswer> {
        let policy = self.policy;
        let power: &Power = &policy.powers[id];
        let (force, requires) = self.in_power(id, row, point, |run, at| {
            let rule: &Rule = &policy.rules[power.rule];
            let force = run.set_in_force(rule, at)?;
            let mut requires = Vec::new();
            for one in power.requires.iter().filter(|one| !one.of_act) {
                requires.push((one.what, run.set(one.what, at)?.mask()));
            }
            Ok((force, requires))
        })?;
        let available = self.test_power(id, row, PowerTest::Available, point)?;
        let done = self.test_power(id, row, PowerTest::Done, point)?;
        let standing = self.standing(id, row, point, true)?;
        let mut acts = Vec::new();
        for (place, _) in self.acts_of(id, row, point) {
            let validity = self.validity(place, point.known)?;
            let stands =
                standing.acts.iter().find(|one| one.act == place).map_or(Mask::FALSE, |one| one.mask);
            let stands = stands.and(force.mask());
            let failures = validity.failures.clone();
            acts.push(ActAnswer { act: place, valid: validity.mask, failures, stands });
        }
        Ok(PowerAnswer {
            power: id,
            row: Some(row).filter(|row| *row != ANY_ROW && *row != NO_ROW),
            in_force: force.mask(),
            available: available.mask(),
            done: done.mask(),
            requires,
            acts,
            threats: self.threats(id, row, point),
            fault: available.fault.or(done.fault),
        })
    }

    /// O5
    pub(crate) fn set_power(
        &mut self,
        id: PowerId,
        row: Option<ExprId>,
        test: PowerTest,
        at: &At,
    ) -> Result<Set> {
        self.of_rows(id, row, &Type::Bool, at, |run, row, point| run.test_power(id, row, test, point))
    }

    /// O5
    pub(crate) fn set_act(
        &mut self,
        expr: ExprId,
        id: PowerId,
        row: Option<ExprId>,
        part: ActPart,
        at: &At,
    ) -> Result<Set> {
        let policy = self.policy;
        let ty = policy.exprs.ty(expr);
        self.of_rows(id, row, ty, at, |run, row, point| run.part_of_act(expr, id, row, part, point))
    }

    /// O8: the valid acts from a day on, each where the row is evaluated; of acts in doubt as in C2.
    pub(crate) fn set_act_count(
        &mut self,
        expr: ExprId,
        id: PowerId,
        row: Option<ExprId>,
        since: ExprId,
        at: &At,
    ) -> Result<Set> {
        let policy = self.policy;
        let from = self.set(since, at)?;
        if from.is_error() {
            return Ok(from);
        }
        let since = lift::dates(&from.values);
        let ty = policy.exprs.ty(expr);
        let count =
            self.of_rows(id, row, ty, at, |run, row, point| run.count_acts(id, row, &since, point))?;
        Ok(count.or_fault(from.fault))
    }

    fn count_acts(&mut self, id: PowerId, row: u32, since: &Dates, point: Point) -> Result<Set> {
        let (mut certain, mut possible, mut may_fail) = (0_i64, 0_i64, None);
        for (place, act) in self.acts_of(id, row, point) {
            let inside = since.less_or_equal(&Dates::point(act.on));
            if inside.is_false() {
                continue;
            }
            let validity = self.validity(place, point.known)?;
            let counted = inside.and(validity.mask);
            if counted.is_error() {
                return Ok(Set::from_mask(counted, validity.fault.clone()));
            }
            may_fail = may_fail.or(validity.fault.clone().filter(|_| counted.may_be_error()));
            if counted.may_be_true() {
                possible = possible.saturating_add(1);
                certain = certain.saturating_add(i64::from(!counted.may_be_false()));
            }
        }
        let range = Interval::between(Number::from(certain), Number::from(possible));
        let values = Possible::numbers(range.unwrap_or_else(Interval::all));
        Ok(Set { values, fault: may_fail })
    }

    /// What a power comes to for the row an expression means, each where it is evaluated (T9).
    fn of_rows(
        &mut self,
        id: PowerId,
        row: Option<ExprId>,
        ty: &Type,
        at: &At,
        mut of: impl FnMut(&mut Self, u32, Point) -> Result<Set>,
    ) -> Result<Set> {
        let policy = self.policy;
        let power: &Power = &policy.powers[id];
        let Some(entity) = power.for_each else { return of(self, NO_ROW, at.point) };
        let rows = match row {
            Some(row) => self.set(row, at)?,
            None => Set::of(Possible::Any),
        };
        if self.is_unstated(entity) && !rows.is_error() {
            // No act can be stated for a row of a table that is not.
            return Ok(of(self, ANY_ROW, at.point)?.or_fault(rows.fault));
        }
        self.over_rows(entity, &rows, ty, |run, row| match run.where_is(entity, row, at)? {
            Where::At(point) => of(run, row, point),
            Where::Open(date) if date.is_error() => Ok(date),
            Where::Open(_) => Ok(lift::open_day(ty, power.span)),
        })
    }

    pub(crate) fn test_power(&mut self, id: PowerId, row: u32, test: PowerTest, point: Point) -> Result<Set> {
        let policy = self.policy;
        match test {
            PowerTest::Available => self.in_power(id, row, point, |run, at| {
                let power: &Power = &policy.powers[id];
                let rule: &Rule = &policy.rules[power.rule];
                let force = run.set_in_force(rule, at)?;
                let (mut all, mut may_fail) = (force.mask(), force.fault);
                for one in power.requires.iter().filter(|one| !one.of_act) {
                    if all.is_false() {
                        break;
                    }
                    let set = run.set(one.what, at)?;
                    all = all.and(set.mask());
                    may_fail = may_fail.or(set.fault);
                }
                Ok(Set::from_mask(all, may_fail))
            }),
            PowerTest::Done => {
                let standing = self.standing(id, row, point, false)?;
                let may_fail = standing.acts.iter().find_map(|one| one.fault.clone());
                Ok(Set::from_mask(standing.any, may_fail))
            }
            PowerTest::Invalid => {
                let (mut any, mut may_fail) = (Mask::FALSE, None);
                for (place, _) in self.acts_of(id, row, point) {
                    let validity = self.validity(place, point.known)?;
                    any = any.or(validity.mask.not());
                    may_fail = may_fail.or(validity.fault.clone());
                }
                Ok(Set::from_mask(any, may_fail))
            }
            PowerTest::Threatened => Ok(Set::bool(!self.threats(id, row, point).is_empty())),
        }
    }

    /// Acts of a power and row that are seen at a point, in order of their days (O2, O6).
    pub(crate) fn acts_of(&self, id: PowerId, row: u32, point: Point) -> Vec<(u32, &'a Act)> {
        let mut acts: Vec<(u32, &'a Act)> = self.latest_acts(id, row, point).collect();
        acts.reverse();
        acts
    }

    /// The same, the latest first.
    pub(crate) fn latest_acts(
        &self,
        id: PowerId,
        row: u32,
        point: Point,
    ) -> impl Iterator<Item = (u32, &'a Act)> {
        let facts = self.facts;
        let group = self.policy.powers[id].group;
        let places = self.plan.acts.get(&(id, row)).map_or(&[][..], Vec::as_slice);
        let all = places.iter().rev().filter_map(move |at| Some((*at, facts.acts.get(*at as usize)?)));
        all.filter(move |(_, act)| {
            act.on <= point.day && act.known <= point.known && point.sight.sees(act.on, group)
        })
    }

    pub(crate) fn threats(&self, id: PowerId, row: u32, point: Point) -> Vec<u32> {
        let seen = |act: &Act| {
            act.power == id
                && act.row.unwrap_or(NO_ROW) == row
                && act.on <= point.day
                && act.known <= point.known
        };
        (0u32..).zip(&self.facts.announcements).filter(|(_, act)| seen(act)).map(|(at, _)| at).collect()
    }

    /// Acts of powers that end this one, on the day of an act of it or later, in the order of their days; valid or not.
    pub(crate) fn enders(&self, id: PowerId, row: u32, act: &Act, point: Point) -> Vec<u32> {
        let all = self.acts_that_end(id, row, point).into_iter();
        all.filter(|(_, later)| later.on >= act.on).map(|(place, _)| place).collect()
    }

    /// Acts of powers that end this one, in the order of their days: of the same row, where both have one.
    pub(crate) fn acts_that_end(&self, id: PowerId, row: u32, point: Point) -> Vec<(u32, &'a Act)> {
        let policy = self.policy;
        let mut found = Vec::new();
        for (other, ends) in policy.powers.iter().filter(|(_, other)| other.ends.contains(&id)) {
            let rows: Vec<u32> = match (ends.for_each, policy.powers[id].for_each) {
                (Some(_), Some(_)) => vec![row],
                (None, _) => vec![NO_ROW],
                (Some(entity), None) => self.all_rows(entity),
            };
            found.extend(rows.into_iter().flat_map(|row| self.acts_of(other, row, point)));
        }
        // Of one day by name, for the order of the text is no matter.
        found.sort_by_key(|(_, act)| (act.on, policy.powers[act.power].name.as_str()));
        found
    }

    /// O2: whether an act is valid, with what is known on a day.
    pub(crate) fn validity(&mut self, place: u32, known: Day) -> Result<Arc<Validity>> {
        let (policy, facts) = (self.policy, self.facts);
        let Some(act) = facts.acts.get(place as usize) else {
            return Ok(Arc::new(Validity { mask: Mask::FALSE, failures: Vec::new(), fault: None }));
        };
        let learns = !self.is_given(Node::Acts(act.power));
        if let Some(validity) = self.validities.get(&(place, known)).filter(|_| learns) {
            return Ok(validity.clone());
        }
        let power: &Power = &policy.powers[act.power];
        let height = self.plan.height_of_power(act.power);
        if self.is_too_deep(height) {
            self.deep = Some(SettleTask::Act(place, known));
            return Err(Deep);
        }
        self.depth += height;
        // O6: it sees what came before it.
        let sight = Sight { day: act.on, group: power.group };
        let point = Point { day: act.on, known, sight };
        let row = act.row.unwrap_or(NO_ROW);
        let validity = self.in_act(act.power, row, act, point, |run, at| run.judge_act(act, power, at));
        self.depth -= height;
        let validity = Arc::new(validity?);
        if learns {
            self.validities.insert((place, known), validity.clone());
        }
        Ok(validity)
    }

    fn judge_act(&mut self, act: &Act, power: &'a Power, at: &At) -> Result<Validity> {
        let policy = self.policy;
        let mut made = Validity { mask: Mask::TRUE, failures: Vec::new(), fault: None };
        if !power.held_by.are(&act.by) {
            made.mask = Mask::FALSE;
            made.failures.push(Failure::Holder);
        }
        let rule: &Rule = &policy.rules[power.rule];
        let force = self.set_in_force(rule, at)?;
        if !force.mask().is_true() {
            made.failures.push(Failure::NotInForce(force.mask()));
        }
        made.mask = made.mask.and(force.mask());
        made.fault = force.fault;
        for one in &power.requires {
            let set = self.set(one.what, at)?;
            if !set.mask().is_true() {
                made.failures.push(Failure::Requirement(one.what, set.mask()));
            }
            made.mask = made.mask.and(set.mask());
            made.fault = made.fault.take().or(set.fault);
        }
        if !made.mask.may_be_error() {
            made.fault = None;
        }
        Ok(made)
    }

    /// The frame of a power's expressions that mention no parameter.
    pub(crate) fn in_power<T>(
        &mut self,
        id: PowerId,
        row: u32,
        point: Point,
        evaluate: impl FnOnce(&mut Self, &At) -> T,
    ) -> T {
        let own = self.policy.powers[id].for_each.map(|entity| (entity, row));
        self.in_row(own, point, evaluate)
    }

    /// The frame with the parameters of an act.
    pub(crate) fn in_act<T>(
        &mut self,
        id: PowerId,
        row: u32,
        act: &'a Act,
        point: Point,
        evaluate: impl FnOnce(&mut Self, &At) -> T,
    ) -> T {
        self.in_power(id, row, point, |run, at| {
            run.locals.extend(act.params.iter().cloned().map(Set::of));
            evaluate(run, at)
        })
    }

    fn all_rows(&self, entity: EntityId) -> Vec<u32> {
        let facts = self.facts;
        let table = facts.tables.try_get(entity).and_then(Option::as_ref);
        table
            .map_or_else(Vec::new, |table| (0..u32::try_from(table.rows.len()).unwrap_or(u32::MAX)).collect())
    }
}
