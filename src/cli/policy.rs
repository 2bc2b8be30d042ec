//! The policy argument: a file, or a folder with one policy in it.

use super::in_place;
use super::overlay::Overlay;
use super::{Console, PathKind, Reported, World};
use crate::compile::{compile, is_root, uses};
use crate::diag::{Code, Diagnostic, list_or, tick};
use crate::policy::Policy;
use crate::syntax::SIZE_LIMIT;
use crate::text::{Files, Sources};

/// A policy that may be run, with all texts it was read from.
pub(super) struct Loaded {
    /// The path of its root file.
    pub root: String,
    pub policy: Policy,
    pub lints: Vec<Diagnostic>,
    pub sources: Sources,
}

/// More candidates than this are not listed.
pub(super) const LISTED: usize = 8;

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

/// The root file: the path itself, or in a folder the file with the `agreement` line or the one that amends another text,
/// or the only file.
pub(super) fn root(path: &str, console: &Console<'_>) -> Result<String, Diagnostic> {
    root_in(path, console.world())
}

/// The same in other files.
pub(super) fn root_in(path: &str, world: &dyn World) -> Result<String, Diagnostic> {
    match world.kind(path) {
        PathKind::File => return Ok(path.to_string()),
        PathKind::Missing => {
            return Err(Diagnostic::general(
                Code::FileUnreadable,
                format!("{} cannot be read: there is no such file or folder", tick(path)),
            ));
        }
        PathKind::Folder => {}
    }
    let unreadable = |why: String| {
        Diagnostic::general(Code::FileUnreadable, format!("{} cannot be read: {why}", tick(path)))
    };
    let names = world.list(path).map_err(unreadable)?;
    let policies = names.iter().filter(|name| is_policy(name));
    let policies: Vec<String> = policies.map(|name| inside(path, name)).collect();
    let may_be_root = |file: &&String| read(world, file).is_some_and(|text| is_root(file, &text));
    let roots: Vec<&String> = policies.iter().filter(may_be_root).collect();
    match (roots.as_slice(), policies.as_slice()) {
        ([root], _) => Ok((*root).clone()),
        ([], [only]) => Ok(only.clone()),
        ([], []) => Err(Diagnostic::general(
            Code::WhichPolicy,
            format!("there is no policy in the folder {}", tick(path)),
        )
        .help("a policy is a file whose name ends with `.comity` or `.comity.md`")),
        ([], many) => Err(Diagnostic::general(
            Code::WhichPolicy,
            format!(
                "no file in the folder {} has an {} line or amends another",
                tick(path),
                tick("agreement")
            ),
        )
        .help(format!("name the file that is meant: {}", candidates(many)))),
        (many, _) => Err(Diagnostic::general(
            Code::WhichPolicy,
            format!(
                "several files in the folder {} have an {} line or amend another",
                tick(path),
                tick("agreement")
            ),
        )
        .help(format!("name the file that is meant: {}", candidates(many)))),
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
        if let Some(text) = read(world, file) {
            used.extend(uses(file, &text));
        }
    }
    files.retain(|file| !used.contains(file));
    // One policy is found, or missed, as by every command.
    if files.len() > 1 { Ok(files) } else { Ok(vec![root(path, console)?]) }
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

/// A file that may be one of a policy: of what is too large for that nothing is asked.
fn read(world: &dyn World, file: &str) -> Option<String> {
    world.read_at_most(file, SIZE_LIMIT).ok().flatten()
}

fn is_policy(name: &str) -> bool {
    name.ends_with(".comity") || name.ends_with(".comity.md")
}

fn inside(folder: &str, name: &str) -> String {
    match folder.trim_end_matches('/') {
        "." => name.to_string(),
        "" => format!("/{name}"),
        folder => format!("{folder}/{name}"),
    }
}

fn candidates<T: AsRef<str>>(files: &[T]) -> String {
    let mut names: Vec<String> = files.iter().take(LISTED).map(|file| tick(file.as_ref())).collect();
    if files.len() > LISTED {
        names.push(format!("{} others", files.len() - LISTED));
    }
    list_or(&names)
}
