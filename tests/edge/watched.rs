//! What is read stays as it is until the command has ended, or that is said; and what is no plain file is not read as one.

#![cfg(unix)]

use super::{Folder, told};
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::process::{Command, Stdio};

/// Long enough that the program is at work when it is changed.
const ROWS: usize = 600_000;

#[test]
fn rows_that_shrink_or_grow_while_they_are_read_are_an_error() {
    let rows: String = (0..ROWS).map(|row| format!("r{row},{row}\n")).collect();
    let rows = format!("line,value [USD]\n{rows}");
    for (change, to) in
        [("grow", &["--out", "o.csv"][..]), ("shrink", &["--out", "o.csv"]), ("grow", &[]), ("shrink", &[])]
    {
        let folder = Folder::new("watched");
        folder.put("long.csv", &rows);
        folder.put("o.csv", "as it was");
        let mut command = folder.command(&["run", "p.comity", "long.csv", "--threads", "1"]);
        let mut child =
            command.args(to).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        // It is at work when it has made its file, or printed something; and not done, for nobody takes the rest.
        let mut out = child.stdout.take().expect("piped");
        match to.is_empty() {
            true => out.read_exact(&mut [0]).expect("it answers"),
            false => while !folder.names().iter().any(|name| name.ends_with(".unfinished")) {},
        }
        let mut file = OpenOptions::new().append(true).open(folder.0.join("long.csv")).expect("a file");
        match change {
            "grow" => file.write_all(b"more,1\n").expect("written"),
            _ => file.set_len(u64::try_from(rows.len() / 2).expect("a length")).expect("cut"),
        }
        drop(file);
        out.read_to_end(&mut Vec::new()).expect("it ends");
        let (code, _, err) = told(child.wait_with_output().expect("it ends"));
        assert_eq!(code, 2, "{change} {to:?}: {err}");
        assert!(
            err.contains("`long.csv` cannot be read: it changed while it was read"),
            "{change} {to:?}: {err}"
        );
        assert_eq!(folder.get("o.csv"), b"as it was");
    }
}

#[test]
fn pipes_and_devices_are_no_texts() {
    let folder = Folder::new("pipes");
    for name in ["pipe.comity", "pipe.yaml", "pipe.csv"] {
        assert!(
            Command::new("mkfifo").arg(folder.0.join(name)).status().expect("there is a mkfifo").success()
        );
    }
    std::os::unix::fs::symlink("/dev/zero", folder.0.join("zero.comity")).expect("a link");
    folder.put("uses.comity", "use \"pipe.comity\"\n");
    folder.put("annex.comity", "annex a from \"pipe.csv\" (code)\n");
    folder.put("rows.yaml", "rows:\n  entry: pipe.csv\n");
    for args in [
        &["check", "pipe.comity"][..],
        &["check", "zero.comity"],
        &["check", "uses.comity"],
        &["check", "annex.comity"],
        &["eval", "p.comity", "pipe.yaml"],
        &["eval", "p.comity", "rows.yaml"],
        &["run", "p.comity", "rows.csv", "--facts", "pipe.yaml"],
        &["run", "p.comity", "pipe.csv"],
        &["diff", "p.comity", "later.comity", "--rows", "pipe.csv"],
    ] {
        let (code, _, err) = folder.run(args);
        assert!(code == 2 && err.contains("it is no plain file but a pipe or a device"), "{args:?}: {err}");
    }
    // A pipe is read once, and that is what `-` is for.
    let (_, _, err) = folder.run(&["run", "p.comity", "pipe.csv"]);
    assert!(err.contains("what comes out of a pipe is read as `-`"), "{err}");
}
