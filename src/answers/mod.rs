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
pub use checked::{CheckDoc, CheckReport, FindingMessage, check_doc, checked};
pub use ci::{github, junit, sarif};
pub use conduct::{Conduct, DutyStanding, PowerStanding};
pub use diff::{DiffDoc, RowsFrom, VersionDiff, changed_rows, diff, diff_doc};
pub use eval::{AnswerDoc, ArticleDoc, CitationDoc, FaultDoc, NeedsDoc, ReasonDoc, WayDoc};
pub use eval::{Answers, Evaluation, answer_doc, assumed, evaluation_doc, json};
pub use imported::{imported, listed};
pub use mended::{FileChange, formatted, mended};
pub use messages::{
    EditDoc, FixDoc, LabelDoc, MessageDoc, MessagesDoc, PlaceDoc, PositionDoc, message, messages,
};
pub use regions::{region_examples, regions_said};
pub use timelines::{
    CauseDoc, DrawnTimelines, RowTimelines, SegmentDoc, segments_of, timelines, timelines_doc,
};
pub use trials::{PolicyTrials, ScenarioTrial, TestDoc, tested, tested_junit};
pub use work::{
    CodeDoc, LineShown, RunReport, StoriesDoc, ToldStory, consolidated, explained, fidelity, ran, told,
};
