//! A file that is written little by little: it has its name only once it is whole.

use super::identity::{folder, place};
use super::in_use::{FilesInUse, Unwritable};
use super::stump::{beside, clear};
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Once, PoisonError};

/// What is to be taken away if the program is interrupted.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// How the program ends when it is interrupted, as shells have it.
const INTERRUPTED: i32 = 130;

/// A file under way. Dropped before it is finished, it leaves nothing behind.
#[derive(Debug)]
pub struct Target {
    /// How it was called.
    called: String,
    path: PathBuf,
    /// Where it is written meanwhile; none: what has that name is no plain file, a pipe or a device.
    unfinished: Option<PathBuf>,
    to: BufWriter<File>,
    in_use: Arc<FilesInUse>,
}

impl Target {
    pub(super) fn create(called: &str, in_use: &Arc<FilesInUse>) -> Result<Target, Unwritable> {
        let path = place(Path::new(called));
        in_use.may_write(&path, called, false)?;
        let about = fs::metadata(&path).ok();
        let (unfinished, file) = match &about {
            Some(about) if about.is_dir() => return Err("it is a folder".into()),
            Some(about) if !about.is_file() => (None, OpenOptions::new().write(true).open(&path)?),
            Some(about) if about.permissions().readonly() => return Err("it is read-only".into()),
            _ => {
                clear(&path);
                let (unfinished, file) = beside(&path).map_err(no_folder)?;
                (Some(unfinished), file)
            }
        };
        unfinished.iter().for_each(|unfinished| remember(unfinished));
        in_use.writes(&path, called);
        let (called, to) = (called.to_string(), BufWriter::new(file));
        let target = Target { called, path, unfinished, to, in_use: Arc::clone(in_use) };
        // Whoever may not read what was there may not read what comes in its place.
        if let (Some(about), Some(_)) = (about, &target.unfinished) {
            keep_permissions(target.to.get_ref(), about.permissions())?;
        }
        Ok(target)
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
    pub(super) fn name(mut self) -> Result<(), Unwritable> {
        let Some(unfinished) = self.unfinished.clone() else { return Ok(()) };
        self.in_use.may_write(&self.path, &self.called, true)?;
        fs::rename(&unfinished, &self.path)?;
        self.unfinished = None;
        forget(&unfinished);
        // Names differ for one file where letters are not told apart.
        self.in_use.writes(&self.path, &self.called);
        // The name itself is on the disk once its folder is; where folders cannot be opened, it is anyway.
        if let Ok(folder) = File::open(folder(&self.path)) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

fn keep_permissions(file: &File, wanted: Permissions) -> io::Result<()> {
    if file.metadata()?.permissions() == wanted { Ok(()) } else { file.set_permissions(wanted) }
}

fn no_folder(error: io::Error) -> Unwritable {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such folder".into(),
        _ => error.into(),
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
