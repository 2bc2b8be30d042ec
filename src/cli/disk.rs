//! Files as they lie on the disk.

use super::target::Target;
use crate::formats::ROWS_LIMIT;
use crate::text::{Files, utf8};
use crate::words::io_reason;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Stdio};

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathKind {
    File,
    Folder,
    Missing,
}

/// The files a command may see.
pub trait World: Files + Sync {
    fn kind(&self, path: &str) -> PathKind;

    /// The names in a folder, sorted.
    fn list(&self, folder: &str) -> Result<Vec<String>, String>;

    fn stdin(&self) -> Result<String, String>;

    fn files(&self) -> &dyn Files;

    /// A long file, to be read as a stream; `-` is standard input.
    fn open(&self, _path: &str) -> Result<Box<dyn Read + Send>, String> {
        Err("there is no such file".to_string())
    }

    /// How many bytes a file has, if that is known before it is read.
    fn size(&self, _path: &str) -> Option<u64> {
        None
    }

    /// A file to be written as a stream.
    fn create(&self, _path: &str) -> Result<Target, String> {
        Err("permission is denied".to_string())
    }

    /// In place of what may be there.
    fn write(&self, path: &str, text: &str) -> Result<(), String>;

    /// A folder, if it is not there.
    fn make_folder(&self, _path: &str) -> Result<(), String> {
        Err("permission is denied".to_string())
    }

    /// What `git` answers, or why it does not.
    fn git(&self, _args: &[&str]) -> Result<String, String> {
        Err("there is no repository here".to_string())
    }
}

/// The real ones.
#[derive(Debug)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &str) -> Result<String, String> {
        let file = File::open(path).map_err(|error| io_reason(&error))?;
        if file.metadata().is_ok_and(|about| about.is_dir()) {
            return Err("it is a folder".to_string());
        }
        text(file)
    }
}

impl World for Disk {
    fn kind(&self, path: &str) -> PathKind {
        let path = Path::new(path);
        if path.is_dir() {
            PathKind::Folder
        } else if path.exists() {
            PathKind::File
        } else {
            PathKind::Missing
        }
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, String> {
        let entries = fs::read_dir(folder).map_err(|error| io_reason(&error))?;
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| io_reason(&error))?;
            names.extend(entry.file_name().into_string());
        }
        names.sort();
        Ok(names)
    }

    fn stdin(&self) -> Result<String, String> {
        text(io::stdin().lock())
    }

    fn files(&self) -> &dyn Files {
        self
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, String> {
        if path == "-" {
            return Ok(Box::new(io::stdin()));
        }
        let file = File::open(path).map_err(|error| io_reason(&error))?;
        if file.metadata().is_ok_and(|about| about.is_dir()) {
            return Err("it is a folder".to_string());
        }
        Ok(Box::new(file))
    }

    fn size(&self, path: &str) -> Option<u64> {
        fs::metadata(path).ok().filter(|about| about.is_file()).map(|about| about.len())
    }

    fn create(&self, path: &str) -> Result<Target, String> {
        Target::create(path)
    }

    fn write(&self, path: &str, text: &str) -> Result<(), String> {
        fs::write(path, text).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => "there is no such folder".to_string(),
            _ => io_reason(&error),
        })
    }

    fn make_folder(&self, path: &str) -> Result<(), String> {
        fs::create_dir_all(path).map_err(|error| io_reason(&error))
    }

    fn git(&self, args: &[&str]) -> Result<String, String> {
        let ran = Command::new("git").args(args).env("LC_ALL", "C").stdin(Stdio::null()).output();
        let ran = ran.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => "the program `git` is not installed".to_string(),
            _ => io_reason(&error),
        })?;
        if ran.status.success() {
            return String::from_utf8(ran.stdout).map_err(|_| "it is not UTF-8 text".to_string());
        }
        let said = String::from_utf8_lossy(&ran.stderr);
        let line = said.lines().next().unwrap_or("it does not say why");
        Err(line.trim_start_matches("fatal: ").to_string())
    }
}

/// All of a file as text; what would not fit in memory, or never ends, is refused.
fn text(from: impl Read) -> Result<String, String> {
    let limit = u64::try_from(ROWS_LIMIT).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    from.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| io_reason(&error))?;
    if bytes.len() > ROWS_LIMIT {
        return Err("it is larger than 1 GiB".to_string());
    }
    utf8(bytes)
}
