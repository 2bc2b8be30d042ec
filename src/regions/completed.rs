//! Facts of a model made complete: what no variable stands for gets plain values, in one way after the other (G2).

use super::space::{Kindred, Space, SpaceQuantity, day_of};
use super::witness::KEY;
use crate::facts::{Act, Facts, Row, Rows, Slot};
use crate::policy::{EntityId, Expr, Fact, Policy, Table, Type};
use crate::solve::{Model, Worth};
use crate::text::Span;
use crate::value::{Code, Country, Day, Number, Possible, Value};
use std::collections::BTreeMap;

/// What is not in the model is left open, then filled with plain values.
const FILLS: u32 = 4;

/// A product may only be large enough where its factors are.
const SCALES: [i64; 2] = [1_000, 1_000_000_000];

/// Countries that people expect to read, before all others.
const KNOWN: [&str; 6] = ["BR", "IN", "CA", "DE", "CN", "JP"];

/// What is done about what the model does not state.
#[derive(Clone, Copy)]
pub(super) enum Completion {
    /// It stays open.
    Open,
    /// It gets plain values, of several kinds.
    Filled(u32),
    /// Amounts are made large besides.
    Scaled(i64),
}

impl Completion {
    /// The plainest first.
    pub fn all() -> impl Iterator<Item = Completion> {
        let filled = (0..FILLS).map(Completion::Filled);
        std::iter::once(Completion::Open).chain(filled).chain(SCALES.iter().copied().map(Completion::Scaled))
    }

    pub fn completed(self, policy: &Policy, facts: &Facts, own: Option<EntityId>) -> Facts {
        match self {
            Completion::Open => facts.clone(),
            Completion::Filled(fill) => filled(policy, facts, own, fill),
            Completion::Scaled(scale) => scaled(filled(policy, facts, own, 1), scale),
        }
    }
}

/// A model, and what is asked about at it.
pub(super) struct About<'a> {
    pub space: &'a Space,
    pub model: &'a Model,
    pub own: Option<EntityId>,
    pub on: Day,
}

impl About<'_> {
    /// A text that is no country stands for one that the policy does not name.
    pub fn countries(&self, policy: &Policy, named_in: &[&Policy], facts: &mut Facts) {
        let named = |country: &Country| {
            named_in.iter().any(|policy| {
                policy.exprs.ids().any(
                |id| matches!(policy.exprs.node(id), Expr::Const(Value::Country(known)) if known == country),
            )
            })
        };
        let known = KNOWN.iter().filter_map(|text| Country::parse(text));
        let mut free = known.chain(Country::all()).filter(|country| !named(country));
        let mut given: BTreeMap<String, Country> = BTreeMap::new();
        for (var, quantity) in &self.space.quantities {
            let SpaceQuantity::Stated { entity, name, ty: Kindred::Country, .. } = quantity else { continue };
            let Some(Worth::Text(text)) = self.model.worth(*var) else { continue };
            if Country::parse(text).is_some() {
                continue;
            }
            let Some(country) = given.get(text.as_ref()).copied().or_else(|| free.next()) else { continue };
            given.insert(text.to_string(), country);
            let slot = match (entity, self.own) {
                (None, _) => policy.fact(name).map(|id| &mut facts.facts[id]),
                (Some(entity), Some(own)) if *entity == policy.entities[own].name => {
                    let field = policy.entities[own].fields.iter().find(|(_, field)| field.name == *name);
                    let row = facts.tables[own].as_mut().and_then(|rows| rows.rows.get_mut(KEY));
                    field.zip(row).map(|((id, _), row)| &mut row.cells[id])
                }
                _ => None,
            };
            if let Some(slot) = slot {
                *slot = Slot::fixed(Value::Country(country).into(), Span::default());
            }
        }
    }

    /// One act of each power that the model wants to stand.
    pub fn acts(&self, policy: &Policy, facts: &mut Facts) {
        for (id, power) in policy.powers.iter() {
            let what = format!("whether an act of {} stands", power.name);
            let stands = self.space.quantities.iter().any(|(var, quantity)| {
                matches!(quantity, SpaceQuantity::Opaque { expr: None, what: known, .. } if *known == what)
                    && self.model.choice(*var) == Some(1)
            });
            let row = match (power.for_each, self.own) {
                (None, _) => None,
                (Some(entity), Some(own)) if entity == own => Some(0),
                _ => continue,
            };
            if !stands {
                continue;
            }
            let param = |param: &crate::policy::Param| {
                let var = self.space.quantities.iter().find(|(_, quantity)| {
                matches!(quantity, SpaceQuantity::Stated { entity: Some(of), name, .. } if is_of(of, &power.name) && *name == param.name)
            });
                let worth = var.and_then(|(var, _)| self.model.number(*var));
                match (worth, &param.ty) {
                    (Some(number), Type::Number { .. }) => Value::Number(number.clone()).into(),
                    (Some(number), Type::Date) => {
                        day_of(number).map_or_else(|| param.ty.anything(), |day| Value::Date(day).into())
                    }
                    (Some(number), Type::Duration(_)) => number
                        .to_i64()
                        .map_or_else(|| param.ty.anything(), |count| Value::Duration(count).into()),
                    _ => param.ty.anything(),
                }
            };
            let params = power.params.iter().map(param).collect();
            facts.acts.push(Act {
                power: id,
                row,
                by: power.held_by.acting(),
                on: self.on,
                known: Day::FIRST,
                params,
                span: Span::default(),
            });
        }
    }
}

/// Whether parameters called after this are those of a power: of its acts on either side, or on one.
fn is_of(owner: &str, power: &str) -> bool {
    owner.strip_prefix(power).is_some_and(|rest| rest.is_empty() || rest.starts_with(" ("))
}

/// What is not stated gets plain values: nothing and no, one and yes, much, little.
fn filled(policy: &Policy, facts: &Facts, own: Option<EntityId>, fill: u32) -> Facts {
    let mut facts = facts.clone();
    for (id, decl) in policy.facts.iter() {
        fill_slot(&mut facts.facts[id], decl, fill);
    }
    // Rows that others point to: one of each table.
    let mut wanted: Vec<EntityId> = own.into_iter().collect();
    let mut at = 0;
    while let Some(entity) = wanted.get(at).copied() {
        at = at.saturating_add(1);
        for field in policy.entities[entity].fields.values() {
            if let Type::Row(other) = field.ty
                && !wanted.contains(&other)
            {
                wanted.push(other);
            }
        }
    }
    for (id, entity) in policy.entities.iter() {
        let table = facts.tables[id].get_or_insert_with(Rows::default);
        if wanted.contains(&id) && table.rows.is_empty() {
            let cells: Table<_, Slot> = entity.fields.values().map(|_| Slot::default()).collect();
            table.rows.insert(KEY.into(), Row { cells, span: Span::default() });
        }
        for row in table.rows.values_mut() {
            for (field, decl) in entity.fields.iter() {
                if field != entity.key {
                    fill_slot(&mut row.cells[field], decl, fill);
                } else if row.cells[field].statements.is_empty() && decl.ty == Type::Text {
                    row.cells[field] = Slot::fixed(Value::Text(KEY.into()).into(), Span::default());
                }
            }
        }
    }
    facts
}

/// Amounts so many times as large, and nothing as large as that.
fn scaled(mut facts: Facts, scale: i64) -> Facts {
    let by = Number::from(scale);
    let larger = |slot: &mut Slot| {
        for one in &mut slot.statements {
            if let Possible::One(Value::Number(number)) = &one.value
                && let Ok(product) = number.mul(&by)
            {
                let number = if number.is_zero() { by.clone() } else { product };
                one.value = Value::Number(number).into();
            }
        }
    };
    facts.facts.values_mut().for_each(larger);
    let rows = facts.tables.values_mut().flatten().flat_map(|table| table.rows.values_mut());
    rows.flat_map(|row| row.cells.values_mut()).for_each(larger);
    facts
}

fn fill_slot(slot: &mut Slot, decl: &Fact, fill: u32) {
    if slot.statements.is_empty()
        && decl.default.is_none()
        && let Some(value) = plain(&decl.ty, fill)
    {
        *slot = Slot::fixed(value.into(), Span::default());
    }
}

fn plain(ty: &Type, fill: u32) -> Option<Value> {
    Some(match ty {
        Type::Number { .. } => Value::Number(match fill {
            0 => Number::ZERO,
            1 => Number::ONE,
            2 => Number::from(1_000_000_000_000_i64),
            _ => Number::from_ratio(1, 100).ok()?,
        }),
        Type::Bool => Value::Bool(fill == 1 || fill == 2),
        Type::Date => Value::Date(match fill {
            0 | 3 => Day::from_ymd(2026, 1, 1)?,
            1 => Day::NEVER,
            _ => Day::from_ymd(2000, 1, 3)?,
        }),
        Type::Duration(_) => Value::Duration(i64::from(fill)),
        Type::Enum(_) => Value::Choice(u16::from(fill == 1)),
        Type::Text => Value::Text("witness".into()),
        Type::Country => Value::Country(KNOWN.first().and_then(|text| Country::parse(text))?),
        Type::Code => Value::Code(Code::of_digits("0101")?),
        Type::Row(_) => Value::Row(0),
    })
}
