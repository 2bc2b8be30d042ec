//! T7, T8: what has a memory, against its definition.

use super::*;
use crate::outcome::{Possibility, Status};
use crate::policy::OutcomeId;
use crate::value::Mask;

/// A truth value of a day as stated: true, false, or unknown.
pub(super) type Stated = Option<bool>;

const FIRST: &str = "2025-03-03";

pub(super) fn on(at: usize) -> Day {
    Day::from_number(i64::from(day(FIRST).number()) + at as i64).unwrap()
}

/// One statement for each day; before the first, and after the last, false.
pub(super) fn daily(values: &[Stated]) -> Slot {
    let truth = |value: Stated| value.map_or(Possible::Bools, Possible::bool);
    let one =
        |from: Day, value: Possible| Statement { from, known: Day::FIRST, value, span: Span::default() };
    let mut statements = vec![one(Day::FIRST, Possible::bool(false))];
    statements.extend(values.iter().enumerate().map(|(at, value)| one(on(at), truth(*value))));
    statements.push(one(on(values.len()), Possible::bool(false)));
    Slot { statements }
}

struct Asked {
    policy: Policy,
    outcome: OutcomeId,
}

impl Asked {
    fn new(text: &str) -> Asked {
        let policy = policy(text);
        let outcome = policy.outcome("x").unwrap();
        Asked { policy, outcome }
    }

    fn facts(&self, guard: &[Stated], end: &[Stated]) -> Facts {
        let mut facts = Facts::none(&self.policy);
        state(&self.policy, &mut facts, "a", daily(guard));
        state(&self.policy, &mut facts, "c", daily(end));
        facts
    }

    /// Whether `x` is 1, for each day: a mask.
    fn masks(&self, guard: &[Stated], end: &[Stated]) -> Vec<Mask> {
        let facts = self.facts(guard, end);
        let mut run = Evaluator::new(&self.policy, &facts);
        let mask = |at| {
            let answer = run.bare_answer(self.outcome, None, Point::new(on(at), Day::NEVER));
            match (answer.status, answer.value()) {
                (Status::Determined, Some(Value::Number(number))) => Mask::of(*number == Number::from(1)),
                (Status::Undetermined, _) => {
                    assert!(!answer.possible.contains(&Possibility::Error));
                    Mask::BOTH
                }
                other => panic!("{other:?}"),
            }
        };
        (0..guard.len()).map(mask).collect()
    }
}

pub(super) fn all(length: u32, values: &[Stated]) -> Vec<Vec<Stated>> {
    (0..values.len().pow(length))
        .map(|mut number| {
            (0..length)
                .map(|_| {
                    let value = values[number % values.len()];
                    number /= values.len();
                    value
                })
                .collect()
        })
        .collect()
}

/// Every way to make the unknown days known.
pub(super) fn completions(list: &[Stated]) -> Vec<Vec<bool>> {
    list.iter().fold(vec![Vec::new()], |all, value| {
        let ways: Vec<bool> = value.map_or(vec![true, false], |value| vec![value]);
        all.iter()
            .flat_map(|one: &Vec<bool>| {
                ways.iter().map(move |way| one.iter().copied().chain([*way]).collect::<Vec<bool>>())
            })
            .collect()
    })
}

fn starts(guard: &[bool]) -> Vec<usize> {
    (0..guard.len()).filter(|s| guard[*s] && (*s == 0 || !guard[s - 1])).collect()
}

/// T8 as it is written: there is a start s ≤ t with C false on every day of [s, t].
fn until_applies(guard: &[bool], end: &[bool], t: usize) -> bool {
    starts(guard).into_iter().any(|s| s <= t && end[s..=t].iter().all(|ended| !ended))
}

/// There is a start s with s ≤ t < s + W.
fn for_applies(guard: &[bool], t: usize, wait: usize) -> bool {
    starts(guard).into_iter().any(|s| s <= t && t < s + wait)
}

const UNTIL: &str = "fact a : bool over time\nfact c : bool over time\noutcome x : number\n\
                     if a then x := 1 until c otherwise x := 0\n";

#[test]
fn t8_the_automaton_is_the_definition() {
    let asked = Asked::new(UNTIL);
    for guard in all(6, &[Some(true), Some(false)]) {
        for end in all(6, &[Some(true), Some(false)]) {
            let (a, c) = (completions(&guard).remove(0), completions(&end).remove(0));
            let wanted: Vec<Mask> = (0..6).map(|t| Mask::of(until_applies(&a, &c, t))).collect();
            assert_eq!(asked.masks(&guard, &end), wanted, "{a:?} until {c:?}");
        }
    }
}

#[test]
fn t8_with_unknown_days_it_is_all_that_may_be() {
    let asked = Asked::new(UNTIL);
    let values = [Some(true), Some(false), None];
    for guard in all(4, &values) {
        for end in all(4, &values) {
            let mut wanted = vec![Mask::EMPTY; 4];
            for a in completions(&guard) {
                for c in completions(&end) {
                    for (t, mask) in wanted.iter_mut().enumerate() {
                        *mask = mask.join(Mask::of(until_applies(&a, &c, t)));
                    }
                }
            }
            assert_eq!(asked.masks(&guard, &end), wanted, "{guard:?} until {end:?}");
        }
    }
}

#[test]
fn t8_for_a_while_from_each_start() {
    let text = "fact a : bool over time\nfact c : bool over time\noutcome x : number\n\
                if a then x := 1 for 2 days otherwise x := 0\n";
    let asked = Asked::new(text);
    let never = vec![Some(false); 7];
    for guard in all(7, &[Some(true), Some(false)]) {
        let a = completions(&guard).remove(0);
        let wanted: Vec<Mask> = (0..7).map(|t| Mask::of(for_applies(&a, t, 2))).collect();
        assert_eq!(asked.masks(&guard, &never), wanted, "{a:?}");
    }
    // Versions that count the days have one memory.
    let versions = format!(
        "fact a : bool over time\nfact c : bool over time\noutcome x : number otherwise 0\n\
         rule r until {0}: if a then x := 1 for 2 days\nrule r from {0}: if a then x := 1 for 2 days\n",
        on(2)
    );
    let never = vec![Some(false); 5];
    for asked in [asked, Asked::new(&versions)] {
        for guard in all(5, &[Some(true), Some(false), None]) {
            let mut wanted = vec![Mask::EMPTY; 5];
            for a in completions(&guard) {
                for (t, mask) in wanted.iter_mut().enumerate() {
                    *mask = mask.join(Mask::of(for_applies(&a, t, 2)));
                }
            }
            assert_eq!(asked.masks(&guard, &never), wanted, "{guard:?}");
        }
    }
}

#[test]
fn t7_the_last_start_is_the_latest_day_on_which_it_became_true() {
    let text =
        "fact a : bool over time\nfact c : bool over time\noutcome x : date\nx_is: x := last start of a\n";
    let text = text.replace("x_is:", "rule x_is:");
    let asked = Asked::new(&text);
    let never = vec![Some(false); 5];
    for guard in all(5, &[Some(true), Some(false), None]) {
        let facts = asked.facts(&guard, &never);
        let mut run = Evaluator::new(&asked.policy, &facts);
        for t in 0..5 {
            let answer = run.bare_answer(asked.outcome, None, Point::new(on(t), Day::NEVER));
            let Some(Possibility::Value(found)) = answer.possible.first() else { panic!("{answer:?}") };
            let last = |a: &Vec<bool>| starts(a).into_iter().rev().find(|s| *s <= t).map_or(Day::NEVER, on);
            let days: Vec<Day> = completions(&guard).iter().map(last).collect();
            let hull = days.iter().map(|day| Possible::date(*day)).reduce(|all, day| all.hull(&day));
            assert_eq!(Some(found), hull.as_ref(), "{guard:?} on day {t}");
        }
    }
}

#[test]
fn t8_an_error_counts_only_where_the_clause_hangs_on_it() {
    let text = "fact n : number over time = 1\nfact a : bool over time = false\noutcome x : number\n\
                if a then x := 1 until 1 / n > 5 otherwise x := 0\n";
    let policy = policy(text);
    let x = policy.outcome("x").unwrap();
    let mut facts = Facts::none(&policy);
    // An error before it begins does not matter; one after does, until it certainly ends.
    let numbers = [("2025-03-01", "", num(0)), ("2025-03-02", "", num(1)), ("2025-03-10", "", num(0))];
    state(&policy, &mut facts, "n", series(&numbers));
    state(&policy, &mut facts, "a", series(&[("2025-03-05", "", Possible::bool(true))]));
    let mut run = Evaluator::new(&policy, &facts);
    let mut status = |text: &str| run.bare_answer(x, None, Point::new(day(text), Day::NEVER)).status;
    assert_eq!(status("2025-03-01"), Status::Determined);
    assert_eq!(status("2025-03-05"), Status::Determined);
    assert_eq!(status("2025-03-10"), Status::Error);
    assert_eq!(status("2025-03-20"), Status::Error);
}
