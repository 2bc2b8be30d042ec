//! The rules of an outcome as formulas (R1–R6): who speaks, who decides, and with what.

use super::alike::alike;
use super::exprs::{SymbolicPoint, SymbolicReader};
use super::found::Same;
use super::space::{Lin, Linear, Outside, SpaceQuantity, two};
use super::values::{Sym, SymbolicChoice, Val};
use crate::policy::{
    Contender, Dated, ExprId, Lasting, OutcomeId, Places, Policy, PowerId, Rule, RuleId, Type,
};
use crate::solve::{Comparison, Formula, Var, VarSort};
use crate::tree::CompareOp;
use crate::value::{Code, Day, DurationKind, Number};

/// What one rule may say.
#[derive(Clone, Debug)]
pub(super) struct SymbolicOffer {
    pub rule: RuleId,
    /// Its branches with a value: where each applies, and what it offers.
    pub pieces: Vec<RulePiece>,
    pub fails: Formula,
    /// It is not silent.
    pub says: Formula,
    /// It speaks, and nobody above it does.
    pub decides: Formula,
    /// Places of the offers above it.
    pub above: Places,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct RulePiece {
    pub branch: u32,
    pub applies: Formula,
    pub sym: Sym,
}

/// What an outcome comes to.
#[derive(Clone, Debug)]
pub(super) struct RuleVerdict {
    pub offers: Vec<SymbolicOffer>,
    /// Its `otherwise`.
    pub otherwise: Option<Val>,
    /// Nobody speaks.
    pub silence: Formula,
    /// Nobody speaks and there is no `otherwise`; rules clash; an error.
    pub gap: Formula,
    pub conflict: Formula,
    pub fails: Formula,
    /// The values it may have; where there is one, one of these conditions holds.
    pub cases: Vec<RuleCase>,
}

/// A value of an outcome, and where it is the value, unless there is none.
#[derive(Clone, Debug)]
pub(super) struct RuleCase {
    pub when: Formula,
    pub sym: Sym,
}

impl RuleVerdict {
    /// Whether there is a value.
    pub fn valued(&self, reader: &mut SymbolicReader<'_>) -> Formula {
        reader.space.forms.and([!self.gap, !self.conflict, !self.fails])
    }
}

/// What a memory looks at on one day.
struct Remembered {
    begins: Formula,
    /// What ends it has not come.
    goes_on: Formula,
    fails: Formula,
}

/// An act that may stand at a point, on one side or on all alike.
#[derive(Clone, Debug)]
pub(super) struct SymbolicAct {
    pub side: usize,
    pub power: PowerId,
    pub same: bool,
    /// Where it is asked about.
    pub asked: SymbolicPoint,
    /// Its own day, with the row and the parameters as frame.
    pub on: SymbolicPoint,
    pub params: Vec<(String, Sym)>,
    pub stands: Formula,
    pub fails: Formula,
}

/// Something true or false outside the fragment, on a day as known on another.
pub(super) struct Unknown {
    side: usize,
    what: String,
    day: Lin,
    known: Lin,
    var: Var,
}

impl SymbolicReader<'_> {
    /// What a reader of an outcome sees (R8).
    pub(super) fn answer_value(&mut self, side: usize, id: OutcomeId, at: &SymbolicPoint) -> Linear<Val> {
        let verdict = self.verdict(side, id, at)?;
        let fails = self.space.forms.or([verdict.gap, verdict.conflict, verdict.fails]);
        let sym = self.value_of(&verdict.cases)?;
        // Where there never is a value, it is an error everywhere, and any value will do.
        let any = || match &self.policy(side).outcomes[id].ty {
            Type::Number { .. } | Type::Date | Type::Duration(_) => Some(Sym::Linear(Lin::default())),
            Type::Bool => Some(Sym::Bool(Formula::FALSE)),
            Type::Enum(_) => Some(Sym::Choice(SymbolicChoice::Is(0))),
            Type::Code => Code::of_digits("01").map(|code| Sym::Code(Ok(code))),
            Type::Text | Type::Country => Some(Sym::Text(Ok(String::new()))),
            Type::Row(_) => None,
        };
        Ok(Val { sym: sym.or_else(any).ok_or(Outside)?, fails })
    }

    /// The value where there is one; none: there never is.
    pub(super) fn value_of(&mut self, cases: &[RuleCase]) -> Linear<Option<Sym>> {
        let cases: Vec<(Formula, Sym)> = cases.iter().map(|case| (case.when, case.sym.clone())).collect();
        if cases.is_empty() { Ok(None) } else { self.one_of(&cases).map(Some) }
    }

    pub(super) fn verdict(&mut self, side: usize, id: OutcomeId, at: &SymbolicPoint) -> Linear<RuleVerdict> {
        let policy = self.policy(side);
        let outcome = &policy.outcomes[id];
        let mut offers: Vec<SymbolicOffer> = Vec::new();
        // Whether somebody above speaks, or above that.
        let mut blocked: Vec<Formula> = Vec::new();
        for (place, contender) in outcome.contenders.iter().enumerate() {
            let mut offer = self.offer(side, id, contender, at)?;
            let mut uppers = Vec::new();
            for upper in outcome.directly_above(place) {
                let says = offers.get(upper as usize).map_or(Formula::FALSE, |offer| offer.says);
                uppers.extend([says, blocked.get(upper as usize).copied().unwrap_or(Formula::FALSE)]);
            }
            let displaced = self.space.forms.or(uppers);
            offer.decides = self.space.forms.and([offer.says, !displaced]);
            blocked.push(displaced);
            offers.push(offer);
        }
        let says: Vec<Formula> = offers.iter().map(|offer| offer.says).collect();
        let silence = !self.space.forms.or(says);
        let otherwise = match outcome.otherwise {
            Some(otherwise) => {
                let val = self.expr(side, otherwise, at);
                Some(self.assigned(side, id, val)?)
            }
            None => None,
        };
        let mut fails: Vec<Formula> = Vec::new();
        for offer in &offers {
            fails.push(self.space.forms.and([offer.decides, offer.fails]));
        }
        let (mut cases, later) = self.cases(&offers);
        let mut gap = silence;
        if let Some(val) = &otherwise {
            fails.push(self.space.forms.and([silence, val.fails]));
            cases.push(RuleCase { when: silence, sym: val.sym.clone() });
            gap = Formula::FALSE;
        }
        let fails = self.space.forms.or(fails);
        cases.retain(|case| case.when != Formula::FALSE);
        let mut clashes = Vec::new();
        if !later.is_empty()
            && let Some(value) = self.value_of(&cases)?
        {
            for other in later {
                let same = self.compare(CompareOp::Equal, &value, &other.sym)?;
                clashes.push(self.space.forms.and([other.when, !same]));
            }
        }
        let clash = self.space.forms.or(clashes);
        let conflict = self.space.forms.and([clash, !fails]);
        Ok(RuleVerdict { offers, otherwise, silence, gap, conflict, fails, cases })
    }

    /// What the first of those that decide says, and what each later one says that decides beside it (R6).
    fn cases(&mut self, offers: &[SymbolicOffer]) -> (Vec<RuleCase>, Vec<RuleCase>) {
        let (mut cases, mut later) = (Vec::new(), Vec::new());
        // Whether any before decides, but for those passed since.
        let (mut before, mut passed) = (Formula::FALSE, Vec::new());
        for (place, offer) in offers.iter().enumerate() {
            // Below all before, it decides only where none of them does.
            let alone = offer.above.len() == place;
            if !alone {
                before = self.space.forms.or(passed.drain(..).chain([before]));
            }
            for RulePiece { applies, sym, .. } in &offer.pieces {
                let decides = self.space.forms.and([offer.decides, *applies]);
                let first = if alone { decides } else { self.space.forms.and([decides, !before]) };
                cases.push(RuleCase { when: first, sym: sym.clone() });
                if !alone {
                    later.push(RuleCase { when: self.space.forms.and([decides, before]), sym: sym.clone() });
                }
            }
            passed.push(offer.decides);
        }
        (cases, later)
    }

    /// R1–R3
    fn offer(
        &mut self,
        side: usize,
        id: OutcomeId,
        contender: &Contender,
        at: &SymbolicPoint,
    ) -> Linear<SymbolicOffer> {
        let policy = self.policy(side);
        let rule: &Rule = &policy.rules[contender.rule];
        let mut offer = SymbolicOffer {
            rule: contender.rule,
            pieces: Vec::new(),
            fails: Formula::FALSE,
            says: Formula::FALSE,
            decides: Formula::FALSE,
            above: contender.above.clone(),
        };
        if rule.power.is_some() {
            return self.effect(side, id, contender, at, offer);
        }
        let (force, force_fails) = self.in_force(side, rule, at)?;
        // Every condition so far false; or one failed, none true.
        let (mut clean, mut tainted) = (Formula::TRUE, Formula::FALSE);
        let mut fails = Vec::new();
        let last = contender.clauses.last().map_or(0, |clause| clause.branch);
        for (branch, index) in rule.branches.iter().zip(0..=last) {
            let (truth, failed) = match (branch.condition, rule.lasting) {
                (_, Some(_)) if index == 0 => self.memory(side, contender.rule, at)?,
                (Some(condition), _) => self.truth(side, condition, at)?,
                (None, _) => (Formula::TRUE, Formula::FALSE),
            };
            let refuted = self.space.forms.and([!truth, !failed]);
            match contender.clauses.iter().find(|clause| clause.branch == index) {
                Some(clause) => {
                    let applies = self.space.forms.and([force, clean, truth]);
                    let here = self.space.forms.and([clean, failed]);
                    let either = self.space.forms.or([truth, failed]);
                    let there = self.space.forms.and([tainted, either]);
                    fails.extend([here, there]);
                    let val = self.expr(side, clause.value, at);
                    let val = self.assigned(side, id, val)?;
                    fails.push(self.space.forms.and([clean, truth, val.fails]));
                    let sound = self.space.forms.and([applies, !val.fails]);
                    offer.pieces.push(RulePiece { branch: index, applies: sound, sym: val.sym });
                    tainted = self.space.forms.and([tainted, refuted]);
                    // A head that fails matters only where something would be said.
                    let said = self.space.forms.and([clean, truth, force_fails]);
                    let failing = self.space.forms.and([here, force_fails]);
                    offer.fails = self.space.forms.or([offer.fails, said, failing]);
                }
                None => {
                    let kept = self.space.forms.and([tainted, !truth]);
                    let new = self.space.forms.and([clean, failed]);
                    tainted = self.space.forms.or([kept, new]);
                }
            }
            clean = self.space.forms.and([clean, refuted]);
        }
        let fails = self.space.forms.or(fails);
        let fails = self.space.forms.and([force, fails]);
        offer.fails = self.space.forms.or([offer.fails, fails]);
        let mut says: Vec<Formula> = offer.pieces.iter().map(|piece| piece.applies).collect();
        says.push(offer.fails);
        offer.says = self.space.forms.or(says);
        Ok(offer)
    }

    /// Whether the first branch of a rule with a memory applies, or is an error (T8): outside the fragment, the same for rules
    /// alike. Known is what must have been so on some day, and what must be so today.
    pub(super) fn memory(
        &mut self,
        side: usize,
        id: RuleId,
        at: &SymbolicPoint,
    ) -> Linear<(Formula, Formula)> {
        let (name, same) = self.rule_alike(side, id);
        let (lasts, _) = self.unknown(side, same, &format!("whether {name} still lasts"), at)?;
        let today = self.remembered(side, id, at)?;
        // While it lasts, what ends it has not come, and it began on some day.
        let (begun, then) = self.some_day(at)?;
        let start = self.remembered_by_any(side, id, &begun)?;
        let mut began = vec![then, start.begins, start.goes_on];
        if let Some(Lasting::For(wait, DurationKind::Days)) = self.policy(side).rules[id].lasting
            && let Sym::Linear(wait) = self.expr(side, wait, &begun).sym
        {
            let last = begun.day.add(&wait)?;
            began.push(self.space.below(&at.day, Comparison::Below, &last)?);
        }
        began.push(today.goes_on);
        let began = self.space.forms.and(began);
        let law = self.space.forms.or([!lasts, began]);
        self.space.laws.push(law);
        let both = self.space.forms.and([today.begins, today.goes_on]);
        let plainly = self.space.forms.same(lasts, both);
        self.space.plainly.push(plainly);
        if start.fails == Formula::FALSE && today.fails == Formula::FALSE {
            return Ok((lasts, Formula::FALSE));
        }
        // It is an error only if something in it was one on some day, and what ends it has not certainly come (V4).
        let (fails, _) = self.unknown(side, same, &format!("whether {name} fails"), at)?;
        let (failed, then) = self.some_day(at)?;
        let failed = self.remembered_by_any(side, id, &failed)?.fails;
        let failed = self.space.forms.and([then, failed, !lasts, today.goes_on]);
        let law = self.space.forms.or([!fails, failed]);
        self.space.laws.push(law);
        let plainly = self.space.forms.same(fails, today.fails);
        self.space.plainly.push(plainly);
        Ok((lasts, fails))
    }

    /// A day up to the one asked.
    pub(super) fn some_day(&mut self, at: &SymbolicPoint) -> Linear<(SymbolicPoint, Formula)> {
        let day = Lin::var(self.space.var(VarSort::Whole, SpaceQuantity::Part));
        let until = self.space.below(&day, Comparison::AtMost, &at.day)?;
        let from = self.space.below(&day, Comparison::AtLeast, &Lin::day(Day::FIRST))?;
        Ok((SymbolicPoint { day, ..at.clone() }, self.space.forms.and([from, until])))
    }

    /// What the memory of a rule looks at on a day on which any version of it may be in force.
    fn remembered_by_any(&mut self, side: usize, id: RuleId, at: &SymbolicPoint) -> Linear<Remembered> {
        let versions = self.policy(side).remembered_with(id);
        let mut all = Vec::new();
        for version in versions {
            all.push(self.remembered(side, version, at)?);
        }
        let forms = &mut self.space.forms;
        Ok(Remembered {
            begins: forms.or(all.iter().map(|one| one.begins).collect::<Vec<_>>()),
            goes_on: forms.or(all.iter().map(|one| one.goes_on).collect::<Vec<_>>()),
            fails: forms.or(all.iter().map(|one| one.fails).collect::<Vec<_>>()),
        })
    }

    /// What a memory looks at on a day.
    fn remembered(&mut self, side: usize, id: RuleId, at: &SymbolicPoint) -> Linear<Remembered> {
        let rule = &self.policy(side).rules[id];
        let (begins, failed) = match rule.branches.first().and_then(|branch| branch.condition) {
            Some(condition) => self.truth(side, condition, at)?,
            None => (Formula::TRUE, Formula::FALSE),
        };
        let (ends, fails) = match rule.lasting {
            Some(Lasting::Until(end)) => self.truth(side, end, at)?,
            Some(Lasting::For(wait, _)) => (Formula::FALSE, self.expr(side, wait, at).fails),
            None => (Formula::FALSE, Formula::FALSE),
        };
        Ok(Remembered { begins, goes_on: !ends, fails: self.space.forms.or([failed, fails]) })
    }

    /// Whether a rule with a memory is written alike in all versions.
    fn rule_alike(&self, side: usize, rule: RuleId) -> (String, bool) {
        let mine = &self.policy(side).rules[rule];
        let same = self.sides.iter().all(|policy| {
            let Some((other, _)) = policy.rules.iter().find(|(_, other)| other.shown == mine.shown) else {
                return false;
            };
            let mine: Vec<RuleId> = self.policy(side).remembered_with(rule).collect();
            let others: Vec<RuleId> = policy.remembered_with(other).collect();
            let alike = |(one, other): (&RuleId, &RuleId)| {
                let pair = (&self.policy(side).rules[*one], &policy.rules[*other]);
                alike_rules((self.policy(side), pair.0), (*policy, pair.1), &self.same)
            };
            mine.len() == others.len() && mine.iter().zip(&others).all(alike)
        });
        (mine.shown.clone(), same)
    }

    /// Something true or false outside the fragment; one for all versions if it is `same` in them.
    pub(super) fn unknown(
        &mut self,
        side: usize,
        same: bool,
        what: &str,
        at: &SymbolicPoint,
    ) -> Linear<(Formula, Var)> {
        let is = |known: &&Unknown| {
            known.what == what
                && known.day == at.day
                && known.known == at.known
                && (same || known.side == side)
        };
        let var = match self.unknown.iter().find(is) {
            Some(known) => known.var,
            None => {
                let today = self.space.today().map(super::space::Lin::var);
                let other = if today.as_ref() == Some(&at.day) { "" } else { " on another day" };
                let of = match (same, side) {
                    (true, _) => "",
                    (false, 0) => " (old)",
                    (false, _) => " (new)",
                };
                let quantity = SpaceQuantity::Opaque { side, expr: None, what: format!("{what}{of}{other}") };
                let var = self.space.var(two(), quantity);
                let (what, day, known) = (what.to_owned(), at.day.clone(), at.known.clone());
                self.unknown.push(Unknown { side, what, day, known, var });
                var
            }
        };
        Ok((self.space.forms.choice_in(var, [1])?, var))
    }

    /// R3, M5
    pub(super) fn assigned(&mut self, side: usize, id: OutcomeId, val: Val) -> Linear<Val> {
        let outcome = &self.policy(side).outcomes[id];
        let val = match (&outcome.rounded, &val.sym) {
            (Some((mode, step)), Sym::Linear(lin)) => {
                let lin = self.rounded(lin, *mode, step)?;
                Val { sym: Sym::Linear(lin), fails: val.fails }
            }
            _ => val,
        };
        match &val.sym {
            Sym::Linear(lin) if outcome.whole => {
                let broken = self.broken(lin)?;
                let fails = self.space.forms.or([val.fails, broken]);
                Ok(Val { sym: val.sym, fails })
            }
            _ => Ok(val),
        }
    }

    /// Where a value is no whole number.
    fn broken(&mut self, lin: &Lin) -> Linear<Formula> {
        let is_whole = |part: (&Var, &Number)| {
            part.1.is_integer() && self.space.forms.kind(*part.0) == Some(VarSort::Whole)
        };
        if lin.rest.is_integer() && lin.parts.iter().all(is_whole) {
            return Ok(Formula::FALSE);
        }
        let floor = Lin::var(self.space.var(VarSort::Whole, SpaceQuantity::Part));
        let next = floor.add(&Lin::constant(Number::ONE))?;
        let low = self.space.below(&floor, Comparison::AtMost, lin)?;
        let high = self.space.below(lin, Comparison::Below, &next)?;
        self.space.laws.extend([low, high]);
        self.space.below(lin, Comparison::Unequal, &floor)
    }

    /// R2
    pub(super) fn in_force(
        &mut self,
        side: usize,
        rule: &Rule,
        at: &SymbolicPoint,
    ) -> Linear<(Formula, Formula)> {
        let (begun, failed) = match &rule.from {
            Some(from) => self.has_come(side, from, at)?,
            None => (Formula::TRUE, Formula::FALSE),
        };
        let (ended, fails) = match &rule.until {
            Some(until) => self.has_come(side, until, at)?,
            None => (Formula::FALSE, Formula::FALSE),
        };
        let forms = &mut self.space.forms;
        let not_ended = forms.and([!ended, !fails]);
        let force = forms.and([begun, not_ended]);
        let either = forms.or([failed, fails]);
        let decided = forms.and([!begun, !failed]);
        let fails = forms.and([either, !decided, !ended]);
        Ok((force, fails))
    }

    pub(super) fn has_come(
        &mut self,
        side: usize,
        dated: &Dated,
        at: &SymbolicPoint,
    ) -> Linear<(Formula, Formula)> {
        let day = self.expr(side, dated.day, at);
        let Sym::Linear(lin) = day.sym else { return Err(Outside) };
        let come = self.space.below(&lin, Comparison::AtMost, &at.day)?;
        let come = self.space.forms.and([come, !day.fails]);
        let Some(known) = dated.known else { return Ok((come, day.fails)) };
        let known = self.expr(side, known, at);
        let Sym::Linear(lin) = known.sym else { return Err(Outside) };
        let seen = self.space.below(&lin, Comparison::AtMost, &at.known)?;
        let come = self.space.forms.and([come, seen, !known.fails]);
        Ok((come, self.space.forms.or([day.fails, known.fails])))
    }
}

/// Windows, first conditions and what ends them.
pub(super) fn alike_rules((p, a): (&Policy, &Rule), (q, b): (&Policy, &Rule), same: &Same) -> bool {
    let exprs = |rule: &Rule| -> Vec<Option<ExprId>> {
        let days = [&rule.from, &rule.until].map(|dated| dated.as_ref().map(|dated| dated.day));
        let known = [&rule.from, &rule.until].map(|dated| dated.as_ref().and_then(|dated| dated.known));
        let first = rule.branches.first().and_then(|branch| branch.condition);
        days.into_iter().chain(known).chain([first, rule.lasting.map(|lasting| lasting.expr())]).collect()
    };
    exprs(a).into_iter().zip(exprs(b)).all(|pair| match pair {
        (Some(x), Some(y)) => alike((p, x), (q, y), same),
        (None, None) => true,
        _ => false,
    })
}
