//! Types of values (language reference, section 3).

use super::{EntityId, EnumId};
use crate::steps;
use crate::text::Span;
use crate::value::{Dates, Dimension, DurationKind, Interval, Possible, UnitExpr};
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Any quantity; dimensionless ones are `number` and `rate` (M3).
    Number {
        dimension: Dimension,
        face: Face,
    },
    Date,
    Duration(DurationKind),
    Bool,
    Text,
    Code,
    Country,
    Enum(EnumId),
    /// A row of an entity.
    Row(EntityId),
}

/// How a quantity is shown; never a meaning. Two quantities of one dimension are one type, whatever their faces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Face {
    /// In base units, or a bare number.
    Plain,
    /// As a percentage.
    Rate,
    /// In the unit it was declared in.
    Unit(UnitExpr),
}

impl Type {
    pub fn number() -> Type {
        Type::Number { dimension: Dimension::none(), face: Face::Plain }
    }

    pub fn rate() -> Type {
        Type::Number { dimension: Dimension::none(), face: Face::Rate }
    }

    /// Whether values of the two may be compared, added and assigned.
    pub fn same(&self, other: &Type) -> bool {
        match (self, other) {
            (Type::Number { dimension: a, .. }, Type::Number { dimension: b, .. }) => a == b,
            _ => self == other,
        }
    }

    /// Every value of the type.
    pub fn anything(&self) -> Possible {
        match self {
            Type::Number { .. } => Possible::Numbers(Interval::all()),
            Type::Date => Possible::Dates(Dates::ALL),
            Type::Duration(_) => Possible::Durations(Interval::all()),
            Type::Bool => Possible::Bools,
            Type::Text | Type::Code | Type::Country | Type::Enum(_) | Type::Row(_) => Possible::Any,
        }
    }

    /// Whether values in its unit are whole (M5).
    pub fn is_whole(&self, units: &crate::value::Units) -> bool {
        let Type::Number { face: Face::Unit(unit), .. } = self else { return false };
        match unit.0.as_slice() {
            [(id, 1)] => units.get(*id).is_some_and(|unit| unit.whole),
            _ => false,
        }
    }
}

/// A closed list of choices, nested ones after their parent.
#[derive(Clone, Debug)]
pub struct Enum {
    pub name: String,
    pub doc: Option<String>,
    pub choices: Vec<Choice>,
    /// Where each name stands; of equal ones the first.
    places: BTreeMap<String, u16>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Choice {
    pub name: String,
    /// One past the last choice nested in it: `under` is `at <= x < end`.
    pub end: u16,
    pub span: Span,
}

impl Enum {
    pub fn new(name: String, doc: Option<String>, choices: Vec<Choice>, span: Span) -> Enum {
        let mut places = BTreeMap::new();
        for (place, choice) in (0..=u16::MAX).zip(&choices) {
            steps::step();
            places.entry(choice.name.clone()).or_insert(place);
        }
        Enum { name, doc, choices, places, span }
    }

    /// The choice of that name.
    pub fn place(&self, name: &str) -> Option<u16> {
        self.places.get(name).copied()
    }

    /// Whether choice `item` is `of` or nested in it.
    pub fn under(&self, item: u16, of: u16) -> bool {
        let end = self.choices.get(usize::from(of)).map_or(0, |choice| choice.end);
        of <= item && item < end
    }

    pub fn choice(&self, at: u16) -> &str {
        self.choices.get(usize::from(at)).map_or("", |choice| choice.name.as_str())
    }
}
