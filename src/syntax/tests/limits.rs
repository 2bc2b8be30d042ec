//! Texts made to hurt: each gets an answer or one clear message, on the small stack that tests run with.

use super::*;
use crate::diag::Code;

fn codes(text: &str) -> Vec<Code> {
    file_lossy(SourceId(0), text).1.iter().map(|error| error.code).collect()
}

fn nest(times: usize, open: &str, inner: &str, close: &str) -> String {
    format!("define x = {}{inner}{}\n", open.repeat(times), close.repeat(times))
}

const SHAPES: &[(&str, &str, &str)] = &[
    ("(", "a", ")"),
    ("f(", "a", ")"),
    ("x in {", "a", "}"),
    ("(if a then b otherwise ", "c", ")"),
    ("(if ", "a", " then 1 otherwise 2)"),
    ("not ", "a", ""),
    ("-", "a", ""),
    ("sum of ", "a", " for each e"),
    ("any of ", "a", " for each e"),
    ("count of e where ", "a", ""),
    ("last start of ", "a", ""),
    ("first day of month of ", "a", ""),
    ("year of ", "a", ""),
    ("top up ", "a", " to b"),
    ("", "a", " as of d"),
    ("", "a", " but at least b"),
    ("", "a", " rounded to 1 USD"),
    ("a or b and not c = d + e * -(", "f", ")"),
    ("(", "a", " but at least b but at most c rounded to 1 USD) as of d"),
];

#[test]
fn deep_texts_are_refused_with_their_own_message() {
    for (open, inner, close) in SHAPES {
        for times in [DEPTH_LIMIT + 1, 1_000] {
            let text = nest(times, open, inner, close);
            assert_eq!(codes(&text), [Code::TooDeep], "{times} times `{open}…{close}`");
        }
    }
    assert_eq!(codes(&nest(100_000, "(", "a", ")")), [Code::TooDeep]);
    assert_eq!(codes(&nest(100_000, "not ", "a", "")), [Code::TooDeep]);
    let enums = format!("enum E = {}b{}", "a (".repeat(1_000), ")".repeat(1_000));
    assert_eq!(codes(&enums), [Code::TooDeep]);
    assert_eq!(
        expression(SourceId(0), &"(".repeat(100_000), 0).expect_err("too deep")[0].code,
        Code::TooDeep
    );
}

#[test]
fn texts_at_the_limit_are_read_walked_and_dropped() {
    for (open, inner, close) in SHAPES {
        let deepest =
            (1..=DEPTH_LIMIT).rev().find(|times| codes(&nest(*times, open, inner, close)).is_empty());
        let times = deepest.expect("once is not too deep");
        assert!(times >= 7, "{times} times `{open}…{close}`");
        let tree = file(SourceId(0), &nest(times, open, inner, close)).expect("parses");
        assert!(format!("{:?}", tree.clone()).len() > times);
    }
}

#[test]
fn a_deep_declaration_does_not_hide_the_others() {
    let text = format!("fact a : USD\n{}fact b : USD\n", nest(1_000, "(", "a", ")"));
    let (tree, errors) = file_lossy(SourceId(0), &text);
    assert_eq!((tree.items.len(), errors.len()), (2, 1));
    let article =
        format!("article 1 {{\n  fact a : USD\n  {}  fact b : USD\n}}\n", nest(1_000, "(", "a", ")"));
    let (tree, errors) = file_lossy(SourceId(0), &article);
    assert_eq!(print::file(&tree), "(article 1 (fact a:USD) (fact b:USD))");
    assert_eq!(errors[0].code, Code::TooDeep);
}

#[test]
fn brackets_in_texts_and_remarks_do_not_count() {
    let open = "(".repeat(200);
    let text = format!("# {open}\n## {open}\nfact a : text = \"{open}\"\n");
    assert_eq!(codes(&text), []);
}

#[test]
fn large_texts() {
    assert_eq!(codes(&"a or ".repeat(1_000_000)), [Code::TooLarge]);
    let chain = format!("define x = {}a\n", "a or ".repeat(20_000));
    assert_eq!(codes(&chain), []);
    for line in ["£".repeat(50_000), "(".repeat(100_000), "a ".repeat(50_000), "\"".repeat(100_000)] {
        assert_eq!(codes(&line).len(), 1);
    }
    let broken = "rule r: t = 1\n".repeat(1_000);
    assert_eq!(codes(&broken).len(), 101);
}
