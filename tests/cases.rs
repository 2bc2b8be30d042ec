//! One case, one file: a policy with the commands to run on it, or a `.console` file with commands on other files; its
//! snapshot stands beside it and shows all that a user would see.

use crate::support::{comity, files_under, words};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// What the first lines of a case say to run; default: `check`.
const RUN: &str = "# run: ";

#[test]
fn cases_give_what_their_snapshots_show() {
    let mut failed = Vec::new();
    for case in cases() {
        let name = stem(&case);
        let folder = std::env::current_dir().expect("a folder").join(case.parent().expect("in a folder"));
        let transcript = transcript(&case);
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let same =
            catch_unwind(AssertUnwindSafe(|| settings.bind(|| insta::assert_snapshot!(name, transcript))));
        if same.is_err() {
            failed.push(case.display().to_string());
        }
    }
    assert!(failed.is_empty(), "not as shown:\n  {}", failed.join("\n  "));
}

#[test]
fn every_snapshot_has_its_case() {
    let names: Vec<PathBuf> = cases().iter().map(|case| case.with_file_name(stem(case) + ".snap")).collect();
    let snapshots =
        files_under("tests").into_iter().filter(|path| path.extension().is_some_and(|e| e == "snap"));
    let orphans: Vec<PathBuf> = snapshots.filter(|path| !names.contains(path)).collect();
    assert!(orphans.is_empty(), "snapshots without a case: {orphans:?}");
}

#[test]
fn no_two_cases_share_a_snapshot() {
    let mut names: Vec<PathBuf> = cases().iter().map(|case| case.with_file_name(stem(case))).collect();
    names.sort();
    let before = names.len();
    names.dedup();
    assert_eq!(names.len(), before);
}

fn cases() -> Vec<PathBuf> {
    let is_case = |path: &PathBuf| {
        let name = path.to_string_lossy();
        name.ends_with(".comity") || name.ends_with(".comity.md") || name.ends_with(".console")
    };
    files_under("tests/cases").into_iter().filter(is_case).collect()
}

fn stem(case: &Path) -> String {
    let name = case.file_name().expect("a file").to_string_lossy();
    name.split('.').next().expect("a name").to_string()
}

/// Commands with their exit codes and everything they wrote.
fn transcript(case: &Path) -> String {
    let text = std::fs::read_to_string(case).expect("a case");
    let mut out = String::new();
    for command in commands(case, &text) {
        let args = words(&command);
        let ran = comity(&args.iter().map(String::as_str).collect::<Vec<_>>());
        out.push_str(&format!("$ comity {command}\nexit {}\n", ran.code));
        for (name, text) in [("stdout", &ran.out), ("stderr", &ran.err)] {
            if !text.is_empty() {
                // Colours as signs that can be read.
                let text = text.replace('\u{1b}', "␛");
                out.push_str(&format!("──── {name}\n{text}"));
            }
        }
        out.push('\n');
    }
    out
}

fn commands(case: &Path, text: &str) -> Vec<String> {
    if case.extension().is_some_and(|end| end == "console") {
        return text
            .lines()
            .filter_map(|line| line.strip_prefix("$ comity"))
            .map(|line| line.trim().to_string())
            .collect();
    }
    let lines =
        text.lines().take_while(|line| line.starts_with('#') || line.is_empty() || line.starts_with("<!--"));
    let lines = lines.map(|line| line.trim_start_matches("<!-- ").trim_end_matches(" -->"));
    let runs: Vec<&str> = lines.filter_map(|line| line.strip_prefix(RUN)).collect();
    let runs = if runs.is_empty() { vec!["check"] } else { runs };
    runs.iter().map(|run| command(case, run)).collect()
}

/// `eval --on 2029-01-19` becomes `eval CASE FACTS --on 2029-01-19`; `{case}` stands for the path without its end.
fn command(case: &Path, run: &str) -> String {
    let path = case.to_str().expect("a path");
    let base = case.with_file_name(stem(case)).to_string_lossy().into_owned();
    if run.contains("{case}") {
        return run.replace("{case}", &base);
    }
    let (word, rest) = run.split_once(' ').unwrap_or((run, ""));
    let facts = ["yaml", "json", "toml"].map(|end| format!("{base}.facts.{end}"));
    let facts = facts.iter().find(|facts| Path::new(facts).exists());
    let given = match (word, facts) {
        ("check" | "test", _) => path.to_string(),
        ("eval" | "why", Some(facts)) => format!("{path} {facts}"),
        ("eval" | "why", None) => format!("{path} tests/cases/nothing.facts.yaml"),
        _ => String::new(),
    };
    format!("{word} {given} {rest}").trim_end().to_string()
}
