//! What the places of a facts file are for: the words at its top, facts, tables, rows, lines of annexes.

use super::doc::{Doc, key_twice};
use crate::diag::{Code, Diagnostic, closest, list_and, tick};
use crate::facts::{ActInput, Entry, Input, Performed, RowInput, RowsInput, Stated, TableInput, Through};
use crate::facts::{AnnexInput, LineInput, LinesInput};
use crate::sheet::{Form, Written};
use crate::text::Span;
use crate::tree::Name;
use std::collections::BTreeMap;

const WORDS: [&str; 6] = ["stated through", "facts", "rows", "annexes", "acts", "announcements"];

/// What is said of an act.
const ACT_WORDS: [&str; 5] = ["act", "by", "on", "known from", "with"];

/// A table, or lines of an annex, that stands in files of its own.
pub(super) struct Elsewhere {
    pub name: Name,
    pub path: Written<'static>,
    pub is_annex: bool,
}

/// Sorts a file into statements and tables.
pub(super) fn sort(doc: Doc) -> (Input<'static>, Vec<Elsewhere>) {
    let mut sorter = Sorter::default();
    sorter.top(doc);
    (sorter.input, sorter.elsewhere)
}

#[derive(Default)]
struct Sorter {
    input: Input<'static>,
    elsewhere: Vec<Elsewhere>,
}

impl Sorter {
    fn top(&mut self, doc: Doc) {
        let span = doc.span();
        let Doc::Map(entries, _) = doc else {
            let message = "a facts file is a map of names and what is stated of each";
            self.input
                .errors
                .push(layout(span, message).help("write `name: value`, with a space after the `:`"));
            return;
        };
        let entries = self.distinct(entries);
        if !entries.iter().any(|(key, _)| WORDS.contains(&key.text.as_ref())) {
            return self.facts(entries);
        }
        for (key, value) in entries {
            match key.text.as_ref() {
                "facts" => {
                    let entries = self.map(value, "under `facts` stand names and what is stated of each");
                    self.facts(entries.unwrap_or_default());
                }
                "rows" => {
                    let entries = self.map(value, "under `rows` stand tables, each with its rows");
                    entries
                        .unwrap_or_default()
                        .into_iter()
                        .for_each(|(table, rows)| self.table(table.name(), rows));
                }
                "annexes" => {
                    let entries =
                        self.map(value, "under `annexes` stand annexes, each with a list of its lines");
                    entries
                        .unwrap_or_default()
                        .into_iter()
                        .for_each(|(annex, lines)| self.annex(annex.name(), lines));
                }
                "stated through" => match value {
                    Doc::Scalar(written) if written.form != Form::Null => {
                        self.input.through.push(Through::Text(written))
                    }
                    other => {
                        self.layout(other.span(), "after `stated through` stands a day, such as `2028-12-31`")
                    }
                },
                word @ ("acts" | "announcements") => self.acts(value, word == "announcements"),
                _ => self.input.errors.push(beside(&key)),
            }
        }
    }

    fn facts(&mut self, entries: Vec<(Written<'static>, Doc)>) {
        for (key, value) in entries {
            if let Some(entry) = self.entry(key, value) {
                self.input.facts.push(entry);
            }
        }
    }

    fn entry(&mut self, key: Written<'static>, value: Doc) -> Option<Entry<'static>> {
        let value =
            match value {
                Doc::Scalar(written) => Stated::Text(written),
                Doc::Map(_, span) => {
                    let message = format!("{} has a value, not a map", tick(&key.text));
                    self.input.errors.push(layout(span, message).help(
                        "values from several days stand in a list; rows of a table stand under `rows`",
                    ));
                    return None;
                }
                Doc::List(items, span) => {
                    let mut values = Vec::with_capacity(items.len());
                    for item in items {
                        match item {
                            Doc::Scalar(written) => values.push(written),
                            other => {
                                self.layout(
                                    other.span(),
                                    "in a list of values each is one text, such as `0 USD from 2025-09-04`",
                                );
                                return None;
                            }
                        }
                    }
                    Stated::List(values, span)
                }
            };
        Some(Entry { name: key.name(), value })
    }

    /// A map of rows, or the files they are in. Nothing, or `unknown`: the table is not stated.
    fn table(&mut self, entity: Name, doc: Doc) {
        match doc {
            Doc::Map(entries, _) => {
                let entries = self.distinct(entries);
                let rows = entries.into_iter().filter_map(|(key, cells)| self.row(key, cells)).collect();
                self.input.tables.push(TableInput { entity, rows: RowsInput::Listed(rows) });
            }
            Doc::Scalar(written) if written.form == Form::Null || written.text == "unknown" => {}
            Doc::Scalar(path) => self.elsewhere.push(Elsewhere { name: entity, path, is_annex: false }),
            Doc::List(items, span) if items.is_empty() => {
                self.input
                    .errors
                    .push(layout(span, "this list names no file").help("a table without rows is `{}`"));
            }
            Doc::List(items, _) => {
                for item in items {
                    match item {
                        Doc::Scalar(path) if path.form != Form::Null => {
                            let name = entity.clone();
                            self.elsewhere.push(Elsewhere { name, path, is_annex: false });
                        }
                        other => self.layout(
                            other.span(),
                            "a table is a map of rows, the path of a CSV file, or a list of paths",
                        ),
                    }
                }
            }
        }
    }

    fn row(&mut self, key: Written<'static>, doc: Doc) -> Option<RowInput<'static>> {
        let what = format!("the row {} is a map of fields and values", tick(&key.text));
        let entries = self.map(doc, &what)?;
        let cells = entries.into_iter().filter_map(|(field, value)| self.entry(field, value)).collect();
        Some(RowInput { key, cells })
    }

    /// A list of lines, or the files they are in.
    fn annex(&mut self, annex: Name, doc: Doc) {
        let items = match doc {
            Doc::List(items, _) => items,
            doc if doc.is_null() => return,
            Doc::Scalar(path) => vec![Doc::Scalar(path)],
            other => {
                let help =
                    format!("write {}, one map for each line", tick(&format!("{}: [{{…}}]", annex.text)));
                let message = "the lines of an annex stand in a list";
                return self.input.errors.push(layout(other.span(), message).help(help));
            }
        };
        let mut lines = Vec::new();
        for item in items {
            match item {
                Doc::Map(entries, span) => {
                    let entries = self.distinct(entries).into_iter();
                    let cells = entries.filter_map(|(name, value)| self.entry(name, value)).collect();
                    lines.push(LineInput { keys: Vec::new(), cells, span });
                }
                Doc::Scalar(path) if path.form != Form::Null => {
                    self.elsewhere.push(Elsewhere { name: annex.clone(), path, is_annex: true });
                }
                other => {
                    self.layout(other.span(), "a line of an annex is a map of columns and values, or the path of a CSV file with lines");
                }
            }
        }
        self.input.annexes.push(AnnexInput { annex, lines: LinesInput::Listed(lines) });
    }

    fn acts(&mut self, doc: Doc, announced: bool) {
        match doc {
            Doc::List(items, _) => {
                for item in items {
                    if let Some(act) = self.act(item, announced) {
                        self.input.acts.push(act);
                    }
                }
            }
            doc if doc.is_null() => {}
            other => self.layout(other.span(), "acts and announcements stand in a list, one map for each"),
        }
    }

    /// `{act: call("ohio"), by: president, on: 2026-03-01, known from: 2026-03-02, with: {due: 2026-06-01}}`
    fn act(&mut self, doc: Doc, announced: bool) -> Option<ActInput<'static>> {
        let span = doc.span();
        let Doc::Map(entries, _) = doc else {
            self.layout(span, "an act is a map: `{act: …, by: …, on: …}`");
            return None;
        };
        let mut words: BTreeMap<&str, Written<'static>> = BTreeMap::new();
        let (mut with, mut together) = (Vec::new(), Vec::new());
        let mut sound = true;
        for (key, value) in self.distinct(entries) {
            let Some(word) = ACT_WORDS.into_iter().find(|word| *word == key.text.as_ref()) else {
                self.input.errors.push(not_of_an_act(&key));
                sound = false;
                continue;
            };
            match value {
                value if word == "with" => {
                    let entries = self.map(value, "under `with` stand the parameters of the power");
                    with.extend(
                        entries
                            .unwrap_or_default()
                            .into_iter()
                            .filter_map(|(key, value)| self.entry(key, value)),
                    );
                }
                // `by: [JP, US]`: together, on the day of the last (O7).
                Doc::List(items, _) if word == "by" && !items.is_empty() => {
                    for item in items {
                        match item {
                            Doc::Scalar(written) if written.form != Form::Null => {
                                together.push(written.name())
                            }
                            other => {
                                self.layout(other.span(), "after `by` stand the names of those who acted");
                                sound = false;
                            }
                        }
                    }
                }
                Doc::Scalar(written) if written.form != Form::Null => {
                    words.insert(word, written);
                }
                other => {
                    self.layout(other.span(), &format!("after {} stands one text", tick(word)));
                    sound = false;
                }
            }
        }
        let is_said = |word: &&str| words.contains_key(word) || (*word == "by" && !together.is_empty());
        let missing: Vec<String> =
            ["act", "by", "on"].into_iter().filter(|word| !is_said(word)).map(tick).collect();
        if !missing.is_empty() && sound {
            let what = if announced { "announcement" } else { "act" };
            let message = format!("this {what} does not say {}", list_and(&missing));
            let help = "it says who used which power, and when: `{act: call(\"ohio\"), by: president, on: 2026-03-01}`";
            self.input.errors.push(layout(span, message).help(help));
        }
        if !sound {
            return None;
        }
        Some(ActInput {
            announced,
            what: Performed::Text(words.remove("act")?),
            by: if together.is_empty() { vec![words.remove("by")?.name()] } else { together },
            on: Through::Text(words.remove("on")?),
            known: words.remove("known from").map(Through::Text),
            with,
            span,
        })
    }

    /// The entries of a map; nothing at all is an empty one.
    fn map(&mut self, doc: Doc, otherwise: &str) -> Option<Vec<(Written<'static>, Doc)>> {
        match doc {
            Doc::Map(entries, _) => Some(self.distinct(entries)),
            doc if doc.is_null() => Some(Vec::new()),
            other => {
                self.layout(other.span(), otherwise);
                None
            }
        }
    }

    /// Without the keys that stand a second time, which are reported.
    fn distinct(&mut self, entries: Vec<(Written<'static>, Doc)>) -> Vec<(Written<'static>, Doc)> {
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        let mut distinct = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            match seen.get(key.text.as_ref()) {
                Some(first) => {
                    self.input.errors.push(key_twice(&key.text, key.span).also(*first, "a first time"))
                }
                None => {
                    seen.insert(key.text.to_string(), key.span);
                    distinct.push((key, value));
                }
            }
        }
        distinct
    }

    fn layout(&mut self, span: Span, message: &str) {
        self.input.errors.push(layout(span, message));
    }
}

fn layout(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::FactsLayout, span, message)
}

/// A name at the top that is none of these words, where another is.
fn beside(key: &Written<'_>) -> Diagnostic {
    let error = layout(key.span, format!("{} does not belong at the top of this file", tick(&key.text)));
    match closest(&key.text, WORDS) {
        Some(word) => error.here(format!("did you mean {}?", tick(word))).fix(key.span, word),
        None => error.help(format!(
            "at the top stand {}; move it under `facts`, or under `rows` if it is a table, `annexes` if it is an annex",
            list_and(&WORDS.map(tick))
        )),
    }
}

fn not_of_an_act(key: &Written<'_>) -> Diagnostic {
    let error = layout(key.span, format!("{} is not said of an act", tick(&key.text)));
    match closest(&key.text, ACT_WORDS) {
        Some(word) => error.here(format!("did you mean {}?", tick(word))).fix(key.span, word),
        None => error.help(format!(
            "of an act is said {}; the parameters of its power stand under {}",
            list_and(&ACT_WORDS.map(tick)),
            tick("with")
        )),
    }
}
