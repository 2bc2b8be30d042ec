//! Acts and announcements (O2).

use super::{bound, disk, given, policy, table};
use crate::formats::Format;

const POLICY: &str = r#"
agreement pact between US and JP
office president of US
unit vehicle whole
enum Sector = pharma, energy
entity project keyed by name { name : text }
entity line keyed by code { code : code }
fact viable : bool = true
outcome tariff : rate otherwise 15%
define twice : rate = tariff * 2
rule standing: tariff := 15%
obligation sell held by JP: viable by 2026-12-31
power raise(chosen : rate) held by president notwithstanding standing then tariff := chosen
power call(due : date, cars : vehicle, wait : duration, sector : Sector, site : project, note : text) for each project held by JP
power mark for each line held by US
"#;

fn yaml(text: &str) -> String {
    bound(&policy(POLICY), Format::Yaml, text, &disk(&[]))
}

/// One act in a map, with the table of projects.
fn one(act: &str) -> String {
    yaml(&format!("rows: {{project: {{ohio: , texas: }}, line: {{8703.20: }}}}\nacts: [{act}]"))
        .replace("project \"ohio\" { name = \"ohio\" }\nproject \"texas\" { name = \"texas\" }\n", "")
        .replace("line \"8703.20\" { code = 8703.20 }\n", "")
}

#[test]
fn who_when_and_with_what() {
    table(
        &[
            (
                "{act: raise, by: president, on: 2026-03-01, with: {chosen: 20%}}",
                "raise by president on 2026-03-01 chosen = 0.2",
            ),
            (
                "{act: raise, by: JP, on: 2026-03-01, known from: 2026-04-01}",
                "raise by JP on 2026-03-01 known from 2026-04-01 chosen = unknown",
            ),
            (
                "{act: raise, by: US, on: 2026-03-01, with: {chosen: at least 20%}}",
                "raise by US on 2026-03-01 chosen = at least 0.2",
            ),
            (
                "{act: call(\"ohio\"), by: JP, on: 2026-03-01, with: {due: 2026-06-01, cars: 3 vehicle, wait: 30 days, sector: energy, site: texas, note: the first}}",
                "call(ohio) by JP on 2026-03-01 due = 2026-06-01 cars = 3 wait = 30 sector = energy site = row texas note = \"the first\"",
            ),
            (
                "{act: call(ohio), by: JP, on: 2026-03-01, with: {due: never, cars: between 2 vehicle and 3 vehicle, wait: , site: unknown}}",
                "call(ohio) by JP on 2026-03-01 due = never cars = 2..3 wait = unknown sector = unknown site = unknown note = unknown",
            ),
            ("{act: mark(870320), by: US, on: 2026-03-01}", "mark(8703.20) by US on 2026-03-01"),
        ],
        one,
    );
}

#[test]
fn the_order_in_the_file_is_no_matter() {
    let acts = [
        "{act: raise, by: president, on: 2026-03-01, with: {chosen: 20%}}",
        "{act: raise, by: president, on: 2026-03-01, with: {chosen: 25%}}",
        "{act: raise, by: JP, on: 2026-03-01, known from: 2026-01-01}",
        "{act: raise, by: US, on: 2026-02-01}",
    ];
    let forth = yaml(&format!("acts: [{}]", acts.join(", ")));
    let back = yaml(&format!("acts: [{}]", acts.iter().rev().copied().collect::<Vec<_>>().join(", ")));
    assert_eq!(forth, back);
    assert_eq!(
        forth,
        "raise by US on 2026-02-01 chosen = unknown\n\
         raise by president on 2026-03-01 chosen = 0.2\n\
         raise by president on 2026-03-01 chosen = 0.25\n\
         raise by JP on 2026-03-01 known from 2026-01-01 chosen = unknown"
    );
}

#[test]
fn announcements_stand_apart_from_acts() {
    table(
        &[(
            "announcements: [{act: raise, by: president, on: 2026-03-01, with: {chosen: 20%}}]\nacts: ",
            "announced: raise by president on 2026-03-01 chosen = 0.2",
        )],
        yaml,
    );
}

#[test]
fn the_same_in_json_and_toml() {
    let wanted = "project \"ohio\" { name = \"ohio\" }\ncall(ohio) by JP on 2026-03-01 known from 2026-03-02 due = 2026-06-01 cars = unknown wait = unknown sector = unknown site = unknown note = unknown";
    let json = r#"{"rows": {"project": {"ohio": {}}}, "acts": [{"act": "call(\"ohio\")", "by": "JP", "on": "2026-03-01", "known from": "2026-03-02", "with": {"due": "2026-06-01"}}]}"#;
    let toml = "[rows.project.ohio]\n[[acts]]\nact = 'call(\"ohio\")'\nby = 'JP'\non = 2026-03-01\n\"known from\" = 2026-03-02\nwith = {due = 2026-06-01}\n";
    assert_eq!(bound(&policy(POLICY), Format::Json, json, &disk(&[])), wanted);
    assert_eq!(bound(&policy(POLICY), Format::Toml, toml, &disk(&[])), wanted);
    let scenario = format!(
        "{POLICY}\nscenario \"s\" {{\n  given project \"ohio\" {{}}\n  given act call(\"ohio\") by JP on 2026-03-01 known from 2026-03-02 with due = 2026-06-01, cars = unknown\n  expect tariff = 15% on 2026-01-01\n}}\n"
    );
    assert_eq!(given(&scenario), wanted);
}

#[test]
fn what_cannot_be_an_act() {
    table(
        &[
            (
                "{act: rase, by: JP, on: 2026-03-01}",
                "unknown-name @ \"rase\": the policy has no power `rase`",
            ),
            (
                "{act: tariff, by: JP, on: 2026-03-01}",
                "not-a-value @ \"tariff\": `tariff` is an outcome: only powers are exercised",
            ),
            (
                "{act: viable, by: JP, on: 2026-03-01}",
                "not-a-value @ \"viable\": `viable` is a fact: only powers are exercised",
            ),
            (
                "{act: sell, by: JP, on: 2026-03-01}",
                "not-a-value @ \"sell\": `sell` is an obligation: only powers are exercised",
            ),
            (
                "{act: standing, by: JP, on: 2026-03-01}",
                "not-a-value @ \"standing\": `standing` is a rule: only powers are exercised",
            ),
            (
                "{act: 5 USD, by: JP, on: 2026-03-01}",
                "facts-layout @ \"5 USD\": expected a power and its row",
            ),
            (
                "{act: raise, by: presdent, on: 2026-03-01}",
                "unknown-name @ \"presdent\": the policy has no office or party `presdent`",
            ),
            (
                "{act: raise(\"ohio\"), by: JP, on: 2026-03-01}",
                "row-missing @ \"\\\"ohio\\\"\": `raise` is one power, not one for each row",
            ),
            (
                "{act: call, by: JP, on: 2026-03-01}",
                "row-missing @ \"call\": `call` is exercised for a row of `project`",
            ),
            (
                "{act: call(\"oho\"), by: JP, on: 2026-03-01}",
                "unknown-name @ \"\\\"oho\\\"\": no row of `project` is called `oho`",
            ),
            (
                "{act: 'call(ohio, 3)', by: JP, on: 2026-03-01}",
                "facts-layout @ \"'call(ohio, 3)'\": expected a power and its row",
            ),
            ("{act: raise, by: JP, on: soon}", "not-a-literal @ \"soon\": a value must be written out here"),
            (
                "{act: raise, by: JP, on: never}",
                "no-such-start @ \"never\": a day is needed here, and `never` is none",
            ),
            (
                "{act: raise, by: JP, on: 2026-03-01 from 2026-03-01}",
                "wrong-type @ \"2026-03-01 from 2026-03-01\": expected a date",
            ),
            (
                "{act: raise, by: JP, on: 2026-03-01, with: {chosn: 20%}}",
                "unknown-name @ \"chosn\": `raise` has no parameter `chosn`",
            ),
            (
                "{act: raise, by: JP, on: 2026-03-01, with: {chosen: 20}}",
                "bare-rate @ \"20\": `20` is not written as a rate",
            ),
            (
                "{act: raise, by: JP, on: 2026-03-01, with: {chosen: 20% from 2026-01-01}}",
                "not-over-time @ \"20% from 2026-01-01\": an act states one value of `chosen`, without days",
            ),
            (
                "{act: raise, by: JP, on: 2026-03-01, with: {chosen: 20%, chosen: 20%}}",
                "stated-twice @ \"chosen\": `chosen` stands twice",
            ),
            (
                "{act: call(ohio), by: JP, on: 2026-03-01, with: {cars: 1.5 vehicle}}",
                "not-whole @ \"1.5 vehicle\": `cars` is counted in whole units, and this is a fraction",
            ),
            (
                "{act: raise, by: JP, on: 2026-03-01}, {by: JP, act: raise, on: 2026-03-01}",
                "stated-twice @ \"{by: JP, act: raise, on: 2026-03-01}\": this act is stated twice",
            ),
            ("{act: raise, by: JP}", "facts-layout @ \"{act: raise, by: JP}\": this act does not say `on`"),
            ("{act: raise, by: JP, in: 2026-03-01}", "facts-layout @ \"in\": `in` is not said of an act"),
            (
                "{act: raise, by: JP, on: [2026-03-01]}",
                "facts-layout @ \"[2026-03-01]\": after `on` stands one text",
            ),
            ("raise", "facts-layout @ \"raise\": an act is a map: `{act: …, by: …, on: …}`"),
        ],
        one,
    );
}

#[test]
fn a_row_is_named_only_where_its_table_is_stated() {
    table(
        &[(
            "acts: [{act: call(\"ohio\"), by: JP, on: 2026-03-01}]",
            "unknown-name @ \"\\\"ohio\\\"\": `ohio` is a row of `project`, and no rows of it are stated",
        )],
        yaml,
    );
}
