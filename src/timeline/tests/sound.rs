//! V3 for what has a past: knowing less never takes away what may be.

use super::*;
use crate::outcome::Possibility;
use crate::worlds::opened;
use proptest::prelude::*;

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
    let mut dice = Dice::new(seed);
    let Some((made, policy)) = world(&mut dice, SMALL) else { return 0 };
    let (text, known) = (&made.policy, bound(&policy, &made.facts));
    let open = opened(&mut dice, &known);
    let (mut sharp, mut blunt) = (Evaluator::new(&policy, &known), Evaluator::new(&policy, &open));
    for day in days(13) {
        let point = Point::new(day, Day::NEVER);
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
        for id in policy.duties.ids().filter(|id| policy.duties[*id].for_each.is_none()) {
            let (few, many) = (sharp.duty(id, None, None, point), blunt.duty(id, None, None, point));
            let name = &policy.duties[id].name;
            assert_eq!(few.states.join(many.states), many.states, "{name} {}\n{text}\n{open:?}", point.day);
            assert!(few.fault.is_none() || many.fault.is_some(), "{name} {}\n{text}\n{open:?}", point.day);
        }
        for id in policy.powers.ids().filter(|id| policy.powers[*id].for_each.is_none()) {
            let (few, many) = (sharp.power(id, None, point), blunt.power(id, None, point));
            let name = &policy.powers[id].name;
            assert!(few.done.is_within(many.done), "{name} is done {}\n{text}\n{open:?}", point.day);
            assert!(few.available.is_within(many.available), "{name} is available {}\n{text}", point.day);
        }
    }
    1
}

proptest! {
    #![proptest_config(crate::effort::config(96, 960))]

    #[test]
    fn v3_what_has_a_past_is_monotone(seed in any::<u64>()) {
        holds(seed);
    }
}

#[test]
fn v3_fixed_seeds() {
    let texts = crate::effort::times(150, 1_500);
    let tried: usize = (0..texts).map(holds).sum();
    assert!(tried as u64 > texts / 2, "only {tried} of the texts are policies");
}
