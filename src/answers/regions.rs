//! For which facts two versions differ, as JSON: a part of `docs/schema/diff.json`.

use super::diff::VersionDiff;
use crate::compare::PolicySide;
use crate::facts::Facts;
use crate::policy::{OutcomeId, Policy};
use crate::regions::{Group, OutcomeRegions, Range, RangeKind, Regions, SideAnswer};
use crate::value::{Day, Number};
use crate::words::{Audience, GroupSaid, OutcomeSaid, Versions, Words, stated};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct RegionsDoc {
    untouched: usize,
    outcomes: Vec<OutcomeRegionsDoc>,
}

#[derive(Serialize)]
struct OutcomeRegionsDoc {
    outcome: String,
    settled: bool,
    groups: Vec<GroupDoc>,
    left: Vec<String>,
    outside: Vec<String>,
}

#[derive(Serialize)]
struct GroupDoc {
    change: String,
    ranges: Vec<RangeDoc>,
    old: SideDoc,
    new: SideDoc,
    example: ExampleDoc,
    proven: bool,
    doubt: Option<String>,
}

#[derive(Serialize)]
struct RangeDoc {
    what: String,
    said: String,
    /// The last value inside, or the first outside.
    low: Option<EndDoc>,
    high: Option<EndDoc>,
}

#[derive(Serialize)]
struct EndDoc {
    value: String,
    inside: bool,
}

#[derive(Serialize)]
struct SideDoc {
    status: &'static str,
    value: String,
    rules: Vec<String>,
}

#[derive(Serialize)]
struct ExampleDoc {
    on: String,
    row: Option<&'static str>,
    /// Facts files.
    old_facts: String,
    new_facts: String,
    old: Option<String>,
    new: Option<String>,
}

/// All outcomes that may differ, in words.
pub fn regions_said(diffed: &VersionDiff<'_>, regions: &Regions, audience: Audience) -> Vec<OutcomeSaid> {
    let none = (Facts::none(diffed.frame.old), Facts::none(diffed.frame.new));
    let versions = versions(diffed, &none, audience);
    regions.outcomes.iter().map(|one| versions.outcome(one)).collect()
}

fn versions<'a>(diffed: &'a VersionDiff<'_>, none: &'a (Facts, Facts), audience: Audience) -> Versions<'a> {
    Versions {
        old: diffed.words(PolicySide::Old, &none.0, audience),
        new: diffed.words(PolicySide::New, &none.1, audience),
    }
}

/// The example of each group as facts files, by name: `tariff-1.old.yaml`, `tariff-1.new.yaml`.
pub fn region_examples(diffed: &VersionDiff<'_>) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for one in diffed.regions.iter().flat_map(|regions| &regions.outcomes) {
        let said = &diffed.frame.new.outcomes[one.outcome.1].name;
        for (number, group) in (1usize..).zip(&one.groups) {
            let witness = &group.witness;
            for (which, facts) in [(PolicySide::Old, &witness.old), (PolicySide::New, &witness.new)] {
                let words = diffed.words(which, facts, Audience::Machine);
                let text = format!("# {said} on {}\n{}", witness.on, stated(&words));
                files.push((format!("{said}-{number}.{}.yaml", which.word()), text));
            }
        }
    }
    files
}

pub(super) fn regions_doc(diffed: &VersionDiff<'_>, regions: &Regions) -> RegionsDoc {
    let none = (Facts::none(diffed.frame.old), Facts::none(diffed.frame.new));
    let versions = versions(diffed, &none, Audience::Machine);
    let outcome = |one: &OutcomeRegions| {
        let said = versions.outcome(one);
        let groups = one
            .groups
            .iter()
            .zip(said.groups)
            .map(|(group, said)| group_doc(&versions, one.outcome.1, group, said));
        OutcomeRegionsDoc {
            outcome: said.outcome,
            settled: said.settled,
            groups: groups.collect(),
            left: said.left,
            outside: said.outside,
        }
    };
    RegionsDoc { untouched: regions.untouched, outcomes: regions.outcomes.iter().map(outcome).collect() }
}

fn group_doc(versions: &Versions<'_>, id: OutcomeId, group: &Group, said: GroupSaid) -> GroupDoc {
    let ty = &versions.new.policy.outcomes[id].ty;
    let side = |side: &SideAnswer, new: bool| {
        let policy: &Policy = if new { versions.new.policy } else { versions.old.policy };
        SideDoc {
            status: side.status.as_str(),
            value: versions.status(ty, side, new),
            rules: side.rules.iter().map(|(rule, _)| policy.rules[*rule].shown.clone()).collect(),
        }
    };
    let value =
        |side: &SideAnswer, words: Words<'_>| side.at_witness.as_ref().map(|value| words.possible(ty, value));
    let witness = &group.witness;
    GroupDoc {
        change: said.change,
        ranges: group
            .ranges
            .iter()
            .zip(said.ranges)
            .map(|(range, said)| range_doc(versions, range, said))
            .collect(),
        old: side(&group.old, false),
        new: side(&group.new, true),
        example: ExampleDoc {
            on: witness.on.to_string(),
            row: witness.row.map(|_| crate::regions::KEY),
            old_facts: stated(&Words { facts: &witness.old, ..versions.old }),
            new_facts: stated(&Words { facts: &witness.new, ..versions.new }),
            old: value(&group.old, versions.old),
            new: value(&group.new, versions.new),
        },
        proven: said.doubt.is_none(),
        doubt: said.doubt,
    }
}

fn range_doc(versions: &Versions<'_>, range: &Range, said: String) -> RangeDoc {
    let number = |(value, inside): &(Number, bool)| EndDoc {
        value: versions.end_of(&range.what, value),
        inside: *inside,
    };
    let day = |day: &Day| EndDoc { value: day.to_string(), inside: true };
    let (low, high) = match &range.kind {
        RangeKind::Numbers { low, high } => (low.as_ref().map(number), high.as_ref().map(number)),
        RangeKind::Days { first, last } => {
            ((*first != Day::FIRST).then(|| day(first)), (*last < Day::LAST).then(|| day(last)))
        }
        RangeKind::Is(_) | RangeKind::IsNot(_) | RangeKind::Compared { .. } => (None, None),
    };
    RangeDoc { what: versions.name_of(&range.what), said, low, high }
}
