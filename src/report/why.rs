//! The tree of reasons behind one answer.

use super::Report;
use super::conflict::status_noun;
use super::page::{Look, Tint};
use crate::diag::list_and;
use crate::outcome::{ClauseStory, Fate, Point, Possibility, RuleStory, Status, Story};
use crate::policy::RuleId;
use crate::value::{Day, Possible};
use crate::words::{Audience, Words};

/// A gap names this many rules that came close.
const CLOSEST: usize = 6;

/// Who decides and why, what was displaced and by whom, and why the other rules did not apply. `dated`: the answer was
/// asked on a day that means something.
pub fn why(story: &Story, mut words: Words, dated: bool, look: Look) -> String {
    words.audience = Audience::People;
    let mut report = Report::new(words, look);
    report.own = story.row;
    report.headline(story, dated);
    for tier in [0, 1, 2, 3] {
        for rule in story.rules.iter().filter(|rule| tier_of(&rule.fate) == tier) {
            report.page.gap();
            report.rule_story(rule, story);
        }
    }
    report.otherwise(story);
    report.page.finish()
}

fn tier_of(fate: &Fate) -> usize {
    match fate {
        Fate::Decides => 0,
        Fate::MayDecide => 1,
        Fate::Displaced { .. } => 2,
        Fate::NotMet | Fate::NotExercised | Fate::NotYetInForce { .. } | Fate::NoLongerInForce { .. } => 3,
    }
}

impl Report<'_> {
    fn headline(&mut self, story: &Story, dated: bool) {
        let outcome = &self.words.policy.outcomes[story.outcome];
        let name = self.page.code(&self.words.named(&outcome.name, story.row));
        let answer = &story.answer;
        let what = match answer.status {
            Status::Determined => {
                let value =
                    answer.value().map_or_else(String::new, |value| self.words.value(&outcome.ty, value));
                format!("{name} = {value}")
            }
            status => format!("{name} is {}", status_noun(status)),
        };
        let what = self.page.tint(Tint::Strong, &what);
        let day = if dated { format!(" on {}", story.point.day) } else { String::new() };
        let known = match story.point.known.is_never() {
            true => String::new(),
            false => format!(", as known on {}", story.point.known),
        };
        let possible = match answer.status {
            Status::Undetermined => format!(": {}", self.possibilities(story.outcome, answer)),
            _ => String::new(),
        };
        self.page.head(2, &format!("{what}{day}{known}{possible}"));
        match answer.status {
            Status::Undetermined => self.needs(4, story.outcome, story.point, answer),
            Status::Conflict => self.conflict(4, story.outcome, answer),
            Status::Error => {
                if let Some(fault) = &answer.fault {
                    self.fault(4, fault);
                }
            }
            Status::Determined | Status::Gap => {}
        }
    }

    fn rule_story(&mut self, rule: &RuleStory, story: &Story) {
        let shown = self.page.code(&self.words.policy.rules[rule.rule].shown);
        let title = self.words.policy.rules[rule.rule].title.clone();
        let title = title.map_or(String::new(), |title| format!(" \"{title}\""));
        let head = self.page.tint(Tint::Strong, &format!("{shown}{title}"));
        let offer = self.offer(rule, story);
        let line = match &rule.fate {
            Fate::Decides => format!("{head} decides{offer}"),
            Fate::MayDecide => format!("{head} may decide{offer}"),
            Fate::Displaced { by } => {
                let offer = offer.replacen(':', ", and would say", 1);
                format!("{head} is displaced by {}{offer}", self.names(by))
            }
            Fate::NotMet => format!("{head} does not apply"),
            Fate::NotExercised => format!("{head} is a power, and no act of it stands"),
            Fate::NotYetInForce { .. } | Fate::NoLongerInForce { .. } => {
                format!("{head} is not in force: {}", self.window(&rule.fate))
            }
        };
        self.page.head(3, &line);
        let speaks = matches!(rule.fate, Fate::Decides | Fate::MayDecide | Fate::Displaced { .. });
        if self.page.is_markdown() && speaks {
            self.clause_quoted(rule.rule);
        } else {
            self.credentials(4, rule.rule);
        }
        self.power_of_rule(rule);
        self.told_of(4, &rule.head, story.point);
        for clause in &rule.clauses {
            self.clause(rule, clause, story.point);
        }
    }

    /// `: tariff := 25%`
    fn offer(&self, rule: &RuleStory, story: &Story) -> String {
        let outcome = &self.words.policy.outcomes[story.outcome];
        let mut values: Vec<String> = Vec::new();
        for clause in rule.clauses.iter().filter(|clause| !clause.applies.is_false()) {
            let Some(valued) = &clause.value else { continue };
            let value = match &valued.value {
                Possible::Nothing => "an error".to_string(),
                value => self.possibility(&outcome.ty, &Possibility::Value(value.clone())),
            };
            if !values.contains(&value) {
                values.push(value);
            }
        }
        if values.is_empty() {
            String::new()
        } else {
            format!(": {} := {}", outcome.name, values.join(" or "))
        }
    }

    fn clause(&mut self, rule: &RuleStory, clause: &ClauseStory, asked: Point) {
        let branches = self.words.policy.rules[rule.rule].branches.len();
        if branches > 1 && clause.condition.is_none() {
            let sign = self.sign(clause.applies);
            self.page.line(4, &format!("{sign} otherwise"));
        }
        if let Some(judged) = &clause.condition {
            self.judged(4, judged, asked);
        }
        if let Some(lasting) = self.words.policy.rules[rule.rule].lasting
            && rule.power.is_none()
            && clause.branch == 0
        {
            self.memory(lasting, clause);
            self.told_of(8, &clause.past, asked);
        }
        if clause.applies.is_false() {
            return;
        }
        if let Some(valued) = &clause.value
            && (!valued.reads.is_empty() || valued.fault.is_some())
        {
            self.page.line(4, &format!("the value is {}", crate::diag::tick(&self.words.expr(valued.expr))));
            self.valued(8, valued, asked);
        }
    }

    /// Why a rule is not in force.
    fn window(&self, fate: &Fate) -> String {
        let day = |possible: &Possible| match possible.as_dates() {
            Some(days) => match days.as_point() {
                Some(day) if day.is_never() => "a day that is `never`".to_string(),
                Some(day) => day.to_string(),
                None => "a day that is not known".to_string(),
            },
            None => "a day that cannot be worked out".to_string(),
        };
        match fate {
            Fate::NotYetInForce { from: Some(from), known: Some(known) } => {
                format!("it begins on {}, known from {}", day(from), day(known))
            }
            Fate::NotYetInForce { from: Some(from), known: None } => format!("it begins on {}", day(from)),
            Fate::NotYetInForce { known: Some(known), .. } => {
                format!("it was not known before {}", day(known))
            }
            Fate::NoLongerInForce { until: Some(until) } => format!("it ended on {}", day(until)),
            _ => "its days have not come".to_string(),
        }
    }

    fn names(&self, rules: &[RuleId]) -> String {
        let names: Vec<String> = rules.iter().map(|rule| self.ticked(*rule)).collect();
        list_and(&names)
    }

    fn otherwise(&mut self, story: &Story) {
        let outcome = &self.words.policy.outcomes[story.outcome];
        let Some(reason) = story.answer.reasons.iter().find(|reason| reason.rule.is_none()) else { return };
        let Some(expr) = outcome.otherwise else { return };
        let value = match &reason.value {
            Some(value) => self.words.possible(&outcome.ty, value),
            None => self.words.expr(expr),
        };
        self.page.gap();
        let head = self.page.tint(Tint::Strong, "otherwise");
        let speaks =
            if reason.doubtful { "may decide, if no rule applies" } else { "decides, for no rule applies" };
        self.page.head(3, &format!("{head} {speaks}: {} := {value}", outcome.name));
        let place = self.words.place(self.words.policy.exprs.span(expr));
        self.page.raw(4, &format!("at {place}"));
        if let Some(valued) = &story.otherwise {
            self.valued(4, valued, story.point);
        }
    }

    /// What came closest to filling a gap: each rule with what it failed on.
    pub(super) fn closest(&mut self, indent: usize, story: &Story) {
        if story.rules.is_empty() {
            self.page.line(indent, "the policy has no rule for it");
        }
        for rule in story.rules.iter().take(CLOSEST) {
            let head = self.rule(rule.rule);
            self.page.line(indent, &head);
            match &rule.fate {
                Fate::NotYetInForce { .. } | Fate::NoLongerInForce { .. } => {
                    let window = self.window(&rule.fate);
                    self.page.line(indent + 4, &format!("is not in force: {window}"));
                }
                _ => rule.clauses.iter().for_each(|clause| self.failed(indent + 4, clause, story.point)),
            }
        }
        if story.rules.len() > CLOSEST {
            self.page.line(indent, &format!("and {} more", story.rules.len() - CLOSEST));
        }
    }

    fn failed(&mut self, indent: usize, clause: &ClauseStory, asked: Point) {
        if let Some(judged) = &clause.condition {
            self.judged(indent, judged, asked);
        }
    }

    /// The reasons of an answer in few lines, for a failed test.
    pub(super) fn in_short(&mut self, indent: usize, story: &Story) {
        for reason in &story.answer.reasons {
            let line = self.reason(reason, story.answer.status);
            self.page.line(indent, &line);
            let Some(rule) = reason.rule else { continue };
            for told in story.rules.iter().filter(|told| told.rule == rule) {
                for clause in told.clauses.iter().filter(|clause| !clause.applies.is_false()) {
                    self.failed(indent + 4, clause, story.point);
                }
            }
        }
        if story.answer.status == Status::Gap {
            self.closest(indent, story);
        }
    }

    pub(super) fn day_of(&self, point: Point) -> Option<Day> {
        Some(point.day).filter(|day| *day > Day::FIRST && !day.is_never())
    }
}
