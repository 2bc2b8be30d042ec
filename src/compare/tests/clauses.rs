//! Which changes of a clause are told, and how.

use super::*;

const BASE: &str = "source S \"the order\" binding\n\
    fact n : number\nfact m : number\nfact flag : bool = false\n\
    define half : number = n / 2\n\
    outcome o : number otherwise 0\noutcome p : number otherwise 0\n\
    rule first cites S \"1\": if n > 1 and flag then o := 1\n\
    rule second notwithstanding first from 2025-01-01: if half > m then o := 2\n\
    if m > 3 then p := 3\n";

/// What is told of the base with one text in place of another.
fn with(old: &str, new: &str) -> Vec<String> {
    assert!(BASE.contains(old), "{old}");
    told(&clauses(&policy(BASE), &policy(&BASE.replace(old, new))))
}

#[test]
fn each_part_of_a_clause_is_told() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("o := 1", "o := 1.5", &["rule first changed value o"]),
        ("n > 1", "n >= 1", &["rule first changed condition"]),
        ("\"1\"", "\"1(a)\"", &["rule first changed citation"]),
        ("rule first cites", "rule first \"The first\" cites", &["rule first changed title"]),
        ("from 2025-01-01", "from 2025-01-02", &["rule second changed from"]),
        ("from 2025-01-01", "from 2025-01-01 known from 2025-02-01", &["rule second changed known from"]),
        ("from 2025-01-01", "until 2026-01-01", &["rule second changed from, until"]),
        ("notwithstanding first ", "", &["rule second changed priority"]),
        (
            "notwithstanding first",
            "subject to first",
            &["rule first changed priority", "rule second changed priority"],
        ),
        ("n / 2", "n / 3", &["define half changed value"]),
        ("flag : bool = false", "flag : bool = true", &["fact flag changed default"]),
        ("fact n : number", "fact n : number over time where n > 0", &["fact n changed over time, where"]),
        ("fact m : number", "fact m : USD/USD", &["fact m changed type"]),
        (
            "o : number otherwise 0",
            "o : number rounded to 1 otherwise 1",
            &["outcome o changed rounding, otherwise"],
        ),
        ("p := 3", "p := 4", &["rule p#1 changed value p"]),
        ("if m > 3 then p := 3\n", "", &["rule p#1 repealed"]),
        ("if m > 3 then p := 3", "if m > 3 then p := 3\nrule third: p := 9", &["rule third added"]),
        ("binding", "non-binding", &["source S changed binding"]),
    ];
    for (old, new, wanted) in cases {
        let mut found = with(old, new);
        let mut wanted: Vec<String> = wanted.iter().map(|one| (*one).to_owned()).collect();
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted, "{old} → {new}");
    }
}

#[test]
fn what_is_written_otherwise_is_not_told() {
    for (old, new) in [
        ("n > 1 and flag", "(flag) and 1 < n"),
        ("half > m", "not (half <= m)"),
        ("n / 2", "(n) / 2.0"),
        ("second notwithstanding first from 2025-01-01", "second from 2025-01-01 notwithstanding first"),
        ("fact n : number\nfact m : number\n", "fact m : number\n# both\nfact n : number\n"),
    ] {
        assert_eq!(with(old, new), Vec::<String>::new(), "{old} → {new}");
    }
    // From which side a priority is said.
    let (old, new) = ("rule first cites", "rule first subject to second cites");
    let text = BASE.replace("notwithstanding first ", "").replace(old, new);
    assert_eq!(told(&clauses(&policy(BASE), &policy(&text))), Vec::<String>::new());
}

#[test]
fn names_are_followed_where_they_are_used_alike() {
    let renamed = BASE.replace("half", "middle").replace("first", "one").replace("fact n", "fact amount");
    let renamed = renamed.replace("n /", "amount /").replace("n >", "amount >");
    let found = told(&clauses(&policy(BASE), &policy(&renamed)));
    assert_eq!(found, ["rule one same was first", "define middle same was half", "fact amount same was n",]);
    // Two facts that change places are two changes, not two names.
    let swapped = BASE.replace("half > m", "half > n").replace("n / 2", "m / 2");
    let found = told(&clauses(&policy(BASE), &policy(&swapped)));
    assert_eq!(found, ["rule second changed condition", "define half changed value"]);
}

#[test]
fn names_that_are_used_alike_keep_what_belongs_together() {
    let old = "fact x : number\nfact y : number\noutcome o : number\n\
        rule one: if x < 1 then o := x\nrule two: if y < 1 then o := y\n";
    // In another order, so that the first fact is not that of the first rule.
    let new = "fact b : number\nfact a : number\noutcome o : number\n\
        rule first: if a < 1 then o := a\nrule second: if b < 1 then o := b\n";
    let found = clauses(&policy(old), &policy(new));
    assert!(found.real().next().is_none(), "{:?}", told(&found));
    assert_eq!(found.changes.len(), 4);
}

#[test]
fn rules_that_say_the_same_are_told_apart_by_who_stands_above_whom() {
    let text = |lower: &str, upper: &str, order: bool| {
        let mut rules =
            [format!("rule {lower}: o := x\n"), format!("rule {upper} notwithstanding {lower}: o := x\n")];
        if order {
            rules.reverse();
        }
        format!("fact x : number\noutcome o : number\n{}", rules.concat())
    };
    let found = clauses(&policy(&text("a", "b", false)), &policy(&text("d", "c", true)));
    assert_eq!(told(&found), ["rule c same was b", "rule d same was a"]);
}

#[test]
fn a_change_takes_with_it_only_the_names_that_it_uses() {
    let renamed = BASE.replace("first", "one").replace("half", "middle").replace("fact m", "fact limit");
    let renamed = renamed.replace("> m", "> limit").replace("m > 3", "limit > 3");
    let found = told(&clauses(&policy(BASE), &policy(&renamed.replace("o := 1", "o := 9"))));
    assert_eq!(found[0], "rule one added");
    let names = ["define middle same was half", "fact limit same was m"];
    assert!(names.iter().all(|name| found.contains(&(*name).to_owned())), "{found:?}");
}

#[test]
fn rules_without_a_name_are_found_by_outcome_and_text() {
    let old = "fact n : number\noutcome a : number\noutcome b : number\nif n > 1 then a := 1 and b := 2\nif n < 0 then a := 3\n";
    let new = "fact n : number\noutcome a : number\noutcome b : number\nif n < 0 then a := 3\nif 1 < n then b := 2\nif n > 1 then a := 1\n";
    assert_eq!(told(&clauses(&policy(old), &policy(new))), Vec::<String>::new());
}

#[test]
fn of_several_versions_the_one_that_says_the_same_is_the_same() {
    let versions = |list: &str| format!("outcome o : number\n{list}");
    let old = versions("rule r from 2026-01-01: o := 100\n");
    for new in [
        "rule r from 2026-07-01: o := 80\nrule r from 2026-01-01 until 2026-07-01: o := 100\n",
        "rule r from 2026-01-01 until 2026-07-01: o := 100\nrule r from 2026-07-01: o := 80\n",
    ] {
        let mut found = told(&clauses(&policy(&old), &policy(&versions(new))));
        found.sort();
        assert_eq!(found, ["rule r added", "rule r changed until"], "{new}");
    }
}

#[test]
fn requirements_may_be_cut_up_within_their_kind() {
    let text =
        |requires: &str| format!("office o\nfact n : number\npower p(x : number) held by o\n{requires}");
    let base = text("  requires n > 1 and n < 9\n  requires x < 3 and x > 0\n");
    let cut = text("  requires x > 0\n  requires n < 9\n  requires x < 3\n  requires n > 1\n");
    assert_eq!(told(&clauses(&policy(&base), &policy(&cut))), Vec::<String>::new());
    // Judged of an act only, it no longer says whether the power is available.
    let moved = text("  requires n > 1\n  requires n < 9 and x < 3 and x > 0\n");
    assert_eq!(
        told(&clauses(&policy(&base), &policy(&moved))),
        ["power p changed requires, requires an act"]
    );
}
