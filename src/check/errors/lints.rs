//! What stands, but is probably not meant.

use super::*;

pub(in crate::check) fn no_rule(outcome: &Outcome) -> Diagnostic {
    let message = format!("no rule decides {}", tick(&outcome.name));
    Diagnostic::warning(Code::NoRule, outcome.span, message)
        .help("it will always be a gap: add a rule or an `otherwise`")
}

pub(in crate::check) fn aggregate_unbracketed(span: Span) -> Diagnostic {
    let message = "this `where` ends one side of a comparison, and runs as far right as it can";
    Diagnostic::warning(Code::AggregateUnbracketed, span, message)
        .help("put brackets around it: `(sum of … for each … where …)`")
}

pub(in crate::check) fn otherwise_rounded(span: Span) -> Diagnostic {
    Diagnostic::warning(Code::OtherwiseRounded, span, "this rounds the `otherwise` alone").help(
        "if the outcome itself is meant to be rounded, write `rounded …` before `otherwise`; else put brackets",
    )
}

pub(in crate::check) fn always_displaces(rule: &Rule, span: Span) -> Diagnostic {
    let message = format!("with this `otherwise`, {} always displaces the rules below it", tick(&rule.shown));
    Diagnostic::warning(Code::AlwaysDisplaces, span, message)
        .help("leave the `otherwise` to a rule of its own, without `notwithstanding`")
}

/// `by`: the words between them.
pub(in crate::check) fn edge_without_effect(rule: &Rule, other: &Rule, by: &str) -> Diagnostic {
    let message = format!("{} and {} decide no outcome in common", tick(&rule.shown), tick(&other.shown));
    Diagnostic::warning(Code::PriorityWithoutEffect, rule.name_span, message)
        .also(other.name_span, "the other rule")
        .help(format!("the {} between them changes nothing", tick(by)))
}

pub(in crate::check) fn complementary(first: &Rule, second: &Rule) -> Diagnostic {
    let message = format!("{} and {} have opposite conditions", tick(&first.shown), tick(&second.shown));
    Diagnostic::warning(Code::ComplementaryRules, second.name_span, message).also(first.name_span, "the other rule").help(
        "write one rule with `otherwise`: conditions are taken one by one, so with a missing fact two rules are undetermined \
         even where they agree",
    )
}

/// `exact`: for months are added to a day that moves.
pub(in crate::check) fn day_by_day(span: Span, exact: bool) -> Diagnostic {
    let said =
        Diagnostic::warning(Code::DayByDay, span, "this comparison may go back and forth as days pass")
            .here("a timeline must work it out on every day");
    said.help(if exact {
        "a month after the 31st may be no day: say `rounding down` or `rounding up`"
    } else {
        "bring `today` to one side of the comparison"
    })
}
