//! The house stays a house: imports go down only, and each foreign crate is known in few places.

use crate::support::files_under;
use std::collections::BTreeMap;
use std::path::Path;

/// The picture of the floors: a line for each, `8  batch regions`. What stands on one floor does not know its neighbours.
const PICTURE: (&str, &str) = ("ARCHITECTURE.md", "```floors\n");

/// Foreign crates and where they may be named.
const CRATES: &[(&str, &[&str])] = &[
    ("pest", &["syntax", "import"]),
    ("comity_grammar", &["syntax", "import"]),
    ("miette", &["diag/render.rs"]),
    ("clap", &["cli"]),
    ("terminal_size", &["main.rs"]),
    ("jiff", &["value", "library/literal.rs"]),
    ("dashu_int", &["value"]),
    ("dashu_ratio", &["value"]),
    ("serde", &["formats", "answers", "import", "library"]),
    ("serde_json", &["formats", "answers", "import", "library/facts.rs", "server"]),
    ("gen_lsp_types", &["server"]),
    ("lsp_server", &["server", "cli"]),
    ("crossbeam_channel", &["server"]),
    ("toml", &["formats"]),
    ("granit_parser", &["formats"]),
    ("crc32fast", &["table"]),
    ("memchr", &["sheet", "table", "import"]),
    ("unicode_normalization", &["text"]),
    ("arrow_array", &["table"]),
    ("arrow_buffer", &["table"]),
    ("arrow_schema", &["table"]),
    ("arrow_select", &["table"]),
    ("calamine", &["table"]),
    ("ctrlc", &["cli"]),
    ("pulp", &["batch"]),
    ("similar", &["cli"]),
];

#[test]
fn imports_go_down_only() {
    let floors = floors();
    let mut upwards = Vec::new();
    for path in files_under("src") {
        let file = path.strip_prefix("src").expect("below src");
        let module = module(file);
        let Some(floor) = floors.get(&module) else { continue };
        let text = std::fs::read_to_string(&path).expect("a source file");
        for (number, line) in code_lines(&text) {
            for named in line.split("crate::").skip(1) {
                for other in first_segments(named) {
                    let Some(below) = floors.get(&other) else { continue };
                    let known = other == module || below < floor;
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
fn the_picture_shows_every_module_and_no_other() {
    let mut idle = floors();
    for path in files_under("src") {
        let file = path.strip_prefix("src").expect("below src");
        if file != Path::new("lib.rs") && file != Path::new("main.rs") {
            let module = module(file);
            assert!(floors().contains_key(&module), "{} has no floor", path.display());
            idle.remove(&module);
        }
    }
    assert!(idle.is_empty(), "on no floor of the house: {idle:?}");
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

/// Every module of the picture with its floor.
fn floors() -> BTreeMap<String, u32> {
    let page = std::fs::read_to_string(PICTURE.0).expect("the page");
    let (_, picture) = page.split_once(PICTURE.1).expect("the picture");
    let (picture, _) = picture.split_once("```").expect("its end");
    let mut floors = BTreeMap::new();
    for line in picture.lines() {
        let mut words = line.split_whitespace();
        let floor: u32 = words.next().and_then(|number| number.parse().ok()).expect("the number of a floor");
        floors.extend(words.map(|module| (module.to_string(), floor)));
    }
    floors
}

/// The module that a file belongs to.
fn module(file: &Path) -> String {
    let first = file.components().next().expect("a path").as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_string()
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
