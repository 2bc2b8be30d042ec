//! Expressions as written.

use super::{ForEach, Name, Rounded};
use crate::text::Span;
use crate::value::{Attribute, Day, MonthEnd, Number, YearPart};

#[derive(Clone, Debug)]
pub struct Expr {
    pub kind: ExprKind,
    /// Without brackets around the whole.
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum ExprKind {
    Quantity(Quantity),
    Date(Day),
    /// Two dots or more, or a leading zero: always a code.
    Code(String),
    /// `8701..8705`, in braces after `in` or `under`.
    Codes {
        first: String,
        last: String,
    },
    Text(String),
    Bool(bool),
    /// `a`, `a.b`, `f(x).y`; also `today`, `never`, `unknown`, which the checker knows.
    Path(Path),
    Or(Vec<Expr>),
    And(Vec<Expr>),
    Not(Box<Expr>),
    /// `C by D`
    By {
        condition: Box<Expr>,
        day: Box<Expr>,
    },
    /// `C within W of D`
    Within {
        condition: Box<Expr>,
        wait: Box<Expr>,
        start: Box<Expr>,
    },
    Compare {
        left: Box<Expr>,
        op: CompareOp,
        right: Box<Expr>,
    },
    /// `x in {…}`, `x in annex`
    In {
        item: Box<Expr>,
        set: SetExpr,
    },
    /// `x under 8703`, `x under {…}`, `x under annex`, `sector under energy`
    Under {
        item: Box<Expr>,
        set: SetExpr,
    },
    /// `x is not breached`
    Is {
        subject: Box<Expr>,
        negated: bool,
        state: State,
    },
    /// `x but at least y`, `x but at most y`
    Clamp {
        value: Box<Expr>,
        side: ClampSide,
        bound: Box<Expr>,
    },
    Rounded {
        value: Box<Expr>,
        rounded: Rounded,
    },
    Sum {
        first: Box<Expr>,
        rest: Vec<(AddOp, Expr)>,
    },
    Product {
        first: Box<Expr>,
        rest: Vec<(MulOp, Expr)>,
    },
    Negative(Box<Expr>),
    AsOf {
        value: Box<Expr>,
        day: Box<Expr>,
    },
    AsKnownOn {
        value: Box<Expr>,
        day: Box<Expr>,
    },
    /// `if C then X otherwise if C2 then Y otherwise Z`
    If {
        branches: Vec<(Expr, Expr)>,
        otherwise: Box<Expr>,
    },
    /// `top up X to Y`
    TopUp {
        value: Box<Expr>,
        to: Box<Expr>,
    },
    /// `compound of R over N rounded to STEP`
    Compound {
        rate: Box<Expr>,
        times: Box<Expr>,
        rounded: Rounded,
    },
    /// `count of P since D`
    ActCount {
        power: Box<Expr>,
        since: Box<Expr>,
    },
    /// `average of F over days from D1 through D2`
    DayAverage {
        value: Box<Expr>,
        first: Box<Expr>,
        last: Box<Expr>,
    },
    /// `last start of C`
    LastStart(Box<Expr>),
    /// `first day of month of D`, `year of D`
    Attribute {
        attribute: Attribute,
        of: Box<Expr>,
    },
    /// `fiscal of D`, `first day of fiscal of D`: a year of one's own
    OwnYear {
        year: Name,
        part: YearPart,
        of: Box<Expr>,
    },
    /// `first day of period`, inside a recurring duty
    EdgeOfPeriod(Edge),
    Aggregate(Aggregate),
}

/// `column1(entry.hts).ad_valorem` is a head with arguments and one step; `entry.value` a head and one step.
#[derive(Clone, Debug)]
pub struct Path {
    pub head: Name,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub enum Step {
    Args(Vec<Expr>, Span),
    Field(Name),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    Less,
    AtMost,
    Equal,
    NotEqual,
    AtLeast,
    Greater,
}

impl CompareOp {
    /// True exactly where this is false.
    pub fn opposite(self) -> CompareOp {
        match self {
            CompareOp::Less => CompareOp::AtLeast,
            CompareOp::AtMost => CompareOp::Greater,
            CompareOp::Equal => CompareOp::NotEqual,
            CompareOp::NotEqual => CompareOp::Equal,
            CompareOp::AtLeast => CompareOp::Less,
            CompareOp::Greater => CompareOp::AtMost,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClampSide {
    AtLeast,
    AtMost,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddOp {
    Plus,
    Minus,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MulOp {
    Times,
    Divide,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    First,
    Last,
}

#[derive(Clone, Debug)]
pub enum SetExpr {
    /// `{JP, KR}`, with its place
    Listed(Vec<Expr>, Span),
    /// One value or a named set
    One(Box<Expr>),
}

/// After `is`. The last four test an answer and stand in `expect` only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Pending,
    Fulfilled,
    Breached,
    Cured,
    Available,
    Done,
    Invalid,
    Threatened,
    Undetermined,
    Gap,
    Conflict,
    Error,
}

#[derive(Clone, Debug)]
pub struct Aggregate {
    pub kind: AggregateKind,
    /// What is summed or asked; none for `count of E`.
    pub value: Option<Box<Expr>>,
    pub for_each: ForEach,
    pub condition: Option<Box<Expr>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AggregateKind {
    Count,
    Sum,
    Min,
    Max,
    Average,
    First,
    Any,
    All,
}

/// A number as written with what follows it: `25%`, `550 billion USD`, `1 month rounding down`, `8703.20`.
#[derive(Clone, Debug)]
pub struct Quantity {
    /// The digits as spelled, with dots and zeros, without `_`.
    pub spelled: String,
    /// The number with its multiplier, before its suffix (25 for `25%`).
    pub number: Number,
    /// Whether a multiplier (`billion`) was written.
    pub multiplied: bool,
    pub suffix: Suffix,
    pub suffix_span: Option<Span>,
}

#[derive(Clone, Debug)]
pub enum Suffix {
    None,
    Percent,
    BasisPoints,
    /// Each unit with its exponent, as written: `USD/kg`.
    Unit(Vec<(Name, i8)>),
    Days,
    Weeks,
    Months(MonthEnd),
    Years(MonthEnd),
    BusinessDays {
        calendar: Option<Name>,
    },
}

macro_rules! operands {
    ($(#[$doc:meta])* $name:ident $iter:ident $($mut:tt)?) => {
        $(#[$doc])*
        pub fn $name<'a>(&'a $($mut)? self, visit: &mut impl FnMut(&'a $($mut)? Expr)) {
            match &$($mut)? self.kind {
                ExprKind::Quantity(_)
                | ExprKind::Date(_)
                | ExprKind::Code(_)
                | ExprKind::Codes { .. }
                | ExprKind::Text(_)
                | ExprKind::Bool(_)
                | ExprKind::Path(_)
                | ExprKind::EdgeOfPeriod(_) => {}
                ExprKind::Or(list) | ExprKind::And(list) => list.$iter().for_each(visit),
                ExprKind::Not(x)
                | ExprKind::Is { subject: x, .. }
                | ExprKind::Rounded { value: x, .. }
                | ExprKind::Negative(x)
                | ExprKind::LastStart(x)
                | ExprKind::OwnYear { of: x, .. }
                | ExprKind::Attribute { of: x, .. } => visit(x),
                ExprKind::By { condition: a, day: b }
                | ExprKind::Compare { left: a, right: b, .. }
                | ExprKind::Clamp { value: a, bound: b, .. }
                | ExprKind::AsOf { value: a, day: b }
                | ExprKind::AsKnownOn { value: a, day: b }
                | ExprKind::Compound { rate: a, times: b, .. }
                | ExprKind::ActCount { power: a, since: b }
                | ExprKind::TopUp { value: a, to: b } => {
                    visit(a);
                    visit(b);
                }
                ExprKind::Within { condition: a, wait: b, start: c }
                | ExprKind::DayAverage { value: a, first: b, last: c } => {
                    visit(a);
                    visit(b);
                    visit(c);
                }
                ExprKind::In { item, set } | ExprKind::Under { item, set } => {
                    visit(item);
                    match set {
                        SetExpr::Listed(list, _) => list.$iter().for_each(visit),
                        SetExpr::One(one) => visit(one),
                    }
                }
                ExprKind::Sum { first, rest } => {
                    visit(first);
                    rest.$iter().for_each(|(_, x)| visit(x));
                }
                ExprKind::Product { first, rest } => {
                    visit(first);
                    rest.$iter().for_each(|(_, x)| visit(x));
                }
                ExprKind::If { branches, otherwise } => {
                    for (condition, value) in branches {
                        visit(condition);
                        visit(value);
                    }
                    visit(otherwise);
                }
                ExprKind::Aggregate(aggregate) => {
                    aggregate.value.$iter().for_each(|x| visit(x));
                    aggregate.condition.$iter().for_each(|x| visit(x));
                }
            }
        }
    };
}

impl Expr {
    operands! {
        /// The operands directly below, in the order of the text; arguments of a path are not among them.
        operands iter
    }
    operands! {
        /// [`Expr::operands`], to change them.
        operands_mut iter_mut mut
    }
}
