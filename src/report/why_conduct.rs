//! What decided how a duty stands, and what a power came to.

use super::Report;
use super::conduct::power_said;
use super::page::{Look, Tint};
use crate::diag::{count, tick};
use crate::outcome::{ActStory, DutyPart, DutyStory, Point, PowerAnswer, PowerStory, RuleStory};
use crate::policy::{ArticleId, Citation, DutyState, Lasting, PowerId, Type};
use crate::text::Span;
use crate::value::{Possible, Value};
use crate::words::{Audience, Words};

/// The lines of D1 that decided; of a recurring duty those of each period begun.
pub fn why_duty(story: &DutyStory, mut words: Words, look: Look) -> String {
    words.audience = Audience::People;
    let mut report = Report::new(words, look);
    report.own = story.row;
    let duty = &words.policy.duties[story.duty];
    let alone = match story.parts.as_slice() {
        [one] => one.answer.period,
        _ => None,
    };
    let name = match alone {
        Some(period) => words.duty(story.duty, None, Some(period)),
        None => words.named(&duty.name, story.row),
    };
    let said = report.duty_said(&story.answer, Some(story.point.day));
    report.subject(&name, duty.title.as_deref(), story.point, &said);
    let holder = report.held_by(&duty.held_by);
    report.page.line(4, &format!("held by {holder}"));
    report.whence(duty.article, &duty.cites, duty.name_span);
    if duty.each.is_some() && story.parts.is_empty() {
        report.page.line(4, "no period has begun");
    }
    if let Some((first, last)) = alone {
        report.page.line(4, &format!("the period from {first} to {last}"));
    }
    if duty.each.is_some() && story.parts.len() > 1 {
        let begun = count(story.parts.len(), "period");
        report.page.line(4, &format!("{begun} begun; the worst of them counts"));
    }
    for part in &story.parts {
        if let (Some((first, last)), None) = (part.answer.period, alone) {
            report.page.gap();
            let name = report.page.code(&words.duty(story.duty, None, part.answer.period));
            let said = report.duty_said(&part.answer, Some(story.point.day));
            let name = report.page.tint(Tint::Strong, &name);
            report.page.head(3, &format!("{name}, the period to {last}: {said}"));
            report.told.retain(|(_, point)| point.day < first);
        } else {
            report.page.gap();
        }
        report.duty_part(part, story.point);
    }
    if let Some(fault) = &story.answer.fault {
        report.fault_once(4, fault);
    }
    report.page.finish()
}

/// Its window, each requirement, its acts in order, and what stands.
pub fn why_power(story: &PowerStory, mut words: Words, look: Look) -> String {
    words.audience = Audience::People;
    let mut report = Report::new(words, look);
    report.own = story.row;
    let power = &words.policy.powers[story.power];
    let name = words.named(&power.name, story.row);
    report.subject(&name, power.title.as_deref(), story.point, &power_said(&story.answer));
    let holder = report.held_by(&power.held_by);
    report.page.line(4, &format!("held by {holder}"));
    report.whence(power.article, &power.cites, power.name_span);
    let window = report.window_of(story);
    if !window.is_empty() {
        let sign = report.sign(story.answer.in_force);
        report.page.line(4, &format!("{sign} in force{window}"));
    }
    if !story.requires.is_empty() || !story.of_act.is_empty() {
        report.page.gap();
        report.page.head(3, "requires");
        for judged in &story.requires {
            report.judged(4, judged, story.point);
        }
        for expr in &story.of_act {
            let text = report.page.code(&words.expr(*expr));
            report.page.line(4, &format!("· {text} (judged of each act)"));
        }
    }
    report.acts_in_order(story);
    if let Some(fault) = &story.answer.fault {
        report.fault_once(4, fault);
    }
    report.page.finish()
}

impl Report<'_> {
    fn subject(&mut self, name: &str, title: Option<&str>, point: Point, said: &str) {
        let name = self.page.code(name);
        let title = title.map_or(String::new(), |title| format!(" \"{title}\""));
        let known = match point.known.is_never() {
            true => String::new(),
            false => format!(", as known on {}", point.known),
        };
        let name = self.page.tint(Tint::Strong, &format!("{name}{title}"));
        let day = self.day_of(point).map_or(String::new(), |day| format!(" on {day}"));
        self.page.head(2, &format!("{name}{day}{known}: {said}"));
    }

    fn whence(&mut self, article: Option<ArticleId>, cites: &[Citation], span: Span) {
        for line in self.sources_of(article, cites) {
            self.page.line(4, &line);
        }
        let place = self.words.place(span);
        self.page.raw(4, &format!("at {place}"));
    }

    fn duty_part(&mut self, part: &DutyPart, asked: Point) {
        if let Some(owed) = &part.owed {
            let line = match (owed.mask.is_true(), owed.mask.is_false()) {
                (true, _) => "it is owed, for",
                (_, true) => "it is not owed, for",
                _ if owed.mask.is_error() => "whether it is owed cannot be worked out",
                _ => "it is open whether it is owed",
            };
            self.page.line(4, line);
            self.judged(8, owed, asked);
        }
        // An error there is an error of the whole (D1).
        let failed = part.owed.as_ref().is_some_and(|owed| owed.mask.is_error());
        let Some(deadline) = part.deadline.as_ref().filter(|_| !failed) else { return };
        let day = |values: &Possible| match values.single() {
            Some(Value::Date(day)) if day.is_never() => "a day that never comes".to_string(),
            Some(_) => self.words.possible(&Type::Date, values),
            None => format!("a day that is open ({})", self.words.possible(&Type::Date, values)),
        };
        let (from, until) = (part.from.as_ref().map(&day), part.until.as_ref().map(&day));
        let start = part.start.as_ref().map(|start| (start, day(&start.value)));
        let due = match &deadline.value {
            Possible::Nothing => "a day that cannot be worked out".to_string(),
            values => day(values),
        };
        from.into_iter().for_each(|day| self.page.line(4, &format!("it is due from {day} on")));
        let text = self.words.expr(deadline.expr);
        if let Some((start, day)) = start {
            let of = tick(&self.words.expr(start.expr));
            self.page.line(4, &format!("it begins on {day}: {of}"));
            self.valued(8, start, asked);
            self.page.line(4, &format!("it is due by {due}: within {} of that", tick(&text)));
        } else if text == due {
            self.page.line(4, &format!("it is due by {due}"));
        } else {
            self.page.line(4, &format!("it is due by {due}: {}", tick(&text)));
            self.valued(8, deadline, asked);
        }
        if let Some(until) = until {
            self.page.line(
                4,
                &format!("it ends on {until}; if it is due later and not performed, nothing is owed"),
            );
        }
        if let Some(performance) = &part.performance {
            let on = performance.point.day;
            let line = match part.answer.states.single() {
                Some(DutyState::Fulfilled) => format!("it was performed on {on}, in time"),
                Some(DutyState::Cured) => format!("it was performed on {on}, after it was due"),
                Some(DutyState::Breached) => format!("it was not performed up to {on}"),
                Some(DutyState::NotOwed) => "it ended unperformed".to_string(),
                Some(DutyState::Pending | DutyState::NotYetDue) => "it is not performed yet".to_string(),
                None => "it is open whether it is performed in time".to_string(),
            };
            self.page.line(4, &line);
            self.judged(8, performance, asked);
        }
    }

    /// ` from 2026-01-01 until 2029-01-01`
    fn window_of(&self, story: &PowerStory) -> String {
        let day = |word: &str, values: &Option<Possible>| match values {
            None => String::new(),
            Some(values) => match values.single() {
                Some(Value::Date(day)) if day.is_never() => format!(" {word} a day that never comes"),
                _ => format!(" {word} {}", self.words.possible(&Type::Date, values)),
            },
        };
        format!("{}{}", day("from", &story.from), day("until", &story.until))
    }

    fn acts_in_order(&mut self, story: &PowerStory) {
        self.page.gap();
        if story.acts.is_empty() && story.answer.threats.is_empty() {
            self.page.line(0, "no act of it is stated");
            return;
        }
        self.page.head(3, "acts");
        for act in &story.acts {
            self.act_story(story.power, act, story.point);
        }
        for threat in &story.answer.threats {
            let told = self.threat_told(*threat);
            self.page.line(4, &format!("threatened {told}: an announcement has no effect"));
        }
    }

    fn act_story(&mut self, power: PowerId, act: &ActStory, asked: Point) {
        let policy = self.words.policy;
        if !act.answer.valid.is_true() {
            self.invalid(4, &act.answer);
        } else {
            let has_effect = !policy.rules[policy.powers[power].rule].branches.is_empty();
            let effect = match has_effect {
                true => self.effect(power, &act.answer, act.end.as_ref()),
                false => String::new(),
            };
            let told = self.act_told(act.answer.act);
            let sign = self.sign(act.answer.valid);
            self.page.line(4, &format!("{sign} done {told}{effect}"));
        }
        let Some(stated) = self.words.facts.acts.get(act.answer.act as usize) else { return };
        let on = Point { day: stated.on, ..asked };
        for check in act.checks.iter().filter(|check| !check.mask.is_true() || act.answer.valid.is_true()) {
            self.judged(8, check, on);
        }
    }

    /// Under a rule that is a power's effect: the act that stands, or why none does.
    pub(super) fn power_of_rule(&mut self, rule: &RuleStory) {
        let Some(answer) = &rule.power else { return };
        for act in answer.acts.iter().filter(|act| act.valid.may_be_true()) {
            let effect = self.effect(answer.power, act, rule.ends.get(&act.act));
            let doubt = if act.valid.is_true() { "done" } else { "perhaps done" };
            let line = format!("{doubt} {}{effect}", self.act_told(act.act));
            self.page.line(4, &line);
        }
        let mut failed = false;
        for act in answer.acts.iter().filter(|act| !act.valid.is_true()) {
            failed = true;
            self.invalid(4, act);
        }
        if !failed && answer.acts.is_empty() {
            self.unused(answer);
        }
    }

    fn unused(&mut self, answer: &PowerAnswer) {
        let holder = self.held_by(&self.words.policy.powers[answer.power].held_by);
        if answer.available.is_true() {
            self.page.line(4, &format!("{holder} may exercise it, and has not"));
            return;
        }
        for line in self.wanting(&answer.requires) {
            self.page.line(4, &line);
        }
        for threat in &answer.threats {
            let told = self.threat_told(*threat);
            self.page.line(4, &format!("threatened {told}: an announcement has no effect"));
        }
    }

    /// Of a clause that lasts once begun: since when, and how long (T8).
    pub(super) fn memory(&mut self, lasting: Lasting, clause: &crate::outcome::ClauseStory) {
        let met = clause.condition.as_ref().is_none_or(|judged| judged.mask.is_true());
        let text = tick(&self.words.expr(lasting.expr()));
        let line = match (lasting, clause.applies.is_false(), clause.began) {
            (Lasting::Until(_), true, _) if met => format!("it has ended, for {text} came true"),
            (Lasting::For(..), true, _) if met => format!("it has ended, {text} after it began"),
            (_, true, _) => return,
            (Lasting::Until(_), _, Some(began)) => format!("since {began}; it lasts until {text}"),
            (Lasting::Until(_), _, None) => format!("since a day that is open; it lasts until {text}"),
            (Lasting::For(..), _, Some(began)) => {
                let last = clause.lasts.and_then(crate::value::Day::previous);
                let last = last.map_or(String::new(), |day| format!(" through {day}"));
                format!("since {began}; it lasts{last}, for {text}")
            }
            (Lasting::For(..), _, None) => format!("since a day that is open; it lasts for {text}"),
        };
        self.page.line(4, &line);
    }
}
