use super::*;
use crate::diag::{Code, render, render_all};
use proptest::prelude::*;

fn sources(texts: &[&str]) -> (Sources, Vec<SourceId>) {
    let mut sources = Sources::new();
    let ids = texts.iter().zip(["a.comity", "b.yaml"]).map(|(text, name)| sources.add(name, *text)).collect();
    (sources, ids)
}

#[test]
fn a_message_shows_its_place_and_its_remedy() {
    let (sources, ids) = sources(&["fact pledged : USD\noutcome tariff : rate\n", "disbursd: 5 USD\n"]);
    let said = Diagnostic::error(Code::UnknownName, Span::new(ids[1], 0, 8), "no fact is called `disbursd`")
        .here("did you mean `disbursed`?")
        .also(Span::new(ids[0], 5, 12), "this one?")
        .help("write `disbursed`");
    insta::assert_snapshot!(render_all(&[said], &sources, Style::PLAIN), @r"
    unknown-name

      × no fact is called `disbursd`
       ╭─[b.yaml:1:1]
     1 │ disbursd: 5 USD
       · ────┬───
       ·     ╰── did you mean `disbursed`?
       ╰────
       ╭─[a.comity:1:6]
     1 │ fact pledged : USD
       ·      ───┬───
       ·         ╰── this one?
     2 │ outcome tariff : rate
       ╰────
      help: write `disbursed`

    1 error
    run `comity explain unknown-name` for more
    ");
}

#[test]
fn the_end_of_a_text_is_behind_its_last_word() {
    let (sources, ids) = sources(&["rule r: x :=\n\n\n"]);
    let said = Diagnostic::error(Code::Syntax, Span::new(ids[0], 15, 15), "expected a value").here("here");
    insta::assert_snapshot!(render(&said, &sources, Style::PLAIN), @r"
    syntax

      × expected a value
       ╭─[a.comity:1:13]
     1 │ rule r: x :=
       ·             ┬
       ·             ╰── here
     2 │
       ╰────
    ");
}

#[test]
fn a_long_line_is_cut_to_a_window() {
    let text = format!("{} here {}", "a".repeat(5000), "b".repeat(5000));
    let (sources, ids) = sources(&[&text]);
    let said = Diagnostic::error(Code::Syntax, Span::new(ids[0], 5001, 5005), "odd").here("this");
    let picture = render(&said, &sources, Style::PLAIN);
    assert!(picture.contains("[a.comity:1:5002]"), "{picture}");
    assert!(picture.lines().all(|line| line.chars().count() < 200), "{picture}");
    assert!(picture.contains("a here b"), "{picture}");
}

#[test]
fn signs_that_move_the_cursor_are_not_passed_on() {
    let (sources, ids) = sources(&["x\u{1b}[31m \u{202e}y\r\n"]);
    let said = Diagnostic::error(Code::Syntax, Span::new(ids[0], 0, 3), "bad \u{1b}[2J");
    let picture = render(&said, &sources, Style::PLAIN);
    assert!(!picture.contains(['\u{1b}', '\u{202e}', '\r']), "{picture:?}");
}

proptest! {
    #[test]
    fn any_place_can_be_shown(
        texts in prop::collection::vec("(\\PC|\n|\r|\t|é|漢){0,60}", 1..3),
        spans in prop::collection::vec((0u32..3, 0u32..200, 0u32..200), 0..5),
        width in 0usize..120,
    ) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let (sources, _) = sources(&texts);
        let mut said = Diagnostic::general(Code::Syntax, "message");
        for (source, start, length) in spans {
            let span = Span { source: SourceId(source), start, end: start.saturating_add(length) };
            said = said.also(span, if start % 2 == 0 { "a label" } else { "" });
        }
        for colour in [false, true] {
            let picture = render(&said, &sources, Style { colour, width });
            prop_assert!(!picture.contains("Failed to read"), "{}", picture);
            prop_assert!(picture.contains("message"), "{}", picture);
        }
    }
}
