//! Answers out, as JSON. The schema is `docs/schema/answer.json`.

use super::conduct::{Conduct, DutyDoc, InvalidDoc, PowerDoc, duty_docs, invalid_docs, power_docs};
use crate::facts::Facts;
use crate::outcome::{Answer, Fault, Needs, Point, Possibility, Reason, SlotRef, Status, Way, WayAnswer};
use crate::policy::{ArticleId, Citation, OutcomeId, Policy, Type};
use crate::text::Sources;
use crate::words::{Audience, Words, lines_to_state, may_be, possible_doc, rule_name, sorted};
use indexmap::IndexMap;
use serde::Serialize;

/// Everything that was asked in one go.
#[derive(Debug)]
pub struct Evaluation<'a> {
    pub policy: &'a Policy,
    pub facts: &'a Facts,
    pub sources: &'a Sources,
    /// None: nothing asked depends on the day, or rows have their own.
    pub on: Option<crate::value::Day>,
    /// None: everything stated is known.
    pub known: Option<crate::value::Day>,
    pub outcomes: Vec<(OutcomeId, Answers)>,
    pub conduct: Conduct,
}

/// The answers for one outcome.
#[derive(Clone, Debug)]
pub enum Answers {
    One(Point, Answer),
    /// For each stated row, with its point; none: its date is open.
    Rows(Vec<(u32, Option<Point>, Answer)>),
}

impl Answers {
    pub fn iter(&self) -> Box<dyn Iterator<Item = &Answer> + '_> {
        match self {
            Answers::One(_, answer) => Box::new(std::iter::once(answer)),
            Answers::Rows(rows) => Box::new(rows.iter().map(|(_, _, answer)| answer)),
        }
    }
}

/// What was asked and answered, as JSON text with a newline at its end.
pub fn json(asked: &Evaluation) -> String {
    super::messages::written(&evaluation_doc(asked))
}

/// The same as data.
pub fn evaluation_doc(asked: &Evaluation) -> impl Serialize + use<> {
    let words = Words {
        policy: asked.policy,
        facts: asked.facts,
        sources: asked.sources,
        audience: Audience::Machine,
    };
    document(asked, &words)
}

/// The slots whose default was used, each once, in the order of the policy.
pub fn assumed(asked: &Evaluation) -> Vec<SlotRef> {
    let mut slots: Vec<SlotRef> = Vec::new();
    for (_, answers) in &asked.outcomes {
        answers.iter().for_each(|answer| slots.extend(answer.assumed.iter().cloned()));
    }
    slots.sort();
    slots.dedup();
    slots
}

#[derive(Serialize)]
struct EvalDoc {
    on: Option<String>,
    known: Option<String>,
    assumed: Vec<Assumed>,
    outcomes: IndexMap<String, OutcomeDoc>,
    obligations: Vec<DutyDoc>,
    powers: Vec<PowerDoc>,
    /// Of all powers, asked for or not: nobody asks for a step that was missed.
    invalid_acts: Vec<InvalidDoc>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Assumed {
    File {
        annex: String,
        file: String,
        in_place_of: String,
    },
    Default {
        fact: String,
        /// None: the default is worked out row by row and day by day.
        value: Option<String>,
    },
}

#[derive(Serialize)]
#[serde(untagged)]
enum OutcomeDoc {
    One(Box<AnswerDoc>),
    Rows { rows: IndexMap<String, RowDoc> },
}

#[derive(Serialize)]
struct RowDoc {
    on: Option<String>,
    #[serde(flatten)]
    answer: AnswerDoc,
}

/// An answer as data.
#[derive(Clone, Debug, Serialize)]
pub struct AnswerDoc {
    pub status: &'static str,
    pub value: Option<String>,
    pub possible: Vec<String>,
    /// An undetermined answer may also turn out to be one of these.
    pub may_be: Vec<&'static str>,
    pub rules: Vec<String>,
    pub reasons: Vec<ReasonDoc>,
    pub error: Option<FaultDoc>,
    pub needs: Option<NeedsDoc>,
}

/// A rule's part in an answer.
#[derive(Clone, Debug, Serialize)]
pub struct ReasonDoc {
    pub rule: String,
    pub title: Option<String>,
    pub article: Option<ArticleDoc>,
    pub cites: Vec<CitationDoc>,
    pub value: Option<String>,
    /// Of a power's effect: the act that stands.
    pub act: Option<String>,
    /// The answer is the same whether or not this rule applies.
    pub doubtful: bool,
    pub at: String,
}

/// An article of the policy.
#[derive(Clone, Debug, Serialize)]
pub struct ArticleDoc {
    pub number: u32,
    pub title: Option<String>,
}

/// A place in a source of law.
#[derive(Clone, Debug, Serialize)]
pub struct CitationDoc {
    pub source: String,
    pub title: String,
    pub place: Option<String>,
    pub binding: Option<bool>,
}

/// A named error with its place and what it came from.
#[derive(Clone, Debug, Serialize)]
pub struct FaultDoc {
    pub name: &'static str,
    pub detail: Option<String>,
    pub expression: String,
    pub at: String,
    pub outcome: Option<String>,
    pub cause: Option<Box<FaultDoc>>,
}

/// What would settle an undetermined answer.
#[derive(Clone, Debug, Serialize)]
pub struct NeedsDoc {
    pub all: Vec<String>,
    /// Of these: days that hide what will be read on them.
    pub then_ask_again: Vec<String>,
    pub ways: Vec<WayDoc>,
    pub complete: bool,
    /// Lines of annexes, as a facts file states them.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub annexes: IndexMap<String, Vec<IndexMap<String, String>>>,
}

/// Conditions, and the answer they lead to.
#[derive(Clone, Debug, Serialize)]
pub struct WayDoc {
    #[serde(rename = "if")]
    pub condition: String,
    pub then: String,
    pub facts: Vec<String>,
}

fn document(asked: &Evaluation, words: &Words) -> EvalDoc {
    let mut outcomes = IndexMap::new();
    for (id, answers) in &asked.outcomes {
        let outcome = &asked.policy.outcomes[*id];
        let doc = match answers {
            Answers::One(point, answer) => OutcomeDoc::One(Box::new(answer_doc(words, *id, *point, answer))),
            Answers::Rows(rows) => OutcomeDoc::Rows {
                rows: rows
                    .iter()
                    .map(|(row, point, answer)| row_doc(asked, words, *id, *row, *point, answer))
                    .collect(),
            },
        };
        outcomes.insert(outcome.name.clone(), doc);
    }
    EvalDoc {
        on: asked.on.map(|day| day.to_string()),
        known: asked.known.map(|day| day.to_string()),
        assumed: files_assumed(asked.policy)
            .chain(assumed(asked).iter().map(|slot| assumed_doc(words, slot)))
            .collect(),
        outcomes,
        obligations: duty_docs(words, &asked.conduct),
        powers: power_docs(words, &asked.conduct),
        invalid_acts: invalid_docs(words, &asked.conduct),
    }
}

fn row_doc(
    asked: &Evaluation,
    words: &Words,
    id: OutcomeId,
    row: u32,
    point: Option<Point>,
    answer: &Answer,
) -> (String, RowDoc) {
    let entity = asked.policy.outcomes[id].for_each;
    let key = entity.map_or_else(String::new, |entity| words.key(entity, row));
    let dated = entity.is_some_and(|entity| asked.policy.entities[entity].dated.is_some());
    let on = point.filter(|_| dated || asked.on.is_some()).map(|point| point.day.to_string());
    let point = point.unwrap_or(Point::new(crate::value::Day::NEVER, crate::value::Day::NEVER));
    (key, RowDoc { on, answer: answer_doc(words, id, point, answer) })
}

fn assumed_doc(words: &Words, slot: &SlotRef) -> Assumed {
    Assumed::Default { fact: words.slot(slot), value: words.default_value(slot) }
}

/// Files that are read in place of those of the policy.
fn files_assumed(policy: &Policy) -> impl Iterator<Item = Assumed> {
    policy.annexes.values().filter_map(|annex| {
        let in_place_of = annex.instead_of.clone()?;
        Some(Assumed::File { annex: annex.name.clone(), file: annex.file.clone(), in_place_of })
    })
}

/// An answer as data; `words` are for programs.
pub fn answer_doc(words: &Words, id: OutcomeId, point: Point, answer: &Answer) -> AnswerDoc {
    let ty = &words.policy.outcomes[id].ty;
    AnswerDoc {
        status: answer.status.as_str(),
        value: answer.value().map(|value| words.value(ty, value)),
        possible: sorted(&answer.possible).iter().flat_map(|one| possible_doc(words, ty, one)).collect(),
        may_be: if answer.status == Status::Undetermined { may_be(&answer.possible) } else { Vec::new() },
        rules: answer.reasons.iter().map(|reason| rule_name(words.policy, reason)).collect(),
        reasons: answer.reasons.iter().map(|reason| reason_doc(words, id, reason)).collect(),
        error: answer
            .fault
            .as_deref()
            .filter(|_| answer.status == Status::Error)
            .map(|f| fault_doc(words, f)),
        needs: answer.needs.as_ref().map(|needs| needs_doc(words, ty, point, needs)),
    }
}

fn reason_doc(words: &Words, outcome: OutcomeId, reason: &Reason) -> ReasonDoc {
    let policy = words.policy;
    let ty = &policy.outcomes[outcome].ty;
    let value = reason.value.as_ref().map(|value| words.possible(ty, value));
    let Some(rule) = reason.rule.and_then(|id| policy.rules.try_get(id)) else {
        let at = words.place(policy.outcomes[outcome].span);
        let rule = rule_name(policy, reason);
        let doubtful = reason.doubtful;
        let (title, article, cites, act) = (None, None, Vec::new(), None);
        return ReasonDoc { rule, title, article, cites, value, act, doubtful, at };
    };
    ReasonDoc {
        rule: rule.shown.clone(),
        title: rule.title.clone(),
        article: article_doc(policy, rule.article),
        cites: cites_doc(policy, &rule.cites),
        value,
        act: reason.act.map(|act| words.act(act)),
        doubtful: reason.doubtful,
        at: words.place(rule.name_span),
    }
}

pub(super) fn article_doc(policy: &Policy, article: Option<ArticleId>) -> Option<ArticleDoc> {
    let article = article.and_then(|id| policy.articles.try_get(id))?;
    Some(ArticleDoc { number: article.number, title: article.title.clone() })
}

pub(super) fn cites_doc(policy: &Policy, cites: &[Citation]) -> Vec<CitationDoc> {
    let cite = |citation: &Citation| {
        let instrument = &policy.instruments[citation.instrument];
        CitationDoc {
            source: instrument.name.clone(),
            title: instrument.title.clone(),
            place: citation.place.clone(),
            binding: instrument.binding,
        }
    };
    cites.iter().map(cite).collect()
}

pub(super) fn fault_doc(words: &Words, fault: &Fault) -> FaultDoc {
    FaultDoc {
        name: fault.trouble.name(),
        detail: fault
            .depends_on
            .map_or_else(|| fault.detail.clone(), |(_, _, status)| Some(status.as_str().to_string())),
        expression: words.source(fault.span),
        at: words.place(fault.span),
        outcome: fault.depends_on.as_ref().map(|(id, row, _)| words.outcome(*id, *row)),
        cause: fault.cause.as_deref().map(|cause| Box::new(fault_doc(words, cause))),
    }
}

fn needs_doc(words: &Words, ty: &Type, point: Point, needs: &Needs) -> NeedsDoc {
    let again = needs.all.iter().filter(|need| need.then_ask_again);
    NeedsDoc {
        all: needs.all.iter().map(|need| words.slot(&need.slot)).collect(),
        then_ask_again: again.map(|need| words.slot(&need.slot)).collect(),
        ways: needs.ways.iter().map(|way| way_doc(words, ty, point, way)).collect(),
        complete: needs.complete,
        annexes: lines_to_state(words, &needs.all)
            .into_iter()
            .map(|(annex, lines)| (annex, lines.into_iter().map(|line| line.into_iter().collect()).collect()))
            .collect(),
    }
}

fn way_doc(words: &Words, ty: &Type, point: Point, way: &Way) -> WayDoc {
    let conditions: Vec<String> = way.when.iter().map(|atom| words.atom(atom, point)).collect();
    WayDoc {
        // Stating what the value reads is enough.
        condition: if conditions.is_empty() { "true".to_string() } else { conditions.join(" and ") },
        then: match &way.then {
            WayAnswer::Is(Possibility::Value(possible)) => words.possible(ty, possible),
            WayAnswer::Is(Possibility::Gap) => Status::Gap.as_str().to_string(),
            WayAnswer::Is(Possibility::Conflict) => Status::Conflict.as_str().to_string(),
            WayAnswer::Is(Possibility::Error) => Status::Error.as_str().to_string(),
            WayAnswer::Open(expr) => words.expr(*expr),
        },
        facts: way.facts.iter().map(|slot| words.slot(slot)).collect(),
    }
}
