//! Texts of a facts file as the statements of the language.

use super::errors;
use super::input::Stated;
use crate::diag::Diagnostic;
use crate::literal::{CellPiece, LiteralScope, data, series};
use crate::policy::{Fact, Type};
use crate::sheet::{Form, Written};
use crate::text::Span;
use crate::tree::{self, Dated, Expr, ExprKind, StatedValue};
use crate::value::Day;
use std::borrow::Cow;

/// Everything stated of one fact or cell, in the order written.
pub(super) fn pieces<'s>(
    scope: &LiteralScope<'_>,
    fact: &Fact,
    stated: &'s Stated<'_>,
) -> Result<Vec<CellPiece<'s>>, Vec<Diagnostic>> {
    match stated {
        Stated::Series(series) => {
            let piece = |stated| CellPiece { stated: Cow::Borrowed(stated), whole: None };
            Ok(series.statements.iter().map(piece).collect())
        }
        Stated::Expr(expr) => {
            let unknown = matches!(&expr.kind, ExprKind::Path(path)
                if path.head.text == "unknown" && path.steps.is_empty());
            let value = if unknown { StatedValue::Unknown } else { StatedValue::Exactly((*expr).clone()) };
            let stated = tree::Stated { value, from: None, span: expr.span };
            Ok(vec![CellPiece { stated: Cow::Owned(stated), whole: None }])
        }
        Stated::Text(written) => text(fact, written),
        Stated::List(items, span) if items.is_empty() => Err(vec![errors::empty_list(*span)]),
        Stated::List(items, _) => {
            let mut all = Vec::with_capacity(items.len());
            let mut errors = Vec::new();
            for item in items {
                let read = text(fact, item);
                match read.map_err(|said| data::cured(scope, &fact.ty, (item, false), said)) {
                    Ok(pieces) => all.extend(pieces),
                    Err(more) => errors.extend(more),
                }
            }
            if errors.is_empty() { Ok(all) } else { Err(errors) }
        }
    }
}

pub(super) fn text<'s>(fact: &Fact, written: &Written<'_>) -> Result<Vec<CellPiece<'s>>, Vec<Diagnostic>> {
    let one = |stated| vec![CellPiece { stated: Cow::Owned(stated), whole: None }];
    if written.form == Form::Null || written.text.trim() == "unknown" {
        return Ok(one(tree::Stated { value: StatedValue::Unknown, from: None, span: written.span }));
    }
    if !matches!(fact.ty, Type::Text | Type::Row(_)) {
        return if written.text.trim().is_empty() {
            Err(vec![errors::nothing(written.span)])
        } else {
            data::stated(&fact.ty, written)
        };
    }
    if written.text.starts_with('"')
        && let Ok(pieces) = series(written)
    {
        return Ok(pieces);
    }
    if fact.over_time { Ok(raw_series(written)) } else { Ok(one(raw(written, 0, written.text.len(), None))) }
}

/// A text without quotes of its own, or the key of a row: as it stands, apart from a `from` at its end.
/// `first text from 2025-01-01, second text from 2026-01-01` is two.
fn raw_series<'s>(written: &Written<'_>) -> Vec<CellPiece<'s>> {
    let text = written.text.as_ref();
    let mut pieces = Vec::new();
    let mut start = 0;
    for (comma, _) in text.match_indices(',').chain([(text.len(), "")]) {
        let (value, from) = split_from(written, start, comma);
        if from.is_none() && comma < text.len() {
            continue;
        }
        let stated = raw(written, start, value, from);
        pieces.push(CellPiece { stated: Cow::Owned(stated), whole: None });
        start = comma + 1;
    }
    pieces
}

/// Where the value of the stretch `start..end` ends, and the days after it.
fn split_from(written: &Written<'_>, start: usize, end: usize) -> (usize, Option<Dated>) {
    let stretch = written.text.get(start..end).unwrap_or("");
    let days = || {
        let (before, last) = last_day(written, start, stretch)?;
        let Some(earlier) = before.strip_suffix(" known") else {
            return Some((before.len(), Dated { day: last, known: None }));
        };
        let (before, day) = last_day(written, start, earlier)?;
        Some((before.len(), Dated { day, known: Some(last) }))
    };
    match days() {
        Some((length, dated)) => (start + length, Some(dated)),
        None => (end, None),
    }
}

/// Takes ` from 2025-01-01` off the end of a stretch.
fn last_day<'t>(written: &Written<'_>, start: usize, stretch: &'t str) -> Option<(&'t str, Expr)> {
    let trimmed = stretch.trim_end();
    let (before, day) = trimmed.rsplit_once(' ')?;
    let day = Day::parse(day)?;
    let before = before.trim_end().strip_suffix(" from")?.trim_end();
    let span = place(written, start + trimmed.len() - 10, start + trimmed.len());
    Some((before, Expr { kind: ExprKind::Date(day), span }))
}

fn raw(written: &Written<'_>, start: usize, end: usize, from: Option<Dated>) -> tree::Stated {
    let stretch = written.text.get(start..end).unwrap_or("");
    let part = from.is_some() || start > 0;
    let text = if part { stretch.trim() } else { stretch };
    let value = if text == "unknown" {
        StatedValue::Unknown
    } else {
        let span = if part { place(written, start, end) } else { written.span };
        StatedValue::Exactly(Expr { kind: ExprKind::Text(text.to_string()), span })
    };
    let span = if start == 0 { written.span } else { place(written, start, end) };
    tree::Stated { value, from, span }
}

/// The place of a stretch of a text, as near as it is known.
fn place(written: &Written<'_>, start: usize, end: usize) -> Span {
    match written.at {
        Some(at) => Span::new(written.span.source, at as usize + start, at as usize + end),
        None => written.span,
    }
}
