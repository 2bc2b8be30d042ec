//! Answers out, as JSON for programs, and what was asked in one go as data, from which the reports are made too.

mod ahead;
mod checked;
mod ci;
mod conduct;
mod diff;
mod eval;
mod imported;
mod mended;
mod messages;
mod regions;
mod timelines;
mod trials;
mod work;

pub use ahead::{LookAhead, ahead};
pub use checked::{CheckReport, FindingMessage, checked};
pub use ci::{github, junit, sarif};
pub use conduct::{Conduct, DutyStanding, PowerStanding};
pub use diff::{RowsFrom, VersionDiff, changed_rows, diff};
pub use eval::{Answers, Evaluation, assumed, json};
pub use imported::{imported, listed};
pub use mended::{FileChange, mended};
pub use messages::{EditDoc, FixDoc, LabelDoc, MessageDoc, PlaceDoc, PositionDoc, message, messages};
pub use regions::{region_examples, regions_said};
pub use timelines::{DrawnTimelines, RowTimelines, timelines};
pub use trials::{PolicyTrials, ScenarioTrial, tested, tested_junit};
pub use work::{CodeDoc, RunReport, ToldStory, consolidated, explained, fidelity, ran, told};
