//! A model as facts: stated for each version, so that both can be asked (G2).

use super::space::{Kindred, Space, SpaceQuantity, day_of};
use crate::facts::{Facts, Row, Rows, Slot, Statement};
use crate::outcome::Point;
use crate::policy::{EntityId, EnumId, Fact, Policy, Table, Type};
use crate::run::Evaluator;
use crate::solve::{Model, Var, Worth};
use crate::text::Span;
use crate::value::{Country, Day, Mask, Possible, Value};

/// The key of the row a witness is about.
pub const KEY: &str = "witness";

/// Facts of one version that state what the model says; none: a value of it cannot be stated.
/// Without `all`, only what the model rests on.
pub(super) fn facts(
    space: &Space,
    model: &Model,
    policy: &Policy,
    own: Option<EntityId>,
    all: bool,
) -> Option<Facts> {
    let mut facts = Facts::none(policy);
    if let Some(entity) = own {
        let decl = &policy.entities[entity];
        let mut cells: Table<_, Slot> = decl.fields.values().map(|_| Slot::default()).collect();
        let key = Value::Text(KEY.into());
        if decl.fields[decl.key].ty == Type::Text {
            cells[decl.key] = Slot::fixed(key.into(), Span::default());
        }
        let mut rows = Rows::default();
        rows.rows.insert(KEY.into(), Row { cells, span: Span::default() });
        facts.tables[entity] = Some(rows);
    }
    for (var, quantity) in &space.quantities {
        let SpaceQuantity::Stated { entity, name, at, ty } = quantity else { continue };
        if !all && !model.rests_on(*var) {
            continue;
        }
        let unstated = space.unstated.get(var).copied();
        if unstated.is_some_and(|var| model.rests_on(var) && model.choice(var) == Some(1)) {
            continue;
        }
        let Some(value) = value_of(space, model, *var, ty, policy) else { continue };
        let on = match at {
            Some((day, known)) => {
                // What is known from a day on is beyond a witness.
                super::names::worth_of(model, known)?;
                Some(super::names::worth_of(model, day).as_ref().and_then(day_of)?)
            }
            None => None,
        };
        match entity {
            None => {
                let found = policy.facts.iter().find(|(_, fact)| fact.name == *name);
                if let Some((id, decl)) = found {
                    put(&mut facts.facts[id], decl, value, on);
                }
            }
            Some(entity) => {
                let Some(own) = own.filter(|own| policy.entities[*own].name == *entity) else { continue };
                let fields = &policy.entities[own].fields;
                let Some((id, decl)) = fields.iter().find(|(_, field)| field.name == *name) else { continue };
                if let Some(row) = facts.tables[own].as_mut().and_then(|rows| rows.rows.get_mut(KEY)) {
                    put(&mut row.cells[id], decl, value, on);
                }
            }
        }
    }
    // A statement that repeats the one before it says nothing.
    let rows = facts.tables.values_mut().flatten().flat_map(|rows| rows.rows.values_mut());
    for slot in facts.facts.values_mut().chain(rows.flat_map(|row| row.cells.values_mut())) {
        slot.statements.dedup_by(|later, earlier| later.value == earlier.value);
    }
    for (id, decl) in policy.facts.iter() {
        stated_so(policy, decl, &mut facts.facts[id])?;
    }
    for (id, entity) in policy.entities.iter() {
        for row in facts.tables[id].iter_mut().flat_map(|rows| rows.rows.values_mut()) {
            for (field, decl) in entity.fields.iter() {
                stated_so(policy, decl, &mut row.cells[field])?;
            }
        }
    }
    Some(facts)
}

/// What may not fall (T3) and is less than its default was so always. A day that does not matter is any day in the model: what
/// would fall on it is left out. None: it falls all the same.
fn stated_so(policy: &Policy, decl: &Fact, slot: &mut Slot) -> Option<()> {
    let rises = |statements: &[Statement]| crate::facts::falls(policy, decl, statements).is_none();
    if rises(&slot.statements) {
        return Some(());
    }
    let mut always = slot.statements.clone();
    always.first_mut()?.from = Day::FIRST;
    let places = (0..slot.statements.len()).filter(|_| slot.statements.len() > 1);
    let without = |at: usize| {
        let mut less = slot.statements.clone();
        let gone = less.remove(at);
        if let (0, Some(first)) = (at, less.first_mut()) {
            first.from = gone.from;
        }
        less.dedup_by(|later, earlier| later.value == earlier.value);
        less
    };
    let mut tried = std::iter::once(always).chain(places.map(without));
    slot.statements = tried.find(|statements| rises(statements))?;
    Some(())
}

fn put(slot: &mut Slot, decl: &Fact, value: Value, on: Option<Day>) {
    let from = on.filter(|day| decl.over_time && !day.is_never()).unwrap_or(Day::FIRST);
    if slot.statements.iter().any(|known| known.from == from) {
        return;
    }
    let (known, span) = (Day::FIRST, Span::default());
    slot.statements.push(Statement { from, known, value: Possible::One(value), span });
    slot.statements.sort_by_key(|one| one.from);
}

/// The value of a variable as the policy has it.
pub(super) fn value_of(
    space: &Space,
    model: &Model,
    var: Var,
    ty: &Kindred,
    policy: &Policy,
) -> Option<Value> {
    Some(match (ty, model.worth(var)?) {
        (Kindred::Number, Worth::Number(number)) => Value::Number(number.clone()),
        (Kindred::Day, Worth::Number(number)) => Value::Date(day_of(number)?),
        (Kindred::Duration, Worth::Number(number)) => Value::Duration(number.to_i64()?),
        (Kindred::Bool, Worth::Choice(at)) => Value::Bool(*at == 1),
        (Kindred::Choice(list), Worth::Choice(at)) => {
            let name = space.choices.get(list)?.get(*at as usize)?;
            Value::Choice(choice_at(policy, list, name)?)
        }
        (Kindred::Code, Worth::Code(code)) => Value::Code(*code),
        (Kindred::Country, Worth::Text(text)) => Value::Country(Country::parse(text)?),
        (Kindred::Text, Worth::Text(text)) => Value::Text(text.as_ref().into()),
        _ => return None,
    })
}

fn choice_at(policy: &Policy, list: &str, name: &str) -> Option<u16> {
    let (_, list): (EnumId, _) = policy.enums.iter().find(|(_, known)| known.name == list)?;
    list.place(name)
}

/// No `where` of what is stated is certainly false (V7), and nothing falls that may not (T3): a facts file may say it.
pub(super) fn allowed(policy: &Policy, facts: &Facts, on: Day) -> bool {
    let mut run = Evaluator::new(policy, facts);
    let mut holds = |decl: &Fact, slot: &Slot, row| stands(&mut run, decl, slot, row, on);
    let plain = policy.facts.iter().all(|(id, decl)| holds(decl, &facts.facts[id], None));
    plain
        && policy.entities.iter().all(|(entity, decl)| {
            let rows = facts.tables[entity].as_ref().map(|table| table.rows.values());
            (0u32..).zip(rows.into_iter().flatten()).all(|(at, row)| {
                decl.fields.iter().all(|(field, decl)| holds(decl, &row.cells[field], Some((entity, at))))
            })
        })
}

/// Whether what is stated in a slot is within its `where`, as far as that can be said.
pub(super) fn accepts(policy: &Policy, facts: &Facts, row: Option<(EntityId, u32)>, decl: &Fact) -> bool {
    let slot = match row {
        None => policy.facts.iter().find(|(_, fact)| fact.name == decl.name).map(|(id, _)| &facts.facts[id]),
        Some((entity, at)) => {
            let fields = &policy.entities[entity].fields;
            let field = fields.iter().find(|(_, field)| field.name == decl.name);
            let row = facts.tables[entity].as_ref().and_then(|table| table.rows.get_index(at as usize));
            field.zip(row).map(|((id, _), (_, row))| &row.cells[id])
        }
    };
    slot.is_none_or(|slot| stands(&mut Evaluator::new(policy, facts), decl, slot, row, Day::FIRST))
}

fn stands(run: &mut Evaluator<'_>, decl: &Fact, slot: &Slot, row: Option<(EntityId, u32)>, on: Day) -> bool {
    if crate::facts::falls(run.policy, decl, &slot.statements).is_some() {
        return false;
    }
    decl.condition.is_none_or(|condition| {
        slot.statements.iter().all(|one| {
            let day = if decl.over_time && one.from > on { one.from } else { on };
            run.value(condition, row, Point::new(day, Day::NEVER)).mask() != Mask::FALSE
        })
    })
}
