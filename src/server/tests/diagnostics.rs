use super::{Editor, FolderInMemory, code, message};
use crate::server::places::ColumnCount;

const SNAPBACK: &str = "\
fact disbursed : USD
fact pledged : USD
fact date : date
outcome tariff : rate otherwise 15%
if disbursed < pledged by date then tariff := 25%
";

#[test]
fn errors_come_and_go_as_the_text_is_written() {
    let mut editor = Editor::with(&[("p.comity", SNAPBACK)]);
    assert_eq!(editor.codes("p.comity"), [""; 0]);
    editor.replace("p.comity", "tariff := 25%", "tarif := 25%");
    let said = editor.diagnostics("p.comity");
    assert_eq!(code(&said[0]), "unknown-name");
    assert_eq!(editor.words("p.comity", said[0].range), "tarif");
    assert!(message(&said[0]).contains("did you mean"), "{said:?}");
    editor.replace("p.comity", "tarif :=", "tariff :=");
    assert_eq!(editor.codes("p.comity"), [""; 0]);
    editor.replace("p.comity", "then tariff", "the tariff");
    assert_eq!(editor.codes("p.comity"), ["misspelt-keyword"]);
}

#[test]
fn columns_are_those_the_editor_counts() {
    let text = "source O \"§ 232, 𝄞\" binding fact x : USD = 1 JPY\n";
    for unit in [ColumnCount::Utf8, ColumnCount::Utf16] {
        let mut editor = Editor::counting(FolderInMemory::of(&[("p.comity", text)]), unit);
        editor.open("p.comity");
        let said = editor.diagnostics("p.comity");
        assert_eq!(said.len(), 1, "{said:?}");
        assert_eq!(editor.words("p.comity", said[0].range), "1 JPY");
        let start = if unit == ColumnCount::Utf8 { 47 } else { 44 };
        assert_eq!(said[0].range.start.character, start);
        editor.replace("p.comity", "1 JPY", "1 USD");
        assert_eq!(editor.codes("p.comity"), [""; 0]);
    }
}

#[test]
fn files_of_a_policy_are_read_together() {
    let root =
        "agreement a between US and JP\nuse \"parts/facts.comity\"\noutcome o : USD\nrule r: o := paid\n";
    let mut editor = Editor::with(&[("a/root.comity", root), ("a/parts/facts.comity", "fact paid : USD\n")]);
    assert_eq!(editor.codes("a/root.comity"), [""; 0]);
    assert_eq!(editor.codes("a/parts/facts.comity"), [""; 0]);
    // The part is open, and what is wrong is in the root.
    editor.replace("a/parts/facts.comity", "paid : USD", "paid : JPY");
    assert_eq!(editor.codes("a/parts/facts.comity"), [""; 0]);
    editor.wait(|editor| !editor.said["/a/root.comity"].1.is_empty());
    assert_eq!(code(&editor.said["/a/root.comity"].1[0]), "unit-mismatch");
    // Nothing that is closed is kept in mind: the file has the old words.
    editor.close("a/parts/facts.comity");
    editor.wait(|editor| editor.said["/a/root.comity"].1.is_empty());
}

#[test]
fn a_part_alone_is_known_by_the_root_that_uses_it() {
    let mut editor = Editor::japan("reciprocal.comity");
    assert_eq!(editor.codes("policies/japan/reciprocal.comity"), [""; 0]);
    editor.replace(
        "policies/japan/reciprocal.comity",
        "if in_scope and ave < agreed_rate",
        "if in_scop and ave < agreed_rate",
    );
    assert_eq!(editor.codes("policies/japan/reciprocal.comity"), ["unknown-name"]);
}

#[test]
fn an_amendment_is_read_with_its_base() {
    let base = "agreement a between US and JP\noutcome o : rate\nrule r: o := 15%\n";
    let change = "amends \"base.comity\"\nsubstitute 12% for 15% in rule r\n";
    let mut editor = Editor::with(&[("base.comity", base), ("change.comity", change)]);
    assert_eq!(editor.codes("change.comity"), [""; 0]);
    editor.replace("base.comity", "15%", "14%");
    editor.wait(|editor| !editor.said["/change.comity"].1.is_empty());
    assert_eq!(editor.codes("base.comity"), [""; 0]);
}

#[test]
fn prose_is_no_policy() {
    let text = "# The law\n\nA rate of 15 per cent.\n\n```comity\noutcome o : rate\nrule r: o := 15\n```\n";
    let mut editor = Editor::with(&[("law.comity.md", text)]);
    let said = editor.diagnostics("law.comity.md");
    assert_eq!(said[0].range.start.line, 6);
    editor.replace("law.comity.md", "15\n```", "15%\n```");
    assert_eq!(editor.codes("law.comity.md"), [""; 0]);
}

#[test]
fn facts_are_read_against_their_policy() {
    let policy = "fact paid : USD\noutcome o : bool\nrule r: o := paid = paid\n";
    let mut editor = Editor::with(&[("p.comity", policy), ("p.facts.yaml", "paid: 5 JPY\n")]);
    let said = editor.diagnostics("p.facts.yaml");
    assert_eq!(editor.words("p.facts.yaml", said[0].range), "5 JPY");
    editor.replace("p.facts.yaml", "JPY", "USD");
    assert_eq!(editor.codes("p.facts.yaml"), [""; 0]);
    editor.replace("p.comity", "fact paid : USD", "fact paid : JPY");
    editor.wait(|editor| !editor.said["/p.facts.yaml"].1.is_empty());
}

#[test]
fn facts_of_japan_are_those_of_its_policy() {
    let mut editor = Editor::japan("facts/august_entry.yaml");
    assert_eq!(editor.codes("policies/japan/facts/august_entry.yaml"), [""; 0]);
    editor.replace("policies/japan/facts/august_entry.yaml", "origin: JP", "origin: Japan");
    assert_eq!(editor.diagnostics("policies/japan/facts/august_entry.yaml").len(), 1);
}
