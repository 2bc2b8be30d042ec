//! What people's files and disks do to the program: as a process, in a folder of its own.

mod full_disk;
mod own_input;
mod rooted;
mod shown;
mod stumps;
mod tables;
mod watched;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Files of a policy in parts, of what is stated, and of rows.
const FILES: &[(&str, &str)] = &[
    (
        "p.comity",
        "agreement deal
use \"part.comity\"
annex exempt from \"exempt.csv\" (code)
fact goods : code = 3004
fact funded : USD
outcome tariff : rate otherwise 10%
rule standing: if funded < 100 USD then tariff := 25%
rule exemption notwithstanding standing: if goods under exempt then tariff := 0%
outcome fee : USD for each entry
rule own for each entry: fee := entry.value * 2%
",
    ),
    ("part.comity", "entity entry keyed by line { line : text  value : USD }\n"),
    ("later.comity", "amends \"p.comity\"\nsubstitute 15% for 25% in rule standing\n"),
    ("exempt.csv", "hts\n3004\n"),
    ("f.yaml", "facts:\n  funded: 50 USD\nrows:\n  entry: entries.csv\n"),
    ("g.yaml", "facts:\n  funded: 50 USD\n"),
    ("entries.csv", "line,value\na,1 USD\n"),
    ("rows.csv", "line,value [USD]\na,1\nb,2\n"),
];

/// A command that writes a file, `OUT` in its arguments; and the files it reads.
struct Writer {
    args: &'static [&'static str],
    reads: &'static [&'static str],
}

const POLICY: &[&str] = &["p.comity", "part.comity", "exempt.csv"];

/// Every way to write a file but that of `--examples`, which takes a folder.
fn writers() -> Vec<Writer> {
    let mut all = vec![
        Writer { args: &["run", "p.comity", "rows.csv", "--out", "OUT"], reads: &["rows.csv"] },
        Writer {
            args: &["run", "p.comity", "rows.csv", "--facts", "g.yaml", "--out", "OUT"],
            reads: &["g.yaml"],
        },
        Writer { args: &["run", "p.comity", "rows.csv", "--rejects", "OUT"], reads: &["rows.csv"] },
        Writer { args: &["run", "p.comity", "rows.csv", "--summary", "--out", "OUT"], reads: &["rows.csv"] },
        Writer {
            args: &["timeline", "p.comity", "f.yaml", "--out", "OUT"],
            reads: &["f.yaml", "entries.csv"],
        },
        Writer {
            args: &["timeline", "p.comity", "f.yaml", "--format", "svg", "--out", "OUT"],
            reads: &["f.yaml", "entries.csv"],
        },
        Writer {
            args: &[
                "diff",
                "p.comity",
                "later.comity",
                "--facts",
                "g.yaml",
                "--rows",
                "rows.csv",
                "--out",
                "OUT",
            ],
            reads: &["later.comity", "g.yaml", "rows.csv"],
        },
        Writer {
            args: &["diff", "p.comity", "--with", "later.comity", "--format", "html", "--out", "OUT"],
            reads: &["later.comity"],
        },
        Writer { args: &["consolidate", "later.comity", "--out", "OUT"], reads: &["later.comity"] },
    ];
    if cfg!(feature = "parquet") {
        all.push(Writer {
            args: &["run", "p.comity", "rows.csv", "--facts", "g.yaml", "--out", "OUT.parquet"],
            reads: &[],
        });
    }
    all
}

impl Writer {
    fn with_out(&self, out: &str) -> Vec<String> {
        self.args.iter().map(|arg| arg.replace("OUT", out)).collect()
    }
}

/// A folder of its own for one test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("edge").join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder");
        let folder = Folder(path);
        FILES.iter().for_each(|(name, text)| folder.put(name, text));
        folder
    }

    fn put(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("in a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    fn get(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.join(name)).expect("a file")
    }

    fn command(&self, args: &[impl AsRef<std::ffi::OsStr>]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_comity"));
        command.env_remove("NO_COLOR").current_dir(&self.0).args(args).stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[impl AsRef<std::ffi::OsStr>]) -> (i32, String, String) {
        told(self.command(args).output().expect("it starts"))
    }

    /// The names of all files in it, sorted.
    fn names(&self) -> Vec<String> {
        let names = std::fs::read_dir(&self.0).expect("a folder").flatten();
        let mut names: Vec<String> =
            names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

/// Its code, what it printed, and what it said in one line.
fn told(ran: Output) -> (i32, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let err = text(ran.stderr).replace("\n  │ ", " ");
    (ran.status.code().expect("it ended by itself"), text(ran.stdout), err)
}
