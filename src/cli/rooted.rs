//! `--root FOLDER`: the policy, and every file that a text names, must be in it, wherever links lead.

use super::{PathKind, World};
use crate::diag::{Code, Diagnostic, tick};
use crate::text::{Files, StandIn};
use std::path::{Path, PathBuf};

/// A world with a fence around the files that texts name; those of the command line may be anywhere.
pub(super) struct Rooted<'w> {
    world: &'w dyn World,
    fenced: Fenced<'w>,
}

struct Fenced<'w> {
    world: &'w dyn World,
    called: String,
    root: PathBuf,
}

impl<'w> Rooted<'w> {
    pub fn new(folder: &str, world: &'w dyn World) -> Result<Rooted<'w>, Diagnostic> {
        let wrong = |why: &str| {
            Diagnostic::general(Code::FileUnreadable, format!("{} cannot be read: {why}", tick(folder)))
                .help("`--root` names the folder in which the files of the policy are")
        };
        let root = world.real_path(folder).map_err(|why| wrong(&why))?;
        match world.kind(folder) {
            PathKind::Folder => {
                Ok(Rooted { world, fenced: Fenced { world, called: folder.to_string(), root } })
            }
            _ => Err(wrong("it is no folder")),
        }
    }
}

impl Files for Fenced<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        match self.world.real_path(path)?.starts_with(&self.root) {
            true => self.world.read(path),
            false => Err(outside(&self.called)),
        }
    }

    fn read_at_most(&self, path: &str, most: usize) -> Result<Option<String>, String> {
        match self.world.real_path(path)?.starts_with(&self.root) {
            true => self.world.read_at_most(path, most),
            false => Err(outside(&self.called)),
        }
    }

    fn annex(&self, name: &str) -> Option<StandIn> {
        self.world.files().annex(name)
    }
}

/// What is said of a file beyond the fence.
pub(super) fn outside(root: &str) -> String {
    format!("it is outside of {}, in which `--root` keeps the files of a policy", tick(root))
}

impl Files for Rooted<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        self.world.read(path)
    }

    fn read_at_most(&self, path: &str, most: usize) -> Result<Option<String>, String> {
        self.world.read_at_most(path, most)
    }
}

impl World for Rooted<'_> {
    fn kind(&self, path: &str) -> PathKind {
        self.world.kind(path)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, String> {
        self.world.list(folder)
    }

    fn stdin(&self) -> Result<String, String> {
        self.world.stdin()
    }

    fn files(&self) -> &dyn Files {
        &self.fenced
    }

    fn beneath(&self) -> Option<&dyn World> {
        Some(self.world)
    }

    fn root(&self) -> Option<&Path> {
        Some(&self.fenced.root)
    }
}
