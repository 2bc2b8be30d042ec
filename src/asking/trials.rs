//! Scenarios, tried.

use crate::answers::ScenarioTrial;
use crate::diag::Diagnostic;
use crate::policy::{Policy, Scenario};
use crate::run::Evaluator;
use crate::scenarios::{Check, Trials, Tried};
use crate::text::Sources;
use crate::words::{Audience, Words};

/// Scenarios with what came of them.
#[derive(Debug)]
pub struct TriedScenarios<'p> {
    pub scenarios: Vec<&'p Scenario>,
    /// None: it cannot be run as it is written.
    pub tried: Vec<Option<Tried>>,
    /// What is wrong with what they state or expect.
    pub said: Vec<Diagnostic>,
}

/// Tries scenarios of a policy.
pub fn tried<'p>(policy: &'p Policy, scenarios: Vec<&'p Scenario>) -> TriedScenarios<'p> {
    let trials = Trials::new(policy);
    let (mut all, mut said) = (Vec::with_capacity(scenarios.len()), Vec::new());
    for scenario in &scenarios {
        match trials.scenario(scenario) {
            Ok(tried) => {
                said.extend(tried.wrong.iter().cloned());
                all.push(Some(tried));
            }
            Err(errors) => {
                said.extend(errors);
                all.push(None);
            }
        }
    }
    TriedScenarios { scenarios, tried: all, said }
}

impl TriedScenarios<'_> {
    /// Whether anything that was claimed does not hold.
    pub fn fails(&self) -> bool {
        self.tried.iter().flatten().any(|tried| tried.checks.iter().any(Check::fails))
    }

    /// What is told of each check that fails.
    pub fn failures<T>(
        &self,
        (policy, sources): (&Policy, &Sources),
        told: impl Fn(&Scenario, &Check, Words<'_>, &mut Evaluator<'_>) -> T,
    ) -> Vec<T> {
        let mut all = Vec::new();
        for (scenario, tried) in self.scenarios.iter().zip(&self.tried) {
            let Some(tried) = tried else { continue };
            let mut run: Option<Evaluator<'_>> = None;
            for check in tried.checks.iter().filter(|check| check.fails()) {
                let run = run.get_or_insert_with(|| Evaluator::new(policy, &tried.facts));
                let words = Words { policy, facts: &tried.facts, sources, audience: Audience::People };
                all.push(told(scenario, check, words, run));
            }
        }
        all
    }

    /// Each as data.
    pub fn documents(&self, (policy, sources): (&Policy, &Sources)) -> Vec<ScenarioTrial> {
        let pairs = self.scenarios.iter().zip(&self.tried);
        pairs.map(|(scenario, tried)| ScenarioTrial::new(scenario, tried.as_ref(), policy, sources)).collect()
    }
}
