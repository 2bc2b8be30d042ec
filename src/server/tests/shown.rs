use super::Editor;
use gen_lsp_types as lsp;

const RECIPROCAL: &str = "policies/japan/reciprocal.comity";

fn hover(editor: &mut Editor, path: &str, words: &str) -> String {
    let params = lsp::HoverParams {
        text_document_position_params: editor.place(path, words),
        work_done_progress_params: Default::default(),
    };
    match editor.ask::<lsp::HoverRequest>(params).map(|hover| hover.contents) {
        Some(lsp::Contents::MarkupContent(content)) => content.value,
        None => String::new(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_rule_shows_who_says_so_and_what_stands_above_it() {
    let mut editor = Editor::japan("reciprocal.comity");
    let told = hover(&mut editor, RECIPROCAL, "notwithstanding additive, all_|in\n");
    assert!(told.starts_with("```comity\nrule all_in \"15 per cent in all"), "{told}");
    for part in [
        "until last_of_power known from 2026-02-20:\n```",
        "rule, article 2, reciprocal.comity:",
        "Known on 4 September, in force from 7 August",
        "cites `EO14345` \"sec. 2(a)\", Executive Order 14345, 4 September 2025",
        "above `additive`",
        "below `on_the_water`, `zeroed`, `exempt_goods`, `claimed_out`, `aircraft`",
    ] {
        assert!(told.contains(part), "{part}\n---\n{told}");
    }
}

#[test]
fn a_value_shows_its_type_and_what_is_said_of_it() {
    let mut editor = Editor::japan("reciprocal.comity");
    let told = hover(&mut editor, RECIPROCAL, "if power_|ends = ruling");
    assert!(told.contains("fact power_ends : EndOfPower = collection"), "{told}");
    let told = hover(&mut editor, RECIPROCAL, "if power_ends = rul|ing");
    assert!(told.contains("choice of `EndOfPower`"), "{told}");
    let told = hover(&mut editor, RECIPROCAL, "entry.metal_val|ue");
    assert!(told.contains("field of `entry`"), "{told}");
    assert_eq!(hover(&mut editor, RECIPROCAL, "otherwise 2026-02|-24"), "");
    let mut editor =
        Editor::with(&[("p.comity", "fact a : USD\ndefine b = a * 2\noutcome o : USD\nrule r: o := b\n")]);
    let told = hover(&mut editor, "p.comity", "o := |b");
    assert!(told.contains("define: an amount in USD, p.comity:2:8"), "{told}");
}

#[test]
fn facts_files_show_what_is_stated() {
    let path = "policies/japan/facts/august_entry.yaml";
    let mut editor = Editor::japan("facts/august_entry.yaml");
    let told = hover(&mut editor, path, "ori|gin: JP");
    assert!(told.contains("field of `entry`"), "{told}");
    assert_eq!(hover(&mut editor, path, "origin: J|P"), "");
}

#[test]
fn a_head_does_not_say_what_stands_above_it_and_a_hint_does() {
    let mut editor = Editor::japan("reciprocal.comity");
    let end = editor.position(RECIPROCAL, editor.text(RECIPROCAL).len());
    let params = lsp::InlayHintParams {
        text_document: Editor::document(RECIPROCAL),
        range: lsp::Range { start: lsp::Position::default(), end },
        work_done_progress_params: Default::default(),
    };
    let hints = editor.ask::<lsp::InlayHintRequest>(params).unwrap_or_default();
    let shown: Vec<String> = hints
        .iter()
        .map(|hint| match &hint.label {
            lsp::Label::String(text) => format!("{}: {text}", hint.position.line + 1),
            other => panic!("{other:?}"),
        })
        .collect();
    let line =
        editor.text(RECIPROCAL).lines().position(|line| line.contains("rule on_the_water")).unwrap() + 1;
    assert!(
        shown.contains(&format!("{line}: displaced by zeroed, exempt_goods, claimed_out, 1 more")),
        "{shown:?}"
    );
    assert_eq!(shown.len(), 10, "{shown:?}");
}

#[test]
fn words_are_told_apart_by_what_they_are() {
    let text = "fact rate : rate\nfact by : date\noutcome o : bool\nrule r: o := rate < 15% by by\n";
    let mut editor = Editor::with(&[("p.comity", text)]);
    let params = lsp::SemanticTokensParams {
        text_document: Editor::document("p.comity"),
        work_done_progress_params: Default::default(),
        partial_result_params: Default::default(),
    };
    let tokens = editor.ask::<lsp::SemanticTokensRequest>(params).expect("tokens").data;
    let legend = crate::server::tokens::legend().token_types;
    let (mut line, mut column) = (0, 0);
    let mut shown = Vec::new();
    for token in tokens {
        column = if token.delta_line == 0 { column + token.delta_start } else { token.delta_start };
        line += token.delta_line;
        let start = lsp::Position { line, character: column };
        let end = lsp::Position { line, character: column + token.length };
        let words = editor.words("p.comity", lsp::Range { start, end });
        let declares = if token.token_modifiers_bitset == 1 { "!" } else { "" };
        shown.push(format!("{words}:{}{declares}", legend[token.token_type as usize]));
    }
    assert_eq!(
        shown.join(" "),
        "fact:keyword rate:variable! rate:type fact:keyword by:variable! date:type outcome:keyword \
         o:property! bool:type rule:keyword r:method! o:property rate:variable 15:number by:keyword by:variable"
    );
}

#[test]
fn a_call_shows_its_parameters() {
    let text = "## Half of it.\nfunction f(a : USD, b : rate) : USD = a * b\noutcome o : USD\nrule r: o := f(1 USD, \n";
    let mut editor = Editor::with(&[("p.comity", text)]);
    let params = lsp::SignatureHelpParams {
        context: None,
        text_document_position_params: editor.place("p.comity", "f(1 USD, |"),
        work_done_progress_params: Default::default(),
    };
    let help = editor.ask::<lsp::SignatureHelpRequest>(params).expect("a signature");
    assert_eq!(help.signatures[0].label, "f(a : USD, b : rate) : USD");
    assert_eq!(help.active_parameter, Some(lsp::ActiveParameter::Int(1)));
    let names: Vec<String> = help.signatures[0]
        .parameters
        .iter()
        .flatten()
        .map(|one| match &one.label {
            lsp::ParameterInformationLabel::String(label) => label.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(names, ["a : USD", "b : rate"]);
}

#[test]
fn a_scenario_runs_from_where_it_is_written() {
    let mut editor = Editor::japan("scenarios/two_ends.comity");
    let path = "policies/japan/scenarios/two_ends.comity";
    let params = lsp::CodeLensParams {
        text_document: Editor::document(path),
        work_done_progress_params: Default::default(),
        partial_result_params: Default::default(),
    };
    let lenses = editor.ask::<lsp::CodeLensRequest>(params).unwrap_or_default();
    assert_eq!(lenses.len(), 2 * editor.text(path).matches("\nscenario \"").count());
    let run = |editor: &mut Editor, lens: usize| {
        let command = lenses[lens].command.clone().expect("a command");
        let params = lsp::ExecuteCommandParams {
            command: command.command,
            arguments: command.arguments,
            work_done_progress_params: Default::default(),
        };
        let answer = editor.ask::<lsp::ExecuteCommandRequest>(params).expect("an answer");
        answer.as_str().expect("words").to_string()
    };
    let told = run(&mut editor, 1);
    assert!(told.contains(" decides: "), "{told}");
    editor.wait(|editor| editor.shown.len() == 2);
    editor.shown.clear();
    let told = run(&mut editor, 0);
    assert!(told.starts_with("1 scenario, ") && !told.contains("FAILS"), "{told}");
    editor.replace(path, "expect ", "expect 1 = 2 and ");
    let told = run(&mut editor, 0);
    assert!(told.contains("FAILS"), "{told}");
    editor.wait(|editor| editor.shown.len() == 4);
    assert_eq!(editor.shown[2], told);
    assert_eq!(editor.shown[3], told.lines().last().unwrap_or_default());
}
