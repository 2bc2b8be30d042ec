//! The look-ahead: what is due, what is missing for it, what changes otherwise.

use super::Report;
use super::page::{Look, Tint};
use crate::answers::LookAhead;
use crate::diag::tick;
use crate::outcome::{Ahead, Answer, Change, Due, DueBy, DutyAnswer, Short, Status};
use crate::policy::{Citation, OutcomeId, Type};
use crate::value::{Day, Mask};
use crate::words::{Audience, Words, duty_state};

/// What is due, in the order of the deadlines.
pub fn ahead(asked: &LookAhead, look: Look) -> String {
    let words = Words {
        policy: asked.policy,
        facts: asked.facts,
        sources: asked.sources,
        audience: Audience::People,
    };
    let mut report = Report::new(words, look);
    let known = asked.known.map_or(String::new(), |day| format!(", as known on {day}"));
    report.page.head(2, &format!("on {}{known}, looking ahead to {}", asked.on, asked.to));
    let Ahead { dues, coming } = &asked.ahead;
    if dues.is_empty() {
        report.page.gap();
        report.page.line(0, "nothing is due");
    }
    for due in dues {
        report.page.gap();
        report.due(due, asked.on);
    }
    if !coming.is_empty() {
        report.page.gap();
        let head = report.page.tint(Tint::Strong, "coming whatever is done");
        report.page.line(0, &format!("{head}, as far as is stated"));
        for change in coming {
            report.change(4, change, "");
            for cause in change.causes() {
                let cause = report.cause(cause);
                report.page.line(8, &cause);
            }
        }
    }
    report.page.finish()
}

impl Report<'_> {
    fn due(&mut self, due: &Due, on: Day) {
        let when = match due.last {
            Some(last) => format!("by {last} ({})", distance(on, last)),
            None => "by a day that is open, or never comes".to_string(),
        };
        let when = self.page.tint(Tint::Strong, &when);
        match &due.by {
            DueBy::Duty(answer) => {
                let duty = &self.words.policy.duties[answer.duty];
                let name = self.words.duty(answer.duty, answer.row, answer.period);
                let title = duty.title.as_ref().map_or(String::new(), |title| format!(" \"{title}\""));
                let who = self.held_by(&duty.held_by);
                self.page.line(0, &format!("{when} {name}{title}, held by {who}: {}", stands(answer)));
                let (cites, performance) = (duty.cites.clone(), duty.performance);
                let place = self.words.place(duty.name_span);
                self.cited(4, &cites, &place);
                // Where all of it is missing, it is said below.
                if !matches!(due.shorts.as_slice(), [only] if only.comparison == performance) {
                    self.page.line(4, &format!("to do: {}", tick(&self.words.expr(performance))));
                }
            }
            DueBy::Clause(by) => {
                self.page.line(0, &format!("{when} or an answer changes: {}", tick(&self.words.expr(*by))));
                let place = self.words.place(self.words.policy.exprs.span(*by));
                self.page.raw(4, &format!("at {place}"));
            }
        }
        if due.any {
            self.page.line(4, "any one of these is enough:");
        }
        for short in &due.shorts {
            self.missing(4, short, due.last, on);
        }
        for change in &due.changes {
            self.change(4, change, "else ");
        }
    }

    fn cited(&mut self, indent: usize, cites: &[Citation], place: &str) {
        let policy = self.words.policy;
        for citation in cites {
            let instrument = &policy.instruments[citation.instrument];
            let at = citation.place.as_ref().map_or(String::new(), |place| format!(" \"{place}\""));
            self.page.line(indent, &format!("cites {}{at}: {}", instrument.name, instrument.title));
        }
        self.page.raw(indent, &format!("at {place}"));
    }

    fn missing(&mut self, indent: usize, short: &Short, last: Option<Day>, on: Day) {
        let overdue = last.is_some_and(|last| last < on);
        let last = last.map_or(on, |last| last.max(on));
        let text = tick(&self.words.expr(short.comparison));
        let row = short
            .row
            .map_or(String::new(), |(entity, row)| format!(" (for {})", self.words.row(entity, row)));
        let must = if short.wanted { "must be true" } else { "must not be true" };
        let gap = match (&short.gap, self.amount_of(short)) {
            (Some(_), Some(amount)) if short.more => format!("; more than {amount} is missing"),
            (Some(_), Some(amount)) => format!("; {amount} is missing"),
            _ => String::new(),
        };
        let when = if overdue { "to cure it" } else { "by then" };
        self.page.line(indent, &format!("{text}{row} {must} {when}{gap}"));
        if let Some(enough) = &short.enough
            && let Some(ty) = self.words.slot_type(&enough.slot)
        {
            let amount = self.words.value(ty, &crate::value::Value::Number(enough.amount.clone()));
            let slot = self.words.slot(&enough.slot);
            let line = if enough.tried {
                format!("enough: {slot} = {amount} on {last} (tried by asking again)")
            } else {
                format!("for this alone: {slot} = {amount} on {last}")
            };
            self.page.line(indent.saturating_add(4), &line);
        }
    }

    /// What is missing, in the unit of the comparison.
    fn amount_of(&self, short: &Short) -> Option<String> {
        let policy = self.words.policy;
        let crate::policy::Expr::Op(crate::policy::Op::Compare { left, .. }) =
            policy.exprs.node(short.comparison)
        else {
            return None;
        };
        let ty: &Type = policy.exprs.ty(*left);
        let gap = short.gap.clone()?;
        Some(self.words.possible(ty, &crate::value::Possible::numbers(gap)))
    }

    fn change(&mut self, indent: usize, change: &Change, lead: &str) {
        let line = match change {
            Change::Outcome { id, row, from, before, after, .. } => {
                let name = self.words.outcome(*id, *row);
                let (before, after) = (self.in_words(*id, before), self.in_words(*id, after));
                format!("{lead}{name} changes from {before} to {after} on {from}")
            }
            Change::Power { id, row, from, after, .. } => {
                let name = self.words.power(*id, *row);
                let who = self.held_by(&self.words.policy.powers[*id].held_by);
                let what = available(after.available);
                format!("{lead}the power {name} (held by {who}) {what} on {from}")
            }
        };
        self.page.line(indent, &line);
    }

    fn in_words(&self, id: OutcomeId, answer: &Answer) -> String {
        let ty = &self.words.policy.outcomes[id].ty;
        match (answer.value(), answer.status) {
            (Some(value), _) => self.words.value(ty, value),
            (None, Status::Undetermined) => format!("undetermined ({})", self.possibilities(id, answer)),
            (None, status) => super::conflict::status_noun(status).to_string(),
        }
    }
}

fn available(mask: Mask) -> &'static str {
    match (mask.is_true(), mask.is_false()) {
        (true, _) => "becomes available",
        (_, true) => "is no longer available",
        _ => "may become available",
    }
}

/// `pending`, `breached since 2026-04-22`
fn stands(answer: &DutyAnswer) -> String {
    let words: Vec<&str> = answer.states.iter().map(duty_state).collect();
    let since = answer.since.map_or(String::new(), |day| format!(" since {day}"));
    format!("{}{since}", words.join(" or "))
}

pub(super) fn distance(on: Day, last: Day) -> String {
    let days = i64::from(last.number()).saturating_sub(i64::from(on.number()));
    match days {
        0 => "today".to_string(),
        1 => "tomorrow".to_string(),
        -1 => "yesterday".to_string(),
        2.. => format!("in {days} days"),
        _ => format!("{} days ago", days.saturating_neg()),
    }
}
