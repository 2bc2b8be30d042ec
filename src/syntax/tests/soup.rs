//! Whatever the text, every entrance answers.

use super::*;
use proptest::prelude::*;

const TOKENS: &[&str] = &[
    "if",
    "then",
    "otherwise",
    "and",
    "or",
    "not",
    "true",
    "rule",
    "fact",
    "outcome",
    "article",
    "power",
    "obligation",
    "scenario",
    "given",
    "expect",
    "act",
    "by",
    "within",
    "of",
    "in",
    "under",
    "is",
    "done",
    "breached",
    "but at least",
    "but at most",
    "rounded",
    "half up",
    "to",
    "as of",
    "as known on",
    "sum of",
    "count of",
    "any of",
    "for each",
    "where",
    "top up",
    "last start of",
    "first day of month of",
    "first day of period",
    "year of",
    "from",
    "until",
    "known from",
    "notwithstanding",
    "subject to",
    "held by",
    "cites",
    "requires",
    "each year",
    "over time",
    "running",
    "over",
    "per",
    "starting",
    "entity",
    "keyed by",
    "annex",
    "->",
    "define",
    "function",
    "guarantee",
    "amends",
    "repeal",
    "replace",
    "insert",
    "substitute",
    "set",
    "use",
    "source",
    "x",
    "y",
    "t",
    "E",
    "JP",
    "USD",
    "5",
    "25%",
    "550 billion USD",
    "2029-01-19",
    "9903.02.73",
    "0101",
    "15 %",
    "3 USD/kg",
    "60 days",
    "1 month rounding down",
    "45 business days in c",
    "\"s\"",
    "\"",
    "(",
    ")",
    "{",
    "}",
    ",",
    ".",
    ":",
    ":=",
    "=",
    "!=",
    "<",
    "<=",
    "+",
    "-",
    "*",
    "/",
    "#",
    "##",
    "## doc\n",
    "\n",
    "\n\n",
    "£",
    "==",
    "&&",
    "IF",
    "ü",
    "\u{a0}",
    "550bn",
    "-",
];

fn ask_every_entrance(text: &str) {
    let (tree, errors) = file_lossy(SourceId(0), text);
    let strict = file(SourceId(0), text);
    assert_eq!(strict.is_ok(), errors.is_empty());
    if let Ok(strict) = strict {
        assert_eq!(format!("{strict:?}"), format!("{tree:?}"));
    }
    for item in &tree.items {
        assert!(text.is_char_boundary(item.span.start as usize) && item.span.end as usize <= text.len());
    }
    for error in &errors {
        for label in &error.labels {
            assert!(label.span.end as usize <= text.len(), "{error:?}");
            assert!(text.is_char_boundary(label.span.start as usize), "{error:?}");
            assert!(text.is_char_boundary(label.span.end as usize), "{error:?}");
        }
        assert!(!error.message.is_empty());
    }
    let _ = stated(SourceId(0), text, 3);
    let _ = expression(SourceId(0), text, 3);
    let _ = type_expr(SourceId(0), text, u32::MAX);
    let policy = literate(text);
    assert_eq!(policy.len(), text.len());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in ".{0,80}") {
        ask_every_entrance(&text);
    }

    #[test]
    fn any_bytes_that_are_text(text in "[ -~\n\t\u{a0}-\u{ff}“]{0,200}") {
        ask_every_entrance(&text);
    }

    #[test]
    fn soup(tokens in proptest::collection::vec(proptest::sample::select(TOKENS), 0..60)) {
        ask_every_entrance(&tokens.join(" "));
    }

    #[test]
    fn soup_behind_a_good_start(
        start in proptest::sample::select(vec![
            "rule r: if ", "define x = ", "scenario \"s\" { given ", "article 1 {\n rule r: t := 1\n rule ", "fact x : USD = ",
        ]),
        tokens in proptest::collection::vec(proptest::sample::select(TOKENS), 0..30),
    ) {
        ask_every_entrance(&format!("{start}{}", tokens.join(" ")));
    }

    /// A good declaration stays good whatever stands before and after it.
    #[test]
    fn good_declarations_survive(tokens in proptest::collection::vec(proptest::sample::select(TOKENS), 0..12)) {
        let junk = tokens.join(" ").replace(['{', '}', '"', '#', '\n'], " ");
        let text = format!("fact first_one : USD\nrule r: t := := {junk}\nfact last_one : USD\n");
        let (tree, errors) = file_lossy(SourceId(0), &text);
        prop_assert!(!errors.is_empty());
        let printed = print::file(&tree);
        prop_assert!(printed.contains("(fact first_one:USD)"), "{}", printed);
        prop_assert!(printed.contains("(fact last_one:USD)"), "{}", printed);
    }
}
