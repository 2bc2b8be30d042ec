//! Which of some lines answers (M8, X3–X5).

use super::keys::AnnexKey;
use super::{AnnexLines, LineValidity, in_order};
use crate::value::Day;
use std::ops::{ControlFlow, Range};

/// When an annex is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnnexDay {
    pub day: Day,
    pub known: Day,
}

impl AnnexLines {
    /// X3: the closest line that has a value, of the text column `own` in that column; if none has one, the closest.
    pub(super) fn answering(&self, keys: &[AnnexKey], own: Option<usize>, at: AnnexDay) -> Option<usize> {
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

    /// The line of just these keys.
    pub fn line_of(&self, keys: &[AnnexKey], at: AnnexDay) -> Option<usize> {
        self.closest(keys, at, |line| match self.keys(line).eq(keys) {
            true => ControlFlow::Break(line),
            false => ControlFlow::Continue(()),
        })
    }

    /// Whether a line answers by itself.
    pub(super) fn has_value(&self, line: usize, own: Option<usize>) -> bool {
        match own {
            Some(_) if self.is_unlisted(line) => true,
            Some(column) => self.cells.get(column).is_some_and(|cells| cells.is_filled(line)),
            None => self.valued.get(line).copied().unwrap_or(false),
        }
    }

    /// The lines that match keys, the closest first (X4), until one is wanted.
    pub(super) fn closest(
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
    pub fn versions(&self, keys: &[AnnexKey]) -> Vec<Range<usize>> {
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

    /// Whether a first key is one of the list, or (`under`) a code under one (M7); none: these lines do not say. `*` is no
    /// member (X4).
    pub(super) fn listing(&self, key: &AnnexKey, under: bool, at: AnnexDay) -> Option<bool> {
        let column = self.keys.first()?;
        let any = column.place(&AnnexKey::Any);
        let mut places = column.closest(key).filter(|place| Some(*place) != any);
        places.find_map(|place| self.listing_at(place, under || column.is_at(place, key), at))
    }

    /// What the lines with one first key say; `whole`: that they have it is enough.
    fn listing_at(&self, place: u32, whole: bool, at: AnnexDay) -> Option<bool> {
        let column = self.keys.first()?;
        let from = column.places.partition_point(|other| *other < place);
        let to = column.places.partition_point(|other| *other <= place);
        let mut said = None;
        for line in (from..to).filter(|line| self.validity(*line).holds(at.day, at.known)) {
            // Of this first key, and of what is under it, there is no other line.
            let for_all = self.keys(line).skip(1).all(|key| *key == AnnexKey::Any);
            match self.is_unlisted(line) {
                false if whole => return Some(true),
                _ if for_all => said = Some(false),
                _ => {}
            }
        }
        said
    }

    /// A line in force whose first key answers another.
    pub(super) fn line_above(&self, key: &AnnexKey, at: AnnexDay) -> Option<usize> {
        let column = self.keys.first()?;
        let any = column.place(&AnnexKey::Any);
        column.closest(key).filter(|place| Some(*place) != any).find_map(|place| {
            let from = column.places.partition_point(|other| *other < place);
            let to = column.places.partition_point(|other| *other <= place);
            (from..to).find(|line| self.validity(*line).holds(at.day, at.known))
        })
    }

    /// The place of the closest key that a column lists, and whether it is that key itself: lookups and `under` say the same of
    /// all keys with the same closest, `in` of those that are also listed alike.
    pub(super) fn closest_key(&self, column: usize, key: &AnnexKey) -> (Option<u32>, bool) {
        let column = self.keys.get(column);
        let closest = column.and_then(|column| column.closest(key).next());
        (closest, closest.is_some() && closest == column.and_then(|column| column.place(key)))
    }

    /// The first day after one on which a line that these keys may find begins or ends.
    pub fn edge_after(&self, keys: &[Option<AnnexKey>], day: Day) -> Option<Day> {
        let keys: Option<Vec<AnnexKey>> = keys.iter().cloned().collect();
        match keys.filter(|keys| keys.len() == self.keys.len()) {
            Some(keys) => self.edges_of(&keys).into_iter().find(|edge| *edge > day),
            None => {
                let edges = self.validity.iter().flat_map(LineValidity::edges);
                edges.filter(|edge| *edge > day && !edge.is_never()).min()
            }
        }
    }

    /// The days on which lines begin and end that these keys may find; of fewer keys than the lines have: on which any does.
    pub(super) fn edges_of(&self, keys: &[AnnexKey]) -> Vec<Day> {
        if keys.len() != self.keys.len() {
            return self.edges();
        }
        let versions = self.versions(keys).into_iter().filter_map(|lines| self.validity.get(lines));
        in_order(versions.flatten().flat_map(LineValidity::edges))
    }

    /// How many places the list of a column has, and where in it a cell stands.
    pub(super) fn cell_places(&self, column: usize) -> usize {
        self.cells.get(column).map_or(0, super::CellColumn::places)
    }

    pub(super) fn cell_place(&self, line: usize, column: usize) -> usize {
        self.cells.get(column).map_or(0, |cells| cells.place(line))
    }
}
