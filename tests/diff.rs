//! Comparisons through the whole program: revisions of git, rows in batches, the same bytes every time.

use crate::memory::Memory;
use crate::support::{comity, comity_in};
use std::path::Path;
use std::process::Command;

const OLD: &str = "outcome tariff : rate\nrule standing: tariff := 25%\n";
const NEW: &str = "outcome tariff : rate\nrule standing: tariff := 15%\n";

/// A repository with two revisions of a policy that is a folder.
fn repository(folder: &Path) {
    let git = |args: &[&str]| {
        let ran = Command::new("git")
            .current_dir(folder)
            .args(["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"])
            .args(args)
            .output()
            .expect("git is installed");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    };
    std::fs::create_dir_all(folder.join("deal/parts")).expect("a folder");
    git(&["init", "--quiet"]);
    for text in [OLD, NEW] {
        let rules = text.replace("outcome tariff : rate\n", "");
        let root = "agreement deal\nuse \"parts/rules.comity\"\noutcome tariff : rate\n";
        std::fs::write(folder.join("deal/deal.comity"), root).expect("written");
        std::fs::write(folder.join("deal/parts/rules.comity"), rules).expect("written");
        git(&["add", "."]);
        git(&["commit", "--quiet", "--message", "x"]);
    }
}

/// The program in another folder.
fn in_folder(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let ran =
        Command::new(env!("CARGO_BIN_EXE_comity")).current_dir(folder).args(args).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (ran.status.code().expect("a code"), text(ran.stdout), text(ran.stderr))
}

#[test]
fn a_revision_is_a_side() {
    let folder = std::env::temp_dir().join(format!("comity-diff-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    repository(&folder);
    let (code, out, err) = in_folder(&folder, &["diff", "HEAD~1:deal", "deal"]);
    assert_eq!((code, err.as_str()), (1, ""));
    assert!(out.contains("tariff  25% → 15%"), "{out}");
    // From a folder below, a path with `./` is seen from there.
    let below = folder.join("deal");
    let (code, out, _) = in_folder(&below, &["diff", "HEAD~1:./deal.comity", "HEAD:deal/deal.comity"]);
    assert_eq!(code, 1);
    assert!(out.contains("tariff  25% → 15%"), "{out}");
    let (code, _, err) = in_folder(&folder, &["diff", "HEAD~9:deal", "deal"]);
    assert_eq!(code, 2);
    assert!(err.contains("the repository has no revision `HEAD~9`"), "{err}");
    let (code, _, err) = in_folder(&folder, &["diff", "HEAD:gone", "deal"]);
    assert_eq!(code, 2);
    assert!(err.contains("there is no such file or folder"), "{err}");
    let (code, _, err) = in_folder(Path::new("/"), &["diff", "HEAD:deal", "deal"]);
    assert_eq!(code, 2);
    assert!(err.contains("not a git repository"), "{err}");
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn a_revision_where_there_is_no_repository() {
    let world = Memory::default().with("p.comity", NEW);
    let ran = comity_in(&world, &["diff", "HEAD:p.comity", "p.comity"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("there is no repository here"), "{}", ran.err);
}

const ROWS: &str = "entity entry keyed by id { id : text  value : USD  part : text }\n\
    outcome duty : USD for each entry\n";

/// So many rows, more than one batch holds.
fn table(rows: usize) -> String {
    let row = |at: usize| format!("e{at},{}.{:02},{}\n", at * 7 % 1_000, at % 100, ["a", "b", "c"][at % 3]);
    (0..rows).map(row).fold("id,value [USD],part\n".to_string(), |all, row| all + &row)
}

fn world(old: &str, new: &str, table: String) -> Memory {
    let memory = Memory::default().with("old.comity", format!("{ROWS}{old}"));
    memory.with("new.comity", format!("{ROWS}{new}")).with("rows.csv", table)
}

const ASK: &[&str] =
    &["diff", "old.comity", "new.comity", "--rows", "rows.csv", "--by", "part", "--format", "json"];

#[test]
fn rows_in_batches_are_summed_as_all_rows_at_once() {
    let rows = 9_001;
    let (old, new) = (
        "rule r for each entry: duty := entry.value * 3\n",
        "rule r for each entry: duty := entry.value / 3\n",
    );
    let value = comity_in(&world(old, new, table(rows)), ASK);
    assert_eq!((value.code, value.err.as_str()), (1, ""));
    let value: serde_json::Value = serde_json::from_str(&value.out).expect("JSON");
    let duty = &value["populations"][0]["outcomes"][0];
    // In cents.
    let cents: i64 = (0..rows as i64).map(|at| at * 7 % 1_000 * 100 + at % 100).sum();
    let total = |value: &serde_json::Value| value["total"].as_str().expect("a total").to_string();
    let old_total = format!("{}.{:02}", cents * 3 / 100, cents * 3 % 100);
    assert_eq!(
        total(&duty["all"]["old"]),
        format!("{} USD", old_total.trim_end_matches('0').trim_end_matches('.'))
    );
    assert_eq!(duty["groups"].as_array().map(Vec::len), Some(3));
    // Where a rule reads the whole table, rows are taken together, and nothing is lost.
    let whole = "rule r for each entry: duty := entry.value / 3 + 0 * (sum of entry.value for each entry)\n";
    let whole =
        whole.replace("for each entry)", "for each other in entry)").replace("sum of entry", "sum of other");
    let again = comity_in(&world(old, &whole, table(400)), ASK);
    let few = comity_in(&world(old, new, table(400)), ASK);
    let numbers = |out: &str| {
        let value: serde_json::Value = serde_json::from_str(out).expect("JSON");
        let duty = &value["populations"][0]["outcomes"][0];
        (duty["all"].clone(), duty["groups"].clone(), duty["histogram"].clone())
    };
    assert_eq!(again.err, "");
    assert_eq!(numbers(&again.out), numbers(&few.out));
}

/// X1: the mark before decimals is that of the file, whatever a batch of it shows.
#[test]
fn a_batch_is_read_with_the_decimals_of_its_file() {
    let (old, new) =
        ("rule r for each entry: duty := entry.value\n", "rule r for each entry: duty := entry.value * 2\n");
    let rows = (1..=6_000).map(|at| format!("e{at};1.234;a\n"));
    let table = rows.fold("id;value [USD];part\ne0;1,5;a\n".to_string(), |all, row| all + &row);
    let ran = comity_in(&world(old, new, table), ASK);
    let value: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(value["populations"][0]["outcomes"][0]["all"]["old"]["total"], "7404001.5 USD");
    // The last batch alone shows points, and the first commas: nothing says which is meant.
    let rows = (1..=6_000).map(|at| format!("e{at};1.234;a\n"));
    let table = rows.fold("id;value [USD];part\ne0;1,5;a\n".to_string(), |all, row| all + &row);
    let ran = comity_in(&world(old, new, format!("{table}f;2.5;a\n")), ASK);
    assert!(ran.code == 2 && ran.out.contains("bad-cell"), "{}", ran.out);
}

#[test]
fn a_key_in_two_batches_is_refused() {
    let twice = format!("{}e7,1,a\n", table(5_000));
    let ran = comity_in(
        &world("rule r for each entry: duty := 1 USD\n", "rule r for each entry: duty := 2 USD\n", twice),
        ASK,
    );
    assert_eq!(ran.code, 2);
    assert!(ran.out.contains("stated-twice"), "{}", ran.out);
    assert!(ran.out.contains("`e7` stands twice"), "{}", ran.out);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let all_in = ["policies/changes/all_in/before.comity", "policies/changes/all_in/after.comity"];
    for format in ["text", "markdown", "json", "html"] {
        let rows = ["--rows", "policies/changes/all_in/entries.csv", "--by", "country", "--format", format];
        let args = [&["diff", all_in[0], all_in[1]][..], &rows].concat();
        let (one, two) = (comity(&args), comity(&args));
        assert_eq!(one.err, "");
        assert_eq!(one.out, two.out);
        assert!(format != "html" || !one.out.contains("<script"), "no scripts");
    }
}

#[test]
fn a_policy_is_the_same_as_itself() {
    let japan = comity(&["diff", "policies/japan", "policies/japan"]);
    assert_eq!((japan.code, japan.err.as_str()), (0, ""));
    assert!(japan.out.starts_with("no outcome changes in "), "{}", japan.out);
    assert!(japan.out.contains("no clause changes"), "{}", japan.out);
}

/// Each example is a facts file: asked alone, either version gives the answer that the comparison showed.
#[test]
fn examples_are_facts_files() {
    let folder = std::env::temp_dir().join(format!("comity-examples-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let kept = folder.join("kept/here");
    let kept = kept.to_str().expect("text");
    let sides = ["policies/changes/all_in/before.comity", "policies/changes/all_in/after.comity"];
    let json = |args: &[&str]| -> serde_json::Value {
        let ran = comity(&[args, &["--format", "json"]].concat());
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}{}", ran.out, ran.err))
    };
    let diff = json(&["diff", sides[0], sides[1], "--no-scenarios", "--examples", kept]);
    let mut asked = 0;
    for outcome in diff["regions"]["outcomes"].as_array().expect("outcomes") {
        let name = outcome["outcome"].as_str().expect("a name");
        for (at, group) in outcome["groups"].as_array().expect("groups").iter().enumerate() {
            let on = group["example"]["on"].as_str().expect("a day");
            for (side, policy) in ["old", "new"].iter().zip(sides) {
                let file = format!("{kept}/{name}-{}.{side}.yaml", at + 1);
                let answer = json(&["eval", policy, &file, "--on", on]);
                let value = &answer["outcomes"][name]["rows"]["witness"]["value"];
                assert_eq!((value, value.is_string()), (&group["example"][side], true), "{answer}");
                asked += 1;
            }
        }
    }
    assert!(asked > 3, "only {asked}");
    std::fs::remove_dir_all(&folder).expect("removed");
}

/// A schedule of a thousand lines, with some of them as they are called here.
fn schedule(folder: &Path, side: &str, lines: &[(usize, &str)], more: &str) {
    let policy = "entity entry keyed by line { line : text hts : code value : USD where entry.value > 0 USD }\n\
                  annex column1 from \"column1.csv\" (code) -> general : rate = 0%, note : text = \"none\"\n\
                  outcome duty : USD for each entry\n\
                  rule mfn for each entry: duty := entry.value * column1(entry.hts).general\n";
    let line = |at: usize| {
        let code = format!("{:04}.{:02}.00", 101 + at / 50, 10 + at % 50);
        match lines.iter().find(|(other, _)| *other == at) {
            Some((_, "")) => String::new(),
            Some((_, cells)) => format!("{code},{cells}\n"),
            None => format!("{code},{}%,\n", at % 7),
        }
    };
    let table: String = (0..1_000).map(line).collect();
    std::fs::create_dir_all(folder.join(side)).expect("a folder");
    std::fs::write(folder.join(side).join("p.comity"), policy).expect("written");
    std::fs::write(folder.join(side).join("column1.csv"), format!("hts,general,note\n{table}{more}"))
        .expect("written");
}

#[test]
fn of_two_schedules_the_rows_that_changed_are_named_and_asked_about() {
    let folder = std::env::temp_dir().join(format!("comity-schedules-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    schedule(&folder, "old", &[(3, "2.5%,"), (77, "1%,"), (900, "4%,as before")], "");
    schedule(&folder, "new", &[(3, "3%,"), (77, ""), (900, "4%,\"a, b\"")], "9902.10.00,1%,\n");
    let args = ["diff", "old", "new", "--changed-rows", "rows.csv"];
    let (code, out, err) = in_folder(&folder, &args);
    assert_eq!((code, err.as_str()), (1, ""), "{out}");
    let rows = std::fs::read_to_string(folder.join("rows.csv")).expect("rows");
    let wanted = "annex,change,key,from,known_from,until,known_until,column,old,new\n\
                  column1,changed,0101.13.00,,,,,general,2.5%,3%\n\
                  column1,removed,0102.37.00,,,,,general,1%,\n\
                  column1,changed,0119.10.00,,,,,note,as before,\"a, b\"\n\
                  column1,added,9902.10.00,,,,,general,,1%\n";
    assert_eq!(rows, wanted);
    for said in
        ["0101.13.00  general 2.5% → 3%", "0102.37.00  removed: general 1%", "0 not decided", "(proven)"]
    {
        assert!(out.contains(said), "{said}\n{out}");
    }
    // The change of a text is read by no rule.
    assert!(out.contains("1 outcome differs in 3 groups"), "{out}");
    let (_, json, _) = in_folder(&folder, &["diff", "old", "new", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let named = &json["clauses"]["changes"][0]["parts"][0]["rows"];
    assert_eq!(named.as_array().map(Vec::len), Some(4), "{named}");
    assert_eq!(named[0]["cells"][0]["new"], "3%");
    for format in ["markdown", "html"] {
        let (_, page, _) = in_folder(&folder, &["diff", "old", "new", "--format", format]);
        assert!(page.contains("0101.13.00") && page.contains("2.5% → 3%"), "{page}");
    }
    // What is read is not written over.
    let (code, _, err) = in_folder(&folder, &["diff", "old", "new", "--changed-rows", "old/column1.csv"]);
    assert_eq!(code, 2, "{err}");
    let left = std::fs::read_to_string(folder.join("old/column1.csv")).expect("the schedule");
    assert!(left.starts_with("hts,general,note\n"), "{left}");
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn a_line_that_is_set_on_one_side_is_a_difference() {
    let policy = "annex l in part from \"l.csv\" (hts : code) -> rate : rate\nfact hts : code\noutcome o : rate\nrule r: o := l(hts).rate\n";
    let world = Memory::default()
        .with("p.comity", policy)
        .with("l.csv", "hts,rate\n8703,2.5%\n")
        .with("f.yaml", "hts: 9401\n");
    let args = ["diff", "p.comity", "--set-old", "l(9401).rate=5%", "--set-new", "l(9401).rate=6%"];
    let ran = comity_in(&world, &[&args[..], &["--facts", "f.yaml"]].concat());
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("5% → 6%"), "{}", ran.out);
    // Of all other facts nothing is claimed.
    let ran = comity_in(&world, &args);
    assert!(!ran.out.contains("no outcome changes for any facts"), "{}", ran.out);
}
