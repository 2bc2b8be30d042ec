//! Powers and acts (O1–O6): what is valid, what stands, what may be done.

use crate::facts::Act;
use crate::outcome::{ActAnswer, Failure, Fault, Point, PowerAnswer, Sight};
use crate::policy::{ActPart, EntityId, ExprId, Lasting, Power, PowerId, PowerTest, Rule, Type};
use crate::run::frame::{ANY_ROW, At, NO_ROW};
use crate::run::past::history::Followed;
use crate::run::sets::lift;
use crate::run::sets::rows::Where;
use crate::run::sets::set::{Set, fault, fault_with};
use crate::run::{Deep, Evaluator, Result, SettleTask};
use crate::value::{Day, Mask, Possible, Trouble, Value};
use std::sync::Arc;

/// Whether an act is valid, as known on a day (O2).
#[derive(Clone, Debug)]
pub(crate) struct Validity {
    pub mask: Mask,
    pub failures: Vec<Failure>,
    pub fault: Option<Arc<Fault>>,
}

/// An act that may stand.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    /// Its place in the facts.
    pub act: u32,
    pub mask: Mask,
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
            let stands = standing.iter().find(|one| one.act == place).map_or(Mask::FALSE, |one| one.mask);
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
                let (mut any, mut may_fail) = (Mask::FALSE, None);
                for one in standing {
                    any = any.or(one.mask);
                    may_fail = may_fail.or(one.fault);
                }
                Ok(Set::from_mask(any, may_fail))
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

    /// O5: of the act by which the power is done.
    fn part_of_act(
        &mut self,
        expr: ExprId,
        id: PowerId,
        row: u32,
        part: ActPart,
        point: Point,
    ) -> Result<Set> {
        let (policy, facts) = (self.policy, self.facts);
        let span = policy.exprs.span(expr);
        let standing = self.standing(id, row, point, false)?;
        let (mut done, mut found, mut may_fail) = (Mask::FALSE, None::<Set>, None);
        let mut certain: Option<Set> = None;
        for one in &standing {
            done = done.or(one.mask);
            may_fail = may_fail.or(one.fault.clone());
            let Some(act) = facts.acts.get(one.act as usize) else { continue };
            let set = part_of(policy, act, part);
            if !one.mask.may_be_true() {
                continue;
            }
            // Two acts of one day that differ: which one is meant cannot be told.
            if one.mask.is_true() && certain.as_ref().is_some_and(|first| *first != set) {
                return Ok(Set::fails(fault(Trouble::Tie, span)));
            }
            if found.as_ref().is_some_and(|found| *found != set) {
                may_fail = may_fail.or_else(|| Some(fault(Trouble::Tie, span)));
            }
            if one.mask.is_true() {
                certain = Some(set.clone());
            }
            found = Some(match found {
                Some(found) => found.join(&set),
                None => set,
            });
        }
        let nothing = match part {
            ActPart::On => Set::one(Value::Date(Day::NEVER)),
            ActPart::By | ActPart::Param(_) => {
                let name = &policy.powers[id].name;
                Set::fails(fault_with(Trouble::NothingToChooseFrom, span, format!("{name} is not done")))
            }
        };
        let set = match (found, done.may_be_false()) {
            (Some(found), true) => found.join(&nothing),
            (Some(found), false) => found,
            (None, _) if done.is_error() => Set { values: Possible::Nothing, fault: None },
            (None, _) => nothing,
        };
        let fails =
            done.may_be_error() || may_fail.as_ref().is_some_and(|fault| fault.trouble == Trouble::Tie);
        Ok(if fails { set.or_fault(may_fail) } else { set })
    }

    /// Acts of a power and row that are seen at a point, in order of their days (O2, O6).
    pub(crate) fn acts_of(&self, id: PowerId, row: u32, point: Point) -> Vec<(u32, &'a Act)> {
        let mut acts: Vec<(u32, &'a Act)> = self.latest_acts(id, row, point).collect();
        acts.reverse();
        acts
    }

    /// The same, the latest first.
    fn latest_acts(&self, id: PowerId, row: u32, point: Point) -> impl Iterator<Item = (u32, &'a Act)> {
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

    /// O4, O5: acts that may be the standing one, the latest first. With `effect` also what `until` and `for` end.
    pub(crate) fn standing(
        &mut self,
        id: PowerId,
        row: u32,
        point: Point,
        effect: bool,
    ) -> Result<Vec<Standing>> {
        let mut found = Vec::new();
        // Whether no later act is valid.
        let (mut last, mut fault) = (Mask::TRUE, None::<Arc<Fault>>);
        let acts: Vec<(u32, &Act)> = self.latest_acts(id, row, point).collect();
        for same_day in acts.chunk_by(|(_, a), (_, b)| a.on == b.on) {
            let mut any = Mask::FALSE;
            for (place, act) in same_day {
                let validity = self.validity(*place, point.known)?;
                any = any.or(validity.mask);
                let mut mask = last.and(validity.mask);
                let mut may_fail = fault.clone().or(validity.fault.clone());
                if !mask.is_false() {
                    let ended = self.ended(id, row, act, point, effect)?;
                    mask = mask.and(ended.mask().not());
                    may_fail = may_fail.or(ended.fault);
                }
                if !mask.is_false() {
                    found.push(Standing { act: *place, mask, fault: may_fail });
                }
                fault = fault.or(validity.fault.clone());
            }
            last = last.and(any.not());
            if last.is_false() {
                break;
            }
        }
        Ok(found)
    }

    /// Whether a valid act has ended by the day of the point (O4).
    fn ended(&mut self, id: PowerId, row: u32, act: &'a Act, point: Point, effect: bool) -> Result<Set> {
        let policy = self.policy;
        let power: &Power = &policy.powers[id];
        let (mut ended, mut may_fail) = (Mask::FALSE, None);
        for place in self.enders(id, row, act, point) {
            let validity = self.validity(place, point.known)?;
            ended = ended.or(validity.mask);
            may_fail = may_fail.or(validity.fault.clone());
        }
        let rule: &Rule = &policy.rules[power.rule];
        if let Some(lasting) = rule.lasting.filter(|_| effect && !ended.is_true()) {
            let set = self.in_act(id, row, act, point, |run, at| run.lapsed(act, lasting, at))?;
            ended = ended.or(set.mask());
            may_fail = may_fail.or(set.fault);
        }
        Ok(Set::from_mask(ended, may_fail))
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

    /// Whether `until C` or `for W` has come for an act.
    fn lapsed(&mut self, act: &Act, lasting: Lasting, at: &At) -> Result<Set> {
        match lasting {
            Lasting::Until(end) => {
                let steps = self.follow(Followed::Condition(end), act.on, at)?;
                let (mask, may_fail) = steps.ever((act.on, at.point.day), at.point.day);
                Ok(Set::from_mask(mask, may_fail))
            }
            Lasting::For(wait, kind) => {
                let lasts = self.lasts(act.on, (wait, kind), at)?;
                Ok(Set::from_mask(lasts.mask.not(), lasts.fault))
            }
        }
    }

    /// O2: whether an act is valid, with what is known on a day.
    pub(crate) fn validity(&mut self, place: u32, known: Day) -> Result<Arc<Validity>> {
        let learns = self.overrides.is_empty();
        if let Some(validity) = self.validities.get(&(place, known)).filter(|_| learns) {
            return Ok(validity.clone());
        }
        let (policy, facts) = (self.policy, self.facts);
        let Some(act) = facts.acts.get(place as usize) else {
            return Ok(Arc::new(Validity { mask: Mask::FALSE, failures: Vec::new(), fault: None }));
        };
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
        if act.by != power.holder {
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

fn part_of(policy: &crate::policy::Policy, act: &Act, part: ActPart) -> Set {
    match part {
        ActPart::On => Set::one(Value::Date(act.on)),
        ActPart::By => Set::one(Value::Text(policy.holders[act.by].name.as_str().into())),
        ActPart::Param(at) => match act.params.get(at as usize) {
            Some(value) => Set::of(value.clone()),
            None => Set::of(Possible::Any),
        },
    }
}
