//! Rules and what wins (R1–R6), as choices between columns. Where a row leaves open what applies, it is bad.

use super::column::DecidingRule;
use super::compiler::{BatchCompiler, Environment};
use super::graph::{Arg, Relation, RoundingMode};
use super::hoist::nothing;
use super::term::{Bailout, RowTerm, TermKind};
use crate::policy::{Contender, Dated, ExprId, Outcome, OutcomeId, Rule};

/// The answers for an outcome.
#[derive(Clone, Debug)]
pub(super) struct OutcomeTerm {
    pub value: RowTerm,
    /// No rule applies, where nothing is bad.
    pub gap: Arg,
    pub reasons: ReasonRegisters,
}

#[derive(Clone, Debug)]
pub(super) enum ReasonRegisters {
    /// A register of keys: which of these sets of rules it is.
    One { key: Arg, sets: Vec<Vec<DecidingRule>> },
    /// Each cause with the rows in which it is one, and no more than 31 of them.
    Many(Vec<(Arg, DecidingRule)>),
}

/// Of more clauses, rows in which several decide are asked one by one. Few in tests, which so meet both.
const TOGETHER: usize = if cfg!(test) { 4 } else { 31 };

/// One clause of a rule: in which rows it applies for certain, and what it offers; nothing where it never does.
struct GuardedTerm {
    applies: Arg,
    /// The same, or more: also where a clause before it applies, which then covers it.
    covered: Arg,
    value: RowTerm,
    deciding: DecidingRule,
}

/// A rule: its clauses, of which at most one applies, and the rows for which it is not known whether any does.
struct Speaker {
    offers: Vec<GuardedTerm>,
    bad: Arg,
}

impl BatchCompiler<'_, '_> {
    pub fn judge(&mut self, id: OutcomeId, at: &Environment) -> Result<OutcomeTerm, Bailout> {
        let key = (id, at.day, at.known);
        if let Some(known) = self.judged.get(&key) {
            return known.clone();
        }
        let judged = self.judge_rules(id, at);
        self.judged.insert(key, judged.clone());
        judged
    }

    fn judge_rules(&mut self, id: OutcomeId, at: &Environment) -> Result<OutcomeTerm, Bailout> {
        let outcome = &self.batch.policy.outcomes[id];
        let speakers = outcome
            .contenders
            .iter()
            .map(|one| self.speaker(outcome, one, at))
            .collect::<Result<Vec<_>, Bailout>>()?;
        let otherwise = match outcome.otherwise {
            Some(otherwise) => {
                let term = self.term(otherwise, at)?;
                Some(self.assigned(outcome, term)?)
            }
            None => None,
        };
        let chain = outcome.contenders.iter().enumerate().all(|(at, one)| one.above.len() == at);
        if chain {
            self.chain(outcome, speakers, otherwise)
        } else {
            self.contest(outcome, speakers, otherwise)
        }
    }

    /// R3
    fn assigned(&mut self, outcome: &Outcome, term: RowTerm) -> Result<RowTerm, Bailout> {
        let TermKind::Number(mut number) = term.kind else { return Ok(term) };
        if let Some((mode, step)) = &outcome.rounded {
            number = self.graph.round(number, step, RoundingMode::from(*mode))?;
        }
        if outcome.whole && number.den != 1 {
            return Err(Bailout("its values may not be whole"));
        }
        Ok(RowTerm { kind: TermKind::Number(number), bad: term.bad })
    }

    fn speaker(
        &mut self,
        outcome: &Outcome,
        contender: &Contender,
        at: &Environment,
    ) -> Result<Speaker, Bailout> {
        let policy = self.batch.policy;
        let rule = &policy.rules[contender.rule];
        if let Some(power) = rule.power {
            // Without an act it has no effect.
            return match self.batch.facts.acts.iter().any(|act| act.power == power) {
                true => Err(Bailout("it is the effect of what was done")),
                false => Ok(Speaker { offers: Vec::new(), bad: Arg::FALSE }),
            };
        }
        if rule.lasting.is_some() {
            return Err(Bailout("a rule lasts until something happens"));
        }
        // R1: a clause applies where its condition is true and those before it are false.
        let mut before = self.window(rule, at)?;
        let mut silent = before.clone();
        let mut speaker = Speaker { offers: Vec::new(), bad: Arg::FALSE };
        for (place, branch) in (0u32..).zip(&rule.branches) {
            let condition = match branch.condition {
                Some(condition) => {
                    let term = self.term(condition, at)?;
                    (term.bit()?, term.bad)
                }
                None => (Arg::TRUE, Arg::FALSE),
            };
            let clause = contender.clauses.iter().find(|clause| clause.branch == place);
            if let Some(clause) = clause {
                let mut guard = before.clone();
                guard.push(condition);
                let (applies, bad) = self.graph.all(&guard);
                let applies = self.graph.except(applies, bad);
                speaker.bad = self.graph.or(speaker.bad, bad);
                silent.push(condition);
                // Only where no clause so far is in doubt may it cover what those before it leave.
                let covered = match self.graph.all(&silent) {
                    (covered, Arg::FALSE) if speaker.bad == Arg::FALSE => covered,
                    _ => applies,
                };
                silent.pop();
                let value = match applies {
                    Arg::FALSE => RowTerm { kind: nothing(&outcome.ty), bad: Arg::TRUE },
                    _ => {
                        let term = self.term(clause.value, at)?;
                        self.assigned(outcome, term)?
                    }
                };
                let (rule, branch) = (Some(contender.rule), Some(place));
                let deciding = DecidingRule { rule, branch, act: None, doubtful: false };
                speaker.offers.push(GuardedTerm { applies, covered, value, deciding });
            }
            before.push((self.graph.not(condition.0), condition.1));
            // Where a clause is silent on this outcome, so are those after it.
            if clause.is_none() {
                silent.extend(before.last().copied());
            }
        }
        Ok(speaker)
    }

    /// R2
    fn window(&mut self, rule: &Rule, at: &Environment) -> Result<Vec<(Arg, Arg)>, Bailout> {
        let mut all = Vec::new();
        if let Some(from) = &rule.from {
            all.push(self.has_come(from, at)?);
        }
        if let Some(until) = &rule.until {
            let (come, bad) = self.has_come(until, at)?;
            all.push((self.graph.not(come), bad));
        }
        Ok(all)
    }

    fn has_come(&mut self, dated: &Dated, at: &Environment) -> Result<(Arg, Arg), Bailout> {
        let mut come = |id: ExprId, by: Arg| -> Result<(Arg, Arg), Bailout> {
            let (day, bad) = self.number(id, at)?;
            Ok((self.graph.compare(Relation::AtMost, day.arg, by), bad))
        };
        let mut all = vec![come(dated.day, at.day)?];
        if let Some(known) = dated.known {
            all.push(come(known, at.known)?);
        }
        Ok(self.graph.all(&all))
    }

    /// Every rule stands above the next: from the lowest to the highest, each covers what is below.
    fn chain(
        &mut self,
        outcome: &Outcome,
        speakers: Vec<Speaker>,
        otherwise: Option<RowTerm>,
    ) -> Result<OutcomeTerm, Bailout> {
        let mut sets = vec![Vec::new()];
        let mut gap = Arg::bit(otherwise.is_none());
        let mut key = Arg::Const(0);
        if otherwise.is_some() {
            sets.push(vec![OTHERWISE]);
            key = Arg::Const(1);
        }
        let mut value = otherwise.unwrap_or(RowTerm::good(nothing(&outcome.ty)));
        let mut first = outcome.otherwise.is_none();
        for speaker in speakers.into_iter().rev() {
            value.bad = self.graph.or(value.bad, speaker.bad);
            for offer in speaker.offers.into_iter().rev() {
                // What never applies keeps its place, so that all programs number alike.
                let place = Arg::Const(sets.len() as i128);
                sets.push(vec![offer.deciding]);
                if offer.applies == Arg::FALSE {
                    continue;
                }
                // Beneath the lowest rule there is nothing.
                let kind = if first { offer.value.kind.clone() } else { value.kind.clone() };
                first = false;
                let below = RowTerm { kind, bad: value.bad };
                value = self.graph.choose_term(offer.covered, &offer.value, &below)?;
                gap = self.graph.except(gap, offer.covered);
                key = self.graph.choose_key(offer.covered, place, key);
            }
        }
        // A gap has no reasons.
        Ok(OutcomeTerm { value, gap, reasons: ReasonRegisters::One { key, sets } })
    }

    fn contest(
        &mut self,
        outcome: &Outcome,
        speakers: Vec<Speaker>,
        otherwise: Option<RowTerm>,
    ) -> Result<OutcomeTerm, Bailout> {
        let mut value: Option<RowTerm> = None;
        let (mut found, mut bad) = (Arg::FALSE, Arg::FALSE);
        // Of each rule whether it speaks, and whether one above it does.
        let mut spoke: Vec<(Arg, Arg)> = Vec::new();
        let clauses: usize = speakers.iter().map(|speaker| speaker.offers.len()).sum();
        let few = clauses.saturating_add(usize::from(otherwise.is_some())) <= TOGETHER;
        let (mut deciding_rules, mut key, mut sets) = (Vec::new(), Arg::Const(0), vec![Vec::new()]);
        for (place, speaker) in speakers.into_iter().enumerate() {
            let mut displaced = Arg::FALSE;
            for above in outcome.directly_above(place) {
                let above = spoke.get(above as usize).copied().ok_or(Bailout("its rules are in no order"))?;
                displaced = self.graph.or(displaced, above.0);
                displaced = self.graph.or(displaced, above.1);
            }
            let open = self.graph.except(speaker.bad, displaced);
            bad = self.graph.or(bad, open);
            let (mut speaks, before) = (Arg::FALSE, found);
            for offer in speaker.offers {
                speaks = self.graph.or(speaks, offer.applies);
                let survives = self.graph.except(offer.applies, displaced);
                // What never applies keeps its place, so that all programs number alike.
                let number = Arg::Const(sets.len() as i128);
                if few {
                    deciding_rules.push((survives, offer.deciding));
                } else {
                    sets.push(vec![offer.deciding]);
                }
                if survives == Arg::FALSE {
                    continue;
                }
                let wrong = self.graph.and(survives, offer.value.bad);
                bad = self.graph.or(bad, wrong);
                let offered = RowTerm::good(offer.value.kind);
                let both = self.graph.and(survives, before);
                if !few {
                    key = self.graph.choose_key(survives, number, key);
                    bad = self.graph.or(bad, both);
                }
                value = Some(match value {
                    Some(value) => {
                        if few && both != Arg::FALSE {
                            let equal = self.graph.equal(&value.kind, &offered.kind)?;
                            let conflict = self.graph.except(both, equal);
                            bad = self.graph.or(bad, conflict);
                        }
                        self.graph.choose_term(survives, &offered, &value)?
                    }
                    None => offered,
                });
                found = self.graph.or(found, survives);
            }
            spoke.push((speaks, displaced));
        }
        let mut value = value.unwrap_or(RowTerm::good(nothing(&outcome.ty)));
        value.bad = bad;
        let mut gap = self.graph.not(found);
        if let Some(otherwise) = otherwise {
            if few {
                deciding_rules.push((gap, OTHERWISE));
            } else {
                key = self.graph.choose_key(gap, Arg::Const(sets.len() as i128), key);
                sets.push(vec![OTHERWISE]);
            }
            let below = RowTerm { kind: otherwise.kind, bad: self.graph.or(bad, otherwise.bad) };
            value = self.graph.choose_term(found, &value, &below)?;
            gap = Arg::FALSE;
        }
        let reasons =
            if few { ReasonRegisters::Many(deciding_rules) } else { ReasonRegisters::One { key, sets } };
        Ok(OutcomeTerm { value, gap, reasons })
    }
}

const OTHERWISE: DecidingRule = DecidingRule { rule: None, branch: None, act: None, doubtful: false };
