//! What is known of running totals: their columns beside those of the table.

use super::column::FieldColumn;
use super::term::Bailout;
use crate::policy::FoldId;
use std::collections::BTreeMap;

/// The values before the rows, in columns with the places after those of the table.
#[derive(Debug, Default)]
pub(super) struct RunningTotals {
    pub known: BTreeMap<FoldId, RunningTerm>,
    /// Those that are left to `run`, and why.
    pub left: BTreeMap<FoldId, Bailout>,
    pub columns: Vec<FieldColumn>,
}

/// A running total in a column: whole numbers times `den`, and the rows before which it is an error or open.
#[derive(Clone, Copy, Debug)]
pub(super) struct RunningTerm {
    pub place: u32,
    pub den: i128,
    pub range: (i128, i128),
    pub fails: Option<u32>,
    pub open: Option<u32>,
}
