//! Answers out, as JSON for programs, and what was asked in one go as data, from which the reports are made too.

mod ahead;
mod checked;
mod conduct;
mod diff;
mod eval;
mod regions;
mod timelines;

pub use ahead::{LookAhead, ahead};
pub use checked::{CheckReport, FindingMessage, checked};
pub use conduct::{Conduct, DutyStanding, PowerStanding};
pub use diff::{RowsFrom, VersionDiff, diff};
pub use eval::{Answers, Evaluation, assumed, json};
pub use regions::{region_examples, regions_said};
pub use timelines::{DrawnTimelines, RowTimelines, timelines};
