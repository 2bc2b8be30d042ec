//! Acts of powers (O2, O4): on each side the one that stands, or whose validity is an error, is a day and parameters. Of one
//! power at most one act a day is looked at.
//!
//! Where what makes an act valid is the same on both sides, so is the act. Where it is not, whatever has an effect on one side is
//! invalid on the other, or something as late has one there.

use super::alike::alike;
use super::exprs::{SymbolicPoint, SymbolicReader};
use super::rules::{RulePiece, SymbolicAct, SymbolicOffer, alike_rules};
use super::space::{ActVars, Lin, Linear, Outside};
use super::values::{Sym, Val};
use crate::policy::{Contender, Lasting, OutcomeId, Policy, Power, PowerId, Type};
use crate::solve::{Comparison, Formula};
use crate::tree::CompareOp;
use crate::value::DurationKind;

impl SymbolicAct {
    fn active(&self, reader: &mut SymbolicReader<'_>) -> Formula {
        reader.space.forms.or([self.stands, self.fails])
    }
}

/// Whether an act is valid; certainly not; neither (O2).
#[derive(Clone, Copy)]
struct SymbolicValidity {
    valid: Formula,
    invalid: Formula,
    fails: Formula,
}

impl SymbolicReader<'_> {
    /// O4
    pub(super) fn effect(
        &mut self,
        side: usize,
        id: OutcomeId,
        contender: &Contender,
        at: &SymbolicPoint,
        mut offer: SymbolicOffer,
    ) -> Linear<SymbolicOffer> {
        let policy = self.policy(side);
        let power = policy.rules[contender.rule].power.ok_or(Outside)?;
        let act = self.act(side, power, at)?;
        let inner = SymbolicPoint { frame: act.on.frame.clone(), ..at.clone() };
        let mut fails = vec![act.fails];
        for clause in &contender.clauses {
            let val = self.expr(side, clause.value, &inner);
            let val = self.assigned(side, id, val)?;
            let applies = self.space.forms.and([act.stands, !val.fails]);
            fails.push(self.space.forms.and([act.stands, val.fails]));
            offer.pieces.push(RulePiece { branch: clause.branch, applies, sym: val.sym });
        }
        offer.fails = self.space.forms.or(fails);
        offer.says = act.active(self);
        Ok(offer)
    }

    /// The act of a power that has an effect at a point.
    fn act(&mut self, side: usize, id: PowerId, at: &SymbolicPoint) -> Linear<SymbolicAct> {
        let power: &Power = &self.policy(side).powers[id];
        let same = self.power_alike(&power.name);
        let known = self.acts.iter().find(|act| {
            let named = self.policy(act.side).powers[act.power].name == power.name;
            named && act.asked == *at && (same || act.side == side)
        });
        if let Some(known) = known {
            return Ok(known.clone());
        }
        let act = self.new_act(side, (id, same), at)?;
        self.acts.push(act.clone());
        // What it requires may read what the power sets (O6): of those acts nothing more is known.
        if !std::mem::replace(&mut self.requiring, true) {
            let laws = self.limited(&act);
            self.requiring = false;
            laws?;
        }
        Ok(act)
    }

    fn new_act(
        &mut self,
        side: usize,
        (id, same): (PowerId, bool),
        at: &SymbolicPoint,
    ) -> Linear<SymbolicAct> {
        let policy = self.policy(side);
        let power: &Power = &policy.powers[id];
        let asked_today = !self.requiring && Some(&at.day) == self.space.today().map(Lin::var).as_ref();
        let of = match (same, side) {
            (true, _) => "",
            (false, 0) => " (old)",
            (false, _) => " (new)",
        };
        let other = if asked_today { String::new() } else { format!(" ({})", self.acts.len()) };
        let owner = format!("{}{of}{other}", power.name);
        let (day, _) = self.space.stated(Some(&owner), "on", &Type::Date, true, policy, None);
        let mut on = SymbolicPoint { day: Lin::var(day), ..at.clone() };
        let (mut params, mut vars) = (Vec::new(), Vec::new());
        for param in &power.params {
            let (var, _) = self.space.stated(Some(&owner), &param.name, &param.ty, param.whole, policy, None);
            let sym = self.of_type(&param.ty, var)?;
            on.frame.push(Val::of(sym.clone()));
            params.push((param.name.clone(), sym));
            vars.push((param.name.clone(), var));
        }
        let name = &power.name;
        // Those that are looked at while another is judged are its own.
        let what = |what: &str| if asked_today { what.to_owned() } else { format!("{what}{other}") };
        let (stands, standing) =
            self.unknown(side, same, &what(&format!("whether an act of {name} stands")), at)?;
        let (fails, failing) =
            self.unknown(side, same, &what(&format!("whether an act of {name} fails")), at)?;
        // That it stands, or fails, is said by the rules that decide.
        [standing, failing].into_iter().for_each(|var| self.space.hide(var));
        if !asked_today {
            vars.iter().map(|(_, var)| *var).chain([day]).for_each(|var| self.space.hide(var));
        } else {
            let power = name.clone();
            self.space.acts.push(ActVars { power, day, params: vars, active: [standing, failing] });
        }
        Ok(SymbolicAct { side, power: id, same, asked: at.clone(), on, params, stands, fails })
    }

    /// What holds of an act that has an effect.
    fn limited(&mut self, act: &SymbolicAct) -> Linear<()> {
        let policy = self.policy(act.side);
        let rule = &policy.rules[policy.powers[act.power].rule];
        let validity = self.validity(act.side, act)?;
        let (force, force_fails) = self.in_force(act.side, rule, &act.asked)?;
        let past = self.space.below(&act.on.day, Comparison::AtMost, &act.asked.day)?;
        let mut lasts = vec![past, force, validity.valid];
        let mut fails = vec![past];
        let may_fail = match rule.lasting {
            None => Formula::FALSE,
            Some(Lasting::Until(end)) => {
                let asked = SymbolicPoint { frame: act.on.frame.clone(), ..act.asked.clone() };
                let (ended, _) = self.truth(act.side, end, &asked)?;
                lasts.push(!ended);
                let (some, then) = self.some_day(&asked)?;
                let (_, failed) = self.truth(act.side, end, &some)?;
                self.space.forms.and([then, failed])
            }
            Some(Lasting::For(wait, kind)) => {
                let wait = self.expr(act.side, wait, &act.on);
                if let (Sym::Linear(wait), DurationKind::Days) = (&wait.sym, kind) {
                    let end = act.on.day.add(wait)?;
                    lasts.push(self.space.below(&act.asked.day, Comparison::Below, &end)?);
                }
                wait.fails
            }
        };
        let ended = self.ending_fails(act)?;
        fails.push(self.space.forms.or([validity.fails, force_fails, may_fail, ended]));
        let forms = &mut self.space.forms;
        let (lasts, fails) = (forms.and(lasts), forms.and(fails));
        let laws = [
            forms.or([!act.stands, lasts]),
            forms.or([!act.fails, fails]),
            forms.or([!act.stands, !act.fails]),
        ];
        self.space.laws.extend(laws);
        let active = act.active(self);
        let today = self.space.below(&act.on.day, Comparison::Equal, &act.asked.day)?;
        let plainly = self.space.forms.or([!active, today]);
        self.space.plainly.push(plainly);
        let other = self.acts.iter().find(|other| {
            let name = |act: &SymbolicAct| &self.policy(act.side).powers[act.power].name;
            other.side != act.side && !act.same && name(other) == name(act) && other.asked == act.asked
        });
        match other.cloned() {
            Some(other) => self.of_both_sides(&other, act),
            None => Ok(()),
        }
    }

    /// Where the validity of some act that would end this one is an error.
    fn ending_fails(&mut self, act: &SymbolicAct) -> Linear<Formula> {
        let policy = self.policy(act.side);
        let enders = policy.powers.iter().filter(|(_, other)| other.ends.contains(&act.power));
        let row = policy.powers[act.power].for_each.is_some();
        let mut any = Vec::new();
        for (id, ender) in enders {
            if ender.requires.is_empty() && policy.rules[ender.rule].from.is_none() {
                continue;
            }
            // Of another row it may be any act.
            if ender.for_each.is_some() && !row {
                any.push(Formula::TRUE);
                continue;
            }
            let mut asked = act.asked.clone();
            if ender.for_each.is_none() {
                asked.frame.clear();
            }
            let ending = self.new_act(act.side, (id, false), &asked)?;
            any.push(self.validity(act.side, &ending)?.fails);
        }
        Ok(self.space.forms.or(any))
    }

    /// O2 by what a side requires, of an act of this side or the other.
    fn validity(&mut self, side: usize, act: &SymbolicAct) -> Linear<SymbolicValidity> {
        let policy = self.policy(side);
        let name = &self.policy(act.side).powers[act.power].name;
        let power = policy.powers.values().find(|power| power.name == *name).ok_or(Outside)?;
        let (force, failed) = self.in_force(side, &policy.rules[power.rule], &act.on)?;
        let (mut valid, mut invalid, mut fails) = (vec![force], Vec::new(), vec![failed]);
        invalid.push(self.space.forms.and([!force, !failed]));
        for one in &power.requires {
            let (holds, failed) = self.truth(side, one.what, &act.on)?;
            valid.push(holds);
            fails.push(failed);
            invalid.push(self.space.forms.and([!holds, !failed]));
        }
        let forms = &mut self.space.forms;
        let (valid, invalid, fails) = (forms.and(valid), forms.or(invalid), forms.or(fails));
        Ok(SymbolicValidity { valid, invalid, fails: forms.and([fails, !invalid]) })
    }

    /// An act that has an effect on one side has none on the other because it is invalid there, or because one as late has.
    fn of_both_sides(&mut self, one: &SymbolicAct, other: &SymbolicAct) -> Linear<()> {
        let names = |act: &SymbolicAct| act.params.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        let (mine, theirs) = (self.policy(one.side), self.policy(other.side));
        let powers = (&mine.powers[one.power], &theirs.powers[other.power]);
        let lasting = [(mine, powers.0), (theirs, powers.1)].iter().any(|(policy, power)| {
            policy.rules[power.rule].lasting.is_some() || is_ended(policy, &power.name)
        });
        let holder = mine.held_by_said(&powers.0.held_by) == theirs.held_by_said(&powers.1.held_by);
        if lasting || !holder || names(one) != names(other) {
            return Ok(());
        }
        for (here, there) in [(one, other), (other, one)] {
            let policy = self.policy(there.side);
            let rule = &policy.rules[policy.powers[there.power].rule];
            let (force, _) = self.in_force(there.side, rule, &there.asked)?;
            let validity = self.validity(there.side, here)?;
            let later = self.space.below(&there.on.day, Comparison::AtLeast, &here.on.day)?;
            let (active, answered) = (here.active(self), there.active(self));
            let forms = &mut self.space.forms;
            let answered = forms.and([answered, later]);
            let law = forms.or([!active, !force, validity.invalid, answered]);
            self.space.laws.push(law);
        }
        let day = self.space.below(&one.on.day, Comparison::Equal, &other.on.day)?;
        let (active, answered) = (one.active(self), other.active(self));
        for ((_, mine), (_, theirs)) in one.params.iter().zip(&other.params) {
            // Of values that cannot be compared each side has its own.
            if let Ok(same) = self.compare(CompareOp::Equal, mine, theirs) {
                let law = self.space.forms.or([!active, !answered, !day, same]);
                self.space.laws.push(law);
            }
        }
        Ok(())
    }

    /// Whether a power, and so the validity of its acts, is written alike in all versions.
    fn power_alike(&self, name: &str) -> bool {
        if self.same.powers.contains(name) {
            return true;
        }
        let Some((first, rest)) = self.sides.split_first() else { return false };
        let Some(mine) = first.powers.values().find(|power| power.name == name) else { return false };
        rest.iter().all(|policy| {
            let Some(other) = policy.powers.values().find(|power| power.name == name) else { return false };
            let holder = first.held_by_said(&mine.held_by) == policy.held_by_said(&other.held_by);
            let params = mine.params.iter().map(|one| &one.name).eq(other.params.iter().map(|one| &one.name));
            let pairs = mine.requires.iter().zip(&other.requires);
            let requires = mine.requires.len() == other.requires.len()
                && pairs.into_iter().all(|(a, b)| alike((first, a.what), (policy, b.what), &self.same));
            // Where something may end it, it is taken as different.
            let alone = !is_ended(first, name) && !is_ended(policy, name);
            holder
                && params
                && requires
                && alone
                && alike_rules(
                    (first, &first.rules[mine.rule]),
                    (policy, &policy.rules[other.rule]),
                    &self.same,
                )
        })
    }
}

/// Whether another power may end what this one brings about.
fn is_ended(policy: &Policy, name: &str) -> bool {
    let ends = |power: &Power| power.ends.iter().any(|ended| policy.powers[*ended].name == name);
    policy.powers.values().any(ends)
}
