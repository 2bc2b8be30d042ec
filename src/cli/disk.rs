//! Files as they lie on the disk.

use super::git;
use super::identity::FileState;
use super::in_use::{CHANGED, FilesInUse, Unwritable};
use super::target::Target;
use crate::formats::ROWS_LIMIT;
use crate::library::disk::{self, text};
use crate::roots::PathKind;
use crate::text::Files;
use crate::words::io_reason;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The files a command may see.
pub trait World: Files + Sync {
    fn kind(&self, path: &str) -> PathKind;

    /// The names in a folder, sorted.
    fn list(&self, folder: &str) -> Result<Vec<String>, String>;

    fn stdin(&self) -> Result<String, String>;

    /// The files that texts name: parts of policies, annexes, tables.
    fn files(&self) -> &dyn Files;

    /// The world that this one is put around: what it does not do in its own way is done there.
    fn beneath(&self) -> Option<&dyn World> {
        None
    }

    /// A long file, to be read as a stream; `-` is standard input.
    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, String> {
        self.beneath().map_or_else(|| Err("there is no such file".to_string()), |world| world.open(path))
    }

    /// A file that is read here and there.
    fn open_file(&self, path: &str) -> Result<File, String> {
        self.beneath().map_or_else(|| Err("there is no such file".to_string()), |world| world.open_file(path))
    }

    /// How many bytes a file has, if that is known before it is read.
    fn size(&self, path: &str) -> Option<u64> {
        self.beneath()?.size(path)
    }

    /// A file to be written as a stream.
    fn create(&self, path: &str) -> Result<Target, Unwritable> {
        self.beneath().map_or_else(|| Err("permission is denied".into()), |world| world.create(path))
    }

    /// A folder, if it is not there.
    fn make_folder(&self, path: &str) -> Result<(), String> {
        self.beneath()
            .map_or_else(|| Err("permission is denied".to_string()), |world| world.make_folder(path))
    }

    /// What `git` answers, or why it does not.
    fn git(&self, args: &[&str]) -> Result<String, String> {
        self.beneath().map_or_else(|| Err("there is no repository here".to_string()), |world| world.git(args))
    }

    /// A file that was read may be written in its place: what is written is its own text, mended.
    fn mends(&self, path: &str) {
        self.beneath().into_iter().for_each(|world| world.mends(path));
    }

    /// A file that was read and is no longer as it was.
    fn changed(&self) -> Option<String> {
        self.beneath()?.changed()
    }

    /// The folder in which the files that texts name must be.
    fn root(&self) -> Option<&Path> {
        self.beneath()?.root()
    }

    /// The path without links.
    fn real_path(&self, path: &str) -> Result<PathBuf, String> {
        self.beneath().map_or_else(|| Err("there is no such file".to_string()), |world| world.real_path(path))
    }

    /// Files in place of those of annexes, by the names of these.
    fn annexes(&self) -> &[(String, String)] {
        self.beneath().map_or(&[], World::annexes)
    }
}

/// The real ones, for one command.
#[derive(Debug, Default)]
pub struct Disk {
    in_use: Arc<FilesInUse>,
}

impl Disk {
    /// A plain file: what waits for somebody to write, or never ends, is refused before it is opened.
    fn plain(&self, path: &str) -> Result<(File, FileState), String> {
        let file = disk::plain(path)?;
        let state = self.in_use.opened(path, &file)?;
        state.map(|state| (file, state)).ok_or_else(|| CHANGED.to_string())
    }
}

impl Files for Disk {
    fn read(&self, path: &str) -> Result<String, String> {
        self.read_at_most(path, ROWS_LIMIT)?.ok_or_else(|| "it is larger than 1 GiB".to_string())
    }

    fn read_at_most(&self, path: &str, most: usize) -> Result<Option<String>, String> {
        let (file, state) = self.plain(path)?;
        text(WholeFile { file, state, taken: 0 }, most)
    }
}

impl World for Disk {
    fn kind(&self, path: &str) -> PathKind {
        disk::kind(path)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, String> {
        disk::list(folder)
    }

    fn stdin(&self) -> Result<String, String> {
        text(self.open("-")?, ROWS_LIMIT)?.ok_or_else(|| "it is larger than 1 GiB".to_string())
    }

    fn files(&self) -> &dyn Files {
        self
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, String> {
        if path == "-" {
            // A file that stands there may not be written over either.
            stdin_file().map_or(Ok(None), |file| self.in_use.opened("-", &file))?;
            return Ok(Box::new(io::stdin()));
        }
        let (file, state) = self.plain(path).map_err(|why| match why.contains("pipe") {
            true => format!("{why}; what comes out of a pipe is read as `-`"),
            false => why,
        })?;
        Ok(Box::new(WholeFile { file, state, taken: 0 }))
    }

    fn open_file(&self, path: &str) -> Result<File, String> {
        self.plain(path).map(|(file, _)| file)
    }

    fn size(&self, path: &str) -> Option<u64> {
        fs::metadata(path).ok().filter(|about| about.is_file()).map(|about| about.len())
    }

    fn create(&self, path: &str) -> Result<Target, Unwritable> {
        Target::create(path, &self.in_use)
    }

    fn make_folder(&self, path: &str) -> Result<(), String> {
        fs::create_dir_all(path).map_err(|error| io_reason(&error))
    }

    fn git(&self, args: &[&str]) -> Result<String, String> {
        git::ask(args)
    }

    fn mends(&self, path: &str) {
        self.in_use.mends(path);
    }

    fn changed(&self) -> Option<String> {
        self.in_use.changed()
    }

    fn real_path(&self, path: &str) -> Result<PathBuf, String> {
        fs::canonicalize(path).map_err(|error| io_reason(&error))
    }
}

/// A file that is read from its beginning to its end, and is the same all the while.
#[derive(Debug)]
struct WholeFile {
    file: File,
    state: FileState,
    taken: u64,
}

impl Read for WholeFile {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(to)?;
        self.taken = self.taken.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        let ended = read == 0 && !to.is_empty();
        let same = || Ok::<_, io::Error>(FileState::of(&self.file.metadata()?) == Some(self.state));
        if self.taken > self.state.length || (ended && (self.taken < self.state.length || !same()?)) {
            return Err(io::Error::other(CHANGED));
        }
        Ok(read)
    }
}

#[cfg(unix)]
fn stdin_file() -> Option<File> {
    use std::os::fd::AsFd;
    io::stdin().as_fd().try_clone_to_owned().ok().map(File::from)
}

#[cfg(not(unix))]
fn stdin_file() -> Option<File> {
    None
}
