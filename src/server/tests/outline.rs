use super::Editor;
use gen_lsp_types as lsp;

fn symbols(editor: &mut Editor, path: &str) -> Vec<lsp::DocumentSymbol> {
    let params = lsp::DocumentSymbolParams {
        text_document: Editor::document(path),
        work_done_progress_params: Default::default(),
        partial_result_params: Default::default(),
    };
    match editor.ask::<lsp::DocumentSymbolRequest>(params) {
        Some(lsp::DocumentSymbolResponse::DocumentSymbolList(list)) => list,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_article_has_its_rules_below_it() {
    let path = "policies/japan/reciprocal.comity";
    let mut editor = Editor::japan("reciprocal.comity");
    let outline = symbols(&mut editor, path);
    let article = outline.iter().find(|one| one.name == "article 2").expect("the article");
    assert_eq!(article.detail.as_deref(), Some("Reciprocal tariff"));
    let rules = article.children.as_deref().unwrap_or_default();
    assert_eq!(rules.len(), editor.text(path).matches("\n  rule ").count());
    assert_eq!(rules[1].name, "baseline");
    assert_eq!(editor.words(path, rules[1].selection_range), "baseline");
    assert!(editor.words(path, rules[1].range).starts_with("rule baseline"));
    for one in outline.iter().chain(rules) {
        assert!(one.range.start <= one.selection_range.start && one.selection_range.end <= one.range.end);
    }
}

#[test]
fn names_of_all_files_are_found_by_their_letters() {
    let mut editor = Editor::japan("japan.comity");
    let params = lsp::WorkspaceSymbolParams {
        query: "onwater".to_string(),
        work_done_progress_params: Default::default(),
        partial_result_params: Default::default(),
    };
    // The two kinds of lists look alike.
    let bases: Vec<lsp::BaseSymbolInformation> = match editor.ask::<lsp::WorkspaceSymbolRequest>(params) {
        Some(lsp::WorkspaceSymbolResponse::WorkspaceSymbolList(list)) => {
            list.into_iter().map(|one| one.base_symbol_information).collect()
        }
        Some(lsp::WorkspaceSymbolResponse::SymbolInformationList(list)) => {
            list.into_iter().map(|one| one.base_symbol_information).collect()
        }
        None => Vec::new(),
    };
    let names: Vec<&str> = bases.iter().map(|one| one.name.as_str()).collect();
    assert!(names.contains(&"on_the_water"), "{names:?}");
}

#[test]
fn declarations_and_remarks_fold() {
    let text = "# One.\n# Two.\nfact a : USD\narticle 2 {\n  rule r:\n    o := 15%\n}\noutcome o : rate\n";
    let mut editor = Editor::with(&[("p.comity", text)]);
    let params = lsp::FoldingRangeParams {
        text_document: Editor::document("p.comity"),
        work_done_progress_params: Default::default(),
        partial_result_params: Default::default(),
    };
    let folds = editor.ask::<lsp::FoldingRangeRequest>(params).unwrap_or_default();
    let lines: Vec<(u32, u32)> = folds.iter().map(|fold| (fold.start_line, fold.end_line)).collect();
    assert_eq!(lines, [(0, 1), (3, 6), (4, 5)]);
}
