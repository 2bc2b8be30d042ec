//! Timelines: the days, what holds on them, who says so, and why it changes.

use super::Report;
use super::page::Tint;
use crate::diag::{Style, tick};
use crate::outcome::{Cause, Segment, Status, Timeline};
use crate::policy::OutcomeId;
use crate::wire::{Drawn, Lines, Reader, Words, may_be, sorted};

/// A value wider than this does not push the others aside.
const WIDEST: usize = 28;
/// Where causes stand: below the answer that they cause, behind the days.
const CAUSE: usize = 27;

/// One block for each outcome and row.
pub fn timeline(drawn: &Drawn, style: Style) -> String {
    let words =
        Words { policy: drawn.policy, facts: drawn.facts, sources: drawn.sources, reader: Reader::People };
    let mut report = Report::new(words, style);
    let known = drawn.known.map_or(String::new(), |day| format!(", as known on {day}"));
    report.page.line(0, &format!("from {} to {}{known}", drawn.from, drawn.to));
    for (id, lines) in &drawn.outcomes {
        let outcome = &words.policy.outcomes[*id];
        match lines {
            Lines::One(timeline) => report.stretches(&outcome.name, timeline),
            Lines::Rows(list) => {
                let entity =
                    outcome.for_each.map_or("", |entity| words.policy.entities[entity].name.as_str());
                if list.is_empty() {
                    report.page.gap();
                    report.page.line(0, &format!("{}: {entity} has no rows", outcome.name));
                }
                for timeline in list {
                    report.own = outcome.for_each.zip(timeline.row);
                    report.stretches(&words.outcome(*id, timeline.row), timeline);
                }
                report.own = None;
            }
            Lines::OwnDays => {}
        }
    }
    report.own_days(drawn);
    report.page.finish()
}

impl Report<'_> {
    /// The outcomes that have no timeline (T9).
    fn own_days(&mut self, drawn: &Drawn) {
        let policy = self.words.policy;
        for (id, entity) in policy.entities.iter() {
            let of = |(outcome, lines): &&(OutcomeId, Lines)| {
                matches!(lines, Lines::OwnDays) && policy.outcomes[*outcome].for_each == Some(id)
            };
            let names: Vec<&str> = drawn
                .outcomes
                .iter()
                .filter(of)
                .map(|(outcome, _)| policy.outcomes[*outcome].name.as_str())
                .collect();
            if !names.is_empty() {
                self.page.gap();
                let head = format!("each {} has a day of its own ({}): ", entity.name, tick("comity eval"));
                self.page.line(0, &format!("{head}{}", names.join(", ")));
            }
        }
    }

    fn stretches(&mut self, name: &str, timeline: &Timeline) {
        self.page.gap();
        let head = self.page.tint(Tint::Strong, name);
        self.page.line(0, &head);
        let what = |segment: &Segment| self.what(timeline.outcome, segment);
        let values: Vec<String> = timeline.segments.iter().map(what).collect();
        let width = values.iter().map(|value| value.chars().count()).max().unwrap_or(0).min(WIDEST);
        for (segment, value) in timeline.segments.iter().zip(values) {
            let answer = &segment.answer;
            let who: Vec<String> =
                answer.reasons.iter().map(|reason| self.short_reason(reason, answer.status)).collect();
            let who = if who.is_empty() { "no rule applies".to_string() } else { who.join("; ") };
            let line = format!("{} – {}  {value:width$}  {who}", segment.from, segment.last());
            self.page.hanging(2, CAUSE.saturating_add(width), &line);
            for cause in &segment.causes {
                let cause = self.cause(cause);
                self.page.hanging(CAUSE, 2, &cause);
            }
        }
    }

    fn what(&self, id: OutcomeId, segment: &Segment) -> String {
        let ty = &self.words.policy.outcomes[id].ty;
        let answer = &segment.answer;
        match (answer.value(), answer.status) {
            (Some(value), _) => self.words.value(ty, value),
            (None, Status::Undetermined) => {
                let mut all: Vec<String> = Vec::new();
                for one in sorted(&answer.possible) {
                    if let crate::outcome::Possibility::Value(possible) = &one {
                        all.push(self.words.possible(ty, possible));
                    }
                }
                all.extend(may_be(&answer.possible).into_iter().map(str::to_string));
                format!("undetermined: {}", all.join(" or "))
            }
            (None, status) => status.as_str().to_string(),
        }
    }

    fn cause(&self, cause: &Cause) -> String {
        let words = self.words;
        match cause {
            Cause::RuleBegins(rule) => format!("{} begins", self.ticked(*rule)),
            Cause::RuleEnds(rule) => format!("{} ends", self.ticked(*rule)),
            Cause::Stated { slot, value, span, .. } => {
                let value = words.slot_type(slot).map_or_else(String::new, |ty| words.possible(ty, value));
                format!("{}: {value} ({})", words.slot(slot), words.place(*span))
            }
            Cause::NoLongerStated(slot) => {
                format!("{} is not stated beyond the day before", words.slot(slot))
            }
            Cause::Passed { by, day } => format!("{day} has passed: {}", tick(&words.expr(*by))),
            Cause::Row { entity, row } => format!("{} exists", words.row(*entity, *row)),
            Cause::Deadline { duty, day } => {
                format!("{day} has passed, the deadline of {}", tick(&words.policy.duties[*duty].name))
            }
            Cause::Period { duty, first } => {
                format!("a period of {} begins on {first}", tick(&words.policy.duties[*duty].name))
            }
            Cause::Act(act) => format!("{} ({})", words.act(*act), words.act_place(*act)),
            Cause::Threat(threat) => format!("{} is announced", words.threat(*threat)),
            Cause::Lapsed(rule) => format!("the time of {} is over", self.ticked(*rule)),
            Cause::Moved(expr) => format!("the day: {}", tick(&words.expr(*expr))),
        }
    }
}
