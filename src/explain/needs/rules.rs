//! The walk of what an answer rests on, through rules and through aggregates.

use crate::explain::needs::{Walk, Wanted};
use crate::outcome::SlotRef;
use crate::policy::{Contender, EntityId, Expr, ExprId, OutcomeId, RuleId};
use crate::run::{ANY_ROW, At, Candidates, Evaluator, NamedPoint, Offer, Result};
use crate::value::Mask;
use std::collections::BTreeSet;
use std::slice;
use std::sync::Arc;

impl Evaluator<'_> {
    /// The rules that can still decide (R6): their windows, conditions and values.
    pub(crate) fn walk_rules(&mut self, walk: &mut Walk, id: OutcomeId, at: &At, again: bool) -> Result<()> {
        let (rules, otherwise) = self.live_rules(id, at)?;
        for rule in rules {
            // A silent rule had its part too, for it left room.
            if !rule.offers.is_empty() || walk.wanted == Wanted::Assumed {
                self.walk_rule(walk, rule.contender, &rule.offers, at, again)?;
            }
        }
        otherwise.map_or(Ok(()), |otherwise| self.walk(walk, otherwise, at, again))
    }

    /// One rule, with what it may offer if it is live.
    fn walk_rule(
        &mut self,
        walk: &mut Walk,
        contender: &Contender,
        live: &[Arc<Offer>],
        at: &At,
        again: bool,
    ) -> Result<()> {
        let policy = self.policy;
        self.walk_window(walk, contender.rule, at, again)?;
        let rule = &policy.rules[contender.rule];
        if let Some(power) = rule.power {
            return self.walk_effects(walk, power, (contender, live), at, again);
        }
        if self.set_in_force(rule, at)?.mask().is_false() {
            return Ok(());
        }
        for branch in self.branches(contender, at)? {
            match (branch.condition, branch.lasting) {
                (_, Some(lasting)) => self.walk_lasting(walk, (contender.rule, lasting), at, again)?,
                (Some(condition), None) => self.walk(walk, condition, at, again)?,
                (None, None) => {}
            }
            let Some(value) = branch.live_value() else { continue };
            let offered =
                live.iter().flat_map(|live| &live.values).find(|offered| offered.branch == branch.index);
            // Rounding may have decided what was open.
            let decided = offered.is_some_and(|offered| offered.value.is_single())
                && live.iter().all(|live| live.fault.is_none());
            if walk.wanted == Wanted::Assumed || !decided {
                self.walk(walk, value, at, again)?;
            }
        }
        Ok(())
    }

    /// The open names that a rule reads, through whatever it reads.
    pub(crate) fn names_of_rule(
        &mut self,
        outcome: OutcomeId,
        live: &Arc<Offer>,
        node: NamedPoint,
    ) -> BTreeSet<NamedPoint> {
        let policy = self.policy;
        let mut walk = Walk::new(Wanted::Open);
        if let Some(contender) = policy.outcomes[outcome].contenders.get(live.index as usize) {
            self.settle(|run| {
                run.in_body(node, |run, at| {
                    run.walk_rule(&mut walk, contender, slice::from_ref(live), at, false)
                })
            });
            self.walk_names(&mut walk);
        }
        walk.names()
    }

    pub(crate) fn walk_window(&mut self, walk: &mut Walk, rule: RuleId, at: &At, again: bool) -> Result<()> {
        let rule = &self.policy.rules[rule];
        if walk.wanted == Wanted::Open && self.set_in_force(rule, at)?.is_decided() {
            return Ok(());
        }
        rule.window().try_for_each(|day| self.walk(walk, day, at, again))
    }

    pub(crate) fn walk_aggregate(&mut self, walk: &mut Walk, id: ExprId, at: &At, again: bool) -> Result<()> {
        let Expr::Aggregate { entity, local, value, condition, .. } = self.policy.exprs.node(id) else {
            return Ok(());
        };
        let facts = self.facts;
        if let Some(Some(table)) = facts.tables.try_get(*entity) {
            let rows = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
            let rows = self.candidates_for(walk, id, rows, at)?;
            return rows.into_iter().try_for_each(|row| {
                self.with_row(at, *local, row, |run| {
                    run.walk_member(walk, (*entity, row), (*value, *condition), at, again)
                })
            });
        }
        if walk.wanted == Wanted::Open {
            walk.note(SlotRef::Table(*entity), self.is_dated(*entity) || again);
        }
        self.with_row(at, *local, ANY_ROW, |run| {
            let parts = condition.iter().chain(value);
            parts.copied().try_for_each(|part| run.walk(walk, part, at, again))
        })
    }

    /// The rows that have a part in what an answer rests on.
    fn candidates_for(&mut self, walk: &Walk, id: ExprId, rows: u32, at: &At) -> Result<Candidates> {
        if walk.wanted == Wanted::Assumed {
            // What a row is compared with had its part in leaving it out.
            let mut assumed = Walk::new(Wanted::Assumed);
            for other in self.equated_with(id) {
                self.walk(&mut assumed, other, at, false)?;
            }
            if !assumed.is_empty() {
                return Ok(Candidates::All(rows));
            }
        }
        Ok(self.set_candidates(id, rows, at)?.0)
    }

    fn walk_member(
        &mut self,
        walk: &mut Walk,
        (entity, row): (EntityId, u32),
        (value, condition): (Option<ExprId>, Option<ExprId>),
        at: &At,
        again: bool,
    ) -> Result<()> {
        let there = self.existence(entity, row, at)?;
        if walk.wanted == Wanted::Assumed || !there.is_decided() {
            let decl = &self.policy.entities[entity];
            self.walk_days(walk, entity, row, at, [decl.dated, decl.known])?;
        }
        if there.mask().is_false() {
            return Ok(());
        }
        let member = match condition {
            Some(condition) => {
                self.walk(walk, condition, at, again)?;
                self.set(condition, at)?.mask()
            }
            None => Mask::TRUE,
        };
        match value {
            Some(value) if !member.is_false() => self.walk(walk, value, at, again),
            _ => Ok(()),
        }
    }
}
