//! What an annex says, with the lines that are stated of it (X6): the file first, and they where it leaves something open.

use super::cells::Cell;
use super::find::AnnexDay;
use super::keys::AnnexKey;
use super::{Annex, AnnexLines};
use crate::policy::Type;
use crate::text::Span;
use crate::value::{Day, Possible, Value};

/// What an annex says of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineAnswer<'a> {
    Value(&'a Value),
    /// One of these.
    Within(&'a Possible),
    /// The cell is unknown.
    Unknown,
    NotListed,
    /// The file does not list everything, and not this (X6).
    Open,
}

/// What facts may state of an annex where an answer of it is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenLine {
    /// The line of the keys asked.
    Line,
    /// A cell of the line with these keys.
    Cell(Box<[AnnexKey]>),
}

/// Keys of which an annex says the same have the same class: the closest listed ones, and whether they are that themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyClass([(Option<u32>, bool); 2]);

/// An annex and what is stated of it.
#[derive(Clone, Copy, Debug)]
pub struct AnnexView<'a> {
    annex: &'a Annex,
    stated: Option<&'a AnnexLines>,
}

/// A line of the file, or one that is stated.
#[derive(Clone, Copy)]
struct FoundLine<'a> {
    lines: &'a AnnexLines,
    line: usize,
    is_stated: bool,
}

impl Annex {
    /// With nothing stated of it.
    pub fn alone(&self) -> AnnexView<'_> {
        self.with(None)
    }

    pub fn with<'a>(&'a self, stated: Option<&'a AnnexLines>) -> AnnexView<'a> {
        AnnexView { annex: self, stated }
    }

    /// Whether a line answers for a column by itself (X3).
    pub fn has_value(&self, line: usize, column: usize) -> bool {
        self.lines.has_value(line, self.own(column))
    }

    /// The columns whose filled cells make a line answer for a column: a text answers for itself alone.
    fn own(&self, column: usize) -> Option<usize> {
        self.columns.get(column).filter(|column| column.ty == Type::Text).map(|_| column)
    }

    /// The one value that a cell of a line of the file has, if that answers.
    pub fn value(&self, line: usize, column: usize) -> Option<&Value> {
        match self.lines.cell(line, column) {
            Cell::Value(value) => Some(value),
            Cell::Empty => self.columns.get(column)?.default.as_ref(),
            Cell::Unknown | Cell::Within(_) => None,
        }
    }

    /// Whether a cell of a line of the file leaves its value to be stated.
    pub fn leaves_open(&self, line: usize, column: usize) -> bool {
        self.value(line, column).is_none()
    }
}

impl<'a> AnnexView<'a> {
    /// What the cell for these keys says.
    pub fn find(&self, keys: &[AnnexKey], column: usize, at: AnnexDay) -> LineAnswer<'a> {
        match self.answering(keys, column, at) {
            Some(line) => self.value_of(line, column, at),
            None if self.annex.in_part => LineAnswer::Open,
            None => LineAnswer::NotListed,
        }
    }

    /// What the cells say that keys may find of which some are open.
    pub fn may_find(&self, keys: &[Option<AnnexKey>], column: usize, at: AnnexDay) -> Vec<LineAnswer<'a>> {
        let (annex, lines) = (self.annex, &self.annex.lines);
        let mut found: Vec<LineAnswer<'_>> = Vec::new();
        found.extend(annex.in_part.then_some(LineAnswer::Open));
        let mut met = vec![false; lines.cell_places(column)];
        for line in 0..lines.len() {
            let fits = keys
                .iter()
                .zip(lines.keys(line))
                .all(|(asked, own)| asked.as_ref().is_none_or(|asked| own.answers(asked)));
            if !fits || !lines.validity(line).holds(at.day, at.known) {
                continue;
            }
            let own: Vec<AnnexKey> = lines.keys(line).cloned().collect();
            let line = lines.answering(&own, annex.own(column), at).unwrap_or(line);
            let is_one = lines.is_unlisted(line) || self.stated.is_some() && annex.leaves_open(line, column);
            let met = met.get_mut(lines.cell_place(line, column));
            if is_one || met.is_some_and(|met| !std::mem::replace(met, true)) {
                found.push(self.value_of(FoundLine { lines, line, is_stated: false }, column, at));
            }
        }
        found
    }

    /// Whether this is one of the first keys; `under`: or a code under one (M7). `*` is no member (X4). None: that is open.
    pub fn lists(&self, key: &AnnexKey, under: bool, at: AnnexDay) -> Option<bool> {
        match self.annex.lines.listing(key, under, at) {
            None if self.annex.in_part => self.stated?.listing(key, under, at),
            listed => Some(listed.unwrap_or(false)),
        }
    }

    /// Whether no key is one of the first.
    pub fn lists_nothing(&self, at: AnnexDay) -> bool {
        !self.annex.in_part && self.annex.lines.is_empty_on(at)
    }

    /// What facts may state so that the cell for these keys is no longer open.
    pub fn open_line(&self, keys: &[AnnexKey], column: usize, at: AnnexDay) -> Option<OpenLine> {
        match self.find(keys, column, at) {
            LineAnswer::Open => Some(OpenLine::Line),
            LineAnswer::Unknown | LineAnswer::Within(_) => {
                Some(OpenLine::Cell(self.keys_of(keys, column, at)?))
            }
            LineAnswer::Value(_) | LineAnswer::NotListed => None,
        }
    }

    /// The keys of the line that answers.
    fn keys_of(&self, keys: &[AnnexKey], column: usize, at: AnnexDay) -> Option<Box<[AnnexKey]>> {
        let found = self.answering(keys, column, at)?;
        Some(found.lines.keys(found.line).cloned().collect())
    }

    /// The line that answers. Stated are the keys of listed lines: what has another key is none of them.
    fn answering(&self, keys: &[AnnexKey], column: usize, at: AnnexDay) -> Option<FoundLine<'a>> {
        let lines = &self.annex.lines;
        if let Some(line) = lines.answering(keys, self.annex.own(column), at) {
            return Some(FoundLine { lines, line, is_stated: false });
        }
        let lines = self.stated.filter(|_| self.annex.in_part)?;
        let line = lines.closest(keys, at, |line| match may_be_new(lines, line) {
            true => std::ops::ControlFlow::Break(line),
            false => std::ops::ControlFlow::Continue(()),
        })?;
        Some(FoundLine { lines, line, is_stated: true })
    }

    /// What a line says where it answers.
    fn value_of(&self, found: FoundLine<'a>, column: usize, at: AnnexDay) -> LineAnswer<'a> {
        let FoundLine { lines, line, is_stated } = found;
        if lines.is_unlisted(line) {
            return LineAnswer::NotListed;
        }
        let default = || self.annex.columns.get(column).and_then(|column| column.default.as_ref());
        match (lines.cell(line, column), default()) {
            (Cell::Value(value), _) | (Cell::Empty, Some(value)) => LineAnswer::Value(value),
            (Cell::Within(possible), _) => LineAnswer::Within(possible),
            (Cell::Unknown | Cell::Empty, _) if is_stated => LineAnswer::Unknown,
            (Cell::Unknown | Cell::Empty, _) => self.stated_cell(found, column, at),
        }
    }

    /// What is stated of a cell that is unknown in the file.
    fn stated_cell(&self, found: FoundLine<'a>, column: usize, at: AnnexDay) -> LineAnswer<'a> {
        let keys: Vec<AnnexKey> = found.lines.keys(found.line).cloned().collect();
        let stated = self.stated.and_then(|lines| Some(lines.cell(lines.line_of(&keys, at)?, column)));
        match stated {
            Some(Cell::Value(value)) => LineAnswer::Value(value),
            Some(Cell::Within(possible)) => LineAnswer::Within(possible),
            Some(Cell::Unknown | Cell::Empty) | None => LineAnswer::Unknown,
        }
    }

    /// The class of a key, by the keys that a column lists.
    pub fn key_class(&self, column: usize, key: &AnnexKey, exact: bool) -> KeyClass {
        let of = |lines: &AnnexLines| {
            let (closest, listed) = lines.closest_key(column, key);
            (closest, exact && listed)
        };
        KeyClass([of(&self.annex.lines), self.stated.map_or((None, false), of)])
    }

    fn parts(&self) -> impl Iterator<Item = &'a AnnexLines> {
        std::iter::once(&self.annex.lines).chain(self.stated)
    }

    /// Whether the days of lines are stated.
    pub fn is_dated(&self) -> bool {
        self.parts().any(AnnexLines::is_dated)
    }

    /// The first day after one on which a line that these keys may find begins or ends.
    pub fn edge_after(&self, keys: &[Option<AnnexKey>], day: Day) -> Option<Day> {
        self.parts().filter_map(|lines| lines.edge_after(keys, day)).min()
    }

    /// The days on which lines begin and end, each once, in order.
    pub fn edges(&self) -> Vec<Day> {
        let mut days: Vec<Day> = self.parts().flat_map(AnnexLines::edges).collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// The days on which lines begin and end that these keys may find, each once, in order.
    pub fn edges_of(&self, keys: &[AnnexKey]) -> Vec<Day> {
        let mut days: Vec<Day> = self.parts().flat_map(|lines| lines.edges_of(keys)).collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// The days on which it becomes known that lines begin and end.
    pub fn known_edges(&self) -> Vec<Day> {
        self.parts().flat_map(AnnexLines::known_edges).collect()
    }

    /// The stated line that answers, and where it stands: for a column, or whether the first key is listed.
    pub fn stated_line(
        &self,
        keys: &[AnnexKey],
        column: Option<usize>,
        at: AnnexDay,
    ) -> Option<(Box<[AnnexKey]>, Span)> {
        let stated = self.stated?;
        let line = match column {
            Some(column) => {
                let found = self.answering(keys, column, at)?;
                let own: Vec<AnnexKey> = found.lines.keys(found.line).cloned().collect();
                let cell = || stated.line_of(&own, at).filter(|_| self.annex.leaves_open(found.line, column));
                if found.is_stated { Some(found.line) } else { cell() }
            }
            // It is the same for `in`: what the file says of one it says of both.
            None if self.annex.lines.listing(keys.first()?, true, at).is_none() => {
                stated.line_above(keys.first()?, at)
            }
            None => None,
        }?;
        Some((stated.keys(line).cloned().collect(), stated.place(line)))
    }
}

/// Whether a stated line may answer where the file has none: `*` is stated of lines that are in the file, and of what is not
/// listed.
pub(super) fn may_be_new(lines: &AnnexLines, line: usize) -> bool {
    lines.is_unlisted(line) || lines.keys(line).all(|key| *key != AnnexKey::Any)
}
