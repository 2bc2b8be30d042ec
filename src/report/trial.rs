//! Scenarios that fail, and how many hold.

use super::Report;
use super::page::{Look, Page, Tint};
use crate::diag::{Code, Diagnostic, Style, count, list_and, tick};
use crate::policy::{Policy, Scenario};
use crate::run::Evaluator;
use crate::scenarios::{Check, Claim, Tried, Verdict};
use crate::text::Span;
use crate::words::{Audience, Words};
use std::collections::BTreeSet;

/// A check that failed: what was expected, what came out, and why.
pub fn failure(
    scenario: &Scenario,
    check: &Check,
    mut words: Words,
    run: &mut Evaluator<'_>,
    look: Look,
) -> String {
    words.audience = Audience::People;
    let mut report = Report::new(words, look);
    report.own = check.row;
    let fails = report.page.tint(Tint::Bad, "FAILS");
    report.page.head(3, &format!("{fails} \"{}\"", scenario.title));
    report.page.raw(2, &format!("at {}", words.place(check_span(words.policy, scenario, check))));
    report.claim(scenario, check);
    report.actual(scenario, check, run);
    report.page.finish()
}

/// A check that failed, as a message.
pub fn unmet(scenario: &Scenario, check: &Check, mut words: Words, run: &mut Evaluator<'_>) -> Diagnostic {
    words.audience = Audience::People;
    let what = match check.claim {
        Claim::Expect(_) => (Code::UnmetExpectation, "an expectation".to_string()),
        Claim::Guarantee(id) => {
            (Code::GuaranteeBroken, format!("the guarantee {}", tick(&words.policy.guarantees[id].name)))
        }
    };
    let (code, what) = what;
    let message = format!("{what} of the scenario \"{}\" does not hold", scenario.title);
    let span = check_span(words.policy, scenario, check);
    let mut report = Report::new(words, Look::Text(Style::PLAIN));
    report.own = check.row;
    report.claim(scenario, check);
    report.actual(scenario, check, run);
    let told = report.page.finish();
    let told: Vec<&str> = told.lines().map(|line| line.strip_prefix("  ").unwrap_or(line)).collect();
    Diagnostic::error(code, span, message)
        .also(scenario.span, "the scenario")
        .help(told.join("\n").trim_end())
}

/// What was tried, over several policies.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub policies: usize,
    pub scenarios: usize,
    pub expectations: usize,
    /// Policies of which something does not hold.
    pub failed: usize,
}

/// `13 policies, 162 scenarios, 610 expectations: all hold`
pub fn policies(tally: Tally, look: Look) -> String {
    let mut page = Page::new(look);
    let verdict = match tally.failed {
        0 => page.tint(Tint::Good, "all hold"),
        n => page.tint(Tint::Bad, &format!("{} failed", count(n, "policy"))),
    };
    let tried = [
        count(tally.policies, "policy"),
        count(tally.scenarios, "scenario"),
        count(tally.expectations, "expectation"),
    ];
    let line = format!("{}: {verdict}", tried.join(", "));
    if page.is_markdown() {
        page.heading(2, &line);
        return page.finish();
    }
    format!("\n{line}\n")
}

/// `31 scenarios, 74 expectations, 12 guarantees: all hold`; with what failed or was not tried. `name`: of which policy,
/// where it is one of several.
pub fn totals(
    policy: &Policy,
    name: Option<&str>,
    scenarios: &[&Scenario],
    tried: &[Option<Tried>],
    look: Look,
) -> String {
    let mut page = Page::new(look);
    let expects: usize = scenarios.iter().map(|scenario| scenario.expects.len()).sum();
    let mut parts = vec![count(scenarios.len(), "scenario"), count(expects, "expectation")];
    if !policy.guarantees.is_empty() {
        parts.push(count(policy.guarantees.len(), "guarantee"));
    }
    let checks: Vec<&Check> = tried.iter().flatten().flat_map(|tried| &tried.checks).collect();
    let failed = |expects: bool| {
        let mine = |check: &&&Check| matches!(check.claim, Claim::Expect(_)) == expects;
        checks.iter().filter(mine).filter(|check| check.fails()).count()
    };
    let bad = tried.iter().filter(|tried| tried.as_ref().is_none_or(|tried| !tried.wrong.is_empty())).count();
    let broken: BTreeSet<_> =
        checks.iter().filter(|check| check.fails()).filter_map(|c| guarantee(c)).collect();
    let mut trouble = Vec::new();
    if failed(true) > 0 {
        trouble.push(format!("{} failed", count(failed(true), "expectation")));
    }
    if !broken.is_empty() {
        trouble.push(format!("{} violated", count(broken.len(), "guarantee")));
    }
    if bad > 0 {
        trouble.push(format!("{} cannot be run as written", count(bad, "scenario")));
    }
    let judged: BTreeSet<_> = checks
        .iter()
        .filter(|check| check.verdict != Verdict::Open)
        .filter_map(|check| guarantee(check))
        .collect();
    let untried = policy.guarantees.iter().filter(|(id, _)| !judged.contains(id) && !scenarios.is_empty());
    let untried: Vec<String> = untried.map(|(_, guarantee)| tick(&guarantee.name)).collect();
    let verdict = match (trouble.is_empty(), untried.is_empty()) {
        (true, true) => page.tint(Tint::Good, "all hold"),
        (true, false) => page.tint(Tint::Good, "none fails"),
        (false, _) => page.tint(Tint::Bad, &trouble.join(", ")),
    };
    let untried = match untried.is_empty() {
        true => String::new(),
        false => format!("not decided by the facts of any scenario: {}", list_and(&untried)),
    };
    let name = name.map_or(String::new(), |name| format!("{name}: "));
    let line = format!("{name}{}: {verdict}", parts.join(", "));
    if page.is_markdown() {
        page.heading(2, &line);
        page.paragraph(&untried);
        return page.finish();
    }
    let untried = if untried.is_empty() { untried } else { format!("{untried}\n") };
    format!("{line}\n{untried}")
}

/// Where what failed stands.
fn check_span(policy: &Policy, scenario: &Scenario, check: &Check) -> Span {
    match check.claim {
        Claim::Expect(at) => scenario.expects.get(at).map_or(scenario.span, |expect| expect.span),
        Claim::Guarantee(id) => policy.guarantees[id].span,
    }
}

fn guarantee(check: &Check) -> Option<crate::policy::GuaranteeId> {
    match check.claim {
        Claim::Guarantee(id) => Some(id),
        Claim::Expect(_) => None,
    }
}
