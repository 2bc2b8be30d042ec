//! The house keeps its order: no knots inside a folder, one name for one type, and few places that look into expressions.

use crate::support::files_under;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// So many files of one folder may import each other in circles.
const KNOT: usize = 4;

/// From so many kinds of expressions or operations on a file looks into them.
const KINDS: usize = 8;

/// The files and folders that look into expressions, and what each of them is.
const LOOK_INTO: &[(&str, &str)] = &[
    ("src/policy", "what they are, what is read by them"),
    ("src/check", "makes them"),
    ("src/run/point/mod.rs", "a meaning: at points"),
    ("src/run/sets/mod.rs", "a meaning: of open facts"),
    ("src/run/sets/groups.rs", "rows by what they are compared with"),
    ("src/run/sets/never.rs", "dates that are read twice"),
    ("src/run/sets/whole.rs", "numbers that are whole"),
    ("src/run/until/mod.rs", "up to which day they stay"),
    ("src/run/until/depends.rs", "whether days matter"),
    ("src/batch/compiler.rs", "a meaning: of columns"),
    ("src/batch/hoist.rs", "what is asked once for all rows"),
    ("src/batch/uses.rs", "which places of the frame they read"),
    ("src/regions/exprs.rs", "a meaning: as formulas"),
    ("src/regions/failing.rs", "whether they fail at all"),
    ("src/regions/findings/conditions.rs", "the conditions in them"),
    ("src/compare/normal.rs", "their normal form"),
    ("src/explain/needs/mod.rs", "what keeps them open"),
    ("src/explain/reads/mod.rs", "what they read at a point"),
    ("src/explain/ways/atoms.rs", "the conditions on which they hang"),
    ("src/explain/causes/mod.rs", "why they change"),
    ("src/timeline/ahead.rs", "how far short they fall"),
    ("src/report/trial_why.rs", "what a failed expectation is made of"),
];

/// Names that more than one type may have.
const SHARED: &[&str] = &[
    // Each command's.
    "Args", // As written and as bound.
    "Act", "Row", "Rows", "Stated", "Table", "Calendar", "Unit",
    // In the library, by the words of those who use it.
    "Policy", "Facts", "Question", "Answers", "Answer", "Timeline", "Checked", "Story",
];

#[test]
fn no_folder_has_a_knot() {
    let modules = modules();
    let knots: Vec<String> = folders(&modules)
        .into_iter()
        .flat_map(|folder| circles(&imports_within(&modules, &folder)))
        .filter(|circle| circle.len() > KNOT)
        .map(|circle| circle.join(", "))
        .collect();
    assert!(knots.is_empty(), "these import each other in circles:\n{}", knots.join("\n"));
}

#[test]
fn a_knot_is_found() {
    let imports = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")];
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (from, to) in imports {
        all.entry(from.to_string()).or_default().insert(to.to_string());
    }
    assert_eq!(circles(&all), [["a", "b", "c"].map(String::from).to_vec()]);
}

#[test]
fn few_files_look_into_expressions() {
    let looking: Vec<String> = sources()
        .into_iter()
        .filter(|(_, text)| kinds_of_expressions(text) >= KINDS)
        .map(|(path, _)| path)
        .collect();
    let listed = |path: &&String| LOOK_INTO.iter().any(|(place, _)| Path::new(path).starts_with(place));
    let strays: Vec<&String> = looking.iter().filter(|path| !listed(path)).collect();
    assert!(strays.is_empty(), "these look into expressions, and others are there to be asked: {strays:?}");
    let idle = |place: &&str| !looking.iter().any(|path| Path::new(path).starts_with(place));
    let idle: Vec<&str> = LOOK_INTO.iter().map(|(place, _)| *place).filter(idle).collect();
    assert!(idle.is_empty(), "these are listed and do not: {idle:?}");
}

#[test]
fn a_name_is_that_of_one_type() {
    let mut homes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in sources() {
        for name in text.lines().filter_map(declared_type) {
            homes.entry(name).or_default().push(path.clone());
        }
    }
    // What a declaration is as a tree, and what it means, go by one name.
    let twins = |homes: &[String]| {
        let part = |place: &str| homes.iter().filter(|path| path.starts_with(place)).count();
        homes.len() == 2 && part("src/tree/") == 1 && part("src/policy/") == 1
    };
    let shared: BTreeMap<String, Vec<String>> =
        homes.into_iter().filter(|(_, homes)| homes.len() > 1 && !twins(homes)).collect();
    let strays: Vec<String> = shared
        .iter()
        .filter(|(name, _)| !SHARED.contains(&name.as_str()))
        .map(|(name, homes)| format!("{name}: {}", homes.join(", ")))
        .collect();
    assert!(strays.is_empty(), "one name for more than one type:\n{}", strays.join("\n"));
    let idle: Vec<&&str> = SHARED.iter().filter(|name| !shared.contains_key(**name)).collect();
    assert!(idle.is_empty(), "listed, and not shared: {idle:?}");
}

/// `pub(super) struct Name<'a> {` is `Name`; what stands inside something else is named by that.
fn declared_type(line: &str) -> Option<String> {
    let mut words = line.split_whitespace().skip_while(|word| word.starts_with("pub") || *word == "in");
    let kind = words.next().filter(|_| !line.starts_with(' '))?;
    let name = words.next().filter(|_| matches!(kind, "struct" | "enum" | "trait" | "type"))?;
    Some(word(name))
}

/// How many kinds of `policy::Expr` and `policy::Op` a text names.
fn kinds_of_expressions(text: &str) -> usize {
    let of_policy = ["policy::", "pub enum Op<", "pub enum Expr<"].iter().any(|word| text.contains(word));
    let after = |start: &str| {
        let names = text
            .match_indices(start)
            .filter(|(at, _)| !text[..*at].ends_with(|sign: char| sign.is_alphanumeric() || sign == '_'));
        names
            .map(|(at, _)| word(&text[at + start.len()..]))
            .filter(|name| name.starts_with(char::is_uppercase))
            .collect()
    };
    let kinds: [BTreeSet<String>; 2] = [after("Expr::"), after("Op::")];
    if of_policy { kinds.iter().map(BTreeSet::len).sum() } else { 0 }
}

fn word(text: &str) -> String {
    text.chars().take_while(|sign| sign.is_alphanumeric() || *sign == '_').collect()
}

/// The files of `src` that are no tests, with their text up to the tests inside, without comments.
fn sources() -> Vec<(String, String)> {
    let is_test = |path: &Path| path.iter().any(|part| part.to_string_lossy().starts_with("tests"));
    let paths = files_under("src").into_iter().filter(|path| !is_test(path));
    paths
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a source file");
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            (path.to_string_lossy().into_owned(), code.join("\n"))
        })
        .collect()
}

/// `run/sets/ops` with its text; `run/sets/mod.rs` is `run/sets`.
fn modules() -> BTreeMap<String, String> {
    let name = |path: &str| {
        let path = path.trim_start_matches("src/").trim_end_matches(".rs");
        path.strip_suffix("/mod").unwrap_or(path).to_string()
    };
    sources().into_iter().map(|(path, text)| (name(&path), text)).collect()
}

fn folders(modules: &BTreeMap<String, String>) -> BTreeSet<String> {
    modules.keys().filter_map(|module| Some(module.split_once('/')?.0.to_string())).collect()
}

/// What the files of a folder import of each other; that a module names what stands inside it is no import.
fn imports_within(modules: &BTreeMap<String, String>, folder: &str) -> BTreeMap<String, BTreeSet<String>> {
    let inside = |module: &str| module == folder || module.starts_with(&format!("{folder}/"));
    let own = modules.iter().filter(|(module, _)| inside(module));
    own.map(|(module, text)| {
        let named = paths(text).into_iter().filter_map(|path| leads_to(modules, module, &path));
        let others = named
            .filter(|other| inside(other) && !other.starts_with(&format!("{module}/")) && other != module);
        (module.clone(), others.collect())
    })
    .collect()
}

/// The module that a path leads to, as seen from another.
fn leads_to(modules: &BTreeMap<String, String>, from: &str, path: &str) -> Option<String> {
    let mut at: Vec<&str> = from.split('/').collect();
    let mut steps = path.split("::").peekable();
    match steps.next()? {
        "crate" => at.clear(),
        "self" => {}
        "super" => {
            at.pop();
            while steps.next_if(|step| *step == "super").is_some() {
                at.pop();
            }
        }
        _ => return None,
    }
    at.extend(steps);
    (1..=at.len()).rev().map(|length| at[..length].join("/")).find(|module| modules.contains_key(module))
}

/// Every path in a text that begins with `crate`, `self` or `super`, those in braces one by one.
fn paths(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("::") {
        let start = text[..at]
            .rfind(|sign: char| !sign.is_alphanumeric() && sign != '_')
            .map_or(0, |before| before + 1);
        if matches!(&text[start..at], "crate" | "self" | "super") && !text[..start].ends_with("::") {
            expand("", &text[start..], &mut found);
        }
    }
    found
}

fn expand(before: &str, text: &str, found: &mut Vec<String>) {
    let end =
        text.find(|sign: char| !sign.is_alphanumeric() && sign != '_' && sign != ':').unwrap_or(text.len());
    let path = format!("{before}{}", &text[..end]);
    match text[end..].strip_prefix('{') {
        Some(list) if path.ends_with("::") => {
            for part in in_braces(list) {
                expand(&path, part.trim(), found);
            }
        }
        _ => found.push(path),
    }
}

/// The parts of a list up to its closing brace.
fn in_braces(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, sign) in text.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&text[start..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.into_iter().filter(|part| !part.trim().is_empty()).collect()
}

/// Sets of names that lead to each other, each in order.
fn circles(imports: &BTreeMap<String, BTreeSet<String>>) -> Vec<Vec<String>> {
    let reach: BTreeMap<&String, BTreeSet<&String>> =
        imports.keys().map(|from| (from, reached(imports, from))).collect();
    let mut circles = BTreeSet::new();
    for (from, all) in &reach {
        let circle: Vec<String> = all
            .iter()
            .filter(|to| reach.get(**to).is_some_and(|back| back.contains(*from)))
            .map(|to| (*to).clone())
            .collect();
        if circle.len() > 1 {
            circles.insert(circle);
        }
    }
    circles.into_iter().collect()
}

fn reached<'i>(imports: &'i BTreeMap<String, BTreeSet<String>>, from: &String) -> BTreeSet<&'i String> {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(at) = open.pop() {
        for to in imports.get(at).into_iter().flatten() {
            if seen.insert(to) {
                open.push(to);
            }
        }
    }
    seen
}
