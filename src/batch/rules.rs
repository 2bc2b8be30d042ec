//! Rules and what wins (R1–R6), as choices between columns. Where a row leaves open what applies, it is bad.

use super::column::Cause;
use super::graph::{Arg, Mode, Relation};
use super::hoist::nothing;
use super::make::{At, Maker};
use super::term::{Made, No, Term, What};
use crate::policy::{Contender, Dated, ExprId, Outcome, OutcomeId, Rule};

/// The answers for an outcome.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub value: Term,
    /// No rule applies, where nothing is bad.
    pub gap: Arg,
    pub why: Why,
}

#[derive(Clone, Debug)]
pub(super) enum Why {
    /// A register of keys: which of these sets of rules it is.
    One { key: Arg, sets: Vec<Vec<Cause>> },
    /// Each cause with the rows in which it is one, and no more than 31 of them.
    Many(Vec<(Arg, Cause)>),
}

/// Of more clauses, rows in which several decide are asked one by one. Few in tests, which so meet both.
const TOGETHER: usize = if cfg!(test) { 4 } else { 31 };

/// One clause of a rule: in which rows it applies for certain, and what it offers; nothing where it never does.
struct Offer {
    applies: Arg,
    /// The same, or more: also where a clause before it applies, which then covers it.
    covered: Arg,
    value: Term,
    cause: Cause,
}

/// A rule: its clauses, of which at most one applies, and the rows for which it is not known whether any does.
struct Speaker {
    offers: Vec<Offer>,
    bad: Arg,
}

impl Maker<'_, '_> {
    pub fn judge(&mut self, id: OutcomeId, at: &At) -> Made<Judged> {
        let key = (id, at.day, at.known);
        if let Some(known) = self.judged.get(&key) {
            return known.clone();
        }
        let judged = self.judge_rules(id, at);
        self.judged.insert(key, judged.clone());
        judged
    }

    fn judge_rules(&mut self, id: OutcomeId, at: &At) -> Made<Judged> {
        let outcome = &self.batch.policy.outcomes[id];
        let speakers =
            outcome.contenders.iter().map(|one| self.speaker(outcome, one, at)).collect::<Made<Vec<_>>>()?;
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
    fn assigned(&mut self, outcome: &Outcome, term: Term) -> Made<Term> {
        let What::Number(mut number) = term.what else { return Ok(term) };
        if let Some((mode, step)) = &outcome.rounded {
            number = self.graph.round(number, step, Mode::from(*mode))?;
        }
        if outcome.whole && number.den != 1 {
            return Err(No("its values may not be whole"));
        }
        Ok(Term { what: What::Number(number), bad: term.bad })
    }

    fn speaker(&mut self, outcome: &Outcome, contender: &Contender, at: &At) -> Made<Speaker> {
        let policy = self.batch.policy;
        let rule = &policy.rules[contender.rule];
        if let Some(power) = rule.power {
            // Without an act it has no effect.
            return match self.batch.facts.acts.iter().any(|act| act.power == power) {
                true => Err(No("it is the effect of what was done")),
                false => Ok(Speaker { offers: Vec::new(), bad: Arg::FALSE }),
            };
        }
        if rule.lasting.is_some() {
            return Err(No("a rule lasts until something happens"));
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
                silent.push(condition);
                let covered = match self.graph.all(&silent) {
                    (covered, Arg::FALSE) if bad == Arg::FALSE => covered,
                    _ => applies,
                };
                silent.pop();
                speaker.bad = self.graph.or(speaker.bad, bad);
                let value = match applies {
                    Arg::FALSE => Term { what: nothing(&outcome.ty), bad: Arg::TRUE },
                    _ => {
                        let term = self.term(clause.value, at)?;
                        self.assigned(outcome, term)?
                    }
                };
                let (rule, branch) = (Some(contender.rule), Some(place));
                let cause = Cause { rule, branch, act: None, doubtful: false };
                speaker.offers.push(Offer { applies, covered, value, cause });
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
    fn window(&mut self, rule: &Rule, at: &At) -> Made<Vec<(Arg, Arg)>> {
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

    fn has_come(&mut self, dated: &Dated, at: &At) -> Made<(Arg, Arg)> {
        let mut come = |id: ExprId, by: Arg| -> Made<(Arg, Arg)> {
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
    fn chain(&mut self, outcome: &Outcome, speakers: Vec<Speaker>, otherwise: Option<Term>) -> Made<Judged> {
        let mut sets = vec![Vec::new()];
        let mut gap = Arg::bit(otherwise.is_none());
        let mut key = Arg::Const(0);
        if otherwise.is_some() {
            sets.push(vec![OTHERWISE]);
            key = Arg::Const(1);
        }
        let mut value = otherwise.unwrap_or(Term::good(nothing(&outcome.ty)));
        let mut first = outcome.otherwise.is_none();
        for speaker in speakers.into_iter().rev() {
            value.bad = self.graph.or(value.bad, speaker.bad);
            for offer in speaker.offers.into_iter().rev() {
                // What never applies keeps its place, so that all programs number alike.
                let place = Arg::Const(sets.len() as i128);
                sets.push(vec![offer.cause]);
                if offer.applies == Arg::FALSE {
                    continue;
                }
                // Beneath the lowest rule there is nothing.
                let what = if first { offer.value.what.clone() } else { value.what.clone() };
                first = false;
                let below = Term { what, bad: value.bad };
                value = self.graph.choose_term(offer.covered, &offer.value, &below)?;
                gap = self.graph.except(gap, offer.covered);
                key = self.graph.choose_key(offer.covered, place, key);
            }
        }
        // A gap has no reasons.
        Ok(Judged { value, gap, why: Why::One { key, sets } })
    }

    fn contest(
        &mut self,
        outcome: &Outcome,
        speakers: Vec<Speaker>,
        otherwise: Option<Term>,
    ) -> Made<Judged> {
        let mut value: Option<Term> = None;
        let (mut found, mut bad) = (Arg::FALSE, Arg::FALSE);
        // Of each rule whether it speaks, and whether one above it does.
        let mut spoke: Vec<(Arg, Arg)> = Vec::new();
        let clauses: usize = speakers.iter().map(|speaker| speaker.offers.len()).sum();
        let few = clauses.saturating_add(usize::from(otherwise.is_some())) <= TOGETHER;
        let (mut causes, mut key, mut sets) = (Vec::new(), Arg::Const(0), vec![Vec::new()]);
        for (place, speaker) in speakers.into_iter().enumerate() {
            let mut displaced = Arg::FALSE;
            for above in outcome.directly_above(place) {
                let above = spoke.get(above as usize).copied().ok_or(No("its rules are in no order"))?;
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
                    causes.push((survives, offer.cause));
                } else {
                    sets.push(vec![offer.cause]);
                }
                if survives == Arg::FALSE {
                    continue;
                }
                let wrong = self.graph.and(survives, offer.value.bad);
                bad = self.graph.or(bad, wrong);
                let offered = Term::good(offer.value.what);
                let both = self.graph.and(survives, before);
                if !few {
                    key = self.graph.choose_key(survives, number, key);
                    bad = self.graph.or(bad, both);
                }
                value = Some(match value {
                    Some(value) => {
                        if few && both != Arg::FALSE {
                            let equal = self.graph.equal(&value.what, &offered.what)?;
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
        let mut value = value.unwrap_or(Term::good(nothing(&outcome.ty)));
        value.bad = bad;
        let mut gap = self.graph.not(found);
        if let Some(otherwise) = otherwise {
            if few {
                causes.push((gap, OTHERWISE));
            } else {
                key = self.graph.choose_key(gap, Arg::Const(sets.len() as i128), key);
                sets.push(vec![OTHERWISE]);
            }
            let below = Term { what: otherwise.what, bad: self.graph.or(bad, otherwise.bad) };
            value = self.graph.choose_term(found, &value, &below)?;
            gap = Arg::FALSE;
        }
        let why = if few { Why::Many(causes) } else { Why::One { key, sets } };
        Ok(Judged { value, gap, why })
    }
}

const OTHERWISE: Cause = Cause { rule: None, branch: None, act: None, doubtful: false };
