//! Tables: rows in the file, rows in CSV.

use super::{bound, disk, policy, table};
use crate::formats::Format;

const POLICY: &str = r#"
enum Sector = autos, steel
entity project keyed by name { name : text  lead : project  funded : USD over time cumulative }
entity entry keyed by line dated by entered {
  line : text
  entered : date
  value : USD
  share : rate = 5%
  hts : code
  sector : Sector
  project : project
}
entity lot keyed by hts { hts : code  parent : lot }
entity day keyed by date { date : date  open : bool }
outcome tariff : rate otherwise 15%
"#;

fn yaml(text: &str) -> String {
    bound(&policy(POLICY), Format::Yaml, text, &disk(&[]))
}

fn csv(text: &str) -> String {
    let files = disk(&[("entries.csv", text), ("more.csv", "line,value\nz1,1 USD")]);
    bound(&policy(POLICY), Format::Yaml, "rows: {entry: entries.csv, project: {ohio: {}}}", &files)
}

#[test]
fn rows_in_the_file() {
    table(
        &[
            ("rows: {project: {}}", "project is empty"),
            ("rows: {project: , entry: unknown}", ""),
            (
                "rows: {project: {ohio: {funded: [0 USD from 2026-01-01, 4 USD from 2026-05-01], lead: texas}, texas: {name: texas, lead: unknown}}}",
                "project \"ohio\" { name = \"ohio\"; lead = row texas; funded = 0 from 2026-01-01, 4 from 2026-05-01 }\nproject \"texas\" { name = \"texas\"; lead = unknown }",
            ),
            (
                "rows: {project: {ohio: {name: texas}}}",
                "row-key @ \"texas\": `name` is not the key of its row",
            ),
            (
                "rows: {project: {ohio: {lead: oho}}}",
                "unknown-name @ \"oho\": no row of `project` is called `oho`",
            ),
            (
                "rows: {project: {ohio: {fundd: 5 USD}}}",
                "unknown-name @ \"fundd\": `project` has no field `fundd`",
            ),
            ("rows: {proj: {ohio: {}}}", "unknown-name @ \"proj\": the policy has no entity `proj`"),
            ("rows: {project: {ohio: {}, ohio: {}}}", "stated-twice @ \"ohio\": `ohio` stands twice"),
            (
                "rows: {project: {ohio: 5}}",
                "facts-layout @ \"5\": the row `ohio` is a map of fields and values",
            ),
            (
                "rows: {project: {'': {}, unknown: {}}}",
                "row-key @ \"''\": this row has no key\nrow-key @ \"unknown\": this row has no key",
            ),
            (
                "rows: {lot: {8703.20: {parent: 870320}, 870320: {}}}",
                "stated-twice @ \"870320\": the row `870320` is given twice",
            ),
            (
                "rows: {lot: {8703.20: {parent: 8703.21}, '8703.21': {parent: 870320}}}",
                "lot \"8703.20\" { hts = 8703.20; parent = row 8703.21 }\nlot \"8703.21\" { hts = 8703.21; parent = row 8703.20 }",
            ),
            ("rows: {lot: {autos: {}}}", "not-a-literal @ \"autos\": a value must be written out here"),
            (
                "rows: {day: {2026-01-01: {open: true, date: 2026-01-01}, 2026-1-2: {}}}",
                "bad-cell @ \"2026-1-2\": `2026-1-2` is not one written value",
            ),
            (
                "rows: {day: {2026-01-01: {open: true}, at least 2026-01-01: {}}}",
                "row-key @ \"at least 2026-01-01\": the key `date` is one value, without bounds and days",
            ),
            (
                "rows: {entry: {e1: {entered: never}, e2: {entered: at least 2026-01-01}, e3: {entered: soon}}}",
                "not-a-literal @ \"soon\": a value must be written out here",
            ),
        ],
        yaml,
    );
}

#[test]
fn rows_in_csv() {
    table(
        &[
            (
                "line,entered,value,hts,sector,project\ne1,2026-01-02,\"1_000 USD\",8703.20,autos,ohio\r\n\ne2,,unknown,0101.21,,\n",
                "project \"ohio\" { name = \"ohio\" }\nentry \"e1\" { line = \"e1\"; entered = 2026-01-02; value = 1000; hts = 8703.20; sector = autos; project = row ohio }\nentry \"e2\" { line = \"e2\"; entered = unknown; value = unknown; hts = 0101.21; sector = unknown; project = unknown }",
            ),
            (
                "\u{feff}line, value [USD] ,share [%]\n e1 , 1000 ,2.5\ne2,12.50,\n\"e, \"\"3\"\"\",at least 5 USD,3%",
                "project \"ohio\" { name = \"ohio\" }\nentry \"e1\" { line = \"e1\"; value = 1000; share = 0.025 }\nentry \"e2\" { line = \"e2\"; value = 12.5; share = unknown }\nentry \"e, \\\"3\\\"\" { line = \"e, \\\"3\\\"\"; value = at least 5; share = 0.03 }",
            ),
            ("line\n", "project \"ohio\" { name = \"ohio\" }\nentry is empty"),
            ("", "facts-syntax @ \"\": this is not well-formed CSV: there is no line of column names"),
            ("\n\n", "facts-syntax @ \"\": this is not well-formed CSV: there is no line of column names"),
            ("value\n5 USD\n", "row-key @ \"value\": no column is called `line`"),
            (
                "line,valu,line\ne1,5,e1",
                "unknown-name @ \"valu\": `entry` has no field `valu`\nstated-twice @ \"line\": `line` is stated twice",
            ),
            ("line;value\ne1;5", "unit-mismatch @ \"5\": expected an amount in USD, found a number"),
            (
                "line,value\ne1\ne2,5 USD,3\ne3,5 EUR\n,5 USD\ne1,\n",
                "facts-syntax @ \"e1\": this is not well-formed CSV: this line has 1 cell, the header 2 columns\nfacts-syntax @ \"e2,5 USD,3\": this is not well-formed CSV: this line has 3 cells, the header 2 columns\nunit-mismatch @ \"5 EUR\": expected an amount in USD, found an amount in EUR\nrow-key @ \"\": this row has no key",
            ),
            (
                "line,value\n\"e1,5 USD\ne2,5 USD",
                "facts-syntax @ \"\\\"\": this is not well-formed CSV: this quote never closes",
            ),
            (
                "line,value\ne\"1,5 USD\n\"e\"1,5 USD\ne2,5 EUR",
                "facts-syntax @ \"\\\"\": this is not well-formed CSV: a quote inside a cell that does not begin with one\nfacts-syntax @ \"1\": this is not well-formed CSV: the cell goes on after its closing quote\nunit-mismatch @ \"5 EUR\": expected an amount in USD, found an amount in EUR",
            ),
            (
                "line,value [EUR]\ne1,5",
                "unit-mismatch @ \"EUR\": expected an amount in USD, found an amount in EUR",
            ),
            (
                "line,value [banana],project [USD]\ne1,5,ohio",
                "unknown-unit @ \"banana\": no unit is called `banana`\nwrong-type @ \"USD\": expected a row, found an amount in USD",
            ),
            (
                "line,value [USD]\ne1,5 USD\ne2,5%\ne3,1.2.3",
                "unit-mismatch @ \"5%\": expected an amount in USD, found a rate\nwrong-type @ \"1.2.3\": expected an amount in USD, found a tariff code",
            ),
            ("line,project\ne1,oho\n", "unknown-name @ \"oho\": no row of `project` is called `oho`"),
        ],
        csv,
    );
}

#[test]
fn files_of_rows() {
    let read = |text: &str| {
        let files = disk(&[("a.csv", "line\ne1\n"), ("b.csv", "line\ne2\ne1"), ("c.csv", "line\ne3")]);
        bound(&policy(POLICY), Format::Yaml, text, &files)
    };
    table(
        &[
            (
                "rows: {entry: [a.csv, c.csv]}",
                "entry \"e1\" { line = \"e1\" }\nentry \"e3\" { line = \"e3\" }",
            ),
            ("rows: {entry: [a.csv, b.csv]}", "stated-twice @ \"e1\": the row `e1` is given twice"),
            (
                "rows: {entry: missing.csv}",
                "file-unreadable @ \"missing.csv\": `missing.csv` cannot be read: no such file",
            ),
            (
                "rows: {entry: entries.parquet}",
                "facts-layout @ \"entries.parquet\": `entries.parquet` is not a CSV file",
            ),
            ("rows: {entry: []}", "facts-layout @ \"[]\": this list names no file"),
            (
                "rows: {entry: [a.csv, {}]}",
                "facts-layout @ \"{}\": a table is a map of rows, the path of a CSV file, or a list of paths",
            ),
            ("rows: {entyr: a.csv}", "unknown-name @ \"entyr\": the policy has no entity `entyr`"),
        ],
        read,
    );
}
