//! V3 for what has a past: knowing less never takes away what may be.

use super::random::{Dice, stated, text};
use super::*;
use crate::outcome::Possibility;
use crate::value::{Dates, Interval};
use proptest::prelude::*;

/// Anything of the kind of a value.
fn anything(value: &Possible) -> Possible {
    match value {
        Possible::Numbers(_) | Possible::One(Value::Number(_)) => Possible::Numbers(Interval::all()),
        Possible::Dates(_) | Possible::One(Value::Date(_)) => Possible::Dates(Dates::ALL),
        Possible::Bools | Possible::One(Value::Bool(_)) => Possible::Bools,
        other => other.clone(),
    }
}

/// Opens a few of the values stated.
pub(super) fn opened(dice: &mut Dice, facts: &Facts) -> Facts {
    let mut open = facts.clone();
    let slots = open.facts.values_mut().flat_map(|slot| &mut slot.statements).map(|one| &mut one.value);
    let cells = open.tables.values_mut().flatten().flat_map(|rows| rows.rows.values_mut());
    let cells = cells.flat_map(|row| row.cells.values_mut()).flat_map(|slot| &mut slot.statements);
    let params = open.acts.iter_mut().flat_map(|act| &mut act.params);
    for value in slots.chain(cells.map(|one| &mut one.value)).chain(params) {
        if dice.below(3) == 0 {
            *value = anything(value);
        }
    }
    open
}

pub(super) fn covered(one: &Possibility, all: &[Possibility]) -> bool {
    match one {
        Possibility::Value(value) => {
            let values = all.iter().filter_map(|other| match other {
                Possibility::Value(other) => Some(other.clone()),
                _ => None,
            });
            values.reduce(|all, other| all.hull(&other)).is_some_and(|all| all.covers(value))
        }
        other => all.contains(other),
    }
}

fn holds(seed: u64) -> usize {
    let mut dice = Dice(seed);
    let text = text(&mut dice);
    let Ok(policy) = policy_of(&text) else { return 0 };
    let known = stated(&mut dice, &policy);
    let open = opened(&mut dice, &known);
    let (mut sharp, mut blunt) = (Evaluator::new(&policy, &known), Evaluator::new(&policy, &open));
    for at in 0..12 {
        let point = Point::new(
            Day::from_number(i64::from(day("2025-01-20").number()) + at * 12).unwrap(),
            Day::NEVER,
        );
        for id in policy.outcomes.ids() {
            let (few, many) = (sharp.bare_answer(id, None, point), blunt.bare_answer(id, None, point));
            for one in &few.possible {
                assert!(
                    covered(one, &many.possible),
                    "{} on {}: {:?} is not within {:?}\n{text}\n{open:?}\nknown {known:?}",
                    policy.outcomes[id].name,
                    point.day,
                    few.possible,
                    many.possible
                );
            }
        }
        for id in policy.duties.ids() {
            let (few, many) = (sharp.duty(id, None, None, point), blunt.duty(id, None, None, point));
            let name = &policy.duties[id].name;
            assert_eq!(few.states.join(many.states), many.states, "{name} {}\n{text}\n{open:?}", point.day);
            assert!(few.fault.is_none() || many.fault.is_some(), "{name} {}\n{text}\n{open:?}", point.day);
        }
        for id in policy.powers.ids() {
            let (few, many) = (sharp.power(id, None, point), blunt.power(id, None, point));
            let name = &policy.powers[id].name;
            assert!(few.done.is_within(many.done), "{name} is done {}\n{text}\n{open:?}", point.day);
            assert!(few.available.is_within(many.available), "{name} is available {}\n{text}", point.day);
        }
    }
    1
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn v3_what_has_a_past_is_monotone(seed in any::<u64>()) {
        holds(seed);
    }
}

#[test]
fn v3_fixed_seeds() {
    let tried: usize = (0..150).map(holds).sum();
    assert!(tried > 60, "only {tried} of the texts are policies");
}
