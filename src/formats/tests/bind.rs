//! Facts: values, days, names.

use super::{bound, disk, given, policy, table};
use crate::facts::{Entry, bind};
use crate::formats::Format;
use crate::text::Sources;

const POLICY: &str = r#"
enum Sector = pharma, energy (nuclear, grid (storage))
unit vehicle whole
calendar us_federal
fact pledged : USD = 550 billion USD
fact share : rate
fact duty : USD/kg
fact cars : vehicle
fact deadline : date
fact wait : duration
fact kept : bool
fact note : text
fact hts : code
fact origin : country
fact sector : Sector
fact disbursed : USD over time cumulative
fact rate_then : rate over time
fact title : text over time
fact chosen : project
fact seat : project over time
entity project keyed by name { name : text  sector : Sector }
define twice : USD = pledged + pledged
outcome tariff : rate otherwise 15%
"#;

fn yaml(text: &str) -> String {
    bound(&policy(POLICY), Format::Yaml, text, &disk(&[]))
}

#[test]
fn values_are_read_by_the_declared_type() {
    table(
        &[
            ("pledged: 350 billion USD", "pledged = 350000000000"),
            ("pledged: USD 350 billion", "pledged = 350000000000"),
            ("share: 15%\nduty: 5 USD/kg", "share = 0.15\nduty = 5"),
            ("share: 25 bp\ncars: 65_205 vehicle", "share = 0.0025\ncars = 65205"),
            ("deadline: 2029-01-19", "deadline = 2029-01-19"),
            ("kept: yes", "kept = true"),
            ("share: Free", "share = 0"),
            ("pledged: 350,000,000.50 USD", "pledged = 350000000.5"),
            ("deadline: 2026-02-17T00:00:00", "deadline = 2026-02-17"),
            ("deadline: never\nkept: true", "deadline = never\nkept = true"),
            ("hts: 8703.20", "hts = 8703.20"),
            ("hts: \"8703.20\"\norigin: NO", "hts = 8703.20\norigin = NO"),
            ("hts: 0101.21.00\nsector: storage", "hts = 0101.21.00\nsector = storage"),
            ("sector: Sector.grid", "sector = grid"),
        ],
        yaml,
    );
}

#[test]
fn bounds_and_unknowns() {
    table(
        &[
            ("pledged: at least 5 USD", "pledged = at least 5"),
            ("pledged: at most 5 USD\nshare: between 5% and 10%", "pledged = at most 5\nshare = 0.05..0.1"),
            ("pledged: between 5 USD and 5 USD", "pledged = 5"),
            ("deadline: at least 2026-01-01", "deadline = 2026-01-01..never"),
            (
                "kept: unknown\npledged: \ndeadline: ~\norigin: unknown",
                "pledged = unknown\ndeadline = unknown\nkept = unknown\norigin = unknown",
            ),
            (
                "share: between 10% and 5%",
                "empty-range @ \"between 10% and 5%\": no value lies between these two",
            ),
            (
                "kept: at least true",
                "not-ordered @ \"at least true\": `kept` is true or false, which has no least or greatest",
            ),
            (
                "sector: at most grid",
                "not-ordered @ \"at most grid\": `sector` is a choice from a list, which has no least or greatest",
            ),
        ],
        yaml,
    );
}

#[test]
fn texts_stand_as_they_are() {
    table(
        &[
            ("note: anything, from here", "note = \"anything, from here\""),
            ("note: 'from 2026-01-01'", "note = \"from 2026-01-01\""),
            ("note: '\"unknown\"'", "note = \"unknown\""),
            ("note: unknown", "note = unknown"),
            ("note: 'unknown'", "note = unknown"),
            ("note: ''", "note = \"\""),
            ("note: 'say \"hello\"'", "note = \"say \\\"hello\\\"\""),
            ("note: '\"hello\" he said'", "note = \"\\\"hello\\\" he said\""),
            ("title: one", "title = \"one\""),
            (
                "title: one, two from 2026-01-01, three from 2027-01-01 known from 2027-02-01",
                "title = \"one, two\" from 2026-01-01, \"three\" from 2027-01-01 known from 2027-02-01",
            ),
            (
                "title: [one from 2026-01-01, unknown from 2027-01-01]",
                "title = \"one\" from 2026-01-01, unknown from 2027-01-01",
            ),
            (
                "title: '\"a\" from 2026-01-01, \"b\" from 2027-01-01'",
                "title = \"a\" from 2026-01-01, \"b\" from 2027-01-01",
            ),
        ],
        yaml,
    );
}

#[test]
fn dated_values() {
    table(
        &[
            (
                "disbursed: [0 USD from 2025-09-04, at least 300 billion USD from 2028-12-31 known from 2029-01-15]",
                "disbursed = 0 from 2025-09-04, at least 300000000000 from 2028-12-31 known from 2029-01-15",
            ),
            (
                "disbursed:\n  - 5 USD from 2026-01-01\n  - 0 USD from 2025-09-04\n",
                "disbursed = 0 from 2025-09-04, 5 from 2026-01-01",
            ),
            (
                "disbursed: 0 USD from 2025-09-04, 5 USD from 2026-01-01",
                "disbursed = 0 from 2025-09-04, 5 from 2026-01-01",
            ),
            (
                "stated through: 2028-12-31\nfacts: {disbursed: 0 USD}",
                "stated through 2028-12-31\ndisbursed = 0",
            ),
            ("stated through: 2028-12-31 + 1 day", "stated through 2029-01-01"),
            ("stated through: never", "no-such-start @ \"never\": a day is needed here, and `never` is none"),
            ("stated through: soon\nfacts: {}", "not-a-literal @ \"soon\": a value must be written out here"),
            (
                "disbursed: [0 USD from never]",
                "no-such-start @ \"never\": a day is needed here, and `never` is none",
            ),
            (
                "pledged: 5 USD from 2026-01-01",
                "not-over-time @ \"2026-01-01\": `pledged` does not change over time, yet a value is stated from a day",
            ),
            (
                "disbursed: [0 USD from 2025-09-04, 5 USD from 2025-09-04]",
                "stated-twice @ \"5 USD from 2025-09-04\": `disbursed` is stated twice from 2025-09-04",
            ),
            ("pledged: [5 USD, 6 USD]", "stated-twice @ \"6 USD\": `pledged` is stated twice"),
            ("disbursed: []", "facts-layout @ \"[]\": this list states nothing"),
        ],
        yaml,
    );
}

#[test]
fn what_never_decreases_may_not_fall() {
    let falls =
        |text: &str| format!("falling-fact @ {text:?}: `disbursed` never decreases, but here it falls");
    table(
        &[
            ("disbursed: [5 USD from 2026-01-01, 4 USD from 2027-01-01]", &falls("4 USD from 2027-01-01")),
            ("disbursed: [4 USD from 2027-01-01, 5 USD]", &falls("4 USD from 2027-01-01")),
            (
                "disbursed: [at least 5 USD, unknown from 2026-01-01, at most 4 USD from 2027-01-01]",
                &falls("at most 4 USD from 2027-01-01"),
            ),
            (
                "disbursed: [at least 5 USD, at most 5 USD from 2026-01-01]",
                "disbursed = at least 5, at most 5 from 2026-01-01",
            ),
            // A correction stands instead of what it corrects, from when it is known.
            (
                "disbursed: [5 USD from 2026-01-01, 3 USD from 2026-01-01 known from 2027-06-01, 4 USD from 2027-01-01 known from 2027-06-01]",
                "disbursed = 5 from 2026-01-01, 3 from 2026-01-01 known from 2027-06-01, 4 from 2027-01-01 known from 2027-06-01",
            ),
            (
                "disbursed: [5 USD from 2026-01-01, 3 USD from 2026-01-01 known from 2027-06-01, 4 USD from 2027-01-01 known from 2027-05-01]",
                &falls("4 USD from 2027-01-01 known from 2027-05-01"),
            ),
        ],
        yaml,
    );
}

#[test]
fn wrong_values() {
    table(
        &[
            (
                "pledged: 550 billion",
                "unit-mismatch @ \"550 billion\": expected an amount in USD, found a number",
            ),
            (
                "pledged: 5 EUR",
                "unit-mismatch @ \"5 EUR\": expected an amount in USD, found an amount in EUR",
            ),
            ("share: 15", "bare-rate @ \"15\": `15` is not written as a rate"),
            (
                "cars: 1.5 vehicle",
                "not-whole @ \"1.5 vehicle\": `cars` is counted in whole units, and this is a fraction",
            ),
            ("sector: nucler", "unknown-name @ \"nucler\": `nucler` is not a choice of `Sector`"),
            ("origin: EU", "unknown-name @ \"EU\": no country has the code `EU`"),
            ("kept: x", "bad-cell @ \"x\": `x` is not one written value"),
            (
                "deadline: 2026-02-17 + 45 business days in us_federal",
                "bad-cell @ \"2026-02-17 + 45 business days in us_federal\": this is not one written value",
            ),
            ("pledged: ''", "facts-layout @ \"''\": an empty text states nothing"),
            ("pledged: {a: 1}", "facts-layout @ \"{a: 1}\": `pledged` has a value, not a map"),
            (
                "pledged: [[5 USD]]",
                "facts-layout @ \"[5 USD]\": in a list of values each is one text, such as `0 USD from 2025-09-04`",
            ),
            ("share: \"\\u0031\"", "bare-rate @ \"\\\"\\\\u0031\\\"\": `1` is not written as a rate"),
        ],
        yaml,
    );
}

#[test]
fn names() {
    table(
        &[
            ("pledgd: 5 USD", "unknown-name @ \"pledgd\": the policy has no fact `pledgd`"),
            ("tariff: 5%", "computed @ \"tariff\": `tariff` is an outcome: it is worked out, not stated"),
            ("twice: 5 USD", "computed @ \"twice\": `twice` is a define: it is worked out, not stated"),
            ("project: 5 USD", "unknown-name @ \"project\": the policy has no fact `project`"),
            ("fact: {}\nrows: {}", "facts-layout @ \"fact\": `fact` does not belong at the top of this file"),
            ("- a", "facts-layout @ \"- a\": a facts file is a map of names and what is stated of each"),
            ("facts: 5", "facts-layout @ \"5\": under `facts` stand names and what is stated of each"),
            (
                "pledged: 5 USD\nshare: 5\nkept: 3\n",
                "bare-rate @ \"5\": `5` is not written as a rate\nwrong-type @ \"3\": expected true or false, found a number",
            ),
            ("", ""),
        ],
        yaml,
    );
}

#[test]
fn everything_wrong_is_said_at_once() {
    let text = r#"
facts: {pledged: 5, pledged: 6 USD, kept: 3}
rows:
  project: {ohio: {sector: x, sector: grid}, ohio: {}}
  project: {}
  entry: a.csv
fact: {}
facts: {}
acts: {}
"#;
    let said = [
        "unit-mismatch @ \"5\": expected an amount in USD, found a number",
        "stated-twice @ \"pledged\": `pledged` stands twice",
        "wrong-type @ \"3\": expected true or false, found a number",
        "unknown-name @ \"x\": `x` is not a choice of `Sector`",
        "stated-twice @ \"sector\": `sector` stands twice",
        "stated-twice @ \"ohio\": `ohio` stands twice",
        "stated-twice @ \"project\": `project` stands twice",
        "file-unreadable @ \"a.csv\": `a.csv` cannot be read: no such file",
        "facts-layout @ \"fact\": `fact` does not belong at the top of this file",
        "stated-twice @ \"facts\": `facts` stands twice",
        "facts-layout @ \"{}\": acts and announcements stand in a list, one map for each",
    ];
    assert_eq!(yaml(text), said.join("\n"));
    let json = r#"{"pledged": "5 USD", "\u0070ledged": "6 USD"}"#;
    assert_eq!(
        bound(&policy(POLICY), Format::Json, json, &disk(&[])),
        "stated-twice @ \"\\\"\\\\u0070ledged\\\"\": `pledged` stands twice"
    );
}

#[test]
fn rows_of_other_tables() {
    table(
        &[
            (
                "facts: {chosen: ohio}\nrows: {project: {texas: {}, ohio: {sector: grid}}}",
                "chosen = row ohio\nproject \"texas\" { name = \"texas\" }\nproject \"ohio\" { name = \"ohio\"; sector = grid }",
            ),
            (
                "facts: {seat: [ohio from 2026-01-01, texas from 2027-01-01]}\nrows: {project: {texas: , ohio: }}",
                "seat = row ohio from 2026-01-01, row texas from 2027-01-01\nproject \"texas\" { name = \"texas\" }\nproject \"ohio\" { name = \"ohio\" }",
            ),
            (
                "facts: {chosen: oho}\nrows: {project: {ohio: {}}}",
                "unknown-name @ \"oho\": no row of `project` is called `oho`",
            ),
            (
                "facts: {chosen: ohio}",
                "unknown-name @ \"ohio\": `ohio` is a row of `project`, and no rows of it are stated",
            ),
            ("facts: {chosen: unknown}", "chosen = unknown"),
        ],
        yaml,
    );
}

#[test]
fn the_three_formats_say_the_same() {
    let policy = policy(POLICY);
    let yaml = r#"
stated through: 2028-12-31
facts:
  pledged: 550 billion USD
  share: 15%
  hts: 8703.20
  origin: NO
  note: a, b
  kept: unknown
  disbursed: [0 USD from 2025-09-04, at least 3 USD from 2028-12-31 known from 2029-01-15]
  chosen: ohio
rows:
  project:
    texas: {sector: unknown}
    ohio: {sector: grid}
"#;
    let json = r#"{
"stated through": "2028-12-31",
"facts": {
  "pledged": "550 billion USD", "share": "15%", "hts": 8703.20, "origin": "NO", "note": "a, b", "kept": null,
  "disbursed": ["0 USD from 2025-09-04", "at least 3 USD from 2028-12-31 known from 2029-01-15"],
  "chosen": "ohio"
},
"rows": {"project": {"texas": {"sector": "unknown"}, "ohio": {"sector": "grid"}}}
}"#;
    let toml = r#"
"stated through" = 2028-12-31
[facts]
pledged = "550 billion USD"
share = "15%"
hts = 8703.20
origin = "NO"
note = "a, b"
kept = "unknown"
disbursed = ["0 USD from 2025-09-04", "at least 3 USD from 2028-12-31 known from 2029-01-15"]
chosen = "ohio"
[rows.project]
texas = {sector = "unknown"}
ohio = {sector = "grid"}
"#;
    let expected = bound(&policy, Format::Yaml, yaml, &disk(&[]));
    assert!(expected.contains("hts = 8703.20"), "{expected}");
    assert_eq!(bound(&policy, Format::Json, json, &disk(&[])), expected);
    assert_eq!(bound(&policy, Format::Toml, toml, &disk(&[])), expected);
}

#[test]
fn scenarios_go_the_same_way() {
    let scenario = |givens: &str| format!("{POLICY}\nscenario \"s\" {{ {givens} }}");
    table(
        &[
            (
                "given disbursed = 0 USD from 2025-09-04, 5 USD from 2028-12-31 given kept = unknown given stated through 2029-06-30",
                "stated through 2029-06-30\nkept = unknown\ndisbursed = 0 from 2025-09-04, 5 from 2028-12-31",
            ),
            (
                "given project \"ohio\" { sector = grid } given chosen = \"ohio\"",
                "chosen = row ohio\nproject \"ohio\" { name = \"ohio\"; sector = grid }",
            ),
            ("given share = 15", "bare-rate @ \"15\": `15` is not written as a rate"),
            ("given share = 15% given share = 16%", "stated-twice @ \"share\": `share` is stated twice"),
            (
                "given project \"ohio\" { sector = grid } given project \"ohio\" { }",
                "stated-twice @ \"\\\"ohio\\\"\": the row `ohio` is given twice",
            ),
            (
                "given project \"ohio\" { name = \"texas\" }",
                "row-key @ \"\\\"texas\\\"\": `name` is not the key of its row",
            ),
            ("given pledgd = 5 USD", "unknown-name @ \"pledgd\": the policy has no fact `pledgd`"),
        ],
        |givens| given(&scenario(givens)),
    );
}

#[test]
fn settings_stand_instead_of_the_file() {
    let policy = policy(POLICY);
    let mut sources = Sources::new();
    let set = |sources: &mut Sources, text: &str| {
        let id = sources.add("--set", text);
        Entry::setting(id, text)
    };
    let first = set(&mut sources, "pledged = 5 USD").expect("a setting");
    let second = set(&mut sources, "pledgd=5 USD").expect("a setting");
    let wrong = set(&mut sources, "pledged").expect_err("no value");
    assert_eq!(
        super::said(&sources, &[wrong]),
        "facts-layout @ \"pledged\": a setting is a name and a value"
    );
    let id = sources.add("facts", "pledged: 7 EUR\nkept: true");
    let mut input = super::facts(&mut sources, id, Format::Yaml, &disk(&[])).expect("a facts file");
    input.settings = vec![first.clone()];
    assert_eq!(super::shown(&policy, &bind(&policy, &input).expect("sound")), "pledged = 5\nkept = true");
    input.settings = vec![first.clone(), second, first];
    let errors = bind(&policy, &input).expect_err("unsound");
    drop(input);
    assert_eq!(
        super::said(&sources, &errors),
        "stated-twice @ \"pledged\": `pledged` is stated twice\nunknown-name @ \"pledgd\": the policy has no fact `pledgd`"
    );
}
