//! What a file is, however it is spelled, and in which state.

use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// So many links follow each other at most.
const LINKS: usize = 40;

/// Equal for two paths that lead to one file: through links, linked folders, and by two names of one file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FileIdentity {
    #[cfg(unix)]
    Node { device: u64, number: u64 },
    #[cfg(not(unix))]
    At(PathBuf),
    /// A file that is not there yet: its folder, and its name in it.
    Coming(Box<FileIdentity>, OsString),
}

impl FileIdentity {
    /// Of a file that is there; none: a device, which is nobody's.
    #[cfg(unix)]
    pub fn of(_path: &Path, about: &Metadata) -> Option<FileIdentity> {
        use std::os::unix::fs::{FileTypeExt, MetadataExt};
        let node = FileIdentity::Node { device: about.dev(), number: about.ino() };
        (!about.file_type().is_char_device()).then_some(node)
    }

    #[cfg(not(unix))]
    pub fn of(path: &Path, _about: &Metadata) -> Option<FileIdentity> {
        fs::canonicalize(path).ok().map(FileIdentity::At)
    }

    /// Of a file that is to be written; none: its folder is not there.
    pub fn of_target(path: &Path) -> Option<FileIdentity> {
        if let Ok(about) = fs::metadata(path) {
            return FileIdentity::of(path, &about);
        }
        let folder = folder(path);
        let about = fs::metadata(&folder).ok()?;
        let name = path.file_name()?.to_os_string();
        Some(FileIdentity::Coming(Box::new(FileIdentity::of(&folder, &about)?), name))
    }
}

/// The folder in which a file is.
pub(super) fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// The place to which a path leads, also where there is no file yet: the file keeps it when it is written.
pub(super) fn place(path: &Path) -> PathBuf {
    let mut path = path.to_path_buf();
    for _ in 0..LINKS {
        if let Ok(place) = fs::canonicalize(&path) {
            return place;
        }
        // A pipe is there, and in no folder.
        if fs::metadata(&path).is_ok() {
            break;
        }
        let Ok(next) = fs::read_link(&path) else { break };
        path = folder(&path).join(next);
    }
    path
}

/// What changes when a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileState {
    pub length: u64,
    modified: Option<SystemTime>,
}

impl FileState {
    /// None: no plain file.
    pub fn of(about: &Metadata) -> Option<FileState> {
        about.is_file().then(|| FileState { length: about.len(), modified: about.modified().ok() })
    }
}
