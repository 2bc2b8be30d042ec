//! Random policies with a past, duties, powers and acts: `run` and the timeline say what the laws say, day by day; and
//! where facts are open, what the laws say of every completion is among what `run` holds possible (V3, D4).

use super::law::{Comes, Law, Truth};
use super::random::{Dice, stated, text};
use super::sound::{covered, opened};
use super::*;
use crate::outcome::{Possibility, Status};
use crate::policy::{Fact, PowerTest};
use crate::value::{Calendar, Mask};
use proptest::prelude::*;

/// Laws are read day by day from day one, so the year is the first.
fn first_year(text: &str) -> Option<Policy> {
    let mut policy = policy_of(&text.replace("2025-", "1900-")).ok()?;
    let holidays = "# covers 1900-1900\n1900-02-12,\n1900-02-22,\n1900-05-30,\n";
    for calendar in &mut policy.calendars {
        *calendar = Calendar::parse(calendar.name(), holidays).unwrap();
    }
    Some(policy)
}

fn moved(day: Day) -> Day {
    if day == Day::FIRST || day.is_never() {
        return day;
    }
    let years = i64::from(self::day("2025-01-01").number()) - i64::from(Day::FIRST.number());
    Day::from_number(i64::from(day.number()) - years).unwrap()
}

fn moved_value(value: &Possible) -> Possible {
    match value {
        Possible::One(Value::Date(day)) => Possible::date(moved(*day)),
        Possible::Dates(range) => {
            let days = range.days().map(|(first, last)| (moved(first), moved(last)));
            Possible::dates(Dates::of(days, range.may_be_never()).unwrap())
        }
        other => other.clone(),
    }
}

fn slots(facts: &mut Facts) -> impl Iterator<Item = &mut Slot> {
    let rows = facts.tables.values_mut().flatten().flat_map(|rows| rows.rows.values_mut());
    facts.facts.values_mut().chain(rows.flat_map(|row| row.cells.values_mut()))
}

fn in_first_year(mut facts: Facts) -> Facts {
    for one in slots(&mut facts).flat_map(|slot| &mut slot.statements) {
        (one.from, one.known, one.value) = (moved(one.from), moved(one.known), moved_value(&one.value));
    }
    for act in facts.acts.iter_mut().chain(&mut facts.announcements) {
        (act.on, act.known) = (moved(act.on), moved(act.known));
    }
    facts.stated_through = facts.stated_through.map(moved);
    facts
}

/// One value of a set.
fn single(dice: &mut Dice, value: &Possible, ty: &crate::policy::Type) -> Possible {
    match value {
        Possible::Numbers(range) => {
            let least = range.lo().cloned().unwrap_or(Number::ZERO);
            Possible::number(least.add(&Number::from(dice.below(5) as i64)).unwrap())
        }
        Possible::Dates(range) => {
            let any = moved(day(&dice.day()));
            let any = range.days().map(|(first, last)| any.max(first).min(last));
            let never = range.may_be_never() && dice.below(5) == 0;
            Possible::date(any.filter(|_| !never).unwrap_or(Day::NEVER))
        }
        Possible::Bools => Possible::bool(dice.below(2) == 0),
        Possible::Any if *ty == crate::policy::Type::Text => Possible::One(Value::Text("a".into())),
        other => other.clone(),
    }
}

/// A slot of which nothing is open: what was open is as it was before it was opened, or anything else it may be.
fn complete(dice: &mut Dice, decl: &Fact, slot: &mut Slot, known: &Slot, through: Option<Day>) {
    for (one, was) in slot.statements.iter_mut().zip(&known.statements) {
        if !one.value.is_single() {
            let same = decl.cumulative || (was.value.is_single() && dice.below(2) == 0);
            one.value = if same { was.value.clone() } else { single(dice, &one.value, &decl.ty) };
        }
    }
    let mut add = |from: Day, value: Possible| {
        if !slot.statements.iter().any(|one| (one.from, one.known) == (from, Day::FIRST)) {
            slot.statements.push(Statement { from, known: Day::FIRST, value, span: Span::default() });
            slot.statements.sort_by_key(|one| (one.from, one.known));
        }
    };
    let any = |dice: &mut Dice| match decl.cumulative {
        true => num(0),
        false => single(dice, &decl.ty.anything(), &decl.ty),
    };
    if decl.default.is_none() {
        add(Day::FIRST, any(dice));
    }
    if let Some(through) = through.filter(|_| decl.over_time) {
        let last = known.statements.iter().rfind(|one| one.from <= through).map(|one| one.value.clone());
        add(through.next(), if decl.cumulative { last.unwrap_or(num(0)) } else { any(dice) });
    }
}

fn completed(dice: &mut Dice, policy: &Policy, open: &Facts, known: &Facts) -> Facts {
    let mut full = open.clone();
    let through = full.stated_through.take();
    for (id, decl) in policy.facts.iter() {
        complete(dice, decl, &mut full.facts[id], &known.facts[id], through);
    }
    for (entity, decl) in policy.entities.iter() {
        let Some(table) = &mut full.tables[entity] else {
            full.tables[entity] = Some(Rows::default());
            continue;
        };
        for (key, row) in &mut table.rows {
            let was = &known.tables[entity].as_ref().unwrap().rows[key];
            for (field, decl) in decl.fields.iter() {
                complete(dice, decl, &mut row.cells[field], &was.cells[field], through);
            }
        }
    }
    for act in &mut full.acts {
        for param in &mut act.params {
            *param = single(dice, param, &crate::policy::Type::number());
        }
    }
    full
}

fn mask(truth: Truth) -> Mask {
    truth.map_or(Mask::ERROR, Mask::of)
}

fn possibility(comes: &Comes) -> Possibility {
    match comes {
        Comes::Value(value) => Possibility::Value(value.clone().into()),
        Comes::Gap => Possibility::Gap,
        Comes::Conflict => Possibility::Conflict,
        Comes::Error => Possibility::Error,
    }
}

/// What is said of complete facts, on a day: the laws, and what must agree.
struct Asked<'a, 'l> {
    policy: &'a Policy,
    law: &'l mut Law<'a>,
    point: Point,
    told: String,
    /// How often the laws spoke.
    spoke: usize,
}

impl Asked<'_, '_> {
    fn law<T>(&mut self, ask: impl FnOnce(&mut Law<'_>) -> T) -> Option<T> {
        let said = ask(self.law);
        if self.law.beyond {
            self.law.forget();
            return None;
        }
        self.spoke += 1;
        Some(said)
    }

    fn all(&mut self, full: &mut Evaluator<'_>, open: &mut Evaluator<'_>, lines: &Lines, rows: [usize; 2]) {
        let (policy, point) = (self.policy, self.point);
        for (place, (id, outcome)) in policy.outcomes.iter().enumerate() {
            let list: Vec<Option<u32>> = match outcome.for_each {
                Some(_) => (0..rows[1] as u32).map(Some).collect(),
                None => vec![None],
            };
            for row in list {
                let Some(comes) = self.law(|law| law.outcome(id, row, point.day, point.known)) else {
                    continue;
                };
                let wanted = possibility(&comes);
                let told = format!("{} {row:?} on {}: {wanted:?}", outcome.name, point.day);
                let one = full.bare_answer(id, row, point);
                assert_eq!(one.possible, std::slice::from_ref(&wanted), "{told}\n{}", self.told);
                if row.is_none() {
                    let found = lines.outcome(place, point.day);
                    assert_eq!(
                        found.possible,
                        std::slice::from_ref(&wanted),
                        "in its timeline {told}\n{}",
                        self.told
                    );
                }
                let many = open.bare_answer(id, row, point);
                let may = covered(&wanted, &many.possible);
                assert!(may, "{told} is not within {:?}\n{}", many.possible, self.told);
                assert!(many.status == Status::Undetermined || many.possible.len() == 1);
            }
        }
        for (id, duty) in policy.duties.iter().filter(|(_, duty)| duty.for_each.is_none()) {
            let Some(wanted) = self.law(|law| law.duty_on(id, point.day, point.known)) else { continue };
            let told = format!("{} on {}: {wanted:?}", duty.name, point.day);
            let one = full.duty(id, None, None, point);
            assert_eq!(one.states.single().zip(Some(one.since)), wanted, "{told}\n{one:?}\n{}", self.told);
            assert_eq!(one.fault.is_some(), wanted.is_none(), "{told}\n{}", self.told);
            let many = open.duty(id, None, None, point);
            let within = match wanted {
                Some((state, _)) => many.states.has(state),
                None => many.fault.is_some(),
            };
            assert!(within, "{told} is not within {many:?}\n{}", self.told);
            if let (Some(since), Some((_, wanted))) = (many.since, wanted) {
                assert_eq!(Some(since), wanted, "{told}: since is not certain in {many:?}\n{}", self.told);
            }
        }
        for (id, power) in policy.powers.iter().filter(|(_, power)| power.for_each.is_none()) {
            let (one, many) = (full.power(id, None, point), open.power(id, None, point));
            for (test, one, many) in [
                (PowerTest::Done, one.done, many.done),
                (PowerTest::Available, one.available, many.available),
            ] {
                let Some(truth) = self.law(|law| law.done(id, test, point.day, point.known)) else {
                    continue;
                };
                let told = format!("{} {test:?} on {}: {truth:?}", power.name, point.day);
                assert_eq!(one, mask(truth), "{told}\n{}", self.told);
                assert!(one.is_within(many), "{told} is not within {many:?}\n{}", self.told);
            }
            let Some(acts) = self.law(|law| law.acts(id, point.day, point.known)) else { continue };
            for (at, valid, stands) in acts {
                let told = format!("act {at} of {} on {}: {valid:?} {stands:?}", power.name, point.day);
                let of = |answer: &crate::outcome::PowerAnswer| {
                    let act = answer.acts.iter().find(|act| act.act as usize == at).unwrap();
                    (act.valid, act.stands)
                };
                assert_eq!(of(&one), (mask(valid), mask(stands)), "{told}\n{}", self.told);
                let (may, lasts) = of(&many);
                assert!(mask(valid).is_within(may) && mask(stands).is_within(lasts), "{told}\n{}", self.told);
            }
        }
    }
}

/// The timelines of all outcomes that are of no row.
struct Lines(Vec<Option<Timeline>>);

impl Lines {
    fn new(policy: &Policy, facts: &Facts, range: (Day, Day), known: Day) -> Lines {
        let mut timelines = Timelines::new(policy, facts, known);
        let line = |(id, outcome): (_, &crate::policy::Outcome)| {
            outcome.for_each.is_none().then(|| timelines.of(id, None, range.0, range.1))
        };
        Lines(policy.outcomes.iter().map(line).collect())
    }

    fn outcome(&self, place: usize, day: Day) -> &Answer {
        let line = self.0[place].as_ref().unwrap();
        &line.segments.iter().find(|one| one.from <= day && day < one.until).unwrap().answer
    }
}

/// How often the laws spoke.
fn holds(seed: u64) -> usize {
    let mut dice = Dice(seed);
    let text = text(&mut dice);
    let Some(policy) = first_year(&text) else { return 0 };
    let known = in_first_year(stated(&mut dice, &policy));
    let mut open = opened(&mut dice, &known);
    open.tables.values_mut().filter(|_| dice.below(4) > 0).for_each(|table| {
        table.get_or_insert_default();
    });
    let full = completed(&mut dice, &policy, &open, &known);
    let on_known = if dice.below(3) == 0 { moved(day(&dice.day())) } else { Day::NEVER };
    let range = (Day::FIRST, day("1900-06-20"));
    let mut law = Law::new(&policy, &full);
    let (mut run, mut blunt) = (Evaluator::new(&policy, &full), Evaluator::new(&policy, &open));
    let lines = Lines::new(&policy, &full, range, on_known);
    let goods = full.tables[policy.entity("good").unwrap()].as_ref().map_or(0, |table| table.rows.len());
    // Rows of a table that is open are no rows of it.
    let goods = if open.tables[policy.entity("good").unwrap()].is_some() { goods } else { 0 };
    let mut spoke = 0;
    let mut at = dice.below(4) as i64;
    while let Some(day) = Day::from_number(i64::from(range.0.number()) + at).filter(|day| *day <= range.1) {
        let point = Point::new(day, on_known);
        let told = format!("seed {seed}, known {on_known}\n{text}\n{full:?}\n{open:?}");
        let mut asked = Asked { policy: &policy, law: &mut law, point, told, spoke: 0 };
        asked.all(&mut run, &mut blunt, &lines, [0, goods]);
        spoke += asked.spoke;
        at += 1 + dice.below(6) as i64;
    }
    spoke
}

proptest! {
    #![proptest_config(crate::effort::config(16, 1500))]

    #[test]
    fn conduct_is_what_the_laws_say(seed in any::<u64>()) {
        holds(seed);
    }
}

#[test]
fn conduct_fixed_seeds() {
    let seeds = crate::effort::times(24, 600);
    let spoke: usize = (0..seeds).map(holds).sum();
    assert!(spoke as u64 > seeds * 100, "the laws spoke {spoke} times");
}
