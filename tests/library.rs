//! The library's front door gives what the command line gives, and says what is wrong as well.

use crate::support::{comity, files_under};
use comity::{AnswerValue, Column, Day, Diagnostics, Facts, Policy, Status, percent, usd};
use serde_json::Value;
use std::path::Path;

/// Policies with facts files and days on which they are asked.
const ASKED: &[(&str, &str, &[&str])] = &[
    ("policies/pledge.comity", "policies/pledge.facts.yaml", &["2029-01-18", "2029-01-20"]),
    ("policies/pledge.comity", "policies/pledge.short.facts.yaml", &["2029-01-20"]),
    ("policies/snapback.comity", "policies/snapback.facts.yaml", &["2026-01-01", "2029-01-20"]),
    ("policies/snapback.comity", "policies/snapback.unknown.facts.yaml", &["2029-01-20"]),
    ("policies/snapback.comity", "policies/snapback.at_least.facts.yaml", &["2029-01-20"]),
    (
        "tests/cases/conduct_reports/investment.comity",
        "tests/cases/conduct_reports/investment.facts.yaml",
        &["2024-01-01", "2026-06-20", "2028-06-01"],
    ),
    (
        "tests/cases/timeline/rows_and_causes.comity",
        "tests/cases/timeline/rows_and_causes.facts.yaml",
        &["2026-01-01"],
    ),
];

fn of_command(args: &[&str]) -> Value {
    let ran = comity(args);
    serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{args:?}\n{}{}", ran.out, ran.err))
}

fn same(library: &impl serde::Serialize, args: &[&str]) {
    let library = serde_json::to_value(library).expect("JSON");
    assert_eq!(library, of_command(args), "{args:?}");
}

fn load(path: &str) -> Policy {
    Policy::load(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn stated(policy: &Policy, facts: &str) -> Facts {
    policy.facts().from_file(facts).build().unwrap_or_else(|error| panic!("{facts}: {error}"))
}

#[test]
fn answers_reasons_and_timelines_are_those_of_the_command_line() {
    for (path, file, days) in ASKED {
        let policy = load(path);
        let facts = stated(&policy, file);
        for day in *days {
            let question = policy.ask(&facts).on(*day);
            let answers = question.answers().expect("answers");
            same(&answers, &["eval", path, file, "--on", day, "--format", "json"]);
            assert_eq!(answers.to_string(), comity(&["eval", path, file, "--on", day]).out);
            for name in policy.outcomes() {
                let args = ["why", path, file, name, "--on", day, "--format", "json"];
                match question.why(name) {
                    Ok(story) => same(&story, &args),
                    Err(error) => same(&error, &args),
                }
            }
        }
        let timeline = policy.ask(&facts).whole_timeline().expect("a timeline");
        same(&timeline, &["timeline", path, file, "--format", "json"]);
        assert_eq!(timeline.svg(), comity(&["timeline", path, file, "--format", "svg"]).out);
        assert_eq!(timeline.to_string(), comity(&["timeline", path, file]).out);
    }
}

/// Every facts file of the shipped policies, whatever comes of it.
#[test]
fn facts_files_of_all_policies_are_answered_alike() {
    let mut asked = 0;
    for file in files_under("policies").into_iter().filter(|path| is_facts(path)) {
        let folder = file.parent().and_then(Path::parent).expect("a folder");
        if file.parent().and_then(Path::file_name).is_none_or(|name| name != "facts") {
            continue;
        }
        let (path, file) = (folder.to_string_lossy().into_owned(), file.to_string_lossy().into_owned());
        let policy = load(&path);
        let facts = stated(&policy, &file);
        let answers = policy.ask(&facts).on("2026-03-01").answers().expect("answers");
        same(&answers, &["eval", &path, &file, "--on", "2026-03-01", "--format", "json"]);
        asked += 1;
    }
    assert!(asked > 5, "{asked}");
}

fn is_facts(path: &Path) -> bool {
    path.extension().is_some_and(|ext| ["yaml", "json", "toml"].iter().any(|one| ext == *one))
}

/// The scenarios of all shipped policies, and what is found in them.
#[test]
fn scenarios_and_findings_are_those_of_the_command_line() {
    let mut tried = 0;
    for path in ["policies/pledge.comity", "policies/snapback.comity", "policies/korea", "policies/framework"]
    {
        let policy = load(path);
        let tested = policy.test();
        assert!(tested.passed(), "{tested}");
        same(&tested, &["test", policy.root(), "--format", "json"]);
        assert_eq!(tested.to_string(), comity(&["test", policy.root()]).out);
        tried += 1;
    }
    assert_eq!(tried, 4);
    let case = "tests/cases/check/findings/both_clauses_of_a_conflict_are_named.comity";
    for (path, clean) in [("policies/pledge.comity", true), (case, false)] {
        let checked = load(path).check().expect("scenarios that may be run");
        assert_eq!(checked.is_clean(), clean);
        same(&checked, &["check", path, "--format", "json"]);
    }
}

#[test]
fn two_versions_differ_as_the_command_line_says() {
    for (folder, old, new) in [
        ("snapback_cure", "before", "after"),
        ("car_quota", "before", "amendment"),
        ("waterfall", "one_payment", "one_payment_shared"),
    ] {
        let [old, new] = [old, new].map(|side| format!("policies/changes/{folder}/{side}.comity"));
        let made = Policy::diff(&load(&old), &load(&new)).expect("a comparison");
        same(&made, &["diff", &old, &new, "--format", "json"]);
        assert_eq!(made.html(), comity(&["diff", &old, &new, "--format", "html"]).out);
        assert!(made.is_change());
    }
    // A policy with annexes is read again from what was read once.
    let metals = load("policies/examples/metals_annex_3.comity");
    assert!(!Policy::diff(&metals, &metals).expect("a comparison").is_change());
}

const PLEDGE: &str = "fact pledged : USD = 550 billion USD\n\
    fact disbursed : USD over time\n\
    fact port : text = \"none\"\n\
    outcome tariff : rate\n\
    outcome short : USD rounded down to 0.01 USD\n\
    guarantee at_most: tariff <= 20%\n\
    rule t: if disbursed < pledged then tariff := 25% otherwise tariff := 15%\n\
    rule s: short := if disbursed < pledged then pledged - disbursed otherwise 0 USD\n";

#[test]
fn facts_are_stated_by_name() {
    let policy = Policy::from_text(PLEDGE).expect("a policy");
    let of = |facts: Result<Facts, Diagnostics>| {
        let facts = facts.unwrap_or_else(|error| panic!("{error}"));
        let answers = policy.ask(&facts).on(Day::from_ymd(2029, 1, 20).expect("a day")).answers();
        answers.unwrap_or_else(|error| panic!("{error}"))
    };
    let cent = of(policy.facts().set("disbursed", usd("549_999_999_999.99")).build());
    assert_eq!(cent.get("tariff").expect("asked").value().expect("determined").to_string(), "25%");
    let Some(AnswerValue::Amount(short)) = cent.get("short").expect("asked").value() else {
        panic!("an amount")
    };
    assert_eq!(
        (short.fraction(), short.decimal(), short.unit()),
        (Some((1, 100)), Some("0.01"), Some("USD"))
    );
    let broken = cent.broken_guarantees();
    assert_eq!(broken.len(), 1);
    assert_eq!((broken[0].name.as_str(), broken[0].claim.as_str()), ("at_most", "tariff <= 20%"));
    assert!(cent.why("tariff").expect("a story").text().contains("disbursed"));

    let steps = ["0 USD from 2025-09-04", "600 billion USD from 2028-12-31"];
    let kept = of(policy.facts().set("disbursed", steps).build());
    assert_eq!(kept.get("tariff").expect("asked").to_string(), "15%");
    assert_eq!(kept.broken_guarantees(), []);

    let open = of(policy.facts().set("disbursed", None::<u64>).set("pledged", usd(7)).build());
    let tariff = open.get("tariff").expect("asked");
    assert_eq!((tariff.status(), tariff.possible().len()), (Status::Undetermined, 2));
    assert_eq!(open.missing(), ["disbursed as of 2029-01-20"]);

    // What is set by name stands in place of what a file says.
    let both = policy.facts().from_yaml("disbursed: 1 USD").from_json("{\"pledged\": \"5 USD\"}");
    assert_eq!(of(both.clone().build()).get("tariff").expect("asked").to_string(), "25%");
    assert_eq!(of(both.set("disbursed", usd(5)).build()).get("tariff").expect("asked").to_string(), "15%");
}

#[derive(serde::Serialize)]
struct Stated<T> {
    disbursed: T,
}

#[test]
fn values_of_serde_are_facts_and_floats_are_none() {
    let policy = Policy::from_text(PLEDGE).expect("a policy");
    let text = policy.facts().from_serde(&Stated { disbursed: "600 billion USD" }).build().expect("facts");
    assert_eq!(policy.ask(&text).on("2029-01-20").answers().expect("answers").missing(), [""; 0]);
    let float = policy.facts().from_serde(&Stated { disbursed: 0.1 }).build().expect_err("a float");
    assert!(float.to_string().contains("`disbursed` is a binary float"), "{float}");
}

#[test]
fn what_is_wrong_is_an_error_with_its_place() {
    let wrong = Policy::from_text("outcome o : rate\nrule r: o := 1 USD\n").expect_err("no policy");
    let first = &wrong.messages()[0];
    assert_eq!(
        (first.place.file.as_deref(), first.place.start.map(|at| at.line)),
        (Some("policy.comity"), Some(2))
    );
    let error: Box<dyn std::error::Error + Send + Sync> = Box::new(wrong.clone());
    assert!(error.to_string().starts_with("policy.comity:2:"), "{error}");
    assert!(serde_json::to_value(&wrong).expect("JSON")["diagnostics"][0]["code"].is_string());

    let policy = Policy::from_text(PLEDGE).expect("a policy");
    let facts =
        policy.facts().set("disbursd", usd(1)).set("pledged", percent(3)).build().expect_err("no facts");
    assert_eq!(facts.len(), 2, "{facts}");
    assert!(facts.to_string().contains("did you mean `disbursed`?"), "{facts}");
    let facts = policy.facts().build().expect("facts");
    let no_day = policy.ask(&facts).answers().expect_err("a day is needed");
    assert!(
        no_day.to_string().contains("no day is given") && !no_day.to_string().contains("--on"),
        "{no_day}"
    );
    assert!(
        policy.ask(&facts).on("tomorrow").answers().expect_err("no day").to_string().contains("`tomorrow`")
    );
    assert!(policy.ask(&facts).on("2029-01-20").only(["tarif"]).answers().is_err());
    let other = Policy::from_text(PLEDGE).expect("a policy");
    let foreign = other.ask(&facts).on("2029-01-20").answers().expect_err("of another policy");
    assert!(foreign.to_string().contains("another policy"), "{foreign}");
    assert!(Policy::load("policies/no_such").is_err());
}

#[test]
fn a_policy_is_shared_between_threads() {
    fn shared<T: Send + Sync + Clone + 'static>(_: &T) {}
    let policy = load("policies/pledge.comity");
    let facts = stated(&policy, "policies/pledge.facts.yaml");
    shared(&policy);
    shared(&facts);
    shared(&policy.ask(&facts).on("2029-01-20").answers().expect("answers"));
    let answer = |policy: Policy, facts: Facts| {
        let answers = policy.ask(&facts).on("2029-01-20").answers().expect("answers");
        answers.get("tariff").expect("asked").to_string()
    };
    let threads: Vec<_> = (0..4)
        .map(|_| (policy.clone(), facts.clone()))
        .map(|(policy, facts)| std::thread::spawn(move || answer(policy, facts)))
        .collect();
    let here = answer(policy, facts);
    assert!(threads.into_iter().all(|one| one.join().expect("no panic") == here));
}

const DUTY: &str = "enum Sector = cars, other\n\
    unit tonne = 1000 kg\n\
    entity entry keyed by id dated by entered {\n\
      id : text\n entered : date\n value : USD where entry.value >= 0 USD\n sector : Sector\n rate_ : rate\n heavy : bool\n weight : kg\n}\n\
    outcome duty : USD rounded half up to 0.01 USD for each entry\n\
    rule cars for each entry: if entry.sector = cars and entry.entered >= 2025-09-16 then duty := 15% * entry.value\n\
    rule others for each entry: if entry.sector = other and not entry.heavy then duty := entry.rate_ * entry.value\n\
    rule heavies for each entry: if entry.sector = other and entry.heavy then duty := 2 USD/kg * entry.weight\n";

#[test]
fn rows_in_columns_get_what_they_get_one_by_one() {
    let policy = Policy::from_text(DUTY).expect("a policy");
    let day = |text| Day::parse(text).expect("a day");
    let days = ["2025-09-15", "2025-09-16", "2026-01-01", "2026-01-01", "2026-01-02"].map(day);
    let (cents, sectors) = ([10_000, 12_345, 3, 999, 50_000], ["cars", "cars", "other", "other", "unknown"]);
    let (rates, heavy) = ([25i64, 25, 71, 0, 0], [false, false, false, true, false]);
    let tonnes = [1i64, 2, 3, 4, 5];
    let table = policy.table("entry", &["duty"]).expect("a table");
    let columns = [
        ("entered", Column::Days(&days)),
        ("value [USD]", Column::Numbers { values: &cents, places: 2 }),
        ("sector", Column::Texts(&sectors)),
        ("rate_ [%]", Column::Numbers { values: &rates, places: 1 }),
        ("heavy", Column::Truths(&heavy)),
        ("weight [tonne]", Column::Numbers { values: &tonnes, places: 0 }),
    ];
    let answers = table.answer(&columns).expect("answers");
    let facts = (0..5).fold(policy.facts(), |facts, at| {
        let cells = [
            ("entered", days[at].to_string()),
            ("value", format!("{}.{:02} USD", cents[at] / 100, cents[at] % 100)),
            ("sector", sectors[at].to_string()),
            ("rate_", format!("{}.{}%", rates[at] / 10, rates[at] % 10)),
            ("heavy", heavy[at].to_string()),
            ("weight", format!("{} tonne", tonnes[at])),
        ];
        facts.row("entry", &format!("e{at}"), cells)
    });
    let facts = facts.build().unwrap_or_else(|error| panic!("{error}"));
    let alone = policy.ask(&facts).answers().expect("answers");
    let statuses: Vec<Status> = alone.rows("duty").map(|answer| answer.status()).collect();
    assert_eq!(answers.statuses("duty"), statuses);
    assert!(statuses.contains(&Status::Gap) && statuses.contains(&Status::Undetermined));
    for (at, answer) in alone.rows("duty").enumerate() {
        assert_eq!(answers.value("duty", at), answer.value(), "row {at}");
        assert_eq!(answers.rules("duty", at), answer.rules(), "row {at}");
    }
    assert_eq!(alone.row("duty", "e1").expect("a row").to_string(), "18.52 USD");
    // Nothing that is asked is left out in silence.
    let one = policy.ask(&facts).row("e1");
    assert!(one.answers().expect_err("all rows").to_string().contains("answers come for all rows"));
    assert!(one.row("e2").why("duty").expect_err("two").to_string().contains("a story is of one row"));
    let negative = [
        ("value [USD]", Column::Numbers { values: &[1, -1], places: 0 }),
        ("entered", Column::Days(&days[..2])),
    ];
    let said = table.answer(&negative).expect_err("a `where`").to_string();
    assert!(said.contains("row 2"), "{said}");
    let bare = [("value", Column::Numbers { values: &[1], places: 0 })];
    assert!(
        table.answer(&bare).expect_err("no unit").to_string().contains("does not say what its numbers count")
    );
    assert!(table.answer(&[("sector", Column::Truths(&[true]))]).is_err());
    assert!(policy.table("entri", &[]).expect_err("no entity").to_string().contains("`entry`"));
}
