//! What the three formats read, and what they refuse.

use super::super::*;
use super::said;
use crate::sheet::Form;
use proptest::prelude::*;

/// A document on one line: scalars as `text@"as in the file"`, `'…'` if quoted, `~` if null.
fn shown(sources: &Sources, doc: &Doc) -> String {
    match doc {
        Doc::Map(entries, _) => {
            let entry = |(key, value): &(_, _)| format!("{}: {}", word(sources, key), shown(sources, value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Doc::List(items, _) => {
            format!("[{}]", items.iter().map(|item| shown(sources, item)).collect::<Vec<_>>().join(", "))
        }
        Doc::Scalar(written) => word(sources, written),
    }
}

fn word(sources: &Sources, written: &crate::sheet::Written<'_>) -> String {
    let text = &written.text;
    let length = text.len();
    let inside =
        |at: u32| sources.text(Span::new(written.span.source, at as usize, at as usize + length)) == text;
    assert!(written.at.is_none_or(inside), "{written:?}");
    let raw = sources.text(written.span);
    match written.form {
        Form::Null => format!("~{raw}"),
        Form::Plain if written.at.is_some() => text.to_string(),
        Form::Plain => format!("{text:?}@{raw:?}"),
        Form::Quoted if written.at.is_some() => raw.to_string(),
        Form::Quoted => format!("{text:?}@{raw}"),
    }
}

fn read(format: Format, text: &str) -> String {
    let mut sources = Sources::new();
    let id = sources.add("facts", text);
    match document(id, format, text) {
        Ok(doc) => shown(&sources, &doc),
        Err(error) => said(&sources, &[error]),
    }
}

fn table(format: Format, cases: &[(&str, &str)]) {
    super::table(cases, |text| read(format, text));
}

#[test]
fn yaml_keeps_what_is_written() {
    table(
        Format::Yaml,
        &[
            ("code: 8703.20\nto: NO\nrate: 15%\n", "{code: 8703.20, to: NO, rate: 15%}"),
            ("d: 2029-01-19 # the deadline\nn: 550_000\ne: 1e5", "{d: 2029-01-19, n: 550_000, e: 1e5}"),
            ("a: \nb: ~\nc: null\nd: ''\ne: \"null\"", "{a: ~, b: ~~, c: ~null, d: '', e: \"null\"}"),
            (
                "x: [0 USD from 2025-09-04, at least 5 USD from 2026-01-01]",
                "{x: [0 USD from 2025-09-04, at least 5 USD from 2026-01-01]}",
            ),
            ("x:\n  - 0 USD\n  - 'it''s'\n", "{x: [0 USD, \"it's\"@'it''s']}"),
            ("x: one\n  and two", "{x: \"one and two\"@\"one\\n  and two\"}"),
            ("x: |\n  a\n  b\n", "{x: \"a\\nb\\n\"@a\n  b\n}"),
            (
                "stated through: 2028-12-31\nacts: [{act: call(\"ohio\"), with: {due: 1}}]",
                "{stated through: 2028-12-31, acts: [{act: call(\"ohio\"), with: {due: 1}}]}",
            ),
            ("---\nx: 1\n...\n", "{x: 1}"),
            ("\u{feff}x: é\ny: 2", "{x: é, y: 2}"),
            ("", "{}"),
            ("# nothing\n", "{}"),
            ("x: {}", "{x: {}}"),
            ("x: \"\\u00e9\\\"\"", "{x: \"é\\\"\"@\"\\u00e9\\\"\"}"),
            ("8703.20: a\n2029-01-19: b", "{8703.20: a, 2029-01-19: b}"),
        ],
    );
}

#[test]
fn yaml_refuses_what_is_not_plain_data() {
    table(
        Format::Yaml,
        &[
            ("x: &a 1", "not-plain-data @ \"1\": an anchor cannot stand in a facts file"),
            ("x: *a", "not-plain-data @ \"*a\": an alias cannot stand in a facts file"),
            ("x: !!int 3", "not-plain-data @ \"!!int\": a tag cannot stand in a facts file"),
            ("x: !rate {a: 1}", "not-plain-data @ \"!rate\": a tag cannot stand in a facts file"),
            ("x: {<<: {a: 1}}", "not-plain-data @ \"<<\": a merge key cannot stand in a facts file"),
            ("x: 1\n---\ny: 2", "not-plain-data @ \"---\": a second document begins here"),
        ],
    );
}

#[test]
fn json_keeps_what_is_written() {
    table(
        Format::Json,
        &[
            (
                "{\"code\": 8703.20, \"n\": 1E+2, \"b\": true, \"u\": null}",
                "{\"code\": 8703.20, \"n\": 1E+2, \"b\": true, \"u\": ~null}",
            ),
            ("{\"a\\/b\": \"\\ud83d\\ude00\"}", "{\"a/b\"@\"a\\/b\": \"😀\"@\"\\ud83d\\ude00\"}"),
            ("\u{feff} [\"a\",\t{}, []]\n", "[\"a\", {}, []]"),
            (
                "{\"x\": 1,}",
                "facts-syntax @ \",\": this is not well-formed JSON: a trailing comma: nothing follows it",
            ),
            ("{\"x\": 01}", "facts-syntax @ \"1\": this is not well-formed JSON: invalid number"),
            ("{x: 1}", "facts-syntax @ \"x\": this is not well-formed JSON: key must be a string"),
            (
                "{\"x\": 1 // one\n}",
                "facts-syntax @ \"/\": this is not well-formed JSON: JSON has no comments",
            ),
            (
                "{\"x\": \"\\ud800\"}",
                "facts-syntax @ \"\\\"\": this is not well-formed JSON: unexpected end of hex escape",
            ),
            ("{\"x\": [1", "facts-syntax @ \"1\": this is not well-formed JSON: the text ends inside a list"),
            ("", "facts-syntax @ \"\": this is not well-formed JSON: the text ends inside a value"),
        ],
    );
}

#[test]
fn toml_keeps_what_is_written() {
    table(
        Format::Toml,
        &[
            (
                "code = 8703.20\nn = 550_000\nd = 2029-01-19\nb = true",
                "{code: 8703.20, n: 550_000, d: 2029-01-19, b: true}",
            ),
            ("x = ['a', \"b\\\"\", \"\"\"c\"\"\"]", "{x: ['a', \"b\\\"\"@\"b\\\"\", \"c\"@\"\"\"c\"\"\"]}"),
            (
                "[rows.project.ohio]\nsector = 'grid'\n[rows.project.\"a b\"]\n[facts]\nz = 1\na = 2",
                "{rows: {project: {ohio: {sector: 'grid'}, \"a b\": {}}}, facts: {z: 1, a: 2}}",
            ),
            (
                "\"stated through\" = 2028-12-31\n[[acts]]\non = 1\n[[acts]]\non = 2",
                "{\"stated through\": 2028-12-31, acts: [{on: 1}, {on: 2}]}",
            ),
            ("x = 1\nx = 2", "stated-twice @ \"x\": `x` stands twice"),
            ("x = ", "facts-syntax @ \"\": this is not well-formed TOML: a value must stand in quotes here"),
            (
                "x = 15%",
                "facts-syntax @ \"15%\": this is not well-formed TOML: a value must stand in quotes here",
            ),
        ],
    );
}

#[test]
fn nothing_is_nested_without_end() {
    for depth in [40, 100_000] {
        for (format, text) in [
            (Format::Yaml, "[".repeat(depth)),
            (Format::Yaml, "- ".repeat(depth)),
            (Format::Json, "[".repeat(depth) + &"]".repeat(depth)),
            (Format::Json, "{\"a\":".repeat(depth) + "1" + &"}".repeat(depth)),
            (Format::Toml, format!("x = {}{}", "[".repeat(depth), "]".repeat(depth))),
            (Format::Toml, format!("{}x = 1", "a.".repeat(depth))),
        ] {
            let said = read(format, &text);
            let said = said.split(' ').next().unwrap_or("").to_string();
            assert!(
                said == "too-deep" || said == "facts-syntax" || (depth == 40 && format == Format::Toml),
                "{format:?} {said}"
            );
        }
    }
}

proptest! {
    #[test]
    fn no_text_is_too_much(text in "(?s).{0,200}", bits in "[-\\[\\]{}:,\"'#&*!|>%@ \n\t=.a1é\\\\~<]{0,60}") {
        for format in [Format::Yaml, Format::Json, Format::Toml] {
            read(format, &text);
            read(format, &bits);
        }
    }
}
