//! Regions against the evaluator.

mod brute;

use super::{BUDGET, OutcomeRegions, RangeKind, compare};
use crate::compile::compile;
use crate::policy::Policy;
use crate::text::{Files, Sources};

struct One<'a>(&'a str);

impl Files for One<'_> {
    fn read(&self, _: &str) -> Result<String, String> {
        Ok(self.0.to_owned())
    }
}

fn policy(text: &str) -> Policy {
    let compiled = compile("p.comity", &One(text), &mut Sources::new());
    compiled.map(|compiled| compiled.policy).unwrap_or_else(|said| {
        panic!("{}\n{text}", said.iter().map(|one| one.message.clone()).collect::<Vec<_>>().join("\n"))
    })
}

fn regions(old: &str, new: &str) -> Vec<OutcomeRegions> {
    compare(&policy(old), &policy(new), BUDGET)
}

const ADDITIVE: &str =
    "fact base : rate where base >= 0%\noutcome total : rate\nrule additive: total := base + 15%\n";
const ALL_IN: &str =
    "fact base : rate where base >= 0%\noutcome total : rate\nrule all_in: total := base but at least 15%\n";

#[test]
fn additive_to_all_in() {
    let found = regions(ADDITIVE, ALL_IN);
    for group in &found[0].groups {
        println!(
            "{:?} {:?} -> {:?} {:?}\n  change {:?}\n  doubt {:?}",
            group.old.rules, group.old.value, group.new.rules, group.new.value, group.change, group.doubt
        );
        for range in &group.ranges {
            println!("  {range:?}");
        }
    }
    println!("{:?}", found[0].left);
    assert_eq!(found[0].groups.len(), 2);
    let _ = RangeKind::Is(String::new());
}
