//! What the rules of an outcome come to, in registers.

use super::column::DecidingRule;
use super::graph::{Arg, Graph};
use super::term::RowTerm;

/// The answers for an outcome.
#[derive(Clone, Debug)]
pub(super) struct OutcomeTerm {
    pub value: RowTerm,
    /// No rule applies, where nothing is bad.
    pub gap: Arg,
    pub reasons: ReasonRegisters,
}

#[derive(Clone, Debug)]
pub(super) enum ReasonRegisters {
    /// A register of keys: which of these sets of rules it is.
    One { key: Arg, sets: Vec<Vec<DecidingRule>> },
    /// Each cause with the rows in which it is one, and no more than 31 of them.
    Many(Vec<(Arg, DecidingRule)>),
}

impl ReasonRegisters {
    /// None in these rows.
    pub fn without(self, graph: &mut Graph, rows: Arg) -> ReasonRegisters {
        match self {
            ReasonRegisters::One { key, sets } => {
                ReasonRegisters::One { key: graph.choose_key(rows, Arg::Const(0), key), sets }
            }
            ReasonRegisters::Many(all) => {
                let all = all.into_iter().map(|(decides, rule)| (graph.except(decides, rows), rule));
                ReasonRegisters::Many(all.collect())
            }
        }
    }
}
