//! Texts in place of files: a policy from standard input, one that is being mended.

use super::{Files, StandIn};
use std::collections::BTreeMap;

/// Files, some of which have another text than on the disk.
pub struct Overlay<'a> {
    pub texts: BTreeMap<String, String>,
    pub files: &'a dyn Files,
}

impl<'a> Overlay<'a> {
    /// The files as they are.
    pub fn none(files: &'a dyn Files) -> Overlay<'a> {
        Overlay { texts: BTreeMap::new(), files }
    }
}

impl Files for Overlay<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        match self.texts.get(path) {
            Some(text) => Ok(text.clone()),
            None => self.files.read(path),
        }
    }

    fn annex(&self, name: &str) -> Option<StandIn> {
        self.files.annex(name)
    }
}
