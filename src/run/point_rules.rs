//! Which rule decides, on complete facts (R1–R5).

use super::at::At;
use super::plan::is_whole;
use super::point::{Pointed, Stop};
use super::point_rows::both;
use super::{Decided, Evaluator};
use crate::outcome::Reason;
use crate::policy::{Contender, Dated, Outcome, OutcomeId, Rule};
use crate::value::{Trouble, Value};

impl<'a> Evaluator<'a> {
    pub(super) fn point_decide(&mut self, id: OutcomeId, at: &At) -> Pointed<Decided> {
        self.point_rules(id, at, None)
    }

    /// R5. Contenders stand after all rules above them, so a rule with a speaking one above need not be asked: whatever
    /// it displaces, that one displaces too.
    pub(super) fn point_rules(
        &mut self,
        id: OutcomeId,
        at: &At,
        mut reasons: Option<&mut Vec<Reason>>,
    ) -> Pointed<Decided> {
        let policy = self.policy;
        let outcome = &policy.outcomes[id];
        let base = self.spoke.len();
        let few = outcome.contenders.len() <= 64;
        if !few {
            self.spoke.resize(base.saturating_add(outcome.contenders.len()), false);
        }
        let (mut said, mut answer, mut conflict, mut failed) = (0u64, None, false, false);
        let mut stopped = None;
        for (index, contender) in outcome.contenders.iter().enumerate() {
            let displaced = if few {
                self.plan.above_bits(id, index) & said != 0
            } else {
                let spoke = |above: &u32| self.spoke.get(base.saturating_add(*above as usize)).copied();
                contender.above.iter().any(|above| spoke(above) == Some(true))
            };
            if displaced {
                continue;
            }
            let offer = match self.point_offer(outcome, contender, at) {
                Ok(None) => continue,
                Ok(Some(offer)) => Some(offer),
                Err(Stop::Fault(_)) => None,
                Err(stop) => {
                    stopped = Some(stop);
                    break;
                }
            };
            if few {
                said |= 1u64.checked_shl(index as u32).unwrap_or(0);
            } else if let Some(spoke) = self.spoke.get_mut(base.saturating_add(index)) {
                *spoke = true;
            }
            if let Some(reasons) = reasons.as_deref_mut() {
                reasons.push(Reason {
                    rule: Some(contender.rule),
                    branch: offer.as_ref().map(|(_, branch)| *branch),
                    value: offer.as_ref().map(|(value, _)| value.clone().into()),
                    doubtful: false,
                });
            }
            match (offer, &answer) {
                (None, _) => failed = true,
                (Some((value, _)), None) => answer = Some(value),
                (Some((value, _)), Some(first)) => conflict |= value != *first,
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

    fn point_otherwise(
        &mut self,
        outcome: &Outcome,
        at: &At,
        reasons: Option<&mut Vec<Reason>>,
    ) -> Pointed<Decided> {
        let Some(otherwise) = outcome.otherwise else { return Ok(Decided::Gap) };
        let value = self.point(otherwise, at).and_then(|value| assigned(outcome, value));
        let value = match value {
            Ok(value) => Some(value),
            Err(Stop::Fault(_)) => None,
            Err(stop) => return Err(stop),
        };
        if let Some(reasons) = reasons {
            let value = value.clone().map(Into::into);
            reasons.push(Reason { rule: None, branch: None, value, doubtful: false });
        }
        Ok(value.map_or(Decided::Error, Decided::Value))
    }

    /// R3: silent (`None`), a value with its branch, or an error.
    fn point_offer(
        &mut self,
        outcome: &Outcome,
        contender: &Contender,
        at: &At,
    ) -> Pointed<Option<(Value, u32)>> {
        let rule = &self.policy.rules[contender.rule];
        let in_force = match self.plan.in_force(contender.rule, at.point) {
            Some(in_force) => Ok(in_force),
            None => self.point_in_force(rule, at),
        };
        if in_force == Ok(false) {
            return Ok(None);
        }
        let last = contender.clauses.last().map_or(0, |clause| clause.branch);
        // R1 with V4: once a condition failed, a later clause is false where its own condition is, else it fails too.
        let mut failed = None;
        for (branch, index) in rule.branches.iter().zip(0..=last) {
            let met = match branch.condition {
                Some(condition) => self.truth(condition, at),
                None => Ok(true),
            };
            let clause = contender.clauses.iter().find(|clause| clause.branch == index);
            match (met, clause) {
                (Err(Stop::Fault(trouble)), Some(_)) => return after(in_force, Err(Stop::Fault(trouble))),
                (Err(Stop::Fault(trouble)), None) => failed = failed.or(Some(trouble)),
                (Err(stop), _) => return Err(stop),
                (Ok(false), _) => {}
                (Ok(true), None) => return Ok(None),
                (Ok(true), Some(clause)) => {
                    if let Some(trouble) = failed {
                        return after(in_force, Err(Stop::Fault(trouble)));
                    }
                    in_force?;
                    let value = self.point(clause.value, at)?;
                    return Ok(Some((assigned(outcome, value)?, index)));
                }
            }
        }
        Ok(None)
    }

    /// R2
    fn point_in_force(&mut self, rule: &Rule, at: &At) -> Pointed<bool> {
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
    fn point_has_come(&mut self, dated: &Dated, at: &At) -> Pointed<bool> {
        let come = self.day(dated.day, at).map(|day| day <= at.point.day);
        match dated.known {
            Some(known) => both(come, || Ok(self.day(known, at)? <= at.point.known)),
            None => come,
        }
    }
}

/// A clause that fails or applies, in a rule whose being in force may have failed.
fn after(in_force: Pointed<bool>, result: Pointed<Option<(Value, u32)>>) -> Pointed<Option<(Value, u32)>> {
    match in_force {
        Err(stop) => Err(stop),
        Ok(_) => result,
    }
}

/// R3, M5: what is assigned to an outcome is rounded as it declares, and whole if its unit is.
pub(super) fn assigned(outcome: &Outcome, value: Value) -> Pointed<Value> {
    let value = match (&outcome.rounded, value) {
        (Some((mode, step)), Value::Number(number)) => Value::Number(number.round(step, *mode)?),
        (_, value) => value,
    };
    if outcome.whole && !is_whole(&value) {
        return Err(Trouble::NotWhole.into());
    }
    Ok(value)
}
