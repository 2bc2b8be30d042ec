//! The files that a policy was read from, so that it can be read again beside another.

use crate::text::{Files, Sources, StandIn};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// What was read, as it was read; texts that stand among the sources are not kept twice.
#[derive(Debug)]
pub(super) struct KeptFiles {
    read: BTreeMap<String, Result<Option<String>, String>>,
    annexes: BTreeMap<String, StandIn>,
}

/// Files that note what is asked of them.
pub(super) struct NotingFiles<'f> {
    files: &'f dyn Files,
    read: RefCell<BTreeMap<String, Result<String, String>>>,
    annexes: RefCell<BTreeMap<String, StandIn>>,
}

impl<'f> NotingFiles<'f> {
    pub(super) fn new(files: &'f dyn Files) -> NotingFiles<'f> {
        NotingFiles { files, read: RefCell::default(), annexes: RefCell::default() }
    }

    pub(super) fn kept(self, sources: &Sources) -> KeptFiles {
        let is_source = |path: &str, text: &str| {
            sources.read().any(|(_, source)| source.name == path && source.text == text)
        };
        let kept = |(path, read): (String, Result<String, String>)| {
            let read = read.map(|text| (!is_source(&path, &text)).then_some(text));
            (path, read)
        };
        KeptFiles {
            read: self.read.into_inner().into_iter().map(kept).collect(),
            annexes: self.annexes.into_inner(),
        }
    }
}

impl Files for NotingFiles<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        let read = self.files.read(path);
        self.read.borrow_mut().insert(path.to_string(), read.clone());
        read
    }

    fn read_at_most(&self, path: &str, most: usize) -> Result<Option<String>, String> {
        let read = self.files.read_at_most(path, most)?;
        if let Some(text) = &read {
            self.read.borrow_mut().insert(path.to_string(), Ok(text.clone()));
        }
        Ok(read)
    }

    fn annex(&self, name: &str) -> Option<StandIn> {
        let other = self.files.annex(name)?;
        self.annexes.borrow_mut().insert(name.to_string(), other.clone());
        Some(other)
    }
}

/// The files of a policy with its sources.
pub(super) struct FilesAgain<'p> {
    pub kept: &'p KeptFiles,
    pub sources: &'p Sources,
}

impl Files for FilesAgain<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        match self.kept.read.get(path) {
            Some(Ok(Some(text))) => Ok(text.clone()),
            Some(Err(why)) => Err(why.clone()),
            Some(Ok(None)) => {
                let found = self.sources.read().find(|(_, source)| source.name == path);
                found.map(|(_, source)| source.text.clone()).ok_or_else(gone)
            }
            None => Err(gone()),
        }
    }

    fn annex(&self, name: &str) -> Option<StandIn> {
        self.kept.annexes.get(name).cloned()
    }
}

fn gone() -> String {
    "there is no such file".to_string()
}

/// No files at all.
pub(super) struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &str) -> Result<String, String> {
        Err(gone())
    }
}

/// One text under a name.
pub(super) struct OneText<'t> {
    pub name: &'t str,
    pub text: &'t str,
}

impl Files for OneText<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        if path == self.name { Ok(self.text.to_string()) } else { Err(gone()) }
    }
}
