//! `comity run` as a process: files in, files out, and what is left behind when something goes wrong.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const POLICY: &str = "entity entry keyed by line dated by entered {
  line    : text
  entered : date
  value   : USD where entry.value > 0 USD
  origin  : country
}
outcome duty : USD rounded half even to 0.01 USD for each entry
rule all for each entry: if entry.origin = JP then duty := entry.value * 15%
rule other for each entry: if entry.origin = CH then duty := entry.value * 39%
";

/// A folder of its own for one test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rows").join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder");
        std::fs::write(path.join("p.comity"), POLICY).expect("a file");
        Folder(path)
    }

    fn with(self, name: &str, text: impl AsRef<[u8]>) -> Folder {
        std::fs::write(self.0.join(name), text).expect("a file");
        self
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_comity"));
        command.env_remove("NO_COLOR").current_dir(&self.0).args(["run", "p.comity"]).args(args);
        command
    }

    fn run(&self, args: &[&str]) -> (i32, String, String) {
        told(self.command(args).stdin(Stdio::null()).output().expect("it starts"))
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).expect("it was written")
    }

    /// All files but those that were there before.
    fn new_files(&self, known: &[&str]) -> Vec<String> {
        let names = std::fs::read_dir(&self.0).expect("a folder").flatten();
        let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> =
            names.filter(|name| name != "p.comity" && !known.contains(&name.as_str())).collect();
        names.sort();
        names
    }
}

fn told(ran: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (ran.status.code().unwrap_or(-1), text(ran.stdout), text(ran.stderr))
}

/// Rows of any number, all of them sound.
fn rows(count: usize) -> String {
    let mut text = String::from("line,entered,value [USD],origin\n");
    for at in 0..count {
        let origin = if at % 3 == 0 { "CH" } else { "JP" };
        text.push_str(&format!(
            "e{at},2025-{:02}-{:02},{}.{:02},{origin}\n",
            at % 12 + 1,
            at % 28 + 1,
            at + 1,
            at % 100
        ));
    }
    text
}

#[test]
fn answers_go_to_a_file_in_the_order_of_the_rows_whatever_the_threads() {
    // More than one chunk.
    let folder = Folder::new("order").with("r.csv", rows(200_000));
    let (code, out, err) = folder.run(&["r.csv", "--out", "one.csv", "--threads", "1"]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "", "200,000 rows answered\n"));
    folder.run(&["r.csv", "--out", "four.csv", "--threads", "4"]);
    let one = folder.read("one.csv");
    assert!(one == folder.read("four.csv"));
    let mut lines = one.lines();
    assert_eq!(lines.next(), Some("line,duty,duty_status,duty_by"));
    for (at, line) in lines.enumerate() {
        assert!(line.starts_with(&format!("e{at},")), "{line}");
    }
    assert_eq!(one.lines().nth(2), Some("e1,0.3,determined,all"));
    assert_eq!(folder.new_files(&["r.csv"]), ["four.csv", "one.csv"]);
}

/// Rows of more than one chunk, the first half of them worth 1 USD, the others 2.
fn long_rows(count: usize) -> String {
    let note = "x".repeat(4_096);
    let row = |at: usize| format!("e{at},{note},{} USD\n", if at < count / 2 { 1 } else { 2 });
    "line,note,value\n".to_string() + &(0..count).map(row).collect::<String>()
}

#[test]
fn a_table_read_through_a_default_is_read_whole() {
    let entry = "entity entry keyed by line { line : text note : text value : USD }\n";
    let total = "sum of e.value for each e in entry";
    let above = "outcome answer : number for each entry\nrule r for each entry: answer := entry.value / ";
    let policies = [
        ("define", format!("{entry}define all : USD = {total}\n{above}all\n")),
        ("fact", format!("{entry}fact all : USD = {total}\n{above}all\n")),
        ("facts", format!("{entry}fact half : USD = {total}\nfact all : USD = half\n{above}all\n")),
        (
            "field",
            entry.replace('}', &format!("whole : USD = {total} }}\n")) + &format!("{above}entry.whole\n"),
        ),
        (
            "other",
            format!(
                "{entry}entity group keyed by name {{ name : text  all : USD = {total} }}\n\
                 define all : USD = sum of g.all for each g in group\n{above}all\n"
            ),
        ),
        (
            "function",
            format!(
                "{entry}fact all : USD = {total}\nfunction of_all(x : USD) : USD = all + x - x\n{above}of_all(entry.value)\n"
            ),
        ),
        (
            "where",
            entry.replace("note : text", "note : text where all > 0 USD")
                + &format!("fact all : USD = {total}\n{above}(1 USD * 1_800)\n"),
        ),
    ];
    let folder =
        Folder::new("default").with("r.csv", long_rows(1_200)).with("f.yaml", "rows: {group: {a: {}}}\n");
    for (name, policy) in policies {
        let folder = Folder(folder.0.clone()).with("p.comity", policy);
        let facts: &[&str] = if name == "other" { &["--facts", "f.yaml"] } else { &[] };
        let (code, out, err) = folder.run(&[&["r.csv", "--summary"], facts].concat());
        // 600 × 1 and 600 × 2 of 1,800.
        let said = "1,200 rows answered\nnot answered in columns, which takes longer:\n  \
                    answer: 1,200 because it reads other rows of the table\n";
        assert_eq!((code, err.as_str()), (0, said), "{name}: {out}");
        assert_eq!(out.split_whitespace().last(), Some("1"), "{name}: {out}");
    }
}

#[test]
fn rows_come_from_several_files_and_from_a_pipe() {
    let folder = Folder::new("several")
        .with("a.csv", rows(2))
        .with("b.csv", "origin,line,entered,value [USD]\nJP,x,2025-01-01,2\n");
    let (code, out, _) = folder.run(&["a.csv", "b.csv"]);
    assert_eq!(code, 0);
    assert_eq!(
        out.lines().skip(1).collect::<Vec<_>>(),
        ["e0,0.39,determined,other", "e1,0.3,determined,all", "x,0.3,determined,all"]
    );
    let mut child = folder
        .command(&["-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    child.stdin.take().expect("piped").write_all(rows(3).as_bytes()).expect("it reads");
    let (code, out, err) = told(child.wait_with_output().expect("it ends"));
    assert_eq!((code, err.as_str()), (0, "3 rows answered\n"), "no progress in a pipe");
    assert_eq!(out.lines().count(), 4);
    let folder = folder.with("c.csv", "line,entered,value [USD]\nx,2025-01-01,2\n");
    let (code, _, err) = folder.run(&["a.csv", "c.csv"]);
    assert!(
        code == 2 && err.contains("have different columns") && err.contains("only the first has `origin`"),
        "{err}"
    );
}

#[test]
fn a_bad_row_ends_the_run_and_leaves_nothing() {
    let bad =
        rows(150_000) + "bad,2025-01-01,-5,JP\n" + &rows(10).split_once('\n').expect("lines").1.repeat(3);
    let folder = Folder::new("bad").with("r.csv", bad).with("o.csv", "as it was");
    let (code, out, err) = folder.run(&["r.csv", "--out", "o.csv"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("`entry.value` cannot be this in column `value [USD]`"), "{err}");
    assert!(err.contains("r.csv:150002:16"), "{err}");
    assert!(err.contains("`o.csv` was not written"), "{err}");
    assert_eq!(folder.read("o.csv"), "as it was");
    assert_eq!(folder.new_files(&["r.csv"]), ["o.csv"]);
}

#[test]
fn rows_set_aside_are_all_there_with_their_cells_and_reasons() {
    let text = "line,entered,value [USD],origin\na,2025-01-01,1,JP\nb,2025-02-30,1,\"J,P\"\nc,2025-01-01\nd,2025-01-01,0,CH\n\"e\"x,1\nf,2025-01-01,2,CH\n";
    let folder = Folder::new("aside").with("r.csv", text);
    let (code, out, err) = folder.run(&["r.csv", "--rejects", "aside.csv"]);
    assert_eq!(code, 1, "{err}");
    assert_eq!(out.lines().skip(1).collect::<Vec<_>>(), ["a,0.15,determined,all", "f,0.78,determined,other"]);
    assert!(err.ends_with("2 rows answered\n4 rows set aside: `aside.csv`\n"), "{err}");
    let aside = folder.read("aside.csv");
    let lines: Vec<&str> = aside.lines().collect();
    assert_eq!(lines[0], "line,entered,value [USD],origin,reject_file,reject_line,reject_reason,reject_text");
    assert!(
        lines[1].starts_with("b,2025-02-30,1,\"J,P\",r.csv,3,`entered`: there is no day `2025-02-30`"),
        "{aside}"
    );
    assert!(lines[2].starts_with(",,,,r.csv,4,") && lines[2].ends_with(",\"c,2025-01-01\""), "{aside}");
    assert_eq!(lines[3], "d,2025-01-01,0,CH,r.csv,5,`value [USD]`: `entry.value` cannot be this,");
    assert!(lines[4].starts_with(",,,,r.csv,6,"), "{aside}");
    assert_eq!(lines.len(), 5);
    // What was set aside can be mended and read again.
    let (code, out, _) = folder.run(&[
        "aside.csv",
        "--ignore",
        "reject_file",
        "--ignore",
        "reject_line",
        "--ignore",
        "reject_reason",
        "--ignore",
        "reject_text",
        "--rejects",
        "again.csv",
    ]);
    assert_eq!((code, out.lines().count()), (1, 1));
    assert_eq!(folder.read("again.csv").lines().count(), 5);
}

#[test]
fn a_quote_that_never_closes_is_never_set_aside() {
    let folder = Folder::new("quote").with("r.csv", rows(100_000) + "x,\"2025-01-01,5,JP\n" + &rows(5));
    let (code, out, err) = folder.run(&["r.csv", "--out", "o.csv", "--rejects", "aside.csv"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("this quote never closes") && err.contains("r.csv:100002:3"), "{err}");
    assert_eq!(folder.new_files(&["r.csv"]), [] as [String; 0]);
}

#[test]
fn a_record_without_end_is_refused_before_it_fills_the_memory() {
    let folder = Folder::new("endless")
        .with("r.csv", "line,entered,value [USD],origin\nx,\"".to_string() + &"a\n".repeat(20 << 20));
    let (code, _, err) = folder.run(&["r.csv"]);
    assert!(code == 2 && err.contains("the record on line 2 of `r.csv` is longer than 16 MiB"), "{err}");
}

#[test]
fn bytes_that_are_no_text_are_named_with_their_line() {
    let mut text = rows(100_000).into_bytes();
    text.extend_from_slice(b"x,2025-01-01,5,\xff\xfe\n");
    let folder = Folder::new("bytes").with("r.csv", text);
    let (code, _, err) = folder.run(&["r.csv", "--out", "o.csv"]);
    assert!(code == 2 && err.contains("not UTF-8") && err.contains("(line 100002)"), "{err}");
    assert_eq!(folder.new_files(&["r.csv"]), [] as [String; 0]);
}

#[test]
fn forty_digits_of_money_are_exact() {
    let folder = Folder::new("digits").with(
        "r.csv",
        "line,entered,value [USD],origin\ne,2025-01-01,1234567890123456789012345678901234567890.12,JP\n",
    );
    let (code, out, _) = folder.run(&["r.csv"]);
    assert_eq!(code, 0);
    // 15% of it, to the cent.
    assert!(out.contains("e,185185183518518518351851851835185185183.52,determined,all"), "{out}");
}

#[test]
fn a_full_disk_is_said() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let folder = Folder::new("full").with("r.csv", rows(100_000));
    let (code, _, err) = folder.run(&["r.csv", "--out", "/dev/full"]);
    assert!(code == 2 && err.contains("`/dev/full` cannot be written: the disk is full"), "{err}");
    let (code, _, err) = folder.run(&["r.csv", "--out", "nowhere/o.csv"]);
    assert!(code == 2 && err.contains("there is no such folder"), "{err}");
    let (code, _, err) = folder.run(&["r.csv", "--out", "r.csv"]);
    assert!(code == 2 && err.contains("is read, and would be written over"), "{err}");
}

/// A limit on the size of files is a disk that is full, for whoever is no root.
#[cfg(unix)]
#[test]
fn a_file_that_cannot_grow_is_taken_away() {
    let mut names = vec!["o.csv"];
    if cfg!(feature = "parquet") {
        names.push("o.parquet");
    }
    for name in names {
        let folder = Folder::new("grow").with("r.csv", rows(100_000)).with(name, "as it was");
        let mut shell = Command::new("sh");
        shell.args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_comity")]);
        shell.args(["run", "p.comity", "r.csv", "--out", name]).current_dir(&folder.0);
        let (code, _, err) = told(shell.stdin(Stdio::null()).output().expect("it starts"));
        assert!(code == 2 && err.contains(&format!("`{name}` cannot be written")), "{err}");
        assert_eq!(folder.new_files(&["r.csv"]), [name]);
        assert_eq!(folder.read(name), "as it was");
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    let folder = Folder::new("gone").with("r.csv", rows(300_000));
    let mut child =
        folder.command(&["r.csv"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    drop(child.stdout.take());
    let (code, _, err) = told(child.wait_with_output().expect("it ends"));
    assert_eq!(code, 0, "{err}");
}

/// While it waits for more rows, so that it is certainly at work.
#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_nothing_behind() {
    let folder = Folder::new("interrupted").with("o.csv", "as it was");
    for signal in ["INT", "TERM"] {
        let mut child = folder
            .command(&["-", "--out", "o.csv", "--rejects", "aside.csv"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut stdin = child.stdin.take().expect("piped");
        // More than a chunk, or it would wait with its hands empty.
        stdin.write_all(rows(250_000).as_bytes()).expect("it reads");
        stdin.flush().expect("it reads");
        for _ in 0..600 {
            if folder.new_files(&["o.csv"]).len() == 2 {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        let sent = Command::new("kill")
            .args([format!("-{signal}"), child.id().to_string()])
            .status()
            .expect("there is a kill");
        assert!(sent.success());
        let (code, _, err) = told(child.wait_with_output().expect("it ends"));
        drop(stdin);
        assert_eq!(code, 130, "{err}");
        assert!(err.contains("interrupted: nothing was written"), "{err}");
        assert_eq!(folder.read("o.csv"), "as it was");
        assert_eq!(folder.new_files(&[]), ["o.csv"]);
    }
}

#[cfg(not(feature = "parquet"))]
#[test]
fn without_parquet_it_says_how_to_get_it() {
    let folder = Folder::new("without").with("r.parquet", "PAR1").with("r.csv", rows(1));
    for args in [&["r.parquet"][..], &["r.csv", "--out", "o.parquet"]] {
        let (code, _, err) = folder.run(args);
        assert!(code == 2 && err.contains("not-built-in") && err.contains("--features parquet"), "{err}");
    }
}

#[cfg(feature = "parquet")]
mod sheets {
    use super::{Folder, rows};

    #[test]
    fn what_goes_through_parquet_is_what_goes_through_csv() {
        let odd = "u1,2025-01-01,,JP\nu2,,5,CH\nu3,2025-01-01,at least 5 USD,FR\n";
        let folder = Folder::new("through").with("r.csv", rows(150_000) + odd);
        let (code, _, err) = folder.run(&["r.csv", "--out", "o.parquet"]);
        assert_eq!(code, 1, "{err}");
        // Answers are rows of another table: their numbers say what they count.
        let folder = folder.with(
            "again.comity",
            "entity paid keyed by line { line : text  duty : USD  duty_status : text  duty_by : text }
outcome cents : number for each paid
rule all for each paid: cents := paid.duty / 0.01 USD
",
        );
        let (_, csv, _) = folder.run(&["r.csv"]);
        let read = super::told(
            std::process::Command::new(env!("CARGO_BIN_EXE_comity"))
                .current_dir(&folder.0)
                .args(["run", "again.comity", "o.parquet"])
                .output()
                .expect("it starts"),
        );
        assert_eq!(read.0, 1, "{}", read.2);
        let cents: Vec<&str> = read.1.lines().skip(1).collect();
        for (duty, cents) in csv.lines().skip(1).zip(&cents) {
            let duty: Vec<&str> = duty.split(',').collect();
            let cents: Vec<&str> = cents.split(',').collect();
            assert_eq!(duty[0], cents[0]);
            match duty[1] {
                "" => assert_eq!(cents[2], "undetermined"),
                duty => {
                    let (whole, part) = duty.split_once('.').unwrap_or((duty, ""));
                    let expected = format!("{whole}{part:0<2}").trim_start_matches('0').to_string();
                    assert_eq!(cents[1], if expected.is_empty() { "0" } else { &expected });
                }
            }
        }
        assert_eq!(cents.len(), 150_003);
    }

    #[test]
    fn sheets_are_the_same_to_the_last_byte_whatever_the_threads() {
        let folder = Folder::new("alike").with("r.csv", rows(300_000) + "u1,2025-01-01,,JP\n");
        let written = |threads: &str, name: &str| {
            folder.run(&["r.csv", "--out", name, "--threads", threads]);
            std::fs::read(folder.0.join(name)).expect("it was written")
        };
        let one = written("1", "one.parquet");
        assert!(one == written("4", "four.parquet"));
        assert!(one == written("2", "two.parquet"));
    }

    #[test]
    fn a_column_that_says_nothing_is_unknown_in_every_row() {
        let policy = "entity entry keyed by line { line : text  origin : country }
outcome place : country for each entry
rule all for each entry: place := entry.origin
";
        let folder = Folder::new("nothing").with("p.comity", policy).with("r.csv", "line,origin\na,\nb,\n");
        assert_eq!(folder.run(&["r.csv", "--out", "o.parquet"]).0, 1);
        let again = "entity paid keyed by line { line : text  place : country }
outcome home : bool for each paid
rule all for each paid: home := paid.place = JP
";
        let folder = folder.with("p.comity", again);
        let (code, out, err) = folder.run(&["o.parquet", "--ignore", "place_status", "--ignore", "place_by"]);
        assert_eq!((code, out.lines().nth(1)), (1, Some("a,,undetermined,all")), "{err}");
    }

    #[test]
    fn a_column_has_digits_enough_or_says_which() {
        let money = |digits: usize| {
            format!("line,entered,value [USD],origin\ne1,2025-01-01,{},JP\n", "8".repeat(digits))
        };
        let folder = Folder::new("digits");
        let run = |digits: usize, args: &[&str]| {
            std::fs::write(folder.0.join("r.csv"), money(digits)).expect("a file");
            let (code, _, err) = folder.run(&[&["r.csv", "--out", "o.parquet"], args].concat());
            assert_eq!(folder.new_files(&["r.csv"]).len(), usize::from(code == 0));
            let _ = std::fs::remove_file(folder.0.join("o.parquet"));
            (code, err)
        };
        assert_eq!(run(16, &[]).0, 0);
        let (code, err) = run(17, &[]);
        assert!(code == 2 && err.contains("`--decimals duty=38,2`"), "{err}");
        assert_eq!(run(17, &["--decimals", "duty=38,2"]).0, 0);
        let (code, err) = run(40, &["--decimals", "duty=38,2"]);
        assert!(code == 2 && err.contains("write CSV"), "{err}");
        let (code, err) = run(1, &["--decimals", "duty=39,2"]);
        assert!(code == 2 && err.contains("more than 38 digits"), "{err}");
        // CSV holds every number.
        std::fs::write(folder.0.join("r.csv"), money(40)).expect("a file");
        let (code, out, err) = folder.run(&["r.csv"]);
        assert_eq!(
            (code, out.lines().nth(1)),
            (0, Some("e1,1333333333333333333333333333333333333333.2,determined,all")),
            "{err}"
        );
    }

    #[test]
    fn a_sheet_that_is_cut_off_or_damaged_leaves_nothing() {
        let folder = Folder::new("cut").with("r.csv", rows(1_000));
        folder.run(&["r.csv", "--out", "whole.parquet"]);
        let whole = std::fs::read(folder.0.join("whole.parquet")).expect("it was written");
        let folder = folder.with(
            "again.comity",
            "entity paid keyed by line { line : text  duty : USD  duty_status : text  duty_by : text }
outcome twice : USD for each paid
rule all for each paid: twice := 2 * paid.duty
",
        );
        let again = |file: &str| {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_comity"));
            super::told(
                command
                    .current_dir(&folder.0)
                    .args(["run", "again.comity", file, "--out", "o.csv"])
                    .output()
                    .expect("it starts"),
            )
        };
        for cut in [0, 3, 100, whole.len() / 2, whole.len() - 1] {
            std::fs::write(folder.0.join("cut.parquet"), &whole[..cut]).expect("a file");
            let (code, out, err) = again("cut.parquet");
            assert_eq!((code, out.as_str()), (2, ""), "cut at {cut}");
            assert!(err.contains("`cut.parquet` cannot be read"), "{err}");
            assert!(!folder.0.join("o.csv").exists());
        }
        // No damage to its pages is passed over in silence, nor does it end in a crash.
        for at in (4..whole.len() / 2).step_by(97) {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            std::fs::write(folder.0.join("damaged.parquet"), &damaged).expect("a file");
            let (code, _, err) = again("damaged.parquet");
            assert!((0..=2).contains(&code), "{at}: {err}");
        }
    }
}

/// What only a workbook has: days that are days, numbers that are no codes, sheets.
#[cfg(feature = "xlsx")]
mod workbook {
    use super::*;

    const OF_SHEETS: &str = "entity entry keyed by line dated by entered {
  line : text  entered : date  hts : code  origin : country  value : USD  paid : bool
}
outcome duty : USD for each entry
outcome due : bool for each entry
rule all for each entry: if entry.hts under 6202 then duty := entry.value * 15% otherwise duty := entry.value
rule open for each entry: due := not entry.paid
";

    fn folder(name: &str) -> Folder {
        let sheets = std::fs::read("tests/workbook/entries.xlsx").expect("a workbook");
        Folder::new(name).with("p.comity", OF_SHEETS).with("entries.xlsx", sheets)
    }

    #[test]
    fn a_sheet_is_read_as_the_rows_it_shows() {
        let (code, out, err) = folder("sheet").run(&["entries.xlsx", "--sheet", "entries"]);
        assert_eq!(code, 1, "{err}");
        let wanted = "line,duty,duty_status,duty_by,due,due_status,due_by\n\
            e1,150.015,determined,all,false,determined,open\n\
            e2,2000,determined,all,true,determined,open\n\
            e3,-0.05,determined,all,,undetermined,open\n";
        assert_eq!(out, wanted);
    }

    #[test]
    fn a_workbook_of_several_sheets_is_asked_which() {
        let (code, _, err) = folder("which").run(&["entries.xlsx"]);
        assert!(code == 2 && err.contains("`entries` or `numbers`"), "{err}");
        let (code, _, err) = folder("none").run(&["entries.xlsx", "--sheet", "totals"]);
        assert!(code == 2 && err.contains("no sheet `totals`"), "{err}");
    }

    #[test]
    fn a_number_is_no_code_and_a_time_no_day() {
        let (code, _, err) = folder("numbers").run(&["entries.xlsx", "--sheet", "numbers"]);
        assert_eq!(code, 2);
        for said in
            ["`870323.0` is no tariff code", "a moment, not a day", "the number of a day in a spreadsheet"]
        {
            assert!(err.contains(said), "{said}\n{err}");
        }
    }

    #[test]
    fn what_is_no_workbook_is_said_to_be_none() {
        let (code, _, err) = folder("broken").with("entries.xlsx", "line,value\n").run(&["entries.xlsx"]);
        assert!(code == 2 && err.contains("it is no workbook"), "{err}");
    }
}
