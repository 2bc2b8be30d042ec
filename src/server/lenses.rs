//! What can be done with a declaration, above it: run a scenario, or tell why its answers are what they are.

use super::view::PolicyView;
use crate::diag::Style;
use crate::index::{NameKind, OutlineItem};
use crate::policy::Scenario;
use crate::report::{Look, failure, totals};
use crate::run::Evaluator;
use crate::scenarios::Trials;
use crate::text::SourceId;
use crate::words::{Audience, Words};
use gen_lsp_types::{CodeLens, Command, LspAny};

/// Tells the reasons of what the scenario of a title expects.
pub(super) const WHY_SCENARIO: &str = "comity.whyScenario";

/// Runs the scenario of a title in the policy of a file.
pub(super) const RUN_SCENARIO: &str = "comity.runScenario";

pub(super) fn lenses(view: &PolicyView, source: SourceId) -> Vec<CodeLens> {
    let Some(part) = view.part(source) else { return Vec::new() };
    let scenarios = view.index.outline(source).iter().filter(|item| item.kind == NameKind::Scenario);
    let lens = |item: &OutlineItem, title: &str, command: &str| CodeLens {
        range: view.range(item.name_span),
        command: Some(Command {
            title: title.to_string(),
            tooltip: None,
            command: command.to_string(),
            arguments: Some(vec![LspAny::from(part.path.clone()), LspAny::from(item.name.clone())]),
        }),
        data: None,
    };
    scenarios
        .flat_map(|item| [lens(item, "Run this scenario", RUN_SCENARIO), lens(item, "Why", WHY_SCENARIO)])
        .collect()
}

/// What comes of the scenarios of a title, in words; why, where one fails.
pub(super) fn run(view: &PolicyView, title: &str) -> String {
    let Some(policy) = view.policy.as_deref() else {
        return "the policy has errors: mend them first".to_string();
    };
    let trials = Trials::new(policy);
    let look = Look::Text(Style::PLAIN);
    let scenarios: Vec<&Scenario> = policy.scenarios.iter().filter(|one| one.title == title).collect();
    let mut tried = Vec::new();
    let mut told = String::new();
    for scenario in &scenarios {
        match trials.scenario(scenario) {
            Ok(one) => {
                let mut run = Evaluator::new(policy, &one.facts);
                for check in one.checks.iter().filter(|check| check.fails()) {
                    let (facts, sources) = (&one.facts, &view.sources);
                    let words = Words { policy, facts, sources, audience: Audience::People };
                    told.push_str(&failure(scenario, check, words, &mut run, look));
                    told.push('\n');
                }
                tried.push(Some(one));
            }
            Err(said) => {
                said.iter().for_each(|one| told.push_str(&format!("{}\n", one.message)));
                tried.push(None);
            }
        }
    }
    told + totals(policy, None, &scenarios, &tried, look).trim_end()
}
