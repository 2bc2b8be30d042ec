//! What `comity check` finds, as messages: each with its clauses, their sources and a case in which it is so.

mod allowed;
mod conditions;
mod left;

pub use allowed::{Allowances, allowances};
pub use left::totals;

use super::Report;
use super::page::Look;
use crate::answers::FindingMessage;
use crate::diag::{Code, Diagnostic, Style, list_and, list_or, tick};
use crate::facts::Facts;
use crate::outcome::Point;
use crate::policy::{Fact, OutcomeId, Policy, RuleId};
use crate::regions::findings::{Case, Declared, Finding, Never, What};
use crate::run::Evaluator;
use crate::text::{Sources, Span};
use crate::value::{Day, Trouble};
use crate::words::{Audience, Words, case_said};

/// Findings as messages, in the order of the text; none of what a lint has said already.
pub fn noted(policy: &Policy, sources: &Sources, found: Vec<Finding>) -> Vec<FindingMessage> {
    let none = Facts::none(policy);
    let words = Words { policy, facts: &none, sources, audience: Audience::People };
    let teller = Teller { policy, words };
    let news = found.into_iter().filter(|finding| !teller.is_linted(&finding.what));
    let mut noted: Vec<FindingMessage> = news
        .map(|finding| {
            let (diagnostic, anchors) = teller.told(&finding);
            FindingMessage { diagnostic, anchors, finding, allowed: None }
        })
        .collect();
    noted.sort_by_key(|one| one.diagnostic.span().map(|span| sources.origin(span)));
    noted
}

/// A message, and the declarations above which it may be allowed.
type Remark = (Diagnostic, Vec<Span>);

struct Teller<'a> {
    policy: &'a Policy,
    words: Words<'a>,
}

impl Teller<'_> {
    /// A rule that ends in a bare `otherwise` is named itself.
    fn is_linted(&self, what: &What) -> bool {
        let What::Displaced { by, .. } = what else { return false };
        let [upper] = by.as_slice() else { return false };
        let upper = &self.policy.rules[*upper];
        let bare = upper.branches.last().is_some_and(|last| last.condition.is_none());
        upper.branches.len() > 1 && bare && !upper.notwithstanding.is_empty()
    }

    fn told(&self, finding: &Finding) -> Remark {
        match (&finding.what, &finding.case) {
            (What::Gap(id), case) => {
                let outcome = &self.policy.outcomes[*id];
                let message = format!("no rule decides {} in some cases", tick(&outcome.name));
                let said = Diagnostic::warning(Code::Gap, outcome.span, message)
                    .here("no rule applies, and there is no `otherwise`")
                    .help(self.with_case(
                        case,
                        "add the missing rule, or an `otherwise` if one value is right for all the rest",
                    ));
                (said, vec![outcome.span])
            }
            (What::Conflict { outcome, rules }, case) => self.conflict(*outcome, *rules, case),
            (What::Fails { outcome, rule, trouble, at }, case) => {
                self.fails((*outcome, *rule), (*trouble, *at), case)
            }
            (What::NeverApplies { rule, branch, why }, _) => self.never(*rule, *branch, *why),
            (What::Displaced { rule, branch, outcomes, by }, _) => {
                let decl = &self.policy.rules[*rule];
                let outcomes: Vec<String> =
                    outcomes.iter().map(|id| tick(&self.policy.outcomes[*id].name)).collect();
                let (who, span) = self.clause(*rule, *branch);
                let message = format!("{who} never decides {}", list_and(&outcomes));
                let uppers: Vec<String> =
                    by.iter().map(|upper| tick(&self.policy.rules[*upper].shown)).collect();
                let mut said = Diagnostic::warning(Code::AlwaysDisplaced, span, message)
                    .here(format!("whenever it applies, so does {}, which is above it", list_or(&uppers)))
                    .help("narrow the rule above, change which wins, or strike what never decides");
                for upper in by {
                    said = said.also(self.policy.rules[*upper].name_span, self.source_of(*upper));
                }
                (said, vec![decl.span])
            }
            (What::Redundant { rule, .. }, _) => {
                let decl = &self.policy.rules[*rule];
                let message = format!("without {} every answer would be the same", tick(&decl.shown));
                let said = Diagnostic::warning(Code::RedundantRule, decl.name_span, message)
                    .here(self.source_of(*rule))
                    .help("strike it, or see whether it was meant to say something else");
                (said, vec![decl.span])
            }
            (What::Settled { condition, is }, _) => self.settled(*condition, *is),
            (What::Idle { part, whole }, _) => self.idle(*part, *whole),
            (What::NeverOwed(id), _) => {
                let duty = &self.policy.duties[*id];
                let message = format!("{} is never owed", tick(&duty.name));
                let said = Diagnostic::warning(Code::NeverApplies, duty.name_span, message)
                    .here("it begins on no day before it ends");
                (said, vec![duty.span])
            }
            (What::NoValue(declared), _) => {
                let fact = self.declared(*declared);
                let message = format!("no value satisfies the `where` of {}", tick(&fact.name));
                let said = Diagnostic::warning(Code::NoValue, fact.span, message)
                    .here("nothing that is stated of it would be accepted");
                (said, vec![fact.span])
            }
            (What::DefaultOutside(id), _) => {
                let fact = &self.policy.facts[*id];
                let message = format!("the default of {} is outside its `where`", tick(&fact.name));
                let said = Diagnostic::warning(Code::DefaultOutside, fact.span, message)
                    .here("stated in a facts file, this value would be refused");
                (said, vec![fact.span])
            }
            (What::Violated { guarantee, fails }, case) => {
                let decl = &self.policy.guarantees[*guarantee];
                let message = format!("{} does not hold in some cases", tick(&decl.name));
                let here = if *fails { "there it cannot be worked out" } else { "there it is false" };
                let said =
                    Diagnostic::warning(Code::GuaranteeBroken, self.policy.exprs.span(decl.what), message)
                        .here(here)
                        .help(self.with_case(
                            case,
                            "mend the rules, limit the facts with `where`, or promise less",
                        ));
                (said, vec![decl.span])
            }
            (What::NeverJudged(id), _) => {
                let decl = &self.policy.guarantees[*id];
                let message = format!("{} is about no day at all", tick(&decl.name));
                let said = Diagnostic::warning(Code::NeverApplies, decl.span, message)
                    .here("it begins on no day before it ends");
                (said, vec![decl.span])
            }
        }
    }

    fn declared(&self, declared: Declared) -> &Fact {
        match declared {
            Declared::Fact(id) => &self.policy.facts[id],
            Declared::Field(entity, field) => &self.policy.entities[entity].fields[field],
        }
    }

    /// Article and sources: `article 2, EO14345 "sec. 2(a)"`.
    /// Nothing if a rule has neither: its name stands there.
    fn source_of(&self, rule: RuleId) -> String {
        let told = Report::new(self.words, Look::Text(Style::PLAIN)).rule(rule);
        if told == self.policy.rules[rule].shown { String::new() } else { told }
    }

    /// A rule or one of its branches, with its place.
    fn clause(&self, rule: RuleId, branch: Option<u32>) -> (String, Span) {
        let decl = &self.policy.rules[rule];
        let part = branch.and_then(|at| Some((at, decl.branches.get(at as usize)?)));
        match part {
            Some((at, part)) if decl.branches.len() > 1 => {
                (format!("branch {} of {}", at.saturating_add(1), tick(&decl.shown)), part.span)
            }
            _ => (tick(&decl.shown), decl.name_span),
        }
    }

    fn conflict(
        &self,
        outcome: crate::policy::OutcomeId,
        rules: [(RuleId, u32); 2],
        case: &Option<Case>,
    ) -> Remark {
        let decl = &self.policy.outcomes[outcome];
        let [first, second] = rules.map(|(rule, _)| rule);
        let names = [first, second].map(|rule| &self.policy.rules[rule].shown);
        let [a, b] = names.map(|name| tick(name));
        let message = format!("{a} and {b} give {} different values in some cases", tick(&decl.name));
        let mut said = Diagnostic::warning(Code::Conflict, Span::default(), message);
        said.labels.clear();
        for (rule, branch) in rules {
            let (_, span) = self.clause(rule, Some(branch));
            let value = case.as_ref().and_then(|case| self.value_at(outcome, rule, case));
            let parts = [Some(self.source_of(rule)), value.map(|value| format!("there {value}"))];
            let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
            said = said.also(span, parts.join("; "));
        }
        let named = |rule: RuleId| self.policy.rules[rule].name.is_some();
        let cure = match (named(first), named(second)) {
            (true, _) => format!(
                "say which wins: {}, or {}",
                tick(&format!("{} notwithstanding {}", names[1], names[0])),
                tick(&format!("subject to {}", names[0]))
            ),
            (false, true) => format!("say which wins: {}", tick(&format!("notwithstanding {}", names[1]))),
            (false, false) => "name the rules and say which wins, with `notwithstanding`".to_owned(),
        };
        (said.help(self.with_case(case, &cure)), rules.map(|(rule, _)| self.policy.rules[rule].span).to_vec())
    }

    fn fails(
        &self,
        (outcome, rule): (OutcomeId, Option<RuleId>),
        (trouble, at): (Trouble, Span),
        case: &Option<Case>,
    ) -> Remark {
        let decl = &self.policy.outcomes[outcome];
        let by = rule.map_or(String::new(), |rule| format!(" by {}", tick(&self.policy.rules[rule].shown)));
        let message = format!("{} is an error in some cases{by}", tick(&decl.name));
        let cure = match trouble {
            Trouble::NotInAnnex => {
                "say what counts for what is not listed, or limit the fact with `where … in`"
            }
            Trouble::DivisionByZero => {
                "keep the divisor from being zero, by a condition or by the `where` of a fact"
            }
            _ => "let the rule apply only where it can be worked out, or limit the facts with `where`",
        };
        let said = Diagnostic::warning(Code::Fails, at, message)
            .here(trouble.name())
            .help(self.with_case(case, cure));
        let mut anchors = self.around(at);
        anchors.push(decl.span);
        anchors.extend(rule.map(|rule| self.policy.rules[rule].span));
        (said, anchors)
    }

    /// What a rule offers in a case.
    fn value_at(&self, outcome: crate::policy::OutcomeId, rule: RuleId, case: &Case) -> Option<String> {
        let point = Point::new(case.on, Day::NEVER);
        let mut run = Evaluator::new(self.policy, &case.facts);
        let answer = run.bare_answer(outcome, case.row.map(|(_, row)| row), point);
        let reason = answer.reasons.iter().find(|reason| reason.rule == Some(rule))?;
        let words = Words { facts: &case.facts, ..self.words };
        Some(words.possible(&self.policy.outcomes[outcome].ty, reason.value.as_ref()?))
    }

    fn never(&self, rule: RuleId, branch: Option<u32>, why: Never) -> Remark {
        let decl = &self.policy.rules[rule];
        let (who, span) = self.clause(rule, branch);
        let said = Diagnostic::warning(Code::NeverApplies, span, format!("{who} can never apply"));
        let said = match why {
            Never::Window => {
                let days = [&decl.from, &decl.until].map(|dated| dated.as_ref().map(|dated| dated.day));
                let spans: Vec<Span> =
                    days.into_iter().flatten().map(|day| self.policy.exprs.span(day)).collect();
                match spans.as_slice() {
                    [first, last] => said
                        .also(*first, "it begins here")
                        .also(*last, "and has ended before")
                        .help("`from` must be before `until`: the last is the first day on which it no longer holds"),
                    _ => said.here("it is in force on no day"),
                }
            }
            Never::Condition(condition) => said.also(self.policy.exprs.span(condition), "this is never true"),
            Never::Before => said
                .here("the branches before it take every case that it would")
                .help("branches are read from the top: put the narrower condition first, or strike this one"),
            Never::InForce => said.here("on no day on which it is in force is its condition true"),
        };
        (said, vec![decl.span])
    }

    /// A case, and what can be done.
    fn with_case(&self, case: &Option<Case>, cure: &str) -> String {
        match case {
            Some(case) => format!("for example {}\n{cure}", self.case(case)),
            None => cure.to_owned(),
        }
    }

    /// `on 2026-01-01, with entry.origin = JP and entry.hts = 8703.23`
    fn case(&self, case: &Case) -> String {
        let words = Words { facts: &case.facts, ..self.words };
        let stated: Vec<String> = case_said(&words, case.on).iter().map(|one| tick(one)).collect();
        let on = if case.dated { format!("on {}", case.on) } else { String::new() };
        let row = case.row.map(|(entity, _)| &self.policy.entities[entity].name);
        match (stated.is_empty(), row) {
            (false, _) if on.is_empty() => format!("with {}", list_and(&stated)),
            (false, _) => format!("{on}, with {}", list_and(&stated)),
            (true, None) => format!("{on} whatever is stated").trim_start().to_owned(),
            (true, Some(row)) => format!("{on} for any {}", tick(row)).trim_start().to_owned(),
        }
    }
}
