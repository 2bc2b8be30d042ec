//! Published schedules as tables that policies read: bytes in, tables and a report out.
//!
//! 1 [`json`] or [`csv`] reads the lines of a revision, 2 [`grammar`] their rates, 3 `history` keeps what each code says over
//! the revisions, 4 `tables` writes it. What is not read is `unknown` in the tables, and listed in the report.

mod changes;
mod csv;
mod declare;
mod errors;
mod footnotes;
mod grammar;
mod history;
mod inherit;
mod json;
mod line;
mod note;
mod outline;
mod plain;
mod rate;
mod read;
mod report;
mod special;
mod tables;
mod verify;

#[cfg(test)]
mod tests;

pub use note::{NoteCodes, NoteName, codes_of_note};
pub use report::{
    DutyColumn, ImportReport, ImportedTable, LineChange, LineRemark, OpenRate, RateCount, RevisionReport,
};

use crate::diag::Diagnostic;
use crate::text::SourceId;
use crate::value::Day;
use footnotes::Headings;
use history::LineHistory;
use inherit::{LineReading, inherit};
use line::{ScheduleLine, is_code};
use read::Readings;
use std::collections::BTreeMap;

/// The largest file that is read.
pub const SCHEDULE_BYTES: usize = 128 << 20;

/// A file of a schedule.
#[derive(Clone, Copy, Debug)]
pub struct ScheduleFile<'a> {
    pub name: &'a str,
    pub source: SourceId,
    pub text: &'a str,
    /// The first day on which it is in force; none: it is from the beginning.
    pub from: Option<Day>,
}

/// Revisions of the Harmonized Tariff Schedule of the United States as they come in, the earliest first.
#[derive(Debug, Default)]
pub struct HtsImport {
    lines: BTreeMap<String, LineHistory>,
    days: Vec<Option<Day>>,
    readings: Readings,
    report: ImportReport,
    descriptions: bool,
}

impl HtsImport {
    /// `verify`: every rate is printed again. `descriptions`: a table of them is written too.
    pub fn new(verify: bool, descriptions: bool) -> HtsImport {
        let report = ImportReport { differ: verify.then(Vec::new), ..ImportReport::default() };
        HtsImport { descriptions, report, ..HtsImport::default() }
    }

    /// Reads a revision.
    ///
    /// # Errors
    /// It is no schedule, or one code has different rates in it.
    pub fn add(&mut self, file: ScheduleFile<'_>) -> Result<(), Diagnostic> {
        let starts_json =
            file.text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']).starts_with(['[', '{']);
        let lines = if starts_json {
            json::lines(file.source, file.text)?
        } else {
            csv::lines(file.source, file.text)?
        };
        // Of an empty export nothing would be known, and all of it would seem to be read.
        if !lines.iter().any(|line| !line.code.is_empty() && line.has_rate()) {
            return Err(errors::no_rate(file.name));
        }
        let revision = self.days.len();
        self.days.push(file.from);
        let mut report = RevisionReport {
            file: file.name.to_string(),
            from: file.from.map(|day| day.to_string()),
            ..RevisionReport::default()
        };
        let mut readings = Vec::with_capacity(lines.len());
        for line in &lines {
            let is_coded = is_code(&line.code);
            report.lines += usize::from(is_coded);
            if !is_coded && (line.has_rate() || !line.code.is_empty()) {
                self.leave_out(file.name, line);
            }
            readings.push(self.readings.line(line, is_coded, (file.name, &mut report, &mut self.report)));
        }
        self.report.inherited.extend(inherit(file.name, &lines, &mut readings));
        let headings = Headings::of(&lines);
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, (line, reading)) in
            lines.iter().zip(&readings).enumerate().filter(|(_, (line, _))| is_code(&line.code))
        {
            if let Some(before) = places.insert(&line.code, at) {
                same_twice(file.name, (lines.get(before), readings.get(before)), (line, reading))?;
                continue;
            }
            self.keep(revision, line, reading, &headings);
        }
        self.report.revisions.push(report);
        Ok(())
    }

    fn leave_out(&mut self, file: &str, line: &ScheduleLine<'_>) {
        let said = match line.code.is_empty() {
            true => "a rate stands on a line without a code",
            false => "this is no code as schedules print them",
        };
        self.report.left_out.push(LineRemark {
            code: line.code.to_string(),
            file: file.to_string(),
            line: line.place,
            said: said.to_string(),
        });
    }

    fn keep(&mut self, revision: usize, line: &ScheduleLine<'_>, read: &LineReading, headings: &Headings) {
        let kept = match self.lines.get_mut(line.code.as_ref()) {
            Some(kept) => kept,
            None => self.lines.entry(line.code.to_string()).or_default(),
        };
        let add = |spells: &mut history::Spells<_>, said: &Option<_>| {
            said.iter().for_each(|said| spells.add(revision, std::rc::Rc::clone(said)));
        };
        add(&mut kept.column1, &read.column1);
        add(&mut kept.column2, &read.column2);
        add(&mut kept.additional, &read.additional);
        read.special.iter().for_each(|said| kept.special.add(revision, std::rc::Rc::clone(said)));
        if let (true, Some(cells)) = (line.chapter() == "99", read.chapter99()) {
            kept.chapter99.add(revision, cells);
        }
        let units: Vec<String> = line.units.iter().filter(|unit| !unit.is_empty()).cloned().collect();
        if !units.is_empty() {
            kept.units.add(revision, units);
        }
        let named = headings.named(&line.footnotes);
        if !named.is_empty() {
            kept.see99.add(revision, named);
        }
        if self.descriptions {
            kept.description.add(revision, line.description.to_string());
        }
    }

    /// The tables, and all that is to be said of them.
    pub fn finish(mut self) -> ImportReport {
        let changes = changes::changes(&self.lines, self.days.len());
        for (revision, changes) in self.report.revisions.iter_mut().zip(changes) {
            revision.changes = changes;
        }
        self.report.tables = tables::tables(&self.lines, &self.days, &self.report, self.descriptions);
        self.report
    }
}

/// A line that is printed twice is one, if both say the same.
fn same_twice(
    file: &str,
    (before, read): (Option<&ScheduleLine<'_>>, Option<&LineReading>),
    (line, other): (&ScheduleLine<'_>, &LineReading),
) -> Result<(), Diagnostic> {
    let Some(before) = before else { return Ok(()) };
    let same = read.is_some_and(|read| read.says(other)) && before.units == line.units;
    if same { Ok(()) } else { Err(errors::twice(&line.code, (before.place, line.place), file)) }
}
