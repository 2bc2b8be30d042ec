//! A model as a case: facts that the evaluator finds the same of, with nothing among them that could be left out (G2).

use super::Case;
use super::ask::Ask;
use crate::facts::{Act, Facts, Row, Rows, Slot};
use crate::outcome::Point;
use crate::policy::{EntityId, Expr, Fact, Policy, Table, Type};
use crate::regions::space::{Kindred, Quantity, day_of};
use crate::regions::witness::{self, KEY};
use crate::run::{DayDependence, Evaluator, depends_on_day};
use crate::solve::{Model, Worth};
use crate::text::Span;
use crate::value::{Code, Country, Day, Number, Possible, Value};
use std::collections::BTreeMap;

/// Whether it is so at a point, of the row if there is one.
pub(super) type Shows<'s> = &'s dyn Fn(&mut Evaluator<'_>, Option<(EntityId, u32)>, Point) -> bool;

/// What is not in the model is left open, then filled with plain values.
const FILLS: u32 = 4;

/// A product may only be large enough where its factors are.
const SCALES: [i64; 2] = [1_000, 1_000_000_000];

/// Countries that people expect to read, before all others.
const KNOWN: [&str; 6] = ["BR", "IN", "CA", "DE", "CN", "JP"];

pub(super) fn case(ask: &Ask<'_>, model: &Model, shows: Shows<'_>) -> Option<Case> {
    let policy = ask.policy;
    let on = ask.reader.space.today().and_then(|var| model.number(var)).and_then(day_of)?;
    let row = ask.own.map(|entity| (entity, 0));
    let mut facts = witness::facts(&ask.reader.space, model, policy, ask.own)?;
    countries(ask, model, &mut facts);
    acts(ask, model, on, &mut facts);
    let point = Point::new(on, Day::NEVER);
    let tried = |facts: &Facts| {
        allowed(policy, facts, row, point) && shows(&mut Evaluator::new(policy, facts), row, point)
    };
    let found = std::iter::once(facts.clone())
        .chain((0..FILLS).map(|fill| filled(policy, &facts, ask.own, fill)))
        .chain(SCALES.iter().map(|scale| scaled(filled(policy, &facts, ask.own, 1), *scale)))
        .find(|facts| tried(facts))?;
    let facts = smallest(policy, found, &|facts| shows(&mut Evaluator::new(policy, facts), row, point));
    Some(Case { on, dated: true, row, facts })
}

impl Case {
    /// `moves`: whether what it shows depends on the day. A row of a dated entity always has one.
    pub(super) fn on_any_day(
        mut self,
        policy: &Policy,
        moves: impl FnOnce(&DayDependence<'_>) -> bool,
    ) -> Case {
        let own = self.row.is_some_and(|(entity, _)| policy.entities[entity].dated.is_some());
        self.dated = own || moves(&depends_on_day(policy, Some(&self.facts)));
        self
    }
}

/// No `where` of what is stated is false.
fn allowed(policy: &Policy, facts: &Facts, row: Option<(EntityId, u32)>, point: Point) -> bool {
    let mut run = Evaluator::new(policy, facts);
    let mut holds = |decl: &Fact, slot: &Slot, row: Option<(EntityId, u32)>| match decl.condition {
        Some(condition) if !slot.statements.is_empty() => slot.statements.iter().all(|one| {
            let day = if decl.over_time && one.from > point.day { one.from } else { point.day };
            run.value(condition, row, Point::new(day, point.known)).mask().may_be_true()
        }),
        _ => true,
    };
    let plain = policy.facts.iter().all(|(id, decl)| holds(decl, &facts.facts[id], None));
    plain
        && row.is_none_or(|(entity, at)| {
            let cells = facts.tables[entity].as_ref().and_then(|rows| rows.get(at)).map(|row| &row.cells);
            let fields = policy.entities[entity].fields.iter();
            cells.is_none_or(|cells| {
                fields.into_iter().all(|(id, decl)| holds(decl, &cells[id], Some((entity, at))))
            })
        })
}

/// A text that is no country stands for one that the policy does not name.
fn countries(ask: &Ask<'_>, model: &Model, facts: &mut Facts) {
    let policy = ask.policy;
    let named = |country: &Country| {
        policy
            .exprs
            .ids()
            .any(|id| matches!(policy.exprs.node(id), Expr::Const(Value::Country(known)) if known == country))
    };
    let known = KNOWN.iter().filter_map(|text| Country::parse(text));
    let mut free = known.chain(Country::all()).filter(|country| !named(country));
    let mut given: BTreeMap<String, Country> = BTreeMap::new();
    for (var, quantity) in &ask.reader.space.quantities {
        let Quantity::Stated { entity, name, ty: Kindred::Country, .. } = quantity else { continue };
        let Some(Worth::Text(text)) = model.worth(*var) else { continue };
        if Country::parse(text).is_some() {
            continue;
        }
        let Some(country) = given.get(text.as_ref()).copied().or_else(|| free.next()) else { continue };
        given.insert(text.to_string(), country);
        let slot = match (entity, ask.own) {
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
fn acts(ask: &Ask<'_>, model: &Model, on: Day, facts: &mut Facts) {
    let policy = ask.policy;
    for (id, power) in policy.powers.iter() {
        let what = format!("whether an act of {} stands", power.name);
        let stands = ask.reader.space.quantities.iter().any(|(var, quantity)| {
            matches!(quantity, Quantity::Opaque { expr: None, what: known, .. } if *known == what)
                && model.choice(*var) == Some(1)
        });
        let row = match (power.for_each, ask.own) {
            (None, _) => None,
            (Some(entity), Some(own)) if entity == own => Some(0),
            _ => continue,
        };
        if !stands {
            continue;
        }
        let param = |param: &crate::policy::Param| {
            let var = ask.reader.space.quantities.iter().find(|(_, quantity)| {
                matches!(quantity, Quantity::Stated { entity: Some(of), name, .. } if *of == power.name && *name == param.name)
            });
            let worth = var.and_then(|(var, _)| model.number(*var));
            match (worth, &param.ty) {
                (Some(number), Type::Number { .. }) => Value::Number(number.clone()).into(),
                (Some(number), Type::Date) => {
                    day_of(number).map_or_else(|| param.ty.anything(), |day| Value::Date(day).into())
                }
                (Some(number), Type::Duration(_)) => {
                    number.to_i64().map_or_else(|| param.ty.anything(), |count| Value::Duration(count).into())
                }
                _ => param.ty.anything(),
            }
        };
        let params = power.params.iter().map(param).collect();
        facts.acts.push(Act {
            power: id,
            row,
            by: power.holder,
            on,
            known: Day::FIRST,
            params,
            span: Span::default(),
        });
    }
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
        Type::Code => Value::Code(Code::parse("0101")?),
        Type::Row(_) => Value::Row(0),
    })
}

/// The same without what can go: tables, cells, facts, acts, single statements, in this order.
fn smallest(policy: &Policy, mut facts: Facts, shows: &dyn Fn(&Facts) -> bool) -> Facts {
    let attempt = |facts: &mut Facts, change: &dyn Fn(&mut Facts)| {
        let mut less = facts.clone();
        change(&mut less);
        if shows(&less) {
            *facts = less;
        }
    };
    for id in policy.entities.ids().filter(|id| facts.tables[*id].is_some()).collect::<Vec<_>>() {
        attempt(&mut facts, &|less| less.tables[id] = None);
        let Some(rows) = &facts.tables[id] else { continue };
        let cells: Vec<(usize, _)> = rows
            .rows
            .values()
            .enumerate()
            .flat_map(|(at, row)| {
                row.cells.iter().map(move |(field, slot)| (at, field, slot.statements.len()))
            })
            .filter(|(_, field, count)| *count > 0 && *field != policy.entities[id].key)
            .map(|(at, field, _)| (at, field))
            .collect();
        for (at, field) in cells {
            attempt(&mut facts, &|less| {
                if let Some((_, row)) = less.tables[id].as_mut().and_then(|rows| rows.rows.get_index_mut(at))
                {
                    row.cells[field] = Slot::default();
                }
            });
        }
    }
    for at in (0..facts.acts.len()).rev() {
        attempt(&mut facts, &|less| drop(less.acts.remove(at)));
    }
    for id in policy.facts.ids() {
        if !facts.facts[id].statements.is_empty() {
            attempt(&mut facts, &|less| less.facts[id] = Slot::default());
        }
        for at in (0..facts.facts[id].statements.len()).rev() {
            if facts.facts[id].statements.len() > 1 {
                attempt(&mut facts, &|less| drop(less.facts[id].statements.remove(at)));
            }
        }
    }
    facts
}
