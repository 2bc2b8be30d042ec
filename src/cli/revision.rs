//! Files as they were in a revision: `HEAD~1:policies/japan`.

use super::rooted::outside;
use super::{PathKind, World};
use crate::diag::tick;
use crate::text::{Files, StandIn, beside};
use std::path::Path;

/// Paths that begin with `REV:./` are looked for in that revision, others on the disk.
pub(super) struct Revision<'a> {
    world: &'a dyn World,
    /// `HEAD~1`
    name: String,
    /// `./` if the path is seen from the current folder, else it is seen from the root of the repository.
    here: &'static str,
    /// Whether other paths may be read.
    mixed: bool,
}

impl<'a> Revision<'a> {
    /// `REV:path`, if no file has that name; with the path by which the policy is found.
    pub fn of(argument: &str, world: &'a dyn World, mixed: bool) -> Option<(Revision<'a>, String)> {
        let (name, path) = argument.split_once(':')?;
        // One letter is a drive.
        if name.chars().nth(1).is_none() || name.starts_with('-') || world.kind(argument) != PathKind::Missing
        {
            return None;
        }
        let (here, path) = match path.strip_prefix("./") {
            Some(path) => ("./", path),
            None => ("", path),
        };
        let revision = Revision { world, name: name.to_string(), here, mixed };
        let path = format!("{}{}", revision.prefix(), path.trim_end_matches('/'));
        Some((revision, path))
    }

    /// Why there is no such revision, or no repository.
    pub fn missing(&self) -> Option<String> {
        let commit = format!("{}^{{commit}}", self.name);
        if let Err(why) = self.world.git(&["rev-parse", "--git-dir"]) {
            return Some(why);
        }
        match self.world.git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]) {
            Ok(_) => None,
            Err(_) => Some(format!("the repository has no revision `{}`", self.name)),
        }
    }

    /// So that paths beside it stay in the revision.
    fn prefix(&self) -> String {
        format!("{}:./", self.name)
    }

    /// A path as git wants it.
    fn object(&self, path: &str) -> Option<String> {
        let inside = path.strip_prefix(&self.prefix()).or_else(|| {
            // The folder itself.
            path.strip_prefix(&format!("{}:.", self.name)).filter(|rest| rest.is_empty())
        })?;
        Some(format!("{}:{}{inside}", self.name, self.here))
    }
}

impl Files for Revision<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        match self.object(path) {
            Some(object) => {
                self.within_root(&object)?;
                self.world.git(&["cat-file", "blob", &object]).map_err(|_| self.absent(&object))
            }
            None if self.mixed => self.world.files().read(path),
            None => Err("it is outside of the revision".to_string()),
        }
    }

    fn annex(&self, name: &str) -> Option<StandIn> {
        self.world.files().annex(name)
    }
}

impl Revision<'_> {
    /// Whether the repository knows of such a file, though it may not have it.
    fn knows(&self, object: &str) -> bool {
        self.world.git(&["rev-parse", "--verify", "--quiet", "--end-of-options", object]).is_ok()
    }

    /// Why it cannot be read.
    fn absent(&self, object: &str) -> String {
        match self.knows(object) {
            true => {
                let fetch = tick("git fetch --refetch --no-filter");
                format!("this clone left it out, and nothing is fetched: {fetch} brings it")
            }
            false => format!("revision `{}` has no such file", self.name),
        }
    }

    /// Where `--root` keeps the files of a policy in a folder, those of a revision are kept in it too.
    fn within_root(&self, object: &str) -> Result<(), String> {
        let Some(root) = self.world.root() else { return Ok(()) };
        let path = object.strip_prefix(&format!("{}:", self.name)).unwrap_or(object);
        let seat = match self.here {
            "./" => self.world.real_path(".")?,
            _ => self.world.git(&["rev-parse", "--show-toplevel"])?.trim_end_matches('\n').into(),
        };
        let place = beside("", &format!("{}/{path}", seat.to_string_lossy()));
        if Path::new(&place).starts_with(root) { Ok(()) } else { Err(outside(&root.to_string_lossy())) }
    }
}

impl World for Revision<'_> {
    fn kind(&self, path: &str) -> PathKind {
        let Some(object) = self.object(path) else { return self.world.kind(path) };
        match self.world.git(&["cat-file", "-t", &object]).as_deref().map(str::trim) {
            Ok("blob") => PathKind::File,
            Ok("tree") => PathKind::Folder,
            // That it cannot be read is said when it is.
            _ if self.knows(&object) => PathKind::File,
            _ => PathKind::Missing,
        }
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, String> {
        let Some(object) = self.object(folder) else { return self.world.list(folder) };
        let names = self.world.git(&["ls-tree", "--name-only", "-z", &object])?;
        Ok(names.split('\0').filter(|name| !name.is_empty()).map(str::to_string).collect())
    }

    fn stdin(&self) -> Result<String, String> {
        self.world.stdin()
    }

    fn files(&self) -> &dyn Files {
        self
    }
}
