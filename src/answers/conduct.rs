//! Duties and powers out, as JSON: how they stand, the acts with what came of them. The schema is `docs/schema/answer.json`.

use super::eval::{ArticleDoc, CitationDoc, FaultDoc, article_doc, cites_doc, fault_doc};
use crate::facts::Act;
use crate::outcome::{ActAnswer, ActEnd, DutyAnswer, Failure, Point, PowerAnswer};
use crate::policy::{ArticleId, Citation, DutyId, Holders, PowerId};
use crate::value::{Day, Mask, Possible};
use crate::words::{Words, duty_state, mask_word};
use indexmap::IndexMap;
use serde::Serialize;
use std::collections::BTreeMap;

/// How one duty stands, of one row or period.
#[derive(Clone, Debug)]
pub struct DutyStanding {
    /// None: the date of its row is open.
    pub point: Option<Point>,
    pub answer: DutyAnswer,
}

/// How one power stands, of one row.
#[derive(Clone, Debug)]
pub struct PowerStanding {
    /// None: the date of its row is open.
    pub point: Option<Point>,
    pub answer: PowerAnswer,
    /// What ended its acts, or will, by their places in the facts.
    pub ends: BTreeMap<u32, ActEnd>,
}

/// Duties and powers that were asked for, in the order of the policy, with all rows and periods.
#[derive(Clone, Debug, Default)]
pub struct Conduct {
    pub duties: Vec<(DutyId, Vec<DutyStanding>)>,
    pub powers: Vec<(PowerId, Vec<PowerStanding>)>,
    /// Powers that were not asked for, and of which an invalid act is stated.
    pub others: Vec<PowerStanding>,
}

impl Conduct {
    /// Whether how one of them stands is an error.
    pub fn fails(&self) -> bool {
        let duties = self.duties.iter().flat_map(|(_, list)| list);
        let powers = self.powers.iter().flat_map(|(_, list)| list);
        duties.into_iter().any(|standing| standing.answer.states.is_empty())
            || powers
                .into_iter()
                .any(|standing| standing.answer.available.is_error() || standing.answer.done.is_error())
    }
}

#[derive(Serialize)]
pub(super) struct DutyDoc {
    name: String,
    row: Option<String>,
    on: Option<String>,
    #[serde(flatten)]
    head: HeadDoc,
    #[serde(flatten)]
    state: DutyStateDoc,
}

#[derive(Serialize)]
pub(super) struct PowerDoc {
    name: String,
    row: Option<String>,
    on: Option<String>,
    #[serde(flatten)]
    head: HeadDoc,
    #[serde(flatten)]
    state: PowerStateDoc,
}

#[derive(Serialize)]
struct HeadDoc {
    title: Option<String>,
    holder: String,
    article: Option<ArticleDoc>,
    cites: Vec<CitationDoc>,
    at: String,
}

#[derive(Serialize)]
pub(super) struct DutyStateDoc {
    period: Option<PeriodDoc>,
    /// More than one: it is open which.
    states: Vec<&'static str>,
    since: Option<String>,
    deadline: Option<String>,
    error: Option<FaultDoc>,
}

#[derive(Serialize)]
struct PeriodDoc {
    first: String,
    last: String,
}

#[derive(Serialize)]
pub(super) struct PowerStateDoc {
    in_force: &'static str,
    available: &'static str,
    done: &'static str,
    requires: Vec<RequirementDoc>,
    acts: Vec<ActDoc>,
    announcements: Vec<AnnouncementDoc>,
    error: Option<FaultDoc>,
}

#[derive(Serialize)]
struct RequirementDoc {
    condition: String,
    holds: &'static str,
    at: String,
}

#[derive(Serialize)]
pub(super) struct ActDoc {
    by: String,
    on: String,
    with: IndexMap<String, String>,
    valid: &'static str,
    failures: Vec<FailureDoc>,
    stands: &'static str,
    /// The first day on which it no longer does.
    until: Option<String>,
    at: String,
}

#[derive(Serialize)]
struct FailureDoc {
    kind: &'static str,
    condition: Option<String>,
    holds: &'static str,
    at: Option<String>,
}

#[derive(Serialize)]
struct AnnouncementDoc {
    by: String,
    on: String,
    with: IndexMap<String, String>,
    at: String,
}

/// An invalid act of whatever power.
#[derive(Serialize)]
pub(super) struct InvalidDoc {
    power: String,
    row: Option<String>,
    #[serde(flatten)]
    act: ActDoc,
}

pub(super) fn duty_docs(words: &Words, conduct: &Conduct) -> Vec<DutyDoc> {
    let all = conduct.duties.iter().flat_map(|(id, list)| list.iter().map(|standing| (*id, standing)));
    let doc = |(id, standing): (DutyId, &DutyStanding)| {
        let duty = &words.policy.duties[id];
        DutyDoc {
            name: duty.name.clone(),
            row: duty.for_each.zip(standing.answer.row).map(|(entity, row)| words.key(entity, row)),
            on: standing.point.map(|point| point.day.to_string()),
            head: head_doc(words, &duty.title, &duty.held_by, (duty.article, &duty.cites), duty.name_span),
            state: duty_state_doc(words, &standing.answer),
        }
    };
    all.map(doc).collect()
}

pub(super) fn power_docs(words: &Words, conduct: &Conduct) -> Vec<PowerDoc> {
    let all = conduct.powers.iter().flat_map(|(id, list)| list.iter().map(|standing| (*id, standing)));
    let doc = |(id, standing): (PowerId, &PowerStanding)| {
        let power = &words.policy.powers[id];
        PowerDoc {
            name: power.name.clone(),
            row: power.for_each.zip(standing.answer.row).map(|(entity, row)| words.key(entity, row)),
            on: standing.point.map(|point| point.day.to_string()),
            head: head_doc(
                words,
                &power.title,
                &power.held_by,
                (power.article, &power.cites),
                power.name_span,
            ),
            state: power_state_doc(words, &standing.answer, &standing.ends),
        }
    };
    all.map(doc).collect()
}

/// Every act that certainly is invalid, of powers asked for or not.
pub(super) fn invalid_docs(words: &Words, conduct: &Conduct) -> Vec<InvalidDoc> {
    let asked = conduct.powers.iter().flat_map(|(_, list)| list);
    let mut found = Vec::new();
    for standing in asked.chain(&conduct.others) {
        let power = &words.policy.powers[standing.answer.power];
        for act in standing.answer.acts.iter().filter(|act| act.valid.is_false()) {
            found.push(InvalidDoc {
                power: power.name.clone(),
                row: power.for_each.zip(standing.answer.row).map(|(entity, row)| words.key(entity, row)),
                act: act_doc(words, act, &standing.ends),
            });
        }
    }
    found
}

fn head_doc(
    words: &Words,
    title: &Option<String>,
    held_by: &Holders,
    (article, cites): (Option<ArticleId>, &[Citation]),
    span: crate::text::Span,
) -> HeadDoc {
    HeadDoc {
        title: title.clone(),
        holder: words.policy.held_by_said(held_by),
        article: article_doc(words.policy, article),
        cites: cites_doc(words.policy, cites),
        at: words.place(span),
    }
}

pub(super) fn duty_state_doc(words: &Words, answer: &DutyAnswer) -> DutyStateDoc {
    let day = |day: Day| day.to_string();
    DutyStateDoc {
        period: answer.period.map(|(first, last)| PeriodDoc { first: day(first), last: day(last) }),
        states: answer.states.iter().map(duty_state).collect(),
        since: answer.since.map(day),
        deadline: answer.deadline.as_ref().map(|days| deadline_doc(words, days)),
        error: answer.fault.as_deref().map(|fault| fault_doc(words, fault)),
    }
}

fn deadline_doc(words: &Words, days: &Possible) -> String {
    words.possible(&crate::policy::Type::Date, days)
}

pub(super) fn power_state_doc(
    words: &Words,
    answer: &PowerAnswer,
    ends: &BTreeMap<u32, ActEnd>,
) -> PowerStateDoc {
    PowerStateDoc {
        in_force: mask_word(answer.in_force),
        available: mask_word(answer.available),
        done: mask_word(answer.done),
        requires: answer
            .requires
            .iter()
            .map(|(expr, mask)| RequirementDoc {
                condition: words.expr(*expr),
                holds: mask_word(*mask),
                at: words.place(words.policy.exprs.span(*expr)),
            })
            .collect(),
        acts: answer.acts.iter().map(|act| act_doc(words, act, ends)).collect(),
        announcements: answer
            .threats
            .iter()
            .filter_map(|place| words.facts.announcements.get(*place as usize))
            .map(|act| announcement_doc(words, act))
            .collect(),
        error: answer.fault.as_deref().map(|fault| fault_doc(words, fault)),
    }
}

fn act_doc(words: &Words, answer: &ActAnswer, ends: &BTreeMap<u32, ActEnd>) -> ActDoc {
    let act = words.facts.acts.get(answer.act as usize);
    ActDoc {
        by: act.map_or_else(String::new, |act| words.policy.names_of(&act.by, "and")),
        on: act.map_or_else(String::new, |act| act.on.to_string()),
        with: act.map_or_else(IndexMap::new, |act| with_doc(words, act)),
        valid: mask_word(answer.valid),
        failures: answer.failures.iter().map(|failure| failure_doc(words, failure)).collect(),
        stands: mask_word(answer.stands),
        until: ends.get(&answer.act).map(|end| end.day.to_string()),
        at: words.act_place(answer.act),
    }
}

fn failure_doc(words: &Words, failure: &Failure) -> FailureDoc {
    match failure {
        Failure::Holder => {
            FailureDoc { kind: "holder", condition: None, holds: mask_word(Mask::FALSE), at: None }
        }
        Failure::NotInForce(mask) => {
            FailureDoc { kind: "not in force", condition: None, holds: mask_word(*mask), at: None }
        }
        Failure::Requirement(expr, mask) => FailureDoc {
            kind: "requirement",
            condition: Some(words.expr(*expr)),
            holds: mask_word(*mask),
            at: Some(words.place(words.policy.exprs.span(*expr))),
        },
    }
}

fn announcement_doc(words: &Words, act: &Act) -> AnnouncementDoc {
    AnnouncementDoc {
        by: words.policy.names_of(&act.by, "and"),
        on: act.on.to_string(),
        with: with_doc(words, act),
        at: words.place(act.span),
    }
}

fn with_doc(words: &Words, act: &Act) -> IndexMap<String, String> {
    let params = &words.policy.powers[act.power].params;
    let pairs = params.iter().zip(&act.params);
    pairs.map(|(param, value)| (param.name.clone(), words.possible(&param.ty, value))).collect()
}
