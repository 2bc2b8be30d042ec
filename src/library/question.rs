//! A question about stated facts.

use super::answers::Answers;
use super::diagnostics::Diagnostics;
use super::facts::Facts;
use super::literal::Literal;
use super::policy::Policy;
use super::story::Story;
use super::timeline::Timeline;
use crate::asking::{self, AskedDays, Caller, Chosen, StoryQuestion, chosen_rows, day_needed};
use crate::diag::{Code, Diagnostic, Style, tick};
use crate::report::Look;
use crate::run::Evaluator;
use crate::text::Sources;
use crate::value::Day;

/// What is asked, and on which day. Made by [`Policy::ask`]; ends with [`answers`](Question::answers),
/// [`why`](Question::why) or [`timeline`](Question::timeline).
///
/// No day is today by itself: where an answer depends on the day and none is given, the question is refused.
#[derive(Clone, Debug)]
#[must_use = "nothing is asked before `answers`, `why` or `timeline`"]
pub struct Question {
    policy: Policy,
    facts: Facts,
    on: Option<Literal>,
    known: Option<Literal>,
    only: Vec<String>,
    rows: Vec<String>,
}

impl Question {
    pub(super) fn new(policy: &Policy, facts: &Facts) -> Question {
        let (policy, facts) = (policy.clone(), facts.clone());
        Question { policy, facts, on: None, known: None, only: Vec::new(), rows: Vec::new() }
    }

    /// The day asked about: a [`Day`], a `jiff::civil::Date`, or text, `"2029-01-19"`. Rows with a date of their own have that.
    pub fn on(self, day: impl Into<Literal>) -> Question {
        Question { on: Some(day.into()), ..self }
    }

    /// As was known at the close of that day; else everything stated is known.
    pub fn known(self, day: impl Into<Literal>) -> Question {
        Question { known: Some(day.into()), ..self }
    }

    /// Asks only for the outcomes, obligations and powers of these names; else for all there are.
    pub fn only<N: AsRef<str>>(mut self, names: impl IntoIterator<Item = N>) -> Question {
        self.only.extend(names.into_iter().map(|name| name.as_ref().to_string()));
        self
    }

    /// Asks only about the row with this key; may be repeated. For [`why`](Question::why) and
    /// [`timeline`](Question::timeline); of a recurring obligation the key is the first day of a period.
    pub fn row(mut self, key: &str) -> Question {
        self.rows.push(key.to_string());
        self
    }

    /// Answers it.
    ///
    /// # Errors
    /// A name that the policy has not, a day that is none, or no day where an answer depends on it; a row, for all are answered.
    pub fn answers(&self) -> Result<Answers, Diagnostics> {
        let (on, known) = self.begin()?;
        if !self.rows.is_empty() {
            return Err(one_row("answers come for all rows", "`Answers::row` gives that of one"));
        }
        let chosen = self.chosen()?;
        self.day_given(&chosen, on)?;
        let (policy, facts, sources) = self.facts.about();
        let mut run = Evaluator::prepared(policy, facts, &self.policy.0.prepared);
        let made = asking::evaluation(&mut run, (policy, facts, sources), &chosen, (on, known));
        Ok(Answers::new(&self.facts, made, chosen))
    }

    /// Tells why an outcome, an obligation or a power is as it is, and why other rules do not apply.
    ///
    /// # Errors
    /// As of [`answers`](Question::answers); or it must be said for which row, see [`row`](Question::row).
    pub fn why(&self, name: &str) -> Result<Story, Diagnostics> {
        let (on, known) = self.begin()?;
        if self.rows.len() > 1 {
            return Err(one_row("a story is of one row", "ask again for each of the others"));
        }
        let (policy, facts, sources) = self.facts.about();
        let chosen = asking::chosen(policy, &[name]).map_err(|said| Diagnostics::new(said, sources))?;
        let Some(subject) = chosen.subjects.first().copied() else {
            return Err(Diagnostics::general(Code::UnknownName, format!("{} is no name", tick(name))));
        };
        let refuse = |error| Diagnostics::one(error, sources);
        let key = self.rows.first().map(String::as_str);
        asking::which(policy, facts, subject, key).map_err(refuse)?;
        self.day_given(&chosen, on)?;
        let mut run = Evaluator::prepared(policy, facts, &self.policy.0.prepared);
        let asked = StoryQuestion { subject, key, on, known };
        let look = Look::Text(Style::PLAIN);
        let told = asking::story(&mut run, (policy, facts, sources), asked, look);
        told.map(|(story, _)| Story::new(story)).map_err(refuse)
    }

    /// The answers as functions of time, from a first to a last day.
    ///
    /// # Errors
    /// As of [`answers`](Question::answers), though no day is needed; or the first day comes after the last.
    pub fn timeline(
        &self,
        from: impl Into<Literal>,
        to: impl Into<Literal>,
    ) -> Result<Timeline, Diagnostics> {
        self.drawn(Some(from.into()), Some(to.into()))
    }

    /// The same over whole years around all days that policy and facts name.
    ///
    /// # Errors
    /// As of [`timeline`](Question::timeline).
    pub fn whole_timeline(&self) -> Result<Timeline, Diagnostics> {
        self.drawn(None, None)
    }

    fn drawn(&self, from: Option<Literal>, to: Option<Literal>) -> Result<Timeline, Diagnostics> {
        let (_, known) = self.begin()?;
        let days = AskedDays { from: asked_day(from.as_ref())?, to: asked_day(to.as_ref())?, known };
        let chosen = self.chosen()?;
        let about = self.facts.about();
        let refuse = |error| Diagnostics::one(error, about.2);
        let rows = chosen_rows(about.0, about.1, &chosen, &self.rows, Caller::Program).map_err(refuse)?;
        let drawn = asking::timelines(about, (&chosen, &rows), days).map_err(refuse)?;
        Ok(Timeline::new(&self.facts, drawn))
    }

    /// Which day is asked about, and as known when; and that the facts are those of the policy.
    fn begin(&self) -> Result<(Option<Day>, Option<Day>), Diagnostics> {
        if !self.policy.is(self.facts.policy()) {
            let message = "the facts were stated to another policy than the one that is asked";
            return Err(Diagnostics::general(Code::WhichPolicy, message));
        }
        Ok((asked_day(self.on.as_ref())?, asked_day(self.known.as_ref())?))
    }

    fn chosen(&self) -> Result<Chosen, Diagnostics> {
        let (policy, _, sources) = self.facts.about();
        asking::chosen(policy, &self.only).map_err(|said| Diagnostics::new(said, sources))
    }

    fn day_given(&self, chosen: &Chosen, on: Option<Day>) -> Result<(), Diagnostics> {
        let (policy, facts, sources) = self.facts.about();
        let needed = || day_needed(policy, facts, chosen, Caller::Program);
        match on.map_or_else(needed, |_| None) {
            Some(error) => Err(Diagnostics::one(error, sources)),
            None => Ok(()),
        }
    }
}

fn one_row(why: &str, help: &str) -> Diagnostics {
    Diagnostics::one(Diagnostic::general(Code::RowMissing, why).help(help), &Sources::new())
}

/// A day that a program gave.
pub(super) fn asked_day(given: Option<&Literal>) -> Result<Option<Day>, Diagnostics> {
    let Some(given) = given else { return Ok(None) };
    given.single().and_then(Day::parse).map(Some).ok_or_else(|| {
        let message = format!("{} is no day", tick(&given.0.join(", ")));
        let error = Diagnostic::general(Code::DayNeeded, message);
        Diagnostics::one(error.help("a day is written as `2029-01-19`"), &Sources::new())
    })
}
