//! What an expression in the frame of a row depends on.

use crate::policy::{EntityId, Expr, ExprId, FieldId, Policy};
use crate::run::DayDependence;
use std::collections::BTreeMap;

/// What is asked of an expression before it is worked out once for all rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Uses {
    /// The row, or a parameter of a function.
    pub row: bool,
    /// The day of the point.
    pub day: bool,
    /// Which fields of the row, if that is all that it reads of it.
    pub fields: FieldsRead,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum FieldsRead {
    #[default]
    None,
    One(FieldId),
    /// More than one, or other things of the row.
    Many,
}

impl FieldsRead {
    fn and(self, other: FieldsRead) -> FieldsRead {
        match (self, other) {
            (FieldsRead::None, fields) | (fields, FieldsRead::None) => fields,
            (FieldsRead::One(one), FieldsRead::One(other)) if one == other => self,
            _ => FieldsRead::Many,
        }
    }
}

impl Uses {
    fn and(self, other: Uses) -> Uses {
        let fields = self.fields.and(other.fields);
        Uses { row: self.row || other.row, day: self.day || other.day, fields }
    }

    /// Everything.
    const ALL: Uses = Uses { row: true, day: true, fields: FieldsRead::Many };
}

/// Deeper than this nothing is looked for.
const DEEP: u32 = 300;

#[derive(Debug)]
pub(super) struct UseAnalysis<'p> {
    policy: &'p Policy,
    entity: EntityId,
    days: DayDependence<'p>,
    known: BTreeMap<ExprId, Uses>,
    depth: u32,
}

impl<'p> UseAnalysis<'p> {
    pub fn new(policy: &'p Policy, entity: EntityId, days: DayDependence<'p>) -> UseAnalysis<'p> {
        UseAnalysis { policy, entity, days, known: BTreeMap::new(), depth: 0 }
    }

    /// `inside`: it stands in a function, whose parameters are its places.
    pub fn of(&mut self, id: ExprId, inside: bool) -> Uses {
        if let Some(known) = self.known.get(&id) {
            return *known;
        }
        if self.depth >= DEEP {
            return Uses::ALL;
        }
        self.depth += 1;
        let uses = self.node(id, inside);
        self.depth -= 1;
        self.known.insert(id, uses);
        uses
    }

    fn node(&mut self, id: ExprId, inside: bool) -> Uses {
        let policy = self.policy;
        match policy.exprs.node(id) {
            Expr::Const(_) => Uses::default(),
            Expr::Today => Uses { day: true, ..Uses::default() },
            // Places further up are rows of aggregates, which are bound inside them.
            Expr::Local(place) if inside || *place == 0 => Uses { day: false, ..Uses::ALL },
            Expr::Local(_) => Uses::default(),
            // What other rows left to the row.
            Expr::Running(_) => Uses::ALL,
            // The day of a row of a dated entity may be read with it; a default reads other fields.
            Expr::Field { entity, row, field }
                if *entity == self.entity
                    && matches!(policy.exprs.node(*row), Expr::Local(0))
                    && !inside
                    && policy.entities[*entity].fields[*field].default.is_none() =>
            {
                let day = policy.entities[*entity].fields[*field].over_time;
                Uses { row: true, day, fields: FieldsRead::One(*field) }
            }
            Expr::Define { id: define, row } => match policy.defines[*define].for_each {
                Some(entity) if entity == self.entity => Uses::ALL,
                _ => self.plain(id, row.as_slice(), inside),
            },
            Expr::Outcome { id: outcome, row } => match policy.outcomes[*outcome].for_each {
                Some(entity) if entity == self.entity => Uses::ALL,
                _ => self.plain(id, row.as_slice(), inside),
            },
            Expr::AsOf { value, day } => {
                let (value, day) = (self.of(*value, inside), self.of(*day, inside));
                Uses { day: day.day, ..value.and(day) }
            }
            Expr::By { condition, day } => {
                let both = self.of(*condition, inside).and(self.of(*day, inside));
                Uses { day: true, ..both }
            }
            Expr::Call { args, .. } => self.plain(id, args, inside),
            _ => {
                let operands = policy.exprs.parts(id);
                self.plain(id, &operands, inside)
            }
        }
    }

    /// What is asked of `run` about the days, and of the operands.
    fn plain(&mut self, id: ExprId, operands: &[ExprId], inside: bool) -> Uses {
        let own = Uses { day: self.days.expr(id), ..Uses::default() };
        operands.iter().fold(own, |uses, operand| uses.and(self.of(*operand, inside)))
    }
}
