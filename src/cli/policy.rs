//! The policy argument: a file, or a folder with one policy in it.

use super::in_place;
use super::{Console, Reported, World};
use crate::compile::{compile, uses};
use crate::diag::{Code, Diagnostic, tick};
use crate::policy::Policy;
use crate::roots::{self, Folders, PathKind, inside, is_policy};
use crate::text::{Files, Overlay, Sources};

/// A policy that may be run, with all texts it was read from.
pub(super) struct Loaded {
    /// The path of its root file.
    pub root: String,
    pub policy: Policy,
    pub lints: Vec<Diagnostic>,
    pub sources: Sources,
}

/// Standard input in place of a path.
pub(super) const STDIN: &str = "-";

/// The root file of an argument, and the files it is read from: of a text from standard input, that text among them.
pub(super) fn find<'w>(path: &str, console: &mut Console<'w>) -> Result<(String, Overlay<'w>), Reported> {
    let found = match path {
        STDIN => from_stdin(&console.stdin_name(), console.world()),
        path => root(path, console).map(|root| (root, Overlay::none(console.world().files()))),
    };
    found.map_err(|error| {
        console.say(&[error], &Sources::new());
        Reported
    })
}

/// A text from standard input, under the name it is to have.
pub(super) fn from_stdin<'w>(name: &str, world: &'w dyn World) -> Result<(String, Overlay<'w>), Diagnostic> {
    let text = world.stdin().map_err(|why| {
        Diagnostic::general(Code::FileUnreadable, format!("{} cannot be read: {why}", tick(name)))
    })?;
    let mut files = Overlay::none(world.files());
    files.texts.insert(name.to_string(), text);
    Ok((name.to_string(), files))
}

pub(super) fn load(path: &str, console: &mut Console<'_>) -> Result<Loaded, Reported> {
    let (root, files) = find(path, console)?;
    load_from(root, &files, console)
}

pub(super) fn load_from(
    root: String,
    files: &dyn Files,
    console: &mut Console<'_>,
) -> Result<Loaded, Reported> {
    let mut sources = Sources::new();
    match compile(&root, files, &mut sources) {
        Ok(compiled) => match in_place::unknown(&[&compiled.policy], console.world()) {
            Some(error) => Err(console.report(error)),
            None => Ok(Loaded { root, policy: compiled.policy, lints: compiled.lints, sources }),
        },
        Err(said) => {
            console.say(&said, &sources);
            Err(Reported)
        }
    }
}

/// The root file that a path leads to.
pub(super) fn root(path: &str, console: &Console<'_>) -> Result<String, Diagnostic> {
    root_in(path, console.world())
}

/// The same in other files.
pub(super) fn root_in(path: &str, world: &dyn World) -> Result<String, Diagnostic> {
    roots::root(path, &InWorld(world))
}

/// The folders of a world.
struct InWorld<'w>(&'w dyn World);

impl Files for InWorld<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        self.0.read(path)
    }

    fn read_at_most(&self, path: &str, most: usize) -> Result<Option<String>, String> {
        self.0.read_at_most(path, most)
    }
}

impl Folders for InWorld<'_> {
    fn kind(&self, path: &str) -> PathKind {
        self.0.kind(path)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, String> {
        self.0.list(folder)
    }
}

/// Folders in folders are looked into so far.
const DEEPEST: usize = 16;

/// The policies of an argument: a file; or of a folder, and of those in it, every file that no other there uses.
pub(super) fn all(path: &str, console: &Console<'_>) -> Result<Vec<String>, Diagnostic> {
    if path == STDIN {
        return Ok(vec![path.to_string()]);
    }
    let world = console.world();
    let mut files = Vec::new();
    if world.kind(path) == PathKind::Folder {
        below(path, DEEPEST, console, &mut files);
    }
    let mut used = Vec::new();
    for file in &files {
        if let Some(text) = roots::text_of(&InWorld(world), file) {
            used.extend(uses(file, &text));
        }
    }
    files.retain(|file| !used.contains(file));
    // One policy is found, or missed, as by every command.
    if files.len() > 1 { Ok(files) } else { Ok(vec![root(path, console)?]) }
}

/// The files of an argument, whatever uses them: a file; or of a folder, and of those in it, every file of a policy.
pub(super) fn files(path: &str, console: &Console<'_>) -> Result<Vec<String>, Diagnostic> {
    let mut files = Vec::new();
    if path != STDIN && console.world().kind(path) == PathKind::Folder {
        below(path, DEEPEST, console, &mut files);
    }
    match files.is_empty() {
        // What is not there is missed as by every command.
        true if path != STDIN => Ok(vec![root(path, console)?]),
        true => Ok(vec![path.to_string()]),
        false => Ok(files),
    }
}

fn below(folder: &str, deepest: usize, console: &Console<'_>, files: &mut Vec<String>) {
    let world = console.world();
    for name in world.list(folder).unwrap_or_default() {
        let path = inside(folder, &name);
        match world.kind(&path) {
            PathKind::Folder if deepest > 0 && !name.starts_with('.') => {
                below(&path, deepest - 1, console, files)
            }
            PathKind::File if is_policy(&name) => files.push(path),
            _ => {}
        }
    }
}
