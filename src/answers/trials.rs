//! What came of scenarios, as JSON and as JUnit. The schema is `docs/schema/test.json`.

use super::ci::{JunitCase, JunitSuite, junit_report};
use super::messages::{MessageDoc, PlaceDoc, place, written};
use crate::policy::{Policy, Scenario};
use crate::scenarios::{Check, Claim, Tried, Verdict};
use crate::text::Sources;
use crate::value::Day;
use crate::words::{Audience, Words};
use serde::Serialize;

/// The scenarios of one policy.
#[derive(Debug, Serialize)]
pub struct PolicyTrials {
    pub policy: String,
    pub scenarios: Vec<ScenarioTrial>,
}

/// A scenario with all that was claimed in it.
#[derive(Debug, Serialize)]
pub struct ScenarioTrial {
    title: String,
    #[serde(flatten)]
    place: PlaceDoc,
    holds: bool,
    claims: Vec<ClaimDoc>,
}

#[derive(Debug, Serialize)]
struct ClaimDoc {
    /// Of an expectation none.
    guarantee: Option<String>,
    claim: String,
    row: Option<String>,
    on: Option<String>,
    known: Option<String>,
    verdict: &'static str,
}

impl ScenarioTrial {
    /// `none`: it cannot be run as it is written.
    pub fn new(
        scenario: &Scenario,
        tried: Option<&Tried>,
        policy: &Policy,
        sources: &Sources,
    ) -> ScenarioTrial {
        let claims = tried.map_or(Vec::new(), |tried| {
            let words = Words { policy, facts: &tried.facts, sources, audience: Audience::Machine };
            tried.checks.iter().map(|check| claim(scenario, check, &words)).collect()
        });
        let fails = |tried: &Tried| !tried.wrong.is_empty() || tried.checks.iter().any(Check::fails);
        ScenarioTrial {
            title: scenario.title.clone(),
            place: place(Some(scenario.span), sources),
            holds: tried.is_some_and(|tried| !fails(tried)),
            claims,
        }
    }
}

fn claim(scenario: &Scenario, check: &Check, words: &Words<'_>) -> ClaimDoc {
    let (guarantee, text) = match check.claim {
        Claim::Expect(at) => {
            let text = scenario.expects.get(at).map_or(String::new(), |expect| words.source(expect.span));
            (None, text.strip_prefix("expect ").map_or(text.clone(), str::to_string))
        }
        Claim::Guarantee(id) => {
            let guarantee = &words.policy.guarantees[id];
            (Some(guarantee.name.clone()), words.expr(guarantee.what))
        }
    };
    let known = check.point.known;
    ClaimDoc {
        guarantee,
        claim: text,
        row: check.row.map(|(entity, row)| words.key(entity, row)),
        on: check.dated.then(|| check.point.day.to_string()),
        known: (known != Day::NEVER).then(|| known.to_string()),
        verdict: match check.verdict {
            Verdict::Holds => "holds",
            Verdict::Fails(_) | Verdict::Status(_) => "fails",
            Verdict::Open => "open",
        },
    }
}

/// What came of scenarios, as data.
#[derive(Debug, Serialize)]
pub struct TestDoc<'a> {
    pub policies: &'a [PolicyTrials],
    pub diagnostics: &'a [MessageDoc],
    /// How many more messages there are.
    pub more: usize,
}

/// The document, with a line feed at its end.
pub fn tested(policies: &[PolicyTrials], diagnostics: &[MessageDoc], more: usize) -> String {
    written(&TestDoc { policies, diagnostics, more })
}

/// The same as JUnit has it: a case for each scenario, and one for each message about none of them.
pub fn tested_junit(policies: &[PolicyTrials], said: &[MessageDoc]) -> String {
    let mut left: Vec<&MessageDoc> = said.iter().collect();
    let mut suites: Vec<JunitSuite> = Vec::new();
    for one in policies {
        let cases = one.scenarios.iter().map(|scenario| {
            let (own, rest): (Vec<&MessageDoc>, _) =
                left.iter().partition(|said| within(said, &scenario.place));
            left = rest;
            let why: Vec<String> = own.iter().map(|said| super::ci::told(said)).collect();
            let failure = match (scenario.holds, why.first()) {
                (true, _) => None,
                (false, Some(first)) => {
                    Some((first.lines().next().unwrap_or("").to_string(), why.join("\n\n")))
                }
                (false, None) => Some(("it does not hold".to_string(), String::new())),
            };
            JunitCase { name: scenario.title.clone(), class: one.policy.clone(), failure }
        });
        let cases = cases.collect();
        suites.push(JunitSuite { name: one.policy.clone(), cases });
    }
    if !left.is_empty() {
        let cases = left.into_iter().map(JunitCase::of).collect();
        suites.push(JunitSuite { name: "messages".to_string(), cases });
    }
    junit_report(&suites)
}

/// Whether a message is about a scenario: it has a place in it.
fn within(said: &MessageDoc, scenario: &PlaceDoc) -> bool {
    let line = |place: &PlaceDoc| Some((place.start?.line, place.end?.line));
    said.labels.iter().any(|label| {
        let inside = line(&label.place)
            .zip(line(scenario))
            .is_some_and(|((at, _), (first, last))| first <= at && at <= last);
        label.place.file == scenario.file && inside
    })
}
