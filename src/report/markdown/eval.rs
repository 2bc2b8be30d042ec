//! Answers in Markdown: a table, what is to be said of answers that are none, what was assumed, the clauses.

use crate::answers::{Answers, assumed};
use crate::outcome::{Answer, Point, Status};
use crate::policy::{EntityId, OutcomeId, RuleId};
use crate::report::assumed::WHY;
use crate::report::conflict::status_noun;
use crate::report::page::Look;
use crate::report::{EvalReport, Report};
use crate::value::Day;
use crate::words::{Audience, Words};
use std::collections::{BTreeMap, BTreeSet};

pub(in crate::report) fn eval(told: &EvalReport) -> String {
    let asked = &told.asked;
    let words = Words {
        policy: asked.policy,
        facts: asked.facts,
        sources: asked.sources,
        audience: Audience::People,
    };
    let mut writer =
        MarkdownWriter { report: Report::new(words, Look::Markdown), told, rules: BTreeSet::new() };
    writer.head();
    writer.singles();
    for (entity, _) in asked.policy.entities.iter() {
        writer.rows(entity);
    }
    writer.report.conduct(&asked.conduct, told.named);
    writer.assumed();
    let rules = std::mem::take(&mut writer.rules);
    writer.report.clauses(&rules);
    writer.report.page.finish()
}

struct MarkdownWriter<'a> {
    report: Report<'a>,
    told: &'a EvalReport<'a>,
    /// Named, and quoted at the end.
    rules: BTreeSet<RuleId>,
}

/// An answer, and what it is an answer to.
type MarkdownLine<'a> = (OutcomeId, Option<u32>, Point, &'a Answer);

impl<'a> MarkdownWriter<'a> {
    fn head(&mut self) {
        let asked = &self.told.asked;
        let agreement = asked.policy.agreement.as_ref();
        let title = agreement.map(|agreement| agreement.title.as_ref().unwrap_or(&agreement.name).as_str());
        self.report.page.heading(2, title.unwrap_or("Answers"));
        let parts =
            [asked.on.map(|day| format!("on {day}")), asked.known.map(|day| format!("as known on {day}"))];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        self.report.page.paragraph(&parts.join(", "));
    }

    fn singles(&mut self) {
        let told = self.told;
        let lines = told.asked.outcomes.iter().filter_map(|(outcome, answers)| match answers {
            Answers::One(point, answer) => Some((*outcome, None, *point, answer)),
            Answers::Rows(_) => None,
        });
        self.answers(&lines.collect::<Vec<_>>(), 3);
    }

    /// A part for each row, in the order the rows are stated.
    fn rows(&mut self, entity: EntityId) {
        let (policy, told) = (self.report.words.policy, self.told);
        let mut blocks: BTreeMap<u32, Vec<MarkdownLine<'a>>> = BTreeMap::new();
        let mut days: BTreeMap<u32, Option<Point>> = BTreeMap::new();
        let mut empty = false;
        for (outcome, answers) in &told.asked.outcomes {
            let Answers::Rows(rows) = answers else { continue };
            if policy.outcomes[*outcome].for_each != Some(entity) {
                continue;
            }
            empty = rows.is_empty();
            for (row, point, answer) in rows {
                days.insert(*row, *point);
                let point = point.unwrap_or(Point::new(Day::NEVER, Day::NEVER));
                blocks.entry(*row).or_default().push((*outcome, Some(*row), point, answer));
            }
        }
        let decl = &policy.entities[entity];
        if empty {
            self.report.page.paragraph(&format!("{} has no rows", decl.name));
        }
        for (row, lines) in &blocks {
            let day = days.get(row).copied().flatten().filter(|_| decl.dated.is_some());
            let day = day.map_or(String::new(), |point| format!(", {}", point.day));
            let head = self.report.page.code(&self.report.words.row(entity, *row));
            self.report.page.heading(3, &format!("{head}{day}"));
            self.answers(lines, 4);
        }
    }

    fn answers(&mut self, lines: &[MarkdownLine<'a>], level: usize) {
        if lines.is_empty() {
            return;
        }
        let rows: Vec<Vec<String>> = lines.iter().map(|line| self.row(line)).collect();
        self.report.page.grid(&["outcome", "answer", "rule"], &rows);
        for line in lines {
            self.trouble(line, level);
        }
    }

    fn row(&mut self, (outcome, _, _, answer): &MarkdownLine<'a>) -> Vec<String> {
        let decl = &self.report.words.policy.outcomes[*outcome];
        let said = match (answer.value(), answer.status) {
            (Some(value), _) => self.report.words.value(&decl.ty, value),
            (None, Status::Undetermined | Status::Determined) => {
                format!("undetermined: {}", self.report.possibilities(*outcome, answer))
            }
            (None, status) => status_noun(status).to_string(),
        };
        let who: Vec<String> =
            answer.reasons.iter().map(|reason| self.report.short_reason(reason, answer.status)).collect();
        let who = match (who.is_empty(), answer.status) {
            (true, Status::Gap) => "no rule applies".to_string(),
            _ => who.join("\n"),
        };
        self.rules.extend(answer.reasons.iter().filter_map(|reason| reason.rule));
        vec![self.report.page.code(&decl.name), said, who]
    }

    /// What is missing, what came close, what clashes, what failed.
    fn trouble(&mut self, (outcome, row, point, answer): &MarkdownLine<'a>, level: usize) {
        let name = self.report.page.code(&self.report.words.outcome(*outcome, *row));
        let head = format!("{name} is {}", status_noun(answer.status));
        match answer.status {
            Status::Determined => {}
            Status::Undetermined => {
                self.report.page.heading(level, &head);
                self.report.needs(0, *outcome, *point, answer);
            }
            Status::Gap => {
                let Some(story) = self.told.gaps.get(&(*outcome, *row)) else { return };
                self.report.page.heading(level, &head);
                self.report.own = story.row;
                self.report.closest(0, story);
                self.report.own = None;
            }
            Status::Conflict => {
                self.report.page.heading(level, &head);
                self.report.conflict(0, *outcome, answer);
            }
            Status::Error => {
                let Some(fault) = &answer.fault else { return };
                self.report.page.heading(level, &head);
                self.report.fault(0, fault);
            }
        }
    }

    fn assumed(&mut self) {
        let rows = self.report.assumptions(&assumed(&self.told.asked));
        let files = self.report.files_assumed();
        if rows.is_empty() && files.is_empty() {
            return;
        }
        self.report.page.heading(3, "Assumed");
        for (annex, file) in files {
            let annex = self.report.page.code(&annex);
            self.report.page.paragraph(&format!("The annex {annex} as in {file}."));
        }
        if rows.is_empty() {
            return;
        }
        self.report.page.paragraph(WHY);
        let cells = rows.into_iter().map(|(name, default)| vec![self.report.page.code(&name), default]);
        let cells: Vec<Vec<String>> = cells.collect();
        self.report.page.grid(&["fact", "default"], &cells);
    }
}
