//! Messages as the places where changes are looked at want them: remarks on GitHub, SARIF, JUnit.

use super::messages::{EditDoc, MessageDoc, PlaceDoc, written};
use crate::diag::{Code, count};
use crate::text::shown_lines;
use serde_json::{Value, json};
use std::fmt::Write;

/// Commands of a workflow, one line for each message.
pub fn github(said: &[MessageDoc], more: usize) -> String {
    let mut out = String::new();
    for one in said {
        let mut about = Vec::new();
        if let (Some(file), Some(start), Some(end)) = (&one.place.file, one.place.start, one.place.end) {
            about.push(format!("file={}", property(file)));
            about.push(format!("line={},endLine={}", start.line, end.line));
            // Columns count only where the place is on one line.
            if start.line == end.line {
                about.push(format!("col={},endColumn={}", start.column, end.column));
            }
        }
        about.push(format!("title={}", property(one.code)));
        let _ = writeln!(out, "::{} {}::{}", one.severity, about.join(","), escaped(&told(one)));
    }
    if more > 0 {
        let _ = writeln!(out, "::error ::{} not shown", count(more, "other message"));
    }
    out
}

/// The message with its remedy.
pub(super) fn told(one: &MessageDoc) -> String {
    match &one.help {
        Some(help) => format!("{}\nhelp: {help}", one.message),
        None => one.message.clone(),
    }
}

fn escaped(text: &str) -> String {
    shown_lines(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

/// A log of SARIF 2.1.0.
pub fn sarif(said: &[MessageDoc]) -> String {
    let mut codes: Vec<&str> = said.iter().map(|one| one.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let rule = |code: &&str| {
        let title = Code::named(code).map_or("", Code::title);
        json!({ "id": code, "shortDescription": { "text": title } })
    };
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "comity",
                "version": crate::VERSION,
                "rules": codes.iter().map(rule).collect::<Vec<_>>(),
            } },
            "columnKind": "utf16CodeUnits",
            "results": said.iter().map(result).collect::<Vec<_>>(),
        }],
    });
    written(&log)
}

fn result(one: &MessageDoc) -> Value {
    let mut result = json!({
        "ruleId": one.code,
        "level": one.severity,
        "message": { "text": told(one) },
    });
    let Some(fields) = result.as_object_mut() else { return result };
    let mut labels = one.labels.iter();
    if let Some(main) = labels.next().and_then(|label| physical(&label.place)) {
        fields.insert("locations".to_string(), json!([{ "physicalLocation": main }]));
    }
    let others = labels.enumerate().filter_map(|(at, label)| {
        let place = physical(&label.place)?;
        Some(json!({ "id": at, "physicalLocation": place, "message": { "text": label.says } }))
    });
    let others: Vec<Value> = others.collect();
    if !others.is_empty() {
        fields.insert("relatedLocations".to_string(), Value::Array(others));
    }
    let fixes = one.fixes.iter().map(|fix| {
        let changes: Vec<Value> = fix.edits.iter().filter_map(change).collect();
        json!({ "description": { "text": fix.title }, "artifactChanges": changes })
    });
    let fixes: Vec<Value> = fixes.collect();
    if !fixes.is_empty() {
        fields.insert("fixes".to_string(), Value::Array(fixes));
    }
    result
}

fn physical(place: &PlaceDoc) -> Option<Value> {
    let region = region(place)?;
    Some(json!({ "artifactLocation": { "uri": uri(place.file.as_deref()?) }, "region": region }))
}

fn region(place: &PlaceDoc) -> Option<Value> {
    let (start, end) = (place.start?, place.end?);
    Some(json!({
        "startLine": start.line, "startColumn": start.utf16, "endLine": end.line, "endColumn": end.utf16,
    }))
}

fn change(edit: &EditDoc) -> Option<Value> {
    let replacement =
        json!({ "deletedRegion": region(&edit.place)?, "insertedContent": { "text": edit.text } });
    Some(json!({
        "artifactLocation": { "uri": uri(edit.place.file.as_deref()?) },
        "replacements": [replacement],
    }))
}

/// A path as a relative reference: what no path of a URI may hold is escaped.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// A report of JUnit: each message is a case that fails; without any, the one case passes.
pub fn junit(said: &[MessageDoc], more: usize) -> String {
    let cases: Vec<JunitCase> = said.iter().map(JunitCase::of).collect();
    let mut suites = vec![JunitSuite { name: "check".to_string(), cases }];
    if more > 0 {
        let name = format!("{} not shown", count(more, "other message"));
        suites
            .push(JunitSuite { name: "more".to_string(), cases: vec![JunitCase::failed(&name, "", &name)] });
    }
    suites.iter_mut().filter(|suite| suite.cases.is_empty()).for_each(|suite| {
        suite.cases.push(JunitCase { name: "check".to_string(), class: String::new(), failure: None });
    });
    junit_report(&suites)
}

/// Cases that belong together.
pub(super) struct JunitSuite {
    pub name: String,
    pub cases: Vec<JunitCase>,
}

pub(super) struct JunitCase {
    pub name: String,
    pub class: String,
    /// In few words, and in all.
    pub failure: Option<(String, String)>,
}

impl JunitCase {
    fn failed(name: &str, class: &str, why: &str) -> JunitCase {
        let short = why.lines().next().unwrap_or("").to_string();
        JunitCase {
            name: name.to_string(),
            class: class.to_string(),
            failure: Some((short, why.to_string())),
        }
    }

    pub(super) fn of(one: &MessageDoc) -> JunitCase {
        let file = one.place.file.as_deref().unwrap_or("");
        let name = match one.place.start {
            Some(at) => format!("{} at {file}:{}:{}", one.code, at.line, at.column),
            None => one.code.to_string(),
        };
        JunitCase::failed(&name, file, &told(one))
    }
}

pub(super) fn junit_report(suites: &[JunitSuite]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for suite in suites {
        let failed = suite.cases.iter().filter(|case| case.failure.is_some()).count();
        let (name, all) = (xml(&suite.name), suite.cases.len());
        let _ =
            writeln!(out, "  <testsuite name=\"{name}\" tests=\"{all}\" failures=\"{failed}\" errors=\"0\">");
        for case in &suite.cases {
            let (name, class) = (xml(&case.name), xml(&case.class));
            match &case.failure {
                None => {
                    let _ = writeln!(out, "    <testcase name=\"{name}\" classname=\"{class}\"/>");
                }
                Some((short, why)) => {
                    let _ = writeln!(
                        out,
                        "    <testcase name=\"{name}\" classname=\"{class}\">\n      \
                         <failure message=\"{}\">{}</failure>\n    </testcase>",
                        xml(short),
                        xml(why)
                    );
                }
            }
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

/// Text in XML 1.0, which knows no control characters.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            sign if sign.is_control() || matches!(sign, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            sign => out.push(sign),
        }
    }
    out
}
