use super::Editor;
use crate::server::places::path_of;
use crate::server::rename::applied;
use gen_lsp_types as lsp;
use std::collections::BTreeMap;

/// The edits of an answer, by path.
fn by_path(edit: &lsp::WorkspaceEdit) -> BTreeMap<String, Vec<lsp::TextEdit>> {
    let mut files = BTreeMap::new();
    for change in edit.document_changes.iter().flatten() {
        let lsp::DocumentChange::TextDocumentEdit(change) = change else { panic!("{change:?}") };
        let path = path_of(&change.text_document.text_document_identifier.uri).expect("a path");
        let edits = change.edits.iter().map(|edit| match edit {
            lsp::Edit::TextEdit(edit) => edit.clone(),
            other => panic!("{other:?}"),
        });
        files.insert(path.trim_start_matches('/').to_string(), edits.collect());
    }
    files
}

/// Does in the editor what an answer says.
fn done(editor: &mut Editor, edit: &lsp::WorkspaceEdit) {
    for (path, edits) in by_path(edit) {
        let (before, unit) = (editor.text(&path).to_string(), editor.unit);
        let after = applied(&before, &edits, unit);
        editor.change(&path, 0..before.len(), &after);
    }
}

fn fixes(editor: &mut Editor, path: &str) -> Vec<lsp::CodeAction> {
    let said = editor.diagnostics(path);
    let params = lsp::CodeActionParams {
        text_document: Editor::document(path),
        range: said[0].range,
        context: lsp::CodeActionContext { diagnostics: said, only: None, trigger_kind: None },
        work_done_progress_params: Default::default(),
        partial_result_params: Default::default(),
    };
    let actions = editor.ask::<lsp::CodeActionRequest>(params).unwrap_or_default();
    let action = |one| match one {
        lsp::CodeActionResponse::CodeAction(action) => action,
        lsp::CodeActionResponse::Command(command) => panic!("{command:?}"),
    };
    actions.into_iter().map(action).collect()
}

#[test]
fn what_can_mean_one_thing_only_is_mended() {
    let text = "fact paid : USD = 5 USD\noutcome o : rate\nrule r: if paid == 5 USD then o := 25 %\n";
    let mut editor = Editor::with(&[("p.comity", text)]);
    let mut rounds = 0;
    while !editor.diagnostics("p.comity").is_empty() {
        let fixes = fixes(&mut editor, "p.comity");
        assert_eq!(fixes[0].is_preferred, Some(true), "{fixes:?}");
        assert!(fixes[0].title.starts_with("Write"), "{fixes:?}");
        done(&mut editor, fixes[0].edit.as_ref().expect("an edit"));
        rounds += 1;
    }
    assert_eq!(rounds, 2);
    assert!(editor.text("p.comity").ends_with("if paid = 5 USD then o := 25%\n"));
}

#[test]
fn all_that_can_mean_one_thing_only_is_mended_at_once() {
    let text = "fact paid : USD = 5 USD\noutcome o : rate\nrule r: if paid == 5 USD then o := 25 %\n";
    let mut editor = Editor::with(&[("p.comity", text)]);
    let params = lsp::CodeActionParams {
        text_document: Editor::document("p.comity"),
        range: Default::default(),
        context: lsp::CodeActionContext {
            diagnostics: Vec::new(),
            only: Some(vec![lsp::CodeActionKind::Source]),
            trigger_kind: None,
        },
        work_done_progress_params: Default::default(),
        partial_result_params: Default::default(),
    };
    let actions = editor.ask::<lsp::CodeActionRequest>(params).unwrap_or_default();
    let [lsp::CodeActionResponse::CodeAction(action)] = actions.as_slice() else { panic!("{actions:?}") };
    assert_eq!(action.kind, Some(lsp::CodeActionKind::SourceFixAll));
    done(&mut editor, action.edit.as_ref().expect("an edit"));
    assert_eq!(editor.codes("p.comity"), [""; 0]);
    assert!(editor.text("p.comity").ends_with("if paid = 5 USD then o := 25%\n"));
}

#[test]
fn a_text_is_brought_into_the_style() {
    let text = "source S \"§\" binding\nfact   paid:USD\noutcome o : rate\nrule r:o:=15%\n";
    let mut editor = Editor::with(&[("p.comity", text)]);
    let styled = |editor: &mut Editor| {
        let params = lsp::DocumentFormattingParams {
            text_document: Editor::document("p.comity"),
            options: lsp::FormattingOptions { tab_size: 2, insert_spaces: true, ..Default::default() },
            work_done_progress_params: Default::default(),
        };
        editor.ask::<lsp::DocumentFormattingRequest>(params).expect("edits")
    };
    let edits = styled(&mut editor);
    let (before, unit) = (text.to_string(), editor.unit);
    let after = applied(&before, &edits, unit);
    assert!(after.contains("rule r: o := 15%\n"), "{after}");
    editor.change("p.comity", 0..before.len(), &after);
    assert_eq!(styled(&mut editor), []);
    assert_eq!(editor.codes("p.comity"), [""; 0]);
}

#[test]
fn of_a_conflict_either_rule_is_put_above_the_other() {
    let text = "\
fact a : bool
outcome o : rate otherwise 0%
rule low: o := 1%
rule first notwithstanding low: if a then o := 15%
rule second \"2\": if a then o := 25%
";
    for (title, words) in [
        ("Let `first` stand above `second`", "rule first notwithstanding second, low: if"),
        ("Let `second` stand above `first`", "rule second \"2\" notwithstanding first: if"),
    ] {
        let mut editor = Editor::with(&[("p.comity", text)]);
        let is_conflict = |one: &lsp::Diagnostic| super::code(one) == "conflict";
        editor.wait(|editor| {
            editor.said.get("/p.comity").is_some_and(|(_, said)| said.iter().any(is_conflict))
        });
        let all = editor.said["/p.comity"].1.clone();
        let conflicts = all.iter().filter(|one| is_conflict(one) && super::message(one).contains("`first`"));
        let range = conflicts.clone().map(|one| one.range).next().expect("a conflict");
        let params = lsp::CodeActionParams {
            text_document: Editor::document("p.comity"),
            range,
            context: lsp::CodeActionContext { diagnostics: Vec::new(), only: None, trigger_kind: None },
            work_done_progress_params: Default::default(),
            partial_result_params: Default::default(),
        };
        let actions = editor.ask::<lsp::CodeActionRequest>(params).unwrap_or_default();
        let wanted = actions.iter().find_map(|one| match one {
            lsp::CodeActionResponse::CodeAction(action) if action.title == title => action.edit.as_ref(),
            _ => None,
        });
        done(&mut editor, wanted.unwrap_or_else(|| panic!("{actions:?}")));
        assert_eq!(editor.codes("p.comity"), [""; 0]);
        assert!(editor.text("p.comity").contains(words), "{}", editor.text("p.comity"));
    }
}

fn rename(editor: &mut Editor, path: &str, words: &str, name: &str) -> Result<lsp::WorkspaceEdit, String> {
    let params = lsp::RenameParams {
        new_name: name.to_string(),
        text_document_position_params: editor.place(path, words),
        work_done_progress_params: Default::default(),
    };
    editor.answer::<lsp::RenameRequest>(params).map(|edit| edit.expect("an edit"))
}

#[test]
fn a_name_is_changed_in_all_files() {
    let mut editor = Editor::japan("reciprocal.comity");
    let edit = rename(&mut editor, "policies/japan/reciprocal.comity", "outcome reciproc|al ", "mutual")
        .expect("an edit");
    let files = by_path(&edit);
    assert!(files.contains_key("policies/japan/duty.comity"), "{:?}", files.keys());
    files.keys().for_each(|path| {
        if !editor.open.contains_key(path) {
            editor.open(path)
        }
    });
    done(&mut editor, &edit);
    for path in files.keys() {
        assert_eq!(editor.codes(path), [""; 0], "{path}");
    }
    assert!(editor.text("policies/japan/reciprocal.comity").contains("outcome mutual "));
}

#[test]
fn a_rule_and_a_field_are_changed_where_they_are_named() {
    let mut editor = Editor::japan("reciprocal.comity");
    let path = "policies/japan/reciprocal.comity";
    let edit = rename(&mut editor, path, "rule all_|in", "fifteen").expect("an edit");
    done(&mut editor, &edit);
    assert_eq!(editor.codes(path), [""; 0]);
    let edit = rename(&mut editor, path, "entry.metal_val|ue", "metal_worth").expect("an edit");
    assert!(by_path(&edit).len() > 2, "{:?}", by_path(&edit).keys());
}

#[test]
fn what_would_mean_something_else_is_refused() {
    let text = "\
enum A = x, y
enum B = x, z
fact a : A
fact b : B
outcome o : bool
rule r: o := a = x and b = z
article 2 {
}
";
    let mut editor = Editor::with(&[("p.comity", text)]);
    let mut why = |words: &str, name: &str| rename(&mut editor, "p.comity", words, name).unwrap_err();
    assert_eq!(why("fact |a ", "b"), "`b` is a fact already");
    assert!(why("fact |a ", "2a").starts_with("`2a` can be no name"));
    assert!(why("fact |a ", "then").starts_with("`then` can be no name"));
    assert!(why("a = |x", "w").starts_with("several things"));
    assert!(why("enum A = |x", "w").contains("may mean something else"));
    assert_eq!(why("article |2", "w"), "the name of an article is no word of its own");
    assert_eq!(why("o := a |= x", "w"), "there is no name of the policy here");
}

#[test]
fn what_can_be_renamed_is_shown_first() {
    let mut editor = Editor::japan("reciprocal.comity");
    let params = lsp::PrepareRenameParams {
        text_document_position_params: editor.place("policies/japan/reciprocal.comity", "rule all_|in"),
        work_done_progress_params: Default::default(),
    };
    let Some(lsp::PrepareRenameResult::PrepareRenamePlaceholder(shown)) =
        editor.ask::<lsp::PrepareRenameRequest>(params)
    else {
        panic!("nothing is shown");
    };
    assert_eq!(shown.placeholder, "all_in");
    assert_eq!(editor.words("policies/japan/reciprocal.comity", shown.range), "all_in");
}
