//! Whatever is typed, and in whatever order, the editor is told in the end what `check` says of the text.

use super::{Editor, code};
use crate::compile::compile;
use crate::effort::config;
use crate::scenarios::unstated;
use crate::text::{Files, Sources};
use gen_lsp_types as lsp;
use proptest::prelude::*;

const BASE: &str = "\
agreement a between US and JP
use \"part.comity\"
enum Kind = steel, copper (wire)
outcome duty : rate for each entry otherwise 0%
article 2 \"The rate\" cites ORDER {
  rule first: duty := 15%
  ## Above it.
  rule second notwithstanding first: if entry.kind under copper and paid < 5 billion USD then duty := 25% but at least floor(entry.worth)
}
scenario \"s\" {
  given paid = 1 USD
  expect paid = 1 USD
}
";

const PART: &str = "\
source ORDER \"§ 2 of the order\" binding
fact paid : USD over time
entity entry keyed by id { id : text, kind : Kind, worth : USD }
function floor(x : USD) : rate = x / 100 USD
";

/// What may be typed: words of the language, signs, and what is neither.
const WORDS: [&str; 24] = [
    " ",
    "\n",
    "rule ",
    "first",
    "duty := 15%",
    "if ",
    " then ",
    "{",
    "}",
    "\"",
    "entry.",
    "paid",
    ":",
    "use \"part.comity\"\n",
    "use ",
    "# ",
    "## ",
    "§",
    "𝄞",
    "15 %",
    "amends \"root.comity\"\n",
    "notwithstanding ",
    "copper",
    "0",
];

#[derive(Clone, Debug)]
struct Keystroke {
    part: bool,
    at: prop::sample::Index,
    length: usize,
    word: usize,
}

fn keystrokes() -> impl Strategy<Value = Vec<Keystroke>> {
    let one = (any::<bool>(), any::<prop::sample::Index>(), 0..12usize, 0..WORDS.len())
        .prop_map(|(part, at, length, word)| Keystroke { part, at, length, word });
    prop::collection::vec(one, 1..12)
}

struct Typed<'e>(&'e Editor);

impl Files for Typed<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        match self.0.open.get(path.trim_start_matches('/')) {
            Some((_, text)) => Ok(text.clone()),
            None => Err("there is no such file".to_string()),
        }
    }
}

/// The codes and places of what `check` says of a policy, in a file.
fn checked(editor: &Editor, root: &str, path: &str) -> Vec<(String, lsp::Range)> {
    let mut sources = Sources::new();
    let said = match compile(&format!("/{root}"), &Typed(editor), &mut sources) {
        Ok(compiled) => {
            let mut said = unstated(&compiled.policy);
            said.extend(compiled.lints);
            said
        }
        Err(said) => said,
    };
    let mut shown = Vec::new();
    for one in said {
        let span = one.span().map(|span| sources.origin(span));
        let source = span.and_then(|span| sources.get(span.source));
        let place = match (span, source) {
            (Some(span), Some(source)) => (source.name.clone(), editor.unit.range(source, span)),
            _ => (format!("/{root}"), lsp::Range::default()),
        };
        if place.0 == format!("/{path}") {
            shown.push((one.code.as_str().to_string(), place.1));
        }
    }
    shown.sort_by_key(|(code, range)| (*range, code.clone()));
    shown.dedup();
    shown
}

proptest! {
    #![proptest_config(config(24, 2000))]

    #[test]
    fn random_edits_end_in_what_check_says(strokes in keystrokes()) {
        let mut editor = Editor::with(&[("root.comity", BASE), ("part.comity", PART)]);
        for stroke in &strokes {
            let path = if stroke.part { "part.comity" } else { "root.comity" };
            let text = editor.text(path).to_string();
            let boundary = |mut at: usize| {
                while !text.is_char_boundary(at) {
                    at -= 1;
                }
                at
            };
            let start = boundary(stroke.at.index(text.len() + 1));
            let end = boundary((start + stroke.length).min(text.len()));
            editor.change(path, start..end, WORDS[stroke.word]);
            let place = lsp::TextDocumentPositionParams {
                text_document: Editor::document(path),
                position: editor.position(path, start),
            };
            let _ = editor.answer::<lsp::HoverRequest>(lsp::HoverParams {
                text_document_position_params: place.clone(),
                work_done_progress_params: Default::default(),
            });
            let _ = editor.answer::<lsp::CompletionRequest>(lsp::CompletionParams {
                context: None,
                text_document_position_params: place,
                work_done_progress_params: Default::default(),
                partial_result_params: Default::default(),
            });
            let _ = editor.answer::<lsp::SemanticTokensRequest>(lsp::SemanticTokensParams {
                text_document: Editor::document(path),
                work_done_progress_params: Default::default(),
                partial_result_params: Default::default(),
            });
        }
        let root = "root.comity";
        let said = editor.diagnostics(root);
        let mut shown: Vec<_> = said.iter().map(|one| (code(one), one.range)).collect();
        shown.sort_by_key(|(code, range)| (*range, code.clone()));
        shown.dedup();
        let wanted = checked(&editor, root, root);
        // A part that no longer is one may be a policy by itself that says more of the root.
        for one in &wanted {
            prop_assert!(shown.contains(one), "{one:?} is missing in {shown:?}\n{}", editor.text(root));
        }
        let alone = checked(&editor, "part.comity", root);
        for one in &shown {
            prop_assert!(wanted.contains(one) || alone.contains(one), "{one:?} is too much\n{}", editor.text(root));
        }
    }
}
