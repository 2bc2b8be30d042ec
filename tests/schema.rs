//! Answers in JSON are as the published schema says, and as the issue of this project promised.

use crate::memory::Memory;
use crate::support::comity_in;
use serde_json::Value;

const POLICY: &str = include_str!("../policies/pledge.comity");

fn schema() -> jsonschema::Validator {
    let schema = std::fs::read_to_string("docs/schema/answer.json").expect("the schema");
    let schema: Value = serde_json::from_str(&schema).expect("the schema is JSON");
    jsonschema::meta::validate(&schema).expect("the schema is a schema");
    jsonschema::validator_for(&schema).expect("a usable schema")
}

/// The answers of a policy, checked against the schema.
fn answers(policy: &str, facts: &str, more: &[&str]) -> Value {
    let world = Memory::default().with("p.comity", policy).with("f.yaml", facts);
    let args = [&["eval", "p.comity", "f.yaml", "--format", "json"], more].concat();
    let ran = comity_in(&world, &args);
    assert!(ran.err.is_empty(), "{}", ran.err);
    let value: Value = serde_json::from_str(&ran.out).expect("JSON");
    let wrong: Vec<String> =
        schema().iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), ran.out);
    value
}

#[test]
fn a_determined_answer() {
    let facts = "disbursed: [0 USD from 2025-09-04, 549_999_999_999.99 USD from 2028-12-31]";
    let value = answers(POLICY, facts, &["--on", "2029-01-20"]);
    assert_eq!(value["on"], "2029-01-20");
    assert_eq!(value["known"], Value::Null);
    let tariff = &value["outcomes"]["tariff"];
    assert_eq!(tariff["status"], "determined");
    assert_eq!(tariff["value"], "25%");
    assert_eq!(tariff["rules"], serde_json::json!(["snapback"]));
    assert_eq!(tariff["reasons"][0]["article"]["number"], 2);
    assert_eq!(tariff["reasons"][0]["cites"][0]["place"], "sec. 6(b)");
    let assumed: Vec<&Value> =
        value["assumed"].as_array().expect("a list").iter().map(|one| &one["fact"]).collect();
    assert_eq!(assumed, ["pledged", "deadline"]);
    assert_eq!(value["assumed"][0]["value"], "550000000000 USD");
}

#[test]
fn an_undetermined_answer_names_what_is_missing() {
    let value = answers(POLICY, "{}", &["--on", "2029-01-20"]);
    let tariff = &value["outcomes"]["tariff"];
    assert_eq!(tariff["status"], "undetermined");
    assert_eq!(tariff["value"], Value::Null);
    let mut possible: Vec<&str> =
        tariff["possible"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    possible.sort();
    assert_eq!(possible, ["15%", "25%"]);
    assert_eq!(tariff["needs"]["all"], serde_json::json!(["disbursed as of 2029-01-19"]));
    assert_eq!(tariff["needs"]["complete"], true);
    assert_eq!(tariff["needs"]["ways"].as_array().map(Vec::len), Some(2));
}

#[test]
fn gaps_conflicts_errors_and_rows() {
    let policy = "entity line keyed by id { id : text  value : USD = 3 USD }\n\
        fact n : number\n\
        outcome none : rate\n\
        outcome both : rate\n\
        outcome fails : number\n\
        outcome half : USD for each line\n\
        if n > 100 then none := 1%\n\
        rule a: both := 10%\n\
        rule b: both := 12%\n\
        rule c: fails := 1 / n\n\
        rule d for each line: half := line.value / 3\n";
    let value = answers(policy, "facts: {n: 0}\nrows: {line: {x: {}, y: {value: 1 USD}}}", &[]);
    let outcomes = &value["outcomes"];
    assert_eq!(outcomes["none"]["status"], "gap");
    assert_eq!(outcomes["both"]["status"], "conflict");
    assert_eq!(outcomes["both"]["rules"], serde_json::json!(["a", "b"]));
    assert_eq!(outcomes["fails"]["status"], "error");
    assert_eq!(outcomes["fails"]["error"]["name"], "division by zero");
    assert_eq!(outcomes["half"]["rows"]["x"]["value"], "1 USD");
    assert_eq!(outcomes["half"]["rows"]["y"]["value"], "1 USD / 3");
    assert_eq!(value["assumed"][0]["fact"], "line(\"x\").value");
}

#[test]
fn values_on_the_wire_are_literals_that_can_be_stated_again() {
    let policy = "calendar us_federal\n\
        enum Kind = a, b (c)\n\
        fact rate_ : rate\n fact money : USD\n fact weight : kg\n fact per : USD/kg\n fact n : number\n\
        fact day : date\n fact wait : duration\n fact yes : bool\n fact word : text\n fact hts : code\n\
        fact from_ : country\n fact kind : Kind\n\
        outcome o_rate : rate\n outcome o_money : USD\n outcome o_per : USD/kg\n outcome o_n : number\n\
        outcome o_day : date\n outcome o_yes : bool\n outcome o_word : text\n outcome o_hts : code\n\
        outcome o_from : country\n outcome o_kind : Kind\n\
        rule r: o_rate := rate_ and o_money := money and o_per := per and o_n := n and o_day := day and o_yes := yes \
        and o_word := word and o_hts := hts and o_from := from_ and o_kind := kind\n"
        .replace("fact wait : duration\n", "");
    let stated = [
        ("rate_", "7.1%"),
        ("money", "549999999999.99 USD"),
        ("per", "0.5 USD/kg"),
        ("n", "1/3"),
        ("day", "2029-01-19"),
        ("yes", "true"),
        ("word", "a \\\"b\\\" c"),
        ("hts", "8703.20"),
        ("from_", "NO"),
        ("kind", "c"),
    ];
    let facts: Vec<String> = stated.iter().map(|(name, value)| format!("\"{name}\": \"{value}\"")).collect();
    let value = answers(&policy, &format!("{{{}}}", facts.join(", ")), &[]);
    for (name, wanted) in stated {
        let name = format!("o_{}", name.trim_end_matches('_'));
        assert_eq!(value["outcomes"][&name]["value"], wanted.replace("\\\"", "\""), "{name}");
    }
}

/// Schemas name each other as they lie in their folder.
struct Folder;

impl jsonschema::Retrieve for Folder {
    fn retrieve(
        &self,
        uri: &jsonschema::Uri<String>,
    ) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        let name = uri.path().as_str().rsplit('/').next().unwrap_or_default();
        let text = std::fs::read_to_string(format!("docs/schema/{name}"))?;
        Ok(serde_json::from_str(&text)?)
    }
}

/// The published schema of that name.
pub fn published(name: &str) -> jsonschema::Validator {
    let schema = std::fs::read_to_string(format!("docs/schema/{name}.json")).expect("the schema");
    let schema: Value = serde_json::from_str(&schema).expect("the schema is JSON");
    jsonschema::meta::validate(&schema).expect("the schema is a schema");
    let options = jsonschema::options().with_base_uri("https://schema.invalid/").with_retriever(Folder);
    options.build(&schema).expect("a usable schema")
}

fn obeys(schema: &jsonschema::Validator, args: &[&str]) -> Value {
    let ran = crate::support::comity(args);
    let value: Value = serde_json::from_str(&ran.out).expect("JSON");
    let wrong: Vec<String> =
        schema.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), ran.out);
    value
}

#[test]
fn deadlines_are_as_their_schema_says() {
    let schema = published("deadlines");
    let pledge = ["policies/pledge.comity", "tests/cases/timeline/pledge_short.facts.yaml"];
    let value =
        obeys(&schema, &["deadlines", pledge[0], pledge[1], "--on", "2028-12-31", "--format", "json"]);
    // The last day, and to the cent what keeps the answer.
    assert_eq!(value["due"][0]["last"], "2029-01-19");
    assert_eq!(value["due"][0]["missing"][0]["enough"]["amount"], "550000000000 USD");
    assert_eq!(value["due"][0]["missing"][0]["enough"]["tried"], true);
    let deal = ["tests/cases/deadlines/investment.comity", "tests/cases/deadlines/investment.facts.yaml"];
    for on in ["2026-04-01", "2026-04-22", "2029-01-19"] {
        obeys(&schema, &["deadlines", deal[0], deal[1], "--on", on, "--format", "json"]);
    }
}

#[test]
fn obligations_and_powers_are_as_their_schema_says() {
    let schema = published("answer");
    let deal = [
        "tests/cases/conduct_reports/investment.comity",
        "tests/cases/conduct_reports/investment.facts.yaml",
    ];
    let on = |day| obeys(&schema, &["eval", deal[0], deal[1], "--on", day, "--format", "json"]);
    let value = on("2026-06-20");
    assert_eq!(value["obligations"][0]["name"], "fund");
    assert_eq!(value["obligations"][0]["row"], "ohio");
    assert_eq!(value["obligations"][0]["states"], serde_json::json!(["breached"]));
    assert_eq!(value["obligations"][0]["since"], "2026-06-02");
    assert_eq!(value["obligations"][0]["deadline"], "2026-06-01");
    assert_eq!(value["outcomes"]["tariff"]["reasons"][0]["act"], "raise_tariff on 2026-06-10");
    // A step that was missed is there though nobody asked.
    let narrow = ["--on", "2026-06-20", "--only", "tariff", "--format", "json"];
    let narrow = obeys(&schema, &[&["eval", deal[0], deal[1]], &narrow[..]].concat());
    assert_eq!(narrow["powers"], serde_json::json!([]));
    let missed = narrow["invalid_acts"].as_array().expect("a list");
    assert_eq!(missed.len(), 3);
    assert_eq!(missed[0]["failures"][0]["kind"], "holder");
    assert_eq!(missed[1]["failures"][0]["condition"], "consult(project) is done");
    assert_eq!(narrow["invalid_acts"], value["invalid_acts"]);
    for day in ["2024-01-01", "2026-02-02", "2026-10-20", "2028-06-01"] {
        on(day);
    }
}

#[test]
fn timelines_are_as_their_schema_says() {
    let schema = published("timeline");
    let cases = [
        ("policies/pledge.comity", "tests/cases/timeline/pledge_open.facts.yaml"),
        ("policies/japan", "policies/japan/facts/snapback.yaml"),
        ("tests/cases/timeline/rows_and_causes.comity", "tests/cases/timeline/rows_and_causes.facts.yaml"),
        (
            "tests/cases/conduct_reports/investment.comity",
            "tests/cases/conduct_reports/investment.facts.yaml",
        ),
    ];
    for (policy, facts) in cases {
        obeys(&schema, &["timeline", policy, facts, "--format", "json"]);
    }
}

#[test]
fn comparisons_are_as_their_schema_says() {
    let schema = published("diff");
    let cure =
        ["policies/changes/snapback_cure/before.comity", "policies/changes/snapback_cure/after.comity"];
    let value = obeys(&schema, &["diff", cure[0], cure[1], "--format", "json"]);
    assert_eq!(value["clauses"]["changes"][0]["name"], "snapback");
    assert_eq!(value["cases"][0]["changes"][0]["intervals"][0]["delta"], "-10 points");
    let all_in = ["policies/changes/all_in/before.comity", "policies/changes/all_in/after.comity"];
    let rows = ["--rows", "policies/changes/all_in/entries.csv", "--by", "country", "--format", "json"];
    let value = obeys(&schema, &[&["diff", all_in[0], all_in[1]][..], &rows].concat());
    let duty = &value["populations"][0]["outcomes"][1];
    assert_eq!(duty["all"]["delta"], "-69569.8 USD");
    assert_eq!(duty["all"]["down"], 8);
}

#[test]
fn findings_are_as_their_schema_says() {
    let schema = published("check");
    let folder = "tests/cases/check/findings";
    let of = |case: &str| obeys(&schema, &["check", &format!("{folder}/{case}.comity"), "--format", "json"]);
    let value = of("both_clauses_of_a_conflict_are_named");
    let finding = &value["findings"][0];
    assert_eq!(finding["code"], "conflict");
    assert_eq!(finding["outcomes"], serde_json::json!(["additional"]));
    assert_eq!(finding["rules"][1]["article"], 2);
    assert_eq!(finding["rules"][1]["cites"], serde_json::json!(["ORDER \"sec. 2(a)\""]));
    assert_eq!(finding["allowed"], Value::Null);
    let value = of("findings_that_are_meant");
    assert_eq!(value["findings"][0]["allowed"], "no text says who bears a loss");
    assert_eq!(value["lints"][0]["code"], "allowed-in-vain");
    let value = of("guarantees_are_proved_broken_or_left_open");
    let verdicts: Vec<&str> = value["guarantees"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["verdict"].as_str())
        .collect();
    for verdict in ["proved", "broken", "not decided", "never judged"] {
        assert!(verdicts.contains(&verdict), "{verdict}: {verdicts:?}");
    }
    for case in [
        "what_can_never_apply",
        "what_is_always_displaced",
        "the_act_of_a_power_meets_a_rule",
        "wheres_that_nothing_satisfies",
    ] {
        of(case);
    }
}

#[test]
fn the_case_of_a_finding_is_a_facts_file_that_shows_it() {
    let folder = "tests/cases/check/findings";
    for (case, outcome, status) in [
        ("a_gap_is_shown_with_its_smallest_case", "additional", "gap"),
        ("a_hole_between_two_windows_is_a_gap", "tariff", "gap"),
        ("both_clauses_of_a_conflict_are_named", "additional", "conflict"),
        ("the_act_of_a_power_meets_a_rule", "tariff", "conflict"),
    ] {
        let path = format!("{folder}/{case}.comity");
        let found = crate::support::comity(&["check", &path, "--format", "json"]);
        let found: Value = serde_json::from_str(&found.out).expect("JSON");
        let case = &found["findings"][0]["case"];
        let (on, facts) = (case["on"].as_str().expect("a day"), case["facts"].as_str().expect("facts"));
        let policy = std::fs::read_to_string(&path).expect("the case");
        let value = answers(&policy, facts, &["--on", on]);
        assert_eq!(value["outcomes"][outcome]["status"], status, "{path}\n{facts}");
    }
}
