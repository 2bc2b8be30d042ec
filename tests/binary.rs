//! The real program, started as a process.

use std::io::{Read, Write};
use std::process::{Command, Stdio};

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_comity"));
    command.env_remove("NO_COLOR");
    command
}

#[test]
fn the_program_answers_the_one_sentence_policy() {
    let ran = program()
        .args(["eval", "policies/snapback.comity", "policies/snapback.facts.yaml", "--on", "2029-01-20"])
        .output()
        .expect("it starts");
    let out = String::from_utf8(ran.stdout).expect("UTF-8");
    assert!(out.contains("tariff = 25%"), "{out}");
    assert!(!out.contains('\u{1b}'), "no colours in a pipe: {out:?}");
    assert_eq!(ran.status.code(), Some(0));
}

#[test]
fn wrong_arguments_are_bad_input() {
    let ran = program().args(["eval", "nowhere.comity"]).output().expect("it starts");
    assert_eq!(ran.status.code(), Some(2));
    assert!(ran.stdout.is_empty());
}

#[test]
fn a_reader_that_goes_away_is_no_trouble() {
    let mut child =
        program().arg("explain").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut err).expect("UTF-8");
    let code = child.wait().expect("it ends").code();
    assert_eq!((code, err.as_str()), (Some(0), ""));
}

#[test]
fn the_version_names_the_language() {
    let ran = program().arg("--version").output().expect("it starts");
    let out = String::from_utf8(ran.stdout).expect("UTF-8");
    assert!(out.starts_with("comity ") && out.contains(comity::LANGUAGE_VERSION), "{out}");
}

#[test]
fn facts_may_come_through_a_pipe() {
    let mut child = program()
        .args(["eval", "policies/snapback.comity", "-", "--on", "2029-01-20"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let facts = "{disbursed: 1 USD, pledged: 2 USD, date: 2029-01-19}";
    child.stdin.take().expect("piped").write_all(facts.as_bytes()).expect("it reads");
    let out = child.wait_with_output().expect("it ends").stdout;
    assert!(String::from_utf8_lossy(&out).contains("tariff = 25%"));
}

#[test]
fn bytes_that_are_no_text_are_refused_with_their_line() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("bytes.comity");
    std::fs::write(&path, b"outcome x : number\n\xff\xfe\n").expect("a file");
    let ran = program().arg("check").arg(&path).output().expect("it starts");
    let err = String::from_utf8(ran.stderr).expect("UTF-8");
    assert!(err.contains("UTF-8") && err.contains("(line 2)"), "{err}");
    assert_eq!(ran.status.code(), Some(2));
}
