//! The worked examples of the sources are scenarios, and the page of a ledger is what the ledger gives.

use crate::support::{comity, files_under};

/// The examples whose figures a source gives, or a sourced rule by arithmetic.
const WORKED: &[&str] = &[
    "W01", "W02", "W04", "W05", "W06", "W08", "W17", "W19", "W27", "W30", "W31", "W32", "W33", "W34", "W36",
    "W37", "W39", "W40", "W42", "W47", "W48", "W49", "W50", "W53", "W58",
];

#[test]
fn every_worked_example_is_a_scenario() {
    let texts: Vec<String> = files_under("policies")
        .into_iter()
        .filter(|path| path.to_string_lossy().contains(".comity"))
        .map(|path| std::fs::read_to_string(path).expect("a policy"))
        .collect();
    let titles: Vec<&str> = texts
        .iter()
        .flat_map(|text| text.lines())
        .filter_map(|line| line.trim().strip_prefix("scenario \""))
        .filter_map(|line| line.split('"').next())
        .collect();
    let named = |id: &str| {
        titles.iter().any(|title| title.split(|sign: char| !sign.is_alphanumeric()).any(|word| word == id))
    };
    let missing: Vec<&&str> = WORKED.iter().filter(|id| !named(id)).collect();
    assert!(missing.is_empty(), "no scenario has these in its title: {missing:?}");
}

/// Wherever there is a ledger.
#[test]
fn pages_of_fidelity_are_up_to_date_and_borne_out() {
    let ledgers: Vec<_> =
        files_under("policies").into_iter().filter(|path| path.ends_with("fidelity.csv")).collect();
    assert!(!ledgers.is_empty());
    for ledger in ledgers {
        let folder = ledger.parent().expect("in a folder").to_string_lossy().into_owned();
        let page = format!("{folder}/FIDELITY.md");
        let ran = comity(&["fidelity", &folder, "--check", &page]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{folder}");
    }
}

#[test]
fn all_scenarios_of_all_policies_hold() {
    let ran = comity(&["test", "policies"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
}

/// What is found in a shipped policy for some facts, or for all, is mended or explained in its text; `changes` holds texts
/// that are to be compared.
#[test]
fn nothing_is_found_in_a_policy_that_is_not_explained() {
    let is_policy = |path: &std::path::PathBuf| path.to_string_lossy().contains(".comity");
    let files: Vec<String> = files_under("policies")
        .into_iter()
        .filter(|path| is_policy(path) && !path.starts_with("policies/changes"))
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    let used: Vec<String> = files
        .iter()
        .flat_map(|path| comity::compile::uses(path, &std::fs::read_to_string(path).expect("a policy")))
        .collect();
    let roots: Vec<&String> = files.iter().filter(|path| !used.contains(path)).collect();
    assert!(roots.len() > 20, "{roots:?}");
    for root in roots {
        let ran = comity(&["check", root]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{root}\n{}", ran.out);
    }
}
