//! Some rows answered: what a thread does with a chunk.

use super::input::{Head, Said, not_text};
use super::stood::{Found, Reject, Stood, Words};
use super::told::SHOWN;
use crate::batch::{Asked, Batch, Fields, NotForEach, Results, checks_read_table};
use crate::diag::{Code, Diagnostic, tick};
use crate::facts::{Facts, Form, Row, Rows, Written};
use crate::outcome::{Point, SlotRef, Status};
use crate::policy::{EntityId, OutcomeId, Policy, Type};
use crate::run::{Decided, Evaluator};
use crate::table::sum::{Plan, Sums};
use crate::table::{self, Layout, Lexicons, Reader, Single, Table, Wheres};
use crate::text::Span;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What all threads share.
pub(super) struct Ask<'a> {
    pub policy: &'a Policy,
    pub entity: EntityId,
    pub outcomes: &'a [OutcomeId],
    pub point: Point,
    /// Whether the day was given.
    pub on: bool,
    pub wheres: Option<&'a Wheres>,
    /// The fields that totals are by.
    pub groups: &'a Fields,
    /// Beside what is stated before any row is read.
    pub questions: Questions<'a>,
    /// Binds all that is stated, which names rows, once their keys are known.
    pub later: Option<&'a Later<'a>>,
    pub layout: Layout<'a>,
    pub units: &'a [(Written<'static>, Written<'static>)],
    pub ignored: &'a [String],
    pub files: &'a [Head],
    pub lexicons: &'a Lexicons,
    pub give: Give<'a>,
    /// Rows that cannot be read do not end the run.
    pub rejects: bool,
}

pub(super) type Later<'a> = dyn Fn(&table::Names) -> Result<Facts, Said> + Sync + 'a;

/// What is asked of rows, beside all else that is stated.
pub(super) struct Questions<'a> {
    pub facts: &'a Facts,
    pub batch: Batch<'a>,
    wheres: Option<Batch<'a>>,
    groups: Batch<'a>,
    /// What is stated is held against the whole table (V7).
    checks_table: bool,
}

impl<'a> Questions<'a> {
    pub fn new(
        policy: &'a Policy,
        (entity, outcomes, point): (EntityId, &[OutcomeId], Point),
        (wheres, groups): (Option<&'a Wheres>, &'a Fields),
        facts: &'a Facts,
    ) -> Result<Questions<'a>, NotForEach> {
        let asked = Asked { on: point.day, known: point.known };
        Ok(Questions {
            facts,
            batch: Batch::new(policy, facts, entity, outcomes, asked)?,
            wheres: wheres.map(|wheres| wheres.batch(facts)).transpose()?,
            groups: groups.batch(facts, asked)?,
            checks_table: checks_read_table(policy, entity),
        })
    }
}

/// In which form answers are given.
pub(super) enum Give<'a> {
    Csv,
    Sums(Plan<'a>),
    #[cfg(feature = "parquet")]
    Parquet(table::arrow::Giver, table::parquet::Encoder),
}

/// A part of a file.
pub(super) struct Text {
    pub file: usize,
    pub records: Records,
}

pub(super) enum Records {
    /// Whole records, the first on a line of that number; the header, if it is there, ends at `from`.
    Csv { line: u64, text: Vec<u8>, from: usize },
    #[cfg(feature = "parquet")]
    Sheet(table::parquet::Part),
}

/// What came of it.
#[derive(Default)]
pub(super) struct Done {
    pub out: Out,
    pub counts: Counts,
    pub rejected: Vec<Reject>,
    /// Why it cannot be gone on with.
    pub failed: Said,
}

/// Answers as they are to be written.
#[derive(Default)]
pub(super) enum Out {
    #[default]
    Nothing,
    Csv(Vec<u8>),
    Sums(Sums),
    #[cfg(feature = "parquet")]
    Part(table::parquet::Encoded),
}

/// Answers by outcome and status, in the order of [`super::told::STATUSES`].
#[derive(Default)]
pub(super) struct Counts {
    pub rows: u64,
    pub outcomes: Vec<[u64; 5]>,
}

impl Counts {
    pub fn add(&mut self, more: &Counts) {
        self.rows = self.rows.saturating_add(more.rows);
        self.outcomes.resize(self.outcomes.len().max(more.outcomes.len()), [0; 5]);
        for (mine, more) in self.outcomes.iter_mut().zip(&more.outcomes) {
            mine.iter_mut().zip(more).for_each(|(n, more)| *n = n.saturating_add(*more));
        }
    }

    /// Whether any answer is none.
    pub fn open(&self) -> bool {
        self.outcomes.iter().any(|counts| counts.iter().skip(1).any(|n| *n > 0))
    }

    fn note_all(&mut self, outcome: usize, all: &[Status]) {
        // Nearly always every row is determined.
        if let Some(first) = all.first().filter(|first| all.iter().all(|status| status == *first)) {
            self.note(outcome, *first, u64::try_from(all.len()).unwrap_or(u64::MAX));
        } else {
            all.iter().for_each(|status| self.note(outcome, *status, 1));
        }
    }

    fn note(&mut self, outcome: usize, status: Status, rows: u64) {
        if self.outcomes.len() <= outcome {
            self.outcomes.resize(outcome.saturating_add(1), [0; 5]);
        }
        let n = self.outcomes.get_mut(outcome).and_then(|counts| counts.get_mut(status as usize));
        if let Some(n) = n {
            *n = n.saturating_add(rows);
        }
    }
}

/// One thread, with what it keeps from chunk to chunk.
pub(super) struct Worker<'a> {
    ask: &'a Ask<'a>,
    /// The file whose header it has.
    hand: Option<(usize, Hand<'a>)>,
    #[cfg(feature = "parquet")]
    open: Option<(usize, std::fs::File)>,
    results: Results,
}

/// What reads the rows of a file.
enum Hand<'a> {
    Csv(Reader<'a>),
    #[cfg(feature = "parquet")]
    Sheet(table::arrow::Taker<'a>),
}

impl<'a> Hand<'a> {
    fn reader(&self) -> &Reader<'a> {
        match self {
            Hand::Csv(reader) => reader,
            #[cfg(feature = "parquet")]
            Hand::Sheet(taker) => taker.reader(),
        }
    }
}

impl<'a> Worker<'a> {
    pub fn new(ask: &'a Ask<'a>) -> Worker<'a> {
        Worker {
            ask,
            hand: None,
            #[cfg(feature = "parquet")]
            open: None,
            results: Results::default(),
        }
    }

    /// Answers the rows of some texts, all of one table.
    pub fn work(&mut self, texts: &[Text]) -> Done {
        let mut done = Done::default();
        match self.try_work(texts, &mut done) {
            Ok(()) => done,
            Err(failed) => Done { failed, ..done },
        }
    }

    fn try_work(&mut self, texts: &[Text], done: &mut Done) -> Result<(), Said> {
        let one = |error| vec![error];
        let ask = self.ask;
        let most = if self.ask.rejects { usize::MAX } else { SHOWN };
        let mut batch = table::Batch::default();
        let mut stood = Stood { texts, words: Vec::new() };
        for text in texts {
            batch.begin();
            let words = self.read(text, most, &mut batch).map_err(one)?;
            stood.words.push(words);
        }
        let Some((_, hand)) = &mut self.hand else { return Ok(()) };
        match hand {
            Hand::Csv(reader) => reader.finish(&mut batch),
            #[cfg(feature = "parquet")]
            Hand::Sheet(taker) => taker.finish(&mut batch),
        }
        if !ask.in_pieces() {
            ask.whole(&stood, &batch).map_err(one)?;
        }
        if !ask.rejects && ask.later.is_some() && !batch.rejected.is_empty() {
            done.rejected = stood.rejects(std::mem::take(&mut batch.rejected));
            return Ok(());
        }
        let all = ask.with_rows(&batch.keys)?;
        let own = all.as_ref().map(|facts| ask.beside(facts)).transpose()?;
        let read = batch.keys.len();
        ask.check(own.as_ref().unwrap_or(&ask.questions), hand.reader(), &stood, &mut batch, most)?;
        done.rejected = stood.rejects(std::mem::take(&mut batch.rejected));
        if !ask.rejects && !done.rejected.is_empty() {
            return Ok(());
        }
        // Rows are numbered anew where some were set aside.
        let all = if batch.keys.len() < read { ask.with_rows(&batch.keys)? } else { all };
        let own = all.as_ref().map(|facts| ask.beside(facts)).transpose()?;
        let questions = own.as_ref().unwrap_or(&ask.questions);
        questions.batch.evaluate_into(&batch.columns, &mut self.results);
        let dated = ask.dated(&batch.dated);
        done.counts.rows = u64::try_from(batch.keys.len().saturating_add(dated.len())).unwrap_or(u64::MAX);
        for (at, column) in self.results.outcomes.iter().enumerate() {
            done.counts.note_all(at, &column.status);
        }
        for (at, answer) in dated.iter().flat_map(|row| row.iter().enumerate()) {
            done.counts.note(at, answer.status, 1);
        }
        done.out = self.give(questions, &batch, &dated).map_err(one)?;
        Ok(())
    }

    /// Looks for a row by its key: the first that has it.
    pub fn find(&mut self, text: &Text, key: &str) -> Result<Option<Found>, Diagnostic> {
        let mut batch = table::Batch::default();
        batch.begin();
        let words = self.read(text, usize::MAX, &mut batch)?;
        let stood = Stood { texts: std::slice::from_ref(text), words: vec![words] };
        let Some((_, hand)) = &mut self.hand else { return Ok(None) };
        match hand {
            Hand::Csv(reader) => reader.finish(&mut batch),
            #[cfg(feature = "parquet")]
            Hand::Sheet(taker) => taker.finish(&mut batch),
        }
        let reader = hand.reader();
        if let Some(dated) = batch.dated.iter().find(|dated| *dated.name == *key) {
            return Ok(stood.found(reader, dated.place));
        }
        if let Some(at) = (0..batch.keys.len()).find(|row| batch.keys.get(*row) == key) {
            let place = batch.places.get(at).copied();
            return Ok(place.and_then(|place| stood.found(reader, place)));
        }
        let named = |reject: &Reject| reader.key_of(reject.cells.as_deref()) == Some(key);
        let mut rejects = stood.rejects(batch.rejected).into_iter();
        Ok(rejects.find(named).map(Found::Reject))
    }

    fn give(
        &self,
        questions: &Questions<'_>,
        batch: &table::Batch,
        dated: &[Vec<Single>],
    ) -> Result<Out, Diagnostic> {
        let layout = &self.ask.layout;
        match &self.ask.give {
            Give::Csv => {
                let mut out = Vec::new();
                layout.csv(batch, &self.results, dated, &mut out);
                Ok(Out::Csv(out))
            }
            Give::Sums(plan) => {
                let words = |ty: &Type, value: &Value| layout.text(ty, value);
                let names = |row| batch.keys.get(row);
                let rows = self.ask.groups.of_rows(&questions.groups, &batch.columns, names, &words);
                let group = |dated: &table::Dated| {
                    let facts = self.ask.one(dated.name.clone(), dated.row.clone());
                    let mut run = self.ask.groups.evaluator(&facts);
                    self.ask.groups.of_row(&mut run, &facts, 0, plan.point, &words)
                };
                let dated = batch.dated.iter().map(group).zip(dated.iter().map(Vec::as_slice)).collect();
                Ok(Out::Sums(plan.sum(&self.results, rows, dated)))
            }
            #[cfg(feature = "parquet")]
            Give::Parquet(giver, encoder) => {
                let rows = giver.give(layout, batch, &self.results, dated)?;
                let failed = |error: std::io::Error| {
                    Diagnostic::general(
                        Code::FileUnwritable,
                        format!("the answers cannot be written: {error}"),
                    )
                };
                encoder.encode(&rows).map(Out::Part).map_err(failed)
            }
        }
    }

    /// Takes the rows of a text in.
    fn read<'t>(
        &mut self,
        text: &'t Text,
        most: usize,
        batch: &mut table::Batch,
    ) -> Result<Words<'t>, Diagnostic> {
        let head = self.ask.files.get(text.file);
        let same =
            |at: &usize| head.is_some_and(|head| self.ask.files.get(*at).is_some_and(|it| it.like(head)));
        if self.hand.as_ref().is_none_or(|(at, _)| !same(at)) {
            self.hand = Some((text.file, self.ask.hand(text.file)?));
        }
        let gone = || Diagnostic::general(Code::FactsLayout, "the rows cannot be read");
        match (&text.records, &mut self.hand) {
            (Records::Csv { line, text: bytes, from }, Some((_, Hand::Csv(reader)))) => {
                let word = std::str::from_utf8(bytes).map_err(|error| {
                    let good = bytes.get(..error.valid_up_to()).unwrap_or(&[]);
                    let name = head.map_or("", |head| head.name.as_str());
                    not_text(name, line.saturating_add(table::lines(good)))
                })?;
                reader.read(word, *from, most, batch);
                Ok(Words::Csv(word, *line))
            }
            #[cfg(feature = "parquet")]
            (Records::Sheet(part), Some((_, Hand::Sheet(taker)))) => {
                let Some(head) = head else { return Err(gone()) };
                let cannot = |why: String| super::told::unreadable(&head.name, &why);
                if self.open.as_ref().is_none_or(|(at, _)| *at != text.file) {
                    let file = std::fs::File::open(&head.path);
                    let file = file.map_err(|error| cannot(crate::cli::disk::reason(&error)))?;
                    self.open = Some((text.file, file));
                }
                let (Some((_, file)), Some(sheet)) = (&self.open, &head.sheet) else { return Err(gone()) };
                let file = file.try_clone().map_err(|error| cannot(error.to_string()))?;
                let found = sheet.read(file, part).map_err(|why| {
                    let (from, to) = (part.before.saturating_add(1), part.end());
                    cannot(format!("rows {from} to {to}: {why}"))
                })?;
                taker.take(&found, most, batch);
                Ok(Words::Sheet(found, part.before))
            }
            #[cfg(feature = "parquet")]
            _ => Err(gone()),
            #[cfg(not(feature = "parquet"))]
            (_, None) => Err(gone()),
        }
    }
}

impl<'a> Ask<'a> {
    /// What reads a file like this one.
    fn hand(&self, file: usize) -> Result<Hand<'a>, Diagnostic> {
        let Some(head) = self.files.get(file) else {
            return Err(Diagnostic::general(Code::FactsLayout, "the header cannot be read"));
        };
        // It was tried before any row was read.
        let first = |mut errors: Vec<Diagnostic>| match errors.pop() {
            Some(error) => error,
            None => Diagnostic::general(Code::FactsLayout, "the header cannot be read"),
        };
        let table = Table {
            policy: self.policy,
            entity: self.entity,
            facts: self.questions.facts,
            units: self.units,
            ignored: self.ignored,
            key: !self.in_pieces(),
            lexicons: self.lexicons,
        };
        #[cfg(feature = "parquet")]
        if let Some(sheet) = &head.sheet {
            return table::arrow::Taker::new(&table, sheet.schema()).map(Hand::Sheet).map_err(first);
        }
        let word = |text: &String| Written {
            text: text.clone().into(),
            span: Span::default(),
            at: None,
            form: Form::Plain,
        };
        let header: Vec<Written<'_>> = head.header.iter().map(word).collect();
        Reader::new(&table, &header).map(Hand::Csv).map_err(first)
    }

    /// Whether rows may be answered a few at a time.
    pub fn in_pieces(&self) -> bool {
        let questions = &self.questions;
        questions.batch.in_pieces() && !questions.checks_table && self.later.is_none()
    }

    /// All that is stated, where it names rows.
    fn with_rows(&self, keys: &table::Names) -> Result<Option<Facts>, Said> {
        self.later.map(|bind| bind(keys)).transpose()
    }

    /// The same questions beside other facts.
    fn beside<'b>(&'b self, facts: &'b Facts) -> Result<Questions<'b>, Said> {
        let asked = (self.entity, self.outcomes, self.point);
        let made = Questions::new(self.policy, asked, (self.wheres, self.groups), facts);
        made.map_err(|other| vec![super::not_for_each(self.policy, other)])
    }

    /// Sets the rows aside that the `where`s of the policy exclude (V7).
    fn check(
        &self,
        questions: &Questions<'_>,
        reader: &Reader<'_>,
        stood: &Stood<'_>,
        batch: &mut table::Batch,
        most: usize,
    ) -> Result<(), Said> {
        if questions.checks_table {
            return self.check_all(questions, reader, stood, batch);
        }
        let Some((wheres, checks)) = self.wheres.zip(questions.wheres.as_ref()) else { return Ok(()) };
        let mut gone = BTreeSet::new();
        for row in wheres.doubtful(checks, &batch.columns) {
            if gone.len().saturating_add(batch.rejected.len()) >= most {
                break;
            }
            let Some(place) = batch.places.get(row).copied() else { continue };
            let text = batch.text_of(row);
            let Some((name, cells)) = stood.row(reader, text, place) else { continue };
            let errors = outside(self.policy, &self.one(name, cells));
            if !errors.is_empty() {
                batch.rejected.push(stood.reject(reader, text, place, row, errors));
                gone.insert(row);
            }
        }
        let mut kept = Vec::new();
        for dated in std::mem::take(&mut batch.dated) {
            let errors = outside(self.policy, &self.one(dated.name.clone(), dated.row.clone()));
            if errors.is_empty() {
                kept.push(dated);
            } else {
                let rejected = stood.reject(reader, dated.text, dated.place, dated.before, errors);
                batch.rejected.push(rejected);
            }
        }
        batch.dated = kept;
        batch.remove(&gone);
        Ok(())
    }

    /// The same where what is stated is held against the whole table.
    fn check_all(
        &self,
        questions: &Questions<'_>,
        reader: &Reader<'_>,
        stood: &Stood<'_>,
        batch: &mut table::Batch,
    ) -> Result<(), Said> {
        let mut facts = questions.facts.clone();
        let places = batch.places.iter().enumerate();
        let rows = places.filter_map(|(row, place)| stood.row(reader, batch.text_of(row), *place));
        facts.tables[self.entity] = Some(Rows { rows: rows.collect() });
        let mut outside: BTreeMap<usize, Said> = BTreeMap::new();
        let mut beside = Vec::new();
        for (slot, error) in outside_at(self.policy, &facts) {
            match slot {
                SlotRef::Field { entity, row, .. } if entity == self.entity => {
                    outside.entry(row as usize).or_default().push(error);
                }
                _ => beside.push(error),
            }
        }
        if !beside.is_empty() {
            return Err(beside);
        }
        let gone: BTreeSet<usize> = outside.keys().copied().collect();
        for (row, errors) in outside {
            let Some(place) = batch.places.get(row).copied() else { continue };
            batch.rejected.push(stood.reject(reader, batch.text_of(row), place, row, errors));
        }
        batch.remove(&gone);
        Ok(())
    }

    /// All that is stated, with one row.
    pub fn one(&self, name: Arc<str>, row: Row) -> Facts {
        let mut facts = self.questions.facts.clone();
        let mut rows = Rows::default();
        rows.rows.insert(name, row);
        facts.tables[self.entity] = Some(rows);
        facts
    }

    /// What must hold where answers read the whole table.
    fn whole(&self, stood: &Stood<'_>, batch: &table::Batch) -> Result<(), Diagnostic> {
        let name = &self.policy.entities[self.entity].name;
        if let Some(dated) = batch.dated.first() {
            let line = stood.line(dated.text, dated.place);
            let message = format!(
                "line {line} states a value from a day on, and answers read all rows of {}",
                tick(name)
            );
            return Err(Diagnostic::general(Code::NotOverTime, message)
                .help("state the rows in a facts file and ask with `comity eval`"));
        }
        let mut seen = BTreeSet::new();
        match (0..batch.keys.len()).find(|row| !seen.insert(batch.keys.get(*row))) {
            None => Ok(()),
            Some(row) => {
                let message = format!("the row {} is given twice", tick(batch.keys.get(row)));
                Err(Diagnostic::general(Code::StatedTwice, message)
                    .help("answers read the whole table, so each row must have a key of its own"))
            }
        }
    }

    /// The answers for rows that no column holds, through `run`.
    fn dated(&self, rows: &[table::Dated]) -> Vec<Vec<Single>> {
        let answer = |dated: &table::Dated| {
            let facts = self.one(dated.name.clone(), dated.row.clone());
            let mut run = Evaluator::new(self.policy, &facts);
            let single = |id: &OutcomeId| {
                let mut reasons = Vec::new();
                let decided = run.decide_with_reasons(*id, Some(0), self.point, &mut reasons);
                let (status, value) = match decided {
                    Decided::Value(value) => (Status::Determined, Some(value)),
                    Decided::Undetermined => (Status::Undetermined, None),
                    Decided::Gap => (Status::Gap, None),
                    Decided::Conflict => (Status::Conflict, None),
                    Decided::Error => (Status::Error, None),
                };
                Single { status, value, reasons }
            };
            self.outcomes.iter().map(single).collect()
        };
        rows.iter().map(answer).collect()
    }
}
