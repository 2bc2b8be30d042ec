//! The native half of the Python package: policies, facts and answers as opaque objects, documents as JSON. What Python
//! programs see is made of it in `package/comity`.

use comity::{
    Answer, AnswerValue, Column, Day, Diagnostics, Facts, FactsBuilder, Policy, Question, RowAnswers,
};
use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde::Serialize;

create_exception!(_comity, NativeError, PyValueError, "What is wrong, in words and as a document.");

/// What is stated of one name.
type Setting = (String, Vec<String>);

/// An answer: outcome, row, status, value, text of the value.
type AnswerParts = (String, Option<String>, &'static str, ValueParts, Option<String>);

/// A value: its kind, then numerator, denominator and unit, or its text.
type ValueParts = (&'static str, Option<String>, Option<String>, Option<String>);

/// Of an answer that has none.
const NO_VALUE: ValueParts = ("none", None, None, None);

fn refused(wrong: Diagnostics) -> PyErr {
    NativeError::new_err((wrong.to_string(), json(&wrong)))
}

fn json(document: &impl Serialize) -> String {
    serde_json::to_string(document).unwrap_or_default()
}

/// A policy that was read and checked.
#[pyclass(frozen, module = "comity._comity")]
struct NativePolicy(Policy);

#[pymethods]
impl NativePolicy {
    #[staticmethod]
    fn load(py: Python<'_>, path: String) -> PyResult<NativePolicy> {
        py.detach(|| Policy::load(path)).map(NativePolicy).map_err(refused)
    }

    #[staticmethod]
    fn from_text(py: Python<'_>, text: String) -> PyResult<NativePolicy> {
        py.detach(|| Policy::from_text(&text)).map(NativePolicy).map_err(refused)
    }

    fn root(&self) -> String {
        self.0.root().to_string()
    }

    fn outcomes(&self) -> Vec<String> {
        self.0.outcomes().map(str::to_string).collect()
    }

    fn fact_names(&self) -> Vec<String> {
        self.0.fact_names().map(str::to_string).collect()
    }

    fn warnings(&self) -> (String, String) {
        let warnings = self.0.warnings();
        (warnings.to_string(), json(&warnings))
    }

    /// `parts`: facts files, each as its kind (`json`, `yaml`, `toml`, `file`) and its text or path.
    fn facts(
        &self,
        py: Python<'_>,
        parts: Vec<(String, String)>,
        settings: Vec<Setting>,
    ) -> PyResult<NativeFacts> {
        py.detach(|| stated(&self.0, &parts, settings)).map(NativeFacts).map_err(refused)
    }

    fn answers(
        &self,
        py: Python<'_>,
        facts: &NativeFacts,
        on: Option<String>,
        known: Option<String>,
        only: Vec<String>,
    ) -> PyResult<NativeAnswers> {
        let question = question(&self.0, facts, on, known).only(only);
        py.detach(|| question.answers()).map(NativeAnswers).map_err(refused)
    }

    /// The reasons in words, and as a document.
    fn why(
        &self,
        py: Python<'_>,
        facts: &NativeFacts,
        on: Option<String>,
        known: Option<String>,
        name: String,
        row: Option<String>,
    ) -> PyResult<(String, String)> {
        let question = rows(question(&self.0, facts, on, known), row);
        let story = py.detach(|| question.why(&name));
        story.map(|story| (story.to_string(), json(&story))).map_err(refused)
    }

    /// In characters, as a picture, and as a document.
    fn timeline(
        &self,
        py: Python<'_>,
        facts: &NativeFacts,
        known: Option<String>,
        only: Vec<String>,
        keys: Vec<String>,
        days: Option<(String, String)>,
    ) -> PyResult<(String, String, String)> {
        let question = rows(question(&self.0, facts, None, known).only(only), keys);
        let drawn = py.detach(|| {
            let timeline = match days {
                Some((from, to)) => question.timeline(from, to)?,
                None => question.whole_timeline()?,
            };
            Ok((timeline.to_string(), timeline.svg(), json(&timeline)))
        });
        drawn.map_err(refused)
    }

    /// Whether it is clean, in words, and as a document.
    fn check(&self, py: Python<'_>) -> PyResult<(bool, String, String)> {
        let checked = py.detach(|| self.0.check()).map_err(refused)?;
        Ok((checked.is_clean(), checked.to_string(), json(&checked)))
    }

    /// Whether all holds, in words, and as a document.
    fn test(&self, py: Python<'_>) -> (bool, String, String) {
        let tested = py.detach(|| self.0.test());
        (tested.passed(), tested.to_string(), json(&tested))
    }

    /// The answers for rows in columns: truth values, whole numbers with so many decimals, texts.
    #[expect(clippy::too_many_arguments, reason = "all of them are named in Python")]
    fn run(
        &self,
        py: Python<'_>,
        facts: &NativeFacts,
        on: Option<String>,
        known: Option<String>,
        entity: String,
        outcomes: Vec<String>,
        truths: Vec<(String, Vec<bool>)>,
        numbers: Vec<(String, Vec<i64>, u8)>,
        texts: Vec<(String, Vec<String>)>,
    ) -> PyResult<Vec<RowColumn>> {
        py.detach(|| {
            let names: Vec<&str> = outcomes.iter().map(String::as_str).collect();
            let mut table = self.0.table(&entity, &names)?.beside(&facts.0);
            if let Some(day) = on {
                table = table.on(day);
            }
            if let Some(day) = known {
                table = table.known(day);
            }
            let words: Vec<Vec<&str>> =
                texts.iter().map(|(_, words)| words.iter().map(String::as_str).collect()).collect();
            let truths = truths.iter().map(|(name, values)| (name.as_str(), Column::Truths(values)));
            let numbers = numbers
                .iter()
                .map(|(name, values, places)| (name.as_str(), Column::Numbers { values, places: *places }));
            let texts =
                texts.iter().zip(&words).map(|((name, _), words)| (name.as_str(), Column::Texts(words)));
            let columns: Vec<(&str, Column<'_>)> = truths.chain(numbers).chain(texts).collect();
            table.answer(&columns).map(|answers| self.row_columns(&names, &answers))
        })
        .map_err(refused)
    }
}

/// The answers for an outcome: its name, and of each row the status, the value and its text.
type RowColumn = (String, Vec<(&'static str, ValueParts, Option<String>)>);

impl NativePolicy {
    fn row_columns(&self, names: &[&str], answers: &RowAnswers) -> Vec<RowColumn> {
        let all: Vec<&str> = if names.is_empty() { self.0.outcomes().collect() } else { names.to_vec() };
        let column = |name: &str| {
            let row = |(row, status): (usize, &comity::Status)| {
                let value = answers.value(name, row);
                let parts = value.as_ref().map_or(NO_VALUE, value_parts);
                (status.as_str(), parts, value.map(|value| value.to_string()))
            };
            (name.to_string(), answers.statuses(name).iter().enumerate().map(row).collect())
        };
        let asked = all.into_iter().filter(|name| answers.len() == answers.statuses(name).len());
        asked.map(column).collect()
    }
}

fn rows(question: Question, keys: impl IntoIterator<Item = String>) -> Question {
    keys.into_iter().fold(question, |question, key| question.row(&key))
}

/// A question about facts on a day, as known on a day.
fn question(policy: &Policy, facts: &NativeFacts, on: Option<String>, known: Option<String>) -> Question {
    let mut question = policy.ask(&facts.0);
    if let Some(day) = on {
        question = question.on(day);
    }
    match known {
        Some(day) => question.known(day),
        None => question,
    }
}

fn stated(policy: &Policy, parts: &[(String, String)], settings: Vec<Setting>) -> Result<Facts, Diagnostics> {
    let part = |facts: FactsBuilder, (kind, text): &(String, String)| match kind.as_str() {
        "yaml" => facts.from_yaml(text),
        "toml" => facts.from_toml(text),
        "json" => facts.from_json(text),
        _ => facts.from_file(text),
    };
    let facts = parts.iter().fold(policy.facts(), part);
    settings.into_iter().fold(facts, |facts, (name, value)| facts.set(&name, value)).build()
}

/// Facts that were checked against a policy.
#[pyclass(frozen, module = "comity._comity")]
struct NativeFacts(Facts);

/// Everything that was asked in one go.
#[pyclass(frozen, module = "comity._comity")]
struct NativeAnswers(comity::Answers);

#[pymethods]
impl NativeAnswers {
    fn all(&self) -> Vec<AnswerParts> {
        self.0.iter().map(|answer| answer_parts(&answer)).collect()
    }

    fn json(&self) -> String {
        json(&self.0)
    }

    fn text(&self) -> String {
        self.0.to_string()
    }

    fn missing(&self) -> Vec<String> {
        self.0.missing()
    }

    /// Name, row, day and claim of each.
    fn broken_guarantees(&self) -> Vec<(String, Option<String>, Option<String>, String)> {
        let broken = self.0.broken_guarantees().into_iter();
        broken.map(|one| (one.name, one.row, one.on.map(|day| day.to_string()), one.claim)).collect()
    }
}

fn answer_parts(answer: &Answer<'_>) -> AnswerParts {
    let value = answer.value();
    let text = value.as_ref().map(ToString::to_string);
    let parts = value.as_ref().map_or(NO_VALUE, value_parts);
    (answer.outcome().to_string(), answer.row(), answer.status().as_str(), parts, text)
}

fn value_parts(value: &AnswerValue) -> ValueParts {
    match value {
        AnswerValue::Amount(amount) => (
            "number",
            Some(amount.numerator().to_string()),
            Some(amount.denominator().to_string()),
            amount.unit().map(str::to_string),
        ),
        AnswerValue::Truth(truth) => ("truth", Some(truth.to_string()), None, None),
        AnswerValue::Day(day) if *day == Day::NEVER => ("never", None, None, None),
        AnswerValue::Day(day) => ("day", Some(day.to_string()), None, None),
        AnswerValue::Duration(count, words) => {
            ("duration", Some(count.to_string()), None, Some(words.clone()))
        }
        AnswerValue::Text(text) => ("text", Some(text.clone()), None, None),
        _ => ("text", Some(value.to_string()), None, None),
    }
}

/// Whether anything changed; in words, for a remark, as a page, and as a document.
#[pyfunction]
fn diff(
    py: Python<'_>,
    old: &NativePolicy,
    new: &NativePolicy,
) -> PyResult<(bool, String, String, String, String)> {
    let made = py.detach(|| Policy::diff(&old.0, &new.0)).map_err(refused)?;
    let (markdown, html) = (made.markdown().to_string(), made.html().to_string());
    Ok((made.is_change(), made.to_string(), markdown, html, json(&made)))
}

/// What the native half is of.
#[pymodule]
fn _comity(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("NativeError", module.py().get_type::<NativeError>())?;
    module.add("version", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<NativePolicy>()?;
    module.add_class::<NativeFacts>()?;
    module.add_class::<NativeAnswers>()?;
    module.add_function(wrap_pyfunction!(diff, module)?)
}
