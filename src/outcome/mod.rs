//! What came out: answers with their reasons, what is missing, and the story behind them. Plain data made by
//! [`crate::run`]; nothing here is text.

mod ahead;
mod conduct;
mod conduct_story;
mod story;
mod timeline;

pub use ahead::*;
pub use conduct::*;
pub use conduct_story::*;
pub use story::*;
pub use timeline::*;

use crate::policy::{AnnexDay, AnnexId, AnnexKey, EntityId, ExprId, FactId, FieldId, OutcomeId, RuleId};
use crate::text::Span;
use crate::value::{Day, Possible, Trouble, Value};
use std::sync::Arc;

/// Where a policy is asked: on a day, as known on a day ([`Day::NEVER`]: everything stated is known).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point {
    pub day: Day,
    pub known: Day,
    /// Which acts are seen (O6): all of them, but where the requirements of an act are judged.
    pub sight: Sight,
}

impl From<Point> for AnnexDay {
    fn from(point: Point) -> AnnexDay {
        AnnexDay { day: point.day, known: point.known }
    }
}

/// Acts are seen that came before one: those of earlier days, and of that day those of earlier groups (O6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sight {
    pub day: Day,
    pub group: u32,
}

impl Sight {
    /// All acts.
    pub const ALL: Sight = Sight { day: Day::NEVER, group: u32::MAX };

    /// Whether an act of that day and group is seen.
    #[inline]
    pub fn sees(self, day: Day, group: u32) -> bool {
        (day, group) < (self.day, self.group)
    }
}

impl Point {
    /// On a day, as known on a day, with all acts seen.
    pub const fn new(day: Day, known: Day) -> Point {
        Point { day, known, sight: Sight::ALL }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    Determined,
    Undetermined,
    Gap,
    Conflict,
    Error,
}

impl Status {
    pub const ALL: [Status; 5] =
        [Status::Determined, Status::Undetermined, Status::Gap, Status::Conflict, Status::Error];

    pub fn as_str(self) -> &'static str {
        match self {
            Status::Determined => "determined",
            Status::Undetermined => "undetermined",
            Status::Gap => "gap",
            Status::Conflict => "conflict",
            Status::Error => "error",
        }
    }
}

/// The answer for one outcome (of one row) at one point (R5, R6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: Status,
    /// Determined: the value alone. Undetermined: every answer still possible, values first, without repetition.
    /// Gap, conflict, error: that alone.
    pub possible: Vec<Possibility>,
    /// Determined: the deciding rules. Conflict: the clashing ones. Error: the failing ones. Undetermined: the live ones.
    pub reasons: Vec<Reason>,
    /// The named error behind status `error`.
    pub fault: Option<Arc<Fault>>,
    /// Of an undetermined answer.
    pub needs: Option<Needs>,
    /// Facts whose default was used (V7), in the order of the policy.
    pub assumed: Vec<SlotRef>,
}

impl Answer {
    /// The value of a determined answer.
    pub fn value(&self) -> Option<&Value> {
        match (self.status, self.possible.first()) {
            (Status::Determined, Some(Possibility::Value(possible))) => possible.single(),
            _ => None,
        }
    }

    /// The same possibilities for the same reasons (T10), whichever error is named, and in whatever order they were met.
    pub fn is_like(&self, other: &Answer) -> bool {
        let Answer { status, possible, reasons, fault: _, needs, assumed } = self;
        (status, reasons, needs, assumed) == (&other.status, &other.reasons, &other.needs, &other.assumed)
            && (possible == &other.possible
                || has_all(possible, &other.possible) && has_all(&other.possible, possible))
    }
}

fn has_all(list: &[Possibility], other: &[Possibility]) -> bool {
    other.iter().all(|one| list.contains(one))
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Possibility {
    /// A value, or an interval of values.
    Value(Possible),
    Gap,
    Conflict,
    Error,
}

/// A rule's part in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// None: the outcome's `otherwise`.
    pub rule: Option<RuleId>,
    /// The branch of the rule that offers, where it is certain which.
    pub branch: Option<u32>,
    /// Of a power's effect: the act that stands, by its place in the facts.
    pub act: Option<u32>,
    /// What it offers.
    pub value: Option<Possible>,
    /// It may be silent: the answer is the same whether or not it applies.
    pub doubtful: bool,
}

/// A named error with its place and what it came from (V5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub trouble: Trouble,
    /// The expression that failed, in the policy.
    pub span: Span,
    /// For `depends on`: the outcome, its row, and what that answer was.
    pub depends_on: Option<(OutcomeId, Option<u32>, Status)>,
    /// More words: the key that is not in the annex, the year the calendar lacks.
    pub detail: Option<String>,
    pub cause: Option<Arc<Fault>>,
}

/// The smallest thing a facts file can state (N1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SlotRef {
    /// A fact; with a day if it is dated.
    Fact(FactId, Option<Day>),
    Field {
        entity: EntityId,
        row: u32,
        field: FieldId,
        day: Option<Day>,
    },
    /// A parameter of an act, by the act's place in the facts.
    Parameter {
        act: u32,
        param: u32,
    },
    /// The rows of an entity.
    Table(EntityId),
    /// A line of an annex that is listed in part (X6), by its keys; of several keys perhaps by the first alone.
    Line(AnnexId, Box<[AnnexKey]>),
    /// A cell of a line that is in the file, or stated, and unknown (X6): its line, its column.
    Cell(AnnexId, Box<[AnnexKey]>, u32),
}

/// What would settle an undetermined answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs {
    /// Stating all of these always settles it (N2).
    pub all: Vec<Need>,
    /// Smallest ways to settle it (N3).
    pub ways: Vec<Way>,
    /// Whether `ways` is all of them; false when the search hit its limit.
    pub complete: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    pub slot: SlotRef,
    /// An open day hides what will be read on it: state it, then ask again.
    pub then_ask_again: bool,
}

/// Conditions and the answer they lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    pub when: Vec<AtomIs>,
    pub then: WayAnswer,
    /// The facts that these conditions (and an answer that is still open) read.
    pub facts: Vec<SlotRef>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WayAnswer {
    Is(Possibility),
    /// A value that depends on facts still open: the expression.
    Open(ExprId),
}

/// A condition at a point, with the truth value it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtomIs {
    pub atom: ExprId,
    /// Local 0 of the condition.
    pub row: Option<(EntityId, u32)>,
    pub point: Point,
    pub is: bool,
}
