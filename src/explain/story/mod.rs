//! The story of an answer (R5, R6): what every rule did and why.

mod conduct;

use crate::explain::reads::Visited;
use crate::outcome::{ClauseStory, Fate, Judged, JudgedKind, Point, Read, RuleStory, Status, Story, Valued};
use crate::policy::{Contender, Expr, ExprId, Lasting, Op, OutcomeId, PowerId, Rule, RuleId};
use crate::run::{ANY_ROW, At, Evaluator, Location, NO_ROW, NamedPoint, Offer, OutcomeVerdict, Result};
use crate::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

impl<'a> Evaluator<'a> {
    /// What `why` prints.
    pub fn story(&mut self, outcome: OutcomeId, row: Option<u32>, point: Point) -> Story {
        let answer = self.answer(outcome, row, point);
        let of = self.policy.outcomes[outcome].for_each.zip(row);
        let (point, rules, otherwise) = match self.locate(outcome, row, point) {
            Location::At(node) => {
                let verdict = self.verdict_at(outcome, node);
                let otherwise = self.otherwise_story(outcome, node, &verdict);
                (node.point, self.rule_stories(outcome, node, &verdict), otherwise)
            }
            Location::Open(_) => (point, Vec::new(), None),
        };
        Story { outcome, row: of.filter(|(_, row)| *row != ANY_ROW), point, answer, rules, otherwise }
    }

    fn otherwise_story(
        &mut self,
        outcome: OutcomeId,
        node: NamedPoint,
        verdict: &OutcomeVerdict,
    ) -> Option<Valued> {
        let otherwise = self.policy.outcomes[outcome].otherwise.filter(|_| verdict.otherwise.is_some())?;
        let valued = |run: &mut Self, at: &At| run.valued(outcome, otherwise, at, &mut Visited::default());
        Some(self.settle(|run| run.in_body(node, valued)))
    }

    fn rule_stories(
        &mut self,
        outcome: OutcomeId,
        node: NamedPoint,
        verdict: &OutcomeVerdict,
    ) -> Vec<RuleStory> {
        let policy = self.policy;
        let mut contenders: Vec<(u32, &Contender)> =
            (0..).zip(&policy.outcomes[outcome].contenders).collect();
        contenders.sort_by_key(|(_, contender)| policy.in_order(policy.rules[contender.rule].span));
        let story = |(index, contender): (u32, &Contender)| {
            let fate = self
                .settle(|run| run.in_body(node, |run, at| run.fate(outcome, contender, index, verdict, at)));
            if let Some(power) = policy.rules[contender.rule].power {
                let clauses = self.settle(|run| {
                    run.in_body(node, |run, at| run.effect_clauses(outcome, (contender, power), at))
                });
                let row = Some(node.row).filter(|row| *row != NO_ROW);
                let ends = self.ends_of_acts(power, row, node.point);
                let power = Some(self.power(power, row, node.point));
                let head = self.settle(|run| run.in_body(node, |run, at| run.head(contender.rule, at)));
                return RuleStory { rule: contender.rule, fate, head, clauses, power, ends };
            }
            let in_force = !matches!(fate, Fate::NotYetInForce { .. } | Fate::NoLongerInForce { .. });
            let clauses = if in_force {
                self.settle(|run| run.in_body(node, |run, at| run.clauses(outcome, contender, at)))
            } else {
                Vec::new()
            };
            let head = self.settle(|run| run.in_body(node, |run, at| run.head(contender.rule, at)));
            RuleStory { rule: contender.rule, fate, head, clauses, power: None, ends: BTreeMap::new() }
        };
        contenders.into_iter().map(story).collect()
    }

    fn fate(
        &mut self,
        outcome: OutcomeId,
        contender: &Contender,
        index: u32,
        verdict: &OutcomeVerdict,
        at: &At,
    ) -> Result<Fate> {
        let policy = self.policy;
        if let Some(place) = verdict.live.iter().position(|live| live.index == index) {
            let sure = verdict.live.get(place).is_some_and(|live| !live.rule_may_be_silent);
            let part = match verdict.status {
                Status::Determined => true,
                Status::Conflict | Status::Error => verdict.guilty.contains(&place),
                Status::Undetermined | Status::Gap => false,
            };
            return Ok(if sure && part { Fate::Decides } else { Fate::MayDecide });
        }
        let offers = self.offers(&policy.outcomes[outcome], contender, index, at)?;
        let above = |live: &&Arc<Offer>| contender.above.contains(live.index) && !live.rule_may_be_silent;
        let by: Vec<_> = verdict.live.iter().filter(above).map(|live| live.rule).collect();
        if offers.iter().any(Offer::may_speak) && !by.is_empty() {
            return Ok(Fate::Displaced { by });
        }
        let rule = &policy.rules[contender.rule];
        match self.silence(rule, at)? {
            Fate::NotMet if rule.power.is_some() => Ok(Fate::NotExercised),
            fate => Ok(fate),
        }
    }

    /// Why a rule is silent (R2, R3).
    fn silence(&mut self, rule: &Rule, at: &At) -> Result<Fate> {
        if self.set_in_force(rule, at)?.mask().may_be_true() {
            return Ok(Fate::NotMet);
        }
        if let Some(from) = &rule.from
            && self.set_has_come(from, at)?.mask().is_false()
        {
            let known = match from.known {
                Some(known) => Some(self.set(known, at)?.values),
                None => None,
            };
            return Ok(Fate::NotYetInForce { from: Some(self.set(from.day, at)?.values), known });
        }
        let until = match &rule.until {
            Some(until) => Some(self.set(until.day, at)?.values),
            None => None,
        };
        Ok(Fate::NoLongerInForce { until })
    }

    /// The branches that were looked at.
    fn clauses(&mut self, outcome: OutcomeId, contender: &Contender, at: &At) -> Result<Vec<ClauseStory>> {
        let policy = self.policy;
        let mut visited = Visited::default();
        let mut stories = Vec::new();
        // In force, and `not C1 and not C2 …` of the branches before.
        let mut rest = self.set_in_force(&policy.rules[contender.rule], at)?.mask();
        for branch in self.branches(contender, at)? {
            let met = branch.met.mask();
            let condition = match branch.condition {
                Some(condition) => Some(self.judged(condition, at, &mut visited)?),
                None => None,
            };
            let mut began = None;
            let mut past = Vec::new();
            if let Some(lasting) = branch.lasting {
                if met.may_be_true() {
                    began = self.began(contender.rule, lasting, at)?;
                }
                self.read_memory(&mut past, (contender.rule, lasting), at, &mut visited)?;
            }
            let lasts = match (branch.lasting, began) {
                (Some(Lasting::For(wait, kind)), Some(began)) => {
                    match self.shifted(began, (wait, kind), at)?.single() {
                        Some(Value::Date(day)) => Some(*day),
                        _ => None,
                    }
                }
                _ => None,
            };
            let applies = rest.and(met);
            let value = match branch.live_value().filter(|_| applies.may_be_true()) {
                Some(value) => Some(self.valued(outcome, value, at, &mut visited)?),
                None => None,
            };
            stories.push(ClauseStory { branch: branch.index, condition, applies, began, lasts, past, value });
            rest = rest.and(met.not());
        }
        Ok(stories)
    }

    /// What says when a rule is in force; of a power's effect also what its acts were judged by, and what ended them.
    fn head(&mut self, id: RuleId, at: &At) -> Result<Vec<Read>> {
        let (policy, mut visited, mut reads) = (self.policy, Visited::default(), Vec::new());
        let rule: &'a Rule = &policy.rules[id];
        rule.window().try_for_each(|day| self.read_into(&mut reads, day, at, &mut visited))?;
        let Some(power) = rule.power else { return Ok(reads) };
        for (place, _) in self.acts_about(power, at.row(), at.point) {
            self.read_checks(&mut reads, place, at.point.known, &mut visited)?;
        }
        for (place, _) in self.acts_of(power, at.row(), at.point) {
            if let Some(lasting) = rule.lasting {
                self.read_lapse(&mut reads, place, lasting, at, &mut visited)?;
            }
        }
        Ok(reads)
    }

    /// What the acts that may stand offer.
    fn effect_clauses(
        &mut self,
        outcome: OutcomeId,
        (contender, power): (&Contender, PowerId),
        at: &At,
    ) -> Result<Vec<ClauseStory>> {
        let facts = self.facts;
        let mut visited = Visited::default();
        let mut stories = Vec::new();
        for one in self.standing(power, at.row(), at.point, true)?.acts {
            let Some(act) = facts.acts.get(one.act as usize) else { continue };
            for clause in &contender.clauses {
                let value = self.in_act(power, at.row(), act, at.point, |run, at| {
                    run.valued(outcome, clause.value, at, &mut visited)
                })?;
                stories.push(ClauseStory {
                    branch: clause.branch,
                    condition: None,
                    applies: one.mask,
                    began: Some(act.on),
                    lasts: None,
                    past: Vec::new(),
                    value: Some(value),
                });
            }
        }
        Ok(stories)
    }

    fn valued(&mut self, outcome: OutcomeId, expr: ExprId, at: &At, visited: &mut Visited) -> Result<Valued> {
        let set = self.assigned_set(&self.policy.outcomes[outcome], expr, at)?;
        let reads = self.reads(expr, at, visited)?;
        Ok(Valued { expr, value: set.values, fault: set.fault, reads })
    }

    /// A condition taken apart at `and`, `or`, `not`.
    pub(crate) fn judged(&mut self, id: ExprId, at: &At, visited: &mut Visited) -> Result<Judged> {
        let policy = self.policy;
        let mask = self.set(id, at)?.mask();
        let mut point = at.point;
        let kind = match policy.exprs.node(id) {
            Expr::And(list) => JudgedKind::And(self.judged_all(list, at, visited)?),
            Expr::Or(list) => JudgedKind::Or(self.judged_all(list, at, visited)?),
            Expr::Op(Op::Not(inner)) => JudgedKind::Not(Box::new(self.judged(*inner, at, visited)?)),
            Expr::By { day, .. } | Expr::AsOf { day, .. } => {
                // Judged at the close of that day, once it has passed.
                if let Some(Value::Date(day)) = self.set(*day, at)?.single()
                    && !day.is_never()
                    && *day < at.point.day
                {
                    point.day = *day;
                }
                JudgedKind::Atom(self.reads(id, at, visited)?)
            }
            _ => JudgedKind::Atom(self.reads(id, at, visited)?),
        };
        Ok(Judged { expr: id, mask, point, kind })
    }

    fn judged_all(&mut self, list: &[ExprId], at: &At, visited: &mut Visited) -> Result<Vec<Judged>> {
        let mut all = Vec::with_capacity(list.len());
        for operand in list {
            all.push(self.judged(*operand, at, visited)?);
        }
        Ok(all)
    }
}
