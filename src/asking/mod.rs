//! Questions to a policy, asked by name and answered in one go: what the command line and the library both stand on.

mod checking;
mod comparison;
mod conduct;
mod evaluation;
mod names;
mod rows;
mod settings;
mod stories;
mod tables;
mod timelines;
mod trials;

pub use checking::{PolicyCheck, checked};
pub use comparison::{ComparedVersions, VersionQuestion, compared, is_changed, nothing_stated};
pub use conduct::conduct;
pub use evaluation::{answers, evaluation, gaps};
pub use names::{Chosen, Subject, chosen, day_needed};
pub use rows::{ChosenRows, chosen_rows, listed};
pub use settings::{setting, word_at};
pub use stories::{StoryQuestion, Which, story, which};
pub use tables::answerable;
pub use timelines::{AskedDays, timelines};
pub use trials::{TriedScenarios, tried};

use crate::diag::tick;

/// Who asks: a remedy names what they can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    CommandLine,
    /// Somebody's program.
    Program,
}

impl Caller {
    /// How a day is given; `rows`: what would need none.
    fn day_help(self, rows: Option<&str>) -> String {
        let (day, only) = match self {
            Caller::CommandLine => (
                format!("say which day: {}", tick("--on 2026-01-01")),
                rows.map(|name| tick(&format!("--only {name}"))),
            ),
            Caller::Program => ("say which day is asked about".to_string(), rows.map(tick)),
        };
        match only {
            Some(only) => format!("{day}; or ask only for rows, which have days of their own: {only}"),
            None => day,
        }
    }

    fn no_row(self) -> &'static str {
        match self {
            Caller::CommandLine => "leave `--row` out",
            Caller::Program => "name no row",
        }
    }
}
