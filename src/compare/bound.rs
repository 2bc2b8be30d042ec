//! The same facts for both sides, from a facts file or from the scenarios of either.

use super::adapt::Adapter;
use super::cases::{CaseOrigin, ComparisonCase};
use super::{Pairing, PolicySide};
use crate::diag::Diagnostic;
use crate::facts::{Act, Entry, Facts, Input, Slot};
use crate::policy::{Policy, Scenario};
use crate::scenarios::stated;
use std::collections::BTreeSet;

/// What is set on one side only.
#[derive(Clone, Debug, Default)]
pub struct Settings<'s> {
    pub old: Vec<Entry<'s>>,
    pub new: Vec<Entry<'s>>,
}

/// Facts of both sides, and what was stated to one side only.
pub type BoundFacts = (Facts, Facts, Vec<(String, PolicySide)>);

/// The scenarios of both sides as cases.
#[derive(Debug, Default)]
pub struct Scenarios {
    pub cases: Vec<ComparisonCase>,
    /// Titles of those whose facts cannot be stated to the other side.
    pub one_sided: Vec<(String, PolicySide)>,
}

impl Pairing<'_> {
    /// States the same to both sides; what only one declares is stated to it alone, and named in the second part.
    ///
    /// # Errors
    /// What is wrong with it, for either side.
    pub fn bind(&self, input: &Input<'_>, settings: &Settings<'_>) -> Result<BoundFacts, Vec<Diagnostic>> {
        let mut left_out = Vec::new();
        let mut side = |which: PolicySide, policy: &Policy, set: &[Entry<'_>]| {
            let adapter = Adapter::new(which, (self.old, self.new), &self.names);
            let mut own = adapter.adapted(input);
            own.settings.extend(set.iter().cloned());
            let facts = stated(policy, &own);
            // Stated to the other side.
            let other = if which == PolicySide::Old { PolicySide::New } else { PolicySide::Old };
            left_out.extend(adapter.left_out().into_iter().map(|name| (name, other)));
            facts
        };
        let old = side(PolicySide::Old, self.old, &settings.old);
        let new = side(PolicySide::New, self.new, &settings.new);
        match (old, new) {
            (Ok(old), Ok(new)) => Ok((old, new, left_out)),
            (Err(mut said), other) => {
                let more = other.err().unwrap_or_default();
                said.extend(more.into_iter().filter(|one| !said.contains(one)).collect::<Vec<_>>());
                Err(said)
            }
            (Ok(_), Err(said)) => Err(said),
        }
    }

    /// The scenarios of the new side and of the old whose facts both can be told; one that both have is one case.
    pub fn scenarios(&self, settings: &Settings<'_>) -> Scenarios {
        let mut found = Scenarios::default();
        let sides = [(PolicySide::New, self.new), (PolicySide::Old, self.old)];
        let mut cases: Vec<ComparisonCase> = Vec::new();
        for (which, policy) in sides {
            for scenario in &policy.scenarios {
                match self.scenario(scenario, settings) {
                    Some((old, new)) => {
                        let twin = cases.iter_mut().find(|case| {
                            let titled = matches!(&case.origin, CaseOrigin::Scenario(title, _) if *title == scenario.title);
                            titled && same(&case.old, &old) && same(&case.new, &new)
                        });
                        match twin {
                            Some(case) => case.origin = CaseOrigin::Scenario(scenario.title.clone(), None),
                            None => {
                                let origin = CaseOrigin::Scenario(scenario.title.clone(), Some(which));
                                cases.push(ComparisonCase { origin, old, new });
                            }
                        }
                    }
                    None => found.one_sided.push((scenario.title.clone(), which)),
                }
            }
        }
        found.cases = cases;
        // A scenario that both have, whose facts neither can be told in the other's words, is named once.
        let mut seen = BTreeSet::new();
        found.one_sided.retain(|(title, _)| seen.insert(title.clone()));
        found
    }

    fn scenario(&self, scenario: &Scenario, settings: &Settings<'_>) -> Option<(Facts, Facts)> {
        let input = Input::of_givens(&scenario.givens);
        let (old, new, left_out) = self.bind(&input, settings).ok()?;
        // With a part left out it would be another scenario.
        left_out.is_empty().then_some((old, new))
    }
}

/// Whether two state the same, wherever they state it.
fn same(one: &Facts, two: &Facts) -> bool {
    let slots = |a: &Slot, b: &Slot| {
        let plain = |slot: &Slot| {
            slot.statements.iter().map(|it| (it.from, it.known, it.value.clone())).collect::<Vec<_>>()
        };
        plain(a) == plain(b)
    };
    let acts = |list: &[Act]| {
        list.iter()
            .map(|act| (act.power, act.row, act.by.clone(), act.on, act.known, act.params.clone()))
            .collect::<Vec<_>>()
    };
    let facts = one.facts.values().zip(two.facts.values()).all(|(a, b)| slots(a, b));
    let tables = one.tables.values().zip(two.tables.values()).all(|(a, b)| match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => {
            a.rows.len() == b.rows.len()
                && a.rows.iter().zip(&b.rows).all(|((key, a), (other, b))| {
                    key == other && a.cells.values().zip(b.cells.values()).all(|(a, b)| slots(a, b))
                })
        }
        _ => false,
    });
    facts
        && tables
        && one.stated_through == two.stated_through
        && acts(&one.acts) == acts(&two.acts)
        && acts(&one.announcements) == acts(&two.announcements)
}
