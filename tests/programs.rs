//! What programs read: with a format for them, every command writes one document to standard output, whatever is given.

use crate::memory::Memory;
use crate::schema::published;
use crate::support::{Ran, comity_in};
use comity::cli::{PathKind, World};
use comity::text::Files;
use serde_json::Value;

const POLICY: &str = "agreement quota \"Quota\" between US and KR\n\
    source ORDER \"Order\" binding\n\
    entity lot keyed by id { id : text  worth : USD }\n\
    fact open : bool\n\
    outcome charge : rate\n\
    outcome fee : USD for each lot\n\
    rule base cites ORDER \"1\": charge := 10%\n\
    rule shut notwithstanding base cites ORDER \"2\": if not open then charge := 30%\n\
    rule levy for each lot: fee := lot.worth * charge\n\
    scenario \"shut\" { given open = false  expect charge = 30% }\n\
    scenario \"open\" { given open = true  expect charge = 30% }\n";
const FACTS: &str = "facts: {open: false}\nrows: {lot: {a: {worth: 50 USD}}}\n";
const LEDGER: &str = "id,source,place,about,status,sure,note\nQ1,ORDER,1,the base,encoded,A,\n";

fn world() -> Memory {
    let broken = POLICY.replace("rule base", "rul base").replace("not open", "not opn");
    Memory::default()
        .with("q.comity", POLICY)
        .with("broken.comity", broken)
        .with("q.yaml", FACTS)
        .with("wrong.yaml", "facts: {open: maybe}\n")
        .with("lots.csv", "id,worth [USD]\na,50\n")
        .with("fidelity.csv", LEDGER)
}

/// The one document on standard output.
fn document(schema: &str, ran: &Ran) -> Value {
    let value: Value =
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {:?}", ran.out));
    let schema = published(schema);
    let wrong: Vec<String> =
        schema.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), ran.out);
    value
}

/// The commands with what their document follows, and how they end.
const ASKED: &[(&str, &str, u8)] = &[
    ("check q.comity", "check", 0),
    ("check q.comity --no-findings", "check", 0),
    ("check q.comity --fix --diff", "mended", 0),
    ("eval q.comity q.yaml", "answer", 0),
    ("why q.comity q.yaml charge", "why", 0),
    ("why q.comity q.yaml fee a", "why", 0),
    ("timeline q.comity q.yaml", "timeline", 0),
    ("deadlines q.comity q.yaml --on 2026-01-01", "deadlines", 0),
    ("test q.comity", "test", 1),
    ("diff q.comity --set-new open=true", "diff", 1),
    ("fidelity q.comity", "fidelity", 1),
    ("consolidate q.comity", "consolidate", 0),
    ("fmt q.comity --check", "fmt", 1),
    ("run q.comity lots.csv --set open=true --summary", "run", 0),
    ("run q.comity lots.csv --set open=true --explain a", "why", 0),
    ("explain", "explain", 0),
    ("explain syntax", "explain", 0),
];

#[test]
fn every_command_writes_one_document() {
    for (command, schema, code) in ASKED {
        let ran = run(command, "json");
        document(schema, &ran);
        assert_eq!(ran.code, *code, "{command}: {}{}", ran.out, ran.err);
    }
}

#[test]
fn what_is_wrong_is_a_document_too() {
    for (command, _, _) in ASKED.iter().filter(|(command, _, _)| command.contains("q.comity")) {
        let ran = run(&command.replace("q.comity", "broken.comity"), "json");
        // Of several policies the others are tested all the same; what is to be mended is mended in any text.
        let schema = match command {
            command if command.starts_with("test") => "test",
            command if command.starts_with("fmt") => "fmt",
            command if command.contains("--fix") => "mended",
            _ => "messages",
        };
        let value = document(schema, &ran);
        if schema != "mended" {
            assert_eq!(value["diagnostics"][0]["code"], "misspelt-keyword", "{command}");
            assert_eq!(ran.code, 2, "{command}");
        }
    }
    for command in
        ["eval q.comity wrong.yaml", "eval q.comity none.yaml", "check nothing.comity", "explain nothing"]
    {
        let ran = run(command, "json");
        let value = document("messages", &ran);
        assert_eq!(value["diagnostics"][0]["severity"], "error", "{command}");
        assert_eq!(ran.code, 2, "{command}");
    }
}

/// Files of which one is written to while it is read.
struct Changing(Memory);

impl Files for Changing {
    fn read(&self, path: &str) -> Result<String, String> {
        self.0.read(path)
    }
}

impl World for Changing {
    fn kind(&self, path: &str) -> PathKind {
        self.0.kind(path)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, String> {
        self.0.list(folder)
    }

    fn stdin(&self) -> Result<String, String> {
        self.0.stdin()
    }

    fn files(&self) -> &dyn Files {
        self
    }

    fn open(&self, path: &str) -> Result<Box<dyn std::io::Read + Send>, String> {
        self.0.open(path)
    }

    fn changed(&self) -> Option<String> {
        Some("q.yaml".to_string())
    }
}

#[test]
fn an_answer_about_a_file_that_changed_is_none() {
    for (command, _, _) in ASKED.iter().filter(|(command, ..)| !command.contains("explain")) {
        let mut words: Vec<&str> = command.split(' ').collect();
        words.extend(["--format", "json"]);
        let ran = comity_in(&Changing(world()), &words);
        let said = document("messages", &ran);
        assert_eq!(
            (ran.code, &said["diagnostics"][0]["code"]),
            (2, &Value::from("file-unreadable")),
            "{command}"
        );
        assert!(ran.out.contains("it changed while it was read"), "{command}: {}", ran.out);
    }
}

#[test]
fn a_wrong_command_is_said_in_the_format_asked_for() {
    for command in [
        "check",
        "check q.comity --sideways",
        "eval q.comity q.yaml --on yesterday",
        "sing",
        "run q.comity lots.csv",
    ] {
        let value = document("messages", &run(command, "json"));
        let code = value["diagnostics"][0]["code"].as_str().expect("a code").to_string();
        assert!(["usage", "answer-format"].contains(&code.as_str()), "{command}: {code}");
    }
    for format in ["github", "sarif", "junit"] {
        let ran = run("check q.comity --sideways", format);
        assert!(ran.out.contains("usage") && ran.code == 2, "{format}: {}", ran.out);
    }
}

#[test]
fn a_place_is_given_in_bytes_lines_characters_and_utf_16() {
    let text = "# 𝄞 é\nsource O \"𝄞é\" bindin\n";
    let ran = run_in(&Memory::default().with("p.comity", text), "check p.comity", "json");
    let value = document("messages", &ran);
    let start = &value["diagnostics"][0]["start"];
    let at = text.find("bindin").expect("there");
    assert_eq!(start["byte"], at);
    assert_eq!(start["line"], 2);
    assert_eq!(start["column"], 15);
    assert_eq!(start["utf16"], 16);
    assert_eq!(value["diagnostics"][0]["end"]["byte"], at + "bindin".len());
    assert_eq!(value["diagnostics"][0]["file"], "p.comity");
}

#[test]
fn at_most_a_hundred_messages_then_their_number() {
    let text: String =
        (0..130).map(|n| format!("outcome o{n} : rate\nrule r{n}: o{n} := missing{n}x\n")).collect();
    let world = Memory::default().with("p.comity", text);
    let value = document("messages", &run_in(&world, "check p.comity", "json"));
    assert_eq!(value["diagnostics"].as_array().map(Vec::len), Some(100));
    assert_eq!(value["more"], 30);
    let ran = comity_in(&world, &["check", "p.comity"]);
    assert_eq!(ran.err.matches("nothing is called").count(), 100);
    assert!(ran.err.contains("30 other messages not shown\n130 errors\n"), "{}", ran.err);
}

#[test]
fn remarks_for_places_where_changes_are_looked_at() {
    let github = run("check broken.comity", "github");
    let first = github.out.lines().next().unwrap_or_default();
    assert_eq!(
        first,
        "::error file=broken.comity,line=7,endLine=7,col=1,endColumn=4,title=misspelt-keyword::`rul` is not a keyword%0Ahelp: \
         did you mean `rule`?"
    );
    let sarif: Value = serde_json::from_str(&run("check broken.comity", "sarif").out).expect("JSON");
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(sarif["version"], "2.1.0");
    assert_eq!(result["ruleId"], "misspelt-keyword");
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 7);
    let change = &result["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["replacements"][0]["insertedContent"]["text"], "rule");
    let junit = run("test q.comity", "junit").out;
    assert!(
        junit.contains("<testsuite name=\"q.comity\" tests=\"2\" failures=\"1\" errors=\"0\">"),
        "{junit}"
    );
    assert!(junit.contains("<testcase name=\"shut\" classname=\"q.comity\"/>"), "{junit}");
    assert!(junit.contains("expected  charge = 30%"), "{junit}");
    let tested = run("test q.comity", "github").out;
    assert!(tested.starts_with("::error file=q.comity,line=11,"), "{tested}");
    assert!(tested.contains("title=unmet-expectation"), "{tested}");
}

#[test]
fn a_policy_comes_from_standard_input() {
    let named = Memory::default()
        .with("-", "use \"shared.comity\"\noutcome o : rate\nrule r: o := share\n")
        .with("texts/shared.comity", "fact share : rate = 5%\n");
    let ran = comity_in(&named, &["check", "-", "--stdin-name", "texts/main.comity"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.starts_with("texts/main.comity: 1 rule"), "{}", ran.out);
    let ran = comity_in(&Memory::default().with("-", "outcom o : rate\n"), &["check", "-"]);
    assert!(ran.err.contains("<stdin>:1:1"), "{}", ran.err);
    let ran = comity_in(&Memory::default().with("-", ""), &["eval", "-", "-"]);
    assert!(ran.err.contains("`-` stands twice"), "{}", ran.err);
}

#[test]
fn either_side_of_a_comparison_or_its_facts_come_from_standard_input() {
    let text = "fact share : rate\noutcome o : rate\nrule r: o := share\n";
    let world = Memory::default().with("p.comity", text).with("-", text.replace(":= share", ":= share * 2"));
    for (command, headline) in [("diff p.comity -", "new: <stdin>"), ("diff - p.comity", "old: <stdin>")] {
        let ran = comity_in(&world, &command.split(' ').collect::<Vec<_>>());
        assert_eq!(ran.code, 1, "{}", ran.err);
        assert!(ran.out.contains(headline) && ran.out.contains("differs in 1 group"), "{}", ran.out);
    }
    let ran = comity_in(&world, &["diff", "-", "--set-new", "share=1%", "--stdin-name", "new.comity"]);
    assert!(ran.out.contains("new: new.comity with share = 1%"), "{}", ran.out);
    for command in [&["diff", "-", "-"][..], &["diff", "p.comity", "-", "--facts", "-"]] {
        let ran = comity_in(&world, command);
        assert!(ran.code == 2 && ran.err.contains("`-` stands twice"), "{}", ran.err);
    }
    let world = world.with("-", "share: 4%\n").with("q.comity", text.replace(":= share", ":= share + 1%"));
    let ran = comity_in(&world, &["diff", "p.comity", "q.comity", "--facts", "-", "--no-regions"]);
    assert!(ran.out.contains("4% → 5%"), "{}{}", ran.out, ran.err);
}

#[test]
fn a_year_or_a_unit_that_changes_is_named_as_one_clause() {
    let text = "unit crate = 1000 kg\nperiod fiscal = year from 10-01\nfact d : date\noutcome o : number\nrule r: o := fiscal of d\n";
    let world = Memory::default()
        .with("p.comity", text)
        .with("q.comity", text.replace("10-01", "04-01").replace("1000", "900"));
    let said = document("diff", &comity_in(&world, &["diff", "p.comity", "q.comity", "--format", "json"]));
    let changes = said["clauses"]["changes"].as_array().unwrap();
    let of = |kind: &str| changes.iter().filter(|change| change["kind"] == kind).collect::<Vec<_>>();
    let [period, unit] = [of("period"), of("unit")].map(|found| {
        assert_eq!(found.len(), 1, "{changes:?}");
        found[0]["parts"][0].clone()
    });
    assert_eq!((&period["old"], &period["new"]), (&"year from 10-01".into(), &"year from 04-01".into()));
    assert_eq!((&unit["old"], &unit["new"]), (&"1000 kg".into(), &"900 kg".into()));
}

#[test]
fn what_is_taken_where_nothing_is_stated_is_compared_too() {
    let text = "fact share : rate = 3%\noutcome o : rate\nrule r: o := share\n";
    let world = Memory::default().with("p.comity", text).with("q.comity", text.replace("3%", "4%"));
    let ran = comity_in(&world, &["diff", "p.comity", "q.comity"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.out.starts_with("1 outcome changes (`o`) with nothing stated"), "{}", ran.out);
    assert!(ran.out.contains("3% → 4%"), "{}", ran.out);
}

#[test]
fn what_can_mean_one_thing_is_mended() {
    let text = "outcome o : rate\nRule r: o == 5%\n";
    let mended = "outcome o : rate\nrule r: o := 5%\n";
    let world = Memory::default().with("-", text).with("p.comity", text);
    let ran = comity_in(&world, &["check", "-", "--fix"]);
    assert_eq!((ran.out.as_str(), ran.code), (mended, 1));
    let ran = comity_in(&world, &["check", "p.comity", "--fix", "--diff"]);
    assert!(ran.out.contains("-Rule r: o == 5%\n+rule r: o := 5%\n"), "{}", ran.out);
    // A guess is no certainty.
    let guess = Memory::default().with("-", "fact paid : bool\noutcome o : bool\nrule r: o := payd\n");
    assert!(comity_in(&guess, &["check", "-", "--fix"]).out.contains("payd"));
    assert!(comity_in(&guess, &["check", "-", "--fix", "--unsafe"]).out.contains("o := paid"));
    // Of two readings none is made.
    let bare = Memory::default().with("-", "outcome o : rate\nrule r: o := 0.25\n");
    assert!(comity_in(&bare, &["check", "-", "--fix", "--unsafe"]).out.contains("o := 0.25\n"));
}

fn run(command: &str, format: &str) -> Ran {
    run_in(&world(), command, format)
}

fn run_in(world: &Memory, command: &str, format: &str) -> Ran {
    let mut args: Vec<&str> = command.split(' ').collect();
    args.extend(["--format", format]);
    comity_in(world, &args)
}

#[test]
fn mended_texts_are_written_in_place_of_the_files() {
    let folder = std::env::temp_dir().join(format!("comity-mended-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
    std::fs::write(path("part.comity"), "Fact paid : bool\n").expect("written");
    let main = "use \"part.comity\"\noutcome o : rate\nrule r: if not paid, o := 5%\n";
    std::fs::write(path("main.comity"), main).expect("written");
    let ran =
        comity_in(&comity::cli::Disk::default(), &["check", &path("main.comity"), "--fix", "--no-findings"]);
    let texts =
        [path("part.comity"), path("main.comity")].map(|path| std::fs::read_to_string(path).expect("a file"));
    std::fs::remove_dir_all(&folder).expect("removed");
    assert_eq!(texts[0], "fact paid : bool\n");
    assert_eq!(texts[1], main.replace(", o", " then o"));
    assert_eq!((ran.code, ran.err.as_str()), (0, "mended in 2 places\n"));
}
