//! Duties and powers over time, as lanes.

use super::Report;
use super::conduct::{availability, truth};
use super::lanes::{Chart, Lane, LaneKind, LaneStretch};
use crate::answers::{DrawnTimelines, RowTimelines};
use crate::diag::{list_or, tick};
use crate::outcome::{Cause, DutyAnswer, DutyTimeline, PowerAnswer, PowerTimeline, Stretch as Days};
use crate::policy::DutyState;
use crate::value::Day;
use crate::words::duty_state;

impl Report<'_> {
    /// Lanes of duties, then of powers. What is never owed or never available is only named, unless it was asked for.
    pub(super) fn conduct_lanes(&self, chart: &mut Chart, drawn: &DrawnTimelines) {
        let policy = self.words.policy;
        let mut idle = Vec::new();
        for (id, lines) in &drawn.duties {
            let duty = &policy.duties[*id];
            let title = duty.title.as_ref().map_or(String::new(), |title| format!("\"{title}\", "));
            let whose = self.held_by(&duty.held_by);
            let note = format!("{title}obligation of {whose}{}", self.sourced(duty.article, &duty.cites));
            let entity = duty.for_each.map_or("", |entity| policy.entities[entity].name.as_str());
            let lanes = self.lanes_of(chart, (&duty.name, entity, &note), lines, |line| self.duty_lane(line));
            self.keep(chart, lanes, drawn.named, &mut idle);
        }
        chart.remarks.extend(never("owed", &idle));
        let mut idle = Vec::new();
        for (id, lines) in &drawn.powers {
            let power = &policy.powers[*id];
            let title = power.title.as_ref().map_or(String::new(), |title| format!("\"{title}\", "));
            let whose = self.held_by(&power.held_by);
            let note = format!("{title}power of {whose}{}", self.sourced(power.article, &power.cites));
            let entity = power.for_each.map_or("", |entity| policy.entities[entity].name.as_str());
            let lanes =
                self.lanes_of(chart, (&power.name, entity, &note), lines, |line| self.power_lane(line));
            self.keep(chart, lanes, drawn.named, &mut idle);
        }
        chart.remarks.extend(never("available", &idle));
    }

    fn keep(&self, chart: &mut Chart, lanes: Vec<Lane>, named: bool, idle: &mut Vec<String>) {
        for lane in lanes {
            let quiet = |one: &LaneStretch| one.kind == LaneKind::Quiet && IDLE.contains(&one.label.as_str());
            if !named && !lane.stretches.is_empty() && lane.stretches.iter().all(quiet) {
                idle.push(lane.title);
            } else {
                chart.lanes.push(lane);
            }
        }
    }

    fn lanes_of<T>(
        &self,
        chart: &mut Chart,
        (name, entity, note): (&str, &str, &str),
        lines: &RowTimelines<T>,
        lane: impl Fn(&T) -> Lane,
    ) -> Vec<Lane> {
        let noted = |lane: Lane| Lane { note: Some(note.to_string()), ..lane };
        let days = chart.days;
        let own = |(day, line): &(Option<Day>, T)| self.on_its_day(*day, noted(lane(line)), days);
        let lanes: Vec<Lane> = match lines {
            RowTimelines::One(line) => vec![noted(lane(line))],
            RowTimelines::Rows(list) => list.iter().map(|line| noted(lane(line))).collect(),
            RowTimelines::Dated(list) => list.iter().map(own).collect(),
            RowTimelines::OwnDays => {
                let row = tick("--row KEY");
                chart.remarks.push(format!("each {entity} has a day of its own ({row}): {name}"));
                return Vec::new();
            }
        };
        if lanes.is_empty() {
            let note = Some(format!("{entity} has no rows"));
            return vec![Lane { title: name.to_string(), note, stretches: Vec::new() }];
        }
        lanes
    }

    fn duty_lane(&self, line: &DutyTimeline) -> Lane {
        let stretch = |one: &Days<DutyAnswer>| {
            let (kind, label) = duty_look(&one.answer);
            let who = self.duty_note(&one.answer, one.from);
            self.days_of(one, kind, label, who, |cause| self.cause(cause))
        };
        let title = self.words.duty(line.duty, line.row, None);
        Lane { title, note: None, stretches: merged(line.segments.iter().map(stretch)) }
    }

    /// What there is to know beside the state: the period, the deadline, since when.
    fn duty_note(&self, answer: &DutyAnswer, from: Day) -> String {
        let mut parts = Vec::new();
        parts.extend(answer.period.map(|(first, _)| format!("period of {first}")));
        parts.extend(answer.since.filter(|since| *since != from).map(|since| format!("since {since}")));
        parts.extend(self.due_by(answer));
        parts.join("; ")
    }

    fn power_lane(&self, line: &PowerTimeline) -> Lane {
        let stretch = |one: &Days<PowerAnswer>| {
            let (kind, label) = self.power_look(&one.answer);
            let who = self.power_note(&one.answer);
            self.days_of(one, kind, label, who, |cause| self.act_cause(&one.answer, cause))
        };
        let title = self.words.power(line.power, line.row);
        Lane { title, note: None, stretches: merged(line.segments.iter().map(stretch)) }
    }

    /// Of what is done, by whom; of what cannot be done, what is missing.
    fn power_note(&self, answer: &PowerAnswer) -> String {
        let facts = self.words.facts;
        let stated = |place: u32| facts.acts.get(place as usize);
        if answer.done.is_true() {
            let latest = answer.acts.iter().rev().find(|act| act.valid.is_true());
            let act = latest.and_then(|act| stated(act.act));
            let told =
                act.map_or_else(String::new, |act| format!("by {}{}", self.acted_by(act), self.with(act)));
            return told;
        }
        let unmet = answer.requires.iter().filter(|(_, mask)| !mask.is_true());
        let said = unmet.map(|(expr, mask)| format!("{} {}", tick(&self.words.expr(*expr)), truth(*mask)));
        said.collect::<Vec<_>>().join("; ")
    }

    /// An act with what came of it.
    fn act_cause(&self, answer: &PowerAnswer, cause: &Cause) -> String {
        let told = self.cause(cause);
        let Cause::Act(place) = cause else { return told };
        match answer.acts.iter().find(|act| act.act == *place) {
            Some(act) if act.valid.is_false() => format!("{told} is invalid: {}", self.failures(act)),
            Some(act) if !act.valid.is_true() => format!("{told} may be invalid: {}", self.failures(act)),
            _ => told,
        }
    }

    fn days_of<T>(
        &self,
        days: &Days<T>,
        kind: LaneKind,
        label: String,
        who: String,
        cause: impl Fn(&Cause) -> String,
    ) -> LaneStretch {
        let causes = days.causes.iter().map(cause).collect();
        LaneStretch { from: days.from, until: days.until, label, kind, who, causes }
    }
}

/// What is so when nothing happens.
const IDLE: [&str; 3] = ["not owed", "not available", "not in force"];
/// More names than this are not listed.
const LISTED: usize = 8;

/// `never owed on these days: fund("gulf"), fund("idaho")`
fn never(what: &str, names: &[String]) -> Option<String> {
    let mut listed: Vec<String> = names.iter().take(LISTED).cloned().collect();
    if names.len() > LISTED {
        listed.push(format!("{} more", names.len().saturating_sub(LISTED)));
    }
    (!listed.is_empty()).then(|| format!("never {what} on these days: {}", listed.join(", ")))
}

/// Neighbours that look alike are one: what differs between them is not shown.
fn merged(stretches: impl Iterator<Item = LaneStretch>) -> Vec<LaneStretch> {
    let mut all: Vec<LaneStretch> = Vec::new();
    for next in stretches {
        match all.last_mut() {
            Some(last) if (last.kind, &last.label, &last.who) == (next.kind, &next.label, &next.who) => {
                last.until = next.until;
            }
            _ => all.push(next),
        }
    }
    all
}

fn duty_look(answer: &DutyAnswer) -> (LaneKind, String) {
    let kind = match answer.states.single() {
        Some(DutyState::Pending) => LaneKind::Pending,
        Some(DutyState::Fulfilled) => LaneKind::Fulfilled,
        Some(DutyState::Breached) => LaneKind::Breached,
        Some(DutyState::Cured) => LaneKind::Cured,
        Some(DutyState::NotOwed | DutyState::NotYetDue) => LaneKind::Quiet,
        None if answer.states.is_empty() => LaneKind::Error,
        None => LaneKind::Open,
    };
    let mut words: Vec<String> = answer.states.iter().map(|state| duty_state(state).to_string()).collect();
    words.extend(answer.fault.iter().filter(|_| kind == LaneKind::Open).map(|_| "an error".to_string()));
    (kind, list_or(&words))
}

impl Report<'_> {
    fn power_look(&self, answer: &PowerAnswer) -> (LaneKind, String) {
        let policy = self.words.policy;
        let able = availability(answer).to_string();
        let done = &answer.done;
        let invalid = answer.acts.iter().rev().find(|act| !act.valid.is_true());
        if answer.available.is_error() && !done.is_true() || done.is_error() {
            return (LaneKind::Error, String::new());
        }
        if done.is_true() {
            let has_effect = !policy.rules[policy.powers[answer.power].rule].branches.is_empty();
            let stands = answer.acts.iter().any(|act| !act.stands.is_false());
            return match has_effect && !stands {
                true => (LaneKind::Quiet, "done; effect ended".to_string()),
                false => (LaneKind::Done, "done".to_string()),
            };
        }
        if !done.is_false() {
            return (LaneKind::Open, "done or not".to_string());
        }
        match (invalid.is_some_and(|act| act.valid.is_false()), answer.threats.is_empty()) {
            (true, _) => (LaneKind::Invalid, format!("an act is invalid; {able}")),
            (_, false) => (LaneKind::Threatened, format!("threatened; {able}")),
            _ if answer.available.is_true() => (LaneKind::Available, able),
            _ if answer.available.is_false() => (LaneKind::Quiet, able),
            _ => (LaneKind::Open, "available or not".to_string()),
        }
    }
}
