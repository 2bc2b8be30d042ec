//! The front door for programs: policies that are kept, facts by name, answers as data. It stands on the floors below, as
//! the command line does, and has no account of its own of what anything means.

mod amount;
mod answers;
mod checked;
mod diagnostics;
mod difference;
pub(crate) mod disk;
mod door;
mod facts;
mod kept;
mod literal;
mod policy;
mod question;
mod story;
mod table;
mod timeline;

pub use amount::{Amount, AnswerValue};
pub use answers::{Answer, Answers, BrokenGuarantee};
pub use checked::{Checked, Tested};
pub use diagnostics::Diagnostics;
pub use difference::Difference;
pub use facts::{Facts, FactsBuilder};
pub use literal::{Literal, percent, unknown, usd};
pub use policy::Policy;
pub use question::Question;
pub use story::Story;
pub use table::{Column, RowAnswers, Table};
pub use timeline::Timeline;
