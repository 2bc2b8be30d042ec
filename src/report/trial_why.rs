//! Why an expectation fails: what should have held, and what came out instead.

use super::Report;
use super::conduct::power_said;
use super::conflict::status_noun;
use crate::diag::tick;
use crate::outcome::{Status, Story};
use crate::policy::{DutyId, Expected, Expr, ExprId, PowerId, Scenario};
use crate::run::Evaluator;
use crate::scenarios::{Check, Claim, Verdict};
use crate::value::{Day, Possible};
use std::collections::BTreeSet;

impl Report<'_> {
    /// What should have held.
    pub(super) fn claim(&mut self, scenario: &Scenario, check: &Check) {
        let policy = self.words.policy;
        match check.claim {
            Claim::Expect(at) => {
                let Some(expect) = scenario.expects.get(at) else { return };
                let text = self.words.source(expect.span);
                let text = text.strip_prefix("expect ").unwrap_or(&text).to_string();
                self.page.hanging(2, 10, &format!("expected  {text}"));
            }
            Claim::Guarantee(id) => {
                let guarantee = &policy.guarantees[id];
                let name = self.words.named(&guarantee.name, check.row);
                let text = self.words.expr(guarantee.what);
                self.page.hanging(2, 10, &format!("guarantee {name}: {text}"));
            }
        }
    }

    /// What came out.
    pub(super) fn actual(&mut self, scenario: &Scenario, check: &Check, run: &mut Evaluator<'_>) {
        let policy = self.words.policy;
        let day = match self.day_of(check.point).filter(|_| check.dated) {
            Some(day) => format!(" on {day}"),
            None => String::new(),
        };
        let known = match check.point.known {
            Day::NEVER => String::new(),
            known => format!(", as known on {known}"),
        };
        let what = match check.claim {
            Claim::Expect(at) => scenario.expects.get(at).map(|expect| &expect.what),
            Claim::Guarantee(_) => None,
        };
        match (what, check.verdict) {
            (Some(Expected::Status { outcome, row, .. }), Verdict::Status(status)) => {
                let row = row.and_then(|row| self.row_number(row, check, run));
                let name = self.words.outcome(*outcome, row);
                let story = run.story(*outcome, row, check.point);
                let line = match story.answer.value() {
                    Some(value) => {
                        let ty = &policy.outcomes[*outcome].ty;
                        format!("actual    {name} = {}{day}{known}", self.words.value(ty, value))
                    }
                    None => format!("actual    {name} is {}{day}{known}", status_noun(status)),
                };
                self.page.hanging(2, 10, &line);
                self.in_short(12, &story);
            }
            (Some(Expected::Settled { value, .. }), Verdict::Status(status)) => {
                let text = self.words.expr(*value);
                self.page.hanging(2, 10, &format!("actual    {text} is {}{day}{known}", status_noun(status)));
                self.values(*value, check, run, &mut BTreeSet::new());
            }
            (_, Verdict::Fails(mask)) => {
                let expr = match (what, check.claim) {
                    (Some(Expected::Holds(expr)), _) => *expr,
                    (_, Claim::Guarantee(id)) => policy.guarantees[id].what,
                    _ => return,
                };
                let truth = if mask.is_false() {
                    "not true"
                } else if mask.is_error() {
                    "an error"
                } else {
                    "not known"
                };
                self.page.hanging(2, 10, &format!("actual    {truth}{day}{known}"));
                let mut told = BTreeSet::new();
                self.values(expr, check, run, &mut told);
            }
            _ => {}
        }
    }

    /// What the names in a condition came to, and why.
    fn values(&mut self, expr: ExprId, check: &Check, run: &mut Evaluator<'_>, told: &mut BTreeSet<String>) {
        let policy = self.words.policy;
        match policy.exprs.node(expr) {
            Expr::Outcome { id, row } => {
                let row = match row {
                    Some(row) => self.row_number(*row, check, run),
                    None => None,
                };
                let name = self.words.outcome(*id, row);
                if told.insert(name.clone()) {
                    let story = run.story(*id, row, check.point);
                    self.outcome_line(&name, &story);
                    self.in_short(16, &story);
                }
            }
            Expr::Duty { id, of, .. } => {
                let (mut row, mut period) = (None, None);
                match of.map(|of| run.value(of, check.row, check.point)).as_ref().and_then(|set| set.single())
                {
                    Some(crate::value::Value::Row(number)) => row = Some(*number),
                    Some(crate::value::Value::Date(first)) => period = Some(*first),
                    _ => {}
                }
                self.duty_in_short((*id, row, period), check, run, told);
            }
            Expr::Power { id, row, .. } | Expr::Act { id, row, .. } | Expr::ActCount { id, row, .. } => {
                let row = match row {
                    Some(row) => self.row_number(*row, check, run),
                    None => None,
                };
                self.power_in_short((*id, row), check, run, told);
            }
            Expr::Define { .. }
            | Expr::Fact(_)
            | Expr::Field { .. }
            | Expr::Call { .. }
            | Expr::Lookup { .. }
            | Expr::AsOf { .. }
            | Expr::AsKnownOn { .. }
            | Expr::By { .. }
            | Expr::DayAverage { .. }
            | Expr::Aggregate { .. } => {
                let text = self.words.expr(expr);
                if told.insert(text.clone()) {
                    let set = run.value(expr, check.row, check.point);
                    let value = match (&set.values, &set.fault) {
                        (Possible::Nothing, _) => "an error".to_string(),
                        (values, _) => self.words.possible(policy.exprs.ty(expr), values),
                    };
                    self.page.hanging(12, 4, &format!("{text} = {value}"));
                    if let Some(fault) = set.fault.as_deref().filter(|_| set.is_error()) {
                        self.fault(16, fault);
                    }
                }
            }
            _ => {
                let operands = policy.exprs.parts(expr);
                operands.into_iter().for_each(|operand| self.values(operand, check, run, told));
            }
        }
    }

    fn outcome_line(&mut self, name: &str, story: &Story) {
        let ty = &self.words.policy.outcomes[story.outcome].ty;
        let line = match (&story.answer.status, story.answer.value()) {
            (Status::Determined, Some(value)) => format!("{name} = {}", self.words.value(ty, value)),
            (Status::Undetermined, _) => {
                format!("{name} is undetermined: {}", self.possibilities(story.outcome, &story.answer))
            }
            (status, _) => format!("{name} is {}", status_noun(*status)),
        };
        self.page.hanging(12, 4, &line);
        if let Some(fault) = story.answer.fault.as_deref().filter(|_| story.answer.status == Status::Error) {
            self.fault(16, fault);
        }
    }

    fn row_number(&self, row: ExprId, check: &Check, run: &mut Evaluator<'_>) -> Option<u32> {
        match run.value(row, check.row, check.point).single() {
            Some(crate::value::Value::Row(row)) => Some(*row),
            _ => None,
        }
    }

    /// `fund("ohio") is pending, due by 2026-06-01 (in 12 days)`, and what decided.
    fn duty_in_short(
        &mut self,
        (id, row, period): (DutyId, Option<u32>, Option<Day>),
        check: &Check,
        run: &mut Evaluator<'_>,
        told: &mut BTreeSet<String>,
    ) {
        let story = run.duty_story(id, row, period, check.point);
        let name = match story.answer.period.filter(|_| period.is_some()) {
            Some(period) => self.words.duty(id, None, Some(period)),
            None => self.words.named(&self.words.policy.duties[id].name, story.row),
        };
        if !told.insert(name.clone()) {
            return;
        }
        let said = self.duty_said(&story.answer, Some(story.point.day));
        self.page.hanging(12, 4, &format!("{name} is {said}"));
        let worst = story.parts.iter().find(|part| part.answer.period == story.answer.period);
        let Some(part) = worst else { return };
        let not_owed = part.owed.as_ref().filter(|owed| !owed.mask.is_true());
        if let Some(judged) = not_owed.or(part.performance.as_ref()) {
            self.judged(16, judged, story.point);
        }
    }

    /// `call("ohio") is not available`, and what it failed on.
    fn power_in_short(
        &mut self,
        (id, row): (PowerId, Option<u32>),
        check: &Check,
        run: &mut Evaluator<'_>,
        told: &mut BTreeSet<String>,
    ) {
        let answer = run.power(id, row, check.point);
        let name = self.words.power(id, answer.row);
        if !told.insert(name.clone()) {
            return;
        }
        self.page.hanging(12, 4, &format!("{name} is {}", power_said(&answer)));
        for act in answer.acts.iter().filter(|act| act.valid.is_true()) {
            let done = self.act_told(act.act);
            self.page.hanging(16, 4, &format!("done {done}"));
        }
        for act in answer.acts.iter().filter(|act| !act.valid.is_true()) {
            self.invalid(16, act);
        }
        if answer.acts.is_empty() {
            for line in self.wanting(&answer.requires) {
                self.page.hanging(16, 4, &line);
            }
            if answer.threats.is_empty() {
                self.page.hanging(16, 4, &format!("no act of {} is stated", tick(&name)));
            }
        }
        for threat in &answer.threats {
            let said = self.threat_told(*threat);
            self.page.hanging(16, 4, &format!("threatened {said}"));
        }
    }
}
