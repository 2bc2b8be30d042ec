//! Names on the command line: of outcomes, obligations and powers.

use super::policy::Loaded;
use super::{Console, Reported};
use crate::asking::{self, Caller, Chosen};
use crate::facts::Facts;

/// What has these names; all if none is named.
pub(super) fn chosen(
    loaded: &Loaded,
    names: &[String],
    console: &mut Console<'_>,
) -> Result<Chosen, Reported> {
    asking::chosen(&loaded.policy, names).map_err(|said| {
        console.say(&said, &loaded.sources);
        Reported
    })
}

/// Refuses to go on without a day where an answer depends on it.
pub(super) fn day_needed(
    loaded: &Loaded,
    facts: &Facts,
    asked: &Chosen,
    console: &mut Console<'_>,
) -> Result<(), Reported> {
    match asking::day_needed(&loaded.policy, facts, asked, Caller::CommandLine) {
        None => Ok(()),
        Some(error) => {
            console.say(&[error], &loaded.sources);
            Err(Reported)
        }
    }
}
