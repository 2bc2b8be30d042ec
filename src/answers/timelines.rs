//! Timelines out, as JSON. The schema is `docs/schema/timeline.json`.

use super::conduct::{DutyStateDoc, PowerStateDoc, duty_state_doc, power_state_doc};
use crate::facts::Facts;
use crate::outcome::{Cause, DutyTimeline, PowerTimeline, Segment, Status, Stretch, Timeline};
use crate::policy::{DutyId, EntityId, OutcomeId, Policy, PowerId};
use crate::text::Sources;
use crate::value::Day;
use crate::words::{Audience, Words, may_be, possible_doc, rule_name, sorted};
use indexmap::IndexMap;
use serde::Serialize;
use std::collections::BTreeMap;

/// Timelines that were asked for in one go.
#[derive(Debug)]
pub struct DrawnTimelines<'a> {
    pub policy: &'a Policy,
    pub facts: &'a Facts,
    pub sources: &'a Sources,
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// None: everything stated is known.
    pub known: Option<Day>,
    /// Asked for by name, and not all there is.
    pub named: bool,
    pub outcomes: Vec<(OutcomeId, RowTimelines<Timeline>)>,
    pub duties: Vec<(DutyId, RowTimelines<DutyTimeline>)>,
    pub powers: Vec<(PowerId, RowTimelines<PowerTimeline>)>,
}

/// The timelines of one outcome, duty or power.
#[derive(Clone, Debug)]
pub enum RowTimelines<T> {
    One(T),
    /// Of every stated row, in the order stated.
    Rows(Vec<T>),
    /// Of rows that have a day of their own (T9), each with it and one segment. None: its date is open, or never; then
    /// the segment is all days asked for.
    Dated(Vec<(Option<Day>, T)>),
    /// Its rows have days of their own, and none was asked for.
    OwnDays,
}

impl<T> RowTimelines<T> {
    pub fn timelines(&self) -> Box<dyn Iterator<Item = &T> + '_> {
        match self {
            RowTimelines::One(timeline) => Box::new(std::iter::once(timeline)),
            RowTimelines::Rows(list) => Box::new(list.iter()),
            RowTimelines::Dated(list) => Box::new(list.iter().map(|(_, timeline)| timeline)),
            RowTimelines::OwnDays => Box::new(std::iter::empty()),
        }
    }
}

#[derive(Serialize)]
struct TimelinesDoc {
    from: String,
    to: String,
    known: Option<String>,
    outcomes: IndexMap<String, LinesDoc<SegmentDoc>>,
    obligations: IndexMap<String, LinesDoc<StretchDoc<DutyStateDoc>>>,
    powers: IndexMap<String, LinesDoc<StretchDoc<PowerStateDoc>>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum LinesDoc<T> {
    One { segments: Vec<T> },
    Rows { rows: IndexMap<String, TimelineRowDoc<T>> },
    OwnDays { own_days: bool },
}

#[derive(Serialize)]
struct TimelineRowDoc<T> {
    segments: Vec<T>,
}

/// Of a duty or a power.
#[derive(Serialize)]
struct StretchDoc<T> {
    from: String,
    /// The last day of it.
    to: String,
    #[serde(flatten)]
    state: T,
    causes: Vec<CauseDoc>,
}

/// Days on which an answer stays the same.
#[derive(Clone, Debug, Serialize)]
pub struct SegmentDoc {
    pub from: String,
    /// The last day of it.
    pub to: String,
    pub status: &'static str,
    pub value: Option<String>,
    pub possible: Vec<String>,
    pub may_be: Vec<&'static str>,
    pub rules: Vec<String>,
    pub causes: Vec<CauseDoc>,
}

/// Why an answer changed.
#[derive(Clone, Debug, Serialize)]
pub struct CauseDoc {
    pub kind: &'static str,
    /// The rule, the fact, the row or the expression.
    pub what: String,
    pub value: Option<String>,
    pub at: Option<String>,
}

/// Timelines as JSON text with a newline at its end.
pub fn timelines(drawn: &DrawnTimelines) -> String {
    super::messages::written(&timelines_doc(drawn))
}

/// The stretches of an outcome on which its answer stays the same, each with the key of its row if there are rows.
pub fn segments_of(drawn: &DrawnTimelines, outcome: OutcomeId) -> Vec<(Option<String>, Vec<SegmentDoc>)> {
    let words = words_of(drawn);
    let entity = drawn.policy.outcomes[outcome].for_each;
    let found = drawn.outcomes.iter().filter(|(id, _)| *id == outcome);
    let one = |line: &Timeline| {
        let key = entity.zip(line.row).map(|(entity, row)| words.key(entity, row));
        (key, segments(&words, line))
    };
    found.flat_map(|(_, lines)| lines.timelines()).map(one).collect()
}

fn words_of<'a>(drawn: &DrawnTimelines<'a>) -> Words<'a> {
    let DrawnTimelines { policy, facts, sources, .. } = *drawn;
    Words { policy, facts, sources, audience: Audience::Machine }
}

/// Timelines as data.
pub fn timelines_doc(drawn: &DrawnTimelines) -> impl Serialize + use<> {
    let words = words_of(drawn);
    let policy = drawn.policy;
    let outcome = |(id, lines): &(OutcomeId, RowTimelines<Timeline>)| {
        let outcome = &policy.outcomes[*id];
        let segments = |line: &Timeline| (line.row, segments(&words, line));
        (outcome.name.clone(), lines_doc(&words, outcome.for_each, lines, segments))
    };
    let duty = |(id, lines): &(DutyId, RowTimelines<DutyTimeline>)| {
        let duty = &policy.duties[*id];
        let segments = |line: &DutyTimeline| {
            let doc = |one| stretch_doc(&words, one, |answer| duty_state_doc(&words, answer));
            (line.row, line.segments.iter().map(doc).collect())
        };
        (duty.name.clone(), lines_doc(&words, duty.for_each, lines, segments))
    };
    let power = |(id, lines): &(PowerId, RowTimelines<PowerTimeline>)| {
        let power = &policy.powers[*id];
        let none = BTreeMap::new();
        let segments = |line: &PowerTimeline| {
            let doc = |one| stretch_doc(&words, one, |answer| power_state_doc(&words, answer, &none));
            (line.row, line.segments.iter().map(doc).collect())
        };
        (power.name.clone(), lines_doc(&words, power.for_each, lines, segments))
    };
    TimelinesDoc {
        from: drawn.from.to_string(),
        to: drawn.to.to_string(),
        known: drawn.known.map(|day| day.to_string()),
        outcomes: drawn.outcomes.iter().map(outcome).collect(),
        obligations: drawn.duties.iter().map(duty).collect(),
        powers: drawn.powers.iter().map(power).collect(),
    }
}

fn lines_doc<T, D>(
    words: &Words,
    entity: Option<EntityId>,
    lines: &RowTimelines<T>,
    segments: impl Fn(&T) -> (Option<u32>, Vec<D>),
) -> LinesDoc<D> {
    match lines {
        RowTimelines::One(timeline) => LinesDoc::One { segments: segments(timeline).1 },
        RowTimelines::OwnDays => LinesDoc::OwnDays { own_days: true },
        RowTimelines::Rows(_) | RowTimelines::Dated(_) => {
            let row = |timeline: &T| {
                let (row, segments) = segments(timeline);
                let key = entity.zip(row).map(|(entity, row)| words.key(entity, row));
                (key.unwrap_or_default(), TimelineRowDoc { segments })
            };
            LinesDoc::Rows { rows: lines.timelines().map(row).collect() }
        }
    }
}

fn stretch_doc<A, D>(words: &Words, stretch: &Stretch<A>, state: impl Fn(&A) -> D) -> StretchDoc<D> {
    StretchDoc {
        from: stretch.from.to_string(),
        to: stretch.last().to_string(),
        state: state(&stretch.answer),
        causes: stretch.causes.iter().map(|cause| cause_doc(words, cause)).collect(),
    }
}

fn segments(words: &Words, timeline: &Timeline) -> Vec<SegmentDoc> {
    timeline.segments.iter().map(|one| segment(words, timeline.outcome, one)).collect()
}

fn segment(words: &Words, id: OutcomeId, segment: &Segment) -> SegmentDoc {
    let ty = &words.policy.outcomes[id].ty;
    let answer = &segment.answer;
    SegmentDoc {
        from: segment.from.to_string(),
        to: segment.last().to_string(),
        status: answer.status.as_str(),
        value: answer.value().map(|value| words.value(ty, value)),
        possible: sorted(&answer.possible).iter().flat_map(|one| possible_doc(words, ty, one)).collect(),
        may_be: if answer.status == Status::Undetermined { may_be(&answer.possible) } else { Vec::new() },
        rules: answer.reasons.iter().map(|reason| rule_name(words.policy, reason)).collect(),
        causes: segment.causes.iter().map(|cause| cause_doc(words, cause)).collect(),
    }
}

pub(super) fn cause_doc(words: &Words, cause: &Cause) -> CauseDoc {
    let doc = |kind, what, at| CauseDoc { kind, what, value: None, at };
    let rule = |id: crate::policy::RuleId| {
        let rule = &words.policy.rules[id];
        (rule.shown.clone(), Some(words.place(rule.name_span)))
    };
    match cause {
        Cause::RuleBegins(id) => {
            let (name, at) = rule(*id);
            doc("rule begins", name, at)
        }
        Cause::RuleEnds(id) => {
            let (name, at) = rule(*id);
            doc("rule ends", name, at)
        }
        Cause::Stated { slot, value, span, .. } => {
            let value = words.slot_type(slot).map(|ty| words.possible(ty, value));
            CauseDoc { value, ..doc("stated", words.slot(slot), Some(words.place(*span))) }
        }
        Cause::NoLongerStated(slot) => doc("no longer stated", words.slot(slot), None),
        Cause::Passed { by, day } => {
            let at = Some(words.place(words.policy.exprs.span(*by)));
            CauseDoc { value: Some(day.to_string()), ..doc("deadline passed", words.expr(*by), at) }
        }
        Cause::Row { entity, row } => doc("row", words.row(*entity, *row), None),
        Cause::Deadline { duty, day } => CauseDoc {
            value: Some(day.to_string()),
            ..doc("deadline passed", words.policy.duties[*duty].name.clone(), None)
        },
        Cause::Period { duty, first } => CauseDoc {
            value: Some(first.to_string()),
            ..doc("period begins", words.policy.duties[*duty].name.clone(), None)
        },
        Cause::Act(act) => doc("act", words.act(*act), Some(words.act_place(*act))),
        Cause::Threat(threat) => doc("announcement", words.threat(*threat), None),
        Cause::Lapsed(id) => {
            let (name, at) = rule(*id);
            doc("time over", name, at)
        }
        Cause::Moved(expr) => {
            doc("day", words.expr(*expr), Some(words.place(words.policy.exprs.span(*expr))))
        }
    }
}
