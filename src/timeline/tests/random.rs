//! Random policies, random facts: the timeline is what asking day by day gives, borders included.

use super::*;
use proptest::prelude::*;

/// Of how many segments; none: it was no policy at all.
fn holds(seed: u64) -> Option<usize> {
    let mut dice = Dice::new(seed);
    let (made, policy) = world(&mut dice, Features { words: true, rounding: true, in_part: true, ..SMALL })?;
    let facts = bound(&policy, &made.facts);
    let known = known(&mut dice);
    Some(compare(&policy, &facts, (day(FROM), day(TO)), known, &made.policy))
}

proptest! {
    #![proptest_config(crate::effort::config(24, 640))]

    #[test]
    fn t10_a_timeline_is_what_the_days_say(seed in any::<u64>()) {
        holds(seed);
    }
}

#[test]
fn t10_fixed_seeds() {
    let texts = crate::effort::times(24, 800);
    let tried: Vec<Option<usize>> = (0..texts).map(holds).collect();
    let policies: Vec<usize> = tried.iter().copied().flatten().collect();
    assert!(policies.len() as u64 > texts / 2, "only {} of the texts are policies", policies.len());
    assert!(policies.iter().sum::<usize>() as u64 > texts * 5);
}
