//! The reasons of the answers that a scenario expects.

use super::view::PolicyView;
use crate::diag::Style;
use crate::facts::Facts;
use crate::index::NameKind;
use crate::outcome::Point;
use crate::policy::{EntityId, OutcomeId, Policy, Scenario};
use crate::report::{Look, why};
use crate::run::Evaluator;
use crate::scenarios::{Check, Claim, Trials};
use crate::text::Span;
use crate::words::{Audience, Words};

/// Why the outcomes that the scenarios of a title name come to what they do, each once.
pub(super) fn told(view: &PolicyView, title: &str) -> String {
    let Some(policy) = view.policy.as_deref() else {
        return "the policy has errors: mend them first".to_string();
    };
    let trials = Trials::new(policy);
    let mut stories: Vec<String> = Vec::new();
    for scenario in policy.scenarios.iter().filter(|one| one.title == title) {
        match trials.scenario(scenario) {
            Ok(tried) => {
                let mut run = Evaluator::new(policy, &tried.facts);
                for check in &tried.checks {
                    for (outcome, row) in asked(view, policy, &tried.facts, scenario, check) {
                        let story = run.story(outcome, row, check.point);
                        let (facts, sources) = (&tried.facts, &view.sources);
                        let words = Words { policy, facts, sources, audience: Audience::People };
                        let one =
                            why(&story, words, is_dated(check.dated, check.point), Look::Text(Style::PLAIN));
                        if !stories.contains(&one) {
                            stories.push(one);
                        }
                    }
                }
            }
            Err(said) => stories.extend(said.iter().map(|one| one.message.clone())),
        }
    }
    match stories.is_empty() {
        true => "no expectation of this scenario names an outcome".to_string(),
        false => stories.join("\n"),
    }
}

fn is_dated(dated: bool, point: Point) -> bool {
    dated && !point.day.is_never()
}

/// The outcomes that an expectation names, with the row of each.
fn asked(
    view: &PolicyView,
    policy: &Policy,
    facts: &Facts,
    scenario: &Scenario,
    check: &Check,
) -> Vec<(OutcomeId, Option<u32>)> {
    let Claim::Expect(at) = check.claim else { return Vec::new() };
    let Some(span) = scenario.expects.get(at).map(|expect| view.sources.origin(expect.span)) else {
        return Vec::new();
    };
    let within = |one: &Span| span.start <= one.start && one.end <= span.end;
    let named = view.index.uses_in(span.source).iter().filter(|one| within(&one.span));
    let outcomes = named.filter_map(|one| view.index.get(one.name));
    let outcomes = outcomes.filter(|thing| thing.kind == NameKind::Outcome);
    let words = view.sources.text(span);
    let with_row = |id: OutcomeId| match policy.outcomes[id].for_each {
        None => Some((id, None)),
        Some(entity) => row(facts, entity, words).map(|row| (id, Some(row))),
    };
    outcomes.filter_map(|thing| policy.outcome(&thing.name)).filter_map(with_row).collect()
}

/// The row whose key is written in an expectation, or the only one.
fn row(facts: &Facts, entity: EntityId, words: &str) -> Option<u32> {
    let rows = &facts.tables.try_get(entity)?.as_ref()?.rows;
    let written = rows.keys().position(|key| words.contains(&format!("\"{key}\"")));
    let at = written.or_else(|| (rows.len() == 1).then_some(0))?;
    u32::try_from(at).ok()
}
