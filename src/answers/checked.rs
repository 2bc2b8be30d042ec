//! What a check found, as JSON. The schema is `docs/schema/check.json`.

use super::messages::{MessageDoc, message};
use crate::diag::{Diagnostic, Label};
use crate::facts::Facts;
use crate::policy::{Citation, OutcomeId, Policy, RuleId};
use crate::regions::findings::{Case, Finding, Findings, Open, What, Why};
use crate::text::{Sources, Span};
use crate::words::{Audience, Words, stated};
use serde::Serialize;

/// A finding with its message.
#[derive(Clone, Debug)]
pub struct FindingMessage {
    pub diagnostic: Diagnostic,
    /// The declarations above which it may be allowed.
    pub anchors: Vec<Span>,
    pub finding: Finding,
    /// Why it is meant, if the text says so.
    pub allowed: Option<String>,
}

/// All that was checked in one go.
#[derive(Debug)]
pub struct CheckReport<'a> {
    pub root: &'a str,
    pub policy: &'a Policy,
    pub sources: &'a Sources,
    /// What is probably not meant, and remarks that allow nothing.
    pub lints: &'a [Diagnostic],
    pub noted: &'a [FindingMessage],
    pub made: &'a Findings,
    /// For each question.
    pub steps: u64,
    /// Whether findings were looked for at all.
    pub looked: bool,
}

/// What a check found, as data.
#[derive(Serialize)]
pub struct CheckDoc {
    policy: String,
    steps: u64,
    looked_for_findings: bool,
    lints: Vec<LintDoc>,
    findings: Vec<FindingDoc>,
    guarantees: Vec<GuaranteeDoc>,
    not_decided: Vec<LeftDoc>,
}

#[derive(Serialize)]
struct LintDoc {
    #[serde(flatten)]
    message: MessageDoc,
    at: Vec<SaidAtDoc>,
}

#[derive(Serialize)]
struct SaidAtDoc {
    place: String,
    says: String,
}

#[derive(Serialize)]
struct FindingDoc {
    #[serde(flatten)]
    message: LintDoc,
    outcomes: Vec<String>,
    rules: Vec<RuleDoc>,
    case: Option<FindingCaseDoc>,
    allowed: Option<String>,
}

#[derive(Serialize)]
struct RuleDoc {
    name: String,
    title: Option<String>,
    article: Option<u32>,
    cites: Vec<String>,
    at: String,
}

#[derive(Serialize)]
struct FindingCaseDoc {
    on: String,
    row_of: Option<String>,
    facts: String,
}

#[derive(Serialize)]
struct GuaranteeDoc {
    name: String,
    verdict: &'static str,
}

#[derive(Serialize)]
struct LeftDoc {
    about: &'static str,
    names: Vec<String>,
    why: &'static str,
    terms: Vec<String>,
}

/// The document, with a line feed at its end.
pub fn checked(all: &CheckReport<'_>) -> String {
    super::messages::written(&check_doc(all))
}

/// The same as data.
pub fn check_doc(all: &CheckReport<'_>) -> CheckDoc {
    let none = Facts::none(all.policy);
    let words = Words { policy: all.policy, facts: &none, sources: all.sources, audience: Audience::Machine };
    CheckDoc {
        policy: all.root.to_string(),
        steps: all.steps,
        looked_for_findings: all.looked,
        lints: all.lints.iter().map(|one| lint(one, all.sources)).collect(),
        findings: all.noted.iter().map(|one| finding(one, &words)).collect(),
        guarantees: guarantees(all),
        not_decided: all.made.left.iter().map(|left| left_doc(&left.what, &left.why, &words)).collect(),
    }
}

fn lint(said: &Diagnostic, sources: &Sources) -> LintDoc {
    let at = |label: &Label| SaidAtDoc { place: sources.place(label.span), says: label.text.clone() };
    LintDoc { message: message(said, sources), at: said.labels.iter().map(at).collect() }
}

fn finding(one: &FindingMessage, words: &Words<'_>) -> FindingDoc {
    let (outcomes, rules) = parts(&one.finding.what);
    FindingDoc {
        message: lint(&one.diagnostic, words.sources),
        outcomes: outcomes.into_iter().map(|id| words.policy.outcomes[id].name.clone()).collect(),
        rules: rules.into_iter().map(|id| rule(id, words)).collect(),
        case: one.finding.case.as_ref().map(|case| case_doc(case, words)),
        allowed: one.allowed.clone(),
    }
}

/// The outcomes and rules it is about.
fn parts(what: &What) -> (Vec<OutcomeId>, Vec<RuleId>) {
    match what {
        What::Gap(outcome) => (vec![*outcome], Vec::new()),
        What::Fails { outcome, rule, .. } => (vec![*outcome], rule.iter().copied().collect()),
        What::Conflict { outcome, rules } => (vec![*outcome], rules.iter().map(|(rule, _)| *rule).collect()),
        What::NeverApplies { rule, .. } => (Vec::new(), vec![*rule]),
        What::Displaced { rule, outcomes, by, .. } => {
            (outcomes.clone(), std::iter::once(*rule).chain(by.iter().copied()).collect())
        }
        What::Redundant { rule, outcomes } => (outcomes.clone(), vec![*rule]),
        What::Settled { .. }
        | What::Idle { .. }
        | What::NeverOwed(_)
        | What::NoValue(_)
        | What::DefaultOutside(_)
        | What::Violated { .. }
        | What::NeverJudged(_) => (Vec::new(), Vec::new()),
    }
}

fn rule(id: RuleId, words: &Words<'_>) -> RuleDoc {
    let policy = words.policy;
    let rule = &policy.rules[id];
    let cite = |citation: &Citation| {
        let name = &policy.instruments[citation.instrument].name;
        citation.place.as_ref().map_or_else(|| name.clone(), |place| format!("{name} \"{place}\""))
    };
    RuleDoc {
        name: rule.shown.clone(),
        title: rule.title.clone(),
        article: rule.article.and_then(|id| policy.articles.try_get(id)).map(|article| article.number),
        cites: rule.cites.iter().map(cite).collect(),
        at: words.sources.place(rule.name_span),
    }
}

fn case_doc(case: &Case, words: &Words<'_>) -> FindingCaseDoc {
    let words = Words { facts: &case.facts, ..*words };
    FindingCaseDoc {
        on: case.on.to_string(),
        row_of: case.row.map(|(entity, _)| words.policy.entities[entity].name.clone()),
        facts: stated(&words),
    }
}

fn guarantees(all: &CheckReport<'_>) -> Vec<GuaranteeDoc> {
    let verdict = |id| {
        if all.made.proved.contains(&id) {
            return "proved";
        }
        let broken = |one: &&FindingMessage| matches!(one.finding.what, What::Violated { guarantee, .. } if guarantee == id);
        let idle = |one: &&FindingMessage| matches!(one.finding.what, What::NeverJudged(guarantee) if guarantee == id);
        if all.noted.iter().any(|one| broken(&one)) {
            "broken"
        } else if all.noted.iter().any(|one| idle(&one)) {
            "never judged"
        } else {
            "not decided"
        }
    };
    let all = all.policy.guarantees.iter();
    all.map(|(id, decl)| GuaranteeDoc { name: decl.name.clone(), verdict: verdict(id) }).collect()
}

fn left_doc(what: &Open, why: &Why, words: &Words<'_>) -> LeftDoc {
    let policy = words.policy;
    let outcome = |id: OutcomeId| policy.outcomes[id].name.clone();
    let rule = |id: RuleId| policy.rules[id].shown.clone();
    let (about, names) = match what {
        Open::Outcome(id) => ("outcome", vec![outcome(*id)]),
        Open::Pairs(id) => ("pairs", vec![outcome(*id)]),
        Open::Gap(id) => ("gap", vec![outcome(*id)]),
        Open::Conflict(id, [a, b]) => ("conflict", vec![outcome(*id), rule(*a), rule(*b)]),
        Open::Fails(id) => ("error", vec![outcome(*id)]),
        Open::Rule(id) => ("rule", vec![rule(*id)]),
        Open::Condition(id) => ("condition", vec![words.expr(*id)]),
        Open::Guarantee(id) => ("guarantee", vec![policy.guarantees[*id].name.clone()]),
    };
    let (why, terms) = match why {
        Why::Steps => ("steps", Vec::new()),
        Why::NoFacts => ("no facts", Vec::new()),
        Why::Many => ("many", Vec::new()),
        Why::Outside => ("outside", Vec::new()),
        Why::Terms(terms, others) => {
            ("terms", terms.iter().map(|term| words.expr(*term)).chain(others.iter().cloned()).collect())
        }
    };
    LeftDoc { about, names, why, terms }
}
