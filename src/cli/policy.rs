//! The policy argument: a file, or a folder with one policy in it.

use super::{Console, Kind, Told};
use crate::compile::{compile, is_root, uses};
use crate::diag::{Code, Diagnostic, list_and, list_or, tick};
use crate::facts::Facts;
use crate::policy::{OutcomeId, Policy};
use crate::text::Sources;

/// A policy that may be run, with all texts it was read from.
pub(super) struct Loaded {
    /// The path of its root file.
    pub root: String,
    pub policy: Policy,
    pub lints: Vec<Diagnostic>,
    pub sources: Sources,
}

/// More candidates than this are not listed.
const LISTED: usize = 8;

pub(super) fn load(path: &str, console: &mut Console<'_>) -> Result<Loaded, Told> {
    let mut sources = Sources::new();
    let root = root(path, console).map_err(|error| {
        console.say(&[error], &sources);
        Told
    })?;
    match compile(&root, console.world().files(), &mut sources) {
        Ok(compiled) => Ok(Loaded { root, policy: compiled.policy, lints: compiled.lints, sources }),
        Err(said) => {
            console.say(&said, &sources);
            Err(Told)
        }
    }
}

/// The root file: the path itself, or in a folder the file with the `agreement` line or the one that amends another text,
/// or the only file.
pub(super) fn root(path: &str, console: &Console<'_>) -> Result<String, Diagnostic> {
    let world = console.world();
    match world.kind(path) {
        Kind::File => return Ok(path.to_string()),
        Kind::Missing => {
            return Err(Diagnostic::general(
                Code::FileUnreadable,
                format!("{} cannot be read: there is no such file or folder", tick(path)),
            ));
        }
        Kind::Folder => {}
    }
    let unreadable = |why: String| {
        Diagnostic::general(Code::FileUnreadable, format!("{} cannot be read: {why}", tick(path)))
    };
    let names = world.list(path).map_err(unreadable)?;
    let policies = names.iter().filter(|name| is_policy(name));
    let policies: Vec<String> = policies.map(|name| inside(path, name)).collect();
    let may_be_root = |file: &&String| world.read(file).is_ok_and(|text| is_root(file, &text));
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
    let world = console.world();
    let mut files = Vec::new();
    if world.kind(path) == Kind::Folder {
        below(path, DEEPEST, console, &mut files);
    }
    let mut used = Vec::new();
    for file in &files {
        if let Ok(text) = world.read(file) {
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
            Kind::Folder if deepest > 0 && !name.starts_with('.') => {
                below(&path, deepest - 1, console, files)
            }
            Kind::File if is_policy(&name) => files.push(path),
            _ => {}
        }
    }
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

/// The outcomes of these names; all if none is named.
pub(super) fn outcomes(
    loaded: &Loaded,
    names: &[String],
    console: &mut Console<'_>,
) -> Result<Vec<OutcomeId>, Told> {
    if names.is_empty() {
        return Ok(loaded.policy.outcomes.ids().collect());
    }
    let mut ids = Vec::new();
    let mut said = Vec::new();
    for name in names {
        match loaded.policy.outcome(name) {
            Some(id) if ids.contains(&id) => {}
            Some(id) => ids.push(id),
            None => said.push(unknown_outcome(&loaded.policy, name)),
        }
    }
    if said.is_empty() {
        return Ok(ids);
    }
    console.say(&said, &loaded.sources);
    Err(Told)
}

fn unknown_outcome(policy: &Policy, name: &str) -> Diagnostic {
    let names: Vec<&str> = policy.outcomes.values().map(|outcome| outcome.name.as_str()).collect();
    let error = Diagnostic::general(Code::UnknownName, format!("the policy has no outcome {}", tick(name)));
    match crate::diag::closest(name, names.iter().copied()) {
        Some(meant) => error.help(format!("did you mean {}?", tick(meant))),
        None if names.is_empty() => error.help("it declares no outcome at all"),
        None => {
            let ticked: Vec<String> = names.iter().take(LISTED).map(|name| tick(name)).collect();
            error.help(format!("its outcomes: {}", list_and(&ticked)))
        }
    }
}

/// Refuses to go on without a day where an answer depends on it.
pub(super) fn day_needed(
    loaded: &Loaded,
    facts: &Facts,
    asked: &[OutcomeId],
    console: &mut Console<'_>,
) -> Result<(), Told> {
    let policy = &loaded.policy;
    let on_rows = |id: OutcomeId| {
        policy.outcomes[id].for_each.is_some_and(|entity| policy.entities[entity].dated.is_some())
    };
    let days = crate::run::depends_on_day(policy, Some(facts));
    let depends: Vec<String> = asked
        .iter()
        .filter(|id| !on_rows(**id) && days.outcome(**id))
        .map(|id| tick(&policy.outcomes[*id].name))
        .collect();
    let message = match depends.len() {
        0 => return Ok(()),
        1 => format!("{} depends on the day, and no day is given", depends.concat()),
        n if n <= LISTED => format!("{} depend on the day, and no day is given", list_and(&depends)),
        n => {
            let some: Vec<String> = depends.into_iter().take(3).collect();
            format!("{}, … ({n} outcomes) depend on the day, and no day is given", some.join(", "))
        }
    };
    let others = asked.iter().find(|id| on_rows(**id)).map(|id| &policy.outcomes[*id].name);
    let help = match others {
        Some(other) => format!(
            "say which day: {}; or ask only for rows, which have days of their own: {}",
            tick("--on 2026-01-01"),
            tick(&format!("--outcome {other}"))
        ),
        None => format!("say which day: {}", tick("--on 2026-01-01")),
    };
    console.say(&[Diagnostic::general(Code::DayNeeded, message).help(help)], &loaded.sources);
    Err(Told)
}
