//! Timelines in words: the days, what holds on them, who says so, and why it changes.

use super::Report;
use super::bars::length;
use super::lanes::{Chart, Lane, LaneKind, LaneStretch};
use super::page::{Look, Page, Tint};
use crate::answers::{DrawnTimelines, RowTimelines};
use crate::diag::{Style, tick};
use crate::outcome::{Answer, Cause, Possibility, Segment, Status, Timeline};
use crate::policy::OutcomeId;
use crate::value::{Day, Value};
use crate::words::{Audience, Words, may_be, sorted};
use std::collections::BTreeSet;

/// A value wider than this does not push the others aside.
const WIDEST: usize = 28;
/// From a day to a day.
const DAYS: usize = 23;
/// Where causes stand: below the answer that they cause, behind the days.
const CAUSE: usize = 27;

/// The picture in blocks, then one list for each outcome and row.
pub fn timeline(drawn: &DrawnTimelines, look: Look) -> String {
    if look == Look::Markdown {
        return super::markdown::timeline(drawn);
    }
    let chart = chart(drawn);
    let mut page = Page::new(look);
    page.line(0, &chart.about);
    page.bars(&chart);
    for lane in &chart.lanes {
        page.stretches(lane);
    }
    for remark in &chart.remarks {
        page.gap();
        page.line(0, remark);
    }
    page.finish()
}

impl Page {
    fn stretches(&mut self, lane: &Lane) {
        self.gap();
        let head = self.tint(Tint::Strong, &lane.title);
        self.line(0, &head);
        if let Some(note) = &lane.note {
            self.line(2, note);
        }
        let said: Vec<String> = lane.stretches.iter().map(LaneStretch::said).collect();
        let width = said.iter().map(|said| length(said)).max().unwrap_or(0).min(WIDEST);
        for (stretch, said) in lane.stretches.iter().zip(said) {
            let space = " ".repeat(width.saturating_sub(length(&said)));
            let line = format!("{:DAYS$}  {said}{space}  {}", stretch.days(), stretch.who);
            self.hanging(2, CAUSE.saturating_add(width), line.trim_end());
            for cause in &stretch.causes {
                self.hanging(CAUSE, 2, cause);
            }
        }
    }
}

/// Timelines in words.
pub(super) fn chart(drawn: &DrawnTimelines) -> Chart {
    let words = Words {
        policy: drawn.policy,
        facts: drawn.facts,
        sources: drawn.sources,
        audience: Audience::People,
    };
    let report = Report::new(words, Look::Text(Style::PLAIN));
    let known = drawn.known.map_or(String::new(), |day| format!(", as known on {day}"));
    let mut chart = Chart {
        title: title(drawn),
        about: format!("from {} to {}{known}", drawn.from, drawn.to),
        days: (drawn.from, drawn.to),
        lanes: Vec::new(),
        remarks: Vec::new(),
        rules: BTreeSet::new(),
    };
    for (id, lines) in &drawn.outcomes {
        let outcome = &words.policy.outcomes[*id];
        let entity = outcome.for_each.map_or("", |entity| words.policy.entities[entity].name.as_str());
        let empty = match lines {
            RowTimelines::One(timeline) => {
                chart.lanes.push(report.lane(timeline));
                false
            }
            RowTimelines::Rows(list) => {
                chart.lanes.extend(list.iter().map(|timeline| report.lane(timeline)));
                list.is_empty()
            }
            RowTimelines::Dated(list) => {
                let days = chart.days;
                let lane =
                    |(day, line): &(Option<Day>, Timeline)| report.on_its_day(*day, report.lane(line), days);
                chart.lanes.extend(list.iter().map(lane));
                list.is_empty()
            }
            RowTimelines::OwnDays => false,
        };
        if empty {
            let note = Some(format!("{entity} has no rows"));
            chart.lanes.push(Lane { title: outcome.name.clone(), note, stretches: Vec::new() });
        }
        let segments = lines.timelines().flat_map(|timeline| &timeline.segments);
        let reasons = segments.flat_map(|segment| &segment.answer.reasons);
        chart.rules.extend(reasons.filter_map(|reason| reason.rule));
    }
    chart.remarks = own_days(drawn);
    report.conduct_lanes(&mut chart, drawn);
    chart
}

/// The agreement's title, or its name, or the file.
fn title(drawn: &DrawnTimelines) -> String {
    let agreement = drawn.policy.agreement.as_ref();
    let named = agreement.map(|agreement| agreement.title.as_ref().unwrap_or(&agreement.name).clone());
    named.unwrap_or_else(|| {
        let outcome = drawn.outcomes.first().map(|(id, _)| drawn.policy.outcomes[*id].span.source);
        let file = outcome.and_then(|source| drawn.sources.get(source));
        file.map_or_else(|| "Timeline".to_string(), |file| file.name.clone())
    })
}

/// The outcomes that are shown only row by row (T9).
fn own_days(drawn: &DrawnTimelines) -> Vec<String> {
    let policy = drawn.policy;
    let mut remarks = Vec::new();
    for (id, entity) in policy.entities.iter() {
        let of = |(outcome, lines): &&(OutcomeId, RowTimelines<Timeline>)| {
            matches!(lines, RowTimelines::OwnDays) && policy.outcomes[*outcome].for_each == Some(id)
        };
        let mine = drawn.outcomes.iter().filter(of);
        let names: Vec<&str> = mine.map(|(outcome, _)| policy.outcomes[*outcome].name.as_str()).collect();
        if !names.is_empty() {
            let head = format!("each {} has a day of its own ({}): ", entity.name, tick("--row KEY"));
            remarks.push(format!("{head}{}", names.join(", ")));
        }
    }
    remarks
}

impl Report<'_> {
    pub(super) fn lane(&self, timeline: &Timeline) -> Lane {
        Lane {
            title: self.words.outcome(timeline.outcome, timeline.row),
            note: None,
            stretches: timeline.segments.iter().map(|one| self.stretch(timeline.outcome, one)).collect(),
        }
    }

    /// The row of a dated entity, on its day; without one its answer holds whatever day that will be.
    pub(super) fn on_its_day(&self, day: Option<Day>, lane: Lane, (from, to): (Day, Day)) -> Lane {
        match day {
            None => Lane { note: Some("its date is open, or never".to_string()), ..lane },
            Some(day) if day < from || day > to => {
                let said: Vec<String> = lane.stretches.iter().map(LaneStretch::said).collect();
                let note = format!("its day, {day}, is not among these: {}", said.join(", "));
                Lane { note: Some(note), stretches: Vec::new(), ..lane }
            }
            Some(_) => lane,
        }
    }

    fn stretch(&self, outcome: OutcomeId, segment: &Segment) -> LaneStretch {
        let answer = &segment.answer;
        let who: Vec<String> =
            answer.reasons.iter().map(|reason| self.short_reason(reason, answer.status)).collect();
        let (kind, label) = self.what(outcome, answer);
        LaneStretch {
            from: segment.from,
            until: segment.until,
            label,
            kind,
            who: match (who.is_empty(), kind) {
                (false, _) => who.join("; "),
                (true, LaneKind::Open) => "which rule applies is open".to_string(),
                (true, _) => "no rule applies".to_string(),
            },
            causes: segment.causes.iter().map(|cause| self.cause(cause)).collect(),
        }
    }

    pub(super) fn what(&self, id: OutcomeId, answer: &Answer) -> (LaneKind, String) {
        let ty = &self.words.policy.outcomes[id].ty;
        match (answer.value(), answer.status) {
            (Some(value @ Value::Bool(false)), _) => (LaneKind::Quiet, self.words.value(ty, value)),
            (Some(value), _) => (LaneKind::Value, self.words.value(ty, value)),
            (None, Status::Determined | Status::Undetermined) => {
                let mut all: Vec<String> = Vec::new();
                for one in sorted(&answer.possible) {
                    if let Possibility::Value(possible) = &one {
                        all.push(self.words.possible(ty, possible));
                    }
                }
                all.extend(may_be(&answer.possible).into_iter().map(str::to_string));
                (LaneKind::Open, all.join(" or "))
            }
            (None, Status::Gap) => (LaneKind::Gap, String::new()),
            (None, Status::Conflict) => (LaneKind::Conflict, String::new()),
            (None, Status::Error) => (LaneKind::Error, String::new()),
        }
    }

    pub(super) fn cause(&self, cause: &Cause) -> String {
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
            Cause::Threat(threat) => {
                format!("{} is announced {}", words.threat(*threat), self.threat_told(*threat))
            }
            Cause::Lapsed(rule) => format!("the time of {} is over", self.ticked(*rule)),
            Cause::Moved(expr) => format!("the day: {}", tick(&words.expr(*expr))),
        }
    }
}
