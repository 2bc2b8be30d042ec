//! What a policy means: names resolved to numbers, types and priorities worked out, expressions as an arena.
//!
//! Everything here is data made by [`crate::check`]; a [`Policy`] that exists has passed all its checks, so whoever
//! reads it needs none of their own.

mod annex;
mod conduct;
pub mod deps;
mod expr;
mod op;
mod places;
pub mod readers;
mod struck;
mod table;
mod types;
mod way;

pub use annex::{
    Annex, AnnexBuilder, AnnexDay, AnnexHeadings, AnnexKey, AnnexLines, AnnexView, Cell, CellColumn, Column,
    EMPTY, KeyClass, LISTED, LineAnswer, LineValidity, OpenLine, UNKNOWN,
};
pub use conduct::{ActPart, Duty, DutyState, Holder, Holders, Param, Power, PowerTest, Requirement};
pub use expr::{Expr, Exprs, Sort};
pub use op::{Course, Op};
pub use places::Places;
pub use struck::Provision;
pub use table::{Id, Table};
pub use types::{Choice, Enum, Face, Type};
pub use way::Trend;

pub(crate) use table::ids;

use crate::text::{SourceId, Span};
use crate::tree::{AggregateKind, State};
use crate::value::{Calendar, DurationKind, Number, OwnYear, Rounding, Units, Value};
use indexmap::IndexMap;
use std::collections::BTreeMap;

ids! {
    /// An instrument (`source`).
    InstrumentId;
    EnumId;
    EntityId;
    FactId;
    /// A field, within its entity.
    FieldId;
    AnnexId;
    DefineId;
    FunctionId;
    /// A running total.
    FoldId;
    OutcomeId;
    ArticleId;
    RuleId;
    HolderId;
    PowerId;
    DutyId;
    GuaranteeId;
    ExprId;
}

/// A checked policy.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    pub agreement: Option<Agreement>,
    pub instruments: Table<InstrumentId, Instrument>,
    pub units: Units,
    /// The first declared is the default.
    pub calendars: Vec<Calendar>,
    /// Years that begin on a day of their own (T11), by their names.
    pub years: IndexMap<String, OwnYear>,
    pub enums: Table<EnumId, Enum>,
    pub entities: Table<EntityId, Entity>,
    pub facts: Table<FactId, Fact>,
    pub annexes: Table<AnnexId, Annex>,
    pub defines: Table<DefineId, Define>,
    pub functions: Table<FunctionId, Function>,
    pub folds: Table<FoldId, Fold>,
    pub outcomes: Table<OutcomeId, Outcome>,
    pub articles: Table<ArticleId, Article>,
    pub rules: Table<RuleId, Rule>,
    pub holders: Table<HolderId, Holder>,
    pub powers: Table<PowerId, Power>,
    pub duties: Table<DutyId, Duty>,
    pub guarantees: Table<GuaranteeId, Guarantee>,
    pub scenarios: Vec<Scenario>,
    pub exprs: Exprs,
    /// Lines that an amendment changed are texts of their own; where each begins in the text it stands for.
    pub amended: BTreeMap<SourceId, Span>,
}

#[derive(Clone, Debug)]
pub struct Agreement {
    pub name: String,
    pub title: Option<String>,
    pub parties: Vec<String>,
}

/// `source EO14345 "title" binding`
#[derive(Clone, Debug)]
pub struct Instrument {
    pub name: String,
    pub title: String,
    /// None: not said.
    pub binding: Option<bool>,
    pub span: Span,
}

/// A fact, or a field of an entity.
#[derive(Clone, Debug)]
pub struct Fact {
    pub name: String,
    pub doc: Option<String>,
    pub ty: Type,
    pub over_time: bool,
    pub cumulative: bool,
    /// Of a field: may read the row's other fields through local 0.
    pub default: Option<ExprId>,
    /// `where`: holds for every stated value (V7). Of a field: the row is local 0.
    pub condition: Option<ExprId>,
    /// Whether values in its unit are whole (M5).
    pub whole: bool,
    pub span: Span,
}

/// A table of inputs.
#[derive(Clone, Debug)]
pub struct Entity {
    pub name: String,
    pub doc: Option<String>,
    pub fields: Table<FieldId, Fact>,
    pub key: FieldId,
    /// The row's date (T9): its rules, facts and outcomes are those of that day.
    pub dated: Option<FieldId>,
    /// From when the row is known (T9).
    pub known: Option<FieldId>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Define {
    pub name: String,
    pub doc: Option<String>,
    pub ty: Type,
    /// The row is local 0 of `value`.
    pub for_each: Option<EntityId>,
    pub value: ExprId,
    /// In the block of a running total, whose value before the row it may read: its place in [`Fold::defines`].
    pub block: Option<(FoldId, u32)>,
    pub span: Span,
}

/// A running total (C4): one value, carried from row to row. The row is local 0 of all its expressions.
#[derive(Clone, Debug)]
pub struct Fold {
    pub name: String,
    pub doc: Option<String>,
    pub entity: EntityId,
    /// `by`: the order of the rows of a group.
    pub keys: Vec<ExprId>,
    /// `per`: rows with equal values are a group; none: all rows are one.
    pub per: Vec<ExprId>,
    /// The value before the first row of a group.
    pub starting: ExprId,
    /// What a row leaves to the next one.
    pub next: ExprId,
    /// Those of the block, each after those it reads.
    pub defines: Vec<DefineId>,
    pub ty: Type,
    /// Whether its values are whole (M5).
    pub whole: bool,
    pub span: Span,
}

/// A function: its parameters are locals 0, 1, … of `value`.
#[derive(Clone, Debug)]
pub struct Function {
    pub name: String,
    pub doc: Option<String>,
    pub params: Vec<(String, Type)>,
    pub ty: Type,
    pub value: ExprId,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Outcome {
    pub name: String,
    pub doc: Option<String>,
    pub ty: Type,
    /// Part of every assignment (R3). The step is in base units.
    pub rounded: Option<(Rounding, Number)>,
    /// Whether its values are whole (M5).
    pub whole: bool,
    /// The row is local 0 of `otherwise` and of its rules.
    pub for_each: Option<EntityId>,
    pub otherwise: Option<ExprId>,
    /// The rules that assign it: every rule stands after all rules above it; equals in the order of the text.
    pub contenders: Vec<Contender>,
    pub span: Span,
}

/// One rule's part in one outcome (R1).
#[derive(Clone, Debug)]
pub struct Contender {
    pub rule: RuleId,
    /// The branches that assign the outcome, in their order; at most one applies at a point.
    pub clauses: Vec<Clause>,
    /// Places in [`Outcome::contenders`] of the rules above it, through any chain (R4).
    pub above: Places,
}

impl Contender {
    /// Whether any of these places, which are in order, stands above it.
    pub fn is_below(&self, places: &[u32]) -> bool {
        self.above.meets(places)
    }
}

impl Outcome {
    /// Of the places above one those that are not above another of them.
    pub fn directly_above(&self, place: usize) -> Vec<u32> {
        let above = |place: usize| {
            self.contenders.get(place).map_or_else(Places::default, |contender| contender.above.clone())
        };
        let mut direct: Vec<u32> = Vec::new();
        let mut left = above(place);
        // Nearest first: later in the list means lower.
        while let Some(upper) = left.last() {
            direct.push(upper);
            left = left.without(upper, &above(upper as usize));
        }
        direct
    }
}

/// Applies where the condition of its branch is true and those of all branches before are false (R1).
#[derive(Clone, Debug)]
pub struct Clause {
    pub value: ExprId,
    /// Which branch of the rule, from 0.
    pub branch: u32,
}

#[derive(Clone, Debug)]
pub struct Article {
    pub number: u32,
    pub title: Option<String>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Citation {
    pub instrument: InstrumentId,
    pub place: Option<String>,
}

/// A day in a head with the day from which it was known (R2); the expressions read neither `today` nor dated facts.
#[derive(Clone, Debug)]
pub struct Dated {
    pub day: ExprId,
    pub known: Option<ExprId>,
}

/// A rule with what its article gave it.
#[derive(Clone, Debug)]
pub struct Rule {
    /// None: an anonymous rule, which no clause can name.
    pub name: Option<String>,
    /// Its name, or `tariff#1` (R10).
    pub shown: String,
    pub title: Option<String>,
    pub doc: Option<String>,
    pub article: Option<ArticleId>,
    pub cites: Vec<Citation>,
    pub for_each: Option<EntityId>,
    pub from: Option<Dated>,
    pub until: Option<Dated>,
    pub branches: Vec<Branch>,
    /// Of the first branch: how long it lasts once begun (T8).
    pub lasting: Option<Lasting>,
    /// All rules of its name and rows, itself among them, in the order of time (R10, A2); empty: it is the only one.
    pub versions: Vec<RuleId>,
    /// The power whose effect it is (O4); its expressions then have the parameters after the row in their frame.
    pub power: Option<PowerId>,
    /// Rules directly below it, as written: for messages; the order of evaluation is in [`Contender::above`].
    pub notwithstanding: Vec<RuleId>,
    pub subject_to: Vec<RuleId>,
    /// The whole rule.
    pub span: Span,
    /// Its name, or its first word.
    pub name_span: Span,
}

#[derive(Clone, Debug)]
pub struct Branch {
    /// As written, without the "not" of the branches before.
    pub condition: Option<ExprId>,
    pub assigns: Vec<(OutcomeId, ExprId)>,
    pub span: Span,
}

/// What stands after `then`: it gives the rule a memory (T8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasting {
    /// Until the first day on which a condition holds.
    Until(ExprId),
    /// For a duration of this kind, the first day included.
    For(ExprId, DurationKind),
}

impl Lasting {
    pub fn expr(self) -> ExprId {
        match self {
            Lasting::Until(end) => end,
            Lasting::For(wait, _) => wait,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Guarantee {
    pub name: String,
    pub doc: Option<String>,
    pub for_each: Option<EntityId>,
    pub from: Option<ExprId>,
    pub until: Option<ExprId>,
    /// The row is local 0.
    pub what: ExprId,
    pub span: Span,
}

/// A test in the policy. Its `given`s are bound by [`crate::facts`] against the policy.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub title: String,
    pub givens: Vec<crate::tree::Given>,
    pub expects: Vec<Expect>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Expect {
    pub what: Expected,
    pub on: Option<ExprId>,
    pub known: Option<ExprId>,
    /// Rows of dated entities named in it, whose date is the day if `on` is left out (S1).
    pub dated_rows: Vec<(EntityId, ExprId)>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum Expected {
    /// Must be {true}.
    Holds(ExprId),
    /// `E is [not] undetermined | gap | conflict | error` of an outcome, whose row is given.
    Status { outcome: OutcomeId, row: Option<ExprId>, negated: bool, state: State },
    /// `E is [not] undetermined | error` of any other value.
    Settled { value: ExprId, negated: bool, state: State },
}

impl Policy {
    /// Parties and offices by name, `US and JP`.
    pub fn names_of(&self, holders: &[HolderId], word: &str) -> String {
        let names: Vec<&str> = holders.iter().map(|one| self.holders[*one].name.as_str()).collect();
        names.join(&format!(" {word} "))
    }

    /// Who holds it, as after `held by`.
    pub fn held_by_said(&self, held: &Holders) -> String {
        self.names_of(&held.list, held.word())
    }

    /// The rules that a rule looks at on the days before: if it remembers, all versions of it (R10); itself.
    pub fn remembered_with(&self, id: RuleId) -> impl Iterator<Item = RuleId> + Clone {
        let rule = &self.rules[id];
        let others = if rule.lasting.is_some() { rule.versions.as_slice() } else { &[] };
        others.iter().copied().chain(others.is_empty().then_some(id))
    }

    /// The default of a fact, where it is a number that reads nothing: it is the same on all days.
    pub fn written_default(&self, fact: &Fact) -> Option<Number> {
        let (mut at, mut negative) = (fact.default?, false);
        loop {
            match self.exprs.node(at) {
                Expr::Const(Value::Number(number)) if negative => return Some(number.neg()),
                Expr::Const(Value::Number(number)) => return Some(number.clone()),
                Expr::Op(Op::Negative(of)) => (at, negative) = (*of, !negative),
                Expr::Define { id, row: None } => at = self.defines[*id].value,
                _ => return None,
            }
        }
    }

    /// Whether what is stated of a fact, or left to its default, cannot fall from one day to a later one (T3).
    pub fn never_falls(&self, fact: &Fact) -> bool {
        fact.cumulative && (fact.default.is_none() || self.written_default(fact).is_some())
    }

    /// A place by which what is declared is put in the order of the text.
    pub fn in_order(&self, span: Span) -> Span {
        let Some(origin) = self.amended.get(&span.source) else { return span };
        let moved = |at: u32| origin.start.saturating_add(at);
        Span { source: origin.source, start: moved(span.start), end: moved(span.end) }
    }

    /// The outcome of that name.
    pub fn outcome(&self, name: &str) -> Option<OutcomeId> {
        self.outcomes.iter().find(|(_, outcome)| outcome.name == name).map(|(id, _)| id)
    }

    pub fn fact(&self, name: &str) -> Option<FactId> {
        self.facts.iter().find(|(_, fact)| fact.name == name).map(|(id, _)| id)
    }

    pub fn entity(&self, name: &str) -> Option<EntityId> {
        self.entities.iter().find(|(_, entity)| entity.name == name).map(|(id, _)| id)
    }
}

/// What an aggregate goes over and what it does; see [`Expr::Aggregate`].
pub type Aggregation = AggregateKind;
