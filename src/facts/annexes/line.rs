//! One line: its keys, its cells, its days, and whether it is listed.

use super::columns::{LineColumn, column};
use super::errors;
use crate::diag::{Code, Diagnostic};
use crate::facts::Slot;
use crate::facts::input::{LineInput, Stated};
use crate::facts::value::Values;
use crate::literal::{self, data};
use crate::policy::{Annex, AnnexKey, Fact, LineValidity, Type};
use crate::sheet::{DecimalMark, Form, Written};
use crate::text::Span;
use crate::value::{Day, Possible, Value};
use std::collections::BTreeMap;

/// A line that can be read.
#[derive(Debug)]
pub(super) struct BoundLine {
    /// Of one that is not listed, the last may be any.
    pub keys: Vec<AnnexKey>,
    pub cells: BTreeMap<usize, BoundCell>,
    pub is_unlisted: bool,
    /// Where it is said whether it is listed.
    pub listed: Option<Span>,
    pub validity: LineValidity,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub(super) struct BoundCell {
    /// None: unknown.
    pub value: Option<Possible>,
    pub span: Span,
}

/// What has been read of a line.
pub(super) struct LineParts {
    keys: Vec<Option<AnnexKey>>,
    cells: BTreeMap<usize, BoundCell>,
    /// Whether it is listed, which may be left open; and where that is said.
    listed: Option<(Option<bool>, Span)>,
    days: [Option<Day>; 4],
    span: Span,
}

impl BoundLine {
    /// None: all that it says is unknown.
    pub fn of(
        values: &Values<'_>,
        annex: &Annex,
        input: &LineInput<'_>,
    ) -> Result<Option<BoundLine>, Vec<Diagnostic>> {
        let mut parts = LineParts::new(annex, input.span);
        let mut errors = Vec::new();
        if let Some(one_more) = input.keys.get(annex.keys.len()) {
            return Err(vec![errors::line_keys_many(annex, one_more.span())]);
        }
        for (at, key) in input.keys.iter().enumerate() {
            errors.extend(parts.state(values, annex, LineColumn::Key(at), key).err().unwrap_or_default());
        }
        let mut seen: BTreeMap<LineColumn, Span> = BTreeMap::new();
        for entry in &input.cells {
            let Some(column) = column(annex, &entry.name.text) else {
                errors.push(errors::unknown_line_column(annex, &entry.name));
                continue;
            };
            let positional = matches!(column, LineColumn::Key(at) if at < input.keys.len());
            let first = if positional { input.keys.first().map(Stated::span) } else { None };
            match first.or_else(|| seen.insert(column, entry.name.span)) {
                Some(first) => errors.push(errors::cell_twice(&entry.name, first)),
                None => {
                    errors.extend(parts.state(values, annex, column, &entry.value).err().unwrap_or_default())
                }
            }
        }
        if errors.is_empty() { parts.whole(annex).map_err(|error| vec![error]) } else { Err(errors) }
    }
}

impl LineParts {
    pub fn new(annex: &Annex, span: Span) -> LineParts {
        LineParts {
            keys: vec![None; annex.keys.len()],
            cells: BTreeMap::new(),
            listed: None,
            days: [None; 4],
            span,
        }
    }

    /// Takes in what one column says.
    pub fn state(
        &mut self,
        values: &Values<'_>,
        annex: &Annex,
        column: LineColumn,
        stated: &Stated<'_>,
    ) -> Result<(), Vec<Diagnostic>> {
        match column {
            LineColumn::Key(at) => {
                let ty = annex.keys.get(at).unwrap_or(&Type::Text);
                let key = key(values, ty, stated)?;
                self.keys.get_mut(at).into_iter().for_each(|place| *place = Some(key.clone()));
            }
            LineColumn::Cell(at) => {
                let fact = fact_of(values, annex, at);
                let slot = values.stated(&fact, stated);
                self.cell(annex, at, (&fact, slot, stated.span()))?;
            }
            LineColumn::Listed => {
                let value = one(values, annex, ("listed", Type::Bool), stated)?;
                let listed = match value.single() {
                    Some(Value::Bool(listed)) => Some(*listed),
                    _ => None,
                };
                self.listed = Some((listed, stated.span()));
            }
            LineColumn::Day(at) => {
                let name = annex.headings.days.get(at).and_then(Option::as_deref).unwrap_or_default();
                let value = one(values, annex, (name, Type::Date), stated)?;
                // Only the last day of a line may be `never`.
                let day = match value.single() {
                    Some(Value::Date(day)) if at == 2 || !day.is_never() => *day,
                    _ => return Err(vec![errors::line_day(stated.span(), at == 2)]),
                };
                self.days.get_mut(at).into_iter().for_each(|place| *place = Some(day));
            }
        }
        Ok(())
    }

    /// Takes in a cell: one value, bounds, or unknown.
    pub fn cell(
        &mut self,
        annex: &Annex,
        at: usize,
        (fact, slot, span): (&Fact, Result<Slot, Vec<Diagnostic>>, Span),
    ) -> Result<(), Vec<Diagnostic>> {
        let value = once(annex, fact, (slot, span))?;
        let value = (value != fact.ty.anything()).then_some(value);
        self.cells.insert(at, BoundCell { value, span });
        Ok(())
    }

    /// The line; none: all that it says is unknown.
    pub fn whole(self, annex: &Annex) -> Result<Option<BoundLine>, Diagnostic> {
        let (listed, said) = self.listed.map_or((Some(true), None), |(listed, span)| (listed, Some(span)));
        let [from, from_known, until, until_known] = self.days;
        let always = LineValidity::ALWAYS;
        let validity = LineValidity {
            from: from.unwrap_or(always.from),
            from_known: from_known.unwrap_or(always.from_known),
            until: until.unwrap_or(always.until),
            until_known: until_known.unwrap_or(always.until_known),
        };
        let stated = self.cells.values().find(|cell| cell.value.is_some());
        match (listed, stated, self.keys.first()) {
            (_, _, None | Some(None)) => return Err(errors::line_keys_missing(annex, self.span)),
            (None | Some(false), Some(cell), _) => {
                return Err(errors::not_listed_with_cells(cell.span, said.unwrap_or(self.span)));
            }
            (Some(true), _, _) if self.keys.contains(&None) => {
                return Err(errors::line_keys_missing(annex, self.span));
            }
            (None, None, _) => return Ok(None),
            _ if validity.is_empty() => return Err(errors::line_never(self.span)),
            _ => {}
        }
        Ok(Some(BoundLine {
            keys: self.keys.into_iter().map(|key| key.unwrap_or(AnnexKey::Any)).collect(),
            cells: self.cells,
            is_unlisted: listed == Some(false),
            listed: said,
            validity,
            span: self.span,
        }))
    }
}

/// A cell of an annex as a fact of its own.
pub(super) fn fact_of(values: &Values<'_>, annex: &Annex, at: usize) -> Fact {
    let ty = annex.columns.get(at).map_or(Type::Text, |column| column.ty.clone());
    let name = annex.headings.columns.get(at).map_or(annex.name.as_str(), String::as_str);
    fact(values, annex, (name, ty))
}

fn fact(values: &Values<'_>, annex: &Annex, (name, ty): (&str, Type)) -> Fact {
    Fact {
        name: name.to_string(),
        doc: None,
        whole: ty.is_whole(&values.policy.units),
        ty,
        over_time: false,
        cumulative: false,
        default: None,
        condition: None,
        span: annex.span,
    }
}

fn one(
    values: &Values<'_>,
    annex: &Annex,
    called: (&str, Type),
    stated: &Stated<'_>,
) -> Result<Possible, Vec<Diagnostic>> {
    let fact = fact(values, annex, called);
    let slot = values.stated(&fact, stated);
    once(annex, &fact, (slot, stated.span()))
}

/// A line states one value of each column, without days.
fn once(
    annex: &Annex,
    fact: &Fact,
    (slot, span): (Result<Slot, Vec<Diagnostic>>, Span),
) -> Result<Possible, Vec<Diagnostic>> {
    let several = || vec![errors::line_states_once(annex, &fact.name, span)];
    let dated = |error: &Diagnostic| matches!(error.code, Code::NotOverTime | Code::StatedTwice);
    let slot = slot.map_err(|errors| if errors.iter().any(dated) { several() } else { errors })?;
    match slot.statements.as_slice() {
        [only] => Ok(only.value.clone()),
        _ => Err(several()),
    }
}

/// A key, as a file would have it.
pub(super) fn key(values: &Values<'_>, ty: &Type, stated: &Stated<'_>) -> Result<AnnexKey, Vec<Diagnostic>> {
    let value = match stated {
        Stated::Text(written) if written.text == "*" => return Ok(AnnexKey::Any),
        Stated::Text(written) if written.form != Form::Null => written_key(values, ty, written)?,
        Stated::Expr(expr) => Some(literal::value(&values.scope, expr, ty).map_err(|error| vec![error])?),
        Stated::Text(_) | Stated::List(..) | Stated::Series(_) => None,
    };
    value.map(|value| AnnexKey::of(&value)).ok_or_else(|| vec![errors::line_key_open(stated.span())])
}

fn written_key(
    values: &Values<'_>,
    ty: &Type,
    written: &Written<'_>,
) -> Result<Option<Value>, Vec<Diagnostic>> {
    if *ty == Type::Text && !written.text.starts_with('"') {
        return Ok((written.text != "unknown").then(|| data::text(&written.text)));
    }
    let plain = data::plain(ty, written, DecimalMark::Point)?;
    data::one(&values.scope, ty, plain.as_ref(), false)
}
