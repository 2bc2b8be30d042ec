use super::Editor;
use crate::server::places::path_of;
use gen_lsp_types as lsp;

const RECIPROCAL: &str = "policies/japan/reciprocal.comity";

fn definition(editor: &mut Editor, path: &str, words: &str) -> Vec<(String, String)> {
    let params = lsp::DefinitionParams {
        text_document_position_params: editor.place(path, words),
        work_done_progress_params: Default::default(),
        partial_result_params: Default::default(),
    };
    let Some(lsp::DefinitionResponse::Definition(lsp::Definition::LocationList(list))) =
        editor.ask::<lsp::DefinitionRequest>(params)
    else {
        return Vec::new();
    };
    list.iter().map(|one| shown(editor, one)).collect()
}

/// A place as its file and the line from there on.
fn shown(editor: &Editor, place: &lsp::Location) -> (String, String) {
    let path = path_of(&place.uri).expect("a path");
    let text = editor.open.get(path.trim_start_matches('/')).map(|(_, text)| text.clone());
    let text =
        text.unwrap_or_else(|| crate::text::Files::read(editor.files.as_ref(), &path).expect("a file"));
    let start = editor.unit.offset(&text, place.range.start);
    let line = text[start..].lines().next().unwrap_or_default().to_string();
    (path.rsplit('/').next().unwrap_or_default().to_string(), line)
}

fn references(editor: &mut Editor, path: &str, words: &str, with: bool) -> Vec<(String, String)> {
    let params = lsp::ReferenceParams {
        context: lsp::ReferenceContext { include_declaration: with },
        text_document_position_params: editor.place(path, words),
        work_done_progress_params: Default::default(),
        partial_result_params: Default::default(),
    };
    let list = editor.ask::<lsp::ReferencesRequest>(params).unwrap_or_default();
    list.iter().map(|one| shown(editor, one)).collect()
}

#[test]
fn a_use_leads_to_its_declaration_in_another_file() {
    let mut editor = Editor::japan("reciprocal.comity");
    let found = definition(&mut editor, RECIPROCAL, "and ave < agreed_|rate");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, "bargain.comity");
    assert!(found[0].1.starts_with("agreed_rate"), "{found:?}");
    let found = definition(
        &mut editor,
        RECIPROCAL,
        "cites EO14345 \"sec. 2(a)\"".replace("EO14345", "EO1|4345").as_str(),
    );
    assert_eq!(found[0].0, "sources.comity");
    let found = definition(&mut editor, RECIPROCAL, "notwithstanding baseline, one_|day");
    assert!(found[0].1.starts_with("one_day \"24 per cent"), "{found:?}");
    let found = definition(&mut editor, RECIPROCAL, "entry.claimed = dona|tion");
    assert_eq!(found[0].0, "goods.comity");
    let found = definition(&mut editor, RECIPROCAL, "entry.metal_val|ue");
    assert!(found[0].1.starts_with("metal_value"), "{found:?}");
    let found = definition(&mut editor, RECIPROCAL, "relief(entry.hts).cla|ss");
    assert!(found[0].1.starts_with("class"), "{found:?}");
    assert_eq!(definition(&mut editor, RECIPROCAL, "# Article 2: the reci|procal"), []);
}

#[test]
fn a_name_has_all_its_uses() {
    let mut editor = Editor::japan("reciprocal.comity");
    let text = editor.text(RECIPROCAL).to_string();
    let uses = references(&mut editor, RECIPROCAL, "rule on_the_|water", false);
    let own = uses.iter().filter(|(file, _)| file == "reciprocal.comity").count();
    assert_eq!(own, text.matches("on_the_water").count() - 2, "the declaration and a remark");
    let with = references(&mut editor, RECIPROCAL, "rule on_the_|water", true);
    assert_eq!(with.len(), uses.len() + 1);
    let files = references(&mut editor, RECIPROCAL, "outcome reciproc|al ", true);
    assert!(files.iter().any(|(file, _)| file == "duty.comity"), "{files:?}");
    assert!(files.iter().any(|(file, _)| file == "boundaries.comity"), "{files:?}");
    let params = lsp::DocumentHighlightParams {
        text_document_position_params: editor.place(RECIPROCAL, "outcome reciproc|al "),
        work_done_progress_params: Default::default(),
        partial_result_params: Default::default(),
    };
    let marks = editor.ask::<lsp::DocumentHighlightRequest>(params).unwrap_or_default();
    let written = marks.iter().filter(|mark| mark.kind == Some(lsp::DocumentHighlightKind::Write)).count();
    assert_eq!(written, 1 + text.matches(" reciprocal :=").count());
}

#[test]
fn a_text_with_errors_has_names() {
    let text = "fact paid : USD\nfact owed : \noutcome o : USD\nrule r: o := paid +\nrule s notwithstanding r: o := owed\n";
    let mut editor = Editor::with(&[("p.comity", text)]);
    assert_eq!(definition(&mut editor, "p.comity", "o := pa|id")[0].1, "paid : USD");
    assert_eq!(definition(&mut editor, "p.comity", "o := ow|ed")[0].1, "owed : ");
    assert_eq!(definition(&mut editor, "p.comity", "notwithstanding |r:")[0].1, "r: o := paid +");
}

#[test]
fn rows_and_parameters_are_known_where_they_stand() {
    let text = "\
entity line keyed by id { id : text worth : USD }
function twice(x : USD) : USD = x + x
define total : USD for each line = twice(sum of other.worth for each other in line where other.worth < line.worth)
";
    let mut editor = Editor::with(&[("p.comity", text)]);
    assert_eq!(definition(&mut editor, "p.comity", "= |x + x")[0].1, "x : USD) : USD = x + x");
    assert!(
        definition(&mut editor, "p.comity", "sum of oth|er.worth")[0].1.starts_with("other in line where")
    );
    assert!(definition(&mut editor, "p.comity", "where other.wor|th")[0].1.starts_with("worth : USD"));
    assert!(definition(&mut editor, "p.comity", "< lin|e.worth")[0].1.starts_with("line keyed by"));
    assert_eq!(references(&mut editor, "p.comity", "wort|h : USD", true).len(), 4);
}

#[test]
fn files_are_links() {
    let mut editor = Editor::japan("japan.comity");
    let params = lsp::DocumentLinkParams {
        text_document: Editor::document("policies/japan/japan.comity"),
        work_done_progress_params: Default::default(),
        partial_result_params: Default::default(),
    };
    let links = editor.ask::<lsp::DocumentLinkRequest>(params).unwrap_or_default();
    let targets: Vec<String> = links.iter().filter_map(|link| path_of(link.target.as_ref()?)).collect();
    assert_eq!(targets.len(), editor.text("policies/japan/japan.comity").matches("\nuse ").count());
    assert!(targets.contains(&"/policies/framework/ledgers.comity".to_string()), "{targets:?}");
}
