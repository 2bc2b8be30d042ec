//! The files that a command writes: none has its name before all of them are whole, nor when what was read has changed.

use super::in_use::{CHANGED, Unwritable};
use super::{Target, World};
use crate::diag::{Code, Diagnostic, tick};
use std::io::{self, Write};

/// Files under way, in the order in which they get their names.
#[derive(Debug, Default)]
pub(super) struct Outputs(Vec<(String, Target)>);

impl Outputs {
    pub fn add(&mut self, path: &str, target: Target) {
        self.0.push((path.to_string(), target));
    }

    /// Adds a file of that text.
    pub fn write(&mut self, path: &str, text: &str, world: &dyn World) -> Result<(), Diagnostic> {
        let mut target = create(path, world)?;
        target.write_all(text.as_bytes()).map_err(|error| failed(path, error))?;
        self.add(path, target);
        Ok(())
    }

    /// Gives the files their names.
    pub fn finish(mut self, world: &dyn World) -> Result<(), Diagnostic> {
        for (path, target) in &mut self.0 {
            target.seal().map_err(|error| failed(path, error))?;
        }
        if let Some(input) = world.changed() {
            return Err(changed(&input));
        }
        self.0.into_iter().try_for_each(|(path, target)| target.name().map_err(|why| unwritable(&path, &why)))
    }
}

/// A file to be written.
pub(super) fn create(path: &str, world: &dyn World) -> Result<Target, Diagnostic> {
    world.create(path).map_err(|why| unwritable(path, &why))
}

/// An input that is no longer as it was when it was read.
pub(super) fn changed(path: &str) -> Diagnostic {
    Diagnostic::general(Code::FileUnreadable, format!("{} cannot be read: {CHANGED}", tick(path)))
        .help("ask again when nobody writes to it")
}

pub(super) fn failed(path: &str, error: io::Error) -> Diagnostic {
    unwritable(path, &error.into())
}

pub(super) fn unwritable(path: &str, Unwritable { why, remedy }: &Unwritable) -> Diagnostic {
    let error = Diagnostic::general(Code::FileUnwritable, format!("{} cannot be written: {why}", tick(path)));
    match remedy {
        Some(remedy) => error.help(*remedy),
        None => error,
    }
}
