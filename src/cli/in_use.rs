//! Which files a command has read and is writing, by what they are and not by how they are spelled: nothing that is read is
//! written over, no two outputs are one file, and what is read stays as it is until the command has ended.

use super::identity::{FileIdentity, FileState};
use crate::words::io_reason;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is said of a file that shrinks, grows or is written while it is read.
pub(super) const CHANGED: &str = "it changed while it was read";

/// Why a file cannot be written, and what helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unwritable {
    pub why: String,
    pub remedy: Option<&'static str>,
}

impl From<String> for Unwritable {
    fn from(why: String) -> Unwritable {
        Unwritable { why, remedy: None }
    }
}

impl From<&str> for Unwritable {
    fn from(why: &str) -> Unwritable {
        why.to_string().into()
    }
}

impl From<std::io::Error> for Unwritable {
    fn from(error: std::io::Error) -> Unwritable {
        io_reason(&error).into()
    }
}

/// The files of one command.
#[derive(Debug, Default)]
pub struct FilesInUse {
    all: Mutex<FilesKnown>,
}

#[derive(Debug, Default)]
struct FilesKnown {
    read: BTreeMap<FileIdentity, InputFile>,
    /// What each path led to when it was first read.
    led_to: BTreeMap<String, FileIdentity>,
    written: BTreeMap<FileIdentity, String>,
}

#[derive(Debug)]
struct InputFile {
    /// How it was first called.
    path: String,
    /// None: a pipe or a device, which is different each time.
    state: Option<FileState>,
}

impl FilesInUse {
    /// Takes note of a file that is about to be read.
    ///
    /// # Errors
    /// It is not what it was when it was read before.
    pub(super) fn opened(&self, path: &str, file: &File) -> Result<Option<FileState>, String> {
        let about = file.metadata().map_err(|error| io_reason(&error))?;
        let state = FileState::of(&about);
        let Some(identity) = FileIdentity::of(Path::new(path), &about) else { return Ok(state) };
        let mut all = self.lock();
        let leads = all.led_to.entry(path.to_string()).or_insert_with(|| identity.clone());
        let same = *leads == identity;
        let known = all.read.entry(identity).or_insert_with(|| InputFile { path: path.to_string(), state });
        if same && known.state == state { Ok(state) } else { Err(CHANGED.to_string()) }
    }

    /// Whether an output may be made, and, when it gets its name, whether it still may; `called`: how it is spelled.
    pub(super) fn may_write(&self, path: &Path, called: &str, naming: bool) -> Result<(), Unwritable> {
        let Some(identity) = FileIdentity::of_target(path) else { return Ok(()) };
        let all = self.lock();
        let input = all.read.get(&identity).map(|input| (&input.path, "is read, and would be written over"));
        let output = all.written.get(&identity).filter(|other| !naming || *other != called);
        let Some((other, what)) = input.or(output.map(|other| (other, "is written already"))) else {
            return Ok(());
        };
        let why = match other == called {
            true => format!("it {what}"),
            false => format!("it is the file `{other}`, which {what}"),
        };
        Err(Unwritable { why, remedy: Some("name another file") })
    }

    /// Takes note of an output.
    pub(super) fn writes(&self, path: &Path, output: &str) {
        if let Some(identity) = FileIdentity::of_target(path) {
            self.lock().written.insert(identity, output.to_string());
        }
    }

    /// A file that was read is an input no longer.
    pub(super) fn mends(&self, path: &str) {
        let mut all = self.lock();
        if let Some(identity) = all.led_to.remove(path) {
            all.read.remove(&identity);
        }
    }

    /// A file that was read and is no longer as it was, if there is one. One that was replaced as a whole was read as a whole.
    pub(super) fn changed(&self) -> Option<String> {
        let all = self.lock();
        let changed = all.read.iter().find(|(identity, input)| {
            let (Some(state), Ok(about)) = (input.state, fs::metadata(&input.path)) else { return false };
            let same = FileIdentity::of(Path::new(&input.path), &about).as_ref() == Some(*identity);
            same && FileState::of(&about) != Some(state)
        });
        changed.map(|(_, input)| input.path.clone())
    }

    fn lock(&self) -> MutexGuard<'_, FilesKnown> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
