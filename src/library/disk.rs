//! Files as they lie on the disk, to be read.

use crate::formats::ROWS_LIMIT;
use crate::roots::{Folders, PathKind};
use crate::text::{Files, utf8};
use crate::words::io_reason;
use std::fs::{self, File, Metadata};
use std::io::Read;
use std::path::Path;

/// The real ones.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReadDisk;

impl Files for ReadDisk {
    fn read(&self, path: &str) -> Result<String, String> {
        self.read_at_most(path, ROWS_LIMIT)?.ok_or_else(|| "it is larger than 1 GiB".to_string())
    }

    fn read_at_most(&self, path: &str, most: usize) -> Result<Option<String>, String> {
        text(plain(path)?, most)
    }
}

impl Folders for ReadDisk {
    fn kind(&self, path: &str) -> PathKind {
        kind(path)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, String> {
        list(folder)
    }
}

/// A plain file: what waits for somebody to write, or never ends, is refused before it is opened.
pub(crate) fn plain(path: &str) -> Result<File, String> {
    let refuse = |about: &Metadata| match (about.is_dir(), about.is_file()) {
        (true, _) => Err("it is a folder".to_string()),
        (_, false) => Err("it is no plain file but a pipe or a device".to_string()),
        _ => Ok(()),
    };
    let reason = |error| io_reason(&error);
    refuse(&fs::metadata(path).map_err(reason)?)?;
    let file = File::open(path).map_err(reason)?;
    refuse(&file.metadata().map_err(reason)?)?;
    Ok(file)
}

pub(crate) fn kind(path: &str) -> PathKind {
    let path = Path::new(path);
    if path.is_dir() {
        PathKind::Folder
    } else if path.exists() {
        PathKind::File
    } else {
        PathKind::Missing
    }
}

/// The names in a folder, sorted.
pub(crate) fn list(folder: &str) -> Result<Vec<String>, String> {
    let entries = fs::read_dir(folder).map_err(|error| io_reason(&error))?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| io_reason(&error))?;
        names.extend(entry.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

/// All of a file as text; none: there is more of it.
pub(crate) fn text(from: impl Read, most: usize) -> Result<Option<String>, String> {
    let limit = u64::try_from(most).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    from.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| io_reason(&error))?;
    if bytes.len() > most {
        return Ok(None);
    }
    utf8(bytes).map(Some)
}
