//! Facts of a model made complete: what no variable stands for gets plain values, in one way after the other (G2).

use super::space::{Kindred, Space, SpaceQuantity, day_of};
use super::witness::{KEY, accepts, value_of};
use crate::facts::{Act, Facts, Row, Rows, Slot};
use crate::policy::{EntityId, Expr, Fact, FactId, FieldId, Policy, Table, Type};
use crate::solve::{Model, Var, Worth};
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

    /// The acts that the model wants to have an effect.
    pub fn acts(&self, policy: &Policy, facts: &mut Facts) {
        for one in &self.space.acts {
            let active = |var: &Var| self.model.rests_on(*var) && self.model.choice(*var) == Some(1);
            let Some((id, power)) = policy.powers.iter().find(|(_, power)| power.name == one.power) else {
                continue;
            };
            let row = match (power.for_each, self.own) {
                (None, _) => None,
                (Some(entity), Some(own)) if entity == own => Some(0),
                _ => continue,
            };
            if !one.active.iter().any(active) {
                continue;
            }
            let param = |param: &crate::policy::Param| -> Possible {
                let var = one.params.iter().find(|(name, _)| *name == param.name).map(|(_, var)| *var);
                let value = var.and_then(|var| {
                    let SpaceQuantity::Stated { ty, .. } = self.space.quantities.get(&var)? else {
                        return None;
                    };
                    value_of(self.space, self.model, var, ty, policy)
                });
                value.map_or_else(|| param.ty.anything(), Into::into)
            };
            let day = self.model.number(one.day).and_then(day_of).filter(|day| !day.is_never());
            let act = Act {
                power: id,
                row,
                by: power.held_by.acting(),
                on: day.unwrap_or(self.on),
                known: Day::FIRST,
                params: power.params.iter().map(param).collect(),
                span: Span::default(),
            };
            let stated = |known: &Act| {
                (known.power, known.row, known.on, &known.params) == (act.power, act.row, act.on, &act.params)
            };
            if !facts.acts.iter().any(stated) {
                facts.acts.push(act);
            }
        }
        facts.acts.sort_by_key(|act| act.on);
    }
}

/// What is not stated gets plain values: nothing and no, one and yes, much, little.
fn filled(policy: &Policy, facts: &Facts, own: Option<EntityId>, fill: u32) -> Facts {
    let mut facts = facts.clone();
    let mut slots = Vec::new();
    for (id, decl) in policy.facts.iter() {
        if fill_slot(&mut facts.facts[id], decl, fill) {
            slots.push(FilledSlot::Fact(id));
        }
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
        for (at, row) in (0u32..).zip(table.rows.values_mut()) {
            for (field, decl) in entity.fields.iter() {
                if field != entity.key {
                    if fill_slot(&mut row.cells[field], decl, fill) {
                        slots.push(FilledSlot::Cell(id, at, field));
                    }
                } else if row.cells[field].statements.is_empty() && decl.ty == Type::Text {
                    row.cells[field] = Slot::fixed(Value::Text(KEY.into()).into(), Span::default());
                }
            }
        }
    }
    mended(policy, &mut facts, &slots);
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

fn fill_slot(slot: &mut Slot, decl: &Fact, fill: u32) -> bool {
    if slot.statements.is_empty()
        && decl.default.is_none()
        && let Some(value) = plain(&decl.ty, fill)
    {
        *slot = Slot::fixed(value.into(), Span::default());
        return true;
    }
    false
}

/// What was filled in and its `where` refuses is made another value, and left open if none is found.
fn mended(policy: &Policy, facts: &mut Facts, slots: &[FilledSlot]) {
    for place in slots {
        let Some(decl) = place.decl(policy).filter(|decl| decl.condition.is_some()) else { continue };
        let mut tried = place.candidates(policy, decl);
        loop {
            if accepts(policy, facts, place.at(), decl) {
                break;
            }
            let next = tried.next();
            let Some(slot) = place.slot(facts) else { break };
            match next {
                Some(value) => *slot = Slot::fixed(value.into(), Span::default()),
                None => {
                    *slot = Slot::default();
                    break;
                }
            }
        }
    }
}

/// A slot that was filled in.
enum FilledSlot {
    Fact(FactId),
    Cell(EntityId, u32, FieldId),
}

impl FilledSlot {
    fn decl<'p>(&self, policy: &'p Policy) -> Option<&'p Fact> {
        match self {
            FilledSlot::Fact(id) => policy.facts.try_get(*id),
            FilledSlot::Cell(entity, _, field) => policy.entities[*entity].fields.try_get(*field),
        }
    }

    fn slot<'f>(&self, facts: &'f mut Facts) -> Option<&'f mut Slot> {
        match self {
            FilledSlot::Fact(id) => Some(&mut facts.facts[*id]),
            FilledSlot::Cell(entity, row, field) => {
                let table = facts.tables[*entity].as_mut()?;
                let (_, row) = table.rows.get_index_mut(*row as usize)?;
                Some(&mut row.cells[*field])
            }
        }
    }

    fn at(&self) -> Option<(EntityId, u32)> {
        match self {
            FilledSlot::Fact(_) => None,
            FilledSlot::Cell(entity, row, _) => Some((*entity, *row)),
        }
    }

    /// Plain values, then those that the `where` itself names, and their neighbours.
    fn candidates(&self, policy: &Policy, decl: &Fact) -> impl Iterator<Item = Value> + use<> {
        let mut all: Vec<Value> = (0..FILLS).filter_map(|fill| plain(&decl.ty, fill)).collect();
        let (mut open, mut numbers) = (Vec::from_iter(decl.condition), Vec::new());
        while let Some(id) = open.pop() {
            match policy.exprs.node(id) {
                Expr::Const(Value::Number(number)) => numbers.push(number.clone()),
                Expr::Const(value) => all.push(value.clone()),
                _ => policy.exprs.operands(id, |operand| open.push(operand)),
            }
        }
        for number in &numbers {
            let beside = [number.add(&Number::ONE), number.sub(&Number::ONE)];
            let between = numbers
                .iter()
                .filter_map(|other| number.add(other).and_then(|sum| sum.div(&Number::from(2))).ok());
            let near = std::iter::once(number.clone()).chain(beside.into_iter().flatten()).chain(between);
            all.extend(near.map(Value::Number));
        }
        all.retain(|value| fits(&decl.ty, value));
        all.into_iter()
    }
}

fn fits(ty: &Type, value: &Value) -> bool {
    matches!(
        (ty, value),
        (Type::Number { .. }, Value::Number(_))
            | (Type::Bool, Value::Bool(_))
            | (Type::Date, Value::Date(_))
            | (Type::Duration(_), Value::Duration(_))
            | (Type::Enum(_), Value::Choice(_))
            | (Type::Text, Value::Text(_))
            | (Type::Country, Value::Country(_))
            | (Type::Code, Value::Code(_))
    )
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
