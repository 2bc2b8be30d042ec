//! What must hold of rows before they are answered.

use super::job::{Job, RowQuestions};
use super::places::RecordPlaces;
use super::plan::TableErrors;
use super::{RecordDecoder, RowChunk};
use crate::diag::{Code, Diagnostic, tick};
use crate::facts::Rows;
use crate::outcome::SlotRef;
use crate::scenarios::{outside, outside_at};
use std::collections::{BTreeMap, BTreeSet};

impl Job<'_> {
    /// Sets the rows aside that the `where`s of the policy exclude (V7).
    pub(super) fn check(
        &self,
        questions: &RowQuestions<'_>,
        reader: &RecordDecoder<'_>,
        places: &RecordPlaces<'_>,
        rows: &mut RowChunk,
    ) -> Result<(), TableErrors> {
        if questions.checks_table {
            return self.check_all(questions, reader, places, rows);
        }
        let Some((wheres, checks)) = self.wheres.zip(questions.wheres.as_ref()) else { return Ok(()) };
        let mut gone = BTreeSet::new();
        for row in wheres.doubtful(checks, &rows.columns) {
            let Some(place) = rows.places.get(row).copied() else { continue };
            let text = rows.text_of(row);
            let Some((name, cells)) = places.row(reader, text, place) else { continue };
            let errors = outside(self.plan.policy, &self.one(name, cells));
            if !errors.is_empty() {
                rows.rejected.push(places.reject(reader, text, place, row, errors));
                gone.insert(row);
            }
        }
        let mut kept = Vec::new();
        for dated in std::mem::take(&mut rows.dated) {
            let errors = outside(self.plan.policy, &self.one(dated.name.clone(), dated.row.clone()));
            if errors.is_empty() {
                kept.push(dated);
            } else {
                let rejected = places.reject(reader, dated.text, dated.place, dated.before, errors);
                rows.rejected.push(rejected);
            }
        }
        rows.dated = kept;
        rows.remove(&gone);
        Ok(())
    }

    /// The same where what is stated is held against the whole table.
    fn check_all(
        &self,
        questions: &RowQuestions<'_>,
        reader: &RecordDecoder<'_>,
        places: &RecordPlaces<'_>,
        rows: &mut RowChunk,
    ) -> Result<(), TableErrors> {
        let mut facts = questions.facts.clone();
        let starts = rows.places.iter().enumerate();
        let kept = starts.filter_map(|(row, place)| places.row(reader, rows.text_of(row), *place));
        facts.tables[self.plan.entity] = Some(Rows { rows: kept.collect() });
        let mut outside: BTreeMap<usize, TableErrors> = BTreeMap::new();
        let mut beside = Vec::new();
        for (slot, error) in outside_at(self.plan.policy, &facts) {
            match slot {
                SlotRef::Field { entity, row, .. } if entity == self.plan.entity => {
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
            let Some(place) = rows.places.get(row).copied() else { continue };
            rows.rejected.push(places.reject(reader, rows.text_of(row), place, row, errors));
        }
        rows.remove(&gone);
        Ok(())
    }

    /// What must hold where answers read the whole table.
    pub(super) fn whole(&self, places: &RecordPlaces<'_>, rows: &RowChunk) -> Result<(), Diagnostic> {
        let name = &self.plan.policy.entities[self.plan.entity].name;
        if let Some(dated) = rows.dated.first() {
            let line = places.line(dated.text, dated.place);
            let message = format!(
                "line {line} states a value from a day on, and answers read all rows of {}",
                tick(name)
            );
            return Err(Diagnostic::general(Code::NotOverTime, message)
                .help("state the rows in a facts file and ask with `comity eval`"));
        }
        let mut seen = BTreeSet::new();
        match (0..rows.keys.len()).find(|row| !seen.insert(rows.keys.get(*row))) {
            None => Ok(()),
            Some(row) => {
                let message = format!("the row {} is given twice", tick(rows.keys.get(row)));
                Err(Diagnostic::general(Code::StatedTwice, message)
                    .help("answers read the whole table, so each row must have a key of its own"))
            }
        }
    }
}
