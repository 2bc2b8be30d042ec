//! Strict operations (V4): nothing but the values of the operands counts, and an error in any of them is one. What others
//! than the meanings want to know of an operation stands here; they have one arm for all of them.

use super::{AnnexId, ExprId, Trend};
use crate::tree::{AddOp, ClampSide, CompareOp, MulOp};
use crate::value::{Attribute, CodeRange, DurationKind, MonthEnd, Number, Rounding};

/// Operands were checked: a `Sum` has numbers of one dimension, `Not` a truth value, and so on. Numbers are in base units.
#[derive(Clone, Debug, PartialEq)]
pub enum Op<E = ExprId> {
    Not(E),
    /// Both sides of one type.
    Compare {
        op: CompareOp,
        left: E,
        right: E,
    },
    /// Equal to one of these.
    In {
        item: E,
        set: Box<[E]>,
    },
    /// Equal to a key of the annex.
    InAnnex {
        item: E,
        annex: AnnexId,
    },
    /// A code under one of these codes, or an enum value nested under (or equal to) one of these.
    Under {
        item: E,
        set: Box<[E]>,
    },
    /// One of the codes of a range; `under`: or under one.
    InCodes {
        item: E,
        codes: CodeRange,
        under: bool,
    },
    /// A code under one of the annex's (first) keys.
    UnderAnnex {
        item: E,
        annex: AnnexId,
    },

    /// Numbers of one dimension.
    Sum {
        first: E,
        rest: Box<[(AddOp, E)]>,
    },
    Product {
        first: E,
        rest: Box<[(MulOp, E)]>,
    },
    Negative(E),
    /// Numbers, days or durations: the greater (`at least`), the lesser (`at most`).
    Clamp {
        value: E,
        side: ClampSide,
        bound: E,
    },
    Round {
        value: E,
        mode: Rounding,
        step: Number,
    },
    /// `(1 + rate)^times - 1`, of plain numbers, rounded (M12).
    Compound {
        rate: E,
        times: E,
        mode: Rounding,
        step: Number,
    },
    /// `to - value`, never below zero.
    TopUp {
        value: E,
        to: E,
    },

    /// `day + wait`, `day - wait`, the count of `wait` being of this kind.
    Shift {
        day: E,
        sign: AddOp,
        wait: E,
        kind: DurationKind,
    },
    /// `later - earlier`, in days.
    DaysBetween {
        later: E,
        earlier: E,
    },
    /// Durations of one kind.
    DurationSum {
        first: E,
        rest: Box<[(AddOp, E)]>,
    },
    /// A duration times a number; the count must come out whole (`not whole`).
    DurationTimes {
        duration: E,
        by: E,
    },
    DurationNegative(E),
    /// A duration by a duration of its kind: a number.
    DurationRatio {
        left: E,
        right: E,
    },
    Attribute {
        attribute: Attribute,
        of: E,
    },
}

/// How the value of an operation goes as its operands do (T10).
pub enum Course {
    /// It rises with the operands whose way is up, and falls with the others; one way for each operand.
    Monotone(Vec<Trend>),
    /// As the one factor that moves, by the signs of the others; one for each operand.
    Product(Vec<MulOp>),
    /// Back and forth, or to an error, as soon as an operand moves.
    None,
    /// By steps: still until an operand changes.
    Steps,
}

impl<E> Op<E> {
    /// The same operation on other operands, which are visited in the order of the text.
    pub fn map<F>(&self, mut of: impl FnMut(&E) -> F) -> Op<F> {
        match self {
            Op::Not(x) => Op::Not(of(x)),
            Op::Compare { op, left, right } => Op::Compare { op: *op, left: of(left), right: of(right) },
            Op::In { item, set } => Op::In { item: of(item), set: set.iter().map(of).collect() },
            Op::InAnnex { item, annex } => Op::InAnnex { item: of(item), annex: *annex },
            Op::Under { item, set } => Op::Under { item: of(item), set: set.iter().map(of).collect() },
            Op::InCodes { item, codes, under } => {
                Op::InCodes { item: of(item), codes: *codes, under: *under }
            }
            Op::UnderAnnex { item, annex } => Op::UnderAnnex { item: of(item), annex: *annex },
            Op::Sum { first, rest } => {
                Op::Sum { first: of(first), rest: rest.iter().map(|(op, x)| (*op, of(x))).collect() }
            }
            Op::Product { first, rest } => {
                Op::Product { first: of(first), rest: rest.iter().map(|(op, x)| (*op, of(x))).collect() }
            }
            Op::Negative(x) => Op::Negative(of(x)),
            Op::Clamp { value, side, bound } => Op::Clamp { value: of(value), side: *side, bound: of(bound) },
            Op::Round { value, mode, step } => {
                Op::Round { value: of(value), mode: *mode, step: step.clone() }
            }
            Op::Compound { rate, times, mode, step } => {
                Op::Compound { rate: of(rate), times: of(times), mode: *mode, step: step.clone() }
            }
            Op::TopUp { value, to } => Op::TopUp { value: of(value), to: of(to) },
            Op::Shift { day, sign, wait, kind } => {
                Op::Shift { day: of(day), sign: *sign, wait: of(wait), kind: *kind }
            }
            Op::DaysBetween { later, earlier } => Op::DaysBetween { later: of(later), earlier: of(earlier) },
            Op::DurationSum { first, rest } => {
                Op::DurationSum { first: of(first), rest: rest.iter().map(|(op, x)| (*op, of(x))).collect() }
            }
            Op::DurationTimes { duration, by } => Op::DurationTimes { duration: of(duration), by: of(by) },
            Op::DurationNegative(x) => Op::DurationNegative(of(x)),
            Op::DurationRatio { left, right } => Op::DurationRatio { left: of(left), right: of(right) },
            Op::Attribute { attribute, of: x } => Op::Attribute { attribute: *attribute, of: of(x) },
        }
    }

    /// Its operands, in the order of the text.
    pub fn each(&self, visit: impl FnMut(&E)) {
        drop(self.map(visit));
    }

    pub fn course(&self) -> Course {
        use Trend::{Down, Up};
        let signed = |rest: &[(AddOp, E)]| {
            let way = |(op, _): &(AddOp, E)| if *op == AddOp::Plus { Up } else { Down };
            std::iter::once(Up).chain(rest.iter().map(way)).collect()
        };
        match self {
            Op::Compare { .. } | Op::DaysBetween { .. } => Course::Monotone(vec![Up, Down]),
            Op::TopUp { .. } => Course::Monotone(vec![Down, Up]),
            Op::Clamp { .. } => Course::Monotone(vec![Up, Up]),
            Op::Sum { rest, .. } | Op::DurationSum { rest, .. } => Course::Monotone(signed(rest)),
            Op::Negative(_) | Op::DurationNegative(_) => Course::Monotone(vec![Down]),
            // The 31st and a month may be no day.
            Op::Shift { kind: DurationKind::Months(MonthEnd::Exact), .. } => Course::None,
            Op::Shift { sign, .. } => {
                Course::Monotone(vec![Up, if *sign == AddOp::Plus { Up } else { Down }])
            }
            Op::Round { .. } => Course::Monotone(vec![Up]),
            Op::Attribute { attribute, .. } if attribute.is_monotone() => Course::Monotone(vec![Up]),
            Op::Product { rest, .. } => {
                Course::Product(std::iter::once(MulOp::Times).chain(rest.iter().map(|(op, _)| *op)).collect())
            }
            Op::DurationRatio { .. } => Course::Product(vec![MulOp::Times, MulOp::Divide]),
            Op::Not(_)
            | Op::In { .. }
            | Op::InAnnex { .. }
            | Op::Under { .. }
            | Op::UnderAnnex { .. }
            | Op::InCodes { .. }
            | Op::Compound { .. }
            | Op::DurationTimes { .. }
            | Op::Attribute { .. } => Course::Steps,
        }
    }

    /// Two dates, if nothing counts but how far they are apart.
    pub fn apart(&self) -> Option<(&E, &E)> {
        match self {
            Op::Compare { left, right, .. } => Some((left, right)),
            Op::DaysBetween { later, earlier } => Some((later, earlier)),
            _ => None,
        }
    }

    /// Of a date: the operands with which it goes along one for one, where all others stay.
    pub fn along(&self) -> Option<(Vec<&E>, Option<&E>)> {
        match self {
            Op::Shift { day, wait, kind: DurationKind::Days, .. } => Some((vec![day], Some(wait))),
            Op::Clamp { value, bound, .. } => Some((vec![value, bound], None)),
            _ => None,
        }
    }

    /// Whether it may be an error although no operand is one, given which operands are certainly not zero. That a number
    /// becomes too large is not looked at.
    pub fn may_fail(&self, mut not_zero: impl FnMut(&E) -> bool) -> bool {
        match self {
            Op::Product { rest, .. } => rest.iter().any(|(op, x)| *op == MulOp::Divide && !not_zero(x)),
            Op::Compound { .. }
            | Op::Shift { .. }
            | Op::DaysBetween { .. }
            | Op::DurationRatio { .. }
            | Op::DurationTimes { .. }
            | Op::Attribute { .. } => true,
            Op::Not(_)
            | Op::Compare { .. }
            | Op::In { .. }
            | Op::InAnnex { .. }
            | Op::Under { .. }
            | Op::InCodes { .. }
            | Op::UnderAnnex { .. }
            | Op::Sum { .. }
            | Op::Negative(_)
            | Op::Clamp { .. }
            | Op::TopUp { .. }
            | Op::Round { .. }
            | Op::DurationSum { .. }
            | Op::DurationNegative(_) => false,
        }
    }

    /// Whether a number is whole by its nature (M5), given which operands are.
    pub fn is_whole(&self, mut whole: impl FnMut(&E) -> bool) -> bool {
        match self {
            Op::Sum { .. } | Op::Negative(_) | Op::Clamp { .. } | Op::TopUp { .. } => {
                let mut all = true;
                self.each(|x| all = all && whole(x));
                all
            }
            Op::Product { first, rest } => {
                whole(first) && rest.iter().all(|(op, x)| *op == MulOp::Times && whole(x))
            }
            Op::Round { step, .. } | Op::Compound { step, .. } => step.is_integer(),
            // What is a number is counted.
            Op::Attribute { .. } => true,
            Op::Not(_)
            | Op::Compare { .. }
            | Op::In { .. }
            | Op::InAnnex { .. }
            | Op::Under { .. }
            | Op::UnderAnnex { .. }
            | Op::InCodes { .. }
            | Op::Shift { .. }
            | Op::DaysBetween { .. }
            | Op::DurationSum { .. }
            | Op::DurationTimes { .. }
            | Op::DurationNegative(_)
            | Op::DurationRatio { .. } => false,
        }
    }
}
