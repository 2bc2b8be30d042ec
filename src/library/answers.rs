//! Answers by name.

use super::amount::AnswerValue;
use super::diagnostics::Diagnostics;
use super::facts::Facts;
use super::question::Question;
use super::story::Story;
use crate::answers::{self, AnswerDoc, Conduct, Evaluation, ReasonDoc, answer_doc, evaluation_doc};
use crate::asking::{Chosen, gaps};
use crate::diag::Style;
use crate::outcome::{self, Point, Status};
use crate::policy::OutcomeId;
use crate::report::{self, EvalReport, Look};
use crate::run::Evaluator;
use crate::scenarios::{Claim, broken};
use crate::value::Day;
use crate::words::{Audience, Words};
use serde::{Serialize, Serializer};
use std::cell::OnceCell;
use std::fmt;

/// Everything that was asked in one go. `Display` tells it in words; serialised it is the document of
/// `docs/schema/answer.json`, as `comity eval --format json` prints it.
#[derive(Clone)]
pub struct Answers {
    facts: Facts,
    on: Option<Day>,
    known: Option<Day>,
    named: bool,
    outcomes: Vec<(OutcomeId, answers::Answers)>,
    conduct: Conduct,
}

impl Answers {
    pub(super) fn new(facts: &Facts, made: Evaluation<'_>, chosen: Chosen) -> Answers {
        let Evaluation { on, known, outcomes, conduct, .. } = made;
        Answers { facts: facts.clone(), on, known, named: chosen.named, outcomes, conduct }
    }

    /// The answer for an outcome that is not for each row of a table, or whose table is not stated; none: there is no such
    /// outcome, or it was not asked for.
    pub fn get(&self, outcome: &str) -> Option<Answer<'_>> {
        let (id, all) = self.found(outcome)?;
        match all {
            answers::Answers::One(point, answer) => Some(self.answer(id, None, Some(*point), answer)),
            answers::Answers::Rows(_) => None,
        }
    }

    /// The answer for the row with this key.
    pub fn row(&self, outcome: &str, key: &str) -> Option<Answer<'_>> {
        self.rows(outcome).find(|answer| answer.row().is_some_and(|row| row == key))
    }

    /// The answers for all rows of an outcome, in the order stated.
    pub fn rows(&self, outcome: &str) -> impl Iterator<Item = Answer<'_>> {
        let rows = self.found(outcome).and_then(|(id, all)| match all {
            answers::Answers::Rows(rows) => Some((id, rows)),
            answers::Answers::One(..) => None,
        });
        let rows = rows.into_iter().flat_map(move |(id, rows)| {
            rows.iter().map(move |(row, point, answer)| (id, *row, *point, answer))
        });
        rows.map(|(id, row, point, answer)| self.answer(id, Some(row), point, answer))
    }

    /// All answers, of all rows.
    pub fn iter(&self) -> impl Iterator<Item = Answer<'_>> {
        self.outcomes.iter().flat_map(|(id, all)| {
            let list: Vec<Answer<'_>> = match all {
                answers::Answers::One(point, answer) => vec![self.answer(*id, None, Some(*point), answer)],
                answers::Answers::Rows(rows) => rows
                    .iter()
                    .map(|(row, point, answer)| self.answer(*id, Some(*row), *point, answer))
                    .collect(),
            };
            list
        })
    }

    /// What is missing for all answers that are undetermined, in words, each once: `disbursed as of 2029-01-19`.
    pub fn missing(&self) -> Vec<String> {
        let mut missing: Vec<String> = Vec::new();
        for answer in self.iter() {
            let new = answer.missing().iter().filter(|one| !missing.contains(one));
            let new: Vec<String> = new.cloned().collect();
            missing.extend(new);
        }
        missing
    }

    /// The guarantees of the policy that do not hold of these facts on the day asked about; of those that depend on the day
    /// and are for no rows with a date of their own, none is judged where no day was given.
    pub fn broken_guarantees(&self) -> Vec<BrokenGuarantee> {
        let (policy, facts, _) = self.facts.about();
        let prepared = &self.facts.policy().0.prepared;
        let words = self.words();
        let checks = broken(policy, facts, prepared, (self.on, self.known.unwrap_or(Day::NEVER)));
        let said = checks.into_iter().filter_map(|check| match check.claim {
            Claim::Guarantee(id) => Some(BrokenGuarantee {
                name: policy.guarantees[id].name.clone(),
                row: check.row.map(|(entity, row)| words.key(entity, row)),
                on: check.dated.then_some(check.point.day),
                claim: words.expr(policy.guarantees[id].what),
            }),
            Claim::Expect(_) => None,
        });
        said.collect()
    }

    /// Why an answer is as it is; see [`Question::why`].
    ///
    /// # Errors
    /// There is no such outcome, obligation or power, or it must be said for which row.
    pub fn why(&self, name: &str) -> Result<Story, Diagnostics> {
        self.question().why(name)
    }

    /// The same for one row, by its key.
    ///
    /// # Errors
    /// There is no such row.
    pub fn why_row(&self, name: &str, key: &str) -> Result<Story, Diagnostics> {
        self.question().row(key).why(name)
    }

    fn question(&self) -> Question {
        let mut question = self.facts.policy().ask(&self.facts);
        if let Some(on) = self.on {
            question = question.on(on);
        }
        match self.known {
            Some(known) => question.known(known),
            None => question,
        }
    }

    /// A memo.
    pub fn markdown(&self) -> String {
        self.told(Look::Markdown)
    }

    fn told(&self, look: Look) -> String {
        let (policy, facts, _) = self.facts.about();
        let asked = self.evaluation();
        let mut run = Evaluator::prepared(policy, facts, &self.facts.policy().0.prepared);
        let gaps = gaps(&mut run, &asked);
        report::eval(&EvalReport { asked, gaps, named: self.named }, look)
    }

    fn evaluation(&self) -> Evaluation<'_> {
        let (policy, facts, sources) = self.facts.about();
        let (outcomes, conduct) = (self.outcomes.clone(), self.conduct.clone());
        Evaluation { policy, facts, sources, on: self.on, known: self.known, outcomes, conduct }
    }

    fn found(&self, outcome: &str) -> Option<(OutcomeId, &answers::Answers)> {
        let id = self.facts.about().0.outcome(outcome)?;
        self.outcomes.iter().find(|(of, _)| *of == id).map(|(_, all)| (id, all))
    }

    fn answer<'a>(
        &'a self,
        id: OutcomeId,
        row: Option<u32>,
        point: Option<Point>,
        answer: &'a outcome::Answer,
    ) -> Answer<'a> {
        Answer { words: self.words(), id, row, point, answer, document: OnceCell::new() }
    }

    fn words(&self) -> Words<'_> {
        let (policy, facts, sources) = self.facts.about();
        Words { policy, facts, sources, audience: Audience::Machine }
    }
}

impl fmt::Display for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(Look::Text(Style::PLAIN)))
    }
}

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Serialize for Answers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        evaluation_doc(&self.evaluation()).serialize(serializer)
    }
}

/// One answer: of an outcome, for one row if there are rows. `Display` is its value, or its status where it has none.
pub struct Answer<'a> {
    words: Words<'a>,
    id: OutcomeId,
    row: Option<u32>,
    point: Option<Point>,
    answer: &'a outcome::Answer,
    document: OnceCell<AnswerDoc>,
}

impl<'a> Answer<'a> {
    /// The name of the outcome.
    pub fn outcome(&self) -> &'a str {
        &self.words.policy.outcomes[self.id].name
    }

    /// The key of the row.
    pub fn row(&self) -> Option<String> {
        let entity = self.words.policy.outcomes[self.id].for_each?;
        self.row.map(|row| self.words.key(entity, row))
    }

    /// Determined, undetermined, a gap, a conflict or an error.
    pub fn status(&self) -> Status {
        self.answer.status
    }

    /// The exact value of a determined answer; of others none.
    pub fn value(&self) -> Option<AnswerValue> {
        let value = self.answer.value()?;
        Some(AnswerValue::new(&self.words, &self.words.policy.outcomes[self.id].ty, value))
    }

    /// The values that are still possible, as the language writes them: `15%`, `at least 3 USD`.
    pub fn possible(&self) -> &[String] {
        &self.document().possible
    }

    /// What else than a value an undetermined answer may come to: `gap`, `conflict`, `error`.
    pub fn may_be(&self) -> &[&'static str] {
        &self.document().may_be
    }

    /// What is missing, in words: state all of it, and the answer is determined. `disbursed as of 2029-01-19`
    pub fn missing(&self) -> &[String] {
        self.document().needs.as_ref().map_or(&[], |needs| &needs.all)
    }

    /// The rules behind it: those that decide, clash, fail, or are still open.
    pub fn rules(&self) -> &[String] {
        &self.document().rules
    }

    /// The same with their articles, sources of law and places.
    pub fn reasons(&self) -> &[ReasonDoc] {
        &self.document().reasons
    }

    /// The error behind the status `error`, in words: `division by zero in 1 / n`.
    pub fn error(&self) -> Option<String> {
        let fault = self.document().error.as_ref()?;
        let detail = fault.detail.as_ref().map_or(String::new(), |detail| format!(" ({detail})"));
        Some(format!("{}{detail} in {}", fault.name, fault.expression))
    }

    /// All of it as data, as the published schema has it.
    pub fn document(&self) -> &AnswerDoc {
        self.document.get_or_init(|| {
            let point = self.point.unwrap_or(Point::new(Day::NEVER, Day::NEVER));
            answer_doc(&self.words, self.id, point, self.answer)
        })
    }
}

impl fmt::Display for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value() {
            Some(value) => value.fmt(f),
            None => f.write_str(self.status().as_str()),
        }
    }
}

impl fmt::Debug for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row() {
            Some(row) => write!(f, "{}({row:?}): {self}", self.outcome()),
            None => write!(f, "{}: {self}", self.outcome()),
        }
    }
}

/// A guarantee of the policy that does not hold of the facts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BrokenGuarantee {
    /// Its name.
    pub name: String,
    /// Of which row, if it is for each.
    pub row: Option<String>,
    /// On which day, if it depends on the day.
    pub on: Option<Day>,
    /// What it claims, in the words of the policy.
    pub claim: String,
}
