//! The order of rules in the text shows nowhere: not in the segments, and not in which error is named (R5, T10).

use super::*;
use crate::outcome::{Fault, Segment};
use proptest::prelude::*;

fn said(text: &str, fault: &Fault) -> String {
    let words = text.get(fault.span.start as usize..fault.span.end as usize).unwrap_or_default();
    let cause = fault.cause.as_ref().map_or(String::new(), |cause| said(text, cause));
    format!("{:?} {:?} in {words}; {cause}", fault.trouble, fault.detail)
}

/// A segment with names in the place of numbers.
fn named(policy: &Policy, text: &str, segment: &Segment) -> String {
    let answer = &segment.answer;
    let name = |rule: Option<crate::policy::RuleId>| rule.map(|rule| policy.rules[rule].shown.clone());
    let reason = |one: &crate::outcome::Reason| {
        format!("{:?} {:?} {:?} {:?} {}", name(one.rule), one.branch, one.act, one.value, one.doubtful)
    };
    let mut reasons: Vec<String> = answer.reasons.iter().map(reason).collect();
    let mut possible: Vec<String> = answer.possible.iter().map(|one| format!("{one:?}")).collect();
    reasons.sort();
    possible.sort();
    let fault = answer.fault.as_ref().filter(|_| answer.status == crate::outcome::Status::Error);
    let fault = fault.map(|fault| said(text, fault));
    format!("{} {} {:?} {possible:?} {reasons:?} {fault:?}\n", segment.from, segment.until, answer.status)
}

fn holds(seed: u64) -> usize {
    let mut dice = Dice::new(seed);
    let Some((made, one)) = world(&mut dice, SMALL) else { return 0 };
    let (first, second) = (&made.policy, made.turned_round());
    let two = policy(&second);
    let range = (day(FROM), day(TO));
    let lines = |policy: &Policy, text: &str, name: &str| {
        let facts = bound(policy, &made.facts);
        let timeline = of(policy, &facts, policy.outcome(name).unwrap(), None, range, Day::NEVER);
        timeline.segments.iter().map(|segment| named(policy, text, segment)).collect::<String>()
    };
    for outcome in made.outcomes.iter().filter(|outcome| outcome.row.is_none()) {
        let name = &outcome.name;
        let (one, two) = (lines(&one, first, name), lines(&two, &second, name));
        assert_eq!(one, two, "seed {seed} {name}\n{first}\n{}", made.facts.all());
    }
    1
}

proptest! {
    #![proptest_config(crate::effort::config(16, 400))]

    #[test]
    fn the_order_of_rules_shows_nowhere(seed in any::<u64>()) {
        holds(seed);
    }
}

#[test]
fn the_order_of_rules_shows_nowhere_fixed_seeds() {
    let texts = crate::effort::times(24, 400);
    let tried: usize = (0..texts).map(holds).sum();
    assert!(tried as u64 > texts / 3, "only {tried} of the texts are policies");
}

/// What an answer may be was met in another order on two days, and made two segments that look alike.
#[test]
fn possibilities_in_any_order_are_the_same() {
    assert_eq!(holds(2_446_987_126_365_646_119), 1);
}
