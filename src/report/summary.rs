//! What a policy holds, in one line.

use crate::diag::{Diagnostic, count, summary};
use crate::policy::Policy;
use crate::text::shown;

/// `policies/pledge.comity: 2 articles, 3 rules, 1 outcome, 1 scenario; no errors, no warnings`
pub fn holds(root: &str, policy: &Policy, lints: &[Diagnostic]) -> String {
    let parts = [
        (policy.articles.len(), "article"),
        (policy.rules.values().filter(|rule| rule.power.is_none()).count(), "rule"),
        (policy.duties.len(), "obligation"),
        (policy.powers.len(), "power"),
        (policy.outcomes.len(), "outcome"),
        (policy.guarantees.len(), "guarantee"),
        (policy.scenarios.len(), "scenario"),
    ];
    let parts: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, noun)| count(*n, noun)).collect();
    let parts = if parts.is_empty() { "nothing to run".to_string() } else { parts.join(", ") };
    let said = match summary(lints) {
        Some(said) => format!("no errors, {said}"),
        None => "no errors, no warnings".to_string(),
    };
    format!("{}: {parts}; {said}\n", shown(root))
}
