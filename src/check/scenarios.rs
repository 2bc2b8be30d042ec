//! Scenarios (S1): the `expect`s are expressions of the policy; the `given`s are bound to it later, like a facts file.

use super::Checker;
use super::errors;
use super::scope::Scope;
use crate::policy::{EntityId, Expect, Expected, Expr, ExprId, Scenario};
use crate::text::Span;
use crate::tree::{self, ExprKind, State};

impl Checker<'_> {
    pub(super) fn scenario(&mut self, scenario: &tree::Scenario, span: Span) {
        if let Some(first) = self.policy.scenarios.iter().find(|known| known.title == scenario.title.text) {
            let first = first.span;
            self.say(errors::scenario_twice(&scenario.title, first));
        }
        let expects: Vec<Option<Expect>> =
            scenario.expects.iter().map(|expect| self.expect(expect)).collect();
        self.policy.scenarios.push(Scenario {
            title: scenario.title.text.clone(),
            givens: scenario.givens.clone(),
            expects: expects.into_iter().flatten().collect(),
            span: scenario.title.span.to(span),
        });
    }

    fn expect(&mut self, expect: &tree::Expect) -> Option<Expect> {
        let scope = &mut Scope::empty();
        let (what, root) = match &expect.what.kind {
            ExprKind::Is { subject, negated, state } if is_status(*state) => {
                self.status(scope, subject, *negated, *state)?
            }
            _ => {
                let id = self.bool(scope, &expect.what)?;
                (Expected::Holds(id), id)
            }
        };
        let on = expect.on.as_ref().map(|on| self.date(scope, on));
        let known = expect.known.as_ref().map(|known| self.date(scope, known));
        let mut dated_rows = Vec::new();
        self.dated_rows(root, &mut dated_rows);
        Some(Expect {
            what,
            on: match on {
                Some(on) => Some(on?),
                None => None,
            },
            known: match known {
                Some(known) => Some(known?),
                None => None,
            },
            dated_rows,
            span: expect.span,
        })
    }

    fn status(
        &mut self,
        scope: &mut Scope,
        subject: &tree::Expr,
        negated: bool,
        state: State,
    ) -> Option<(Expected, ExprId)> {
        let id = self.expr(scope, subject, None)?;
        match self.policy.exprs.node(id) {
            Expr::Outcome { id: outcome, row } => {
                let expected = Expected::Status { outcome: *outcome, row: *row, negated, state };
                Some((expected, id))
            }
            // A define is one value or open or an error; only rules leave gaps and conflicts.
            _ if matches!(state, State::Undetermined | State::Error) => {
                Some((Expected::Settled { value: id, negated, state }, id))
            }
            _ => {
                self.say(errors::status_of_outcome(subject.span));
                None
            }
        }
    }

    /// The rows of dated entities that an expectation names.
    fn dated_rows(&self, id: ExprId, found: &mut Vec<(EntityId, ExprId)>) {
        if let Expr::RowByKey { entity, .. } = self.policy.exprs.node(id)
            && self.policy.entities[*entity].dated.is_some()
        {
            found.push((*entity, id));
        }
        self.policy.exprs.operands(id, |operand| self.dated_rows(operand, found));
    }
}

/// Whether it is asked of an answer, which only `expect` may.
fn is_status(state: State) -> bool {
    matches!(state, State::Undetermined | State::Gap | State::Conflict | State::Error)
}
