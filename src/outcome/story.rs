//! The story behind an answer: what `why` prints.

use super::{ActEnd, Answer, Fault, Point, PowerAnswer, SlotRef};
use crate::policy::{DefineId, EntityId, ExprId, FoldId, OutcomeId, RuleId};
use crate::text::Span;
use crate::value::{Day, Mask, Possible};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An answer with the part every rule had in it.
#[derive(Clone, Debug)]
pub struct Story {
    pub outcome: OutcomeId,
    pub row: Option<(EntityId, u32)>,
    /// The point asked; for the row of a dated entity, the row's date.
    pub point: Point,
    pub answer: Answer,
    /// Every rule of the outcome, in the order of the text.
    pub rules: Vec<RuleStory>,
    /// The outcome's `otherwise`, where no rule is certain to speak.
    pub otherwise: Option<Valued>,
}

#[derive(Clone, Debug)]
pub struct RuleStory {
    pub rule: RuleId,
    pub fate: Fate,
    /// What its head reads, and of a power's effect what its acts were judged by.
    pub head: Vec<Read>,
    /// The clauses that were looked at: the first branch, then each `otherwise`.
    pub clauses: Vec<ClauseStory>,
    /// Of a power's effect: how the power stands.
    pub power: Option<PowerAnswer>,
    /// Of a power's effect: what ended each act, or will, as far as that is certain.
    pub ends: BTreeMap<u32, ActEnd>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Its value is the answer (or one side of a conflict, or the error).
    Decides,
    /// It may or may not apply, and its value is (among) the answer.
    MayDecide,
    /// It applies, and a rule above it does too.
    Displaced { by: Vec<RuleId> },
    /// Its `from` has not come, or had not been known.
    NotYetInForce { from: Option<Possible>, known: Option<Possible> },
    /// Its `until` has come.
    NoLongerInForce { until: Option<Possible> },
    /// No branch that assigns this outcome applies.
    NotMet,
    /// The effect of a power, of which no act stands.
    NotExercised,
}

#[derive(Clone, Debug)]
pub struct ClauseStory {
    /// Which branch, from 0.
    pub branch: u32,
    /// The condition as written, judged; none where there is none.
    pub condition: Option<Judged>,
    /// What the guard (with the "not" of earlier branches) came to.
    pub applies: Mask,
    /// Of a clause with a memory that may apply: since when, if that is certain (T8).
    pub began: Option<Day>,
    /// Of one that lasts for a time, the first day after it.
    pub lasts: Option<Day>,
    /// Of one with a memory: what it began by, and what may have ended it.
    pub past: Vec<Read>,
    /// What it offers, where it may apply, and how that came about.
    pub value: Option<Valued>,
}

/// A condition and what it came to.
#[derive(Clone, Debug)]
pub struct Judged {
    pub expr: ExprId,
    pub mask: Mask,
    /// The point at which it was judged (moved by `as of`, `by`).
    pub point: Point,
    pub kind: JudgedKind,
}

#[derive(Clone, Debug)]
pub enum JudgedKind {
    And(Vec<Judged>),
    Or(Vec<Judged>),
    Not(Box<Judged>),
    /// A condition without `and`, `or`, `not`: what it read.
    Atom(Vec<Read>),
}

/// A value and what it read.
#[derive(Clone, Debug)]
pub struct Valued {
    pub expr: ExprId,
    pub value: Possible,
    pub fault: Option<Arc<Fault>>,
    pub reads: Vec<Read>,
}

/// Something an expression looked up.
#[derive(Clone, Debug)]
pub struct Read {
    pub what: ReadOf,
    pub point: Point,
    pub value: Possible,
    pub fault: Option<Arc<Fault>>,
    /// What a define or outcome read in turn.
    pub inner: Vec<Read>,
}

#[derive(Clone, Debug)]
pub enum ReadOf {
    /// A slot, and where its value comes from.
    Slot(SlotRef, Origin),
    Define(DefineId, Option<(EntityId, u32)>),
    Outcome(OutcomeId, Option<(EntityId, u32)>),
    /// What a running total was before a row, and the rows before it; none: their order is not known.
    Running {
        fold: FoldId,
        row: (EntityId, u32),
        rows: Option<Earlier>,
    },
    Today,
    /// An act that made a power done (or was invalid), by its place in the facts.
    Act(u32),
    /// A row that decides whether there is any, or whether all are: what was asked of it.
    Row(EntityId, u32, ExprId),
    /// An annex cell or another looked-up value: the expression.
    Lookup(ExprId),
}

/// The rows of a group before one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earlier {
    pub count: usize,
    /// None: there is no row before.
    pub ends: Option<(u32, u32)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Stated at this place; for a dated fact, from this day.
    Stated {
        span: Span,
        from: Option<Day>,
    },
    /// The default of the declaration.
    Assumed,
    NotStated,
    /// Stated, but not for this day: after `stated through`.
    AfterStatedThrough,
}
