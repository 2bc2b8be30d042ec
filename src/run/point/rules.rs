//! Which rule decides, on complete facts (R1–R5).

use crate::outcome::{Point, Possibility, Reason, Status};
use crate::policy::{Dated, ExprId, Outcome, OutcomeId, Rule};
use crate::run::frame::At;
use crate::run::frame::plan::is_whole;
use crate::run::frame::ready::{Ready, Window};
use crate::run::point::Stop;
use crate::run::point::rows::both;
use crate::run::{Decided, Evaluator};
use crate::steps;
use crate::value::{Trouble, Value};

impl<'a> Evaluator<'a> {
    pub(crate) fn point_decide(&mut self, id: OutcomeId, at: &At) -> Result<Decided, Stop> {
        self.point_rules(id, at, None)
    }

    /// R5. Contenders stand after all rules above them, so a rule with a speaking one above need not be asked: whatever
    /// it displaces, that one displaces too.
    pub(crate) fn point_rules(
        &mut self,
        id: OutcomeId,
        at: &At,
        mut reasons: Option<&mut Vec<Reason>>,
    ) -> Result<Decided, Stop> {
        let policy = self.policy;
        let outcome = &policy.outcomes[id];
        if self.plan.prepared.contests[id].remembers {
            return self.lifted_rules(id, at, reasons);
        }
        let base = self.spoke.len();
        let few = outcome.contenders.len() <= 64;
        let (mut said, mut answer, mut conflict, mut failed) = (0u64, None, false, false);
        let mut stopped = None;
        for index in 0..outcome.contenders.len() {
            steps::step();
            let Some(ready) = self.plan.prepared.contests[id].rules.get(index).copied() else { break };
            let displaced = ready.above & said != 0 || (!few && self.is_displaced(outcome, index, base));
            if displaced {
                continue;
            }
            // R3: silent, a value, or an error.
            let (value, branch) = match self.point_clause(id, ready, at) {
                Ok(None) => continue,
                Ok(Some((value, branch))) => {
                    (self.point(value, at).and_then(|value| assigned(outcome, value)), Some(branch))
                }
                Err(stop) => (Err(stop), None),
            };
            let value = match value {
                Ok(value) => Some(value),
                Err(Stop::Fault(_)) => None,
                Err(stop) => {
                    stopped = Some(stop);
                    break;
                }
            };
            if few {
                said |= 1u64.checked_shl(index as u32).unwrap_or(0);
            } else {
                self.spoke.push(index as u32);
            }
            if let Some(reasons) = reasons.as_deref_mut() {
                reasons.push(Reason {
                    rule: Some(ready.rule),
                    branch: branch.filter(|_| value.is_some()),
                    act: None,
                    value: value.clone().map(Into::into),
                    doubtful: false,
                });
            }
            match (value, &answer) {
                (None, _) => failed = true,
                (Some(value), None) => answer = Some(value),
                (Some(value), Some(first)) => conflict |= value != *first,
            }
        }
        self.spoke.truncate(base);
        match (stopped, answer) {
            (Some(stop), _) => Err(stop),
            _ if failed => {
                // Of an error the failing rules are the reasons.
                if let Some(reasons) = reasons {
                    reasons.retain(|reason| reason.value.is_none());
                }
                Ok(Decided::Error)
            }
            _ if conflict => Ok(Decided::Conflict),
            (None, Some(value)) => Ok(Decided::Value(value)),
            (None, None) => self.point_otherwise(outcome, at, reasons),
        }
    }

    /// Where a rule has a memory, from the walk over sets.
    fn lifted_rules(
        &mut self,
        id: OutcomeId,
        at: &At,
        reasons: Option<&mut Vec<Reason>>,
    ) -> Result<Decided, Stop> {
        let base = self.locals.len();
        let frame = self.stack.get(at.base..).unwrap_or(&[]);
        self.locals.extend(frame.iter().cloned().map(crate::run::Set::one));
        let verdict = self.verdict(id, &At { base, ..*at });
        self.locals.truncate(base);
        let verdict = verdict.map_err(|crate::run::Deep| Stop::Deep)?;
        let decided = match (verdict.status, verdict.possible.first()) {
            (Status::Determined, Some(Possibility::Value(value))) => {
                Decided::Value(value.single().cloned().ok_or(Stop::Open)?)
            }
            (Status::Determined | Status::Undetermined, _) => return Err(Stop::Open),
            (Status::Gap, _) => Decided::Gap,
            (Status::Conflict, _) => Decided::Conflict,
            (Status::Error, _) => Decided::Error,
        };
        if let Some(list) = reasons {
            *list = crate::run::answer::reasons(&verdict);
        }
        Ok(decided)
    }

    fn point_otherwise(
        &mut self,
        outcome: &Outcome,
        at: &At,
        reasons: Option<&mut Vec<Reason>>,
    ) -> Result<Decided, Stop> {
        let Some(otherwise) = outcome.otherwise else { return Ok(Decided::Gap) };
        let value = self.point(otherwise, at).and_then(|value| assigned(outcome, value));
        let value = match value {
            Ok(value) => Some(value),
            Err(Stop::Fault(_)) => None,
            Err(stop) => return Err(stop),
        };
        if let Some(reasons) = reasons {
            let value = value.clone().map(Into::into);
            reasons.push(Reason { rule: None, branch: None, act: None, value, doubtful: false });
        }
        Ok(value.map_or(Decided::Error, Decided::Value))
    }

    /// Whether a rule above spoke, where there are very many.
    fn is_displaced(&self, outcome: &Outcome, index: usize, base: usize) -> bool {
        let spoke = self.spoke.get(base..).unwrap_or_default();
        outcome.contenders.get(index).is_some_and(|contender| contender.is_below(spoke))
    }

    /// The value that a rule offers and the branch it stands in; none: it is silent (R1, R3).
    fn point_clause(&mut self, id: OutcomeId, ready: Ready, at: &At) -> Result<Option<(ExprId, u32)>, Stop> {
        let in_force = match ready.window {
            Window::Fixed { from, from_known, until, until_known } => {
                let Point { day, known, .. } = at.point;
                Ok(from <= day && from_known <= known && !(until <= day && until_known <= known))
            }
            Window::Open => self.point_in_window(&self.policy.rules[ready.rule], at),
        };
        if in_force == Ok(false) {
            return Ok(None);
        }
        // With V4: once a condition failed, a later clause is false where its own condition is, else it fails too.
        let mut failed = None;
        for (index, place) in (0..).zip(ready.first..ready.end) {
            let Some(branch) = self.plan.prepared.contests[id].branch(place) else { break };
            let met = match branch.condition {
                Some(condition) => self.truth(condition, at),
                None => Ok(true),
            };
            match (met, branch.value) {
                (Ok(false), _) => {}
                (Ok(true), None) => return Ok(None),
                (Ok(true), Some(value)) => {
                    // What failed first is the error.
                    in_force?;
                    return failed.map_or(Ok(Some((value, index))), |trouble| Err(Stop::Fault(trouble)));
                }
                (Err(Stop::Fault(trouble)), Some(_)) => {
                    in_force?;
                    return Err(Stop::Fault(trouble));
                }
                (Err(Stop::Fault(trouble)), None) => failed = failed.or(Some(trouble)),
                (Err(stop), _) => return Err(stop),
            }
        }
        Ok(None)
    }

    /// R2
    fn point_in_window(&mut self, rule: &Rule, at: &At) -> Result<bool, Stop> {
        let begun = match &rule.from {
            Some(from) => self.point_has_come(from, at),
            None => Ok(true),
        };
        match &rule.until {
            Some(until) => both(begun, || Ok(!self.point_has_come(until, at)?)),
            None => begun,
        }
    }

    /// Whether a day of a head has come, and was known by then.
    fn point_has_come(&mut self, dated: &Dated, at: &At) -> Result<bool, Stop> {
        let come = self.day(dated.day, at).map(|day| day <= at.point.day);
        match dated.known {
            Some(known) => both(come, || Ok(self.day(known, at)? <= at.point.known)),
            None => come,
        }
    }
}

/// R3, M5: what is assigned to an outcome is rounded as it declares, and whole if its unit is.
pub(crate) fn assigned(outcome: &Outcome, value: Value) -> Result<Value, Stop> {
    let value = match (&outcome.rounded, value) {
        (Some((mode, step)), Value::Number(number)) => Value::Number(number.round(step, *mode)?),
        (_, value) => value,
    };
    if outcome.whole && !is_whole(&value) {
        return Err(Trouble::NotWhole.into());
    }
    Ok(value)
}
