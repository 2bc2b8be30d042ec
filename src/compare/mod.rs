//! Two policies compared: what a rule change does, to whom, from when.
//!
//! 1 [`Frame::new`] finds which names mean the same on both sides; 2 [`Frame::clauses`] tells which clauses changed;
//! 3 [`Frame::bind`] and [`Frame::scenarios`] state the same facts to both, and [`Frame::case`] tells which answers change and
//! from when to when; 4 [`Tally`] does so for the rows of a table, in totals. The last question, for which facts
//! at all anything changes, takes the same [`Frame`] and goes beside these.

mod adapt;
mod bound;
mod cases;
mod clauses;
mod histogram;
mod item;
mod names;
mod normal;
mod parts;
mod population;
mod reach;
mod rules;
mod same;

#[cfg(test)]
mod tests;

pub use bound::{Bound, Scenarios, Settings};
pub use cases::{Asked, Case, Compared, Moved, Origin, Piece};
pub use clauses::{Change, Clauses, PartChange, What};
pub use histogram::Step;
pub use item::Kind;
pub use parts::{Part, Shown};
pub use population::{Effect, Mover, Plan, Population, Sums, Tally, in_batches, summable};
pub use same::Delta;

use crate::policy::{DutyId, EntityId, OutcomeId, Policy, PowerId};
use item::{Item, items};
use names::Names;
use std::collections::BTreeMap;

/// One of two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Which {
    Old,
    New,
}

impl Which {
    pub fn word(self) -> &'static str {
        match self {
            Which::Old => "old",
            Which::New => "new",
        }
    }
}

/// Two policies and what of the one is what of the other.
#[derive(Debug)]
pub struct Frame<'a> {
    pub old: &'a Policy,
    pub new: &'a Policy,
    names: Names,
    /// In the order of the new side.
    pub outcomes: Vec<(OutcomeId, OutcomeId)>,
    pub duties: Vec<(DutyId, DutyId)>,
    pub powers: Vec<(PowerId, PowerId)>,
    pub entities: Vec<(EntityId, EntityId)>,
}

impl<'a> Frame<'a> {
    pub fn new(old: &'a Policy, new: &'a Policy) -> Frame<'a> {
        let names = names::pair(old, new);
        let words: BTreeMap<&str, Item> = names.old.iter().map(|(item, word)| (word, item)).collect();
        let (mut outcomes, mut duties, mut powers, mut entities) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for item in items(new) {
            match (words.get(names.new.get(item)), item) {
                (Some(Item::Outcome(old)), Item::Outcome(new)) => outcomes.push((*old, new)),
                (Some(Item::Duty(old)), Item::Duty(new)) => duties.push((*old, new)),
                (Some(Item::Power(old)), Item::Power(new)) => powers.push((*old, new)),
                (Some(Item::Entity(old)), Item::Entity(new)) => entities.push((*old, new)),
                _ => {}
            }
        }
        Frame { old, new, names, outcomes, duties, powers, entities }
    }

    /// Which clauses changed.
    pub fn clauses(&self) -> Clauses {
        clauses::compare(self.old, self.new, &self.names)
    }

    /// Which answers change for the facts of a case.
    pub fn case(&self, case: &Case, asked: Asked) -> Compared {
        cases::compare(self, case, asked)
    }
}
