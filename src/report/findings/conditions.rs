//! Conditions that never vary.

use super::{Remark, Teller};
use crate::diag::{Code, Diagnostic, tick};
use crate::policy::ExprId;
use crate::text::Span;

impl Teller<'_> {
    pub(super) fn settled(&self, condition: ExprId, is: bool) -> Remark {
        let span = self.policy.exprs.span(condition);
        let text = tick(&self.words.expr(condition));
        let (message, here) = if is {
            (format!("{text} is always true"), "true for all facts")
        } else {
            (format!("{text} is never true"), "false for all facts")
        };
        let said = Diagnostic::warning(Code::SettledCondition, span, message).here(here).help(
            "a condition that never varies says nothing: compare it with the text, and with each `where`",
        );
        (said, self.around(span))
    }

    pub(super) fn idle(&self, part: ExprId, whole: ExprId) -> Remark {
        let span = self.policy.exprs.span(part);
        let message = format!("{} makes no difference here", tick(&self.words.expr(part)));
        let said = Diagnostic::warning(Code::IdleCondition, span, message)
            .here("the rest of the condition comes to the same without it")
            .help("strike it, or see which word of the text it was to stand for");
        let mut anchors = self.around(span);
        anchors.extend(self.around(self.policy.exprs.span(whole)));
        (said, anchors)
    }

    /// The declarations in which a place is.
    pub(super) fn around(&self, span: Span) -> Vec<Span> {
        let policy = self.policy;
        let all = policy
            .rules
            .values()
            .map(|rule| rule.span)
            .chain(policy.defines.values().map(|define| define.span))
            .chain(policy.outcomes.values().map(|outcome| outcome.span));
        let holds =
            |outer: &Span| outer.source == span.source && outer.start <= span.start && span.end <= outer.end;
        all.filter(holds).collect()
    }
}
