//! What is wrong with a policy for some facts, or for all of them: gaps, conflicts, errors, rules that never decide, conditions that
//! never vary, and whether guarantees hold (G3).
//!
//! Every outcome is asked about in a space of its own (`ask`). `clauses` makes formulas of it and of the rules met there for the
//! first time, `dead` asks what can never be, `open` what may be and should not, `errors` what may fail, `conditions` what never varies; `promises` tries
//! guarantees. What may be is shown with a case (`case`): facts for which the evaluator itself says so, and no fact among them
//! that could be left out. What cannot be is proven, or it is not said.

mod ask;
mod case;
mod clauses;
mod conditions;
mod dead;
mod errors;
mod open;
mod promises;

#[cfg(test)]
mod tests;

use crate::facts::Facts;
use crate::policy::{DutyId, EntityId, ExprId, FactId, FieldId, GuaranteeId, OutcomeId, Policy, RuleId};
use crate::text::Span;
use crate::value::{Day, Trouble};

/// Steps of the solver for one question, if nothing else is said. They count work, not time.
pub const STEPS: u64 = 100_000;

/// All that was found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// In the order of the outcomes, then of guarantees.
    pub found: Vec<Finding>,
    /// The guarantees that hold for all facts.
    pub proved: Vec<GuaranteeId>,
    /// What was not decided.
    pub left: Vec<Left>,
    /// An answer that is an error for days beyond the end of a calendar, as others may be.
    pub beyond: Option<OutcomeId>,
}

#[derive(Clone, Debug)]
pub struct Finding {
    pub what: What,
    /// Facts for which it is so; none: it is so for all facts.
    pub case: Option<Case>,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// No rule applies, and there is no `otherwise`.
    Gap(OutcomeId),
    /// Two rules, each by one branch, offer different values and neither is above the other.
    Conflict { outcome: OutcomeId, rules: [(RuleId, u32); 2] },
    /// An answer is an error: by a rule that decides, or by the `otherwise`. What failed, and where.
    Fails { outcome: OutcomeId, rule: Option<RuleId>, trouble: Trouble, at: Span },
    /// A rule, or one branch of it, never applies.
    NeverApplies { rule: RuleId, branch: Option<u32>, why: Never },
    /// Whenever a rule (or one branch) applies, a rule above it does, for each of these outcomes.
    Displaced { rule: RuleId, branch: Option<u32>, outcomes: Vec<OutcomeId>, by: Vec<RuleId> },
    /// A rule that decides, and without which every answer would be the same.
    Redundant { rule: RuleId, outcomes: Vec<OutcomeId> },
    /// A condition, or a part of one, that comes to the same for all facts.
    Settled { condition: ExprId, is: bool },
    /// A part of a condition without which the whole would be the same.
    Idle { part: ExprId, whole: ExprId },
    /// A duty that ends before it begins.
    NeverOwed(DutyId),
    /// No value satisfies the `where` of a fact or field: nothing can be stated.
    NoValue(Declared),
    /// The default of a fact is outside its `where`.
    DefaultOutside(FactId),
    /// A guarantee that does not hold; `fails`: it is an error there, and not false.
    Violated { guarantee: GuaranteeId, fails: bool },
    /// A guarantee that begins on no day before it ends.
    NeverJudged(GuaranteeId),
}

/// Why a rule never applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Never {
    /// It begins on no day before it ends.
    Window,
    /// This condition is never true.
    Condition(ExprId),
    /// The branches before it take all that it would.
    Before,
    /// Its condition is never true while it is in force.
    InForce,
}

/// A fact, or a field of an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    Fact(FactId),
    Field(EntityId, FieldId),
}

/// Facts for which something is so: the evaluator has said it of them, and of no smaller part of them.
#[derive(Clone, Debug)]
pub struct Case {
    pub on: Day,
    /// Whether the day has a part in it.
    pub dated: bool,
    /// The row it is about, the only one of its table.
    pub row: Option<(EntityId, u32)>,
    pub facts: Facts,
}

/// Something that was not decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    pub what: Open,
    pub why: Why,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Open {
    /// All that is asked about an outcome.
    Outcome(OutcomeId),
    Gap(OutcomeId),
    Conflict(OutcomeId, [RuleId; 2]),
    /// Whether an answer may be an error.
    Fails(OutcomeId),
    Rule(RuleId),
    /// Conflicts, and rules that change nothing: there are too many rules to compare two by two.
    Pairs(OutcomeId),
    Condition(ExprId),
    Guarantee(GuaranteeId),
}

/// Why something was not decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The steps allowed were used up.
    Steps,
    /// No facts satisfy every `where`.
    NoFacts,
    /// As many were found as are looked for.
    Many,
    /// It is outside what can be decided.
    Outside,
    /// It may be so as far as these terms may be anything; no facts were found for which it is.
    /// Those that are no expressions are put in words: whether an act of a power stands, whether a rule still lasts.
    Terms(Vec<ExprId>, Vec<String>),
}

/// How much work each question may take, and whether anybody still wants to know.
#[derive(Clone, Copy)]
pub(super) struct SearchEffort<'e> {
    steps: u64,
    goes_on: &'e dyn Fn() -> bool,
}

/// Looks at every rule, outcome and guarantee of a policy.
///
/// `steps`: how much work each question may take.
pub fn look(policy: &Policy, steps: u64) -> Findings {
    look_while(policy, steps, &|| true).unwrap_or_default()
}

/// The same, as long as it goes on; none: it was stopped.
pub fn look_while(policy: &Policy, steps: u64, goes_on: &dyn Fn() -> bool) -> Option<Findings> {
    let effort = SearchEffort { steps, goes_on };
    let mut made = Findings::default();
    if !promises::declared(policy, effort, &mut made) {
        // Of facts that cannot be, everything is true.
        made.left =
            policy.guarantees.ids().map(|id| Left { what: Open::Guarantee(id), why: Why::NoFacts }).collect();
        return goes_on().then_some(made);
    }
    let mut seen = clauses::SeenClauses::default();
    for id in policy.outcomes.ids().take_while(|_| goes_on()) {
        outcome(policy, id, effort, &mut seen, &mut made);
    }
    made.beyond = seen.failing.calendar;
    dead::rules(policy, seen, &mut made);
    once(&mut made.found);
    promises::duties(policy, effort, &mut made);
    promises::guarantees(policy, effort, &mut made);
    goes_on().then_some(made)
}

/// A condition that keeps a rule from applying is named there.
fn once(found: &mut Vec<Finding>) {
    let guilty = |finding: &Finding| match finding.what {
        What::NeverApplies { why: Never::Condition(condition), .. } => Some(condition),
        _ => None,
    };
    let guilty: Vec<ExprId> = found.iter().filter_map(guilty).collect();
    found.retain(|finding| match finding.what {
        What::Settled { condition, is: false } => !guilty.contains(&condition),
        _ => true,
    });
}

fn outcome(
    policy: &Policy,
    id: OutcomeId,
    effort: SearchEffort<'_>,
    seen: &mut clauses::SeenClauses,
    made: &mut Findings,
) {
    let mut ask = ask::Ask::new(policy, policy.outcomes[id].for_each, effort);
    let Ok(read) = clauses::read(&mut ask, id, seen) else {
        made.left.push(Left { what: Open::Outcome(id), why: Why::Outside });
        return;
    };
    ask.ready();
    open::ask_all(&mut ask, id, &read, &mut made.found);
    errors::ask_all(&mut ask, (id, &read), &mut seen.failing, &mut made.found);
    dead::ask_all(&mut ask, id, &read, seen, &mut made.found);
    conditions::ask_all(&mut ask, &read.conditions, &mut made.found);
    made.left.append(&mut ask.left);
}
