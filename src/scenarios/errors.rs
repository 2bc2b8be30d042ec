//! What is said about expectations that cannot be judged, and about facts that are not possible.

use crate::diag::{Code, Diagnostic, tick};
use crate::outcome::SlotRef;
use crate::policy::Policy;
use crate::run::Violation;
use crate::text::Span;
use crate::value::Day;

pub(super) fn day_needed(span: Span) -> Diagnostic {
    Diagnostic::error(Code::DayNeeded, span, "this depends on the day, and no day is given")
        .help("say which day is meant: `… on 2026-01-01`")
}

pub(super) fn open_day(span: Span) -> Diagnostic {
    Diagnostic::error(Code::DayNeeded, span, "which day this is, is not known")
        .help("write a date, or state the facts it is worked out from")
}

pub(super) fn own_day(span: Span, date: Day) -> Diagnostic {
    Diagnostic::error(Code::OwnDay, span, "a dated row is judged on its own date, and this is another day")
        .here(format!("its date is {date}"))
        .help("leave the `on` out, or change the date of the row")
}

pub(super) fn outside(policy: &Policy, violation: &Violation) -> Diagnostic {
    let name = match &violation.slot {
        SlotRef::Fact(fact, _) => policy.facts[*fact].name.clone(),
        SlotRef::Field { entity, field, .. } => {
            let entity = &policy.entities[*entity];
            format!("{}.{}", entity.name, entity.fields[*field].name)
        }
        SlotRef::Parameter { .. } => "a parameter".to_owned(),
        SlotRef::Table(entity) => policy.entities[*entity].name.clone(),
        SlotRef::Line(annex, _) | SlotRef::Cell(annex, ..) => policy.annexes[*annex].name.clone(),
    };
    Diagnostic::error(Code::OutsideWhere, violation.span, format!("{} cannot be this", tick(&name)))
        .also(policy.exprs.span(violation.condition), "this holds for every value")
        .help("correct the value, or the condition")
}
