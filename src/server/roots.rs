//! Which policy a text belongs to.

use super::documents::OpenTexts;
use crate::compile::{is_amending, is_root, uses};
use crate::roots::{inside, is_policy};
use crate::syntax::SIZE_LIMIT;
use crate::text::Files;
use std::collections::BTreeMap;

/// So many folders above a text are looked into.
const FOLDERS: usize = 3;

/// The root file of the policy that a text is a part of: itself, if nothing that is known uses it.
pub(super) fn root_of(path: &str, texts: &OpenTexts<'_>) -> String {
    let Ok(Some(text)) = texts.read_at_most(path, SIZE_LIMIT) else { return path.to_string() };
    if is_root(path, &text) {
        return path.to_string();
    }
    folders(path).find_map(|folder| user_in(folder, path, texts)).unwrap_or_else(|| path.to_string())
}

/// The policy that facts are stated for: the one with their name, or the one of the nearest folder that has one.
pub(super) fn policy_of_facts(path: &str, texts: &OpenTexts<'_>) -> Option<String> {
    let (folder, name) = path.rsplit_once('/')?;
    let policies = |folder: &str| -> Vec<String> {
        let names = texts.list(folder).into_iter().filter(|name| is_policy(name));
        names.map(|name| inside(folder, &name)).collect()
    };
    let stem = name.split('.').next().unwrap_or("");
    let named = |path: &String| {
        let name = path.rsplit('/').next().unwrap_or("");
        name.strip_suffix(".md").unwrap_or(name).strip_suffix(".comity") == Some(stem)
    };
    if let Some(own) = policies(folder).into_iter().find(named) {
        return Some(own);
    }
    folders(path).find_map(|folder| {
        let all = policies(folder);
        let reads = |path: &String| {
            let text = texts.read_at_most(path, SIZE_LIMIT).ok().flatten().unwrap_or_default();
            is_root(path, &text) && !is_amending(path, &text)
        };
        let roots: Vec<&String> = all.iter().filter(|path| reads(path)).collect();
        match (roots.as_slice(), all.as_slice()) {
            ([root], _) => Some((*root).clone()),
            ([], [only]) => Some(only.clone()),
            _ => None,
        }
    })
}

/// Whether a file states facts by where it is and what it is called.
pub(super) fn states_facts(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or("");
    let folder = path.rsplit('/').nth(1);
    (name.contains(".facts.") || folder == Some("facts")) && crate::formats::Format::of(path).is_some()
}

/// The folder of a file and those above it.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(above(path), |folder| above(folder)).take(FOLDERS)
}

fn above(path: &str) -> Option<&str> {
    path.rsplit_once('/').map(|(folder, _)| folder)
}

/// The root among the files of a folder that uses a file, itself or through others.
fn user_in(folder: &str, path: &str, texts: &OpenTexts<'_>) -> Option<String> {
    let mut users: BTreeMap<String, (bool, Vec<String>)> = BTreeMap::new();
    for name in texts.list(folder).into_iter().filter(|name| is_policy(name)) {
        let file = inside(folder, &name);
        if let Ok(Some(text)) = texts.read_at_most(&file, SIZE_LIMIT) {
            users.insert(file.clone(), (is_root(&file, &text), uses(&file, &text)));
        }
    }
    let mut meant = vec![path.to_string()];
    let mut next = 0;
    while let Some(used) = meant.get(next).cloned() {
        let more = users.iter().filter(|(_, (_, uses))| uses.contains(&used)).map(|(user, _)| user.clone());
        let more: Vec<String> = more.filter(|user| !meant.contains(user)).collect();
        meant.extend(more);
        next += 1;
    }
    let users_of = |file: &&String| file.as_str() != path;
    let is_root = |file: &&String| users.get(*file).is_some_and(|(root, _)| *root);
    let found = meant.iter().find(|file| users_of(file) && is_root(file));
    found.or_else(|| meant.iter().rfind(users_of)).cloned()
}
