//! Reasons, told.

use crate::answers::{StoriesDoc, ToldStory};
use serde::{Serialize, Serializer};
use std::fmt;

/// Why an answer is as it is. `Display` tells it in words; serialised it is the document of `docs/schema/why.json`.
#[derive(Clone, Debug)]
pub struct Story(ToldStory);

impl Story {
    pub(super) fn new(told: ToldStory) -> Story {
        Story(told)
    }

    /// The reasons in words: several lines.
    pub fn text(&self) -> &str {
        &self.0.told
    }
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.told)
    }
}

impl Serialize for Story {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        StoriesDoc { stories: std::slice::from_ref(&self.0) }.serialize(serializer)
    }
}
