//! First and last days of texts that an amendment changes on a day (A2).

use crate::text::Sources;
use crate::tree::{ClampSide, Dated, Expr, ExprKind};
use crate::value::Day;
use std::cmp::Ordering;

/// What becomes of a text that is to end on a day.
#[derive(Debug)]
pub(super) enum TextEnd {
    /// It ends so.
    On(Dated),
    /// It has ended before, and that was known before.
    Already,
    /// It has an end of its own, and which of the two comes first depends on what is known: one head cannot say that.
    Unclear,
}

/// The end of a text that ends on `own` and now on `day` too: by whichever comes first.
pub(super) fn end(own: Option<&Dated>, day: &Dated, sources: &Sources) -> TextEnd {
    let Some(own) = own else { return TextEnd::On(day.clone()) };
    let days = order(&own.day, &day.day, sources);
    let known = known_order(own.known.as_ref(), day.known.as_ref(), sources);
    match (days, known) {
        (Some(Ordering::Less | Ordering::Equal), Some(Ordering::Less | Ordering::Equal)) => TextEnd::Already,
        (Some(Ordering::Greater | Ordering::Equal), Some(Ordering::Greater | Ordering::Equal)) => {
            TextEnd::On(day.clone())
        }
        (_, Some(Ordering::Equal)) => {
            TextEnd::On(Dated { day: clamp(&own.day, ClampSide::AtMost, &day.day), known: day.known.clone() })
        }
        _ => TextEnd::Unclear,
    }
}

/// The beginning of a text that begins on `own` and not before `day`: both must have come, and be known.
pub(super) fn beginning(own: Option<&Dated>, day: &Dated, sources: &Sources) -> Dated {
    let Some(own) = own else { return day.clone() };
    let known = match (&own.known, &day.known) {
        (Some(own), Some(day)) => Some(later(own, day, sources)),
        (one, None) | (None, one) => one.clone(),
    };
    Dated { day: later(&own.day, &day.day, sources), known }
}

fn later(a: &Expr, b: &Expr, sources: &Sources) -> Expr {
    match order(a, b, sources) {
        Some(Ordering::Less) => b.clone(),
        Some(_) => a.clone(),
        None => clamp(a, ClampSide::AtLeast, b),
    }
}

fn clamp(value: &Expr, side: ClampSide, bound: &Expr) -> Expr {
    let kind = ExprKind::Clamp { value: Box::new(value.clone()), side, bound: Box::new(bound.clone()) };
    Expr { kind, span: bound.span }
}

/// Which of two days comes first, as far as can be seen: both are written out, or both are worked out alike.
fn order(a: &Expr, b: &Expr, sources: &Sources) -> Option<Ordering> {
    match (written(a), written(b)) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ if spelled(a, sources) == spelled(b, sources) => Some(Ordering::Equal),
        _ => None,
    }
}

/// Whether a text that begins on `from` begins when another, which ends on `until`, has ended, whatever is known.
pub fn follows(from: &Dated, until: &Dated, sources: &Sources) -> bool {
    let known = match (&from.known, &until.known) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(from), Some(until)) => not_before(from, until, sources),
    };
    known && not_before(&from.day, &until.day, sources)
}

fn not_before(day: &Expr, other: &Expr, sources: &Sources) -> bool {
    if let Some(order) = order(day, other, sources) {
        return order != Ordering::Less;
    }
    let later = match &day.kind {
        ExprKind::Clamp { value, side: ClampSide::AtLeast, bound } => {
            [value, bound].into_iter().any(|day| not_before(day, other, sources))
        }
        _ => false,
    };
    later
        || match &other.kind {
            ExprKind::Clamp { value, side: ClampSide::AtMost, bound } => {
                [value, bound].into_iter().any(|other| not_before(day, other, sources))
            }
            _ => false,
        }
}

/// What was always known was known before any day.
fn known_order(a: Option<&Expr>, b: Option<&Expr>, sources: &Sources) -> Option<Ordering> {
    match (a, b) {
        (None, None) => Some(Ordering::Equal),
        (None, Some(_)) => Some(Ordering::Less),
        (Some(_), None) => Some(Ordering::Greater),
        (Some(a), Some(b)) => order(a, b, sources),
    }
}

fn written(expr: &Expr) -> Option<Day> {
    match &expr.kind {
        ExprKind::Date(day) => Some(*day),
        ExprKind::Path(path) if path.head.text == "never" && path.steps.is_empty() => Some(Day::NEVER),
        _ => None,
    }
}

/// A day as it is written in a head.
pub(super) fn spelled(expr: &Expr, sources: &Sources) -> String {
    match &expr.kind {
        ExprKind::Date(day) => day.to_string(),
        ExprKind::Clamp { value, side, bound } => {
            let side = match side {
                ClampSide::AtLeast => "but at least",
                ClampSide::AtMost => "but at most",
            };
            format!("{} {side} {}", in_brackets(value, sources), in_brackets(bound, sources))
        }
        _ => sources.text(expr.span).to_string(),
    }
}

fn in_brackets(expr: &Expr, sources: &Sources) -> String {
    let text = spelled(expr, sources);
    if text.contains(char::is_whitespace) { format!("({text})") } else { text }
}

/// `2026-09-01 known from 2026-08-20`
pub(super) fn dated(dated: &Dated, sources: &Sources) -> String {
    let day = spelled(&dated.day, sources);
    match &dated.known {
        Some(known) => format!("{day} known from {}", spelled(known, sources)),
        None => day,
    }
}
