//! One statement as a set of possible values, with its days.

use super::columns::FactsColumn;
use super::errors;
use super::input::Stated;
use super::keys::Keys;
use super::{Slot, Statement, read, series};
use crate::diag::Diagnostic;
use crate::literal::CellPiece;
use crate::literal::{self, LiteralScope, data};
use crate::policy::{EntityId, Fact, Policy, Table, Type};
use crate::sheet::{DecimalMark, Written};
use crate::text::Span;
use crate::tree::{Expr, ExprKind, StatedValue};
use crate::value::{Dates, Day, Interval, Possible, Value};

/// What values are read against.
pub(super) struct Values<'p> {
    pub policy: &'p Policy,
    pub scope: LiteralScope<'p>,
    /// The stated rows of every table.
    pub keys: &'p Table<EntityId, Option<Keys>>,
    /// The table whose rows come after all else: any key may be one of them.
    pub later: Option<EntityId>,
}

impl Values<'_> {
    /// What is stated of one fact.
    pub fn stated(&self, fact: &Fact, stated: &Stated<'_>) -> Result<Slot, Vec<Diagnostic>> {
        match stated {
            Stated::Text(written) => self.cell(fact, written, false),
            other => self.slot(fact, read::pieces(&self.scope, fact, other)),
        }
    }

    /// What a cell of a column says.
    pub fn in_column(
        &self,
        column: &FactsColumn,
        fact: &Fact,
        written: &Written<'_>,
    ) -> Result<Slot, Vec<Diagnostic>> {
        let bare = column.cells.has_unit();
        let slot = column.cells.cell(&fact.ty, written).and_then(|cell| self.cell(fact, &cell, bare));
        slot.map_err(|said| column.cured(fact, written, said))
    }

    /// What one text says: a cell, or the value of a fact. `bare`: its column says what numbers count.
    pub fn cell(&self, fact: &Fact, written: &Written<'_>, bare: bool) -> Result<Slot, Vec<Diagnostic>> {
        // A comma in a number may set thousands apart, or decimals; a point is what the language has.
        let comma = data::comma_in_number(&written.text);
        let mark = if comma { DecimalMark::Unsaid } else { DecimalMark::Point };
        let plain = data::plain(&fact.ty, written, mark)?;
        if let Some(value) = data::direct(&self.scope, &fact.ty, &plain)? {
            let value = self.whole(fact, value, written.span).map_err(|error| vec![error])?;
            let (from, known) = (Day::FIRST, Day::FIRST);
            let statement = Statement { from, known, value: Possible::One(value), span: written.span };
            return series::settle(self.policy, fact, vec![statement]);
        }
        let statements = self.statements(fact, read::text(fact, &plain));
        let statements =
            statements.map_err(|errors| data::cured(&self.scope, &fact.ty, (written, bare), errors))?;
        series::settle(self.policy, fact, statements)
    }

    fn slot(
        &self,
        fact: &Fact,
        pieces: Result<Vec<CellPiece<'_>>, Vec<Diagnostic>>,
    ) -> Result<Slot, Vec<Diagnostic>> {
        series::settle(self.policy, fact, self.statements(fact, pieces)?)
    }

    fn statements(
        &self,
        fact: &Fact,
        pieces: Result<Vec<CellPiece<'_>>, Vec<Diagnostic>>,
    ) -> Result<Vec<Statement>, Vec<Diagnostic>> {
        let pieces = pieces?;
        let mut errors = Vec::new();
        let mut statements = Vec::with_capacity(pieces.len());
        let dated = pieces.iter().find_map(|piece| Some((piece, piece.stated.from.as_ref()?)));
        if let (Some((piece, from)), false) = (dated, fact.over_time) {
            return Err(vec![piece.moved(errors::not_over_time(fact, from.day.span))]);
        }
        for piece in &pieces {
            match self.statement(fact, piece) {
                Ok(statement) => statements.push(statement),
                Err(error) => errors.push(piece.moved(error)),
            }
        }
        if errors.is_empty() { Ok(statements) } else { Err(errors) }
    }

    pub fn statement(&self, fact: &Fact, piece: &CellPiece<'_>) -> Result<Statement, Diagnostic> {
        let (from, known) = match &piece.stated.from {
            None => (Day::FIRST, Day::FIRST),
            Some(dated) => {
                let known = dated.known.as_ref().map(|known| day(&self.scope, known)).transpose()?;
                (day(&self.scope, &dated.day)?, known.unwrap_or(Day::FIRST))
            }
        };
        let value = self.possible(fact, &piece.stated.value, piece.stated.span)?;
        Ok(Statement { from, known, value, span: piece.span() })
    }

    fn possible(&self, fact: &Fact, stated: &StatedValue, span: Span) -> Result<Possible, Diagnostic> {
        match stated {
            StatedValue::Unknown => Ok(fact.ty.anything()),
            StatedValue::Exactly(expr) => Ok(Possible::One(self.value(fact, expr)?)),
            StatedValue::AtLeast(expr) => bounds(fact, Some(self.value(fact, expr)?), None, span),
            StatedValue::AtMost(expr) => bounds(fact, None, Some(self.value(fact, expr)?), span),
            StatedValue::Between(low, high) => {
                bounds(fact, Some(self.value(fact, low)?), Some(self.value(fact, high)?), span)
            }
        }
    }

    fn value(&self, fact: &Fact, expr: &Expr) -> Result<Value, Diagnostic> {
        if let Type::Row(entity) = fact.ty {
            let key =
                key_text(expr).ok_or_else(|| errors::not_a_key(&self.policy.entities[entity], expr.span))?;
            return self.row(entity, &key, expr.span);
        }
        self.whole(fact, literal::value(&self.scope, expr, &fact.ty)?, expr.span)
    }

    /// M5
    fn whole(&self, fact: &Fact, value: Value, span: Span) -> Result<Value, Diagnostic> {
        match &value {
            Value::Number(number) if fact.whole && !number.is_integer() => Err(errors::not_whole(fact, span)),
            _ => Ok(value),
        }
    }

    /// The stated row of that key.
    pub fn row(&self, entity: EntityId, key: &str, span: Span) -> Result<Value, Diagnostic> {
        let declared = &self.policy.entities[entity];
        match &self.keys[entity] {
            None if self.later == Some(entity) => Ok(Value::Row(0)),
            None => Err(errors::table_not_stated(declared, key, span)),
            Some(keys) => match keys.find(key) {
                Some(row) => Ok(Value::Row(row)),
                None => {
                    Err(errors::unknown_row(declared, key, keys.rows.keys().map(|key| key.as_ref()), span))
                }
            },
        }
    }
}

/// A day on which something is stated, or becomes known.
pub(super) fn day(scope: &LiteralScope<'_>, expr: &Expr) -> Result<Day, Diagnostic> {
    match literal::value(scope, expr, &Type::Date)? {
        Value::Date(day) if !day.is_never() => Ok(day),
        _ => Err(errors::from_never(expr.span)),
    }
}

fn bounds(fact: &Fact, low: Option<Value>, high: Option<Value>, span: Span) -> Result<Possible, Diagnostic> {
    let reversed = || errors::reversed(span);
    match fact.ty {
        Type::Number { .. } => {
            let end = |value| if let Some(Value::Number(number)) = value { Some(number) } else { None };
            Interval::new(end(low), end(high)).map(Possible::numbers).ok_or_else(reversed)
        }
        Type::Date => {
            let end = |value| if let Some(Value::Date(day)) = value { Some(day) } else { None };
            let (lo, hi) = (end(low).unwrap_or(Day::FIRST), end(high).unwrap_or(Day::NEVER));
            Dates::between(lo, hi).map(Possible::dates).ok_or_else(reversed)
        }
        Type::Duration(_) => {
            let end = |value| if let Some(Value::Duration(count)) = value { Some(count) } else { None };
            Interval::new(end(low), end(high)).map(Possible::durations).ok_or_else(reversed)
        }
        Type::Bool | Type::Text | Type::Code | Type::Country | Type::Enum(_) | Type::Row(_) => {
            Err(errors::no_order(fact, span))
        }
    }
}

/// The key a row is named by: `"ohio"`, `ohio`, `8703.20`, `7`, `2026-01-01`.
pub(super) fn key_text(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Text(text) | ExprKind::Code(text) => Some(text.clone()),
        ExprKind::Path(path) if path.steps.is_empty() => Some(path.head.text.clone()),
        ExprKind::Quantity(quantity) if quantity.suffix_span.is_none() && !quantity.multiplied => {
            Some(quantity.spelled.clone())
        }
        ExprKind::Date(day) => Some(day.to_string()),
        _ => None,
    }
}
