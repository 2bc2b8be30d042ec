//! Generated policies as the library has them: compiled, with what is stated of them bound, opened and completed.

use crate::diag;
use crate::facts::{Facts, Row, Rows, Slot, Statement, bind};
use crate::formats::{Format, facts};
use crate::generator::{ANNEXES, CODES, COUNTRIES, DAYS, Dice, Features, Made, NUMBERS, Stated, made};
use crate::policy::{Entity, Fact, Policy, Table, Type};
use crate::stated_lines;
use crate::text::{Files, Sources, Span};
use crate::value::{Code, Country, Dates, Day, Interval, Number, Possible, Value};

/// A text beside its annexes, and the rows of `entry`.
pub(crate) struct Texts<'t>(pub &'t str, pub &'t str);

impl Files for Texts<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        let annex = ANNEXES.iter().find(|(name, _)| *name == path);
        match (path, annex) {
            ("p.comity", _) => Ok(self.0.to_owned()),
            ("entry.csv", _) => Ok(self.1.to_owned()),
            (_, Some((_, text))) => Ok((*text).to_owned()),
            _ => Err("no such text".to_owned()),
        }
    }
}

pub(crate) fn policy_of(text: &str) -> Result<Policy, String> {
    let compiled = crate::compile::compile("p.comity", &Texts(text, ""), &mut Sources::new());
    compiled
        .map(|compiled| compiled.policy)
        .map_err(|said| said.iter().map(|one| one.message.clone()).collect::<Vec<_>>().join("\n"))
}

pub(crate) fn policy(text: &str) -> Policy {
    policy_of(text).unwrap_or_else(|said| panic!("{said}\n{text}"))
}

/// A policy that checks, some of its features left out.
pub(crate) fn world(dice: &mut Dice, features: Features) -> Option<(Made, Policy)> {
    let features = if dice.one_in(2) { features } else { features.some(dice) };
    let made = made(dice, features);
    let policy = unless_circle(&made.policy)?;
    Some((made, policy))
}

/// The policy of a text of the dice. Names are read at random: some go in a circle, and nothing else may be wrong with any.
pub(crate) fn unless_circle(text: &str) -> Option<Policy> {
    let compiled = crate::compile::compile("p.comity", &Texts(text, ""), &mut Sources::new());
    match compiled {
        Ok(compiled) => Some(compiled.policy),
        Err(said) => {
            let other = said.iter().find(|one| one.is_error() && one.code != diag::Code::Circle);
            assert!(other.is_none(), "{}\n{text}", other.map_or("", |one| &one.message));
            None
        }
    }
}

/// What is stated, with the rows of `entry`.
pub(crate) fn bound(policy: &Policy, stated: &Stated) -> Facts {
    read(policy, &stated.all(), &stated.entries)
}

/// A facts file, which may name `entry.csv`.
pub(crate) fn read(policy: &Policy, yaml: &str, entries: &str) -> Facts {
    let mut sources = Sources::new();
    let id = sources.add("facts.yaml", yaml);
    let files = Texts("", entries);
    let bound = facts(&mut sources, id, Format::Yaml, &files).and_then(|input| bind(policy, &input));
    bound.unwrap_or_else(|said| {
        let said: Vec<&str> = said.iter().map(|one| one.message.as_str()).collect();
        panic!("{}\n{yaml}\n{entries}", said.join("\n"))
    })
}

/// A day at or beside one that policies name.
pub(crate) fn day(dice: &mut Dice) -> Day {
    let named = Day::parse(dice.pick(&DAYS)).unwrap();
    named.add_days(dice.below(3) as i64 - 1).unwrap()
}

fn number(dice: &mut Dice) -> Number {
    let text = dice.pick(&NUMBERS);
    let size = Number::parse_decimal(text.trim_start_matches('-')).unwrap();
    if text.starts_with('-') { size.neg() } else { size }
}

/// Anything of the kind of a value.
fn anything(value: &Possible) -> Possible {
    match value {
        Possible::Numbers(_) | Possible::One(Value::Number(_)) => Possible::Numbers(Interval::all()),
        Possible::Dates(_) | Possible::One(Value::Date(_)) => Possible::Dates(Dates::ALL),
        Possible::Durations(_) | Possible::One(Value::Duration(_)) => Possible::Durations(Interval::all()),
        Possible::Bools | Possible::One(Value::Bool(_)) => Possible::Bools,
        other => other.clone(),
    }
}

/// Opens a few of the values stated.
pub(crate) fn opened(dice: &mut Dice, facts: &Facts) -> Facts {
    let mut open = facts.clone();
    let slots = open.facts.values_mut().flat_map(|slot| &mut slot.statements).map(|one| &mut one.value);
    let cells = open.tables.values_mut().flatten().flat_map(|rows| rows.rows.values_mut());
    let cells = cells.flat_map(|row| row.cells.values_mut()).flat_map(|slot| &mut slot.statements);
    let params = open.acts.iter_mut().flat_map(|act| &mut act.params);
    for value in slots.chain(cells.map(|one| &mut one.value)).chain(params) {
        if dice.one_in(3) {
            *value = anything(value);
        }
    }
    open
}

/// Where days come from.
pub(crate) type Days = fn(&mut Dice) -> Day;

/// One value of a set.
pub(crate) fn single(
    dice: &mut Dice,
    policy: &Policy,
    ty: &Type,
    possible: &Possible,
    day: Days,
) -> Possible {
    match (possible, ty) {
        (Possible::Numbers(range), _) => {
            Possible::number(within(number(dice), range.lo().cloned(), range.hi().cloned()))
        }
        (Possible::Bools, _) => Possible::bool(dice.one_in(2)),
        (Possible::Dates(range), _) => {
            let any = range.days().map(|(first, last)| day(dice).max(first).min(last));
            let never = range.may_be_never() && dice.one_in(5);
            Possible::date(any.filter(|_| !never).unwrap_or(Day::NEVER))
        }
        (Possible::Durations(range), _) => {
            let any = dice.below(40) as i64;
            let any = range.lo().map_or(any, |least| any.max(*least));
            Value::Duration(range.hi().map_or(any, |most| any.min(*most))).into()
        }
        (Possible::Any, Type::Text) => Value::Text("one".into()).into(),
        (Possible::Any, Type::Code) => Value::Code(Code::parse(dice.pick(&CODES)).unwrap()).into(),
        (Possible::Any, Type::Country) => {
            Value::Country(Country::parse(dice.pick(&COUNTRIES)).unwrap()).into()
        }
        (Possible::Any, Type::Enum(id)) => {
            Value::Choice(dice.below(policy.enums[*id].choices.len() as u64) as u16).into()
        }
        (other, _) => other.clone(),
    }
}

fn within(number: Number, lo: Option<Number>, hi: Option<Number>) -> Number {
    let number = lo.map_or(number.clone(), |lo| number.max(lo));
    hi.map_or(number.clone(), |hi| number.min(hi))
}

/// The same facts with more known: with `all`, everything.
pub(crate) fn narrowed(dice: &mut Dice, policy: &Policy, facts: &Facts, all: bool, day: Days) -> Facts {
    let mut narrow = facts.clone();
    let through = facts.stated_through;
    // After `stated through` everything is stated too, or nothing new is.
    let ends = all || dice.one_in(2);
    if ends {
        narrow.stated_through = None;
    }
    let mut completion = Completion { dice, policy, through: through.filter(|_| ends), all, day };
    for (id, decl) in policy.facts.iter() {
        completion.slot(&mut narrow.facts[id], decl);
    }
    for (entity, decl) in policy.entities.iter() {
        if narrow.tables[entity].is_none() && completion.sure() {
            narrow.tables[entity] = Some(completion.rows(decl));
        }
        for row in narrow.tables[entity].iter_mut().flat_map(|table| table.rows.values_mut()) {
            decl.fields.iter().for_each(|(field, decl)| completion.slot(&mut row.cells[field], decl));
        }
    }
    for act in &mut narrow.acts {
        for (param, decl) in act.params.iter_mut().zip(&policy.powers[act.power].params) {
            if completion.sure() {
                *param = completion.one(&decl.ty, param);
            }
        }
    }
    for (id, annex) in policy.annexes.iter() {
        let stated = narrow.lines[id].as_deref();
        let lines = stated_lines::narrowed(
            annex,
            stated,
            |dice, ty, was| single(dice, policy, ty, was, day),
            (dice, all),
        );
        narrow.lines[id] = lines;
    }
    narrow
}

struct Completion<'a> {
    dice: &'a mut Dice,
    policy: &'a Policy,
    /// What comes after this day is to be stated.
    through: Option<Day>,
    all: bool,
    day: Days,
}

impl Completion<'_> {
    fn sure(&mut self) -> bool {
        self.all || self.dice.one_in(2)
    }

    fn one(&mut self, ty: &Type, possible: &Possible) -> Possible {
        single(self.dice, self.policy, ty, possible, self.day)
    }

    /// Rows of which nothing is stated but their keys.
    fn rows(&mut self, decl: &Entity) -> Rows {
        let row = |name: &str| {
            let mut cells: Table<_, Slot> = decl.fields.values().map(|_| Slot::default()).collect();
            cells[decl.key] = Slot::fixed(Value::Text(name.into()).into(), Span::default());
            (name.into(), Row { cells, span: Span::default() })
        };
        let count = self.dice.below(4) as usize;
        Rows { rows: ["e0", "e1", "g0"].iter().take(count).map(|name| row(name)).collect() }
    }

    fn slot(&mut self, slot: &mut Slot, decl: &Fact) {
        self.statements(slot, decl);
        let statement = |from, value| Statement { from, known: Day::FIRST, value, span: Span::default() };
        let first = slot.statements.first();
        let from_first = first.is_some_and(|first| first.from == Day::FIRST && first.known == Day::FIRST);
        if !from_first && decl.default.is_none() && self.sure() {
            let mut value = self.one(&decl.ty, &decl.ty.anything());
            if decl.cumulative {
                value = Possible::number(within(the_number(&value), None, ends(slot, |_| true).0));
            }
            slot.statements.insert(0, statement(Day::FIRST, value));
        }
        let Some(through) = self.through.filter(|_| decl.over_time) else { return };
        let covered = slot.statements.iter().any(|one| one.from == through.next());
        let stated = decl.default.is_some() || slot.statements.iter().any(|one| one.from <= through);
        if covered || !stated {
            return;
        }
        let mut value = self.one(&decl.ty, &decl.ty.anything());
        if decl.cumulative {
            let (least, most) = (ends(slot, |from| from <= through).1, ends(slot, |from| from > through).0);
            value = Possible::number(within(the_number(&value), least, most));
        }
        slot.statements.push(statement(through.next(), value));
        slot.statements.sort_by_key(|one| (one.from, one.known));
    }

    fn statements(&mut self, slot: &mut Slot, decl: &Fact) {
        let before: Vec<Possible> = slot.statements.iter().map(|one| one.value.clone()).collect();
        for (at, was) in before.iter().enumerate() {
            if !self.sure() {
                continue;
            }
            let mut value = self.one(&decl.ty, was);
            if decl.cumulative {
                // Not below what came before, not above what comes after.
                let lows =
                    slot.statements[..at].iter().filter_map(|one| one.value.as_numbers()?.lo().cloned());
                let highs =
                    slot.statements[at + 1..].iter().filter_map(|one| one.value.as_numbers()?.hi().cloned());
                value = Possible::number(within(the_number(&value), lows.max(), highs.min()));
                if !was.covers(&value) {
                    value = was.clone();
                }
            }
            slot.statements[at].value = value;
        }
    }
}

/// The least that is sure, and the most, of statements from some days.
fn ends(slot: &Slot, of: impl Fn(Day) -> bool) -> (Option<Number>, Option<Number>) {
    let ranges =
        || slot.statements.iter().filter(|one| of(one.from)).filter_map(|one| one.value.as_numbers());
    let least = ranges().filter_map(|range| range.lo().cloned()).min();
    (least, ranges().filter_map(|range| range.hi().or(range.lo()).cloned()).max())
}

fn the_number(possible: &Possible) -> Number {
    match possible {
        Possible::One(Value::Number(number)) => number.clone(),
        other => panic!("{other:?}"),
    }
}
