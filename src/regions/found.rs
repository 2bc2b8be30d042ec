//! For which facts: the groups of facts for which two versions of a policy differ, or something is wrong with one.

use crate::facts::Facts;
use crate::outcome::Status;
use crate::policy::{ExprId, RuleId};
use crate::value::{Day, Number, Possible};

/// Where the answers for one outcome differ between two policies.
#[derive(Clone, Debug)]
pub struct OutcomeRegions {
    pub outcome: String,
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
    /// At the witness.
    pub at_witness: Option<Possible>,
}

/// A linear expression over facts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sum {
    pub terms: Vec<(Number, Named)>,
    pub rest: Number,
}

/// What a quantity is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    Today,
    Fact(String),
    Field(String, String),
    /// A fact or field (with its entity) on another day than the one asked.
    On(Option<String>, String, Day),
    /// Multiplied.
    Product(Vec<Named>),
    /// Divided.
    Quotient(Box<Sum>, Box<Sum>),
    /// A term outside what can be decided, or a part of a value, in words.
    Term(String),
}

/// What a quantity may be in a group.
#[derive(Clone, Debug)]
pub struct Range {
    pub what: Named,
    pub kind: RangeKind,
}

#[derive(Clone, Debug)]
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
    /// Exactly this, in words.
    Is(String),
}

/// Facts for which it is so.
#[derive(Clone, Debug)]
pub struct Witness {
    pub on: Day,
    pub row: Option<u32>,
    pub old: Facts,
    pub new: Facts,
}
