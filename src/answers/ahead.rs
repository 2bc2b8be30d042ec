//! The look-ahead out, as JSON. The schema is `docs/schema/deadlines.json`.

use super::timelines::{CauseDoc, cause_doc};
use crate::facts::Facts;
use crate::outcome::{Ahead, Answer, Change, Due, DueBy, Short, Status};
use crate::policy::{Expr, Op, OutcomeId, Policy};
use crate::text::Sources;
use crate::value::{Day, Mask, Possible, Value};
use crate::words::{Audience, Words, may_be, possible_doc, sorted};
use serde::Serialize;

/// What was asked ahead.
#[derive(Debug)]
pub struct LookAhead<'a> {
    pub policy: &'a Policy,
    pub facts: &'a Facts,
    pub sources: &'a Sources,
    pub on: Day,
    /// How far was looked.
    pub to: Day,
    pub known: Option<Day>,
    pub ahead: Ahead,
}

#[derive(Serialize)]
struct AheadDoc {
    on: String,
    to: String,
    known: Option<String>,
    due: Vec<DueDoc>,
    coming: Vec<ComingDoc>,
}

#[derive(Serialize)]
struct DueDoc {
    /// The last day; none: open, or never.
    last: Option<String>,
    /// The duty, with its row or period; of a clause none.
    duty: Option<String>,
    holder: Option<String>,
    states: Vec<&'static str>,
    since: Option<String>,
    /// What is to be done, or must not hold at the close of the last day.
    clause: String,
    cites: Vec<String>,
    at: String,
    any: bool,
    missing: Vec<ShortDoc>,
    changes: Vec<ComingDoc>,
}

#[derive(Serialize)]
struct ShortDoc {
    comparison: String,
    wanted: bool,
    gap: Vec<String>,
    more_than: bool,
    enough: Option<EnoughDoc>,
}

#[derive(Serialize)]
struct EnoughDoc {
    fact: String,
    amount: String,
    tried: bool,
}

#[derive(Serialize)]
struct ComingDoc {
    kind: &'static str,
    name: String,
    from: String,
    before: StandDoc,
    after: StandDoc,
    causes: Vec<CauseDoc>,
}

#[derive(Serialize)]
struct StandDoc {
    status: &'static str,
    value: Option<String>,
    possible: Vec<String>,
    may_be: Vec<&'static str>,
}

/// The look-ahead as JSON text with a newline at its end.
pub fn ahead(asked: &LookAhead) -> String {
    let words = Words {
        policy: asked.policy,
        facts: asked.facts,
        sources: asked.sources,
        audience: Audience::Machine,
    };
    let document = AheadDoc {
        on: asked.on.to_string(),
        to: asked.to.to_string(),
        known: asked.known.map(|day| day.to_string()),
        due: asked.ahead.dues.iter().map(|due| due_doc(&words, due)).collect(),
        coming: asked.ahead.coming.iter().map(|change| change_doc(&words, change)).collect(),
    };
    super::messages::written(&document)
}

fn due_doc(words: &Words, due: &Due) -> DueDoc {
    let policy = words.policy;
    let mut doc = DueDoc {
        last: due.last.map(|day| day.to_string()),
        duty: None,
        holder: None,
        states: Vec::new(),
        since: None,
        clause: String::new(),
        cites: Vec::new(),
        at: String::new(),
        any: due.any,
        missing: due.shorts.iter().map(|short| short_doc(words, short)).collect(),
        changes: due.changes.iter().map(|change| change_doc(words, change)).collect(),
    };
    match &due.by {
        DueBy::Duty(answer) => {
            let duty = &policy.duties[answer.duty];
            doc.duty = Some(words.duty(answer.duty, answer.row, answer.period));
            doc.holder = Some(policy.held_by_said(&duty.held_by));
            doc.states = answer.states.iter().map(crate::words::duty_state).collect();
            doc.since = answer.since.map(|day| day.to_string());
            doc.clause = words.expr(duty.performance);
            let cite = |citation: &crate::policy::Citation| {
                let name = &policy.instruments[citation.instrument].name;
                citation.place.as_ref().map_or_else(|| name.clone(), |place| format!("{name} {place}"))
            };
            doc.cites = duty.cites.iter().map(cite).collect();
            doc.at = words.place(duty.name_span);
        }
        DueBy::Clause(by) => {
            doc.clause = words.expr(*by);
            doc.at = words.place(policy.exprs.span(*by));
        }
    }
    doc
}

fn short_doc(words: &Words, short: &Short) -> ShortDoc {
    let ty = match words.policy.exprs.node(short.comparison) {
        Expr::Op(Op::Compare { left, .. }) => Some(words.policy.exprs.ty(*left)),
        _ => None,
    };
    let gap = match (ty, &short.gap) {
        (Some(ty), Some(gap)) => {
            let gap = crate::outcome::Possibility::Value(Possible::numbers(gap.clone()));
            possible_doc(words, ty, &gap).into_iter().collect()
        }
        _ => Vec::new(),
    };
    let enough = short.enough.as_ref().and_then(|enough| {
        let ty = words.slot_type(&enough.slot)?;
        let amount = words.value(ty, &Value::Number(enough.amount.clone()));
        Some(EnoughDoc { fact: words.slot(&enough.slot), amount, tried: enough.tried })
    });
    let comparison = words.expr(short.comparison);
    ShortDoc { comparison, wanted: short.wanted, gap, more_than: short.more, enough }
}

fn change_doc(words: &Words, change: &Change) -> ComingDoc {
    let causes = change.causes().iter().map(|cause| cause_doc(words, cause)).collect();
    match change {
        Change::Outcome { id, row, from, before, after, .. } => ComingDoc {
            kind: "outcome",
            name: words.outcome(*id, *row),
            from: from.to_string(),
            before: stand(words, *id, before),
            after: stand(words, *id, after),
            causes,
        },
        Change::Power { id, row, from, before, after, .. } => ComingDoc {
            kind: "power",
            name: words.power(*id, *row),
            from: from.to_string(),
            before: availability(before.available),
            after: availability(after.available),
            causes,
        },
    }
}

fn stand(words: &Words, id: OutcomeId, answer: &Answer) -> StandDoc {
    let ty = &words.policy.outcomes[id].ty;
    StandDoc {
        status: answer.status.as_str(),
        value: answer.value().map(|value| words.value(ty, value)),
        possible: sorted(&answer.possible).iter().flat_map(|one| possible_doc(words, ty, one)).collect(),
        may_be: if answer.status == Status::Undetermined { may_be(&answer.possible) } else { Vec::new() },
    }
}

fn availability(mask: Mask) -> StandDoc {
    let status = match (mask.is_true(), mask.is_false(), mask.is_error()) {
        (true, ..) => "available",
        (_, true, _) => "not available",
        (_, _, true) => "error",
        _ => "undetermined",
    };
    StandDoc { status, value: None, possible: Vec::new(), may_be: Vec::new() }
}
