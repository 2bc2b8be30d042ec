//! Who must and who may: holders, duties, powers.

use super::{ArticleId, Citation, Dated, EntityId, ExprId, HolderId, PowerId, RuleId, Type};
use crate::text::Span;
use crate::value::Recurrence;

/// Who may hold powers and duties: a party of the agreement, or an office (O1).
#[derive(Clone, Debug)]
pub struct Holder {
    pub name: String,
    pub title: Option<String>,
    /// Of an office: its party, as written.
    pub of: Option<String>,
    /// Declared as an office; else a party of the agreement.
    pub office: bool,
    pub span: Span,
}

/// Who holds a power or a duty (O7): one, or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holders {
    /// In the order of their declarations.
    pub list: Vec<HolderId>,
    /// All of them in one act, `held by A and B`; else any one of them.
    pub together: bool,
}

impl Holders {
    pub fn one(holder: HolderId) -> Holders {
        Holders { list: vec![holder], together: false }
    }

    /// Whether an act by these, in the order of their declarations, is one by the holders.
    pub fn are(&self, by: &[HolderId]) -> bool {
        match by {
            [one] if !self.together => self.list.contains(one),
            _ => self.together && self.list == by,
        }
    }

    /// By whom an act may be: all of them, or the first.
    pub fn acting(&self) -> Vec<HolderId> {
        let count = if self.together { self.list.len() } else { 1 };
        self.list.iter().take(count).copied().collect()
    }

    /// The word between them.
    pub fn word(&self) -> &'static str {
        if self.together { "and" } else { "or" }
    }
}

/// `obligation N … held by H: [if G then] P by X` (D1, D2). The frame of its expressions: of a duty for each row the row
/// as local 0; of a recurring one the first and the last day of the period as locals 0 and 1; else nothing.
#[derive(Clone, Debug)]
pub struct Duty {
    pub name: String,
    pub title: Option<String>,
    pub doc: Option<String>,
    pub article: Option<ArticleId>,
    pub cites: Vec<Citation>,
    pub for_each: Option<EntityId>,
    /// Recurring: how long a period is; `from` is then there.
    pub each: Option<Recurrence>,
    pub held_by: Holders,
    pub from: Option<Dated>,
    pub until: Option<Dated>,
    /// G: what it is owed under.
    pub condition: Option<ExprId>,
    /// P
    pub performance: ExprId,
    /// X, a date
    pub deadline: ExprId,
    /// D of `P within W of D`, a date: when it begins (S).
    pub start: Option<ExprId>,
    pub span: Span,
    pub name_span: Span,
}

/// `power N(PARAMS) … held by H requires C … then …`. The frame of its expressions: the row as local 0, if it is for each
/// row, then the parameters.
#[derive(Clone, Debug)]
pub struct Power {
    pub name: String,
    pub title: Option<String>,
    pub doc: Option<String>,
    pub article: Option<ArticleId>,
    pub cites: Vec<Citation>,
    pub for_each: Option<EntityId>,
    pub held_by: Holders,
    pub params: Vec<Param>,
    pub from: Option<Dated>,
    pub until: Option<Dated>,
    pub requires: Vec<Requirement>,
    /// The powers whose acts end when this one is exercised.
    pub ends: Vec<PowerId>,
    /// Its effect (O4): a rule with its name, row, citations, window and written priority. It has no branch if there is
    /// nothing after `then`.
    pub rule: RuleId,
    /// O6: an act sees acts of its own day only of powers with a smaller number.
    pub group: u32,
    pub span: Span,
    pub name_span: Span,
}

#[derive(Clone, Debug)]
pub struct Param {
    pub name: String,
    pub ty: Type,
    /// Whether values in its unit are whole (M5).
    pub whole: bool,
    pub span: Span,
}

/// One `requires`.
#[derive(Clone, Copy, Debug)]
pub struct Requirement {
    pub what: ExprId,
    /// It mentions a parameter, so that it can be judged of an act only (O5).
    pub of_act: bool,
}

/// The states of a duty (D1), the worst first as `N` of a recurring duty wants it (D2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DutyState {
    Breached,
    Pending,
    Cured,
    Fulfilled,
    NotOwed,
    NotYetDue,
}

/// O5
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PowerTest {
    Available,
    Done,
    Invalid,
    Threatened,
}

/// What is read of the act by which a power is done (O5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActPart {
    /// Its day; `never` if it is not done.
    On,
    /// The name of who performed it, as text.
    By,
    /// A parameter, by its place.
    Param(u32),
}
