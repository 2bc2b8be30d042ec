//! Rules and what wins (R1–R6), as choices between columns. Where a row leaves open what applies, it is bad.

use super::clauses::Speaker;
use super::column::DecidingRule;
use super::compiler::{BatchCompiler, Environment};
use super::contest::ClauseContest;
use super::graph::{Arg, RoundingMode};
use super::hoist::nothing;
use super::judged::{OutcomeTerm, ReasonRegisters};
use super::term::{Bailout, RowTerm, TermKind};
use crate::policy::{Outcome, OutcomeId};

/// Of more clauses, rows in which several decide are asked one by one. Few in tests, which so meet both.
const TOGETHER: usize = if cfg!(test) { 4 } else { 31 };

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
    pub(super) fn assigned(&mut self, outcome: &Outcome, term: RowTerm) -> Result<RowTerm, Bailout> {
        let kind = match (term.kind.quotient(), &outcome.rounded) {
            (Ok(number), Some((mode, step))) => {
                TermKind::Number(self.graph.rounded(number, step, RoundingMode::from(*mode))?)
            }
            _ => term.kind,
        };
        let is_whole = match &kind {
            TermKind::Number(number) => number.den == 1,
            TermKind::Quotient(_) => false,
            TermKind::Bit(_) | TermKind::Word(_) | TermKind::Row => true,
        };
        if outcome.whole && !is_whole {
            return Err(Bailout("its values may not be whole"));
        }
        Ok(RowTerm { kind, bad: term.bad })
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
            value.bad = self.graph.within(speaker.bad, value.bad);
            // Of an error its rule is the reason, in whichever clause.
            key = self.graph.choose_key(speaker.bad.fails, Arg::Const(sets.len() as i128), key);
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
        let clauses: usize = speakers.iter().map(|speaker| speaker.offers.len()).sum();
        let few = clauses.saturating_add(usize::from(otherwise.is_some())) <= TOGETHER;
        let mut contest = ClauseContest::new(few);
        for (place, speaker) in speakers.into_iter().enumerate() {
            contest.hear(&mut self.graph, &outcome.directly_above(place), speaker)?;
        }
        contest.end(&mut self.graph, nothing(&outcome.ty), otherwise)
    }
}

pub(super) const OTHERWISE: DecidingRule =
    DecidingRule { rule: None, branch: None, act: None, doubtful: false };
