//! Facts of which much is open, and their completions, made from a list of choices.

use super::random::Choices;
use crate::facts::{Facts, Row, Rows, Slot, Statement};
use crate::policy::*;
use crate::text::Span;
use crate::value::{Dates, Day, Interval, Number, Possible, Value};

/// Facts of which much is open.
pub fn facts(policy: &Policy, c: &mut Choices) -> Facts {
    let mut facts = Facts::none(policy);
    for (id, decl) in policy.facts.iter() {
        facts.facts[id] = slot(decl, c);
    }
    for (entity, decl) in policy.entities.iter() {
        if c.one_in(4) {
            continue;
        }
        let mut table = Rows::default();
        for key in ["a", "b", "c"].iter().take(c.pick(4)) {
            table.rows.insert((*key).into(), row(decl, key, |decl| slot(decl, c)));
        }
        facts.tables[entity] = Some(table);
    }
    if c.one_in(3) {
        facts.stated_through = Some(c.day());
    }
    facts
}

fn row(decl: &Entity, key: &str, mut cell: impl FnMut(&Fact) -> Slot) -> Row {
    let key = Slot::fixed(Value::Text(key.into()).into(), Span::default());
    let cells = decl.fields.iter().map(|(id, field)| if id == decl.key { key.clone() } else { cell(field) });
    Row { cells: cells.collect(), span: Span::default() }
}

fn slot(decl: &Fact, c: &mut Choices) -> Slot {
    let mut statements: Vec<Statement> = Vec::new();
    let count = if decl.over_time { c.pick(4) } else { c.pick(3).min(1) };
    let mut least = None;
    for _ in 0..count {
        let from = if decl.over_time && !c.one_in(3) { c.day() } else { Day::FIRST };
        let known = if decl.over_time && !decl.cumulative && c.one_in(3) { c.day() } else { Day::FIRST };
        if statements.iter().any(|other| (other.from, other.known) == (from, known)) {
            continue;
        }
        statements.push(Statement { from, known, value: possible(&decl.ty, c), span: Span::default() });
    }
    statements.sort_by_key(|statement| (statement.from, statement.known));
    if decl.cumulative {
        // It never decreases.
        for statement in &mut statements {
            let range = statement.value.as_numbers().unwrap();
            let floor = Interval::new(least.clone(), None).unwrap();
            let range = range.max(&floor);
            least = range.hi().or(range.lo()).cloned().or(least);
            statement.value = Possible::numbers(range);
        }
    }
    Slot { statements }
}

fn possible(ty: &Type, c: &mut Choices) -> Possible {
    let exact = !c.one_in(2);
    match ty {
        Type::Number { .. } => {
            let (a, b) = (c.number(), c.number());
            match c.pick(4) {
                _ if exact => Possible::number(a),
                0 => Possible::numbers(Interval::between(a.clone().min(b.clone()), a.max(b)).unwrap()),
                1 => Possible::Numbers(Interval::at_least(a)),
                2 => Possible::Numbers(Interval::at_most(a)),
                _ => Possible::Numbers(Interval::all()),
            }
        }
        Type::Bool if exact => Possible::bool(c.one_in(2)),
        Type::Bool => Possible::Bools,
        Type::Date => {
            let (a, b) = (c.date(), c.date());
            if exact {
                Possible::date(a)
            } else {
                let days = Dates::between(a.min(b), a.max(b)).unwrap();
                Possible::dates(if c.one_in(3) { days.hull(&Dates::point(Day::NEVER)) } else { days })
            }
        }
        _ => Possible::Any,
    }
}

/// One value of a set.
fn single(ty: &Type, possible: &Possible, c: &mut Choices) -> Possible {
    match possible {
        Possible::Numbers(range) => {
            let number = c.number();
            Possible::number(within(number, range.lo().cloned(), range.hi().cloned()))
        }
        Possible::Bools => Possible::bool(c.one_in(2)),
        Possible::Dates(range) => {
            let date = c.date();
            let days = range.days().map(|(first, last)| date.max(first).min(last));
            let never = range.may_be_never() && c.one_in(2);
            Possible::date(days.filter(|_| !never).unwrap_or(Day::NEVER))
        }
        Possible::Any if *ty == Type::Text => Possible::One(Value::Text("a".into())),
        other => other.clone(),
    }
}

fn within(number: Number, lo: Option<Number>, hi: Option<Number>) -> Number {
    let number = lo.map_or(number.clone(), |lo| number.max(lo));
    hi.map_or(number.clone(), |hi| number.min(hi))
}

fn the_number(possible: &Possible) -> Number {
    match possible {
        Possible::One(Value::Number(number)) => number.clone(),
        other => panic!("{other:?}"),
    }
}

/// The same facts with more known: with `all`, everything.
pub fn narrowed(policy: &Policy, facts: &Facts, c: &mut Choices, all: bool) -> Facts {
    let mut narrow = facts.clone();
    let through = facts.stated_through;
    // After `stated through` everything is stated too, or nothing new is.
    let ends = all || c.one_in(2);
    if ends {
        narrow.stated_through = None;
    }
    for (id, decl) in policy.facts.iter() {
        complete(&mut narrow.facts[id], decl, through.filter(|_| ends), c, all);
    }
    for (entity, decl) in policy.entities.iter() {
        match &mut narrow.tables[entity] {
            Some(table) => {
                for row in table.rows.values_mut() {
                    for (field, decl) in decl.fields.iter() {
                        complete(&mut row.cells[field], decl, through.filter(|_| ends), c, all);
                    }
                }
            }
            none => {
                if all || c.one_in(2) {
                    let mut table = Rows::default();
                    for key in ["a", "b", "c"].iter().take(c.pick(4)) {
                        let made = row(decl, key, |decl| {
                            let mut slot = slot(decl, c);
                            complete(&mut slot, decl, None, c, all);
                            slot
                        });
                        table.rows.insert((*key).into(), made);
                    }
                    *none = Some(table);
                }
            }
        }
    }
    narrow
}

fn complete(slot: &mut Slot, decl: &Fact, through: Option<Day>, c: &mut Choices, all: bool) {
    let sure = |c: &mut Choices| all || c.one_in(2);
    let before: Vec<Possible> = slot.statements.iter().map(|statement| statement.value.clone()).collect();
    for (at, was) in before.iter().enumerate() {
        if !sure(c) {
            continue;
        }
        let mut value = single(&decl.ty, was, c);
        if decl.cumulative {
            // Not below what came before, not above what comes after.
            let least =
                slot.statements[..at].iter().filter_map(|s| s.value.as_numbers()?.lo().cloned()).max();
            let most =
                slot.statements[at + 1..].iter().filter_map(|s| s.value.as_numbers()?.hi().cloned()).min();
            value = Possible::number(within(the_number(&value), least, most));
            if !was.covers(&value) {
                value = was.clone();
            }
        }
        slot.statements[at].value = value;
    }
    let statement = |from, value| Statement { from, known: Day::FIRST, value, span: Span::default() };
    let first =
        slot.statements.first().is_some_and(|first| first.from == Day::FIRST && first.known == Day::FIRST);
    if !first && decl.default.is_none() && sure(c) {
        let mut value = single(&decl.ty, &decl.ty.anything(), c);
        if decl.cumulative {
            let least = slot.statements.iter().filter_map(|s| s.value.as_numbers()?.lo().cloned()).min();
            value = Possible::number(within(the_number(&value), None, least));
        }
        slot.statements.insert(0, statement(Day::FIRST, value));
    }
    // What comes after the facts end.
    let Some(through) = through.filter(|_| decl.over_time) else { return };
    let next = through.next();
    let covered = slot.statements.iter().any(|s| s.from == next);
    let stated = decl.default.is_some() || slot.statements.iter().any(|s| s.from <= through);
    if covered || !stated {
        return;
    }
    let mut value = single(&decl.ty, &decl.ty.anything(), c);
    if decl.cumulative {
        let ends = |later: bool| {
            let of = slot.statements.iter().filter(move |s| (s.from > through) == later);
            of.filter_map(move |s| {
                let range = s.value.as_numbers()?;
                if later { range.lo().cloned() } else { range.hi().or(range.lo()).cloned() }
            })
        };
        let (least, most) = (ends(false).max(), ends(true).min());
        value = Possible::number(within(the_number(&value), least, most));
    }
    slot.statements.push(statement(next, value));
    slot.statements.sort_by_key(|statement| (statement.from, statement.known));
}
