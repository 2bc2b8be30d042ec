//! Rows without a value, and those of them that are certainly an error.

use super::graph::{Arg, Graph};
use crate::run::Set;
use crate::value::Value;

/// The rows for which it is not known here what an expression is. Only where it matters what it is are they left to
/// `run`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bad {
    /// All of them: an error, more than one value, too large.
    pub any: Arg,
    /// Those of them in which it is certainly an error, whatever is open.
    pub fails: Arg,
}

impl Bad {
    pub const NONE: Bad = Bad { any: Arg::FALSE, fails: Arg::FALSE };
    /// Open in every row.
    pub const OPEN: Bad = Bad::open(Arg::TRUE);

    pub const fn open(rows: Arg) -> Bad {
        Bad { any: rows, fails: Arg::FALSE }
    }
}

/// What `run` worked out for all rows, or for those with one word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Worked {
    One(Value),
    Fails,
    Open,
}

impl Worked {
    pub fn of(set: &Set) -> Worked {
        match set.single() {
            Some(value) => Worked::One(value.clone()),
            None if set.is_error() => Worked::Fails,
            None => Worked::Open,
        }
    }

    /// The value, where it is no error.
    pub fn result<E>(value: Result<Value, E>) -> Worked {
        value.map_or(Worked::Fails, Worked::One)
    }

    pub fn value(&self) -> Option<&Value> {
        match self {
            Worked::One(value) => Some(value),
            Worked::Fails | Worked::Open => None,
        }
    }
}

impl Graph {
    /// V4: an error in either operand is one, whatever the other is.
    pub fn strict(&mut self, a: Bad, b: Bad) -> Bad {
        Bad { any: self.or(a.any, b.any), fails: self.or(a.fails, b.fails) }
    }

    /// Of something that is worked out from a value, which is of no account where that value is bad.
    pub fn within(&mut self, value: Bad, made: Bad) -> Bad {
        let fails = self.except(made.fails, value.any);
        Bad { any: self.or(value.any, made.any), fails: self.or(value.fails, fails) }
    }

    /// These rows fail too, as far as their operands are good.
    pub fn failing(&mut self, operands: Bad, rows: Arg) -> Bad {
        self.within(operands, Bad { any: rows, fails: rows })
    }

    pub fn choose_bad(&mut self, when: Arg, yes: Bad, no: Bad) -> Bad {
        Bad { any: self.choose_bit(when, yes.any, no.any), fails: self.choose_bit(when, yes.fails, no.fails) }
    }

    /// The rows that are neither good nor an error.
    pub fn open(&mut self, bad: Bad) -> Arg {
        self.except(bad.any, bad.fails)
    }
}
