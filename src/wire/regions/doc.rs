//! For which facts two versions differ, as JSON: a part of `docs/schema/diff.json`.

use super::{GroupSaid, Speech};
use crate::compare::Which;
use crate::facts::Facts;
use crate::policy::{OutcomeId, Policy};
use crate::regions::{Group, OutcomeRegions, Range, RangeKind, Regions, SideAnswer};
use crate::value::{Day, Number, Value};
use crate::wire::diff::Diffed;
use crate::wire::words::{Reader, Words};
use serde::Serialize;

#[derive(Serialize)]
pub struct RegionsDoc {
    untouched: usize,
    outcomes: Vec<OutcomeDoc>,
}

#[derive(Serialize)]
struct OutcomeDoc {
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

pub fn regions_doc(diffed: &Diffed<'_>, regions: &Regions) -> RegionsDoc {
    let none = (Facts::none(diffed.frame.old), Facts::none(diffed.frame.new));
    let speech = Speech {
        old: diffed.words(Which::Old, &none.0, Reader::Machine),
        new: diffed.words(Which::New, &none.1, Reader::Machine),
    };
    let outcome = |one: &OutcomeRegions| {
        let said = speech.outcome(one);
        let groups =
            one.groups.iter().zip(said.groups).map(|(group, said)| speech.doc(one.outcome.1, group, said));
        OutcomeDoc {
            outcome: said.outcome,
            settled: said.settled,
            groups: groups.collect(),
            left: said.left,
            outside: said.outside,
        }
    };
    RegionsDoc { untouched: regions.untouched, outcomes: regions.outcomes.iter().map(outcome).collect() }
}

impl Speech<'_> {
    fn doc(&self, id: OutcomeId, group: &Group, said: GroupSaid) -> GroupDoc {
        let ty = &self.new.policy.outcomes[id].ty;
        let side = |side: &SideAnswer, new: bool| {
            let policy: &Policy = if new { self.new.policy } else { self.old.policy };
            SideDoc {
                status: side.status.as_str(),
                value: self.status(ty, side, new),
                rules: side.rules.iter().map(|(rule, _)| policy.rules[*rule].shown.clone()).collect(),
            }
        };
        let value = |side: &SideAnswer, words: Words<'_>| {
            side.at_witness.as_ref().map(|value| words.possible(ty, value))
        };
        let witness = &group.witness;
        GroupDoc {
            change: said.change,
            ranges: group
                .ranges
                .iter()
                .zip(said.ranges)
                .map(|(range, said)| self.range_doc(range, said))
                .collect(),
            old: side(&group.old, false),
            new: side(&group.new, true),
            example: ExampleDoc {
                on: witness.on.to_string(),
                row: witness.row.map(|_| crate::regions::KEY),
                old_facts: crate::wire::stated(&Words { facts: &witness.old, ..self.old }),
                new_facts: crate::wire::stated(&Words { facts: &witness.new, ..self.new }),
                old: value(&group.old, self.old),
                new: value(&group.new, self.new),
            },
            proven: said.doubt.is_none(),
            doubt: said.doubt,
        }
    }

    fn range_doc(&self, range: &Range, said: String) -> RangeDoc {
        let ty = self.type_of(&range.what);
        let number = |(value, inside): &(Number, bool)| EndDoc {
            value: match &ty {
                Some(ty) => self.new.value(ty, &Value::Number(value.clone())),
                None => crate::value::human(value, false, false),
            },
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
        RangeDoc { what: self.name_of(&range.what), said, low, high }
    }
}
