//! Two policies compared: what a rule change does, to whom, from when.
//!
//! 1 [`Pairing::new`] finds which names mean the same on both sides; 2 [`Pairing::clauses`] tells which clauses changed;
//! 3 [`Pairing::bind`] and [`Pairing::scenarios`] state the same facts to both, and [`Pairing::case`] tells which answers change and
//! from when to when; 4 [`PopulationTally`] does so for the rows of a table, in totals. The last question, for which facts
//! at all anything changes, takes the same [`Pairing`] and goes beside these.

mod adapt;
mod affected;
mod bound;
mod cases;
mod causes;
mod clauses;
mod columns;
mod declared;
mod histogram;
mod item;
mod lines;
mod names;
mod normal;
mod parts;
mod population;
mod rules;
mod same;

#[cfg(test)]
mod tests;

pub use bound::{BoundFacts, Scenarios, Settings};
pub use cases::{CaseComparison, CaseOrigin, CaseQuestion, ChangedPeriod, ComparisonCase, Moved};
pub use causes::RootCause;
pub use clauses::{ChangeKind, ClauseChange, Clauses, PartChange};
pub use histogram::HistogramBin;
pub use item::ClauseKind;
pub use lines::{ChangedRow, ChangedRows};
pub use parts::{PartKind, PartText};
pub use population::{
    Batches, Effect, Mover, Population, PopulationPlan, PopulationTally, Sums, in_batches, summable,
};
pub use same::Delta;

use crate::policy::{DutyId, EntityId, OutcomeId, Policy, PowerId};
use crate::regions::{self, Question, Regions, Same};
use affected::Touched;
use item::{NamedItem, items};
use names::NamePairing;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

/// A side of a pairing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PolicySide {
    Old,
    New,
}

impl PolicySide {
    pub fn word(self) -> &'static str {
        match self {
            PolicySide::Old => "old",
            PolicySide::New => "new",
        }
    }
}

/// A pairing of two policies: what of the one is what of the other.
#[derive(Debug)]
pub struct Pairing<'a> {
    pub old: &'a Policy,
    pub new: &'a Policy,
    names: NamePairing,
    /// In the order of the new side.
    pub outcomes: Vec<(OutcomeId, OutcomeId)>,
    pub duties: Vec<(DutyId, DutyId)>,
    pub powers: Vec<(PowerId, PowerId)>,
    pub entities: Vec<(EntityId, EntityId)>,
    clauses: Clauses,
    touched: (Touched, Touched),
    /// What a change reaches, on the new side.
    reached: OnceCell<BTreeSet<NamedItem>>,
}

impl<'a> Pairing<'a> {
    pub fn new(old: &'a Policy, new: &'a Policy) -> Pairing<'a> {
        let names = names::pair(old, new);
        let words: BTreeMap<&str, NamedItem> = names.old.iter().map(|(item, word)| (word, item)).collect();
        let (mut outcomes, mut duties, mut powers, mut entities) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for item in items(new) {
            match (words.get(names.new.get(item)), item) {
                (Some(NamedItem::Outcome(old)), NamedItem::Outcome(new)) => outcomes.push((*old, new)),
                (Some(NamedItem::Duty(old)), NamedItem::Duty(new)) => duties.push((*old, new)),
                (Some(NamedItem::Power(old)), NamedItem::Power(new)) => powers.push((*old, new)),
                (Some(NamedItem::Entity(old)), NamedItem::Entity(new)) => entities.push((*old, new)),
                _ => {}
            }
        }
        let clauses = clauses::compare(old, new, &names);
        let touched = (Touched::new(&clauses, PolicySide::Old), Touched::new(&clauses, PolicySide::New));
        Pairing {
            old,
            new,
            names,
            outcomes,
            duties,
            powers,
            entities,
            clauses,
            touched,
            reached: OnceCell::new(),
        }
    }

    /// The same where these facts are stated otherwise to one side than to the other.
    pub fn stating(mut self, names: &[String]) -> Pairing<'a> {
        for name in names {
            self.touched.0.state(self.old, name);
            self.touched.1.state(self.new, name);
        }
        self
    }

    /// Which clauses changed.
    pub fn clauses(&self) -> &Clauses {
        &self.clauses
    }

    /// Whether a change can reach an outcome, on either side.
    pub fn may_move(&self, outcome: OutcomeId) -> bool {
        self.reached().contains(&NamedItem::Outcome(outcome))
    }

    /// The outcomes, duties and powers whose answers may change.
    fn reached(&self) -> &BTreeSet<NamedItem> {
        self.reached.get_or_init(|| {
            let outcomes =
                self.outcomes.iter().map(|(old, new)| (NamedItem::Outcome(*old), NamedItem::Outcome(*new)));
            let duties = self.duties.iter().map(|(old, new)| (NamedItem::Duty(*old), NamedItem::Duty(*new)));
            let powers =
                self.powers.iter().map(|(old, new)| (NamedItem::Power(*old), NamedItem::Power(*new)));
            let reaches = |(old, new): &(NamedItem, NamedItem)| {
                self.touched.0.reaches(self.old, &self.names.old, *old)
                    || self.touched.1.reaches(self.new, &self.names.new, *new)
            };
            outcomes.chain(duties).chain(powers).filter(reaches).map(|(_, new)| new).collect()
        })
    }

    /// For which facts at all an outcome differs. Those that no change can reach are not asked about.
    pub fn regions(&self, question: &Question<'_>) -> Regions {
        let (reached, others): (Vec<_>, Vec<_>) =
            self.outcomes.iter().copied().partition(|(_, new)| self.may_move(*new));
        let same = self.same();
        let question = Question { same: &same, ..*question };
        let outcomes = reached.into_iter().map(|pair| regions::compare(&question, pair)).collect();
        Regions { outcomes, untouched: others.len() }
    }

    /// What no change can reach and is called the same on both sides.
    fn same(&self) -> Same {
        let kept = |new: NamedItem, names: (&str, &str)| {
            (names.0 == names.1 && !self.reached().contains(&new)).then(|| names.1.to_owned())
        };
        let (old, new) = (self.old, self.new);
        let outcomes = self.outcomes.iter().filter_map(|(before, after)| {
            kept(NamedItem::Outcome(*after), (&old.outcomes[*before].name, &new.outcomes[*after].name))
        });
        let duties = self.duties.iter().filter_map(|(before, after)| {
            kept(NamedItem::Duty(*after), (&old.duties[*before].name, &new.duties[*after].name))
        });
        let powers = self.powers.iter().filter_map(|(before, after)| {
            kept(NamedItem::Power(*after), (&old.powers[*before].name, &new.powers[*after].name))
        });
        let apart = self.touched.0.apart.union(&self.touched.1.apart).cloned().collect();
        Same { outcomes: outcomes.collect(), duties: duties.collect(), powers: powers.collect(), apart }
    }

    /// Which answers change for the facts of a case.
    pub fn case(&self, case: &ComparisonCase, asked: CaseQuestion) -> CaseComparison {
        cases::compare(self, case, asked)
    }
}
