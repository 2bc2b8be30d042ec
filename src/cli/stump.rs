//! Unfinished files. Whoever writes one holds a lock on it, which ends with its process: what nobody holds is a stump that an
//! ended process left, and the next run with the same target takes it away.

use super::identity::{FileIdentity, folder};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// As many names are tried for the unfinished file.
const NAMES: u32 = 100;

/// A name of a file may have 255 bytes; that of the unfinished one is longer by what is put around it.
const LONGEST: usize = 200;

const END: &str = ".unfinished";

/// A new file in the same folder, so that it can be renamed; locked.
pub(super) fn beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let start = start(path)?;
    let process = std::process::id();
    let mut last = io::ErrorKind::AlreadyExists.into();
    for other in 0..NAMES {
        let unfinished = path.with_file_name(format!("{start}{process}-{other}{END}"));
        match OpenOptions::new().write(true).create_new(true).open(&unfinished) {
            Ok(file) if is_ours(&unfinished, &file) => return Ok((unfinished, file)),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

/// Between its making and its lock another run may have taken it for a stump. Where files cannot be locked, nobody clears.
fn is_ours(path: &Path, file: &File) -> bool {
    if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
        return false;
    }
    let there = fs::metadata(path).ok().and_then(|about| FileIdentity::of(path, &about));
    let made = file.metadata().ok().and_then(|about| FileIdentity::of(path, &about));
    there.is_some() && there == made
}

/// Takes away what ended processes left of the same target.
pub(super) fn clear(path: &Path) {
    let (Ok(start), Ok(entries)) = (start(path), fs::read_dir(folder(path))) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let plain = entry.file_type().is_ok_and(|kind| kind.is_file());
        if plain && name.to_str().is_some_and(|name| is_unfinished(name, &start)) {
            clear_one(&entry.path());
        }
    }
}

fn clear_one(stump: &Path) {
    let Ok(file) = OpenOptions::new().write(true).open(stump) else { return };
    if file.try_lock().is_ok() {
        let _ = fs::remove_file(stump);
    }
}

/// `.answers.csv.4711-0.unfinished`, of the target whose unfinished files start so.
fn is_unfinished(name: &str, start: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let middle = name.strip_prefix(start).and_then(|rest| rest.strip_suffix(END));
    middle
        .and_then(|middle| middle.split_once('-'))
        .is_some_and(|(process, other)| number(process) && number(other))
}

fn start(path: &Path) -> io::Result<String> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?.to_string_lossy();
    let end =
        name.char_indices().map(|(at, _)| at).chain([name.len()]).take_while(|at| *at <= LONGEST).last();
    Ok(format!(".{}.", name.get(..end.unwrap_or(0)).unwrap_or("")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unfinished_files_of_the_target_are_stumps() {
        let start = start(Path::new("folder/o.csv")).unwrap();
        assert!(is_unfinished(".o.csv.4711-0.unfinished", &start));
        for other in [
            "o.csv",
            ".o.csv.unfinished",
            ".o.csv.1.unfinished",
            ".o.csv.a-0.unfinished",
            ".p.csv.1-0.unfinished",
        ] {
            assert!(!is_unfinished(other, &start), "{other}");
        }
        assert_eq!(super::start(Path::new(&"é".repeat(127))).unwrap().len(), 202);
    }
}
