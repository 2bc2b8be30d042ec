//! Which line of an annex answers (M8, X3–X6).

use super::cells::Cell;
use super::keys::AnnexKey;
use super::{Annex, AnnexLines, LineValidity};
use crate::policy::Type;
use crate::value::{Day, Value};
use std::ops::{ControlFlow, Range};

/// When an annex is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnnexDay {
    pub day: Day,
    pub known: Day,
}

/// What an annex says of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineAnswer<'a> {
    Value(&'a Value),
    /// The cell is unknown.
    Unknown,
    NotListed,
    /// The file does not list everything, and not this (X6).
    Open,
}

impl Annex {
    /// What the cell for these keys says.
    pub fn find(&self, keys: &[AnnexKey], column: usize, at: AnnexDay) -> LineAnswer<'_> {
        match self.lines.answering(keys, self.own(column), at) {
            Some(line) => self.value(line, column),
            None if self.in_part => LineAnswer::Open,
            None => LineAnswer::NotListed,
        }
    }

    /// What the cells say that keys may find of which some are open.
    pub fn may_find(&self, keys: &[Option<AnnexKey>], column: usize, at: AnnexDay) -> Vec<LineAnswer<'_>> {
        let mut found: Vec<LineAnswer<'_>> = Vec::new();
        found.extend(self.in_part.then_some(LineAnswer::Open));
        let mut met = vec![false; self.lines.places(column)];
        for line in 0..self.lines.len() {
            let fits = keys
                .iter()
                .zip(self.lines.keys(line))
                .all(|(asked, own)| asked.as_ref().is_none_or(|asked| own.answers(asked)));
            if !fits || !self.lines.validity(line).holds(at.day, at.known) {
                continue;
            }
            let own: Vec<AnnexKey> = self.lines.keys(line).cloned().collect();
            let line = self.lines.answering(&own, self.own(column), at).unwrap_or(line);
            if let Some(met) = met.get_mut(self.lines.place(line, column))
                && !std::mem::replace(met, true)
            {
                found.push(self.value(line, column));
            }
        }
        found
    }

    /// Whether this is one of the first keys; `under`: or a code under one (M7). `*` is no member (X4). None: that is open.
    pub fn lists(&self, key: &AnnexKey, under: bool, at: AnnexDay) -> Option<bool> {
        let listed = self.lines.lists(key, under, at);
        let open = self.in_part && !listed && (under || !self.lines.lists(key, true, at));
        (!open).then_some(listed)
    }

    /// Whether no key is one of the first.
    pub fn lists_nothing(&self, at: AnnexDay) -> bool {
        !self.in_part && self.lines.is_empty_on(at)
    }

    /// Whether a line answers for a column by itself (X3).
    pub fn has_value(&self, line: usize, column: usize) -> bool {
        self.lines.has_value(line, self.own(column))
    }

    /// The columns whose filled cells make a line answer for a column: a text answers for itself alone.
    fn own(&self, column: usize) -> Option<usize> {
        self.columns.get(column).filter(|column| column.ty == Type::Text).map(|_| column)
    }

    /// What a line says where it answers.
    pub fn value(&self, line: usize, column: usize) -> LineAnswer<'_> {
        match self.lines.cell(line, column) {
            Cell::Value(value) => LineAnswer::Value(value),
            Cell::Unknown => LineAnswer::Unknown,
            Cell::Empty => {
                let default = self.columns.get(column).and_then(|column| column.default.as_ref());
                default.map_or(LineAnswer::Unknown, LineAnswer::Value)
            }
        }
    }
}

impl AnnexLines {
    /// X3: the closest line that has a value, of the text column `own` in that column; if none has one, the closest.
    fn answering(&self, keys: &[AnnexKey], own: Option<usize>, at: AnnexDay) -> Option<usize> {
        let mut closest = None;
        let with_value = self.closest(keys, at, |line| {
            closest = closest.or(Some(line));
            match self.has_value(line, own) {
                true => ControlFlow::Break(line),
                false => ControlFlow::Continue(()),
            }
        });
        with_value.or(closest)
    }

    /// Whether a line answers by itself.
    fn has_value(&self, line: usize, own: Option<usize>) -> bool {
        match own {
            Some(column) => self.cells.get(column).is_some_and(|cells| cells.is_filled(line)),
            None => self.valued.get(line).copied().unwrap_or(false),
        }
    }

    /// The lines that match keys, the closest first (X4), until one is wanted.
    fn closest(
        &self,
        keys: &[AnnexKey],
        at: AnnexDay,
        mut wanted: impl FnMut(usize) -> ControlFlow<usize>,
    ) -> Option<usize> {
        let found = self.walk(keys, 0..self.len(), &mut |lines| match self.in_force(lines, at) {
            Some(line) => wanted(line),
            None => ControlFlow::Continue(()),
        });
        found.break_value()
    }

    /// All versions of the lines that match keys, the closest keys first.
    fn versions(&self, keys: &[AnnexKey]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let _ = self.walk(keys, 0..self.len(), &mut |lines| {
            found.push(lines);
            ControlFlow::Continue(())
        });
        found
    }

    fn walk(
        &self,
        keys: &[AnnexKey],
        lines: Range<usize>,
        met: &mut impl FnMut(Range<usize>) -> ControlFlow<usize>,
    ) -> ControlFlow<usize> {
        let Some((first, rest)) = keys.split_first() else { return met(lines) };
        let Some(column) = self.keys.len().checked_sub(keys.len()).and_then(|at| self.keys.get(at)) else {
            return ControlFlow::Continue(());
        };
        for place in column.closest(first) {
            let (start, places) = (lines.start, column.places.get(lines.clone()).unwrap_or(&[]));
            let from = places.partition_point(|other| *other < place);
            let to = places.partition_point(|other| *other <= place);
            if from < to {
                self.walk(rest, start.saturating_add(from)..start.saturating_add(to), met)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Which of the versions of one line is in force.
    fn in_force(&self, versions: Range<usize>, at: AnnexDay) -> Option<usize> {
        if !self.is_dated() {
            return versions.into_iter().next();
        }
        let validity = self.validity.get(versions.clone())?;
        let begun = validity.partition_point(|validity| validity.from <= at.day);
        let reach = if self.entangled { begun } else { 1 };
        let mut last = validity.get(..begun)?.iter().enumerate().rev().take(reach);
        let (at, _) = last.find(|(_, validity)| validity.holds(at.day, at.known))?;
        Some(versions.start.saturating_add(at))
    }

    fn lists(&self, key: &AnnexKey, under: bool, at: AnnexDay) -> bool {
        let Some(column) = self.keys.first() else { return false };
        let any = column.place(&AnnexKey::Any);
        let listed = |place: &u32| Some(*place) != any && (under || column.is_at(*place, key));
        let mut places = column.closest(key).filter(listed);
        places.any(|place| {
            let from = column.places.partition_point(|other| *other < place);
            let to = column.places.partition_point(|other| *other <= place);
            (from..to).any(|line| self.validity(line).holds(at.day, at.known))
        })
    }

    /// The place of the closest key that a column lists, and whether it is that key itself: lookups and `under` say the same of
    /// all keys with the same closest, `in` of those that are also listed alike.
    pub fn closest_key(&self, column: usize, key: &AnnexKey) -> (Option<u32>, bool) {
        let column = self.keys.get(column);
        let closest = column.and_then(|column| column.closest(key).next());
        (closest, closest.is_some() && closest == column.and_then(|column| column.place(key)))
    }

    /// The first day after one on which a line that these keys may find begins or ends.
    pub fn edge_after(&self, keys: &[Option<AnnexKey>], day: Day) -> Option<Day> {
        let edges = |validity: &LineValidity| [validity.from, validity.until];
        let next =
            |validity: &[LineValidity]| validity.iter().flat_map(edges).filter(|edge| *edge > day).min();
        let keys: Option<Vec<AnnexKey>> = keys.iter().cloned().collect();
        match keys.filter(|keys| keys.len() == self.keys.len()) {
            Some(keys) => {
                self.versions(&keys).into_iter().filter_map(|lines| next(self.validity.get(lines)?)).min()
            }
            None => next(&self.validity),
        }
    }

    fn places(&self, column: usize) -> usize {
        self.cells.get(column).map_or(0, super::CellColumn::places)
    }

    fn place(&self, line: usize, column: usize) -> usize {
        self.cells.get(column).map_or(0, |cells| cells.place(line))
    }
}
