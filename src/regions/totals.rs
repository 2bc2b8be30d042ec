//! Tables of a model: as few rows as a count, a sum or an `any` of it comes to (G2).

use super::completed::About;
use super::space::SpaceQuantity;
use super::witness::KEY;
use crate::facts::{Facts, Row, Rows, Slot};
use crate::policy::{Entity, EntityId, Expr, ExprId, Policy, Table, Type};
use crate::solve::Var;
use crate::text::Span;
use crate::tree::AggregateKind;
use crate::value::{Number, Value};

/// A table of more rows than this is no plain case.
const ROWS: i64 = 9;

impl About<'_> {
    /// Rows of which totals come to what the model says of them; their other cells stay open.
    pub fn totals(&self, policies: &[&Policy], policy: &Policy, facts: &mut Facts) {
        for (var, quantity) in &self.space.quantities {
            let SpaceQuantity::Opaque { side, expr: Some(expr), .. } = quantity else { continue };
            if self.model.rests_on(*var)
                && !self.space.is_hidden(*var)
                && let Some(of) = policies.get(*side)
            {
                self.total((*var, *expr), of, policy, facts);
            }
        }
    }

    /// Tables and fields are those of its version, by name.
    fn total(&self, (var, id): (Var, ExprId), of: &Policy, policy: &Policy, facts: &mut Facts) -> Option<()> {
        let Expr::Aggregate { kind, entity, value, condition: None, .. } = of.exprs.node(id) else {
            return None;
        };
        let entity = policy.entity(&of.entities[*entity].name).filter(|entity| Some(*entity) != self.own)?;
        let decl = &policy.entities[entity];
        match kind {
            AggregateKind::Count => {
                let many = self.model.number(var)?.to_i64().filter(|many| (0..=ROWS).contains(many))?;
                rows(facts, entity, decl, usize::try_from(many).ok()?);
            }
            AggregateKind::Any => rows(facts, entity, decl, usize::from(self.model.choice(var)? == 1)),
            AggregateKind::Sum | AggregateKind::Min | AggregateKind::Max | AggregateKind::Average => {
                let number = self.model.number(var)?.clone();
                let Expr::Field { entity: read, field, .. } = of.exprs.node((*value)?) else { return None };
                let name = &of.entities[*read].fields[*field].name;
                let (field, _) = decl.fields.iter().find(|(_, decl)| decl.name == *name)?;
                let empty = *kind == AggregateKind::Sum && number == Number::ZERO;
                rows(facts, entity, decl, usize::from(!empty));
                let (_, row) = facts.tables[entity].as_mut()?.rows.get_index_mut(0)?;
                row.cells[field] = Slot::fixed(Value::Number(number).into(), Span::default());
            }
            AggregateKind::First | AggregateKind::All => {}
        }
        Some(())
    }
}

/// At least so many rows.
fn rows(facts: &mut Facts, entity: EntityId, decl: &Entity, many: usize) {
    let table = facts.tables[entity].get_or_insert_with(Rows::default);
    for at in table.rows.len()..many {
        let key = if at == 0 { KEY.to_owned() } else { format!("{KEY} {}", at.saturating_add(1)) };
        let mut cells: Table<_, Slot> = decl.fields.values().map(|_| Slot::default()).collect();
        if decl.fields[decl.key].ty == Type::Text {
            cells[decl.key] = Slot::fixed(Value::Text(key.as_str().into()).into(), Span::default());
        }
        table.rows.insert(key.as_str().into(), Row { cells, span: Span::default() });
    }
}
