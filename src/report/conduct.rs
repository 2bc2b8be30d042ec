//! How duties and powers stand, and what came of acts, in the drafter's words.

use super::Report;
use super::page::Tint;
use crate::answers::{Conduct, DutyStanding, PowerStanding};
use crate::diag::{count, list_and, list_or, tick};
use crate::facts::Act;
use crate::outcome::{ActAnswer, ActEnd, DutyAnswer, EndsBy, Failure, PowerAnswer};
use crate::policy::{DutyState, ExprId, HolderId, Holders, PowerId};
use crate::value::{Day, Mask, Possible, Value};
use crate::words::duty_state;

impl Report<'_> {
    /// Obligations, then powers, then acts that failed though nobody asked. `named`: of what was asked for by name all is
    /// told; else what is not owed and what cannot be done is only counted.
    pub(super) fn conduct(&mut self, conduct: &Conduct, named: bool) {
        let all = || conduct.duties.iter().flat_map(|(_, list)| list);
        let shown: Vec<&DutyStanding> = all().filter(|stood| named || is_owed(&stood.answer)).collect();
        let idle = all().count().saturating_sub(shown.len());
        let powers = || conduct.powers.iter().flat_map(|(_, list)| list);
        let told: Vec<&PowerStanding> = powers().filter(|stood| named || is_alive(&stood.answer)).collect();
        let unable = powers().count().saturating_sub(told.len());
        if !shown.is_empty() {
            self.part("obligations");
            shown.iter().for_each(|stood| self.duty_block(stood));
        }
        if !told.is_empty() {
            self.part("powers");
            told.iter().for_each(|stood| self.power_block(stood, named));
        }
        let mut rest = Vec::new();
        if idle > 0 {
            rest.push(format!("{} not owed", are(idle, "obligation")));
        }
        if unable > 0 {
            rest.push(format!("{} not available", are(unable, "power")));
        }
        if !rest.is_empty() {
            self.page.gap();
            let line = rest.join("; ");
            if self.page.is_markdown() { self.page.paragraph(&line) } else { self.page.line(0, &line) }
        }
        if !conduct.others.is_empty() {
            let acts = conduct.others.iter().flat_map(|stood| &stood.answer.acts);
            let acts: Vec<&ActAnswer> = acts.filter(|act| !act.valid.is_true()).collect();
            let sure = acts.iter().all(|act| act.valid.is_false());
            self.part(if sure { "acts without effect" } else { "acts that have, or may have, no effect" });
            for act in acts {
                self.invalid(4, act);
            }
        }
    }

    fn part(&mut self, title: &str) {
        self.page.gap();
        if self.page.is_markdown() {
            let mut letters = title.chars();
            let first = letters.next().map(|letter| letter.to_ascii_uppercase());
            self.page.heading(3, &first.into_iter().chain(letters).collect::<String>());
        } else {
            let head = self.page.tint(Tint::Strong, title);
            self.page.line(0, &head);
        }
    }

    fn duty_block(&mut self, stood: &DutyStanding) {
        let answer = &stood.answer;
        let duty = &self.words.policy.duties[answer.duty];
        let name = self.page.code(&self.words.duty(answer.duty, answer.row, answer.period));
        let title = duty.title.as_ref().map_or(String::new(), |title| format!(" \"{title}\""));
        let said = self.page.tint(duty_tint(answer), &self.duty_said(answer, stood.point.map(|at| at.day)));
        self.page.line(4, &format!("{name}{title}: {said}"));
        let sourced = self.sourced(duty.article, &duty.cites);
        let holder = self.held_by(&duty.held_by);
        self.page.line(8, &format!("held by {holder}{sourced}"));
        if is_open(answer) {
            let to_do = self.words.expr(duty.performance);
            self.page.line(8, &format!("to do: {}", tick(&to_do)));
        }
        if let Some(fault) = &answer.fault {
            self.fault(8, fault);
        }
    }

    fn power_block(&mut self, stood: &PowerStanding, named: bool) {
        let answer = &stood.answer;
        let power = &self.words.policy.powers[answer.power];
        let name = self.page.code(&self.words.power(answer.power, answer.row));
        let title = power.title.as_ref().map_or(String::new(), |title| format!(" \"{title}\""));
        let said = self.page.tint(power_tint(answer), &power_said(answer));
        self.page.line(4, &format!("{name}{title}: {said}"));
        let sourced = self.sourced(power.article, &power.cites);
        let holder = self.held_by(&power.held_by);
        self.page.line(8, &format!("held by {holder}{sourced}"));
        let has_effect = !self.words.policy.rules[power.rule].branches.is_empty();
        for act in answer.acts.iter().filter(|act| act.valid.may_be_true()) {
            let effect = match has_effect {
                true => self.effect(answer.power, act, stood.ends.get(&act.act)),
                false => String::new(),
            };
            let doubt = if act.valid.is_true() { "done" } else { "perhaps done" };
            let line = format!("{doubt} {}{effect}", self.act_told(act.act));
            self.page.line(8, &line);
        }
        for threat in &answer.threats {
            let told = self.threat_told(*threat);
            self.page.line(8, &format!("threatened {told}"));
        }
        for act in answer.acts.iter().filter(|act| !act.valid.is_true()) {
            self.invalid(8, act);
        }
        if !answer.available.is_true() && (named || !answer.done.is_true()) {
            // What an act failed on is quoted there.
            let quoted = |expr: &ExprId| {
                let failures = answer.acts.iter().flat_map(|act| &act.failures);
                failures
                    .into_iter()
                    .any(|failure| matches!(failure, Failure::Requirement(of, _) if of == expr))
            };
            let unquoted = answer.requires.iter().filter(|(expr, _)| !quoted(expr)).cloned();
            for line in self.wanting(&unquoted.collect::<Vec<_>>()) {
                self.page.line(8, &line);
            }
        }
        if let Some(fault) = &answer.fault {
            self.fault(8, fault);
        }
    }

    /// Requirements that are not met: `not available: `pay is breached` is false (policy:12)`.
    pub(super) fn wanting(&self, requires: &[(ExprId, Mask)]) -> Vec<String> {
        let unmet = requires.iter().filter(|(_, mask)| !mask.is_true());
        let line = |(expr, mask): &(ExprId, Mask)| {
            let place = self.words.place(self.words.policy.exprs.span(*expr));
            let lead = if mask.is_false() { "not available" } else { "not certainly available" };
            format!("{lead}: {} {} ({place})", tick(&self.words.expr(*expr)), truth(*mask))
        };
        unmet.map(line).collect()
    }

    /// An act that has no effect, or may have none, with the step that is missing.
    pub(super) fn invalid(&mut self, indent: usize, act: &ActAnswer) {
        let Some(stated) = self.words.facts.acts.get(act.act as usize) else { return };
        let verdict = if act.valid.is_false() { "is invalid" } else { "may be invalid" };
        let verdict = self.page.tint(Tint::Bad, verdict);
        let who = self.acted_by(stated);
        let name = self.page.code(&self.words.power(stated.power, stated.row));
        let why = self.failures(act);
        let place = self.words.place(stated.span);
        let line = format!("{name} on {} by {who} {verdict}: {why}; stated at {place}", stated.on);
        self.page.line(indent, &line);
    }

    /// What an act failed on.
    pub(super) fn failures(&self, act: &ActAnswer) -> String {
        let policy = self.words.policy;
        let power = self.words.facts.acts.get(act.act as usize).map(|act| &policy.powers[act.power]);
        let said = act.failures.iter().map(|failure| match failure {
            Failure::Holder => {
                let holder = power.map_or_else(String::new, |power| self.held_by(&power.held_by));
                format!("the power is held by {holder}")
            }
            Failure::NotInForce(mask) if mask.is_false() => "the power was not in force".to_string(),
            Failure::NotInForce(_) => "it is open whether the power was in force".to_string(),
            Failure::Requirement(expr, mask) => {
                let place = self.words.place(policy.exprs.span(*expr));
                format!("{} {} ({place})", tick(&self.words.expr(*expr)), truth(*mask))
            }
        });
        list_and(&said.collect::<Vec<_>>())
    }

    /// `; its effect stands until 2026-04-17`
    pub(super) fn effect(&self, power: PowerId, act: &ActAnswer, end: Option<&ActEnd>) -> String {
        let rule = &self.words.policy.rules[self.words.policy.powers[power].rule];
        let ended = |end: &ActEnd| format!("; its effect ended on {}{}", end.day, self.ended_by(end));
        match (end, act.stands.is_true(), act.stands.is_false()) {
            (Some(end), false, true) => ended(end),
            (None, _, true) => "; its effect does not stand".to_string(),
            (Some(end), true, _) => {
                let last = end.day.previous().unwrap_or(end.day);
                format!("; its effect stands through {last}{}", self.will_end(end))
            }
            (None, true, _) => match rule.lasting {
                Some(crate::policy::Lasting::Until(end)) => {
                    format!("; its effect stands until {}", tick(&self.words.expr(end)))
                }
                _ => "; its effect stands".to_string(),
            },
            _ => "; it is open whether its effect stands".to_string(),
        }
    }

    /// Why what still stands will end.
    fn will_end(&self, end: &ActEnd) -> String {
        match &end.by {
            EndsBy::Time(expr) => format!(", for {}", self.words.expr(*expr)),
            EndsBy::Window => ": then the power is no longer in force".to_string(),
            EndsBy::Act(_) | EndsBy::Next(_) | EndsBy::Condition(_) => String::new(),
        }
    }

    pub(super) fn ended_by(&self, end: &ActEnd) -> String {
        match &end.by {
            EndsBy::Act(act) => format!(": {}", self.words.act(*act)),
            EndsBy::Next(act) => format!(": exercised anew {}", self.act_told(*act)),
            EndsBy::Condition(expr) => format!(": {} was true", tick(&self.words.expr(*expr))),
            EndsBy::Time(expr) => format!(", after {}", self.words.expr(*expr)),
            EndsBy::Window => ": the power is no longer in force".to_string(),
        }
    }

    /// `by president on 2026-03-01 with due = 2026-06-01 (facts.yaml:12)`
    pub(super) fn act_told(&self, act: u32) -> String {
        self.words.facts.acts.get(act as usize).map_or_else(String::new, |act| self.performed(act))
    }

    /// `call("ohio") done by president on 2026-03-01 (facts.yaml:12)`
    pub(super) fn act_read(&self, place: u32, valid: &Possible) -> String {
        let Some(act) = self.words.facts.acts.get(place as usize) else { return String::new() };
        let name = self.words.power(act.power, act.row);
        let verdict = match valid.single() {
            Some(Value::Bool(true)) => "done",
            Some(_) => "invalid, stated as done",
            None => "perhaps done",
        };
        format!("{name} {verdict} {}", self.performed(act))
    }

    pub(super) fn threat_told(&self, threat: u32) -> String {
        let act = self.words.facts.announcements.get(threat as usize);
        act.map_or_else(String::new, |act| self.performed(act))
    }

    fn performed(&self, act: &Act) -> String {
        let place = self.words.place(act.span);
        format!("by {} on {}{} ({place})", self.acted_by(act), act.on, self.with(act))
    }

    /// ` with due = 2026-06-01 and more = 3`
    pub(super) fn with(&self, act: &Act) -> String {
        let params = self.words.policy.powers[act.power].params.iter().zip(&act.params);
        let said = params.map(|(param, value)| match value {
            Possible::Any => format!("{} not stated", param.name),
            value @ Possible::One(_) => format!("{} = {}", param.name, self.words.possible(&param.ty, value)),
            value => format!("{} {}", param.name, self.words.possible(&param.ty, value)),
        });
        let said: Vec<String> = said.collect();
        if said.is_empty() { String::new() } else { format!(" with {}", list_and(&said)) }
    }

    /// Who holds a power or duty, by title or name.
    pub(super) fn held_by(&self, held: &Holders) -> String {
        let all: Vec<String> = held.list.iter().map(|holder| self.holder(*holder)).collect();
        if held.together { list_and(&all) } else { list_or(&all) }
    }

    /// Who performed an act.
    pub(super) fn acted_by(&self, act: &Act) -> String {
        let all: Vec<String> = act.by.iter().map(|holder| self.holder(*holder)).collect();
        list_and(&all)
    }

    /// The title of a party or office, or its name.
    fn holder(&self, id: HolderId) -> String {
        let holder = &self.words.policy.holders[id];
        holder.title.as_ref().unwrap_or(&holder.name).clone()
    }

    /// `breached since 2026-06-02, 18 days overdue (due by 2026-06-01)`
    pub(super) fn duty_said(&self, answer: &DutyAnswer, on: Option<Day>) -> String {
        let due = self.due_by(answer);
        let since = answer.since.map_or(String::new(), |day| format!(" since {day}"));
        let deadline = deadline(answer);
        let in_brackets = due.as_ref().map_or(String::new(), |due| format!(" ({due})"));
        let days = |from: Option<Day>, to: Option<Day>, what: &str| {
            let apart = from.zip(to).map(|(from, to)| distance(from, to)).filter(|days| *days > 0);
            let plural = |days: i64| if days == 1 { "1 day".to_string() } else { format!("{days} days") };
            apart.map_or(String::new(), |days| format!(", {} {what}", plural(days)))
        };
        match answer.states.single() {
            Some(DutyState::Breached) => {
                format!("breached{since}{}{in_brackets}", days(deadline, on, "overdue"))
            }
            Some(DutyState::Cured) => {
                format!("cured{since}{}{in_brackets}", days(deadline, answer.since, "late"))
            }
            Some(DutyState::Fulfilled) => format!("fulfilled{since}{in_brackets}"),
            Some(state @ (DutyState::Pending | DutyState::NotYetDue)) => {
                let left = match (on, deadline) {
                    (Some(on), Some(last)) => format!(" ({})", super::ahead::distance(on, last)),
                    _ => String::new(),
                };
                let due = due.map_or(String::new(), |due| format!(", {due}{left}"));
                format!("{}{due}", duty_state(state))
            }
            Some(DutyState::NotOwed) => "not owed".to_string(),
            None if answer.states.is_empty() => "an error: it cannot be worked out".to_string(),
            None => {
                let mut words: Vec<String> =
                    answer.states.iter().map(|state| duty_state(state).to_string()).collect();
                words.extend(answer.fault.iter().map(|_| "an error".to_string()));
                format!("{}{in_brackets}", list_or(&words))
            }
        }
    }

    /// `due by 2026-06-01`
    pub(super) fn due_by(&self, answer: &DutyAnswer) -> Option<String> {
        let days = answer.deadline.as_ref()?;
        Some(match days.single() {
            Some(Value::Date(day)) if day.is_never() => "due by no day at all".to_string(),
            Some(Value::Date(day)) => format!("due by {day}"),
            _ => format!(
                "due by a day that is open: {}",
                self.words.possible(&crate::policy::Type::Date, days)
            ),
        })
    }
}

/// `not owed` alone is no news.
fn is_owed(answer: &DutyAnswer) -> bool {
    answer.states.single() != Some(DutyState::NotOwed)
}

fn is_alive(answer: &PowerAnswer) -> bool {
    !answer.available.is_false()
        || !answer.done.is_false()
        || !answer.acts.is_empty()
        || !answer.threats.is_empty()
}

/// Whether something is still to be done.
pub(super) fn is_open(answer: &DutyAnswer) -> bool {
    let open = [DutyState::Breached, DutyState::Pending, DutyState::NotYetDue];
    open.into_iter().any(|state| answer.states.has(state))
}

fn duty_tint(answer: &DutyAnswer) -> Tint {
    match answer.states.single() {
        Some(DutyState::Fulfilled | DutyState::Cured) => Tint::Good,
        Some(DutyState::Breached) => Tint::Bad,
        Some(DutyState::NotOwed | DutyState::NotYetDue) => Tint::Strong,
        Some(DutyState::Pending) => Tint::Open,
        None if answer.states.is_empty() => Tint::Bad,
        None => Tint::Open,
    }
}

fn power_tint(answer: &PowerAnswer) -> Tint {
    if answer.acts.iter().any(|act| act.valid.is_false()) && !answer.done.is_true() {
        Tint::Bad
    } else if answer.done.is_true() {
        Tint::Strong
    } else if answer.available.is_true() {
        Tint::Good
    } else {
        Tint::Open
    }
}

/// `done, available`
pub(super) fn power_said(answer: &PowerAnswer) -> String {
    let mut words: Vec<&str> = Vec::new();
    let valid = answer.acts.iter().any(|act| act.valid.is_true());
    match (answer.done.is_true(), answer.done.is_false(), answer.done.is_error()) {
        (true, ..) => words.push("done"),
        (_, true, _) if valid => words.push("done, and ended since"),
        (_, true, _) => {}
        (_, _, true) => words.push("an error whether it is done"),
        _ => words.push("open whether it is done"),
    }
    words.push(availability(answer));
    if !answer.threats.is_empty() {
        words.push("threatened");
    }
    if answer.acts.iter().any(|act| act.valid.is_false()) {
        words.push("an act is invalid");
    } else if answer.acts.iter().any(|act| !act.valid.is_true()) {
        words.push("an act may be invalid");
    }
    words.join(", ")
}

pub(super) fn availability(answer: &PowerAnswer) -> &'static str {
    if answer.in_force.is_false() {
        return "not in force";
    }
    match (answer.available.is_true(), answer.available.is_false(), answer.available.is_error()) {
        (true, ..) => "available",
        (_, true, _) => "not available",
        (_, _, true) => "an error whether it is available",
        _ => "open whether it is available",
    }
}

/// Of a requirement that is not met.
pub(super) fn truth(mask: Mask) -> &'static str {
    match (mask.is_true(), mask.is_false(), mask.is_error()) {
        (true, ..) => "is true",
        (_, true, _) => "is false",
        (_, _, true) => "is an error",
        _ => "is open",
    }
}

fn deadline(answer: &DutyAnswer) -> Option<Day> {
    match answer.deadline.as_ref().and_then(Possible::single) {
        Some(Value::Date(day)) if !day.is_never() => Some(*day),
        _ => None,
    }
}

fn distance(from: Day, to: Day) -> i64 {
    i64::from(to.number()).saturating_sub(i64::from(from.number()))
}

/// `1 obligation is`, `3 obligations are`
fn are(number: usize, noun: &str) -> String {
    format!("{} {}", count(number, noun), if number == 1 { "is" } else { "are" })
}
