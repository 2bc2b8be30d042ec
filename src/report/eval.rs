//! The answers of `eval`.

use super::Report;
use super::page::{Look, Tint};
use crate::answers::{Answers, Evaluation, assumed};
use crate::outcome::{Answer, Point, Status, Story};
use crate::policy::{EntityId, OutcomeId, RuleId};
use crate::value::Day;
use crate::words::{Audience, Words};
use std::collections::{BTreeMap, BTreeSet};

/// What was answered, and the stories of answers that are gaps.
#[derive(Debug)]
pub struct EvalReport<'a> {
    pub asked: Evaluation<'a>,
    pub gaps: BTreeMap<(OutcomeId, Option<u32>), Story>,
    /// Evaluation for by name, and not all there is.
    pub named: bool,
}

/// Every answer with the rules that decide it, then what was assumed.
pub fn eval(told: &EvalReport, look: Look) -> String {
    if look == Look::Markdown {
        return super::markdown::eval(told);
    }
    let asked = &told.asked;
    let words = Words {
        policy: asked.policy,
        facts: asked.facts,
        sources: asked.sources,
        audience: Audience::People,
    };
    let mut writer = EvalWriter { report: Report::new(words, look), told, cited: BTreeSet::new() };
    writer.when(asked.on, asked.known);
    writer.singles();
    for (entity, _) in asked.policy.entities.iter() {
        writer.rows(entity);
    }
    writer.report.own = None;
    writer.report.conduct(&asked.conduct, told.named);
    writer.report.assumed(&assumed(asked));
    writer.rules();
    writer.report.page.finish()
}

struct EvalWriter<'a> {
    report: Report<'a>,
    told: &'a EvalReport<'a>,
    /// Rules that were only named, and are cited at the end.
    cited: BTreeSet<RuleId>,
}

/// How the answers of a block are set.
#[derive(Clone, Copy)]
struct AnswerSet {
    indent: usize,
    /// How wide names and values are.
    name: usize,
    value: usize,
    /// Of very many answers the rules are named beside them and cited at the end; else each is cited below.
    beside: bool,
}

/// One answer, and what it is an answer to.
struct TextLine<'a> {
    outcome: OutcomeId,
    row: Option<u32>,
    point: Point,
    answer: &'a Answer,
}

impl EvalWriter<'_> {
    /// `on 2029-01-20, as known on 2029-01-25`
    fn when(&mut self, on: Option<Day>, known: Option<Day>) {
        let parts = [on.map(|day| format!("on {day}")), known.map(|day| format!("as known on {day}"))];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if !parts.is_empty() {
            self.report.page.line(0, &parts.join(", "));
            self.report.page.gap();
        }
    }

    fn singles(&mut self) {
        let mut lines = Vec::new();
        for (outcome, answers) in &self.told.asked.outcomes {
            if let Answers::One(point, answer) = answers {
                lines.push(TextLine { outcome: *outcome, row: None, point: *point, answer });
            }
        }
        let set = self.set(0, &lines, false);
        lines.iter().for_each(|line| self.answer(set, line));
    }

    /// One block for each row, in the order the rows are stated.
    fn rows(&mut self, entity: EntityId) {
        let policy = self.report.words.policy;
        let mut blocks: BTreeMap<u32, Vec<TextLine<'_>>> = BTreeMap::new();
        let mut days: BTreeMap<u32, Option<Point>> = BTreeMap::new();
        let mut empty = false;
        for (outcome, answers) in &self.told.asked.outcomes {
            if policy.outcomes[*outcome].for_each != Some(entity) {
                continue;
            }
            let Answers::Rows(rows) = answers else { continue };
            empty = rows.is_empty();
            for (row, point, answer) in rows {
                days.insert(*row, *point);
                let point = point.unwrap_or(Point::new(Day::NEVER, Day::NEVER));
                let line = TextLine { outcome: *outcome, row: Some(*row), point, answer };
                blocks.entry(*row).or_default().push(line);
            }
        }
        let decl = &policy.entities[entity];
        if empty {
            self.report.page.gap();
            self.report.page.line(0, &format!("{} has no rows", decl.name));
        }
        let many = blocks.len() > 1;
        let set = self.set(2, &blocks.values().flatten().collect::<Vec<_>>(), many);
        for (row, lines) in &blocks {
            let dated = days.get(row).copied().flatten().filter(|_| decl.dated.is_some());
            self.report.page.gap();
            self.row_head(entity, *row, dated);
            lines.iter().for_each(|line| self.answer(set, line));
        }
    }

    fn row_head(&mut self, entity: EntityId, row: u32, dated: Option<Point>) {
        let words = self.report.words;
        let head = format!("{} \"{}\"", words.policy.entities[entity].name, words.key(entity, row));
        let day = dated.map_or(String::new(), |point| format!(", {}", point.day));
        let head = self.report.page.tint(Tint::Strong, &head);
        self.report.page.line(0, &format!("{head}{day}"));
    }

    fn set<'l, L: std::borrow::Borrow<TextLine<'l>>>(
        &self,
        indent: usize,
        lines: &[L],
        beside: bool,
    ) -> AnswerSet {
        let words = self.report.words;
        let lines = || lines.iter().map(std::borrow::Borrow::borrow);
        let name = |line: &TextLine<'_>| words.policy.outcomes[line.outcome].name.chars().count();
        AnswerSet {
            indent,
            name: lines().map(name).max().unwrap_or(0),
            value: lines().map(|line| self.value(line).chars().count()).max().unwrap_or(0),
            beside,
        }
    }

    /// The value of a determined answer.
    fn value(&self, line: &TextLine<'_>) -> String {
        let ty = &self.report.words.policy.outcomes[line.outcome].ty;
        line.answer.value().map_or_else(String::new, |value| self.report.words.value(ty, value))
    }

    fn answer(&mut self, set: AnswerSet, line: &TextLine<'_>) {
        let TextLine { outcome, row, point, answer } = line;
        let name = &self.report.words.policy.outcomes[*outcome].name;
        let name = format!("{name:width$}", width = set.name);
        let inner = set.indent + 4;
        match answer.status {
            Status::Determined => self.determined(set, line, &name),
            Status::Undetermined => {
                let possible = self.report.possibilities(*outcome, answer);
                self.status(set, &name, Tint::Open, "undetermined", &possible);
                self.report.needs(inner, *outcome, *point, answer);
            }
            Status::Gap => {
                self.status(set, &name, Tint::Bad, "gap", "no rule applies");
                if let Some(story) = self.told.gaps.get(&(*outcome, *row)) {
                    self.report.own = story.row;
                    self.report.closest(inner, story);
                }
            }
            Status::Conflict => {
                self.status(set, &name, Tint::Bad, "conflict", "the rules that apply disagree");
                self.report.conflict(inner, *outcome, answer);
            }
            Status::Error => {
                self.status(set, &name, Tint::Bad, "error", "it cannot be worked out");
                if let Some(fault) = &answer.fault {
                    self.report.fault(inner, fault);
                }
                self.reasons(inner, answer);
            }
        }
    }

    fn determined(&mut self, set: AnswerSet, line: &TextLine<'_>, name: &str) {
        let TextLine { answer, .. } = line;
        let value = self.value(line);
        let fill = " ".repeat(set.value.saturating_sub(value.chars().count()));
        let value = self.report.page.tint(Tint::Strong, &value);
        let nobody = answer.reasons.iter().all(|reason| reason.rule.is_none());
        if nobody {
            let fill = if set.beside { fill.as_str() } else { "" };
            self.report.page.line(set.indent, &format!("{name} = {value}{fill} (no rule applies)"));
        } else if set.beside {
            let who = answer.reasons.iter().map(|reason| self.report.short_reason(reason, answer.status));
            let who: Vec<String> = who.collect();
            self.report.page.line(set.indent, &format!("{name} = {value}{fill}  {}", who.join("; ")));
            self.cited.extend(answer.reasons.iter().filter_map(|reason| reason.rule));
        } else {
            self.report.page.line(set.indent, &format!("{name} = {value}"));
            self.reasons(set.indent + 4, answer);
        }
    }

    fn status(&mut self, set: AnswerSet, name: &str, tint: Tint, status: &str, what: &str) {
        let status = self.report.page.tint(tint, status);
        self.report.page.line(set.indent, &format!("{name}   {status}: {what}"));
    }

    fn reasons(&mut self, indent: usize, answer: &Answer) {
        for reason in &answer.reasons {
            let reason = self.report.reason(reason, answer.status);
            self.report.page.line(indent, &reason);
        }
    }

    /// The rules that were only named.
    fn rules(&mut self) {
        if self.cited.is_empty() {
            return;
        }
        self.report.page.gap();
        let head = self.report.page.tint(Tint::Strong, "rules");
        self.report.page.line(0, &head);
        for rule in std::mem::take(&mut self.cited) {
            let line = self.report.rule(rule);
            self.report.page.line(4, &line);
        }
    }
}
