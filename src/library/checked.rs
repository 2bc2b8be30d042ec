//! What is found in a policy, and what came of its scenarios.

use super::diagnostics::Diagnostics;
use super::policy::Policy;
use crate::answers::{CheckDoc, CheckReport, MessageDoc, PolicyTrials, TestDoc, check_doc, message};
use crate::asking::{PolicyCheck, checked, tried};
use crate::diag::{MOST, Style};
use crate::regions::findings::STEPS;
use crate::report::{self, Look};
use crate::scenarios;
use serde::{Serialize, Serializer};
use std::fmt;
use std::sync::Arc;

/// What is wrong with a policy for some facts or for all: gaps, conflicts, rules that never apply, guarantees that are broken.
/// `Display` tells it in words; serialised it is the document of `docs/schema/check.json`.
#[derive(Clone)]
pub struct Checked {
    clean: bool,
    said: Diagnostics,
    text: String,
    document: Arc<CheckDoc>,
}

impl Checked {
    pub(super) fn new(asked: &Policy) -> Result<Checked, Diagnostics> {
        let (policy, sources, root) = (&asked.0.policy, &asked.0.sources, asked.root());
        let unstated = scenarios::unstated(policy);
        if !unstated.is_empty() {
            return Err(Diagnostics::new(unstated, sources));
        }
        let PolicyCheck { lints, said, noted, made, clean } =
            checked(root, (policy, sources), &asked.0.lints, Some(STEPS));
        let found = report::found(policy, sources, &noted, &made, Style::PLAIN.width);
        let (lints, noted, made) = (&lints[..], &noted[..], &made);
        let report = CheckReport { root, policy, sources, lints, noted, made, steps: STEPS, looked: true };
        Ok(Checked {
            clean,
            text: report::holds(root, policy, &said) + &found,
            said: Diagnostics::new(said, sources),
            document: Arc::new(check_doc(&report)),
        })
    }

    /// Whether nothing was found that its text does not explain.
    pub fn is_clean(&self) -> bool {
        self.clean
    }

    /// What was found, as messages; empty if nothing was.
    pub fn findings(&self) -> &Diagnostics {
        &self.said
    }
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.said.is_empty() {
            true => f.write_str(&self.text),
            false => write!(f, "{}\n{}", self.said, self.text),
        }
    }
}

impl fmt::Debug for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checked").field("clean", &self.clean).finish_non_exhaustive()
    }
}

impl Serialize for Checked {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.document.serialize(serializer)
    }
}

/// What came of the scenarios of a policy. `Display` tells what failed, and how many there are; serialised it is the document
/// of `docs/schema/test.json`.
#[derive(Clone, Debug)]
pub struct Tested {
    passed: bool,
    text: String,
    trials: Arc<PolicyTrials>,
    messages: Vec<MessageDoc>,
    more: usize,
}

impl Tested {
    pub(super) fn new(asked: &Policy) -> Tested {
        let (policy, sources) = (&asked.0.policy, &asked.0.sources);
        let about = (policy, sources);
        let trial = tried(policy, policy.scenarios.iter().collect());
        let look = Look::Text(Style::PLAIN);
        let failed: Vec<String> = trial.failures(about, |scenario, check, words, run| {
            report::failure(scenario, check, words, run, look) + "\n"
        });
        let unmet = trial.failures(about, report::unmet);
        let said: Vec<_> = trial.said.iter().chain(&unmet).collect();
        let totals = report::totals(policy, None, &trial.scenarios, &trial.tried, look);
        Tested {
            passed: trial.said.is_empty() && !trial.fails(),
            text: failed.concat() + &totals,
            messages: said.iter().take(MOST).map(|one| message(one, sources)).collect(),
            more: said.len().saturating_sub(MOST),
            trials: Arc::new(PolicyTrials {
                policy: asked.root().to_string(),
                scenarios: trial.documents(about),
            }),
        }
    }

    /// Whether all expectations and all guarantees hold.
    pub fn passed(&self) -> bool {
        self.passed
    }
}

impl fmt::Display for Tested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Tested {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let policies = std::slice::from_ref(self.trials.as_ref());
        TestDoc { policies, diagnostics: &self.messages, more: self.more }.serialize(serializer)
    }
}
