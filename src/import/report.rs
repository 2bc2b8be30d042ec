//! What an import has to say, as data.

use super::line::ScheduleLine;

/// Which rates of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DutyColumn {
    Column1,
    Special,
    Column2,
    Additional,
}

impl DutyColumn {
    pub const ALL: [DutyColumn; 4] =
        [DutyColumn::Column1, DutyColumn::Special, DutyColumn::Column2, DutyColumn::Additional];

    /// The table in which it is written.
    pub fn table(self) -> &'static str {
        match self {
            DutyColumn::Column1 => "column1",
            DutyColumn::Special => "special",
            DutyColumn::Column2 => "column2",
            DutyColumn::Additional => "additional",
        }
    }

    pub(super) fn text<'l>(self, line: &'l ScheduleLine<'_>) -> &'l str {
        match self {
            DutyColumn::Column1 => &line.general,
            DutyColumn::Special => &line.special,
            DutyColumn::Column2 => &line.other,
            DutyColumn::Additional => &line.additional,
        }
    }
}

/// How many rates of a column were met; each of a special column counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RateCount {
    /// Rates that were read.
    pub read: usize,
    /// What is no rate of its own: `No change`, the duty of another subheading, a link to other headings.
    pub elsewhere: usize,
    /// Texts that were not read, written as `unknown`.
    pub open: usize,
}

/// A text that was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRate {
    pub code: String,
    pub column: DutyColumn,
    pub text: String,
    /// The text with `n` for its numbers.
    pub shape: String,
    /// Where it is met first.
    pub file: String,
    pub line: usize,
}

/// What is wrong with a line, or with what was read of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRemark {
    pub code: String,
    pub file: String,
    pub line: usize,
    pub said: String,
}

/// A line of which a revision says something else than the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineChange {
    pub code: String,
    pub table: &'static str,
    /// None: it is not there.
    pub was: Option<String>,
    pub is: Option<String>,
}

/// A revision of a schedule.
#[derive(Clone, Debug, Default)]
pub struct RevisionReport {
    pub file: String,
    /// The first day; none: it is in force from the beginning.
    pub from: Option<String>,
    /// Lines with a code.
    pub lines: usize,
    /// Of chapters 1 to 97, by column.
    pub rates: [RateCount; 4],
    /// Of chapters 98 and 99, by column.
    pub rates_98_99: [RateCount; 4],
    /// Against the revision before.
    pub changes: Vec<LineChange>,
}

/// A table that is written.
#[derive(Clone, Debug)]
pub struct ImportedTable {
    pub name: String,
    pub rows: usize,
    pub text: String,
}

/// All of an import.
#[derive(Clone, Debug, Default)]
pub struct ImportReport {
    pub revisions: Vec<RevisionReport>,
    pub tables: Vec<ImportedTable>,
    pub open: Vec<OpenRate>,
    /// Lines that could not be written.
    pub left_out: Vec<LineRemark>,
    /// Lines that have by their indent another rate than by their code.
    pub inherited: Vec<LineRemark>,
    /// Rates that, printed again, are not the text that was read; none: this was not asked.
    pub differ: Option<Vec<LineRemark>>,
}

impl ImportReport {
    /// Whether it is all well.
    pub fn is_clean(&self) -> bool {
        self.left_out.is_empty() && self.differ.as_ref().is_none_or(Vec::is_empty)
    }

    /// The open rates by shape, the most frequent first, each with how many there are and one of them.
    pub fn shapes(&self) -> Vec<(usize, &OpenRate)> {
        let mut shapes: std::collections::BTreeMap<&str, (usize, &OpenRate)> = Default::default();
        for open in &self.open {
            let (count, _) = shapes.entry(&open.shape).or_insert((0, open));
            *count = count.saturating_add(1);
        }
        let mut shapes: Vec<(usize, &OpenRate)> = shapes.into_values().collect();
        shapes.sort_by(|(one, first), (two, second)| two.cmp(one).then(first.shape.cmp(&second.shape)));
        shapes
    }
}

/// A text with `n` for its numbers.
pub(super) fn shape(text: &str) -> String {
    let mut shape = String::new();
    let mut inside = false;
    for sign in text.chars() {
        let digit = sign.is_ascii_digit();
        match (digit, inside) {
            (true, false) => shape.push('n'),
            (false, true) if matches!(sign, '.' | ',') => continue,
            (true, true) => {}
            (false, _) => shape.push(sign),
        }
        inside = digit;
    }
    shape
}
