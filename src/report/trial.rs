//! Scenarios that fail, and how many hold.

use super::Report;
use super::page::{Look, Page, Tint};
use crate::diag::{count, list_and, tick};
use crate::outcome::{Status, Story};
use crate::policy::{Expected, Expr, ExprId, Policy, Scenario};
use crate::run::Evaluator;
use crate::text::Span;
use crate::trial::{Check, Claim, Tried, Verdict};
use crate::value::{Day, Possible};
use crate::wire::{Reader, Words};
use std::collections::BTreeSet;

use super::conflict::status_noun;

/// A check that failed: what was expected, what came out, and why.
pub fn failure(
    scenario: &Scenario,
    check: &Check,
    mut words: Words,
    run: &mut Evaluator<'_>,
    look: Look,
) -> String {
    words.reader = Reader::People;
    let mut report = Report::new(words, look);
    report.own = check.row;
    let fails = report.page.tint(Tint::Bad, "FAILS");
    report.page.head(3, &format!("{fails} \"{}\"", scenario.title));
    report.page.raw(2, &format!("at {}", words.place(check_span(words.policy, scenario, check))));
    report.claim(scenario, check);
    report.actual(scenario, check, run);
    report.page.finish()
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

impl Report<'_> {
    /// What should have held.
    fn claim(&mut self, scenario: &Scenario, check: &Check) {
        let policy = self.words.policy;
        match check.claim {
            Claim::Expect(at) => {
                let Some(expect) = scenario.expects.get(at) else { return };
                let text = self.words.source(expect.span);
                let text = text.strip_prefix("expect ").unwrap_or(&text).to_string();
                self.page.hanging(2, 10, &format!("expected  {text}"));
            }
            Claim::Guarantee(id) => {
                let guarantee = &policy.guarantees[id];
                let name = self.words.named(&guarantee.name, check.row);
                let text = self.words.expr(guarantee.what);
                self.page.hanging(2, 10, &format!("guarantee {name}: {text}"));
            }
        }
    }

    /// What came out.
    fn actual(&mut self, scenario: &Scenario, check: &Check, run: &mut Evaluator<'_>) {
        let policy = self.words.policy;
        let day = match self.day_of(check.point).filter(|_| check.dated) {
            Some(day) => format!(" on {day}"),
            None => String::new(),
        };
        let known = match check.point.known {
            Day::NEVER => String::new(),
            known => format!(", as known on {known}"),
        };
        let what = match check.claim {
            Claim::Expect(at) => scenario.expects.get(at).map(|expect| &expect.what),
            Claim::Guarantee(_) => None,
        };
        match (what, check.verdict) {
            (Some(Expected::Status { outcome, row, .. }), Verdict::Status(status)) => {
                let row = row.and_then(|row| self.row_number(row, check, run));
                let name = self.words.outcome(*outcome, row);
                let story = run.story(*outcome, row, check.point);
                let line = match story.answer.value() {
                    Some(value) => {
                        let ty = &policy.outcomes[*outcome].ty;
                        format!("actual    {name} = {}{day}{known}", self.words.value(ty, value))
                    }
                    None => format!("actual    {name} is {}{day}{known}", status_noun(status)),
                };
                self.page.hanging(2, 10, &line);
                self.in_short(12, &story);
            }
            (Some(Expected::Settled { value, .. }), Verdict::Status(status)) => {
                let text = self.words.expr(*value);
                self.page.hanging(2, 10, &format!("actual    {text} is {}{day}{known}", status_noun(status)));
                self.values(*value, check, run, &mut BTreeSet::new());
            }
            (_, Verdict::Fails(mask)) => {
                let expr = match (what, check.claim) {
                    (Some(Expected::Holds(expr)), _) => *expr,
                    (_, Claim::Guarantee(id)) => policy.guarantees[id].what,
                    _ => return,
                };
                let truth = if mask.is_false() {
                    "not true"
                } else if mask.is_error() {
                    "an error"
                } else {
                    "not known"
                };
                self.page.hanging(2, 10, &format!("actual    {truth}{day}{known}"));
                let mut told = BTreeSet::new();
                self.values(expr, check, run, &mut told);
            }
            _ => {}
        }
    }

    /// What the names in a condition came to, and why.
    fn values(&mut self, expr: ExprId, check: &Check, run: &mut Evaluator<'_>, told: &mut BTreeSet<String>) {
        let policy = self.words.policy;
        match policy.exprs.node(expr) {
            Expr::Outcome { id, row } => {
                let row = match row {
                    Some(row) => self.row_number(*row, check, run),
                    None => None,
                };
                let name = self.words.outcome(*id, row);
                if told.insert(name.clone()) {
                    let story = run.story(*id, row, check.point);
                    self.outcome_line(&name, &story);
                    self.in_short(16, &story);
                }
            }
            Expr::Define { .. }
            | Expr::Fact(_)
            | Expr::Field { .. }
            | Expr::Call { .. }
            | Expr::Lookup { .. }
            | Expr::AsOf { .. }
            | Expr::AsKnownOn { .. }
            | Expr::By { .. }
            | Expr::Aggregate { .. } => {
                let text = self.words.expr(expr);
                if told.insert(text.clone()) {
                    let set = run.value(expr, check.row, check.point);
                    let value = match (&set.values, &set.fault) {
                        (Possible::Nothing, _) => "an error".to_string(),
                        (values, _) => self.words.possible(policy.exprs.ty(expr), values),
                    };
                    self.page.hanging(12, 4, &format!("{text} = {value}"));
                    if let Some(fault) = set.fault.as_deref().filter(|_| set.is_error()) {
                        self.fault(16, fault);
                    }
                }
            }
            _ => {
                let mut operands = Vec::new();
                policy.exprs.operands(expr, |operand| operands.push(operand));
                operands.into_iter().for_each(|operand| self.values(operand, check, run, told));
            }
        }
    }

    fn outcome_line(&mut self, name: &str, story: &Story) {
        let ty = &self.words.policy.outcomes[story.outcome].ty;
        let line = match (&story.answer.status, story.answer.value()) {
            (Status::Determined, Some(value)) => format!("{name} = {}", self.words.value(ty, value)),
            (Status::Undetermined, _) => {
                format!("{name} is undetermined: {}", self.possibilities(story.outcome, &story.answer))
            }
            (status, _) => format!("{name} is {}", status_noun(*status)),
        };
        self.page.hanging(12, 4, &line);
        if let Some(fault) = story.answer.fault.as_deref().filter(|_| story.answer.status == Status::Error) {
            self.fault(16, fault);
        }
    }

    fn row_number(&self, row: ExprId, check: &Check, run: &mut Evaluator<'_>) -> Option<u32> {
        match run.value(row, check.row, check.point).single() {
            Some(crate::value::Value::Row(row)) => Some(*row),
            _ => None,
        }
    }
}
