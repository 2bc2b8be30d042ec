//! The house stays a house: imports go down only, and each foreign crate is known in few places.

use crate::support::files_under;
use std::path::Path;

/// Each module with its floor. What stands on one floor does not know its neighbours.
const FLOORS: &[(&str, u32)] = &[
    ("steps", 0),
    ("text", 0),
    ("diag", 1),
    ("value", 1),
    ("solve", 2),
    ("tree", 2),
    ("syntax", 3),
    ("policy", 3),
    ("literal", 4),
    ("amend", 4),
    ("check", 5),
    ("facts", 5),
    ("outcome", 5),
    ("compile", 6),
    ("formats", 6),
    ("run", 6),
    ("explain", 7),
    ("batch", 8),
    ("regions", 8),
    ("timeline", 8),
    ("scenarios", 8),
    ("compare", 9),
    ("words", 9),
    ("answers", 10),
    ("table", 10),
    ("report", 11),
    ("cli", 12),
];

/// Foreign crates and where they may be named.
const CRATES: &[(&str, &[&str])] = &[
    ("pest", &["syntax"]),
    ("pest_derive", &["syntax"]),
    ("miette", &["diag/render.rs"]),
    ("clap", &["cli"]),
    ("terminal_size", &["main.rs"]),
    ("jiff", &["value"]),
    ("dashu_int", &["value"]),
    ("dashu_ratio", &["value"]),
    ("serde", &["formats", "answers"]),
    ("serde_json", &["formats", "answers"]),
    ("toml", &["formats"]),
    ("granit_parser", &["formats"]),
    ("csv", &["formats", "check"]),
    ("memchr", &["formats", "table"]),
    ("arrow_array", &["table"]),
    ("arrow_buffer", &["table"]),
    ("arrow_schema", &["table"]),
    ("arrow_select", &["table"]),
    ("ctrlc", &["cli"]),
    ("pulp", &["batch"]),
];

#[test]
fn imports_go_down_only() {
    let mut upwards = Vec::new();
    for path in files_under("src") {
        let file = path.strip_prefix("src").expect("below src");
        let Some((module, floor)) = home(file) else { continue };
        let text = std::fs::read_to_string(&path).expect("a source file");
        for (number, line) in code_lines(&text) {
            for named in line.split("crate::").skip(1) {
                for other in first_segments(named) {
                    let Some((_, below)) = FLOORS.iter().find(|(name, _)| *name == other) else { continue };
                    let known = other == module || *below < floor;
                    if !known {
                        upwards.push(format!(
                            "{}:{number}: {module} (floor {floor}) knows {other}",
                            path.display()
                        ));
                    }
                }
            }
        }
    }
    assert!(upwards.is_empty(), "{}", upwards.join("\n"));
}

/// Methods of one type are no imports: what `explain` adds to the evaluator is not called by `run`.
#[test]
fn reasons_are_asked_from_above_only() {
    let read = |path: &Path| std::fs::read_to_string(path).expect("a source file");
    let mut added = Vec::new();
    for path in files_under("src/explain") {
        let mut of_evaluator = false;
        for line in read(&path).lines() {
            if line.starts_with("impl") {
                of_evaluator = line.contains("Evaluator<");
            }
            let name =
                line.split_once("fn ").map(|(_, rest)| rest.split(['(', '<']).next().unwrap_or_default());
            added.extend(name.filter(|_| of_evaluator && line.starts_with("    ")).map(str::to_string));
        }
    }
    assert!(added.len() > 50, "{added:?}");
    for path in files_under("src/run").iter().filter(|path| !path.starts_with("src/run/tests")) {
        for (number, line) in code_lines(&read(path)) {
            let asked = |name: &&String| line.contains(&format!(".{name}("));
            assert_eq!(added.iter().find(asked), None, "{}:{number}", path.display());
        }
    }
}

#[test]
fn every_module_has_a_floor() {
    for path in files_under("src") {
        let file = path.strip_prefix("src").expect("below src");
        if file != Path::new("lib.rs") && file != Path::new("main.rs") {
            assert!(home(file).is_some(), "{} has no floor", path.display());
        }
    }
}

#[test]
fn foreign_crates_stay_where_they_belong() {
    let mut strays = Vec::new();
    for path in files_under("src") {
        let file = path.strip_prefix("src").expect("below src");
        if file.components().any(|part| part.as_os_str().to_string_lossy().starts_with("tests")) {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a source file");
        for (number, line) in code_lines(&text) {
            for (name, homes) in CRATES {
                let named = names_crate(line, name);
                if named && !homes.iter().any(|home| file.starts_with(home)) {
                    strays.push(format!("{}:{number}: {name} is known here", path.display()));
                }
            }
        }
    }
    assert!(strays.is_empty(), "{}", strays.join("\n"));
}

/// The module of a file, and its floor.
fn home(file: &Path) -> Option<(&'static str, u32)> {
    let first = file.components().next()?.as_os_str().to_string_lossy().into_owned();
    let module = first.trim_end_matches(".rs");
    FLOORS.iter().find(|(name, _)| *name == module).copied()
}

/// The lines of a file that are code, numbered from 1.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// What `crate::` leads to: `text::Span` to `text`, `{diag, text::Span}` to both.
fn first_segments(path: &str) -> Vec<String> {
    let word =
        |text: &str| text.trim().chars().take_while(|sign| sign.is_alphanumeric() || *sign == '_').collect();
    match path.strip_prefix('{') {
        Some(list) => list.split(',').map(word).collect(),
        None => vec![word(path)],
    }
}

/// `use pest::…` or `pest::…` in the code; a module of the same name (`csv::`, after `mod csv`) says `self::` or `super::`.
fn names_crate(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = &line[at + name.len()..];
        let starts =
            before.is_none_or(|sign| !sign.is_alphanumeric() && sign != '_' && sign != ':' && sign != '.');
        starts && after.starts_with("::") || line.trim() == format!("use {name};")
    })
}
