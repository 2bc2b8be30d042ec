use super::Editor;
use gen_lsp_types as lsp;

/// What is offered at a place, the nearest first.
fn offered(editor: &mut Editor, path: &str, words: &str) -> Vec<String> {
    let params = lsp::CompletionParams {
        context: None,
        text_document_position_params: editor.place(path, words),
        work_done_progress_params: Default::default(),
        partial_result_params: Default::default(),
    };
    let mut items = match editor.ask::<lsp::CompletionRequest>(params) {
        Some(lsp::CompletionResponse::CompletionItemList(items)) => items,
        other => panic!("{other:?}"),
    };
    items.sort_by_key(|item| item.sort_text.clone());
    items.into_iter().map(|item| item.label).collect()
}

/// The same in the Japan policy, with new words before a rule.
fn in_japan(words: &str) -> Vec<String> {
    let path = "policies/japan/reciprocal.comity";
    let mut editor = Editor::japan("reciprocal.comity");
    let before = "  rule exempt_goods \"Goods of Annex II\"";
    let new = format!("{}\n\n{before}", words.replace('|', ""));
    editor.replace(path, before, &new);
    offered(&mut editor, path, words)
}

fn has(offered: &[String], words: &[&str]) {
    for word in words {
        assert!(offered.iter().any(|one| one == word), "{word} is not among {offered:?}");
    }
}

fn has_not(offered: &[String], words: &[&str]) {
    for word in words {
        assert!(!offered.iter().any(|one| one == word), "{word} is among {offered:?}");
    }
}

#[test]
fn names_come_by_their_kind() {
    let sources = in_japan("  rule new cites |");
    has(&sources, &["EO14345", "HTSUS"]);
    has_not(&sources, &["baseline", "in_scope"]);
    let rules = in_japan("  rule new notwithstanding |");
    has(&rules, &["baseline", "all_in", "article 2", "EO14345"]);
    has_not(&rules, &["in_scope", "reciprocal"]);
    let outcomes = in_japan("  rule new: if in_scope then |");
    has(&outcomes, &["reciprocal", "heading_reciprocal"]);
    has_not(&outcomes, &["baseline"]);
    let values = in_japan("  rule new: if in_sc|");
    has(&values, &["in_scope", "agreed_rate", "entry", "column1", "not"]);
    has_not(&values, &["baseline", "EO14345", "article"]);
}

#[test]
fn members_come_after_a_dot() {
    let fields = in_japan("  rule new: if entry.|");
    has(&fields, &["origin", "hts", "value", "metal_value"]);
    has_not(&fields, &["in_scope", "if"]);
    has(&in_japan("  rule new: if relief(entry.hts).|"), &["class"]);
    has(
        &in_japan("  rule new: if any of other.value > 1 USD for each other in entry where other.|"),
        &["value"],
    );
}

#[test]
fn choices_and_countries_come_where_they_are_compared() {
    let choices = in_japan("  rule new: if power_ends = |");
    assert_eq!(choices[..2], ["collection", "ruling"], "{choices:?}");
    let countries = in_japan("  rule new: if entry.origin = |");
    has(&countries[..250], &["JP", "CH"]);
}

#[test]
fn facts_files_get_names_and_choices() {
    let policy = "enum Kind = steel, copper\nfact kind : Kind\nfact paid : USD\noutcome o : bool\nrule r: o := kind = steel\n";
    let mut editor = Editor::with(&[("p.comity", policy), ("p.facts.yaml", "kind: \npa\n")]);
    assert_eq!(offered(&mut editor, "p.facts.yaml", "kind: |"), ["copper", "steel"]);
    assert_eq!(offered(&mut editor, "p.facts.yaml", "\npa|"), ["kind", "paid"]);
}

#[test]
fn keywords_come_by_their_place() {
    let head = in_japan("  rule new |");
    has(&head, &["notwithstanding", "subject to", "cites", "from", "until", "for each"]);
    has_not(&head, &["then", "over time", "in_scope"]);
    has(&in_japan("  rule new: if in_scope |"), &["then", "and", "or", "by", "but at least"]);
    has(&in_japan("  define last : bool = true\n  |"), &["rule", "define", "obligation", "and"]);
    let mut editor = Editor::with(&[(
        "p.comity",
        "unit tonne = 1000 kg\nfact a : \nfact b : USD = 550 \nfact c : USD \n",
    )]);
    has(&offered(&mut editor, "p.comity", "fact a : |"), &["rate", "tonne", "USD", "date"]);
    has(&offered(&mut editor, "p.comity", "= 550 |"), &["billion", "USD", "tonne"]);
    has(&offered(&mut editor, "p.comity", "fact c : USD |"), &["over time", "where"]);
    let declarations = offered(&mut editor, "p.comity", "|unit tonne");
    has(&declarations, crate::syntax::starters());
    has_not(&declarations, &["tonne", "then", "USD"]);
}
