//! How work grows with what it is about, counted in steps and not in seconds: twice as much may take little more than twice
//! as many.

use super::{Console, PathKind, Terminal, World, run};
use crate::steps::counted;
use crate::text::Files;
use std::collections::BTreeMap;
use std::fmt::Write as _;

struct FilesInMemory(BTreeMap<&'static str, String>);

impl Files for FilesInMemory {
    fn read(&self, path: &str) -> Result<String, String> {
        self.0.get(path).cloned().ok_or_else(|| "there is no such file".to_string())
    }
}

impl World for FilesInMemory {
    fn kind(&self, path: &str) -> PathKind {
        if self.0.contains_key(path) { PathKind::File } else { PathKind::Missing }
    }

    fn list(&self, _: &str) -> Result<Vec<String>, String> {
        Ok(self.0.keys().map(|path| (*path).to_string()).collect())
    }

    fn stdin(&self) -> Result<String, String> {
        self.read("-")
    }

    fn files(&self) -> &dyn Files {
        self
    }
}

type GrownFiles = Vec<(&'static str, String)>;

/// The steps of a command on files of a size, which it must take.
fn steps(command: &str, files: GrownFiles, wanted: &str) -> u64 {
    let world = FilesInMemory(files.into_iter().collect());
    let args: Vec<String> = std::iter::once("comity").chain(command.split(' ')).map(String::from).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let taken = counted(|| {
        run(&args, &mut Console::new(&mut out, &mut err, &world, Terminal::NONE));
    });
    let text = String::from_utf8_lossy(&out).into_owned() + &String::from_utf8_lossy(&err);
    assert!(text.contains(wanted), "{command}: {text}");
    taken
}

/// Twice as many take at most two and a half times the steps.
fn grows(command: &str, count: usize, make: impl Fn(usize) -> GrownFiles, wanted: &str) {
    let (once, twice) = (steps(command, make(count), wanted), steps(command, make(2 * count), wanted));
    assert!(once > count as u64, "{command}: {once} steps for {count} bound nothing");
    assert!(2 * twice <= 5 * once, "{command}: {count} take {once} steps, {} take {twice}", 2 * count);
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut all, at| {
        let _ = writeln!(all, "{}", line(at));
        all
    })
}

const EVAL: &str = "eval p.comity f.yaml --on 2026-01-01 --format json";

fn entries(policy: &str, count: usize, cells: impl Fn(usize) -> String) -> GrownFiles {
    let rows = "rows:\n  entry: entry.csv\n".to_string();
    vec![("p.comity", policy.to_string()), ("f.yaml", rows), ("entry.csv", lines(count + 1, cells))]
}

/// A head and rows after it.
fn table(head: &'static str, row: impl Fn(usize) -> String) -> impl Fn(usize) -> String {
    move |at| if at == 0 { head.to_string() } else { row(at - 1) }
}

#[test]
fn a_share_of_a_total() {
    let policy = "entity entry keyed by no { no : text value : USD }\n\
        define total = sum of e.value for each e in entry\n\
        outcome share : number for each entry\n\
        rule r for each entry: share := entry.value / total\n";
    let make = |n| entries(policy, n, table("no,value", |i| format!("e{i},{} USD", i % 97 + 1)));
    grows(EVAL, 100, make, "share");
}

#[test]
fn a_share_of_what_is_of_one_origin_and_written_in_the_rule() {
    let policy = "entity entry keyed by no { no : text origin : country value : USD }\n\
        outcome share : number for each entry\n\
        rule r for each entry: share := entry.value / (sum of e.value for each e in entry where e.origin = entry.origin)\n";
    let origin = |i: usize| if i.is_multiple_of(2) { "JP" } else { "KR" };
    let make = |n| {
        entries(policy, n, table("no,origin,value", |i| format!("e{i},{},{} USD", origin(i), i % 97 + 1)))
    };
    grows(EVAL, 100, make, "share");
}

fn parts(count: usize, blank: usize) -> GrownFiles {
    let policy = "entity entry keyed by no { no : text }\n\
        entity part keyed by id { id : text entry : text value : USD }\n\
        outcome fee : USD for each entry\n\
        rule r for each entry: fee := (sum of p.value for each p in part where p.entry = entry.no) but at most 600 USD\n";
    let part = |i: usize| {
        format!("p{i},{},{} USD", if i < blank { String::new() } else { format!("e{}", i / 4) }, i % 97 + 1)
    };
    vec![
        ("p.comity", policy.to_string()),
        ("f.yaml", "rows:\n  entry: entry.csv\n  part: part.csv\n".to_string()),
        ("entry.csv", lines(count / 4 + 1, table("no", |i| format!("e{i}")))),
        ("part.csv", lines(count + 1, table("id,entry,value", part))),
    ]
}

#[test]
fn the_sum_of_the_parts_of_each_entry() {
    grows(EVAL, 200, |n| parts(n, 0), "fee");
}

#[test]
fn the_sum_of_the_parts_of_each_entry_where_it_is_open_whose_two_of_them_are() {
    grows(EVAL, 200, |n| parts(n, 2), "fee");
}

#[test]
fn the_sum_of_a_person_and_a_day() {
    let policy = "entity entry keyed by no { no : text person : text day : date value : USD }\n\
        outcome free : bool for each entry\n\
        rule r for each entry: free := (sum of e.value for each e in entry where e.person = entry.person and e.day = entry.day) <= 800 USD\n";
    let row = |i: usize| format!("e{i},q{},2025-0{}-10,{} USD", i % 7, i % 9 + 1, i % 397 + 1);
    grows(EVAL, 150, |n| entries(policy, n, table("no,person,day,value", row)), "free");
}

fn dated(rule: &str, count: usize) -> GrownFiles {
    let policy = format!(
        "entity entry keyed by no dated by day {{ no : text day : date person : text value : USD }}\n\
        outcome so_far : USD for each entry\n\
        rule r for each entry: so_far := {rule}\n"
    );
    let row =
        |i: usize| format!("e{i},20{:02}-{:02}-10,q{},{} USD", i / 12 % 50, i % 12 + 1, i % 3, i % 97 + 1);
    entries(&policy, count, table("no,day,person,value", row))
}

#[test]
fn a_sum_of_what_came_before() {
    grows(
        "eval p.comity f.yaml --format json",
        120,
        |n| dated("sum of e.value for each e in entry", n),
        "so_far",
    );
}

#[test]
fn a_sum_of_what_came_before_of_one_person() {
    let rule = "sum of e.value for each e in entry where e.person = entry.person";
    grows("eval p.comity f.yaml --format json", 120, |n| dated(rule, n), "so_far");
}

#[test]
fn a_timeline_of_a_sum_of_dated_rows() {
    let make = |n| {
        let mut files = dated("0 USD", n);
        files[0].1.push_str("outcome all : USD\nrule s: all := sum of e.value for each e in entry\n");
        files
    };
    grows("timeline p.comity f.yaml --outcome all --format json", 100, make, "all");
}

#[test]
fn a_timeline_of_many_statements() {
    let make = |n| {
        let day = |i: usize| format!("{}-{:02}-{:02}", 1950 + i / 48, i / 4 % 12 + 1, i % 4 * 7 + 1);
        let policy = "fact x : USD over time\noutcome o : USD\nrule r: o := x\n".to_string();
        vec![
            ("p.comity", policy),
            ("f.yaml", "x:\n".to_string() + &lines(n, |i| format!("  - {i} USD from {}", day(i)))),
        ]
    };
    grows("timeline p.comity f.yaml", 200, make, "199 USD");
}

#[test]
fn many_scenarios() {
    let make = |n| {
        let one = |i: usize| format!("scenario \"s{i}\" {{ given x = {i} expect o = {} }}", i + 1);
        let policy = "fact x : number\noutcome o : number\nrule r: o := x + 1\n".to_string() + &lines(n, one);
        vec![("p.comity", policy)]
    };
    grows("test p.comity", 100, make, "scenarios");
}

#[test]
fn a_long_enum() {
    let make = |n: usize| {
        let choices = (0..n).map(|i| format!("k{i}")).collect::<Vec<_>>().join(", ");
        let policy = format!(
            "enum PathKind = {choices}\nfact k : PathKind\noutcome o : rate\nrule r: if k = k1 then o := 1% otherwise o := 2%\n"
        );
        vec![("p.comity", policy)]
    };
    grows("check p.comity", 500, make, "");
}

fn chain(count: usize, value: impl Fn(usize) -> usize) -> String {
    let rule = |i: usize| match i {
        0 => "rule r0: o := 0".to_string(),
        i => format!("rule r{i} notwithstanding r{}: if x >= {i} then o := {}", i - 1, value(i)),
    };
    "fact x : number\noutcome o : number\n".to_string() + &lines(count, rule)
}

#[test]
fn a_long_line_of_rules() {
    let make = |n| vec![("p.comity", chain(n, |i| i)), ("f.yaml", "x: 7\n".to_string())];
    grows(EVAL, 150, make, "\"7\"");
}

#[test]
fn a_long_line_of_rules_of_which_any_may_apply() {
    let make = |n| vec![("p.comity", chain(n, |i| i)), ("f.yaml", "{}\n".to_string())];
    grows("eval p.comity f.yaml --on 2026-01-01", 100, make, "o");
}

#[test]
fn many_rules_in_no_order() {
    let make = |n| {
        let rules = lines(n, |i| format!("rule r{i}: if x >= {i} then o := 5"));
        let policy = "fact x : number\noutcome o : number\n".to_string() + &rules;
        vec![("p.comity", policy), ("f.yaml", "x: 100000\n".to_string())]
    };
    grows(EVAL, 150, make, "\"5\"");
}

#[test]
fn what_is_due_of_many_projects() {
    let policy = "agreement t \"t\" between US and JP\n\
        entity project keyed by no { no : text amount : USD funded : USD over time = 0 USD }\n\
        obligation fund for each project held by JP: project.funded >= project.amount by 2026-06-01\n";
    let make = |n| {
        let rows = lines(n, |i| format!("    p{i}: {{amount: {} USD}}", i + 1));
        vec![("p.comity", policy.to_string()), ("f.yaml", format!("rows:\n  project:\n{rows}"))]
    };
    grows("deadlines p.comity f.yaml --on 2026-01-01 --to 2027-01-01", 40, make, "2026-06-01");
}
