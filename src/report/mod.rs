//! People's text: answers, reasons, failed tests. Calm, aligned, in the words of the policy.

mod ahead;
mod assumed;
mod axis;
mod bars;
mod conduct;
mod conduct_lanes;
mod conflict;
mod diff;
mod eval;
mod fidelity;
mod findings;
mod heads;
mod imported;
mod lanes;
mod markdown;
mod needs;
mod page;
mod reads;
mod regions;
mod summary;
mod svg;
mod timeline;
mod totals;
mod trial;
mod trial_why;
mod why;
mod why_conduct;

pub use ahead::ahead;
pub use diff::{diff, html};
pub use eval::{EvalReport, eval};
pub use fidelity::Fidelity;
pub use findings::{Allowances, allowances, noted, totals as found};
pub use imported::{imported, listed};
pub use summary::holds;
pub use svg::svg;
pub use timeline::timeline;
pub use totals::{closing, not_in_columns, rows_said, totals as table_totals};
pub use trial::{Tally, failure, policies, totals, unmet};
pub use why::why;
pub use why_conduct::{why_duty, why_power};

use crate::outcome::{Fault, Point};
use crate::policy::EntityId;
use crate::words::Words;
use page::Page;
pub use page::{Look, seen};
use std::collections::BTreeSet;

/// What is needed to write a report.
struct Report<'a> {
    words: Words<'a>,
    page: Page,
    /// The row that all of it is about, which need not be named again.
    own: Option<(EntityId, u32)>,
    /// What was read and where, as far as it has been told.
    told: BTreeSet<(String, Point)>,
    /// Errors that have been told.
    faults: Vec<Fault>,
}

impl<'a> Report<'a> {
    fn new(words: Words<'a>, look: Look) -> Report<'a> {
        Report { words, page: Page::new(look), own: None, told: BTreeSet::new(), faults: Vec::new() }
    }
}
