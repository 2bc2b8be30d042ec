//! What a run that was killed leaves is cleared by the next with the same target; what a run writes that goes on is not.

#![cfg(unix)]

use super::Folder;
use std::io::Write;
use std::process::{Child, Stdio};
use std::time::Duration;

/// A run at work: it waits for more rows.
fn at_work(folder: &Folder, out: &str) -> Child {
    let mut command = folder.command(&["run", "p.comity", "-", "--out", out]);
    let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let rows = (0..300_000).map(|row| format!("r{row},{row}\n")).collect::<String>();
    let stdin = child.stdin.as_mut().expect("piped");
    stdin.write_all(format!("line,value [USD]\n{rows}").as_bytes()).expect("it reads");
    for _ in 0..600 {
        if !unfinished(folder).is_empty() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    child
}

fn unfinished(folder: &Folder) -> Vec<String> {
    folder.names().into_iter().filter(|name| name.ends_with(".unfinished")).collect()
}

#[test]
fn a_killed_run_leaves_a_stump_that_the_next_one_clears() {
    let folder = Folder::new("killed");
    folder.put("o.csv", "as it was");
    let mut child = at_work(&folder, "o.csv");
    child.kill().expect("killed");
    child.wait().expect("it ended");
    assert_eq!((unfinished(&folder).len(), folder.get("o.csv")), (1, b"as it was".to_vec()));
    // Another target is none of its business, and neither is what is only called alike.
    folder.put(".o.csv.mine.unfinished", "mine");
    let run = |out: &str| folder.run(&["run", "p.comity", "rows.csv", "--out", out]);
    assert_eq!(run("other.csv").0, 0);
    assert_eq!(unfinished(&folder).len(), 2);
    assert_eq!(run("./o.csv").0, 0);
    assert_eq!(unfinished(&folder), [".o.csv.mine.unfinished"]);
    assert!(folder.get("o.csv").starts_with(b"line,"));
}

#[test]
fn what_another_run_writes_is_not_cleared() {
    let folder = Folder::new("at_work");
    let mut child = at_work(&folder, "o.csv");
    let there = unfinished(&folder);
    assert_eq!(there.len(), 1);
    for args in [
        &["run", "p.comity", "rows.csv", "--out", "o.csv"][..],
        &["consolidate", "p.comity", "--out", "o.csv"],
    ] {
        assert_eq!(folder.run(args).0, 0);
        assert_eq!(unfinished(&folder), there);
    }
    drop(child.stdin.take());
    assert!(child.wait().expect("it ended").success());
    assert_eq!(unfinished(&folder), [""; 0]);
    assert_eq!(folder.get("o.csv").iter().filter(|byte| **byte == b'\n').count(), 300_001);
}
