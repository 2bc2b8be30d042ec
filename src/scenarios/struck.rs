//! What scenarios show of a clause: which of their expectations are no longer met if it is struck.

use super::{Claim, Trials};
use crate::policy::deps::Node;
use crate::policy::{Expected, Policy, Provision, Scenario};
use crate::tree::GivenKind;
use std::collections::BTreeSet;

/// What a scenario expects of a policy as it is, by the places of its expectations.
fn met(trials: &Trials<'_>, scenario: &Scenario) -> BTreeSet<usize> {
    let Ok(tried) = trials.scenario(scenario) else { return BTreeSet::new() };
    let met = tried.checks.iter().filter(|check| !check.fails());
    met.filter_map(|check| match check.claim {
        Claim::Expect(at) => Some(at),
        Claim::Guarantee(_) => None,
    })
    .collect()
}

/// An expectation that is met, and not without the clause: the places of its scenario and of it there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangedExpectation {
    pub scenario: usize,
    pub expectation: usize,
}

/// Which expectations of these scenarios, each by its place, are met, and are not if the clauses are struck.
pub fn changed_without(
    trials: &Trials<'_>,
    clauses: &[Provision],
    scenarios: &[usize],
) -> Vec<ChangedExpectation> {
    let policy = trials.policy;
    if clauses.is_empty() || scenarios.is_empty() {
        return Vec::new();
    }
    let struck = policy.without(clauses);
    let after = Trials::new(&struck);
    let mut changed = Vec::new();
    for place in scenarios {
        let Some(scenario) = policy.scenarios.get(*place) else { continue };
        let left = met(&after, scenario);
        let lost = met(trials, scenario).into_iter().filter(|at| !left.contains(at));
        changed.extend(lost.map(|expectation| ChangedExpectation { scenario: *place, expectation }));
    }
    changed
}

/// The provisions that a scenario is about: powers of which it gives acts, duties and powers that it asks for, rules that
/// decide the outcomes it expects.
pub fn provisions_used(policy: &Policy, scenario: &Scenario) -> Vec<Provision> {
    let mut used: BTreeSet<Provision> = BTreeSet::new();
    for given in &scenario.givens {
        if let GivenKind::Act(act) = &given.kind {
            used.extend(policy.provisions_named(&act.power.text));
        }
    }
    let mut asked: Vec<Node> = Vec::new();
    for expect in &scenario.expects {
        match &expect.what {
            Expected::Holds(what) | Expected::Settled { value: what, .. } => {
                asked.extend(policy.reads_alone(*what).into_iter().map(|read| read.node));
            }
            Expected::Status { outcome, .. } => asked.push(Node::Outcome(*outcome)),
        }
    }
    for node in asked {
        match node {
            Node::Outcome(id) => {
                let rules = policy.outcomes[id].contenders.iter().map(|one| one.rule);
                let of = |rule| policy.rules[rule].power.map_or(Provision::Rule(rule), Provision::Power);
                used.extend(rules.map(of));
            }
            Node::Duty(id) => {
                used.insert(Provision::Duty(id));
            }
            Node::Acts(id) | Node::Available(id) => {
                used.insert(Provision::Power(id));
            }
            Node::Fact(_)
            | Node::Field(..)
            | Node::Rows(_)
            | Node::Define(_)
            | Node::Function(_)
            | Node::Running(_) => {}
        }
    }
    used.into_iter().collect()
}
