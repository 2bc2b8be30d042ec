//! Answers out, as JSON for programs, and what was asked in one go as data, from which the reports are made too.

mod ahead;
mod checked;
mod conduct;
mod diff;
mod eval;
mod regions;
mod timelines;

pub use ahead::{AheadAsked, ahead};
pub use checked::{Checked, Noted, checked};
pub use conduct::{Conduct, DutyStood, PowerStood};
pub use diff::{Diffed, RowsFrom, diff};
pub use eval::{Answers, Asked, assumed, json};
pub use regions::{region_examples, regions_said};
pub use timelines::{Drawn, Lines, timelines};
