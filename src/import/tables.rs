//! The tables as CSV: a row for each code and each spell of what it says.

use super::declare::{DeclaredTables, declarations};
use super::grammar::DutyText;
use super::history::{LineHistory, ReadText, Spell, Spells, by_key};
use super::rate::RateColumn;
use super::report::{ImportReport, ImportedTable};
use crate::sheet::push_cell;
use crate::value::Day;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

pub(super) type LineHistories = BTreeMap<String, LineHistory>;

/// What stands where a rate was not read.
const UNKNOWN: &str = "unknown";

pub(super) fn tables(
    lines: &LineHistories,
    days: &[Option<Day>],
    report: &ImportReport,
    descriptions: bool,
) -> Vec<ImportedTable> {
    let writer = TableWriter { lines, days };
    let column1 = writer.rates("column1", |line| &line.column1);
    let column2 = writer.rates("column2", |line| &line.column2);
    let additional = writer.rates("additional", |line| &line.additional);
    let special = writer.special();
    let units = writer.units();
    let declared = DeclaredTables {
        dated: writer.is_dated(),
        column1: &column1.1,
        special: &special.1,
        column2: &column2.1,
        additional: &additional.1,
        units: units.1,
    };
    let declarations = declarations(&declared);
    let mut tables =
        vec![column1.0, special.0, column2.0, additional.0, units.0, writer.chapter99(), writer.see99()];
    tables.extend(descriptions.then(|| writer.descriptions()));
    tables.push(open(report));
    tables.extend((days.len() > 1).then(|| changed(report)));
    tables.push(ImportedTable { name: "schedule.comity".to_string(), rows: 0, text: declarations });
    tables
}

struct TableWriter<'l> {
    lines: &'l LineHistories,
    days: &'l [Option<Day>],
}

impl TableWriter<'_> {
    /// Whether rows have days.
    fn is_dated(&self) -> bool {
        self.days.iter().any(Option::is_some)
    }

    /// The cells of the days of a spell, if rows have any.
    fn days<T>(&self, spell: &Spell<T>) -> Vec<String> {
        let day = |revision: usize| {
            self.days.get(revision).copied().flatten().map_or(String::new(), |day| day.to_string())
        };
        let until = spell.last.saturating_add(1);
        if self.is_dated() { vec![day(spell.first), day(until)] } else { Vec::new() }
    }

    fn header(&self, keys: &[&str], columns: &[String]) -> Vec<String> {
        let days: &[&str] = if self.is_dated() { &["from", "until"] } else { &[] };
        keys.iter().chain(days).map(|name| name.to_string()).chain(columns.iter().cloned()).collect()
    }

    fn rates(
        &self,
        name: &str,
        of: impl Fn(&LineHistory) -> &Spells<Rc<ReadText>>,
    ) -> (ImportedTable, BTreeSet<RateColumn>) {
        let columns =
            columns(self.lines.values().flat_map(|line| of(line).iter().map(|spell| &spell.content)));
        let headings: Vec<String> = columns.iter().map(RateColumn::heading).collect();
        let mut table = CsvText::new(&self.header(&["hts"], &headings));
        for (code, line) in self.lines {
            for spell in of(line).iter() {
                table.row(
                    [code.clone()].into_iter().chain(self.days(spell)).chain(cells(&spell.content, &columns)),
                );
            }
        }
        (table.named(name), columns)
    }

    fn special(&self) -> (ImportedTable, BTreeSet<RateColumn>) {
        let spells = || self.lines.values().flat_map(|line| line.special.iter());
        let columns = columns(spells().flat_map(|spell| spell.content.said.values()));
        let mut headings: Vec<String> = columns.iter().map(RateColumn::heading).collect();
        headings.push("see".to_string());
        let mut table = CsvText::new(&self.header(&["hts", "programme"], &headings));
        for (code, line) in self.lines {
            let each = by_key(&line.special, |special| {
                special.said.iter().map(|(programme, said)| (programme.clone(), Rc::clone(said))).collect()
            });
            for (programme, spells) in each {
                for spell in spells.iter() {
                    let keys = [code.clone(), programme.clone()].into_iter();
                    let see = match &spell.content.said {
                        Some(DutyText::See(headings)) => headings.clone(),
                        _ => String::new(),
                    };
                    table.row(
                        keys.chain(self.days(spell)).chain(cells(&spell.content, &columns)).chain([see]),
                    );
                }
            }
        }
        (table.named("special"), columns)
    }

    /// With how many columns of units there are.
    fn units(&self) -> (ImportedTable, usize) {
        let spells = || self.lines.values().flat_map(|line| line.units.iter());
        let most = spells().map(|spell| spell.content.len()).max().unwrap_or(0).max(1);
        let headings: Vec<String> = (1..=most).map(unit_heading).collect();
        let mut table = CsvText::new(&self.header(&["hts"], &headings));
        for (code, line) in self.lines {
            for spell in line.units.iter() {
                let blank = most.saturating_sub(spell.content.len());
                let units = spell.content.iter().cloned().chain(std::iter::repeat_n(String::new(), blank));
                table.row([code.clone()].into_iter().chain(self.days(spell)).chain(units));
            }
        }
        (table.named("units"), most)
    }

    fn chapter99(&self) -> ImportedTable {
        let headings = ["kind", "points", "special_kind", "special_points", "column2_kind", "column2_points"];
        let mut table = CsvText::new(&self.header(&["heading"], &headings.map(str::to_string)));
        for (code, line) in self.lines {
            for spell in line.chapter99.iter() {
                table.row(
                    [code.clone()].into_iter().chain(self.days(spell)).chain(spell.content.iter().cloned()),
                );
            }
        }
        table.named("chapter99")
    }

    fn see99(&self) -> ImportedTable {
        let mut table = CsvText::new(&self.header(&["hts", "heading"], &[]));
        for (code, line) in self.lines {
            let each =
                by_key(&line.see99, |named| named.iter().map(|heading| (heading.clone(), ())).collect());
            for (heading, spells) in each {
                for spell in spells.iter() {
                    table.row([code.clone(), heading.clone()].into_iter().chain(self.days(spell)));
                }
            }
        }
        table.named("see99")
    }

    fn descriptions(&self) -> ImportedTable {
        let mut table = CsvText::new(&self.header(&["hts"], &["description".to_string()]));
        for (code, line) in self.lines {
            for spell in line.description.iter() {
                table.row([code.clone()].into_iter().chain(self.days(spell)).chain([spell.content.clone()]));
            }
        }
        table.named("descriptions")
    }
}

/// `unit`, `unit_2`
pub(super) fn unit_heading(number: usize) -> String {
    if number < 2 { "unit".to_string() } else { format!("unit_{number}") }
}

/// The columns that rates have; that of plain rates always.
fn columns<'r>(read: impl Iterator<Item = &'r Rc<ReadText>>) -> BTreeSet<RateColumn> {
    let mut columns = BTreeSet::from([RateColumn::plain()]);
    for read in read {
        let Some(DutyText::Rate(rate)) = &read.said else { continue };
        for column in rate.columns().filter(|column| !columns.contains(column)).collect::<Vec<_>>() {
            columns.insert(column.clone());
        }
    }
    columns
}

fn cells(read: &ReadText, columns: &BTreeSet<RateColumn>) -> Vec<String> {
    let rate = match &read.said {
        Some(DutyText::Rate(rate)) => Some(rate),
        _ => None,
    };
    let cell = |column: &RateColumn| match rate {
        Some(rate) => rate.get(column).map_or(String::new(), |value| column.cell(value)),
        None => UNKNOWN.to_string(),
    };
    columns.iter().map(cell).collect()
}

fn open(report: &ImportReport) -> ImportedTable {
    let mut table = CsvText::new(&["table", "hts", "text", "shape", "file", "line"].map(str::to_string));
    for open in &report.open {
        let words = [open.column.table(), &open.code, &open.text, &open.shape, &open.file];
        table.row(words.map(str::to_string).into_iter().chain([open.line.to_string()]));
    }
    table.named("open")
}

fn changed(report: &ImportReport) -> ImportedTable {
    let mut table = CsvText::new(&["from", "table", "hts", "was", "is"].map(str::to_string));
    for revision in &report.revisions {
        for change in &revision.changes {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            let from = text(&revision.from);
            table.row([
                from,
                change.table.to_string(),
                change.code.clone(),
                text(&change.was),
                text(&change.is),
            ]);
        }
    }
    table.named("changes")
}

/// A table as it is written.
struct CsvText {
    text: String,
    rows: usize,
}

impl CsvText {
    fn new(header: &[String]) -> CsvText {
        let mut table = CsvText { text: String::new(), rows: 0 };
        table.line(header.iter().cloned());
        table
    }

    fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.line(cells);
        self.rows = self.rows.saturating_add(1);
    }

    fn line(&mut self, cells: impl IntoIterator<Item = String>) {
        for (at, cell) in cells.into_iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            push_cell(&mut self.text, &cell);
        }
        self.text.push('\n');
    }

    fn named(self, name: &str) -> ImportedTable {
        ImportedTable { name: format!("{name}.csv"), rows: self.rows, text: self.text }
    }
}
