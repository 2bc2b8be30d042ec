//! Annexes: schedules shipped with a policy.

mod build;
mod cells;
mod find;
mod keys;
#[cfg(test)]
mod tests;
mod view;

pub use build::AnnexBuilder;
pub use cells::{Cell, CellColumn, EMPTY, UNKNOWN};
pub use find::AnnexDay;
pub use keys::AnnexKey;
pub use view::{AnnexView, KeyClass, LineAnswer, OpenLine};

use super::Type;
use crate::text::Span;
use crate::value::{Day, Value};
use keys::KeyColumn;

#[derive(Clone, Debug)]
pub struct Column {
    pub name: Option<String>,
    pub ty: Type,
    /// What an empty cell says (V7); none: it is unknown.
    pub default: Option<Value>,
}

#[derive(Clone, Debug)]
pub struct Annex {
    pub name: String,
    pub doc: Option<String>,
    /// Shown when a key is not found.
    pub file: String,
    /// The file that the policy names, where another was read in its place.
    pub instead_of: Option<String>,
    /// X6: a key that no line in force answers is open.
    pub in_part: bool,
    pub keys: Vec<Type>,
    pub columns: Vec<Column>,
    pub headings: AnnexHeadings,
    pub lines: AnnexLines,
    pub span: Span,
}

/// How data call what a line has: by the names of the declaration, else by the headings of the file.
#[derive(Clone, Debug, Default)]
pub struct AnnexHeadings {
    pub keys: Vec<String>,
    pub columns: Vec<String>,
    /// The days from which and until which a line is in force, each with the one from which that is known (X5).
    pub days: [Option<String>; 4],
}

/// The column that says whether a line is one of the list (X6).
pub const LISTED: &str = "listed";

/// The lines of an annex column by column, sorted by their keys, then by the days from which they are in force.
#[derive(Clone, Debug, Default)]
pub struct AnnexLines {
    keys: Vec<KeyColumn>,
    /// Of each line; empty: all are always in force.
    validity: Vec<LineValidity>,
    /// Which lines say that what they answer is not listed (X6); empty: none.
    unlisted: Vec<bool>,
    cells: Vec<CellColumn>,
    /// Which lines have a value of their own, in a column that is no text (X3).
    valued: Vec<bool>,
    /// Where each line stands.
    places: Vec<Span>,
    count: usize,
    /// Lines of one key may be in force at once, on no day, or come to be known: the last to begin does not decide.
    entangled: bool,
}

/// When a line is in force (X5), as a rule is: from its first day on and once that is known, until its last day has come and is
/// known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineValidity {
    pub from: Day,
    pub from_known: Day,
    pub until: Day,
    pub until_known: Day,
}

impl LineValidity {
    pub const ALWAYS: LineValidity =
        LineValidity { from: Day::FIRST, from_known: Day::FIRST, until: Day::NEVER, until_known: Day::FIRST };

    /// Whether a line is in force on a day, as known on a day.
    pub fn holds(&self, day: Day, known: Day) -> bool {
        let begun = self.from <= day && self.from_known <= known;
        let ended = self.until <= day && self.until_known <= known;
        begun && !ended
    }

    /// Whether there are days on which both are in force. What is so later is so on the first day on which both have begun.
    pub fn meets(&self, other: &LineValidity) -> bool {
        let (day, known) = (self.from.max(other.from), self.from_known.max(other.from_known));
        self.holds(day, known) && other.holds(day, known)
    }

    /// Whether a line is in force on no day.
    pub fn is_empty(&self) -> bool {
        self.until <= self.from && self.until_known <= self.from_known
    }

    fn edges(&self) -> [Day; 2] {
        [self.from, self.until]
    }

    fn is_known_always(&self) -> bool {
        self.from_known == Day::FIRST && self.until_known == Day::FIRST
    }
}

impl Annex {
    /// Whether every lookup finds the same in both.
    pub fn says_the_same(&self, other: &Annex) -> bool {
        let defaults = |annex: &Annex| -> Vec<Option<Value>> {
            annex.columns.iter().map(|column| column.default.clone()).collect()
        };
        self.in_part == other.in_part
            && self.lines.says_the_same(&other.lines)
            && defaults(self) == defaults(other)
    }
}

impl AnnexLines {
    /// Whether both list the same keys on the same days.
    pub fn lists_the_same(&self, other: &AnnexLines) -> bool {
        (&self.keys, &self.validity, &self.unlisted) == (&other.keys, &other.validity, &other.unlisted)
    }

    /// Whether both have the same lines, wherever they stand.
    fn says_the_same(&self, other: &AnnexLines) -> bool {
        self.lists_the_same(other) && self.cells == other.cells
    }

    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether no line is in force.
    pub fn is_empty_on(&self, at: AnnexDay) -> bool {
        (0..self.count).all(|line| !self.validity(line).holds(at.day, at.known))
    }

    /// The keys of a line, in the order of their columns.
    pub fn keys(&self, line: usize) -> impl Iterator<Item = &AnnexKey> {
        self.keys.iter().filter_map(move |column| column.get(line))
    }

    pub fn first_key(&self, line: usize) -> Option<&AnnexKey> {
        self.keys.first()?.get(line)
    }

    /// Whether a line says that what it answers is not listed (X6).
    pub fn is_unlisted(&self, line: usize) -> bool {
        self.unlisted.get(line).copied().unwrap_or(false)
    }

    /// Where a line stands.
    pub fn place(&self, line: usize) -> Span {
        self.places.get(line).copied().unwrap_or_default()
    }

    /// Whether the days of lines are stated.
    pub fn is_dated(&self) -> bool {
        !self.validity.is_empty()
    }

    pub fn validity(&self, line: usize) -> LineValidity {
        self.validity.get(line).copied().unwrap_or(LineValidity::ALWAYS)
    }

    /// The days on which lines begin and end, each once, in order.
    pub fn edges(&self) -> Vec<Day> {
        in_order(self.validity.iter().flat_map(LineValidity::edges))
    }

    /// The days on which it becomes known that lines begin and end.
    pub fn known_edges(&self) -> Vec<Day> {
        in_order(self.validity.iter().flat_map(|validity| [validity.from_known, validity.until_known]))
    }

    /// What a cell says by itself.
    pub fn cell(&self, line: usize, column: usize) -> Cell<'_> {
        self.cells.get(column).map_or(Cell::Empty, |cells| cells.get(line))
    }
}

/// Without the first day and `never`, on which nothing changes.
fn in_order(days: impl Iterator<Item = Day>) -> Vec<Day> {
    let mut days: Vec<Day> = days.filter(|day| *day != Day::FIRST && !day.is_never()).collect();
    days.sort_unstable();
    days.dedup();
    days
}
