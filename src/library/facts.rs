//! Facts that programs state, by name.

use super::diagnostics::Diagnostics;
use super::disk::ReadDisk;
use super::kept::NoFiles;
use super::literal::Literal;
use super::policy::Policy;
use crate::asking::{setting, word_at};
use crate::diag::{Code, Diagnostic, tick};
use crate::facts::{self, Entry, RowInput, RowsInput, Stated, TableInput};
use crate::formats::{self, Format};
use crate::scenarios::stated;
use crate::sheet::{Form, Written};
use crate::text::{Files, SourceId, Sources, Span};
use crate::tree::Name;
use indexmap::IndexMap;
use serde::Serialize;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// What is stated, checked against a policy and ready to be asked about. It owns all it needs and costs nothing to clone.
#[derive(Clone)]
pub struct Facts(pub(super) Arc<KeptFacts>);

pub(super) struct KeptFacts {
    pub policy: Policy,
    pub facts: facts::Facts,
    /// The texts of the policy and of the facts.
    pub sources: Sources,
}

impl Facts {
    /// The policy they are facts of.
    pub fn policy(&self) -> &Policy {
        &self.0.policy
    }

    /// What all questions are about.
    pub(super) fn about(&self) -> (&crate::policy::Policy, &facts::Facts, &Sources) {
        (&self.0.policy.0.policy, &self.0.facts, &self.0.sources)
    }
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Facts").field("policy", &self.0.policy).finish_non_exhaustive()
    }
}

/// Facts as they are being stated. Made by [`Policy::facts`]; [`FactsBuilder::build`] checks all of them at once.
///
/// What is not stated is not known, and answers say so: nothing is taken to be zero or false.
#[derive(Clone, Debug)]
#[must_use = "nothing is checked before `build`"]
pub struct FactsBuilder {
    policy: Policy,
    texts: Vec<FactsText>,
    settings: IndexMap<String, Literal>,
    rows: IndexMap<String, IndexMap<String, Vec<(String, Literal)>>>,
    /// What cannot even be read.
    wrong: Vec<Diagnostic>,
}

#[derive(Clone, Debug)]
struct FactsText {
    name: String,
    text: String,
    format: Format,
    /// Whether it may name files, as seen from its own.
    on_disk: bool,
}

impl FactsBuilder {
    pub(super) fn new(policy: &Policy) -> FactsBuilder {
        FactsBuilder {
            policy: policy.clone(),
            texts: Vec::new(),
            settings: IndexMap::new(),
            rows: IndexMap::new(),
            wrong: Vec::new(),
        }
    }

    /// States a fact, in place of what a facts file or an earlier `set` says of it: `set("disbursed", "550 billion USD")`. A
    /// cell of an annex is named as the language does, `"metals(8703).duty"`.
    pub fn set(mut self, name: &str, value: impl Into<Literal>) -> FactsBuilder {
        self.settings.insert(name.trim().to_string(), value.into());
        self
    }

    /// States a row of a table, by its key, with its cells by the names of their fields. A table that is stated is complete.
    pub fn row<N: AsRef<str>, V: Into<Literal>>(
        mut self,
        entity: &str,
        key: &str,
        cells: impl IntoIterator<Item = (N, V)>,
    ) -> FactsBuilder {
        let cells = cells.into_iter().map(|(name, value)| (name.as_ref().to_string(), value.into()));
        let row = self.rows.entry(entity.to_string()).or_default().entry(key.to_string()).or_default();
        row.extend(cells);
        self
    }

    /// States that a table has no rows but those stated, be it none.
    pub fn whole_table(mut self, entity: &str) -> FactsBuilder {
        self.rows.entry(entity.to_string()).or_default();
        self
    }

    /// States what a facts file in YAML says (section 7 of docs/language.md): facts, rows, acts.
    pub fn from_yaml(self, text: &str) -> FactsBuilder {
        self.text("facts.yaml", text, Format::Yaml)
    }

    /// States what a facts file in JSON says. Numbers are read as they are written, digit by digit.
    pub fn from_json(self, text: &str) -> FactsBuilder {
        self.text("facts.json", text, Format::Json)
    }

    /// States what a facts file in TOML says.
    pub fn from_toml(self, text: &str) -> FactsBuilder {
        self.text("facts.toml", text, Format::Toml)
    }

    /// States what a facts file on the disk says, `.yaml`, `.json` or `.toml`, with the CSV files that it names.
    pub fn from_file(mut self, path: impl AsRef<Path>) -> FactsBuilder {
        let path = path.as_ref().to_string_lossy().into_owned();
        match (Format::of(&path), ReadDisk.read(&path)) {
            (Some(format), Ok(text)) => {
                self.texts.push(FactsText { name: path, text, format, on_disk: true });
            }
            (None, _) => {
                let message = format!("the name of {} does not say how its facts are written", tick(&path));
                let error = Diagnostic::general(Code::FactsFormat, message);
                self.wrong.push(error.help("facts files end with `.yaml`, `.yml`, `.json` or `.toml`"));
            }
            (_, Err(why)) => {
                let message = format!("{} cannot be read: {why}", tick(&path));
                self.wrong.push(Diagnostic::general(Code::FileUnreadable, message));
            }
        }
        self
    }

    /// States what a value says that can be serialised, as if it were the JSON of a facts file: a structure whose fields are
    /// named like the facts. Binary floats are refused, for they are not exact: give such values as text.
    pub fn from_serde(mut self, value: &impl Serialize) -> FactsBuilder {
        let made = serde_json::to_value(value);
        let float = made.as_ref().ok().and_then(|value| float_in(value, ""));
        match (made, float) {
            (_, Some(place)) => {
                let message = format!("{} is a binary float, which is not exact", tick(&place));
                let error = Diagnostic::general(Code::FactsLayout, message);
                self.wrong.push(error.help("give it as text: `\"0.15\"`, `\"12.34 USD\"`"));
                self
            }
            (Ok(value), None) => self.from_json(&value.to_string()),
            (Err(why), None) => {
                let message = format!("the value cannot be written as JSON: {why}");
                self.wrong.push(Diagnostic::general(Code::FactsLayout, message));
                self
            }
        }
    }

    fn text(mut self, name: &str, text: &str, format: Format) -> FactsBuilder {
        let (name, text) = (name.to_string(), text.to_string());
        self.texts.push(FactsText { name, text, format, on_disk: false });
        self
    }

    /// Checks all that is stated against the policy.
    ///
    /// # Errors
    /// Everything that is wrong with it: names that the policy has not, values that are not of their type, or that a `where`
    /// of the policy excludes.
    pub fn build(self) -> Result<Facts, Diagnostics> {
        let mut sources = self.policy.0.sources.clone();
        if !self.wrong.is_empty() {
            return Err(Diagnostics::new(self.wrong, &sources));
        }
        match self.bound(&mut sources) {
            Ok(facts) => Ok(Facts(Arc::new(KeptFacts { policy: self.policy, facts, sources }))),
            Err(said) => Err(Diagnostics::new(said, &sources)),
        }
    }

    fn bound(&self, sources: &mut Sources) -> Result<facts::Facts, Vec<Diagnostic>> {
        let rows = self.rows.iter().map(|(entity, rows)| table(sources, entity, rows));
        let tables: Vec<TableInput<'static>> = rows.collect();
        let settings = self.settings.iter().map(|(name, value)| entry(sources, name, value));
        let settings: Vec<Entry<'static>> = settings.collect();
        let parts = self.texts.iter().map(|text| {
            let files: &dyn Files = if text.on_disk { &ReadDisk } else { &NoFiles };
            (sources.add(text.name.clone(), text.text.clone()), text.format, files)
        });
        let parts: Vec<(SourceId, Format, &dyn Files)> = parts.collect();
        let mut input = formats::joined(sources, &parts)?;
        input.tables.extend(tables);
        input.settings = settings;
        stated(&self.policy.0.policy, &input)
    }
}

/// What single statements are called in messages.
const SET: &str = "set";

/// What is stated of one name.
fn entry(sources: &mut Sources, name: &str, value: &Literal) -> Entry<'static> {
    if let Some(text) = value.single() {
        return setting(SET, sources, (name, text));
    }
    let mut line = SourceLine::new(format!("{name}="));
    let places: Vec<usize> = value.0.iter().map(|one| line.push(one)).collect();
    let source = sources.add(SET, line.text.clone());
    let words = value.0.iter().zip(places).map(|(one, start)| word_at(source, start, one)).collect();
    let name = Name { text: name.to_string(), span: Span::new(source, 0, name.len()) };
    Entry { name, value: Stated::List(words, Span::new(source, 0, line.text.len())) }
}

/// The rows of a table, each in a line of a source of its own.
fn table(
    sources: &mut Sources,
    entity: &str,
    rows: &IndexMap<String, Vec<(String, Literal)>>,
) -> TableInput<'static> {
    let mut listed = Vec::with_capacity(rows.len());
    for (key, cells) in rows {
        let start = entity.len().saturating_add(2);
        let source = sources.add(SET, format!("{entity}(\"{key}\")"));
        let key = Written {
            text: key.clone().into(),
            span: Span::new(source, start, start.saturating_add(key.len())),
            at: None,
            form: Form::Quoted,
        };
        let cells = cells.iter().map(|(name, value)| entry(sources, name, value)).collect();
        listed.push(RowInput { key, cells });
    }
    let source = sources.add(SET, entity.to_string());
    let name = Name { text: entity.to_string(), span: Span::new(source, 0, entity.len()) };
    TableInput { entity: name, rows: RowsInput::Listed(listed) }
}

/// Words that stand one after the other, with commas between them.
struct SourceLine {
    text: String,
    empty: bool,
}

impl SourceLine {
    fn new(text: String) -> SourceLine {
        SourceLine { text, empty: true }
    }

    /// Where the word begins.
    fn push(&mut self, word: &str) -> usize {
        if !std::mem::take(&mut self.empty) {
            self.text.push_str(", ");
        }
        let start = self.text.len();
        self.text.push_str(word);
        start
    }
}

/// Where a binary float stands in a value.
fn float_in(value: &serde_json::Value, place: &str) -> Option<String> {
    match value {
        serde_json::Value::Number(number) if number.is_f64() => Some(place.to_string()),
        serde_json::Value::Array(list) => list.iter().find_map(|one| float_in(one, place)),
        serde_json::Value::Object(map) => map.iter().find_map(|(name, one)| {
            let place = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
            float_in(one, &place)
        }),
        _ => None,
    }
}
