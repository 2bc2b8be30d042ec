//! What is asked of duties, powers and acts: `X is breached`, `P is done`, `P.on`; and the days of a period.

use super::Checker;
use super::errors;
use super::names::Symbol;
use super::scope::{EDGES, Scope};
use crate::policy::{ActPart, DutyId, DutyState, Expr, ExprId, Op, PowerId, PowerTest, Type};
use crate::text::Span;
use crate::tree::{self, Edge, ExprKind, Name, State, Step};

impl Checker<'_> {
    /// `SUBJECT is [not] STATE`, of a duty or a power (D3, O5).
    pub(super) fn state(
        &mut self,
        scope: &mut Scope,
        subject: &tree::Expr,
        negated: bool,
        state: State,
        span: Span,
    ) -> Option<ExprId> {
        if matches!(state, State::Undetermined | State::Gap | State::Conflict | State::Error) {
            self.say(errors::answer_test_outside_expect(span));
            return None;
        }
        let ExprKind::Path(path) = &subject.kind else {
            self.say(errors::state_of_value(subject.span, None));
            return None;
        };
        let head = &path.head;
        let named = match scope.find(&head.text) {
            Some(_) => None,
            None => self.names.get(&head.text),
        };
        let test = match named {
            Some(Symbol::Duty(id)) => self.of_duty(scope, head, id, state, &path.steps, span)?,
            Some(Symbol::Power(id)) => self.of_power(scope, head, id, state, &path.steps, span)?,
            Some(Symbol::Waiting) => return None,
            Some(symbol) => {
                self.say(errors::state_of_value(subject.span, Some((head, symbol.noun()))));
                return None;
            }
            // It may be a row or a parameter, or nothing: which it is, is said where it is read.
            None => {
                self.expr(scope, subject, None)?;
                self.say(errors::state_of_value(subject.span, None));
                return None;
            }
        };
        let id = self.push(test, Type::Bool, span);
        Some(if negated { self.push(Expr::Op(Op::Not(id)), Type::Bool, span) } else { id })
    }

    fn of_duty(
        &mut self,
        scope: &mut Scope,
        name: &Name,
        id: DutyId,
        state: State,
        steps: &[Step],
        span: Span,
    ) -> Option<Expr> {
        let state = match state {
            State::Pending => DutyState::Pending,
            State::Fulfilled => DutyState::Fulfilled,
            State::Breached => DutyState::Breached,
            State::Cured => DutyState::Cured,
            other => {
                self.say(errors::wrong_state(name, Symbol::Duty(id), other, span));
                return None;
            }
        };
        let recurring = self.policy.duties[id].each.is_some();
        let (of, rest) = match (recurring, steps.split_first()) {
            (false, _) => self.row_of(scope, name, self.policy.duties[id].for_each, steps)?,
            // Without a day it is the worst of its periods (D2).
            (true, None) => (None, steps),
            (true, Some((Step::Args(args, at), rest))) => match args.as_slice() {
                [day] => (Some(self.date(scope, day)?), rest),
                _ => {
                    self.say(errors::period_day_wanted(name, *at));
                    return None;
                }
            },
            (true, Some((Step::Field(_), _))) => (None, steps),
        };
        if let Some(step) = rest.first() {
            self.say(errors::nothing_read_of_duty(name, step));
            return None;
        }
        Some(Expr::Duty { id, of, state })
    }

    fn of_power(
        &mut self,
        scope: &mut Scope,
        name: &Name,
        id: PowerId,
        state: State,
        steps: &[Step],
        span: Span,
    ) -> Option<Expr> {
        let test = match state {
            State::Available => PowerTest::Available,
            State::Done => PowerTest::Done,
            State::Invalid => PowerTest::Invalid,
            State::Threatened => PowerTest::Threatened,
            other => {
                self.say(errors::wrong_state(name, Symbol::Power(id), other, span));
                return None;
            }
        };
        let (row, rest) = self.row_of(scope, name, self.policy.powers[id].for_each, steps)?;
        if !rest.is_empty() {
            self.say(errors::state_of_value(span, None));
            return None;
        }
        Some(Expr::Power { id, row, test })
    }

    /// `count of P since D`, `count of P(row) since D` (O8).
    pub(super) fn count_of_acts(
        &mut self,
        scope: &mut Scope,
        power: &tree::Expr,
        since: &tree::Expr,
        span: Span,
    ) -> Option<ExprId> {
        let ExprKind::Path(path) = &power.kind else { return None };
        let head = &path.head;
        let named = scope.find(&head.text).is_none().then(|| self.names.get(&head.text)).flatten();
        let id = match named {
            Some(Symbol::Power(id)) => id,
            Some(Symbol::Waiting) => return None,
            found => {
                let error = errors::counted_power_wanted(self, head, found);
                self.say(error);
                return None;
            }
        };
        let of = self.row_of(scope, head, self.policy.powers[id].for_each, &path.steps);
        let since = self.date(scope, since);
        let ((row, rest), since) = (of?, since?);
        if !rest.is_empty() {
            self.say(errors::acts_counted_whole(power.span, head));
            return None;
        }
        Some(self.push(Expr::ActCount { id, row, since }, Type::number(), span))
    }

    /// `P.on`, `P(row).by`, `P.chosen`: what is read of the act by which a power is done (O5).
    pub(super) fn act(
        &mut self,
        scope: &mut Scope,
        name: &Name,
        id: PowerId,
        steps: &[Step],
        span: Span,
    ) -> Option<ExprId> {
        let field = steps.iter().find(|step| matches!(step, Step::Field(_)));
        let Some(Step::Field(field)) = field else {
            self.say(errors::bare_power(self, name, id));
            return None;
        };
        let (row, rest) = self.row_of(scope, name, self.policy.powers[id].for_each, steps)?;
        let params = &self.policy.powers[id].params;
        let (part, ty) = match field.text.as_str() {
            "on" => (ActPart::On, Type::Date),
            "by" if self.policy.powers[id].held_by.together => {
                self.say(errors::by_of_joint(field, name));
                return None;
            }
            "by" => (ActPart::By, Type::Text),
            other => match params.iter().position(|param| param.name == other) {
                Some(at) => {
                    let ty = params.get(at).map(|param| param.ty.clone())?;
                    (ActPart::Param(u32::try_from(at).ok()?), ty)
                }
                None => {
                    let error = errors::act_part_unknown(self, name, id, field);
                    self.say(error);
                    return None;
                }
            },
        };
        let act = self.push(Expr::Act { id, row, part }, ty, span);
        let rest = rest.split_first().map_or(rest, |(_, rest)| rest);
        self.fields(act, rest, span)
    }

    /// `first day of period`, `last day of period` (D2).
    pub(super) fn edge_of_period(&mut self, scope: &Scope, edge: Edge, span: Span) -> Option<ExprId> {
        let [first, last] = EDGES;
        let name = if edge == Edge::First { first } else { last };
        match scope.find(name) {
            Some((at, ty)) => {
                let ty = ty.clone();
                Some(self.push(Expr::Local(at), ty, span))
            }
            None => {
                self.say(errors::no_period(span));
                None
            }
        }
    }
}
