//! The clauses of a rule (R1–R3): in which rows each applies, and in which the rule fails before it offers anything.

use super::bad::Bad;
use super::column::DecidingRule;
use super::compiler::{BatchCompiler, Environment};
use super::graph::{Arg, Graph, Relation};
use super::hoist::nothing;
use super::term::{Bailout, RowTerm};
use crate::policy::{Contender, Dated, ExprId, Outcome, Rule};

/// One clause of a rule: in which rows it applies for certain, and what it offers; nothing where it never does.
pub(super) struct GuardedTerm {
    pub applies: Arg,
    /// The same, or more: also where a clause before it applies, which then covers it.
    pub covered: Arg,
    pub value: RowTerm,
    pub deciding: DecidingRule,
}

/// A rule: its clauses, of which at most one applies, and the rows for which it is not known whether any does, or where
/// its head or a condition fails.
pub(super) struct Speaker {
    pub offers: Vec<GuardedTerm>,
    pub bad: Bad,
}

/// Where a rule fails for certain before it offers anything, as its clauses are gone through.
struct FailingRows {
    /// It is in force, or its head fails, and every clause so far is false.
    clean: Arg,
    /// A clause that is silent on the outcome failed, and none was true since.
    tainted: Arg,
    /// Its head fails.
    head: Arg,
    rows: Arg,
}

impl FailingRows {
    fn new(graph: &mut Graph, (in_force, bad): (Arg, Bad)) -> FailingRows {
        let sure = graph.except(in_force, bad.any);
        FailingRows {
            clean: graph.or(sure, bad.fails),
            tainted: Arg::FALSE,
            head: bad.fails,
            rows: Arg::FALSE,
        }
    }

    /// A clause that offers something (V4).
    fn offers(&mut self, graph: &mut Graph, (condition, bad): (Arg, Bad)) {
        let (yes, no) = (graph.except(condition, bad.any), is_false(graph, (condition, bad)));
        let headless = graph.and(yes, self.head);
        let fails = graph.or(bad.fails, headless);
        let here = graph.and(self.clean, fails);
        let met = graph.or(yes, bad.fails);
        let behind = graph.and(self.tainted, met);
        self.rows = graph.or(self.rows, here);
        self.rows = graph.or(self.rows, behind);
        self.clean = graph.and(self.clean, no);
        self.tainted = graph.and(self.tainted, no);
    }

    /// A clause that is silent on the outcome.
    fn is_silent(&mut self, graph: &mut Graph, (condition, bad): (Arg, Bad)) {
        let no = is_false(graph, (condition, bad));
        let still = graph.or(no, bad.fails);
        let still = graph.and(self.tainted, still);
        let anew = graph.and(self.clean, bad.fails);
        self.tainted = graph.or(still, anew);
        self.clean = graph.and(self.clean, no);
    }
}

fn is_false(graph: &mut Graph, (condition, bad): (Arg, Bad)) -> Arg {
    let not = graph.not(condition);
    graph.except(not, bad.any)
}

impl BatchCompiler<'_, '_> {
    pub(super) fn speaker(
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
                false => Ok(Speaker { offers: Vec::new(), bad: Bad::NONE }),
            };
        }
        if rule.lasting.is_some() {
            return Err(Bailout("a rule lasts until something happens"));
        }
        // R1: a clause applies where its condition is true and those before it are false.
        let mut before = self.window(rule, at)?;
        let mut silent = before.clone();
        let in_force = self.graph.all(&before);
        let mut failure = FailingRows::new(&mut self.graph, in_force);
        let mut speaker = Speaker { offers: Vec::new(), bad: Bad::NONE };
        for (place, branch) in (0u32..).zip(&rule.branches) {
            let condition = match branch.condition {
                Some(condition) => {
                    let term = self.term(condition, at)?;
                    (term.bit()?, term.bad)
                }
                None => (Arg::TRUE, Bad::NONE),
            };
            let clause = contender.clauses.iter().find(|clause| clause.branch == place);
            if let Some(clause) = clause {
                let mut guard = before.clone();
                guard.push(condition);
                let (applies, bad) = self.graph.all(&guard);
                let applies = self.graph.except(applies, bad.any);
                speaker.bad.any = self.graph.or(speaker.bad.any, bad.any);
                failure.offers(&mut self.graph, condition);
                silent.push(condition);
                // Only where no clause so far is in doubt may it cover what those before it leave.
                let covered = match self.graph.all(&silent) {
                    (covered, Bad::NONE) if speaker.bad == Bad::NONE => covered,
                    _ => applies,
                };
                silent.pop();
                let value = match applies {
                    Arg::FALSE => RowTerm { kind: nothing(&outcome.ty), bad: Bad::OPEN },
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
                failure.is_silent(&mut self.graph, condition);
            }
        }
        speaker.bad.fails = failure.rows;
        Ok(speaker)
    }

    /// R2
    fn window(&mut self, rule: &Rule, at: &Environment) -> Result<Vec<(Arg, Bad)>, Bailout> {
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

    fn has_come(&mut self, dated: &Dated, at: &Environment) -> Result<(Arg, Bad), Bailout> {
        let mut come = |id: ExprId, by: Arg| -> Result<(Arg, Bad), Bailout> {
            let (day, bad) = self.number(id, at)?;
            Ok((self.graph.compare(Relation::AtMost, day.arg, by), bad))
        };
        let mut all = vec![come(dated.day, at.day)?];
        if let Some(known) = dated.known {
            all.push(come(known, at.known)?);
        }
        Ok(self.graph.all(&all))
    }
}
