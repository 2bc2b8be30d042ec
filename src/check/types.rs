//! Types as written → types.

use super::Checker;
use super::errors;
use super::names::Symbol;
use crate::literal;
use crate::policy::{Face, Type};
use crate::tree::{Expr, ExprKind, Suffix, TypeExpr};
use crate::value::{CalendarId, DurationKind};

/// A declared type, and whether its values are whole (M5).
pub(super) struct DeclaredType {
    pub(super) ty: Type,
    pub(super) whole: bool,
}

/// The types that are not units, enums or entities.
pub(super) const BUILT_IN: [&str; 8] =
    ["number", "rate", "date", "duration", "bool", "text", "code", "country"];

impl Checker<'_> {
    /// `default` tells which kind of duration is meant: days, unless it is written in another kind.
    pub(super) fn type_of(&mut self, written: &TypeExpr, default: Option<&Expr>) -> Option<DeclaredType> {
        let plain = |ty: Type| Some(DeclaredType { ty, whole: false });
        if let [(name, 1)] = written.parts.as_slice() {
            match name.text.as_str() {
                "number" => return plain(Type::number()),
                "rate" => return plain(Type::rate()),
                "date" => return plain(Type::Date),
                "duration" => return plain(Type::Duration(self.duration_kind(default))),
                "bool" => return plain(Type::Bool),
                "text" => return plain(Type::Text),
                "code" => return plain(Type::Code),
                "country" => return plain(Type::Country),
                _ => {}
            }
            match self.names.get(&name.text) {
                Some(Symbol::Enum(id)) => return plain(Type::Enum(id)),
                Some(Symbol::Entity(id)) => return plain(Type::Row(id)),
                _ => {}
            }
            if self.policy.units.find(&name.text).is_none() {
                let error = errors::type_unknown(self, name, default);
                self.say(error);
                return None;
            }
        }
        let unit = match literal::unit_expr(&self.policy.units, &written.parts) {
            Ok(unit) => unit,
            Err(error) => {
                self.say(error);
                return None;
            }
        };
        let Ok(dimension) = unit.dimension(&self.policy.units) else {
            self.say(errors::units_too_large(written.span));
            return None;
        };
        let whole = match unit.0.as_slice() {
            [(id, 1)] => self.policy.units.get(*id).is_some_and(|unit| unit.whole),
            _ => false,
        };
        Some(DeclaredType { ty: Type::Number { dimension, face: Face::Unit(unit) }, whole })
    }

    fn duration_kind(&self, default: Option<&Expr>) -> DurationKind {
        let Some(ExprKind::Quantity(quantity)) = default.map(|expr| &expr.kind) else {
            return DurationKind::Days;
        };
        match &quantity.suffix {
            Suffix::Months(end) | Suffix::Years(end) => DurationKind::Months(*end),
            Suffix::BusinessDays { calendar } => {
                let named =
                    calendar.as_ref().map(|name| literal::calendar_named(&self.policy.calendars, name));
                DurationKind::Business(named.and_then(Result::ok).unwrap_or(CalendarId(0)))
            }
            Suffix::None
            | Suffix::Percent
            | Suffix::BasisPoints
            | Suffix::Unit(_)
            | Suffix::Days
            | Suffix::Weeks => DurationKind::Days,
        }
    }
}
