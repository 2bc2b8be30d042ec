//! Whatever a file has in it, it is read or refused, never more.

use super::{Disk, bound, disk, policy, table};
use crate::formats::Format;
use crate::policy::Policy;
use proptest::prelude::*;
use std::sync::OnceLock;

fn example() -> &'static Policy {
    static POLICY: OnceLock<Policy> = OnceLock::new();
    POLICY.get_or_init(|| {
        policy(
            "unit vehicle whole enum Sector = autos, energy (grid)
            fact x : USD over time cumulative fact y : rate fact t : text over time fact r : entry fact d : date
            fact b : bool fact w : duration fact c : code fact v : vehicle
            entity entry keyed by line { line : text v : USD s : Sector r : entry c : code w : USD over time }
            entity lot keyed by hts { hts : code }
            outcome o : rate otherwise 1%",
        )
    })
}

const FILES: [Format; 3] = [Format::Yaml, Format::Json, Format::Toml];

/// Pieces of facts files, some of them broken.
const PIECES: &[&str] = &[
    "x",
    "y",
    "t",
    "r",
    "d",
    "b",
    "w",
    "c",
    "v",
    "rows",
    "entry",
    "lot",
    "facts",
    "stated through",
    "acts",
    ":",
    ": ",
    "\n",
    "\n  ",
    "\n    ",
    "{",
    "}",
    "[",
    "]",
    ", ",
    ",",
    "\"",
    "'",
    "5 USD",
    "5%",
    "8703.20",
    "2029-01-19",
    "from 2029-01-19",
    "known from 2029-02-01",
    "from",
    "at least",
    "at most",
    "between 1 USD and 2 USD",
    "unknown",
    "never",
    "null",
    "e1",
    "=",
    "#",
    "|",
    ">",
    "- ",
    "? ",
    "&a",
    "*a",
    "!t",
    "%",
    "---\n",
    "\\",
    "\\u00e9",
    "é",
    "\t",
    "\r\n",
    "\u{feff}",
    "[rows.entry.e1]\n",
    "\"x\": ",
    "0 USD from 2025-01-01",
    "true",
    "a.csv",
    "v [USD]",
    "line",
    "\u{0}",
    "5 days",
    "1.5 vehicle",
    "grid",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_file_is_read_or_refused(text in soup(), rows in soup()) {
        for format in FILES {
            bound(example(), format, &text, &disk(&[("a.csv", rows.as_str())]));
        }
    }

    #[test]
    fn any_value_is_read_or_refused(name in "[xytrdbwcv]", words in prop::collection::vec(prop::sample::select(PIECES), 0..8)) {
        let value = words.join(" ").replace('\'', "''");
        bound(example(), Format::Yaml, &format!("{name}: '{value}'"), &disk(&[]));
        bound(example(), Format::Yaml, &format!("{name}: ['{value}', '{value} from 2030-01-01']"), &disk(&[]));
    }

    #[test]
    fn any_table_is_read_or_refused(rows in soup(), noise in "(?s).{0,60}") {
        let header = "line,v [USD],s,r,c,w\n";
        for text in [format!("{header}{rows}"), format!("{header}{noise}"), rows, noise] {
            bound(example(), Format::Yaml, "rows: {entry: a.csv}", &disk(&[("a.csv", text.as_str())]));
        }
    }
}

#[test]
fn messages_are_not_without_end() {
    let rows: String = (0..100_000).map(|row| format!("e{row},5 EUR\n")).collect();
    let files: Disk = disk(&[("a.csv", &format!("line,v\n{rows}"))]);
    let said = bound(example(), Format::Yaml, "rows: {entry: a.csv}", &files);
    assert_eq!(said.lines().count(), 100);
}

#[test]
fn large_files_are_refused() {
    let large = format!("t: {}", "a".repeat(16 << 20));
    table(&[("", "too-large @ \"\": the facts file is larger than 16 MiB")], |_| {
        bound(example(), Format::Yaml, &large, &disk(&[]))
    });
}
