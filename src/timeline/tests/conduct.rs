//! Random policies with a past, duties, powers and acts: `run` and the timeline say what the laws say, day by day; and
//! where facts are open, what the laws say of every completion is among what `run` holds possible (V3, D4).

use super::law::{Comes, Law, Truth};
use super::sound::covered;
use super::*;
use crate::generator::made;
use crate::outcome::{Possibility, Status};
use crate::policy::PowerTest;
use crate::value::{Calendar, Mask};
use crate::worlds::{self, narrowed, opened, unless_circle};
use proptest::prelude::*;

/// Laws are read day by day from day one, so the year is the first.
fn in_first_year(text: &str) -> String {
    text.replace("2025-12-", "1900-05-").replace("2026-", "1900-")
}

fn any_day(dice: &mut Dice) -> Day {
    day(&in_first_year(&worlds::day(dice).to_string()))
}

fn policy_in_first_year(text: &str) -> Option<Policy> {
    let mut policy = unless_circle(&in_first_year(text))?;
    let holidays = "# covers 1900-1900\n1900-02-12,\n1900-02-22,\n1900-05-30,\n";
    for calendar in &mut policy.calendars {
        *calendar = Calendar::parse(calendar.name(), holidays).unwrap();
    }
    Some(policy)
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
    open: &'l Facts,
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

    fn all(&mut self, full: &mut Evaluator<'_>, open: &mut Evaluator<'_>, lines: &Lines) {
        let (policy, point) = (self.policy, self.point);
        for (place, (id, outcome)) in policy.outcomes.iter().enumerate() {
            // Rows of a table that is open are no rows of it.
            let rows = rows_of(self.open, outcome.for_each);
            // A row with a day of its own is answered for that day.
            let is_asked = outcome.for_each.is_none_or(|entity| policy.entities[entity].dated.is_none());
            for row in rows.into_iter().filter(|row| is_asked && row.is_some() == outcome.for_each.is_some())
            {
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
    let mut dice = Dice::new(seed);
    let features = Features { running: dice.one_in(4), ..SMALL };
    let made = made(&mut dice, features);
    let text = &made.policy;
    let Some(policy) = policy_in_first_year(text) else { return 0 };
    let (facts, entries) = (in_first_year(&made.facts.all()), in_first_year(&made.facts.entries));
    let open = opened(&mut dice, &worlds::read(&policy, &facts, &entries));
    let full = narrowed(&mut dice, &policy, &open, true, any_day);
    let on_known = if dice.one_in(3) { any_day(&mut dice) } else { Day::NEVER };
    let range = (Day::FIRST, day("1900-06-20"));
    let mut law = Law::new(&policy, &full);
    let (mut run, mut blunt) = (Evaluator::new(&policy, &full), Evaluator::new(&policy, &open));
    let lines = Lines::new(&policy, &full, range, on_known);
    let mut spoke = 0;
    let mut at = dice.below(4) as i64;
    while let Some(day) = Day::from_number(i64::from(range.0.number()) + at).filter(|day| *day <= range.1) {
        let point = Point::new(day, on_known);
        let told = format!("seed {seed}, known {on_known}\n{text}\n{full:?}\n{open:?}");
        let mut asked = Asked { policy: &policy, law: &mut law, open: &open, point, told, spoke: 0 };
        asked.all(&mut run, &mut blunt, &lines);
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
