//! `--annex NAME=FILE`: another file in place of that of an annex.

use super::{PathKind, World};
use crate::diag::{Code, Diagnostic, closest, list_and, tick};
use crate::policy::Policy;
use crate::roots::LISTED;
use crate::text::{Files, StandIn};

/// A world in which policies find other files in place of those of some annexes.
pub(super) struct InPlace<'w> {
    world: &'w dyn World,
    files: FilesInPlace<'w>,
}

struct FilesInPlace<'w> {
    world: &'w dyn World,
    annexes: &'w [(String, String)],
}

impl<'w> InPlace<'w> {
    /// By the names of the annexes.
    pub fn new(annexes: &'w [(String, String)], world: &'w dyn World) -> Result<InPlace<'w>, Diagnostic> {
        let again = |(at, (name, _)): (usize, &(String, String))| {
            annexes.iter().take(at).any(|(other, _)| other == name).then(|| twice(name))
        };
        match annexes.iter().enumerate().find_map(again) {
            Some(error) => Err(error),
            None => Ok(InPlace { world, files: FilesInPlace { world, annexes } }),
        }
    }
}

impl Files for FilesInPlace<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        self.world.files().read(path)
    }

    fn read_at_most(&self, path: &str, most: usize) -> Result<Option<String>, String> {
        self.world.files().read_at_most(path, most)
    }

    fn annex(&self, name: &str) -> Option<StandIn> {
        let (_, path) = self.annexes.iter().find(|(other, _)| other == name)?;
        Some(StandIn { path: path.clone(), text: self.world.read(path) })
    }
}

impl Files for InPlace<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        self.world.read(path)
    }

    fn read_at_most(&self, path: &str, most: usize) -> Result<Option<String>, String> {
        self.world.read_at_most(path, most)
    }
}

impl World for InPlace<'_> {
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
        &self.files
    }

    fn beneath(&self) -> Option<&dyn World> {
        Some(self.world)
    }

    fn annexes(&self) -> &[(String, String)] {
        self.files.annexes
    }
}

/// What is said of a file for an annex that none of the policies has.
pub(super) fn unknown(policies: &[&Policy], world: &dyn World) -> Option<Diagnostic> {
    let names =
        || policies.iter().flat_map(|policy| policy.annexes.values()).map(|annex| annex.name.as_str());
    let (name, _) = world.annexes().iter().find(|(name, _)| names().all(|other| other != name))?;
    let said = Diagnostic::general(Code::UnknownName, format!("the policy has no annex {}", tick(name)));
    if let Some(meant) = closest(name, names()) {
        return Some(said.help(format!("did you mean {}?", tick(meant))));
    }
    let known: Vec<String> = names().take(LISTED).map(tick).collect();
    Some(match known.is_empty() {
        true => said.help("it has none"),
        false => said.help(format!("it has {}", list_and(&known))),
    })
}

/// What an answer rests on.
pub(super) fn said(annexes: &[(String, String)]) -> String {
    let one = |(name, path): &(String, String)| format!("assumed: the annex {name} as in {path}\n");
    annexes.iter().map(one).collect()
}

/// `metals=other.csv`
pub(super) fn named(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, path)) if !name.trim().is_empty() && !path.is_empty() => {
            Ok((name.trim().to_string(), path.to_string()))
        }
        _ => Err("a file for an annex is named as `name=file.csv`".to_string()),
    }
}

fn twice(name: &str) -> Diagnostic {
    Diagnostic::general(Code::StatedTwice, format!("`--annex` names two files for {}", tick(name)))
        .help("keep one of the two")
}
