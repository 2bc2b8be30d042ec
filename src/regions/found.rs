//! For which facts: the groups of facts for which two versions of a policy differ, or something is wrong with one.

use crate::facts::Facts;
use crate::outcome::Status;
use crate::policy::{ExprId, OutcomeId, RuleId};
pub use crate::solve::WrittenComparison;
use crate::value::{Day, Number, Possible};
use std::collections::BTreeSet;

/// What no change can reach, by its name in both versions: there its answer is the same on the same facts.
#[derive(Clone, Debug, Default)]
pub struct Same {
    pub outcomes: BTreeSet<String>,
    pub duties: BTreeSet<String>,
    pub powers: BTreeSet<String>,
    /// Annexes of which lines are stated to one side: what they answer is not the same, whatever they list.
    pub apart: BTreeSet<String>,
}

/// For which facts two versions differ.
#[derive(Clone, Debug, Default)]
pub struct Regions {
    /// Of those that a change can reach.
    pub outcomes: Vec<OutcomeRegions>,
    /// How many no change can reach: they are the same for all facts.
    pub untouched: usize,
}

impl Regions {
    /// Whether an outcome differs for some facts, or may.
    pub fn differ(&self) -> bool {
        self.outcomes.iter().any(|one| !one.groups.is_empty() || !one.left.is_empty())
    }

    /// Groups that are not proven, and outcomes that were not settled.
    pub fn undecided(&self) -> usize {
        let doubtful = self.outcomes.iter().flat_map(|one| &one.groups).filter(|group| group.doubt.is_some());
        doubtful.count().saturating_add(self.outcomes.iter().filter(|one| !one.left.is_empty()).count())
    }
}

/// Where the answers for one outcome differ between two policies.
#[derive(Clone, Debug)]
pub struct OutcomeRegions {
    /// Old and new.
    pub outcome: (OutcomeId, OutcomeId),
    pub groups: Vec<Group>,
    /// What is not decided, in words; empty: these are all groups there are.
    pub left: Vec<String>,
    /// Terms that were taken as unknown, for they are outside what can be decided: of the old version (0) or the new (1).
    pub outside: Vec<(usize, ExprId)>,
}

/// All facts for which the same rules decide on each side, and differently.
#[derive(Clone, Debug)]
pub struct Group {
    pub old: SideAnswer,
    pub new: SideAnswer,
    /// What the new value is above the old one, as a sum; none: they are not numbers, or one is none.
    pub change: Option<Sum>,
    /// The change is before rounding.
    pub rounded: bool,
    /// What the facts have in common, each as a range.
    pub ranges: Vec<Range>,
    pub witness: Witness,
    /// None: proven, the witness was asked again. Else why it is not.
    pub doubt: Option<String>,
}

#[derive(Clone, Debug)]
pub struct SideAnswer {
    pub status: Status,
    /// The rules that decide, each with its branch.
    pub rules: Vec<(RuleId, u32)>,
    /// The value in terms of facts.
    pub value: Option<Sum>,
    /// It is rounded after that.
    pub rounded: bool,
    /// At the witness.
    pub at_witness: Option<Possible>,
}

/// A linear expression over facts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sum {
    pub terms: Vec<(Number, NamedTerm)>,
    pub rest: Number,
}

/// What a quantity is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NamedTerm {
    Today,
    Fact(String),
    Field(String, String),
    /// A fact or field (with its entity) on another day than the one asked, as that day is made of others.
    On(Option<String>, String, Box<Sum>),
    /// Added up.
    Total(Box<Sum>),
    /// A sum before it is rounded to a step.
    Rounded(Box<Sum>, Number),
    /// Multiplied.
    Product(Vec<NamedTerm>),
    /// Divided.
    Quotient(Box<Sum>, Box<Sum>),
    /// What is written in the old version (0) or the new (1), as a whole; and whether the other has it otherwise or not at all.
    Outside(usize, ExprId, bool),
    /// Something outside what can be decided that is no term, or a part of a value, in words.
    Term(String),
}

/// What a quantity may be in a group.
#[derive(Clone, Debug)]
pub struct Range {
    pub what: NamedTerm,
    pub kind: RangeKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RangeKind {
    /// Ends with whether they belong to it; none: no end.
    Numbers {
        low: Option<(Number, bool)>,
        high: Option<(Number, bool)>,
    },
    Days {
        first: Day,
        last: Day,
    },
    /// One of these choices, or this code or text.
    Is(Vec<String>),
    /// None of these choices.
    IsNot(Vec<String>),
    /// A code under this one; not any of those.
    Compared {
        under: Option<String>,
        not: Vec<WrittenComparison>,
    },
}

/// Facts for which it is so.
#[derive(Clone, Debug)]
pub struct Witness {
    pub on: Day,
    pub known: Day,
    pub row: Option<u32>,
    pub old: Facts,
    pub new: Facts,
}
