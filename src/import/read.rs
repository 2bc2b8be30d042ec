//! The rates of lines: each text is read once, however many lines have it, and counted with every line.

use super::grammar::{DutyText, duty_text};
use super::history::{ReadSpecial, ReadText};
use super::inherit::LineReading;
use super::line::ScheduleLine;
use super::rate::percent;
use super::report::{DutyColumn, ImportReport, LineRemark, OpenRate, RateCount, RevisionReport, shape};
use super::special::{ANY, SpecialText, by_programme, special_texts};
use super::verify::{same_but_for_spelling, special_printed, spelling};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The texts that were met.
#[derive(Debug, Default)]
pub(super) struct Readings {
    rates: BTreeMap<String, Rc<ReadText>>,
    specials: BTreeMap<String, Rc<ReadSpecial>>,
    /// What was listed as open or as different once.
    listed: BTreeSet<(String, DutyColumn, String)>,
}

/// Where something is told: the file, its own report, and that of all.
type ReportTo<'t> = (&'t str, &'t mut RevisionReport, &'t mut ImportReport);

impl Readings {
    pub fn line(&mut self, line: &ScheduleLine<'_>, is_coded: bool, mut told: ReportTo<'_>) -> LineReading {
        if !is_coded {
            return LineReading::default();
        }
        let mut rate = |column: DutyColumn| {
            let text = column.text(line);
            (!text.is_empty()).then(|| {
                let read = self.rate(text);
                self.count(line, column, &read.text, read.said.as_ref(), &mut told);
                let printed = read.said.as_ref().map(DutyText::printed);
                self.check(line, column, text, printed.as_deref(), &mut told);
                read
            })
        };
        let (column1, column2, additional) =
            (rate(DutyColumn::Column1), rate(DutyColumn::Column2), rate(DutyColumn::Additional));
        let special = (!line.special.is_empty()).then(|| self.special_of(line, &mut told));
        LineReading { column1, special, column2, additional }
    }

    fn special_of(&mut self, line: &ScheduleLine<'_>, told: &mut ReportTo<'_>) -> Rc<ReadSpecial> {
        let read = self.special(&line.special);
        for one in &read.texts {
            let text = open_text(one);
            self.count(line, DutyColumn::Special, &text, one.said.as_ref(), told);
        }
        // Two rates of one programme.
        let unread = |said: &Rc<ReadText>| said.said.is_none();
        if read.texts.iter().all(|one| one.said.is_some()) && read.said.values().any(unread) {
            self.list(line, DutyColumn::Special, &read.text, told);
        }
        let printed = special_printed(&read.texts);
        self.check(line, DutyColumn::Special, &line.special, Some(&printed), told);
        read
    }

    fn rate(&mut self, text: &str) -> Rc<ReadText> {
        if let Some(read) = self.rates.get(text) {
            return Rc::clone(read);
        }
        let read = Rc::new(read_text(text, duty_text(text)));
        self.rates.insert(text.to_string(), Rc::clone(&read));
        read
    }

    fn special(&mut self, text: &str) -> Rc<ReadSpecial> {
        if let Some(read) = self.specials.get(text) {
            return Rc::clone(read);
        }
        let texts = special_texts(text);
        let said = by_programme(&texts).into_iter().map(|(programme, said)| {
            // Programmes of one rate share it.
            let own = texts.iter().find(|one| one.programmes.contains(&programme));
            let own = own.map_or_else(|| text.to_string(), |one| one.text.clone());
            let read = if said.is_none() { Rc::new(read_text(&own, None)) } else { self.rate(&own) };
            (programme, read)
        });
        let said = said.collect();
        let read = Rc::new(ReadSpecial { text: text.to_string(), texts, said });
        self.specials.insert(text.to_string(), Rc::clone(&read));
        read
    }

    fn count(
        &mut self,
        line: &ScheduleLine<'_>,
        column: DutyColumn,
        text: &str,
        said: Option<&DutyText>,
        told: &mut ReportTo<'_>,
    ) {
        let counts = match line.chapter() {
            "98" | "99" => &mut told.1.rates_98_99,
            _ => &mut told.1.rates,
        };
        let place = DutyColumn::ALL.iter().position(|one| *one == column);
        if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
            add(count, said);
        }
        if said.is_none() {
            self.list(line, column, text, told);
        }
    }

    /// Lists a text that is not read; in the file that has it first.
    fn list(&mut self, line: &ScheduleLine<'_>, column: DutyColumn, text: &str, told: &mut ReportTo<'_>) {
        if self.listed.insert((line.code.to_string(), column, text.to_string())) {
            told.2.open.push(OpenRate {
                code: line.code.to_string(),
                column,
                text: text.to_string(),
                shape: shape(text),
                file: told.0.to_string(),
                line: line.place,
            });
        }
    }

    /// Compares a text with what was read of it.
    fn check(
        &mut self,
        line: &ScheduleLine<'_>,
        column: DutyColumn,
        text: &str,
        printed: Option<&str>,
        told: &mut ReportTo<'_>,
    ) {
        let (Some(differ), Some(printed)) = (&mut told.2.differ, printed) else { return };
        if !same_but_for_spelling(text, printed) {
            differ.push(LineRemark {
                code: line.code.to_string(),
                file: told.0.to_string(),
                line: line.place,
                said: format!("{} has `{text}`, which was read as `{printed}`", column.table()),
            });
        }
    }
}

fn add(count: &mut RateCount, said: Option<&DutyText>) {
    let place = match said {
        Some(DutyText::Rate(_)) => &mut count.read,
        Some(_) => &mut count.elsewhere,
        None => &mut count.open,
    };
    *place = place.saturating_add(1);
}

fn read_text(text: &str, said: Option<DutyText>) -> ReadText {
    let spelling = said.is_none().then(|| spelling(text));
    ReadText { text: text.to_string(), said, spelling }
}

/// An open rate of the special column with its programmes.
fn open_text(one: &SpecialText) -> String {
    match one.programmes.as_slice() {
        [any] if any == ANY => one.text.clone(),
        programmes => format!("{} ({})", one.text, programmes.join(",")),
    }
}

impl LineReading {
    /// What a heading of chapter 99 does to the duty, as cells: kind and points in column 1, in the special column for all
    /// programmes, and in column 2. None: it says nothing.
    pub(super) fn chapter99(&self) -> Option<Vec<String>> {
        let column1 = match (&self.column1, &self.additional) {
            (Some(read), _) => kind(read.said.as_ref(), "in_place"),
            (None, Some(read)) => kind(read.said.as_ref(), "in_addition"),
            (None, None) => ["", ""].map(str::to_string),
        };
        let special = match self.special.as_deref() {
            None => ["", ""].map(str::to_string),
            Some(read) => match read.said.get(ANY) {
                Some(one) if read.said.len() == 1 => kind(one.said.as_ref(), "in_place"),
                _ => ["unknown", "unknown"].map(str::to_string),
            },
        };
        let column2 = self
            .column2
            .as_ref()
            .map_or(["", ""].map(str::to_string), |read| kind(read.said.as_ref(), "in_place"));
        let cells: Vec<String> = [column1, special, column2].into_iter().flatten().collect();
        cells.iter().any(|cell| !cell.is_empty()).then_some(cells)
    }
}

/// The kind and the points; `rate`: what a rate of its own does.
fn kind(said: Option<&DutyText>, rate: &str) -> [String; 2] {
    let (kind, points) = match said {
        Some(DutyText::Rate(own)) => (rate, own.points().map(percent)),
        Some(DutyText::Added(Some(points))) => ("in_addition", Some(percent(points))),
        Some(DutyText::Added(None) | DutyText::NoChange) => ("no_change", Some("0%".to_string())),
        Some(DutyText::See(_)) | None => ("unknown", None),
    };
    [kind.to_string(), points.unwrap_or_else(|| "unknown".to_string())]
}
