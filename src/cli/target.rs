//! A file that is written little by little: it has its name only once it is whole.

use crate::words::io_reason;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once, PoisonError};

/// What is to be taken away if the program is interrupted.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// How the program ends when it is interrupted, as shells have it.
const INTERRUPTED: i32 = 130;

/// As many names are tried for the unfinished file.
const NAMES: u32 = 100;

/// A file under way. Dropped before it is finished, it leaves nothing behind.
#[derive(Debug)]
pub struct Target {
    path: PathBuf,
    /// Where it is written meanwhile; none: what has that name is no plain file, a pipe or a device.
    unfinished: Option<PathBuf>,
    to: BufWriter<File>,
}

impl Target {
    pub(super) fn create(path: &str) -> Result<Target, String> {
        let path = PathBuf::from(path);
        if fs::metadata(&path).is_ok_and(|about| about.is_dir()) {
            return Err("it is a folder".to_string());
        }
        if fs::metadata(&path).is_ok_and(|about| !about.is_file()) {
            let file = OpenOptions::new().write(true).open(&path).map_err(|error| io_reason(&error))?;
            return Ok(Target { path, unfinished: None, to: BufWriter::new(file) });
        }
        // The file keeps the place a link leads to.
        let path = fs::canonicalize(&path).unwrap_or(path);
        let (unfinished, file) = beside(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => "there is no such folder".to_string(),
            _ => io_reason(&error),
        })?;
        remember(&unfinished);
        Ok(Target { path, unfinished: Some(unfinished), to: BufWriter::new(file) })
    }

    /// Makes sure that all of it is on the disk.
    pub(super) fn seal(&mut self) -> io::Result<()> {
        self.to.flush()?;
        match self.unfinished {
            Some(_) => self.to.get_ref().sync_all(),
            None => Ok(()),
        }
    }

    /// Gives what is sealed its name.
    pub(super) fn name(mut self) -> io::Result<()> {
        let Some(unfinished) = self.unfinished.clone() else { return Ok(()) };
        fs::rename(&unfinished, &self.path)?;
        self.unfinished = None;
        forget(&unfinished);
        // The name itself is on the disk once its folder is; where folders cannot be opened, it is anyway.
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Ok(folder) = File::open(folder.unwrap_or(Path::new("."))) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if let Some(unfinished) = &self.unfinished {
            let _ = fs::remove_file(unfinished);
            forget(unfinished);
        }
    }
}

/// A new file in the same folder, so that it can be renamed.
fn beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?.to_string_lossy();
    let process = std::process::id();
    let mut last = io::ErrorKind::AlreadyExists.into();
    for other in 0..NAMES {
        let unfinished = path.with_file_name(format!(".{name}.{process}-{other}.unfinished"));
        match OpenOptions::new().write(true).create_new(true).open(&unfinished) {
            Ok(file) => return Ok((unfinished, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

fn remember(path: &Path) {
    static WATCH: Once = Once::new();
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).push(path.to_path_buf());
    WATCH.call_once(|| {
        // Where another part of the program watches already, an unfinished file stays behind under its own name.
        let _ = ctrlc::set_handler(|| {
            for path in UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                let _ = fs::remove_file(path);
            }
            let _ = writeln!(io::stderr(), "\ninterrupted: nothing was written");
            std::process::exit(INTERRUPTED);
        });
    });
}

fn forget(path: &Path) {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).retain(|one| one != path);
}
