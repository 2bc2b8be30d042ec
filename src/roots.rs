//! Which file is meant by the path of a policy: a file, or a folder with one policy in it.

use crate::compile::is_root;
use crate::diag::{Code, Diagnostic, list_or, tick};
use crate::syntax::SIZE_LIMIT;
use crate::text::Files;

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathKind {
    File,
    Folder,
    Missing,
}

/// Files that lie in folders.
pub trait Folders: Files {
    fn kind(&self, path: &str) -> PathKind;

    /// The names in a folder, sorted.
    fn list(&self, folder: &str) -> Result<Vec<String>, String>;
}

/// More candidates than this are not listed.
pub const LISTED: usize = 8;

/// The root file: the path itself, or in a folder the file with the `agreement` line or the one that amends another text,
/// or the only file.
pub fn root(path: &str, folders: &dyn Folders) -> Result<String, Diagnostic> {
    match folders.kind(path) {
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
    let names = folders.list(path).map_err(unreadable)?;
    let policies = names.iter().filter(|name| is_policy(name));
    let policies: Vec<String> = policies.map(|name| inside(path, name)).collect();
    let may_be_root = |file: &&String| text_of(folders, file).is_some_and(|text| is_root(file, &text));
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

/// A file that may be one of a policy: of what is too large for that nothing is asked.
pub fn text_of(folders: &dyn Folders, file: &str) -> Option<String> {
    folders.read_at_most(file, SIZE_LIMIT).ok().flatten()
}

/// By its name.
pub fn is_policy(name: &str) -> bool {
    name.ends_with(".comity") || name.ends_with(".comity.md")
}

/// What is called so in a folder.
pub fn inside(folder: &str, name: &str) -> String {
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
