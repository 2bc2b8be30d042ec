//! Where a disk is full, what was there stands, and nothing else is left.

#![cfg(unix)]

use super::{Folder, told, writers};
use std::process::{Command, Stdio};

/// With `--examples`, which are files too.
fn commands() -> Vec<(Vec<String>, &'static str)> {
    let named = |writer: &super::Writer| {
        let out = if writer.args.contains(&"OUT.parquet") { "out/o.parquet" } else { "out/o.csv" };
        (
            writer.with_out("out/o.csv").iter().map(|arg| arg.replace(".csv.parquet", ".parquet")).collect(),
            out,
        )
    };
    let mut all: Vec<(Vec<String>, &str)> = writers().iter().map(named).collect();
    let examples = ["diff", "p.comity", "--with", "later.comity", "--examples", "out"];
    all.push((examples.map(String::from).to_vec(), "out/tariff-1.old.yaml"));
    all
}

/// Runs every writer in a shell that begins so, which leaves no room in the folder `out`.
fn every_writer(name: &str, shell: &[&str], before: &str, why: &str) {
    for (args, out) in commands() {
        let folder = Folder::new(name);
        folder.put("old", "as it was");
        std::fs::create_dir(folder.0.join("out")).expect("a folder");
        let script = format!(
            "{}; \"$@\"; code=$?; echo FILES; ls -A out; echo OLD; cat {out}; exit $code",
            before.replace("OUT", out)
        );
        let (program, more) = shell.split_first().expect("a shell");
        let mut shell = Command::new(program);
        shell.args(more).args(["-c", &script, "sh", env!("CARGO_BIN_EXE_comity")]).args(&args);
        let ran = shell.current_dir(&folder.0).stdin(Stdio::null()).output().expect("it starts");
        let (code, printed, err) = told(ran);
        assert_eq!(code, 2, "{args:?}: {err}");
        assert!(err.contains(&format!("`{out}` cannot be written: {why}")), "{args:?}: {err}");
        let (_, left) = printed.split_once("FILES\n").expect("what is left");
        let file = out.trim_start_matches("out/");
        let left = left.replace("zeros\n", "");
        assert_eq!(left, format!("{file}\nOLD\nas it was"), "{args:?}");
    }
}

/// Whoever may mount nothing has this: a file that cannot grow.
#[test]
fn a_file_that_cannot_grow_leaves_the_old_one() {
    every_writer("cannot_grow", &["sh"], "cp old OUT; trap '' XFSZ; ulimit -f 0", "File too large");
}

/// A file system of its own that has no room, where one may be made.
#[test]
fn a_full_disk_leaves_the_old_file() {
    let shell = ["unshare", "--user", "--map-root-user", "--mount", "sh"];
    let mount = "mount -t tmpfs -o size=64k tmpfs";
    let may = Command::new(shell[0]).args(&shell[1..]).args(["-c", &format!("{mount} /tmp")]).output();
    if !may.is_ok_and(|ran| ran.status.success()) {
        println!("no file system can be made here: a full disk was not tried");
        return;
    }
    let before = format!("{mount} out; cp old OUT; cat /dev/zero > out/zeros 2>/dev/null");
    every_writer("full", &shell, &before, "the disk is full");
}
