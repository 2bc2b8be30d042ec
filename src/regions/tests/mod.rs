//! Regions against the evaluator.

pub(super) mod brute;
mod kept;
mod lookups;
mod pasts;

use super::{BUDGET, OutcomeRegions, Question, RangeKind, Same, compare};
use crate::facts::Facts;
use crate::value::Day;
use crate::worlds::policy;

fn regions(old: &str, new: &str) -> Vec<OutcomeRegions> {
    let (old, new) = (policy(old), policy(new));
    let none = (Facts::none(&old), Facts::none(&new));
    let question = Question {
        policies: [&old, &new],
        fixed: [&none.0, &none.1],
        same: &Same::default(),
        known: Day::NEVER,
        days: (Day::FIRST, Day::LAST),
        steps: BUDGET,
    };
    let pairs = old.outcomes.iter().filter_map(|(id, outcome)| Some((id, new.outcome(&outcome.name)?)));
    pairs.map(|pair| compare(&question, pair)).collect()
}

const ADDITIVE: &str =
    "fact base : rate where base >= 0%\noutcome total : rate\nrule additive: total := base + 15%\n";
const ALL_IN: &str =
    "fact base : rate where base >= 0%\noutcome total : rate\nrule all_in: total := base but at least 15%\n";

#[test]
fn additive_to_all_in() {
    let found = regions(ADDITIVE, ALL_IN);
    let [outcome] = found.as_slice() else { panic!("one outcome") };
    assert!(outcome.left.is_empty());
    let told: Vec<String> = outcome
        .groups
        .iter()
        .map(|group| {
            assert!(group.doubt.is_none());
            let change = group.change.as_ref().unwrap();
            let terms: Vec<String> =
                change.terms.iter().map(|(factor, named)| format!("{factor} {named:?}")).collect();
            let RangeKind::Numbers { low, high } = &group.ranges[0].kind else { panic!("numbers") };
            let end = |end: &Option<(crate::value::Number, bool)>| match end {
                Some((value, inside)) => format!("{value} {inside}"),
                None => "-".to_owned(),
            };
            format!("{} + {} for {} to {}", terms.join(" "), change.rest, end(low), end(high))
        })
        .collect();
    // A free good: no change. Below 15 %: lower by the base. From 15 %: lower by 15 points.
    assert_eq!(told, ["-1 Fact(\"base\") + 0 for 0 false to 0.15 false", " + -0.15 for 0.15 true to -"]);
}
