//! One case, one file: a policy with the commands to run on it, or a `.console` file with commands on other files; its
//! snapshot stands beside it and shows all that a user would see. Each is a test: `cargo test --test main a_deadline` runs
//! those with these words in their name.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod conformance;
mod support;

use libtest_mimic::{Arguments, Failed, Trial};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::{comity, files_under, words};

/// What the first lines of a case say to run; default: `check`.
const RUN: &str = "# run: ";

/// How many of the slowest are named.
const SLOWEST: usize = 10;

type Times = Arc<Mutex<Vec<(Duration, String)>>>;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let times = Times::default();
    let mut trials: Vec<Trial> = cases()
        .into_iter()
        .map(|case| trial(name(&case), Arc::clone(&times), move || gives_what_its_snapshot_shows(&case)))
        .collect();
    trials.extend(
        conformance::cases()
            .into_iter()
            .map(|case| trial(case.name.clone(), Arc::clone(&times), move || Ok(case.judge()?))),
    );
    trials.push(Trial::test("conformance::every_law_is_shown", || Ok(conformance::every_law_is_shown()?)));
    trials.push(Trial::test("every_snapshot_has_its_case", every_snapshot_has_its_case));
    trials.push(Trial::test("no_two_cases_share_a_snapshot", no_two_cases_share_a_snapshot));
    let listed = arguments.list;
    let conclusion = libtest_mimic::run(&arguments, trials);
    if !listed {
        print_slowest(&times);
    }
    conclusion.exit_code()
}

fn trial(name: String, times: Times, judge: impl FnOnce() -> Result<(), Failed> + Send + 'static) -> Trial {
    Trial::test(name.clone(), move || {
        let begun = now();
        judge()?;
        times.lock().expect("no test panics here").push((begun.elapsed(), name));
        Ok(())
    })
}

/// `tests/cases/conduct/a_deadline.comity` is `conduct::a_deadline`.
fn name(case: &Path) -> String {
    let topic =
        case.parent().and_then(|folder| folder.strip_prefix("tests/cases").ok()).expect("in a folder");
    let mut words: Vec<String> = topic.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    words.push(stem(case));
    words.join("::")
}

#[allow(clippy::disallowed_methods, reason = "it times the tests, no answer")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

fn print_slowest(times: &Times) {
    let mut times = std::mem::take(&mut *times.lock().expect("all tests have ended"));
    times.sort_by(|a, b| b.cmp(a));
    println!("the slowest:");
    for (time, name) in times.iter().take(SLOWEST) {
        println!("  {:>6} ms  {name}", time.as_millis());
    }
}

fn gives_what_its_snapshot_shows(case: &Path) -> Result<(), Failed> {
    let folder = std::env::current_dir().expect("a folder").join(case.parent().expect("in a folder"));
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(stem(case), transcript(case)));
    Ok(())
}

fn every_snapshot_has_its_case() -> Result<(), Failed> {
    let names: Vec<PathBuf> = cases().iter().map(|case| case.with_file_name(stem(case) + ".snap")).collect();
    let snapshots =
        files_under("tests").into_iter().filter(|path| path.extension().is_some_and(|e| e == "snap"));
    let orphans: Vec<PathBuf> = snapshots.filter(|path| !names.contains(path)).collect();
    if orphans.is_empty() { Ok(()) } else { Err(format!("snapshots without a case: {orphans:?}").into()) }
}

fn no_two_cases_share_a_snapshot() -> Result<(), Failed> {
    let mut names: Vec<PathBuf> = cases().iter().map(|case| case.with_file_name(stem(case))).collect();
    names.sort();
    let twice: Vec<&PathBuf> =
        names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| &pair[0]).collect();
    if twice.is_empty() { Ok(()) } else { Err(format!("two cases of one name: {twice:?}").into()) }
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
